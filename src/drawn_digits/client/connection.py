"""One kept connection to a server: requests with JSON out, whatever comes back in."""

import http.client
import json
import math
import time
from dataclasses import dataclass
from email.message import Message
from urllib.parse import quote, urlsplit

from drawn_digits.errors import (
    ServiceTimeout,
    ServiceUnreachable,
    SettingsError,
    UnexpectedAnswer,
)

_CONNECTIONS: dict[str, type[http.client.HTTPConnection]] = {
    "http": http.client.HTTPConnection,
    "https": http.client.HTTPSConnection,
}
_HEADERS = {"Content-Type": "application/json", "User-Agent": "drawn-digits"}
_BUSY = (429, 503)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, whatever it is."""

    status: int
    headers: Message
    body: bytes

    @property
    def seconds_to_wait(self) -> float:
        """After which a busy server may be asked again; otherwise infinity, for never."""
        text = self.headers.get("Retry-After", "")
        # It may also be a date, which our server never sends.
        seconds = float(text) if text.isascii() and text.isdecimal() else math.inf
        return seconds if self.status in _BUSY else math.inf


class Connection:
    """Asks the server at ``url``; for one thread at a time. Redirects are not followed.

    Raises:
        SettingsError: the address or ``timeout`` (seconds) cannot be used.
    """

    def __init__(self, url: str, timeout: float) -> None:
        if not (timeout > 0 and math.isfinite(timeout)):
            raise SettingsError(f"timeout is {timeout}; it must be a number of seconds above 0.")
        self.url = url.rstrip("/")
        self._timeout = timeout
        self._connection, self._prefix = _prepare(url, timeout)

    def ask_while_busy(self, path: str, document: object, retries: int) -> Reply:
        """As ``ask``; up to ``retries`` times more while the server says when to come again."""
        reply = self.ask(path, document)
        for _ in range(retries):
            if reply.seconds_to_wait > self._timeout:
                break
            time.sleep(reply.seconds_to_wait)
            reply = self.ask(path, document)
        return reply

    def ask(self, path: str, document: object = None) -> Reply:
        """What the server says to GET, or to POST where there is a document to send.

        Raises:
            ServiceUnreachable, ServiceTimeout: it cannot be reached, also the second time; or it
                keeps silent.
            UnexpectedAnswer: what comes is not HTTP.
        """
        try:
            return self._send_twice(path, document)
        except TimeoutError:
            raise ServiceTimeout(
                f"{self.url} did not answer within {self._timeout:g} seconds. Give Client a "
                "longer timeout, or see whether the server has too much to do."
            ) from None
        except (OSError, http.client.IncompleteRead) as error:
            raise ServiceUnreachable(
                f"{self.url} cannot be reached: {error}. See whether the server runs "
                "(drawn-digits serve) and whether the address is right."
            ) from error
        except http.client.HTTPException as error:
            raise UnexpectedAnswer(
                f"{self.url} does not answer in HTTP ({error!r}). See whether the address is "
                "right, and whether it begins with http or https."
            ) from error

    def close(self) -> None:
        """Close it; the next request opens another."""
        self._connection.close()

    def _send_twice(self, path: str, document: object) -> Reply:
        try:
            return self._send(path, document)
        except (ConnectionError, http.client.IncompleteRead):
            # Servers close what was kept for too long, and may do so while we are sending.
            return self._send(path, document)

    def _send(self, path: str, document: object) -> Reply:
        method, body = ("GET", None) if document is None else ("POST", json.dumps(document))
        try:
            self._connection.request(method, self._prefix + path, body, _HEADERS)
            response = self._connection.getresponse()
            return Reply(response.status, response.headers, response.read())
        except BaseException:  # Ctrl+C too: what still comes would be taken for the next answer
            self.close()
            raise


def _prepare(url: str, timeout: float) -> tuple[http.client.HTTPConnection, str]:
    """A connection, not yet opened, and what stands before the API's paths."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        written_out = url.isprintable() and " " not in host
        known = written_out and parts.scheme in _CONNECTIONS and bool(host.encode("idna"))
    except ValueError:
        known = False
    if not known or "@" in parts.netloc or parts.query or parts.fragment:
        raise SettingsError(
            f"The address is {url!r}; expected is one such as 'http://127.0.0.1:8000' or "
            "'https://host/path', without name, password, query and fragment."
        )
    kind = _CONNECTIONS[parts.scheme]
    # Without a port it would look for one behind the last colon of an IPv6 address.
    connection = kind(host, kind.default_port if port is None else port, timeout=timeout)
    return connection, quote(parts.path.rstrip("/"), safe="/%")
