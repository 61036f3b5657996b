"""Behind a proxy as the deployment page says: two processes, TLS, an account, a question, an upload, and one process killed."""

import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager

import httpx
import pytest
from needs import ROOT, skip_or_fail
from playwright.sync_api import expect
from running import started
from search.test_served_index import free_port

pytestmark = [pytest.mark.browser, pytest.mark.long]
PASSWORD = "lamp orchard velvet tunnel"  # noqa: S105
FRAME = """
daemon off; user root; pid {folder}/pid; error_log {folder}/errors;
events {{}}
http {{
  access_log {folder}/access;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxied;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  {lines}
}}
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """Yield the public address, the first admin's link, and both processes by their own address."""
    for program in ("nginx", "openssl"):
        if shutil.which(program) is None:
            skip_or_fail(f"{program} is not installed")
    folder, port = tmp_path_factory.mktemp("proxied"), free_port()
    public = f"https://localhost:{port}"
    settings = {
        "ASSISTANT_TEAM": "true", "ASSISTANT_EMBEDDING": "none", "ASSISTANT_PROXY": "127.0.0.1", "ASSISTANT_PUBLIC_URL": public,
    }  # fmt: skip
    found = [sys.executable, "-c", "from assistant.cli import main; main()", "team", "found", "Lamp works", "--admin"]
    environment = {**os.environ, **settings, "ASSISTANT_DATA_DIR": str(folder / "data")}
    done = subprocess.run([*found, "a@lamp.example"], cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    link = re.search(rf"{public}/en/join/\S+", done.stdout)[0]
    with (
        started(folder / "data", **settings) as one,
        started(folder / "data", **settings) as other,
        proxy(folder, port, one[0], other[0]),
    ):
        yield public, link, dict([one, other])


@contextmanager
def proxy(folder, port, one, other):
    """Run nginx with the lines of the deployment page, for other ports and a certificate made for this test."""
    page = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
    lines = re.search(r"```nginx\n(.*?)```", page, re.DOTALL)[1]
    certificate, key = folder / "certificate", folder / "key"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=localhost".split()
    subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    for before, after in (
        ("127.0.0.1:7861", one.removeprefix("http://")), ("127.0.0.1:7862", other.removeprefix("http://")),
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"), ("ai.company.example", "localhost"),
        ("/etc/ssl/assistant.crt", str(certificate)), ("/etc/ssl/private/assistant.key", str(key)),
    ):  # fmt: skip
        assert lines.count(before) == 1, before
        lines = lines.replace(before, after)
    (folder / "conf").write_text(FRAME.format(folder=folder, lines=lines))
    with subprocess.Popen(["nginx", "-p", folder, "-c", folder / "conf"], stderr=subprocess.PIPE, text=True) as process:
        transport = httpx.HTTPTransport(retries=5, verify=False)  # the certificate is ours and a minute old
        with httpx.Client(transport=transport) as client:
            assert client.get(f"https://localhost:{port}/health/ready").status_code == 200, (folder / "errors").read_text()
        try:
            yield
        finally:
            process.terminate()
            process.wait(10)


@pytest.fixture(scope="module")
def page(served, browser):
    """A browser of the first admin, whose account was made through the proxy."""
    public, link, _ = served
    context = browser.new_context(base_url=public, ignore_https_errors=True)
    page = context.new_page()
    page.goto(link)
    page.get_by_label("Name").fill("Mori")
    for label in ("New password", "The same password again"):
        page.get_by_label(label, exact=True).fill(PASSWORD)
    page.locator("main form button[type=submit]").click()
    expect(page).to_have_url(f"{public}/en/")
    yield page
    context.close()


def _ask(page, question, expected):
    page.goto("/en/")
    page.locator("#question textarea").fill(question)
    page.locator("#send").click()
    expect(page.locator("#chat")).to_contain_text(expected, timeout=30_000)


def test_the_cookie_is_kept_for_tls_and_this_host_alone(page):
    (cookie,) = [one for one in page.context.cookies() if "session" in one["name"]]
    assert cookie["name"] == "__Host-session"
    assert (cookie["secure"], cookie["httpOnly"], cookie["domain"]) == (True, True, "localhost")


def test_headers_of_the_proxy_and_of_the_application_arrive(page):
    answer = page.goto("/en/systems")
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert "script-src" in answer.headers["content-security-policy"]


def test_metrics_are_for_the_inside_alone(page, served):
    assert page.context.request.get("/metrics").status == 403
    for address in served[2]:
        assert httpx.get(f"{address}/metrics").status_code == 200


def test_a_large_file_passes(page, tmp_path):
    policy = tmp_path / "policy.md"
    policy.write_text("# Lens policy\n\n" + "Every Thursday the keeper polishes the brass lens with vinegar.\n\n" * 40_000)
    assert policy.stat().st_size > 2 << 20
    page.goto("/en/library/own")
    page.locator("input[type=file]").set_input_files(policy)
    page.locator("input[type=file]").locator("xpath=ancestor::form").locator("button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("Lens policy")


def test_a_conversation_goes_on_when_the_process_that_held_it_is_killed(page, served):
    _ask(page, "AI Act Article 26(5)", "monitor")
    holding = max(served[2], key=_questions)
    assert [_questions(address) for address in served[2] if address != holding] == [0], "one process has the whole page"
    served[2][holding].kill()
    served[2][holding].wait(10)
    page.goto("/en/conversations")
    page.get_by_role("link", name=re.compile("26")).first.click()
    expect(page.locator("main")).to_contain_text("monitor")
    _ask(page, "GDPR Article 22(1)", "automated")


def _questions(address):
    found = re.search(r"^assistant_answers_total\{[^}]*\} ([\d.]+)", httpx.get(f"{address}/metrics").text, re.MULTILINE)
    return float(found[1]) if found else 0
