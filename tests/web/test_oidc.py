"""Signing in with a provider that plays on loopback: whoever it vouches for, and nobody by what cannot be trusted."""

import time
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi.testclient import TestClient
from joserfc.jwk import RSAKey
from pydantic import SecretStr
from web.conftest import PASSWORD, TeamSite, plain_app
from web.oidc_provider import CLIENT, SECRET, Play, new_key, serving, signed_with_what_everybody_knows, unsigned

from assistant.settings import Settings
from assistant.store.rows import NotFoundError
from assistant.store.transactions import StoreError
from assistant.types import AssistantError, Language
from assistant.web.i18n import texts
from assistant.web.team.provider import Attempt, Provider, ProviderError

pytestmark = pytest.mark.long

EN, JA = texts(Language.EN), texts(Language.JA)
CONFIGURATION = "/.well-known/openid-configuration"


@pytest.fixture(scope="module")
def server():
    with serving() as provider:
        yield provider


@pytest.fixture
def play(server):
    """What the provider does, well-behaved at the start of each test."""
    server.play = Play(server.play.address, server.play.key)
    yield server.play
    server.play.waits.set()


@pytest.fixture(scope="module")
def team(knowledge, tmp_path_factory, server):
    provider = {"oidc_issuer": server.play.address, "oidc_client": CLIENT, "oidc_secret": SecretStr(SECRET)}
    return TeamSite(knowledge, tmp_path_factory.mktemp("oidc"), **provider, oidc_name="Lamp ID")


@pytest.fixture
def app(team):
    return team.app


@pytest.fixture
def fresh(team):
    """The application as a process that has not asked the provider anything yet."""
    return plain_app(team.assistant, team.desk)


@pytest.fixture
def someone(team):
    """A person with an account that no identity is tied to yet."""
    organisation, name = team.people["reader"].organisation, f"n{time.monotonic_ns()}"
    return team.team.accounts.add(organisation, f"{name}@lamp.example", "Someone", "reader", None)


@pytest.fixture
def tied(team, play, someone):
    """The same, and whom the provider vouches for in this test opens it."""
    team.team.accounts.tie(someone, f"{play.address}|{play.sub}")
    return someone


def browser(app, base="http://testserver"):
    return TestClient(app, base_url=base, follow_redirects=False, headers={"Origin": base})


def out(client, language="en", to=""):
    """Go to the provider, and return the address with which it sends the browser back."""
    leaving = client.post(f"/{language}/oidc", data={"to": to})
    assert leaving.status_code == 200, leaving.text
    address = leaving.headers["refresh"].partition("url=")[2]
    return httpx.get(address).headers["location"]


def sign_in(client, language="en", to=""):
    return client.get(out(client, language, to))


def refused(client, answer, reason, t=EN):
    """Tell whether a page gives this reason and nobody is signed in."""
    assert t(f"oidc_{reason}") in answer.text, answer.text
    assert answer.status_code >= 400
    assert "session" not in client.cookies
    return client.get("/en/account", headers={"Accept": "text/html"}).headers["location"].startswith("/en/sign-in")


def named(client):
    return client.get("/en/account").text


@pytest.mark.parametrize(("language", "t"), [("en", EN), ("ja", JA)])
def test_whoever_the_provider_vouches_for_gets_to_the_page_asked_for(app, tied, language, t):
    client = browser(app)
    assert t("sign_in_outside", name="Lamp ID") in client.get(f"/{language}/sign-in").text
    answer = sign_in(client, language, f"/{language}/systems?q=灯")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/{language}/systems?q=%E7%81%AF")
    assert tied.email in named(client)
    assert "signing-in" not in client.cookies


def test_with_the_provider_ends_what_opened_the_account_before(app, team, play):
    """Another may have opened the link that invited, chosen a password and waited for whoever the address is of."""
    accounts = team.team.accounts
    squatted = accounts.add(team.people["reader"].organisation, "late@lamp.example", "Late", "reader", PASSWORD)
    thief = browser(app)
    assert thief.post("/en/sign-in", data={"email": squatted.email, "password": PASSWORD}).status_code == 303
    secret = team.team.links.make(team.people["admin"].acting, "reset", squatted.email, "reader")
    play.sub, play.claims = "late", {"email": squatted.email}
    owner = browser(app)
    assert sign_in(owner).status_code == 303
    assert squatted.email in named(owner)
    assert thief.get("/en/account").status_code != 200
    with pytest.raises(StoreError):
        accounts.sign_in(squatted.email, PASSWORD, "::1")
    with pytest.raises(NotFoundError):
        team.team.links.look(secret)


def test_whoever_is_invited_gets_an_account_without_a_password_once(app, team, play):
    team.team.links.make(team.people["admin"].acting, "invitation", "new@lamp.example", "assessor")
    play.claims = {"sub": "new", "email": "New@Lamp.example"}
    client = browser(app)
    assert sign_in(client).status_code == 303
    person = team.team.accounts.by_email("new@lamp.example")
    assert (person.name, person.role, person.organisation) == ("森 葵", "assessor", team.people["admin"].organisation)
    assert team.team.accounts.by_subject(f"{play.address}|new") == person
    assert team.team.links.for_email("new@lamp.example") is None


def test_an_account_is_tied_to_the_first_identity_with_its_address_and_then_the_identity_counts(app, team, play, someone):
    play.claims = {"email": someone.email}
    assert sign_in(browser(app)).status_code == 303
    assert team.team.accounts.by_subject(f"{play.address}|{play.sub}") == someone
    play.claims = {"email": None, "email_verified": None}
    client = browser(app)
    assert sign_in(client).status_code == 303
    assert someone.email in named(client)


def test_another_identity_does_not_get_an_account_that_is_tied(app, play, tied):
    play.claims = {"sub": "foreign", "email": tied.email}
    client = browser(app)
    assert refused(client, sign_in(client), "taken")


def _closed(team, person):
    with team.acting("admin"):
        team.team.people.disable(person.id)


def test_a_closed_account_stays_closed_by_identity_by_address_and_by_invitation(app, team, play, tied):
    _closed(team, tied)
    client = browser(app)
    assert refused(client, sign_in(client), "unknown")
    team.team.links.make(team.people["admin"].acting, "invitation", tied.email, "admin")
    play.claims = {"sub": "again", "email": tied.email}
    assert refused(client, sign_in(client), "taken")


def test_an_identity_of_a_closed_account_opens_no_other_account_and_no_invitation(app, team, play, tied):
    _closed(team, tied)
    team.team.links.make(team.people["admin"].acting, "invitation", "elsewhere@lamp.example", "admin")
    play.claims = {"email": "elsewhere@lamp.example"}
    client = browser(app)
    assert refused(client, sign_in(client), "unknown")
    assert team.team.accounts.by_email("elsewhere@lamp.example") is None


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"email_verified": False}, "unverified"),
        pytest.param({"email_verified": None}, "unverified", marks=pytest.mark.long),
        pytest.param({"email_verified": "true"}, "unverified", marks=pytest.mark.long),
        pytest.param({"email": None}, "unverified", marks=pytest.mark.long),
        pytest.param({"email": "nobody@lamp.example"}, "unknown", marks=pytest.mark.long),
        ({"nonce": "another"}, "failed"),
        pytest.param({"nonce": None}, "failed", marks=pytest.mark.long),
        ({"aud": "another"}, "failed"),
        pytest.param({"aud": [CLIENT, "another"]}, "failed", marks=pytest.mark.long),
        pytest.param({"azp": "another"}, "failed", marks=pytest.mark.long),
        pytest.param({"aud": "another", "azp": CLIENT}, "failed", marks=pytest.mark.long),
        ({"iss": "https://id.example"}, "failed"),
        ({"exp": 1_000_000_000}, "failed"),
        pytest.param({"exp": None}, "failed", marks=pytest.mark.long),
        pytest.param({"iat": 4_000_000_000, "exp": 5_000_000_000}, "failed", marks=pytest.mark.long),
        pytest.param({"sub": None}, "failed", marks=pytest.mark.long),
        pytest.param({"sub": "s" * 256}, "failed", marks=pytest.mark.long),
    ],
    ids=str,
)
def test_a_token_that_says_something_else_signs_nobody_in(app, play, claims, reason):
    play.claims = claims
    client = browser(app)
    assert refused(client, sign_in(client), reason)


def test_an_address_that_small_letters_would_make_somebody_elses_is_not_vouched_for(app, team, play):
    organisation = team.people["reader"].organisation
    team.team.accounts.add(organisation, "strasse@lamp.example", "Victim", "admin", None)
    play.claims = {"sub": "attacker", "email": "straße@lamp.example"}
    client = browser(app)
    assert refused(client, sign_in(client), "unverified")


def _unsigned(play):
    play.signer = unsigned


def _shared_secret(play):
    play.signer = signed_with_what_everybody_knows(play.key)


def _unknown_kid(play):
    play.key = new_key()


def _not_announced(play):
    play.header = {"alg": "RS512"}


@pytest.mark.parametrize(
    "forge", [_unsigned, _shared_secret, *(pytest.param(one, marks=pytest.mark.long) for one in (_unknown_kid, _not_announced))]
)
def test_a_token_not_signed_by_the_provider_in_a_way_it_announces_signs_nobody_in(app, play, tied, forge):
    forge(play)
    client = browser(app)
    assert refused(client, sign_in(client), "failed")


def test_another_key_under_the_name_of_the_providers_signs_nobody_in(fresh, play, tied):
    play.published = [RSAKey.import_key({**new_key().as_dict(private=False), "kid": play.key.kid})]
    client = browser(fresh)
    assert refused(client, sign_in(client), "failed")


def test_no_shared_secret_counts_even_where_the_provider_announces_nothing_else(fresh, play, tied):
    play.description = {"id_token_signing_alg_values_supported": ["HS256", "none"]}
    play.signer = signed_with_what_everybody_knows(play.key)
    client = browser(fresh)
    assert refused(client, sign_in(client), "misfit")


def test_new_keys_are_fetched_once_and_the_description_not_again(fresh, play, tied):
    assert sign_in(browser(fresh)).status_code == 303
    play.key = new_key()
    play.published = [play.key]
    assert sign_in(browser(fresh)).status_code == 303
    assert (play.asked.count("/keys"), play.asked.count(CONFIGURATION)) == (2, 1)


def test_only_the_browser_that_began_comes_back_and_with_its_own_state(app, tied):
    client, other = browser(app), browser(app)
    address = out(client)
    assert refused(other, other.get(address), "state"), "no cookie"
    out(other)
    assert refused(other, other.get(address), "state"), "another attempt"
    assert refused(client, client.get(address.replace("state=", "state=x")), "state")
    assert refused(client, client.get(address), "state"), "the attempt ended with its first answer"


def test_a_code_counts_once(app, play, tied):
    client, again = browser(app), browser(app)
    address = out(client)
    code = parse_qs(urlsplit(address).query)["code"][0]
    assert client.get(address).status_code == 303
    state = parse_qs(urlsplit(out(again)).query)["state"][0]
    assert refused(again, again.get(f"/en/oidc/back?code={code}&state={state}"), "code")


def test_a_code_of_another_attempt_is_refused_by_its_verifier(app, tied):
    client, other = browser(app), browser(app)
    code = parse_qs(urlsplit(out(client)).query)["code"][0]
    state = parse_qs(urlsplit(out(other)).query)["state"][0]
    assert refused(other, other.get(f"/en/oidc/back?code={code}&state={state}"), "code")


def test_another_process_finishes_what_one_began(app, fresh, tied):
    client = browser(app)
    address = out(client)
    second = browser(fresh)
    second.cookies.update(client.cookies)
    assert second.get(address).status_code == 303


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example/", "/\\evil.example", "/en/\nx", "/en/" + "灯" * 900])
def test_nobody_is_led_out_of_the_application_afterwards(app, tied, to):
    assert sign_in(browser(app), to=to).headers["location"] == "/en/"


def test_the_cookie_is_for_the_server_alone_and_short_lived(app):
    plain = browser(app).post("/en/oidc", data={}).headers["set-cookie"]
    assert plain.startswith("signing-in=")
    assert {"HttpOnly", "SameSite=lax", "Max-Age=600", "Path=/"} <= set(plain.split("; "))
    encrypted = browser(app, "https://testserver").post("/en/oidc", data={}).headers["set-cookie"]
    assert encrypted.startswith("__Host-signing-in=")
    assert {"HttpOnly", "Secure"} <= set(encrypted.split("; "))


def test_whoever_is_signed_in_already_gets_a_fresh_session(app, team, tied):
    client = browser(app)
    client.cookies.set("session", before := team.team.sessions.open(team.people["reader"]), domain="testserver.local")
    answer = sign_in(client)
    assert answer.status_code == 303
    assert team.team.sessions.person(before) is None


def test_who_declines_at_the_provider_is_told_so(app, play):
    play.refuses = "access_denied"
    client = browser(app)
    assert refused(client, sign_in(client, "ja"), "declined", JA)


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_the_application_proves_itself_as_the_provider_wants_it(fresh, play, tied, method):
    play.description = {"token_endpoint_auth_methods_supported": [method]}
    assert sign_in(browser(fresh)).status_code == 303


@pytest.mark.parametrize(
    ("path", "answer", "reason"),
    [
        (CONFIGURATION, (503, {}), "unreachable"),
        (CONFIGURATION, (200, b"<html>"), "misfit"),
        (CONFIGURATION, (200, []), "misfit"),
        (CONFIGURATION, (302, {}), "unreachable"),
    ],
    ids=str,
)
def test_a_description_that_is_none_leads_nowhere(fresh, play, path, answer, reason):
    play.broken[path] = answer
    client = browser(fresh)
    assert refused(client, client.post("/en/oidc", data={}), reason)
    play.broken.clear()
    assert client.post("/en/oidc", data={}).status_code == 200, "what failed is not kept"


@pytest.mark.parametrize(
    ("path", "answer", "reason"),
    [
        ("/token", (503, {}), "unreachable"),
        ("/token", (200, b"<html>"), "failed"),
        ("/token", (200, {}), "failed"),
        ("/token", (401, {"error": "invalid_client"}), "misfit"),
        ("/keys", (500, {}), "unreachable"),
        ("/keys", (200, {"keys": [{"kty": "RSA", "n": "!"}]}), "misfit"),
        ("/keys", (200, {}), "misfit"),
    ],
    ids=str,
)
def test_a_provider_that_breaks_down_on_the_way_signs_nobody_in(fresh, play, tied, path, answer, reason):
    client = browser(fresh)
    address = out(client, "ja")
    play.broken[path] = answer
    assert refused(client, client.get(address), reason, JA)


@pytest.mark.parametrize(
    "description",
    [{"issuer": "https://id.example"}, {"token_endpoint": "http://id.example/token"}, {"authorization_endpoint": "javascript:x"},
     {"token_endpoint_auth_methods_supported": ["private_key_jwt"]}],
    ids=str,
)  # fmt: skip
def test_a_description_of_somebody_else_or_of_unguarded_addresses_is_refused(fresh, play, description):
    play.description = description
    client = browser(fresh)
    assert refused(client, client.post("/en/oidc", data={}), "misfit")


def test_the_issuer_is_compared_to_the_letter(play):
    play.description = {"issuer": f"{play.address}/"}
    settings = Settings(oidc_issuer=play.address, oidc_client=CLIENT)
    with pytest.raises(ProviderError, match="exactly") as refusal:
        Provider(settings).address(Attempt.new(), "http://testserver/en/oidc/back")
    assert refusal.value.reason == "misfit"


def test_a_provider_that_is_down_or_silent_is_given_up(play):
    provider = Provider(Settings(oidc_issuer=play.address, oidc_client=CLIENT), seconds=0.1)
    play.waits.clear()
    with pytest.raises(ProviderError, match="unreachable"):
        provider.address(Attempt.new(), "http://testserver/en/oidc/back")
    nobody = Provider(Settings(oidc_issuer="http://127.0.0.1:9", oidc_client=CLIENT))
    with pytest.raises(ProviderError, match="unreachable"):
        nobody.address(Attempt.new(), "http://testserver/en/oidc/back")


def test_a_provider_that_falls_silent_on_the_way_is_given_up(play):
    provider, attempt, back = (
        Provider(Settings(oidc_issuer=play.address, oidc_client=CLIENT), seconds=0.1),
        Attempt.new(),
        "http://x/",
    )
    provider.address(attempt, back)
    play.waits.clear()
    with pytest.raises(ProviderError, match="unreachable"):
        provider.identity(attempt, "code", back)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"oidc_issuer": "http://id.example", "oidc_client": CLIENT}, "ASSISTANT_OIDC_ISSUER"),
        ({"oidc_issuer": "id.example", "oidc_client": CLIENT}, "ASSISTANT_OIDC_ISSUER"),
        ({"oidc_issuer": "https://id.example"}, "ASSISTANT_OIDC_CLIENT"),
    ],
)
def test_settings_that_cannot_be_right_are_told_at_the_start(settings, told):
    with pytest.raises(AssistantError, match=told):
        Provider(Settings(**settings))


def test_without_a_provider_there_is_no_such_page(team, monkeypatch):
    monkeypatch.setattr(team.assistant, "_settings", team.settings.model_copy(update={"oidc_issuer": ""}))
    assert browser(plain_app(team.assistant, team.desk)).post("/en/oidc", data={}).status_code == 404
