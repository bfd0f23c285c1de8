"""Ingest: what changes in the sources changes in the index, and nothing else does."""

from __future__ import annotations

import json
import multiprocessing
from pathlib import Path

import pytest

from assistant.errors import IngestBusyError, NoIndexError, SourceError, SourcesGoneError
from assistant.settings import Settings
from assistant.store import generation
from assistant.store.build import ingest
from assistant.store.catalogue import Catalogue
from assistant.store.lock import writing
from assistant.store.open import open_index
from tests.conftest import SMALL_POLICY


def catalogue(settings: Settings) -> Catalogue:
    return open_index(settings).catalogue


def titles(settings: Settings) -> list[str]:
    return sorted(document.title for document in catalogue(settings).documents())


def test_first_ingest_holds_everything(small: Settings) -> None:
    report = ingest(small)
    assert report.published and report.added == ("乙.txt", "甲.txt") and not report.failed
    assert all(account["missing"] == 0 for account in report.accounts.values())
    index = open_index(small)
    assert titles(small) == ["试验区支持人才发展办法", "试验区支持企业发展办法"]
    texts = "".join(m.text for m in index.catalogue.measures())
    assert "20万元" in texts and "30万元" in texts
    assert len(index.vectors) == len(index.catalogue.chunks()) == report.counts["chunks"]
    assert len(index.lexical) == len(index.catalogue.measures())
    assert index.dense.engine == "chroma"


def test_second_ingest_changes_nothing(small: Settings) -> None:
    first = ingest(small)
    again = ingest(small)
    assert not again.published and again.generation == first.generation and again.encoded == 0


def test_moved_sources_are_unchanged(built: Settings) -> None:
    report = ingest(built)  # the index was made of the same files in another folder
    assert report.unchanged == ("乙.txt", "甲.txt") and report.encoded == 0
    assert {Path(row.path).parent for row in catalogue(built).sources()} == {built.sources}


def test_change_addition_and_removal(built: Settings) -> None:
    changed = built.sources / "甲.txt"
    changed.write_text(changed.read_text(encoding="utf-8").replace("20万元", "25万元"), "utf-8")
    (built.sources / "乙.txt").unlink()
    (built.sources / "丙.md").write_text(changed.read_text("utf-8").replace("7号", "9号"), "utf-8")
    report = ingest(built)
    assert (report.added, report.changed, report.removed) == (("丙.md",), ("甲.txt",), ("乙.txt",))
    texts = "".join(m.text for m in catalogue(built).measures())
    assert "25万元" in texts and "20万元" not in texts and "30万元" not in texts
    assert 0 < report.encoded < report.counts["chunks"]  # equal texts keep their vectors


def test_rename_keeps_vectors(built: Settings) -> None:
    (built.sources / "甲.txt").rename(built.sources / "新名.txt")
    report = ingest(built)
    assert report.added == ("新名.txt",) and report.removed == ("甲.txt",) and report.encoded == 0
    assert {d.source for d in catalogue(built).documents()} == {"乙.txt", "新名.txt"}


def test_paths_are_added_to_what_is_there(built: Settings, tmp_path: Path) -> None:
    other = tmp_path / "另处" / "丁.txt"
    other.parent.mkdir()
    other.write_text((built.sources / "甲.txt").read_text("utf-8").replace("7号", "10号"), "utf-8")
    assert ingest(built, [other]).added == ("丁.txt",)
    assert len(titles(built)) == 3
    assert not ingest(built).published  # remembered without being named again
    other.unlink()
    assert ingest(built).removed == ("丁.txt",)


def test_rebuild_with_paths_holds_only_these(built: Settings) -> None:
    ingest(built, [built.sources / "甲.txt"], rebuild=True)
    assert titles(built) == ["试验区支持企业发展办法"]


def test_same_document_in_two_files(small: Settings) -> None:
    text = (small.sources / "甲.txt").read_text("utf-8")
    (small.sources / "丙.txt").write_text(text, "utf-8")
    ingest(small)
    documents = catalogue(small).documents()
    assert len(documents) == len({d.doc_id for d in documents}) == 3
    measures = catalogue(small).measures()
    assert len({m.measure_id for m in measures}) == len(measures)


BAD = {
    "空.txt": b"",
    "空白.txt": b" \n\n",
    "程序.txt": bytes(range(256)) * 40,
    "假.pdf": b"%PDF-1.7 broken",
    "假.docx": b"PK\x03\x04 broken",
    "表格.xlsx": b"PK\x03\x04",
}


def test_bad_files_are_reported_and_the_others_taken_in(small: Settings) -> None:
    for name, data in BAD.items():
        (small.sources / name).write_bytes(data)
    report = ingest(small)
    assert set(report.failed) == set(BAD) and set(report.added) == {"乙.txt", "甲.txt"}
    assert all(name in why or "出错" not in why for name, why in report.failed.items())
    assert len(titles(small)) == 2
    assert not ingest(small).published


def test_gb18030_and_truncated_sources(small: Settings) -> None:
    text = (small.sources / "甲.txt").read_text("utf-8")
    (small.sources / "甲.txt").write_bytes(text.encode("gb18030"))
    data = (small.sources / "乙.txt").read_bytes().rstrip()
    (small.sources / "乙.txt").write_bytes(data[:-1])  # ends inside a character
    report = ingest(small)
    assert not report.failed
    assert titles(small) == ["试验区支持人才发展办法", "试验区支持企业发展办法"]


def test_too_large(small: Settings) -> None:
    tight = small.model_copy(update={"max_upload_mb": 1})
    (small.sources / "大.txt").write_text("政策。" * 500_000, "utf-8")
    assert "超过上限" in ingest(tight).failed["大.txt"]


def test_replaced_by_a_bad_file_keeps_the_last_good_version(built: Settings) -> None:
    (built.sources / "甲.txt").write_bytes(b"")
    report = ingest(built)
    assert "甲.txt" in report.failed and len(titles(built)) == 2
    row = next(r for r in catalogue(built).sources() if r.name == "甲.txt")
    assert row.failure


def test_nothing_readable_keeps_the_old_index(built: Settings) -> None:
    for path in built.sources.iterdir():
        path.unlink()
    with pytest.raises(SourceError, match="没有可入库的文件"):
        ingest(built, forget=True)
    assert len(titles(built)) == 2


@pytest.mark.parametrize("gone", [True, False], ids=["vanished", "emptied"])
def test_a_folder_that_is_gone_takes_nothing_with_it_unasked(
    built: Settings, tmp_path: Path, gone: bool
) -> None:
    other = tmp_path / "另处"
    other.mkdir()
    (other / "丁.txt").write_text(
        (built.sources / "甲.txt").read_text("utf-8").replace("7号", "10号"), "utf-8"
    )
    ingest(built, [other])
    (other / "丁.txt").unlink()
    if gone:
        other.rmdir()
    with pytest.raises(SourcesGoneError, match="另处（1 份来源）"):
        ingest(built)
    assert len(titles(built)) == 3
    assert ingest(built, forget=True).removed == ("丁.txt",)
    assert len(titles(built)) == 2


def test_no_sources_folder(small: Settings) -> None:
    with pytest.raises(SourceError, match="找不到来源"):
        ingest(small.model_copy(update={"sources": small.sources / "无"}))
    with pytest.raises(NoIndexError):
        open_index(small)


def _hold(index: Path, ready: multiprocessing.Event, done: multiprocessing.Event) -> None:  # type: ignore[valid-type]
    with writing(index):
        ready.set()
        done.wait(20)


def test_second_ingest_at_the_same_time(built: Settings) -> None:
    context = multiprocessing.get_context("spawn")
    ready, done = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(built.index, ready, done))
    other.start()
    try:
        assert ready.wait(20)
        with pytest.raises(IngestBusyError, match=f"进程 {other.pid}"):
            ingest(built)
        assert len(titles(built)) == 2  # questions go on
    finally:
        done.set()
        other.join(20)
    assert ingest(built).published


def test_old_generations_are_cleaned(small: Settings) -> None:
    source = small.sources / "甲.txt"
    for number in range(4):
        source.write_text(source.read_text("utf-8") + f"第{'五六七八'[number]}条 补充。\n", "utf-8")
        ingest(small)
    (small.index / "generations" / ".building-x").mkdir()
    ingest(small, rebuild=True)
    kept = [p.name for p in (small.index / "generations").iterdir()]
    assert len(kept) == generation.KEPT and generation.current(small.index).name in kept


def test_manifest_names_what_it_was_made_with(built: Settings) -> None:
    folder = generation.current(built.index)
    manifest = generation.read_manifest(folder)
    plain = json.loads((folder / generation.MANIFEST).read_text("utf-8"))
    assert plain["encoder"] == "bundled" and plain["dimension"] == manifest.dimension > 0
    assert (
        manifest.encoder_fingerprint
        and manifest.segmenter
        and set(manifest.sources)
        == {
            "甲.txt",
            "乙.txt",
        }
    )
    assert not generation.damaged_files(folder, manifest)


def test_account_counts_what_a_reader_left_out(built: Settings) -> None:
    text = "".join(f"<p>{line}</p>" for line in SMALL_POLICY.split("\n"))
    page = f"<html><body><div class='nav'><a>首页</a></div>{text}</body></html>"
    (built.sources / "网页.html").write_text(page, "utf-8")
    account = ingest(built).accounts["网页.html"]
    assert account["dropped"] == {"网页其他内容": 2} and account["missing"] == 0
    assert account["total"] == sum(account["kept"].values()) + sum(account["dropped"].values())
