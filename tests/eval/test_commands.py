"""The commands as a user types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from eval.commands import app

SAMPLE = Path(__file__).parent / "data" / "sample_predictions.jsonl"
RUN = ["run", "-e", f"file:{SAMPLE}", "--every", "6", "--name", "s"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("runs")
    done = CliRunner().invoke(app, [*RUN, "--runs", str(path)])
    assert done.exit_code == 0, done.output
    assert "答对" in done.output
    return path


def _call(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, list(words))
    return done.exit_code, done.output


def test_run_writes_everything(folder: Path) -> None:
    names = {path.name for path in (folder / "s").iterdir()}
    assert names == {"manifest.json", "predictions.jsonl", "summary.json", "report.html"}


def test_compare(folder: Path) -> None:
    code, output = _call("compare", "s", "s", "--runs", str(folder))
    assert code == 0
    assert "变差：0 题" in output


def test_gate_ends_with_a_code(folder: Path, tmp_path: Path) -> None:
    thresholds = tmp_path / "t.toml"
    words = ["gate", "s", "--runs", str(folder), "--thresholds", str(thresholds)]
    thresholds.write_text("[fast.all]\ncorrect = {min = 0.4}\n")
    assert _call(*words)[0] == 0
    thresholds.write_text("[fast.all]\ncorrect = {min = 0.9}\n")
    code, output = _call(*words)
    assert code == 1
    assert "未达到" in output


def test_validate(tmp_path: Path) -> None:
    assert _call("validate")[0] == 0
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"id": "x"}\n')
    code, output = _call("validate", str(bad))
    assert code == 2
    assert "bad.jsonl:1: question" in output


def test_readme_table(folder: Path, tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    words = ["readme", "s", "--beside", "s", "--path", str(readme), "--runs", str(folder)]
    readme.write_text("前\n<!-- eval:begin -->\n旧\n<!-- eval:end -->\n后\n")
    assert _call(*words)[0] == 0
    text = readme.read_text()
    assert text.startswith("前\n") and text.endswith("\n后\n")
    assert "旧" not in text and "| 答对 | 39 | 0." in text
    assert "没有变化" in _call(*words)[1]
    readme.write_text("no marks")
    assert _call(*words)[0] == 2


def test_report_against_another_run(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "r.html"
    words = ["report", "s", "--against", "s", "--beside", "s", "--out", str(out)]
    assert _call(*words, "--runs", str(folder))[0] == 0
    assert "与其他系统并列" in out.read_text()
    assert "与上次相比" in out.read_text()


def test_errors_are_for_users(tmp_path: Path) -> None:
    for words in (
        ["report", "nothing", "--runs", str(tmp_path)],
        ["run", "-e", "nonsense", "--runs", str(tmp_path)],
        ["baselines", "nonsense", "--runs", str(tmp_path)],
        ["promote"],
    ):
        code, output = _call(*words)
        assert code == 2, output
        assert "Traceback" not in output


def test_figures_of_a_run_are_the_same_each_time(folder: Path, tmp_path: Path) -> None:
    assert _call(*RUN, "--runs", str(tmp_path), "--no-report")[0] == 0
    one, two = (json.loads((f / "s" / "summary.json").read_text()) for f in (folder, tmp_path))
    assert one["metrics"] == two["metrics"]
    assert one["slices"] == two["slices"]
