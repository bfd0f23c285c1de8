"""Check the outline on a folder of laws: is the sequence of articles of every file unbroken?

    python scripts/article_sequences.py FOLDER [--every N]

Prints the files whose articles (第X条) do not run from one to the last without a gap, with the
places of the gaps, and whether the missing article is really absent from the file; files that
could not be parsed; and the processor time a file takes.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from assistant.corpus.parse import parse_file
from assistant.corpus.text import number
from assistant.errors import AssistantError
from assistant.records import ParsedDocument

_ARTICLE = re.compile(r"第(.+?)条(之.+)?$")


@dataclass
class Report:
    files: int = 0
    sequences: int = 0
    articles: int = 0
    seconds: list[float] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    incomplete: list[str] = field(default_factory=list)


def main(
    folder: Annotated[Path, typer.Argument(help="folder of law texts")],
    every: Annotated[int, typer.Option(help="take every N-th file only")] = 1,
) -> None:
    """Parse every law below FOLDER and report on its articles."""
    report = Report()
    for path in sorted(folder.rglob("*.md"))[::every]:
        _check(path, report)
    _show(report)


def _check(path: Path, report: Report) -> None:
    report.files += 1
    start = time.process_time()
    try:
        source = parse_file(path)
    except AssistantError as error:
        report.unread.append(f"{path.name}: {error}")
        return
    report.seconds.append(time.process_time() - start)
    if not source.account.complete:
        report.incomplete.append(path.name)
    text = "\n".join(m.text for d in source.documents for m in d.measures)
    for document in source.documents:
        gaps = _gaps(document)
        if gaps is None:
            continue
        report.sequences += 1
        report.articles += sum(bool(m.label) for m in document.measures)
        if gaps:
            report.broken.append(f"{path.name}: {'、'.join(_told(g, text) for g in gaps)}")


def _gaps(document: ParsedDocument) -> list[int] | None:
    """Values of the missing articles; ``None`` when the document has no articles."""
    values: list[int] = []
    for measure in document.measures:
        match = _ARTICLE.match(measure.label or "")
        if match:
            values.append(number(match.group(1)) or 0)
    if not values:
        return None
    return sorted(set(range(min(values), max(values) + 1)) - set(values))


def _told(value: int, text: str) -> str:
    for match in re.finditer(r"(?m)^第([一二三四五六七八九十百千零]+)条", text):
        if number(match.group(1)) == value:
            return f"第{value}条（文中有，未识别）"
    return f"第{value}条（文中没有）"


def _show(report: Report) -> None:
    console = Console(width=140)
    taken = sorted(report.seconds)
    whole = report.sequences - len(report.broken)
    for line in (*report.unread, *report.broken):
        console.print(line, markup=False)
    for name in report.incomplete:
        console.print(f"{name}: 有字符未入账", markup=False)
    console.print(
        f"{report.files} files, {len(report.unread)} unread, {len(report.incomplete)} incomplete; "
        f"{whole}/{report.sequences} sequences unbroken ({100 * whole / report.sequences:.2f} %), "
        f"{report.articles} articles; processor time a file: "
        f"mean {1000 * sum(taken) / len(taken):.1f} ms, "
        f"95 % below {1000 * taken[int(0.95 * len(taken))]:.1f} ms"
    )


if __name__ == "__main__":
    typer.run(main)
