"""The figures that the application tells: the same as in the README of the measures, each held against its target."""

import re

import pytest
from needs import ROOT
from runs import made, result

from evals.figures import accepted, figures_file, measured
from evals.published import _cell

README = (ROOT / "evals" / "README.md").read_text(encoding="utf-8")


def _first(*scores):
    """The figure ``citations_exist``, whose target is all of them, with these scores on (development, held out)."""
    runs = [made(*(result(str(n), citations_exist=score) for n, score in enumerate(group))) for group in scores]
    return next(one for one in measured(*runs) if one.figure.id == "citations_exist")


@pytest.mark.parametrize(
    "one", [one for one in accepted().figures if one.figure.task == "answers"], ids=lambda one: one.figure.id
)
def test_the_readme_tells_the_same_figures(one):
    name = one.figure.part or f"`{one.figure.metric}`"
    assert f"| {name} | {_cell(one.development)} | {_cell(one.held_out)} |" in README


def test_the_targets_are_those_of_the_readme():
    table = README.partition("### Against the targets")[2].partition("**Missed")[0]
    told = {float(number) for row in re.findall(r"^\| [^|]+ \| ([^|]+) \|", table, re.MULTILINE) for number in row.split(" / ")
            if re.fullmatch(r"[\d.]+", number)}  # fmt: skip
    refused_too_often = 1 - next(one.target for one in figures_file().figures if one.id == "answered")
    assert round(refused_too_often, 2) in told
    assert figures_file().largest_difference in told
    assert {one.target for one in figures_file().figures if one.target and one.id != "answered"} <= told


@pytest.mark.parametrize(
    ("development", "held_out", "state"),
    [
        ((1, 1), (1,), "met"), ((1, 1), (), "met"), ((1, 0), (1,), "missed"), ((1, 0), (0,), "missed"),
        ((), (1,), "missed"), ((1, 1), (0,), "missed_held_out"),
    ],
)  # fmt: skip
def test_a_target_is_met_where_no_group_of_questions_falls_short(development, held_out, state):
    assert _first(development, held_out).state == state


def test_a_figure_without_a_target_is_neither_met_nor_missed():
    [whole] = [one for one in accepted().figures if one.figure.id == "right"]
    assert whole.state == "none"
    assert accepted().aimed == len([one for one in figures_file().figures if one.target])


def test_a_part_counts_its_own_cases_only():
    run = made(result("a", part="false_premise", right=1), result("b", part="role", right=0))
    by_id = {one.figure.id: one.development for one in measured(run, made())}
    assert (by_id["right"].mean, by_id["right"].n) == (0.5, 2)
    assert (by_id["false_premise"].mean, by_id["false_premise"].n) == (1.0, 1)
    assert by_id["right_ja"] is None
