"""The conversation on the screen: questions, answers, refusals, errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from ui.conversation import MAX_TURNS, Conversation, Turn
from ui.html import both, join, labelled, tag
from ui.icons import icon
from ui.render.badges import label_badge, validity_badge
from ui.render.evidence import open_link, outward
from ui.render.prose import answer_prose, cite_button
from ui.texts import FEEDBACK_REASONS, TEXTS

MAX_COMMENT = 500


def transcript(conversation: Conversation) -> Markup:
    """All turns, oldest first; empty markup when nothing was asked yet."""
    last = conversation.turns[-1].id if conversation.turns else None
    gone = conversation.dropped
    before = tag("p", both("dropped", n=gone, most=MAX_TURNS), class_="notes") if gone else None
    return join([before, [_turn(t, is_last=t.id == last) for t in conversation.turns]])


def _turn(turn: Turn, *, is_last: bool) -> Markup:
    return tag(
        "section",
        tag(
            "div",
            tag("h2", both("you"), class_="visually-hidden"),
            tag("p", turn.question, class_="question-text"),
            labelled(
                "button",
                "edit",
                icon("edit"),
                type="button",
                class_="icon-button edit-button",
                data_act="edit",
                data_turn=turn.id,
                data_question=turn.question,
            ),
            class_="bubble question",
        ),
        _reply(turn, is_last=is_last),
        class_="turn",
        id=f"t-{turn.id}",
        data_turn=turn.id,
        data_state=turn.state,
    )


def _reply(turn: Turn, *, is_last: bool) -> Markup:
    if turn.state == "failed":
        return error_card(turn.error, turn.next_step, turn.id)
    heading = tag("h2", both("assistant"), class_="visually-hidden")
    if turn.answer is None or turn.state != "done":
        return tag("div", heading, _unfinished(turn), class_="bubble answer")
    answer = turn.answer
    body = _refusal(answer, turn.id) if answer.get("refused") else _answered(answer, turn.id)
    return tag(
        "div",
        heading,
        _rewritten(answer),
        body,
        _sources(answer, turn.id),
        _terms(answer),
        _notes(answer),
        _meta(turn, answer),
        _tools(turn),
        _suggestions(answer) if is_last else None,
        class_="bubble answer" + (" refused" if answer.get("refused") else ""),
    )


def _unfinished(turn: Turn) -> Markup:
    draft = turn.answer or {"answer": ""}
    text = answer_prose(str(draft["answer"]), turn.id, _names(draft))
    if turn.state == "running":
        waiting = tag(
            "p",
            tag("span", class_="pulse", aria_hidden="true"),
            both("searching"),
            class_="waiting muted",
        )
        return tag("div", text or waiting, class_="streaming")
    return tag(
        "div",
        text,
        tag("p", both("stopped"), class_="muted"),
        _retry(turn.id),
        class_="streaming",
    )


def _names(answer: Mapping[str, Any]) -> dict[int, str]:
    """What each citation is called."""
    return {c["n"]: _name(c) for c in answer.get("citations") or () if isinstance(c.get("n"), int)}


def _name(citation: Mapping[str, Any]) -> str:
    label = citation.get("measure") or citation.get("part") or ""
    return f"《{citation.get('title', '')}》{label}"


def _answered(answer: Mapping[str, Any], turn_id: str) -> Markup:
    prose = answer_prose(str(answer["answer"]), turn_id, _names(answer))
    matches = answer.get("matches") or ()
    pointer = (
        tag(
            "p",
            both("matches_found", n=len(matches)),
            tag(
                "button",
                both("see_all"),
                type="button",
                class_="link-button",
                data_act="matches",
                data_question=answer.get("standalone_question") or answer.get("question"),
            ),
            class_="matches-note",
        )
        if matches
        else None
    )
    return tag("div", prose, pointer, class_="prose-zh", lang=answer.get("language"))


def _refusal(answer: Mapping[str, Any], turn_id: str) -> Markup:
    reason = answer.get("reason")
    key = reason if f"refused_{reason}" in TEXTS else "not_in_corpus"
    return tag(
        "div",
        tag("p", both(f"refused_{key}"), class_="refusal-title"),
        tag(
            "div",
            answer_prose(str(answer["answer"]), turn_id, _names(answer)),
            class_="prose-zh",
            lang=answer.get("language"),
        ),
        tag("p", tag("strong", both("try_this")), "：", both(f"hint_{key}"), class_="next-step"),
        class_="refusal",
        data_reason=key,
    )


def _rewritten(answer: Mapping[str, Any]) -> Markup | None:
    standalone = str(answer.get("standalone_question") or "")
    if not standalone or standalone.strip() == str(answer.get("question", "")).strip():
        return None
    return tag(
        "p",
        both("rewritten"),
        "：",
        tag("span", standalone, class_="standalone"),
        class_="rewritten",
    )


def _sources(answer: Mapping[str, Any], turn_id: str) -> Markup | None:
    """One line a source: its mark, document, clause, status, and who is in charge."""
    citations = [c for c in answer.get("citations") or () if isinstance(c.get("n"), int)]
    if not citations:
        return None
    rows = [
        tag(
            "li",
            cite_button(turn_id, c["n"], _name(c)),
            tag("span", f"《{c.get('title', '')}》", class_="source-title"),
            label_badge(c.get("measure"), c.get("part") or "正文"),
            validity_badge(c.get("validity") or {}),
            tag("span", both("departments"), "：", c["departments"], class_="departments")
            if c.get("departments")
            else None,
            outward(c.get("url")),
        )
        for c in citations
    ]
    return tag("ul", rows, class_="sources", aria_label=TEXTS["sources"][0])


def _terms(answer: Mapping[str, Any]) -> Markup | None:
    """Officials' terms of the answer; a tap opens what they mean and where that stands."""
    terms = answer.get("terms") or ()
    if not terms:
        return None
    return tag(
        "div",
        tag("span", both("terms"), class_="terms-title"),
        [
            tag(
                "details",
                tag("summary", t.get("term")),
                tag("p", t.get("explanation"), _from(t)),
            )
            for t in terms
        ],
        class_="terms",
    )


def _from(term: Mapping[str, Any]) -> Markup:
    label = str(term.get("measure", ""))
    return open_link(str(term.get("doc_id", "")), label, f"《{term.get('title', '')}》{label}")


def _notes(answer: Mapping[str, Any]) -> Markup | None:
    notes = [str(note) for note in answer.get("notes") or ()]
    return tag("ul", [tag("li", note) for note in notes], class_="notes") if notes else None


def _meta(turn: Turn, answer: Mapping[str, Any]) -> Markup:
    mode = "mode_llm" if answer.get("mode") == "llm" else "mode_extractive"
    return tag(
        "p",
        None if answer.get("refused") else tag("span", both(mode)),
        tag("span", both("checked", date=turn.as_of)) if turn.as_of else None,
        tag("span", turn.district) if turn.district else None,
        tag("span", both("took", seconds=f"{max(turn.seconds, 0.1):.1f}"), class_="took")
        if turn.seconds is not None
        else None,
        class_="meta",
    )


def _tools(turn: Turn) -> Markup:
    return tag(
        "div",
        labelled(
            "button",
            "copy",
            both("copy"),
            type="button",
            class_="link-button",
            data_act="copy",
            data_turn=turn.id,
        ),
        _retry(turn.id),
        tag("span", class_="grow"),
        tag("span", both("thanks"), class_="thanks", role="status") if turn.rated else None,
        tag("span", _thumb(turn, "up"), _thumb(turn, "down"), class_="rating"),
        None if turn.rated == "down" else _complaint(turn.id),
        class_="tools",
    )


def _thumb(turn: Turn, way: str) -> Markup:
    """A thumb; the one that was given takes the judgement back."""
    given = turn.rated == way
    return labelled(
        "button",
        "useful" if way == "up" else "not_useful",
        icon(way),
        type="button",
        class_="icon-button",
        data_act="take-back" if given else f"rate-{way}",
        data_turn=turn.id,
        aria_pressed="true" if given else "false",
        aria_expanded="false" if way == "down" and not given else None,
    )


def _complaint(turn_id: str) -> Markup:
    """The form behind the thumb down: one reason of ours, a comment when wanted."""
    reasons = [
        tag(
            "label",
            tag("input", type="radio", name=f"why-{turn_id}", value=value),
            tag("span", chinese, class_="zh"),
            tag("span", english, class_="en", lang="en"),
            class_="chip",
        )
        for value, (chinese, english) in FEEDBACK_REASONS.items()
    ]
    return tag(
        "form",
        tag("fieldset", tag("legend", both("what_wrong")), reasons),
        tag(
            "label",
            both("comment"),
            tag("input", type="text", name="comment", maxlength=MAX_COMMENT),
            class_="comment",
        ),
        tag("button", both("submit"), type="submit", class_="button small"),
        class_="complaint",
        data_act="complain",
        data_turn=turn_id,
        hidden=True,
    )


def _retry(turn_id: str) -> Markup:
    return labelled(
        "button",
        "retry",
        both("retry"),
        type="button",
        class_="link-button",
        data_act="retry",
        data_turn=turn_id,
    )


def _suggestions(answer: Mapping[str, Any]) -> Markup | None:
    questions = [str(q) for q in answer.get("suggestions") or ()]
    return question_chips(questions, "suggestions") if questions else None


def question_chips(questions: Sequence[str], key: str) -> Markup:
    """Questions that are asked by a click."""
    return tag(
        "div",
        tag("p", both(key), class_="chips-title"),
        [
            tag("button", q, type="button", class_="chip", data_act="ask", data_question=q)
            for q in questions
        ],
        class_="chips",
    )


def error_card(message: str, next_step: str, turn_id: str | None = None) -> Markup:
    return tag(
        "div",
        tag("p", both("error_title"), class_="error-title"),
        tag("p", message),
        tag("p", tag("strong", both("try_this")), "：", next_step, class_="next-step")
        if next_step
        else None,
        _retry(turn_id) if turn_id else None,
        class_="bubble answer error-card",
        role="alert",
    )
