"""How long an answer takes, beside named references, in one run.

Each time is the median of many calls, on one thread. The reference for the whole way is the classic
one: Keras' ``model.predict`` on a canvas shrunk to 28 x 28, on as many threads as TensorFlow likes.
"""

import statistics
import time
from collections.abc import Callable

import numpy as np

from drawn_digits import Drawing, Point, Stroke, decode_picture, load_recognizer, rasterize
from drawn_digits.ink.arrays import encode_png
from drawn_digits.training.classic_network import build_classic_network
from drawn_digits.training.evaluation.classic import shrink
from drawn_digits.training.machine import describe_machine

REPEATS = 200


def main() -> None:
    angles = np.linspace(0, 6.2, 60)
    circle = Stroke(tuple(Point(140 + 60 * np.cos(a), 140 + 80 * np.sin(a)) for a in angles))
    drawing = Drawing((circle,), 280, 280, 22)
    picture = rasterize(drawing)
    png = encode_png(picture)
    recognizer = load_recognizer()
    classic = build_classic_network()
    rows: dict[str, Callable[[], object]] = {
        "model, 280 x 280": lambda: recognizer.predict([picture]),
        "model, 140 x 140": lambda: recognizer.predict([picture[::2, ::2].copy()]),
        "model, 28 x 28": lambda: recognizer.predict([picture[::10, ::10].copy()]),
        "decode a PNG, 280 x 280": lambda: decode_picture(png),
        "paint 60 points": lambda: rasterize(drawing),
        "decode and model": lambda: recognizer.predict([decode_picture(png)]),
        "classic: shrink and Keras predict": lambda: classic.predict(
            shrink(picture)[None, ..., None], verbose=0
        ),
    }
    times = {name: median_milliseconds(call) for name, call in rows.items()}
    reference = times["classic: shrink and Keras predict"]
    print(f"{describe_machine()}, median of {REPEATS} calls")
    for name, milliseconds in times.items():
        print(
            f"{name:<36}{milliseconds:>8.2f} ms{reference / milliseconds:>8.1f} x the classic way"
        )


def median_milliseconds(call: Callable[[], object]) -> float:
    call()
    times = []
    for _ in range(REPEATS):
        begin = time.perf_counter()
        call()
        times.append(time.perf_counter() - begin)
    return statistics.median(times) * 1000


if __name__ == "__main__":
    main()
