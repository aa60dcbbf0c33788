"""Whom may be asked."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proscribe.collectors.targets import MAX_TARGETS, Scope, read_targets
from proscribe.model.errors import EnvironmentProblem, UsageError


def code(text: str, **more: bool) -> str:
    with pytest.raises(UsageError) as caught:
        read_targets(text, **more)
    return caught.value.code


def test_an_address_a_block_and_a_file(tmp_path: Path) -> None:
    assert read_targets("192.168.1.64").addresses == ("192.168.1.64",)
    assert read_targets("192.168.1.64/30").addresses == ("192.168.1.65", "192.168.1.66")
    assert read_targets("192.168.1.64/31").addresses == ("192.168.1.64", "192.168.1.65")
    assert read_targets("192.168.1.77/24").addresses[0] == "192.168.1.1"
    assert read_targets("fd00::/126").addresses[-1] == "fd00::3"
    listed = tmp_path / "targets.txt"
    listed.write_bytes(b"\xef\xbb\xbf# cameras\r\n192.168.1.64\r\n\r\n10.0.0.0/30 # hall\r\n192.168.1.64\r\n")
    scope = read_targets(str(listed))
    assert scope.addresses == ("192.168.1.64", "10.0.0.1", "10.0.0.2")
    assert scope.given == ("192.168.1.64", "10.0.0.0/30", "192.168.1.64")


@pytest.mark.parametrize(
    "text", ["camera.example", "192.168.1.0/33", "192.168.1", "", "a\0b", "http://10.0.0.1/"]
)
def test_names_and_nonsense_are_refused(text: str) -> None:
    assert code(text) in ("E520", "E524")


def test_a_bad_line_is_named(tmp_path: Path) -> None:
    listed = tmp_path / "t"
    listed.write_text("10.0.0.1\nlocalhost\n")
    with pytest.raises(UsageError) as caught:
        read_targets(str(listed))
    assert caught.value.code == "E520" and caught.value.at.endswith("t:2")
    listed.write_text("# nothing\n")
    assert code(str(listed)) == "E524"
    listed.write_bytes(b"10.0.0.1\n" * 200_000)
    assert code(str(listed)) == "E524"


@pytest.mark.parametrize("text", ["10.0.0.0/8", "10.0.0.0/19", "::/0", "fd00::/64", "0.0.0.0/0"])
def test_too_many(text: str) -> None:
    assert code(text, allow_public=True) == "E521"


def test_the_cap_holds_over_a_whole_file(tmp_path: Path) -> None:
    listed = tmp_path / "t"
    listed.write_text("10.0.0.0/21\n10.1.0.0/21\n10.2.0.0/28\n")
    assert code(str(listed)) == "E521"
    assert len(read_targets("10.0.0.0/20").addresses) == MAX_TARGETS - 2


@pytest.mark.parametrize(
    "text", ["8.8.8.8", "1.1.1.0/30", "2606:4700::1111", "::ffff:8.8.8.8", "2002:808:808::1"]
)
def test_public_addresses_need_a_word(text: str) -> None:
    assert code(text) == "E522"
    assert read_targets(text, allow_public=True).addresses


@pytest.mark.parametrize(
    "text",
    [
        "224.0.0.251",
        "239.255.255.250",
        "255.255.255.255",
        "0.0.0.0",
        "240.0.0.1",
        "ff02::1",
        "::",
        "fe80::1",
        "::ffff:224.0.0.1",
    ],
)
def test_never_a_group_or_broadcast(text: str) -> None:
    assert code(text, allow_public=True) == "E523"


def test_the_gate() -> None:
    scope = Scope.of(["x"], ["10.0.0.1", "fd00::1"])
    scope.require("::ffff:10.0.0.1")
    scope.require("fd00:0::1")
    for other in ("10.0.0.2", "fd00::2", "example", "::ffff:10.0.0.2"):
        with pytest.raises(EnvironmentProblem) as caught:
            scope.require(other)
        assert caught.value.code == "E528"


@given(st.ip_addresses(v=4), st.integers(20, 32))
def test_every_target_lies_in_the_block(address: Any, prefix: int) -> None:
    text = f"{address}/{prefix}"
    try:
        scope = read_targets(text)
    except UsageError as error:
        assert error.code in ("E522", "E523")
        return
    from ipaddress import ip_network

    block = ip_network(text, strict=False)
    assert all(ip_address(one) in block for one in scope.addresses)
    assert len(scope.addresses) <= MAX_TARGETS
