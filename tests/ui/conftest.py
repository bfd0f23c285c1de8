"""A server of the real program with the real index, and a browser in front of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.settings import Settings
from scripts.serving import CHROMIUM_FLAGS, chromium, free_port

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page

HERE = Path(__file__).resolve().parent
START_SECONDS = 90.0


@contextmanager
def serving(index: Path, state: Path, *, port: int = 0, **settings: str) -> Iterator[str]:
    """``assistant serve`` as its own process; yields its address once it answers."""
    port = port or free_port()
    state.mkdir(parents=True, exist_ok=True)
    log = state / "server.log"
    given = {"index": str(index), "state": str(state), **settings}
    environment = os.environ | {f"ASSISTANT_{name.upper()}": v for name, v in given.items()}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "assistant", "serve", "--port", str(port)],
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait(f"http://127.0.0.1:{port}/api/health", process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except urllib.error.HTTPError:
            return  # it answers, if only to say that there is no index
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"no answer within {START_SECONDS} s: {log.read_text()}")


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("served")


@pytest.fixture(scope="session")
def url(real_settings: Settings, home: Path) -> Iterator[str]:
    """A server over a copy of the index of the real sources."""
    shutil.copytree(real_settings.index, home / "index")
    with serving(home / "index", home / "state") as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium(), args=list(CHROMIUM_FLAGS))
        yield found
        found.close()


def settled(page: Page) -> None:
    """Wait until the page is in use and what it asks for by itself has come."""
    page.locator("body[data-ready=true]").wait_for()
    page.locator("#library-list :is(ol, p)").first.wait_for(state="attached")
    page.locator("#transcript :is(.turn, .first-screen)").first.wait_for(state="attached")


_leaving: set[Page] = set()


def reload(page: Page) -> None:
    """Load the page again; Gradio logs the streams that this cuts, which is no error of ours."""
    _leaving.add(page)
    page.reload()
    settled(page)
    _leaving.discard(page)


@contextmanager
def refused(page: Page) -> Iterator[None]:
    """While the server refuses what is asked: browsers log that, which is no error of ours."""
    _leaving.add(page)
    yield
    _leaving.discard(page)


def leave(page: Page) -> None:
    """Close what the page shows before its server goes."""
    _leaving.add(page)
    page.goto("about:blank")


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens pages in contexts of their own; at the end no page may have logged an error."""
    contexts = []
    problems: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and message.page not in _leaving:
            problems.append(f"{message.type}: {message.text}")

    def open_(address: str, **options: object) -> Page:
        context = browser.new_context(
            **{"viewport": {"width": 1360, "height": 860}, "locale": "zh-CN", **options}
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: problems.append(f"uncaught: {error}"))
        page.goto(address)
        settled(page)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert not problems


@pytest.fixture
def page(open_page: Callable[..., Page], url: str) -> Page:
    """The first screen, ready to be used."""
    found = open_page(url)
    found.locator(".first-screen").wait_for()
    return found


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, installed from npm when it is not there yet."""
    script = HERE / "node_modules" / "axe-core" / "axe.min.js"
    if not script.is_file() and shutil.which("npm"):
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=HERE, check=False, timeout=180)
    if not script.is_file():
        message = "axe-core is not installed (npm ci in tests/ui)"
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail(message)
        pytest.skip(message)
    return script.read_text(encoding="utf-8")
