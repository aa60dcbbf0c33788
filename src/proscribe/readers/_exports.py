"""Exports of known programs: told by their column names, and read as `exports.yml` says."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from proscribe.model.observations import FIELDS, SOURCE_KINDS
from proscribe.readers._declared import values_of

#: Fields of `exports.yml` that are none of `FIELDS`.
_WORDS = ("skip", "guess")
#: Names of an export that a table shows at least, so that it may be one.
_LEAST_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Export:
    """One table that a known program writes.

    Attributes:
        name: the program and the table, for people.
        kind: kind of evidence, of `SOURCE_KINDS`; empty where the table does not tell.
        needs: folded column names that tell it.
        columns: folded column name to field, `skip`, or `guess` for the usual rules.
        patterns: the same for names that begin or end alike: (first words, last words, field).
        rest: what every other column is.
        preset: the name by which a configuration asks for it.
    """

    name: str
    kind: str
    needs: frozenset[str]
    columns: dict[str, str]
    patterns: tuple[tuple[str, str, str], ...]
    rest: str
    preset: str = ""

    def field(self, folded: str) -> str:
        """Give the field of a column, `skip`, or `guess`."""
        known = self.columns.get(folded)
        if known is not None:
            return known
        for first, last, name in self.patterns:
            if folded.startswith(first) and folded.endswith(last):
                return name
        return self.rest


@cache
def exports(fold: Callable[[str], str]) -> tuple[Export, ...]:
    """Load the known exports, in the order they are tried; `fold` writes names as headers are compared."""
    made: list[Export] = []
    for entry in values_of("exports.yml"):
        columns: dict[str, str] = {}
        patterns: list[tuple[str, str, str]] = []
        own = dict(entry["columns"])
        shared = own.pop("<<", {})  # texts alone are loaded, so YAML does not merge by itself
        for column, name in {**shared, **own}.items():
            if name not in FIELDS and name not in _WORDS:
                raise ValueError(f"exports.yml, {entry['name']}: there is no field '{name}'")
            if "*" in column:
                first, last = column.split("*")
                patterns.append((fold(first) + " ", fold(last), name))
            else:
                columns[fold(column)] = name
        preset = entry.get("preset") or re.sub("[^a-z0-9]+", "-", entry["name"].lower()).strip("-")
        if entry["kind"] and entry["kind"] not in SOURCE_KINDS:
            raise ValueError(f"exports.yml, {entry['name']}: there is no kind '{entry['kind']}'")
        made.append(
            Export(
                entry["name"], entry["kind"], frozenset(fold(name) for name in entry["needs"]), columns,
                tuple(patterns), entry["rest"], preset,
            )
        )  # fmt: skip
    return tuple(made)


def known_export(folded: Sequence[str], fold: Callable[[str], str], preset: str = "") -> Export | None:
    """Tell which known export has these folded column names; a preset names one, whatever names it has."""
    names = frozenset(folded)
    if preset:
        return next((export for export in exports(fold) if export.preset == preset), None)
    return next((export for export in exports(fold) if export.needs <= names), None)


def likely_export(folded: Sequence[str], fold: Callable[[str], str]) -> Export | None:
    """Give the one export of which these folded column names show most, when no name that it needs tells it for sure.

    At least three of its names, half of those that it needs and half of the table's must be there, and no other export may
    show as many.
    """
    names = frozenset(filter(None, folded))
    shown = sorted(
        (
            (len(names & (export.needs | export.columns.keys())), export.preset)
            for export in exports(fold)
            if 2 * len(export.needs & names) >= len(export.needs)
        ),
        reverse=True,
    )
    if not shown or shown[0][0] < _LEAST_SHOWN or 2 * shown[0][0] < len(names):
        return None
    if len(shown) > 1 and shown[1][0] == shown[0][0]:
        return None
    return known_export(folded, fold, shown[0][1])
