"""The document and the server agree in the short form, and a lie would be seen."""

from collections import Counter

import pytest

from benchmarks.reliability.contract import judge, measure

pytestmark = pytest.mark.alone


def test_schemathesis_finds_no_difference_between_the_document_and_the_server() -> None:
    missed = [row for row in measure(short=True) if not row.met]
    assert not missed, missed[0].seen


def test_a_failure_or_an_empty_run_does_not_meet_the_bar() -> None:
    examples = Counter({"GET /healthz": 10})
    assert [row.met for row in judge(examples, [])] == [True]
    assert [row.met for row in judge(examples, ["GET /healthz: a failure"])] == [False]
    assert [row.met for row in judge(Counter(), [])] == [False]
