"""Coming back after a change of law: the register says what changed, and why."""

from datetime import date
from html import unescape
from pathlib import Path
from shutil import copytree

import pytest
from needs import ROOT
from web.conftest import Site
from web.test_assess_pages import answer, start

from assistant.law.knowledge import load_knowledge
from assistant.types import Language
from assistant.web.i18n import texts

EN = texts(Language.EN)
KEEPER = "provision: eu.demo.art_3.def_1, held: {fact: demo.has_lamp, is: true}"


def site(folder, knowledge, today=date(2026, 11, 24)):
    """Open the register of a folder as on a day, under one state of the law."""
    made = Site(knowledge, folder)
    object.__setattr__(made.desk, "today", lambda: today)
    return made


@pytest.fixture
def law(tmp_path):
    """The demonstration knowledge in which whoever has a lamp is its keeper."""
    folder = copytree(ROOT / "tests" / "small", tmp_path / "law")
    replaced(folder / "facts.yaml", "provision: eu.demo.art_3.def_1", KEEPER)
    return folder


@pytest.fixture
def small(law):
    return load_knowledge(law)


@pytest.fixture
def system(small, tmp_path):
    """A finished system that owes the duty, in a register that is then closed."""
    first = site(tmp_path / "data", small)
    identity = start(first)
    answer(first, identity, "demo.has_lamp", "true")
    return identity


def replaced(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def amended(law: Path, old: str, new: str):
    """The knowledge after an amendment: a line of the duty replaced."""
    replaced(law / "obligations" / "demo.yaml", old, new)
    return load_knowledge(law)


def test_nothing_is_marked_while_nothing_changed(small, tmp_path, system):
    again = site(tmp_path / "data", small)
    assert EN("systems_changed") not in again.get("/en/systems").text
    assert "Nothing differs." in again.get(f"/en/systems/{system}/changes").text


@pytest.mark.parametrize(("today", "marked"), [(date(2025, 5, 31), False), (date(2025, 6, 1), True)])
def test_a_duty_that_begins_to_apply_is_marked_on_its_day_and_not_the_day_before(small, tmp_path, today, marked):
    first = site(tmp_path / "data", small, date(2025, 5, 30))
    identity = start(first)
    answer(first, identity, "demo.has_lamp", "true")
    later = site(tmp_path / "data", small, today)
    assert (EN("systems_changed") in later.get("/en/systems").text) is marked
    assert ("▶ EU-01" in later.get(f"/en/systems/{identity}/changes").text) is marked


def test_an_amended_duty_is_told_with_the_knowledge_behind_it(tmp_path, law, system):
    knowledge = amended(law, "within 20 minutes after sunset.", "within 10 minutes after sunset.")
    after = site(tmp_path / "data", knowledge)
    assert EN("systems_changed") in after.get("/en/systems").text
    page = unescape(after.get(f"/en/systems/{system}/changes").text)
    assert "~ EU-01 Light the lamp" in page
    assert knowledge.version in page


def test_a_postponed_duty_is_told_with_both_days(tmp_path, law, system):
    knowledge = amended(law, "applies: [{from: 2025-06-01}]", "applies: [{from: 2027-12-02}]")
    after = site(tmp_path / "data", knowledge)
    page = unescape(after.get(f"/en/systems/{system}/changes").text)
    assert "> EU-01 Light the lamp: 1 June 2025 → 2 December 2027" in page
    after.post(f"/en/systems/{system}/changes")
    assert EN("systems_changed") not in after.get("/en/systems").text, "what was looked at is the new point of comparison"
