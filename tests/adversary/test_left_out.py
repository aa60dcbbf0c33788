"""Lists in what looks like a key, a signature, a lock, a log of a store, a folder or a file of git: they are read or named."""

from __future__ import annotations

import base64
import hashlib
import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import openpyxl
import pytest
import signed_documents as signed
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from proscribe.app.scan.api import ScanResult, scan
from proscribe.wording.html import MARK

CLEAN = "Tag,Manufacturer,Model\nA-2,Axis,P3245-LV\n"
TABLE = "tag,maker,model,serial\nX1,Dahua,IPC-HDBW2431E-S,4C0112233445\nX2,ZTE,ZXR10 5250,2112\n"
WORDS = "Dahua IPC-HDBW2431E-S dome at the gate"
PUBLIC = Ed25519PrivateKey.from_private_bytes(bytes(range(32))).public_key()
PEM = PUBLIC.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def spoken_of(found: ScanResult) -> bool:
    """Tell whether something stands against a "does not"."""
    return bool(found.findings or found.mentions or found.leaves_open or not found.complete)


def scanned(folder: Path, files: dict[str, bytes]) -> ScanResult:
    (folder / "assets.csv").write_text(CLEAN)
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return scan(folder, as_of="2026-11-25")


def packed(files: dict[str, str]) -> bytes:
    """Pack files; a name that ends as a folder's is that of a file all the same."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return made.getvalue()


def workbook_with(part: str, content: str) -> bytes:
    made = io.BytesIO()
    book = openpyxl.Workbook()
    for row in (("Tag", "Manufacturer", "Model"), ("A-9", "Axis", "P3245-LV")):
        book.active.append(row)
    book.save(made)
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr(part, content)
    return made.getvalue()


def mail_with(kind: str, content: bytes) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@example.com", "b@example.com", "The list"
    mail.set_content("The cameras are of Axis, MAC 00:40:8c:11:22:33.")
    main, _, sub = kind.partition("/")
    mail.add_attachment(content, maintype=main, subtype=sub, filename="list.csv")
    return bytes(mail)


KEY_WITH_WORDS = base64.b64encode(
    bytes.fromhex("302e300506032b6570032500") + b"Dahua Technology at the gate!!!!".ljust(36, b"!")
).decode()
APART = {
    "words between the lines of a key": {
        "k.pem": f"-----BEGIN PUBLIC KEY-----\n{WORDS} {'x' * 40}\n-----END PUBLIC KEY-----\n".encode()
    },
    "words in the bits of a key": {
        "k.key": f"-----BEGIN PUBLIC KEY-----\n{KEY_WITH_WORDS}\n-----END PUBLIC KEY-----\n".encode()
    },
    "a remark on a folder": {"desktop.ini": f"[.ShellClassInfo]\r\nInfoTip={WORDS}\r\n".encode()},
    "a lock of LibreOffice": {".~lock.a.ods#": f",{WORDS};".encode()},
    "the owner in a lock of Word": {
        "~$a.docx": bytes([len(WORDS)]) + WORDS.encode() + b" " * (162 - len(WORDS) - 1)
    },
    "comments in a file of git's folder": {
        ".git/HEAD": b"ref: refs/heads/main\n",
        ".git/objects/x": b"x",
        ".git/gate.txt": f"# {WORDS}\n".encode(),
    },
    "a message in a log of git": {
        ".git/HEAD": b"ref: refs/heads/main\n",
        ".git/objects/info/packs": b"\n",
        ".git/logs/HEAD": f"{'0' * 40} {'a' * 40} R <r@example.com> 1 +0000\tcommit: {WORDS}\n".encode(),
    },
    "a file of statements": {"depot/proscribe.inquiry.yml": f"things:\n  - {WORDS}\n".encode()},
    "a list as the signature of a mail": {"m.eml": mail_with("application/pgp-signature", TABLE.encode())},
    "a list as the signature of another mail": {
        "m.eml": mail_with("application/pkcs7-signature", TABLE.encode())
    },
    "a folder in an archive that holds a list": {"a.zip": packed({"list.csv": CLEAN, "depot/": TABLE})},
    "a folder in a workbook that holds a list": {"a.xlsx": workbook_with("depot/", TABLE)},
    "a list for a picture in a workbook": {"a.xlsx": workbook_with("xl/media/image1.png", TABLE)},
    "a remark in the signature of a workbook": {
        "a.xlsx": workbook_with("_xmlsignatures/sig1.xml", f"<s><SignatureComments>{WORDS}</SignatureComments></s>")
    },
    "programs in what looks like a report of ours": {
        "walk.md": (lambda text: text + MARK.format(hashlib.sha256(text).hexdigest()).join(("<!-- ", " -->\n")).encode())(
            b"# Walk\n\n- The recorder is watched with the app DMSS\n"
        )
    },
}  # fmt: skip


@pytest.mark.parametrize("way", APART)
def test_what_lies_under_a_mark_is_read_or_named(tmp_path: Path, way: str) -> None:
    assert spoken_of(scanned(tmp_path, APART[way])), way


def test_a_list_that_calls_itself_the_log_of_a_store_is_read(tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    made = signed.begun(tmp_path / "made")
    shutil.copy(made.folder / "c.db", tmp_path / "old.db")
    shutil.rmtree(tmp_path / "made")
    assert not spoken_of(scanned(tmp_path, {"old.db-wal": b""}))
    assert scanned(tmp_path, {"old.db-wal": TABLE.encode()}).findings


def git(folder: Path) -> None:
    run = ("git", "-C", str(folder), "-c", "user.name=R. Ito", "-c", "user.email=r@example.com")
    for command in (
        ["init", "-q"],
        ["add", "."],
        ["commit", "-qm", "Add the list"],
        ["branch", "other"],
        ["gc", "-q"],
    ):
        subprocess.run([*run, *command], check=True, capture_output=True)
    (folder / "more.csv").write_text(CLEAN.replace("A-2", "A-3"))
    subprocess.run([*run, "add", "."], check=True)
    subprocess.run([*run, "commit", "-qm", "Add more"], check=True, capture_output=True)


def key(folder: Path) -> None:
    (folder / "k.pem").write_text(PEM)


def locks(folder: Path) -> None:
    (folder / ".~lock.a.ods#").write_text(
        ",rito,host,28.11.2026 10:00,file:///home/user/.config/libreoffice/4;"
    )
    (folder / "desktop.ini").write_text(
        "[.ShellClassInfo]\r\nInfoTip=@shell32.dll,-12690\r\nIconIndex=-235\r\n", newline=""
    )


def signature(folder: Path) -> None:
    """The signature of a mail: a packet of version 4, and the sum behind it."""
    raw = bytes([0xC2, 100, 4]) + bytes(range(130, 229))
    armour = base64.b64encode(raw).decode()
    text = (
        f"-----BEGIN PGP SIGNATURE-----\nVersion: GnuPG v2\n\n{armour}\n=abcd\n-----END PGP SIGNATURE-----\n"
    )
    (folder / "m.eml").write_bytes(mail_with("application/pgp-signature", text.encode()))


@pytest.mark.parametrize("made", [git, key, locks, signature])
def test_what_is_what_it_looks_like_stands_against_nothing(
    tmp_path: Path, made: Callable[[Path], None]
) -> None:
    (tmp_path / "assets.csv").write_text(CLEAN)
    made(tmp_path)
    found = scan(tmp_path, as_of="2026-11-25")
    assert not spoken_of(found), found.issues
