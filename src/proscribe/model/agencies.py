"""Agencies and how people write them: which executive agency a name means, and to which department that belongs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from proscribe.model.decisions import Truth

_WORD = re.compile(r"[^\W_]+")
#: What stands between letters that are set apart.
_SPELT = re.compile(r"(?<=\b\w)[\s-]+(?=\w\b)")
_BETWEEN = re.compile(r"[,/;|():>]|\s[-–—]\s")
#: Between the steps of a path from a department down to an office, as SAM writes it.
_STEP = re.compile(r"(?<=\w{3})\.(?=\w{2})")
#: Words that say nothing about which agency it is.
_SILENT = frozenset({"the", "of", "for", "and", "department", "dept", "dep", "us", "usa", "united", "states"})
#: How the names of bodies below a nation begin, which are no executive agency of one.
_LOCAL = re.compile(
    r"\s*(?:the\s+)?(?:city|county|town|township|village|borough|parish|municipality|province|commonwealth|state)\s+of\s+\w",
    re.IGNORECASE,
)
_LONGEST = 400
#: What people write where they name none: two such texts are not one agency.
_NOBODY = frozenset(
    [
        "unknown", "not known", "none", "n a", "na", "other", "others", "any", "all", "tbd", "tba", "various", "federal",
        "government", "federal government", "agency", "same", "see above", "x", "xx", "xxx",
    ]
)  # fmt: skip
#: Names of which the answer is kept.
_MOST_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Agencies:
    """The agencies that the knowledge holds.

    Attributes:
        names: folded name to the ids of the agencies that are so called.
        above: id to the id of the department that the agency is a part of.
        shown: folded name to the name as the knowledge writes it.
    """

    names: Mapping[str, frozenset[str]] = field(default_factory=dict)
    above: Mapping[str, str] = field(default_factory=dict)
    shown: Mapping[str, str] = field(default_factory=dict)
    _kept: dict[tuple[str, tuple[str, ...]], Truth] = field(default_factory=dict, repr=False, compare=False)
    _nearest: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False, compare=False)

    def chains(self, text: str) -> tuple[tuple[frozenset[str], ...], bool]:
        """Give the agencies that a text can mean, each with what it is a part of, and whether nothing in it is left over.

        A text of several parts, as `Navy / NAVSEA` or `DEPT OF DEFENSE.DEPT OF THE NAVY.AN OFFICE`, means what its parts mean.
        """
        whole = self.meant(text)
        if whole:
            return tuple(self._chain(one) for one in sorted(whole)), True
        found: list[frozenset[str]] = []
        complete = True
        steps = _STEP.split(text[:_LONGEST])
        path = (
            len(steps) > 1 and folded(steps[0]) in self.names
        )  # an office that is not known lies in what stands before it
        for part in filter(folded, steps if path else _BETWEEN.split(text[:_LONGEST])):
            meant = self.meant(part)
            complete = complete and (path or bool(meant))
            found += [self._chain(one) for one in sorted(meant)]
        return tuple(found), complete and bool(found)

    def meant(self, text: str) -> frozenset[str]:
        """Give the ids of the agencies that a text names, alone or after what each is a part of: `DHS CBP`; empty when none."""
        name = folded(text[:_LONGEST])
        whole = self.names.get(name)
        if whole is not None:
            return whole
        words = name.split()
        above: frozenset[str] = frozenset()
        place = 0
        while place < len(words):
            for end in range(len(words), place, -1):
                part = self.names.get(" ".join(words[place:end]), frozenset())
                if above:
                    part = frozenset(one for one in part if above & self._chain(one))
                if part:
                    above, place = part, end
                    break
            else:
                return frozenset()
        return above

    def is_of(self, text: str, wanted: Iterable[str]) -> Truth:
        """Say whether an agency is one of some, or a part of one; unknown where the knowledge does not hold the name."""
        key = (text, tuple(wanted))
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            found = self._kept[key] = self._is_of(*key)
        return found

    def _is_of(self, text: str, names: tuple[str, ...]) -> Truth:
        if folded(text) in map(folded, names):
            return Truth.TRUE
        chains, complete = self.chains(text)
        hits = [any(name in chain for name in names) for chain in chains]
        if not any(hits) and self._may_be_a_part(text, names):
            return Truth.UNKNOWN
        if self.meant(text):  # a name that several share, in one country or another
            return Truth.TRUE if any(hits) else Truth.FALSE
        if any(hits):
            return Truth.TRUE if all(hits) else Truth.UNKNOWN
        return Truth.FALSE if complete or (not chains and _LOCAL.match(text)) else Truth.UNKNOWN

    def same(self, one: str, other: str) -> Truth:
        """Say whether two names mean the same executive agency; a military department is one of its own."""
        if folded(one) == folded(other):
            return Truth.UNKNOWN if folded(one) in _NOBODY or not folded(one) else Truth.TRUE
        first, second = self.meant(one), self.meant(other)
        if not first or not second:
            return Truth.UNKNOWN
        return Truth.TRUE if first & second else Truth.FALSE

    def lineage(self, text: str) -> tuple[str, ...]:
        """Give the ids of the agency that a text means, then of the departments above it; empty when it is not known."""
        meant = self.meant(text)
        return tuple(dict.fromkeys(one for name in sorted(meant) for one in self._upwards(name)))

    def near(self, text: str) -> tuple[str, ...]:
        """Give the names nearest to a text that is not known."""
        near = self._nearest.get(text)
        if near is None:
            found = get_close_matches(folded(text)[:80], [*self.names], n=3, cutoff=0.6)
            if len(self._nearest) >= _MOST_KEPT:
                self._nearest.clear()
            near = self._nearest[text] = tuple(dict.fromkeys(self.shown[name] for name in found))
        return near

    def _may_be_a_part(self, text: str, names: Iterable[str]) -> bool:
        """Tell whether a text names a whole, such as a department, of which one of some agencies is a part."""
        meant = self.meant(text)
        return any(meant & self._chain(name) for name in names)

    def _chain(self, identity: str) -> frozenset[str]:
        return frozenset(self._upwards(identity))

    def _upwards(self, identity: str) -> Iterator[str]:
        seen: set[str] = set()
        step: str | None = identity
        while step is not None and step not in seen:
            seen.add(step)
            yield step
            step = self.above.get(step)


@lru_cache(maxsize=4_096)
def folded(name: str) -> str:
    """Fold an agency's name: `U.S. Dept. of the Navy` and `Navy Department` are one, `D O D` and `DoD`."""
    plain = _SPELT.sub("", name.casefold().replace(".", "").replace("'", "").replace("’", ""))
    words = _WORD.findall(plain)
    told = [word for word in words if word not in _SILENT]
    return " ".join(told or words)


def build(rows: Iterable[tuple[str, str, Sequence[str]]]) -> Agencies:
    """Build the table from rows of id, id of what the agency is a part of (or nothing), and further names."""
    names: dict[str, frozenset[str]] = {}
    above: dict[str, str] = {}
    shown: dict[str, str] = {}
    for identity, department, others in rows:
        if department:
            above[identity] = department
        for name in (identity, *others):
            key = folded(name)
            names[key] = names.get(key, frozenset()) | {identity}
            shown.setdefault(key, name)
    return Agencies(names, above, shown)


def agencies_of(document: Mapping[str, Any]) -> Agencies:
    """Build the table from the document of the knowledge, which was checked when the law was loaded."""
    return build(
        (row["agency"], row.get("part_of") or "", spellings(row)) for row in document.get("agencies") or ()
    )


def spellings(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Give the further names of an agency: sourced and recalled ones, and each with a part that means it only after them."""
    names = (*(row.get("names") or ()), *(row.get("recalled") or ()))
    within = row.get("within") or ()
    return (*names, *(f"{one} {part}" for one in (row["agency"], *names) for part in within))
