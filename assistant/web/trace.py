"""Below the sources: where the last answer comes from, and the whole conversation with its traces as a file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape
from typing import Any

import gradio as gr

from assistant.answer.why import Row, column, saying, why
from assistant.law.knowledge import Knowledge
from assistant.types import Answer
from assistant.web.i18n import Texts

_COLUMNS = ("provision", "words", "meaning", "asked", "terms", "cited")
# The file is made in the browser from what the server sends on a click: nothing of a conversation is left on a disk unasked.
_SAVE = """(text) => {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], {type: 'application/json'}));
  link.download = 'conversation.json';
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  return '';
}"""


class Told(Answer):
    """An answer of a chat with the question as typed and what was known of the user's system: enough to ask it again."""

    question: str
    system: dict[str, Any] | None = None


def build(answers: gr.State, knowledge: Knowledge, t: Texts) -> gr.HTML:
    """Show the accordion; what is returned is to be filled with ``shown``."""
    with gr.Accordion(saying("title", t.language), open=False, elem_id="why"):
        panel = gr.HTML(shown([], knowledge, t), elem_id="why-panel")
        gr.Markdown(t("trace_about"), elem_id="why-about")
        save = gr.Button(t("trace_save"), size="sm", elem_id="why-save")
        held = gr.Textbox(visible=False)
    made = save.click(as_json, answers, held, api_visibility="private", show_progress="hidden")
    made.then(None, held, held, js=_SAVE, api_visibility="private")
    return panel


def as_json(answers: Sequence[Answer]) -> str:
    """Return a conversation with everything that made its answers, oldest first."""
    told = [answer.model_dump(mode="json") for answer in answers]
    return json.dumps({"conversation": told}, ensure_ascii=False, indent=2)


def shown(answers: Sequence[Answer], knowledge: Knowledge, t: Texts) -> str:
    """Return where the last answer comes from, as HTML in which nothing of a question or document is markup."""
    if not answers:
        return f"<p>{escape(t('trace_empty'))}</p>"
    told = why(answers[-1], knowledge)
    facts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in told.facts)
    number = f"<h4>{escape(t('answer_number', n=len(answers)))}</h4>"
    removed = "".join(f"<li>{escape(text)}</li>" for text in told.removed)
    if removed:
        removed = f"<h4>{escape(saying('removed', told.language))}</h4><ul>{removed}</ul>"
    return f"{number}<dl>{facts}</dl>{_table(told.rows, t)}{removed}"


def _table(rows: list[Row], t: Texts) -> str:
    if not rows:
        return ""
    head = "".join(f"<th scope='col'>{escape(column(name, t.language))}</th>" for name in _COLUMNS)
    body = "".join(_row(row) for row in rows)
    caption = f"<caption>{escape(saying('found', t.language))}</caption>"
    return f"<div class='wide'><table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"


def _row(row: Row) -> str:
    ranks = "".join(f"<td>{'–' if rank is None else rank}</td>" for rank in row.ranks.values())
    return f"<tr><th scope='row'>{escape(row.label)}</th>{ranks}<td>{'✓' if row.cited else '–'}</td></tr>"
