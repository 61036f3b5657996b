"""The index on a Chroma server that several processes and machines share.

A build goes to a new collection; then the mark in the database that names the one in use is moved. Readers see the old index
or the new one, never a half of either; the one before stays for those that still have it open. Only collections that this
database says it began are ever removed: the server may hold those of other installations. A server that lost its data is
filled again: the passages come from the knowledge base and the texts, their vectors from the cache in the database.
"""

from __future__ import annotations

import json
import logging
import uuid
from dataclasses import asdict, dataclass
from functools import lru_cache
from urllib.parse import urlsplit

import chromadb
import httpx
from chromadb.api import ClientAPI
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import NotFoundError
from langchain_chroma import Chroma
from langchain_core.embeddings import Embeddings

from assistant.search.index import HNSW, IndexState, VectorIndex, fill, fingerprint
from assistant.search.passages import Passage
from assistant.settings import Settings
from assistant.store.marks import Marks
from assistant.types import AssistantError

log = logging.getLogger(__name__)
_SECONDS = 20.0  # that the server may take for one request
_SIGN_OF_LIFE = 5.0  # seconds within which a server says that it is there


class UnreachableError(AssistantError):
    """The Chroma server does not answer; search goes on by words alone."""


@dataclass(frozen=True)
class _Mark:
    """What the database says of one index: which is in use, and every collection begun that may still be on the server."""

    state: IndexState | None = None
    begun: tuple[str, ...] = ()

    @classmethod
    def read(cls, text: str) -> _Mark:
        """Read a mark; of one that is empty or not of this form nothing is known, and the index is built."""
        try:
            told = json.loads(text)
            return cls(IndexState(**told["state"]) if told["state"] else None, tuple(told["begun"]))
        except (ValueError, TypeError, KeyError):
            return cls()

    def written(self) -> str:
        """Return the mark as it is kept."""
        return json.dumps(asdict(self))


def connect(settings: Settings) -> ClientAPI:
    """Return a client of the server that the settings name.

    Raises:
        UnreachableError: it does not answer, or refuses.
        AssistantError: the address does not fit.
    """
    host, port, ssl = _address(settings)
    try:
        # Chroma's client would wait for its first answer for ever.
        httpx.get(f"{'https' if ssl else 'http'}://{host}:{port}/api/v2/heartbeat", timeout=_SIGN_OF_LIFE)
        place = settings.chroma_tenant, settings.chroma_database
        return _client(host, port, ssl, settings.chroma_token.get_secret_value(), *place)
    except Exception as error:
        raise UnreachableError(
            f"The Chroma server at {host}:{port} does not answer ({type(error).__name__}). "
            "Start it, or correct ASSISTANT_CHROMA_URL; until then search goes by words alone."
        ) from error


def reachable(settings: Settings) -> bool:
    """Tell whether the server gives a sign of life."""
    try:
        connect(settings)
    except UnreachableError:
        return False
    return True


def open_served(
    settings: Settings, marks: Marks, name: str, passages: list[Passage], embeddings: Embeddings, model: str, *, rebuild: bool
) -> VectorIndex:
    """Open the index ``name`` on the server, building it first where it is missing, outdated or incomplete.

    Raises:
        UnreachableError: the server does not answer.
        AssistantError: another process is building it and does not finish in time.
    """
    client, wanted = connect(settings), fingerprint(passages, f"{model} {json.dumps(HNSW)}")
    if not rebuild and (index := _try_open(client, marks, name, wanted, embeddings)):
        return index
    try:
        with marks.alone(f"index-{name}", settings.lock_seconds):
            if not rebuild and (index := _try_open(client, marks, name, wanted, embeddings)):
                return index
            return _build(client, marks, name, passages, embeddings, wanted)
    except TimeoutError as error:
        raise AssistantError(
            f"Another process has been building the index for more than {settings.lock_seconds:.0f} seconds. "
            "Wait for it, or stop it, and try again."
        ) from error


def state_in_use(marks: Marks, name: str) -> IndexState | None:
    """Return what the database says of the index in use."""
    return _Mark.read(marks.get(_key(name))).state


def _key(name: str) -> str:
    return f"index:{name}"


def _address(settings: Settings) -> tuple[str, int, bool]:
    """Return host, port and whether TLS is spoken."""
    address = urlsplit(settings.chroma_url)
    if address.scheme not in ("http", "https") or not address.hostname:
        raise AssistantError("ASSISTANT_CHROMA_URL is no address of a Chroma server; write it like http://127.0.0.1:8000.")
    ssl = address.scheme == "https"
    host = f"[{address.hostname}]" if ":" in address.hostname else address.hostname
    return host, address.port or (443 if ssl else 80), ssl


@lru_cache(maxsize=4)
def _client(host: str, port: int, ssl: bool, token: str, tenant: str, database: str) -> ClientAPI:
    """Return one client a server, whoever opens an index: each holds connections of its own."""
    headers = {"Authorization": f"Bearer {token}", "X-Chroma-Token": token}  # for a proxy; for Chroma's hosted form
    client = chromadb.HttpClient(
        host=host,
        port=port,
        ssl=ssl,
        headers=headers if token else None,
        tenant=tenant,
        database=database,
        settings=ChromaSettings(anonymized_telemetry=False),
    )
    client._server._session.timeout = _SECONDS  # type: ignore[attr-defined]  # noqa: SLF001 - nothing public sets it
    return client


def _try_open(client: ClientAPI, marks: Marks, name: str, wanted: str, embeddings: Embeddings) -> VectorIndex | None:
    """Open what is there, or return nothing where the server says that it is not, or not whole."""
    state = state_in_use(marks, name)
    if state is None or state.fingerprint != wanted:
        return None
    try:
        if client.get_collection(state.folder, embedding_function=None).count() == state.passages:
            return VectorIndex(_chroma(client, state.folder, embeddings, create=False), state, embeddings)
    except NotFoundError:
        log.warning("The index is not on the Chroma server any more and will be rebuilt.")
        return None
    except Exception as error:
        raise UnreachableError(
            f"The Chroma server does not open the index ({type(error).__name__}). Look at its log; where the index is damaged, "
            "'governance-assistant index --rebuild' builds it anew. Until then search goes by words alone."
        ) from error
    log.warning("The index on the Chroma server is incomplete and will be rebuilt.")
    return None


def _build(
    client: ClientAPI, marks: Marks, name: str, passages: list[Passage], embeddings: Embeddings, wanted: str
) -> VectorIndex:
    found, collection = marks.get(_key(name)), f"{name}-{uuid.uuid4().hex[:12]}"
    before = _Mark.read(found)
    begun = _Mark(before.state, (*before.begun, collection))  # named before it is there: what is cut off is found and removed
    _move(marks, name, found, begun)
    try:
        store = _chroma(client, collection, embeddings, create=True)
        fill(store, passages)
    except AssistantError:
        raise
    except Exception as error:
        raise UnreachableError(f"The Chroma server did not take the index ({type(error).__name__}). Look at its log.") from error
    state = IndexState(collection, wanted, len(passages))
    keep = {collection, before.state.folder if before.state else ""}
    stays = [one for one in begun.begun if one in keep or not _removed(client, one)]
    _move(marks, name, begun.written(), _Mark(state, tuple(stays)))
    return VectorIndex(store, state, embeddings)


def _move(marks: Marks, name: str, before: str, after: _Mark) -> None:
    """Move the mark from what it was when we began: a lock is lost with its connection, and another may have built meanwhile."""
    if not marks.swap(_key(name), before, after.written()):
        raise AssistantError("Another process built the index at the same time. Try again.")


def _removed(client: ClientAPI, collection: str) -> bool:
    """Remove a build that nobody reads any more; return whether it is gone."""
    try:
        client.delete_collection(collection)
    except NotFoundError:
        return True
    except Exception:  # noqa: BLE001 - the next build tries again
        log.warning("An old index stays on the Chroma server: %s", collection)
        return False
    return True


def _chroma(client: ClientAPI, collection: str, embeddings: Embeddings, *, create: bool) -> Chroma:
    return Chroma(
        collection_name=collection,
        embedding_function=embeddings,
        client=client,
        collection_configuration={"hnsw": HNSW} if create else None,
        create_collection_if_not_exists=create,
    )
