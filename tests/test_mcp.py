"""Agents use the assistant as tools: the SDK's own client talks to the command as an agent's host starts it."""

import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import anyio
import pytest
import yaml
from mcp import Client, StdioServerParameters
from needs import ROOT

COMMAND = [sys.executable, "-c", "from assistant.cli import main; main()", "mcp"]
TOOLS = {
    "search": {"query", "k", "language", "as_of"},
    "provision": {"identity", "language", "as_of", "version"},
    "ask": {"question", "language", "as_of", "history", "answers"},
    "next_question": {"answers", "language"},
    "assess": {"answers", "language", "as_of"},
}


def _talk(folder, conversation, knowledge=ROOT / "tests" / "small"):
    """Let a client talk to a server of its own, and return what the conversation returns."""
    env = {
        "ASSISTANT_DATA_DIR": str(folder), "ASSISTANT_KNOWLEDGE_DIR": str(knowledge), "ASSISTANT_EMBEDDING": "none",
        "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    server = StdioServerParameters(command=COMMAND[0], args=COMMAND[1:], env=env)

    async def run():
        async with Client(server) as client:
            return await conversation(client)

    with ThreadPoolExecutor(1) as pool:  # a browser test before this one may have left its loop in the main thread
        return pool.submit(anyio.run, run).result()


async def _call(client, name, **given):
    result = await client.call_tool(name, given)
    text = "".join(getattr(part, "text", "") for part in result.content)
    return result.structured_content, text, result.is_error


@pytest.mark.long
def test_the_tools_are_told_with_what_they_take_and_return(tmp_path):
    async def conversation(client):
        return (await client.list_tools()).tools

    tools = {tool.name: tool for tool in _talk(tmp_path, conversation)}
    assert {name: set(tool.input_schema["properties"]) for name, tool in tools.items()} == TOOLS
    for tool in tools.values():
        assert tool.description
        assert tool.output_schema["type"] == "object"
        assert tool.annotations.read_only_hint


@pytest.mark.long
def test_an_agent_searches_asks_and_assesses(tmp_path):
    answers = yaml.safe_load((ROOT / "docs" / "example-answers.yaml").read_text(encoding="utf-8"))
    answers = json.loads(json.dumps(answers, default=str))

    async def conversation(client):
        return {
            "search": await _call(client, "search", query="human oversight", k=2),
            "provision": await _call(client, "provision", identity="eu.ai_act.art_26.par_5", as_of="2027-12-02"),
            "ask": await _call(client, "ask", question="AI法第5条は何を禁止していますか"),
            "refused": await _call(client, "ask", question="Who won the match?"),
            "first": await _call(client, "next_question", language="ja"),
            "assess": await _call(client, "assess", answers=answers, as_of="2027-12-02"),
            "no provision": await _call(client, "provision", identity="eu.ai_act.art_999"),
            "bad answers": await _call(client, "assess", answers={"facts": {"nonsense": True}}),
            "bad day": await _call(client, "ask", question="x", as_of="1999-01-01"),
            "no day": await _call(client, "ask", question="x", as_of="2026-02-30"),
            "no query": await _call(client, "search", query=""),
        }

    told = _talk(tmp_path, conversation, ROOT / "knowledge")
    assert len(told["search"][0]["hits"]) == 2
    assert told["provision"][0]["provision"] == "eu.ai_act.art_26.par_5"
    assert told["ask"][0]["language"] == "ja"
    assert told["ask"][0]["citations"]
    assert (told["refused"][0]["refused"], told["refused"][2]) == (True, False)
    assert told["first"][0]["fact"]
    assert told["assess"][0]["day"] == str(date(2027, 12, 2))
    assert "There is no entry" in told["no provision"][1]
    assert "nonsense" in told["bad answers"][1]
    assert "choose a day within" in told["bad day"][1]
    assert all(told[name][2] for name in ("no provision", "bad answers", "bad day", "no day", "no query"))
    assert "Traceback" not in str(told)


@pytest.mark.long
def test_two_calls_at_once_are_both_answered(tmp_path):
    async def conversation(client):
        found = {}

        async def ask(number):
            found[number] = await _call(client, "ask", question=f"Demo Act Article 5({number})")

        async with anyio.create_task_group() as tasks:
            for number in (1, 2):
                tasks.start_soon(ask, number)
        return found

    found = _talk(tmp_path, conversation)
    assert not any(error for _, _, error in found.values())


@pytest.mark.long
def test_nothing_but_the_protocol_is_on_standard_output_and_the_server_ends_with_its_client(tmp_path):
    env = {**os.environ, "ASSISTANT_DATA_DIR": str(tmp_path), "ASSISTANT_EMBEDDING": "none"}
    hello = {
        "jsonrpc": "2.0", "id": 1, "method": "initialize",
        "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}},
    }  # fmt: skip
    with subprocess.Popen(
        COMMAND, cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        process.stdin.write(json.dumps(hello) + "\n")
        process.stdin.flush()
        answer = json.loads(process.stdout.readline())
        assert answer["result"]["serverInfo"]["name"] == "governance-assistant"
        assert "Not legal advice" in answer["result"]["instructions"]
        process.stdin.close()
        assert process.wait(20) in (0, -signal.SIGTERM)
        assert process.stdout.read() == ""
