"""Takes the screenshots in ``docs/pictures``: ``python -m tests.browser.pictures``."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests.browser.driver import DigitPage, chromium, hand_made
from tests.live_server import live_server

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
DEVICES: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1100, "height": 720}},
    "phone": {"viewport": {"width": 390, "height": 664}, "is_mobile": True, "has_touch": True},
}
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SCRIBBLE = [[(20 + 240 * (i % 2), 20 + 30 * i) for i in range(9)]]
COLOURS = 128  # a palette halves the files and is not seen


def answer(page: DigitPage) -> None:
    page.draw(hand_made(3))


def evidence(page: DigitPage) -> None:
    page.draw(hand_made(4))
    page.page.click(".bar >> nth=9")  # why not a nine?


def not_a_digit(page: DigitPage) -> None:
    page.draw(SCRIBBLE)


Scene = tuple[str, str, dict[str, Any], Callable[[DigitPage], None]]
SCENES: list[Scene] = [
    *[(f"page-{d}-{t}", d, {"color_scheme": t}, answer) for d in DEVICES for t in THEMES],
    ("evidence-desktop", "desktop", {}, evidence),
    ("not-a-digit-phone", "phone", {}, not_a_digit),
    ("right-to-left-phone", "phone", {"locale": "ar"}, answer),
]


def take_pictures(folder: Path = FOLDER) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with live_server() as server, sync_playwright() as playwright, chromium(playwright) as browser:
        for name, device, options, act in SCENES:
            picture = take_picture(browser, server.url, DEVICES[device] | options, act)
            picture.save(folder / f"{name}.png", optimize=True)


def take_picture(
    browser: Browser, url: str, options: dict[str, Any], act: Callable[[DigitPage], None]
) -> Image.Image:
    """The page after something was done, at two device pixels a CSS pixel."""
    context = browser.new_context(device_scale_factor=2, reduced_motion="reduce", **options)
    page = DigitPage(context.new_page(), url)
    act(page)
    page.settle()
    picture = Image.open(BytesIO(page.page.screenshot()))
    context.close()
    return picture.convert("RGB").quantize(COLOURS)


if __name__ == "__main__":
    take_pictures()
