"""Grow the word lists of ``data/lexicon`` from the policy texts.

    python scripts/grow_lexicon.py vocabulary   writes vocabulary.txt and pinyin.txt
    python scripts/grow_lexicon.py candidates   prints terms that may belong into words.txt

``vocabulary.txt`` (words that occur three times or more) is what typing errors are corrected
against.  ``words.txt`` is reviewed by hand: the candidates are quoted terms and runs of segments
that stand together far more often than by chance and in varied company.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from pypinyin import lazy_pinyin

from embeddings.segment import LEXICON, STOP, policy_words, raw_words

app = typer.Typer(help=__doc__, no_args_is_help=True)
_RUN = re.compile(r"[\u4e00-\u9fff]{2,}")
_QUOTED = re.compile(r"“([\u4e00-\u9fff+]{3,9})”")
_BREAK = re.compile(r"(?<=[\u4e00-\u9fff])\n(?=[\u4e00-\u9fff])|# Page \d+:?")
Sources = Annotated[Path, typer.Option(help="folder of the policy texts")]
DEFAULT = LEXICON.parent / "sources"


def runs(sources: Path) -> list[str]:
    """Chinese runs of all texts, lines joined where they break inside a run."""
    texts = (path.read_text(encoding="utf-8") for path in sorted(sources.glob("*.txt")))
    return [run for text in texts for run in _RUN.findall(_BREAK.sub("", text))]


@app.command()
def vocabulary(sources: Sources = DEFAULT, least: int = 3) -> None:
    """Write ``vocabulary.txt`` (most frequent first) and ``pinyin.txt``."""
    counts = Counter(word for run in runs(sources) for word in raw_words(run))
    words = [w for w, n in counts.most_common() if n >= least and 2 <= len(w) <= 6]
    head = "# Words of the policy texts, most frequent first; written by scripts/grow_lexicon.py."
    (LEXICON / "vocabulary.txt").write_text("\n".join([head, *words, ""]), encoding="utf-8")
    chars = sorted({*_common_characters(), *"".join(counts)})
    readings: dict[str, str] = defaultdict(str)
    for char, reading in zip(chars, lazy_pinyin(chars), strict=True):
        readings[reading] += char
    head = "# Toneless readings; written by scripts/grow_lexicon.py."
    lines = [head, *(f"{reading} {readings[reading]}" for reading in sorted(readings)), ""]
    (LEXICON / "pinyin.txt").write_text("\n".join(lines), encoding="utf-8")
    typer.echo(f"{len(words)} words, {len(chars)} characters")


@app.command()
def candidates(sources: Sources = DEFAULT, least: int = 5, top: int = 600) -> None:
    """Print terms with their counts, for review."""
    quoted: Counter[str] = Counter()
    for path in sorted(sources.glob("*.txt")):
        quoted.update(_QUOTED.findall(path.read_text(encoding="utf-8")))
    known = {*policy_words()}
    fixed = [(term, n) for term, n in quoted.most_common() if n >= 2 and len(raw_words(term)) > 1]
    joined = _collocations(runs(sources), least)
    for term, count in [*fixed, *joined[:top]]:
        if term not in known:
            typer.echo(f"{term}\t{count}")


def _collocations(texts: Iterable[str], least: int) -> list[tuple[str, int]]:
    """Two or three segments with high mutual information and varied neighbours."""
    single: Counter[str] = Counter()
    many: Counter[tuple[str, ...]] = Counter()
    sides: dict[tuple[str, ...], tuple[Counter[str], Counter[str]]] = {}
    for text in texts:
        words = ["^", *raw_words(text), "$"]
        single.update(words)
        for size in (2, 3):
            for start in range(1, len(words) - size):
                gram = tuple(words[start : start + size])
                many[gram] += 1
                left, right = sides.setdefault(gram, (Counter(), Counter()))
                left[words[start - 1]] += 1
                right[words[start + size]] += 1
    total = single.total()
    scored = []
    for gram, count in many.items():
        if count < least or STOP & set(gram) or not 3 <= len("".join(gram)) <= 8:
            continue
        chance = math.prod(single[word] / total for word in gram)
        information = math.log(count / total / chance) / (len(gram) - 1)
        variety = min(_entropy(side) for side in sides[gram])
        if information > 4 and variety > 1.2:
            scored.append((count * information, "".join(gram), count))
    return [(term, count) for _, term, count in sorted(scored, reverse=True)]


def _entropy(counts: Counter[str]) -> float:
    total = counts.total()
    return -sum(n / total * math.log(n / total) for n in counts.values())


def _common_characters() -> Iterable[str]:
    """The 6,763 characters of GB 2312."""
    for high in range(0xB0, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                yield bytes((high, low)).decode("gb2312")
            except UnicodeDecodeError:
                continue  # the last row of the standard is not full


if __name__ == "__main__":
    app()
