"""The classic network, for learners: what every such project is made of."""

from typing import Any

import keras
from keras import layers

from drawn_digits.training.normalizer import FRAME_SIDE
from drawn_digits.training.reader import NUM_CLASSES


def build_classic_network() -> keras.Sequential:
    """The well-known portfolio network: thirteen layers, 241,546 parameters.

    Input: float32 [batch, 28, 28, 1], 0..1. Output: probabilities float32 [batch, 10].
    """

    def convolution(filters: int) -> Any:
        return layers.Conv2D(
            filters, 3, padding="same", activation="relu", kernel_initializer="he_uniform"
        )

    return keras.Sequential(
        [
            keras.Input((FRAME_SIDE, FRAME_SIDE, 1)),
            convolution(32),
            layers.MaxPooling2D(),
            layers.Dropout(0.2),
            convolution(64),
            layers.MaxPooling2D(),
            layers.Dropout(0.2),
            convolution(128),
            layers.MaxPooling2D(),
            layers.Dropout(0.2),
            layers.Flatten(),
            layers.Dense(128, activation="relu", kernel_initializer="he_uniform"),
            layers.Dropout(0.5),
            layers.Dense(NUM_CLASSES, activation="softmax"),
        ],
        name="classic",
    )
