"""Readers: what offices really have, and what is refused with the next step."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.corpus.parse import parse_file
from assistant.corpus.readers import read, source_files
from assistant.corpus.readers.encodings import decode
from assistant.corpus.readers.word_numbering import written
from assistant.errors import SourceError

TITLE = "试验区支持企业发展办法"
TEXT = f"""{TITLE}

第一条 为支持企业发展，制定本办法。
第二条 对首次认定的高新技术企业，给予一次性奖励20万元。
第三条 本办法自2024年4月1日起施行，有效期至2027年3月31日。
"""


def save(folder: Path, name: str, data: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
    ],
)
def test_encodings(tmp_path: Path, encoding: str, name: str) -> None:
    source = read(save(tmp_path, "a.txt", TEXT.encode(encoding)))
    assert (source.text, source.encoding, source.format) == (TEXT, name, "txt")


def test_lines_are_those_of_the_file(tmp_path: Path) -> None:
    source = read(save(tmp_path, "a.txt", "甲\r\n\r\n乙\r丙\n"))
    assert source.lines == ("甲", "", "乙", "丙", "")


@given(st.text("政策企业补贴，。\n 10万元〔〕", min_size=20))
def test_gb18030_comes_back(text: str) -> None:
    text = "关于印发企业政策的通知\n" + text
    assert decode(text.encode("gb18030"), "a")[0] == text


def test_truncated_and_damaged_utf8_stays_utf8() -> None:
    data = TEXT.rstrip().encode()
    text, encoding, warnings = decode(data[:-1], "a")
    assert encoding == "utf-8" and text.startswith(TITLE) and text.endswith("\ufffd") and warnings
    long = (TEXT * 20).encode()
    text, encoding, warnings = decode(long[:100] + b"\xff" + long[100:], "a")
    assert encoding == "utf-8" and warnings


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.txt", b"", "空的"),
        ("a.txt", b"\n \n", "空的"),
        ("a.txt", "\u3000\n".encode(), "没有文字"),
        ("a.txt", bytes(range(256)) * 20, "文件"),
        ("a.txt", b"%PDF-1.4 ...", "PDF"),
        ("a.md", b"PK\x03\x04....", "压缩包"),
        ("a.pdf", b"%PDF-1.4 ...", "PDF"),
        ("a.pdf", b"", "PDF"),
        ("a.docx", b"PK\x03\x04....", "docx"),
        ("a.docx", b"", "docx"),
        ("a.html", b"<html><body></body></html>", "没有文字"),
        ("a.html", b"", "空的"),
        ("a.doc", b"\xd0\xcf\x11\xe0", "不支持"),
    ],
)
def test_refused_with_a_next_step(tmp_path: Path, name: str, data: bytes, says: str) -> None:
    with pytest.raises(SourceError, match=says) as caught:
        read(save(tmp_path, name, data))
    assert caught.value.next_step


def test_missing_and_too_large(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="找不到"):
        read(tmp_path / "a.txt")
    with pytest.raises(SourceError, match="超过上限"):
        read(save(tmp_path, "a.txt", TEXT), max_bytes=10)


def test_folder(tmp_path: Path) -> None:
    (tmp_path / "下级").mkdir()
    for name in ("乙.txt", "README.md", ".hidden.txt", "~$锁.docx", "下级/甲.pdf", "表.xlsx"):
        save(tmp_path, name, TEXT)
    assert [p.name for p in source_files(tmp_path)] == ["甲.pdf", "乙.txt", "表.xlsx"]


# --- web pages

PAGE = f"""<html><head><title>{TITLE}_某某区政府</title><meta charset="%s">
<style>p {{}}</style><script>var a = "第九条 脚本";</script></head><body>
<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/zw">政务公开</a></li></ul></div>
<div class="main"><h1>{TITLE}</h1><p>沪试府规〔2024〕7号</p>
<p>各有关单位：</p>
<p>第一条&nbsp;为支持<b>企业</b>发展，优化营商环境，根据有关规定，结合本区实际，制定本办法。</p>
<p>第二条 对首次认定的高新技术企业，给予一次性奖励20万元，由区财政局会同区科委兑现。</p>
<table><tr><th>序号</th><th>任务</th><th>单位</th></tr><tr><td>1</td><td>减少<br>材料</td><td>区科委</td></tr>
<tr><td></td><td>减少环节</td><td>区财政局</td></tr></table>
<ol><li>材料齐全；</li><li>信用良好。</li></ol>
<p>第三条 本办法自2024年4月1日起施行，有效期至2027年3月31日，由区发展改革委负责解释。</p></div>
<div class="footer"><p>版权所有：某某区政府</p><p>沪ICP备0000号</p></div></body></html>"""


@pytest.mark.parametrize(("declared", "encoding"), [("utf-8", "utf-8"), ("gb2312", "gb18030")])
def test_web_page(tmp_path: Path, declared: str, encoding: str) -> None:
    source = read(save(tmp_path, "a.html", (PAGE % declared).encode(encoding)))
    assert source.encoding == encoding and source.lines[0] == TITLE
    assert "第一条 为支持企业发展" in source.text and "1\t减少材料\t区科委" in source.lines
    assert "\t减少环节\t区财政局" in source.lines and "2. 信用良好。" in source.lines
    for furniture in ("首页", "版权所有", "脚本"):
        assert furniture not in source.text
    assert {"首页", "政务公开"} <= {dropped.text for dropped in source.dropped}
    labels = [m.label for m in parse_file(tmp_path / "a.html").documents[0].measures if m.label]
    assert labels[:3] == ["第一条", "第二条", "第三条"]


def test_merged_cells_keep_their_columns(tmp_path: Path) -> None:
    rows = (
        "<tr><th>序号</th><th>任务</th><th>单位</th></tr>"
        "<tr><td>1</td><td>减材料</td><td rowspan='2'>区科委</td></tr>"
        "<tr><td>2</td><td>减环节</td></tr><tr><td colspan='2'>合计</td><td>区府办</td></tr>"
    )
    source = read(save(tmp_path, "a.html", f"<html><body><table>{rows}</table></body></html>"))
    assert source.lines == (
        "序号\t任务\t单位",
        "1\t减材料\t区科委",
        "2\t减环节\t区科委",
        "合计\t\t区府办",
    )


def test_page_laid_out_with_tables(tmp_path: Path) -> None:
    body = "".join(f"<p>{line}</p>" for line in TEXT.split("\n") if line)
    menu = "<a href='/'>首页</a><br><a href='/zw'>政务公开</a>"
    page = (
        f"<table><tr><td>{menu}</td><td><table><tr><td>{body}</td></tr></table></td></tr></table>"
    )
    source = read(save(tmp_path, "a.htm", f"<html><body>{page}</body></html>"))
    assert [line for line in TEXT.split("\n") if line] == list(source.lines)[-4:]


# --- Word


def docx(tmp_path: Path) -> Path:
    from docx import Document

    document = Document()
    document.sections[0].header.paragraphs[0].text = "内部资料"
    document.add_paragraph(TITLE)
    for line in TEXT.split("\n")[2:5]:
        document.add_paragraph(line)
    table = document.add_table(rows=3, cols=3)
    for row, cells in enumerate(
        (("序号", "任务", "单位"), ("1", "减材料", "区科委"), ("2", "减环节", ""))
    ):
        for column, cell in enumerate(cells):
            table.cell(row, column).text = cell
    table.cell(1, 2).merge(table.cell(2, 2))
    path = tmp_path / "a.docx"
    document.save(str(path))
    return path


def test_word_document(tmp_path: Path) -> None:
    source = read(docx(tmp_path))
    assert source.lines[:4] == (TITLE, *TEXT.split("\n")[2:5])
    assert source.lines[4:7] == ("序号\t任务\t单位", "1\t减材料\t区科委", "2\t减环节\t区科委")
    assert [(d.text, d.reason) for d in source.dropped] == [("内部资料", "页眉")]


_FORMATS = (("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."))
_LEVELS = "".join(
    f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
    f'<w:lvlText w:val="{pattern}"/></w:lvl>'
    for depth, (form, pattern) in enumerate(_FORMATS)
)
NUMBERING = (
    '<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    f'<w:abstractNum w:abstractNumId="0">{_LEVELS}</w:abstractNum>'
    '<w:num w:numId="7"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
)


def test_word_numbers_are_written_out(tmp_path: Path) -> None:
    plain = docx(tmp_path)
    body = "".join(
        f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="7"/></w:numPr></w:pPr>'
        f"<w:r><w:t>{text}</w:t></w:r></w:p>"
        for depth, text in (
            (0, "总则"),
            (1, "目标"),
            (1, "任务"),
            (2, "减税"),
            (2, "降费"),
            (0, "附则"),
        )
    )
    changed = (
        '<w:p><w:ins w:id="1" w:author="a"><w:r><w:t>新增的话</w:t></w:r></w:ins>'
        '<w:del w:id="2" w:author="a"><w:r><w:delText>删去的话</w:delText></w:r></w:del></w:p>'
    )
    path = tmp_path / "b.docx"
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w") as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename == "word/document.xml":
                data = data.replace(b"<w:sectPr", (body + changed).encode() + b"<w:sectPr", 1)
            if entry.filename == "word/numbering.xml":
                data = NUMBERING.encode()
            new.writestr(entry, data)
    lines = read(path).lines
    assert lines[-7:] == (
        "一、总则",
        "（一）目标",
        "（二）任务",
        "1.减税",
        "2.降费",
        "二、附则",
        "新增的话",
    )


def test_number_formats() -> None:
    numbers = [written(n, "chineseCounting") for n in (1, 10, 11, 20, 35)]
    assert numbers == ["一", "十", "十一", "二十", "三十五"]
    assert written(3, "decimalEnclosedCircle") == "③" and written(4, "lowerRoman") == "iv"
    assert written(2, "upperLetter") == "B" and written(7, "unheard") == "7"


# --- PDF


def pdf(pages: list[list[str]], *, password: str | None = None) -> bytes:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, encrypt=password)
    for lines in pages:
        canvas.setFont("STSong-Light", 12)
        for number, line in enumerate(lines):
            canvas.drawString(50, 800 - 20 * number, line)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def test_pdf(tmp_path: Path) -> None:
    body = [line for line in TEXT.split("\n") if line]
    pages = [["某某区政府公报 第3期", line, f"— {n} —"] for n, line in enumerate(body, 1)]
    source = read(save(tmp_path, "a.pdf", pdf(pages)))
    assert ["".join(line.split()) for line in source.lines] == ["".join(b.split()) for b in body]
    assert source.pages == (1, 2, 3, 4)
    assert {d.reason for d in source.dropped} == {"页眉", "页码"}
    documents = parse_file(tmp_path / "a.pdf").documents
    assert [m.page for m in documents[0].measures if m.label] == [2, 3, 4]


def test_scanned_locked_and_partly_empty_pdf(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="没有文字层"):
        read(save(tmp_path, "a.pdf", pdf([[], []])))
    with pytest.raises(SourceError, match="密码"):
        read(save(tmp_path, "b.pdf", pdf([["甲"]], password="secret")))
    assert "第 2 页" in read(save(tmp_path, "c.pdf", pdf([["甲"], [], ["乙"]]))).warnings[0]


def test_pdf_bare_page_numbers_run_along_and_enumerators_stay(tmp_path: Path) -> None:
    body = ["总则", "3", "目标明确", "任务落实"]
    pages = [["公报", line, str(n)] for n, line in enumerate(body, 11)]
    source = read(save(tmp_path, "a.pdf", pdf(pages)))
    assert [line.strip() for line in source.lines] == body
    assert [d.text.strip() for d in source.dropped if d.reason == "页码"] == [
        "11",
        "12",
        "13",
        "14",
    ]
    one = read(save(tmp_path, "b.pdf", pdf([["一、总则", "1", "减税。"]])))
    assert [line.strip() for line in one.lines] == ["一、总则", "1", "减税。"]
