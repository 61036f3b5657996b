"""Starts the web application; nothing else. See ``governance-assistant serve --help`` for options."""

import sys

from assistant.types import AssistantError
from assistant.web.server import serve

if __name__ == "__main__":
    try:
        serve()
    except AssistantError as error:
        sys.exit(str(error))
