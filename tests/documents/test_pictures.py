"""The piece of a picture in the annex of a document: from the picture that was scanned, in every file the same, and only if it is one."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pypdf
import pytest
from click.testing import CliRunner
from PIL import Image, ImageDraw, ImageFont

from proscribe.app.papers.document_pictures import pictures_of
from proscribe.app.papers.renderings import Match, compare
from proscribe.cli.main import cli
from proscribe.documents import paper_from_json, render
from proscribe.model.errors import ProscribeError

PLATE = ("HIKVISION", "Model: DS-2CD2143G2-IS", "S/N: F12345678", "DC12V 7W PoE", "MADE IN CHINA")


def run(*words: str | Path) -> str:
    result = CliRunner().invoke(cli, [str(one) for one in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    return result.output


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the photograph of a plate, its scan, and who makes documents."""
    made: Path = tmp_path_factory.mktemp("walk")
    wall = Image.new("RGB", (600, 400), (120, 120, 120))
    draw, font = ImageDraw.Draw(wall), ImageFont.load_default(size=18)
    draw.rectangle((200, 150, 550, 350), fill="white")
    for row, line in enumerate(PLATE):
        draw.text((220, 170 + row * 31), line, fill="black", font=font)
    exif = Image.Exif()
    exif[0x010F] = "SecretMaker"
    wall.save(made / "plate.jpg", exif=exif)
    run("scan", made / "plate.jpg", "--fail-on", "none", "--quiet", "-o", f"json={made / 'scan.json'}")
    (made / "own.yml").write_text("organisation: {name: Ridge Components}\n", "utf-8")
    return made


def document(folder: Path, name: str, *more: str | Path) -> tuple[dict[str, Any], str]:
    """Make a representation; give its data and what was said."""
    told = run(
        "represent", "annual", "--scan", folder / "scan.json", "--with", folder / "own.yml", "--by", "B. Lind",
        "--at", "2026-11-29T09:00:00Z", "--as-of", "2026-11-25", "-o", f"json={folder / name}", *more,
    )  # fmt: skip
    return (json.loads((folder / name).read_text("utf-8")) if (folder / name).exists() else {}), told


@pytest.fixture(scope="module")
def data(folder: Path) -> dict[str, Any]:
    return document(folder, "a.json")[0]


def pictures(content: bytes) -> list[bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [archive.read(one) for one in archive.namelist() if one.startswith("word/media/")]


def test_the_annex_shows_the_plate_and_what_was_read_of_it(folder: Path, data: dict[str, Any]) -> None:
    (shown,) = data["pictures"]
    piece = base64.b64decode(shown["piece"])
    image = Image.open(io.BytesIO(piece))
    assert image.size == (shown["width"], shown["height"]) and image.width < 350, "the plate, not the wall"
    assert not image.getexif() and b"Secret" not in piece
    assert shown["sha256"] == hashlib.sha256((folder / "plate.jpg").read_bytes()).hexdigest()
    assert "model as read: DS-2CD2143G2-IS" in shown["read"]
    paper = paper_from_json(data)
    assert pictures(render(paper, "docx")) == [piece]
    reader = pypdf.PdfReader(io.BytesIO(render(paper, "pdf")))
    (drawn,) = [one for page in reader.pages for one in page.images]
    assert drawn.image is not None and drawn.image.size == image.size
    text = render(paper, "md").decode()
    assert shown["sha256"] in text and "DS-2CD2143G2-IS" in text


def test_files_of_it_are_the_same_again_and_an_exchanged_picture_is_seen(data: dict[str, Any]) -> None:
    paper = paper_from_json(data)
    files = {f"{paper.id}.{one}": render(paper, one) for one in ("pdf", "docx", "md")}
    assert {one.match for one in compare(paper, files)} == {Match.SAME}
    other = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(other, "JPEG")
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(files[f"{paper.id}.docx"])) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            new.writestr(name, other.getvalue() if name.startswith("word/media/") else old.read(name))
    (said,) = compare(paper, {f"{paper.id}.docx": changed.getvalue()})
    assert said.match is not Match.SAME


def test_without_pictures_where_somebody_wants_none(folder: Path) -> None:
    assert "pictures" not in document(folder, "none.json", "--no-pictures")[0]


def test_no_file_states_what_a_picture_shows(folder: Path) -> None:
    (folder / "forged.yml").write_text("pictures: []\n", "utf-8")
    data, told = document(folder, "forged.json", "--with", folder / "forged.yml")
    assert not data and "E465" in told and "forged.yml" in told


def test_a_picture_that_was_changed_since_is_not_shown_and_that_is_said(folder: Path) -> None:
    scan = [{"value": json.loads((folder / "scan.json").read_text("utf-8")), "sha256": ""}]
    (kept,) = pictures_of(scan, (), (), lambda _: folder / "plate.jpg")["pictures"]
    assert kept["piece"], "the file that the store keeps by its digest is cut"
    (changed,) = pictures_of(scan, (), (), lambda _: folder / "own.yml")["pictures"]
    assert not changed["piece"] and "no longer the one" in changed["why_not"]
    scan[0]["value"]["inputs"][0]["path"] = "gone.jpg"
    (gone,) = pictures_of(scan, (), (), lambda _: None)["pictures"]
    assert not gone["piece"] and "not at hand" in gone["why_not"]


def frame(width: int, height: int) -> bytes:
    """Give a JPEG that tells a size, and holds nothing of it."""
    size = height.to_bytes(2) + width.to_bytes(2)
    head = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    return head + b"\xff\xc0\x00\x0b\x08" + size + b"\x01\x01\x11\x00\xff\xda\x00\x02\xff\xd9"


def stated(data: Mapping[str, Any], piece: bytes, size: tuple[int, int]) -> Mapping[str, Any]:
    row = {
        **data["pictures"][0], "piece": base64.b64encode(piece).decode(), "width": size[0], "height": size[1],
        "piece_sha256": hashlib.sha256(piece).hexdigest(),
    }  # fmt: skip
    return {**data, "pictures": [row]}


@pytest.mark.parametrize(
    ("piece", "size"),
    [
        (b"<svg onload='x'/>", (40, 40)),
        (b"\xff\xd8\xff\xd9", (40, 40)),
        (frame(60_000, 60_000), (60_000, 60_000)),
        (frame(60_000, 60_000), (40, 40)),
        (frame(40, 40)[:-4], (40, 40)),
    ],
    ids=["no picture", "no frame", "too large", "larger than told", "cut off"],
)
def test_what_is_no_picture_of_the_size_told_is_not_drawn(
    data: dict[str, Any], piece: bytes, size: tuple[int, int]
) -> None:
    paper = paper_from_json(stated(data, piece, size))
    assert not pictures(render(paper, "docx"))
    assert "holds no picture of this digest and size" in render(paper, "md").decode()
    assert render(paper, "pdf").startswith(b"%PDF")


def test_a_picture_whose_content_is_broken_is_told_and_raises_no_other_error(data: dict[str, Any]) -> None:
    paper = paper_from_json(stated(data, frame(40, 40), (40, 40)))
    for name in ("pdf", "docx"):
        try:
            assert render(paper, name)
        except ProscribeError as problem:
            assert problem.code == "E460"
