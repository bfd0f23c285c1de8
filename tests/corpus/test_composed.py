"""Whatever its numbering and its line breaks: what was composed is taken apart as it was made."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.corpus.clean import clean
from assistant.corpus.document import draft
from assistant.corpus.draft import DocumentDraft
from assistant.corpus.parse import parse_source
from assistant.corpus.readers import SourceText
from assistant.corpus.segment import segment
from tests.corpus.compose import TITLE, Collection, Policy, collections, compendia, policies

_SLOW = [HealthCheck.too_slow, HealthCheck.large_base_example, HealthCheck.data_too_large]


def _examples(of_a_hundred: int) -> int:
    """How many examples a test takes where the profile in use takes a hundred, or its share."""
    return of_a_hundred * settings().max_examples // 100


def _drafts(lines: list[str]) -> list[DocumentDraft]:
    return [draft("composed.txt", s).draft for s in segment(clean(tuple(lines)).pieces)]


@settings(max_examples=_examples(60), deadline=None, suppress_health_check=_SLOW)
@given(policies())
def test_outline_of_a_composed_policy_comes_back(policy: Policy) -> None:
    (made,) = _drafts(policy.lines)
    assert made.title == TITLE
    found = [m for m in made.measures if m.label]
    assert [m.label for m in found] == [m.label for m in policy.measures], policy.source
    for got, wanted in zip(found, policy.measures, strict=True):
        assert "".join(got.text.split()) == wanted.text, policy.source
        assert got.heading == wanted.heading, policy.source


def _check(collection: Collection) -> None:
    made = _drafts(collection.lines)
    assert [d.title for d in made] == collection.titles
    assert [[m.label for m in d.measures if m.label] for d in made] == collection.labels


@settings(max_examples=_examples(12), deadline=None, suppress_health_check=_SLOW)
@given(collections())
def test_documents_pasted_together_are_parted(collection: Collection) -> None:
    _check(collection)


@settings(max_examples=_examples(12), deadline=None, suppress_health_check=_SLOW)
@given(compendia())
def test_entries_of_a_compendium_are_parted(collection: Collection) -> None:
    _check(collection)


_BITS = st.sampled_from(
    [
        "一、", "（一）", "1.", "（1）", "第一条", "第一章", "附件", "附件：", "专栏1：甲",
        "序号\t甲\t责任单位", "1\t乙\t区商务委", "# Page 3:", "&#8195;", "经研究，决定如下：",
        "某市人民政府关于印发《甲办法》的通知", "某府规〔2024〕1号", "各区人民政府：",
        "2024年1月1日", "某市人民政府", "本办法自2024年1月1日起施行。", "甲；", "乙。",
        "为促进发展，制定本办法。", "字号：大 中 小", "沪ICP备1号", "", " ", "\u200b", "主办：",
    ]
)  # fmt: skip


@settings(max_examples=_examples(60), deadline=None)
@given(st.lists(st.lists(_BITS, max_size=3).map("".join), min_size=1, max_size=40))
def test_whatever_comes_nothing_is_lost(lines: list[str]) -> None:
    parsed = parse_source(SourceText("any.txt", "0" * 64, "txt", "utf-8", tuple(lines)))
    assert parsed.account.complete, lines
    ids = [m.measure_id for d in parsed.documents for m in d.measures]
    assert len(ids) == len(set(ids))
