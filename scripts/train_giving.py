"""Fit how likely a sentence gives a company something (``assistant/finder/giving.py``).

    python scripts/train_giving.py              prints figures, writes assistant/finder/giving.json
    python scripts/train_giving.py --dry        prints only

``data/questions/finder/sentences.jsonl``: sentences of documents with authored questions, judged
by reading: 2 gives something, 1 in a general way or through others (banks are asked to lend), 0 a
plan, a duty, a penalty, a definition.  The figures are of documents left out: ten parts, each
document in one.  ``drawn``: at random, or where an earlier fit was unsure.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from scipy.sparse import csr_matrix, diags, hstack
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, roc_auc_score
from sklearn.model_selection import GroupKFold

from assistant.finder.giving import WEIGHTS, grams
from assistant.settings import ROOT

SENTENCES = ROOT / "data" / "questions" / "finder" / "sentences.jsonl"
PARTS = {"text": 1.0, "heading": 0.5, "title": 0.5}  # a heading says less than the sentence
LEAST = 4  # sentences in which a gram stands
STRENGTH = 4.0  # inverse of the penalty on the weights


class Fit:
    """A model over some of the sentences."""

    def __init__(self, rows: Sequence[dict[str, Any]]) -> None:
        self.counts = {
            part: CountVectorizer(analyzer=grams, binary=True, min_df=LEAST).fit(
                row[part] for row in rows
            )
            for part in PARTS
        }
        self.model = LogisticRegression(C=STRENGTH, max_iter=5000)
        self.model.fit(self.table(rows), [row["grade"] > 0 for row in rows])

    def table(self, rows: Sequence[dict[str, Any]]) -> csr_matrix:
        """(rows, grams): each part a vector of its share's length, whatever its text's length."""
        parts = []
        for part, share in PARTS.items():
            found = self.counts[part].transform(row[part] for row in rows)
            length = np.sqrt(np.maximum(np.asarray(found.sum(axis=1)).ravel(), 1))
            parts.append(diags(share / length) @ found)
        return hstack(parts).tocsr()

    def probability(self, rows: Sequence[dict[str, Any]]) -> NDArray[np.float64]:
        return self.model.predict_proba(self.table(rows))[:, 1]

    def weights(self) -> dict[str, dict[str, float]]:
        """part → gram → weight, with the part's share in it."""
        values = iter(self.model.coef_[0])
        return {
            part: {
                gram: round(share * float(next(values)), 3)
                for gram in self.counts[part].get_feature_names_out()
            }
            for part, share in PARTS.items()
        }


def main() -> None:
    rows = [json.loads(line) for line in SENTENCES.read_text(encoding="utf-8").splitlines()]
    given = np.array([row["grade"] > 0 for row in rows])
    left_out = np.zeros(len(rows))
    for seen, unseen in GroupKFold(10).split(rows, groups=[row["title"] for row in rows]):
        fit = Fit([rows[i] for i in seen])
        left_out[unseen] = fit.probability([rows[i] for i in unseen])
    table = Table("sentences", "number", "give", "AUC", "Brier", "10–90 %: said / are")
    for drawn in sorted({row["drawn"] for row in rows}):
        chosen = np.array([row["drawn"] == drawn for row in rows])
        said, are = left_out[chosen], given[chosen]
        unsure = (said > 0.1) & (said < 0.9)
        table.add_row(
            drawn,
            str(len(said)),
            str(are.sum()),
            f"{roc_auc_score(are, said):.3f}",
            f"{brier_score_loss(are, said):.3f}",
            f"{said[unsure].mean():.2f} / {are[unsure].mean():.2f}",
        )
    Console().print(table)
    if "--dry" not in sys.argv[1:]:
        fit = Fit(rows)
        bias = round(float(fit.model.intercept_[0]), 3)
        assert math.isfinite(bias)
        made = {"sentences": len(rows), "documents": len({row["title"] for row in rows})}
        model = {"made": made, "bias": bias, "weights": fit.weights()}
        text = json.dumps(model, ensure_ascii=False, indent=0)
        WEIGHTS.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
