"""Models by script: they say pieces, wait, or fail, and keep what they were sent."""

import json
import time
from types import SimpleNamespace

SPAN = "The keeper must light the lamp within 20 minutes after sunset."
GOOD = {"text": "You must light the lamp within 20 minutes after sunset.", "passages": [1], "spans": [SPAN]}


class Scripted:
    """Says each step of its script: text as it is, a number as a wait, an exception by raising it.

    With several scripts the first is for the first call, and so on; the last is kept.
    """

    def __init__(self, *scripts):
        self.scripts = list(scripts)
        self.sent = []

    def stream(self, messages, /):
        self.sent.append([message.text for message in messages])
        for step in self.scripts[min(len(self.sent), len(self.scripts)) - 1]:
            if isinstance(step, BaseException):
                raise step
            if isinstance(step, int | float):
                time.sleep(step)
            else:
                yield SimpleNamespace(text=step)


def reply(*claims):
    """A reply in the agreed form."""
    return json.dumps({"claims": list(claims)}, ensure_ascii=False)


def said(text, size=7):
    """A reply as it streams."""
    return [text[at : at + size] for at in range(0, len(text), size)]


class StatusError(Exception):
    """An error as providers' libraries raise it."""

    def __init__(self, status):
        super().__init__("secret question inside")
        self.status_code = status
