from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.driver import DigitPage, Model, chromium
from tests.live_server import LiveServer, live_server

OpenPage = Callable[..., DigitPage]


# Per module: the synchronous API keeps an event loop running, which later tests must not find.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright, chromium(playwright) as running:
        yield running


@pytest.fixture(scope="module")
def server() -> Iterator[LiveServer]:
    with live_server() as running:
        yield running


@pytest.fixture
def open_page(browser: Browser, server: LiveServer) -> Iterator[OpenPage]:
    """Opens the page in a fresh browser context with Playwright's options, the model ready.

    A test fails on any console error, CSP violation or request to another origin.
    """
    opened: list[DigitPage] = []

    def open_one(url: str = server.url, model: Model = "ready", **options: Any) -> DigitPage:
        options = {"viewport": {"width": 1280, "height": 800}} | options
        opened.append(DigitPage(browser.new_context(**options).new_page(), url, model))
        return opened[-1]

    yield open_one
    for digit_page in opened:
        digit_page.page.context.close()
    assert [fault for digit_page in opened for fault in digit_page.faults] == []


@pytest.fixture
def page(open_page: OpenPage) -> DigitPage:
    return open_page()


@pytest.fixture
def served_page(open_page: OpenPage) -> DigitPage:
    """The page while the model is on its way to the device: the server answers."""
    return open_page(model="held")
