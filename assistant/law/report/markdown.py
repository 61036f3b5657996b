"""The report as Markdown: outcomes, duties by date, open points, answers and sources."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from assistant.law.answers import Answers
from assistant.law.assessment import Assessment, DutyResult, OutcomeResult
from assistant.law.knowledge import Knowledge
from assistant.law.report.words import word, written
from assistant.law.rules import Value


class MarkdownReport:
    """Writes one assessment."""

    def __init__(self, knowledge: Knowledge, assessment: Assessment, answers: Answers) -> None:
        self._knowledge = knowledge
        self._assessment = assessment
        self._answers = answers
        self._language = assessment.language
        self._cited: dict[str, None] = {}

    def text(self) -> str:
        """Return the whole report."""
        one = self._assessment
        head = [
            f"# {self._word('title')}",
            self._word("day", day=written(one.day, self._language)),
            f"> {self._word('disclaimer')}",
            f"## {self._word('outcomes')}",
            *map(self._outcome, one.outcomes.values()),
            self._listed(f"**{self._word('roles')}**", self._names(one.roles)),
        ]
        parts = [*head, *self._owed(), *self._open(), *self._clarify(), *self._given(), *self._sources()]
        versions = self._word("versions", knowledge=one.knowledge, questionnaire=one.questionnaire)
        return "\n\n".join([*parts, f"---\n\n{versions}"]) + "\n"

    def _word(self, key: str, **values: object) -> str:
        return word(key, self._language, **values)

    def _listed(self, head: str, text: str) -> str:
        return self._word("listed", head=head, text=text)

    def _item(self, key: str, text: str) -> str:
        return "- " + self._listed(self._word(key), text)

    def _names(self, roles: list[str]) -> str:
        names = (self._knowledge.roles[role].name.in_language(self._language) for role in roles)
        return self._word("separator").join(names) or self._word("none")

    def _outcome(self, one: OutcomeResult) -> str:
        lines = [f"### {self._listed(one.title, self._word(one.outcome))}"]
        if one.review:
            lines[0] += f" ⚑ {self._word('review')}"
        if one.statement:
            lines.append(f"{one.statement}{self._cite(one.provisions)}")
        if one.applies_from:
            lines.append(self._when(one.applies_from))
        lines += [f"- {because.text}{self._cite(because.provisions)}" for because in one.because]
        if one.outcome == "open":
            lines.append(self._word("open_why"))
            lines += [f"- {self._knowledge.questions[fact].text.in_language(self._language)}" for fact in one.needs]
        return "\n\n".join(lines)

    def _owed(self) -> Iterator[str]:
        duties = [duty for duty in self._assessment.obligations if duty.outcome == "owed"]
        yield f"## {self._word('owed')}"
        if not duties:
            yield self._word("owed_none")
        yield from map(self._duty, duties)

    def _open(self) -> Iterator[str]:
        """Name the duties that are open: their titles only, as none of them is owed yet."""
        duties = [duty for duty in self._assessment.obligations if duty.outcome == "open"]
        if duties:
            yield f"## {self._word('maybe')}"
            yield "\n".join(f"- {duty.id} {duty.title}" for duty in duties)

    def _duty(self, duty: DutyResult) -> str:
        when = self._when(duty.applies_from) if duty.applies_from else self._word("applies_open")
        lines = [
            f"### {duty.id} {duty.title}",
            f"*{self._word(f'forces.{duty.force.value}')} · {when}*",
            f"{duty.duty}{self._cite(duty.provisions)}",
            self._item("who", self._names(duty.bearers)),
        ]
        if duty.because:
            lines.append(self._item("why", self._word("separator").join(duty.because)))
        if duty.exceptions:
            lines.append(self._item("exceptions", duty.exceptions))
        cited = self._cite(duty.sanction_provisions) if duty.sanction_provisions else ""
        lines.append(self._item("sanction", duty.sanction + cited))
        lines += [self._item("evidence", evidence) for evidence in duty.evidence]
        if duty.review:
            lines.append(self._item("review", duty.review))
        return "\n\n".join(lines[:3]) + "\n\n" + "\n".join(lines[3:])

    def _when(self, start: date) -> str:
        told = written(start, self._language)
        days = (start - self._assessment.day).days
        return self._word("applies_later", day=told, days=days) if days > 0 else self._word("applies_now", day=told)

    def _clarify(self) -> Iterator[str]:
        if self._assessment.open_questions:
            questions = map(self._knowledge.questions.__getitem__, self._assessment.open_questions)
            yield f"## {self._word('clarify')}"
            yield "\n".join(f"- {question.text.in_language(self._language)}" for question in questions)

    def _given(self) -> Iterator[str]:
        yield f"## {self._word('answers')}"
        rows = []
        for fact, question in self._knowledge.questions.items():
            if fact in self._answers.facts or fact in self._answers.unknown:
                said = self._said(fact, self._answers.facts.get(fact))
                note = f" – {self._answers.notes[fact]}" if fact in self._answers.notes else ""
                rows.append(f"- {question.text.in_language(self._language)} **{said}**{note}")
        yield "\n".join(rows) or self._word("none")

    def _said(self, fact: str, value: Value | None) -> str:
        if value is None:
            return self._word("unknown")
        if isinstance(value, bool):
            return self._word(str(value).lower())
        if isinstance(value, date):
            return written(value, self._language)
        chosen = value if isinstance(value, frozenset) else {value}
        options = self._knowledge.questions[fact].options
        return self._word("separator").join(
            option.text.in_language(self._language) for option in options if option.value in chosen
        )

    def _cite(self, provisions: list[str]) -> str:
        self._cited |= dict.fromkeys(provisions)
        labels = (self._knowledge.label(provision, self._language) for provision in provisions)
        return self._word("cited", labels=self._word("separator").join(labels))

    def _sources(self) -> Iterator[str]:
        yield f"## {self._word('sources')}"
        rows = []
        for provision in self._cited:
            document = self._knowledge.document_of(provision)
            version = document.version_on(self._assessment.day)
            link = (version.link if version else None) or document.link
            told = f" ({version.id})" if version else ""
            rows.append(f"- {self._knowledge.label(provision, self._language)}{told}: <{link}>")
        yield "\n".join(rows)
