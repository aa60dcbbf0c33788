"""What a judgement comes to in the words of whoever looked: its verdict, or the ground for which a thing does not count."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from proscribe.documents.registry import read_yaml

_CLEARED = "cleared"
#: How a paper says what was judged, behind "judged".
_VERDICTS = {
    "same": "to be what it says", "different": "to be another maker's thing", "unsure": "not settled", _CLEARED: "not to count",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ground:
    """Why a thing does not count though it is what its record says.

    Attributes:
        words: as a page offers it.
        reason: what the judgement says first, with what is asked in braces.
        asks: what has to be said with it: name to words.
    """

    words: str
    reason: str
    asks: Mapping[str, str]


@cache
def grounds() -> Mapping[str, Ground]:
    """Give the grounds by their id, in their order."""
    told = read_yaml(Path(__file__).with_name("grounds.yml"))
    return MappingProxyType(
        {name: Ground(one["words"], one["reason"], dict(one.get("asks", {}))) for name, one in told.items()}
    )


def ground_of(verdict: str, reason: str) -> str:
    """Give the ground that a judgement names, as people read it, such as `only talk`; empty where it names none."""
    if verdict != _CLEARED:
        return ""
    found = (name for name, pattern in _openings().items() if pattern.match(reason))
    return next(found, "").replace("-", " ")


def judged_as(verdict: str, reason: str) -> str:
    """Say what was judged, behind the word "judged": `not ours`, `to be what it says`."""
    return ground_of(verdict, reason) or _VERDICTS.get(verdict, verdict)


@cache
def _openings() -> Mapping[str, re.Pattern[str]]:
    """Give how a judgement on each ground begins."""
    return {
        name: re.compile(re.sub(r"\\{\w+\\}", ".+?", re.escape(one.reason)), re.DOTALL)
        for name, one in grounds().items()
    }
