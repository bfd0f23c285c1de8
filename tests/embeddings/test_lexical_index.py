"""The index against BM25 written out, its files, and the scale it was made for."""

from __future__ import annotations

import math
import time
from pathlib import Path

import numpy as np
import pytest

from embeddings.lexical_index import DEFAULT_LENGTH_PENALTY, K1, LENGTH_PENALTY, LexicalIndex, Row
from embeddings.segment import tokens

ROWS = [
    Row("a", {"title": "专精特新措施", "heading": "升规", "body": "首次升规的企业奖励50万元。"}),
    Row("b", {"title": "停车场办法", "body": "燃油汽车占用充电泊位的，处罚款。"}),
    Row("c", {"title": "停车场办法", "body": "停车场收费。", "questions": "停车费多少钱一小时"}),
]


@pytest.fixture
def index(tmp_path: Path) -> LexicalIndex:
    assert LexicalIndex.build(ROWS, tmp_path / "lexical") == len(ROWS)
    return LexicalIndex.open(tmp_path / "lexical")


def _bm25(term: str, row: int, field: str) -> float:
    """The formula as the literature has it, over the rows above."""
    texts = [tokens(r.fields.get(field, "")) for r in ROWS]
    holding = sum(
        any(term in tokens(t) for f, t in r.fields.items() if f != "questions") for r in ROWS
    )
    idf = math.log1p((len(ROWS) - holding + 0.5) / (holding + 0.5))
    filled = [len(t) for t in texts if t]
    b = LENGTH_PENALTY.get(field, DEFAULT_LENGTH_PENALTY)
    norm = K1 * (1 - b + b * len(texts[row]) / (sum(filled) / len(filled)))
    tf = texts[row].count(term)
    return idf * tf * (K1 + 1) / (tf + norm)


@pytest.mark.parametrize("field", ["title", "body"])
@pytest.mark.parametrize("term", ["停车场", "企业", "500000元", "充电"])
def test_scores_are_bm25(index: LexicalIndex, field: str, term: str) -> None:
    scores = index.match({term: 1.0}).scores(field)
    for row in range(len(ROWS)):
        assert scores[row] == pytest.approx(_bm25(term, row, field), rel=1e-5)


def test_contributions_add_up_to_scores(index: LexicalIndex) -> None:
    match = index.match({"停车场": 1.0, "收费": 0.5, "没有的词": 1.0})
    rows = np.array([0, 2])
    added = match.contributions("body", rows).sum(axis=0)
    assert added == pytest.approx(match.scores("body")[rows])
    assert match.idf[2] == 0


def test_search_sorts_filters_and_breaks_ties_by_id(index: LexicalIndex) -> None:
    assert index.search("升规奖多少", 3)[0][0] == "a"
    only = np.array([False, True, False])
    assert [id_ for id_, _ in index.search("停车场", 3, allowed=only)] == ["b"]
    same = index.search({"停车场": 1.0}, 3, weights={"title": 1.0})
    assert [id_ for id_, _ in same] == ["b", "c"]
    assert same[0][1] == same[1][1]


def test_unknown_words_find_nothing(index: LexicalIndex) -> None:
    assert index.search("qwertz", 3) == []
    assert index.search("", 3) == []
    assert index.filled("questions").tolist() == [False, False, True]


def test_same_ids_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="same id"):
        LexicalIndex.build([ROWS[0], ROWS[0]], tmp_path)
    with pytest.raises(ValueError, match="line break"):
        LexicalIndex.build([Row("x\ny", {"body": "z"})], tmp_path)


def test_files_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    LexicalIndex.build(ROWS, tmp_path)
    (tmp_path / "ids.txt").write_text("a\n", encoding="utf-8")
    with pytest.raises(ValueError, match="ids for"):
        LexicalIndex.open(tmp_path)


def test_an_index_without_rows_answers(tmp_path: Path) -> None:
    LexicalIndex.build([], tmp_path)
    assert LexicalIndex.open(tmp_path).search("停车场", 3) == []


def test_a_question_over_many_rows_is_quick(tmp_path: Path) -> None:
    rows = [Row(f"{n}", {"body": f"第{n}号企业申请奖励{n}万元"}) for n in range(8000)]
    LexicalIndex.build(rows, tmp_path)
    index = LexicalIndex.open(tmp_path)
    began = time.process_time()
    for number in range(20):
        assert index.search(f"奖励{number + 10}万元", 5)
    assert (time.process_time() - began) / 20 < 0.05
