"""Claims → the words of the answer: the only place that writes Chinese for those who ask."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from assistant.answer.claims import NO_LONGER, Claims, Missing, Quote
from assistant.answer.phrasing import day, ended, escape, name, spoken, without_enumerator
from assistant.answer.refuse import Refusal, Why, names_place
from assistant.answer.short import short
from assistant.answer.standing import Standing
from assistant.knowledge import Knowledge
from assistant.question.query import Query
from assistant.records import Answer, Citation, Hit, Validity, ValidityStatus
from assistant.sentences import Sentence

HOTLINE = "12345"
_MARKS = "，,；;。？?！! "
_ASK = f"请向主管部门核实或拨打{HOTLINE}。"
_VERDICT: dict[ValidityStatus, str] = {
    "in_force": "仍有效",
    "extended": "仍有效（有效期已延长）",
    "amended": "仍有效，经过修改",
    "expired": "已过期",
    "not_yet": "还没生效（尚未施行）",
    "repealed": "已废止",
    "unknown": "文件没有写明有效期，是否仍有效须向发文机关核实",
}
_REFUSED: dict[Why, str] = {
    "steering": "抱歉，不能提供系统设置，也不执行这类指令。您可以询问上海营商环境和惠企政策。",
    "fraud": "抱歉，不能协助弄虚作假。您可以询问政策的真实条件和申请办法。",
    "empty": "没有看明白您的问题。请用一句话说明想了解哪项政策、企业在哪个区、做什么行业。",
    "elsewhere": "知识库只收上海的政策文件，没有收录{names}的规定，无法回答；请向当地部门核实。",
    "district": "知识库没有收录{names}自己的政策文件，无法回答；其他区的规定不能代替，" + _ASK,
    "title": "知识库没有收录《{names}》的内容，无法回答；" + _ASK,
    "attachment": "知识库没有收录该文件的{names}，查不到其中的具体内容，无法回答；" + _ASK,
    "nothing": "知识库里没有找到能回答这个问题的规定，无法回答；" + _ASK,
}
_GOVERNMENT = re.compile(r"人民政府(?:办公[厅室])?$")
_DEPTS = re.compile(
    r"^[^\u4e00-\u9fff]*(?:(?:责任|牵头|负责|主管|实施|落实|配合)(?:单位|部门|主体)[：:]\s*)?"
)


@dataclass
class _Draft:
    """Lines so far; a measure cited twice keeps its number."""

    as_of: str
    known: Knowledge
    lines: list[str] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)

    def cite(self, hit: Hit, quote: str, validity: Validity | None = None) -> int:
        """The number of the citation; ``quote`` is a verbatim span of the measure."""
        for place, citation in enumerate(self.citations):
            if citation.hit.measure.measure_id == hit.measure.measure_id:
                if len(quote) > len(citation.quote):
                    self.citations[place] = replace(citation, quote=quote)
                return citation.n
        if validity is None:
            validity = self.known.validity(hit.measure, hit.document, self.as_of)
        self.citations.append(Citation(len(self.citations) + 1, hit, quote, validity))
        return len(self.citations)

    def say(self, text: str, n: int, span: str = "", status: str = "") -> None:
        """One sentence with its mark.

        Args:
            span: the words of the measure that it stands on; all that is quoted when left out.
            status: whether what it says still holds, behind it.
        """
        own = self.citations[n - 1]
        self.citations[n - 1] = replace(own, spans=(*own.spans, span or own.quote))
        self.lines.append(f"{escape(ended(text))}{status}[{n}]")

    def status(self, n: int) -> str:
        """Of a rule that has ended; nothing of one that holds."""
        own = self.citations[n - 1].validity
        if own.status not in NO_LONGER:
            return ""
        until = f"，{day(own.expires)}止" if own.expires else ""
        return f"（{_VERDICT[own.status]}{until}）"


def phrase(query: Query, claims: Claims, *, as_of: str, known: Knowledge) -> Answer:
    """The answer in words, every sentence with its citation."""
    draft = _Draft(as_of, known)
    hidden = _hidden(draft, claims.hidden) if not claims.quotes and not claims.standings else ""
    if claims.refusal is not None:
        answer = _refused(query, claims.refusal, known)
        return replace(answer, text=answer.text + hidden)
    for standing in claims.standings:
        _say_standing(draft, standing, several=len(claims.standings) > 1)
    for number, quote in enumerate(claims.quotes):
        lead = _opening(draft, query, claims) if number == 0 else _place(query, claims, quote)
        first = number == 0 and claims.polarity is None and not claims.standings
        _say_quote(draft, query, quote, lead, bare=first, status=not claims.standings)
    for standing in claims.besides:
        _say_standing(draft, standing, several=True)
    for missing in claims.missing:
        _say_missing(draft, missing)
    return Answer(
        question=query.text,
        standalone_question=query.text,
        text="".join(draft.lines).replace("](", "] (") + hidden,  # no accidental Markdown link
        citations=tuple(draft.citations),
        notes=_reach(known),
    )


def _hidden(draft: _Draft, hit: Hit | None) -> str:
    """Names what would have answered, had rules not been asked for that are in force."""
    if hit is None:
        return ""
    own = draft.known.validity(hit.measure, hit.document, draft.as_of)
    when = own.effective_from if own.status == "not_yet" else own.expires
    until = f"，{day(when)}{'起' if own.status == 'not_yet' else '止'}" if when else ""
    where = f"{name(hit.document)}{hit.measure.label or ''}"
    return escape(f"按“仅现行有效”没有采用：{where}（{_VERDICT[own.status]}{until}）。")


def _refused(query: Query, refusal: Refusal, known: Knowledge) -> Answer:
    text = _REFUSED[refusal.why].format(names="、".join(refusal.names))
    if refusal.why == "nothing" and known.newest:
        count, until = len(known.documents), day(known.newest)
        text += f"（目前收录{count}份文件，最新一份日期为{until}。）"
    if refusal.near is not None:
        text += f"较接近的文件有{name(refusal.near.document)}。"
    return Answer(
        question=query.text,
        standalone_question=query.text,
        text=escape(text),
        refused=True,
        reason=refusal.reason,
    )


def _say_standing(draft: _Draft, standing: Standing, *, several: bool) -> None:
    own = standing.validity
    lead = _VERDICT[own.status]
    if standing.document is None and own.expires and own.status == "in_force":
        lead += f"，自{day(own.expires)}起废止"
    elif own.status == "in_force" and own.expires:
        left = (date.fromisoformat(own.expires) - date.fromisoformat(draft.as_of)).days
        lead += (
            f"，有效期至{day(own.expires)}，还剩{left}天"
            if 0 <= left < 366
            else f"，有效期至{day(own.expires)}"
        )
    elif own.status in ("expired", "extended") and own.expires:
        lead += f"，有效期至{day(own.expires)}"
    elif own.status == "repealed" and own.expires:
        lead = f"自{day(own.expires)}起已废止"
    elif own.status == "not_yet" and own.effective_from:
        lead += f"，自{day(own.effective_from)}起施行"
    if standing.by_title and own.status != "unknown":
        lead += f"（{own.basis.rstrip('。')}）"
    # no words state a term, and the title alone proves none: it is named, not quoted
    untold = standing.by_title and own.status == "unknown"
    if (several or untold) and standing.document is not None:
        lead = f"{name(standing.document)}{lead}"
    lead += "" if untold else "："
    for clause in standing.clauses:
        n = draft.cite(clause.hit, clause.text, clause.validity or _of(standing, clause.hit, draft))
        words = "" if untold else without_enumerator(spoken(clause.text))
        draft.say(lead + words, n, clause.text)
        lead = ""


def _of(standing: Standing, hit: Hit, draft: _Draft) -> Validity | None:
    """The clause of the rule's own document carries the rule's validity."""
    own = standing.document is not None and hit.document.doc_id == standing.document.doc_id
    return standing.validity if own else None


def _opening(draft: _Draft, query: Query, claims: Claims) -> str:
    """Before the first quote: whose rule it is, whether all that answers has ended, the verdict."""
    ended_ = "现在没有查到有效的规定，以前曾规定：" if _all_ended(draft, query, claims) else ""
    if claims.unheld and not names_place(query, claims.unheld, claims.quotes[0].hit):
        lead = f"没有收录{'、'.join(claims.unheld)}自己的文件"
        whose = claims.quotes[0].hit.document.place or "全市"
        lead += f"；{whose}{ended_}" if ended_ else f"，以下是{whose}规定："
    elif not claims.standings and _of_city(query, claims.quotes[0]):
        lead = f"全市{ended_ or '规定：'}"
    else:
        lead = ended_ + _place(query, claims, claims.quotes[0])
    return lead + _polarity(claims)


def _all_ended(draft: _Draft, query: Query, claims: Claims) -> bool:
    """Only rules that no longer hold answer, and the question does not mean the past."""
    past = query.years or query.as_of_named or query.titles or query.doc_numbers or query.labels
    if past or claims.standings or claims.polarity:
        return False
    hits = [quote.hit for quote in claims.quotes]
    found = [draft.known.validity(h.measure, h.document, draft.as_of) for h in hits]
    return all(validity.status in NO_LONGER for validity in found)


def _polarity(claims: Claims) -> str:
    if claims.wrong is not None:
        return f"不是{claims.wrong.text}："
    return {"yes": "是的：", "no": "不是这样：", None: ""}[claims.polarity]


def _say_quote(
    draft: _Draft, query: Query, quote: Quote, lead: str, *, bare: bool, status: bool
) -> None:
    """What is quoted of one measure; behind the last sentence, whether it no longer holds.

    Before the first of all, the figure asked for, unless what was supposed is answered first.
    """
    body = [s for s in quote.sentences if s.part != "depts"]
    listed = [s for s in quote.sentences if s.part == "depts"]
    spans = body or list(quote.sentences)
    text = quote.hit.measure.text[spans[0].start : spans[-1].end]
    n = draft.cite(quote.hit, text)
    groups = _groups(body)
    groups.sort(key=lambda group: all(s.index != quote.best for s in group))
    measure = quote.hit.measure.text
    said = [(_joined(g), measure[g[0].start : g[-1].end]) for g in groups]  # the best comes first
    said += [(_departments(quote.hit, d), d.text) for d in listed[:1]]
    figure = short(query.text, said[0][0]) if bare and groups else ""
    if figure:
        said.insert(0, (figure, said[0][1]))
    ended_ = draft.status(n) if status else ""
    for place, (words, span) in enumerate(said):
        draft.say(lead + words, n, span, ended_ if place == len(said) - 1 else "")
        lead = ""


def _groups(body: Sequence[Sentence]) -> list[list[Sentence]]:
    """What hangs together: a lead with its items, clauses between semicolons."""
    groups: list[list[Sentence]] = []
    for sentence in body:
        before = groups[-1][-1] if groups else None
        hangs = before is not None and (
            (before.text[-1:] in "；;：:，," and before.index == sentence.index - 1)
            or (sentence.part == "item" and any(s.index == sentence.lead for s in groups[-1]))
        )
        if hangs:
            groups[-1].append(sentence)
        else:
            groups.append([sentence])
    return groups


def _joined(body: Sequence[Sentence]) -> str:
    """Sentences in the order of the text; an enumerator stays only inside a list."""
    parts: list[str] = []
    columns: list[str] = []
    for place, sentence in enumerate(body):
        if "\t" in sentence.text:
            cells = [spoken(cell) for cell in sentence.text.split("\t")]
            if sentence.part == "heading":
                columns = cells
            else:
                parts.append(_row(columns, cells))
            continue
        text = spoken(sentence.text)
        if place == 0:
            text = without_enumerator(text)
        elif parts and parts[-1][-1:] not in "。；！？：:;，":
            parts[-1] += "。"
        parts.append(text)
    return "".join(parts)


def _row(columns: Sequence[str], cells: Sequence[str]) -> str:
    """A row of a table with the names of its columns: ``船型：电动渡轮，补贴：8万元；``."""
    if len(columns) != len(cells):
        return "，".join(cell for cell in cells if cell) + "；"
    return "，".join(f"{n}：{c}" for n, c in zip(columns, cells, strict=True) if c) + "；"


def _place(query: Query, claims: Claims, quote: Quote) -> str:
    """For whom it holds, where the question does not say: the district, or the side compared."""
    document = quote.hit.document
    side = quote.side
    if side is not None:
        if document.district and side.district:
            return f"{document.district}："
        return "市级：" if side.city else f"{document.doc_number or name(document, number=False)}："
    if document.elsewhere:
        return f"{document.elsewhere}："
    several = len(claims.quotes) > 1
    if document.area and (several or document.area not in (query.area, *query.areas)):
        return f"{document.area}："
    if document.district and (several or query.district != document.district):
        return f"{document.district}："
    return ""


def _of_city(query: Query, quote: Quote) -> bool:
    """Whether a rule of the city answers a question about a district."""
    document = quote.hit.document
    here = document.place is None and not document.elsewhere
    return bool(query.districts) and here and quote.side is None


def _departments(hit: Hit, listed: Sentence) -> str:
    """``责任单位：…`` as the closing bracket or the table has it."""
    text = hit.measure.depts or _DEPTS.sub("", listed.text).rstrip("。）)】] ")
    deadline = f"；时间节点：{hit.measure.deadline}" if hit.measure.deadline else ""
    return f"责任单位：{spoken(text)}{deadline}"


def _say_missing(draft: _Draft, missing: Missing) -> None:
    hit = missing.hit
    if missing.asked:
        n = draft.cite(hit, hit.measure.text)
        asked = re.split("[，,；;。]", missing.asked.strip(_MARKS))[-1]
        draft.say(f"“{asked}”：文件没有写明", n)
        return
    n = draft.cite(hit, hit.measure.text[missing.sentences[0].start : missing.sentences[-1].end])
    where = hit.document.doc_number or name(hit.document)
    label = f" {hit.measure.label}" if hit.measure.label else ""
    if missing.read > 1:
        where, label = f"查阅了{where}，其中", label.lstrip()
    nearest = f"{where}{label}只写了：{_joined(missing.sentences)}"
    draft.say(f"文件没有写明您问的这一点。{nearest}", n, status=draft.status(n))
    who = hit.measure.depts or "、".join(hit.document.issuers[:1])
    # a whole government has no counter to ask at
    known = 0 < len(who) <= 40 and not _GOVERNMENT.search(who)
    asked = f"请向{spoken(who)}核实" if known else f"可拨打{HOTLINE}核实"
    draft.say(asked, n)


def _reach(known: Knowledge) -> tuple[str, ...]:
    until = day(known.newest)
    return (f"本知识库最新一份文件日期为{until}，此后的变化未收录。",) if until else ()
