"""The model that answers."""

from flask import Flask, current_app

from drawn_digits.recognizer.recognizer import Recognizer

_EXTENSION = "drawn_digits.recognizer"


def use_recognizer(app: Flask, recognizer: Recognizer) -> None:
    """Let ``recognizer`` answer for ``app``."""
    app.extensions[_EXTENSION] = recognizer


def recognizer_of(app: Flask) -> Recognizer:
    """The recognizer that answers for ``app``."""
    recognizer: Recognizer = app.extensions[_EXTENSION]
    return recognizer


def current_recognizer() -> Recognizer:
    """The recognizer of the application that answers. Ask once a request: it may be replaced."""
    return recognizer_of(current_app)


def describe_reference(recognizer: Recognizer) -> dict[str, str]:
    """Which model it is: ``schemas.ModelReference``."""
    model = recognizer.model
    return {"name": model.name, "version": model.version, "sha256": model.sha256}
