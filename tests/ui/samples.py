"""Records and public JSON as the real program makes them, for tests of what is shown."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from assistant.records import Answer, Citation, Document, Hit, Measure, Place, Validity
from assistant.wire import answer_to_json
from ui.conversation import Conversation, Turn, slim

DOCUMENT = Document(
    doc_id="d1",
    title="试验区支持企业发展办法",
    source="甲.txt",
    line_start=1,
    line_end=20,
    doc_number="沪试府规〔2024〕7号",
    issuers=("上海市试验区人民政府",),
    level="区",
    district="试验区",
    issued="2024-03-01",
    effective_from="2024-04-01",
    expires="2027-03-31",
)
MEASURE = Measure(
    measure_id="d1#第二条",
    doc_id="d1",
    label="第二条",
    heading="",
    text="第二条 对首次认定的高新技术企业，给予一次性奖励20万元。",
    line_start=12,
    line_end=12,
    order=2,
    depts="区科委",
)
VALIDITY = Validity("in_force", "2026-11-21", "2024-04-01", "2027-03-31", "有效期至2027年3月31日。")
CITATION = Citation(
    n=1,
    hit=Hit(MEASURE, DOCUMENT, 1.0, (Place("d2", "人才发展办法", None, "第二条"),)),
    quote="给予一次性奖励20万元",
    validity=VALIDITY,
)
ANSWER = Answer(
    question="高新企业奖多少？",
    standalone_question="高新企业奖多少？",
    text="首次认定的高新技术企业，一次性奖励20万元。[1]",
    citations=(CITATION,),
    suggestions=("由哪个部门负责？",),
)


def turn(of: Answer = ANSWER, /, **changes: Any) -> Turn:
    made = Turn(
        "t1",
        of.question,
        "done",
        slim(answer_to_json(of)),
        as_of="2026-11-21",
        seconds=0.2,
    )
    return replace(made, **changes)


def conversation(*turns: Turn) -> Conversation:
    return Conversation("c1", turns or (turn(),), 1.0)
