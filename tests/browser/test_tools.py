"""Pen, eraser, undo, redo and clear: by button and by key."""

import pytest

from tests.browser.conftest import OpenPage
from tests.browser.driver import DigitPage, Place

PAPER, INK = 255, 0
UPPER, LOWER = (140, 80), (140, 200)


def draw_two_lines(page: DigitPage) -> None:
    page.draw([[(40, 80), (240, 80)], [(40, 200), (240, 200)]])


def lines(page: DigitPage) -> list[bool]:
    """Whether each of the two lines is on the paper."""
    return [page.grey(place) == INK for place in (UPPER, LOWER)]


@pytest.mark.parametrize(
    ("undo", "redo"),
    [("click", "click"), ("Control+z", "Control+y"), ("Control+z", "Control+Shift+z")],
)
def test_undo_and_redo_go_through_strokes_and_the_answer_follows(
    page: DigitPage, undo: str, redo: str
) -> None:
    def act(how: str, button: str) -> None:
        if how == "click":
            page.page.click(button)
        else:
            page.page.keyboard.press(how)

    page.draw([[(140, 30), (140, 250)], [(40, 140), (240, 140)]])
    cross = page.device_reading().probabilities
    act(undo, "#undo")
    assert page.grey((60, 140)) == PAPER
    assert page.digit == "1"
    act(redo, "#redo")
    assert page.grey((60, 140)) == INK
    assert page.device_reading().probabilities == cross


def test_the_eraser_takes_whole_strokes_and_undo_brings_them_back(page: DigitPage) -> None:
    draw_two_lines(page)
    page.page.click("#eraser")
    page.draw([[(100, 60), (100, 85)]])
    assert lines(page) == [False, True]
    page.page.click("#undo")
    assert lines(page) == [True, True]


def test_one_wipe_of_the_eraser_takes_all_that_it_meets(page: DigitPage) -> None:
    draw_two_lines(page)
    page.page.click("#eraser")
    page.draw([[(100, y) for y in range(20, 240, 10)]])
    assert (page.inked(), page.state) == (0, "empty")
    page.page.click("#pen")
    page.draw([[(140, 30), (140, 250)]])
    assert page.digit == "1"


def test_the_eraser_beside_the_strokes_changes_nothing(page: DigitPage) -> None:
    draw_two_lines(page)
    page.page.click("#eraser")
    page.draw([[(100, 140), (200, 140)]])
    assert lines(page) == [True, True]


def test_clear_can_be_undone(page: DigitPage) -> None:
    draw_two_lines(page)
    page.page.click("#clear")
    assert page.inked() == 0
    page.page.click("#undo")
    assert lines(page) == [True, True]


def tap(page: DigitPage, *places: Place) -> None:
    for place in places:
        page.mouse("mousePressed", place)
        page.mouse("mouseReleased", place)


def test_points_draw_lines_without_dragging_and_the_last_one_again_lifts_the_pen(
    page: DigitPage,
) -> None:
    page.page.click("#points")
    tap(page, (60, 60), (200, 60), (120, 240))
    assert [page.grey(place) for place in ((130, 60), (160, 150))] == [INK, INK]
    assert page.digit == "7"
    tap(page, (121, 239), (70, 150), (230, 150))  # lifted, then a bar
    assert page.grey((95, 195)) == PAPER
    assert page.grey((100, 150)) == INK
    assert page.digit == "7"
    page.page.click("#undo")
    assert page.grey((100, 150)) == PAPER


def test_tools_say_which_is_taken_and_what_can_be_done(page: DigitPage) -> None:
    def facts(name: str) -> list[str | None]:
        return [
            page.page.locator(f"#{button}").get_attribute(name)
            for button in ("pen", "points", "eraser", "undo", "redo", "clear")
        ]

    assert facts("aria-pressed") == ["true", "false", "false", None, None, None]
    assert facts("aria-disabled") == [None, None, None, "true", "true", "true"]
    page.page.click("#eraser")
    assert facts("aria-pressed") == ["false", "false", "true", None, None, None]
    page.page.click("#pen")
    page.draw([[(140, 30), (140, 250)]])
    assert facts("aria-disabled") == [None, None, None, "false", "true", "false"]
    page.page.click("#clear")
    assert facts("aria-disabled") == [None, None, None, "false", "true", "true"]


def test_tools_are_large_enough_for_a_finger(open_page: OpenPage) -> None:
    page = open_page(viewport={"width": 320, "height": 568})
    for button in page.page.locator(".tools button").all():
        box = button.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44
