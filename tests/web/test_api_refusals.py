"""Whatever a program sends to whichever address of the document: never a failure, and each refusal is a sentence as JSON."""

import json
from copy import deepcopy
from urllib.parse import quote

import pytest
import yaml
from fastapi.testclient import TestClient
from needs import ROOT
from web.conftest import TeamSite

from assistant.store.transactions import NotReadError
from assistant.web.security import Guard

API = "/api/v1"
EXAMPLE = json.loads(
    json.dumps(yaml.safe_load((ROOT / "docs" / "example-answers.yaml").read_text(encoding="utf-8")), default=str)
)
HALF = json.loads('"\\ud800"')  # half of a character, as JSON can name it
ODD = [
    None, True, 0, -1, 2**63, 10**40, 1.5, float("nan"), "", " ", "\x00", "森", HALF, "x" * 150_000, "2026-02-30", "unknown",
    [], [[]], ["a"], [HALF], {}, {"a": 1}, {HALF: 1}, json.loads("[" * 500 + "]" * 500),
]  # fmt: skip
UNREADABLE = [
    ("text/plain", b'{"question": "x"}'),
    ("application/x-www-form-urlencoded", b"question=x"),
    ("application/json", b""),
    ("application/json", b'{"question": '),
    ("application/json", b'{"question": "\xe9"}'),
    ("application/json", b"[" * 100_000),
    ("application/json", b"9" * 6000),
    ("application/json", b"[]"),
]  # fmt: skip
BODIES = {
    "Asked": {"question": "What must a deployer do?", "answers": EXAMPLE},
    "Facts": {"answers": EXAMPLE},
    "NewSystem": {"name": "Lamp", "answers": EXAMPLE},
    "NewAnswers": {"answers": EXAMPLE, "version": 1},
}


def _client(site, name, scope="write"):
    with site.acting(name):
        token = site.team.tokens.make("test", scope, 1)
    return TestClient(
        site.app, raise_server_exceptions=False, follow_redirects=False, headers={"Authorization": f"Bearer {token}"}
    )


@pytest.fixture(scope="module")
def program(team_site):
    """A program of the assessor's, which hears of a failure what any program would."""
    return _client(team_site, "assessor")


@pytest.fixture(scope="module")
def document(program):
    """The OpenAPI document."""
    return program.get(f"{API}/openapi.json").json()


def _refused(answer):
    """Return the sentence of a refusal."""
    assert answer.headers["content-type"] == "application/json", answer.text[:200]
    assert answer.json().keys() == {"detail"}
    assert answer.json()["detail"].rstrip().endswith("."), answer.text[:200]
    assert len(answer.content) < 10_000
    return answer.json()["detail"]


def _sent(body):
    """Return bodies with one thing wrong, at every place of a body that fits."""
    yield from ODD
    for name in body:
        yield {key: value for key, value in body.items() if key != name}
    for odd in ODD:
        yield from ({**body, name: odd} for name in [*body, "language", "as_of", "system", "history", "owner", "extra"])
        yield from ({**body, "answers": {**EXAMPLE, name: odd}} for name in ("questionnaire", "date", "facts", "notes", "extra"))
        fact = next(iter(EXAMPLE["facts"]))
        for part in ("facts", "notes"):
            yield {**body, "answers": {**EXAMPLE, part: {fact: odd}}}
            yield {**body, "answers": {**EXAMPLE, part: {odd if isinstance(odd, str) else "odd": "x"}}}


def _operations(document):
    return [(method, path, told) for path, methods in document["paths"].items() for method, told in methods.items()]


VERSION = EXAMPLE["questionnaire"]
FAILED = {
    "no facts": ("post", "/systems", {"name": "Lamp", "answers": {"questionnaire": VERSION}}),
    "facts that are a list": ("post", "/systems", {"name": "Lamp", "answers": {"questionnaire": VERSION, "facts": []}}),
    "notes that are a list": ("post", "/systems", {"name": "Lamp", "answers": {**EXAMPLE, "notes": []}}),
    "version beyond the database": ("put", "/systems/abc/answers", {"answers": EXAMPLE, "version": 2**63}),
    "half a character for a system": ("post", "/ask", {"question": "x", "system": HALF}),
    "half a character for a fact": ("post", "/assess", {"answers": {**EXAMPLE, "facts": {HALF: 1}}}),
    "half a character in a fact": ("post", "/assess", {"answers": {**EXAMPLE, "facts": {"system.name": HALF}}}),
    "half a character in a note": ("post", "/next", {"answers": {**EXAMPLE, "notes": {"system.name": HALF}}}),
}


@pytest.mark.parametrize(("method", "path", "body"), FAILED.values(), ids=FAILED)
def test_what_once_made_an_address_fail_is_refused(program, method, path, body):
    answer = program.request(method, API + path, content=json.dumps(body).encode(), headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422)
    assert _refused(answer)


@pytest.mark.long
def test_no_body_makes_an_address_fail(program, document):
    system = program.post(f"{API}/systems", json={"name": "Lamp"}).json()["id"]
    for method, path, told in _operations(document):
        if "requestBody" not in told:
            continue
        here = API + path.format(identity=system, form="json")
        good = BODIES[told["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]]
        for body in _sent(deepcopy(good)):
            answer = program.request(
                method, here, content=json.dumps(body).encode(), headers={"Content-Type": "application/json"}
            )
            assert answer.status_code < 500, (path, repr(body)[:300])
            assert str(answer.status_code) in told["responses"]
            if answer.status_code >= 400:
                _refused(answer)
        for kind, content in UNREADABLE:
            answer = program.request(method, here, content=content, headers={"Content-Type": kind})
            assert answer.status_code in (400, 422)
            assert "JSON" in _refused(answer), content[:20]


def test_no_address_fails_for_what_it_names(program, document):
    odd = [value if isinstance(value, str) else json.dumps(value) for value in ODD]
    for method, path, told in _operations(document):
        for parameter in told.get("parameters", []):
            for value in (quote(one[:3000].encode("utf-8", "surrogatepass"), safe="") for one in odd):
                given = {"identity": "abc", "form": "json"} | ({parameter["name"]: value} if parameter["in"] == "path" else {})
                query = f"?query=x&{parameter['name']}={value}" if parameter["in"] == "query" else ""
                body = {"json": {"answers": EXAMPLE, "version": 1}} if "requestBody" in told else {}
                answer = program.request(method, API + path.format(**given) + query, **body)
                assert answer.status_code < 500, (path, parameter["name"], value[:30])
                if answer.status_code >= 400:
                    _refused(answer)


def test_an_address_that_is_none_and_a_method_that_it_does_not_take(program):
    for address in ("/nowhere", "/systems/", "/"):
        assert "openapi.json" in _refused(program.get(API + address)), address
    wrong = program.patch(f"{API}/systems")
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "GET")
    assert "openapi.json" in _refused(wrong)


@pytest.mark.parametrize("address", ["/search?query=x&as_off=2026-11-24", "/provisions/eu.ai_act.art_5?lang=ja"])
def test_a_parameter_that_is_not_known_is_refused_rather_than_left_out(program, address):
    """Else a misspelt day would be answered with the law of today."""
    answer = program.get(API + address)
    assert answer.status_code == 422
    assert any(name in _refused(answer) for name in ("as_off", "lang"))
    assert "; openapi.json describes" in _refused(answer)


def test_a_value_that_does_not_fit_is_named_with_where_to_look(program):
    told = _refused(program.post(f"{API}/ask", json={"question": "x", "as_of": "2026-02-30"}))
    assert told.startswith("as_of: ")
    assert told.endswith("; openapi.json describes what is taken.")


def test_what_is_kept_for_a_program_opens_in_the_browser(program, team_site):
    """A file of answers may hold an empty note or day; the pages know none."""
    answers = {"questionnaire": EXAMPLE["questionnaire"], "facts": {}, "notes": None, "date": None}
    system = program.post(f"{API}/systems", json={"name": "Lamp", "answers": answers}).json()
    browser = team_site.browser("assessor")
    here = f"/en/systems/{system['id']}"
    assert browser.get(browser.get(f"{here}/next").headers["location"]).status_code == 200
    changed = program.put(f"{API}/systems/{system['id']}/answers", json={"answers": {**EXAMPLE, "notes": None}, "version": 1})
    assert changed.status_code == 200
    assert browser.get(f"{here}/answers").status_code == 200


def test_more_than_answers_can_need_is_not_read(program):
    """Reading 90 MiB of brackets took 3 GiB of memory, and everybody waited meanwhile."""
    answer = program.post(f"{API}/ask", content=b'{"question": "x", "history": [' + b"[]," * 1_000_000 + b"[]]}",
                          headers={"Content-Type": "application/json"})  # fmt: skip
    assert answer.status_code == 413
    assert "MiB" in _refused(answer)


def test_who_is_refused_at_the_gate_hears_it_in_the_same_form(team_site, document):
    program, here = _client(team_site, "reader"), f"{API}/systems"
    assert _refused(program.post(here, json={"name": "x"}, headers={"Origin": "https://elsewhere.example"}))
    browser = team_site.browser("assessor")
    del browser.headers["Origin"]
    assert _refused(browser.post(here, json={"name": "x"}))
    for _, path, told in _operations(document):
        assert {"401", "403", "413", "421", "429", "500", "503", "507"} <= told["responses"].keys(), path


def test_a_name_that_is_not_ours_is_told_in_the_same_form(team_site):
    guarded = TestClient(Guard(team_site.app, 1, frozenset({"127.0.0.1"})))
    answer = guarded.get(f"{API}/systems")
    assert answer.status_code == 421
    assert _refused(answer)


def test_too_many_requests_are_told_in_the_same_form(knowledge, tmp_path):
    site = TeamSite(knowledge, tmp_path, rate_per_minute=2)
    program = _client(site, "reader")
    answers = [program.get(f"{API}/questionnaire") for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert answers[2].headers["retry-after"]
    assert _refused(answers[2])


def test_a_database_that_is_away_is_told_in_the_same_form(program, team_site, monkeypatch):
    def away(*_):
        raise NotReadError("The database cannot be reached at the moment. Try again.", "gone")

    for store, asked in ((team_site.team.tokens, "opens"), (team_site.desk.systems, "all")):
        with monkeypatch.context() as patched:
            patched.setattr(type(store), asked, away)
            answer = program.get(f"{API}/systems")
            assert answer.status_code == 503
            assert "database" in _refused(answer)
            assert answer.headers["x-request-id"], "and is counted as what it is"


def test_the_document_says_what_a_report_is_and_how_to_sign_in(program, document):
    for path in ("/report.{form}", "/systems/{identity}/report.{form}"):
        told = next(iter(document["paths"][path].values()))
        system = program.post(f"{API}/systems", json={"name": "Lamp"}).json()["id"]
        for form in ("pdf", "docx", "xlsx", "md", "json"):
            got = program.get(f"{API}/systems/{system}/report.{form}")
            assert got.headers["content-type"].partition(";")[0] in told["responses"]["200"]["content"]
    assert {one["type"] for one in document["components"]["securitySchemes"].values()} == {"http"}
    names = [told["operationId"] for _, _, told in _operations(document)]
    assert {"ask", "search", "assess", "system_create", "system_report"} <= set(names)
    assert len(set(names)) == len(names)
    assert all("security" in told for _, _, told in _operations(document))
