"""The program in a real browser: what people do with it, from asking to taking in a file."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from assistant.settings import ROOT, Settings
from embeddings.training.evidence import bare
from scripts.llm_server import Script
from scripts.llm_server import serving as model_server
from scripts.serving import free_port
from tests.ui.conftest import leave, refused, reload, serving, settled

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

expect = pytest.importorskip(
    "playwright.sync_api", reason="no playwright: `make test-browser` installs it"
).expect
pytestmark = pytest.mark.browser

QUESTION = "小微企业第一次贷款，有什么贴息或担保支持？"
ELSEWHERE = "工厂设在南通，新认定了高新技术企业，南通市对这个奖励多少？"
ATTACK = '<img src=x onerror="window.hacked=1"><script>window.hacked=2</script>${window.hacked=3}'
HOSTILE_POLICY = f"""上海市试验区人民政府关于印发《试验区烟火市集扶持办法》的通知
沪试府规〔2025〕9号

各有关单位：
现将《试验区烟火市集扶持办法》印发给你们，请认真贯彻执行。

上海市试验区人民政府
2025年3月1日

试验区烟火市集扶持办法

第一条 为扶持烟火市集，制定本办法{ATTACK}。
第二条 对烟火市集摊位{ATTACK}给予每个摊位最高888元补贴。
第三条 本办法自2025年4月1日起施行，有效期至2028年3月31日。
"""


def ask(page: Page, question: str) -> None:
    turns = page.locator(".turn").count()
    page.locator("#question").fill(question)
    page.locator("#question").press("Enter")
    page.locator(".turn").nth(turns).wait_for()
    page.locator(".turn[data-state=running]").wait_for(state="detached")


def saved_download(page: Page, act: Callable[[], None], folder: Path) -> Path:
    with page.expect_download() as download:
        act()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def preview(page: Page, name: str, text: str) -> None:
    page.locator(".upload-form [type=file]").set_input_files(
        {"name": name, "mimeType": "text/plain", "buffer": text.encode()}
    )
    page.locator(".upload-form button").click()


def test_an_answer_comes_with_citations_and_validity(page: Page) -> None:
    ask(page, QUESTION)
    expect(page.locator(".turn .prose-zh")).to_contain_text(re.compile("贴息|担保"))
    assert page.locator(".turn .cite").count() >= 1
    card = page.locator(".evidence-turn:not([hidden]) .evidence-card").first
    expect(card.locator("h3")).not_to_be_empty()
    expect(card.locator(".badge.label")).not_to_be_empty()
    expect(card.locator(".badge[class*='v-']")).to_be_visible()
    expect(card.locator("mark").first).to_be_visible()
    expect(page.locator("#question")).to_have_value("")


def test_a_click_on_a_citation_goes_to_its_clause_and_on_to_the_document(page: Page) -> None:
    ask(page, QUESTION)
    last = page.locator(".turn .cite").last
    n = last.get_attribute("data-n")
    last.click()
    card = page.locator(f".evidence-turn:not([hidden]) .evidence-card[data-n='{n}']")
    expect(card).to_have_class(re.compile("active"))
    expect(card).to_be_focused()
    expect(card.locator("mark").first).to_be_in_viewport()
    label = card.locator(".badge.label").inner_text()
    card.get_by_text("打开文件").click()
    clause = page.locator("#document .clause.marked")
    expect(clause).to_have_count(1)
    expect(clause).to_be_in_viewport()
    expect(clause.locator(".badge.label")).to_have_text(label)
    assert "?doc=" in page.url
    page.go_back()
    expect(page.locator(".turn .prose-zh")).to_be_visible()


def test_a_mark_shows_the_words_that_stand_behind_it(page: Page) -> None:
    ask(page, QUESTION)
    page.locator(".turn .prose-zh .cite").first.click()
    current = page.locator(".evidence-card.active mark.current")
    expect(current.first).to_be_in_viewport()
    said = page.locator(".turn .prose-zh").inner_text()
    assert current.first.inner_text().strip("。") in said


def test_a_shared_link_opens_the_document_at_the_clause(
    page: Page, open_page: Callable[..., Page], url: str
) -> None:
    ask(page, QUESTION)
    link = page.locator(".evidence-card h3 a").first.get_attribute("href")
    other = open_page(f"{url}/{link}")
    expect(other.locator("#document .clause.marked")).to_be_in_viewport()
    expect(other.locator("#document .outline")).to_be_visible()


def test_a_follow_up_is_understood_in_context(page: Page) -> None:
    ask(page, "新认定专精特新企业，上海各区奖励多少？")
    ask(page, "那小巨人呢？")
    expect(page.locator(".turn")).to_have_count(2)
    expect(page.locator(".turn").nth(1).locator(".standalone")).to_contain_text("小巨人")
    expect(page.locator(".evidence-turn:not([hidden])")).to_have_count(1)


def test_a_refusal_gives_its_reason_and_a_next_step(page: Page) -> None:
    ask(page, ELSEWHERE)
    refusal = page.locator(".bubble.refused")
    expect(refusal.locator(".refusal")).to_have_attribute("data-reason", "other_place")
    expect(refusal.locator(".next-step")).to_be_visible()


def test_district_and_date_filter_what_is_answered(page: Page) -> None:
    page.locator("#filter-as-of").fill("2023-04-20")
    page.locator("#filter-district").select_option("黄浦区")
    ask(page, "提信心扩需求的方案里，首店有什么支持？")
    meta = page.locator(".turn .meta")
    expect(meta).to_contain_text("按 2023-04-20 判断效力")
    expect(meta).to_contain_text("黄浦区")
    page.get_by_role("button", name="重置").click()
    expect(page.locator("#filter-district")).to_have_value("")
    expect(page.locator("#filter-as-of")).to_have_value(re.compile(time.strftime("%Y-%m-%d")))


def test_a_question_is_edited_retried_and_suggested(page: Page) -> None:
    asked = "技术改造项目能补多少？"  # its clause says besides who is in charge
    ask(page, asked)
    page.locator(".chips .chip").first.click()
    expect(page.locator(".turn[data-state=done]")).to_have_count(2)
    page.locator(".turn").first.hover()
    page.locator(".turn .edit-button").first.click()
    expect(page.locator("#question")).to_have_value(asked)
    page.locator("#question").fill("首台套装备有什么支持？")
    page.locator("#send").click()
    expect(page.locator(".turn")).to_have_count(1)
    expect(page.locator(".turn[data-state=done] .question-text")).to_have_text(
        "首台套装备有什么支持？"
    )
    first = page.locator(".turn").get_attribute("data-turn")
    page.get_by_role("button", name="重新回答").click()
    expect(page.locator(f".turn:not([data-turn='{first}'])[data-state=done]")).to_have_count(1)


def test_asking_anew_in_the_middle_loses_nothing(page: Page) -> None:
    ask(page, QUESTION)
    ask(page, "水电气接入能免费吗？")
    first = page.locator(".turn").first
    first.get_by_role("button", name="重新回答").click()
    expect(page.locator(".turn[data-state=done]")).to_have_count(1)
    expect(page.locator("#notice")).to_contain_text("历史对话")
    expect(page.locator(".history-item")).to_have_count(2)
    page.locator(".history-item").nth(1).click()
    expect(page.locator(".turn .question-text")).to_have_text([QUESTION, "水电气接入能免费吗？"])
    first.hover()
    first.locator(".edit-button").click()
    expect(page.locator("#editing-text")).to_contain_text("另起一段对话")
    page.locator("#question").fill("首台套装备有什么支持？")
    page.locator("#send").click()
    expect(page.locator(".turn .question-text")).to_have_text(["首台套装备有什么支持？"])
    expect(page.locator(".history-item")).to_have_count(3)
    expect(page.locator(".history-when").nth(2)).to_contain_text("2 问")


def test_two_tabs_keep_both_conversations(page: Page, url: str) -> None:
    ask(page, QUESTION)
    other = page.context.new_page()
    other.goto(url)
    settled(other)
    expect(other.locator(".first-screen")).to_be_visible()
    ask(other, "水电气接入能免费吗？")
    ask(page, "那担保费呢？")
    for tab in (page, other):
        expect(tab.locator(".history-item")).to_have_count(2)
        reload(tab)
        expect(tab.locator(".history-item")).to_have_count(2)
    expect(page.locator(".turn .question-text")).to_have_text([QUESTION, "那担保费呢？"])
    expect(other.locator(".turn .question-text")).to_have_text("水电气接入能免费吗？")


def test_two_tabs_on_one_conversation_part(page: Page, url: str) -> None:
    ask(page, QUESTION)
    other = page.context.new_page()
    other.goto(url)
    settled(other)
    other.locator(".history-item").click()
    expect(other.locator(".turn")).to_have_count(1)
    ask(other, "水电气接入能免费吗？")
    ask(page, "首台套装备有什么支持？")
    expect(page.locator("#notice")).to_contain_text("历史对话")
    expect(other.locator(".history-item")).to_have_count(2)
    for tab, asked in ((page, "首台套装备有什么支持？"), (other, "水电气接入能免费吗？")):
        reload(tab)
        expect(tab.locator(".turn .question-text")).to_have_text([QUESTION, asked])


def test_conversations_stay_in_the_browser(page: Page) -> None:
    ask(page, QUESTION)
    expect(page.locator(".history-item")).to_have_count(1)
    reload(page)
    expect(page.locator(".turn .question-text")).to_have_text(QUESTION)
    expect(page.locator(".evidence-turn:not([hidden]) .evidence-card").first).to_be_visible()
    page.get_by_role("button", name="新对话").click()
    expect(page.locator(".first-screen")).to_be_visible()
    page.locator(".history-item").click()
    expect(page.locator(".turn .question-text")).to_have_text(QUESTION)


def test_the_history_is_searched_renamed_and_dated(page: Page) -> None:
    ask(page, QUESTION)
    page.get_by_role("button", name="新对话").click()
    expect(page.locator(".first-screen")).to_be_visible()
    ask(page, "水电气接入能免费吗？")
    items = page.locator(".history-item")
    expect(page.locator(".history-when")).to_have_text([re.compile(r"今天 \d\d:\d\d · 1 问")] * 2)
    page.locator("#history-search").fill("担保")
    expect(items).to_have_count(1)
    expect(items).to_contain_text(QUESTION[:10])
    items.press("F2")
    page.keyboard.insert_text("王记茶铺")
    page.keyboard.press("Enter")
    expect(items).to_be_focused()
    page.locator("#history-search").fill("王记 贴息")
    expect(items.locator(".history-title")).to_have_text("王记茶铺")
    page.locator("#history-search").fill("没有的词")
    expect(items).to_have_count(0)
    expect(page.locator("#history-none")).to_be_visible()
    page.locator("#history-search").fill("")
    items.last.click()
    ask(page, "那担保费呢？")
    reload(page)
    expect(page.locator(".history-title").first).to_have_text("王记茶铺")


def test_what_is_deleted_from_the_history_can_be_had_back(page: Page) -> None:
    ask(page, QUESTION)
    page.locator(".history li").hover()
    page.locator(".history [data-act=forget]").click()
    expect(page.locator(".history-item")).to_have_count(0)
    expect(page.locator(".first-screen")).to_be_visible()
    page.get_by_role("button", name="撤销").click()
    expect(page.locator(".history-item")).to_have_count(1)
    expect(page.locator(".turn .question-text")).to_have_text(QUESTION)
    reload(page)
    expect(page.locator(".turn .question-text")).to_have_text(QUESTION)


def test_the_history_costs_the_keyboard_one_stop(page: Page) -> None:
    for question in (QUESTION, "水电气接入能免费吗？", "首台套装备有什么支持？"):
        ask(page, question)
        page.get_by_role("button", name="新对话").click()
        expect(page.locator(".first-screen")).to_be_visible()
    items = page.locator(".history-item")
    page.locator("#history-search").focus()
    page.keyboard.press("Tab")
    expect(items.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(items.nth(1)).to_be_focused()
    for _ in range(3):  # its two buttons, and out
        page.keyboard.press("Tab")
    expect(page.locator(".history :focus")).to_have_count(0)
    items.nth(1).focus()
    page.keyboard.press("Delete")
    expect(items).to_have_count(2)
    expect(page.get_by_role("button", name="撤销")).to_be_focused()


def test_a_conversation_is_exported(page: Page, tmp_path: Path) -> None:
    ask(page, QUESTION)
    markdown = saved_download(page, page.get_by_text("导出 Markdown").click, tmp_path)
    assert QUESTION in markdown.read_text()
    assert "效力核对日期" in markdown.read_text()
    word = saved_download(page, page.get_by_text("导出 Word").click, tmp_path)
    assert word.read_bytes().startswith(b"PK")


def test_the_finder_lists_checks_and_exports(page: Page, tmp_path: Path) -> None:
    page.locator("nav.pages [data-page=finder]").click()
    form = page.locator("#profile-form")
    form.locator("[name=district]").select_option("浦东新区")
    form.locator("[name=size]").select_option("小型企业")
    form.get_by_text("专精特新中小企业", exact=True).click()
    form.get_by_role("button", name="查找适用政策").click()
    rows = page.locator("table.matches tbody tr")
    rows.first.wait_for()
    expect(rows.first.locator(".checklist li").first).to_be_visible()
    expect(page.locator("#filter-district")).to_have_value("浦东新区")
    expect(page.locator("#profile-chip")).to_contain_text("专精特新中小企业")
    sheet = saved_download(
        page, page.locator("#page-finder").get_by_text("导出 Excel").click, tmp_path
    )
    assert load_workbook(sheet).active is not None
    reload(page)
    expect(page.locator("#profile-chip")).to_contain_text("专精特新中小企业")


def test_industries_are_ticked_by_name_and_an_unknown_one_says_the_near_ones(page: Page) -> None:
    page.locator("nav.pages [data-page=finder]").click()
    form = page.locator("#profile-form")
    for trade in ("餐饮", "零售", "批发", "软件", "外贸", "物流", "建筑", "农业",
                  "文旅", "生活服务", "制造", "金融", "医药"):  # fmt: skip
        expect(form.get_by_text(trade, exact=True)).to_be_visible()
    form.get_by_text("餐饮", exact=True).click()
    form.locator(".special-trades summary").click()
    form.get_by_text("药品零售", exact=True).click()
    form.get_by_role("button", name="查找适用政策").click()
    page.locator("table.matches tbody tr").first.wait_for()
    expect(page.locator(".about")).to_contain_text("餐饮、药品零售")
    reload(page)
    page.locator("nav.pages [data-page=finder]").click()
    for trade in ("餐饮", "药品零售"):  # the folded ones are unfolded
        expect(form.get_by_label(trade, exact=True)).to_be_checked()
        expect(form.get_by_text(trade, exact=True)).to_be_visible()
    form.locator("[name=industry_more]").fill("洗浴中心")
    form.get_by_role("button", name="查找适用政策").click()
    expect(page.locator("#page-finder")).to_contain_text("不认识行业“洗浴中心”")
    expect(page.locator("#page-finder")).to_contain_text("生活服务")


def test_what_a_question_told_about_the_company_is_matched_in_full(page: Page) -> None:
    ask(
        page,
        "我司在浦东新区生产医疗器械，已经是高新技术企业，上个月获评专精特新中小企业，"
        "又是首次升规，我们能申报哪些奖励？",
    )
    page.get_by_role("button", name="查看明细").click()
    expect(page.locator("table.matches tbody tr").first).to_be_visible()
    expect(page.locator(".about")).to_contain_text("浦东新区")
    expect(page.locator(".about")).to_contain_text("高新技术企业")


def test_the_library_is_searched_filtered_and_read(page: Page) -> None:
    page.locator("nav.pages [data-page=library]").click()
    rows = page.locator(".library-list > li")
    rows.first.wait_for()
    whole = rows.count()
    page.locator("input[name=text]").fill("首台套")
    expect(page.locator(".found mark").first).to_be_visible()
    assert 0 < rows.count() < whole
    page.locator("input[name=text]").fill("")
    page.locator(".library-form [name=district]").select_option("市级")
    expect(rows).not_to_have_count(whole)
    page.locator(".library-form [name=status]").select_option("expired")
    expect(page.locator(".library-list > li:not(:has(.v-expired))")).to_have_count(0)
    title = rows.first.locator(".row-title").inner_text()
    rows.first.locator(".row-title").click()
    expect(page.locator("#document .doc-title")).to_have_text(title)
    page.locator("#document .outline a").last.click()
    expect(page.locator("#document .clause.marked")).to_be_in_viewport()
    page.get_by_role("button", name="返回列表").click()
    expect(rows.first).to_be_visible()


def test_the_list_is_where_it_was_when_one_comes_back(page: Page) -> None:
    page.locator("nav.pages [data-page=library]").click()
    row = page.locator(".library-list .row-title").nth(25)
    row.scroll_into_view_if_needed()
    at = page.evaluate("document.querySelector('#page-library').scrollTop")
    assert at > 0
    for back in (
        lambda: page.get_by_role("button", name="返回列表").click(),
        lambda: page.go_back(),
    ):
        row.click()
        page.locator("#document .doc-title").wait_for()
        back()
        expect(row).to_be_in_viewport()
        expect(row).to_be_focused()
        assert page.evaluate("document.querySelector('#page-library').scrollTop") == at


@pytest.mark.parametrize("size", [(1360, 860), (390, 844)])
def test_a_link_to_a_clause_shows_title_and_status(
    page: Page, open_page: Callable[..., Page], url: str, size: tuple[int, int]
) -> None:
    page.locator("nav.pages [data-page=library]").click()
    page.locator(".library-list .row-title").first.click()
    link = page.locator("#document .clause [data-act=copy-link]").last.get_attribute("data-href")
    other = open_page(f"{url}/{link}", viewport={"width": size[0], "height": size[1]})
    clause = other.locator("#document .clause.marked")
    expect(clause).to_be_in_viewport()
    expect(other.locator(".doc-title")).to_be_in_viewport()
    expect(other.locator(".doc-head [class*='v-']")).to_be_in_viewport()
    other.locator("#document .outline a").last.click()
    head, below = other.locator(".doc-head").bounding_box(), clause.bounding_box()
    assert head and below and below["y"] >= head["y"] + head["height"] - 1


def test_a_blank_library_says_why_and_is_cleared(page: Page) -> None:
    page.locator("#filter-validity").select_option("current")
    page.locator("nav.pages [data-page=library]").click()
    page.locator(".library-form [name=status]").select_option("expired")
    blank = page.locator("#library-list .empty-note")
    expect(blank).to_contain_text("仅现行有效")
    expect(blank).to_contain_text("已过期")
    blank.get_by_role("button", name="清除条件").click()
    expect(page.locator(".library-list > li").first).to_be_visible()
    expect(page.locator("#filter-validity")).to_have_value("all")


def test_filters_follow_an_upload(page: Page) -> None:
    page.locator("nav.pages [data-page=library]").click()
    years = page.locator(".library-form [name=year]")
    expect(years.locator("option[value='1998']")).to_have_count(0)
    page.locator(".library-form [name=sort]").select_option("title")
    page.locator(".upload-box > summary").click()
    text = HOSTILE_POLICY.replace("烟火市集", "庙会").replace("2025", "1998")
    preview(page, "庙会.txt", text)
    page.get_by_role("button", name="确认收入政策库").click()
    expect(years.locator("option[value='1998']")).to_have_count(1, timeout=60_000)
    expect(page.locator(".library-form [name=sort]")).to_have_value("title")
    years.select_option("1998")
    expect(page.locator(".library-list > li")).to_have_count(1)


def test_fast_typing_ends_at_what_was_typed_last(page: Page) -> None:
    page.locator("nav.pages [data-page=library]").click()
    for words in ("集", "集成", "集成电路", "停车", "停车场（库）管理"):
        page.locator("input[name=text]").fill(words)
        page.wait_for_timeout(200)
    expect(page.locator(".library-list .row-title mark").first).to_have_text("停车场（库）管理")


def compare_first_with(page: Page, place: int) -> None:
    """The first document of the list with another of the choice, which is likest first."""
    page.locator("nav.pages [data-page=library]").click()
    page.locator(".library-list .row-title").first.click()
    page.locator(".compare-form select").select_option(index=place)
    page.locator(".compare-form button").click()


def test_a_comparison_has_an_address_and_a_way_back(
    page: Page, open_page: Callable[..., Page]
) -> None:
    page.locator("nav.pages [data-page=library]").click()
    title = page.locator(".library-list .row-title").first.inner_text()
    compare_first_with(page, 1)
    heads = page.locator("table.diff").first.locator("thead th")
    expect(heads).to_have_count(2)
    expect(page.locator("table.diff tbody tr").first).to_be_visible()
    expect(heads.locator(".badge[class*='v-']")).to_have_count(2)
    expect(page.locator(".comparison")).to_contain_text(time.strftime("按 %Y-%m-%d 判断效力"))
    names = heads.locator("a").all_inner_texts()
    assert title in names
    link = page.locator(".comparison [data-act=copy-link]").get_attribute("data-href")
    for address in (page.url, f"{page.url.partition('?')[0]}{link}"):
        shared = open_page(address).locator("table.diff").first.locator("thead th a")
        expect(shared).to_have_text(names)
    page.go_back()
    expect(page.locator("#document .doc-title")).to_have_text(title)
    page.go_back()
    expect(page.locator(".library-list > li").first).to_be_visible()


def test_what_are_no_versions_is_said(page: Page) -> None:
    compare_first_with(page, 40)  # the least alike of the choice
    expect(page.locator(".comparison .warnings")).to_contain_text("不是同一文件的两个版本")
    expect(page.locator(".comparison .warnings")).to_contain_text("原因")


def test_a_comparison_is_printed_and_exported(page: Page, tmp_path: Path) -> None:
    from pypdf import PdfReader

    compare_first_with(page, 1)
    page.locator("table.diff tbody tr").first.wait_for()
    names = page.locator("table.diff").first.locator("thead a").all_inner_texts()
    export = page.locator(".comparison").get_by_text("导出 Excel", exact=True)
    book = load_workbook(saved_download(page, export.click, tmp_path))
    about = {row[0]: row[1:] for row in book["对比说明"].iter_rows(values_only=True)}
    assert list(about["标题"]) == names
    assert set(about["核对日期"]) == {time.strftime("%Y-%m-%d")}
    assert book["逐条对比"].max_row > 2
    page.pdf(path=tmp_path / "print.pdf", format="A4")
    printed = bare("".join(p.extract_text() for p in PdfReader(tmp_path / "print.pdf").pages))
    numbers = [number for number in about["文号"] if number]
    assert numbers
    for said in (*numbers, time.strftime("按 %Y-%m-%d 判断效力")):
        assert bare(said) in printed
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 720, "height": 1000})  # of a sheet of A4
    first, second = (page.locator("table.diff tbody tr td").nth(n).bounding_box() for n in (0, 1))
    assert first and second and first["y"] == second["y"]
    assert "返回列表" not in printed
    assert "导出" not in printed


def test_feedback_is_stored_with_question_and_reason(page: Page, home: Path) -> None:
    question = "2023年首台套装备最高奖励多少？"
    ask(page, question)
    page.get_by_role("button", name="没用").click()
    expect(page.locator(".complaint input:checked")).to_have_count(0)
    page.locator(".complaint").get_by_text("金额错误").click()
    page.locator(".complaint [name=comment]").fill("请核对")
    page.locator(".complaint button").click()
    expect(page.locator(".thanks")).to_be_visible()
    with sqlite3.connect(home / "state" / "feedback.sqlite") as connection:
        rows = connection.execute(
            "SELECT thumb, reason, comment, answer_json FROM feedback WHERE question = ?",
            (question,),
        ).fetchall()
    assert [row[:3] for row in rows] == [("down", "金额错误", "请核对")]
    assert json.loads(rows[0][3])["citations"]


def test_feedback_is_taken_back_by_a_second_tap_and_read_by_staff(
    page: Page, tmp_path: Path
) -> None:
    question = "水电气接入能免费吗，要办多久？"
    ask(page, question)
    up = page.get_by_role("button", name="有用", exact=True)
    up.click()
    expect(page.locator(".thanks")).to_be_visible()
    expect(up).to_have_attribute("aria-pressed", "true")
    page.locator("nav.pages [data-page=library]").click()
    page.locator(".feedback-box > summary").click()
    row = page.locator(".feedback-table tbody tr").filter(has_text=question)
    expect(row).to_have_count(1)
    page.locator(".feedback-form [name=thumb]").select_option("down")
    page.get_by_role("button", name="查看", exact=True).click()
    expect(row).to_have_count(0)
    page.locator(".feedback-form [name=thumb]").select_option("up")
    page.locator(".feedback-form [name=words]").fill("要办多久")
    page.get_by_role("button", name="查看", exact=True).click()
    expect(row).to_have_count(1)
    export = page.locator(".feedback-form").get_by_role("button", name="导出 Excel")
    sheet = load_workbook(saved_download(page, export.click, tmp_path)).active
    assert sheet is not None and [r[4].value for r in sheet.iter_rows(min_row=2)] == [question]
    page.locator("nav.pages [data-page=chat]").click()
    up.click()
    expect(page.locator(".thanks")).to_have_count(0)
    expect(up).to_have_attribute("aria-pressed", "false")
    page.locator("nav.pages [data-page=library]").click()
    page.get_by_role("button", name="查看", exact=True).click()
    expect(page.locator("#feedback-result")).to_contain_text("没有符合条件")


def test_one_password_opens_all_of_the_corner(
    open_page: Callable[..., Page], tmp_path: Path, real_settings: Settings
) -> None:
    with serving(real_settings.index, tmp_path / "state", staff_password="风筝 1") as locked:
        page = open_page(locked)
        page.locator("nav.pages [data-page=library]").click()
        page.locator(".upload-box > summary").click()
        page.locator(".feedback-box > summary").click()  # nothing is asked for in vain
        field = page.locator(".staff-key input")
        with refused(page):
            field.fill("灯笼")
            field.press("Enter")
            expect(page.locator("#feedback-result")).to_contain_text("口令不对")
        field.fill("风筝 1")
        field.press("Enter")
        expect(page.locator("#feedback-result")).to_contain_text("没有符合条件")
        expect(page.locator("#uploads")).to_contain_text("还没有收入过")
        leave(page)


def test_staff_delete_what_was_said(page: Page) -> None:
    question = "首台套装备有什么支持，今年还有吗？"
    ask(page, question)
    page.get_by_role("button", name="有用", exact=True).click()
    expect(page.locator(".thanks")).to_be_visible()
    page.locator("nav.pages [data-page=library]").click()
    page.locator(".feedback-box > summary").click()
    row = page.locator(".feedback-table tbody tr").filter(has_text=question)
    row.get_by_role("button", name="删除").click()
    expect(row).to_have_count(0)
    expect(page.locator("#feedback-result")).not_to_be_empty()


def test_a_question_that_is_code_stays_text(page: Page) -> None:
    ask(page, ATTACK + "{{7*7}}贴息")
    expect(page.locator(".turn .question-text")).to_contain_text("<script>")
    expect(page.locator(".turn .question-text")).to_contain_text("{{7*7}}")
    reload(page)
    expect(page.locator(".turn .question-text")).to_contain_text("${window.hacked=3}")
    assert page.evaluate("window.hacked") is None


def test_a_file_is_previewed_taken_in_and_harmless(page: Page) -> None:
    page.locator("nav.pages [data-page=library]").click()
    page.locator(".upload-box > summary").click()
    preview(page, "市集.txt", HOSTILE_POLICY)
    shown = page.locator("#upload-result .preview")
    expect(shown).to_contain_text("试验区烟火市集扶持办法")
    expect(shown).to_contain_text("沪试府规〔2025〕9号")
    expect(shown.locator(".preview-outline li")).not_to_have_count(0)
    page.get_by_role("button", name="确认收入政策库").click()
    expect(page.locator("#upload-result")).to_contain_text("已收入", timeout=60_000)
    page.locator("input[name=text]").fill("烟火市集")
    page.locator(".library-list .row-title:has(mark)").click()
    expect(page.locator("#document")).to_contain_text("<script>")
    page.locator("nav.pages [data-page=chat]").click()
    ask(page, "试验区烟火市集每个摊位最高补贴多少？")
    expect(page.locator(".evidence-card").first).to_contain_text("888元")
    assert page.evaluate("window.hacked") is None


def test_a_preview_is_seen_and_corrected(page: Page) -> None:
    page.locator("nav.pages [data-page=library]").click()
    page.locator(".upload-box > summary").click()
    text = HOSTILE_POLICY.replace("烟火市集", "风筝集市").replace("沪试府规〔2025〕9号\n", "")
    preview(page, "集市.txt", text)
    head = page.locator("#upload-result h3")
    expect(head).to_be_focused()
    expect(head).to_be_in_viewport()
    expect(page.locator("#upload-result .warnings")).to_contain_text("未找到文号")
    fields = page.locator(".corrections")
    fields.locator("[name=doc_number]").fill("沪府规[2025]91号")
    fields.locator("[name=district]").select_option("静安区")
    fields.locator("[name=expires]").fill("2025-01-01")
    with refused(page):
        page.get_by_role("button", name="确认收入政策库").click()
        expect(page.locator("#take-result")).to_contain_text("早于施行日期")
    expect(fields.locator("[name=doc_number]")).to_have_value("沪府规[2025]91号")
    fields.locator("[name=expires]").fill("2030-06-30")
    page.get_by_role("button", name="确认收入政策库").click()
    expect(page.locator("#upload-result")).to_contain_text("已收入", timeout=60_000)
    page.locator("input[name=text]").fill("风筝集市")
    row = page.locator(".library-list > li").first
    expect(row).to_contain_text("沪府规〔2025〕91号")
    expect(row).to_contain_text("静安区")
    row.locator(".row-title").click()
    expect(page.locator("#document .particulars")).to_contain_text("2030-06-30")


def test_an_upload_is_undone_and_the_list_follows(page: Page) -> None:
    page.locator("nav.pages [data-page=library]").click()
    page.locator(".upload-box > summary").click()
    expect(page.locator("#uploads")).not_to_be_empty()
    text = HOSTILE_POLICY.replace("烟火市集", "灯会").replace("9号", "19号")
    preview(page, "灯会.txt", text)
    page.get_by_role("button", name="确认收入政策库").click()
    row = page.locator("#uploads tbody tr").filter(has_text="灯会.txt")
    row.wait_for(timeout=60_000)
    page.locator("input[name=text]").fill("试验区灯会扶持办法")
    expect(page.locator(".library-list > li")).to_have_count(1)
    page.on("dialog", lambda dialog: dialog.accept())
    row.get_by_role("button").click()
    expect(row).to_have_count(0, timeout=60_000)
    expect(page.locator("#upload-result")).to_contain_text("已撤销")
    expect(page.locator(".library-list > li")).to_have_count(0)


def test_what_fails_is_said_and_can_be_tried_again(
    open_page: Callable[..., Page], page: Page, tmp_path: Path, real_settings: Settings
) -> None:
    page.locator("#question").fill("长" * 2001)
    page.locator("#question").press("Enter")
    expect(page.locator("#counter")).to_contain_text("问题太长")
    expect(page.locator(".turn")).to_have_count(0)
    index = tmp_path / "index"
    with serving(index, tmp_path / "state") as empty:
        bare = open_page(empty)
        expect(bare.locator(".first-screen .error-card")).to_contain_text("assistant ingest")
        ask(bare, QUESTION)
        expect(bare.locator(".turn .error-card")).to_contain_text("还没有建立索引")
        shutil.copytree(real_settings.index, index)
        bare.get_by_role("button", name="重新回答").click()
        expect(bare.locator(".turn[data-state=done]")).to_be_visible(timeout=20_000)
        leave(bare)


def test_a_model_that_is_down_is_noted_and_the_extract_given(
    open_page: Callable[..., Page], tmp_path: Path, real_settings: Settings
) -> None:
    down = {"llm_model": "m", "llm_base_url": "http://127.0.0.1:9/v1", "llm_api_key": "k"}
    with serving(real_settings.index, tmp_path / "state", **down) as url:
        page = open_page(url)
        ask(page, QUESTION)
        expect(page.locator(".turn .notes")).to_contain_text("大模型")
        expect(page.locator(".turn .cite").first).to_be_visible()
        leave(page)


@contextmanager
def with_model(script: Script, index: Path, state: Path) -> Iterator[str]:
    """A server whose answers are written by a model that follows the script."""
    with (
        model_server(script) as model,
        serving(index, state, llm_model="m", llm_base_url=model, llm_api_key="k") as url,
    ):
        yield url


def test_an_answer_under_way_is_stopped(
    open_page: Callable[..., Page], tmp_path: Path, real_settings: Settings
) -> None:
    slow = Script(text="贴息。[1]" * 50, delay=4.0)
    with with_model(slow, real_settings.index, tmp_path / "state") as url:
        page = open_page(url)
        page.locator("#question").fill(QUESTION)
        page.locator("#question").press("Enter")
        expect(page.locator(".turn .waiting")).to_be_visible()
        expect(page.locator("#send")).not_to_be_visible()
        expect(page.locator(".evidence-turn:not([hidden]) .evidence-card").first).to_be_visible()
        page.get_by_role("button", name="停止").click()
        expect(page.locator(".turn[data-state=stopped]")).to_contain_text("已停止")
        expect(page.locator("#send")).to_be_visible()
        slow.delay = 0.0
        page.get_by_role("button", name="重新回答").click()
        # the model's server takes one request at a time: the stopped one ends first
        expect(page.locator(".turn[data-state=done] .cite").first).to_be_visible(timeout=15_000)
        page.wait_for_timeout(4500)  # what was stopped ends, and is not shown
        expect(page.locator(".turn")).to_have_count(1)
        leave(page)


def test_marks_work_while_a_model_writes_and_stay_after_a_stop(
    open_page: Callable[..., Page], tmp_path: Path, real_settings: Settings
) -> None:
    said = "专精特新中小企业信用贷款，予以最高30％贴息支持。[1]"
    slow = Script(text=said * 40, drip=0.2)
    with with_model(slow, real_settings.index, tmp_path / "state") as url:
        page = open_page(url)
        page.locator("#question").fill("专精特新中小企业拿信用贷款，贴息最高百分之几？")
        page.locator("#question").press("Enter")
        mark = page.locator(".turn[data-state=running] .cite").first
        expect(mark).to_have_accessible_name(re.compile("来源1：《.+》"))
        expect(page.locator(".turn .streaming")).not_to_contain_text("[1]")
        mark.dispatch_event("click")
        expect(page.locator(".evidence-card.active")).to_be_focused()
        page.locator(".history-item").click()  # the one that is shown
        page.wait_for_timeout(500)
        expect(page.locator(".turn[data-state=running]")).to_be_visible()
        page.get_by_role("button", name="停止").click()
        stopped = page.locator(".turn[data-state=stopped]")
        expect(stopped).to_be_visible()
        page.wait_for_timeout(2500)  # what was on its way, another sentence and the end, comes
        expect(stopped.locator(".cite").first).to_be_visible()
        expect(page.locator(".evidence-turn:not([hidden]) .evidence-card").first).to_be_visible()
        expect(page.locator("#send")).to_be_visible()
        reload(page)
        expect(stopped.locator(".cite").first).to_be_visible()
        leave(page)


def test_a_new_customer_is_not_shown_what_still_comes_for_the_last(
    open_page: Callable[..., Page], tmp_path: Path, real_settings: Settings
) -> None:
    slow = Script(text="专精特新中小企业信用贷款，予以最高30％贴息支持。[1]" * 3, drip=0.2)
    with with_model(slow, real_settings.index, tmp_path / "state") as url:
        page = open_page(url)
        page.locator("#question").fill("专精特新中小企业拿信用贷款，贴息最高百分之几？")
        page.locator("#question").press("Enter")
        page.locator(".turn[data-state=running] .cite").first.wait_for()
        page.get_by_role("button", name=re.compile("新客户")).click()
        expect(page.locator(".first-screen")).to_be_visible()
        page.wait_for_timeout(3000)  # the rest of it comes
        expect(page.locator(".first-screen")).to_be_visible()
        page.locator(".history-item").click()
        expect(page.locator(".turn[data-state=stopped] .cite").first).to_be_visible()
        leave(page)


def test_a_question_outlives_a_restart_of_the_server(
    browser: Browser, tmp_path: Path, real_settings: Settings
) -> None:
    context = browser.new_context()
    page = context.new_page()
    port, state = free_port(), tmp_path / "state"
    with serving(real_settings.index, state, port=port) as url:
        page.goto(url)
        settled(page)
        ask(page, QUESTION)
        process = page.locator("meta[name=policy-process]").get_attribute("content")
    page.locator("#question").fill("水电气接入能免费吗？")
    page.locator("#question").press("Enter")
    expect(page.locator("#counter")).to_contain_text("服务没有应答", timeout=2000)
    expect(page.locator("#question")).to_have_value("水电气接入能免费吗？")
    page.locator("#question").fill("水电气接入要多久？")
    with serving(real_settings.index, state, port=port):
        page.wait_for_function(f"!document.querySelector('meta[content=\"{process}\"]')")
        settled(page)
        expect(page.locator("#question")).to_have_value("水电气接入要多久？")
        expect(page.locator(".turn .question-text")).to_have_text([QUESTION])
        ask(page, page.locator("#question").input_value())
    with serving(real_settings.index, state, port=port):  # while nobody used the page
        page.locator("#question").fill("首台套装备有什么支持？")
        page.locator("#question").press("Enter")
        expect(page.locator(".turn[data-state=done] .question-text")).to_have_text(
            [QUESTION, "水电气接入要多久？", "首台套装备有什么支持？"], timeout=20_000
        )
        expect(page.locator("#question")).to_have_value("")
        expect(page.locator(".history-item")).to_have_count(1)
    context.close()


def test_an_answer_cut_off_by_a_restart_can_be_had_again(
    browser: Browser, tmp_path: Path, real_settings: Settings
) -> None:
    context = browser.new_context()
    page = context.new_page()
    port, state = free_port(), tmp_path / "state"
    slow = Script(text="贴息。[1]", delay=6.0)
    with model_server(slow) as model:
        written = {"llm_model": "m", "llm_base_url": model, "llm_api_key": "k"}
        with serving(real_settings.index, state, port=port, **written) as url:
            page.goto(url)
            settled(page)
            page.locator("#question").fill(QUESTION)
            page.locator("#question").press("Enter")
            expect(page.locator(".turn .waiting")).to_be_visible()
            page.locator("#question").fill("下一位的问题")
    expect(page.locator("#counter")).to_contain_text("请点“重新回答”")
    with serving(real_settings.index, state, port=port):
        expect(page.locator(".turn[data-state=stopped]")).to_be_visible(timeout=20_000)
        expect(page.locator("#question")).to_have_value("下一位的问题")
        page.get_by_role("button", name="重新回答").click()
        expect(page.locator(".turn[data-state=done] .question-text")).to_have_text([QUESTION])
    context.close()


def test_nothing_is_lost_in_a_shift_at_the_counter(real_settings: Settings) -> None:
    """Seven of the twelve customers: with prints, an upload, a comparison and a restart."""
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "clerk_shift.py", "--customers", "7", "--pause", "0"],
        env=os.environ | {"ASSISTANT_INDEX": str(real_settings.index)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "17 questions of 7 customers" in done.stdout


def test_an_unknown_document_is_said(open_page: Callable[..., Page], url: str) -> None:
    page = open_page(f"{url}/?doc=nothing&label=x")
    expect(page.locator("#document .error-card")).to_be_visible()


def test_on_a_phone_sources_open_as_a_sheet(open_page: Callable[..., Page], url: str) -> None:
    page = open_page(url, viewport={"width": 390, "height": 844}, has_touch=True)
    ask(page, QUESTION)
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overflow) == 0
    expect(page.locator("#sources")).not_to_be_visible()
    page.locator(".turn .cite").first.tap()
    expect(page.locator(".evidence-card").first).to_be_in_viewport()
    page.get_by_role("button", name="关闭").click()
    expect(page.locator("#sources")).not_to_be_visible()
    for name in ("finder", "library"):
        page.locator(f"nav.pages [data-page={name}]").tap()
        assert page.evaluate(overflow) == 0


PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


@pytest.mark.parametrize("width", [360, 390])
def test_on_a_phone_the_frame_leaves_room(
    open_page: Callable[..., Page], url: str, width: int
) -> None:
    page = open_page(url, viewport={"width": width, "height": 844}, has_touch=True)
    page.locator("[data-act=language]").tap()
    ask(page, QUESTION)
    shown = page.locator("#transcript").bounding_box()
    assert shown and 844 - shown["height"] <= 200
    for tab in page.locator("nav.pages a").all():
        box = tab.bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= width
        assert tab.evaluate("node => node.scrollWidth <= node.clientWidth")


# Controls that are lower or narrower than a finger needs, but for those inside running text.
TOO_SMALL = """() => [
    ...document.querySelectorAll("a, button, select, input, textarea, summary, label.chip"),
  ].filter((node) => {
    const { width, height } = node.getBoundingClientRect();
    return width && node.checkVisibility({ visibilityProperty: true })
      && !node.matches(".skip, .chip input, .visually-hidden, .cite, p.badges a")
      && (height < 31.9 || (node.matches("button") && width < 31.9));
  })
  .map((node) => `${document.body.dataset.page} ${node.outerHTML.slice(0, 120)}`)"""


@pytest.mark.parametrize("size", [(390, 844), (820, 1180), (1440, 900)])
def test_whatever_is_touched_is_large_enough(
    open_page: Callable[..., Page], url: str, size: tuple[int, int]
) -> None:
    page = open_page(url, viewport={"width": size[0], "height": size[1]}, has_touch=size[0] < 1000)
    small = page.evaluate(TOO_SMALL)
    ask(page, QUESTION)
    page.get_by_role("button", name="没用").click()
    small += page.evaluate(TOO_SMALL)
    mark = page.locator(".turn .cite").first
    mark.scroll_into_view_if_needed()
    box = mark.bounding_box()
    assert box
    page.mouse.click(
        box["x"] + box["width"] / 2, box["y"] - 5
    )  # beside it, in the height of a line
    expect(page.locator(".evidence-card.active")).to_be_visible()
    small += page.evaluate(TOO_SMALL)
    page.keyboard.press("Escape")
    page.locator("nav.pages [data-page=finder]").click()
    page.locator("#profile-form").get_by_text("高新技术企业", exact=True).click()
    page.locator("#profile-form button[type=submit]").click()
    page.locator("table.matches").first.wait_for()
    small += page.evaluate(TOO_SMALL)
    page.locator("nav.pages [data-page=library]").click()
    page.locator("input[name=text]").fill("专精特新")
    page.locator(".found").first.wait_for()
    page.locator(".upload-box > summary").click()
    page.locator(".feedback-box > summary").click()
    small += page.evaluate(TOO_SMALL)
    page.locator("input[name=text]").fill("")
    compare_first_with(page, 1)
    page.locator("table.diff").first.wait_for()
    small += page.evaluate(TOO_SMALL)
    page.go_back()
    page.locator("#document .doc-body").wait_for()
    small += page.evaluate(TOO_SMALL)
    assert small == []


@pytest.mark.parametrize("way", ["back", "shade", "button"])
@pytest.mark.parametrize("over", ["sheet", "drawer"])
def test_on_a_phone_what_lies_over_the_page_goes_away(
    open_page: Callable[..., Page], url: str, over: str, way: str
) -> None:
    page = open_page(url, **PHONE)
    ask(page, QUESTION)
    panel = page.locator("#sources" if over == "sheet" else "#rail")
    (
        page.locator(".turn .cite").first if over == "sheet" else page.locator(".history-toggle")
    ).tap()
    expect(panel).to_be_visible()
    if way == "back":
        page.go_back()
    elif way == "shade":
        page.locator(".shade").tap(position={"x": 380, "y": 60})
    else:
        panel.get_by_role("button", name="关闭").tap()
    expect(panel).not_to_be_visible()
    expect(page.locator(".turn .prose-zh")).to_be_visible()
    assert page.url.startswith(url)


def test_escape_goes_back_to_the_mark(page: Page) -> None:
    ask(page, QUESTION)
    mark = page.locator(".turn .prose-zh .cite").first
    mark.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".evidence-card.active")).to_be_focused()
    page.keyboard.press("Escape")
    expect(mark).to_be_focused()


def test_a_new_customer_begins_with_nothing_of_the_last(page: Page) -> None:
    page.locator("#filter-district").select_option("徐汇区")
    page.locator("#filter-as-of").fill("2024-01-01")
    page.locator("#filter-validity").select_option("current")
    page.locator("nav.pages [data-page=library]").click()
    page.locator("input[name=text]").fill("专精特新")
    page.locator(".library-form [name=sort]").select_option("title")
    page.locator("nav.pages [data-page=finder]").click()
    page.locator("#profile-form").get_by_text("高新技术企业", exact=True).click()
    page.locator("#profile-form button[type=submit]").click()
    page.locator("table.matches").first.wait_for()
    page.locator("nav.pages [data-page=chat]").click()
    ask(page, QUESTION)
    page.locator("#question").fill("没有发出的话")
    page.get_by_role("button", name=re.compile("新客户")).click()
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.locator("#question")).to_have_value("")
    expect(page.locator("#profile-chip")).to_contain_text("未填写")
    expect(page.locator("table.matches")).to_have_count(0)
    expect(page.locator("#profile-form :checked:not(option)")).to_have_count(0)
    expect(page.locator("input[name=text]")).to_have_value("")
    expect(page.locator(".library-form [name=sort]")).to_have_value("date")
    expect(page.locator("#library-list mark")).to_have_count(0)
    expect(page.locator("#filter-district")).to_have_value("")
    expect(page.locator("#filter-validity")).to_have_value("all")
    assert page.locator("#filter-as-of").input_value() != "2024-01-01"


def test_reset_takes_back_the_filters_alone(page: Page) -> None:
    page.locator("nav.pages [data-page=finder]").click()
    page.locator("#profile-form").get_by_text("高新技术企业", exact=True).click()
    page.locator("nav.pages [data-page=library]").click()
    page.locator("input[name=text]").fill("专精特新")
    page.locator("nav.pages [data-page=chat]").click()
    ask(page, QUESTION)
    page.locator("#question").fill("没有发出的话")
    page.locator("#filter-validity").select_option("current")
    page.locator("#filter-district").select_option("徐汇区")
    page.get_by_role("button", name="重置").click()
    expect(page.locator("#filter-validity")).to_have_value("all")
    expect(page.locator("#filter-district")).to_have_value("")
    expect(page.locator("#profile-chip")).to_contain_text("高新技术企业")
    expect(page.locator(".turn")).to_have_count(1)
    expect(page.locator("#question")).to_have_value("没有发出的话")
    expect(page.locator("input[name=text]")).to_have_value("专精特新")


def test_a_full_history_says_which_conversation_goes(page: Page) -> None:
    ask(page, QUESTION)
    page.evaluate(
        """() => {
          const key = Object.keys(localStorage).find((k) => k.startsWith("policy-talk:"));
          const talk = JSON.parse(localStorage.getItem(key));
          for (let n = 1; n < 50; n++) {
            const other = { ...talk, id: `old${n}`, name: `第 ${n} 位`, updated: talk.updated - n };
            localStorage.setItem(`policy-talk:old${n}`, JSON.stringify(other));
          }
        }"""
    )
    page.get_by_role("button", name="新对话").click()
    page.locator(".first-screen").wait_for()
    ask(page, "水电气接入能免费吗？")
    expect(page.locator("#notice")).to_contain_text("第 49 位")
    expect(page.locator(".history-item")).to_have_count(50)


def test_what_a_long_conversation_keeps_no_more_is_said(page: Page) -> None:
    ask(page, QUESTION)
    page.evaluate(
        """() => {
          const key = Object.keys(localStorage).find((k) => k.startsWith("policy-talk:"));
          const talk = JSON.parse(localStorage.getItem(key));
          const [turn] = talk.turns;
          const brief = { ...turn, state: "stopped", answer: null };
          talk.turns = [...Array(40).keys()].map((n) => ({ ...brief, id: `t${n}` }));
          localStorage.setItem(key, JSON.stringify(talk));
        }"""
    )
    reload(page)
    expect(page.locator(".turn")).to_have_count(40)
    expect(page.locator("#transcript")).not_to_contain_text("不再保留")
    page.locator("#question").fill("水电气接入能免费吗？")
    page.locator("#question").press("Enter")
    expect(page.locator("#notice")).to_contain_text("不再保留")
    expect(page.locator("#transcript")).to_contain_text("更早的 1 问已不再保留")
    expect(page.locator(".turn")).to_have_count(40)


def test_what_goes_wrong_on_the_way_is_said_in_our_words(page: Page) -> None:
    with refused(page):
        page.route("**/queue/join*", lambda route: route.fulfill(status=503, json={"detail": "x"}))
        page.locator("nav.pages [data-page=library]").click()
        page.locator("input[name=text]").fill("专精特新")
        expect(page.locator("#notice")).to_contain_text("操作没有完成")
        expect(page.locator(".toast-wrap")).not_to_be_visible()


def test_what_is_copied_keeps_its_marks_and_names_its_sources(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, QUESTION)
    page.get_by_role("button", name="复制", exact=True).first.click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert re.search(r"。(?:（[^）]*）)?\[1\]", copied)
    label = page.locator(".evidence-card").first.get_attribute("aria-label")
    assert f"[1] {label}" in copied.splitlines()


def test_a_conversation_prints_with_its_clauses(page: Page, tmp_path: Path) -> None:
    from pypdf import PdfReader

    ask(page, QUESTION)
    ask(page, "水电气接入能免费吗？")
    page.pdf(path=tmp_path / "print.pdf", format="A4")
    pages = [bare(p.extract_text()) for p in PdfReader(tmp_path / "print.pdf").pages]
    printed = "".join(pages)
    assert len(pages) >= 2
    assert bare(QUESTION) in printed
    assert bare("水电气接入能免费吗？") in printed
    for n, card in enumerate(page.locator(".evidence-card .clause").all()):
        clause = bare(card.text_content() or "")
        assert clause[:20] in printed, n
    assert "新客户" not in printed


def test_the_keyboard_is_enough(page: Page) -> None:
    page.keyboard.press("/")
    expect(page.locator("#question")).to_be_focused()
    page.keyboard.type("水电气接入能免费吗？")
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("Backspace")
    page.keyboard.press("Enter")
    page.locator(".turn[data-state=done]").wait_for()
    page.locator(".turn .cite").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".evidence-card.active")).to_be_focused()


def test_the_skip_link_leads_into_the_panel_that_is_shown(page: Page) -> None:
    for name, body in (("chat", "#talk"), ("finder", "#page-finder"), ("library", "#page-library")):
        page.locator(f"nav.pages [data-page={name}]").click()
        page.locator(".skip").focus()
        page.keyboard.press("Enter")
        expect(page.locator(body)).to_be_focused()
        expect(page.locator("body")).to_have_attribute("data-page", name)


def test_an_answer_is_told_to_those_who_do_not_see_it(page: Page) -> None:
    told = page.locator("#spoken[role=status]")
    expect(told).to_be_empty()
    ask(page, QUESTION)
    said = page.locator(".turn .prose-zh p").first.inner_text().split("。")[0]
    expect(told).to_contain_text(re.sub(r"\s*\d+$", "", said)[:20])
    expect(told).to_contain_text(re.compile(r"共 \d+ 个来源"))
    reload(page)
    expect(page.locator(".turn")).to_have_count(1)
    expect(told).to_be_empty()
    expect(page.locator(".turn .cite").first).to_have_accessible_name(re.compile("来源1：《.+》"))


def test_composing_chinese_does_not_send(page: Page) -> None:
    page.locator("#question").fill("nihao")
    page.locator("#question").dispatch_event(
        "keydown", {"key": "Enter", "keyCode": 229, "isComposing": True}
    )
    page.wait_for_timeout(200)
    expect(page.locator(".turn")).to_have_count(0)


def test_english_and_dark_are_remembered(page: Page) -> None:
    page.locator("[data-act=language]").click()
    page.locator("[data-act=theme]").click()
    expect(page.locator("nav.pages")).to_contain_text("Library")
    reload(page)
    expect(page.locator("nav.pages")).to_contain_text("Library")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_an_english_question_gets_an_english_frame_around_a_chinese_clause(page: Page) -> None:
    page.locator("[data-act=language]").click()
    page.locator(".example:visible").first.click()
    turn = page.locator(".turn").first
    expect(turn.locator(".prose-zh")).to_have_attribute("lang", "en")
    expect(turn.locator(".rewritten")).to_contain_text("Understood as")
    expect(turn.locator(".notes")).to_contain_text("the Chinese text is authoritative")
    expect(turn.locator(".chips button").first).to_contain_text(re.compile(r"^(Is|Which) "))
    mark = turn.locator(".prose-zh .cite").first
    expect(mark).to_have_accessible_name(re.compile("Source 1: 《.+》"))
    mark.click()
    quoted = page.locator(".evidence-card .clause mark").first
    expect(quoted).to_be_visible()
    assert re.search("[\u4e00-\u9fff]{6}", quoted.inner_text())
    ask(page, "My purple wombat juggles yodelling noodles")
    refusal = page.locator(".turn").nth(1)
    expect(refusal).to_contain_text("Your English question could not be understood")
    expect(refusal).to_contain_text("wombat")


@pytest.mark.parametrize(
    ("scheme", "size"), [("light", (1360, 860)), ("dark", (1360, 860)), ("light", (390, 844))]
)
def test_axe_finds_nothing_serious(
    open_page: Callable[..., Page], url: str, axe: str, scheme: str, size: tuple[int, int]
) -> None:
    viewport = {"width": size[0], "height": size[1]}
    page = open_page(url, color_scheme=scheme, viewport=viewport)
    page.evaluate(axe)
    serious = _serious(page, "start")
    ask(page, QUESTION)
    page.get_by_role("button", name="没用").click()
    page.locator(".turn .cite").first.click()
    serious += _serious(page, "chat")
    page.locator(".evidence-card footer a").first.click()
    page.locator("#document .clause.marked").wait_for()
    serious += _serious(page, "document")
    page.locator("[data-act=language]").click()
    serious += _serious(page, "document in English")
    page.locator("[data-act=language]").click()
    page.locator(".compare-form select").select_option(index=1)
    page.locator(".compare-form button").click()
    page.locator("table.diff").first.wait_for()
    serious += _serious(page, "comparison")
    page.get_by_role("button", name="返回列表").click()
    page.locator(".upload-box > summary").click()
    page.locator(".feedback-box > summary").click()
    expect(page.locator("#feedback-result")).not_to_be_empty()
    serious += _serious(page, "library")
    preview(page, "书市.txt", HOSTILE_POLICY.replace("烟火市集", "书市").replace("9号", "29号"))
    page.locator("#upload-result .corrections").wait_for()
    serious += _serious(page, "preview")
    page.get_by_role("button", name="确认收入政策库").click()
    row = page.locator("#uploads tbody tr").filter(has_text="书市.txt")
    row.wait_for(timeout=60_000)
    serious += _serious(page, "uploads")
    page.on("dialog", lambda dialog: dialog.accept())
    row.get_by_role("button").click()
    expect(row).to_have_count(0, timeout=60_000)
    page.locator("nav.pages [data-page=finder]").click()
    page.locator("#profile-form").get_by_text("高新技术企业", exact=True).click()
    page.locator("#profile-form button[type=submit]").click()
    page.locator("table.matches").first.wait_for()
    serious += _serious(page, "finder")
    assert serious == []


def _serious(page: Page, screen: str) -> list[str]:
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{screen}: {v['id']} {node['target']} {node['failureSummary']}"
        for v in found["violations"]
        if v["impact"] in ("serious", "critical")
        for node in v["nodes"]
    ]


def test_nothing_comes_from_another_host(open_page: Callable[..., Page], url: str) -> None:
    page = open_page(url)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    reload(page)
    ask(page, QUESTION)
    assert asked
    assert all(a.startswith((url, "data:", "blob:")) for a in asked)


def test_the_first_answer_is_there_within_a_second_and_a_half(page: Page) -> None:
    page.locator("#question").fill(QUESTION)
    began = time.perf_counter()
    page.locator("#question").press("Enter")
    page.locator(".turn[data-state=done]").wait_for()
    assert time.perf_counter() - began < 1.5
