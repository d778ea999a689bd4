"""Many small networks at once: each model of a stack has its own data, seed and hyperparameters."""
import math, os, sys, time, functools
import numpy as np, jax, jax.numpy as jnp
from jax import lax
bf=jnp.bfloat16; f32=jnp.float32
HYPER=dict(lr=5e-3,wd=2e-2,ls=.02,drop=.2,turn=10.,slant=.15,stretch=.1,shift=1.5,bend=1.5,width=.35,blur=.4,grain=.08,unchanged=.25,gap=0.,gentle=.5,gentle_from=2/3,dig=.3,rho=0.,kd=0.,dropin=0.,mom=.95,ones=0.,lin=0.)
def glorot(k,shape):
    fi,fo=shape[0],shape[-1]; l=math.sqrt(6/(fi+fo)); return jax.random.uniform(k,shape,minval=-l,maxval=l)
def he(k,shape):
    return jax.random.truncated_normal(k,-2,2,shape)*math.sqrt(2/shape[0])/.87962566103423978
# an architecture: crop, activation, concatenate the last two, ((k, stride, pad, filters, residual), ...)
def arch(W=(48,80,80,112,112),crop=2,act="relu",cat=False,extra=(),kind="old"):
    F=False
    if kind!="old":
        s,a,b,c,d,e=W[:6]; rest=((3,1,(1,1),b,F),(3,2,(0,1),c,F),(3,1,(1,1),d,F),(3,1,(1,1),e,"r" if extra==("r",) else F))
        first=((3,1,(1,1),s,F),)*(2 if kind=="d2" else 1)+(((3,1,(1,1),a,"mp"),) if kind=="mp" else ((3,2,(1,0),a,F),))
        return (crop,act,cat,first+rest)
    a,b,c,d,e=W
    return (crop,act,cat,((5,2,(2,1),a,False),(3,1,(1,1),b,False),(3,2,(0,1),c,False),(3,1,(1,1),d,False),(3,1,(1,1),e,d==e and bool(extra)))+tuple((3,1,(1,1),f,True) for f in extra))
def macs(A):
    crop,_,_,cs=A; n=28-2*crop; i=1; t=0
    for k,s,p,o,r in cs: n=(n+sum(p)-k)//s+1; t+=n*n*k*k*i*o; i=o; n=n//2 if r=='mp' else n
    return t
def init(key,A):
    ks=iter(jax.random.split(key,30)); P,S={},{}; cs=A[3]; e=cs[-1][3]+(cs[-2][3] if A[2] else 0)
    def conv(n,s,i,o): P[n]={"w":he(next(ks),(s*s*i,o)),"g":jnp.ones(o),"b":jnp.zeros(o)}; S[n]={"m":jnp.zeros(o),"v":jnp.ones(o)}
    def dense(n,i,o,zero=False): P[n]={"w":jnp.zeros((i,o)) if zero else glorot(next(ks),(i,o)),"b":jnp.zeros(o)}
    conv("d1",3,1,12); conv("d2",3,12,24); dense("dh",48,32); dense("dl",32,1)
    i=1
    for n,c in enumerate(cs): conv(f"c{n+1}",c[0],i,c[3]); i=c[3]
    dense("ev",e,10); dense("ed",e,10,True); dense("h",2*e,64); dense("hl",64,1)
    return P,S
MUON={"d2","dh","c2","c3","c4","c5","c6","c7","c8","ev","ed","h"} # their "w"
def patches(x,k,s,pad):
    if pad: x=jnp.pad(x,((0,0),pad,pad,(0,0)))
    n=(x.shape[1]-k)//s+1
    return jnp.concatenate([x[:,i:i+s*(n-1)+1:s,j:j+s*(n-1)+1:s] for i in range(k) for j in range(k)],-1)
def convbn(P,S,n,x,k,s,pad,train,ns,act=jax.nn.relu):
    p=P[n]; y=jnp.einsum("bhwk,kf->bhwf",patches(x,k,s,pad),p["w"].astype(bf),preferred_element_type=bf)
    if train:
        z=y.astype(f32); m=z.mean((0,1,2)); v=(z*z).mean((0,1,2))-m*m; v=jnp.maximum(v,0)
        ns[n]={"m":.95*S[n]["m"]+.05*m,"v":.95*S[n]["v"]+.05*v}
    else: m,v=S[n]["m"],S[n]["v"]
    sc=p["g"]*lax.rsqrt(v+1e-3)
    return act(y*sc.astype(bf)+(p["b"]-m*sc).astype(bf))
def dense(P,n,x): return x.astype(f32)@P[n]["w"]+P[n]["b"]
def pooled(x): x=x.astype(f32); return jnp.concatenate([x.mean((1,2)),x.max((1,2))],-1)
def detector(P,S,x,train,ns):
    x=x[...,None].astype(bf)
    x=convbn(P,S,"d1",x,3,1,None,train,ns); x=convbn(P,S,"d2",x,3,2,None,train,ns)
    return dense(P,"dl",jax.nn.relu(dense(P,"dh",pooled(x))))[:,0]
ACT={"relu":jax.nn.relu,"silu":jax.nn.silu,"gelu":jax.nn.gelu}
def reader(A,P,S,x,ml,train,ns,key=None,drop=0.):
    crop,act,cat,cs=A
    if crop: x=x[:,crop:-crop,crop:-crop]
    x=x[...,None].astype(bf)
    for n,(k,s,p,o,r) in enumerate(cs):
        before=x; x=convbn(P,S,f"c{n+1}",x,k,s,p,train,ns,ACT[act]); x=x.reshape(x.shape[0],x.shape[1]//2,2,x.shape[2]//2,2,x.shape[3]).max((2,4)) if r=="mp" else x+before if r else x
    if cat: x=jnp.concatenate([before,x],-1)
    mean=x.astype(f32).mean((1,2)); kept=mean
    if train:
        k1,k2=jax.random.split(key); kept=mean*(jax.random.uniform(k1,mean.shape)>=drop)/(1-drop)
    l=dense(P,"ev",kept)+(jax.nn.sigmoid(ml)-.5)[:,None]*dense(P,"ed",kept)
    h=jax.nn.relu(dense(P,"h",pooled(x)))
    if train: h=h*(jax.random.uniform(k2,h.shape)>=drop)/(1-drop)
    return l,dense(P,"hl",h)[:,0]
def spline(length,K=6):
    pl=np.linspace(0,K-3,length)[:,None]-np.arange(-1,K-1); d=np.abs(pl)
    return np.where(d<1,2/3-d**2+d**3/2,np.clip(2-d,0,None)**3/6).astype(np.float32)
SPL=spline(28)
def bilinear(ink,x,y):
    p=jnp.pad(ink,((0,0),(1,1),(1,1))).reshape(ink.shape[0],-1)
    x,y=jnp.clip(x+1,0,28.999),jnp.clip(y+1,0,28.999); l,t=jnp.floor(x),jnp.floor(y)
    i=(t*30+l).astype(jnp.int32).reshape(ink.shape[0],-1)
    c=[jnp.take_along_axis(p,i+s,1).reshape(x.shape) for s in (0,1,30,31)]
    a,d=x-l,y-t; u=c[0]+a*(c[1]-c[0]); w=c[2]+a*(c[3]-c[2]); return u+d*(w-u)
def nb(f,x):
    p=jnp.pad(x,((0,0),(1,1),(1,1))); r=f(f(p[:,:-2],p[:,1:-1]),p[:,2:]); return f(f(r[:,:,:-2],r[:,:,1:-1]),r[:,:,2:])
def augment(key,ink,h,strength):
    n=ink.shape[0]; ks=jax.random.split(key,8); u=lambda k,*s: strength*jax.random.uniform(k,s,minval=-1,maxval=1)
    yy,xx=np.mgrid[0:28,0:28].astype(np.float32)-13.5
    d=u(ks[0],6,n,1,1); an=d[0]*h["turn"]*(math.pi/180); sx,sy=jnp.exp(d[2]*h["stretch"]),jnp.exp(d[3]*h["stretch"]); s,c=jnp.sin(an),jnp.cos(an)
    X=(c*xx+(d[1]*h["slant"]-s)*yy)*sx+d[4]*h["shift"]; Y=(s*xx+c*yy)*sy+d[5]*h["shift"]
    m=h["bend"]*u(ks[1],2,n,6,6); m=jnp.einsum("yi,anij,xj->anyx",SPL,m,SPL)
    w=bilinear(ink,X+m[0]+13.5,Y+m[1]+13.5)
    d=u(ks[2],3,n,1,1); wider=nb(jnp.maximum,w)-w; thinner=nb(jnp.minimum,w)-w; sh=d[0]*h["width"]
    w=w+jax.nn.relu(sh)*wider+jax.nn.relu(-sh)/2*thinner
    w=w+jax.nn.relu(d[1])*h["blur"]*(nb(jnp.add,w)/9-w)
    w=jnp.clip(w+jax.nn.relu(d[2])*h["grain"]*jax.random.normal(ks[3],w.shape)*jnp.sqrt(jnp.maximum(w,1e-12)),0,1)
    g=jax.random.uniform(ks[4],(4,n,1,1)); r=.7+1.8*g[2]
    dist=jnp.sqrt((xx+13.5-(6+16*g[0]))**2+(yy+13.5-(6+16*g[1]))**2)
    w=w*jnp.where(g[3]<h["gap"],jnp.clip(dist-r+.5,0,1),1.)
    keep=jax.random.uniform(ks[5],(n,1,1))<h["unchanged"]
    return jnp.where(keep,ink,w)
def ce(l,q): return -(jax.nn.log_softmax(l)*q).sum(-1)
def bce(l,y): return jnp.maximum(l,0)-l*y+jnp.log1p(jnp.exp(-jnp.abs(l)))
def loss_fn(P,S,A,ink,seen,y,mn,key,h,teach):
    ns={}; isd=(y>=0).astype(f32)
    ml=detector(P,S,ink,True,ns); l,dl=reader(A,P,S,seen,lax.stop_gradient(ml),True,ns,key,h["drop"])
    q=jax.nn.one_hot(jnp.maximum(y,0),10)*(1-h["ls"])+h["ls"]/10
    if teach is not None: q=(1-h["kd"])*q+h["kd"]*teach
    return (isd*ce(l,q)).mean()+h["dig"]*bce(dl,isd).mean()+.3*(isd*bce(ml,mn)).mean(),ns
def ns5(x):
    t=x.shape[0]>x.shape[1]
    if t: x=x.T
    x=x/(jnp.linalg.norm(x)+1e-7)
    for _ in range(5):
        A=x@x.T; B=-4.7750*A+2.0315*A@A; x=3.4445*x+B@x
    return x.T if t else x
def update(P,G,O,lr,h,t):
    def one(path,p,g,m,v):
        n,k=path[0].key,path[1].key; p=p-p*h["wd"]*lr
        if k=="w" and n in MUON:
            m2=.95*m+g; x=ns5(g+.95*m2); return p-lr*.2*math.sqrt(max(p.shape))*x,m2,v
        m2=m+(g-m)*.1; v2=v+(g*g-v)*.001
        return p-lr*jnp.sqrt(1-.999**(t+1.))/(1-.9**(t+1.))*m2/(jnp.sqrt(v2)+1e-7),m2,v2
    r=jax.tree_util.tree_map_with_path(one,P,G,O[0],O[1]); pick=lambda i: jax.tree.map(lambda a:a[i],r,is_leaf=lambda a:isinstance(a,tuple))
    return pick(0),(pick(1),pick(2))
def schedule(t,T,warm,h):
    lr=h["lr"]; up=lr*(.01+.99*t/warm); f=jnp.clip((t-warm)/(T-warm),0,1)
    return jnp.where(t<warm,up,lr*jnp.where(h["lin"]>0,1-f,.5*(1+jnp.cos(math.pi*f))))
def step(st,x,y,mn,h,key,t,T,warm,A,TA,teachers):
    P,S,O=st; k1,k2=jax.random.split(jax.random.fold_in(key,t))
    ink=x.astype(f32)/255; strength=jnp.where(t>=h["gentle_from"]*T,h["gentle"],1.)
    seen=augment(k1,ink,h,strength); teach=None
    if teachers is not None:
        def tp(PS):
            p,s=PS; return jax.nn.softmax(reader(TA,p,s,seen,detector(p,s,ink,False,{}),False,{})[0])
        teach=lax.stop_gradient(jax.vmap(tp)(teachers).mean(0))
    g=jax.value_and_grad(loss_fn,has_aux=True)
    (L,ns),G=g(P,S,A,ink,seen,y,mn,k2,h,teach)
    P,O=update(P,G,O,schedule(t,T,warm,h),h,t)
    return (P,ns,O),L
@functools.partial(jax.jit,static_argnames=("A","TA"),donate_argnums=(0,))
def chunk(state,DATA,LAB,MN,idx,h,keys,t0,T,warm,teachers,A=None,TA=None):
    """idx int32 [n, B, batch]"""
    vs=jax.vmap(lambda st,x,y,mn,h,k,t,te: step(st,x,y,mn,h,k,t,T,warm,A,TA,te),in_axes=(0,0,0,0,0,0,None,0 if teachers is not None else None))
    def body(c,i):
        st,t=c; st,L=vs(st,DATA[i],LAB[i],MN[i],h,keys,t,teachers); return (st,t+1.),L
    (state,_),L=lax.scan(body,(state,t0),idx); return state,L.mean(0)
@functools.partial(jax.jit,static_argnames=("A",))
def predict(P,S,x,A=None):
    def f(p,s):
        ink=x.astype(f32)/255; ml=detector(p,s,ink,False,{}); return (*reader(A,p,s,ink,ml,False,{}),ml)
    return jax.vmap(f)(P,S)
def start(keys,A):
    P,S=jax.vmap(lambda k: init(k,A))(keys); z=jax.tree.map(jnp.zeros_like,P); return (P,S,(z,jax.tree.map(jnp.zeros_like,P)))
# ---- data
class Data:
    def __init__(s,path):
        Z=np.load(path); Z={k:Z[k] for k in Z.files}; s.Z=Z; s.off={}; parts=[]; lab=[]; mn=[]; n=0
        py=Z["pens_y"]
        for k in [k for k in Z if Z[k].ndim==3]:
            y=Z["mnist_y"] if k=="mnist" else Z["fonts_y"] if k.startswith("fonts") else np.full(len(Z[k]),-1) if k.startswith(("non","letters")) else py
            s.off[k]=(n,len(Z[k])); n+=len(Z[k]); parts.append(Z[k]); lab.append(y); mn.append(np.full(len(y),k=="mnist"))
        s.images=np.concatenate(parts); s.labels=np.concatenate(lab).astype(np.int32); s.mn=np.concatenate(mn).astype(np.float32)
        # folds: 0..3 by writers of pendigits, donors of unipen, chunks of mnist
        w=Z["pens_writer"]; src=Z["pens_src"]; f=np.full(len(w),-1)
        donors={"syn":0,"apb":1,"art":1,"val":2,"apa":2,"gmd":3,"app":3}
        for a in set(w[np.char.startswith(src,"pendigits")]): f[w==a]=int(a[-2:])%4
        for d,i in donors.items(): f[src==f"unipen{d}"]=i
        assert (f>=0).all(); s.pfold=f; s.mfold=(np.arange(len(Z["mnist"]))//500)%4; s.pend=np.char.startswith(src,"pendigits")
    def masks(s,fold):
        """(mnist train mask, pens train mask); fold 0..3, "X" = without pendigits, "all" """
        if fold=="X": return np.ones(len(s.mfold),bool),~s.pend
        if fold=="U": return np.ones(len(s.mfold),bool),s.pend
        if fold=="all": return np.ones(len(s.mfold),bool),np.ones(len(s.pfold),bool)
        return s.mfold!=fold,s.pfold!=fold
    def stream(s,fold,seed,steps,batch,own=2,hands=2,mixown=0,mixhands=0,fonts=2,nons=16000,mnist=1):
        """Rows of sample numbers; of each kind of rendering there are two, taken in turn."""
        rng=np.random.default_rng((seed,7)); mm,pm=s.masks(fold); mi=np.flatnonzero(mm); pi=np.flatnonzero(pm); out=[]; n=0; e=0
        def turn(kind,count): return [s.off[f"{kind}{(e*count+i)%2}"][0] for i in range(count)]
        while n<steps*batch:
            p=[s.off["mnist"][0]+mi]*mnist
            for kind,count in (("own",own),("hands",hands),("mixown",mixown),("mixhands",mixhands)): p+=[o+pi for o in turn(kind,count)]
            p+=[o+np.arange(s.off["fonts0"][1]) for o in turn("fonts",fonts)]
            o,m=s.off["non0"]; p.append(o+rng.permutation(m)[:nons]); a=rng.permutation(np.concatenate(p)); out.append(a); n+=len(a); e+=1
        return np.concatenate(out)[:steps*batch].reshape(steps,batch).astype(np.int32),len(out[0])//batch
def run(data,dev,models,steps,batch=128,A=arch(),TA=None,teachers=None,tell=print,name="",per=int(os.environ.get("PER","250")),epochs=None):
    """models: list of dict(fold=, seed=, stream kwargs in 'mix', hyper overrides). Returns params, state."""
    DATA,LAB,MN=dev; B=len(models)
    S=[data.stream(m["fold"],m.get("seed",0),steps,batch,**m.get("mix",{})) for m in models]
    idx=np.stack([a for a,_ in S],1); warm=float(np.mean([e for _,e in S]))
    h={k:jnp.array([float(m.get(k,v)) for m in models],f32) for k,v in HYPER.items()}
    keys=jnp.stack([jax.random.PRNGKey(1000*m.get("seed",0)+i) for i,m in enumerate(models)])
    st=start(keys,A); t=time.time()
    for s in range(0,steps,per):
        st,L=chunk(st,DATA,LAB,MN,jnp.asarray(idx[s:s+per]),h,keys,jnp.float32(s),jnp.float32(steps),jnp.float32(min(warm,steps/4)),teachers,A=A,TA=TA)
        if s in(0,per) or s+per>=steps:
            L.block_until_ready(); tell(f"  {name} step {s+per} {time.time()-t:.1f}s loss {np.asarray(L).mean():.4f}")
    return st
def scores(data,dev,st,models,A=arch(),bs=2000):
    """held-out wrong and NLL for each model"""
    P,S,_=st; keys=["mnist","any0","any1","letters_v"]; out=[]; L={}
    for k in keys:
        o,n=data.off[k]; r=[]
        for i in range(0,n,bs):
            a=min(o+i,len(data.images)-bs); x=lax.dynamic_slice_in_dim(dev[0],a,bs); p=predict(P,S,x,A=A); r.append([np.asarray(q)[:,o+i-a:][:,:min(bs,n-i)] for q in p])
        L[k]=[np.concatenate([a[j] for a in r],1) for j in range(3)]
    for b,m in enumerate(models):
        mm,pm=data.masks(m["fold"]); R={}
        for k,held,y in (("mnist",~mm,data.Z["mnist_y"]),("any0",~pm,data.Z["pens_y"]),("any1",~pm,data.Z["pens_y"])):
            if held.any(): R[k]=(L[k][0][b][held],y[held],np.flatnonzero(held))
        d=np.concatenate([L["any0"][1][b][~pm],L["any1"][1][b][~pm]]) if (~pm).any() else L["any0"][1][b]
        R["ref"]=float((L["letters_v"][1][b]<np.quantile(d,.02)).mean()); out.append(R)
    return out,L
def nll(l,y,T):
    l=l.astype(np.float64)/T; l=l-l.max(1,keepdims=True); return np.log(np.exp(l).sum(1))-l[np.arange(len(y)),y]
def best(l,y):
    return min((float(nll(l,y,T).mean()),T) for T in np.arange(.5,2.01,.1))
def summary(data,rs,folds):
    """one variant: its models' scores. CV = folds 0..3 pooled; X apart"""
    R={}; W={}
    cv=[r for r,f in zip(rs,folds) if isinstance(f,int)]
    def pool(rs,k): return [np.concatenate([r[k][i] for r in rs]) for i in range(3)]
    if cv:
        l,y,i=pool(cv,"mnist"); b=l.argmax(1)!=y; R["m"]=int(b.sum()); R["mL"]=round(best(l,y)[0]*1e4,1); W["m"]=i[b]
        l0,y0,i0=pool(cv,"any0"); l1,y1,i1=pool(cv,"any1"); l,y,i=np.concatenate([l0,l1]),np.concatenate([y0,y1]),np.concatenate([i0,i1])
        b=l.argmax(1)!=y; pe=data.pend[i]; R["p"]=int(b[pe].sum()); R["pL"]=round(best(l[pe],y[pe])[0]*1e4,1); R["u"]=int(b[~pe].sum()); R["uL"]=round(best(l[~pe],y[~pe])[0]*1e4,1); W["pens"]=i[b]
        R["ref"]=round(float(np.mean([r["ref"] for r in cv])),4)
    for r,f in zip(rs,folds):
        if isinstance(f,str) and "any0" in r:
            l,y,i=[np.concatenate([r["any0"][j],r["any1"][j]]) for j in range(3)]; b=l.argmax(1)!=y; R[f]=int(b.sum()); R[f+"L"]=round(best(l,y)[0]*1e4,1); W[f]=i[b]
    return R,W
