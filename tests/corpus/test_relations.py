"""Relations as stated, their targets across the corpus, and twins."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.corpus import links, metadata, relations, twins
from assistant.records import Document, ParsedDocument, Relation
from tests.corpus.drafts import document, draft, measure, parsed, sources


def test_implements_what_the_opening_cites() -> None:
    head = "根据《甲方案》（沪府办规〔2023〕1号）和《乙条例》，制定本方案。\n《丙》另有规定。"
    found = relations.stated(draft("丁方案", head), "丁方案", None)
    assert [(r.type, r.target_title, r.target_number) for r in found] == [
        ("implements", "甲方案", "沪府办规〔2023〕1号"),
        ("implements", "乙条例", None),
    ]


def test_a_closing_clause_repeals_with_the_first_decree() -> None:
    tail = (
        "本办法自2016年1月15日起施行。2004年1月5日上海市人民政府令第17号发布，"
        "根据2005年6月27日上海市人民政府令第41号修正的《旧办法》同时废止。"
    )
    (found,) = relations.stated(draft("新办法", tail=tail), "新办法", "2016-01-15")
    assert found == Relation(
        "repeals", "旧办法", "上海市人民政府令第17号", found.quote, effective="2016-01-15"
    )


def test_extends() -> None:
    text = "《甲办法》（沪科规〔2019〕4号）继续施行，有效期延长至2029年6月20日。"
    title = "关于延长《甲办法》有效期的通知"
    (found,) = relations.stated(draft(title, title, measures=(measure(text),)), title, None)
    assert (found.type, found.target_number) == ("extends", "沪科规〔2019〕4号")


@pytest.mark.parametrize(
    ("text", "article"),
    [
        ("2.将第三十三条改为第三十四条，第一款增加一项", "第三十四条"),
        ("1.增加一条，作为第十七条（充电设施管理）：", "第十七条"),
        ("1.将第四十条第二款修改为：", "第四十条"),
        ("3.删去第六条。", None),
        ("4.将第四条、第七条中的“甲”修改为“乙”。", None),
    ],
)
def test_article_that_an_item_changes(text: str, article: str | None) -> None:
    assert relations.amended_article(text) == article


def _doc(doc_id: str, title: str, number: str | None, *more: Relation) -> ParsedDocument:
    return parsed(document(doc_id, title=title, doc_number=number, relations=more))


def test_a_decree_is_found_by_number_and_title_together() -> None:
    """Every government counts its decrees anew: No. 12 of 1992 is not No. 12 of 2014."""
    number = "上海市人民政府令第12号"
    repeal = Relation("repeals", "旧区管理办法", number, "旧区管理办法", effective="2024-05-15")
    decision = _doc("a", "关于废止规章的决定", "沪府令〔2024〕13号", repeal)
    linked = links.link([decision, _doc("b", "另一办法", number)])
    assert linked[0].document.relations[0].target_doc_id is None
    linked = links.link([decision, _doc("b", "旧区管理办法", number)])
    assert linked[0].document.relations[0].target_doc_id == "b"


def test_a_new_rule_does_not_repeal_itself() -> None:
    repeal = Relation("repeals", "甲办法", "上海市人民政府令第44号", "……")
    linked = links.link([_doc("a", "甲办法", "上海市人民政府令第85号", repeal)])
    assert linked[0].document.relations[0].target_doc_id is None


@pytest.fixture(scope="module")
def corpus() -> list[ParsedDocument]:
    return list(sources())


def _by_number(corpus: list[ParsedDocument], number: str) -> Document:
    return next(p.document for p in corpus if p.document.doc_number == number)


def test_the_decision_of_2024_repeals_seventeen_rules(corpus: list[ParsedDocument]) -> None:
    decision = _by_number(corpus, "沪府令〔2024〕13号")
    repealed = [r for r in decision.relations if r.type == "repeals"]
    assert len(repealed) == 17
    assert {r.effective for r in repealed} == {"2024-05-15"}
    assert all(r.target_doc_id is None for r in repealed)
    changed = {r.target_title for r in decision.relations if r.type == "amends" and r.target_doc_id}
    assert len(changed) == 6


def test_an_amendment_points_at_the_republished_article(corpus: list[ParsedDocument]) -> None:
    decision = _by_number(corpus, "上海市人民政府令第58号")
    target = _by_number(corpus, "上海市人民政府令第37号")
    labels = {r.target_label for r in decision.relations if r.target_doc_id == target.doc_id}
    assert "第十二条" in labels


def test_the_plan_that_stands_in_two_files_is_a_duplicate(corpus: list[ParsedDocument]) -> None:
    copies = [p.document for p in corpus if "徐汇区持续优化" in p.document.title]
    assert len(copies) == 2
    for document_ in copies:
        assert any(r.type == "duplicates" for r in document_.relations)


CLAUSE = (
    "支持创新型企业加快成长。对首次成为“四上”企业的有效期内高新技术企业，市区联动给予企业"
    "上一年度研发投入5%的一次性奖励，最高50万元，并持续优化服务专员制度，提升服务能级。"
)


def test_twins_need_the_same_figures() -> None:
    def clause(doc_id: str, text: str) -> ParsedDocument:
        one = replace(measure(text, "一/（一）"), measure_id=f"{doc_id}#1", doc_id=doc_id)
        return parsed(document(doc_id, title=doc_id), one)

    same = clause("b", CLAUSE.replace("市区联动", "市、区两级联动") + "（责任单位：区科委）")
    other = clause("c", CLAUSE.replace("50万元", "30万元"))
    found = twins.find([clause("a", CLAUSE), same, other])
    assert [p.doc_id for p in found["a#1"]] == ["b"]
    assert "c#1" not in found


def test_twins_of_the_corpus_are_found_both_ways(corpus: list[ParsedDocument]) -> None:
    found = twins.find(corpus)
    home = {m.measure_id: p.document.doc_id for p in corpus for m in p.measures}
    assert len(found) >= 100
    for measure_id, places in found.items():
        assert all(place.doc_id != home[measure_id] for place in places)
    city = _by_number(corpus, "沪府办规〔2023〕1号").doc_id
    assert any(place.doc_id == city for places in found.values() for place in places)


def test_squeeze_keeps_blanks_between_latin_words() -> None:
    assert metadata.squeeze("上 海 市 AI plus 计划") == "上海市AI plus计划"
