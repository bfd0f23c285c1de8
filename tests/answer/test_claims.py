"""What is quoted, missing, supposed wrongly or told unasked, from judgements set by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

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
    quoted,
    reading,
)

from assistant.answer.claims import ROOM, UNSTATED, Claims, Missing, Quote, _completed, claims
from assistant.answer.figures import Figure
from assistant.answer.phrase import phrase
from assistant.answer.refuse import Refusal
from assistant.knowledge import Knowledge
from assistant.question.query import Query, Side
from assistant.reading import Judged, Part, Reading
from assistant.sentences import split

LIGHT = "夜市摊主每月可以领取300元照明补贴。"
CLEAN = "主办方按季度获得9000元保洁经费。"
OPEN = "临河街区开市时另有一次性奖励2万元。"
SHUTTLE = "末班接驳车延长到次日凌晨一点。"
LIST = (
    "第四条 申请人应当具备下列条件：（一）在本区登记满两年；（二）摊位数量达到十个；"
    "（三）近一年没有食品安全事故。"
)
NIGHT = policy(
    "夜市", "本市夜市扶持办法", f"第一条 {LIGHT}", f"第二条 {CLEAN}", f"第三条 {OPEN}", LIST
)
BUS = policy("接驳", "夜间接驳车办法", f"第一条 {SHUTTLE}")
ENDED = policy(
    "旧夜市", "本市夜市试点办法", "第一条 试点摊主每周领取80元灯油钱。", expires="2025-12-31"
)
EAST = policy("东滩", "东滩区书店办法", "第一条 书店首年免收场地租金。", district="东滩区")
WEST = policy("西浦", "西浦区书店办法", "第一条 书店每平方米补助40元。", district="西浦区")


def find(
    query: Query,
    *every: Judged,
    known: Knowledge,
    standing: float = 0.0,
    thresholds: Mapping[str, float] = THRESHOLDS,
) -> Claims:
    read = reading(*every, standing=standing)
    return claims(query, read, as_of=TODAY, known=known, thresholds=thresholds)


def test_one_sure_sentence_is_the_whole_claim() -> None:
    found = find(question("照明补贴多少？"), judged(NIGHT, 1, 0.9, 0.8), known=knowing(NIGHT))
    sentence = split(NIGHT.measures[0])[1]
    assert sentence.text == LIGHT
    assert found == Claims(quotes=(Quote(hit(NIGHT, 1), (sentence,), 0.9 * 0.8, best=1),))


def test_quotes_come_from_at_most_three_measures_best_first() -> None:
    found = find(
        question("夜市有哪些支持？"),
        judged(NIGHT, 2, 0.7, 0.9),
        judged(BUS, 1, 0.6, 0.9),
        judged(NIGHT, 1, 0.9, 0.9),
        judged(NIGHT, 3, 0.8, 0.9),
        known=knowing(NIGHT, BUS),
    )
    assert quoted(found) == [("夜市#1", [LIGHT]), ("夜市#3", [OPEN]), ("夜市#2", [CLEAN])]


def test_a_sentence_below_the_threshold_is_left_out() -> None:
    found = find(
        question("照明补贴多少？"),
        judged(NIGHT, 1, 0.9, 0.9),
        judged(NIGHT, 2, 0.9, 0.35),  # 0.315, of 0.81 less than 0.4
        judged(NIGHT, 3, 0.9, 0.37),  # 0.333
        known=knowing(NIGHT),
    )
    assert quoted(found) == [("夜市#1", [LIGHT]), ("夜市#3", [OPEN])]


def test_a_sentence_far_behind_the_best_is_left_out() -> None:
    found = find(
        question("照明补贴多少？"),
        judged(NIGHT, 1, 1.0, 1.0),
        judged(NIGHT, 2, 1.0, 0.36),
        judged(NIGHT, 3, 1.0, 0.34),
        known=knowing(NIGHT),
        thresholds=THRESHOLDS | {"sentences": 0.35},
    )
    assert quoted(found) == [("夜市#1", [LIGHT]), ("夜市#2", [CLEAN])]


def test_the_heading_is_never_quoted() -> None:
    found = find(
        question("照明补贴多少？"), judged(NIGHT, 1, 0.9, 0.5, heading=1.0), known=knowing(NIGHT)
    )
    assert quoted(found) == [("夜市#1", [LIGHT])]


@pytest.mark.parametrize(
    ("lengths", "taken"),
    [((120, 70, 12), (0, 1)), ((120, 71, 12), (0, 2)), ((220, 12), (0,))],
    ids=["exactly full", "the one too long is passed over", "the best goes in at any length"],
)
def test_what_is_quoted_is_limited_to_the_room(
    lengths: tuple[int, ...], taken: tuple[int, ...]
) -> None:
    assert ROOM == 190
    texts = [distinct(length - 1, 300 * n) + "。" for n, length in enumerate(lengths)]
    policies = [
        policy(f"长{n}", f"第{n}号办法", clause(text, label="第一条"))
        for n, text in enumerate(texts)
    ]
    found = find(
        question("规定了什么？"),
        *(judged(p, 1, 0.9, 0.9 - n / 10) for n, p in enumerate(policies)),
        known=knowing(*policies),
    )
    assert quoted(found) == [(f"长{n}#1", [texts[n]]) for n in taken]


LEAD, FIRST, SECOND, THIRD = (s.text for s in split(NIGHT.measures[3])[1:])


@pytest.mark.parametrize(
    ("each", "texts"),
    [
        ((0.1, 0.1, 0.9, 0.1), [LEAD, SECOND]),
        ((0.1, 0.9, 0.1, 0.9), [LEAD, FIRST, SECOND, THIRD]),
        ((0.9, 0.1, 0.1, 0.1), [LEAD, FIRST, SECOND, THIRD]),
    ],
    ids=["one item brings its lead", "most items bring them all", "the lead brings its items"],
)
def test_a_lead_goes_with_its_items(each: tuple[float, ...], texts: list[str]) -> None:
    found = find(question("要什么条件？"), judged(NIGHT, 4, 0.9, *each), known=knowing(NIGHT))
    assert quoted(found) == [("夜市#4", texts)]


def test_a_lead_or_list_that_is_too_long_is_not_completed() -> None:
    long_items = policy(
        "长单",
        "长单办法",
        f"下列事项可以申请：（一）{distinct(60, 0)}；（二）{distinct(60, 300)}；"
        f"（三）{distinct(200, 600)}。",
    )
    # so long that it is read in several passages: what is chosen is given by hand
    every = split(long_items.measures[0])
    chosen = _completed(hit(long_items, 1), [every[1], every[2]])
    assert chosen == every[:3]
    long_lead = policy("长引", "长引办法", f"{distinct(90, 0)}：（一）甲类摊位；（二）乙类摊位。")
    every = split(long_lead.measures[0])
    assert _completed(hit(long_lead, 1), [every[1]]) == (every[1],)


def test_what_was_said_already_is_not_quoted_again() -> None:
    again = policy("转发", "转发办法", f"第八条 {LIGHT}", f"第九条 {CLEAN}")
    found = find(
        question("有哪些补贴？"),
        judged(again, 1, 0.7, 0.9),
        judged(NIGHT, 1, 0.9, 0.9),
        judged(again, 2, 0.6, 0.9),
        known=knowing(NIGHT, again),
    )
    assert quoted(found) == [("夜市#1", [LIGHT]), ("转发#2", [CLEAN])]


def test_a_rule_in_force_stands_before_an_ended_one() -> None:
    known = knowing(ENDED, NIGHT)
    (old,) = (s.text for s in split(ENDED.measures[0])[1:])
    both = find(
        question("摊主领多少？"),
        judged(ENDED, 1, 0.9, 0.9),
        judged(NIGHT, 1, 0.5, 0.9),
        known=known,
    )
    assert quoted(both) == [("夜市#1", [LIGHT]), ("旧夜市#1", [old])]
    assert [q.probability for q in both.quotes] == pytest.approx([0.45, 0.405])
    alone = find(
        question("摊主领多少？"),
        judged(ENDED, 1, 0.3, 0.9),
        judged(NIGHT, 1, 0.5, 0.9),
        known=known,
    )
    assert quoted(alone) == [("夜市#1", [LIGHT])]


def test_an_ended_rule_answers_when_nothing_else_does() -> None:
    found = find(question("摊主领多少？"), judged(ENDED, 1, 0.6, 0.5), known=knowing(ENDED))
    assert quoted(found) == [("旧夜市#1", ["试点摊主每周领取80元灯油钱。"])]


def test_the_label_that_is_named_wins() -> None:
    found = find(
        question("夜市办法第二条讲什么？", labels=(label("第二条", 2),)),
        judged(NIGHT, 1, 0.95, 0.95, features={"named": 1.0}),
        judged(NIGHT, 2, 0.02, 0.1, features=EXACT),
        known=knowing(NIGHT),
    )
    assert quoted(found) == [("夜市#2", [CLEAN])]


def test_a_named_label_wins_though_its_rule_has_ended() -> None:
    found = find(
        question("试点办法第一条讲什么？", labels=(label("第一条", 1),)),
        judged(ENDED, 1, 0.02, 0.9, features=EXACT),
        known=knowing(ENDED),
    )
    assert [q.probability for q in found.quotes] == [0.9]


@pytest.mark.parametrize(
    ("named", "features"),
    [
        ({"titles": ("夜间接驳车办法",)}, {}),
        ({"doc_numbers": ("沪试规〔2024〕5号",)}, {}),
        ({}, {"named": 0.8}),
    ],
    ids=["title", "number", "what people call it"],
)
def test_a_document_that_is_named_wins(
    named: dict[str, tuple[str, ...]], features: dict[str, float]
) -> None:
    bus = replace(BUS, document=replace(BUS.document, doc_number="沪试规〔2024〕5号"))
    found = find(
        question("夜间接驳车办法里怎么规定？", **named),
        judged(NIGHT, 1, 0.95, 0.95),
        judged(bus, 1, 0.6, 0.9, features=features),
        known=knowing(NIGHT, bus),
    )
    assert quoted(found) == [("接驳#1", [SHUTTLE])]


def test_another_districts_rule_is_not_quoted() -> None:
    known = knowing(EAST, WEST)
    asked = question("东滩区开书店有什么支持？", district="东滩区", districts=("东滩区",))
    found = find(
        asked, judged(WEST, 1, 0.95, 0.95, elsewhere=True), judged(EAST, 1, 0.6, 0.9), known=known
    )
    assert quoted(found) == [("东滩#1", ["书店首年免收场地租金。"])]
    weak = find(
        asked, judged(WEST, 1, 0.95, 0.95, elsewhere=True), judged(EAST, 1, 0.2, 0.9), known=known
    )
    assert weak == Claims(Refusal("nothing"))


def test_a_district_without_documents_gets_the_rule_of_the_city() -> None:
    asked = question("我在南岛区，保洁经费归谁审批？", districts=("南岛区",))
    found = find(asked, judged(NIGHT, 2, 0.9, 0.9), known=knowing(NIGHT, EAST))
    assert [q.hit.measure.measure_id for q in found.quotes] == ["夜市#2"]
    assert found.unheld == ("南岛区",)
    weak = find(asked, judged(NIGHT, 2, 0.2, 0.9, topic=0.1), known=knowing(NIGHT, EAST))
    assert weak == Claims(Refusal("district", ("南岛区",)))
    near = find(asked, judged(NIGHT, 2, 0.2, 0.9, topic=0.9), known=knowing(NIGHT, EAST))
    assert near == Claims(Refusal("district", ("南岛区",), hit(NIGHT, 2)))


def test_what_a_rule_of_the_city_leaves_open_about_a_place_it_names_is_missing() -> None:
    cape = policy("岬角", "渡口办法", "第一条 长岬渡口扩建。", "第二条 沙嘴渡口扩建。")
    asked = question("长岬扩建多少亩？", districts=("南岛区",), place_words=("长岬",))
    known = knowing(cape, EAST)
    own = find(asked, judged(cape, 1, 0.2, 0.9, topic=0.9), known=known)
    assert [m.hit.measure.measure_id for m in own.missing] == ["岬角#1"]
    other = find(asked, judged(cape, 2, 0.2, 0.9, topic=0.9), known=known)
    assert other == Claims(Refusal("district", ("南岛区",), hit(cape, 2)))


@pytest.mark.parametrize(
    ("topic", "expected"),
    [
        (0.5, Claims(missing=(Missing(hit(NIGHT, 2), split(NIGHT.measures[1])[1:], read=2),))),
        (0.49, Claims(Refusal("nothing"))),
        (0.24, Claims(Refusal("nothing"))),
    ],
)
def test_what_is_not_stated_is_missing_only_where_it_would_stand(
    topic: float, expected: Claims
) -> None:
    found = find(
        question("保洁经费归谁审批？"),
        judged(NIGHT, 1, 0.3, 0.9, topic=0.1),
        judged(NIGHT, 2, 0.1, 0.9, topic=topic),
        known=knowing(NIGHT),
    )
    assert found == expected


def test_what_is_missing_is_told_with_the_whole_list() -> None:
    found = find(
        question("摊位要多大？"),
        judged(NIGHT, 4, 0.1, 0.9, 0.1, 0.1, 0.1, topic=0.8),
        known=knowing(NIGHT),
    )
    assert found == Claims(missing=(Missing(hit(NIGHT, 4), split(NIGHT.measures[3])[1:]),))


def test_nothing_read_is_nothing_found() -> None:
    assert find(question("夜市补贴多少？"), known=knowing(NIGHT)) == Claims(Refusal("nothing"))


@pytest.mark.parametrize(
    ("yes", "no", "polarity"),
    [
        (0.9, 0.05, "yes"),
        (0.05, 0.9, "no"),
        (0.3, 0.19, None),  # it supposes nothing
        (0.4, 0.4, None),  # it supposes something, and the reader is not sure
    ],
)
def test_what_the_question_supposes(yes: float, no: float, polarity: str | None) -> None:
    found = find(
        question("摊主能领照明补贴吗？"),
        judged(NIGHT, 1, 0.9, 0.9, yes=yes, no=no),
        known=knowing(NIGHT),
    )
    assert (found.polarity, found.wrong) == (polarity, None)
    assert quoted(found) == [("夜市#1", [LIGHT])]


@pytest.mark.parametrize(
    ("asked", "polarity", "wrong"),
    [
        ("照明补贴是每月500元，对吧？", "no", Figure(500, "元", "500元")),
        ("照明补贴是每月三百元，对吧？", "yes", None),
        ("照明补贴是每月0.03万元，对吧？", "yes", None),
        ("照明补贴要等20天，对吧？", "yes", None),  # the clause says nothing in days
        ("第五条写了照明补贴，对吧？", "yes", None),  # a label is no figure
        ("两百人的照明补贴是每月500元，对吧？", "no", Figure(500, "元", "500元")),
    ],
)
def test_a_figure_that_the_clause_contradicts(
    asked: str, polarity: str, wrong: Figure | None
) -> None:
    found = find(question(asked), judged(NIGHT, 1, 0.9, 0.9, yes=0.6, no=0.2), known=knowing(NIGHT))
    assert (found.polarity, found.wrong) == (polarity, wrong)


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ("收摊晚了罚500元，对吧？", Figure(500, "元", "500元")),
        ("收摊晚了罚30元，对吧？", Figure(30, "元", "30元")),
        ("收摊晚了罚100元，对吧？", None),  # within the range
        ("收摊晚了罚300元，对吧？", None),  # a bound of it
    ],
)
def test_a_figure_outside_the_range_that_the_clause_gives(asked: str, wrong: Figure | None) -> None:
    late = policy("收摊", "摊位管理办法", "第一条 逾时不收摊的，处以50元以上300元以下的罚款。")
    found = find(question(asked), judged(late, 1, 0.9, 0.9, yes=0.6, no=0.2), known=knowing(late))
    assert found.wrong == wrong


def test_a_clause_that_has_no_figure_of_the_question_is_on_something_else() -> None:
    race = policy("赛船", "赛船办法", "第一条 连续三年参赛的船队，给予20%的折扣。")
    read = judged(race, 1, 0.9, 0.9, yes=0.6, no=0.2)
    asked = question("五年里船票涨了18%，对吧？")
    assert find(asked, read, known=knowing(race)).wrong is None
    asked = question("船队的折扣是18%，明年还是18%，对吧？")
    assert find(asked, read, known=knowing(race)).wrong == Figure(18, "%", "18%")


def test_a_figure_is_not_wrong_where_the_measure_gives_it_elsewhere() -> None:
    rent = policy("租金", "摊位租金办法", "第一条 普通摊位月租600元。转角摊位月租900元。")
    found = find(
        question("摊位月租900元，对吧？"),
        judged(rent, 1, 0.9, 0.9, 0.1, yes=0.6, no=0.2),
        known=knowing(rent),
    )
    assert quoted(found) == [("租金#1", ["普通摊位月租600元。"])]
    assert (found.polarity, found.wrong) == ("yes", None)


def test_a_question_that_supposes_nothing_is_not_corrected() -> None:
    found = find(
        question("一年500元以内能领吗？"), judged(NIGHT, 1, 0.9, 0.9), known=knowing(NIGHT)
    )
    assert (found.polarity, found.wrong) == (None, None)


def test_numbers_without_a_unit_are_not_compared() -> None:
    kinds = policy("分类", "摊位分类办法", "第一条 2类摊位领取照明补贴。")
    found = find(
        question("编号7的摊位能领照明补贴，对吧？"),
        judged(kinds, 1, 0.9, 0.9, yes=0.9),
        known=knowing(kinds),
    )
    assert (found.polarity, found.wrong) == ("yes", None)


def test_a_date_said_less_exactly_is_confirmed() -> None:
    window = policy("窗口", "夜市窗口办法", "第一条 集中申报窗口开放到2028年6月30日。")
    found = find(
        question("申报窗口开到2028年，对吧？"),
        judged(window, 1, 0.9, 0.9, yes=0.9),
        known=knowing(window),
    )
    assert (found.polarity, found.wrong) == ("yes", None)


def test_a_figure_of_the_one_who_asks_is_not_corrected() -> None:
    staff = policy("用工", "夜市用工办法", "第一条 用工50人以上的主办方可以申请培训补助。")
    found = find(
        question("我们用工60人，可以申请培训补助，对吧？"),
        judged(staff, 1, 0.9, 0.9, yes=0.95, no=0.02),
        known=knowing(staff),
    )
    assert (found.polarity, found.wrong) == ("yes", None)


def test_what_is_supposed_is_judged_by_the_rule_that_is_quoted_first() -> None:
    new = policy("新", "灯会办法", "第一条 灯会门票不再免费。")
    old = policy("旧", "灯会试点办法", "第一条 灯会一律免票入场。", expires="2025-12-31")
    found = find(
        question("灯会免票，对吧？"),
        judged(old, 1, 0.9, 0.9, yes=0.9),
        judged(new, 1, 0.8, 0.9, no=0.9),
        known=knowing(new, old),
    )
    assert quoted(found)[0] == ("新#1", ["灯会门票不再免费。"])
    assert found.polarity == "no"


SIDES = (Side("东滩区的书店？", district="东滩区"), Side("西浦区的书店？", district="西浦区"))
COMPARED = question("东滩区和西浦区的书店支持一样吗？", districts=("东滩区", "西浦区"), sides=SIDES)


def test_each_side_of_a_comparison_gets_its_own_rule() -> None:
    found = find(
        COMPARED,
        judged(WEST, 1, 0.9, 0.9, yes=0.9, elsewhere=True),
        judged(NIGHT, 1, 0.8, 0.9),
        judged(EAST, 1, 0.4, 0.9),  # alone it would not answer
        known=knowing(EAST, WEST, NIGHT),
    )
    assert found == Claims(
        quotes=(
            Quote(hit(EAST, 1), split(EAST.measures[0])[1:], 0.4 * 0.9, SIDES[0], 1),
            Quote(
                hit(WEST, 1, elsewhere=True), split(WEST.measures[0])[1:], 0.9 * 0.9, SIDES[1], 1
            ),
        )
    )


def test_a_side_that_states_nothing_is_left_out() -> None:
    found = find(
        COMPARED,
        judged(WEST, 1, 0.9, 0.9),
        judged(EAST, 1, 0.14, 0.9),
        known=knowing(EAST, WEST),
    )
    assert [(q.hit.measure.measure_id, q.side) for q in found.quotes] == [("西浦#1", SIDES[1])]


@pytest.mark.parametrize(
    ("side", "ids"),
    [
        (Side("", doc_number="沪试规〔2024〕5号"), ["接驳#1"]),
        (Side("", title="夜间接驳车办法"), ["接驳#1"]),
        (Side("", called="接驳办法"), ["接驳#1"]),
        (Side("", city=True), ["夜市#1"]),
        (Side("", district="东滩区"), ["东滩#1"]),
    ],
)
def test_whose_rule_a_side_means(side: Side, ids: list[str]) -> None:
    bus = replace(BUS, document=replace(BUS.document, doc_number="沪试规〔2024〕5号"))
    found = find(
        question("两边一样吗？", sides=(side, Side("", title="没有这份文件"))),
        judged(NIGHT, 1, 0.9, 0.9),
        judged(bus, 1, 0.8, 0.9),
        judged(EAST, 1, 0.7, 0.9),
        known=knowing(NIGHT, bus, EAST),
    )
    assert [q.hit.measure.measure_id for q in found.quotes] == ids


def test_a_comparison_whose_sides_state_nothing_is_answered_by_what_does() -> None:
    sides = (Side("", title="甲类摊位细则"), Side("", title="乙类摊位细则"))
    found = find(
        question("两份细则一样吗？", sides=sides),
        judged(BUS, 1, 0.2, 0.9, features={"named": 0.8}),
        judged(NIGHT, 1, 0.9, 0.9),
        known=knowing(NIGHT, BUS),
    )
    assert quoted(found) == [("夜市#1", [LIGHT])]


FUTURE = policy(
    "明年",
    "露营地办法",
    "第一条 露营地每晚补助营位费25元。",
    "第二条 本办法自2027年1月1日起施行。",
    effective_from="2027-01-01",
)


def test_a_rule_that_has_not_begun_says_so_unasked() -> None:
    found = find(question("营位补多少？"), judged(FUTURE, 1, 0.9, 0.9), known=knowing(FUTURE))
    (standing,) = found.standings
    assert standing.validity.status == "not_yet"
    assert [c.text for c in standing.clauses] == ["第二条 本办法自2027年1月1日起施行。"]
    assert quoted(found) == [("明年#1", ["露营地每晚补助营位费25元。"])]


def test_a_beginning_that_is_quoted_is_not_told_again() -> None:
    found = find(
        question("露营地从哪天起有钱拿？"), judged(FUTURE, 2, 0.9, 0.9), known=knowing(FUTURE)
    )
    told = {c.hit.measure.measure_id for s in found.standings for c in s.clauses}
    assert not told & {q.hit.measure.measure_id for q in found.quotes}


def test_a_rule_whose_standing_is_asked_is_quoted_behind_it() -> None:
    found = find(
        question("露营地的营位补助还算数吗？"),
        judged(FUTURE, 1, 0.9, 0.9, yes=0.9),
        judged(FUTURE, 2, 0.8, 0.9),
        known=knowing(FUTURE),
        standing=0.5,
    )
    assert [s.validity.status for s in found.standings] == ["not_yet"]
    assert quoted(found) == [("明年#1", ["露营地每晚补助营位费25元。"])]
    assert found.polarity is None


def test_behind_a_standing_no_other_rules_period_is_quoted() -> None:
    other = policy("别的", "钓台办法", "第六条 本办法自2025年2月1日起施行。")
    found = find(
        question("露营地的营位补助还算数吗？"),
        judged(FUTURE, 1, 0.9, 0.9),
        judged(other, 1, 0.8, 0.9),
        known=knowing(FUTURE, other),
        standing=0.5,
    )
    assert quoted(found) == [("明年#1", ["露营地每晚补助营位费25元。"])]


def test_a_standing_is_told_only_from_its_threshold_on() -> None:
    found = find(
        question("摊主领多少？"), judged(ENDED, 1, 0.9, 0.9), known=knowing(ENDED), standing=0.49
    )
    assert found.standings == ()


def parted(*parts: Part, **more: float) -> Reading:
    """What is read for a question of several parts: the whole, then each part."""
    whole = [j for part in parts for j in part.reading.judged]
    return replace(reading(*whole, **more), parts=parts)


def test_each_of_several_things_asked_gets_its_sentences() -> None:
    asked = question("照明补多少？保洁经费归谁审批？")
    read = parted(
        Part("照明补多少？", reading(judged(NIGHT, 1, 0.9, 0.9), judged(NIGHT, 2, 0.1, 0.9))),
        Part("保洁经费归谁审批？", reading(judged(NIGHT, 1, 0.1, 0.9), judged(NIGHT, 2, 0.9, 0.9))),
    )
    found = claims(asked, read, as_of=TODAY, known=knowing(NIGHT), thresholds=THRESHOLDS)
    assert {q.hit.measure.measure_id for q in found.quotes} == {"夜市#1", "夜市#2"}
    assert found.missing == ()


@pytest.mark.parametrize(
    ("answers", "missing"),
    [(UNSTATED * 0.5 - 0.01, True), (UNSTATED * 0.5 + 0.01, False)],
    ids=["not stated", "too near to say so"],
)
def test_what_is_not_stated_among_several_things(answers: float, missing: bool) -> None:
    asked = question("照明补多少？去哪里领？")
    read = parted(
        Part("照明补多少？", reading(judged(NIGHT, 1, 0.9, 0.9))),
        Part("去哪里领？", reading(judged(NIGHT, 1, answers, 0.9, topic=0.9))),
    )
    found = claims(asked, read, as_of=TODAY, known=knowing(NIGHT), thresholds=THRESHOLDS)
    assert [q.hit.measure.measure_id for q in found.quotes] == ["夜市#1"]
    wanted = (Missing(hit(NIGHT, 1), (), "去哪里领？"),)
    assert found.missing == (wanted if missing else ())
    answer = phrase(asked, found, as_of=TODAY, known=knowing(NIGHT))
    assert ("“去哪里领”：文件没有写明。[1]" in answer.text) is missing


@pytest.mark.parametrize(
    ("standing", "stands", "besides"),
    [(0.29, 0, 0), (0.31, 0, 1), (0.41, 1, 0), (0.51, 1, 0)],
    ids=["not asked", "may be asked", "likely asked", "alone asked"],
)
def test_a_rule_that_may_be_asked_for_its_standing_is_quoted_with_it(
    standing: float, stands: int, besides: int
) -> None:
    period = "本办法自2025年1月1日起施行。"
    clauses = ("第一条 灯会每场补贴6000元。", f"第二条 {period}")
    rule = policy(
        "灯会", "灯会补贴办法", *clauses, effective_from="2025-01-01", validity_quote=period
    )
    read = judged(rule, 1, 0.9, 0.9)
    asked = question("《灯会补贴办法》还给补吗？", titles=("灯会补贴办法",))
    found = find(asked, read, known=knowing(rule), standing=standing)
    assert (len(found.standings), len(found.besides)) == (stands, besides)
    assert found.quotes
    told = phrase(asked, found, as_of=TODAY, known=knowing(rule)).text
    assert ("自2025年1月1日起施行" in told) is bool(stands or besides)


def test_no_standing_is_told_of_what_is_not_on_the_matter() -> None:
    rule = policy(
        "灯会", "灯会补贴办法", "第一条 灯会每场补贴6000元。", effective_from="2025-01-01"
    )
    read = judged(rule, 1, 0.1, 0.9, topic=0.1)
    found = find(question("天气怎么样？"), read, known=knowing(rule), standing=0.9)
    assert found == Claims(Refusal("nothing"))
