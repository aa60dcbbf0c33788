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
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from proscribe.model.observations import OUR_FILES, ReadIssue
from proscribe.readers.base import Limits, Source
from proscribe.readers.issues import issue
from proscribe.readers.kept import words_kept, words_of_git, words_of_key
from proscribe.readers.ours import KEYS, holds_no_text, kept_here, made_here

#: Lock and temporary files of office programs and file managers; they hold no records.
_LITTER = ("~$", ".~lock", "Thumbs.db", "desktop.ini", "__MACOSX")
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
        own: what looks like files of this program, of git, or of a system. Such marks can be typed: they are left out only
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
            before = len(found.sources), len(found.issues), len(found.own)
            _walk(path, text, os.path.realpath(path), (), walked, found)
            if before == (len(found.sources), len(found.issues), len(found.own)):
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


class Kept(NamedTuple):
    """A file of a form that holds no list: the message under which it is left out, and the words that stand open in it."""

    said: str
    words: tuple[str, ...]


def kept(name: str, path: Path) -> Kept | None:
    """Tell a key, or what a system or another program keeps for itself; `None` for what is to be read.

    One rule for what lies in a folder or an archive, is named or is handed in: its name and its content both have to say that
    it is kept. A list under such a name is read, and so is such a file under another name. Whoever leaves it out looks at its
    words first.

    Args:
        name: the name of the file, with the folders above it.
        path: where its bytes are; one without any is no such file.

    Raises:
        OSError: when the file cannot be read.
    """
    _, of_git, place = f"/{name}".replace("\\", "/").rpartition("/.git/")
    words = words_of_git(path, place) if of_git else None
    last = place.rpartition("/")[2]
    if words is None and is_litter(last) and path.stat().st_size:
        words = words_kept(path)
    if words is not None:
        return Kept("E105.kept_elsewhere", words)
    if last.lower().endswith(KEYS) and (words := words_of_key(path)) is not None:
        return Kept("E105.ours", words)
    return None


def without_litter(found: Expansion) -> Expansion:
    """Set apart what a system keeps for itself, of files that were named one by one or handed in; see `kept`."""
    read, issues, own = [], list(found.issues), list(found.own)
    for one in found.sources:
        with suppress(OSError):
            name = one.display.replace("\\", "/").rpartition("/")[2]
            if is_litter(name) and not one.path.stat().st_size:
                issues.append(issue("E105.hidden_or_temporary_left", one.display, kind="file"))
                continue
            told = kept(name, one.path)
            if told is not None and told.said != "E105.ours":  # a key that somebody names is to be read
                own.append(one)
                continue
        read.append(one)
    return Expansion(read, issues, own)


def _is_of_git(folder: Path) -> bool:
    """Tell whether a folder is one that git keeps, by what is in it."""
    try:
        return folder.name == ".git" and (folder / "HEAD").is_file() and (folder / "objects").is_dir()
    except OSError:
        return False


def _look_into_git(folder: Path, display: str, found: Expansion) -> None:
    """Name a folder of git with how many of its files hold nothing but what git packed, and have the others looked at."""
    left = files = 0
    for place, _, names in sorted(os.walk(folder)):
        for name in sorted(names):
            path = Path(place, name)
            with suppress(OSError):
                if path.is_symlink() or not path.is_file():
                    continue
                within = path.relative_to(folder).as_posix()
                files += 1
                if path.stat().st_size and words_of_git(path, within) != ():
                    _add(path, _readable(os.path.join(display, within)), found, own=True)
                else:
                    left += 1
    found.issues.append(issue("E105.kept_by_git", display, count=left, files=files))


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


def _looks_kept(path: Path) -> bool:
    with suppress(OSError):
        return made_here(path) or kept(path.name, path) is not None
    return False


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
            if kept_here(Path(entry.path)) if entry.name in OUR_FILES else _looks_kept(Path(entry.path)):
                _add(Path(entry.path), name, found, own=True)
                continue
            if entry.name in copies:
                found.issues.append(issue("E105.copy", name, of=_readable(copies[entry.name])))
                continue
            _add(Path(entry.path), name, found)
        else:
            found.issues.append(issue("E106.regular_file_expected_pipe", name))
