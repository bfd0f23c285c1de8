"""Is a measure in force on a date, and on which ground.

Order of grounds: the measure's own period > the document's period > repeal, extension and
amendment by other documents > the years of a plan > nothing stated.  A text without an end is
``unknown``; only a decree (规章) without an end counts as in force until it is repealed.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from assistant.corpus.dates import chinese_date
from assistant.corpus.links import Link, Links, key
from assistant.corpus.own_period import bounds, own_periods
from assistant.records import Document, Measure, Validity, ValidityStatus

STATUS: dict[ValidityStatus, str] = {
    "in_force": "有效",
    "extended": "有效（延期）",
    "amended": "有效（已修改）",
    "unknown": "未写明",
    "not_yet": "尚未施行",
    "expired": "已过期",
    "repealed": "已废止",
}
_DECREE = re.compile(r"令(?:第\d+号|〔\d{4}〕\d+号)$")
_STATED = re.compile(r"有效期|试行期|执行期|期限|施行期")
_SENTENCE_MARKS = "。；\n"
_NO_LINKS = Links(())
_Ground = Callable[["_Case"], Validity | None]


class _Case:
    """One question of validity: the measure, its document, the day, and what befell them."""

    def __init__(
        self,
        measure: Measure | None,
        document: Document,
        as_of: str,
        links: Links,
        quote: str | None,
    ) -> None:
        self.measure = measure
        self.document = document
        self.as_of = as_of
        self.links = links
        self.own_from, self.own_expires = _own_bounds(measure, quote)
        stated = _STATED.search(document.validity_quote or "") is not None
        self.by_plan = document.plan_end is not None and not (document.expires and stated)

    def say(
        self,
        status: ValidityStatus,
        basis: str,
        *,
        effective_from: str | None = None,
        expires: str | None = None,
    ) -> Validity:
        return Validity(
            status,
            self.as_of,
            effective_from or self.document.effective_from,
            expires or self.own_expires or self.document.expires,
            basis,
        )


def validity(
    measure: Measure | None,
    document: Document,
    as_of: str,
    links: Links | None = None,
    *,
    quote: str | None = None,
) -> Validity:
    """Whether a measure (``None``: the document as a whole) holds on ``as_of`` (ISO date).

    Args:
        links: what other documents did to this one; without it only its own words count.
        quote: the words of the measure that matter; where they stand in one sentence and a
            period in another, that period is not theirs.
    """
    case = _Case(measure, document, as_of, links or _NO_LINKS, quote)
    grounds: tuple[_Ground, ...] = (
        _repeal_entry,
        _repealed,
        _not_yet,
        _own_period,
        _extended,
        _document_period,
        _plan_over,
        _amended,
        _decree,
    )
    for ground in grounds:
        answer = ground(case)
        if answer is not None:
            return answer
    return _unknown(case)


def validity_of_named(link: Link, as_of: str) -> Validity:
    """Validity of a rule that ``link`` repeals, also when the rule itself is not held."""
    relation, source = link.relation, link.source
    when = relation.effective or source.effective_from or source.issued
    name = f"《{relation.target_title}》"
    by = _name(source)
    if when is None or when <= as_of:
        day = f"自{chinese_date(when)}起" if when else ""
        return Validity("repealed", as_of, None, when, f"{name}已由{by}{day}废止。")
    return Validity(
        "in_force", as_of, None, None, f"{name}自{chinese_date(when)}起由{by}废止，当日尚未废止。"
    )


def _own_bounds(measure: Measure | None, quote: str | None) -> tuple[str | None, str | None]:
    if measure is None:
        return None, None
    stated = measure.effective_from, measure.expires
    place = measure.text.find(quote) if quote and any(stated) else -1
    if place < 0 or quote is None:
        return stated
    left = max(measure.text.rfind(mark, 0, place) for mark in _SENTENCE_MARKS) + 1
    ends = [measure.text.find(mark, place + len(quote) - 1) for mark in _SENTENCE_MARKS]
    right = min((end for end in ends if end >= 0), default=len(measure.text))
    periods = own_periods(measure.text)
    if not periods:
        return stated
    return bounds([p for p in periods if left <= p.start <= right])


def _name(document: Document) -> str:
    return document.doc_number or f"《{document.title}》"


def _repeal_entry(case: _Case) -> Validity | None:
    """An item of a list of repealed rules speaks of the rule it names."""
    if case.measure is None or case.measure.label is None:
        return None
    text = key(case.measure.text)
    entries = [
        r
        for r in case.links.by(case.document.doc_id)
        if r.type == "repeals" and "同时废止" not in r.quote and key(r.quote) in text
    ]
    if len(entries) != 1:
        return None
    return validity_of_named(Link(case.document, entries[0]), case.as_of)


def _repealed(case: _Case) -> Validity | None:
    for link in case.links.onto(case.document.doc_id):
        when = link.relation.effective or link.source.effective_from or link.source.issued
        if link.relation.type == "repeals" and when and when <= case.as_of:
            basis = f"已由{_name(link.source)}自{chinese_date(when)}起废止。"
            return case.say("repealed", basis, expires=when)
    return None


def _not_yet(case: _Case) -> Validity | None:
    document, as_of = case.document, case.as_of
    start = document.effective_from
    if start and start > as_of:
        return case.say(
            "not_yet", f"自{chinese_date(start)}起施行，{chinese_date(as_of)}尚未施行。"
        )
    if document.issued and document.issued > as_of and not (start and start <= as_of):
        basis = f"文件于{chinese_date(document.issued)}印发，{chinese_date(as_of)}尚未发布。"
        return case.say("not_yet", basis)
    if case.own_from and case.own_from > as_of:
        basis = f"本条自{chinese_date(case.own_from)}起执行，{chinese_date(as_of)}尚未开始。"
        return case.say("not_yet", basis, effective_from=case.own_from)
    for link in _changes(case):
        when = link.relation.effective
        if when and when > as_of:
            day = chinese_date(when)
            basis = f"本条按{_name(link.source)}修改后的文本自{day}起施行，当日尚未施行。"
            return case.say("not_yet", basis, effective_from=when)
    return None


def _own_period(case: _Case) -> Validity | None:
    end = case.own_expires
    if end is None:
        return None
    start = case.own_from or case.document.effective_from
    if end < case.as_of:
        basis = f"本条自身的执行期限到{chinese_date(end)}为止，已过期。"
        return case.say("expired", basis, effective_from=start, expires=end)
    basis = f"本条自身的执行期限到{chinese_date(end)}为止，仍在期限内。"
    return case.say("in_force", basis, effective_from=start, expires=end)


def _extended(case: _Case) -> Validity | None:
    for link in case.links.onto(case.document.doc_id):
        end = link.source.expires
        if link.relation.type != "extends" or (link.source.issued or "") > case.as_of:
            continue
        if end and (case.document.expires or "") < end:
            by = _name(link.source)
            if end >= case.as_of:
                return case.say("extended", f"有效期经{by}延长至{chinese_date(end)}。", expires=end)
            basis = f"有效期经{by}延长至{chinese_date(end)}，已过期。"
            return case.say("expired", basis, expires=end)
    return None


def _document_period(case: _Case) -> Validity | None:
    end = case.document.expires
    if end is None or case.by_plan:
        return None
    if end < case.as_of:
        return case.say("expired", f"文件有效期至{chinese_date(end)}，已过期。")
    amended = _amended(case)
    if amended is not None:
        return amended
    return case.say("in_force", f"文件有效期至{chinese_date(end)}，仍在有效期内。")


def _plan_over(case: _Case) -> Validity | None:
    start, end = case.document.plan_start, case.document.plan_end
    if not end:
        return None
    years = end[:4] if start and start[:4] == end[:4] else f"{(start or end)[:4]}—{end[:4]}"
    if end < case.as_of:
        basis = f"按规划期：标题所示期间为{years}年，已经结束；正文没有另写有效期。"
        return case.say("expired", basis, expires=end)
    basis = f"按规划期：标题所示期间为{years}年，仍在期内；正文没有另写有效期。"
    return case.say("in_force", basis, expires=end)


def _changes(case: _Case) -> list[Link]:
    """Amendments of this very article; of the document when no measure is asked about."""
    label = case.measure.label if case.measure else None
    return [
        link
        for link in case.links.onto(case.document.doc_id)
        if link.relation.type == "amends"
        and (case.measure is None or _same_article(link.relation.target_label, label))
    ]


def _same_article(target: str | None, label: str | None) -> bool:
    return bool(target and label) and (label or "").split("/")[-1] == target


def _amended(case: _Case) -> Validity | None:
    done = [c for c in _changes(case) if (c.relation.effective or "") <= case.as_of]
    if not done:
        return None
    last = max(done, key=lambda link: link.relation.effective or "")
    when = last.relation.effective
    day = f"自{chinese_date(when)}起" if when else ""
    what = "本条" if case.measure else "文件"
    basis = f"{what}经{_name(last.source)}修改，现行文本{day}施行，未见废止。"
    return case.say("amended", basis)


def _decree(case: _Case) -> Validity | None:
    if not _DECREE.search(case.document.doc_number or ""):
        return None
    start = case.document.effective_from
    day = f"自{chinese_date(start)}起施行，" if start else ""
    return case.say("in_force", f"规章{day}没有规定失效日期，库内未见废止。")


def _unknown(case: _Case) -> Validity:
    start = case.document.effective_from
    if start:
        day = chinese_date(start)
        return case.say(
            "unknown", f"自{day}起施行，文中没有写明有效期，是否仍有效请向发文机关核实。"
        )
    return case.say("unknown", "文中没有写明施行日期和有效期，是否仍有效请向发文机关核实。")
