"""Where a document begins in the middle of a line, right behind the end of the one before it."""

from __future__ import annotations

import re

from assistant.corpus import signals

_ISSUER = re.compile(
    r"(?:上海市|中共|国务院|中华人民共和国|最高人民|[一-鿿]{2,3}(?:省|市|区|县)人民政府)"
)
_NUMBER_TAIL = re.compile(r"[沪国][一-鿿]{1,12}[〔\[]20\d\d[〕\]]\s*\d+\s*号$")
_PROMULGATION = re.compile(
    r"《[^》]{0,200}》已(?:经|于).{4,60}(?:通过|同意).{0,12}(?:公布|发布|印发)"
)
_ISSUERS = re.compile(rf"(?<=[。）)；])({signals.ORG_NAME})$")
_LOST_TITLE = re.compile(rf"^(?:{signals.ORG_NAME})(?=(?:为|近日|日前).{{25,}})")
_LOOK_AHEAD = 3


def glue_points(text: str, following: list[str], preceding: list[str]) -> list[int]:
    """Offsets in ``text`` (tidied) at which another document begins.

    Args:
        following: the next non-blank lines, tidied; they must look like the front matter of a
            document, or nothing is cut.
        preceding: the last non-blank lines before this one.
    """
    if text[-1] in "。；" and "》已" not in text and not (preceding and len(preceding[-1]) < 80):
        return []
    for find in (_title, _order_or_number, _issuers, _promulgation, _addressee):
        at = find(text, following)
        if at:
            return [at]
    at = _lost_title(text, preceding)
    return [at] if at else []


def _front_matter(title: str, following: list[str]) -> bool:
    for line in following[:_LOOK_AHEAD]:
        if line == title or signals.is_cover(line):
            return True
        if any(
            pattern.match(line)
            for pattern in (
                signals.NUMBER,
                signals.WEB_META,
                signals.ADDRESSEE,
                signals.PROMULGATED,
                signals.ORDER,
                signals.DATE,
            )
        ):
            return True
    return False


def _title(text: str, following: list[str]) -> int | None:
    """A covering title at the end of the line: 上海市人民政府关于印发《…》的通知."""
    if signals.COVER_TITLE.match(text) and _ISSUER.match(text):
        return None
    tail = max(text.rfind("。"), text.rfind("；"), text.rfind("|")) + 1
    for match in _ISSUER.finditer(text, tail):
        at = match.start()
        if "上海市" in match.group() and not match.group().startswith("上海市"):
            at = text.index("上海市", at)  # 12月27日上海市人民政府
        title = text[at:]
        if at == 0 or len(title) > 160 or text.count("《", 0, at) > text.count("》", 0, at):
            continue
        if signals.COVER_TITLE.match(title) or signals.ORDER.match(title):
            later = [m.start() for m in _ISSUER.finditer(title) if m.start()]
            verb = re.search("关于|印发|转发", title)
            if verb and any(p < verb.start() and not _joint(title, p) for p in later):
                continue  # 上海企业服务上海市人民政府关于…: the issuer nearest to the verb
            if _front_matter(title, following):
                return at
    return None


def _joint(title: str, at: int) -> bool:
    return title[at - 1] in " 、　" or title[:at].endswith(("局", "委员会", "厅", "院"))


def _order_or_number(text: str, following: list[str]) -> int | None:
    match = _NUMBER_TAIL.search(text)
    if not match or not match.start() or text[match.start() - 1] in "（([":
        return None
    if following and signals.ADDRESSEE.match(following[0]):
        return match.start()
    return None


def _issuers(text: str, following: list[str]) -> int | None:
    """The first of several issuers' names, with the number of the document below them."""
    match = _ISSUERS.search(text)
    if not match:
        return None
    for line in following:
        if signals.NUMBER.match(line.replace(" ", "")):
            return match.start()
        if not signals.is_org_line(line.replace(" ", "")):
            return None
    return None


def _promulgation(text: str, following: list[str]) -> int | None:
    match = _PROMULGATION.search(text)
    if match and match.start() and "。" not in text[: match.start()]:
        return match.start() if text[match.start() - 1] != "，" else None
    return None


def _addressee(text: str, following: list[str]) -> int | None:
    """An addressee behind a sentence, the covering sentence below it; the title is lost."""
    match = re.search(r"(?<=[。）)])(各[^。；]{4,60}[：:])$", text)
    if match and following and signals.is_cover(following[0]):
        return match.start()
    return None


def _lost_title(text: str, preceding: list[str]) -> int | None:
    """A signature with the next document's first sentence behind it: its title is lost."""
    match = _LOST_TITLE.match(text)
    if match and len(text) > 60 and any(signals.is_org_line(x) for x in preceding[-1:]):
        return match.end()
    return None
