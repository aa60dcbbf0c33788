"""Backup and restore of a store, export and import of a case.

Both are zip archives of canonical JSON that any unzip opens:

    manifest.json         what it is, which store, where the chain ended, SHA-256 of every other member
    events.jsonl          events, one a line
    store.jsonl           events about the store itself, such as those of its roster (a case's bundle)
    chain.txt             digests of all events of the store in order (a case's bundle: so that its events have their place)
    blobs/<sha256>        scans, determinations, documents, envelopes, proof copies
    runs.jsonl, runs/     runs that no case took (a backup; see `carried_runs`)

A backup holds every event and is restored event by event, so it carries a store from SQLite to PostgreSQL and back. A SQLite
store can also be copied as a file while it is in use. A bundle holds one case. Neither is signed here:
`pipeline/case_bundles.py` puts the archive under a signature, and takes it out again.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

import sqlalchemy as sa

from proscribe.casework import attribution, carried_runs, clock, content, devices, effects, sealed, tables
from proscribe.casework.content import Content
from proscribe.casework.events import Draft, Fault, chain_faults, digest_of, of_row, row_of
from proscribe.casework.lifecycle import person
from proscribe.casework.replay import STORE, Contents, replay
from proscribe.casework.scans import findings_in_short
from proscribe.casework.store import Store
from proscribe.casework.stored_events import named_blobs
from proscribe.kb.unnamed import Unnamed, unnamed
from proscribe.model.canonical import canonical_json
from proscribe.model.casework import NO_EVENT, CaseFile, Event, EventKind, Head, Judgement
from proscribe.model.devices_document import read_devices
from proscribe.model.errors import CaseError, ProscribeError, error

BACKUP_SCHEMA = "proscribe.store-backup/1"
BUNDLE_SCHEMA = "proscribe.case-bundle/1"
_MAX_BYTES = 4 * 1024**3
_MAX_MEMBER_BYTES = 1024**3
_MAX_MEMBERS = 1_000_000
_MAX_MANIFEST_BYTES = 256 * 1024 * 1024
_MAX_RATIO = 2_000
_CASE_ID = re.compile(r"C-[0-9]{4,12}(?:-[0-9a-f]{6}){0,4}")
_STORE_ID = re.compile(r"[0-9a-f]{32}")
_RECORD_ID = re.compile(r"[A-Za-z0-9_.:-]{1,80}")
MANIFEST = "manifest.json"
#: Member of a bundle with the events about the store itself.
ABOUT_STORE = "store.jsonl"
_CASE_MEMBERS = frozenset(["case.json", "events.jsonl", "chain.txt", ABOUT_STORE])
_BLOB_MEMBER = re.compile(r"blobs/[0-9a-f]{64}")
#: In a file of SQLite, the two bytes that say whether its journal is a WAL (2) or not (1).
_JOURNAL_BYTES = slice(18, 20)
#: Who restores an archive into a store that is thrown away.
_CHECKER = "Proscribe"


def backup(store: Store, target: Path) -> Head:
    """Write a backup; a name that ends in `.db` gives a copy of the SQLite file, any other an archive.

    The copy is of one instant, while others may go on writing, and is on disk when this returns. The store is checked whole
    before, and the backup is restored into a store that is thrown away before it gets its name.

    Raises:
        CaseError: E441 when the target exists; E420 when a file copy is asked of a store that is no file; E427 when the
            store is not sound, and nothing is written.
    """
    if target.exists():
        raise taken(target)
    if target.suffix == ".db":
        return _copy_file(store, target)
    with archived(store, "", target) as (made, head):
        _place(made, target)
    return head


def taken(target: Path) -> ProscribeError:
    """Say that the target of a backup is there already."""
    return error("E441.backup", at=target)


def _place(made: Unnamed, target: Path) -> None:
    try:
        made.place(target, replace=False)
    except FileExistsError:
        raise taken(target) from None


def _copy_file(store: Store, target: Path) -> Head:
    if store.file is None:
        raise error("E420.backup_sqlite", at=target)
    store.check_whole("backed up")
    # In memory, since SQLite knows a file by its name alone, and this one gets its name when it is whole.
    with (
        closing(sqlite3.connect(store.file, timeout=30)) as source,
        closing(sqlite3.connect(":memory:", check_same_thread=False)) as copy,
        _beside(target) as made,
    ):
        source.backup(copy)
        data = bytearray(copy.serialize())
        data[_JOURNAL_BYTES] = b"\x01\x01"  # no journal of its own stands beside the copy
        with Store.scratch(bytes(data)) as copied:
            copied.check_whole("backed up")
            head = copied.head()
        made.path.write_bytes(data)
        _place(made, target)
    return head


@contextmanager
def _beside(target: Path) -> Iterator[Unnamed]:
    with ExitStack() as stack:
        try:
            made = stack.enter_context(unnamed(target.parent, like=target.name))
        except OSError as problem:
            # the reader knows the name that was given, not that of the temporary file
            raise type(problem)(problem.errno, problem.strerror, str(target)) from None
        yield made


@contextmanager
def archived(store: Store, case_id: str, target: Path) -> Iterator[tuple[Unnamed, Head]]:
    """Write a case, or the whole store, as an archive that has no name yet, and read it back.

    Args:
        case_id: the case; the whole store when empty.
        target: where it is to be.

    Raises:
        CaseError: E423 no such case; E427 when the store is not sound, or what was written cannot be taken back.
    """
    store.check_whole("exported" if case_id else "backed up")
    with _beside(target) as made:
        with store.reading() as conn:
            head = store.head_in(conn)
            about: dict[str, Any]
            if case_id:
                schema, about = BUNDLE_SCHEMA, {"case_id": case_id}
                members = _case_members(store, conn, case_id)
            else:
                schema, about = BACKUP_SCHEMA, {}
                members = _store_members(store, conn, head)
            about |= {"head": head.to_json(), "store_id": store.store_id}
            _write_archive(made, schema, about, members)
        with Store.scratch() as scratch:
            try:
                if case_id:
                    import_case(scratch, made.path, by=_CHECKER)
                else:
                    restore(scratch, made.path, by=_CHECKER)
            except ProscribeError as problem:
                raise error("E427.not_restored", at=target, what=problem.what) from None
        yield made, head


def _store_members(
    store: Store, conn: sa.Connection, head: Head
) -> Iterator[tuple[str, bytes | Iterator[bytes]]]:
    yield "events.jsonl", _event_lines(conn)
    cases = conn.execute(sa.select(tables.head.c.cases)).scalar()
    yield "counters.json", canonical_json({"cases": int(cases or 0)}).encode()
    for sha256 in sorted(content.stored(conn)):
        yield f"blobs/{sha256}", content.pieces(conn, sha256)
    yield from carried_runs.members(store)


def _event_lines(conn: sa.Connection) -> Iterator[bytes]:
    for row in conn.execute(sa.select(tables.events).order_by(tables.events.c.seq)).mappings():
        yield (canonical_json(dict(row)) + "\n").encode()


def _write_archive(
    made: Unnamed,
    schema: str,
    about: Mapping[str, Any],
    members: Iterator[tuple[str, bytes | Iterator[bytes]]],
) -> None:
    with made.path.open("wb") as file:
        listed: dict[str, str] = {}
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for member, pieces in members:
                listed[member] = sealed.put(
                    archive, member, (pieces,) if isinstance(pieces, bytes) else pieces
                )
            manifest = {"schema": schema, **about, "members": listed}
            sealed.put(archive, MANIFEST, ((canonical_json(manifest) + "\n").encode(),))


# Reading


class Archive:
    """A backup or bundle that was opened and checked against its own manifest."""

    def __init__(
        self, archive: zipfile.ZipFile, file: BinaryIO, manifest: Mapping[str, Any], name: str
    ) -> None:
        self._archive = archive
        self._file = file
        self.manifest = manifest
        self.name = name

    def read(self, member: str) -> bytes:
        """Give a member whose digest is what the manifest says.

        Raises:
            CaseError: E436 when it is not.
        """
        content = self.bytes_of(member, _MAX_MEMBER_BYTES)
        if hashlib.sha256(content).hexdigest() != self.manifest["members"].get(member):
            raise self.damaged(f"{member} is not what its digest says")
        return content

    def bytes_of(self, member: str, most: int) -> bytes:
        """Give a member, without asking the manifest.

        Raises:
            CaseError: E436 when it cannot be read, or is larger than `most` bytes.
        """
        try:
            info = self._archive.getinfo(member)
            if info.file_size > most:
                raise self.damaged(f"{member} is larger than the bounds allow")
            return b"".join(sealed.unpacked(self._file, info))
        except (KeyError, OSError):
            raise self.damaged(f"{member} cannot be read") from None
        except (ValueError, zlib.error) as problem:
            raise self.damaged(f"{member} cannot be unpacked: {problem}") from None

    def members(self, prefix: str) -> list[str]:
        """List the members under a prefix."""
        return sorted(name for name in self.manifest["members"] if name.startswith(prefix))

    def events(self, member: str = "events.jsonl") -> list[Event]:
        """Read the events of a member.

        Raises:
            CaseError: E436 when one is not an event, or not what its digest says.
        """
        found: list[Event] = []
        # Lines end with a line feed alone: texts inside may hold what others take for an end of line.
        *lines, rest = self.read(member).split(b"\n")
        if rest:
            raise self.damaged(f"{member} does not end with its last line")
        for place, line in enumerate(lines, 1):
            try:
                event = of_row(sealed.plain_json(line))
                if canonical_json(row_of(event)).encode() != line:
                    raise ValueError
                assert isinstance(event.data, dict)
            except (ValueError, KeyError, TypeError, AssertionError, RecursionError):
                raise self.damaged(f"line {place} of {member} is no event") from None
            if digest_of(event) != event.digest:
                raise self.damaged(f"event {event.seq} is not what its digest says")
            found.append(event)
        return found

    def store_events(self) -> list[Event]:
        """Read the events about the store itself; none in the bundle of a version that wrote none.

        Raises:
            CaseError: E436 when one is no event.
        """
        return self.events(ABOUT_STORE) if ABOUT_STORE in self.manifest["members"] else []

    def damaged(self, what: str) -> ProscribeError:
        """Say what is wrong with the archive."""
        return error("E436.altered", at=self.name, what=what)


@contextmanager
def open_archive(path: Path, schema: str, shown: str = "") -> Iterator[Archive]:
    """Open a backup or bundle and check its shape and its bounds.

    Args:
        shown: its name in errors; that of the path by default.

    Raises:
        CaseError: E433 when it is something else; E436 when it is damaged.
    """
    try:
        content = path.open("rb")
    except OSError as problem:
        raise error("E433.unreadable", at=path, strerror=problem.strerror or problem) from None
    with content as file:
        try:
            archive = zipfile.ZipFile(file)
            names = archive.namelist()
            infos = archive.infolist()
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
            raise error("E433.archive", at=path, schema=schema) from None
        total = sum(info.file_size for info in infos)
        packed = sum(info.compress_size for info in infos) or 1
        name = shown or str(path)
        bare = Archive(archive, file, {"members": {}}, name)
        damaged = bare.damaged
        if len(names) > _MAX_MEMBERS or total > _MAX_BYTES or total / packed > _MAX_RATIO:
            raise damaged("it unpacks to more than the bounds allow")
        if len(set(names)) != len(names):
            raise damaged("two members share a name")
        if (wrong := next(sealed.container_faults(file, archive), "")) != "":
            raise damaged(wrong)
        text = bare.bytes_of(MANIFEST, _MAX_MANIFEST_BYTES)
        try:
            manifest = sealed.plain_json(text, end="\n")
            shape = manifest["schema"]
            listed = manifest["members"]
            if not isinstance(listed, dict) or not all(isinstance(item, str) for item in listed.values()):
                raise ValueError
        except Exception:
            raise damaged("its manifest cannot be read") from None
        if shape != schema:
            raise error(
                "E433.schema",
                at=path,
                shape=str(shape)[:60],
                schema=schema,
                advice="Use `proscribe case import` for a case."
                if shape == BUNDLE_SCHEMA
                else "Use `proscribe case restore` for a backup.",
            )
        if set(names) - {MANIFEST} != set(listed):
            raise damaged("its members are not those of its manifest")
        yield Archive(archive, file, manifest, name)


# Restoring


def schema_of(path: Path) -> str:
    """Say whether an archive is a backup or a bundle, without checking it."""
    try:
        with zipfile.ZipFile(path) as archive:
            return BUNDLE_SCHEMA if "chain.txt" in archive.namelist() else BACKUP_SCHEMA
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return BACKUP_SCHEMA  # opening it says what it is


def head_in(archive: Archive) -> Head:
    """Give the head that an archive names.

    Raises:
        CaseError: E436 when it names none.
    """
    try:
        return Head.from_json(archive.manifest["head"])
    except (KeyError, ValueError, TypeError, AttributeError):
        raise archive.damaged("its manifest says nothing of its chain") from None


def restore(
    store: Store,
    source: Path,
    *,
    by: str,
    signature: Mapping[str, str] | None = None,
    kept: Head | None = None,
    name: str = "",
) -> Head:
    """Fill an empty store from a backup archive, event by event, and check it.

    The store takes the id of the one that was backed up; that it was restored is written as a further event.

    Args:
        signature: what is known of the signature of the backup, such as `key_id`; kept in that event.
        kept: a head that was kept elsewhere; the backup has to hold it.
        name: of the backup, where the file has another.

    Returns:
        The head of the backup.

    Raises:
        CaseError: E436 damaged; E441 the store is not empty; E427 the restored chain is not sound.
    """
    author = person(by)
    with open_archive(source, BACKUP_SCHEMA, name) as archive:
        events = archive.events()
        try:
            head = Head.from_json(archive.manifest["head"])
            store_id = str(archive.manifest["store_id"])
            count = int(sealed.plain_json(archive.read("counters.json"))["cases"])
        except (KeyError, ValueError, TypeError, RecursionError):
            raise archive.damaged("its manifest says nothing of its chain") from None
        faults = list(chain_faults(iter(events), (head.seq, head.digest), kept))
        if kept is not None and kept.store_id != store_id:
            raise archive.damaged("it is of another store than the kept head")
        if faults or head.store_id != store_id or not _STORE_ID.fullmatch(store_id):
            raise archive.damaged(faults[0].what if faults else "its head is of another store")
        named = {sha256 for event in events for sha256 in named_blobs(event)}
        held = {name.removeprefix("blobs/") for name in archive.members("blobs/")}
        if named - held:
            raise archive.damaged(f"the content {sorted(named - held)[0]} is missing")
        if held - named:
            raise archive.damaged(f"the content {sorted(held - named)[0]} was added: no event names it")
        runs = carried_runs.rows_of(archive)
        carried_runs.put_answers(store, archive)
        with store.writing() as conn:
            if store.lock(conn)[0]:
                raise error("E441.restore", at=store.url)
            carried_runs.write_rows(conn, runs)
            for start in range(0, len(events), 500):
                conn.execute(tables.events.insert(), [row_of(event) for event in events[start : start + 500]])
            for sha256 in sorted(held):
                blob = Content.of(archive.read(f"blobs/{sha256}"))
                if blob.sha256 != sha256:
                    raise archive.damaged(f"blobs/{sha256} is not what its name says")
                content.put(conn, blob)
            conn.execute(
                tables.head.update().values(
                    seq=head.seq, digest=head.digest if events else NO_EVENT, cases=count
                )
            )
            conn.execute(tables.meta.update().where(tables.meta.c.key == "store_id").values(value=store_id))
            store.rebuild_in(conn)
            about: dict[str, Any] = {"head": head.to_json(), "backup": name or source.name}
            if signature is not None:
                about["signature"] = dict(signature)
            store.note_in(conn, EventKind.RESTORED, about, by=author)
    store.store_id = store_id
    problems = store.verify(head)
    if problems:
        raise error("E427.restored", at=store.url, what=problems[0].what)
    return head


# One case


def export_case(store: Store, case_id: str, target: Path) -> Head:
    """Write a case as a bundle, once the store was checked whole; it is taken over into a store that is thrown away.

    Raises:
        CaseError: E423 no such case; E441 the target exists; E427 when the store is not sound.
    """
    if target.exists():
        raise taken(target)
    with archived(store, case_id, target) as (made, head):
        _place(made, target)
    return head


def _case_members(
    store: Store, conn: sa.Connection, case_id: str
) -> Iterator[tuple[str, bytes | Iterator[bytes]]]:
    rows = [dict(row) for row in conn.execute(
        sa.select(tables.events).where(tables.events.c.case_id == case_id).order_by(tables.events.c.seq)
    ).mappings()]  # fmt: skip
    if not rows or case_id == STORE:
        raise error("E423.case_of_backup", case_id=case_id)
    digests = conn.execute(sa.select(tables.events.c.digest).order_by(tables.events.c.seq)).scalars()
    file = _told([of_row(row) for row in rows], partial(content.whole, conn))
    assert file is not None
    yield "case.json", (canonical_json(file.to_json()) + "\n").encode()
    yield "events.jsonl", (f"{canonical_json(row)}\n".encode() for row in rows)
    about_store = conn.execute(
        sa.select(tables.events).where(tables.events.c.case_id == STORE).order_by(tables.events.c.seq)
    ).mappings()
    yield ABOUT_STORE, (f"{canonical_json(dict(row))}\n".encode() for row in about_store)
    yield "chain.txt", (f"{digest}\n".encode() for digest in digests)
    for sha256 in sorted({sha256 for row in rows for sha256 in named_blobs(of_row(row))}):
        yield f"blobs/{sha256}", content.pieces(conn, sha256)


def check_archive(archive: Archive) -> tuple[CaseFile, list[Event], list[Fault]]:
    """Check a bundle by itself: digests, the place of every event in the chain, and that the events add up.

    Returns:
        The case, its events, and what is wrong.

    Raises:
        CaseError: E433, E436 when it cannot be read at all.
    """
    events = archive.events()
    chain = archive.read("chain.txt")
    digests = chain.decode("ascii", "replace").split()
    if "".join(f"{digest}\n" for digest in digests).encode() != chain:
        raise archive.damaged("chain.txt holds something else than digests, one a line")
    faults: list[Fault] = []
    case_id = archive.manifest.get("case_id")
    try:
        head = Head.from_json(archive.manifest["head"])
    except (KeyError, ValueError, TypeError):
        raise archive.damaged("its manifest says nothing of its chain") from None
    if head.store_id != archive.manifest.get("store_id") or not _STORE_ID.fullmatch(head.store_id):
        faults.append(Fault("altered", "its manifest and its head name two stores, or none"))
    if head.seq != len(digests) or (digests and digests[-1] != head.digest):
        faults.append(Fault("truncated", "the chain does not end where the manifest says"))
    faults += [
        Fault("added", f"{name[:80]} does not belong in the bundle of a case")
        for name in sorted(archive.manifest["members"])
        if name not in _CASE_MEMBERS and not _BLOB_MEMBER.fullmatch(name)
    ]
    faults += _place_faults(events, digests, case_id)
    faults += _place_faults(archive.store_events(), digests, STORE)
    held = {name.removeprefix("blobs/") for name in archive.members("blobs/")}

    def contents(sha256: str) -> bytes:
        return archive.read(f"blobs/{sha256}")

    faults += _content_faults(archive, events, held)
    try:
        told = _told(events, contents)
        shown = _scan_findings(archive, events, held, faults)
        file = told and _with_findings(
            replay(events, contents) or told, events, lambda one: shown[one.seq], contents
        )
    except CaseError:
        raise
    except Exception as problem:  # whatever a payload made by hand brings about
        raise archive.damaged(f"its events do not add up: {problem}") from None
    if file is None or told is None:
        raise archive.damaged("it holds no event")
    faults += [Fault("unreadable", what) for what in _oddities(file)]
    faults += _said_faults(archive, file, held)
    if (canonical_json(told.to_json()) + "\n").encode() != archive.read("case.json"):
        faults.append(Fault("repeated", "case.json says something else than the events do"))
    return file, events, faults


def _place_faults(events: Sequence[Event], digests: Sequence[str], case_id: object) -> Iterator[Fault]:
    """Look whether each event has its place in the chain and among the events of the case."""
    for place, event in enumerate(events, 1):
        before = digests[event.seq - 2] if 1 < event.seq <= len(digests) else NO_EVENT
        if not 1 <= event.seq <= len(digests) or digests[event.seq - 1] != event.digest:
            yield Fault("altered", f"event {event.seq} is not in the chain", event.seq)
        elif event.prev_digest != before:
            yield Fault("reordered", f"event {event.seq} does not follow on the one before", event.seq)
        if event.case_id != case_id or event.case_seq != place:
            yield Fault("removed", f"event {event.seq} is not number {place} of case {case_id}", event.seq)


def _content_faults(archive: Archive, events: Sequence[Event], held: Set[str]) -> Iterator[Fault]:
    """Look whether the content that the events name is there, is what its digest says, and is all there is."""
    for event in events:
        for sha256 in sorted(named_blobs(event) - held):
            yield Fault("blob", f"the content {sha256} is missing", event.seq)
    named = {sha256 for event in events for sha256 in named_blobs(event)}
    for sha256 in sorted(held - named):
        yield Fault("blob", f"the content {sha256} was added: no event names it")
    for sha256 in sorted(held):
        if hashlib.sha256(archive.read(f"blobs/{sha256}")).hexdigest() != sha256:
            yield Fault("blob", f"blobs/{sha256} is not what its name says")


def _said_faults(archive: Archive, file: CaseFile, held: Set[str]) -> Iterator[Fault]:
    """Look whether determinations and devices reports can be read, and say what their events say of them."""
    for made in file.determinations:
        if made.sha256 not in held:
            continue  # said before
        try:
            answer = json.loads(archive.read(f"blobs/{made.sha256}"))
            for duty in clock.duties_of(answer, {}):
                duty.value["deadline"].get("count")
            list(clock.ends_of(answer))
        except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
            yield Fault("unreadable", f"the determination {made.id} says nothing that can be read")
    for report in file.device_reports:
        if report.sha256 not in held:
            continue  # said before
        try:
            said = devices.record_of(
                read_devices(archive.read(f"blobs/{report.sha256}"), f"devices report {report.id}")
            )
            if said != {name: report.to_json()[name] for name in said}:
                yield Fault("altered", f"the devices report {report.id} is not what its event says of it")
        except CaseError as problem:
            yield Fault("unreadable", problem.what)


def _told(events: Sequence[Event], contents: Contents) -> CaseFile | None:
    """Add up the events of a case for a bundle.

    Where the events hold the findings themselves, as those of the first release do, the case lists them; otherwise they
    stand in its scans.
    """
    file = replay(events, contents)
    attached = [event for event in events if event.kind is EventKind.RUN_ATTACHED]
    if file is None or not attached or not all("findings" in event.data for event in attached):
        return file

    def shown(event: Event) -> dict[str, dict[str, Any]]:
        return {item["id"]: {k: v for k, v in item.items() if k != "id"} for item in event.data["findings"]}

    return _with_findings(file, events, shown, contents)


def _with_findings(
    file: CaseFile,
    events: Sequence[Event],
    shown: Callable[[Event], Mapping[str, Mapping[str, Any]]],
    contents: Contents,
) -> CaseFile:
    """List the findings of a case, and its judgements one for each finding; `shown` gives those of a run, in short."""
    runs: list[Mapping[str, Mapping[str, Any]]] = []

    def paths(event: Event) -> dict[str, str]:
        runs.append(shown(event))
        return {name: str(item["path"]) for name, item in runs[-1].items()}

    def renamed(event: Event) -> dict[str, str]:
        return effects.mapping_of(contents(event.data["carried"]["sha256"]))

    seen = attribution.seen_of(events, file.runs, paths, renamed)
    support = tuple(
        attribution.support(file.case.id, name, one, file.runs, runs[one.last][one.origin or name])
        for name, one in seen.items()
    )
    many: list[Judgement] = []
    for said in file.bulk_judgements:
        ids = effects.ids_of(contents(said.ids_sha256))
        for later in (one for one in file.carried if one.seq > said.seq):
            mapping = effects.mapping_of(contents(later.sha256))
            ids = [mapping.get(name, name) for name in ids]
        many += said.each(ids)
    judgements = tuple(sorted((*file.judgements, *many), key=lambda one: one.seq))
    return replace(
        file, support=support, judgements=judgements, case=replace(file.case, finding_ids=tuple(seen))
    )


def _scan_findings(
    archive: Archive, events: Sequence[Event], held: set[str], faults: list[Fault]
) -> dict[int, dict[str, dict[str, Any]]]:
    """Give the findings of the scans that events name, in short, by the event; say where an event tells of others."""
    out: dict[int, dict[str, dict[str, Any]]] = {}
    for event in events:
        if event.kind is not EventKind.RUN_ATTACHED:
            continue
        data = event.data
        only = effects.named_in(data)
        out[event.seq] = {}
        if data["run"]["scan_sha256"] not in held:
            continue
        scan = archive.read(f"blobs/{data['run']['scan_sha256']}")
        try:
            out[event.seq] = there = findings_in_short(scan, only)
        except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
            faults.append(Fault("altered", f"the scan of event {event.seq} is none", event.seq))
            continue
        told = data.get("findings", [{"id": name, **one} for name, one in there.items()])
        if set(only or ()) - set(there) or told != [{"id": name, **one} for name, one in there.items()]:
            what = f"event {event.seq} says something else of its findings than its scan does"
            faults.append(Fault("altered", what, event.seq))
    return out


def _oddities(file: CaseFile) -> Iterator[str]:
    """List what no case of this program holds, and what would be in the way of the cases beside it."""
    if not _CASE_ID.fullmatch(file.case.id):
        yield f"{file.case.id[:40]!r} is no id of a case"
    groups = (file.determinations, file.documents, file.waivers, file.declarations, file.deadlines, file.runs)
    names = [item.id for group in groups for item in group] + list(file.case.finding_ids)
    for name in names:
        if not _RECORD_ID.fullmatch(name):
            yield f"{name[:40]!r} is no id of a record"
    try:
        clock.zone_of(file.case.zone)
        for item in file.deadlines:
            clock.missed_from(item)
        for seen in file.support:
            if not {"entity", "role", "band", "path"} <= set(json.loads(seen.finding)):
                yield f"the finding {seen.finding_id} is none"
        if not isinstance(json.loads(file.case.facts), dict):
            yield "its facts are none"
    except (ValueError, TypeError, CaseError) as problem:
        yield f"it holds a value that cannot be used: {problem}".splitlines()[0][:200]


def _taken_before(store: Store, source: str, case_id: str) -> str:
    """Give the id under which a case of another store was taken over before, or nothing."""
    for event in store.imports():
        if (event.data.get("store_id"), event.data.get("case_id")) == (source, case_id):
            return event.case_id
    return ""


def _by_place(event: Event, places: Mapping[int, int]) -> Mapping[str, Any]:
    """Give what an event says; another event that it names goes by its place among those of the case, from 1."""
    if event.kind is not EventKind.TAKEN_BACK:
        return event.data
    return {**event.data, "judged": places[event.data["judged"]]}


def import_case(
    store: Store,
    path: Path,
    *,
    by: str,
    original: bytes | None = None,
    signature: Mapping[str, str] | None = None,
    name: str = "",
) -> CaseFile:
    """Take a case over from a bundle.

    Its events are written anew, each with its own author and the instant at which it happened; the bundle itself is kept, so
    that the first chain can be checked for ever. The case keeps its id when that is free, and gets `-` and the start of its
    store's id when it is not.

    Args:
        original: the bytes that are kept as proof, where the bundle came inside others, such as under a signature.
        signature: what is known of that signature, such as `key_id`.
        name: of the bundle, where the file has another.

    Raises:
        CaseError: E436 damaged, or imported before.
    """
    with open_archive(path, BUNDLE_SCHEMA, name) as archive:
        file, events, faults = check_archive(archive)
        if faults:
            raise archive.damaged(faults[0].what)
        blobs = [archive.read(name) for name in archive.members("blobs/")]
        source = str(archive.manifest["store_id"])
    before = file.case.id if source == store.store_id else _taken_before(store, source, file.case.id)
    if before:
        raise error("E436.taken_over", at=name or path, before=before)
    proof_of = Content.of(path if original is None else original)
    sha256 = proof_of.sha256
    case_id = file.case.id
    if case_id in {case.id for case in store.cases()}:
        case_id = f"{file.case.id}-{source[:6]}"
    places = {event.seq: place for place, event in enumerate(events, start=1)}
    taken = [
        Draft(event.kind, _by_place(event, places), by=event.by, stated_at=event.happened_at)
        for event in events
    ]
    proof = Draft(
        EventKind.IMPORTED,
        {
            "bundle_sha256": sha256,
            "store_id": source,
            "case_id": file.case.id,
            "events": len(events),
            "last_digest": events[-1].digest,
            **({"signature": dict(signature)} if signature is not None else {}),
        },
    )
    return store.take_over(case_id, [*taken, proof], by=by, blobs=[*blobs, proof_of])
