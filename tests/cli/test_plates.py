"""`proscribe plates`: copies of pictures without what cameras write into them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms, ImageDraw, PngImagePlugin

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


def test_copies_never_go_among_the_pictures(run: Run, tmp_path: Path) -> None:
    drawn().save(tmp_path / "a.jpg")
    answer = run("plates", "strip", tmp_path, "-o", tmp_path / "out")
    assert answer.code == 2 and "E191" in answer.err and not (tmp_path / "out").exists()


def test_a_picture_beyond_the_bound_has_no_copy(run: Run, tmp_path: Path) -> None:
    Image.new("1", (9000, 8000)).save(tmp_path / "large.png")
    answer = run("plates", "strip", tmp_path / "large.png", "-o", tmp_path / "out")
    assert answer.code == 3 and "E110" in answer.err and "9000 × 8000" in answer.err
