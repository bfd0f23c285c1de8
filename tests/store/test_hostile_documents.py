"""One bad file ends neither an ingest nor the process that runs it."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from assistant.corpus.numbering import enumerator
from assistant.corpus.parse import parse_source
from assistant.corpus.readers import read
from assistant.corpus.readers.source_text import SourceText
from assistant.errors import SourceError
from assistant.question.references import labels
from assistant.records import Measure
from assistant.sentences import split
from assistant.settings import Settings
from assistant.store.build import ingest
from assistant.store.open import open_index
from assistant.store.parsing import Parser
from embeddings.vector_index import VectorIndex, VectorIndexError
from scripts.hostile_documents import answers, docx, good, hostile, write
from tests.conftest import SMALL_POLICY


def test_good_files_are_in_and_answer_beside_hostile_ones(small: Settings) -> None:
    for path in small.sources.iterdir():
        path.unlink()
    write(small.sources, size=0.002)
    report = ingest(small)
    assert set(good()) <= set(report.added) and not answers(small)
    assert len(hostile()) >= 40
    assert any("空.txt" in why for why in report.failed.values())
    assert not ingest(small).published  # what was refused is refused for good


def test_a_file_that_takes_too_long_is_named_and_the_next_is_read(
    small: Settings, tmp_path: Path
) -> None:
    endless = tmp_path / "无尽.txt"
    os.mkfifo(endless)  # a read of it never returns
    hasty = Parser(small.model_copy(update={"parse_seconds": 1}))
    with hasty, pytest.raises(SourceError, match=r"无尽\.txt 解析超时"):
        hasty.parse(endless)
    with Parser(small) as parser:
        assert parser.parse(small.sources / "甲.txt").documents


def test_a_file_that_takes_too_much_memory_is_named_and_the_next_is_read(
    small: Settings, tmp_path: Path
) -> None:
    pytest.importorskip("resource")
    large = tmp_path / "大.docx"
    large.write_bytes(docx("<w:p/>" * 1_000_000))
    with Parser(small.model_copy(update={"parse_mb": 150})) as parser:
        with pytest.raises(SourceError, match=r"大.docx 解析时内存超限|大.docx 不是完好"):
            parser.parse(large)
        assert parser.parse(small.sources / "甲.txt").documents


def test_no_process_starts_while_nothing_is_new(built: Settings) -> None:
    ingest(built)
    with Parser(built) as parser:
        assert parser.pid is None
    began = time.monotonic()
    assert not ingest(built).published
    assert time.monotonic() - began < 5


def test_without_processes_files_are_parsed_here(
    small: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.store.parsing._spare", [])
    monkeypatch.setattr("sys.executable", "/nonexistent")
    with Parser(small) as parser:
        assert parser.parse(small.sources / "甲.txt").documents
        assert parser.pid is None


def test_equal_rows_are_all_found_and_encoded_once(small: Settings) -> None:
    rows = "1\t优化办事流程\t区科委\n" * 400
    table = f"{SMALL_POLICY}\n附件\n序号\t任务\t责任单位\n{rows}"
    (small.sources / "表.txt").write_text(table.replace("7号", "9号"), "utf-8")
    report = ingest(small)
    index = open_index(small)
    assert not report.failed and not report.notes and index.dense.engine == "chroma"
    equal = [row for row in index.catalogue.chunks() if "优化办事流程" in row.text]
    assert len(equal) == 400
    vector = index.vectors[[c.chunk_id for c in index.catalogue.chunks()].index(equal[0].chunk_id)]
    found = {chunk_id for chunk_id, _ in index.dense.query(vector, 500)}
    assert {row.chunk_id for row in equal} <= found


def test_what_the_graph_does_not_lead_to_is_named_and_searched_exactly(
    small: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(self: VectorIndex, ids: list[str], *_: object) -> None:
        raise VectorIndexError("cannot be reached", ids[0])

    with monkeypatch.context() as patched:
        patched.setattr(VectorIndex, "_check", unreachable)
        report = ingest(small)
    assert report.published and "“乙.txt”" in report.notes[0]
    index = open_index(small)
    assert index.dense.query(index.vectors[0], 1) and index.dense.engine == "exact"


@pytest.mark.parametrize(
    "raw", [b"\xff\xfe.txt", b"\xe9\x95\x01\n.txt", ("名" * 83 + "aa.txt").encode()]
)
def test_odd_file_names_are_taken_in_and_readable(small: Settings, raw: bytes) -> None:
    path = small.sources / os.fsdecode(raw)
    path.write_text(SMALL_POLICY.replace("7号", "15号"), "utf-8")
    report = ingest(small)
    assert len(report.added) == 3 and not report.failed
    assert all(name.isprintable() and name.encode() for name in report.added)
    assert not ingest(small).published
    path.write_bytes(b"")
    assert len(ingest(small).failed) == 1


@pytest.mark.parametrize(
    "unit", ["7", "《", "（", "一 ", "a", "第一条", "一、", "\t甲", "5%", "局"]
)
@pytest.mark.parametrize("lines", [1, 3000])
def test_repetition_is_read_in_linear_time(unit: str, lines: int) -> None:
    """A hundred thousand characters took minutes where a pattern compared them with themselves."""
    text = "\n".join([unit * (60_000 // lines // len(unit))] * lines)
    source = SourceText("复.txt", "", "txt", "utf-8", tuple(text.split("\n")))
    began = time.monotonic()
    for parsed in parse_source(source).documents:
        for measure in parsed.measures:
            split(measure)
    assert time.monotonic() - began < 15


def test_sentences_of_a_long_text_are_told_in_linear_time() -> None:
    text = "（一）补贴；" * 20_000
    began = time.monotonic()
    found = split(Measure("", "", "一", "", text, 1, 1, None, "正文", (), 0))
    assert time.monotonic() - began < 15 and "".join(s.text for s in found) == text


def test_names_of_bodies_that_could_be_parted_in_many_ways() -> None:
    began = time.monotonic()
    parse_source(SourceText("局.txt", "", "txt", "utf-8", ("局" * 80 + "甲", "正文。")))
    assert time.monotonic() - began < 5


def test_merged_cells_unfold_no_further_than_tables_go(tmp_path: Path) -> None:
    cell = (
        '<w:tc><w:tcPr><w:gridSpan w:val="2000000000"/></w:tcPr>'
        "<w:p><w:r><w:t>甲</w:t></w:r></w:p></w:tc>"
    )
    (tmp_path / "宽.docx").write_bytes(docx(f"<w:tbl><w:tr>{cell}</w:tr></w:tbl>"))
    assert len(read(tmp_path / "宽.docx").lines[0]) < 100
    page = "<table>" + "<tr><td rowspan=900 colspan=900>甲<td>乙</tr>" * 2000
    (tmp_path / "表.html").write_text(f"<html><body>{page}", "utf-8")
    with pytest.raises(SourceError, match="合并单元格"):
        read(tmp_path / "表.html")


@pytest.mark.parametrize(
    "body", ["<w:p/>" * 250_000, "<w:p><w:r><w:t>甲</w:t></w:r></w:p>" + "<w:p/>" * 250_000]
)
def test_endless_paragraphs_are_refused(tmp_path: Path, body: str) -> None:
    (tmp_path / "空段.docx").write_bytes(docx(body))
    with pytest.raises(SourceError, match="万行"):
        read(tmp_path / "空段.docx")


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("第一千零一条", 1001),
        ("第一万零二十条", 10020),
        ("第1000条", 1000),
        ("第10000条", 10000),
    ],
)
def test_articles_beyond_999_and_9999(written: str, value: int) -> None:
    mark = enumerator(f"{written} 企业应当如实申报。")
    assert mark is not None and (mark.value, mark.label) == (value, written)
    assert labels(f"{written}怎么说？")[0].path == (value,)


def test_ten_thousand_articles_keep_their_labels() -> None:
    lines = tuple(f"第{n}条 本条说明第{n}件事项。" for n in range(1, 10_051))
    (parsed,) = parse_source(SourceText("长法.txt", "", "txt", "utf-8", lines)).documents
    assert [m.label for m in parsed.measures if m.label] == [f"第{n}条" for n in range(1, 10_051)]
