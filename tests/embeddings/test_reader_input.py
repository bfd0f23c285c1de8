"""What the reader is given: where the sentences stand, what is cut, the arrays of one pass."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Regex, Tokenizer, models, pre_tokenizers

from embeddings.reader_input import (
    BOS,
    CONTEXT,
    EARLIER,
    EOS,
    LONGEST,
    PAD,
    QUESTION,
    Pair,
    batch,
    pair,
    question_ids,
)

LETTERS = "甲乙丙丁戊己庚辛壬癸"


def by_character() -> Tokenizer:
    """Every character is one token; spaces are none.  甲 is 4, 乙 is 5 and so on."""
    pieces = {"<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3}
    pieces |= {letter: 4 + i for i, letter in enumerate(LETTERS)}
    made = Tokenizer(models.WordLevel(pieces, unk_token="<unk>"))
    made.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Split(Regex("."), "isolated")]
    )
    return made


TOKENS = by_character()


def ids(text: str) -> list[int]:
    return [4 + LETTERS.index(letter) for letter in text]


def test_spans_point_at_the_tokens_of_the_sentences() -> None:
    made = pair(TOKENS, question_ids(TOKENS, ["甲乙"]), "丙丁", ["戊己庚", "辛", "", "壬癸"])
    assert made.ids == [
        *(BOS, *ids("甲乙"), EOS, EOS, *ids("丙丁"), EOS),
        *(*ids("戊己庚"), *ids("辛"), *ids("壬癸"), EOS),
    ]
    assert [made.ids[a:b] for a, b in made.spans] == [ids("戊己庚"), ids("辛"), [], ids("壬癸")]
    assert made.spans[0] == (8, 11)


def test_earlier_turns_stand_before_the_question() -> None:
    assert question_ids(TOKENS, ["甲", "乙丙", "丁戊"]) == [*ids("甲乙丙"), EOS, *ids("丁戊")]


def test_the_last_tokens_of_earlier_turns_and_of_a_long_question_are_kept() -> None:
    earlier, asked = "甲" * 9 + "乙" * (EARLIER - 1) + "丙", "丁" * 9 + "戊" * (QUESTION - 1) + "己"
    found = question_ids(TOKENS, [earlier, asked])
    assert found == [
        *ids("乙" * (EARLIER - 1) + "丙"),
        EOS,
        *ids("戊" * (QUESTION - 1) + "己"),
    ]


def test_a_long_context_loses_its_end() -> None:
    made = pair(TOKENS, ids("甲"), "乙" * CONTEXT + "丙" * 5, ["丁"])
    assert made.ids == [BOS, *ids("甲"), EOS, EOS, *ids("乙" * CONTEXT), EOS, *ids("丁"), EOS]


def test_too_long_texts_lose_their_end() -> None:
    before = 6  # <s> 甲 </s> </s> 乙 </s>
    fits = LONGEST - 1 - before
    first, second = "丙" * (fits - 3), "丁戊己庚辛"
    made = pair(TOKENS, ids("甲"), "乙", [first, second, "壬癸"])
    assert len(made.ids) == LONGEST
    assert made.ids[-4:] == [*ids("丁戊己"), EOS]
    last = LONGEST - 1
    assert made.spans == [(before, last - 3), (last - 3, last), (last, last)]


def test_what_just_fits_stays_whole() -> None:
    made = pair(TOKENS, ids("甲"), "乙", ["丙" * (LONGEST - 8), "丁"])
    assert len(made.ids) == LONGEST
    assert made.ids[-3:] == [*ids("丙丁"), EOS]
    assert made.spans[-1] == (LONGEST - 2, LONGEST - 1)


@given(
    st.lists(st.text(LETTERS, max_size=90), min_size=1, max_size=4),
    st.text(LETTERS, max_size=60),
    st.lists(st.text(LETTERS, max_size=150), max_size=6),
)
def test_a_pair_is_never_too_long_and_its_sentences_follow_each_other(
    turns: list[str], context: str, sentences: list[str]
) -> None:
    made = pair(TOKENS, question_ids(TOKENS, turns), context, sentences)
    assert made.ids[0] == BOS and made.ids[-1] == EOS and len(made.ids) <= LONGEST
    assert len(made.spans) == len(sentences)
    ends = [b for _, b in made.spans]
    assert [a for a, _ in made.spans[1:]] == ends[:-1]
    for text, (start, end) in zip(sentences, made.spans, strict=True):
        assert made.ids[start:end] == ids(text)[: end - start]
        assert end - start == len(text) or ends[-1] == LONGEST - 1


def test_arrays_of_one_pass() -> None:
    pairs = [
        Pair([0, 7, 2, 2, 2, 8, 9, 10, 2], [(5, 7), (7, 8)]),
        Pair([0, 7, 2, 2, 2, 2], []),
        Pair([0, 7, 2, 2, 2, 8, 2], [(5, 6)]),
    ]
    tokens, mask, pool = batch(pairs)
    assert (tokens.dtype, mask.dtype, pool.dtype) == (np.int64, np.int64, np.float32)
    assert tokens.tolist() == [
        [0, 7, 2, 2, 2, 8, 9, 10, 2],
        [0, 7, 2, 2, 2, 2, PAD, PAD, PAD],
        [0, 7, 2, 2, 2, 8, 2, PAD, PAD],
    ]
    assert mask.sum(axis=1).tolist() == [9, 6, 7]
    assert (mask == 0).tolist() == (tokens == PAD).tolist()
    assert pool.shape == (3, 2, 9)
    assert pool.sum(axis=2).tolist() == [[1, 1], [0, 0], [1, 0]]
    assert pool[0, 0].tolist() == [0, 0, 0, 0, 0, 0.5, 0.5, 0, 0]


def test_pool_takes_the_mean_over_a_sentence() -> None:
    made = pair(TOKENS, ids("甲"), "", ["乙丁", "癸"])
    tokens, _, pool = batch([made])
    means = pool[0] @ tokens[0].astype(np.float32)
    assert means == pytest.approx([6.0, 13.0])  # (5 + 7) / 2; 13


def test_a_sentence_cut_off_weighs_nothing() -> None:
    made = pair(TOKENS, ids("甲"), "", ["乙" * LONGEST, "丙"])
    _, mask, pool = batch([made])
    assert pool[0].sum(axis=1) == pytest.approx([1.0, 0.0])
    assert mask.shape == (1, LONGEST) and mask.all()


def test_pairs_without_sentences_have_one_empty_row() -> None:
    _, _, pool = batch([pair(TOKENS, ids("甲"), "乙", [])])
    assert pool.shape == (1, 1, 7)
    assert not pool.any()
