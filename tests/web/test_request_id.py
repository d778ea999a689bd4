import pytest
from flask.testing import FlaskClient

HEADER = "X-Request-Id"


@pytest.mark.parametrize("path", ["/healthz", "/api/nothing", "/service-worker.js"])
def test_every_answer_has_a_name_of_its_own(client: FlaskClient, path: str) -> None:
    names = []
    for _ in range(2):
        with client.get(path) as response:
            names.append(response.headers[HEADER])
    assert len(set(names)) == 2
    assert all(len(name) == 32 for name in names)


@pytest.mark.parametrize("given", ["a", "0f.-_Z", "x" * 64])
def test_a_client_s_name_for_its_request_is_kept(client: FlaskClient, given: str) -> None:
    assert client.get("/healthz", headers={HEADER: given}).headers[HEADER] == given


@pytest.mark.parametrize("given", ["", "a b", '"', "x" * 65, "\u00fc", "a\tb"])
def test_a_name_that_could_break_a_log_is_replaced(client: FlaskClient, given: str) -> None:
    name = client.get("/healthz", headers={HEADER: given}).headers[HEADER]
    assert name != given
    assert len(name) == 32
