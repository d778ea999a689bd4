"""argv: arm seed steps; arm base | hardK: pool K times as large as taken, the hardest share"""
import labstub,sys,time,pickle,numpy as np,keras
import drawn_digits.training.network as N
from drawn_digits.training.config import TrainingConfig
from drawn_digits.training.recipes import *
from drawn_digits.training.samples import concatenate
from drawn_digits.training.augment import set_strength
arm,seed,steps=sys.argv[1],int(sys.argv[2]),int(sys.argv[3]); keras.utils.set_random_seed(seed)
N.build_reader.__defaults__=(0.2,"float32",24,(24,40,40,56,56))
Z=pickle.load(open("/work/x/cpu.pkl","rb")); c=TrainingConfig(seed=seed); rng=np.random.default_rng(seed)
net=N.build_evidence_network(c.dropout,"float32"); img,ink=stored_ink()
out=N.evidence_outputs(net.get_layer("mnist_detector"),net.get_layer("reader"),ink,augmented(ink,c))
m=compile_evidence_model(img,out,c,cosine_decay(c,570,steps/570)); meas=N.with_class_logits(net)
n=len(Z["mnist"]); held=(np.arange(n)//500)%3==0
M=Z["mnist"].take(np.flatnonzero(~held)); V=Z["mnist"].take(np.flatnonzero(held))
def answers(s): return meas.predict((s.images/255).astype(np.float32),batch_size=1000,verbose=0)
def loss(s):
    l=answers(s)["logits"].astype(np.float64); d=s.labels<0
    l=l-l.max(1,keepdims=True); e=np.log(np.exp(l).sum(1))-l[np.arange(len(l)),np.maximum(s.labels,0)]
    return e,d
ei=0
def pool(scale):
    """an epoch, its pens `scale` times"""
    global ei
    parts=[M.take(rng.permutation(len(M))),Z[f"own{ei%2}"],Z[f"hands{2*ei%4}"],Z[f"hands{(2*ei+1)%4}"],Z["non"].take(rng.permutation(len(Z["non"]))[:10000])]; ei+=1
    s=concatenate(parts); return s.take(rng.permutation(len(s)))
a=time.time(); done=0; left=None; scored=0
CH=500*128
K,SH=([float(v) for v in arm[4:].split(":")]+[.5])[:2] if arm.startswith("hard") else (1,.5); buf=[]; 
def draw(count):
    global buf
    got=[]; n=0
    while sum(map(len,buf))<count: buf.append(pool(1))
    s=concatenate(buf); r=s.take(np.arange(count)); buf=[s.take(np.arange(count,len(s)))]; return r
while done<steps:
    ch=min(500,steps-done); st=1.0 if done<steps*2/3 else .5; set_strength(m,st)
    if K==1 or done<500: s=draw(ch*128)
    else:
        t=time.time(); q=draw(int(ch*128*K)); e,d=loss(q)
        # half at random, the other half the hardest of the rest, non-digits at random
        order=rng.permutation(len(q)); nr=int(ch*128*SH); nh=ch*128-nr; half=order[:nr]; rest=order[nr:]; key=np.where(d[rest],np.inf,e[rest]); 
        nd=rest[d[rest]]; nd=nd[:int(len(nd)/len(rest)*nh)]; rest=rest[~d[rest]]; hard=rest[np.argsort(-e[rest])[:nh-len(nd)]]
        s=q.take(rng.permutation(np.concatenate([half,nd,hard]))); scored+=time.time()-t
    x,y,w=evidence_arguments(s); m.fit(x,y,sample_weight=w,batch_size=128,shuffle=False,verbose=0); done+=ch
def read(s):
    l=answers(s)["logits"].astype(np.float64); best=min((float(np.mean(np.log(np.exp(l/T-(l/T).max(1,keepdims=True)).sum(1))-(l/T-(l/T).max(1,keepdims=True))[np.arange(len(l)),s.labels])),T) for T in np.arange(.4,2,.1)); return int((l.argmax(1)!=s.labels).sum()),round(best[0]*1e4),round(best[1],1)
print(arm,seed,steps,"pendigits",read(concatenate([Z["any0"],Z["any1"]])),"mnist",len(V),read(V),round(time.time()-a),"s, scoring",round(scored),flush=True)
