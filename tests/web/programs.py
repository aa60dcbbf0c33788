"""Programs that call `/api/v1`: with a token, and without a cookie."""

from __future__ import annotations

import json
from typing import Any

from browsers import Browser

from proscribe.model.accounts import Actor, Role

ROOT = Actor(0, "R. Ito", {"": Role.ADMINISTRATOR})


#: All that a program is told of what was not done.
PROBLEM = {"code", "what", "at", "expected", "next_step", "title", "status"}


class Program:
    """Calls with a token, and without a cookie."""

    def __init__(self, browser: Browser, token: str) -> None:
        self._browser = Browser(int(browser.host.split(":")[1]))
        self._token = token

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        sent = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        own = {"Authorization": f"Bearer {self._token}", "Origin": "", "Sec-Fetch-Site": "", **headers}
        answer = self._browser.call(method, f"/api/v1{path}", sent, own)
        told, kind = json.loads(answer.text), answer.headers["content-type"]
        assert kind == ("application/json" if answer.status < 400 else "application/problem+json")
        assert answer.status < 400 or (told["code"] and told["status"] == answer.status)
        return answer.status, told

    def get(self, path: str) -> tuple[int, Any]:
        return self.call("GET", path)
