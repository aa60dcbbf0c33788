"""Sequences that a store reads when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar, overload

_T = TypeVar("_T", covariant=True)


class Held(Sequence[_T]):
    """A sequence that is read anew each time it is walked, as the store holds it then.

    Args:
        walk: yields everything.
        count: says how many there are, without walking them.
        has: tells whether something is among them, without walking them.
    """

    __slots__ = ("_count", "_has", "_walk")

    def __init__(
        self,
        walk: Callable[[], Iterator[_T]],
        count: Callable[[], int] | None = None,
        has: Callable[[Any], bool] | None = None,
    ) -> None:
        self._walk, self._count, self._has = walk, count, has

    def __iter__(self) -> Iterator[_T]:
        return self._walk()

    def __reversed__(self) -> Iterator[_T]:
        return reversed(
            tuple(self._walk())
        )  # by places, as a sequence does it, it would be walked once for each

    def __len__(self) -> int:
        return self._count() if self._count is not None else sum(1 for _ in self._walk())

    def __contains__(self, value: object) -> bool:
        return self._has(value) if self._has is not None else any(one == value for one in self._walk())

    @overload
    def __getitem__(self, place: int) -> _T: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[_T]: ...
    def __getitem__(self, place: int | slice) -> _T | Sequence[_T]:
        return tuple(self._walk())[place]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return id(self)

    def __repr__(self) -> str:
        return f"<{len(self)} held by the store>"
