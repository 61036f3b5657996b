"""The command ``mcp``: the assistant as tools for agents."""

from __future__ import annotations

from typing import Annotated

import typer

from assistant.cli_shared import print_json


def mcp(
    print_schema: Annotated[bool, typer.Option("--schema", help="Print the tools with their JSON Schemas instead.")] = False,
) -> None:
    """Serve search, provision, ask, next_question and assess to an agent (Model Context Protocol, standard input and output)."""
    from assistant.mcp_server import create_server, tools_told
    from assistant.settings import load_settings

    settings = load_settings()
    if print_schema:
        print_json(tools_told(settings))
        return
    create_server(settings).run("stdio")
