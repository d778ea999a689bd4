from dataclasses import asdict

import pytest

from drawn_digits.errors import TrainingError
from drawn_digits.training.config import TrainingConfig


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("epochs", 0),
        ("batch_size", 0),
        ("digit_variants", 0),
        ("non_digit_variants", 0),
        ("made_pages", 0),
        ("max_samples", -1),
        ("learning_rate", -0.1),
        ("learning_rate", float("nan")),
        ("dropout", 1.5),
        ("photographed", -0.5),
    ],
)
def test_numbers_that_nothing_can_be_trained_with_are_refused(name: str, value: float) -> None:
    with pytest.raises(TrainingError, match=f"{name} is {value}; it must be "):
        TrainingConfig(**asdict(TrainingConfig()) | {name: value})


def test_nothing_made_up_and_nothing_augmented_are_allowed() -> None:
    config = TrainingConfig(made_non_digits=0, augmentation=0, dropout=0, unchanged=1)
    assert config.made_non_digits == 0
