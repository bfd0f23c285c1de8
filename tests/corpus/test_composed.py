"""Whatever its numbering and its line breaks: what was composed is taken apart as it was made."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from assistant.corpus.clean import clean
from assistant.corpus.document import draft
from assistant.corpus.draft import DocumentDraft
from assistant.corpus.segment import segment
from tests.corpus.compose import TITLE, Collection, Policy, collections, compendia, policies

_SLOW = [HealthCheck.too_slow, HealthCheck.large_base_example, HealthCheck.data_too_large]


def _drafts(lines: list[str]) -> list[DocumentDraft]:
    return [draft("composed.txt", s).draft for s in segment(clean(tuple(lines)).pieces)]


@settings(max_examples=60, deadline=None, suppress_health_check=_SLOW)
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


@settings(max_examples=12, deadline=None, suppress_health_check=_SLOW)
@given(collections())
def test_documents_pasted_together_are_parted(collection: Collection) -> None:
    _check(collection)


@settings(max_examples=12, deadline=None, suppress_health_check=_SLOW)
@given(compendia())
def test_entries_of_a_compendium_are_parted(collection: Collection) -> None:
    _check(collection)
