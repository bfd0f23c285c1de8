"""Shanghai's districts: names, short forms, and the letters that open their document numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from embeddings.segment import LEXICON

OUTSIDE = LEXICON / "outside.txt"
# district → how a 文号 of its government opens
_NUMBER_PREFIX = {
    "黄浦区": "黄",
    "徐汇区": "徐",
    "长宁区": "长",
    "静安区": "静",
    "普陀区": "普",
    "虹口区": "虹",
    "杨浦区": "杨",
    "浦东新区": "浦",
    "闵行区": "闵",
    "宝山区": "宝",
    "嘉定区": "嘉",
    "金山区": "金",
    "松江区": "松",
    "青浦区": "青",
    "奉贤区": "奉",
    "崇明区": "崇",
}
DISTRICTS = tuple(_NUMBER_PREFIX)
_SHORT = {d.removesuffix("新区").removesuffix("区"): d for d in DISTRICTS}
_NAME = re.compile("|".join(f"{short}(?:新区|区|县)?" for short in _SHORT))
_OWN = re.compile(
    rf"^(?:(?:关于印发|印发|\d{{4}}年|上海市|中共|《|“)*)(?P<d>{'|'.join(_SHORT)})"
    r"(?:新区|区|公安|县|分局|海关)"
)
_OFFICE = re.compile(rf"(?:^|上海市|中共)(?P<d>{'|'.join(_SHORT)})(?:新区|区|县|公安)")
_PREFIX_OF_NUMBER = re.compile(
    r"^(?:沪公?)?(?P<p>[黄徐长静普虹杨浦闵宝嘉金松青奉崇])"  # 金规〔 is the financial regulator's
    r"(?=府|发改|委|人社|商|科|经|建|财|市监|税|民|教|卫|投|房|司|环|应急|文|通)[\u4e00-\u9fff]*〔"
)


@lru_cache(maxsize=1)
def outside() -> re.Pattern[str]:
    """Provinces and cities other than Shanghai, longest first (``data/lexicon/outside.txt``)."""
    lines = OUTSIDE.read_text(encoding="utf-8").splitlines()
    names = {name for line in lines if not line.startswith("#") for name in line.split()}
    return re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))))


def of_elsewhere(title: str, signed_by: Sequence[str]) -> str | None:
    """The city or province whose office issued a document: 杭州 of 杭州市人民政府办公厅."""
    for name in (*signed_by[:1], *([] if signed_by else [title])):
        match = outside().match(name)
        if match and re.match("市|省|自治区|特别行政区|人民政府", name[match.end() :]):
            return match[0]
    return None


def full_name(text: str) -> str | None:
    """``徐汇`` or ``徐汇区`` → ``徐汇区``; None: not one of the sixteen districts."""
    return _SHORT.get(text.strip().removesuffix("新区").removesuffix("区"))


def mentioned(text: str) -> list[str]:
    """Districts named in the text, in order, each once."""
    found = (full_name(match.group(0)) for match in _NAME.finditer(text))
    return list(dict.fromkeys(name for name in found if name))


def of_title(title: str) -> str | None:
    """The district whose own plan a title names (``上海市徐汇区…方案``, ``2023年金山区…``)."""
    match = _OWN.match(title)
    return _SHORT[match.group("d")] if match else None


def of_office(name: str) -> str | None:
    """The district an issuing body belongs to (``上海市黄浦区人民政府``)."""
    match = _OFFICE.search(name)
    return _SHORT[match.group("d")] if match else None


def of_number(number: str | None) -> str | None:
    """The district whose letter opens a document number (``黄府规〔2023〕4号``)."""
    match = _PREFIX_OF_NUMBER.match(number or "")
    if not match:
        return None
    return next(d for d, p in _NUMBER_PREFIX.items() if p == match.group("p"))
