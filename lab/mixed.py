"""Between and beyond two hands: a drawing moved towards another of the same kind, or away from it."""
import numpy as np
from dataclasses import replace
from drawn_digits.training.data.pen_sample import drawing_from_lines
from drawn_digits.training.data.smoothing import resample_evenly
POINTS=40
def lines_of(p):
    L=[np.array([(q.x,q.y) for q in s.points]) for s in p.drawing.strokes if len(s.points)>1]
    if not L: return None
    al=np.concatenate(L); lo,hi=al.min(0),al.max(0); e=(hi-lo).max()
    if e<=0: return None
    return [(l-(lo+hi)/2)/e for l in L]
def even(l,n=POINTS):
    d=np.concatenate([[0],np.hypot(*np.diff(l,axis=0).T).cumsum()])
    if d[-1]<=0: return np.repeat(l[:1],n,0)
    t=np.linspace(0,d[-1],n); return np.stack([np.interp(t,d,l[:,k]) for k in (0,1)],1)
def form(p):
    L=lines_of(p); return None if L is None or len(L)>3 else np.stack([even(l) for l in L])
def mix(pens,groups,rng,spread=.5,near=.16,tries=6):
    """One for each pen; who finds no partner of its group, label and strokes whose points lie near stays."""
    F=[form(p) for p in pens]; pools={}
    for i,(p,f) in enumerate(zip(pens,F)):
        if f is not None: pools.setdefault((groups[i],p.label,len(f)),[]).append(i)
    out=[]; n=0
    for i,(p,f) in enumerate(zip(pens,F)):
        new=p
        if f is not None:
            pool=pools[groups[i],p.label,len(f)]
            for j in rng.choice(pool,tries):
                if pens[j].writer==p.writer: continue
                g=F[j]; d=np.hypot(*(g-f).reshape(-1,2).T).mean()
                if d<near:
                    t=rng.normal(0,spread); t=np.clip(t,-.9,1.2); new=replace(p,drawing=drawing_from_lines(list(f+t*(g-f)))); n+=1; break
        out.append(new)
    return out,n
