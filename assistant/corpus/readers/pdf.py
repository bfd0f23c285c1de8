"""PDF with a text layer: lines with their pages; running heads, feet and page numbers left out.

pypdf reads the text; a page with ruled tables is read by pdfplumber, which is slower by far but
knows the cells: a row is one line with tabs, a cell merged downwards stands in all its rows.
"""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.corpus.readers.source_text import DroppedText, SourceText
from assistant.errors import SourceError

_EDGE = 2  # lines at the top and at the bottom of a page that may be furniture
_REPEATED = 0.5  # on at least that share of the pages
_FEWEST = 3  # and on at least so many
_MARKED_NUMBER = re.compile(
    r"^\s*(?:[—–\-_·]+\s*\d{1,4}\s*[—–\-_·]+|第\s*\d{1,4}\s*页(?:\s*+[,，]?\s*+共\s*\d{1,4}\s*页)?"
    r"|\d{1,4}\s*[/／]\s*\d{1,4})\s*$"
)
_BARE_NUMBER = re.compile(r"^\s*(\d{1,4})\s*$")
_DRAWN = re.compile(rb"\s(?:re|l)\s")  # operators of a page that draw a rectangle or a line
_HAIR = 1.0  # points; cells share their edges
_FEWEST_RULES = 6  # two rows of two cells
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
    edges = _Edges.of(pages)
    lines: list[str] = []
    numbers: list[int] = []
    dropped: list[DroppedText] = []
    for number, page in enumerate(pages, 1):
        top, end = edges.of_page(page, number)
        for place, line in enumerate(page):
            if top <= place < end:
                lines.append(line)
                numbers.append(number)
            else:
                reason = edges.reason(line, number) or ("页眉" if place < top else "页脚")
                dropped.append(DroppedText(line, reason, number))
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
        return [
            _with_tables(data, number) if _has_rules(page) else page.extract_text()
            for number, page in enumerate(reader.pages)
        ]
    except (SourceError, MemoryError):
        raise
    except (PyPdfError, ImportError) as error:
        raise SourceError(f"文件 {name} 不是完好的 PDF", advice) from error
    except Exception as error:  # a damaged PDF raises whatever its broken parts lead to
        raise SourceError(
            f"文件 {name} 无法读取（{type(error).__name__}：{error}）", advice
        ) from error


def _has_rules(page: Any) -> bool:
    """Whether so many lines and rectangles are drawn that there may be a table."""
    contents = page.get_contents()
    return contents is not None and len(_DRAWN.findall(contents.get_data())) >= _FEWEST_RULES


def _with_tables(data: bytes, number: int) -> str:
    """The text of a page in order, the rows of its tables as lines with tabs."""
    import pdfplumber

    with pdfplumber.open(io.BytesIO(data), pages=[number + 1]) as document:
        page = document.pages[0]
        tables = [t for t in page.find_tables() if len(t.rows) > 1 and len(t.rows[0].cells) > 1]
        rest = page
        placed = []
        for table in tables:
            rest = rest.outside_bbox(table.bbox)
            placed.append((table.bbox[1], "\n".join(_rows(table))))
        placed += [(line["top"], line["text"]) for line in rest.extract_text_lines()]
    return "\n".join(text for _, text in sorted(placed))


def _rows(table: Any) -> Iterator[str]:
    """One line a row, tabs between the cells; a cell merged downwards stands in all its rows."""
    held: dict[int, tuple[float, str]] = {}  # column → lower edge of its last cell, its text
    for row, texts in zip(table.rows, table.extract(), strict=True):
        cells = []
        for column, (box, text) in enumerate(zip(row.cells, texts, strict=True)):
            if box is not None:
                held[column] = box[3], "".join((text or "").split("\n")).replace("\t", " ")
            lower, above = held.get(column, (0.0, ""))
            cells.append(above if lower > row.bbox[1] + _HAIR else "")
        yield "\t".join(cells)


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.split("\n") if line.strip()]


@dataclass(frozen=True, slots=True)
class _Edges:
    """What the tops and bottoms of the pages say again and again."""

    repeated: frozenset[str]  # shapes of running heads and feet
    offset: int | None  # of bare page numbers against the count of pages

    @classmethod
    def of(cls, pages: Sequence[Sequence[str]]) -> _Edges:
        shapes: Counter[str] = Counter()
        offsets: Counter[int] = Counter()
        for number, page in enumerate(pages, 1):
            edge = (*page[:_EDGE], *page[-_EDGE:])
            shapes.update({_shape(line) for line in edge if not _BARE_NUMBER.match(line)})
            offsets.update({int(m[1]) - number for line in edge if (m := _BARE_NUMBER.match(line))})
        needed = max(_FEWEST, _REPEATED * sum(bool(page) for page in pages))
        offset = next((o for o, count in offsets.most_common(1) if count >= needed), None)
        return cls(frozenset(s for s, count in shapes.items() if count >= needed), offset)

    def of_page(self, page: Sequence[str], number: int) -> tuple[int, int]:
        """Where the text of a page begins and ends: its furniture lies outside all text."""
        top, end = 0, len(page)
        while top < min(_EDGE, end) and self._is_furniture(page[top], number):
            top += 1
        while end > max(top, len(page) - _EDGE) and self._is_furniture(page[end - 1], number):
            end -= 1
        return top, end

    def reason(self, line: str, number: int) -> str:
        """``页码`` for a page number, else nothing.

        An enumerator may stand alone on a line too: a bare number counts only where it runs
        along with the pages.
        """
        bare = _BARE_NUMBER.match(line)
        runs = bare is not None and self.offset is not None and int(bare[1]) == number + self.offset
        return "页码" if runs or _MARKED_NUMBER.match(line) else ""

    def _is_furniture(self, line: str, number: int) -> bool:
        return bool(self.reason(line, number)) or _shape(line) in self.repeated


def _shape(line: str) -> str:
    """The line without what differs from page to page."""
    return _DIGITS.sub("0", "".join(line.split()))
