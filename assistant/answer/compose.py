"""Question and hits → an extractive answer, every sentence with its citation, or a refusal."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.answer import parts, refuse, within
from assistant.answer.absent import absence, unanswered
from assistant.answer.asks import asked
from assistant.answer.corpus_view import CorpusView
from assistant.answer.draft import ENDED, Draft, reach, say_absence, say_pick, validity_note
from assistant.answer.evidence import Pick, pick
from assistant.answer.knowledge import Knowledge
from assistant.answer.phrasing import escape, name, spoken, without_enumerator
from assistant.answer.premise import bearing, correction, unsupported
from assistant.answer.select import Similarity
from assistant.answer.small_talk import small_talk
from assistant.answer.standing import Standing, content_part, standing
from assistant.answer.status import is_closing, is_meant, meant_document
from assistant.answer.suggest import suggestions
from assistant.answer.wording import republished
from assistant.question.clean import asked_part
from assistant.question.query import Query, Side
from assistant.question.sides import goes_by
from assistant.records import Answer, Hit

_CLEARLY = 1.0  # log odds
_OWN_BEHIND = 4.0  # retrieval score by which a district's own measure may be behind


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
        picks = content_picks(query, question, hits, as_of, known, similarity)
        picks = republished(query, question, picks, known, similarity)
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


def content_picks(
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
        return status not in ENDED

    wanted = asked(question)
    if "validity" not in wanted:
        picks = _picks(query, question, hits, similarity, holds)
        picks = parts.answered(query, question, picks, known, similarity, hits)
        return within.completed(query, question, picks, known, similarity, hits)
    content = content_part(question)
    document = meant_document(query, hits, known)
    hits = [h for h in hits if not is_closing(h.measure)] or list(hits)
    if any(_is_labelled(query, hit) for hit in hits):
        return _picks(query, content, hits, similarity, holds)
    named = document is not None and is_meant(query, document, hits)
    if document is not None and (named or content != question):
        inside = within.search(query, content, document, known, similarity, hits)
        first = _picks(query, content, hits, similarity, holds)
        if not first or (inside and (named or _better(inside[0], first))):
            return inside[:1] or first
        return first
    return _picks(query, content, hits, similarity, holds)


def _better(inside: Pick, first: Sequence[Pick]) -> bool:
    """Whether reading the document found another measure that answers clearly better."""
    taken = {p.hit.measure.measure_id for p in first}
    return inside.hit.measure.measure_id not in taken and inside.value > first[0].value + _CLEARLY


def _picks(
    query: Query,
    question: str,
    hits: Sequence[Hit],
    similarity: Similarity | None,
    holds: Callable[[Hit], bool] | None = None,
) -> tuple[Pick, ...]:
    """The answering measures: one a side where the question compares, else the best ones."""
    own = _of_place(query, [hit for hit in hits if not hit.elsewhere] or list(hits))
    own = [hit for hit in own if is_meant(query, hit.document, hits)] or own
    own = [hit for hit in own if _is_labelled(query, hit)] or own
    if not asked(question) & {"date", "department"}:
        own = [hit for hit in own if not _is_notice(hit)] or own
    if len(query.sides) < 2:
        return pick(query, question, own, similarity, holds)
    found: dict[str, Pick] = {}
    for side in query.sides:
        near = _of_side(hits, side)
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


def _is_notice(hit: Hit) -> bool:
    """The covering notice names what it issues, and says nothing of its content."""
    return hit.measure.label is None and hit.measure.heading == "印发通知"


def _is_labelled(query: Query, hit: Hit) -> bool:
    """Whether the question names this very measure: document and label."""
    named = hit.features.get("named", 0.0) > 0 or is_meant(query, hit.document, ())
    return bool(query.labels) and named and hit.features.get("label", 0.0) >= 0.5


def _of_side(hits: Sequence[Hit], side: Side) -> list[Hit]:
    """The hits from the document or place of one side of a comparison."""
    if side.doc_number:
        return [h for h in hits if h.document.doc_number == side.doc_number]
    if side.title:
        title = side.title
        return [h for h in hits if title in h.document.title or h.document.title in title]
    near = [h for h in hits if h.document.district == side.district]
    if side.called:
        near = [h for h in near if goes_by(h.document.title, side.called or "")] or near
    return near


def _answer(
    query: Query,
    question: str,
    hits: Sequence[Hit],
    picks: tuple[Pick, ...],
    stands: Standing | None,
    as_of: str,
    known: Knowledge,
) -> Answer:
    draft = Draft(as_of, known)
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
    if lacks is None and picks and stands is None:
        lacks = unanswered(question, picks)
    first = "" if stands and stands.certain else correction(question, picks) or ""
    if first:
        picks = bearing(picks)
    for position, chosen in enumerate(picks):
        say_pick(draft, query, chosen, wanted, first if position == 0 else "", lacks, len(picks))
    if lacks and picks:
        say_absence(draft, picks[0], lacks)
    notes = validity_note(draft) if stands is None else ""
    return Answer(
        question=query.text,
        standalone_question=query.text,
        text=notes + "".join(draft.lines),
        citations=tuple(draft.citations),
        retrieved=tuple(hits),
        notes=(*_which_district(query, draft), *reach(draft)),
        suggestions=suggestions(query, picks, known),
    )


def _which_district(query: Query, draft: Draft) -> tuple[str, ...]:
    """「区里有什么」 without a district: answered for the city, and said so."""
    of_city = draft.citations and draft.citations[0].hit.document.district is None
    if query.level == "区" and not query.district and of_city:
        return ("您没有说明在哪个区，以上是市级规定；说明所在的区，可以再查区里的规定。",)
    return ()


def _say_standing(draft: Draft, stands: Standing) -> None:
    lead = stands.verdict
    for clause in stands.clauses:
        n = draft.cite(clause.hit, clause.text, clause.validity)
        if not stands.verdict:
            lead = name(clause.hit.document) + "："
        draft.say(lead + without_enumerator(spoken(clause.text)), n)
        lead = ""


def _beside(query: Query, picks: tuple[Pick, ...], stands: Standing) -> tuple[Pick, ...]:
    """The measures that still add something to a statement on validity."""
    if not stands.wants_content:
        return ()
    said = {clause.hit.measure.measure_id for clause in stands.clauses}
    kept = [p for p in picks if p.hit.measure.measure_id not in said]
    if stands.document is not None:
        kept = [p for p in kept if p.hit.document.doc_id == stands.document.doc_id]
    return tuple(kept[:1])
