"""What one document does to another, and where in the corpus that other stands."""

from __future__ import annotations

from assistant.corpus.draft import DocumentDraft
from assistant.records import Relation


def stated(draft: DocumentDraft, title: str, number: str | None) -> tuple[Relation, ...]:
    """The relations that a document states (targets not yet resolved)."""
    return ()
