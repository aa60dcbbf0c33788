"""What a scan rests on, as an in-toto statement inside its JSON: enough to run it again and compare.

The subject is the result: every finding, every mention and everything else that the scan says, without the version of the
program. The predicate names inputs and knowledge by digest, and says how the inputs were read and on which days the law was
asked. The statement proves nothing by itself; running the scan again does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from proscribe.model.canonical import canonical_json
from proscribe.model.codec import Limits, named, omitted, read, write
from proscribe.model.results import ScanOptions, StatedFact

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "urn:proscribe:attestation:scan:1"
#: Name of the one subject.
RESULT = "result"


@dataclass(frozen=True, slots=True)
class Digest:
    """Digest of some bytes, lower-case hex."""

    sha256: Annotated[str, Limits(pattern="[0-9a-f]{64}", expected="64 hexadecimal digits")]


@dataclass(frozen=True, slots=True)
class Subject:
    """What the statement is about."""

    name: str
    digest: Digest


@dataclass(frozen=True, slots=True)
class TableRead:
    """How one table was read: field to column, or to several; `kind` says what it is a list of."""

    sheet: str | None
    columns: Mapping[str, str | tuple[str, ...]]
    kind: str = omitted("")


@dataclass(frozen=True, slots=True)
class InputRead:
    """One input; `name` is its path as it was named."""

    name: str
    digest: Digest
    reader: str
    records: Annotated[int, Limits(least=0)]
    tables: tuple[TableRead, ...]


@dataclass(frozen=True, slots=True)
class KnowledgeUsed:
    """The knowledge that answered, and the layers on top of it."""

    version: str
    digest: Digest
    layers: tuple[str, ...] = omitted(())


@dataclass(frozen=True, slots=True)
class FactsStated:
    """The facts on which the law was asked, and the day."""

    as_of: str = field(metadata=named("asOf"))
    regimes: tuple[str, ...]
    stated: tuple[StatedFact, ...]


@dataclass(frozen=True, slots=True)
class Program:
    """The program that scanned."""

    name: str
    version: str


@dataclass(frozen=True, slots=True)
class ScanPredicate:
    """How the result came about; days are ISO days."""

    as_of: str = field(metadata=named("asOf"))
    known_as_of: str = field(metadata=named("knownAsOf"))
    inputs: tuple[InputRead, ...]
    options: ScanOptions
    knowledge: KnowledgeUsed
    program: Program
    facts: FactsStated | None = omitted(None)


@dataclass(frozen=True, slots=True)
class ScanStatement:
    """An in-toto statement, version 1."""

    type_: Literal["https://in-toto.io/Statement/v1"] = field(metadata=named("_type"))
    subject: tuple[Subject, ...]
    predicate_type: Literal["urn:proscribe:attestation:scan:1"] = field(metadata=named("predicateType"))
    predicate: ScanPredicate

    @property
    def result(self) -> str:
        """Give the digest of the result."""
        return self.subject[0].digest.sha256 if self.subject else ""


class ResultDigest:
    """Digests a result as it is written: findings, then mentions, then the rest."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()

    def add(self, line: bytes) -> None:
        """Add the canonical JSON of a finding or mention."""
        self._digest.update(line)
        self._digest.update(b"\n")

    def close(self, head: Mapping[str, Any]) -> str:
        """Add everything else, and give the digest.

        Args:
            head: fields of the scan without its findings and mentions.
        """
        rest = {name: item for name, item in head.items() if name not in _NOT_RESULT}
        if rest.get("decided"):
            # Notes name the file in which something was stated, which is not kept.
            rest["decided"] = {name: item for name, item in rest["decided"].items() if name != "notes"}
        self.add(canonical_json(rest).encode())
        return self._digest.hexdigest()


_NOT_RESULT = frozenset(["proscribe", "statement", "findings", "mentions"])


def statement_of(head: Mapping[str, Any], options: ScanOptions, result: str) -> ScanStatement:
    """Say what a scan rests on.

    Args:
        head: fields of the scan as plain values; findings and mentions are not looked at.
        result: digest of the result.

    Raises:
        CodecError: when the head is not that of a scan.
    """
    knowledge, decided = head["knowledge"], head.get("decided")
    value = {
        "_type": STATEMENT_TYPE,
        "subject": [{"name": RESULT, "digest": {"sha256": result}}],
        "predicateType": PREDICATE_TYPE,
        "predicate": {
            "asOf": head["as_of"],
            "knownAsOf": head["known_as_of"],
            "inputs": [_input(one) for one in head["inputs"] if one["sha256"]],
            "options": write(options),
            "knowledge": {
                "version": knowledge["version"],
                "digest": {"sha256": knowledge["sha256"]},
                "layers": list(knowledge.get("layers", ())),
            },
            "program": {"name": "proscribe", "version": head["proscribe"]},
            **(
                {}
                if decided is None
                else {
                    "facts": {
                        "asOf": decided["as_of"],
                        "regimes": decided["regimes"],
                        "stated": decided["stated"],
                    }
                }
            ),
        },
    }
    return read(ScanStatement, value)


def _input(one: Mapping[str, Any]) -> dict[str, Any]:
    tables = [
        {
            "sheet": table["sheet"],
            "columns": table["columns"],
            **({"kind": table["kind"]} if table.get("kind") else {}),
        }
        for table in one.get("tables", ())
    ]
    return {
        "name": one["path"],
        "digest": {"sha256": one["sha256"]},
        "reader": one["reader"],
        "records": one["records"],
        "tables": tables,
    }
