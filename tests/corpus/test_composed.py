"""Whatever its numbering and its line breaks: what was composed is taken apart as it was made."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.corpus.clean import clean
from assistant.corpus.document import draft
from assistant.corpus.draft import DocumentDraft
from assistant.corpus.parse import parse_file, parse_source
from assistant.corpus.readers import SourceText
from assistant.corpus.segment import segment
from assistant.sentences import split
from tests.corpus.compose import (
    BrokenArticles,
    Collection,
    Grid,
    Policy,
    broken_articles,
    collections,
    compendia,
    grids,
    policies,
    write_grid,
)

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
    assert made.title == policy.title, policy.source
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


@settings(max_examples=_examples(60), deadline=None)
@given(broken_articles())
def test_sentences_of_composed_articles_come_back(articles: BrokenArticles) -> None:
    source = SourceText("any.txt", "0" * 64, "txt", "utf-8", tuple(articles.lines))
    (parsed,) = parse_source(source).documents
    found = []
    for measure in (m for m in parsed.measures if m.label):
        texts = ["".join(s.text.split()) for s in split(measure)]
        if texts[0] == measure.label:  # a short first sentence is the heading and stands with it
            texts[:2] = ["".join(texts[:2])]
        found.append([texts[0].removeprefix(measure.label or ""), *texts[1:]])
    assert found == articles.sentences, articles.lines


@settings(max_examples=_examples(30), deadline=None)
@given(grids())
def test_rows_of_a_composed_table_come_back(grid: Grid) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"甲{grid.suffix}"
        write_grid(grid, path)
        source = parse_file(path)
    assert source.account.complete
    (parsed,) = source.documents
    assert [m.label for m in parsed.measures if m.label] == ["第一条", "第二条"]
    first = next(m for m in parsed.measures if m.label == "第一条")
    lead, header, *rows = split(first)[-len(grid.rows) - 2 :]
    assert lead.text == "补贴按下表发放："
    assert header.text.split("\t") == grid.header
    assert [row.text.split("\t") for row in rows] == grid.rows
    assert {row.lead for row in rows} == {header.index}


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
