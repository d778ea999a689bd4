"""The model that a folder names may be replaced while the service runs."""

import logging
from pathlib import Path

import gevent
from flask import Flask

from drawn_digits.errors import ModelError
from drawn_digits.recognizer.model_file import PACKAGED_MODELS, POINTER
from drawn_digits.recognizer.recognizer import Recognizer, load_recognizer
from drawn_digits.web.current_model import RECOGNIZER
from drawn_digits.web.last_good_model import keep_model
from drawn_digits.web.metrics import metrics

_SECONDS = 0.5  # between two looks; a new model is to answer within two

_log = logging.getLogger(__name__)

Mark = tuple[int, ...] | None


def watch_model(app: Flask, folder: Path | None, kept: Path | None) -> gevent.Greenlet:
    """Let the model that ``folder/current`` names answer for ``app``, also when it changes.

    What has loaded is kept in ``kept`` (``last_good_model``).

    To replace a model, write its file under a new name first and then ``current``, beside it and
    renamed into its place. A damaged model is logged and the old one goes on answering. Requests
    that have begun keep the model that they began with.
    """
    pointer = (folder or PACKAGED_MODELS) / POINTER
    return gevent.spawn(_watch, app, pointer, kept)


def _watch(app: Flask, pointer: Path, kept: Path | None) -> None:
    seen: Mark = ()  # no file has this one: it may have changed since it was loaded
    while True:
        gevent.sleep(_SECONDS)
        now = _mark(pointer)
        if now != seen:
            seen = now
            _replace(app, pointer.parent, kept)


def _mark(pointer: Path) -> Mark:
    """What changes with the file; None where it is gone."""
    try:
        status = pointer.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size


def _replace(app: Flask, folder: Path, kept: Path | None) -> None:
    old = RECOGNIZER.of(app)
    try:
        # In a thread of its own, so that answers do not wait for it.
        new = gevent.get_hub().threadpool.apply(_load_another, (folder, old, kept))
    except Exception as error:  # whatever is wrong with a file: the next one may be sound
        _log.error(
            "The model %s goes on answering: %s",
            old.file.version,
            error if isinstance(error, ModelError) else repr(error),
        )
        return
    if new is not None:
        RECOGNIZER.set(app, new)
        metrics().name_model(new, old)
        _log.info("The model %s answers now.", new.file.version)


def _load_another(folder: Path, old: Recognizer, kept: Path | None) -> Recognizer | None:
    """The model that ``folder`` names, warm; None where that is the old one."""
    new = load_recognizer(folder)
    if (new.file.version, new.file.sha256) == (old.file.version, old.file.sha256):
        return None
    new.warm_up()
    keep_model(new.file, kept)
    return new
