"""What the knowledge says about one type of document: its words, its elements, the clause and its editions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from proscribe.documents.addressees import Addressees, addressees
from proscribe.documents.registry import paper_type
from proscribe.kb.snapshot import Snapshot
from proscribe.kb.texts import FOLDER, LawText, Library, library
from proscribe.model.agencies import Agencies, agencies_of
from proscribe.model.errors import error
from proscribe.model.organisations import ContractRef
from proscribe.rules.facts import clause_of

_AGENCIES = "regimes/agencies"


@dataclass(frozen=True, slots=True)
class Clears:
    """A fact that takes a thing out of what a statement speaks of, where a rule says `not_covered`.

    Attributes:
        firms: only for things of these firms; empty = of any.
    """

    fact: str
    values: tuple[str, ...]
    firms: tuple[str, ...]
    citation: str
    why: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence that a document can say, with a slot for the answer.

    Attributes:
        says: answer to the word that stands for it, such as `does not` to `will not`.
        editions: editions of the clause that ask it; empty = all.
        allows: outcomes under which "does not" is true, such as `permitted_until` where a date is asked about.
        skipped_by: the stated fact that makes it unnecessary: `{fact, value, citation, words}`.
    """

    id: str
    citation: str
    words: str
    says: Mapping[str, str]
    regimes: tuple[str, ...]
    editions: tuple[str, ...]
    clears: tuple[Clears, ...]
    skipped_by: Mapping[str, str] | None
    words_does: str = ""
    allows: tuple[str, ...] = ()
    asks: str = ""


@dataclass(frozen=True, slots=True)
class Element:
    """One thing a clause asks for, and where the document says it.

    Attributes:
        pointers: JSON pointer and label; `*` stands for every item of a list.
        items: which entries of `/body/items` it asks of: `concerns` and `kind`; `None` = not about items.
        any_of: one filled pointer is enough.
        if_known, if_applicable: nothing is an answer: the clause asks only if known, or there may be none.
        editions: editions of the clause that ask it; empty = all.
        shown: False where another element of the same document asks the same.
    """

    words: str
    citation: str
    obligation: str
    pointers: tuple[tuple[str, str], ...]
    items: Mapping[str, Any] | None
    stage: str
    any_of: bool
    if_known: bool
    if_applicable: bool
    editions: tuple[str, ...]
    shown: bool


@dataclass(frozen=True, slots=True)
class PaperLaw:
    """Everything that a builder asks of the knowledge.

    Attributes:
        edition_days: edition of the clause, first day, day after the last; in order.
        clause_number: such as `52.204-25`; empty for a document without a clause.
        first_day: first day of the provision; `None` when not known.
        replaced_from: id of an agency to the first day on which another clause governs; `*` = not known from that day.
        agencies: which agency a name means.
        dates: rules of the document's regime that name a last lawful day.
        addressees: to whom each duty is met.
        texts: the law library.
    """

    type: str
    title: str
    citation: str
    about: str
    statements: tuple[Statement, ...]
    elements: tuple[Element, ...]
    stages: Mapping[str, tuple[str, ...]]
    clause_number: str
    edition_days: tuple[tuple[str, date, date | None], ...]
    first_day: date | None
    replaced_from: Mapping[str, date]
    agencies: Agencies
    dates: tuple[Mapping[str, str], ...]
    deadlines: Mapping[str, Mapping[str, Any]]
    valid: Mapping[str, Any] | None
    texts: Library
    addressees: Addressees

    def words(self, edition: str, on: date) -> LawText | None:
        """Give the words of the clause in an edition, or of what the document cites on a day; `None` when not stored."""
        return self.texts.edition(self.clause_number or self.citation.partition("(")[0].strip(), edition, on)

    def edition(self, contract: ContractRef | None, as_of: date) -> str:
        """Give the edition of the clause that governs; empty where the clause has none.

        Raises:
            CaseError: E452 for a clause or edition that is not known or not in the contract, E453 for a day before
                the provision existed.
        """
        if not self.clause_number:
            return ""
        day = (contract.awarded_on if contract and contract.awarded_on else None) or as_of
        named = self._named(contract)
        if named is not None and named != "":
            first = next((start for name, start, _ in self.edition_days if name == named), None)
            if first is not None and as_of < first:
                raise error(
                    "E453.clause", clause_number=self.clause_number, named=named, as_of=as_of, first=first
                )
            return named
        # A contract that names a clause without dated editions knows better than we from when its agency uses it.
        if self.first_day is not None and as_of < self.first_day and (self.edition_days or named is None):
            raise error("E453.provision", citation=self.citation, as_of=as_of, first_day=self.first_day)
        for name, first, end in self.edition_days:
            if first <= day and (end is None or day < end):
                return name
        if self.edition_days and day < self.edition_days[0][1]:
            return self.edition_days[0][0]
        return ""

    def asked(self, edition: str, stage: str) -> tuple[Element, ...]:
        """Give the elements that the edition asks at the stage, each once."""
        staged = {name for names in self.stages.values() for name in names}
        here = self.stages.get(stage, ())
        return tuple(
            one
            for one in self.elements
            if one.shown
            and (not one.stage or one.stage == stage)
            and (not one.editions or not edition or edition in one.editions)
            and (one.obligation not in staged or one.obligation in here)
        )

    def _named(self, contract: ContractRef | None) -> str | None:
        """Give the edition that the contract names; empty for the bare number; `None` when it names no clauses."""
        if contract is None or not contract.clauses:
            return None
        named: list[str] = []
        for text in contract.clauses:
            try:
                number, edition = clause_of(text)
            except ValueError:
                raise error("E452.clause", at="contract.clauses", text=text[:80]) from None
            if number != self.clause_number:
                continue
            editions = [name for name, _, _ in self.edition_days]
            if edition and edition not in editions:
                raise error(
                    "E452.edition",
                    at="contract.clauses",
                    clause_number=self.clause_number,
                    edition=edition[:40],
                    editions="one of " + ", ".join(editions) if editions else "the clause without an edition",
                )
            if edition not in named:
                named.append(edition)
        dated = [name for name in named if name]
        if len(dated) > 1:
            raise error(
                "E452.two_editions",
                at="contract.clauses",
                clause_number=self.clause_number,
                dated=", ".join(dated),
            )
        if not named:
            raise error(
                "E452.not_named", at=", ".join(contract.clauses)[:200], clause_number=self.clause_number
            )
        return dated[0] if dated else ""

    def uncertain(self, contract: ContractRef | None, as_of: date) -> str:
        """Say in one sentence why it is not known that this clause governs; empty when nothing speaks against it."""
        if (contract is not None and contract.clauses) or not self.replaced_from:
            return ""
        # A contract of which nothing is said leaves as much open as one whose clauses were not stated.
        agency = contract.agency if contract is not None else ""
        called = (*self.agencies.lineage(agency), agency)
        replaced = next((self.replaced_from[name] for name in called if name in self.replaced_from), None)
        if replaced is not None:
            if as_of >= replaced:
                return (
                    f"{agency} uses another clause in place of {self.clause_number} since "
                    f"{replaced.isoformat()}, and the contract's clauses were not stated"
                )
            return ""
        others = self.replaced_from.get("*")
        if others is not None and as_of >= others:
            return (
                f"agencies replace {self.clause_number} by another clause from {others.isoformat()} on, each on a day of its "
                "own, and the contract's clauses were not stated"
            )
        return ""


def paper_law(knowledge: Snapshot, type_: str) -> PaperLaw:
    """Read what a type of document declares, against the obligations, clauses and dates of the knowledge.

    A knowledge may carry `papers/<type>` with words of its own, newer or older than the program's; those speak first.

    Raises:
        UsageError: E459 for a type that is not there.
        KnowledgeError: E215 when it names an obligation or clause that is not there.
    """
    spec = _spec(knowledge, type_)
    obligations: dict[str, dict[str, Any]] = {}
    clauses: dict[str, dict[str, Any]] = {}
    for path, value in knowledge.documents("regimes/").items():
        if not path.endswith("/rules") or not isinstance(value, dict):
            continue
        for one in value.get("obligations") or ():
            obligations[one["id"]] = one
        for one in value.get("clauses") or ():
            clauses[one["id"]] = one | {"regime": path.split("/")[1]}
    clause = _there(clauses, str(spec["clause"]), type_) if "clause" in spec else None
    elements = tuple(_element(raw, obligations, type_) for raw in spec["checklist"])
    named = {element.obligation for element in elements if element.obligation}
    return PaperLaw(
        type=type_,
        title=spec["title"],
        citation=spec["citation"],
        about=spec["about"].strip(),
        statements=_statements(spec),
        elements=elements,
        stages={name: tuple(ids) for name, ids in (spec.get("stages") or {}).items()},
        clause_number=str(clause["clause"]) if clause else "",
        edition_days=_editions(clause),
        first_day=_first_day(clause, knowledge),
        replaced_from=_replaced(clause, knowledge),
        agencies=agencies_of(knowledge.documents(_AGENCIES).get(_AGENCIES, {})),
        dates=_dates(knowledge, str(spec["regime"])) if "regime" in spec else (),
        deadlines={
            name: {
                "title": obligations[name].get("title", ""),
                "citation": obligations[name].get("citation", ""),
                **{key: str(value) for key, value in (obligations[name].get("deadline") or {}).items()},
            }
            for name in sorted(named)
        },
        valid=spec.get("valid"),
        texts=library(knowledge.documents(FOLDER)),
        addressees=addressees(knowledge),
    )


def statements_of(knowledge: Snapshot, type_: str) -> tuple[Statement, ...]:
    """Give the sentences that a type of document can say."""
    return _statements(_spec(knowledge, type_))


def _spec(knowledge: Snapshot, type_: str) -> dict[str, Any]:
    return {**paper_type(type_).spec, **knowledge.documents("papers/").get(f"papers/{type_}", {})}


def _statements(spec: Mapping[str, Any]) -> tuple[Statement, ...]:
    return tuple(_statement(raw) for raw in spec.get("statements") or ())


def regimes_of_duties(knowledge: Snapshot) -> dict[str, tuple[str, ...]]:
    """Give the rules to which each duty belongs: those that it names, else those beside which it stands."""
    return {
        str(one["id"]): tuple(one.get("for") or (path.split("/")[1],))
        for path, value in knowledge.documents("regimes/").items()
        if path.endswith("/rules") and isinstance(value, dict)
        for one in value.get("obligations") or ()
    }


def _there(found: Mapping[str, dict[str, Any]], name: str, type_: str) -> dict[str, Any]:
    if name not in found:
        raise error("E215", at=f"{type_}/document.yml", type=type_, name=name)
    return found[name]


def _element(raw: Mapping[str, Any], obligations: Mapping[str, dict[str, Any]], type_: str) -> Element:
    name = raw.get("obligation", "")
    words = raw["element"]
    if_known = False
    if name:
        contents = _there(obligations, name, type_).get("contents") or ()
        for one in contents:
            if isinstance(one, dict) and one["text"] == words:
                # The strict loader types `true`; a snapshot read from JSON has it as a boolean as well.
                if_known = bool(one.get("if_known", False))
    return Element(
        words=words,
        citation=raw["citation"],
        obligation=name,
        pointers=tuple((one["to"], one["label"]) for one in raw["at"]),
        items=raw.get("items"),
        stage=raw.get("stage", ""),
        any_of=bool(raw.get("any", False)),
        if_known=if_known,
        if_applicable=bool(raw.get("none", False))
        or "if applicable" in words
        or "for a maintenance service" in words,
        editions=tuple((obligations[name].get("editions") or ()) if name else ()),
        shown=bool(raw.get("shown", True)),
    )


def _statement(raw: Mapping[str, Any]) -> Statement:
    return Statement(
        id=raw["id"],
        citation=raw["citation"],
        words=raw["words"],
        says=raw["says"],
        regimes=tuple(raw["regimes"]),
        editions=tuple(raw.get("editions") or ()),
        clears=tuple(
            Clears(one["fact"], tuple(one["in"]), tuple(one.get("firms") or ()), one["citation"], one["why"])
            for one in raw.get("clears") or ()
        ),
        skipped_by=raw.get("skipped_by"),
        words_does=raw.get("words_does", ""),
        allows=tuple(raw.get("allows") or ()),
        asks=raw["asks"],
    )


def _editions(clause: Mapping[str, Any] | None) -> tuple[tuple[str, date, date | None], ...]:
    if clause is None:
        return ()
    return tuple(
        (
            one["edition"],
            date.fromisoformat(one["from"]),
            date.fromisoformat(one["to"]) if one["to"] else None,
        )
        for one in clause.get("editions") or ()
    )


def _first_day(clause: Mapping[str, Any] | None, knowledge: Snapshot) -> date | None:
    if clause is None:
        return None
    editions = _editions(clause)
    if editions:
        return editions[0][1]
    regime = knowledge.document(f"regimes/{clause['regime']}/regime")
    starts = [date.fromisoformat(one["from"]) for one in regime.get("in_force") or () if one.get("from")]
    return min(starts) if starts else None


def _replaced(clause: Mapping[str, Any] | None, knowledge: Snapshot) -> dict[str, date]:
    raw = (clause or {}).get("replaced_by") or {}
    if "adoption" in raw:
        table = knowledge.document(f"regimes/{raw['adoption']}/adoption")
        named = {row["agency"]: row["from"] for row in table["agencies"]}
        raw = {"agencies": named, "others_from": table.get("others_from")}
    days = {name: date.fromisoformat(day) for name, day in (raw.get("agencies") or {}).items()}
    if raw.get("others_from"):
        days["*"] = date.fromisoformat(raw["others_from"])
    return days


def _dates(knowledge: Snapshot, regime: str) -> tuple[Mapping[str, str], ...]:
    rules = knowledge.document(f"regimes/{regime}/rules")
    return tuple(
        {"rule": one["id"], "title": one["title"], "citation": one["citation"], "last_day": one["until"]}
        for one in rules.get("rules") or ()
        if one.get("until")
    )
