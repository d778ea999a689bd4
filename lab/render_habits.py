"""usage: render_hab3.py OUT  (PYTHONPATH decides whose habits)"""
import os,sys; os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL","2")
import numpy as np
from functools import partial
from drawn_digits.training.samples import *
from drawn_digits.training.samples import good_pens
from drawn_digits.training.renderings import paint_variant
if __name__=="__main__":
    rng=np.random.default_rng(5); out={}; digits=good_pens("train")
    for i in range(3): out[f"wide{i}"]=render(digits, partial(paint_variant,as_written=0.0,photographed=.15), rng).images
    out["wide3"]=out["wide0"]
    np.savez(sys.argv[1],**out); print("done",len(digits))
