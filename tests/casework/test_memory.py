"""A server gives back what a check took, and serves where its C library is another."""

from __future__ import annotations

import ctypes
import sys
from typing import Any

import pytest

from proscribe.casework import memory


def test_the_c_library_is_asked_and_one_that_knows_nothing_of_it_is_left_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[tuple[str, tuple[int, ...]]] = []

    class Library:
        def mallopt(self, *values: int) -> None:
            asked.append(("mallopt", values))

    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: Library())
    memory.few_arenas()
    memory.give_back()
    assert asked == [("mallopt", (-8, 2))]

    def none(_name: Any) -> Any:
        pytest.fail("asked elsewhere")

    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(ctypes, "CDLL", none)
    memory.few_arenas()
    memory.give_back()
