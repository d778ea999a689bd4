"""One answer."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Prediction:
    """What the model says of one picture.

    ``probabilities`` float32 [10], calibrated, sum 1; uniform where nothing is drawn.
    ``digit_probability`` 0..1, that the picture shows one digit at all; ``is_digit`` compares it
    with the model's operating point. ``ink`` float32 [28, 28], 0..1, is what the network saw, and
    ``placement`` float32 [4] the left, top, width and height of that frame in picture pixels.
    ``evidence`` float32 [10, h, w]: ``softmax(evidence.mean((1, 2)))`` is ``probabilities``.
    """

    probabilities: NDArray[np.float32]
    digit_probability: float
    is_digit: bool
    ink: NDArray[np.float32]
    placement: NDArray[np.float32]
    evidence: NDArray[np.float32]

    @property
    def nothing_drawn(self) -> bool:
        """Whether the picture holds no ink; such a picture has no digit."""
        return not self.ink.any()

    @property
    def digit(self) -> int | None:
        """The most probable digit, whatever ``is_digit`` says; None where nothing is drawn."""
        return None if self.nothing_drawn else int(self.probabilities.argmax())

    @property
    def confidence(self) -> float:
        """The probability of the most probable digit, 0..1."""
        return float(self.probabilities.max())

    @property
    def ranking(self) -> tuple[int, ...]:
        """The ten digits, most probable first."""
        return tuple(np.argsort(-self.probabilities, kind="stable").tolist())

    def to_json(self) -> dict[str, Any]:
        """The answer without pictures, as the API and ``predict --json`` give it."""
        return {
            "digit": self.digit,
            "confidence": self.confidence,
            "is_digit": self.is_digit,
            "digit_probability": self.digit_probability,
            "probabilities": self.probabilities.tolist(),
        }
