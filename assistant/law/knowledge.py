"""The knowledge base in memory: loaded, validated as a whole, looked up by id.

Loading refuses what does not fit the schema and every reference that leads nowhere, and names all
faults at once, so that an author mends them in one go.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from assistant.law import pinpoint
from assistant.law.asked import Asked
from assistant.law.conditions import facts_in
from assistant.law.derivations import (
    Contradiction,
    Derivation,
    Earlier,
    Example,
    ExamplesFile,
    Outcome,
    OutcomesFile,
    Question,
    QuestionsFile,
)
from assistant.law.fact import Fact, Role
from assistant.law.files import (
    AskedFile,
    FactsFile,
    GlossaryFile,
    ObligationsFile,
    ParallelsFile,
    ProvisionsFile,
    SourcesFile,
    TextsFile,
)
from assistant.law.numbering import Numbering
from assistant.law.premises import Premise, PremisesFile
from assistant.law.reader import Reader, key_of
from assistant.law.reading import Problem
from assistant.law.schema import Document, Obligation, Parallel, Provision, Term
from assistant.law.text_source import TextSource
from assistant.types import Force, Language


@dataclass(frozen=True)
class Knowledge:
    """Everything the product knows of the law, by id, plus a hash of the files it came from."""

    documents: dict[str, Document]
    provisions: dict[str, Provision]
    obligations: dict[str, Obligation]
    asked: dict[str, Asked]
    terms: dict[str, Term]
    parallels: dict[str, Parallel]
    roles: dict[str, Role]
    facts: dict[str, Fact]
    texts: dict[str, TextSource]
    questions: dict[str, Question]
    examples: dict[str, Example]
    questionnaire: str
    earlier: list[Earlier]
    derivations: dict[str, Derivation]
    outcomes: dict[str, Outcome]
    contradictions: dict[str, Contradiction]
    premises: dict[str, Premise]
    version: str
    files: dict[tuple[str, str], str] = field(default_factory=dict)
    numbering: dict[str, Numbering] = field(default_factory=dict)

    def file_of(self, entry: BaseModel) -> str:
        """Return the file an entry stands in, relative to the knowledge folder."""
        return self.files[key_of(entry)]

    def document_of(self, provision: str) -> Document:
        """Return the document a provision id belongs to (the id need not be an entry).

        Raises:
            KeyError: no document of the catalogue has this id as its beginning.
        """
        parts = provision.split(".")
        for end in range(len(parts), 0, -1):
            if document := self.documents.get(".".join(parts[:end])):
                return document
        raise KeyError(provision)

    def resolve(self, provision: str) -> Provision | None:
        """Return the entry for ``provision`` or for its nearest parent that has one."""
        document = self.document_of(provision)
        for candidate in (provision, *pinpoint.parents(provision, document.id)):
            if entry := self.provisions.get(candidate):
                return entry
        return None

    def label(self, provision: str, language: Language, *, full: bool = True) -> str:
        """Return the label of a provision id, by default led by its document's short name."""
        document = self.document_of(provision)
        entry = self.provisions.get(provision)
        if entry is not None and entry.label is not None:
            own = entry.label.in_language(language)
        else:
            own = pinpoint.label(provision, document.id, document.jurisdiction, language) or provision
        if not full:
            return own
        short = document.short.in_language(language)
        return f"{short}{own}" if language is Language.JA and own.startswith("第") else f"{short} {own}"

    def force(self, provision: Provision) -> Force:
        """Return how strongly a provision binds: its own force, else its document's."""
        return provision.force or self.document_of(provision.id).force

    @cached_property
    def duties_of(self) -> dict[str, list[Obligation]]:
        """Obligations by each provision they rest on."""
        found: dict[str, list[Obligation]] = {}
        for obligation in self.obligations.values():
            for provision in obligation.provisions:
                found.setdefault(provision, []).append(obligation)
        return found

    @cached_property
    def children_of(self) -> dict[str, list[str]]:
        """Ids directly below an id, in the order of the files; levels without an entry of their own included."""
        found: dict[str, list[str]] = {}
        for provision in self.provisions:
            below = provision
            for above in [*pinpoint.parents(provision, self.document_of(provision).id)]:
                children = found.setdefault(above, [])
                if below not in children:
                    children.append(below)
                below = above
        return found

    def entries_below(self, provision: str) -> list[str]:
        """Return the nearest entries below an id: its children, or theirs where a level has no entry."""
        found = []
        for child in self.children_of.get(provision, []):
            found += [child] if child in self.provisions else self.entries_below(child)
        return found


def load_knowledge(root: Path) -> Knowledge:
    """Read and validate the knowledge base under ``root``.

    Raises:
        KnowledgeError: with every fault found, each naming file, entry and key.
    """
    reader = Reader(root)
    alone = {name: reader.one(f"{name}.yaml", model) for name, model in _ALONE.items()}
    many = {folder: reader.many(folder, model) for folder, model in _MANY.items()}
    reader.refuse_if_faulty()
    knowledge = _assembled(reader, alone, many)
    reader.problems += unresolved(knowledge)
    reader.refuse_if_faulty()
    return knowledge


_ALONE: dict[str, type[BaseModel]] = {
    "sources": SourcesFile,
    "facts": FactsFile,
    "glossary": GlossaryFile,
    "parallels": ParallelsFile,
    "texts": TextsFile,
    "questions": QuestionsFile,
    "examples": ExamplesFile,
    "outcomes": OutcomesFile,
    "premises": PremisesFile,
}
_MANY: dict[str, type[BaseModel]] = {
    "provisions": ProvisionsFile,
    "obligations": ObligationsFile,
    "asked": AskedFile,
    "numbering": Numbering,
}


def _assembled(reader: Reader, alone: Mapping[str, Any], many: Mapping[str, Mapping[str, Any]]) -> Knowledge:
    """Return the knowledge of files that fit their schema; ids that clash are told to the reader."""

    def listed(name: str, key: str = "") -> dict[str, Any]:
        return reader.by_id(f"{name}.yaml", getattr(alone[name], key or name))

    def merged(folder: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, file in many[folder].items():
            reader.merge(name, found, getattr(file, folder))
        return found

    documents = listed("sources", "documents")
    for name, file in many["provisions"].items():
        reader.expect_document(name, file, documents)
    for name, table in many["numbering"].items():
        if table.document not in documents:
            reader.problems.append(Problem(name, "", "document", f"'{table.document}' is not in sources.yaml"))
    return Knowledge(
        documents=documents,
        provisions=merged("provisions"),
        obligations=merged("obligations"),
        asked=merged("asked"),
        terms=listed("glossary", "terms"),
        parallels=listed("parallels"),
        roles=listed("facts", "roles"),
        facts=listed("facts"),
        texts=listed("texts"),
        questions=listed("questions"),
        examples=listed("examples"),
        questionnaire=alone["questions"].version,
        earlier=alone["questions"].earlier,
        derivations=listed("outcomes", "derive"),
        outcomes=listed("outcomes"),
        contradictions=listed("outcomes", "contradictions"),
        premises=listed("premises"),
        version=reader.version,
        files=reader.places,
        numbering={table.document: table for table in many["numbering"].values()},
    )


def unresolved(knowledge: Knowledge) -> Iterator[Problem]:
    """Yield every reference that leads nowhere and every provision without a label."""
    for entry, key, target, known in _references(knowledge):
        if target not in known:
            yield Problem(knowledge.file_of(entry), key_of(entry)[1], key, f"'{target}' is not in the knowledge base")
    for provision in knowledge.provisions.values():
        document = knowledge.document_of(provision.id)
        derived = pinpoint.label(provision.id, document.id, document.jurisdiction, Language.EN)
        if provision.label is None and derived is None:
            message = "this numbering has no general form: write the label in both languages"
            yield Problem(knowledge.file_of(provision), provision.id, "label", message)


def _references(knowledge: Knowledge) -> Iterator[tuple[BaseModel, str, str, Container[str]]]:
    """Yield (entry, key, id referred to, ids it may be) over the whole knowledge base."""
    facts = {*knowledge.facts, *(f"role.{role}" for role in knowledge.roles)}
    for provision in knowledge.provisions.values():
        yield from ((provision, "see", target, knowledge.provisions) for target in provision.see)
    for duty in knowledge.obligations.values():
        yield from ((duty, "provisions", target, knowledge.provisions) for target in duty.provisions)
        yield from ((duty, "bearers", target, knowledge.roles) for target in duty.bearers)
        yield from ((duty, "sanction.provisions", target, knowledge.provisions) for target in duty.sanction.provisions)
        for condition in (duty.condition, duty.unless, *(line.when for line in duty.applies)):
            yield from ((duty, "fact", target, facts) for target in facts_in(condition))
    for asked in knowledge.asked.values():
        yield asked, "provision", asked.provision, knowledge.provisions
    for term in knowledge.terms.values():
        yield from ((term, "provisions", target, knowledge.provisions) for target in term.provisions)
    for parallel in knowledge.parallels.values():
        for side, statements in (("eu", parallel.eu), ("japan", parallel.japan)):
            targets = [target for statement in statements for target in statement.provisions]
            yield from ((parallel, side, target, knowledge.provisions) for target in targets)
    for premise in knowledge.premises.values():
        yield from ((premise, "provisions", target, knowledge.provisions) for target in premise.provisions)
    for text in knowledge.texts.values():
        yield text, "document", text.document, knowledge.documents
    yield from _rule_references(knowledge, facts)
    for role in knowledge.roles.values():
        yield role, "provision", role.provision, knowledge.provisions


def _rule_references(knowledge: Knowledge, facts: Container[str]) -> Iterator[tuple[BaseModel, str, str, Container[str]]]:
    """Yield the references of questions, derived facts, outcomes and roles."""
    for role in knowledge.roles.values():
        yield from ((role, "held", target, facts) for target in facts_in(role.held))
    for question in knowledge.questions.values():
        yield question, "fact", question.fact, knowledge.facts
        yield from ((question, "ask_when", target, facts) for target in facts_in(question.ask_when))
        cited = [*question.provisions, *(one for option in question.options for one in option.provisions)]
        yield from ((question, "provisions", target, knowledge.provisions) for target in cited)
    for example in knowledge.examples.values():
        yield example, "fact", example.fact, knowledge.questions
    for rule in knowledge.derivations.values():
        yield rule, "fact", rule.fact, knowledge.facts
        for condition in (rule.holds, *rule.includes.values()):
            yield from ((rule, "fact", target, facts) for target in facts_in(condition))
        yield from ((rule, "provisions", target, knowledge.provisions) for target in rule.provisions)
    for contradiction in knowledge.contradictions.values():
        yield from ((contradiction, "when", target, facts) for target in facts_in(contradiction.when))
        yield from ((contradiction, "facts", target, knowledge.questions) for target in contradiction.facts)
    for outcome in knowledge.outcomes.values():
        for condition in (outcome.holds, outcome.concerns, *(reason.when for reason in outcome.reasons)):
            yield from ((outcome, "fact", target, facts) for target in facts_in(condition))
        yield from ((outcome, "duties", target, knowledge.obligations) for target in outcome.duties)
        cited = [*outcome.provisions, *(p for reason in outcome.reasons for p in reason.provisions)]
        yield from ((outcome, "provisions", target, knowledge.provisions) for target in cited)
