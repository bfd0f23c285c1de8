"""How texts are compared: the same wording in another typography counts as the same.

Three comparisons carry the metrics: does a passage hold a quotation, does an answer state a
fact in one of its accepted spellings, and do two references name the same document or measure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

SHINGLE = 6  # characters
HELD = 0.8  # share of a quotation's shingles that a passage must hold

_FURNITURE = re.compile(r"#\s*Page\s*\d+:?|\[\d+\]")  # page marks of PDF text, citation marks
_DASHES = dict.fromkeys([*range(0x2010, 0x2016), ord("~"), ord("～"), ord("－")], "-")
_DROPPED = dict.fromkeys(map(ord, "*_`>“”\"‘’'「」"), None)
_LABEL_NOISE = re.compile(r"[\s、.．。()（）]")
_NAME_NOISE = re.compile(r"[\s\[\]〔〕（）()《》“”\"'【】]")
_WHOLE_DOCUMENT = ("", "文末", "全文")  # evidence that stands at no particular measure


@lru_cache(maxsize=50_000)
def fold(text: str) -> str:
    """``text`` without what differs between prints of it.

    Width (NFKC), white space, quotation and emphasis marks, page and citation marks, kinds of
    dashes and upper case are levelled.
    """
    text = _FURNITURE.sub("", unicodedata.normalize("NFKC", text))
    return re.sub(r"\s+", "", text.translate(_DASHES).translate(_DROPPED)).lower()


@lru_cache(maxsize=20_000)
def _shingles(text: str) -> frozenset[str]:
    if len(text) <= SHINGLE:
        return frozenset({text})
    return frozenset(text[i : i + SHINGLE] for i in range(len(text) - SHINGLE + 1))


@lru_cache(maxsize=200_000)
def share_held(quote: str, passage: str) -> float:
    """Share (0–1) of the distinct 6-character shingles of ``quote`` that ``passage`` holds."""
    wanted, within = _shingles(fold(quote)), fold(passage)
    return sum(piece in within for piece in wanted) / len(wanted)


def holds(passage: str, quote: str) -> bool:
    """Whether ``passage`` holds ``quote`` but for small differences."""
    return share_held(quote, passage) >= HELD


def states(folded: str, phrase: str) -> bool:
    """Whether the folded text states ``phrase``; 50万 is not stated by 150万, nor 1.5 by 1.55."""
    wanted = fold(phrase)
    if not wanted:
        return False
    before = r"(?<![\d.])" if wanted[0].isdigit() else ""
    after = r"(?!\d)" if wanted[-1].isdigit() else ""
    return re.search(before + re.escape(wanted) + after, folded) is not None


def states_any(folded: str, phrases: tuple[str, ...]) -> bool:
    return any(states(folded, phrase) for phrase in phrases)


@lru_cache(maxsize=20_000)
def label_key(label: str | None) -> str:
    """``一/（三）/2.`` → ``一/三/2``: the path of enumerators without punctuation."""
    parts = re.split(r"[/／]", label or "")
    keys = (_LABEL_NOISE.sub("", unicodedata.normalize("NFKC", part)) for part in parts)
    return "/".join(key for key in keys if key)


def same_label(given: str | None, wanted: str | None) -> bool:
    """Whether ``given`` is the wanted path or ends in it; any path will do where none is wanted."""
    wanted_key, given_key = label_key(wanted), label_key(given)
    if wanted_key in _WHOLE_DOCUMENT:
        return True
    return given_key == wanted_key or given_key.endswith("/" + wanted_key)


@lru_cache(maxsize=20_000)
def name_key(name: str | None) -> str:
    return _NAME_NOISE.sub("", unicodedata.normalize("NFKC", name or ""))


def same_document(
    number: str | None, title: str | None, other_number: str | None, other_title: str | None
) -> bool:
    """By document number where both have one, else one title holds the other (8 characters up)."""
    if number and other_number:
        return name_key(number) == name_key(other_number)
    one, two = name_key(title), name_key(other_title)
    return min(len(one), len(two)) >= 8 and (one in two or two in one)


def without_nulls(data: Mapping[str, Any]) -> dict[str, Any]:
    """JSON ``null`` means the same as a missing key."""
    return {key: value for key, value in data.items() if value is not None}
