"""What ``knowledge check`` reports beyond the schema: lengths, old checks, borrowed wording."""

from datetime import date

import pytest

from assistant.law.check import faults, stale_day, wording_faults
from assistant.law.originality import CHARACTERS_IN_A_ROW, WORDS_IN_A_ROW, repeated_passages
from assistant.types import AssistantError

ENGLISH = " ".join(f"word{n}" for n in range(WORDS_IN_A_ROW))
JAPANESE = "".join(chr(0x4E00 + n) for n in range(CHARACTERS_IN_A_ROW))


def _spoil(folder, before, after):
    path = folder / "provisions" / "demo.yaml"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def test_a_summary_too_short_to_carry_a_rule_is_reported(small_dir):
    _spoil(small_dir, "A breach of Article 5 costs up to EUR 7 million.", "Article 5 – EUR 7 million")
    assert [str(fault) for fault in faults(small_dir)] == [
        "provisions/demo.yaml: eu.demo.art_9.par_1: wording.0.summary.en: has 25 characters, not 30 to 1800"
    ]


def test_a_heading_that_is_a_sentence_is_reported(small_dir):
    _spoil(small_dir, "heading: {en: Penalties,", f"heading: {{en: {'Penalties ' * 12},")
    assert [fault.key for fault in faults(small_dir)] == ["heading.en"]


def test_a_provision_that_applies_before_it_was_worded_is_reported(small_dir):
    _spoil(small_dir, "applies: [{from: 2025-01-01}]", "applies: [{from: 2024-12-31}]")
    assert [fault.key for fault in faults(small_dir)] == ["applies"]


def test_an_entry_checked_too_long_ago_is_reported_from_the_day_after(small_dir):
    assert stale_day(date(2026, 12, 23), 30) == date(2026, 11, 23)
    assert faults(small_dir, stale_before=date(2026, 11, 23)) == []
    old = faults(small_dir, stale_before=date(2026, 11, 24))
    assert {fault.key for fault in old} == {"checked_on"}
    assert "last checked on 2026-11-23" in str(old[0])


@pytest.mark.parametrize(
    ("ours", "found"),
    [
        (f"We say {ENGLISH} here", True),
        (f"We say {ENGLISH.removesuffix('15')}fifteen here", False),
        (f"ここでは{JAPANESE}と書きます", True),
        (f"ここでは{JAPANESE[:20]}と、{JAPANESE[20:]}と書きます", False),
    ],
)
def test_a_long_run_of_the_official_text_is_found_and_a_shorter_one_is_not(tmp_path, ours, found):
    (tmp_path / "act.xhtml").write_text(
        f"<p>Intro {ENGLISH.replace('word5', '<b>word5</b>')} end {JAPANESE}</p>", encoding="utf-8"
    )
    assert bool(repeated_passages([ours], tmp_path)) is found


def test_a_folder_without_texts_is_told_clearly(tmp_path, small):
    with pytest.raises(AssistantError, match="holds no official text"):
        wording_faults(small, tmp_path)


def test_what_ships_repeats_no_official_text(knowledge, shared):
    assert [str(fault) for fault in wording_faults(knowledge, shared / "official-texts")] == []
