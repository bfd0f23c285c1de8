"""Who issued a document: from the covering title, the signature, or the title itself."""

from __future__ import annotations

import re

_TAIL = (
    r"人民政府办公厅|人民政府办公室|人民政府|委员会办公室|委员会|办公厅|办公室|管理局|监督局|监管局|税务局|"
    r"总局|分局|总队|法院|检察院|海关|总部|工作领导小组|领导小组|公安局|海事局|财政局|知识产权局|"
    r"[局委厅部署院会]"
)
# a central agency's office in a place is one body: 国家税务总局上海市税务局
_BRANCH = (
    r"(?:国家|中国)[\u4e00-\u9fff]{2,14}?(?:总局|委员会|管理局|银行|局)(?:上海|[\u4e00-\u9fff]{2,3}省)市?"
    r"[\u4e00-\u9fff]{0,8}?(?:税务局|监督管理局|监管局|分局|总部|办事处|专员办)"
)
_PLAIN_BODY = (
    r"(?:中共)?(?:上海市|国家|中国|中华人民共和国|国务院|上海|最高人民|[\u4e00-\u9fff]{2,4}(?:省|市|区|县))"
    rf"[\u4e00-\u9fff（）]{{0,24}}?(?:{_TAIL})(?![\u4e00-\u9fff]{{0,3}}(?:局|委员会|办公[厅室]))"
)
_BODY = re.compile(f"{_BRANCH}|{_PLAIN_BODY}")
_NO_BODY = re.compile(r"根据|落实|以及|关于|按照|贯彻|深入|结合|为|经|对|各")
_COVER = re.compile(
    r"^(?P<who>[\u4e00-\u9fff、（）\s]{2,60}?)(?:等\d*部门|等)?(?:关于)?(?:印发|转发|批转|公布|延长)"
)
_ABOUT = re.compile(r"^(?P<who>[\u4e00-\u9fff]{2,40}?(?:" + _TAIL + r"))关于")
_DATE_TAIL = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日$")
_DECREE = re.compile(r"((?:(?!年|月|日)[\u4e00-\u9fff]){2,6}人民政府)(?:令|批准|发布)")
_BEFORE_SIGNATURE = re.compile(r"[。；：，]")


def split_bodies(text: str) -> tuple[str, ...]:
    """``上海市商务委员会上海海关`` → its bodies, in order; empty: there is more in it."""
    rest = re.sub(r"\s|、", "", text)
    bodies: list[str] = []
    while rest:
        match = _BODY.match(rest)
        if not match or _NO_BODY.search(match.group(0)):
            return ()
        bodies.append(match.group(0))
        rest = rest[match.end() :]
    return tuple(bodies)


def signature(lines: list[str]) -> tuple[str, ...]:
    """Bodies that sign: lines that hold nothing but names of bodies (and a date)."""
    bodies: list[str] = []
    for line in lines:
        bare = _DATE_TAIL.sub("", line)
        if len(bare) > 160 or _BEFORE_SIGNATURE.search(bare) or bare.endswith("、"):
            continue
        bodies += [b for b in split_bodies(bare) if b not in bodies]
    return tuple(bodies)


def issuers(title_lines: list[str], head: list[str], tail: list[str]) -> tuple[str, ...]:
    """The issuing bodies, most reliable place first.

    Args:
        title_lines: the covering title and the lines where it may stand, squeezed.
        head: squeezed lines before the first measure.
        tail: squeezed lines after the last one.
    """
    for place in (head, tail):
        signed = signature(place)
        if signed:
            return signed
    for line in title_lines:
        match = _COVER.match(line) or _ABOUT.match(line)
        if match:
            who = match.group("who")
            who = who.removesuffix("关于").removesuffix("等")
            return split_bodies(who) or (who,)
    decree = next((m for line in head for m in [_DECREE.search(line)] if m), None)
    return (decree.group(1),) if decree else ()
