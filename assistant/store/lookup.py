"""Finding a document or a measure by what people call it."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from assistant.errors import UnknownDocumentError
from assistant.records import Document, Measure
from assistant.store.authored import plain, plain_label
from assistant.store.catalogue import Catalogue

_SHOWN = 5


def find_document(catalogue: Catalogue, name: str) -> Document:
    """The document with that ``doc_id``, number or title; part of a title will do if only one fits.

    Raises:
        UnknownDocumentError: none fits, or several do (they are named).
    """
    documents = catalogue.documents()
    wanted = plain(name)
    tests = (
        lambda d: d.doc_id == name,
        lambda d: plain(d.title) == wanted,
        lambda d: bool(d.doc_number) and plain(d.doc_number) == wanted,
        lambda d: len(wanted) >= 2 and wanted in plain(d.title),
        lambda d: len(wanted) >= 2 and bool(d.doc_number) and wanted in plain(d.doc_number),
    )
    for test in tests:
        found = [document for document in documents if test(document)]
        if len(found) == 1:
            return found[0]
        if found:
            raise UnknownDocumentError(
                f"有 {len(found)} 份文件符合“{name}”：{_names(found)}", "请用完整的标题或 doc_id"
            )
    near = _nearest(name, documents)
    hint = f"相近的有：{_names(near)}" if near else "请用 assistant docs 查看已入库的文件"
    raise UnknownDocumentError(f"没有找到文件“{name}”", hint)


def find_measure(catalogue: Catalogue, document: Document, label: str) -> Measure:
    """The measure with that label; the end of its path will do if only one fits.

    Raises:
        UnknownDocumentError: none fits, or several do (they are named).
    """
    measures = [m for m in catalogue.measures(document.doc_id)]
    wanted = plain_label(label)
    labelled = [(plain_label(m.label), m) for m in measures if m.label]
    exact = [m for own, m in labelled if own == wanted]
    found = exact or [m for own, m in labelled if wanted and own.endswith(f"/{wanted}")]
    found = found or [m for m in measures if m.label is None and m.part == label]
    if len(found) == 1 or exact:
        return found[0]
    if found:
        labels = "、".join(m.label or m.part for m in found[:_SHOWN])
        raise UnknownDocumentError(f"有 {len(found)} 条符合“{label}”：{labels}", "请写出完整的编号")
    near = difflib.get_close_matches(label, [m.label for m in measures if m.label], _SHOWN, 0.3)
    raise UnknownDocumentError(
        f"《{document.title}》中没有“{label}”",
        f"相近的有：{'、'.join(near)}"
        if near
        else f"请用 assistant show {document.doc_id} 查看全部编号",
    )


def _nearest(name: str, documents: Sequence[Document]) -> list[Document]:
    wanted = set(plain(name))
    scored = [
        (len(wanted & set(plain(d.title + (d.doc_number or "")))) / max(1, len(wanted)), d)
        for d in documents
    ]
    best = sorted(scored, key=lambda pair: -pair[0])[:3]
    return [document for score, document in best if score >= 0.6]


def _names(documents: Sequence[Document]) -> str:
    shown = "、".join(f"《{d.title}》（{d.doc_number or d.doc_id}）" for d in documents[:_SHOWN])
    return shown + (" 等" if len(documents) > _SHOWN else "")
