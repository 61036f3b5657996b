"""The questionnaire on the terminal: one question after the other, every answer kept at once."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.table import Table

from assistant.cli_shared import write_file
from assistant.law.answers import UNKNOWN, Answers, as_data, parse_answers
from assistant.law.assessment import Assessor
from assistant.law.derivations import Question
from assistant.law.knowledge import Knowledge
from assistant.law.questionnaire import about, progress, remaining
from assistant.law.whatif import consequences
from assistant.law.words import said, word
from assistant.types import AssistantError, Language

if TYPE_CHECKING:
    from assistant.answer.suggest import Suggestion

_UNKNOWN, _BACK, _MORE, _STOP = "?", "<", "!", "q"
_BOOLEANS = {"yes": True, "y": True, "はい": True, "no": False, "n": False, "いいえ": False}


class Dialogue:
    """Asks until nothing is left or the user stops; answers can be taken back and explained."""

    def __init__(self, knowledge: Knowledge, language: Language, output: Path | None) -> None:
        self._knowledge = knowledge
        self._language = language
        self._output = output
        self._console = Console()
        self._asked: list[str] = []

    def run(self, given: Answers) -> Answers:
        """Ask on from the answers given and return all of them."""
        if given == Answers():
            given = self._describe(given)
        while left := remaining(self._knowledge, given):
            question = left[0]
            self._show(question, given)
            entry = typer.prompt(self._word("enter"), prompt_suffix=" ").strip()
            if entry == _STOP:
                break
            if entry == _MORE:
                self._explain(question, given)
            elif entry == _BACK:
                given = self._back(given)
            else:
                given = self._take(question, entry, given)
        return given

    def _describe(self, given: Answers) -> Answers:
        """Ask for name and description, and offer what the description suggests; nothing counts unless confirmed."""
        for question in about(self._knowledge):
            self._console.print(f"\n[bold]{question.text.in_language(self._language)}[/]", highlight=False)
            self._console.print(question.help.in_language(self._language), style="dim", highlight=False)
            entry = typer.prompt(self._word("enter_text"), default="", show_default=False, prompt_suffix=" ").strip()
            if entry:
                given = self._with(given, question.fact, entry)
        description = given.facts.get("system.description")
        for suggestion in _suggested(self._knowledge, str(description), self._language) if description else []:
            question = self._knowledge.questions[suggestion.fact]
            value = parse_answers(self._data({suggestion.fact: suggestion.value}), self._knowledge).facts[suggestion.fact]
            answer = said(value, question.options, self._language)
            self._console.print(f"\n[bold]{question.text.in_language(self._language)}[/]", highlight=False)
            if typer.confirm(self._word("confirm", answer=answer, words="; ".join(suggestion.words)), default=False):
                given = self._with(given, suggestion.fact, suggestion.value)
        return given

    def _show(self, question: Question, given: Answers) -> None:
        language = self._language
        labels = "; ".join(self._knowledge.label(provision, language) for provision in question.provisions)
        answered, left = progress(self._knowledge, given)
        told = self._word("progress", answered=answered, left=left)
        self._console.print(f"\n[dim]{told}[/]\n[bold]{question.text.in_language(language)}[/]", highlight=False)
        self._console.print(question.help.in_language(language), style="dim", highlight=False)
        self._console.print(f"{question.why.in_language(language)} ({labels})", style="dim", highlight=False)
        for number, option in enumerate(question.options, start=1):
            self._console.print(f"  {number}  {option.text.in_language(language)}", highlight=False, markup=False)
        self._console.print(self._word(f"form.{self._knowledge.facts[question.fact].kind}"), style="cyan", highlight=False)

    def _explain(self, question: Question, given: Answers) -> None:
        table = Table(show_header=False)
        for one in consequences(self._knowledge, given, question.fact, date.today(), self._language):
            table.add_row(one.answer, one.told)
        self._console.print(table)

    def _take(self, question: Question, entry: str, given: Answers) -> Answers:
        try:
            changed = self._with(given, question.fact, self._value(question, entry))
        except AssistantError as error:
            self._console.print(f"! {error}", style="red", markup=False, highlight=False)
            return given
        self._asked.append(question.fact)
        return changed

    def _back(self, given: Answers) -> Answers:
        if not self._asked:
            return given
        fact = self._asked.pop()
        facts = {name: value for name, value in given.facts.items() if name != fact}
        return self._kept(replace(given, facts=facts, unknown=given.unknown - {fact}))

    def _value(self, question: Question, entry: str) -> object:
        """Return what was typed in the form of an answers file; options can be named by their number."""
        if entry == _UNKNOWN:
            return UNKNOWN
        kind = self._knowledge.facts[question.fact].kind
        if kind == "boolean":
            return _BOOLEANS.get(entry.casefold(), entry)
        if kind not in ("choice", "set"):
            return entry
        numbered = {str(number): option.value for number, option in enumerate(question.options, start=1)}
        parts = [numbered.get(part, part) for part in re.split(r"[,、\s]+", entry) if part]
        return parts if kind == "set" else "".join(parts)

    def _with(self, given: Answers, fact: str, value: object) -> Answers:
        parsed = parse_answers(self._data({fact: value}), self._knowledge)
        changed = replace(given, facts={**given.facts, **parsed.facts}, unknown=given.unknown | parsed.unknown)
        Assessor(self._knowledge, self._language).refuse_contradictions(changed)
        return self._kept(changed)

    def _kept(self, given: Answers) -> Answers:
        if self._output is not None:
            write_file(self._output, json.dumps(as_data(given, self._knowledge), ensure_ascii=False, indent=2).encode())
        return given

    def _data(self, facts: dict[str, object]) -> dict[str, object]:
        return {"questionnaire": self._knowledge.questionnaire, "facts": facts}

    def _word(self, key: str, **values: object) -> str:
        return word(f"asking.{key}", self._language, **values)


def _suggested(knowledge: Knowledge, description: str, language: Language) -> list[Suggestion]:
    from assistant.answer.suggest import open_suggester
    from assistant.cli_model import ask_to_agree
    from assistant.settings import load_settings

    settings = load_settings()
    ask_to_agree(settings, language)
    return open_suggester(knowledge, settings).suggest(description, language)
