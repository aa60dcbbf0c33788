"""Sequences that a store reads when they are asked for."""

from __future__ import annotations

from collections.abc import Iterator

from proscribe.casework.held import Held


def test_it_is_walked_once_from_its_end() -> None:
    walked = 0

    def walk() -> Iterator[int]:
        nonlocal walked
        walked += 1
        yield from range(5)

    assert list(reversed(Held(walk))) == [4, 3, 2, 1, 0]
    assert walked == 1
