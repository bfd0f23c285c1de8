"""One form of every character, in which texts are compared and read."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")


@lru_cache(maxsize=1)
def _table() -> dict[int, str]:
    """Traditional → simplified, one character for one, as OpenCC has it."""
    from opencc import OpenCC

    every = [chr(code) for code in range(0x4E00, 0xA000)]
    simple = OpenCC("t2s").convert("\n".join(every)).split("\n")
    return {ord(a): b for a, b in zip(every, simple, strict=True) if a != b}


def simplified(text: str) -> str:
    """Traditional characters as simplified ones; the length stays."""
    return text.translate(_table()) if _BEYOND_ASCII.search(text) else text


def unified(text: str) -> str:
    """NFKC, in simplified characters."""
    return simplified(unicodedata.normalize("NFKC", text))
