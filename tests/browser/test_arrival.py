"""What a first visit carries: Chromium says which files, and each is counted on the wire."""

import http.client
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from tests.browser.driver import DigitPage
from tests.live_server import LiveServer

pytestmark = pytest.mark.alone

PAGE_BYTES = 80_000
MODEL_BYTES = 4_000_000


def fetched(browser: Browser, url: str, locale: str) -> set[str]:
    """Paths that a visit asks for until the model can answer."""
    # What the service worker keeps for use without a network comes later, in no hurry.
    context = browser.new_context(locale=locale, service_workers="block")
    tab = context.new_page()
    paths: set[str] = set()
    tab.on("request", lambda request: paths.add(urlsplit(request.url).path))
    DigitPage(tab, url)
    context.close()
    return {path for path in paths if path.startswith("/")}


def carried(server: LiveServer, path: str) -> int:
    """Bytes of the answer to a browser, headers and body as they were sent."""
    connection = http.client.HTTPConnection(*server.address, timeout=10)
    try:
        connection.request("GET", path, headers={"Accept-Encoding": "gzip, deflate, br"})
        response = connection.getresponse()
        assert response.status == 200
        headers = sum(len(name) + len(value) + 4 for name, value in response.getheaders())
        return headers + len(response.read())
    finally:
        connection.close()


def test_a_first_visit_stays_within_its_budget(browser: Browser, server: LiveServer) -> None:
    paths = fetched(browser, server.url, "ar")  # the longest texts
    sizes = {path: carried(server, path) for path in paths}
    print(sizes)
    model = {path: size for path, size in sizes.items() if path.endswith((".wasm", ".onnx"))}
    page = {path: size for path, size in sizes.items() if path not in model}
    assert any("model.worker" in path for path in page)
    assert len(model) == 2
    assert 1_000_000 < sum(model.values()) <= MODEL_BYTES
    assert 30_000 < sum(page.values()) <= PAGE_BYTES
