"""The industries that the finder knows, and what is said of one that it does not."""

from __future__ import annotations

import pytest

from assistant.errors import BadInputError
from assistant.finder.checks import verdict
from assistant.finder.industries import check_known, gloss, sections
from assistant.finder.profile import held, told
from assistant.finder.requirements import offers
from assistant.finder.vocabulary import vocabulary
from assistant.records import Document, Measure, Profile
from embeddings.encoder import load_encoder

DOCUMENT = Document("d", "支持企业发展若干措施", "a.txt", 1, 9)
SAID = ("餐饮", "零售", "批发", "软件", "外贸", "物流", "建筑", "农业", "文旅", "生活服务",
        "制造", "金融", "医药")  # fmt: skip


def test_every_offered_industry_is_understood_as_itself() -> None:
    offered = [t for section in sections() for t in (*section.trades, *section.special)]
    assert {t.said for t in offered} >= {*SAID, "集成电路", "人工智能", "生物医药"}
    for term in offered:
        assert term.name in held(Profile(industry=(term.said,))).named, term.said
        assert gloss(term) or term.said in term.words or term.name == term.said


def test_every_industry_that_is_no_umbrella_stands_in_a_section() -> None:
    umbrellas = {wider for t in vocabulary().terms.values() for wider in t.within}
    for term in vocabulary().terms.values():
        assert term.section or term.kind != "industry" or term.name in umbrellas, term.name


@pytest.mark.parametrize(
    ("text", "industry", "expected"),
    [
        ("对首次上规模的零售企业给予奖励。", "餐饮", "不符合"),
        ("对首次上规模的零售企业给予奖励。", "零售", "符合"),
        ("对商贸企业给予贷款贴息。", "批发", "符合"),
        ("支持生活性服务业企业恢复发展，减免租金。", "餐饮", "符合"),
        ("对专业服务业企业给予租房补贴。", "律师事务所", "符合"),
        ("对专业服务业企业给予租房补贴。", "理发店", "不符合"),
        ("对医药企业给予研发补贴。", "生物医药", "符合"),
        ("对生物医药企业给予研发补贴。", "医药", "待确认"),
    ],
)
def test_what_binds_whom(text: str, industry: str, expected: str) -> None:
    (offer,) = offers(Measure("d#1", "d", "一", "", text, 1, 1), DOCUMENT)
    (requirement,) = offer.requirements
    profile = Profile(industry=(industry,))
    assert verdict(requirement, profile, held(profile)) == expected


def test_what_binds_nobody_is_for_every_trade() -> None:
    text = "对招用毕业生的企业给予一次性补贴。"
    (offer,) = offers(Measure("d#1", "d", "一", "", text, 1, 1), DOCUMENT)
    assert offer.requirements == ()


def test_the_chat_hears_the_same_words() -> None:
    assert told("我们在徐汇开了家写软件的小公司").industry == ("软件",)
    assert told("我们开汽修店，想招人").industry == ("生活服务",)


def test_an_unknown_industry_is_refused_with_the_near_ones() -> None:
    encode = load_encoder().encode_queries
    check_known(("餐饮店", "做软件的", ""), encode)
    with pytest.raises(BadInputError) as near:
        check_known(("洗浴中心",), encode)
    assert "洗浴中心" in near.value.message
    assert near.value.next_step.startswith("意思相近的有：生活服务")
    with pytest.raises(BadInputError) as far:
        check_known(("餐饮", "xyz"), encode)
    assert far.value.next_step.startswith("常用的有：农业、")
