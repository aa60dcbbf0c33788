"""What a process that reads hostile files may still do: bounds on memory and time, no network, no files but those named.

Each protection is taken where the system has it: bounds from POSIX, Landlock and seccomp from Linux (x86-64 and AArch64).
The interfaces are those of `landlock(7)` and `seccomp(2)`; they are called as system calls because the standard library
does not wrap them.
"""

from __future__ import annotations

import ctypes
import math
import os
import platform
import struct
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

#: Names the outside program that opens firmware images, which a reader may start; `off` leaves it alone.
OPENER_VARIABLE = "PROSCRIBE_UNBLOB"

# landlock(7): system calls, the same on every architecture
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION_FLAG = 1
_PATH_BENEATH = 1
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
#: Rights over files by version of the interface: what that version can withhold.
_RIGHTS_BY_VERSION = ((5, (1 << 16) - 1), (3, (1 << 15) - 1), (2, (1 << 14) - 1), (1, (1 << 13) - 1))
_NETWORK_SINCE, _SCOPES_SINCE = 4, 6
_BOTH_TCP_RIGHTS, _BOTH_SCOPES = 3, 3
_FILE_RIGHTS = _EXECUTE | _WRITE_FILE | _READ_FILE | (1 << 14) | (1 << 15)

# prctl(2), seccomp(2)
_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER, _DEATH_SIGNAL = 38, 22, 2, 1
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000 | 1, 0x80000000
_AF_UNIX = 1
#: Audit number of an architecture; system calls that are refused; the one that makes sockets. From `unistd.h` of each.
_ARCHITECTURES = {
    # connect, bind, listen, ptrace, process_vm_readv, process_vm_writev, io_uring_setup
    "x86_64": (0xC000003E, (42, 49, 50, 101, 310, 311, 425), 41),
    "aarch64": (0xC00000B7, (203, 200, 201, 117, 270, 271, 425), 198),
}


def limit(memory_bytes: int, cpu_seconds: int) -> None:
    """Bound the memory and the processor time of this process; the system ends it beyond them.

    Args:
        memory_bytes: of data that is its own.
        cpu_seconds: at which the signal SIGXCPU ends it.
    """
    import resource

    _, hardest = resource.getrlimit(resource.RLIMIT_DATA)
    most = memory_bytes if hardest == resource.RLIM_INFINITY else min(memory_bytes, hardest)
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    _, hardest = resource.getrlimit(resource.RLIMIT_CPU)
    seconds = cpu_seconds if hardest == resource.RLIM_INFINITY else min(cpu_seconds, hardest)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, hardest))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


@contextmanager
def more_time(cpu_seconds: int) -> Iterator[None]:
    """Give this process so much processor time for a work, on top of its bound, and take back what the work leaves.

    For works of which it is counted how many there may be; each is bounded by the seconds that are given.
    """
    try:
        import resource
    except ImportError:
        yield
        return
    bound, hardest = resource.getrlimit(resource.RLIMIT_CPU)
    if bound == resource.RLIM_INFINITY:
        yield
        return

    def allow(seconds: int) -> None:
        most = seconds if hardest == resource.RLIM_INFINITY else min(seconds, hardest)
        resource.setrlimit(resource.RLIMIT_CPU, (most, hardest))

    before = time.process_time()
    allow(bound + cpu_seconds)
    try:
        yield
    finally:
        allow(bound + min(cpu_seconds, math.ceil(time.process_time() - before)))


def held_bytes() -> int:
    """Tell how much of the memory that `limit` bounds this process holds; Linux only.

    Raises:
        OSError: the system does not tell.
    """
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmData:"):
            return int(line.split()[1]) * 1024
    raise OSError("no VmData in /proc/self/status")


def die_with_parent() -> None:
    """Ask the system to end this process when the one that started it ends, where the system can."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DEATH_SIGNAL, 9, 0, 0, 0)


def confine(readable: Iterable[str | Path], writable: Iterable[str | Path]) -> tuple[str, ...]:
    """Take from this process, for good, the network and all files but these.

    Args:
        readable: files and folders that it may read and run programs from; those that do not exist are passed over.
        writable: folders in which it may also make, change and remove files.

    Returns:
        Names of the protections that were taken: `files`, `network`.
    """
    if sys.platform != "linux":
        return ()
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return ()
    taken = ("files",) if _only_files(libc, readable, writable) else ()
    return (*taken, "network") if _no_network(libc) else taken


def _only_files(libc: ctypes.CDLL, readable: Iterable[str | Path], writable: Iterable[str | Path]) -> bool:
    version = libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION_FLAG))
    handled = next((rights for since, rights in _RIGHTS_BY_VERSION if version >= since), 0)
    if not handled:
        return False
    attributes = struct.pack("=Q", handled)
    if version >= _NETWORK_SINCE:
        attributes += struct.pack("=Q", _BOTH_TCP_RIGHTS)
    if version >= _SCOPES_SINCE:
        attributes += struct.pack("=Q", _BOTH_SCOPES)
    rules = libc.syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), ctypes.c_uint32(0))
    if rules < 0:
        return False
    try:
        for paths, rights in ((readable, _EXECUTE | _READ_FILE | _READ_DIR), (writable, handled)):
            for path in paths:
                _allow(libc, rules, path, rights & handled)
        return int(libc.syscall(_RESTRICT_SELF, rules, ctypes.c_uint32(0))) == 0
    finally:
        os.close(rules)


def _allow(libc: ctypes.CDLL, rules: int, path: str | Path, rights: int) -> None:
    with suppress(OSError):
        place = os.open(path, getattr(os, "O_PATH", 0) | os.O_CLOEXEC)
        try:
            if not os.path.isdir(path):
                rights &= _FILE_RIGHTS
            rule = struct.pack("=Qi", rights, place)
            libc.syscall(_ADD_RULE, rules, ctypes.c_int(_PATH_BENEATH), rule, ctypes.c_uint32(0))
        finally:
            os.close(place)


class _Program(ctypes.Structure):
    """`struct sock_fprog`: the count of instructions, and where they lie."""

    _fields_ = (("count", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def _no_network(libc: ctypes.CDLL) -> bool:
    known = _ARCHITECTURES.get(platform.machine())
    if known is None:
        return False
    audit_number, refused, make_socket = known

    def step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
        return struct.pack("=HBBI", code, if_true, if_false, value)

    load, equal, at_least, answer = 0x20, 0x15, 0x35, 0x06
    number_at, architecture_at, first_argument_at = 0, 4, 16
    # calls under numbers of another interface of the same processor are refused as a whole
    steps = [
        step(load, architecture_at), step(equal, audit_number, 1, 0), step(answer, _KILL),
        step(load, number_at), step(at_least, 0x40000000, 0, 1), step(answer, _REFUSE),
    ]  # fmt: skip
    for number in refused:
        steps += [step(equal, number, 0, 1), step(answer, _REFUSE)]
    steps += [
        step(equal, make_socket, 0, 3), step(load, first_argument_at), step(equal, _AF_UNIX, 1, 0),
        step(answer, _REFUSE), step(answer, _ALLOW),
    ]  # fmt: skip
    program = _Program(len(steps), b"".join(steps))
    return int(libc.prctl(_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0)) == 0
