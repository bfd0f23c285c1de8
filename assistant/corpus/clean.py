"""Source lines → pieces of text, with everything that is no text set aside with a reason."""

from __future__ import annotations

import re
from bisect import bisect
from dataclasses import dataclass

from assistant.corpus import signals
from assistant.corpus.glue import glue_points
from assistant.corpus.text import tidy

PAGE = re.compile(r"^#\s*Page\s+(\d+)\s*+:?\s*$")
PAGE_NUMBER = re.compile(
    r"^[—－\-–]{1,2}\s*\d{1,4}\s*[—－\-–]{1,2}$|^第\s*\d+\s*页(\s*[,，/共]\s*+\d*\s*+页?)?$"
)
_MARKDOWN = re.compile(r"^\s*#{1,6}\s+(?=\S)")
_NEAR, _FAR = 6, 10**9  # lines
# Characters; the longest line of the sources has 1,637.  What is longer is read in stretches, as
# the patterns compare a line with itself.
_LONGEST_LINE = 10_000
_SHORT, _SITE_NAME = 80, 8  # characters
_SENTENCE = re.compile(r"[。；，]")
_LINKS = re.compile(r"^相关(稿件|链接|文件)[：:]?$")
COMMENT = re.compile(r"^<!--.*-->$")
IMAGE = re.compile(r"^[\w\-一-鿿]{1,20}\.(png|jpe?g|gif|bmp)$", re.IGNORECASE)
_FURNITURE: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "网页按钮",
        re.compile(
            r"^(字号\s*+[：:]?\s*+大\s*中\s*小|分享\s*[：:]?|打印(本页)?|关闭(窗口)?|收藏|返回(顶部)?|上一[页篇]|下一[页篇]|\[打印本页\].*|打印\s*关闭.*)$"
        ),
    ),
    (
        "网页导航",
        re.compile(
            r"^(?:(?:您|当前)\S{0,4}位置\s*[：:].{0,60}|首页\s*[>＞»].{0,60}"
            r"|(?=(?:[^\s|。]{2,10}\s*\|\s*)*?(?:网站地图|联系我们|关于我们|网站声明|隐私声明)\s*(?:\||$))"
            r"[^\s|。]{2,10}(?:\s*\|\s*[^\s|。]{2,10})*)$"
        ),
    ),
    ("网页翻页", re.compile(r"^总共\s*\d+\s*页.*$")),
    (
        "网页导航",
        re.compile(
            r"^(市政府部门网站|区政府网站|本市重要机构网站|管委会网站|中央政府和国家部委网站|地方政府网站|国内重要城市网站|友情链接|国家和地方科技部|上海市政府及其部门网站|上海各区网站|上海市科技系统单位|科普科协网站|其他网站|网站地图|指南建议征集|手机法律图书馆.*)(\s.*)?$"
        ),
    ),
    (
        "网站页脚",
        re.compile(r"^.*(ICP备|公网安备|网站标[识记]码|适老化无障碍|最佳浏览效果|浏览器版本).*"),
    ),
    (
        "网站页脚",
        re.compile(
            r"^(主办(单位)?[：:].*|承办单位?[：:].*|地址[：:].{4,60}|邮编[：:]?\s*\d{6}|邮政编码[：:].*|联系电话[：:].*|上海政务服务总客服.*|工作时间[：:].*|本网站由.*维护|.*版权申明|\d{7,}沪.*|.*沪公安备|\d{8,}-\d.*主办)$"
        ),
    ),
    (
        "网站声明",
        re.compile(
            r"^(=+|声明：本法规由.*|\(?https?://.*|.*免费提供\.?|仅供学术研究参考使用.*|请与正式出版物.*|相关法规[：:]?|（注：1\.只接收.*|政策性文件留言咨询)$"
        ),
    ),
    (
        "转载署名",
        re.compile(r"^(本文源自[：:].*|作者[：:]\s*\S{1,12}|上观号作者[：:].*|责任编辑[：:].*)$"),
    ),
    (
        "相关链接",
        re.compile(
            r"^(【(原文下载|相关信息|图文解读|图解|政策解读|解读)】.*|相关稿件[：:]?|相关(链接|文件|解读)[：:]?|.{4,80}\.(pdf|docx?|wps|ofd|xlsx?))$"
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one source line that is text: ``lines[line - 1][start:end]``, tidied."""

    line: int
    start: int
    end: int
    text: str
    page: int | None = None
    gap: bool = False  # blank lines (or the file's start) before it


@dataclass(frozen=True, slots=True)
class Dropped:
    """A stretch of one source line that is no text of any document."""

    line: int
    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True)
class Cleaned:
    pieces: tuple[Piece, ...]
    dropped: tuple[Dropped, ...]


def clean(lines: tuple[str, ...], pages: tuple[int, ...] = ()) -> Cleaned:
    """Part the lines of a source into pieces of text and dropped furniture.

    Args:
        lines: the lines of the source, without line ends.
        pages: the page of every line where the reader knows it; else page marks are looked for.
    """
    tidied = [tidy(line) if len(line) <= _LONGEST_LINE else "" for line in lines]
    full = [(n, text) for n, text in enumerate(tidied, 1) if text and not PAGE.match(text)]
    cuts: dict[int, list[int]] = {}
    for i, (n, text) in enumerate(full):
        if len(text) > 8:
            found = glue_points(
                text, [t for _, t in full[i + 1 : i + 9]], [t for _, t in full[max(0, i - 3) : i]]
            )
            if found:
                cuts[n] = found
    return _Cleaner(lines, tidied, pages, cuts).run()


class _Cleaner:
    """Walks over the lines once, keeping the page and whether a list of links is open."""

    def __init__(
        self,
        lines: tuple[str, ...],
        tidied: list[str],
        pages: tuple[int, ...],
        cuts: dict[int, list[int]],
    ) -> None:
        self.lines, self.tidied, self.pages, self.cuts = lines, tidied, pages, cuts
        self.pieces: list[Piece] = []
        self.dropped: list[Dropped] = []
        self.page: int | None = None
        self.gap = True
        self.links = False  # below 相关稿件：

    def run(self) -> Cleaned:
        for number, line in enumerate(self.lines, 1):
            if self.pages:
                self.page = self.pages[number - 1]
            text = self.tidied[number - 1]
            if len(line) > _LONGEST_LINE:
                self._take_long(number, line)
                continue
            if not text:
                self.gap = True
                continue
            start = 0
            marker = _MARKDOWN.match(line)
            if marker and not PAGE.match(text):
                start, text, self.gap = marker.end(), tidy(line[marker.end() :]), True
                self.dropped.append(Dropped(number, 0, start, "标题标记"))
            piece = Piece(number, start, len(line), text, self.page, self.gap)
            for at in reversed(self.cuts.get(number, [])):
                left, piece = cut(piece, line, at)
                self._take(left)
                self.links = False
            self._take(piece)
        return self._without_footers()

    def _take_long(self, number: int, line: str) -> None:
        """A line too long to be read at once, in stretches that end with a sentence if they can."""
        start = 0
        while start < len(line):
            end = start + _LONGEST_LINE
            stop = max(line.rfind(mark, start, end) for mark in "。；") + 1
            end = min(stop if stop and end < len(line) else end, len(line))
            if text := tidy(line[start:end]):
                self._take(Piece(number, start, end, text, self.page, self.gap))
            start = end

    def _without_footers(self) -> Cleaned:
        """Drop the short lines that stand inside a block of web furniture."""
        furniture = sorted(d.line for d in self.dropped if d.reason.startswith(("网页", "网站")))
        kept: list[Piece] = []
        for piece in self.pieces:
            if furniture and _in_footer(piece, furniture):
                self.dropped.append(Dropped(piece.line, piece.start, piece.end, "网站页脚"))
            else:
                kept.append(piece)
        return Cleaned(tuple(kept), tuple(sorted(self.dropped, key=lambda d: (d.line, d.start))))

    def _take(self, piece: Piece) -> None:
        mark = PAGE.match(piece.text)
        reason = "页码标记" if mark else furniture(piece.text)
        if not reason and self.links and not _ends_links(piece.text):
            reason = "相关链接"
        if not reason:
            self.links = False
            self.pieces.append(piece)
            self.gap = False
            return
        self.dropped.append(Dropped(piece.line, piece.start, piece.end, reason))
        if mark:
            self.page = int(mark.group(1))
        elif reason != "页码":
            self.gap = True
            self.links = self.links or bool(_LINKS.match(piece.text))


def _in_footer(piece: Piece, furniture: list[int]) -> bool:
    """Whether a line lies between two near lines of web furniture, or names the site above them."""
    at = bisect(furniture, piece.line)
    after = furniture[at] - piece.line if at < len(furniture) else _FAR
    if len(piece.text) <= _SITE_NAME and after == 1 and not _SENTENCE.search(piece.text):
        return True
    before = piece.line - furniture[at - 1] if at else _FAR
    return (
        before <= _NEAR
        and after <= _NEAR
        and len(piece.text) < _SHORT
        and not _SENTENCE.search(piece.text)
        and not signals.is_title(piece.text)
        and not signals.NUMBER.match(piece.text)
    )


def _ends_links(text: str) -> bool:
    return bool("。" in text or len(text) > 160 or signals.NUMBER.match(text))


def furniture(text: str) -> str | None:
    """Why a tidied line is no text of a document; ``None`` when it is."""
    if len(text) > 40 and text[-1] in "。；：" and "浏览" not in text:
        return None
    if PAGE_NUMBER.match(text):
        return "页码"
    if COMMENT.match(text):
        return "注释标记"
    if IMAGE.match(text):
        return "图片（内容缺失）"
    return next((reason for reason, pattern in _FURNITURE if pattern.match(text)), None)


def cut(piece: Piece, source: str, at: int) -> tuple[Piece, Piece]:
    """Cut a piece where the character ``at`` of its tidied text begins.

    Args:
        source: the source line the piece comes from.
    """
    seen = 0
    target = len("".join(piece.text[:at].split()))
    column = piece.start
    while seen < target and column < piece.end:
        step = 1
        if source[column] == "&" and ";" in source[column : column + 10]:
            step = source.index(";", column) - column + 1
        if tidy(source[column : column + step]):
            seen += 1
        column += step
    left = Piece(piece.line, piece.start, column, piece.text[:at].strip(), piece.page, piece.gap)
    right = Piece(piece.line, column, piece.end, piece.text[at:].strip(), piece.page, True)
    return left, right
