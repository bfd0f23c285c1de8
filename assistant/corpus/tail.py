"""Where the measures of a document end: closing clause, signature, annexes, distribution."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.corpus import signals
from assistant.corpus.clean import Piece
from assistant.corpus.paragraphs import ends_paragraph

VALIDITY = re.compile(
    r"^(?:本|以上|上述|该)[^。；]{1,30}?(?:自|从|于|由|有效期)[^。；]{0,40}?(?:施行|实施|执行|生效|有效|年|止)"
    r"|^自[^。；]{2,24}(?:起施行|起实施|起执行)"
)
DISTRIBUTION = re.compile(r"^(?:抄送|主送|抄报|分送)[：:]|印发$|^（?此件.{0,8}公开）?$")


def tail_start(pieces: Sequence[Piece], first: int, last: int, heading: int) -> int:
    """First piece among ``first + 1 … last`` that no longer belongs to the last measure.

    Args:
        heading: pieces that the measure's heading fills; the one behind them is its text.

    Returns ``last + 1`` when all of it does.
    """
    for i in range(first + 1, last + 1):
        text = pieces[i].text
        finished = ends_paragraph(pieces[i - 1].text) or pieces[i].gap
        if signals.APPENDIX.match(text) or DISTRIBUTION.search(text):
            return _with_signature(pieces, first, i)
        if finished and VALIDITY.match(text) and not (heading and i == first + heading):
            return i
        if finished and signals.is_signature(text) and _only_signatures(pieces, i, last):
            return i
    return last + 1


def _only_signatures(pieces: Sequence[Piece], i: int, last: int) -> bool:
    for k in range(i, last + 1):
        text = pieces[k].text
        if signals.APPENDIX.match(text) or DISTRIBUTION.search(text):
            return True
        if not signals.is_signature(text):
            return False
    return True


def _with_signature(pieces: Sequence[Piece], first: int, i: int) -> int:
    while i - 1 > first and signals.is_signature(pieces[i - 1].text):
        i -= 1
    return i
