"""What every reader returns: the text lines of one source file and what was left out of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from assistant.errors import SourceError

# A law of 1,260 articles has some 4,000 lines and 120,000 characters: this is a whole collection.
MOST_LINES, MOST_CHARACTERS = 200_000, 20_000_000


@dataclass(frozen=True, slots=True)
class DroppedText:
    """Text of the file that is no line of :class:`SourceText`, with the reason (Chinese)."""

    text: str
    reason: str  # 网页导航, 页眉, 页脚, 页码 …
    page: int | None = None


@dataclass(frozen=True, slots=True)
class SourceText:
    """The text of a source file.

    ``lines`` carry no line ends.  For ``.txt`` and ``.md`` line ``i`` of the file is
    ``lines[i - 1]`` and no line is missing; other formats have no lines of their own, there the
    numbers count the lines given here.  ``pages`` is empty, or gives the page of every line.
    """

    name: str
    sha256: str  # of the file's bytes
    format: str  # txt, md, html, docx, pdf
    encoding: str | None  # of text formats: utf-8, utf-8-sig, gb18030 …
    lines: tuple[str, ...]
    pages: tuple[int, ...] = ()
    dropped: tuple[DroppedText, ...] = ()
    warnings: tuple[str, ...] = ()  # for staff, Chinese
    url: str | None = None  # where a web page says that it stands

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def bounded(lines: Iterable[str], name: str) -> Iterator[str]:
    """The lines, as long as they are no more than a source may have.

    Raises:
        SourceError: a small file can unfold into more than memory holds (merged cells, empty
            paragraphs).
    """
    characters = 0
    for number, line in enumerate(lines, 1):
        characters += len(line)
        if number > MOST_LINES or characters > MOST_CHARACTERS:
            raise SourceError(
                f"文件 {name} 展开后超过 {MOST_LINES // 10_000} 万行或"
                f" {MOST_CHARACTERS // 10_000} 万字",
                "该文件未入库；请删去空白段落和多余的表格行，或拆成几个文件后重新入库",
            )
        yield line
