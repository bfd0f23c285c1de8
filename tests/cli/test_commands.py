"""The commands as users call them: output, errors with their next step, exit codes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.cli.app import COMMANDS, run
from assistant.settings import Settings, get_settings
from assistant.store import generation

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], request
) -> Callable[[Settings], Run]:
    """Runs a command line with the settings given: exit code, standard output, standard error."""

    def with_settings(settings: Settings) -> Run:
        monkeypatch.setenv("ASSISTANT_INDEX", str(settings.index))
        monkeypatch.setenv("ASSISTANT_SOURCES", str(settings.sources))
        get_settings.cache_clear()
        request.addfinalizer(get_settings.cache_clear)

        def called(*arguments: str) -> tuple[int, str, str]:
            code = run(arguments)
            out, err = capsys.readouterr()
            return code, out, err

        return called

    return with_settings


def test_ingest_json_is_alone_on_standard_output(small: Settings, call) -> None:
    code, out, err = call(small)("ingest", "--json")
    assert code == 0 and json.loads(out)["added"] == ["乙.txt", "甲.txt"]
    assert "读取与解析" in err  # the progress bar


def test_ingest_prints_the_account(small: Settings, call) -> None:
    (small.sources / "坏.txt").write_bytes(b"")
    code, out, _ = call(small)("ingest")
    assert code == 6 and "甲.txt" in out and "未能入库 坏.txt" in out and "2 份文件" in out


def test_docs_filters(built: Settings, call) -> None:
    run_ = call(built)
    _, out, _ = run_("docs", "--json")
    assert len(json.loads(out)) == 2
    for arguments, count in (
        (("人才",), 1),
        (("〔2024〕7号",), 1),
        (("--as-of", "2030-01-01", "--status", "expired"), 2),
        (("--as-of", "2025-01-01", "--status", "expired"), 0),
        (("--since", "2024-01-01", "--until", "2024-12-31"), 2),
        (("--since", "2025-01-01"), 0),
        (("--type", "解读"), 0),
        (("--district", "徐汇"), 0),
    ):
        _, out, _ = run_("docs", *arguments, "--json")
        assert len(json.loads(out)) == count, arguments
    _, out, _ = run_("docs")
    assert "2 份文件" in out


def test_show(built: Settings, call) -> None:
    run_ = call(built)
    _, out, _ = run_("show", "企业发展")
    assert "第三条" in out and "〔2024〕7号" in out
    code, out, _ = run_("show", "沪试府规[2024]7号", "第二条")
    assert code == 0 and "20万元" in out and "区科委" in out
    _, out, _ = run_("show", "企业发展", "第二条", "--json")
    assert json.loads(out)["label"] == "第二条" and json.loads(out)["facts"]


def test_an_english_question_gets_english_around_the_clause(built: Settings, call) -> None:
    code, out, err = call(built)("ask", "What is the reward for a high-tech enterprise?")
    assert code == 0
    assert re.match(r"\(Understood as: [\u4e00-\u9fff]+？\)\n", out)
    assert re.search(r"^\[1\] Source: 《.+》.* · (in force|expired)", out, re.M)
    assert "Note: The clauses are quoted in Chinese" in err
    assert "理解为" not in out and "注：" not in err


def test_diff(built: Settings, call, tmp_path: Path) -> None:
    code, out, _ = call(built)("diff", "企业发展", "人才发展")
    assert code == 0 and "[-20-][+30+]万元" in out
    _, out, _ = call(built)("diff", "企业发展", "人才发展", "--json")
    changed = [c for c in json.loads(out)["changes"] if c["kind"] == "changed"]
    assert any(c["old"]["measure"] == "第二条" for c in changed)
    assert json.loads(out)["versions"] and json.loads(out)["ground"] == "same_clauses"
    sheet = tmp_path / "x.xlsx"
    code, out, err = call(built)("diff", "企业发展", "人才发展", "--out", str(sheet))
    assert code == 0 and str(sheet) in err and sheet.read_bytes().startswith(b"PK")


def test_export(built: Settings, call, tmp_path: Path) -> None:
    documents, measures = tmp_path / "x" / "d.jsonl", tmp_path / "m.jsonl"
    code, out, _ = call(built)("export", "--documents", str(documents), "--measures", str(measures))
    assert code == 0 and out == ""
    first = json.loads(documents.read_text("utf-8").splitlines()[0])
    assert first["doc_number"] and first["expires"] == "2027-03-31" and "relations" in first
    rows = [json.loads(line) for line in measures.read_text("utf-8").splitlines()]
    assert {row["label"] for row in rows} >= {"第一条", "第二条", "第三条", "第四条", None}
    assert next(r for r in rows if r["label"] == "第二条")["depts"] == "区科委"


@pytest.mark.integration
def test_doctor(built: Settings, call) -> None:
    code, out, _ = call(built)("doctor", "--json")
    checks = json.loads(out)
    assert code == 0 and {check["verdict"] for check in checks} <= {"ok", "warning"}
    (generation.current(built.index) / "vectors.npy").write_bytes(b"")
    code, out, _ = call(built)("doctor")
    assert code == 4 and "doctor --repair" in out
    assert call(built)("doctor", "--repair")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("show", "没有这个文件的名字"), 7, "assistant docs"),
        (("show", "试验区"), 7, "完整的标题"),
        (("show", "企业发展", "第九十条"), 7, "相近的有"),
        (("diff", "企业发展", "企业发展"), 2, "两份不同"),
        (("diff", "企业发展", "人才发展", "--out", "x.docx"), 2, "xlsx"),
        (("docs", "--as-of", "昨天"), 2, "2025-01-31"),
        (("docs", "--status", "好"), 2, "in_force"),
        (("docs", "--district", "火星区"), 2, "市级"),
        (("export",), 2, "--documents"),
        (("export", "--measures", "/proc/none/x"), 2, "可写"),
        (("ingest", "没有的路径"), 6, "请检查路径"),
        (("nonsense",), 2, "--help"),
        (("show",), 2, "--help"),
        (("docs", "--nonsense"), 2, "--help"),
    ],
)
def test_errors_name_the_next_step(built: Settings, call, arguments, code: int, says: str) -> None:
    got, out, err = call(built)(*arguments)
    assert got == code and says in err and out == "" and "Traceback" not in err


@pytest.mark.parametrize("arguments", [("docs",), ("show", "甲"), ("export", "--documents", "x")])
def test_no_index_yet(small: Settings, call, arguments) -> None:
    code, _, err = call(small)(*arguments)
    assert code == 3 and "assistant ingest" in err


def test_help_names_every_command(small: Settings, call) -> None:
    code, out, _ = call(small)("--help")
    assert code == 0 and all(name in out for name in COMMANDS) and "退出码" in out


def test_industries_are_listed_and_an_unknown_one_is_refused(built: Settings, call) -> None:
    run_ = call(built)
    code, out, _ = run_("match", "--industries")
    assert code == 0 and "住宿和餐饮业" in out and "集成电路" in out
    code, out, err = run_("match", "--industry", "洗浴中心")
    assert code == 2 and not out
    assert "不认识行业“洗浴中心”" in err and "生活服务" in err
