"""Measures of a ranking, worked out by hand; with groups of one they are the textbook ones."""

from math import log2

import pytest

from evals.scorers.ranking import ranking_verdicts

RANKED = ["a", "b", "c.par_1", "d", "e", "f"]


def _scores(groups, ranked=RANKED):
    return {name: verdict.score for name, verdict in ranking_verdicts(ranked, groups).items()}


def test_one_provision_at_rank_two():
    found = _scores([["b"]])
    assert found["hit@1"] == 0
    assert found["recall@5"] == found["recall@10"] == found["all_gold@10"] == 1
    assert found["map@10"] == 0.5
    assert found["ndcg@10"] == pytest.approx(1 / log2(3))


def test_two_provisions_of_which_one_is_found_late():
    found = _scores([["a"], ["f"]])
    assert found["recall@5"] == 0.5
    assert found["map@10"] == pytest.approx((1 / 1 + 2 / 6) / 2)
    assert found["ndcg@10"] == pytest.approx((1 + 1 / log2(7)) / (1 + 1 / log2(3)))


def test_alternatives_count_once():
    found = _scores([["b", "a"]])
    assert (found["hit@1"], found["map@10"], found["ndcg@10"]) == (1, 1, 1)


def test_a_part_of_the_gold_meets_it_but_not_the_reverse():
    assert _scores([["c"]])["recall@10"] == 1
    assert _scores([["c.par_1.point_a"]])["recall@10"] == 0
    assert _scores([["c.par_1"]], ["c.par_10"])["recall@10"] == 0


def test_nothing_found_is_zero_everywhere():
    assert set(_scores([["x"], ["y"]], []).values()) == {0}


def test_a_group_missing_is_named():
    assert "x: not in 10" in ranking_verdicts(RANKED, [["x"]])["recall@10"].why
