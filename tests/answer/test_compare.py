"""Comparisons: the parallel on the topic named, each statement under its own provisions, on a day for which it holds."""

from datetime import date

import pytest

from assistant.answer.compare import provisions_of, side_by_side, stands_on
from assistant.answer.sources import Sources
from assistant.answer.verify import Verifier
from assistant.types import Language

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize("language", list(Language))
def test_every_parallel_is_carried_by_the_provisions_it_names(language, knowledge):
    for parallel in knowledge.parallels.values():
        sources = Sources(knowledge, language, TODAY)
        blocks = side_by_side(parallel, language, sources)
        assert Verifier(knowledge, language, sources.provision_of).check(blocks) == (blocks, []), parallel.id


def test_no_name_means_two_parallels(knowledge):
    seen: dict[str, str] = {}
    for parallel in knowledge.parallels.values():
        for name in {name.casefold() for name in (parallel.topic.en, parallel.topic.ja, *parallel.aliases.all)}:
            assert name not in seen, (name, seen[name], parallel.id)
            seen[name] = parallel.id


def test_a_parallel_holds_until_something_it_rests_on_changes(small):
    lamps = small.parallels["lamps"]
    assert provisions_of(lamps) == ["eu.demo.art_5.par_1", "jp.demo_guide.p_6.ii"]
    assert stands_on(lamps, date(2026, 12, 31), small)
    assert not stands_on(lamps, date(2027, 1, 1), small)


@pytest.mark.parametrize(
    ("question", "topic", "provision"),
    [
        ("How do automated decisions differ between the EU and Japan?", "automated_decisions", "eu.gdpr.art_22.par_1"),
        ("データ漏えいの報告期限は日本とEUでどう違いますか", "incidents", "jp.appi_rules.art_8"),
        ("Compare the fines in the EU and Japan", "sanctions", "eu.ai_act.art_99.par_3"),
        ("著作権と機械学習について、EUと日本を比較してください", "training_data_copyright", "jp.copyright_act.art_30_4"),
    ],
)
def test_a_comparison_is_answered_from_the_parallel_on_its_topic(question, topic, provision, real):
    answer = real.ask(question)
    parallel = real.knowledge.parallels[topic]
    assert {citation.provision for citation in answer.citations} == set(provisions_of(parallel))
    assert provision in {citation.provision for citation in answer.citations}
    assert parallel.practice.in_language(answer.language) in answer.answer


def test_a_comparison_on_another_day_is_not_taken_from_todays_parallel(real):
    today = real.knowledge.parallels["risk_classes"]
    answer = real.ask("How do risk classes differ between the EU and Japan?", as_of=date(2028, 9, 1))
    assert not stands_on(today, date(2028, 9, 1), real.knowledge)
    assert today.practice.en not in answer.answer


def test_a_difference_within_one_law_is_not_answered_from_a_parallel(real):
    answer = real.ask("What is the difference between a provider and a deployer in the AI Act?")
    assert "our advice" not in answer.answer
