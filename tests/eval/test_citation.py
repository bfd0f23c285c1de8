from __future__ import annotations

from eval.dataset import Question
from eval.metrics.citation import statement_scores, statements, supports, verbatim_share
from eval.prediction import Cited, Prediction

CLAUSE = "对首次升规的科技服务业企业，给予不超过20万元的财政奖励。申请人应当在三个月内提出。"

ASKED = Question(id="x", question="首次升规能奖励多少？", kind="subsidy", facts=(("20万",),))


def _cited(text: str = CLAUSE, n: int = 1) -> Cited:
    return Cited(n=n, title="若干措施", text=text)


def _scores(answer: str, *rows: Cited) -> tuple[float | None, float | None]:
    found = statement_scores(ASKED, Prediction(id="x", answer=answer, citations=rows))
    return found["alce_recall"], found["alce_precision"]


def test_statements_share_the_marks_that_close_their_line() -> None:
    found = statements(
        "给予不超过20万元的财政奖励。应当在三个月内提出。[1]\n另见其他办法的有关规定[2]。"
    )
    assert [s.marks for s in found] == [(1,), (1,), (2,)]


def test_what_says_nothing_is_no_statement() -> None:
    assert statements("可以。\n有的。") == []


def test_verbatim_support() -> None:
    assert supports("给予不超过20万元的财政奖励", [_cited()])
    assert not supports("给予不超过30万元的财政奖励", [_cited()])
    assert not supports("给予不超过20万元的财政奖励", [_cited("完全无关的另一条内容。")])
    assert not supports("给予不超过20万元的财政奖励", [])
    assert verbatim_share("依据《若干措施》，给予不超过20万元的财政奖励", CLAUSE) > 0.8


def test_supported_and_needed() -> None:
    assert _scores("给予不超过20万元的财政奖励。[1]", _cited()) == (1, 1)


def test_a_citation_too_many_costs_precision_only() -> None:
    stray = _cited("完全无关的另一条内容，讲停车场的管理。", 2)
    assert _scores("给予不超过20万元的财政奖励。[1][2]", _cited(), stray) == (1, 0.5)


def test_without_or_with_a_false_mark_nothing_is_supported() -> None:
    assert _scores("给予不超过20万元的财政奖励。", _cited())[0] == 0
    assert _scores("给予不超过20万元的财政奖励。[7]", _cited()) == (0, 0)


def test_two_citations_that_carry_a_statement_together_are_both_precise() -> None:
    one, two = (
        _cited("对首次升规的科技服务业企业，给予财政奖励", 1),
        _cited("奖励不超过20万元的，由区发放", 2),
    )
    said = "对首次升规的科技服务业企业，给予财政奖励，奖励不超过20万元的，由区发放。[1][2]"
    assert _scores(said, one, two) == (1, 1)


def test_refusals_have_no_statements() -> None:
    found = statement_scores(ASKED, Prediction(id="x", answer="没有收录。", refused=True))
    assert found == {"alce_recall": None, "alce_precision": None}


def test_frames_are_no_part_of_a_statement() -> None:
    assert supports("2. 奖励标准：给予不超过20万元的财政奖励（有效期内）", [_cited()])


def test_repeating_the_user_needs_no_citation() -> None:
    said = "首次升规能奖励多少？\n给予不超过20万元的财政奖励。[1]"
    assert _scores(said, _cited())[0] == 1
