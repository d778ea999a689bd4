"""Drawings as data: points, strokes and the frame that they were drawn in."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn

from drawn_digits.errors import InvalidDrawing, TooManyPoints, TooManyStrokes
from drawn_digits.settings import LIMITS

DEFAULT_PRESSURE = 0.5
"""What Pointer Events report for a mouse: a line of exactly the line width."""


@dataclass(frozen=True, slots=True)
class Point:
    """One sample of the pen.

    ``x`` grows to the right and ``y`` downwards, in any unit; ``time`` is in milliseconds from
    any start; ``pressure`` is 0..1, where 0.5 draws the plain line width.
    """

    x: float
    y: float
    time: float = 0.0
    pressure: float = DEFAULT_PRESSURE


@dataclass(frozen=True, slots=True)
class Stroke:
    """The points between pen down and pen up, in the order drawn."""

    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Strokes, and optionally the frame and pen that they were drawn with.

    With ``width`` and ``height`` (the canvas, in the points' unit) the drawing keeps its place
    and size on that canvas. Without them it is scaled and centred. ``line_width`` is in the
    points' unit too.

    Raises:
        InvalidDrawing: a number is none or not finite, a frame is not positive, or only one of
            width and height is given.
        TooManyStrokes, TooManyPoints: more than ``LIMITS`` allows.
    """

    strokes: tuple[Stroke, ...]
    width: float | None = None
    height: float | None = None
    line_width: float | None = None

    def __post_init__(self) -> None:
        _check_counts(self.strokes)
        _check_frame(self)
        for number, stroke in enumerate(self.strokes, 1):
            for ordinal, point in enumerate(stroke.points, 1):
                if not _is_valid(point):
                    _refuse(point, f"point {ordinal} of stroke {number}")

    @classmethod
    def from_json(cls, document: object) -> "Drawing":
        """Read the API's form: ``{"strokes": [[{"x": 1, "y": 2}, ...], ...], ...}``.

        ``document`` is what a JSON parser returns. ``time`` and ``pressure`` of a point and
        ``width``, ``height`` and ``line_width`` of the drawing may be missing or null.

        Raises:
            InvalidDrawing (or a subclass): the document is not of this form.
        """
        if not isinstance(document, Mapping):
            raise InvalidDrawing(
                f'A drawing is an object {{"strokes": [...]}}, but {kind_of(document)} came.'
            )
        _check_keys(document, _DRAWING_KEYS, "drawing")
        return cls(
            strokes=_read_strokes(document.get("strokes")),
            width=_read_optional(document, "width"),
            height=_read_optional(document, "height"),
            line_width=_read_optional(document, "line_width"),
        )

    def to_json(self) -> dict[str, object]:
        """The form that ``from_json`` reads."""
        document: dict[str, object] = {
            "strokes": [
                [
                    {name: float(getattr(p, name)) for name in ("x", "y", "time", "pressure")}
                    for p in stroke.points
                ]
                for stroke in self.strokes
            ]
        }
        frame = {"width": self.width, "height": self.height, "line_width": self.line_width}
        return document | {key: float(value) for key, value in frame.items() if value is not None}

    @property
    def points(self) -> tuple[Point, ...]:
        """All points of all strokes."""
        return tuple(point for stroke in self.strokes for point in stroke.points)


_DRAWING_KEYS = frozenset({"strokes", "width", "height", "line_width"})
_POINT_KEYS = frozenset({"x", "y", "time", "pressure"})


def _check_counts(strokes: tuple[Stroke, ...]) -> None:
    if len(strokes) > LIMITS.strokes:
        raise TooManyStrokes(
            f"{len(strokes)} strokes came, at most {LIMITS.strokes} are read. "
            "Send one digit, and leave out what is not part of it."
        )
    count = sum(len(stroke.points) for stroke in strokes)
    if count > LIMITS.points:
        raise TooManyPoints(
            f"{count} points came, at most {LIMITS.points} are read. Send fewer samples a stroke."
        )


def _check_frame(drawing: Drawing) -> None:
    for name in ("width", "height", "line_width"):
        value = getattr(drawing, name)
        if value is not None and not (_is_finite(value) and value > 0):
            raise InvalidDrawing(f"{name} is {_show(value)}; it must be a finite number above 0.")
    if (drawing.width is None) != (drawing.height is None):
        raise InvalidDrawing(
            "Only one of width and height came. Give both, to keep the drawing's place on its "
            "canvas, or neither, to have it scaled and centred."
        )


def _is_valid(point: Point) -> bool:
    """Asked of millions of points, so it does not say what is wrong."""
    try:
        return (
            math.isfinite(point.x)
            and math.isfinite(point.y)
            and math.isfinite(point.time)
            and 0 <= point.pressure <= 1
        )
    except (TypeError, OverflowError):  # as in ``_is_finite``
        return False


def _refuse(point: Point, place: str) -> NoReturn:
    for name in ("x", "y", "time", "pressure"):
        value = getattr(point, name)
        if not _is_finite(value):
            raise InvalidDrawing(
                f"{name} of {place} is {_show(value)}; it must be a finite number."
            )
    raise InvalidDrawing(
        f"pressure of {place} is {point.pressure}; it must lie between 0 and 1 "
        "(0.5 or missing draws the plain line width)."
    )


def _is_finite(value: object) -> bool:
    """Of any kind of real number, NumPy's too."""
    try:
        return math.isfinite(value)  # type: ignore[arg-type]  # what is no number is refused here
    except (TypeError, OverflowError):  # OverflowError: an integer beyond 1.8e308
        return False


def _show(value: object) -> str:
    is_too_large = isinstance(value, int) and not _is_finite(value)
    return "an integer too large" if is_too_large else f"{value!r:.40}"


def _read_strokes(value: object) -> tuple[Stroke, ...]:
    if not isinstance(value, list):
        raise InvalidDrawing(f"strokes must be a list of strokes, but {kind_of(value)} came.")
    if len(value) > LIMITS.strokes:
        raise TooManyStrokes(f"{len(value)} strokes came, at most {LIMITS.strokes} are read.")
    return tuple(_read_stroke(stroke, number) for number, stroke in enumerate(value, 1))


def _read_stroke(value: object, number: int) -> Stroke:
    if not isinstance(value, list):
        raise InvalidDrawing(
            f"stroke {number} must be a list of points, but {kind_of(value)} came."
        )
    if len(value) > LIMITS.points:
        raise TooManyPoints(f"{len(value)} points came, at most {LIMITS.points} are read.")
    return Stroke(
        tuple(
            _read_point(point, f"point {ordinal} of stroke {number}")
            for ordinal, point in enumerate(value, 1)
        )
    )


def _read_point(value: object, place: str) -> Point:
    if not isinstance(value, Mapping):
        raise InvalidDrawing(
            f'{place} must be an object {{"x": ..., "y": ...}}, but {kind_of(value)} came.'
        )
    _check_keys(value, _POINT_KEYS, place)
    return Point(
        x=_read_number(value.get("x"), f"x of {place}"),
        y=_read_number(value.get("y"), f"y of {place}"),
        time=_read_number(_present(value.get("time"), 0.0), f"time of {place}"),
        pressure=_read_number(
            _present(value.get("pressure"), DEFAULT_PRESSURE), f"pressure of {place}"
        ),
    )


def _present(value: object, default: float) -> object:
    return default if value is None else value


def _read_optional(document: Mapping[object, object], name: str) -> float | None:
    value = document.get(name)
    return None if value is None else _read_number(value, name)


def _read_number(value: object, place: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidDrawing(f"{place} must be a number, but {kind_of(value)} came.")
    try:
        return float(value)
    except OverflowError:  # an integer beyond 1.8e308
        raise InvalidDrawing(f"{place} is too large; it must be a finite number.") from None


def _check_keys(document: Mapping[object, object], known: frozenset[str], place: str) -> None:
    unknown = sorted(str(key)[:40] for key in document if key not in known)
    if unknown:
        raise InvalidDrawing(
            f"{place} has the unknown key {unknown[0]!r}; known are {', '.join(sorted(known))}."
        )


def kind_of(value: object) -> str:
    """What JSON calls a value, for messages: "an object", "a list" ..."""
    names = {dict: "an object", list: "a list", str: "a text", bool: "a boolean"}
    if value is None:
        return "nothing"
    return names.get(type(value), "a number" if isinstance(value, int | float) else "no JSON value")
