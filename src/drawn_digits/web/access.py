"""Who is let in: host names, proxies, other origins and how often one may ask."""

from functools import partial
from typing import Any, cast

from flask import Flask, Response, request
from flask_cors import CORS
from flask_limiter import Limiter, RequestLimit
from flask_limiter.util import get_remote_address
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.sansio.utils import host_is_trusted

from drawn_digits.settings import Settings
from drawn_digits.web.problems import RateLimited, UntrustedHost, answer_named_error
from drawn_digits.web.request_id import HEADER as REQUEST_ID

_ASKED_BY_ADDRESS = ("/healthz", "/readyz")  # platforms do not know our names
_STORAGE_SECONDS = 0.2  # a storage that takes longer counts as down for a while


def restrict_access(app: Flask, settings: Settings) -> None:
    """Apply the settings about hosts, proxies, origins and rates to ``app``.

    Call it when all views are there. Nothing of it is on by default.
    """
    if settings.trusted_hosts:
        trusted = tuple(host.lower() for host in settings.trusted_hosts)
        app.before_request(partial(_check_host, trusted))
    if settings.cors_origins:
        origins = {"origins": list(settings.cors_origins)}
        CORS(
            app,
            resources={r"/api/.*": origins},
            send_wildcard="*" in settings.cors_origins,
            expose_headers=["Retry-After", REQUEST_ID],
        )
    if settings.rate_limit:
        _limit_rate(app, settings.rate_limit, settings.rate_limit_storage)


def believe_proxies(application: Any, proxies: int) -> Any:
    """``application``, which learns from this many proxies in front of it who its client is.

    That is, the address and whether it came by https. Nothing else is believed: not every proxy
    sets the other headers, and where it does not, a visitor may.
    """
    if not proxies:
        return application
    return ProxyFix(application, x_for=proxies, x_proto=proxies, x_host=0)


def _check_host(trusted: tuple[str, ...]) -> None:
    if not _is_trusted(request.host.lower(), trusted) and request.path not in _ASKED_BY_ADDRESS:
        raise UntrustedHost(
            f"The host name is {request.headers.get('Host', '')[:80]!r}, to which this server does "
            "not answer. Use the address that its operator gave; operators name others in "
            "DRAWN_DIGITS_TRUSTED_HOSTS."
        )


def _is_trusted(host: str, trusted: tuple[str, ...]) -> bool:
    """As Werkzeug says; but it takes a listed IPv6 address's first colon for the one of a port."""
    if host.startswith("["):
        return host.partition("]")[0] + "]" in trusted
    return host_is_trusted(host, trusted)


def _limit_rate(app: Flask, rate: str, storage: str) -> None:
    limiter = Limiter(
        get_remote_address,
        app=app,
        storage_uri=storage,
        storage_options=_storage_options(storage),
        headers_enabled=True,  # Retry-After among them
        in_memory_fallback_enabled=True,  # a storage that is down closes no service
        swallow_errors=True,
        on_breach=_refuse,
    )
    both = limiter.shared_limit(rate, scope="predictions")
    for name in ("predictions.predict", "predictions.predict_batch"):
        view = cast(Any, app.view_functions[name])
        app.view_functions[name] = both(view)


def _storage_options(storage: str) -> dict[str, Any]:
    """A worker asks in its only thread, so all its clients wait as long as the storage may."""
    if not storage.startswith("redis"):
        return {}
    return dict.fromkeys(("socket_connect_timeout", "socket_timeout"), _STORAGE_SECONDS)


def _refuse(limit: RequestLimit) -> Response:
    return answer_named_error(
        RateLimited(
            f"More requests than {limit.limit} came from this address. Ask again in as many "
            "seconds as Retry-After says."
        )
    )
