"""The command ``mcp``: the assistant as tools for agents."""

from __future__ import annotations


def mcp() -> None:
    """Serve search, provision, ask, next_question and assess to an agent (Model Context Protocol, standard input and output)."""
    from assistant.mcp_server import create_server
    from assistant.settings import load_settings

    create_server(load_settings()).run("stdio")
