"""Errors as RFC 9457 problems: one table from named errors to HTTP status."""

import json
import logging
from typing import Any

from apiflask import APIFlask
from flask import Response, request
from werkzeug.exceptions import HTTPException

from drawn_digits.errors import (
    DrawnDigitsError,
    InvalidInput,
    ModelError,
    PictureTooLarge,
    TooManyPoints,
    TooManyStrokes,
    UnsupportedPictureFormat,
)
from drawn_digits.web.metrics import metrics

PROBLEM_TYPE = "application/problem+json"

_log = logging.getLogger(__name__)


class BadRequestBody(InvalidInput):
    """The body could not be read, or is not what its content type says."""

    slug = "bad-request-body"


class EmptyBody(BadRequestBody):
    slug = "empty-body"


class MalformedJson(BadRequestBody):
    slug = "malformed-json"


class Busy(DrawnDigitsError):
    """As many answers are in progress as the gate admits."""

    slug = "busy"
    retry_seconds = 1  # a full gate empties in a fraction of it


class SlowBody(InvalidInput):
    """The client takes too long to send it."""

    slug = "slow-body"


class RateLimited(DrawnDigitsError):
    """The client asks more often than the operator allows."""

    slug = "rate-limited"


class UntrustedHost(DrawnDigitsError):
    """The request is for a host name that the operator has not named."""

    slug = "untrusted-host"


class NotForYou(DrawnDigitsError):
    """What only the operator may see."""

    slug = "not-for-you"


class MalformedForm(BadRequestBody):
    slug = "malformed-form"


class InvalidBatch(InvalidInput):
    """The body does not have a batch's documented form."""

    slug = "invalid-batch"


class BatchTooLarge(InvalidInput):
    """More items, or more points or pixels in all, than the limits allow."""

    slug = "batch-too-large"


class BodyTooLarge(InvalidInput):
    slug = "body-too-large"


class UnsupportedContentType(InvalidInput):
    slug = "unsupported-content-type"


class UnparsedRequest(InvalidInput):
    """Not even the request's head could be read, or not the frame of its body."""

    slug = "malformed-request"


class UriTooLong(UnparsedRequest):
    slug = "uri-too-long"


class HeadersTooLarge(UnparsedRequest):
    slug = "request-header-fields-too-large"


class ExpectationFailed(UnparsedRequest):
    slug = "expectation-failed"


class UnsupportedTransferCoding(UnparsedRequest):
    slug = "unsupported-transfer-coding"


# The nearest class in the error's ancestry counts, so a new error of a known kind has a status.
STATUS: dict[type[DrawnDigitsError], int] = {
    BadRequestBody: 400,
    SlowBody: 408,
    BodyTooLarge: 413,
    BatchTooLarge: 413,
    PictureTooLarge: 413,
    TooManyStrokes: 413,
    TooManyPoints: 413,
    UnsupportedContentType: 415,
    UnsupportedPictureFormat: 415,
    UnparsedRequest: 400,
    UriTooLong: 414,
    ExpectationFailed: 417,
    HeadersTooLarge: 431,
    UnsupportedTransferCoding: 501,
    InvalidInput: 422,
    ModelError: 503,
    Busy: 503,
    RateLimited: 429,
    NotForYou: 403,
    UntrustedHost: 400,
    DrawnDigitsError: 500,
}


def status_of(error: DrawnDigitsError) -> int:
    """The HTTP status that ``STATUS`` gives the error's class or its nearest ancestor."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def register_problems(app: APIFlask) -> None:
    """Answer named errors, and HTTP's own errors below ``/api/``, as problems."""
    app.register_error_handler(DrawnDigitsError, answer_named_error)
    app.register_error_handler(HTTPException, _answer_http_error)


def answer_named_error(error: DrawnDigitsError) -> Response:
    """The problem of a named error, counted and, where it is the server's, logged."""
    metrics().count_refusal(error.slug)
    if status_of(error) >= 500 and not isinstance(error, Busy):  # so the operator must see it
        _log.error("%s: %s", error.slug, error)
    return respond(error)


def respond(error: DrawnDigitsError) -> Response:
    """The problem of a named error as an answer."""
    response = _respond(Response(status=status_of(error)), describe_problem(error))
    if isinstance(error, Busy):
        response.headers["Retry-After"] = str(error.retry_seconds)
    return response


def describe_problem(error: DrawnDigitsError) -> dict[str, Any]:
    """The problem document of a named error."""
    return _document(error.slug, status_of(error), str(error))


def _answer_http_error(error: HTTPException) -> Response | HTTPException:
    if error.response is not None or not request.path.startswith("/api/"):
        return error
    # The error's own response holds the headers that belong to its status, such as Allow.
    response = Response(status=error.code, headers=error.get_response().headers)
    slug = error.name.lower().replace(" ", "-")
    detail = error.description or error.name
    return _respond(response, _document(slug, response.status_code, detail))


def _document(slug: str, status: int, detail: str) -> dict[str, Any]:
    title = slug.replace("-", " ").capitalize()
    return {"type": slug, "title": title, "status": status, "detail": detail}


def _respond(response: Response, document: dict[str, Any]) -> Response:
    response.data = json.dumps(document)
    response.content_type = PROBLEM_TYPE
    return response
