"""What people look at: the page, the model file that it runs, and the API's documentation."""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import cast

from apiflask import APIFlask
from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    render_template,
    request,
    send_from_directory,
)

from drawn_digits.ink.rasterize import CANVAS_SIDE, LINE_WIDTH
from drawn_digits.recognizer.model_file import ModelFile
from drawn_digits.recognizer.recognizer import Recognizer
from drawn_digits.settings import LIMITS
from drawn_digits.web.assets import ROOT_FILES, STATIC, Assets, PageNotBuilt, read_assets
from drawn_digits.web.current_model import RECOGNIZER
from drawn_digits.web.security import POLICY_OF_A_PAGE

_NOT_BUILT = (
    "The page is not built yet. In a checkout run `make serve`, or `python hatch_build.py`, "
    "which builds it with the pinned Node; an installed package contains it."
)
_YEAR_SECONDS = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class PenWidths:
    """Bounds of the line-width slider, in pixels of a canvas of ``CANVAS_SIDE``."""

    thinnest: int = 15
    widest: int = 25
    initial: int = round(LINE_WIDTH)


def create_pages(static: Path = STATIC) -> Blueprint:
    """A blueprint: the page at ``/``, the API's at ``/api/docs``, the model below ``/models/``.

    Where the page is not built, both pages answer 503 and say what to run.
    """
    pages = Blueprint("pages", __name__, template_folder="templates")

    @pages.get("/")
    def index() -> Response:
        return _page(render_page(read_assets(static), RECOGNIZER.current))

    @pages.get("/api/docs")
    def docs() -> Response:
        return _page(render_docs(read_assets(static)))

    @pages.errorhandler(PageNotBuilt)
    def say_how_to_build(error: PageNotBuilt) -> Response:
        return Response(_NOT_BUILT, status=503, mimetype="text/plain")

    @pages.get(f"/<any{ROOT_FILES!r}:name>")
    def root_file(name: str) -> Response:
        response = send_from_directory(static, name)
        response.cache_control.no_cache = True  # their names stay, so browsers ask for news
        return response

    @pages.get("/models/<sha256>.onnx")
    def model(sha256: str) -> Response:
        file = RECOGNIZER.current.file
        if file.sha256 != sha256:
            abort(404, "Another model answers now. Load the page again.")
        response = Response(file.content, mimetype="application/octet-stream")
        response.cache_control.public = True
        response.cache_control.max_age = _YEAR_SECONDS
        response.cache_control.immutable = True  # another content has another name
        return response

    return pages


def _page(html: str) -> Response:
    response = _packed(html) if request.accept_encodings["gzip"] else Response(html)
    response.vary.add("Accept-Encoding")
    response.cache_control.no_cache = True  # names of the newest assets, at every visit
    return response


def _packed(html: str) -> Response:
    response = Response(_pack(html), mimetype="text/html")
    response.content_encoding = "gzip"
    return response


@lru_cache(maxsize=8)  # it changes with the model only
def _pack(html: str) -> bytes:
    return gzip.compress(html.encode(), mtime=0)


def model_address(file: ModelFile) -> str:
    """Where the page finds the model, relative to it."""
    return f"models/{file.sha256}.onnx"


def render_page(assets: Assets, recognizer: Recognizer, has_server: bool = True) -> str:
    """The page's HTML. All its addresses are relative, so it works below any path.

    Without a server, the page carries its content security policy itself, and only the device
    answers.
    """
    file = recognizer.file
    facts: Mapping[str, object] = {
        "predictions_url": "api/v1/predictions" if has_server else "",
        "policy": "" if has_server else POLICY_OF_A_PAGE,
        "side": CANVAS_SIDE,
        "limits": LIMITS,
        "pen": PenWidths(),
        "model": {
            "url": model_address(file),
            "bytes": len(file.content),
            "digit_threshold": recognizer.model.digit_threshold,
        },
    }
    return render_template("index.html", assets=assets, **facts)


def render_docs(assets: Assets) -> str:
    """The API's documentation as HTML, made from the OpenAPI document that the application has."""
    return render_template(
        "docs.html",
        assets=assets,
        spec=cast(APIFlask, current_app).spec,
        origin=request.url_root.rstrip("/"),
    )


pages = create_pages()
