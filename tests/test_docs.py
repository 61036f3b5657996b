"""The documentation is true: commands, settings, files and folders it names exist."""

import re
import shlex
from pathlib import Path

import click
import pytest
import typer
import yaml

from assistant.cli import app
from assistant.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def test_the_two_commands_come_first():
    assert re.search(r"make run.*\nmake test", README[:900])


@pytest.mark.parametrize("target", sorted(set(re.findall(r"`?\bmake ([a-z-]+)\b", README)) - {"and"}))
def test_every_make_target_named_exists(target):
    assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE)


def test_every_setting_is_listed_and_every_listed_setting_exists():
    listed = set(re.findall(r"`(ASSISTANT_[A-Z_]+)`", README))
    known = {f"ASSISTANT_{name.upper()}" for name in Settings.model_fields}
    assert known <= listed
    assert {re.split("=", name)[0] for name in listed} - known <= {"ASSISTANT_REQUIRE_ALL"}


@pytest.mark.parametrize("line", re.findall(r"^governance-assistant (.*)$", README, re.MULTILINE))
def test_every_command_shown_is_understood(line):
    command = typer.main.get_command(app)
    arguments = shlex.split(line, comments=True)
    context = command.make_context("governance-assistant", arguments, resilient_parsing=False)
    while isinstance(context.command, click.Group):
        name, chosen, arguments = context.command.resolve_command(context, arguments)
        assert chosen is not None, line
        if isinstance(chosen, click.Group):
            context = chosen.make_context(name, arguments, parent=context)
        else:
            chosen.make_context(name, arguments, parent=context)
            break


@pytest.mark.parametrize("link", re.findall(r"\]\(((?!http)[^)#]+)\)", README))
def test_every_file_linked_exists(link):
    assert (ROOT / link).exists()


@pytest.mark.parametrize("folder", re.findall(r"^\| `([a-z/]+/)` \|", README, re.MULTILINE))
def test_every_folder_described_exists(folder):
    assert (ROOT / folder).is_dir()


def test_the_examples_of_the_authors_guide_fit_the_schema():
    from assistant.law.derivations import OutcomesFile, QuestionsFile
    from assistant.law.files import GlossaryFile, ObligationsFile, ParallelsFile, ProvisionsFile, TextsFile
    from assistant.law.premises import PremisesFile

    guide = (ROOT / "knowledge" / "README.md").read_text(encoding="utf-8")
    models = {
        "document": ProvisionsFile, "obligations": ObligationsFile, "parallels": ParallelsFile, "terms": GlossaryFile,
        "texts": TextsFile, "version": QuestionsFile, "derive": OutcomesFile, "premises": PremisesFile,
    }  # fmt: skip
    examples = re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL)
    assert len(examples) == len(models)
    for example in examples:
        data = yaml.load(example, Loader=yaml.BaseLoader)  # noqa: S506 - builds nothing but strings
        models[next(iter(data))].model_validate(_booleans(data))


def _booleans(value):
    if isinstance(value, dict):
        return {key: _booleans(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_booleans(item) for item in value]
    return {"true": True, "false": False, "…": "some text"}.get(value, value)
