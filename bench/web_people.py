"""What people do in the workbench while bench/web.py measures it; read by locust, with the file ABOUT of who they are."""

from __future__ import annotations

import hmac
import itertools
import json
import os
import random
import re
import sys
from pathlib import Path
from urllib.parse import urlencode

from locust import FastHttpUser, constant, task

_ABOUT = json.loads(Path(os.environ["ABOUT"]).read_text(encoding="utf-8"))
_NAMES = itertools.count()
_FIRMS = ("huawei", "hikvision", "dahua", "zte", "hytera")
_BASE = f"/cases/{_ABOUT['case']}"
_QUEUE = f"{_BASE}/findings"


class _Signed(FastHttpUser):
    abstract = True
    wait_time = constant(1)
    connection_timeout = network_timeout = 60.0

    def on_start(self) -> None:
        """Take the session of the next person."""
        self.name = _ABOUT["people"][next(_NAMES) % len(_ABOUT["people"])]
        self.form_token = hmac.new(self.name.encode(), b"form", "sha256").hexdigest()
        self.held: list[str] = []
        self.after = ""
        self.dice = random.Random(self.name)

    def ask(self, path: str, name: str, form: dict[str, str] | None = None) -> str:
        """Open a page, or send a form; anything but a page, or an answer that sends on, is a failure.

        Fifty people who judge the same findings are refused where another was quicker: that is how it should be, and no failure.
        """
        headers = {
            "Host": _ABOUT["host"], "X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.7",
            "Cookie": f"{_ABOUT['cookie']}={self.name}",
        }  # fmt: skip
        method, data = "GET", None
        if form is not None:
            method, data = "POST", urlencode({**form, "form_token": self.form_token})
            headers |= {
                "Origin": f"https://{_ABOUT['host']}", "Sec-Fetch-Site": "same-origin",
                "Content-Type": "application/x-www-form-urlencoded",
            }  # fmt: skip
        with self.client.request(
            method, path, name=name, headers=headers, data=data, allow_redirects=False, catch_response=True
        ) as answer:
            if answer.status_code == 409 and form is not None:
                answer.success()
                return ""
            if answer.status_code not in (200, 303):
                said = re.sub(r"<[^>]*>|\s+", " ", answer.text or str(answer.error))
                answer.failure(f"status {answer.status_code}")
                print(f"{name}: status {answer.status_code}: {said[-600:]}", file=sys.stderr)
                return ""
            return answer.text or ""


class Analyst(_Signed):
    """Looks through findings, searches, gathers them, opens one, and judges one now and then."""

    weight = 1

    @task(3)
    def queue(self) -> None:
        """Open the findings."""
        page = self.ask(_QUEUE, "queue")
        self.held = re.findall(r"/findings/(f_[0-9a-f]+)", page) or self.held
        if found := re.search(r"after=([\d-]+)", page):
            self.after = found.group(1)

    @task(3)
    def filter(self) -> None:
        """Choose some of them."""
        chosen = {
            "firm": self.dice.choice(_FIRMS),
            "band": self.dice.choice(("possible", "probable", "confirmed")),
        }
        if self.dice.random() < 0.5:
            chosen["site"] = f"Site {self.dice.randrange(60):02d}"
        self.ask(f"{_QUEUE}?{urlencode(chosen)}", "filter")

    @task(3)
    def following(self) -> None:
        """Go on to the next page."""
        if not self.after:
            return self.queue()
        page = self.ask(f"{_QUEUE}?after={self.after}", "next")
        self.held = re.findall(r"/findings/(f_[0-9a-f]+)", page) or self.held
        found = re.search(r"after=([\d-]+)", page)
        self.after = found.group(1) if found else ""
        return None

    @task(2)
    def search(self) -> None:
        """Look for an asset, or for all that stand on a floor of a kind."""
        row = self.dice.randrange(1, 50_000)
        text = f"a-{row:06d}" if self.dice.random() < 0.7 else f"camera {row % 997}"
        self.ask(f"{_QUEUE}?{urlencode({'text': text})}", "search")

    @task(1)
    def group(self) -> None:
        """Gather the findings."""
        self.ask(f"{_QUEUE}?group={self.dice.choice(('site', 'firm', 'input', 'outcome'))}", "group")

    @task(4)
    def finding(self) -> None:
        """Open one."""
        if not self.held:
            return self.queue()
        self.ask(f"{_QUEUE}/{self.dice.choice(self.held)}", "finding")
        return None

    @task(1)
    def judge(self) -> None:
        """Open one, and judge it as it was seen."""
        if self.held:
            path = f"{_QUEUE}/{self.dice.choice(self.held)}"
            seen = re.search(r'name="version" value="([0-9]+)"', self.ask(path, "finding"))
            if seen:
                told = {"verdict": self.dice.choice(("same", "unsure")), "reason": "label read on site"}
                self.ask(path, "judge one", {**told, "version": seen[1]})


class Bulk(_Signed):
    """Judges many at a time."""

    fixed_count = 1
    wait_time = constant(10)

    @task
    def judge_all(self) -> None:
        """Look at what a filter chooses, and judge all of it."""
        path = f"{_BASE}/judge?{urlencode([(key, one) for key, values in _ABOUT['bulk'].items() for one in values])}"
        page = self.ask(path, "(preview of 5,000)")
        told = dict(re.findall(r'name="(count|digest|seen)" value="([0-9a-f]+)"', page))
        if len(told) == 3:
            verdict = self.dice.choice(("same", "unsure"))
            self.ask(path, "judge 5,000", {**told, "verdict": verdict, "reason": "all of one delivery"})
