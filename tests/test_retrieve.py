"""Retrieval over the real corpus: names, scope, sides, twins, and nothing heavy imported."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from assistant.question import understand
from assistant.records import Hit
from assistant.retrieval.candidates import FEATURES
from assistant.retrieval.search import Retriever
from assistant.settings import ROOT, Settings
from assistant.store.authored import plain, plain_label
from assistant.store.open import open_encoder, open_index
from embeddings.ranker import Ranker

INVENTORY = ROOT / "tests" / "fixtures" / "inventory.json"
UNNAMED = ("全文", "文末")  # the inventory's words for text without an enumerator


@pytest.fixture(scope="module")
def retriever(real_settings: Settings) -> Retriever:
    return Retriever(open_index(real_settings), open_encoder(real_settings))


def _stands(hit: Hit, title: str, label: str) -> bool:
    places = [
        (hit.document.title, hit.measure.label),
        *((place.title, place.measure) for place in hit.also_in),
    ]
    wanted = (plain(title), plain_label(label))
    return any((plain(t), plain_label(m or "")) == wanted for t, m in places)


@pytest.mark.parametrize("form", ["number", "title"])
def test_number_or_title_with_label_finds_the_measure(retriever: Retriever, form: str) -> None:
    asked = wrong = 0
    for document in json.loads(INVENTORY.read_text(encoding="utf-8")):
        name = document["doc_number"] if form == "number" else f"《{document['title']}》"
        for measure in document["measures"][::4]:
            if not name or measure["label"] in UNNAMED:
                continue
            asked += 1
            hits = retriever.search(understand(f"{name}{measure['label']}说什么"), 1)
            wrong += not hits or not _stands(hits[0], document["title"], measure["label"])
    assert asked > 100
    assert wrong / asked <= 0.01


@pytest.mark.parametrize(
    ("question", "title", "label"),
    [
        ("停车办法第三十四条罚多少", "上海市停车场（库）管理办法", "第三十四条"),
        (
            "那个专精特新的文件第十四条",
            "上海市促进专精特新中小企业发展壮大的若干措施",
            "四/（十四）",
        ),
        ("71号令第三十六条", "上海市国有土地上房屋征收与补偿实施细则", "第三十六条"),
        ("医患纠纷办法第五条收费吗", "上海市医患纠纷预防与调解办法", "第五条"),
    ],
)
def test_documents_are_found_by_how_people_call_them(
    retriever: Retriever, question: str, title: str, label: str
) -> None:
    assert _stands(retriever.search(understand(question), 1)[0], title, label)


def test_other_districts_are_not_mixed_in(retriever: Retriever) -> None:
    for question in ("首次升规奖多少", "我的店在金山，招人有补贴吗", "我们区的惠企政策窗口在哪"):
        query = understand(question)
        for hit in retriever.search(query, 10):
            assert hit.document.district in (None, query.district)


def test_a_name_that_one_district_uses_asks_for_it(retriever: Retriever) -> None:
    query = understand("融易行平台能贷多少钱，外滩融易行怎么申请")
    assert retriever.search(query, 3)[0].document.district == "黄浦区"
    asked = "金智办是什么"
    assert retriever.search(understand(asked), 1)[0].document.district == "金山区"
    hits = retriever.search(understand(asked, district="黄浦区"), 5)
    assert all(hit.elsewhere == (hit.document.district == "金山区") for hit in hits)


def test_the_profile_s_district_is_searched(retriever: Retriever) -> None:
    hits = retriever.search(understand("我们区注销改革有哪几种方式", district="金山区"), 10)
    assert any(hit.document.district == "金山区" for hit in hits)


def test_a_comparison_finds_every_side(retriever: Retriever) -> None:
    hits = retriever.search(understand("黄浦区和徐汇区对融资担保各有什么安排"), 4)
    assert {hit.document.district for hit in hits[:2]} == {"黄浦区", "徐汇区"}


def test_a_rule_that_stands_twice_is_one_hit(retriever: Retriever) -> None:
    hits = retriever.search(understand("徐汇区人民法院 特色多元解纷 一站式 商事纠纷"), 10)
    listed = {(hit.document.doc_id, hit.measure.label) for hit in hits}
    for hit in hits:
        for place in hit.also_in:
            assert (place.doc_id, place.measure) not in listed


def test_hits_are_sorted_and_carry_their_features(retriever: Retriever) -> None:
    hits = retriever.search(understand("首次升规奖多少"), 10)
    assert len(hits) == 10
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert set(hits[0].features) == set(FEATURES)


@pytest.mark.parametrize("text", ["", "？？？", "qwertz", "的", "1", "a" * 2000])
def test_any_question_gets_an_answer_or_nothing(retriever: Retriever, text: str) -> None:
    assert len(retriever.search(understand(text), 10)) <= 10


def test_the_same_question_has_the_same_hits(retriever: Retriever) -> None:
    query = understand("老油车报废换电车补多少")
    first, second = (
        [(hit.measure.measure_id, hit.score) for hit in retriever.search(query, 10)]
        for _ in range(2)
    )
    assert first == second


def test_retrieval_is_quick(retriever: Retriever) -> None:
    questions = [
        json.loads(line)["question"]
        for line in (ROOT / "eval" / "datasets" / "dev.jsonl").read_text("utf-8").splitlines()
        if '"question"' in line
    ][:60]
    for question in questions[:20]:
        retriever.search(understand(question), 10)
    spent = []
    for question in questions:
        began = time.process_time()
        retriever.search(understand(question), 10)
        spent.append(time.process_time() - began)
    assert sorted(spent)[len(spent) // 2] < 0.05  # 0.01 on an idle machine


def test_every_weight_belongs_to_a_feature(tmp_path: Path) -> None:
    weights = Ranker.load().weights
    assert set(weights) <= set(FEATURES)
    Ranker(weights).save(tmp_path / "r.json", made={})
    assert Ranker.load(tmp_path / "r.json").weights == pytest.approx(weights, abs=1e-4)


def test_langchain_gets_measures_with_their_metadata(real_settings: Settings) -> None:
    from assistant.retrieval.langchain import PolicyRetriever

    found = PolicyRetriever.open(real_settings, k=3).invoke("沪府办规〔2025〕3号第十四条")
    assert len(found) == 3
    assert found[0].metadata["measure"].endswith("（十四）")
    assert found[0].metadata["doc_number"] == "沪府办规〔2025〕3号"


def test_a_question_needs_nothing_heavy(real_settings: Settings) -> None:
    code = (
        "import sys\n"
        "from assistant.question import understand\n"
        "from assistant.retrieval.search import Retriever\n"
        "understand('首次升规奖多少')\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'gradio', 'jieba'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert run.stdout.strip() == "[]"
