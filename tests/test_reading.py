"""Reading: how much is read, in which order the hits come out, what is told of the whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log

import pytest

from assistant.passages import passages
from assistant.question.query import Query
from assistant.reading import FIRST, LONG, SURE, THEN, Judged, Reading, exact, joined, read, read_on
from assistant.records import Document, Hit, Measure
from embeddings.reader import Judgement

DOCUMENT = Document("d", "冷库扶持办法", "甲.txt", 1, 9)
QUESTION = Query("冷库补贴多少？", "冷库补贴多少?", {"冷库": 1.0, "补贴": 2.0})


class Fake:
    """Judges a passage by its first sentence; remembers what it was given."""

    thresholds: Mapping[str, float] = {}

    def __init__(
        self,
        answers: Mapping[str, float],
        *,
        order: tuple[float, float] = (0.0, 1.0),
        topic: Mapping[str, float] | None = None,
        standing: Mapping[str, float] | None = None,
    ) -> None:
        self.answers, self.order = answers, order
        self.topic, self.standing = topic or {}, standing or {}
        self.calls: list[tuple[list[str], list[str]]] = []

    def read(
        self, turns: Sequence[str], passages: Sequence[tuple[str, Sequence[str]]]
    ) -> list[Judgement]:
        if passages:
            self.calls.append((list(turns), [texts[0] for _, texts in passages]))
        return [
            Judgement(
                self.answers.get(texts[0], 0.1),
                self.topic.get(texts[0], 0.2),
                self.standing.get(texts[0], 0.0),
                0.0,
                0.0,
                tuple(len(text) / 1000 for text in texts),
            )
            for _, texts in passages
        ]


def hit(name: str, score: float = 0.0, text: str = "", **features: float) -> Hit:
    own = Measure(name, "d", "第一条", "", text or f"{name}。", 1, 2)
    return Hit(own, DOCUMENT, score, features=features)


def names(reading: Reading) -> list[str]:
    return [h.measure.measure_id for h in reading.hits]


def ten() -> list[Hit]:
    """Ten hits: 甲 is the best."""
    return [hit(name, 10.0 - n) for n, name in enumerate("甲乙丙丁戊己庚辛壬癸")]


def test_no_more_is_read_when_an_answer_is_sure() -> None:
    reader = Fake({"丙。": SURE})
    found = read(reader, ["你好", "冷库补贴多少？"], QUESTION, ten())
    assert reader.calls == [(["你好", "冷库补贴多少？"], ["甲。", "乙。", "丙。"])]
    assert found.stated == SURE
    assert len(found.judged) == FIRST


def test_more_is_read_while_nothing_is_sure() -> None:
    reader = Fake({"丙。": SURE - 0.01, "庚。": SURE - 0.02})
    found = read(reader, ["冷库补贴多少？"], QUESTION, ten())
    assert [texts for _, texts in reader.calls] == [
        ["甲。", "乙。", "丙。"],
        ["丁。", "戊。", "己。", "庚。", "辛。"],
    ]
    assert len(found.judged) == FIRST + THEN
    assert found.stated == SURE - 0.01


def test_hits_that_are_not_read_stay_behind_as_they_were() -> None:
    hits = ten()
    found = read(Fake({"丙。": 0.9}), ["冷库补贴多少？"], QUESTION, hits)
    assert names(found) == list("丙甲乙丁戊己庚辛壬癸")
    assert found.hits[FIRST:] == tuple(hits[FIRST:])
    # a score far above those read does not help
    hits[9] = hit("癸", 1000.0, label=1.0, named=1.0)
    assert names(read(Fake({"丙。": 0.9}), [""], QUESTION, hits)) == list("丙甲乙丁戊己庚辛壬癸")


def test_the_order_joins_ranker_and_reader() -> None:
    hits = [hit("甲", 3.0), hit("乙", 1.0), hit("丙", 2.0)]
    answers = {"甲。": 0.2, "乙。": 0.8, "丙。": 0.5}
    only_reader = read(Fake(answers, order=(0.0, 1.0)), [""], QUESTION, hits)
    assert names(only_reader) == ["乙", "丙", "甲"]
    only_ranker = read(Fake(answers, order=(1.0, 0.0)), [""], QUESTION, hits)
    assert names(only_ranker) == ["甲", "丙", "乙"]
    both = read(Fake(answers, order=(0.5, 0.25)), [""], QUESTION, hits)
    assert names(both) == ["甲", "丙", "乙"]
    assert [h.score for h in both.hits] == pytest.approx(
        [1.5 - 0.25 * log(4), 1.0, 0.5 + 0.25 * log(4)]
    )


def test_joined_is_a_weighted_sum_of_score_and_odds() -> None:
    reader = Fake({}, order=(2.0, 0.5))
    assert joined(reader, hit("甲", 3.0), 0.9) == pytest.approx(6.0 + 0.5 * log(9))
    assert joined(reader, hit("甲", 3.0), 0.0) == pytest.approx(6.0 - 0.5 * log(1e6))
    assert joined(reader, hit("甲", 3.0), 1.0) == pytest.approx(6.0 + 0.5 * log(1e6))


def test_exact_names_stay_in_front() -> None:
    named = hit("丁", -5.0, label=1.0, named=1.0)
    hits = [hit("甲", 9.0), hit("乙", 8.0, label=1.0), named, hit("丙", 7.0, named=1.0)]
    assert [exact(h) for h in hits] == [False, False, True, False]
    found = read(Fake({"甲。": 0.99, "丁。": 0.01}), [""], QUESTION, hits[:3])
    assert names(found) == ["丁", "甲", "乙"]
    other = hit("戊", 1.0, label=0.5, named=0.5)
    found = read(Fake({"丁。": 0.7, "戊。": 0.6}), [""], QUESTION, [hits[0], named, other])
    assert names(found)[:2] == ["丁", "戊"]  # among themselves as all the others


def sentence(word: str, length: int = 200) -> str:
    return word + "无" * (length - len(word) - 1) + "。"


def test_of_a_long_measure_the_passages_most_alike_are_read_in_order() -> None:
    texts = [sentence(w) for w in ("甲", "冷库", "乙", "冷库补贴", "补贴")]
    reader = Fake({})
    found = read(reader, [""], QUESTION, [hit("长", text="".join(texts))])
    assert LONG == 3
    # 冷库 counts 1, 补贴 2: the first and the third share nothing
    assert reader.calls[0][1] == [texts[1], texts[3], texts[4]]
    assert [j.passage.sentences[0].text for j in found.judged] == [texts[1], texts[3], texts[4]]


def test_a_measure_of_three_passages_is_read_whole() -> None:
    texts = [sentence(w) for w in ("甲", "乙", "丙")]
    reader = Fake({})
    read(reader, [""], QUESTION, [hit("长", text="".join(texts))])
    assert reader.calls[0][1] == texts


def test_a_measure_counts_by_its_best_passage() -> None:
    texts = [sentence("甲"), sentence("乙")]
    hits = [hit("短", 0.0), hit("长", 0.0, text="".join(texts))]
    answers = {"短。": 0.6, texts[0]: 0.1, texts[1]: 0.7}
    found = read(Fake(answers), [""], QUESTION, hits)
    assert names(found) == ["长", "短"]
    assert found.hits[0].score == pytest.approx(log(0.7 / 0.3))
    # judged in the order of the measures, and of the text within them
    assert [j.judgement.answers for j in found.judged] == [0.1, 0.7, 0.6]


def test_the_whole_is_told_by_its_best_passages() -> None:
    reader = Fake(
        {"甲。": 0.3, "乙。": 0.4},
        topic={"甲。": 0.9, "乙。": 0.6},
        standing={"甲。": 0.9, "乙。": 0.1, "丙。": 0.6, "丁。": 0.3},
    )
    found = read(reader, [""], QUESTION, ten()[:4])
    assert (found.stated, found.held) == (0.4, 0.9)
    assert found.standing == pytest.approx((0.9 + 0.6 + 0.3) / 3)
    found = read(reader, [""], QUESTION, ten()[:2])
    assert found.standing == pytest.approx(0.5)


def test_without_hits_or_text_nothing_is_judged() -> None:
    assert read(Fake({}), [""], QUESTION, []) == Reading()
    empty = hit("甲", text=" ")
    assert read(Fake({}), [""], QUESTION, [empty]) == Reading(hits=(empty,))


def test_the_best_sentence_is_the_likeliest() -> None:
    own = hit("甲", text="冷库。补贴见第二句。停车。")
    (passage,) = passages(DOCUMENT, own.measure)
    judged = Judged(own, passage, Judgement(0.9, 0.9, 0.0, 0.0, 0.0, (0.2, 0.8, 0.5)))
    assert judged.best.text == "补贴见第二句。"


def test_the_best_sentence_is_none_of_departments() -> None:
    own = hit("甲", text="冷库补贴见附表。（责任单位：冷库办）")
    (passage,) = passages(DOCUMENT, own.measure)
    judged = Judged(own, passage, Judgement(0.2, 0.9, 0.0, 0.0, 0.0, (0.1, 0.3)))
    assert judged.best.text == "冷库补贴见附表。"


def test_reading_on_keeps_what_was_read_and_orders_all_of_it() -> None:
    reader = Fake({"甲。": 0.3, "乙。": 0.2, "子。": 0.9}, order=(0.1, 1.0))
    before = read(reader, [""], QUESTION, ten())
    unread = names(before)[FIRST + THEN :]
    reader.calls.clear()
    found = read_on(reader, [""], QUESTION, before, [hit("乙"), hit("子", 1.0), hit("丑")])
    assert [texts for _, texts in reader.calls] == [["子。", "丑。"]]
    assert names(found)[0] == "子"
    assert set(names(found)) == {*names(before), "子", "丑"}
    assert [name for name in names(found) if name in unread] == unread
    assert found.stated == 0.9
    # the score joins the ranker's own score once, however often there was reading
    again = next(h for h in found.hits if h.measure.measure_id == "甲")
    first = next(h for h in before.hits if h.measure.measure_id == "甲")
    assert again.score == pytest.approx(first.score)


def test_the_nearest_document_is_that_of_the_surest_topic() -> None:
    assert Reading().nearest is None
    assert read(Fake({}), [""], QUESTION, ten()).nearest == DOCUMENT
