"""Scan meets law: what each rule says about each finding, on the facts that people stated.

The scan speaks for what it is sure of, people for the rest. A finding that a person still has to check states no
producer, so that no weak signal forbids or clears anything; the law then answers with what it would need to know.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Container, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from itertools import groupby
from pathlib import Path, PurePath
from typing import Any

from proscribe.app.rules import positions
from proscribe.app.rules.decide import Decider, open_decider
from proscribe.app.rules.facts_file import (
    COUNTRY,
    FUND,
    LIST,
    NO_SITE,
    OF_USE,
    PLACE,
    PLACED,
    SUPPLIER,
    Stated,
    Statement,
    answers_of,
    carried_over,
    contradiction,
    read_stated,
    refuse_to_come,
    site_key,
    stated_again,
    things_key,
    unmeant,
)
from proscribe.app.rules.list_acts import ListActs, joined, with_act
from proscribe.app.rules.record_kinds import AWARD, NO_KINDS, RecordKinds
from proscribe.app.rules.scopes import may_differ, narrowness
from proscribe.app.rules.unsought import told_of as _unsought
from proscribe.devices.same_thing import ListedThings, names_maker, place_of
from proscribe.matching.readings import WHETHER_CAME
from proscribe.model.decisions import Case, CaseResult
from proscribe.model.errors import ProscribeError, error
from proscribe.model.findings import Band, Finding, Role, State
from proscribe.model.observations import PROVIDE_KINDS
from proscribe.model.periods import parse_day
from proscribe.model.results import Decided, FindingDecision, Scan, StatedFact
from proscribe.readers import Source
from proscribe.reports.scan.determinations import vendor_tables
from proscribe.rules.acts import ACT, PROVIDE, USE, side
from proscribe.rules.engine import key_of
from proscribe.rules.facts import (
    FACTS,
    ITEM_KINDS,
    PLACE_FACT,
    asks,
    contradictions,
    scope_words,
    shown,
    value_words,
)
from proscribe.rules.purposes import FACT as PURPOSE
from proscribe.rules.purposes import NO_PURPOSES, Purposes, Taken, Use, as_said
from proscribe.wording.nations import nation_name

#: Acts by which things go to others.
PROVIDING = tuple(one for one in FACTS[ACT].values if one in side(PROVIDE).says)
#: Scopes from which a statement of what things are for prevails over the words of their records.
_NEAR = ("site", "things", "finding")
#: Scopes from which a statement prevails over what words of a record show: of the finding, and of the fund that those words name.
_OF_THE_RECORD = ("finding", FUND)
#: The kind of thing of which readings of a place speak.
_WATCHES = "video_surveillance_equipment"
_SUPPLIER = "vendor_name"
_NOTHING = "none"
#: Letters of names of sites in one note.
_LONGEST = 600
_WHO_MADE_IT = "Who made this thing?"


@dataclass(frozen=True, slots=True)
class Own:
    """What the scan says about the thing of a finding.

    Attributes:
        facts: typed facts that the scan is sure of.
        withheld: why it is not sure, in words; empty when it is.
        shut: facts of which only a statement about this very finding may speak.
        said: facts that the record's words show, until somebody states otherwise of this very finding.
    """

    facts: Mapping[str, Any]
    withheld: tuple[str, ...] = ()
    shut: frozenset[str] = frozenset({"item.producer"})
    said: Mapping[str, Any] = field(default_factory=dict)


#: What a state shows of the use. What is planned out is still there; that a thing is gone is shown by more than words.
_USE_STATES = {
    State.IN_SERVICE: "in_service",
    State.PLANNED_REMOVAL: "in_service",
    State.STORED_DISCONNECTED: "stored_disconnected",
}


def sold_tables(scan: Scan) -> frozenset[tuple[int, str | None]]:
    """Give input and sheet of the tables that list what is sold: parts of products, and what is offered."""
    return frozenset(
        (one.index, table.sheet)
        for one in scan.inputs
        for table in one.tables
        if {table.kind, table.kind_seen} & PROVIDE_KINDS
    )


def own_facts(
    finding: Finding,
    beside: Sequence[Finding] = (),
    *,
    sold: bool = False,
    offered_from: int | None = None,
    kind: str | None = None,
    told: Mapping[str, Any] | None = None,
    purposes: tuple[str, ...] = (),
    reading: tuple[str, ...] = (),
) -> Own:
    """Say what the scan knows about the thing of a finding.

    The day of the record is no day of production, which only a column that is called so tells; role and use are nothing a scan
    can know, and of its purpose only what the record says in words.

    Args:
        finding: the finding.
        beside: every finding of the same record, this one included; a component and its product are found apart.
        sold: whether it stands in a list of what is sold; what is said of the use of things is then not said of this one.
        offered_from: where the act asked about is to provide things, the weight from which a finding is probable, in thousandths
            of a bit: that what an offer lists did not come yet is then no doubt of who made it.
        kind: what kind of thing the words of its record show.
        told: facts that columns of days and of funds tell.
        purposes: what the words of its record say that it is used for.
        reading: what cameras at a site of its kind are for by the reading that was taken; words of the record go before.
    """
    facts: dict[str, Any] = {}
    shut = {"item.producer", *(OF_USE if sold else ())}
    if offered_from is not None:
        finding, *beside = (_as_offered(one, offered_from) for one in (finding, *beside))
    parts = [one for one in beside if one.role is Role.COMPONENT]
    makers = [one for one in beside if one.role is not Role.COMPONENT]
    if finding.role is Role.COMPONENT and not parts:
        parts = [finding]
    if not all(map(names_maker, parts)):
        # a part may be inside: no list is whole, and nothing said about all things can rule it out
        shut.add("item.contains_producer")
    elif parts:
        facts["item.contains_producer"] = tuple(sorted({one.entity for one in parts}))
    maker: Finding | None = finding
    if finding.role is Role.COMPONENT:
        sure = [one for one in makers if names_maker(one)]
        maker = sure[0] if len(sure) == len(makers) == 1 else None
    elif finding.role is Role.RELABEL and finding.brand and not names_maker(finding):
        # one label of which the record itself tells the maker: another maker that also supplies it is no further question
        alike = [one for one in makers if one.brand == finding.brand and names_maker(one)]
        maker = alike[0] if len(alike) == 1 else finding
    if maker is not None and names_maker(maker):
        facts["item.producer"] = maker.entity
        if maker.category in ITEM_KINDS:
            facts["item.kind"] = maker.category
        if maker.role is Role.RELABEL and maker.brand:
            facts["item.brand"] = maker.brand[:400]
    state = _USE_STATES.get(finding.state)
    said: dict[str, Any] = {"use.state": state} if state is not None else {}
    if finding.role is not Role.COMPONENT:
        said.update(told or {})
    if kind is not None and "item.kind" not in facts and "item.producer" in facts:
        said["item.kind"] = kind
    binding = purposes if finding.role is not Role.COMPONENT and names_maker(finding) else ()
    if binding or reading:
        said[PURPOSE] = binding or reading
    if names_maker(finding):
        return Own(facts, (), frozenset(shut), said)
    reasons = list(finding.questions) or [_WHO_MADE_IT]
    if finding.basis == "inferred" and finding.band is not Band.POSSIBLE:
        reasons.append("It rests on a fact that was inferred and is not verified.")
    return Own(facts, tuple(reasons), frozenset(shut), said)


def _as_offered(finding: Finding, probable: int) -> Finding:
    """Give a finding without the doubt whether its thing came, which says nothing of who made what is offered."""
    if set(finding.questions) != {WHETHER_CAME} or finding.total_mbit < probable:
        return finding
    return replace(finding, band=Band.PROBABLE, questions=())


def records_of(findings: Iterable[Finding]) -> dict[tuple[int, str | None, int], list[Finding]]:
    """Gather the findings of each record; those that were set aside do not count."""
    records: dict[tuple[int, str | None, int], list[Finding]] = {}
    for finding in findings:
        if finding.ignored is None:
            records.setdefault(place_of(finding), []).append(finding)
    return records


class _Statements:
    """Statements by what they apply to, and what people could not say of narrower things."""

    def __init__(self, stated: Stated) -> None:
        self._by_scope: dict[tuple[str, str], list[Statement]] = {}
        for item in stated.statements:
            self._by_scope.setdefault((item.scope.kind, item.scope.name), []).append(item)
        self._open: dict[tuple[str, str], list[str]] = {}
        for fact, scope in stated.not_known:
            self._open.setdefault((scope.kind, scope.name), []).append(fact)
        self.used: set[tuple[str, str]] = set()
        #: Whether something is stated of a list, a supplier or a fund.
        self.of_lists = any(kind in (LIST, SUPPLIER, FUND) for kind, _ in self._by_scope)
        self.overruled: dict[Statement, str] = {}
        #: The nation whose law is asked of everything; where none is stated, each thing is asked by the law of its own.
        self._home = self.company(PLACE_FACT)

    def company(self, fact: str) -> Any:
        """Give what is stated of the whole company; `None` where nothing is."""
        said = self._by_scope.get(("company", ""), ())
        return next((item.value for item in said if item.fact == fact), None)

    def reading(self, kinds: Sequence[Use]) -> tuple[str, ...]:
        """Give what cameras are for by the readings taken of all kinds that the name of a site speaks of; else nothing."""
        found = [item for use in kinds for item in self._by_scope.get((PLACE, use.id), ())]
        if not found or len(found) < len(kinds):
            return ()
        values = dict.fromkeys(value for item in found for value in item.value)
        said = [name for item in found for name in as_said(item.value)]
        return Taken.of([one for one in values if one != _NOTHING] or [_NOTHING], said)

    def scopes_of(
        self, finding: Finding, own: Own, listed: Iterable[tuple[str, str]] = ()
    ) -> list[tuple[str, str]]:
        """Give the scopes of which something is stated, or was asked in vain, that apply to a finding; the widest first.

        What is said of a firm's things, or of things of a kind, reaches a thing only when the scan is sure that it is one.

        Args:
            listed: those of its list, its supplier and the fund that paid.
        """
        site = finding.details.site
        wanted = (
            ("company", ""),
            ("category", own.facts.get("item.kind") or own.said.get("item.kind", "")),
            ("entity", finding.entity if names_maker(finding) else ""),
            *listed,
            ("site", site_key(site)),
            ("things", things_key(finding.entity, finding.category, site)),
            ("finding", finding.id),
        )
        return [scope for scope in wanted if scope in self._by_scope or scope in self._open]

    def facts_for(self, scopes: Sequence[tuple[str, str]], own: Own) -> dict[str, Any]:
        """Join what the scan knows with what people stated.

        Raises:
            CaseError: E405 when two statements differ, or one about this finding differs from what the scan is sure of.
        """
        facts = {**own.said, **own.facts}
        stated: dict[str, Statement] = {}
        for scope in scopes:
            self.used.add(scope)
            for fact in self._open.get(scope, ()):
                # what is said of many things does not answer for those of which nobody could say it
                if stated.pop(fact, None) is not None:
                    del facts[fact]
                    facts.update({name: value for name, value in own.said.items() if name == fact})
            for item in self._by_scope.get(scope, ()):
                if item.fact == PLACE_FACT and scope[0] in PLACED and self._home is not None:
                    continue  # where it stands; see `country_of`
                if item.fact in own.facts:
                    # said of many things, it fills what the scan leaves open; said of this one, it must agree
                    if scope[0] == "finding" and item.value != own.facts[item.fact]:
                        raise _against_the_scan(item, own.facts[item.fact])
                    if item.value != own.facts[item.fact]:
                        self.overruled.setdefault(item, f"the scan is sure of {shown(own.facts[item.fact])}")
                    continue
                if item.fact == PURPOSE and (scope[0] in _NEAR or item.value != ("none",)):
                    pass  # who speaks of the place or of these things, or names a purpose, knows more than a word of a record
                elif own.said.get(item.fact, item.value) != item.value and scope[0] not in _OF_THE_RECORD:
                    # said of many things, it does not speak against the record of this one
                    who = (
                        "the reading of such a place"
                        if isinstance(own.said[item.fact], Taken)
                        else "the record"
                    )
                    self.overruled.setdefault(item, f"{who} says {shown(own.said[item.fact])}")
                    continue
                if item.fact in own.shut and item.fact not in own.said and scope[0] != "finding":
                    told = (
                        "the list is of what is sold"
                        if item.fact in OF_USE
                        else "the scan sees a part that may be inside"
                    )
                    self.overruled.setdefault(item, told)
                    continue
                before = stated.setdefault(item.fact, item)
                whole = before.scope.kind
                if before.value != item.value and not may_differ(item.fact, scope[0], whole, before.value):
                    raise contradiction(before, item)
                if before.value != item.value or narrowness(item.fact, scope[0]) > narrowness(
                    item.fact, whole
                ):
                    stated[item.fact] = item
                facts[item.fact] = item.value
        for fact, what in contradictions(facts):
            raise error("E405.together", at=stated[fact].at, what=what)
        return facts

    def country_of(self, scopes: Iterable[tuple[str, str]]) -> str:
        """Give the code of the nation in which a thing is stated to stand, by the narrowest scope; empty where none says."""
        said = [
            str(item.value)
            for scope in scopes
            if scope[0] in PLACED
            for item in self._by_scope.get(scope, ())
            if item.fact == PLACE_FACT and self._home is not None
        ]
        return said[-1] if said else ""

    def of_list(self, scopes: Iterable[tuple[str, str]]) -> Statement | None:
        """Give what is stated to be done with the things of one list; `None` where nothing is."""
        found = (
            item
            for scope in scopes
            if scope[0] == LIST
            for item in self._by_scope.get(scope, ())
            if item.fact == ACT
        )
        return next(found, None)

    def unused(self) -> list[Statement]:
        """Give the first statement of every scope that no finding met."""
        return [
            items[0]
            for scope, items in self._by_scope.items()
            if scope not in self.used and scope[0] != PLACE
        ]


def _against_the_scan(item: Statement, found: Any) -> ProscribeError:
    return error(
        "E405.scan", at=item.at, fact=item.fact, value=shown(item.value), scope=item.scope, found=shown(found)
    )


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the thing of a finding: of the scan and of people together.

    Attributes:
        withheld: why the scan is not sure of the maker, where nobody stated one; empty when it is.
        acts: the acts about which the law is asked, where they are several; the first is that of the facts, `None` is not known.
        doubtful: whether it is open that the others are done at all, since its list does not tell.
        used: whether its list may be one of what is used: what is only offered stands at no site.
        country: code of the nation in which it stands, as people or its record say; empty where neither does.
    """

    facts: Mapping[str, Any]
    withheld: tuple[str, ...]
    acts: tuple[str | None, ...] = ()
    doubtful: bool = False
    used: bool = True
    country: str = ""

    @property
    def is_abroad(self) -> bool:
        """Whether it stands in another country than that whose law is asked of it."""
        return self.used and self.country not in ("", self.facts.get(PLACE_FACT, self.country))


#: Columns that say what a thing is, who made or sold it, or what its number is: a name of a site there is something else.
_OF_THE_THING = frozenset(
    ["vendor_name", "maker_name", "product_name", "model_number", "part_number", "serial_number", "row_id", "text", "category",
     "asset_tag", "hostname", "note"]
)  # fmt: skip


def with_named_sites(scan: Scan, stated: Stated) -> Scan:
    """Let findings whose record has no site stand where a column says it of which the facts name a site.

    A column of departments or wings is read as no site; somebody who states facts for one of them has said that it is one: where
    one column of a table alone holds such names, each cell of it is a site. Where two do, only a record with one of the names is.
    """
    named = {item.scope.name for item in stated.statements if item.scope.kind == "site"}
    if not named:
        return scan
    fields = {(one.index, table.sheet): table.fields for one in scan.inputs for table in one.tables}

    def cells(finding: Finding) -> list[tuple[str, str]]:
        told = fields.get(place_of(finding)[:2], {})
        return [(column, text) for column, text in finding.record if told.get(column) not in _OF_THE_THING]

    without = [one for one in scan.findings if one.details.site is None]
    columns: dict[tuple[int, str | None], set[str]] = {}
    for one in without:
        found = {column for column, text in cells(one) if site_key(text) in named}
        columns.setdefault(place_of(one)[:2], set()).update(found)

    def sited(finding: Finding) -> Finding:
        if finding.details.site is not None:
            return finding
        here, rows = columns[place_of(finding)[:2]], cells(finding)
        found = {key: " ".join(text.split()) for _, text in rows if (key := site_key(text)) in named}
        if len(here) == 1 and not found:
            found = {
                site_key(text): " ".join(text.split())
                for column, text in rows
                if column in here and text.strip()
            }
        if len(found) != 1:
            return finding
        return replace(finding, details=replace(finding.details, site=next(iter(found.values()))))

    return replace(scan, findings=tuple(map(sited, scan.findings)))


def refuse_where_they_meet(scan: Scan, stated: Stated, of: Stated, decider: Decider) -> None:
    """Refuse what is stated of single findings where something else that reaches them differs.

    Args:
        stated: everything that is stated.
        of: the part of it that is looked at.

    Raises:
        CaseError: E405, with both sides.
    """
    named = {item.scope.name for item in of.statements if item.scope.kind == "finding"}
    records = {place_of(one) for one in scan.findings if one.id in named}
    part = replace(scan, findings=tuple(one for one in scan.findings if place_of(one) in records))
    for _ in FindingFacts(with_named_sites(part, stated), stated, decider.kinds, decider.purposes):
        pass


class FindingFacts:
    """The findings of a scan that were not set aside, each with what is known; equal ones share one object.

    Iterating raises CaseError E405 when statements contradict each other or the scan.

    Args:
        scan: with the sites that `stated` names; see `with_named_sites`.
        kinds: what kind of thing the words of a record show.
        purposes: what the words of a record say that a thing is for.
        acts_told: whether lists tell what is done with their things; without it the act is what was stated.
    """

    def __init__(
        self, scan: Scan, stated: Stated, kinds: RecordKinds = NO_KINDS, purposes: Purposes = NO_PURPOSES, *,
        acts_told: bool = True,
    ) -> None:  # fmt: skip
        self._scan = scan
        self._kinds = kinds
        self._purposes = purposes
        self._read: dict[str, int] = {}
        self._awards: Counter[str] = Counter()
        self._taken: dict[str, Counter[str]] = {}
        self._terms: Counter[tuple[str, str, str]] = Counter()
        self._day = stated.as_of or parse_day(scan.as_of)
        self._statements = _Statements(stated)
        self._paths = {one.index: one.path for one in scan.inputs}
        self._called = Counter(PurePath(path).name for path in self._paths.values())
        self._sites: dict[str, str] = {}
        self._named = {item.scope.name for item in stated.statements if item.scope.kind == "site"}
        self._columns: dict[str, str] = {}
        self._given = 0
        self._shapes: dict[Hashable, Known] = {}
        self._tables = {(one.index, table.sheet): table for one in scan.inputs for table in one.tables}
        self._acts = ListActs(self._tables.values() if acts_told else ())
        self._acts_told = acts_told

    def __iter__(self) -> Iterator[tuple[Finding, Known]]:
        sold, vendors = sold_tables(self._scan), vendor_tables(self._scan)
        provides = self._statements.company(ACT) in PROVIDING
        probable = self._scan.thresholds_mbit.get(Band.PROBABLE.value)
        fields = {place: table.fields for place, table in self._tables.items()}
        for finding, beside in _with_their_records(self._scan.findings):
            self._sites[site_key(finding.details.site)] = finding.details.site or NO_SITE
            self._given += 1
            if self._named and finding.details.site is None:
                cells = ((site_key(text), column) for column, text in finding.record)
                self._columns.update((name, column) for name, column in cells if name in self._named)
            kind = _kind_shown(finding, fields, self._kinds)
            place = place_of(finding)[:2]
            told = fields.get(place, {})
            answers, tells = self._acts.of(self._tables.get(place) if self._acts_told else None)
            own = own_facts(
                finding,
                beside,
                sold=place in sold,
                offered_from=probable if provides or answers == {PROVIDE} else None,
                kind=kind,
                purposes=self._purposes.in_record(
                    self._kinds.of_use(finding.record, told), finding.category or kind
                ),
                reading=self._reading(finding, kind),
                told=self._told(finding),
            )
            scopes = self._statements.scopes_of(finding, own, self._listed(finding, told))
            if place in vendors:
                # a vendor is no thing: what is said of things of one firm at one place is not said of it
                scopes = [scope for scope in scopes if scope[0] != "things"]
            country = self._country(finding, told, scopes, thing=place not in vendors)
            shape = (
                finding.role,
                country,
                frozenset(own.facts.items()),
                frozenset(own.said.items()),
                own.withheld,
                own.shut,
                tuple(scopes),
                answers,
                tells,
            )
            known = self._shapes.get(shape)
            if known is None:
                facts: Mapping[str, Any] = {
                    # every finding carries a sign, which no inquiry clears
                    name: value
                    for name, value in self._statements.facts_for(scopes, own).items()
                    if not name.startswith("inquiry.")
                }
                open_fact = "item.contains_producer" if finding.role is Role.COMPONENT else "item.producer"
                acts = self._acts.asked(
                    answers, facts, tells=tells, of_list=self._statements.of_list(scopes) is not None
                )
                facts = with_act(facts, acts[0])
                withheld = own.withheld if open_fact not in facts else ()
                known = Known(
                    facts, withheld, acts if len(acts) > 1 else (), not tells, USE in answers, country
                )
                self._shapes[shape] = known
            self._acts.note(
                self._list_name(finding),
                answers,
                _acts_of(known),
                self._statements.company(ACT),
                self._statements.of_list(scopes),
            )
            if own.said.get(AWARD) and known.facts.get(AWARD):
                paid = self._kinds.payer(finding.record)
                self._awards[paid[1] if paid else ""] += 1
            self._note_terms(finding, known)
            if PURPOSE in own.said and known.facts.get(PURPOSE) == own.said[PURPOSE]:
                words = ", ".join(as_said(own.said[PURPOSE]))
                if isinstance(own.said[PURPOSE], Taken):
                    site = " ".join((finding.details.site or NO_SITE).split())
                    self._taken.setdefault(words, Counter())[site] += 1
                else:
                    self._read[words] = self._read.get(words, 0) + 1
            yield finding, known

    def _country(
        self, finding: Finding, told: Mapping[str, str], scopes: Iterable[tuple[str, str]], *, thing: bool
    ) -> str:
        """Give the code of the nation in which a thing stands, as people say, else its record; none of a vendor."""
        stated = self._statements.country_of(scopes)
        return stated or (
            self._kinds.country_told(finding.record, told, finding.details.site) if thing else ""
        )

    def _note_terms(self, finding: Finding, known: Known) -> None:
        """Count the cells of which the facts of a finding rest on the term."""
        for fact, (value, column, text) in self._kinds.terms_told(finding.record).items():
            if known.facts.get(fact) == value:
                self._terms[fact, value, f"{column}: {' '.join(text.split())}"] += 1

    def _list_name(self, finding: Finding) -> str:
        name, sheet = PurePath(self._paths.get(finding.input, "")).name, finding.locator.sheet
        return f"{name}, {sheet}" if sheet else name

    def _listed(self, finding: Finding, told: Mapping[str, str]) -> list[tuple[str, str]]:
        """Give the scopes of the list in which a finding stands, of its supplier and of the fund that paid, where one is stated.

        Who states facts of a fund has said that a cell that holds its name names it, whatever its column is called.
        """
        if not self._statements.of_lists:
            return []
        path, sheet = PurePath(self._paths.get(finding.input, "")), finding.locator.sheet
        # of two lists of one name only the whole path says which is meant
        names = [str(path), *([path.name] if self._called[path.name] == 1 else [])]
        names += [f"{name}, {sheet}" for name in names] if sheet else []
        found = [(LIST, site_key(name)) for name in dict.fromkeys(names)]
        for column, text in finding.record:
            meaning = told.get(column)
            if meaning == _SUPPLIER:
                found.append((SUPPLIER, site_key(text)))
            elif meaning not in _OF_THE_THING and text.strip():
                found.append((FUND, site_key(text)))
        return list(dict.fromkeys(found))

    def _told(self, finding: Finding) -> dict[str, Any]:
        """Give what columns of a record tell of days, of the fund that paid, and of where in a network it stands."""
        days = self._kinds.days_told(finding.record, self._day) if self._kinds.days else {}
        terms = {fact: told[0] for fact, told in self._kinds.terms_told(finding.record).items()}
        return {**days, **self._kinds.award_told(finding.record), **terms}

    def _reading(self, finding: Finding, kind: str | None) -> tuple[str, ...]:
        """Give what the readings say of a camera at the site of a finding; of radios and routers they say nothing."""
        if finding.details.site is None or (finding.category or kind) != _WATCHES:
            return ()
        return self._statements.reading(self._purposes.kinds_of_site(finding.details.site))

    def notes(self, same: int = 0) -> Iterator[str]:
        """Say what was not used, when all findings were gone through.

        Args:
            same: how many findings are answered as the thing of another.
        """
        yield from self._acts.notes()
        for words, count in self._read.items():
            yield (
                f"“{asks(PURPOSE)}” is answered with {words} for {count} thing{'s' if count > 1 else ''} whose records name who "
                "uses them or the ground that is watched; where that is not so, state what it is for, of the thing or its site."
            )
        if self._awards:
            many = "s" if self._awards.total() > 1 else ""
            yield (
                f"“{asks(AWARD)}” is answered with yes for {self._awards.total()} thing{many} whose records name a fund of a "
                f"federal award ({'; '.join(self._awards)[:_LONGEST]}); where that is not so, state it of the thing."
            )
        yield from _of_terms(self._terms)
        for words, places in self._taken.items():
            yield (
                f"“{asks(PURPOSE)}” rests on the reading {words} for {places.total()} camera{'s' if places.total() > 1 else ''}, "
                f"by the name of the site: {', '.join(places)[:_LONGEST]}. Where one is watched for more, state it of that site."
            )
        yield from _notes(
            len(self._scan.findings) - self._given, same, self._sites, self._columns, self._statements
        )


def _of_terms(terms: Mapping[tuple[str, str, str], int]) -> Iterator[str]:
    """Say which facts rest on cells that hold a term for them."""
    for (fact, value, cell), count in terms.items():
        many = "s" if count > 1 else ""
        yield (
            f"“{asks(fact)}” is answered with {shown(value)} for {count} thing{many} whose records say it "
            f"({cell[:_LONGEST]}); where that is not so, state it of the thing."
        )


def decide_findings(scan: Scan, decider: Decider, stated: Stated) -> Scan:
    """Put every finding of a scan to the law; equal questions are decided once.

    The company is asked about as it was stated, in regard of each award that was named, and of what stands in another country
    under the law of that one; of each rule the stricter answer stands.

    Args:
        scan: the answer of a scan; findings that were set aside are not decided, and said to be so.
        decider: law and knowledge.
        stated: what people stated.

    Returns:
        The scan with `decided`.

    Raises:
        CaseError: E405 when statements contradict each other or the scan; E440 when they tell of what is to come.
        RuleError: E305 when two exceptions disagree.
    """
    day = stated.as_of or parse_day(scan.as_of)
    refuse_to_come(stated, day)
    scan = with_named_sites(scan, stated)
    parts: dict[str, list[tuple[str, FindingDecision]]] = {}
    notes: dict[str, None] = {}
    abroad: dict[str, set[str]] = {}

    def ask(scope: str, part: _Part) -> None:
        for name, decision in part.decisions.items():
            parts.setdefault(name, []).append((scope, decision))
        if not scope or company is None:
            notes.update(dict.fromkeys(part.notes))
        for name, code in part.countries.items():
            abroad.setdefault(code, set()).add(name)

    company = positions.as_stated(stated)
    if company is not None:
        ask("", _decided_in(scan, decider, company, day))
    elif positions.awards_of(stated):
        notes[_NAMED_ALONE] = None
    for award in positions.awards_of(stated):
        ask(str(award), _decided_in(scan, decider, positions.in_award(stated, award), day))
    home = next((item.value for item in company.statements if item.fact == PLACE_FACT), "") if company else ""
    for code, names in sorted(abroad.items()):
        if code == home:
            continue  # its law was asked already
        if not positions.is_held(decider.law, code):
            notes[_NO_LAW.format(_stand(names), nation_name(code))] = None
            continue
        part = _decided_in(
            replace(scan, findings=tuple(one for one in scan.findings if one.id in names)),
            decider, positions.in_country(stated, code), day, acts=positions.acts_abroad(stated, code),
        )  # fmt: skip
        decided = {
            name: law_only
            for name, decision in part.decisions.items()
            if (law_only := positions.of_nation(decision, decider.law, code)).determinations
        }
        ask(f"{COUNTRY}:{code}", replace(part, decisions=decided, countries={}))
        notes[_ABROAD.format(_stand(names), nation_name(code))] = None
    several = any(scope for asked in parts.values() for scope, _ in asked)
    joined_: dict[Hashable, FindingDecision] = {}
    decisions: dict[str, FindingDecision] = {}
    for name, asked in parts.items():
        key = tuple((scope, id(one)) for scope, one in asked)
        if key not in joined_:
            joined_[key] = positions.joined_positions(asked, several=several)
        decisions[name] = joined_[key]
    return replace(
        scan,
        decided=Decided(
            day.isoformat(),
            stated.regimes,
            tuple(
                StatedFact(item.fact, unmeant(item.value), str(item.scope), item.note)
                for item in stated.statements
            ),
            decisions,
            (*_unsought(decisions, home, decider), *notes, *_idle(stated, home, abroad), *stated.notes),
            tuple(StatedFact(fact, "?", str(scope)) for fact, scope in stated.not_known),
        ),
    )


def in_full(scan: Scan, decider: Decider) -> Scan:
    """Give a decided scan with all that is said in each position of the company: a scan that was read has outcomes alone.

    Raises:
        CaseError: as `decide_findings`.
    """
    told = scan.decided
    every = (part for one in (told.by_finding.values() if told else ()) for part in one.positions)
    if told is None or all(one.decision.facts for one in every):
        return scan
    stated = stated_again(told, decider.law, decider.firms, decider.purposes)
    made = decide_findings(scan, decider, stated).decided
    assert made is not None
    decisions = {name: made.by_finding.get(name, one) for name, one in told.by_finding.items()}
    return replace(scan, decided=replace(told, by_finding=decisions))


#: Said where what the company is, is taken to be what it is in regard of the contracts that are named.
_NAMED_ALONE = (
    "Asked in regard of the awards that are named, and of each alone; of another contract nothing is said."
)
#: Said of things in another country, and of those in a nation of which the knowledge holds no rule.
_ABROAD = (
    "{} in {}, as records or people say: its law is asked beside, of things kept, used or put up there. What the company "
    "is there is asked, and not taken from elsewhere."
)
#: Said where what was stated of a country changes no answer.
_AT_HOME = (
    "What is stated of {} is not counted: it is where the company acts. State it of the company, or of an award; of a sister "
    "firm there, open a case of its own."
)
_NOTHING_THERE = (
    "What is stated of {} changes nothing: no finding stands there, as far as records or people say."
)
_NO_LAW = "{} in {}, of which no rule is held: nothing is said of its law."


def _idle(stated: Stated, home: str, abroad: Container[str]) -> Iterator[str]:
    """Say of which countries what was stated changes no answer."""
    for code in positions.countries_of(stated):
        if code == home:
            yield _AT_HOME.format(nation_name(code))
        elif code not in abroad:
            yield _NOTHING_THERE.format(nation_name(code))


def _stand(names: Collection[str]) -> str:
    return f"{len(names):,} finding{' stands' if len(names) == 1 else 's stand'}"


@dataclass(frozen=True, slots=True)
class _Part:
    """What is said in one position.

    Attributes:
        decisions: by finding.
        countries: of what stands in another country than that whose law is asked, by finding.
    """

    decisions: Mapping[str, FindingDecision]
    notes: tuple[str, ...]
    countries: Mapping[str, str]


def _decided_in(
    scan: Scan, decider: Decider, stated: Stated, day: date, *, acts: Sequence[str] = ()
) -> _Part:
    """Put every finding to the law in one position.

    Args:
        acts: what is done with each thing in another country, where only what goes along with a thing is known; none where lists
            and statements tell it.
    """
    kept: dict[Hashable, CaseResult] = {}
    shapes: dict[int, FindingDecision] = {}
    decisions: dict[str, FindingDecision] = {}
    held: dict[str, Known] = {}
    countries: dict[str, str] = {}
    company = {item.fact: item.value for item in stated.statements if item.scope.kind == "company"}

    def asked(name: str, known: Known) -> FindingDecision:
        made = []
        for act in _acts_of(known):
            case = Case(name, day, stated.regimes, with_act(known.facts, act))
            key = key_of(case)
            result = kept.get(key)
            if result is None:
                result = kept[key] = decider.decide(case)
            made.append((act or "", result))
        words = tuple((name, shown(known.facts[name])) for name in sorted(known.facts))
        return joined(made, words, known.withheld, doubtful=known.doubtful)

    told = FindingFacts(scan, stated, decider.kinds, decider.purposes)
    for finding, known in told:
        decision = shapes.get(id(known))
        if decision is None:
            there = _abroad(known, company, acts) if acts else known
            decision = shapes[id(known)] = asked(finding.id, there)
        decisions[finding.id] = decision
        held[finding.id] = known
        if known.is_abroad:
            countries[finding.id] = known.country
    spoken = {item.scope.name for item in stated.statements if item.scope.kind == "finding"}
    fields = {(one.index, table.sheet): table.fields for one in scan.inputs for table in one.tables}
    things = ListedThings(scan.findings, fields)
    at_address = things.by_address()
    # what is stated of where a thing is does not speak of another that bears its name: that one answers
    moved = {
        item.scope.name
        for item in stated.statements
        if (item.scope.kind, item.fact) == ("finding", "use.state")
    }
    same = {
        name: other
        for name, other in things.joined().items()
        if name not in spoken and (name in at_address or other not in moved)
    }
    for name, other in same.items():
        decisions[name] = decisions[other]
        if not acts and _acts_of(held[name]) != _acts_of(held[other]):
            # of one thing in two lists each says what is done with it
            facts = with_act(held[other].facts, held[name].facts.get(ACT))
            decisions[name] = asked(
                name, replace(held[other], facts=facts, acts=held[name].acts, doubtful=held[name].doubtful)
            )
    return _Part(decisions, tuple(told.notes(len(same))), countries)


def facts_abroad(
    scan: Scan, decider: Decider, stated: Stated, stands: Mapping[str, str]
) -> Iterator[tuple[str, str, tuple[Mapping[str, Any], ...]]]:
    """Give for things in another country its code, and the facts that its law is asked about, for each act.

    Args:
        stands: code of the nation by finding.
    """
    scan = with_named_sites(scan, stated)
    for code in sorted(set(stands.values())):
        if not positions.is_held(decider.law, code):
            continue
        there, acts = positions.in_country(stated, code), positions.acts_abroad(stated, code)
        company = {item.fact: item.value for item in there.statements if item.scope.kind == "company"}
        found = tuple(one for one in scan.findings if stands.get(one.id) == code)
        made: dict[int, tuple[Mapping[str, Any], ...]] = {}
        for finding, known in FindingFacts(
            replace(scan, findings=found), there, decider.kinds, decider.purposes
        ):
            if id(known) not in made:
                facts = _abroad(known, company, acts).facts
                made[id(known)] = tuple(with_act(facts, act) for act in acts)
            yield finding.id, code, made[id(known)]


def _abroad(known: Known, company: Mapping[str, Any], acts: Sequence[str]) -> Known:
    """Give what is known of a thing in another country: what goes along with it, and what is stated of the company there."""
    facts = {
        name: value for name, value in known.facts.items() if positions.goes_along(name) or name in company
    }
    return replace(
        known, facts=with_act(facts, acts[0]), acts=tuple(acts) if len(acts) > 1 else (), doubtful=False
    )


def _acts_of(known: Known) -> tuple[str | None, ...]:
    return known.acts or (known.facts.get(ACT),)


def _kind_shown(
    finding: Finding, fields: Mapping[tuple[int, str | None], Mapping[str, str]], kinds: RecordKinds
) -> str | None:
    """Give what kind of thing the record of a finding shows in words, where the knowledge of its model does not tell."""
    if finding.category in ITEM_KINDS or finding.role is Role.COMPONENT:
        return finding.category if finding.role is not Role.COMPONENT else None
    told = fields.get((finding.input, finding.locator.sheet), {})
    return kinds.kind_in(finding.record, told)


def _with_their_records(findings: Sequence[Finding]) -> Iterable[tuple[Finding, Sequence[Finding]]]:
    """Give each finding that was not set aside with all of its record.

    In a scan just made those of a record follow each other; what was read from a file may stand in any order.
    """
    if isinstance(findings, tuple):
        records = records_of(findings)
        yield from ((one, records[place_of(one)]) for one in findings if one.ignored is None)
        return
    for _, record in groupby(findings, key=place_of):
        live = [finding for finding in record if finding.ignored is None]
        for finding in live:
            yield finding, live


#: How a thing belongs to a scope, where it is not at it.
_REACHED = {LIST: "in", SUPPLIER: "from", FUND: "paid from"}


def _notes(
    aside: int, same: int, sites: Mapping[str, str], columns: Mapping[str, str], statements: _Statements
) -> Iterable[str]:
    if aside:
        yield f"{aside} findings were set aside by decision and are not put to the law."
    if same:
        yield (
            f"{same} finding{'s are' if same > 1 else ' is'} only the network address of a thing that another record lists "
            "with its maker, and answered as that thing."
        )
    for item, why in statements.overruled.items():
        yield (
            f"“{asks(item.fact)}” is answered with {value_words(shown(item.value))} for {scope_words(str(item.scope))} "
            f"({item.at}), but of some of these things {why}; there it was not used."
        )
    for item in statements.unused():
        if item.scope.kind == "company":
            continue
        hint = ""
        if item.scope.kind == "site":
            column = columns.get(item.scope.name)
            near = get_close_matches(item.scope.name, sites, n=1, cutoff=0.6)
            if column is not None:
                hint = f" The column {column!r} holds that name: say that it is the site, with --map '{column}=site'."
            elif near:
                hint = f" Did you mean {sites[near[0]]!r}?"
        where = f"{_REACHED.get(item.scope.kind, 'at')} {item.scope}"
        yield f"No finding is {where}; what is stated for it was not used ({item.at}).{hint}"


@dataclass(frozen=True, slots=True)
class Ready:
    """Facts that were read and checked, and the law to put findings to."""

    decider: Decider
    stated: Stated

    @classmethod
    def of(
        cls,
        paths: Sequence[str | Path | Source],
        *,
        knowledge: Sequence[str | Path] = (),
        known_as_of: str | date | None = None,
        answers: Sequence[tuple[str, str, str]] = (),
    ) -> Ready:
        """Read files of facts and questionnaires before anything is scanned, so that a slip costs no scan.

        Args:
            answers: given one by one; see `answers_of`.

        Raises:
            CaseError: see `read_stated`.
        """
        decider = open_decider(knowledge, known_as_of)
        told = (decider.law, decider.firms, decider.purposes)
        beside = [answers_of(answers, "the answers", *told)] if answers else []
        return cls(decider, read_stated(paths, *told, beside=beside))

    def with_answers_of(self, scan: Scan, at: str, *, same_contract: bool = False) -> Ready:
        """Add what people stated when the scan was decided, where the files do not speak of the same.

        Args:
            at: names the scan.
            same_contract: see `carried_over`.

        Raises:
            CaseError: E405 when the two contradict each other, E406 when the scan carries what nobody can have stated.
        """
        if scan.decided is None or not (scan.decided.stated or scan.decided.not_known):
            return self
        before = stated_again(scan.decided, self.decider.law, self.decider.firms, self.decider.purposes)
        return replace(self, stated=carried_over(self.stated, before, at, same_contract=same_contract))

    def decide(self, scan: Scan) -> Scan:
        """See `decide_findings`."""
        return decide_findings(scan, self.decider, self.stated)
