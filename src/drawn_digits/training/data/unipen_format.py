"""The UNIPEN 1.0 text format: segments that name pen components by number.

Guyon et al., "UNIPEN project of on-line data exchange and recognizer benchmarks", ICPR 1994.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from drawn_digits.errors import DataDamaged

Include = Callable[[str], str]
"""Gives the text of the file that an ``.INCLUDE`` names."""

_STATEMENT = re.compile(r"^\.(?=[A-Z])", re.MULTILINE)  # ".5 3" is a coordinate, no keyword
_SEGMENT = re.compile(r'(?P<level>\S+)\s+(?P<components>\S+)\s+(?P<quality>\S+)\s+"(?P<label>.*)"')
_COMPONENT_NUMBERS = re.compile(r"(\d{1,6})(?:-(\d{1,6}))?")  # a file holds a few thousand
_MOST_NESTED_INCLUDES = 8  # the release nests one deep; a file that includes itself must end


@dataclass(frozen=True, slots=True)
class Component:
    """What the pen did between two changes of its state: the numbers as text, read when needed."""

    pen_down: bool
    text: str
    columns: tuple[str, ...]
    writer: str

    def points(self) -> NDArray[np.float64]:
        """X and Y, float64 [points, 2], in the digitizer's units, y growing upwards.

        Raises:
            DataDamaged: not numbers, or not a whole number of rows.
        """
        try:
            rows = np.array(self.text.split(), dtype=np.float64).reshape(-1, len(self.columns))
        except ValueError:
            raise DataDamaged(
                f"A pen component should hold rows of {' '.join(self.columns)}, but reads "
                f"{self.text[:60]!r}."
            ) from None
        return rows[:, [self.columns.index("X"), self.columns.index("Y")]]


@dataclass(frozen=True, slots=True)
class Segment:
    """A labelled range of components; ``comment`` is the ``.COMMENT`` that follows it, or ""."""

    level: str
    components: tuple[int, ...]
    quality: str
    label: str
    comment: str = ""


@dataclass(slots=True)
class Document:
    """A UNIPEN text with everything that it includes."""

    segments: list[Segment] = field(default_factory=list)
    components: list[Component] = field(default_factory=list)

    def lines(self, segment: Segment) -> list[NDArray[np.float64]]:
        """The pen-down lines of a segment, each float64 [points, 2], y growing upwards."""
        return [c.points() for c in self._components(segment) if c.pen_down]

    def writer(self, segment: Segment) -> str:
        """The ``.WRITER_ID`` in force where the segment's first component was written, or ""."""
        return self._components(segment)[0].writer

    def _components(self, segment: Segment) -> list[Component]:
        if max(segment.components) >= len(self.components):
            raise DataDamaged(
                f"Segment {segment.label!r} names component {max(segment.components)}, but there "
                f"are {len(self.components)}. The file or one that it includes is cut short."
            )
        return [self.components[number] for number in segment.components]


def parse_unipen(text: str, include: Include) -> Document:
    """Read a UNIPEN text; ``include`` gives the text of each file that it includes.

    Components are numbered as segments count them: every one that holds points, pen down or up.

    Raises:
        DataDamaged: a segment, a coordinate order or the nesting of includes cannot be read.
    """
    document = Document()
    columns: tuple[str, ...] = ("X", "Y")
    writer = ""
    for keyword, value in _statements(text, include):
        match keyword:
            case "SEGMENT":
                document.segments.append(_read_segment(value))
            case "COMMENT":
                _attach_comment(document, value)
            case "COORD":
                columns = _read_columns(value)
            case "WRITER_ID":
                writer = value
            case "PEN_DOWN" | "PEN_UP" if value:
                component = Component(keyword == "PEN_DOWN", value, columns, writer)
                document.components.append(component)
    return document


def _statements(text: str, include: Include, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Keyword and value of each statement, those of included files in place of the include."""
    if depth > _MOST_NESTED_INCLUDES:
        raise DataDamaged(f"Files include each other more than {_MOST_NESTED_INCLUDES} deep.")
    lines_ended_alike = text.replace("\r\n", "\n").replace("\r", "\n")
    for statement in _STATEMENT.split(lines_ended_alike)[1:]:
        keyword, *rest = statement.split(maxsplit=1)
        value = rest[0].strip() if rest else ""
        if keyword == "INCLUDE":
            yield from _statements(include(value), include, depth + 1)
        else:
            yield keyword, value


def _read_segment(value: str) -> Segment:
    found = _SEGMENT.match(value)
    if found is None:
        raise DataDamaged(f'A segment reads {value[:60]!r}, not: LEVEL COMPONENTS QUALITY "LABEL".')
    return Segment(
        level=found["level"],
        components=_read_component_numbers(found["components"]),
        quality=found["quality"],
        label=re.sub(r"\\(.)", r"\1", found["label"]),
    )


def _read_component_numbers(value: str) -> tuple[int, ...]:
    """Read "3", "3-5" and "3-5,8"; parts of components ("3:10-5:2") are not part of this data."""
    numbers: list[int] = []
    for part in value.split(","):
        found = _COMPONENT_NUMBERS.fullmatch(part)
        first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, -1)
        if last < first:
            raise DataDamaged(
                f"A segment names the components {value!r}; expected 3, 3-5 or 3-5,8."
            )
        numbers.extend(range(first, last + 1))
    return tuple(numbers)


def _read_columns(value: str) -> tuple[str, ...]:
    columns = tuple(value.split())
    if not {"X", "Y"} <= set(columns):
        raise DataDamaged(f".COORD must name X and Y, but reads {value!r}.")
    return columns


def _attach_comment(document: Document, comment: str) -> None:
    """Pendigits writes label, writer and ordinal as a comment right below each segment."""
    if document.segments and not document.segments[-1].comment:
        last = document.segments[-1]
        document.segments[-1] = Segment(
            last.level, last.components, last.quality, last.label, comment
        )
