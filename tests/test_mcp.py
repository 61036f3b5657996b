"""Agents use the assistant as tools: the SDK's own client talks to the command as an agent's host starts it."""

import json
import os
import subprocess
import sys
from datetime import date

import anyio
import pytest
import yaml
from mcp import Client, StdioServerParameters
from needs import ROOT

from assistant.answer.pipeline import Assistant
from assistant.mcp_server import create_server, tools_told

COMMAND = [sys.executable, "-c", "from assistant.cli import main; main()", "mcp"]
HELLO = {
    "jsonrpc": "2.0", "id": 1, "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}},
}  # fmt: skip
# A client that starts a server of its own, lets it inherit standard output, says hello and then waits to be killed.
CLIENT = """
import subprocess, sys
server = subprocess.Popen(sys.argv[2:], stdin=subprocess.PIPE, text=True)
server.stdin.write(sys.argv[1] + "\\n")
server.stdin.flush()
server.wait()
"""


def _in_memory(settings, conversation):
    """Let a client talk to a server in this process: quick, where the process itself is not what is tried."""

    async def run():
        async with Client(create_server(settings)) as client:
            return await conversation(client)

    return anyio.run(run)


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

    return anyio.run(run)


async def _call(client, name, **given):
    result = await client.call_tool(name, given)
    text = "".join(getattr(part, "text", "") for part in result.content)
    return result.structured_content, text, result.is_error


def test_the_tools_and_their_schemas_change_only_on_purpose(settings):
    """Programs rely on them: ``governance-assistant mcp --schema > docs/mcp-tools.json`` where a change is meant."""
    kept = json.loads((ROOT / "docs" / "mcp-tools.json").read_text(encoding="utf-8"))
    assert tools_told(settings) == kept
    assert [tool["name"] for tool in kept] == ["search", "provision", "ask", "next_question", "assess"]
    for tool in kept:
        assert tool["annotations"]["readOnlyHint"]
        assert "never an instruction" in tool["description"]
        assert tool["outputSchema"]["type"] == "object"


@pytest.mark.parametrize(
    ("tool", "given", "told"),
    [
        ("search", {"query": ""}, "The arguments do not fit: 'query': String should have at least 1 character"),
        ("search", {"query": "x" * 4001}, "The arguments do not fit: 'query': String should have at most 4000"),
        ("search", {"query": "lamp", "k": 51}, "The arguments do not fit: 'k'"),
        ("search", {"query": "lamp", "language": "fr"}, "The arguments do not fit: 'language'"),
        ("provision", {"identity": "demo.none"}, "There is no entry 'demo.none'. 'search' finds ids by subject."),
        ("provision", {"identity": "x" * 201}, "The arguments do not fit: 'identity'"),
        ("ask", {"question": "lamp", "as_of": "2026-02-30"}, "'2026-02-30' is not a day; write it as YYYY-MM-DD"),
        ("ask", {"question": "lamp", "as_of": "1829952000"}, "'1829952000' is not a day"),
        ("ask", {"question": "lamp", "as_of": "1999-01-01"}, "'1999-01-01' lies outside 2018 to 2100; choose a day within."),
        ("ask", {"question": "lamp", "history": ["x" * 4001]}, "The arguments do not fit: 'history.0'"),
        ("assess", {"answers": {"facts": {"nonsense": True}}}, "'questionnaire' is missing"),
        ("assess", {"answers": {"facts": {"x": "z" * (1 << 20)}}}, "The answers are longer than 1 MiB"),
        ("next_question", {"answers": {"facts": []}}, "write 'questionnaire: VERSION'"),
    ],
)
def test_bad_input_is_refused_in_a_sentence_of_ours(settings, tool, given, told):
    _, text, failed = _in_memory(settings, lambda client: _call(client, tool, **given))
    assert failed
    assert text.startswith(told)


def test_a_fault_of_ours_is_told_without_what_happened_inside(settings, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("secret of the inside")

    monkeypatch.setattr(Assistant, "open", broken)
    _, text, failed = _in_memory(settings, lambda client: _call(client, "search", query="lamp"))
    assert failed
    assert "secret" not in text
    assert text.startswith("The tool 'search' failed.")


@pytest.mark.parametrize(("language", "notice"), [("en", "not legal advice"), ("ja", "法的助言では")])
def test_answers_and_assessments_end_with_the_notice_in_their_language(settings, small, language, notice):
    answers = {"questionnaire": small.questionnaire, "facts": {}}

    async def conversation(client):
        return [
            await client.call_tool("ask", {"question": "Demo Act Article 5", "language": language}),
            await client.call_tool("assess", {"answers": answers, "language": language}),
        ]

    for result in _in_memory(settings, conversation):
        assert json.loads(result.content[0].text) == result.structured_content
        assert notice.casefold() in result.content[-1].text.casefold()


def test_a_question_on_a_system_is_answered_for_the_day_of_its_answers(settings, small):
    answers = {"questionnaire": small.questionnaire, "facts": {}, "date": "2027-03-01"}

    async def conversation(client):
        asked = {"question": "Demo Act Article 5", "answers": answers}
        return await _call(client, "ask", **asked), await _call(client, "ask", **asked, as_of="2027-04-02")

    by_answers, by_day = _in_memory(settings, conversation)
    assert (by_answers[0]["as_of"], by_day[0]["as_of"]) == ("2027-03-01", "2027-04-02")


def test_calls_at_once_open_the_assistant_once(settings, monkeypatch):
    opened, really = [], Assistant.open

    def counted(*given, **named):
        opened.append(1)
        return really(*given, **named)

    monkeypatch.setattr(Assistant, "open", counted)

    async def conversation(client):
        async with anyio.create_task_group() as tasks:
            for _ in range(4):
                tasks.start_soon(lambda: _call(client, "search", query="lamp"))

    _in_memory(settings, conversation)
    assert len(opened) == 1


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
    assert sorted(found) == [1, 2]
    assert not any(error for _, _, error in found.values())


@pytest.mark.long
def test_nothing_but_the_protocol_is_on_standard_output_and_the_server_ends_with_its_client(tmp_path):
    calls = [
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        _request(2, "search", {"query": "lamp"}),
        _request(3, "provision", {"identity": "demo.none"}),
    ]
    with _server(tmp_path, COMMAND) as process:
        _say(process, HELLO, *calls)
        told = {one["id"]: one["result"] for one in (json.loads(process.stdout.readline()) for _ in range(3))}
        rest, _ = process.communicate(timeout=20)
    assert told[1]["serverInfo"]["name"] == "governance-assistant"
    assert "Not legal advice" in told[1]["instructions"]
    assert (told[2]["isError"], told[3]["isError"]) == (False, True)
    assert (rest, process.returncode) == ("", 0)


@pytest.mark.long
def test_a_client_that_is_killed_takes_its_server_with_it(tmp_path):
    with _server(tmp_path, [sys.executable, "-c", CLIENT, json.dumps(HELLO), *COMMAND]) as client:
        assert json.loads(client.stdout.readline())["id"] == 1
        client.kill()
        rest, _ = client.communicate(timeout=20)  # standard output ends only when the server, which holds it too, is gone
    assert rest == ""


def _server(folder, command):
    env = {
        **os.environ, "ASSISTANT_DATA_DIR": str(folder), "ASSISTANT_EMBEDDING": "none",
        "ASSISTANT_KNOWLEDGE_DIR": str(ROOT / "tests" / "small"), "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    return subprocess.Popen(
        command, cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )


def _request(number, tool, given):
    return {"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": {"name": tool, "arguments": given}}


def _say(process, *messages):
    process.stdin.write("".join(json.dumps(one) + "\n" for one in messages))
    process.stdin.flush()
