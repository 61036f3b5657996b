"""Programs ask, search, assess and keep systems over HTTP; tokens go as far as they say, and every refusal is a sentence."""

import json
from datetime import date

import httpx
import pytest
import yaml
from browser.running import started
from needs import ROOT
from typer.testing import CliRunner

from assistant.cli import app as cli
from assistant.types import Language
from assistant.web.api.app import create_api
from assistant.web.pages import Pages

EXAMPLE = yaml.safe_load((ROOT / "docs" / "example-answers.yaml").read_text(encoding="utf-8"))
EXAMPLE["date"] = str(EXAMPLE["date"]) if "date" in EXAMPLE else "2026-11-24"
API = "/api/v1"


def _token(site, name, scope="write"):
    with site.acting(name):
        return {"Authorization": f"Bearer {site.team.tokens.make('test', scope, 1)}"}


@pytest.fixture(scope="module")
def program(team_site):
    """A program of the assessor's."""
    client = team_site.browser()
    del client.headers["Origin"]
    client.headers.update(_token(team_site, "assessor"))
    return client


def test_a_question_is_answered_with_citations_as_on_the_command_line(program, team_site):
    question = "When must a deployer of a high-risk system inform workers?"
    answer = program.post(f"{API}/ask", json={"question": question}).json()
    with team_site.acting("assessor"):
        same = team_site.assistant.ask(question)
    assert answer["answer"] == same.answer
    assert answer["citations"]
    assert (
        program.post(f"{API}/ask", json={"question": "質問です。第5条は何を禁止していますか", "language": "ja"}).json()[
            "language"
        ]
        == "ja"
    )
    refused = program.post(f"{API}/ask", json={"question": "Who won the football match?"})
    assert (refused.status_code, refused.json()["refused"]) == (200, True)


def test_search_and_provision(program):
    hits = program.get(f"{API}/search", params={"query": "human oversight", "k": 3}).json()
    assert len(hits) == 3
    one = program.get(f"{API}/provisions/eu.ai_act.art_26.par_5", params={"language": "ja", "as_of": "2027-12-02"}).json()
    assert one["provision"] == "eu.ai_act.art_26.par_5"
    missing = program.get(f"{API}/provisions/eu.ai_act.art_999")
    assert (missing.status_code, "There is no entry" in missing.json()["detail"]) == (404, True)
    unknown = program.get(f"{API}/provisions/eu.ai_act.art_5", params={"version": "1999-01-01"})
    assert (unknown.status_code, "has no text of version" in unknown.json()["detail"]) == (404, True)


def test_answers_are_assessed_asked_on_and_reported(program):
    told = program.post(f"{API}/assess", json={"answers": EXAMPLE, "as_of": "2027-12-02"}).json()
    assert {"scope", "high_risk", "gdpr", "japan"} <= told["outcomes"].keys()
    asked = program.post(
        f"{API}/next", json={"answers": {"questionnaire": EXAMPLE["questionnaire"], "facts": {}}, "language": "ja"}
    ).json()
    assert asked["fact"]
    assert asked["left"] > 0
    assert "facts" in json.dumps(program.get(f"{API}/questionnaire").json())
    report = program.post(f"{API}/report.pdf", json={"answers": EXAMPLE})
    assert report.content.startswith(b"%PDF")
    assert "attachment" in report.headers["content-disposition"]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_assessment_is_that_of_the_command_line_and_of_the_browser(program, team_site, tmp_path, language):
    (file := tmp_path / "answers.json").write_text(json.dumps(EXAMPLE), encoding="utf-8")
    printed = json.loads(CliRunner().invoke(cli, ["assess", "--answers", str(file), "--json", "--lang", language]).stdout)
    told = program.post(f"{API}/assess", json={"answers": EXAMPLE, "language": language}).json()
    assert {**told.pop("outcomes"), **told} == printed
    system = program.post(f"{API}/systems", json={"name": EXAMPLE["facts"]["system.name"], "answers": EXAMPLE}).json()["id"]
    kept = program.get(f"{API}/systems/{system}/assessment", params={"language": language}).json()["assessment"]
    assert {**kept.pop("outcomes"), **kept} == printed
    for form in ("json", "md"):
        page = team_site.browser("reader").get(f"/{language}/systems/{system}/report.{form}")
        assert page.content == program.get(f"{API}/systems/{system}/report.{form}", params={"language": language}).content


def test_a_system_is_kept_changed_and_put_aside(program):
    made = program.post(f"{API}/systems", json={"name": "Triage", "owner": "森", "answers": EXAMPLE})
    system = made.json()
    here = f"{API}/systems/{system['id']}"
    assert (made.status_code, system["version"], system["owner"]) == (201, 1, "森")
    assert program.get(here).json() == system
    changed = program.put(f"{here}/answers", json={"answers": system["answers"] | {"notes": {}}, "version": 1})
    assert changed.status_code == 200
    stale = program.put(f"{here}/answers", json={"answers": {**EXAMPLE, "facts": {}}, "version": 99})
    assert (stale.status_code, "changed meanwhile" in stale.json()["detail"]) == (409, True)
    assert program.get(f"{here}/assessment", params={"language": "ja"}).json()["assessment"]["language"] == "ja"
    assert program.get(f"{here}/report.md").text.startswith("#")
    assert program.get(f"{here}/history").json()[-1]["actor"] == "Assessor"
    asked = {"question": "What do we have to do?", "system": system["id"]}
    assert program.post(f"{API}/ask", json=asked).json()["answer"].startswith("**You must:**")
    assert program.delete(here).status_code == 204
    assert program.get(here).status_code == 404


BAD = {
    "no question": ("post", "/ask", {}, 422, "question"),
    "unknown key": ("post", "/ask", {"question": "x", "modle": "y"}, 422, "modle"),
    "wrong day": ("post", "/ask", {"question": "x", "as_of": "2026-02-30"}, 422, "as_of"),
    "day outside": ("post", "/assess", {"answers": EXAMPLE, "as_of": "1999-01-01"}, 422, "2018"),
    "malformed answers": ("post", "/assess", {"answers": {"facts": {"nonsense": 1}}}, 400, "nonsense"),
    "both": ("post", "/ask", {"question": "x", "system": "a", "answers": EXAMPLE}, 400, "not both"),
    "long history": ("post", "/ask", {"question": "x", "history": ["a"] * 21}, 422, "history"),
    "no name": ("post", "/systems", {"name": ""}, 422, "name"),
    "unknown form": ("post", "/report.exe", {"answers": EXAMPLE}, 422, "form"),
}  # fmt: skip


@pytest.mark.parametrize(("method", "path", "body", "status", "told"), BAD.values(), ids=BAD)
def test_bad_input_is_refused_in_a_sentence(program, method, path, body, status, told):
    answer = program.request(method, API + path, json=body)
    assert answer.status_code == status
    assert told in answer.json()["detail"]


def test_a_token_that_reads_does_not_write(team_site):
    reading = team_site.browser()
    reading.headers.update(_token(team_site, "assessor", "read"))
    assert reading.get(f"{API}/systems").status_code == 200
    assert reading.post(f"{API}/ask", json={"question": "What is an AI system?"}).status_code == 200
    refused = reading.post(f"{API}/systems", json={"name": "x"})
    assert (refused.status_code, "only reads" in refused.json()["detail"]) == (403, True)
    reader = team_site.browser()
    reader.headers.update(_token(team_site, "reader", "write"))
    assert reader.post(f"{API}/systems", json={"name": "x"}).status_code == 403, "and none goes beyond its person's role"


@pytest.mark.parametrize("token", ["", "gat_", "gat_" + "x" * 43, "é", "Bearer"])
def test_what_is_no_token_opens_nothing(team_site, token):
    answer = team_site.browser().get(f"{API}/systems", headers={"Authorization": f"Bearer {token}".encode()})
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


def test_tokens_end_when_removed_expired_or_when_the_account_is_closed(team_site):
    def status(headers):
        return team_site.browser().get(f"{API}/systems", headers=headers).status_code

    removed, closed, late = (_token(team_site, name, "read") for name in ("reviewer", "second", "reader"))
    assert [status(one) for one in (removed, closed, late)] == [200] * 3
    with team_site.acting("reviewer"):
        team_site.team.tokens.remove(team_site.team.tokens.all()[0].id)
    with team_site.acting("admin"):
        team_site.team.people.disable(team_site.people["second"].id)
        team_site.team.people.enable(team_site.people["second"].id)
    clock, team_site.team.tokens._now = team_site.team.tokens._now, lambda: clock().replace(year=clock().year + 1)
    try:
        assert [status(one) for one in (removed, closed, late)] == [401] * 3
    finally:
        team_site.team.tokens._now = clock


def test_another_organisations_system_is_not_there(team_site):
    with team_site.acting("assessor"):
        system = team_site.desk.systems.create({"facts": {}}, name="Hidden").id
    rival = team_site.browser()
    rival.headers.update(_token(team_site, "rival"))
    for method, path in (
        ("get", ""),
        ("get", "/next"),
        ("get", "/assessment"),
        ("get", "/report.md"),
        ("get", "/history"),
        ("delete", ""),
    ):
        assert rival.request(method, f"{API}/systems/{system}{path}").status_code == 404, path
    assert rival.put(f"{API}/systems/{system}/answers", json={"answers": EXAMPLE, "version": 1}).status_code == 404
    assert rival.post(f"{API}/ask", json={"question": "What must we do?", "system": system}).status_code == 404
    assert "Hidden" not in rival.get(f"{API}/systems").text


def test_the_openapi_document_describes_every_address(program):
    document = program.get(f"{API}/openapi.json").json()
    assert {"/ask", "/search", "/assess", "/systems", "/systems/{identity}/report.{form}"} <= document["paths"].keys()
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            assert told["description"], (path, method)


def test_every_address_asks_for_a_permission(team_site):
    api = create_api({language: Pages(team_site.desk, language) for language in Language})
    routes = [one for route in api.routes if hasattr(route, "original_router") for one in route.original_router.routes]
    assert len(routes) > 14
    assert all(route.dependencies for route in routes), [route.path for route in routes if not route.dependencies]


@pytest.mark.long
def test_a_real_client_over_a_real_connection(tmp_path):
    settings = {"ASSISTANT_KNOWLEDGE_DIR": str(ROOT / "tests" / "small"), "ASSISTANT_EMBEDDING": "none"}
    with started(tmp_path, **settings) as (address, _), httpx.Client(base_url=f"{address}{API}") as client:
        answer = client.post("/ask", json={"question": "Demo Act Article 5(1)", "as_of": str(date(2026, 11, 24))}).json()
        assert answer["citations"][0]["provision"] == "eu.demo.art_5.par_1"
        assert client.get("/systems").json() == []
        foreign = client.post("/systems", json={"name": "x"}, headers={"Origin": "https://elsewhere.example"})
        assert foreign.status_code == 403, "another site's page is refused without accounts too"
