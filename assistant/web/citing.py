"""An answer to be carried elsewhere: its text with numbered sources, as plain text or Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.answer.wording import force_name, long_date, made_by
from assistant.types import Answer, Citation, Force
from assistant.web.i18n import Texts

MARKER = re.compile(r"\[(\d+)\]")  # the number of a citation in an answer
_ESCAPED = re.compile(r"\\([^\w\s])")


def plain(text: str) -> str:
    """Return an answer's Markdown as it reads: no marks of emphasis, nothing escaped."""
    return _ESCAPED.sub(r"\1", text.replace("**", ""))


def copied(question: str, answer: Answer, t: Texts) -> str:
    """Return a question and its answer as plain text: sources numbered, the day it was answered for, and what it is not."""
    lines = [question.strip(), *told(answer)]
    if answer.citations:
        lines.append("\n".join([f"{t('sources_title')}:", *(f"[{one.n}] {source(one, t)}" for one in answer.citations)]))
    lines += [f"! {warning}" for warning in answer.warnings]
    return "\n\n".join([*lines, closing(answer, t)])


def told(answer: Answer) -> Iterator[str]:
    """Yield the paragraphs of an answer as plain text, how it was understood first."""
    if answer.understood_as:
        yield answer.understood_as
    yield plain(answer.answer)


def source(citation: Citation, t: Texts, *, link: bool = True) -> str:
    """Return one source in a line: what it is, how it binds, from when it applies, where it stands."""
    parts = [f"{citation.label} – {citation.heading}", force_name(citation.force.value, t.language)]
    if citation.force is not Force.OWN and citation.summarised and citation.applies_from:
        key = "copied_from" if citation.in_force else "not_in_force"
        parts.append(t(key, date=long_date(citation.applies_from, t.language)))
    if citation.version:
        parts.append(t("version", version=citation.version))
    if citation.page:
        parts.append(t("page", page=citation.page))
    if link and citation.url.startswith("https://"):
        parts.append(citation.url)
    return " · ".join(parts)


def closing(answer: Answer, t: Texts) -> str:
    """Return the last line: the day for which it was answered, who worded it, that it is no advice."""
    return " ".join([t("copied_as_of", date=long_date(answer.as_of, t.language)), made_by(answer), t("disclaimer")])
