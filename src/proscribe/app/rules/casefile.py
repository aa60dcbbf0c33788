"""Read a case file and check it against the vocabulary: file:line, the nearest valid name, E4xx."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from proscribe.app.kb.firms import NO_FIRMS, Firms
from proscribe.kb.strictyaml import Document, Limits, YamlCodes, parse
from proscribe.model.decisions import Case, Outcome
from proscribe.model.errors import CaseError, ProscribeError, error
from proscribe.model.grades import CONFIDENCES
from proscribe.model.law import Law
from proscribe.model.periods import parse_day
from proscribe.rules.facts import FACTS, PASSED, READINGS, WrongValue, contradictions, nearest, shown, to_come
from proscribe.rules.purposes import NO_PURPOSES, Purposes, typed_answer
from proscribe.rules.regimes import OBLIGATION_KINDS

_CODES = YamlCodes(syntax="E407", duplicate="E408", construct="E409", limit="E410")
_LIMITS = Limits(size_bytes=64_000_000, depth=20, nodes=5_000_000)
_KEYS = ("id", "title", "as_of", "regimes", "facts", "expect", "accept", "why", "confidence")
_EXPECT_KEYS = ("outcome", "citations", "missing", "obligations", "obligations_absent", "until", "accept")
_DUTY_KEYS = ("kind", "due", "accept_due", "citation", "contents_include", "to_includes", "id")
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class _Place:
    """A place in the file."""

    document: Document
    path: tuple[str | int, ...]

    def at(self, *more: str | int) -> str:
        """Give file:line:column."""
        return self.document.at(*self.path, *more)


def read_cases(
    path: Path,
    law: Law,
    *,
    as_of: date | None = None,
    purposes: Purposes = NO_PURPOSES,
    firms: Firms = NO_FIRMS,
) -> list[Case]:
    """Read and check a case file, YAML or JSON.

    Args:
        path: the file.
        law: names the regimes that can be asked.
        as_of: the day to ask, for cases without one; given, it replaces theirs.
        purposes: what cameras are for; `item.purpose` may name a reading.
        firms: those that a fact may name, by id or by name.

    Raises:
        CaseError: E401 unknown fact, E402 wrong value, E403 unknown regime, E404 bad date, E405 contradiction, E406
            another shape, E407 to E410 not strict YAML; exit code 2. Names up to five problems.
    """
    try:
        data = path.read_bytes()
    except OSError as problem:
        raise error("E411.cases", at=path, strerror=problem.strerror or problem) from None
    return cases_of(data, str(path), law, as_of=as_of, purposes=purposes, firms=firms)


def cases_of(
    data: bytes | str,
    name: str,
    law: Law,
    *,
    as_of: date | None = None,
    purposes: Purposes = NO_PURPOSES,
    firms: Firms = NO_FIRMS,
) -> list[Case]:
    """Read cases from bytes; see `read_cases`."""
    document = _parse(data, name)
    value = document.value
    base: tuple[str | int, ...] = ()
    if isinstance(value, dict) and "cases" in value and "facts" not in value:
        value, base = value["cases"], ("cases",)
    if isinstance(value, dict):
        items: list[tuple[Any, tuple[str | int, ...]]] = [(value, base)]
    elif isinstance(value, list) and value:
        items = [(item, (*base, place)) for place, item in enumerate(value)]
    else:
        raise error("E406.empty", at=name)
    problems: list[ProscribeError] = []
    cases: list[Case] = []
    seen: dict[str, str] = {}
    for item, path in items:
        reader = _CaseReader(_Place(document, path), law, problems, purposes, firms)
        case = reader.read(item, as_of)
        if case is None:
            continue
        if case.id in seen:
            reader.say(
                "E406",
                f"the id {case.id!r} is used twice (first at {seen[case.id]})",
                ("id",),
                "each id once",
            )
        seen[case.id] = case.at
        cases.append(case)
    if problems:
        raise _joined(problems)
    return cases


def _parse(data: bytes | str, name: str) -> Document:
    try:
        return parse(data, name, limits=_LIMITS, error=CaseError, codes=_CODES)
    except CaseError as problem:
        if not name.lower().endswith(".json"):
            raise
        try:
            # JSON that YAML does not take, such as one indented with tabs; its places are not known
            value = json.loads(data, object_pairs_hook=_once, parse_int=str, parse_float=str)
        except (ValueError, RecursionError):
            raise problem from None
        return Document(name, value)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    out = dict(pairs)
    if len(out) != len(pairs):
        raise ValueError("a key is given twice")
    return out


def _joined(problems: Sequence[ProscribeError]) -> ProscribeError:
    """Make one error of several: the first in full, the next as lines, the rest as a count."""
    first = problems[0]
    if len(problems) == 1:
        return first
    lines = [f"  also {problem.code} {problem.at}: {problem.what}" for problem in problems[1:_SHOWN]]
    if len(problems) > _SHOWN:
        lines.append(f"  and {len(problems) - _SHOWN} more")
    return CaseError(
        first.code,
        first.what,
        at=first.at,
        expected=first.expected,
        next_step="\n".join([first.next_step, *lines]).strip(),
    )


def fault_of(
    code: str, what: str, at: str, expected: str, near: str = "", *, otherwise: str
) -> ProscribeError:
    """Say what is wrong in a file that a person wrote.

    Args:
        near: the word that was probably meant.
        otherwise: the next step where there is none.
    """
    step = f"Did you mean {near!r}?" if near else otherwise
    return CaseError(code, what, at=at, expected=expected, next_step=step)


def named_regimes(raw: Any, law: Law, say: Callable[..., None]) -> tuple[str, ...]:
    """Read the regimes that a file asks for: one, or a list of them.

    Args:
        say: is told of each fault: code, what, the path in the file, what was expected, the nearest word.
    """
    if raw is None:
        return ()
    items = [raw] if isinstance(raw, str) else raw
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        say("E406", "regimes is no list", ("regimes",), "a list of regime ids")
        return ()
    for place, item in enumerate(items):
        what = no_regime(item, law)
        if what:
            path = ("regimes", place) if isinstance(raw, list) else ("regimes",)
            say("E403", what, path, "a regime of `proscribe law list`", nearest(item, law.askable()))
    return tuple(items)


def no_regime(name: str, law: Law) -> str:
    """Say why no case may name a regime; empty when it may."""
    regime = law.regimes.get(name)
    if regime is None:
        return f"there is no regime {name!r}"
    return "" if regime.asked else f"{name!r} cannot be asked by itself"


class _CaseReader:
    def __init__(
        self, place: _Place, law: Law, problems: list[ProscribeError], purposes: Purposes, firms: Firms
    ) -> None:
        self.place = place
        self.firms = firms
        self.purposes = purposes
        self.law = law
        self.problems = problems

    def say(self, code: str, what: str, path: tuple[str | int, ...], expected: str, near: str = "") -> None:
        self.problems.append(
            fault_of(code, what, self.place.at(*path), expected, near, otherwise="Correct the case.")
        )

    def read(self, raw: Any, as_of: date | None) -> Case | None:
        before = len(self.problems)
        if not isinstance(raw, dict):
            self.say("E406", "a case is a mapping", (), "id, as_of, facts")
            return None
        for key in raw:
            if key not in _KEYS:
                self.say(
                    "E406", f"a case has no field {key!r}", (key,), ", ".join(_KEYS), nearest(key, _KEYS)
                )
        identity = raw.get("id")
        if not isinstance(identity, str) or not identity or len(identity) > 400:
            self.say(
                "E406",
                "a case needs an id",
                ("id",) if "id" in raw else (),
                "`id: gate-camera` before the facts, a text of your own, unique in the file; a file of facts about a scan is"
                " for `proscribe scan --decide`",
            )
            identity = "?"
        day = self.day(raw, as_of)
        regimes = self.regimes(raw.get("regimes"))
        facts = self.facts(raw.get("facts"))
        for name, what in contradictions(facts):
            self.say(
                "E405",
                f"the facts contradict each other: {what}",
                ("facts", name),
                "facts that can hold together",
            )
        ahead = to_come(facts, datetime.now(UTC), day)
        if ahead is not None:
            self.say(
                "E440",
                f"{ahead[0]} is {shown(ahead[1])}, which lies in the future",
                ("facts", ahead[0]),
                PASSED,
            )
        expect = raw.get("expect")
        accept = self.accepted(raw.get("accept"), ("accept",))
        if expect is not None:
            self.expectation(expect)
            if isinstance(expect, dict):
                accept = (*accept, *self.accepted(expect.get("accept"), ("expect", "accept")))
        confidence = raw.get("confidence") or ""
        if confidence and confidence not in CONFIDENCES:
            self.say(
                "E402",
                f"the confidence is {confidence!r}",
                ("confidence",),
                ", ".join(CONFIDENCES),
                nearest(str(confidence), CONFIDENCES),
            )
        if len(self.problems) > before or day is None:
            return None
        texts = {key: str(raw.get(key) or "") for key in ("title", "why")}
        return Case(
            identity,
            day,
            regimes,
            facts,
            expect,
            accept,
            texts["title"],
            texts["why"],
            str(confidence),
            self.place.at(),
        )

    def day(self, raw: Mapping[str, Any], as_of: date | None) -> date | None:
        if as_of is not None:
            return as_of
        if "as_of" not in raw:
            self.say(
                "E406",
                "a case needs as_of, the day on which the law is asked",
                (),
                "as_of: 2020-09-01, or the option --as-of",
            )
            return None
        try:
            return parse_day(str(raw["as_of"]))
        except ValueError:
            self.say("E404", f"as_of is {raw['as_of']!r}", ("as_of",), "a date such as 2020-09-01")
            return None

    def regimes(self, raw: Any) -> tuple[str, ...]:
        return named_regimes(raw, self.law, self.say)

    def facts(self, raw: Any) -> dict[str, Any]:
        if raw is None:
            self.say(
                "E406",
                "a case needs facts",
                (),
                "facts: a mapping of fact names to values; {} when none are known",
            )
            return {}
        if not isinstance(raw, dict):
            self.say("E406", "facts is no mapping", ("facts",), "fact names to values")
            return {}
        facts: dict[str, Any] = {}
        for name, value in raw.items():
            if name not in FACTS:
                self.say(
                    "E401",
                    f"there is no fact {name!r}",
                    ("facts", name),
                    "a fact of the decision vocabulary",
                    nearest(name, FACTS),
                )
                continue
            if value is None:
                continue  # stated as not known
            try:
                facts[name] = self.firms.meant(name, typed_answer(name, value, self.purposes))
            except WrongValue as problem:
                code = "E404" if "date" in FACTS[name].type else "E402"
                self.say(code, problem.what, ("facts", name), problem.expected, problem.near)
        return facts

    def accepted(self, raw: Any, path: tuple[str | int, ...]) -> tuple[str, ...]:
        if raw is None:
            return ()
        items = [raw] if isinstance(raw, str) else raw
        if not isinstance(items, list):
            self.say("E406", "accept is no list", path, "a list of outcomes")
            return ()
        for item in items:
            self.outcome(item, path)
        return tuple(str(item) for item in items)

    def outcome(self, raw: Any, path: tuple[str | int, ...]) -> None:
        names = [outcome.value for outcome in Outcome]
        if raw not in names:
            self.say("E402", f"there is no outcome {raw!r}", path, ", ".join(names), nearest(str(raw), names))

    def expectation(self, raw: Any) -> None:
        if not isinstance(raw, dict):
            self.say("E406", "expect is no mapping", ("expect",), ", ".join(_EXPECT_KEYS))
            return
        for key, value in raw.items():
            if key not in _EXPECT_KEYS:
                self.say(
                    "E406",
                    f"expect has no field {key!r}",
                    ("expect", key),
                    ", ".join(_EXPECT_KEYS),
                    nearest(key, _EXPECT_KEYS),
                )
            elif key == "outcome":
                self.outcome(value, ("expect", key))
            elif key == "until":
                try:
                    parse_day(str(value))
                except ValueError:
                    self.say("E404", f"until is {value!r}", ("expect", key), "a date")
            elif key == "missing":
                for name in value if isinstance(value, list) else [value]:
                    if name not in FACTS and name not in READINGS:
                        self.say(
                            "E401",
                            f"there is no fact {name!r}",
                            ("expect", key),
                            "a fact or reading",
                            nearest(str(name), [*FACTS, *READINGS]),
                        )
            elif key in ("obligations", "obligations_absent"):
                self.duties(key, value)

    def duties(self, key: str, raw: Any) -> None:
        if not isinstance(raw, list) or not all(isinstance(item, dict) for item in raw):
            self.say("E406", f"{key} is no list of mappings", ("expect", key), ", ".join(_DUTY_KEYS))
            return
        for place, item in enumerate(raw):
            for name in item:
                if name not in _DUTY_KEYS:
                    self.say(
                        "E406",
                        f"an obligation has no check {name!r}",
                        ("expect", key, place, name),
                        ", ".join(_DUTY_KEYS),
                        nearest(name, _DUTY_KEYS),
                    )
            kind = item.get("kind")
            if kind is not None and kind not in OBLIGATION_KINDS:
                self.say(
                    "E402",
                    f"there is no obligation {kind!r}",
                    ("expect", key, place, "kind"),
                    ", ".join(OBLIGATION_KINDS),
                    nearest(str(kind), OBLIGATION_KINDS),
                )


#: For files of stated facts, which are read and complained about in the same way.
parse_document, joined = _parse, _joined
