"""The knowledge as a service: what it holds, where a fact comes from, what changed, and what an author has to know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import proscribe
from proscribe.app.kb.knowledge_origin import origin_of, signed
from proscribe.kb.build import build as build_snapshot
from proscribe.kb.diff import Change, ChangeKind, diff
from proscribe.kb.issues import Issue, nearest
from proscribe.kb.lint import lint as lint_tree
from proscribe.kb.records import ENTITY_FIELDS, TABLES
from proscribe.kb.reviews import overdue_reviews
from proscribe.kb.snapshot import Snapshot, open_knowledge, visible
from proscribe.kb.source import read_tree
from proscribe.kb.words import describe, period
from proscribe.model.errors import error
from proscribe.model.periods import AsOf

if TYPE_CHECKING:
    from proscribe.attestations.signers import Signer

__all__ = ["Change", "ChangeKind", "Issue", "Knowledge", "Lint", "build", "knowledge", "lint", "source_tree"]

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Overdue:
    """A review that was due before the day asked: of which part, on which ISO day, by whom."""

    file: str
    due_on: str
    by: str


@dataclass(frozen=True, slots=True)
class Status:
    """Which knowledge is in use.

    Attributes:
        age_days: from the version's day to the day asked; `None` when the version names no day.
        counts: table to its rows.
        documents: paths of the documents.
        overdue: reviews that were due before the day.
        reviews: how many reviews are planned in all.
        suppressions, cleared: decisions of the organisation in the layers.
    """

    version: str
    sha256: str
    schema: str
    schema_version: str
    layers: tuple[str, ...]
    age_days: int | None
    counts: Mapping[str, int]
    documents: tuple[str, ...]
    overdue: tuple[Overdue, ...]
    reviews: int
    suppressions: int
    cleared: int
    origin: str = ""

    def to_json(self) -> dict[str, Any]:
        """Give it as plain values."""
        return {
            "counts": dict(self.counts),
            "documents": list(self.documents),
            "age_days": self.age_days,
            "overdue": [
                {"file": item.file, "due_on": item.due_on, "by": item.by or None} for item in self.overdue
            ],
            "reviews": self.reviews,
            "suppressions": self.suppressions,
            "cleared": self.cleared,
            "origin": self.origin,
        }


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact with its source; of an entity also its tie to a named firm and what is known about it.

    Attributes:
        table: where it stands.
        row: its fields.
        words: what it says, in one sentence.
        source: the row of its source, if it has one.
        about: of an entity: `tie`, `sells_units_made_by`, `names`, `counts`; else empty.
    """

    table: str
    row: Row
    words: str
    source: Row | None
    about: Mapping[str, Any]

    def to_json(self) -> dict[str, Any]:
        """Give it as plain values."""
        return {
            "table": self.table,
            "fact": self.row,
            "words": self.words,
            "source": self.source,
            **self.about,
        }


@dataclass(frozen=True, slots=True)
class Told:
    """A fact as it was told at one time: `said` is the fact in words, `holds` its period in words, if it has one."""

    row: Row
    said: str
    holds: str


@dataclass(frozen=True, slots=True)
class Lint:
    """What is wrong in a source tree.

    Attributes:
        version: of the tree.
        facts: how many it holds.
        issues: errors and warnings, in the order of the files.
    """

    version: str
    facts: int
    issues: tuple[Issue, ...]

    @property
    def errors(self) -> tuple[Issue, ...]:
        """Give the errors among the issues."""
        return tuple(item for item in self.issues if item.severity == "error")

    @property
    def only_reviews(self) -> bool:
        """Whether every error is a review that is overdue."""
        return all(item.code == "E221" for item in self.errors)

    def to_json(self, as_of: date | None) -> dict[str, Any]:
        """Give it as plain values (`proscribe.kb-lint/1`)."""
        return {
            "schema": "proscribe.kb-lint/1",
            "proscribe": proscribe.__version__,
            "knowledge": {"version": self.version, "sha256": None},
            "as_of": as_of.isoformat() if as_of else None,
            "errors": len(self.errors),
            "warnings": len(self.issues) - len(self.errors),
            "issues": [issue.to_json() for issue in self.issues],
        }


class Knowledge:
    """A snapshot with the layers over it, to be questioned.

    Args:
        snapshot: the knowledge.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot

    @property
    def version(self) -> str:
        """Give the version of the knowledge."""
        return self.snapshot.manifest.version

    def answer(self, name: str, on: date, content: Mapping[str, Any]) -> dict[str, Any]:
        """Give a JSON answer (`proscribe.kb-<name>/1`) with the head that every answer carries."""
        manifest = self.snapshot.manifest
        stamp = {"version": manifest.version, "sha256": manifest.sha256, "layers": list(self.snapshot.layers)}
        head = {"schema": f"proscribe.kb-{name}/1", "proscribe": proscribe.__version__, "knowledge": stamp}
        return {**head, "as_of": on.isoformat(), **content}

    def status(self, on: date) -> Status:
        """Say which knowledge this is, how old on a day, and which reviews are overdue then."""
        snapshot, manifest = self.snapshot, self.snapshot.manifest
        kinds = [item["kind"] for item in snapshot.suppressions]
        return Status(
            version=manifest.version,
            sha256=manifest.sha256,
            schema=manifest.schema,
            schema_version=manifest.schema_version,
            layers=tuple(snapshot.layers),
            age_days=_age_days(manifest.version, on),
            counts=manifest.counts,
            documents=tuple(snapshot.document_paths()),
            overdue=tuple(Overdue(item.file, item.due_on, item.by) for item in overdue_reviews(snapshot, on)),
            reviews=len(snapshot.reviews) + sum(1 for row in snapshot.table("sources") if row["review"]),
            suppressions=kinds.count("suppression"),
            cleared=kinds.count("cleared"),
            origin=origin_of(snapshot).says,
        )

    @property
    def tables(self) -> dict[str, int]:
        """Give each table with the number of its rows, in the order of the source."""
        return {name: self.snapshot.manifest.counts.get(name, 0) for name in TABLES}

    def documents(self, match: str = "") -> list[str]:
        """List the paths of documents that contain a text."""
        return [path for path in self.snapshot.document_paths() if match.lower() in path.lower()]

    def document(self, path: str) -> Any | None:
        """Give a document such as `context/words`, or `None` when there is none of that path."""
        held = f"documents/{path}.json" in self.snapshot.manifest.members
        return self.snapshot.document(path) if held else None

    def facts(
        self, table: str, known_on: date, *, entity: str = "", match: str = "", on: date | None = None
    ) -> list[tuple[Row, str]]:
        """List the facts of a table, each with what it says.

        Args:
            table: one of `tables`.
            known_on: facts recorded later, or retracted by then, are left out.
            entity: only facts about this entity.
            match: only facts whose id or words contain this text, whatever the case.
            on: only facts that hold on this day; on any day by default.

        Raises:
            UsageError: E223 when there is no such table.
        """
        if table not in TABLES:
            close = nearest(table, [*TABLES, "documents"])
            raise error("E223.table", table=table, tables=", ".join(TABLES), near=close)
        known, day = known_on.isoformat(), on.isoformat() if on else ""
        found = []
        for row in self.snapshot.table(table):
            if not visible(row, known) or (day and not _holds(row, day)):
                continue
            if entity and entity not in [row.get(name) for name in (*ENTITY_FIELDS, "id")]:
                continue
            said = describe(table, row) if "id" in row else " ".join(map(str, row.values()))
            if match.lower() in f"{row.get('id', '')} {said}".lower():
                found.append((row, said))
        return found

    def fact(self, identity: str, on: date, known_on: date) -> Fact:
        """Give one fact, entity or source by its id.

        Args:
            on: the day of an entity's tie to a named firm.
            known_on: facts recorded later are not used for that tie.

        Raises:
            UsageError: E223 when there is none of that id, with the nearest ids.
        """
        table, row = self._find(identity)
        source = row if table == "sources" else self._sources.get(row["source"])
        about = self._about(identity, on, known_on) if table == "entities" else {}
        return Fact(table, row, describe(table, row), source, about)

    def history(self, identity: str) -> tuple[str, list[Told]]:
        """Give the table of a fact, and the fact, what it replaced and what replaced it, oldest first.

        Raises:
            UsageError: E223.
        """
        table, row = self._find(identity)
        rows = {item["id"]: item for item in self.snapshot.table(table)}
        chosen, pending = {row["id"]}, [row["id"]]
        while pending:
            here = pending.pop()
            near = [rows[here].get("superseded_by", "")]
            near += [item["id"] for item in rows.values() if item.get("superseded_by") == here]
            fresh = [name for name in near if name in rows and name not in chosen]
            chosen.update(fresh)
            pending += fresh
        chain = sorted(
            (rows[name] for name in chosen), key=lambda item: (item.get("recorded_on", ""), item["id"])
        )
        return table, [
            Told(item, describe(table, item), period(item) if "recorded_on" in item else "") for item in chain
        ]

    def changes(self, later: Knowledge) -> list[Change]:
        """Say what differs between this knowledge and a later one, in words."""
        return diff(self.snapshot, later.snapshot)

    def examples(self) -> tuple[int, list[str]]:
        """Try every example and near-miss with the matchers: how many there are, and each that fails, in words."""
        from proscribe.app.kb.knowledge_examples import run_examples

        tried, failed = run_examples(self.snapshot)
        return tried, [str(item) for item in failed]

    @cached_property
    def _sources(self) -> dict[str, Row]:
        return {item["id"]: item for item in self.snapshot.table("sources")}

    def _find(self, identity: str) -> tuple[str, Row]:
        """Find a fact by id in every table; suggest the nearest ids on a miss."""
        ids: list[str] = []
        for table, kind in TABLES.items():
            if kind.identity:
                for row in self.snapshot.table(table):
                    if row["id"] == identity:
                        return table, row
                ids += self.snapshot.columns(table)["id"]
        # A part of an id is the next best.
        close = (
            nearest(identity.lower(), ids, count=3)
            or [known for known in ids if identity.lower() in known][:3]
        )
        raise error("E223.fact", identity=identity, near=" or ".join(close))

    def _about(self, entity: str, on: date, known_on: date) -> dict[str, Any]:
        view = self.snapshot.at(AsOf(on, known_on))
        tie = view.covered_through(entity, on)
        counts = {}
        for table, kind in TABLES.items():
            named = [name for name in ENTITY_FIELDS if name in kind.by_name]
            if named and table != "entities":
                rows = self.snapshot.table(table)
                counts[table] = sum(1 for row in rows if any(row[name] == entity for name in named))
        return {
            "tie": {
                "path": list(tie.path),
                "certainty": tie.certainty.value,
                "stakes": list(tie.stakes),
                "lists": list(tie.lists),
                "last_day": tie.last_day.isoformat() if tie.last_day else None,
            },
            "sells_units_made_by": [
                {"maker": item.maker, "stake": item.stake, "certainty": item.certainty.value}
                for item in view.suppliers(entity, on)
            ],
            "names": [name["text"] for name in view.rows("names") if name["entity"] == entity],
            "counts": {table: number for table, number in counts.items() if number},
        }


def knowledge(paths: Sequence[str | Path] = ()) -> Knowledge:
    """Open the knowledge.

    Args:
        paths: nothing for the shipped knowledge; else a snapshot file or source folder, then layers over it.

    Raises:
        KnowledgeError: E2xx when it is missing, damaged or cannot be used.
    """
    return Knowledge(open_knowledge(paths))


def lint(tree: str | Path | None = None, *, on: date | None = None, released: str | Path = "") -> Lint:
    """Check a source tree: shapes, ids, sources, periods, patterns, examples.

    Args:
        tree: the folder; that of `source_tree` by default.
        on: reviews overdue on this day are errors too.
        released: an earlier snapshot; an id of it that is gone is an error.

    Raises:
        KnowledgeError: E201 when there is no source tree.
    """
    source = read_tree(source_tree(tree))
    ids: set[str] = set()
    if released:
        earlier = open_knowledge((released,))
        ids = {row["id"] for name, kind in TABLES.items() if kind.identity for row in earlier.table(name)}
    issues = lint_tree(source, as_of=on, released=ids)
    return Lint(source.version, sum(len(rows) for rows in source.records.values()), tuple(issues))


def build(
    target: str | Path, tree: str | Path | None = None, *, signer: Signer | None = None
) -> Mapping[str, Any]:
    """Build a snapshot from a source tree; the same tree gives the same bytes.

    Args:
        signer: signs it; who names the public key, in `PROSCRIBE_KNOWLEDGE_KEYS`, takes it for vouched for.

    Returns:
        The manifest of what was written: `version`, `sha256`, `counts`.

    Raises:
        KnowledgeError: E201 when there is no source tree, E2xx when it cannot be built.
    """
    if signer is None:
        return build_snapshot(source_tree(tree), Path(target))
    return build_snapshot(
        source_tree(tree),
        Path(target),
        lambda data, told: signed(data, told["version"], told["sha256"], signer),
    )


def source_tree(tree: str | Path | None = None) -> Path:
    """Find the source tree an author means: the one named, `./knowledge`, or that of the checkout in use.

    Raises:
        KnowledgeError: E201 when there is none.
    """
    if tree is not None:
        return Path(tree)
    beside = Path(proscribe.__file__).parent.parent.parent / "knowledge"
    for place in (Path("knowledge"), beside):
        if (place / "VERSION").is_file():
            return place
    raise error("E201.no_source", at=str(Path.cwd()))


def _age_days(version: str, day: date) -> int | None:
    try:
        return (day - date(*map(int, version.split(".")[:3]))).days
    except (ValueError, TypeError):
        return None


def _holds(row: Row, day: str) -> bool:
    """Tell whether a fact holds on a day (ISO)."""
    end = row.get("valid_to", "")
    return bool(row.get("valid_from", "") <= day and (not end or day < end))
