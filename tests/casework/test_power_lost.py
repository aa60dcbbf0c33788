"""Power is lost: the files of a SQLite store as a disk may hold them at any moment are a sound store, or refused; never wrong.

The files are copied while a command runs, at many of its steps, and again with the end of the journal missing or torn, as after
a write of which only a part reached the disk.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from proscribe.casework.commands import cases
from proscribe.casework.store import Store
from proscribe.model.authors import Author
from proscribe.model.casework import Head
from proscribe.model.errors import CaseError

Files = dict[str, bytes]


def files_of(place: Path) -> Files:
    """The database and its journal; the shared memory beside them is gone with the power."""
    found = (place.with_name(place.name + ending) for ending in ("", "-wal", "-journal"))
    return {path.name.removeprefix(place.name): path.read_bytes() for path in found if path.exists()}


def after_power(files: Files, folder: Path, kept: Head) -> int | None:
    """Open the files as a store; give how many events it holds, None where it was refused."""
    folder.mkdir()
    for ending, content in files.items():
        (folder / f"s.db{ending}").write_bytes(content)
    try:
        with Store.open(folder / "s.db", create=False) as store:
            head = store.head()
            assert store.verify() == [] and store.chain_fault == ""
            assert {fault.kind for fault in store.verify(kept)} <= (
                {"truncated"} if head.seq < kept.seq else set()
            )
            if head.seq >= 2:
                assert len(store.case("C-0001").notes) == head.seq - 1
            return head.seq
    except CaseError as problem:
        assert problem.code in ("E420", "E427", "E437", "E501", "E510")
        return None


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[tuple[int, Files]], Head]:
    """Files at many steps of ten commands, each with the number of events that were acknowledged by then."""
    place = tmp_path_factory.mktemp("copied") / "ours.db"
    copies: list[tuple[int, Files]] = []
    acknowledged = 0
    with Store.open(place) as store:

        def watch(connection: Any, _: object) -> None:
            connection.set_progress_handler(lambda: copies.append((acknowledged, files_of(place))), 25)

        sa.event.listen(store._engine, "connect", watch)
        store._engine.dispose()
        cases.open_case(store, by=Author("R. Ito"), title="Cameras", as_of=date(2026, 11, 24), zone="UTC")
        acknowledged = store.head().seq
        for number in range(10):
            cases.note(store, "C-0001", f"note {number} " + "x" * 3_000, by=Author("R. Ito"))
            acknowledged += 1
            copies.append((acknowledged, files_of(place)))
        head = store.head()
    return copies, head


def test_at_every_step_what_was_acknowledged_is_there(
    copied: tuple[list[tuple[int, Files]], Head], tmp_path: Path
) -> None:
    copies, head = copied
    assert len(copies) > 20
    for number, (acknowledged, files) in enumerate(copies[:: max(1, len(copies) // 60)]):
        held = after_power(files, tmp_path / f"p{number}", head)
        assert held is not None and held >= acknowledged


TEARS: dict[str, Callable[[bytes, random.Random], bytes]] = {
    "cut": lambda wal, dice: wal[: dice.randrange(len(wal) + 1)],
    "cut at a page": lambda wal, dice: wal[: 32 + dice.randrange(len(wal) // 4120 + 1) * 4120],
    "a page of zeros at the end": lambda wal, _: wal[:-4096] + b"\0" * 4096,
    "the last sector torn": lambda wal, _: wal[:-512] + b"\xff" * 512,
    "more than was written": lambda wal, _: wal + b"\0" * 8_240,
    "gone": lambda _wal, _dice: b"",
}


@pytest.mark.parametrize("tear", TEARS)
def test_a_torn_journal_is_a_sound_earlier_store_or_refused(
    copied: tuple[list[tuple[int, Files]], Head], tmp_path: Path, tear: str
) -> None:
    copies, head = copied
    dice = random.Random(tear)
    for number in range(20):
        _, files = copies[dice.randrange(len(copies))]
        if "-wal" in files:
            files = {**files, "-wal": TEARS[tear](files["-wal"], dice)}
        held = after_power(files, tmp_path / f"t{number}", head)
        assert held is None or held <= head.seq, "no event that was never written"
