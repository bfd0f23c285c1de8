"""Policies composed from a known outline, in the numbering styles that offices use.

:func:`policies` is a hypothesis strategy; what it draws knows the source lines and the measures
(label, heading, text without blanks) that a parser has to get back from them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path

from hypothesis import strategies as st

_CN = "零一二三四五六七八九十"
# sentences whose broken lines may begin like an enumerator
SENTENCES = (
    "接到求助应当说“马上就办！”，并当场登记。",
    "正常出口退（免）税平均办理时间压缩至5个工作日（特殊情形另行规定。不得拖延。）以内。",
    "贯彻《关于用好“一网通办！”的若干意见。》精神，提高服务质量。",
    "推动窗口端、电脑端标准统一、服务同质，探索打造虚拟政务服务大厅。",
    "对符合条件的企业给予不超过50万元的一次性奖励，同一企业不重复享受。",
    "依托“一网通办”平台2.0版功能，实现全程网办、一次办成。",
    "加强12345市民服务热线与110报警服务台对接联动，分流非警务求助。",
    "按照本办法第十条规定的程序办理，办理时限压缩至3个工作日以内。",
    "落实《上海市优化营商环境条例》（以下简称《条例》），持续完善政策体系。",
    "鼓励龙头企业（链主企业）开放应用场景，带动中小企业融入产业链。",
    "到2025年，全区新增市级以上专精特新企业100家以上，覆盖率达到85%。",
    "推行“双随机、一公开”监管，减少对企业正常生产经营的干扰。",
    "持续深化改革。",
)
HEADINGS = (
    "优化市场准入服务", "完善“一件事”集成服务", "加大财政支持力度", "强化组织保障",
    "健全信用监管机制", "提升通关便利化水平", "促进产业链上下游协同、融通创新",
)  # fmt: skip
LONG_HEADINGS = (
    "聚焦重点领域和关键环节，实施市场主体全生命周期服务能力提升工程，推动形成协同治理新格局",
    "坚持系统集成、协同高效，打造市场化、法治化、国际化一流营商环境",
)
DEPARTMENTS = "（责任单位：区发展改革委、区市场监管局（区知识产权局）、区政务服务办，各街道、镇）"
ITEMS = ("在本市依法注册登记", "信用状况良好", "近三年未发生重大安全事故", "具有固定的经营场所")
LEADS = ("申报单位应当符合下列条件：", "具体包括以下内容：")
_MORE = st.integers(0, 2)  # sentences behind the first
TITLE = "某某区优化营商环境若干措施"
TITLES = (
    TITLE, "某某区窗口服务人员守则", "关于适用某某条例若干问题的解释", "某某区政务服务事项目录",
    "某某区企业开办办事指南", "某某区优化营商环境工作会议纪要", "关于同意设立某某园区的批复",
    "某某区惠企政策问答", "关于受理专项资金申报的公告",
)  # fmt: skip


@dataclass(frozen=True)
class Expected:
    label: str
    heading: str
    text: str  # without blanks


@dataclass
class Policy:
    lines: list[str] = field(default_factory=list)
    measures: list[Expected] = field(default_factory=list)
    style: str = ""
    title: str = TITLE

    @property
    def source(self) -> str:
        return "\n".join(self.lines)


@dataclass(frozen=True)
class Style:
    """How a policy is numbered and set."""

    levels: tuple[str, ...]  # of cn, cn_bracket, arabic, arabic_bracket, or ("article",)
    runs_on: tuple[bool, ...]  # the level's numbers run on under the next parent
    dot: str = "."  # behind an Arabic number
    half_width: bool = False  # (一) instead of （一）
    heading_line: bool = False  # the heading of a leaf fills its own line
    alone: bool = False  # the enumerator stands alone on its line
    article_heading: str = ""  # （）or 【】or none
    chapters: bool = False
    wrapped: int = 0  # page width in characters, 0: a paragraph a line
    blank_lines: bool = False
    chunks: bool = False  # broken lines are parted again behind commas and quotations
    in_charge: bool = False  # a unit closes with the bracket of those responsible
    title: str = TITLE
    title_lines: int = 1  # over which the title is broken
    traditional: bool = False  # 第一條
    inserted: bool = False  # a later amendment put 第二条之一 behind 第二条


def numeral(n: int) -> str:
    if n <= 10:
        return _CN[n]
    tens, ones = divmod(n, 10)
    return ("" if tens == 1 else _CN[tens]) + "十" + (_CN[ones] if ones else "")


def written(kind: str, n: int, style: Style) -> tuple[str, str]:
    """Enumerator as set, and as it goes into a label."""
    if kind == "article":
        return f"第{numeral(n)}{'條' if style.traditional else '条'}", f"第{numeral(n)}条"
    if kind == "cn":
        return f"{numeral(n)}、", numeral(n)
    if kind == "arabic":
        return f"{n}{style.dot}", str(n)
    inner = numeral(n) if kind == "cn_bracket" else str(n)
    mark = f"（{inner}）"
    return (f"({inner})" if style.half_width else mark), mark


@st.composite
def styles(draw: st.DrawFn) -> Style:
    levels = draw(
        st.sampled_from(
            [
                ("article",),
                ("cn",),
                ("arabic",),
                ("cn", "cn_bracket"),
                ("cn", "arabic"),
                ("cn", "cn_bracket", "arabic"),
                ("cn", "cn_bracket", "arabic", "arabic_bracket"),
                ("cn_bracket", "arabic"),
                ("decimal",),
            ]
        )
    )
    return Style(
        levels=levels,
        runs_on=tuple(draw(st.booleans()) for _ in levels),
        dot=draw(st.sampled_from([".", "．", "、"])),
        half_width=draw(st.booleans()),
        heading_line=draw(st.booleans()),
        alone=draw(st.booleans()),
        article_heading=draw(st.sampled_from(["", "（）", "【】"])),
        chapters=draw(st.booleans()),
        wrapped=draw(st.sampled_from([0, 0, 36, 40])),
        blank_lines=draw(st.booleans()),
        chunks=draw(st.booleans()),
        in_charge=draw(st.booleans()),
        title=draw(st.sampled_from(TITLES)),
        title_lines=draw(st.integers(1, 2)),
        traditional=draw(st.integers(0, 4)) == 0,
        inserted=draw(st.booleans()),
    )


class _Composer:
    def __init__(self, draw: st.DrawFn, style: Style) -> None:
        self.draw, self.style = draw, style
        self.counters = [0] * len(style.levels)
        self.paragraphs: list[str] = []
        self.policy = Policy(style=repr(style), title=style.title)

    def sentence(self) -> str:
        return self.draw(st.sampled_from(SENTENCES))

    def opening(self) -> str:
        """The first sentence: a short one in front of every article is a title sentence."""
        articles = self.style.levels == ("article",)
        return self.draw(st.sampled_from(SENTENCES[:-1] if articles else SENTENCES))

    def body(self) -> list[str]:
        """Paragraphs of one unit, maybe with a list of conditions inside."""
        texts = [self.opening() + "".join(self.sentence() for _ in range(self.draw(_MORE)))]
        if self.draw(st.integers(0, 4)) == 0:
            texts[-1] += self.draw(st.sampled_from(LEADS))
            count = self.draw(st.integers(2, 4))
            deepest = self.style.levels[-1]
            kind = {"article": "cn_bracket", "arabic": "arabic_bracket"}.get(deepest, "arabic")
            if deepest == "arabic_bracket":
                return [*texts[:-1], self.sentence()]
            for n in range(1, count + 1):
                mark, _ = written(kind, n, self.style)
                texts.append(f"{mark}{ITEMS[n - 1]}{'。' if n == count else '；'}")
        if self.style.in_charge and self.style.levels != ("article",):
            texts[-1] += DEPARTMENTS
        return texts

    def leaf(self, kind: str, label: str, mark: str) -> None:
        heading = self.draw(st.sampled_from(HEADINGS))
        body = self.body()
        if kind == "article":
            paragraphs, shown = self._article(mark, heading, body)
        elif self.style.heading_line:
            paragraphs, shown = [f"{mark}{heading}", *body], heading
        else:
            paragraphs, shown = [f"{mark}{heading}。{body[0]}", *body[1:]], heading
        text = "".join(paragraphs)
        if self.style.alone and kind != "article":
            paragraphs = [mark, paragraphs[0][len(mark) :], *paragraphs[1:]]
        self.paragraphs += paragraphs
        self.policy.measures.append(Expected(label, shown, "".join(text.split())))

    def _article(self, mark: str, heading: str, body: list[str]) -> tuple[list[str], str]:
        bracket = self.style.article_heading
        if bracket:
            return [f"{mark}{bracket[0]}{heading}{bracket[1]}", *body], heading
        return [f"{mark}\u3000{body[0]}", *body[1:]], ""

    def level(self, depth: int, above: str) -> None:
        kind = self.style.levels[depth]
        if not self.style.runs_on[depth] or depth == 0:
            self.counters[depth] = 0
        last = depth == len(self.style.levels) - 1
        for _ in range(self.draw(st.integers(2, 4))):
            self.counters[depth] += 1
            mark, label = written(kind, self.counters[depth], self.style)
            path = f"{above}/{label}" if above else label
            if last or (depth and self.draw(st.integers(0, 5)) == 0):
                self.leaf(kind, path, mark)
            else:
                names = HEADINGS + LONG_HEADINGS
                self.paragraphs.append(f"{mark}{self.draw(st.sampled_from(names))}")
                if self.draw(st.integers(0, 3)) == 0:
                    self.paragraphs.append(self.sentence())
                self.level(depth + 1, path)

    def articles(self) -> None:
        count = self.draw(st.integers(4, 14))
        chapter = 0
        for n in range(1, count + 1):
            if self.style.chapters and (n - 1) % 3 == 0:
                chapter += 1
                self.paragraphs.append(f"第{numeral(chapter)}章  {HEADINGS[chapter % 7]}")
            mark, label = written("article", n, self.style)
            self.leaf("article", label, mark)
            if self.style.inserted and n == 2:
                self.leaf("article", f"{label}之一", f"{mark}之一")

    def decimals(self) -> None:
        """第1章, 1.1, 1.2, 2.1 …: the chapter's number and the unit's, without a dot behind."""
        for chapter in range(1, self.draw(st.integers(2, 4)) + 1):
            self.paragraphs.append(f"第{chapter}章 {HEADINGS[chapter % 7]}")
            for n in range(1, self.draw(st.integers(2, 4)) + 1):
                mark = f"{chapter}.{n}"
                heading = self.draw(st.sampled_from(HEADINGS))
                text = f"{mark} {heading}。{self.sentence()}"
                self.paragraphs.append(text)
                self.policy.measures.append(Expected(mark, heading, "".join(text.split())))

    def compose(self) -> Policy:
        cut = len(self.style.title) // self.style.title_lines + 1
        title = [self.style.title[i : i + cut] for i in range(0, len(self.style.title), cut)]
        self.paragraphs = [
            *title,
            "某府规〔2024〕3号",
            "为进一步优化营商环境，激发市场主体活力，结合本区实际，制定本措施。",
        ]
        if self.style.levels == ("article",):
            self.articles()
        elif self.style.levels == ("decimal",):
            self.decimals()
        else:
            self.level(0, "")
        closing = "本措施自2024年5月1日起施行，有效期至2026年4月30日。"
        if self.style.levels[0] not in ("article", "decimal"):
            self.paragraphs.append(closing)
        self._set()
        return self.policy

    def _set(self) -> None:
        """Paragraphs → lines, broken at the page width with page marks, or a paragraph a line."""
        width = self.style.wrapped
        lines: list[str] = []
        for paragraph in self.paragraphs:
            if width:
                lines += [paragraph[i : i + width] for i in range(0, len(paragraph), width)]
            else:
                lines.append(paragraph)
                if self.style.blank_lines:
                    lines.append("")
        if width:
            if self.style.chunks:
                lines = [chunk for line in lines for chunk in _chunks(line)]
            marked: list[str] = []
            for i, line in enumerate(lines):
                if i and i % 11 == 0:
                    marked += ["", f"# Page {i // 11 + 1}:"]
                marked.append(line)
            lines = marked
        self.policy.lines = lines


def _chunks(line: str) -> list[str]:
    """The parts into which PDF readers cut a justified line: behind commas, around quotations."""
    if len(line) % 3:
        return [line]
    return [part for part in re.split(r"(?<=，)|(?<=、)|(?=“)|(?<=”)", line) if part]


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Composed policies with the measures that are in them."""
    return _Composer(draw, draw(styles())).compose()


@dataclass
class Collection:
    """Several policies in one source, one behind the other."""

    lines: list[str]
    titles: list[str]
    labels: list[list[str]]


_NAMES = ("优化营商环境", "促进先进制造业发展", "支持总部经济发展", "推进数字化转型")
_KINDS = ("若干措施", "实施方案", "行动计划", "管理办法", "实施意见")


def _covered(policy: Policy, district: str, name: str, n: int, broken: bool = False) -> list[str]:
    """The policy below a covering notice with number, addressee, signature and date."""
    title = [f"{district}人民政府关于印发", f"《{name}》的通知"]
    notice = [
        *(title if broken else ["".join(title)]),
        f"{district[0]}府规〔2024〕{n}号",
        "各街道办事处、镇人民政府，区政府各委、办、局：",
        f"现将《{name}》印发给你们，请认真按照执行。",
        f"{district}人民政府",
        f"2024年{n}月15日",
    ]
    return [*notice, name, *policy.lines[2:]]


@st.composite
def collections(draw: st.DrawFn) -> Collection:
    """Web copies pasted together: a title begins right behind the last sentence before it."""
    lines: list[str] = []
    titles: list[str] = []
    labels: list[list[str]] = []
    for n in range(1, draw(st.integers(2, 4)) + 1):
        style = replace(draw(styles()), wrapped=0, blank_lines=False, title_lines=1)
        policy = _Composer(draw, style).compose()
        district = draw(st.sampled_from(["东山区", "上海市西河区", "南海市", "上海市"]))
        title = f"{district}{draw(st.sampled_from(_NAMES))}{draw(st.sampled_from(_KINDS))}"
        text = _covered(policy, district, title, n, broken=draw(st.booleans()))
        if lines and draw(st.booleans()):
            lines[-1] += text[0]
            text = text[1:]
        lines += text
        titles.append(title)
        labels.append([m.label for m in policy.measures])
    return Collection(lines, titles, labels)


@st.composite
def compendia(draw: st.DrawFn) -> Collection:
    """A printed compendium: an ordinal and a date around every title, lines broken, page marks."""
    lines: list[str] = []
    titles: list[str] = []
    labels: list[list[str]] = []
    for n in range(1, draw(st.integers(2, 4)) + 1):
        style = replace(draw(styles()), wrapped=38, blank_lines=False, title_lines=1)
        policy = _Composer(draw, style).compose()
        title = f"东山区{draw(st.sampled_from(_NAMES))}{draw(st.sampled_from(_KINDS))}"
        text = _covered(policy, "东山区", title, n)
        entry = f"{n}. {text[0]}（2024 年{n} 月15 日）"
        head = [entry[i : i + 28] for i in range(0, len(entry), 28)]
        rest = [line[i : i + 38] for line in text[1:6] for i in range(0, len(line), 38)]
        lines += [*head, *rest, *text[6:]]
        titles.append(title)
        labels.append([m.label for m in policy.measures])
    return Collection(lines, titles, labels)


@dataclass(frozen=True)
class BrokenArticles:
    """Articles whose lines are broken, and the sentences of each."""

    lines: list[str]
    sentences: list[list[str]]  # without blanks


@st.composite
def broken_articles(draw: st.DrawFn) -> BrokenArticles:
    """Six to ten articles of some sentences, set at a page width."""
    some = st.lists(st.sampled_from(SENTENCES[:-1]), min_size=2, max_size=5)
    articles = draw(st.lists(some, min_size=6, max_size=10))
    width = draw(st.integers(22, 44))
    paragraphs = ["某某区窗口服务办法"]
    paragraphs += [f"第{numeral(n)}条　{''.join(a)}" for n, a in enumerate(articles, 1)]
    lines = [p[i : i + width] for p in paragraphs for i in range(0, len(p), width)]
    return BrokenArticles(lines, articles)


@dataclass(frozen=True)
class Grid:
    """A table below an article: its rows, and in which format it is written."""

    suffix: str
    header: list[str]
    rows: list[list[str]]  # a first cell that says what the one above says is merged with it


_THINGS = ("雾号", "浮标", "测风仪", "救生筏")


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    """Two to five rows of three cells, each amount said once."""
    count = draw(st.integers(2, 5))
    amounts = draw(st.lists(st.integers(1, 900), min_size=count, max_size=count, unique=True))
    things = sorted(draw(st.lists(st.sampled_from(_THINGS), min_size=count, max_size=count)))
    rows = [[thing, f"第{numeral(n)}型", f"{amount}00元"]
            for n, (thing, amount) in enumerate(zip(things, amounts, strict=True), 1)]  # fmt: skip
    return Grid(draw(st.sampled_from([".md", ".html", ".docx"])), ["器材", "规格", "补贴"], rows)


def write_grid(grid: Grid, path: Path) -> None:
    """The article, its table and the article after it, as a file in the grid's format."""
    title, before, after = "器材补贴标准", "第一条 补贴按下表发放：", "第二条 每年发放一次。"
    if grid.suffix == ".docx":
        from docx import Document

        word = Document()
        for text in (title, before):
            word.add_paragraph(text)
        table = word.add_table(len(grid.rows) + 1, 3)
        for r, row in enumerate([grid.header, *grid.rows]):
            merged = r > 1 and row[0] == grid.rows[r - 2][0]
            for c, text in enumerate(row):
                table.cell(r, c).text = "" if merged and c == 0 else text
            if merged:
                table.cell(r - 1, 0).merge(table.cell(r, 0))
        word.add_paragraph(after)
        word.save(str(path))
        return
    if grid.suffix == ".md":
        lines = ["| " + " | ".join(row) + " |" for row in [grid.header, ["---"] * 3, *grid.rows]]
        text = "\n\n".join([f"# {title}", before, "\n".join(lines), after])
        path.write_text(text, encoding="utf-8")
        return
    cells = []
    for r, row in enumerate(grid.rows):
        same = [other[0] for other in grid.rows].count(row[0])
        first = r == 0 or grid.rows[r - 1][0] != row[0]
        held = f'<td rowspan="{same}">{row[0]}</td>' if first else ""
        cells.append(f"<tr>{held}<td>{row[1]}</td><td>{row[2]}</td></tr>")
    header = "".join(f"<th>{name}</th>" for name in grid.header)
    page = (
        f"<html><body><h1>{title}</h1><p>{before}</p><table><tr>{header}</tr>{''.join(cells)}"
        f"</table><p>{after}</p></body></html>"
    )
    path.write_text(page, encoding="utf-8")
