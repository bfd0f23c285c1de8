"""Questions made to cost time: what each of them takes of the processor.

Each is as long as a question may be; after the single ones come conversations of twenty of them.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

from assistant.ask import Assistant

TURNS = 20
LIMIT = 2.0  # seconds of the processor
# Name → what is repeated; of several pieces in any order, so that no run of one phrase is cut.
ATTACKS: dict[str, str | list[str]] = {
    "one title": "《甲》",
    "titles": [f"《{c}{c}》" for c in "甲乙丙丁戊己庚辛壬癸"],
    "open titles": "《",
    "titles in titles": [f"《{c}乙《" for c in "甲丙丁戊己"],
    "enumeration commas": "、",
    "question marks": "？",
    "one digit": "7",
    "digits": list("0123456789"),
    "decimals": [f"{n}." for n in range(10)],
    "one numeral": "一",
    "numerals": list("一二三四五六七八九十百千万亿"),
    "amounts": [f"{n}万元至" for n in range(10)],
    "days": [f"{n}月{n + 2}日" for n in range(1, 10)],
    "today": [f"今天{n}月3日" for n in range(1, 10)],
    "years": [f"{year}年" for year in range(1990, 2030)],
    "open brackets": "（",
    "brackets": ["（", "）", "〔", "〕"],
    "negations": "不",
    "one article": "第一条",
    "articles": [f"第{n}条" for n in range(1, 90)],
    "labels": [f"二/（{c}）/{n} " for n, c in enumerate("一二三四五六七")],
    "document numbers": [f"沪府规〔20{n}〕{n}号" for n in range(10, 26)],
    "document numbers unclosed": [f"国发20{n} {n}" for n in range(10, 26)],
    "decrees": [f"令第{n} " for n in range(30)],
    "kinds": ["办法", "措施", "意见", "规定"],
    "compared kinds": [f"{c}办法和" for c in "甲乙丙丁戊"] + ["分别"],
    "districts": ["宝山和", "徐汇与", "青浦、", "崇明区", "市里"],
    "cities elsewhere": ["苏州", "杭州", "北京搬到", "南京路"],
    "links": [f"https://a{n}.example/b " for n in range(10)],
    "half links": "www.",
    "tags": ["<a", "<!--", "<b ", ">"],
    "scripts": "<script>",
    "emoji": "🙂",
    "emoji and signs": ["🙂", "🙃", "♥", "①"],
    "one character": "补",
    "any characters": [chr(0x4E00 + 7 * n) for n in range(2500)],
    "words of the field": ["补贴", "企业", "申报", "条件", "奖励", "认定", "人才", "落户"],
    "what people say": ["给不给补", "厂子", "应届生", "开店", "租房", "我们", "想要"],
    "either or": ["和", "或", "甲", "乙"],
    "asking clauses": ["多少，", "几年？", "谁来批，", "怎么办？", "补什么；"],
    "blanks in numbers": [f"{n} " for n in range(10)],
    "folded to many": "\ufdfa",
    "traditional": ["補貼", "認定", "獎勵", "條件"],
    "Latin letters": list("abcdefgh-"),
}


def questions(longest: int) -> Iterator[tuple[str, list[str]]]:
    """Name and turns of every attack, each turn of ``longest`` characters."""
    for name, pieces in ATTACKS.items():
        yield name, [_filled(pieces, longest, "怎么补贴？")]
    for name, pieces in ATTACKS.items():
        yield (
            f"{TURNS} turns: {name}",
            [_filled(pieces, longest, f"第{n}次问补贴？") for n in range(TURNS)],
        )


def _filled(pieces: str | list[str], longest: int, tail: str) -> str:
    room = longest - len(tail)
    some = [pieces] if isinstance(pieces, str) else pieces
    text = "".join(random.Random(tail).choices(some, k=room))
    return text[:room] + tail


def report() -> Iterator[str]:
    assistant = Assistant.open()
    assistant.ask("企业技术中心怎么认定？")  # what is loaded once is no part of the first attack
    slow = []
    yield f"{'attack':<40}{'characters':>12}{'seconds':>10}"
    for name, turns in questions(assistant.settings.max_question_chars):
        began = time.process_time()
        assistant.ask(turns=turns)
        took = time.process_time() - began
        yield f"{name:<40}{sum(map(len, turns)):>12}{took:>10.2f}"
        if took > LIMIT:
            slow.append(name)
    if slow:
        raise SystemExit(f"longer than {LIMIT} s: {', '.join(slow)}")
