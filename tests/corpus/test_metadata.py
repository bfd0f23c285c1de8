"""Number, dates, place and period of a document, from the ways the sources write them."""

from __future__ import annotations

import json

import pytest

from assistant.corpus import metadata
from assistant.corpus.period import plan_years
from assistant.records import Document
from assistant.settings import ROOT
from tests.corpus.drafts import draft, measure, sources

COVER = """1. 上海市甲委员会关于印发《上海市乙办法》的通知（2023年5月25日）
沪发改规范〔2023〕6 号
各区人民政府：
根据《某意见》（国发〔2020〕8号），现印发给你们。
上海市甲委员会
2023年5月25日"""


def described(title: str = "上海市乙办法", head: str = COVER, tail: str = "") -> Document:
    return metadata.describe(draft(title, head, tail, (measure("一、总则"),)))


def test_reads_a_covering_notice() -> None:
    document = described(tail="本办法自2023年6月1日起施行，有效期至2025年12月31日。")
    assert document.doc_number == "沪发改规范〔2023〕6号"
    assert document.issuers == ("上海市甲委员会",)
    assert (document.issued, document.effective_from, document.expires) == (
        "2023-05-25",
        "2023-06-01",
        "2025-12-31",
    )
    assert document.validity_quote == "本办法自2023年6月1日起施行，有效期至2025年12月31日。"


@pytest.mark.parametrize(
    ("head", "number"),
    [
        ("沪府规〔2018〕21号\n上海市人民政府关于印发办法的通知", "沪府规〔2018〕21号"),
        ("（发布日期：2021年12月23日 文号：沪府办规〔2021〕18号）", "沪府办规〔2021〕18号"),
        ("印发日期：2021-10-25 发布日期：2021-10-27 沪府办发[2021]29号", "沪府办发〔2021〕29号"),
        ("上海市人民政府令\n第1号\n《甲办法》已经通过", "上海市人民政府令第1号"),
        (
            "（2015年11月30日上海市人民政府令第37号发布，根据2020年1月18日上海市人民政府令第29号修正）",
            "上海市人民政府令第37号",
        ),
        ("（1991年2月9日上海市人民政府批准 根据1997年12月19日上海市人民政府令第54号修正）", None),
        (
            "根据《国务院办公厅意见》（国办发〔2016〕11号）和《甲》（沪府办发〔2017〕51号），制定",
            None,
        ),
        ("根据国发〔2021〕7号文件精神，结合实际，制定本方案。", None),
    ],
)
def test_own_number(head: str, number: str | None) -> None:
    assert described(head=head).doc_number == number


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("本管理规定自2023年5月1日起施行，有效期五年。", "2023-05-01", "2028-04-30"),
        ("本办法自印发之日起施行，有效期3年。", "2023-05-25", "2026-05-24"),
        ("本实施意见于2024年7月1日起施行。", "2024-07-01", None),
        ("本措施自2024年10月10日起实施，有效期至2027年10月9日。", "2024-10-10", "2027-10-09"),
        (
            "本办法自2013年1月1日起施行。2005年1月10日上海市人民政府令第44号发布的《甲办法》同时废止。",
            "2013-01-01",
            None,
        ),
        ("执法证有效期不超过6年。", None, None),
        ("前款规定自处罚决定作出之日起执行。", None, None),
    ],
)
def test_period(text: str, start: str | None, end: str | None) -> None:
    document = described(tail=text)
    assert (document.effective_from, document.expires) == (start, end)


@pytest.mark.parametrize(
    ("title", "years"),
    [
        ("促进生物医药产业发展行动方案（2018-2020年）", (2018, 2020)),
        ("上海市节能减排“十四五”规划", (2021, 2025)),
        ("2023年上海市政务公开工作要点", (2023, 2023)),
        ("上海市五年行动计划的实施方案", None),
        ("上海市停车场（库）管理办法", None),
    ],
)
def test_years_of_a_plan(title: str, years: tuple[int, int] | None) -> None:
    assert plan_years(title) == years


def test_a_plan_of_several_years_ends_with_them_and_one_of_a_year_states_no_end() -> None:
    assert described("行动方案（2024-2026年）").expires == "2026-12-31"
    annual = described("2023年工作要点")
    assert (annual.expires, annual.plan_end) == (None, "2023-12-31")


@pytest.mark.parametrize(
    ("title", "clean"),
    [
        ("1. 甲委关于印发《上海市乙 办法》的通知（2023年5月25日）", "上海市乙办法"),
        ("办公厅关于转发区发改委制订的《金山区丙方案》的通知", "金山区丙方案"),
        ("关于延长《甲办法》有效期的通知", "关于延长《甲办法》有效期的通知"),
        ("上海市人民政府关于修改〈甲办法〉的决定", "上海市人民政府关于修改《甲办法》的决定"),
    ],
)
def test_clean_title(title: str, clean: str) -> None:
    assert metadata.clean_title(title) == clean


@pytest.mark.parametrize(
    ("title", "head", "district"),
    [
        ("黄浦区行动方案", "上海市黄浦区人民政府\n2023年3月14日", "黄浦区"),
        ("某行动方案", "长发改规〔2023〕2号", "长宁区"),
        ("2023年奉贤公安分局工作要点", "沪公奉通字〔2023〕31号", "奉贤区"),
        ("支持浦东新区高水平改革的若干措施", "上海市人民政府\n2024年1月1日", None),
        ("某监管办法", "金规〔2024〕5号", None),
    ],
)
def test_district(title: str, head: str, district: str | None) -> None:
    assert described(title, head).district == district


def test_doc_id_follows_number_and_title_not_the_place() -> None:
    one = metadata.describe(draft("甲办法", COVER))
    moved = metadata.describe(metadata.DocumentDraft("乙.txt", 500, 900, "甲办法", COVER, "", ()))
    assert one.doc_id == moved.doc_id
    assert described("丙办法").doc_id != one.doc_id


@pytest.mark.parametrize("field", ["doc_number", "district", "issued", "effective_from", "expires"])
def test_inventory(field: str) -> None:
    """At least 24 of the 25 documents described by hand agree in every field."""
    inventory = json.loads((ROOT / "tests/fixtures/inventory.json").read_text("utf-8"))
    by_title = {}
    for document in (
        p.document for p in sources()
    ):  # the copy without a number never hides the numbered one
        kept = by_title.get(document.title)
        if kept is None or kept.doc_number is None:
            by_title[document.title] = document
    right = sum(
        getattr(by_title.get(_plain(x["title"])), field, "missing") == x[field] for x in inventory
    )
    assert right >= 24


def _plain(title: str) -> str:
    return metadata.squeeze(title)


def test_the_authored_questions_agree_on_numbers() -> None:
    """Titles and numbers written down apart from the parser: at least 98 % agree."""
    lines = (ROOT / "data/questions/policies.jsonl").read_text("utf-8").splitlines()
    wanted = {(r["title"], r["doc_number"]) for r in map(json.loads, lines)}
    held = {(d.title, d.doc_number) for d in (p.document for p in sources())}
    missing = [w for w in wanted if (_plain(w[0]), w[1]) not in held]
    assert len(missing) <= 0.02 * len(wanted), missing
