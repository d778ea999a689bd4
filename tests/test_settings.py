"""Settings from environment variables."""

from dataclasses import fields
from pathlib import Path

import pytest

from drawn_digits.errors import SettingsError
from drawn_digits.settings import Settings, variable_of


def test_an_empty_environment_gives_loopback_and_a_worker_a_core() -> None:
    settings = Settings.from_environment({"PATH": "/bin"})
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.workers >= 1


def test_every_setting_is_read() -> None:
    environment = {
        "DRAWN_DIGITS_HOST": "0.0.0.0",  # noqa: S104
        "DRAWN_DIGITS_PORT": "80",
        "DRAWN_DIGITS_WORKERS": "3",
        "DRAWN_DIGITS_CONNECTIONS": "50",
        "DRAWN_DIGITS_IN_PROGRESS": "5",
        "DRAWN_DIGITS_BODY_SECONDS": "9",
        "DRAWN_DIGITS_RECYCLE_AFTER": "7",
        "DRAWN_DIGITS_TRUSTED_HOSTS": "example.org, .example.com,",
        "DRAWN_DIGITS_TRUSTED_PROXIES": "2",
        "DRAWN_DIGITS_CORS_ORIGINS": "https://example.org:8443",
        "DRAWN_DIGITS_RATE_LIMIT": "60/minute",
        "DRAWN_DIGITS_RATE_LIMIT_STORAGE": "memory://",
        "DRAWN_DIGITS_METRICS_TOKEN": "secret",
        "DRAWN_DIGITS_MODEL_FOLDER": "/models",
        "DRAWN_DIGITS_LOG_LEVEL": "info",
        "DRAWN_DIGITS_ACCESS_LOG": "false",
        "DRAWN_DIGITS_DATA": "/data",
        "DRAWN_DIGITS_NOTEBOOKS": "small",
    }
    expected = Settings(
        host="0.0.0.0",  # noqa: S104
        port=80,
        workers=3,
        connections=50,
        in_progress=5,
        body_seconds=9,
        recycle_after=7,
        trusted_hosts=("example.org", ".example.com"),
        trusted_proxies=2,
        cors_origins=("https://example.org:8443",),
        rate_limit="60/minute",
        rate_limit_storage="memory://",
        metrics_token="secret",  # noqa: S106
        model_folder=Path("/models"),
        log_level="info",
        access_log=False,
    )
    assert {variable_of(item.name) for item in fields(Settings)} <= set(environment)
    assert Settings.from_environment(environment) == expected


def test_what_the_platform_sets_counts_unless_ours_is_set() -> None:
    assert Settings.from_environment({"WEB_CONCURRENCY": "3"}).workers == 3
    both = {"WEB_CONCURRENCY": "3", "DRAWN_DIGITS_WORKERS": "4"}
    assert Settings.from_environment(both).workers == 4
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
        ("DRAWN_DIGITS_IN_PROGRESS", ""),
        ("DRAWN_DIGITS_HOST", ""),
        ("DRAWN_DIGITS_LOG_LEVEL", "loud"),
        ("DRAWN_DIGITS_ACCESS_LOG", "yes"),
        ("DRAWN_DIGITS_CORS_ORIGINS", "https://example.org/path"),
        ("DRAWN_DIGITS_CORS_ORIGINS", "https://.*"),
        ("DRAWN_DIGITS_RATE_LIMIT", "often"),
        ("DRAWN_DIGITS_TRUSTED_HOSTS", "https://example.org/"),
        ("DRAWN_DIGITS_TRUSTED_HOSTS", "example.org,*.example.com"),
        ("DRAWN_DIGITS_TRUSTED_HOSTS", "my_host"),
        ("DRAWN_DIGITS_TRUSTED_PROXIES", "-1"),
        ("DRAWN_DIGITS_RECYCLE_AFTER", "1.5"),
    ],
)
def test_unknown_names_and_wrong_values_are_refused(name: str, value: str) -> None:
    with pytest.raises(
        SettingsError, match=name.removeprefix("DRAWN_DIGITS_").lower()[:5] + "|" + name
    ):
        Settings.from_environment({name: value})


@pytest.mark.parametrize("address", ["nowhere", "redis+nothing://here"])
def test_a_storage_that_cannot_be_used_is_refused_where_rates_are_limited(address: str) -> None:
    assert Settings(rate_limit_storage=address).rate_limit == ""
    with pytest.raises(SettingsError, match="rate_limit_storage"):
        Settings(rate_limit="1/minute", rate_limit_storage=address)


def test_an_address_s_password_is_not_shown() -> None:
    address = "redis://user:secret@localhost:x"
    with pytest.raises(SettingsError) as refused:
        Settings(rate_limit="1/minute", rate_limit_storage=address)
    assert "secret" not in str(refused.value)
    assert "'redis'" in str(refused.value)


@pytest.mark.parametrize("host", ["localhost", ".example.org", "a-b.example.org:8443", "[::1]"])
def test_host_names_are_accepted_as_they_are_written(host: str) -> None:
    assert Settings.from_environment({"DRAWN_DIGITS_TRUSTED_HOSTS": host}).trusted_hosts == (host,)


def test_an_empty_model_folder_is_the_package_s_own() -> None:
    assert Settings.from_environment({"DRAWN_DIGITS_MODEL_FOLDER": ""}).model_folder is None
