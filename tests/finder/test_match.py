"""The finder over the whole bundled corpus."""

from __future__ import annotations

import csv
import dataclasses
import io

import pytest

from assistant.answer.figures import figures, plain, supported
from assistant.ask import Assistant
from assistant.errors import BadInputError
from assistant.finder.benefit import amount_of
from assistant.finder.chat import described
from assistant.finder.export import COLUMNS, csv_text, write, xlsx
from assistant.finder.match import Found, renumbered
from assistant.finder.requirements import offers
from assistant.records import Profile

DAY = "2026-11-21"
SOFTWARE = Profile(
    district="徐汇区",
    industry=("软件和信息技术服务业",),
    size="小型",
    events=("首次升规",),
)


def test_every_amount_stands_verbatim_in_its_measure(assistant: Assistant) -> None:
    documents = {d.doc_id: d for d in assistant.catalogue.documents()}
    stated = 0
    for measure in assistant.catalogue.measures():
        for offer in offers(measure, documents[measure.doc_id]):
            assert measure.text[offer.start : offer.start + len(offer.text)] == offer.text
            amount = amount_of(measure, offer)
            if amount is None:
                continue
            stated += 1
            for clause in amount.split("；"):
                assert plain(clause) in plain(measure.text), (measure.measure_id, clause)
            known = figures(measure.text)
            assert all(supported(f, known) for f in figures(amount)), (measure.measure_id, amount)
    assert stated > 60


def test_the_right_grant_with_its_amount_and_source(assistant: Assistant) -> None:
    found = assistant.match(SOFTWARE, question="今年首次升规，有什么奖励？", as_of=DAY)
    grant = next(
        m for m in found.matches if m.citation.hit.document.doc_number == "沪府办规〔2025〕3号"
    )
    assert grant.amount is not None and "最高50万元" in grant.amount
    assert grant.citation.quote in grant.citation.hit.measure.text
    assert any(c.verdict == "符合" and "首次升规" in c.text for c in grant.conditions)


def test_other_districts_and_expired_rules_are_near_misses_with_the_reason(
    assistant: Assistant,
) -> None:
    profile = Profile(
        district="徐汇区", qualifications=("高新技术企业",), events=("首次成为四上企业",)
    )
    question = "高新技术企业首次成为四上企业，有什么奖励？"
    found = assistant.match(profile, question=question, as_of=DAY)
    for match in found.matches:
        assert match.citation.hit.document.district in (None, "徐汇区")
        assert match.citation.validity.status not in ("repealed", "not_yet")
    reasons = " ".join(m.why for m in found.near_misses)
    assert "黄浦区" in reasons and "2023年12月31日" in reasons


def test_an_expired_rule_applied_on_a_day_when_it_held(assistant: Assistant) -> None:
    profile = Profile(district="黄浦区", qualifications=("高新技术企业",))
    question = "高新技术企业首次成为四上企业，有什么奖励？"
    found = assistant.match(profile, question=question, as_of="2023-06-01")
    assert any(m.citation.hit.document.doc_number == "黄府规〔2023〕4号" for m in found.matches)


def test_the_same_rule_is_listed_once(assistant: Assistant) -> None:
    found = assistant.match(SOFTWARE, question="首次升规奖励", as_of=DAY, limit=50)
    seen: set[str] = set()
    for match in found.matches:
        measure_id = match.citation.hit.measure.measure_id
        assert measure_id not in seen
        seen.add(measure_id)
        twins = assistant.catalogue.twins(measure_id)
        listed = {
            (m.citation.hit.document.doc_id, m.citation.hit.measure.label) for m in found.matches
        }
        assert not listed & {(p.doc_id, p.measure) for p in twins}


def test_nothing_told_gives_nothing(assistant: Assistant) -> None:
    found = assistant.match(Profile(), as_of=DAY)
    assert not found.matches and not found.near_misses


def test_free_text_question_is_answered_by_the_finder(assistant: Assistant) -> None:
    answer = assistant.ask(
        "我司在徐汇区开发软件，二十多人，有高新技术企业资质，上个月首次升规，我们可以申报什么奖励？",
        as_of=DAY,
    )
    assert answer.matches and not answer.refused
    assert [c.n for c in answer.citations] == list(range(1, len(answer.citations) + 1))
    assert "徐汇区" in answer.text and "高新技术企业" in answer.text


def test_a_precise_question_stays_a_precise_answer(assistant: Assistant) -> None:
    answer = assistant.ask("软件企业首次升规最高奖励多少？", as_of=DAY)
    assert not answer.matches
    with_profile = assistant.ask("软件企业首次升规最高奖励多少？", as_of=DAY, profile=SOFTWARE)
    assert with_profile.text == answer.text and with_profile.matches


def test_export_to_spreadsheet_and_csv(assistant: Assistant, tmp_path) -> None:
    from openpyxl import load_workbook

    found = renumbered(assistant.match(SOFTWARE, question="首次升规奖励", as_of=DAY))
    book = load_workbook(io.BytesIO(xlsx(found, SOFTWARE, as_of=DAY)))
    sheet = book["适用政策"]
    assert tuple(c.value for c in sheet[1]) == COLUMNS
    assert sheet.max_row == 1 + len(found.matches) + len(found.near_misses)
    assert book["核对说明"]["B1"].value == DAY
    lines = list(csv.reader(io.StringIO(csv_text(found, SOFTWARE, as_of=DAY))))
    assert len(lines[1]) == len(COLUMNS) and lines[1][10]
    write(found, SOFTWARE, tmp_path / "a.csv", as_of=DAY)
    assert (tmp_path / "a.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with pytest.raises(BadInputError):
        write(found, SOFTWARE, tmp_path / "a.docx", as_of=DAY)


WHOLE = Profile(
    area="临港新片区",
    district="徐汇区",
    industry=("餐饮", "零售", "批发", "风筝"),
    size="小型",
    qualifications=("老字号", "高新技术企业", "上市公司", "独角兽企业"),
    events=("招工", "贷款", "参展", "技改", "流片"),
    headcount=0,
    founded="2024-05",
    needs=("场地", "用电"),
    denied=("首次升规",),
)


def test_every_field_of_the_profile_is_shown_and_exported(assistant: Assistant) -> None:
    from openpyxl import load_workbook

    told = dataclasses.asdict(WHOLE)
    assert all(value not in (None, "", ()) for value in told.values())
    book = load_workbook(io.BytesIO(xlsx(Found((), ()), WHOLE, as_of=DAY)))
    exported = "\n".join(str(row[1].value) for row in book["核对说明"].iter_rows())
    for value in told.values():
        for part in value if isinstance(value, tuple) else (value,):
            assert str(part) in described(WHOLE)
            assert str(part) in exported
    assert described(Profile()) == "未说明"


def test_a_known_company_gets_the_list_of_the_finder_in_the_chat(assistant: Assistant) -> None:
    company = Profile(district="黄浦区", industry=("餐饮",), size="小型")
    page = assistant.match(company, as_of="2023-07-01").matches
    answer = assistant.ask("我们公司能享受哪些政策？", profile=company, as_of="2023-07-01")
    assert [m.citation.hit for m in answer.matches] == [m.citation.hit for m in page]
    assert answer.text.startswith("按您说的情况（黄浦区；餐饮；小型），可以看这几条：")
    one = assistant.ask("我们公司食品经营许可证找谁办？", profile=company, as_of="2023-07-01")
    assert not one.text.startswith("按您说的情况")
