"""``assistant match``: which measures apply to a company."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.company import company, read_profile
from assistant.cli.output import console, emit_json, table
from assistant.errors import BadInputError
from assistant.records import Match, Profile

if TYPE_CHECKING:
    from assistant.finder.vocabulary import Term


def match(
    told: Annotated[str, typer.Argument(help="用一段话说企业情况和想问什么")] = "",
    profile: Annotated[Path | None, typer.Option(help="企业画像的 JSON 文件")] = None,
    district: Annotated[str | None, typer.Option(help="所在的区")] = None,
    area: Annotated[str | None, typer.Option(help="所在的区域，例如 临港新片区")] = None,
    industry: Annotated[
        list[str] | None, typer.Option(help="行业，例如 餐饮、软件，可多次；--industries 列出全部")
    ] = None,
    industries: Annotated[bool, typer.Option(help="列出可填的行业")] = False,
    size: Annotated[str | None, typer.Option(help="规模，例如 小型")] = None,
    qualification: Annotated[list[str] | None, typer.Option(help="资质，可多次")] = None,
    event: Annotated[list[str] | None, typer.Option(help="事项，例如 首次升规，可多次")] = None,
    as_of: Annotated[str | None, typer.Option(help="按哪一天判断，YYYY-MM-DD")] = None,
    limit: Annotated[int, typer.Option(min=1, max=200, help="最多列几条")] = 24,
    out: Annotated[Path | None, typer.Option(help="另存为 .xlsx 或 .csv")] = None,
    json_: Annotated[bool, typer.Option("--json", help="只输出 JSON")] = False,
) -> None:
    """按企业情况查找适用的政策条款：金额、条件核对、有效期和出处。"""
    if industries:
        _list_industries()
        return
    from assistant.ask import Assistant
    from assistant.corpus.districts import full_name
    from assistant.finder.chat import described
    from assistant.finder.match import renumbered
    from assistant.wire import area_named, match_to_json, profile_to_json

    given = read_profile(profile) if profile else Profile()
    given = replace(
        given,
        district=full_name(district or "") or given.district,
        area=area_named(area) if area else given.area,
        industry=tuple(industry or ()) or given.industry,
        size=size or given.size,
        qualifications=tuple(qualification or ()) or given.qualifications,
        events=tuple(event or ()) or given.events,
    )
    case = company(given, told)
    if case == Profile():
        raise BadInputError("还不知道企业情况", "请说明所在区、行业、资质或遇到的事项")
    assistant = Assistant.open()
    found = renumbered(assistant.match(case, question=told, as_of=as_of, limit=limit))
    if out is not None:
        from assistant.finder.export import write

        write(found, case, out, as_of=as_of)
        typer.echo(f"已保存 {out}", err=True)
    if json_:
        emit_json(
            {
                "profile": profile_to_json(case),
                "matches": [match_to_json(m) for m in found.matches],
                "near_misses": [match_to_json(m) for m in found.near_misses],
            }
        )
        return
    screen = console()
    screen.print(f"企业情况：{described(case)}", markup=False)
    columns = ("", "得到什么", "条件（待确认）", "谁出", "有效", "出处")
    screen.print(table(columns, map(_row, found.matches), title=f"适用 {len(found.matches)} 条"))
    if found.near_misses:
        rows = [(m.citation.n, _gist(m), m.why, _source(m)) for m in found.near_misses]
        screen.print(table(("", "内容", "为什么不适用", "出处"), rows, title="差一点的"))


def _list_industries() -> None:
    from assistant.finder.industries import sections

    def said(terms: Iterable[Term]) -> str:
        return "、".join(term.said for term in terms)

    rows = [(s.name, said(s.trades), said(s.special)) for s in sections()]
    columns = ("门类（GB/T 4754—2017）", "行业", "政策单列的细分行业")
    console().print(table(columns, rows, title="可填的行业"))


def _row(m: Match) -> tuple[object, ...]:
    open_ = "；".join(c.text for c in m.conditions if c.verdict == "待确认")
    return (m.citation.n, _gist(m), open_, m.payer, m.status, _source(m))


def _gist(m: Match) -> str:
    return m.amount or f"{m.citation.quote}（没有写明金额）"


def _source(m: Match) -> str:
    document, measure = m.citation.hit.document, m.citation.hit.measure
    return f"《{document.title}》{document.doc_number or ''} {measure.label}"
