"""What is written is what is read, and people find it by the names they know."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.errors import IndexMismatchError, UnknownDocumentError
from assistant.records import Document, Fact, Measure, ParsedDocument, Place, Relation
from assistant.settings import Settings
from assistant.store import codec
from assistant.store.authored import plain_label, questions_for
from assistant.store.catalogue import Catalogue
from assistant.store.generation import CATALOGUE
from assistant.store.lookup import find_document, find_measure
from assistant.store.open import open_index
from assistant.store.writer import write_catalogue

FACT = Fact("amount", "20万元", 4, 8, 200000.0, "元", "一次性", "奖励")
MEASURE = Measure(
    "d1#二/（一）/3", "d1", "二/（一）/3", "奖励", "3.奖励20万元。", 5, 6, facts=(FACT,)
)
OWN_TEXT = Measure(
    "d1#附则9", "d1", None, "", "本办法自发布之日起施行。", 8, 8, part="附则", order=9
)
RELATION = Relation("repeals", "旧办法", None, "旧办法同时废止。", target_doc_id="d2")
FIRST = Document("d1", "试验区奖励办法", "甲.txt", 1, 9, "试府规〔2024〕7号", relations=(RELATION,))
SECOND = Document("d2", "试验区旧奖励办法", "甲.txt", 10, 12, issuers=("区政府", "区科委"))
PARSED = [ParsedDocument(FIRST, (MEASURE, OWN_TEXT)), ParsedDocument(SECOND, ())]
PLACE = Place("d2", SECOND.title, None, "第一条", "试验区")


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    write_catalogue(
        tmp_path / CATALOGUE,
        sources=(),
        documents=PARSED,
        twins={MEASURE.measure_id: [PLACE]},
        questions={MEASURE.measure_id: ["奖多少", "奖给谁"]},
        chunks=(),
    )
    return Catalogue((tmp_path / CATALOGUE).read_bytes())


def test_everything_comes_back(catalogue: Catalogue) -> None:
    assert catalogue.documents() == (FIRST, SECOND) and catalogue.document("d2") == SECOND
    assert catalogue.measures() == catalogue.measures("d1") == (MEASURE, OWN_TEXT)
    assert catalogue.measures("d2") == ()
    assert catalogue.measure(OWN_TEXT.measure_id) == OWN_TEXT
    assert catalogue.measures_by_id([MEASURE.measure_id, "no"]) == {MEASURE.measure_id: MEASURE}
    assert catalogue.twins(MEASURE.measure_id) == (PLACE,) and catalogue.twins("no") == ()
    assert catalogue.all_twins() == {MEASURE.measure_id: (PLACE,)}
    assert catalogue.relations() == (("d1", RELATION),)
    assert catalogue.questions() == {MEASURE.measure_id: ("奖多少", "奖给谁")}


def test_unknown_ids(catalogue: Catalogue) -> None:
    for wrong in (lambda: catalogue.document("x"), lambda: catalogue.measures("x")):
        with pytest.raises(UnknownDocumentError, match="x"):
            wrong()
    with pytest.raises(UnknownDocumentError):
        catalogue.measure("x")


def test_defaults_are_not_stored_and_come_back() -> None:
    plain = codec.to_plain(MEASURE)
    assert "deadline" not in plain and "expires" not in plain and plain["label"] == MEASURE.label
    assert codec.measure_from(codec.dumps(MEASURE)) == MEASURE
    assert codec.measure_from(codec.dumps(OWN_TEXT)) == OWN_TEXT
    assert codec.parsed_from(json.loads(codec.dumps(PARSED[0]))) == PARSED[0]


def test_record_of_another_version() -> None:
    with pytest.raises(IndexMismatchError, match="另一版本"):
        codec.measure_from(json.dumps(codec.to_plain(MEASURE) | {"unheard": 1}))


@pytest.mark.parametrize("name", ["d1", "试验区奖励办法", "《试验区奖励办法》", "试府规[2024]7号"])
def test_document_by_its_names(catalogue: Catalogue, name: str) -> None:
    assert find_document(catalogue, name) == FIRST


def test_document_by_part_of_its_title(catalogue: Catalogue) -> None:
    assert find_document(catalogue, "旧奖励") == SECOND
    with pytest.raises(UnknownDocumentError, match="2 份"):
        find_document(catalogue, "试验区")
    with pytest.raises(UnknownDocumentError) as caught:
        find_document(catalogue, "试验区新的奖励办法")
    assert "试验区奖励办法" in caught.value.next_step


@pytest.mark.parametrize("label", ["二/（一）/3", "二/(一)/3.", "（一）/3", "3"])
def test_measure_by_its_label(catalogue: Catalogue, label: str) -> None:
    assert find_measure(catalogue, FIRST, label) == MEASURE


def test_own_text_and_unknown_label(catalogue: Catalogue) -> None:
    assert find_measure(catalogue, FIRST, "附则") == OWN_TEXT
    with pytest.raises(UnknownDocumentError, match="九"):
        find_measure(catalogue, FIRST, "九")


def test_labels_are_compared_by_their_enumerators() -> None:
    assert plain_label("二/（一）/3．") == plain_label("二、／(一)/3.") == "二/一/3"


def test_authored_questions_find_their_measure(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    lines = [
        {
            "title": "试验区奖励办法",
            "doc_number": "试府规〔2024〕7号",
            "label": "二/（一）/3",
            "questions": ["甲"],
        },
        {"title": "试验区奖励办法", "doc_number": None, "label": "二/(一)/3", "questions": ["乙"]},
        {
            "title": "别的办法的全名",
            "doc_number": "试府规〔2024〕9号",
            "label": "一",
            "questions": ["丙"],
        },
    ]
    path.write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    assert questions_for(PARSED, path) == {MEASURE.measure_id: ("甲", "乙")}
    assert questions_for(PARSED, tmp_path / "none.jsonl") == {}


def test_dense_search_gives_each_measure_once(built: Settings) -> None:
    index = open_index(built)
    count = len(index.catalogue.measures())
    found = index.dense.measures(index.vectors[0], 1000)
    assert len(found) == len(dict(found)) == count
    scores = [score for _, score in found]
    assert scores == sorted(scores, reverse=True)
