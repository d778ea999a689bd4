"""The Python client, against the real server and against servers that misbehave."""

import json
import pickle
import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import numpy as np
import pytest
from werkzeug.exceptions import NotFound
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import make_server

from drawn_digits import Answer, Client, Drawing, ServiceProblem, decode_picture, load_recognizer
from drawn_digits.client.client import Picture
from drawn_digits.errors import (
    InvalidPicture,
    ServiceTimeout,
    ServiceUnreachable,
    SettingsError,
    UnexpectedAnswer,
    UnreadableFile,
)
from drawn_digits.settings import LIMITS, Settings
from drawn_digits.web.app import create_app
from tests.client.scripted_server import HANG_UP, answer, scripted_server
from tests.live_server import LiveServer, free_port, live_server
from tests.web.ink_samples import FOUR, ONE, SEVEN, picture, strokes

pytestmark = pytest.mark.alone

PNG = picture(SEVEN)
READ = {
    "id": "a",
    "digit": 7,
    "confidence": 0.5,
    "is_digit": True,
    "digit_probability": 0.75,
    "probabilities": [0.5] + [0.5 / 9] * 9,
    "alternatives": [],
    "model": {"name": "digits", "version": "1.0.0", "sha256": "0" * 64},
    "milliseconds": 1,
    "a later version's": "field",
}
SEVEN_READ = answer(200, json.dumps(READ).encode())
PROBLEM = {"type": "busy", "title": "Busy", "status": 503, "detail": "Ask again."}


def busy(status: int = 503, **headers: str) -> bytes:
    return answer(
        status, json.dumps(PROBLEM).encode(), content_type="application/problem+json", **headers
    )


@pytest.fixture(scope="module")
def server() -> Iterator[LiveServer]:
    with live_server("--workers", "1") as running:
        yield running


@pytest.fixture
def client(server: LiveServer) -> Iterator[Client]:
    with Client(server.url) as opened:
        yield opened


def test_files_bytes_drawings_and_arrays_are_read(client: Client, tmp_path: Path) -> None:
    png, drawing = tmp_path / "7.png", tmp_path / "7.json"
    png.write_bytes(PNG)
    drawing.write_text(json.dumps(strokes(*SEVEN)))
    seven = Drawing.from_json(strokes(*SEVEN))
    pictures: list[Picture] = [
        png,
        str(png),
        drawing,
        PNG,
        picture(SEVEN, "JPEG"),
        picture(SEVEN, "WEBP"),
        seven,
    ]
    assert [client.predict(each).digit for each in pictures] == [7] * 7
    assert client.predict(decode_picture(PNG)).digit == 7


def test_an_answer_is_what_the_library_says_of_the_same_picture(client: Client) -> None:
    (expected,) = load_recognizer().predict([decode_picture(PNG)])
    read = client.predict(PNG, top=10, evidence=True, ink=True)
    assert (read.digit, read.is_digit) == (expected.digit, expected.is_digit)
    assert read.confidence == pytest.approx(expected.confidence, abs=1e-5)
    assert read.digit_probability == pytest.approx(expected.digit_probability, abs=1e-5)
    for name in ("probabilities", "evidence", "ink", "placement"):
        array = getattr(read, name)
        assert array.dtype == np.float32
        np.testing.assert_allclose(array, getattr(expected, name), atol=1e-4)
    assert tuple(item.digit for item in read.alternatives) == expected.ranking
    assert read.alternatives[0].probability == read.confidence
    assert read.milliseconds > 0


def test_reasons_come_only_where_they_are_asked_for(client: Client) -> None:
    plain = client.predict(PNG)
    assert (plain.evidence, plain.ink, plain.placement) == (None, None, None)
    assert len(plain.alternatives) == 3
    assert client.predict(PNG, top=0).alternatives == ()
    inked = client.predict(PNG, ink=True)
    assert (inked.evidence is None, inked.ink is None) == (True, False)


def test_a_batch_is_answered_in_order_with_problems_in_their_places(client: Client) -> None:
    nothing = Drawing(())
    answers = client.predict_batch([PNG, b"no picture", nothing, picture(ONE), picture(FOUR)])
    kinds = [item.digit if isinstance(item, Answer) else item.slug for item in answers]
    assert kinds == [7, "unsupported-picture-format", "nothing-drawn", 1, 4]
    assert client.predict_batch([PNG], top=1)[0].alternatives[0].digit == 7  # type: ignore[union-attr]


def test_a_batch_that_is_too_large_is_a_problem_of_its_own(client: Client) -> None:
    with pytest.raises(ServiceProblem) as caught:
        client.predict_batch([Drawing(())] * (LIMITS.batch_items + 1))
    assert (caught.value.slug, caught.value.status) == ("batch-too-large", 413)


def test_a_problem_carries_its_name_title_status_and_detail(client: Client) -> None:
    with pytest.raises(ServiceProblem, match="top is '11'; expected is") as caught:
        client.predict(PNG, top=11)
    problem = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - as another process gets it
    assert (problem.slug, problem.title, problem.status) == ("invalid-query", "Invalid query", 422)
    assert str(problem) == problem.detail == caught.value.detail


def test_a_problem_does_not_end_the_connection(client: Client) -> None:
    for _ in range(2):
        with pytest.raises(ServiceProblem, match="no ink"):
            client.predict(np.full((28, 28), 255, np.uint8))
        assert client.predict(PNG).digit == 7


def test_the_model_is_described(client: Client) -> None:
    described, ours = client.model(), load_recognizer().model
    assert (described.version, described.sha256) == (ours.version, ours.sha256)
    assert (described.classes, described.digit_threshold) == (
        tuple("0123456789"),
        ours.digit_threshold,
    )
    assert described.limits["batch_items"] == LIMITS.batch_items
    assert described.metadata == ours.metadata
    assert client.predict(PNG).model.sha256 == ours.sha256


def test_a_server_is_ready_or_not(server: LiveServer) -> None:
    with Client(server.url) as ready:
        assert ready.is_ready()
    with Client(f"http://127.0.0.1:{free_port()}") as lonely:
        assert not lonely.is_ready()
    html = b"<html>"
    script = answer(502, html, "text/html"), busy(), answer(200, html, "text/html")
    with scripted_server(*script) as odd, Client(odd.url) as client:
        assert [client.is_ready(), client.is_ready()] == [False, False]
        with pytest.raises(UnexpectedAnswer, match="begins '<html>'"):
            client.is_ready()


def test_what_cannot_be_read_here_is_not_sent() -> None:
    with scripted_server() as server, Client(server.url) as client:
        with pytest.raises(UnreadableFile, match=r"missing\.png cannot be read: No such file"):
            client.predict("missing.png")
        with pytest.raises(UnreadableFile, match="null byte"):
            client.predict("a\0b.png")
        with pytest.raises(InvalidPicture, match=r"but float64 \[28, 28\] came"):
            client.predict(np.zeros((28, 28)))  # type: ignore[arg-type]
        with pytest.raises(InvalidPicture, match=r"but uint8 \[0, 28\] came"):
            client.predict_batch([np.zeros((0, 28), np.uint8)])
    assert server.paths == []


def test_the_connection_is_kept_and_opened_again_after_it_was_closed() -> None:
    with scripted_server(*[SEVEN_READ] * 3) as server:
        client = Client(server.url)
        client.predict(PNG)
        client.predict(PNG)
        client.close()
        client.predict(PNG)
        client.close()
    assert server.ports[0] == server.ports[1] != server.ports[2]


def test_a_connection_that_the_server_closed_is_opened_again_once() -> None:
    broken_off = SEVEN_READ.replace(b"Content-Length: ", b"Connection: close\r\nContent-Length: 1")
    for lost in (HANG_UP, broken_off):
        with scripted_server(SEVEN_READ, lost, SEVEN_READ) as server, Client(server.url) as client:
            assert [client.predict(PNG).digit for _ in range(2)] == [7, 7]
            with pytest.raises(ServiceUnreachable, match="cannot be reached"):
                client.predict(PNG)
        assert len(server.bodies) == 5
        assert len(set(server.bodies)) == 1


def test_nobody_at_the_address_is_said_in_words() -> None:
    url = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(ServiceUnreachable, match="drawn-digits serve") as caught:
        Client(url + "/").predict(PNG)
    assert str(caught.value).startswith(f"{url} cannot be reached: ")
    assert "Connection refused" in str(caught.value)


def test_a_busy_server_is_asked_again_when_it_says() -> None:
    script = busy(Retry_After="1"), busy(429, Retry_After="0"), SEVEN_READ
    with scripted_server(*script) as server, Client(server.url) as client:
        started = time.monotonic()
        assert client.predict(PNG).digit == 7
        assert 1 <= time.monotonic() - started < 3
    assert len(set(server.bodies)) == 1


def test_a_client_that_asks_too_often_is_answered_a_little_later() -> None:
    limit = {"DRAWN_DIGITS_RATE_LIMIT": "1/second"}
    with live_server("--workers", "1", environment=limit) as limited:
        with Client(limited.url) as patient:
            assert [patient.predict(PNG).digit for _ in range(2)] == [7, 7]
        with Client(limited.url, retries=0) as hasty, pytest.raises(ServiceProblem) as caught:
            [hasty.predict(PNG) for _ in range(3)]
    assert (caught.value.slug, caught.value.status) == ("rate-limited", 429)


@pytest.mark.parametrize(
    ("reply", "retries", "requests"),
    [
        (busy(Retry_After="0"), 0, 1),
        (busy(Retry_After="0"), 4, 5),
        (busy(Retry_After="11"), 2, 1),  # longer than the timeout
        (busy(Retry_After="Wed, 21 Oct 2026 07:28:00 GMT"), 2, 1),
        (busy(), 2, 1),
        (busy(422, Retry_After="0"), 2, 1),
    ],
)
def test_a_busy_server_is_asked_again_within_bounds(
    reply: bytes, retries: int, requests: int
) -> None:
    with (
        scripted_server(*[reply] * 9) as server,
        Client(server.url, retries=retries) as client,
        pytest.raises(ServiceProblem) as caught,
    ):
        client.predict(PNG)
    assert caught.value.slug == "busy"
    assert len(server.paths) == requests


def test_a_silent_server_is_not_waited_for_longer_than_the_timeout() -> None:
    unfinished = SEVEN_READ[:-1]
    with scripted_server(unfinished, SEVEN_READ) as server:
        client = Client(server.url, timeout=0.2)
        with pytest.raises(ServiceTimeout, match=r"not answer within 0\.2 seconds"):
            client.predict(PNG)
        assert len(server.paths) == 1
        assert client.predict(PNG).digit == 7  # the late answer to the first is not taken for it
        client.close()


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (
            answer(200, b"<html>Log in", "text/html"),
            "200 with text/html that begins '<html>Log in'",
        ),
        (answer(502, b"", "text/html"), "502 with text/html that begins ''"),
        (answer(200, b'{"digit": 7}'), "not as the API of Drawn Digits does"),
        (answer(200, b"[]"), "200 with application/json"),
        (answer(200, b'{"id": "1", "digit": Infinity}'), "200 with application/json"),
        (answer(200, b"[" * 100_000), "200 with application/json"),
        (answer(404, b'{"error": "x"}'), "404 with application/json"),
        (b"hello\r\n", "does not answer in HTTP"),
    ],
)
def test_an_answer_of_something_else_is_quoted(reply: bytes, words: str) -> None:
    with scripted_server(reply) as server, Client(server.url) as client:
        with pytest.raises(UnexpectedAnswer) as caught:
            client.predict(PNG)
        assert words in str(caught.value)
        assert server.url in str(caught.value)


def test_a_problem_of_other_types_can_be_printed() -> None:
    problem = b'{"type": 1, "title": null, "status": 400, "detail": {"why": "other"}}'
    with scripted_server(answer(400, problem)) as server, Client(server.url) as client:
        with pytest.raises(ServiceProblem) as caught:
            client.predict(PNG)
        assert str(caught.value) == "{'why': 'other'}"


def test_a_redirect_is_named_and_not_followed() -> None:
    with scripted_server() as other:
        moved = answer(308, b"", Location=other.url)
        with (
            scripted_server(moved) as server,
            Client(server.url) as client,
            pytest.raises(UnexpectedAnswer, match=f"308 .* points to '{other.url}'"),
        ):
            client.model()
    assert other.paths == []


@pytest.mark.parametrize(
    "url",
    [
        "127.0.0.1:8000",
        "localhost",
        "ftp://127.0.0.1",
        "http://",
        "http://:8000",
        "http://127.0.0.1:port",
        "http://127.0.0.1:80000",
        "http://a..b",
        "http://a b",
        "http://a\nb",
        "http://me:secret@127.0.0.1",
        "http://127.0.0.1/?a=b",
        "http://127.0.0.1/#a",
    ],
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="expected is one such as"):
        Client(url)


def test_an_ipv6_address_needs_no_port() -> None:
    with Client("http://[2001:db8::a]") as client, Client("https://[::1]/digits") as other:
        assert isinstance(client, Client)
        assert isinstance(other, Client)
    with pytest.raises(ServiceUnreachable) as caught:
        Client("http://[::1]", retries=0).predict(PNG)
    assert "Name or service not known" not in str(caught.value)  # of a host named ":"


@pytest.mark.parametrize("options", [{"timeout": 0}, {"timeout": float("inf")}, {"retries": -1}])
def test_bounds_that_are_none_are_refused(options: dict[str, int]) -> None:
    with pytest.raises(SettingsError, match=f"^{next(iter(options))} is"):
        Client("http://127.0.0.1:8000", **options)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate of 127.0.0.1, signed by itself, and its key."""
    folder = tmp_path_factory.mktemp("certificate")
    files = folder / "certificate.pem", folder / "key.pem"
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1"
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-out", str(files[0])]
    subprocess.run(
        [*command.split(), *names, "-keyout", str(files[1])], check=True, capture_output=True
    )
    return files


@pytest.fixture(scope="module")
def secure_url(certificate: tuple[Path, Path]) -> Iterator[str]:
    """The application as a proxy shows it: over TLS, and below a path."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    app = DispatcherMiddleware(NotFound(), {"/some digits": create_app(Settings())})
    server = make_server("127.0.0.1", 0, app, threaded=True, ssl_context=context)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"https://127.0.0.1:{server.server_port}/some digits/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_https_below_a_path_is_read_where_the_certificate_is_trusted(
    secure_url: str, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    with Client(secure_url) as client:
        assert client.predict(PNG).digit == 7
        assert client.predict_batch([PNG])[0].digit == 7  # type: ignore[union-attr]
        assert client.model().name == load_recognizer().model.name
        assert client.is_ready()


def test_a_certificate_that_nobody_vouches_for_is_refused(secure_url: str) -> None:
    with Client(secure_url) as client, pytest.raises(ServiceUnreachable, match="self-signed"):
        client.predict(PNG)
