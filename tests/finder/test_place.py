"""Rules of an area hold for companies there, not elsewhere, and are asked about when unknown."""

from __future__ import annotations

import pytest

from assistant.ask import Assistant
from assistant.corpus.areas import areas, found_in, of_title, touch, wider
from assistant.corpus.districts import DISTRICTS
from assistant.errors import BadInputError
from assistant.finder.place import holds_for, located
from assistant.finder.requirements import offers
from assistant.question import understand, understand_turns
from assistant.records import Profile
from assistant.settings import Settings
from assistant.store.build import ingest
from assistant.wire import profile_from_json
from tests.corpus.drafts import document, measure

DAY = "2026-11-21"
LINGANG, ZHANGJIANG, FREE_ZONE = "临港新片区", "张江科学城", "自贸试验区"


def policy(title: str, number: str, amount: str, office: str = "上海市人民政府办公厅") -> str:
    return f"""{office}关于印发《{title}》的通知
{number}

各有关单位：
现将《{title}》印发给你们，请认真贯彻执行。

{office}
2024年3月1日

{title}

一、支持竹编工坊。对竹编工坊购置烘干设备的，给予一次性补贴{amount}。
二、本措施自2024年4月1日起施行，有效期至2029年3月31日。
"""


def test_the_table_is_whole() -> None:
    known = areas()
    for area in known.values():
        assert area.districts <= set(DISTRICTS)
        assert {*area.within, *area.partly} <= known.keys()
        assert all(area.districts <= known[w].districts or area.within for w in area.within)
    assert wider("洋山特殊综合保税区") == {"洋山特殊综合保税区", LINGANG, FREE_ZONE}
    assert touch(ZHANGJIANG, FREE_ZONE) and not touch(ZHANGJIANG, LINGANG)


@pytest.mark.parametrize(
    ("text", "names"),
    (
        ("在中国（上海）自由贸易试验区临港新片区试行", [LINGANG]),
        ("自由贸易试验区及临港新片区", [FREE_ZONE, LINGANG]),
        ("临港集团的竹编工坊", []),
        ("张江高新区的竹编工坊", ["张江高新区"]),
        ("我们在张江开竹编工坊", [ZHANGJIANG]),
        ("我们在张江路开竹编工坊", []),
        ("漕河泾的工坊", ["漕河泾开发区"]),
        ("洋山港的工坊", []),
    ),
)
def test_areas_are_heard_by_their_names(text: str, names: list[str]) -> None:
    assert [name for name, _ in found_in(text, spoken=True)] == names
    assert list(understand(text).areas) == names


def test_a_document_may_name_what_people_call_an_area_and_mean_none() -> None:
    assert not list(found_in("竹编博物馆设在临港松江园，紫竹苗圃设在金桥。"))
    assert of_title("临港新片区支持竹编工坊若干措施") == LINGANG
    assert of_title("张江科学城和临港新片区竹编工坊联动方案") is None
    assert of_title("张江高新区竹编工坊管理办法") is None


def test_later_turns_keep_the_area_until_another_place_is_named() -> None:
    turns = ["临港的竹编工坊有补贴吗", "最多几年"]
    assert understand_turns(turns).query.areas == (LINGANG,)
    assert understand_turns([*turns, "那青浦呢"]).query.areas == ()
    of_profile = understand_turns(["竹编有补贴吗"], area=ZHANGJIANG).query
    assert (of_profile.area, of_profile.areas) == (ZHANGJIANG, ())
    assert understand_turns(["青浦有补贴吗"], area=ZHANGJIANG).query.area is None


@pytest.mark.parametrize(
    ("districts", "within", "company", "verdict"),
    (
        ((), (LINGANG,), Profile(area=LINGANG), "符合"),
        ((), (FREE_ZONE,), Profile(area=LINGANG), "符合"),
        ((), (LINGANG,), Profile(area=FREE_ZONE), "待确认"),
        ((), (FREE_ZONE,), Profile(area=ZHANGJIANG), "待确认"),
        ((), (LINGANG,), Profile(area=ZHANGJIANG), "不符合"),
        ((), (LINGANG,), Profile(district="奉贤区"), "待确认"),
        ((), (LINGANG,), Profile(district="徐汇区"), "不符合"),
        ((), (LINGANG,), Profile(), "待确认"),
        (("浦东新区",), (), Profile(area=ZHANGJIANG), "符合"),
        (("浦东新区",), (), Profile(area=LINGANG), "待确认"),
        (("青浦区",), (), Profile(area=LINGANG), "不符合"),
        (("青浦区",), (LINGANG,), Profile(district="青浦区"), "符合"),
    ),
)
def test_where_a_rule_holds(
    districts: tuple[str, ...], within: tuple[str, ...], company: Profile, verdict: str
) -> None:
    assert holds_for(frozenset(districts), frozenset(within), located(company)) == verdict


@pytest.mark.parametrize(
    ("text", "heading", "bound"),
    (
        ("在临港新片区对竹编工坊给予补贴。", "", {LINGANG}),
        ("支持虹桥国际中央商务区内竹编工坊申请贷款贴息。", "", {"虹桥国际中央商务区"}),
        ("对竹编工坊给予补贴。", "张江科学城打造竹编名片", {ZHANGJIANG}),
        ("依托临港新片区平台，对竹编工坊给予补贴。", "", set()),
        ("在临港新片区和各区对竹编工坊给予补贴。", "", set()),
        ("对竹编工坊给予补贴。", "推动竹编工坊与张江科学城联动", set()),
    ),
)
def test_a_sentence_or_its_heading_binds_an_offer(text: str, heading: str, bound: set[str]) -> None:
    (offer,) = offers(measure(text, heading=heading), document())
    assert offer.areas == bound


def test_the_profile_names_a_known_area() -> None:
    profile = profile_from_json({"area": "临港"})
    assert profile == Profile(area=LINGANG)
    with pytest.raises(BadInputError, match="不认识这个区域") as refused:
        profile_from_json({"area": "桃花岛"})
    assert LINGANG in refused.value.next_step


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """The city's rule, that of an area, that of a district, and that of another city."""
    home = tmp_path_factory.mktemp("places")
    folder = home / "sources"
    folder.mkdir()
    for name, text in {
        "市": policy("上海市支持竹编工坊若干措施", "沪府办规〔2024〕901号", "3万元"),
        "临港": policy("临港新片区支持竹编工坊若干措施", "沪自贸临管规〔2024〕902号", "5万元"),
        "青浦": policy(
            "青浦区支持竹编工坊若干措施", "青府规〔2024〕903号", "4万元", "上海市青浦区人民政府"
        ),
        "杭州": policy(
            "杭州市支持竹编工坊若干措施", "杭政办〔2024〕904号", "9万元", "杭州市人民政府办公厅"
        ),
    }.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    settings = Settings(sources=folder, index=home / "index", state=home / "s", _env_file=None)
    ingest(settings)
    return Assistant.open(settings)


ASKED = "竹编工坊买烘干设备补贴多少？"


@pytest.mark.parametrize(
    ("place", "amount", "lead"),
    (
        ("临港的", "5万元", ""),
        ("青浦的", "4万元", ""),
        ("", "3万元", ""),
        ("张江科学城的", "3万元", "没有收录张江科学城自己的文件，以下是全市规定："),
        ("闵行的", "3万元", "没有收录闵行区自己的文件，以下是全市规定："),
        ("杭州的", "9万元", "杭州："),
    ),
)
def test_each_place_is_answered_by_its_own_rule_or_else_the_citys(
    place: str, amount: str, lead: str, places: Assistant
) -> None:
    text = places.ask(place + ASKED, as_of=DAY).text
    assert f"{lead}对竹编工坊" in text and amount in text
    assert not any(other in text for other in {"4万元", "5万元", "9万元"} - {amount})


def test_the_profiles_area_opens_its_rules(places: Assistant) -> None:
    def found(profile: Profile | None) -> set[str | None]:
        answer = places.ask(ASKED, profile=profile, as_of=DAY)
        return {hit.document.place or hit.document.elsewhere for hit in answer.retrieved}

    assert found(Profile(area=LINGANG)) == {None, LINGANG}
    assert found(Profile(area=ZHANGJIANG)) == found(None) == {None}
    known = places.ask(ASKED, profile=Profile(area=ZHANGJIANG), as_of=DAY).text
    assert "没有收录" not in known  # said only where the question names the area


def test_the_finder_lists_what_may_hold_and_says_what_does_not(places: Assistant) -> None:
    def amounts(company: Profile) -> dict[str, list[str]]:
        found = places.match(company, question="竹编工坊购置烘干设备补贴", as_of=DAY)
        return {
            str(m.citation.hit.document.place or m.citation.hit.document.elsewhere): [
                c.verdict for c in m.conditions if "适用地区" in c.text
            ]
            for m in found.matches
        }

    assert amounts(Profile(area=LINGANG)) == {"None": [], LINGANG: ["符合"]}
    assert amounts(Profile(district="浦东新区")) == {"None": [], LINGANG: ["待确认"]}
    assert amounts(Profile(area=ZHANGJIANG)) == {"None": []}
    assert amounts(Profile(district="青浦区")) == {"None": [], "青浦区": []}
