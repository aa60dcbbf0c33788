"""What a camera is for, as people say it: plain words of the four purposes, and uses whose reading is open."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from proscribe.rules.facts import PURPOSES, WrongValue

#: Where the knowledge keeps them.
DOCUMENT = "vocab/purposes"
FACT = "item.purpose"
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class PurposeReading:
    """One way to read a use: an argument that a lawyer can take.

    Attributes:
        name: `USE/READING`, as an answer gives it.
        purposes: what it takes the use to serve.
    """

    name: str
    purposes: tuple[str, ...]
    why: str
    source: str
    locator: str
    basis: str


@dataclass(frozen=True, slots=True)
class Use:
    """A use that the words of the law do not settle.

    Attributes:
        words: by which people call it.
        changes: what hangs on the reading.
    """

    id: str
    text: str
    words: tuple[str, ...]
    readings: tuple[PurposeReading, ...]
    changes: str


@dataclass(frozen=True, slots=True)
class Purpose:
    """One of the four purposes, or none, with the arguments for and against a wide sense of its words."""

    name: str
    plain: str
    argued_for: str
    argued_against: str
    source: str
    locator: str
    basis: str


class OpenUse(WrongValue):
    """A use of which the law does not say what it serves; nobody took a reading."""


@dataclass(frozen=True, slots=True)
class Purposes:
    """All of them."""

    purposes: tuple[Purpose, ...] = ()
    uses: tuple[Use, ...] = ()

    def reading(self, name: str) -> PurposeReading | None:
        """Find a reading by name."""
        folded = name.strip().casefold().removeprefix("reading ").replace(" ", "-")
        return next((one for use in self.uses for one in use.readings if one.name == folded), None)

    def use_in(self, text: str) -> Use | None:
        """Find the use that an answer speaks of; its purpose is not known before a reading is taken."""
        said = f" {' '.join(_WORD.findall(text.casefold()))} "
        found = [
            (len(word), use)
            for use in self.uses
            for word in (*use.words, use.id.replace("-", " "))
            if f" {word} " in said
        ]
        return max(found, key=lambda one: one[0])[1] if found else None

    def named(self, parts: Iterable[str]) -> tuple[tuple[str, ...], tuple[PurposeReading, ...]]:
        """Turn the parts of an answer into purposes, with the readings that were taken.

        Raises:
            OpenUse: when a part is a use without a reading, which is then to be taken. What is no purpose is given back as it is.
        """
        values: dict[str, None] = {}
        taken: list[PurposeReading] = []
        for part in parts:
            plain = "_".join(_WORD.findall(part.casefold()))
            if plain in PURPOSES:
                values[plain] = None
                continue
            reading = self.reading(part)
            if reading is not None:
                taken.append(reading)
                values.update(dict.fromkeys(reading.purposes))
                continue
            use = self.use_in(part)
            if use is not None:
                names = ", ".join(one.name for one in use.readings)
                raise OpenUse(
                    f"{FACT} is {part[:60]!r}: the law does not say what that serves",
                    f"a reading that a lawyer takes ({names}), one of the purposes, or ? while it is open",
                )
            values[part] = None
        if len(values) > 1 and "none" in values and taken:
            values.pop("none")  # another purpose was named beside a reading that sees none
        return tuple(values), tuple(taken)


NO_PURPOSES = Purposes()


def purposes_of(document: Mapping[str, Any] | None) -> Purposes:
    """Read the document of the knowledge; without one there are no readings."""
    if not document:
        return Purposes()
    found = (
        Purpose(
            one["purpose"],
            one["plain"],
            one["for"],
            one["against"],
            one["source"],
            one["locator"],
            one["basis"],
        )
        for one in document["purposes"]
    )
    return Purposes(tuple(found), tuple(map(_use, document["uses"])))


def _use(raw: Mapping[str, Any]) -> Use:
    readings = (
        PurposeReading(
            f"{raw['id']}/{one['id']}",
            tuple(one["purposes"]),
            one["why"],
            one["source"],
            one["locator"],
            one["basis"],
        )
        for one in raw["readings"]
    )
    return Use(raw["id"], raw["text"], tuple(raw["words"]), tuple(readings), raw["changes"])
