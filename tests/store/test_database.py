"""The database opens, or says in one sentence why not."""

import numpy as np
import pytest

from assistant.store.database import open_database
from assistant.store.vectors import VectorCache
from assistant.types import AssistantError


def test_a_file_that_is_no_database_is_named_and_left_alone(tmp_path):
    path = tmp_path / "db.sqlite"
    path.write_bytes(b"precious notes" * 500)
    with pytest.raises(AssistantError, match="Move the file aside"):
        open_database(f"sqlite:///{path}")
    assert path.read_bytes() == b"precious notes" * 500


def test_many_vectors_come_back_as_they_went_in(tmp_path):
    cache = VectorCache(open_database(f"sqlite:///{tmp_path / 'db.sqlite'}"), "m")
    vectors = {f"{i:064d}": np.full(4, i, dtype=np.float32) for i in range(1200)}
    cache.put(vectors)
    cache.put({f"{0:064d}": np.zeros(4, dtype=np.float32)})
    found = cache.get(vectors)
    assert len(found) == 1200
    assert found[f"{7:064d}"].tolist() == [7, 7, 7, 7]
    cache.put({})
