"""The exit codes, one meaning each."""

from __future__ import annotations

DONE = 0  #: done, nothing at or above the threshold
FOUND = 1  #: findings at or above `--fail-on`, or a check not met
USAGE = 2  #: the command was put wrongly
UNREAD = 3  #: some input could not be fully read; the rest was
KNOWLEDGE = 4  #: knowledge missing, damaged or overdue
ENVIRONMENT = 5  #: a missing extra, no permission
FAULT = 6  #: a fault of the program itself
