"""Do the quotations of a dataset stand in the source texts?"""

from __future__ import annotations

from pathlib import Path

from assistant.errors import BadInputError
from eval.dataset import Dataset
from eval.text import HELD, fold, share_held


def _best_share(quote: str, texts: list[str]) -> float:
    if any(fold(quote) in fold(text) for text in texts):  # the common case, and quick
        return 1.0
    return max(share_held(quote, text) for text in texts)


def missing_quotes(data: Dataset, sources: Path) -> list[str]:
    """One line per quotation that no source file (``*.txt``) holds.

    Raises:
        BadInputError: the folder has no source files.
    """
    texts = [path.read_text(encoding="utf-8") for path in sorted(sources.glob("*.txt"))]
    if not texts:
        raise BadInputError(f"{sources} 里没有 .txt 原文")
    lines: list[str] = []
    for question in data.questions:
        for field in ("gold", "gold_set", "avoid_set"):
            for i, piece in enumerate(getattr(question, field)):
                for variant in piece.variants():
                    best = _best_share(variant.quote or "", texts)
                    if best < HELD:
                        quote = (variant.quote or "")[:40]
                        lines.append(f"{question.id}: {field}.{i}.quote：{best:.0%} 「{quote}」")
    return lines
