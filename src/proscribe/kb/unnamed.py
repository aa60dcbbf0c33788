"""Files that get their name when they are whole, so that a process that is killed leaves nothing behind.

Where the system can (Linux, most file systems), such a file has no name while it is written: it is gone with the last process
that holds it. Elsewhere it has a hidden name that ends in `.part`, removed when the block ends.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_HANDLES = Path("/proc/self/fd")


class Unnamed:
    """A file in the making.

    Attributes:
        handle: its open descriptor.
        path: where it can be opened while it is being made; other processes cannot.
    """

    def __init__(self, handle: int, path: Path, folder: Path) -> None:
        self.handle, self.path, self._folder = handle, path, folder

    def place(self, target: Path, *, replace: bool) -> None:
        """Bring it to the disk and give it its name; both are on disk when this returns.

        Args:
            replace: whether it takes the place of a file of that name.

        Raises:
            FileExistsError: when a file of that name is there and is not to be replaced.
        """
        os.fsync(self.handle)
        if os.link not in os.supports_dir_fd:  # Windows, where a file that is open cannot be renamed
            self.close()
            (os.replace if replace else os.rename)(self.path, target)
            return
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            if not replace:
                self._link(target.name, folder)
            else:
                # A link refuses a name that is taken; the second name lasts for an instant.
                passing = f".{target.name[:100]}.{secrets.token_hex(4)}.part"
                self._link(passing, folder)
                os.replace(passing, target.name, src_dir_fd=folder, dst_dir_fd=folder)
            os.fsync(folder)
        finally:
            os.close(folder)

    def close(self) -> None:
        """Let go of it; one without a name is gone then."""
        if self.handle >= 0:
            os.close(self.handle)
            self.handle = -1

    def _link(self, name: str, folder: int) -> None:
        if self.path.parent == _HANDLES:
            # With a folder by its descriptor the link follows what stands under /proc to the file itself.
            os.link(self.path, name, dst_dir_fd=folder, follow_symlinks=True)
            return
        try:
            os.link(self.path, name, dst_dir_fd=folder)
        except FileExistsError:
            raise
        except OSError:  # some file systems know no links
            if Path(self._folder, name).exists():
                raise FileExistsError(name) from None
            os.replace(self.path, name, dst_dir_fd=folder)


@contextmanager
def unnamed(folder: Path | None = None, *, like: str = "", mode: int = 0o600) -> Iterator[Unnamed]:
    """Make a file without a name; it is gone when the block ends, unless it was placed.

    Args:
        folder: where it is to be; the folder for temporary files by default.
        like: part of its hidden name where it needs one.
        mode: its permissions, less those that the umask takes away.

    Raises:
        OSError: when the folder is missing or may not be written to.
    """
    here = Path(tempfile.gettempdir()) if folder is None else folder
    handle, path = _made(here, like, mode)
    made = Unnamed(handle, path, here)
    try:
        yield made
    finally:
        made.close()
        if path.parent != _HANDLES:
            with suppress(OSError):
                path.unlink(missing_ok=True)


def _made(folder: Path, like: str, mode: int) -> tuple[int, Path]:
    kind = getattr(os, "O_TMPFILE", 0)
    if kind and _HANDLES.is_dir():
        try:
            handle = os.open(folder, kind | os.O_RDWR | os.O_CLOEXEC, mode)
            return handle, _HANDLES / str(handle)
        except OSError:
            pass  # a file system that knows no such files says so in many ways; the next attempt says what is wrong
    path = folder / f".{like[:100]}.{secrets.token_hex(4)}.part"
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | getattr(os, "O_BINARY", 0), mode)
    return handle, path
