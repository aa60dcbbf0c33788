"""Killed while it backs up, restores, exports, takes over or rebuilds: each is there in whole, or not at all."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import sys
import textwrap
import time
from datetime import date
from pathlib import Path

import pytest
from forked_scripts import Copy, Scripts
from tampered import checked_bundle

from proscribe.casework import backup
from proscribe.casework.commands import cases
from proscribe.casework.events import Draft
from proscribe.casework.store import Store
from proscribe.model.authors import Author
from proscribe.model.casework import EventKind

CLERK = textwrap.dedent(
    """
    import os, sys
    from pathlib import Path
    from proscribe.casework import backup
    from proscribe.casework.store import Store

    place, what, folder, target = sys.argv[1], sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4])
    store = Store.open(target if what in ("restore", "take_over") else place)
    os.write(1, b"s")
    if what in ("backup", "copy"):
        backup.backup(store, target)
    elif what == "export":
        backup.export_case(store, "C-0001", target)
    elif what == "restore":
        backup.restore(store, folder / "good.zip", by="M. Diaz")
    elif what == "take_over":
        backup.import_case(store, folder / "case.zip", by="M. Diaz")
    else:
        store.rebuild()
    os.write(1, b"done")
    """
)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a case of three hundred notes and four documents, its backup and its bundle."""
    folder = tmp_path_factory.mktemp("prepared")
    with Store.open(folder / "ours.db") as store:
        cases.open_case(store, by=Author("R. Ito"), title="Cameras", as_of=date(2026, 11, 24), zone="UTC")
        contents = [os.urandom(200_000) for _ in range(4)]
        drafts = [Draft(EventKind.NOTED, {"text": f"note {number}"}) for number in range(300)]
        drafts += [
            Draft(EventKind.IMPORTED, {"bundle_sha256": hashlib.sha256(one).hexdigest()}) for one in contents
        ]
        store.change("C-0001", drafts, by=Author("R. Ito"), blobs=contents)
        backup.backup(store, folder / "good.zip")
        backup.export_case(store, "C-0001", folder / "case.zip")
    return folder


@pytest.mark.parametrize("what", ["backup", "copy", "export", "restore", "take_over", "rebuild"])
def test_what_a_killed_command_leaves_is_whole_or_not_there(
    prepared: Path, tmp_path: Path, what: str, scripts: Scripts
) -> None:
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    place = tmp_path / "ours.db"
    with Store.open(place, create=False) as store:
        head = store.head()
    dice = random.Random(what)

    def begun(target: Path) -> Copy:
        process = scripts.start(CLERK, place, what, tmp_path, target)
        assert process.stdout.read(1) == b"s"
        return process

    suffix = ".zip" if what in ("backup", "export") else ".db"
    started = begun(tmp_path / f"whole{suffix}")
    at = time.perf_counter()
    assert started.communicate() == b"done"
    took = time.perf_counter() - at  # so that the kills fall into the work, however fast the machine is
    for attempt in range(4):
        target = tmp_path / f"{attempt}{suffix}"
        process = begun(target)
        time.sleep(dice.uniform(0.0, took))
        process.kill()
        said = process.communicate()
        done = said == b"done"
        with Store.open(place, create=False) as store:
            assert store.verify(head) == []
            assert len(store.case("C-0001").notes) == 300
        if what == "backup" and target.exists():
            with Store.open(tmp_path / f"r{attempt}.db") as other:
                assert backup.restore(other, target, by="M. Diaz").digest == head.digest
        elif what == "export" and target.exists():
            assert checked_bundle(target)[2] == []
        elif what in ("copy", "restore", "take_over") and target.exists():
            with Store.open(target, create=what != "copy") as other:
                assert other.verify() == []
                if what == "copy":
                    assert other.head().digest == head.digest
                else:  # all of it, with the event that says so, or nothing
                    assert other.head().seq in (0, head.seq + 1)
                    assert other.head().seq > 0 or not done
        elif what != "rebuild":
            assert not done
    if sys.platform == "linux":
        assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    # what a killed one left behind is in the way of nobody
    for name in ("again.zip", "again.db"):
        with Store.open(place, create=False) as store:
            backup.backup(store, tmp_path / name)
