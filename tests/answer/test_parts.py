"""Questions taken apart into what they ask; what only describes the situation is no part."""

import pytest

from assistant.answer.parts import MOST_PARTS, parts_of
from assistant.types import Language

SEVERAL = [
    ("We sell a scoring tool. Is it high-risk, from what date, and do we need an assessment?", 2, "Is it high-risk"),
    ("Who may supervise the system, how long do we keep the logs, and must patients be told?", 3, "how long do we keep the logs"),
    ("(1) May we share the list? (2) Must we report a leak?", 2, "Must we report a leak?"),
    ("当局への報告は要りますか。本人にはいつ知らせますか。", 2, "本人にはいつ知らせますか。"),
]
ONE = [
    "What is an AI system?",
    "We run a clinic. Must we keep logs?",
    "導入者の義務は何ですか",
    "提供者です。登録は必要ですか。",
    "",
]


@pytest.mark.parametrize(("text", "least", "part"), SEVERAL)
def test_several_things_are_told_apart(text, least, part):
    found = parts_of(text, Language.EN if text.isascii() else Language.JA)
    assert len(found) >= least
    assert part in [one.rstrip(",") for one in found] or any(one.startswith(part) for one in found)


@pytest.mark.parametrize("text", ONE)
def test_one_thing_stays_whole(text):
    assert parts_of(text, Language.EN if text.isascii() else Language.JA) == ()


def test_only_so_many_parts_are_searched():
    assert len(parts_of("Must we report? " * 30, Language.EN)) == MOST_PARTS
