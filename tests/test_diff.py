"""Two versions side by side."""

from __future__ import annotations

from assistant.corpus.meaning import enrich
from assistant.diff import compare, differences
from assistant.records import Measure, ParsedDocument
from tests.corpus.drafts import document, measure, parsed


def _version(*measures: Measure) -> ParsedDocument:
    doc = document()
    return parsed(doc, *(enrich(m, doc) for m in measures))


FIRST = "第一条 支持企业开展技术改造，对符合条件的项目给予不超过总投入10%、最高500万元的支持。"
SECOND = "第二条 鼓励企业引进高层次人才，自2024年1月1日起按照规定给予安家补贴和子女入学便利。"
THIRD = "第三条 区科委负责解释本办法，并会同有关部门制定实施细则，向社会公布办理流程和材料。"


def test_all_kinds_of_change() -> None:
    old = _version(measure(FIRST, "第一条"), measure(SECOND, "第二条"), measure(THIRD, "第三条"))
    new = _version(
        measure(FIRST.replace("500万元", "800万元"), "第一条"),
        measure(THIRD.replace("第三条", "第二条"), "第二条"),
        measure("第三条 建立企业服务专员制度，及时回应企业诉求，每季度通报办理情况。", "第三条"),
    )
    result = compare(old, new)
    kinds = [(c.kind, c.old and c.old.label, c.new and c.new.label) for c in result.changes]
    assert kinds == [
        ("changed", "第一条", "第一条"),
        ("removed", "第二条", None),
        ("renumbered", "第三条", "第二条"),
        ("added", None, "第三条"),
    ]
    (figure,) = result.changes[0].figures
    assert (figure.kind, figure.old, figure.new) == ("amount", "500万元", "800万元")
    assert result.count("added") == 1


def test_pieces_give_both_versions_back_and_keep_numbers_whole() -> None:
    before, after = "最高50万元，为期3年", "最高150万元，为期三年"
    pieces, likeness = differences(before, after)
    assert "".join(p.text for p in pieces if p.kind != "added") == before
    assert "".join(p.text for p in pieces if p.kind != "removed") == after
    assert ("added", "150") in [(p.kind, p.text) for p in pieces]
    assert 0 < likeness < 1


def test_a_document_is_the_same_as_itself() -> None:
    one = _version(measure(FIRST, "第一条"), measure(SECOND, "第二条"))
    assert compare(one, one).count("same") == 2


def test_nothing_in_common() -> None:
    result = compare(_version(measure(FIRST, "第一条")), _version(measure(SECOND, "第一条")))
    assert [c.kind for c in result.changes] == ["added", "removed"]
