import sys,time,os,json,pickle
from concurrent.futures import ThreadPoolExecutor
T0=time.time(); HERE=os.path.dirname(os.path.abspath(__file__)); sys.path.insert(0,HERE)
import numpy as np,jax,jax.numpy as jnp,jlab
jax.config.update("jax_compilation_cache_dir","/tmp/jcache"); jax.config.update("jax_persistent_cache_min_compile_time_secs",0.5)
path,spec,limit=sys.argv[1],sys.argv[2],float(sys.argv[3]); OUT=os.environ.get("OUT","/tmp"); SCALE=float(os.environ.get("SCALE","1")); PER=int(os.environ.get("PER","250")); N=int(os.environ.get("NPAD",str(1<<19)))
def tell(*a): print(f"[{time.time()-T0:6.1f}]",*a,flush=True)
groups=json.load(open(f"{HERE}/{spec}")); f32=jnp.float32
for g in groups:
    g["A"]=jlab.arch(**{k:tuple(v) if isinstance(v,list) else v for k,v in g.get("arch",{}).items()}); g["B"]=len(g["variants"])*len(g["folds"])
    tell(g["name"],"MACs %.2fM"%(jlab.macs(g["A"])/1e6),g["A"])
byname={v["tag"]:g for g in groups for v in g["variants"]}
def shapes(x): return jax.tree.map(lambda a: jax.ShapeDtypeStruct(a.shape,a.dtype),x)
def compile_(g):
    try:
        t=time.time(); B,A=g["B"],g["A"]; keys=jnp.stack([jax.random.PRNGKey(i) for i in range(B)])
        st=jax.eval_shape(lambda k: jlab.start(k,A),keys); h={k:jax.ShapeDtypeStruct((B,),f32) for k in jlab.HYPER}; te=TA=None
        if g.get("kd"):
            TA=byname[g["kd"][0]]["A"]; n=len(g["kd"]); p=jax.eval_shape(lambda k: jlab.start(k,TA),keys)[:2]
            te=jax.tree.map(lambda a: jax.ShapeDtypeStruct((B,n)+a.shape[1:],a.dtype),p)
        s=jax.ShapeDtypeStruct((),f32)
        jlab.chunk.lower(st,jax.ShapeDtypeStruct((N,28,28),jnp.uint8),jax.ShapeDtypeStruct((N,),jnp.int32),jax.ShapeDtypeStruct((N,),f32),jax.ShapeDtypeStruct((PER,B,g.get("batch",128)),jnp.int32),h,shapes(keys),s,s,s,te,A=A,TA=TA).compile()
        jlab.predict.lower(*st[:2],jax.ShapeDtypeStruct((2000,28,28),jnp.uint8),A=A).compile(); tell("compiled",g["name"],round(time.time()-t,1))
    except Exception as e: tell("compile failed",g["name"],repr(e)[:400])
pool=ThreadPoolExecutor(8); jobs={g["name"]:pool.submit(compile_,g) for g in groups}
while not os.path.exists(path): time.sleep(.3)
d=jlab.Data(path); n=len(d.images); assert n<=N,n
z=N-n; d.images=np.concatenate([d.images,np.zeros((z,28,28),np.uint8)]); dev=(jnp.asarray(d.images),jnp.asarray(np.pad(d.labels,(0,z))),jnp.asarray(np.pad(d.mn,(0,z)))); tell("data",n,jax.devices(),np.bincount(d.pfold),len(d.mfold))
results={}; KEPT={}; rate={}
for g in groups:
    steps=int(g["steps"]*SCALE)//PER*PER; folds=g["folds"]; ms=[dict(v,fold=f) for v in g["variants"] for f in folds]
    jobs[g["name"]].result(); t=time.time(); need=rate.get("r",0.3e-3)*steps*len(ms)*jlab.macs(g["A"])/14e6*g.get("batch",128)/128
    if t-T0+need+8>limit: tell("skipped",g["name"],"needs",round(need)); continue
    teach=TA=None
    if g.get("kd"):
        TA=byname[g["kd"][0]]["A"]; teach=jax.tree.map(lambda *a: jnp.stack(a,1),*[KEPT[n] for n in g["kd"]])
        teach=jax.tree.map(lambda a: jnp.concatenate([a]*len(g["variants"]),0),teach)
    st=jlab.run(d,dev,ms,steps,A=g["A"],TA=TA,teachers=teach,tell=tell,name=g["name"],per=PER,batch=g.get("batch",128))
    jax.block_until_ready(st); dt=time.time()-t; rate["r"]=dt/steps/len(ms)/(jlab.macs(g["A"])/14e6)/(g.get("batch",128)/128)
    rs,L=jlab.scores(d,dev,st,ms,A=g["A"]); n=len(folds)
    for i,v in enumerate(g["variants"]):
        R,W=jlab.summary(d,rs[i*n:(i+1)*n],folds); results[f'{g["name"]}:{v["tag"]}']={**R,"W":W,"L":{k:L[k][0][i*n:(i+1)*n].astype(np.float16) for k in ("mnist","any0","any1")}}
        tell(f'{g["name"]}:{v["tag"]:10}',R)
        if v.get("keep"): KEPT[v["tag"]]=jax.tree.map(lambda a:a[i*n:(i+1)*n],st[:2])
    tell(g["name"],f"B={len(ms)} steps={steps} {dt:.0f}s {dt/steps/len(ms)*1e3:.3f} ms a model's step, scores {time.time()-t-dt:.1f}s")
    # ensembles of two seeds
    pickle.dump({k:{a:b for a,b in v.items() if a!="L"} for k,v in results.items()},open(f"{OUT}/{spec}.pkl","wb"))
names=[v["tag"] for g in groups for v in g["variants"]]
# a mean of the logits of networks of one fold is an ensemble
for E in json.loads(os.environ.get("ENS","[]")):
    try:
        ks=[next(k for k in results if k.endswith(":"+t)) for t in E]; folds=groups[0]["folds"]; L={k:sum(results[a]["L"][k].astype(np.float32) for a in ks)/len(ks) for k in ("mnist","any0","any1")}; rs=[]
        for b,f in enumerate(folds):
            mm,pm=d.masks(f); R={"ref":0}
            for k,held,y in (("mnist",~mm,d.Z["mnist_y"]),("any0",~pm,d.Z["pens_y"]),("any1",~pm,d.Z["pens_y"])):
                if held.any(): R[k]=(L[k][b][held],y[held],np.flatnonzero(held))
            rs.append(R)
        R,W=jlab.summary(d,rs,folds); tell("ensemble",E,R); results["ens:"+"+".join(E)]={**R,"W":W}
    except Exception as e: tell("ensemble failed",E,repr(e)[:200])
pickle.dump({k:{a:b for a,b in v.items() if a!="L"} for k,v in results.items()},open(f"{OUT}/{spec}.pkl","wb"))
tell("end")
