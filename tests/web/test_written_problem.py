import json
from email.utils import parsedate_to_datetime
from http.client import HTTPMessage, parse_headers
from io import BytesIO

import pytest

from drawn_digits.web.gate import busy
from drawn_digits.web.problems import UriTooLong
from drawn_digits.web.written_problem import WrittenProblem


def read(answer: bytes) -> tuple[bytes, HTTPMessage, bytes]:
    stream = BytesIO(answer)
    return stream.readline(), parse_headers(stream), stream.read()


def test_it_is_a_whole_answer_with_the_name_of_its_request() -> None:
    line, headers, body = read(WrittenProblem(UriTooLong("Too long."), "close").to_bytes("mine"))
    assert line.startswith(b"HTTP/1.1 414 ")
    assert (headers["X-Request-Id"], headers["Connection"]) == ("mine", "close")
    assert headers["Cache-Control"] == "no-store"
    assert int(headers["Content-Length"]) == len(body)
    assert json.loads(body)["detail"] == "Too long."


def test_its_date_is_that_of_its_being_given(monkeypatch: pytest.MonkeyPatch) -> None:
    refusal = WrittenProblem(busy(), "keep-alive")
    for second in (1_000_000_000, 1_000_000_001):
        monkeypatch.setattr("time.time", lambda second=second: second + 0.5)
        _, headers, _ = read(refusal.to_bytes("mine"))
        assert parsedate_to_datetime(headers["Date"]).timestamp() == second
        assert headers["Retry-After"] == "1"
