from typing import Any

from benchmarks.lighthouse_scores import BARS, below_the_bar, flaws, medians, scores, table


def run(performance: int, accessibility: int = 100, practices: int = 100) -> dict[str, int]:
    return dict(zip(BARS, (performance, accessibility, practices), strict=True))


def audit(score: float | None, mode: str = "numeric", value: str = "") -> dict[str, Any]:
    said = {"displayValue": value} if value else {}
    return {"id": "paint", "title": "Paints soon", "score": score, "scoreDisplayMode": mode} | said


def report(score: float | None, paint: dict[str, Any] | None = None) -> dict[str, Any]:
    """Lighthouse's own form, with one audit and the same score in every category."""
    category = {"score": score, "auditRefs": [{"id": "paint"}]}
    return {"categories": dict.fromkeys(BARS, category), "audits": {"paint": paint or audit(1)}}


def test_scores_are_of_100_and_none_counts_as_0() -> None:
    assert scores(report(0.57)) == run(57, 57, 57)
    assert scores(report(None)) == run(0, 0, 0)


def test_each_category_has_its_own_median() -> None:
    runs = [run(70, 100), run(99, 97), run(91, 100), run(95, 96), run(80, 98)]
    assert medians(runs) == run(91, 98)
    assert medians(runs[:2]) == run(70, 97)


def test_only_a_median_below_its_bar_fails() -> None:
    assert below_the_bar(run(90)) == []
    assert below_the_bar(run(89)) == ["performance: the median is 89, the bar 90."]
    assert len(below_the_bar(run(89, 99, 99))) == 3


def test_the_table_ends_with_medians_and_bars() -> None:
    lines = [line.split() for line in table([run(70), run(99), run(91)]).splitlines()]
    assert lines[0] == ["run", *BARS]
    assert lines[1] == ["1", "70", "100", "100"]
    assert lines[-2:] == [["median", "91", "100", "100"], ["bar", "90", "100", "100"]]


def test_an_audit_that_fell_short_once_is_named_with_all_its_marks() -> None:
    reports = [report(1, audit(1)), report(1, audit(0.5, value="3.1 s")), report(1, audit(None))]
    assert flaws(reports) == ["paint (1.00 0.50 -) Paints soon 3.1 s"]


def test_an_audit_that_broke_is_named_and_one_that_does_not_apply_is_not() -> None:
    assert flaws([report(1, audit(None, "notApplicable"))]) == []
    assert flaws([report(1, audit(None, "error"))]) == ["paint (-) Paints soon"]
