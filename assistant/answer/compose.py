"""Question and hits → an extractive answer, every sentence with its citation, or a refusal."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from assistant.answer import parts, refuse, within
from assistant.answer.absent import Absence, absence
from assistant.answer.asks import Ask, asked
from assistant.answer.corpus_view import CorpusView
from assistant.answer.evidence import Pick, pick
from assistant.answer.knowledge import Knowledge
from assistant.answer.phrasing import ended, escape, name, spoken, without_enumerator
from assistant.answer.premise import correction, unsupported
from assistant.answer.select import Similarity
from assistant.answer.sentences import Sentence, split
from assistant.answer.small_talk import small_talk
from assistant.answer.standing import Standing, content_part, standing
from assistant.answer.status import counterpart, is_closing, meant_document
from assistant.answer.suggest import suggestions
from assistant.question.clean import asked_part
from assistant.question.query import Query
from assistant.records import Answer, Citation, Document, Hit, Validity

_CITY = re.compile(r"上海|全市|本市|市里|市级|沪")
_OWN_BEHIND = 4.0  # retrieval score by which a district's own measure may be behind
_WHICH_ARTICLE = re.compile(r"第几条|哪一?条|哪几条|条款号")
_ENDED = ("expired", "repealed", "not_yet")
_LEAD_DEPTS = re.compile(
    r"^[（(\[【\s]*(?:(?:责任|牵头|负责|主管|实施|落实)(?:和配合)?(?:单位|部门|主体)(?:和单位|及部门)?[：:]\s*)?"
)


def compose(
    query: Query,
    hits: Sequence[Hit],
    *,
    as_of: str,
    corpus: CorpusView,
    similarity: Similarity | None = None,
) -> Answer:
    """The extractive answer to an understood question.

    Args:
        query: from :func:`assistant.question.understand`.
        hits: from the retriever, best first.
        as_of: ISO date for which validity is judged.
        corpus: the catalogue, or a :class:`Knowledge` around it (keeps its look-ups).
        similarity: cosine of the question with each of several sentences, from the encoder.
    """
    known = Knowledge.of(corpus)
    question = asked_part(query.text)
    talk = small_talk(query, known)
    if talk is not None:
        return talk
    refusal = refuse.early(query, query.text)
    if refusal is None:
        picks = _content(query, question, hits, as_of, known, similarity)
        refusal = refuse.by_place(query, picks, hits, known)
    if refusal is None:
        stands = standing(query, question, picks, hits, as_of, known)
        if stands is None or not stands.certain:
            refusal = (
                refuse.by_document(query, hits, known)
                or refuse.by_mention(query, known)
                or refuse.by_evidence(query, picks, hits, known)
            )
        if refusal is None:
            return _answer(query, question, hits, picks, stands, as_of, known)
    return Answer(
        question=query.text,
        standalone_question=query.text,
        text=escape(refusal.text),
        refused=True,
        reason=refusal.reason,
        retrieved=tuple(hits),
        suggestions=suggestions(query, (), known),
    )


def _content(
    query: Query,
    question: str,
    hits: Sequence[Hit],
    as_of: str,
    known: Knowledge,
    similarity: Similarity | None,
) -> tuple[Pick, ...]:
    """The measures that answer what is asked beside a rule's standing."""

    def holds(hit: Hit) -> bool:
        status = known.validity(hit.measure, hit.document, as_of).status
        return status not in _ENDED

    wanted = asked(question)
    if "validity" not in wanted:
        picks = _picks(query, question, hits, similarity, holds)
        picks = parts.answered(query, question, picks, known, similarity, hits)
        return within.completed(query, question, picks, known, similarity, hits)
    content = content_part(question)
    document = meant_document(query, hits, known)
    hits = [h for h in hits if not is_closing(h.measure)] or list(hits)
    named = query.titles or query.doc_numbers
    if document is not None and (named or content != question):
        inside = within.search(query, content, document, known, similarity, hits)
        first = _picks(query, content, hits, similarity, holds)
        if not first or (inside and (named or inside[0].value > first[0].value)):
            return inside[:1] or first
        return first
    return _picks(query, content, hits, similarity, holds)


def _picks(
    query: Query,
    question: str,
    hits: Sequence[Hit],
    similarity: Similarity | None,
    holds: Callable[[Hit], bool] | None = None,
) -> tuple[Pick, ...]:
    """The answering measures: one a side where the question compares, else the best ones."""
    own = _of_place(query, [hit for hit in hits if not hit.elsewhere] or list(hits))
    if len(query.sides) < 2:
        return pick(query, question, own, similarity, holds)
    found: dict[str, Pick] = {}
    for side in query.sides:
        near = [h for h in hits if _of_side(h.document, side.district, side.doc_number, side.title)]
        for best in pick(query, side.text, near, similarity)[:1]:
            found.setdefault(best.hit.measure.measure_id, best)
    return tuple(found.values()) or pick(query, question, own, similarity)


def _of_place(query: Query, hits: list[Hit]) -> list[Hit]:
    """「区里有什么…」 asks for the district's own measures, when it has any that come near."""
    named = query.districts or ((query.district,) if query.district else ())
    if query.level != "区" or not named or not hits:
        return hits
    own = [hit for hit in hits if hit.document.district in named]
    return own if own and own[0].score >= hits[0].score - _OWN_BEHIND else hits


def _of_side(
    document: Document, district: str | None, number: str | None, title: str | None
) -> bool:
    if number:
        return document.doc_number == number
    if title:
        return title in document.title or document.title in title
    return document.district == district


@dataclass
class _Draft:
    """Sentences in the making, each with the hit that carries it."""

    as_of: str
    known: Knowledge
    lines: list[str] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)

    def cite(self, hit: Hit, quote: str, validity: Validity | None = None) -> int:
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


def _answer(
    query: Query,
    question: str,
    hits: Sequence[Hit],
    picks: tuple[Pick, ...],
    stands: Standing | None,
    as_of: str,
    known: Knowledge,
) -> Answer:
    draft = _Draft(as_of, known)
    wanted = asked(question)
    if stands is not None:
        _say_standing(draft, stands)
        picks = _beside(query, picks, stands)
    lacks = absence(question, picks[0]) if picks and len(picks) == 1 else None
    if lacks is None and picks and len(query.sides) < 2:
        lacks = absence(question, picks[0])
        if lacks:
            picks = picks[:1]
    if lacks is None and picks and stands is None:
        lacks = unsupported(question, picks)
    first = "" if stands and stands.certain else correction(question, picks) or ""
    for position, chosen in enumerate(picks):
        _say_pick(draft, query, chosen, wanted, first if position == 0 else "", lacks, len(picks))
    if lacks and picks:
        _say_absence(draft, picks[0], lacks)
    notes = _validity_note(draft) if stands is None else ""
    return Answer(
        question=query.text,
        standalone_question=query.text,
        text=notes + "".join(draft.lines),
        citations=tuple(draft.citations),
        retrieved=tuple(hits),
        notes=_notes(draft),
        suggestions=suggestions(query, picks, known),
    )


def _say_standing(draft: _Draft, stands: Standing) -> None:
    first = True
    for clause in stands.clauses:
        n = draft.cite(clause.hit, clause.text, clause.validity)
        draft.say((stands.verdict if first else "") + spoken(clause.text), n)
        first = False


def _beside(query: Query, picks: tuple[Pick, ...], stands: Standing) -> tuple[Pick, ...]:
    """The measures that still add something to a statement on validity."""
    if not stands.wants_content:
        return ()
    said = {clause.hit.measure.measure_id for clause in stands.clauses}
    kept = [p for p in picks if p.hit.measure.measure_id not in said]
    if stands.document is not None:
        kept = [p for p in kept if p.hit.document.doc_id == stands.document.doc_id]
    return tuple(kept[:1])


def _republished(chosen: Pick, known: Knowledge) -> Hit:
    """The hit of a decision's item, with the article that carries its wording today."""
    hit = chosen.hit
    if not any(r.type == "amends" for r in known.links.by(hit.document.doc_id)):
        return hit
    place = counterpart(hit, chosen.best.sentence.text, known)
    if place is None or any(
        (p.doc_id, p.measure) == (place.doc_id, place.measure) for p in hit.also_in
    ):
        return hit
    return replace(hit, also_in=(*hit.also_in, place))


def _say_pick(
    draft: _Draft,
    query: Query,
    chosen: Pick,
    wanted: frozenset[Ask],
    first: str,
    lacks: Absence | None,
    total: int,
) -> None:
    hit = _republished(chosen, draft.known)
    body = [s for s in chosen.sentences if s.part != "depts"]
    if lacks and lacks.only is not None:
        body = _only(chosen, lacks.only)
    depts = _departments(chosen) if "who" in wanted else ""
    quote = hit.measure.text[body[0].start : body[-1].end] if body else chosen.text
    n = draft.cite(hit, quote)
    text = spoken(_joined(body))
    if hit.measure.label and _WHICH_ARTICLE.search(query.text):
        text = f"{hit.measure.label}规定，{text}"
    draft.say(first + _place(query, hit, total) + text, n)
    if depts and depts not in text:
        draft.say(depts, n)


def _only(chosen: Pick, index: int) -> list[Sentence]:
    """When a figure is missing, only the clause that speaks of the matter is given."""
    every = split(chosen.hit.measure)
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
        if any(side.title or side.doc_number for side in query.sides):
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


def _say_absence(draft: _Draft, chosen: Pick, lacks: Absence) -> None:
    document, measure = chosen.hit.document, chosen.hit.measure
    who = measure.depts or "、".join(document.issuers[:1])
    where = document.doc_number or name(document)
    if measure.label:
        where += f" {measure.label}"
    ask = f"，请向{spoken(who)}核实" if who and len(who) <= 40 else f"，可拨打{refuse.HOTLINE}核实"
    draft.say(
        f"{where}没有写明{lacks.words}{ask}", draft.cite(chosen.hit, chosen.best.sentence.text)
    )


def _validity_note(draft: _Draft) -> str:
    """An answer from a rule that does not hold says so first, with the date."""
    seen: list[str] = []
    for citation in draft.citations:
        basis = citation.validity.basis
        if citation.validity.status in _ENDED and basis and basis not in seen:
            seen.append(basis)
            if len(seen) == 1:
                note = f"注意：{escape(basis)}[{citation.n}]"
    return note if seen else ""


def _notes(draft: _Draft) -> tuple[str, ...]:
    until = draft.known.newest
    return (f"本知识库最新一份文件日期为{until}，此后的变化未收录。",) if until else ()
