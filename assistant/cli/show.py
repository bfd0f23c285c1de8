"""``assistant show``: one document, or one of its measures in context."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import typer

from assistant.cli.docs import iso_day
from assistant.cli.output import console, emit_json, table
from assistant.corpus.links import Links
from assistant.records import Document, Fact, Measure, Place, Relation, Validity
from assistant.settings import get_settings
from assistant.store.catalogue import Catalogue
from assistant.store.lookup import find_document, find_measure
from assistant.store.open import open_index
from assistant.validity import STATUS, validity

_RELATIONS = {
    "amends": "修改",
    "repeals": "废止",
    "extends": "延长有效期",
    "implements": "落实",
    "interprets": "解读",
    "duplicates": "内容相同",
}
_FACTS = {
    "amount": "金额",
    "ratio": "比例",
    "threshold": "门槛",
    "period": "期限",
    "time_limit": "时限",
    "department": "责任单位",
    "beneficiary": "对象",
    "payer": "给付方",
    "condition": "条件",
    "channel": "怎么办理",
    "not_stated": "未写明金额",
}


def show(
    doc: Annotated[str, typer.Argument(help="doc_id、文号，或标题（的一部分）")],
    label: Annotated[str | None, typer.Argument(help="条款编号，如 二/（一）/3 或 第五条")] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help="有效性的日期，默认今天")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="只输出 JSON")] = False,
) -> None:
    """查看一份文件的信息和目录，或其中一条的原文、上下文、事实和同类条款。"""
    day = iso_day(as_of) if as_of else date.today().isoformat()
    catalogue = open_index(get_settings()).catalogue
    document = find_document(catalogue, doc)
    links = Links(catalogue.documents())
    if label is None:
        valid = validity(None, document, day, links)
        measures = catalogue.measures(document.doc_id)
        if as_json:
            emit_json(_document_json(document, valid, measures))
        else:
            _print_document(document, valid, measures, links)
        return
    measure = find_measure(catalogue, document, label)
    valid = validity(measure, document, day, links)
    if as_json:
        emit_json(_measure_json(catalogue, document, measure, valid))
    else:
        _print_measure(catalogue, document, measure, valid)


def _document_json(
    document: Document, valid: Validity, measures: tuple[Measure, ...]
) -> dict[str, Any]:
    from assistant.cli.export import document_to_json, measure_to_json
    from assistant.wire import validity_to_json

    return document_to_json(document) | {
        "validity": validity_to_json(valid),
        "measures": [measure_to_json(measure) for measure in measures],
    }


def _measure_json(
    catalogue: Catalogue, document: Document, measure: Measure, valid: Validity
) -> dict[str, Any]:
    from assistant.cli.export import document_to_json, measure_to_json
    from assistant.wire import place_to_json, validity_to_json

    return measure_to_json(measure) | {
        "document": document_to_json(document),
        "validity": validity_to_json(valid),
        "also_in": [place_to_json(place) for place in catalogue.twins(measure.measure_id)],
    }


def _print_document(
    document: Document, valid: Validity, measures: tuple[Measure, ...], links: Links
) -> None:
    out = console()
    out.print(document.title, style="bold", markup=False)
    for line in _about(document, valid):
        out.print(line, markup=False)
    for relation in document.relations:
        out.print(f"{_RELATIONS[relation.type]}：{_target(relation)}", markup=False)
    for link in links.onto(document.doc_id):
        by = link.source.doc_number or link.source.title
        out.print(f"被 {by} {_RELATIONS[link.relation.type]}", markup=False)
    for warning in document.warnings:
        out.print(f"注意：{warning}", style="yellow", markup=False)
    rows = (
        [m.label or m.part, " › ".join((*m.path, m.heading or m.text[:30])), _lines(m), m.depts]
        for m in measures
    )
    out.print(table(["编号", "标题", "行", "责任单位"], rows))


def _print_measure(
    catalogue: Catalogue, document: Document, measure: Measure, valid: Validity
) -> None:
    out = console()
    siblings = catalogue.measures(document.doc_id)
    place = [m.measure_id for m in siblings].index(measure.measure_id)
    out.print(f"{document.title} {measure.label or measure.part}", style="bold", markup=False)
    for line in _about(document, valid):
        out.print(line, markup=False)
    page = f"，第 {measure.page} 页" if measure.page else ""
    out.print(
        f"位置：{' › '.join(measure.path) or '正文'}（{_lines(measure)}{page}）", markup=False
    )
    if place > 0:
        out.print(f"上一条 {_brief(siblings[place - 1])}", style="dim", markup=False)
    out.print(f"\n{measure.text}\n", markup=False)
    if place + 1 < len(siblings):
        out.print(f"下一条 {_brief(siblings[place + 1])}", style="dim", markup=False)
    for what, value in (("责任单位", measure.depts), ("完成时限", measure.deadline)):
        if value:
            out.print(f"{what}：{value}", markup=False)
    if measure.facts:
        out.print(table(["事实", "原文", "说明"], (_fact(fact) for fact in measure.facts)))
    for twin in catalogue.twins(measure.measure_id):
        out.print(f"同类条款：{_place(twin)}", markup=False)


def _about(document: Document, valid: Validity) -> list[str]:
    issued = f"{document.issued} 印发" if document.issued else "印发日期未写明"
    where = document.place or "市级"
    address = [f"原文网址：{document.url}"] if document.url else []
    return [
        f"{document.doc_number or '无文号'}，{'、'.join(document.issuers) or '发文机关未写明'}，"
        f"{where}，{document.kind}，{issued}",
        f"{valid.as_of}：{STATUS[valid.status]}。{valid.basis}",
        f"来源：{document.source} 第 {document.line_start}–{document.line_end} 行"
        f"（编号 {document.doc_id}）",
        *address,
    ]


def _target(relation: Relation) -> str:
    name = f"《{relation.target_title}》" if relation.target_title else ""
    number = relation.target_number or ""
    held = "" if relation.target_doc_id else "（未入库）"
    return f"{name}{number}{relation.target_label or ''}{held}"


def _fact(fact: Fact) -> list[str]:
    about = (fact.qualifier, fact.benefit, fact.base)
    return [_FACTS[fact.kind], fact.text, "，".join(part for part in about if part)]


def _place(place: Place) -> str:
    number = f"（{place.doc_number}）" if place.doc_number else ""
    return f"{place.title}{number} {place.measure or ''}"


def _brief(measure: Measure) -> str:
    text = measure.heading or measure.text.replace("\n", " ")
    return f"{measure.label or measure.part} {text[:40]}"


def _lines(measure: Measure) -> str:
    first, last = measure.line_start, measure.line_end
    return f"{first}–{last} 行" if first != last else f"{first} 行"
