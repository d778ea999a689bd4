"""A whole session by keyboard alone."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.driver import DigitPage, hand_made

INK, PAPER = 0, 255


def press(page: DigitPage, *keys: str) -> None:
    for key in keys:
        page.page.keyboard.press(key)


def go_to(page: DigitPage, name: str) -> None:
    """Tab on until this control has the focus."""
    for _ in range(40):
        press(page, "Tab")
        if page.page.evaluate("document.activeElement.id") == name:
            return
    raise AssertionError(f"Tab never reaches #{name}")


def test_a_whole_session_by_keyboard(page: DigitPage) -> None:
    go_to(page, "paper")
    press(page, *["ArrowLeft"] * 5, "Space", *["ArrowRight"] * 10)
    for _ in range(8):  # two keys at a time go aslant
        page.page.keyboard.down("ArrowDown")
        press(page, "ArrowLeft")
        page.page.keyboard.up("ArrowDown")
    press(page, "Space")
    assert page.digit == "7"
    assert "This is a 7" in page.words
    assert page.grey((140, 70)) == INK

    go_to(page, "undo")
    press(page, "Enter")
    assert page.state == "empty"
    press(page, "Control+Shift+z")
    assert page.digit == "7"

    go_to(page, "why")
    press(page, "Enter")
    assert page.page.locator("#legend").is_visible()

    go_to(page, "open-examples")
    press(page, "Enter", "Tab", "Tab", "Enter")  # close, slashed zero, flagged one
    assert page.page.locator("#examples").is_hidden()
    assert page.page.evaluate("document.activeElement.id") == "open-examples"
    assert page.digit == "1"

    go_to(page, "open-drawings")
    press(page, "Enter", "Tab", "Enter")
    assert page.digit == "7"

    go_to(page, "clear")
    press(page, "Space")
    assert (page.state, page.inked()) == ("empty", 0)


def test_the_pen_is_seen_and_told_where_it_is(page: DigitPage) -> None:
    cursor, status = page.page.locator("#cursor"), page.page.locator("#pen-status")
    expect(cursor).to_be_hidden()
    go_to(page, "paper")
    expect(page.page.locator("#keys")).to_be_visible()
    press(page, "Space")
    expect(cursor).to_be_visible()
    expect(status).to_have_text("Pen down, column 14, row 7 of 28.")
    press(page, "ArrowRight", "Space")
    expect(status).to_have_text("Pen up, column 15, row 7 of 28.")
    press(page, "Tab")
    expect(cursor).to_be_hidden()


def test_shift_moves_a_little_and_the_pen_stays_on_the_paper(page: DigitPage) -> None:
    go_to(page, "paper")
    cursor = page.page.locator("#cursor")
    press(page, "Shift+ArrowDown")
    assert float(cursor.evaluate("e => parseFloat(e.style.top)")) == pytest.approx(100 * 72 / 280)
    press(page, *["ArrowUp"] * 20)
    assert cursor.evaluate("e => e.style.top") == "0%"


def test_undo_with_the_pen_down_lifts_it(page: DigitPage) -> None:
    go_to(page, "paper")
    press(page, "Space", "ArrowDown", "ArrowDown", "Control+z", "ArrowDown", "ArrowDown")
    assert (page.inked(), page.state) == (0, "empty")
    assert "down" not in (page.page.locator("#cursor").get_attribute("class") or "")


def test_points_are_placed_by_key_and_the_pen_stays_down(page: DigitPage) -> None:
    page.page.click("#points")
    page.page.focus("#paper")
    press(page, "Space", *["ArrowDown"] * 10, "Space")
    expect(page.page.locator("#pen-status")).to_contain_text("Pen down")
    assert page.grey((140, 120)) == INK


def test_leaving_the_paper_lifts_the_pen(page: DigitPage) -> None:
    go_to(page, "paper")
    press(page, "Space", "ArrowRight", "Tab", "Shift+Tab", "ArrowDown", "ArrowDown", "ArrowDown")
    assert page.grey((150, 100)) == PAPER


def test_keys_do_not_scroll_a_small_page(open_page: OpenPage) -> None:
    page = open_page(viewport={"width": 320, "height": 420})
    page.page.focus("#paper")
    page.page.evaluate("scrollTo(0, 0)")
    press(page, "ArrowDown", "Space", "ArrowDown", "Space")
    assert page.page.evaluate("scrollY") == 0


def test_the_bars_are_one_tab_stop_and_arrows_go_among_them(page: DigitPage) -> None:
    def digit_after(*keys: str) -> str:
        press(page, *keys)
        return str(page.page.evaluate("document.activeElement.querySelector('.digit')?.innerText"))

    page.draw(hand_made(4))
    page.settle()
    go_to(page, "why")
    assert digit_after("Shift+Tab") == "0"
    assert digit_after("ArrowUp") == "0"
    assert digit_after("ArrowDown", "ArrowRight", "ArrowRight", "ArrowLeft") == "2"
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.page.evaluate(outline) == "solid"
    assert digit_after("End", "ArrowDown") == "9"
    assert digit_after("Home", *["ArrowDown"] * 4, "Enter") == "4"
    assert "speak for a 4" in page.page.locator("#legend").inner_text()
    go_to(page, "why")
    assert digit_after("Shift+Tab") == "4"
