"""Whatever a user types or sends is text wherever it comes out: pages, reports, spreadsheets, calendars."""

import io
import json
import re
import zipfile

import pytest
from lxml import html
from markdown_it import MarkdownIt
from openpyxl import load_workbook
from pypdf import PdfReader
from web.conftest import Site
from web.test_assess_pages import answer
from web.test_faults import FACT, PARAMETER, addresses
from web.test_register_exchange import download, emptied
from web.test_register_exchange import plan as planned

from assistant.web.talk import Told

pytestmark = pytest.mark.long
EVIL = {
    "script": "<script>alert(1)</script>",
    "image": "\"'><img src=x onerror=alert(1)>",
    "formula": '=HYPERLINK("http://evil.example","x")',
    "formula at": "@SUM(1)+cmd|' /C calc'!A0",
    "formula plus": '+IMPORTXML("http://evil.example","//a")',
    "formula tab": "\t=1+1",
    "link": "[x](javascript:alert(1)) ![y](http://evil.example/a.png) <http://evil.example>",
    "lines": "x\r\nATTACH:http://evil.example\r\nBEGIN:VALARM\r\n# heading\r\n- =1",
    "typst": '#import "evil.typ": * #link("http://evil.example") $x \\ `raw` /* @ref <label>',
    "template": "{{7*7}}{% raw %}{x.__class__}%s",
    "attribute": "x' onmouseover='alert(1)\" autofocus onfocus=\"alert(1)",
    "word": "]]></w:t><w:instrText>HYPERLINK http://evil.example</w:instrText>&#x3c;b&#x3e;",
}
FORMULA = ("=", "+", "-", "@", "\t", "\r")
DUTY = "EU-01"


@pytest.fixture(scope="module")
def site(small, tmp_path_factory):
    return Site(small, tmp_path_factory.mktemp("data"))


def planted(site, evil):
    """Put a text wherever there is room for one; return what stands for the parameters of addresses."""
    desk, shelf = emptied(site).desk, site.assistant.shelf
    for one in shelf.all():
        shelf.remove(one.id)
    name = evil.strip()[:200]
    system = site.post("/en/assess", data={"name": name, "owner": evil, "description": evil}).headers["location"].split("/")[3]
    answer(site, system, FACT, "true", note=evil)
    desk.systems.change(system, expected=desk.systems.get(system).version, name=evil, owner=evil, actor=evil)
    desk.duties.change(system, DUTY, expected=0, actor=evil, state="not_applicable", reason=evil, person=evil, notes=evil)
    site.post(f"/en/systems/{system}/duties/{DUTY}/files", files={"file": (f"{evil}.txt", b"x")})
    desk.comments.add(system, evil, actor=evil, about=evil)
    desk.comments.add(system, evil, actor=evil, about=DUTY)
    version = desk.systems.get(system).version
    desk.systems.set_state(system, "reviewed", expected=version, actor=evil, note=evil)
    conversation = desk.conversations.start("en", system=system, title=evil, question=evil).id
    told = Told(**dict(site.assistant.ask("Demo Act Article 5(1)")), question=evil)
    desk.conversations.answered(conversation, 1, told.model_dump(mode="json"), told.answer)
    desk.feedback.give(conversation, 1, "down", "wrong", evil)
    path = site.assistant.settings.data_dir / "policy.html"
    path.write_text(f"<title>{evil}</title><p>{evil}</p><p>The keeper polishes the lens.</p>", encoding="utf-8")
    document = shelf.add(path, f"{evil}.html")
    shelf.change(document.id, title=evil)
    file = desk.duties.evidence(system)[0].id
    rest = {"fact": FACT, "duty": DUTY, "file": file, "place": "1", "document": "demo.act"}
    return {"systems": system, "conversations": conversation, "own": document.id}, rest


def places(site, language, ids, rest):
    """Yield every address that can be read, exports in each of their forms."""
    for methods, path in addresses(site, language):
        area = re.match(r"/\w\w/(?:library/)?(\w+)/\{identity\}", path)
        if "GET" not in methods or ("{" in path and not area) or (area and area[1] not in ids):
            continue
        forms = {"{form}": ["md", "pdf", "json", "docx", "xlsx"], "{kind}": ["xlsx", "json"]}
        wanted = next((forms[one] for one in forms if one in path), [""])
        for form in wanted:
            known = {**rest, "identity": ids[area[1]] if area else "", "form": form, "kind": form}
            yield PARAMETER.sub(lambda found, known=known: known[found[1]], path)


def harmless_markup(text):
    """Refuse whatever would run, load or lead elsewhere."""
    page = html.document_fromstring(text)
    for element in page.iter():
        if not isinstance(element.tag, str):
            continue
        assert not [name for name in element.attrib if name.startswith("on") or name in ("style", "autofocus", "srcdoc")], (
            element.attrib
        )
        assert element.tag not in ("iframe", "object", "embed", "base", "style", "instrtext")
        if element.tag == "script":
            assert element.get("src", "").startswith("/static/"), html.tostring(element)
            assert not element.text
        for name in ("href", "src", "action", "formaction"):
            target = element.get(name, "")
            assert not target.lower().lstrip().startswith(("javascript:", "data:", "vbscript:")), target
            assert (target.startswith("/") and not target.startswith("//")) or "evil.example" not in target
            assert element.get("src") != "x"
    assert "49" not in {element.text for element in page.iter() if element.tag == "h1"}


def check(response, path):
    kind, content = response.headers["content-type"].partition(";")[0], response.content
    if "attachment" in response.headers.get("content-disposition", ""):
        assert not re.search(r"[\r\n]", response.headers["content-disposition"])
    if kind == "text/html":
        harmless_markup(response.text)
    elif path.endswith(".md"):
        harmless_markup(MarkdownIt("commonmark").render(response.text))
    elif kind == "application/json":
        json.loads(content)
    elif path.endswith(".xlsx"):
        for sheet in load_workbook(io.BytesIO(content)):
            for cell in (cell for row in sheet.iter_rows() for cell in row):
                assert cell.data_type not in ("f", "e"), cell
                assert not isinstance(cell.value, str) or not cell.value.startswith(FORMULA), cell.value
                assert cell.hyperlink is None or "evil" not in (cell.hyperlink.target or "")
    elif path.endswith(".pdf"):
        for page in PdfReader(io.BytesIO(content)).pages:
            assert "evil.example" not in str([one.get_object() for one in page.get("/Annots", [])])
    elif path.endswith(".docx"):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            assert b"evil.example" not in package.read("word/_rels/document.xml.rels")
            assert b"instrText>HYPERLINK" not in package.read("word/document.xml")
    elif path.endswith(".ics"):
        assert not re.search(r"^ATTACH", response.text, re.MULTILINE)
        assert len(re.findall("^BEGIN:VALARM", response.text, re.M)) == len(re.findall("^BEGIN:VEVENT", response.text, re.M))
    else:
        assert "attachment" in response.headers.get("content-disposition", "") or kind.startswith("image/"), (path, kind)


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("evil", EVIL.values(), ids=EVIL)
def test_what_is_typed_stays_text_wherever_it_comes_out(site, evil, language):
    ids, rest = planted(site, evil)
    site.client.cookies.set("person", "%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E")
    seen = 0
    for path in places(site, language, ids, rest):
        response = site.get(path)
        assert response.status_code < 500, path
        if response.status_code < 300 or response.status_code >= 400:
            check(response, path)
        seen += response.status_code == 200
    assert seen > 35
    place, _ = planned(site, download(site, "xlsx"), language)
    harmless_markup(site.get(place).text)
    sent = site.post(f"/{language}/systems/import", files={"file": (evil, download(site, "json"))})
    harmless_markup(site.get(sent.headers["location"]).text)
    harmless_markup(site.get(f"/{language}/systems", params={"words": evil, "owner": evil, "told": evil, "order": evil}).text)
    harmless_markup(site.get(f"/{language}/conversations", params={"q": evil}).text)
    harmless_markup(site.get(f"/{language}/library", params={"q": evil, "told": evil}).text)
