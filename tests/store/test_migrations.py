"""The database gets its form by steps: up, down, from the earlier release, with two processes at once, never from a newer one."""

import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, Table, create_engine, inspect, text

import assistant.store
from assistant.store.columns import metadata
from assistant.store.database import HEAD, REVISIONS, migrate, new_engine, open_database, revision
from assistant.store.documents import DocumentStore
from assistant.store.systems import SystemStore
from assistant.store.transactions import writing
from assistant.types import AssistantError

FIRST = {"documents", "document_passages", "vectors", "alembic_version"}


def _tables(engine):
    return set(inspect(engine).get_table_names())


def test_the_constants_name_the_files_of_the_steps():
    folder = Path(assistant.store.__file__).parent / "migrations" / "versions"
    assert tuple(sorted(path.name[1:5] for path in folder.glob("v*.py"))) == REVISIONS
    assert REVISIONS[-1] == HEAD


def test_a_new_database_has_exactly_the_tables_that_the_stores_use(engine):
    for module in pkgutil.iter_modules(assistant.store.__path__):
        importlib.import_module(f"assistant.store.{module.name}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    assert revision(engine) == HEAD


def test_steps_go_down_and_up_again_without_touching_the_earlier_tables(engine):
    with writing(engine) as connection:
        connection.execute(text("INSERT INTO vectors VALUES ('m', 'c', :raw)"), {"raw": b"123"})
        migrate(connection, "0001", down=True)
    assert _tables(engine) == FIRST
    with writing(engine) as connection:
        migrate(connection, HEAD)
    assert SystemStore(engine).all() == []
    with engine.connect() as connection:
        assert connection.execute(text("SELECT content FROM vectors")).scalars().all() == ["c"]
    with writing(engine) as connection:
        migrate(connection, "base", down=True)
    assert _tables(engine) == {"alembic_version"}


def test_a_database_of_the_earlier_release_is_taken_over_whole(url):
    """The earlier release made its three tables without migrations."""
    old = create_engine(url)
    earlier = MetaData()
    for name in FIRST - {"alembic_version"}:
        table = metadata.tables[name]
        Table(name, earlier, *(column._copy() for column in table.c if column.name != "organisation"))
    earlier.create_all(old)
    with old.begin() as connection:
        connection.execute(
            text("INSERT INTO documents VALUES ('a', 'Lamps', 'en', NULL, :yes, 'l.md', 's', 1, NULL, 0, '2026-11-01')"),
            {"yes": True},
        )
        connection.execute(text("INSERT INTO document_passages VALUES ('a', 0, NULL, 'brass')"))
    old.dispose()
    for _ in range(2):
        engine = open_database(url)
        store = DocumentStore(engine)
        assert [(one.id, one.title, one.local_only) for one in store.all()] == [("a", "Lamps", True)]
        assert [one.text for one in store.passages("a")] == ["brass"]
        assert SystemStore(engine).all() == []
        engine.dispose()


def test_a_database_of_a_newer_release_is_refused_and_left_alone(url):
    engine = open_database(url)
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(AssistantError, match="newer release.*'9999'.*Install that release"):
        open_database(url)
    assert revision(engine) == "9999"
    engine.dispose()


def test_a_step_that_fails_leaves_the_database_as_it_was(url):
    engine = new_engine(url)
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE turns (id INTEGER)"))  # in the way of the second step
    with pytest.raises(AssistantError, match="cannot be opened"):
        open_database(url)
    assert _tables(engine) == {"turns"}
    engine.dispose()


def test_an_address_that_is_none_is_told():
    for address in ("nonsense", "sqlite+nodriver:///x"):
        with pytest.raises(AssistantError, match="ASSISTANT_DATABASE_URL"):
            open_database(address)


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(AssistantError, match="cannot be written"):
        open_database(f"sqlite:///{tmp_path / 'file' / 'db.sqlite'}")


def test_opening_what_is_up_to_date_does_not_load_alembic(tmp_path):
    url = f"sqlite:///{tmp_path / 'db.sqlite'}"
    open_database(url).dispose()
    code = (
        "import sys; from assistant.store.database import open_database;"
        "open_database(sys.argv[1]); print('alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code, url], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.long
def test_processes_that_start_at_once_do_not_clash(url):
    code = (
        "import sys; from assistant.store.database import open_database; from assistant.store.systems import SystemStore;"
        "SystemStore(open_database(sys.argv[1])).create({}, name='x')"
    )
    started = [subprocess.Popen([sys.executable, "-c", code, url], stderr=subprocess.PIPE, text=True) for _ in range(5)]
    faults = [one.communicate(timeout=120)[1] for one in started]
    assert [one.returncode for one in started] == [0] * 5, faults
    engine = open_database(url)
    assert len(SystemStore(engine).all()) == 5
    engine.dispose()
