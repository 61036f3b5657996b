"""What an uploaded register would do: which systems are new, which change and how, and which are refused, and why."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from assistant.law.answers import parse_answers
from assistant.law.assessment import Assessor
from assistant.store.columns import LONGEST_NAME
from assistant.store.duties import TrackedDuty
from assistant.store.exchange import Incoming, IncomingComment, IncomingDuty
from assistant.store.rows import new_id, same
from assistant.store.systems import StoredSystem
from assistant.types import AssistantError
from assistant.web.systems.history import in_words, title
from assistant.web.systems.office import Office
from assistant.web.systems.register_file import Duty, Entry, Read, Remark, entry_of
from assistant.web.team.permissions import ASSESS, REVIEW

Action = Literal["create", "update", "same", "refuse"]
_MOST_TOLD = 12  # lines about one system


@dataclass(frozen=True)
class Step:
    """What would happen to one system, told in the language of the page; ``incoming`` is what to keep, where there is any."""

    name: str
    action: Action
    told: tuple[str, ...]
    incoming: Incoming | None = None


class Plan:
    """The steps for the systems of a file, as the register stands now."""

    def __init__(self, office: Office, read: Iterable[Read]) -> None:
        self._office = office
        self._t = office.t
        team, who = office.desk.team, office.desk.systems.acting
        self._by = team.people.get(who.person).name if team else ""
        self._here = {system.id: system for system in office.desk.systems.all()}
        self._deleted = {system.id for system in office.desk.systems.all(deleted=True)}
        self._assessor = Assessor(office.desk.knowledge, office.pages.language)
        self._seen: set[str] = set()
        every = list(read)
        self._known = {*self._here, *(one.entry.id for one in every if one.entry)}
        self.steps = [self._step(one) for one in every]

    @property
    def incoming(self) -> list[Incoming]:
        """What is to be kept once it is confirmed."""
        return [step.incoming for step in self.steps if step.incoming]

    def digest(self) -> str:
        """Return what tells one plan from another: what is confirmed must be what was shown."""
        shown = [(step.name, step.action, step.told) for step in self.steps]
        return hashlib.sha256(json.dumps(shown).encode()).hexdigest()

    def _step(self, read: Read) -> Step:
        entry = read.entry
        if entry is None:
            faults = [self._t("exchange_misfit", place=self._place(place), value=value) for place, value in read.misfits]
            return Step(read.name, "refuse", self._shortened(faults))
        if refusal := self._refusal(entry):
            return Step(entry.name, "refuse", (refusal,))
        if entry.id in self._here:
            return self._update(entry, self._here[entry.id])
        return self._create(entry)

    def _refusal(self, entry: Entry) -> str:
        if entry.id in self._deleted:
            return self._t("exchange_deleted")
        if entry.id is not None:
            if entry.id in self._seen:
                return self._t("exchange_twice")
            self._seen.add(entry.id)
        try:
            self._assessor.refuse_contradictions(parse_answers(entry.answers, self._office.desk.knowledge))
        except AssistantError as error:
            here = self._here.get(entry.id or "")
            if here is None or not same(entry.answers, here.answers):  # what stands here already may well come back
                return self._t("exchange_answers", faults=str(error)[:1000])
        return ""

    def _create(self, entry: Entry) -> Step:
        untouched = entry.mark == entry.fingerprint()
        # Anybody can make the mark: it shows nothing to whom a review is not theirs.
        reviewed = untouched and self._office.desk.may(REVIEW)
        duties = [one for one in entry.duties if one.touched]
        facts = entry.answers["facts"]
        told = [self._t("exchange_counts", answers=len(facts), duties=len(duties), comments=len(entry.comments))]
        if entry.state != "draft":
            why = "" if reviewed else "_no_review" if untouched else "_lost"
            name = entry.reviewer or self._t("somebody")
            told.append(self._t(f"exchange_state{why}", state=self._t(f"state_{entry.state}"), name=name))
        if unknown := [one.duty for one in duties if one.duty not in self._office.desk.knowledge.obligations]:
            told.append(self._t("exchange_unknown_duties", duties=", ".join(unknown)))
        incoming = Incoming(
            entry.id or new_id(), entry.name, entry.owner, entry.answers,
            entry.state if reviewed else "draft", entry.reviewer if reviewed else None,
            entry.copied_from if entry.copied_from in self._known else None,
            tuple(_duty(one, None) for one in duties), _comments(map(self._signed, entry.comments)),
        )  # fmt: skip
        return Step(entry.name, "create", tuple(told), incoming)

    def _update(self, entry: Entry, system: StoredSystem) -> Step:
        desk = self._office.desk
        tracked = desk.duties.all(system.id)
        here = entry_of(system, tracked.values(), desk.comments.all(system.id))
        duties = [one for one in entry.duties if one != _stands(one.duty, here)]
        signed = [one if one in here.comments else self._signed(one) for one in entry.comments]
        comments = [one for one in signed if one not in here.comments]
        told = [*self._renamed(here, entry), *self._answered(here, entry)]
        told += [f"{title(self._office, one.duty)}: {self._t('duty_' + one.state)}" for one in duties]
        told += [self._t("exchange_comment", text=one.text[:80]) for one in comments]
        if not told:
            return Step(entry.name, "same", (self._t("exchange_state_kept"),) if entry.state != system.state else ())
        if not desk.may(ASSESS, system.id):
            return Step(entry.name, "refuse", (self._t("exchange_not_named"),))
        if entry.mark != here.mark:
            return Step(entry.name, "refuse", (self._t("exchange_changed_here"),))
        answered = not same(entry.answers, here.answers)
        if system.state != "draft" and answered:
            told.append(self._t("exchange_draft_again"))
        incoming = Incoming(
            system.id, entry.name, entry.owner, entry.answers if answered else system.answers,
            duties=tuple(_duty(one, tracked.get(one.duty)) for one in duties),
            comments=_comments(comments), expected=system.version,
        )  # fmt: skip
        return Step(entry.name, "update", self._shortened(told), incoming)

    def _signed(self, comment: Remark) -> Remark:
        """Return a comment as it comes in: with accounts it is signed by whoever takes it in, as any other is by who makes it."""
        if self._by in ("", comment.actor):
            return comment
        signed = self._t("exchange_signed", by=self._by, name=comment.actor or self._t("somebody"))
        return comment.model_copy(update={"actor": signed[:LONGEST_NAME]})

    def _renamed(self, here: Entry, entry: Entry) -> Iterator[str]:
        for key in ("name", "owner"):
            before, after = getattr(here, key), getattr(entry, key)
            if before != after:
                yield f"{self._t('history_' + key)}: {before or '–'} → {after or '–'}"

    def _answered(self, here: Entry, entry: Entry) -> Iterator[str]:
        office = self._office
        for part in ("facts", "notes"):
            old, new = here.answers.get(part) or {}, entry.answers.get(part) or {}
            for fact in {**old, **new}:
                if not same(old.get(fact), new.get(fact)):
                    before, after = (
                        in_words(office, fact, one.get(fact)) if part == "facts" else one.get(fact) or "–" for one in (old, new)
                    )
                    note = f"{self._t('history_note')} – " if part == "notes" else ""
                    yield f"{note}{office.named(fact)}: {before} → {after}"
        for key in ("questionnaire", "date"):
            if here.answers.get(key) != entry.answers.get(key):
                yield f"{self._t('exchange_col_' + key)}: {here.answers.get(key) or '–'} → {entry.answers.get(key) or '–'}"

    def _place(self, place: str) -> str:
        """Return the place of a value in words: sheets and columns as they are headed."""
        keys = ((f"exchange_sheet_{one}", f"exchange_col_{one}", one) for one in place.split())
        return " ".join(next((self._t(key) for key in named[:2] if key in self._t), named[2]) for named in keys)

    def _shortened(self, told: list[str]) -> tuple[str, ...]:
        more = len(told) - _MOST_TOLD
        return (*told[:_MOST_TOLD], self._t("exchange_more", n=more)) if more > 0 else tuple(told)


def _stands(duty: str, here: Entry) -> Duty:
    return next((one for one in here.duties if one.duty == duty), Duty(duty=duty))


def _duty(one: Duty, before: TrackedDuty | None) -> IncomingDuty:
    values: dict[str, Any] = one.model_dump()
    return IncomingDuty(**values, expected=before.version if before else 0)


def _comments(comments: Iterable[Remark]) -> tuple[IncomingComment, ...]:
    return tuple(IncomingComment(one.about, one.actor, one.text, one.at) for one in comments)
