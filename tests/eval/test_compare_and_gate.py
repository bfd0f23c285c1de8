from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import BadInputError
from eval.comparison import compare
from eval.endpoints import FunctionEndpoint
from eval.gate import THRESHOLDS, check, load_profile
from eval.runner import Plan, run

PLAN = Plan(sets=("U", "A"))


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory):
    """A run that refuses everything, and one that answers everything with nonsense."""
    folder = tmp_path_factory.mktemp("runs")
    refusing = run(
        PLAN,
        FunctionEndpoint("f", lambda r: {"answer": "没有收录。", "refused": True}),
        folder / "a",
    )
    answering = run(PLAN, FunctionEndpoint("f", lambda r: {"answer": "好的。"}), folder / "b")
    return refusing, answering


def test_what_got_better_and_worse(pair) -> None:
    found = compare(*pair)
    by_name = {line.metric.name: line for line in found.lines}
    assert by_name["refusal_recall"].verdict == "worse"
    assert by_name["false_refusal"].verdict == "better"  # lower is better
    assert by_name["correct"].p_holm is not None
    assert {c.after.question.id for c in found.lost} >= {"U-001", "U-002"}
    assert found.gained == []
    assert len(found.changes) == len(found.lost)


def test_a_run_against_itself_is_even(pair) -> None:
    found = compare(pair[0], pair[0])
    assert {line.verdict for line in found.lines} == {"even"}
    assert found.changes == ()


def _profile(tmp_path: Path, text: str):
    path = tmp_path / "t.toml"
    path.write_text(text)
    return load_profile("fast", path)


def test_gate(pair, tmp_path: Path) -> None:
    profile = _profile(
        tmp_path,
        "[fast.all]\nrefusal_recall = {min = 0.9}\nfailed = {max = 0.0}\n"
        "[fast.T]\nvalidity_accuracy = {min = 0.5}\n",
    )
    refusing = check(profile, pair[0].rows)
    assert [row.passed for row in refusing] == [True, True, False]  # no T asked: not reached
    assert [row.passed for row in check(profile, pair[1].rows)] == [False, True, False]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[full.all]\ncorrect = {min = 1}", "没有 fast"),
        ("[fast.all]\ncorect = {min = 1}", "corect"),
        ("[fast.all]\ncorrect = {minimum = 1}", "min 和 max"),
        ("[fast.questions]\nevery = 2", "没有任何阈值"),
        ("[fast", "TOML"),
    ],
)
def test_faulty_thresholds(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(BadInputError, match=told):
        _profile(tmp_path, text)


@pytest.mark.parametrize("name", ["fast", "full"])
def test_our_own_thresholds_are_readable(name: str) -> None:
    assert load_profile(name, THRESHOLDS).thresholds
