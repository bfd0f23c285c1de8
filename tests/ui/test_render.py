"""What is shown, from records: escaping, citations, quotes, refusals, badges."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ui
from assistant.records import Document, Fact, Hit, Measure, Relation, Term, Validity
from assistant.wire import answer_to_json
from tests.ui.samples import ANSWER, CITATION, DOCUMENT, MEASURE, VALIDITY, conversation, turn
from ui.html import tag
from ui.reading import RelationRow
from ui.render.badges import validity_badge
from ui.render.document import DocumentPage, document_page
from ui.render.evidence import Context, Neighbour, document_link, evidence_panel
from ui.render.finder import checklist
from ui.render.prose import answer_prose, clause_prose, find_quote, mark_words
from ui.render.transcript import transcript
from ui.texts import TEXTS

ATTACK = "<img src=x onerror=alert(1)><script>alert(2)</script>\"'`${alert(3)}{{4}}"


def test_everything_foreign_is_escaped() -> None:
    document = replace(DOCUMENT, title=ATTACK, doc_number=ATTACK, district=ATTACK, source=ATTACK)
    measure = replace(MEASURE, label=ATTACK, heading=ATTACK, text=ATTACK + "。给予奖励")
    hit = replace(CITATION.hit, measure=measure, document=document)
    validity = replace(VALIDITY, basis=ATTACK)
    cited = replace(CITATION, hit=hit, quote=ATTACK, validity=validity)
    answer = replace(
        ANSWER,
        question=ATTACK,
        standalone_question=ATTACK + "?",
        text=ATTACK + "[1]",
        citations=(cited,),
        suggestions=(ATTACK,),
        notes=(ATTACK,),
    )
    context = Context((ATTACK,), Neighbour(ATTACK, "正文", ATTACK), None, ATTACK, ATTACK)
    made = [
        transcript(conversation(turn(answer))),
        transcript(conversation(turn(answer, state="failed", error=ATTACK, next_step=ATTACK))),
        transcript(conversation(turn(answer, state="running"))),
        evidence_panel([turn(answer)], lambda _: context),
        document_page(DocumentPage(document, [measure], validity)),
    ]
    for markup in made:
        assert "<img" not in markup
        assert "<script" not in markup
        assert 'alert(2)"' not in markup
        assert "&lt;script&gt;" in markup


@given(st.text())
def test_no_text_can_open_an_element_or_leave_an_attribute(text: str) -> None:
    shown = str(tag("p", text, title=text))
    assert shown.count("<") == 2
    assert shown.count('"') == 2


def test_marks_become_buttons_only_for_citations_that_exist() -> None:
    shown = answer_prose("奖励20万元。[1][7]", "t1", {1: "《甲》第二条"})
    assert 'data-act="cite" data-turn="t1" data-n="1"' in shown
    assert "[7]" in shown
    assert 'data-n="7"' not in shown


def test_lists_and_long_lines_are_laid_out() -> None:
    assert "<ol><li>甲</li><li>乙</li></ol>" in answer_prose("1. 甲\n2. 乙", "t", {})
    assert "<ul><li>甲</li></ul><p>乙</p>" in answer_prose("- 甲\n乙", "t", {})
    long = "很长的一句话" * 10 + "。[1]" + "另一句话" * 15 + "。[2]"
    assert answer_prose(long, "t", {1: "", 2: ""}).count("<p>") == 2


def test_the_quote_is_marked_across_line_breaks_and_blanks() -> None:
    text = "第二条 对首次认定的\n高新技术 企业，给予奖励。"
    assert find_quote(text, "首次认定的高新技术企业") is not None
    shown = clause_prose(text, "首次认定的高新技术企业")
    assert '<mark data-places="0">首次认定的</mark>' in shown
    assert '<mark data-places="0">高新技术 企业</mark>' in shown
    assert "<mark" not in clause_prose(text, "不在文中的话")


@given(st.text(max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_every_span_of_a_text_is_found_where_it_reads_the_same(text: str, a: int, b: int) -> None:
    quote = text[min(a, b) : max(a, b)]
    span = find_quote(text, quote)
    if not quote.strip():
        assert span is None
    else:
        assert span is not None
        assert "".join(text[slice(*span)].split()) == "".join(quote.split())


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("in_force", "现行有效"),
        ("expired", "已过期"),
        ("repealed", "已废止"),
        ("unknown", "未写明有效期"),
        ("never heard of", "未写明有效期"),
    ],
)
def test_validity_is_said_in_words(status: str, words: str) -> None:
    assert words in validity_badge({"status": status, "expires": "2027-03-31"})


def test_a_refusal_says_why_and_what_to_do() -> None:
    answer = replace(
        ANSWER, refused=True, reason="other_place", text="苏州的政策未收录。", citations=()
    )
    shown = transcript(conversation(turn(answer)))
    assert 'data-reason="other_place"' in shown
    assert "不是本地政策" in shown
    assert "去掉外地地名再问" in shown


def test_the_standalone_question_is_shown_only_when_it_differs() -> None:
    assert "理解为" not in transcript(conversation())
    rewritten = replace(ANSWER, standalone_question="试验区高新企业奖多少？")
    assert "试验区高新企业奖多少？" in transcript(conversation(turn(rewritten)))


def test_evidence_shows_the_last_answer_and_keeps_the_others() -> None:
    shown = evidence_panel([turn(), turn(id="t2")])
    assert 'class="evidence-turn" data-turn="t1" hidden' in shown
    assert 'class="evidence-turn" data-turn="t2">' in shown
    assert 'id="e-t2-1"' in shown
    assert '<mark data-places="0">给予一次性奖励20万元</mark>' in shown
    assert "人才发展办法" in shown


def test_the_sources_of_an_answer_stand_under_it_in_lines() -> None:
    repealed = replace(VALIDITY, status="repealed")
    second = replace(CITATION, n=2, hit=replace(CITATION.hit, measure=replace(MEASURE, depts=None)))
    cited = replace(ANSWER, citations=(CITATION, replace(second, validity=repealed)))
    lines = transcript(conversation(turn(cited))).split('<ul class="sources"')[1].split("</ul>")[0]
    first, other = lines.split("</li>")[:2]
    assert 'data-n="1"' in first
    assert f"《{DOCUMENT.title}》" in first
    assert "第二条" in first
    assert "现行有效" in first
    assert "区科委" in first
    assert 'data-n="2"' in other
    assert "已废止" in other
    assert "由谁负责" not in other
    refused = replace(ANSWER, refused=True, reason="not_in_corpus", citations=())
    assert 'class="sources"' not in transcript(conversation(turn(refused)))


def test_terms_are_explained_on_a_tap_with_their_clause() -> None:
    term = Term("免审", "不用再审。", DOCUMENT, "第三条")
    shown = transcript(conversation(turn(replace(ANSWER, terms=(term,)))))
    assert "<summary>免审</summary><p>不用再审。<a " in shown
    assert 'data-doc="d1" data-label="第三条"' in shown
    assert "<details" not in transcript(conversation())


def test_each_mark_of_a_source_knows_the_words_behind_it() -> None:
    said = replace(CITATION, spans=("对首次认定的高新技术企业", "一次性奖励20万元", "首次认定"))
    text = "首次认定的高新技术企业。[1]奖20万元。[1][7]认定。[1]"
    answered = turn(replace(ANSWER, text=text, citations=(said,)))
    marks = transcript(conversation(answered)).split('class="prose-zh"')[1].split("</div>")[0]
    assert [p.split('"')[0] for p in marks.split('data-place="')[1:]] == ["0", "1", "2"]
    clause = evidence_panel([answered])
    assert '<mark data-places="0">对</mark><mark data-places="0 2">首次认定</mark>' in clause
    assert '<mark data-places="1">一次性奖励20万元</mark>' in clause


def test_only_the_last_turn_suggests() -> None:
    shown = transcript(conversation(turn(), turn(id="t2")))
    assert shown.count("由哪个部门负责？") == 2  # text and data-question of one chip


def test_the_source_is_linked_by_its_host_and_nothing_else_is() -> None:
    url = "https://www.example.gov.cn/policy/7.html"
    applied = replace(MEASURE, facts=(Fact("channel", "登录“一网通办”申报", 0, 11),))
    document = replace(DOCUMENT, url=url)
    answer = replace(ANSWER, citations=(replace(CITATION, hit=Hit(applied, document, 1.0)),))
    link = f'<a href="{url}" target="_blank" rel="noopener noreferrer" class="outward">'
    card = str(evidence_panel([turn(answer)]))
    assert f"{link}www.example.gov.cn ↗</a>" in card and "登录“一网通办”申报" in card
    assert link in str(transcript(conversation(turn(answer))))
    assert link in str(document_page(DocumentPage(document, (MEASURE,), VALIDITY)))
    hostile = replace(document, url="javascript:alert(1)")
    bad = replace(answer, citations=(replace(CITATION, hit=Hit(applied, hostile, 1.0)),))
    for shown in (evidence_panel([turn(bad)]), transcript(conversation(turn(bad)))):
        assert "javascript" not in str(shown)


def test_the_document_page_marks_one_clause_and_tells_relations() -> None:
    other = replace(DOCUMENT, doc_id="d0", title="旧办法")
    relation = Relation("repeals", "旧办法", None, "原旧办法同时废止。", "d0")
    second = Measure("d1#2", "d1", "第三条", "", "第三条 其他。", 13, 13, order=3)
    shown = document_page(
        DocumentPage(
            DOCUMENT,
            [MEASURE, second],
            VALIDITY,
            [RelationRow(relation, other)],
            {second.measure_id: Validity("expired", "2026-11-21", None, "2025-01-01", "已过。")},
            MEASURE.measure_id,
            [other],
        )
    )
    assert shown.count('class="clause marked"') == 1
    assert "废止" in shown
    assert document_link("d0").replace("&", "&amp;") in shown
    assert "已过期" in shown


def test_searched_words_are_marked_in_either_width() -> None:
    assert mark_words("停车场（库）ＡＢ", ["(库)", "ab"]) == (
        "停车场<mark>（库）</mark><mark>ＡＢ</mark>"
    )
    assert "<mark>" not in mark_words("<停车>", [""])


def test_links_survive_strange_labels() -> None:
    assert (
        document_link("d1", "二/（一）&x")
        == "?doc=d1&label=%E4%BA%8C%2F%EF%BC%88%E4%B8%80%EF%BC%89%26x"
    )


def test_verdicts_are_said_to_screen_readers() -> None:
    shown = checklist([{"text": "注册在本市", "verdict": "待确认", "question": "注册在哪里？"}])
    assert shown is not None
    assert 'aria-label="待确认"' in shown
    assert "注册在哪里？" in shown


def test_what_is_shown_is_the_public_contract() -> None:
    kept = turn().answer
    assert kept is not None
    assert set(answer_to_json(ANSWER)) - set(kept) == {"retrieved", "id", "near_misses"}
    assert isinstance(DOCUMENT, Document)


def test_every_static_text_is_used_and_in_both_languages() -> None:
    sources = "".join(
        path.read_text(encoding="utf-8")
        for path in Path(ui.__file__).parent.rglob("*.py")
        if path.name != "texts.py"
    )
    made = ("v_", "refused_", "hint_", "nav_", "d_", "sort_", "mode_", "g_")  # key = prefix + value
    unused = [k for k in TEXTS if f'"{k}"' not in sources and not k.startswith(made)]
    assert unused == []
    assert all(chinese and english for chinese, english in TEXTS.values())
