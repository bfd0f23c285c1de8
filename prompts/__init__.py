"""Prompt templates as files beside this one, and a loader that checks their variables."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from string import Template

FOLDER = Path(__file__).resolve().parent

VARIABLES: dict[str, frozenset[str]] = {
    "answer_system": frozenset({"as_of"}),
    "answer_user": frozenset({"question", "evidence", "nonce"}),
}


class PromptError(ValueError):
    """A template is missing or its variables are not those the code fills in."""


@lru_cache
def load(name: str) -> Template:
    """The template ``name``.md.

    Raises:
        PromptError: no such template, or its ``$variables`` differ from those declared.
    """
    if name not in VARIABLES:
        raise PromptError(f"no prompt named {name!r}; known: {', '.join(sorted(VARIABLES))}")
    template = Template((FOLDER / f"{name}.md").read_text(encoding="utf-8"))
    found = frozenset(template.get_identifiers())
    if not template.is_valid() or found != VARIABLES[name]:
        raise PromptError(f"prompt {name!r} uses {sorted(found)}, wants {sorted(VARIABLES[name])}")
    return template
