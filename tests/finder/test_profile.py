"""What a company's own words tell, and what is held against an offer."""

from __future__ import annotations

import pytest

from assistant.errors import BadInputError
from assistant.finder.chat import _cut, asks_for_all, asks_what_applies
from assistant.finder.checks import checklist, contradiction, verdict
from assistant.finder.profile import held, merged, told
from assistant.finder.requirements import Requirement, offers
from assistant.finder.vocabulary import vocabulary
from assistant.question import understand
from assistant.records import Document, Measure, Profile
from assistant.wire import profile_from_json


def _offers(text: str, title: str = "某办法"):
    measure = Measure("d#1", "d", "一/1", "", text, 1, 1)
    return offers(measure, Document("d", title, "s.txt", 1, 1))


def test_free_text_tells_industry_size_standing_and_events() -> None:
    profile = told("敝司搞芯片设计，四十多个人，前年认定了高企，下半年流片", "浦东新区")
    assert profile.district == "浦东新区"
    assert "集成电路设计" in profile.industry
    assert profile.qualifications == ("高新技术企业",)
    assert "流片" in profile.events
    assert (profile.headcount, profile.size) == (40, "小型企业")


@pytest.mark.parametrize("text", ["我们没评高企", "我们不是高新技术企业", "我们想申请高企"])
def test_denied_or_wanted_standing_is_not_held(text: str) -> None:
    assert told(text).qualifications == ()


def test_empty_text_tells_nothing() -> None:
    assert told("") == Profile()


def test_form_comes_before_free_text_and_lists_are_joined() -> None:
    given = Profile(district="徐汇区", events=("首次升规",))
    both = merged(given, Profile(district="黄浦区", events=("贷款融资",), size="小型"))
    assert both.district == "徐汇区"
    assert both.events == ("首次升规", "贷款融资")
    assert both.size == "小型"


def test_narrow_terms_imply_wide_ones() -> None:
    holds = held(Profile(qualifications=("专精特新“小巨人”",), industry=("半导体材料",)))
    assert {"专精特新中小企业", "工业", "集成电路"} <= holds.all
    assert "集成电路设计" not in holds.all


def test_every_wider_or_excluded_term_exists() -> None:
    terms = vocabulary().terms
    for term in terms.values():
        assert set(term.within) | set(term.against) <= set(terms), term.name


def test_several_offers_in_one_measure_are_told_apart() -> None:
    found = _offers("对新认定的小巨人企业给予30万元奖励。对高新技术企业给予5万元奖励。")
    assert [o.requirements[0].names for o in found] == [
        ("专精特新“小巨人”企业",),
        ("高新技术企业",),
    ]


def test_the_addressee_is_not_the_one_served() -> None:
    (offer,) = _offers("对集成电路生产线为国产零部件提供试用服务的，给予研发补贴。")
    assert offer.requirements == (Requirement("industry", ("集成电路制造",), "集成电路生产线"),)


def test_a_title_that_promotes_binds_sentences_that_name_nobody() -> None:
    title = "上海市支持跨国公司地区总部提升能级的若干措施"
    (offer,) = _offers("给予最高300万元的奖励。", title)
    assert offer.requirements[0].names == ("跨国公司地区总部",)
    assert _offers("给予最高300万元的奖励。", "上海市停车场管理办法")[0].requirements == ()


CASES = [
    ("industry", ("科技服务业",), Profile(industry=("检验检测",)), "符合"),
    ("industry", ("科技服务业",), Profile(industry=("餐饮",)), "不符合"),
    ("industry", ("科技服务业",), Profile(), "待确认"),
    ("industry", ("集成电路设计",), Profile(industry=("集成电路",)), "待确认"),
    ("industry", ("集成电路装备材料",), Profile(industry=("集成电路设计",)), "不符合"),
    ("qualification", ("高新技术企业",), Profile(qualifications=("高新技术企业",)), "符合"),
    ("qualification", ("高新技术企业",), Profile(), "不符合"),
    ("qualification", ("民营企业",), Profile(), "待确认"),
    ("size", ("小微企业",), Profile(size="小型"), "符合"),
    ("size", ("小微企业",), Profile(size="大型"), "不符合"),
    ("size", ("小微企业",), Profile(), "待确认"),
]


@pytest.mark.parametrize(("kind", "names", "profile", "expected"), CASES)
def test_verdict(kind, names, profile: Profile, expected: str) -> None:
    assert verdict(Requirement(kind, names, ""), profile, held(profile)) == expected


def test_contradiction() -> None:
    shop = held(told("店铺要征收"))
    assert contradiction("征收居住房屋的，给予补贴", shop) == "居住房屋"
    assert contradiction("征收非居住房屋的，给予补偿", shop) is None


def test_a_threshold_is_never_taken_as_met_unseen() -> None:
    (offer,) = _offers("对首次升规且产值达到2000万元以上的企业，给予奖励。")
    rows = checklist(offer, Profile(events=("首次升规",)), held(Profile(events=("首次升规",))))
    by_text = {row.text: row for row in rows}
    threshold = next(row for text, row in by_text.items() if "2000万元" in text)
    assert threshold.verdict == "待确认" and threshold.question


@pytest.mark.parametrize(
    "data", [[], {"district": 3}, {"headcount": "many"}, {"headcount": -1}, {"colour": "red"}]
)
def test_profile_json_that_does_not_fit_is_refused(data) -> None:
    with pytest.raises(BadInputError):
        profile_from_json(data)


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("我们在崇明铺地暖，替一家国企干了半年活，钱没收齐", "国有企业"),
        ("我们替学校、工厂刷外墙", "工业"),
        ("打算向银行借一笔钱进货", "银行"),
        ("我们管着一栋楼，租户大多是做生物医药的", "生物医药"),
    ],
)
def test_those_whom_the_company_deals_with_are_not_the_company(text: str, absent: str) -> None:
    heard = told(text)
    assert absent not in (*heard.industry, *heard.qualifications)


def test_everyday_words_are_understood_in_what_companies_say_only() -> None:
    assert "外贸" in told("公司在宝山，做雨伞出口").industry
    assert "股权投资" in told("我司在杨浦做创投").industry
    words = vocabulary()
    assert not [m for m in words.mentions("资金周转、手头紧") if m.term.name == "外贸"]
    assert any(m.term.name == "信用修复" for m in words.mentions("黑名单", spoken=True))
    assert not words.mentions("黑名单")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("我们公司能享受哪些政策？", True),
        ("请问我厂现在可以申请什么补贴", True),
        ("有哪些政策适合我们这类企业？", True),
        ("我们公司贷款能享受哪些政策？", False),  # about one thing
        ("风筝厂搬家有哪些补贴？", False),
        ("我们公司首贷贴息多少？", False),
    ],
)
def test_whoever_has_told_of_the_company_may_ask_in_short(question: str, expected: bool) -> None:
    assert asks_for_all(question) is expected
    assert not asks_what_applies(question, told(question))


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("我们公司在静安做广告策划，四十个人，刚评上高新技术企业。现在能申请什么补贴？", True),
        ("本人在普陀开了家宠物店，个体户，生意不好，想问问租金、贷款方面有什么支持政策？", True),
        ("公司在金山，做农产品加工，出口日本，退税慢，信用证也难开，能帮我们什么？", True),
        ("我们是崇明的民营企业，准备把旧仓库改成羽毛球馆，改造费能补百分之几？最高多少？", False),
        ("高新技术企业首次成为四上企业，最高奖励多少？", False),
        ("企业能享受哪些优惠政策？", False),
    ],
)
def test_only_companies_that_ask_openly_are_answered_with_a_list(
    question: str, expected: bool
) -> None:
    heard = told(question, understand(question).district)
    assert asks_what_applies(question, heard) is expected


@pytest.mark.parametrize(
    "text",
    [
        f"给予最高50万元奖励，{'支持企业' * 8}购买“灯塔计划、雾号计划”所列设备",
        f"{'支持企业' * 8}更新设备，按实际投入的（不含税，含运费{'和保险费' * 4}）10%给予补贴",
    ],
)  # fmt: skip
def test_a_shortened_text_ends_outside_what_is_enclosed(text: str) -> None:
    cut = _cut(text)
    assert cut.endswith("…")
    assert text.startswith(cut[:-1])
    for opens, closes in ("“”", "（）"):
        assert cut.count(opens) == cut.count(closes)
