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

_FIRMS = re.compile("huawei|hikvision|dahua|hytera|zte")
#: Longer words with a digit, such as models, serial numbers and addresses; not those with strokes, which name interfaces.
_WORDS = re.compile(r"(?<![\w/.:-])(?=[a-z.:-]*\d)[a-z0-9][a-z0-9.:-]{5,}(?![\w/])")


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

    @property
    def cells(self) -> str:
        """The texts of all cells, folded."""
        rows = (row for rows in self.rows.values() for row in rows)
        return " ".join(str(cell) for row in rows for cell in (*row, *row.values())).casefold()

    def keeps(self, content: bytes | str, whole: Read | None = None) -> None:
        """Make sure that each firm named in what was read stands in a cell, or that something is said of what was not read.

        With the `whole` of which it is a part, every longer word with a digit that stands in cells of that is looked for, and nothing else: a
        format names firms where they say nothing of things, too.
        """
        if isinstance(content, bytes):
            utf16 = content[:2] in (b"\xff\xfe", b"\xfe\xff")
            content = content.decode("utf-16" if utf16 else "utf-8", "replace")
        words = set((_FIRMS if whole is None else _WORDS).findall(content.casefold()))
        if whole is not None:
            words &= set(_WORDS.findall(whole.cells))
        cells = self.cells
        gone = {text for text in words if text not in cells}
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
