"""Pieces of one source → the stretches that are one document each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.corpus import signals
from assistant.corpus.clean import Piece
from assistant.corpus.numbering import enumerator
from assistant.corpus.paragraphs import ends_paragraph
from assistant.corpus.text import join, squash

_DATE = r"[（(]\s*(?:19|20)\d\d\s*年\s*\d+\s*月\s*\d+\s*日\s*[）)]"
_COMPENDIUM = re.compile(rf"^(\d{{1,3}})[.．]\s*(?P<title>[^。；]{{8,160}}?)(?P<date>{_DATE})")
_NOW_ISSUED = re.compile(
    r"^(?:经[^。]{2,30}同意，)?(?:现将|将)?《[^》]{4,80}》.{0,60}"
    r"(?:现印发|现转发|现予|予以印发|予以公布|印发给你们|转发给你们)"
)
_FIRST_UNIT = re.compile(r"^第\s*一\s*[编章节条]|^目\s*录$|^一、")
_MAX_TITLE_PIECES = 14


@dataclass(frozen=True, slots=True)
class Segment:
    """The pieces of one document; ``compendium`` pieces at its start carry its listed title."""

    pieces: tuple[Piece, ...]
    compendium: int = 0  # pieces taken by the ordinal, title and date of a compendium


def segment(pieces: Sequence[Piece]) -> list[Segment]:
    """Part the pieces of one source into documents, in order; every piece is in exactly one."""
    if not pieces:
        return []
    starts = _Starts(pieces).find()
    if not starts or starts[0][0] != 0:
        starts = _with_beginning(pieces, starts)
    bounds = [at for at, _ in starts] + [len(pieces)]
    return [
        Segment(tuple(pieces[a:b]), taken) for (a, taken), b in zip(starts, bounds[1:], strict=True)
    ]


def _with_beginning(
    pieces: Sequence[Piece], starts: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Text before the first start: a few short lines belong to it, more is a document."""
    if starts:
        before = pieces[: starts[0][0]]
        if len(before) <= 6 and sum(len(p.text) for p in before) < 200:
            at, taken = starts[0]
            return [(0, taken + at if taken else 0), *starts[1:]]
    return [(0, 0), *starts]


class _Starts:
    """One walk over the pieces, knowing whether the current document's body has begun."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.pieces = pieces
        self.texts = [p.text for p in pieces]
        self.ordinal = 0  # the compendium's last ordinal

    def find(self) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        body = 0  # numbered units and long sentences since the last start
        i = 0
        while i < len(self.texts):
            taken = self._compendium(i)
            if taken:
                found.append((i, taken))
                body, i = 0, i + taken
                continue
            if self._lost_title(i) or (body >= 2 and self._starts_here(i)):
                found.append((i, 0))
                body = 0
            body += self._weight(i)
            i += 1
        return found

    def _weight(self, i: int) -> int:
        text = self.texts[i]
        if enumerator(text):
            return 2
        return int(len(text) > 60 and not signals.is_cover(text) and not signals.is_head(text))

    def _compendium(self, i: int) -> int:
        """Number of pieces that make an entry ``12. 标题（2023年1月20日）``; 0 when none."""
        if not re.match(r"\d{1,3}[.．]", self.texts[i]):
            return 0
        for n in range(1, _MAX_TITLE_PIECES + 1):
            parts = self.texts[i : i + n]
            if n > 1 and re.match(r"\d{1,3}[.．]", parts[-1]):
                return 0
            match = _COMPENDIUM.match(join(parts))
            if match:
                return n if self._entry(i, n, match) else 0
        return 0

    def _entry(self, i: int, n: int, match: re.Match[str]) -> bool:
        ordinal, title = int(match.group(1)), match.group("title").strip()
        if not (signals.COVER_TITLE.match(title) or signals.is_title(title)):
            return False
        if self.ordinal and not self.ordinal < ordinal <= self.ordinal + 3:
            return False
        self.ordinal = ordinal
        return True

    def _next(self, i: int, count: int) -> list[str]:
        return self.texts[i + 1 : i + 1 + count]

    def _starts_here(self, i: int) -> bool:
        text = self.texts[i]
        if enumerator(text) or (i and signals.APPENDIX.match(self.texts[i - 1])):
            return False
        if not self._finished(i):
            return False
        after = self._next(i, 4)
        if signals.COVER_TITLE.match(text) and self._front(text, after):
            return True
        if (
            signals.ORDER.match(text)
            and text.endswith("令")
            and after
            and signals.ORDER.match(after[0])
        ):
            return True
        if signals.NUMBER.match(text):
            return any(
                signals.ADDRESSEE.match(t) or _NOW_ISSUED.match(t) or signals.is_title(t)
                for t in after[:3]
            )
        if signals.is_org_line(text) and not signals.DATE.match(text):
            return self._issuers_then_number(i)
        if signals.is_title(text):
            return self._front(text, after) or any(_FIRST_UNIT.match(t) for t in after[:2])
        if signals.ADDRESSEE.match(text):
            return bool(after and _NOW_ISSUED.match(after[0]))
        return bool(_NOW_ISSUED.match(text))

    def _finished(self, i: int) -> bool:
        """Whether the line above is complete; broken lines may begin with anything."""
        above = self.texts[i - 1]
        return self.pieces[i].gap or ends_paragraph(above) or signals.is_head(above)

    def _front(self, text: str, after: list[str]) -> bool:
        return any(
            t == text
            or signals.NUMBER.match(t)
            or signals.WEB_META.match(t)
            or signals.ADDRESSEE.match(t)
            or signals.PROMULGATED.match(t)
            or (k == 0 and signals.DATE.match(t) and t[0] in "（(")
            for k, t in enumerate(after[:3])
        )

    def _issuers_then_number(self, i: int) -> bool:
        for text in self._next(i, 8):
            bare = squash(text)
            if signals.NUMBER.match(bare):
                return True
            if not signals.is_org_line(bare):
                return False
        return False

    def _lost_title(self, i: int) -> bool:
        """A cut was made right before this piece, behind a signature; its title is lost."""
        piece = self.pieces[i]
        return bool(
            i
            and piece.line == self.pieces[i - 1].line
            and signals.is_org_line(self.texts[i - 1])
            and len(piece.text) > 40
        )
