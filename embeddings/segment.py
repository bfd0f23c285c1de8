"""Text → tokens, by the same call for passages and for questions.

Words come from rjieba with the policy dictionary (``data/lexicon/words.txt``: 一网通办,
专精特新 and 免申即享 stay whole); numbers with their unit are one token (``500000元``,
``第12条``); character bigrams across and inside words are the net for what the dictionary
does not know.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import rjieba

from embeddings.characters import unified
from embeddings.numbers import normalise_numbers

LEXICON = Path(__file__).resolve().parent.parent / "data" / "lexicon"
WORDS = LEXICON / "words.txt"
_FREQUENCY = 200_000  # above every split of the shipped dictionary, so that the word stays whole

_CJK = "\u3400-\u9fff"
_SPACE_AT_NUMBER = re.compile(rf"(?<=\d)\s+(?=[{_CJK}%])|(?<=第)\s+(?=\d)")
_SPACES = re.compile(r"\s+")
_DASHES = re.compile(r"[‐-―－~～—]+")
_ATOM = re.compile(
    r"第\d+[条款项章节批届号]"
    r"|\d+(?:\.\d+)?(?:元|美元|%|‰|个工作日|工作日|个自然日|个月|个百分点|百分点|小时|分钟|年|天|日|月|倍|家|人|项|个|次|折)?"
    r"|[a-z][a-z0-9+.&-]*"
)
_CJK_RUN = re.compile(rf"[{_CJK}]+")
# Function and question words carry no subject; they are dropped from the words.
STOP = frozenset(
    word
    for line in (LEXICON / "stop.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
    for word in line.split()
)


def normalise(text: str) -> str:
    """NFKC, lower case, one kind of dash, no space beside numbers, numbers in one form."""
    text = unified(text).lower()
    text = _DASHES.sub("-", text)
    text = _SPACES.sub(" ", _SPACE_AT_NUMBER.sub("", text))
    return normalise_numbers(text)


@lru_cache(maxsize=1)
def _segmenter() -> rjieba.Jieba:
    jieba = rjieba.Jieba()
    for word in policy_words():
        jieba.add_word(word, _FREQUENCY, "n")
    return jieba


@lru_cache(maxsize=1)
def policy_words() -> tuple[str, ...]:
    """The words of the policy dictionary, in file order."""
    lines = WORDS.read_text(encoding="utf-8").splitlines()
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """Names segmenter, dictionary and rules: an index built with another one must be rebuilt."""
    files = (__file__, *(f.__code__.co_filename for f in (normalise_numbers, unified)))
    rules = b"".join(Path(file).read_bytes() for file in files)
    digest = hashlib.sha256(WORDS.read_bytes() + rules).hexdigest()[:12]
    return f"rjieba+policy:{digest}"


def words(text: str) -> list[str]:
    """The words of ``text`` in order, without function words and punctuation."""
    return list(_words(normalise(text)))


def _words(text: str) -> Iterable[str]:
    position = 0
    for atom in _ATOM.finditer(text):
        yield from _chinese(text[position : atom.start()])
        yield atom[0]
        position = atom.end()
    yield from _chinese(text[position:])


def _chinese(text: str) -> Iterable[str]:
    for run in _CJK_RUN.findall(text):
        for word in _segmenter().cut(run, False):
            if word not in STOP:
                yield word


def raw_words(run: str) -> list[str]:
    """Every word of a Chinese run in order: joined again they give the run."""
    return list(_segmenter().cut(run, False))


def is_word(text: str) -> bool:
    """Whether the segmenter's dictionary holds ``text`` as one word."""
    return bool(_segmenter().has_word(text))


def tokens(text: str) -> list[str]:
    """Words, then the bigrams that are no word of their own (so that none counts twice).

    The order is that of the text within each group.  Empty text gives an empty list.
    """
    text = normalise(text)
    found = list(_words(text))
    known = set(found)
    for run in _CJK_RUN.findall(text):
        for start in range(len(run) - 1):
            pair = run[start : start + 2]
            if pair not in known and pair not in STOP:
                found.append(pair)
    return found
