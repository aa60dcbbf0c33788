"""The first input is opened before anybody waits for it."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from typing import Any

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


@pytest.mark.parametrize("taken", [0, 1])
def test_a_reading_that_is_given_up_takes_no_answer_of_the_next_one(tmp_path: Path, taken: int) -> None:
    """Its thread may be about to read from a channel, and the system gives the number of one that was closed to the next."""
    place = tmp_path / "a.csv"
    place.write_text("Maker,Model\n" + "Hikvision,a\n" * 20, encoding="utf-8")
    (source,) = expand([place]).sources
    reading = reading_process.open_apart(source, Options())
    channel, number, told = reading._channel, reading._channel.fileno(), reading._told
    before, about_to_read, go_on = os.fstat(number), threading.Event(), threading.Event()
    left = [taken]

    def halted() -> Any:
        if not left[0]:
            about_to_read.set()
            assert go_on.wait(60)
        left[0] -= 1
        return told()

    reading._told = halted  # type: ignore[method-assign]
    batches: Any = reading.batches()
    reading.begin()
    if taken:
        next(batches)
    assert about_to_read.wait(60)
    batches.close() if taken else reading.close()
    now = os.fstat(number)
    assert (now.st_dev, now.st_ino) == (before.st_dev, before.st_ino)  # nobody else has its number
    others = [reading_process.open_apart(source, Options()) for _ in range(3)]
    go_on.set()
    for one in others:
        assert next(one.batches()).rows.num_rows
        one.close()
    until = time.monotonic() + 30
    while not channel.closed and time.monotonic() < until:
        time.sleep(0.01)
    assert channel.closed


@pytest.mark.parametrize("content", [None, b""])
def test_what_is_no_table_or_empty_is_not_begun(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / ("empty.csv" if content is not None else "photo.jpg")
    path.write_bytes(content if content is not None else b"\xff\xd8\xff")
    ahead = reading_ahead.Ahead(expand([path]).sources, Options(), 1, check_columns=True)
    ahead.begin()
    assert ahead._first is None
