"""A page as a real browser shows it: what it says in its console, whether it is too wide, and what axe finds."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from browser_parts import AXE, NoBrowser, chromium
from browsers import Browser

#: A phone, a laptop, and the laptop at 200 %.
PHONE, LAPTOP, ZOOMED = (390, 844), (1366, 768), (683, 384)
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
#: What finds faults by where and how large something is, besides what is there and how it is painted.
PLACED = ("target-size", "scrollable-region-focusable")
#: What a browser says of every page that is not there, the page itself being fine.
_REFUSED = "Failed to load resource: the server responded with a status of 4"
#: Counts the stops of the Tab key between what is focused and what says some words; rather too few than too many of them.
_STOPS_BEFORE = """(words) => {
  const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary")];
  const from = document.activeElement, groups = new Set();
  let stops = 0;
  for (const e of all) {
    if (from !== document.body && !(from.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING)) continue;
    if (e.disabled || e.type === "hidden" || e.tabIndex < 0 || !e.checkVisibility({visibilityProperty: true})) continue;
    const told = [e.tagName, e.name, e.value, e.textContent.trim()].join(" | ");
    if (words.every((word) => told.includes(word))) return stops;
    if (e.type === "radio" && (groups.has(e.name) || e.name === from.name)) continue;
    if (e.type === "radio") groups.add(e.name);
    stops += 1;
  }
  return 0;
}"""


@dataclass
class Seen:
    """A tab. It may enter where a plain browser has entered."""

    page: Any
    host: str
    said: list[str] = field(default_factory=list)

    def open(self, path: str, size: tuple[int, int] = PHONE, scheme: str = "light") -> int:
        """Open an address of the workbench; gives its status."""
        self.said.clear()
        self.sized(size)
        self.page.emulate_media(color_scheme=scheme)
        status: int = self.page.goto(f"http://{self.host}{path}").status
        self._without_refusal(status)
        return status

    def send(self, path: str, values: Sequence[tuple[str, str]]) -> int:
        """Send a form from the page that is shown; gives the status of what answers."""
        self.said.clear()
        with self.page.expect_navigation() as gone:
            self.page.evaluate(
                """([path, values]) => {
                  const form = document.createElement("form");
                  form.method = "post";
                  form.action = path;
                  for (const [name, value] of values) {
                    const field = document.createElement("input");
                    [field.type, field.name, field.value] = ["hidden", name, value];
                    form.append(field);
                  }
                  document.body.append(form);
                  form.submit();
                }""",
                [path, [list(one) for one in values]],
            )
        status: int = gone.value.status
        self._without_refusal(status)
        return status

    def _without_refusal(self, status: int) -> None:
        if status >= 400:
            self.said[:] = [line for line in self.said if not line.startswith(_REFUSED)]

    def sized(self, size: tuple[int, int]) -> None:
        """Change the size of the window, in pixels of a style sheet."""
        self.page.set_viewport_size({"width": size[0], "height": size[1]})

    def too_wide(self) -> list[str]:
        """Give what makes the page scroll sideways; nothing when it does not."""
        found: list[str] = self.page.evaluate(
            """() => {
              const most = document.documentElement.clientWidth;
              if (document.documentElement.scrollWidth <= most) return [];
              const wide = [...document.body.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > most + 1);
              return ["the page", ...wide.slice(0, 5).map((e) => e.outerHTML.slice(0, 120))];
            }"""
        )
        return found

    def painted(self) -> str:
        """Sum up what is there to be read, and how it is painted; apart from places and sizes, axe goes by nothing else."""
        told: str = self.page.evaluate(
            """() => [...document.querySelectorAll("*")].map((e) => {
              const [s, box] = [getComputedStyle(e), e.getBoundingClientRect()];
              return [
                e.checkVisibility(), box.width > 1 && box.height > 1, box.right > 0 && box.bottom + scrollY > 0, s.visibility,
                s.display, s.position, s.clipPath, s.opacity, s.color, s.backgroundColor, s.backgroundImage, s.fontSize,
                s.fontWeight, s.textDecorationLine, s.textTransform, s.borderBottomWidth,
              ].join();
            }).join(";")"""
        )
        return told

    def tabs_out_of_sight(self) -> list[str]:
        """Give the words of tabs of this very page that their row does not show whole."""
        found: list[str] = self.page.evaluate(
            """() => [...document.querySelectorAll(".tabs [aria-current]")].filter((tab) => {
              const [at, row] = [tab.getBoundingClientRect(), tab.closest(".tabs").getBoundingClientRect()];
              return at.left < row.left - 1 || at.right > row.right + 1;
            }).map((tab) => tab.textContent)"""
        )
        return found

    def faults(self, *rules: str) -> list[str]:
        """Give what axe finds, by all its rules up to WCAG 2.2 AA, or by those that are named."""
        if not self.page.evaluate("typeof axe === 'object'"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
            # pages that follow bring it along: so it is compiled once
            self.page.add_init_script(AXE.read_text(encoding="utf-8"))
        only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": RULES}
        told = self.page.evaluate(
            "(only) => axe.run(document, {runOnly: only, resultTypes: ['violations'], elementRef: false})",
            only,
        )
        return [
            f"{one['id']}: {one['help']}: {node['html'][:200]}"
            for one in told["violations"]
            for node in one["nodes"]
        ]

    def press(self, *keys: str) -> None:
        """Press keys, one after another."""
        for key in keys:
            self.page.keyboard.press(key)

    def focused(self) -> str:
        """Say what is focused: its name, its value, and its words."""
        told: str = self.page.evaluate(
            "() => { const e = document.activeElement; return [e.tagName, e.name, e.value, e.textContent.trim()].join(' | ') }"
        )
        return told

    def tab_to(self, *words: str, most: int = 150) -> None:
        """Go on with the Tab key until what is focused says all of these words."""
        # nothing that stands before it says them: of what the key goes through on the way, nobody asks
        ahead = min(most - 1, int(self.page.evaluate(_STOPS_BEFORE, list(words))))
        self.press(*["Tab"] * ahead)
        for _ in range(most - ahead):
            self.press("Tab")
            if all(word in self.focused() for word in words):
                return
        pytest.fail(f"{most} Tab keys do not lead to {words} on {self.page.url}")


@contextmanager
def real_browser() -> Iterator[Any]:
    """Start a Chromium; skip where there is none, or fail where `CI` is set."""
    try:
        from playwright.sync_api import sync_playwright

        found = chromium()
    except (NoBrowser, ImportError) as problem:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"no real browser: {problem}")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=found.program,
            args=["--disable-gpu"],  # what a page is like is the same, and nobody watches
            env={**os.environ, **found.environment},
        )
        try:
            yield started
        finally:
            started.close()


@contextmanager
def tab(started: Any, browser: Browser, **more: Any) -> Iterator[Seen]:
    """Open a tab that holds the session of a plain browser."""
    context = started.new_context(reduced_motion="reduce", **more)
    if browser.cookie:
        name, value = browser.cookie.split("=", 1)
        context.add_cookies(
            [{"name": name, "value": value, "url": f"http://{browser.host}", "httpOnly": True}]
        )
    # A page that follows a job looks again after 0.3 seconds: a test that did the job itself waits no longer.
    context.add_init_script(
        "((later) => { window.setTimeout = (act, ms) => later(act, Math.min(ms, 300)); })(window.setTimeout)"
    )
    seen = Seen(context.new_page(), browser.host)
    seen.page.set_default_timeout(60_000)
    seen.page.on("console", lambda line: seen.said.append(line.text))
    seen.page.on("pageerror", lambda problem: seen.said.append(str(problem)))
    try:
        yield seen
    finally:
        context.close()
