"""Turns of a conversation → one standalone question, by rules and without an LLM.

What is carried along: the subject of the last independent question, the place, the document and
what the asker told about the company.  A correction replaces what it corrects, 「那X呢」 replaces
the part of the question that X is parallel to, a switch of topic drops everything before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.question.clean import asked_part
from assistant.question.places import find_places
from assistant.question.references import doc_numbers, labels, titles
from embeddings.segment import words

_SWITCH = re.compile(
    r"^.*?(?:再问个?别的|问(?:一?个|点)?(?:别的|其他的?|另外的?)|换(?:一?个|下)?(?:问题|话题)|先放一放"
    r"|不说这个了|算了(?=[，。,]|问)|另外(?:再)?(?:问|想)(?:一下)?|还有个(?:别的)?(?:事|问题)|再问一个"
    r"|另一个问题)[，。：:,.！!\s]*"
)
_POLITE = re.compile(
    r"^(?:(?:谢谢|多谢|明白了|知道了|收到)[，。！,.!\s]*"
    r"|(?:好的?|嗯+|哦+|明白|了解|行|ok)(?:[，。！,.!\s]+|$))+",
    re.I,
)
_CORRECTION = re.compile(r"不对|讲错|说错|搞错|弄错|写错|更正|纠正|不是这个意思|我是说|应该是说")
_META = re.compile(
    r"太长了?|太多了?|说(?:得)?简单点|简单(?:点|说)|通俗|白话|说人话|听不懂|[看听]懂|概括|总结一下|再说一遍|说(?:得)?(?:明白|清楚)(?:点|些|一点)|直接说|别啰嗦|只要(?:个)?(?:数字|结果|结论)|一句话|讲重点"
)
_NUMBER_ONLY = re.compile(r"只要(?:个)?数字|多少钱就行|金额就行")
_ELLIPSIS = re.compile(
    r"^(?:那么?|如果是|要是|换成|那要是)?\s*(?P<x>.{1,30}?)\s*(?:呢|的话|怎么样|咋样)[？?。!！]*$"
)
_POINTS_BACK = re.compile(
    r"这(?:个|份|条|项|种|些|里|样|是|话|句)|那(?:个|份|条|项|种|些|边|里|样)?|它|他们|她|其中|上面|刚才|前面|该(?:办法|文件|政策|方案|规定)|同样|也(?:能|可以|要|有)|还(?:能|要|有)|就说|来之前|之后呢|然后"
)
_QUESTION = re.compile(
    r"[？?]|吗|呢|多少|几[个天成万家项]|哪|什么|啥|怎么|怎样|咋|如何|是否|能不能|可不可以|有没有|多久|谁|要不要|行不行"
)
_ASKING = re.compile(
    r"(?:在|到|是)?什么(?:时候|时间)|(?:都)?(?:有|是)?(?:哪些|哪几(?:个|种|项)?|哪(?:个|家|天|里)?)"
    r"|(?:都)?[有是]?(?:什么|啥)|要?多少(?:个|钱|天|家|项|万)?|要?几(?:个|天|成|万|家|项|种)"
    r"|怎么(?:办(?!理)|样|弄|申请)?|怎样|如何|是不是|有没有|能不能|可不可以|吗|呢|[？?]"
)
_SELF = re.compile(r"^(?:我们?(?:公司|厂|店|家)?|本公司|我司)(?:是|算|属于|做|搞|开|在)")
_NOT_BUT = (
    re.compile(r"不是(?P<old>[^，。,；;]{1,20})[，,]?(?:而)?是(?P<new>[^，。,；;]{1,30})"),
    re.compile(
        r"(?:我们?(?:公司)?)?(?:算|是|应该算|属于|改成|改为)(?P<new>[^，。,；;]{1,30})[，,]\s*(?:而)?不是(?P<old>[^，。,；;]{1,20})"
    ),
)
# asks about the rule's document itself: which it is, whether and until when it holds
_OF_DOCUMENT = re.compile(
    r"哪一?[份个部](?:文件|政策|办法|规定|文)|什么文件|出自|出处|文号|依据是?(?:什么|哪)"
    r"|管到(?!位)|用到[哪几什]|执行到[哪几什]|有效期|还有效|是否有效|失效|过期|作废|废止|还管|剩(?:下|余)?(?:几|多少)天|[效限策]期到"
    r"|(?:还能|还可以)(?:用|申请|领|享受)|(?:明年|今年|现在|以后)还|哪一?天(?:起|开始|到|为止|生效|施行)"
    r"|什么时候(?:生效|施行|到期|失效)"
)
_STILL = re.compile(r"还(?:能|有效|有没有效)")
_OUTCOME = re.compile(r"[会要不没]$|不|没")  # 不交会怎么样 asks of an outcome, names no other case
_OF_CITY = re.compile(r"^(?:那么?)?(?:市里|市级|全市|上海市?|市里面)$")
_NOT_THERE = re.compile(r"不(?:在|是|属于)(?:我们)?(?P<old>[^，。,；;]{2,6})[，,。；;]")
_RETURN = re.compile(
    r"(?:(?:我们?)?(?:再)?(?:回到|说回|问回|接着|回头|回过头)[^，。？]{0,4}?)?"
    r"(?:刚才|刚刚|前面|之前|最开始|一开始|先前|开头)(?:说|问|提|讲|聊)?(?:到|过)?的?(?:那个|那条|那项)?"
    r"(?P<x>[^，。？的]{2,12})[，,、：:]?"
)
_ASKED_ABOUT = re.compile(r"^(?:我)?(?:想)?(?:问|说|指)的(?:其实)?是(?P<x>.+)$")
_DOCUMENT = re.compile(
    r"(?:办法|规定|措施|方案|意见|文件|细则|条例|计划|规划|要点|通知|政策)(?:里|中|上)?(?:面)?$"
)
_CLAUSE = re.compile(r"[^，。？！；,?!;]+[，。？！；,?!;]*")
_WIDE = {",": "，", "?": "？", "!": "！", ";": "；"}
_ENUMERATOR = re.compile(r"\(([一二三四五六七八九十]{1,3})\)")
_ASCII_MARK = re.compile(r"(?<=[\u4e00-\u9fff\d）」”])[,?!;](?!\d)")
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
    text = _ASCII_MARK.sub(lambda m: _WIDE[m[0]], asked_part(turn))
    text = _ENUMERATOR.sub(r"（\1）", text)
    switched = _SWITCH.match(text)
    if switched:
        text = text[switched.end() :] or text
        thread.past.append(thread.question)
        thread.question, thread.told = "", []
    text = _POLITE.sub("", text)
    if not text:
        return turn
    if returned := _returned(thread, text):
        text = returned
    if not thread.question and not thread.told:
        return _begin(thread, text)
    if moved := _moved(thread, text):
        return moved
    if _CORRECTION.search(text):
        return _correct(thread, text)
    if _META.search(text):
        return _narrow(thread, text)
    if exchanged := _exchanged(thread, text):
        return exchanged
    if not _QUESTION.search(text):
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
    ellipsis = _ELLIPSIS.match(text)
    if ellipsis and "样" in text[ellipsis.end("x") :] and _OUTCOME.search(ellipsis["x"]):
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
    if _QUESTION.search(text):
        thread.question = text
        return _joined(thread.told, text) if not thread.told or not _SELF.match(text) else text
    thread.told.append(_trimmed(text))
    return text


def _asks_of_document(text: str) -> bool:
    """「出这条的是哪份文件、管到哪天？」: nothing is asked but the document and its term."""
    if not _OF_DOCUMENT.search(text) or titles(text) or doc_numbers(text) or labels(text):
        return False
    return len(text) < _INDEPENDENT or bool(_POINTS_BACK.search(text))


def _returned(thread: _Thread, text: str) -> str:
    """「刚才说的户外广告，罚多少」: the earlier subject comes back; the rest of the turn, or ""."""
    match = _RETURN.search(text)
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
    if _POINTS_BACK.search(_STILL.sub("", text) if named else text):
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
    clauses = [c for c in _CLAUSE.findall(question) if c.strip()]
    clauses = [c for c in clauses if not re.search(r"谁|找哪|哪里|去哪", c)] or clauses
    kept = [_trimmed(_ASKING.sub("", clause)) for clause in clauses]
    return "，".join(k for k in kept if len(k) >= 2)


def _correct(thread: _Thread, text: str) -> str:
    """What was said wrongly goes, what is said now comes in its place."""
    new, old = "", ""
    for pattern in _NOT_BUT:
        if match := pattern.search(text):
            new, old = match["new"].strip(), match["old"].strip()
            break
    if not new:
        rest = [c for c in _CLAUSE.findall(text) if not _CORRECTION.search(c)]
        new = _trimmed("".join(rest))
        if thread.question and (meant := _ASKED_ABOUT.match(new)):
            thread.question = _replaced(thread.question, meant["x"])
            return thread.context()
        place = mentioned(new)
        if place and mentioned(thread.context()):
            thread.question = _with_place(thread.question, place[0])
            thread.told = [_with_place(t, place[0]) for t in thread.told]
            return thread.context()
        if _QUESTION.search(new) and len(new) >= _INDEPENDENT:
            thread.question = new
            return thread.context()
    new = re.sub(r"^(?:我们?)?(?:应该)?(?:是|算)", "", new) if not old else new
    if not old and thread.told and _SELF.match(thread.told[-1]):
        thread.told.pop()
    if old:
        thread.told = [t for t in thread.told if not _shares(t, old)]
        clauses = [c for c in _CLAUSE.findall(thread.question) if not _shares(c, old)]
        thread.question = "".join(clauses) or thread.question.replace(old, new)
    if new:
        thread.told.append(new if _SELF.match(new) else f"我们是{new}")
    return thread.context()


def _moved(thread: _Thread, text: str) -> str:
    """「我不在嘉定，在奉贤」: the place told is exchanged; "" when the turn says no such thing."""
    match = _NOT_THERE.search(text)
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
    clauses = [_trimmed(c) for c in _CLAUSE.findall(text) if not _META.search(c)]
    subject = _subject(thread.question)
    ask = "金额是多少？" if _NUMBER_ONLY.search(text) else ""
    own = "，".join(c for c in clauses if c)
    thread.told.append(own) if own else None
    return _joined([subject, own], ask) if ask else _joined([own], thread.question)


def _replaced(question: str, new: str) -> str:
    """The question with the part that ``new`` is parallel to exchanged for it."""
    new = re.sub(r"^(?:那么?|如果是|要是|换成|改成|在)", "", new).strip()
    place = mentioned(new)
    if _OF_CITY.match(new) and mentioned(question):
        return _with_place(question, "市里")
    if place and len(new) <= 6:
        new = re.sub(r"^在", "", new)
        return _with_place(question, place[0]) if mentioned(question) else f"{place[0]}，{question}"
    clauses = [c for c in _CLAUSE.findall(question) if c.strip()]
    if _DOCUMENT.search(new):
        for i, clause in enumerate(clauses):
            if _DOCUMENT.search(_trimmed(clause)):
                return "".join([*clauses[:i], new + "，", *clauses[i + 1 :]])
    for i, clause in enumerate(clauses):
        if _DOCUMENT.search(_trimmed(clause)):
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
    asking = _ASKING.search(question)
    before = words(question[: asking.start()]) if asking else []
    if not before or len(before[-1]) != len(new) or len(new) > 4:
        return None
    at = question.rfind(before[-1])
    return question[:at] + new + question[at + len(before[-1]) :] if at >= 0 else None


def _last_ask(clauses: Sequence[str]) -> str:
    asking = [c for c in clauses if _QUESTION.search(c)]
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
