"""The firms that the knowledge holds: by id, and by the names under which people and the program itself write them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from proscribe.app.plain_words import plain
from proscribe.kb.snapshot import Snapshot
from proscribe.rules.facts import FACTS

_TYPES = ("entity", "entities")
#: Names that may stand for a firm where nobody is asked whether it was meant.
_SURE = ("sure", "strong")


class Firms:
    """Ids of firms, and what their names stand for.

    A name that two firms have stands for none, nor does a misspelling, which is asked about, nor `other`: that a thing is
    of none of the firms of a rule is stated in that one word or not at all.

    Args:
        ids: of the firms.
        named: gives firms with their names; called once, when a text is no id.
    """

    def __init__(
        self, ids: Iterable[str] = (), named: Callable[[], Iterable[tuple[str, str]]] = tuple
    ) -> None:
        self._ids = frozenset(ids)
        self._named = named

    @classmethod
    def of(cls, snapshot: Snapshot) -> Firms:
        """Give the firms of a knowledge."""

        def named() -> Iterator[tuple[str, str]]:
            for row in snapshot.table("entities"):
                for text in (row["name"], row["name_local"], row["statutory_name"]):
                    yield str(row["id"]), str(text or "")
            for row in snapshot.table("names"):
                if row["strength"] in _SURE and row["form"] != "misspelling" and not row["retracted_on"]:
                    yield str(row["entity"]), str(row["text"])

        return cls((str(row["id"]) for row in snapshot.table("entities")), named)

    def __contains__(self, name: object) -> bool:
        return name in self._ids

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def id_of(self, text: str) -> str:
        """Give the id of the firm that a text names, whole; the text itself where it names none, or more than one."""
        if text in self._ids:
            return text
        found = self._by_name.get(plain(text), ())
        return next(iter(found)) if len(found) == 1 else text

    def meant(self, fact: str, value: Any) -> Any:
        """Give the value of a fact with ids in place of the names of firms."""
        if FACTS[fact].type not in _TYPES:
            return value
        if isinstance(value, tuple):
            return tuple(dict.fromkeys(map(self.id_of, value)))
        return self.id_of(value) if isinstance(value, str) else value

    @cached_property
    def _by_name(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for firm, text in self._named():
            found.setdefault(plain(text), set()).add(firm)
        for firm in self._ids:
            # an id with blanks for hyphens is a name of the firm whose id it is
            found[plain(firm)] = {firm}
        found.pop("", None)
        found.pop("other", None)
        return {name: frozenset(firms) for name, firms in found.items()}


#: Nobody is known: every value is taken as it is written.
NO_FIRMS = Firms()
