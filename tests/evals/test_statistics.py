"""Intervals and tests, against values worked out by hand or known from tables."""

import pytest

from evals.statistics import difference, estimate, mcnemar, percentile


@pytest.mark.parametrize(
    ("gained", "lost", "p"), [(0, 0, 1.0), (5, 5, 1.0), (1, 9, 0.021484375), (0, 6, 0.03125), (10, 2, 0.03857421875)]
)
def test_mcnemar_is_the_exact_binomial_test(gained, lost, p):
    assert mcnemar(gained, lost) == pytest.approx(p)
    assert mcnemar(lost, gained) == pytest.approx(p)


def test_the_interval_of_a_share_is_near_that_of_the_normal_approximation():
    found = estimate([1.0] * 70 + [0.0] * 30)
    assert found.mean == pytest.approx(0.7)
    assert found.low == pytest.approx(0.7 - 1.96 * (0.21 / 100) ** 0.5, abs=0.02)
    assert found.high == pytest.approx(0.7 + 1.96 * (0.21 / 100) ** 0.5, abs=0.02)


def test_the_same_scores_give_the_same_interval():
    assert estimate([0.0, 1.0, 1.0, 0.5]) == estimate([0.0, 1.0, 1.0, 0.5])


def test_what_never_varies_has_no_width():
    assert (estimate([1.0] * 9).low, estimate([1.0] * 9).high) == (1.0, 1.0)


def test_a_paired_difference_is_surer_than_its_parts():
    before = [0.0, 1.0] * 50
    after = [0.2, 1.0] * 50
    found = difference(before, after)
    assert (found.mean, found.gained, found.lost) == (pytest.approx(0.1), 50, 0)
    assert found.low > 0
    assert estimate(after).low < estimate(before).high


@pytest.mark.parametrize("pair", [([], []), ([1.0], [1.0, 0.0])])
def test_scores_must_be_of_the_same_cases(pair):
    with pytest.raises(ValueError, match="scores of the same cases"):
        difference(*pair)


def test_a_percentile_is_between_its_neighbours():
    assert percentile([1.0, 2.0, 3.0], 0.5) == 2.0
