"""The harness over the official texts: quotes stand there, cuts are the provision, and nothing official is kept."""

import re

import pytest

from assistant.law.knowledge import load_knowledge
from assistant.settings import Settings
from assistant.texts.library import Library
from evals.place import open_isolated
from evals.results import Run, summary
from evals.run import planned, provenance, run

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def official(shared, real_settings, tmp_path_factory):
    """The shipped assistant with every official text of the catalogue installed."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("official"), knowledge_dir=real_settings.knowledge_dir)
    knowledge = load_knowledge(settings.knowledge_dir)
    files = {path.name: path for path in (shared / "official-texts").rglob("*") if path.is_file()}
    library = Library(settings.texts_dir, knowledge)
    for source in knowledge.texts.values():
        library.install(source, next(files[name] for name in source.files if name in files), "shared")
    return open_isolated(settings, texts=True)


@pytest.fixture(scope="module")
def done(official) -> Run:
    names = ["answers", "extraction"]
    return run(planned(official, names), provenance(official, names))


def test_every_provision_is_cut_as_the_file_has_it(done):
    assert [(one.id, one.verdicts) for one in done.tasks["extraction"] if not one.verdicts["right"].passed] == []
    assert len(done.tasks["extraction"]) > 100


def test_every_quote_stands_in_its_text(done):
    found = summary(done.tasks["answers"])
    assert found["quotes_verbatim"].mean == 1.0
    assert found["citations_exist"].mean == 1.0


def test_a_run_keeps_no_official_wording(done, official, shared):
    """No kept answer has 16 words in a row of an installed text."""
    words = re.findall(r"[a-z0-9]+", done.model_dump_json().casefold())
    runs = {tuple(words[n : n + 16]) for n in range(len(words) - 15)}
    for identity in official.library.installed():
        text = official.library.text(identity)
        plain = re.findall(r"[a-z0-9]+", " ".join(line.text for line in text.lines).casefold())
        assert not [n for n in range(len(plain) - 15) if tuple(plain[n : n + 16]) in runs], identity
