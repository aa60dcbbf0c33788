"""Killed at many points of a migration and of writes: what is there afterwards is what was there, or all of it."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

from proscribe.casework.store import Store

FIXTURE = Path(__file__).parent / "fixtures" / "release-0.1"
CLERK = textwrap.dedent(
    """
    import os, sys
    from pathlib import Path
    from proscribe.app.store.desk import Desk
    from proscribe.casework.commands import judging
    from proscribe.casework.findings import FindingFilter
    from proscribe.casework.store import Store
    from proscribe.model.authors import Author
    from proscribe.model.casework import Verdict

    os.write(1, b"s")
    for line in sys.stdin:
        place, what = line.split()
        pid = os.fork()
        if pid:
            os.write(1, f"{pid}\\n".encode())
            os.waitpid(pid, 0)
            os.write(1, b"e")
            continue
        store = Store.open(place)
        if what == "attach":
            Desk(store).attach("C-0002", Path(sys.argv[1]).read_bytes(), "s", by="R. Ito")
        elif what == "judge":
            where = FindingFilter(judged=False)
            chosen = store.chosen("C-0001", where)
            judging.judge_many(
                store, "C-0001", where, Verdict.SAME, by=Author("R. Ito"), reason="seen",
                expect=(len(chosen.ids), chosen.digest),
            )
        os._exit(0)
    """
)


def state(place: Path) -> tuple[object, ...]:
    """What a store says: its head, its cases whole, and that it is sound."""
    with Store.open(place, create=False) as store:
        assert store.verify() == []
        cases = {one.id: store.case(one.id).to_json() for one in store.cases()}
        kinds = [event.kind.value for event in store.events()]
    for case in cases.values():  # when something was recorded differs from run to run
        for one in (*case["runs"], *case["judgements"], *case.get("bulk_judgements", ())):
            one.pop("attached_at", None), one.pop("at", None)
    return kinds, json.dumps(cases, sort_keys=True)


def test_killed_at_many_points_a_store_is_as_before_or_as_after(tmp_path: Path) -> None:
    old = gzip.decompress((FIXTURE / "store.db.gz").read_bytes())
    scan = FIXTURE / "october-later.json"
    clerk = subprocess.Popen(
        [sys.executable, "-c", CLERK, str(scan)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert clerk.stdin is not None and clerk.stdout is not None
    assert clerk.stdout.read(1) == b"s"
    dice = random.Random(9)

    def run(place: Path, what: str, seconds: float | None) -> float:
        assert clerk.stdin is not None and clerk.stdout is not None
        clerk.stdin.write(f"{place} {what}\n".encode())
        clerk.stdin.flush()
        pid = int(clerk.stdout.readline())
        start = time.perf_counter()
        if seconds is not None:
            time.sleep(seconds)
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        assert clerk.stdout.read(1) == b"e"
        return time.perf_counter() - start

    whole = tmp_path / "whole.db"
    whole.write_bytes(old)
    took = {"migrate": run(whole, "migrate", None)}
    before = state(whole)
    migrated = whole.read_bytes()
    after: dict[str, tuple[object, ...]] = {"migrate": before}
    for what in ("attach", "judge"):
        place = tmp_path / f"{what}.db"
        place.write_bytes(migrated)
        took[what] = run(place, what, None)
        after[what] = state(place)
        assert after[what] != before
    for number in range(21):
        what = ("migrate", "attach", "judge")[number % 3]
        place = tmp_path / f"{number}.db"
        place.write_bytes(old if what == "migrate" else migrated)
        run(place, what, dice.uniform(0.0, took[what]))
        found = state(place)
        assert found in (before, after[what]), (number, what)
        if number % 10 < 3 and found != after[what]:  # done again, it is as if nothing had happened
            run(place, what, None)
            assert state(place) == after[what]
        for one in tmp_path.glob(f"{number}.db*"):
            one.unlink()
    clerk.stdin.close()
    assert clerk.wait() == 0
