from typing import Any

from drawn_digits.training.evaluation.table import format_table

DIGITS = {
    "count": 200,
    "mistakes": 3,
    "accuracy": 0.985,
    "nll": 0.05,
    "ece": 0.004,
    "refused": 0.01,
}
REPORT: dict[str, Any] = {
    "sets": {"mnist": DIGITS},
    "non_digits": {"letters": {"count": 50, "refused": 0.9, "auroc": 0.99}},
}


def test_the_digits_and_the_non_digits_are_a_line_each() -> None:
    lines = format_table(REPORT).splitlines()
    assert len(lines) == 4
    assert lines[1].split() == ["mnist", "200", "3", "98.50%", "0.0500", "0.40%", "1.00%"]
    assert lines[3].split() == ["letters", "50", "90.00%", "0.9900"]
    assert [len(line) for line in lines[:2]] == [len(lines[0])] * 2


def test_good_labels_have_a_column_only_where_bad_ones_are_listed() -> None:
    sets = {
        "mnist": DIGITS | {"bad_labels": 2, "accuracy_without_bad_labels": 0.995},
        "pens": DIGITS | {"bad_labels": 0, "accuracy_without_bad_labels": 0.985},
    }
    listed = format_table(REPORT | {"sets": sets}).splitlines()
    assert "good labels" in listed[0]
    assert [line.split()[4] for line in listed[1:3]] == ["99.50%", "98.50%"]
    none = format_table(REPORT | {"sets": {"pens": sets["pens"]}})
    assert none.splitlines()[1].split()[1:] == listed[2].split()[1:4] + listed[2].split()[5:]


def test_corruptions_and_the_spread_over_runs_are_told_where_measured() -> None:
    corruptions = {"count": 5, "clean": 0.99, "mean": 0.8, "accuracy": {"fog": [0.8] * 5}}
    spread = {"accuracy": [0.98, 0.99], "mean": 0.985, "sd": 0.0071, "ece": [0, 0]}
    refused = {"refused": [0.8, 0.9], "mean": 0.85, "sd": 0.0707}
    auroc = {"auroc": [0.97, 0.99], "mean": 0.98, "sd": 0.0141}
    runs = {
        "count": 2,
        "sets": {"mnist": spread},
        "non_digits": {"letters": {"refused": refused, "auroc": auroc}},
    }
    lines = format_table(REPORT | {"corruptions": corruptions, "runs": runs}).splitlines()
    assert "80.00% right on average (clean 99.00%)" in lines[4]
    assert lines[-3].split() == ["mnist", "98.50%", "±", "0.71%", "over", "2", "runs"]
    assert lines[-1].split()[:4] == ["letters", "85.00%", "±", "7.07%"]
    assert lines[-1].endswith("AUROC 0.9800 ± 0.0141")
    assert lines[-4].split() == ["right,", "over", "seeds", "mean", "sd"]
    former = format_table(REPORT | {"runs": runs | {"model_version": "1.6.0"}}).splitlines()
    assert former[-4].split()[:5] == ["right,", "over", "seeds", "of", "1.6.0"]
    assert former[-2].split()[:5] == ["refused,", "over", "seeds", "of", "1.6.0"]


def test_runs_that_learned_the_split_say_so_before_their_spread() -> None:
    """They may have, where the model that they stand beside has not."""
    runs = {"count": 2, "learned": ["train", "validation"], "sets": {}, "non_digits": {}}
    lines = format_table(REPORT | {"split": "validation", "runs": runs}).splitlines()
    assert lines[4].startswith("SEEN IN TRAINING: the runs have learned validation")
    assert "SEEN" not in format_table(REPORT | {"split": "test", "runs": runs})


def test_figures_of_a_split_that_the_model_has_learned_say_so_first() -> None:
    report = REPORT | {"split": "validation", "seen_in_training": True}
    first, rest = format_table(report).split("\n", 1)
    assert first.startswith("SEEN IN TRAINING")
    assert "validation" in first
    assert rest == format_table(REPORT | {"split": "test", "seen_in_training": False})
