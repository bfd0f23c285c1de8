"""The sides of a comparison, each with what it asks on its own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.question.query import Side
from assistant.question.wordings import wording

_NOISE = re.compile(r"[\s《》“”\"的（）()、，—-]")
_EITHER = re.compile(r"(?:和|与|跟|同|、|还是|及|以及|或者?)")
_AND = r"(?:和|与|跟|同|、|以及|还有|对比)"
_KIND = r"(?:办法|规定|意见|措施|方案|规划|计划|条例|细则|要点|决定)"
_CITY = (
    r"(?:上海市政府|上海市|市政府|市级|市里|全市|上海|(?<![\u4e00-\u9fff])市(?![场民容标值面区]))"
)
_TWO_CALLED = re.compile(
    rf"(?P<a>[\u4e00-\u9fff“”\"0-9+]{{2,24}}?{_KIND})(?:里|中)?{_AND}"
    rf"(?P<b>[\u4e00-\u9fff“”\"0-9+]{{2,24}}?{_KIND})"
)


MOST = 6  # sides, of which each is searched on its own


def split_sides(
    text: str,
    districts: Sequence[str],
    place_words: Sequence[str],
    doc_numbers: Sequence[str],
    titles: Sequence[str],
) -> tuple[Side, ...]:
    """Two or more sides when the question names several districts or several documents.

    Each side's text is the question without the names of the others; only the first
    :data:`MOST` count.
    """
    doc_numbers, titles, districts = doc_numbers[:MOST], titles[:MOST], districts[:MOST]
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
    if titles or doc_numbers or not wording("compares").search(text):
        return ()
    if len(place_words) == 1 and len(districts) == 1:
        return _city_and(text, districts[0], place_words[0])
    return () if districts else _two_called(text)


def _city_and(text: str, district: str, word: str) -> tuple[Side, ...]:
    """「市里和崇明的办法怎么定」, 「市垃圾分类要点与宝山“一码通行”要点」."""
    city_first, city_last = _beside_city(word)
    found = city_first.search(text) or city_last.search(text)
    if found is None:
        return ()
    before, after = text[: found.start()], text[found.end() :]
    # a name said once, behind both places, is that of both documents
    city = found["one"] + ("" if found["a"] else found["b"])
    of_city = Side(f"{before}{city}{after}", city=True, called=found["a"] or found["b"] or None)
    of_district = Side(
        f"{before}{found['two']}{after}", district=district, called=found["b"] or None
    )
    sides = (of_city, of_district)
    return sides if found.start("one") < found.start("two") else sides[::-1]


def _beside_city(word: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The city's document and that of the place ``word``, in either order."""
    gap = "(?P<{}>[^，。？！；,?]{{0,16}}?" + _KIND + "|)"
    one = f"(?P<one>{_CITY}{gap.format('a')})"
    two = f"(?P<two>{re.escape(word)}{gap.format('b')})"
    return re.compile(one + _AND + two), re.compile(two + _AND + one)


def _two_called(text: str) -> tuple[Side, ...]:
    """「科技服务业若干措施与若干意见分别…」: two documents by what people call them."""
    found = _TWO_CALLED.search(text)
    if found is None:
        return ()
    before, after = text[: found.start()], text[found.end() :].lstrip("，,的里中")
    return tuple(Side(f"{before}{found[n]}，{after}", called=found[n]) for n in ("a", "b"))


def goes_by(title: str, called: str) -> bool:
    """Whether a title reads what people call it, with gaps: 垃圾分类要点, 垃圾分类工作要点.

    What stands before the name belongs to the sentence: up to two fifths may be left out.
    """
    said, full = _NOISE.sub("", called), _NOISE.sub("", title)
    for start in range(max(1, len(said) * 2 // 5 + 1)):
        begins = full.find(said[start : start + 2])
        rest = iter(full[begins:]) if begins >= 0 else iter("")
        if all(char in rest for char in said[start:]):
            return True
    return False


def _others(district: str, districts: Sequence[str], words: Sequence[str]) -> list[str]:
    own = district.removesuffix("新区").removesuffix("区")
    if len(words) == len(districts):
        return [w for w, d in zip(words, districts, strict=True) if d != district]
    return [word for word in words if own not in word]


def _without(text: str, names: Sequence[str]) -> str:
    for name in sorted(names, key=len, reverse=True):
        text = _joined(name).sub("", text)
    return text


def _joined(name: str) -> re.Pattern[str]:
    """A name with the word that joins it to another."""
    return re.compile(rf"{_EITHER.pattern}?{re.escape(name)}")
