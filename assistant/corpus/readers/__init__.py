"""Source file → text lines, one reader per format, loaded when a file of that format comes."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from assistant.corpus.readers.source_text import DroppedText, SourceText, bounded
from assistant.errors import SourceError

__all__ = ["FORMATS", "DroppedText", "SourceText", "file_sha256", "read", "source_files"]

# suffix → module and function; html, docx and pdf pull in libraries that most runs never need
FORMATS: dict[str, tuple[str, str]] = {
    ".txt": ("plain", "read_txt"),
    ".md": ("plain", "read_md"),
    ".markdown": ("plain", "read_md"),
    ".html": ("web", "read_html"),
    ".htm": ("web", "read_html"),
    ".docx": ("word", "read_docx"),
    ".pdf": ("pdf", "read_pdf"),
}
_ADVICE = {
    ".doc": "请用 Word 或 WPS 另存为 .docx",
    ".wps": "请用 WPS 另存为 .docx",
    ".ofd": "请另存为带文字层的 .pdf",
    ".xls": "请另存为 .txt 或 .docx",
    ".xlsx": "请另存为 .txt 或 .docx",
}
_READ_ME = {"readme.md", "readme.txt", "readme.zh-cn.md"}  # about the folder, no policies


def read(path: Path, *, max_bytes: int | None = None) -> SourceText:
    """The text of a source file.

    Args:
        path: a file with one of the suffixes in :data:`FORMATS`.
        max_bytes: largest file taken; ``None``: no limit.

    Raises:
        SourceError: missing, unreadable, empty, binary, too large, damaged, a scan without a
            text layer, or of a format that is not read.
    """
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        known = "、".join(FORMATS)
        raise SourceError(
            f"不支持 {path.name} 的格式", _ADVICE.get(suffix, f"可读取的格式：{known}")
        )
    data = _bytes_of(path, max_bytes)
    module, function = FORMATS[suffix]
    reader: Callable[[str, bytes, str], SourceText] = getattr(
        import_module(f"{__name__}.{module}"), function
    )
    source = reader(path.name, data, hashlib.sha256(data).hexdigest())
    deque(bounded(source.lines, path.name), maxlen=0)
    return source


def file_sha256(path: Path) -> str:
    """Hex digest of the file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def source_files(folder: Path) -> list[Path]:
    """All files below ``folder`` that may be sources, sorted; hidden files and READMEs left out.

    Files of formats that are not read are listed too, so that the ingest can report them.
    """
    found = (
        p
        for p in folder.rglob("*")
        if p.is_file()
        and not any(part.startswith((".", "~$")) for part in p.relative_to(folder).parts)
    )
    return sorted(p for p in found if p.name.lower() not in _READ_ME)


def _bytes_of(path: Path, max_bytes: int | None) -> bytes:
    try:
        size = path.stat().st_size
        if max_bytes is not None and size > max_bytes:
            raise SourceError(
                f"文件 {path.name} 有 {size / 2**20:.0f} MiB，超过上限 {max_bytes / 2**20:.0f} MiB",
                "请拆分文件，或调大 ASSISTANT_MAX_UPLOAD_MB",
            )
        return path.read_bytes()
    except FileNotFoundError as error:
        raise SourceError(f"找不到文件 {path}", "请检查路径") from error
    except OSError as error:
        raise SourceError(
            f"无法读取文件 {path.name}：{error.strerror}", "请检查文件权限"
        ) from error
