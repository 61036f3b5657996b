"""The register: work on duties, what changed, review, history, copies and deletion; nothing is overwritten unseen."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from web.test_assess_pages import answer, start

from assistant.types import Language
from assistant.web.i18n import texts
from assistant.web.systems import evidence_kinds

EN, JA = texts(Language.EN), texts(Language.JA)


@pytest.fixture
def lamp(small_site):
    """A finished system that owes the demonstration duty."""
    system = start(small_site)
    answer(small_site, system, "demo.has_lamp", "true")
    return system


@pytest.fixture
def duty(small_site, lamp):
    """The id of the first duty that the system owes."""
    page = small_site.get(f"/en/systems/{lamp}/duties").text
    return re.search(rf"/systems/{lamp}/duties/([\w-]+)", page)[1]


def save(site, system, duty, version=0, **values):
    data = {"version": version, "state": "doing", "reason": "", "person": "", "due": "", "notes": "", **values}
    return site.post(f"/en/systems/{system}/duties/{duty}", data=data)


def test_an_empty_register_says_how_to_begin(small, tmp_path):
    from web.conftest import Site

    page = Site(small, tmp_path).get("/ja/systems")
    assert page.status_code == 200
    assert JA("systems_empty") in page.text


def test_the_register_shows_filters_and_sorts(small_site, lamp):
    other = start(small_site, "Foghorn", owner="Marine dept")
    both = small_site.get("/en/systems").text
    assert lamp in both
    assert other in both
    found = small_site.get("/en/systems?words=foghorn&state=draft&owner=Marine+dept&order=name").text
    assert other in found
    assert lamp not in found
    assert other not in small_site.get("/en/systems?state=approved").text


def test_a_system_whose_answers_cannot_be_read_stays_in_the_register_with_the_reason(small_site):
    broken = small_site.desk.systems.create({"questionnaire": "1999", "facts": {}}, name="Old one")
    page = small_site.get("/en/systems")
    assert page.status_code == 200
    assert EN("systems_fault") in page.text
    assert small_site.get(f"/en/systems/{broken.id}").status_code == 400
    small_site.desk.systems.delete(broken.id)


def test_work_on_a_duty_is_kept_and_told(small_site, lamp, duty):
    assert save(small_site, lamp, duty, person="Ken", due="2026-12-24", notes="ordered").status_code == 303
    kept = small_site.desk.duties.all(lamp)[duty]
    assert (kept.state, kept.person, kept.due, kept.notes) == ("doing", "Ken", date(2026, 12, 24), "ordered")
    page = small_site.get(f"/en/systems/{lamp}/duties").text
    assert "24 December 2026" in page
    assert "24 December 2026" in small_site.get("/en/systems").text
    assert "Ken" in small_site.get(f"/en/systems/{lamp}/history").text


@pytest.mark.parametrize(
    ("values", "key"),
    [({"state": "not_applicable"}, "duty_no_reason"), ({"due": "soon"}, "duty_bad_day"), ({"state": "gone"}, "duty_no_state")],
)
def test_what_does_not_fit_is_told_and_stays_in_the_form(small_site, lamp, duty, values, key):
    page = save(small_site, lamp, duty, notes="long note", **values)
    assert page.status_code == 400
    assert unescape(EN(key)) in unescape(page.text)
    assert "long note" in page.text
    assert duty not in small_site.desk.duties.all(lamp)


def test_not_applicable_with_a_reason_is_kept(small_site, lamp, duty):
    assert save(small_site, lamp, duty, state="not_applicable", reason="No lamp left").status_code == 303
    assert small_site.desk.duties.all(lamp)[duty].reason == "No lamp left"


def test_two_people_on_one_duty_lose_nothing(small_site, lamp, duty):
    save(small_site, lamp, duty, notes="theirs")
    second = save(small_site, lamp, duty, notes="mine")
    assert second.status_code == 409
    assert "theirs" in second.text
    assert "mine" in second.text
    assert small_site.desk.duties.all(lamp)[duty].notes == "theirs"
    version = re.search(r'name="version" value="(\d+)"', second.text)[1]
    assert save(small_site, lamp, duty, version, notes="mine").status_code == 303
    assert small_site.desk.duties.all(lamp)[duty].notes == "mine"


def test_a_duty_owed_no_longer_keeps_its_work_and_says_so(small_site, lamp, duty):
    save(small_site, lamp, duty, notes="was needed")
    answer(small_site, lamp, "demo.has_lamp", "false")
    page = small_site.get(f"/en/systems/{lamp}/duties").text
    assert EN("duties_no_longer") in page
    assert "was needed" in small_site.get(f"/en/systems/{lamp}/duties/{duty}").text


def test_an_unknown_duty_is_a_404(small_site, lamp):
    assert small_site.get(f"/en/systems/{lamp}/duties/XX-99").status_code == 404


def keep_file(site, system, duty, name, content):
    return site.post(f"/en/systems/{system}/duties/{duty}/files", files={"file": (name, content)})


def test_a_file_is_kept_handed_out_as_a_download_and_removed(small_site, lamp, duty):
    evil = "../../<b>報告</b>.txt"
    assert keep_file(small_site, lamp, duty, evil, b"<script>alert(1)</script>").status_code == 303
    (one,) = small_site.desk.duties.evidence(lamp)
    assert "/" not in one.name
    assert "<" not in one.name
    got = small_site.get(f"/en/systems/{lamp}/files/{one.id}")
    assert got.content == b"<script>alert(1)</script>"
    assert got.headers["content-disposition"].startswith("attachment")
    assert got.headers["x-content-type-options"] == "nosniff"
    small_site.post(f"/en/systems/{lamp}/files/{one.id}/remove")
    assert small_site.desk.duties.evidence(lamp) == []
    assert small_site.get(f"/en/systems/{lamp}/files/{one.id}").status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("b.PDF", b"%PDF-1", ""), ("a.pdf", b"MZ\x90", "misnamed"), ("a.pdf", b" %PDF-", "misnamed"),
        ("a.png", b"\x89PNG\r\n\x1a\n", ""), ("a.jpeg", b"\xff\xd8\xff\xe0", ""), ("a.jpg", b"GIF89a", "misnamed"),
        ("a.xlsx", b"PK\x03\x04", ""), ("a.xls", b"PK\x03\x04", "misnamed"), ("a.tif", b"MM\x00*", ""),
        ("a.webp", b"RIFF\x00\x00\x00\x00WEBP", ""), ("a.webp", b"WEBP", "misnamed"),
        ("memo.txt", "報告".encode("cp932"), ""), ("memo.txt", "報告".encode("utf-16"), ""), ("memo.txt", b"a\x00b", "misnamed"),
        ("page.html", b"<p>", "kind"), ("macro.xlsm", b"PK\x03\x04", "kind"), ("a.zip", b"PK\x03\x04", "kind"),
        ("a.pdf.exe", b"%PDF-", "kind"), ("noending", b"x", "kind"), (".pdf", b"%PDF-", "kind"),
    ],
)  # fmt: skip
def test_evidence_is_of_a_kind_that_is_taken_and_what_its_name_says(small_site, lamp, duty, name, content, key):
    answer = keep_file(small_site, lamp, duty, name, content)
    kept = small_site.desk.duties.evidence(lamp)
    if not key:
        assert (answer.status_code, [one.name for one in kept]) == (303, [name])
        small_site.post(f"/en/systems/{lamp}/files/{kept[0].id}/remove")
    else:
        assert (answer.status_code, kept) == (400, [])
        assert EN(f"duty_file_{key}", kinds=" ".join(evidence_kinds.KINDS)) in answer.text


def test_a_file_of_another_system_is_not_handed_out(small_site, lamp, duty):
    keep_file(small_site, lamp, duty, "a.txt", b"a")
    (one,) = small_site.desk.duties.evidence(lamp)
    assert small_site.get(f"/en/systems/{start(small_site)}/files/{one.id}").status_code == 404


@pytest.mark.parametrize(("content", "status", "key"), [(b"", 400, "duty_file_empty"), (b"x" * (3 << 20), 413, None)])
def test_a_file_that_cannot_be_kept_is_told(small_site, lamp, duty, content, status, key):
    page = keep_file(small_site, lamp, duty, "big.bin", content)
    assert page.status_code == status
    assert (EN(key) if key else "larger than 2 MiB") in page.text
    assert small_site.desk.duties.evidence(lamp) == []


def test_comments_are_text_and_can_be_removed(small_site, lamp, duty):
    evil = "<img src=x onerror=alert(1)>\n=cmd()"
    data = {"text": evil, "about": duty, "back": f"/duties/{duty}", "person": "Aiko"}
    done = small_site.post(f"/en/systems/{lamp}/comments", data=data)
    assert done.headers["location"].startswith(f"/en/systems/{lamp}/duties/{duty}")
    assert "person=Aiko" in done.headers["set-cookie"]
    small_site.client.cookies.clear()
    page = small_site.get(f"/en/systems/{lamp}/duties/{duty}").text
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page
    (one,) = small_site.desk.comments.all(lamp)
    small_site.post(f"/en/systems/{lamp}/comments/{one.id}/remove", data={"back": "https://example.org"})
    assert small_site.desk.comments.all(lamp) == []


def review(site, system, state, name="Aiko", version=None, language="en"):
    version = site.desk.systems.get(system).version if version is None else version
    return site.post(
        f"/{language}/systems/{system}/review", data={"state": state, "person": name, "note": "", "version": version}
    )


def test_a_system_is_reviewed_then_approved_and_an_answer_makes_it_a_draft_again(small_site, lamp):
    assert review(small_site, lamp, "approved").status_code == 400, "approved only after review"
    assert review(small_site, lamp, "reviewed").status_code == 303
    assert review(small_site, lamp, "approved", "Ken").status_code == 303
    small_site.client.cookies.clear()
    assert [one.reason for one in small_site.desk.systems.snapshots(lamp)] == ["approved", "reviewed", "complete"]
    report = small_site.get(f"/en/systems/{lamp}/report.json").json()
    assert (report["status"], report["reviewer"]) == ("final", "Ken")
    answer(small_site, lamp, "demo.has_lamp", "false")
    assert small_site.desk.systems.get(lamp).state == "draft"
    assert small_site.get(f"/en/systems/{lamp}/report.json").json()["status"] == "draft"


def test_a_review_needs_a_name_and_the_newest_version(small_site, lamp):
    assert JA("review_no_name") in review(small_site, lamp, "reviewed", "", language="ja").text
    assert review(small_site, lamp, "reviewed", version=1).status_code == 409
    assert small_site.desk.systems.get(lamp).state == "draft"


def test_what_changed_since_it_was_complete_is_told_with_the_answer_behind_it(small_site, lamp):
    assert EN("systems_changed") not in small_site.get(f"/en/systems?words={lamp}").text
    answer(small_site, lamp, "demo.has_lamp", "false")
    page = unescape(small_site.get(f"/en/systems/{lamp}/changes").text)
    assert EN("changes_reason_complete") in page
    assert "/ EU-01 Light the lamp" in page
    assert "demo.has_lamp" in page
    assert small_site.get(f"/en/systems/{lamp}/changes.md").text.startswith("# Lamp")
    small_site.post(f"/en/systems/{lamp}/changes")
    page = unescape(small_site.get(f"/en/systems/{lamp}/changes").text)
    assert EN("changes_reason_kept") in page
    assert "demo.has_lamp" not in page.split('<ul class="diff">')[1].split("</ul>")[0]


def test_a_copy_tries_answers_without_touching_the_original(small_site, lamp):
    place = small_site.post(f"/ja/systems/{lamp}/copy").headers["location"]
    copy = place.split("/")[3]
    answer(small_site, copy, "demo.has_lamp", "false")
    assert small_site.desk.systems.get(lamp).answers["facts"]["demo.has_lamp"] is True
    page = unescape(small_site.get(f"/en/systems/{copy}/changes?against={lamp}").text)
    assert "demo.has_lamp" in page
    assert copy in small_site.get(f"/en/systems/{lamp}/changes").text


def test_history_tells_who_changed_what_in_words(small_site, lamp):
    small_site.client.cookies.set("person", "Ken")
    answer(small_site, lamp, "demo.has_lamp", "unknown", action="unknown")
    small_site.client.cookies.clear()
    page = unescape(small_site.get(f"/en/systems/{lamp}/history").text)
    assert "Ken" in page
    assert "Yes → I don't know" in page
    page = unescape(small_site.get(f"/ja/systems/{lamp}/history?page=1").text)
    assert "はい → わからない" in page
    assert small_site.get(f"/ja/systems/{lamp}/history?page=zzz").status_code == 200


def test_a_deleted_system_can_be_restored_until_it_is_purged(small_site, lamp):
    assert small_site.get(f"/en/systems/{lamp}/delete").status_code == 200
    small_site.post(f"/en/systems/{lamp}/delete")
    for path in ("", "/duties", "/answers", "/history", "/review", "/changes", "/next", "/report.pdf"):
        assert small_site.get(f"/en/systems/{lamp}{path}").status_code == 404, path
    assert lamp in small_site.get("/en/systems/deleted").text
    small_site.post(f"/en/systems/deleted/{lamp}/restore")
    assert small_site.get(f"/en/systems/{lamp}").status_code == 200
    small_site.post(f"/en/systems/{lamp}/delete")
    small_site.post("/en/systems/deleted/purge")
    assert lamp not in small_site.get("/en/systems/deleted").text
    assert small_site.desk.systems.history(lamp) == []


def test_the_dashboard_counts_what_the_register_holds(small_site, lamp, duty):
    overdue = date(2026, 11, 24) - timedelta(days=1)
    save(small_site, lamp, duty, due=overdue.isoformat())
    page = small_site.get("/en/systems/dashboard").text
    assert EN("dashboard_overdue") in page
    assert "23 November 2026" in page
    total = len(small_site.desk.systems.all())
    drafts = re.search(r"<th scope=\"row\">Draft</th><td class=\"numeric\">(\d+)</td>", page)[1]
    assert int(drafts) == sum(one.state == "draft" for one in small_site.desk.systems.all()) <= total


def test_a_change_asked_for_by_another_site_is_refused(small_site, lamp):
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        response = small_site.post(f"/en/systems/{lamp}/delete", headers=headers)
        assert response.status_code == 403
    assert small_site.get(f"/en/systems/{lamp}").status_code == 200


def test_every_address_of_a_system_works_on_the_real_knowledge_in_both_languages(real_site):
    system = start(real_site, "応募者選考")
    for language in ("en", "ja"):
        for path in ("", "/duties", "/answers", "/history", "/review", "/changes", "/duties/EU-01"):
            assert real_site.get(f"/{language}/systems/{system}{path}").status_code == 200, path
        for path in ("systems", "systems/dashboard", "systems/deleted", "assess"):
            assert real_site.get(f"/{language}/{path}").status_code == 200, path


@pytest.mark.parametrize(("days", "left"), [(29, 1), (31, 0)])
def test_what_was_deleted_long_ago_is_removed_at_the_next_start(small, tmp_path, days, left):
    from datetime import UTC, datetime

    from web.conftest import Site

    site = Site(small, tmp_path)
    system = start(site)
    site.desk.systems._now = lambda: datetime.now(UTC) - timedelta(days=days)
    site.desk.systems.delete(system)
    site.desk.tidy()
    assert len(site.desk.systems.all(deleted=True)) == left


def test_a_complete_file_of_answers_has_something_to_be_compared_with(small_site, lamp):
    content = small_site.get(f"/en/systems/{lamp}/answers.json").content
    again = small_site.post("/en/assess/file", files={"file": ("answers.json", content)}).headers["location"].split("/")[3]
    assert [one.reason for one in small_site.desk.systems.snapshots(again)] == ["complete"]


def test_a_duty_that_is_open_and_untouched_is_not_counted_as_to_do(small_site):
    system = start(small_site)
    page = unescape(small_site.get(f"/en/systems/{system}/duties").text)
    assert f"<strong>1</strong> {EN('duty_unsettled')}" in page
    assert f"<strong>0</strong> {EN('duty_todo')}" in page
    save(small_site, system, "EU-01")
    page = unescape(small_site.get(f"/en/systems/{system}/duties").text)
    assert f"<strong>1</strong> {EN('duty_doing')}" in page
    assert f"<strong>0</strong> {EN('duty_unsettled')}" in page
