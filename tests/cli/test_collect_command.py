"""`proscribe collect`: what it refuses, what it shows, what it leaves behind."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from proscribe.app.scan import collect as pipeline
from proscribe.cli.main import cli
from proscribe.model.captures import read_line

PROTOCOLS = ("onvif", "ssdp", "mdns", "sadp", "dhip", "snmp", "http")


def run(*arguments: str) -> Result:
    done = CliRunner().invoke(cli, ["collect", *arguments], prog_name="proscribe")
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    for name in ("socket", "create_connection", "getaddrinfo", "gethostbyname"):
        monkeypatch.setattr(socket, name, refuse)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_dry_run_shows_every_question_and_sends_nothing(
    no_network: None, protocol: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    more = ("--community", "x") if protocol == "snmp" else ()
    done = run(protocol, "--targets", "192.168.1.64/31", "--dry-run", *more)
    assert done.exit_code == 0, done.output
    for address in ("192.168.1.64:", "192.168.1.65:"):
        assert address in done.output
    assert "Nothing is sent now" in done.output
    assert not list(tmp_path.iterdir())


def test_a_dry_run_shows_the_very_bytes(no_network: None) -> None:
    shown = run("ssdp", "--targets", "10.0.0.1", "--dry-run").output
    assert "M-SEARCH * HTTP/1.1\\r" in shown and "10.0.0.1:1900 udp search" in shown
    frame = run("dhip", "--targets", "10.0.0.1", "--dry-run").output
    assert "20 00 00 00 44 48 49 50" in frame
    secret = run("snmp", "--targets", "10.0.0.1", "--community", "hall-42", "--dry-run").output
    assert "hall-42" not in secret and b"hall-42".hex(" ") not in secret and "2a 2a 2a" in secret


def test_a_dry_run_shows_what_an_answer_leads_to(no_network: None) -> None:
    onvif = run("onvif", "--targets", "10.0.0.1", "--dry-run").output
    for name in ("GetDeviceInformation", "GetScopes", "GetHostname"):
        assert f"<{name} xmlns=" in onvif
    assert "10.0.0.1:80 tcp GetScopes" in onvif and "POST /onvif/device_service HTTP/1.1" in onvif
    assert "GET /favicon.ico" in run("http", "--targets", "10.0.0.1", "--dry-run").output
    assert "10.0.0.1:49152 tcp description" in run("ssdp", "--targets", "10.0.0.1", "--dry-run").output
    assert "is asked further" in run("ssdp", "--targets", "10.0.0.0/28", "--multicast", "--dry-run").output
    assert "is asked further" not in run("sadp", "--targets", "10.0.0.1", "--dry-run").output


def test_multicast_is_said_in_a_dry_run(no_network: None) -> None:
    shown = run("sadp", "--targets", "10.0.0.0/24", "--multicast", "--dry-run").output
    assert "239.255.255.250:37020 udp" in shown and "every device on the segment hears" in shown


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("http", "--targets", "camera.example"), "E520"),
        (("http", "--targets", "10.0.0.0/8"), "E521"),
        (("http", "--targets", "8.8.8.8"), "E522"),
        (("http", "--targets", "224.0.0.1"), "E523"),
        (("snmp", "--targets", "10.0.0.1"), "E525"),
        (("sadp", "--targets", "10.0.0.1", "--interface", "10.0.0.5"), "E526"),
        (("sadp", "--targets", "10.0.0.1", "--multicast", "--interface", "eth0"), "E526"),
        (("sadp", "--targets", "fd00::1", "--multicast"), "E526"),
        (("snmp", "--targets", "10.0.0.1", "--community", "c" * 256), "E526"),
    ],
)
def test_refusals(no_network: None, arguments: tuple[str, ...], code: str) -> None:
    done = run(*arguments)
    assert done.exit_code == 2 and code in done.output


@pytest.mark.parametrize(
    "arguments",
    [("--rate", "0"), ("--rate", "100000"), ("--timeout", "0"), ("--timeout", "nan"), ("--port", "0")],
)
def test_bounds_of_numbers(no_network: None, arguments: tuple[str, ...]) -> None:
    done = run("http", "--targets", "10.0.0.1", *arguments)
    assert done.exit_code == 2 and arguments[0] in done.output


def test_targets_must_be_named(no_network: None) -> None:
    done = run("sadp")
    assert done.exit_code == 2 and "--targets" in done.output


def test_a_capture_is_not_written_over(no_network: None, tmp_path: Path) -> None:
    there = tmp_path / "c.jsonl"
    there.write_text("evidence")
    done = run("sadp", "--targets", "127.0.0.1", "-o", str(there))
    assert done.exit_code == 2 and "E529" in done.output and there.read_text() == "evidence"


def test_a_missing_folder_is_said_before_anything_is_sent(no_network: None, tmp_path: Path) -> None:
    done = run("sadp", "--targets", "127.0.0.1", "-o", str(tmp_path / "no" / "c.jsonl"))
    assert done.exit_code == 5 and "E510" in done.output


def test_the_community_comes_from_the_environment(no_network: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROSCRIBE_SNMP_COMMUNITY", "hall-42")
    assert run("snmp", "--targets", "10.0.0.1", "--dry-run").exit_code == 0


def test_a_stopped_run_keeps_what_came(tmp_path: Path) -> None:
    plan = pipeline.prepare("sadp", "10.0.0.0/29", timeout_s=0.1)

    class Stopping:
        def __init__(self) -> None:
            self.sent = 0

        def datagrams(self, *_: object) -> Stopping:
            return self

        def send(self, _: object) -> str:
            self.sent += 1
            if self.sent == 3:
                raise KeyboardInterrupt
            return ""

        def receive(self, _: float) -> tuple[bytes, str, int] | None:
            return (b"<ProbeMatch/>", "10.0.0.1", 37020) if self.sent == 1 else None

        def close(self) -> None:
            pass

    out = tmp_path / "c.jsonl"
    done = pipeline.run(plan, out, wire=Stopping())  # type: ignore[arg-type]
    assert done.stopped and done.answered == 1
    lines = [read_line(line)[0] for line in out.read_bytes().splitlines()]
    assert lines[-1].complete is False  # type: ignore[union-attr]
    assert [path.name for path in tmp_path.iterdir()] == ["c.jsonl"]


def test_a_capture_goes_to_standard_output(udp: int) -> None:
    done = CliRunner().invoke(
        cli,
        [
            "collect",
            "sadp",
            "--targets",
            "127.0.0.1",
            "--port",
            str(udp),
            "--timeout",
            "0.2",
            "-o",
            "-",
            "--quiet",
            "--attempts",
            "1",
        ],
    )
    assert done.exit_code == 0
    assert done.output.splitlines()[0].startswith('{"addresses":1')


@pytest.fixture
def udp() -> Iterator[Any]:
    holder = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    holder.bind(("127.0.0.1", 0))
    yield holder.getsockname()[1]
    holder.close()
