"""Generations: one folder per build, and the pointer that makes one of them current.

::

    .index/
      current                    name of the current generation (replaced atomically)
      ingest.lock                held while writing
      generations/
        20260102T030405-1f2e3d/  catalogue.sqlite  vectors.npy  lexical/  chroma/  manifest.json
        .building-…/             unfinished; removed by the next ingest

A generation is complete before it becomes current and is never changed afterwards, so a reader
needs no lock and a process killed at any moment leaves the old generation current.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from assistant.errors import IndexDamagedError, NoIndexError

FORMAT = 1  # of the folder; another number is another layout
KEPT = 2  # generations kept: the current one and the one that readers may still hold
MANIFEST = "manifest.json"
CATALOGUE = "catalogue.sqlite"
VECTORS = "vectors.npy"
LEXICAL = "lexical"
CHROMA = "chroma"
_BUILDING = ".building-"
_REPAIR = "请运行 assistant doctor --repair，或 assistant ingest --rebuild 重新建立索引"


@dataclass(frozen=True, slots=True)
class Checksum:
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation holds and what it was made with."""

    format: int
    created: str  # UTC, ISO
    encoder: str  # the setting: `bundled`, a folder or a hub name
    encoder_fingerprint: str
    dimension: int
    segmenter: str
    parser: str  # fingerprint of the parsing code
    builder: str  # fingerprint of the indexing code
    questions: str  # sha256 of the authored questions, "" without
    sources: dict[str, str]  # name → sha256
    counts: dict[str, int]  # documents, measures, chunks, …
    files: dict[str, Checksum] = field(default_factory=dict)  # path in the generation → checksum


def current(index: Path) -> Path:
    """Folder of the current generation.

    Raises:
        NoIndexError: nothing has been built yet.
        IndexDamagedError: the pointer leads nowhere.
    """
    try:
        name = (index / "current").read_text(encoding="utf-8").strip()
    except FileNotFoundError as error:
        raise NoIndexError("还没有建立索引", "请先运行 assistant ingest") from error
    except (OSError, UnicodeDecodeError) as error:
        raise IndexDamagedError(f"索引指针 {index / 'current'} 无法读取", _REPAIR) from error
    folder = index / "generations" / name
    if not name or "/" in name or not folder.is_dir():
        raise IndexDamagedError("索引指针指向的目录不存在", _REPAIR)
    return folder


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a generation; sizes of its files are checked, contents are not.

    Raises:
        IndexDamagedError: no manifest, not readable, of another format, or files are missing.
    """
    try:
        plain = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        files = {name: Checksum(**entry) for name, entry in plain.pop("files").items()}
        manifest = Manifest(**plain, files=files)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise IndexDamagedError("索引清单 manifest.json 缺失或损坏", _REPAIR) from error
    if manifest.format != FORMAT:
        raise IndexDamagedError(f"索引格式为 {manifest.format}，程序需要 {FORMAT}", _REPAIR)
    for name, checksum in manifest.files.items():
        if name.startswith(f"{CHROMA}/"):
            continue  # a broken Chroma is no broken index: answers go on without it
        path = folder / name
        if not path.is_file() or path.stat().st_size != checksum.size:
            raise IndexDamagedError(f"索引文件 {name} 缺失或大小不符", _REPAIR)
    return manifest


def damaged_files(folder: Path, manifest: Manifest, *, below: str = "") -> list[str]:
    """Names of the files whose contents differ from the manifest."""
    return [
        name
        for name, checksum in manifest.files.items()
        if name.startswith(below) and not _intact(folder / name, checksum)
    ]


def begin(index: Path) -> Path:
    """A new folder to build in, after a killed build is removed.  The write lock must be held."""
    clean(index)
    # to the microsecond: names are the order of generations, and two can be built in one second
    now = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    folder = index / "generations" / f"{_BUILDING}{now}-{os.urandom(3).hex()}"
    folder.mkdir(parents=True)
    return folder


def publish(index: Path, building: Path, manifest: Manifest) -> Path:
    """Write the manifest with checksums, force everything to disk and make it current.

    The write lock must be held.  Returns the folder under its final name.
    """
    files = {
        str(path.relative_to(building)): Checksum(path.stat().st_size, _sha256(path))
        for path in sorted(building.rglob("*"))
        if path.is_file() and not _changes_on_opening(path)
    }
    plain = asdict(manifest) | {"files": {name: asdict(sum_) for name, sum_ in files.items()}}
    (building / MANIFEST).write_text(
        json.dumps(plain, ensure_ascii=False, indent=1), encoding="utf-8"
    )
    _fsync([*building.rglob("*"), building])
    final = building.with_name(building.name.removeprefix(_BUILDING))
    building.rename(final)
    _fsync([final, final.parent])
    pointer = index / "current"
    fresh = pointer.with_name(".current-new")
    fresh.write_text(final.name + "\n", encoding="utf-8")
    _fsync([fresh])
    fresh.replace(pointer)
    _fsync([index])
    return final


def clean(index: Path) -> None:
    """Remove unfinished builds and all but the newest generations.  The lock must be held.

    A generation newer than the current one was never published: it goes too.
    """
    folder = index / "generations"
    if not folder.is_dir():
        return
    complete = sorted(p.name for p in folder.iterdir() if not p.name.startswith("."))
    try:
        pointed = current(index).name
    except (NoIndexError, IndexDamagedError):
        pointed = complete[-1] if complete else ""
    older = [name for name in complete if name < pointed]
    kept = {pointed, *older[len(older) - KEPT + 1 :]}
    for path in folder.iterdir():
        if path.name not in kept:
            shutil.rmtree(path, ignore_errors=True)


def _changes_on_opening(path: Path) -> bool:
    """Chroma's SQLite file changes when it is opened, and so does the graph of a single vector."""
    if path.parent.name == CHROMA:
        return path.name.startswith("chroma.sqlite3")
    in_graph = path.parent.parent.name == CHROMA
    return in_graph and not path.with_name("index_metadata.pickle").exists()


def _intact(path: Path, checksum: Checksum) -> bool:
    try:
        return path.stat().st_size == checksum.size and _sha256(path) == checksum.sha256
    except OSError:
        return False


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _fsync(paths: Iterable[Path]) -> None:
    for path in paths:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
