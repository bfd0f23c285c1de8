"""The answer in the making: sentences of the chosen measures, each with its citation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from assistant.answer.absent import Absence
from assistant.answer.asks import Ask
from assistant.answer.evidence import Pick
from assistant.answer.knowledge import Knowledge
from assistant.answer.phrasing import ended, escape, name, spoken, without_enumerator
from assistant.answer.refuse import HOTLINE
from assistant.answer.select import analysed
from assistant.answer.sentences import Sentence
from assistant.question.query import Query
from assistant.records import Citation, Hit, Validity

ENDED = ("expired", "repealed", "not_yet")
_CITY = re.compile(r"上海|全市|本市|市里|市级|沪")
_WHICH_ARTICLE = re.compile(r"第几条|哪一?条|哪几条|条款号")
_CORRECTED_BODY = re.compile(r"不是[^\d：]{2,12}(?:委|局|办|院|厅|部门|中心)：")
_DENIES = re.compile(r"不收|免费|免收|不得收取|无需|不再")
_LEAD_DEPTS = re.compile(
    r"^[（(\[【\s]*(?:(?:责任|牵头|负责|主管|实施|落实)(?:和配合)?(?:单位|部门|主体)(?:和单位|及部门)?[：:]\s*)?"
)


@dataclass
class Draft:
    """Sentences so far; a measure cited twice keeps its number."""

    as_of: str
    known: Knowledge
    lines: list[str] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)

    def cite(self, hit: Hit, quote: str, validity: Validity | None = None) -> int:
        """The number of the citation; ``quote`` is a verbatim span of the measure."""
        for position, citation in enumerate(self.citations):
            if citation.hit.measure.measure_id == hit.measure.measure_id:
                if len(quote) > len(citation.quote):
                    self.citations[position] = replace(citation, quote=quote)
                return citation.n
        if validity is None:
            validity = self.known.validity(hit.measure, hit.document, self.as_of)
        self.citations.append(Citation(len(self.citations) + 1, hit, quote, validity))
        return len(self.citations)

    def say(self, text: str, n: int) -> None:
        if text:
            self.lines.append(f"{escape(ended(text))}[{n}]")


def say_pick(
    draft: Draft,
    query: Query,
    chosen: Pick,
    wanted: frozenset[Ask],
    first: str,
    lacks: Absence | None,
    total: int,
) -> None:
    """The measure's sentences, the one that answers best in front.

    Args:
        first: words that correct the question's premise.
        lacks: what is asked and not stated; then only the clause in question is given.
        total: number of measures in the answer.
    """
    hit = chosen.hit
    body = [s for s in chosen.sentences if s.part != "depts"]
    if lacks and lacks.only is not None:
        body = _only(chosen, lacks.only)
    if first.startswith("并非"):
        body = [s for s in body if _DENIES.search(s.text)] or body
    groups = _groups(body, chosen.best.sentence.index)
    if not groups:
        return
    quote = hit.measure.text[groups[0][0].start : groups[0][-1].end]
    n = draft.cite(hit, quote)
    lead = first + _place(query, hit, total)
    if hit.measure.label and _WHICH_ARTICLE.search(query.text):
        lead += f"{hit.measure.label}规定，"
    departments = _departments(chosen) if "who" in wanted else ""
    if departments and _CORRECTED_BODY.match(first):
        draft.say(first + departments, n)
        lead = lead.removeprefix(first)
    for group in groups:
        draft.say(lead + _joined(group), n)
        lead = ""
    if departments and departments not in "".join(draft.lines):
        draft.say(departments, n)


def _groups(body: Sequence[Sentence], best: int) -> list[list[Sentence]]:
    """Whole sentences (a list with its lead is one), the best one first."""
    groups: list[list[Sentence]] = []
    for sentence in body:
        hangs = groups and (
            (groups[-1][-1].text[-1:] in "；;：:，," and groups[-1][-1].index == sentence.index - 1)
            or (
                sentence.part == "item"
                and sentence.lead is not None
                and any(s.index == sentence.lead for s in groups[-1])
            )
        )
        if hangs:
            groups[-1].append(sentence)
        else:
            groups.append([sentence])
    groups.sort(key=lambda group: all(s.index != best for s in group))
    return groups


def _only(chosen: Pick, index: int) -> list[Sentence]:
    """When a figure is missing, only the clause that speaks of the matter is given."""
    every = analysed(chosen.hit.measure).sentences
    lead = every[index].lead
    return [s for s in every if s.index == index or s.index == lead]


def _joined(body: Sequence[Sentence]) -> str:
    """Sentences in the order of the text; an enumerator stays only inside a list."""
    parts: list[str] = []
    for position, sentence in enumerate(body):
        text = spoken(sentence.text)
        if position == 0:
            text = without_enumerator(text)
        elif parts[-1][-1:] not in "。；！？：:;，":
            parts[-1] += "。"
        parts.append(text)
    return "".join(parts)


def _place(query: Query, hit: Hit, total: int) -> str:
    """For whom it holds, where the question does not say: the district, or the side compared."""
    district = hit.document.district
    if len(query.sides) > 1 or total > 1:
        if district:
            return f"{district}："
        if any(side.city for side in query.sides):
            return "市级："
        if any(side.title or side.doc_number or side.called for side in query.sides):
            return f"{hit.document.doc_number or name(hit.document, number=False)}："
    elif district and query.district != district:
        return f"{district}："
    if query.districts and district is None and not _CITY.search(query.text):
        return "市级规定："
    return ""


def _departments(chosen: Pick) -> str:
    """``责任单位：…`` as the closing bracket or the table has it."""
    listed = [s.text for s in chosen.sentences if s.part == "depts"]
    text = _LEAD_DEPTS.sub("", listed[0]).rstrip("。）)】] ") if listed else ""
    if text.count("（") > text.count("）"):
        text += "）"
    text = chosen.hit.measure.depts or text
    deadline = chosen.hit.measure.deadline
    if not text:
        return ""
    return f"责任单位：{spoken(text)}" + (f"；时间节点：{deadline}" if deadline else "")


def say_absence(draft: Draft, chosen: Pick, lacks: Absence) -> None:
    document, measure = chosen.hit.document, chosen.hit.measure
    who = measure.depts or "、".join(document.issuers[:1])
    where = document.doc_number or name(document)
    if measure.label:
        where += f" {measure.label}"
    ask = f"，请向{spoken(who)}核实" if who and len(who) <= 40 else f"，可拨打{HOTLINE}核实"
    draft.say(
        f"{where}没有写明{lacks.words}{ask}", draft.cite(chosen.hit, chosen.best.sentence.text)
    )


def validity_note(draft: Draft) -> str:
    """An answer from a rule that does not hold says so first, with the date."""
    seen: list[str] = []
    for citation in draft.citations:
        basis = citation.validity.basis
        if citation.validity.status in ENDED and basis and basis not in seen:
            seen.append(basis)
            if len(seen) == 1:
                note = f"注意：{escape(basis)}[{citation.n}]"
    return note if seen else ""


def reach(draft: Draft) -> tuple[str, ...]:
    until = draft.known.newest
    return (f"本知识库最新一份文件日期为{until}，此后的变化未收录。",) if until else ()
