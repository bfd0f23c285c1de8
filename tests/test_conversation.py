"""Follow-ups become standalone questions: substitution, correction, narrowing, switch of topic."""

from __future__ import annotations

import pytest

from assistant.conversation import standalone


def test_a_single_turn_stays_as_it_is() -> None:
    assert standalone(["小微企业首次贷款有什么支持？"]) == "小微企业首次贷款有什么支持？"
    assert standalone([]) == ""
    assert standalone(["", "  ", "你好"]) == "你好"


@pytest.mark.parametrize(
    ("turns", "holds", "lacks"),
    [
        (["宝山给新招博士多少安家费？", "那青浦呢？"], ["青浦区", "安家费"], ["宝山"]),
        (
            ["2021年的节能办法里，新建机房的能耗上限是多少？", "改建机房呢？"],
            ["改建机房", "节能办法"],
            ["新建机房"],
        ),
        (
            ["2022年的帮办方案，要求派单率到多少？", "2024年的帮办工作方案呢？"],
            ["2024年的帮办工作方案", "派单率"],
            ["2022年"],
        ),
        (
            ["我们是做餐饮的。开新店奖多少？", "说错了，我们是做零售的，不是餐饮"],
            ["零售", "开新店"],
            ["餐饮"],
        ),
        (
            ["嘉定的厂房租金减几成？", "不对，我们在松江"],
            ["松江区", "租金"],
            ["嘉定"],
        ),
        (
            ["高新企业认定奖多少？", "谢谢。再问个别的：公共停车场要不要备案？"],
            ["停车场", "备案"],
            ["高新"],
        ),
        (
            ["沪府规〔2030〕9号有哪些补贴？", "就说第（六）条，门槛是多少？"],
            ["沪府规〔2030〕9号", "六", "门槛"],
            ["哪些"],
        ),
        (
            ["我在普陀开了家店", "卖咖啡的", "想申请首店补贴", "区里有什么支持？"],
            ["普陀", "咖啡", "首店补贴", "支持"],
            [],
        ),
        (["外商投资项目备案要几天？", "核准呢？"], ["核准要几天"], ["备案"]),
        (
            ["我公司在嘉定，做芯片设计", "有什么研发补贴？", "那在松江呢？"],
            ["松江区", "芯片设计", "研发补贴"],
            ["嘉定"],
        ),
        (["首次升规奖多少？", "我们是软件企业", "不对，是科技服务业"], ["科技服务业"], ["软件"]),
        (["我想问破产重整的税收政策", "算了，问问简易注销"], ["简易注销"], ["破产"]),
        (["诊所跟病人有纠纷可以去调解吗？", "收费吗？"], ["诊所", "纠纷", "收费吗"], []),
    ],
)
def test_follow_ups(turns: list[str], holds: list[str], lacks: list[str]) -> None:
    whole = standalone(turns)
    assert all(part in whole for part in holds), whole
    assert not any(part in whole for part in lacks), whole


def test_an_independent_question_drops_what_was_before() -> None:
    turns = ["专精特新企业买软件补几成？", "外商投资项目核准受理后一般几个工作日出结果？"]
    assert standalone(turns) == turns[1]


def test_thanks_before_a_question_are_dropped() -> None:
    assert "谢谢" not in standalone(["首次升规奖多少？", "好的，谢谢。归哪个部门管？"])


def test_what_is_asked_of_the_document_keeps_the_whole_question_before_it() -> None:
    first = "企业技术中心认定后，一次性奖励多少？"
    for then in (
        "这话出自哪份文件？",
        "这是哪个办法定的？到哪天失效？",
        "上面说的这条管到哪天",
        "明年还能用吗",
    ):
        assert standalone([first, then]) == f"{first}{then}"
    # a turn that names its own document stands alone
    other = "《上海市市标制作使用管理暂行规定》现在还有效吗？"
    assert standalone([first, other]) == other


def test_an_earlier_subject_comes_back() -> None:
    turns = ["冷库建设补贴多少？", "换个问题，夜间施工要谁批准？", "刚才说的冷库建设，找谁申请？"]
    found = standalone(turns)
    assert "冷库建设补贴" in found and "找谁申请" in found
    assert "夜间施工" not in found


def test_a_correction_of_what_was_asked_is_not_a_statement_about_the_company() -> None:
    found = standalone(["冷库建设补贴多少？", "搞错了，我问的是冷链车"])
    assert "冷链车" in found
    assert "我们是" not in found and "问的是" not in found


def test_a_subject_that_begins_like_a_word_of_consent_is_kept() -> None:
    assert "行政处罚决定书" in standalone(["行政处罚决定书丢了怎么办？", "那要多久能补？"])


def test_a_place_denied_is_exchanged_and_the_city_may_take_its_turn() -> None:
    first = "青浦区冷库建设有什么补贴？"
    moved = standalone([first, "我不在青浦，在奉贤"])
    assert "奉贤区" in moved and "青浦" not in moved
    city = standalone([first, "市里呢？"])
    assert "市里" in city and "青浦" not in city


def test_a_request_to_say_it_plainly_asks_the_same() -> None:
    first = "冷库建设补贴多少？"
    assert standalone([first, "能说得通俗一点吗"]) == first


def test_the_outcome_of_an_omission_is_no_other_case() -> None:
    found = standalone(["冷库证怎么申领？", "不交回会怎么样？"])
    assert "冷库证" in found and "不交回会怎么样" in found
