"""Runs leave one file, go on after an interruption, are compared case by case, and a worse one is stopped."""

import json

import pytest
from runs import made, provenance, result

from assistant.types import AssistantError
from evals import results
from evals.compare import compare, differing_settings, unmatched
from evals.gate import regressions
from evals.run import run
from evals.tasks import Task
from evals.text_report import compared_lines, run_lines


def _task(judged, *names):
    def judge(case):
        judged.append(case)
        return result(case, right=1.0)

    return Task("assessment", {name: name for name in names}, judge)


def test_a_run_is_written_and_read_back_the_same(tmp_path):
    path = tmp_path / "run.json"
    done = run([_task([], "a", "b")], provenance(), path)
    assert results.read(path) == done
    assert [one.id for one in done.tasks["assessment"]] == ["a", "b"]
    assert sorted(tmp_path.iterdir()) == [path]


def test_an_interrupted_run_goes_on_where_it_was(tmp_path):
    path, judged = tmp_path / "run.json", []

    def stop(done, _):
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run([_task(judged, "a", "b", "c")], provenance(), path, stop)
    with (tmp_path / "run.part").open("a", encoding="utf-8") as part:
        part.write('{"task": "assess')  # what was being written when the machine went down
    done = run([_task(judged, "a", "b", "c")], provenance(), path)
    assert judged == ["a", "b", "c"]
    assert [one.id for one in done.tasks["assessment"]] == ["a", "b", "c"]


def test_what_another_checkout_had_begun_is_not_taken_over(tmp_path):
    path, judged = tmp_path / "run.json", []
    (tmp_path / "run.part").write_text(provenance(commit="1" * 40).model_dump_json() + "\n", encoding="utf-8")
    run([_task(judged, "a")], provenance(), path)
    assert judged == ["a"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "There is no result file"),
        ("{", "is not a result file"),
        ("[]", "has schema None; this version reads schema 1"),
        ('{"schema_version": 0}', "has schema 0; this version reads schema 1. Check out its commit"),
        ('{"schema_version": 1, "tasks": {}}', "is not a whole result file: provenance"),
    ],
)
def test_a_result_file_that_is_none_is_refused(content, message, tmp_path):
    path = tmp_path / "run.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(AssistantError) as caught:
        results.read(path)
    assert message in str(caught.value)


def test_two_runs_are_compared_on_the_cases_they_share():
    a = made(result("x", right=1.0), result("y", right=0.0), result("z", right=1.0))
    b = made(result("x", right=0.0), result("y", right=1.0), result("w", right=1.0), knowledge="other")
    (one,) = compare(a, b)
    assert ([flip.case for flip in one.lost], [flip.case for flip in one.gained]) == (["x"], ["y"])
    assert one.lost[0].why_after == "right is not whole"
    assert unmatched(a, b) == {"answers": (["z"], ["w"])}
    assert differing_settings(a, b) == ["knowledge: k → other"]
    told = "\n".join(compared_lines(a, b, [one]))
    assert "x: 1.00 → 0.00; right is not whole" in told
    assert "differs: knowledge: k → other" in told


def test_nothing_worse_passes_the_gate():
    a = made(result("x", right=1.0), result("y", right=0.0))
    assert regressions(a, a) == []
    assert regressions(a, made(result("x", right=1.0), result("y", right=1.0), result("new", right=0.0))) == []


@pytest.mark.parametrize(
    ("after", "reason"),
    [
        ([result("x", right=0.0), result("y", right=1.0)], "answers, right: x fell from 1.00 to 0.00: right is not whole"),
        ([result("x", right=1.0)], "1 case(s) of the baseline were not run: y"),
    ],
)
def test_one_lost_case_stops_at_the_gate_even_where_another_is_gained(after, reason):
    before = made(result("x", right=1.0), result("y", right=0.0))
    assert reason in " ".join(regressions(before, made(*after)))


def _some(part, count, score):
    return [result(f"{part}-{n}", part, key_facts=score) for n in range(count)]


def test_a_mean_that_falls_stops_at_the_gate_over_all_and_in_a_slice():
    before = [*_some("role", 5, 1.0), *_some("date", 45, 0.5)]
    after = [*_some("role", 5, 0.5), *_some("date", 45, 0.6)]
    found = regressions(made(*before), made(*after))
    assert found == ["answers, key_facts, role: 1.000 → 0.500"], "the whole rose, the slice fell"
    worse = [*_some("role", 5, 0.3), *_some("date", 45, 0.3)]
    assert "answers, key_facts: 0.550 → 0.300 over 50 cases" in regressions(made(*before), made(*worse))


@pytest.mark.parametrize("changed", [{"settings": {"embedding": "none"}}, {"model": "m"}, {"today": "2027-01-01"}])
def test_runs_made_in_another_way_are_not_held_against_each_other(changed):
    with pytest.raises(AssistantError, match="The baseline was made in another way"):
        regressions(made(result("x", right=1.0)), made(result("x", right=1.0), **changed))


def test_the_figures_of_a_run_are_told_with_interval_and_number():
    told = "\n".join(run_lines(made(result("x", right=1.0), result("y", right=0.0))))
    assert "right                          0.500  [0.000, 1.000]  n=2" in told
    assert "role" in told


def test_a_run_keeps_one_case_a_line(tmp_path):
    results.write(made(result("x", right=1.0), result("y", right=0.0)), tmp_path / "run.json")
    lines = (tmp_path / "run.json").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line.strip().rstrip(","))["id"] for line in lines if line.startswith("   {")] == ["x", "y"]
