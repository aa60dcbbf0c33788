"""Take the pictures of the workbench, `docs/pictures/workbench-*.png`, of the made-up company of `proscribe serve --demo`.

Run `python docs/make_workbench_pictures.py` in the root of the repository. It needs the extra `web`, playwright, and a Chromium
(`python tests/web/browser_parts.py` fetches one where the system has none). It takes about a minute.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "docs/pictures"
sys.path.insert(0, str(ROOT / "tests/web"))

from browser_parts import chromium  # noqa: E402

LAPTOP, PHONE = (1366, 680), (390, 844)
MOST_BYTES = 120 * 1024
#: A scan of thirteen files on a busy machine.
PATIENCE_MS = 300_000


@contextmanager
def demo() -> Iterator[str]:
    """Serve the example company; gives the address that opens it."""
    command = [sys.executable, "-m", "proscribe", "serve", "--demo", "--no-browser", "--port", "0"]
    served = subprocess.Popen(  # noqa: S603
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    )
    try:
        assert served.stdout is not None
        for line in served.stdout:
            if found := re.search(r"http://\S+", line):
                yield found[0]
                return
        raise RuntimeError("proscribe serve --demo ended before it was open")
    finally:
        served.terminate()
        served.wait(30)


def take(page: Any, name: str, size: tuple[int, int] = LAPTOP) -> None:
    """Write what a window of this size shows of a page.

    Raises:
        ValueError: the picture is larger than 120 KiB.
    """
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.evaluate("scrollTo(0, 0); document.activeElement.blur()")
    picture = page.screenshot()
    if len(picture) > MOST_BYTES:
        raise ValueError(f"{name} takes {len(picture):,} bytes; at most {MOST_BYTES:,} are kept")
    (TARGET / f"workbench-{name}.png").write_bytes(picture)
    print(f"workbench-{name}.png: {len(picture):,} bytes")


def case_of_the_example(page: Any, address: str) -> str:
    """Scan the example's files, open a case, ask the law; gives the address of the case."""
    page.goto(address)
    take(page, "start")
    page.locator("a[href^='/uploads/']").first.click()
    page.get_by_role("button", name="Scan these files").first.click()
    page.get_by_role("button", name="Open a case").wait_for()
    page.locator("[name=title]").fill("Cameras and networks at every site")
    page.get_by_role("button", name="Open a case").click()
    page.wait_for_url("**/cases/C-*")
    case: str = page.url
    page.goto(f"{case}/law")
    page.locator("[name=situation][value=own]").check()
    page.get_by_role("button", name="Ask the law").click()
    page.get_by_text("Answer what you know").wait_for()
    return case


def main() -> None:
    """Take every picture."""
    found = chromium()
    with demo() as address, sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=found.program, env={**os.environ, **found.environment}
        )
        page = started.new_page(reduced_motion="reduce", color_scheme="light")
        page.set_default_timeout(PATIENCE_MS)
        page.set_viewport_size({"width": LAPTOP[0], "height": LAPTOP[1]})
        case = case_of_the_example(page, address)
        take(page, "law")
        page.goto(f"{case}/findings")
        take(page, "findings")
        take(page, "findings-phone", PHONE)
        started.close()


if __name__ == "__main__":
    main()
