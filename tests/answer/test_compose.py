"""The extractive answer over the real corpus: kinds of question, absence, premise, standing."""

from __future__ import annotations

import re
from typing import Any

import pytest

from assistant.answer.verify import marks
from assistant.records import Answer

TODAY = "2026-11-21"


@pytest.fixture(scope="session")
def ask(assistant: Any) -> Any:
    def asked(question: str, as_of: str = TODAY) -> Answer:
        answer: Answer = assistant.ask(question, as_of=as_of)
        return answer

    return asked


def check_citations(answer: Answer) -> None:
    """Marks count from 1, each sentence has one, each quote is verbatim."""
    numbers = {c.n for c in answer.citations}
    assert numbers == set(range(1, len(answer.citations) + 1))
    assert set(marks(answer.text)) == numbers
    assert not re.search(r"。(?!\[\d+\])", answer.text), answer.text
    for citation in answer.citations:
        assert citation.quote
        assert citation.quote in citation.hit.measure.text


@pytest.mark.parametrize(
    ("question", "holds"),
    [
        ("科技服务业企业新上重大投资项目，市里最多支持多少？", ["10%", "500万元"]),
        ("专精特新中小企业的信用贷款贴息最高多少？", ["30％"]),
        ("交易场所拿了营业执照超过6个月没开业有什么后果？", ["吊销其营业执照"]),
        ("科技创新券扩围增类由哪些部门负责？", ["市科委", "市财政局"]),
        (
            "黄浦区政务服务“四个一”服务模式具体指哪四项？",
            ["一码续办", "一键呼应", "一桌联办", "一网互传"],
        ),
    ],
)
def test_answers_carry_the_facts_and_their_citations(
    ask: Any, question: str, holds: list[str]
) -> None:
    answer = ask(question)
    assert not answer.refused
    assert all(fact.replace("％", "%") in answer.text.replace("％", "%") for fact in holds)
    check_citations(answer)
    assert len(answer.text) < 420


def test_an_expired_rule_says_so_first_with_the_date(ask: Any) -> None:
    answer = ask("黄浦区首次成长为“四上”企业的高新技术企业奖多少？")
    assert answer.text.startswith("注意：")
    assert "2023年12月31日" in answer.text[:40]
    assert answer.citations[0].validity.status == "expired"
    assert "注意" not in ask("黄浦区首次成长为“四上”企业的高新技术企业奖多少？", "2023-06-01").text


def test_a_grant_without_its_amount_is_told_and_no_figure_is_lent(ask: Any) -> None:
    answer = ask("黄浦的国家中小企业公共服务示范平台通过认定，区里奖励几万块？")
    assert "相应奖励" in answer.text
    assert "没有写明" in answer.text
    assert not re.search(r"\d+万元", answer.text)
    check_citations(answer)


def test_a_wrong_figure_in_the_question_is_corrected_first(ask: Any) -> None:
    answer = ask("听说软件企业头一回升规上海一次奖100万，对吧？")
    assert re.match(r"(?:注意：[^\]]*\])?不是100", answer.text), answer.text
    assert "50万元" in answer.text


def test_a_charge_that_does_not_exist_is_denied(ask: Any) -> None:
    answer = ask("听说医调委调解医患纠纷要收2%的费，谁出？")
    assert answer.text.startswith("并非按2%收费")
    assert "不收取任何费用" in answer.text


@pytest.mark.parametrize(
    ("question", "as_of", "status", "says"),
    [
        ("上海市外商投资项目核准和备案管理办法现在还有效吗", TODAY, "in_force", "2027年2月28日"),
        ("上海市鼓励设立和发展外资研发中心的规定还有效吗", TODAY, "expired", "2025年11月30日"),
        ("《上海市企业内部审计制度规定》今天还能引用吗", TODAY, "repealed", "废止"),
        ("《上海市企业内部审计制度规定》还能引用吗", "2024-05-10", "in_force", "2024年5月15日"),
        ("黄浦区提信心扩需求稳增长促发展行动方案生效了吗", "2023-03-31", "not_yet", "4月14日"),
    ],
)
def test_standing_on_the_day(ask: Any, question: str, as_of: str, status: str, says: str) -> None:
    answer = ask(question, as_of)
    assert status in {c.validity.status for c in answer.citations}
    assert says in answer.text
    check_citations(answer)


def test_two_districts_get_a_line_each(ask: Any) -> None:
    answer = ask("徐汇和青浦各打算在哪里设惠企政策综合窗口？")
    districts = {c.hit.document.district for c in answer.citations}
    assert districts == {"徐汇区", "青浦区"}
    assert "徐汇区：" in answer.text
    assert "青浦区：" in answer.text


def test_next_questions_and_reach_are_offered(ask: Any) -> None:
    answer = ask("科技服务业企业新上重大投资项目，市里最多支持多少？")
    assert 1 <= len(answer.suggestions) <= 3
    assert any(re.search(r"\d{4}-\d{2}-\d{2}", note) for note in answer.notes)


def test_a_wrong_department_is_corrected(ask: Any) -> None:
    answer = ask("听说科技创新券扩围增类归市商务委管，对吗？")
    assert answer.text.startswith("不是市商务委")
    assert "市科委" in answer.text


def test_a_figure_that_follows_is_not_called_missing(ask: Any) -> None:
    answer = ask("集成电路产线为首批次新材料做验证服务，每批最高补贴多少？")
    assert "50万元" in answer.text
    assert "没有写明" not in answer.text


def test_the_penalty_of_a_duty_is_found_in_its_own_article(ask: Any) -> None:
    answer = ask("油车占着充电车位不走，上海停车办法怎么罚，是第几条？")
    assert "第三十四条" in answer.text
    assert "20元以上200元以下" in answer.text


def test_each_part_of_a_question_is_answered(ask: Any) -> None:
    answer = ask("医患纠纷去医调委调解收费吗？多久要有结果？")
    assert "不收取任何费用" in answer.text
    assert "30个工作日" in answer.text
    check_citations(answer)


def test_a_measure_named_by_document_and_label(ask: Any) -> None:
    answer = ask("沪府办规〔2025〕3号第（十三）条讲什么")
    assert answer.citations[0].hit.measure.label == "四/（十三）"
    answer = ask("金府办发〔2022〕7号附件第72项是什么？")
    assert answer.citations[0].hit.measure.label == "附件/72"


def test_a_document_without_a_period_is_told_so(ask: Any) -> None:
    answer = ask("沪府规〔2018〕21号关于土地资源高质量利用的意见现在还有效吗")
    assert answer.citations[0].validity.status == "unknown"
    assert "没有写明" in answer.text


def test_an_item_of_a_decision_is_cited_as_the_article_in_force(ask: Any) -> None:
    answer = ask("妨碍他人使用充电专用泊位充电设施的机动车驾驶员罚多少？")
    first = answer.citations[0]
    assert first.hit.document.doc_number == "上海市人民政府令第85号"
    assert first.hit.measure.label == "第三十四条"


def test_a_district_left_open_is_answered_for_the_city_and_told(ask: Any) -> None:
    answer = ask("新认定专精特新小巨人企业，区里奖多少？")
    assert answer.citations[0].hit.document.district is None
    assert any("哪个区" in note for note in answer.notes)


def test_a_time_limit_that_no_sentence_states_is_said_to_be_missing(ask: Any) -> None:
    answer = ask("青浦惠企政策综合窗口要多久才能办完一件事？")
    assert "没有写明具体时限" in answer.text


def test_no_hits_and_no_encoder(assistant: Any) -> None:
    from assistant.answer import compose
    from assistant.question import understand

    query = understand("专精特新中小企业的信用贷款贴息最高多少？", as_of=TODAY)
    nothing = compose(query, (), as_of=TODAY, corpus=assistant.catalogue)
    assert nothing.refused
    assert nothing.reason == "not_in_corpus"
    hits = assistant.search(query)
    plain = compose(query, hits, as_of=TODAY, corpus=assistant.catalogue)
    assert "30" in plain.text


@pytest.mark.parametrize(
    "question",
    [
        "补贴\u200b多少\u202e",
        "a" * 500,
        "《",
        "第第第条",
        "%%%",
        "\ud83d补贴？",
        "？" * 50,
        "2023",
    ],
)
def test_odd_questions_get_an_answer_or_a_refusal(ask: Any, question: str) -> None:
    answer = ask(question)
    assert answer.text
    if not answer.refused and answer.citations:
        check_citations(answer)
