"""Every hyperparameter, once: command-line options and the run's config.json are made from it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TrainingConfig:
    """One training run. Each field's comment gives its unit and its reason."""

    network: str = "evidence"  # "evidence" (shipped) or "classic" (the yardstick, MNIST only)
    seed: int = 1  # weights, order and augmentation follow from it
    epochs: int = 12  # passes over MNIST; 16 gained nothing that validation shows
    batch_size: int = 128  # images
    learning_rate: float = 2e-3  # AdamW's peak, reached after the warm-up, then a cosine to 0
    warmup_epochs: float = 1.0  # epochs
    weight_decay: float = 2e-2  # AdamW's
    label_smoothing: float = 0.02  # about the share of labels and shapes that are arguable
    dropout: float = 0.2  # share of evidence channels
    digit_loss_weight: float = 0.3  # of "is it a digit", beside 1.0 for "which digit"
    digit_variants: int = 8  # renderings of each pen digit, with other pens, turns and slants
    digit_variants_an_epoch: int = 3  # of those, in one epoch: about as many as MNIST's images
    non_digit_variants: int = 3  # renderings of each letter and symbol; one is in each epoch
    made_non_digits: int = 8000  # scribbles, shapes, several digits, anew for each rendering
    max_samples: int = 0  # images of each source; 0 = all (less only for trials and tests)
