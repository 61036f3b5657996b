"""The model seam: no model by default, or any LangChain chat model by its name."""

from __future__ import annotations

from langchain_core.language_models import BaseChatModel

from assistant.types import AssistantError


def load_model(name: str) -> BaseChatModel:
    """Return the chat model called ``provider:model``.

    Raises:
        AssistantError: the provider's package or key is missing, or the name is not understood.
    """
    from langchain.chat_models import init_chat_model

    try:
        return init_chat_model(name, temperature=0)
    except Exception as error:
        provider = name.split(":", maxsplit=1)[0]
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise AssistantError(
            f"The model '{name}' cannot be loaded ({reason}). Write it as provider:model, install the provider's package "
            f"(for example pip install 'governance-assistant[{provider}]') and set its key, or unset ASSISTANT_MODEL."
        ) from error
