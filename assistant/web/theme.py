"""The look: system fonts with Japanese ones, one calm colour; the rest stands in theme.css."""

from __future__ import annotations

import gradio as gr

_FONTS = ["system-ui", "Hiragino Sans", "Noto Sans JP", "Noto Sans CJK JP", "Yu Gothic UI", "Meiryo", "sans-serif"]

THEME = gr.themes.Base(
    primary_hue=gr.themes.colors.indigo,
    neutral_hue=gr.themes.colors.slate,
    font=_FONTS,
    font_mono=["ui-monospace", "monospace"],
    radius_size=gr.themes.sizes.radius_sm,
    text_size=gr.themes.sizes.text_md,
).set(
    button_primary_background_fill="#243a8f",
    button_primary_background_fill_hover="#1a2b6d",
    button_primary_text_color="#ffffff",
    button_secondary_background_fill="#eef1f7",
    button_secondary_text_color="#1b2430",
    body_text_color="#1b2430",
)
