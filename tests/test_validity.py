"""In force or not, on which day, on which ground."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.corpus.links import Links
from assistant.records import Document, ParsedDocument, Relation
from assistant.validity import validity, validity_of_named
from tests.corpus.drafts import document, measure, sources

DATED = document(effective_from="2023-04-14", expires="2023-12-31", issued="2023-03-14")


@pytest.mark.parametrize(
    ("as_of", "status"),
    [
        ("2023-03-01", "not_yet"),
        ("2023-03-31", "not_yet"),
        ("2023-04-14", "in_force"),
        ("2023-12-31", "in_force"),
        ("2024-01-01", "expired"),
    ],
)
def test_the_document_period_counts_both_its_days(as_of: str, status: str) -> None:
    assert validity(measure("甲"), DATED, as_of).status == status


def test_a_measure_outlives_its_document_by_its_own_period() -> None:
    own = measure("甲", expires="2024-03-31")
    assert validity(own, DATED, "2024-02-01").status == "in_force"
    assert validity(own, DATED, "2024-02-01").expires == "2024-03-31"
    short = measure("甲", expires="2023-06-30")
    assert validity(short, DATED, "2023-07-01").status == "expired"
    assert "本条" in validity(short, DATED, "2023-07-01").basis


def test_the_period_of_one_sentence_does_not_end_the_next() -> None:
    text = "2023年6月30日前报废旧车的，给予10000元补贴。对购买家电的给予10%、最高1000元补贴。"
    two = measure(text, expires="2023-06-30")
    car, kitchen = (
        validity(two, DATED, "2023-09-01", quote=quote).status
        for quote in ("给予10000元补贴", "最高1000元补贴")
    )
    assert (car, kitchen) == ("expired", "in_force")


def test_nothing_stated_is_unknown_and_a_decree_holds() -> None:
    assert validity(None, document(effective_from="2022-01-01"), "2026-01-01").status == "unknown"
    decree = document(doc_number="上海市人民政府令第85号", effective_from="2013-01-01")
    assert validity(None, decree, "2026-01-01").status == "in_force"


def test_a_plan_is_over_with_its_years() -> None:
    plan = document(
        title="行动方案（2018-2020年）",
        plan_start="2018-01-01",
        plan_end="2020-12-31",
        expires="2020-12-31",
        validity_quote="行动方案（2018-2020年）",
    )
    over = validity(None, plan, "2021-03-01")
    assert over.status == "expired"
    assert over.basis.startswith("按规划期")
    assert validity(None, plan, "2019-03-01").status == "in_force"
    stated = replace(plan, expires="2022-12-31", validity_quote="有效期至2022年12月31日。")
    assert validity(None, stated, "2021-03-01").status == "in_force"


def _links(source: Document, relation: Relation, *others: Document) -> Links:
    return Links([replace(source, relations=(relation,)), *others])


def test_repeal_extension_and_amendment_take_effect_on_their_day() -> None:
    source = document(
        "s", doc_number="沪府令〔2024〕13号", issued="2024-04-02", expires="2029-06-20"
    )
    repeal = Relation("repeals", "甲", None, "甲", "d", effective="2024-05-15")
    known = _links(source, repeal, DATED)
    decree = document(doc_number="上海市人民政府令第85号")
    assert validity(None, decree, "2024-05-14", known).status == "in_force"
    assert validity(None, decree, "2024-05-15", known).status == "repealed"

    extend = _links(source, Relation("extends", "甲", None, "甲", "d"), DATED)
    assert validity(None, DATED, "2024-03-01", extend).status == "expired"
    later = validity(None, DATED, "2025-01-01", extend)
    assert (later.status, later.expires) == ("extended", "2029-06-20")

    change = Relation("amends", "甲", None, "甲", "d", "第十二条", "2024-05-15")
    amend = _links(source, change, decree)
    twelve = measure("甲", "第十二条")
    assert validity(twelve, decree, "2024-05-01", amend).status == "not_yet"
    assert validity(twelve, decree, "2024-05-15", amend).status == "amended"
    assert validity(measure("甲", "第三条"), decree, "2024-05-15", amend).status == "in_force"


@pytest.fixture(scope="module")
def corpus() -> tuple[list[ParsedDocument], Links]:
    linked = list(sources())
    return linked, Links([p.document for p in linked])


@pytest.mark.parametrize(
    ("number", "label", "as_of", "statuses"),
    [
        ("沪府令〔2024〕13号", "二/（六）", "2026-11-21", {"repealed"}),
        ("沪府令〔2024〕13号", "二/（九）", "2024-05-10", {"in_force"}),
        ("沪府令〔2024〕13号", "一/（四）/2", "2024-05-01", {"not_yet"}),
        ("上海市人民政府令第85号", "第三十四条", "2024-05-01", {"not_yet"}),
        ("上海市人民政府令第57号", "第二条", "2026-11-21", {"amended"}),
        ("沪企服办〔2023〕1号", "五/（十九）", "2026-11-21", {"expired"}),
        ("沪府办规〔2025〕3号", "三/（十）", "2026-11-21", {"in_force"}),
        ("沪府办发〔2023〕20号", "二/（五）", "2026-11-21", {"in_force"}),
        ("沪发改规范〔2023〕6号", "四/16", "2026-11-21", {"in_force"}),
        ("沪发改规范〔2023〕6号", "四/15", "2026-11-21", {"expired"}),
        ("长发改规〔2023〕2号", None, "2024-01-20", {"in_force"}),
        ("沪府发〔2024〕6号", "二/（三）", "2024-06-15", {"not_yet"}),
        ("沪府规〔2018〕21号", "一/（一）", "2026-11-21", {"unknown"}),
    ],
)
def test_measures_of_the_corpus(
    corpus: tuple[list[ParsedDocument], Links],
    number: str,
    label: str | None,
    as_of: str,
    statuses: set[str],
) -> None:
    documents, known = corpus
    parsed = next(p for p in documents if p.document.doc_number == number)
    found = next((m for m in parsed.measures if m.label == label), None) if label else None
    assert (found is None) == (label is None)
    answer = validity(found, parsed.document, as_of, known)
    assert answer.status in statuses
    assert answer.basis.endswith("。")


def test_a_repealed_rule_that_is_not_held_is_known_by_name(
    corpus: tuple[list[ParsedDocument], Links],
) -> None:
    (link,) = corpus[1].named("上海市企业内部审计制度规定")
    assert validity_of_named(link, "2026-11-21").status == "repealed"
    assert validity_of_named(link, "2024-05-14").status == "in_force"
