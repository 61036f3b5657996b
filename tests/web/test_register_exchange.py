"""The register leaves as a file and comes back: nothing is lost, nothing overwritten unseen, nothing done unconfirmed."""

import io
import json
import re
import zipfile
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from openpyxl import Workbook, load_workbook
from web.conftest import Site
from web.test_assess_pages import answer, start
from web.test_systems_pages import review, save

from assistant.store.rows import ConflictError, utc_now
from assistant.types import Language
from assistant.web.i18n import texts
from assistant.web.systems import exchange, register_sheet

EN, JA = texts(Language.EN), texts(Language.JA)
FACT = "demo.has_lamp"
KINDS = ["xlsx", "json"]
TEXTS = ["<script>alert(1)</script>", "'=1", "@SUM(A1)", "-2+3", "\t=x", "#N/A", "_x0041_", "\\u0041", "ax005F_", "\x01", "=1"]
EVIL = '=HYPERLINK("https://example.org","x")'


@pytest.fixture(scope="module")
def sites(small, tmp_path_factory):
    """Two installations; they take seconds to start, so that tests share them."""
    return [Site(small, tmp_path_factory.mktemp("data")) for _ in range(2)]


def emptied(site):
    for system in site.desk.systems.all():
        site.desk.systems.delete(system.id)
    site.desk.systems.purge(utc_now() + timedelta(seconds=1))
    site.client.cookies.clear()
    return site


@pytest.fixture
def here(sites):
    """An empty installation."""
    return emptied(sites[0])


@pytest.fixture
def there(sites):
    """Another empty installation."""
    return emptied(sites[1])


@pytest.fixture
def lamp(here):
    """A finished system with work on its duty, a note and comments, approved."""
    system = start(here, "Lamp", owner="Marine dept")
    answer(here, system, FACT, "true", note="seen\nfrom the pier")
    save(here, system, "EU-01", person="Ken", due="2026-12-24", notes="ordered", state="doing")
    here.desk.comments.add(system, "Look again", actor="Aiko", about="EU-01")
    here.desk.comments.add(system, EVIL, actor="+Ken")
    here.desk.duties.add_evidence(system, "EU-01", "photo.png", b"x")
    review(here, system, "reviewed")
    review(here, system, "approved", "Ken")
    here.client.cookies.clear()
    return system


def download(site, kind, language="en", system=""):
    response = site.get(f"/{language}/systems/{system + '/' if system else ''}register.{kind}")
    assert response.status_code == 200
    assert response.headers["content-disposition"].startswith("attachment")
    return response.content


def upload(site, content, name="register", language="en"):
    return site.post(f"/{language}/systems/import", files={"file": (name, content)})


def plan(site, content, language="en"):
    """Upload a file and return the address and text of the page that shows what would happen."""
    response = upload(site, content, language=language)
    assert response.status_code == 303, unescape(response.text)
    place = response.headers["location"]
    return place, unescape(site.get(place).text)


def confirm(site, place, page):
    return site.post(place, data={"plan": re.search(r'name="plan" value="(\w+)"', page)[1]})


def take_in(site, content, language="en"):
    place, page = plan(site, content, language)
    done = confirm(site, place, page)
    assert done.status_code == 303, done.text
    return page


def kept(site):
    """All that a file carries, by system."""
    found = {}
    for one in site.desk.systems.all():
        duties = {d.duty: (d.state, d.reason, d.person, d.due, d.notes) for d in site.desk.duties.all(one.id).values()}
        comments = {(c.about, c.actor, c.text, c.at) for c in site.desk.comments.all(one.id)}
        found[one.id] = (one.name, one.owner, one.state, one.reviewer, one.copied_from, one.answers, duties, comments)
    return found


def edited(content, change):
    """Return a spreadsheet after somebody worked in it."""
    book = load_workbook(io.BytesIO(content))
    change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def column(sheet, heading):
    return next(cell.column for cell in sheet[1] if cell.value == heading)


def put(book, language, sheet, row, key, value):
    sheet = book[language(f"exchange_sheet_{sheet}")]
    sheet.cell(row, column(sheet, language(f"exchange_col_{key}")), value)


@pytest.mark.long
@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_register_comes_back_as_it_left(here, there, lamp, kind, language):
    here.post(f"/en/systems/{lamp}/copy")
    start(here, "灯台 <b>")
    content = download(here, kind, language)
    page = take_in(there, content, "ja" if language == "en" else "en")
    assert "Ken" in page, "the reviewer is named before it is confirmed"
    assert kept(there) == kept(here)
    assert there.desk.systems.get(lamp).state == "approved"


@pytest.mark.parametrize("kind", KINDS)
def test_one_system_leaves_alone(here, there, lamp, kind):
    start(here, "Other")
    take_in(there, download(here, kind, system=lamp))
    assert list(kept(there)) == [lamp]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_here_already_stays_as_it_is(here, lamp, kind):
    before = kept(here)
    _, page = plan(here, download(here, kind))
    assert EN("exchange_nothing") in page
    assert 'name="plan"' not in page
    assert kept(here) == before


def test_the_history_says_that_it_was_imported_and_by_whom(here, there, lamp):
    there.client.cookies.set("person", "Mori")
    take_in(there, download(here, "json"))
    assert {(one.kind, one.actor) for one in there.desk.systems.history(lamp)} >= {("imported", "Mori"), ("duty", "Mori")}
    for language in ("en", "ja"):
        assert there.get(f"/{language}/systems/{lamp}/history").status_code == 200


@pytest.mark.parametrize("language", [EN, JA])
def test_what_was_changed_in_the_spreadsheet_is_shown_then_taken_over(here, lamp, language):
    def change(book):
        put(book, language, "answers", 2, "value", "false")
        put(book, language, "duties", 2, "state", language("duty_done"))
        put(book, language, "duties", 2, "due", datetime(2027, 1, 31))
        put(book, language, "systems", 2, "owner", "Lighthouse team")

    page = take_in(here, edited(download(here, "xlsx", language.language.value), change))
    assert "Has a lamp" in page
    assert "Yes → No" in page
    assert "Light the lamp: Done" in page
    assert "Marine dept → Lighthouse team" in page
    assert EN("exchange_draft_again") in page
    system, duty = here.desk.systems.get(lamp), here.desk.duties.all(lamp)["EU-01"]
    assert (system.answers["facts"][FACT], system.owner, system.state) == (False, "Lighthouse team", "draft")
    assert (duty.state, duty.due, duty.person) == ("done", date(2027, 1, 31), "Ken")
    assert here.get(f"/ja/systems/{lamp}/history").status_code == 200


def test_work_on_a_duty_alone_leaves_the_approval(here, lamp):
    take_in(here, edited(download(here, "xlsx"), lambda book: put(book, EN, "duties", 2, "notes", "lit")))
    assert here.desk.systems.get(lamp).state == "approved"
    assert here.desk.duties.all(lamp)["EU-01"].notes == "lit"


def test_an_approval_does_not_travel_with_answers_that_were_edited(here, there, lamp):
    content = edited(download(here, "xlsx"), lambda book: put(book, EN, "answers", 2, "value", "false"))
    page = take_in(there, content)
    assert EN("exchange_state_lost", state="Approved", name="Ken") in page
    assert (there.desk.systems.get(lamp).state, there.desk.systems.get(lamp).reviewer) == ("draft", None)


def test_a_state_written_into_the_file_changes_no_review(here, lamp):
    answer(here, lamp, FACT, "false")
    content = edited(download(here, "xlsx"), lambda book: put(book, EN, "systems", 2, "state", EN("state_approved")))
    assert EN("exchange_state_kept") in plan(here, content)[1]


def test_what_was_changed_here_after_the_export_is_not_overwritten(here, lamp):
    content = edited(download(here, "xlsx"), lambda book: put(book, EN, "duties", 2, "notes", "theirs"))
    save(here, lamp, "EU-01", version=1, notes="ours")
    _, page = plan(here, content)
    assert EN("exchange_changed_here") in page
    assert 'name="plan"' not in page
    assert here.desk.duties.all(lamp)["EU-01"].notes == "ours"


def test_what_changes_between_looking_and_confirming_is_shown_again(here, there, lamp):
    content = download(here, "json")
    place, page = plan(there, content)
    take_in(there, content)
    again = confirm(there, place, page)
    assert again.status_code == 409
    assert EN("exchange_changed") in unescape(again.text)
    assert len(kept(there)) == 1


def test_an_upload_is_taken_in_once(here, there, lamp):
    place, page = plan(there, download(here, "json"))
    assert confirm(there, place, page).status_code == 303
    for again in (confirm(there, place, page), there.get(place)):
        assert again.status_code == 400
        assert EN("exchange_gone") in unescape(again.text)


def test_a_deleted_system_is_restored_not_imported(here, lamp):
    content = download(here, "json")
    here.desk.systems.delete(lamp)
    assert JA("exchange_deleted") in plan(here, content, "ja")[1]


def test_all_come_in_or_none(here, there, lamp, monkeypatch):
    start(here, "Second")
    content = download(here, "json")
    place, page = plan(there, content)

    def full(*_):
        raise ConflictError(None, [])

    monkeypatch.setattr("assistant.store.exchange._comment", full)
    assert confirm(there, place, page).status_code == 409
    assert kept(there) == {}


def test_a_system_written_by_hand_is_new(here):
    def change(book):
        book["Systems"].append(["N1", 42, "Owner", "Draft"])
        put(book, EN, "systems", 2, "questionnaire", "test")
        book["Answers"].append(["N1", "", FACT, "", "", True])

    take_in(here, edited(download(here, "xlsx"), change))
    (system,) = here.desk.systems.all()
    assert (system.name, system.owner, system.answers["facts"]) == ("42", "Owner", {FACT: True})


def sheet_misfits():
    yield "systems", "state", "Blessed", "Blessed"
    yield "duties", "state", "Burning", "Burning"
    yield "duties", "due", "soon", "soon"
    yield "duties", "due", "2027-13-01", "2027-13-01"
    yield "duties", "reason", "x" * 5000, "xxx"
    yield "systems", "name", "=1+1", "=…"
    yield "answers", "value", "=TRUE()", "=…"
    yield "comments", "at", "2026-01-01", "2026-01-01"
    yield "systems", "copied_from", "../../etc", "../../etc"


@pytest.mark.parametrize(("sheet", "key", "value", "told"), list(sheet_misfits()))
@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_value_that_does_not_fit_is_named_by_its_place(here, lamp, sheet, key, value, told, language):
    before, t = kept(here), texts(Language(language))
    content = edited(download(here, "xlsx", language), lambda book: put(book, t, sheet, 2, key, value))
    _, page = plan(here, content, language)
    assert t(f"exchange_col_{key}") in page
    assert told in page
    assert t("exchange_refuse") in page
    assert kept(here) == before


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (lambda one: one.update(id="x"), "exchange_refuse"),
        (lambda one: one.update(answers=[]), "exchange_refuse"),
        (lambda one: one["answers"]["facts"].update({FACT: "perhaps"}), "exchange_refuse"),
        (lambda one: one["answers"].update(questionnaire="1999"), "exchange_refuse"),
        (lambda one: one["duties"].append(one["duties"][0]), "exchange_refuse"),
        (lambda one: one["duties"][0].update(state="not_applicable", reason=" "), "exchange_refuse"),
        (lambda one: one["comments"][0].update(text=""), "exchange_refuse"),
        (lambda one: one["duties"][0].update(duty="XX-99"), "exchange_create"),
    ],
)
def test_systems_of_a_json_file_are_checked_one_by_one(here, there, lamp, change, key):
    start(here, "Sound")
    data = json.loads(download(here, "json"))
    change(next(one for one in data["systems"] if one["id"] == lamp))
    _, page = plan(there, json.dumps(data).encode())
    row = page.split('<th scope="row">Lamp</th>')[1].split("</tr>")[0] if ">Lamp<" in page else page
    assert EN(key) in row
    assert EN("exchange_confirm", n=1 if key == "exchange_refuse" else 2) in page


def test_a_duty_of_another_release_is_kept_and_told(here, there, lamp):
    data = json.loads(download(here, "json"))
    data["systems"][0]["duties"][0]["duty"] = "XX-99"
    page = take_in(there, json.dumps(data).encode())
    assert EN("exchange_unknown_duties", duties="XX-99") in page
    assert there.desk.duties.all(lamp)["XX-99"].notes == "ordered"


def test_a_system_that_stands_twice_in_a_file_is_taken_once(here, there, lamp):
    data = json.loads(download(here, "json"))
    data["systems"] *= 2
    assert EN("exchange_twice") in take_in(there, json.dumps(data).encode())
    assert len(kept(there)) == 1


def zipped(**members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return stream.getvalue()


def other_book(*, title="Budget", rows=()):
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def no_registers():
    whole = {"format": "governance-assistant register", "version": 1}
    yield b"", "exchange_no_file", {}
    yield b"PK\x03\x04 broken", "exchange_broken", {}
    yield zipped(a="b"), "exchange_broken", {}
    yield b"\xff\xfe\x00", "exchange_broken", {}
    yield b"[" * 100_000, "exchange_broken", {}
    yield b'{"format": "\\ud800"}', "exchange_broken", {}
    yield b'{"format": NaN}', "exchange_broken", {}
    yield b'{"questionnaire": "test", "facts": {}}', "exchange_foreign", {}
    yield b"[1]", "exchange_foreign", {}
    yield other_book(rows=[["Cost"], [5]]), "exchange_foreign", {}
    yield json.dumps({**whole, "systems": []}).encode(), "exchange_empty", {}
    yield json.dumps({**whole, "version": 2, "systems": [{}]}).encode(), "exchange_newer", {}
    yield json.dumps({**whole, "systems": [{}] * 10_000}).encode(), "exchange_many", {"most": 2000, "found": 10_000}
    yield other_book(title="Systems", rows=[["ID", "Cost"]]), "exchange_columns", {"sheet": "Systems", "columns": "System"}
    yield other_book(title="Systems", rows=[]), "exchange_columns", {"sheet": "Systems", "columns": "ID, System"}
    rows = [["ID", "System"], *([f"N{n}", f"System {n}"] for n in range(10_000))]
    yield other_book(title="Systems", rows=rows), "exchange_many", {"most": 2000, "found": 10_000}


@pytest.mark.parametrize(("content", "key", "values"), list(no_registers()), ids=lambda one: one if isinstance(one, str) else "")
@pytest.mark.parametrize("language", [EN, JA])
def test_a_file_that_is_no_register_is_told_why(small_site, content, key, values, language):
    before = len(small_site.desk.systems.all())
    page = upload(small_site, content, language=language.language.value)
    assert page.status_code == 400
    if language is EN:
        assert EN(key, **values) in unescape(page.text)
    assert unescape(page.text).count(JA(key, **values)) == (0 if values.keys() & {"sheet"} or language is EN else 2)
    assert len(small_site.desk.systems.all()) == before


def test_a_file_too_large_is_told(small_site, monkeypatch):
    monkeypatch.setattr(exchange, "LARGEST", 1 << 20)
    assert EN("exchange_large", limit=1) in unescape(upload(small_site, b"x" * ((1 << 20) + 1)).text)


def test_a_package_that_unpacks_to_too_much_is_not_read(small_site, monkeypatch):
    monkeypatch.setattr(register_sheet, "_UNPACKED", 1 << 20)
    content = zipped(a=b"0" * ((1 << 20) + 1))
    assert len(content) < 5000
    assert EN("exchange_unpacked", limit=1) in unescape(upload(small_site, content).text)


def test_a_row_without_its_system_is_told(here, lamp):
    content = edited(download(here, "xlsx"), lambda book: book["Duties"].append(["gone", "", "EU-01", "", "", "", "Done"]))
    assert EN("exchange_orphan", sheet="Duties", row=3, id="gone") in unescape(upload(here, content).text)


def test_a_request_beyond_the_limit_is_refused_by_the_guard(small_site):
    assert upload(small_site, b"x" * (3 << 20)).status_code == 413


@pytest.mark.parametrize("kind", KINDS)
def test_markup_and_formulas_in_every_text_stay_text(here, there, kind):
    for text in TEXTS:
        system = start(here, text.strip("\t\x01") or "x", owner=text)
        answer(here, system, FACT, "true", note=text)
        here.desk.comments.add(system, f"{text}!", actor=text, about=text)
        here.desk.duties.change(system, "EU-01", expected=0, state="doing", reason=text, person=text, notes=text)
    content = download(here, kind)
    if kind == "xlsx":
        for sheet in load_workbook(io.BytesIO(content)):
            for row in sheet.iter_rows():
                assert not any(cell.data_type in "fe" or str(cell.value).startswith(("=", "@", "+", "-")) for cell in row)
    page = take_in(there, content)
    assert "<script>alert(1)</script>" not in there.get("/en/systems").text
    assert "<script>" in page, "unescaped here by the test alone"
    assert kept(there) == kept(here)


def test_headings_are_read_in_either_language_without_confusion():
    for columns in register_sheet._SHEETS.values():
        headings = [(t(f"exchange_col_{key}"), key) for t in (EN, JA) for key in columns]
        assert len(dict(headings)) == len({heading for heading, _ in headings})
        for t in (EN, JA):
            assert len({t(f"exchange_col_{key}") for key in columns}) == len(columns)
        assert all(key == other for heading, key in headings for name, other in headings if heading == name)


def test_the_file_tells_readers_what_follows(here, lamp):
    (one,) = json.loads(download(here, "json", "ja"))["systems"]
    assert one["told"]["answers"][FACT] == {"question": "灯りがありますか。", "answer": "はい"}
    assert one["told"]["duties"]["EU-01"]["files"] == "photo.png"
    book = load_workbook(io.BytesIO(download(here, "xlsx", "ja")))
    assert [cell.value for cell in book["義務"][2]][2:4] == ["EU-01", "灯火の点灯"]


def test_comments_keep_their_moment(here, there, lamp):
    take_in(there, download(here, "xlsx"))
    assert all(one.at.tzinfo == UTC for one in there.desk.comments.all(lamp))
    assert {one.at for one in there.desk.comments.all(lamp)} == {one.at for one in here.desk.comments.all(lamp)}
