"""The model on the visitor's device: when it answers, when the server does, and that both agree."""

import pytest
from playwright.sync_api import Request

from tests.browser.conftest import OpenPage
from tests.browser.driver import DigitPage, hand_made

pytestmark = pytest.mark.alone


def api_requests(page: DigitPage) -> list[str]:
    """Grows with every request to the API from now on."""
    urls: list[str] = []

    def note(request: Request) -> None:
        if "/api/" in request.url:
            urls.append(request.url)

    page.page.on("request", note)
    return urls


def ask_again(page: DigitPage) -> None:
    page.page.click("#undo")
    page.page.click("#redo")


def test_once_the_model_is_here_nothing_drawn_leaves_the_device(page: DigitPage) -> None:
    asked = api_requests(page)
    page.draw(hand_made(5))
    assert (page.state, page.digit) == ("answer", "5")
    assert page.origin.startswith("On this device, in ")
    assert asked == []


def test_the_server_answers_until_the_model_is_here(served_page: DigitPage) -> None:
    served_page.draw(hand_made(5))
    assert served_page.digit == "5"
    assert served_page.origin.startswith("By the server, in ")
    served_page.held_model().continue_()
    served_page.wait_for_model()
    asked = api_requests(served_page)
    ask_again(served_page)
    assert served_page.origin.startswith("On this device, in ")
    assert asked == []


def test_progress_is_shown_until_the_model_is_here(served_page: DigitPage) -> None:
    bar = served_page.page.locator("#model-progress")
    served_page.wait_until("document.querySelector('#model-progress').value > 0.5")  # the runtime
    assert "Fetching the model" in served_page.page.locator("#model-state").inner_text()
    served_page.held_model().continue_()
    served_page.wait_for_model()
    assert not bar.is_visible()


def test_with_server_answers_switched_off_the_drawing_waits_for_the_model(
    served_page: DigitPage,
) -> None:
    asked = api_requests(served_page)
    served_page.page.uncheck("#server-allowed")
    served_page.draw(hand_made(8))
    served_page.page.wait_for_timeout(200)
    assert served_page.page.locator("#answer").get_attribute("aria-busy") == "true"
    served_page.held_model().continue_()
    assert (served_page.digit, asked) == ("8", [])


def lose_model(page: DigitPage) -> None:
    """The connection breaks that the model was coming by."""
    page.held_model().abort()
    page.held.clear()
    page.wait_until("document.querySelector('#model-state').innerText.includes('be fetched')")


def test_where_the_model_cannot_be_fetched_the_server_answers(open_page: OpenPage) -> None:
    page = open_page(model="held")
    lose_model(page)
    page.draw(hand_made(6))
    assert page.digit == "6"
    assert page.origin.startswith("By the server")
    page.page.uncheck("#server-allowed")
    ask_again(page)
    assert page.state == "error"
    assert "could not be fetched" in page.words
    page.faults.clear()  # Chromium logs the aborted request


def test_a_model_that_could_not_be_fetched_is_fetched_when_one_tries_again(
    open_page: OpenPage,
) -> None:
    page = open_page(model="held")
    page.page.uncheck("#server-allowed")
    lose_model(page)
    page.draw(hand_made(6))
    assert page.state == "error"
    page.page.click("#retry")
    page.held_model().continue_()
    assert page.digit == "6"
    assert page.origin.startswith("On this device")
    page.faults.clear()  # Chromium logs the aborted request


def test_a_drawing_made_at_once_is_answered_by_whoever_can(open_page: OpenPage) -> None:
    page = open_page(model="coming")
    page.draw(hand_made(4))
    assert page.digit == "4"


def test_the_server_answers_a_drawing_made_right_after_load_within_a_second(
    served_page: DigitPage,
) -> None:
    served_page.draw(hand_made(4))
    assert served_page.digit == "4"
    by, milliseconds = served_page.origin.rsplit(" in ", 1)
    assert by == "By the server,"
    assert float(milliseconds.removesuffix("\xa0ms").replace(",", "")) < 1000


def test_the_answer_follows_the_pen(page: DigitPage) -> None:
    first, second = hand_made(4)
    page.draw([first])
    before = page.device_reading().probabilities
    page.mouse("mousePressed", second[0])
    for place in second[1:]:
        page.mouse("mouseMoved", place)
    page.wait_until("document.querySelector('.sign').innerText === '4'")  # the pen is still down
    assert page.device_reading().probabilities != before
    page.mouse("mouseReleased", second[-1])
    assert page.digit == "4"


def test_clear_while_the_device_reads_leaves_no_answer(page: DigitPage) -> None:
    for _ in range(5):
        page.draw(hand_made(7))
        page.page.evaluate("document.querySelector('#clear').click()")
        page.page.wait_for_timeout(50)
        assert (page.state, page.digit) == ("empty", "")
