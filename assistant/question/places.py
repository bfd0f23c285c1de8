"""Where a question plays: the district it names or means, and places outside Shanghai."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.corpus.areas import found_in
from assistant.corpus.districts import DISTRICTS, full_name, outside
from assistant.question.wordings import wording
from embeddings.segment import LEXICON

_SHORT = {d.removesuffix("新区").removesuffix("区") for d in DISTRICTS}


@dataclass(frozen=True, slots=True)
class Places:
    districts: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def place_names() -> dict[str, str]:
    """Streets, towns and parks → district."""
    lines = (LEXICON / "places.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {place: district for place, district in rows}


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    names = sorted({*_SHORT, *place_names()}, key=len, reverse=True)
    inside = re.compile("|".join(f"{re.escape(name)}(?:新区|区|县|镇)?" for name in names))
    return inside, outside()


def find_places(text: str, corrections: Sequence[tuple[str, str]] = ()) -> Places:
    """Districts, the words that named them, and cities elsewhere whose rules are asked about.

    Args:
        text: the question, NFKC.
        corrections: (wrong, right) pairs of the typo check: 青埔 → 青浦.
    """
    for wrong, right in corrections:
        if full_name(right):
            text = text.replace(wrong, right)
    inside, outside = _patterns()
    districts: dict[str, None] = {}
    words: dict[str, None] = {}
    for match in inside.finditer(text):
        name = match[0]
        district = full_name(name) or place_names().get(name) or _of_place(name)
        if district and not _is_no_place(text, match):
            districts[district] = None
            words[name] = None
    other = {
        match[0]: None
        for match in outside.finditer(text)
        if not _is_no_place(text, match) and _is_asked(text, match, bool(districts))
    }
    areas = {
        name: None for name, match in found_in(text, spoken=True) if not _is_no_place(text, match)
    }
    return Places(tuple(districts), tuple(words), tuple(other), tuple(areas))


def _of_place(name: str) -> str | None:
    for suffix in ("新区", "区", "县", "镇"):
        if district := place_names().get(name.removesuffix(suffix)):
            return district
    return None


def _is_no_place(text: str, match: re.Match[str]) -> bool:
    """南京东路 is a road in Shanghai, 上海银行 no place, 黄浦江 a river, 金山银山 a saying."""
    after = text[match.end() : match.end() + 3]
    if (match[0], after[:1]) in {("黄浦", "江"), ("金山", "银"), ("普陀", "山")}:
        return True
    return bool(re.match(r"(?:[东南西北中])?(?:路|街\d|银行|大学|菜|话|口味)", after))


def _is_asked(text: str, match: re.Match[str], has_district: bool) -> bool:
    """Whether the rules of the place are asked about, not only a way from or to it.

    从X搬到, 来自X: where goods or people come from is not whose rules are asked.
    """
    before, after = text[: match.start()], text[match.end() :]
    if wording("asked_there").match(after):
        return True
    if wording("passing").search(before) or wording("away").match(after):
        return False
    return not has_district and not wording("shanghai_meant").search(text)
