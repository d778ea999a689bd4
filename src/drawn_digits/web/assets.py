"""The files that Vite built from ``frontend/``: their names, and how they are served."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from whitenoise import WhiteNoise  # type: ignore[import-untyped]

STATIC = Path(__file__).parent / "static"
ROOT_FILES = (
    "service-worker.js",
    "manifest.webmanifest",
    "icon-192.png",
    "icon-512.png",
    "icon-512-maskable.png",
    "apple-touch-icon.png",
)
"""Files of the page that lie beside it: a service worker sees only what lies below it."""

_MANIFEST = Path(".vite", "manifest.json")
_SCRIPT, _ICON, _TEXTS = "src/main.ts", "src/icon.svg", "src/language/messages/en.json"
_FOLDER = "static"  # of their addresses

Application = Callable[..., Any]  # WSGI


class PageNotBuilt(Exception):
    """Vite's manifest is missing, or was written by another version of the page."""


@dataclass(frozen=True, slots=True)
class Assets:
    """Addresses of the built files, relative to the page, and what the page says.

    Names hold a hash of the content.
    """

    script: str
    styles: tuple[str, ...]
    icon: str
    texts: Mapping[str, str]  # of the page, in English, by name


def read_assets(static: Path = STATIC) -> Assets:
    """Read the hashed names from Vite's manifest in the folder ``static``.

    Raises:
        PageNotBuilt: there is no manifest, or it lacks an entry that the page needs.
    """
    try:
        manifest = json.loads((static / _MANIFEST).read_bytes())
        script = manifest[_SCRIPT]
        return Assets(
            script=_address(script["file"]),
            styles=tuple(_address(name) for name in script["css"]),
            icon=_address(manifest[_ICON]["file"]),
            texts=json.loads((static / manifest[_TEXTS]["file"]).read_bytes()),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PageNotBuilt(f"{static / _MANIFEST} cannot be used: {error!r}") from error


def serve_assets(application: Application, static: Path = STATIC) -> WhiteNoise:
    """``application``, with the files of ``static/assets`` in front of it.

    They are sent packed (``.br`` or ``.gz``, laid beside them when the page was built) to clients
    that take it, and kept by browsers for good: another content has another name. The files are
    listed once, so a page that was built anew needs a server that was started anew.
    """
    return WhiteNoise(
        application,
        root=static / "assets",
        prefix=f"{_FOLDER}/assets/",
        allow_all_origins=False,
        immutable_file_test=lambda path, url: True,
    )


def _address(name: str) -> str:
    return f"{_FOLDER}/{name}"
