import sys,time,os,json,pickle,threading
T0=time.time(); HERE=os.path.dirname(os.path.abspath(__file__)); sys.path.insert(0,HERE)
import numpy as np,jax,jax.numpy as jnp,jlab
if os.environ.get("JCACHE"): 
    jax.config.update("jax_compilation_cache_dir",os.environ["JCACHE"]); jax.config.update("jax_persistent_cache_min_compile_time_secs",1.0)
path,spec,limit=sys.argv[1],sys.argv[2],float(sys.argv[3]); OUT=os.environ.get("OUT","/tmp")
def tell(*a): print(f"[{time.time()-T0:6.1f}]",*a,flush=True)
groups=json.load(open(f"{HERE}/{spec}"))
while not os.path.exists(path): time.sleep(.5)
d=jlab.Data(path); dev=tuple(jnp.asarray(a) for a in (d.images,d.labels,d.mn)); tell("data",d.images.shape,jax.devices(),np.bincount(d.pfold))
SCALE=float(os.environ.get("SCALE","1")); results={}; KEPT={}
def warm(g):
    try:
        n=len(g["variants"])*len(g["folds"]); t=time.time()
        if g.get("kd"): return
        jlab.run(d,dev,[dict(fold=0)]*n,250,batch=g.get("batch",128),W=tuple(g.get("W",jlab.WIDE["base"])),sam=g.get("sam",False),tell=lambda *a:None); tell("compiled",g["name"],round(time.time()-t,1))
    except Exception as e: tell("warm failed",g["name"],repr(e)[:300])
seen=set(); later=[]
for g in groups:
    k=(len(g["variants"])*len(g["folds"]),g.get("batch",128),str(g.get("W")),g.get("sam",False),bool(g.get("kd")))
    if k not in seen: seen.add(k); later.append(g)
if os.environ.get("WARM"): threading.Thread(target=lambda:[warm(g) for g in later[1:]],daemon=True).start()
rate={}
for g in groups:
    steps=int(g["steps"]*SCALE); folds=g["folds"]; ms=[dict(v,fold=f) for v in g["variants"] for f in folds]
    k=(len(ms),g.get("batch",128),str(g.get("W")),g.get("sam",False)); need=rate.get(k,0)*steps
    if time.time()-T0+need>limit: tell("skipped",g["name"],"needs",round(need)); continue
    t=time.time(); teach=None
    if g.get("kd"):
        teach=jax.tree.map(lambda *a: jnp.stack(a,1),*[KEPT[n] for n in g["kd"]])  # [B,T,...]
        teach=jax.tree.map(lambda a: jnp.concatenate([a]*len(g["variants"]),0),teach)
    st=jlab.run(d,dev,ms,steps,batch=g.get("batch",128),W=tuple(g.get("W",jlab.WIDE["base"])),sam=g.get("sam",False),teachers=teach,tell=tell,name=g["name"])
    jax.block_until_ready(st); dt=time.time()-t; rate[k]=dt/steps
    rs,_=jlab.scores(d,dev,st,ms); n=len(folds)
    for i,v in enumerate(g["variants"]):
        R,W=jlab.summary(d,rs[i*n:(i+1)*n],folds); results[f'{g["name"]}:{v.get("tag",i)}']={**R,"W":W}
        tell(f'{g["name"]}:{v.get("tag",i):14}',R)
        KEPT[v.get("tag",i)]=jax.tree.map(lambda a:a[i*n:(i+1)*n],st[:2]) if v.get("keep") else None
    tell(g["name"],f"B={len(ms)} steps={steps} {dt:.0f}s {dt/steps*1e3:.2f} ms a step, {dt/steps/len(ms)*1e3:.3f} a model, scores {time.time()-t-dt:.1f}s")
    pickle.dump(results,open(f"{OUT}/{spec}.pkl","wb"))
tell("end")
