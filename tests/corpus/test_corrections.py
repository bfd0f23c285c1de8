"""Corrections by staff are kept with the content they belong to, and applied at every parse."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.corpus import corrections
from assistant.corpus.corrections import Correction
from assistant.corpus.links import Links
from assistant.corpus.parse import parse_file
from assistant.records import Document
from assistant.settings import Settings
from assistant.store.build import ingest
from assistant.store.health import check_all
from assistant.store.open import open_index
from assistant.validity import validity
from tests.conftest import SMALL_POLICY

NUMBER = {"doc_number": "沪试府规〔2024〕70号", "expires": "2029-12-31"}


def keep(source: Path, *given: Correction) -> Path:
    path = corrections.place(source, source)
    path.parent.mkdir(exist_ok=True)
    path.write_text(corrections.dumps(given), encoding="utf-8")
    return path


def held(settings: Settings, source: str = "甲.txt") -> Document:
    return next(d for d in open_index(settings).catalogue.documents() if d.source == source)


def test_every_ingest_keeps_them_and_another_version_starts_without(built: Settings) -> None:
    ingest(built)
    source = built.sources / "甲.txt"
    read = held(built)
    keep(source, Correction(1, NUMBER))
    assert any("已修改：甲.txt" in c.message for c in check_all(built))
    assert ingest(built).changed == ("甲.txt",)
    for again in (False, True):
        assert ingest(built, rebuild=again).published is again
        document = held(built)
        assert (document.doc_number, document.expires) == tuple(NUMBER.values())
        assert (document.title, document.effective_from) == (read.title, read.effective_from)
    assert not any("已修改" in c.message for c in check_all(built))
    source.write_text(SMALL_POLICY.replace("20万元", "21万元"), encoding="utf-8")
    ingest(built)
    assert held(built).doc_number == read.doc_number
    source.write_text(SMALL_POLICY, encoding="utf-8")
    ingest(built)
    assert held(built).doc_number == NUMBER["doc_number"]


def test_what_is_put_right_is_no_longer_warned_of(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(SMALL_POLICY.replace("沪试府规〔2024〕7号\n", ""), encoding="utf-8")
    documents = parse_file(path).documents
    assert "未找到文号" in documents[0].document.warnings
    given = [Correction(999, {**NUMBER, "district": "黄浦区"})]  # of an older parser's line
    (corrected,), unused = corrections.apply(documents, given)
    document = corrected.document
    assert not unused and "未找到文号" not in document.warnings
    assert (document.district, document.level, document.validity_quote) == ("黄浦区", "区", None)
    (city,), _ = corrections.apply([corrected], [Correction(1, {"district": None})])
    assert (city.document.district, city.document.level) == (None, "市")
    _, unused = corrections.apply(documents, [Correction(1, {}), Correction(998, NUMBER)])
    assert "998" in unused[0]


def test_what_was_read_is_told_where_it_was_put_right(built: Settings) -> None:
    ingest(built)
    read = held(built)
    keep(built.sources / "甲.txt", Correction(1, {**NUMBER, "title": read.title}))
    ingest(built)
    assert held(built).warnings == (
        *read.warnings,
        f"文号已由工作人员更正，原文读作：{read.doc_number}",
        f"有效期止已由工作人员更正，原文读作：{read.expires}",
    )


def test_a_repeal_begins_on_the_day_put_right(built: Settings) -> None:
    repealing = SMALL_POLICY.replace("〔2024〕7号", "〔2025〕9号").replace("企业发展", "风筝产业")
    clause = "第三十条 《试验区支持企业发展办法》（沪试府规〔2024〕7号）同时废止。"
    (built.sources / "丙.txt").write_text(f"{repealing}{clause}\n", encoding="utf-8")
    ingest(built)
    old = held(built)
    day = {"effective_from": "2026-05-01", "expires": None}
    keep(built.sources / "丙.txt", Correction(held(built, "丙.txt").line_start, day))
    ingest(built)
    links = Links(open_index(built).catalogue.documents(), open_index(built).catalogue.relations())
    until, then = (validity(None, old, d, links).status for d in ("2026-04-30", "2026-05-01"))
    assert (until, then) == ("in_force", "repealed")


@pytest.mark.parametrize(
    "damage", ["{", "[1]", '[{"line_start": "1"}]', '[{"line_start": 1, "source": "x"}]', "{}x",
               '[{"title": "x"}]', '[{"line_start": 1, "title": 2}]'],
)  # fmt: skip
def test_a_damaged_record_keeps_the_last_good_version(built: Settings, damage: str) -> None:
    ingest(built)
    path = keep(built.sources / "甲.txt")
    path.write_text(damage, encoding="utf-8")
    failed = ingest(built).failed["甲.txt"]
    assert "更正记录" in failed and path.name in failed
    assert held(built).doc_number == "沪试府规〔2024〕7号"
