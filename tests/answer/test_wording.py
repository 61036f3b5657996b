"""Summaries are split into sentences at their ends, never inside brackets or quotation marks."""

import pytest

from assistant.answer.wording import sentences
from assistant.types import Language


@pytest.mark.parametrize(
    ("text", "language", "parts"),
    [
        ("一つ目です。二つ目（注。続き）です。", Language.JA, ["一つ目です。", "二つ目（注。続き）です。"]),
        ("彼は「はい。そうです。」と述べた。", Language.JA, ["彼は「はい。そうです。」と述べた。"]),
        ("One (Art. 5). Two, e.g. Three.", Language.EN, ["One (Art. 5).", "Two, e.g. Three."]),
    ],
)
def test_sentences_end_where_they_end(text, language, parts):
    assert sentences(text, language) == parts


def test_no_shipped_summary_is_split_inside_brackets(knowledge):
    for provision in knowledge.provisions.values():
        for wording in provision.wording:
            for language in Language:
                for sentence in sentences(wording.summary.in_language(language), language):
                    for opening, closing in ("()", "（）", "「」", "“”"):
                        assert sentence.count(opening) == sentence.count(closing), (provision.id, sentence)
