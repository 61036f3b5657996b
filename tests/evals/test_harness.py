"""The harness on the shipped knowledge: it gates, it notices, it shows, and it does not let just anybody judge."""

import json
import re

import pytest
from answers import case
from runs import made, provenance, result

from assistant.types import AssistantError
from evals import judge as judges
from evals import results
from evals.cases import AS_OF
from evals.gate import BASELINE, RELEASE, regressions
from evals.mutate import MUTATIONS, mutate
from evals.place import isolated, open_isolated
from evals.published import published
from evals.release import run_held_out
from evals.run import planned, run
from evals.run import provenance as provenance_of
from evals.scorers.evidence import evidence_of
from evals.systems import Product
from evals.tasks import read_questions
from evals.view import page


@pytest.fixture(scope="module")
def evaluated(real_settings):
    return open_isolated(real_settings)


@pytest.fixture(scope="module")
def done(evaluated):
    names = ["answers", "retrieval", "assessment"]
    return run(planned(evaluated, names), provenance_of(evaluated, names))


def test_nothing_is_worse_than_in_the_accepted_baseline(done):
    """The deterministic tier: whoever makes a case worse says so by accepting a new baseline."""
    assert regressions(results.read(BASELINE), done) == []


def test_the_published_figures_are_those_of_the_accepted_results():
    page = (BASELINE.parent.parent / "README.md").read_text(encoding="utf-8")
    lines = list(published(results.read(BASELINE), results.read(RELEASE)))
    assert len(lines) > 40
    assert [line for line in lines if line not in page] == [], "'evals scoreboard' prints them for evals/README.md"


def test_a_run_says_where_it_comes_from(done):
    made_of = done.provenance
    assert re.fullmatch(r"[0-9a-f]{40}|unknown", made_of.commit)
    assert made_of.today == AS_OF
    assert made_of.datasets.keys() == {"questions.jsonl", "assessment.jsonl"}
    assert made_of.model is None
    assert "data_dir" not in made_of.settings


def test_every_verdict_that_is_not_whole_has_a_reason(done):
    silent = [
        (one.id, name)
        for cases in done.tasks.values()
        for one in cases
        for name, verdict in one.verdicts.items()
        if not verdict.passed and not verdict.why
    ]
    assert silent == []


@pytest.mark.long
def test_a_committed_baseline_holds_no_official_wording(shared):
    """Checked by the workplace's own tool over the whole project; here the run alone, against the acts in English."""
    words = re.findall(r"[a-z0-9]+", BASELINE.read_text(encoding="utf-8").casefold())
    runs = {tuple(words[n : n + 16]) for n in range(len(words) - 15)}
    for path in (shared / "official-texts" / "eu").glob("*html"):
        official = re.findall(r"[a-z0-9]+", re.sub(r"<[^>]+>", " ", path.read_text(encoding="utf-8")).casefold())
        assert not [n for n in range(len(official) - 15) if tuple(official[n : n + 16]) in runs], path.name


@pytest.mark.long
def test_spoilt_answers_are_noticed(evaluated):
    cases = read_questions(evaluated.knowledge)[:8]
    found = mutate(evaluated, cases)
    assert found.keys() == {*MUTATIONS, "dropped document"}
    assert {name: kills.survivors for name, kills in found.items()} == {name: [] for name in found}
    assert min(kills.made for kills in found.values()) > 2


@pytest.mark.long
def test_every_spoilt_answer_is_noticed(evaluated):
    found = mutate(evaluated, read_questions(evaluated.knowledge))
    assert {name: kills.survivors for name, kills in found.items()} == {name: [] for name in found}
    assert min(kills.made for kills in found.values()) >= 20


def test_the_page_shows_every_case_and_asks_nobody_for_anything(done, evaluated):
    questions = {one.id: one for one in read_questions(evaluated.knowledge)}
    text = page(done, questions)
    assert all(f"{identity}:" in text for identity in questions)
    assert not re.search(r"(src|href)=[\"']|@import|url\(", text)
    assert "default-src &#39;none&#39;" in text or "default-src 'none'" in text


def test_a_case_that_changed_shows_both_answers_side_by_side():
    def kept(text, score):
        one = result("x-01", right=score)
        return made(one.model_copy(update={"record": {"sentences": [{"text": text, "citations": []}]}}), knowledge=text)

    text = page(kept("Logs are kept for 6 months.", 1.0), {"x-01": case()}, kept("Logs are kept for ever.", 0.0))
    assert "0.00 → 1.00" in text
    assert re.search(r"Before.*for ever.*After.*for 6 months", text, re.DOTALL)
    assert "knowledge: Logs are kept for ever. → Logs are kept for 6 months." in text


def test_what_people_typed_is_text_on_the_page():
    told = case(question="<script>alert(1)</script>", note="<img src=x>")
    text = page(made(result("x-01", right=0.0)), {"x-01": told})
    assert "&lt;script&gt;alert(1)" in text
    assert "<img" not in text


def test_the_evaluation_touches_nobodys_documents(evaluated, real_settings):
    assert evaluated.settings.data_dir == isolated(real_settings).data_dir != real_settings.data_dir
    own = case(
        documents=[{"name": "policy.txt", "text": "Our policy: logs are kept for two years."}],
        question="What does our policy say on logs?",
    )
    told = Product(evaluated).answer(own)
    assert [one.heading for one in told.citations if one.document.startswith("own:")] == ["policy.txt"]
    assert evaluated.shelf.all() == []


def test_the_held_out_questions_are_told_in_aggregates_only(evaluated, monkeypatch, tmp_path):
    few = tmp_path / "held_out.jsonl"
    told = [case(id=f"h-{n}").model_dump(mode="json", exclude_defaults=True) for n in range(3)]
    few.write_text("".join(json.dumps(one) + "\n" for one in told), encoding="utf-8")
    monkeypatch.setattr("evals.release.HELD_OUT", few)
    found = run_held_out(evaluated, provenance())
    kept = found.model_dump_json()
    assert [len(cases) for cases in found.tasks.values()] == [3, 3]
    assert "h-1" not in kept
    assert "logs" not in kept
    monkeypatch.setattr("evals.release.HELD_OUT", tmp_path / "none.jsonl")
    with pytest.raises(AssistantError, match="the held-out questions come with a checkout"):
        run_held_out(evaluated, provenance())


def test_the_strict_reader_is_measured_and_is_no_judge_of_paraphrases(knowledge):
    measured = judges.measure(judges.strict_reader, judges.read_claims(), knowledge)
    assert measured.unsupported.mean >= 0.75, "little wrong passes"
    assert not measured.admitted, "the README says so; where it changes, the README does"


@pytest.mark.parametrize(("reply", "carried"), [("Yes.", True), ("no, the date is missing", False), ("perhaps", False)])
def test_a_model_judge_says_yes_or_no(reply, carried, knowledge):
    claim, asked = judges.read_claims()[0], []
    judge = judges.model_judge(lambda prompt: asked.append(prompt) or reply)
    evidence = evidence_of(claim.provisions[0], knowledge, claim.language, AS_OF)
    assert judge(claim.claim, evidence, claim.language, AS_OF) is carried
    assert claim.claim in asked[0]


def test_a_judge_is_admitted_only_above_the_bar_and_for_this_prompt(knowledge, monkeypatch, tmp_path):
    monkeypatch.setattr(judges, "RESULTS", tmp_path)
    claims = judges.read_claims()
    with pytest.raises(AssistantError, match="The judge provider:best is not admitted: run 'evals judge --model provider:best'"):
        judges.refuse_unless_admitted("provider:best")
    labels = {claim.claim: claim.supported for claim in claims}
    judges.admit("provider:best", judges.measure(lambda claim, *_: labels[claim], claims, knowledge))
    judges.refuse_unless_admitted("provider:best")
    judges.admit("provider:yes", judges.measure(lambda *_: True, claims, knowledge))
    with pytest.raises(AssistantError, match="is not admitted"):
        judges.refuse_unless_admitted("provider:yes")
    monkeypatch.setattr(judges, "_PROMPT", "another prompt")
    with pytest.raises(AssistantError, match="is not admitted"):
        judges.refuse_unless_admitted("provider:best")
