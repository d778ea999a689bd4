from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from drawn_digits.settings import Settings
from drawn_digits.web.app import create_app
from tests.live_server import LiveServer, live_server


@pytest.fixture(scope="session")
def client() -> FlaskClient:
    return create_app(Settings()).test_client()


@pytest.fixture(scope="session")
def server() -> Iterator[LiveServer]:
    with live_server("--workers", "2") as running:
        yield running
