"""One policy saved as text, Word, PDF and web page is read as the same measures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.corpus.parse import parse_file
from assistant.settings import ROOT

SOURCE = ROOT / "data" / "sources" / "徐汇区-优化提升营商环境行动方案.txt"
LINES = [line.strip() for line in SOURCE.read_text("utf-8").split("\n") if line.strip()]


def as_docx(path: Path) -> None:
    from docx import Document

    document = Document()
    for line in LINES:
        document.add_paragraph(line)
    document.save(str(path))


def as_pdf(path: Path) -> None:
    """Lines broken in mid-word after 40 characters, a page number at the foot."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(str(path))
    broken = [line[i : i + 40] for line in LINES for i in range(0, len(line), 40)]
    for page, start in enumerate(range(0, len(broken), 40), 1):
        canvas.setFont("STSong-Light", 11)
        for number, line in enumerate(broken[start : start + 40]):
            canvas.drawString(50, 800 - 18 * number, line)
        canvas.drawString(280, 30, f"- {page} -")
        canvas.showPage()
    canvas.save()


def as_html(path: Path) -> None:
    body = "".join(f"<p>{line}</p>" for line in LINES)
    path.write_text(
        "<html><head><meta charset='utf-8'></head><body><div class='nav'><a href='/'>首页</a></div>"
        f"<div id='zoom'>{body}</div><div class='footer'>版权所有</div></body></html>",
        "utf-8",
    )


@pytest.mark.parametrize(
    ("name", "save"), [("a.docx", as_docx), ("a.pdf", as_pdf), ("a.html", as_html)]
)
def test_same_measures(tmp_path: Path, name: str, save: Callable[[Path], None]) -> None:
    def measures(path: Path) -> list[tuple[str | None, str]]:
        (parsed,) = parse_file(path).documents
        return [(m.label, "".join(m.text.split())) for m in parsed.measures if m.label]

    save(tmp_path / name)
    assert measures(tmp_path / name) == measures(SOURCE)
