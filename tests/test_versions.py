"""Which documents are versions of one another, the older one, and the sheet that says so."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from assistant.diff_sheet import write, xlsx
from assistant.errors import BadInputError
from assistant.records import Document, Measure, Relation, Validity
from assistant.versions import Compared, compared, ground_of, older_first
from tests.corpus.drafts import document, measure, parsed

OLD = document(
    "old", title="灯会扶持办法（2021年）", issuers=("甲区文化局",), level="区", district="甲区",
    issued="2021-05-01",
)  # fmt: skip
NEW = replace(OLD, doc_id="new", title="灯会扶持办法（2024年版）", issued="2024-05-01")
KITE = replace(NEW, title="关于风筝场地收费的若干规定")


def does(what: str, to: Document) -> tuple[Relation, ...]:
    return (Relation(what, to.title, None, "……", to.doc_id),)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("other", "shared", "ground"),
    [
        (NEW, 0.0, "same_title"),
        (replace(NEW, issuers=()), 0.0, "same_title"),
        (replace(NEW, issuers=("甲区文化局办公室",)), 0.0, "same_title"),
        (replace(NEW, issuers=("甲区体育局",)), 0.0, "other_issuer"),
        (replace(NEW, issuers=("甲区体育局",)), 0.6, "same_clauses"),
        (replace(NEW, district="乙区"), 1.0, "other_place"),
        (replace(NEW, elsewhere="南通"), 1.0, "other_place"),
        (KITE, 0.4, "other_title"),
        (KITE, 0.5, "same_clauses"),
        (replace(KITE, relations=does("repeals", OLD)), 0.0, "changes"),
        (replace(NEW, relations=does("repeals", OLD)), 0.0, "replaces"),
        (replace(NEW, relations=does("repeals", KITE)), 0.0, "same_title"),
        (replace(NEW, relations=does("implements", OLD)), 1.0, "implements"),
        (replace(KITE, relations=does("interprets", OLD)), 0.0, "interprets"),
        (replace(KITE, relations=does("duplicates", OLD)), 1.0, "held_twice"),
    ],
)
def test_the_ground(other: Document, shared: float, ground: str) -> None:
    assert ground_of(OLD, other, shared) == ground
    assert ground_of(other, OLD, shared) == ground


def test_the_older_one_comes_first() -> None:
    assert older_first(NEW, OLD) == older_first(OLD, NEW) == (OLD, NEW)
    undated = replace(OLD, issued=None)
    assert older_first(NEW, undated) == (NEW, undated)  # nothing tells
    replacing = replace(undated, doc_id="third", relations=does("repeals", NEW))
    assert older_first(replacing, NEW) == older_first(NEW, replacing) == (NEW, replacing)


def pair(old: Measure, new: Measure) -> Compared:
    held = Validity("in_force", "2026-02-03", basis="自印发之日起施行。")
    return compared(parsed(OLD, old), parsed(NEW, new), lambda _: held)


def test_counterparts_are_counted_over_the_shorter_document() -> None:
    text = "第一条 对灯会摊位给予每个摊位最高888元补贴，由区文化局审核发放。"
    shared = pair(measure(text, "第一条"), measure(text.replace("888", "999"), "第一条"))
    assert (shared.ground, shared.versions) == ("same_title", True)
    apart = compared(
        parsed(OLD, measure(text, "第一条")),
        parsed(replace(KITE, district="乙区"), measure(text, "第一条")),
        lambda _: shared.validity[0],
    )
    assert (apart.ground, apart.versions) == ("other_place", False)


def test_the_sheet_marks_what_differs_and_runs_nothing(tmp_path: Path) -> None:
    text = "=1+1，对灯会摊位给予每个摊位最高888元\x0b补贴，由区文化局审核发放。"
    both = pair(measure(text, "第一条"), measure(text.replace("888", "999"), "第一条"))
    book = load_workbook(BytesIO(xlsx(both)), rich_text=True)
    cells = next(iter(book["逐条对比"].iter_rows(min_row=2)))
    assert [c.data_type for c in cells if c.data_type == "f"] == []
    assert (cells[0].value, cells[1].value) == ("修改", "第一条")
    gone = [run for run in cells[2].value if not isinstance(run, str)]
    come = [run for run in cells[4].value if not isinstance(run, str)]
    assert [(run.text, run.font.strike) for run in gone] == [("888", True)]
    assert [(run.text, run.font.u) for run in come] == [("999", "single")]
    about = {row[0]: row[1:] for row in book["对比说明"].iter_rows(values_only=True)}
    assert about["标题"] == (OLD.title, NEW.title)
    assert about["核对日期"] == ("2026-02-03",) * 2
    assert about["效力"][0] == "有效。自印发之日起施行。"
    with pytest.raises(BadInputError, match="docx"):
        write(both, tmp_path / "x.docx")
    with pytest.raises(BadInputError, match="不能写入"):
        write(both, tmp_path / "none" / "x.xlsx")
