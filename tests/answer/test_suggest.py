"""What is suggested after an answer is stated by its clause and read there before it is shown."""

from __future__ import annotations

import pytest

from assistant.answer.suggest import SHOWN, candidates
from assistant.ask import Assistant
from assistant.corpus.parse import parse_file
from assistant.records import Answer, ParsedDocument
from assistant.settings import Settings
from assistant.store.build import ingest

POLICY = """上海市人民政府办公厅关于印发《上海市支持风筝工坊若干措施》的通知
沪府办规〔2024〕911号

各有关单位：
现将《上海市支持风筝工坊若干措施》印发给你们，请认真贯彻执行。

上海市人民政府办公厅
2024年3月1日

上海市支持风筝工坊若干措施

一、风筝工坊设备更新补贴
对风筝工坊购置烘干设备的，给予一次性补贴3万元。风筝工坊登录“一网通办”平台提交补贴申请。受理部门应当在20个工作日内办结。（责任单位：市文化旅游局）
二、实施日期
本措施自2024年4月1日起施行，有效期至2029年3月31日。
"""
DAY = "2026-11-21"


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    home = tmp_path_factory.mktemp("workshop")
    folder = home / "sources"
    folder.mkdir()
    (folder / "a.txt").write_text(POLICY, encoding="utf-8")
    settings = Settings(sources=folder, index=home / "index", state=home / "s", _env_file=None)
    ingest(settings)
    return Assistant.open(settings)


@pytest.fixture(scope="module")
def parsed(workshop: Assistant) -> ParsedDocument:
    return parse_file(workshop.settings.sources / "a.txt").documents[0]


def test_each_is_made_of_a_fact_that_was_not_told(parsed: ParsedDocument) -> None:
    measure = next(m for m in parsed.measures if m.label == "一")
    every = [c.text for c in candidates(parsed.document, measure)]
    assert every == [
        "风筝工坊设备更新补贴，补贴多少？",
        "风筝工坊设备更新补贴，要符合什么条件？",
        "风筝工坊设备更新补贴，怎么申请办理？",
        "风筝工坊设备更新补贴，多久办好？",
        "风筝工坊设备更新补贴，由哪些部门负责？",
    ]
    at = measure.text.index("给予一次性补贴3万元")
    rest = [c.text for c in candidates(parsed.document, measure, [(at, at + 11)])]
    assert rest == every[1:]


def test_what_is_suggested_is_answered_from_the_same_clause(workshop: Assistant) -> None:
    answer = workshop.ask("风筝工坊买烘干设备补贴多少？", as_of=DAY, suggest=True)
    assert 0 < len(answer.suggestions) <= SHOWN
    cited = {c.hit.measure.measure_id for c in answer.citations}
    for question in answer.suggestions:
        follow = workshop.ask(question, as_of=DAY)
        assert not follow.refused
        assert cited & {c.hit.measure.measure_id for c in follow.citations}
        assert follow.text != answer.text


def test_they_come_with_the_answer_and_only_when_wanted(workshop: Assistant) -> None:
    question = "风筝工坊买烘干设备补贴多少？"
    plain = workshop.ask(question, as_of=DAY)
    assert plain.suggestions == () and "suggest" not in plain.timings_ms
    (whole,) = workshop.stream(question, as_of=DAY, suggest=True)  # nothing shown is drawn anew
    assert isinstance(whole, Answer)
    assert whole.text == plain.text and whole.suggestions and "suggest" in whole.timings_ms


def test_a_refusal_off_the_matter_suggests_nothing(workshop: Assistant) -> None:
    refused = workshop.ask("滑雪场教练要什么证？", as_of=DAY, suggest=True)
    assert refused.refused and refused.suggestions == ()
