"""How much an evaluation measures: the options of ``drawn-digits evaluate`` are made from it."""

from dataclasses import dataclass

from drawn_digits.training.option_field import check_fields, option


@dataclass(frozen=True, slots=True)
class SampleLimits:
    """Counts of pictures; 0 is all of them. The report says which it was measured with.

    Raises:
        TrainingError: a number is negative.
    """

    max_samples: int = option(0, "Pictures of each set, less for trials only; 0 for all.")
    corruption_images: int = option(0, "Images under each corruption at each strength; 0 for all.")
    # 44 values in all; with 1500 drawings the standard error at 99 % is 0.26 points.
    sweep_drawings: int = option(1500, "Pen drawings at each value of each sweep; 0 for all.")

    def __post_init__(self) -> None:
        check_fields(self)
