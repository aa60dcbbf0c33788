"""Shared ways to read a file in a test."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from proscribe.model.observations import ReadIssue, Table
from proscribe.readers import Options, expand, open_source
from proscribe.wording.errors import page

_FIRMS = re.compile("huawei|hikvision|dahua|hytera|zte", re.IGNORECASE)


@dataclass
class Read:
    """Everything one file gave."""

    reader: str
    tables: list[Table]
    issues: list[ReadIssue]
    rows: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    reading: Any = None
    source_rows: list[int | None] = field(default_factory=list)

    @property
    def codes(self) -> set[str]:
        return {issue.code for issue in self.issues}

    def only(self) -> list[dict[str, Any]]:
        assert len(self.tables) == 1, self.tables
        return self.rows.get(0, [])

    def issue(self, code: str) -> ReadIssue:
        found = [issue for issue in self.issues if issue.code == code]
        assert found, f"no {code} among {self.issues}"
        return found[0]

    def firms(self) -> set[str]:
        """The firms that stand in cells."""
        rows = (row for rows in self.rows.values() for row in rows)
        cells = " ".join(str(cell) for row in rows for cell in (*row, *row.values()))
        return {name.casefold() for name in _FIRMS.findall(cells)}

    def keeps(self, content: bytes | str, whole: Read | None = None) -> None:
        """Make sure that each firm named in what was read stands in a cell, or that something is said of what was not read.

        A format may name firms where they say nothing of things: only those are looked for that stand in cells of the `whole`.
        """
        if isinstance(content, bytes):
            utf16 = content[:2] in (b"\xff\xfe", b"\xfe\xff")
            content = content.decode("utf-16" if utf16 else "utf-8", "replace")
        gone = {name.casefold() for name in _FIRMS.findall(content)} - self.firms()
        if whole is not None:
            gone &= whole.firms()
        assert not gone or self.issues, f"{gone} went without a word"


def _read_file(path: Path, options: Options | None = None) -> Read:
    sources, problems = expand([path])[:2]
    assert not problems, problems
    reading = open_source(sources[0], options or Options())
    rows: dict[int, list[dict[str, Any]]] = {}
    source_rows: list[int | None] = []
    for batch in reading.batches():
        held = rows.setdefault(batch.table, [])
        if (
            reading.reader != "parquet"
        ):  # a damaged row group leaves a gap, so that numbers stay those of the file
            assert batch.first_record == len(held) + 1, "records are numbered without a gap"
        assert tuple(batch.rows.schema.names) == reading.tables[batch.table].header
        assert batch.pointers is None or len(batch.pointers) == batch.rows.num_rows
        held.extend(batch.rows.to_pylist())
        first = reading.tables[batch.table].first_row
        source_rows += [batch.source_row(place, first) for place in range(batch.rows.num_rows)]
    for issue in reading.issues:
        assert page(issue.code) is not None
        assert issue.at, issue
    for table in reading.tables:
        assert set(table.fields) <= set(table.header)
        assert set(table.unread) <= set(table.header)
    return Read(reading.reader, list(reading.tables), list(reading.issues), rows, reading, source_rows)


@pytest.fixture
def read(tmp_path: Path) -> Any:
    def run(content: bytes | str, name: str = "input.dat", **options: Any) -> Read:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return _read_file(path, Options(**options))

    return run


@pytest.fixture(scope="session")
def read_file() -> Any:
    return _read_file
