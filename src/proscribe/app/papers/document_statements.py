"""What people write for a document: YAML files in the shape of `proscribe.model.papers.PaperInputs`, joined in their order.

Lists grow, mappings are joined, anything else is replaced. Every part keeps the place where it was written, so that an
error about a field names file, line and column. A few keys stand beside those of the inputs; docs/documents.md lists them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from proscribe.app.papers.document_scans import dicts, read_bounded
from proscribe.kb.strictyaml import Document, Step, YamlCodes, parse
from proscribe.model.canonical import canonical_json
from proscribe.model.errors import CaseError, ProscribeError, error

_YAML = YamlCodes("E407", "E408", "E409", "E410")
_MAX_YAML_BYTES = 8_000_000
#: Fields of the inputs that no file states, and where they come from.
NOT_OF_A_FILE = {
    "as_of": "the day is given with --as-of",
    "made_at": "the instant is given with --at",
    "stage": "the stage is given with --stage",
    "pictures": "pieces are cut from the pictures that were scanned",
    "pictures_beyond": "they are counted where pieces are cut",
    "scans": "scans are handed over with --scan, or by the case",
    "clocks": "they are those that run in the store",
    "met": "the clocks of the case say which were met",
    "running": "the clocks of the case say which run",
    "case_id": "it is that of the case that is named in the command",
    "case_title": "it is that of the case that is named in the command",
    "knowledge": "the program says which knowledge it used",
    "store": "it is the one that is named in the command",
    "software": "the program says which version it is",
    "roster": "the store of the case says whether it has one",
    "admitted": "the program reads the words of the inquiry",
    "people_say": "the program reads the names and titles of the document",
    "words": "the program reads the words of the inquiry",
    "says_does": "the store says what it records",
    "scopes": "it is an event of the case: proscribe case scope",
}
_Note = Callable[[tuple[Step, ...], tuple[Step, ...]], None]


def read_statements(path: Path) -> Document:
    """Read a file of what people state.

    Raises:
        CaseError: E407 to E410 when it is no YAML that can be read.
        InputError: E465 when it is no mapping of fields, or states what the program knows itself.
    """
    document = parse(read_bounded(path, _MAX_YAML_BYTES), str(path), error=CaseError, codes=_YAML)
    if not isinstance(document.value, dict):
        raise error("E465.no_mapping", at=path)
    for name, instead in NOT_OF_A_FILE.items():
        if name in document.value:
            raise error("E465.own", at=document.at(name), name=name, instead=instead)
    told = document.value.get("judgements")
    for place, one in enumerate(told if isinstance(told, list) else ()):
        if isinstance(one, dict) and "proved" in one:
            at = document.at("judgements", place, "proved")
            raise error("E465.own", at=at, name="proved", instead="the keys of the store's people prove it")
    return document


#: Fields by which a file of statements may bear on an answer, beside what a person writes of an item or organisation.
BEARING = ("files", "facts", "inquiry", "suppliers", "waivers")


def bearing_on_answers(paths: Sequence[Path]) -> tuple[bytes, tuple[str, ...]]:
    """Read what files state that bears on an answer, joined in their order: canonical JSON, and the fields.

    Raises:
        CaseError: E407 to E410 no YAML that can be read; E468 when they state nothing of the kind, or a scope.
    """
    value: dict[str, Any] = {}
    for path in paths:
        document = read_statements(path)
        refuse_scope(document)
        add(value, document.value)
    stated = {name: value[name] for name in BEARING if value.get(name)}
    if not stated:
        raise error("E468.nothing", at=", ".join(map(str, paths)), fields=", ".join(BEARING))
    return bearing_content(stated), tuple(stated)


def bearing_content(stated: Mapping[str, Any]) -> bytes:
    """Write what is stated as a case keeps it: canonical JSON, field to value."""
    return canonical_json(stated).encode()


def refuse_scope(document: Document) -> None:
    """Refuse a file that narrows what scans bear on: two people of a case do that.

    Raises:
        CaseError: E468.
    """
    if "scans_bear_on" in document.value:
        raise error("E468.scope", at=document.at("scans_bear_on"))


class Origins:
    """Where each part of the joined inputs was written, so that an error about a field names file, line and column."""

    def __init__(self) -> None:
        self._places: dict[tuple[Step, ...], tuple[Document, tuple[Step, ...]]] = {}

    def of(self, document: Document) -> _Note:
        """Give a function that notes that a part of the inputs (first path) stands in the document (second)."""

        def note(path: tuple[Step, ...], written: tuple[Step, ...]) -> None:
            self._places[path] = (document, written)

        return note

    def place(self, at: str) -> str:
        """Put file, line and column before a place such as `/items/0/id` or `organisation.uei`."""
        path = tuple(int(step) if step.isdecimal() else step for step in re.findall(r"[^./\[\]]+", at))
        for length in range(len(path), 0, -1):
            if path[:length] in self._places:
                document, written = self._places[path[:length]]
                return f"{document.at(*written, *path[length:])} ({at})"
        return at


def _nowhere(_path: tuple[Step, ...], _written: tuple[Step, ...]) -> None:
    pass


def add(
    value: dict[str, Any],
    more: Mapping[str, Any],
    note: _Note = _nowhere,
    path: tuple[Step, ...] = (),
    written: tuple[Step, ...] = (),
) -> None:
    """Join what a file says to what is known: lists grow, mappings are joined, anything else is replaced.

    Args:
        note: is told where each part that was taken over stands.
        path: of `value` in the inputs.
        written: of `more` in the file.
    """
    for name, item in more.items():
        known = value.get(name)
        here, there = (*path, name), (*written, name)
        if isinstance(known, list) and isinstance(item, list):
            value[name] = _joined(known, item, note, here, there)
        elif isinstance(known, dict) and isinstance(item, dict):
            joined = dict(known)
            add(joined, item, note, here, there)
            value[name] = joined
        else:
            value[name] = item
            note(here, there)


def _joined(
    known: list[Any], more: list[Any], note: _Note, path: tuple[Step, ...], written: tuple[Step, ...]
) -> list[Any]:
    """Append, but let an entry with the id of an earlier one say more about that one, and say no text twice."""
    joined = list(known)
    places = {
        one["id"]: place
        for place, one in enumerate(known)
        if isinstance(one, dict) and isinstance(one.get("id"), str)
    }
    for index, item in enumerate(more):
        identity = item.get("id") if isinstance(item, dict) else None
        place = places.get(identity) if isinstance(identity, str) else None
        if place is not None:
            joined[place] = dict(joined[place])
            add(joined[place], item, note, (*path, place), (*written, index))
        elif not (isinstance(item, str) and item in joined):
            note((*path, len(joined)), (*written, index))
            joined.append(item)
    return joined


# Keys beside those of the inputs


def components_of(value: Mapping[str, Any], *, strict: bool = True) -> Any:
    """Give the components of the offering that is stated; what is no list only where `strict` is off."""
    offering = value.get("offering")
    components = offering.get("components") if isinstance(offering, dict) else None
    return components if isinstance(components, list) or (components and not strict) else []


def by_record(value: dict[str, Any]) -> None:
    """Let items and steps name findings by the id of their record, as people know them.

    Raises:
        InputError: E465 when no finding of the scans has such a record.
    """
    found: dict[str, list[str]] = {}
    for scan in dicts(value.get("scans")):
        content = scan.get("value")
        for one in dicts(content.get("findings")) if isinstance(content, dict) else ():
            found.setdefault(str(one.get("record_id")), []).append(str(one.get("id")))
    for field in ("items", "plan"):
        for entry in dicts(value.get(field)):
            if "records" not in entry:
                continue
            place = f"{field}[{value[field].index(entry)}]"
            records = [str(one) for one in listed(entry.pop("records"), f"{place}.records", str)]
            unknown = [one for one in records if one not in found]
            if unknown:
                known = "record ids such as " + ", ".join(sorted(found)[:5])
                raise error(
                    "E465.record",
                    at=f"{place}.records",
                    unknown=unknown[0][:80],
                    known=known if found else "a scan with findings",
                )
            named = listed(entry.get("finding_ids", []), f"{place}.finding_ids", str)
            entry["finding_ids"] = list(
                dict.fromkeys([*named, *(name for one in records for name in found[one])])
            )


def complete_people(value: dict[str, Any], **names: str) -> None:
    """Complete author, approver and signer from the people that are described; of one described twice the later word goes first.

    Args:
        names: role to the name that the command gives; empty for the one who is named already.

    Raises:
        InputError: E465 for a person without a name, or a role that is none.
    """
    described: dict[str, dict[str, Any]] = {}
    for place, one in enumerate(listed(value.pop("people", []), "people")):
        name = one.get("name")
        if not isinstance(name, str):
            raise _shape(f"people[{place}]", "a person without a name", "name: B. Lind, title: ...")
        described[name] = described.get(name, {}) | _filled(one)
    for role in dict.fromkeys([*names, "signer"]):
        said = value.get(role)
        if names.get(role) and said is not None and not isinstance(said, dict):
            raise _shape(role, "this is no person", "name: B. Lind, title: ...")
        own = said if isinstance(said, dict) else {}
        name = names.get(role) or own.get("name")
        if isinstance(name, str) and name:
            value[role] = (
                {"name": name} | described.get(name, {}) | (_filled(own) if own.get("name") == name else {})
            )


def _filled(person: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out the fields of a person in which nothing stands: they say nothing against another description."""
    return {key: said for key, said in person.items() if said not in ("", None)}


def _shape(place: str, what: str, expected: str) -> ProscribeError:
    return error("E465.field", at=place, what=what, expected=expected)


def listed(value: Any, place: str, kind: type = dict) -> list[Any]:
    """Give a list of mappings, or of texts, as it is.

    Raises:
        InputError: E465 when it is anything else: what a person wrote is never passed over.
    """
    what = "mappings" if kind is dict else "texts"
    if not isinstance(value, list):
        raise _shape(place, "this is not a list", f"a list of {what}")
    for index, one in enumerate(value):
        if not isinstance(one, kind):
            raise _shape(f"{place}[{index}]", f"a {type(one).__name__} stands here", f"a list of {what}")
    return value
