"""Terms explained: what the table holds, and which terms of a text are explained."""

from __future__ import annotations

import re

import pytest

from assistant import glossary
from assistant.glossary import SHOWN, Entry, entries, terms_in
from assistant.records import Document
from assistant.settings import ROOT
from assistant.wire import term_to_json
from embeddings.training.evidence import bare

HELD = Document("d1", "上海市码头办法", "d1.txt", 1, 9)


def rows(*names: str, title: str = HELD.title) -> tuple[Entry, ...]:
    return tuple(
        Entry(n, f"{n}是这个意思。", title, "第一条", f"所称{n}，是指这个意思") for n in names
    )


def test_every_quote_stands_in_the_sources() -> None:
    files = (ROOT / "data/sources").glob("*.txt")
    text = "".join(path.read_text(encoding="utf-8") for path in files)
    held = bare(re.sub(r"#\s*Page\s*\d+:?|\*\*", "", text))
    assert len(entries()) >= 50
    missing = [e.name for e in entries() if bare(e.quote) not in held]
    assert missing == []
    for entry in entries():
        assert entry.explanation.endswith("。")
        assert len(entry.explanation) <= 41


def test_terms_are_explained_where_their_document_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    table = (*rows("夜航证", "夜航"), *rows("潮补", title="没有收录的办法"))
    monkeypatch.setattr(glossary, "entries", lambda: table)
    found = terms_in("先办夜航证，再领潮补；夜航证不收费。", {HELD.title: HELD}.get)
    assert [t.name for t in found] == ["夜航证"]
    assert term_to_json(found[0]) == {
        "term": "夜航证",
        "explanation": "夜航证是这个意思。",
        "doc_id": "d1",
        "title": HELD.title,
        "measure": "第一条",
    }
    assert terms_in("今天不出海。", {HELD.title: HELD}.get) == ()


def test_only_the_first_terms_are_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"{sign}港证" for sign in "甲乙丙丁戊己"]
    monkeypatch.setattr(glossary, "entries", lambda: rows(*names))
    found = terms_in("".join(reversed(names)), {HELD.title: HELD}.get)
    assert [t.name for t in found] == names[::-1][:SHOWN]


@pytest.mark.parametrize("row", ["夜航证\t只有两列", "a\tb\tc\td\te\na\tb\tc\td\te"])
def test_a_damaged_table_is_told(row: str, tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "glossary.tsv"
    path.write_text(f"# head\n{row}\n", encoding="utf-8")
    monkeypatch.setattr(glossary, "GLOSSARY", path)
    entries.cache_clear()
    with pytest.raises(ValueError, match=r"glossary\.tsv"):
        entries()
    entries.cache_clear()
