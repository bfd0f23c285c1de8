"""What is damaged is never served, and never repaired into truth."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from assistant.errors import IndexDamagedError, SourceError, SourcesGoneError
from assistant.settings import Settings
from assistant.store import generation
from assistant.store.build import ingest
from assistant.store.generation import CATALOGUE, MANIFEST, VECTORS
from assistant.store.health import _index, repair
from assistant.store.open import Followed, open_encoder, open_index


def folder(settings: Settings) -> Path:
    return generation.current(settings.index)


def texts(settings: Settings) -> str:
    return "".join(m.text for m in open_index(settings).catalogue.measures())


def edit(settings: Settings) -> None:
    """Another sum in the catalogue, which stays a whole database of the same size."""
    path = folder(settings) / CATALOGUE
    data = path.read_bytes()
    assert "20万元".encode() in data
    path.write_bytes(data.replace("20万元".encode(), "90万元".encode()))


def list_only(settings: Settings, *names: str) -> None:
    path = folder(settings) / MANIFEST
    plain = json.loads(path.read_text(encoding="utf-8"))
    plain["files"] = {name: plain["files"][name] for name in names}
    path.write_text(json.dumps(plain), encoding="utf-8")


def test_an_edited_catalogue_is_refused_and_rebuilt_from_the_sources(built: Settings) -> None:
    edit(built)
    with pytest.raises(IndexDamagedError, match=r"catalogue\.sqlite") as caught:
        open_index(built)
    assert "doctor --repair" in caught.value.next_step
    repair(built)
    assert "20万元" in texts(built) and "90万元" not in texts(built)


def test_an_edited_catalogue_is_not_believed_without_sources(built: Settings) -> None:
    edit(built)
    shutil.rmtree(built.sources)
    with pytest.raises(SourceError):
        repair(built)
    with pytest.raises(IndexDamagedError):
        open_index(built)


def test_a_manifest_that_lists_too_little_is_damage(built: Settings) -> None:
    path = folder(built) / MANIFEST
    whole = path.read_text(encoding="utf-8")
    names = list(json.loads(whole)["files"])
    for left_out in ([CATALOGUE], [VECTORS], ["lexical/idf.npy"], names):
        list_only(built, *(name for name in names if name not in left_out))
        with pytest.raises(IndexDamagedError):
            open_index(built)
        path.write_text(whole, encoding="utf-8")
    list_only(built)
    assert any(c.name == "目录库" and c.verdict == "failed" for c in _index(built))
    edit(built)
    repair(built)
    assert "20万元" in texts(built)


def test_same_size_damage_of_every_file_is_noticed_at_opening(built: Settings) -> None:
    manifest = generation.read_manifest(folder(built))
    for name in manifest.files:
        if name.startswith(generation.CHROMA):
            continue
        path = folder(built) / name
        data = path.read_bytes()
        path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
        with pytest.raises(IndexDamagedError, match=path.name):
            open_index(built)
        path.write_bytes(data)


def test_what_is_open_does_not_see_what_becomes_of_its_files(built: Settings) -> None:
    followed = Followed(built)
    before = followed.index.catalogue.measures()
    edit(built)
    assert followed.index.catalogue.measures() == before


def test_a_damaged_new_generation_is_not_followed(built: Settings) -> None:
    followed = Followed(built)
    ingest(built, rebuild=True)
    edit(built)
    assert followed.index.folder != folder(built)
    assert "20万元" in "".join(m.text for m in followed.index.catalogue.measures())


def test_ids_that_chroma_tells_are_looked_at(built: Settings) -> None:
    index = open_index(built)
    dense, ids = index.dense, index.catalogue.chunk_ids()
    assert dense.engine == "chroma"
    vector = open_encoder(built).encode_queries(["高新技术企业奖励多少"])[0]
    right = dense.query(vector, 3)
    other = next(chunk_id for chunk_id in ids if chunk_id not in dict(right))
    for wrong in ("another", other):
        sound = dense._searchable
        dense._searchable = SimpleNamespace(query=lambda *_, w=wrong: [(w, right[0][1])])  # type: ignore[assignment]
        assert [found for found, _ in dense.query(vector, 3)] == [found for found, _ in right]
        assert dense.engine == "exact" and "与向量不符" in index.notes[-1]
        dense._searchable = sound


def test_a_rebuilt_catalogue_misses_no_folder(built: Settings, tmp_path: Path) -> None:
    other = tmp_path / "另处"
    other.mkdir()
    text = (built.sources / "甲.txt").read_text("utf-8").replace("7号", "12号")
    (other / "丁.txt").write_text(text.replace("企业发展", "园区发展"), "utf-8")
    ingest(built, [other])
    edit(built)
    other.rename(tmp_path / "不在")
    with pytest.raises(SourcesGoneError, match="另处（1 份来源）"):
        repair(built)
    (tmp_path / "不在").rename(other)
    (folder(built) / MANIFEST).unlink()  # the generation before tells what there was
    ingest(built)
    assert repair(built).counts["documents"] in (2, 3)


def test_a_newer_build_is_newer_whatever_the_clock_says(built: Settings) -> None:
    ahead = folder(built).with_name("29991231T235959999999-aaaaaa")
    folder(built).rename(ahead)
    (built.index / "current").write_text(ahead.name + "\n", encoding="utf-8")
    for _ in range(2):
        before = folder(built).name
        ingest(built, rebuild=True)
        assert folder(built).name > before
    kept = sorted(p.name for p in folder(built).parent.iterdir())
    assert kept == [before, folder(built).name]
    assert datetime.now(UTC).year < 2999


def test_checking_unchanged_files_reads_none(built: Settings) -> None:
    manifest = generation.read_manifest(folder(built))
    generation.check(folder(built), manifest)
    generation.check(folder(built), manifest)
    # pass for what they were while inode, size and time stay: that is how one knows
    assert generation._known_checksum.cache_info().hits >= len(manifest.files)
    path = folder(built) / VECTORS
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    os.utime(path, ns=(1, 1))  # another time, however coarse the clock of the file system
    with pytest.raises(IndexDamagedError, match=r"vectors\.npy"):
        generation.check(folder(built), manifest)


@pytest.mark.integration
def test_torture() -> None:
    # a process of its own: children are forked from it, which threads of other tests would hang
    script = Path(__file__).parents[2] / "scripts" / "torture.py"
    options = ["--quick", "--kills", "4", "--seed", "3"]
    ran = subprocess.run(
        [sys.executable, str(script), *options], capture_output=True, text=True, timeout=240
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert ran.stdout.count("\n| ") > 8, "rows of every kind"
