"""The list of licences and advisories: only what was looked at passes, and what was not checked is said to be so."""

import importlib.util
import re

import pytest
from needs import ROOT

_SPEC = importlib.util.spec_from_file_location("dependencies", ROOT / "docs" / "dependencies.py")
dependencies = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(dependencies)
Library = dependencies.Library


@pytest.mark.parametrize(
    "licence",
    ["MIT", "MIT License", "Apache-2.0 OR GPL-3.0-only", "MPL-2.0 AND (Apache-2.0 OR MIT)", "BSD License; MIT License"],
)
def test_a_licence_that_was_looked_at_passes(licence):
    assert dependencies.accepted("some-library", licence)


@pytest.mark.parametrize(
    "licence",
    [
        "AGPL-3.0-only",
        "LGPL-3.0-only",
        "MIT AND GPL-3.0-only",
        "(Apache-2.0 OR MIT) AND SSPL-1.0",
        "Proprietary, limited permission, see disclaimer",
        "UNKNOWN",
        "not installed",
        "",
    ],
)
def test_any_other_licence_is_refused(licence):
    assert dependencies.accepted("some-library", licence) is None


def test_an_exception_holds_for_its_library_as_it_was_looked_at_and_no_other():
    assert dependencies.accepted("psycopg_binary", "LGPL-3.0-only") == "LGPL-3.0-only"
    assert dependencies.accepted("psycopg", "AGPL-3.0-only") is None
    assert dependencies.accepted("tiktoken", "MIT License Copyright (c) 2022 OpenAI, and the rest of it")
    assert dependencies.accepted("tiktoken", "MIT") is None


def test_every_licence_and_exception_says_why():
    for one in [*dependencies.LOOKED_AT["licences"].values(), *dependencies.LOOKED_AT["libraries"].values()]:
        assert one["why"]


def test_what_could_not_be_looked_up_is_a_fault_and_never_reads_as_sound():
    libraries = [Library("one", "1", "MIT", None), Library("two", "2", "MIT", [])]
    assert "| one | 1 | MIT | not looked up |" in dependencies.table(libraries)
    assert "| two | 2 | MIT | none known |" in dependencies.table(libraries)
    assert "looked up for 1 of them" in dependencies.table(libraries)
    assert ["could not be looked up for 1 of 2" in fault for fault in dependencies.faults(libraries, "")] == [True]


def test_an_advisory_is_a_fault_until_the_page_tells_what_it_means():
    libraries = [Library("one", "1", "MIT", [{"id": "PYSEC-0000-1", "fix_versions": ["2"]}])]
    assert "PYSEC-0000-1, mended in 2" in next(dependencies.faults(libraries, "# Dependencies"))
    assert list(dependencies.faults(libraries, "PYSEC-0000-1 does not concern us")) == []


def test_the_page_lists_what_is_pinned():
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    rows = re.findall(r"^\| (\S+) \| (\S+) \| ", (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert [f"{name}=={version}" for name, version in rows if name != "library"] == lines
