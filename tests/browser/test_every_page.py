"""Every plain page, in both languages, light and dark, from a phone to a wide screen: usable by everybody, quiet, at home."""

import accessibility
import httpx
import pytest
from needs import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.long]

# Address after the language, and the status it answers with; {system} is one that is assessed. A new page is one more line.
PAGES = {
    "/about": 200,
    "/assess": 200,
    "/conversations": 200,
    "/conversations/deleted": 200,
    "/library": 200,
    "/library/compare": 200,
    "/library/compare/risk_classes": 200,
    "/library/eu.ai_act/changes": 200,
    "/library/jp.appi": 200,
    "/library/own": 200,
    "/library/texts": 200,
    "/nothing-here": 404,
    "/provision/eu.ai_act.art_26.par_5": 200,
    "/systems": 200,
    "/systems/dashboard": 200,
    "/systems/deleted": 200,
    "/systems/import": 200,
    "/systems/{system}": 200,
    "/systems/{system}/answers": 200,
    "/systems/{system}/changes": 200,
    "/systems/{system}/delete": 200,
    "/systems/{system}/duties": 200,
    "/systems/{system}/duties/EU-01": 200,
    "/systems/{system}/history": 200,
    "/systems/{system}/question/eu.roles": 200,
    "/systems/{system}/question/eu.roles?leads=1": 200,
    "/systems/{system}/review": 200,
}
LOOKS = [("light", 360), ("dark", 768), ("light", 1600)]


@pytest.fixture(scope="module")
def system(site):
    """The id of a system that the site has assessed: the example that ships."""
    with (ROOT / "docs" / "example-answers.yaml").open("rb") as file:
        done = httpx.post(f"{site}/en/assess/file", files={"file": file}, timeout=60)
    return done.headers["location"].split("/")[3]


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_usable_by_everybody(watched, site, system, path, language, scheme, width):
    watched.set_viewport_size({"width": width, "height": 900})
    watched.emulate_media(color_scheme=scheme)
    address = f"{site}/{language}{path.format(system=system)}"
    response = watched.goto(address)
    assert response.status == PAGES[path]
    assert watched.evaluate("document.documentElement.lang") == language
    watched.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    for look in (accessibility.layout, accessibility.axe, accessibility.small_targets, accessibility.keyboard):
        assert look(watched) == [], look.__name__
    assert watched.foreign == []
    if response.ok:
        assert watched.errors == watched.complaints == []
    else:
        assert watched.errors == [f"{response.status} {address}"], "the page itself, and nothing that it loads"


SPOILT = {
    "no text beside a picture": (accessibility.axe, "link.innerHTML = '<img src=\"/favicon.ico\">'", "image-alt"),
    "a small button": (
        accessibility.small_targets,
        "link.style = 'display: block; width: 20px; height: 20px'",
        "smaller than 24 px",
    ),
    "a line of links": (
        accessibility.small_targets,
        "link.style.padding = 0; link.parentElement.replaceChildren(link)",
        "smaller than 24 px: <a",
    ),
    "another order": (accessibility.keyboard, "link.tabIndex = 1", "out of order"),
    "nothing to reach": (
        accessibility.keyboard,
        "link.onfocus = () => document.querySelector('#language').focus()",
        "not reached",
    ),
    "hidden focus": (accessibility.keyboard, "link.style.outline = 'none'", "focus cannot be seen"),
    "focus elsewhere": (accessibility.keyboard, "link.style = 'position: fixed; left: -500px'", "outside the screen"),
    "too wide": (accessibility.layout, "link.style = 'display: block; width: 3000px'", "scrolls sideways"),
    "two headings": (accessibility.layout, "link.innerHTML = '<h1>Another</h1>'", "2 main headings"),
}


@pytest.mark.parametrize("fault", SPOILT)
def test_a_spoilt_page_is_noticed(watched, site, fault):
    look, spoil, words = SPOILT[fault]
    watched.goto(f"{site}/en/nothing-here")
    assert look(watched) == []
    watched.reload()
    watched.locator("main a").first.evaluate(f"link => {{ {spoil} }}")
    assert any(words in told for told in look(watched))
