"""The premise is checked first: a wrong figure in the question is corrected, not passed over."""

from __future__ import annotations

import re
import unicodedata

from assistant.answer.absent import Absence
from assistant.answer.contradiction import contradiction
from assistant.answer.evidence import Pick
from assistant.answer.figures import Figure, figures
from embeddings.numbers import normalise_numbers

_TAG = re.compile(
    r"对吧|对吗|对不对|是吧|没错吧|没错吗|是这样|是吗|(?:是|当)真的?(?:吗|吧|假)|听说|据说"
    r"|是不是(?:这样|真的|[？?\s]*$)"
)
_ASSERTED = re.compile(
    _TAG.pattern
    + r"|听人说|说是|说要|都说|网上说|人家说|别人说|朋友说|同事说|据称|号称|这\d+万|那\d+万"
    r"|不是说|不都说|规定.{0,12}(?:要|收|罚|给|奖)|就行|就可以了|就够了|就好了"
)
_BY_RULE = re.compile(r"(?:按|照|根据|依)[^，。？]{2,40}，[^，。？]{0,30}(?:就要|就得|就可以|就行)")
_OWN = re.compile(
    r"张口|开口要|我们?(?:公司|厂|店|家|这)?(?:有|共|一共|才|大概|注册资本|去年|今年|投了|花了|买了|卖了|欠|索赔|张口)"
)
_ENOUGH = 6  # character pairs of a claim that can tell which clause speaks of the same matter
_COMPARED = {
    "日期",
    "元",
    "美元",
    "%",
    "百分点",
    "工作日",
    "日",
    "月",
    "年",
    "小时",
    "分钟",
    "平方米",
}
_COMPARED |= {"家", "户", "人", "次", "项", "个", "倍", "折"}
_TIMES = {"工作日", "日", "月", "年", "小时", "分钟"}
_NEGATED = re.compile(r"不收取(?:任何)?费用|不收费|免费|免收|不得收取|无需缴纳|不再(?:收取|要求)")
_CHARGED = re.compile(r"收.{0,10}(?:费|钱|元|块|%|％)|费用?.{0,4}(?:谁|该)|要交|收费")


def correction(question: str, picks: tuple[Pick, ...]) -> str | None:
    """The first half sentence that corrects the question (``不是100万元：``), else None.

    Only a figure that the question asserts as the rule's is compared, and only when the chosen
    sentence states another figure of the same unit, or that nothing is charged at all.
    """
    raw = unicodedata.normalize("NFKC", question)
    text = normalise_numbers(raw)
    if not picks or not (_ASSERTED.search(text) or _BY_RULE.search(text)):
        return None
    if _TAG.search(text):
        wrong = contradiction(raw, picks[0])
        if wrong:
            return wrong
    said = [f for f in figures(_asserting(text)) if f.unit in _COMPARED]
    if not said:
        return None
    stated = [f for pick in picks for f in figures(pick.hit.measure.text)]
    if _CHARGED.search(text) and any(_NEGATED.search(p.text) for p in picks):
        return f"并非按{_as_said(said[-1], raw)}收费："
    other = _other_of_the_same(text, picks, raw)
    if other:
        return f"不是{other}："
    best = [f for pick in picks for f in figures(pick.text)]
    for figure in said:
        like = _TIMES if figure.unit in _TIMES else {figure.unit}
        known = [f for f in best if f.unit in like]
        if not _in(figure, stated) and known and not _between(figure, known):
            return f"不是{_as_said(figure, raw)}："
    return None


def _other_of_the_same(text: str, picks: tuple[Pick, ...], raw: str) -> str | None:
    """A figure that the question joins to a matter to which the measure joins another one.

    2025年底就要全面启动城中村改造, where the measure has 2025年底 for something else and 2026年底
    for this: the clause that shares most with the question's clause decides.
    """
    for claim in re.split(r"[，。？！；,?!;]", text):
        said = [f for f in figures(claim) if f.unit in _COMPARED]
        words = _pairs(claim)
        if not said or len(words) < _ENOUGH:
            continue
        clauses = [c for p in picks for c in re.split(r"[。；;\n]", p.hit.measure.text)]
        units = {f.unit for f in said}
        nearest = max(clauses, key=lambda c: len(words & _pairs(c)))
        stated = [f for f in figures(nearest) if f.unit in units]
        if len(words & _pairs(nearest)) < len(words) / 2 or not stated:
            continue
        for figure in said:
            like = [f for f in stated if f.unit == figure.unit]
            if like and not _in(figure, stated) and not _between(figure, like):
                return _as_said(figure, raw)
    return None


def _pairs(text: str) -> set[str]:
    plain = re.sub(r"[^\u4e00-\u9fff]|[年月日底末]", "", text)
    return {plain[i : i + 2] for i in range(len(plain) - 1)}


def bearing(picks: tuple[Pick, ...]) -> tuple[Pick, ...]:
    """The picks with the one in front that states a figure: it carries the correction."""
    return tuple(sorted(picks, key=lambda p: not figures(p.text)))


def _as_said(figure: Figure, raw: str) -> str:
    """The figure in the asker's own spelling: 500万美元 and not 5000000美元."""
    for other in figures(raw):
        if other.unit == figure.unit and abs(other.value - figure.value) < 1e-6:
            return other.text
    return figure.text


def unsupported(question: str, picks: tuple[Pick, ...]) -> Absence | None:
    """A sum or share that the question asserts while the chosen measures state none at all."""
    text = normalise_numbers(unicodedata.normalize("NFKC", question))
    if not _ASSERTED.search(text):
        return None
    said = [f for f in figures(_asserting(text)) if f.unit in ("元", "%", "美元")]
    stated_ = [f for p in picks for f in figures(p.text) if f.unit in ("元", "%", "美元")]
    if not said or stated_ or any(_NEGATED.search(p.text) for p in picks):
        return None
    return Absence("amount", f"{said[0].text}这一标准")


def _asserting(text: str) -> str:
    """The clauses of the question without those that only describe the asker."""
    clauses = re.split(r"[，。？！；,?!;]", text)
    return "，".join(c for c in clauses if not _OWN.search(c))


def _between(figure: Figure, stated: list[Figure]) -> bool:
    """Inside a range that the rule states (20元以上200元以下, 3至5年)."""
    same = [f.value for f in stated if f.unit == figure.unit]
    return len(same) > 1 and min(same) <= figure.value <= max(same)


def _in(figure: Figure, stated: list[Figure]) -> bool:
    return any(f.unit == figure.unit and abs(f.value - figure.value) < 1e-6 for f in stated)
