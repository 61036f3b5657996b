"""No page shows anybody a form or a link that would be refused, and everybody finds a form for all that they may do."""

import re
from urllib.parse import urljoin, urlsplit

import pytest
from fastapi.routing import APIRoute
from lxml import html
from needs import ROOT

from assistant.law.answers import load_data
from assistant.law.questionnaire import about
from assistant.store.acting import acting
from assistant.store.documents import StoredDocument, StoredPassage
from assistant.types import Language
from assistant.web.standing import Standings
from assistant.web.team.permissions import NEEDS, READ, ROLES, allowed, needed

pytestmark = pytest.mark.long
GET, POST = "GET", "POST"
FILES = re.compile(r"\.(ics|csv|json|xlsx|pdf|docx|md|png)$")
# Shown without being somebody's page, only after a step of its own, or only where there are no accounts.
NOT_WALKED = {"/sign-in", "/join/{secret}", "/reset/{secret}", "/oidc", "/person", "/systems/import/{key}"}
# Alike, and many: only the first one is looked at, of each system.
MANY = re.compile(r"/(provision/.+|library/(?!own|texts|compare)[^/]+(/changes)?|library/compare/.+|systems/\w+/question/.+)")


@pytest.fixture(scope="module")
def kept(team_site):
    """A register with everything in it that has a button; returns two systems with suggestions, the second for people named."""
    desk, people = team_site.desk, team_site.people
    example = load_data((ROOT / "docs" / "example-answers.yaml").read_text(encoding="utf-8"))
    facts = dict(list(example["facts"].items())[:-3])  # so that questions are left
    answers = {"questionnaire": example["questionnaire"], "facts": facts}
    with team_site.acting("admin"):
        system = desk.systems.create(answers, name="Lamp sorter").id
        words = {about(desk.knowledge)[-1].fact: "A chatbot that ranks job applicants."}
        given = {"questionnaire": desk.knowledge.questionnaire, "facts": words}
        described, of_others = (desk.systems.create(given, name=name).id for name in ("Described", "For others"))
        desk.systems.delete(desk.systems.create({"facts": {}}, name="Gone").id)
        assessment = Standings(desk, Language.EN).of(desk.systems.get(system)).assessment
        desk.systems.keep(system, assessment.model_dump(mode="json"), reason="kept")
        duty = assessment.duties("owed")[0].id
        desk.duties.add_evidence(system, duty, "proof.pdf", b"%PDF-1.7")
        desk.comments.add(system, "Look at this.", about=duty)
        row = ("en", None, True, "a.md", "0" * 64, 3, None, 0, desk.today())
        team_site.assistant.shelf.store.add(StoredDocument("a1b2", "Rules", *row), [StoredPassage("a1b2", 0, None, "Rules")], [])
        team_site.team.links.make(people["admin"].acting, "invitation", "new@lamp.example", "reader")
        closed = team_site.team.accounts.add(people["admin"].organisation, "gone@lamp.example", "Gone", "reader", None)
        team_site.team.people.disable(closed.id)
        for part, name in (("assessor", "second"), ("reviewer", "admin")):
            team_site.team.members.name(of_others, part, {people[name].id})
    for role in ROLES:
        with team_site.acting(role):
            desk.comments.add(system, f"By the {role}.", about=duty)
            team_site.team.tokens.make("calendar", "read", 9)
            talk = desk.conversations.start("en", system=system, question="What is an AI system?").id
            told = team_site.assistant.ask("What is an AI system?").model_dump(mode="json")
            desk.conversations.answered(talk, 1, {**told, "question": "What is an AI system?", "system": None}, told["answer"])
            desk.conversations.delete(desk.conversations.start("en", question="Gone").id)
    return described, of_others


def _routes(site):
    """Every plain page of one language as (methods, what its address looks like, template without the language)."""
    for route in site.app.routes:
        if not hasattr(route, "original_router") or route.include_context.prefix != "/en":
            continue
        for one in route.original_router.routes:
            if isinstance(one, APIRoute):
                yield one.methods, one.path_regex, one.path


class Walk:
    """All pages that somebody comes to from the register and the account, with every form and link that stands on them."""

    def __init__(self, site, name, begin):
        self.who, self.members = site.people[name].acting, site.team.members
        self.browser, self.routes = site.browser(name), list(_routes(site))
        self.pages, self.forms, self.refused = {}, set(), []
        todo, alike = list(begin), set()
        while todo:
            address = todo.pop()
            path = urlsplit(address).path
            template, parts = self._template(GET, path)
            kind = (template, parts.get("identity") if "systems" in template else "") if MANY.fullmatch(path[3:]) else address
            if kind in alike or path == "/en/" or FILES.search(path):  # the chat is no plain page
                continue
            alike.add(kind)
            todo += self._look(address)

    def _look(self, address):
        page = self.browser.get(address, follow_redirects=True)
        if page.status_code == 403:
            self.refused.append(address)
        assert page.status_code in (200, 403), (address, page.status_code)
        self.pages[address] = page.text
        tree = html.fromstring(page.text)
        for form in tree.xpath("//form"):
            if form.get("method", "get").upper() == POST:
                self._form(urlsplit(urljoin(str(page.url), form.get("action") or "")).path, address)
        links = {urljoin(str(page.url), one) for one in tree.xpath("//main//a/@href | //header//a/@href")}
        ours = {urlsplit(one) for one in links if one.startswith(f"{page.url.scheme}://{page.url.host}/en/")}
        self.refused += [f"{address}: link to {one.path}" for one in ours if not self._may(GET, one.path)]
        return [f"{one.path}?{one.query}" if one.query else one.path for one in ours]

    def _form(self, path, page):
        template = self._template(POST, path)[0]
        self.forms.add(template)
        if not self._may(POST, path):
            self.refused.append(f"{page}: form to {template}")

    def _template(self, method, path):
        found = [(one, shape.fullmatch(path[3:])) for methods, shape, one in self.routes if method in methods]
        return next(((one, fits.groupdict()) for one, fits in found if fits), (path[3:], {}))

    def _may(self, method, path):
        """Tell what is told before every request (see ``permissions.demands``, and that it holds in test_team_isolation)."""
        template, parts = self._template(method, path)
        system = parts.get("identity") if template.startswith("/systems/") else None
        with acting(self.who):
            return allowed(self.who, needed(method, template), self.members, system)


BEGIN = ("/en/systems", "/en/account", "/en/library", "/en/conversations", "/en/assess", "/en/about")


@pytest.mark.parametrize("role", list(ROLES))
def test_every_page_shows_a_role_the_forms_that_it_may_send_and_no_others(team_site, kept, role):
    walk = Walk(team_site, role, [*BEGIN, *(f"/en/systems/{one}/suggestions" for one in kept)])
    assert walk.refused == []
    assert len(walk.pages) > 60
    may = {one for one, permission in NEEDS.items() if permission != READ and permission in ROLES[role]}
    sent = {one for methods, _, one in _routes(team_site) if POST in methods}
    assert walk.forms == (may & sent) - NOT_WALKED
