import labstub,sys,time,pickle,numpy as np
from functools import partial
from drawn_digits.training.samples import good_pens,render,concatenate,mnist_samples,without_bad_labels
from drawn_digits.training.data import load_non_digits,spread
from drawn_digits.training.renderings import paint_variant,paint_anywhere
from drawn_digits.training.config import TrainingConfig
from drawn_digits.training.training_samples import render_non_digits
if __name__=="__main__":
    t=time.time(); P=good_pens("train")+good_pens("validation"); U=[p for p in P if p.source=="unipen"]; D=[p for p in P if p.source!="unipen"]
    rng=np.random.default_rng(5); own=partial(paint_variant,as_written=1.0); hand=partial(paint_variant,as_written=0.0,photographed=.15); out={}
    
    for i in range(2): out[f"own{i}"]=render(U,own,rng)
    for i in range(4): out[f"hands{i}"]=render(U,hand,rng); print(i,time.time()-t,flush=True)
    for i in range(2): out[f"any{i}"]=render(D,paint_anywhere,rng)
    c=TrainingConfig(made_non_digits=4000,made_pages=500); out["non"]=render_non_digits(c,spread(load_non_digits("train"),10000),U,rng)
    out["mnist"]=without_bad_labels("train"); out["mval"]=mnist_samples("validation")
    pickle.dump(out,open("/work/x/cpu.pkl","wb")); print({k:len(v) for k,v in out.items()},time.time()-t)
