"""No pattern takes more than linear time, whatever text it is given."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import re
import time
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import pytest
from support.attacks import Attack, attacks
from test_imports import MODULES

from assistant.question import places, sides, wordings

SHORT, LONG = 2_000, 8_000
GROWTH = 8  # four times the text may take that many times as long: linear is 4, quadratic 16
FLOOR = 0.020  # seconds on the longer text; below it nobody is stopped
WORTH_A_LOOK = FLOOR / 32  # on the shorter text; what is quadratic and reaches FLOOR takes FLOOR/16
# Size → seconds beyond which no longer text is tried: a thousand times what is linear takes.
HOPELESS = {16: 0.05, 20: 0.05, 24: 0.05, 200: 0.05, SHORT: 0.5}
METHODS = {"compile", "findall", "finditer", "fullmatch", "match", "search", "split", "sub", "subn"}
# Functions that make a pattern from given words: joined by |, or one alone, without a repeat.
OF_WORDS = {
    "assistant.answer.opposites._lexicon",
    "assistant.answer.opposites.filler",
    "assistant.answer.comparison._affirmed",
    "assistant.answer.conditions._bared",
    "assistant.answer.comparison._negated",
    "assistant.corpus.areas._words",
    "assistant.corpus.districts.outside",
    "assistant.finder.vocabulary.__init__",
    "assistant.glossary.terms_in",
    "embeddings.lexicon._matcher",
    "eval.text.states",
    "ui.render.prose.word_pattern",
}
# Those that make one with repeats, and what they make.
MADE: dict[str, Callable[[], object]] = {
    "assistant.question.places._patterns": places._patterns,
    "assistant.question.sides._beside_city": lambda: sides._beside_city("宝山"),
    "assistant.question.sides._joined": lambda: sides._joined("宝山"),
    "assistant.question.wordings.wording": lambda: [
        wordings.wording(row.name) for row in wordings.rows()
    ],
}


def held(value: object) -> Iterator[re.Pattern[Any]]:
    """The patterns in a value, also inside its tuples, tables and records."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, Mapping):
        yield from (p for one in value.values() for p in held(one))
    elif isinstance(value, list | tuple | set | frozenset):
        yield from (p for one in value for p in held(one))
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        yield from (p for f in dataclasses.fields(value) for p in held(getattr(value, f.name)))


def calls(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    """Calls of ``re`` inside functions, with the name of the function."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Attribute)
                    and ast.unparse(node.func.value) == "re"
                    and node.func.attr in METHODS
                ):
                    yield function.name, node


@cache
def collected() -> tuple[dict[str, re.Pattern[Any]], set[str]]:
    """Name → pattern of all packages, and the functions that make one from what they are given."""
    patterns: dict[str, re.Pattern[Any]] = {}
    making: set[str] = set()
    for name, path in MODULES.items():
        source = path.read_text(encoding="utf-8")
        if "import re\n" not in source:
            continue
        for attribute, value in vars(importlib.import_module(name)).items():
            for n, pattern in enumerate(held(value)):
                patterns.setdefault(f"{name}.{attribute}[{n}]", pattern)
        for function, call in calls(ast.parse(source)):
            if isinstance(call.args[0], ast.Constant):
                pattern = re.compile(call.args[0].value)
                patterns[f"{name}.{function}:{call.lineno}:{call.col_offset}"] = pattern
            else:
                making.add(f"{name}.{function}")
    return patterns, making


def seconds(pattern: re.Pattern[Any], attack: Attack, size: int) -> float:
    text: Any = attack.text(size)
    if isinstance(pattern.pattern, bytes):
        text = text.encode()
    began = time.process_time()
    pattern.findall(text)
    return time.process_time() - began


def grows(pattern: re.Pattern[Any]) -> str:
    """The attack on which the time grows faster than the text, with the times; empty if none.

    A time counts that three tries do not undercut: other work of the machine makes none of them
    shorter.
    """
    for attack in attacks(pattern):
        for size, limit in HOPELESS.items():
            short = seconds(pattern, attack, size)
            if short > limit and min(seconds(pattern, attack, size) for _ in range(2)) > limit:
                return f"{attack}: {short:.3f} s for {size} characters"
        if short < WORTH_A_LOOK:
            continue
        short = min(short, seconds(pattern, attack, SHORT), seconds(pattern, attack, SHORT))
        for _ in range(3):
            long = seconds(pattern, attack, LONG)
            if long <= max(FLOOR, GROWTH * short):
                break
        else:
            return f"{attack}: {short:.4f} s for {SHORT} characters, {long:.4f} s for {LONG}"
    return ""


def test_every_function_that_makes_a_pattern_is_known() -> None:
    assert collected()[1] == OF_WORDS | MADE.keys()


def test_no_pattern_takes_more_than_linear_time() -> None:
    made = {
        f"{name}[{n}]": pattern
        for name, make in MADE.items()
        for n, pattern in enumerate(held(make()))
    }
    patterns = {p.pattern: (name, p) for name, p in (collected()[0] | made).items()}
    slow = {name: found for name, pattern in patterns.values() if (found := grows(pattern))}
    assert not slow, "\n".join(f"{name} {found}" for name, found in slow.items())


@pytest.mark.parametrize(
    "pattern",
    [
        r"\d+x",
        r"[^。]*$",
        r"\s*一",
        r"甲\s*乙?\s*丙",
        r"《(?:[^《》]|《[^》]*》)+》",
        r"(?:a+b?)+c",
    ],
)
def test_a_pattern_that_takes_longer_is_found(pattern: str) -> None:
    assert grows(re.compile(pattern))


@pytest.mark.parametrize(
    "pattern",
    [r"(?<!\d)\d+x", r"\s{0,3}一", r"甲\s*+乙?\s*+丙", r"《[^《》]*》", r"(?<![^。])[^。]*?乙"],
)
def test_a_pattern_in_linear_time_is_let_pass(pattern: str) -> None:
    assert not grows(re.compile(pattern))
