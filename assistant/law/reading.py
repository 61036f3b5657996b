"""Strict YAML: duplicate keys refused, every fault told with file, entry and key."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from assistant.types import AssistantError

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Problem:
    """One fault in the knowledge base: where it is and what is wrong."""

    file: str
    entry: str
    key: str
    message: str

    def __str__(self) -> str:
        place = ": ".join(part for part in (self.file, self.entry, self.key) if part)
        return f"{place}: {self.message}"


class KnowledgeError(AssistantError):
    """The knowledge base cannot be used; carries every fault found, not just the first."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class _StrictLoader(yaml.CSafeLoader):
    """PyYAML's C loader: a key written twice in one mapping is refused, a date is left to the schema."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - declared this way by PyYAML
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Hashable] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"the key '{key}' stands twice", key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


def read_entries(path: Path, model: type[Model], root: Path) -> Model:
    """Read one YAML file into ``model``.

    Raises:
        KnowledgeError: the file is not YAML, or an entry does not fit the schema.
    """
    name = path.relative_to(root).as_posix()
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_StrictLoader)  # noqa: S506 - a safe loader
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        raise KnowledgeError([Problem(name, "", "", _yaml_message(error))]) from error
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise KnowledgeError([_problem(name, data, fault) for fault in error.errors()]) from error


def _yaml_message(error: Exception) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        return f"line {error.problem_mark.line + 1}: {error.problem}"
    return str(error)


def _problem(file: str, data: Any, fault: Any) -> Problem:
    """Turn a pydantic fault into file, entry id and key path as the author sees them."""
    location = list(fault["loc"])
    entry = ""
    if len(location) >= 2 and isinstance(location[1], int):
        raw = data[location[0]][location[1]]
        entry = str(raw["id"]) if isinstance(raw, dict) and "id" in raw else f"{location[0]}[{location[1]}]"
        location = location[2:]
    message = "unknown key" if fault["type"] == "extra_forbidden" else fault["msg"].removeprefix("Value error, ")
    return Problem(file, entry, ".".join(str(part) for part in location), message)
