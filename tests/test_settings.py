"""Settings from environment variables."""

from pathlib import Path

import pytest

from drawn_digits.errors import SettingsError
from drawn_digits.settings import Settings


def test_an_empty_environment_gives_loopback_and_a_worker_a_core() -> None:
    settings = Settings.from_environment({"PATH": "/bin"})
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.workers >= 1


def test_every_setting_is_read() -> None:
    environment = {
        "DRAWN_DIGITS_HOST": "0.0.0.0",  # noqa: S104
        "DRAWN_DIGITS_PORT": "80",
        "DRAWN_DIGITS_WORKERS": "3",
        "DRAWN_DIGITS_THREADS": "5",
        "DRAWN_DIGITS_MODEL_FOLDER": "/models",
        "DRAWN_DIGITS_LOG_LEVEL": "info",
        "DRAWN_DIGITS_ACCESS_LOG": "false",
        "DRAWN_DIGITS_DATA": "/data",
        "DRAWN_DIGITS_NOTEBOOKS": "small",
    }
    expected = Settings("0.0.0.0", 80, 3, 5, Path("/models"), "info", False)  # noqa: S104
    assert Settings.from_environment(environment) == expected


def test_the_platforms_port_counts_unless_ours_is_set() -> None:
    assert Settings.from_environment({"PORT": "5000"}).port == 5000
    assert Settings.from_environment({"PORT": "5000", "DRAWN_DIGITS_PORT": "6000"}).port == 6000


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DRAWN_DIGITS_PORTS", "1"),
        ("DRAWN_DIGITS_PORT", "many"),
        ("DRAWN_DIGITS_PORT", "65536"),
        ("PORT", "-1"),
        ("DRAWN_DIGITS_WORKERS", "0"),
        ("DRAWN_DIGITS_THREADS", ""),
        ("DRAWN_DIGITS_HOST", ""),
        ("DRAWN_DIGITS_LOG_LEVEL", "loud"),
        ("DRAWN_DIGITS_ACCESS_LOG", "yes"),
    ],
)
def test_unknown_names_and_wrong_values_are_refused(name: str, value: str) -> None:
    with pytest.raises(
        SettingsError, match=name.removeprefix("DRAWN_DIGITS_").lower()[:5] + "|" + name
    ):
        Settings.from_environment({name: value})
