"""Word documents (.docx): paragraphs and tables in order, with the numbers that Word generates.

The text is read from the XML itself: python-docx's ``paragraph.text`` leaves out tracked
insertions, content controls and text boxes, which office documents are full of.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from assistant.corpus.readers.source_text import DroppedText, SourceText, bounded
from assistant.corpus.readers.word_numbering import Numbering
from assistant.errors import SourceError

# What unpacks to more is no document: 1,000 pages of text take 20 MiB, each picture is a part, and
# lxml holds ten times the size of the text.
_UNPACKED, _PARTS = 100 * 2**20, 5000
_COLUMNS = 63  # Word makes no table with more
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ALTERNATIVE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_GONE = {f"{_W}del", f"{_W}moveFrom", _ALTERNATIVE}
_BOX = f"{_W}txbxContent"
_MARKS = {
    f"{_W}tab": "\t",
    f"{_W}br": "\n",
    f"{_W}cr": "\n",
    f"{_W}noBreakHyphen": "-",
}


def read_docx(name: str, data: bytes, sha256: str) -> SourceText:
    """The lines of a .docx: one a paragraph (or line break), one a table row with tabs."""
    document = _open(name, data)
    numbering = Numbering.of(document)
    lines = list(bounded(_block_lines(document.element.body, numbering), name))
    if not any(line.strip() for line in lines):
        raise SourceError(f"文件 {name} 没有文字", "如果内容是图片，请先做文字识别再入库")
    return SourceText(name, sha256, "docx", None, tuple(lines), dropped=tuple(_furniture(document)))


def _open(name: str, data: bytes) -> Any:
    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError
    from lxml.etree import XMLSyntaxError

    advice = "请用 Word 或 WPS 打开并另存为 .docx 后重新入库"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            unpacked = sum(entry.file_size for entry in entries)
            if unpacked > _UNPACKED or len(entries) > _PARTS:
                raise SourceError(
                    f"文件 {name} 解压后过大", "该文件未入库；请检查文件来源，或另存为 .txt"
                )
            if archive.testzip():
                raise SourceError(f"文件 {name} 已损坏", advice)
        return Document(io.BytesIO(data))
    except (
        zipfile.BadZipFile,
        PackageNotFoundError,
        XMLSyntaxError,
        KeyError,
        ValueError,
        NotImplementedError,  # zipfile: a compression it does not know
        RuntimeError,  # zipfile: encrypted
    ) as error:
        raise SourceError(f"文件 {name} 不是完好的 .docx", advice) from error


def _block_lines(container: Any, numbering: Numbering) -> Iterator[str]:
    """Lines of the paragraphs and tables below ``container``, content controls opened."""
    for element in container:
        if element.tag == f"{_W}p":
            yield from _paragraph_lines(element, numbering)
        elif element.tag == f"{_W}tbl":
            yield from _table_lines(element, numbering)
        elif element.tag not in _GONE:
            yield from _block_lines(element, numbering)


def _paragraph_lines(paragraph: Any, numbering: Numbering) -> Iterator[str]:
    text = "".join(_pieces(paragraph))
    if text.strip():
        text = numbering.prefix(paragraph) + text
    yield from text.split("\n")
    for box in paragraph.iter(_BOX):
        if not any(ancestor.tag == _ALTERNATIVE for ancestor in box.iterancestors()):
            yield from _block_lines(box, numbering)


def _pieces(element: Any) -> Iterator[str]:
    """Text of a paragraph as it stands after all tracked changes, without its text boxes."""
    for child in element:
        if child.tag in _GONE or child.tag == _BOX:
            continue
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in _MARKS and child.getparent().tag != f"{_W}tabs":
            yield _MARKS[child.tag]
        else:
            yield from _pieces(child)


def _table_lines(table: Any, numbering: Numbering) -> Iterator[str]:
    """One line a row, tabs between the cells; a cell merged downwards stands in all its rows."""
    above: dict[int, str] = {}  # column → text of the cell that may reach down
    for row in table.iter(f"{_W}tr"):
        if next(row.iterancestors(f"{_W}tbl")) is not table:
            continue  # a row of a table inside a cell: its text belongs to that cell
        cells: list[str] = []
        for cell in row.findall(f"{_W}tc"):
            merged = cell.find(f"{_W}tcPr/{_W}vMerge")
            below = merged is not None and merged.get(f"{_W}val", "continue") == "continue"
            column = len(cells)
            if below:
                cells.append(above.get(column, ""))
            else:
                parts = (part.strip() for part in _block_lines(cell, numbering))
                cells.append("".join(part.replace("\t", " ") for part in parts))
                above[column] = cells[-1]
            across = cell.find(f"{_W}tcPr/{_W}gridSpan")
            if across is not None:
                cells += [""] * (_columns(across.get(f"{_W}val", "1")) - 1)
        yield "\t".join(cells) if len(cells) > 1 else "".join(cells)


def _columns(written: str) -> int:
    return min(int(written), _COLUMNS) if written.isdecimal() and len(written) < 10 else 1


def _furniture(document: Any) -> Iterator[DroppedText]:
    """Running heads and feet: said once, they are no part of the text."""
    said: set[str] = set()
    for section in document.sections:
        for part, reason in ((section.header, "页眉"), (section.footer, "页脚")):
            text = "\n".join(p.text for p in part.paragraphs if p.text.strip())
            if text and text not in said:
                said.add(text)
                yield DroppedText(text, reason)
