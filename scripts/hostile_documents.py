"""Documents that are meant to stop an ingest: bombs, endless tables, repetition, names, damage."""

from __future__ import annotations

import io
import os
import random
import tempfile
import threading
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from assistant.ask import Assistant
from assistant.errors import SourceError
from assistant.settings import Settings
from assistant.store.build import ingest
from assistant.store.parsing import Parser
from assistant.store.sources import readable

GOOD = """试验区支持{what}办法

第一条 为支持{what}，制定本办法。
第二条 对首次认定的{what}单位，给予一次性奖励{sum}万元。
第三条 本办法自2024年4月1日起施行，有效期至2029年3月31日。
"""
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
    'relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.'
    'openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    'relationships"><Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/'
    '2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
}
_ROW = "推进政务服务，由区科委负责"


def good() -> dict[str, str]:
    """Three documents that have to be in whatever stands beside them."""
    names = ("种子企业", "灯塔工厂", "乡村驿站")
    return {
        f"好-{name}.txt": GOOD.format(what=name, sum=11 + 2 * n) for n, name in enumerate(names)
    }


def docx(body: str, extra: dict[str, bytes] | None = None) -> bytes:
    """A .docx with that body; ``extra`` parts stand beside it."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in _PARTS.items():
            archive.writestr(name, text)
        head = f'<w:document xmlns:w="{_W}"><w:body>'
        archive.writestr("word/document.xml", f"{head}{body}</w:body></w:document>")
        for name, data in (extra or {}).items():
            archive.writestr(name, data)
    return made.getvalue()


def _p(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def _cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{_p(text)}</w:tc>"


def _table(*rows: str) -> str:
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def _html(body: str) -> bytes:
    return f"<html><meta charset=utf-8><body><h1>试验区办法</h1>{body}</body></html>".encode()


def _pdf(content: bytes, pages: int = 1, filters: int = 1) -> bytes:
    for _ in range(filters):
        content = zlib.compress(content, 9)
    kids = " ".join(f"{n + 4} 0 R" for n in range(pages))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {pages}/Kids[{kids}]>>".encode(),
        f"<</Length {len(content)}/Filter[{'/FlateDecode' * filters}]>>stream\n".encode()
        + content
        + b"\nendstream",
        *[b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 3 0 R>>"] * pages,
    ]
    body, places = b"%PDF-1.4\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj".encode() + text + b" endobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer<</Root 1 0 R/Size {size}>>\n"
    return body + f"{end}startxref\n{len(body)}\n%%EOF".encode()


# name → its bytes, given a size: 1 for the full kind, a small part of it for a test
Made = Callable[[float], bytes]


def _repeated() -> Iterator[tuple[str, Made]]:
    """One thing a million times: on one line, on many lines."""
    units = {
        "数字": "7", "书名号": "《", "书名": "《办法》", "括号": "（", "字母": "a",
        "条号": "第一条", "序号": "一、", "年份": "2024年", "金额": "100万元", "比例": "5%",
        "机构": "局", "引号": "“", "句号": "。", "的": "的", "空格": "一 ", "制表": "一\t",
        "实体": "&", "逗号": "，",
    }  # fmt: skip
    for name, unit in units.items():
        yield f"一行-{name}.txt", lambda size, u=unit: (u * int(1e6 * size / len(u))).encode()
    for name in ("数字", "书名", "条号", "逗号", "引号"):
        unit = units[name]
        yield (
            f"多行-{name}.txt",
            lambda size, u=unit: (f"{u * 5}\n" * int(5e5 * size / len(u) / 5)).encode(),
        )


def _tables() -> Iterator[tuple[str, Made]]:
    wide = '<w:gridSpan w:val="2000000000"/>'
    deep = "<td rowspan=100 colspan=100>甲</td>"
    yield "跨列.docx", lambda _: docx(_p("试验区办法") + _table(_cell("甲", wide) + _cell("乙")))
    yield "怪跨列.docx", lambda _: docx(_table(_cell("甲", '<w:gridSpan w:val="-三"/>')))
    yield "跨行跨列.html", lambda size: _html(f"<table>{f'<tr>{deep * 20}</tr>' * int(600 * size)}")
    yield "宽表.html", lambda size: _html(f"<table><tr>{'<td>甲</td>' * int(2e5 * size)}</table>")
    yield "套表.html", lambda size: _html("<table><tr><td>甲</td><td>" * int(20_000 * size))
    yield "深层.html", lambda size: _html("<div>" * int(200_000 * size) + "甲")
    yield (
        "长格下延.docx",
        lambda size: docx(
            _table(
                _cell("甲" * int(1e6 * size), '<w:vMerge w:val="restart"/>') + _cell("乙"),
                *[_cell("", "<w:vMerge/>") + _cell("乙")] * int(5000 * size),
            )
        ),
    )
    yield (
        "同样四百行.txt",
        lambda _: (GOOD.format(what="重复", sum=5) + f"\n附件\n{_ROW}\n" * 400).encode(),
    )
    yield (
        "同样四百行表.txt",
        lambda _: (
            GOOD.format(what="同行", sum=6)
            + "附件\n序号\t任务\t责任单位\n"
            + f"1\t{_ROW}\t区科委\n" * 400
        ).encode(),
    )


def _bombs() -> Iterator[tuple[str, Made]]:
    yield "空段落.docx", lambda size: docx(_p("试验区办法") + "<w:p/>" * int(2e6 * size))
    yield (
        "压缩炸弹.docx",
        lambda size: docx(_p("甲"), {"word/media/a.bin": bytes(int(2e9 * min(size, 0.2)))}),
    )
    yield (
        "万个部件.docx",
        lambda _: docx(_p("甲"), {f"word/media/{n}.bin": b"" for n in range(10_000)}),
    )
    yield "五兆一行.txt", lambda size: ("推进政务服务" * int(280_000 * size)).encode()
    yield "换行.txt", lambda size: b"a" + b"\n" * int(10e6 * size)
    yield "长表行.md", lambda size: ("|" + " " * int(1e6 * size) + "a").encode()
    yield "星号.md", lambda size: ("** a**a " * int(1e5 * size)).encode()
    yield "炸弹.pdf", lambda size: _pdf(b"BT (a) Tj ET " * int(1e7 * size), filters=2)
    yield "万页.pdf", lambda size: _pdf(b"BT (a) Tj ET", pages=int(10_000 * size) or 1)
    yield "线条.pdf", lambda size: _pdf(b"0 0 m 9 9 l S 1 1 5 5 re f " * int(2e5 * size))


def _damaged() -> Iterator[tuple[str, Made]]:
    yield "截断.docx", lambda _: docx(_p("甲"))[:300]
    yield "截断.pdf", lambda _: _pdf(b"BT (a) Tj ET")[:100]
    yield "空.txt", lambda _: b""
    yield "随机.txt", lambda _: random.Random(7).randbytes(100_000)
    yield "随机.pdf", lambda _: b"%PDF-1.7" + random.Random(8).randbytes(100_000)
    yield "图片.docx", lambda _: b"\x89PNG" + bytes(1000)
    yield (
        "第一千零一条.txt",
        lambda size: "".join(
            f"第{n}条 本条为第{n}项规定。\n" for n in range(1, int(10_000 * size) + 50)
        ).encode(),
    )


_NAMES = (b"\xff\xfe\xe6.txt", b"\x01\x1b[31m\n.txt", ("长" * 83 + "aa.txt").encode())


def hostile() -> dict[str, Made]:
    """Every document by its name."""
    return dict([*_repeated(), *_tables(), *_bombs(), *_damaged()])


def write(folder: Path, size: float = 1.0) -> None:
    """All of them, and the good ones, into an empty folder.

    Args:
        size: share of the full size; a test takes a small one.
    """
    for name, text in good().items():
        (folder / name).write_text(text, encoding="utf-8")
    for name, made in hostile().items():
        (folder / name).write_bytes(made(size))
    for number, raw in enumerate(_NAMES):
        text = GOOD.format(what=f"怪名{'甲乙丙'[number]}", sum=3 + number)
        (folder / os.fsdecode(raw)).write_text(text, encoding="utf-8")


def answers(settings: Settings) -> list[str]:
    """Which of the good documents do not answer for themselves."""
    assistant = Assistant.open(settings)
    wrong = []
    for number, name in enumerate(good()):
        what = name.removeprefix("好-").removesuffix(".txt")
        answer = assistant.ask(f"首次认定的{what}单位奖励多少？")
        if f"{11 + 2 * number}万元" not in answer.text:
            wrong.append(name)
    return wrong


def report() -> Iterator[str]:
    """Lines of a table: each parsed in a process of its own; then what became of all together.

    Raises:
        SystemExit: a good one is missing or does not answer.
    """
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "sources"
        folder.mkdir()
        write(folder)
        settings = Settings(
            sources=folder, index=Path(home) / "index", state=Path(home), _env_file=None
        )
        yield "| file | KiB | outcome | s | peak MiB |\n|---|---|---|---|---|"
        for path in sorted(folder.iterdir()):
            outcome, seconds, peak = _cost(path, settings)
            size = path.stat().st_size / 1024
            name = readable(path.name)[:24]
            yield f"| {name} | {size:.0f} | {outcome} | {seconds:.1f} | {peak} |"
        report = ingest(settings)
        yield f"\ningest: {report.seconds:.0f} s, {len(report.failed)} refused, "
        yield f"{len(report.added)} in; notes: {report.notes}"
        lost = [name for name in good() if name not in report.added] + answers(settings)
        if lost:
            raise SystemExit(f"missing or without an answer: {lost}")
        yield "every good one is in and answers"


def _cost(path: Path, settings: Settings) -> tuple[str, float, str]:
    """Outcome, seconds (a process's start of a second included) and peak memory of one parse."""
    peak: list[int] = []
    done = threading.Event()
    with Parser(settings) as parser:

        def watch() -> None:
            while not done.wait(0.05):
                peak.append(peak_mib(parser.pid))

        watcher = threading.Thread(target=watch)
        watcher.start()
        began = time.monotonic()
        try:
            parsed = parser.parse(path)
            outcome = f"in, {sum(len(d.measures) for d in parsed.documents)} measures"
        except SourceError as error:
            outcome = error.message.split(" ", 2)[-1]
        seconds = time.monotonic() - began
        done.set()
        watcher.join()
        parser.discard()  # the next file's peak is its own
    return outcome, seconds, str(max(peak, default=0)) if any(peak) else "–"


def peak_mib(pid: int | None) -> int:
    """MiB; 0 where the system does not tell."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) // 1024
    except (OSError, IndexError):
        return 0
