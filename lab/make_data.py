"""Render all kinds with all cores; arrays uint8 [n,28,28] to .npz. argv: OUT [share]"""
import labstub, lzma, pickle, sys, time, os
from functools import partial
from multiprocessing import get_context
import numpy as np
T0=time.time()
from drawn_digits.training.renderings import _paint, paint_variant, paint_anywhere
from drawn_digits.training.lettering import paint_typeface
from drawn_digits.training.made_non_digits import make_non_digits, make_pages
HERE=os.path.dirname(os.path.abspath(__file__))
B=256

DONORS={"syn":0,"apb":1,"art":1,"val":2,"apa":2,"gmd":3,"app":3}
def fold(p): return DONORS[p.donor] if p.donor else int(p.writer[-2:])%4
def job(a): return _paint(*a)
def pages(a): return make_pages(a[0],112,np.random.default_rng(a[1]))
if __name__=="__main__":
    out=sys.argv[1]; share=float(sys.argv[2]) if len(sys.argv)>2 else 1.0
    with get_context("fork").Pool(os.cpu_count()) as pool:
        P=pickle.load(lzma.open(HERE+"/pens.pkl.xz")); mx,my=pickle.load(lzma.open(HERE+"/mnist.pkl.xz"))
        if share<1:
            keep=lambda l: [l[i] for i in range(0,len(l),int(1/share))]
            P={k:keep(v) for k,v in P.items()}; k=int(1/share); mx,my=mx[::k],my[::k]
        rng=np.random.default_rng(1); jobs=[]; names=[]
        def add(name,items,painter):
            for s in range(0,len(items),B): names.append(name); jobs.append((items[s:s+B],int(rng.integers(2**62)),painter))
        own,hand=partial(paint_variant,as_written=1.0),partial(paint_variant,as_written=0.0,photographed=.15)
        half=partial(paint_variant,as_written=.5,photographed=.15)
        for i in range(2): add(f"own{i}",P["digits"],own)
        for i in range(2): add(f"hands{i}",P["digits"],hand)
        for i in range(2): add(f"any{i}",P["digits"],paint_anywhere)
        for i in range(2): add(f"fonts{i}",P["fonts"],partial(paint_typeface,photographed=.15))
        for i in range(1): add(f"non{i}",P["letters"]+make_non_digits(int(8000*share),P["digits"],rng),half)
        add("letters_v",P["letters_v"],paint_anywhere)
        print("jobs",len(jobs),round(time.time()-T0,1),flush=True)
        it=pool.imap(job,jobs); pg=[pool.apply_async(pages,((int(1000*share),i),)) for i in range(1)]
        os.environ.setdefault("KERAS_BACKEND","jax")
        os.environ["XLA_PYTHON_CLIENT_MEM_FRACTION"]=".08"
        import jax, keras, threading
        from drawn_digits.training.normalizer import InkNormalizer
        layer=InkNormalizer()
        f=jax.jit(lambda p: keras.ops.round(layer(p)["ink"]*255).astype("uint8"))
        res={}
        def norm(p):
            n=len(p); q=np.zeros((B,112,112),np.uint8); q[:n]=p; return np.asarray(f(q))[:n]
        for name,p in zip(names,it): res.setdefault(name,[]).append(norm(p))
        for i in range(1):
            p=pg[i].get(); res[f"non{i}"]+= [norm(p[s:s+B]) for s in range(0,len(p),B)]
    res={k:np.concatenate(v) for k,v in res.items()}
    res["mnist"],res["mnist_y"]=mx,np.asarray(my)
    res["pens_y"]=np.array([int(p.label) for p in P["digits"]]); res["pens_src"]=np.array([p.source+p.donor for p in P["digits"]]); res["pens_writer"]=np.array([f"{p.source}{p.donor}{p.writer}" for p in P["digits"]])
    res["fonts_y"]=np.array([int(p.label) for p in P["fonts"]])
    np.savez(out+".tmp.npz",**res); os.rename(out+".tmp.npz",out)
    print("rendered",{k:v.shape for k,v in res.items()},round(time.time()-T0,1),flush=True)
