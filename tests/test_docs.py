"""The README says what the code does: settings, commands, exit codes, targets, links."""

from __future__ import annotations

import re
from typing import Any

import pytest

from assistant import errors
from assistant.cli.app import COMMANDS
from assistant.cli.ask import show
from assistant.settings import ROOT, Settings

READMES = ("README.md", "README.zh-CN.md")


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_every_setting_is_documented() -> None:
    said = text("README.md")
    assert not [field for field in Settings.model_fields if f"`{field.upper()}`" not in said]


@pytest.mark.parametrize("name", READMES)
def test_every_command_is_documented(name: str) -> None:
    lines = [line for line in text(name).splitlines() if "assistant " in line]
    missing = [
        command
        for command in (*COMMANDS, "serve", "eval")
        if not any(re.search(rf"\b{command}\b", line) for line in lines)
    ]
    assert not missing


@pytest.mark.parametrize("name", READMES)
def test_every_exit_code_is_documented(name: str) -> None:
    codes = {
        error.exit_code
        for error in vars(errors).values()
        if isinstance(error, type) and issubclass(error, errors.AssistantError)
    }
    said = next(p for p in text(name).split("\n\n") if re.match(r"Exit codes|退出码", p))
    assert codes | {0, 1} <= {int(code) for code in re.findall(r"(?<!\d)(\d{1,3})(?=\s)", said)}


@pytest.mark.parametrize("name", READMES)
def test_every_make_target_named_exists(name: str) -> None:
    named = set(re.findall(r"`?make ([a-z-]+)", text(name)))
    targets = set(re.findall(r"^([a-z-]+):", text("Makefile"), re.MULTILINE))
    assert named and named <= targets


@pytest.mark.parametrize("name", [*READMES, "ARCHITECTURE.md"])
def test_links_lead_somewhere(name: str) -> None:
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text(name))
    assert not [link for link in links if "://" not in link and not (ROOT / link).exists()]


@pytest.mark.integration
@pytest.mark.parametrize("name", READMES)
def test_the_example_is_what_the_program_prints(
    name: str, assistant: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    found = re.search(r"```console\n\$ make ask Q=\"([^\"]+)\"\n(.*?)```", text(name), re.DOTALL)
    assert found is not None
    show(assistant.ask(found[1]))
    printed = capsys.readouterr()
    assert printed.out + printed.err == found[2]


def test_tests_named_as_proof_exist() -> None:
    named = set(re.findall(r"`(test_\w+)`", text("docs/robustness.md")))
    sources = (path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    held = {name for source in sources for name in re.findall(r"^def (test_\w+)", source, re.M)}
    assert named and named <= held
