"""What staff typed into a preview → corrections of the documents in the file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from assistant.corpus.addresses import LONGEST, checked
from assistant.corpus.corrections import FIELDS, Correction
from assistant.corpus.districts import DISTRICTS
from assistant.errors import BadInputError
from assistant.question.references import doc_numbers
from assistant.records import Document, ParsedDocument

Typed = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]


class Corrected(BaseModel):
    """The fields of one document as the form has them; empty where nothing is stated."""

    model_config = ConfigDict(extra="forbid")

    line_start: int
    title: Typed
    doc_number: Typed
    district: Typed
    effective_from: Typed
    expires: Typed
    url: Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST)] | None = None


def differing(typed: Sequence[Corrected], documents: Sequence[ParsedDocument]) -> list[Correction]:
    """Only what differs from what was read, so that what was read well follows a better parser.

    Raises:
        BadInputError: no title, an unknown district, no date, an end before the beginning,
            no address.
    """
    read = {parsed.document.line_start: parsed.document for parsed in documents}
    found = []
    for one in typed:
        document = read.get(one.line_start)
        if document is None:
            raise BadInputError("更正与文件对不上", "请重新预览后再更正")
        values = _values(one, document)
        changed = {name: values[name] for name in FIELDS if values[name] != getattr(document, name)}
        if changed:
            found.append(Correction(one.line_start, changed))
    return found


def _values(typed: Corrected, document: Document) -> dict[str, str | None]:
    if not typed.title:
        raise BadInputError("标题不能为空", "请填写文件的标题")
    if typed.district and typed.district not in {*DISTRICTS, document.district}:
        raise BadInputError(f"没有这个区：{typed.district}", "请从列表中选择")
    begins, ends = _day(typed.effective_from), _day(typed.expires)
    if begins and ends and ends < begins:
        raise BadInputError(f"有效期止 {ends} 早于施行日期 {begins}", "请核对两个日期")
    number = next(iter(doc_numbers(typed.doc_number)), typed.doc_number)
    return {
        "title": typed.title,
        "doc_number": number or None,
        "district": typed.district or None,
        "effective_from": begins,
        "expires": ends,
        "url": document.url if typed.url is None else checked(typed.url) if typed.url else None,
    }


def _day(typed: str) -> str | None:
    try:
        return date.fromisoformat(typed).isoformat() if typed else None
    except ValueError as error:
        raise BadInputError(f"不是日期：{typed}", "请写成 2025-04-01 的形式") from error
