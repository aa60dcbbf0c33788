"""Many pictures in one scan: read by several processes at once, with the answers of one, and each lost alone."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("rapidocr")

from PIL import Image, ImageDraw, ImageFont

from proscribe import scan
from proscribe.app.background import jobs
from proscribe.app.background.job_work import JobCancelled, Setting, parts_of, run_job
from proscribe.app.scan import first_process, reading_ahead, reading_process
from proscribe.casework.files import Files
from proscribe.casework.store import Store
from proscribe.model.jobs import ScanJob
from proscribe.readers.base import Source

DAY = date(2026, 11, 25)
MODELS = ("DS-2CD2143G2-I", "P3245-LV", "DH-IPC-HFW2431S-S", "ZXHN F670L", "DS-7608NI-I2")


def drawn(folder: Path) -> None:
    """Draw a plate for each model."""
    for number, model in enumerate(MODELS):
        picture = Image.new("RGB", (640, 260), "white")
        draw, font = ImageDraw.Draw(picture), ImageFont.load_default(size=34)
        for row, line in enumerate(
            (f"Model: {model}", f"S/N: F1234567{number}", "DC 12V 1A", "Made in China")
        ):
            draw.text((40, 20 + row * 56), line, fill="black", font=font)
        picture.save(folder / f"{number}.jpg", quality=90)


def test_a_picture_is_told_by_the_name_its_user_gave_it(tmp_path: Path) -> None:
    """The files that a job keeps are called after their digests."""
    assert first_process.is_picture(Source("walk/IMG_1.JPG", tmp_path / "9f86d081", 1))
    assert not first_process.is_picture(Source("walk/list.csv", tmp_path / "a.jpg", 1))


def test_a_job_that_ends_goes_on_behind_the_last_picture_and_looks_at_none_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = tmp_path / "walk"
    walk.mkdir()
    drawn(walk)
    opened: list[str] = []

    def counted(source: Source, *given: Any, **named: Any) -> Any:
        opened.append(Path(source.display).name)
        return reading_process.open_apart(source, *given, **named)

    monkeypatch.setattr(reading_ahead, "open_apart", counted)
    job = ScanJob((str(walk),), DAY, known_as_of=DAY, processes=2)
    whole = b"".join(run_job(job).pieces())
    with Store.open(tmp_path / "cases.db") as store:
        kept = jobs.submit(store, job, by="R. Ito")
        files = Files.of(store)
        finished: list[int] = []

        def done() -> bytes:
            setting = Setting(
                store=store, originals=kept.originals, files=files, parts=parts_of(files, kept.id),
                tell=lambda _, further: finished.append(1) if further else None, cancelled=lambda: len(finished) == 2,
            )  # fmt: skip
            return b"".join(jobs.run_job(kept.spec(), setting=setting).pieces())

        with pytest.raises(JobCancelled):
            done()
        opened.clear()
        finished.clear()
        finished += [1] * 10
        assert done() == whole
    assert opened == ["2.jpg", "3.jpg", "4.jpg"]


def test_several_at_once_say_what_one_after_the_other_says(tmp_path: Path) -> None:
    drawn(tmp_path)
    seen: list[tuple[int, int, int]] = []
    alone = scan([tmp_path])
    together = scan([tmp_path], processes=3, progress=lambda *told: seen.append(told))
    assert together.to_json() == alone.to_json()
    assert {one.entity for one in together.findings} == {"hikvision", "dahua", "zte"}
    done = [told[0] for told in seen]
    assert done == sorted(done) and len(done) == len(MODELS)


def test_a_picture_that_ends_its_process_is_named_and_lost_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn(tmp_path)
    hostile = tmp_path / "2.jpg"
    hostile.write_bytes(hostile.read_bytes() + bytes(300_000))
    bound = reading_process.memory_bound
    monkeypatch.setattr(
        reading_process, "memory_bound", lambda size: 32 * 1024**2 if size > 300_000 else bound(size)
    )
    result = scan([tmp_path], processes=2)
    assert [
        (Path(one.path).name, [issue.code for issue in one.issues])
        for one in result.scan.inputs
        if one.issues
    ] == [("2.jpg", ["E148"])]
    assert [one.entity for one in result.findings] == ["hikvision", "zte", "hikvision"]
    assert not result.complete
