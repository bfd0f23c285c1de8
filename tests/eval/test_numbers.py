from __future__ import annotations

import json

import pytest

from eval.dataset import Question
from eval.metrics.numbers import figures, number_faithfulness, stands_in, unfaithful_figures
from eval.prediction import Prediction


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("最高50万元", [("500000", "元")]),
        ("500,000元", [("500000", "元")]),
        ("五十万元", [("500000", "元")]),
        ("百分之三十", [("30", "%")]),
        ("30％", [("30", "%")]),
        ("1.5个百分点", [("1.5", "百分点")]),
        ("三个工作日", [("3", "工作日")]),
        ("２０２５年１１月３０日", [("2025-11-30", "日期")]),
        ("2023年底", [("2023-12-31", "日期")]),
        ("2025-11-30", [("2025-11-30", "日期")]),
        ("5月15日", [("-05-15", "日期")]),
        ("第十二条", [("12", "条")]),
        ("1亿元", [("100000000", "元")]),
        ("一次性奖励，一网通办，一企一策", []),
        ("沪府规〔2023〕1号《十四五规划2021》见[3]（一）①", []),
        ("1. 奖励\n2、补贴", []),
        ("28纳米", [("28", "纳米")]),
        ("不低于3…", [("3", "截断")]),
        ("降了四成五，三成多", [("45", "%"), ("30", "%")]),
        ("双方成立三成员小组", []),
    ],
)
def test_figures(text: str, expected: list) -> None:
    assert figures(text) == expected


@pytest.mark.parametrize(
    ("claim", "clause", "good"),
    [
        ("50万元", "最高五十万元", True),
        ("50万元", "最高50万美元", False),
        ("50%", "给予50万元", False),
        ("5%", "15%", False),
        ("2027年", "延长至2027年2月28日", True),
        ("2027年2月28日", "延长至2027年底", False),
        ("2023年底", "至2023年12月31日", True),
        ("1.5", "1.55个百分点", False),
        ("3个工作日", "3日内", False),
    ],
)
def test_stands_in(claim: str, clause: str, good: bool) -> None:
    assert stands_in(figures(claim)[0], figures(clause)) is good


def _asked(text: str = "补贴多少？", **more: object) -> Question:
    row = {"id": "x", "question": text, "kind": "subsidy", "facts": [["1"]], **more}
    return Question.model_validate_json(json.dumps(row))


def _said(answer: str, clause: str = "给予最高50万元奖励。", **validity: str) -> Prediction:
    cited = {"n": 1, "title": "办法", "text": clause, "validity": validity}
    return Prediction.model_validate({"id": "x", "answer": answer, "citations": [cited]})


def test_each_wrong_figure_is_named() -> None:
    wrong, total = unfaithful_figures(_asked(), _said("最高50万元，首次30万元[1]。"))
    assert (wrong, total) == ([("300000", "元")], 2)
    assert number_faithfulness(_asked(), _said("最高50万元，首次30万元[1]。")) == 0.5


def test_dates_of_the_citation_count_as_cited() -> None:
    answer = "该文件有效期至2025年11月30日。"
    assert number_faithfulness(_asked(), _said(answer, expires="2025-11-30")) == 1
    assert number_faithfulness(_asked(), _said(answer)) == 0


def test_the_users_own_figures_may_be_repeated() -> None:
    asked = _asked("投入三千万元能补多少？")
    assert number_faithfulness(asked, _said("您投入3000万元，最高50万元。")) == 1
    assert unfaithful_figures(asked, _said("您投入3000万元，最高50万元。"))[1] == 1


def test_without_figures_or_when_refused_there_is_no_value() -> None:
    assert number_faithfulness(_asked(), _said("可以申请。")) is None
    refused = Prediction(id="x", answer="请拨打12345", refused=True)
    assert number_faithfulness(_asked(), refused) is None


def test_enumerators_of_a_clause_may_be_repeated() -> None:
    clause = "行动清单\n1.助企纾困\n9.工赋伙伴"
    assert number_faithfulness(_asked(), _said("清单：1.助企纾困。9.工赋伙伴[1]", clause)) in (
        1,
        None,
    )


def test_a_five_year_plan_states_its_years() -> None:
    answer = "规划期为2021—2025年[1]。"
    assert number_faithfulness(_asked(), _said(answer, "上海市“十四五”规划提出")) == 1
    assert number_faithfulness(_asked(), _said(answer, "三年行动计划提出")) == 0


def test_how_many_more_rows_there_are_is_no_figure() -> None:
    assert figures("另有 7 条见适用清单") == []


def test_days_left_may_be_reckoned() -> None:
    said = _said("还剩8天[1]。", as_of="2024-01-20", expires="2024-01-28")
    assert number_faithfulness(_asked(), said) == 1
    said = _said("还剩9天[1]。", as_of="2024-01-20", expires="2024-01-28")
    assert number_faithfulness(_asked(), said) == 0


def test_a_line_may_end_inside_a_figure_of_the_clause() -> None:
    said = _said("至2023年12月31日，3000万元[1]。", "在2023 年12\n月31 日前，不超过30\n00万元")
    assert number_faithfulness(_asked(), said) == 1
