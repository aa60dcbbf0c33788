"""in-toto Statement v1: subjects by digest, and one predicate about them.

Source: in-toto attestation framework, `spec/v1/statement.md`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from proscribe.model.canonical import canonical_json
from proscribe.model.errors import error

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
#: Media type of a statement inside a DSSE envelope.
PAYLOAD_TYPE = "application/vnd.in-toto+json"


@dataclass(frozen=True, slots=True)
class Subject:
    """One file that the statement is about.

    Attributes:
        name: relative path inside the bundle.
        sha256: digest of its bytes, hex.
    """

    name: str
    sha256: str

    @classmethod
    def of(cls, name: str, data: bytes) -> Subject:
        """Digest a file."""
        return cls(name, hashlib.sha256(data).hexdigest())


@dataclass(frozen=True, slots=True)
class Statement:
    """What is claimed about which files.

    Attributes:
        subjects: by name, ascending.
        predicate_type: URI with its major version.
        predicate: JSON value without floats.
    """

    subjects: tuple[Subject, ...]
    predicate_type: str
    predicate: Mapping[str, Any]

    def to_bytes(self) -> bytes:
        """Write canonical JSON; the same statement gives the same bytes."""
        value = {
            "_type": STATEMENT_TYPE,
            "subject": [
                {"name": item.name, "digest": {"sha256": item.sha256}}
                for item in sorted(self.subjects, key=lambda item: item.name)
            ],
            "predicateType": self.predicate_type,
            "predicate": dict(self.predicate),
        }
        return canonical_json(value).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Statement:
        """Read a statement.

        Raises:
            InputError: E473 when it has another shape, or names a subject twice.
        """
        try:
            value = json.loads(data)
            json.dumps(value, ensure_ascii=False).encode()  # half characters cannot be shown
            if value["_type"] != STATEMENT_TYPE:
                raise ValueError("not an in-toto Statement v1")
            subjects = tuple(
                Subject(str(item["name"]), str(item["digest"]["sha256"])) for item in value["subject"]
            )
            names = [item.name for item in subjects]
            if len(set(names)) != len(names) or not names:
                raise ValueError("a subject is named twice, or there is none")
            predicate = value["predicate"]
            if not isinstance(predicate, dict):
                raise ValueError("the predicate is not an object")
            return cls(subjects, str(value["predicateType"]), predicate)
        except (ValueError, KeyError, TypeError, RecursionError) as problem:
            raise error("E473", why=problem, statement_type=STATEMENT_TYPE) from problem
