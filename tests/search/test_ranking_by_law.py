"""Ranking by what the law says of provisions: each lift works from both sides, and a lane that is silent changes nothing."""

import numpy as np
import pytest

from assistant.search.ranking import Ranking, Weights, Wish, shipped_weights
from assistant.types import Jurisdiction, Language


@pytest.fixture(scope="module")
def ranking(knowledge):
    return Ranking(knowledge)


def _order(ranking, wish=None, lanes=None, **weights):
    """Rank all provisions where only the lifts named count."""
    zero = dict.fromkeys(Weights.model_fields, 0.0)
    plain = {"words": np.full(len(ranking.provisions), 1.0, dtype=np.float32)} | (lanes or {})
    allowed = np.ones(len(ranking.provisions), dtype=bool)
    found = ranking.order(plain, allowed, wish or Wish(), 5, Weights(**(zero | {"words": 1.0} | weights)))
    return [one.provision for one in found]


LIFTS = [
    ({"jurisdiction": 1}, Wish(jurisdictions=frozenset({Jurisdiction.JP})), "jp."),
    ({"document": 1}, Wish(documents=frozenset({"eu.gdpr"})), "eu.gdpr."),
    ({"prohibition": 1}, Wish(asks_leave=True), "eu.ai_act.art_5."),
    ({"role": 1}, Wish(roles=frozenset({"eu.importer"})), "eu.ai_act."),
]


@pytest.mark.parametrize(("weight", "wish", "beginning"), LIFTS)
def test_what_is_asked_for_comes_first_and_only_then(weight, wish, beginning, ranking):
    assert all(one.startswith(beginning) for one in _order(ranking, wish, **weight)[:3])
    assert _order(ranking, Wish(), **weight) == _order(ranking)


def test_what_only_explains_comes_last(ranking, knowledge):
    recital = next(one for one in ranking.provisions if one.startswith("eu.ai_act.recital"))
    article = next(one for one in ranking.provisions if one.startswith("eu.ai_act.art"))
    words = np.zeros(len(ranking.provisions), dtype=np.float32)
    words[[ranking.place[recital], ranking.place[article]]] = 1.0
    assert _order(ranking, lanes={"words": words}, explanation=0.5)[0] == article


def test_nothing_heard_is_nothing_found_and_what_may_not_be_found_is_not(ranking):
    silent = np.zeros(len(ranking.provisions), dtype=np.float32)
    none = np.zeros(len(ranking.provisions), dtype=bool)
    weights = shipped_weights()[Language.EN]
    assert ranking.order({"words": silent}, ~none, Wish(), 5, weights) == []
    assert ranking.order({"words": silent + 1}, none, Wish(), 5, weights) == []
