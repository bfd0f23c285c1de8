"""Claims → the words of the answer: the only place that words what is told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from assistant.answer.claims import NO_LONGER, Claims, Missing, Quote
from assistant.answer.phrasing import ended, escape, name, spoken, without_enumerator
from assistant.answer.refuse import Refusal, names_place
from assistant.answer.short import short
from assistant.answer.standing import Standing
from assistant.answer.words import day, words
from assistant.knowledge import Knowledge
from assistant.question.english_glossary import place_name
from assistant.question.query import Query
from assistant.records import Answer, Citation, Hit, Language, Validity
from assistant.sentences import Sentence

_MARKS = "，,；;。？?！! "
_LONGEST_SUBJECT = 24  # characters of a heading that a suggested question names
_GOVERNMENT = re.compile(r"人民政府(?:办公[厅室])?$")
_DEPTS = re.compile(
    r"^[^\u4e00-\u9fff]*(?:(?:责任|牵头|负责|主管|实施|落实|配合)(?:单位|部门|主体)[：:]\s*)?"
)


@dataclass
class _Draft:
    """Lines so far; a measure cited twice keeps its number."""

    as_of: str
    known: Knowledge
    language: Language = "zh"
    lines: list[str] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)

    def words(self, key: str, **values: object) -> str:
        return words(self.language, key, **values)

    def day(self, iso: str | None) -> str:
        return day(iso, self.language)

    def place(self, district: str) -> str:
        return place_name(district) if self.language == "en" else district

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
        self.lines.append(f"{escape(ended(text, self.language))}{status}[{n}]")

    def status(self, n: int) -> str:
        """Of a rule that has ended; nothing of one that holds."""
        own = self.citations[n - 1].validity
        if own.status not in NO_LONGER:
            return ""
        until = self.words("to_end", day=self.day(own.expires)) if own.expires else ""
        return self.words("bracket", verdict=self.words(own.status), until=until)


def phrase(query: Query, claims: Claims, *, as_of: str, known: Knowledge) -> Answer:
    """The answer in words, every sentence with its citation."""
    draft = _Draft(as_of, known, query.language)
    hidden = _hidden(draft, claims.hidden) if not claims.quotes and not claims.standings else ""
    if claims.refusal is not None:
        answer = _refused(draft, query, claims.refusal)
        return replace(answer, text=answer.text + hidden)
    for standing in claims.standings:
        _say_standing(draft, standing, several=len(claims.standings) > 1)
    for number, quote in enumerate(claims.quotes):
        lead = (_place if number else _opening)(draft, query, claims, quote)
        first = number == 0 and claims.polarity is None and not claims.standings
        _say_quote(draft, query, quote, lead, bare=first, status=not claims.standings)
    for standing in claims.besides:
        _say_standing(draft, standing, several=True)
    for missing in claims.missing:
        _say_missing(draft, missing)
    text = draft.words("between").join(draft.lines).replace("](", "] (")  # no accidental link
    return Answer(
        question=query.text,
        standalone_question=query.text,
        text=text + hidden,
        citations=tuple(draft.citations),
        notes=_notes(draft, query),
        suggestions=_suggested(draft, claims) if query.language == "en" else (),
        language=query.language,
    )


def _hidden(draft: _Draft, hit: Hit | None) -> str:
    """Names what would have answered, had rules not been asked for that are in force."""
    if hit is None:
        return ""
    own = draft.known.validity(hit.measure, hit.document, draft.as_of)
    when = own.effective_from if own.status == "not_yet" else own.expires
    end = "to_begin" if own.status == "not_yet" else "to_end"
    until = draft.words(end, day=draft.day(when)) if when else ""
    where = f"{name(hit.document)}{hit.measure.label or ''}"
    verdict = draft.words(own.status)
    return escape(draft.words("hidden", where=where, verdict=verdict, until=until))


def _refused(draft: _Draft, query: Query, refusal: Refusal) -> Answer:
    known = draft.known
    names = draft.words("and").join(map(draft.place, refusal.names))
    text = draft.words(refusal.why, names=names)
    if refusal.why == "nothing" and known.newest:
        text += draft.words("held", count=len(known.documents), until=draft.day(known.newest))
    if refusal.near is not None:
        text += draft.words("near", name=name(refusal.near.document))
    return Answer(
        question=query.text,
        standalone_question=query.text,
        text=escape(text),
        refused=True,
        reason=refusal.reason,
        language=query.language,
    )


def _say_standing(draft: _Draft, standing: Standing, *, several: bool) -> None:
    own = standing.validity
    lead = draft.words(own.status)
    ends = draft.day(own.expires)
    if standing.document is None and own.expires and own.status == "in_force":
        lead += draft.words("repealed_from", day=ends)
    elif own.status == "in_force" and own.expires:
        left = (date.fromisoformat(own.expires) - date.fromisoformat(draft.as_of)).days
        lead += draft.words("days_left" if 0 <= left < 366 else "valid_until", day=ends, left=left)
    elif own.status in ("expired", "extended") and own.expires:
        lead += draft.words("valid_until", day=ends)
    elif own.status == "repealed" and own.expires:
        lead = draft.words("was_repealed", day=ends)
    elif own.status == "not_yet" and own.effective_from:
        lead += draft.words("begins", day=draft.day(own.effective_from))
    if standing.by_title and own.status != "unknown":
        lead += draft.words("by_title", basis=own.basis.rstrip("。"))
    # no words state a term, and the title alone proves none: it is named, not quoted
    untold = standing.by_title and own.status == "unknown"
    if (several or untold) and standing.document is not None:
        lead = f"{name(standing.document)}{draft.words('said_of')}{lead}"
    lead += "" if untold else draft.words("colon")
    for clause in standing.clauses:
        n = draft.cite(clause.hit, clause.text, clause.validity or _of(standing, clause.hit, draft))
        words = "" if untold else without_enumerator(spoken(clause.text))
        draft.say(lead + words, n, clause.text)
        lead = ""


def _of(standing: Standing, hit: Hit, draft: _Draft) -> Validity | None:
    """The clause of the rule's own document carries the rule's validity."""
    own = standing.document is not None and hit.document.doc_id == standing.document.doc_id
    return standing.validity if own else None


def _opening(draft: _Draft, query: Query, claims: Claims, quote: Quote) -> str:
    """Before the first quote: whose rule it is, whether all that answers has ended, the verdict."""
    ended_ = "_formerly" if _all_ended(draft, query, claims) else ""
    if claims.unheld and not names_place(query, claims.unheld, quote.hit):
        names = draft.words("and").join(map(draft.place, claims.unheld))
        own = quote.hit.document.place
        whose = draft.place(own) if own else draft.words("whole_city")
        lead = draft.words(f"unheld{ended_}", names=names, whose=whose)
    elif not claims.standings and _of_city(query, quote):
        lead = draft.words(f"city_wide{ended_}")
    else:
        lead = draft.words("formerly") if ended_ else ""
        lead += _place(draft, query, claims, quote)
    return lead + _polarity(draft, claims)


def _all_ended(draft: _Draft, query: Query, claims: Claims) -> bool:
    """Only rules that no longer hold answer, and the question does not mean the past."""
    past = query.years or query.as_of_named or query.titles or query.doc_numbers or query.labels
    if past or claims.standings or claims.polarity:
        return False
    hits = [quote.hit for quote in claims.quotes]
    found = [draft.known.validity(h.measure, h.document, draft.as_of) for h in hits]
    return all(validity.status in NO_LONGER for validity in found)


def _polarity(draft: _Draft, claims: Claims) -> str:
    if claims.wrong is not None:
        return draft.words("not_that", figure=claims.wrong.text)
    return draft.words(claims.polarity) if claims.polarity else ""


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
    said += [(_departments(draft, quote.hit, d), d.text) for d in listed[:1]]
    figure = short(query.text, said[0][0]) if bare and groups else ""
    if figure:
        said.insert(0, (figure, said[0][1]))
    ended_ = draft.status(n) if status else ""
    for place, (told, span) in enumerate(said):
        draft.say(lead + told, n, span, ended_ if place == len(said) - 1 else "")
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


def _place(draft: _Draft, query: Query, claims: Claims, quote: Quote) -> str:
    """For whom it holds, where the question does not say: the district, or the side compared."""
    document = quote.hit.document
    side = quote.side
    place, colon = draft.place(document.district or ""), draft.words("colon")
    if side is not None:
        if place and side.district:
            return place + colon
        called = document.doc_number or name(document, number=False)
        return draft.words("city") if side.city else called + colon
    if document.elsewhere:
        return draft.place(document.elsewhere) + colon
    several = len(claims.quotes) > 1
    if document.area and (several or document.area not in (query.area, *query.areas)):
        return draft.place(document.area) + colon
    if place and (several or query.district != document.district):
        return place + colon
    return ""


def _of_city(query: Query, quote: Quote) -> bool:
    """Whether a rule of the city answers a question about a district."""
    document = quote.hit.document
    here = document.place is None and not document.elsewhere
    return bool(query.districts) and here and quote.side is None


def _departments(draft: _Draft, hit: Hit, listed: Sentence) -> str:
    """``责任单位：…`` as the closing bracket or the table has it."""
    text = hit.measure.depts or _DEPTS.sub("", listed.text).rstrip("。）)】] ")
    key = "charge_until" if hit.measure.deadline else "charge"
    return draft.words(key, who=spoken(text), deadline=hit.measure.deadline)


def _say_missing(draft: _Draft, missing: Missing) -> None:
    hit = missing.hit
    if missing.asked:
        n = draft.cite(hit, hit.measure.text)
        asked = re.split("[，,；;。]", missing.asked.strip(_MARKS))[-1]
        draft.say(draft.words("part_not_stated", asked=asked), n)
        return
    n = draft.cite(hit, hit.measure.text[missing.sentences[0].start : missing.sentences[-1].end])
    where = hit.document.doc_number or name(hit.document)
    label, key = hit.measure.label or "", "read_only_says" if missing.read > 1 else "only_says"
    if label and missing.read <= 1:
        label = f" {label}"
    nearest = draft.words(key, where=where, label=label, text=_joined(missing.sentences))
    draft.say(draft.words("not_stated") + nearest, n, status=draft.status(n))
    who = hit.measure.depts or "、".join(hit.document.issuers[:1])
    # a whole government has no counter to ask at
    known = 0 < len(who) <= 40 and not _GOVERNMENT.search(who)
    draft.say(draft.words("ask_who" if known else "ask_hotline", who=spoken(who)), n)


def _suggested(draft: _Draft, claims: Claims) -> tuple[str, ...]:
    """Next questions in English; Chinese ones are made of facts (:mod:`.suggest`)."""
    if not claims.quotes or claims.standings:
        return ()
    hit = claims.quotes[0].hit
    found = []
    heading = hit.measure.heading.strip().rstrip("。")
    if hit.measure.depts and 0 < len(heading) <= _LONGEST_SUBJECT:
        found.append(draft.words("who_next", heading=heading))
    found.append(draft.words("valid_next", name=name(hit.document, number=False)))
    return tuple(map(escape, found))


def _notes(draft: _Draft, query: Query) -> tuple[str, ...]:
    """How far the corpus reaches; of an English answer, whose words count and what was left out."""
    until = draft.day(draft.known.newest)
    names = draft.words("and").join(query.unknown)
    notes = (
        draft.words("reach", until=until) if until else "",
        draft.words("quoted"),
        draft.words("left_out", names=escape(names)) if names else "",
    )
    return tuple(filter(None, notes))
