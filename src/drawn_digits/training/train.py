"""The training loop: samples in, the weights that read the validation writers best out."""

import time
from pathlib import Path

import keras

from drawn_digits.training.calibrate import calibrate, read_calibration
from drawn_digits.training.config import TrainingConfig
from drawn_digits.training.curves import draw_curves
from drawn_digits.training.progress import TrainingProgress
from drawn_digits.training.recipes import RECIPES, Recipe
from drawn_digits.training.run_folder import RunFolder


def train(config: TrainingConfig, folder: Path) -> None:
    """Train, or go on with, the run in ``folder``; write history, curves and the best weights.

    Each epoch ends with a checkpoint, so a run that was killed goes on from its last epoch. The
    best weights are those of the highest validation accuracy; the test sets are never read. A run
    that repeats a chosen one keeps its last weights and takes over that run's calibration.
    """
    if config.chosen_run:
        read_calibration(RunFolder(Path(config.chosen_run)))  # now, not after all the epochs
    run = RunFolder(folder)
    run.open(config)
    if run.latest_checkpoint()[0] < config.epochs:
        fit(config, run)
    draw_curves(run.read_history(), run.curves_file)
    if config.network == "evidence" and not run.calibration_file.exists():
        calibrate(run)


def fit(config: TrainingConfig, run: RunFolder) -> None:
    """The loop over the epochs that are still to do."""
    keras.utils.set_random_seed(config.seed)
    recipe = RECIPES[config.network](config)
    done = resume(recipe.model, run)
    history = run.read_history()[:done]
    with TrainingProgress(config.epochs, recipe.steps_an_epoch, done) as progress:
        for epoch in range(done, config.epochs):
            start = time.perf_counter()
            inputs, targets, weights = recipe.epoch(epoch)
            logs = recipe.model.fit(
                inputs,
                targets,
                sample_weight=weights,
                batch_size=config.batch_size,
                shuffle=False,  # the samples come in an order that seed and epoch determine
                validation_data=recipe.validation,
                validation_batch_size=500,
                verbose=0,
                callbacks=[progress.callback],
            ).history
            history.append(to_row(epoch, logs) | {"seconds": time.perf_counter() - start})
            progress.report(history[-1])
            keep(recipe, run, history, config)


def keep(
    recipe: Recipe, run: RunFolder, history: list[dict[str, float]], config: TrainingConfig
) -> None:
    """Save the epoch: best weights first, then history, the checkpoint (which counts) last.

    Where validation was learned too it cannot choose: the last weights are the best then.
    """
    accuracies = [row["val_accuracy"] for row in history]
    if accuracies[-1] >= max(accuracies) or config.chosen_run:
        save_weights(recipe.network, run.best_weights)
    run.write_history(history)
    save_weights(recipe.model, run.checkpoint(len(history)))
    run.drop_checkpoints_before(len(history))


def resume(model: keras.Model, run: RunFolder) -> int:
    """Load the latest checkpoint, optimizer and random state included; the epochs it has seen."""
    done, checkpoint = run.latest_checkpoint()
    if checkpoint:
        model.optimizer.build(model.trainable_variables)
        model.load_weights(checkpoint)
    return done


def save_weights(model: keras.Model, path: Path) -> None:
    """Write the weights so that a kill leaves the old file or the new one."""
    temporary = path.with_name("new-" + path.name)
    model.save_weights(temporary)
    temporary.replace(path)


def to_row(epoch: int, logs: dict[str, list[float]]) -> dict[str, float]:
    """One row of the history; "which digit" is the output whose accuracy is meant."""
    row = {name.replace("logits_accuracy", "accuracy"): values[0] for name, values in logs.items()}
    return {"epoch": epoch + 1, **row}
