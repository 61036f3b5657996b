"""The days to keep as a calendar that other programs subscribe to or import."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import Response
from icalendar import Alarm, Calendar, Event, vDuration

from assistant.store.rows import utc_now
from assistant.store.systems import StoredSystem
from assistant.types import AssistantError
from assistant.web.files import attachment
from assistant.web.systems.deadlines import Deadline, deadlines
from assistant.web.systems.office import Office

_AHEAD = timedelta(days=30)  # of a day to keep, its reminder
_READ_AGAIN = timedelta(days=1)


def add(router: APIRouter, office: Office) -> None:
    """Add the calendar of all systems and that of one."""
    desk, t = office.desk, office.t

    @router.get("/systems/calendar.ics")
    def everything(request: Request) -> Response:
        return _file(office, request, t("calendar_name"), desk.systems.all())

    @router.get("/systems/{identity}/calendar.ics")
    def one(request: Request, identity: str) -> Response:
        system = desk.systems.get(identity)
        return _file(office, request, t("calendar_name_one", name=system.name or t("system_unnamed")), [system])


def calendar(office: Office, name: str, coming: Iterable[Deadline], base: str, made_at: datetime) -> bytes:
    """Return days to keep as an iCalendar file; ``base`` is the address under which the pages of this language stand.

    A day keeps its UID as long as its system, duty and kind stay the same: a day that is moved moves in the calendars as well.
    """
    language, whole = office.pages.language.value, Calendar()
    whole.add("prodid", f"-//governance-assistant//{language}")
    whole.add("version", "2.0")
    for key in ("name", "x-wr-calname"):  # the second is what older programs read
        whole.add(key, " ".join(name.split()))  # a line end in it would not be escaped
    whole.add("refresh-interval", vDuration(_READ_AGAIN), {"VALUE": "DURATION"})
    for one in coming:
        whole.add_component(_event(office, one, base, made_at))
    return bytes(whole.to_ical())


def _event(office: Office, one: Deadline, base: str, made_at: datetime) -> Event:
    t, event = office.t, Event()
    system = one.system_name or t("system_unnamed")
    summary = t(f"calendar_{one.kind}", duty=one.title, system=system)
    address = f"{base}/systems/{one.system}/duties/{quote(one.duty, safe='')}"
    event.add("uid", f"{one.system}-{one.duty}-{one.kind}@governance-assistant")
    event.add("dtstamp", made_at)
    event.add("dtstart", one.day)
    event.add("dtend", one.day + timedelta(days=1))
    event.add("summary", summary)
    event.add("description", t(f"calendar_{one.kind}_told", address=address))
    event.add("url", address)
    event.add("transp", "TRANSPARENT")  # nobody is busy all day because of it
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -_AHEAD)
    alarm.add("description", summary)
    event.add_component(alarm)
    return event


def _file(office: Office, request: Request, name: str, systems: Iterable[StoredSystem]) -> Response:
    base = str(request.base_url).rstrip("/") + office.pages.base
    return attachment(calendar(office, name, sorted(_coming(office, systems)), base, utc_now()), "calendar.ics")


def _coming(office: Office, systems: Iterable[StoredSystem]) -> Iterable[Deadline]:
    for system in systems:
        try:
            standing = office.standings.of(system)
        except AssistantError:  # told in the register; the days of the other systems must not be missing because of it
            continue
        yield from deadlines(standing, office.desk.duties.all(system.id))
