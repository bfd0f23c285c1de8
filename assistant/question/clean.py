"""The part of an utterance that asks: markup, links and floods of one word taken away."""

from __future__ import annotations

import re

from embeddings.characters import unified

_SCRIPT = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|$)", re.I | re.S)
_TAG = re.compile(r"</?[a-z!][^<>]{0,400}>", re.I)
_LINK = re.compile(r"(?:https?://|www\.)[^\s，。；！？）)】]+", re.I)
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]")
_QUOTED_FILE = re.compile(r"【文件开始】.*?(?:【文件结束】|$)", re.S)
_FLOOD = re.compile(r"(.{1,12}?)\1{4,}")


def asked_part(text: str) -> str:
    """``text`` (NFKC) without markup, links, invisible characters and pasted files.

    A pasted file stays when nothing else is left.  A run of one phrase repeated five times or
    more is cut to one.
    """
    text = _INVISIBLE.sub("", unified(text))
    text = _LINK.sub(" ", _TAG.sub(" ", _SCRIPT.sub(" ", text)))
    without_file = _QUOTED_FILE.sub(" ", text)
    if re.search(r"[\u4e00-\u9fff]{4}", without_file):
        text = without_file
    return re.sub(r"\s+", " ", _FLOOD.sub(r"\1", text)).strip()
