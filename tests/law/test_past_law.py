"""What the law said on earlier days: days of application before the amendment of July 2026, and nothing of later events."""

import re
from datetime import date, timedelta

import pytest
import yaml
from needs import ROOT

from assistant.answer.compare import stands_on
from assistant.answer.sources import current_line
from assistant.law.assessment import Assessor
from assistant.types import Language
from evals import questionnaire
from evals.scorers.evidence import evidence_of

AMENDED = date(2026, 7, 27)
BEFORE = AMENDED - timedelta(days=1)
ANNEX_III, ANNEX_I = (date(2026, 8, 2), date(2027, 12, 2)), (date(2027, 8, 2), date(2028, 8, 2))
MONTHS = "January February March April May June July August September October November December".split()


@pytest.mark.parametrize(
    ("provision", "moved"),
    [
        ("eu.ai_act.art_6.par_1", [ANNEX_I]),
        ("eu.ai_act.art_6.par_2", [ANNEX_III]),
        ("eu.ai_act.art_9.par_1", [ANNEX_III, ANNEX_I]),
        ("eu.ai_act.art_16", [ANNEX_III, ANNEX_I]),
        ("eu.ai_act.art_26.par_1", [ANNEX_III, ANNEX_I]),
        ("eu.ai_act.art_27.par_1", [ANNEX_III]),
        ("eu.ai_act.annex_iii.point_4.a", [ANNEX_III]),
        ("eu.ai_act.art_50.par_2", [(date(2026, 8, 2), date(2026, 8, 2)), (date(2026, 8, 2), date(2026, 12, 2))]),
        ("eu.ai_act.art_50.par_1", [(date(2026, 8, 2), date(2026, 8, 2))]),
        ("eu.ai_act.art_102", [(date(2026, 8, 2), AMENDED)]),
        ("eu.ai_act.art_5.par_1.point_a", [(date(2025, 2, 2), date(2025, 2, 2))]),
    ],
)
def test_the_days_of_application_are_those_of_the_law_on_the_day_asked_about(provision, moved, knowledge):
    entry = knowledge.provisions[provision]
    assert [line.from_ for line in entry.application_on(BEFORE)] == [old for old, _ in moved]
    assert [line.from_ for line in entry.application_on(AMENDED)] == [new for _, new in moved]
    assert current_line(entry, BEFORE).from_ == moved[0][0]
    assert current_line(entry, AMENDED).from_ == moved[0][1]


def test_all_of_chapter_iii_that_the_amendment_postponed_has_its_old_days(knowledge):
    """What was new in 2026 has none: it was not the law before."""
    postponed = {ANNEX_III[1]: ANNEX_III[0], ANNEX_I[1]: ANNEX_I[0]}
    lines = [
        (entry.id, line)
        for entry in (*knowledge.provisions.values(), *knowledge.obligations.values())
        for line in entry.applies
        if line.from_ in postponed
    ]
    without = {one for one, line in lines if line.moved is None}
    assert without == {"eu.ai_act.art_6.par_1a", "eu.ai_act.art_6.par_1b", "eu.ai_act.art_6.par_1c"}
    assert all(knowledge.provisions[one].wording[0].from_ == AMENDED for one in without)
    assert all(line.moved.from_ == postponed[line.from_] and line.moved.amended == AMENDED for _, line in lines if line.moved)


def test_an_assessment_tells_the_days_of_its_own_day(knowledge):
    cases = yaml.safe_load((ROOT / "tests" / "cases" / "systems" / "union.yaml").read_text(encoding="utf-8"))
    facts = next(case["facts"] for case in cases if case.get("owed", {}).get("EU-12") == ANNEX_III[1])
    answers, _ = questionnaire.answered(knowledge, facts, AMENDED)
    for day, told in ((BEFORE, ANNEX_III[0]), (AMENDED, ANNEX_III[1])):
        result = Assessor(knowledge, Language.EN).assess(answers, day)
        assert {one.id: one.applies_from for one in result.obligations}["EU-12"] == told
        assert result.outcomes["high_risk"].applies_from == told
        assert next(one.review for one in result.obligations if one.id == "EU-30") is None
    later = Assessor(knowledge, Language.EN).assess(answers, date(2026, 8, 2))
    assert next(one.review for one in later.obligations if one.id == "EU-30")


@pytest.mark.parametrize(("day", "told"), [(BEFORE, ANNEX_III[0]), (AMENDED, ANNEX_III[1])])
def test_answer_citation_and_scorer_tell_the_days_of_the_day_asked_about(day, told, real):
    answer = real.ask("From when does Article 26(1) of the AI Act apply?", as_of=day)
    first = answer.citations[0]
    assert first.provision == "eu.ai_act.art_26.par_1"
    assert first.applies_from == told
    assert f"{told.day} {MONTHS[told.month - 1]} {told.year}" in answer.answer
    other = ANNEX_III[0] if told == ANNEX_III[1] else ANNEX_III[1]
    assert f"{other.day} {MONTHS[other.month - 1]} {other.year}" not in answer.answer
    evidence = evidence_of(first.provision, real.knowledge, Language.EN, day)
    assert told in evidence.days
    assert other not in evidence.days


@pytest.mark.parametrize(
    ("provision", "first"),
    [
        ("eu.ai_act.art_43.par_2", date(2026, 8, 2)),
        ("eu.ai_act.art_53.par_4", AMENDED),
        ("eu.ai_act.art_86.par_1", date(2026, 8, 2)),
    ],
)
def test_a_doubt_that_the_amendment_raised_is_not_told_before(provision, first, knowledge):
    entry = knowledge.provisions[provision]
    assert entry.review_on(first - timedelta(days=1)) is None
    assert entry.review_on(first) is entry.review
    for day, told in ((first - timedelta(days=1), False), (first, True)):
        evidence = evidence_of(provision, knowledge, Language.JA, day)
        assert (entry.review.ja in evidence.sources) is told


def test_a_doubt_about_an_entry_without_a_first_day_is_always_told(knowledge):
    entry = knowledge.provisions["eu.ai_act.art_2.par_2"]
    assert entry.review.from_ is None
    assert entry.review_on(BEFORE) is entry.review


def test_a_comparison_does_not_stand_where_the_days_behind_it_were_others(knowledge):
    resting = [one for one in knowledge.parallels.values() if "eu.ai_act.art_14.par_1" in str(one)]
    assert resting
    assert not any(stands_on(one, BEFORE, knowledge) for one in resting)


@pytest.mark.parametrize(
    ("provision", "day", "en", "ja"),
    [
        ("eu.ai_act.art_51.par_3", date(2026, 11, 23), "was found by 23 November 2026", "確認できていません"),
        ("eu.ai_act.art_56.par_9", date(2025, 8, 1), "found adequate", "適切と認められました"),
        ("eu.ai_act.art_73.par_7", date(2025, 9, 26), "26 September 2025", "2025年9月26日"),
        ("eu.ai_act.recital_70", AMENDED, "Article 4a", "第4a条"),
        ("eu.gdpr.art_22.par_1", date(2023, 12, 7), "SCHUFA", "SCHUFA"),
        ("eu.gpai_code.effect", date(2025, 8, 1), "adequacy was confirmed", "適切性が確認されました"),
        ("eu.incident_guidance_draft.status", date(2026, 11, 23), "23 November 2026", "2026年11月23日"),
        ("international.coe_convention.status", date(2025, 2, 11), "Japan", "日本"),
        ("jp.appi.art_18.par_1", date(2023, 6, 2), "alert", "注意喚起"),
        ("jp.appi_amendment_2026.processors", date(2026, 9, 16), "basic views", "基本的な考え方"),
        ("jp.ai_promotion_act.suppl_art_1", date(2025, 9, 1), "1 September 2025", "2025年9月1日"),
        ("eu.mdr.annex_viii.rule_11", AMENDED, "2 August 2028", "2028年8月2日"),
    ],
)
def test_an_earlier_day_hears_nothing_of_what_happened_later(provision, day, en, ja, knowledge):
    entry = knowledge.provisions[provision]
    before, after = entry.wording_on(day - timedelta(days=1)), entry.wording_on(day)
    assert (en in before.summary.en, ja in before.summary.ja) == (False, False)
    assert (en in after.summary.en, ja in after.summary.ja) == (True, True)


def test_no_summary_says_since_when_of_a_month_after_it_was_worded(knowledge):
    since = re.compile(rf"[Ss]ince (?:\d{{1,2}} )?({'|'.join(MONTHS)}) (\d{{4}})")
    for entry in knowledge.provisions.values():
        for wording in entry.wording:
            for month, year in since.findall(wording.summary.en):
                told = date(int(year), MONTHS.index(month) + 1, 1)
                assert told <= wording.from_, f"{entry.id}: since {month} {year}, worded from {wording.from_}"
