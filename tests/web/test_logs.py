import json
import logging
import sys
from typing import Any

import pytest
from gunicorn.config import Config

from drawn_digits.web.logs import PrivateLogger

ANSWER: dict[str, Any] = {
    "name": "a",
    "method": "POST",
    "path": "/" * 300,
    "status": 200,
    "size": 5,
    "seconds": 0.0125,
}


@pytest.fixture
def logger() -> PrivateLogger:
    config = Config()
    config.set("accesslog", "-")
    return PrivateLogger(config)


def test_an_answer_is_a_line_of_json(
    logger: PrivateLogger, capsys: pytest.CaptureFixture[str]
) -> None:
    logger.note_answer(**ANSWER)
    line = json.loads(capsys.readouterr().out)
    assert (line["request"], line["status"], line["bytes"]) == ("a", 200, 5)
    assert (line["milliseconds"], line["path"]) == (12.5, "/" * 200)


class Broken:
    """An output whose reader has gone."""

    def write(self, _: str) -> int:
        raise BrokenPipeError

    def flush(self) -> None:
        raise BrokenPipeError


def test_an_output_that_is_closed_breaks_off_no_answer(
    logger: PrivateLogger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", Broken())
    logger.note_answer(**ANSWER)


def test_without_an_access_log_nothing_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    PrivateLogger(Config()).note_answer(**ANSWER)
    assert capsys.readouterr().out == ""


def test_what_gunicorn_says_of_a_client_has_no_address(logger: PrivateLogger) -> None:
    message = "Invalid request from ip=203.0.113.7: no path of this server"
    record = logging.LogRecord("gunicorn.error", logging.WARNING, "", 1, message, None, None)
    assert logger.error_log.filter(record)
    assert record.getMessage() == "Invalid request from a client no path of this server"
