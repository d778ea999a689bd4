"""Paint a run, wait for /tmp/go, then train it. argv: run folder, seed, chosen run or '-', more config as name=value."""
import sys,time,os; T0=time.time(); sys.path.insert(0,"src")
from pathlib import Path
from drawn_digits.training.config import TrainingConfig
from drawn_digits.training.training_samples import paint_once
if __name__=="__main__":
    folder,seed,chosen=sys.argv[1:4]; more={k:float(v) if "." in v else int(v) for k,v in (a.split("=") for a in sys.argv[4:])}
    def config(): return TrainingConfig(seed=int(seed),chosen_run="" if chosen=="-" else chosen,**more)
    Path(folder).mkdir(parents=True,exist_ok=True)
    file=Path(folder)/"painted.npz"; paint_once(config(),file); print(folder,"painted",round(time.time()-T0,1),flush=True)
    while not os.path.exists("/tmp/go"): time.sleep(.2)
    T1=time.time()
    # the configuration and the network are those of the chosen commit
    for name in [m for m in sys.modules if m.startswith("drawn_digits")]: del sys.modules[name]
    for word in open("/tmp/go").read().split():
        k,v=word.split("="); more[k]=float(v) if "." in v else int(v)
    from drawn_digits.training.config import TrainingConfig
    from drawn_digits.training.run_folder import RunFolder
    from drawn_digits.training.train import fit
    c=config(); run=RunFolder(Path(folder)); run.open(c); fit(c,run); print(folder,"fitted, seconds",round(time.time()-T1,1),flush=True)
