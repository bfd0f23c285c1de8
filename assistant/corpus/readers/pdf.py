"""PDF with a text layer: lines with their pages; running heads, feet and page numbers left out."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Sequence

from assistant.corpus.readers.source_text import DroppedText, SourceText
from assistant.errors import SourceError

_EDGE = 2  # lines at the top and at the bottom of a page that may be furniture
_REPEATED = 0.5  # on at least that share of the pages
_FEWEST = 3  # and on at least so many
_PAGE_NUMBER = re.compile(
    r"^[\s—–\-_·.]*(?:第\s*)?\d{1,4}(?:\s*[/／]\s*\d{1,4})?(?:\s*页)?"
    r"(?:\s*[,，]?\s*共\s*\d{1,4}\s*页)?[\s—–\-_·.]*$"
)
_DIGITS = re.compile(r"\d+")


def read_pdf(name: str, data: bytes, sha256: str) -> SourceText:
    """The text lines of all pages.

    Raises:
        SourceError: damaged, locked with a password, or a scan without text.
    """
    pages = [_lines(text) for text in _page_texts(name, data)]
    empty = [number for number, lines in enumerate(pages, 1) if not lines]
    if len(empty) == len(pages):
        raise SourceError(
            f"文件 {name} 是扫描件，没有文字层",
            "请先做文字识别（OCR），另存为可复制文字的 PDF 或 .docx",
        )
    warnings = []
    if empty:
        shown = "、".join(map(str, empty[:10]))
        warnings.append(f"第 {shown} 页没有文字，可能是图片或扫描页，请核对")
    furniture = _furniture(pages)
    lines: list[str] = []
    numbers: list[int] = []
    dropped: list[DroppedText] = []
    for number, page in enumerate(pages, 1):
        for place, line in enumerate(page):
            reason = _reason(page, place, furniture)
            if reason:
                dropped.append(DroppedText(line, reason, number))
            else:
                lines.append(line)
                numbers.append(number)
    return SourceText(
        name, sha256, "pdf", None, tuple(lines), tuple(numbers), tuple(dropped), tuple(warnings)
    )


def _page_texts(name: str, data: bytes) -> list[str]:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it reports every flaw of a file
    advice = "请用阅读器打开并另存为新的 PDF 后重新入库"
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise SourceError(f"文件 {name} 有打开密码", "请去掉密码后重新入库")
        return [page.extract_text() for page in reader.pages]
    except SourceError:
        raise
    except (PyPdfError, ImportError) as error:
        raise SourceError(f"文件 {name} 不是完好的 PDF", advice) from error
    except Exception as error:  # a damaged PDF raises whatever its broken parts lead to
        raise SourceError(
            f"文件 {name} 无法读取（{type(error).__name__}：{error}）", advice
        ) from error


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.split("\n") if line.strip()]


def _furniture(pages: Sequence[Sequence[str]]) -> set[str]:
    """Lines that stand at the edge of many pages, digits aside."""
    seen = Counter(
        shape
        for page in pages
        for shape in {_shape(line) for line in (*page[:_EDGE], *page[-_EDGE:])}
    )
    needed = max(_FEWEST, _REPEATED * sum(bool(page) for page in pages))
    return {shape for shape, count in seen.items() if count >= needed}


def _reason(page: Sequence[str], place: int, furniture: set[str]) -> str:
    top, bottom = place < _EDGE, place >= len(page) - _EDGE
    if not (top or bottom):
        return ""
    first_or_last = place == 0 or place == len(page) - 1
    if first_or_last and _PAGE_NUMBER.match(page[place]):
        return "页码"
    if _shape(page[place]) in furniture:
        return "页眉" if top else "页脚"
    return ""


def _shape(line: str) -> str:
    """The line without what differs from page to page."""
    return _DIGITS.sub("0", "".join(line.split()))
