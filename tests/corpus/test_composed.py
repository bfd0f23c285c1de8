"""Whatever its numbering and its line breaks: a composed policy is taken apart as it was made."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from assistant.corpus.clean import clean
from assistant.corpus.document import draft
from assistant.corpus.segment import segment
from tests.corpus.compose import TITLE, Policy, policies


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example],
)
@given(policies())
def test_outline_of_a_composed_policy_comes_back(policy: Policy) -> None:
    parts = segment(clean(tuple(policy.lines)).pieces)
    assert len(parts) == 1
    made = draft("composed.txt", parts[0]).draft
    assert made.title == TITLE
    found = [m for m in made.measures if m.label]
    assert [m.label for m in found] == [m.label for m in policy.measures], policy.source
    for got, wanted in zip(found, policy.measures, strict=True):
        assert "".join(got.text.split()) == wanted.text, policy.source
        assert got.heading == wanted.heading, policy.source
