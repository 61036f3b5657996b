"""The model seam: no model by default, or any LangChain chat model by its name."""

from __future__ import annotations

from typing import Any

from langchain_core.language_models import BaseChatModel

from assistant.answer.destination import destination
from assistant.settings import Settings, load_settings
from assistant.types import AssistantError

_NO_KEY = "none"  # what the client of an OpenAI-compatible address sends where the user has no key for it


def load_model(name: str, settings: Settings | None = None) -> BaseChatModel:
    """Return the chat model called ``provider:model``, or that name at the address of the settings.

    It speaks to the address that ``destination`` tells. Its own retries are off: the assistant counts them.

    Raises:
        AssistantError: the provider's package or key is missing, or the name is not understood.
    """
    from langchain.chat_models import init_chat_model

    settings = settings or load_settings()
    place = destination(settings, name)
    given: dict[str, Any] = {"base_url": place.address} if place.address else {}
    if settings.model_url:
        given["api_key"] = settings.model_key.get_secret_value() or _NO_KEY
    try:
        limits = _limits(place.provider, settings.model_timeout_seconds)
        model: BaseChatModel = init_chat_model(place.model, model_provider=place.provider, temperature=0, **given, **limits)
    except Exception as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise AssistantError(
            f"The model '{name}' cannot be loaded ({reason}). Write it as provider:model, install the provider's package "
            f"(for example pip install 'governance-assistant[{place.provider}]') and set its key, or unset ASSISTANT_MODEL."
        ) from error
    return model


def _limits(provider: str, seconds: float) -> dict[str, Any]:
    """Return the provider's own words for a time limit: with it, a connection given up on is also closed in the end."""
    if provider in ("openai", "anthropic"):
        return {"timeout": seconds, "max_retries": 0}
    return {"client_kwargs": {"timeout": seconds}} if provider == "ollama" else {}
