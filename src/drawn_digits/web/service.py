"""What the service says of itself: the model, whether it lives and whether it is ready."""

import hmac
from dataclasses import asdict
from ipaddress import ip_address
from typing import Any

from apiflask import APIBlueprint
from flask import Response, current_app, request

from drawn_digits.settings import LIMITS
from drawn_digits.web.current_model import RECOGNIZER, describe_reference
from drawn_digits.web.metrics import metrics
from drawn_digits.web.problems import NotForYou
from drawn_digits.web.schemas import Health, ModelDescription, Readiness, problem_responses

_MARKS_OF_PROXIES = ("Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via")

service = APIBlueprint("service", __name__, tag="service")


@service.get("/api/v1/model")
@service.output(ModelDescription)
@service.doc(operation_id="describe_model")
def describe_model() -> dict[str, Any]:
    """Describe the model that answers, and the limits of what it is asked."""
    recognizer = RECOGNIZER.current
    return describe_reference(recognizer) | {
        "classes": recognizer.model.classes,
        "digit_threshold": recognizer.model.digit_threshold,
        "limits": asdict(LIMITS),
        "metadata": recognizer.model.metadata,
    }


@service.get("/healthz")
@service.output(Health)
@service.doc(operation_id="check_health")
def check_health() -> dict[str, str]:
    """Say that the process is alive."""
    return {"status": "ok"}


@service.get("/metrics")
@service.doc(hide=True)  # no part of the API: for the operator's Prometheus
def show_metrics() -> Response:
    """The metrics of all workers, for who is on this machine or knows the token."""
    _check_operator()
    text, content_type = metrics().to_text()
    return Response(text, content_type=content_type)


def _check_operator() -> None:
    if token := current_app.config["METRICS_TOKEN"]:
        if not _is_sent(token):
            raise NotForYou(
                "Metrics are for the operator: send 'Authorization: Bearer' with the token that "
                "DRAWN_DIGITS_METRICS_TOKEN holds."
            )
    elif not _is_from_this_machine():
        raise NotForYou(
            "Metrics are for the operator: ask from the server's own machine, or set "
            "DRAWN_DIGITS_METRICS_TOKEN and send 'Authorization: Bearer' with it."
        )


def _is_from_this_machine() -> bool:
    # A proxy on this machine would make everybody look like a neighbour.
    forwarded = any(name in request.headers for name in _MARKS_OF_PROXIES)
    return not forwarded and _is_loopback(request.remote_addr)


def _is_sent(token: str) -> bool:
    given = request.headers.get("Authorization", "").encode("latin-1")  # as WSGI decoded it
    return hmac.compare_digest(given, f"Bearer {token}".encode())


def _is_loopback(address: str | None) -> bool:
    try:
        return ip_address(address or "").is_loopback
    except ValueError:  # a Unix socket has none
        return False


@service.get("/readyz")
@service.output(Readiness)
@service.doc(
    responses=problem_responses({503: "The model cannot be used."}), operation_id="check_readiness"
)
def check_readiness() -> dict[str, Any]:
    """Say whether drawings are answered.

    It reads a blank picture, so where it says "ready", the model is loaded and warm.
    """
    recognizer = RECOGNIZER.current
    recognizer.warm_up()
    return {"status": "ready", "model": describe_reference(recognizer)}
