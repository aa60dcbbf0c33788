"""What is known of the thing of each finding, of the scan and of people together: the facts about which the law is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import PurePath
from typing import Any

from proscribe.app.rules.decide import Decider
from proscribe.app.rules.facts_file import Stated
from proscribe.app.rules.list_acts import ListActs, is_corrected, with_act
from proscribe.app.rules.own_facts import Own, kind_shown, own_facts, sold_tables, with_their_records
from proscribe.app.rules.record_kinds import AWARD, NO_KINDS, RecordKinds
from proscribe.app.rules.scopes import FUND, LIST, NO_SITE, SUPPLIER, USED_BY, site_key
from proscribe.app.rules.statements import Statements
from proscribe.devices.passed_on import MayGoOn, may_go_on
from proscribe.devices.same_thing import place_of
from proscribe.model.findings import Band, Finding, Role
from proscribe.model.observations import DECLARED
from proscribe.model.periods import parse_day
from proscribe.model.results import Scan
from proscribe.reports.scan.determinations import vendor_tables
from proscribe.rules.acts import (
    ACT,
    BOTH,
    PASSES_ON,
    PROVIDE,
    USE,
    acts_passed_on,
    is_weighed_for_award,
    side,
)
from proscribe.rules.acts import AWARD as AWARD_ACT
from proscribe.rules.facts import FACTS, PLACE_FACT, asks, scope_words, shown, value_words
from proscribe.rules.purposes import FACT as PURPOSE
from proscribe.rules.purposes import NO_PURPOSES, Purposes, Taken, as_said
from proscribe.wording.shown import counted

#: Acts by which things go to others.
PROVIDING = tuple(one for one in FACTS[ACT].values if one in side(PROVIDE).says)
#: The kind of thing of which readings of a place speak.
_WATCHES = "video_surveillance_equipment"
_SUPPLIER = "vendor_name"
#: Letters of names of sites in one note.
_LONGEST = 600
#: Columns that say what a thing is, who made or sold it, or what its number is: a name of a site there is something else.
_OF_THE_THING = frozenset(
    ["vendor_name", "maker_name", "product_name", "model_number", "part_number", "serial_number", "row_id", "text", "category",
     "asset_tag", "hostname", "note"]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the thing of a finding: of the scan and of people together.

    Attributes:
        withheld: why the scan is not sure of the maker, where nobody stated one; empty when it is.
        acts: the acts about which the law is asked, where they are several; the first is that of the facts, `None` is not known.
        doubtful: whether it is open that the others are done at all, since its list does not tell.
        hangs_on: the fact on which that hangs.
        used: whether its list may be one of what is used: what is only offered stands at no site.
        country: code of the nation in which it stands, as people or its record say; empty where neither does.
    """

    facts: Mapping[str, Any]
    withheld: tuple[str, ...]
    acts: tuple[str | None, ...] = ()
    doubtful: bool = False
    used: bool = True
    country: str = ""
    hangs_on: str = ACT

    @property
    def acts_asked(self) -> tuple[str | None, ...]:
        """Give every act about which the law is asked."""
        return self.acts or (self.facts.get(ACT),)

    @property
    def is_abroad(self) -> bool:
        """Whether it stands in another country than that whose law is asked of it."""
        return self.used and self.country not in ("", self.facts.get(PLACE_FACT, self.country))


def with_named_sites(scan: Scan, stated: Stated) -> Scan:
    """Let findings whose record has no site stand where a column says it of which the facts name a site.

    A column of departments or wings is read as no site; somebody who states facts for one of them has said that it is one: where
    one column of a table alone holds such names, each cell of it is a site. Where two do, only a record with one of the names is.
    """
    named = {item.scope.name for item in stated.statements if item.scope.kind == "site"}
    if not named:
        return scan
    fields = scan.fields

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
        self._statements = Statements(stated)
        self._paths = {one.index: one.path for one in scan.inputs}
        self._called = Counter(PurePath(path).name for path in self._paths.values())
        self._sites: dict[str, str] = {}
        self._named = {item.scope.name for item in stated.statements if item.scope.kind == "site"}
        self._columns: dict[str, str] = {}
        self._given = 0
        self._declared: Counter[str] = Counter()
        self._shapes: dict[Hashable, Known] = {}
        self._tables = scan.tables
        self._acts = ListActs(self._tables.values() if acts_told else ())
        self._acts_told = acts_told

    def __iter__(self) -> Iterator[tuple[Finding, Known]]:
        sold, vendors = sold_tables(self._scan), vendor_tables(self._scan)
        provides = self._statements.company(ACT) in PROVIDING
        probable = self._scan.thresholds_mbit.get(Band.PROBABLE.value)
        fields = {place: table.fields for place, table in self._tables.items()}
        for finding, beside in with_their_records(self._scan.findings):
            self._sites[site_key(finding.details.site)] = finding.details.site or NO_SITE
            self._given += 1
            if self._named and finding.details.site is None:
                cells = ((site_key(text), column) for column, text in finding.record)
                self._columns.update((name, column) for name, column in cells if name in self._named)
            kind = kind_shown(finding, fields, self._kinds)
            place = place_of(finding)[:2]
            told = fields.get(place, {})
            answers, tells = self._acts.of(self._tables.get(place) if self._acts_told else None)
            listed = self._listed(finding, told)
            of_list = self._statements.of_list(listed)
            # a list whose form alone shows what is sold is corrected by what a person says is done with it
            stated = of_list.value if of_list is not None else None
            corrected = is_corrected(self._tables.get(place), stated)
            table = self._tables.get(place)
            declared = self._acts_told and table is not None and table.kind == DECLARED
            goes_on = None if corrected else self._goes_on(finding, answers, stated)
            own = own_facts(
                finding,
                beside,
                sold=place in sold and not corrected,
                offered_from=probable if provides or answers == {PROVIDE} else None,
                kind=kind,
                purposes=self._purposes.in_record(
                    self._kinds.of_use(finding.record, told), finding.category or kind
                ),
                reading=self._reading(finding, kind),
                told=self._told(finding),
            )
            scopes = self._statements.scopes_of(finding, own, listed)
            if place in vendors:
                # a vendor is no thing: what is said of things of one firm at one place is not said of it
                scopes = [scope for scope in scopes if scope[0] != "things"]
            country = self._country(finding, told, scopes, thing=place not in vendors)
            shape = (
                finding.role, country, frozenset(own.facts.items()), frozenset(own.said.items()), own.withheld, own.shut,
                tuple(scopes), answers, tells, declared, corrected,
                None if goes_on is None else (goes_on.by_record, goes_on.said),
            )  # fmt: skip
            known = self._shapes.get(shape)
            if known is None:
                known = self._weighed(
                    own, scopes, answers, goes_on, country, tells=tells, of_list=of_list is not None, corrected=corrected,
                    declared=declared, part=finding.role is Role.COMPONENT,
                )  # fmt: skip
                self._shapes[shape] = known
            if known.doubtful and known.hangs_on == PASSES_ON and goes_on is not None:
                self._acts.note_passed(self._list_name(finding), goes_on)
            self._acts.note(
                self._list_name(finding),
                BOTH if known.hangs_on == PASSES_ON else answers,
                known.acts_asked[:1] if known.hangs_on == PASSES_ON else known.acts_asked,
                self._statements.company(ACT),
                of_list,
                corrected=corrected,
            )
            if known.hangs_on == USED_BY:
                self._declared[self._list_name(finding)] += 1
            if own.said.get(AWARD) and known.facts.get(AWARD):
                paid = self._kinds.payer(finding.record)
                self._awards[paid[1] if paid else ""] += 1
            self._note_terms(finding, known)
            if PURPOSE in own.said and known.facts.get(PURPOSE) == own.said[PURPOSE]:
                self._note_purpose(finding, own.said[PURPOSE])
            yield finding, known

    def _weighed(
        self, own: Own, scopes: list[tuple[str, str]], answers: frozenset[str], goes_on: MayGoOn | None, country: str, *,
        tells: bool, of_list: bool, corrected: bool, declared: bool, part: bool,
    ) -> Known:  # fmt: skip
        """Give what is known of findings of one shape.

        Args:
            own: what its record tells.
            scopes: for which something is stated, and it is one of them.
            goes_on: what tells that it may go on to others.
            tells: whether its list tells what is done with what it lists; `of_list` whether a person does.
            corrected: whether that person says something else than the list.
            declared: whether its list is what others declare of themselves.
            part: whether it is a part of a product.
        """
        facts: Mapping[str, Any] = {
            # every finding carries a sign, which no inquiry clears
            name: value
            for name, value in self._statements.facts_for(scopes, own).items()
            if not name.startswith("inquiry.")
        }
        open_fact = "item.contains_producer" if part else "item.producer"
        acts = self._acts.asked(answers, facts, tells=tells, of_list=of_list, corrected=corrected)
        facts, acts, open_for = self._passed_on(goes_on, facts, acts, scopes)
        hangs_on = ACT if open_for is None else PASSES_ON
        doubtful = not tells if open_for is None else open_for
        if declared and not of_list and is_weighed_for_award(facts):
            acts, hangs_on = (AWARD_ACT,), USED_BY
            doubtful = not self._statements.is_narrow(scopes, USED_BY)
            # who uses what the agency buys says nothing of what an offeror tells of itself
            facts = {name: value for name, value in facts.items() if name != USED_BY or not doubtful}
        facts = with_act(facts, acts[0])
        withheld = own.withheld if open_fact not in facts else ()
        return Known(
            facts,
            withheld,
            acts if len(acts) > 1 else (),
            doubtful,
            USE in answers,
            country,
            hangs_on,
        )

    def _note_purpose(self, finding: Finding, said: Any) -> None:
        words = ", ".join(as_said(said))
        if isinstance(said, Taken):
            site = " ".join((finding.details.site or NO_SITE).split())
            self._taken.setdefault(words, Counter())[site] += 1
        else:
            self._read[words] = self._read.get(words, 0) + 1

    def _goes_on(self, finding: Finding, answers: frozenset[str], of_list: Any) -> MayGoOn | None:
        """Tell whether a thing may go to others, by its record and its list."""
        table = self._tables.get(place_of(finding)[:2])
        if not self._acts_told or table is None:
            return None
        path, sheet = self._paths.get(finding.input, ""), finding.locator.sheet
        return may_go_on(answers, (table.kind, table.kind_seen), path, sheet, finding.record, act=of_list)

    def _passed_on(
        self,
        goes_on: MayGoOn | None,
        facts: Mapping[str, Any],
        acts: tuple[str | None, ...],
        scopes: list[tuple[str, str]],
    ) -> tuple[Mapping[str, Any], tuple[str | None, ...], bool | None]:
        """Give what is known of a thing, the acts asked of it where it may go to others, and whether it is open that it does.

        The last is `None` where nothing hangs on whether it goes to others.
        """
        if goes_on is None:
            return facts, acts, None
        narrow = self._statements.is_narrow(scopes, PASSES_ON)
        told = goes_on.stated(facts.get(PASSES_ON), narrow=narrow)
        if told.said is not facts.get(PASSES_ON):
            # what is said of all does not answer for a record that names a customer, nor for a list that is stated to be used
            facts = {name: value for name, value in facts.items() if name != PASSES_ON}
        asked = acts if told.said is False else acts_passed_on(acts, facts)
        return facts, asked, None if asked == acts else not (told.said and narrow)

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
        for name, count in self._declared.items():
            yield (
                f"{name} is what an offeror declares: {counted(count, 'finding')} there {'bears' if count == 1 else 'bear'} on "
                f"the award. “{asks(USED_BY)}” is asked of that list alone: the offeror, or the Government that is to get it."
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


#: How a thing belongs to a scope, where it is not at it.
_REACHED = {LIST: "in", SUPPLIER: "from", FUND: "paid from"}


def _notes(
    aside: int, same: int, sites: Mapping[str, str], columns: Mapping[str, str], statements: Statements
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
