"""The metrics by name: what they mean, which way is better, how they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal


@dataclass(frozen=True, slots=True)
class Metric:
    """``better`` is ``None`` for what is only reported; ``unit`` tells how to write it."""

    name: str
    title: str
    meaning: str
    group: Literal["总体", "检索", "引用", "回答", "拒答", "匹配", "成本"]
    better: Literal["higher", "lower"] | None = "higher"
    unit: Literal["share", "chars", "ms", "ratio"] = "share"

    def show(self, value: float | None) -> str:
        if value is None:
            return "–"
        if self.unit == "share":
            return f"{value:.3f}"
        return f"{value:.2f}" if self.unit == "ratio" else f"{value:,.0f}"


_ALL = (
    Metric(
        "correct",
        "答对",
        "事实齐全、依据已引用、没有误导、没有误拒；该拒的拒了；匹配召回八成以上且没有误配",
        "总体",
    ),
    Metric("sound", "答对且可靠", "在“答对”之上，每个数字都有出处，回答不超过 400 字", "总体"),
    Metric("recall@1", "召回@1", "前 1 段里有足够的依据（该题要求的全部，或任选其一）", "检索"),
    Metric("recall@3", "召回@3", "前 3 段里有足够的依据", "检索"),
    Metric("recall@5", "召回@5", "前 5 段里有足够的依据", "检索"),
    Metric("recall@10", "召回@10", "前 10 段里有足够的依据", "检索"),
    Metric("mrr", "MRR@10", "第一段依据的名次的倒数（TREC-8 问答评测）", "检索"),
    Metric(
        "ndcg@10",
        "nDCG@10",
        "折损累计增益与理想排序之比，以条款为单位（Järvelin 与 Kekäläinen，2002）",
        "检索",
    ),
    Metric("coverage@5", "依据覆盖@5", "前 5 段覆盖的依据条款所占比例", "检索"),
    Metric("coverage@10", "依据覆盖@10", "前 10 段覆盖的依据条款所占比例", "检索"),
    Metric("facts_in_context", "事实在前 5 段", "答案所需的事实全部出现在前 5 段里", "检索"),
    Metric("evidence_cited", "依据已引用", "应引的文件、条款与原文都引到了", "引用"),
    Metric("citation_precision", "引用准确率", "所列引用里真正载有依据的比例", "引用"),
    Metric("label_accuracy", "条款号正确", "载有依据的引用里，文件与条款号也写对的比例", "引用"),
    Metric(
        "alce_recall",
        "逐句引用召回",
        "有引用且引文能逐字支持的句子比例（ALCE，Gao 等，2023；以逐字支持代替蕴含模型）",
        "引用",
    ),
    Metric("alce_precision", "逐句引用精确", "对所在句子确有必要的引用比例（ALCE）", "引用"),
    Metric("facts", "事实覆盖", "回答说出的应答事实比例", "回答"),
    Metric("facts_all", "事实齐全", "应答事实全部说出的题目比例", "回答"),
    Metric("number_faithfulness", "数字有据", "回答里的数字、日期出现在所引条款中的比例", "回答"),
    Metric("validity_accuracy", "效力判断", "在所问日期有效、失效、废止、未生效等判断正确", "回答"),
    Metric("clean", "无误导", "没有出现禁止的说法，效力判断没有错", "回答"),
    Metric("signalled", "点明缺失或错误", "原文没写的说没写，前提错的予以纠正", "回答"),
    Metric("refusal_recall", "应拒已拒", "不应照答的题里拒答且没有乱说的比例", "拒答"),
    Metric("refusal_precision", "拒答准确率", "拒答的题里确实该拒的比例", "拒答"),
    Metric("false_refusal", "误拒", "能答却拒答的比例", "拒答", "lower"),
    Metric("match_recall", "匹配召回", "企业可享受的条款被列出的比例", "匹配"),
    Metric("match_avoid", "误配", "不该列的条款（他区、过期等）被列出的比例", "匹配", "lower"),
    Metric("match_listed", "列出倍数", "列出的条数与应列条数之比", "匹配", None, "ratio"),
    Metric("answer_chars", "回答字数", "不计空白与引用标记的平均字数", "成本", "lower", "chars"),
    Metric("latency_ms", "用时（毫秒）", "从提问到收到回答", "成本", "lower", "ms"),
    Metric("failed", "出错", "系统没有给出回答", "成本", "lower"),
)
METRICS: Mapping[str, Metric] = MappingProxyType({metric.name: metric for metric in _ALL})

HEADLINE = (
    "sound", "correct", "recall@5", "mrr", "evidence_cited", "citation_precision",
    "alce_recall", "facts", "number_faithfulness", "validity_accuracy", "refusal_recall",
    "false_refusal", "match_recall", "match_avoid", "answer_chars", "latency_ms",
)  # fmt: skip
SLICE_COLUMNS = (
    "correct", "sound", "recall@1", "recall@5", "mrr", "evidence_cited",
    "citation_precision", "alce_recall", "facts", "number_faithfulness", "refusal_recall",
    "false_refusal", "match_recall", "match_avoid", "answer_chars",
)  # fmt: skip
