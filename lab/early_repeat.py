"""Begins a repeat before the chosen run is at its end: only the calibration is taken from it, at the end."""
import sys
from pathlib import Path
from dataclasses import replace
from drawn_digits.training.machine import fastest_precision, keep_freed_memory
from drawn_digits.training.config import TrainingConfig
from drawn_digits.training.run_folder import RunFolder
from drawn_digits.training.train import fit
import drawn_digits; print(drawn_digits.__file__)
if __name__ == "__main__":
    keep_freed_memory()
    config = replace(TrainingConfig(precision=fastest_precision()), seed=int(sys.argv[2]), chosen_run="runs/evidence")
    run = RunFolder(Path(sys.argv[1])); run.open(config)
    if run.latest_checkpoint()[0] < config.epochs: fit(config, run)
