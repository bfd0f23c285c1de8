"""The figure put before a long sentence: what was asked for, whole, and only where there is one."""

from __future__ import annotations

import pytest

from assistant.answer.short import LONG, short

RULE = (
    "对在本市登记满两年、上一年度营业收入增长的渡轮公司，经码头办公室审核后，"
    "按照更新船只的实际支出给予不超过30万元的一次性资助。"
)
TERM = (
    "码头办公室收到渡轮公司提交的全部申请材料以后，"
    "应当在10个工作日内作出是否准许停靠的书面决定并且告知理由。"
)
NEEDED = (
    "上一年度营业收入达到500万元的渡轮公司，"
    "可以向码头办公室提出更新船只的资助申请，由其审核后给予支持。"
)


@pytest.mark.parametrize(
    ("asked", "sentence", "figure"),
    [
        ("换一条新船能补多少？", RULE, "不超过30万元"),
        ("给多少钱", RULE, "不超过30万元"),
        ("交上去多久有回音？", TERM, "10个工作日内"),
        ("要等几天？", TERM, "10个工作日内"),
        ("补多少，等多久？", RULE, ""),
        ("谁来审核？", RULE, ""),
        ("补百分之几？", RULE, ""),
        ("能补多少？", NEEDED, ""),
        ("能补多少？", NEEDED.replace("达到500万元", "500万元以上"), ""),
        ("要等几天？", RULE, ""),
        ("能补多少？", RULE.replace("不超过30万元", "10万元至30万元"), ""),
        ("能补多少？", RULE.replace("不超过30万元", "30%、最高30万元"), ""),
        ("要等几天？", TERM.replace("10个", "5-10个"), ""),
        ("给多少钱", "给予不超过30万元的资助。", ""),
    ],
)
def test_one_figure_of_the_kind_asked_for(asked: str, sentence: str, figure: str) -> None:
    assert len(RULE) > LONG < len(TERM)
    assert short(asked, sentence) == figure
