"""Greetings, thanks and questions about the assistant itself get a human answer."""

from __future__ import annotations

from assistant.answer.words import day, phrases, words
from assistant.knowledge import Knowledge
from assistant.question.query import Query
from assistant.question.wordings import wording
from assistant.records import Answer, Language


def suggestions(language: Language) -> tuple[str, ...]:
    """Questions to begin with."""
    return tuple(words(language, key) for key in ("first_1", "first_2", "first_3"))


def small_talk(query: Query, known: Knowledge) -> Answer | None:
    """The reply when the whole question is small talk, else None."""
    kind = query.smalltalk or ("ability" if wording("about_us").search(query.text) else None)
    if kind is None:
        return None
    language = query.language
    kind = kind if kind in phrases() else "greeting"
    text = words(language, kind, ask_away=words(language, "ask_away"))
    if kind in ("identity", "ability"):
        held = "collection_until" if known.newest else "collection"
        count, until = len(known.documents), day(known.newest, language)
        text += words(language, held, count=count, until=until)
    return Answer(
        question=query.text,
        standalone_question=query.text,
        text=text,
        suggestions=suggestions(language) if kind != "goodbye" else (),
        language=language,
    )
