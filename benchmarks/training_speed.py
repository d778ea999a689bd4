"""How long the classic recipe and the project's own take to 99.4 %, on MNIST alone.

Both train on the first 55,000 of MNIST's training images and are measured on the last 5,000, one
after the other on the same machine, in a process of their own each. The time is that of
``model.fit`` from its first step, graph building included; validation and making the arrays are
left out, for both alike. The own recipe computes in bfloat16 where the processor does
(``--precision``); the classic one is as it is published. A run stops when it has held the target.
Finished pairs of runs are kept in ``runs/bench-training/times.json`` and not repeated.
"""

import argparse
import json
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import keras

from benchmarks.time_to_accuracy import TARGET, Epoch, epoch_that_holds, table
from drawn_digits.training.batches import Batches
from drawn_digits.training.config import TrainingConfig
from drawn_digits.training.machine import fastest_precision, keep_freed_memory
from drawn_digits.training.origin import describe_setting
from drawn_digits.training.recipes import (
    CLASSIC_CONFIG,
    MNIST_CONFIG,
    Recipe,
    classic_recipe,
    mnist_recipe,
)
from drawn_digits.training.whole_file import write_whole

SEEDS = (1, 2, 3)
RECIPES: dict[str, Callable[[TrainingConfig], Recipe]] = {
    "classic": classic_recipe,
    "own": mnist_recipe,
}


def main() -> None:
    options = parse_options()
    file = options.folder / "times.json"
    classic = replace(CLASSIC_CONFIG, max_samples=options.max_samples)
    own = replace(MNIST_CONFIG, max_samples=options.max_samples, precision=options.precision)
    runs = {
        seed: remembered_pair(
            file, {"classic": replace(classic, seed=seed), "own": replace(own, seed=seed)}
        )
        for seed in SEEDS
    }
    print("; ".join(f"{key}: {value}" for key, value in describe_setting().items()))
    print(f"Seconds of training to {TARGET:.1%} on validation, held in the next epoch;")
    print(f"the classic recipe in float32, the own in {options.precision}")
    print(table(runs))
    print("> at least, < at most, ? open: a run that did not get there counts with its whole time")


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("runs/bench-training"))
    parser.add_argument("--max-samples", type=int, default=0, help="images of each split; 0 = all")
    parser.add_argument(
        "--precision",
        choices=["float32", "mixed_bfloat16"],
        default=fastest_precision(),
        help="of the own recipe (default: %(default)s, the fastest here)",
    )
    return parser.parse_args()


def remembered_pair(
    file: Path, configs: dict[str, TrainingConfig]
) -> tuple[list[Epoch], list[Epoch]]:
    """The epochs of the classic recipe and of the own, of one seed.

    They are from the file if both were timed there, one after the other, by the same code on the
    same machine: a ratio of times from different days would also measure what else ran then.
    """
    conditions = {name: asdict(config) for name, config in configs.items()}
    expected = {"configs": conditions, **describe_setting()}
    known: dict[str, Any] = json.loads(file.read_text("utf-8")) if file.exists() else {}
    key = f"seed {configs['own'].seed}"
    commit = expected["git_commit"]
    is_unknown = not commit or commit.endswith("-dirty")  # then nothing says which code it was
    if is_unknown or known.get(key, {}).get("conditions") != expected:
        times = {name: in_new_process(name, config) for name, config in configs.items()}
        known[key] = {"conditions": expected, **times}
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, json.dumps(known, indent=1))
    classic, own = ([Epoch(**row) for row in known[key][name]] for name in ("classic", "own"))
    return classic, own


def in_new_process(name: str, config: TrainingConfig) -> list[dict[str, float]]:
    """``time_run`` where nothing was compiled or allocated yet; the epochs as JSON values."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return [asdict(epoch) for epoch in pool.submit(time_run, name, config).result()]


def time_run(name: str, config: TrainingConfig) -> list[Epoch]:
    """Train until the target was held, or to the recipe's end."""
    keep_freed_memory()  # as "drawn-digits train" does, for either network
    keras.utils.set_random_seed(config.seed)
    recipe = RECIPES[name](config)
    epochs: list[Epoch] = []
    while len(epochs) < config.epochs and epoch_that_holds(epochs) is None:
        seconds = time_epoch(recipe, len(epochs), config.batch_size)
        epochs.append(Epoch(seconds, validation_accuracy(recipe)))
        print(
            f"{name}, seed {config.seed}, epoch {len(epochs)}/{config.epochs}: "
            f"{seconds:.1f} s, validation accuracy {epochs[-1].accuracy:.4f}",
            flush=True,
        )
    return epochs


def time_epoch(recipe: Recipe, number: int, batch_size: int) -> float:
    batches = Batches(recipe.epoch(number), batch_size)
    begin = time.perf_counter()
    recipe.model.fit(batches, shuffle=False, verbose=0)
    return time.perf_counter() - begin


def validation_accuracy(recipe: Recipe) -> float:
    """Of "which digit", where the model answers more."""
    logs = recipe.model.evaluate(Batches(recipe.validation), return_dict=True, verbose=0)
    return float(logs["logits_accuracy" if "logits_accuracy" in logs else "accuracy"])


if __name__ == "__main__":
    main()
