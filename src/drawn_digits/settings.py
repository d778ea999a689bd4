"""Limits and run-time settings, each with its unit and its reason."""

import os
import re
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
    webp_pixels: int = 2_500_000  # its decoder holds each pixel in three places, as four bytes
    jpeg_pixels: int = 50_000_000  # JPEG decodes at 1/2, 1/4 or 1/8 size (Pillow's draft mode)
    picture_side: int = 1024  # larger pictures are box-reduced before inference
    smallest_side: int = 8  # smaller pictures show no digit, and the model's contract starts here
    batch_items: int = 64  # drawings and pictures in one request
    batch_points: int = 20_000  # of all drawings of a batch: painting takes two seconds at most
    batch_pixels: int = 16_000_000  # of all pictures of a batch; see jpeg_pixels_as_one
    jpeg_pixels_as_one: int = 8  # of a baseline JPEG: they take no longer than one of others


LIMITS = Limits()

LOG_LEVELS = ("debug", "info", "warning", "error", "critical")
# What a browser may send as Host: it knows no underscore.
_HOST = re.compile(r"\.?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]+\]")
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?")
ENVIRONMENT_PREFIX = "DRAWN_DIGITS_"

_OF_PLATFORMS = {"port": "PORT", "workers": "WEB_CONCURRENCY"}

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
    port: int = _setting(8000, "port to listen on; PORT where this is missing")
    workers: int = _setting(_cores, "processes, one a core; WEB_CONCURRENCY where this is missing")
    connections: int = _setting(1000, "clients of a worker at once; slow ones cost little")
    in_progress: int = _setting(16, "answers of a worker at once; more clients get 503 at once")
    body_seconds: int = _setting(30, "seconds that a request's body may take to arrive")
    recycle_after: int = _setting(
        200_000, "requests until a worker is replaced, and up to a tenth more; 0 is never"
    )
    trusted_hosts: tuple[str, ...] = _setting(
        (), "host names to answer to, with commas between; .example.org includes subdomains"
    )
    trusted_proxies: int = _setting(0, "proxies in front that say who the client is")
    cors_origins: tuple[str, ...] = _setting(
        (), "other pages that may ask, as https://example.org with commas between; * is all"
    )
    rate_limit: str = _setting("", "requests for predictions of one address, as 60/minute")
    rate_limit_storage: str = _setting(
        "memory://", "where they are counted; redis://host:6379 counts for all workers together"
    )
    metrics_token: str = _setting("", "who sends it sees /metrics; empty: this machine only")
    model_folder: Path | None = _setting(None, "folder with 'current' and models (default: ours)")
    log_level: str = _setting("warning", f"least that is written: {', '.join(LOG_LEVELS)}")
    access_log: bool = _setting(
        True, "true or false: a line of JSON for each request, without addresses and queries"
    )

    def __post_init__(self) -> None:
        _check_range("port", self.port, 0, 65_535)
        _check_range("workers", self.workers, 1, 512)
        _check_range("connections", self.connections, 1, 100_000)
        _check_range("in_progress", self.in_progress, 1, 10_000)
        _check_range("body_seconds", self.body_seconds, 1, 3600)
        _check_range("recycle_after", self.recycle_after, 0, 10**9)
        _check_range("trusted_proxies", self.trusted_proxies, 0, 16)
        _check_hosts(self.trusted_hosts)
        _check_origins(self.cors_origins)
        _check_rate_limit(self.rate_limit, self.rate_limit_storage)
        if not self.host:
            raise SettingsError("host is empty; give an address such as 127.0.0.1.")
        if self.log_level not in LOG_LEVELS:
            raise SettingsError(
                f"log_level is {self.log_level!r}; it must be one of {', '.join(LOG_LEVELS)}."
            )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Settings from ``DRAWN_DIGITS_HOST``, ``DRAWN_DIGITS_WORKERS`` and so on.

        ``PORT`` and ``WEB_CONCURRENCY``, which hosting platforms set, count where
        ``DRAWN_DIGITS_PORT`` and ``DRAWN_DIGITS_WORKERS`` are missing.

        Raises:
            SettingsError: a variable of ours is unknown or its value cannot be used.
        """
        _check_names(environment)
        texts = {
            item.name: environment[variable_of(item.name)]
            for item in fields(cls)
            if variable_of(item.name) in environment
        }
        for name, variable in _OF_PLATFORMS.items():
            if variable in environment:
                texts.setdefault(name, environment[variable])
        return cls(**{name: _read(name, text) for name, text in texts.items()})


SECRETS = frozenset({"metrics_token", "rate_limit_storage"})
"""Settings whose values are not shown; an address may hold a password."""


def variable_of(name: str) -> str:
    """The environment variable of a setting."""
    return ENVIRONMENT_PREFIX + name.upper()


def _check_range(name: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise SettingsError(f"{name} is {value}; it must lie between {least} and {most}.")


def _check_hosts(hosts: tuple[str, ...]) -> None:
    for host in hosts:
        if not _HOST.fullmatch(host):
            raise SettingsError(
                f"trusted_hosts holds {host!r}; a host name looks like digits.example.org, or "
                ".example.org with its subdomains, without https://, path and underscores."
            )


def _check_origins(origins: tuple[str, ...]) -> None:
    for origin in origins:
        if origin != "*" and not _ORIGIN.fullmatch(origin):
            raise SettingsError(
                f"cors_origins holds {origin!r}; an origin looks like https://example.org:8443, "
                "without a path, and * stands for all."
            )


def _check_rate_limit(rate: str, storage: str) -> None:
    if not rate:
        return
    from limits import parse_many  # only who limits rates needs it
    from limits.errors import ConfigurationError
    from limits.storage import storage_from_string

    try:
        parse_many(rate)
    except ValueError:
        raise SettingsError(
            f"rate_limit is {rate!r}; it must be like 60/minute, or 5/second;1000/day."
        ) from None
    try:
        storage_from_string(storage)
    except (ConfigurationError, ValueError) as error:
        kind = storage.partition("://")[0]  # all that is shown: an address may hold a password
        raise SettingsError(
            f"rate_limit_storage is an address of {kind!r} that cannot be used: "
            f"{str(error).rstrip('.')}. Expected is memory://, or redis://host:6379 with the "
            "package redis installed."
        ) from None


def _check_names(environment: Mapping[str, str]) -> None:
    known = {variable_of(item.name) for item in fields(Settings)}
    ours = {name for name in environment if name.startswith(ENVIRONMENT_PREFIX)}
    unknown = sorted(ours - known - _VARIABLES_OF_OTHERS)
    if unknown:
        raise SettingsError(
            f"The environment variable {unknown[0]} is unknown; known are "
            f"{', '.join(sorted(known | _VARIABLES_OF_OTHERS))}, PORT and WEB_CONCURRENCY."
        )


def _read_switch(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(text)
    return text == "true"


def _read_list(text: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in text.split(",") if item.strip())


def _read_folder(text: str) -> Path | None:
    return Path(text) if text else None


_READERS: dict[str, Callable[[str], Any]] = {
    "port": int,
    "workers": int,
    "connections": int,
    "in_progress": int,
    "body_seconds": int,
    "recycle_after": int,
    "trusted_hosts": _read_list,
    "trusted_proxies": int,
    "cors_origins": _read_list,
    "model_folder": _read_folder,
    "access_log": _read_switch,
}


def _read(name: str, text: str) -> Any:
    try:
        return _READERS.get(name, str)(text)
    except ValueError:
        expected = "true or false" if _READERS[name] is _read_switch else "a whole number"
        raise SettingsError(f"{name} is {text!r}; it must be {expected}.") from None
