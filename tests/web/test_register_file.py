"""The forms of the register's file by themselves: whatever people wrote comes back, whatever is broken is told."""

import json
import re
import zipfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from string import ascii_lowercase

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.types import Language
from assistant.web.i18n import texts
from assistant.web.systems.register_file import Entry, NotARegisterError, checked, from_json, to_json
from assistant.web.systems.register_sheet import from_sheet, to_sheet

LINES = "\t\n\r =+-@'\"\\_x005Fu0041<&>＝あ漢😀\x00\x01\x0b\x1f\x7f\x85\u2028\ufffe\uffff\ufeff"
TEXT = st.text(st.sampled_from(LINES) | st.characters(exclude_categories=["Cs"]), max_size=40)
NAME = TEXT
SAID = TEXT.filter(bool)
IDS = st.text("0123456789abcdef", min_size=12, max_size=12)
VALUE = st.one_of(
    SAID, st.booleans(), st.integers(0, 10**12), st.floats(0, 1e30), st.lists(st.text(ascii_lowercase), min_size=1, max_size=3)
)
FACTS = st.text(ascii_lowercase + "._", min_size=1, max_size=12)
DUTY = st.fixed_dictionaries(
    {
        "state": st.sampled_from(["todo", "doing", "done"]), "reason": TEXT, "person": NAME, "notes": TEXT,
        "due": st.none() | st.dates().map(str),
    }
)  # fmt: skip
REMARK = st.fixed_dictionaries(
    {"about": st.none() | SAID, "actor": NAME, "text": SAID, "at": st.datetimes(timezones=st.just(UTC)).map(str)}
)
ENTRY = st.fixed_dictionaries(
    {
        "name": NAME, "owner": NAME, "state": st.sampled_from(["draft", "reviewed", "approved"]), "reviewer": st.none() | SAID,
        "copied_from": st.none() | IDS, "mark": st.text(ascii_lowercase),
        "answers": st.fixed_dictionaries(
            {"questionnaire": SAID, "facts": st.dictionaries(FACTS, VALUE, max_size=4)},
            optional={"date": st.dates().map(str), "notes": st.dictionaries(FACTS, SAID, max_size=3)},
        ),
        "duties": st.dictionaries(st.from_regex(r"[A-Za-z0-9.-]{1,8}", fullmatch=True), DUTY, max_size=3),
        "comments": st.lists(REMARK, max_size=3),
    }
)  # fmt: skip
INLINE = re.compile(r'(<c [^>]*)t="inlineStr"[^>]*><is>(.*?)</is>', re.DOTALL)
NOTHING = {"fault": "", "outcomes": [], "answers": {}, "duties": {}}


@st.composite
def entries(draw):
    """Systems as the store may hold them."""
    found = []
    for identity in draw(st.lists(IDS, max_size=3, min_size=1, unique=True)):
        data = draw(ENTRY)
        duties = [{"duty": duty, **values} for duty, values in data["duties"].items()]
        found.append(Entry.model_validate({**data, "id": identity, "duties": duties}))
    return found


@pytest.mark.long
@pytest.mark.parametrize("language", list(Language))
@settings(max_examples=60, deadline=None)
@given(every=entries())
def test_a_spreadsheet_loses_nothing(every, language):
    content = to_sheet([(entry, NOTHING) for entry in every], texts(language))
    assert [one.entry for one in from_sheet(content)] == every


def saved_again(content):
    """Return a spreadsheet as office programs save it: texts in a table of their own, cells refer to them."""
    shared, stream = [], BytesIO()

    def take(found):
        shared.append(f"<si>{found[2]}</si>")
        return f'{found[1]}t="s"><v>{len(shared) - 1}</v>'

    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        parts = {name: old.read(name).decode() for name in old.namelist()}
        parts = {name: INLINE.sub(take, part) if "worksheets" in name else part for name, part in parts.items()}
        assert shared
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
        override = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/>'
        parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace("</Types>", f"{override}</Types>")
        table = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        parts["xl/sharedStrings.xml"] = f"{table}{''.join(shared)}</sst>"
        for name, part in parts.items():
            new.writestr(name, part)
    return stream.getvalue()


@settings(max_examples=40, deadline=None)
@given(every=entries())
def test_a_spreadsheet_saved_by_another_program_loses_nothing(every):
    content = saved_again(to_sheet([(entry, NOTHING) for entry in every], texts(Language.JA)))
    assert [one.entry for one in from_sheet(content)] == every


@settings(max_examples=100, deadline=None)
@given(every=entries())
def test_json_loses_nothing(every):
    content = to_json([(entry, NOTHING) for entry in every], datetime.now(UTC))
    assert [one.entry for one in from_json(content)] == every


@settings(max_examples=60, deadline=None)
@given(
    every=entries(),
    sheet=st.booleans(),
    damage=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=5),
)
def test_damage_is_told_as_such(every, sheet, damage):
    """A file in which some bytes are wrong is read as something or refused; it never fails in another way.

    Where is told as a share of the length: a package is as long as the time of day packs.
    """
    told = [(entry, NOTHING) for entry in every]
    content = bytearray(to_sheet(told, texts(Language.EN)) if sheet else to_json(told, datetime.now(UTC)))
    for share, byte in damage:
        content[int(share * len(content))] = byte
    for read in (from_json, from_sheet):
        try:
            read(bytes(content))
        except NotARegisterError:
            continue


LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
BOMBS = {
    "entities within entities": f'<!DOCTYPE x [<!ENTITY a0 "ha">{LAUGHS}]>',
    "a file of this machine": f'<!DOCTYPE x [<!ENTITY a9 SYSTEM "{Path(__file__).as_uri()}">]>',
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_spreadsheet_that_is_a_trap_is_not_stepped_into(bomb):
    entry = Entry.model_validate({"id": "0" * 12, "name": "TRAP", "answers": {"questionnaire": "1", "facts": {}}})
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(to_sheet([(entry, NOTHING)], texts(Language.EN)))) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            part = old.read(name).decode()
            new.writestr(name, BOMBS[bomb] + part.replace("TRAP", "&a9;") if name.endswith("sheet1.xml") else part)
    try:
        (one,) = from_sheet(stream.getvalue())
    except NotARegisterError:
        return
    assert len(one.name) < 10


JSON = st.recursive(st.none() | st.booleans() | st.floats() | TEXT, lambda one: st.lists(one) | st.dictionaries(TEXT, one))


@pytest.mark.long
@settings(max_examples=40, deadline=None)
@given(values=st.dictionaries(st.sampled_from(sorted(Entry.model_fields)), JSON))
def test_any_json_is_a_system_or_is_told_place_by_place(values):
    (one,) = checked([values])
    assert (one.entry is None) == bool(one.misfits)


def test_the_mark_tells_any_change_and_no_other():
    answers = {"questionnaire": "1", "facts": {"a": True, "b": "x"}}
    entry = Entry.model_validate({"answers": answers, "duties": [{"duty": "EU-01", "notes": "n"}], "name": "Lamp"})
    same = [
        {"id": "0" * 12},
        {"answers": {"facts": {"b": "x", "a": True}, "questionnaire": "1"}},
        {"duties": [*entry.duties, {"duty": "EU-02"}]},
        {"mark": "x"},
    ]
    other = [{"name": "Lamps"}, {"state": "approved"}, {"answers": {**answers, "notes": {"a": "n"}}}, {"duties": []}]
    for values in [*same, *other]:
        changed = Entry.model_validate({**json.loads(entry.model_dump_json()), **values}, strict=False)
        assert (changed.fingerprint() == entry.fingerprint()) is (values in same), values


def test_line_ends_of_forms_become_those_of_files():
    answers = {"questionnaire": "1", "facts": {}, "notes": {"a": "1\r\n2"}}
    entry = Entry.model_validate({"answers": answers, "duties": [{"duty": "EU-01", "notes": "1\r\n2"}]})
    assert (entry.answers["notes"]["a"], entry.duties[0].notes) == ("1\n2", "1\n2")
