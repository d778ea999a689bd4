"""The answer panel: its states, and which answer it shows."""

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import OpenPage
from tests.browser.driver import DigitPage, Model, hand_made
from tests.live_server import live_server

PREDICTIONS = "**/api/v1/predictions*"
# Everything but the words, which change with the answer inside their fixed place.
PLACES = """() => Object.fromEntries(
    [...document.querySelectorAll("h1, #paper, .tools, .tools *, #answer, .bars, .track, .digit")]
        .map((element, i) => {
            const { x, y, width, height } = element.getBoundingClientRect();
            return [i + element.className, [x, y + scrollY, width, height]];
        })
)"""


def test_paper_that_is_empty_again_invites_and_asks_nobody(served_page: DigitPage) -> None:
    served_page.draw(hand_made(1))
    assert served_page.digit == "1"
    requests: list[str] = []
    served_page.page.on("request", lambda request: requests.append(request.url))
    served_page.page.click("#undo")
    assert (served_page.state, served_page.digit) == ("empty", "")
    assert "Draw a digit" in served_page.words
    assert [url for url in requests if "/api/" in url] == []


def test_a_stroke_off_the_paper_is_nothing_drawn(served_page: DigitPage) -> None:
    served_page.draw([[(140, 279), (140, 400)]])
    served_page.page.click("#clear")
    with served_page.page.expect_response(PREDICTIONS) as response:
        served_page.page.evaluate(
            """() => {
                const at = (type, x, y) => paper.dispatchEvent(new PointerEvent(
                    type, { pointerId: 1, button: 0, clientX: x, clientY: y, bubbles: true }));
                paper.setPointerCapture = () => {};
                at("pointerdown", -500, -500);
                at("pointerup", -500, -500);
            }"""
        )
    assert response.value.status == 422
    assert (served_page.state, served_page.digit) == ("nothing-drawn", "")
    served_page.faults.clear()  # Chromium logs every 4xx


@pytest.mark.parametrize("model", ["ready", "held"])
def test_answer_names_digit_confidence_and_all_ten_probabilities(
    open_page: OpenPage, model: Model
) -> None:
    page = open_page(model=model)
    page.draw(hand_made(3))
    assert (page.state, page.digit) == ("answer", "3")
    assert page.words.startswith("This is a 3. Certain, ")
    assert page.words.endswith("%.")
    bars = (
        "[...document.querySelectorAll('.bar')].map(bar => bar.style.getPropertyValue('--share'))"
    )
    shares = [float(share) for share in page.page.evaluate(bars)]
    assert shares == pytest.approx([float(digit == 3) for digit in range(10)], abs=0.01)


def test_a_scribble_is_not_a_digit(page: DigitPage) -> None:
    page.draw([[(20 + 240 * (i % 2), 20 + 8 * i) for i in range(30)]])
    assert page.state == "not-a-digit"
    assert "does not look like a digit" in page.words
    assert page.digit.isdigit()  # the best guess, small


def test_an_older_answer_never_replaces_a_newer_one(served_page: DigitPage) -> None:
    held: list[Route] = []
    served_page.page.route(PREDICTIONS, lambda route: held.append(route), times=1)
    first, second = hand_made(4)
    served_page.draw([first])
    served_page.wait_until("answer.ariaBusy === 'true'")
    with served_page.page.expect_response(PREDICTIONS):
        served_page.draw([second])
    assert served_page.digit == "4"
    held[0].continue_()
    served_page.page.wait_for_timeout(200)
    assert served_page.digit == "4"


def test_clear_drops_an_answer_that_is_on_its_way(served_page: DigitPage) -> None:
    held: list[Route] = []
    served_page.page.route(PREDICTIONS, lambda route: held.append(route), times=1)
    served_page.draw(hand_made(7))
    served_page.page.click("#clear")
    held[0].continue_()
    served_page.page.wait_for_timeout(200)
    assert (served_page.state, served_page.digit) == ("empty", "")


def test_a_server_that_is_down_costs_no_drawing(open_page: OpenPage) -> None:
    with live_server() as server:
        page = open_page(server.url, model="held")
    page.draw(hand_made(7))
    assert (page.state, page.digit) == ("error", "")
    assert "The server cannot be reached just now." in page.words
    assert page.inked() > 0.02
    assert page.faults
    page.faults.clear()  # Chromium logs the refused connection


def test_try_again_asks_with_the_drawing_that_was_kept(served_page: DigitPage) -> None:
    served_page.page.route(PREDICTIONS, lambda route: route.abort(), times=1)
    served_page.draw(hand_made(7))
    assert served_page.state == "error"
    served_page.page.click("text=Try again")
    assert (served_page.state, served_page.digit) == ("answer", "7")
    served_page.faults.clear()  # Chromium logs the aborted request


def test_try_again_by_key_leaves_the_focus_on_the_page(served_page: DigitPage) -> None:
    served_page.page.route(PREDICTIONS, lambda route: route.abort(), times=1)
    served_page.draw(hand_made(7))
    assert served_page.state == "error"
    served_page.page.press("#retry", "Enter")
    assert served_page.digit == "7"
    assert served_page.page.evaluate("document.activeElement.id") == "paper"
    served_page.faults.clear()  # Chromium logs the aborted request


@pytest.mark.parametrize("width", [600, 1000])
def test_bars_icons_and_figures_are_printed(open_page: OpenPage, width: int) -> None:
    page = open_page(viewport={"width": width, "height": 800})
    page.draw(hand_made(7))
    page.settle()
    page.page.emulate_media(media="print")
    for selector in (".icon", ".track"):
        style = "e => getComputedStyle(e).getPropertyValue('-webkit-print-color-adjust')"
        assert page.page.locator(selector).first.evaluate(style) == "exact"
    share = page.page.locator(".best .share").bounding_box()
    assert share is not None
    assert share["width"] > 10


@pytest.mark.parametrize(
    ("size", "locale"),
    [
        ((320, 568), "en"),
        ((320, 568), "de"),
        ((320, 568), "fr"),
        ((360, 640), "ar"),
        ((390, 844), "en"),
        ((768, 1024), "en"),
        ((1280, 800), "en"),
        ((1280, 800), "ar"),
    ],
)
def test_nothing_moves_when_an_answer_comes(
    open_page: OpenPage, size: tuple[int, int], locale: str
) -> None:
    page = open_page(viewport={"width": size[0], "height": size[1]}, locale=locale)
    empty = page.page.evaluate(PLACES)
    page.draw(hand_made(4))
    page.settle()
    assert page.page.evaluate(PLACES) == empty
    page.page.click("#clear")
    page.draw([[(20 + 240 * (i % 2), 20 + 8 * i) for i in range(30)]])
    assert page.state == "not-a-digit"
    assert page.page.evaluate(PLACES) == empty


@pytest.mark.parametrize("size", [(320, 568), (360, 640), (390, 844)])
def test_a_phone_shows_canvas_and_answer_without_scrolling(
    open_page: OpenPage, size: tuple[int, int]
) -> None:
    page = open_page(viewport={"width": size[0], "height": size[1]})
    bars = page.page.locator(".bars").bounding_box()
    assert bars is not None
    assert bars["y"] + bars["height"] <= size[1]
    assert page.page.evaluate("document.documentElement.scrollWidth") == size[0]


def test_answers_are_announced_politely(page: DigitPage) -> None:
    status = page.page.locator("#answer [role=status]")
    expect(status).to_be_empty()
    *most, last = hand_made(2)[0]
    page.mouse("mousePressed", most[0])
    for place in most[1:]:
        page.mouse("mouseMoved", place)
    page.wait_until("document.querySelector('.sign').innerText !== ''")
    expect(status).to_be_empty()  # not while the pen moves
    page.mouse("mouseReleased", last)
    expect(status).to_contain_text("This is a 2.")


def test_keyboard_reaches_every_control_and_shows_where_it_is(page: DigitPage) -> None:
    tools = ["pen", "points", "eraser", "undo", "redo", "clear", "line-width"]
    more = ["picture", "open-camera", "open-examples", "open-share", "open-drawings"]
    # One stop for all ten bars: test_keyboard.py goes among them.
    controls = ["language", "paper", *tools, "bar", "why", *more, "server-allowed"]
    script = """() => {
        const { id, className, parentElement } = document.activeElement;
        const framed = id === "paper" ? parentElement : document.activeElement;
        return [id || className, getComputedStyle(framed).outlineStyle];
    }"""
    reached = []
    for _ in controls:
        page.page.keyboard.press("Tab")
        reached.append(tuple(page.page.evaluate(script)))
    assert reached == [(control, "solid") for control in controls]


def test_content_security_policy_is_watched(page: DigitPage) -> None:
    page.page.evaluate("document.body.setAttribute('style', 'color: red')")
    page.page.wait_for_timeout(50)
    assert "Content Security Policy" in page.faults.pop()


def test_reduced_motion_is_respected(open_page: OpenPage) -> None:
    page = open_page(reduced_motion="reduce")
    bar = "getComputedStyle(document.querySelector('.track'), '::after').transitionDuration"
    assert page.page.evaluate(bar) == "0s"
