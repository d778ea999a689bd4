import re

import pytest

from drawn_digits.training.data.sources import SOURCES, Source


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_a_source_has_all_that_its_use_needs(source: Source) -> None:
    assert source.licence.startswith("CC BY")
    assert source.page.startswith("http")
    assert source.citation
    assert source.files
    for file in source.files:
        assert re.fullmatch(r"[0-9a-f]{64}", file.sha256)
        assert file.name.startswith(f"{source.name}/")
        assert file.size > 0
        assert file.addresses or source.by_hand
        assert all(address.startswith("https://") for address in file.addresses)


def test_mnists_checksums_are_those_published_with_the_uncompressed_files() -> None:
    mnist = next(source for source in SOURCES if source.name == "mnist")
    checksums = {file.name: file.sha256 for file in mnist.files}
    assert checksums["mnist/t10k-labels-idx1-ubyte.gz"].startswith("ff7bcfd416de3373")
    assert len(checksums) == 4
