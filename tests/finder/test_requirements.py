"""Whom and where an offer is for, read from its wording; and what repeats a row."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.finder.benefit import amount_of
from assistant.finder.listing import FEWEST, Row, cut, once
from assistant.finder.requirements import Offer, offers
from assistant.records import Document, Fact, Measure, Validity

IN_FORCE = Validity("in_force", "2026-11-21")


def document_of(title: str = "支持企业发展办法") -> Document:
    return Document(
        doc_id="d", title=title, doc_number=None, source="a.txt", line_start=1, line_end=9
    )


def measure_of(text: str, label: str = "二", facts: tuple[Fact, ...] = ()) -> Measure:
    return Measure(f"d#{label}", "d", label, "", text, 1, 2, facts=facts)


def only(text: str, title: str = "支持企业发展办法") -> Offer:
    (offer,) = offers(measure_of(text), document_of(title))
    return offer


def names(offer: Offer) -> set[str]:
    return {name for requirement in offer.requirements for name in requirement.names}


@pytest.mark.parametrize(
    ("text", "required"),
    [
        ("对首次升规的软件企业给予一次性奖励。", {"软件和信息技术服务业"}),
        ("鼓励平台企业为科技服务业企业提供检测服务。", {"科技服务业"}),
        ("支持园区与客运公司合作开通班车。", set()),
        ("对金融科技服务模式创新予以推广。", set()),
        ("帮助企业申请并成为高级认证企业。", set()),
    ],
)
def test_whom_an_offer_is_for(text: str, required: set[str]) -> None:
    assert names(only(text)) == required


def test_a_title_binds_where_a_sentence_takes_it_up_in_short() -> None:
    title = "支持跨国公司地区总部提升能级的若干措施"
    assert "跨国公司地区总部" in names(only("鼓励总部投资的制造业企业更新设备。", title))
    assert "跨国公司地区总部" not in names(only("鼓励制造业企业更新设备。", title))


def test_where_an_offer_is_limited_to() -> None:
    assert only("在浦东新区试行承诺即入制改革。").places == {"浦东新区"}
    assert not only("在全市推广浦东新区的做法，允许企业容缺办理。").places
    assert not only("依托浦东新区的平台，支持企业出海。").places


def test_clauses_about_the_document_itself_offer_nothing() -> None:
    assert not offers(measure_of("本办法所称企业，是指在本市注册的企业。"), document_of())
    assert not offers(measure_of("（责任单位：市科委、各区政府）"), document_of())


def test_an_amount_stated_looking_back_belongs_to_the_offer_before() -> None:
    text = "对核心团队给予分级奖励。上述个人奖励金额最高不超过50万元。"
    place = text.index("50万元")
    fact = Fact("amount", "50万元", place, place + 4)
    measure = measure_of(text, facts=(fact,))
    first = offers(measure, document_of())[0]
    assert amount_of(measure, first) == "上述个人奖励金额最高不超过50万元"


def row(label: str, text: str, score: float) -> Row:
    measure = measure_of(text, label)
    offer = Offer(text, 0, (), stated=False)
    return Row(measure, document_of(), offer, score, IN_FORCE, None)


def test_a_repetition_in_the_same_document_is_named_not_listed() -> None:
    said = "持续推进拿地即开工服务流程和机制，健全区镇两级全程代办队伍。"
    kept = once([row("二/1", said, 2.0), row("附件/20", said, 1.9), row("三", "另一件事", 1.0)], {})
    assert [r.measure.label for r in kept] == ["二/1", "三"]
    assert [place.measure for place in kept[0].also] == ["附件/20"]


def test_the_list_ends_where_the_matter_ends() -> None:
    rows = [row(str(n), f"第{n}件事", 2.0 if n < 10 else 0.1) for n in range(20)]
    assert len(cut(rows)) == 10
    assert len(cut([rows[0], *rows[10:]])) == FEWEST
    assert cut([]) == []


def test_an_open_list_goes_on_with_what_is_meant_for_the_company() -> None:
    rows = [row(str(n), f"第{n}件事", 0.1 if n else 2.0) for n in range(FEWEST + 2)]
    rows[-1] = replace(rows[-1], meant=True)
    assert cut(rows) == rows[:FEWEST]
    assert cut(rows, asked=False) == [*rows[:FEWEST], rows[-1]]
