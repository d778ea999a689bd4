"""How long the page takes from a pointer event to its answer, in headless Chromium.

Draws strokes by real pointer events, 60 a second as a screen has frames, the model on the device
being ready. The time of an answer runs from the newest pointer event that it knows of (its own
time stamp) to the moment when the answer stands in the page; the model's own time inside the worker
is beside it. The longest task is the page's own JavaScript, from Chromium's trace.
"""

import json
import os
import statistics
from collections.abc import Sequence
from typing import Any

import numpy as np
from playwright.sync_api import Browser, sync_playwright

from tests.browser.driver import DigitPage, chromium, hand_made
from tests.live_server import live_server

STROKES = 200
FRAME_MILLISECONDS = 1000 / 60
POINTS = 30  # a stroke: half a second
_WATCH = """
    globalThis.times = [];
    let newest = 0, asked = 0;
    const note = (event) => { newest = event.timeStamp; };
    addEventListener("pointerrawupdate", note, { capture: true });
    globalThis.Worker = class extends Worker {
        constructor(...facts) {
            super(...facts);
            this.addEventListener("message", ({ data }) => {
                if (data.kind !== "outputs" || newest === 0) return;
                const worker = data.outputs.milliseconds, from = asked;
                // The page's own listener came first; its promises settle before this task.
                setTimeout(() => times.push([written - from, worker]));
            });
        }
        postMessage(order, transfer) {
            if (order.kind === "read") asked = newest;
            super.postMessage(order, transfer);
        }
    };
    let written = 0;
    addEventListener("DOMContentLoaded", () => {
        new MutationObserver(() => { written = performance.now(); }).observe(
            document.querySelector("#answer"), { attributes: true }); // its state, set every time
    });
"""


def main() -> None:
    with live_server() as server, sync_playwright() as playwright, chromium(playwright) as browser:
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        tab = context.new_page()
        tab.add_init_script(_WATCH)
        page = DigitPage(tab, server.url)
        draw(page, 20)  # warm
        tab.evaluate("times.length = 0")
        draw(page, STROKES)
        times = np.array(tab.evaluate("times"))
        longest = longest_task(browser, page)
    print(f"{os.cpu_count()} cores; {STROKES} strokes, {len(times)} answers")
    for name, column in zip(("pointer event to answer", "inside the worker"), times.T, strict=True):
        print(f"{name}: {describe(column)}")
    print(f"longest task of the page's own code while drawing: {longest:.1f} ms")


def draw(page: DigitPage, strokes: int) -> None:
    """Strokes of the ten hand-made digits, one after the other."""
    drawn = 0
    while drawn < strokes:
        for stroke in hand_made(drawn % 10):
            draw_in_frames(page, resampled(stroke))
            drawn += 1
        page.settle()
        page.page.click("#clear")


def resampled(stroke: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """As many points as a hand makes in half a second."""
    places = np.linspace(0, len(stroke) - 1, POINTS)
    x, y = (np.interp(places, range(len(stroke)), [p[axis] for p in stroke]) for axis in (0, 1))
    return list(zip(x.tolist(), y.tolist(), strict=True))


def draw_in_frames(page: DigitPage, places: list[tuple[float, float]]) -> None:
    frame = page.frame()
    page.mouse("mousePressed", places[0], frame)
    for place in places[1:]:
        page.page.wait_for_timeout(FRAME_MILLISECONDS)
        page.mouse("mouseMoved", place, frame)
    page.mouse("mouseReleased", places[-1], frame)


def longest_task(browser: Browser, page: DigitPage) -> float:
    """Milliseconds of the longest call into JavaScript, over twenty strokes."""
    browser.start_tracing(page=page.page, categories=["devtools.timeline"])
    draw(page, 20)
    events: list[dict[str, Any]] = json.loads(browser.stop_tracing())["traceEvents"]
    calls = [event["dur"] for event in events if event["name"] == "FunctionCall"]
    return float(max(calls)) / 1000


def describe(milliseconds: Sequence[float]) -> str:
    late = float(np.percentile(milliseconds, 95))
    return f"median {statistics.median(milliseconds):.1f} ms, 95th percentile {late:.1f} ms"


if __name__ == "__main__":
    main()
