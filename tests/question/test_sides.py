"""Comparisons in prose: the city with a district, two documents by what people call them."""

from __future__ import annotations

import pytest

from assistant.question import understand
from assistant.question.sides import MOST, goes_by


@pytest.mark.parametrize(
    "question",
    [
        "冷链补贴，市里和青浦2023年的行动方案分别怎么写？",
        "青浦与市里的行动方案对冷链怎么规定？",
        "市政府工作要点和青浦区工作要点，冷链一样吗？",
    ],
)
def test_the_city_and_a_district_are_two_sides(question: str) -> None:
    sides = understand(question).sides
    assert len(sides) == 2
    of_city = next(side for side in sides if side.city)
    of_district = next(side for side in sides if not side.city)
    assert of_district.district == "青浦区"
    assert "青浦" not in of_city.text and "冷链" in of_city.text
    assert "冷链" in of_district.text


def test_two_documents_called_by_their_subjects_are_two_sides() -> None:
    sides = understand("停车场办法跟户外广告规定，违规各罚多少？").sides
    assert [side.called for side in sides] == ["停车场办法", "户外广告规定"]
    assert "户外广告" not in sides[0].text and "各罚多少" in sides[0].text


@pytest.mark.parametrize(
    "question",
    [
        "上海市青浦区的冷链补贴怎么申请？",
        "青浦的企业能申请市里的补贴吗？",
        "有没有办法和措施帮助企业？",
    ],
)
def test_what_does_not_compare_has_no_sides(question: str) -> None:
    assert understand(question).sides == ()


def test_a_title_goes_by_a_shorter_name() -> None:
    title = "2024年上海市垃圾分类工作要点"
    assert goes_by(title, "垃圾分类要点")
    assert goes_by(title, "市垃圾分类要点")
    assert not goes_by(title, "停车场管理要点")


def test_only_so_many_documents_are_compared() -> None:
    names = [f"第{n}号灯塔办法" for n in range(40)]
    sides = understand("".join(f"《{n}》" for n in names) + "分别怎么说？").sides
    assert [side.title for side in sides] == names[:MOST]
