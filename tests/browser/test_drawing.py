"""The canvas: mouse, finger and pen."""

from typing import Any

from tests.browser.conftest import OpenPage
from tests.browser.driver import DigitPage, Place

PHONE = {"viewport": {"width": 320, "height": 420}, "has_touch": True, "is_mobile": True}
PAPER, INK = 255, 0


def test_paper_is_white_from_the_start(page: DigitPage) -> None:
    assert {page.grey((x, y)) for x in (0, 140, 279) for y in (0, 140, 279)} == {PAPER}
    assert page.inked() == 0


def test_strokes_are_lines_of_the_chosen_width(page: DigitPage) -> None:
    page.draw([[(40, 140), (240, 140)]])
    assert [page.grey((140, y)) for y in (127, 131, 140, 149, 153)] == [PAPER, INK, INK, INK, PAPER]
    assert page.grey((31, 140)) == INK  # the round cap


def test_vertical_lines_draw(page: DigitPage) -> None:
    page.draw([[(140, 30), (140, 130), (140, 250)]])
    assert [page.grey((140, y)) for y in (30, 80, 200, 250)] == [INK] * 4
    assert page.digit == "1"


def test_a_single_tap_makes_a_dot(page: DigitPage) -> None:
    page.draw([[(100, 100)]])
    assert (page.grey((100, 100)), page.grey((108, 100)), page.grey((114, 100))) == (
        INK,
        INK,
        PAPER,
    )


def test_slider_changes_the_width_of_what_is_drawn(page: DigitPage) -> None:
    slider = page.page.locator("#line-width")
    bounds = [slider.get_attribute(name) for name in ("min", "max", "value")]
    assert bounds == ["15", "25", "22"]
    page.draw([[(40, 140), (240, 140)]])
    widest_at = (140, 140 - 12)  # inside a line of 25, outside one of 22
    assert page.grey(widest_at) == PAPER
    slider.fill("25")
    assert page.grey(widest_at) == INK
    x, y = widest_at
    assert page.device_reading().pixels[y, x] == INK  # and it is asked about as it looks
    assert page.page.locator("#line-width-value").inner_text() == "25"


def test_clear_gives_white_paper_and_no_digit(page: DigitPage) -> None:
    page.draw([[(140, 30), (140, 250)]])
    assert page.digit == "1"
    page.page.click("#clear")
    assert (page.inked(), page.digit, page.state) == (0, "", "empty")


def test_only_the_main_button_draws(page: DigitPage) -> None:
    page.mouse("mousePressed", (50, 50), button="right", buttons=2)
    page.mouse("mouseMoved", (200, 50), button="right", buttons=2)
    page.mouse("mouseReleased", (200, 50), button="right")
    assert page.inked() == 0


def test_moving_without_a_button_draws_nothing(page: DigitPage) -> None:
    page.draw([[(50, 50), (100, 50)]])
    before = page.inked()
    page.mouse("mouseMoved", (200, 200), button="none", buttons=0)
    assert page.inked() == before


def test_a_stroke_goes_on_when_it_leaves_the_canvas(page: DigitPage) -> None:
    page.draw([[(140, 200), (140, 330), (220, 330), (220, 200)]])
    assert (page.grey((140, 270)), page.grey((220, 270))) == (INK, INK)
    assert page.grey((180, 270)) == PAPER  # that part of the line lies below the paper


def test_a_stroke_ends_when_the_button_is_released_outside(page: DigitPage) -> None:
    page.draw([[(140, 200), (140, 330)]])
    page.mouse("mouseMoved", (40, 40), button="none", buttons=0)
    assert page.grey((40, 40)) == PAPER


def test_drawing_survives_another_window_size(page: DigitPage) -> None:
    page.draw([[(140, 30), (140, 250)]])
    page.page.set_viewport_size({"width": 360, "height": 640})
    page.wait_until("paper.clientWidth < 300 && paper.width === paper.clientWidth")
    assert [page.grey((x, 140)) for x in (100, 140, 180)] == [PAPER, INK, PAPER]


def test_drawing_and_answer_survive_a_turn_of_the_phone(open_page: OpenPage) -> None:
    page = open_page(**PHONE | {"viewport": {"width": 390, "height": 664}})
    swipe(page, (140, 250), (140, 30))
    page.page.set_viewport_size({"width": 664, "height": 390})
    page.wait_until("innerWidth === 664 && paper.width === paper.clientWidth")
    assert [page.grey((x, 140)) for x in (100, 140, 180)] == [PAPER, INK, PAPER]
    assert page.digit == "1"
    swipe(page, (60, 60), (60, 200))
    assert page.grey((60, 130)) == INK
    assert page.page.evaluate("document.documentElement.scrollWidth") == 664


def test_a_finger_draws_and_the_page_stays(open_page: OpenPage) -> None:
    page = open_page(**PHONE)
    swipe(page, (140, 250), (140, 30))
    assert page.grey((140, 140)) == INK
    assert page.page.evaluate("scrollY") == 0
    assert page.digit == "1"


def test_a_finger_beside_the_canvas_scrolls_the_page(open_page: OpenPage) -> None:
    page = open_page(**PHONE)  # shows that the test above can fail
    page.page.evaluate("answer.scrollIntoView({block: 'end'})")
    scrolled = page.page.evaluate("scrollY")
    assert scrolled > 0
    swipe(page, (-25, 100), (-25, 250))
    page.wait_until(f"scrollY < {scrolled}")
    assert page.inked() == 0


def test_a_second_finger_does_not_disturb_the_first(open_page: OpenPage) -> None:
    page = open_page(**PHONE)
    page.touch("touchStart", f1=(60, 40))
    page.touch("touchMove", f1=(60, 120))
    page.touch("touchStart", f1=(60, 120), f2=(220, 60))
    page.touch("touchMove", f1=(60, 180), f2=(220, 140))
    page.touch("touchMove", f1=(60, 240))  # without f2: that finger was lifted
    page.touch("touchEnd")
    assert [page.grey((60, y)) for y in (40, 120, 180, 240)] == [INK] * 4
    assert [page.grey((220, y)) for y in (60, 100, 140)] == [PAPER] * 3


def test_a_cancelled_touch_ends_the_stroke_and_keeps_it(open_page: OpenPage) -> None:
    page = open_page(**PHONE)
    page.touch("touchStart", f1=(140, 40))
    page.touch("touchMove", f1=(140, 240))
    page.touch("touchCancel")
    assert page.digit == "1"
    swipe(page, (40, 40), (40, 200))
    assert page.grey((40, 120)) == INK
    assert page.grey((90, 140)) == PAPER  # no line from where the first stroke ended


def test_a_pen_that_presses_harder_draws_a_wider_line(page: DigitPage) -> None:
    for y, force in ((80, 0.2), (200, 0.9)):
        pen: dict[str, Any] = {"pointerType": "pen", "force": force}
        page.mouse("mousePressed", (40, y), **pen)
        page.mouse("mouseMoved", (240, y), **pen)
        page.mouse("mouseReleased", (240, y), pointerType="pen")
    light, hard = (22 * (0.5 + force) / 2 for force in (0.2, 0.9))  # half of each width
    assert [page.grey((140, 80 + y)) for y in (round(light) - 2, round(light) + 2)] == [INK, PAPER]
    assert [page.grey((140, 200 + y)) for y in (round(hard) - 2, round(hard) + 2)] == [INK, PAPER]


def swipe(page: DigitPage, start: Place, end: Place) -> None:
    page.touch("touchStart", f1=start)
    for share in (0.25, 0.5, 0.75, 1):
        x, y = (a + (b - a) * share for a, b in zip(start, end, strict=True))
        page.touch("touchMove", f1=(x, y))
    page.touch("touchEnd")
