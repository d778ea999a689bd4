"""What the server writes down: nothing that says who asked or what was drawn."""

import json
import logging
import os
import re
import sys
import time
from contextlib import suppress
from datetime import timedelta
from typing import Any

from gunicorn.glogging import Logger

from drawn_digits.web.request_id import HEADER

_LONGEST_PATH = 200
_ADDRESS = re.compile(r"from ip=\S+")


class PrivateLogger(Logger):  # type: ignore[misc]  # Gunicorn has no types
    """Gunicorn's logger with an access log in JSON, without addresses, queries and bodies."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.addFilter(_hide_address)

    def access(self, resp: Any, req: Any, environ: dict[str, Any], request_time: timedelta) -> None:
        """Write one line of JSON about an answered request."""
        if not self.access_log_enabled:
            return
        headers = {name.lower(): value for name, value in resp.headers}
        self.note_answer(
            name=headers.get(HEADER.lower()),
            method=environ.get("REQUEST_METHOD"),
            path=environ.get("PATH_INFO", ""),
            status=int(str(resp.status).split(maxsplit=1)[0]),
            size=resp.sent,
            seconds=request_time.total_seconds(),
        )

    def note_answer(
        self,
        *,
        name: str | None,
        method: str | None,
        path: str,
        status: int,
        size: int,
        seconds: float,
    ) -> None:
        """The same, of a request ``name`` whose answer had ``size`` bytes after its head."""
        if self.access_log_enabled:
            line = {
                "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
                "request": name,
                "method": method,
                "path": path[:_LONGEST_PATH],
                "status": status,
                "bytes": size,
                "milliseconds": round(seconds * 1000, 3),
                "worker": os.getpid(),
            }
            self._write(json.dumps(line))

    def _write(self, line: str) -> None:
        """Straight to the output: one of logging's records takes ten times as long."""
        cfg = self.cfg
        elsewhere = cfg.syslog or cfg.logconfig or cfg.logconfig_dict or cfg.logconfig_json
        if cfg.accesslog != "-" or elsewhere:
            self.access_log.info(line)
            return
        with suppress(OSError, ValueError):  # closed or full: no reason to break off an answer
            sys.stdout.write(line + "\n")
            sys.stdout.flush()


def _hide_address(record: logging.LogRecord) -> bool:
    """Gunicorn names the client of a request beside its SCRIPT_NAME."""
    if isinstance(record.msg, str):
        record.msg = _ADDRESS.sub("from a client", record.msg)
    return True
