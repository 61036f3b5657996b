"""Weights are only moved where that helps, and a fit finds what made the data."""

import numpy as np

from assistant.search.ranking import Ranking, Wish, shipped_weights
from assistant.search.retrieval import Heard
from assistant.types import Language
from evals.calibration import fit
from evals.tuning import Asked, climbed, figures


def test_a_weight_that_hides_the_answer_is_lowered(knowledge):
    ranking = Ranking(knowledge)
    gold, wrong = "eu.ai_act.art_26.par_6", "eu.gdpr.art_32.par_1"
    lanes = {name: np.zeros(len(ranking.provisions), dtype=np.float32) for name in ("words", "terms")}
    lanes["words"][ranking.place[wrong]] = lanes["terms"][ranking.place[gold]] = 1.0
    asked = [Asked(Wish(), Heard(lanes, np.ones(len(ranking.provisions), dtype=bool), None, None), [], [[gold]])]
    before = shipped_weights()[Language.EN].model_copy(update={"words": 0.5, "terms": 0.3})
    after = climbed(before, asked, ranking)
    assert figures(before, asked, ranking)["hit@1"] == 0.0
    assert figures(after, asked, ranking)["hit@1"] == 1.0
    assert climbed(after, asked, ranking) == after


def test_a_logistic_fit_finds_the_weights_that_made_the_data():
    random = np.random.default_rng(0)
    rows = np.c_[np.ones(4000), random.normal(size=(4000, 2))]
    met = (random.random(4000) < 1 / (1 + np.exp(-rows @ [0.5, 2.0, 0.0]))).astype(float)
    found = fit(rows, met)
    assert abs(found[1] - 2.0) < 0.3
    assert abs(found[2]) < 0.2
