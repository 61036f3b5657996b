"""What ships: complete, consistent, and right on the days that matter."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from assistant.law.check import figure_faults
from assistant.law.tally import tally
from assistant.types import Basis, DutyForce, Force, Language

CASES = Path(__file__).resolve().parent.parent / "cases"


def _cases(name):
    return [case for path in sorted(CASES.rglob(f"{name}.yaml")) for case in yaml.safe_load(path.read_text(encoding="utf-8"))]


APPLICATION, EXPIRY = _cases("application_dates"), _cases("expiry_dates")


@pytest.mark.parametrize("case", APPLICATION, ids=[case["sentence"] for case in APPLICATION])
def test_a_provision_applies_from_its_day_and_not_the_day_before(case, knowledge):
    assert case["before"] + timedelta(days=1) == case["from"]
    lines = knowledge.provisions[case["provision"]].applies
    assert not any(line.covers(case["before"]) for line in lines)
    assert any(line.covers(case["from"]) for line in lines)


@pytest.mark.parametrize("case", EXPIRY, ids=[case["sentence"] for case in EXPIRY])
def test_a_provision_ends_after_its_last_day(case, knowledge):
    assert case["last"] + timedelta(days=1) == case["after"]
    entry = knowledge.provisions[case["provision"]]
    assert any(line.covers(case["last"]) for line in entry.applies)
    assert not any(line.covers(case["after"]) for line in entry.applies)
    assert entry.wording_on(case["after"]) is None


def test_both_languages_state_the_same_figures(knowledge):
    assert [str(fault) for fault in figure_faults(knowledge)] == []


def test_the_knowledge_base_has_the_size_promised(knowledge):
    assert len(knowledge.documents) >= 60
    assert len(knowledge.provisions) >= 900
    assert len(knowledge.obligations) >= 95
    assert len(knowledge.parallels) >= 20
    assert len(knowledge.terms) >= 150


def test_every_article_of_the_ai_act_is_there(knowledge):
    numbers = [*range(1, 114), "4a", "60a", "75a", "75b", "75c", "75d"]
    for number in numbers:
        article = f"eu.ai_act.art_{number}"
        assert article in knowledge.provisions or knowledge.entries_below(article), article


def test_every_article_of_the_ai_promotion_act_that_governs_is_there(knowledge):
    for number in range(1, 27):
        assert knowledge.resolve(f"jp.ai_promotion_act.art_{number}") is not None, number


def test_every_row_of_the_first_catalogue_is_covered(shared, knowledge):
    rows = (shared / "domain" / "obligations.jsonl").read_text(encoding="utf-8").splitlines()
    wanted = {json.loads(row)["id"] for row in rows if row.strip()}
    there = {identity.rstrip("abcdefgh") for identity in knowledge.obligations}
    assert wanted - there == set()


def test_what_is_not_law_yields_no_duty(knowledge):
    weak = {Force.DRAFT, Force.PRESS}
    for duty in knowledge.obligations.values():
        for provision in duty.provisions:
            assert knowledge.force(knowledge.provisions[provision]) not in weak or duty.force is DutyForce.FUTURE, duty.id


def test_every_wording_begins_no_earlier_than_its_document_is_known(knowledge):
    for entry in knowledge.provisions.values():
        document = knowledge.document_of(entry.id)
        assert all(wording.from_ >= document.known_from for wording in entry.wording), entry.id


def test_no_summary_is_so_short_that_it_hides_a_condition_nor_so_long_that_nobody_reads_it(knowledge):
    for entry in knowledge.provisions.values():
        for wording in entry.wording:
            assert 40 <= len(wording.summary.en) <= 2400, entry.id
            assert 20 <= len(wording.summary.ja) <= 1200, entry.id


def test_japanese_texts_have_no_spaces_where_lines_were_joined(knowledge):
    import re

    joined = re.compile(r"[\u3041-\u30ff\u4e00-\u9fff、。] +[\u3041-\u30ff\u4e00-\u9fff]")
    for entry in knowledge.provisions.values():
        for wording in entry.wording:
            assert not joined.search(wording.summary.ja), (entry.id, joined.search(wording.summary.ja))


def test_existing_provisions_are_within_the_numbering_of_their_document(knowledge):
    from assistant.search.router import Router

    router = Router(knowledge)
    for entry in knowledge.provisions.values():
        for language in Language:
            label = knowledge.label(entry.id, language)
            assert all(reference.exists for reference in router.references(label)), label


def test_a_duty_is_never_older_than_the_wording_it_rests_on(knowledge):
    for duty in knowledge.obligations.values():
        main = knowledge.provisions[duty.provisions[0]]
        assert min(line.from_ for line in duty.applies) >= min(wording.from_ for wording in main.wording), duty.id


def test_fines_are_stated_only_where_a_provision_carries_them(knowledge):
    for duty in knowledge.obligations.values():
        if "EUR" in duty.sanction.summary.en:
            assert duty.sanction.provisions, duty.id


def test_what_was_read_in_the_official_text_is_the_rule(knowledge):
    official = sum(entry.basis is Basis.OFFICIAL_TEXT for entry in knowledge.provisions.values())
    assert official / len(knowledge.provisions) > 0.6
    assert all(entry.checked_on >= date(2026, 11, 23) for entry in knowledge.provisions.values())


def test_the_tally_in_the_authors_guide_is_that_of_the_entries(knowledge):
    guide = (CASES.parent.parent / "knowledge" / "README.md").read_text(encoding="utf-8")
    assert tally(knowledge) in guide
