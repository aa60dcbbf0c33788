"""Inputs that try to use up the machine, lead elsewhere or never end: each is an issue of that input, the rest is read."""

from __future__ import annotations

import base64
import gzip
import io
import json
import os
import tarfile
import threading
import zipfile
from binascii import b2a_uu
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from proscribe.app.scan import api, reading_ahead, reading_process, run
from proscribe.app.scan.api import scan
from proscribe.app.scan.plan import plan
from proscribe.model import codec
from proscribe.model.errors import InputError
from proscribe.readers import Options, Source, expand, sha256_of, sources

GOOD = "Maker,Model\nHikvision,DS-2CD2143G2-I\n"


def codes(result: Any, name: str) -> set[str]:
    return {issue.code for item in result.scan.inputs if item.path.endswith(name) for issue in item.issues}


def shared_text_book(path: Path, text: str, cells: int) -> None:
    """Write a workbook whose cells all stand for one text."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    sheet_type = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, cells + 1))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{sheet_type}.sheet.main+xml"/></Types>',
        )
        book.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{office}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        book.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{office}/worksheet" '
            f'Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{office}/sharedStrings" '
            'Target="sharedStrings.xml"/></Relationships>',
        )
        book.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets>'
            "</workbook>",
        )
        book.writestr("xl/sharedStrings.xml", f'<sst xmlns="{main}"><si><t>{text}</t></si></sst>')
        book.writestr(
            "xl/worksheets/sheet1.xml", f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>'
        )


def test_a_small_workbook_that_repeats_one_long_text(tmp_path: Path) -> None:
    shared_text_book(tmp_path / "long.xlsx", "lorem ipsum " * 2_500, 8_000)
    (tmp_path / "good.csv").write_text(GOOD)
    result = scan([tmp_path / "good.csv", tmp_path / "long.xlsx"])
    assert "E110" in codes(result, "long.xlsx")
    assert not result.complete
    assert [one.entity for one in result.findings] == ["hikvision"]


def test_an_honest_workbook_that_repeats_a_text_is_read(tmp_path: Path) -> None:
    shared_text_book(tmp_path / "clause.xlsx", "Camera Hikvision DS-2CD2143G2-I at the gate " * 10, 500)
    result = scan(tmp_path / "clause.xlsx")
    assert result.complete
    assert len(result.findings) == 500


def test_memory_beyond_the_bound_ends_the_whole_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_process, "memory_bound", lambda size: 400 * 1024**2)
    (tmp_path / "good.csv").write_text(GOOD)
    inner = ",".join('{"maker": "Hikvision", "model": "DS-2CD2143G2-I"}' for _ in range(10))
    wide = ",".join(f'"c{number}": "x"' for number in range(16_000))
    (tmp_path / "wide.json").write_text(
        "[" + inner + "," + ",".join("{" + wide + "}" for _ in range(400)) + "]"
    )
    result = scan([tmp_path / "good.csv", tmp_path / "wide.json"])
    ended = codes(result, "wide.json") & {"E148"}
    assert ended == {"E148"}
    assert {result.scan.inputs[one.input].path.endswith("good.csv") for one in result.findings} == {True}, (
        "where a full memory stops differs from run to run, so nothing of that input counts"
    )
    assert not result.complete


def test_an_input_that_ends_a_process_of_several_ends_only_its_own_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_process, "memory_bound", lambda size: 400 * 1024**2)
    wide = ",".join(f'"c{number}": "x"' for number in range(16_000))
    hostile = "[" + ",".join("{" + wide + "}" for _ in range(400)) + "]"
    monkeypatch.setattr(reading_process, "_TOGETHER_BYTES", 2 * len(hostile))
    for name in ("a.csv", "b.csv", "d.csv", "e.csv"):
        (tmp_path / name).write_text(GOOD)
    (tmp_path / "c.json").write_text(hostile)
    done: list[tuple[int, int]] = []
    made = plan([tmp_path], progress=lambda count, of: done.append((count, of)))
    told = {
        Path(one.path).name: ([issue.code for issue in one.issues], [table.records for table in one.tables])
        for one in made.inputs
    }
    assert told.pop("c.json") == (["E148"], [])
    assert told == {name: ([], [1]) for name in ("a.csv", "b.csv", "d.csv", "e.csv")}
    assert done == [(count, 5) for count in range(1, 6)]


def test_time_beyond_the_bound_ends_the_whole_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_process, "cpu_bound", lambda size: 1)
    record = '{"maker": "Hikvision", "model": "DS-2CD2143G2-I", "place": {"site": "A", "rooms": [1, 2, 3]}}'
    (tmp_path / "slow.json").write_text("[" + ",\n".join([record] * 300_000) + "]")
    result = scan(tmp_path / "slow.json")
    assert "E148" in codes(result, "slow.json")
    assert not result.findings


def test_a_reader_that_fails_is_an_issue_and_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "good.csv").write_text(GOOD)
    source = expand([tmp_path / "good.csv"]).sources[0]
    with pytest.raises(InputError) as caught:
        reading_process.open_apart(source, Options(batch_bytes="many"))  # type: ignore[arg-type]
    assert caught.value.code == "E149"


def _tar(content: bytes) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        member = tarfile.TarInfo("list.csv")
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return made.getvalue()


def test_a_list_in_a_container_that_no_reader_reads_leaves_the_scan_incomplete(tmp_path: Path) -> None:
    inner = GOOD.encode() * 20
    hidden = {
        "list.tar": _tar(inner),
        "list.tar.gz": gzip.compress(_tar(inner)),
        "list.mdb": b"\0\1\0\0Standard Jet DB\0" + b"\0" * 64 + inner,
        "list.pst": b"!BDN1234SM\x17\0" + b"\0" * 64 + inner,
        "list.txt": base64.encodebytes(inner),
        "list.asc": b"-----BEGIN PGP MESSAGE-----\n\n"
        + base64.encodebytes(inner)
        + b"-----END PGP MESSAGE-----\n",
        "list.uue": b"begin 644 list.csv\n" + b2a_uu(inner[:45]) + b"`\nend\n",
    }
    for name, content in hidden.items():
        (tmp_path / name).write_bytes(content)
        result = scan(tmp_path / name)
        assert codes(result, name) == {"E107"} and not result.complete and not list(result.findings), name


def test_a_mail_of_many_files_takes_time_that_grows_with_their_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []
    real = codec.read

    def counted(kind: Any, value: Any, *more: Any, **named: Any) -> Any:
        told.append(len(value) if isinstance(value, list) else 0)
        return real(kind, value, *more, **named)

    monkeypatch.setattr(reading_process, "read", counted)
    part = (
        "--b\r\nContent-Type: text/csv\r\nContent-Disposition: attachment; filename=a.csv\r\n\r\n"
        + GOOD.replace("\n", "\r\n")
    )
    head = "From: a@b.example\r\nTo: c@d.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    (tmp_path / "many.eml").write_text(head + part * 60 + "--b--\r\n", newline="")
    result = scan(tmp_path / "many.eml")
    assert len(list(result.findings)) == 60
    assert sum(told) < 60 * 10


def test_a_link_out_of_a_delivered_folder_is_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "payroll.csv"
    secret.write_text(GOOD)
    delivered = tmp_path / "delivered"
    (delivered / "inside").mkdir(parents=True)
    (delivered / "list.csv").write_text(GOOD)
    (delivered / "link.csv").symlink_to(secret)
    (delivered / "up").symlink_to(tmp_path)
    (delivered / "inside" / "same.csv").symlink_to(delivered / "list.csv")
    found = expand([delivered])
    assert sorted(source.display.rsplit("/", 1)[-1] for source in found.sources) == ["list.csv", "same.csv"]
    assert {(issue.code, issue.lossy) for issue in found.issues} == {("E104", True)}
    assert sorted(issue.at.rsplit("/", 1)[-1] for issue in found.issues) == ["link.csv", "up"]


def test_a_link_that_the_user_names_is_followed(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(GOOD)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "named.csv").symlink_to(tmp_path / "list.csv")
    assert len(expand([tmp_path / "folder" / "named.csv"]).sources) == 1


def test_a_device_is_not_read() -> None:
    found = expand(["/dev/zero"])
    assert not found.sources
    assert [issue.code for issue in found.issues] == ["E106"]


@pytest.mark.parametrize("name", ["/proc/kmsg", "/proc/self/pagemap", "/proc/self/maps"])
def test_a_file_of_the_system_that_states_no_bytes_is_not_read(name: str) -> None:
    """Some never give a first byte, and some never end."""
    if not os.access(name, os.R_OK):
        pytest.skip(f"no {name} here")
    found = expand([name])
    assert not found.sources
    assert [(one.code, one.lossy) for one in found.issues] == [("E106", True)]


def test_an_empty_file_is_still_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").touch()
    assert codes(scan(tmp_path / "empty.csv"), "empty.csv") == {"E103"}


def test_a_pipe_on_which_nothing_comes_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "SILENT_SECONDS", 1)
    os.mkfifo(tmp_path / "pipe")
    found = expand([tmp_path / "pipe"])
    assert [issue.code for issue in found.issues] == ["E106"]


def test_a_pipe_that_somebody_fills_is_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    def fill() -> None:
        (tmp_path / "pipe").write_text(GOOD)

    writer = threading.Thread(target=fill)
    writer.start()
    result = scan(tmp_path / "pipe")
    writer.join()
    assert result.complete
    assert [one.entity for one in result.findings] == ["hikvision"]


def test_a_pipe_that_never_ends_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "Limits", lambda: type("L", (), {"max_expanded_bytes": 2_000_000})())
    os.mkfifo(tmp_path / "pipe")

    def fill() -> None:
        with suppress(BrokenPipeError), (tmp_path / "pipe").open("w") as file:
            while True:
                file.write(GOOD)

    threading.Thread(target=fill, daemon=True).start()
    found = expand([tmp_path / "pipe"])
    assert [issue.code for issue in found.issues] == ["E110"]
    assert found.sources[0].size_bytes == 2_000_000


def test_answers_of_a_reading_that_was_taken_over_are_checked(tmp_path: Path) -> None:
    (tmp_path / "good.csv").write_text(GOOD)
    source = expand([tmp_path / "good.csv"]).sources[0]
    for forged in (b"not json", json.dumps({"is": "batch", "tables": [{"sheet": 7}]}).encode()):
        reading = reading_process.open_apart(source, Options())
        reading._channel.recv_bytes = lambda _most=None, forged=forged: forged  # type: ignore[method-assign,misc]
        with pytest.raises(Exception) as caught:
            list(reading.batches())
        assert getattr(caught.value, "code", "") == "E149"


@pytest.mark.parametrize("encoding", ["foo", "utf-7", "zip", "idna"])
def test_an_encoding_that_nothing_knows_is_an_issue_of_the_part(tmp_path: Path, encoding: str) -> None:
    """What expat raises for one is none of its own errors."""
    shared_text_book(tmp_path / "book.xlsx", "Hikvision DS-2CD2143G2-I", 1)
    with zipfile.ZipFile(tmp_path / "book.xlsx", "a") as book:
        book.writestr("xl/comments1.xml", f'<?xml version="1.0" encoding="{encoding}"?><comments/>')
    with zipfile.ZipFile(tmp_path / "text.docx", "w") as document:
        document.writestr("[Content_Types].xml", "<Types/>")
        document.writestr("word/document.xml", f'<?xml version="1.0" encoding="{encoding}"?><a/>')
    result = scan([tmp_path / "book.xlsx", tmp_path / "text.docx"])
    assert [one.entity for one in result.findings] == ["hikvision"]
    assert "E135" in codes(result, "book.xlsx") and "E109" in codes(result, "text.docx")
    assert "E149" not in codes(result, "book.xlsx") | codes(result, "text.docx")


@pytest.mark.parametrize("name", [
    "proscribe.facts.yml", "proscribe.company.yml", "proscribe.inquiry.yml", "proscribe-cases.db", "proscribe-cases.db-wal",
])  # fmt: skip
@pytest.mark.parametrize("text", [
    "Tag,Manufacturer,Model\nA-1,Hikvision,DS-2CD2143G2-I\n", "- {maker: Hikvision, model: DS-2CD2143G2-I}\n",
    "title: assets\ncameras:\n  - {maker: Hikvision, model: DS-2CD2143G2-I}\n",
])  # fmt: skip
def test_a_list_under_the_name_of_a_file_of_ours_is_read(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / "list.csv").write_text("Tag,Manufacturer,Model\nA-2,Axis,P3245-LV\n")
    (tmp_path / name).write_text(text)
    found = scan(tmp_path, as_of="2026-11-25")
    assert any(one.entity == "hikvision" for one in found.findings) or not found.complete


def test_files_of_ours_are_still_left_out(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("Tag,Manufacturer,Model\nA-2,Axis,P3245-LV\n")
    (tmp_path / "proscribe.facts.yml").write_text("# all that we know\nfacts:\n  party.jurisdiction: US\n")
    (tmp_path / "proscribe.inquiry.yml").write_text("inquiry:\n  searched: []\n")
    (tmp_path / "proscribe.company.yml").write_text("people: []\n# answers:\n")
    found = scan(tmp_path, as_of="2026-11-25")
    assert found.complete
    assert [one.path for one in found.scan.inputs if one.records] == [str(tmp_path / "list.csv")]


@pytest.mark.parametrize("way", ["grows", "replaced", "written over in the same length"])
def test_a_file_that_changes_while_it_is_read_leaves_the_scan_incomplete(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Tag,Manufacturer,Model\nA-2,Axis,P3245-LV\n")
    assert scan(path, as_of="2026-11-25").complete

    def read_meanwhile(place: Path) -> str:
        """Digest the input after somebody got at it, once its rows were read."""
        if way == "grows":
            with path.open("a") as file:
                file.write("A-3,Hikvision,DS-2CD2143G2-I\n")
        elif way == "replaced":
            (tmp_path / "other.csv").write_text("Tag,Manufacturer,Model\nA-3,Hikvision,DS-2CD2143G2-I\n")
            (tmp_path / "other.csv").replace(path)
        else:
            path.write_text("Tag,Manufacturer,Model\nA-2,ZTE*,MF833V-LV\n")
            os.utime(path, ns=(0, 0))
        return sha256_of(place)

    monkeypatch.setattr(api, "sha256_of", read_meanwhile)
    result = scan(path, as_of="2026-11-25")
    assert not result.complete and "E109" in {one.code for one in result.scan.inputs[0].issues}


def test_records_crowded_with_near_matches_end_the_whole_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "MOST_CROWDED", 60_000)
    row = "Hikvison Hik Vision,DS-2CD21{0}43G2-,Dahau Daua ZTEE Hyterra Huawai hua wei DS2CD IPC DH-XVR-{0}\n"
    (tmp_path / "near.csv").write_text(
        "Maker,Model,Description\n" + "".join(row.format(number) for number in range(30))
    )
    (tmp_path / "good.csv").write_text(GOOD)
    result = scan([tmp_path / "good.csv", tmp_path / "near.csv"])
    assert "E148" in codes(result, "near.csv")
    assert [one.entity for one in result.findings] == ["hikvision"]
    assert not result.complete


@pytest.mark.parametrize(("break_", "ended"), [(" ", True), (". ", False)])
def test_a_sign_in_a_statement_longer_than_anybody_writes_ends_the_whole_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, break_: str, ended: bool
) -> None:
    """Each sign is read with its whole statement; a long text of sentences is no such thing."""
    monkeypatch.setattr(run, "MOST_CROWDED", 60_000)
    text = f"a line of words{break_}" * 8_000
    (tmp_path / "long.csv").write_text(f"Product,Notes\nA1,{text}Hikvision camera in the hall\n")
    result = scan(tmp_path / "long.csv")
    assert ("E148" in codes(result, "long.csv")) is ended
    assert bool(result.findings) is not ended


def test_one_line_again_and_again_is_judged_once_and_not_crowded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "MOST_CROWDED", 60_000)
    row = "Hikvison Hik Vision,DS-2CD2143G2-,Dahau Daua ZTEE Hyterra Huawai hua wei DS2CD IPC DH-XVR\n"
    (tmp_path / "same.csv").write_text("Maker,Model,Description\n" + row * 60)
    for processes in (1, 2):
        result = scan(tmp_path / "same.csv", processes=processes)
        assert "E148" not in codes(result, "same.csv") and len(result.findings) >= 60


def test_one_cell_of_thousands_of_near_names_ends_the_whole_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "MOST_CROWDED", 60_000)
    names = " ".join(f"Hikvison-{number} Da hua/{number} Huawie.{number}" for number in range(70))
    (tmp_path / "near.csv").write_text(f"Product,Notes\nA1,{names}\nA2,{names}0\n")
    (tmp_path / "good.csv").write_text(GOOD)
    result = scan([tmp_path / "good.csv", tmp_path / "near.csv"])
    assert "E148" in codes(result, "near.csv") and not result.complete
    assert [one.entity for one in result.findings] == ["hikvision"]


def test_a_clause_that_names_all_firms_is_not_crowded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "MOST_CROWDED", 60_000)
    clause = (
        "Telecommunications equipment produced by Huawei Technologies Company or ZTE Corporation (or any subsidiary or "
        "affiliate of such entities) and video surveillance equipment produced by Hytera Communications Corporation, Hangzhou "
        "Hikvision Digital Technology Company, or Dahua Technology Company is not delivered under order {}."
    )
    (tmp_path / "orders.csv").write_text(
        "Product,Notes\n" + "".join(f'{number},"{clause.format(number)}"\n' for number in range(40))
    )
    result = scan(tmp_path / "orders.csv")
    assert "E148" not in codes(result, "orders.csv") and result.scan.inputs[0].records == 40


def test_ten_thousand_empty_files_take_no_process_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "good.csv").write_text(GOOD)
    for number in range(30):
        (tmp_path / f"empty{number}.csv").touch()
    started: list[str] = []
    opened = reading_process.open_apart

    def counting(source: Source, options: Options, **more: Any) -> reading_process.ApartReading:
        started.append(source.display)
        return opened(source, options, **more)

    monkeypatch.setattr(reading_ahead, "open_apart", counting)
    result = scan(tmp_path)
    assert [Path(one).name for one in started] == ["good.csv"]
    assert codes(result, "empty7.csv") == {"E103"}
    assert not result.complete
