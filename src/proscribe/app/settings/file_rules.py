"""What a configuration says of single inputs: its rules for files, put to the files that are read.

Later rules go before earlier ones, and what is said of a sheet before what is said of a file. A configuration that is not the
user's own may say what columns hold and which reader an input of that very format is for. It cannot say when a thing was
bought, whether a part is fitted, or that a table is no list of things: such words clear things.
"""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from proscribe.app.settings.config import FoundConfig
from proscribe.model.config import FileRule
from proscribe.model.observations import ReadIssue, Table
from proscribe.model.results import InputReading, ScanOptions
from proscribe.readers.base import Options, Source
from proscribe.readers.header_fields import find_column
from proscribe.readers.issues import issue
from proscribe.readers.sources import expand

_Part = TypeVar("_Part")
#: Fields that only the user's own configuration gives to a column.
_OWN_ALONE = frozenset({"dated_on", "fitting", "quantity"})
#: Columns that one message names.
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Readings:
    """What the rules for files come to.

    Attributes:
        files: what is said of which inputs, in the order of the rules.
        issues: rules, or parts of them, that are not followed; `at` names the rule.
    """

    files: tuple[InputReading, ...] = ()
    issues: tuple[ReadIssue, ...] = ()


def readings(found: FoundConfig | None, paths: Sequence[str | Path]) -> Readings:
    """Put the rules of a configuration to the inputs behind the paths.

    Args:
        found: the configuration that applies, if any.
        paths: what is read, as in `scan`; standard input and pipes have no rules.
    """
    if found is None or not found.config.files:
        return Readings()
    named = [str(path) for path in paths if _is_kept(path)]
    base = os.path.abspath(found.path.parent)
    places = {source.display: source for source in expand(named).sources}
    rules = found.config.files
    met = _met(rules, {display: _below(display, base) for display in places})
    folders = [os.path.abspath(name) for name in named if os.path.isdir(name)]
    made: list[InputReading] = []
    issues: list[ReadIssue] = []
    for number, (rule, inputs) in enumerate(zip(rules, met, strict=True)):
        at = f"{found.path}, files.{number}"
        if not inputs:
            if _is_expected(rule, base, folders):
                issues.append(issue("E150.file", at, path=rule.path))
            continue
        columns = {name: field for name, field in rule.columns.items() if name not in rule.uncertain}
        if found.own:
            kind = "" if "kind" in rule.uncertain else rule.kind
            preset = "" if "preset" in rule.uncertain else rule.preset
            made.append(InputReading(inputs, rule.sheet, columns, rule.reader, kind, preset))
            continue
        refused = sorted(name for name, field in columns.items() if field in _OWN_ALONE)
        told = [*(name for name in ("kind", "preset") if getattr(rule, name)), *refused]
        if told:
            issues.append(issue("E150.not_own", at, names=_listed(told)))
        columns = {name: field for name, field in columns.items() if name not in refused}
        fitting, others = _sniffed(rule.reader, [places[name] for name in inputs])
        if others and rule.reader:
            issues.append(issue("E150.other_format", at, reader=rule.reader, names=_listed(others)))
        made += [
            InputReading(part, rule.sheet, columns, reader)
            for part, reader in ((fitting, rule.reader), (others, ""))
            if part
        ]
    return Readings(
        tuple(one for one in made if one.columns or one.reader or one.kind or one.preset), tuple(issues)
    )


def inputs_of(found: FoundConfig, displays: Iterable[str]) -> list[tuple[str, ...]]:
    """Give the inputs that each rule of a configuration speaks of."""
    base = os.path.abspath(found.path.parent)
    return _met(found.config.files, {display: _below(display, base) for display in displays})


def options_of(asked: ScanOptions) -> Options:
    """Give what is asked of the readers."""
    return Options(dict(asked.mapping), asked.reader, files=by_input(asked.files), kinds=dict(asked.kinds))


def by_input(files: Iterable[InputReading]) -> dict[str, tuple[InputReading, ...]]:
    """Group what is said by the input that it is said of."""
    made: dict[str, list[InputReading]] = {}
    for one in files:
        for name in one.inputs:
            made.setdefault(name, []).append(one)
    return {name: tuple(said) for name, said in made.items()}


def unmet(options: Options, tables: Sequence[Table]) -> list[ReadIssue]:
    """Name sheets and columns that a configuration speaks of and an input does not have.

    Args:
        options: those of the input alone, as `Options.of` gives them.
        tables: all tables of the input; of one that could not be read nothing is said.
    """
    made: list[ReadIssue] = []
    for one in options.files.get("", ()) if tables else ():
        held = [table for table in tables if one.sheet in ("", table.sheet)]
        if not held:
            made.append(issue("E150.sheet", f"sheet {one.sheet!r}"))
            continue
        missing = [
            name for name in one.columns if all(find_column(name, table.header) is None for table in held)
        ]
        if missing:
            at = f"sheet {one.sheet!r}" if one.sheet else "columns"
            made.append(issue("E150.column", at, names=_listed(missing)))
    return made


def matches(pattern: str, path: str) -> bool:
    """Tell whether a path is one that a pattern means: `*` and `?` stand within a folder, `**` for any folders.

    It takes time in proportion to the product of both lengths at most, whatever the pattern.
    """
    if pattern == path:
        return True

    def part(wanted: str, name: str) -> bool:
        return _fits(wanted, name, "*", lambda one, char: one in ("?", char))

    return _fits(pattern.split("/"), path.split("/"), "**", part)


def _fits(
    pattern: Sequence[_Part], text: Sequence[_Part], star: _Part, same: Callable[[_Part, _Part], bool]
) -> bool:
    """Tell whether a pattern fits, in which `star` stands for any number of parts: only the last one is ever tried again."""
    at = place = 0
    back, taken = -1, 0
    while place < len(text):
        if at < len(pattern) and pattern[at] == star:
            back, taken = at, place
            at += 1
        elif at < len(pattern) and same(pattern[at], text[place]):
            at, place = at + 1, place + 1
        elif back >= 0:
            taken += 1
            at, place = back + 1, taken
        else:
            return False
    return all(one == star for one in pattern[at:])


def _is_kept(path: str | Path) -> bool:
    """Tell whether a path can be looked at without taking anything from it."""
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError):
        return False
    return stat.S_ISREG(mode) or stat.S_ISDIR(mode)


def _below(display: str, base: str) -> str | None:
    """Give the path of an input from a folder, as patterns write it; `None` where it does not lie below."""
    for place, folder in (
        (os.path.abspath(display), base),
        (os.path.realpath(display), os.path.realpath(base)),
    ):
        top = folder.rstrip(os.sep) + os.sep
        if place.startswith(top):
            return _folded(place[len(top) :].replace(os.sep, "/"))
    return None


def _folded(path: str) -> str:
    # Some systems take names apart into letters and accents.
    return unicodedata.normalize("NFC", path)


def _met(rules: Sequence[FileRule], places: Mapping[str, str | None]) -> list[tuple[str, ...]]:
    """Give the inputs that each rule speaks of."""
    plain: dict[str, list[int]] = {}
    patterns: list[tuple[int, str]] = []
    for number, rule in enumerate(rules):
        path = _folded(rule.path)
        plain.setdefault(path, []).append(number)
        if "*" in path or "?" in path:
            patterns.append((number, path))
    met: list[list[str]] = [[] for _ in rules]
    for display, place in places.items():
        if place is None:
            continue
        held = {*plain.get(place, ()), *(number for number, path in patterns if matches(path, place))}
        for number in held:
            met[number].append(display)
    return [tuple(one) for one in met]


def _is_expected(rule: FileRule, base: str, folders: Sequence[str]) -> bool:
    """Tell whether everything that a rule could speak of lies in a folder that is read."""
    start: list[str] = []
    for part in rule.path.split("/"):
        if "*" in part or "?" in part:
            break
        start.append(part)
    place = os.path.join(base, *start)
    return any(place == one or place.startswith(one.rstrip(os.sep) + os.sep) for one in folders)


def _sniffed(reader: str, sources: Sequence[Source]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Divide inputs into those that a reader itself takes for its own, and others."""
    from proscribe.readers.head import sniffed
    from proscribe.readers.registry import READERS

    fitting: list[str] = []
    asked = next((one for one in READERS if one.name == reader), None)
    for source in sources if asked is not None else ():
        try:
            head = sniffed(source)
        except OSError:
            continue
        if asked is not None and asked.may_be(head) and asked.reader.sniff(head) > 0:
            fitting.append(source.display)
    return tuple(fitting), tuple(one.display for one in sources if one.display not in set(fitting))


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(repr(name) for name in names[:_SHOWN])
    return shown + (f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else "")
