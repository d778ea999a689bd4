"""Every hyperparameter, once: command-line options and the run's config.json are made from it."""

from dataclasses import dataclass

from drawn_digits.training.data.splits import Split
from drawn_digits.training.option_field import check_fields, option


@dataclass(frozen=True, slots=True)
class TrainingConfig:
    """One training run. Each field has its unit and its reason.

    Raises:
        TrainingError: a number is out of its range, or a name is not one of its choices.
    """

    network: str = option(
        "evidence",
        "The shipped network, or the well-known one, on MNIST alone, as a yardstick.",
        choices=("evidence", "classic"),
    )
    seed: int = option(1, "Weights, order and augmentation follow from it.")
    epochs: int = option(
        28, "Passes over MNIST; half as many more won nothing that validation shows.", least=1
    )
    mnist_epochs: int = option(
        8, "Passes over MNIST after those, of its own reader alone: minutes.", least=1
    )
    batch_size: int = option(128, "Images in a step.", least=1)
    precision: str = option(
        "float32",
        "Of the convolutions. bfloat16 takes a third less time with AVX512-BF16, else far more.",
        choices=("float32", "mixed_bfloat16"),
    )
    learning_rate: float = option(
        5e-3, "Muon's peak, reached after the warm-up; a cosine leads down to 0."
    )
    mnist_learning_rate: float = option(1e-3, "Likewise, of MNIST's own reader: it goes on.")
    warmup_epochs: float = option(1.0, "Epochs in which the learning rate rises.")
    weight_decay: float = option(2e-2, "Muon's and AdamW's.")
    augmentation: float = option(
        1.0, "Share of the full ranges of turning, bending, widening and so on."
    )
    gentle_epochs: int = option(
        8, "Epochs at the end with less augmentation: nearer to what is read later."
    )
    gentle_augmentation: float = option(0.5, "The share of augmentation that is left then.")
    unchanged: float = option(
        0.25, "Share of the pictures that augmentation leaves as they are read later.", most=1
    )
    label_smoothing: float = option(
        0.02, "About the share of labels and shapes that are arguable.", most=1
    )
    dropout: float = option(0.2, "Share of the evidence's channels.", most=1)
    digit_loss_weight: float = option(0.3, 'Of "is it a digit", beside 1.0 for "which digit".')
    mnist_loss_weight: float = option(
        0.3, 'Of "is it MNIST\'s ink or a digital pen\'s", beside 1.0 for "which digit".'
    )
    digit_variants: int = option(
        12, "Renderings of each pen digit, by other hands, with other pens.", least=1
    )
    digit_variants_an_epoch: int = option(
        4, "Of those, in one epoch: about as many as MNIST's images.", least=1
    )
    as_written: float = option(
        0.5, "Share of the renderings whose strokes stay their writer's.", most=1
    )
    photographed: float = option(0.2, "Share of the others that a camera or scanner took.", most=1)
    typeface_variants: int = option(
        12, "Renderings of each digit of a handwriting typeface.", least=1
    )
    typeface_variants_an_epoch: int = option(
        4, "Of those, in one epoch: a twentieth of all pictures.", least=1
    )
    non_digit_variants: int = option(3, "Renderings of each letter and symbol.", least=1)
    made_non_digits: int = option(
        8000, "Scribbles, shapes and several digits at once, anew for each rendering."
    )
    made_pages: int = option(
        1000, "Photographs of paper without a drawing, anew for each rendering.", least=1
    )
    non_digits_an_epoch: int = option(16000, "Of one rendering: more only made training longer.")
    beside_mnist: int = option(
        8000,
        "Pen digits, and as many non-digits, in an epoch of MNIST's own reader: of them it learns "
        "only what is a digit.",
    )
    max_samples: int = option(
        0, "Images of each source, less than all (0) only for trials and tests."
    )
    chosen_run: str = option("", "A finished run to repeat on train and validation together.")

    def __post_init__(self) -> None:
        check_fields(self)

    @property
    def all_epochs(self) -> int:
        """Of the run from beginning to end."""
        return self.epochs + (self.mnist_epochs if self.network == "evidence" else 0)


def learned_splits(chosen_run: str) -> tuple[Split, ...]:
    """What a run learns from: one that repeats a chosen run has nothing left to choose by."""
    return ("train", "validation") if chosen_run else ("train",)
