"""The first input is opened before anybody waits for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from proscribe.app.scan import reading_ahead, reading_process
from proscribe.readers import Options, expand


def test_the_first_input_is_opened_while_something_else_is_done_and_left_where_nobody_wants_it(
    tmp_path: Path,
) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.csv").write_text(f"Maker,Model\nHikvision,{name}\n", encoding="utf-8")
    sources = expand([tmp_path]).sources
    ahead = reading_ahead.Ahead(sources, Options(), 1, check_columns=False)

    def begun() -> reading_process.ApartReading:
        ahead.begin()
        assert ahead._first is not None
        return ahead._first[1]

    first = begun()
    reading = ahead.open(0)
    assert reading is first and [batch.rows.to_pylist() for batch in reading.batches()] == [
        [{"Maker": "Hikvision", "Model": "a"}]
    ]
    unwanted = begun()
    ahead.skip()
    assert unwanted._channel.closed
    passed_over = begun()
    other = ahead.open(1)
    assert passed_over._channel.closed
    assert [batch.rows.to_pylist() for batch in other.batches()] == [[{"Maker": "Hikvision", "Model": "b"}]]


@pytest.mark.parametrize("content", [None, b""])
def test_what_is_no_table_or_empty_is_not_begun(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / ("empty.csv" if content is not None else "photo.jpg")
    path.write_bytes(content if content is not None else b"\xff\xd8\xff")
    ahead = reading_ahead.Ahead(expand([path]).sources, Options(), 1, check_columns=True)
    ahead.begin()
    assert ahead._first is None
