"""What fuzzing kept is read or refused by name, without a warning; CI needs no atheris for it."""

from pathlib import Path

import pytest

from benchmarks.reliability.fuzz_targets import TARGETS, read

pytestmark = pytest.mark.alone

CORPUS = Path(__file__).parent / "corpus"
KEPT = [path for target in sorted(TARGETS) for path in sorted((CORPUS / target).iterdir())]


@pytest.mark.parametrize("path", KEPT, ids=[f"{path.parent.name}-{path.name[:8]}" for path in KEPT])
def test_what_fuzzing_kept_is_read_or_refused_by_name(path: Path) -> None:
    read(path.parent.name, path.read_bytes())


@pytest.mark.parametrize("target", sorted(TARGETS))
def test_every_target_has_a_corpus(target: str) -> None:
    assert len(list((CORPUS / target).iterdir())) >= 3


def test_the_corpus_stays_small() -> None:
    assert sum(path.stat().st_size for path in KEPT) < 300_000
