from __future__ import annotations

import pytest

from eval.text import fold, holds, same_document, same_label, share_held, states


def test_fold_levels_print() -> None:
    assert fold("ＡＢＣ “引” 12～15 [3]\n# Page 7:x") == "abc引12-15x"


@pytest.mark.parametrize(
    ("text", "phrase", "good"),
    [
        ("最高50万元", "50万", True),
        ("最高150万元", "50万", False),
        ("1.55个百分点", "1.5", False),
        ("有效期至2025年11月30日", "2025年11月", True),
        ("3个工作日", "3个工作日", True),
        ("13个工作日", "3个工作日", False),
        ("任何", "", False),
    ],
)
def test_states(text: str, phrase: str, good: bool) -> None:
    assert states(fold(text), phrase) is good


def test_a_passage_may_differ_a_little_from_the_quotation() -> None:
    quote = "对首次升规达标的科技服务业企业，市级层面给予不超过20万元的财政奖励"
    assert share_held(quote, quote) == 1
    assert holds(quote.replace("达标的", "达标的、"), quote)
    assert not holds(quote[:20], quote)


@pytest.mark.parametrize(
    ("given", "wanted", "good"),
    [
        ("二/（一）/3", "二/(一)/3.", True),
        ("二/（一）/3", "（一）/3", True),
        ("二/（一）/3", "3", True),
        ("（一）/3", "二/（一）/3", False),
        ("第五条", "第十五条", False),
        (None, "全文", True),
        (None, "第五条", False),
    ],
)
def test_same_label(given: str | None, wanted: str, good: bool) -> None:
    assert same_label(given, wanted) is good


def test_same_document_by_number_first_then_title() -> None:
    assert same_document("沪府规[2023]1号", "甲", "沪府规〔2023〕1号", "乙")
    assert not same_document(
        "沪府规〔2023〕1号", "同一标题的办法全文", "沪府规〔2023〕2号", "同一标题的办法全文"
    )
    assert same_document(
        None, "《上海市交易场所管理暂行办法》", "沪府规〔2025〕2号", "上海市交易场所管理暂行办法"
    )
    assert not same_document(None, "办法", None, "办法")
