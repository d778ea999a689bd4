"""What belongs to an application: kept there by one part of the service, found there by others."""

from typing import Generic, TypeVar

from flask import Flask, current_app

T = TypeVar("T")


class Extension(Generic[T]):
    """A value of each application, under one name."""

    def __init__(self, name: str) -> None:
        self._name = f"drawn_digits.{name}"

    def set(self, app: Flask, value: T) -> None:
        """Let ``app`` use ``value`` from now on."""
        app.extensions[self._name] = value

    def of(self, app: Flask) -> T:
        """The value of ``app``."""
        value: T = app.extensions[self._name]
        return value

    @property
    def current(self) -> T:
        """That of the application that answers. Ask once a request: it may be replaced."""
        return self.of(current_app)
