"""The labelled rows and the real negatives: reading, the split rule, the closed vocabularies.

Shapes: `labels/*.csv` has the columns of `COLUMNS`, one judged text a row; `labels/negatives/*.csv`
has `text, lines, source, licence`, where `lines` says how often the text stands in its source.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BENCH = Path(__file__).resolve().parent
LABELS = BENCH / "labels"

COLUMNS = (
    "row_id",
    "kind",
    "text",
    "covered",
    "entity",
    "relation",
    "expect_kind",
    "source",
    "licence",
    "split",
)
KINDS = frozenset(
    {
        "vendor",
        "banner",
        "inventory",
        "sbom",
        "bom",
        "usb",
        "snmp",
        "item",
        "firmware",
        "mac",
        "cpe",
        "hostname",
        "user_agent",
        "ledger",
    }
)
COVERED = frozenset({"yes", "no", "review"})
RELATIONS = frozenset({"made-by", "relabel", "component", "mention-only", "homonym", "none"})
EXPECT_KINDS = frozenset(
    {"accessory", "compatible", "negated", "software", "competitor", "reference", "formerly"}
)
COVERED_ENTITIES = frozenset({"huawei", "zte", "hikvision", "hytera", "dahua", "hisilicon"})


@dataclass(frozen=True, slots=True)
class LabelledRow:
    """One judged text. `digest` changes when the text or its judgement changes."""

    row_id: str
    kind: str
    text: str
    covered: str
    entity: str
    relation: str
    expect_kind: str
    source: str
    licence: str
    split: str
    file: str

    @property
    def digest(self) -> str:
        """Digest text and judgement, so that an edited row is not compared with its old answer."""
        joined = "\x1f".join((self.text, self.covered, self.entity, self.relation, self.expect_kind))
        return hashlib.blake2b(joined.encode(), digest_size=6).hexdigest()


@dataclass(frozen=True, slots=True)
class NegativeText:
    """A real text without covered equipment; `lines` counts its lines in the source."""

    text: str
    lines: int
    source: str
    licence: str
    file: str


def split_of(source: str) -> str:
    """Put a whole source on one side: `tune` or `check`, by a digest of its name alone."""
    first = hashlib.blake2b(source.encode(), digest_size=1).digest()[0]
    return "tune" if first < 128 else "check"


def labelled_rows(folder: Path = LABELS) -> list[LabelledRow]:
    """Read all labelled rows, in order of file name and line."""
    return list(_labelled(folder))


def _labelled(folder: Path) -> Iterator[LabelledRow]:
    for path in sorted(folder.glob("*.csv")):
        with path.open(newline="", encoding="utf-8") as stream:
            for record in csv.DictReader(stream):
                yield LabelledRow(**record, file=path.name)


def negative_texts(folder: Path = LABELS / "negatives") -> list[NegativeText]:
    """Read all real negatives, in order of file name and line."""
    found = []
    for path in sorted(folder.glob("*.csv")):
        with path.open(newline="", encoding="utf-8") as stream:
            for record in csv.DictReader(stream):
                lines = int(record["lines"])
                found.append(
                    NegativeText(record["text"], lines, record["source"], record["licence"], path.name)
                )
    return found
