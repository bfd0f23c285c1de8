"""JSON of strangers, read strictly and written so that every reader takes it.

Python's own reader takes NaN, the same key twice and half a surrogate pair, and fails on long
numbers or deep nesting with errors of four kinds; its writer hands NaN and half a pair on.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn

from assistant.errors import BadInputError

MAX_DIGITS = 18  # every whole number that fits 64 bits, the size that SQLite and most readers know
# What JSON allows raw but a terminal obeys, a line reader splits at, or UTF-8 cannot hold
_RISKY = re.compile("[\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def loads(text: str) -> Any:
    """The value in ``text``.

    Raises:
        BadInputError: no JSON, or a value that not every reader of JSON would read alike.
    """
    try:
        value = json.loads(
            text,
            parse_int=_whole,
            parse_float=_finite,
            parse_constant=_unknown,
            object_pairs_hook=_object,
        )
        # Half a pair can stand in a value only if it was written raw or as an escape \ud8…\udf.
        (_dumped(value) if "\\ud" in text.lower() else text).encode()
    except json.JSONDecodeError as error:
        raise BadInputError(f"不是 JSON：第 {error.pos + 1} 个字符处有误", "请检查格式") from error
    except RecursionError as error:
        raise BadInputError("JSON 嵌套过深", "请去掉多余的括号") from error
    except UnicodeEncodeError as error:
        raise BadInputError("文字里有残缺的字符（半个代理对）", "请检查编码后重发") from error
    return value


def dumps(value: Any, *, indent: int | None = None) -> str:
    """One JSON text, Chinese readable; without ``indent`` it is one line for every line reader.

    Raises:
        ValueError: a number that is not finite.
    """
    return _RISKY.sub(lambda found: f"\\u{ord(found[0]):04x}", _dumped(value, indent=indent))


def _dumped(value: Any, *, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent)


def _whole(digits: str) -> int:
    if len(digits.lstrip("-")) > MAX_DIGITS:
        raise BadInputError(f"数字太长（{len(digits)} 位）", f"整数最多 {MAX_DIGITS} 位")
    return int(digits)


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise BadInputError("数字超出范围", "请写有限的数字")
    return value


def _unknown(name: str) -> NoReturn:
    raise BadInputError(f"{name} 不是 JSON 的数字", "请写有限的数字")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise BadInputError("JSON 对象里有重复的键", "每个键只写一次")
    return made
