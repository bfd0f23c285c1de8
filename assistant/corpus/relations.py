"""What one document says it does to another: implements, repeals, extends, amends, interprets.

:func:`stated` reads one document; :mod:`assistant.corpus.links` finds the targets in the corpus.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.corpus.draft import DocumentDraft
from assistant.corpus.period import sentences
from assistant.records import Measure, Relation

_NUMBER_FORM = r"[\u4e00-\u9fff]{1,14}[〔\[［（(](?:19|20)\d\d[〕\]］）)]第?\d{1,4}号"
_NUMBER = re.compile(_NUMBER_FORM)
_CITED = re.compile(
    r"《(?P<t>[^《》]{2,120})》"
    rf"(?:[（(](?:以下简称[^（）]{{0,60}}，)?(?P<n>{_NUMBER_FORM})[^（）()]{{0,30}}[）)])?"
)
_DECREE = re.compile(
    r"(?P<who>(?:(?!年|月|日)[\u4e00-\u9fff]){0,6}人民政府)(?:令第(?P<n>\d{1,4})号|第(?P<o>\d{1,4})号令)"
)
_GROUNDS = re.compile(r"根据|依据|贯彻|落实|按照|遵照|执行|细化")
_PURPOSE = re.compile(
    r"制[定订]|精神|现提出|现就|提出(?:以下|如下)|意见如下|措施如下|如下措施|结合|要求|特制|如下："
)
_ARTICLE_TITLE = re.compile(
    r"^第[一二三四五六七八九十百]+条\s*(?:[（(【][^）)】]{1,20}[）)】])?\s*"
)
_AIM = re.compile(r"为(?:深入|进一步|全面|更好|了|加快|贯彻|切实|持续|有效|做好|深化)")
_EXPLAINS = re.compile(r"解读|问答|图解")
_EXTENDS = re.compile(
    r"继续(?:施行|执行|有效|实施)|有效期(?:限)?(?:延长|延续|顺延)|延长[^。]{0,60}有效期"
)
_TOGETHER = "同时废止"
_REPEALED = re.compile(
    r"(?:决定|予以|现)[：:]?废止(?=《)|(?<=》)[^《》。]{0,30}(?:予以废止|起(?:废止|失效))"
)
_RULE_NAME = (
    r"[\u4e00-\u9fffA-Za-z0-9“”（）()、〈〉《》—-]{4,80}?"
    r"(?:办法|规定|细则|条例|规则|决定|通知|意见)(?:（试行）|\(试行\))?"
)
_LISTED = re.compile(
    rf"^(?:[（(]?[一二三四五六七八九十\d]+[)）、.．]*)?《?(?P<t>{_RULE_NAME})》?"
    r"[（(](?P<h>[^）)]*(?:发布|公布|批准|印发|号)[^）)]*)"
)
_DECISION = re.compile(r"(?:关于|的)?(?:修改|修正|废止)(?P<what>.{1,200})的决定$")
_CHANGES = re.compile(
    r"修改为|改为|修正为|删去|删除|增加(?:一|二|三|四|五)?[条款项章节]|增加“|后增加|作(?:出)?(?:如下)?修改"
)
_ARTICLE_NO = r"第[一二三四五六七八九十百千万零]+条"
_ARTICLE = re.compile(_ARTICLE_NO)
_DELETED = re.compile(r"^(?:删去|删除)")
_RENUMBERED = re.compile(rf"改为(?P<new>{_ARTICLE_NO})|增加一条，?作为(?P<added>{_ARTICLE_NO})")
_BARE_RULE = re.compile(rf"^{_RULE_NAME}$")
_ENUMERATOR = re.compile(
    r"^(?:[（(][一二三四五六七八九十]+[）)]|[一二三四五六七八九十]+[、 ]|\d+[.．、 ])\s*"
)


@dataclass(frozen=True, slots=True)
class _Target:
    title: str | None
    number: str | None


def stated(draft: DocumentDraft, title: str, effective: str | None) -> tuple[Relation, ...]:
    """The relations that a document states, targets not yet resolved.

    Args:
        draft: the document as cut, its texts without the blanks of typesetting.
        title: its clean title.
        effective: when the document takes effect (a repeal or change does then), ISO.
    """
    found: list[Relation] = []
    for relation in (
        *_implements(draft, title),
        *_interprets(draft, title),
        *_extends(draft, title),
        *_repeals(draft, effective, title),
        *_amends(draft, title, effective),
    ):
        if relation not in found:
            found.append(relation)
    return tuple(found)


def cited(sentence: str) -> list[_Target]:
    """Every 《title》 of a sentence with the number that follows it in brackets."""
    return [_Target(m.group("t"), m.group("n")) for m in _CITED.finditer(sentence)]


def _opening(draft: DocumentDraft) -> Iterator[str]:
    """Sentences of the text before the first measure and of that measure, lines joined."""
    texts = [draft.head]
    for measure in draft.measures[:4]:
        texts.append(_ARTICLE_TITLE.sub("", measure.text))
        if measure.label is not None:
            break
    for text in texts:
        yield from sentences(text.replace("\n", ""))


def _implements(draft: DocumentDraft, title: str) -> Iterator[Relation]:
    if _EXPLAINS.search(title):
        return
    told: set[tuple[str | None, str | None]] = set()
    for sentence in _opening(draft):
        ground = _GROUNDS.search(sentence)
        if ground is None or not _PURPOSE.search(sentence):
            continue
        purpose = _AIM.search(sentence)
        start = min(purpose.start(), ground.start()) if purpose else ground.start()
        quote = sentence[start:]
        for target in cited(sentence[ground.start() :]):
            if target.title != title and (target.title, target.number) not in told:
                told.add((target.title, target.number))
                yield Relation("implements", target.title, target.number, quote)


def _interprets(draft: DocumentDraft, title: str) -> Iterator[Relation]:
    if not _EXPLAINS.search(title):
        return
    targets = cited(title)
    quote = title
    if not targets:
        for measure in draft.measures[:2]:
            targets = targets or cited(measure.text)
    if targets:
        yield Relation("interprets", targets[0].title, targets[0].number, quote)


def _closing(draft: DocumentDraft) -> Iterator[str]:
    own = [m.text for m in draft.measures if m.label is None]
    last = [m.text for m in draft.measures if m.label is not None][-3:]
    for text in (draft.tail, *own, *last, *([] if draft.measures else [draft.head])):
        for line in text.split("\n"):
            yield from sentences(line)


def _extends(draft: DocumentDraft, title: str) -> Iterator[Relation]:
    if "延长" not in title and "继续" not in title:
        return
    texts = [*(m.text for m in draft.measures), draft.tail, draft.head]
    found = [
        Relation("extends", target.title, target.number, sentence)
        for text in texts
        for sentence in sentences(text.replace("\n", ""))
        if _EXTENDS.search(sentence)
        for target in cited(sentence)
        if target.number or "关于" not in (target.title or "")
    ]
    numbered = [r for r in found if r.target_number]
    yield from (numbered or found)[:1]


def _all_sentences(draft: DocumentDraft) -> Iterator[str]:
    for text in (draft.head, *(m.text for m in draft.measures), draft.tail):
        yield from sentences(text.replace("\n", ""))


def _repeals(draft: DocumentDraft, effective: str | None, title: str) -> Iterator[Relation]:
    listed = "废止" in title
    for sentence in _closing(draft):
        if _TOGETHER not in sentence:
            continue
        before = sentence[: sentence.index(_TOGETHER)]
        start = 0
        for match in _CITED.finditer(before):
            number = match.group("n") or _decree(before[start : match.start()])
            start = match.end()
            yield Relation("repeals", match.group("t"), number, sentence, effective=effective)
    only = listed and "修改" not in title and "修正" not in title
    for sentence in _all_sentences(draft) if only else ():
        for target in _repealed_in(sentence):
            yield Relation("repeals", target.title, target.number, sentence, effective=effective)
    for measure in draft.measures if listed else ():
        if _in_repeal_list(measure) or (only and measure.label is not None):
            for line in measure.text.split("\n"):
                if entry := _LISTED.match(line):
                    yield Relation(
                        "repeals",
                        entry.group("t"),
                        _decree(entry.group("h")),
                        line,
                        effective=effective,
                    )


def _repealed_in(sentence: str) -> list[_Target]:
    """The rules that a sentence of a repealing decision repeals: 决定废止《…》, 《…》予以废止."""
    verb = _REPEALED.search(sentence)
    if verb is None or _TOGETHER in sentence:
        return []
    before = sentence[verb.end() : verb.end() + 1] != "《"
    return cited(sentence[: verb.end()])[-1:] if before else cited(sentence[verb.start() :])


def _in_repeal_list(measure: Measure) -> bool:
    if measure.label is None:
        return False
    within = measure.path[-1] if measure.path else ""
    return "废止" in within or ("予以废止" in measure.text[:60] and "《" not in measure.text[:60])


def _decree(text: str) -> str | None:
    """The decree that first issued a rule (those that changed it later stand after 根据)."""
    text = text.split("根据")[0]
    match = _DECREE.search(text)
    if match:
        who = match.group("who")
        who = "上海市人民政府" if who in ("市人民政府", "人民政府") else who
        return f"{who}令第{match.group('n') or match.group('o')}号"
    number = _NUMBER.search(text)
    return number.group(0) if number else None


def _amends(draft: DocumentDraft, title: str, effective: str | None) -> Iterator[Relation]:
    decision = _DECISION.search(title)
    if not decision or "修" not in title:
        return
    named = cited(decision.group("what"))
    for measure in draft.measures:
        if measure.label is None or not _CHANGES.search(measure.text) or _in_repeal_list(measure):
            continue
        target = _amended_rule(measure) or (named[0].title if len(named) == 1 else None)
        if target:
            yield Relation(
                "amends",
                target,
                None,
                measure.text.split("\n")[0],
                target_label=amended_article(measure.text),
                effective=effective,
            )


def _amended_rule(measure: Measure) -> str | None:
    """The rule that a section of a decision is about, from the headings above the measure."""
    for heading in reversed(measure.path):
        bare = _ENUMERATOR.sub("", heading)
        titles = cited(bare)
        if titles:
            return titles[0].title
        if _BARE_RULE.match(bare):
            return bare
    return None


def amended_article(text: str) -> str | None:
    """The one article that an amending item is about, in its new number; None: none or several."""
    renumbered = _RENUMBERED.search(text)
    if renumbered:
        return renumbered.group("new") or renumbered.group("added")
    first = text.split("\n")[0]
    if _DELETED.match(_ENUMERATOR.sub("", first)):  # its number now belongs to another article
        return None
    articles = set(_ARTICLE.findall(first))
    return articles.pop() if len(articles) == 1 else None
