import gzip
from pathlib import Path
from typing import Any

import brotli  # type: ignore[import-untyped]
import pytest
from werkzeug.exceptions import NotFound
from werkzeug.test import Client, TestResponse

from drawn_digits.web.assets import PageNotBuilt, read_assets, serve_assets

SCRIPT = b"export const nothing = 0; // " + b"nothing at all " * 100


@pytest.fixture
def static(tmp_path: Path) -> Path:
    """A static folder with one script, packed."""
    assets = tmp_path / "assets"
    assets.mkdir()
    (assets / "main-a1.js").write_bytes(SCRIPT)
    (assets / "main-a1.js.br").write_bytes(brotli.compress(SCRIPT))
    (assets / "main-a1.js.gz").write_bytes(gzip.compress(SCRIPT))
    (assets / "run-b2.wasm").write_bytes(b"\0asm")
    (tmp_path / "secret.txt").write_text("not an asset")
    return tmp_path


def get(static: Path, path: str, encodings: str = "") -> TestResponse:
    nothing = serve_assets(NotFound(), static)
    return Client(nothing).get(path, headers={"Accept-Encoding": encodings}, buffered=True)


@pytest.mark.parametrize(
    ("encodings", "encoding", "unpack"),
    [
        ("gzip, deflate, br", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("", None, bytes),
    ],
)
def test_assets_are_sent_packed_to_who_takes_it(
    static: Path, encodings: str, encoding: str | None, unpack: Any
) -> None:
    response = get(static, "/static/assets/main-a1.js", encodings)
    assert response.status_code == 200
    assert response.headers.get("Content-Encoding") == encoding
    assert response.headers["Vary"] == "Accept-Encoding"
    assert unpack(response.data) == SCRIPT


def test_assets_are_kept_for_good(static: Path) -> None:
    headers = get(static, "/static/assets/main-a1.js").headers
    assert "immutable" in headers["Cache-Control"]
    assert "Access-Control-Allow-Origin" not in headers


def test_webassembly_has_the_type_that_browsers_compile_while_it_comes(static: Path) -> None:
    assert get(static, "/static/assets/run-b2.wasm").mimetype == "application/wasm"


@pytest.mark.parametrize(
    "path", ["assets/no.js", "secret.txt", "assets/../secret.txt", ".vite/manifest.json", "assets/"]
)
def test_nothing_but_assets_is_served(static: Path, path: str) -> None:
    assert get(static, f"/static/{path}").status_code == 404


@pytest.mark.parametrize(
    "manifest", ["", "[]", "{}", '{"src/main.ts": {"file": "main.js"}}', "null"]
)
def test_a_manifest_that_cannot_be_used_counts_as_not_built(tmp_path: Path, manifest: str) -> None:
    (tmp_path / ".vite").mkdir()
    (tmp_path / ".vite" / "manifest.json").write_text(manifest)
    with pytest.raises(PageNotBuilt, match=r"manifest\.json"):
        read_assets(tmp_path)
