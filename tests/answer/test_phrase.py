"""The words of an answer: whole texts, their marks, and the quotes behind them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from answer.made import (
    EXACT,
    THRESHOLDS,
    TODAY,
    clause,
    distinct,
    hit,
    judged,
    knowing,
    label,
    policy,
    question,
    quotes_are_verbatim,
    reading,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.answer import compose
from assistant.answer.claims import Claims, Missing, Quote
from assistant.answer.phrase import phrase
from assistant.answer.phrasing import name
from assistant.answer.verify import marks
from assistant.passages import passages
from assistant.question.query import Query, Side
from assistant.reading import Judged
from assistant.records import Answer, Hit, ParsedDocument, Relation
from assistant.sentences import split
from embeddings.reader import Judgement

BOATS = policy(
    "游船",
    "本市游船码头办法",
    "第一条 码头每天开放到22时。夜航票价由运营单位决定。儿童免票登船。",
    clause(
        "第二条 运营单位应当配备救生衣。（责任单位：河道处、码头办）",
        depts="河道处、码头办",
        deadline="2026年9月底",
    ),
    "第三条 停航须满足下列条件之一：（一）风力达到八级；（二）能见度不足百米。其他情形照常开航。",
    "第四条 残疾人登船免票；现役军人登船半价。",
    issued="2024-02-03",
    doc_number="沪试规〔2024〕9号",
    issuers=("试验市河道处", "试验市财政处"),
)
OLD = policy(
    "旧码头", "码头试行办法", "第一条 码头每晚收费5元。", expires="2025-12-31", issued="2022-01-01"
)
EAST = policy("东滩", "东滩区灯塔办法", "第一条 灯塔参观每人10元。", district="东滩区")
WEST = policy("西浦", "西浦区灯塔办法", "第一条 灯塔周一不开门。", district="西浦区")
REACH = ("本知识库最新一份文件日期为2024年2月3日，此后的变化未收录。",)


def say(query: Query, *every: Judged, known: Any = None, standing: float = 0.0) -> Answer:
    """The answer to what was read; every answer's marks and quotes are checked on the way."""
    answer = compose(
        query,
        reading(*every, standing=standing),
        as_of=TODAY,
        known=known or knowing(BOATS, OLD, EAST, WEST),
        thresholds=THRESHOLDS,
    )
    assert quotes_are_verbatim(answer.citations)
    assert set(marks(answer.text)) == {c.n for c in answer.citations}
    return answer


def test_an_answer_with_all_its_fields() -> None:
    read = judged(BOATS, 1, 0.9, 0.9, 0.1, 0.1)
    answer = say(question("码头几点关门？"), read)
    assert answer == Answer(
        question="码头几点关门？",
        standalone_question="码头几点关门？",
        text="码头每天开放到22时。[1]",
        citations=answer.citations,
        retrieved=(read.hit,),
        notes=REACH,
    )
    (citation,) = answer.citations
    assert (citation.n, citation.hit, citation.quote) == (1, read.hit, "码头每天开放到22时。")
    assert (citation.validity.status, citation.validity.as_of) == ("unknown", TODAY)


def test_two_measures_get_their_numbers_in_order() -> None:
    answer = say(
        question("码头怎么管？"),
        judged(BOATS, 2, 0.7, 0.9, 0.1),
        judged(BOATS, 1, 0.9, 0.9, 0.1, 0.1),
    )
    assert answer.text == "码头每天开放到22时。[1]运营单位应当配备救生衣。[2]"
    assert [c.hit.measure.measure_id for c in answer.citations] == ["游船#1", "游船#2"]


def test_sentences_apart_share_a_number_and_a_quote() -> None:
    answer = say(question("几点关门，孩子收费吗？"), judged(BOATS, 1, 0.9, 0.9, 0.1, 0.8))
    assert answer.text == "码头每天开放到22时。[1]儿童免票登船。[1]"
    assert [c.quote for c in answer.citations] == [
        "码头每天开放到22时。夜航票价由运营单位决定。儿童免票登船。"
    ]


def test_clauses_between_semicolons_are_one_sentence() -> None:
    answer = say(question("谁有优惠？"), judged(BOATS, 4, 0.9, 0.9))
    assert answer.text == "残疾人登船免票；现役军人登船半价。[1]"


def test_a_list_is_said_with_its_lead_and_enumerators() -> None:
    answer = say(question("什么时候停航？"), judged(BOATS, 3, 0.9, 0.9, 0.9, 0.9, 0.1))
    assert answer.text == "停航须满足下列条件之一：（一）风力达到八级；（二）能见度不足百米。[1]"


def test_an_item_alone_loses_its_enumerator() -> None:
    every = split(BOATS.measures[2])
    quote = Quote(hit(BOATS, 3), (every[3],), 0.9)
    answer = phrase(question("看不清呢？"), Claims(quotes=(quote,)), as_of=TODAY, known=knowing())
    assert answer.text == "能见度不足百米。[1]"
    assert answer.citations[0].quote == "（二）能见度不足百米。"


def test_departments_come_with_the_deadline() -> None:
    answer = say(question("救生衣归谁管？"), judged(BOATS, 2, 0.9, 0.1, 0.9))
    assert answer.text == "责任单位：河道处、码头办；时间节点：2026年9月底。[1]"
    assert answer.citations[0].quote == "（责任单位：河道处、码头办）"


def test_departments_are_read_from_the_bracket_where_the_record_has_none() -> None:
    pier = policy("栈桥", "栈桥办法", "第一条 栈桥限载八十人。（牵头单位：栈桥站）")
    answer = say(question("限载多少，谁管？"), judged(pier, 1, 0.9, 0.9, 0.9), known=knowing(pier))
    assert answer.text == "栈桥限载八十人。[1]责任单位：栈桥站。[1]"
    assert answer.citations[0].quote == "栈桥限载八十人。"


@pytest.mark.parametrize(
    ("asked", "yes", "no", "text"),
    [
        ("晚上收5元，对吧？", 0.9, 0.0, "是的：码头每晚收费5元。[1]"),
        ("晚上不收钱，对吧？", 0.0, 0.9, "不是这样：码头每晚收费5元。[1]"),
        ("晚上收８元，对吧？", 0.3, 0.3, "不是8元：码头每晚收费5元。[1]"),
        ("晚上收多少？", 0.1, 0.1, "码头每晚收费5元。[1]"),
    ],
)
def test_what_was_supposed_is_answered_first(asked: str, yes: float, no: float, text: str) -> None:
    held = replace(OLD, document=replace(OLD.document, expires=None))
    answer = say(question(asked), judged(held, 1, 0.9, 0.9, yes=yes, no=no), known=knowing(held))
    assert answer.text == text


def test_every_mark_has_its_words_in_the_clause() -> None:
    rule = policy("岸线", "岸线办法", "夜间停靠收费5元。驳船免费。日间停靠收费3元。")
    answer = say(question("停靠收多少？"), judged(rule, 1, 0.9, 0.8, 0.1, 0.9), known=knowing(rule))
    assert answer.text == "日间停靠收费3元。[1]夜间停靠收费5元。[1]"
    assert answer.citations[0].spans == ("日间停靠收费3元。", "夜间停靠收费5元。")
    assert marks(answer.text) == (1, 1)


def test_only_the_first_quote_carries_what_was_supposed() -> None:
    answer = say(
        question("码头22时关门，对吧？"),
        judged(BOATS, 1, 0.9, 0.9, 0.1, 0.1, yes=0.9),
        judged(BOATS, 4, 0.8, 0.9, 0.1),
    )
    assert answer.text == "是的：码头每天开放到22时。[1]残疾人登船免票。[2]"


def test_the_figure_asked_for_stands_before_a_long_sentence() -> None:
    text = f"渡轮公司{'、驳船公司' * 8}停靠一晚交纳码头费5元。"
    rule = policy("码头费", "码头费办法", text)
    known = knowing(rule)
    answer = say(question("停一晚交多少？"), judged(rule, 1, 0.9, 0.9), known=known)
    assert answer.text == f"5元。[1]{text}[1]"
    supposed = say(
        question("停一晚交多少，5元吧？"), judged(rule, 1, 0.9, 0.9, yes=0.9), known=known
    )
    assert supposed.text == f"是的：{text}[1]"


def test_an_ended_rule_says_so_behind_its_sentence() -> None:
    answer = say(question("晚上收多少？"), judged(OLD, 1, 0.9, 0.9))
    said = "码头每晚收费5元。（已过期，2025年12月31日止）[1]"
    assert answer.text == f"现在没有查到有效的规定，以前曾规定：{said}"
    past = say(question("2025年晚上收多少？", years=(2025,)), judged(OLD, 1, 0.9, 0.9))
    assert past.text == said


@pytest.mark.parametrize(
    ("status", "said"),
    [("expired", "已过期，2025年12月31日止"), ("repealed", "已废止，2026年1月1日止")],
)
def test_the_status_of_an_ended_rule_is_told_and_cited(status: str, said: str) -> None:
    by = policy(
        "废止",
        "关于废止旧规的决定",
        "废止《码头试行办法》。",
        effective_from="2026-01-01",
        relations=(
            Relation(
                "repeals", "码头试行办法", None, "废止《码头试行办法》", target_doc_id="旧码头"
            ),
        ),
    )
    known = knowing(OLD, by) if status == "repealed" else knowing(OLD)
    answer = say(question("晚上收多少？"), judged(OLD, 1, 0.9, 0.9), known=known)
    assert answer.citations[0].validity.status == status
    lead = "现在没有查到有效的规定，以前曾规定："
    assert answer.text.startswith(f"{lead}码头每晚收费5元。（{said}）[1]")
    assert marks(answer.text) == (1,)


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ({"district": "东滩区", "districts": ("东滩区",)}, "灯塔参观每人10元。[1]"),
        ({}, "东滩区：灯塔参观每人10元。[1]"),
    ],
    ids=["of the district asked for", "of a district not asked for"],
)
def test_a_districts_rule_says_whose_it_is(asked: dict[str, Any], text: str) -> None:
    assert say(question("灯塔门票多少？", **asked), judged(EAST, 1, 0.9, 0.9)).text == text


def test_the_citys_rule_says_so_where_a_district_is_asked_for() -> None:
    answer = say(
        question("东滩区的码头几点关门？", district="东滩区", districts=("东滩区",)),
        judged(BOATS, 1, 0.9, 0.9, 0.1, 0.1),
    )
    assert answer.text == "全市规定：码头每天开放到22时。[1]"


def test_an_ended_rule_of_the_city_says_both_in_one_breath() -> None:
    asked = question("东滩区晚上收多少？", district="东滩区", districts=("东滩区",))
    said = "码头每晚收费5元。（已过期，2025年12月31日止）[1]"
    answer = say(asked, judged(OLD, 1, 0.9, 0.9))
    assert answer.text == f"全市现在没有查到有效的规定，以前曾规定：{said}"
    asked = question("南岛区晚上收多少？", district="南岛区", districts=("南岛区",))
    answer = say(asked, judged(OLD, 1, 0.9, 0.9))
    lead = "没有收录南岛区自己的文件；全市现在没有查到有效的规定，以前曾规定："
    assert answer.text == lead + said


def test_a_rule_of_the_city_that_names_the_place_needs_no_excuse() -> None:
    cape = policy("岬角", "渡口办法", "第一条 长岬渡口免费停船。")
    places = {"district": "南岛区", "districts": ("南岛区",), "place_words": ("长岬",)}
    answer = say(question("长岬停船多少钱？", **places), judged(cape, 1, 0.9, 0.9),
                 known=knowing(cape, EAST))  # fmt: skip
    assert answer.text == "全市规定：长岬渡口免费停船。[1]"


def test_a_rule_from_elsewhere_is_shown_only_as_such() -> None:
    answer = say(
        question("灯塔周一开门吗？", district="东滩区", districts=("东滩区",)),
        judged(WEST, 1, 0.9, 0.9, elsewhere=True),
    )
    assert answer.text == "西浦区：灯塔周一不开门。[1]"


def test_both_sides_of_a_comparison_are_named() -> None:
    sides = (Side("", district="东滩区"), Side("", district="西浦区"), Side("", city=True))
    answer = say(
        question("市里、东滩区和西浦区各怎么规定？", districts=("东滩区", "西浦区"), sides=sides),
        judged(WEST, 1, 0.9, 0.9, elsewhere=True),
        judged(EAST, 1, 0.8, 0.9),
        judged(BOATS, 1, 0.7, 0.9, 0.1, 0.1),
    )
    assert answer.text == (
        "东滩区：灯塔参观每人10元。[1]西浦区：灯塔周一不开门。[2]市级：码头每天开放到22时。[3]"
    )


def test_two_documents_compared_go_by_number_or_title() -> None:
    pier = policy("栈桥", "关于印发《栈桥办法》的通知", "第一条 栈桥限载八十人。")
    sides = (Side("", title="栈桥办法"), Side("", doc_number="沪试规〔2024〕9号"))
    answer = say(
        question("两份文件分别怎么说？", sides=sides),
        judged(BOATS, 1, 0.9, 0.9, 0.1, 0.1),
        judged(pier, 1, 0.8, 0.9),
        known=knowing(BOATS, pier),
    )
    assert answer.text == (
        "《栈桥办法》：栈桥限载八十人。[1]沪试规〔2024〕9号：码头每天开放到22时。[2]"
    )


def test_two_documents_of_one_district_are_told_apart() -> None:
    other = policy("岸线", "东滩区岸线办法", "第一条 岸线步道宽三米。", district="东滩区")
    sides = (Side("", title="东滩区灯塔办法"), Side("", title="东滩区岸线办法"))
    answer = say(
        question("两份文件分别怎么说？", sides=sides),
        judged(EAST, 1, 0.9, 0.9),
        judged(other, 1, 0.8, 0.9),
        known=knowing(EAST, other),
    )
    assert answer.text == (
        "《东滩区灯塔办法》：灯塔参观每人10元。[1]《东滩区岸线办法》：岸线步道宽三米。[2]"
    )


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (
            1,
            "文件没有写明您问的这一点。沪试规〔2024〕9号 第一条只写了：码头每天开放到22时。[1]"
            "请向试验市河道处核实。[1]",
        ),
        (
            2,
            "文件没有写明您问的这一点。沪试规〔2024〕9号 第二条只写了：运营单位应当配备救生衣。[1]"
            "请向河道处、码头办核实。[1]",
        ),
    ],
    ids=["the issuer is asked", "the department is asked"],
)
def test_what_is_missing_is_told_with_what_stands_there(number: int, text: str) -> None:
    missing = Missing(hit(BOATS, number), (split(BOATS.measures[number - 1])[1],))
    answer = phrase(
        question("罚多少？"), Claims(missing=(missing,)), as_of=TODAY, known=knowing(BOATS)
    )
    assert answer.text == text
    assert not answer.refused
    assert quotes_are_verbatim(answer.citations)


def test_what_is_missing_names_what_was_read() -> None:
    missing = Missing(hit(BOATS, 1), (split(BOATS.measures[0])[1],), read=3)
    answer = phrase(
        question("罚多少？"), Claims(missing=(missing,)), as_of=TODAY, known=knowing(BOATS)
    )
    assert answer.text.startswith(
        "文件没有写明您问的这一点。查阅了沪试规〔2024〕9号，其中第一条只写了：码头每天开放到22时。[1]"
    )


def test_a_whole_government_is_nobody_to_ask() -> None:
    document = replace(BOATS.document, issuers=("试验市人民政府办公厅",))
    missing = Missing(Hit(BOATS.measures[0], document, 1.0), (split(BOATS.measures[0])[1],))
    answer = phrase(
        question("罚多少？"), Claims(missing=(missing,)), as_of=TODAY, known=knowing(BOATS)
    )
    assert answer.text.endswith("[1]可拨打12345核实。[1]")


def test_marks_inside_a_title_are_title_marks() -> None:
    inner = policy("内", "关于修改<栈桥守则>的决定", "第一条 栈桥上不得垂钓。")
    assert name(inner.document) == "《关于修改〈栈桥守则〉的决定》"


def test_what_is_missing_without_number_label_and_issuer() -> None:
    bare = policy("裸", "栈桥守则", "栈桥上不得垂钓。")
    answer = say(question("罚多少？"), judged(bare, 1, 0.1, 0.9, topic=0.9), known=knowing(bare))
    assert answer.text == (
        "文件没有写明您问的这一点。《栈桥守则》只写了：栈桥上不得垂钓。[1]可拨打12345核实。[1]"
    )
    assert answer.notes == ()


def test_markup_and_control_characters_of_a_clause_are_made_harmless() -> None:
    text = (
        "登船<script>alert(1)</script>须\u202e实名\u200b\u0007，见`附则`"
        "&[须知](https://a.example/x)，[甲](javascript:b)。"
    )
    odd = policy("怪", "怪码头办法", text)
    answer = say(question("怎么登船？"), judged(odd, 1, 0.9, 0.9), known=knowing(odd))
    assert answer.text == (
        "登船＜script＞alert(1)＜/script＞须实名，见｀附则｀"
        "＆[须知]（https://a.example/x)，[甲] (javascript：b)。[1]"
    )
    assert answer.citations[0].quote == text


@pytest.mark.parametrize("number", ["[3]", "【3】", "［3］"])
def test_a_bracketed_number_of_a_clause_is_no_mark(number: str) -> None:
    odd = policy("注", "注码头办法", f"登船须知见附表{number}所列。")
    say(question("怎么登船？"), judged(odd, 1, 0.9, 0.9), known=knowing(odd))


def test_a_mark_makes_no_link_with_the_sentence_behind_it() -> None:
    odd = policy("链", "链码头办法", "登船须预约。(https://a.example/)可以预约。")
    answer = say(question("怎么登船？"), judged(odd, 1, 0.9, 0.9), known=knowing(odd))
    assert "[1](" not in answer.text


def test_blanks_inside_a_clause_are_closed() -> None:
    broken = policy("断行", "断行办法", "第一条 船票 满 30 元， 可以 分次支付。")
    answer = say(question("能分次付吗？"), judged(broken, 1, 0.9, 0.9), known=knowing(broken))
    assert answer.text == "船票满30元，可以分次支付。[1]"
    assert answer.citations[0].quote == "船票 满 30 元， 可以 分次支付。"


def test_how_far_the_corpus_reaches_is_not_told_without_dates() -> None:
    answer = say(question("灯塔门票多少？"), judged(EAST, 1, 0.9, 0.9), known=knowing(EAST))
    assert answer.notes == ()


# --- whatever the reader says -----------------------------------------------------------------

FUTURE = policy(
    "将来",
    "码头夜航办法",
    "第一条 夜航船票一律七折。",
    "第二条 本办法自2027年1月1日起施行。",
    effective_from="2027-01-01",
)
PLAN = policy(
    "规划",
    "试验市码头三年行动计划（2025—2027年）",
    "试验市码头三年行动计划（2025—2027年）\n为改善码头，制定本计划。",
    "一、新建浮桥九座。",
    plan_start="2025-01-01",
    plan_end="2027-12-31",
)
DECISION = policy(
    "决定",
    "关于修改码头办法的决定",
    "一、将第一条修改为：\n“码头每天开放到22时。夜航票价由运营单位决定。儿童免票登船。”",
    "本决定自2026年3月1日起施行。废止《码头试行办法》。",
    effective_from="2026-03-01",
    relations=(
        Relation(
            "amends",
            "本市游船码头办法",
            None,
            "将第一条修改为",
            target_doc_id="游船",
            target_label="第一条",
            effective="2026-03-01",
        ),
        Relation("repeals", "码头试行办法", None, "废止《码头试行办法》", target_doc_id="旧码头"),
    ),
)
ODD = policy(
    "怪", "怪码头办法", "<b>登船</b>：\n1.实名；\n2.`限重`\u200b。", "（责任单位：）", "。"
)
LONG = policy(
    "长单",
    "码头设施办法",
    "第一条 码头应当设有下列设施："
    + "；".join(f"（{n}）{distinct(50, 100 * i)}" for i, n in enumerate("一二三四五六七"))
    + "。",
)
SHELF = (BOATS, OLD, EAST, WEST, FUTURE, PLAN, DECISION, ODD, LONG)
KNOWN = knowing(*SHELF)
EVERY = [(p, n) for p in SHELF for n in range(1, len(p.measures) + 1)]
CHANCE = st.floats(0, 1)


@st.composite
def anything_read(draw: st.DrawFn) -> tuple[Judged, ...]:
    """Some measures of the shelf, each with chance for a judgement."""
    chosen: list[tuple[ParsedDocument, int]] = draw(
        st.lists(
            st.sampled_from(EVERY), max_size=5, unique_by=lambda m: (m[0].document.doc_id, m[1])
        )
    )
    found = []
    for parsed, number in chosen:
        features = draw(st.sampled_from(({}, EXACT)))
        one = hit(parsed, number, elsewhere=draw(st.booleans()), features=features)
        for passage in passages(one.document, one.measure):
            each = st.tuples(*(CHANCE for _ in passage.sentences))
            judgement = st.builds(Judgement, CHANCE, CHANCE, CHANCE, CHANCE, CHANCE, each)
            found.append(Judged(one, passage, draw(judgement)))
    return tuple(found)


ANY_QUESTION = st.builds(
    question,
    st.sampled_from(
        ("码头几点关门？", "晚上收8元，对吧？", "《码头试行办法》还有效吗？", "附件1列了哪些？")
    ),
    district=st.sampled_from((None, "东滩区")),
    districts=st.sampled_from(((), ("东滩区",), ("东滩区", "西浦区"), ("北洲区",))),
    titles=st.sampled_from(((), ("码头试行办法",), ("没有的办法",))),
    doc_numbers=st.sampled_from(((), ("沪试规〔2024〕9号",))),
    labels=st.sampled_from(((), (label("第一条", 1),))),
    sides=st.sampled_from(
        (
            (),
            (Side("", district="东滩区"), Side("", district="西浦区")),
            (Side("", city=True), Side("", title="码头夜航办法")),
        )
    ),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(query=ANY_QUESTION, every=anything_read(), standing=CHANCE)
def test_whatever_is_read_marks_and_citations_agree(
    query: Query, every: tuple[Judged, ...], standing: float
) -> None:
    answer = say(query, *every, known=KNOWN, standing=standing)
    assert answer.text
    assert answer.refused is not bool(answer.citations)
