"""The index on a Chroma server that several processes and machines share.

A build goes to a new collection; then the mark in the database that names the one in use is moved. Readers see the old index
or the new one, never a half of either; the one before stays for those that still have it open. A server that lost its data is
filled again: the passages come from the knowledge base and the texts, their vectors from the cache in the database.
"""

from __future__ import annotations

import json
import logging
import uuid
from urllib.parse import urlsplit

import chromadb
from chromadb.api import ClientAPI
from chromadb.config import Settings as ChromaSettings
from langchain_chroma import Chroma
from langchain_core.embeddings import Embeddings

from assistant.search.index import HNSW, IndexState, VectorIndex, fill, fingerprint
from assistant.search.passages import Passage
from assistant.settings import Settings
from assistant.store.marks import Marks
from assistant.types import AssistantError

log = logging.getLogger(__name__)
_SECONDS = 20  # that the server may take for one query


class UnreachableError(AssistantError):
    """The Chroma server does not answer; search goes on by words alone."""


def connect(settings: Settings) -> ClientAPI:
    """Return a client of the server that the settings name.

    Raises:
        UnreachableError: it does not answer, or refuses.
        AssistantError: the address does not fit.
    """
    address, token = urlsplit(settings.chroma_url), settings.chroma_token.get_secret_value()
    if address.scheme not in ("http", "https") or not address.hostname:
        raise AssistantError("ASSISTANT_CHROMA_URL is no address of a Chroma server; write it like http://127.0.0.1:8000.")
    ssl = address.scheme == "https"
    options = ChromaSettings(anonymized_telemetry=False, chroma_query_request_timeout_seconds=_SECONDS)
    try:
        return chromadb.HttpClient(
            host=address.hostname,
            port=address.port or (443 if ssl else 80),
            ssl=ssl,
            headers={"Authorization": f"Bearer {token}"} if token else None,
            settings=options,
        )
    except Exception as error:
        raise UnreachableError(
            f"The Chroma server at {address.hostname}:{address.port or ''} does not answer ({type(error).__name__}). "
            "Start it, or correct ASSISTANT_CHROMA_URL; until then search goes by words alone."
        ) from error


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


def _mark(name: str) -> str:
    return f"index:{name}"


def _state(marks: Marks, name: str) -> IndexState | None:
    value = marks.get(_mark(name))
    return IndexState(**json.loads(value)) if value else None


def _try_open(client: ClientAPI, marks: Marks, name: str, wanted: str, embeddings: Embeddings) -> VectorIndex | None:
    state = _state(marks, name)
    if state is None or state.fingerprint != wanted:
        return None
    try:
        if client.get_collection(state.folder, embedding_function=None).count() == state.passages:
            return VectorIndex(_chroma(client, state.folder, embeddings, create=False), state, embeddings)
        log.warning("The index on the Chroma server is incomplete and will be rebuilt.")
    except Exception as error:  # noqa: BLE001 - whatever the server says, a collection that cannot be counted is built again
        log.warning("The index on the Chroma server cannot be read and will be rebuilt (%s).", type(error).__name__)
    return None


def _build(
    client: ClientAPI, marks: Marks, name: str, passages: list[Passage], embeddings: Embeddings, wanted: str
) -> VectorIndex:
    previous, collection = _state(marks, name), f"{name}-{uuid.uuid4().hex[:12]}"
    try:
        store = _chroma(client, collection, embeddings, create=True)
        fill(store, passages)
    except AssistantError:
        raise
    except Exception as error:
        raise UnreachableError(f"The Chroma server did not take the index ({type(error).__name__}). Look at its log.") from error
    state = IndexState(collection, wanted, len(passages))
    marks.set(_mark(name), json.dumps(state.__dict__))
    _sweep(client, name, keep={collection, previous.folder if previous else ""})
    return VectorIndex(store, state, embeddings)


def _sweep(client: ClientAPI, name: str, keep: set[str]) -> None:
    """Remove builds that nobody reads any more."""
    for collection in client.list_collections():
        if collection.name.startswith(f"{name}-") and collection.name not in keep:
            try:
                client.delete_collection(collection.name)
            except Exception:  # noqa: BLE001 - another process removed it first, or the next build will
                log.warning("An old index stays on the Chroma server: %s", collection.name)


def _chroma(client: ClientAPI, collection: str, embeddings: Embeddings, *, create: bool) -> Chroma:
    return Chroma(
        collection_name=collection,
        embedding_function=embeddings,
        client=client,
        collection_configuration={"hnsw": HNSW} if create else None,
        create_collection_if_not_exists=create,
    )
