"""A damaged or foreign index is noticed, says what to do, and answers as long as it can."""

from __future__ import annotations

import json
import multiprocessing
import resource
import shutil
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import (
    AssistantError,
    IndexDamagedError,
    IndexMismatchError,
    NoIndexError,
)
from assistant.settings import Settings
from assistant.store import generation
from assistant.store.build import ingest
from assistant.store.generation import CATALOGUE, CHROMA, MANIFEST, VECTORS
from assistant.store.health import check_all, repair
from assistant.store.open import Followed, open_encoder, open_index
from assistant.store.probe import probe


def folder(settings: Settings) -> Path:
    return generation.current(settings.index)


def nearest(settings: Settings) -> tuple[str, list[str]]:
    """Engine and the measures nearest to a question."""
    index = open_index(settings)
    vector = open_encoder(settings).encode_queries(["高新技术企业奖励多少"])[0]
    found = [measure_id for measure_id, _ in index.dense.measures(vector, 3)]
    return index.dense.engine, found


def _remove(path: Path) -> None:
    shutil.rmtree(path)


def _flip_hnsw(path: Path) -> None:
    data = next(path.rglob("data_level0.bin"))
    raw = bytearray(data.read_bytes())
    for place in range(0, len(raw), 97):
        raw[place] ^= 0xFF
    data.write_bytes(raw)


def _lose_hnsw(path: Path) -> None:
    shutil.rmtree(next(path.rglob("data_level0.bin")).parent)


def _garbage_sqlite(path: Path) -> None:
    (path / "chroma.sqlite3").write_bytes(b"no database" * 500)


def _empty_sqlite(path: Path) -> None:
    (path / "chroma.sqlite3").write_bytes(b"")


@pytest.mark.parametrize(
    "damage", [_remove, _flip_hnsw, _lose_hnsw, _garbage_sqlite, _empty_sqlite]
)
def test_dead_chroma_answers_the_same(built: Settings, damage: Callable[[Path], None]) -> None:
    healthy = nearest(built)
    assert healthy[0] == "chroma"
    damage(folder(built) / CHROMA)
    assert nearest(built) == ("exact", healthy[1])
    index = open_index(built)
    assert index.dense.engine == "exact" and "doctor --repair" in index.notes[0]


@pytest.mark.integration
def test_doctor_finds_and_repairs_a_dead_chroma(built: Settings) -> None:
    ingest(built)
    assert not [check for check in check_all(built) if check.verdict == "failed"]
    _garbage_sqlite(folder(built) / CHROMA)  # without a checksum: only the probe can tell
    failed = [check for check in check_all(built) if check.verdict == "failed"]
    assert [c.name for c in failed] == ["向量库"] and "doctor --repair" in failed[0].next_step
    repair(built)
    assert nearest(built)[0] == "chroma" and probe(folder(built)) is None


@pytest.mark.integration
def test_probe_survives_what_kills_the_reader(built: Settings) -> None:
    assert probe(folder(built)) is None
    _flip_hnsw(folder(built) / CHROMA)
    (folder(built) / CHROMA / "chroma.sqlite3").write_bytes(b"")
    assert probe(folder(built))


def test_repair_keeps_texts_and_encodes_lost_vectors(built: Settings) -> None:
    before = open_index(built)
    measures, vectors = before.catalogue.measures(), np.array(before.vectors)
    path = folder(built) / VECTORS
    path.write_bytes(path.read_bytes()[:-8])
    with pytest.raises(IndexDamagedError, match=r"vectors\.npy"):
        open_index(built)
    assert repair(built).encoded == len(vectors)
    after = open_index(built)
    assert after.catalogue.measures() == measures
    assert np.allclose(after.vectors, vectors)
    assert ingest(built).encoded == 0  # it still knows its sources and vectors


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"files": {}}', '{"files": {"a": 1}}'])
def test_damaged_manifest(built: Settings, text: str) -> None:
    (folder(built) / MANIFEST).write_text(text)
    with pytest.raises(IndexDamagedError) as caught:
        open_index(built)
    assert "assistant" in caught.value.next_step
    report = ingest(built)
    assert report.published and report.notes
    assert len(open_index(built).catalogue.documents()) == 2


def test_other_format(built: Settings) -> None:
    path = folder(built) / MANIFEST
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": 99}))
    with pytest.raises(IndexDamagedError, match="99"):
        open_index(built)


def test_damaged_catalogue(built: Settings) -> None:
    path = folder(built) / CATALOGUE
    path.write_bytes(b"x" * path.stat().st_size)
    with pytest.raises(IndexDamagedError):
        open_index(built).catalogue.documents()
    assert any(c.verdict == "failed" and "--rebuild" in c.next_step for c in check_all(built))
    assert repair(built).counts["documents"] == 2  # from the sources
    assert len(open_index(built).catalogue.documents()) == 2


@pytest.mark.parametrize("content", ["", "../..", "nowhere", "\x00"])
def test_damaged_pointer(built: Settings, content: str) -> None:
    (built.index / "current").write_text(content)
    with pytest.raises(IndexDamagedError):
        open_index(built)
    assert ingest(built).published


def test_no_index(small: Settings) -> None:
    with pytest.raises(NoIndexError) as caught:
        open_index(small)
    assert "assistant ingest" in caught.value.next_step
    assert any(check.verdict == "failed" for check in check_all(small))


def test_other_encoder(built: Settings, tmp_path: Path) -> None:
    named = built.model_copy(update={"encoder": str(tmp_path)})
    with pytest.raises(IndexMismatchError, match="bundled"):
        open_index(named)
    path = folder(built) / MANIFEST
    plain = json.loads(path.read_text()) | {"encoder_fingerprint": "0" * 16}
    path.write_text(json.dumps(plain))
    with pytest.raises(IndexMismatchError, match="0000"):
        open_index(built).check_encoder(open_encoder(built))


def test_unwritable_index(small: Settings) -> None:
    with pytest.raises(AssistantError, match="无法写入"):
        ingest(small.model_copy(update={"index": Path("/proc/none/index")}))


def _ingest_on_a_small_disk(settings: Settings, limit: int, out: Connection) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))  # like a full disk, for one process
    try:
        ingest(settings, rebuild=True)
    except AssistantError as error:
        out.send(str(error))
    out.close()


@pytest.mark.integration
@pytest.mark.parametrize("limit", [20_000, 100_000])
def test_full_disk_leaves_the_old_index(built: Settings, limit: int) -> None:
    before = folder(built)
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_ingest_on_a_small_disk, args=(built, limit, theirs))
    process.start()
    theirs.close()
    assert "原有索引仍可使用" in ours.recv()
    process.join(60)
    assert folder(built) == before and nearest(built)[0] == "chroma"
    assert [p.name for p in before.parent.iterdir()] == [before.name]  # nothing unfinished stays
    assert ingest(built, rebuild=True).published


def test_readers_follow_the_pointer(built: Settings) -> None:
    followed = Followed(built)
    old = followed.index
    assert followed.index is old
    source = built.sources / "甲.txt"
    source.write_text(source.read_text("utf-8").replace("20万元", "66万元"), "utf-8")
    ingest(built)
    assert "66万元" in "".join(m.text for m in followed.index.catalogue.measures())
    assert "20万元" in "".join(m.text for m in old.catalogue.measures())  # still answers


def test_readers_stay_when_the_new_generation_does_not_fit(built: Settings) -> None:
    followed = Followed(built)
    ingest(built, rebuild=True)
    path = folder(built) / MANIFEST
    path.write_text(json.dumps(json.loads(path.read_text()) | {"segmenter": "another"}))
    assert followed.index.folder != folder(built)
    ingest(built, rebuild=True)
    assert followed.index.folder == folder(built)
