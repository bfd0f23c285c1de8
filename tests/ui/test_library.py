"""The library finds numbers in any spelling, ranks, shows a document once, says why it is blank."""

from __future__ import annotations

import pytest

from assistant.settings import Settings
from assistant.store.build import ingest
from tests.conftest import SMALL_POLICY
from ui.handlers import Handlers
from ui.reading import LibraryQuery
from ui.render.library import library_list
from ui.service import Service

OTHER = SMALL_POLICY.replace("〔2024〕7号", "〔2025〕27号").replace("企业发展", "风筝发展")
CITING = OTHER.replace("制定本办法", "根据沪试府规〔2024〕7号，制定本办法")


@pytest.fixture
def service(built: Settings) -> Service:
    (built.sources / "丙.txt").write_text(CITING, encoding="utf-8")
    (built.sources / "又.txt").write_text(SMALL_POLICY + "\n", encoding="utf-8")
    ingest(built)
    return Service(built)


def found(service: Service, text: str, **filters: str) -> list[tuple[str, int]]:
    query = LibraryQuery(text=text, as_of="2026-12-01", **filters)  # type: ignore[arg-type]
    rows = service.reading.without_copies(service.reading.library(query))
    return [(row.document.doc_number or "", row.rank) for row in rows]


@pytest.mark.parametrize(
    "spelled",
    ["沪试府规〔2024〕7号", "沪试府规[2024]7号", "沪试府规（2024）7号", "沪试府规【2024】第7号",
     "沪试府规「2024」7号", "试府规 2024年7号",
     "2024年第7号", "2024年7号", " 〔2024〕 007 ", "沪试府规２０２４年７号"],
)  # fmt: skip
def test_a_number_is_found_in_any_spelling_and_first(service: Service, spelled: str) -> None:
    assert found(service, spelled)[0] == ("沪试府规〔2024〕7号", 0)


def test_another_number_is_not_meant(service: Service) -> None:
    for spelled in ("沪试府规〔2024〕70号", "黄府规〔2024〕7号", "2023年7号", "〔2024〕号"):
        assert 0 not in [rank for _, rank in found(service, spelled)]


def test_what_bears_the_words_stands_before_what_mentions_them(service: Service) -> None:
    assert found(service, "沪试府规[2024]7号") == [
        ("沪试府规〔2024〕7号", 0),
        ("沪试府规〔2025〕27号", 3),  # newer, but it only cites it
    ]
    assert found(service, "风筝")[0] == ("沪试府规〔2025〕27号", 1)
    assert found(service, "")[0] == ("沪试府规〔2025〕27号", 0)  # by date


def test_some_words_may_stand_in_the_head_and_the_others_in_a_clause(service: Service) -> None:
    for text in ("风筝发展办法 根据", "沪试府规[2025]27号 制定本办法"):
        assert found(service, text) == [("沪试府规〔2025〕27号", 3)]
    assert found(service, "风筝发展办法 船坞") == []


def test_what_two_sources_hold_is_one_row_with_both(service: Service) -> None:
    shown = Handlers(service).library({"text": "企业发展", "as_of": "2026-12-01"})
    assert shown.count('class="row-title"') == 1
    assert "另收于" in shown and ("又.txt" in shown or "甲.txt" in shown)


def test_a_number_asked_for_is_marked(service: Service) -> None:
    shown = Handlers(service).library({"text": "2024年7号", "as_of": "2026-12-01"})
    assert "<mark>沪试府规〔2024〕7号</mark>" in shown


def test_a_blank_library_says_which_filters_left_nothing(service: Service) -> None:
    data = {"text": "风筝<b>", "status": "repealed", "district": "x", "validity": "current"}
    shown = Handlers(service).library(data | {"as_of": "2026-12-01"})
    assert "已收录 4 份文件" in shown and 'data-act="clear-library"' in shown
    for told in ("风筝&lt;b&gt;", "已废止", "仅现行有效"):
        assert told in shown
    assert "全部年份" not in shown  # by which nothing is filtered
    assert str(library_list([], LibraryQuery(place="黄浦区"), 4)).count("<li>") == 1


def test_an_empty_library_says_so() -> None:
    said = library_list([], LibraryQuery(text="风筝"), 0)
    assert "还没有文件" in said and "clear-library" not in said
