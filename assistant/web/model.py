"""A model on the chat page: where questions would go, and whether that is agreed."""

from __future__ import annotations

from typing import Any

import gradio as gr

from assistant.answer.consent import agree, all_told, may_send
from assistant.answer.pipeline import Assistant
from assistant.web.i18n import Texts


def build_notice(assistant: Assistant, t: Texts, blocks: gr.Blocks) -> None:
    """Show where questions go and, until that is agreed, the two ways to go on; nothing where there is no model."""
    if not assistant.settings.model:
        return
    notice = Notice(assistant, t)
    told = gr.Markdown(elem_id="model-told")
    with gr.Row(visible=False) as choice:
        agreed = gr.Button(t("model_agree"), size="sm", variant="primary", elem_id="model-agree")
        declined = gr.Button(t("model_decline"), size="sm", elem_id="model-decline")
    blocks.load(notice.shown, None, [told, choice], api_visibility="private")
    agreed.click(notice.agreed, None, [told, choice], api_visibility="private")
    declined.click(notice.declined, None, [told, choice], api_visibility="private")


class Notice:
    """What the notice says, and what its buttons do."""

    def __init__(self, assistant: Assistant, t: Texts) -> None:
        self._settings = assistant.settings
        self._t = t

    def shown(self) -> tuple[str, Any]:
        """Return where questions go, with the buttons while that is not agreed."""
        free = may_send(self._settings)
        told = self._t("model_told" if free else "model_notice", told=all_told(self._settings, self._t.language))
        if self._settings.team and not free:  # one person cannot agree for all
            return f"{told} {self._t('model_operator')}", gr.update(visible=False)
        return told, gr.update(visible=not free)

    def agreed(self) -> tuple[str, Any]:
        """Remember the agreement; where there are accounts, it is the server's setting that counts."""
        if not self._settings.team:
            agree(self._settings)
        return self.shown()

    def declined(self) -> tuple[str, Any]:
        """Leave the model out."""
        return self._t("model_declined"), gr.update(visible=False)
