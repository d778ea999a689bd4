"""Lab: phases of training that can be branched. usage: lab.py NAME from=BASE key=value ..."""
import os, time, sys, json, pickle
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL","2")
import numpy as np, keras
from keras import layers, ops
from drawn_digits.training.config import TrainingConfig
from drawn_digits.training import network, recipes, augment
from drawn_digits.training.samples import Samples, NOT_A_DIGIT, concatenate
from drawn_digits.training.muon import ConvolutionMuon
from drawn_digits.training.batches import Batches
import nets
name=sys.argv[1]; o=dict(a.split("=") for a in sys.argv[2:])
base=o.get("from"); epochs=int(o.get("epochs",6)); lr0=float(o.get("lr0",5e-3)); lr1=float(o.get("lr1",5e-3)); warm=float(o.get("warm",0 if base else 1.0))
strength=float(o.get("strength",1.0)); keep=float(o.get("keep",0)) # share unaugmented
hands=int(o.get("hands",4)); own=int(o.get("own",0)); mn=int(o.get("mnist",1)); nons=int(o.get("nons",16000))
wd=float(o.get("wd",2e-2)); seed=int(o.get("seed",1)); bs=int(o.get("bs",128)); ls=float(o.get("ls",0.02)); shape=o.get("shape","cosine"); bf=int(o.get("bf",1)); net_name=o.get("net","current")
srcw=float(o.get("src",0)); ema=float(o.get("ema",0)); aux=float(o.get("aux",0)); letters=int(o.get("letters",0))
D=np.load("/work/x/data.npz"); D={k:D[k] for k in D.files}
rep=int(o.get("rep",0)); RZ=np.load(o.get("repfile","/work/x/repen.npz")) if rep else None
if rep: RZ={k:RZ[k] for k in RZ.files}
gap=float(o.get("gap",0)); wide=int(o.get("wide",0)); drop=o.get("drop","")
if wide:
    Wd=np.load(o.get("widefile","/work/x/wide.npz")); D.update({k:Wd[k] for k in Wd.files})
x_eval=None
if drop and drop!="mnist":
    hit=np.any([np.char.startswith(D["pens_src"],q) for q in drop.split(",")],0); x_eval=(np.concatenate([D["own0"][hit],D["own1"][hit]]),np.concatenate([D["pens_y"][hit]]*2)); x_src=np.concatenate([D["pens_src"][hit]]*2)
    for k in list(D):
        if k.startswith(("hands","own","wide","pens_")): D[k]=D[k][~hit]
if drop=="mnist": x_eval=(D["mnist"],D["mnist_y"]); mn=0
keras.utils.set_random_seed(seed)
if bf: keras.mixed_precision.set_global_policy("mixed_bfloat16")
net=nets.NETS[net_name]()
keras.mixed_precision.set_global_policy("float32")
def augmented(ink):
    w=augment.RandomWarp(strength=strength,seed=seed)(ink); w=augment.RandomPen(strength=strength,seed=seed+1)(w)
    if gap: w=Gap(gap,seed=seed+3)(w)
    if keep: w=Keep(keep,seed=seed+2)([ink,w])
    return w
class Gap(keras.layers.Layer):
    def __init__(self,share,seed,**k):
        super().__init__(**k); self.share=share; self.g=keras.random.SeedGenerator(seed)
    def call(self,x,training=False):
        if not training: return x
        n=ops.shape(x)[0]; u=keras.random.uniform((4,n,1,1),seed=self.g)
        yy,xx=np.mgrid[0:28,0:28].astype("float32")
        d=ops.sqrt((xx-(6+16*u[0]))**2+(yy-(6+16*u[1]))**2); r=0.7+1.8*u[2]
        m=ops.clip(d-r+.5,0,1); m=ops.where(u[3]<self.share,m,ops.ones_like(m))
        return x*m[...,None]
class Keep(keras.layers.Layer):
    def __init__(self,share,seed,**k):
        super().__init__(**k); self.share=share; self.g=keras.random.SeedGenerator(seed)
    def call(self,x,training=False):
        ink,w=x
        if not training: return ink
        m=ops.cast(keras.random.uniform((ops.shape(ink)[0],1,1,1),seed=self.g)<self.share,"float32")
        return m*ink+(1-m)*w
image=keras.Input((28,28),dtype="uint8"); ink=layers.Reshape((28,28,1))(layers.Rescaling(1/255)(image))
if net_name=="oracle": ink=ink*nets.MASK[:,:,None]
ink=augmented(ink)
def with_logits(n):
    q=n(n.input); r={"logits":ops.mean(q["evidence"],axis=(1,2)),"digit_logit":q["digit_logit"]}
    if "source_logit" in q: r["source_logit"]=q["source_logit"]
    return keras.Model(n.input,r)
wl=with_logits(net)
if aux:
    Z=np.load("/work/x/letters.npz"); Z={k:Z[k] for k in Z.files}; NA=len(Z["names"])
    cat=[l for l in net.layers if isinstance(l,layers.Concatenate)][0].output
    wl=keras.Model(net.input,{**wl(net.input),"aux":layers.Dense(NA,name="auxhead")(layers.Dropout(0.1)(cat))})
clean=layers.Reshape((28,28))(layers.Rescaling(1/255)(image))
if hasattr(net,"core_"):
    sl=net.source_(clean); q=net.core_([layers.Reshape((28,28))(ink),nets.Stop(dtype="float32")(sl)])
    out={"logits":ops.mean(q["evidence"],axis=(1,2)),"digit_logit":q["digit_logit"],"source_logit":sl}
else: out=wl(layers.Reshape((28,28))(ink)); 
out={k:ops.cast(v,"float32") for k,v in out.items()}
auxsrc={"source_logit":layers.Identity(name="source_logit")(out["source_logit"])} if srcw else {}
auxout={"aux":layers.Identity(name="aux")(out["aux"])} if aux else {}
out={**auxout,**(auxsrc if net_name!="oracle" else {}),"logits":layers.Identity(name="logits")(out["logits"]),"digit_logit":layers.Identity(name="digit_logit")(out["digit_logit"])}
model=keras.Model(image,out)
opt=ConvolutionMuon(lr0,weight_decay=wd,adam_weight_decay=wd,exclude_layers=["digit_logit","source_logit"])
LW={"logits":1.0,"digit_logit":0.3}
AL={}
if srcw and net_name!="oracle": LW["source_logit"]=srcw; AL={"source_logit":keras.losses.BinaryCrossentropy(from_logits=True)}
if aux: LW["aux"]=aux; AL={"aux":keras.losses.CategoricalCrossentropy(from_logits=True,label_smoothing=0.05)}
model.compile(optimizer=opt,loss={**AL,"logits":recipes.smoothed_cross_entropy(ls),"digit_logit":keras.losses.BinaryCrossentropy(from_logits=True)},loss_weights=LW)
opt.build(model.trainable_variables)
if base:
    st=pickle.load(open(f"/work/x/{base}.pkl","rb"))
    for v,a in zip(net.variables,st["net"]): v.assign(a)
    skip=("iteration","learning_rate")
    for v,(p,a) in zip(opt.variables,st["opt"]):
        if "learning_rate" not in v.path: v.assign(a)
def P(kind,i): return Samples(D[f"{kind}{i}"],D["pens_y"],np.zeros(len(D["pens_y"]),bool))
if net_name=="oracle":
    D["mnist"][:,0,0]=255; D["v_mnist"][:,0,0]=255
M=Samples(D["mnist"],D["mnist_y"],np.ones(len(D["mnist_y"]),bool))
e0=int(o.get("e0",0))
fonts=int(o.get("fonts",0))
if fonts: FZ=np.load(o.get("fontfile","/work/x/fonts.npz")); FZ={k:FZ[k] for k in FZ.files}; FV=len(FZ)-2
def EA(s):
    x,y,w=recipes.evidence_arguments(s); y.pop('mnist_logit'); w.pop('mnist_logit'); return x,y,w
def epoch(e):
    rng=np.random.default_rng((seed,e+e0)); parts=[M]*mn
    parts+=[P("hands",((e+e0)*hands+i)%6) for i in range(hands)]; parts+=[P("wide",((e+e0)*wide+i)%3) for i in range(wide)]; parts+=[P("own",((e+e0)*own+i)%6) for i in range(own)]
    if fonts: parts+=[Samples(FZ[f"f{((e+e0)*fonts+i)%FV}"],FZ["y"],np.zeros(len(FZ["y"]),bool)) for i in range(fonts)]
    if rep:
        q=rng.permutation(len(RZ["y"]))[:rep]; parts.append(Samples(RZ[f"r{(e+e0)%2}"][q],RZ["y"][q].astype("int64"),np.zeros(len(q),bool)))
    n=D[f"non{(e+e0)%2}"]; n=n[rng.permutation(len(n))[:nons]]; parts.append(Samples(n,np.full(len(n),-1),np.zeros(len(n),bool)))
    s=concatenate(parts); p=rng.permutation(len(s)); global SRC; SRC=(np.arange(len(s))<len(M)*mn)[p].astype("float32"); return s.take(p)
def arguments(e):
    s=epoch(e)
    if srcw and net_name!="oracle":
        x,y,w=EA(s); y["source_logit"]=SRC[:,None]; w["source_logit"]=w["logits"]; return x,y,w
    if not aux: return EA(s)
    rng=np.random.default_rng((seed,e+e0,5)); pick=rng.permutation(len(Z["y"]))[:letters]
    images=np.concatenate([s.images,Z[f"x{(e+e0)%3}"][pick]]); n,m=len(s),len(pick)
    y=np.concatenate([s.labels,np.full(m,-1)]); isd=(y!=-1).astype("float32")
    wd=np.ones(n+m,np.float32); wd[n:][Z["like"][pick]]=0
    ya=np.zeros((n+m,NA),np.float32); ya[np.arange(n,n+m),Z["y"][pick]]=1; wa=np.zeros(n+m,np.float32); wa[n:]=1
    q=rng.permutation(n+m)
    return images[q],{"aux":ya[q],"logits":keras.utils.to_categorical(np.maximum(y,0),10)[q],"digit_logit":isd[q,None]},{"aux":wa[q],"logits":isd[q],"digit_logit":wd[q]}
steps=-(-len(arguments(0)[0])//bs); total=steps*epochs; W=int(steps*warm)
class LR(keras.callbacks.Callback):
    n=0
    def on_train_batch_begin(self,b,logs=None):
        t=LR.n; LR.n+=1
        if t<W: r=lr0*(0.01+0.99*t/W)
        else:
            f=(t-W)/max(1,total-W)
            r=lr1+(lr0-lr1)*(0.5*(1+np.cos(np.pi*f)) if shape=="cosine" else 1-f)
        model.optimizer.learning_rate.assign(r)
trained=with_logits(net)
def evaluate():
    r={}; L={}
    for k in ("mnist","pendigits","pendigits_c","unipen","unipen_c","letters"):
        x=D["v_"+k]; y=D["v_"+k.replace("_c","")+"_y"]
        p=trained.predict((x/255).astype("float32"),batch_size=500,verbose=0); L[k]=p
        if k!="letters":
            a=np.asarray(p["logits"],np.float32).argmax(1); r[k]=int((a!=y).sum())
            r[k+"_17"]=int(((y==1)&(a==7)).sum()); r[k+"_71"]=int(((y==7)&(a==1)).sum())
    # fitted biases
    def class_nll(l,y):
        l=l-l.max(1,keepdims=True); return float((np.log(np.exp(l).sum(1))-l[np.arange(len(y)),y]).mean())
    class C:
        def __init__(s,l,y): s.temperature=min(np.arange(.5,2,.05),key=lambda t:class_nll(l/t,y)); s.biases=np.zeros(10)
        def apply(s,l): return l/s.temperature
    fit_class_calibration=C
    ks=("mnist","pendigits","unipen"); lo=np.concatenate([np.asarray(L[k]["logits"],np.float64) for k in ks]); y=np.concatenate([D[f"v_{k}_y"] for k in ks])
    c=fit_class_calibration(lo,y); r["nll"]=round(class_nll(c.apply(lo),y),4)
    r["T"]=round(c.temperature,3); r["b1-7"]=round(c.biases[1]-c.biases[7],2)
    for k in ("mnist","pendigits","pendigits_c","unipen","unipen_c"):
        a=c.apply(np.asarray(L[k]["logits"],np.float64)).argmax(1); r[k+"_b"]=int((a!=D["v_"+k.replace("_c","")+"_y"]).sum())
    for k in ("mnist","pendigits","unipen"): r["L"+k[0]]=round(class_nll(c.apply(np.asarray(L[k]["logits"],np.float64)),D["v_"+k+"_y"]),4)
    if "source_logit" in L["mnist"]: r["srcacc"]="/".join(str(round(float((np.ravel(L[k]["source_logit"])>0).mean()),4)) for k in ("mnist","pendigits","unipen"))
    if x_eval:
        l=np.asarray(trained.predict((x_eval[0]/255).astype("float32"),batch_size=500,verbose=0)["logits"],np.float64); a=l.argmax(1); r["X"]=int((a!=x_eval[1]).sum()); r["Xs"]=str({q:int((a!=x_eval[1])[x_src==q].sum()) for q in sorted(set(x_src))}).replace(" ","") if drop else ""; r["X_b"]=int((c.apply(l).argmax(1)!=x_eval[1]).sum()); r["Xnll"]=round(class_nll(l/c.temperature,x_eval[1]),4); r["Xpairs"]=str(__import__("collections").Counter(zip(x_eval[1][a!=x_eval[1]].tolist(),a[a!=x_eval[1]].tolist())).most_common(6)).replace(" ","")
    d=np.concatenate([np.ravel(L[k]["digit_logit"]) for k in ("pendigits","unipen")]).astype(float); n=np.ravel(L["letters"]["digit_logit"]).astype(float)
    th=np.quantile(d,.02); r["ref"]=round(float((n<th).mean()),4)
    return r,L
def short(r): return " ".join(f"{k}={v}" for k,v in r.items() if "_17" not in k and "_71" not in k)+" |17 p%d u%d m%d |71 p%d u%d m%d"%(r["pendigits_17"],r["unipen_17"],r["mnist_17"],r["pendigits_71"],r["unipen_71"],r["mnist_71"])
if __name__=="__main__":
    print(name,o,"steps",steps,"params",net.count_params(),flush=True)
    cb=LR()
    for e in range(epochs):
        t=time.time(); a=arguments(e)
        h=model.fit(Batches(a,bs),shuffle=False,verbose=0,callbacks=[cb]).history
        t1=time.time()-t; r,L=evaluate()
        print(f"{name} e{e+1} loss={h['loss'][0]:.4f} {t1:.0f}s",short(r),flush=True)
        pickle.dump({"net":[v.numpy() for v in net.variables],"aux":aux,"opt":[(v.path,v.numpy()) for v in opt.variables],"logits":L},open(f"/work/x/{name}.pkl","wb"))
    json.dump(r,open(f"/work/x/{name}.json","w"))
