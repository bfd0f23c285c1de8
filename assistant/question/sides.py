"""The sides of a comparison, each with what it asks on its own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.question.query import Side

_EITHER = re.compile(r"(?:和|与|跟|同|、|还是|及|以及|或者?)")


def split_sides(
    text: str,
    districts: Sequence[str],
    place_words: Sequence[str],
    doc_numbers: Sequence[str],
    titles: Sequence[str],
) -> tuple[Side, ...]:
    """Two or more sides when the question names several districts or several documents.

    Each side's text is the question without the names of the others.
    """
    if len(doc_numbers) > 1:
        return tuple(Side(text, doc_number=number) for number in doc_numbers)
    if len(titles) > 1:
        return tuple(
            Side(_without(text, [f"《{t}》" for t in titles if t != title]), title=title)
            for title in titles
        )
    if len(districts) > 1:
        return tuple(
            Side(_without(text, _others(district, districts, place_words)), district=district)
            for district in districts
        )
    return ()


def _others(district: str, districts: Sequence[str], words: Sequence[str]) -> list[str]:
    own = district.removesuffix("新区").removesuffix("区")
    if len(words) == len(districts):
        return [w for w, d in zip(words, districts, strict=True) if d != district]
    return [word for word in words if own not in word]


def _without(text: str, names: Sequence[str]) -> str:
    for name in sorted(names, key=len, reverse=True):
        text = re.sub(rf"{_EITHER.pattern}?{re.escape(name)}", "", text)
    return text
