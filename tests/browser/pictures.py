"""Takes the screenshots in ``docs/pictures``: ``python -m tests.browser.pictures``."""

from io import BytesIO
from pathlib import Path
from typing import Any, Literal

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests.browser.driver import DigitPage, chromium, hand_made
from tests.live_server import live_server

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
DEVICES: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1100, "height": 640}},
    "phone": {"viewport": {"width": 390, "height": 664}, "is_mobile": True, "has_touch": True},
}
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
COLOURS = 128  # a palette halves the files and is not seen


def take_pictures(folder: Path = FOLDER) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with live_server() as server, sync_playwright() as playwright, chromium(playwright) as browser:
        for device, options in DEVICES.items():
            for theme in THEMES:
                picture = take_picture(browser, server.url, options | {"color_scheme": theme})
                picture.save(folder / f"page-{device}-{theme}.png", optimize=True)


def take_picture(browser: Browser, url: str, options: dict[str, Any]) -> Image.Image:
    """The page with a drawing and its answer, at two device pixels a CSS pixel."""
    context = browser.new_context(device_scale_factor=2, reduced_motion="reduce", **options)
    page = DigitPage(context.new_page(), url)
    page.draw(hand_made(3))
    page.settle()
    picture = Image.open(BytesIO(page.page.screenshot()))
    context.close()
    return picture.convert("RGB").quantize(COLOURS)


if __name__ == "__main__":
    take_pictures()
