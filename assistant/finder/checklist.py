"""One measure as a check-list to run through with a case, and as one page to print.

Pure: what stands in the measure, what is known of the company, and the day decide.  The verdicts
are proposals; the page leaves room for the finding of whoever handles the case.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from assistant.corpus.dates import chinese_date
from assistant.corpus.facts_channel import how_to_apply
from assistant.finder.benefit import amount_of, exclusive_of, payer_of
from assistant.finder.chat import described
from assistant.finder.checks import checklist, contradiction
from assistant.finder.place import area_of, located, place_check
from assistant.finder.profile import held
from assistant.finder.requirements import Offer, offers
from assistant.finder.vocabulary import Held
from assistant.records import (
    ConditionCheck,
    Document,
    Measure,
    Profile,
    Validity,
    Verdict,
)

_HOLDS = frozenset({"in_force", "extended", "amended"})
_OVER = frozenset({"expired", "repealed", "not_yet"})


@dataclass(frozen=True, slots=True)
class OfferCheck:
    """One sentence that gives something, with its conditions for this company."""

    text: str  # verbatim
    amount: str | None
    result: Verdict
    checks: tuple[ConditionCheck, ...]


@dataclass(frozen=True, slots=True)
class Checklist:
    """The check of one measure for one company; ``reasons`` say why ``result`` is what it is."""

    document: Document
    measure: Measure
    validity: Validity
    company: Profile
    general: tuple[ConditionCheck, ...]  # time and place: hold for every offer
    offers: tuple[OfferCheck, ...]
    result: Verdict
    reasons: tuple[str, ...]


def check(measure: Measure, document: Document, validity: Validity, company: Profile) -> Checklist:
    """Run a measure against a company as far as it is known."""
    company = located(company)
    holds = held(company)
    general = (_time(validity), _place(document, company))
    found = offers(measure, document)
    giving = [offer for offer in found if offer.gives] or list(found)
    checked = tuple(_checked(measure, offer, company, holds) for offer in giving)
    result = _overall(general, checked)
    return Checklist(
        document,
        measure,
        validity,
        company,
        general,
        checked,
        result,
        _reasons(result, general, checked),
    )


def page(sheet: Checklist) -> str:
    """A self-contained HTML page of the check-list; every text of it is escaped."""
    document, measure = sheet.document, sheet.measure
    head = _lines(
        ("文件", f"《{document.title}》{document.doc_number or ''}"),
        ("原文网址", document.url),
        ("条款", " ".join(p for p in (measure.label or measure.part, measure.heading) if p)),
        ("有效情况", sheet.validity.basis or "未写明有效期"),
        ("企业情况", described(sheet.company)),
        ("核对日期", chinese_date(sheet.validity.as_of)),
        ("初核结论", f"{sheet.result}：{'；'.join(sheet.reasons)}"),
    )
    tail = _lines(
        ("由谁负责或给付", payer_of(measure, document)),
        ("怎么申请", how_to_apply(measure)),
        ("不可兼得", exclusive_of(measure)),
    )
    blocks = [_table("时间和地点", None, sheet.general)]
    for number, offer in enumerate(sheet.offers, 1):
        title = f"第 {number} 项（初核：{offer.result}）金额：{offer.amount or '没有写明'}"
        blocks.append(_table(title, offer.text, offer.checks))
    name = escape(f"条件核对表 {measure.label or measure.part} {document.title}")
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{name}</title>\n<style>{_STYLE}</style></head>\n<body>\n<h1>条件核对表</h1>\n"
        f"{head}\n{''.join(blocks)}{tail}\n<h2>条款原文</h2>\n"
        f'<p class="text">{escape(measure.text)}</p>\n'
        "<p>初核结论由系统按条款文字和企业自述得出，是否符合以主管部门认定为准，咨询可拨打12345。</p>\n"
        '<p class="sign">复核结论：□ 符合　□ 不符合　□ 待补材料　　核对人：'
        "＿＿＿＿＿＿　　日期：＿＿＿＿＿＿</p>\n</body></html>\n"
    )


def _time(validity: Validity) -> ConditionCheck:
    text = f"在有效期内：{validity.basis.rstrip('。') or '未写明有效期'}"
    if validity.status in _HOLDS:
        return ConditionCheck(text, "符合")
    if validity.status in _OVER:
        return ConditionCheck(text, "不符合")
    return ConditionCheck(text, "待确认", "是否仍在执行？请向主管部门核实")


def _place(document: Document, company: Profile) -> ConditionCheck:
    if document.place is None:
        return ConditionCheck("适用地区：全市", "符合")
    district = frozenset((document.district,) if document.district and not document.area else ())
    return place_check(district, area_of(document), company)


def _checked(measure: Measure, offer: Offer, company: Profile, holds: Held) -> OfferCheck:
    checks = checklist(offer, company, holds)
    clash = contradiction(f"{measure.heading}\n{offer.text}", holds)
    if offer.places or offer.areas:
        checks = (place_check(offer.places, offer.areas, company), *checks)
    if clash:
        checks = (*checks, ConditionCheck(f"所说的是{clash}，与企业情况不符", "不符合"))
    return OfferCheck(offer.text, amount_of(measure, offer), _worst(checks), checks)


def _worst(checks: Iterable[ConditionCheck]) -> Verdict:
    """One condition that fails decides; one that is open leaves it open."""
    verdicts = {check.verdict for check in checks}
    if "不符合" in verdicts:
        return "不符合"
    return "待确认" if "待确认" in verdicts or not verdicts else "符合"


def _overall(general: Sequence[ConditionCheck], found: Sequence[OfferCheck]) -> Verdict:
    """What holds for the best of the offers, if time and place hold."""
    ground = _worst(general)
    results = {offer.result for offer in found}
    if ground == "不符合" or results == {"不符合"}:
        return "不符合"
    return "符合" if ground == "符合" and "符合" in results else "待确认"


def _reasons(
    result: Verdict, general: Sequence[ConditionCheck], found: Sequence[OfferCheck]
) -> tuple[str, ...]:
    if not found:
        return ("条款没有写明给企业什么，请看原文",)
    if result == "不符合":
        failed = [c.text for c in general if c.verdict == "不符合"]
        failed = failed or [c.text for o in found for c in o.checks if c.verdict == "不符合"]
        return tuple(dict.fromkeys(failed))
    if result == "符合":
        met = next(offer for offer in found if offer.result == "符合")
        return tuple(dict.fromkeys(c.text for c in (*general, *met.checks)))
    open_ = [c for c in general if c.verdict == "待确认"]
    open_ += [c for o in found if o.result == "待确认" for c in o.checks if c.verdict == "待确认"]
    return tuple(dict.fromkeys(c.text for c in open_)) or ("条款没有写明条件",)


def _lines(*pairs: tuple[str, str | None]) -> str:
    rows = "".join(f"<dt>{escape(k)}</dt><dd>{escape(v)}</dd>" for k, v in pairs if v)
    return f"<dl>{rows}</dl>\n" if rows else ""


def _table(title: str, quote: str | None, checks: Sequence[ConditionCheck]) -> str:
    rows = "".join(
        f"<tr><td>{n}</td><td>{escape(c.text)}</td><td>{escape(c.verdict)}</td>"
        f"<td>{escape(c.question or '')}</td><td>□ 符合　□ 不符合</td><td></td></tr>\n"
        for n, c in enumerate(checks, 1)
    )
    said = f'<p class="text">{escape(quote)}</p>\n' if quote else ""
    if not rows:
        return f"<h2>{escape(title)}</h2>\n{said}<p>没有写明条件。</p>\n"
    return (
        f"<h2>{escape(title)}</h2>\n{said}<table><thead><tr><th>序号</th><th>条件</th>"
        "<th>初核</th><th>要问的</th><th>复核</th><th>依据和备注</th></tr></thead>\n"
        f"<tbody>{rows}</tbody></table>\n"
    )


_STYLE = (
    "body{font:14px/1.6 'Noto Sans CJK SC','Microsoft YaHei',sans-serif;max-width:60em;"
    "margin:1.5em auto;padding:0 1em;color:#111}h1{font-size:1.5em}h2{font-size:1.1em;"
    "margin:1.2em 0 .4em}dl{display:grid;grid-template-columns:8em 1fr;gap:.2em 1em;margin:0}"
    "dt{font-weight:600}dd{margin:0}table{border-collapse:collapse;width:100%}"
    "th,td{border:1px solid #555;padding:.3em .5em;text-align:left;vertical-align:top}"
    "th{background:#eee}th,td:nth-child(1),td:nth-child(3){white-space:nowrap}"
    "td:nth-child(5){width:10em}td:nth-child(6){width:9em}"
    ".text{white-space:pre-wrap;border-left:3px solid #888;padding-left:.8em;margin:.3em 0}"
    ".sign{margin-top:2em}tr{break-inside:avoid}"
    "@media print{body{margin:0;max-width:none}@page{size:A4;margin:15mm}}"
)
