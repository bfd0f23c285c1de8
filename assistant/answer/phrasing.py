"""How an answer is worded: clean sentences, dates as people write them, escaped markup."""

from __future__ import annotations

import re

from assistant.records import Document, Language

_ENUMERATOR = re.compile(
    r"^\s*(?:（[一二三四五六七八九十\d]{1,3}）|\([一二三四五六七八九十\d]{1,3}\)"
    r"|\d{1,2}[.．、](?!\d)|[①-⑳]|[一二三四五六七八九十]{1,3}、"
    r"|第[一二三四五六七八九十百零]+条\s*(?:【[^】]{1,20}】|（[^）]{1,16}）)?(?=本))\s*"
)
_TITLE_NOISE = re.compile(r"^(?:上海市人民政府办公厅|上海市人民政府)?关于印发|的通知$")
_INNER = str.maketrans("《》<>", "〈〉〈〉")
_CONTROL = re.compile(
    r"[\u0000-\u0008\u000b-\u001f\u007f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
# a number in brackets is our own citation mark
_MARK = re.compile(r"[\[［【]\s*(\d{1,3}(?:\s*[,，、]\s*\d{1,3})*)\s*[\]］】]")
# Their wide forms: no renderer takes them for markup, and who reads plain text sees no entities.
_WIDE = str.maketrans("&<>`", "＆＜＞｀")


def escape(text: str) -> str:
    """Safe for every renderer: no control or invisible characters, no HTML, no code."""
    text = _CONTROL.sub("", text)
    text = re.sub(r"(?i)javascript\s*:", "javascript：", text)
    text = re.sub(r"\[([^\[\]]*)\]\((?=\w+:|/)", r"[\1]（", text)
    return _MARK.sub(r"（\1）", text).translate(_WIDE)


def spoken(sentence: str) -> str:
    """A sentence of a measure as part of an answer: one line, no broken spaces."""
    text = "".join(map(str.strip, sentence.split("\n")))
    return re.sub(
        r"(?<=[\u4e00-\u9fff，。；、])\s+(?=[\u4e00-\u9fff\d，。；、])|(?<=\d)\s+(?=[\u4e00-\u9fff])",
        "",
        text,
    ).strip()


def without_enumerator(sentence: str) -> str:
    return _ENUMERATOR.sub("", sentence, count=1)


def name(document: Document, *, number: bool = True) -> str:
    """``《title》（文号）``, the title without the covering notice's words; 〈〉 inside it."""
    title = _TITLE_NOISE.sub("", document.title.strip()).strip("《》") or document.title
    title = title.translate(_INNER)
    return f"《{title}》" + (f"（{document.doc_number}）" if number and document.doc_number else "")


def ended(text: str, language: Language = "zh") -> str:
    """With a full stop at its end, an English one behind an English word of an English answer."""
    text = text.rstrip("，,、；;：: ")
    return (
        text
        if re.search(r"(?:[。！？]|[a-z)][.!?])[”’）」』]?$", text)
        else text + ("." if language == "en" and text[-1:].isascii() else "。")
    )
