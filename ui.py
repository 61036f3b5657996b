"""Starts the web application; nothing else. See ``governance-assistant serve --help`` for options."""

import sys

from assistant.types import AssistantError
from assistant.web.server import serve

if __name__ == "__main__":
    try:
        serve()
    except AssistantError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the message of a program that is run directly
        sys.exit(2)
