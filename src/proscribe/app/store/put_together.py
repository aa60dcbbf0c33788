"""One scan of lists that several scans read: what each found in those of its lists for which no other reading stands.

Nothing is read for it. Run again, each list is read beside those with which it was read before, and the same is put together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from proscribe.app.rules.scopes import site_key
from proscribe.app.scan.blind_spots import joined
from proscribe.app.scan.run import not_checked
from proscribe.matching.found import id_of
from proscribe.matching.identity import DIGEST_BYTES, digest_of
from proscribe.model.casework import LETTERS_OF_SCAN, OF_SCAN
from proscribe.model.findings import Finding
from proscribe.model.results import Reading, ReadInput, Scan, ScannedInput, StatedFact

_OF_A_LIST = "list:"


@dataclass(frozen=True, slots=True)
class Part:
    """A scan of which some lists stand.

    Attributes:
        sha256: of its JSON.
        stands: places of those of its inputs that stand.
        apart: places of those of which something was stated alone.
    """

    scan: Scan
    sha256: str
    stands: frozenset[int]
    apart: frozenset[int] = frozenset()

    @property
    def found(self) -> list[Finding]:
        """Give the findings of the lists that stand."""
        return [one for one in self.scan.findings if one.input in self.stands]


def put_together(parts: Sequence[Part]) -> Scan:
    """Give one scan of the lists that stand in several, the earliest first; the law was not asked about it.

    Its days are those of the last. What a list of a later scan of the same kind records in the same words stands there alone, as
    in an export under another name; else the same thing in lists of two scans is two findings, numbered as in one scan.
    """
    repeated = _repeated(parts)
    first, last = parts[0].scan, parts[-1].scan
    inputs: list[ScannedInput] = []
    findings: list[Finding] = []
    mentions = []
    readings = []
    paths: set[str] = set()
    ids: set[str] = set()
    for number, part in enumerate(parts):
        places: dict[int, int] = {}
        read: list[ReadInput] = []
        for one in part.scan.inputs:
            index = len(inputs) if one.index in part.stands else None
            read.append(ReadInput(one.path, one.sha256, one.size_bytes, index, one.index in part.apart))
            if index is not None:
                places[one.index] = index
                inputs.append(replace(one, index=index, path=_own_path(one.path, part.sha256, paths)))
        options = part.scan.options
        assert options is not None
        readings.append(
            Reading(
                scan_sha256=part.sha256, as_of=part.scan.as_of, known_as_of=part.scan.known_as_of, options=options,
                inputs=tuple(read),
            )
        )  # fmt: skip
        findings += _renumbered([one for one in part.found if (number, one.id) not in repeated], places, ids)
        mentions += [
            replace(one, input=places[one.input]) for one in part.scan.mentions if one.input in places
        ]
    every = [part.scan for part in parts]
    return Scan(
        proscribe=first.proscribe,  # an earlier version may have worded otherwise what it found
        as_of=last.as_of,
        known_as_of=last.known_as_of,
        knowledge=last.knowledge,
        inputs=tuple(inputs),
        findings=tuple(findings),
        mentions=tuple(mentions),
        not_checked=tuple(not_checked(inputs)),
        entity_names={name: told for scan in every for name, told in scan.entity_names.items()},
        fact_notes={name: told for scan in every for name, told in scan.fact_notes.items()},
        thresholds_mbit=last.thresholds_mbit,
        blind_spots=joined(spot for scan in every for spot in scan.blind_spots),
        finding_ids=last.finding_ids,
        options=last.options,
        readings=tuple(readings),
    )


def _repeated(parts: Sequence[Part]) -> set[tuple[int, str]]:
    """Give the findings, by the place of their part, that a later one repeats; none of which another is derived."""
    later: dict[str, tuple[object, ...]] = {}
    made: set[tuple[int, str]] = set()
    for number in reversed(range(len(parts))):
        part, tables = parts[number], parts[number].scan.tables
        needed = {name for one in part.found for name in one.derived_from}
        told = {}
        for one in part.found:
            table = tables.get((one.input, one.locator.sheet))
            same = (one.record, table.kind if table is not None else "", one.ignored is None)
            alone = one.input in part.apart or one.id in needed or bool(one.derived_from) or not one.record
            if not alone and later.get(one.id) == same:
                made.add((number, one.id))
            told[one.id] = () if alone else same
        later |= told
    return made


def _own_path(path: str, sha256: str, paths: set[str]) -> str:
    """Give a list a path of its own: two sites may each have a list of one name."""
    end = OF_SCAN.format(sha256[:LETTERS_OF_SCAN])
    while path in paths:
        path += end
    paths.add(path)
    return path


def _renumbered(found: Sequence[Finding], places: Mapping[int, int], ids: set[str]) -> Iterable[Finding]:
    """Give findings with the places of their inputs, and ids of their own where another scan found the same record."""
    own = {one.id for one in found}
    named: dict[str, str] = {}
    for one in found:
        name, number = one.id, 2
        while name in ids or (name != one.id and name in own):
            name, number = _numbered(one.id, number), number + 1
        ids.add(name)
        named[one.id] = name
    for one in found:
        of = tuple(named.get(name, name) for name in one.derived_from)
        yield replace(one, id=named[one.id], input=places[one.input], derived_from=of)


def _numbered(name: str, number: int) -> str:
    """Give the id of the how-manieth finding of a subject; see `matching.identity.ids_of`."""
    subject = bytes.fromhex(name.removeprefix("f_")).ljust(DIGEST_BYTES, b"\0")
    return id_of(digest_of(subject, str(number)))


def stated_of_lists(stated: Iterable[StatedFact], before: Scan, now: Scan) -> tuple[StatedFact, ...]:
    """Give what was stated for a scan as it is said of another one that holds the same lists under other names.

    What was stated of a list that was read again, where several bear its name now, is left out and asked again: it is not known
    which of them is meant.
    """
    names = _list_names(before)
    digests = {one.sha256: one.index for one in now.inputs if one.sha256}
    own = {index: name for name, index in _list_names(now).items()}  # the short name where there is one
    made = []
    for one in stated:
        name, sheet = _of_list(one.applies_to, names)
        if not name:
            made.append(one)
            continue
        index = digests.get(before.inputs[names[name]].sha256)
        told = own[index] if index is not None else name if _is_alone(name, now) else ""
        if told:
            made.append(one if told == name else replace(one, applies_to=f"{_OF_A_LIST}{told}{sheet}"))
    return tuple(made)


def stated_alone(stated: Iterable[StatedFact], scan: Scan) -> frozenset[int]:
    """Give the places of the lists of a scan of which something was stated alone, by whatever name it may mean them."""
    said = {_sheetless(one.applies_to) for one in stated if one.applies_to.startswith(_OF_A_LIST)}
    return frozenset(
        one.index
        for one in scan.inputs
        if any(
            name.startswith(site_key(path)) for name in said for path in (one.path, PurePath(one.path).name)
        )
    )


def _sheetless(applies_to: str) -> str:
    return site_key(applies_to.removeprefix(_OF_A_LIST))


def _list_names(scan: Scan) -> dict[str, int]:
    """Give the names by which facts may name the lists of a scan, with their places: whole paths, and then names of files."""
    called = Counter(PurePath(one.path).name for one in scan.inputs)
    names = {one.path: one.index for one in scan.inputs}
    for one in scan.inputs:
        if called[name := PurePath(one.path).name] == 1:
            names.setdefault(name, one.index)
    return names


def _of_list(applies_to: str, names: Mapping[str, int]) -> tuple[str, str]:
    """Give of which list something was stated, and of which sheet as it stands behind it; nothing where it is of none of them."""
    if not applies_to.startswith(_OF_A_LIST):
        return "", ""
    said = site_key(applies_to.removeprefix(_OF_A_LIST))
    for name in names:
        key = site_key(name)
        if said == key or said.startswith(f"{key}, "):
            return name, said[len(key) :]
    return "", ""


def _is_alone(name: str, scan: Scan) -> bool:
    """Tell whether one list of a scan alone has a name, or its path."""
    return sum(name in (one.path, PurePath(one.path).name) for one in scan.inputs) == 1
