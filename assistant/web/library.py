"""The library: official texts on this machine, and the user's own documents."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.answer.pipeline import Assistant
from assistant.texts import acquire
from assistant.texts.fetch import Fetcher
from assistant.texts.pdf import Limits
from assistant.types import AssistantError, Jurisdiction, Language
from assistant.web.i18n import Texts

log = logging.getLogger(__name__)


def build(assistant: Assistant, t: Texts) -> None:
    """Add the library's components to the page that is being built."""
    page = LibraryPage(assistant, t)
    gr.Markdown(f"## {t('texts_title')}\n\n{t('texts_about')}")
    texts = gr.Markdown(page.texts_table(), elem_id="texts")
    fetch = gr.Button(t("fetch"), elem_id="fetch", size="sm")
    gr.Markdown(f"## {t('own_title')}\n\n{t('own_about')}")
    upload = gr.UploadButton(t("upload"), file_count="multiple", elem_id="upload", variant="primary", size="sm")
    status = gr.Markdown("", elem_id="library-status")
    chosen = gr.Dropdown(label=t("own_choose"), choices=page.choices(), value=None, elem_id="own")
    with gr.Row():
        title = gr.Textbox(label=t("own_name"), elem_id="own-title", scale=3)
        language = gr.Dropdown(label=t("own_language"), choices=[(t(f"language_{x.value}"), x.value) for x in Language], scale=1)
        about = gr.Dropdown(
            label=t("own_jurisdiction"), scale=1,
            choices=[(t("jurisdiction_none"), ""), *((t(f"jurisdiction_{x.value}"), x.value) for x in Jurisdiction)],
        )  # fmt: skip
    local_only = gr.Checkbox(label=t("own_local"), value=True)
    with gr.Row():
        save = gr.Button(t("save"), size="sm", elem_id="own-save")
        remove = gr.Button(t("delete"), size="sm", variant="stop", elem_id="own-delete")
    details = [title, language, about, local_only]
    fetch.click(page.fetch, None, [status, texts], api_visibility="private")
    upload.upload(page.add, [upload], [status, texts, chosen], api_visibility="private")
    chosen.change(page.details, [chosen], details, api_visibility="private")
    save.click(page.save, [chosen, *details], [status, chosen], api_visibility="private")
    remove.click(page.remove, [chosen], [status, chosen], api_visibility="private")


class LibraryPage:
    """What the library does."""

    def __init__(self, assistant: Assistant, t: Texts) -> None:
        self._assistant = assistant
        self._t = t

    def texts_table(self) -> str:
        """Return the official texts of the catalogue as a table, installed ones marked."""
        t, library = self._t, self._assistant.library
        rows = [f"| {t('text')} | {t('text_version')} | {t('text_state')} |", "|---|---|---|"]
        for identity, source in library.knowledge.texts.items():
            name = library.knowledge.documents[source.document].short.in_language(t.language)
            kind = f" ({t('translation')})" if source.reference else ""
            force = "" if source.covers(date.today()) else f" · {t('not_in_force_today')}"
            record = library.record(identity)
            state = (
                f"✓ {t('installed', date=record.obtained_on.isoformat())}"
                if record
                else t("by_fetch" if source.request else "by_file")
            )
            rows.append(f"| {name} ({source.language}){kind} | {source.version}{force} | {state} |")
        return "\n".join(rows)

    def choices(self) -> list[tuple[str, str]]:
        """Return the user's documents as (title, id)."""
        return [(document.title, document.id) for document in self._assistant.shelf.all()]

    def fetch(self) -> Iterator[tuple[str, str]]:
        """Download every text that has an address and is not here yet, telling of each as it arrives."""
        settings, library = self._assistant.settings, self._assistant.library
        fetcher = Fetcher(settings.fetch_pause_seconds, max_bytes=settings.max_file_mib << 20, mirrors=settings.mirrors)
        wanted = [s for s in library.knowledge.texts.values() if s.request is not None and library.record(s.id) is None]
        told: list[str] = []
        for source in wanted:
            yield "\n".join([*told, f"- {source.id} …"]), self.texts_table()
            outcome = acquire.fetch(library, fetcher, source, Limits(pages=settings.max_pages))
            told.append(f"- ✓ {source.id}" if outcome.state == "installed" else f"- ⚠ {outcome.message}")
        self._assistant.refresh()
        yield "\n".join(told) or self._t("nothing_to_fetch"), self.texts_table()

    def add(self, files: list[str] | None) -> tuple[str, str, Any]:
        """Take uploaded files: those named like an official text as such, all others as the user's own."""
        settings, library = self._assistant.settings, self._assistant.library
        official = {name for source in library.knowledge.texts.values() for name in source.files}
        told = []
        for file in map(Path, files or []):
            try:
                if file.name in official:
                    outcome = next(
                        acquire.import_files(library, [file], Limits(pages=settings.max_pages), settings.max_file_mib << 20)
                    )
                    told.append(f"- ✓ {outcome.message}" if outcome.state == "installed" else f"- ⚠ {outcome.message}")
                else:
                    document = self._assistant.shelf.add(file)
                    empty = f" – {self._t('own_empty_pages', count=document.empty_pages)}" if document.empty_pages else ""
                    told.append(f"- ✓ {_plain(document.title)}{empty}")
            except AssistantError as error:
                told.append(f"- ⚠ {_plain(file.name)}: {_plain(str(error))}")
            except Exception:
                log.exception("A file could not be added")
                told.append(f"- ⚠ {_plain(file.name)}: {self._t('failed')}")
        self._assistant.refresh()
        return "\n".join(told), self.texts_table(), gr.Dropdown(choices=self.choices(), value=None)

    def details(self, identity: str | None) -> tuple[str, str | None, str, bool]:
        """Return title, language, jurisdiction and local-only of the document chosen."""
        if not identity:
            return "", None, "", True
        document = self._assistant.shelf.get(identity)
        return document.title, document.language, document.jurisdiction or "", document.local_only

    def save(
        self, identity: str | None, title: str, language: str | None, about: str | None, local_only: bool
    ) -> tuple[str, Any]:
        """Keep what was changed of a document."""
        if not identity:
            return self._t("own_choose_first"), gr.Dropdown()
        try:
            values = {
                "title": title.strip(),
                "language": language or "en",
                "jurisdiction": about or None,
                "local_only": local_only,
            }
            self._assistant.shelf.change(identity, **values)
        except AssistantError as error:
            return f"⚠ {_plain(str(error))}", gr.Dropdown()
        return self._t("saved"), gr.Dropdown(choices=self.choices(), value=identity)

    def remove(self, identity: str | None) -> tuple[str, Any]:
        """Delete a document for good."""
        if not identity:
            return self._t("own_choose_first"), gr.Dropdown()
        self._assistant.shelf.remove(identity)
        return self._t("deleted"), gr.Dropdown(choices=self.choices(), value=None)


def _plain(text: str) -> str:
    return text.replace("\\", "\\\\").replace("<", "&lt;").replace("[", "\\[").replace("*", "\\*").replace("!", "\\!")
