"""The exit codes, one meaning each."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from proscribe.app.scan.api import ScanResult

DONE = 0  #: done, nothing at or above the threshold
FOUND = 1  #: findings at or above `--fail-on`, or a check not met
USAGE = 2  #: the command was put wrongly
UNREAD = 3  #: some input could not be fully read; the rest was
KNOWLEDGE = 4  #: knowledge missing, damaged or overdue
ENVIRONMENT = 5  #: a missing extra, no permission
FAULT = 6  #: a fault of the program itself


def of_scan(result: ScanResult, *, found: bool) -> int:
    """Give the code of a scan.

    Args:
        found: whether there is a finding at or above `--fail-on`.
    """
    if not result.complete:
        return UNREAD
    return FOUND if found else UNREAD if result.leaves_open else DONE
