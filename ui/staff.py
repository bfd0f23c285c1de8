"""Staff functions over HTTP: preview and take in a file; feedback (:mod:`ui.staff_feedback`).

Who may call them is decided by :mod:`ui.door` (``Authorization: Bearer``), before anything of an
upload is read.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, File, HTTPException, UploadFile
from fastapi.responses import HTMLResponse

from assistant.errors import AssistantError, StateError
from assistant.store.parsing import Parser
from ui import staff_feedback
from ui.capacity import seat
from ui.failures import storing, told
from ui.html import both, tag
from ui.private import private_folder
from ui.render.library import upload_preview
from ui.render.transcript import error_card
from ui.render.upload import TYPES, preview_actions
from ui.routes import STATUS, checked
from ui.service import Service

if TYPE_CHECKING:
    from assistant.store.build import IngestReport

PENDING_SECONDS = 3600
INGEST_WAIT = 30.0
_KEPT = "文件没有收入，原有版本没有改动"
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

    @routes.post("/preview")
    def preview(file: Annotated[UploadFile, File()]) -> HTMLResponse:
        _drop_old(pending)
        token = secrets.token_hex(16)
        folder = pending / token
        try:
            path = _store(file, folder, service.settings.max_upload_mb)
            with Parser(service.settings) as parser:
                parsed = parser.parse(path)
        except Exception as error:  # noqa: BLE001 - last boundary before the user; logged by told()
            shutil.rmtree(folder, ignore_errors=True)
            return _failed(error)
        body = upload_preview(path.name, parsed.documents) + preview_actions(token)
        return HTMLResponse(str(body))

    @routes.post("/take/{token}")
    def take(token: str) -> HTMLResponse:
        folder = _pending_folder(pending, token)
        try:
            report = _take_in(next(folder.iterdir()), service)
        except Exception as error:  # noqa: BLE001 - last boundary before the user; logged
            return _failed(error)  # what was uploaded stays, to be taken in again
        shutil.rmtree(folder, ignore_errors=True)
        counts = report.counts
        message = both(
            "staff_taken", documents=counts.get("documents"), measures=counts.get("measures")
        )
        return HTMLResponse(str(tag("p", message, class_="notes")))

    @routes.delete("/take/{token}")
    def discard(token: str) -> HTMLResponse:
        shutil.rmtree(_pending_folder(pending, token))
        return HTMLResponse("")

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


def _take_in(new: Path, service: Service) -> IngestReport:
    """Into the index and, once it is there, into the folder of uploads.

    Whatever fails, index and folder keep the version that they had.

    Raises:
        AssistantError: it cannot be read, stored or taken in.
    """
    from assistant.store.build import ingest  # not needed to start

    uploads = service.uploads
    # hidden, so that it is no source; in the folder itself, so that one step puts it in place
    beside = uploads / f".{new.parent.name}"
    staged, target = beside / new.name, uploads / new.name
    try:
        with storing(_KEPT):
            private_folder(uploads)
            private_folder(beside)
            shutil.copyfile(new, staged)
            _to_disk(staged)
        report = ingest(service.settings, [uploads], incoming={target: staged}, wait=INGEST_WAIT)
        try:
            with storing(_KEPT):
                os.replace(staged, target)
                _to_disk(uploads)
        except StateError:
            # the index says what the files say; a first upload leaves no other file to go by
            ingest(service.settings, [uploads], forget=True, wait=INGEST_WAIT)
            raise
        return report
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


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


def _failed(error: Exception) -> HTMLResponse:
    if isinstance(error, HTTPException):
        return HTMLResponse(str(error_card(str(error.detail), "")), error.status_code)
    fallback = 422 if isinstance(error, AssistantError) else 500
    status = next((code for kind, code in STATUS if isinstance(error, kind)), fallback)
    return HTMLResponse(str(error_card(*told(error))), status)
