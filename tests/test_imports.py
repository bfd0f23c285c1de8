"""Imports point one way, make no cycle, and a question loads only what it needs."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from assistant.settings import ROOT, Settings

# a package may import those before it, and itself
ORDER = (("prompts", "embeddings"), ("assistant",), ("eval",), ("ui",))
PACKAGES = tuple(name for group in ORDER for name in group)
HEAVY = ("torch", "transformers", "sentence_transformers", "gradio", "sklearn", "scipy", "pandas")


def modules() -> dict[str, Path]:
    """Dotted name → file of every module of the project."""
    found = {}
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()


def imports(name: str, path: Path) -> set[str]:
    """Project modules that a module imports anywhere, also inside functions.

    Imports for type checkers alone (``if TYPE_CHECKING``) are left out: they never run.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and "TYPE_CHECKING" in ast.unparse(block.test)
        for node in ast.walk(block)
    }
    found: set[str] = set()
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = _base(name, path, node)
            # `from package import module` imports the module, `from module import name` does not
            for alias in node.names:
                full = f"{base}.{alias.name}"
                found.add(full if full in MODULES else base)
    return {other for other in found if other in MODULES and other != name}


def _base(name: str, path: Path, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for _ in range(node.level - 1):
        package = package.rpartition(".")[0]
    return f"{package}.{node.module}" if node.module else package


GRAPH = {name: imports(name, path) for name, path in MODULES.items()}


def test_imports_point_one_way() -> None:
    allowed: dict[str, set[str]] = {}
    below: set[str] = set()
    for group in ORDER:
        for package in group:
            allowed[package] = below | {package}
        below |= set(group)
    wrong = [
        f"{name} imports {other}"
        for name, others in GRAPH.items()
        for other in sorted(others)
        if other.partition(".")[0] not in allowed[name.partition(".")[0]]
    ]
    assert not wrong


def test_no_cycles() -> None:
    try:
        TopologicalSorter(GRAPH).prepare()
    except CycleError as error:
        pytest.fail(f"import cycle: {' → '.join(error.args[1])}")


def test_graph_sees_what_is_there() -> None:
    assert "assistant.errors" in GRAPH["assistant.settings"]
    assert any(other.startswith("embeddings") for other in GRAPH["assistant.store.open"])
    assert set(PACKAGES) <= set(MODULES)


def loaded_by(code: str, settings: Settings) -> set[str]:
    """Top-level modules that a fresh interpreter has loaded after ``code``."""
    script = f"{code}\nimport json, sys\nprint('LOADED' + json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(ROOT),
            "ASSISTANT_INDEX": str(settings.index),
            "ASSISTANT_SOURCES": str(settings.sources),
        },
        timeout=120,
    )
    assert "LOADED" in done.stdout, done.stderr
    names = json.loads(done.stdout.rpartition("LOADED")[2])
    return {name.partition(".")[0] for name in names}


@pytest.mark.integration
def test_cold_question_loads_nothing_heavy(built: Settings) -> None:
    code = (
        "from assistant.cli.app import run\n"
        "assert run(['ask', '首次认定的高新技术企业奖励多少？', '--json']) == 0"
    )
    loaded = loaded_by(code, built)
    assert not loaded & {*HEAVY, "eval", "ui"}
    assert "numpy" in loaded  # it did look something up


def test_help_loads_no_command(built: Settings) -> None:
    loaded = loaded_by("from assistant.cli.app import run\nrun(['--help'])", built)
    assert not loaded & {*HEAVY, "eval", "ui", "numpy", "chromadb", "rjieba"}
