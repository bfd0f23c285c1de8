"""Web addresses of documents: what may be shown as a link, and what a source says of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from assistant.errors import BadInputError

LONGEST = 500  # characters
_NEXT = "请写完整的网址，例如 https://www.shanghai.gov.cn/…"
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_UNSAFE = re.compile(r"[\s\x00-\x1f\x7f\\\"'<>`{}|^]")
_STATED = re.compile(
    r"\s{0,8}(?:(?:原文|来源|信息来源|文件来源)(?:链接|网址|地址)?|source|url|link|canonical)"
    r"\s{0,4}[：:]\s{0,4}[<\"'（(]?(?P<url>https?://[^\s<>\"'）)，。；]+)",
    re.IGNORECASE,
)
_HEAD, _TAIL = 15, 5  # lines of a document among which it states its address


def checked(text: str) -> str:
    """The address as it may stand in a link.

    Raises:
        BadInputError: not http or https, no public host name, or signs that no address has.
    """
    url = text.strip()
    shown = f"“{url[:60]}”"
    if not url.lower().startswith(("http://", "https://")):
        raise BadInputError(f"网址 {shown} 不是 http 或 https 开头", _NEXT)
    if len(url) > LONGEST or _UNSAFE.search(url):
        raise BadInputError(f"网址 {shown} 太长，或含空格、引号等字符", _NEXT)
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise BadInputError(f"网址 {shown} 无法识别", _NEXT) from error
    if "@" in parts.netloc or not _is_public(host):
        raise BadInputError(f"网址 {shown} 的主机名不对", _NEXT)
    return url


def _is_public(host: str) -> bool:
    """A name with a dot that ends in letters, as that of no machine inside and no number does."""
    labels = host.split(".")
    top = labels[-1]
    return (
        len(labels) > 1
        and all(_LABEL.fullmatch(label) for label in labels)
        and (top.isalpha() or top.startswith("xn--"))
    )


def usable(text: str | None) -> str | None:
    """The address, or None where it is none: what a file says of itself fails nothing."""
    try:
        return checked(text) if text else None
    except BadInputError:
        return None


def stated(lines: Sequence[str]) -> str | None:
    """The address that the lines of a document state as its own, at their beginning or end.

    Addresses at which to apply, or which the text mentions, are not meant.
    """
    ends = [*lines[:_HEAD], *lines[_HEAD:][-_TAIL:]]
    found = (match["url"] for line in ends if (match := _STATED.match(line)))
    return next((url for text in found if (url := usable(text))), None)
