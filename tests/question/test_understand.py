"""What a question's wording says: place, document, label, time, intent, sides, small talk."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.question import understand


@pytest.mark.parametrize(
    ("text", "districts"),
    [
        ("我在黄浦开店", ("黄浦区",)),
        ("张江的机器人公司", ("浦东新区",)),
        ("漕河泾园区里的企业", ("徐汇区",)),
        ("临港能领补贴吗", ("浦东新区",)),
        ("徐汇和长宁今年各办几场招聘会", ("徐汇区", "长宁区")),
        ("青埔区的补贴", ("青浦区",)),
        ("南京东路步行街的店", ("黄浦区",)),
        ("上海市的政策", ()),
        ("黄浦江两岸的大场景", ()),
        ("绿水青山就是金山银山", ()),
        ("我卖风筝，复旦毕业", ()),
    ],
)
def test_districts(text: str, districts: tuple[str, ...]) -> None:
    assert understand(text).districts == districts


def test_the_profile_gives_the_district_unless_the_question_names_one() -> None:
    assert understand("我们区有补贴吗", district="金山").district == "金山区"
    assert understand("嘉定有补贴吗", district="金山区").district == "嘉定区"


@pytest.mark.parametrize(
    ("text", "outside"),
    [
        ("杭州 萧山区 夜市补贴", ("杭州", "萧山")),
        ("深圳的夜市补贴是多少", ("深圳",)),
        ("店要从上海搬到扬州，押金退吗", ()),
        ("我在黄浦，公司要搬去苏州", ()),
        ("南京西路上开店", ()),
    ],
)
def test_places_elsewhere_count_when_their_rules_are_asked(
    text: str, outside: tuple[str, ...]
) -> None:
    assert understand(text).outside == outside


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("沪府办规〔2025〕3号第十四条说什么", "沪府办规〔2025〕3号"),
        ("沪企服办[2023]1号", "沪企服办〔2023〕1号"),
        ("按沪建审改(2023)1号办", "沪建审改〔2023〕1号"),
        ("沪府办规2025 3号", "沪府办规〔2025〕3号"),
        ("市政府令第37号第十条", "上海市人民政府令第37号"),
    ],
)
def test_document_numbers(text: str, number: str) -> None:
    assert understand(text).doc_numbers == (number,)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("沪府办规〔2025〕3号第十四条说什么", (14,)),
        ("沪企服办〔2023〕1号一/（五）", (1, 5)),
        ("只看第（五）条，要交哪些材料", (5,)),
        ("沪建审改〔2023〕1号 三/（五）/18 讲什么", (3, 5, 18)),
        ("《某办法》二/（二）/6/（34）", (2, 2, 6, 34)),
        ("金府办发〔2022〕7号附件第15项", (15,)),
        ("《某方案》二说什么", (2,)),
    ],
)
def test_labels(text: str, path: tuple[int, ...]) -> None:
    assert [ref.path for ref in understand(text).labels] == [path]


@pytest.mark.parametrize("text", ["2023年有3家企业", "第一批名单", "一网通办怎么用", "第三方检测"])
def test_numbers_that_are_no_labels(text: str) -> None:
    assert understand(text).labels == ()


def test_titles_and_short_titles() -> None:
    query = understand("《上海市停车场（库）管理办法》第三十四条")
    assert query.titles == ("上海市停车场(库)管理办法",)
    assert understand("那个专精特新的文件里怎么说").short_titles == ("专精特新",)


@pytest.mark.parametrize(
    ("text", "as_of"),
    [
        ("今天5月9号我去排队", "2023-05-09"),
        ("现在2025年6月18日了，还管用吗", "2025-06-18"),
        ("2月6日印发的办法还管用吗", "2023-06-01"),
    ],
)
def test_the_day_taken_as_today(text: str, as_of: str) -> None:
    assert understand(text, as_of="2023-06-01").as_of == as_of


def test_years_are_named_or_counted_from_the_day() -> None:
    assert understand("2023到2025年的计划").years == (2023, 2025)
    assert understand("今年的补贴", as_of="2026-11-21").years == (2026,)


def test_a_comparison_has_a_side_for_each_place_or_document() -> None:
    places = understand("徐汇区和宝山区各有多少家夜市")
    assert [side.district for side in places.sides] == ["徐汇区", "宝山区"]
    assert "宝山" not in places.sides[0].text
    papers = understand("沪试规〔2024〕8号和沪试办发〔2025〕12号对摊位的要求一样吗")
    assert [side.doc_number for side in papers.sides] == [
        "沪试规〔2024〕8号",
        "沪试办发〔2025〕12号",
    ]


@pytest.mark.parametrize(("text", "kind"), [("你好！", "greeting"), ("谢谢您", "thanks")])
def test_small_talk(text: str, kind: str) -> None:
    assert understand(text).smalltalk == kind
    assert understand(f"{text}首次升规奖多少").smalltalk is None


def test_markup_links_and_floods_are_cut() -> None:
    query = understand("你好<script>alert(1)</script>贴息多少<img src=x> https://evil.example/a")
    assert "script" not in query.normalised
    assert "evil" not in query.normalised
    assert understand("补贴" * 500).normalised == "补贴"


@given(st.text(max_size=200))
def test_any_text_is_understood(text: str) -> None:
    assert understand(text).text == text


def test_long_questions_take_no_long_time() -> None:
    text = "我们公司想申请（一）（二）第三条沪府〔2023〕补贴一二三四五六七八九十" * 60
    understand("暖机")
    began = time.process_time()
    understand(text[:2000])
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize(
    ("asked", "means_all"),
    [
        ("哪些区给码头补钱？", True),
        ("这两类码头有哪些区别？", False),
        ("杨浦区归哪些区域？", False),
    ],
)
def test_a_question_which_districts_means_the_rules_of_all(asked: str, means_all: bool) -> None:
    assert understand(asked).any_district is means_all
