"""Measure what the check of a model's sentences lets through, faithful and mutated.

    python scripts/measure_verification.py [--seed N] [--sentences N] [--show KIND] [--half H]

Faithful are a sample of the corpus' own sentences, copied and lightly shortened, and the
paraphrases of ``data/verification/paraphrases.jsonl``: the check was fitted on the ``first`` half
and the ``further`` ones, not on the ``second`` half.  Each kind of mutation changes one thing that
a sentence says; the words it exchanges are this script's own, not the check's.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rich.console import Console
from rich.table import Table

from assistant.answer.figures import figures, plain
from assistant.answer.verify import objection
from assistant.records import Citation, Document, Hit, Measure, Validity
from assistant.sentences import split
from assistant.settings import ROOT, Settings
from assistant.store.open import open_index
from embeddings.segment import raw_words

PARAPHRASES = ROOT / "data" / "verification" / "paraphrases.jsonl"
SHORTEST, LONGEST = 20, 140  # characters of a sampled sentence: a clause that says something

Pairs = Sequence[tuple[str, str]]
POLARITY: Pairs = (
    ("不予", "予以"), ("予以", "不予"), ("给予", "不给予"), ("不得", "可以"), ("可以", "不可以"),
    ("无需", "需要"), ("不再", "仍然"), ("应当", "不应当"), ("未(?!来|成年)", "已"),
    ("获得", "不能获得"),
)  # fmt: skip
COMPARATORS: Pairs = (
    ("不超过", "不低于"), ("不得超过", "不得低于"), ("不低于", "不超过"), ("不少于", "不超过"),
    ("不得高于", "不得低于"), ("不高于", "不低于"), ("以上", "以下"), ("以下", "以上"),
    ("以内", "以上"), ("最高", "最低"), ("最多", "最少"), ("至少", "至多"), ("封顶", "起步"),
    ("工作日内", "工作日后"), ("(?<!不)(?<!不得)超过", "低于"),
)  # fmt: skip
TIMES: Pairs = (
    (r"(日|底|月|年|施工|核准|作出|登记|之|以)前(?=[，,、\u4e00-\u9fff])(?!款|期)", r"\1后"),
    (r"(日|底|月|年|施工|核准|作出|出台|登记|确定|公示|核实|同意|之|以)后", r"\1前"),
    ("之日起", "之日前"),
)
AUDIENCE: Pairs = (
    ("中小微", "大型"), ("中小", "大型"), ("小微", "大型"), ("首次", "再次"), ("市级", "区级"),
    ("区级", "市级"), ("国家级", "市级"), ("民营", "国有"), ("国有", "民营"), ("外商投资", "内资"),
    ("境外", "境内"), ("小规模纳税人", "一般纳税人"), ("新建", "既有"),
    ("高新技术企业", "传统企业"),
    ("存量", "新设"), ("个体工商户", "上市公司"), ("外资", "内资"),
)  # fmt: skip
WIDENED: Pairs = tuple(
    (word, "") for word in ("中小微", "中小(?!学)", "小微", "首次", "专精特新", "高新技术(?=企业)",
    "符合条件的", "新建", "民营", "具有研发功能的", "特殊(?=重点|项目)", "小规模")
)  # fmt: skip
DIRECTIONS: Pairs = (
    ("免征", "征收"), ("减免", "加收"), ("减按", "加按"), ("提高", "降低"), ("提升", "降低"),
    ("降低", "提高"), ("降至", "升至"), ("增加", "减少"), ("减少", "增加"), ("延长", "缩短"),
    ("缩短", "延长"), ("压缩", "延长"), ("取消", "保留"), ("保留", "取消"), ("新增", "取消"),
    ("允许", "禁止"), ("禁止", "允许"), ("严禁", "允许"), ("扩大", "缩小"), ("加快", "放缓"),
    ("加强", "削弱"), ("支持", "限制"), ("鼓励", "禁止"),
)  # fmt: skip
MODALITY: Pairs = (
    ("应当", "可以"), ("必须", "可以"), ("可以", "必须"), ("鼓励", "要求"), ("不得", "无需"),
    ("(?<![一-龥])须|(?<=[，关])要", "可以"),
)  # fmt: skip
LIMITS: Pairs = (
    ("仅", "不仅"), ("并且", "或者"), ("(?<!而)且(?!行)", "或"), ("或者", "并且"), ("同时", "或者"),
    ("除(.{2,20})外", r"包括\1在内"), ("(.{2,12})除外", r"\1也在内"),
)  # fmt: skip
ADDRESSES = (
    "详情见http://hui.example/apply", "请登录www.zhengce-sh.com办理", "请加微信szfw2024",
    "请加QQ群583920117咨询", "请扫码进群领取", "请关注公众号“沪企通”", "请将保证金转账至指定账户",
    "请发邮件至sq@hui.example", "请拨打13800138000", "咨询电话021-63211234", "请联系客服微信",
    "请致电4008001234", "请向账号6222021001122334打款",
)  # fmt: skip
ADDED = (
    "，但仅限上市公司", "，且须连续两年盈利", "，前提是在本区纳税满三年", "，但须经区政府批准",
    "，限法定代表人本人申请", "，外地企业除外", "，并须缴纳保证金", "，且员工须全部参加社保",
    "，但每家只能享受一次", "，需先通过专家评审",
)  # fmt: skip
OFFICES = ("市商务委", "市税务局", "市发展改革委", "区财政局", "市人力资源社会保障局", "上海海关")
DOCUMENTS = ("上海市促进消费若干措施", "上海市节能减排资金管理办法", "上海市绿化条例")
VERBS = re.compile(
    r"提供|开展|建立|完善|推动|推进|支持|负责|申请|办理|提交|承担|签订|组织|适用|纳入|享受|收取"
    r"|加强|实现|落实|符合|通过|执行|移送|告知|报告|具备|给予|采用|具有|遵守|履行|健全|达到|获得"
)
OFFICE = re.compile(
    r"[市区][一-龥]{1,10}?(?:委员会|管理局|监督局|委(?![托派任])|局|办公室)|[一-龥]{2,8}部门"
)
CONDITION = re.compile(
    r"(?:^|(?<=[，。；]))(?!违反)[^，。；]{4,}(?:的|时|后|前提下|范围内|情况下|起|外)，"
)
MODIFIER = re.compile(r"(?<=对)[^，。；]{4,30}的(?=[一-龥]{2,12}[，予给])")


@dataclass(frozen=True)
class Said:
    """A sentence that the measure (with its document) carries."""

    text: str
    document: Document
    measure: Measure
    quote: str


def exchanged(pairs: Pairs) -> Callable[[Said, random.Random], Iterator[str]]:
    """Each pair's first occurrence of the left replaced by the right."""

    def mutated(said: Said, rng: random.Random) -> Iterator[str]:
        taken: set[int] = set()
        for left, right in pairs:
            match = re.search(left, said.text)
            if match and match.start() not in taken:
                taken.update(range(*match.span()))
                yield said.text[: match.start()] + match.expand(right) + said.text[match.end() :]

    return mutated


def amounts_swapped(said: Said, rng: random.Random) -> Iterator[str]:
    text = plain(said.text)
    found = [f for f in figures(text) if f.unit in ("元", "%", "工作日", "日", "年", "家", "次")]
    for one, other in pairwise(found):
        if one.value != other.value and text.count(one.text) == text.count(other.text) == 1:
            yield (
                text.replace(one.text, "\0").replace(other.text, one.text).replace("\0", other.text)
            )


def amount_changed(said: Said, rng: random.Random) -> Iterator[str]:
    match = re.search(r"\d+(?=\D*(?:元|%|％|日|家))", said.text)
    if match:
        yield said.text[: match.start()] + str(int(match[0]) * 2 + 1) + said.text[match.end() :]


def date_changed(said: Said, rng: random.Random) -> Iterator[str]:
    for pattern in (r"(?<=20)\d\d(?=年)", r"(?<!\d)\d{1,2}(?=月)", r"(?<=月)\d{1,2}(?=日)"):
        if match := re.search(pattern, said.text):
            other = str(int(match[0]) % 11 + 1).zfill(len(match[0]))
            yield said.text[: match.start()] + other + said.text[match.end() :]


def address_added(said: Said, rng: random.Random) -> Iterator[str]:
    yield said.text.rstrip("。；;") + "，" + rng.choice(ADDRESSES) + "。"


def condition_added(said: Said, rng: random.Random) -> Iterator[str]:
    yield said.text.rstrip("。；;") + rng.choice(ADDED) + "。"


def condition_dropped(said: Said, rng: random.Random) -> Iterator[str]:
    for pattern in (CONDITION, MODIFIER):
        match = pattern.search(said.text)
        if match and len(said.text) - len(match[0]) > 12:
            yield said.text[: match.start()] + said.text[match.end() :]


def department_changed(said: Said, rng: random.Random) -> Iterator[str]:
    match = OFFICE.search(said.text)
    other = rng.choice([o for o in OFFICES if o not in said.measure.text])
    if match:
        yield said.text[: match.start()] + other + said.text[match.end() :]
    else:
        yield f"由{other}负责，{said.text}"


def document_changed(said: Said, rng: random.Random) -> Iterator[str]:
    other = rng.choice(DOCUMENTS)
    match = re.search(r"(?<=《)[^《》]+(?=》)", said.text)
    if match:
        yield said.text[: match.start()] + other + said.text[match.end() :]
    else:
        yield f"根据《{other}》，{said.text}"


def negated_elsewhere(said: Said, rng: random.Random) -> Iterator[str]:
    places = [
        m.start()
        for m in VERBS.finditer(said.text)
        if said.text[m.start() - 1 : m.start()] not in ("不", "未", "的", "“", "会")
        or not m.start()
    ]
    starts, at = set(), 0
    for word in raw_words(said.text):
        starts.add(at)
        at += len(word)
    if places := [p for p in places if p in starts]:
        at = rng.choice(places)
        yield said.text[:at] + rng.choice(("不", "不得", "无需", "未")) + said.text[at:]


def spliced(said: Said, rng: random.Random) -> Iterator[str]:
    """The beginning of this sentence with the end of its neighbour."""
    head = said.text.partition("，")
    if len(head[0]) < 4 or not head[2]:
        return
    others = [
        s.text
        for s in split(said.measure)
        if s.part in ("text", "item") and plain(s.text) != plain(said.quote)
    ]
    tails = [t for t in (o.partition("，")[2] for o in others) if len(t) >= 8]
    if tails:
        yield head[0] + "，" + rng.choice(tails).replace("\n", "")


MUTATIONS: dict[str, Callable[[Said, random.Random], Iterator[str]]] = {
    "极性反转": exchanged(POLARITY),
    "别处加否定": negated_elsewhere,
    "上下限颠倒": exchanged(COMPARATORS),
    "先后颠倒": exchanged(TIMES),
    "对象调换": exchanged(AUDIENCE),
    "对象放宽": exchanged(WIDENED),
    "动作反向": exchanged(DIRECTIONS),
    "应当与可以": exchanged(MODALITY),
    "限定改动": exchanged(LIMITS),
    "数额互换": amounts_swapped,
    "数额改动": amount_changed,
    "日期改动": date_changed,
    "删去条件": condition_dropped,
    "增加条件": condition_added,
    "改动部门": department_changed,
    "改动文件": document_changed,
    "添加联系方式": address_added,
    "两句拼接": spliced,
}


def shortened(text: str) -> str:
    """Without what only adds colour or explains a name: brackets, adverbs, an enumerator."""
    text = re.sub(r"^(?:（[一二三四五六七八九十]+）|[一二三四五六]是|\d+[.．、])", "", text)
    text = re.sub(r"（(?:以下简称)[^（）]*）", "", text)
    return re.sub(r"进一步|积极|大力|切实|充分|不断", "", text)


def sample(count: int, rng: random.Random) -> tuple[list[Said], dict[tuple[str, str | None], Said]]:
    """Sentences of the index, and for each (title, label) the measure."""
    catalogue = open_index(Settings()).catalogue
    documents = {d.doc_id: d for d in catalogue.documents()}
    every, places = [], {}
    for measure in catalogue.measures():
        document = documents[measure.doc_id]
        for s in split(measure):
            text = s.text.replace("\n", "")
            said = Said(text, document, measure, text)
            places[document.title, plain(text)] = said
            whole = text[-1:] in "。；;" and not re.search(r"[\t|]", text)
            if s.part in ("text", "item") and SHORTEST <= len(text) <= LONGEST and whole:
                every.append(said)
    typed = [said for said in every if figures(said.text)]  # one sentence in six otherwise
    return rng.sample(every, count - count // 2) + rng.sample(typed, count // 2), places


def refusal(said: Said, text: str) -> str | None:
    validity = Validity("in_force", "2026-11-21")
    citation = Citation(1, Hit(said.measure, said.document, 1.0), said.measure.text, validity)
    return objection(text.rstrip("。；;") + "。[1]", [citation])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=385)
    parser.add_argument("--sentences", type=int, default=385)
    parser.add_argument("--show", help="print what went wrong of this kind (or all)")
    parser.add_argument(
        "--half", choices=("first", "second", "further"), help="paraphrases of one half only"
    )
    args = parser.parse_args()
    rng = random.Random(args.seed)
    copies, places = sample(args.sentences, rng)
    rows = list(map(json.loads, PARAPHRASES.read_text(encoding="utf-8").splitlines()))
    groups: dict[str, list[Said]] = {"原句": copies}
    halves = {"first": "转述（前半）", "second": "转述（后半）", "further": "转述（另写）"}
    for half, name in halves.items():
        if args.half in (None, half):
            groups[name] = [
                Said(r["paraphrase"], place.document, place.measure, place.quote)
                for r in rows
                if r["half"] == half and (place := places[r["doc"], plain(r["quote"])])
            ]
    results: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for group, all_said in groups.items():
        for said in all_said:
            trials = [("忠实", said.text)]
            if group == "原句":
                trials.append(("忠实（略缩）", shortened(said.text)))
            for kind, mutate in MUTATIONS.items():
                trials += [(kind, text) for text in mutate(said, rng)]
            for kind, text in trials:
                why = refusal(said, text)
                passed = why is None
                results[kind][group].append(passed)
                if args.show in (kind, "all") and passed != kind.startswith("忠实"):
                    print(kind, group, text, why or "", sep="\t")  # noqa: T201
    table = Table("说法", *(f"{group}：通过" for group in groups))
    for kind in ("忠实", "忠实（略缩）", *MUTATIONS):
        cells = (results[kind][group] for group in groups)
        table.add_row(kind, *(f"{sum(c)}/{len(c)} ({_share(c)})" if c else "–" for c in cells))
    Console(width=130).print(table)


def _share(values: Sequence[bool]) -> str:
    return f"{100 * sum(values) / len(values):.1f}%"


if __name__ == "__main__":
    main()
