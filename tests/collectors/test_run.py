"""A run on a network of paper: who is asked, how fast, and whose words are kept."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest

from proscribe.collectors import COLLECTORS, Outcome, Pace, Scope, Settings, collect, planned
from proscribe.collectors.wire import SocketWire, Streamed
from proscribe.model.captures import Exchange
from proscribe.model.errors import EnvironmentProblem

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
TWO = Scope.of(["10.0.0.0/30"], ["10.0.0.1", "10.0.0.2"])


def run(
    name: str, scope: Scope, paper: Any, clock: Any, settings: Settings | None = None
) -> tuple[list[Exchange], Outcome]:
    outcome = Outcome()
    chosen = settings or Settings(timeout_s=1.0)
    made = list(
        collect(
            COLLECTORS[name], scope, chosen, outcome, wire=paper, pace=Pace(chosen.rate, clock, clock.sleep), clock=clock,
            now=lambda: NOW,
        )
    )  # fmt: skip
    return made, outcome


def test_answers_are_kept_and_silence_is_written_down(paper: Any, clock: Any, words: Any) -> None:
    paper.answers["10.0.0.1"] = [(words["sadp"](), "10.0.0.1", 37020)]
    made, outcome = run("sadp", TWO, paper, clock)
    assert [(item.address, item.source, item.failure) for item in made] == [
        ("10.0.0.1", "10.0.0.1", ""), ("10.0.0.2", "", "no answer"),
    ]  # fmt: skip
    assert made[0].answer == words["sadp"]() and made[0].sent == paper.sent[0][1].payload
    assert outcome.complete and outcome.answered == {"10.0.0.1"} and outcome.targets == 2
    assert paper.closed == 1


def test_only_the_silent_are_asked_again(paper: Any, clock: Any, words: Any) -> None:
    paper.answers["10.0.0.1"] = [(words["sadp"](), "10.0.0.1", 37020)]
    run("sadp", TWO, paper, clock, Settings(timeout_s=1.0, attempts=3))
    asked = [ask.address for _, ask in paper.sent]
    assert asked == ["10.0.0.1", "10.0.0.2", "10.0.0.2", "10.0.0.2"]


def test_words_of_others_are_thrown_away(paper: Any, clock: Any, words: Any) -> None:
    paper.answers["10.0.0.1"] = [(words["sadp"](), "10.0.0.99", 37020), (words["sadp"](), "8.8.8.8", 37020)]
    made, outcome = run("sadp", TWO, paper, clock)
    assert outcome.outside >= 2 and not outcome.answered
    assert all(item.answer is None for item in made)


@pytest.mark.parametrize("rate", [1, 7, 50])
def test_the_pace_is_kept(paper: Any, clock: Any, rate: int) -> None:
    scope = Scope.of(["x"], [f"10.0.0.{number}" for number in range(1, 41)])
    run("dhip", scope, paper, clock, Settings(rate=rate, timeout_s=0.5, attempts=1))
    times = [moment for moment, _ in paper.sent]
    assert len(times) == 40
    assert all(later - earlier >= 1 / rate - 1e-9 for earlier, later in pairwise(times))


def test_idle_time_is_not_saved_up(clock: Any) -> None:
    pace = Pace(10, clock, clock.sleep)
    pace.wait()
    clock.now += 60
    times = []
    for _ in range(5):
        pace.wait()
        times.append(clock.now)
    assert times[-1] - times[0] >= 0.4 - 1e-9


def test_the_pace_holds_for_streams_too(paper: Any, clock: Any) -> None:
    scope = Scope.of(["x"], [f"10.0.0.{number}" for number in range(1, 21)])
    _, outcome = run("http", scope, paper, clock, Settings(rate=5, ports=(80,)))
    assert outcome.sent == 20
    assert clock.now - 100.0 >= 19 / 5 - 1e-6


def test_a_flood_from_one_target_is_bounded_and_said(paper: Any, clock: Any) -> None:
    paper.answers["10.0.0.1"] = [(b"<x>%d</x>" % number, "10.0.0.1", 37020) for number in range(500)]
    made, _ = run("sadp", TWO, paper, clock, Settings(timeout_s=1.0, attempts=1))
    kept = [item for item in made if item.source == "10.0.0.1"]
    assert len(kept) == 65 and kept[-1].failure == "further answers were not kept" and kept[-1].cut


def test_what_a_target_points_to_elsewhere_is_not_followed(paper: Any, clock: Any, words: Any) -> None:
    paper.answers["10.0.0.1"] = [
        (
            words["onvif"](
                "http://10.0.0.2:8080/onvif/device_service http://evil.example/ http://169.254.169.254/latest"
            ),
            "10.0.0.1",
            3702,
        )
    ]
    run("onvif", TWO, paper, clock, Settings(timeout_s=1.0, attempts=1))
    assert {ask.transport for _, ask in paper.sent} == {"udp"}
    away = b"HTTP/1.1 200 OK\r\nUSN: uuid:x\r\nST: upnp:rootdevice\r\nLOCATION: http://10.0.0.9/d.xml\r\n\r\n"
    paper.sent.clear()
    paper.answers["10.0.0.1"] = [(away, "10.0.0.1", 1900)]
    run("ssdp", TWO, paper, clock, Settings(timeout_s=1.0, attempts=1))
    assert {ask.transport for _, ask in paper.sent} == {"udp"}


def test_what_lies_on_the_same_device_is_asked(paper: Any, clock: Any, words: Any) -> None:
    paper.answers["10.0.0.1"] = [
        (words["onvif"]("http://10.0.0.1:8000/onvif/device_service"), "10.0.0.1", 3702)
    ]
    paper.streamed[("10.0.0.1", 8000)] = Streamed(b"HTTP/1.1 401 Unauthorized\r\n\r\n")
    made, _ = run("onvif", TWO, paper, clock, Settings(timeout_s=1.0, attempts=1))
    followed = [ask for _, ask in paper.sent if ask.transport == "tcp"]
    assert [ask.what for ask in followed] == ["GetDeviceInformation", "GetScopes", "GetHostname"]
    assert all(b"Authorization" not in ask.payload and b"Security" not in ask.payload for ask in followed)
    assert {item.what for item in made} >= {"probe", "GetDeviceInformation"}


def test_redirections_stay_on_the_target(paper: Any, clock: Any) -> None:
    one = Scope.of(["x"], ["10.0.0.1"])
    for location, followed in (
        ("/doc/page/login.asp", True), ("http://10.0.0.1:8080/x", True), ("http://10.0.0.2/", False),
        ("//evil.example/", False), ("https://evil.example/", False), ("ftp://10.0.0.1/", False), ("/a b\r\nX: y", False),
        ("http://10.0.0.1:99999/", False), ("http://[::1/", False),
    ):  # fmt: skip
        paper.sent.clear()
        paper.streamed[("10.0.0.1", 80)] = Streamed(
            b"HTTP/1.1 302 Found\r\nLocation: " + location.encode() + b"\r\n\r\n"
        )
        run("http", one, paper, clock, Settings(ports=(80,)))
        assert ("redirected" in [ask.what for _, ask in paper.sent]) == (
            followed or location.startswith("/a")
        ), location
        assert {ask.address for _, ask in paper.sent} == {"10.0.0.1"}
        assert all(b"\r\nX: y" not in ask.payload for _, ask in paper.sent)


def test_every_question_of_every_collector_goes_to_its_target() -> None:
    for name, collector in COLLECTORS.items():
        asks = list(planned(collector, TWO, Settings(community=b"c")))
        assert asks and {ask.address for ask in asks} == {"10.0.0.1", "10.0.0.2"}, name


def test_the_real_wire_refuses_what_is_no_target() -> None:
    wire = SocketWire()
    ask = next(iter(COLLECTORS["http"].asks("127.0.0.1", Settings(ports=(9,)))))
    with pytest.raises(EnvironmentProblem) as caught:
        wire.stream(TWO, ask, 0.1)
    assert caught.value.code == "E528"
    line = wire.datagrams(TWO, COLLECTORS["sadp"].needs, Settings())
    try:
        for address in ("127.0.0.1", "239.255.255.250"):
            with pytest.raises(EnvironmentProblem):
                line.send(next(iter(COLLECTORS["sadp"].asks(address, Settings()))))
    finally:
        line.close()


def test_multicast_is_one_question_and_answers_of_targets(paper: Any, clock: Any, words: Any) -> None:
    paper.answers["239.255.255.250"] = [
        (words["sadp"]("10.0.0.1"), "10.0.0.1", 37020), (words["sadp"]("10.0.0.7"), "10.0.0.7", 37020),
    ]  # fmt: skip
    made, outcome = run("sadp", TWO, paper, clock, Settings(timeout_s=1.0, attempts=1, multicast=True))
    assert [ask.address for _, ask in paper.sent] == ["239.255.255.250"]
    assert [item.source for item in made] == ["10.0.0.1"] and outcome.outside == 1


def test_the_community_is_kept_nowhere(paper: Any, clock: Any) -> None:
    answer = bytes.fromhex("3010020101") + b"\x04\x06s3cret" + b"\xa2\x03\x02\x01\x01"
    paper.answers["10.0.0.1"] = [(answer, "10.0.0.1", 161)]
    made, _ = run("snmp", TWO, paper, clock, Settings(timeout_s=1.0, community=b"s3cret"))
    assert b"s3cret" in paper.sent[0][1].payload
    assert all(b"s3cret" not in item.sent + (item.answer or b"") for item in made)


def test_progress_is_told(paper: Any, clock: Any) -> None:
    told: list[tuple[int, int, int]] = []
    outcome = Outcome()
    list(
        collect(
            COLLECTORS["dhip"], TWO, Settings(timeout_s=0.5, attempts=1), outcome, wire=paper,
            pace=Pace(20, clock, clock.sleep), clock=clock, progress=lambda *step: told.append(step),
        )
    )  # fmt: skip
    assert told == [(1, 2, 0), (2, 2, 0)]
