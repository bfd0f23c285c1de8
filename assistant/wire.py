"""The JSON contract: answers and matches as other programs read them.

Keys and their meaning are stable; ``docs/contract.md`` describes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.corpus.areas import areas, full_name
from assistant.corpus.facts_channel import how_to_apply
from assistant.errors import BadInputError
from assistant.records import Answer, Citation, Hit, Match, Place, Profile, Term, Validity

RETRIEVED_SHOWN = 10
MAX_WORDS = 50  # of one list of a profile: some ten times what the finder's form offers to tick
MAX_WORD_CHARS = 500  # of one entry: a need may be told in a few sentences
MAX_HEADCOUNT = 100_000_000  # beyond any employer on earth


def validity_to_json(validity: Validity) -> dict[str, Any]:
    return {
        "status": validity.status,
        "effective_from": validity.effective_from,
        "expires": validity.expires,
        "as_of": validity.as_of,
        "basis": validity.basis,
    }


def place_to_json(place: Place) -> dict[str, Any]:
    return {
        "title": place.title,
        "doc_number": place.doc_number,
        "measure": place.measure,
        "district": place.district,
    }


def citation_to_json(citation: Citation) -> dict[str, Any]:
    measure, document = citation.hit.measure, citation.hit.document
    return {
        "n": citation.n,
        "doc_id": document.doc_id,
        "title": document.title,
        "doc_number": document.doc_number,
        "measure": measure.label,
        "part": measure.part,
        "heading": measure.heading,
        "text": measure.text,
        "quote": citation.quote,
        "spans": list(citation.spans),
        "departments": measure.depts,
        "apply": how_to_apply(measure),
        "page": measure.page,
        "source": document.source,
        "url": document.url,
        "line_start": measure.line_start,
        "line_end": measure.line_end,
        "district": document.district,
        "area": document.area,
        "also_in": [place_to_json(place) for place in citation.hit.also_in],
        "validity": validity_to_json(citation.validity),
    }


def hit_to_json(hit: Hit) -> dict[str, Any]:
    return {
        "doc_id": hit.document.doc_id,
        "doc_number": hit.document.doc_number,
        "title": hit.document.title,
        "measure": hit.measure.label,
        "text": hit.measure.text,
        "score": round(hit.score, 4),
    }


def match_to_json(match: Match) -> dict[str, Any]:
    return citation_to_json(match.citation) | {
        "amount": match.amount,
        "why": match.why,
        "conditions": [
            {"text": c.text, "verdict": c.verdict, "question": c.question} for c in match.conditions
        ],
        "status": match.status,
        "payer": match.payer,
        "apply": match.apply,
        "exclusive": match.exclusive,
    }


def term_to_json(term: Term) -> dict[str, Any]:
    return {
        "term": term.name,
        "explanation": term.explanation,
        "doc_id": term.document.doc_id,
        "title": term.document.title,
        "measure": term.label,
    }


def answer_to_json(answer: Answer, *, id: str | None = None) -> dict[str, Any]:
    """One answer as the object that ``ask --json`` and ``--batch`` write."""
    return {
        "id": id,
        "question": answer.question,
        "standalone_question": answer.standalone_question,
        "answer": answer.text,
        "refused": answer.refused,
        "reason": answer.reason,
        "citations": [citation_to_json(c) for c in answer.citations],
        "retrieved": [hit_to_json(h) for h in answer.retrieved[:RETRIEVED_SHOWN]],
        "matches": [match_to_json(m) for m in answer.matches],
        "near_misses": [match_to_json(m) for m in answer.near_misses],
        "mode": answer.mode,
        "language": answer.language,
        "notes": list(answer.notes),
        "suggestions": list(answer.suggestions),
        "terms": [term_to_json(term) for term in answer.terms],
        "timings_ms": {k: round(v, 2) for k, v in answer.timings_ms.items()},
    }


def profile_from_json(data: Mapping[str, Any] | None) -> Profile | None:
    """A company profile from its JSON form.

    Raises:
        BadInputError: a field is unknown, too large, or has another type than the contract says.
    """
    if data is None:
        return None
    if not isinstance(data, Mapping):
        raise BadInputError("企业画像应当是一个 JSON 对象", '例如 {"district": "徐汇区"}')
    known = Profile.__dataclass_fields__
    values: dict[str, Any] = {}
    for key, value in data.items():
        if key not in known:
            raise BadInputError(
                f"企业画像里有不认识的字段：{key[:40]}", f"可用字段：{'、'.join(known)}"
            )
        if value is None:
            continue
        if key in ("industry", "qualifications", "events", "needs", "denied"):
            parts = [value] if isinstance(value, str) else value
            if not isinstance(parts, list | tuple) or not all(isinstance(p, str) for p in parts):
                raise BadInputError(f"企业画像的字段 {key} 应当是文字列表")
            if len(parts) > MAX_WORDS:
                raise BadInputError(f"企业画像的字段 {key} 太长", f"最多写 {MAX_WORDS} 项")
            values[key] = tuple(_short(key, part) for part in parts)
        elif key == "headcount":
            if isinstance(value, bool) or not isinstance(value, int):
                raise BadInputError("企业画像的 headcount 应当是不小于 0 的整数")
            if not 0 <= value <= MAX_HEADCOUNT:
                raise BadInputError("企业画像的 headcount 超出范围", "请写实际人数")
            values[key] = value
        elif isinstance(value, str):
            values[key] = area_named(value) if key == "area" else _short(key, value)
        else:
            raise BadInputError(f"企业画像的字段 {key} 应当是文字")
    return Profile(**values)


def area_named(text: str) -> str | None:
    """The full name of an area; None for no words.

    Raises:
        BadInputError: there is none of this name.
    """
    name = full_name(_short("area", text))
    if text.strip() and name is None:
        known = "、".join(areas())
        raise BadInputError(f"不认识这个区域：{text[:40]}", f"可用：{known}")
    return name


def _short(key: str, text: str) -> str:
    if len(text) > MAX_WORD_CHARS:
        raise BadInputError(f"企业画像的字段 {key} 太长", f"每项最多 {MAX_WORD_CHARS} 字")
    return text


def profile_to_json(profile: Profile) -> dict[str, Any]:
    return {name: getattr(profile, name) for name in Profile.__dataclass_fields__}
