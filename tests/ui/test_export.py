"""A conversation as Word and Markdown: citations, quotes, date of check."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from docx import Document

from assistant.errors import BadInputError
from tests.ui.samples import conversation, turn
from ui.conversation import Conversation
from ui.export import export


def test_markdown_names_document_label_validity_and_date() -> None:
    name, kind, content = export(conversation(), "md")
    text = content.decode()
    assert name.endswith(".md")
    assert kind == "text/markdown"
    for part in (
        "高新企业奖多少？",
        "一次性奖励20万元。[1]",
        "《试验区支持企业发展办法》（沪试府规〔2024〕7号） 第二条",
        "效力：现行有效（截至 2026-11-21 核对）",
        "原文：“给予一次性奖励20万元”",
        "甲.txt 第 12–12 行",
        "效力核对日期：2026-11-21",
    ):
        assert part in text


def test_word_holds_the_same_and_has_a_chinese_font() -> None:
    name, _, content = export(conversation(), "docx")
    document = Document(io.BytesIO(content))
    text = "\n".join(p.text for p in document.paragraphs)
    assert name.endswith(".docx")
    assert "[1] 《试验区支持企业发展办法》（沪试府规〔2024〕7号） 第二条" in text
    assert "截至 2026-11-21 核对" in text
    assert 'w:eastAsia="宋体"' in document.styles.element.xml


def test_an_english_answer_is_exported_in_english() -> None:
    asked = turn()
    english = replace(asked, answer=dict(asked.answer or {}) | {"language": "en"})
    for form in ("md", "docx"):
        content = export(conversation(english), form)[2]
        text = (
            content.decode()
            if form == "md"
            else "\n".join(p.text for p in Document(io.BytesIO(content)).paragraphs)
        )
        for part in (
            "Questions and answers on policies",
            "Validity: In force (as of 2026-11-21); until: 2027-03-31",
            "Text: “给予一次性奖励20万元”",
            "Source: 甲.txt lines 12–12",
            "Validity checked as of 2026-11-21",
            "for reference only",
        ):
            assert part in text
        assert "效力" not in text and "出处" not in text


def test_there_must_be_something_to_export() -> None:
    with pytest.raises(BadInputError):
        export(Conversation("c"), "md")
    with pytest.raises(BadInputError):
        export(conversation(turn()), "pdf")
