"""Dates in every spelling of the sources."""

from __future__ import annotations

import pytest

from assistant.corpus.dates import chinese_number, find_dates, later_in_year, years_after


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2023年6月1日", "2023-06-01", "2023-06-01"),
        ("2023 年6 月1 日", "2023-06-01", "2023-06-01"),
        ("2029 年 6\n月 20 日", "2029-06-20", "2029-06-20"),
        ("2021-10-24", "2021-10-24", "2021-10-24"),
        ("二〇二三年六月一日", "2023-06-01", "2023-06-01"),
        ("2023年底", "2023-12-31", "2023-12-31"),
        ("2024年2月底前", "2024-02-29", "2024-02-29"),
        ("2023年", "2023-01-01", "2023-12-31"),
        ("2025年5月", "2025-05-01", "2025-05-31"),
    ],
)
def test_reads_a_date(text: str, first: str, last: str) -> None:
    found = find_dates(f"自{text}起")
    assert [(d.first, d.last) for d in found] == [(first, last)]


def test_spans_are_verbatim() -> None:
    text = "自2023年1月1日至2024年12月31日，按2023年底前的规定"
    assert [text[d.start : d.end] for d in find_dates(text)][:2] == [
        "2023年1月1日",
        "2024年12月31日",
    ]


@pytest.mark.parametrize("text", ["12345年", "2023年13月", "3月31日", "第2023号"])
def test_is_no_date(text: str) -> None:
    assert all(d.exact is False for d in find_dates(text))


def test_later_date_takes_the_year_before_it() -> None:
    text = "自2023年1月1日至12月31日"
    later = later_in_year(text, text.index("12月"), 2023)
    assert later is not None
    assert later.last == "2023-12-31"


@pytest.mark.parametrize(
    ("start", "years", "end"),
    [
        ("2023-05-01", 5, "2028-04-30"),
        ("2024-02-29", 1, "2025-02-27"),
        ("2020-12-01", 2.5, "2023-05-31"),
    ],
)
def test_period_of_years_ends_the_day_before(start: str, years: float, end: str) -> None:
    assert years_after(start, years) == end


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("三十五", 35),
        ("二〇二三", 2023),
        ("两", 2),
        ("一百二十", 120),
        ("1,000", 1000),
        ("甲", None),
    ],
)
def test_chinese_numbers(text: str, value: float | None) -> None:
    assert chinese_number(text) == value
