"""An answer without a model: the summaries that fit the question, direct answer first, each sentence cited.

Composition only selects and orders sentences of checked entries; it adds dates and labels from
the same entries, and no statement of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from assistant.answer.compare import side_by_side, stands_on
from assistant.answer.days_told import days_told
from assistant.answer.evidence import Group
from assistant.answer.extracts import fitting
from assistant.answer.lead import lead
from assistant.answer.sources import Block, Sources
from assistant.answer.understand import Question
from assistant.answer.wording import phrase, sentences
from assistant.law.knowledge import Knowledge
from assistant.law.schema import Obligation, Parallel, Provision, Unsummarised
from assistant.types import DutyForce, Force, Language, Sentence

_MOST_POINTS = 4
_MOST_DUTIES = 6
_MOST_PARTS = 14
_POINT_SENTENCES = 3
_DATED = 2
_SEVERAL = 2
_NEAR_THE_BEST = 0.6
_NEAR_THE_TOP = 3
_LAW = (Force.BINDING, Force.EFFORT)


class Composer:
    """Composes one answer."""

    def __init__(self, knowledge: Knowledge, question: Question, day: date, sources: Sources, *, more: bool = False) -> None:
        """``more`` says all: whole summaries, and the duties, exceptions and sanctions that hang on what was found."""
        self._knowledge = knowledge
        self._question = question
        self._language: Language = question.language
        self._day = day
        self._sources = sources
        self._sure = False
        self._more = more

    def named(self, provisions: list[Provision]) -> list[Block]:
        """Answer about provisions that the question names."""
        blocks: list[Block] = []
        for provision in provisions:
            if self._question.kind == "penalty":
                blocks += self._penalties(self._duties_of([provision.id])) or self._provision(provision)
            elif self._question.kind == "date":
                blocks += self._dates_first(provision)
            else:
                blocks += self._provision(provision)
        return blocks

    def points(self, provisions: list[str]) -> list[Block]:
        """Return the first sentence and the days of each of these provisions, as a list."""
        return [self._point(self._knowledge.provisions[provision]) for provision in provisions]

    def penalties_of(self, provisions: list[str]) -> list[Block]:
        """Answer what breaking provisions that a question names costs; nothing where no duty with a sanction rests on them."""
        return self._penalties(self._duties_of(provisions))

    def parts(self, provision: str, children: list[str]) -> list[Block]:
        """Answer about an article that the knowledge base holds only in parts."""
        label = self._knowledge.label(provision, self._language)
        numbers = [self._sources.cite(child) for child in children[:_MOST_PARTS]]
        blocks = [Block([Sentence(text=phrase("parts", self._language, label=label), citations=numbers[:1])])]
        for child, number in zip(children, numbers, strict=False):
            entry = self._knowledge.provisions[child]
            words = self._sentences(entry)[0]
            name = self._knowledge.label(child, self._language, full=False)
            text = phrase("part", self._language, label=name, heading=entry.heading.in_language(self._language))
            blocks.append(Block([Sentence(text=f"{text} {words}".strip(), citations=[number])], item=True))
        return blocks

    def found(self, groups: list[Group], *, sure: bool = False) -> list[Block]:
        """Answer from what was gathered, in the way the kind of question asks for; sides under their names.

        Where search is ``sure`` of what it found first, the answer begins with a word.
        """
        self._sure = sure
        if parallel := self._parallel(groups):
            return side_by_side(parallel, self._language, self._sources)
        blocks: list[Block] = []
        for group in groups:
            if group.side is not None:
                blocks.append(Block([Sentence(text=phrase(group.side, self._language))]))
            blocks += self._group(group)
        return blocks

    def _parallel(self, groups: list[Group]) -> Parallel | None:
        """Return the checked comparison on the topic named, where it stands on that day and rests on the best of a side."""
        found = {group.found[0].provision for group in groups}
        if not {"eu_side", "jp_side"} <= {group.side for group in groups}:
            return None
        named = (self._knowledge.parallels[topic] for topic in self._question.topics)
        return next((one for one in named if self._fits(one, found)), None)

    def _fits(self, parallel: Parallel, found: set[str]) -> bool:
        meant = [{p for statement in side for p in statement.provisions} for side in (parallel.eu, parallel.japan)]
        return any(side & found for side in meant) and stands_on(parallel, self._day, self._knowledge)

    def _group(self, group: Group) -> list[Block]:
        entries = [self._knowledge.provisions[one.provision] for one in group.found]
        if self._question.kind == "penalty":
            return self._sanctions(entries)
        if self._question.kind == "date":
            # The rule on when something applies comes before what is excepted from it.
            entries = sorted(entries, key=lambda entry: entry.calendar == "transition")
            first, rest = entries[:_DATED], entries[_DATED:]
            return [block for entry in first for block in self._dates_first(entry)] + self._points(rest)
        if group.side is not None:
            return self._points(entries)
        return self._obligations(entries, {one.provision: one.score for one in group.found})

    # one method for each kind of question

    def _obligations(self, entries: list[Provision], scores: dict[str, float]) -> list[Block]:
        """List the duties of the roles named, those first that most of what was found speaks for; else the provisions."""
        duties = self._duties_of(scores)
        top = {entry.id for entry in entries[:_NEAR_THE_TOP]}
        if self._question.lists_duties and self._question.roles and any(set(duty.provisions) & top for duty in duties):
            weight = {duty.id: sum(scores.get(provision, 0.0) ** 2 for provision in duty.provisions) for duty in duties}
            near = [duty for duty in duties if weight[duty.id] >= (_NEAR_THE_BEST * max(scores.values())) ** 2]
            return self._duties(sorted(near, key=lambda duty: -weight[duty.id])[:_MOST_DUTIES])
        head, *others = entries
        blocks = self._led_by_a_word(head, self._provision(head)) + self._points(others)
        blocks = self._days_once(blocks, entries)
        if self._more and duties:
            blocks += self._duties(duties[:_MOST_DUTIES]) + self._penalties(duties[:_MOST_DUTIES])
        return blocks

    def _days_once(self, blocks: list[Block], entries: list[Provision]) -> list[Block]:
        """Say days of application once, at the end, where several entries share them."""
        dated = [entry for entry in entries if not entry.calendar and not isinstance(entry, Unsummarised)]
        said = {tuple(one.text for one in self._days_of(entry)) for entry in dated}
        if len(dated) < _SEVERAL or len(dated) < len(entries) or len(said) > 1:
            return blocks
        texts = next(iter(said))
        rest = [Block([one for one in block.sentences if one.text not in texts], block.item) for block in blocks]
        cited = [self._sources.cite(entry.id) for entry in dated]
        first, *others = texts
        told = [phrase("all_of_these", self._language, text=first), *others]
        shared = Block([Sentence(text=text, citations=cited) for text in told])
        return [*(block for block in rest if block.sentences), shared]

    def _days_of(self, entry: Provision) -> list[Sentence]:
        return self._dates(entry, self._sources.cite(entry.id))

    def _led_by_a_word(self, entry: Provision, blocks: list[Block]) -> list[Block]:
        """Put the answer in a word before the summary of a provision, where it can be given."""
        first, *others = blocks[0].sentences
        said: tuple[str | None, str] = (None, first.text)
        if self._sure and not isinstance(entry, Unsummarised):
            said = lead(entry, first.text, self._question, self._day, self._knowledge)
        begun = [Block([Sentence(text=said[0], citations=first.citations)])] if said[0] else []
        led = Sentence(text=said[1], citations=first.citations)
        return [*begun, Block([led, *others]), *blocks[1:]]

    def _sanctions(self, entries: list[Provision]) -> list[Block]:
        """Answer from the provision found that is a sanction, or from the sanctions of the duties found; then the rest."""
        sanctions = {p for duty in self._knowledge.obligations.values() for p in duty.sanction.provisions}
        head = next((entry for entry in entries if entry.id in sanctions), None)
        if head is not None:
            return self._provision(head) + self._points([entry for entry in entries if entry is not head])
        penalties = self._penalties(self._duties_of(entry.id for entry in entries))
        return penalties + self._points(entries[:_NEAR_THE_TOP]) if penalties else self._obligations(entries, {})

    def _penalties(self, duties: list[Obligation]) -> list[Block]:
        blocks, seen = [], set()
        for duty in duties:
            text = duty.sanction.summary.in_language(self._language)
            if text in seen:
                continue
            seen.add(text)
            provisions = [*duty.sanction.provisions, duty.provisions[0]]
            numbers = [self._sources.cite(provision) for provision in provisions]
            title = f"**{duty.title.in_language(self._language)}**"
            said = [Sentence(text=part, citations=numbers) for part in sentences(text, self._language)]
            said[0] = Sentence(text=self._led(title, said[0].text), citations=numbers)
            blocks.append(Block(said, item=True))
        return blocks[:_MOST_POINTS]

    def _dates_first(self, entry: Provision) -> list[Block]:
        if entry.calendar or isinstance(entry, Unsummarised):
            return self._provision(entry)
        number = self._sources.cite(entry.id)
        label = f"**{self._knowledge.label(entry.id, self._language)}**"
        dates = self._dates(entry, number)
        dates[0] = Sentence(text=self._led(label, dates[0].text), citations=[number])
        return [Block(dates), Block(self._summary(entry, number))]

    def _provision(self, entry: Provision) -> list[Block]:
        number = self._sources.cite(entry.id)
        blocks = [Block(self._summary(entry, number))]
        if not entry.calendar and not isinstance(entry, Unsummarised):
            blocks.append(Block(self._dates(entry, number)))
        if review := entry.review_on(self._day):
            text = phrase("review", self._language, text=review.in_language(self._language))
            blocks.append(Block([Sentence(text=text, citations=[number])]))
        return blocks

    def _duties(self, duties: list[Obligation]) -> list[Block]:
        """List duties; days of application that they share are said once, at the end."""
        numbers = {duty.id: self._sources.cite(duty.provisions[0]) for duty in duties}
        dates = {duty.id: self._dates(duty, numbers[duty.id]) for duty in duties}
        shared = len(duties) > 1 and len({tuple(one.text for one in said) for said in dates.values()}) == 1
        blocks = [Block(self._duty(duty, numbers[duty.id]) + ([] if shared else dates[duty.id]), item=True) for duty in duties]
        if shared:
            first, *others = [one.text for one in dates[duties[0].id]]
            cited = sorted(set(numbers.values()))
            said = [phrase("all_of_these", self._language, text=first), *others]
            blocks.append(Block([Sentence(text=text, citations=cited) for text in said]))
        return blocks

    # pieces

    def _points(self, entries: list[Provision]) -> list[Block]:
        return [self._point(entry) for entry in entries]

    def _point(self, entry: Provision) -> Block:
        number = self._sources.cite(entry.id)
        form = "**{}**（{}）" if self._language is Language.JA else "**{}** ({})"
        heading = form.format(self._knowledge.label(entry.id, self._language), entry.heading.in_language(self._language))
        dated = not entry.calendar and not isinstance(entry, Unsummarised)
        dates = [] if not dated else self._dates(entry, number)
        first, *others = self._shown(entry)
        said = [self._led(heading, first), *others]
        return Block([*(Sentence(text=text, citations=[number]) for text in said), *dates], item=True)

    def _duty(self, duty: Obligation, number: int) -> list[Sentence]:
        """Say a duty: its title and text, for whom and on which condition, and its exceptions."""
        language = self._language
        first, *others = sentences(duty.duty.in_language(language), language)
        bearers = phrase("list_separator", language).join(
            self._knowledge.roles[role].name.in_language(language) for role in duty.bearers
        )
        said = [self._led(f"**{duty.title.in_language(language)}**", first), *others]
        said.append(phrase("duty_context", language, bearers=bearers, trigger=duty.trigger.in_language(language)))
        if duty.exceptions is not None:
            said.append(phrase("exceptions", language, text=duty.exceptions.in_language(language)))
        return [Sentence(text=text, citations=[number]) for text in said]

    def _led(self, head: str, text: str) -> str:
        return f"{head}：{text}" if self._language is Language.JA else f"{head}: {text}"

    def _duties_of(self, provisions: Iterable[str]) -> list[Obligation]:
        """Return the duties resting on these provisions, those of the roles named in the question first."""
        duties: dict[str, Obligation] = {}
        for provision in provisions:
            for duty in self._knowledge.duties_of.get(provision, []):
                duties.setdefault(duty.id, duty)
        roles = self._question.roles
        fitting = [duty for duty in duties.values() if not roles or roles & set(duty.bearers)]
        return fitting or list(duties.values())

    def _summary(self, entry: Provision, number: int) -> list[Sentence]:
        return [Sentence(text=said, citations=[number]) for said in self._sentences(entry)]

    def _shown(self, entry: Provision) -> list[str]:
        """Return the sentences of a list item: those that fit the question, or all where more is asked for."""
        said = self._sentences(entry)
        return said if self._more else fitting(said, self._question.text, _POINT_SENTENCES)

    def _sentences(self, entry: Provision) -> list[str]:
        wording = entry.wording_on(self._day) or entry.wording[-1]
        return sentences(wording.summary.in_language(self._language), self._language)

    def _dates(self, entry: Provision | Obligation, number: int) -> list[Sentence]:
        told = days_told(entry, self._day, self._language, law=self._is_law(entry))
        return [Sentence(text=text, citations=[number]) for text in told]

    def _is_law(self, entry: Provision | Obligation) -> bool:
        if isinstance(entry, Obligation):
            return entry.force is not DutyForce.SHOULD
        return self._knowledge.force(entry) in _LAW
