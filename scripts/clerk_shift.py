"""Ten minutes at a counter, in a real browser: is anything lost?

    python scripts/clerk_shift.py [--customers 12] [--pause 15] [--url ADDRESS]

Twelve customers ask 30 questions one after another; four conversations are printed, two files are
taken in, two versions compared, and the server is started anew while a question is on its way.
Ends with 1 when a question, an answer or a conversation is missing from the page, from a print, or
in the end from the history.  Works on copies of the index and of the state.
"""

from __future__ import annotations

import argparse
import io
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]

from playwright.sync_api import Page, expect, sync_playwright  # noqa: E402
from pypdf import PdfReader  # noqa: E402
from rich.console import Console  # noqa: E402

from assistant.settings import get_settings  # noqa: E402
from embeddings.training.evidence import bare  # noqa: E402
from scripts.serving import CHROMIUM_FLAGS, chromium, free_port, server  # noqa: E402
from ui.texts import EXAMPLES  # noqa: E402

FOLLOW_UPS = ("由哪个部门负责？", "现在还有效吗？")
PRINTED = (2, 5, 8, 11)  # customers, counted from 0
UPLOADED = (3, 7)
COMPARED = 5
RESTARTED = 6
ANSWER_MS = 30_000  # of a machine that does something else besides
INGEST_MS = 120_000
POLICY = """上海市试验区人民政府关于印发《试验区{subject}扶持办法》的通知
沪试府规〔2025〕{number}号

各有关单位：
现将《试验区{subject}扶持办法》印发给你们，请认真贯彻执行。

上海市试验区人民政府
2025年3月1日

试验区{subject}扶持办法

第一条 为扶持{subject}，制定本办法。
第二条 对每个{subject}给予最高{number}88元补贴。
第三条 本办法自2025年4月1日起施行，有效期至2028年3月31日。
"""
SUBJECTS = ("风筝作坊", "糖画摊位")


class LostError(Exception):
    """What is no longer there."""


@dataclass
class Customer:
    """Who comes to the counter, and what was asked for him so far."""

    number: int
    questions: list[str]
    asked: list[str] = field(default_factory=list)


def customers(count: int) -> list[Customer]:
    """Each with a question of his own and one or two that lean on it: 30 for twelve."""
    own = [question for _, questions, _ in EXAMPLES for question in questions]
    return [Customer(n, [own[n % len(own)], *FOLLOW_UPS[: 1 + n % 2]]) for n in range(count)]


class Counter:
    """A page at a counter, and the server behind it, which can be started anew."""

    def __init__(self, page: Page, url: str | None, folder: Path, pause: float) -> None:
        self.page = page
        self.pause = pause
        self._given = url
        self._port = free_port()
        settings = get_settings()
        self._environment = {
            "ASSISTANT_INDEX": str(folder / "index"),
            "ASSISTANT_STATE": str(folder / "state"),
        }
        if url is None:
            shutil.copytree(settings.index, folder / "index")
        self._running = ExitStack()

    def open(self) -> None:
        url = self._running.enter_context(
            server(self._given, port=self._port, environment=self._environment)
        )
        if self.page.url == "about:blank":
            self.page.goto(url)
            self.page.locator(".first-screen").wait_for()

    def shut(self) -> None:
        self._running.close()

    def serve(self, customer: Customer) -> None:
        if customer.number:
            self.page.get_by_role("button", name=re.compile("新客户")).click()
            self.page.locator(".first-screen").wait_for()
        for question in customer.questions:
            restarts = customer.number == RESTARTED and question == customer.questions[-1]
            if restarts and self._given is None:
                self.ask_while_the_server_restarts(customer, question)
            else:
                self.ask(customer, question)
            self.check(customer)
            self.page.wait_for_timeout(self.pause * 1000)
        if customer.number in PRINTED:
            self.print(customer)
        if customer.number in UPLOADED:
            self.upload(UPLOADED.index(customer.number))
        if customer.number == COMPARED:
            self.compare()

    def ask(self, customer: Customer, question: str) -> None:
        self.page.locator("#question").fill(question)
        self.page.locator("#question").press("Enter")
        customer.asked.append(question)

    def ask_while_the_server_restarts(self, customer: Customer, question: str) -> None:
        process = self.page.locator("meta[name=policy-process]").get_attribute("content")
        self.shut()
        self.ask(customer, question)
        expect(self.page.locator("#counter")).to_contain_text("服务没有应答")
        self.open()
        self.page.wait_for_function(
            f"document.querySelector('meta[name=policy-process]')?.content !== '{process}'"
            " && document.body.dataset.ready === 'true'"
        )
        expect(self.page.locator("#question")).to_have_value(question)
        self.page.locator("#question").press("Enter")

    def check(self, customer: Customer) -> None:
        """Raises :class:`LostError` when not all that was asked is there and answered."""
        done = self.page.locator(".turn[data-state=done] .question-text")
        try:
            expect(done).to_have_text(customer.asked, timeout=ANSWER_MS)
        except AssertionError as error:
            shown = self.page.locator(".turn .question-text").all_inner_texts()
            raise LostError(f"asked {customer.asked}, on the page {shown}") from error

    def print(self, customer: Customer) -> None:
        """Every answer ends with its date; of words a PDF may hold look-alikes of characters."""
        printed = PdfReader(io.BytesIO(self.page.pdf(format="A4"))).pages
        said = bare("".join(page.extract_text() for page in printed))
        answers = said.count("判断效力")
        if answers != len(customer.asked):
            raise LostError(f"{answers} of {len(customer.asked)} answers in print")

    def upload(self, number: int) -> None:
        policy = POLICY.format(subject=SUBJECTS[number], number=number + 1)
        self._go("library")
        self.page.locator(".upload-box").evaluate("box => { box.open = true; }")
        self.page.locator(".upload-form [type=file]").set_input_files(
            {"name": f"{number}.txt", "mimeType": "text/plain", "buffer": policy.encode()}
        )
        self.page.locator(".upload-form button").click()
        self.page.get_by_role("button", name="确认收入政策库").click()
        result = self.page.locator("#upload-result")
        expect(result).to_contain_text("已收入", timeout=INGEST_MS)
        self._go("chat")

    def compare(self) -> None:
        self._go("library")
        self.page.locator(".library-list .row-title").first.click()
        self.page.locator(".compare-form select").select_option(index=1)
        self.page.locator(".compare-form button").click()
        self.page.locator("table.diff tbody tr").first.wait_for()
        self._go("chat")

    def _go(self, page: str) -> None:
        self.page.locator(f"nav.pages [data-page={page}]").click()

    def kept(self) -> Iterator[list[str]]:
        """What each conversation of the history asks, the newest first."""
        items = self.page.locator(".history-item")
        for number in range(items.count()):
            items.nth(number).click()
            expect(items.nth(number)).to_have_attribute("aria-current", "true")
            yield self.page.locator(".turn[data-state=done] .question-text").all_inner_texts()


def shift(counter: Counter, served: list[Customer], say: Console) -> None:
    """Raises :class:`LostError` as soon as anything is missing."""
    for customer in served:
        counter.serve(customer)
        say.print(f"customer {customer.number + 1}: {len(customer.asked)} questions")
    kept = list(counter.kept())
    wanted = [customer.asked for customer in reversed(served)]
    if kept != wanted:
        raise LostError(f"the history has {kept}, asked was {wanted}")
    asked = sum(len(customer.asked) for customer in served)
    say.print(f"{asked} questions of {len(served)} customers, nothing lost")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--customers", type=int, default=12)
    parser.add_argument("--pause", type=float, default=15.0, help="seconds after each answer")
    parser.add_argument("--url", help="a server to use as it is, which is not started anew")
    given = parser.parse_args()
    say = Console(width=200)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(CHROMIUM_FLAGS))
        counter = Counter(browser.new_page(), given.url, Path(folder), given.pause)
        try:
            counter.open()
            shift(counter, customers(given.customers), say)
        except LostError as lost:
            say.print(f"lost: {lost}")
            return 1
        finally:
            browser.close()
            counter.shut()
    return 0


if __name__ == "__main__":
    sys.exit(main())
