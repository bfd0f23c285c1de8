"""Whether the corpus speaks of what is asked: a logistic estimate from a few signals.

``refusal.json`` holds weights and threshold, ``rarity.json`` in how many measures and authored
questions each word stands; ``scripts/fit_answers.py`` makes both.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from assistant.answer import select
from assistant.answer.asks import asked
from assistant.answer.corpus_view import squeeze
from assistant.answer.evidence import Pick
from assistant.question.query import Query
from assistant.records import Hit
from embeddings.segment import words

FEATURES = ("covered", "strange", "whole", "margin", "nearest", "sentence", "open")
_BRIEF = 30  # characters from which a question has described its case
_ASKING = re.compile(
    r"^(?:几|多少|哪|怎|什么|多久|多长)|^(?:要不要|能不能|可不可以|是不是|有没有)$"
)


def features(query: Query, picks: Sequence[Pick], hits: Sequence[Hit]) -> tuple[float, ...]:
    """Signals that the corpus speaks of the matter (same order as :data:`FEATURES`).

    ``covered``: share of the question's words, weighted by rarity, that stand in the chosen
    measure or its document's title, as said or in official wording; ``strange``: share of words
    that neither corpus nor authored questions know; ``whole``, ``nearest``: cosines of the
    chosen measure and of the first hit; ``margin``: of the first hit before the fifth;
    ``sentence``: log odds of the best sentence; ``open``: share of uncovered words, the more the
    shorter the question is (a long one, or one for yes or no, describes the case in words no rule
    uses; a short one for a fact names its topic).
    """
    if not picks or not hits:
        return (0.0,) * len(FEATURES)
    asked_words = units(query)
    weights = {w: _rarity(w) for w in asked_words}
    total = sum(weights.values()) or 1.0
    first = picks[0].hit
    here = squeeze(first.document.title + "".join(first.measure.path) + first.measure.text)
    near = squeeze("".join(h.document.title + h.measure.text for h in hits[:6]))
    official: dict[str, list[str]] = {}
    for said, meant in query.expansions:
        official.setdefault(said, []).append(squeeze(meant))
    covered = sum(v for w, v in weights.items() if _met(w, here, official))
    unknown = [w for w in asked_words if not _counts()[0].get(w) and not _met(w, near, official)]
    values = dict(zip(select.FEATURES, picks[0].best.features, strict=True))
    return (
        covered / total,
        sum(weights[w] for w in unknown) / total,
        values["whole"],
        hits[0].score - hits[min(4, len(hits) - 1)].score,
        hits[0].features.get("dense", 0.0),
        picks[0].best.score,
        (1 - covered / total) * _brevity(query),
    )


def _brevity(query: Query) -> float:
    """1 for a bare topic, 0 for a described case; less for a question for yes or no alone."""
    brevity = max(0.0, 1 - len(squeeze(query.normalised)) / _BRIEF)
    return brevity if asked(query.text) - {"yes_no"} else brevity / 2


def units(query: Query) -> list[str]:
    """The content words of the question; single characters in a row count as one word."""
    found: list[str] = []
    run = ""
    for word in [*words(query.normalised), ""]:
        if len(word) == 1 and not word.isascii() and run + word in query.normalised:
            run += word
            continue
        if len(run) >= 2:
            found.append(run)
        run = word if len(word) == 1 and not word.isascii() else ""
        if _is_content(word):
            found.append(word)
    return list(dict.fromkeys(found))


def _is_content(word: str) -> bool:
    if len(word) < 2 or word in GENERAL:
        return False
    return not word[0].isdigit() and not _ASKING.search(word)


@lru_cache(maxsize=1)
def _counts() -> tuple[dict[str, int], int]:
    data = json.loads((Path(__file__).parent / "rarity.json").read_text(encoding="utf-8"))
    return data["counts"], data["rows"]


def _rarity(word: str) -> float:
    counts, rows = _counts()
    return math.log(1 + rows / (1 + counts.get(word, 0)))


def _met(word: str, text: str, official: dict[str, list[str]]) -> bool:
    if squeeze(word) in text:
        return True
    meant = next((m for said, m in official.items() if word in said or said in word), [])
    return any(m in text for m in meant)


GENERAL = frozenset(
    [
        "上海",
        "上海市",
        "我们",
        "公司",
        "企业",
        "政府",
        "今年",
        "现在",
        "多少",
        "最高",
        "最多",
        "一次",
        "可以",
        "能够",
        "补贴",
        "奖励",
        "政策",
        "规定",
        "办法",
        "措施",
        "方案",
        "文件",
        "申请",
        "办理",
        "要求",
        "条件",
        "标准",
        "支持",
        "给予",
        "部门",
        "单位",
    ]
)


@lru_cache(maxsize=1)
def model() -> tuple[tuple[float, ...], float, float]:
    data = json.loads((Path(__file__).parent / "refusal.json").read_text(encoding="utf-8"))
    return (
        tuple(data["weights"][n] for n in FEATURES),
        float(data["bias"]),
        float(data["threshold"]),
    )


def answerable(values: Sequence[float]) -> float:
    """Estimated probability that the chosen clause is about the question."""
    weights, bias, _ = model()
    return 1.0 / (
        1.0 + math.exp(-(bias + sum(w * v for w, v in zip(weights, values, strict=True))))
    )


def threshold() -> float:
    """The estimate below which the question is declined."""
    return model()[2]
