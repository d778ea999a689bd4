"""Draws on the page as a person does, with real pointer events, and reads what it shows."""

import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, Request

SIDE = 280
"""The canvas's own coordinates run from 0 to here."""

Strokes = Sequence[Sequence[tuple[float, float]]]

DRAWINGS = Path(__file__).parent.parent / "drawings"
_SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def hand_made(digit: int) -> Strokes:
    """The strokes of ``tests/drawings/<digit>.json``."""
    document = json.loads((DRAWINGS / f"{digit}.json").read_text())
    return [[(point["x"], point["y"]) for point in stroke] for stroke in document["strokes"]]


@contextmanager
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """The system's Chromium."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    browser = playwright.chromium.launch(executable_path=path, args=_SWITCHES)
    yield browser
    browser.close()


class DigitPage:
    """The page in one tab. ``faults`` gathers what must never happen while it is used."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.faults: list[str] = []
        self._url = url
        page.on("console", self._note_console)
        page.on("pageerror", lambda error: self.faults.append(f"page error: {error}"))
        page.on("request", self._note_request)
        page.goto(f"{url}/")
        self._pointer = page.context.new_cdp_session(page)

    def draw(self, strokes: Strokes) -> None:
        """Draw with the mouse; coordinates are the canvas's."""
        for stroke in strokes:
            for place, kind in zip(stroke, _kinds(len(stroke)), strict=True):
                self.mouse(kind, place)
            self.mouse("mouseReleased", stroke[-1])

    def mouse(self, kind: str, place: tuple[float, float], **more: object) -> None:
        """One mouse event, as Chromium's own input layer hands it to the page."""
        x, y = self.on_screen(place)
        event = {"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1}
        buttons = 0 if kind == "mouseReleased" else 1
        self._pointer.send("Input.dispatchMouseEvent", event | {"buttons": buttons} | more)

    def touch(self, kind: str, **fingers: tuple[float, float]) -> None:
        """One touch event with all ``fingers`` that are down, named ``f1``, ``f2``, ..."""
        points = [
            dict(zip("xy", self.on_screen(place), strict=True)) | {"id": int(name[1:])}
            for name, place in fingers.items()
        ]
        self._pointer.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def on_screen(self, place: tuple[float, float]) -> tuple[float, float]:
        box = self.page.locator("#paper").bounding_box()
        assert box is not None
        scale = box["width"] / SIDE
        return box["x"] + place[0] * scale, box["y"] + place[1] * scale

    def settle(self) -> None:
        """Wait until no answer is on its way."""
        self.page.wait_for_selector("#answer[aria-busy=false]")

    @property
    def state(self) -> str:
        self.settle()
        return self.page.locator("#answer").get_attribute("data-state") or ""

    @property
    def digit(self) -> str:
        """The large digit, "" where there is none."""
        self.settle()
        return self.page.locator(".sign").inner_text()

    @property
    def words(self) -> str:
        """What a screen reader is told."""
        self.settle()
        return self.page.locator("[role=status]").inner_text()

    def grey(self, place: tuple[float, float]) -> int:
        """The canvas's own pixel at a place: 0 is black ink, 255 is white paper."""
        script = """([x, y]) => {
            const canvas = document.querySelector("#paper");
            const scale = canvas.width / 280;
            const pen = canvas.getContext("2d");
            const pixel = pen.getImageData(Math.floor(x * scale), Math.floor(y * scale), 1, 1).data;
            if (pixel[3] !== 255) throw new Error("The paper is transparent.");
            return pixel[0];
        }"""
        value: int = self.page.evaluate(script, list(place))
        return value

    def inked(self) -> float:
        """How much of the paper is dark, 0..1."""
        script = """() => {
            const canvas = document.querySelector("#paper");
            const pen = canvas.getContext("2d");
            const pixels = pen.getImageData(0, 0, canvas.width, canvas.height).data;
            let dark = 0;
            for (let i = 0; i < pixels.length; i += 4) dark += pixels[i] < 128 ? 1 : 0;
            return dark / (canvas.width * canvas.height);
        }"""
        share: float = self.page.evaluate(script)
        return share

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.faults.append(f"console: {message.text}")

    def _note_request(self, request: Request) -> None:
        if not request.url.startswith((f"{self._url}/", "data:", "blob:")):
            self.faults.append(f"request to another origin: {request.url}")


def _kinds(count: int) -> Iterable[str]:
    return ["mousePressed", *["mouseMoved"] * (count - 1)]
