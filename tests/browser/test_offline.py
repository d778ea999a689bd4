"""Without a network after one visit, and without a server from the start."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from drawn_digits.recognizer.recognizer import load_recognizer
from drawn_digits.web.site import export_site
from tests.browser.conftest import OpenPage
from tests.browser.driver import DigitPage, hand_made
from tests.live_server import LiveServer, free_port, live_server


def wait_until_kept(page: DigitPage) -> None:
    page.page.evaluate("navigator.serviceWorker.ready.then(() => null)")


@contextmanager
def file_server(folder: Path) -> Iterator[str]:
    """Python's plain file server; its address."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "http.server",
        "--bind",
        "127.0.0.1",
        "-d",
        str(folder),
        str(port),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        try:
            time.sleep(1)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.communicate()


def test_after_one_visit_the_page_works_without_a_network(open_page: OpenPage) -> None:
    with live_server() as server:
        page = open_page(server.url)
        wait_until_kept(page)
    page.page.reload()
    page.wait_for_model()
    page.draw(hand_made(3))
    assert (page.state, page.digit) == ("answer", "3")
    assert page.origin.startswith("On this device")
    assert page.page.locator("button.tool .icon").first.is_visible()


def test_the_browser_can_install_the_page(page: DigitPage, server: LiveServer) -> None:
    session = page.page.context.new_cdp_session(page.page)
    wait_until_kept(page)
    manifest = session.send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert manifest["url"] == f"{server.url}/manifest.webmanifest"
    errors = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    # A fresh browser context counts as a private window, where nothing can be installed.
    assert [error["errorId"] for error in errors if error["errorId"] != "in-incognito"] == []


@pytest.mark.parametrize("path", ["", "some/where/"])
def test_the_exported_site_answers_from_a_plain_file_server(
    open_page: OpenPage, tmp_path: Path, path: str
) -> None:
    export_site(tmp_path / path, load_recognizer())
    with file_server(tmp_path) as url:
        page = open_page(f"{url}/{path}".rstrip("/"))
        page.draw(hand_made(7))
        assert (page.state, page.digit) == ("answer", "7")
        assert page.page.locator("#server-allowed").count() == 0
        wait_until_kept(page)
    page.page.reload()
    page.wait_for_model()
    page.draw(hand_made(2))
    assert page.digit == "2"


def test_the_exported_site_waits_for_its_model(open_page: OpenPage, tmp_path: Path) -> None:
    export_site(tmp_path, load_recognizer())
    with file_server(tmp_path) as url:
        page = open_page(url, model="held")
        page.draw(hand_made(5))
        assert page.page.locator("#answer").get_attribute("aria-busy") == "true"
        page.held_model().continue_()
        assert page.digit == "5"
