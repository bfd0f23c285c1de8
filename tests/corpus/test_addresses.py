"""Where a document has its own page: what its source states, what operators and staff give."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.corpus import corrections
from assistant.corpus.addresses import checked, stated
from assistant.corpus.corrections import Correction
from assistant.corpus.parse import parse_file
from assistant.errors import BadInputError, SettingsError
from assistant.settings import Settings
from assistant.store import fingerprint
from assistant.store.build import ingest
from assistant.store.open import open_index
from tests.conftest import SMALL_POLICY

URL = "https://www.example.gov.cn/policy/7.html"
PAGE = """{0}<html><head><title>x</title>{1}</head><body><h1>试验区支持企业发展办法</h1>
<p>第一条 为支持企业发展，制定本办法，适用于在试验区内从事经营活动的各类企业。</p>
<p>第二条 对首次认定的高新技术企业，给予一次性奖励20万元，由区科委负责实施和解释。</p>
</body></html>"""


@pytest.mark.parametrize(
    "text",
    (
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://www.example.gov.cn/",
        "www.example.gov.cn/7.html",
        "https://localhost/x",
        "http://127.0.0.1/x",
        "http://[::1]/",
        "https://www.example.gov.cn@evil.example.com/",
        "https://www.example.gov.cn:port/",
        "https://www.example.gov.cn/a b",
        'https://www.example.gov.cn/"onclick="x',
        "https://www.example.gov.cn\\@evil.example.com/",
        "https://www.example.gov.cn/" + "a" * 500,
        "https://",
    ),
)
def test_what_is_no_public_address_is_refused_with_the_next_step(text: str) -> None:
    with pytest.raises(BadInputError) as refused:
        checked(text)
    assert "网址" in refused.value.message and refused.value.next_step


def test_a_text_states_its_own_address_at_its_beginning_or_end_alone() -> None:
    filler = ["第三条 申报网址：https://apply.example.gov.cn/，请登录办理。"] * 30
    assert stated([f"来源：{URL}", *filler]) == URL
    assert stated([*filler, f"原文链接： <{URL}>"]) == URL
    assert stated([*filler, f"来源：{URL}", *filler]) is None
    assert stated(["来源：javascript:alert(1)", "来源：http://10.0.0.1/x"]) is None


@pytest.mark.parametrize(
    ("before", "head", "url"),
    (
        (f"<!-- saved from url=(0040){URL} -->\n", "", URL),
        ("", f'<link rel="canonical" href="{URL}">', URL),
        ("", f'<meta property="og:url" content="{URL}">', URL),
        ("", '<link rel="canonical" href="javascript:alert(1)">', None),
        ("", '<link rel="canonical" href="/7.html">', None),
    ),
)
def test_a_page_says_where_it_stands(
    before: str, head: str, url: str | None, tmp_path: Path
) -> None:
    path = tmp_path / "页.html"
    path.write_text(PAGE.format(before, head), encoding="utf-8")
    assert [parsed.document.url for parsed in parse_file(path).documents] == [url]


def test_each_document_of_a_file_has_its_own(tmp_path: Path) -> None:
    first, second = f"来源：{URL}\n{SMALL_POLICY}", SMALL_POLICY.replace("7号", "8号")
    path = tmp_path / "两份.txt"
    path.write_text(f"{first}\n{second}", encoding="utf-8")
    assert [parsed.document.url for parsed in parse_file(path).documents] == [URL, None]


@pytest.mark.parametrize("name", ("沪试府规〔2024〕7号", "试验区支持企业发展办法"))
def test_the_operators_table_counts_and_a_change_of_it_is_taken_in(
    name: str, built: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "links.tsv"
    monkeypatch.setattr(fingerprint, "LINKS", table)
    ingest(built)
    table.write_text(f"# 说明\n{name}\t{URL}\n沪无此号〔2020〕1号\t{URL}\n", encoding="utf-8")
    report = ingest(built)
    held = {d.source: d.url for d in open_index(built).catalogue.documents()}
    assert held == {"甲.txt": URL, "乙.txt": None}
    assert any("第 3 行" in note for note in report.notes)
    assert not ingest(built).published


@pytest.mark.parametrize(
    "row", ("试验区支持企业发展办法", f"\t{URL}", "甲\thttp://x", f"甲\t{URL}\n甲\t{URL}")
)
def test_a_wrong_row_is_named(
    row: str, built: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "links.tsv"
    table.write_text(row + "\n", encoding="utf-8")
    monkeypatch.setattr(fingerprint, "LINKS", table)
    with pytest.raises(SettingsError, match=r"links\.tsv 第 [12] 行"):
        ingest(built)


def test_what_staff_give_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(SMALL_POLICY, encoding="utf-8")
    (corrected,), _ = corrections.apply(parse_file(path).documents, [Correction(1, {"url": URL})])
    assert corrected.document.url == URL
    assert any("原文网址已由工作人员更正" in said for said in corrected.document.warnings)
