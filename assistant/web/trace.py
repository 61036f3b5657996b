"""Below the sources: where the last answer comes from."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from assistant.answer.why import Row, column, saying, why
from assistant.law.knowledge import Knowledge
from assistant.types import Answer
from assistant.web.i18n import Texts

_COLUMNS = ("provision", "words", "meaning", "asked", "terms", "cited")


def shown(answers: Sequence[Answer | None], knowledge: Knowledge, t: Texts) -> str:
    """Return where the last answer comes from, as HTML in which nothing of a question or document is markup."""
    turn, last = next(((turn, one) for turn, one in reversed(list(enumerate(answers, start=1))) if one), (0, None))
    if last is None:
        return f"<p>{escape(t('trace_empty'))}</p>"
    return f"<h3>{escape(t('answer_number', n=turn))}</h3>{explained(last, knowledge, t)}"


def explained(answer: Answer, knowledge: Knowledge, t: Texts) -> str:
    """Return where one answer comes from, as HTML."""
    told = why(answer, knowledge)
    facts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in told.facts)
    removed = "".join(f"<li>{escape(text)}</li>" for text in told.removed)
    if removed:
        removed = f"<h4>{escape(saying('removed', told.language))}</h4><ul>{removed}</ul>"
    return f"<dl>{facts}</dl>{_table(told.rows, t)}{removed}"


def _table(rows: list[Row], t: Texts) -> str:
    if not rows:
        return ""
    head = "".join(f"<th scope='col'>{escape(column(name, t.language))}</th>" for name in _COLUMNS)
    body = "".join(_row(row) for row in rows)
    found = escape(saying("found", t.language))
    table = f"<table><caption>{found}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f"<div class='wide' role='region' tabindex='0' aria-label='{found}'>{table}</div>"


def _row(row: Row) -> str:
    ranks = "".join(f"<td>{'–' if rank is None else rank}</td>" for rank in row.ranks.values())
    return f"<tr><th scope='row'>{escape(row.label)}</th>{ranks}<td>{'✓' if row.cited else '–'}</td></tr>"
