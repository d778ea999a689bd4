"""Draws on the page as a person does, with real pointer events, and reads what it shows."""

import base64
import json
import shutil
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    Route,
)

SIDE = 280
"""The canvas's own coordinates run from 0 to here."""

# Reads a copy: reading the page's own canvas makes Chromium warn and repaint it more slowly.
_READ_PAPER = """
    globalThis.readPaper = () => {
        const side = paper.width;
        const pen = new OffscreenCanvas(side, side).getContext("2d", { willReadFrequently: true });
        pen.drawImage(paper, 0, 0);
        const pixels = pen.getImageData(0, 0, side, side).data;
        if (pixels.some((value, i) => i % 4 === 3 && value !== 255)) throw "transparent paper";
        return { side, greyAt: (x, y) => pixels[4 * (y * side + x)] };
    };
"""

# Keeps the newest picture that the worker was given, and the outputs that came back.
_WATCH_WORKER = """
    globalThis.Worker = class extends Worker {
        constructor(...facts) {
            super(...facts);
            this.addEventListener("message", ({ data }) => {
                if (data.kind === "outputs") lastRead.outputs = data.outputs;
            });
        }
        postMessage(order, transfer) {
            if (order.kind === "read") globalThis.lastRead = { pixels: order.pixels.slice() };
            super.postMessage(order, transfer);
        }
    };
"""

MODEL = "**/models/*.onnx"
"""Where the page fetches the model for the device."""

Model = Literal["ready", "held", "coming"]
Place = tuple[float, float]
Strokes = Sequence[Sequence[Place]]

DRAWINGS = Path(__file__).parent.parent / "drawings"
_SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",  # a camera that shows a moving test picture
    "--use-fake-ui-for-media-stream",
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


@dataclass(frozen=True)
class DeviceReading:
    """One picture that the model on the device read, uint8 [280, 280], and what it said."""

    pixels: NDArray[np.uint8]
    probabilities: list[float]
    milliseconds: float


@dataclass(frozen=True)
class Frame:
    """The canvas on the screen: its corner in CSS pixels, and how many one unit takes."""

    left: float
    top: float
    scale: float

    def on_screen(self, place: Place) -> Place:
        return self.left + place[0] * self.scale, self.top + place[1] * self.scale


class DigitPage:
    """The page in one tab. ``faults`` gathers what must never happen while it is used."""

    def __init__(self, page: Page, url: str, model: Model = "ready") -> None:
        """Open the page; ``model`` says how far the one on the device has to come.

        "ready" waits until it can answer, "held" never lets it arrive, "coming" lets it come.
        """
        self.page = page
        self.faults: list[str] = []
        self._url = url
        page.on("console", self._note_console)
        page.on("pageerror", lambda error: self.faults.append(f"page error: {error}"))
        page.on("request", self._note_request)
        page.add_init_script(_READ_PAPER)
        page.add_init_script(_WATCH_WORKER)
        self.held: list[Route] = []
        if model == "held":
            page.route(MODEL, lambda route: self.held.append(route))
        page.goto(f"{url}/")
        self._pointer = page.context.new_cdp_session(page)
        if model == "ready":
            self.wait_for_model()

    def held_model(self) -> Route:
        """The request for the model that is held back, as soon as it was made."""
        while not self.held:
            self.page.wait_for_timeout(20)
        return self.held[0]

    def wait_for_model(self) -> None:
        """Wait until the model on the device can answer."""
        self.page.wait_for_selector("#model-state[data-state=ready]", timeout=30_000)

    def draw(self, strokes: Strokes) -> None:
        """Draw with the mouse; coordinates are the canvas's."""
        frame = self.frame()
        for stroke in strokes:
            for place, kind in zip(stroke, _kinds(len(stroke)), strict=True):
                self.mouse(kind, place, frame)
            self.mouse("mouseReleased", stroke[-1], frame)

    def mouse(self, kind: str, place: Place, frame: Frame | None = None, **more: object) -> None:
        """One mouse event, as Chromium's own input layer hands it to the page."""
        x, y = (frame or self.frame()).on_screen(place)
        event = {"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1}
        buttons = 0 if kind == "mouseReleased" else 1
        self._pointer.send("Input.dispatchMouseEvent", event | {"buttons": buttons} | more)

    def touch(self, kind: str, **fingers: Place) -> None:
        """One touch event with all ``fingers`` that are down, named ``f1``, ``f2``, ..."""
        frame = self.frame()
        points = [
            dict(zip("xy", frame.on_screen(place), strict=True)) | {"id": int(name[1:])}
            for name, place in fingers.items()
        ]
        self._pointer.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def frame(self) -> Frame:
        """Where the canvas lies now."""
        box = self.page.locator("#paper").bounding_box()
        assert box is not None
        return Frame(box["x"], box["y"], box["width"] / SIDE)

    def settle(self) -> None:
        """Wait until no answer is on its way."""
        self.page.wait_for_selector("#answer[aria-busy=false]")

    def wait_until(self, condition: str) -> None:
        """Wait for a JavaScript condition, asked from here.

        Playwright's own wait_for_function polls by eval inside the page, which the page's content
        security policy refuses from the second time on.
        """
        deadline = time.monotonic() + 10
        while not self.page.evaluate(condition):
            assert time.monotonic() < deadline, f"{condition} did not come true in 10 s"
            self.page.wait_for_timeout(20)

    @property
    def origin(self) -> str:
        """Who answered, and in which time."""
        self.settle()
        return self.page.locator(".origin").inner_text()

    def device_reading(self) -> DeviceReading:
        """The newest picture that the model on the device read.

        While the pen is down there may be one that it is still reading: that one is waited for.
        """
        self.settle()
        self.wait_until("lastRead.outputs !== undefined")
        script = """() => ({
            pixels: btoa(Array.from(lastRead.pixels, (grey) => String.fromCharCode(grey)).join("")),
            probabilities: [...lastRead.outputs.probabilities],
            milliseconds: lastRead.outputs.milliseconds,
        })"""
        read = self.page.evaluate(script)
        pixels = np.frombuffer(base64.b64decode(read["pixels"]), np.uint8).reshape(SIDE, SIDE)
        return DeviceReading(pixels, read["probabilities"], read["milliseconds"])

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
        return self.page.locator("#answer [role=status]").inner_text()

    def grey(self, place: Place) -> int:
        """The canvas's own pixel at a place: 0 is black ink, 255 is white paper."""
        script = """([x, y]) => {
            const { side, greyAt } = readPaper();
            return greyAt(Math.floor((x * side) / 280), Math.floor((y * side) / 280));
        }"""
        value: int = self.page.evaluate(script, list(place))
        return value

    def inked(self) -> float:
        """How much of the paper is dark, 0..1."""
        script = """() => {
            const { side, greyAt } = readPaper();
            let dark = 0;
            for (let y = 0; y < side; y++)
                for (let x = 0; x < side; x++) dark += greyAt(x, y) < 128 ? 1 : 0;
            return dark / side ** 2;
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
