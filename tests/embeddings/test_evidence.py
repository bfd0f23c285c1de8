"""Evidence: the bare form, which documents only measure, which sentences belong to a quote."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.training.evidence import GRAM, ONE_IN, bare, grams, held_out, marks


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" 冷库 扶持\n办法\t", "冷库扶持办法"),
        ("第（三）条　奖励２０万元：５０％；", "第(三)条奖励20万元:50%;"),
        ("\u3000\u00a0", ""),
    ],
)
def test_bare_is_nfkc_without_white_space(text: str, expected: str) -> None:
    assert bare(text) == expected


@given(st.text("冷库 （）\n２2㎡½", max_size=20))
def test_bare_of_bare_is_the_same(text: str) -> None:
    assert bare(bare(text)) == bare(text)


def test_held_out_is_stable() -> None:
    """Fixed titles: another choice would train on what it measures with."""
    names = [f"冷库扶持办法之{n}" for n in range(60)]
    assert [name for name in names if held_out(name)] == [
        "冷库扶持办法之30",
        "冷库扶持办法之52",
        "冷库扶持办法之53",
    ]


def test_held_out_knows_a_title_however_it_is_spaced() -> None:
    assert held_out(" 冷库扶持办法\n之３０ ")
    assert not held_out(" 冷库扶持办法\n之３１ ")


def test_about_one_document_in_ten_is_held_out() -> None:
    count = sum(held_out(f"试验办法{n}") for n in range(1000))
    assert 1000 / ONE_IN * 0.7 < count < 1000 / ONE_IN * 1.3


def test_grams_are_all_stretches_and_a_short_text_is_its_own() -> None:
    assert grams("甲乙丙丁戊己庚辛") == {"甲乙丙丁戊己", "乙丙丁戊己庚", "丙丁戊己庚辛"}
    assert grams("甲乙丙丁戊己") == {"甲乙丙丁戊己"}
    assert grams("甲乙") == {"甲乙"}
    assert GRAM == 6


SENTENCES = [
    "第三条 冷库建设",
    "对新建冷库按投资额的百分之十给予补贴；",
    "单个项目不超过五十万元。",
    "申请单位须在本市登记。",
]


@pytest.mark.parametrize(
    ("quotes", "expected"),
    [
        (["对新建冷库按投资额的百分之十给予补贴"], [0, 1, 0, 0]),  # all but the semicolon
        (["新建冷库按投资额"], [0, 1, 0, 0]),  # the sentence holds the quote
        (["对新建冷库按投资额的百分之十给予补贴;单个项目不超过五十万元。"], [0, 1, 1, 0]),
        (["单个项目不超过五十万元。", "申请单位须在本市登记。"], [0, 0, 1, 1]),
        (["夜间施工须经批准。"], [0, 0, 0, 0]),
        (["新建冷库"], [0, 0, 0, 0]),  # shorter than a gram: could stand anywhere
        ([], [0, 0, 0, 0]),
    ],
)
def test_marks_are_the_sentences_that_belong_to_a_quote(
    quotes: list[str], expected: list[int]
) -> None:
    assert marks(SENTENCES, quotes) == expected


def test_a_sentence_is_compared_in_its_bare_form() -> None:
    assert marks(["对新建 冷库\n给予２０万元（最高）"], ["对新建冷库给予20万元(最高)"]) == [1]


def test_a_sentence_shorter_than_a_gram_is_never_marked() -> None:
    assert marks(["可以申请。", "可以申请了。"], ["可以申请。可以申请了。"]) == [0, 1]


def test_three_fifths_of_the_grams_are_enough_and_less_is_not() -> None:
    quote = "甲乙丙丁戊己庚辛壬癸"  # five grams
    assert marks(["甲乙丙丁戊己庚辛子丑"], [quote]) == [1]  # three of five
    assert marks(["甲乙丙丁戊己庚寅子丑"], [quote]) == [0]  # two of five
