from collections.abc import Iterator

import keras
import pytest

from tests.training.drawn_network import draw_network
from tests.training.file_server import FileServer, file_server


@pytest.fixture(scope="module")
def network() -> keras.Model:
    return draw_network()


@pytest.fixture
def server() -> Iterator[FileServer]:
    with file_server() as running:
        yield running
