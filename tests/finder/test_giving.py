"""What gives a company something, what it gives, and what an open list leaves out."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.ask import Assistant
from assistant.corpus.departments import Departments
from assistant.corpus.facts import facts
from assistant.finder.benefit import amount_of
from assistant.finder.giving import giving
from assistant.finder.requirements import GIVES, offers
from assistant.records import Document, Measure, Profile
from assistant.settings import Settings
from assistant.store.build import ingest

POLICY = """上海市试验区人民政府关于印发《试验区支持小店发展若干措施》的通知
沪试府规〔2025〕3号

各有关单位：
现将《试验区支持小店发展若干措施》印发给你们，请认真贯彻执行。

上海市试验区人民政府
2025年3月1日

试验区支持小店发展若干措施

第一条 对首次雇人的餐饮企业给予最高5万元的一次性奖励。
第二条 为餐饮企业提供开业辅导，开设绿色通道，申请材料不齐的实行容缺受理。
第三条 各区商务部门应当对餐饮企业发展情况开展年度评估，评估结果纳入工作考核。
第四条 对首次雇人的书店零售企业给予最高3万元的一次性奖励。
第五条 本措施自2025年4月1日起施行，有效期至2028年3月31日。
"""


@pytest.mark.parametrize(
    "text",
    [
        "对首次雇人的小店给予最高5万元的一次性奖励。",
        "为小店提供开业辅导，开设绿色通道，申请材料不齐的实行容缺受理。",
        "对小微企业减免半年房屋租金。",
        "鼓励银行为小店提供信用贷款，给予贷款贴息。",
        "支持企业引进人才，为符合条件的员工办理落户。",
    ],
)
def test_money_services_and_ease_are_given(text: str) -> None:
    assert giving(text) >= GIVES


@pytest.mark.parametrize(
    "text",
    [
        "各区要加强组织领导，压实工作责任。",
        "研究制定年度考核评价办法。",
        "各部门应当开展年度评估，评估结果纳入工作考核。",
        "违反本办法规定的，处以1万元以下的罚款。",
    ],
)
def test_plans_duties_and_penalties_give_nothing(text: str) -> None:
    assert giving(text) < GIVES


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("对新开小店给予最高5万元奖励。", "对新开小店给予最高5万元奖励"),
        ("为小店提供贷款支持，力争全年贷款余额突破300亿元。", None),
        ("化解拖欠小店的账款，实现账款清偿率100%。", None),
    ],
)
def test_an_amount_is_what_the_company_gets(text: str, amount: str | None) -> None:
    document = Document("d", "支持小店发展若干措施", "a.txt", 1, 9)
    measure = Measure("d#1", "d", "一", "", text, 1, 1, facts=facts(text, Departments(None, ())))
    (offer,) = offers(measure, document)
    assert amount_of(measure, offer) == amount


def test_an_open_list_holds_offers_and_a_question_finds_rules(tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "小店.txt").write_text(POLICY, encoding="utf-8")
    settings = Settings(
        sources=tmp_path / "sources",
        index=tmp_path / "index",
        state=tmp_path / "state",
        _env_file=None,
    )
    ingest(settings)
    assistant = Assistant.open(settings)
    company = Profile(district="试验区", industry=("餐饮",))

    def listed(question: str = "") -> list[str | None]:
        found = assistant.match(company, question=question, as_of="2026-01-01").matches
        return [match.citation.hit.measure.label for match in found]

    assert set(listed()) == {"第一条", "第二条"}
    assert listed("商务部门怎么对我们餐饮企业开展年度评估？")[0] == "第三条"
    asked_for_money = listed("商务部门对我们餐饮企业开展年度评估，评估了有钱吗？")
    assert "第三条" in asked_for_money and asked_for_money[0] != "第三条"
