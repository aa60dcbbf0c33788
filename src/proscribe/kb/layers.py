"""An organisation's own facts, suppressions and cleared items, on top of the shipped knowledge.

A layer is a YAML file or a folder. Its facts have the shapes of the shipped tables and ids that begin with
`org:`; an id of the shipped knowledge can never be taken, so an update of either side overwrites nothing of
the other. A folder is a source tree of the same layout, may hold such files as `facts*.yml`, and may hold
`proscribe.local.yml`.

```yaml
defaults: {recorded_on: 2026-11-25, source: org:src/asset-register, basis: stated, confidence: high}
sources:
  - {id: org:src/asset-register, title: Our asset register, kind: catalogue}
entities:
  - {id: org:acme, kind: company, name: Acme Security Ltd}
suppressions:
  - {entity: dahua, text: DH-PFA130, reason: a bracket, by: R. Ito, at: 2026-11-20, until: 2027-11-20}
cleared:
  - {serials: [4C0012345], reason: opened and photographed, by: R. Ito, at: 2026-11-20}
```
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from proscribe.kb.issues import Issue, fault, nearest, raise_all
from proscribe.kb.lint import record_issues
from proscribe.kb.records import TABLES, Row
from proscribe.kb.source import Tree, read_facts, read_tree, read_yaml_file
from proscribe.kb.strictyaml import Document
from proscribe.model.canonical import canonical_json
from proscribe.model.errors import error
from proscribe.model.periods import parse_day

#: Every id of a layer begins so; no shipped id ever does.
PREFIX = "org:"
#: File name of the local decisions in a layer folder.
LOCAL_FILE = "proscribe.local.yml"


#: One decision: field to text, only the fields that were given.
#:
#: `kind` is `suppression` (a finding set aside) or `cleared` (an item examined and found to be of another
#: make). `finding`, `entity`, `text`, `record_id`, `site`, `serial` and `model` say what it is about: every
#: one that is given must fit; `found` lists the texts that were judged: a finding that rests on others is not set aside.
#: `reason`, `by` and `at` (ISO date) say why, who and when; `until` is its last
#: day; `place` is file:line of the layer.
Decision = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer, checked.

    Attributes:
        name: file name and the start of its digest, the same on every machine.
        rows: table to own facts.
        files: name inside the layer to bytes; a layer that is one file has one of its own name.
    """

    name: str
    rows: dict[str, list[Row]] = field(default_factory=dict)
    suppressions: tuple[Decision, ...] = ()
    files: dict[str, bytes] = field(default_factory=dict)

    def packed(self) -> bytes:
        """Write its files as one JSON text; `unpacked` gives them back."""
        files = {name: data.decode("utf-8") for name, data in self.files.items()}
        return canonical_json({"name": self.name, "files": files}).encode()


def unpacked(content: bytes, folder: Path) -> Path:
    """Write a packed layer into a new folder, and give the path by which it is opened.

    Raises:
        ValueError: when it is none, or a name in it leads elsewhere.
    """
    value = json.loads(content)
    name, files = str(value["name"]).rpartition("@")[0], dict(value["files"])
    if not files or any(not re.fullmatch(r"[\w][\w .-]*(/[\w][\w .-]*)*", one) for one in (name, *files)):
        raise ValueError("it is no layer of knowledge")
    alone = list(files) == [name] and "/" not in name
    place = folder / name
    place.mkdir(parents=True) if not alone else folder.mkdir(parents=True, exist_ok=True)
    for one, text in files.items():
        target = place if alone else place / one
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode())
    return place


class Below(NamedTuple):
    """What lies below a layer.

    Attributes:
        ids: every id of every table.
        entities: entity ids.
        sources: source ids.
    """

    ids: frozenset[str]
    entities: frozenset[str]
    sources: frozenset[str]


def read_layer(path: Path, below: Below) -> Layer:
    """Read a layer and check it against what lies below it.

    Args:
        path: a YAML file or a folder.
        below: the ids of the snapshot and the layers below.

    Raises:
        KnowledgeError: E201 when there is nothing at `path`; E224 on an id without `org:` or one already
            taken; E225 on a wrong suppression; others as for a source tree. The message names the first five
            errors.
    """
    decisions: list[Decision] = []
    if path.is_dir():
        tree = read_tree(path)
        for file in sorted([*path.glob("facts*.yml"), *path.glob(LOCAL_FILE)]):
            if not file.is_file():  # a pipe would be waited for
                raise error("E226", at=file, strerror="it is no file")
            tree.issues = [issue for issue in tree.issues if issue.file != file.name]
            _read_file(file, tree, decisions)
        if tree.documents:
            first = sorted(tree.documents)[0]
            tree.issues.append(fault("E226.layer_documents", first, 0))
    elif path.is_file():
        tree = Tree(path.name)
        _read_file(path, tree, decisions)
    else:
        raise error("E201.no_layer", at=path)
    tree.issues += _check(tree, below, decisions)
    raise_all(tree.issues, where=str(path))
    lines = "".join(f"{name} {digest}\n" for name, digest in sorted(tree.digests.items()))
    digest = hashlib.sha256(lines.encode()).hexdigest()
    rows = {table: tree.rows(table) for table in TABLES if tree.records[table]}
    files = {name: (path / name if path.is_dir() else path).read_bytes() for name in tree.digests}
    return Layer(f"{path.resolve().name}@{digest[:12]}", rows, tuple(decisions), files)


def _read_file(path: Path, tree: Tree, decisions: list[Decision]) -> None:
    document, digest = read_yaml_file(path)
    tree.digests[path.name] = digest
    if document.value is None:
        return
    read_facts(document, tree, ("suppressions", "cleared"))
    if not isinstance(document.value, dict):
        return
    reader = _DecisionReader(document, tree.issues)
    for place, given in reader.items("suppressions", _SUPPRESSION_FIELDS):
        named = any(given.get(name) for name in ("text", "record_id", "site"))
        if not given.get("finding") and not (given.get("entity") and named):
            reader.report(
                place,
                "the suppression names no finding",
                "`finding`, or `entity` with one of text, record_id, site",
                "Say what it sets aside.",
            )
        decisions.append({"kind": "suppression", **given})
    for place, given in reader.items("cleared", _CLEARED_FIELDS):
        common = {name: text for name, text in given.items() if isinstance(text, str)}
        examined = [
            {"kind": "cleared", **common, key: text}
            for name, key in (("serials", "serial"), ("record_ids", "record_id"), ("models", "model"))
            for text in given.get(name, ())
        ]
        if not examined:
            reader.report(
                place,
                "the entry clears nothing",
                "one of serials, record_ids, models",
                "Say what was examined.",
            )
        decisions += examined


_DECISION = {
    "reason": "text!",
    "by": "text!",
    "at": "date!",
    "until": "date",
    "entity": "text",
    "site": "text",
}
_SUPPRESSION_FIELDS = {**_DECISION, "finding": "text", "text": "text", "record_id": "text", "found": "texts"}
_CLEARED_FIELDS = {**_DECISION, "serials": "texts", "record_ids": "texts", "models": "texts"}


class _DecisionReader:
    """Read lists of decisions, reporting each fault with its line."""

    def __init__(self, document: Document, issues: list[Issue]) -> None:
        self.document = document
        self.issues = issues

    def report(self, path: tuple[str | int, ...], what: str, expected: str, next_step: str) -> None:
        self.issues.append(
            Issue(self.document.name, self.document.line(*path), "E225", what, expected, next_step)
        )

    def items(self, key: str, fields: dict[str, str]) -> list[tuple[tuple[str | int, ...], dict[str, Any]]]:
        raw = self.document.value.get(key)
        if raw is None:
            return []
        if not isinstance(raw, list):
            self.report((key,), f"`{key}` is not a list", "a list of decisions", "Begin each with `- `.")
            return []
        found: list[tuple[tuple[str | int, ...], dict[str, Any]]] = []
        for index, item in enumerate(raw):
            path: tuple[str | int, ...] = (key, index)
            if not isinstance(item, dict):
                self.report(
                    path, "the entry is not a mapping", "`field: value` lines", "Write `reason: ...` etc."
                )
                continue
            before = len(self.issues)
            given = self.fields(path, item, fields)
            if len(self.issues) == before:
                found.append((path, {**given, "place": self.document.at(*path)}))
        return found

    def fields(
        self, path: tuple[str | int, ...], item: dict[str, Any], fields: dict[str, str]
    ) -> dict[str, Any]:
        given: dict[str, Any] = {}
        for name, value in item.items():
            kind = fields.get(name)
            if kind is None:
                close = nearest(name, fields)
                self.report(
                    (*path, name),
                    f"unknown field {name!r}",
                    f"one of {', '.join(fields)}",
                    f"Did you mean {close[0]!r}?" if close else "Remove the field.",
                )
            elif value is None or value == "":
                continue
            elif kind == "texts":
                values = [value] if isinstance(value, str) else value
                if isinstance(values, list) and all(isinstance(text, str) and text for text in values):
                    given[name] = tuple(values)
                else:
                    self.report(
                        (*path, name), f"{name} is not a list of texts", "a list of texts", "Write a list."
                    )
            elif not isinstance(value, str):
                self.report((*path, name), f"{name} is not one text", "one text", "Write one text; quote it.")
            else:
                given[name] = value
                if kind.startswith("date"):
                    self.date(path, name, value)
        for name, kind in fields.items():
            if kind.endswith("!") and not item.get(name):
                self.report(path, f"the field {name!r} is missing", f"a value for {name!r}", "Add it.")
        if given.get("until") and given.get("at") and given["until"] < given["at"]:
            self.report(
                (*path, "until"),
                "it ends before the day it was made",
                "that day or a later one",
                "Check the dates.",
            )
        return given

    def date(self, path: tuple[str | int, ...], name: str, value: str) -> None:
        try:
            if parse_day(value).isoformat() != value:
                raise ValueError(value)
        except ValueError:
            self.report(
                (*path, name), f"{name} is {value!r}", "a date: YYYY-MM-DD", "Write the date in that form."
            )


def _check(tree: Tree, below: Below, decisions: list[Decision]) -> list[Issue]:
    """Check ids, references and patterns of a layer."""
    issues: list[Issue] = []
    entities = below.entities | {record.id for record in tree.records["entities"]}
    sources = below.sources | {record.id for record in tree.records["sources"]}
    own: dict[str, str] = {}
    for record in tree.all_records():
        # ids derived from an affiliate's own id follow that id
        name = record.id.partition(":")[2] if record.id.startswith(("name:org:", "stake:org:")) else record.id
        if not name.startswith(PREFIX):
            issues.append(
                fault(
                    "E224.prefix",
                    record.file,
                    record.line_of("id"),
                    fact=record.id,
                    record=record.id,
                    prefix=PREFIX,
                    better=PREFIX + record.id,
                )
            )
        if record.id in below.ids or record.id in own:
            issues.append(
                fault(
                    "E224.taken",
                    record.file,
                    record.line_of("id"),
                    fact=record.id,
                    record=record.id,
                    owner=f" by {own[record.id]}" if record.id in own else " by the knowledge below",
                )
            )
        own.setdefault(record.id, f"{record.file}:{record.line}")
        issues += record_issues(record, entities, sources)
    for item in decisions:
        entity = item.get("entity")
        if entity and entity not in entities:
            close = nearest(entity, entities)
            file, line, _ = item["place"].rsplit(":", 2)
            issues.append(fault("E215.layer_entity", file, int(line), near=close, entity=entity))
    return issues
