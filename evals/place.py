"""Where evaluations run: a data folder of their own, so that nobody's documents, texts or index take part or are touched."""

from __future__ import annotations

import shutil
from typing import Any

from assistant.answer.opening import Progress
from assistant.answer.pipeline import Assistant
from assistant.settings import Settings, make_data_dir
from evals.cases import AS_OF
from evals.recorded import Voice


def isolated(settings: Settings, *, texts: bool = False) -> Settings:
    """Return the settings with a data folder below the usual one; with ``texts`` it holds the official texts installed.

    Raises:
        AssistantError: the folder cannot be written.
    """
    folder = settings.data_dir / ("evals-official" if texts else "evals")
    own = settings.model_copy(update={"data_dir": folder, "database_url": ""})
    make_data_dir(own)
    if texts:
        shutil.rmtree(own.texts_dir, ignore_errors=True)
        if settings.texts_dir.is_dir():
            shutil.copytree(settings.texts_dir, own.texts_dir)
    return own


def open_isolated(
    settings: Settings, progress: Progress | None = None, *, texts: bool = False, voice: Voice | None = None
) -> Assistant:
    """Open the assistant for an evaluation; its clock stands at the day for which gold is right.

    ``voice`` stands where the chat model stands.
    """
    model: Any = voice
    return Assistant.open(isolated(settings, texts=texts), progress, today=lambda: AS_OF, model=model)
