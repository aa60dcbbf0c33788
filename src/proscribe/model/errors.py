"""One root exception, five kinds, stable codes.

A message says what happened, where, what was expected and what to do next. `E1xx` input,
`E2xx` knowledge, `E3xx` rule, `E4xx` case, `E5xx` environment. The texts stand in
`wording/errors.yml`; raise `error(code, at=..., value=...)`.
"""

from __future__ import annotations

from proscribe.wording.errors import message


class ProscribeError(Exception):
    """A known condition, reported without a stack trace.

    Args:
        code: stable code such as `E204`; `proscribe explain E204` prints its page.
        what: one sentence, what happened.
        at: file:line:column, record locator, or option name; empty when there is no place.
        expected: what would have been accepted.
        next_step: what the reader can do now.
        on_page: the same for whoever works in a browser; empty where it is the same.

    Attributes:
        name: the code, or its variant such as `E414.needed`, where `error` made it; else empty.
    """

    exit_code = 2
    name = ""

    def __init__(
        self,
        code: str,
        what: str,
        *,
        at: str = "",
        expected: str = "",
        next_step: str = "",
        on_page: str = "",
    ) -> None:
        super().__init__(what)
        self.code = code
        self.what = what
        self.at = at
        self.expected = expected
        self.next_step = next_step
        self.on_page = on_page

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


_KINDS: dict[str, type[ProscribeError]] = {
    "usage": UsageError,
    "input": InputError,
    "knowledge": KnowledgeError,
    "rule": RuleError,
    "case": CaseError,
    "environment": EnvironmentProblem,
}


def error(name: str, /, *, at: object = "", **values: object) -> ProscribeError:
    """Make the error of a message of `wording/errors.yml`, to be raised.

    Args:
        name: a code, `E433`, or a variant of it, `E433.head`.
        at: the place: file:line:column, record locator, or option name.
        values: what the message's templates name; `near`, one word or several with the best first, chooses the
            next step that proposes it.

    Returns:
        An instance of the class that the file names for the message.
    """
    text = message(name, values)
    made = _KINDS[text.kind](
        text.code,
        text.says,
        at=str(at),
        expected=text.expected,
        next_step=text.next_step,
        on_page=text.on_page,
    )
    made.name = name
    return made


def missing_extra(package: str, extra: str) -> ProscribeError:
    """Say which package is not installed, and the extra that brings it."""
    return error("E502", package=package, extra=extra)
