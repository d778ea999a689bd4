"""A network whose weights were drawn and not learned, for tests that need any network."""

import keras
import numpy as np

from drawn_digits.training.network import build_evidence_network


def draw_network(seed: int = 1) -> keras.Model:
    """The shipped network; its detector takes about half of ``noise_ink`` for MNIST's.

    As drawn, it would take all of it for the same, and one of its readers would never be asked.
    """
    keras.utils.set_random_seed(seed)
    network = build_evidence_network()
    logits = keras.ops.convert_to_numpy(network(noise_ink())["mnist_logit"])
    last = network.get_layer("mnist_detector").layers[-1]
    # Between two pictures: on one of them, rounding would decide, otherwise on another processor.
    last.bias.assign(last.bias - np.sort(logits.ravel())[4:6].mean())
    return network


def noise_ink() -> np.ndarray:
    """Float32 [9, 28, 28], 0..1: noise where a digit would stand, and a margin without ink."""
    ink = np.random.default_rng(0).uniform(size=(9, 28, 28)).astype(np.float32)
    ink[:, :4] = ink[:, -4:] = ink[:, :, :4] = ink[:, :, -4:] = 0
    return ink
