"""How long the classic recipe and the project's own take to 99.4 %, on MNIST alone.

Both train on the first 55,000 of MNIST's training images and are measured on the last 5,000, one
after the other on the same machine, in a process of their own each. The time is that of
``model.fit`` from its first step, graph building included; validation and making the arrays are
left out, for both alike. The own recipe computes in bfloat16 where the processor does
(``--precision``); the classic one is as it is published. A run stops when it has held the target.
Finished runs are kept in ``runs/bench-training/times.json`` and not repeated.
"""

import argparse
import dataclasses
import json
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import keras

from benchmarks.time_to_accuracy import TARGET, Epoch, epoch_that_holds, table
from drawn_digits.training.batches import Batches
from drawn_digits.training.config import TrainingConfig
from drawn_digits.training.machine import fastest_precision
from drawn_digits.training.origin import describe_origin
from drawn_digits.training.recipes import (
    CLASSIC_CONFIG,
    MNIST_CONFIG,
    Recipe,
    classic_recipe,
    mnist_recipe,
)
from drawn_digits.training.run_folder import write_whole

SEEDS = (1, 2, 3)
RECIPES: dict[str, tuple[Callable[[TrainingConfig], Recipe], TrainingConfig]] = {
    "classic": (classic_recipe, CLASSIC_CONFIG),
    "own": (mnist_recipe, MNIST_CONFIG),
}


def main() -> None:
    options = parse_options()
    file = options.folder / "times.json"
    some = {"max_samples": options.max_samples}
    runs: dict[int, tuple[list[Epoch], list[Epoch]]] = {}
    for seed in SEEDS:
        classic = remembered_run(file, "classic", seed=seed, **some)
        own = remembered_run(file, "own", seed=seed, precision=options.precision, **some)
        runs[seed] = classic, own
    print("; ".join(f"{key}: {value}" for key, value in describe_origin().items()))
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


def remembered_run(file: Path, name: str, **changes: Any) -> list[Epoch]:
    """The run's epochs, from the file if it was finished there by the same code and machine.

    ``changes`` are to the recipe's ``TrainingConfig``.
    """
    config = dataclasses.replace(RECIPES[name][1], **changes)
    conditions = {"config": dataclasses.asdict(config), **describe_origin()}
    known: dict[str, Any] = json.loads(file.read_text("utf-8")) if file.exists() else {}
    key = f"{name}, seed {config.seed}"
    is_dirty = conditions["git_commit"].endswith("-dirty")  # then nothing says which code it was
    if is_dirty or known.get(key, {}).get("conditions") != conditions:
        with ProcessPoolExecutor(1, get_context("spawn")) as pool:
            epochs = pool.submit(time_run, name, config).result()
        known[key] = {"conditions": conditions, "epochs": [dataclasses.asdict(e) for e in epochs]}
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, json.dumps(known, indent=1))
    return [Epoch(**epoch) for epoch in known[key]["epochs"]]


def time_run(name: str, config: TrainingConfig) -> list[Epoch]:
    """Train until the target was held, or to the recipe's end."""
    keras.utils.set_random_seed(config.seed)
    recipe = RECIPES[name][0](config)
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
