import sys,time,os; T0=time.time(); HERE=os.path.dirname(os.path.abspath(__file__)); sys.path.insert(0,HERE)
import numpy as np,jax,jax.numpy as jnp,jlab
jax.config.update("jax_compilation_cache_dir",os.environ["JCACHE"]); jax.config.update("jax_persistent_cache_min_compile_time_secs",1.0)
def tell(*a): print(f"[{time.time()-T0:6.1f}]",*a,flush=True)
N=int(os.environ.get("N","401811")); rng=np.random.default_rng(0); PER=int(os.environ.get("PER","250")); f32=jnp.float32
dev=(jnp.asarray(rng.integers(0,255,(N,28,28),dtype=np.uint8)),jnp.asarray(rng.integers(-1,10,N).astype(np.int32)),jnp.zeros(N,f32)); tell(jax.devices(),jax.__version__)
def bench(name,B,batch=128,W=jlab.WIDE["base"],sam=False,T=0):
    t=time.time(); h={k:jnp.full(B,v,f32) for k,v in jlab.HYPER.items()}; keys=jnp.stack([jax.random.PRNGKey(i) for i in range(B)])
    st=jlab.start(keys,W); te=None
    if T: te=jax.tree.map(lambda a: jnp.stack([a]*T,1),st[:2])
    idx=jnp.asarray(rng.integers(0,N,(PER,B,batch),dtype=np.int32)); r=[]
    for i in range(3):
        st,L=jlab.chunk(st,*dev,idx,h,keys,f32(i*PER),f32(5000),f32(900),te,sam=sam); L.block_until_ready(); r.append(time.time()-t); t=time.time()
    tell(name,"compile+run %.1f s, then %.2f ms a step, %.3f a model"%(r[0],r[2]/PER*1e3,r[2]/PER/B*1e3))
for a in sys.argv[1].split(";"):
    n,k=a.split(":"); bench(n,**eval(f"dict({k})"))
    if time.time()-T0>float(sys.argv[2]): break
