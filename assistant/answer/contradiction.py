"""Whether a rule says the contrary of what a question takes for granted, apart from figures.

Four things are compared, each only with the clause that shares most with the question: who is
responsible, how often, must or may, and allowed or forbidden.
"""

from __future__ import annotations

import re

from assistant.answer.evidence import Pick

_DENIED = re.compile(r"不得|不能|不可|不许|不允许|禁止")
# What the question claims → what the rule must say for it to be wrong.
_CONTRARY = (
    (
        r"一定(?:得|要)|必须|只能|非得|不(?:收|行|能|受理|给办|可以|允许)",
        r"可以[^。；]{0,20}(?:，|、)?也可以|无需|无须|不需要|不再要求|不必|可不|均可|任选|免于提交|免予提交|不得要求",
    ),
    (
        r"(?<!不)(?<!不得)可以|(?<!不)(?<!不得)(?<!可)(?<!只)(?<!必须)能(?!力|源|级)|(?<!不)允许|随便|照样",
        r"不得(?!拒绝|少于|低于|超过|高于|要求)|禁止|不可以|不允许",
    ),
    (
        r"(?<!不)(?:要|会|得|给|能)?(?<!不)(?:罚款|处罚|罚钱|挨罚|被罚)",
        r"不予处罚|不予行政处罚|免予处罚|免予行政处罚|不处罚",
    ),
    (
        r"不(?:会|用|需要|必|要求|纳入|进|记|公开|公示|备案)|用不着|无需",
        r"应当|必须|应(?=[\u4e00-\u9fff])|须(?!知)|全部",
    ),
    (r"(?:一直|继续|还|照样|仍然?)有效", r"失效|废止|作废"),
    (r"(?<!不)(?:要|得|会)收费|(?<!不)要(?:交|付|花)钱", r"不收取|免费|不收费|免收"),
    (
        r"免费|不收费|不收钱|不用(?:交|付|花)钱",
        r"(?<!不)(?<!免)收取[^。，]{0,8}费|缴纳[^。，]{0,8}费",
    ),
)
_CONTRARIES = tuple((re.compile(a), re.compile(b)) for a, b in _CONTRARY)
_CLAIMED_BY = re.compile(
    r"(?:归|由|找|是|向|报)(?P<who>[\u4e00-\u9fff]{1,10}?(?:部门|委员会|委|局|办|院|厅|中心|政府|海关|银行))"
    r"(?:那?里|来|去)?(?P<does>管|负责|牵头|办|审批|罚|认定|批|核准|制定|受理|定)"
)
_NAMED = re.compile(r"[\u4e00-\u9fff]{2,14}(?:部门|委员会|委|局|办|院|厅|中心|政府|海关|银行|总部)")
_LEVEL = re.compile(r"^[市区国]")
_TIMES_OF = re.compile(r"(?P<n>[一二两三四五六七八九十\d]+)次(?!性)")
_TIMES_CLAUSE = re.compile(
    r"(?:只能|仅|不得|不能|最多|以内|每年|每月|不超过)[^，。；]{0,12}次|[一两二三四五\d]次"
)
_NEAR = 3  # shared pairs of characters from which a clause speaks of the claimed matter


def contradiction(raw: str, pick: Pick) -> str | None:
    """``不是…：`` when the clause nearest to the question says the contrary; else None."""
    return _department(raw, pick) or _often(raw, pick) or _polarity(raw, pick)


def _department(raw: str, pick: Pick) -> str | None:
    """A body that the question names as responsible, where the rule names others only."""
    named = _CLAIMED_BY.search(raw)
    if not named:
        return None
    who = named["who"]
    depts = pick.hit.measure.depts or ""
    sentence = pick.best.sentence.text
    bodies = [b for b in re.split(r"[、，；（）\s]|和|与|会同|由|向|报", f"{depts}、{sentence}")]
    bodies = [b[-14:] for b in bodies if _NAMED.search(b)]
    if not bodies or any(_same_body(who, b) for b in bodies):
        return None
    return f"不是{who}："


def _same_body(said: str, written: str) -> bool:
    """区市场监管局 and 市场监督管理部门: the characters of the name in order; levels agree."""
    level, other = _LEVEL.match(said), _LEVEL.match(written)
    if level and other and level[0] != other[0] and said[1:2] not in ("场", "政"):
        return False
    core = re.sub(
        r"^(?:本?[市区](?!场|政)|上海市?)|(?:主管)?(?:部门|委员会|委|局|办|院|厅)$", "", said
    )
    rest = iter(written)
    return bool(core) and all(c in rest for c in core)


def _often(raw: str, pick: Pick) -> str | None:
    """How many times: small numbers in characters that are no figures elsewhere (延期一次)."""
    said = _TIMES_OF.search(raw)
    clause = _nearest(raw, pick, _TIMES_CLAUSE, 2)
    if not said or not clause:
        return None
    stated = {_small(m["n"]) for m in _TIMES_OF.finditer(clause)}
    if not stated or _small(said["n"]) in stated:
        return None
    return f"不是{said[0]}："


def _small(number: str) -> str:
    return number.translate(str.maketrans("一二两三四五六七八九", "1223456789"))


def _polarity(raw: str, pick: Pick) -> str | None:
    must, may = _CONTRARIES[0]
    if must.search(raw) and may.search(pick.best.sentence.text):
        return "不是这样："
    for claim, rule in _CONTRARIES[1:]:
        said = claim.search(_DENIED.sub("", raw))
        if _DENIED.search(raw) and rule.search("不得"):
            continue
        clause = _nearest(raw, pick, rule) if said else None
        if clause and clause == _nearest(raw, pick, None):
            return "不是这样："
    return None


def _nearest(raw: str, pick: Pick, rule: re.Pattern[str] | None, near: int = _NEAR) -> str | None:
    """The clause of the chosen measure that shares most with the question, if it fits ``rule``."""
    text = pick.hit.measure.text
    said = _pairs(raw)
    clauses = [c for c in re.split(r"[。；;\n]", text) if rule is None or rule.search(c)]
    if not clauses:
        return None
    best = max(clauses, key=lambda c: (len(said & _pairs(c)), -len(c)))
    return best if len(said & _pairs(best)) >= near else None


def _pairs(text: str) -> set[str]:
    plain = re.sub(r"[^\u4e00-\u9fff]", "", text)
    return {plain[i : i + 2] for i in range(len(plain) - 1)}
