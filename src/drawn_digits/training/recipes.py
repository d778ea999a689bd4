"""What each network is trained with: its samples, its losses and its optimizer."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import keras
import numpy as np
from keras import layers, ops

from drawn_digits.training.augment import LeaveUnchanged, RandomPen, RandomWarp
from drawn_digits.training.classic_network import build_classic_network
from drawn_digits.training.config import TrainingConfig
from drawn_digits.training.muon import ConvolutionMuon
from drawn_digits.training.network import (
    build_evidence_network,
    evidence_outputs,
    without_margin,
)
from drawn_digits.training.normalizer import FRAME_SIDE
from drawn_digits.training.reader import NUM_CLASSES, build_reader
from drawn_digits.training.samples import (
    NOT_A_DIGIT,
    Samples,
    mnist_samples,
    validation_samples,
)
from drawn_digits.training.training_samples import Painted, TrainingSamples

# Inputs, targets and sample weights, as keras.Model.fit takes them.
FitArguments = tuple[Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Recipe:
    """What differs between the networks: the compiled model, and the samples in its form."""

    model: keras.Model  # compiled
    network: keras.Model  # the part of it that is kept
    epoch: Callable[[int], FitArguments]
    validation: FitArguments
    steps_an_epoch: int
    then: "Callable[[], Recipe] | None" = None  # what comes after all its epochs


def evidence_recipe(config: TrainingConfig, painted: Painted) -> Recipe:
    """The shipped network on MNIST, pen digits and non-digits, with augmentation.

    The reader of pens' ink learns from all of it, and MNIST's reader goes on from there.
    """
    training = TrainingSamples(config, painted)
    network = build_evidence_network(config.dropout, config.precision)
    validation = validation_samples(config)  # rendered once for both
    recipe = _reader_recipe(config, network, "reader", training.epoch, validation)
    return replace(recipe, then=lambda: mnist_reader_recipe(config, training, network, validation))


def mnist_reader_recipe(
    config: TrainingConfig, training: TrainingSamples, network: keras.Model, validation: Samples
) -> Recipe:
    """MNIST's reader, from what the other one knows: of digits it learns MNIST's alone.

    Makes the network's ``mnist_reader`` a copy of its ``reader`` and stops the detector, so it is
    asked for when that reader has learned, and before a checkpoint of this one is loaded. What
    pens' ink asks for costs MNIST an eighth of its mistakes (docs/decisions/0028).
    """
    network.get_layer("mnist_reader").set_weights(network.get_layer("reader").get_weights())
    network.get_layer("mnist_detector").trainable = False
    config = replace(config, learning_rate=config.mnist_learning_rate, epochs=config.mnist_epochs)
    return _reader_recipe(config, network, "mnist_reader", training.mnist_epoch, validation)


def _reader_recipe(
    config: TrainingConfig,
    network: keras.Model,
    reader: str,
    samples: Callable[[int], Samples],
    validation: Samples,
) -> Recipe:
    """One of the network's readers learns, from an epoch's ``samples``."""
    arguments = _ARGUMENTS[reader]
    image, ink = stored_ink()
    outputs = evidence_outputs(
        network.get_layer("mnist_detector"),
        network.get_layer(reader),
        ink,
        augmented(ink, config),
    )
    steps = -(-len(samples(0)) // config.batch_size)
    return Recipe(
        model=compile_evidence_model(
            image, outputs, config, cosine_decay(config, steps, config.epochs)
        ),
        network=network,
        epoch=lambda epoch: arguments(samples(epoch)),
        validation=arguments(validation),
        steps_an_epoch=steps,
    )


def stored_ink() -> tuple[Any, Any]:
    """Pictures as ``Samples`` hold them, and their ink, 0..1; both [batch, 28, 28]."""
    image = keras.Input((FRAME_SIDE, FRAME_SIDE), dtype="uint8")
    return image, layers.Rescaling(1 / 255)(image)


def cosine_decay(
    config: TrainingConfig, steps_an_epoch: int, epochs: float, lowest: float = 0.0
) -> keras.optimizers.schedules.LearningRateSchedule:
    """The learning rate: up to the peak in the warm-up, then down until ``epochs`` are over.

    From then on it stays at the share ``lowest`` of the peak.
    """
    steps = int(steps_an_epoch * epochs)
    warmup_steps = min(int(steps_an_epoch * config.warmup_epochs), steps // 2)
    return keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=config.learning_rate / 100,
        decay_steps=steps - warmup_steps,
        alpha=lowest,
        warmup_target=config.learning_rate,
        warmup_steps=warmup_steps,
    )


def compile_evidence_model(
    image: Any,
    outputs: dict[str, Any],
    config: TrainingConfig,
    learning_rate: keras.optimizers.schedules.LearningRateSchedule,
) -> keras.Model:
    """A model that learns those of the three questions that ``outputs`` answers."""
    logits = {"logits": ops.mean(outputs["evidence"], axis=(1, 2))}
    answers = logits | {name: value for name, value in outputs.items() if name != "evidence"}
    model = keras.Model(image, answers)
    losses = {
        "logits": smoothed_cross_entropy(config.label_smoothing),
        "digit_logit": keras.losses.BinaryCrossentropy(from_logits=True),
        "mnist_logit": keras.losses.BinaryCrossentropy(from_logits=True),
    }
    loss_weights = {
        "logits": 1.0,
        "digit_logit": config.digit_loss_weight,
        "mnist_logit": config.mnist_loss_weight,
    }
    metrics = {
        "logits": keras.metrics.CategoricalAccuracy("accuracy"),
        "digit_logit": keras.metrics.AUC(from_logits=True, name="auc"),
        "mnist_logit": keras.metrics.BinaryAccuracy(threshold=0.0, name="accuracy"),
    }
    model.compile(
        optimizer=ConvolutionMuon(
            learning_rate,
            weight_decay=config.weight_decay,
            adam_weight_decay=config.weight_decay,
            exclude_layers=["digit_logit", "mnist_logit"],
        ),
        loss={name: losses[name] for name in answers},
        loss_weights={name: loss_weights[name] for name in answers},
        weighted_metrics={name: metrics[name] for name in answers},
    )
    return model


def augmented(ink: Any, config: TrainingConfig) -> Any:
    """Ink [batch, 28, 28] as other hands and pens would have made it, or as it is."""
    ink = layers.Reshape((FRAME_SIDE, FRAME_SIDE, 1))(ink)
    changed = RandomPen(strength=config.augmentation, seed=config.seed + 1)(_warped(ink, config))
    some = LeaveUnchanged(config.unchanged, seed=config.seed + 2)(ink, changed)
    return layers.Reshape((FRAME_SIDE, FRAME_SIDE))(some)


def _warped(ink: Any, config: TrainingConfig) -> Any:
    return RandomWarp(strength=config.augmentation, seed=config.seed)(ink)


def smoothed_cross_entropy(label_smoothing: float) -> keras.losses.Loss:
    return keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=label_smoothing)


def evidence_arguments(samples: Samples) -> FitArguments:
    """Non-digits are the negatives of "is it a digit", and weigh nothing in the other questions."""
    is_digit = (samples.labels != NOT_A_DIGIT).astype(np.float32)
    classes = np.maximum(samples.labels, 0)
    targets = {
        "logits": keras.utils.to_categorical(classes, NUM_CLASSES),
        "digit_logit": is_digit[:, None],
        "mnist_logit": samples.is_mnist.astype(np.float32)[:, None],
    }
    weights = {
        "logits": is_digit,
        "digit_logit": np.ones_like(is_digit),
        "mnist_logit": is_digit,
    }
    return samples.images, targets, weights


def mnist_arguments(samples: Samples) -> FitArguments:
    """As ``evidence_arguments``, but of "which digit" only MNIST's images are asked."""
    images, targets, weights = evidence_arguments(samples)
    return images, targets, weights | {"logits": weights["logits"] * samples.is_mnist}


_ARGUMENTS = {"reader": evidence_arguments, "mnist_reader": mnist_arguments}
"""Of which samples each of the network's readers learns what."""

MNIST_CONFIG = TrainingConfig(
    epochs=3, batch_size=256, learning_rate=1.2e-2, warmup_epochs=0.6, augmentation=0.5
)
"""For ``mnist_recipe``: few epochs, so less to vary in them."""

MNIST_DECAY_EPOCHS = 2.1
"""Of ``MNIST_CONFIG``'s three: most is learned after two, and the third shows that it stays."""

MNIST_MARGIN = 4
"""Pixels on each side of MNIST's images that ``mnist_recipe`` cuts off: 3 % of the ink is there."""

MNIST_FILTERS = (16, 16, 48, 64, 80, 80)
"""Channels of ``mnist_recipe``'s reader. The shipped one has more, for more kinds of ink."""

_MNIST_STEPS_AT_ONCE = 8
"""Without a return to Python: steps of so small a network are short."""

_CERTAIN = 50.0  # a logit


def mnist_recipe(config: TrainingConfig) -> Recipe:
    """The shipped network, narrower, on MNIST alone: what the time to an accuracy is measured with.

    There is nothing to detect, so the reader alone learns, and only which digit it is. All ink is
    MNIST's, so it is bent and turned, and its lines stay as wide as they are (docs/decisions/0026).
    """
    training = mnist_samples("train", config.max_samples)
    side = FRAME_SIDE - 2 * MNIST_MARGIN
    reader = build_reader(config.dropout, config.precision, side, MNIST_FILTERS)
    network = keras.Model(reader.input, {"evidence": reader.output["evidence"]})
    image, ink = stored_ink()
    seen = without_margin(_warped(ink[..., None], config)[..., 0], MNIST_MARGIN)
    outputs = network([seen, _CERTAIN * ops.ones_like(ink[:, 0, :1])])
    steps = -(-len(training) // config.batch_size)
    learning_rate = cosine_decay(config, steps, MNIST_DECAY_EPOCHS, lowest=0.01)

    def arguments(samples: Samples) -> FitArguments:
        images, targets, weights = evidence_arguments(samples)
        return images, {"logits": targets["logits"]}, {"logits": weights["logits"]}

    model = compile_evidence_model(image, outputs, config, learning_rate)
    model.steps_per_execution = _MNIST_STEPS_AT_ONCE
    return Recipe(
        model=model,
        network=network,
        epoch=lambda number: arguments(shuffled(training, config.seed, number)),
        validation=arguments(mnist_samples("validation", config.max_samples)),
        steps_an_epoch=steps,
    )


CLASSIC_CONFIG = TrainingConfig(network="classic", epochs=20)
"""As the classic recipe is published."""


def classic_recipe(config: TrainingConfig) -> Recipe:
    """The classic network as it is usually trained, but with a validation split of its own."""
    training = mnist_samples("train", config.max_samples)
    network = build_classic_network()
    model = keras.Model(network.inputs, network.outputs)
    model.compile(
        optimizer=keras.optimizers.Adadelta(learning_rate=1.0, rho=0.95),
        loss="categorical_crossentropy",
        metrics=["accuracy"],
    )

    def epoch(number: int) -> FitArguments:
        return classic_arguments(shuffled(training, config.seed, number))

    return Recipe(
        model=model,
        network=network,
        epoch=epoch,
        validation=classic_arguments(mnist_samples("validation", config.max_samples)),
        steps_an_epoch=-(-len(training) // config.batch_size),
    )


def shuffled(samples: Samples, seed: int, epoch: int) -> Samples:
    """The samples in the order of this seed and epoch."""
    return samples.take(np.random.default_rng((seed, epoch)).permutation(len(samples)))


def classic_arguments(samples: Samples) -> FitArguments:
    ink = (samples.images / 255).astype(np.float32)[..., None]
    return ink, keras.utils.to_categorical(samples.labels, NUM_CLASSES), np.ones(len(samples))
