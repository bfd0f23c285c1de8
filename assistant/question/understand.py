"""Wording → :class:`Query`: one pass over the text by each of the readers of this folder."""

from __future__ import annotations

import math
from collections import Counter

from assistant.corpus.districts import full_name
from assistant.question import references, times
from assistant.question.clean import asked_part
from assistant.question.places import find_places
from assistant.question.query import Query
from assistant.question.sides import split_sides
from assistant.question.wordings import smalltalk, wording
from embeddings.lexicon import Expansion, expand
from embeddings.segment import normalise, tokens, words
from embeddings.spelling import default_speller

# Chosen on 700 authored questions with their own field switched off.
BIGRAM_WEIGHT = 0.5
EXPANSION_WEIGHT = 0.5
CORRECTION_WEIGHT = 0.8


def understand(
    text: str,
    *,
    district: str | None = None,
    area: str | None = None,
    as_of: str | None = None,
) -> Query:
    """Read everything that the wording of a question says about what is sought.

    Args:
        text: the question as asked.
        district: the district of the person asking (a profile), short or full name.
        area: the area of the person asking, by its full name.
        as_of: the day the answer is for, ISO.
    """
    asked = asked_part(text)
    plain = normalise(asked)
    corrections = default_speller().corrections(plain)
    places = find_places(asked, corrections)
    expansions = expand(_corrected(plain, corrections))
    numbers, names = references.doc_numbers(asked), references.titles(asked)
    day = times.named_day(plain, as_of)
    return Query(
        text=text,
        normalised=plain,
        terms=weigh(plain, expansions, corrections),
        expansions=(*corrections, *((e.said, e.official) for e in expansions)),
        district=places.districts[0] if places.districts else full_name(district or ""),
        districts=places.districts,
        area=places.areas[0] if places.areas else None if places.districts else area,
        areas=places.areas,
        any_district=not places.districts and bool(wording("any_district").search(asked)),
        place_words=places.words,
        outside=places.outside,
        doc_numbers=tuple(numbers),
        titles=tuple(names),
        short_titles=tuple(references.short_titles(asked)),
        labels=tuple(references.labels(asked)),
        years=times.years(plain, day or as_of),
        as_of=day or as_of,
        as_of_named=day is not None,
        sides=split_sides(asked, places.districts, places.words, numbers, names),
        smalltalk=smalltalk(asked),
    )


def weigh(
    plain: str, expansions: list[Expansion], corrections: list[tuple[str, str]]
) -> dict[str, float]:
    """Token weights of a question: what it says counts full, what it may mean less.

    Several official terms for one wording share their weight, so that a wording with many
    readings does not outvote the rest of the question.
    """
    said = Counter(expansion.said for expansion in expansions)
    terms: dict[str, float] = {}
    for text, weight in (
        (plain, 1.0),
        *((right, CORRECTION_WEIGHT) for _, right in corrections),
        *((e.official, EXPANSION_WEIGHT / math.sqrt(said[e.said])) for e in expansions),
    ):
        whole = set(words(text))
        for token in tokens(text):
            own = weight if token in whole else weight * BIGRAM_WEIGHT
            terms[token] = max(terms.get(token, 0.0), own)
    return terms


def _corrected(plain: str, corrections: list[tuple[str, str]]) -> str:
    for wrong, right in corrections:
        plain = plain.replace(wrong, right)
    return plain
