"""What reading and linting find: one issue, one place, one next step."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from proscribe.model.errors import KnowledgeError, ProscribeError
from proscribe.wording.errors import message


@dataclass(frozen=True, slots=True, order=True)
class Issue:
    """Something wrong in the knowledge source.

    Attributes:
        file: path inside the tree, `/` between parts.
        line: counted from 1; 0 when the issue is about the whole file.
        code: stable code `E2xx`.
        what: one sentence, what is wrong.
        expected: what would have been accepted.
        next_step: what the author can do.
        severity: `error` or `warning`.
        fact: id of the record, when it has one.
    """

    file: str
    line: int
    code: str
    what: str
    expected: str = ""
    next_step: str = ""
    severity: str = "error"
    fact: str = ""

    @property
    def at(self) -> str:
        """Give `file:line`, or the file alone."""
        return f"{self.file}:{self.line}" if self.line else self.file

    def __str__(self) -> str:
        head = (
            f"{self.code} {self.what}" if self.severity == "error" else f"{self.code} (warning) {self.what}"
        )
        lines = [head, f"  {self.at}" + (f"  {self.fact}" if self.fact else "")]
        if self.expected:
            lines.append(f"  Expected: {self.expected}")
        if self.next_step:
            lines.append(f"  {self.next_step}")
        return "\n".join(lines)

    def to_json(self) -> dict[str, object]:
        """Give the issue as a JSON object."""
        return {
            "code": self.code,
            "severity": self.severity,
            "file": self.file,
            "line": self.line,
            "fact": self.fact or None,
            "what": self.what,
            "expected": self.expected or None,
            "next_step": self.next_step or None,
        }


def fault(
    name: str, /, file: str, line: int, *, severity: str = "error", fact: str = "", **values: object
) -> Issue:
    """Make the issue of a message of `wording/errors.yml`.

    Args:
        name: a code, `E204`, or a variant of it, `E212.date`.
        file: path inside the tree.
        line: counted from 1; 0 for the whole file.
        severity: `error` or `warning`.
        fact: id of the record, when it has one.
        values: what the message's templates name.
    """
    said = message(name, values)
    return Issue(file, line, said.code, said.says, said.expected, said.next_step, severity, fact)


def issue_of(problem: ProscribeError, file: str) -> Issue:
    """Turn a raised error about `file` into an issue."""
    line = 0
    if problem.at.startswith(file + ":"):
        digits = problem.at[len(file) + 1 :].partition(":")[0].partition(" ")[0]
        line = int(digits) if digits.isdecimal() else 0
    return Issue(file, line, problem.code, problem.what, problem.expected, problem.next_step)


def raise_all(issues: Sequence[Issue], *, where: str, shown: int = 5) -> None:
    """Raise one `KnowledgeError` that shows the first issues and counts the rest; return when there is none.

    Raises:
        KnowledgeError: with the code of the first issue.
    """
    errors = sorted(issue for issue in issues if issue.severity == "error")
    if not errors:
        return
    listing = "".join(f"\n  {issue.at}: {issue.code} {issue.what}" for issue in errors[:shown])
    more = f"\n  and {len(errors) - shown} more" if len(errors) > shown else ""
    raise KnowledgeError(
        errors[0].code,
        f"{len(errors)} error{'s' if len(errors) > 1 else ''} in the knowledge source{listing}{more}",
        at=where,
        expected=errors[0].expected,
        next_step="Run `proscribe kb lint` on this tree for all of them.",
    )


def nearest(word: str, known: Iterable[str], *, count: int = 1) -> list[str]:
    """Give the known words most like `word`, best first; fewer or none when nothing is close."""
    return list(_nearest(word[:200], tuple(sorted(known)), count))


@lru_cache(maxsize=512)  # one missing source is often missed by thousands of rows
def _nearest(word: str, known: tuple[str, ...], count: int) -> tuple[str, ...]:
    return tuple(difflib.get_close_matches(word, known, n=count, cutoff=0.5))
