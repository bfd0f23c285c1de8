"""A question that asks several things, cut into what it asks one by one."""

from __future__ import annotations

import re

_END = re.compile(r"[？?！!。；;]+")
_CONTENT = re.compile(r"[\u4e00-\u9fff]")
_SHORTEST = 6  # characters; shorter pieces (是吗？多少钱？) lean on the one before them


def parts(text: str) -> list[str]:
    """The sentences that ask or tell something of their own; one or none: nothing to cut."""
    found: list[str] = []
    for piece in _END.split(text):
        piece = piece.strip(" ,，")
        if len(_CONTENT.findall(piece)) >= _SHORTEST:
            found.append(piece)
        elif found and piece:
            found[-1] += f"，{piece}"
    return found
