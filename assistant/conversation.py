"""Turns of a conversation → one standalone question, by rules and without an LLM.

What is carried along: the subject of the last independent question, the place, the document and
what the asker told about the company.  A correction replaces what it corrects, 「那X呢」 replaces
the part of the question that X is parallel to, a switch of topic drops everything before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant import turn_signals as signals
from assistant.question.clean import asked_part
from assistant.question.places import find_places
from assistant.question.references import doc_numbers, labels, titles
from embeddings.segment import words

_INDEPENDENT = 18  # a turn of so many characters without a pointer back stands alone
_END_OF_NAME = "做办开申要有是在到能最单每，。？！；,"


@dataclass
class _Thread:
    """What the conversation is about so far."""

    question: str = ""  # the last question that stands alone, as rewritten
    told: list[str] = field(default_factory=list)  # statements about the asker, in order
    past: list[str] = field(default_factory=list)  # subjects before this one, oldest first

    def context(self) -> str:
        return "，".join((*self.told, self.question)) if self.question else "，".join(self.told)


def standalone(turns: Sequence[str]) -> str:
    """The last turn as a question that needs no other turn to be understood.

    Args:
        turns: what the user said, oldest first; a single turn is returned as it is.
    """
    said = [turn for turn in turns if turn.strip()]
    if len(said) <= 1:
        return said[0] if said else ""
    thread = _Thread()
    result = said[-1]
    for turn in said:
        result = _next(thread, turn)
    return result


def _next(thread: _Thread, turn: str) -> str:
    """Take one turn into the thread; returns it rewritten."""
    text = signals.ASCII_MARK.sub(lambda m: signals.WIDE[m[0]], asked_part(turn))
    text = signals.ENUMERATOR.sub(r"（\1）", text)
    switched = signals.SWITCH.match(text)
    if switched:
        text = text[switched.end() :] or text
        thread.past.append(thread.question)
        thread.question, thread.told = "", []
    text = signals.POLITE.sub("", text)
    if not text:
        return turn
    if returned := _returned(thread, text):
        text = returned
    if not thread.question and not thread.told:
        return _begin(thread, text)
    if moved := _moved(thread, text):
        return moved
    if signals.CORRECTION.search(text):
        return _correct(thread, text)
    if signals.META.search(text):
        return _narrow(thread, text)
    if exchanged := _exchanged(thread, text):
        return exchanged
    if not signals.QUESTION.search(text):
        thread.told.append(_trimmed(text))
        return thread.context()
    if thread.question and _asks_of_document(text):
        own = mentioned(text)
        subject = _with_place(thread.question, own[0]) if own else thread.question
        return f"{_joined(thread.told, _trimmed(subject))}？{text}"
    if _stands_alone(text):
        thread.past.append(thread.question)
        return _begin(thread, text)
    return _follow(thread, text)


def _exchanged(thread: _Thread, text: str) -> str:
    """「那X呢」: the last question with X in place of what it is parallel to; "": no such turn."""
    ellipsis = signals.ELLIPSIS.match(text)
    if ellipsis and "样" in text[ellipsis.end("x") :] and signals.OUTCOME.search(ellipsis["x"]):
        ellipsis = None
    if ellipsis and not thread.question:
        thread.question, thread.told = "，".join(thread.told), []
    if ellipsis and thread.question and len(ellipsis["x"]) <= 24:
        place = mentioned(ellipsis["x"])
        if place and len(ellipsis["x"]) <= 6 and any(mentioned(t) for t in thread.told):
            thread.told = [_with_place(t, place[0]) for t in thread.told]
            return thread.context()
        thread.question = _replaced(thread.question, ellipsis["x"])
        return _joined(thread.told, thread.question)
    return ""


def _begin(thread: _Thread, text: str) -> str:
    """A new subject: statements are remembered, a question becomes the subject."""
    if signals.QUESTION.search(text):
        thread.question = text
        return (
            _joined(thread.told, text) if not thread.told or not signals.SELF.match(text) else text
        )
    thread.told.append(_trimmed(text))
    return text


def _asks_of_document(text: str) -> bool:
    """「出这条的是哪份文件、管到哪天？」: nothing is asked but the document and its term."""
    if not signals.OF_DOCUMENT.search(text) or titles(text) or doc_numbers(text) or labels(text):
        return False
    return len(text) < _INDEPENDENT or bool(signals.POINTS_BACK.search(text))


def _returned(thread: _Thread, text: str) -> str:
    """「刚才说的户外广告，罚多少」: the earlier subject comes back; the rest of the turn, or ""."""
    match = signals.RETURN.search(text)
    if match is None or not thread.past:
        return ""
    said = {match["x"][i : i + 2] for i in range(len(match["x"]) - 1)}
    shared = [(sum(pair in question for pair in said), question) for question in thread.past]
    best = max(shared, key=lambda row: row[0])
    if best[0] <= sum(pair in thread.question for pair in said):
        return ""
    thread.past.append(thread.question)
    thread.question, thread.told = best[1], []
    rest = _trimmed(text[match.end() :])
    return f"那{rest}？" if rest else ""


def _stands_alone(text: str) -> bool:
    named = bool(titles(text) or doc_numbers(text))
    # 还有效吗 of a document that the turn names points back at nothing
    if signals.POINTS_BACK.search(signals.STILL.sub("", text) if named else text):
        return False
    return named or len(text) >= _INDEPENDENT


def _follow(thread: _Thread, text: str) -> str:
    """A question that leans on the subject: the subject's words come first."""
    if labels(text):
        base = thread.question or thread.context()
        document = [*doc_numbers(base), *(f"《{t}》" for t in titles(base))]
        if document:
            return f"{document[0]}{re.sub(r'^(?:就说|只说|那|看)', '', text)}"
    if not thread.question:
        thread.question = text
        return thread.context()
    subject = thread.question
    if own := mentioned(text):
        subject = _with_place(subject, own[0])
        thread.told = [_with_place(t, own[0]) for t in thread.told]
    subject = _subject(subject)
    return _joined([*thread.told, subject], text) if subject else _joined(thread.told, text)


def _subject(question: str) -> str:
    """The question without its asking words: what it is about."""
    clauses = [c for c in signals.CLAUSE.findall(question) if c.strip()]
    clauses = [c for c in clauses if not re.search(r"谁|找哪|哪里|去哪", c)] or clauses
    kept = [_trimmed(signals.ASKING.sub("", clause)) for clause in clauses]
    return "，".join(k for k in kept if len(k) >= 2)


def _correct(thread: _Thread, text: str) -> str:
    """What was said wrongly goes, what is said now comes in its place."""
    new, old = "", ""
    for pattern in signals.NOT_BUT:
        if match := pattern.search(text):
            new, old = match["new"].strip(), match["old"].strip()
            break
    if not new:
        rest = [c for c in signals.CLAUSE.findall(text) if not signals.CORRECTION.search(c)]
        new = _trimmed("".join(rest))
        if thread.question and (meant := signals.ASKED_ABOUT.match(new)):
            thread.question = _replaced(thread.question, meant["x"])
            return thread.context()
        place = mentioned(new)
        if place and mentioned(thread.context()):
            thread.question = _with_place(thread.question, place[0])
            thread.told = [_with_place(t, place[0]) for t in thread.told]
            return thread.context()
        if signals.QUESTION.search(new) and len(new) >= _INDEPENDENT:
            thread.question = new
            return thread.context()
    new = re.sub(r"^(?:我们?)?(?:应该)?(?:是|算)", "", new) if not old else new
    if not old and thread.told and signals.SELF.match(thread.told[-1]):
        thread.told.pop()
    if old:
        thread.told = [t for t in thread.told if not _shares(t, old)]
        clauses = [c for c in signals.CLAUSE.findall(thread.question) if not _shares(c, old)]
        thread.question = "".join(clauses) or thread.question.replace(old, new)
    if new:
        thread.told.append(new if signals.SELF.match(new) else f"我们是{new}")
    return thread.context()


def _moved(thread: _Thread, text: str) -> str:
    """「我不在嘉定，在奉贤」: the place told is exchanged; "" when the turn says no such thing."""
    match = signals.NOT_THERE.search(text)
    wrong = mentioned(match["old"]) if match else ()
    right = [d for d in mentioned(text) if d not in wrong]
    if not wrong or not right or not mentioned(thread.context()):
        return ""
    thread.question = _with_place(thread.question, right[0])
    thread.told = [_with_place(t, right[0]) for t in thread.told]
    return thread.context()


def _shares(clause: str, name: str) -> bool:
    """Whether a clause of the asker's own speaks of the thing named."""
    name = re.sub(r"[的企业公司行业们我是做搞写]", "", name)
    return len(name) >= 2 and any(name[i : i + 2] in clause for i in range(len(name) - 1))


def _narrow(thread: _Thread, text: str) -> str:
    """「太长了，我们是X，只要数字」: the same question, for X only."""
    clauses = [_trimmed(c) for c in signals.CLAUSE.findall(text) if not signals.META.search(c)]
    subject = _subject(thread.question)
    ask = "金额是多少？" if signals.NUMBER_ONLY.search(text) else ""
    own = "，".join(c for c in clauses if c)
    thread.told.append(own) if own else None
    return _joined([subject, own], ask) if ask else _joined([own], thread.question)


def _replaced(question: str, new: str) -> str:
    """The question with the part that ``new`` is parallel to exchanged for it."""
    new = re.sub(r"^(?:那么?|如果是|要是|换成|改成|在)", "", new).strip()
    place = mentioned(new)
    if signals.OF_CITY.match(new) and mentioned(question):
        return _with_place(question, "市里")
    if place and len(new) <= 6:
        new = re.sub(r"^在", "", new)
        return _with_place(question, place[0]) if mentioned(question) else f"{place[0]}，{question}"
    clauses = [c for c in signals.CLAUSE.findall(question) if c.strip()]
    if signals.DOCUMENT.search(new):
        for i, clause in enumerate(clauses):
            if signals.DOCUMENT.search(_trimmed(clause)):
                return "".join([*clauses[:i], new + "，", *clauses[i + 1 :]])
    for i, clause in enumerate(clauses):
        if signals.DOCUMENT.search(_trimmed(clause)):
            continue
        span = _parallel(clause, new)
        if span:
            done = clause[: span[0]] + new + clause[span[1] :]
            return "".join([*clauses[:i], done, *clauses[i + 1 :]])
    if len(clauses) == 1:
        return _last_word_replaced(question, new) or f"{new}，{question}"
    return f"{_subject(question)}，{new}，{_last_ask(clauses)}"


def _parallel(clause: str, new: str) -> tuple[int, int] | None:
    """The span of the clause that ends, or else begins, as ``new`` does."""
    for size in range(len(new), 1, -1):
        tail = new[-size:]
        at = clause.find(tail)
        if at >= 0 and size < len(new):
            start = at
            while start > 0 and at - start < 4 and clause[start - 1] not in "的对和为给，、在是把":
                start -= 1
            return start, at + size
    if new[:1] and new[0] in clause and not new[0].isdigit():
        start = clause.index(new[0])
        end = start + 1
        while end < len(clause) and end - start < 8 and clause[end] not in _END_OF_NAME:
            end += 1
        if end - start >= 3:
            return start, end
    return None


def _last_word_replaced(question: str, new: str) -> str | None:
    """「备案要几天」, 「核准呢」: the word before the asking part, when as long as ``new``."""
    asking = signals.ASKING.search(question)
    before = words(question[: asking.start()]) if asking else []
    if not before or len(before[-1]) != len(new) or len(new) > 4:
        return None
    at = question.rfind(before[-1])
    return question[:at] + new + question[at + len(before[-1]) :] if at >= 0 else None


def _last_ask(clauses: Sequence[str]) -> str:
    asking = [c for c in clauses if signals.QUESTION.search(c)]
    return asking[-1] if asking else ""


def _with_place(text: str, district: str) -> str:
    """The text with every district exchanged for ``district``."""
    for name in sorted(find_places(text).words, key=len, reverse=True):
        text = text.replace(name, district)
    return text


def mentioned(text: str) -> tuple[str, ...]:
    """Districts named in the text, by name or by a street, town or park of theirs."""
    return find_places(text).districts


def _trimmed(text: str) -> str:
    return text.strip(" ，。？！；,.?!;：:")


def _joined(context: Sequence[str], text: str) -> str:
    parts = [p for p in (*map(_trimmed, context), text.strip()) if p]
    return "，".join(parts)
