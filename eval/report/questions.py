"""Every question browsable: asked, expected, retrieved, answered, and what changed."""

from __future__ import annotations

import difflib
import json
import re
from html import escape

from eval.dataset import Evidence
from eval.metrics.answer import is_clean, right_verdict
from eval.metrics.catalogue import METRICS
from eval.metrics.citation import asked_text, cites, repeats, statements, supports
from eval.metrics.evidence import holds_evidence
from eval.metrics.numbers import unfaithful_figures
from eval.prediction import Cited, Prediction
from eval.report.sections import WORDS
from eval.scoring import Scored
from eval.text import fold, states, states_any

_SHOWN = 10
_LONG = 320  # characters of a passage shown at once


def question_entry(row: Scored, before: Scored | None) -> str:
    """A ``<details>`` with all there is to see of one question."""
    question = row.question
    changed = before is not None and before.correct != row.correct
    mark = "ok" if row.correct else "bad"
    tags = [
        WORDS["set"].get(question.set, question.set),
        WORDS["kind"].get(question.kind, question.kind),
        WORDS["style"].get(question.style, question.style),
    ]
    if changed:
        tags.append("变好" if row.correct else "变差")
    searchable = f"{question.id} {question.question} {row.prediction.answer}".lower()
    return (
        f'<details class="question {mark}" id="q-{escape(question.id)}" data-set="{question.set}" '
        f'data-ok="{int(row.correct)}" data-changed="{int(changed)}" '
        f'data-text="{escape(searchable[:400])}">'
        f"<summary><span class=mark>{'✓' if row.correct else '✗'}</span>"
        f"<b>{escape(question.id)}</b> "
        f"<span class=asked>{escape(_cut(question.question, 90))}</span>"
        f"<span class=tags>{''.join(f'<i>{escape(tag)}</i>' for tag in tags)}</span></summary>"
        f"<div class=body>{_why(row)}{_asked(row)}{_expected(row)}{_answered(row)}"
        f"{_against_before(row, before)}{_retrieved(row)}{_figures(row)}</div></details>"
    )


def failures_of(row: Scored) -> list[str]:
    """Why the answer is not right, in words."""
    question, prediction = row.question, row.prediction
    if prediction.error:
        return [f"出错：{prediction.error}"]
    if question.gold_set:
        return _match_failures(row)
    found: list[str] = []
    if question.must_refuse and not prediction.refused:
        found.append("应拒未拒")
    if row.scores.get("false_refusal"):
        found.append("误拒")
    if not row.scores.get("facts_all", 1.0):
        found.append("事实不全")
    if question.gold and not row.scores.get("evidence_cited"):
        found.append("依据未引用" + ("" if row.scores.get("recall@10") else "（也未检索到）"))
    if row.scores.get("signalled") == 0.0:
        found.append("没有点明缺失或错误")
    if not right_verdict(question, prediction):
        found.append("效力判断不对")
    if not is_clean(question, prediction):
        found.append("有禁止的说法")
    return found


def _match_failures(row: Scored) -> list[str]:
    found = []
    if (row.scores.get("match_recall") or 0.0) < 0.8:
        found.append(f"匹配召回 {row.scores['match_recall']:.0%}")
    if row.scores.get("match_avoid"):
        found.append("列了不该列的条款")
    return found


def _why(row: Scored) -> str:
    reasons = [] if row.correct else failures_of(row)
    wrong, _ = unfaithful_figures(row.question, row.prediction)
    if wrong and not row.prediction.refused:
        reasons.append("无出处的数字：" + "、".join(value + unit for value, unit in wrong[:6]))
    if not reasons:
        return ""
    return f"<p class=why>{'；'.join(map(escape, reasons))}</p>"


def _asked(row: Scored) -> str:
    question = row.question
    turns = question.turns or (question.question,)
    said = "".join(f"<li>{escape(_cut(turn, 500))}</li>" for turn in turns)
    extra = []
    if question.as_of:
        extra.append(f"所问日期 {question.as_of}")
    if question.district:
        extra.append(question.district)
    if question.profile:
        extra.append(json.dumps(question.profile, ensure_ascii=False))
    if row.prediction.standalone_question and question.turns:
        extra.append(f"系统理解为：{row.prediction.standalone_question}")
    return f"<h4>提问</h4><ol class=turns>{said}</ol><p class=meta>{escape('；'.join(extra))}</p>"


def _expected(row: Scored) -> str:
    question = row.question
    parts = ["<h4>应有</h4>"]
    if question.answer:
        parts.append(f"<p class=reference>{escape(question.answer)}</p>")
    if question.facts:
        answer = fold(row.prediction.answer)
        facts = "".join(
            f"<li class={_tone(states_any(answer, spellings))}>{escape(' / '.join(spellings))}</li>"
            for spellings in question.facts
        )
        parts.append(f"<ul class=checks>{facts}</ul>")
    if question.must_not:
        said = [
            phrase for phrase in question.must_not if states(fold(row.prediction.answer), phrase)
        ]
        parts += [f"<p class=said>出现了禁止的说法：{escape(phrase)}</p>" for phrase in said]
    listed = row.prediction.matches or row.prediction.citations
    if question.gold_set:
        parts += [_evidence(piece, row.prediction, listed) for piece in question.gold_set]
        traps = "".join(_trap(piece, listed) for piece in question.avoid_set if piece.quote)
        parts.append(f"<h4>不该列出</h4>{traps}" if traps else "")
    else:
        parts += [
            _evidence(piece, row.prediction, row.prediction.citations) for piece in question.gold
        ]
    return "".join(parts)


def _tone(good: bool) -> str:
    return "yes" if good else "no"


def _named(piece: Evidence | Cited) -> str:
    name = f"《{piece.title}》" if piece.title else ""
    return escape(" ".join(part for part in (name, piece.doc_number, piece.measure) if part))


def _evidence(piece: Evidence, prediction: Prediction, cited: tuple[Cited, ...]) -> str:
    place = next(
        (n for n, hit in enumerate(prediction.retrieved, 1) if holds_evidence(hit.text, piece)),
        None,
    )
    is_cited = cites(cited, piece)
    found = f"检索第 {place} 位" if place else "未检索到"
    return (
        f"<blockquote class={_tone(is_cited)}><cite>{_named(piece)} · {found} · "
        f"{'已引用' if is_cited else '未引用'}</cite>{escape(piece.quote or '')}</blockquote>"
    )


def _trap(piece: Evidence, listed: tuple[Cited, ...]) -> str:
    fell = cites(listed, piece)
    return (
        f"<blockquote class={_tone(not fell)}><cite>{_named(piece)} · "
        f"{'误列' if fell else '未列'} · {escape(piece.why or '')}</cite>"
        f"{escape(piece.quote or '')}</blockquote>"
    )


def _answered(row: Scored) -> str:
    prediction = row.prediction
    state = f"拒答：{prediction.reason or '未说明原因'}" if prediction.refused else ""
    by_number = {c.n if c.n is not None else i: c for i, c in enumerate(prediction.citations, 1)}
    text, asked = escape(_cut(prediction.answer, 3000)), asked_text(row.question)
    for statement in statements(prediction.answer) if not prediction.refused else ():
        cited = [by_number[n] for n in statement.marks if n in by_number]
        if not statement.marks and repeats(statement.text, asked):
            continue
        if not supports(statement.text, cited, asked):
            piece = escape(statement.text)
            text = text.replace(piece, f"<mark title='引文不能逐字支持这一句'>{piece}</mark>", 1)
    rows = "".join(
        f"<li value={n}><cite>{_named(c)}{_validity(c)}</cite>{_folded(c.text, c.quote)}</li>"
        for n, c in by_number.items()
    )
    return (
        f"<h4>回答</h4><p class=meta>{escape(state)}</p><div class=answer>{text or '（空）'}</div>"
        + (f"<h4>引用</h4><ol class=citations>{rows}</ol>" if rows else "")
        + _matches(prediction)
    )


def _matches(prediction: Prediction) -> str:
    if not prediction.matches:
        return ""
    rows = "".join(
        f"<li><cite>{_named(m)}{_validity(m)}</cite>{escape(m.why)}{_folded(m.text, m.quote)}</li>"
        for m in prediction.matches
    )
    return f"<h4>匹配结果</h4><ol class=citations>{rows}</ol>"


def _validity(row: Cited) -> str:
    return f" · {escape(row.validity.status)}" if row.validity.status else ""


def _folded(text: str, quote: str = "") -> str:
    """A passage, its end folded away when long, the quoted span marked."""

    def shown(part: str) -> str:
        plain = escape(part)
        return plain.replace(escape(quote), f"<u>{escape(quote)}</u>", 1) if quote else plain

    if len(text) <= _LONG:
        return f"<p>{shown(text)}</p>"
    head = escape(text[:120])
    return f"<details class=more><summary>{head}……</summary><p>{shown(text)}</p></details>"


def _retrieved(row: Scored) -> str:
    pieces = row.question.gold_set or row.question.gold
    items = []
    for hit in row.prediction.retrieved[:_SHOWN]:
        good = any(holds_evidence(hit.text, piece) for piece in pieces)
        score = f"{hit.score:.3f} · " if hit.score is not None else ""
        name = " ".join(p for p in (hit.title, hit.doc_number, hit.measure) if p)
        items.append(
            f'<li class="{"yes" if good else ""}"><cite>{score}{escape(name)}</cite>'
            f"{_folded(hit.text)}</li>"
        )
    if not items:
        return ""
    title = f"<summary>检索到的前 {len(items)} 段</summary>"
    return f"<details class=more>{title}<ol>{''.join(items)}</ol></details>"


def _figures(row: Scored) -> str:
    shown = " · ".join(
        f"{METRICS[name].title} {METRICS[name].show(value)}"
        for name, value in ((name, row.scores.get(name)) for name in METRICS)
        if value is not None
    )
    return f"<p class=meta>{escape(shown)}</p>"


def _against_before(row: Scored, before: Scored | None) -> str:
    if before is None or before.prediction.answer == row.prediction.answer:
        return ""
    marked = _marked_difference(before.prediction.answer, row.prediction.answer)
    title = f"与上次相比（上次{'对' if before.correct else '错'}）"
    return f"<h4>{title}</h4><div class=diff>{marked}</div>"


def _marked_difference(old: str, new: str) -> str:
    """``new`` with what was added and taken away, by words and signs."""
    a, b = (re.findall(r"\d+(?:\.\d+)?|[a-zA-Z]+|.|\n", _cut(text, 1500)) for text in (old, new))
    parts = []
    for action, i, j, k, m in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        gone, come = escape("".join(a[i:j])), escape("".join(b[k:m]))
        if action == "equal":
            parts.append(come)
        else:
            parts.append(
                (f"<del>{gone}</del>" if gone else "") + (f"<ins>{come}</ins>" if come else "")
            )
    return "".join(parts)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[:length] + "……"
