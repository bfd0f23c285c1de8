"""Staff functions over HTTP: preview and take in a file, read and delete feedback.

Who may call them is decided by :mod:`ui.door` (``Authorization: Bearer``), before anything of an
upload is read.
"""

from __future__ import annotations

import re
import secrets
import shutil
import time
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, File, HTTPException, UploadFile
from fastapi import Path as InPath
from fastapi.responses import HTMLResponse

from assistant.errors import AssistantError
from ui.capacity import seat
from ui.failures import told
from ui.html import both, tag
from ui.private import private_folder
from ui.render.library import upload_preview
from ui.render.transcript import error_card
from ui.render.upload import TYPES, preview_actions
from ui.routes import checked
from ui.service import Service

PENDING_SECONDS = 3600
INGEST_WAIT = 30.0
_TOKEN = re.compile(r"[0-9a-f]{32}")
_UNSAFE = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')
MAX_NAME = 120


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
        from assistant.corpus.parse import parse_file  # not needed to start

        _drop_old(pending)
        token = secrets.token_hex(16)
        folder = pending / token
        try:
            path = _store(file, folder, service.settings.max_upload_mb)
            parsed = parse_file(path)
        except Exception as error:  # noqa: BLE001 - last boundary before the user; logged by told()
            shutil.rmtree(folder, ignore_errors=True)
            return _failed(error)
        body = upload_preview(path.name, parsed.documents) + preview_actions(token)
        return HTMLResponse(str(body))

    @routes.post("/take/{token}")
    def take(token: str) -> HTMLResponse:
        from assistant.store.build import ingest  # not needed to start

        folder = _pending_folder(pending, token)
        taken: Path | None = None
        try:
            taken = _move(next(folder.iterdir()), service.uploads)
            report = ingest(service.settings, [service.uploads], wait=INGEST_WAIT)
        except Exception as error:  # noqa: BLE001 - last boundary before the user; logged
            if taken is not None:
                taken.unlink(missing_ok=True)
            return _failed(error)
        finally:
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

    @routes.get("/feedback")
    def feedback(limit: int = 200) -> list[dict[str, Any]]:
        return [
            {name: getattr(row, name) for name in row.__dataclass_fields__}
            for row in service.feedback.rows(max(1, min(limit, 1000)))
        ]

    @routes.delete("/feedback/{feedback_id}")
    def delete_feedback(feedback_id: Annotated[int, InPath(le=2**63 - 1)]) -> dict[str, bool]:
        return {"deleted": service.feedback.delete(feedback_id)}

    @routes.delete("/feedback")
    def delete_all_feedback() -> dict[str, int]:
        return {"deleted": service.feedback.delete_all()}

    return routes


def safe_name(name: str) -> str:
    """A file name that can do no harm: no folders, no control characters, not hidden."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    cleaned = _UNSAFE.sub("_", last).strip(". ")
    stem, dot, suffix = cleaned.rpartition(".")
    return f"{stem[:MAX_NAME]}{dot}{suffix}" if stem else cleaned[:MAX_NAME] or "文件.txt"


def _store(file: UploadFile, folder: Path, max_mb: int) -> Path:
    name = safe_name(file.filename or "")
    if Path(name).suffix.lower() not in TYPES.split(","):
        raise HTTPException(415, f"不支持的文件类型：{name}")
    private_folder(folder)
    path = folder / name
    left = max_mb * 2**20
    with path.open("wb") as target:
        while block := file.file.read(2**18):
            left -= len(block)
            if left < 0:
                raise HTTPException(413, f"文件超过 {max_mb} MB")
            target.write(block)
    return path


def _move(path: Path, uploads: Path) -> Path:
    """Into the folder of uploads; a file of the same name gives way to the new version."""
    private_folder(uploads)
    target = uploads / path.name
    shutil.move(path, target)
    return target


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
    status = 422 if isinstance(error, AssistantError) else 500
    return HTMLResponse(str(error_card(*told(error))), status)
