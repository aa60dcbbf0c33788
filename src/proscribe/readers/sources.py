"""From the paths a user named to the local files that hold the bytes."""

from __future__ import annotations

import atexit
import hashlib
import os
import re
import select
import stat
import sys
import tempfile
import time
import zlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from proscribe.model.observations import OUR_FILES, ReadIssue
from proscribe.readers.base import Limits, Source
from proscribe.readers.issues import issue
from proscribe.readers.ours import holds_no_text, kept_here, made_here

#: Lock and temporary files of office programs and file managers; they hold no records.
_LITTER = ("~$", ".~lock", "Thumbs.db", "desktop.ini", "__MACOSX")
#: How files of resources and of views of a folder begin that macOS keeps; bytes of locks of Word, Excel and PowerPoint.
_APPLE_DOUBLE, _DS_STORE, _LOCKS = b"\x00\x05\x16\x07", b"\x00\x00\x00\x01Bud1", (54, 55, 162, 165)
_LONGEST_LOCK, _LONGEST_OWNER = 512, 54
#: How an index, a pack, its lists and a single object of git begin; the object is packed by itself.
_OF_GIT = (b"DIRC\0", b"PACK\0", b"\xfftOc\0", b"RIDX\0")
_GIT_OBJECT = re.compile(rb"(?:blob|tree|commit|tag) \d{1,12}\0")
#: References, and the logs of what they pointed to.
_GIT_LINES = re.compile(
    rb"(?:(?:ref: refs/\S{1,200}|#.{0,80}|\^?[0-9a-f]{40,64}(?: refs/\S{1,200}| [0-9a-f]{40,64} .{1,300})?)\n?)*"
)
_LONGEST_OF_GIT = 1024 * 1024
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
#: The lock of LibreOffice, and how Windows shows a folder.
_KEPT = re.compile(rb",[^\r\n]*;\s*|\s*\[\.ShellClassInfo\]\r?\n(?:\w+=[^\r\n]*\s*)*")
#: What programs that copy a file in its own folder write around its name.
_COPY = r"copy|kopie|copie|copia|cópia|kopia|kopija|másolat|копия|副本|コピー|복사본"
_COPIED = re.compile(
    rf"(?:(?:copy of|kopie von|copie de|copia de|copia di|cópia de|kopie van|kopia)[ _])?(?P<name>.+?)"
    rf"(?:[ _]?\(\d{{1,3}}\)|[ _]*-?[ _]*(?:{_COPY})(?:[ _]?\(?\d{{1,3}}\)?)?)?(?P<suffix>(?:\.\w+)*)",
    re.IGNORECASE,
)
#: A named pipe that says nothing for so long is given up.
SILENT_SECONDS = 60
_LOOK_SECONDS = 0.2
_STEP = 1 << 20

_spooled: list[Path] = []


class Expansion(NamedTuple):
    """What the paths led to.

    Attributes:
        sources: inputs in a stated order: as named, folders walked by sorted name.
        issues: what was named or met and is not a source; `at` is the path.
        own: what looks like files of this program, or of git, met in folders. Such marks can be typed: they are left out only
            when reading them shows that no thing of a listed firm is told in them alone.
    """

    sources: list[Source]
    issues: list[ReadIssue]
    own: Sequence[Source] = ()


def expand(paths: Iterable[str | os.PathLike[str]]) -> Expansion:
    """List the inputs behind the paths.

    Folders are walked in sorted order. Links are followed as long as they stay inside the folder that was named; those
    that lead out of it, and loops, are reported. `-` is standard input, copied to a temporary file, as is a named pipe:
    up to a bound, and a pipe on which nothing comes for a while is given up. A missing, unreadable or special file
    becomes an issue, never an exception.
    """
    found = Expansion([], [], [])
    walked: dict[tuple[int, int], str] = {}
    for given in paths:
        text = os.fspath(given)
        if text == "-":
            _spool(text, "standard input", found)
            continue
        path, text = Path(text), _readable(text)
        try:
            mode = path.stat().st_mode
        except OSError as error:
            found.issues.append(_unreachable(text, error))
            continue
        if stat.S_ISDIR(mode):
            before = len(found.sources), len(found.issues)
            _walk(path, text, os.path.realpath(path), (), walked, found)
            if before == (len(found.sources), len(found.issues)):
                found.issues.append(issue("E103.folder_holds_no_file", text))
        elif stat.S_ISREG(mode):
            if _hides_its_size(path):
                found.issues.append(issue("E106.states_no_bytes", text))
            else:
                _add(path, text, found)
        elif stat.S_ISFIFO(mode):
            _spool(path, text, found)
        else:
            found.issues.append(issue("E106.regular_file_expected_device", text))
    return without_litter(found)


def sha256_of(path: Path) -> str:
    """Return the hexadecimal SHA-256 of a file's bytes.

    Raises:
        OSError: when the file cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _readable(name: str) -> str:
    """Give a name as it is shown; bytes that are no letters in UTF-8, as older shares have them, are written as `\\xe4`."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def is_litter(name: str) -> bool:
    """Tell by its name a file or folder that is hidden, or that programs keep for themselves."""
    return name.startswith((".", *_LITTER))


def holds_litter(path: Path) -> bool:
    """Tell by its content a file that a file manager or an office program keeps for itself, and that holds no list."""
    with path.open("rb") as file:
        head = file.read(_LONGEST_LOCK + 1)
    if head.startswith((_APPLE_DOUBLE, _DS_STORE)):
        return True
    # a lock begins with how long the name of its owner is
    if len(head) in _LOCKS and head[0] < ord(" ") and not head[:1].isspace():
        return True
    if _names_an_owner(head):
        return True
    if head.startswith(_OLE) and path.stat().st_size <= _MOST_SMALL_PICTURES:
        held = path.read_bytes()
        if not held.strip(_OLE + b"\xa1\xb1\x1a\xe1\0"):
            return True
        return bool(_SMALL_PICTURES.search(held)) and not any(name in held for name in _OF_DOCUMENTS)
    if head.startswith(_OF_GIT) or (head.startswith(b"x") and _GIT_OBJECT.match(_unpacked(head))):
        return True
    return len(head) <= _LONGEST_LOCK and _KEPT.fullmatch(head) is not None


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


def left_out(name: str, path: Path) -> str:
    """Give the message under which a file is left out as no list of anything; empty where it is read.

    One rule for what lies in a folder or an archive, is named or is handed in: its name and its content both have to say that
    a system or another program keeps it for itself. A list under such a name is read, and so is such a file under another
    name.

    Raises:
        OSError: when the file cannot be read.
    """
    if not is_litter(name):
        return ""
    if not path.stat().st_size:
        return "E105.hidden_or_temporary_left"
    return "E105.kept_elsewhere" if holds_litter(path) else ""


def without_litter(found: Expansion) -> Expansion:
    """Leave out what a system keeps for itself, of files that were named one by one or handed in; see `left_out`."""
    kept, issues = [], list(found.issues)
    for one in found.sources:
        try:
            left = left_out(one.display.replace("\\", "/").rpartition("/")[2], one.path)
        except OSError:
            left = ""
        if left:
            issues.append(issue(left, one.display, kind="file"))
        else:
            kept.append(one)
    return Expansion(kept, issues, found.own)


def _unpacked(head: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(head, _LONGEST_LOCK)
    except zlib.error:
        return b""


def _is_of_git(folder: Path) -> bool:
    """Tell whether a folder is one that git keeps, by what is in it."""
    try:
        return folder.name == ".git" and (folder / "HEAD").is_file() and (folder / "objects").is_dir()
    except OSError:
        return False


def _look_into_git(folder: Path, display: str, found: Expansion) -> None:
    """Name a folder of git, and have what in it is neither packed by git nor a line of its own forms looked at."""
    found.issues.append(issue("E105.kept_elsewhere", display, kind="folder"))
    for place, _, names in sorted(os.walk(folder)):
        for name in sorted(names):
            path = Path(place, name)
            with suppress(OSError):
                if path.is_symlink() or not path.is_file() or holds_litter(path):
                    continue
                if path.stat().st_size > _LONGEST_OF_GIT or not _GIT_LINES.fullmatch(path.read_bytes()):
                    _add(path, _readable(os.path.join(display, path.relative_to(folder))), found, own=True)


def temporary_file(suffix: str = "") -> Path:
    """Return the path of a new empty file that is removed when the process ends."""
    handle, name = tempfile.mkstemp(prefix="proscribe-", suffix=suffix)
    os.close(handle)
    if not _spooled:
        atexit.register(_remove_spooled, os.getpid())
    path = Path(name)
    _spooled.append(path)
    return path


def _remove_spooled(owner: int) -> None:
    # A forked worker inherits the list but must not remove what its parent still reads.
    if os.getpid() != owner:
        return
    for path in _spooled:
        path.unlink(missing_ok=True)


def _unreachable(text: str, error: OSError) -> ReadIssue:
    if isinstance(error, FileNotFoundError):
        if os.path.islink(text):
            return issue("E101.link_points_file_does", text)
        return issue("E101.file_or_folder_expected", text)
    if getattr(error, "errno", None) == 40:  # ELOOP
        return issue("E104.link_points_itself", text)
    return issue("E102.could_not_be_opened", text, strerror=error.strerror)


def _add(path: Path, display: str, found: Expansion, *, own: bool = False) -> None:
    try:
        size = path.stat().st_size
        with path.open("rb"):
            pass
    except OSError as error:
        found.issues.append(_unreachable(display, error))
        return
    source = Source(display=display, path=path, size_bytes=size)
    if own:
        cast(list[Source], found.own).append(source)
    else:
        found.sources.append(source)


def _spool(origin: str | Path, display: str, found: Expansion) -> None:
    target = temporary_file()
    most = Limits().max_expanded_bytes
    try:
        with target.open("wb") as file:
            if isinstance(origin, Path):
                problem = _copy_pipe(origin, display, file, most)
            else:
                problem = _copy(sys.stdin.buffer, display, file, most)
    except OSError as error:
        found.issues.append(_unreachable(display, error))
        return
    if problem is not None:
        found.issues.append(problem)
    found.sources.append(
        Source(display="-" if origin == "-" else display, path=target, size_bytes=target.stat().st_size)
    )


def _copy(stream: BinaryIO, display: str, file: BinaryIO, most: int) -> ReadIssue | None:
    left = most
    while chunk := stream.read(min(_STEP, left)):
        file.write(chunk)
        left -= len(chunk)
        if not left:
            return issue("E110.stream", display, most=most) if stream.read(1) else None
    return None


def _copy_pipe(pipe: Path, display: str, file: BinaryIO, most: int) -> ReadIssue | None:
    """Copy a named pipe until its writer closes it, it is silent for too long, or the bound is met."""
    handle = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        left = most
        silent_since = time.monotonic()
        while left:
            if select.select([handle], [], [], _LOOK_SECONDS)[0]:
                with suppress(BlockingIOError):
                    chunk = os.read(handle, min(_STEP, left))
                    if chunk:
                        file.write(chunk)
                        left -= len(chunk)
                        silent_since = time.monotonic()
                        continue
                    if left < most:
                        return None
            # nothing was written yet, or nobody has opened it for writing yet
            if time.monotonic() - silent_since > SILENT_SECONDS:
                return issue("E106.pipe_silent", display, seconds=SILENT_SECONDS)
            time.sleep(_LOOK_SECONDS / 10)
        return issue("E110.stream", display, most=most)
    finally:
        os.close(handle)


def _hides_its_size(path: Path) -> bool:
    """Tell a file that states no bytes and holds some, as those of /proc do: it may have no end, or never give a first byte."""
    try:
        if path.stat().st_size:
            return False
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return False  # said when it is read
    try:
        return bool(os.read(handle, 64))  # some give nothing smaller
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(handle)


def _copies(entries: Iterable[os.DirEntry[str]]) -> dict[str, str]:
    """Give the files of a folder that are, by name and to the byte, copies of another in it, each with the name of that.

    "Site (1)" and "Site (2)" without a "Site" may be two sites of which two lists say the same.
    """
    there = {entry.name.casefold(): entry for entry in entries}
    found: dict[str, str] = {}
    for folded, entry in there.items():
        parts = _COPIED.fullmatch(folded)
        original = there.get(f"{parts['name']}{parts['suffix']}") if parts is not None else None
        if original is None or original is entry:
            continue
        with suppress(OSError):
            size = entry.stat(follow_symlinks=False).st_size if entry.is_file(follow_symlinks=False) else 0
            alike = size and original.is_file(follow_symlinks=False) and original.stat().st_size == size
            if alike and sha256_of(Path(entry.path)) == sha256_of(Path(original.path)):
                found[entry.name] = original.name
    return found


def _walk(
    folder: Path,
    display: str,
    root: str,
    above: tuple[tuple[int, int], ...],
    walked: dict[tuple[int, int], str],
    found: Expansion,
) -> None:
    try:
        status = folder.stat()
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        found.issues.append(_unreachable(display, error))
        return
    copies = _copies(entries)
    identity = (status.st_dev, status.st_ino)
    if identity in above:
        found.issues.append(issue("E104.link_leads_back_folder", display))
        return
    if identity in walked:
        # Links between sibling folders would otherwise multiply the walk without bound.
        found.issues.append(
            issue("E104.same_folder_already_read", display, lossy=False, walked=walked[identity])
        )
        return
    walked[identity] = display
    for entry in entries:
        name = _readable(os.path.join(display, entry.name))
        if is_litter(entry.name) and entry.is_dir(follow_symlinks=False):
            if _is_of_git(Path(entry.path)):
                _look_into_git(Path(entry.path), name, found)
            else:
                found.issues.append(issue("E105.hidden_or_temporary_left", name, kind="folder"))
            continue
        try:
            mode = entry.stat().st_mode
        except OSError as error:
            found.issues.append(_unreachable(name, error))
            continue
        if entry.is_symlink() and not Path(os.path.realpath(entry.path)).is_relative_to(root):
            # A folder that somebody delivered must not have other files of this machine read.
            found.issues.append(issue("E104.link_leads_out", name))
            continue
        if stat.S_ISDIR(mode):
            _walk(Path(entry.path), name, root, (*above, identity), walked, found)
        elif stat.S_ISREG(mode):
            if _hides_its_size(Path(entry.path)):
                found.issues.append(issue("E106.states_no_bytes", name))
                continue
            if holds_no_text(Path(entry.path)):
                found.issues.append(issue("E105.ours", name))
                continue
            if kept_here(Path(entry.path)) if entry.name in OUR_FILES else made_here(Path(entry.path)):
                _add(Path(entry.path), name, found, own=True)
                continue
            if entry.name in copies:
                found.issues.append(issue("E105.copy", name, of=_readable(copies[entry.name])))
                continue
            _add(Path(entry.path), name, found)
        else:
            found.issues.append(issue("E106.regular_file_expected_pipe", name))
