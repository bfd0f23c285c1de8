"""The records that flow through the assistant, from source file to answer.

Every record is a frozen dataclass of plain values, so that it can be stored, compared and
sent over the wire without any framework.  Dates are ISO strings (``YYYY-MM-DD``) or ``None``.
The JSON names of the public contract are produced by :mod:`assistant.wire`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

RelationType = Literal["amends", "repeals", "extends", "implements", "interprets", "duplicates"]
Language = Literal["zh", "en"]  # of a question and its answer
ValidityStatus = Literal[
    "in_force", "expired", "not_yet", "repealed", "amended", "extended", "unknown"
]
RefusalReason = Literal[
    "out_of_scope", "not_in_corpus", "other_place", "not_stated", "unclear", "unsafe"
]
Verdict = Literal["符合", "不符合", "待确认"]
FactKind = Literal[
    "amount",  # 金额: 奖励/补贴/贴息/资助/减免/罚款 …
    "ratio",  # 比例、费率、百分点
    "threshold",  # 门槛: 投资2000万元以上, 300人以下
    "period",  # 时间: 有效期, 自…起, 至…止
    "time_limit",  # 办理时限: 3个工作日内
    "department",  # 责任单位
    "beneficiary",  # 受益对象
    "payer",  # 由谁给付
    "condition",  # 条件
    "channel",  # 怎么办理: 通过“一网通办”申请, 免申即享
    "not_stated",  # 给予支持但未写明金额
]


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a measure states, with the span of ``Measure.text`` that states it."""

    kind: FactKind
    text: str  # verbatim: measure.text[start:end]
    start: int
    end: int
    value: float | None = None  # yuan for amounts; 0.3 for 30 %; days for time limits
    unit: str | None = None  # 元, 美元, %, 个百分点, 工作日, 家, 人 …
    qualifier: str | None = None  # 最高, 不低于, 一次性, 每人, 每年 …
    benefit: str | None = None  # 奖励, 补贴, 贴息, 资助, 减免, 罚款 …
    base: str | None = None  # what a ratio is taken of: 上一年度研发投入


@dataclass(frozen=True, slots=True)
class Relation:
    """What one document does to another, with the sentence that says so."""

    type: RelationType
    target_title: str | None
    target_number: str | None
    quote: str
    target_doc_id: str | None = None  # when the corpus holds the target
    target_label: str | None = None  # the article concerned, when only one is
    effective: str | None = None  # when it takes effect


@dataclass(frozen=True, slots=True)
class Measure:
    """The smallest numbered unit that stands on its own as a commitment or rule.

    ``label`` is the path of enumerators as written (``二/（一）/3``, ``第五条``, ``附件/12``).
    Text of a document outside its measures has ``label=None`` and says in ``part`` what it is.
    """

    measure_id: str
    doc_id: str
    label: str | None
    heading: str
    text: str  # clean, joined, enumerator and heading included
    line_start: int  # 1-based lines of the source file
    line_end: int
    page: int | None = None
    part: Literal["正文", "导语", "附则", "落款", "附件"] = "正文"
    path: tuple[str, ...] = ()  # headings of the enclosing sections, outermost first
    order: int = 0  # position in the document
    depts: str | None = None  # responsible departments, as written in the bracket
    deadline: str | None = None  # 完成时限 as written
    effective_from: str | None = None  # the measure's own period, when it states one
    expires: str | None = None
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """One policy with its own title; a covering 通知 belongs to what it issues."""

    doc_id: str
    title: str
    source: str  # file name below the sources folder
    line_start: int
    line_end: int
    doc_number: str | None = None  # normalised: 沪府规〔2023〕1号
    issuers: tuple[str, ...] = ()
    level: Literal["国家", "市", "区"] = "市"
    district: str | None = None  # 黄浦区
    area: str | None = None  # 临港新片区: inside or across districts, its rules hold there
    elsewhere: str | None = None  # 杭州: another city or province, whose rules hold only there
    issued: str | None = None
    effective_from: str | None = None
    expires: str | None = None
    validity_quote: str | None = None  # the sentence that states the period
    plan_start: str | None = None  # years in the title of a plan
    plan_end: str | None = None
    kind: str = "政策"  # 政策, 解读, 决定, 规章 …
    url: str | None = None  # where the issuer or the page it was saved from has it; http(s)
    relations: tuple[Relation, ...] = ()
    warnings: tuple[str, ...] = ()  # what the parser was unsure about, for staff (Chinese)

    @property
    def place(self) -> str | None:
        """The area or else the district that its rules are bound to; None: the whole city."""
        return self.area or self.district

    @property
    def language(self) -> Literal["zh", "en"]:
        """That of the title; a bilingual text goes by its Chinese one."""
        return "zh" if any("一" <= c <= "鿿" for c in self.title) else "en"


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    document: Document
    measures: tuple[Measure, ...]  # in order of the text; own text (导语, 附则 …) included


@dataclass(frozen=True, slots=True)
class Validity:
    """Whether a measure holds on a date, and on which ground."""

    status: ValidityStatus
    as_of: str
    effective_from: str | None = None
    expires: str | None = None
    basis: str = ""  # Chinese sentence for the user


@dataclass(frozen=True, slots=True)
class Place:
    """Where else the same rule stands (a twin clause or a duplicate document)."""

    doc_id: str
    title: str
    doc_number: str | None
    measure: str | None
    district: str | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved measure with its score; twins and duplicates are collapsed into ``also_in``."""

    measure: Measure
    document: Document
    score: float
    also_in: tuple[Place, ...] = ()
    features: dict[str, float] = field(default_factory=dict)
    elsewhere: bool = False  # outside the place asked for: shown only as such


@dataclass(frozen=True, slots=True)
class Profile:
    """A company, as far as it has told us."""

    district: str | None = None
    area: str | None = None  # 临港新片区, by its full name
    industry: tuple[str, ...] = ()
    size: str | None = None
    qualifications: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    headcount: int | None = None
    founded: str | None = None
    needs: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()  # what it says it is not, has not or did not, in its words


@dataclass(frozen=True, slots=True)
class Citation:
    n: int
    hit: Hit
    quote: str  # verbatim span of hit.measure.text
    validity: Validity
    spans: tuple[str, ...] = ()  # verbatim, one for each mark [n] of the answer in their order


@dataclass(frozen=True, slots=True)
class ConditionCheck:
    text: str
    verdict: Verdict
    question: str | None = None  # what to ask when 待确认


@dataclass(frozen=True, slots=True)
class Match:
    citation: Citation
    amount: str | None  # verbatim from the measure, None: not stated
    why: str
    conditions: tuple[ConditionCheck, ...]
    status: str
    payer: str | None = None
    apply: str | None = None  # how and where to apply, as far as the text says
    exclusive: str | None = None  # 从优、从高、不重复


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the answer, explained from the clause ``label`` of a document."""

    name: str
    explanation: str
    document: Document
    label: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What an LLM has written so far, each sentence checked, over all that it may cite."""

    text: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the assistant returns; :func:`assistant.wire.answer_to_json` gives the contract."""

    question: str
    standalone_question: str
    text: str
    refused: bool = False
    reason: RefusalReason | None = None
    citations: tuple[Citation, ...] = ()
    retrieved: tuple[Hit, ...] = ()
    matches: tuple[Match, ...] = ()
    near_misses: tuple[Match, ...] = ()
    mode: Literal["extractive", "llm"] = "extractive"
    notes: tuple[str, ...] = ()  # e.g. why the LLM's answer was not used
    suggestions: tuple[str, ...] = ()  # next questions
    terms: tuple[Term, ...] = ()  # officials' terms in the text, explained
    language: Language = "zh"  # of the text around the clauses, which stay as they are
    timings_ms: dict[str, float] = field(default_factory=dict)
