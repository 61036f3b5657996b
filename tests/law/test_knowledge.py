"""The loader refuses what is broken and names file, entry and key; what ships loads."""

from pathlib import Path

import pytest
import yaml

from assistant.law.check import faults
from assistant.law.knowledge import load_knowledge
from assistant.law.reading import KnowledgeError
from assistant.types import Force, Language

BAD = yaml.safe_load((Path(__file__).parent.parent / "bad" / "knowledge.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", BAD, ids=[case["name"] for case in BAD])
def test_broken_knowledge_is_refused_with_file_entry_and_key(case, small_dir):
    path = small_dir / case["file"]
    before, after = case["replace"]
    text = path.read_text(encoding="utf-8")
    assert before in text, "the case must really spoil something"
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(KnowledgeError) as refused:
        load_knowledge(small_dir)
    assert any(str(problem).startswith(case["message"]) for problem in refused.value.problems), str(refused.value)


def test_all_faults_are_told_at_once(small_dir):
    for name in ("demo", "guide"):
        path = small_dir / "provisions" / f"{name}.yaml"
        path.write_text(path.read_text(encoding="utf-8").replace("basis:", "bases:"), encoding="utf-8")
    with pytest.raises(KnowledgeError) as refused:
        load_knowledge(small_dir)
    assert {problem.file for problem in refused.value.problems} == {"provisions/demo.yaml", "provisions/guide.yaml"}


def test_a_missing_file_is_named(small_dir):
    (small_dir / "glossary.yaml").unlink()
    with pytest.raises(KnowledgeError, match=r"glossary\.yaml: the file is missing"):
        load_knowledge(small_dir)


def test_figures_that_differ_between_the_languages_are_a_fault(small_dir):
    path = small_dir / "provisions" / "demo.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("日没後20分", "日没後25分", 1), encoding="utf-8")
    assert [str(fault) for fault in faults(small_dir)] == [
        "provisions/demo.yaml: eu.demo.art_5.par_1: wording.1.summary: figures in one language only: 20, 25"
    ]


def test_the_version_changes_with_the_content(small_dir):
    before = load_knowledge(small_dir).version
    assert load_knowledge(small_dir).version == before
    path = small_dir / "glossary.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("灯台守", "灯台守り"), encoding="utf-8")
    assert load_knowledge(small_dir).version != before


def test_a_finer_id_resolves_to_its_nearest_parent(small):
    assert small.resolve("eu.demo.art_5.par_1.point_a").id == "eu.demo.art_5.par_1"
    assert small.resolve("eu.demo.art_7") is None
    with pytest.raises(KeyError):
        small.document_of("eu.nothing.art_1")


def test_labels_carry_the_document_and_its_language(small):
    assert small.label("eu.demo.art_5.par_1", Language.EN) == "Demo Act Article 5(1)"
    assert small.label("eu.demo.art_5.par_1", Language.JA) == "見本法第5条第1項"
    assert small.label("jp.demo_guide.p_6.ii", Language.JA) == "見本ガイド P-6) ii)"
    assert small.label("eu.demo.art_5.par_1", Language.EN, full=False) == "Article 5(1)"


def test_entries_below_an_article_are_found_through_levels_without_entries(small):
    assert small.entries_below("eu.demo.art_5") == ["eu.demo.art_5.par_1", "eu.demo.art_5.par_2"]
    assert small.entries_below("eu.demo.art_5.par_1") == []


def test_force_comes_from_the_document_unless_the_entry_has_its_own(small):
    entry = small.provisions["jp.demo_guide.p_6.ii"]
    assert small.force(entry) is Force.GUIDANCE
    assert small.force(entry.model_copy(update={"force": Force.EFFORT})) is Force.EFFORT


def test_duties_hang_on_their_provisions(small):
    assert [duty.id for duty in small.duties_of["eu.demo.art_5.par_1"]] == ["EU-01"]
