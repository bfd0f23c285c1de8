"""Single rules of the parser, each on the text that asks for it."""

from __future__ import annotations

import pytest

from assistant.corpus.clean import clean, furniture
from assistant.corpus.document import draft
from assistant.corpus.draft import DocumentDraft
from assistant.corpus.numbering import enumerator
from assistant.corpus.segment import segment
from assistant.corpus.text import join, number, squash, tidy, width


def drafts(text: str) -> list[DocumentDraft]:
    return [draft("a.txt", s).draft for s in segment(clean(tuple(text.split("\n"))).pieces)]


def labels(text: str) -> list[str]:
    (made,) = drafts(text)
    return [m.label for m in made.measures if m.label]


@pytest.mark.parametrize(
    ("text", "value"), [("二十三", 23), ("一百零八", 108), ("十", 10), ("12", 12), ("甲", None)]
)
def test_numerals(text: str, value: int | None) -> None:
    assert number(text) == value


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("第五条 为了", "第五条"),
        ("第十条之一 增加", "第十条之一"),
        ("（二十一）推动", "（二十一）"),
        ("(三)提升", "（三）"),
        ("一、总体要求", "一"),
        ("12．优化", "12"),
        ("3、服务", "3"),
        ("第 一 章 总则", "第一章"),
    ],
)
def test_enumerators(text: str, label: str) -> None:
    found = enumerator(tidy(text))
    assert found is not None
    assert found.label == label


@pytest.mark.parametrize(
    "text", ["100%在税前扣除", "2.0版功能", "12345热线", "1.5%-3%的贴息", "第一至十条", "一是改革"]
)
def test_no_enumerators(text: str) -> None:
    assert enumerator(text) is None


def test_tidy_keeps_what_blanks_mean() -> None:
    assert tidy("  上 海 市 财 政 局 ") == "上海市财政局"
    assert tidy("&#8195;&#8195;经研究") == "经研究"
    assert tidy("第九十一条　所有船舶") == "第九十一条 所有船舶"
    assert tidy("APEC Business Travel Card 办理") == "APEC Business Travel Card办理"
    assert squash(" 2023 年6 月\u200b13 日 ") == "2023年6月13日"


def test_join_and_width() -> None:
    assert join(["跨境贸", "易"]) == "跨境贸易"
    assert join(["Wi", "Fi"]) == "Wi Fi"
    assert join(["123", "45"]) == "12345"
    assert width("营商AB") == 3.0


@pytest.mark.parametrize(
    "line",
    [
        "字号：大 中 小",
        "沪ICP备2021016245号-1",
        "— 2 —",
        "指标.png",
        "分享：",
        "主办：",
        "友情链接",
    ],
)
def test_furniture(line: str) -> None:
    assert furniture(tidy(line))


def test_numbers_that_run_on_and_restart() -> None:
    text = "某区关于优化营商环境的实施意见\n\n"
    text += "一、甲\n（一）子。文。\n（二）丑。文。\n二、乙\n（三）寅。文。\n"
    text += "1.壹。文。\n2.贰。文。\n（四）卯。文。\n1.叁。文。\n2.肆。文。"
    assert labels(text) == [
        "一/（一）", "一/（二）", "二/（三）/1", "二/（三）/2", "二/（四）/1", "二/（四）/2",
    ]  # fmt: skip


def test_a_list_quoted_in_a_decision_is_no_level() -> None:
    text = "某市人民政府关于修改部分规章的决定\n\n一、对下列规章予以修改\n"
    text += "（一）某市甲办法\n1.将第一条修改为：\n"
    text += "有下列情形之一的：\n（一）子；\n（二）丑；\n（三）寅。\n"
    text += "2.删去第二条。\n（二）某市乙办法\n1.删去第三条。\n"
    text += "2.其他修改：\n将“区县”改为“区”。\n"
    text += "二、对下列规章予以废止\n（一）某市丙办法\n（二）某市丁办法\n"
    text += "本决定自2024年5月15日起施行。"
    assert labels(text) == [
        "一/（一）/1", "一/（一）/2", "一/（二）/1", "一/（二）/2", "二/（一）", "二/（二）",
    ]  # fmt: skip


def test_closing_clause_and_signature_are_own_text() -> None:
    text = "某区支持创新若干措施\n为支持创新，制定本措施。\n一、甲。文。\n二、乙。文。\n"
    text += "本措施自2024年1月1日起施行，有效期至2025年12月31日。\n某区人民政府\n2023年12月1日"
    (made,) = drafts(text)
    assert [m.part for m in made.measures] == ["导语", "导语", "正文", "正文", "附则", "落款"]
    assert made.tail.startswith("本措施自2024年1月1日起施行")


def test_a_table_whose_cells_moved() -> None:
    text = "某区实施方案\n一、甲。文。\n二、乙。文。\n附件\n某区任务清单\n"
    text += "序号\t领域\t事项\t具体举措\t责任单位\t时间节点\n"
    text += "1*\t一、准入\t开办企业\t全程网办。\t区市场监管局\t6月\n"
    text += "2\t\t\t一日办结。\t区市场监管局\t持续推进\n\n"
    text += "序号\t领域\t事项\t具体举措\t责任单位\t时间节点\n"
    text += "3\t跨境贸易\t压缩通关时间。\t区商务委 海关\t12月\n注：标*的为试点事项\t\t\t"
    (made,) = drafts(text)
    rows = [m for m in made.measures if m.label and m.label.startswith("附件/")]
    assert [(m.label, m.heading, m.depts, m.deadline) for m in rows] == [
        ("附件/1", "开办企业", "区市场监管局", "6月"),
        ("附件/2", "开办企业", "区市场监管局", "持续推进"),
        ("附件/3", "跨境贸易", "区商务委 海关", "12月"),
    ]
    assert rows[1].path == ("一、准入",)


def test_boxes_are_measures_below_their_unit() -> None:
    text = "某市知识产权规划\n一、保护\n（一）制度\n严格执法。"
    text += "（市局负责）\n专栏1：数据工程\n探索规则。（市局负责）\n"
    text += "健全机制。（市局负责）\n（二）体系\n健全体系。（市局负责）"
    (made,) = drafts(text)
    found = {m.label: m.text for m in made.measures if m.label}
    assert list(found) == ["一/（一）", "一/（一）/专栏1", "一/（二）"]
    assert found["一/（一）"].endswith("健全机制。（市局负责）")
    assert found["一/（一）/专栏1"] == "专栏1：数据工程\n探索规则。（市局负责）"


def test_a_table_of_contents_is_no_outline() -> None:
    text = (
        "某市促进条例\n目录\n第一章 总则\n第二章 附则\n第一章 总则\n第一条 为了促进，制定本条例。\n"
    )
    text += "第二条 所有单位应当遵守。\n第二章 附则\n第三条 本条例自2024年1月1日起施行。"
    assert labels(text) == ["第一条", "第二条", "第三条"]


def test_an_excerpt_may_begin_anywhere() -> None:
    text = "某市促进条例（节选）\n第十一条 甲。\n第十二条 乙。\n第十三条 丙。\n第十四条 丁。"
    assert labels(text) == ["第十一条", "第十二条", "第十三条", "第十四条"]


def test_a_missing_article_is_told() -> None:
    text = "某市促进条例\n第一条 甲。\n第二条 乙。\n第四条 丁。\n第五条 戊。"
    made = draft("a.txt", segment(clean(tuple(text.split("\n"))).pieces)[0])
    assert [m.label for m in made.draft.measures if m.label][-1] == "第五条"
    assert made.warnings == ("编号不连续：第二条之后是第四条",)


def test_rules_of_an_annex_are_measures_and_lists_are_not() -> None:
    rule = "申请人应当在每年三月三十一日前向区商务主管部门提交申请材料，"
    rule += "区商务主管部门在三十个工作日内完成审核并公示结果，公示期不少于五个工作日。"
    text = f"某区关于扶持外贸的通知\n一、甲。{rule}\n二、乙。{rule}\n附件1\n申报细则\n"
    text += "".join(f"第{n}条 {rule}\n" for n in "一二三四")
    text += "附件2\n材料清单\n1.申请表\n2.营业执照\n3.承诺书"
    (made,) = drafts(text)
    assert [m.label for m in made.measures if m.part == "附件"] == [
        None, "附件1/第一条", "附件1/第二条", "附件1/第三条", "附件1/第四条", None,
    ]  # fmt: skip
    assert made.measures[-1].text.endswith("1.申请表\n2.营业执照\n3.承诺书")


def test_text_without_numbers_is_cited_by_paragraph_and_question() -> None:
    answer = "符合条件的企业可以在每年一季度通过一网通办平台提交申请，"
    answer += "区投资促进办公室在二十个工作日内完成审核，并将结果告知申请企业。"
    text = f"某区企业扶持政策问答\n\n问：哪些企业可以申请？\n答：{answer}\n\n"
    text += f"问：何时申请？\n答：{answer}"
    (made,) = drafts(text)
    assert [(m.label, m.heading) for m in made.measures if m.part == "正文"] == [
        (None, "哪些企业可以申请？"),
        (None, "何时申请？"),
    ]


def test_a_heading_goes_on_around_a_quoted_term_where_commas_part_the_lines() -> None:
    """Next to no line is long, so that only the commas tell of a page width."""
    text = "某区优化营商环境若干措施\n为进一步优化营商环境，\n结合本区实际，\n制定本措施。\n"
    text += "一、\n完善\n“一件事”\n集成服务。鼓励龙头企业（链主企业）开放应用场景，\n带动中\n"
    text += "小企业融入产业链。\n二、\n强化组织保障。依托\n“一网通办”\n平台2.0版功能，\n"
    text += "实现全程网\n办、\n一次办成。"
    (made,) = drafts(text)
    found = {m.label: (m.heading, m.text) for m in made.measures if m.label}
    assert found == {
        "一": (
            "完善“一件事”集成服务",
            "一、完善“一件事”集成服务。鼓励龙头企业（链主企业）开放应用场景，带动中小企业融入产业链。",
        ),
        "二": (
            "强化组织保障",
            "二、强化组织保障。依托“一网通办”平台2.0版功能，实现全程网办、一次办成。",
        ),
    }


def test_a_heading_goes_on_around_a_quoted_term_where_paragraphs_are_lines() -> None:
    core = "由主管部门主动核对资格并按规定予以兑现，企业不必提出申请，也不必提交其他材料。"
    text = "某区支持创新若干措施\n为支持创新，制定本措施。\n"
    text += f"一、推进\n“免申即享”\n改革。{core}\n二、落实\n“信易贷”\n政策\n{core}\n"
    text += f"三、强化保障\n{core}"
    (made,) = drafts(text)
    assert [(m.heading, m.text) for m in made.measures if m.label] == [
        ("推进“免申即享”改革", f"一、推进“免申即享”改革。{core}"),
        ("落实“信易贷”政策", f"二、落实“信易贷”政策\n{core}"),
        ("强化保障", f"三、强化保障\n{core}"),
    ]


def test_a_quoted_term_may_be_the_whole_heading() -> None:
    core = "由主管部门主动核对资格并按规定予以兑现，企业不必提出申请，也不必提交其他材料。"
    text = f"某区支持创新若干措施\n一、\n“免申即享”\n{core}\n二、\n组织保障\n{core}"
    (made,) = drafts(text)
    assert [m.heading for m in made.measures if m.label] == ["“免申即享”", "组织保障"]


@pytest.mark.parametrize("page", ["", "\n# Page 2:\n"])
def test_a_word_broken_in_a_parted_line_is_no_enumerator(page: str) -> None:
    """标准统|一、: the piece before it is short, but its line on the page is full."""
    text = "某区优化政务服务若干措施\n为进一步优化营商环境，\n结合本区实际，\n制定本措施。\n"
    text += "1.加强协同\n减少材料。鼓励龙头企业带动中小企业融入产业链，\n推动窗口端、\n"
    text += f"电脑端服务标准统\n{page}一、\n服务同质，\n探索打造虚拟政务服务大厅。\n"
    text += "2.强化保障\n各部门要加强协同，\n形成工作合力。"
    assert labels(text) == ["1", "2"]


def test_an_enumerator_alone_on_its_line_does_not_make_a_table_of_contents() -> None:
    text = "某区优化政务服务若干措施\n为进一步优化营商环境，\n结合本区实际，\n制定本措施。\n"
    text += "一、\n加强协同\n鼓励龙头企业带动中小企业融入产业链，\n促进协同。\n二、\n统一标准\n"
    text += "鼓励龙头企业带动中小企业融入产业链，\n推动窗口端、\n移动端服务的标准统\n一、\n"
    text += "服务同质，\n探索打造虚拟政务服务大厅。\n三、\n强化保障\n各部门要形成合力。"
    assert labels(text) == ["一", "二", "三"]


def test_a_heading_may_be_parted_into_many_lines() -> None:
    text = "某区优化营商环境若干措施\n为进一步优化营商环境，\n结合本区实际，\n制定本措施。\n"
    text += "一、\n坚持系统集成、\n协同高效，\n打造市场化、\n法治化、\n国际化一流营商环境\n"
    text += "（一）减环节\n压缩办理时限，\n优化流程。\n（二）减材料\n推动信息共享，\n减少提交。"
    assert labels(text) == ["一/（一）", "一/（二）"]


def test_decimal_numbering() -> None:
    text = (
        "某市自然灾害应急预案\n\n1 总则\n1.1 编制目的\n建立健全体系。\n1.2 适用范围\n适用于本市。\n"
    )
    text += (
        "2 组织体系\n2.1 领导机构\n2.1.1 指挥部\n由市领导任总指挥。\n2.1.2 办公室\n设在市应急局。\n"
    )
    text += (
        "2.2 专家组\n1.5倍以上的，由专家组研判。\n3 附则\n3.1 施行\n本预案自2024年1月1日起施行。"
    )
    (made,) = drafts(text)
    found = {m.label: m for m in made.measures if m.label}
    assert list(found) == ["1.1", "1.2", "2.1.1", "2.1.2", "2.2", "3.1"]
    assert found["2.1.2"].path == ("2 组织体系", "2.1 领导机构")
    assert found["2.2"].heading == "专家组"
    assert found["2.2"].text.endswith("1.5倍以上的，由专家组研判。")


def test_a_broken_preamble_is_one_sentence_whatever_its_lines_look_like() -> None:
    (made,) = drafts(
        "关于桥梁养护的若干意见\n"
        "为了保障渡口和桥梁的安全，\n方便两岸往来，\n协助开发银行\n做好沿江贷款评估，根据\n"
        "《渡口管理条例》\n《桥梁巡查办法》\n的精神，现结合近三年沿江各段桥梁养护工作的实际情况，就进一步\n"
        "加强桥梁养护提出以下意见：\n"
        "一、落实责任。各段桥梁由所在地的养护单位负责，每月巡查，\n每季度报告，发现险情\n随时处置。\n"
        "二、保障经费。养护经费由市和区各承担一半，每年年初一次拨付，\n年底结算。\n"
    )
    _, preamble = [m.text for m in made.measures if m.part == "导语"]  # behind the title
    assert preamble == (
        "为了保障渡口和桥梁的安全，方便两岸往来，协助开发银行做好沿江贷款评估，根据《渡口管理条例》"
        "《桥梁巡查办法》的精神，现结合近三年沿江各段桥梁养护工作的实际情况，就进一步加强桥梁养护提出以下意见："
    )
