"""The understood question: what :func:`assistant.question.understand` returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from assistant.records import Language


@dataclass(frozen=True, slots=True)
class LabelRef:
    """An enumerator path as the question writes it: 第十四条 → (14,), 二/（一）/3 → (2, 1, 3)."""

    text: str
    path: tuple[int, ...]
    kind: Literal["article", "heading", "annex", "path"] = "path"


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: a place, a document, or a topic with its own words."""

    text: str  # the question restricted to this side
    district: str | None = None
    doc_number: str | None = None
    title: str | None = None
    city: bool = False  # the city's own, beside a district's
    called: str | None = None  # what people call the document: 政务公开要点


@dataclass(frozen=True, slots=True)
class Query:
    """A question with everything that its wording says about what is sought."""

    text: str  # as asked; of an English question what it says in Chinese
    normalised: str  # NFKC, numbers in one form, markup stripped
    terms: Mapping[str, float]  # lexical tokens → weight: 1 as asked, less for expansions
    expansions: tuple[tuple[str, str], ...] = ()  # (as asked, official term or corrected word)
    district: str | None = None  # the place that applies: named in the question, else the profile's
    districts: tuple[str, ...] = ()  # every district named in the question
    area: str | None = None  # that applies (临港新片区): named in the question, else the profile's
    areas: tuple[str, ...] = ()  # every area named in the question
    any_district: bool = False  # asks which districts: the rules of all of them are meant
    place_words: tuple[str, ...] = ()  # the words that named them: 张江, 我们区, 漕河泾
    outside: tuple[str, ...] = ()  # cities and provinces elsewhere that the question is about
    doc_numbers: tuple[str, ...] = ()  # normalised: 沪府规〔2023〕1号
    titles: tuple[str, ...] = ()  # what stands in 《》
    short_titles: tuple[str, ...] = ()  # 专精特新 of 那个专精特新的文件
    labels: tuple[LabelRef, ...] = ()
    years: tuple[int, ...] = ()
    as_of: str | None = None  # ISO date; named in the question or given by the caller
    as_of_named: bool = False  # the question itself names the day
    sides: tuple[Side, ...] = ()  # two or more when the question compares
    smalltalk: str | None = None  # 你好, 谢谢, 你是谁 …: which kind
    language: Language = "zh"  # in which it was asked, and is answered
    unknown: tuple[str, ...] = ()  # English words that no glossary entry has
    understood: bool = True  # enough of an English question is known to look for an answer
