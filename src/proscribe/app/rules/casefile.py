"""Read a case file and check it against the vocabulary: file:line, the nearest valid name, E4xx."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from proscribe.app.kb.firms import NO_FIRMS, Firms
from proscribe.app.rules.written_file import Faults, WrittenFile, parse_document
from proscribe.model.decisions import Case, Outcome
from proscribe.model.errors import error
from proscribe.model.grades import CONFIDENCES
from proscribe.model.law import Law
from proscribe.rules.facts import FACTS, PASSED, READINGS, nearest, shown, to_come
from proscribe.rules.purposes import NO_PURPOSES, Purposes
from proscribe.rules.regimes import OBLIGATION_KINDS

_KEYS = ("id", "title", "as_of", "regimes", "facts", "expect", "accept", "why", "confidence")
_EXPECT_KEYS = (
    "outcome",
    "citations",
    "missing",
    "obligations",
    "obligations_absent",
    "until",
    "accept",
    "bound_if",
)
_DUTY_KEYS = ("kind", "due", "accept_due", "citation", "contents_include", "to_includes", "id")


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
    document = parse_document(data, name)
    file = WrittenFile(document, Faults("Correct the case."), law, firms, purposes)
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
    cases: list[Case] = []
    seen: dict[str, str] = {}
    for item, path in items:
        part = file.part(*path)
        case = _CaseReader(part).read(item, as_of)
        if case is None:
            continue
        if case.id in seen:
            part.say(
                "E406",
                f"the id {case.id!r} is used twice (first at {seen[case.id]})",
                ("id",),
                "each id once",
            )
        seen[case.id] = case.at
        cases.append(case)
    file.faults.refuse()
    return cases


class _CaseReader:
    def __init__(self, file: WrittenFile) -> None:
        self.file = file

    def read(self, raw: Any, as_of: date | None) -> Case | None:
        before = len(self.file.faults.found)
        if not isinstance(raw, dict):
            self.file.say("E406", "a case is a mapping", (), "id, as_of, facts")
            return None
        self.file.only(raw, _KEYS, "a case")
        identity = raw.get("id")
        if not isinstance(identity, str) or not identity or len(identity) > 400:
            self.file.say(
                "E406",
                "a case needs an id",
                ("id",) if "id" in raw else (),
                "`id: gate-camera` before the facts, a text of your own, unique in the file; a file of facts about a scan is"
                " for `proscribe scan --decide`",
            )
            identity = "?"
        day = self.day(raw, as_of)
        regimes = self.file.regimes(raw.get("regimes"))
        facts = self.facts(raw.get("facts"))
        self.file.faults.contradictions(facts, lambda name: self.file.at("facts", name))
        ahead = to_come(facts, datetime.now(UTC), day)
        if ahead is not None:
            self.file.say(
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
        if confidence:
            self.file.choice(confidence, CONFIDENCES, f"the confidence is {confidence!r}", ("confidence",))
        if len(self.file.faults.found) > before or day is None:
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
            self.file.at(),
        )

    def day(self, raw: Mapping[str, Any], as_of: date | None) -> date | None:
        if as_of is not None:
            return as_of
        if "as_of" not in raw:
            self.file.say(
                "E406",
                "a case needs as_of, the day on which the law is asked",
                (),
                "as_of: 2020-09-01, or the option --as-of",
            )
            return None
        return self.file.day(raw["as_of"], ("as_of",))

    def facts(self, raw: Any) -> dict[str, Any]:
        if raw is None:
            self.file.say(
                "E406",
                "a case needs facts",
                (),
                "facts: a mapping of fact names to values; {} when none are known",
            )
            return {}
        facts: dict[str, Any] = {}
        for name, value in self.file.mapping(raw, ("facts",), "fact names to values"):
            if name not in FACTS:
                known = "a fact of the decision vocabulary"
                self.file.say(
                    "E401", f"there is no fact {name!r}", ("facts", name), known, nearest(name, FACTS)
                )
                continue
            # null is stated as not known
            read = (
                None
                if value is None
                else self.file.value(name, value, ("facts", name), self.file.firms.meant)
            )
            if read is not None:
                facts[name] = read
        return facts

    def accepted(self, raw: Any, path: tuple[str | int, ...]) -> tuple[str, ...]:
        if raw is None:
            return ()
        items = [raw] if isinstance(raw, str) else raw
        if not isinstance(items, list):
            self.file.say("E406", "accept is no list", path, "a list of outcomes")
            return ()
        for item in items:
            self.outcome(item, path)
        return tuple(str(item) for item in items)

    def outcome(self, raw: Any, path: tuple[str | int, ...]) -> None:
        self.file.choice(raw, [one.value for one in Outcome], f"there is no outcome {raw!r}", path)

    def expectation(self, raw: Any) -> None:
        for key, value in self.file.mapping(raw, ("expect",), ", ".join(_EXPECT_KEYS)):
            if key not in _EXPECT_KEYS:
                self.file.only([key], _EXPECT_KEYS, "expect", ("expect",))
            elif key == "outcome":
                self.outcome(value, ("expect", key))
            elif key == "until":
                self.file.day(value, ("expect", key))
            elif key in ("missing", "bound_if"):
                for name in value if isinstance(value, list) else [value]:
                    if name not in FACTS and name not in READINGS:
                        self.file.say(
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
            self.file.say("E406", f"{key} is no list of mappings", ("expect", key), ", ".join(_DUTY_KEYS))
            return
        for place, item in enumerate(raw):
            self.file.only(item, _DUTY_KEYS, "an obligation", ("expect", key, place))
            kind = item.get("kind")
            if kind is not None:
                path = ("expect", key, place, "kind")
                self.file.choice(kind, OBLIGATION_KINDS, f"there is no obligation {kind!r}", path)
