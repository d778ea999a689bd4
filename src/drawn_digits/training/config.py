"""Every hyperparameter, once: command-line options and the run's config.json are made from it."""

from dataclasses import asdict, dataclass

from drawn_digits.errors import TrainingError

_AT_LEAST_ONE = frozenset(
    {
        "epochs",
        "batch_size",
        "digit_variants",
        "typeface_variants",
        "non_digit_variants",
        "made_pages",
    }
)
_SHARES = frozenset({"unchanged", "label_smoothing", "dropout", "as_written", "photographed"})


@dataclass(frozen=True, slots=True)
class TrainingConfig:
    """One training run. Each field's comment gives its unit and its reason.

    Raises:
        TrainingError: a number is out of its range.
    """

    network: str = "evidence"  # "evidence" (shipped) or "classic" (the yardstick, MNIST only)
    seed: int = 1  # weights, order and augmentation follow from it
    epochs: int = 28  # passes over MNIST: as many as fit into an hour on two cores
    batch_size: int = 128  # images
    precision: str = "float32"  # "mixed_bfloat16": 30 % less time with AVX512-BF16, else far more
    learning_rate: float = 5e-3  # Muon's peak, reached after the warm-up, then a cosine to 0
    warmup_epochs: float = 1.0  # epochs
    weight_decay: float = 2e-2  # Muon's and AdamW's
    augmentation: float = 1.0  # share of the full ranges of turning, bending, widening ...
    gentle_epochs: int = 8  # at the end, of less augmentation: nearer to what is read later
    gentle_augmentation: float = 0.5  # the share of it that is left then
    unchanged: float = 0.25  # share of the pictures that it leaves as they are read later
    label_smoothing: float = 0.02  # about the share of labels and shapes that are arguable
    dropout: float = 0.2  # share of evidence channels
    digit_loss_weight: float = 0.3  # of "is it a digit", beside 1.0 for "which digit"
    mnist_loss_weight: float = 0.3  # of "is it MNIST's ink or a digital pen's"
    digit_variants: int = 12  # renderings of each pen digit, by other hands, with other pens
    digit_variants_an_epoch: int = 4  # of those, in one epoch: about as many as MNIST's images
    as_written: float = 0.5  # share of the renderings whose strokes stay their writer's
    photographed: float = 0.15  # share of the others that a camera or scanner took
    typeface_variants: int = 12  # renderings of each digit of a handwriting typeface
    typeface_variants_an_epoch: int = 4  # of those, in one epoch: a twentieth of all pictures
    non_digit_variants: int = 3  # renderings of each letter and symbol
    made_non_digits: int = 8000  # scribbles, shapes, several digits, anew for each rendering
    made_pages: int = 1000  # photographs of paper without a drawing, likewise
    non_digits_an_epoch: int = 16000  # of one rendering: more only made training longer
    max_samples: int = 0  # images of each source; 0 = all (less only for trials and tests)
    chosen_run: str = ""  # a finished run to repeat on train and validation together

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            if not isinstance(value, str):
                _check_range(name, value)


def _check_range(name: str, value: float) -> None:
    least = 1 if name in _AT_LEAST_ONE else 0
    most = 1.0 if name in _SHARES else float("inf")
    if not least <= value <= most:
        expected = f"from {least} to {most:g}" if name in _SHARES else f"at least {least}"
        raise TrainingError(f"{name} is {value}; it must be {expected}.")
