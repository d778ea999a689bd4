"""The web application."""

import os
from typing import Any, cast

from apiflask import APIFlask
from flask import Flask

from drawn_digits.recognizer.recognizer import Recognizer, load_recognizer
from drawn_digits.settings import LIMITS, Settings
from drawn_digits.web.access import believe_proxies, restrict_access
from drawn_digits.web.answer_options import PARAMETERS
from drawn_digits.web.assets import serve_assets
from drawn_digits.web.batching import BATCHER, Batcher
from drawn_digits.web.body import discard_unread_body
from drawn_digits.web.current_model import RECOGNIZER
from drawn_digits.web.gate import GATE, Gate
from drawn_digits.web.metrics import measure_requests
from drawn_digits.web.pages import pages
from drawn_digits.web.predictions import predictions
from drawn_digits.web.problems import register_problems
from drawn_digits.web.refusal import PATHS
from drawn_digits.web.request_id import name_requests
from drawn_digits.web.schemas import (
    BATCH_ITEM,
    BATCH_REQUEST,
    PREDICTION_REQUEST,
    REQUEST_COMPONENTS,
)
from drawn_digits.web.security import add_security_headers
from drawn_digits.web.service import service

API_VERSION = "1.0.0"
_REQUESTS = dict(zip(PATHS, (PREDICTION_REQUEST, BATCH_REQUEST), strict=True))


def create_app(settings: Settings | None = None, recognizer: Recognizer | None = None) -> APIFlask:
    """The WSGI application: the page at ``/``, the API below ``/api/v1``.

    Its ONNX Runtime session is created by the first prediction, so create the application
    wherever you like, and answer only after a fork.

    Args:
        settings: how it runs; read from the environment where it is None.
        recognizer: what answers; the model that the settings name where it is None.

    Raises:
        SettingsError: a ``DRAWN_DIGITS_*`` environment variable cannot be used.
        ModelError: the model file is missing or damaged.
    """
    settings = settings or Settings.from_environment(os.environ)
    app = APIFlask(
        __name__,
        title="Drawn Digits",
        version=API_VERSION,
        spec_path="/api/openapi.json",
        docs_path=None,  # its pages load their scripts from other origins
        json_errors=False,  # problems.py words them
        static_folder=None,  # type: ignore[arg-type]  # WhiteNoise serves the files
    )
    app.config.update(
        # One more than allowed: Werkzeug silently cuts a chunked body at its limit, and
        # read_body can tell a cut one only if it is longer than ours.
        MAX_CONTENT_LENGTH=LIMITS.body_bytes + 1,
        BODY_SECONDS=settings.body_seconds,
        METRICS_TOKEN=settings.metrics_token,
        OPENAPI_VERSION="3.1.0",
        SUCCESS_DESCRIPTION="What was asked for.",
        DESCRIPTION="Which digit does a drawing or a picture show, how sure is that, and why?",
        AUTO_SERVERS=False,  # the document does not depend on who asks for it
    )
    GATE.set(app, Gate(settings.in_progress))
    BATCHER.set(app, Batcher())
    RECOGNIZER.set(app, recognizer or load_recognizer(settings.model_folder))
    _register(app)
    restrict_access(app, settings)
    wsgi = believe_proxies(serve_assets(app.wsgi_app), settings.trusted_proxies)
    wsgi = measure_requests(wsgi, _paths(app))
    app.wsgi_app = name_requests(add_security_headers(wsgi))  # type: ignore[method-assign]
    return app


def _paths(app: Flask) -> frozenset[str]:
    """The addresses of ``app``; those with variable parts by their first one."""
    rules = (rule.rule for rule in app.url_map.iter_rules())
    return frozenset({"/static/", *(rule.partition("<")[0] for rule in rules)})


def _register(app: APIFlask) -> None:
    for blueprint in (pages, predictions, service):
        app.register_blueprint(blueprint)
    register_problems(app)
    app.spec_processor(_describe_requests)
    app.after_request(discard_unread_body)


def _describe_requests(document: dict[Any, Any] | str) -> dict[Any, Any] | str:
    spec = cast(dict[str, Any], document)  # a text only where YAML is served
    spec["components"]["schemas"].update(REQUEST_COMPONENTS)
    spec["components"]["schemas"]["Batch"]["properties"]["predictions"]["items"] = BATCH_ITEM
    for path, body in _REQUESTS.items():
        spec["paths"][path]["post"] |= {"requestBody": body, "parameters": PARAMETERS}
    return spec
