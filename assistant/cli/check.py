"""``assistant check``: one measure's conditions run through for one company."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.cli.company import company, read_profile
from assistant.cli.docs import iso_day
from assistant.cli.output import console, emit_json, table
from assistant.corpus.links import Links
from assistant.errors import BadInputError
from assistant.finder.checklist import Checklist, check, page
from assistant.records import ConditionCheck, Profile
from assistant.settings import get_settings
from assistant.store.lookup import find_document, find_measure
from assistant.store.open import open_index
from assistant.validity import validity


def run_check(
    doc: Annotated[str, typer.Argument(help="doc_id、文号，或标题（的一部分）")],
    label: Annotated[str, typer.Argument(help="条款编号，如 二/（一）/3 或 第五条")],
    told: Annotated[str, typer.Argument(help="用一段话说企业情况")] = "",
    profile: Annotated[Path | None, typer.Option(help="企业画像的 JSON 文件")] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help="有效性的日期，默认今天")] = None,
    out: Annotated[Path | None, typer.Option(help="另存为可打印的网页 .html")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="只输出 JSON")] = False,
) -> None:
    """把一条政策的条件列成核对表，逐项对照一家企业：符合、不符合或待确认，并说明理由。"""
    day = iso_day(as_of) if as_of else date.today().isoformat()
    case = company(read_profile(profile) if profile else Profile(), told)
    catalogue = open_index(get_settings()).catalogue
    document = find_document(catalogue, doc)
    measure = find_measure(catalogue, document, label)
    valid = validity(measure, document, day, Links(catalogue.documents()))
    sheet = check(measure, document, valid, case)
    if out is not None:
        _save(page(sheet), out)
    if as_json:
        emit_json(to_json(sheet))
    else:
        _print(sheet)


def to_json(sheet: Checklist) -> dict[str, Any]:
    from assistant.wire import profile_to_json, validity_to_json

    return {
        "doc_id": sheet.document.doc_id,
        "title": sheet.document.title,
        "doc_number": sheet.document.doc_number,
        "measure": sheet.measure.label,
        "validity": validity_to_json(sheet.validity),
        "profile": profile_to_json(sheet.company),
        "result": sheet.result,
        "reasons": list(sheet.reasons),
        "general": [_condition(c) for c in sheet.general],
        "offers": [
            {
                "text": offer.text,
                "amount": offer.amount,
                "result": offer.result,
                "conditions": [_condition(c) for c in offer.checks],
            }
            for offer in sheet.offers
        ],
    }


def _condition(condition: ConditionCheck) -> dict[str, str | None]:
    return {
        "text": condition.text,
        "verdict": condition.verdict,
        "question": condition.question,
    }


def _save(html: str, path: Path) -> None:
    if path.suffix.lower() not in (".html", ".htm"):
        raise BadInputError(f"不支持保存为 {path.suffix or '无后缀'}", "请用 .html")
    try:
        path.write_text(html, encoding="utf-8")
    except OSError as error:
        raise BadInputError(f"不能写入 {path}", "请检查目录和权限") from error
    typer.echo(f"已保存 {path}", err=True)


def _print(sheet: Checklist) -> None:
    from assistant.finder.chat import described

    screen = console()
    number = sheet.document.doc_number or ""
    screen.print(f"《{sheet.document.title}》{number} {sheet.measure.label}", markup=False)
    screen.print(f"企业情况：{described(sheet.company)}", markup=False)
    screen.print(f"初核结论：{sheet.result}", style="bold", markup=False)
    for reason in sheet.reasons:
        screen.print(f"  {reason}", markup=False)
    columns = ("结果", "条件", "要问的")
    screen.print(table(columns, map(_row, sheet.general), title="时间和地点"))
    for n, offer in enumerate(sheet.offers, 1):
        title = f"第 {n} 项（{offer.result}）金额：{offer.amount or '没有写明'}"
        screen.print()
        screen.print(offer.text, markup=False)
        screen.print(table(columns, map(_row, offer.checks), title=title))


def _row(condition: ConditionCheck) -> tuple[object, ...]:
    return (condition.verdict, condition.text, condition.question)
