"""Bytes of a text file → characters, with a refusal of what is no text.

Chinese offices keep UTF-8 (with and without byte order mark), GB18030 (GBK and GB2312 are parts
of it) and, rarely, UTF-16 or Big5.  Nearly every byte string *decodes* as GB18030, so a decoding
counts only when it also reads like Chinese: see :func:`plausibility`.
"""

from __future__ import annotations

import codecs
import re

from assistant.errors import SourceError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SIGNATURES = (
    (b"%PDF-", "PDF 文件"),
    (b"PK\x03\x04", "压缩包或 Office 文件"),
    (b"\xd0\xcf\x11\xe0", "旧版 Office 文件"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"GIF8", "图片"),
    (b"\x1f\x8b", "压缩文件"),
    (b"\x7fELF", "程序文件"),
    (b"MZ\x90", "程序文件"),
)
# The commonest characters of administrative Chinese, simplified and traditional.
_FREQUENT = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子"
    "说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机"
    "企业政府市区务服营商环境规通知办条第项关各单位应当及或与其予按照支持 國這時們個會發動說產種後"
    "學經進著電現實兩體機業務營環規辦條項關單應與"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_FOREIGN_BYTES = 1000  # one undecodable byte in so many is damage, more is another encoding


def decode(data: bytes, name: str) -> tuple[str, str, tuple[str, ...]]:
    """The text of ``data``, the name of its encoding, and warnings for staff.

    Raises:
        SourceError: the file is empty, binary, or in no encoding that reads like text.
    """
    if not data.strip(b"\x00 \t\r\n\x0c"):
        raise SourceError(f"文件 {name} 是空的", "请确认文件已完整保存，再重新入库")
    for signature, what in _SIGNATURES:
        if data.startswith(signature):
            raise SourceError(
                f"文件 {name} 的内容是{what}，不是文本",
                "请改用正确的扩展名，或另存为文本后重新入库",
            )
    text, encoding, warnings = _decode_any(data, name)
    _check_text(text, name)
    return text, encoding, warnings


def plausibility(text: str) -> float:
    """Share of frequent characters among the non-ASCII ones, 0 to 1; 1 for pure ASCII."""
    foreign = [c for c in text if ord(c) > 127 and not c.isspace()]
    if not foreign:
        return 1.0
    return sum(
        c in _FREQUENT or "\u3000" <= c <= "\u303f" or c in "，。：；（）" for c in foreign
    ) / len(foreign)


def _decode_any(data: bytes, name: str) -> tuple[str, str, tuple[str, ...]]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding), encoding, ()
            except UnicodeDecodeError:
                break
    try:
        return data.decode("utf-8"), "utf-8", ()
    except UnicodeDecodeError as error:
        damage = _damaged_utf8(data, error)
    if damage is not None:
        return damage, "utf-8", ("文件中有无法识别的字节，已用�代替，请核对原文",)
    return _decode_legacy(data, name)


def _damaged_utf8(data: bytes, error: UnicodeDecodeError) -> str | None:
    """UTF-8 with a few broken bytes (a truncated last character, a bad copy), else ``None``."""
    if error.start >= len(data) - 3 and error.start > 0:
        return data[: error.start].decode("utf-8") + "\ufffd"
    text = data.decode("utf-8", errors="replace")
    return text if text.count("\ufffd") * _FOREIGN_BYTES <= len(data) else None


def _decode_legacy(data: bytes, name: str) -> tuple[str, str, tuple[str, ...]]:
    found: list[tuple[float, str, str, tuple[str, ...]]] = []
    for encoding in ("gb18030", "big5", "utf-16-le", "utf-16-be"):
        warnings: tuple[str, ...] = ()
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            text = data.decode(encoding, errors="replace")
            if text.count("\ufffd") * _FOREIGN_BYTES > len(data) and len(data) > _FOREIGN_BYTES:
                continue
            warnings = ("文件中有无法识别的字节，已用�代替，请核对原文",)
        found.append((plausibility(text), encoding, text, warnings))
    score, encoding, text, warnings = max(found, default=(0.0, "", "", ()))
    if score < 0.15:
        raise SourceError(
            f"无法识别文件 {name} 的文字编码", "请用记事本或 WPS 另存为 UTF-8 文本后重新入库"
        )
    return text, encoding, warnings


def _check_text(text: str, name: str) -> None:
    """Refuse what decodes but is no text: control characters in number."""
    controls = len(_CONTROL.findall(text))
    if controls * 200 > len(text):
        raise SourceError(
            f"文件 {name} 是二进制内容，不是文本", "请检查文件是否损坏，或另存为文本后重新入库"
        )
    if not text.strip("\ufeff \t\r\n\x0c\u3000"):
        raise SourceError(f"文件 {name} 没有文字", "请确认文件已完整保存，再重新入库")
