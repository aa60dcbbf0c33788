"""Mails: header, words in plain text and as a page, files that hang on them, damage."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path
from typing import Any

import proscribe
from proscribe.readers import Limits

CSV = b"Asset,Manufacturer,Model\nA-9,Hikvision,DS-2CD2143G2-I\n"


def mail(
    text: str = "We have one Dahua IPC-HFW2431S in the lobby.\n", page: str = "", **files: bytes
) -> EmailMessage:
    made = EmailMessage()
    made["From"] = "Bob <bob@example.org>"
    made["To"] = "ann@example.org"
    made["Subject"] = "Quote für Hikvision DS-7608NI"
    made["Date"] = "Fri, 27 Nov 2026 10:00:00 +0000"
    made.set_content(text)
    if page:
        made.add_alternative(page, subtype="html")
    for name, data in files.items():
        made.add_attachment(
            data, maintype="application", subtype="octet-stream", filename=name.replace("_", ".")
        )
    return made


def test_header_and_words_are_text(read: Any) -> None:
    found = read(bytes(mail()))
    assert found.reader == "mail" and not found.issues
    texts = [row["text"] for row in found.only()]
    assert (
        "Subject: Quote für Hikvision DS-7608NI" in texts
        and "We have one Dahua IPC-HFW2431S in the lobby." in texts
    )


def test_what_hangs_on_it_is_read_as_itself(read: Any) -> None:
    found = read(bytes(mail(inventory_csv=CSV)))
    assert [table.sheet for table in found.tables] == ["text", "inventory.csv"]
    assert found.tables[1].fields["Manufacturer"] == "maker_name"
    assert found.rows[1][0]["Model"] == "DS-2CD2143G2-I"


def test_a_mail_in_a_mail_is_read(read: Any) -> None:
    outer = mail("See below.\n")
    outer.add_attachment(mail(inventory_csv=CSV))
    found = read(bytes(outer))
    assert "DS-2CD2143G2-I" in str(found.rows) and any(
        "inventory.csv" in str(table.sheet) for table in found.tables
    )


def test_the_same_words_as_a_page_are_not_said_twice(read: Any) -> None:
    page = "<html><body><p>We have one Dahua IPC-HFW2431S in the lobby.</p><p>And a <b>ZTE</b> F660</p></body></html>"
    texts = [row["text"] for row in read(bytes(mail(page=page))).only()]
    assert sum("Dahua" in text for text in texts) == 1 and "And a ZTE F660" in texts


def test_a_scan_names_the_part(tmp_path: Path) -> None:
    path = tmp_path / "quote.eml"
    path.write_bytes(bytes(mail("Hello,\n\nDahua IPC-HFW2431S\n", inventory_csv=CSV)))
    found = {
        (one.entity, one.locator.sheet, one.locator.pointer)
        for one in proscribe.scan(path, as_of="2026-11-25").findings
    }
    assert ("dahua", "text", "part 1, line 3") in found
    assert ("hikvision", "inventory.csv", None) in found


def test_an_unknown_charset_and_a_broken_part_lose_no_words(read: Any) -> None:
    data = bytes(mail()).replace(b'charset="utf-8"', b'charset="x-nobody-knows"')
    assert "Dahua" in str(read(data).rows)
    broken = b"From: a@b.c\nTo: d@e.f\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=zz\n\n--zz\n\nHikvision DS-2CD2143G2-I\n"
    found = read(broken)
    assert "DS-2CD2143G2-I" in str(found.rows)


def test_a_truncated_mail_is_read_so_far(read: Any) -> None:
    data = bytes(mail(inventory_csv=CSV * 50))
    found = read(data[: len(data) * 2 // 3])
    assert "Dahua" in str(found.rows) and "DS-2CD2143G2-I" in str(found.rows)


def test_encrypted_words_and_pictures_are_said(read: Any) -> None:
    head = b"From: a@b.c\nTo: d@e.f\nSubject: x\nMIME-Version: 1.0\n"
    found = read(
        head
        + b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data\nContent-Transfer-Encoding: base64\n\nAAAA\n"
    )
    assert found.issue("E111").lossy
    made = mail()
    made.add_attachment(b"\x89PNG\r\n\x1a\n", maintype="image", subtype="png", filename="a.png")
    assert [one for one in read(bytes(made)).issues if one.lossy and "a.png" in one.at + one.what]


def test_a_header_without_end_is_cut_and_said(read: Any) -> None:
    header = b"Subject: " + b"=?utf-8?b?SGlrdmlzaW9u?= " * 40_000
    found = read(b"From: a@b.c\nTo: d@e.f\nMIME-Version: 1.0\n" + header + b"\n\nDahua\n")
    assert found.issue("E125").lossy and found.issue("E125").at == "header Subject"
    assert "Hikvision" in str(found.rows) and "Dahua" in str(found.rows)


def test_parts_in_parts_end_at_a_bound(read: Any) -> None:
    depth = 3_000
    head = b"From: a@b.c\nTo: d@e.f\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b0\n\n"
    nested = b"".join(
        b"--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n" % (n, n + 1) for n in range(depth)
    )
    found = read(head + nested + b"Hikvision\n")
    assert found.reader == "mail" and any(issue.lossy for issue in found.issues)
    inner = mail()
    for _ in range(6):
        outer = mail("x\n")
        outer.add_attachment(inner)
        inner = outer
    found = read(bytes(inner), limits=Limits(max_inner_depth=2))
    assert found.issue("E145").lossy


def test_other_texts_are_no_mails(read: Any) -> None:
    assert read(b"From: 2020\nTo: 2024\nHikvision DS-2CD2143G2-I\n").reader != "mail"
    assert read(b"Subject,From,To\na,b,c\n").reader == "tabular"
