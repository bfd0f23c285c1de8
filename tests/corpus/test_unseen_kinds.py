"""Kinds of files that offices really have: headings over articles, web pages, tables, numbering."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent

import pytest

from assistant.ask import Assistant
from assistant.corpus.parse import parse_file
from assistant.question import understand
from assistant.records import ParsedDocument
from assistant.sentences import split
from assistant.settings import Settings
from assistant.store.build import ingest


def parsed(tmp_path: Path, text: str, name: str = "甲.txt") -> ParsedDocument:
    path = tmp_path / name
    path.write_text(dedent(text), encoding="utf-8")
    source = parse_file(path)
    assert source.account.complete
    assert len(source.documents) == 1
    return source.documents[0]


def labels(document: ParsedDocument) -> list[str]:
    return [m.label for m in document.measures if m.label]


def text_of(document: ParsedDocument, label: str) -> str:
    return next(m.text for m in document.measures if m.label == label)


@pytest.mark.parametrize("contents", ["", "一、起火\n二、灭火\n三、其他\n\n"])
def test_articles_that_run_through_win_over_headings(tmp_path: Path, contents: str) -> None:
    rules = f"""某岛灯塔看守细则

{contents}一、起火
第一条 日落前半小时点灯。
第二条 遇雾加鸣雾号。有下列情形之一的，加点红灯：
一、风力八级以上；
二、能见度不足一海里。
二、灭火
第三条 日出后熄灯，擦拭镜面。
第四条 交接班当面清点器材。
三、其他
第五条 本细则自2025年3月1日起施行。
"""
    found = parsed(tmp_path, rules)
    assert found.document.title == "某岛灯塔看守细则"
    assert labels(found) == ["第一条", "第二条", "第三条", "第四条", "第五条"]
    assert "二、能见度不足一海里" in text_of(found, "第二条")
    assert "灭火" not in text_of(found, "第二条")


def test_units_that_quote_articles_stay_units(tmp_path: Path) -> None:
    found = parsed(
        tmp_path,
        """\
        关于修改《灯塔看守细则》的决定

        一、将第一条修改为：
        第一条 日落时点灯。
        二、删去第四条。
        三、本决定自2025年5月1日起施行。
        """,
    )
    assert labels(found) == ["一", "二", "三"]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("关于灯塔用油\n管理若干问题的会议纪要\n\n一、油库归港务处管。\n二、每月盘点。\n",
         "关于灯塔用油管理若干问题的会议纪要"),
        ("灯塔看守人守则\n\n第一条 不得擅离。\n第二条 不得饮酒。\n", "灯塔看守人守则"),
        ("关于审理灯塔纠纷适用规则的解释\n\n第一条 灯塔归国家。\n第二条 损坏的赔偿。\n",
         "关于审理灯塔纠纷适用规则的解释"),
        ("《灯塔看守细则》政策问答\n\n一、谁来看守？\n答：看守人。\n二、几点点灯？\n答：日落前。\n",
         "《灯塔看守细则》政策问答"),
        ("灯塔一览\n第一条 共有三座灯塔。\n第二条 都有人看守。\n", "灯塔一览"),
    ],
)  # fmt: skip
def test_every_file_with_a_first_line_has_a_title(tmp_path: Path, text: str, title: str) -> None:
    assert parsed(tmp_path, text).document.title == title


def test_front_matter_and_emphasis_of_markdown_are_no_text(tmp_path: Path) -> None:
    found = parsed(
        tmp_path,
        """\
        ---
        title: page 7
        tags: [light]
        ---
        # 灯塔参观办法

        **第一条** 参观先预约。

        **第一条之一** 团体提前三日预约。

        **第二条** 每次不超过**十人**。
        """,
        "甲.md",
    )
    assert found.document.title == "灯塔参观办法"
    assert labels(found) == ["第一条", "第一条之一", "第二条"]
    assert text_of(found, "第二条") == "第二条 每次不超过十人。"
    assert "page 7" not in "".join(m.text for m in found.measures)


PAGE = """<html><head><title>网站</title>{meta}</head><body>
<div>首页 > 政务公开 > 规范性文件</div><div>登录 | 注册</div>
{heading}<div><p>第一条 看守人每月领补贴三百元。</p><p>第二条 补贴由港务处发放。</p>
<p>第三条 本办法自2025年6月1日起施行。</p></div>
<div>网站地图 | 联系我们 | 隐私声明</div><div>主办：港务处</div></body></html>"""


@pytest.mark.parametrize(
    ("meta", "heading"),
    [
        ('<meta name="ArticleTitle" content="灯塔看守人补贴发放办法">', ""),
        ("", "<h1>灯塔看守人补贴发放办法</h1>"),
        ('<meta property="og:title" content="灯塔看守人补贴发放办法">', "<p>2025-05-20</p>"),
    ],
)  # fmt: skip
def test_a_page_says_its_title_and_its_menus_are_no_text(
    tmp_path: Path, meta: str, heading: str
) -> None:
    found = parsed(tmp_path, PAGE.format(meta=meta, heading=heading), "甲.html")
    assert found.document.title == "灯塔看守人补贴发放办法"
    assert labels(found) == ["第一条", "第二条", "第三条"]
    held = "".join(m.text for m in found.measures)
    assert not any(word in held for word in ("登录", "首页", "网站地图"))


def test_each_question_of_a_page_is_a_measure(tmp_path: Path) -> None:
    page = """<html><body><div>当前位置：首页 > 问答</div><h1>灯塔参观问答</h1>
    <p>问：要预约吗？</p><p>答：要，提前一日。</p><p>问：收费吗？</p><p>答：不收费。</p>
    </body></html>"""
    found = parsed(tmp_path, page, "甲.html")
    assert found.document.title == "灯塔参观问答"
    own = [m.text for m in found.measures if m.part == "正文"]
    assert own == ["问：要预约吗？\n答：要，提前一日。", "问：收费吗？\n答：不收费。"]


ROWS = {
    "甲.html": """<html><body><h1>灯塔器材补贴标准</h1><p>第一条 补贴按下表发放：</p><table>
    <tr><th>器材</th><th>规格</th><th>补贴</th></tr>
    <tr><td rowspan="2">雾号</td><td>小型</td><td>800元</td></tr>
    <tr><td>大型</td><td>2000元</td></tr>
    </table><p>第二条 每年发放一次。</p></body></html>""",
    "甲.md": """# 灯塔器材补贴标准

第一条 补贴按下表发放：

| 器材 | 规格 | 补贴 |
|:---|---|---:|
| 雾号 | 小型 | 800元 |
| 雾号 | 大型 | 2000元 |

第二条 每年发放一次。
""",
}


def save_rows(path: Path) -> None:
    """The table as a page, as Markdown, in Word or set in a PDF; the first cell reaches down."""
    if path.suffix == ".docx":
        from docx import Document as Word

        word = Word()
        word.add_paragraph("灯塔器材补贴标准")
        word.add_paragraph("第一条 补贴按下表发放：")
        table = word.add_table(3, 3)
        for place, text in CELLS.items():
            table.cell(*place).text = text
        table.cell(1, 0).merge(table.cell(2, 0))
        word.add_paragraph("第二条 每年发放一次。")
        word.save(str(path))
    elif path.suffix == ".pdf":
        from reportlab.lib.styles import ParagraphStyle
        from reportlab.pdfbase import pdfmetrics
        from reportlab.pdfbase.cidfonts import UnicodeCIDFont
        from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

        pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
        body = ParagraphStyle("body", fontName="STSong-Light", fontSize=11, leading=20)
        rows = [[CELLS.get((r, c), "") for c in range(3)] for r in range(3)]
        ruled = [
            ("GRID", (0, 0), (-1, -1), 0.5, "black"),
            ("SPAN", (0, 1), (0, 2)),
            ("FONTNAME", (0, 0), (-1, -1), "STSong-Light"),
        ]
        SimpleDocTemplate(str(path)).build(
            [
                Paragraph("灯塔器材补贴标准", body),
                Paragraph("第一条 补贴按下表发放：", body),
                Table(rows, style=ruled),
                Paragraph("第二条 每年发放一次。", body),
            ]
        )
    else:
        path.write_text(ROWS[path.name], encoding="utf-8")


CELLS = {
    (0, 0): "器材", (0, 1): "规格", (0, 2): "补贴", (1, 0): "雾号", (1, 1): "小型",
    (1, 2): "800元", (2, 1): "大型", (2, 2): "2000元",
}  # fmt: skip


@pytest.mark.parametrize("name", [*ROWS, "甲.docx", "甲.pdf"])
def test_rows_of_a_table_keep_their_cells_and_hang_on_their_header(
    tmp_path: Path, name: str
) -> None:
    save_rows(tmp_path / name)
    source = parse_file(tmp_path / name)
    assert source.account.complete
    (found,) = source.documents
    assert labels(found) == ["第一条", "第二条"]
    first = next(m for m in found.measures if m.label == "第一条")
    lead, header, *rows = split(first)[-4:]
    assert lead.text == "补贴按下表发放："
    assert (header.text, header.part) == ("器材\t规格\t补贴", "heading")
    assert [r.text for r in rows] == ["雾号\t小型\t800元", "雾号\t大型\t2000元"]
    assert {r.lead for r in rows} == {header.index}


def test_a_table_at_the_end_of_a_page_stays_and_each_row_answers_for_itself(
    small: Settings,
) -> None:
    (small.sources / "表.html").write_text(
        """<html><head><title>港务处</title></head><body><div class="nav"><a>首页</a></div>
        <h1>灯塔浮标更换补贴公告</h1><p>一、更换浮标的，按下表给予补贴。</p>
        <p>二、申请截止到2026年6月30日。</p><table>
        <tr><th>浮标</th><th>直径</th><th>补贴</th></tr>
        <tr><td>钢制浮标</td><td>2米以下</td><td>8000元</td></tr>
        <tr><td>钢制浮标</td><td>2米以上</td><td>20000元</td></tr>
        <tr><td>塑料浮标</td><td>1米以上</td><td>50000元</td></tr></table></body></html>""",
        encoding="utf-8",
    )
    ingest(small)
    assistant = Assistant.open(small)
    amounts = {"8000元", "20000元", "50000元"}
    for question, amount in (
        ("更换2米以下的钢制浮标补贴多少钱", "8000元"),
        ("2米以上的钢制浮标更换补贴多少", "20000元"),
        ("更换塑料浮标补贴多少", "50000元"),
    ):
        answer = assistant.ask(question)
        assert amounts & set(re.findall(r"\d+元", answer.text)) == {amount}


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("第1章 起火\n1.1 日落点灯。\n1.2 遇雾鸣号。\n第2章 灭火\n2.1 日出熄灯。\n2.2 擦镜。\n",
         ["1.1", "1.2", "2.1", "2.2"]),
        ("第1章 起火\n1.1 日落点灯。\n第2章 灭火\n2.1 日出熄灯。\n2.2.1 擦镜面。\n2.2.2 擦灯罩。\n",
         ["1.1", "2.1", "2.2.1", "2.2.2"]),
    ],
)  # fmt: skip
def test_decimals_under_chapters_in_digits(tmp_path: Path, text: str, numbers: list[str]) -> None:
    assert labels(parsed(tmp_path, f"灯塔作业规范\n\n{text}")) == numbers


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("应当高喊“快走！别回头。”，并鸣号。随后报告。",
         ["应当高喊“快走！别回头。”，并鸣号。", "随后报告。"]),
        ("按《灯塔！夜航。》办理（特殊的另定。不得拖延。）后归档。完毕。",
         ["按《灯塔！夜航。》办理（特殊的另定。不得拖延。）后归档。", "完毕。"]),
        ("他说“到了。”大家都下船。", ["他说“到了。”", "大家都下船。"]),
        ("正常出港退（免）\n费用平均三日办结。", ["正常出港退（免）\n费用平均三日办结。"]),
        ("港务处集中治\n理乱停船。", ["港务处集中治\n理乱停船。"]),
        ("按照\n《灯塔\n细则》\n，每日点灯。", ["按照", "《灯塔\n细则》\n，每日点灯。"]),
        ("办理条件\n年满十八周岁。", ["办理条件", "年满十八周岁。"]),
    ],
)  # fmt: skip
def test_a_sentence_is_whole(tmp_path: Path, text: str, sentences: list[str]) -> None:
    found = parsed(tmp_path, f"灯塔办法\n\n第一条 总则。\n第二条 {text}\n第三条 施行。\n")
    measure = next(m for m in found.measures if m.label == "第二条")
    assert [s.text for s in split(measure)][1:] == sentences


def test_articles_in_english_are_articles(tmp_path: Path) -> None:
    found = parsed(
        tmp_path,
        """\
        Measures on Lighthouse Keeping

        Chapter 1 General
        Article 1 A keeper lights the lamp at dusk. As Article 9 says, none may leave.
        Article 2 A keeper may be absent for:
        (1) illness;
        (2) a funeral.
        Chapter 2 Final
        Article 3 These Measures take effect on January 1, 2025.
        """,
    )
    assert found.document.title == "Measures on Lighthouse Keeping"
    assert found.document.language == "en"
    assert found.document.effective_from == "2025-01-01"
    assert labels(found) == ["Article 1", "Article 2", "Article 3"]
    assert text_of(found, "Article 2").endswith("(2) a funeral.")


def test_lists_inside_a_list_stay_under_one_lead(tmp_path: Path) -> None:
    found = parsed(
        tmp_path,
        """\
        灯塔看守办法

        第一条 看守人应当符合下列条件：
        （一）身体：
        1. 视力良好；
        2. 能登高；
        （二）经历：
        1. 出海三年以上；
        （三）有固定住所。
        第二条 看守人由港务处聘任。
        """,
    )
    assert labels(found) == ["第一条", "第二条"]
    first = next(m for m in found.measures if m.label == "第一条")
    lead, *items = split(first)[1:]
    assert lead.text == "看守人应当符合下列条件："
    assert [i.text[:3] for i in items] == ["（一）", "1.视", "2.能", "（二）", "1.出", "（三）"]
    assert all(i.part == "item" for i in items)


def test_traditional_characters_number_articles_too(tmp_path: Path) -> None:
    text = "燈塔看守條例\n\n第一條 日落點燈。\n第二條 日出熄燈。\n第三條 自公布之日起施行。\n"
    found = parsed(tmp_path, text)
    assert found.document.title == "燈塔看守條例"
    assert labels(found) == ["第一条", "第二条", "第三条"]
    assert [ref.path for ref in understand("燈塔看守條例第二條寫什麼").labels] == [(2,)]


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("燈塔看守條例\n\n第一條 看守人每月領取補貼三百元。\n第二條 補貼由港務處發放。\n",
         "灯塔看守人每月领多少补贴？"),
        ("渡轮更新办法\n\n第一条 渡轮公司每更换一艘船补助五十万元。\n第二条 补助由财政部门发放。\n",
         "渡輪公司每更換一艘船補助多少？"),
    ],
)  # fmt: skip
def test_traditional_and_simplified_characters_find_each_other(
    small: Settings, text: str, question: str
) -> None:
    (small.sources / "乙.txt").write_text(text, encoding="utf-8")
    ingest(small)
    answer = Assistant.open(small).ask(question)
    assert not answer.refused
    amount = re.search("..万?元", text)
    assert amount
    assert amount[0] in answer.text
    assert answer.citations[0].hit.measure.label == "第一条"


@pytest.mark.parametrize(
    ("head", "number", "issued"),
    [
        ("（2019年6月10日沪港规〔2019〕7号公布）", "沪港规〔2019〕7号", "2019-06-10"),
        ("中华人民共和国国务院令\n第746号", "国务院令第746号", None),
        ("中华人民共和国交通运输部令第12号", "交通运输部令第12号", None),
        ("上海市人民政府令第37号", "上海市人民政府令第37号", None),
    ],
)
def test_a_document_knows_its_number(
    tmp_path: Path, head: str, number: str, issued: str | None
) -> None:
    text = f"{head}\n\n灯塔登记条例\n\n第一条 灯塔应当登记。\n第二条 登记不收费。\n"
    if head.startswith("（"):
        text = f"灯塔登记条例\n{head}\n\n第一条 灯塔应当登记。\n第二条 登记不收费。\n"
    document = parsed(tmp_path, text).document
    assert document.doc_number == number
    if issued:
        assert document.issued == issued


@pytest.mark.parametrize(
    ("text", "repealed"),
    [
        ("关于废止《灯塔收费办法》的决定\n\n市政府决定：废止《灯塔收费办法》（沪府发〔2010〕5号）。\n"
         "本决定自2025年1月1日起施行。\n", {("灯塔收费办法", "沪府发〔2010〕5号")}),
        ("关于废止部分规章的决定\n\n市政府决定废止下列规章：\n一、《灯塔登记办法》（1998年公布）\n"
         "二、《雾号使用规定》（2001年公布）\n",
         {("灯塔登记办法", None), ("雾号使用规定", None)}),
        ("关于废止灯塔规章的决定\n\n根据《灯塔条例》，《灯塔用油办法》（沪府发〔2011〕6号）"
         "予以废止。\n", {("灯塔用油办法", "沪府发〔2011〕6号")}),
        ("灯塔看守办法\n\n第一条 点灯。\n第二条 《灯塔值守规定》自2025年1月1日起废止。\n",
         set()),
    ],
)  # fmt: skip
def test_a_decision_says_what_it_repeals(
    tmp_path: Path, text: str, repealed: set[tuple[str, str | None]]
) -> None:
    relations = parsed(tmp_path, text).document.relations
    found = {(r.target_title, r.target_number) for r in relations if r.type == "repeals"}
    assert found == repealed


EDITION = """灯塔看守条例

（{day}公布）

第一条 看守人由港务处聘任。
第二条 看守人每月领补贴{amount}元。
第三条 本条例自{day}起施行。
"""


def test_of_two_editions_the_later_replaces_the_earlier_from_its_day(small: Settings) -> None:
    for name, day, amount in (("旧", "2015年5月1日", 100), ("新", "2024年7月1日", 300)):
        text = EDITION.format(day=day, amount=amount)
        (small.sources / f"{name}.txt").write_text(text, encoding="utf-8")
    ingest(small)
    assistant = Assistant.open(small)

    def told(as_of: str) -> tuple[str, str]:
        answer = assistant.ask("灯塔看守人每月领补贴多少元？", as_of=as_of)
        first = answer.citations[0]
        return first.hit.document.effective_from or "", first.validity.status

    assert told("2026-01-01") == ("2024-07-01", "unknown")  # it states no end
    assert told("2020-01-01") == ("2015-05-01", "unknown")
    held = {d.effective_from: d for d in assistant.catalogue.documents() if "灯塔" in d.title}
    old = assistant.knowledge.validity(None, held["2015-05-01"], "2026-01-01")
    assert (old.status, old.expires) == ("repealed", "2024-07-01")


def test_a_document_held_twice_is_said_at_ingest_and_cited_once(small: Settings) -> None:
    text = EDITION.format(day="2024年7月1日", amount=300)
    (small.sources / "上传.txt").write_text(text, encoding="utf-8")
    (small.sources / "网页.txt").write_text(text.replace("\n\n", "\n"), encoding="utf-8")
    (note,) = ingest(small).notes
    assert note.startswith("《灯塔看守条例》收了 2 份：上传.txt、网页.txt")
    answer = Assistant.open(small).ask("灯塔看守人每月领补贴多少元？", as_of="2026-01-01")
    assert answer.text.count("300元") == 1
    assert [c.hit.measure.label for c in answer.citations].count("第二条") == 1


def test_another_citys_document_answers_for_that_city_alone(small: Settings) -> None:
    (small.sources / "杭州.txt").write_text(
        dedent("""\
        杭州市人民政府办公厅关于促进渡轮更新的若干意见
        杭政办〔2024〕5号

        一、渡轮公司更新船只的，每艘补贴5万元。
        二、本意见自2024年5月1日起施行，有效期至2027年4月30日。
        """),
        encoding="utf-8",
    )
    ingest(small)
    assistant = Assistant.open(small)
    held = {d.title: d.elsewhere for d in assistant.catalogue.documents()}
    assert held.pop("杭州市人民政府办公厅关于促进渡轮更新的若干意见") == "杭州"
    assert set(held.values()) == {None}
    there = assistant.ask("杭州更新渡轮每艘补贴多少？", as_of="2026-01-01")
    assert not there.refused
    assert there.text.startswith("杭州：")
    assert "5万元" in there.text
    assert "杭州" not in assistant.ask("更新渡轮每艘补贴多少？", as_of="2026-01-01").text
    assert assistant.ask("苏州更新渡轮每艘补贴多少？", as_of="2026-01-01").reason == "other_place"
