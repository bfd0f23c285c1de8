"""From starting the server to a page in use and a first answer, in a real browser.

    python scripts/bench_serve.py

Needs an index and Chromium.  Wall-clock seconds mean little on a busy machine, so the processor
time that the server took until it answered is shown, too.
"""

from __future__ import annotations

import subprocess
import sys
import time

from playwright.sync_api import sync_playwright
from rich.console import Console
from rich.table import Table
from serving import CHROMIUM_FLAGS, chromium, free_port, wait_for

QUESTION = "技术改造项目总投入要达到多少，最高能支持多少？"


def processor_seconds(pid: int) -> float:
    """User and system time of a process (Linux: fields 14 and 15 of /proc/PID/stat)."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


def main() -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=list(CHROMIUM_FLAGS), headless=True
        )
        began = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "assistant", "serve", "--port", str(port)],
            stdout=subprocess.DEVNULL,
        )
        try:
            wait_for(url, process)
            answers, spent = time.perf_counter() - began, processor_seconds(process.pid)
            page = browser.new_page()
            page.goto(url)
            page.locator("body[data-ready=true]").wait_for()
            page.locator(".first-screen").wait_for()
            usable = time.perf_counter() - began
            page.locator("#question").fill(QUESTION)
            asked = time.perf_counter()
            page.locator("#question").press("Enter")
            page.locator(".turn[data-state=done]").wait_for()
            first = time.perf_counter() - asked
        finally:
            process.terminate()
            process.wait(timeout=15)
            browser.close()
    table = Table("server answers s", "its processor time s", "page usable s", "first answer s")
    table.add_row(f"{answers:.1f}", f"{spent:.1f}", f"{usable:.1f}", f"{first:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
