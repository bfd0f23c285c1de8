"""Reading → claims: what is quoted, what is missing, what holds, what was supposed wrongly.

Every decision is made here, as typed values; :mod:`assistant.answer.phrase` puts them into words.
Thresholds are probabilities and stand in the reader's own file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from assistant.answer import refuse
from assistant.answer.figures import Figure, figures, plain, supported
from assistant.answer.grounds import is_closing, is_meant
from assistant.answer.refuse import Refusal
from assistant.answer.standing import Standing, cited, not_yet, standings
from assistant.knowledge import Knowledge
from assistant.question.query import Query, Side
from assistant.question.sides import goes_by
from assistant.reading import Judged, Reading, exact
from assistant.records import Hit
from assistant.sentences import Sentence, split
from embeddings.segment import tokens

ROOM = 190  # characters quoted; docs/reader.md has the curve
FLAT = 0.5  # power of the share: what answers a part stands lower than what answers most
MEASURES = 3
ENDED = 0.5  # a rule that no longer holds answers only when nothing in force does as well
NO_LONGER = ("expired", "repealed")
SAME = 0.6  # share of a sentence's grams from which it says what was quoted already
LEAD = 90  # characters of a lead-in that goes with its item
LIST = 1.6  # times ROOM that a whole list may take
SIDE = 0.3  # part of the threshold that one side of a comparison must reach
PART = 90  # characters quoted besides for one of several things asked
UNSTATED = 0.6  # part of the threshold below which one of several things asked is not stated

Polarity = Literal["yes", "no"]


@dataclass(frozen=True, slots=True)
class Quote:
    """Sentences of one measure that answer, in the order of its text.

    ``best``: the index of the one that answers most likely.
    """

    hit: Hit
    sentences: tuple[Sentence, ...]
    probability: float
    side: Side | None = None
    best: int = 0


@dataclass(frozen=True, slots=True)
class Missing:
    """What is asked is not stated; ``sentences`` are what the nearest clause says instead.

    ``asked``: the part of the question that is meant, when other parts are answered; ``read``: how
    many measures of the document were read.
    """

    hit: Hit
    sentences: tuple[Sentence, ...] = ()
    asked: str = ""
    read: int = 1


@dataclass(frozen=True, slots=True)
class Claims:
    """What the answer says.

    Attributes:
        polarity: what the question supposes holds (yes) or not (no); None: it supposes nothing.
        wrong: a figure that the question supposes and the quoted clause contradicts.
        unheld: districts or areas asked about of which nothing is held: what is quoted holds
            city-wide, or in the district that an area lies in.
        besides: the standing of what is quoted, where it may be asked for as well.
        hidden: what would answer, left out because only rules in force were asked for.
    """

    refusal: Refusal | None = None
    standings: tuple[Standing, ...] = ()
    polarity: Polarity | None = None
    wrong: Figure | None = None
    quotes: tuple[Quote, ...] = ()
    missing: tuple[Missing, ...] = ()
    unheld: tuple[str, ...] = ()
    besides: tuple[Standing, ...] = ()
    hidden: Hit | None = None


def claims(
    query: Query,
    reading: Reading,
    *,
    as_of: str,
    known: Knowledge,
    thresholds: Mapping[str, float],
) -> Claims:
    """What can be said to a question, from what was read for it."""
    refusal = refuse.early(query, known)
    if refusal is not None:
        return Claims(refusal)
    eligible = _eligible(query, reading, known)
    best = _best(eligible)
    first = best.hit if best else None
    near = _near(eligible, thresholds)
    refusal = refuse.by_document(query, first, known)
    unheld = refuse.unheld_districts(query, known)
    if unheld and refuse.of_unheld_district(query, unheld, first):
        refusal = Refusal("district", unheld, near)
    if refusal is not None:
        return Claims(refusal)
    maybe = _standings(query, reading, eligible, as_of, known, thresholds)
    alone = reading.standing >= thresholds["standing"]
    stands = maybe if alone or reading.standing >= thresholds["standing_first"] else ()
    told = cited(stands) if alone else set()
    missing: tuple[Missing, ...] = ()
    if len(query.sides) > 1 and not stands:
        quotes = _of_sides(query, reading, as_of, known, thresholds)
    else:
        rest = [j for j in eligible if j.hit.measure.measure_id not in told]
        if stands and alone:
            meant = {s.document.doc_id for s in stands if s.document is not None}
            rest = [
                j for j in rest if not is_closing(j.hit.measure) and j.hit.document.doc_id in meant
            ]
        if reading.parts and not (stands and alone):
            quotes, missing = _of_parts(query, reading, as_of, known, thresholds)
        else:
            quotes = _quotes(query, rest, as_of, known, thresholds)
    nearest = None if quotes or stands else _missing(eligible, thresholds)
    ours = nearest is not None and refuse.names_place(query, unheld, nearest.hit)
    if unheld and not quotes and not ours:
        return Claims(Refusal("district", unheld, near))
    if not quotes and not stands:
        return Claims(missing=(nearest,)) if nearest else Claims(Refusal("nothing", near=near))
    unheld = refuse.unheld_areas(query, known) or unheld
    if stands:
        return Claims(standings=stands, quotes=_without(quotes, stands), unheld=unheld)
    polarity, wrong = _supposed(query, eligible, quotes, thresholds)
    begins = not_yet(best, as_of, known) if quotes and best is not None else None
    if begins is not None:
        stands = (begins,)
        quotes = tuple(q for q in quotes if q.hit.measure.measure_id not in cited(stands))
    besides = () if begins is not None else maybe
    return Claims(None, stands, polarity, wrong, quotes, missing, unheld, besides)


def _without(quotes: Sequence[Quote], stands: Sequence[Standing]) -> tuple[Quote, ...]:
    """The quotes without the sentences that the standings tell."""
    told = {c.hit.measure.measure_id: (c.start, c.end) for s in stands for c in s.clauses}
    found = []
    for quote in quotes:
        start, end = told.get(quote.hit.measure.measure_id, (0, 0))
        rest = tuple(s for s in quote.sentences if s.end <= start or s.start >= end)
        if rest:
            best = quote.best if any(s.index == quote.best for s in rest) else rest[0].index
            found.append(replace(quote, sentences=rest, best=best))
    return tuple(found)


def _eligible(query: Query, reading: Reading, known: Knowledge) -> list[Judged]:
    """What may be quoted: of the document that is named, and not of another district."""
    own = [j for j in reading.judged if not j.hit.elsewhere] or list(reading.judged)
    labelled = [j for j in own if query.labels and exact(j.hit)]
    if labelled:
        return labelled
    if len(query.sides) > 1:
        return own
    return [j for j in own if is_meant(query, j.hit.document, [j.hit], known)] or own


def _best(judged: Iterable[Judged]) -> Judged | None:
    return max(judged, key=lambda j: j.judgement.answers, default=None)


def _standings(
    query: Query,
    reading: Reading,
    eligible: Sequence[Judged],
    as_of: str,
    known: Knowledge,
    thresholds: Mapping[str, float],
) -> tuple[Standing, ...]:
    """Asked for when the reader says so, of a document that is named or on the matter."""
    named = query.titles or query.doc_numbers or query.short_titles
    held = reading.stated >= thresholds["answers"] or reading.held >= thresholds["topic"]
    if reading.standing < thresholds["maybe_standing"]:
        return ()
    first = eligible[0].hit.measure.measure_id if eligible else None
    best = _best(j for j in eligible if j.hit.measure.measure_id == first)
    if best is not None and (
        is_closing(best.hit.measure) or best.judgement.answers < thresholds["answers"]
    ):
        best = None  # the term itself, or nothing, is what the question leads into
    found = standings(query, reading, as_of, known, best)
    return found if named or held else tuple(s for s in found if s.document is None)


def _quotes(
    query: Query,
    judged: Sequence[Judged],
    as_of: str,
    known: Knowledge,
    thresholds: Mapping[str, float],
    side: Side | None = None,
    room: int = ROOM,
) -> tuple[Quote, ...]:
    """The sentences most likely to answer, of at most :data:`MEASURES` measures."""
    named = bool(query.labels) and any(exact(j.hit) for j in judged)
    weighed: list[tuple[float, Judged, Sentence]] = []
    for j in judged:
        status = known.validity(j.hit.measure, j.hit.document, as_of).status
        weight = j.share**FLAT if not named else 1.0
        weight *= ENDED if status in NO_LONGER and not named else 1.0
        others = _other_rows(query, j.hit)
        for sentence, p in zip(j.passage.sentences, j.judgement.sentences, strict=True):
            if sentence.part != "heading" and sentence.index not in others:
                weighed.append((weight * p, j, sentence))
    weighed.sort(key=lambda row: -row[0])
    stated = max((j.judgement.answers for j in judged), default=0.0)
    share = SIDE if side else 1.0
    if not weighed or (stated < share * thresholds["answers"] and not named):
        return ()
    least = thresholds["sentences"] * weighed[0][0]
    chosen: dict[str, list[Sentence]] = {}
    hits: dict[str, tuple[Hit, float]] = {}
    said: list[set[str]] = []
    for p, j, sentence in weighed:
        key = j.hit.measure.measure_id
        if said and (p < least or room < len(sentence.text)):
            continue
        if key not in chosen and (
            len(chosen) == MEASURES or (said and j.hit.measure.label is None)
        ):
            continue  # text outside the clauses (导语, 落款) answers first or not at all
        own = _grams(sentence.text)
        if any(len(own & other) > SAME * len(own) for other in said):
            continue
        said.append(own)
        chosen.setdefault(key, []).append(sentence)
        hits.setdefault(key, (j.hit, p))
        room -= len(sentence.text)
    return tuple(
        Quote(hit, _completed(hit, chosen[key]), p, side, chosen[key][0].index)
        for key, (hit, p) in hits.items()
    )


def _other_rows(query: Query, hit: Hit) -> frozenset[int]:
    """The rows of a table that say less of what is asked than another row of it does."""
    tables: dict[int | None, dict[int, float]] = {}
    for sentence in split(hit.measure) if "\t" in hit.measure.text else ():
        if "\t" in sentence.text and sentence.part == "item":
            said = sum(query.terms.get(t, 0.0) for t in set(tokens(sentence.text)))
            tables.setdefault(sentence.lead, {})[sentence.index] = said
    return frozenset(
        row for rows in tables.values() for row, said in rows.items() if said < max(rows.values())
    )


def _completed(hit: Hit, chosen: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """With the lead-in of each item, and with all items of a list of which half is chosen."""
    every = split(hit.measure)
    taken = {s.index for s in chosen}
    for lead in {s.lead for s in chosen if s.part == "item" and s.lead is not None} | {
        s.index for s in chosen if s.text.rstrip()[-1:] in "：:"
    }:
        items = [s.index for s in every if s.lead == lead and s.part == "item"]
        mine = [i for i in items if i in taken]
        size = sum(len(every[i].text) for i in (lead, *items))
        if any("\t" in every[i].text for i in items):
            taken.add(lead)  # the header of a table, whose rows are chosen one by one
        elif size <= LIST * ROOM and (lead in taken or len(mine) * 2 > len(items)):
            taken |= {lead, *items}
        elif mine and len(every[lead].text) <= LEAD:
            taken.add(lead)
    return tuple(s for s in every if s.index in taken)


def _of_sides(
    query: Query,
    reading: Reading,
    as_of: str,
    known: Knowledge,
    thresholds: Mapping[str, float],
) -> tuple[Quote, ...]:
    """What answers best for each side of a comparison."""
    found: dict[str, Quote] = {}
    for side in query.sides:
        near = [j for j in reading.judged if _is_of(side, j.hit)]
        for quote in _quotes(query, near, as_of, known, thresholds, side)[:1]:
            found.setdefault(quote.hit.measure.measure_id, quote)
    own = _eligible(query, reading, known)
    return tuple(found.values()) or _quotes(query, own, as_of, known, thresholds)


def _of_parts(
    query: Query,
    reading: Reading,
    as_of: str,
    known: Knowledge,
    thresholds: Mapping[str, float],
) -> tuple[tuple[Quote, ...], tuple[Missing, ...]]:
    """What answers the whole, with more for each thing asked, or that it is not stated."""
    quotes = list(_quotes(query, _eligible(query, reading, known), as_of, known, thresholds))
    missing: list[Missing] = []
    for part in reading.parts:
        own = _eligible(query, part.reading, known)
        more = _quotes(query, own, as_of, known, thresholds, room=PART)
        quotes += more
        nearest = _missing(own, thresholds)
        if not more and nearest and part.reading.stated < UNSTATED * thresholds["answers"]:
            missing.append(replace(nearest, sentences=(), asked=part.text))
    found = _together(quotes)
    return found, tuple(missing) if found else ()


def _together(quotes: Sequence[Quote]) -> tuple[Quote, ...]:
    """One quote a measure, in the order of first mention; nothing is said in two measures."""
    found: dict[str, Quote] = {}
    said: list[tuple[str, set[str]]] = []
    for quote in quotes:
        key = quote.hit.measure.measure_id
        before = found.get(key)
        spans = {s.index: s for s in (before.sentences if before else ())}
        for sentence in quote.sentences:
            own = _grams(sentence.text)
            if not any(k != key and len(own & other) > SAME * len(own) for k, other in said):
                spans[sentence.index] = sentence
                said.append((key, own))
        if spans:
            sentences = tuple(spans[i] for i in sorted(spans))
            found[key] = replace(before or quote, sentences=sentences)
    return tuple(found.values())


def _is_of(side: Side, hit: Hit) -> bool:
    """Whether the hit is of the document or place of one side of a comparison."""
    document = hit.document
    if side.doc_number:
        return document.doc_number == side.doc_number
    if side.title:
        return side.title in document.title or document.title in side.title
    if side.called and not goes_by(document.title, side.called):
        return False
    return document.district == side.district


def _missing(eligible: Sequence[Judged], thresholds: Mapping[str, float]) -> Missing | None:
    """The clause where it would be stated, if the reader is sure of one."""
    nearest = max(eligible, key=lambda j: j.judgement.topic, default=None)
    if nearest is None or nearest.judgement.topic < thresholds["topic"]:
        return None
    own = nearest.hit.document.doc_id
    read = {j.hit.measure.measure_id for j in eligible if j.hit.document.doc_id == own}
    return Missing(nearest.hit, _completed(nearest.hit, [nearest.best]), read=len(read))


def _near(eligible: Sequence[Judged], thresholds: Mapping[str, float]) -> Hit | None:
    """A document to point to: only one that the reader finds to be on the matter."""
    nearest = max(eligible, key=lambda j: j.judgement.topic, default=None)
    if nearest is None or nearest.judgement.topic < thresholds["topic"]:
        return None
    return nearest.hit


def _supposed(
    query: Query,
    eligible: Sequence[Judged],
    quotes: Sequence[Quote],
    thresholds: Mapping[str, float],
) -> tuple[Polarity | None, Figure | None]:
    """Whether what the question supposes holds, by the measure that is quoted first."""
    first = quotes[0].hit.measure.measure_id if quotes else None
    own = _best(j for j in eligible if j.hit.measure.measure_id == first)
    if own is None or len(query.sides) > 1:
        return None, None
    yes, no = own.judgement.yes, own.judgement.no
    if yes + no < thresholds["supposed"]:
        return None, None
    wrong = _contradicted(query, quotes)
    if wrong is not None:
        return "no", wrong
    if no >= thresholds["no"]:
        return "no", None
    return ("yes", None) if yes >= thresholds["yes"] else (None, None)


def _contradicted(query: Query, quotes: Sequence[Quote]) -> Figure | None:
    """The one figure of the question where the sentence that answers states others of its unit."""
    best = next((s for s in quotes[0].sentences if s.index == quotes[0].best), None)
    if best is None:
        return None
    stated = figures(best.text)
    everywhere = [f for q in quotes for f in figures(_known_of(q.hit))]
    wrong = []
    for figure in figures(query.text):
        if not figure.unit or figure.unit.startswith("第") or supported(figure, everywhere):
            continue
        same = [f for f in stated if f.unit == figure.unit]
        if len(same) == 1 and not _within(figure, same[0], best.text):
            wrong.append(figure)
        if len(same) == 2 and _outside(figure, same[0], same[1], best.text):
            wrong.append(figure)
    # where figures of several kinds differ, the clause is on something else
    return wrong[0] if len(set(wrong)) == 1 else None


def _known_of(hit: Hit) -> str:
    """The measure and what is known of its document: years that a question names it by."""
    d = hit.document
    dates = (d.issued, d.effective_from, d.expires, d.plan_start, d.plan_end)
    return "\n".join(x for x in (hit.measure.text, d.title, d.doc_number, *dates) if x)


def _outside(figure: Figure, low: Figure, high: Figure, text: str) -> bool:
    """Whether the figure lies outside a range that the text gives: 20元以上200元以下, 3至5年."""
    between = plain(text).partition(low.text)[2].partition(high.text)[0]
    is_range = low.value < high.value and between in ("以上", "至", "到", "-", "—", "~", "以上,")
    return is_range and not low.value <= figure.value <= high.value


def _within(figure: Figure, bound: Figure, text: str) -> bool:
    """Whether the figure lies on the side of a bound that the text names (50人以上)."""
    behind = plain(text).partition(bound.text)[2]
    if behind.startswith(("以上", "及以上")):
        return figure.value >= bound.value
    return behind.startswith(("以下", "以内", "及以下")) and figure.value <= bound.value


def _grams(text: str, n: int = 4) -> set[str]:
    return {text[i : i + n] for i in range(max(1, len(text) - n + 1))}
