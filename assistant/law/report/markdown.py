"""The report as Markdown: a page for the manager, then outcomes, timeline, duties, open points, comparison, answers, sources."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from assistant.law.answers import Answers
from assistant.law.knowledge import Knowledge
from assistant.law.report.blocks import PAGE, TIMELINE, literal
from assistant.law.report.summary import summary
from assistant.law.report.timeline import marks
from assistant.law.results import Assessment, DutyResult, OutcomeResult, ParallelResult, SideResult, Step
from assistant.law.words import said, word, written


class MarkdownReport:
    """Writes one assessment."""

    def __init__(self, knowledge: Knowledge, assessment: Assessment, answers: Answers) -> None:
        self._knowledge = knowledge
        self._assessment = assessment
        self._answers = answers
        self._language = assessment.language
        self._cited: dict[str, None] = {}
        self._followed: set[str] = set()

    def text(self) -> str:
        """Return the whole report."""
        one = self._assessment
        parts = [
            *summary(one),
            PAGE,
            f"## {self._word('outcomes')}",
            *map(self._outcome, one.outcomes.values()),
            *self._roles(),
            *self._timeline(),
            *self._owed(),
            *self._open(),
            *self._clarify(),
            *self._compared(),
            *self._given(),
            *self._sources(),
        ]
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

    def _roles(self) -> Iterator[str]:
        """Name the roles held, each with the duties owed in it."""
        yield f"**{self._word('roles')}**"
        rows = []
        for role in self._assessment.roles:
            duties = [duty.id for duty in self._assessment.duties("owed") if role in duty.bearers]
            told = self._word("separator").join(duties) or self._word("none")
            rows.append("- " + self._listed(self._names([role]), told))
        yield "\n".join(rows) or self._word("none")

    def _outcome(self, one: OutcomeResult) -> str:
        lines = [f"### {self._listed(one.title, self._word(one.outcome))}"]
        if one.review:
            lines[0] += f" ⚑ {self._word('review')}"
        if one.statement:
            lines.append(f"{one.statement}{self._cite(one.provisions)}")
        if one.applies_from:
            lines.append(self._when(one.applies_from))
        if one.without_duty:
            lines.append(f"**{self._word('no_duty')}**")
        lines += [f"- {because.text}{self._cite(because.provisions)}" for because in one.because]
        if steps := [step for step in one.chain if step.fact not in self._followed]:  # each is told once in the report
            lines += [f"**{self._word('follows')}**", "\n".join(f"- {self._step(step)}" for step in steps)]
            self._followed |= {step.fact for step in steps}
        if one.outcome == "open":
            lines.append(self._word("open_why"))
            lines += [f"- {self._knowledge.questions[fact].text.in_language(self._language)}" for fact in one.needs]
        return "\n\n".join(lines)

    def _step(self, step: Step) -> str:
        return f"{self._listed(step.label, step.value)}{self._cite(step.provisions)}"

    def _timeline(self) -> Iterator[str]:
        """Name what starts on each day; formats with pictures draw it as well."""
        rows = marks(self._knowledge, self._assessment)
        if rows:
            yield f"## {self._word('timeline')}"
            yield TIMELINE
            lines = []
            for row in rows:
                titles = self._word("separator").join(f"{duty.id} {duty.title}" for duty in row.duties)
                lines.append("- " + self._listed(f"**{row.label(self._language)}**", titles))
            yield "\n".join(lines)

    def _owed(self) -> Iterator[str]:
        duties = self._assessment.duties("owed")
        yield f"## {self._word('owed')}"
        if not duties:
            yield self._word("owed_none")
        yield from map(self._duty, duties)

    def _open(self) -> Iterator[str]:
        """Name the duties that are open: their titles only, as none of them is owed yet."""
        duties = self._assessment.duties("open")
        if duties:
            yield f"## {self._word('maybe')}"
            yield "\n".join(f"- {duty.id} {duty.title}" for duty in duties)

    def _duty(self, duty: DutyResult) -> str:
        when = self._when(duty.applies_from, older=duty.older) if duty.applies_from else self._word("applies_open")
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

    def _when(self, start: date, *, older: bool = False) -> str:
        told = written(start, self._language)
        days = (start - self._assessment.day).days
        if days > 0:
            return self._word("applies_later", day=told, days=days)
        return self._word("applies_older" if older else "applies_now", day=told)

    def _clarify(self) -> Iterator[str]:
        if self._assessment.open_questions:
            questions = map(self._knowledge.questions.__getitem__, self._assessment.open_questions)
            yield f"## {self._word('clarify')}"
            yield "\n".join(f"- {question.text.in_language(self._language)}" for question in questions)

    def _compared(self) -> Iterator[str]:
        """Set the EU and Japan side by side on every topic that a duty touches."""
        if self._assessment.parallels:
            yield f"## {self._word('compared')}"
            yield from map(self._parallel, self._assessment.parallels)

    def _parallel(self, one: ParallelResult) -> str:
        def side(key: str, statements: list[SideResult]) -> list[str]:
            return [self._item(key, f"{item.text}{self._cite(item.provisions)}") for item in statements]

        lines = [*side("eu", one.eu), *side("japan", one.japan), self._item("practice", one.practice)]
        return f"### {one.topic}\n\n{one.same}\n\n" + "\n".join(lines)

    def _given(self) -> Iterator[str]:
        yield f"## {self._word('answers')}"
        rows = []
        for fact, question in self._knowledge.questions.items():
            if fact in self._answers.facts or fact in self._answers.unknown:
                answer = literal(said(self._answers.facts.get(fact), question.options, self._language))
                note = f" – {literal(self._answers.notes[fact])}" if fact in self._answers.notes else ""
                rows.append(f"- {question.text.in_language(self._language)} **{answer}**{note}")
        yield "\n".join(rows) or self._word("none")

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
