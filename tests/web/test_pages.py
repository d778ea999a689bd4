import gzip
import hashlib
import json
import re
from html import unescape
from pathlib import Path
from urllib.parse import urljoin

import pytest
from flask import Flask
from flask.testing import FlaskClient

from drawn_digits.ink.rasterize import CANVAS_SIDE, LINE_WIDTH
from drawn_digits.recognizer.recognizer import load_recognizer
from drawn_digits.settings import LIMITS
from drawn_digits.web.current_model import RECOGNIZER
from drawn_digits.web.pages import create_pages

MANIFEST = {
    "src/main.ts": {"file": "assets/main-a1.js", "css": ["assets/main-b2.css"]},
    "src/icon.svg": {"file": "assets/icon-c3.svg"},
    "src/language/messages/en.json": {"file": "assets/en-d4.json"},
}
TEXTS = Path(__file__).parents[2] / "frontend" / "src" / "language" / "messages" / "en.json"


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A static folder as Vite leaves it."""
    (tmp_path / ".vite").mkdir()
    (tmp_path / ".vite" / "manifest.json").write_text(json.dumps(MANIFEST))
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "main-a1.js").write_text("export {};")
    (tmp_path / "assets" / "en-d4.json").write_bytes(TEXTS.read_bytes())
    return tmp_path


def client_of(static: Path) -> FlaskClient:
    app = Flask(__name__, static_folder=None)
    RECOGNIZER.set(app, load_recognizer())
    app.register_blueprint(create_pages(static))
    return app.test_client()


def attribute(html: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', html)
    assert found, name
    return found.group(1)


def test_page_links_the_hashed_assets(built: Path) -> None:
    html = client_of(built).get("/").text
    assert '<script type="module" src="static/assets/main-a1.js">' in html
    assert '<link rel="stylesheet" href="static/assets/main-b2.css">' in html
    assert '<link rel="icon" type="image/svg+xml" href="static/assets/icon-c3.svg">' in html


def test_every_address_is_relative_so_the_page_works_below_any_path(built: Path) -> None:
    html = client_of(built).get("/").text
    addresses = re.findall(r'\b(?:href|src|data-model|data-predictions-url)="([^"]*)"', html)
    assert len(addresses) >= 5
    assert [address for address in addresses if address.startswith("/")] == []


def test_page_names_the_model_that_answers_and_its_operating_point(built: Path) -> None:
    client, model = client_of(built), load_recognizer().model
    html = client.get("/").text
    assert float(attribute(html, "data-digit-threshold")) == model.digit_threshold
    file = client.get("/" + attribute(html, "data-model"))
    assert hashlib.sha256(file.data).hexdigest() == model.sha256
    assert len(file.data) == int(attribute(html, "data-model-bytes"))
    assert file.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_a_model_that_answers_no_more_is_not_found(built: Path) -> None:
    assert client_of(built).get(f"/models/{'0' * 64}.onnx").status_code == 404


def test_page_carries_the_servers_limits_and_pen(built: Path) -> None:
    html = client_of(built).get("/").text
    assert attribute(html, "data-strokes") == str(LIMITS.strokes)
    assert attribute(html, "data-points") == str(LIMITS.points)
    assert attribute(html, "data-side") == str(CANVAS_SIDE)
    slider = html[html.index('type="range"') :]
    bounds = [attribute(slider, name) for name in ("min", "max", "value")]
    assert bounds == ["15", "25", f"{LINE_WIDTH:.0f}"]


def test_page_has_a_bar_for_each_digit_from_the_start(built: Path) -> None:
    html = client_of(built).get("/").text
    assert re.findall(r'<span class="digit">(\d)</span>', html) == list("0123456789")


def test_page_needs_nothing_that_the_content_security_policy_forbids(built: Path) -> None:
    html = client_of(built).get("/").text
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script>|https?://", html)


def test_page_is_sent_packed_to_who_takes_it(built: Path) -> None:
    client = client_of(built)
    plain, packed = (
        client.get("/", headers={"Accept-Encoding": encodings}) for encodings in ("", "br, gzip")
    )
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data) / 3


def test_page_is_asked_for_anew(built: Path) -> None:
    assert client_of(built).get("/").headers["Cache-Control"] == "no-cache"


def test_page_that_is_not_built_says_what_to_run(tmp_path: Path) -> None:
    answer = client_of(tmp_path).get("/")
    assert answer.status_code == 503
    assert "make serve" in answer.text
    assert "python hatch_build.py" in answer.text


@pytest.mark.parametrize(
    "manifest", ["", "[]", "{}", '{"src/main.ts": {"file": "main.js"}}', "null"]
)
def test_manifest_that_cannot_be_used_counts_as_not_built(built: Path, manifest: str) -> None:
    (built / ".vite" / "manifest.json").write_text(manifest)
    assert client_of(built).get("/").status_code == 503


def test_the_documentation_holds_every_operation_field_and_status(client: FlaskClient) -> None:
    html = unescape(re.sub(r"<[^>]+>", " ", client.get("/api/docs").text))
    document = client.get("/api/openapi.json").get_json()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert f"{method.upper()} {path}" in html
            assert operation["summary"] in html
            assert set(operation["responses"]) <= set(html.split())
    for name, schema in document["components"]["schemas"].items():
        assert name in html
        assert set(schema["properties"]) <= set(html.split())


def test_every_field_of_the_api_says_what_it_means(client: FlaskClient) -> None:
    schemas = client.get("/api/openapi.json").get_json()["components"]["schemas"]
    silent = [
        f"{name}.{field}"
        for name, schema in schemas.items()
        for field, facts in schema["properties"].items()
        if not ("description" in facts or "$ref" in facts)
    ]
    assert silent == []


def test_the_documentation_leads_to_its_own_places_only(client: FlaskClient) -> None:
    html = client.get("/api/docs").text
    targets = set(re.findall(r'\bid="([^"]+)"', html))
    links = re.findall(r'\bhref="([^"]+)"', html)
    assert {link[1:] for link in links if link.startswith("#")} <= targets
    for link in links:
        with client.get(urljoin("/api/docs", link)) as response:
            assert response.status_code == 200, link
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script|(?:src|href)=\"https?:", html)


def test_the_documentation_names_addresses_below_the_application_s_own_path(
    client: FlaskClient,
) -> None:
    html = client.get("/api/docs", environ_overrides={"SCRIPT_NAME": "/digits"}).text
    assert "curl http://localhost/digits/healthz" in html
    links = re.findall(r'\bhref="([^"]+)"', html)
    addresses = {urljoin("https://example.org/digits/api/docs", link) for link in links}
    assert "https://example.org/digits/api/openapi.json" in addresses
    assert all(address.startswith("https://example.org/digits/") for address in addresses)


def test_the_documentation_of_a_page_that_is_not_built_says_what_to_run(tmp_path: Path) -> None:
    answer = client_of(tmp_path).get("/api/docs")
    assert (answer.status_code, "make serve" in answer.text) == (503, True)
