"""Staff functions over HTTP: preview, take in, undo; feedback (:mod:`ui.staff_feedback`).

Who may call them is decided by :mod:`ui.door` (``Authorization: Bearer``), before anything of an
upload is read.
"""

from __future__ import annotations

import re
import secrets
import shutil
import time
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, File, HTTPException, UploadFile
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from assistant.corpus import corrections
from assistant.corpus.corrections import Correction
from assistant.errors import AssistantError
from assistant.records import ParsedDocument
from assistant.store.build import IngestReport
from assistant.store.parsing import Parser
from ui import staff_feedback
from ui.capacity import seat
from ui.failures import storing, told
from ui.html import both, tag
from ui.private import private_folder
from ui.render.transcript import error_card
from ui.render.upload import TYPES, upload_list, upload_preview
from ui.routes import STATUS, checked
from ui.service import Service
from ui.typed_corrections import Corrected, differing
from ui.uploads import Uploads

PENDING_SECONDS = 3600
_TOKEN = re.compile(r"[0-9a-f]{32}")
_UNSAFE = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')
MAX_NAME, MAX_SUFFIX = 200, 20  # bytes, characters; file systems take 255 bytes


def router(service: Service) -> APIRouter:
    routes = APIRouter(
        prefix="/staff",
        include_in_schema=False,
        route_class=checked(service.door.check),
        dependencies=[seat(service.staff)],
    )
    pending = service.settings.state / "pending"
    uploads = Uploads(service.settings)

    @routes.post("/preview")
    def preview(file: Annotated[UploadFile, File()]) -> HTMLResponse:
        _drop_old(pending)
        token = secrets.token_hex(16)
        folder = pending / token
        try:
            path = _store(file, folder, service.settings.max_upload_mb)
            with Parser(service.settings) as parser:
                read = parser.parse(path).documents
            known = corrections.load(uploads.folder / path.name, path)
            documents, _ = corrections.apply(read, known)
        except Exception as error:  # noqa: BLE001 - last boundary before the user; logged by told()
            shutil.rmtree(folder, ignore_errors=True)
            return _failed(error)
        warnings = [_warnings(one, uploads.folder / path.name, service) for one in documents]
        return HTMLResponse(str(upload_preview(path.name, documents, warnings, token)))

    @routes.post("/take/{token}")
    def take(token: str, corrected: list[Corrected] | None = None) -> HTMLResponse:
        folder = _pending_folder(pending, token)
        new = next(folder.iterdir())
        try:
            put_right: list[Correction] = []
            if corrected:
                with Parser(service.settings) as parser:
                    put_right = differing(corrected, parser.parse(new).documents)
            report = uploads.take(new, put_right)
        except Exception as error:  # noqa: BLE001 - last boundary before the user; logged
            return _failed(error)  # what was uploaded stays, to be taken in again
        shutil.rmtree(folder, ignore_errors=True)
        return _done("staff_taken", report)

    @routes.delete("/take/{token}")
    def discard(token: str) -> HTMLResponse:
        shutil.rmtree(_pending_folder(pending, token))
        return HTMLResponse("")

    @routes.get("/uploads")
    def listed() -> HTMLResponse:
        try:
            return HTMLResponse(str(upload_list(uploads.listed())))
        except Exception as error:  # noqa: BLE001 - last boundary before the user; logged
            return _failed(error)

    @routes.delete("/uploads/{name}")
    def undo(name: str) -> HTMLResponse:
        try:
            return _done("staff_undone", uploads.undo(name))
        except Exception as error:  # noqa: BLE001 - last boundary before the user; logged
            return _failed(error)

    staff_feedback.add(routes, service.feedback)
    return routes


def safe_name(name: str) -> str:
    """A file name that can do no harm: no folders, no control characters, not hidden."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    cleaned = _UNSAFE.sub("_", last).strip(". ")
    stem, dot, suffix = cleaned.rpartition(".")
    return f"{_cut(stem)}{dot}{suffix[:MAX_SUFFIX]}" if stem else _cut(cleaned) or "文件.txt"


def _cut(name: str) -> str:
    return name.encode(errors="replace")[:MAX_NAME].decode(errors="ignore")


def _store(file: UploadFile, folder: Path, max_mb: int) -> Path:
    name = safe_name(file.filename or "")
    if Path(name).suffix.lower() not in TYPES.split(","):
        raise HTTPException(415, f"不支持的文件类型：{name}")
    path = folder / name
    left = max_mb * 2**20
    with storing("文件没有收下"):
        private_folder(folder)
    with storing("文件没有收下"), path.open("wb") as target:
        while block := file.file.read(2**18):
            left -= len(block)
            if left < 0:
                raise HTTPException(413, f"文件超过 {max_mb} MB")
            target.write(block)
    return path


def _warnings(parsed: ParsedDocument, target: Path, service: Service) -> list[Markup]:
    """What the parser cannot know: what is held already; and what leaves little to cite."""
    said = []
    if not parsed.document.title:
        said.append(both("w_no_title"))
    if not any(m.label for m in parsed.measures):
        said.append(both("w_no_clause"))
    replaced = target.is_file()
    if replaced:
        said.append(both("w_replaces"))
    if service.problem() is None:  # without an index nothing is held
        held = [
            (key, document)
            for key, document in service.reading.same_as(parsed)
            if not (replaced and document.source == target.name)
        ]
        said += [both(key, title=d.title, source=d.source) for key, d in held]
    return said


def _pending_folder(pending: Path, token: str) -> Path:
    folder = pending / token
    if not _TOKEN.fullmatch(token) or not folder.is_dir():
        raise HTTPException(404, "预览已过期，请重新上传")
    return folder


def _drop_old(pending: Path) -> None:
    if not pending.is_dir():
        return
    for folder in pending.iterdir():
        if time.time() - folder.stat().st_mtime > PENDING_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)


def _done(key: str, report: IngestReport) -> HTMLResponse:
    counts = report.counts
    message = both(key, documents=counts.get("documents"), measures=counts.get("measures"))
    return HTMLResponse(str(tag("p", message, class_="notes")))


def _failed(error: Exception) -> HTMLResponse:
    if isinstance(error, HTTPException):
        return HTMLResponse(str(error_card(str(error.detail), "")), error.status_code)
    fallback = 422 if isinstance(error, AssistantError) else 500
    status = next((code for kind, code in STATUS if isinstance(error, kind)), fallback)
    return HTMLResponse(str(error_card(*told(error))), status)
