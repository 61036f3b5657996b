"""The questionnaire as pages: every answer is kept at once, nothing is overwritten, what does not fit stays in the form."""

import json
import re
from html import unescape

import pytest
from law.test_systems import CASES, plain

from assistant.law.answers import UNKNOWN
from assistant.law.questionnaire import about
from assistant.types import Language
from assistant.web.i18n import texts

EN, JA = texts(Language.EN), texts(Language.JA)


FORMS = {"pdf": b"%PDF", "docx": b"PK", "xlsx": b"PK", "md": b"#", "json": b"{"}


def start(site, name="Lamp", **fields):
    """Begin a system and return its id."""
    response = site.post("/en/assess", data={"name": name, **fields})
    assert response.status_code == 303, response.text
    return response.headers["location"].split("/")[3]


def answer(site, system, fact, *values, language="en", version=None, **more):
    """Answer one question as the page's form does."""
    version = site.desk.systems.get(system).version if version is None else version
    data = {"answer": list(values), "version": version, "note": "", "to": "", "action": "answer", **more}
    return site.post(f"/{language}/systems/{system}/question/{fact}", data=data)


def facts(site, system):
    return site.desk.systems.get(system).answers["facts"]


def test_a_note_that_is_too_long_stays_in_the_form_and_line_ends_count_as_in_the_browser(small_site):
    system = start(small_site)
    fits = "\r\n".join("灯" * 1000) + "灯"
    refused = answer(small_site, system, "demo.has_lamp", "true", language="ja", note=fits + "台灯")
    assert refused.status_code == 400
    assert JA("assess_note_long", length=2002, limit=2000) in refused.text
    assert "台灯</textarea>" in refused.text
    assert answer(small_site, system, "demo.has_lamp", "true", note=fits).status_code == 303
    assert len(small_site.desk.systems.get(system).answers["notes"]["demo.has_lamp"]) == 2000


def as_sent(value):
    """Return an answer of a case as its form sends it."""
    if isinstance(value, bool):
        return [str(value).lower()]
    return [str(one) for one in value] if isinstance(value, list | set | frozenset | tuple) else [str(value)]


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("case", CASES[::100], ids=lambda case: case["case"])
def test_a_system_walked_through_page_by_page_ends_where_its_case_says(real_site, knowledge, case, language):
    """The outcomes of a worked example are those that the pages tell after the last question."""
    system = start(real_site, case["case"][:100])
    texts_asked = {question.fact for question in about(knowledge)}
    for _ in range(60):
        place = real_site.get(f"/{language}/systems/{system}/next").headers["location"]
        if "/question/" not in place:
            break
        fact = place.rpartition("/")[2]
        page = real_site.get(place)
        assert page.status_code == 200
        assert knowledge.questions[fact].text.in_language(Language(language)).replace("'", "&#39;") in page.text
        value = case["facts"].get(fact, plain(knowledge, fact) if fact not in texts_asked else "x")
        sent = {"action": "unknown"} if value == UNKNOWN else {}
        done = answer(real_site, system, fact, *([] if sent else as_sent(value)), language=language, **sent)
        assert done.status_code == 303, done.text
    result = real_site.get(f"/{language}/systems/{system}")
    assert result.status_code == 200
    assessment = real_site.get(f"/{language}/systems/{system}/report.json").json()
    wanted = case.get("outcomes", {})
    assert {one: assessment["outcomes"][one]["outcome"] for one in wanted} == wanted
    for axis in assessment["outcomes"].values():
        assert axis["title"] in result.text.replace("&#39;", "'")
    assert [kept.reason for kept in real_site.desk.systems.snapshots(system)] == ["complete"]


def test_a_system_without_a_name_is_not_begun_and_what_was_typed_stays(small_site):
    before = len(small_site.desk.systems.all())
    page = small_site.post("/ja/assess", data={"name": "  ", "owner": "鈴木", "description": "灯台"})
    assert page.status_code == 400
    assert JA("assess_name_missing") in page.text
    assert "鈴木" in page.text
    assert "灯台" in page.text
    assert len(small_site.desk.systems.all()) == before


def test_an_answer_is_kept_at_once_with_its_note_and_who_gave_it(small_site):
    system = start(small_site)
    small_site.client.cookies.set("person", "Aiko%20Mori")
    assert answer(small_site, system, "demo.has_lamp", "true", note="seen").headers["location"].endswith("/next")
    small_site.client.cookies.clear()
    stored = small_site.desk.systems.get(system)
    assert stored.answers["facts"]["demo.has_lamp"] is True
    assert stored.answers["notes"] == {"demo.has_lamp": "seen"}
    event = next(one for one in small_site.desk.systems.history(system) if one.kind == "answered")
    assert (event.actor, event.detail["facts"]) == ("Aiko Mori", {"demo.has_lamp": [None, True]})


def test_no_answer_is_told_and_nothing_kept(small_site):
    system = start(small_site)
    page = answer(small_site, system, "demo.has_lamp", note="I was about to say")
    assert page.status_code == 400
    assert EN("assess_choose") in unescape(page.text)
    assert "I was about to say" in page.text
    assert "demo.has_lamp" not in facts(small_site, system)


def test_i_do_not_know_is_an_answer_and_never_a_no(small_site):
    system = start(small_site)
    answer(small_site, system, "demo.has_lamp", action="unknown")
    assert facts(small_site, system)["demo.has_lamp"] == UNKNOWN
    page = small_site.get(f"/en/systems/{system}/answers").text
    assert "I don&#39;t know" in page
    assert EN("assess_axis_open") in small_site.get(f"/en/systems/{system}").text


def test_two_tabs_on_one_question_lose_nothing(small_site):
    """The second sees what the first saved, keeps its own answer in the form, and may put it in its place."""
    system = start(small_site)
    version = small_site.desk.systems.get(system).version
    assert answer(small_site, system, "demo.has_lamp", "true", version=version).status_code == 303
    second = answer(small_site, system, "demo.has_lamp", "false", version=version, note="mine")
    assert second.status_code == 409
    assert EN("assess_conflict") in second.text
    assert re.search(r'value="false" checked', second.text)
    assert "mine" in second.text
    assert facts(small_site, system)["demo.has_lamp"] is True
    now = re.search(r'name="version" value="(\d+)"', second.text)[1]
    assert answer(small_site, system, "demo.has_lamp", "false", version=now).status_code == 303
    assert facts(small_site, system)["demo.has_lamp"] is False


def test_answers_to_other_questions_in_another_tab_are_kept_both(real_site):
    system = start(real_site)
    version = real_site.desk.systems.get(system).version
    answer(real_site, system, "eu.inference", "learns", version=version)
    second = answer(real_site, system, "eu.territory", "uses_in_union", version=version)
    assert second.headers["location"].endswith("told=merged")
    assert facts(real_site, system)["eu.inference"] == "learns"
    assert facts(real_site, system)["eu.territory"] == ["uses_in_union"]


def test_the_same_answer_sent_twice_is_no_conflict(small_site):
    system = start(small_site)
    version = small_site.desk.systems.get(system).version
    assert [answer(small_site, system, "demo.has_lamp", "true", version=version).status_code for _ in range(2)] == [303, 303]


def test_answers_that_contradict_each_other_are_told_with_the_way_to_both(real_site, knowledge):
    """The first contradiction of the knowledge base that choices can reach."""
    system = start(real_site)
    answer(real_site, system, "eu.exclusions", "none")
    page = answer(real_site, system, "eu.exclusions", "none", "military")
    assert page.status_code == 400
    assert EN("assess_misfit_set") in unescape(page.text)
    assert facts(real_site, system)["eu.exclusions"] == ["none"]


@pytest.mark.parametrize("path", ["question/eu.nothing", "question/..%2f..", "nowhere"])
def test_an_unknown_question_is_a_page_that_says_so(small_site, path):
    system = start(small_site)
    page = small_site.get(f"/ja/systems/{system}/{path}", headers={"accept": "text/html"})
    assert page.status_code == 404
    assert JA("not_found") in page.text


def test_a_system_deleted_meanwhile_is_not_answered(small_site):
    system = start(small_site)
    small_site.desk.systems.delete(system)
    page = (
        answer(small_site, system, "demo.has_lamp", "true", version=1)
        if False
        else small_site.post(f"/en/systems/{system}/question/demo.has_lamp", data={"answer": "true", "version": 1})
    )
    assert page.status_code == 404
    assert EN("not_found") in page.text


def test_scripts_in_names_and_notes_are_text(small_site):
    evil = "<script>alert(1)</script>"
    system = start(small_site, evil, owner='"><img src=x onerror=alert(1)>')
    answer(small_site, system, "demo.has_lamp", "true", note=evil)
    for path in ("", "/answers", "/question/demo.has_lamp"):
        page = small_site.get(f"/en/systems/{system}{path}").text
        assert evil not in page
        assert "<img src=x" not in page
        assert "&lt;script&gt;" in page


def upload(site, content, name="answers.json", language="en"):
    return site.post(f"/{language}/assess/file", files={"file": (name, content)})


def test_answers_downloaded_are_taken_again(small_site):
    system = start(small_site, "灯台")
    answer(small_site, system, "demo.has_lamp", "true", note="見た")
    content = small_site.get(f"/ja/systems/{system}/answers.json").content
    place = upload(small_site, content).headers["location"]
    again = place.split("/")[3]
    assert again != system
    assert small_site.desk.systems.get(again).answers == small_site.desk.systems.get(system).answers


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "assess_file_missing"),
        (b"\xff\xfe\x00", "assess_no_answers"),
        (b"{: [", "assess_no_answers"),
        (b"[" * 100_000, "assess_no_answers"),
        (b" " * (1 << 20) + b"{}", "assess_file_large"),
    ],
)
def test_a_file_that_holds_no_answers_is_told(small_site, content, key):
    before = len(small_site.desk.systems.all())
    page = upload(small_site, content, language="ja")
    assert page.status_code == 400
    assert JA(key) in page.text
    assert len(small_site.desk.systems.all()) == before


def test_a_file_with_foreign_facts_is_refused_with_the_faults(small_site):
    page = upload(small_site, json.dumps({"questionnaire": "test", "facts": {"other.fact": True}}).encode())
    assert page.status_code == 400
    assert "other.fact" in page.text


def test_suggestions_count_only_once_ticked(real_site):
    response = real_site.post("/en/assess", data={"name": "Shop", "description": "It is an AI chatbot on our web shop."})
    assert response.headers["location"].endswith("/suggestions")
    system = response.headers["location"].split("/")[3]
    page = real_site.get(response.headers["location"]).text
    pick = re.search(r'name="pick" value="([^"]+)"', page)[1]
    value = re.search(rf'name="value:{re.escape(pick)}" value="([^"]+)"', page)[1].replace("&#34;", '"')
    assert pick not in facts(real_site, system)
    assert "checked" not in page
    real_site.post(f"/en/systems/{system}/suggestions", data={"pick": pick, f"value:{pick}": value, "version": 1})
    assert facts(real_site, system)[pick] == json.loads(value)


@pytest.mark.parametrize(
    ("form", "start_of_file"), [("pdf", b"%PDF"), ("docx", b"PK"), ("xlsx", b"PK"), ("md", b"#"), ("json", b"{")]
)
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_report_comes_in_each_format_and_language(real_site, form, start_of_file, lang):
    system = start(real_site, '応募者/選考 "x"')
    report = real_site.get(f"/en/systems/{system}/report.{form}?lang={lang}")
    assert report.content.startswith(start_of_file)
    assert "filename*=UTF-8''%E5%BF%9C" in report.headers["content-disposition"]
    assert "/" not in report.headers["content-disposition"].split("filename=")[1].split(";")[0]


def test_a_page_forbids_inline_scripts(small_site):
    policy = small_site.get("/en/assess").headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "unsafe-inline" not in policy
