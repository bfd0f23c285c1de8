"""A sentence is refused when it changes a value of its clause, and only then."""

from __future__ import annotations

import pytest

from assistant.answer.figures import plain
from assistant.answer.opposites import FILE, signs
from assistant.answer.statements import statement
from assistant.answer.verify import objection
from assistant.records import Citation, Document, Hit, Measure, Validity

CLAUSE = (
    "（三）支持菜场改造。对首次完成改造的中小微菜场经营企业，按照实际投入的40%给予补贴，"
    "单个项目最高30万元；对新开办的社区菜店，给予8万元一次性奖励。"
    "申请人应当在竣工后60日内提交材料，逾期未提交的，不予受理。"
    "除食品安全另有规定外，改造期间摊位费免征，不得向摊主收取押金。"
    "改造后客流提高的菜场，可以向区商务委申请延长营业时间。"
    "鼓励菜场设置便民服务点。（责任单位：市商务委、各区政府）"
)


def citation(text: str = CLAUSE) -> Citation:
    document = Document("d1", "星河区菜场改造扶持办法", "a.txt", 1, 9, effective_from="2026-03-01")
    measure = Measure("d1#1", "d1", "二/（三）", "支持菜场改造", text, 1, 2)
    return Citation(1, Hit(measure, document, 1.0), text, Validity("in_force", "2026-06-01"))


CARRIED = [
    "首次完成改造的中小微菜场经营企业，可以拿到实际投入40%的补贴，单个项目不超过30万元。",
    "对首次完成改造的中小微菜场经营企业，补贴实际投入的百分之四十，单个项目最高三十万元。",
    "新开办的社区菜店，一次性奖励8万元。",
    "您应当在竣工后六十日内提交材料；逾期没有提交的，不会受理。",
    "逾期未提交材料的不予受理。",
    "改造期间摊位费免征，食品安全另有规定的除外，也不能向摊主收取押金。",
    "客流提高的菜场改造后，可向区商务委申请延长营业时间。",
    "鼓励菜场设置便民服务点。",
    "由市商务委、各区政府负责。",
    "《星河区菜场改造扶持办法》自2026年3月1日起施行。",
]


@pytest.mark.parametrize("said", CARRIED)
def test_reworded_is_carried(said: str) -> None:
    assert objection(said + "[1]", [citation()]) is None


CHANGED = [
    ("negated", "逾期未提交的，予以受理。"),
    ("negation moved", "竣工后60日内不提交材料，逾期提交的，不予受理。"),
    ("negation added", "改造后客流提高的菜场，不可以向区商务委申请延长营业时间。"),
    ("negation left out", "改造期间可向摊主收取押金。"),
    ("forbidden is not needless", "改造期间无需向摊主收取押金。"),
    ("other bound", "首次完成改造的中小微菜场经营企业，单个项目补贴不低于30万元。"),
    ("bound left out", "首次完成改造的中小微菜场经营企业，单个项目补贴30万元。"),
    ("before for after", "申请人应当在竣工前60日内提交材料。"),
    ("later than the limit", "申请人应当在竣工后60日后提交材料。"),
    ("other addressee", "对首次完成改造的大型菜场经营企业，按照实际投入的40%给予补贴。"),
    ("wider addressee", "对首次完成改造的菜场经营企业，按照实际投入的40%给予补贴。"),
    ("not only the first time", "对完成改造的中小微菜场经营企业，按照实际投入的40%给予补贴。"),
    ("again for the first time", "对再次完成改造的中小微菜场经营企业，按照实际投入的40%给予补贴。"),
    ("opposite direction", "改造后客流降低的菜场，可以向区商务委申请延长营业时间。"),
    ("shortened for extended", "改造后客流提高的菜场，可以向区商务委申请缩短营业时间。"),
    ("levied", "除食品安全另有规定外，改造期间摊位费征收。"),
    ("may for must", "申请人可以在竣工后60日内提交材料。"),
    ("must for may", "改造后客流提高的菜场，必须向区商务委申请延长营业时间。"),
    ("must for encouraged", "要求菜场设置便民服务点。"),
    (
        "amounts in each other's place",
        "对首次完成改造的中小微菜场经营企业，单个项目最高8万元；对新开办的社区菜店，给予30万元一次性奖励。",
    ),
    ("another's amount", "对新开办的社区菜店，给予30万元一次性奖励。"),
    ("condition left out", "单个项目最高30万元，按照实际投入的40%给予补贴。"),
    ("exception left out", "改造期间摊位费免征，不得向摊主收取押金。"),
    ("exception turned round", "包括食品安全另有规定在内，改造期间摊位费免征。"),
    ("condition added", "对新开办的社区菜店，给予8万元一次性奖励，但须加入行业协会两年。"),
    ("only", "仅鼓励菜场设置便民服务点。"),
    ("pieced", "对新开办的社区菜店，逾期未提交的，不予受理。"),
    ("other department", "由市文旅局负责菜场改造。"),
    ("other document", "依据《星河区夜市管理办法》，鼓励菜场设置便民服务点。"),
    ("other day", "《星河区菜场改造扶持办法》自2026年4月1日起施行。"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "said"), CHANGED, ids=[c[0] for c in CHANGED])
def test_changed_value_is_refused(name: str, said: str) -> None:
    assert objection(said + "[1]", [citation()]) is not None


CASES = (
    "（四）摊位登记。摊主收取预付款，应当使用区财政部门监制的票据。"
    "市场管理方应当自收到登记申请之日起5日内完成登记。确有必要的，可以延长登记时间。"
    "对尚未登记的摊位，市场管理方应当在10日内通知摊主。"
    "摊主对初审结果有异议的，应当自收到初审通知之日起7日内，向市场管理方申请复审。"
    "摊主对租金评估结果有异议的，应当自收到评估报告之日起7日内，向区商务委申请裁定。"
    "面积在30平方米以上的摊位，不得转租，但已签订合同的除外。"
)

WITH_THEIR_CASE = [
    "收取预付款的摊主，应当使用由区财政部门监制的票据。",
    "如果确有必要，登记时间可以延长。",
    "市场管理方应当在收到登记申请之日起5日内完成登记。",
    "尚未登记的摊位，市场管理方应当在10日内通知摊主。",
    "初审结果摊主有异议时，应当自收到初审通知之日起7日内，向市场管理方申请复审。",
    "除已签订合同的以外，面积30平方米以上的摊位不得转租。",
]


@pytest.mark.parametrize("said", WITH_THEIR_CASE)
def test_case_may_be_told_in_other_words_and_order(said: str) -> None:
    assert objection(said + "[1]", [citation(CASES)]) is None


WITHOUT_THEIR_CASE = [
    ("what it is of", "应当使用区财政部门监制的票据。"),
    ("a short condition", "可以延长登记时间。"),
    ("since when a period runs", "市场管理方应当在5日内完成登记。"),
    ("what stands before a noun", "对摊位，市场管理方应当在10日内通知摊主。"),
    ("a figure of the condition", "摊位不得转租，但已签订合同的除外。"),
    ("an exception behind the rule", "面积在30平方米以上的摊位，不得转租。"),
    (
        "the case of a like sentence",
        "摊主对租金评估结果有异议的，应当自收到初审通知之日起7日内，向市场管理方申请复审。",
    ),
]


@pytest.mark.parametrize(
    ("name", "said"), WITHOUT_THEIR_CASE, ids=[c[0] for c in WITHOUT_THEIR_CASE]
)
def test_rule_without_its_case_is_refused(name: str, said: str) -> None:
    assert objection(said + "[1]", [citation(CASES)]) is not None


ADDRESSES = [
    "详见https://a.example", "请登录caichang.example.cn", "请加微信caichang88", "加QQ咨询",
    "请关注公众号“菜场通”", "扫码进群", "请先转账至指定账户", "请发邮件到a@b.example",
    "电话021-61234567", "请拨打13912345678", "致电4008123456",
]  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_address_is_refused_unless_the_clause_has_it(address: str) -> None:
    said = f"鼓励菜场设置便民服务点，{address}。[1]"
    assert objection(said, [citation()]) == "含有条款以外的链接、账号或联系方式"
    assert objection(said, [citation(CLAUSE + f"鼓励菜场设置便民服务点，{address}。")]) is None


@pytest.mark.parametrize("order", ["\x1b[31m", "\x9b2J", "\x00", "\u202e"])
def test_order_to_a_terminal_is_refused(order: str) -> None:
    assert objection(f"鼓励菜场设置便民服务点{order}。[1]", [citation()]) == "含有不可见的控制字符"


def test_flood_of_marks_is_refused() -> None:
    said = "鼓励菜场设置便民服务点。"
    assert objection(said + "[1]" * 1000, [citation()]) == "标注的依据过多"
    assert objection(said + "[1]" * 6, [citation()]) is None


def test_the_citys_own_line_may_be_named() -> None:
    assert objection("鼓励菜场设置便民服务点，可拨打12345咨询。[1]", [citation()]) is None
    assert objection("鼓励菜场设置便民服务点，可加微信12345咨询。[1]", [citation()]) is not None


def test_longest_word_decides() -> None:
    found = [(s.kind, s.value) for s in signs(plain("面积不超过50平方米，不断优化"))]
    assert ("bound", "upper") in found and not any(kind == "negation" for kind, _ in found)


def test_figures_with_the_side_they_bound() -> None:
    said = statement("面积50平方米以上、租金不超过3万元(含),2026年5月1日前签约,60日内交付")
    assert [b.bound for b in said.bounded] == ["lower", "upper", "before", "upper"]


def test_every_row_of_the_lexicon_has_three_columns_and_no_word_twice_in_a_kind() -> None:
    seen: set[tuple[str, str]] = set()
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        kind, _, words = line.split("\t")
        for word in words.split("|"):
            assert word and (kind, word) not in seen, (kind, word)
            seen.add((kind, word))
