"""The page in six languages, from left to right and from right to left."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.driver import DigitPage, hand_made

ENGLISH = "Draw a digit, anywhere and at any size."


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("de-AT", "Das ist eine 3."),
        ("es", "Es un 3."),
        ("fr-CA", "C’est un 3."),
        ("zh-CN", "这是 3。"),
        ("ar-EG", "هذا هو الرقم 3."),
        ("pt-BR", "This is a 3."),
    ],
)
def test_the_page_speaks_the_browser_s_language(
    open_page: OpenPage, locale: str, words: str
) -> None:
    page = open_page(locale=locale)
    page.draw(hand_made(3))
    assert page.words.startswith(words)
    spoken = page.page.evaluate("document.documentElement.lang")
    assert spoken == ("en" if locale == "pt-BR" else locale[:2])
    left = [text for text in visible_texts(page) if text in ENGLISH_TEXTS] if spoken != "en" else []
    assert left == []


ENGLISH_TEXTS = {"Line width", "Why?", "Examples", "My drawings", "Share", "Camera", "Picture"}


def visible_texts(page: DigitPage) -> list[str]:
    texts: list[str] = page.page.evaluate(
        """() => [...document.querySelectorAll("button, label, p, [aria-label]")]
            .flatMap((e) => [e.textContent.trim(), e.getAttribute("aria-label") ?? ""])"""
    )
    return texts


def test_another_language_is_chosen_kept_and_the_drawing_stays(page: DigitPage) -> None:
    page.draw(hand_made(4))
    page.page.select_option("#language", "de")
    expect(page.page.locator(".headline")).to_have_text("Das ist eine 4.")
    expect(page.page.locator("#model-state")).to_contain_text("Das Modell ist auf diesem Gerät.")
    assert page.page.get_by_role("button", name="Rückgängig").is_visible()
    assert page.inked() > 0.02
    page.page.reload()
    expect(page.page.locator(".headline")).to_contain_text("Zeichne eine Ziffer")
    page.page.select_option("#language", "en")
    expect(page.page.locator(".headline")).to_have_text(ENGLISH)


def test_arabic_runs_from_right_to_left_and_the_canvas_does_not(open_page: OpenPage) -> None:
    page = open_page(locale="ar", viewport={"width": 1280, "height": 800})
    page.draw(hand_made(7))
    assert page.digit == "7"
    assert page.page.evaluate("getComputedStyle(document.body).direction") == "rtl"
    paper = page.page.locator("#paper").bounding_box()
    answer = page.page.locator("#answer").bounding_box()
    assert paper is not None
    assert answer is not None
    assert answer["x"] < paper["x"]
    origin = "getComputedStyle(document.querySelector('.track'), '::after').transformOrigin"
    assert not page.page.evaluate(origin).startswith("0px")  # bars grow from the right


@pytest.mark.parametrize("locale", ["de", "es", "fr", "zh", "ar"])
def test_no_language_is_too_wide_for_a_small_phone(open_page: OpenPage, locale: str) -> None:
    page = open_page(locale=locale, viewport={"width": 320, "height": 568})
    page.draw(hand_made(8))
    page.settle()
    assert page.page.evaluate("document.documentElement.scrollWidth") == 320
    for name in ("camera", "examples", "share", "drawings"):
        page.page.click(f"#open-{name}")
        widths = page.page.locator(f"#{name}").evaluate("e => [e.scrollWidth, e.clientWidth]")
        assert widths[0] <= widths[1], name
        page.page.keyboard.press("Escape")
