"""Generations: one folder per build, and the pointer that makes one of them current.

::

    .index/
      current                    name of the current generation (replaced atomically)
      ingest.lock                held while writing
      generations/
        20260102T030405-1f2e3d/  catalogue.sqlite  vectors.npy  lexical/  chroma/  manifest.json
        .building-…/             unfinished; removed by the next ingest

A generation is complete before it becomes current and is never changed afterwards, so a reader
needs no lock and a process killed at any moment leaves the old generation current.  What is
changed all the same is damage: contents are compared with the manifest before they are used.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
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
_DIGITS = 20  # of a time to the microsecond
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
    # folder or file taken in ("": the folder of the settings) → sources found below it, 0: a file;
    # known without the catalogue, so that one built anew in its place misses none of them
    roots: dict[str, int] = field(default_factory=dict)
    links: str = ""  # sha256 of the operator's table of addresses, "" without
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
    """The manifest of a generation; its files are not looked at.

    Raises:
        IndexDamagedError: no manifest, not readable, or of another format.
    """
    try:
        plain = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        files = {name: Checksum(**entry) for name, entry in plain.pop("files").items()}
        manifest = Manifest(**plain, files=files)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise IndexDamagedError("索引清单 manifest.json 缺失或损坏", _REPAIR) from error
    if manifest.format != FORMAT:
        raise IndexDamagedError(f"索引格式为 {manifest.format}，程序需要 {FORMAT}", _REPAIR)
    return manifest


def last_roots(index: Path) -> dict[str, int]:
    """``roots`` of the newest generation whose manifest can be read; empty when none can."""
    for name in reversed(_complete(index)):
        try:
            return read_manifest(index / "generations" / name).roots
        except IndexDamagedError:
            continue
    return {}


def contents(folder: Path, manifest: Manifest) -> dict[str, bytes]:
    """What the files hold, Chroma's left out, each as the manifest says it is.

    They are read whole (18 MB for 3,800 chunks, in 30 ms): what was compared is what is used,
    and whatever happens to the files later does not reach those who hold their contents.

    Raises:
        IndexDamagedError: a file is missing, cannot be read, or is not as the manifest says.
    """
    held = {}
    for name in _names(folder, manifest):
        if not name.startswith(f"{CHROMA}/"):  # a broken Chroma is no broken index
            try:
                held[name] = (folder / name).read_bytes()
            except OSError as error:
                raise _damaged([name]) from error
            if manifest.files.get(name) != _checksum(held[name]):
                raise _damaged([name])
    if not held.keys() >= {CATALOGUE, VECTORS}:
        raise _damaged(sorted({CATALOGUE, VECTORS} - held.keys()))
    return held


def check(folder: Path, manifest: Manifest) -> None:
    """As :func:`contents`, for one who asks every second: unchanged files are not read again.

    Raises:
        IndexDamagedError: as there.
    """
    damaged = damaged_files(folder, manifest, known=True)
    if ours := [name for name in damaged if not name.startswith(f"{CHROMA}/")]:
        raise _damaged(ours)


def damaged_files(
    folder: Path, manifest: Manifest, *, below: str = "", known: bool = False
) -> list[str]:
    """Names of the files that differ from the manifest, or are only here or only there.

    Args:
        below: how the names begin.
        known: a file of the same inode, size and time of change is not read again.
    """
    return [
        name
        for name in _names(folder, manifest)
        if name.startswith(below) and not _intact(folder / name, manifest.files.get(name), known)
    ]


def begin(index: Path) -> Path:
    """A new folder to build in, after a killed build is removed.  The write lock must be held.

    Names are the order of generations.  They begin with the time, to the microsecond, but one
    that the clock would put before those that are there follows the last of them.
    """
    clean(index)
    now = datetime.now(UTC).strftime("%Y%m%d%H%M%S%f")
    last = max((_number(name) for name in _complete(index)), default=0)
    number = str(max(int(now), last + 1))
    name = f"{_BUILDING}{number[:8]}T{number[8:]}-{os.urandom(3).hex()}"
    folder = index / "generations" / name
    folder.mkdir(parents=True)
    return folder


def publish(index: Path, building: Path, manifest: Manifest) -> Path:
    """Write the manifest with checksums, force everything to disk and make it current.

    The write lock must be held.  Returns the folder under its final name.
    """
    files = {name: _checksum((building / name).read_bytes()) for name in _files(building)}
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
    complete = _complete(index)
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


def _complete(index: Path) -> list[str]:
    """Names of the generations that are there, oldest first."""
    folder = index / "generations"
    if not folder.is_dir():
        return []
    return sorted(p.name for p in folder.iterdir() if not p.name.startswith("."))


def _number(name: str) -> int:
    """The order of a generation as a number; 0 for a folder that is none."""
    digits = name.partition("-")[0].replace("T", "", 1)
    return int(digits) if len(digits) == _DIGITS and digits.isascii() and digits.isdigit() else 0


def _files(folder: Path) -> list[str]:
    """The files that have a checksum; hidden ones are left by file systems and viewers."""
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file()
        and path != folder / MANIFEST
        and not path.name.startswith(".")
        and not _changes_on_opening(path)
    )


def _names(folder: Path, manifest: Manifest) -> list[str]:
    """The files of the generation, by its manifest or by its folder."""
    return sorted({*manifest.files, *_files(folder)})


def _damaged(names: list[str]) -> IndexDamagedError:
    return IndexDamagedError(f"索引文件 {'、'.join(names)} 缺失或已损坏", _REPAIR)


def _intact(path: Path, checksum: Checksum | None, known: bool) -> bool:
    try:
        stat = path.stat()
        if checksum is None or stat.st_size != checksum.size:
            return False
        if known:
            return _known_checksum(path, stat.st_ino, stat.st_size, stat.st_mtime_ns) == checksum
        return _checksum(path.read_bytes()) == checksum
    except OSError:
        return False


@lru_cache(maxsize=256)  # the files of some generations, 26 each
def _known_checksum(path: Path, inode: int, size: int, changed: int) -> Checksum:
    return _checksum(path.read_bytes())


def _checksum(data: bytes) -> Checksum:
    return Checksum(len(data), hashlib.sha256(data).hexdigest())


def _fsync(paths: Iterable[Path]) -> None:
    for path in paths:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
