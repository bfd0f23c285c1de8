"""Web pages: the main text by trafilatura; menus, share buttons and footers are left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from assistant.corpus.addresses import usable
from assistant.corpus.readers.encodings import decode
from assistant.corpus.readers.source_text import DroppedText, SourceText, bounded
from assistant.errors import SourceError

_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*+=\s*+["']?\s*+([\w-]+)""", re.IGNORECASE)
_SAVED_FROM = re.compile(r"<!-- saved from url=\(\d+\)(\S+) -->")
_CHINESE = {"gb2312", "gbk", "gb_2312-80", "x-gbk"}  # what pages say that are written in GB18030
_BLOCK_TAG = re.compile(
    r"address|article|aside|blockquote|body|br|caption|d[dlt]|div|fieldset|figcaption|footer|form"
    r"|h[1-6r]|header|li|main|nav|[ou]l|option|p|pre|section|select|table|tr"
)
_SILENT = frozenset(("script", "style", "noscript", "template", "head"))
_LONGEST_CELL = 600  # characters; more is an article, not a cell
_WIDEST, _HIGHEST = 63, 1000  # columns, rows; more than any table that is read
_MOST_FILLED = 50_000  # cells of a page that merging hides; few tables have so many at all
_LONGEST_TITLE, _LONGEST_MENU = 120, 60  # characters
_MENU = 20  # lines at the top among which the title is looked for
_BLANKS = re.compile(r"[ \t\r\f\v\xa0\u3000]+")


def read_html(name: str, data: bytes, sha256: str) -> SourceText:
    """The lines of the page's main text; table rows have tabs between their cells.

    Raises:
        SourceError: the page is empty or has no text.
    """
    text, encoding, warnings = _decode(data, name)
    tree = _parse(text, name)
    everything = list(bounded(_lines(tree), name))
    if not everything:
        raise SourceError(
            f"网页 {name} 没有文字", "如果内容由脚本生成，请在浏览器中另存为文本或 PDF"
        )
    lines = _from_title(_main_lines(text, everything), _title(tree))
    kept = set(lines)
    dropped = tuple(DroppedText(line, "网页其他内容") for line in everything if line not in kept)
    return SourceText(
        name,
        sha256,
        "html",
        encoding,
        tuple(lines),
        dropped=dropped,
        warnings=warnings,
        url=_address(text, tree),
    )


def _decode(data: bytes, name: str) -> tuple[str, str, tuple[str, ...]]:
    """As the page declares; as the bytes look, when it declares nothing or wrongly."""
    declared = _CHARSET.search(data[:4096])
    if declared:
        encoding = declared[1].decode("ascii", "ignore").lower()
        encoding = "gb18030" if encoding in _CHINESE else encoding
        try:
            return data.decode(encoding), encoding, ()
        except (UnicodeDecodeError, LookupError):
            pass
    return decode(data, name)


def _parse(text: str, name: str) -> Any:
    from lxml import html
    from lxml.etree import ParserError

    try:
        # lxml refuses a declared encoding in a decoded string
        tree = html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
    except (ParserError, ValueError) as error:
        raise SourceError(f"网页 {name} 没有内容", "请重新保存网页后入库") from error
    filled = 0
    for table in list(tree.iter("table")):
        for n in _fill_merged(table):
            filled += n
            if filled > _MOST_FILLED:
                raise SourceError(
                    f"网页 {name} 的合并单元格展开后超过 {_MOST_FILLED // 10_000} 万格",
                    "该文件未入库；请核对表格，或另存为 .txt 后重新入库",
                )
    for items in tree.iter("ol"):
        start = items.get("start") or "1"
        first = int(start) if start.isdecimal() and len(start) < 6 else 1
        for number, item in enumerate(items.findall("li"), first):
            item.text = f"{number}. {(item.text or '').lstrip()}"
    return tree


def _fill_merged(table: Any) -> Iterator[int]:
    """Give every row all columns: what reaches down stands in each row, blanks where it reaches
    across.  Tells after each cell how many were added."""
    below: dict[int, tuple[int, str]] = {}  # column → rows that a cell reaches into, its text
    for row in table.iter("tr"):
        if next(row.iterancestors("table")) is not table or not _is_data_row(row):
            continue
        column = 0
        for cell in [c for c in row if c.tag in ("td", "th")]:
            start, column = column, _fill_from_above(row, below, column, cell)
            width, height = _span(cell, "colspan", _WIDEST), _span(cell, "rowspan", _HIGHEST)
            yield column - start + width - 1
            for k in range(width):
                if k:
                    cell.addnext(cell.makeelement("td"))
                below[column + k] = height - 1, "" if k else cell.text_content()
            column += width
        yield _fill_from_above(row, below, column, None) - column


def _fill_from_above(row: Any, below: dict[int, tuple[int, str]], column: int, cell: Any) -> int:
    """The cells above before ``cell`` (``None``: at the end); the column that comes next."""
    while column in below and below[column][0] > 0:
        rows, text = below[column]
        below[column] = rows - 1, text
        filled = row.makeelement("td")
        filled.text = text
        if cell is None:
            row.append(filled)
        else:
            cell.addprevious(filled)
        column += 1
    return column


def _span(cell: Any, name: str, most: int) -> int:
    value = (cell.get(name) or "1").strip()
    return max(1, min(int(value), most)) if value.isdecimal() and len(value) < 10 else 1


def _main_lines(text: str, everything: list[str]) -> list[str]:
    """The lines of the whole page from the first to the last that trafilatura holds for content.

    Trafilatura decides *where* the text is; the lines between are taken as they stand, because
    it drops what it finds too short or repeated: enumerators alone on a line, 附件 lists.
    """
    from trafilatura import extract

    found = extract(
        text, output_format="txt", include_tables=True, include_comments=False, favor_recall=True
    )
    content = {_squeezed(line) for line in (found or "").split("\n") if len(_squeezed(line)) > 1}
    places = [n for n, line in enumerate(everything) if _belongs(_squeezed(line), content)]
    if not places:
        return everything
    first, last = places[0], places[-1]
    last += _rows_behind(everything[last + 1 :])
    title = _title_before(everything, first)
    return [*([everything[title]] if title is not None else []), *everything[first : last + 1]]


def _rows_behind(lines: list[str]) -> int:
    """How many rows of a table stand at the front, which trafilatura drops at the end of a page.

    A single row is a menu.
    """
    columns = lines[0].count("\t") if lines else 0
    if not columns:
        return 0
    rows = next((n for n, line in enumerate(lines) if line.count("\t") != columns), len(lines))
    return rows if rows > 1 else 0


def _title(tree: Any) -> str:
    """The title that the page states for itself: as government sites do, in its first heading, or
    for those who share it; empty when it states none."""
    stated = (
        *tree.xpath("//meta[@name='ArticleTitle']/@content"),
        *(heading.text_content() for heading in tree.iter("h1")),
        *tree.xpath("//meta[@property='og:title']/@content"),
    )
    titles = (" ".join(str(title).split()) for title in stated)
    return next((title for title in titles if 4 <= len(title) <= _LONGEST_TITLE), "")


def _address(text: str, tree: Any) -> str | None:
    """Where the page stands: as the browser noted that saved it, or as the page says of itself."""
    saved = _SAVED_FROM.search(text[:4096])
    stated = (
        *([saved[1]] if saved else []),
        *tree.xpath("//link[@rel='canonical']/@href"),
        *tree.xpath("//meta[@property='og:url']/@content"),
    )
    return next((url for one in stated if (url := usable(str(one)))), None)


def _from_title(lines: list[str], title: str) -> list[str]:
    """The lines from the title on; menus and the path to the page stand above it."""
    if not title:
        return lines
    wanted = _squeezed(title)
    for place, line in enumerate(lines[:_MENU]):
        if _squeezed(line) == wanted:
            return lines[place:]
    begins = any(_squeezed(line) and wanted.startswith(_squeezed(line)) for line in lines[:_MENU])
    return lines if begins else [title, *_without_menu(lines)]


def _without_menu(lines: list[str]) -> list[str]:
    """Without the links at the top: 首页 > 政务公开, 登录 注册."""
    menu = re.compile(r"首页\s*[>＞»/]|(?:您|当前).{0,4}位置|登录|注册|无障碍")
    start = 0
    while start < len(lines) and len(lines[start]) < _LONGEST_MENU and menu.search(lines[start]):
        start += 1
    return lines[start:]


def _belongs(line: str, content: set[str]) -> bool:
    return line in content or (
        len(line) >= 12 and any(line in c or c in line for c in content if len(c) >= 12)
    )


def _title_before(everything: list[str], first: int) -> int | None:
    """A line shortly before the content that reads like the title of a policy."""
    for place in range(first - 1, max(-1, first - 6), -1):
        if re.search(r"(?:通知|意见|办法|方案|措施|规定|决定|细则|条例|公告)$", everything[place]):
            return place
    return None


def _lines(tree: Any) -> Iterator[str]:
    """All text of the page, one line a block, tabs between the cells of a row."""
    line: list[str] = []

    def flush() -> Iterator[str]:
        cells = [_BLANKS.sub(" ", cell).strip() for cell in "".join(line).split("\t")]
        line.clear()
        text = "\t".join(cells[:-1] if len(cells) > 1 and not cells[-1] else cells)
        if text.strip():
            yield text  # blank cells at the front stay: they hold the columns in place

    def walk(element: Any, in_cell: bool, in_data_row: bool) -> Iterator[str]:
        if not isinstance(element.tag, str) or element.tag in _SILENT:
            return
        cell = element.tag in ("td", "th") and in_data_row
        block = _BLOCK_TAG.fullmatch(element.tag) is not None and not in_cell
        block = block or (element.tag in ("td", "th") and not cell and not in_cell)
        if block:
            yield from flush()
        line.append(_BLANKS.sub(" ", (element.text or "").replace("\n", " ")))
        data_row = _is_data_row(element)
        for child in element:
            yield from walk(child, in_cell or cell, data_row)
            line.append(_BLANKS.sub(" ", (child.tail or "").replace("\n", " ")))
        if cell:
            line.append("\t")
        if block:
            yield from flush()

    yield from walk(tree, False, False)
    yield from flush()


def _is_data_row(row: Any) -> bool:
    """Whether the cells are data; old pages lay out whole articles in the cells of a table."""
    cells = [child for child in row if child.tag in ("td", "th")]
    return len(cells) > 1 and all(
        cell.find(".//table") is None and len(cell.text_content()) <= _LONGEST_CELL
        for cell in cells
    )


def _squeezed(line: str) -> str:
    return re.sub(r"[\s|\-•·]+", "", line)
