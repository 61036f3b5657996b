"""What a page was sent: the fields of its form."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData

_MOST_FIELDS, _MOST_FILES = 2000, 50


async def posted(request: Request) -> FormData:
    """Return the fields and files that were sent."""
    return await request.form(max_fields=_MOST_FIELDS, max_files=_MOST_FILES)


Form = Annotated[FormData, Depends(posted)]


def field(form: FormData, name: str) -> str:
    """Return one text field without white space around it; empty where there is none. A line ends as the browser counts it."""
    value = form.get(name)
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else ""


def fields(form: FormData, name: str) -> list[str]:
    """Return every text sent under one name."""
    return [value for value in form.getlist(name) if isinstance(value, str)]


def whole(form: FormData, name: str) -> int:
    """Return a field that holds a whole number; 0 where it holds none."""
    value = field(form, name)
    return int(value) if value.isdecimal() and len(value) < 10 else 0
