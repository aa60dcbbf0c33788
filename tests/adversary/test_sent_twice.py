"""Attack: a form of the workbench is sent several times at once; what it asks for happens once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from proscribe.app.background import jobs, uploads
from proscribe.casework.store import Store
from proscribe.model.jobs import Job


def test_files_that_are_to_be_scanned_three_times_at_once_are_scanned_once(tmp_path: Path) -> None:
    with Store.open(tmp_path / "c.db") as store:
        held = uploads.hand_in(store, [("a.csv", [b"Item\nCamera\n"])], by="R. Ito")

        def ask(by: str) -> Job:
            with Store.open(tmp_path / "c.db") as own:
                return uploads.scan(own, held, by=by)

        with ThreadPoolExecutor(3) as pool:
            made = list(pool.map(ask, ["R. Ito"] * 3))
        assert len({job.id for job in made}) == 1 and len(jobs.listed(store)) == 1
        assert ask("L. Park").id != made[0].id  # another person's is their own
        jobs.cancel(store, made[0].id)
        assert ask("R. Ito").id != made[0].id  # one that is over is asked for anew
