"""Calibrate the reader and choose its thresholds on documents that were not trained on.

    python scripts/fit_reader.py [--limit 320]

Questions of the reading set about held-out documents are searched and read as in use; what is
found is written into ``reader.json``.  No development question is read.
"""

from __future__ import annotations

import json
import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from operator import mul
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray
from reader_examples import asks_standing  # beside this file
from rich.console import Console
from rich.progress import track
from scipy.optimize import minimize

from assistant import reading
from assistant.ask import Assistant
from assistant.question import understand_turns
from assistant.reading import Judged, Reading
from assistant.settings import ROOT
from embeddings.reader import BUNDLED, CONFIG, Judgement
from embeddings.training.evidence import bare, grams, held_out, marks
from embeddings.training.reader import auc
from embeddings.training.reader_export import UNFITTED

QUESTIONS = ROOT / "data" / "questions" / "reading"
FALSE_REFUSALS = 0.03  # share of the answerable questions that may be declined
FIRST = 0.2  # the standing is told before what is quoted: 「…还有效吗」 of a document lies above
BEHIND = 0.25  # of the best sentence that another must reach: docs/reader.md has the curve
YES_NO = ("yes", "no")
PRECISE = 0.9  # share of right ones from which 是的 or 不是 is said
LEAST = 1e-6


@dataclass(frozen=True, slots=True)
class Case:
    """A question that was read, and what is right.

    Attributes:
        right: (passages,) 1 holds the evidence, 0 does not, -1 says the same elsewhere.
        topic: (passages,) the same for the place where it would stand.
        marks: per sentence of each right passage.
    """

    question: dict[str, Any]
    reading: Reading
    answered: bool
    right: NDArray[np.int64]
    topic: NDArray[np.int64]
    marks: dict[int, list[int]]
    standing: bool


def held_out_questions(limit: int) -> list[dict[str, Any]]:
    """Questions on held-out documents; of those without document a tenth by their id."""
    found = []
    for path in sorted(QUESTIONS.glob("*.jsonl")):
        if path.stem == "laws":
            continue
        for q in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
            docs = [e["doc"] for e in q.get("evidence", [])] or [q["id"]]
            if any(map(held_out, docs)) and not q.get("untrained"):
                found.append(q | {"source": path.stem})
    random.Random(0).shuffle(found)
    return found[:limit]


def read_case(q: dict[str, Any], assistant: Assistant) -> Case:
    asked = understand_turns(q.get("turns") or [q["question"]])
    found = assistant.read(asked, "2026-11-30")
    answered = q["kind"] not in ("not_stated", "absent") and q.get("stated", True)
    places = [
        (bare(e["doc"]), bare(e["label"]), bare(e["quote"]))
        for e in [*q.get("evidence", []), *q.get("alts", [])]
    ]
    told = [grams(quote) for _, _, quote in places if len(quote) > 12]
    right, topic, marked = [], [], {}
    for n, j in enumerate(found.judged):
        title, label = bare(j.hit.document.title), bare(j.hit.measure.label or "")
        quotes = [x for t, f, x in places if t == title and (f[0] == "~" or f == label)]
        texts = [s.text for s in j.passage.sentences]
        own = marks(texts, quotes) if quotes else [0] * len(texts)
        same = grams(bare("".join(texts)))
        says = any(len(x & same) > 0.5 * len(x) for x in told)
        value = 1 if any(own) else -1 if says else 0
        right.append(value if answered else 0)
        topic.append(value)
        if value == 1 and answered:
            marked[n] = own
    standing = asks_standing(q, q["source"], assistant.knowledge.documents)
    return Case(q, found, answered, np.array(right), np.array(topic), marked, standing)


def logit(p: float) -> float:
    p = min(max(p, LEAST), 1 - LEAST)
    return math.log(p / (1 - p))


def scaled(features: Sequence[Sequence[float]], truth: Sequence[int]) -> list[float]:
    """Platt's scale and shift, and a weight for every further feature.

    The logistic of ``scale × first + shift + weight × second …`` fits the truth.
    """
    x, y = np.array(features), np.array(truth, float)

    def loss(w: NDArray[np.float64]) -> float:
        z = np.clip(w[0] * x[:, 0] + w[1] + x[:, 1:] @ w[2:], -30, 30)
        held = (w[0] - 1) ** 2 + float(w[2:] @ w[2:])
        return float(np.mean(np.log1p(np.exp(-z)) + (1 - y) * z) + 1e-3 * held)

    begin = np.zeros(1 + x.shape[1])
    begin[0] = 1.0
    return [float(w) for w in minimize(loss, begin).x]


def applied(scale: Sequence[float], *features: float) -> float:
    z = scale[0] * features[0] + scale[1] + sum(map(mul, scale[2:], features[1:]))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, z))))


def calibrated(case: Case, scales: Mapping[str, Sequence[float]]) -> Case:
    """The case as it is read with these calibrations."""

    def judgement(j: Judgement) -> Judgement:
        return replace(
            j,
            answers=applied(scales["answers"], logit(j.answers), logit(j.topic)),
            topic=applied(scales["topic"], logit(j.topic)),
            sentences=tuple(applied(scales["sentences"], logit(p)) for p in j.sentences),
        )

    judged = tuple(replace(j, judgement=judgement(j.judgement)) for j in case.reading.judged)
    return replace(case, reading=replace(case.reading, judged=judged))


def order_weights(cases: Sequence[Case]) -> tuple[float, float]:
    """Weights of ranker and reader: softmax over the measures of each answered question."""
    rows = []
    for c in cases:
        groups: dict[str, list[int]] = {}
        for n, j in enumerate(c.reading.judged):
            groups.setdefault(j.hit.measure.measure_id, []).append(n)
        x = np.array(
            [
                (
                    own_score(c.reading.judged[g[0]]),
                    max(logit(c.reading.judged[n].judgement.answers) for n in g),
                )
                for g in groups.values()
            ]
        )
        y = np.array([c.right[g].max() == 1 for g in groups.values()])
        if y.any() and not y.all():
            rows.append((x, y))

    def loss(w: NDArray[np.float64]) -> float:
        total = 0.0
        for x, y in rows:
            z = x @ w
            z = z - z.max()
            total -= math.log(np.exp(z)[y].sum() / np.exp(z).sum())
        return total / len(rows) + 1e-3 * float(w @ w)

    found = minimize(loss, np.array([0.5, 0.5]))
    first = np.mean([bool(y[np.argmax(x @ found.x)]) for x, y in rows])
    alone = np.mean([bool(y[np.argmax(x[:, 0])]) for x, y in rows])
    reads = np.mean([bool(y[np.argmax(x[:, 1])]) for x, y in rows])
    found_ = f"ranker {alone:.3f}, reader {reads:.3f}, both {first:.3f} (n {len(rows)})"
    Console().print(f"right measure first: {found_}")
    return float(found.x[0]), float(found.x[1])


def own_score(judged: Judged) -> float:
    """The ranker's own score: reading with the weights (1, 0) leaves it as it was."""
    return judged.hit.score


def best_cut(values: Sequence[float], truth: Sequence[bool]) -> float:
    """The value that tells true from false with the best mean of both rates."""
    v, t = np.array(values), np.array(truth, bool)
    cuts = np.unique(v)
    rates = [((v[t] >= c).mean() + (v[~t] < c).mean()) / 2 for c in cuts]
    return float(cuts[int(np.argmax(rates))])


def fewest_errors(values: NDArray[np.float64], truth: NDArray[np.bool_]) -> float:
    """The cut that takes the fewest for what they are not."""
    cuts = np.unique(values)
    errors = [((values >= cut) != truth).sum() for cut in cuts]
    return float(cuts[int(np.argmin(errors))])


def precise_cut(values: Sequence[float], truth: Sequence[bool]) -> float:
    """The least value from which at least :data:`PRECISE` are true."""
    order = np.argsort(-np.array(values))
    t = np.array(truth, bool)[order]
    share = np.cumsum(t) / np.arange(1, len(t) + 1)
    good = np.flatnonzero(share >= PRECISE)
    return float(np.array(values)[order][good[-1]]) if len(good) else 1.01


def figures(cases: Sequence[Case]) -> dict[str, float]:
    """Thresholds by name; prints what each of them lets through."""
    out = Console().print

    def highest(head: str) -> NDArray[np.float64]:
        """For each case the calibrated probability of the surest passage."""
        return np.array(
            [
                max((getattr(j.judgement, head) for j in c.reading.judged), default=0.0)
                for c in cases
            ]
        )

    stated, held = highest("answers"), highest("topic")
    truth = np.array([c.answered for c in cases])
    least = float(np.quantile(stated[truth], FALSE_REFUSALS))
    out(f"answerable or not: area {auc(stated, truth):.3f} (n {truth.sum()}, {(~truth).sum()})")
    for cut in (least, 0.1, 0.2, 0.3, 0.4, 0.5):
        refused, wrongly = (stated[~truth] < cut).mean(), (stated[truth] < cut).mean()
        out(f"  declined below {cut:.3f}: {refused:.3f} of what is not stated, {wrongly:.3f} else")
    unstated = [c for c in cases if not c.answered]
    near, on = held[~truth], np.array([c.question["kind"] != "absent" for c in unstated])
    topic = best_cut(near.tolist(), on.tolist())
    out(f"not stated or not held: area {auc(near, on):.3f}, cut {topic:.3f}")
    chosen = [
        (p, m)
        for c in cases
        for n, own in c.marks.items()
        for p, m in zip(c.reading.judged[n].judgement.sentences, own, strict=True)
    ]
    v, t = np.array([p for p, _ in chosen]), np.array([m for _, m in chosen])
    f1 = {
        float(cut): 2 * ((v >= cut) & (t == 1)).sum() / ((v >= cut).sum() + t.sum())
        for cut in np.arange(0.2, 0.8, 0.05)
    }
    cut = max(f1, key=f1.__getitem__)
    out(f"sentences, right passage given: F1 {f1[cut]:.3f} at {cut:.2f} (n {len(t)})")
    read = [c for c in cases if c.answered and c.reading.judged]
    best = [max(c.reading.judged, key=lambda j: j.judgement.answers).judgement for c in read]
    kinds = [c.question["kind"] for c in read]
    polar = [k in ("yes", "no") for k in kinds]
    supposed = best_cut([j.yes + j.no for j in best], polar)
    told = [(j, k) for j, k in zip(best, kinds, strict=True) if j.yes + j.no >= supposed]
    right = [(j.no > j.yes) == (k == "no") for j, k in zip(best, kinds, strict=True) if k in YES_NO]
    out(f"yes or no: {np.mean(right):.3f} right (n {len(right)}); supposed from {supposed:.2f}")
    yes = precise_cut([j.yes for j, _ in told], [k == "yes" for _, k in told])
    no = precise_cut([j.no for j, _ in told], [k == "no" for _, k in told])
    out(f"是的 from {yes:.2f}, 不是 from {no:.2f}")
    asks = np.array([c.standing for c in cases])
    said = np.array([c.reading.standing for c in cases])
    standing, maybe = fewest_errors(said, asks), best_cut(said.tolist(), asks.tolist())
    out(f"asks whether a rule holds: area {auc(said, asks):.3f}, {standing:.3f}, maybe {maybe:.3f}")
    found = {"answers": least, "topic": topic, "sentences": BEHIND, "standing": standing,
             "standing_first": FIRST, "maybe_standing": min(maybe, FIRST),
             "supposed": supposed, "yes": yes, "no": no}  # fmt: skip
    return {name: round(float(value), 4) for name, value in found.items()}


def surest(case: Case, head: str) -> Judgement:
    """Of the passage in which the head is surest; one that says no to all where none was read."""
    judged = [j.judgement for j in case.reading.judged]
    nothing = Judgement(LEAST, LEAST, LEAST, LEAST, LEAST, ())
    return max(judged, key=lambda j: float(getattr(j, head)), default=nothing)


def main(
    limit: Annotated[int, typer.Option(help="questions read")] = 320,
    folder: Annotated[Path, typer.Option(help="of the model")] = BUNDLED,
) -> None:
    """Fit and write; prints the figures."""
    config = json.loads((folder / CONFIG).read_text())
    plain = {**config, "calibration": {}, "thresholds": UNFITTED["thresholds"], "order": [1.0, 0.0]}
    (folder / CONFIG).write_text(json.dumps(plain))
    reading.SURE = 2.0  # everything is read
    assistant = Assistant.open()
    cases = [read_case(q, assistant) for q in track(held_out_questions(limit))]
    # declining is no fault of the reader where what answers was not found
    lost = [c for c in cases if c.answered and not c.right.any()]
    Console().print(f"{len(lost)} of {len(cases)} questions left out: the evidence was not found")
    cases = [c for c in cases if not (c.answered and not c.right.any())]
    sentences = [
        ((logit(p),), m)
        for c in cases
        for n, own in c.marks.items()
        for p, m in zip(c.reading.judged[n].judgement.sentences, own, strict=True)
    ]
    sure = [surest(c, "answers") for c in cases]
    on = [surest(c, "topic") for c in cases]
    held = [int(c.question["kind"] != "absent") for c in cases]
    scales = {
        # a passage sure to be on the matter that is not surer to state it leaves it open
        "answers": scaled(
            [(logit(j.answers), logit(j.topic)) for j in sure], [int(c.answered) for c in cases]
        ),
        "topic": scaled([(logit(j.topic),) for j in on], held),
        "sentences": scaled([x for x, _ in sentences], [y for _, y in sentences]),
    }
    cases = [calibrated(c, scales) for c in cases]
    order = order_weights([c for c in cases if c.answered])
    fitted = {
        **config,
        "calibration": {k: [round(w, 4) for w in values] for k, values in scales.items()},
        "thresholds": figures(cases),
        "order": [round(w, 4) for w in order],
        "fitted_on": len(cases),
    }
    (folder / CONFIG).write_text(json.dumps(fitted, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    typer.run(main)
