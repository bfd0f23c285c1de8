"""Whether a rule holds on the day: the verdict, its clauses, and the words for both."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from answer.made import (
    THRESHOLDS,
    TODAY,
    clause,
    judged,
    knowing,
    policy,
    question,
    quotes_are_verbatim,
    reading,
)

from assistant.answer import compose
from assistant.answer.claims import claims
from assistant.answer.standing import cited, not_yet, of_document, standings
from assistant.question.query import Query, Side
from assistant.reading import Judged
from assistant.records import Answer, ParsedDocument, Relation, Validity

PAY = "第一条 茶馆每张桌子补贴15元。"
ASKED = question("《茶馆扶持办法》还有效吗？", titles=("茶馆扶持办法",))


def tea(closing: str, **dates: str | None) -> ParsedDocument:
    return policy("茶馆", "茶馆扶持办法", PAY, closing, **dates)


HOLDS = tea(
    "第二条 本办法自2024年4月1日起施行，有效期至2027年3月31日。",
    effective_from="2024-04-01",
    expires="2027-03-31",
)


def ask(
    query: Query, *every: Judged, among: tuple[ParsedDocument, ...], as_of: str = TODAY
) -> Answer:
    """The answer to a question that the reader takes to ask for a standing."""
    answer = compose(
        query,
        reading(*every, standing=0.9),
        as_of=as_of,
        known=knowing(*among),
        thresholds=THRESHOLDS,
    )
    assert quotes_are_verbatim(answer.citations)
    return answer


@pytest.mark.parametrize(
    ("as_of", "status", "lead"),
    [
        ("2024-03-31", "not_yet", "还没生效（尚未施行），自2024年4月1日起施行："),
        ("2024-04-01", "in_force", "仍有效，有效期至2027年3月31日："),
        ("2026-03-30", "in_force", "仍有效，有效期至2027年3月31日："),
        ("2026-03-31", "in_force", "仍有效，有效期至2027年3月31日，还剩365天："),
        ("2027-03-31", "in_force", "仍有效，有效期至2027年3月31日，还剩0天："),
        ("2027-04-01", "expired", "已过期，有效期至2027年3月31日："),
    ],
)
def test_a_period_is_told_by_the_day(as_of: str, status: str, lead: str) -> None:
    answer = ask(ASKED, judged(HOLDS, 2, 0.9, 0.9), among=(HOLDS,), as_of=as_of)
    assert answer.text == f"{lead}本办法自2024年4月1日起施行，有效期至2027年3月31日。[1]"
    (citation,) = answer.citations
    assert citation.quote == "第二条 本办法自2024年4月1日起施行，有效期至2027年3月31日。"
    assert citation.validity.status == status


def test_a_rule_without_an_end_is_unknown() -> None:
    open_end = tea("第二条 本办法自2024年4月1日起施行。", effective_from="2024-04-01")
    answer = ask(ASKED, judged(open_end, 2, 0.9, 0.9), among=(open_end,))
    assert answer.text == (
        "文件没有写明有效期，是否仍有效须向发文机关核实：本办法自2024年4月1日起施行。[1]"
    )
    assert answer.citations[0].validity.status == "unknown"


def test_a_rule_without_any_date_is_cited_by_its_name() -> None:
    bare = policy("茶馆", "茶馆扶持办法", "茶馆扶持办法", PAY)
    found = of_document(bare.document, None, TODAY, knowing(bare))
    assert found is not None
    assert (found.validity.status, found.by_title) == ("unknown", True)
    assert [c.text for c in found.clauses] == ["茶馆扶持办法"]
    answer = ask(ASKED, judged(bare, 2, 0.9, 0.9), among=(bare,))
    assert answer.text.startswith(  # not quoted as proof
        "《茶馆扶持办法》文件没有写明有效期，是否仍有效须向发文机关核实。[1]茶馆"
    )


def test_a_rule_that_states_and_names_nothing_has_no_standing() -> None:
    silent = policy("茶馆", "茶馆扶持办法", PAY)
    assert of_document(silent.document, None, TODAY, knowing(silent)) is None
    answer = ask(ASKED, judged(silent, 1, 0.9, 0.9), among=(silent,))
    assert answer.text == "茶馆每张桌子补贴15元。[1]"


@pytest.mark.parametrize(
    ("as_of", "status", "lead"),
    [
        (
            "2027-12-01",
            "in_force",
            "仍有效，有效期至2027年12月31日，还剩30天"
            "（按规划期：标题所示期间为2025—2027年，仍在期内；正文没有另写有效期）：",
        ),
        (
            "2028-01-01",
            "expired",
            "已过期，有效期至2027年12月31日"
            "（按规划期：标题所示期间为2025—2027年，已经结束；正文没有另写有效期）：",
        ),
    ],
)
def test_a_plan_goes_by_the_years_of_its_title(as_of: str, status: str, lead: str) -> None:
    title = "茶馆三年行动计划（2025—2027年）"
    plan = policy(
        "计划",
        title,
        f"{title}\n为办好茶馆，制定本计划。",
        "一、新开茶馆六十家。",
        plan_start="2025-01-01",
        plan_end="2027-12-31",
    )
    query = question(f"《{title}》还有效吗？", titles=(title,))
    answer = ask(query, judged(plan, 1, 0.9, 0.1), among=(plan,), as_of=as_of)
    assert answer.text == f"{lead}{title}。[1]"
    assert answer.citations[0].quote == title
    assert answer.citations[0].validity.status == status


REPEAL = policy(
    "废止",
    "关于废止两件旧规的决定",
    "一、废止《茶馆登记暂行规定》（市政府令第7号）。",
    "本决定自2026年7月1日起施行。",
    effective_from="2026-07-01",
    relations=(
        Relation(
            "repeals",
            "茶馆登记暂行规定",
            "令第7号",
            "废止《茶馆登记暂行规定》（市政府令第7号）",
            effective="2026-07-01",
        ),
    ),
)


@pytest.mark.parametrize(
    ("as_of", "lead", "status"),
    [
        ("2026-07-01", "自2026年7月1日起已废止：", "repealed"),
        ("2026-06-01", "仍有效，自2026年7月1日起废止：", "in_force"),
    ],
)
@pytest.mark.parametrize("asked", ["《茶馆登记暂行规定》还能用吗？", "市政府令第7号还能用吗？"])
def test_a_rule_that_is_only_named_as_repealed(
    asked: str, as_of: str, lead: str, status: str
) -> None:
    answer = ask(question(asked), judged(REPEAL, 1, 0.3, 0.1), among=(REPEAL,), as_of=as_of)
    assert answer.text == (
        f"{lead}废止《茶馆登记暂行规定》（市政府令第7号）。[1]本决定自2026年7月1日起施行。[2]"
    )
    assert answer.citations[0].quote == "一、废止《茶馆登记暂行规定》（市政府令第7号）"
    assert [c.validity.status for c in answer.citations] == [status, status]


@pytest.mark.parametrize(
    "asked", ["市政府令第8号还能用吗？", "《茶馆登记暂行规定》（市政府令第8号）还能用吗？"]
)
def test_another_orders_number_is_another_rule(asked: str) -> None:
    query = question(asked)
    assert standings(query, reading(), TODAY, knowing(REPEAL), None) == ()


def test_a_held_rule_that_another_repeals() -> None:
    by = policy(
        "新",
        "茶馆管理办法",
        "第九条 本办法自2026年1月1日起施行，《茶馆扶持办法》同时废止。",
        effective_from="2026-01-01",
        relations=(
            Relation(
                "repeals",
                "茶馆扶持办法",
                None,
                "《茶馆扶持办法》同时废止",
                target_doc_id="茶馆",
            ),
        ),
    )
    answer = ask(ASKED, judged(HOLDS, 2, 0.9, 0.9), among=(HOLDS, by))
    assert answer.text == (
        "自2026年1月1日起已废止：本办法自2024年4月1日起施行，有效期至2027年3月31日。[1]"
    )
    assert answer.citations[0].validity == Validity(
        "repealed", TODAY, "2024-04-01", "2026-01-01", "已由《茶馆管理办法》自2026年1月1日起废止。"
    )


CHANGED = "茶馆每张桌子补贴15元，临窗座位另补贴3元，由区里按季度支付。"
AMENDED = policy(
    "茶馆",
    "茶馆扶持办法",
    f"第一条 {CHANGED}",
    "第二条 本办法自2024年4月1日起施行。",
    effective_from="2024-04-01",
)
DECISION = policy(
    "决定",
    "关于修改茶馆扶持办法的决定",
    clause(f"一、将第三条修改为：“{CHANGED[:21]}。”", label="一"),
    clause(f"二、将第一条修改为：“{CHANGED}”", label="二"),
    clause("本决定自2026年5月1日起施行。", label=None),
    effective_from="2026-05-01",
    relations=(
        Relation(
            "amends",
            "茶馆扶持办法",
            None,
            "将第一条修改为",
            target_doc_id="茶馆",
            target_label="第一条",
            effective="2026-05-01",
        ),
    ),
)


@pytest.mark.parametrize(
    ("as_of", "status", "lead"),
    [
        ("2026-05-01", "amended", "仍有效，经过修改："),
        ("2026-04-30", "not_yet", "还没生效（尚未施行），自2026年5月1日起施行："),
    ],
)
def test_an_amended_article_cites_the_amendment(as_of: str, status: str, lead: str) -> None:
    content = judged(AMENDED, 1, 0.9, 0.9)
    known = knowing(AMENDED, DECISION)
    (found,) = standings(ASKED, reading(content), as_of, known, content)
    assert found.validity.status == status
    assert [c.text for c in found.clauses] == [
        f"二、将第一条修改为：“{CHANGED}”",
        "本决定自2026年5月1日起施行。",
    ]
    assert cited((found,)) == {"决定#2", "决定#3"}
    answer = ask(ASKED, content, among=(AMENDED, DECISION), as_of=as_of)
    assert answer.text.startswith(f"{lead}将第一条修改为：“{CHANGED}”")


def test_an_article_that_was_not_amended_goes_by_its_document() -> None:
    content = judged(AMENDED, 2, 0.9, 0.9)
    known = knowing(AMENDED, DECISION)
    (found,) = standings(ASKED, reading(content), TODAY, known, content)
    assert found.validity.status == "unknown"
    assert cited((found,)) == {"茶馆#2"}


def test_the_rule_itself_follows_its_standing() -> None:
    answer = ask(
        question("茶馆的桌子补贴还有吗？"),
        judged(HOLDS, 1, 0.9, 0.9),
        judged(HOLDS, 2, 0.8, 0.9),
        among=(HOLDS,),
    )
    assert answer.text == (
        "仍有效，有效期至2027年3月31日，还剩303天："
        "本办法自2024年4月1日起施行，有效期至2027年3月31日。[1]茶馆每张桌子补贴15元。[2]"
    )
    assert [c.hit.measure.measure_id for c in answer.citations] == ["茶馆#2", "茶馆#1"]


def test_an_ended_rule_is_not_called_ended_twice() -> None:
    ended = tea(
        "第二条 本办法自2022年4月1日起施行，有效期至2025年3月31日。",
        effective_from="2022-04-01",
        expires="2025-03-31",
    )
    answer = ask(question("桌子补贴还有吗？"), judged(ended, 1, 0.9, 0.9), among=(ended,))
    assert answer.text == (
        "已过期，有效期至2025年3月31日："
        "本办法自2022年4月1日起施行，有效期至2025年3月31日。[1]茶馆每张桌子补贴15元。[2]"
    )


OTHER = policy(
    "点心",
    "点心铺扶持办法",
    "第一条 点心铺每炉补贴7元。",
    "第二条 本办法自2023年1月1日起施行，有效期至2024年12月31日。",
    effective_from="2023-01-01",
    expires="2024-12-31",
    doc_number="沪试规〔2023〕2号",
)


def test_the_document_that_is_named_is_meant() -> None:
    read = (judged(OTHER, 1, 0.9, 0.9), judged(HOLDS, 1, 0.1, 0.9))
    found = standings(ASKED, reading(*read), TODAY, knowing(OTHER, HOLDS), read[0])
    assert [s.document for s in found] == [HOLDS.document]
    by_number = question("沪试规2023年2号还有效吗？", doc_numbers=("沪试规〔2023〕2号",))
    found = standings(by_number, reading(*read[::-1]), TODAY, knowing(HOLDS, OTHER), None)
    assert [(s.document, s.validity.status) for s in found] == [(OTHER.document, "expired")]


def test_what_answers_is_meant_where_no_document_is_named() -> None:
    read = (judged(OTHER, 1, 0.1, 0.9), judged(HOLDS, 1, 0.9, 0.9))
    query = question("桌子补贴还算数吗？")
    found = standings(query, reading(*read), TODAY, knowing(OTHER, HOLDS), read[1])
    assert [s.document for s in found] == [HOLDS.document]


def test_two_documents_get_a_standing_each() -> None:
    sides = (Side("", title="茶馆扶持办法"), Side("", title="点心铺扶持办法"))
    query = question(
        "《茶馆扶持办法》和《点心铺扶持办法》都有效吗？",
        titles=("茶馆扶持办法", "点心铺扶持办法"),
        sides=sides,
    )
    answer = ask(
        query, judged(HOLDS, 2, 0.9, 0.9), judged(OTHER, 2, 0.8, 0.9), among=(HOLDS, OTHER)
    )
    assert answer.text == (
        "《茶馆扶持办法》仍有效，有效期至2027年3月31日，还剩303天："
        "本办法自2024年4月1日起施行，有效期至2027年3月31日。[1]"
        "《点心铺扶持办法》（沪试规〔2023〕2号）已过期，有效期至2024年12月31日："
        "本办法自2023年1月1日起施行，有效期至2024年12月31日。[2]"
    )


SOON = tea("第二条 本办法自2026年9月1日起施行。", effective_from="2026-09-01")


def test_a_rule_that_has_not_begun_says_so_unasked() -> None:
    read = reading(judged(SOON, 1, 0.9, 0.9), standing=0.1)
    answer = compose(
        question("每张桌子补多少？"),
        read,
        as_of=TODAY,
        known=knowing(SOON),
        thresholds=THRESHOLDS,
    )
    assert answer.text == (
        "还没生效（尚未施行），自2026年9月1日起施行："
        "本办法自2026年9月1日起施行。[1]茶馆每张桌子补贴15元。[2]"
    )
    assert [c.validity.status for c in answer.citations] == ["not_yet", "not_yet"]


@pytest.mark.parametrize(("as_of", "told"), [("2026-08-31", True), ("2026-09-01", False)])
def test_not_yet_is_told_until_the_day_before(as_of: str, told: bool) -> None:
    found = not_yet(judged(SOON, 1, 0.9, 0.9), as_of, knowing(SOON))
    assert (found is not None) is told


@pytest.mark.parametrize(
    ("thresholds", "told"),
    [({"standing_first": 0.9}, True), ({"standing_first": 0.91, "standing": 0.91}, False)],
)
def test_a_standing_is_told_where_the_reader_finds_it_asked(
    thresholds: Mapping[str, float], told: bool
) -> None:
    found = claims(
        ASKED,
        reading(judged(HOLDS, 1, 0.9, 0.9), standing=0.9),
        as_of=TODAY,
        known=knowing(HOLDS),
        thresholds=THRESHOLDS | thresholds,
    )
    assert bool(found.standings) is told
