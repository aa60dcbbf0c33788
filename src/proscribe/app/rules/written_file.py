"""A file that a person wrote, YAML or JSON, read field by field: what is wrong is told all at once, each fault with its place."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from proscribe.app.kb.firms import Firms
from proscribe.kb.strictyaml import Document, Limits, YamlCodes, parse
from proscribe.model.errors import CaseError, ProscribeError
from proscribe.model.law import Law
from proscribe.model.periods import parse_day
from proscribe.rules.clauses import NoSuchEdition, refuse_editions
from proscribe.rules.facts import CLAUSES, FACTS, WrongValue, contradictions, nearest
from proscribe.rules.purposes import Purposes, typed_answer

_CODES = YamlCodes(syntax="E407", duplicate="E408", construct="E409", limit="E410")
_LIMITS = Limits(size_bytes=64_000_000, depth=20, nodes=5_000_000)
#: So many faults are told; the rest is counted.
_SHOWN = 5


def parse_document(data: bytes | str, name: str) -> Document:
    """Parse strict YAML, or JSON; JSON that YAML does not take, such as one indented with tabs, is read without places.

    Raises:
        CaseError: E407 to E410 not strict YAML.
    """
    try:
        return parse(data, name, limits=_LIMITS, error=CaseError, codes=_CODES)
    except CaseError as problem:
        if not name.lower().endswith(".json"):
            raise
        try:
            value = json.loads(data, object_pairs_hook=_once, parse_int=str, parse_float=str)
        except (ValueError, RecursionError):
            raise problem from None
        return Document(name, value)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    out = dict(pairs)
    if len(out) != len(pairs):
        raise ValueError("a key is given twice")
    return out


def no_regime(name: str, law: Law) -> str:
    """Say why no case may name a regime; empty when it may."""
    regime = law.regimes.get(name)
    if regime is None:
        return f"there is no regime {name!r}"
    return "" if regime.asked else f"{name!r} cannot be asked by itself"


def code_of(fact: str, wrong: WrongValue) -> str:
    """Give the code of a value that a fact does not take: E404 for a date, E429 for an edition, E402 for another."""
    if isinstance(wrong, NoSuchEdition):
        return "E429"
    return "E404" if "date" in FACTS[fact].type else "E402"


@dataclass(slots=True)
class Faults:
    """What is wrong in a file.

    Attributes:
        otherwise: the next step where no word is near to what was written.
        found: what was said so far.
    """

    otherwise: str
    found: list[ProscribeError] = field(default_factory=list)

    def one(self, code: str, what: str, at: str, expected: str, near: str = "") -> ProscribeError:
        """Make a fault; `near` is the word that was probably meant."""
        step = f"Did you mean {near!r}?" if near else self.otherwise
        return CaseError(code, what, at=at, expected=expected, next_step=step)

    def say(self, code: str, what: str, at: str, expected: str, near: str = "") -> None:
        """Note a fault; see `one`."""
        self.found.append(self.one(code, what, at, expected, near))

    def contradictions(self, facts: Mapping[str, Any], at: Callable[[str], str]) -> None:
        """Note which facts of one thing cannot hold together; `at` gives the place of a fact."""
        for name, what in contradictions(facts):
            self.say(
                "E405", f"the facts contradict each other: {what}", at(name), "facts that can hold together"
            )

    def refuse(self) -> None:
        """Refuse a file in which something is wrong: the first fault in full, the next as lines, the rest as a count.

        Raises:
            CaseError: as the first fault.
        """
        if len(self.found) < 2:
            for fault in self.found:
                raise fault
            return
        first = self.found[0]
        lines = [f"  also {fault.code} {fault.at}: {fault.what}" for fault in self.found[1:_SHOWN]]
        if len(self.found) > _SHOWN:
            lines.append(f"  and {len(self.found) - _SHOWN} more")
        step = "\n".join([first.next_step, *lines]).strip()
        raise CaseError(first.code, first.what, at=first.at, expected=first.expected, next_step=step)


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """The fields of a file, or of a part of it, with the place of each.

    Attributes:
        document: the file.
        faults: what is wrong in it so far.
        law: names the regimes that can be asked.
        firms: those that a fact may name.
        purposes: what cameras are for; `item.purpose` may name a reading.
        base: the path of the part; empty for the whole file.
    """

    document: Document
    faults: Faults
    law: Law
    firms: Firms
    purposes: Purposes
    base: tuple[str | int, ...] = ()

    def part(self, *path: str | int) -> WrittenFile:
        """Give a part of the file."""
        return replace(self, base=(*self.base, *path))

    def at(self, *path: str | int) -> str:
        """Give file:line:column of a field."""
        return self.document.at(*self.base, *path)

    def say(self, code: str, what: str, path: tuple[str | int, ...], expected: str, near: str = "") -> None:
        """Note what is wrong with a field."""
        self.faults.say(code, what, self.at(*path), expected, near)

    def only(
        self, raw: Iterable[Any], known: Sequence[str], owner: str, path: tuple[str | int, ...] = ()
    ) -> None:
        """Refuse fields that are none of the known ones; a fact that stands among them belongs under `facts`."""
        for key in raw:
            if key not in known:
                near = f"facts: {key}" if key in FACTS and "facts" in known else nearest(str(key), known)
                self.say("E406", f"{owner} has no field {key!r}", (*path, key), ", ".join(known), near)

    def mapping(self, raw: Any, path: tuple[str | int, ...], expected: str) -> Iterator[tuple[str, Any]]:
        """Yield the names and values of a mapping; nothing where there is none."""
        if raw is None:
            return
        if not isinstance(raw, dict):
            self.say("E406", f"{path[-1]!r} is no mapping", path, expected)
            return
        yield from raw.items()

    def choice(self, raw: Any, choices: Iterable[str], what: str, path: tuple[str | int, ...]) -> None:
        """Refuse a word that is none of the choices; `what` says so of it."""
        names = list(choices)
        if raw not in names:
            self.say("E402", what, path, ", ".join(names), nearest(str(raw), names))

    def day(self, raw: Any, path: tuple[str | int, ...]) -> date | None:
        """Read a day; None where it is none, which is said."""
        try:
            return parse_day(str(raw))
        except ValueError:
            self.say("E404", f"{path[-1]} is {raw!r}", path, "a date such as 2026-11-25")
            return None

    def value(
        self, fact: str, raw: Any, path: tuple[str | int, ...], named: Callable[[str, Any], Any]
    ) -> Any:
        """Read the value of a fact; None where it is none, which is said.

        Args:
            named: puts ids in place of the names of firms, `Firms.meant` or `Firms.stated`.
        """
        try:
            value = named(fact, typed_answer(fact, raw, self.purposes))
        except WrongValue as wrong:
            self.say(code_of(fact, wrong), wrong.what, path, wrong.expected, wrong.near)
            return None
        listed = isinstance(raw, list)
        for place, text in enumerate((raw if listed else [raw]) if fact == CLAUSES else ()):
            try:
                refuse_editions([text], self.law)
            except NoSuchEdition as wrong:
                at = (*path, place) if listed else path
                self.say(code_of(fact, wrong), wrong.what, at, wrong.expected)
                return None
        return value

    def regimes(self, raw: Any) -> tuple[str, ...]:
        """Read the regimes that the file asks for: one, or a list of them."""
        if raw is None:
            return ()
        items = [raw] if isinstance(raw, str) else raw
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            self.say("E406", "regimes is no list", ("regimes",), "a list of regime ids")
            return ()
        for place, item in enumerate(items):
            if what := no_regime(item, self.law):
                path = ("regimes", place) if isinstance(raw, list) else ("regimes",)
                self.say(
                    "E403", what, path, "a regime of `proscribe law list`", nearest(item, self.law.askable())
                )
        return tuple(items)
