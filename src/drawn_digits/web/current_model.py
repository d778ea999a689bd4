"""The model that answers."""

from drawn_digits.recognizer.recognizer import Recognizer
from drawn_digits.web.extension import Extension

RECOGNIZER = Extension[Recognizer]("recognizer")
"""What answers."""


def describe_reference(recognizer: Recognizer) -> dict[str, str]:
    """Which model it is: ``schemas.ModelReference``."""
    model = recognizer.model
    return {"name": model.name, "version": model.version, "sha256": model.sha256}
