"""What strangers, other local users, careless people and full disks do to a workbench."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("uvicorn")

from browsers import Answer, Browser, do_here, entered, linked, settled, words, workbench
from cases_ready import ready_case, ready_scan

from proscribe.app.background.uploads import uploads
from proscribe.app.case.cases import open_cases
from proscribe.web.application import COOKIE, Workbench
from proscribe.web.connections import Bounds
from proscribe.web.server import configuration

Made = tuple[Workbench, Browser]


def new_store(folder: Path) -> str:
    place = str(folder / "cases.db")
    open_cases(place, create=True).store.close()
    return place


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Made]:
    with workbench(new_store(tmp_path), person="R. Ito") as made:
        yield made


def port_of(browser: Browser) -> int:
    return int(browser.host.split(":")[1])


def second(made: Workbench, browser: Browser) -> Browser:
    """Let another browser in."""
    other = Browser(port_of(browser))
    other.get(f"/enter?token={made.sessions.again()}")
    return other


def raw(browser: Browser, *pieces: bytes, end: bool = False, pause_s: float = 0.0) -> bytes:
    """Send bytes as they are, and give what comes back until the other end closes."""
    with socket.create_connection(("127.0.0.1", port_of(browser)), timeout=20) as line:
        with contextlib.suppress(OSError):  # ended meanwhile; what was answered is read all the same
            for piece in pieces:
                line.sendall(piece)
                time.sleep(pause_s)
        if end:
            return b""
        got = b""
        try:
            while piece := line.recv(65_536):
                got += piece
        except OSError:  # reset, which is an end too
            pass
        return got


def head(browser: Browser, path: str, length: str, kind: str = "application/x-www-form-urlencoded") -> bytes:
    return (
        f"POST {path} HTTP/1.1\r\nHost: {browser.host}\r\nCookie: {browser.cookie}\r\nOrigin: http://{browser.host}\r\n"
        f"Content-Type: {kind}\r\n{length}\r\n\r\n"
    ).encode()


def hidden(answer: Answer, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', answer.text)
    assert found is not None, answer.text
    return found[1]


# Connections


def test_three_hundred_connections_that_say_nothing_keep_nobody_out(bench: Made) -> None:
    browser = entered(*bench)
    idle = []
    try:
        for number in range(300):
            line = socket.create_connection(("127.0.0.1", port_of(browser)), timeout=20)
            if number % 2:
                line.sendall(b"GET / HTTP/1.1\r\nHost: ")
            idle.append(line)
        assert browser.get("/clocks").status == 200
    finally:
        for line in idle:
            line.close()


def test_a_connection_that_brings_no_whole_head_is_ended(tmp_path: Path) -> None:
    bounds = Bounds(head_seconds=0.3, most_waiting=3)
    with workbench(new_store(tmp_path), person="R. Ito", bounds=bounds) as made:
        browser = entered(*made)
        begun = time.monotonic()
        with contextlib.suppress(OSError):
            raw(browser, *[b"G"] * 200, pause_s=0.1)
        assert time.monotonic() - begun < 15  # of the twenty seconds that it would have taken
        lines = [socket.create_connection(("127.0.0.1", port_of(browser)), timeout=20) for _ in range(6)]
        assert browser.get("/clocks").status == 200
        for line in lines:  # each is ended, by its time or by those that came after it
            line.settimeout(10)
            with contextlib.suppress(ConnectionResetError):
                assert line.recv(1) == b""
            line.close()
        assert not bounds.waiting or len(bounds.waiting) <= 3


def test_the_end_of_an_answer_waits_for_no_client(tmp_path: Path) -> None:
    """A head and a body are two small writes: held back for the client's word of the first, each page takes 40 ms longer."""
    bounds = Bounds()
    with workbench(new_store(tmp_path), person="R. Ito", bounds=bounds) as (_, browser):
        host, port = browser.host.split(":")
        with socket.create_connection((host, int(port))):
            until_s = time.monotonic() + 20
            while not bounds.waiting and time.monotonic() < until_s:
                time.sleep(0.01)
            (held,) = bounds.waiting
            served = held.transport.get_extra_info("socket")
            assert served.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_an_answer_that_nobody_reads_is_given_up(tmp_path: Path) -> None:
    bounds = Bounds(head_seconds=0.5, write_seconds=0.5)
    with workbench(new_store(tmp_path), person="R. Ito", bounds=bounds) as made:
        browser = entered(*made)
        line = socket.socket()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2_048)
        line.connect(("127.0.0.1", port_of(browser)))
        asked = f"GET /clocks HTTP/1.1\r\nHost: {browser.host}\r\nCookie: {browser.cookie}\r\n\r\n".encode()
        line.sendall(asked * 400)
        until = time.monotonic() + 15
        gone = False
        while not gone and time.monotonic() < until:
            time.sleep(0.2)
            try:
                line.sendall(b"x")
            except OSError:
                gone = True
        line.close()
        assert gone
        assert browser.get("/clocks").status == 200


def test_more_requests_at_once_than_are_taken_are_told_to_come_again(tmp_path: Path) -> None:
    with workbench(
        new_store(tmp_path), person="R. Ito", most_requests=2, form_seconds=30, body_seconds=30
    ) as made:
        browser = entered(*made)
        lines = []
        for _ in range(2):
            line = socket.create_connection(("127.0.0.1", port_of(browser)), timeout=20)
            line.sendall(head(browser, "/name", "Content-Length: 50") + b"person=")
            lines.append(line)
        time.sleep(0.5)
        busy = browser.get("/clocks")
        assert busy.status == 503 and busy.headers["retry-after"]
        for line in lines:
            line.close()
        time.sleep(0.5)
        assert browser.get("/clocks").status == 200


# Bodies


def test_a_slow_form_a_silent_upload_and_a_body_without_end_are_ended(tmp_path: Path) -> None:
    with workbench(
        new_store(tmp_path), person="R. Ito", body_seconds=0.5, form_seconds=1.0, most_form_bytes=10_000,
        bounds=Bounds(head_seconds=1.0),
    ) as made:  # fmt: skip
        browser = entered(*made)
        browser.get("/")
        silent = raw(browser, head(browser, "/name", "Content-Length: 50"), b"person=M")
        assert silent.startswith(b"HTTP/1.1 408")
        slow = raw(browser, head(browser, "/name", "Content-Length: 5000"), *[b"x"] * 12, pause_s=0.2)
        assert slow.startswith(b"HTTP/1.1 408")
        kind = "multipart/form-data; boundary=x"
        part = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.csv"\r\n\r\nMaker'
        assert raw(browser, head(browser, "/uploads", "Content-Length: 5000", kind), part).startswith(
            b"HTTP/1.1 408"
        )
        chunk = b"400\r\n" + b"x" * 1024 + b"\r\n"
        endless = raw(browser, head(browser, "/name", "Transfer-Encoding: chunked"), *[chunk] * 20)
        assert endless.startswith(b"HTTP/1.1 413")
        assert "R. Ito" in browser.get("/").text


def test_a_stranger_is_refused_before_a_body_is_read(bench: Made) -> None:
    _, browser = bench
    with socket.create_connection(("127.0.0.1", port_of(browser)), timeout=20) as line:
        line.sendall(head(browser, "/uploads", "Content-Length: 999999999") + b"x")
        assert line.recv(100).startswith(b"HTTP/1.1 403")


def test_an_upload_that_breaks_off_at_its_end_leaves_nothing(bench: Made) -> None:
    made, browser = bench[0], entered(*bench)
    browser.get("/")
    mark = secrets.token_hex(8)
    body = (
        f'--{mark}\r\nContent-Disposition: form-data; name="form_token"\r\n\r\n{browser.form_token}\r\n'
        f'--{mark}\r\nContent-Disposition: form-data; name="files"; filename="a.csv"\r\n\r\n'
    ).encode() + b"Maker\nHikvision\n" * 20_000 + f"\r\n--{mark}--\r\n".encode()  # fmt: skip
    kind = f"multipart/form-data; boundary={mark}"
    cut = len(body) * 99 // 100
    raw(browser, head(browser, "/uploads", f"Content-Length: {len(body)}", kind) + body[:cut], end=True)
    time.sleep(0.5)
    with open_cases(made.settings.place) as cases:
        assert uploads(cases.store) == []
    assert not [one for one in Path(f"{made.settings.place}.files").rglob("*") if one.is_file()]
    whole = settled(made, browser, browser.call("POST", "/uploads", body, {"Content-Type": kind}))
    assert whole.status == 200 and "a.csv" in whole.text


def test_what_is_packed_in_many_layers_is_named_and_the_rest_is_read(bench: Made) -> None:
    made, browser = bench[0], entered(*bench)
    browser.get("/")
    packed, name = b"Maker\nHikvision\n", "a.csv"
    for layer in range(25):
        whole = io.BytesIO()
        with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, packed)
        packed, name = whole.getvalue(), f"l{layer}.zip"
    drawn = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><text>Hikvision</text></svg>'
    looked = settled(
        made,
        browser,
        browser.hand_in([("deep.zip", packed), ("drawn.csv", drawn), ("b.csv", b"Maker\nDahua\n")]),
    )
    assert looked.status == 200 and "E145" in looked.text and "l23.zip" in looked.text
    assert "b.csv" in looked.text and "<svg" not in looked.text


def test_a_full_disk_is_said_and_loses_nothing(bench: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    made, browser = bench[0], entered(*bench)
    assert browser.hand_in([("a.csv", b"Maker\nHikvision\n")]).status == 200
    room = shutil.disk_usage("/")
    with monkeypatch.context() as full:
        full.setattr(shutil, "disk_usage", lambda _: room._replace(free=1000))
        answer = browser.hand_in([("b.csv", b"Maker\nDahua\n")])
        assert answer.status == 503 and "E510" in answer.text

    def no_space(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(os, "fsync", no_space)
        answer = browser.hand_in([("b.csv", b"Maker\nDahua\n")])
        assert answer.status == 503 and "E510" in answer.text and "No space left" in answer.text
    with monkeypatch.context() as full:
        full.setattr("starlette.formparsers.SpooledTemporaryFile", no_space)
        answer = browser.hand_in([("b.csv", b"Maker\nDahua\n")])
        assert answer.status == 503 and "E510" in answer.text
    with open_cases(made.settings.place) as cases:
        kept = uploads(cases.store)
    assert [file.display for one in kept for file in one.files] == ["a.csv"]
    assert browser.get("/").status == 200


@pytest.mark.parametrize(
    "name",
    [
        "../../../../tmp/evil.csv",
        "..\\\\..\\\\evil.csv",
        "/etc/cron.d/evil",
        "a\x00b.csv",
        "%00%2e%2e%2f.csv",
    ],
)
def test_names_that_lead_elsewhere_stay_inside(bench: Made, name: str, tmp_path: Path) -> None:
    made, browser = bench[0], entered(*bench)
    browser.get("/")
    before = {one for one in tmp_path.rglob("*") if not one.name.startswith("cases.db")}
    answer = browser.hand_in([(name, b"Maker\nHikvision\n")])
    assert answer.status in (200, 400)
    folder = Path(f"{made.settings.place}.files")
    new = {one for one in tmp_path.rglob("*") if not one.name.startswith("cases.db")} - before
    assert all(folder in one.parents for one in new)
    assert not Path("/tmp/evil.csv").exists()


# Addresses


@pytest.mark.parametrize(
    "path",
    [
        "/%00", "/cases/%00", "/cases/..%2f..%2f", "/cases/%2e%2e/%2e%2e/etc/passwd", "/runs/J-1%00", "//evil.example/",
        "/static/%2e%2e%2fsettings.py", "/cases/C-0001%0d%0aSet-Cookie:x=1", "/uploads/%F0%9F%92%A9", "/cases/" + "x" * 8_000,
    ],
)  # fmt: skip
def test_addresses_that_lead_nowhere_are_not_found(bench: Made, path: str) -> None:
    browser = entered(*bench)
    answer = browser.call("GET", path, follow=False)
    assert answer.status in (400, 404), answer.text
    assert "set-cookie" not in answer.headers and "Traceback" not in answer.text


def test_nothing_but_an_answer_of_ours_sends_a_browser_on(bench: Made) -> None:
    browser = entered(*bench)
    for path in (
        "/clocks/",
        "/cases/C-0001/",
        "/api/v1/cases/",
        "//evil.example/",
        "/%2f%2fevil.example/",
        "/uploads/..%2f",
    ):
        answer = browser.call("GET", path, follow=False)
        assert answer.status in (401, 404) and "location" not in answer.headers, path


def test_values_and_cursors_that_nobody_knows_choose_nothing_and_break_nothing(bench: Made) -> None:
    browser = entered(*bench)
    case_id, ids = ready_case(bench[0].settings.place, 6)
    base = f"/cases/{case_id}"
    for query, told in {
        "band=zzz": "No finding of this case has the band “zzz”.", "firm=nosuch": "No finding of this case has the firm “nosuch”.",
        "role=%3Cscript%3E": "No finding of this case has the role “<script>”.",
        "run=99999999999999999999": "No finding of this case has the run “99999999999999999999”.",
        "run=1e3": "No finding of this case has the run “1e3”.", "group=__class__": "Findings are not gathered by “__class__”.",
        "judged=maybe": "“judged” is yes or no, and not “maybe”: it is left out.",
        "start=-5": "Findings are not chosen by “start”: it is left out.", "text=%00": "0 findings", "text=**": "findings",
        # a place that this list never gave shows it from its beginning
        "after=0-%D9%A1": "6 findings", "after=9-9": "6 findings", "after=0-999999999999999999999": "6 findings",
        "done=%3Cb%3E": "6 findings",
    }.items():  # fmt: skip
        for path in (f"{base}/findings", f"{base}/judge"):
            answer = browser.get(f"{path}?{query}")
            assert answer.status == 200 and "<script>" not in answer.text, (path, query)
            assert told in words(answer), (path, query)
        one = browser.get(f"{base}/findings/{ids[0]}?{query}")
        assert one.status == 200 and "<script>" not in one.text and "DS-2CD2042WD-I" in words(one)
    said = [("verdict", "zzz"), ("reason", "plate seen")]
    refused = browser.post(f"{base}/findings/{ids[0]}", said)
    assert refused.status == 422 and "It was not judged." in words(refused)
    assert "'zzz' is no verdict. Expected: same, different," in words(refused)


def test_a_foreign_name_in_the_request_line_opens_nothing(bench: Made) -> None:
    browser = entered(*bench)
    told = f"GET http://evil.example/ HTTP/1.1\r\nHost: {browser.host}\r\nCookie: {browser.cookie}\r\nConnection: close\r\n\r\n"
    assert not raw(browser, told.encode()).startswith(b"HTTP/1.1 200")
    twice = f"GET / HTTP/1.1\r\nHost: {browser.host}\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
    assert re.match(rb"HTTP/1.1 4(00|21)", raw(browser, twice.encode()))


def test_no_form_sends_a_browser_elsewhere(bench: Made) -> None:
    made, browser = bench[0], entered(*bench)
    case_id, ids = ready_case(made.settings.place)
    page = browser.get(f"/cases/{case_id}/findings/{ids[0]}")
    for number, target in enumerate(
        ("//evil.example", "https://evil.example/", "/\\evil.example", "x\r\nLocation: //evil.example")
    ):
        said = [("verdict", "same"), ("reason", f"plate {number}"), ("following", target)]
        answer = browser.post(page.path, said, follow=False)
        assert answer.status == 303
        assert answer.headers["location"].startswith(f"/cases/{case_id}/findings")
        assert "evil.example" not in answer.headers.get("set-cookie", "")


# Sessions


def test_a_session_that_somebody_else_fixed_is_not_taken(bench: Made) -> None:
    made, browser = bench
    browser.hold("a" * 43)
    browser.call("GET", f"/enter?token={made.settings.token}")
    assert browser.cookie.startswith(f"{COOKIE}-") and "a" * 43 not in browser.cookie
    stranger = Browser(port_of(browser))
    for name in (COOKIE, f"{COOKIE}-{port_of(browser)}"):
        stranger.cookie = f"{name}={'a' * 43}"
        assert stranger.get("/").status == 403


def test_two_workbenches_of_one_machine_share_a_jar_and_end_no_session(bench: Made, tmp_path: Path) -> None:
    made, browser = bench
    entered(made, browser)
    with workbench(str(tmp_path / "other.db"), person="Anna Weber") as (second_made, other):
        entered(second_made, other)
        jar = f"{browser.cookie}; {other.cookie}"
        assert browser.cookie.partition("=")[0] != other.cookie.partition("=")[0]
        browser.cookie = other.cookie = jar
        assert browser.get("/").status == other.get("/").status == 200


def test_the_token_stands_in_no_referer_no_log_and_no_page(
    bench: Made, caplog: pytest.LogCaptureFixture
) -> None:
    made, browser = bench
    with caplog.at_level(logging.DEBUG):
        answer = browser.call("GET", f"/enter?token={made.settings.token}", follow=False)
        page = browser.get("/")
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["location"] == "/"
    assert made.settings.token not in answer.text + page.text + caplog.text
    assert browser.cookie.split("=", 1)[1] not in page.text + caplog.text


def test_what_a_fault_repeats_moves_no_cursor_of_the_terminal(
    bench: Made, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    browser = entered(*bench)

    def fails(_call: object) -> None:
        raise ValueError("\x1b[2J\u202e\r forged")

    configuration("127.0.0.1", 0)  # as `serve` is started; that of these tests says nothing
    monkeypatch.setattr("proscribe.web.pages.cases.clocks", fails)
    answer = browser.get("/clocks")
    assert answer.status == 500 and "forged" not in answer.text
    said = capfd.readouterr().err
    assert "forged" in said and "Traceback" in said
    assert not set(said) & set("\x1b\u202e\r")


# Two people, twice the same, and Back


def test_a_double_click_judges_once(bench: Made) -> None:
    made, browser = bench[0], entered(*bench)
    case_id, ids = ready_case(made.settings.place)
    page = browser.get(f"/cases/{case_id}/findings/{ids[0]}")
    said = [("verdict", "same"), ("reason", "plate seen"), ("version", hidden(page, "version"))]
    got: list[int] = []
    clicks = [
        threading.Thread(target=lambda: got.append(browser.post(page.path, said, follow=False).status))
        for _ in range(2)
    ]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()
    assert sorted(got) == [303, 409]
    with open_cases(made.settings.place) as cases:
        assert len(cases.case(case_id).judgements) == 1


def test_a_double_click_scans_opens_and_asks_once(bench: Made) -> None:
    made, browser = bench[0], entered(*bench)
    browser.get("/")

    def twice(path: str, values: Sequence[tuple[str, str]] = ()) -> Answer:
        with ThreadPoolExecutor(2) as clicks:
            first, second = clicks.map(lambda _: browser.post(path, values), range(2))
        assert first.status == second.status == 200 and first.path == second.path
        return first

    looked = browser.hand_in([("inventory.csv", b"Asset;Maker;Model\nA1;Dahua;IPC-HFW2431S-S-S2\n")])
    run = twice(linked(looked, r"/uploads/U-[0-9a-f]+/scan"))
    do_here(made)
    case = twice(f"{run.path}/case", [("title", "Cameras")])
    asked = twice(f"{case.path}/law", [("situation", "own")])
    joined = twice(f"{case.path}/devices")
    assert asked.path != joined.path
    with open_cases(made.settings.place) as cases:
        assert [one.id for one in cases.store.cases()] == ["C-0001"]
    page = browser.get(f"{case.path}/judge?firm=dahua")
    said = [("verdict", "same"), ("reason", "plate seen")] + [
        (name, hidden(page, name)) for name in ("count", "digest", "seen")
    ]
    with ThreadPoolExecutor(2) as clicks:
        got = list(clicks.map(lambda _: browser.post(page.path, said, follow=False).status, range(2)))
    assert sorted(got) == [303, 409]
    with open_cases(made.settings.place) as cases:
        assert len(cases.case("C-0001").judgements) == 1


def test_a_form_without_version_or_with_more_seen_than_there_is_overwrites_nobody(bench: Made) -> None:
    made, browser = bench[0], entered(*bench)
    case_id, ids = ready_case(made.settings.place)
    with open_cases(made.settings.place) as cases:
        cases.judge(case_id, ids[0], "same", by="Kim Berg", reason="plate seen")
    said = [("verdict", "different"), ("reason", "another maker")]
    assert browser.post(f"/cases/{case_id}/findings/{ids[0]}", said, follow=False).status == 409
    page = browser.get(f"/cases/{case_id}/judge")
    many = [*said, *((name, hidden(page, name)) for name in ("count", "digest"))]
    for seen in ("1000000000", "999999999"):
        assert browser.post(f"/cases/{case_id}/judge", [*many, ("seen", seen)], follow=False).status == 422
    until = [("verdict", "cleared"), ("reason", "not ours at all"), ("until", "2026-W53-7")]
    assert browser.post(f"/cases/{case_id}/findings/{ids[1]}", until, follow=False).status == 422
    with open_cases(made.settings.place) as cases:
        assert [one.by for one in cases.case(case_id).judgements] == ["Kim Berg"]


def test_of_two_people_at_one_finding_one_is_told_what_the_other_said(bench: Made) -> None:
    made, browser = bench[0], entered(*bench)
    case_id, ids = ready_case(made.settings.place)
    other = second(made, browser)
    path = f"/cases/{case_id}/findings/{ids[0]}"
    version = hidden(browser.get(path), "version")
    assert hidden(other.get(path), "version") == version
    assert (
        browser.post(path, [("verdict", "same"), ("reason", "plate seen"), ("version", version)]).status
        == 200
    )
    late = other.post(path, [("verdict", "different"), ("reason", "another plate"), ("version", version)])
    assert late.status == 409 and "It was not judged. E422" in words(late)
    assert "has changed since version" in words(late) and ": judged by R. Ito at " in words(late)
    assert "another plate" in late.text  # what was typed stays
    with open_cases(made.settings.place) as cases:
        assert [(one.by, one.reason) for one in cases.case(case_id).judgements] == [("R. Ito", "plate seen")]


def test_back_after_a_judgement_of_many_judges_nothing_again(bench: Made) -> None:
    made, browser = bench[0], entered(*bench)
    case_id, _ = ready_case(made.settings.place)
    shown = browser.get(f"/cases/{case_id}/judge?firm=dahua")
    told = [("verdict", "unsure"), ("reason", "to be photographed")]
    told += [(name, hidden(shown, name)) for name in ("count", "digest", "seen")]
    assert browser.post(f"/cases/{case_id}/judge?firm=dahua", told).status == 200
    again = browser.post(f"/cases/{case_id}/judge?firm=dahua", told)
    assert again.status == 409 and "Nothing was judged. E448" in words(again)
    assert f"R. Ito judged one of these findings of case {case_id} meanwhile: unsure." in words(again)
    with open_cases(made.settings.place) as cases:
        assert len(cases.case(case_id).judgements) == 3


def test_many_are_not_judged_while_a_run_brings_others_that_fit(bench: Made) -> None:
    made, browser = bench[0], entered(*bench)
    case_id, _ = ready_case(made.settings.place)
    path = f"/cases/{case_id}/judge?firm=dahua"
    shown = browser.get(path)
    told = [("verdict", "different"), ("reason", "another maker")]
    sent = [(name, hidden(shown, name)) for name in ("count", "digest", "seen")]
    with open_cases(made.settings.place) as cases:
        cases.attach(case_id, ready_scan(4), "further.json", by="A. Setup")
    late = browser.post(path, [*told, *sent])
    assert late.status == 409 and "Nothing was judged. E448" in words(late)
    assert "5 findings" in words(late)  # as many as fit now, to be looked at again
    with open_cases(made.settings.place) as cases:
        assert not cases.case(case_id).judgements
    again = browser.get(path)
    assert hidden(again, "count") == str(int(dict(sent)["count"]) + 2)
    anew = [(name, hidden(again, name)) for name in ("count", "digest", "seen")]
    assert browser.post(path, [*told, *anew]).status == 200


def test_things_of_another_case_are_not_found_under_this_one(bench: Made) -> None:
    made, browser = bench[0], entered(*bench)
    mine, ids = ready_case(made.settings.place)
    other, others = ready_case(made.settings.place, title="Secret")
    assert browser.get(f"/cases/{other}/findings/{others[0]}").status == 200
    for path in (
        f"/cases/{mine}/findings/{others[0]}",
        f"/cases/{other}/findings/{ids[0]}",
        f"/cases/{mine}/documents/DOC-1/x.pdf",
    ):
        answer = browser.get(path)
        assert answer.status == 404, path
        assert "Secret" not in answer.text
    said = [("verdict", "same"), ("reason", "guessed")]
    assert browser.post(f"/cases/{mine}/findings/{others[0]}", said).status == 404
    # a place of another filter or case is a number, and shows what this filter chooses after it
    assert browser.get(f"/cases/{mine}/findings?after=999999999999999999999").status == 200
    assert browser.get(f"/cases/{mine}/findings?after=%C2%B2").status == 200
    superscript = browser.post(f"/cases/{mine}/findings/{ids[0]}", [*said, ("version", "²")])
    assert superscript.status == 409  # a version that no case has, which overwrites nothing
    chosen = browser.get(f"/cases/{mine}/findings?after=-9&firm=dahua&band=unheard&verdict=%3Cb%3E")
    assert chosen.status == 200 and "No finding of this case has the band “unheard”." in words(chosen)


# A server that is killed


def _serve(place: Path, tmp_path: Path) -> tuple[subprocess.Popen[str], Browser]:
    about = os.environ | {"PYTHONUNBUFFERED": "1", "TMPDIR": str(tmp_path)}
    command = [
        sys.executable,
        "-m",
        "proscribe",
        "serve",
        "--no-browser",
        "--store",
        str(place),
        "--by",
        "R. Ito",
    ]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=about)
    assert running.stdout is not None
    found = re.search(r"http://localhost:(\d+)(/enter\S+)", running.stdout.readline())
    assert found is not None
    browser = Browser(int(found[1]))
    browser.get(found[2])
    return running, browser


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_server_that_is_killed_in_an_upload_and_a_write_leaves_a_sound_store(tmp_path: Path) -> None:
    place = tmp_path / "cases.db"
    case_id, ids = ready_case(str(place), 12)
    running, browser = _serve(place, tmp_path)
    mark, writes = secrets.token_hex(8), 0
    try:
        browser.get("/")
        kind = f"multipart/form-data; boundary={mark}"
        line = socket.create_connection(("127.0.0.1", port_of(browser)), timeout=20)
        line.sendall(head(browser, "/uploads", "Content-Length: 90000000", kind))
        line.sendall(
            f'--{mark}\r\nContent-Disposition: form-data; name="files"; filename="a.csv"\r\n\r\n'.encode()
        )
        line.sendall(b"Maker\nHikvision\n" * 200_000)

        def judging() -> None:
            nonlocal writes
            for finding in ids:
                try:
                    said = [("verdict", "same"), ("reason", "plate seen")]
                    path = f"/cases/{case_id}/findings/{finding}"
                    writes += browser.post(path, said, follow=False).status == 303
                except Exception:  # killed meanwhile
                    return

        judges = threading.Thread(target=judging)
        judges.start()
        until = time.monotonic() + 60
        while writes < 3 and time.monotonic() < until:
            time.sleep(0.01)
        children = _children(running.pid)
        running.send_signal(signal.SIGKILL)
        judges.join(30)
        line.close()
    finally:
        running.kill()
        running.wait(10)
    assert writes >= 3
    with open_cases(place) as cases:
        assert cases.store.verify() == []
        assert len(cases.case(case_id).judgements) in (writes, writes + 1)  # what was answered was written
        assert uploads(cases.store) == []
    until = time.monotonic() + 30
    while any(_alive(one) for one in children) and time.monotonic() < until:
        time.sleep(0.2)
    assert children and not any(_alive(one) for one in children)  # the worker beside it ended too


def _children(pid: int) -> list[int]:
    told: list[int] = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields: Any = (folder / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            told.append(int(folder.name))
    return told


def _alive(pid: int) -> bool:
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
