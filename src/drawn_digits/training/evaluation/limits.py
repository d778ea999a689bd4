"""How much an evaluation measures: the options of ``drawn-digits evaluate`` are made from it."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SampleLimits:
    """Counts of pictures; 0 is all of them. The report says which it was measured with."""

    max_samples: int = field(
        default=0, metadata={"help": "Pictures of each set, less for trials only; 0 for all."}
    )
    corruption_images: int = field(
        default=0, metadata={"help": "Images under each corruption at each strength; 0 for all."}
    )
    # 31 values in all; with 1500 drawings the standard error at 99 % is 0.26 points.
    sweep_drawings: int = field(
        default=1500,
        metadata={"help": "Pen drawings at each line width, size and turn; 0 for all."},
    )
