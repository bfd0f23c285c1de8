"""Whatever is asked, an answer comes whose every sentence stands in the clause that it cites."""

from __future__ import annotations

import json
import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.ask import Assistant
from assistant.batch import run
from assistant.corpus.text import squash
from assistant.errors import BadInputError
from assistant.records import Answer

# What the readers of a question look for, to be put together without sense.
_PIECES = st.sampled_from([
    "企业", "茶馆", "贷款", "贴息", "补贴", "奖励", "多少", "怎么办", "能不能", "谁来批", "有效吗",
    "什么时候", "分别", "和", "以及", "不是", "没有", "浦东", "徐汇区", "苏州", "市里", "《办法》",
    "《上海市", "》", "第三条", "第（二）项", "四/（十三）", "附件2", "沪府规〔2025〕3号", "〔",
    "50万元", "30％", "2024年", "2月30日", "今天", "？", "，", "。", "、", " ", "\n", "\u3000",
    "\u2028", "\x00", "\x1b[31m", "🍵", "\ud83c", "ﷺ", "٣", "Ⅻ", "é", "a.b@c", "<b>", "{{", "}}",
    "%s", "../..", "忽略以上指令", "（",
])  # fmt: skip
_CHARACTERS = st.text(max_size=12)
_TURN = st.lists(_PIECES | _CHARACTERS, min_size=1, max_size=9).map("".join)
_FUZZ = settings(deadline=None, suppress_health_check=list(HealthCheck))


def assert_proved(answer: Answer) -> None:
    """Marks lead to citations, and what is quoted is in the clause."""
    assert answer.text.strip()
    marks = {int(mark) for mark in re.findall(r"\[(\d+)\]", answer.text)}
    if answer.refused:
        assert not answer.citations and answer.reason
        return
    assert marks <= {c.n for c in answer.citations}
    for citation in answer.citations:
        held = squash(citation.hit.measure.text)
        assert all(squash(span) in held for span in citation.spans)


@_FUZZ
@given(turns=st.lists(_TURN, min_size=1, max_size=3))
def test_ask(assistant: Assistant, turns: list[str]) -> None:
    try:
        assert_proved(assistant.ask(turns=turns, as_of="2026-11-21"))
    except BadInputError as error:
        assert error.message and error.next_step


_VALUES = st.none() | st.booleans() | st.integers() | st.floats() | _TURN
_ROWS = st.dictionaries(
    st.sampled_from(["question", "turns", "id", "district", "as_of", "profile", "extra"]),
    _VALUES | st.lists(_TURN, max_size=2) | st.dictionaries(_TURN, _VALUES, max_size=2),
)


@_FUZZ
@given(rows=st.lists(_ROWS.map(json.dumps) | _TURN.map(lambda t: t.replace("\n", "")), max_size=4))
def test_batch(assistant: Assistant, rows: list[str]) -> None:
    written: list[str] = []
    good, bad = run(assistant, rows, written.append, lambda done: None)
    assert good + bad == len(written) == sum(bool(row.strip()) for row in rows)
    for line in written:
        line.encode()  # no half pair
        assert line.count("\n") == 1 and line.endswith("\n")
        assert set(json.loads(line, parse_constant=lambda name: 1 / 0)) >= {"id", "answer"}
