"""The way from question to answer, and its faces: commands' entry, batch, LangChain, JSON."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from assistant.ask import Assistant, _recent
from assistant.batch import answered, run
from assistant.chain import policy_chain, to_documents, to_message
from assistant.errors import BadInputError, NoIndexError
from assistant.records import Answer, Draft, Profile
from assistant.settings import Settings
from assistant.wire import answer_to_json
from scripts.llm_server import Script, serving

DAY = "2026-11-21"
LOAN = "专精特新中小企业拿信用贷款，贴息最高百分之几？"


def test_an_answer_cites_document_and_measure(assistant: Assistant) -> None:
    answer = assistant.ask(LOAN, as_of=DAY)
    assert not answer.refused and re.search(r"(?<!\d)30[%％].*\[1\]", answer.text)
    first = answer.citations[0]
    assert first.hit.document.doc_number == "沪府办规〔2025〕3号"
    assert first.hit.measure.label == "四/（十三）"
    assert first.quote in first.hit.measure.text
    assert answer.timings_ms["total"] > 0


def test_json_has_every_key_of_the_contract(assistant: Assistant) -> None:
    row = answer_to_json(assistant.ask(LOAN, as_of=DAY), id="q1")
    assert {"id", "question", "standalone_question", "answer", "refused", "reason", "citations",
            "retrieved", "matches", "near_misses", "mode", "timings_ms"} <= set(row)  # fmt: skip
    assert {"n", "doc_id", "title", "doc_number", "measure", "heading", "text", "quote", "page",
            "source", "line_start", "line_end", "district", "also_in", "validity"} <= set(
        row["citations"][0]
    )  # fmt: skip
    assert set(row["citations"][0]["validity"]) == {
        "status", "effective_from", "expires", "as_of", "basis"
    }  # fmt: skip
    assert len(row["retrieved"]) == 10
    json.dumps(row, ensure_ascii=False)


def test_the_same_question_gives_the_same_answer(assistant: Assistant) -> None:
    first, second = (replace(assistant.ask(LOAN, as_of=DAY), timings_ms={}) for _ in "ab")
    assert first == second


@pytest.mark.parametrize("question", ["", "  ", "\n"])
def test_nothing_asked(assistant: Assistant, question: str) -> None:
    with pytest.raises(BadInputError, match="还没有输入问题"):
        assistant.ask(question)


def test_a_date_that_is_none(assistant: Assistant) -> None:
    with pytest.raises(BadInputError, match="2026-13-01"):
        assistant.ask(LOAN, as_of="2026-13-01")


def test_too_long_a_question_is_refused_in_words(assistant: Assistant) -> None:
    answer = assistant.ask("补贴" * 3000)
    assert answer.refused and answer.reason == "unclear" and "6000 字" in answer.text


def test_too_long_a_wish_is_no_search_for_a_company(assistant: Assistant) -> None:
    with pytest.raises(BadInputError, match="2001 字"):
        assistant.match(Profile(), question="租" * 2001)


def test_earlier_turns_count_as_far_as_they_are_no_longer_than_a_question() -> None:
    turns = ["甲" * 1200, "乙" * 900, "丙" * 700, "丁"]
    assert _recent(turns, 2000) == turns[1:]
    assert _recent(turns, 1599) == turns[2:]
    assert _recent(turns, 10) == ["丁"]


def test_no_index(tmp_path) -> None:
    with pytest.raises(NoIndexError):
        Assistant.open(Settings(index=tmp_path / "none"))


def test_batch_answers_every_line_and_names_the_bad_ones(assistant: Assistant) -> None:
    lines = [
        json.dumps({"id": "a", "question": LOAN, "as_of": DAY}),
        "not json",
        "",
        "[1]",
        json.dumps({"id": "b", "question": 3}),
        json.dumps({"id": "c", "turns": ["科技创新券有什么用？", "归哪个部门管"], "as_of": DAY}),
        json.dumps({"id": "d"}),
        json.dumps({"id": "e", "question": LOAN, "as_of": "soon"}),
        json.dumps({"id": "f", "question": LOAN, "profile": {"colour": "red"}}),
        "[" * 100_000,
    ]
    done = list(answered(assistant, lines))
    assert [d.number for d in done] == [1, 2, 4, 5, 6, 7, 8, 9, 10]
    assert [d.error is None for d in done] == [True, *[False] * 3, True, *[False] * 4]
    for line in done:
        assert set(done[0].output) <= set(line.output)
        assert line.error is None or f"第 {line.number} 行" in line.error
    assert done[4].output["standalone_question"] != "归哪个部门管"


def test_batch_writes_each_line_when_it_is_done(assistant: Assistant) -> None:
    written: list[str] = []
    lines = [json.dumps({"id": n, "question": LOAN}) for n in range(3)]
    seen: list[int] = []
    good, bad = run(assistant, lines, written.append, lambda line: seen.append(len(written)))
    assert (good, bad, seen) == (3, 0, [1, 2, 3])
    assert [json.loads(w)["id"] for w in written] == [0, 1, 2]


def test_the_chain_gives_the_answer_of_the_assistant(assistant: Assistant) -> None:
    chain = policy_chain(assistant)
    by_chain = chain.invoke({"question": LOAN, "as_of": DAY})
    answer = assistant.ask(LOAN, as_of=DAY)
    assert by_chain.text == answer.text
    assert [d.id for d in to_documents(by_chain)] == [
        c.hit.measure.measure_id for c in answer.citations
    ]
    message = to_message(by_chain)
    assert message.content == answer.text
    assert message.additional_kwargs["citations"][0]["measure"] == "四/（十三）"
    both = chain.batch([{"question": LOAN, "as_of": DAY}, {"turns": [LOAN], "as_of": DAY}])
    assert both[0].text == both[1].text


def test_a_configured_llm_answers_and_is_held_to_its_citations(real_settings: Settings) -> None:
    said = "专精特新中小企业信用贷款，予以最高30％贴息支持。[1]"
    invented = "专精特新中小企业信用贷款，予以最高45%贴息支持。[1]"
    for text, mode in ((said, "llm"), (invented, "extractive")):
        with serving(Script(text)) as url:
            settings = real_settings.model_copy(update={"llm_base_url": url, "llm_model": "test"})
            first, *drafts, answer = Assistant.open(settings).stream(LOAN, as_of=DAY)
        assert isinstance(answer, Answer) and answer.mode == mode
        assert isinstance(first, Draft) and first.text == "" and first.citations
        assert [draft.text for draft in drafts] == ([said] if mode == "llm" else [])
        assert "45" not in answer.text
        assert "llm" in answer.timings_ms


def test_a_refusal_never_goes_to_the_llm(real_settings: Settings) -> None:
    script = Script("宁波奖励50万元。[1]")
    with serving(script) as url:
        settings = real_settings.model_copy(update={"llm_base_url": url, "llm_model": "test"})
        answer = Assistant.open(settings).ask("宁波市对夜市摊主奖励多少？", as_of=DAY)
    assert answer.refused and not script.requests


def test_batch_goes_on_after_whatever_a_line_holds(assistant: Assistant) -> None:
    nasty = [
        '{"question": "?", "profile": {"headcount": ' + "9" * 5000 + "}}",
        '{"id": "\\udc00", "question": "?"}',
        '{"question": "\ud83d"}',
        '{"id": NaN, "question": "?"}',
        '{"id": 1e999, "question": "?"}',
        '{"id": {"a": 1}, "question": "?"}',
        '{"question": "a", "question": "b"}',
        json.dumps({"question": "?", "profile": {"needs": ["x"] * 20_000}}),
    ]
    good = json.dumps({"question": "风筝\u2028补贴多少", "as_of": DAY}, ensure_ascii=False)
    written: list[str] = []
    assert run(assistant, [*nasty, good], written.append) == (1, len(nasty))
    assert all(len(line.splitlines()) == 1 for line in written)
    rows = [json.loads(line.encode(), parse_constant=pytest.fail) for line in written]
    assert ["error" in row for row in rows] == [True] * len(nasty) + [False]


class Broken:
    def ask(self, *args: object, **given: object) -> None:
        raise ZeroDivisionError


def test_an_error_of_our_own_costs_one_line() -> None:
    written: list[str] = []
    assert run(Broken(), ['{"question": "?"}'] * 2, written.append) == (0, 2)  # type: ignore[arg-type]
    assert "程序内部出错" in json.loads(written[0])["error"]
