"""Cases put to the law as a service: the answers in every format, worked cases compared, and the questions still open."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from html import escape
from pathlib import Path
from typing import Any

from proscribe.app.rules.casefile import cases_of, read_cases
from proscribe.app.rules.decide import Decider, Mismatch, answer, check, dangerous, open_decider, trials_of
from proscribe.app.settings.config import today_in
from proscribe.model.answers import MOST_QUESTIONS, Answer, Asked
from proscribe.model.decisions import Case, CaseResult, Outcome
from proscribe.model.errors import error
from proscribe.reports import answer as shown
from proscribe.rules import trace
from proscribe.rules.answers import NOT_ADVICE, Told, answer_of, asked_of
from proscribe.rules.clauses import refuse_editions
from proscribe.rules.facts import CLAUSES, FACTS, LIST_TYPES, PASSED, FactSpec, WrongValue, to_come
from proscribe.rules.facts import shown as value_words
from proscribe.rules.purposes import as_said, typed_answer
from proscribe.rules.whatif import FIRST, Trials, deciding, next_question, settle, turn_of
from proscribe.wording import safe
from proscribe.wording.html import marked

__all__ = [
    "FORMATS", "Checked", "Decisions", "Interview", "WrongValue", "answer_about", "decide",
]  # fmt: skip

#: Formats of `Decisions.write`.
FORMATS = ("table", "json", "md", "html")
#: Answers are tried for so many cases; of more, every question is taken as it stands.
_MOST_TRIED = 12
_SPELLINGS = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}


@dataclass(frozen=True, slots=True)
class Checked:
    """A worked case whose expectation is not met.

    Attributes:
        mismatches: each way in which the result differs.
        dangerous: it says lawful where the case expects prohibited or undetermined.
        reasoning: of each determination, as text.
    """

    case: Case
    mismatches: tuple[Mismatch, ...]
    dangerous: bool
    reasoning: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decisions:
    """Cases with what the law says about each.

    Attributes:
        cases, results: in the order of the file.
        decider: the law they were put to.
    """

    cases: tuple[Case, ...]
    results: tuple[CaseResult, ...]
    decider: Decider

    def answers(self) -> Iterator[Answer]:
        """Give the answer about each case as a person reads it."""
        trials = trials_of(self.decider) if len(self.cases) <= _MOST_TRIED else None
        for case, result in zip(self.cases, self.results, strict=True):
            yield _with_unknown_names(answer_about(case, result, trials), case, self.decider)

    def to_json(self) -> dict[str, Any]:
        """Give the answer as plain values (`proscribe.decide/1`)."""
        day = max((result.as_of for result in self.results), default=None)
        cases = [
            {**result.to_json(), "answer": said.to_json()}
            for result, said in zip(self.results, self.answers(), strict=True)
        ]
        return answer("proscribe.decide/1", self.decider.stamp, day, {"cases": cases})

    def to_text(self, *, full: bool = False, settling: bool = False, width: int = 100) -> str:
        """Write the answer for a terminal: about ten lines of a case, a line or two of each of several.

        Args:
            full: also every rule asked, with the whole reasoning.
            settling: also which missing facts would settle a case, and to what.
            width: cells to a line.
        """
        brief = len(self.cases) > 1 and not full and not settling
        lines: list[str] = []
        for case, result, said in zip(self.cases, self.results, self.answers(), strict=True):
            lines += shown.brief_lines(said, width) if brief else shown.text_lines(said, width, full=full)
            lines += [trace.result_text(result)] if full else []
            lines += self._settling(case, result) if settling else []
        if brief:
            lines.append("Each in full: --trace, -o md or -o html.")
        return "\n".join([*lines, NOT_ADVICE])

    def _settling(self, case: Case, result: CaseResult) -> Iterator[str]:
        for item in settle(case, result, self.decider.decide, self.decider.law):
            some = "" if item.always else " (for some values)"
            yield f"  What would settle it: {', '.join(item.facts)}{some}"
            for values, outcome in item.leads_to:
                yield f"    {', '.join(values)}: {outcome.value}"

    def write(self, name: str, *, full: bool = False, settling: bool = False) -> str:
        """Write the answer in one of `FORMATS`; `full` and `settling` are those of `to_text`."""
        if name == "json":
            return json.dumps(self.to_json(), ensure_ascii=False, indent=1, sort_keys=True)
        if name == "md":
            lines: list[str] = []
            for result, said in zip(self.results, self.answers(), strict=True):
                lines += [*shown.markdown_lines(said, safe.markdown), "", trace.result_markdown(result)]
            return "\n".join([*lines, NOT_ADVICE])
        if name == "html":
            title = (
                f"What the law says: {escape(self.cases[0].id)}"
                if len(self.cases) == 1
                else "What the law says"
            )
            both = zip(self.results, self.answers(), strict=True)
            made = "\n".join(shown.html_of(said) + trace.result_html(result) for result, said in both)
            return "".join(marked([_HTML.format(title, made, NOT_ADVICE)]))
        return self.to_text(full=full, settling=settling)

    def check(self) -> tuple[int, list[Checked]]:
        """Compare with what worked cases expect: how many were asked, and those that are not met."""
        asked, found = 0, []
        for case, result in zip(self.cases, self.results, strict=True):
            asked += case.expect is not None
            mismatches = check(case, result)
            if mismatches:
                reasoning = tuple(trace.to_text(item.trace, 2) for item in result.determinations)
                found.append(Checked(case, tuple(mismatches), dangerous(case, result), reasoning))
        return asked, found


_HTML = (
    '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1"><title>{0}</title>'
    "<style>body{{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}}"
    "details{{margin-left:1rem}}blockquote{{border-left:3px solid #999;margin:.3rem 0;padding-left:.8rem}}</style>"
    "</head><body>\n<h1>{0}</h1>\n{1}\n<p>{2}</p>\n</body></html>"
)


def answer_about(case: Case, result: CaseResult, trials: Trials | None = None) -> Answer:
    """Give what the law says about a case as a person reads it, with the questions that still decide.

    Args:
        case: the question.
        result: its answer.
        trials: to try answers, so that what changes nothing is not asked; without it every fact that a rule waits for is.
    """
    names = list(deciding(case, result))
    if trials is not None:
        worth = {name: trials.worth(case, result, name) for name in names}
        useful = [name for name in names if worth[name].changes]
        names = sorted(useful or names, key=lambda name: (turn_of(name), -worth[name].value))
    first = [name for name in names if name in FIRST]
    asked = asked_of(first or names)
    facts = {name: value_words(value) for name, value in case.facts.items()}
    made = answer_of(
        case.id, case.as_of, [Told(result.determinations, facts)], questions=asked[:MOST_QUESTIONS],
        more=max(0, len(asked) - MOST_QUESTIONS),
    )  # fmt: skip
    # who asks, where, and what is done choose the rules: until then the others speak in vain
    return replace(made, also=(), open_law=()) if first else made


def _with_unknown_names(answer: Answer, case: Case, decider: Decider) -> Answer:
    """Ask first what firm is meant by a name that the knowledge does not hold: a slip in it leaves everything open."""
    asked = []
    for name, value in case.facts.items():
        for firm in (
            (value,) if FACTS[name].type == "entity" else value if FACTS[name].type == "entities" else ()
        ):
            if not isinstance(firm, str) or firm == "other" or decider.entities.knows(firm):
                continue
            near = decider.entities.nearest(firm)
            meant = f"Did you mean {near}?" if near else "Which firm is it?"
            asked.append(
                Asked(
                    f"{FACTS[name].question} The knowledge holds no firm {firm[:60]!r}. {meant}",
                    FACTS[name].who,
                    fact=name,
                )
            )
    if not asked:
        return answer
    # until it is known which firm is meant, nothing else settles anything
    left = answer.more_questions + len(answer.questions)
    return replace(answer, questions=tuple(asked[:MOST_QUESTIONS]), more_questions=left)


def decide(
    cases: str | Path | bytes | Sequence[Case],
    *,
    as_of: date | None = None,
    known_as_of: date | None = None,
    knowledge: Sequence[str | Path] = (),
) -> Decisions:
    """Say what each rule holds about cases.

    Args:
        cases: the path of a case file, its bytes (YAML or JSON), or cases.
        as_of: ask the law on this day, whatever the file says.
        known_as_of: facts recorded later are not used.
        knowledge: a snapshot or source folder, then layers; the shipped one by default.

    Raises:
        CaseError: E401 to E411 when the file is wrong, with the place of each fault.
        KnowledgeError, RuleError: when the knowledge cannot be used.
    """
    decider = open_decider(knowledge, known_as_of)
    if isinstance(cases, bytes):
        asked = cases_of(
            cases, "cases", decider.law, as_of=as_of, purposes=decider.purposes, firms=decider.firms
        )
    elif isinstance(cases, (str, Path)):
        asked = read_cases(
            Path(cases), decider.law, as_of=as_of, purposes=decider.purposes, firms=decider.firms
        )
    else:
        asked = list(cases)
    return Decisions(tuple(asked), tuple(decider.run(asked)), decider)


class Interview:
    """The questions that still matter about one case, one at a time, until nothing is open.

    Args:
        path: the case file; one that exists is continued.
        decider: the law.
        as_of: the day on which the law is asked; of a file that is there, in place of its own.
        today: the day of a new file where `as_of` is not given; by default that of UTC.

    Raises:
        CaseError: E401 to E411 when the file is there and is wrong, or holds several cases.
    """

    def __init__(
        self, path: Path, decider: Decider, as_of: date | None = None, today: date | None = None
    ) -> None:
        self.decider = decider
        if path.exists():
            held = read_cases(path, decider.law, as_of=as_of, purposes=decider.purposes, firms=decider.firms)
            if len(held) > 1:  # the file is written again with what is answered
                raise error("E406.several", at=path, count=len(held))
            (self.case,) = held
        else:
            self.case = Case(path.stem, as_of or today or today_in(""), (), {})
        self._skipped: set[str] = set()
        self._trials = trials_of(decider)

    def next(self) -> tuple[FactSpec, str] | None:
        """Give the next question with the paragraph that needs it, or `None` when nothing is open."""
        for first in FIRST:
            if first not in self.case.facts and first not in self._skipped:
                return FACTS[first], ""
        result = self.decider.decide(self.case)
        name = next_question(self.case, result, self._trials, self._skipped)
        return None if name is None else (FACTS[name], _paragraph(result, name))

    @property
    def settled(self) -> bool:
        """Whether the outcome is there; what is still asked then is of a duty."""
        return self.decider.decide(self.case).outcome not in (Outcome.UNDETERMINED, Outcome.APPROVAL_REQUIRED)

    @property
    def skipped(self) -> frozenset[str]:
        """What was asked and is not known."""
        return frozenset(self._skipped)

    def restore(self, case: Case, skipped: Iterable[str]) -> None:
        """Go on from an earlier place."""
        self.case, self._skipped = case, set(skipped)

    def skip(self, name: str) -> None:
        """Leave a fact unknown."""
        self._skipped.add(name)

    def take(self, name: str, text: str) -> None:
        """Take an answer as a person types it.

        Raises:
            WrongValue: when it is none; says what was expected.
        """
        kind = FACTS[name].type
        value: Any = text
        if kind == "bool":
            value = _SPELLINGS.get(text.lower(), text)
        elif kind in LIST_TYPES:
            value = [part.strip() for part in text.strip("[]").split(",") if part.strip()]
        answer = typed_answer(name, value, self.decider.purposes)
        if name == CLAUSES:
            refuse_editions(answer, self.decider.law)
        if to_come({name: answer}, datetime.now(UTC), self.case.as_of) is not None:
            raise WrongValue(f"{name} is {text!r}: it lies in the future", PASSED)
        self.case = replace(self.case, facts={**self.case.facts, name: answer})

    def decisions(self) -> Decisions:
        """Put the case to the law as far as it is known."""
        return Decisions((self.case,), (self.decider.decide(self.case),), self.decider)

    def to_yaml(self) -> str:
        """Write the case file."""
        case = self.case
        lines = [f"- id: {_quoted(case.id)}", f"  as_of: {case.as_of.isoformat()}"]
        if case.regimes:
            lines.append("  regimes: [" + ", ".join(case.regimes) + "]")
        lines.append("  facts:" if case.facts else "  facts: {}")
        lines += [
            f"    {name}: {_written(case.facts[name])}" for name in FACTS if case.facts.get(name) is not None
        ]
        return "\n".join(lines) + "\n"


def _paragraph(result: CaseResult, name: str) -> str:
    """Find the citation of the rule that needs a fact."""
    for item in result.determinations:
        if name in item.missing or name in item.open_exceptions:
            return item.citations[0] if item.citations else item.regime
    return ""


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _written(value: Any) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(_quoted(item) for item in as_said(value)) + "]"
    return value_words(value) if isinstance(value, bool) else _quoted(value_words(value))
