"""Sources → a new generation of the index, made current when it is complete.

The steps of :func:`ingest`: find the files, parse what is new, relate the documents to each
other, and have :mod:`assistant.store.assemble` write and publish the generation.
"""

from __future__ import annotations

import logging
import sqlite3
import time
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from assistant.errors import (
    AssistantError,
    IndexDamagedError,
    NoIndexError,
    SourceError,
    SourcesGoneError,
)
from assistant.settings import Settings
from assistant.store import fingerprint, generation
from assistant.store.addressed import with_addresses
from assistant.store.assemble import Assembled, Material, Progress, assemble
from assistant.store.authored import questions_for
from assistant.store.generation import CATALOGUE, VECTORS, Manifest
from assistant.store.lock import writing
from assistant.store.open import open_encoder
from assistant.store.parsing import Parser
from assistant.store.sources import (
    Candidate,
    TakenSource,
    candidates,
    held_twice,
    in_utf8,
    known_roots,
    roots_of,
    take,
    taken_before,
    with_unique_ids,
)
from assistant.store.vectors import known_vectors
from embeddings.encoder import Encoder

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingest did; names are those of sources."""

    generation: str
    published: bool  # False: nothing had changed, the old generation stays
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]
    failed: dict[str, str]  # name → why (Chinese); the last good version stays, if there is one
    accounts: dict[str, dict[str, Any]]  # name → where its characters went
    counts: dict[str, int]
    encoded: int  # chunks encoded anew
    seconds: float
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Before:
    """The generation that the new one may take over from."""

    folder: Path | None = None
    manifest: Manifest | None = None
    sources: dict[str, TakenSource] = field(default_factory=dict)
    roots: dict[str, int] = field(default_factory=dict)  # see Manifest.roots
    notes: list[str] = field(default_factory=list)


def ingest(
    settings: Settings,
    paths: Sequence[Path] = (),
    *,
    rebuild: bool = False,
    forget: bool = False,
    incoming: Mapping[Path, Path | None] | None = None,
    wait: float = 0,
    progress: Progress = lambda stage, done, total: None,
) -> IngestReport:
    """Bring the index up to date with its sources.

    Args:
        paths: files or folders to take in besides those that the index already holds; without
            any, the folder of the settings.  Every run looks at all of them again: new, changed
            and removed files are noticed wherever they came from.
        rebuild: parse and encode everything again; with ``paths``, the index holds only these.
        forget: remove the documents of a folder that has vanished or holds none any more.
        incoming: path of a source, which may not be there yet → a file of the same name with its
            new content, to be moved there by the caller when the index holds it; ``None``: the
            source goes, and the caller removes it when the index no longer holds it.
        wait: seconds to wait for another ingest to end.

    Raises:
        SourcesGoneError: such a folder, without ``forget``; the index is left as it is.
        IngestBusyError: another ingest is running.
        SourceError: a path does not exist, or nothing at all, or a file of ``incoming``, could be
            read; the index is left as it is.
        SettingsError: encoder or index folder cannot be used.
    """
    began = time.monotonic()
    roots = [path.expanduser() for path in paths] or [settings.sources]
    for root in roots:
        if not root.exists():
            raise SourceError(
                f"找不到来源 {root}", "请检查路径，或用 ASSISTANT_SOURCES 设置来源目录"
            )
    with writing(settings.index, wait=wait):
        before = _before(settings.index)
        if not (rebuild and paths):
            known = known_roots(before.roots, settings.sources)
            roots = known + roots  # in this order, so that known sources keep their names
        coming = {path.resolve(): content for path, content in (incoming or {}).items()}
        leaving = {in_utf8(str(path.parent)) for path, content in coming.items() if not content}
        wanted = candidates(roots, settings.sources, coming)
        if not forget and not (rebuild and paths):
            stay = {root: n for root, n in before.roots.items() if root not in leaving}
            _check_gone(stay, wanted, settings.sources)
        if not wanted:
            raise SourceError(
                f"{'、'.join(map(str, roots))} 中没有可入库的文件", "请放入政策文件后重试"
            )
        if rebuild:
            before.sources = {name: _to_parse_again(s) for name, s in before.sources.items()}
        sources = _take_all(wanted, before, settings, progress)
        for source in sources:
            if source.failure and Path(source.path) in coming:
                raise SourceError(source.failure, "原有内容没有改动；请检查文件后重新上传")
        encoder = open_encoder(settings)
        if not rebuild and _unchanged(before, sources, encoder):
            assert before.manifest and before.folder
            return _report(before, sources, before.folder.name, False, began, None)
        vectors = {} if rebuild else _known_vectors(before, encoder)
        made = assemble(settings, _material(sources, progress), encoder, vectors, progress)
        return _report(before, sources, made.folder.name, True, began, made)


def _check_gone(roots: Mapping[str, int], wanted: Sequence[Candidate], default: Path) -> None:
    """An unmounted drive looks like a deletion: what it held is not removed unasked."""
    lost = {root: n for root, n in roots.items() if n and root not in {c.root for c in wanted}}
    if lost:
        where = "、".join(f"{root or default}（{n} 份来源）" for root, n in sorted(lost.items()))
        raise SourcesGoneError(
            f"来源不见了或已清空：{where}；其文件还在索引里，没有移除",
            "请恢复来源后重新运行；确认要移除，请加 --forget",
        )


def _material(sources: Sequence[TakenSource], progress: Progress) -> Material:
    """Relate the documents of all sources to each other.

    Raises:
        SourceError: there is not a single document.
    """
    from assistant.corpus import links, twins

    progress("关联文件", 0, 1)
    documents, unused = with_addresses(links.link(with_unique_ids(sources)), fingerprint.LINKS)
    if not documents:
        reasons = "；".join(f"{s.name}：{s.failure or '没有条款'}" for s in sources)
        raise SourceError(f"没有一个文件能够入库：{reasons}", "请按提示处理文件后重新运行")
    material = Material(
        sources,
        documents,
        twins.find(documents),
        questions_for(documents, fingerprint.QUESTIONS),
        tuple(unused),
    )
    progress("关联文件", 1, 1)
    return material


def _before(index: Path) -> _Before:
    """The current generation as far as it can be read: a damaged one is simply not reused."""
    try:
        folder = generation.current(index)
        manifest = generation.read_manifest(folder)
        if damaged := generation.damaged_files(folder, manifest, below=CATALOGUE):
            raise IndexDamagedError(f"{damaged[0]} 与清单不符")
        sources = taken_before(folder / CATALOGUE)
        return _Before(folder, manifest, sources, roots_of(sources.values()))
    except NoIndexError:
        return _Before()
    except (AssistantError, sqlite3.DatabaseError, zlib.error, ValueError) as error:
        notes = [f"原有索引无法沿用（{error}），已全部重新建立"]
        return _Before(roots=generation.last_roots(index), notes=notes)


def _to_parse_again(source: TakenSource) -> TakenSource:
    return replace(source, parser="")


def _take_all(
    wanted: Sequence[Candidate], before: _Before, settings: Settings, progress: Progress
) -> list[TakenSource]:
    taken: list[TakenSource] = []
    with Parser(settings) as parser:
        for number, candidate in enumerate(wanted):
            progress("读取与解析", number, len(wanted))
            taken.append(
                take(
                    candidate,
                    before.sources.get(candidate.name),
                    fingerprint.parser(),
                    parser.parse,
                    settings.max_upload_mb * 2**20,
                )
            )
    progress("读取与解析", len(wanted), len(wanted))
    return taken


def _unchanged(before: _Before, sources: Sequence[TakenSource], encoder: Encoder) -> bool:
    from embeddings.segment import fingerprint as segmenter

    manifest = before.manifest
    if manifest is None or before.folder is None:
        return False
    same_sources = {s.name: s.state for s in sources} == {
        name: s.state for name, s in before.sources.items()
    }
    return (
        same_sources
        and all(s.parser == fingerprint.parser() for s in sources)
        and manifest.encoder_fingerprint == encoder.fingerprint
        and manifest.segmenter == segmenter()
        and manifest.parser == fingerprint.parser()
        and manifest.builder == fingerprint.builder()
        and manifest.questions == fingerprint.questions()
        and manifest.links == fingerprint.links()
        and not generation.damaged_files(before.folder, manifest)
    )


def _known_vectors(before: _Before, encoder: Encoder) -> dict[str, np.ndarray]:
    if before.folder is None or before.manifest is None:
        return {}
    if generation.damaged_files(before.folder, before.manifest, below=VECTORS):
        return {}
    return known_vectors(before.folder, before.manifest, encoder)


def _report(
    before: _Before,
    sources: Sequence[TakenSource],
    name: str,
    published: bool,
    began: float,
    made: Assembled | None,
) -> IngestReport:
    old = before.sources
    names = [source.name for source in sources if not source.failure]
    changed = [
        s.name
        for s in sources
        if not s.failure and s.name in old and s.sha256 != old[s.name].sha256
    ]
    added = [n for n in names if n not in old]
    said_twice = map(_said_twice, held_twice(sources))
    return IngestReport(
        generation=name,
        published=published,
        added=tuple(added),
        changed=tuple(changed),
        removed=tuple(sorted(set(old) - {source.name for source in sources})),
        unchanged=tuple(n for n in names if n in old and n not in changed),
        failed={source.name: source.failure for source in sources if source.failure},
        accounts={source.name: source.account for source in sources},
        counts=made.counts if made else before.manifest.counts if before.manifest else {},
        encoded=made.encoded if made else 0,
        seconds=time.monotonic() - began,
        notes=(*before.notes, *(made.notes if made else ()), *said_twice),
    )


def _said_twice(held: tuple[str, tuple[str, ...]]) -> str:
    title, names = held
    return f"《{title}》收了 {len(names)} 份：{'、'.join(names)}；相同的条款回答时只引用一次。"
