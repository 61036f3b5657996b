"""The table of contents of a document: its provisions in the law's own order, each below the one it belongs to."""

from __future__ import annotations

from dataclasses import dataclass, field

from assistant.law import pinpoint
from assistant.law.knowledge import Knowledge
from assistant.law.numbering import Numbering
from assistant.law.schema import Unsummarised
from assistant.types import Language


@dataclass
class Node:
    """One line of the contents; ``heading`` is empty for a level that has no entry of its own."""

    provision: str
    label: str
    heading: str = ""
    summarised: bool = False
    children: list[Node] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many lines stand below."""
        return sum(1 + child.count for child in self.children)


def contents(knowledge: Knowledge, document: str, language: Language) -> list[Node]:
    """Return the provisions of a document as a tree."""
    nodes: dict[str, Node] = {}
    tops: list[Node] = []
    for identity in knowledge.provisions:
        if identity.startswith(f"{document}.") and knowledge.document_of(identity).id == document:
            path = [*reversed(pinpoint.parents(identity, document)), identity]
            siblings = tops
            for one in path:
                if one not in nodes:
                    nodes[one] = _node(knowledge, one, language)
                    siblings.append(nodes[one])
                siblings = nodes[one].children
    _sort(tops, "", document, knowledge.numbering.get(document))
    return tops


def flat(nodes: list[Node]) -> list[Node]:
    """Return the lines of the contents in reading order."""
    return [one for node in nodes for one in (node, *flat(node.children))]


def _node(knowledge: Knowledge, identity: str, language: Language) -> Node:
    entry = knowledge.provisions.get(identity)
    label = knowledge.label(identity, language, full=False)
    if entry is None:
        return Node(identity, label)
    return Node(identity, label, entry.heading.in_language(language), not isinstance(entry, Unsummarised))


def _sort(nodes: list[Node], unit: str, document: str, numbering: Numbering | None) -> None:
    """Put siblings into the order of the law where its numbering is known; otherwise they stay as our files have them."""
    order = {segment: place for place, segment in enumerate(numbering.children(unit))} if numbering else {}
    if order:
        nodes.sort(key=lambda node: order.get(node.provision.rpartition(".")[2], len(order)))
    for node in nodes:
        _sort(node.children, node.provision.removeprefix(f"{document}."), document, numbering)
