"""An offering from its parts list: every line a component, with what is known of who made it.

A line is *cleared* only when the list names a maker that is known, and nothing in it speaks of a named firm. A chip or another
part whose standing under the law is a question is *unresolved*, as is every line without a maker: nobody can certify what
nobody knows. A person may clear an unresolved line by saying why (`resolved` in the file of the offering).
"""

from __future__ import annotations

import csv
import re
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from proscribe.app.files import sha256_of_file
from proscribe.app.kb.known_makers import KnownMakers, makers_of
from proscribe.app.kb.plain_words import is_nobody, names_no_maker, plain
from proscribe.app.scan import api
from proscribe.app.scan.reading_process import open_apart
from proscribe.devices.alternates import ALTERNATE_QUESTION, is_alternate, of_one_part
from proscribe.devices.described import as_read, model_of
from proscribe.devices.same_thing import is_sure
from proscribe.documents.checks import says_why
from proscribe.kb.snapshot import open_knowledge
from proscribe.matching.rollup import Bom
from proscribe.model.errors import ProscribeError, error
from proscribe.model.findings import OTHER_LAW, Band, Finding, Role
from proscribe.model.observations import BlindSpot
from proscribe.model.people import person_key, two_people
from proscribe.model.results import InputReading
from proscribe.readers import expand

_MAX_COMPONENTS = 5_000
#: Issues of a list that is not read as it stands: a firm beside its rows, columns that somebody stated to be something else.
_NOT_AS_IT_STANDS = frozenset(["E140", "E100", "E199"])
_WORST = ("cleared", "unresolved", "covered")
_NOT_KNOWN = "the parts list names as its maker what is no maker that is known:"
_ASSEMBLY = "an assembly; "
#: Words of a line that may be a title, a short name among them.
_MOST_WORDS = 12
#: Blind spots by which a list says that parts of the product are not in it.
_INCOMPLETE = frozenset({"composition_incomplete", "parts_elsewhere"})
_NUMBERS = ("part_number", "model_number")
#: Headers of the revision of a line.
_REVISIONS = frozenset(["rev", "revision", "version", "révision", "revisión", "revisione", "revisie"])
#: Parts that a sentence names.
_NAMED = 5
#: What a certificate has to know of a chip that is not sure: whatever the product is, its words speak of components.
_WHICH_CHIP = "Which chip is in it, and who made it?"
#: Begins why a line is open that leaves open what is fitted.
_ANOTHER = "the line leaves open which part is fitted"
#: Expressions of the knowledge about what a line says beside its maker; see `matching/groups.yml`.
_KINDS = (
    "boards", "modules", "not_modules", "radio_columns", "another_part", "chip_kinds", "completes", "not_completes",
    "plain_remarks",
)  # fmt: skip
#: Fields of columns whose texts may be remarks.
_REMARKS = frozenset({"note", "other", "", None})
_OF_A_MAKER = re.compile(r"\bmpn\b|\bm(?:anu)?f|herst|fabri|produc")
_PIECES = re.compile(r"[,;/|]\s*")
#: An address or a name that a program gave, which says nothing in words.
_ADDRESS = re.compile(
    r"\b(?:urn|https?|ftp|file|mailto|pkg|cpe):\S+|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b",
    re.IGNORECASE,
)
_COUNTED = frozenset({"quantity", "designators", "component_ref", "level", "unit_cost", "amount"})
#: Letters of the short name of a maker at least.
_SHORT_NAME = 3


def read_offering(
    path: Path,
    *,
    as_of: str | date | None = None,
    knowledge: Sequence[str | Path] = (),
    files: Sequence[InputReading] = (),
) -> dict[str, Any]:
    """Read a parts list as `components`, `parts_list_sha256` and `parts_list` of an `Offering`, plain values.

    Args:
        path: the parts list: a table, or a bill of materials.
        as_of: ownership on this day; today by default.
        knowledge: a snapshot or source folder, then layers; the shipped one by default.
        files: what a configuration says of it, as `file_rules.readings` gives it.

    Raises:
        InputError: E466 when it is no file, holds no parts list or several, or more lines than a document can.
    """
    if not path.is_file():
        raise _none(path, "it is a folder" if path.is_dir() else "there is no such file")
    # As in a proof, nothing is used that an earlier run kept of the knowledge: the certificate rests on this search alone.
    scan, _ = api.scan_keeping(
        [str(path)], as_of=as_of, knowledge=knowledge, files=files, keep_all=False, anew=True
    )
    if any(one.reader == "firmware" for one in scan.scan.inputs):
        raise error("E466.image", at=path)
    by_line: dict[tuple[str | None, int], list[Finding]] = {}
    for finding in scan.findings:
        by_line.setdefault((finding.locator.sheet, finding.locator.row), []).append(finding)
    names = scan.scan.entity_names
    mentioned = {
        (one.locator.sheet, one.locator.row): names.get(one.entity, one.entity) for one in scan.scan.mentions
    }
    sources = expand([str(path)]).sources
    if len(sources) > 1:
        raise _none(path, f"it holds {len(sources)} files")
    # Two lines may bear one reference; each is named in the certificate, so the second gets its line beside it.
    refs: set[str] = set()
    components: list[dict[str, Any]] = []
    parts_of = {one.id: frozenset(one.derived_from) for one in scan.findings}
    told: list[_Told] = []
    said, makers = _Said(), makers_of(knowledge)
    for source in sources:
        reading = open_apart(source, scan.options)
        packed: set[str | None] = set()
        for batch in reading.batches():
            table = reading.tables[batch.table]
            packed.add(table.sheet)
            bom = Bom(_table_of(batch.rows), table.fields)
            components += _components(
                bom, batch.first_record, table.sheet, by_line, mentioned, names, refs, makers
            )
            told += _told(bom)
            said.of_lines(bom)
            if len(components) > _MAX_COMPONENTS:
                raise _none(path, f"it has more than {_MAX_COMPONENTS:,} lines")
        if reading.reader == "archive" and len(packed) > 1:
            raise _none(path, f"it holds {len(packed)} files")
        issues = [*reading.issues, *(issue for read in scan.scan.inputs for issue in read.issues)]
        unread = [issue for issue in issues if issue.lossy or issue.code in _NOT_AS_IT_STANDS]
        if unread:
            raise _none(
                path, f"not all of it could be read: {unread[0].what.partition(' Read it with --map')[0]}"
            )
        if any(issue.code == "E118" for issue in issues):
            _leave_open(components)
        said.of_list(reading, open_apart(source, scan.options, check_columns=False).links())
    if not components:
        raise _none(path, "it has no lines")
    _open_short_names(components, names, as_of, knowledge)
    _open_kinds(components, told, open_knowledge(knowledge).document("matching/groups"), makers)
    _hold_covered(components, parts_of)
    _from_parts(components)
    return {
        "components": components,
        "parts_list_sha256": sha256_of_file(path),
        "parts_list": said.told(),
    }


def join_offerings(lists: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Join what several parts lists of one product say, each as `read_offering` gives it: the first, and the others beside it.

    A line of another list than the first bears the number of the list, so that no two lines bear one reference.

    Raises:
        InputError: E466 for more lines than a document can hold.
    """
    first, *others = {str(one["parts_list_sha256"]): one for one in lists}.values()
    components = list(first["components"])
    for number, other in enumerate(others, start=2):
        components += [
            {
                **one,
                "ref": f"list {number} {one['ref']}",
                "parent_ref": one["parent_ref"] and f"list {number} {one['parent_ref']}",
            }
            for one in other["components"]
        ]
    if len(components) > _MAX_COMPONENTS:
        raise error("E466.lists", count=len(others) + 1, most=_MAX_COMPONENTS)
    beside = [{**one["parts_list"], "sha256": one["parts_list_sha256"]} for one in others]
    return {**first, "components": components, **({"more_lists": beside} if beside else {})}


class _Told(NamedTuple):
    """What a line says: by column; its makers' numbers and its remarks; makers and numbers of other choices for it, by column."""

    line: dict[str, str]
    numbers: list[str]
    remarks: list[str]
    other_makers: dict[str, str]
    other_numbers: dict[str, str]


class _Said:
    """What a parts list says of itself while it is read: of which product it is, and that parts are missing from it."""

    def __init__(self) -> None:
        self._names: dict[str, None] = {}
        self._numbers: dict[str, None] = {}
        self._revisions: dict[str, None] = {}
        self._refs: set[str] = set()
        self._admits: dict[str, None] = {}
        self._titles: dict[str, None] = {}

    def of_lines(self, bom: Bom) -> None:
        """Take the products among the lines: what a document calls so, and a single line that the others lie below."""
        rows = range(bom.rows.num_rows)
        self._refs.update(bom.cell("component_ref", row) or "" for row in rows)
        for row in _products(bom):
            for kind in ("part_number", "model_number", "product_name", "text"):
                told = bom.cell(kind, row)
                if told:
                    self._names[told] = None
                    if kind in _NUMBERS:
                        self._numbers[told] = None
            for name in bom.rows.schema.names:
                if plain(name) in _REVISIONS and (told := bom.rows.column(name)[row].as_py()):
                    self._revisions[told] = None

    def of_list(self, reading: Any, links: Iterable[tuple[str, str]]) -> None:
        """Take what stands beside the lines, when all of them were read."""
        for table in reading.tables:
            self._titles.update((text, None) for _, text in table.beside if text.strip())
        self._admits.update(
            (_admitted(spot), None) for spot in reading.blind_spots if spot.kind in _INCOMPLETE
        )
        away = sorted({part for part, _ in links if self._is_away(part, reading.reader)})
        if away:
            named = ", ".join(one[:80] for one in away[:_NAMED]) + (", ..." if len(away) > _NAMED else "")
            self._admits[f"It names parts that stand in no line: {named}"] = None

    def _is_away(self, part: str, reader: str) -> bool:
        # In SPDX, files and snippets are parts as well; only what stands in another document is sure to be no line here.
        return part not in self._refs and (reader == "cyclonedx" or part.startswith("DocumentRef-"))

    def told(self) -> dict[str, Any]:
        """Give the plain value of a `PartsList`."""
        return {
            "names": list(self._names),
            "numbers": list(self._numbers),
            "revision": next(iter(self._revisions)) if len(self._revisions) == 1 else "",
            "admits": list(self._admits),
            "titles": list(self._titles),
        }


def _products(bom: Bom) -> list[int]:
    rows, levels = range(bom.rows.num_rows), bom.levels()
    if "relation" in bom.rows.schema.names:
        relation = bom.rows.column("relation")
        return [row for row in rows if relation[row].as_py() == "product"]
    if levels is not None:
        told = [(int(levels[row]), row) for row in rows if levels[row] >= 0]
        top = [row for level, row in told if level == min(told)[0]]
        return top if len(top) == 1 else []
    wholes = {bom.cell("parent_ref", row) for row in rows}
    return [
        row
        for row in rows
        if not bom.cell("parent_ref", row) and bom.cell("component_ref", row) in wholes - {None}
    ]


def _admitted(spot: BlindSpot) -> str:
    named = ", ".join(one[:80] for one in spot.examples)
    return spot.what + (f" ({named})" if named else "")


def _open_short_names(
    components: Sequence[dict[str, Any]],
    names: Mapping[str, str],
    as_of: str | date | None,
    knowledge: Sequence[str | Path],
) -> None:
    """Clear no line in which a word stands that would name a firm in a column of makers: "made for HIK"."""
    lines: dict[str, list[dict[str, Any]]] = {}
    for one in components:
        words = f"{one['name']} {one['maker']} {one['supplier']}".split()
        if one["state"] == "cleared" and len(words) <= _MOST_WORDS:
            for word in words:
                lines.setdefault(word.strip(".,;:()[]\"'"), []).append(one)
    words = [word for word in lines if any(map(str.isalpha, word))]
    _, found = _looked_up([{"Manufacturer": word} for word in words], as_of, knowledge)
    for number, findings in found.items():
        sure = [one for one in findings if one.band.rank >= Band.PROBABLE.rank]
        for one in lines[words[number]] if sure else ():
            firm = names.get(sure[0].entity, sure[0].entity)
            one["state"] = "unresolved"
            one["because"] = f"{words[number]} may stand for {firm}; what has that firm to do with this part?"


def _hold_covered(components: Sequence[dict[str, Any]], parts_of: Mapping[str, Collection[str]]) -> None:
    """Let a line that is open for what it holds alone be covered where that is: what it holds is told by other lines.

    Args:
        parts_of: finding to the findings that it was derived from.
    """
    covered = {name: one for one in components if one["state"] == "covered" for name in one["finding_ids"]}
    for one in components:
        derived = [parts_of.get(name, ()) for name in one["finding_ids"]]
        if one["state"] == "unresolved" and all(derived):
            held = {
                covered[name]["ref"]: covered[name] for names in derived for name in names if name in covered
            }
            if held:
                named = ", ".join(
                    f"{part['ref']} {part['name']}".strip()[:80] for part in [*held.values()][:_NAMED]
                )
                one["state"], one["because"] = "covered", f"it holds what is covered: {named}"


def _told(bom: Bom) -> Iterator[_Told]:
    """Yield what each line says, by the heading of the column, but for how many there are."""
    fields = bom.fields
    names = [name for name in bom.rows.schema.names if fields.get(name) not in _COUNTED]
    columns = [bom.rows.column(name).to_pylist() for name in names]
    numbers = [name for name in names if fields.get(name) in _NUMBERS]
    numbers = [name for name in numbers if _OF_A_MAKER.search(name.lower())] or numbers
    for row in range(bom.rows.num_rows):
        texts = [str(column[row] or "").strip() for column in columns]
        line = {name: text for name, text in zip(names, texts, strict=True) if text}
        others = {name: text for name, text in line.items() if is_alternate(name) and not _is_nothing(text)}
        yield _Told(
            line,
            [line[name] for name in numbers if name in line and (name in others or not is_alternate(name))],
            [text for name, text in line.items() if fields.get(name) in _REMARKS],
            {name: text for name, text in others.items() if fields.get(name) == "maker_name"},
            {name: text for name, text in others.items() if fields.get(name) in _NUMBERS},
        )


def _stranger(told: _Told, makers: KnownMakers) -> str:
    """Give another choice for a line whose maker nobody knows, or that bears a number alone; empty where there is none."""
    for heading, text in told.other_makers.items():
        if not all(map(makers.in_parts, filter(None, _PIECES.split(text)))):
            return f"{heading}: {text}"
    for heading, text in told.other_numbers.items():
        if not of_one_part(told.other_makers, {heading}) and not any(
            map(makers.in_parts, (text, text.split()[0]))
        ):
            return f"{heading}: {text}"
    return ""


def _is_nothing(text: str) -> bool:
    """Tell whether a cell for a second source says that there is none."""
    return is_nobody(text) or not any(map(str.isalnum, text))


def _is_remark(text: str) -> bool:
    """Tell whether a cell says something in words, or asks, rather than naming a value or an address: `10 %`, `SOIC-8`."""
    said = _ADDRESS.sub("", text)
    return len(re.findall(r"[^\W\d_]{2,}", said)) > 1 or "?" in said


def _open_kinds(
    components: Sequence[dict[str, Any]],
    told: Sequence[_Told],
    kinds: Mapping[str, Any],
    makers: KnownMakers,
) -> None:
    """Clear no line by its maker alone that says that another part may be fitted, or that holds chips of others.

    Args:
        told: what each line says, in the order of the components.
        kinds: of the knowledge, the expressions that `_KINDS` names.
    """
    board, module, passive, columns, another, chip, complete, part, idle = (
        re.compile("|".join(kinds.get(name, ())) or r"(?!)") for name in _KINDS
    )
    wholes = {one["parent_ref"] for one in components}
    for one, said_by in zip(components, told, strict=True):
        line, numbers, remarks = said_by[:3]
        if one["state"] != "cleared" or one["ref"] in wholes:
            continue
        name, said = one["name"].lower(), " ".join(line.values()).lower()
        beside = {heading: text for heading, text in line.items() if another.search(heading.lower())}
        # A second source that the list names is as good as the first where its maker is known.
        known = any(all(map(makers.in_parts, filter(None, _PIECES.split(text)))) for text in beside.values())
        open_ = _stranger(said_by, makers) or next(
            (
                f"{heading}: {text}"
                for heading, text in line.items()
                if another.search(text.lower()) or (heading in beside and not known and not _is_nothing(text))
            ),
            "",
        )
        if chip.search(name):
            open_ = open_ or next((text for text in remarks if _is_remark(idle.sub("", text.lower()))), "")
        number = next((text for text in numbers if not any(map(str.isdigit, text))), "")
        radio = bool(board.search(said) or module.search(f"{one['maker']} {said}".lower()))
        radio = radio or any(columns.search(f"{heading}: {text}".lower()) for heading, text in line.items())
        if open_ or number:
            what = open_[:120] if open_ else f"{number[:60]} is no number of a part"
            one["state"] = "unresolved"
            one["because"] = f"{_ANOTHER}; {what}. Which part is fitted, and who made it?"
        elif (
            board.search(name)
            or (radio and not passive.search(name))
            or (complete.search(name) and not passive.search(name) and not part.search(name))
        ):
            one["state"] = "unresolved"
            one["because"] = (
                f"{one['because']}; a module, a board or a device of this kind holds chips, and the list does not say whose: "
                "which does it hold?"
            )


def _leave_open(components: list[dict[str, Any]]) -> None:
    """Clear no line whose letters were read in a guessed code page: in a wrong one a firm cannot be recognised."""
    for one in components:
        if one["state"] == "cleared" and _may_be_garbled(
            f"{one['maker']} {one['name']} {one['model_number']}"
        ):
            one["state"] = "unresolved"
            one["because"] = (
                "the list was read in a code page that was guessed; save it as UTF-8, or say who made this part"
            )


def _may_be_garbled(text: str) -> bool:
    """Tell whether a word is no Latin one with an accent (`Würth`): it reads otherwise in every code page."""
    beyond = ((sum(not char.isascii() for char in word), len(word)) for word in text.split())
    return not text.isascii() and any(count > 1 and 2 * count >= letters for count, letters in beyond)


def _table_of(rows: Any) -> Any:
    import pyarrow as pa

    return pa.Table.from_batches([rows])


def _none(path: Path, what: str) -> ProscribeError:
    return error("E466.file", at=path, what=what)


def _components(
    bom: Bom,
    first_record: int,
    sheet: str | None,
    by_line: Mapping[tuple[str | None, int], list[Finding]],
    mentioned: Mapping[tuple[str | None, int], str],
    names: Mapping[str, str],
    refs: set[str],
    makers: KnownMakers,
) -> list[dict[str, Any]]:
    levels, fields = bom.levels(), bom.fields
    above: dict[int, str] = {}
    made = []
    for row in range(bom.rows.num_rows):
        record = first_record + row
        line = f"{sheet + ' ' if sheet else ''}line {record}"
        ref = bom.cell("component_ref", row) or line
        if ref in refs:
            ref = f"{ref} ({line})"
        refs.add(ref)
        parent = bom.cell("parent_ref", row) or ""
        if levels is not None and levels[row] >= 0:
            depth = int(levels[row])
            parent = parent or next((above[one] for one in range(depth - 1, -1, -1) if one in above), "")
            above = {one: name for one, name in above.items() if one < depth} | {depth: ref}
        found = by_line.get((sheet, record), [])
        told = _of_its_own(bom, row, "maker_name")
        own_number = _of_its_own(bom, row, "model_number") or _of_its_own(bom, row, "part_number")
        others = [one for one in found if ALTERNATE_QUESTION in one.questions]
        own = [one for one in found if one not in others]
        state, because = _state(own, told, names, makers)
        if others and state != "covered":
            asks = "" if state == "cleared" else f" And of its own part: {because}"
            which = f"Is one of them fitted in any build, or {own_number or 'its own part'} alone?"
            because = f"{_choices(others, names, fields)} {which}{asks}"
            state = "unresolved"
        firm = mentioned.get((sheet, record))
        if state == "cleared" and firm is not None:
            state, because = "unresolved", f"the line names {firm}; what has that firm to do with this part?"
        maker = "" if names_no_maker(told) else told
        made.append(
            {
                "ref": ref,
                "name": bom.label(row),
                "state": state,
                "maker": _maker(own, names) or maker,
                "sold_as": next((one.brand or maker for one in found if one.role is Role.RELABEL), ""),
                "model_number": own_number,
                "parent_ref": parent,
                "quantity": bom.cell("quantity", row) or "",
                "supplier": bom.cell("vendor_name", row) or "",
                "chips": _chips(found, names),
                "because": because,
                "declared_by": [],
                "finding_ids": [one.id for one in found],
                "found": _surest(found),
            }
        )
    return made


def _of_its_own(bom: Bom, row: int, kind: str) -> str:
    """Give the first filled cell of a field that speaks of the part of the line itself, and of no other choice for it."""
    columns = (bom.rows.column(name) for name in bom.columns(kind) if not is_alternate(name))
    return next((str(text) for column in columns if (text := column[row].as_py())), "")


def _choices(found: Sequence[Finding], names: Mapping[str, str], fields: Mapping[str, str]) -> str:
    """Name the parts of named firms that are other choices for a line, each with its own number."""
    said = []
    for one in found:
        firm = names.get(one.entity, one.entity)
        part = model_of(*as_read(one), fields, frozenset()) or "a part"
        why = "; ".join(item.why for item in one.evidence[:2])
        said.append(f"{part} of {firm} is another choice for the line ({one.band.value}: {why}).")
    return " ".join(said)


def _chips(found: Sequence[Finding], names: Mapping[str, str]) -> list[str]:
    """Name the chips that the line itself speaks of, be the line the chip or what holds it."""
    chips = []
    for one in found:
        said = [item for item in one.evidence if item.matcher == "chip"]
        said = said or list(one.evidence if one.role is Role.COMPONENT else ())
        if said and not one.derived_from:
            chips.append(f"{names.get(one.entity, one.entity)} {said[0].found}")
    return chips


def _maker(found: Sequence[Finding], names: Mapping[str, str]) -> str:
    sure = [one for one in found if one.role is not Role.COMPONENT and one.band is not Band.POSSIBLE]
    return names.get(sure[0].entity, sure[0].entity) if len(sure) == 1 else ""


def _state(
    found: Sequence[Finding], maker: str, names: Mapping[str, str], makers: KnownMakers | None = None
) -> tuple[str, str]:
    # What is certain speaks first: a covered part cannot be explained away, an open question can.
    for one in sorted(found, key=_is_open):
        if one.ignored is not None:
            # One person's entry in the organisation's knowledge is no proof of what a part is.
            return (
                "unresolved",
                f"{names.get(one.entity, one.entity)}, {one.band.value}, was set aside by {one.ignored.by or 'nobody named'}: "
                f"{one.ignored.reason}. Who made this part?",
            )
        said = f"{names.get(one.entity, one.entity)}, {one.band.value}: " + "; ".join(
            item.why for item in one.evidence[:2]
        )
        if _is_open(one):
            told = [f"Note: {item.why}." for item in one.against if item.matcher == OTHER_LAW]
            questions = () if one.role is Role.COMPONENT else one.questions
            else_ = _WHICH_CHIP if one.role is Role.COMPONENT else "Who made this part?"
            asks = next(iter([*questions, *told]), else_)
            return "unresolved", f"{said}. {asks}"
        return "covered", said
    if names_no_maker(maker):
        return "unresolved", "the parts list names no maker" + (f": {maker}" if maker else "")
    if makers is None or not makers.in_parts(maker):
        return "unresolved", f"{_NOT_KNOWN} {maker}: who is that?"
    firm = makers.stands_for(maker)
    named = f"{maker} ({firm})" if firm else maker
    return (
        "cleared",
        f"the parts list names {named} as its maker, and nothing in the line speaks of a named firm",
    )


def _surest(found: Sequence[Finding]) -> str:
    return max((one.band for one in found), key=lambda band: band.rank).value if found else ""


def _is_open(finding: Finding) -> bool:
    """Tell whether it is open that a named firm made something in a line.

    A certificate speaks of components too, so that a chip that is confirmed is one of theirs, whatever it is built into.
    """
    chip = finding.role is Role.COMPONENT and (
        finding.band is not Band.CONFIRMED or bool(finding.derived_from)
    )
    return finding.ignored is not None or chip or not is_sure(finding)


def _stands_alone(one: Mapping[str, Any], own: Collection[str]) -> bool:
    """Tell whether a whole is more than its parts: a firm other than those of the product answers for it.

    Of the product itself the name of its maker says nothing: it is the one who certifies.
    """
    maker, why = one.get("maker"), str(one.get("because"))
    by_parts = not one.get("parent_ref") and why.startswith((_NOT_KNOWN, _ASSEMBLY))
    return bool(one.get("finding_ids")) or (bool(maker) and not by_parts and not _is_own(str(maker), own))


def _is_own(maker: str, own: Iterable[str]) -> bool:
    """Tell whether a cell names who makes the product, be it by the first words of a name: `Brandt` of `Brandt Weighing`."""
    words = plain(maker).split()
    if len("".join(words)) < _SHORT_NAME or names_no_maker(maker):
        return False
    return any(plain(name).split()[: len(words)] == words for name in own)


def _from_parts(components: list[dict[str, Any]], own: Collection[str] = ()) -> None:
    """Let an assembly without a maker of its own be what its parts are, from the lowest level up."""
    # Lines that a person wrote may lack fields or have a state that is none, which is refused when they are read.
    components = [one for one in components if one.get("state") in _WORST]
    children: dict[str, list[int]] = {}
    for place, one in enumerate(components):
        if isinstance(one.get("parent_ref"), str) and one["parent_ref"]:
            children.setdefault(one["parent_ref"], []).append(place)
    # a line stands above its parts in an indented list, and anywhere in one with parent references
    for _ in range(len(components)):
        changed = False
        for one in reversed(components):
            below = children.get(str(one.get("ref")))
            if not below or _stands_alone(one, own):
                continue
            worst = max((components[place]["state"] for place in below), key=_WORST.index)
            because = (
                f"{_ASSEMBLY}all its parts are cleared"
                if worst == "cleared"
                else f"{_ASSEMBLY}of its parts, {sum(components[place]['state'] == worst for place in below)} "
                f"{'is' if sum(components[place]['state'] == worst for place in below) == 1 else 'are'} {worst}"
            )
            if (one["state"], one.get("because")) != (worst, because):
                one["state"], one["because"] = worst, because
                changed = True
        if not changed:
            return


def check_stated(
    components: Sequence[Any], *, as_of: date | None = None, knowledge: Sequence[str | Path] = ()
) -> None:
    """Mark components as those that a person states, and open them again where their own words speak of a named firm.

    What somebody writes beside a part is looked up like what a parts list says of it.
    """
    told = [one for one in components if isinstance(one, dict)]
    # Whatever a file says of these, the program alone knows them.
    for one in told:
        one |= {"stated": True, "found": ""}
    written = [one for one in told if one.get("state") in ("cleared", "unresolved")]
    names, by_line = _looked_up([_row(one) for one in written], as_of, knowledge)
    for number, one in enumerate(written):
        if number in by_line:
            before = one["state"]
            one["state"], said = _state(by_line[number], "", names)
            one["found"] = _surest(by_line[number])
            one["because"] = (
                f"said to be {before} ({one.get('because') or 'no reason is given'}), and: {said}"
            )


def _row(component: Mapping[str, Any]) -> dict[str, str]:
    chips = component.get("chips")
    texts = [component.get("name"), component.get("sold_as"), *(chips if isinstance(chips, list) else ())]
    return {
        "Manufacturer": str(component.get("maker") or ""),
        "Model": str(component.get("model_number") or ""),
        "Description": "; ".join(str(one) for one in texts if one),
    }


def _looked_up(
    rows: Sequence[Mapping[str, str]], as_of: str | date | None, knowledge: Sequence[str | Path]
) -> tuple[Mapping[str, str], dict[int, list[Finding]]]:
    """Put rows to the matcher; names of entities, and findings by the number of the row, from 0."""
    if not rows:
        return {}, {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "stated.csv"
        with path.open("w", newline="", encoding="utf-8", errors="backslashreplace") as stream:
            writer = csv.DictWriter(stream, ["Line", "Manufacturer", "Model", "Description"])
            writer.writeheader()
            writer.writerows(
                {"Line": str(number), **{name: " ".join(text.split()) for name, text in row.items()}}
                for number, row in enumerate(rows)
            )
        columns = {
            "Line": "row_id",
            "Manufacturer": "maker_name",
            "Model": "model_number",
            "Description": "text",
        }
        scan, _ = api.scan_keeping(
            [str(path)], as_of=as_of, knowledge=knowledge, mapping=columns, reader="tabular", keep_all=False, anew=True
        )  # fmt: skip
    found: dict[int, list[Finding]] = {}
    for finding in scan.findings:
        if (finding.record_id or "").isdecimal():
            found.setdefault(int(finding.record_id or 0), []).append(finding)
    return scan.scan.entity_names, found


def resolve(
    components: Sequence[dict[str, Any]],
    resolved: Sequence[Mapping[str, Any]],
    *,
    author: str = "",
    title: str = "",
    known: Callable[[str], bool] = lambda name: True,
    own: Collection[str] = (),
    as_of: date | None = None,
    knowledge: Sequence[str | Path] = (),
) -> None:
    """Clear unresolved lines for which a person says why.

    Args:
        resolved: of a line by `ref`, or without one of every line whose maker nobody knew and that names this `maker`.
        known: tells whether a name is that of a person of the roster, where the store has one.
        title: of the author; a name that says no more than that is theirs.
        author: of the document; nobody clears a line of a certificate of their own.
        own: who makes the product; what they put together is what its parts are.
        as_of, knowledge: with which a maker that is named is looked up.

    Raises:
        InputError: E466 when a line is not there, is not unresolved, no reason or name is given, the one who clears it is
            the author, or the maker that is named is one of the named firms.
    """
    resolved, places = _by_maker(components, resolved)
    makers = [{"Manufacturer": str(item.get("maker") or "")} for item in resolved]
    named: dict[int, list[Finding]] = {}
    if any(one["Manufacturer"].strip() for one in makers):
        _, named = _looked_up(makers, as_of, knowledge)
    by_ref = {str(one.get("ref")): one for one in components}
    wholes = {one.get("parent_ref") for one in components if isinstance(one.get("parent_ref"), str)}
    for number, (index, item) in enumerate(zip(places, resolved, strict=True)):
        unknown = sorted(set(item) - {"ref", "because", "by", "maker"})
        if unknown or not all(isinstance(text, str) for text in item.values()):
            _unresolved(
                index, "an entry of another shape", "ref, because, by, and maker where it is known, as texts"
            )
        ref, because, by = (item.get(name, "").strip() for name in ("ref", "because", "by"))
        one = by_ref.get(ref)
        if one is None or one.get("state") != "unresolved":
            waiting = [str(line.get("ref")) for line in components if line.get("state") == "unresolved"]
            _unresolved(
                index,
                f"line {ref[:80]!r} cannot be resolved: "
                + ("there is no such line" if one is None else f"it is {one.get('state')}"),
                "the ref of an unresolved line"
                + (
                    f": {', '.join(waiting[:10])}{', ...' if len(waiting) > 10 else ''}"
                    if waiting
                    else "; there is none"
                ),
            )
        _check_person(index, ref, by, author=author, title=title, known=known)
        if number in named:
            _unresolved(
                index,
                f"line {ref[:80]!r} is said to be resolved, and made by {str(item.get('maker'))[:80]!r}, a firm that is named",
                "a line that is covered, and an answer that says so",
            )
        if not says_why(because) or not person_key(by):
            _unresolved(
                index,
                f"nobody says why line {ref[:80]!r} is resolved",
                "because (ten letters or more), and by",
            )
        if ref in wholes and not item.get("maker") and not one.get("finding_ids"):
            _unresolved(
                index,
                f"line {ref[:80]!r} is an assembly, which is what its parts are",
                "entries for its parts, or the maker of the whole",
            )
        one["state"], one["because"] = "cleared", f"{because} ({by})"
        if item.get("maker"):
            one["maker"] = item["maker"]
    _from_parts(list(components), own)
    _ask_of_own(components, own)


def _ask_of_own(components: Sequence[dict[str, Any]], own: Collection[str]) -> None:
    """Ask of a line of who makes the product what it holds, and not who that is."""
    for one in components:
        if (
            one.get("state") == "unresolved"
            and str(one.get("because")).startswith(_NOT_KNOWN)
            and _is_own(str(one.get("maker")), own)
        ):
            one["because"] = (
                f"{one['maker']} makes the product: is this part made there too, and what does it hold of others?"
            )


def _check_person(
    index: int, ref: str, by: str, *, author: str, title: str, known: Callable[[str], bool]
) -> None:
    """Refuse the author under any name, and whom the roster does not know."""
    if author and person_key(by) and not two_people(author, by, title=title):
        _unresolved(
            index,
            f"{by[:80]} prepares this document and clears line {ref[:80]!r} of it",
            "by: the name of a second person",
        )
    if person_key(by) and not known(by):
        _unresolved(
            index,
            f"{by[:80]} clears line {ref[:80]!r}, and is nobody of the roster",
            "by: a person of the roster other than the author",
        )


def _by_maker(
    components: Sequence[dict[str, Any]], resolved: Sequence[Mapping[str, Any]]
) -> tuple[list[Mapping[str, Any]], list[int]]:
    """Write an entry that names a maker and no line once for each line that it speaks of; with the place of each."""
    made: list[Mapping[str, Any]] = []
    places: list[int] = []
    for index, item in enumerate(resolved):
        entries = [item]
        if "ref" not in item and isinstance(item.get("maker"), str):
            told = plain(item["maker"])
            entries = [
                {**item, "ref": str(one.get("ref"))}
                for one in components
                if one.get("state") == "unresolved"
                and plain(str(one.get("maker"))) == told
                and str(one.get("because")).startswith(_NOT_KNOWN)
            ]
            if not entries:
                what = f"no line waits to be told who {item['maker'][:80]!r} is"
                _unresolved(index, what, "a maker as the parts list has it, or the ref of an unresolved line")
        made += entries
        places += [index] * len(entries)
    return made, places


def _unresolved(index: int, what: str, expected: str) -> NoReturn:
    raise error("E466.entry", at=f"resolved[{index}]", what=what, expected=expected)
