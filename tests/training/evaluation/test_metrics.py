"""Every figure here is counted by hand."""

import numpy as np
import pytest

from drawn_digits.training.evaluation.metrics import (
    Answers,
    auroc,
    confusion_matrix,
    expected_calibration_error,
    negative_log_likelihood,
    refused_when_lost,
    reliability,
    summarize,
    wilson_interval,
)


def answers(labels: list[int], rows: list[dict[int, float]]) -> Answers:
    probabilities = np.zeros((len(rows), 10))
    for row, values in zip(probabilities, rows, strict=True):
        for digit, value in values.items():
            row[digit] = value
    refused = np.array([False, False, True, False][: len(rows)])
    return Answers(probabilities, np.ones(len(rows)), refused, np.array(labels))


FOUR = answers([3, 3, 7, 1], [{3: 0.9, 5: 0.1}, {3: 0.4, 5: 0.6}, {7: 1.0}, {1: 0.5, 7: 0.5}])


def test_confusion_matrix_matches_a_hand_count() -> None:
    matrix = confusion_matrix(np.array([3, 3, 7, 1, 3]), np.array([3, 5, 7, 1, 5]))
    expected = np.zeros((10, 10), int)
    expected[3, 3], expected[3, 5], expected[7, 7], expected[1, 1] = 1, 2, 1, 1
    np.testing.assert_array_equal(matrix, expected)


def test_summary_matches_a_hand_count() -> None:
    summary = summarize(FOUR)
    assert summary["count"] == 4
    assert summary["mistakes"] == 1
    assert summary["accuracy"] == 0.75
    assert summary["per_class_accuracy"][3] == 0.5
    assert summary["refused"] == 0.25


def test_negative_log_likelihood_matches_a_hand_count() -> None:
    expected = -(np.log(0.9) + np.log(0.4) + np.log(1.0) + np.log(0.5)) / 4
    assert negative_log_likelihood(FOUR) == pytest.approx(expected)


def test_calibration_error_matches_a_hand_count() -> None:
    confidence = np.array([0.95, 0.95, 0.55, 0.55])
    right = np.array([True, True, True, False])
    # two bins of two: |0.95 - 1| and |0.55 - 0.5|, half the samples each
    assert expected_calibration_error(confidence, right) == pytest.approx(0.05)


def test_full_confidence_falls_into_the_last_bin() -> None:
    assert expected_calibration_error(np.ones(3), np.ones(3, bool)) == 0


def test_auroc_matches_a_count_of_all_pairs() -> None:
    rng = np.random.default_rng(0)
    positives, negatives = rng.integers(3, 12, 40) / 10, rng.integers(0, 9, 30) / 10
    pairs = [(p > n) + 0.5 * (p == n) for p in positives for n in negatives]
    assert auroc(positives, negatives) == pytest.approx(np.mean(pairs))


def test_reliability_matches_a_hand_count_and_leaves_empty_bins_out() -> None:
    confidence = np.array([0.95, 0.97, 0.55, 0.56])
    low, high = reliability(confidence, np.array([True, True, True, False]))
    assert low == {"confidence": pytest.approx(0.555), "accuracy": 0.5, "count": 2}
    assert high == {"confidence": pytest.approx(0.96), "accuracy": 1.0, "count": 2}


def test_refusals_are_counted_below_the_score_that_loses_so_many_digits() -> None:
    digits = np.arange(100) / 100  # two of a hundred lie below 0.0198
    non_digits = np.array([0.0, 0.01, 0.019, 0.5])
    assert refused_when_lost(digits, non_digits, lost=0.02) == 0.75
    assert refused_when_lost(digits, digits, lost=0.02) == 0.02


def test_wilson_s_interval_matches_published_values() -> None:
    # Newcombe 1998, Statistics in Medicine 17, table I, method 3
    assert wilson_interval(81 / 263, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson_interval(0.0, 20) == pytest.approx((0, 0.1611), abs=5e-5)
    assert wilson_interval(1 / 29, 29) == pytest.approx((0.0061, 0.1718), abs=5e-5)
