"""Messages that Outlook saved: header, words in each form, what hangs on them, damage. Written here after MS-CFB and MS-OXMSG."""

from __future__ import annotations

import struct
from typing import Any

import pytest

from proscribe.readers import Limits

CSV = b"Asset,Manufacturer,Model\nA-9,Hikvision,DS-2CD2143G2-I\n"
TEXT = "We have one Dahua IPC-HFW2431S in the lobby.\r\nGruß"
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
Tree = dict[str, Any]


def container(tree: Tree) -> bytes:
    """Write a compound file: folders are mappings, streams are bytes; every stream in sectors of its own."""
    names: list[tuple[str, int, bytes | None]] = [("Root Entry", 5, None)]
    links: list[list[int]] = [[_FREE, _FREE, _FREE]]

    def place(folder: Tree, parent: int) -> None:
        before = -1
        for name in sorted(folder, key=lambda one: (len(one), one.upper())):
            value = folder[name]
            names.append(
                (name, 1 if isinstance(value, dict) else 2, None if isinstance(value, dict) else value)
            )
            links.append([_FREE, _FREE, _FREE])
            here = len(names) - 1
            if before < 0:
                links[parent][2] = here
            else:
                links[before][1] = here
            before = here
            if isinstance(value, dict):
                place(value, here)

    place(tree, 0)
    chains: list[int] = []
    sectors: list[bytes] = []

    def put(data: bytes) -> int:
        if not data:
            return _END
        first = len(sectors)
        pieces = [data[at : at + 512].ljust(512, b"\0") for at in range(0, len(data), 512)]
        sectors.extend(pieces)
        chains.extend([*range(first + 1, first + len(pieces)), _END])
        return first

    small = b""
    mini: list[int] = []
    starts: list[int] = []
    for _, _, data in names:
        if data is not None and len(data) < 4096:
            count = -(-len(data) // 64)
            first = len(mini) if count else _END
            mini += [*range(len(mini) + 1, len(mini) + count), _END] if count else []
            small += data.ljust(count * 64, b"\0")
            starts.append(first)
        else:
            starts.append(_END if data is None else put(data))
    starts[0] = put(small)
    mini_at = put(struct.pack(f"<{len(mini)}I", *mini).ljust(-(-len(mini) // 128) * 512, b"\xff"))
    entries = b""
    for (name, kind, data), link, start in zip(names, links, starts, strict=True):
        raw = name.encode("utf-16-le") + b"\0\0"
        size = len(small) if kind == 5 else len(data or b"")
        entries += raw.ljust(64, b"\0") + struct.pack("<HBB3I", len(raw), kind, 1, *link) + bytes(36)
        entries += struct.pack("<IQ", start, size)
    directory = put(entries.ljust(-(-len(entries) // 512) * 512, b"\0"))
    fats = 1
    while fats * 128 < len(sectors) + fats:
        fats += 1
    table = [*chains, *[_FAT] * fats]
    first_fat = len(sectors)
    table += [_FREE] * (fats * 128 - len(table))
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<5H6x", 62, 3, 0xFFFE, 9, 6)
    head += struct.pack("<9I", 0, fats, directory, 0, 4096, mini_at, -(-len(mini) // 128), _END, 0)
    head += struct.pack("<109I", *[*range(first_fat, first_fat + fats), *[_FREE] * (109 - fats)])
    return head + b"".join(sectors) + struct.pack(f"<{len(table)}I", *table)


def level(head: int, numbers: dict[int, int] | None = None, **texts: Any) -> Tree:
    """Make a storage of properties: `p0037` is text, bytes as they are, a mapping a storage; numbers by their number."""
    made: Tree = {}
    for name, value in texts.items():
        kind = "000D" if isinstance(value, dict) else "001F" if isinstance(value, str) else "0102"
        made[f"__substg1.0_{name[1:].upper()}{kind}"] = (
            value.encode("utf-16-le") if isinstance(value, str) else value
        )
    pairs = [struct.pack("<IIQ", number << 16 | 3, 6, value) for number, value in (numbers or {}).items()]
    made["__properties_version1.0"] = bytes(head) + b"".join(pairs)
    return made


def message(*hanging: Tree, head: int = 32, numbers: dict[int, int] | None = None, **texts: Any) -> Tree:
    said: dict[str, Any] = {
        "p001a": "IPM.Note",
        "p0037": "Quote für Hikvision DS-7608NI",
        "p0042": "Bob",
        "p0e04": "Ann",
    }
    sent = {0x0039: 134402652000000000}
    made = level(head, {**sent, **(numbers or {})}, **{**said, **texts})
    made["__recip_version1.0_#00000000"] = level(8, p3001="Ann", p3003="ann@dahuasecurity.example")
    return made | {f"__attach_version1.0_#{at:08X}": one for at, one in enumerate(hanging)}


def hung(content: bytes, name: str, **more: str) -> Tree:
    return level(8, {0x3705: 1}, p3701=content, p3707=name, **more)


def compressed(text: bytes) -> bytes:
    """Pack RTF as messages hold it, every byte by itself."""
    packed = b"".join(b"\0" + text[at : at + 8] for at in range(0, len(text), 8))
    return struct.pack("<II4sI", len(packed) + 12, len(text), b"LZFu", 0) + packed


WHOLE = container(message(hung(CSV, "inventory.csv"), p1000=TEXT))
PAGE = "<p>We have one Dahua IPC-HFW2431S in the lobby.</p><p>And a <b>ZTE</b> F660</p>"


def _texts(found: Any) -> list[str]:
    return [row["text"] for row in found.rows[0]]


def test_a_message_is_read_as_a_mail(read: Any) -> None:
    found = read(WHOLE)
    assert found.reader == "outlook" and not found.issues
    assert [table.sheet for table in found.tables] == ["text", "inventory.csv"]
    assert found.rows[1][0]["Model"] == "DS-2CD2143G2-I"
    assert {
        "Subject: Quote für Hikvision DS-7608NI", "From: Bob", "To: Ann", "Date: Fri, 27 Nov 2026 15:00:00 +0000",
        "We have one Dahua IPC-HFW2431S in the lobby.", "Gruß",
    } <= set(_texts(found))  # fmt: skip


def test_properties_of_no_known_field_are_probed(read: Any) -> None:
    found = read(container(message(p1000="x", p3a16="Hytera Communications")))
    beside = [text for _, text in found.reading.beside]
    assert "ann@dahuasecurity.example" in beside and "Hytera Communications" in beside


@pytest.mark.parametrize(
    "texts",
    [
        {"p1013": PAGE.encode()},
        {"p1009": compressed(b"{\\rtf1\\ansi We have one Dahua IPC-HFW2431S in the lobby.\\par And a {\\b ZTE} F660}")},
        {
            "p1009": compressed(
                b"{\\rtf1\\ansi\\fromhtml1 {\\*\\htmltag84 <p>}\\htmlrtf {\\htmlrtf0 We have one Dahua IPC-HFW2431S in the lobby."
                b"\\htmlrtf\\par}\\htmlrtf0{\\*\\htmltag92 </p><p>}And a {\\*\\htmltag84 <b>}ZTE{\\*\\htmltag92 </b>} F660}"
            )
        },
    ],
    ids=["page", "rtf", "page-in-rtf"],
)  # fmt: skip
def test_words_are_read_in_each_form_and_never_said_twice(read: Any, texts: dict[str, Any]) -> None:
    alone = _texts(read(container(message(**texts))))
    beside = _texts(read(container(message(p1000=TEXT, **texts))))
    for found in (alone, beside):
        assert found.count("We have one Dahua IPC-HFW2431S in the lobby.") == 1
        assert found.count("And a ZTE F660") == 1


def test_words_packed_by_another_program_are_unpacked(read: Any) -> None:
    # the example of the documentation of MS-OXRTFCP as the package compressed-rtf (MIT) states it, with a reference to what came
    packed = b'#\0\0\0"\0\0\0LZFu3\\\xe8t\x03\0\n\0rcpg125\x922\n\xf3 t\x07\x90t}\x0f\x10'
    assert "test" in _texts(read(container(message(p1009=packed))))


def test_words_of_one_byte_a_character_are_read_by_their_code_page(read: Any) -> None:
    tree = message(numbers={0x3FFD: 936})
    tree["__substg1.0_1000001E"] = "海康威视 DS-2CD2143G2-I".encode("gbk")
    assert "海康威视 DS-2CD2143G2-I" in _texts(read(container(tree)))


def test_a_message_in_a_message_is_read(read: Any) -> None:
    inner = message(hung(CSV, "inventory.csv"), head=24, p0037="Überblick", p1000="A ZTE F660.")
    tree = message(level(8, {0x3705: 5}, p3701=inner, p3001="Forwarded"), p1000="See below.")
    found = read(container(tree))
    assert any("inventory.csv" in str(table.sheet) for table in found.tables)
    said = str(found.rows)
    assert "DS-2CD2143G2-I" in said and "A ZTE F660." in said and "Subject: Überblick" in said


def test_what_cannot_be_taken_out_is_said(read: Any) -> None:
    link, thing = level(8, {0x3705: 4}, p3707="plan.xlsx"), level(8, {0x3705: 6}, p3707="chart")
    secret = hung(b"x" * 99, "smime.p7m", p370e="application/pkcs7-mime")
    found = read(container(message(link, thing, secret, p1000="x")))
    assert [(one.code, one.lossy) for one in found.issues] == [("E145", True), ("E145", True), ("E111", True)]


def test_a_picture_in_a_message_is_read_as_one_or_named(read: Any) -> None:
    found = read(container(message(hung(b"GIF89a", "plate.gif", p370e="image/gif"), p1000="x")))
    assert found.codes & {"E109", "E147"} and "plate.gif" in _texts(found)


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_a_cut_off_message_is_named_or_read_so_far(read: Any, share: float) -> None:
    whole = container(message(hung(CSV * 400, "inventory.csv"), p1000=TEXT))
    found = read(whole[: int(len(whole) * share)])
    assert any(one.lossy for one in found.issues)


def test_files_beyond_the_bounds_are_not_opened(read: Any) -> None:
    found = read(
        container(message(*[hung(CSV, f"{n}.csv") for n in range(5)], p1000="x")),
        limits=Limits(max_inner_files=2),
    )
    assert [table.sheet for table in found.tables] == ["text", "0.csv", "1.csv"]
    assert found.issue("E145").lossy


def test_another_file_of_its_container_is_no_message(read: Any) -> None:
    found = read(container({"WordDocument": b"x" * 5000, "inside": message(p1000="Hikvision")}))
    assert found.reader == "none" and found.issue("E107").lossy
