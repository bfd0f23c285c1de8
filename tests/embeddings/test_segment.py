"""Numbers come to one form, policy words stay whole, and no text breaks the segmenter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.numbers import normalise_numbers, numeral
from embeddings.segment import fingerprint, normalise, raw_words, tokens, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("第十二条", "第12条"),
        ("五十万", "50万元"),
        ("50万元", "500000元"),
        ("1,000万元", "一千万元"),
        ("百分之五", "5%"),
        ("三成", "30%"),
        ("两千块钱", "2000元"),
        ("１５个工作日", "十五个工作日"),
        ("20 个工作日", "二十个工作日"),
        ("二〇二五年", "2025年"),
        ("3.5亿元", "35000万元"),
        ("200万美元", "2000000美元"),
    ],
)
def test_spellings_of_a_number_agree(one: str, other: str) -> None:
    assert words(one) == words(other)
    assert len(words(one)) == 1


@pytest.mark.parametrize("text", ["一网通办", "双随机", "一业一证", "成立", "一次性", "四上企业"])
def test_words_with_numerals_are_no_numbers(text: str) -> None:
    assert normalise_numbers(text) == text


def test_numbers_of_people_get_no_currency() -> None:
    assert normalise("十万户") == "100000户"


@pytest.mark.parametrize("text", ["", "万百", "x", "十二三四"])
def test_numeral_takes_any_text(text: str) -> None:
    assert numeral(text) is None or isinstance(numeral(text), int)


@pytest.mark.parametrize("word", ["一网通办", "专精特新", "免申即享", "双随机", "小升规"])
def test_policy_words_stay_whole(word: str) -> None:
    assert word in words(f"关于{word}的规定")


def test_bigrams_are_a_net_and_words_count_once() -> None:
    found = tokens("首次升规")
    assert "首次" in found
    assert "升规" in found
    assert len(found) == len(set(found))


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=80))
def test_every_text_is_segmented(text: str) -> None:
    assert all(token.strip() for token in tokens(text))


@given(st.text(alphabet="企业申请补贴五十万元一二三第条年", min_size=1, max_size=30))
def test_raw_words_give_the_run_again(run: str) -> None:
    assert "".join(raw_words(run)) == run


def test_normalising_twice_changes_nothing_more() -> None:
    for text in ("第十二条 五十万", "百分之五", "三个工作日，最高100万元", "（一）２０２５年"):
        assert normalise(normalise(text)) == normalise(text)


def test_fingerprint_names_the_segmenter() -> None:
    assert fingerprint().startswith("rjieba+policy:")
    assert fingerprint() == fingerprint()
