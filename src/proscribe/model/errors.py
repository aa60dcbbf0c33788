"""One root exception, five kinds, stable codes.

A message says what happened, where, what was expected and what to do next. `E1xx` input,
`E2xx` knowledge, `E3xx` rule, `E4xx` case, `E5xx` environment.
"""

from __future__ import annotations


class ProscribeError(Exception):
    """A known condition, reported without a stack trace.

    Args:
        code: stable code such as `E204`; `proscribe explain E204` prints its page.
        what: one sentence, what happened.
        at: file:line:column, record locator, or option name; empty when there is no place.
        expected: what would have been accepted.
        next_step: what the reader can do now.
    """

    exit_code = 2

    def __init__(
        self, code: str, what: str, *, at: str = "", expected: str = "", next_step: str = ""
    ) -> None:
        super().__init__(what)
        self.code = code
        self.what = what
        self.at = at
        self.expected = expected
        self.next_step = next_step

    def __str__(self) -> str:
        lines = [f"{self.code} {self.what}"]
        if self.at:
            lines.append(f"  {self.at}")
        if self.expected:
            lines.append(f"  Expected: {self.expected}")
        if self.next_step:
            lines.append(f"  {self.next_step}")
        lines.append(f"  Explain: proscribe explain {self.code}")
        return "\n".join(lines)


class UsageError(ProscribeError):
    """The command or the call was put wrongly; exit code 2."""


class InputError(ProscribeError):
    """Some input could not be read; exit code 3."""

    exit_code = 3


class KnowledgeError(ProscribeError):
    """The knowledge base is missing, damaged or overdue; exit code 4."""

    exit_code = 4


class RuleError(ProscribeError):
    """A rule cannot be evaluated, for instance two exceptions that disagree; exit code 4."""

    exit_code = 4


class CaseError(ProscribeError):
    """A case file is wrong; exit code 2."""


class EnvironmentProblem(ProscribeError):
    """A missing extra or a missing permission; exit code 5."""

    exit_code = 5


def missing_extra(package: str, extra: str) -> EnvironmentProblem:
    """Say which package is not installed, and the extra that brings it."""
    return EnvironmentProblem(
        "E502",
        f"this needs the package {package}, which is not installed",
        expected=f"the extra '{extra}'",
        next_step=f"Install it: python -m pip install 'proscribe[{extra}]'",
    )
