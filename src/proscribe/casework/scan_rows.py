"""The rows that the tables of a scan hold, derived from the scan's own bytes; written once, and compared when asked.

The same bytes give the same rows: findings and mentions by their place in the document, groups numbered in the order in which
they first occur, words of the records in their places.
"""

from __future__ import annotations

import json
import re
import sys
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, zip_longest
from typing import Any

import sqlalchemy as sa

from proscribe.casework import bulk, content, scan_tables
from proscribe.casework.scan_stream import Piece, pieces
from proscribe.model.scan_document import SCHEMA

_ID = re.compile(r"[A-Za-z0-9_.:-]{1,80}")
#: Ids of firms, own ones (`org:...`) among them, roles, bands and bases.
_NAME = re.compile(r"[A-Za-z0-9_.:/-]{1,120}")
_WORDS = re.compile(r"[^\W_]+")
_LARGEST = 2**62
_LONGEST_WORD = 40
#: Matchers that find what a maker calls a product, and the longest name of one.
_OF_MODELS, _LONGEST_PRODUCT = frozenset({"model_number", "phone", "chip"}), 80
_MOST_WORDS = 300
#: Texts that occur often are kept, up to this many.
_KEPT = 10_000


@dataclass(slots=True)
class ScanRows:
    """What the tables hold of one scan, without its number.

    Attributes:
        head: members of the document other than findings and mentions.
        inputs: input, path, sha256, reader, records.
        groups: band, firm, entity, role, site, input, outcome, product, ignored; to the number of the group.
        counts: findings of each group.
        findings: id, group, input, sheet, row, pointer, record id, date, first byte, bytes.
        mentions: input, sheet, row, pointer, record id, entity, kind, first byte, bytes.
        words: word to the places of the findings whose record holds it.
    """

    head: dict[str, Any] = field(default_factory=dict)
    inputs: list[tuple[int, str, str, str, int]] = field(default_factory=list)
    groups: dict[tuple[Any, ...], int] = field(default_factory=dict)
    counts: list[int] = field(default_factory=list)
    findings: list[tuple[Any, ...]] = field(default_factory=list)
    mentions: list[tuple[Any, ...]] = field(default_factory=list)
    words: defaultdict[str, array[int]] = field(default_factory=lambda: defaultdict(lambda: array("I")))

    @property
    def scheme(self) -> int:
        """Give the scheme of the ids: 1 where the document does not say."""
        return int(self.head.get("finding_ids", 1))

    def tables(self, scan: int, sha256: str) -> Iterator[tuple[sa.Table, Iterable[tuple[Any, ...]]]]:
        """Give the rows of each table under the number of the scan."""
        day = str(self.head["as_of"])
        yield (
            scan_tables.scans,
            [(scan, sha256, day, self.scheme, len(self.findings), len(self.mentions))],
        )
        yield scan_tables.scan_inputs, ((scan, *row) for row in self.inputs)
        yield (
            scan_tables.scan_groups,
            ((scan, number, *group, self.counts[number]) for group, number in self.groups.items()),
        )
        yield (
            scan_tables.scan_findings,
            ((scan, place, *row) for place, row in enumerate(self.findings)),
        )
        yield (
            scan_tables.scan_mentions,
            ((scan, place, *row) for place, row in enumerate(self.mentions)),
        )
        counted: dict[tuple[int, str, str], int] = {}
        for row in self.mentions:
            key = (row[0], row[5], row[6])
            counted[key] = counted.get(key, 0) + 1
        yield scan_tables.scan_mention_counts, ((scan, *key, counted[key]) for key in sorted(counted))
        yield (
            scan_tables.scan_words,
            ((scan, word, _packed(self.words[word])) for word in sorted(self.words)),
        )


def read_rows(chunks: Iterable[bytes], each: Callable[[Mapping[str, Any]], None] | None = None) -> ScanRows:
    """Derive the rows of a scan.

    Args:
        chunks: its bytes.
        each: is given every finding whole.

    Raises:
        ValueError, KeyError, TypeError, AttributeError, RecursionError: when it is not the JSON of a scan, or its counts are
            not those of its findings.
    """
    reader = RowReader()
    head: dict[str, Any] = {}
    for piece in pieces(chunks, ("findings", "mentions")):
        if piece.key == "findings":
            reader.finding(piece)
            if each is not None:
                each(piece.value)
        elif piece.key == "mentions":
            reader.mention(piece)
        else:
            head[piece.key] = piece.value
            if piece.key == "schema" and piece.value != SCHEMA:
                break
    if head.get("schema") != SCHEMA:
        raise ValueError("it does not say that it is one")
    return reader.close(head)


class RowReader:
    """Turns findings and mentions into rows."""

    def __init__(self) -> None:
        self._rows = ScanRows()
        self._ids: set[str] = set()
        self._names: set[str] = set()
        self._kept: dict[str, str] = {}
        self._last_input = -1
        self._live = 0
        self._bands: dict[str, int] = {}
        self._last_words: tuple[str, frozenset[str]] = ("", frozenset())
        self._name_words: dict[tuple[str, Any], frozenset[str]] = {}

    @property
    def groups(self) -> Mapping[tuple[Any, ...], int]:
        """Give the groups so far."""
        return self._rows.groups

    def finding(self, piece: Piece) -> None:
        """Take in a finding."""
        item, rows = piece.value, self._rows
        identity = text(item["id"])
        if not _ID.fullmatch(identity):
            raise ValueError(f"{identity[:40]!r} is no id of a finding")
        if identity in self._ids:
            raise ValueError(f"the finding {identity} stands in it twice")
        self._ids.add(identity)
        for name in ("entity", "role", "band", "basis"):
            self._name(item[name], f"the {name} of {identity}")
        for place, kind in (("evidence", list), ("questions", list), ("ignored", dict), ("details", dict)):
            if item.get(place) and not isinstance(item[place], kind):
                raise ValueError(f"the {place} of {identity} has another shape")
        through = item.get("covered_through") or [item["entity"]]
        details = item.get("details") or {}
        ignored = int(bool(item.get("ignored")))
        where = self._where(item, f"the finding {identity}")
        group = (
            item["band"], self._name(through[-1], f"the firm of {identity}"), item["entity"], item["role"],
            self._text(details.get("site")) or "", where[0], self._text(item.get("outcome")) or "",
            self._text(product_of(item)) or "", ignored,
        )  # fmt: skip
        number = rows.groups.setdefault(group, len(rows.groups))
        if number == len(rows.counts):
            rows.counts.append(0)
        rows.counts[number] += 1
        if not ignored:
            self._live += 1
            self._bands[item["band"]] = self._bands.get(item["band"], 0) + 1
        number_of_it = len(rows.findings)
        dated = self._text(details.get("dated_on"))
        rows.findings.append((identity, number, *where, dated, piece.start, piece.size))
        words, of_names = self._words(item, details), self._words_of_names(item)
        standing = rows.words
        for word in words:
            standing[word].append(number_of_it)
        for word in of_names:
            if word not in words:
                standing[word].append(number_of_it)

    def mention(self, piece: Piece) -> None:
        """Take in a mention."""
        item = piece.value
        where = self._where(item, "a mention")
        kind, entity = self._name(item["kind"], "its kind"), self._name(item["entity"], "its entity")
        self._rows.mentions.append((*where, entity, kind, piece.start, piece.size))

    def close(self, head: dict[str, Any]) -> ScanRows:
        """Give the rows, once they were compared with what the document says of itself.

        Args:
            head: its members other than findings and mentions.
        """
        rows = self._rows
        rows.head = head
        if rows.scheme not in (1, 2):
            raise ValueError(f"its ids are of the scheme {rows.scheme}, which this version does not know")
        inputs = rows.head["inputs"]
        for place, item in enumerate(inputs):
            records = whole(item.get("records") or 0)
            rows.inputs.append(
                (place, column(item["path"]), text(item["sha256"]), column(item.get("reader") or ""), records)
            )
        if self._last_input >= len(rows.inputs):
            raise ValueError(f"a finding is of the input {self._last_input}, which is not listed")
        said = rows.head.get("summary") or {}
        counted = {
            "findings": self._live, "ignored": len(rows.findings) - self._live, "mentions": len(rows.mentions),
        }  # fmt: skip
        for name, count in counted.items():
            if name in said and said[name] != count:
                raise ValueError(f"its summary counts {said[name]} {name}, and {count} stand in it")
        for band, count in (said.get("by_band") or {}).items():
            if count != self._bands.get(band, 0):
                raise ValueError(f"its summary counts {count} {band}, and {self._bands.get(band, 0)} are")
        return rows

    def _where(self, item: Mapping[str, Any], what: str) -> tuple[Any, ...]:
        number, locator = item["input"], item.get("locator") or {}
        if not isinstance(locator, dict):
            raise ValueError(f"the locator of {what} has another shape")
        if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number < _LARGEST:
            raise ValueError(f"{what} is of an input that is not listed")
        self._last_input = max(self._last_input, number)
        row = locator.get("row")
        record_id = item.get("record_id")
        return (
            number, self._text(locator.get("sheet")), None if row is None else whole(row),
            self._text(locator.get("pointer")), None if record_id is None else column(record_id),
        )  # fmt: skip

    def _name(self, value: Any, what: str) -> str:
        if type(value) is str and value in self._names:
            return value
        if not _NAME.fullmatch(text(value)):
            raise ValueError(f"{what} is {value[:40]!r}")
        self._names.add(value)
        return str(value)

    def _text(self, value: Any) -> str | None:
        """Give a text that occurs often, one object for all of its kind."""
        if value is None:
            return None
        kept = self._kept.get(value) if isinstance(value, str) else None
        if kept is None:
            kept = column(value)
            if len(self._kept) < _KEPT:
                self._kept[value] = kept
        return kept

    def _words(self, item: Mapping[str, Any], details: Mapping[str, Any]) -> frozenset[str]:
        record = item.get("record")
        if isinstance(record, list):
            cells = [cell[1] for cell in record if isinstance(cell, list) and len(cell) == 2]
        else:
            cells = [item.get("record_id"), *details.values()]
            cells += [one.get("found") for one in item.get("evidence") or ()]
        joined = " ".join([cell for cell in cells if type(cell) is str])
        if self._last_words[0] != joined:  # findings of one record follow one another
            self._last_words = (joined, frozenset(words_of(joined)))
        return self._last_words[1]

    def _words_of_names(self, item: Mapping[str, Any]) -> frozenset[str]:
        names = (item["entity"], item.get("brand"))
        found = self._name_words.get(names)
        if found is None:
            found = frozenset(words_of(" ".join(name for name in names if type(name) is str)))
            if len(self._name_words) < _KEPT:
                self._name_words[names] = found
        return found


def product_of(finding: Mapping[str, Any]) -> str:
    """Give which product a finding is of: the model that weighs most in it, or the brand it is sold under; empty for neither.

    A model is given in capital letters, and with a dash for each other sign, so that "DS 2CD2143G2" and "ds-2cd2143g2" are one.
    """
    models = [
        (one.get("weight_mbit") or 0, -place, one["found"])
        for place, one in enumerate(finding.get("evidence") or ())
        if one.get("matcher") in _OF_MODELS and isinstance(one.get("found"), str)
    ]
    if models:
        return "-".join(_WORDS.findall(max(models)[2].upper()))[:_LONGEST_PRODUCT]
    return column(finding.get("brand") or "")[:_LONGEST_PRODUCT]


def words_of(cells: str) -> Iterator[str]:
    """Yield the words of a text in small letters: each run of letters and digits, and each token without its signs."""
    return chain.from_iterable(map(_forms, cells.casefold().split()[:_MOST_WORDS]))


@lru_cache(maxsize=_KEPT)
def _forms(token: str) -> tuple[str, ...]:
    if token.isalnum():
        return (token[:_LONGEST_WORD],)
    parts = _WORDS.findall(token)
    if len(parts) > 1:
        parts.append("".join(parts))
    return tuple([part[:_LONGEST_WORD] for part in parts])


def text(value: Any) -> str:
    """Check that a value is text.

    Raises:
        ValueError: when it is not, or holds half a character.
    """
    if not isinstance(value, str):
        raise ValueError(f"{str(value)[:40]!r} stands where text is expected")
    if not value.isascii():
        value.encode()
    return value


def column(value: Any) -> str:
    """Give a text as a column holds it: databases take no null characters."""
    return text(value).replace("\x00", "\ufffd")


def whole(value: Any) -> int:
    """Check that a value is a whole number that a column can hold."""
    if isinstance(value, bool) or not isinstance(value, int) or not -_LARGEST < value < _LARGEST:
        raise ValueError(f"{str(value)[:40]!r} stands where a whole number is expected")
    return value


def _packed(places: array[int]) -> bytes:
    if sys.byteorder == "big":
        places = array("I", places)
        places.byteswap()
    return places.tobytes()


def unpacked(packed: bytes) -> array[int]:
    """Read the places of a word."""
    places = array("I")
    places.frombytes(packed)
    if sys.byteorder == "big":
        places.byteswap()
    return places


# In the store


def number_of(conn: sa.Connection, sha256: str) -> int:
    """Give the number of a scan in the store, 0 when its rows are not there."""
    table = scan_tables.scans
    return int(conn.execute(sa.select(table.c.scan).where(table.c.sha256 == sha256)).scalar() or 0)


def write(conn: sa.Connection, sha256: str, rows: ScanRows | None = None) -> int:
    """Write the rows of a scan whose content is kept, unless they are there; give its number.

    Raises:
        ValueError and its like: see `read_rows`, for content that is no scan.
    """
    number = number_of(conn, sha256)
    if number:
        return number
    if rows is None:
        rows = read_rows(content.pieces(conn, sha256))
    table = scan_tables.scans
    number = int(conn.execute(sa.select(sa.func.max(table.c.scan))).scalar() or 0) + 1
    for one, values in rows.tables(number, sha256):
        bulk.insert(conn, one, values)
    if conn.dialect.name == "postgresql" and len(rows.findings) > 1000:
        conn.execute(sa.text("ANALYZE scan_findings, scan_groups, scan_words"))
    return number


def faults(conn: sa.Connection, named: Iterable[str]) -> Iterator[str]:
    """Yield what is wrong with the rows of scans, in words.

    Args:
        named: digests of the scans that events name.
    """
    table = scan_tables.scans
    numbers = {str(row.sha256): int(row.scan) for row in conn.execute(sa.select(table))}
    wanted = sorted(set(named))
    for sha256 in wanted:
        if sha256 not in numbers:
            yield f"the tables hold nothing of the scan {sha256}"
            continue
        try:
            rows = read_rows(content.pieces(conn, sha256))
        except Exception as problem:  # whatever content that was tampered with brings about
            yield f"the scan {sha256} can no longer be read: {problem}"
            continue
        for one, expected in rows.tables(numbers[sha256], sha256):
            if not _same(conn, one, numbers[sha256], expected):
                yield f"the table {one.name} says something else about the scan {sha256} than its content does"
    for name in sorted(set(numbers) - set(wanted)):
        yield f"the tables hold a scan that no event names: {name}"
    for one in scan_tables.OF_SCAN[1:]:
        strange = conn.execute(sa.select(one.c.scan).distinct().where(one.c.scan.not_in(numbers.values())))
        for number in strange.scalars():
            yield f"the table {one.name} holds a scan {number} that is not listed"


def group_faults(conn: sa.Connection, named: Iterable[str]) -> Iterator[str]:
    """Yield where content, or the groups of a scan, say something else than they did, by the first finding of each group.

    Cheaper than `faults`, which derives every row anew: what it passes over is seen before anything is signed.
    """
    table, group = scan_tables.scan_findings.c, scan_tables.scan_groups.c
    for sha256 in sorted(set(named)):
        if content.altered(conn, sha256):
            yield f"the content stored under {sha256} was altered"
            continue
        scan = number_of(conn, sha256)
        # Two statements: a database that joins them may look through all findings once for each group.
        first = conn.execute(
            sa.select(table.grp, sa.func.min(table.place), sa.func.count())
            .where(table.scan == scan)
            .group_by(table.grp)
        ).all()
        held = {
            int(row.grp): tuple(row)[2:]
            for row in conn.execute(sa.select(scan_tables.scan_groups).where(group.scan == scan))
        }
        said = conn.execute(
            sa.select(scan_tables.scans.c.findings).where(scan_tables.scans.c.scan == scan)
        ).scalar()
        wrong = len(first) != len(held) or sum(int(row[2]) for row in first) != said
        for start in range(0, len(first), 500):
            some = first[start : start + 500]
            query = sa.select(table.place, table.start, table.size).where(
                table.scan == scan, table.place.in_([int(row[1]) for row in some])
            )
            cut = {int(row.place): (int(row.start), int(row.size)) for row in conn.execute(query)}
            pieces_of = content.cuts(conn, sha256, [cut[int(row[1])] for row in some])
            for (number, _, count), piece in zip(some, pieces_of, strict=True):
                expected = _group_of(piece)
                wrong = wrong or expected is None or held.get(int(number)) != (*expected, int(count))
        if wrong:
            yield f"the tables say something else about the findings of the scan {sha256} than its content does"


def _group_of(piece: bytes) -> tuple[Any, ...] | None:
    """Give the group of a finding, by its bytes."""
    reader = RowReader()
    try:
        reader.finding(Piece("findings", json.loads(piece), 0, len(piece)))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return next(iter(reader.groups))


def _same(conn: sa.Connection, table: sa.Table, scan: int, expected: Iterable[Sequence[Any]]) -> bool:
    keys = [key for key in table.primary_key if key.name != "scan"]
    order: list[Any] = list(keys)
    if conn.dialect.name == "postgresql":
        order = [sa.collate(key, "C") if isinstance(key.type, sa.String) else key for key in keys]
    found = conn.execution_options(yield_per=5_000).execute(
        sa.select(table).where(table.c.scan == scan).order_by(*order)
    )
    return all(
        one is not None and other is not None and _plain(one) == tuple(other)
        for one, other in zip_longest(found, expected)
    )


def _plain(row: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)
