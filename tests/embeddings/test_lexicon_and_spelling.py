"""The lexicon is well formed and expands; typing errors are put right, right words left alone."""

from __future__ import annotations

import pytest

from embeddings.lexicon import entries, expand
from embeddings.segment import normalise
from embeddings.spelling import default_speller


def test_the_lexicon_is_large_and_well_formed() -> None:
    rows = entries()
    assert len(rows) >= 600
    for said, official, domain in rows:
        assert all(map(str.strip, said))
        assert all(map(str.strip, official))
        assert domain


@pytest.mark.parametrize(
    ("question", "official"),
    [
        ("公司交的五险能缓吗", "社会保险费"),
        ("老油车报废换电车", "新能源汽车"),
        ("办执照要几天", "营业执照"),
        ("我家房子要拆迁了", "房屋征收"),
        ("招应届生有钱拿吗", "高校毕业生"),
        ("贷款有没有人帮着贴利息", "贷款贴息"),
        ("评上小巨人", "专精特新“小巨人”企业"),
    ],
)
def test_colloquial_words_are_expanded(question: str, official: str) -> None:
    assert official in {e.official for e in expand(normalise(question))}


def test_a_term_already_said_is_not_added() -> None:
    assert "营业执照" not in {e.official for e in expand("营业执照丢了，执照怎么补")}


@pytest.mark.parametrize(
    ("question", "wrong", "right"),
    [
        ("印化税能减半吗", "印化税", "印花税"),
        ("进口医疗器戒", "医疗器戒", "医疗器械"),
        ("专经特新企业", "专经特新", "专精特新"),
        ("一网通班怎么用", "一网通班", "一网通办"),
        ("营业执造", "营业执造", "营业执照"),
        ("自己注策公司", "注策", "注册"),
        ("青埔区的政策", "青埔", "青浦"),
    ],
)
def test_typing_errors_are_corrected(question: str, wrong: str, right: str) -> None:
    found = default_speller().corrections(question)
    assert any(right in fixed and wrong[:1] in error for error, fixed in found), found


@pytest.mark.parametrize(
    "question",
    [
        "施工许可证丢了怎么补办",
        "张江的企业能申请吗",
        "商铺的房产税按什么比例交",
        "领到奖金以后还要交税吗",
        "个体工商户歇业备案",
    ],
)
def test_right_words_are_left_alone(question: str) -> None:
    assert default_speller().corrections(question) == []
