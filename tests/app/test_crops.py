"""The piece of a picture beside what was read in it: in the pages of scans and of devices."""

from __future__ import annotations

import base64
import io
import re
import shutil
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import docx
import pytest
import xlsxwriter
from PIL import Image, ImageDraw, ImageFont, ImageOps

from proscribe import devices, scan, write_devices, write_scan
from proscribe.app.scan import crops

PLATE = ("HIKVISION", "Model: DS-2CD2143G2-IS", "S/N: F12345678", "DC12V 7W PoE", "MADE IN CHINA")


def plate(path: Path, *, mirrored: bool = False, **told: Any) -> Path:
    """Draw a type plate in the lower right of a wall."""
    wall = Image.new("RGB", (600, 450), (120, 120, 120))
    draw, font = ImageDraw.Draw(wall), ImageFont.load_default(size=17)
    draw.rectangle((240, 210, 576, 420), fill="white")
    for row, line in enumerate(PLATE):
        draw.text((264, 234 + row * 34), line, fill="black", font=font)
    (ImageOps.mirror(wall) if mirrored else wall).save(path, **told)
    return path


def shown(page: str) -> list[tuple[Image.Image, str]]:
    """Give the pictures of a page with their texts."""
    found = re.findall(r'<img src="data:image/jpeg;base64,([^"]+)"[^>]* alt="([^"]+)"', page)
    return [(Image.open(io.BytesIO(base64.b64decode(data))), alt) for data, alt in found]


def written(tmp_path: Path, *inputs: Path) -> str:
    write_scan(scan(inputs), "html", tmp_path / "page.html")
    return (tmp_path / "page.html").read_text()


def test_a_finding_shows_the_piece_it_was_read_in(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010F] = "SecretMaker"
    page = written(tmp_path, plate(tmp_path / "a.jpg", exif=exif, comment=b"SecretWords"))
    ((picture, alt),) = shown(page)
    assert picture.width < 420 and picture.height < 240, "only the plate, not the wall"
    assert "model DS-2CD2143G2-IS" in alt
    assert not picture.getexif() and b"Secret" not in picture.tobytes()
    assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert "Certainty of the recognition" in page and "xywh=" in page


def test_devices_show_it_too_and_how_sure_the_recognition_was(tmp_path: Path) -> None:
    plate(tmp_path / "a.jpg")
    (tmp_path / "list.csv").write_text("Tag,Make,Model,Serial number\nT-1,Axis,P3245-LV,F12345678\n")
    write_devices(devices([tmp_path / "a.jpg", tmp_path / "list.csv"]), "html", tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text()
    assert len(shown(page)) == 1 and "Certainty of the recognition" in page


def test_a_piece_of_a_mirrored_picture_can_be_read(tmp_path: Path) -> None:
    plain, mirrored = plate(tmp_path / "a.png"), plate(tmp_path / "b.png", mirrored=True)
    (one, _), (other, _) = shown(written(tmp_path, plain, mirrored))
    size = (64, 48)
    pairs = zip(
        one.convert("L").resize(size).tobytes(), other.convert("L").resize(size).tobytes(), strict=True
    )
    assert sum(abs(a - b) for a, b in pairs) / (64 * 48) < 25


def as_document(picture: Path, path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Walk of 9 October")
    document.add_picture(str(picture))
    document.save(str(path))


def as_workbook(picture: Path, path: Path) -> None:
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("Walk")
        sheet.write_row(0, 0, ["Site", "Maker", "Model"])
        sheet.write_row(1, 0, ["Lobby", "Axis", "P3245-LV"])
        sheet.insert_image("E2", str(picture))


def as_mail(picture: Path, path: Path) -> None:
    mail, letter = EmailMessage(), picture.with_suffix(".docx")
    mail["From"], mail["To"], mail["Subject"] = "a@x.example", "b@x.example", "Plate"
    mail.set_content("See the plate.")
    as_document(picture, letter)
    mail.add_attachment(
        letter.read_bytes(), maintype="application", subtype="octet-stream", filename="walk.docx"
    )
    path.write_bytes(bytes(mail))


def as_scan(picture: Path, path: Path) -> None:
    with Image.open(picture) as one:
        one.convert("RGB").save(path, "PDF", resolution=150)


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Image.Image]:
    """A picture of a plate, and the piece that is shown of it."""
    folder = tmp_path_factory.mktemp("alone")
    path = plate(folder / "p.png")
    return path, shown(written(folder, path))[0][0]


@pytest.mark.parametrize(
    ("name", "make"),
    [("a.docx", as_document), ("a.xlsx", as_workbook), ("a.eml", as_mail), ("a.pdf", as_scan)],
)
def test_a_picture_inside_a_file_and_a_scanned_page_are_shown(
    tmp_path: Path, alone: tuple[Path, Image.Image], name: str, make: Any
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    path, other = alone
    make(Path(shutil.copy(path, tmp_path)), folder / name)
    page = written(tmp_path, folder / name)
    ((picture, alt),) = shown(page)
    assert picture.width / picture.height < 2.2 and "model DS-2CD2143G2-IS" in alt
    size = (64, 48)
    pairs = zip(
        picture.convert("L").resize(size).tobytes(), other.convert("L").resize(size).tobytes(), strict=True
    )
    assert sum(abs(a - b) for a, b in pairs) / (64 * 48) < 25, "the same piece as of the picture alone"


def test_a_picture_that_is_no_longer_what_was_read_is_not_shown(tmp_path: Path) -> None:
    path = plate(tmp_path / "a.jpg")
    made = scan([path])
    Image.new("RGB", (1600, 1200), "white").save(path)
    write_scan(made, "html", tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text()
    assert not shown(page) and "no longer the one that was read" in page
    path.unlink()
    write_scan(made, "html", tmp_path / "page.html")
    assert "can no longer be opened" in (tmp_path / "page.html").read_text()


def test_pieces_are_bounded_and_what_is_left_out_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crops, "MOST", 1)
    page = written(tmp_path, plate(tmp_path / "a.jpg"), plate(tmp_path / "b.jpg"))
    assert len(shown(page)) == 1 and "1 piece of pictures is not shown here" in page
    monkeypatch.setattr(crops, "MOST_BYTES", 10)
    assert not shown(written(tmp_path, tmp_path / "a.jpg"))


def test_the_same_pictures_give_the_same_page(tmp_path: Path) -> None:
    path = plate(tmp_path / "a.jpg")
    assert written(tmp_path, path) == written(tmp_path, path)
