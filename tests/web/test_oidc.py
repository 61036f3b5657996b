"""Signing in with a provider that plays on loopback: whoever it vouches for, and nobody by a token that cannot be trusted."""

import time
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc.jwk import RSAKey
from pydantic import SecretStr
from web.conftest import TeamSite
from web.oidc_provider import playing

from assistant.types import Language
from assistant.web.i18n import texts

pytestmark = pytest.mark.long
EN, JA = texts(Language.EN), texts(Language.JA)


@pytest.fixture
def provider():
    with playing() as (address, play):
        yield address, play


@pytest.fixture
def play(provider):
    return provider[1]


@pytest.fixture
def site(knowledge, tmp_path, provider):
    given = {"oidc_issuer": provider[0], "oidc_client": "client", "oidc_secret": SecretStr("secret"), "oidc_name": "Lamp ID"}
    return TeamSite(knowledge, tmp_path, **given)


def _out(browser, language="en", to=""):
    """Press the button; return the address that the provider sends the browser back to, on this site."""
    sent = browser.post(f"/{language}/oidc", data={"to": to})
    assert sent.status_code == 303, sent.text
    there = httpx.get(sent.headers["location"])
    back = urlsplit(there.headers["location"])
    return f"{back.path}?{back.query}"


def _signed_in(browser):
    return browser.get("/en/account").status_code == 200


def _through(site, language="en", to=""):
    browser = site.browser()
    return browser, browser.get(_out(browser, language, to))


@pytest.mark.parametrize("language", ["en", "ja"])
def test_an_account_of_the_address_vouched_for_is_opened_and_tied(site, play, language):
    assert "Lamp ID" in site.browser().get(f"/{language}/sign-in").text
    browser, answer = _through(site, language, f"/{language}/systems")
    assert answer.headers["location"] == f"/{language}/systems"
    assert "reader@lamp.example" in browser.get("/en/account").text
    play.claims |= {"email": "changed@lamp.example"}
    assert _signed_in(_through(site)[0]), "from now on it is the identity that counts, whatever its address"
    play.claims |= {"email": "reader@lamp.example", "sub": "s2"}
    browser, answer = _through(site)
    assert (answer.status_code, _signed_in(browser)) == (400, False), "another identity with that address does not get in"


def test_somebody_invited_gets_an_account_without_a_password(site, play):
    play.claims |= {"email": "new@lamp.example", "sub": "n1", "name": "新井"}
    browser, answer = _through(site)
    assert EN("oidc_unknown") in answer.text
    site.team.links.make(site.people["admin"].acting, "invitation", "new@lamp.example", "reviewer")
    browser, answer = _through(site)
    account = browser.get("/en/account").text
    assert "新井" in account
    assert "reviewer" in account
    assert site.team.links.open(site.people["admin"].acting) == []
    assert site.browser().post("/en/sign-in", data={"email": "new@lamp.example", "password": ""}).status_code == 400


MISTRUSTED = {
    "another nonce": {"nonce": "other"},
    "another application": {"aud": "other"},
    "several, of which another asked": {"aud": ["client", "other"], "azp": "other"},
    "another issuer": {"iss": "https://evil.example"},
    "expired": {"exp": int(time.time()) - 3600},
    "no expiry": {"exp": None},
    "nobody": {"sub": None},
    "from the future": {"iat": int(time.time()) + 3600},
}


@pytest.mark.parametrize("claims", MISTRUSTED.values(), ids=MISTRUSTED)
def test_a_token_that_is_not_for_this_attempt_opens_nothing(site, play, claims):
    play.claims |= claims
    browser, answer = _through(site)
    assert (answer.status_code, _signed_in(browser)) == (400, False)
    assert EN("oidc_failed") in answer.text


def test_a_token_that_the_provider_did_not_sign_opens_nothing(site, play):
    forgeries = (
        ({"alg": "none"}, None),
        ({"alg": "HS256"}, play.key.as_pem(private=False)),
        ({}, RSAKey.generate_key(2048, {"kid": "one"})),
        ({"kid": "unknown"}, None),
    )
    for header, key in forgeries:
        play.header, play.sign_with = header, key
        browser, answer = _through(site)
        assert (answer.status_code, _signed_in(browser)) == (400, False), header


def test_new_keys_of_the_provider_are_taken_up(site, play):
    assert _signed_in(_through(site)[0])
    play.key = RSAKey.generate_key(2048, {"kid": "two"})
    assert _signed_in(_through(site)[0])


def test_an_address_that_is_not_vouched_for_or_a_closed_account_opens_nothing(site, play):
    for claims in ({"email_verified": False}, {"email_verified": "true"}, {"email_verified": None}, {"email": None}):
        play.claims = {"email": "reader@lamp.example", "email_verified": True, "sub": "s1", **claims}
        answer = _through(site)[1]
        assert EN("oidc_unknown") in answer.text, claims
    play.claims = {"email": "reader@lamp.example", "email_verified": True, "sub": "s1"}
    with site.acting("admin"):
        site.team.people.disable(site.people["reader"].id)
    assert not _signed_in(_through(site)[0])


def test_only_the_browser_that_began_finishes_and_only_once(site):
    mine = site.browser()
    back = _out(mine)
    assert EN("oidc_state") in site.browser().get(back).text, "another browser has not begun anything"
    other = site.browser()
    _out(other)
    assert EN("oidc_state") in other.get(back).text, "nor does another attempt take this answer"
    assert mine.get(back).status_code == 303
    again = site.browser()
    _out(again)
    state = parse_qs(urlsplit(_out(again)).query)["state"][0]
    used = parse_qs(urlsplit(back).query)["code"][0]
    assert EN("oidc_failed") in again.get(f"/en/oidc/back?code={used}&state={state}").text, "a code counts once"


def test_what_the_provider_declines_is_told(site):
    browser = site.browser()
    state = parse_qs(urlsplit(_out(browser, "ja")).query)["state"][0]
    assert JA("oidc_declined") in browser.get(f"/ja/oidc/back?error=access_denied&state={state}").text


def test_a_provider_that_is_down_or_another_one_is_told_at_once(site, play):
    play.issuer = "https://evil.example"
    answer = site.browser().post("/en/oidc", data={})
    assert (answer.status_code, EN("oidc_failed") in answer.text) == (400, True)
    play.issuer, play.down = None, True
    away = site.browser().post("/ja/oidc", data={})
    assert (away.status_code, JA("oidc_unreachable") in away.text) == (400, True)


@pytest.mark.parametrize("to", ["https://evil.example", "//evil.example", "/en/\\evil"])
def test_signing_in_leads_nowhere_else(site, to):
    assert _through(site, to=to)[1].headers["location"] == "/en/"
