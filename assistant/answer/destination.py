"""Where a question would be sent if a model took part: told before anything leaves, and the address that is then used."""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass
from urllib.parse import urlsplit

from assistant.answer.wording import phrase
from assistant.settings import Settings
from assistant.types import AssistantError, Language


@dataclass(frozen=True)
class _Provider:
    """A service with an address of its own, and the variables with which its users move it."""

    name: str
    address: str
    moved_by: tuple[str, ...]


_PROVIDERS = {
    "openai": _Provider("OpenAI", "https://api.openai.com/v1", ("OPENAI_BASE_URL", "OPENAI_API_BASE")),
    "anthropic": _Provider("Anthropic", "https://api.anthropic.com", ("ANTHROPIC_API_URL", "ANTHROPIC_BASE_URL")),
    "ollama": _Provider("Ollama", "http://127.0.0.1:11434", ("OLLAMA_HOST",)),
}


@dataclass(frozen=True)
class Destination:
    """A model and where it is: ``provider`` and ``model`` as LangChain wants them, ``address`` empty where only it knows.

    ``service`` is whose address it is; empty for an address that the user set.
    """

    provider: str
    model: str
    service: str
    address: str

    @property
    def name(self) -> str:
        """The model as the user named it."""
        return f"{self.provider}:{self.model}"

    @property
    def host(self) -> str:
        """Host and port of the address; the service's name where it has no address known here."""
        return urlsplit(self.address).netloc.rpartition("@")[2] or self.service

    @property
    def local(self) -> bool:
        """Tell whether the address is this computer."""
        host = urlsplit(self.address).hostname or ""
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return host == "localhost"

    def told(self, language: Language) -> str:
        """Return in one phrase where a question goes."""
        if self.local:
            return phrase("on_this_computer", language, model=self.name, host=self.host)
        if not self.address:
            return phrase("sent_to_service", language, model=self.name, service=self.service)
        if not self.service:
            return phrase("sent_to_address", language, model=self.name, host=self.host)
        return phrase("sent_to_host", language, model=self.name, service=self.service, host=self.host)


def destination(settings: Settings, model: str = "") -> Destination:
    """Return where questions go for the model of the settings, or for another of the same form.

    Raises:
        AssistantError: the model has no provider, or the address is not one.
    """
    name = model or settings.model
    if settings.model_url:
        address = settings.model_url.rstrip("/")
        if urlsplit(address).scheme not in ("http", "https") or not urlsplit(address).hostname:
            raise AssistantError("ASSISTANT_MODEL_URL is not an address: write it as http://127.0.0.1:8080/v1, or unset it.")
        return Destination("openai", name.removeprefix("openai:"), "", address)
    provider, _, rest = name.partition(":")
    if not rest:
        raise AssistantError(
            f"The model '{name}' cannot be loaded: write it as provider:model, for example ollama:NAME, or unset ASSISTANT_MODEL."
        )
    known = _PROVIDERS.get(provider)
    if known is None:
        return Destination(provider, rest, provider, "")
    if moved := next((os.environ[variable] for variable in known.moved_by if os.environ.get(variable)), ""):
        return Destination(provider, rest, "", moved if "://" in moved else f"http://{moved}")
    return Destination(provider, rest, known.name, known.address)
