"""What the organisation says of itself and of what it expects to be scanned: events of the store, which no case holds.

A store answers for one organisation. Its register lists the sources (sites, ledgers, exports) that a search of the whole
organisation has to read, who owns each and how often it is to be seen; when each was last seen follows from the scans.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from pathlib import PurePath
from typing import Any

from proscribe.casework.lifecycle import person
from proscribe.casework.organisation import Read
from proscribe.casework.replay import STORE
from proscribe.casework.store import Store
from proscribe.model.casework import Event, EventKind
from proscribe.model.errors import error
from proscribe.model.spelling import unaccented

#: Words of the legal form, which people write in many ways or leave out.
_FORMS = frozenset(
    [
        "inc", "incorporated", "corp", "corporation", "co", "company", "llc", "llp", "lp", "ltd", "limited", "plc", "gmbh", "ag",
        "sa", "sarl", "bv", "nv", "pty", "the",
    ]
)  # fmt: skip


_MOST_RECORDS = 1_000_000_000_000


@dataclass(frozen=True, slots=True)
class Source:
    """A source that is expected.

    Attributes:
        id: `SRC1` and so on.
        inputs: patterns of the names of its files, such as `assets-*.csv`.
        every_days: how often it is to be seen.
        records: that it has at least; 0 where nobody said. A file of its name that holds fewer is another one.
    """

    id: str
    name: str
    inputs: tuple[str, ...]
    owner: str
    every_days: int
    by: str
    since: date
    records: int = 0

    def reads(self, path: str) -> bool:
        """Tell whether a file is one of this source, by its name."""
        name = PurePath(path.replace("\\", "/")).name.casefold()
        return any(fnmatchcase(name, pattern.casefold()) for pattern in self.inputs)


def organisation_key(name: str) -> str:
    """Give what is left of an organisation's name without case, accents, marks and the legal form."""
    words = re.findall(r"\w+", unaccented(name).casefold().replace(".", "").replace("'", ""))
    kept = [word for word in words if word not in _FORMS] or words
    return " ".join(kept)


def organisation(events: Iterable[Event]) -> dict[str, str]:
    """Give the organisation that a store answers for: `name`, `uei`, `cage`, as far as they were said."""
    told: dict[str, str] = {}
    for event in events:
        if event.kind is EventKind.ORGANISATION_STATED:
            told |= {name: str(value) for name, value in event.data.items() if value}
    return told


def state_organisation(store: Store, told: dict[str, str], *, by: str) -> dict[str, str]:
    """Keep for which organisation a store answers, or check that it is the one.

    Args:
        told: `name`, `uei`, `cage` as far as they are known.

    Raises:
        CaseError: E424 when the store answers for another one.
    """
    held = organisation(store.events(STORE))
    check_organisation(store, held, told)
    fresh = {name: value for name, value in told.items() if value and name not in held}
    if fresh:
        with store.writing() as conn:
            store.note_in(conn, EventKind.ORGANISATION_STATED, fresh, by=person(by))
    return {**held, **fresh}


def check_organisation(store: Store, held: dict[str, str], told: dict[str, str]) -> None:
    """Refuse another organisation than the one a store answers for.

    Raises:
        CaseError: E424.
    """
    for name, value in told.items():
        ours = held.get(name, "")
        same = (
            organisation_key(ours) == organisation_key(value)
            if name == "name"
            else ours.upper() == value.upper()
        )
        if ours and value and value != "not known" and not same:
            raise error("E424.organisation", at=store.url, ours=ours, theirs=value)


def expect(
    store: Store, name: str, inputs: Sequence[str], *, owner: str, every_days: int, by: str, records: int = 0
) -> Source:
    """Put a source into the register.

    Args:
        records: that it has at least; 0 where nobody says.

    Raises:
        CaseError: E438 without a name or a pattern, or for days that are none; E425 no author.
    """
    clean = " ".join(name.split())
    patterns = [one.strip() for one in inputs if one.strip()]
    if (
        not clean
        or len(clean) > 200
        or not clean.isprintable()
        or not patterns
        or not 1 <= every_days <= 3_660
        or not 0 <= records <= _MOST_RECORDS
    ):
        raise error("E438.source")
    with store.writing() as conn:
        store.lock(conn)
        number = sum(event.kind is EventKind.SOURCE_EXPECTED for event in store.events(STORE)) + 1
        payload: dict[str, Any] = {
            "id": f"SRC{number}", "name": clean, "inputs": patterns, "owner": " ".join(owner.split()),
            "every_days": every_days, **({"records": records} if records else {}),
        }  # fmt: skip
        store.note_in(conn, EventKind.SOURCE_EXPECTED, payload, by=person(by))
    return sources(store.events(STORE))[-1]


def retire(store: Store, source_id: str, *, reason: str, by: str) -> None:
    """Take a source out of the register; the entry and the reason stay in the chain.

    Raises:
        CaseError: E423 no such source; E438 no reason; E414 the key at hand is that of somebody else.
    """
    if source_id not in {one.id for one in sources(store.events(STORE))}:
        raise error("E423.source", identity=source_id)
    if sum(char.isalnum() for char in reason) < 10:
        raise error("E438.source_reason")
    payload = {"id": source_id, "reason": reason}
    with store.writing() as conn:
        store.act_in(conn, EventKind.SOURCE_RETIRED, payload, by=person(by))


def sources(events: Iterable[Event]) -> tuple[Source, ...]:
    """Give the register as the events of the store leave it."""
    held: dict[str, Source] = {}
    for event in events:
        data = event.data
        if event.kind is EventKind.SOURCE_EXPECTED:
            held[data["id"]] = Source(
                data["id"], data["name"], tuple(data["inputs"]), data["owner"], data["every_days"], event.by,
                event.at.date(), data.get("records", 0),
            )  # fmt: skip
        elif event.kind is EventKind.SOURCE_RETIRED:
            held.pop(data["id"], None)
    return tuple(held.values())


def last_seen(
    source: Source, read: Iterable[Read], ran_again: Callable[[str], bool], until: date
) -> tuple[date | None, tuple[str, ...], int]:
    """Give the newest day on which a scan read a source, the cases whose scans did, and how many records were read that day.

    Where the register says how many records the source has at least, the files of a scan that hold fewer are none of it: of
    those the day is not given, and the number is.

    Args:
        ran_again: tells by its digest whether a scan came out again from its inputs; what nobody ran again saw nothing.
        until: the day of today; no scan saw anything on a later one, whatever it says. A day more is time zones.
    """
    held: dict[tuple[str, date, str], dict[str, int]] = {}
    for one in read:
        day = date.fromisoformat(one.as_of)
        if one.records and (day - until).days <= 1 and source.reads(one.path) and ran_again(one.scan):
            held.setdefault((one.case_id, day, one.scan), {})[one.sha256 or one.path] = one.records
    counts = {key: sum(files.values()) for key, files in held.items()}
    seen = {key: count for key, count in counts.items() if count >= source.records}
    newest = max((day for _, day, _ in seen), default=None)
    most = max((count for (_, day, _), count in counts.items() if newest in (None, day)), default=0)
    return newest, tuple(sorted({case_id for case_id, _, _ in seen})), most
