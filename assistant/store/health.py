"""What ``assistant doctor`` checks, and the repair that needs no parsing."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from assistant.errors import AssistantError, IndexDamagedError
from assistant.records import ParsedDocument
from assistant.settings import Settings
from assistant.store import fingerprint, generation
from assistant.store.assemble import Assembled, Material, Progress, assemble
from assistant.store.build import ingest
from assistant.store.catalogue import Catalogue
from assistant.store.generation import CATALOGUE, CHROMA, VECTORS
from assistant.store.lock import writing
from assistant.store.open import open_encoder, open_index, open_reader
from assistant.store.probe import probe
from assistant.store.sources import candidates, in_utf8, known_roots, readable, taken_before
from assistant.store.vectors import known_vectors

Verdict = Literal["ok", "warning", "failed"]
_PACKAGES = (
    "numpy",
    "tokenizers",
    "rjieba",
    "chromadb",
    "langchain-core",
    "sentence-transformers",
    "torch",
    "gradio",
)
_FREE_MB = 200  # an ingest of the corpus needs some 50
_REBUILD = "请运行 assistant doctor --repair（由来源重建），或 assistant ingest --rebuild"
_INGEST = "请运行 assistant ingest"
_REPAIR = "请运行 assistant doctor --repair"


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    verdict: Verdict
    message: str
    next_step: str = ""


def check_all(settings: Settings) -> list[Check]:
    """Every check, in order; a check that cannot run is one that failed."""
    checks = [_python(), _packages(), _space(settings.index)]
    parts: tuple[Callable[[Settings], Iterator[Check]], ...] = (
        _index,
        _sources,
        _encoder,
        _reader,
        _llm,
    )
    for part in parts:
        try:
            checks += part(settings)
        except AssistantError as error:
            checks.append(Check(part.__name__.strip("_"), "failed", error.message, error.next_step))
    return checks


def repair(settings: Settings, progress: Progress = lambda stage, done, total: None) -> Assembled:
    """Build vectors, lexical index and Chroma again from the catalogue, without parsing.

    A catalogue that is not as its manifest says is not believed: then everything is built again
    from the sources.

    Raises:
        NoIndexError: nothing has been built yet.
        SourceError: the sources are needed, and are not there.
    """
    with writing(settings.index):
        if (folder := _with_whole_catalogue(settings.index)) is not None:
            return _from_catalogue(settings, folder, progress)
    report = ingest(settings, rebuild=True, progress=progress)
    made = settings.index / "generations" / report.generation
    return Assembled(made, report.counts, report.encoded)


def _with_whole_catalogue(index: Path) -> Path | None:
    """The current generation, if its catalogue is as its manifest says."""
    try:
        folder = generation.current(index)
        manifest = generation.read_manifest(folder)
    except IndexDamagedError:
        return None
    return None if generation.damaged_files(folder, manifest, below=CATALOGUE) else folder


def _from_catalogue(settings: Settings, folder: Path, progress: Progress) -> Assembled:
    path = folder / CATALOGUE
    with Catalogue(path.read_bytes()) as catalogue:
        measures: dict[str, list] = {}
        for measure in catalogue.measures():
            measures.setdefault(measure.doc_id, []).append(measure)
        material = Material(
            list(taken_before(path).values()),
            [ParsedDocument(d, tuple(measures.get(d.doc_id, ()))) for d in catalogue.documents()],
            catalogue.all_twins(),
            catalogue.questions(),
        )
    encoder = open_encoder(settings)
    manifest = generation.read_manifest(folder)
    intact = not generation.damaged_files(folder, manifest, below=VECTORS)
    known = known_vectors(folder, manifest, encoder) if intact else {}
    return assemble(settings, material, encoder, known, progress)


def _python() -> Check:
    return Check("Python", "ok", ".".join(map(str, sys.version_info[:3])))


def _packages() -> Check:
    found, missing = [], []
    for name in _PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    if missing:
        return Check("依赖", "failed", f"缺少 {'、'.join(missing)}", "请运行 make install")
    return Check("依赖", "ok", "、".join(found))


def _space(index: Path) -> Check:
    place = next(p for p in (index, *index.absolute().parents) if p.exists())
    free = shutil.disk_usage(place).free // 2**20
    try:
        with tempfile.TemporaryFile(dir=place):
            pass
    except OSError as error:
        advice = "问答不受影响；入库需要写权限，或用 ASSISTANT_INDEX 另设目录"
        return Check("索引目录", "warning", f"{index} 无法写入：{error.strerror}", advice)
    if free < _FREE_MB:
        return Check("索引目录", "warning", f"{index} 只剩 {free} MiB", "请清理磁盘后再入库")
    return Check("索引目录", "ok", f"{index}，剩余 {free} MiB")


def _index(settings: Settings) -> Iterator[Check]:
    folder = generation.current(settings.index)
    manifest = generation.read_manifest(folder)
    counts = manifest.counts
    yield Check(
        "索引",
        "ok",
        f"{folder.name}：{counts['documents']} 份文件、{counts['measures']} 条条款、"
        f"{counts['chunks']} 个片段",
    )
    damaged = generation.damaged_files(folder, manifest)
    if CATALOGUE in damaged:
        yield Check("目录库", "failed", "内容与清单不符或无法读取", _REBUILD)
        return
    yield Check("目录库", "ok", "完整")
    rest = [name for name in damaged if name != CATALOGUE]
    if rest:
        yield Check("索引文件", "failed", f"损坏：{'、'.join(rest)}", _REPAIR)
    else:
        yield Check("索引文件", "ok", "与清单一致")
    fault = None if any(n.startswith(CHROMA) for n in rest) else probe(folder)
    if fault:
        yield Check("向量库", "failed", f"{fault}；问答改用逐一比对，结果不受影响", _REPAIR)
    elif not rest:
        yield Check("向量库", "ok", "抽查的向量都能检索到")
    same = (manifest.parser, manifest.builder) == (fingerprint.parser(), fingerprint.builder())
    if not same:
        yield Check("程序版本", "warning", "索引由另一版程序建立", _INGEST)


def _sources(settings: Settings) -> Iterator[Check]:
    index = open_index(settings)
    rows = index.catalogue.sources()
    for row in rows:
        if row.failure:
            yield Check("来源", "warning", f"{row.name} 未能入库：{row.failure}", _INGEST)
    roots = known_roots((row.root for row in rows), settings.sources)
    held = {row.path for row in rows}
    present = {in_utf8(str(c.path)): c.path for c in candidates(roots, settings.sources)}
    changed = [
        row.name
        for row in rows
        if row.path in present and not row.failure and _differs(present[row.path], row.sha256)
    ]
    for what, names in (
        ("新增", [readable(Path(p).name) for p in present.keys() - held]),
        ("已删除", [readable(Path(p).name) for p in held - present.keys()]),
        ("已修改", changed),
    ):
        if names:
            yield Check("来源", "warning", f"入库之后{what}：{'、'.join(sorted(names))}", _INGEST)
    yield Check("来源", "ok", f"{len(rows)} 个文件")


def _encoder(settings: Settings) -> Iterator[Check]:
    encoder = open_encoder(settings)
    yield Check("编码器", "ok", f"{encoder.name}，{encoder.dimension} 维，{encoder.fingerprint}")
    index = open_index(settings)
    index.check_encoder(encoder)
    index.check_segmenter()


def _reader(settings: Settings) -> Iterator[Check]:
    open_reader(settings.reader)
    if settings.reader == "off":
        yield Check("阅读模型", "warning", "已关闭，回答质量明显下降", "去掉 ASSISTANT_READER=off")
    else:
        yield Check("阅读模型", "ok", "可用")


def _llm(settings: Settings) -> Iterator[Check]:
    if not settings.llm_model:
        yield Check("大模型", "ok", "未设置：直接摘录原文作答")
    elif not settings.llm_base_url:
        yield Check(
            "大模型", "warning", f"{settings.llm_model} 没有地址", "请设置 ASSISTANT_LLM_BASE_URL"
        )
    else:
        yield Check("大模型", "ok", f"{settings.llm_model}（{settings.llm_base_url}）")


def _differs(path: Path, sha256: str) -> bool:
    from assistant.corpus import corrections

    try:
        return corrections.version(path, path) != sha256
    except OSError:
        return True
