"""Files that a system or another program keeps for itself: keys, signatures, locks, stores of a folder, what git keeps.

What it does: tells such a file by its whole form, and gives the words that the form has room for (the name of an owner, names of
files, a remark), which are probed for names like any that stand beside records. What its form does not explain from end to end is
none, and is read like any other file.
Why it matters: a first line, a last line or a name can be typed over any list.
Not covered: what stands packed or ciphered in such a file (an object of git, the bits of a key), and words of other letters
than ASCII among its bytes.
References: RFC 7468 (PEM), RFC 9580 6 (armour) and 4.2 (packets), RFC 5652 (CMS), X.690 8.1; gitformat-pack(5),
gitformat-index(5); SQLite, "Database File Format", 4.1 and "WAL-mode File Format", 1.2.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from base64 import b64decode
from contextlib import suppress
from pathlib import Path

from proscribe.readers._workbook_packed import MOST_BYTES, runs_of

#: How files of resources and of views of a folder begin that macOS keeps; bytes of locks of Word, Excel and PowerPoint.
_APPLE_DOUBLE, _DS_STORE, _LOCKS = b"\x00\x05\x16\x07", b"\x00\x00\x00\x01Bud1", (54, 55, 162, 165)
_LONGEST_LOCK, _LONGEST_OWNER = 512, 54
#: The store of small pictures that Windows keeps in a folder: its list of them, and no document beside it.
_OLE, _SMALL_PICTURES = (
    b"\xd0\xcf\x11\xe0",
    re.compile(
        # the list of Windows XP; since Vista each picture is a stream, named by its size and a number
        b"C\0a\0t\0a\0l\0o\0g\0|(?:[0-9]\0){2,4}_\0(?:[0-9a-f]\0){8,16}"
    ),
)
_OF_DOCUMENTS = tuple(
    name.encode("utf-16-le") for name in ("Workbook", "Book", "WordDocument", "__properties", "Package")
)
_MOST_SMALL_PICTURES = 4 * 1024 * 1024
#: The lock of LibreOffice, with its day and the address of the file; how Windows shows a folder, without what people write there.
_KEPT = re.compile(
    rb",[^,\r\n]*,[^,\r\n]*,\d\d\.\d\d\.\d{4} \d\d:\d\d,[a-z]{2,10}://[^\s,;]*;\s*"
    rb"|(?:\s*\[(?:\.ShellClassInfo|ViewState|ExtShellFolderViews|LocalizedFileNames)\]\r?\n"
    rb"(?:(?:IconResource|IconFile|IconIndex|ConfirmFileOp|NoSharing|Mode|Vid|FolderType|Logo|CLSID2?|UICLSID)=[^\r\n]*\s*"
    rb"|(?:InfoTip|LocalizedResourceName|[^\r\n=\[]{1,120})=@[^\r\n]*\s*)*)+",
    re.IGNORECASE,
)
#: Lines of text one below the other: no form of bytes has them.
_ROWS = re.compile(rb"(?:[\t\x20-\x7e]{8,}\r?\n){2,}")
_KEY = re.compile(
    rb"\s*-----BEGIN ((?:ENCRYPTED )?PRIVATE|PUBLIC) KEY-----\s([A-Za-z0-9+/=\s]{40,4000})-----END \1 KEY-----\s*"
)
_LONGEST_KEY = 5_000
#: A signature in armour: its headers, its letters, and the sum of them.
_SIGNATURE = re.compile(
    rb"\s*-----BEGIN PGP SIGNATURE-----\r?\n((?:[A-Za-z-]+: [^\r\n]*\r?\n)*)\s*([A-Za-z0-9+/=\s]{40,}?)(?:\s=[A-Za-z0-9+/]{4})?"
    rb"\s*-----END PGP SIGNATURE-----\s*"
)
#: The identifier by which signed data begins, in the first bytes of it.
_SIGNED_DATA, _SIGNED_WITHIN = bytes.fromhex("06092a864886f70d010702"), 20
_SEQUENCE, _INDEFINITE = 0x30, 0x80
#: How files of git begin that end with the digest of all that stands before.
_OF_GIT = (b"DIRC\0", b"PACK\0", b"\xfftOc\0", b"RIDX\0", b"CGPH", b"MIDX", b"BITM", b"MTME")
_GIT_OBJECT = re.compile(rb"(?:blob|tree|commit|tag) (\d{1,12})\0")
_GIT_OBJECT_PLACE = re.compile(r"objects/([0-9a-f]{2})/([0-9a-f]{38}|[0-9a-f]{62})")
#: References, alone and packed.
_GIT_LINES = re.compile(
    rb"ref: refs/\S{1,200}\n?|(?:# pack-refs with:(?: [a-z-]{1,20})*[ ]?\n)?(?:\^?[0-9a-f]{40,64}(?:[ \t]refs/\S{1,200})?\n?)*"
)
_GIT_LINES_PLACE = re.compile(r"(?:[A-Z_]*HEAD|packed-refs|shallow|info/refs|(?:worktrees/[^/]+/)?refs/.+)")
_LONGEST_OF_GIT = 1024 * 1024
#: The files that git names itself (gitrepository-layout(5)).
_GIT_NAMES = re.compile(
    r"(?:worktrees/[^/]+/|modules/.+/)?(?:[A-Z_]*HEAD|[A-Z]+_(?:EDITMSG|MSG|MODE|RR)|config(?:\.worktree)?|description|index"
    r"|sharedindex\.[0-9a-f]+|packed-refs|shallow|gitdir|commondir|gc\.pid|hooks/[a-z-]+\.sample"
    r"|info/(?:exclude|refs|attributes|grafts|sparse-checkout)|logs/(?:HEAD|refs/.+)|refs/.+|objects/.+)"
)
#: The log that SQLite keeps beside a database, and its index: how they begin, and the step by which the index grows.
_WAL, _WAL_HEAD, _WAL_FRAME, _WAL_VERSION = (0x377F0682, 0x377F0683), 32, 24, 3_007_000
_SHM_STEP = 32_768


def words_kept(path: Path) -> tuple[str, ...] | None:
    """Give the words in a file that a file manager or an office program keeps for itself; `None` for a file of another form.

    Raises:
        OSError: when the file cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(_LONGEST_LOCK + 1)
    whole = len(head) <= _LONGEST_LOCK
    if (whole and len(head) in _LOCKS and head[0] < ord(" ") and not head[:1].isspace()) or _names_an_owner(
        head
    ):
        return None if _ROWS.search(head) else _words(head)
    if whole and _KEPT.fullmatch(head):
        return tuple(head.decode("utf-8", "replace").splitlines())
    small = head.startswith(_OLE) and path.stat().st_size <= _MOST_SMALL_PICTURES
    if not (small or head.startswith((_APPLE_DOUBLE, _DS_STORE))) or path.stat().st_size > MOST_BYTES:
        return None
    held = path.read_bytes()
    if _ROWS.search(held.replace(b"\0", b"")):
        return None
    empty = not small or not held.strip(_OLE + b"\xa1\xb1\x1a\xe1\0")
    if empty or (_SMALL_PICTURES.search(held) and not any(name in held for name in _OF_DOCUMENTS)):
        return _words(held)
    return None


def words_of_key(path: Path) -> tuple[str, ...] | None:
    """Give the words in a key as PEM; `None` for what is none, such as words between the lines of one."""
    found = _KEY.fullmatch(path.read_bytes()) if path.stat().st_size < _LONGEST_KEY else None
    raw = _bytes_of(found[2]) if found is not None else b""
    return _words(raw) if raw[:1] == bytes([_SEQUENCE]) and _is_der(raw) else None


def words_of_signature(data: bytes) -> tuple[str, ...] | None:
    """Give the words in a signature of a mail, as OpenPGP or CMS writes it; `None` for what is none."""
    if len(data) > MOST_BYTES:
        return None
    found = _SIGNATURE.fullmatch(data)
    if found is not None:
        raw = _bytes_of(found[2])
        headers = found[1].decode("utf-8", "replace").splitlines()
        return (*headers, *_words(raw)) if _is_packet_of_signature(raw) else None
    if data[:1] != bytes([_SEQUENCE]) or _SIGNED_DATA not in data[:_SIGNED_WITHIN] or _ROWS.search(data):
        return None
    whole = data.rstrip(b"\r\n")
    ends = whole.endswith(b"\0\0") if data[1] == _INDEFINITE else _is_der(data) or _is_der(whole)
    return _words(data) if ends else None


def words_of_git(path: Path, place: str) -> tuple[str, ...] | None:
    """Give the words that stand open in a file that git writes; `None` for what it does not write at this place.

    Args:
        path: the file.
        place: where it lies in the folder of git, with `/`.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(_LONGEST_LOCK)
        if head.startswith(_OF_GIT):
            for name, length in (("sha1", 20), ("sha256", 32)):
                file.seek(0)
                digest, left = hashlib.new(name, usedforsecurity=False), size - length
                while left > 0 and (chunk := file.read(min(left, 1 << 20))):
                    digest.update(chunk)
                    left -= len(chunk)
                end = file.read()
                if end == digest.digest() or (not any(end) and head.startswith(_OF_GIT[0])):
                    file.seek(0)
                    # a list of files names them; what is packed names nobody
                    return _words(file.read(MOST_BYTES)) if head.startswith(_OF_GIT[0]) else ()
            return None
    if (named := _GIT_OBJECT_PLACE.fullmatch(place)) is not None:
        return () if _is_object(path, named[1] + named[2]) else None
    if size <= _LONGEST_OF_GIT and _GIT_LINES_PLACE.fullmatch(place):
        data = path.read_bytes()
        return tuple(data.decode("utf-8", "replace").splitlines()) if _GIT_LINES.fullmatch(data) else None
    return None


def is_named_by_git(place: str) -> bool:
    """Tell whether git itself writes a file at a place of its folder."""
    return _GIT_NAMES.fullmatch(place) is not None


def is_beside_a_database(path: Path) -> bool:
    """Tell the log of a SQLite database or the index of that log by their form; either may be empty."""
    size = path.stat().st_size
    if not size:
        return True
    with path.open("rb") as file:
        head = file.read(_WAL_HEAD)
    if path.name.endswith("-shm"):
        return not size % _SHM_STEP and _WAL_VERSION in (
            int.from_bytes(head[:4], "little"),
            int.from_bytes(head[:4], "big"),
        )
    magic, version, page = (int.from_bytes(head[at : at + 4], "big") for at in (0, 4, 8))
    if magic not in _WAL or version != _WAL_VERSION or len(head) < _WAL_HEAD:
        return False
    one = two = 0
    order = "big" if magic & 1 else "little"
    for at in range(0, 24, 8):
        first, second = (int.from_bytes(head[at + step : at + step + 4], order) for step in (0, 4))  # type: ignore[arg-type]
        one = (one + first + two) & 0xFFFFFFFF
        two = (two + second + one) & 0xFFFFFFFF
    told = tuple(int.from_bytes(head[at : at + 4], "big") for at in (24, 28))
    return told == (one, two) and not (size - _WAL_HEAD) % (_WAL_FRAME + page)


def _words(raw: bytes) -> tuple[str, ...]:
    return tuple(runs_of(raw))


def _names_an_owner(head: bytes) -> bool:
    """Tell a lock of another length: how long a name is, the name, perhaps once more in UTF-16, and padding alone."""
    length = head[0] if head else 0
    name = head[1 : 1 + length]
    if (
        not 0 < length <= _LONGEST_OWNER
        or len(name) < length
        or len(head) > _LONGEST_LOCK
        or min(name) < ord(" ")
    ):
        return False
    rest = head[1 + length :].replace(name.decode("latin-1").encode("utf-16-le"), b"")
    return bool(rest) and not rest.strip(bytes({0, ord(" "), length}))


def _bytes_of(letters: bytes) -> bytes:
    with suppress(ValueError):
        return b64decode(b"".join(letters.split()), validate=True)
    return b""


def _is_der(data: bytes) -> bool:
    """Tell whether bytes are values of DER from end to end, at every level."""
    waiting = [(0, len(data))]
    while waiting:
        at, end = waiting.pop()
        while at < end:
            if end - at < 2:
                return False
            tag, length = data[at], data[at + 1]
            at += 2
            if length > 0x80:
                count = length & 0x7F
                length = int.from_bytes(data[at : at + count], "big")
                at += count
            elif length == _INDEFINITE:
                return False
            if length > end - at or tag & 0x1F == 0x1F:
                return False
            if tag & 0x20:
                waiting.append((at, at + length))
            at += length
    return bool(data)


def _is_packet_of_signature(data: bytes) -> bool:
    """Tell whether bytes are packets of OpenPGP that are signatures, from end to end."""
    at = 0
    while at + 2 <= len(data):
        tag, first = data[at], data[at + 1]
        if tag & 0xFC == 0x88 and tag & 3 < 3:
            count = 1 << (tag & 3)
            at, length = at + 1 + count, int.from_bytes(data[at + 1 : at + 1 + count], "big")
        elif tag == 0xC2 and first < 192:
            at, length = at + 2, first
        elif tag == 0xC2 and first < 224:
            at, length = at + 3, (first - 192 << 8) + int.from_bytes(data[at + 2 : at + 3], "big") + 192
        elif tag == 0xC2 and first == 255:
            at, length = at + 6, int.from_bytes(data[at + 2 : at + 6], "big")
        else:
            return False
        if data[at : at + 1] not in (b"\3", b"\4", b"\5", b"\6"):
            return False
        at += length
    return at == len(data) > 0


def _is_object(path: Path, name: str) -> bool:
    """Tell an object of git: packed by itself, as long as it says, and called by the digest of what it holds."""
    if path.stat().st_size > _LONGEST_OF_GIT:
        return _is_object_begun(path)
    engine = zlib.decompressobj()
    with suppress(zlib.error):
        raw = engine.decompress(path.read_bytes(), 64 * _LONGEST_OF_GIT)
        if engine.unconsumed_tail:
            return _is_object_begun(path)
        digest = hashlib.new("sha1" if len(name) == 40 else "sha256", raw, usedforsecurity=False)
        return engine.eof and not engine.unused_data and digest.hexdigest() == name
    return False


def _is_object_begun(path: Path) -> bool:
    with suppress(zlib.error), path.open("rb") as file:
        return _GIT_OBJECT.match(zlib.decompressobj().decompress(file.read(4096), 64)) is not None
    return False
