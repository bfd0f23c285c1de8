"""Typing errors: homophones (印化税 → 印花税) and one wrong character (医疗器戒 → 医疗器械).

The vocabulary is ``data/lexicon/vocabulary.txt`` (words of the corpus, most frequent first) and
the policy dictionary; the toneless reading of each character is ``data/lexicon/pinyin.txt``.  Both
are written by ``scripts/grow_lexicon.py``, so that a question needs no pinyin library.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from embeddings.segment import LEXICON, is_word, policy_words, raw_words

_RUN = re.compile(r"[\u4e00-\u9fff]+")
_LONGEST = 6
_WILDCARD_FROM = 4  # shorter words with one free character fit by chance
# Characters that end a word rather than spoil it: 领到 is not 领导.
_FUNCTION = frozenset(
    "的了和与在对为是有把被将从到由于以其该此这那之也都就还又吗呢吧你我他她"
    "上下里中内外几能会要想给让说不没应个"
)
# Confused by many speakers' tongues and input methods.
_FUZZY = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ang", "an"), ("eng", "en"), ("ing", "in"))


class Speller:
    """Corrects against a fixed vocabulary.

    Args:
        vocabulary: known words, the most frequent first.
        readings: character → toneless pinyin.
    """

    def __init__(self, vocabulary: Iterable[str], readings: dict[str, str]) -> None:
        self._readings = readings
        self._known = dict.fromkeys(word for word in vocabulary if 2 <= len(word) <= _LONGEST)
        self._by_sound: dict[str, str] = {}
        self._by_shape: dict[str, str] = {}
        for word in self._known:
            self._by_sound.setdefault(self._sound(word), word)
            if len(word) >= _WILDCARD_FROM:
                for masked in _masked(word):
                    self._by_shape.setdefault(masked, word)

    def corrections(self, text: str) -> list[tuple[str, str]]:
        """(wrong, right) pairs, in order of the text; never for a word that is known as it is."""
        found: list[tuple[str, str]] = []
        for run in _RUN.findall(text):
            words = raw_words(run)
            first = 0
            while first < len(words):
                pair, used = self._at(words, first)
                if pair:
                    found.append(pair)
                first += used
        return found

    def _at(self, words: list[str], first: int) -> tuple[tuple[str, str] | None, int]:
        """The correction of the longest run of segments from ``first``, and how many it takes.

        An error breaks a word into pieces, so that one piece at least is a single character.
        """
        for last in range(min(len(words), first + _LONGEST), first, -1):
            window = "".join(words[first:last])
            pieces = words[first:last]
            if not 2 <= len(window) <= _LONGEST or window in self._known:
                continue
            if min(map(len, pieces)) > 1 or is_word(window):
                continue
            right = self._right(window)
            if right:
                return (window, right), last - first
        return None, 1

    def _right(self, window: str) -> str | None:
        sound = self._by_sound.get(self._sound(window))
        if sound and _plausible(window, sound):
            return sound
        if len(window) >= _WILDCARD_FROM:
            shaped = (self._by_shape.get(masked) for masked in _masked(window))
            return next((word for word in shaped if word and _plausible(window, word)), None)
        return None

    def _sound(self, word: str) -> str:
        return " ".join(self._readings.get(char, char) for char in word)


def _plausible(wrong: str, right: str) -> bool:
    """Some character is kept, and none that differs is a function word."""
    changed = [w for w, r in zip(wrong, right, strict=True) if w != r]
    return 0 < len(changed) < len(wrong) and not any(char in _FUNCTION for char in changed)


def _masked(word: str) -> Iterator[str]:
    for position in range(len(word)):
        yield f"{word[:position]}?{word[position + 1 :]}"


def _fuzzy(reading: str) -> str:
    for heard, meant in _FUZZY:
        reading = reading.replace(heard, meant)
    return reading


@lru_cache(maxsize=1)
def default_speller() -> Speller:
    """The speller over the shipped vocabulary."""
    readings: dict[str, str] = {}
    for line in (LEXICON / "pinyin.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            syllable, chars = line.split(" ")
            readings.update(dict.fromkeys(chars, _fuzzy(syllable)))
    lines = (LEXICON / "vocabulary.txt").read_text(encoding="utf-8").splitlines()
    words = [line for line in lines if line and not line.startswith("#")]
    places = (LEXICON / "places.tsv").read_text(encoding="utf-8").splitlines()
    names = [line.split("\t")[0] for line in places if line and not line.startswith("#")]
    return Speller([*policy_words(), *words, *names], readings)
