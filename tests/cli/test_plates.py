"""`proscribe plates`: copies of pictures without what cameras write into them, and where they were taken."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms, ImageDraw, PngImagePlugin, TiffImagePlugin

from .conftest import Run

SECRETS = (b"SecretCamera", b"SecretOwner", b"SecretPlace", b"SecretTail", b"SecretThumb")


def exif() -> Image.Exif:
    """What a telephone writes: camera, owner, place, and that the picture lies on its side."""
    made = Image.Exif()
    made[0x010F], made[0x013B], made[0x0112] = "SecretCamera", "SecretOwner", 6
    made.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    made.get_ifd(0x8825)[0x1C] = b"SecretPlace"
    return made


def drawn() -> Image.Image:
    """A picture of which every corner has another colour."""
    picture = Image.new("RGB", (64, 32), "white")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, 20, 10), fill="red")
    draw.rectangle((43, 21, 63, 31), fill="blue")
    return picture


@pytest.mark.parametrize("kind", ["jpg", "png", "webp", "tiff"])
def test_a_copy_holds_the_pixels_upright_and_nothing_else(run: Run, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "in" / "walk" / f"IMG_1.{kind}"
    path.parent.mkdir(parents=True)
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "SecretOwner")
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    words: dict[str, dict[str, Any]] = {
        "png": {"pnginfo": info},
        "jpg": {"comment": b"SecretOwner", "quality": 95},
    }
    told = words.get(kind, {})
    drawn().save(path, exif=exif(), icc_profile=profile, **told)
    if kind != "tiff":
        path.write_bytes(path.read_bytes() + b"SecretTail")
    before = path.read_bytes()
    assert any(secret in before for secret in SECRETS)
    answer = run("plates", "strip", tmp_path / "in", "-o", tmp_path / "out")
    assert answer.code == 0 and "1 copy" in answer.out
    copy = tmp_path / "out" / "walk" / f"IMG_1.{kind}"
    data = copy.read_bytes()
    assert path.read_bytes() == before
    assert not any(secret in data for secret in SECRETS)
    with Image.open(copy) as made:
        assert (
            made.size == (32, 64)
            and not dict(made.getexif().get_ifd(0x8825))
            and not made.info.get("icc_profile")
        )
        assert 0x010F not in made.getexif() and made.getexif().get(0x0112, 1) == 1
        red, blue = made.convert("RGB").getpixel((28, 4)), made.convert("RGB").getpixel((3, 60))
    assert (
        isinstance(red, tuple)
        and red[0] > 200 > red[2]
        and isinstance(blue, tuple)
        and blue[2] > 200 > blue[0]
    )


def test_pages_and_what_is_let_through_stay(run: Run, tmp_path: Path) -> None:
    drawn().save(tmp_path / "a.tiff", save_all=True, append_images=[drawn().rotate(90, expand=True)])
    see_through = Image.new("RGBA", (8, 8), (255, 0, 0, 0)).quantize()
    see_through.save(tmp_path / "b.png")
    assert run("plates", "strip", tmp_path / "a.tiff", tmp_path / "b.png", "-o", tmp_path / "out").code == 0
    with Image.open(tmp_path / "out" / "a.tiff") as pages:
        assert getattr(pages, "n_frames", 1) == 2
    with Image.open(tmp_path / "out" / "b.png") as copy:
        assert copy.convert("RGBA").getpixel((3, 3))[3] == 0  # type: ignore[index]


def test_nothing_is_written_over_and_what_has_no_copy_is_said(run: Run, tmp_path: Path) -> None:
    pictures = tmp_path / "in"
    pictures.mkdir()
    drawn().save(pictures / "a.jpg")
    (pictures / "b.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(40))
    (pictures / "list.csv").write_text("a,b\n1,2\n")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.jpg").write_bytes(b"mine")
    answer = run("plates", "strip", pictures, tmp_path / "none.jpg", "-o", tmp_path / "out")
    assert answer.code == 3 and "1 file is no picture" in answer.out
    assert (tmp_path / "out" / "a.jpg").read_bytes() == b"mine"
    for code in ("E486", "E109", "E101"):
        assert code in answer.err, answer.err
    assert sorted(one.name for one in (tmp_path / "out").iterdir()) == ["a.jpg"]


def test_pictures_of_one_name_all_have_a_copy(run: Run, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        drawn().save(tmp_path / folder / "a.jpg")
    answer = run("plates", "strip", tmp_path / "one", tmp_path / "two", "-o", tmp_path / "out")
    assert answer.code == 0, answer.err
    assert sorted(one.name for one in (tmp_path / "out").iterdir()) == ["a-2.jpg", "a.jpg"]


def test_copies_never_go_among_the_pictures(run: Run, tmp_path: Path) -> None:
    drawn().save(tmp_path / "a.jpg")
    answer = run("plates", "strip", tmp_path, "-o", tmp_path / "out")
    assert answer.code == 2 and "E191" in answer.err and not (tmp_path / "out").exists()


def test_a_picture_beyond_the_bound_has_no_copy(run: Run, tmp_path: Path) -> None:
    Image.new("1", (9000, 8000)).save(tmp_path / "large.png")
    answer = run("plates", "strip", tmp_path / "large.png", "-o", tmp_path / "out")
    assert answer.code == 3 and "E110" in answer.err and "9000 × 8000" in answer.err


def placed(folder: Path, name: str, north: tuple[str, object], east: tuple[str, object]) -> None:
    """Save a picture with a place and an instant."""
    made = Image.Exif()
    made[0x0132] = "2026:11:20 08:15:00"
    made.get_ifd(0x8825).update({1: north[0], 2: north[1], 3: east[0], 4: east[1]})
    drawn().save(folder / name, exif=made)


def test_places_are_told_to_who_asks(run: Run, tmp_path: Path) -> None:
    placed(tmp_path, "a.jpg", ("N", (52.0, 31.0, 12.0)), ("W", (13.0, 24.0, 36.0)))
    placed(tmp_path, "=b.jpg", ("S", (0.0, 30.0, 0.0)), ("E", (181.0, 0.0, 0.0)))
    drawn().save(tmp_path / "c.png")
    (tmp_path / "list.csv").write_text("a,b\n1,2\n")
    answer = run("plates", "location", tmp_path, "-o", "table", "-o", f"csv={tmp_path / 'places.csv'}")
    assert answer.code == 0, answer.err
    rows_shown = [re.split(r" {2,}", line) for line in answer.out.splitlines()]
    told = {Path(name).name: cells for name, *cells in rows_shown}
    assert told["a.jpg"] == ["2026-11-20T08:15:00", "52.520000, -13.410000"]
    assert told["=b.jpg"][-1] == "no place"
    assert told["c.png"] == ["no time", "no place"]
    rows = (tmp_path / "places.csv").read_text().splitlines()
    assert len(rows) == 4 and rows[0] == "picture,sha256,taken at,latitude,longitude"
    assert any(row.endswith(",2026-11-20T08:15:00,52.520000,-13.410000") for row in rows)


@pytest.mark.parametrize(
    "angle",
    [(52.0, 31.0), (TiffImagePlugin.IFDRational(1, 0), 0.0, 0.0), (91.0, 0.0, 0.0)],
    ids=["short", "nothing", "beyond"],
)
def test_a_place_that_makes_no_sense_is_none(run: Run, tmp_path: Path, angle: object) -> None:
    placed(tmp_path, "a.jpg", ("N", angle), ("E", (13.0, 0.0, 0.0)))
    answer = run("plates", "location", tmp_path)
    assert answer.code == 0 and "no place" in answer.out


def test_what_is_no_picture_inside_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "b.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(40))
    answer = run("plates", "location", tmp_path)
    assert answer.code == 3 and "E109" in answer.err


def test_a_scan_keeps_no_place(run: Run, tmp_path: Path) -> None:
    placed(tmp_path, "a.jpg", ("N", (52.0, 31.0, 12.0)), ("W", (13.0, 24.0, 36.0)))
    run(
        "scan",
        tmp_path / "a.jpg",
        "-o",
        f"json={tmp_path / 'scan.json'}",
        "-o",
        f"html={tmp_path / 'scan.html'}",
    )
    for name in ("scan.json", "scan.html"):
        text = (tmp_path / name).read_text("utf-8")
        assert "a.jpg" in text
        assert "52.5" not in text and "13.41" not in text
