"""Before the first question leaves the machine, the user is told where it goes and agrees; that is remembered.

What is kept is a small file in the data folder: which model at which address was agreed to on which day. It holds nothing
of any question. Another model, or the same at another address, is asked about anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

from assistant.answer.destination import Destination, destination
from assistant.answer.wording import phrase
from assistant.settings import Settings, make_data_dir
from assistant.types import Language

_FILE = "model-consent.json"


def destinations(settings: Settings) -> list[Destination]:
    """Return every place to which a question, or a sentence with its source, would be sent."""
    names = [settings.model, settings.model_entailment] if settings.model else []
    return [destination(settings, name) for name in names if name]


def all_told(settings: Settings, language: Language) -> str:
    """Return in one phrase where questions go."""
    return phrase("list_separator", language).join(dict.fromkeys(place.told(language) for place in destinations(settings)))


def may_send(settings: Settings) -> bool:
    """Tell whether a question may be sent: it stays on this computer, or the user has agreed to where it goes."""
    if settings.model_consent:
        return True
    kept = _kept(settings)
    return all(place.local or _key(place) in kept for place in destinations(settings))


def agree(settings: Settings, today: Callable[[], date] = date.today) -> None:
    """Remember that the user agrees to where the settings send questions.

    Raises:
        AssistantError: the data folder cannot be written.
    """
    kept = _kept(settings) | {_key(place): today().isoformat() for place in destinations(settings) if not place.local}
    path = make_data_dir(settings) / _FILE
    unfinished = path.with_suffix(".part")
    unfinished.write_text(json.dumps(kept, indent=1), encoding="utf-8")
    unfinished.replace(path)


def _kept(settings: Settings) -> dict[str, str]:
    """Return what was agreed to; a file that cannot be read counts as no agreement."""
    try:
        kept = json.loads((settings.data_dir / _FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _key(place: Destination) -> str:
    return f"{place.name} {place.address or place.service}"
