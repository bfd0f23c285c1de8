"""The tokenizer: words by Viterbi over counted words, and the features each word is made of.

A text becomes a row of words (Unigram model of ``tokenizers``, no Python at run time). While
training, every word stands for a set of features: itself and all its substrings of one to four
characters that are frequent enough. After training the features of a word are summed into one
vector, so the shipped model is a plain table of word vectors that still knows characters and
bigrams.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import sparse
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

RUN = r"\p{Han}+|[a-z]+|[0-9]+"
PYTHON_RUN = re.compile(r"[㐀-鿿豈-﫿]+|[a-z]+|[0-9]+")
HAN_WORD = re.compile(r"[㐀-鿿豈-﫿]{2,8}")
UNKNOWN = "[UNK]"
LONGEST_GRAM = 4


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words with their log probabilities, and the word-by-feature matrix.

    Attributes:
        tokenizer: emits word ids; id 0 is the unknown word.
        features: names of the features.
        parts: sparse (words, features) matrix of ones.
    """

    tokenizer: Tokenizer
    features: tuple[str, ...]
    parts: sparse.csr_matrix


def count_words(texts: Iterable[str], cut: Callable[[str], list[str]]) -> Counter[str]:
    """Counts of the words of ``texts`` inside runs of Han, Latin or digits.

    Args:
        cut: a segmenter, text to list of words (jieba or rjieba without new-word guessing).
    """
    counts: Counter[str] = Counter()
    for text in texts:
        for run in PYTHON_RUN.findall(normal(text)):
            counts.update(cut(run) if ord(run[0]) > 0x3000 else [run])
    return counts


def read_words(path: Path) -> list[str]:
    """Words to keep whole: the first field of each line; Han only, ``#`` starts a comment."""
    lines = path.read_text(encoding="utf-8").splitlines()
    fields = [normal(line.split()[0]) for line in lines if line.strip() and line[0] != "#"]
    return [word for word in fields if HAN_WORD.fullmatch(word)]


def normal(text: str) -> str:
    """The same normal form as the tokenizer's own."""
    return NORMALIZER.normalize_str(text)


NORMALIZER = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])


def build_tokenizer(words: Sequence[tuple[str, float]]) -> Tokenizer:
    """A Unigram tokenizer over ``words`` (text, log probability); the unknown word comes first."""
    lowest = min(score for _, score in words) - 10.0
    tokenizer = Tokenizer(models.Unigram([(UNKNOWN, lowest), *words], unk_id=0))
    tokenizer.normalizer = NORMALIZER
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(RUN), behavior="removed", invert=True)
    return tokenizer


def choose_words(counts: Counter[str], *, limit: int, least: int) -> list[tuple[str, float]]:
    """The ``limit`` most counted words; characters and digits are always in, as the last resort."""
    total = sum(counts.values())
    single = {c for word in counts for c in word}
    kept = [w for w, n in counts.most_common() if n >= least and len(w) > 1][: limit - len(single)]
    chosen = sorted({*kept, *single})
    return [(w, math.log(max(counts[w], 0.5) / total)) for w in chosen]


def grams(word: str) -> set[str]:
    """The word and its substrings of one to ``LONGEST_GRAM`` characters (Han), or it alone."""
    if len(word) == 1 or ord(word[0]) < 0x3000:
        return {word}
    size = len(word)
    parts = {word[i : i + n] for n in range(1, LONGEST_GRAM + 1) for i in range(size - n + 1)}
    return parts | {word}


def build(words: Sequence[tuple[str, float]], *, least_words: int = 2) -> Vocabulary:
    """Features are the substrings shared by at least ``least_words`` words, and every word."""
    shared: Counter[str] = Counter()
    for word, _ in words:
        shared.update(grams(word))
    own = {word for word, _ in words}
    features = sorted(g for g, n in shared.items() if n >= least_words or g in own)
    index = {g: i for i, g in enumerate(features)}
    rows, columns = [], []
    for row, (word, _) in enumerate(words, start=1):
        for gram in sorted(grams(word)):
            if gram in index:
                rows.append(row)
                columns.append(index[gram])
    ones = np.ones(len(rows), dtype=np.float32)
    shape = (len(words) + 1, len(features))
    parts = sparse.csr_matrix((ones, (rows, columns)), shape=shape)
    return Vocabulary(build_tokenizer(words), tuple(features), parts)
