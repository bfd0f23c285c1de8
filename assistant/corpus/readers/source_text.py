"""What every reader returns: the text lines of one source file and what was left out of them."""

from __future__ import annotations

from dataclasses import dataclass


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

    @property
    def text(self) -> str:
        return "\n".join(self.lines)
