"""How long Chromium takes to open a page."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

# A fresh browser each time, nothing of which asks the network.
_FLAGS = (
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-sandbox",
)  # fmt: skip
# Run by another interpreter where Playwright is in another environment.
_PROGRAM = """
import sys, time
from playwright.sync_api import sync_playwright
url, chromium, times, flags = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4:]
with sync_playwright() as playwright:
    for _ in range(times):
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        page = browser.new_page()
        page.goto("about:blank")
        start = time.perf_counter()
        page.goto(url, wait_until="load", timeout=120_000)
        # Two frames later, what is to be seen has been drawn.
        page.evaluate(
            "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )
        print(time.perf_counter() - start)
        browser.close()
"""


def seconds_to_open(page: Path, times: int) -> list[float]:
    """From the address to the second frame after loading, each time in a new browser.

    ``PLAYWRIGHT_PYTHON`` names an interpreter that has Playwright, by default this one, and
    ``CHROMIUM`` the browser.

    Returns:
        Nothing where one of them is missing.
    """
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    python = os.environ.get("PLAYWRIGHT_PYTHON", sys.executable)
    if chromium is None:
        return []
    has = subprocess.run(
        [python, "-c", "import playwright"], capture_output=True, check=False
    ).returncode
    if has != 0:
        return []
    done = subprocess.run(
        [python, "-c", _PROGRAM, page.absolute().as_uri(), chromium, str(times), *_FLAGS],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [float(line) for line in done.stdout.split()]
