"""Limits and run-time settings, each with its unit and its reason."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from drawn_digits.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Limits:
    """How much input is read. One place; API, library, command line and page use it."""

    strokes: int = 200  # a digit has one to four
    points: int = 20_000  # a minute of drawing at 240 samples a second
    picture_bytes: int = 5_000_000  # encoded
    body_bytes: int = 8_000_000  # a data URL of picture_bytes is 6.7 MB
    discarded_bytes: int = 16_000_000  # read and thrown away, so that a client sees its 413
    pixels: int = 4_000_000  # decoded at full size
    jpeg_pixels: int = 50_000_000  # JPEG decodes at 1/2, 1/4 or 1/8 size (Pillow's draft mode)
    picture_side: int = 1024  # larger pictures are box-reduced before inference
    smallest_side: int = 8  # smaller pictures show no digit, and the model's contract starts here
    batch_items: int = 64  # drawings and pictures in one request
    batch_points: int = 100_000  # of all drawings of a batch: about a second of painting
    batch_pixels: int = 16_000_000  # of all pictures of a batch, as their headers say


LIMITS = Limits()

LOG_LEVELS = ("debug", "info", "warning", "error", "critical")
ENVIRONMENT_PREFIX = "DRAWN_DIGITS_"

# Read by the data tools (the folder of training data) and by the notebooks, not by the server.
_VARIABLES_OF_OTHERS = frozenset({"DRAWN_DIGITS_DATA", "DRAWN_DIGITS_NOTEBOOKS"})


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):  # not on macOS
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _setting(default: Any, meaning: str) -> Any:
    """A setting's default (or a function that finds it) and what it means, for people."""
    if callable(default):
        return field(default_factory=default, metadata={"meaning": meaning})
    return field(default=default, metadata={"meaning": meaning})


@dataclass(frozen=True, slots=True)
class Settings:
    """How the server runs; ``drawn-digits settings`` lists them.

    Raises:
        SettingsError: a value is out of its range.
    """

    # Loopback: other machines are let in only when somebody says so.
    host: str = _setting("127.0.0.1", "address to listen on; 0.0.0.0 is every one of this machine")
    port: int = _setting(8000, "port to listen on; PORT counts where this is missing")
    workers: int = _setting(_cores, "processes; each answers with one core (default: the cores)")
    # They wait for clients, they do not compute side by side.
    threads: int = _setting(8, "threads of a worker: clients that it reads from at once")
    model_folder: Path | None = _setting(None, "folder with 'current' and models (default: ours)")
    log_level: str = _setting("warning", f"least that is written: {', '.join(LOG_LEVELS)}")
    access_log: bool = _setting(
        True, "true or false: a line of JSON for each request, without addresses and queries"
    )

    def __post_init__(self) -> None:
        _check_range("port", self.port, 0, 65_535)
        _check_range("workers", self.workers, 1, 512)
        _check_range("threads", self.threads, 1, 512)
        if not self.host:
            raise SettingsError("host is empty; give an address such as 127.0.0.1.")
        if self.log_level not in LOG_LEVELS:
            raise SettingsError(
                f"log_level is {self.log_level!r}; it must be one of {', '.join(LOG_LEVELS)}."
            )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Settings from ``DRAWN_DIGITS_HOST``, ``DRAWN_DIGITS_WORKERS`` and so on.

        ``PORT``, which hosting platforms set, counts where ``DRAWN_DIGITS_PORT`` is missing.

        Raises:
            SettingsError: a variable of ours is unknown or its value cannot be used.
        """
        _check_names(environment)
        texts = {
            item.name: environment[variable_of(item.name)]
            for item in fields(cls)
            if variable_of(item.name) in environment
        }
        if "PORT" in environment:
            texts.setdefault("port", environment["PORT"])
        return cls(**{name: _read(name, text) for name, text in texts.items()})


def variable_of(name: str) -> str:
    """The environment variable of a setting."""
    return ENVIRONMENT_PREFIX + name.upper()


def _check_range(name: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise SettingsError(f"{name} is {value}; it must lie between {least} and {most}.")


def _check_names(environment: Mapping[str, str]) -> None:
    known = {variable_of(item.name) for item in fields(Settings)}
    ours = {name for name in environment if name.startswith(ENVIRONMENT_PREFIX)}
    unknown = sorted(ours - known - _VARIABLES_OF_OTHERS)
    if unknown:
        raise SettingsError(
            f"The environment variable {unknown[0]} is unknown; known are "
            f"{', '.join(sorted(known | _VARIABLES_OF_OTHERS))} and PORT."
        )


def _read_switch(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(text)
    return text == "true"


_READERS: dict[str, Callable[[str], Any]] = {
    "port": int,
    "workers": int,
    "threads": int,
    "model_folder": Path,
    "access_log": _read_switch,
}


def _read(name: str, text: str) -> Any:
    try:
        return _READERS.get(name, str)(text)
    except ValueError:
        expected = "true or false" if _READERS[name] is _read_switch else "a whole number"
        raise SettingsError(f"{name} is {text!r}; it must be {expected}.") from None
