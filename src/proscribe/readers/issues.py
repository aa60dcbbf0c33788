"""What could not be read as it stands: issues, with the texts of their codes in `wording/errors.yml`."""

from __future__ import annotations

from proscribe.model.errors import InputError
from proscribe.model.observations import ReadIssue
from proscribe.wording.errors import message, page

#: Issues that tell of equipment beside the records: a firm is named where none was read, a list says itself what is covered, or
#: that it is not whole.
TOLD_BESIDE = frozenset({"E140", "E547", "E552"})


def issue(name: str, at: str, what: str = "", *, lossy: bool | None = None, **values: object) -> ReadIssue:
    """Make an issue; what its message says to do next, else what its code does, is appended.

    Args:
        name: an input code such as `E119`, or a variant of it whose message the file holds, `E119.lines`.
        at: place inside the input, such as `row 17`, `sheet 'Old'!B3`, `byte 4096`.
        what: what happened and what was expected, as sentences; the message of `name` with `values` when empty.
        lossy: overrides the usual value of the code.
    """
    code = name.partition(".")[0]
    told = message(name, values)
    said = what or told.says
    entry = page(name)
    if entry is None:  # held by a test to the file
        return ReadIssue(code, at, said, lossy is not False)
    step = told.next_step if name != code else ""
    return ReadIssue(code, at, f"{said} {step or entry.to_do}", entry.lossy if lossy is None else lossy)


class IssueLog:
    """Collects issues, and joins what repeats so that a bad file does not give a million lines.

    Args:
        issues: the list to append to, shared with the reading.
        shown: how many issues of one code are listed one by one.
    """

    def __init__(self, issues: list[ReadIssue], shown: int = 20) -> None:
        self.issues = issues
        self.shown = shown
        self._seen: dict[tuple[str, bool], int] = {}
        self._last: dict[tuple[str, bool], str] = {}

    def add(self, name: str, at: str, what: str = "", *, lossy: bool | None = None, **values: object) -> None:
        """Record one issue, as `issue` makes it, or count it when its code was listed often enough."""
        code = name.partition(".")[0]
        if lossy is None:
            entry = page(name)
            lossy = entry is None or entry.lossy
        key = (code, lossy)
        count = self._seen.get(key, 0) + 1
        self._seen[key] = count
        self._last[key] = at
        if count <= self.shown:
            self.issues.append(issue(name, at, what, lossy=lossy, **values))

    def close(self) -> None:
        """Append one issue for each code that had more than were listed."""
        for (code, lossy), count in self._seen.items():
            more = count - self.shown
            if more > 0:
                at = self._last[(code, lossy)]
                self.issues.append(
                    ReadIssue(code, at, f"{more} more of this kind; the last is at {at}.", lossy)
                )
        self._seen.clear()
        self._last.clear()


def fault(error: InputError | OSError, display: str) -> ReadIssue:
    """Turn what stopped the reading of an input into an issue; what was read before stands."""
    if isinstance(error, InputError):
        pieces = (error.what, f"Expected {error.expected}." if error.expected else "", error.next_step)
        return ReadIssue(error.code, error.at or display, " ".join(piece for piece in pieces if piece))
    return ReadIssue("E102", display, f"The file could not be read: {error.strerror or error}.")
