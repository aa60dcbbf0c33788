"""A workbench that is served on a loopback port, and a plain browser to call it: the standard library's HTTP client."""

from __future__ import annotations

import http.client
import re
import secrets
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from html import unescape
from typing import Any
from urllib.parse import urlencode

import uvicorn

from proscribe.app.background import jobs
from proscribe.app.background.job_work import Setting, parts_of
from proscribe.app.case.cases import open_cases
from proscribe.casework import jobs as table
from proscribe.casework.files import Files
from proscribe.model.errors import ProscribeError
from proscribe.model.jobs import JobState
from proscribe.web.application import COOKIE, Workbench
from proscribe.web.connections import Bounds, protocol
from proscribe.web.server import configuration
from proscribe.web.settings import Settings

INVENTORY = "Asset;Maker;Model;Site\nA1;Hikvision;DS-2CD2143G2-I;Mill Lane\nA2;Axis;P3245-V;Mill Lane\nA3;Dahua;IPC-HFW2431S-S-S2;Depot\n"
HOSTILE = "<script>alert(1)</script>{{7*7}}\u202e javascript:alert(1) hx-get=/x"


@dataclass
class Answer:
    """What came back."""

    status: int
    text: str
    headers: Mapping[str, str]
    path: str
    cookies: tuple[str, ...] = ()


def words(answer: Answer) -> str:
    """Give what a page says, without its marks."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


class Browser:
    """Keeps a cookie, follows redirects, and says where its forms come from, as browsers do."""

    def __init__(self, port: int) -> None:
        self.host = f"127.0.0.1:{port}"
        self._port = port
        self.cookie = ""
        self.form_token = ""

    def hold(self, session: str) -> None:
        """Hold the cookie of a session."""
        self.cookie = f"{COOKIE}-{self._port}={session}"

    def call(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        *,
        follow: bool = True,
    ) -> Answer:
        own = {"Host": self.host, "Cookie": self.cookie}
        if method == "POST":
            own |= {"Origin": f"http://{self.host}", "Sec-Fetch-Site": "same-origin"}
        line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=300)
        line.request(
            method, path, body, {name: value for name, value in {**own, **(headers or {})}.items() if value}
        )
        got = line.getresponse()
        told = {name.lower(): value for name, value in got.getheaders()}
        is_data = told.get("content-type") == "application/octet-stream"
        text = got.read().decode("latin-1" if is_data else "utf-8", "replace")
        line.close()
        if "set-cookie" in told:
            self.cookie = told["set-cookie"].split(";")[0]
        token = re.search(r'name="form_token" value="([^"]+)"', text)
        self.form_token = unescape(token[1]) if token else self.form_token
        if follow and got.status == 303:
            return self.call("GET", told["location"])
        return Answer(got.status, text, told, path, tuple(got.headers.get_all("set-cookie") or ()))

    def get(self, path: str, **headers: str) -> Answer:
        return self.call("GET", path, headers=headers)

    def post(self, path: str, values: Sequence[tuple[str, str]] = (), **more: Any) -> Answer:
        sent = urlencode([*values, ("form_token", more.pop("token", self.form_token))]).encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.call("POST", path, sent, {**kind, **more.pop("headers", {})}, **more)

    def hand_in(self, files: Sequence[tuple[str, bytes]], **more: Any) -> Answer:
        mark = secrets.token_hex(16)
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in (("form_token", self.form_token), *more.pop("more", ()))
        ]
        for name, content in files:
            head = f'--{mark}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'
            parts += [head.encode(), content, b"\r\n"]
        body = b"".join([*parts, f"--{mark}--\r\n".encode()])
        kind = {"Content-Type": f"multipart/form-data; boundary={mark}"}
        return self.call(
            "POST", more.pop("path", "/uploads"), body, {**kind, **more.pop("headers", {})}, **more
        )


@contextmanager
def workbench(
    place: str, *, bounds: Bounds | None = None, **more: Any
) -> Iterator[tuple[Workbench, Browser]]:
    """Serve a workbench in a thread, and give it with a browser that has not entered yet."""
    config = configuration(
        "127.0.0.1", 0, log_level="critical", **({"http": protocol(bounds)} if bounds else {})
    )
    listening = config.bind_socket()
    port = listening.getsockname()[1]
    made = Workbench(
        replace(
            Settings(place, **more),
            hosts=more.get("hosts") or frozenset({f"127.0.0.1:{port}", f"localhost:{port}"}),
        )
    )
    config.app = made.application
    server = uvicorn.Server(config)
    running = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    running.start()
    while not server.started and running.is_alive():
        time.sleep(0.01)
    try:
        yield made, Browser(port)
    finally:
        server.should_exit = True
        running.join(10)
        listening.close()


def entered(made: Workbench, browser: Browser) -> Browser:
    """Let a browser in."""
    browser.get(f"/enter?token={made.settings.token}")
    assert browser.cookie.startswith(f"{COOKIE}-{browser.host.partition(':')[2]}=")
    return browser


def do_jobs(made: Workbench) -> None:
    """Let a worker do what waits."""
    with open_cases(made.settings.place) as cases:
        jobs.work(cases.store, once=True)


def do_here(made: Workbench) -> None:
    """Do what waits in this process, as that of a job does it."""
    with open_cases(made.settings.place) as cases:
        store, files = cases.store, Files.of(cases.store)
        while (job := table.take(store, "here")) is not None:
            setting = Setting(
                store=store, originals=job.originals, files=files, parts=parts_of(files, job.id)
            )
            try:
                answer = jobs.run_job(job.spec(), setting=setting)
            except ProscribeError as known:
                at = setting.as_named(known.at)
                table.finish(store, job.id, "here", JobState.FAILED, code=known.code, what=known.what, at=at)
            else:
                made_of = (answer.name, *files.put(answer.pieces()))
                table.finish(store, job.id, "here", JobState.DONE, result=made_of)


def settled(made: Workbench, browser: Browser, answer: Answer) -> Answer:
    """Wait until the job that a page follows is over, and give the page as it is then."""
    assert answer.status == 200 and "data-follow" in answer.text, answer.text
    do_here(made)
    return browser.get(answer.path)


def sent(bench: tuple[Workbench, Browser], path: str, values: Sequence[tuple[str, str]] = ()) -> Answer:
    """Send a form for which a job works, and give the page once it is over."""
    return settled(*bench, bench[1].post(path, values))


def linked(answer: Answer, pattern: str) -> str:
    found = re.search(rf'(?:href|action)="({pattern})"', answer.text)
    assert found is not None, answer.text
    return unescape(found[1])


def hidden(answer: Answer, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', answer.text)
    assert found is not None, answer.text
    return unescape(found[1])


def opened(bench: tuple[Workbench, Browser], files: list[tuple[str, bytes]]) -> str:
    """Hand files in, scan them and open a case; gives its address."""
    made, browser = bench
    looked = browser.hand_in(files)
    assert looked.status == 200, looked.text
    run = browser.post(linked(looked, r"/uploads/U-[0-9a-f]+/scan"))
    assert "Queued" in run.text or "Running" in run.text
    done = settled(made, browser, run)
    case = browser.post(linked(done, r"/runs/J-\d+/case"))
    assert case.status == 200
    return case.path


def finding_page(browser: Browser, case: str, where: str = "") -> Answer:
    return browser.get(linked(browser.get(f"{case}/findings{where}"), rf"{case}/findings/f_[0-9a-f]+[^\"]*"))
