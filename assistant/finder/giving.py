"""How likely a sentence gives a company something that it can use.

Money, a loan, room, a service, an easier procedure, a right are given; what offices plan, examine
or owe each other is not.  The same verbs stand in both (推进, 实施, 开展), so this is learned from
judged sentences (``scripts/train_giving.py``): a linear model over the characters and pairs of
characters of the sentence, of its heading and of its document's title.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from assistant.finder.vocabulary import plain

WEIGHTS = Path(__file__).resolve().parent / "giving.json"


def giving(text: str, heading: str = "", title: str = "") -> float:
    """The probability, 0 to 1, that ``text`` gives a company something."""
    said = _model()["bias"] + _said("text", text) + _said("heading", heading)
    return 1 / (1 + math.exp(-said - _said("title", title)))


def grams(text: str) -> frozenset[str]:
    """The characters and the pairs of neighbouring characters of ``text``, levelled."""
    flat = plain(text)
    return frozenset((*flat, *map("".join, pairwise(flat))))


@lru_cache(maxsize=16384)
def _said(part: str, text: str) -> float:
    weights: Mapping[str, float] = _model()["weights"][part]
    known = [weights[gram] for gram in grams(text) if gram in weights]
    return sum(known) / math.sqrt(len(known)) if known else 0.0


@lru_cache
def _model() -> dict[str, Any]:
    model: dict[str, Any] = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return model
