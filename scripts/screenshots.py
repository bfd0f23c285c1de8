"""Pictures of the main screens: desktop and phone, light and dark.

    python scripts/screenshots.py [--out FOLDER] [--url http://127.0.0.1:7860] [--only chat …]

Needs an index and Chromium; without ``--url`` a server is started for the purpose.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from serving import CHROMIUM_FLAGS, chromium, server

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
QUESTION = "技术改造项目总投入要达到多少，最高能支持多少？"
COMPANY = (
    "我司在浦东新区生产医疗器械，已经是高新技术企业，上个月获评专精特新中小企业，"
    "又是首次升规，我们能申报哪些奖励？"
)
PROFILE = {
    "industry": ["集成电路"],
    "size": "小型企业",
    "qualifications": ["专精特新中小企业"],
    "events": ["首次升规"],
}


def start(page: Page) -> None:
    pass


def chat(page: Page) -> None:
    ask(page, COMPANY)
    page.locator("#transcript .cite").first.click()
    page.wait_for_timeout(500)


def answer(page: Page) -> None:
    ask(page, QUESTION)


def refusal(page: Page) -> None:
    ask(page, "工厂设在南通，新认定了高新技术企业，南通市对这个奖励多少？")


def finder(page: Page) -> None:
    page.locator("nav.pages [data-page=finder]").click()
    page.locator("#profile-form button[type=submit]").click()
    page.locator("table.matches").first.wait_for()


def form(page: Page) -> None:
    page.locator("nav.pages [data-page=finder]").click()
    page.locator("#profile-form .special-trades summary").click()
    page.locator("#profile-form").get_by_text("餐饮", exact=True).click()
    page.locator("#profile-form fieldset").first.evaluate("box => box.scrollIntoView()")
    page.wait_for_timeout(300)


def library(page: Page) -> None:
    page.locator("nav.pages [data-page=library]").click()
    page.locator("input[name=text]").fill("专精特新")
    page.locator(".found").first.wait_for()
    page.wait_for_timeout(400)


def document(page: Page) -> None:
    ask(page, QUESTION)
    page.locator(".evidence-card footer a").first.evaluate("link => link.click()")
    page.locator("#document .clause.marked").wait_for()
    page.wait_for_timeout(500)


def compare(page: Page) -> None:
    page.locator("nav.pages [data-page=library]").click()
    page.locator("input[name=text]").fill("徐汇区持续优化")
    page.locator(".library-list .row-title:has(mark)").first.click()
    page.locator(".compare-form select").select_option(index=1)
    page.locator(".compare-form button").click()
    page.locator("table.diff").first.wait_for()


def upload(page: Page) -> None:
    page.locator("nav.pages [data-page=library]").click()
    page.locator(".upload-box > summary").click()
    source = next(Path("data/sources").glob("徐汇区*.txt"))
    page.locator(".upload-form [type=file]").set_input_files(source)
    page.locator(".upload-form button").click()
    page.locator("#upload-result .preview").wait_for()
    page.locator("#upload-result").evaluate("box => box.scrollIntoView()")


SCREENS: dict[str, Callable[[Page], None]] = {
    f.__name__: f
    for f in (start, chat, answer, refusal, form, finder, library, document, compare, upload)
}
# What the README shows; ``--all`` makes every screen in all four ways.
SHOWN = {
    "start": ("desktop-light", "phone-light"),
    "chat": ("desktop-light", "desktop-dark", "phone-light", "phone-dark"),
    "answer": ("phone-light",),
    "refusal": ("desktop-light",),
    "form": ("phone-light",),
    "finder": ("desktop-light", "phone-dark"),
    "library": ("desktop-light", "phone-light"),
    "document": ("desktop-light", "desktop-dark"),
    "compare": ("desktop-light",),
    "upload": ("desktop-light",),
}
WAYS = tuple(f"{size}-{scheme}" for size in ("desktop", "phone") for scheme in ("light", "dark"))


def ask(page: Page, question: str) -> None:
    page.locator("#question").fill(question)
    page.locator("#question").press("Enter")
    page.locator(".turn[data-state=done]").last.wait_for()
    page.wait_for_timeout(300)


def picture(browser: Browser, url: str, name: str, way: str, out: Path) -> None:
    phone = way.startswith("phone")
    context = browser.new_context(
        viewport=PHONE if phone else DESKTOP,
        device_scale_factor=2 if phone else 1,
        has_touch=phone,
        color_scheme="dark" if way.endswith("dark") else "light",
        locale="zh-CN",
        reduced_motion="reduce",
    )
    if name == "finder":
        kept = {"district": "浦东新区", "profile": PROFILE}
        context.add_init_script(
            f"localStorage.setItem('policy-assistant', JSON.stringify({kept!r}))"
        )
    page = context.new_page()
    page.goto(url)
    page.locator("body[data-ready=true]").wait_for()
    page.locator(".first-screen").wait_for()
    SCREENS[name](page)
    small(page.screenshot()).save(out / f"{name}-{way}.png", optimize=True)
    context.close()


def small(png: bytes) -> Image.Image:
    """The picture in 256 colours: a third of the size, and nothing to be seen of it."""
    return Image.open(BytesIO(png)).convert("RGB").quantize(256, dither=Image.Dither.NONE)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("docs/screenshots"))
    parser.add_argument("--url")
    parser.add_argument("--all", action="store_true", help="every screen in all four ways")
    parser.add_argument("--only", choices=SCREENS, nargs="*", default=list(SCREENS))
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    with server(given.url) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(),
            args=list(CHROMIUM_FLAGS),
        )
        for name in given.only:
            for way in WAYS if given.all else SHOWN[name]:
                picture(browser, url, name, way, given.out)
        browser.close()


if __name__ == "__main__":
    main()
