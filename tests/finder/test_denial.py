"""What a company denies: never held, never 符合, and no more than it says."""

from __future__ import annotations

import pytest

from assistant.finder.checks import checklist, verdict
from assistant.finder.denial import denials, understood
from assistant.finder.profile import held, merged, told
from assistant.finder.requirements import Requirement, offers
from assistant.records import Document, Measure, Profile


def verdicts(text: str, profile: Profile) -> dict[str, str]:
    measure = Measure("d#1", "d", "一/1", "", text, 1, 1)
    (offer,) = offers(measure, Document("d", "风筝试验区办法", "s.txt", 1, 1))
    return {row.text: row.verdict for row in checklist(offer, profile, held(profile))}


def decided(text: str, company: str, part: str) -> str:
    """The verdict of the one condition that holds ``part``."""
    (found,) = [v for t, v in verdicts(text, told(company)).items() if part in t]
    return found


@pytest.mark.parametrize(
    ("text", "company", "part"),
    [
        ("对当年首次升规的企业给予奖励。", "我们不是首次升规", "首次升规"),
        ("对当年首次升规的企业给予奖励。", "今年不是第一次升规", "首次升规"),
        ("对获得市级以上风筝称号的企业给予奖励。", "没有获得过任何称号", "称号"),
        ("对经试验区认定的风筝工坊给予奖励。", "未通过认定", "认定"),
        ("对已建成风筝博物馆的企业给予奖励。", "公司没有建成风筝博物馆", "博物馆"),
    ],
)
def test_a_condition_that_the_company_denies_fails(text: str, company: str, part: str) -> None:
    assert decided(text, company, part) == "不符合"


@pytest.mark.parametrize(
    ("text", "company", "part"),
    [
        ("对获得市级风筝称号的企业给予奖励。", "没有获得国家级称号", "称号"),
        ("对获得市级风筝称号的企业给予奖励。", "有没有称号都行", "称号"),
        ("对获得市级风筝称号的企业给予奖励。", "没有称号也有奖励吗？", "称号"),
    ],
)
def test_who_denies_the_narrow_does_not_deny_the_wide(text: str, company: str, part: str) -> None:
    assert decided(text, company, part) == "待确认"


def test_what_a_condition_wants_absent_is_met_by_who_denies_it() -> None:
    text = "对未获得过风筝资助的企业给予奖励。"
    assert decided(text, "没有获得过任何资助", "资助") == "符合"
    assert decided(text, "公司做风筝", "资助") == "待确认"


@pytest.mark.parametrize(
    "text", ["我们没评高企", "高企还没评上", "不是高新技术企业", "没有专精特新、高企称号"]
)
def test_a_denied_standing_is_told_as_denied(text: str) -> None:
    profile = told(text)
    assert profile.qualifications == () and profile.denied
    assert "高新技术企业" not in held(profile).all
    assert verdict(Requirement("qualification", ("高新技术企业",), ""), profile, held(profile)) == (
        "不符合"
    )


def test_common_standings_and_sizes_can_be_denied() -> None:
    for kind, name in (("qualification", "民营企业"), ("size", "小微企业")):
        requirement = Requirement(kind, (name,), "")  # type: ignore[arg-type]
        profile = told(f"我们不是{name}")
        assert verdict(requirement, profile, held(profile)) == "不符合"
        assert verdict(requirement, Profile(), held(Profile())) == "待确认"


def test_what_hinders_a_wish_does_not_deny_it() -> None:
    assert told("我们没钱招工").events == ("扩大招聘",)


@pytest.mark.parametrize("field", ["events", "qualifications", "needs"])
def test_a_denial_written_into_the_form_counts(field: str) -> None:
    profile = Profile(**{field: ("不是首次升规",)})  # type: ignore[arg-type]
    assert "首次升规" not in held(profile).all
    assert set(verdicts("对当年首次升规的企业给予奖励。", profile).values()) == {"不符合"}


def test_denials_of_the_form_and_of_the_text_are_joined() -> None:
    both = merged(Profile(denied=("首次升规",)), told("没有获得过任何称号"))
    assert both.denied == ("首次升规", "获得过任何称号")


def test_words_that_say_nothing_deny_nothing() -> None:
    assert denials("没有了，未，不是") == ()
    assert understood(("", "，")) == ()
