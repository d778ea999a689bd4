"""Pendigits: digits of 44 writers on a tablet with a display, one UNIPEN text a file."""

from drawn_digits.errors import DataDamaged
from drawn_digits.training.data.extras import import_extra
from drawn_digits.training.data.folder import find_file
from drawn_digits.training.data.pen_sample import PenSample, upside_down
from drawn_digits.training.data.splits import PENDIGITS_WRITERS, Split
from drawn_digits.training.data.unipen_format import Document, Segment, parse_unipen

SAMPLES = {"tra": 7494, "tes": 3498}
"""How many digits each file holds: a ``.Z`` that is cut short decompresses without an error."""


def load_pendigits(split: Split) -> list[PenSample]:
    """The digits of a split's writers, in the file's order; coordinates are 0..500 tablet units.

    Raises:
        DataMissing: the file is not there.
        DataDamaged: it is truncated or not what it should be.
        MissingExtra: the package that reads ``.Z`` is not installed.
    """
    part, writers = PENDIGITS_WRITERS[split]
    return [sample for number, sample in read_pendigits(part) if number in writers]


def read_pendigits(part: str) -> list[tuple[int, PenSample]]:
    """Every sample of a file ("tra" or "tes"), each with its writer's number in that file."""
    name = f"pendigits/pendigits-orig.{part}.Z"
    document = parse_unipen(
        _decompress(name), include=lambda _: ""
    )  # its dene.doc was never issued
    if len(document.segments) != SAMPLES[part]:
        raise DataDamaged(
            f"{name} holds {len(document.segments)} digits instead of {SAMPLES[part]}. {_MENDING}"
        )
    return [_read_sample(document, segment, part) for segment in document.segments]


def _read_sample(document: Document, segment: Segment, part: str) -> tuple[int, PenSample]:
    label, number, ordinal = _read_comment(segment)
    sample = PenSample(
        lines=upside_down(document.lines(segment)),
        label=label,
        source="pendigits",
        writer=f"pendigits-{part}-{number:02d}",
        ordinal=ordinal,
    )
    return number, sample


def _read_comment(segment: Segment) -> tuple[str, int, int]:
    """Label, writer and ordinal; the label stands in the segment too, and both must agree."""
    fields = segment.comment.split()
    if len(fields) != 3 or not all(f.isdecimal() for f in fields) or fields[0] != segment.label:
        raise DataDamaged(
            f"A pendigits segment {segment.label!r} should be followed by a comment of label, "
            f"writer and ordinal, but reads {segment.comment[:60]!r}."
        )
    return fields[0], int(fields[1]), int(fields[2])


def _decompress(name: str) -> str:
    ncompress = import_extra("ncompress")
    try:
        content: bytes = ncompress.decompress(find_file(name).read_bytes())
    except ValueError as error:
        raise DataDamaged(f"{name} cannot be decompressed ({error}). {_MENDING}") from error
    return content.decode("latin-1")


_MENDING = "Remove it and run: drawn-digits data fetch pendigits"
