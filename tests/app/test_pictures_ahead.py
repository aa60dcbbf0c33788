"""Many pictures in one scan: read by several processes at once, with the answers of one, and each lost alone."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("rapidocr")

from PIL import Image, ImageDraw, ImageFont

from proscribe import scan
from proscribe.app import reading_process

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
