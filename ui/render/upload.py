"""Taking in a new file: the form, and how the file was understood."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from markupsafe import Markup

from assistant.corpus.addresses import LONGEST
from assistant.corpus.districts import DISTRICTS
from assistant.records import Document, ParsedDocument
from ui.html import both, join, option, tag
from ui.render.badges import place_badge
from ui.render.document import particulars
from ui.render.evidence import open_link
from ui.render.prose import shorten
from ui.render.tables import staff_table
from ui.texts import TEXTS
from ui.uploads import Upload

TYPES = ".txt,.md,.html,.htm,.docx,.pdf"


def upload_box(max_mb: int) -> Markup:
    return tag(
        "details",
        tag("summary", both("staff_upload")),
        tag("p", both("staff_intro", mb=max_mb), class_="muted small"),
        tag(
            "form",
            tag(
                "label",
                both("staff_file"),
                tag("input", type="file", name="file", accept=TYPES),
            ),
            tag("button", both("staff_preview"), type="submit", class_="button small"),
            class_="staff-form upload-form",
            data_act="preview",
        ),
        tag("div", id="upload-result", aria_live="polite"),
        tag("h3", both("uploads")),
        tag("div", id="uploads"),
        class_="staff-box upload-box",
    )


def upload_list(uploads: Sequence[Upload]) -> Markup:
    """What was taken in, each with its way back."""
    if not uploads:
        return tag("p", both("uploads_none"), class_="muted")
    columns = ("uploads_file", "uploads_documents", "uploads_taken")
    return staff_table(columns, "undo_upload", [_upload(one) for one in uploads], "uploads")


def _upload(upload: Upload) -> Markup:
    links = [open_link(d.doc_id, None, d.title, class_="label-text") for d in upload.documents]
    undo = tag(
        "button",
        both("undo_version" if upload.earlier else "undo_upload"),
        type="button",
        class_="button small quiet",
        data_act="undo",
        data_name=upload.name,
    )
    taken = datetime.fromtimestamp(upload.taken).strftime("%Y-%m-%d %H:%M")
    return tag(
        "tr",
        tag("td", upload.name),
        tag("td", join(links, "；")),
        tag("td", taken, class_="num"),
        tag("td", undo),
    )


def upload_preview(
    name: str,
    documents: Sequence[ParsedDocument],
    warnings: Sequence[Sequence[Markup]],
    token: str,
) -> Markup:
    """How an uploaded file was understood, before it is taken in.

    Args:
        warnings: for each document, what staff should look at.
    """
    return tag(
        "section",
        tag("h3", both("preview_of", name=name, n=len(documents)), tabindex="-1"),
        [_preview(p, said) for p, said in zip(documents, warnings, strict=True)],
        tag("div", id="take-result", aria_live="polite"),
        tag(
            "div",
            _button("take", "staff_take", token, "button"),
            _button("discard", "staff_discard", token, "button quiet"),
            class_="preview-actions",
        ),
        class_="preview",
    )


def _button(act: str, key: str, token: str, class_: str) -> Markup:
    return tag("button", both(key), type="button", class_=class_, data_act=act, data_token=token)


def _preview(parsed: ParsedDocument, warnings: Sequence[Markup]) -> Markup:
    document = parsed.document
    labelled_ = [m for m in parsed.measures if m.label]
    said = [*warnings, *document.warnings]
    return tag(
        "details",
        tag(
            "summary",
            tag("strong", document.title or "（没有识别出标题）"),
            " ",
            place_badge(document.place, document.level),
            tag("span", document.doc_number, class_="number") if document.doc_number else None,
            tag("span", both("measures_n", n=len(labelled_)), class_="muted"),
        ),
        tag("ul", [tag("li", one) for one in said], class_="notes warnings") if said else None,
        _corrections(document),
        particulars(document),
        tag(
            "ol",
            [
                tag(
                    "li",
                    tag("span", m.label or m.part, class_="label-text"),
                    " ",
                    shorten(m.text, 80),
                )
                for m in parsed.measures
            ],
            class_="preview-outline",
            tabindex="0",
            aria_label=TEXTS["outline"][0],
        ),
        class_="also-in",
        open=True,
    )


def _corrections(document: Document) -> Markup:
    here = document.district
    choices = [*DISTRICTS, *([here] if here and here not in DISTRICTS else [])]
    districts = [option("", *TEXTS["city_level"])]
    districts += [option(name, name, selected=name == here) for name in choices]
    return tag(
        "fieldset",
        tag("legend", both("put_right")),
        _field("corrected_title", "title", document.title, class_="wide"),
        _field("number", "doc_number", document.doc_number),
        tag("label", both("district"), tag("select", districts, name="district")),
        _field("effective", "effective_from", document.effective_from, type="date"),
        _field("expires", "expires", document.expires, type="date"),
        _field("official", "url", document.url, class_="wide", maxlength=LONGEST),
        class_="staff-form corrections",
        data_line=document.line_start,
    )


def _field(
    key: str,
    name: str,
    value: str | None,
    *,
    type: str = "text",
    class_: str | None = None,
    maxlength: int = 200,
) -> Markup:
    field = tag(
        "input", type=type, name=name, value=value or "", maxlength=maxlength, autocomplete="off"
    )
    return tag("label", both(key), field, class_=class_)
