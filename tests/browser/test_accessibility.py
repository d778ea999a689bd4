"""axe-core on every state of the page, in light and dark, on a phone and a desktop."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import OpenPage
from tests.browser.driver import DigitPage, Model, hand_made

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
SCRIBBLE = [[(20 + 240 * (i % 2), 20 + 8 * i) for i in range(30)]]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

_MOTION_IS_OVER = """
    () => Promise.allSettled(
        document.getAnimations()
            .filter((motion) => motion.effect.getComputedTiming().endTime < Infinity)
            .map((motion) => motion.finished)
    )
"""


def answered(page: DigitPage) -> None:
    page.draw(hand_made(4))
    assert page.state == "answer"


def refused(page: DigitPage) -> None:
    page.draw(SCRIBBLE)
    assert page.state == "not-a-digit"


def explained(page: DigitPage) -> None:
    answered(page)
    page.page.click("#why")
    page.page.click("#eraser")


def failed(page: DigitPage) -> None:
    page.page.route("**/api/v1/predictions*", lambda route: route.abort())
    page.draw(hand_made(4))
    assert page.state == "error"
    page.faults.clear()  # Chromium logs the aborted request


def opened(name: str) -> Callable[[DigitPage], None]:
    def act(page: DigitPage) -> None:
        answered(page)
        page.page.click(f"#open-{name}")

    return act


def with_a_camera(page: DigitPage) -> None:
    opened("camera")(page)
    page.page.wait_for_selector("#camera-take:enabled")


def with_keys(page: DigitPage) -> None:
    page.page.keyboard.press("Tab")
    page.page.keyboard.press("Tab")
    page.page.keyboard.press("Space")
    assert page.page.locator("#cursor").is_visible()


STATES: dict[str, tuple[Model, Callable[[DigitPage], None]]] = {
    "empty": ("ready", lambda page: None),
    "loading": ("held", lambda page: None),
    "answered": ("ready", answered),
    "refused": ("ready", refused),
    "explained": ("ready", explained),
    "failed": ("held", failed),
    "with keys": ("ready", with_keys),
    "examples": ("ready", opened("examples")),
    "drawings": ("ready", opened("drawings")),
    "share": ("ready", opened("share")),
    "camera": ("ready", with_a_camera),
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(open_page: OpenPage, state: str, theme: str) -> None:
    model, act = STATES[state]
    page = open_page(model=model, color_scheme=theme)
    act(page)
    assert violations(page) == []


def test_axe_finds_nothing_on_a_small_phone(open_page: OpenPage) -> None:
    page = open_page(viewport={"width": 320, "height": 568}, has_touch=True, is_mobile=True)
    explained(page)
    assert violations(page) == []


@pytest.mark.parametrize("locale", ["de", "zh", "ar"])
def test_axe_finds_nothing_in_other_languages(open_page: OpenPage, locale: str) -> None:
    page = open_page(locale=locale)
    explained(page)
    assert violations(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_the_documentation_of_the_api(open_page: OpenPage, theme: str) -> None:
    page = open_page(color_scheme=theme, viewport={"width": 320, "height": 568})
    page.page.goto(f"{page.page.url}api/docs")
    assert page.page.locator("section").count() > 10
    assert broken_rules(page) == []


def test_axe_finds_what_is_wrong(page: DigitPage) -> None:
    page.page.evaluate("document.documentElement.removeAttribute('lang')")
    assert [name for name, _ in violations(page)] == ["html-has-lang"]


def violations(page: DigitPage) -> list[tuple[str, list[str]]]:
    """Each broken rule with the elements that break it, once no answer is on its way."""
    page.settle()
    return broken_rules(page)


def broken_rules(page: DigitPage) -> list[tuple[str, list[str]]]:
    page.page.evaluate(AXE.read_text("utf-8"))
    page.page.evaluate(_MOTION_IS_OVER)  # colours on their way are neither the one nor the other
    found: dict[str, Any] = page.page.evaluate(
        "tags => axe.run({ runOnly: { type: 'tag', values: tags } })", TAGS
    )
    return [(v["id"], [node["html"] for node in v["nodes"]]) for v in found["violations"]]
