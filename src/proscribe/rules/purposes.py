"""What a camera is for, as people say it: plain words of the four purposes, and uses whose reading is open."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from proscribe.rules.facts import PURPOSES, WrongValue, typed

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
        sites: words in the names of sites of the kind.
    """

    id: str
    text: str
    words: tuple[str, ...]
    readings: tuple[PurposeReading, ...]
    changes: str
    sites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Purpose:
    """One of the four purposes, or none, with the arguments for and against a wide sense of its words.

    Attributes:
        words: of bodies and places that say it in an answer; `none` has none.
        in_records: those that say it in a line of an inventory, too.
        of_kinds: kinds of things whose lines they say it of.
    """

    name: str
    plain: str
    argued_for: str
    argued_against: str
    source: str
    locator: str
    basis: str
    words: tuple[str, ...] = ()
    in_records: tuple[str, ...] = ()
    of_kinds: tuple[str, ...] = ()


class Taken(tuple[str, ...]):
    """Purposes that rest on readings; equal to the same purposes without them.

    Attributes:
        said: the answer with the names of the readings in it, as it is written and read back.
    """

    said: tuple[str, ...]

    @classmethod
    def of(cls, values: Iterable[str], said: Iterable[str]) -> Taken:
        """Make purposes that remember how they were said."""
        made = cls(values)
        made.said = tuple(said)
        return made


def as_said(value: tuple[str, ...]) -> tuple[str, ...]:
    """Give a list as it was said: with the names of readings where it rests on some."""
    return value.said if isinstance(value, Taken) else value


class OpenUse(WrongValue):
    """A use of which the law does not say what it serves; nobody took a reading."""


@dataclass(frozen=True, slots=True)
class Purposes:
    """All of them."""

    purposes: tuple[Purpose, ...] = ()
    uses: tuple[Use, ...] = ()
    aside: tuple[str, ...] = ()

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
            for word in (*use.words, *([use.id.replace("-", " ")] if use.words else []))
            if f" {word} " in said
        ]
        return max(found, key=lambda one: one[0])[1] if found else None

    def kinds_of_site(self, site: str) -> tuple[Use, ...]:
        """Give the uses that the name of a site speaks of, such as a car park and a hospital; often none.

        A name with a word of one of the purposes is of no such kind: what a police office is for is not open.
        """
        said = f" {' '.join(_WORD.findall(site.casefold()))} "

        def holds(words: Iterable[str]) -> bool:
            return any(f" {word} " in said or f" {word}s " in said for word in words)

        if any(holds(one.words) for one in self.purposes):
            return ()
        return tuple(use for use in self.uses if holds(use.sites))

    def in_record(self, texts: Iterable[str], kind: str | None) -> tuple[str, ...]:
        """Give the purposes that a line of an inventory says of its thing: who watches or calls, or what is watched.

        It can bind and never lets go: what no line says is not known.

        Args:
            texts: what the columns hold that say what the thing is, what it is used for and where.
            kind: of the thing, a value of `item.kind`.
        """
        said = [f" {' '.join(_WORD.findall(text.casefold()))} " for text in texts]
        said = [text for text in said if not any(f" {word} " in text for word in self.aside)]
        return tuple(
            one.name
            for one in self.purposes
            if kind in one.of_kinds
            and any(f" {word} " in text or f" {word}s " in text for word in one.in_records for text in said)
        )

    def in_words(self, text: str) -> tuple[str, ...]:
        """Give the purposes of which a text names a body or a place; none where it speaks of a use that is open."""
        if self.use_in(text) is not None:
            return ()
        said = f" {' '.join(_WORD.findall(text.casefold()))} "
        return tuple(
            one.name
            for one in self.purposes
            if any(f" {word} " in said or f" {word}s " in said for word in one.words)
        )

    def named(self, parts: Iterable[str]) -> tuple[tuple[str, ...], tuple[PurposeReading, ...]]:
        """Turn the parts of an answer into purposes, with the readings that were taken.

        Returns:
            Purposes, `Taken` where readings were taken, and those readings. What is no purpose is given back as it is.

        Raises:
            OpenUse: when a part is a use without a reading, which is then to be taken.
        """
        values: dict[str, None] = {}
        said: dict[str, None] = {}
        taken: list[PurposeReading] = []
        for part in parts:
            plain = "_".join(_WORD.findall(part.casefold()))
            if plain in PURPOSES:
                values[plain] = said[plain] = None
                continue
            reading = self.reading(part)
            if reading is not None:
                taken.append(reading)
                said[reading.name] = None
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
        return Taken.of(values, said) if taken else tuple(values), tuple(taken)


NO_PURPOSES = Purposes()


def typed_answer(name: str, raw: Any, purposes: Purposes) -> Any:
    """Read the value of a fact, with the names of readings where it is a purpose.

    Raises:
        WrongValue: when the value is none that the fact can have; `OpenUse` for a use without a reading.
    """
    if name != FACT or not isinstance(raw, (str, list, tuple)):
        return typed(name, raw)
    parts = [raw] if isinstance(raw, str) else raw
    if not all(isinstance(part, str) for part in parts):
        return typed(name, raw)
    values, taken = purposes.named(parts)
    made = typed(name, list(values) if parts else raw)
    return Taken.of(made, as_said(values)) if taken else made


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
            tuple(one.get("words", ())),
            tuple(one.get("in_records", ())),
            tuple(one.get("of_kinds", ())),
        )
        for one in document["purposes"]
    )
    return Purposes(tuple(found), tuple(map(_use, document["uses"])), tuple(document.get("aside", ())))


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
    return Use(
        raw["id"],
        raw["text"],
        tuple(raw["words"]),
        tuple(readings),
        raw["changes"],
        tuple(raw.get("sites", ())),
    )
