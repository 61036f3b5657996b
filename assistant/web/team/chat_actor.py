"""Who acts in the handlers of the chat: Gradio runs them apart from the request that asked for them."""

from __future__ import annotations

from collections.abc import Iterator
from contextvars import copy_context
from typing import Any, TypeVar

import gradio as gr

from assistant.store.acting import Acting, enter

Step = TypeVar("Step")


def as_asked(request: gr.Request, steps: Iterator[Step]) -> Iterator[Step]:
    """Yield the steps of a handler, each taken for whoever the request was let through for; for nobody else."""
    who: Any = getattr(request.request.state, "acting", None) if request.request is not None else None
    context, end = copy_context(), object()
    if isinstance(who, Acting):
        context.run(enter, who)
    while (step := context.run(next, steps, end)) is not end:
        yield step  # type: ignore[misc]
