"""A bounded memory of what was worked out of late."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """Values by key, in two halves: when the newer is full, the older is let go, so that what is asked for again and again stays.

    Args:
        most: what all values may weigh together.
        weigh: gives the weight of a value; 1 each without it.
    """

    def __init__(self, most: int, weigh: Callable[[Value], int] | None = None) -> None:
        self._half = most // 2
        self._weigh = weigh
        self._weight = 0
        self._newer: dict[Key, Value] = {}
        self._older: dict[Key, Value] = {}

    def __len__(self) -> int:
        return len(self._newer) + len(self._older)

    def get(self, key: Key) -> Value | None:
        """Give the value of a key, or `None` where it is not remembered."""
        value = self._newer.get(key)
        if value is None and (value := self._older.pop(key, None)) is not None:
            self.put(key, value)
        return value

    def put(self, key: Key, value: Value) -> Value:
        """Remember a value, and give it."""
        if self._weight >= self._half:
            self._older, self._newer, self._weight = self._newer, {}, 0
        self._newer[key] = value
        self._weight += 1 if self._weigh is None else self._weigh(value)
        return value
