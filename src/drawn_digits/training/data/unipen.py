"""UNIPEN train_r01_v07: isolated digits, letters and symbols of nine donors."""

import lzma
import re
import tarfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from drawn_digits.errors import DataDamaged, DataMissing
from drawn_digits.training.data.folder import data_folder
from drawn_digits.training.data.pen_sample import PenSample, upside_down
from drawn_digits.training.data.smoothing import smooth_line
from drawn_digits.training.data.sources import UNIPEN_BY_HAND, UNIPEN_RELEASE, UNIPEN_SUBSET
from drawn_digits.training.data.splits import UNIPEN_DONORS, Split
from drawn_digits.training.data.unipen_format import Document, Segment, parse_unipen

Kind = Literal["digits", "letters", "symbols"]

SECTIONS: dict[Kind, tuple[str, ...]] = {
    "digits": ("1a",),
    "letters": ("1b", "1c"),  # upper case, lower case
    "symbols": ("1d",),
}

COARSE_DONORS = frozenset({"apa", "app"})
"""Digitized so coarsely (a digit is about 20 units high) that lines are staircases."""

_DONORS = frozenset(donor for donors in UNIPEN_DONORS.values() for donor in donors)
_MEMBER = re.compile(r"(?:^|/)((?:data/(?:1[abcd])|include)/(\w+)/.+)$")


def load_unipen(split: Split, kind: Kind) -> list[PenSample]:
    """The digits, letters or symbols of a split's donors, without exact duplicates.

    Coordinates are each digitizer's own units; lines of coarse digitizers are smoothed.

    Raises:
        DataMissing: the archive is not there.
        DataDamaged: it is truncated or not what it should be.
    """
    return list(_load(find_archive(), split)[kind])


@cache  # seconds to read; a run asks for each kind several times, and all take 80 MB
def _load(archive: Path, split: Split) -> dict[Kind, tuple[PenSample, ...]]:
    donors = [read_donor(archive, donor) for donor in UNIPEN_DONORS[split]]
    return {
        kind: tuple(_without_duplicates(sample for donor in donors for sample in donor[kind]))
        for kind in SECTIONS
    }


def read_donor(archive: Path, donor: str) -> dict[Kind, list[PenSample]]:
    """Every sample of a donor, duplicates included, in the order of the archive's file names.

    Writers are numbered by donor in the order in which they first appear, from the digits on:
    their own ids are people's names, and a number means the same person in every kind.
    """
    samples: dict[Kind, list[PenSample]] = {kind: [] for kind in SECTIONS}
    numbers: dict[str, int] = {}
    for kind in SECTIONS:
        counts: Counter[str] = Counter()
        for document, segment in _segments(archive, donor, kind):
            number = numbers.setdefault(document.writer(segment), len(numbers) + 1)
            writer = f"unipen-{donor}-{number:02}"
            counts[writer] += 1
            samples[kind].append(_sample(document, segment, donor, writer, counts[writer]))
    return samples


def _segments(archive: Path, donor: str, kind: Kind) -> Iterator[tuple[Document, Segment]]:
    files = _read_archive(archive)
    for section in SECTIONS[kind]:
        for name in sorted(n for n in files if n.startswith(f"data/{section}/{donor}/")):
            document = _parse(name, files)
            for segment in document.segments:
                yield document, segment


def _sample(
    document: Document, segment: Segment, donor: str, writer: str, ordinal: int
) -> PenSample:
    lines = document.lines(segment)
    if donor in COARSE_DONORS:
        lines = [smooth_line(line) for line in lines]
    return PenSample(
        lines=upside_down(lines),
        label=segment.label,
        source="unipen",
        writer=writer,
        ordinal=ordinal,
        donor=donor,
    )


def _without_duplicates(samples: Iterable[PenSample]) -> Iterator[PenSample]:
    """Leave out what was issued twice: same donor, same label, same points."""
    seen = set()
    for sample in samples:
        points = tuple(line.tobytes() for line in sample.lines)
        key = (sample.donor, sample.label, points)
        if key not in seen:
            seen.add(key)
            yield sample


def _parse(name: str, files: dict[str, bytes]) -> Document:
    """Included paths are relative to the archive's ``include`` folder."""

    def include(path: str) -> str:
        content = files.get(f"include/{path}")
        if content is None:
            raise DataDamaged(f"{name} includes {path}, which the UNIPEN archive does not hold.")
        return content.decode("latin-1")

    return parse_unipen(files[name].decode("latin-1"), include)


def find_archive() -> Path:
    """The project's subset of the release, or else the release itself.

    Raises:
        DataMissing: neither is in the data folder.
    """
    for name in (UNIPEN_SUBSET, UNIPEN_RELEASE):
        if (path := data_folder() / name).is_file():
            return path
    raise DataMissing(
        f"{UNIPEN_SUBSET} is not in {data_folder()}. " + UNIPEN_BY_HAND.format(folder=data_folder())
    )


@lru_cache(maxsize=1)  # five seconds to decompress, 45 MB to keep, and each split asks for it
def _read_archive(path: Path) -> dict[str, bytes]:
    """Files of the nine donors by path from ``data`` or ``include`` on; nothing is unpacked."""
    files: dict[str, bytes] = {}
    try:
        with tarfile.open(path) as archive:
            for member in archive:
                found = _MEMBER.search(member.name)
                if found and found[2] in _DONORS and (content := archive.extractfile(member)):
                    files[found[1]] = content.read()
    except (tarfile.TarError, lzma.LZMAError, zlib.error, EOFError, OSError) as error:
        raise DataDamaged(f"{path} cannot be read as a tar archive ({error}).") from error
    return files
