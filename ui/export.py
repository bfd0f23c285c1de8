"""A conversation as a Word or Markdown file, with citations and the date of the check."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from assistant.errors import BadInputError
from ui.conversation import Conversation, Turn
from ui.texts import TEXTS

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

Say = Callable[..., str]  # key, values → our words in one language


def export(conversation: Conversation, form: str) -> tuple[str, str, bytes]:
    """File name, media type and bytes of the conversation.

    Args:
        form: ``docx`` or ``md``.

    Raises:
        BadInputError: an unknown form, or nothing has been answered yet.
    """
    if not _answered(conversation):
        raise BadInputError("还没有可以导出的回答", "请先提问")
    name = f"政策问答-{date.today().isoformat()}"
    if form == "md":
        return f"{name}.md", "text/markdown", to_markdown(conversation).encode()
    if form == "docx":
        return f"{name}.docx", WORD, to_word(conversation)
    raise BadInputError(f"不能导出为 {form}", "可以导出为 Word 或 Markdown")


def to_markdown(conversation: Conversation) -> str:
    say = _words(_answered(conversation)[-1])
    lines = [f"# {say('record')}", "", say("exported_on", date=date.today().isoformat()), ""]
    for number, turn in enumerate(_answered(conversation), 1):
        answer = turn.answer or {}
        lines += [f"## {number}. {_one_line(turn.question)}", ""]
        lines += [f"> {line}" for line in _facts(turn)]
        lines += ["", str(answer["answer"]), ""]
        for citation in answer.get("citations", ()):
            lines += [f"- **[{citation.get('n')}]** {cited(citation)}"]
            lines += [f"  - {detail}" for detail in details(citation, _words(turn))]
        lines.append("")
    return "\n".join([*lines, "---", "", say("disclaimer"), ""])


def to_word(conversation: Conversation) -> bytes:
    """A .docx whose East Asian font is set, so that Word does not fall back to a Latin one."""
    from docx import Document  # half a second: only when exporting
    from docx.shared import Pt, RGBColor

    say = _words(_answered(conversation)[-1])
    document = Document()
    _chinese_fonts(document)
    document.core_properties.title = say("record")
    document.core_properties.author = ""
    document.add_heading(say("record"), level=0)
    document.add_paragraph(say("exported_on", date=date.today().isoformat()))
    for number, turn in enumerate(_answered(conversation), 1):
        answer = turn.answer or {}
        document.add_heading(f"{number}. {_one_line(turn.question)}", level=1)
        for fact in _facts(turn):
            run = document.add_paragraph().add_run(fact)
            run.font.size, run.font.color.rgb = Pt(9), RGBColor(0x59, 0x59, 0x59)
        for paragraph in str(answer["answer"]).split("\n"):
            if paragraph.strip():
                document.add_paragraph(paragraph.strip())
        for citation in answer.get("citations", ()):
            _cite_in_word(document, citation, _words(turn))
    closing = document.add_paragraph().add_run(say("disclaimer"))
    closing.italic, closing.font.size = True, Pt(9)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def cited(citation: Mapping[str, Any]) -> str:
    """Document, number and label of a citation in one line."""
    number = f"（{citation['doc_number']}）" if citation.get("doc_number") else ""
    label = citation.get("measure") or citation.get("part") or ""
    return f"《{citation.get('title', '')}》{number} {label}".strip()


def details(citation: Mapping[str, Any], say: Say) -> list[str]:
    """Validity with its date, place, quote and position in the source."""
    validity = citation.get("validity") or {}
    key = f"v_{validity.get('status')}"
    until = validity.get("expires") or say("not_given")
    status = say(key if key in TEXTS else "v_unknown")
    found = [
        say("validity_line", status=status, date=validity.get("as_of", ""))
        + (
            say("basis_after", basis=validity["basis"], until=until)
            if validity.get("basis")
            else ""
        ),
        say("holds_in", place=citation.get("district") or say("whole_city")),
    ]
    if citation.get("quote"):
        found.append(say("original", quote=_one_line(str(citation["quote"]))))
    lines = {"start": citation.get("line_start", ""), "end": citation.get("line_end", "")}
    found.append(say("from_source", source=citation.get("source", ""), **lines))
    for line, key in (("in_charge", "departments"), ("how_to_apply", "apply")):
        if citation.get(key):
            found.append(say(line, text=_one_line(str(citation[key]))))
    if citation.get("url"):
        found.append(say("own_page", url=citation["url"]))
    return found


def _words(turn: Turn) -> Say:
    """Our words in the language of the turn's answer."""
    english = (turn.answer or {}).get("language") == "en"
    return lambda key, **values: TEXTS[key][english].format(**values)


def _answered(conversation: Conversation) -> list[Turn]:
    return [turn for turn in conversation.turns if turn.answer and turn.state == "done"]


def _facts(turn: Turn) -> list[str]:
    answer = turn.answer or {}
    say = _words(turn)
    facts = []
    standalone = str(answer.get("standalone_question") or "")
    if standalone and standalone.strip() != turn.question.strip():
        facts.append(say("understood_as", text=_one_line(standalone)))
    facts.append(
        say("checked_on", date=turn.as_of or say("of_day"))
        + (say("in_district", district=turn.district) if turn.district else "")
    )
    facts += [str(note) for note in answer.get("notes") or ()]
    return facts


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _chinese_fonts(document: WordDocument) -> None:
    from docx.oxml.ns import qn

    for name in ("Normal", "Title", "Heading 1", "List Bullet"):
        style = document.styles[name]
        font = "宋体" if name in ("Normal", "List Bullet") else "黑体"
        properties = style.element.get_or_add_rPr()
        properties.get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _cite_in_word(document: WordDocument, citation: Mapping[str, Any], say: Say) -> None:
    from docx.shared import Pt

    paragraph = document.add_paragraph()
    paragraph.add_run(f"[{citation.get('n')}] {cited(citation)}").bold = True
    for detail in details(citation, say):
        bullet = document.add_paragraph(style="List Bullet")
        run = bullet.add_run(detail)
        run.font.size = Pt(9)
