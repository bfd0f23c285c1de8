"""One measure run through with one company: verdicts, reasons, the page, the command."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest

from assistant.ask import Assistant
from assistant.cli.app import run
from assistant.finder.checklist import check, page
from assistant.records import Document, Measure, Profile, Validity
from assistant.settings import Settings, get_settings

TEXT = (
    "（二）支持首次升规。对当年首次升规的软件企业，给予最高50万元的一次性奖励；"
    "对研发投入超过1000万元的软件企业，按照5%给予补贴。"
)


def measure_of(text: str = TEXT) -> Measure:
    return Measure(
        measure_id="d#二",
        doc_id="d",
        label="二",
        heading="支持首次升规",
        path=(),
        text=text,
        order=1,
        line_start=1,
        line_end=2,
    )


def document_of(district: str | None = None) -> Document:
    return Document(
        doc_id="d",
        title="支持企业发展办法",
        doc_number=None,
        district=district,
        source="a.txt",
        line_start=1,
        line_end=9,
    )


IN_FORCE = Validity("in_force", "2026-11-21", basis="有效期至2027年12月31日。")
ENDED = Validity("expired", "2026-11-21", basis="有效期至2023年12月31日，已过期。")
SOFTWARE = Profile(
    district="徐汇区", industry=("软件和信息技术服务业",), size="小型", events=("首次升规",)
)


def test_met_when_every_condition_of_one_offer_is_met() -> None:
    sheet = check(measure_of(), document_of(), IN_FORCE, SOFTWARE)
    assert sheet.result == "符合"
    assert [offer.result for offer in sheet.offers] == ["符合", "待确认"]
    assert any("首次升规" in reason for reason in sheet.reasons)
    assert all(offer.text in sheet.measure.text for offer in sheet.offers)


def test_what_is_unknown_stays_open_with_a_question() -> None:
    sheet = check(measure_of(), document_of("徐汇区"), IN_FORCE, Profile())
    assert sheet.result == "待确认"
    open_ = [c for offer in sheet.offers for c in offer.checks if c.verdict == "待确认"]
    assert open_ and all(c.question for c in open_)
    assert sheet.general[1].verdict == "待确认" and "徐汇区" in (sheet.general[1].question or "")


@pytest.mark.parametrize(
    ("valid", "district", "company", "reason"),
    [
        (ENDED, None, SOFTWARE, "已过期"),
        (IN_FORCE, "黄浦区", SOFTWARE, "黄浦区"),
        (IN_FORCE, None, Profile(industry=("餐饮",)), "软件"),
    ],
)
def test_what_fails_is_named(
    valid: Validity, district: str | None, company: Profile, reason: str
) -> None:
    sheet = check(measure_of(), document_of(district), valid, company)
    assert sheet.result == "不符合"
    assert any(reason in said for said in sheet.reasons)


def test_the_page_stands_alone_and_escapes_what_it_shows() -> None:
    text = "对软件企业给予<script>alert(1)</script>50万元奖励。"
    html = page(check(measure_of(text), document_of(), IN_FORCE, SOFTWARE))
    assert "<script" not in html and "&lt;script&gt;" in html
    assert "http" not in html and "复核结论" in html and "2026年11月21日" in html

    class Balanced(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.open_: list[str] = []

        def handle_starttag(self, tag: str, attrs: object) -> None:
            if tag != "meta":
                self.open_.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert self.open_.pop() == tag

    parser = Balanced()
    parser.feed(html)
    assert parser.open_ == []


def test_every_measure_of_the_corpus_can_be_checked(assistant: Assistant) -> None:
    known = assistant.knowledge
    documents = {d.doc_id: d for d in assistant.catalogue.documents()}
    for measure in assistant.catalogue.measures()[::20]:
        document = documents[measure.doc_id]
        valid = known.validity(measure, document, "2026-11-21")
        sheet = check(measure, document, valid, SOFTWARE)
        assert sheet.reasons and page(sheet).endswith("</html>\n")
        for offer in sheet.offers:
            assert offer.text in measure.text


def test_the_command_writes_the_page_and_json(
    real_settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys, tmp_path: Path, request
) -> None:
    monkeypatch.setenv("ASSISTANT_INDEX", str(real_settings.index))
    get_settings.cache_clear()
    request.addfinalizer(get_settings.cache_clear)
    out = tmp_path / "check.html"
    told = "公司在徐汇区开发软件，今年首次升规"
    measure = ("check", "沪府办规〔2025〕3号", "一/（二）", told)
    assert run((*measure, "--json", "--out", str(out))) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["result"] == "待确认" and "最高50万元" in data["offers"][0]["amount"]
    assert "一/（二）" in out.read_text(encoding="utf-8")
    assert run(measure) == 0
    assert "初核结论" in capsys.readouterr().out
    assert run((*measure, "--out", str(tmp_path / "check.pdf"))) == 2
