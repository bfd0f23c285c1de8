"""What a document says about itself: title, number, issuers, place, dates, period, kind."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from itertools import pairwise
from typing import Literal

from assistant.corpus import areas, districts, issuers, period, relations
from assistant.corpus.dates import find_dates
from assistant.corpus.draft import DocumentDraft
from assistant.records import Document

_BLANK = re.compile(r"(?<![A-Za-z])[\s\u3000\ufeff]+|[\s\u3000\ufeff]+(?![A-Za-z])|&#\d+;")
_PLACES = "沪国中京苏浙皖粤黄徐长静普虹杨浦闵宝嘉金松青奉崇"
_NUMBER = re.compile(
    r"(?P<who>[\u4e00-\u9fff]{1,14}?)[〔\[［（(【](?P<year>(?:19|20)\d\d)[〕\]］）)】]第?(?P<n>\d{1,4})号"
)
_RULER = r"(?:中华人民共和国)?(?P<who>[\u4e00-\u9fff]{0,10}(?:人民政府|国务院|部|委员会|总局|署))"
_DECREE = re.compile(rf"{_RULER}令第(?P<n>\d{{1,4}})号")
_DECREE_SPLIT = re.compile(rf"^{_RULER}令$")
_ISSUED_UNDER = re.compile(
    rf"^[（(]\d{{4}}年\d{{1,2}}月\d{{1,2}}日{_NUMBER.pattern}(?:公布|发布|印发)"
)
_DECREE_HISTORY = re.compile(
    r"[（(](?P<date>\d{4}年\d{1,2}月\d{1,2}日)(?P<who>[\u4e00-\u9fff]{0,10}人民政府)"
    r"(?:令第(?P<n>\d{1,4})号)?(?:公布|发布|批准)"
)
_CITED = re.compile(r"(?:根据|按照|依据|贯彻|落实|参照|执行|附件|（|\(|》|的通知》?）)$")
_META_LINE = re.compile(r"文号|印发日期|发布日期|成文日期|发文字号|索取号|信息来源|发布时间")
_COVER = re.compile(r"(?:印发|转发|批转|下发|公布)[^《]{0,30}《(?P<t>.{1,200})》(?:的)?通知$")
_COVER_BARE = re.compile(r"关于(?:印发|转发|批转)(?P<t>[^《》]{6,80})的通知$")
_ABOUT_OTHERS = re.compile(r"修改|废止|延长|调整")
_ORDINAL = re.compile(r"^\d{1,3}[.．、]\s*(?!\d)")
_TITLE_DATE = re.compile(r"[（(]\d{4}年\d{1,2}月\d{1,2}日[）)]$")
_SIGN_DATE = re.compile(
    r"^(?P<who>[\u4e00-\u9fff（）、]*?)(?P<date>\d{4}年\d{1,2}月\d{1,2}日)[）)]?$"
)
_BRACKET_DATE = re.compile(r"[（(](?P<date>\d{4}年\d{1,2}月\d{1,2}日)[）)]")
_PRINTED = re.compile(
    r"(?P<k>成文日期|印发日期|发布日期|发布时间|时间)[：:]?(?P<date>\d{4}(?:年|-)\d{1,2}(?:月|-)\d{1,2})"
)
_PASSED = re.compile(
    r"^[（(]?(?P<date>\d{4}年\d{1,2}月\d{1,2}日)[^。，]{0,60}(?:通过|公布|发布|批准|审议通过)"
)
_INTERPRETS = re.compile(r"解读|问答|图解|一图读懂")
_NATIONAL = re.compile(
    r"^(?:国务院|国家(?!税务总局上海|外汇管理局上海)|中华人民共和国|中国(?!人民银行上海|银行保险监督管理委员会上海)|全国|最高人民)"
)
_PERIOD_HEADING = re.compile(r"施行|实施日期|有效期|生效|执行日期|附则|期限")


def squeeze(text: str) -> str:
    """Text without the blanks that typesetting left (those between Latin words stay)."""
    return _BLANK.sub("", text)


def describe(draft: DocumentDraft) -> Document:
    """The metadata of one document, read from its title, head, tail and closing articles."""
    head, tail = _lines(draft.head), _lines(draft.tail)
    cover = squeeze(draft.title)
    title = clean_title(cover)
    number = document_number(head, cover)
    signed_by = issuers.issuers([cover, *(_ORDINAL.sub("", line) for line in head[:8])], head, tail)
    district = _district(title, number, signed_by)
    issued = issue_date(head, tail)
    span = period.stated(_period_texts(draft, head, tail), _printed(head, "印发日期") or issued)
    if span.effective_from is None and span.expires is None:
        opening = [squeeze(m.text) for m in draft.measures[:4]]
        span = period.launched(opening)
    years = period.plan_years(title)
    expires, quote = span.expires, span.quote
    if years and years[1] > years[0] and expires is None:
        expires, quote = f"{years[1]}-12-31", quote or title
    return Document(
        doc_id=_doc_id(title, number, district, draft),
        title=title,
        source=draft.source,
        line_start=draft.line_start,
        line_end=draft.line_end,
        doc_number=number,
        issuers=signed_by,
        level=_level(title, district, signed_by),
        district=district,
        area=areas.of_title(title) or areas.of_title(signed_by[0] if signed_by else ""),
        elsewhere=None if district else districts.of_elsewhere(title, signed_by),
        issued=issued,
        effective_from=span.effective_from,
        expires=expires,
        validity_quote=quote,
        plan_start=f"{years[0]}-01-01" if years else None,
        plan_end=f"{years[1]}-12-31" if years else None,
        kind=_kind(title, cover),
        relations=relations.stated(_squeezed(draft, title), title, span.effective_from or issued),
        warnings=_warnings(title, number, issued, signed_by),
    )


def _squeezed(draft: DocumentDraft, title: str) -> DocumentDraft:
    """The texts that may state a relation: all of a decision's, else the opening and the close."""
    measures = draft.measures
    if not _ABOUT_OTHERS.search(title):
        edges = {*range(3), *range(len(measures) - 3, len(measures))}
        measures = tuple(m for i, m in enumerate(measures) if i in edges or m.label is None)
    squeezed = tuple(replace(m, text=_paragraphs(m.text)) for m in measures)
    return replace(
        draft, head=_paragraphs(draft.head), tail=_paragraphs(draft.tail), measures=squeezed
    )


def _paragraphs(text: str) -> str:
    return "\n".join(_lines(text))


def _lines(text: str) -> list[str]:
    return [line for line in (squeeze(raw) for raw in text.split("\n")) if line]


def clean_title(title: str) -> str:
    """The title of what is issued: without ordinal, date, and the covering 通知 around it."""
    text = _TITLE_DATE.sub("", _ORDINAL.sub("", squeeze(title)))
    cover = _COVER.search(text) or _COVER_BARE.search(text)
    if cover and not _ABOUT_OTHERS.search(text[: cover.start("t")]):
        text = cover.group("t")
    if text.startswith("《") and text.endswith("》") and text.count("《") == 1:
        text = text[1:-1]
    return text if "《" in text else text.replace("〈", "《").replace("〉", "》")


def document_number(head: list[str], cover: str) -> str | None:
    """The document's own number, normalised; numbers cited in the text are not its own."""
    for line in head:
        if len(line) <= 40 and (match := _NUMBER.fullmatch(line)):
            return _normal(match)
    for line in head:
        if match := _ISSUED_UNDER.match(line):
            return _normal(match)
    for line in head:
        if _META_LINE.search(line) and (match := _last_number(line)):
            return _normal(match)
    for line in [cover, *head]:
        for match in _NUMBER.finditer(line):
            if _own(line, match):
                return _normal(match)
    return _decree_number(head)


def _last_number(line: str) -> re.Match[str] | None:
    found = list(_NUMBER.finditer(line))
    return found[-1] if found else None


def _own(line: str, match: re.Match[str]) -> bool:
    before, after = line[: match.start()], line[match.end() :]
    if _CITED.search(before) or after[:1] in "）)" or "《" in match.group("who"):
        return False
    if re.search(r"根据|按照|贯彻|落实|依据|结合", match.group("who")):
        return False
    ends = not before or before[-1] in "）)》。：: " or before.endswith("通知")
    return ends and (not after or after[0] in "各本区市机有" or after.startswith("发"))


def _normal(match: re.Match[str]) -> str:
    who = match.group("who")
    for word in ("文号", "字号", "通知", "来源"):
        who = who.rsplit(word, 1)[-1]
    if len(who) > 8:
        starts = [i for i, c in enumerate(who) if c in _PLACES and len(who) - i <= 8]
        who = who[starts[0] :] if starts else who
    return f"{who}〔{match.group('year')}〕{int(match.group('n'))}号"


def _decree_number(head: list[str]) -> str | None:
    for line in head:
        match = _DECREE_HISTORY.match(line)
        if match:
            return f"{match.group('who')}令第{match.group('n')}号" if match.group("n") else None
    for line, following in pairwise([*head, ""]):
        match = _DECREE.fullmatch(line)
        if match:
            return f"{match.group('who')}令第{int(match.group('n'))}号"
        split = _DECREE_SPLIT.match(line)
        if split and (n := re.match(r"^第(\d+)号$", following)):
            return f"{split['who']}令{n.group(0)}"
    return None


def _day(text: str) -> str | None:
    dates = find_dates(text)
    return dates[0].first if dates and dates[0].exact else None


def issue_date(head: list[str], tail: list[str]) -> str | None:
    """成文 date: the signature's or the title's, else the printed or published one."""
    for line in head:
        if match := _DECREE_HISTORY.match(line):
            return _day(match.group("date"))
    for place in (head, tail):
        for line in place:
            match = _SIGN_DATE.match(line) or (
                _BRACKET_DATE.search(line) if _titlelike(line) else None
            )
            if match and _day(match.group("date")):
                return _day(match.group("date"))
    for line in head:
        if match := _PASSED.match(line):
            return _day(match.group("date"))
    for name in ("成文日期", "印发日期", "发布日期", "发布时间", "时间"):
        if day := _printed(head, name):
            return day
    return None


def _printed(head: list[str], name: str) -> str | None:
    """A date that a web page prints over the text (``印发日期：2021-10-25``)."""
    for line in head:
        for match in _PRINTED.finditer(line):
            if match.group("k") == name:
                return _day(match.group("date"))
    return None


def _titlelike(line: str) -> bool:
    return "通知（" in line or "通知(" in line or bool(re.search(r"[）)]$", line))


def _period_texts(draft: DocumentDraft, head: list[str], tail: list[str]) -> list[str]:
    own = [squeeze(m.text) for m in draft.measures if m.label is None]
    numbered = [m for m in draft.measures if m.label is not None]
    closing = [squeeze(m.text) for m in reversed(numbered[-3:])]
    headed = [squeeze(m.text) for m in numbered[:-3] if _PERIOD_HEADING.search(m.heading)]
    return [*reversed(tail), *reversed(own), *closing, *headed, *head]


def _district(title: str, number: str | None, signed_by: tuple[str, ...]) -> str | None:
    by_office = [districts.of_office(name) for name in signed_by]
    if any(by_office):
        return next(d for d in by_office if d)
    if signed_by and signed_by[0].startswith("上海市人民政府"):
        return None
    return districts.of_number(number) or districts.of_title(title)


def _level(
    title: str, district: str | None, signed_by: tuple[str, ...]
) -> Literal["国家", "市", "区"]:
    if district:
        return "区"
    return "国家" if _NATIONAL.match(signed_by[0] if signed_by else title) else "市"


def _kind(title: str, cover: str) -> str:
    if _INTERPRETS.search(title):
        return "解读"
    if title.endswith("决定"):
        return "决定"
    return "通知" if title.endswith("通知") and cover.endswith("通知") else "政策"


def _warnings(
    title: str, number: str | None, issued: str | None, signed_by: tuple[str, ...]
) -> tuple[str, ...]:
    found = []
    if not number:
        found.append("未找到文号")
    if not issued:
        found.append("未找到成文日期")
    if not signed_by:
        found.append("未找到发文机关")
    if len(title) < 6:
        found.append("标题过短，请核对")
    return tuple(found)


def _doc_id(title: str, number: str | None, district: str | None, draft: DocumentDraft) -> str:
    """Stable: number and title decide; without a number the opening of the text joins in."""
    seed = f"{number or ''}|{title}"
    if number is None:
        opening = squeeze("".join(m.text for m in draft.measures[:2]))[:200]
        seed += f"|{district or ''}|{opening}"
    return hashlib.sha256(seed.encode()).hexdigest()[:12]
