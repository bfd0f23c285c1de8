from __future__ import annotations

import json

import pytest

from assistant.settings import ROOT
from eval.dataset import DatasetError, check_lines, load
from eval.quotes import missing_quotes

GOOD = {
    "id": "X-1",
    "question": "奖励多少？",
    "kind": "subsidy",
    "gold": [{"title": "若干措施", "measure": "一/1", "quote": "给予20万元奖励"}],
    "facts": [["20万"]],
}


def faults(*rows: dict | str) -> list[str]:
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    return check_lines(lines, "q.jsonl")[1]


def test_the_development_set_is_valid(dev) -> None:
    assert len(dev.questions) == 234
    assert {q.set for q in dev.questions} == {"A", "U", "M", "P", "T"}


def test_its_quotations_stand_in_the_sources(dev) -> None:
    assert missing_quotes(dev, ROOT / "data" / "sources") == []


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"id": None}, "id："),
        ({"qestion": "x"}, "qestion：不认识这个字段"),
        ({"set": ""}, "set：不能为空"),
        ({"cold": "yes"}, "cold：应为 true 或 false"),
        ({"facts": [[]]}, None),
        ({"facts": ["20万"]}, "facts.0：应为列表"),
        ({"as_of": "2024-13-01"}, "month"),
        ({"gold": [{"measure": "一", "quote": "x"}]}, "gold.0：title 与 doc_number"),
        ({"gold": [{"title": "若干措施"}]}, "gold.0 缺少 quote"),
        ({"turns": ["甲", "乙"]}, "turns 的最后一轮"),
        ({"answerable": False}, "gold 应为空"),
        ({"expect": "not_stated"}, "signals"),
        ({"status": "valid"}, "status："),
    ],
)
def test_faults_name_line_and_field(change: dict, named: str | None) -> None:
    found = faults(GOOD, GOOD | {"id": "X-2"} | change)
    if named is None:
        assert found == []
    else:
        assert len(found) == 1
        assert found[0].startswith("q.jsonl:2: ")
        assert named in found[0]


def test_all_faults_are_told_at_once() -> None:
    found = faults("{", GOOD, {"id": "X-3"}, GOOD)
    assert [fault.split(":")[1] for fault in found] == ["1", "3", "3", "4"]
    assert "与第 2 行重复" in found[-1]


def test_load_refuses_missing_empty_and_clashing(tmp_path) -> None:
    path = tmp_path / "mine.jsonl"
    with pytest.raises(DatasetError, match=r"现有：.*dev"):
        load(["nowhere"])
    path.write_text("\n")
    with pytest.raises(DatasetError, match="没有题目"):
        load([str(path)])
    path.write_text(json.dumps(GOOD | {"id": "A-001"}))
    with pytest.raises(DatasetError, match="另一个题库"):
        load(["dev", str(path)])


def test_a_request_is_batch_input(dev) -> None:
    conversation = dev.by_id()["M-001"].request()
    assert conversation["turns"][-1] == "那松江呢？"
    assert "question" not in conversation
    assert dev.by_id()["P-001"].request()["profile"]["district"] == "浦东新区"
    assert set(dev.by_id()["A-001"].request()) == {"id", "question", "as_of"}


def test_questions_of_others_may_have_more_fields_but_no_misspelt_ones(tmp_path) -> None:
    path = tmp_path / "theirs.jsonl"
    path.write_text(json.dumps(GOOD | {"split": "test", "difficulty": 3}))
    assert load([str(path)]).questions[0].id == "X-1"
    with pytest.raises(DatasetError, match="split"):
        load([str(path)], strict=True)
    path.write_text(json.dumps(GOOD | {"must_nots": ["x"]}))
    with pytest.raises(DatasetError, match="是否应为 must_not"):
        load([str(path)])
