"""The page: one template, and the assets that Vite built from ``frontend/``."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Response, make_response, render_template, send_from_directory

from drawn_digits.ink.rasterize import CANVAS_SIDE, LINE_WIDTH
from drawn_digits.settings import LIMITS

PREDICTIONS_URL = "/api/v1/predictions"
"""Where the page sends its drawings."""

_STATIC = Path(__file__).parent / "static"
_MANIFEST = Path(".vite", "manifest.json")
_SCRIPT, _ICON = "src/main.ts", "src/icon.svg"
_NOT_BUILT = (
    "The page is not built yet. In a checkout run `make serve`, or `python hatch_build.py`, "
    "which builds it with the pinned Node; an installed package contains it."
)
_YEAR_SECONDS = 365 * 24 * 3600


class PageNotBuilt(Exception):
    """Vite's manifest is missing, or was written by another version of the page."""


@dataclass(frozen=True, slots=True)
class Assets:
    """URLs of the built files, whose names hold a hash of their content."""

    script: str
    styles: tuple[str, ...]
    icon: str


@dataclass(frozen=True, slots=True)
class PenWidths:
    """Bounds of the line-width slider, in pixels of a canvas of ``CANVAS_SIDE``."""

    thinnest: int = 15
    widest: int = 25
    initial: int = round(LINE_WIDTH)


def create_pages(static: Path = _STATIC) -> Blueprint:
    """A blueprint with the page at ``/`` and, below ``/static/``, the files of ``static``.

    Register it on an application without a static folder of its own. Where the page is not
    built, ``/`` answers 503 and says what to run.
    """
    pages = Blueprint("pages", __name__, template_folder="templates")

    @pages.get("/")
    def index() -> Response:
        try:
            return _render(read_assets(static))
        except PageNotBuilt:
            return Response(_NOT_BUILT, status=503, mimetype="text/plain")

    @pages.get("/static/<path:name>")
    def asset(name: str) -> Response:
        response = send_from_directory(static, name, max_age=_YEAR_SECONDS)
        response.cache_control.immutable = True  # another content has another name
        return response

    return pages


def read_assets(static: Path) -> Assets:
    """Read the hashed names from Vite's manifest in the folder ``static``.

    Raises:
        PageNotBuilt: there is no manifest, or it lacks an entry that the page needs.
    """
    try:
        manifest = json.loads((static / _MANIFEST).read_bytes())
        script = manifest[_SCRIPT]
        return Assets(
            script=_url(script["file"]),
            styles=tuple(_url(name) for name in script["css"]),
            icon=_url(manifest[_ICON]["file"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PageNotBuilt(f"{static / _MANIFEST} cannot be used: {error!r}") from error


def _render(assets: Assets) -> Response:
    facts: Mapping[str, object] = {
        "predictions_url": PREDICTIONS_URL,
        "side": CANVAS_SIDE,
        "limits": LIMITS,
        "pen": PenWidths(),
    }
    response = make_response(render_template("index.html.jinja", assets=assets, **facts))
    response.cache_control.no_cache = True  # names of the newest assets, at every visit
    return response


def _url(name: str) -> str:
    return f"/static/{name}"


pages = create_pages()
