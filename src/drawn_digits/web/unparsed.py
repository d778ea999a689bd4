"""What a worker says where Gunicorn cannot read a request, so that no application is asked."""

from gunicorn.config import Config
from gunicorn.http import errors

from drawn_digits.web.problems import (
    ExpectationFailed,
    HeadersTooLarge,
    UnparsedRequest,
    UnsupportedTransferCoding,
    UriTooLong,
)

_SERVERS_OWN = (
    errors.ConfigurationProblem,
    errors.InvalidResponseHeader,
    errors.InvalidResponseHeaderName,
)
_LIMITS = Config()
_DETAILS: dict[type[errors.ParseException], tuple[type[UnparsedRequest], str]] = {
    errors.LimitRequestLine: (
        UriTooLong,
        f"The request line has more than {_LIMITS.limit_request_line:,} bytes. A drawing belongs "
        "in the body; the address and its query need fewer than 100.",
    ),
    errors.LimitRequestHeaders: (
        HeadersTooLarge,
        f"There are more than {_LIMITS.limit_request_fields} headers, or one has more than "
        f"{_LIMITS.limit_request_field_size:,} bytes. Send fewer or shorter ones; cookies are not "
        "read.",
    ),
    errors.ExpectationFailed: (
        ExpectationFailed,
        "The only Expect header that is known is 100-continue. Send that, or none.",
    ),
    errors.UnsupportedTransferCoding: (
        UnsupportedTransferCoding,
        "The only transfer coding that is known is chunked. Send chunks, or a Content-Length.",
    ),
}


def find_problem(error: BaseException) -> UnparsedRequest | None:
    """The problem of a request that Gunicorn could not read; None if the fault is not in it."""
    if not isinstance(error, errors.ParseException) or isinstance(error, _SERVERS_OWN):
        return None
    kind, detail = _DETAILS.get(type(error), (UnparsedRequest, ""))
    return kind(detail or f"{str(error)[:200]}. Send a request as HTTP/1.1 has it.")
