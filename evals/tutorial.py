"""The pipeline of a plain tutorial, to be beaten: recursive splitter, Chroma as it comes, the same embedder; nothing else.

It is the one place beside the product's search that knows LangChain and Chroma: a yardstick, not a part of the product.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from langchain_chroma import Chroma
from langchain_core.embeddings import Embeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

_SIZE, _OVERLAP = 1000, 200  # what tutorials take
_BATCH = 4000
_CHUNKS = 20  # fetched, so that ten provisions are found where several chunks are of one


class Tutorial:
    """Texts cut into chunks, each chunk standing for the provision in which it begins."""

    def __init__(self, texts: Iterable[list[tuple[str, str]]], embeddings: Embeddings) -> None:
        """``texts`` are documents, each a list of (provision, text) in reading order."""
        splitter = RecursiveCharacterTextSplitter(chunk_size=_SIZE, chunk_overlap=_OVERLAP, add_start_index=True)
        chunks: list[str] = []
        metadatas: list[dict[str, str]] = []
        for document in texts:
            starts, whole = _joined(document)
            for chunk in splitter.create_documents([whole]):
                chunks.append(chunk.page_content)
                metadatas.append({"provision": _at(starts, int(chunk.metadata["start_index"]))})
        self._store = Chroma(f"tutorial-{uuid.uuid4().hex}", embeddings)  # one process has one store in memory
        for start in range(0, len(chunks), _BATCH):
            self._store.add_texts(chunks[start : start + _BATCH], metadatas[start : start + _BATCH])

    def search(self, query: str) -> list[str]:
        """Return the provisions of the nearest chunks, best first, each once."""
        found = self._store.similarity_search(query, k=_CHUNKS)
        return list(dict.fromkeys(str(one.metadata["provision"]) for one in found))[:10]


def _joined(document: list[tuple[str, str]]) -> tuple[list[tuple[int, str]], str]:
    """Return where each provision begins, and the text of the whole document."""
    starts, whole = [], ""
    for provision, text in document:
        starts.append((len(whole), provision))
        whole += f"{text}\n\n"
    return starts, whole


def _at(starts: list[tuple[int, str]], position: int) -> str:
    return [provision for start, provision in starts if start <= position][-1]
