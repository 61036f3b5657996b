"""What the pages of the register share: how each system stands, what changed since, and its next day to keep."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from assistant.law.comparison import Comparison, compare, law_changes
from assistant.law.questionnaire import progress
from assistant.law.results import Assessment
from assistant.store.systems import Snapshot, StoredSystem
from assistant.types import AssistantError
from assistant.web.pages import Pages
from assistant.web.standing import Standing
from assistant.web.systems.deadlines import Deadline, deadlines

_AXES = ("prohibited", "high_risk", "transparency", "gpai")  # what a register tells a system by, the gravest first
_REMEMBERED = 512


@dataclass(frozen=True)
class Line:
    """One system in the register; ``fault`` says why it cannot be assessed, ``left`` how many questions are to go."""

    system: StoredSystem
    standing: Standing | None
    axis: str
    outcome: str
    left: int
    unsettled: int
    next: Deadline | None
    changed: bool
    fault: str = ""


class Office:
    """The register in one language."""

    def __init__(self, pages: Pages) -> None:
        self.pages = pages
        self.desk = pages.desk
        self.t = pages.t
        self.standings = pages.standings
        self._kept = lru_cache(_REMEMBERED)(self._load)

    def axes(self) -> dict[str, str]:
        """Return what a system is told by in the register, with its name: a class, not settled, or none."""
        outcomes, language = self.desk.knowledge.outcomes, self.pages.language
        classes = {name: outcomes[name].title.in_language(language) for name in _AXES if name in outcomes}
        return {**classes, "open": self.t("systems_open"), "none": self.t("systems_none")}

    def lines(self) -> list[Line]:
        """Return every system of the register with how it stands."""
        return [self.line(system) for system in self.desk.systems.all()]

    def line(self, system: StoredSystem) -> Line:
        """Return how one system stands; one that cannot be assessed says why."""
        try:
            standing = self.standings.of(system)
        except AssistantError as error:
            return Line(system, None, "", "", 0, 0, None, changed=False, fault=str(error))
        one = standing.assessment
        axis = next((name for name in _AXES if name in one.outcomes and one.outcomes[name].outcome == "yes"), "")
        unsettled = any(name in one.outcomes and one.outcomes[name].outcome == "open" for name in _AXES)
        title = one.outcomes[axis].title if axis else self.t("systems_open" if unsettled else "systems_none")
        coming = deadlines(standing, self.desk.duties.all(system.id))
        left = progress(self.desk.knowledge, standing.answers)[1]
        latest = next(iter(self.desk.systems.snapshots(system.id, 1)), None)
        changed = latest is not None and not self.comparison(latest, standing).nothing
        return Line(system, standing, axis or ("open" if unsettled else "none"), title, left, len(one.open_questions),
                    next(iter(coming), None), changed)  # fmt: skip

    def comparison(self, kept: Snapshot, standing: Standing) -> Comparison:
        """Return what differs between a kept assessment and today's, with the changes of law behind it."""
        before, after = self.assessment(kept), standing.assessment
        return law_changes(self.desk.knowledge, compare(before, after), before, after)

    def assessment(self, kept: Snapshot) -> Assessment:
        """Return a kept assessment as it was told."""
        return self._kept(kept.system, kept.id)

    def _load(self, system: str, identity: int) -> Assessment:
        kept = next(one for one in self.desk.systems.snapshots(system) if one.id == identity)
        return Assessment.model_validate(kept.assessment)

    def named(self, fact: str) -> str:
        """Return a fact by its label."""
        return self.pages.fact(fact)
