"""The training loop: samples in, weights and their curves out."""

import time
from pathlib import Path

import keras
import numpy as np

from drawn_digits.errors import TrainingError
from drawn_digits.training.augment import set_strength
from drawn_digits.training.batches import Batches
from drawn_digits.training.calibrate import calibrate, read_calibration
from drawn_digits.training.config import TrainingConfig
from drawn_digits.training.curves import draw_curves
from drawn_digits.training.progress import TrainingProgress, announce_painting
from drawn_digits.training.recipes import Recipe, classic_recipe, evidence_recipe
from drawn_digits.training.run_folder import RunFolder
from drawn_digits.training.training_samples import paint_once
from drawn_digits.training.whole_file import replaced_whole

_DRAWS_AN_EPOCH = 2**20  # more than there are steps


def train(config: TrainingConfig, folder: Path) -> None:
    """Train, or go on with, the run in ``folder``; write history, curves and weights.

    Each epoch ends with a checkpoint, and what is painted is kept until the run ends: one that
    was killed goes on from its last epoch. The test sets are never read. A run that repeats a
    chosen one takes over that run's calibration.
    """
    if config.chosen_run:
        if config.network != "evidence":
            raise TrainingError(
                f"A chosen run is repeated as it was; --network {config.network} cannot be given "
                "with --chosen-run."
            )
        check_chosen_run(RunFolder(Path(config.chosen_run)))
    run = RunFolder(folder)
    run.open(config)
    if run.latest_checkpoint()[0] < config.all_epochs:
        fit(config, run)
    run.painted_file.unlink(missing_ok=True)
    draw_curves(run.read_history(), run.curves_file, own_after=config.epochs)
    if config.network == "evidence" and not run.calibration_file.exists():
        calibrate(run)


def check_chosen_run(chosen: RunFolder) -> None:
    """Now, and not after all the epochs.

    Raises:
        TrainingError: the run is not finished, or is none that can be repeated.
    """
    config = chosen.read_config()
    if config.network != "evidence" or config.chosen_run:
        raise TrainingError(
            f"{chosen.path} cannot be repeated: it holds "
            f"{'a repeat itself' if config.chosen_run else 'the classic network'}. "
            "Name a run of '--network evidence' that was chosen on validation."
        )
    read_calibration(chosen)


def fit(config: TrainingConfig, run: RunFolder) -> None:
    """What is still to do of all epochs; the first one's time has the painting in it."""
    start = time.perf_counter()
    keras.utils.set_random_seed(config.seed)
    recipe = recipe_of(config, run)
    start = fit_recipe(recipe, config, run, range(config.epochs), start)
    if recipe.then:
        fit_recipe(recipe.then(), config, run, range(config.epochs, config.all_epochs), start)


def fit_recipe(
    recipe: Recipe, config: TrainingConfig, run: RunFolder, epochs: range, start: float
) -> float:
    """Those of the recipe's ``epochs`` that are still to do; ``start`` and the end, in seconds."""
    to_do = epochs[resume(recipe, run, epochs) :]
    if not to_do:
        return start
    validation = Batches(recipe.validation)
    with TrainingProgress(config.all_epochs, recipe.steps_an_epoch, to_do) as progress:
        for epoch in to_do:
            set_random_state(recipe.model, epoch)
            set_strength(recipe.model, augmentation_strength(config, epoch))
            logs = recipe.model.fit(
                Batches(recipe.epoch(epoch), config.batch_size),
                shuffle=False,  # the samples come in an order that seed and epoch determine
                validation_data=validation,
                verbose=0,
                callbacks=[progress.callback],
            ).history
            begin, start = start, time.perf_counter()
            row = to_row(epoch, logs) | {"seconds": start - begin}
            progress.report(row)
            keep(recipe, run, [*run.read_history()[:epoch], row], config)
    return start


def recipe_of(config: TrainingConfig, run: RunFolder) -> Recipe:
    """The network's recipe, with what its run learns from."""
    if config.network == "classic":
        return classic_recipe(config)
    announce_painting(is_kept=run.painted_file.exists())
    return evidence_recipe(config, paint_once(config, run.painted_file))


def augmentation_strength(config: TrainingConfig, epoch: int) -> float:
    """The share of all ranges in this epoch: the last ones see pictures as they are read later.

    So do all of MNIST's own reader.
    """
    is_gentle = epoch >= config.epochs - config.gentle_epochs
    return config.augmentation * (config.gentle_augmentation if is_gentle else 1.0)


def keep(
    recipe: Recipe, run: RunFolder, history: list[dict[str, float]], config: TrainingConfig
) -> None:
    """Save the epoch: best weights first, then history, the checkpoint (which counts) last.

    The classic network's best weights are those of the highest validation accuracy. The evidence
    network's are the last: its learning rate has come down to 0, and an earlier epoch that reads
    two drawings of validation more right was lucky.
    """
    accuracies = [row["val_accuracy"] for row in history]
    if config.network == "evidence" or accuracies[-1] >= max(accuracies):
        save_weights(recipe.network, run.best_weights)
    run.write_history(history)
    save_weights(recipe.model, run.checkpoint(len(history)))
    run.drop_checkpoints_before(len(history))


def resume(recipe: Recipe, run: RunFolder, epochs: range) -> int:
    """Load the latest checkpoint, optimizer included; how many of the recipe's epochs are done.

    What the recipe's model does not hold of the network is as the recipe before left it.
    """
    done, checkpoint = run.latest_checkpoint()
    if checkpoint and epochs.start < done <= epochs.stop:
        run.load_weights(recipe.network, run.best_weights)
        recipe.model.optimizer.build(recipe.model.trainable_variables)
        run.load_weights(recipe.model, checkpoint)
    return min(max(done - epochs.start, 0), len(epochs))


def set_random_state(model: keras.Model, epoch: int) -> None:
    """Let augmentation and dropout draw by seed and epoch.

    Keras does not save what its generators have drawn, so a run that went on would draw otherwise
    than one that was never interrupted.
    """
    for variable in model.variables:
        if variable.path.endswith("seed_generator_state"):
            seed = keras.ops.convert_to_numpy(variable)[0]
            variable.assign(np.array([seed, epoch * _DRAWS_AN_EPOCH], variable.dtype))


def save_weights(model: keras.Model, path: Path) -> None:
    """Write the weights so that a kill leaves the old file or the new one."""
    with replaced_whole(path) as new:
        model.save_weights(new)


def to_row(epoch: int, logs: dict[str, list[float]]) -> dict[str, float]:
    """One row of the history; "which digit" is the output whose accuracy is meant."""
    row = {name.replace("logits_accuracy", "accuracy"): values[0] for name, values in logs.items()}
    return {"epoch": epoch + 1, **row}
