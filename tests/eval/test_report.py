from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from eval.endpoints import open_endpoint
from eval.report import write_report, write_summary
from eval.runner import Plan, run

SAMPLE = Path(__file__).parent / "data" / "sample_predictions.jsonl"
VOID = {"meta", "input", "br", "circle", "line", "path"}


class _Balanced(HTMLParser):
    """Collects ids and external references; fails on tags that do not close."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.references: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in ("src", "href", "action", "data"):
                self.references.append(value or "")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory):
    """Two runs of one name, the second with every third answer taken away."""
    folder = tmp_path_factory.mktemp("runs") / "sample"
    other = folder.parent / "fewer.jsonl"
    lines = SAMPLE.read_text(encoding="utf-8").splitlines()
    other.write_text("\n".join(lines[::3]), encoding="utf-8")
    run(Plan(every=2), open_endpoint(f"file:{SAMPLE}"), folder)
    done = run(Plan(every=2), open_endpoint(f"file:{other}"), folder)
    return done, write_report(done).read_text(encoding="utf-8")


def test_it_is_one_well_formed_file_that_needs_no_network(written) -> None:
    _, html = written
    page = _Balanced()
    page.feed(html)
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))
    assert all(reference.startswith("#") for reference in page.references)
    assert not re.search(r"@import|url\(|fetch\(|XMLHttpRequest|<link|<iframe", html)


def test_every_question_can_be_looked_at(written) -> None:
    done, html = written
    for row in done.rows:
        assert f'id="q-{row.question.id}"' in html
    assert html.count('data-ok="0"') == sum(not row.correct for row in done.rows)


def test_it_tells_what_it_rests_on_and_what_changed(written) -> None:
    done, html = written
    for part in ("总成绩", "与上次相比", "由对变错", "风险—覆盖", "召回随深度变化", "用时分布"):
        assert part in html
    assert done.manifest["dataset_sha256"][:12] in html
    assert "由错变对：没有" in html


def test_what_systems_say_is_never_markup(dev, tmp_path: Path) -> None:
    answers = tmp_path / "evil.jsonl"
    evil = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    row = {"answer": evil, "citations": [{"n": 1, "title": evil, "text": evil, "quote": evil}]}
    row |= {"retrieved": [{"text": evil, "title": evil}], "reason": evil, "refused": False}
    answers.write_text(json.dumps(row | {"id": "A-001"}) + "\n")
    done = run(Plan(sets=("A",), every=200), open_endpoint(f"file:{answers}"), tmp_path / "r")
    html = write_report(done).read_text(encoding="utf-8")
    assert "<script>alert" not in html
    assert "<img" not in html


def test_summary_is_for_programs(written) -> None:
    done, _ = written
    figures = json.loads(write_summary(done).read_text(encoding="utf-8"))
    assert figures["n"] == 117
    assert figures["metrics"]["correct"]["low"] <= figures["metrics"]["correct"]["mean"]
    assert figures["slices"]["set"]["A"]["n"] == 77
