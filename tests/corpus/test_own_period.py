"""A measure's own period, and the dates that are none."""

from __future__ import annotations

import pytest

from assistant.corpus.own_period import bounds, own_periods


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("将预留份额提高至40%以上的政策延续至2023年底。", None, "2023-12-31"),
        ("自2023年1月1日至2024年12月31日，按照50%幅度减免资源税。", "2023-01-01", "2024-12-31"),
        ("自2023年1月1日至12月31日期间，吸纳毕业生的给予补贴。", "2023-01-01", "2023-12-31"),
        ("延长贴息政策执行期限至2027年底，提供最高1.5个百分点的利息补贴。", None, "2027-12-31"),
        ("适宜由中小企业提供的，在2026年底前，将预留份额阶段性提高至40％。", None, "2026-12-31"),
        ("对2022年第四季度首次获得贷款的企业，给予2%的贴息补助。", "2022-10-01", "2022-12-31"),
        ("2023年对月销售额10万元以下的纳税人免征增值税。", "2023-01-01", "2023-12-31"),
        ("到2025年，森林覆盖率达到23%。", None, None),
        ("2022年底前，实现全程网办。", None, None),
        ("至2023年底累计培育企业1万家，给予奖励。", None, None),
        ("截至2020年底，本市给予补贴3000万元。", None, None),
        ("专利授权量从2016年的1万件增长至2020年的2万件。", None, None),
    ],
)
def test_own_period(text: str, first: str | None, last: str | None) -> None:
    assert bounds(own_periods(text)) == (first, last)


def test_an_open_period_leaves_the_end_open() -> None:
    text = "2023年对小规模纳税人免征增值税。自2022年1月1日起企业的研发费用加计扣除。"
    assert bounds(own_periods(text)) == ("2022-01-01", None)
