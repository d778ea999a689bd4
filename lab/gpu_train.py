"""One run of the real training on a lent GPU. argv: run folder, seed, chosen run or '-', more config as name=value.

A repeat is fitted before its chosen run is calibrated, so `fit` is called and not `train`; afterwards, here:
`drawn-digits train --run runs/evidence --precision mixed_bfloat16` finds all epochs done and calibrates, and so for the repeats with --chosen-run.
"""
import sys,time; T0=time.time(); sys.path.insert(0,"src")
from pathlib import Path
from drawn_digits.training.config import TrainingConfig
from drawn_digits.training.run_folder import RunFolder
from drawn_digits.training.train import fit
import drawn_digits.training.recipes as R
if __name__=="__main__":
    folder,seed,chosen=sys.argv[1:4]; more={k:int(v) for k,v in (a.split("=") for a in sys.argv[4:])}
    c=TrainingConfig(seed=int(seed),precision="mixed_bfloat16",chosen_run="" if chosen=="-" else chosen,**more)
    old=R.TrainingSamples
    def timed(config):
        t=time.time(); s=old(config); print(folder,"rendered",round(time.time()-t,1),"at",round(time.time()-T0,1),flush=True); return s
    R.TrainingSamples=timed
    run=RunFolder(Path(folder)); run.open(c); fit(c,run); print(folder,"fitted at",round(time.time()-T0,1),flush=True)
