"""The reasons: evidence over the drawing, and what the network saw."""

import base64
from io import BytesIO

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import expect

from drawn_digits.recognizer.evidence import relative_evidence
from drawn_digits.recognizer.recognizer import load_recognizer
from tests.browser.conftest import OpenPage
from tests.browser.driver import SIDE, DigitPage, hand_made

BAR = "button.bar >> nth={}"


def legend(page: DigitPage) -> str:
    page.settle()
    return page.page.locator("#legend").inner_text()


def overlay(page: DigitPage) -> NDArray[np.uint8]:
    """What lies over the canvas: red, green, blue and opacity, uint8 [side, side, 4]."""
    url: str = page.page.evaluate("document.querySelector('#evidence').toDataURL()")
    return np.asarray(Image.open(BytesIO(base64.b64decode(url.partition(",")[2]))))


@pytest.mark.parametrize("digit", [4, 9])
def test_evidence_is_painted_where_the_model_says(open_page: OpenPage, digit: int) -> None:
    page = open_page(viewport={"width": 900, "height": 1200})
    page.draw(hand_made(4))
    page.page.click(BAR.format(digit))
    assert legend(page).startswith(f"Blue and + speak for a {digit}, orange")
    [prediction] = load_recognizer().predict([page.device_reading().pixels])
    left, top, width, height = prediction.placement.tolist()
    evidence = relative_evidence(prediction)
    painted = overlay(page)
    scale, seen = len(painted) / SIDE, 0
    for (row, column), value in np.ndenumerate(evidence[digit] / np.abs(evidence).max()):
        if abs(value) < 0.2:
            continue
        # between the sign in the middle of the place and its border
        x, y = left + (column + 0.5) * width / 7, top + (row + 0.9) * height / 7
        red, _, blue, opacity = painted[int(y * scale), int(x * scale)].astype(int)
        neighbour = evidence[digit, min(row + 1, 6), column]
        if opacity > 20 and neighbour * value > 0:
            assert (blue > red) == (value > 0), (row, column, value)
            seen += 1
    assert seen >= 3


def test_a_pressed_bar_shows_that_it_is_pressed_and_that_it_has_the_focus(page: DigitPage) -> None:
    page.draw(hand_made(3))
    page.page.locator(BAR.format(4)).focus()
    page.page.keyboard.press("Enter")
    page.settle()
    style = "getComputedStyle(document.activeElement)"
    assert page.page.evaluate(f"{style}.outline").startswith("rgb")
    assert page.page.evaluate(f"[{style}.outlineStyle, {style}.outlineWidth]") == ["solid", "3px"]
    assert "3px" in page.page.evaluate(f"{style}.boxShadow")


def test_why_closes_whatever_reasons_are_open_and_speaks_the_new_language(page: DigitPage) -> None:
    why = page.page.locator("#why")
    why.click()
    assert legend(page) == "Draw a digit first."
    page.page.select_option("#language", "de")
    expect(page.page.locator("#legend")).to_have_text("Zeichne zuerst eine Ziffer.")
    page.draw(hand_made(3))
    page.page.click(BAR.format(4))
    assert why.get_attribute("aria-pressed") == "true"
    why.click()
    assert why.get_attribute("aria-pressed") == "false"
    assert page.page.locator("#legend").is_hidden()


def test_why_shows_and_hides_the_reasons_for_the_answer(page: DigitPage) -> None:
    page.draw(hand_made(3))
    why = page.page.locator("#why")
    assert why.get_attribute("aria-pressed") == "false"
    why.click()
    assert why.get_attribute("aria-pressed") == "true"
    assert "speak for a 3" in legend(page)
    assert page.page.locator(BAR.format(3)).get_attribute("aria-pressed") == "true"
    assert page.page.locator("#seen").is_visible()
    why.click()
    assert not page.page.locator("#evidence").is_visible()
    assert not page.page.locator("#seen").is_visible()
    assert page.page.locator(BAR.format(3)).get_attribute("aria-pressed") == "false"


def test_the_reasons_follow_the_drawing(page: DigitPage) -> None:
    first, second = hand_made(4)
    page.draw([first])
    page.page.click("#why")
    before = page.page.evaluate("document.querySelector('#evidence').toDataURL()")
    page.draw([second])
    assert "speak for a 4" in legend(page)
    assert page.page.evaluate("document.querySelector('#evidence').toDataURL()") != before
    page.page.click("#clear")
    assert legend(page) == "Draw a digit first."
    assert not page.page.locator("#evidence").is_visible()


def test_what_the_network_sees_is_its_own_28_pixels(page: DigitPage) -> None:
    page.draw(hand_made(8))
    page.page.click("#why")
    [prediction] = load_recognizer().predict([page.device_reading().pixels])
    script = (
        "[...seen.getContext('2d').getImageData(0, 0, 28, 28).data].filter((_, i) => i % 4 < 1)"
    )
    seen = np.array(page.page.evaluate(script)).reshape(28, 28)
    assert np.abs(seen - 255 * (1 - prediction.ink)).max() <= 1


def test_a_drawing_on_the_overlay_goes_to_the_paper(page: DigitPage) -> None:
    page.draw([[(140, 30), (140, 250)]])
    page.page.click("#why")
    page.draw([[(40, 140), (240, 140)]])
    assert page.grey((60, 140)) == 0


def test_the_server_gives_the_same_reasons_as_the_device(served_page: DigitPage) -> None:
    served_page.draw(hand_made(2))
    served_page.page.click("#why")
    assert served_page.origin.startswith("By the server")
    assert "speak for a 2" in legend(served_page)
    by_server = painted(served_page)
    served_page.held_model().continue_()
    served_page.wait_for_model()
    served_page.page.click("#undo")
    served_page.page.click("#redo")
    assert served_page.origin.startswith("On this device")
    for ours, theirs in zip(painted(served_page), by_server, strict=True):
        assert np.abs(ours - theirs).max() <= 1  # the last bits of two builds of ONNX Runtime


def painted(page: DigitPage) -> list[NDArray[np.int64]]:
    """The pixels of what the network saw, and of the evidence over the drawing."""
    urls: list[str] = page.page.evaluate("[seen, evidence].map((canvas) => canvas.toDataURL())")
    files = [BytesIO(base64.b64decode(url.partition(",")[2])) for url in urls]
    return [np.asarray(Image.open(file)).astype(int) for file in files]
