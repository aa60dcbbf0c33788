"""Where a question is asked: of the company, a site, things of a kind, or one thing; the widest that one answer can speak of."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Generator, Iterator, Sequence

from proscribe.app.rules.decide import Decider
from proscribe.app.rules.list_acts import list_of
from proscribe.app.rules.positions import holds_in, is_asked_first_of, is_asked_of
from proscribe.app.rules.scopes import (
    ASKED_AGAIN,
    FUND,
    LIST,
    compared,
    names_more,
    site_key,
    sites_in,
    things_shown,
)
from proscribe.app.rules.waiting import STATE, Waiting, asked_in_vain, in_vain
from proscribe.devices.same_thing import BY_ADDRESS, place_of
from proscribe.model.findings import Finding, Role
from proscribe.model.results import Scan
from proscribe.reports.scan.determinations import vendor_tables
from proscribe.rules.acts import ACT, PASSES_ON
from proscribe.rules.purposes import FACT as PURPOSE
from proscribe.rules.whatif import KIND

#: Facts about one thing: another thing of the same kind may differ.
_OF_ONE_THING = frozenset(
    {
        "item.producer", "item.brand", "item.kind", "item.produced_on", "item.model_year",
        "item.risk_class", "use.since",
    }
)  # fmt: skip
#: Facts about a site and what is done there.
OF_THE_SITE = frozenset(
    {"item.purpose", "use.state", "use.place", "site.is_sensitive", "network.generation", "network.segment", "network.link"}
)  # fmt: skip
#: Facts that are mostly one for the company; where they differ, each site is asked.
OF_COMPANY_OR_SITE = frozenset(
    {
        "use.by", "use.supports_federal_contract", "funds.federal_award", "funds.kind", "act.uses_federal_subsidy",
        "network.is_public", "network.vendor_share_percent", "network.is_of_national_interest",
    }
)  # fmt: skip
#: An approval is given for things, not for a company.
_OF_THINGS = frozenset({"approval.granted"})
#: Scopes of an answer about some of the things of a question that was asked of the company.
_OF_SOME = frozenset({"company", LIST, "site", "finding"})
#: So many things without a place are asked about one by one; more of them together first.
_FEW = 3
#: What tells one thing from another of the same kind, and where it stands: things that differ in nothing else are alike.
_OF_THE_PIECE = frozenset(
    {
        "row_id", "serial_number", "mac", "mac_vendor", "hostname", "ip", "asset_tag", "site", "port", "quantity", "amount",
        "unit_cost", "currency", "dated_on", "seen_at", "scan_run", "recorder", "recorder_channel", "order_line", "component_ref",
        "parent_ref", "designators",
    }
)  # fmt: skip
#: Columns that say what the thing of a record is.
NAMES = frozenset({"maker_name", "product_name", "model_number", "part_number"})
#: Facts about the money that pays.
FUNDS = "funds."
#: Words of the name of a site that can say what kind of place it is.
_LETTERS = re.compile(r"[^\W\d_]{3,}")
#: What counts pieces in a text.
_NUMBER = re.compile(r"\d+")
#: What one answer speaks of together, as far as it has to be told from others.
Place = tuple[str, ...]


def is_of_company(fact: str) -> bool:
    """Tell whether a fact may hold for the whole company."""
    of_a_thing = fact in OF_THE_SITE or fact in _OF_THINGS
    return not of_a_thing and (not fact.startswith("item.") or fact in OF_COMPANY_OR_SITE)


def _is_of_a_place(fact: str) -> bool:
    """Tell whether a fact may hold for a whole site."""
    return fact in OF_THE_SITE or fact in OF_COMPANY_OR_SITE or fact.startswith(("use.", "site.", "network."))


def _is_of_the_books(field: str | None, text: str) -> bool:
    """Tell whether a cell of a column that nobody knows is a bare number, as of an invoice or an account."""
    return field is None and not any(one.isalpha() for one in text)


def _kind_of(things: str) -> str:
    """Give the kind of thing of `things:ENTITY/KIND@SITE`; empty for another scope."""
    return things.partition("@")[0].partition("/")[2] if things.startswith("things:") else ""


class Places:
    """Where each fact is asked of the findings that wait.

    Args:
        scan: a decided scan.
        waiting: its findings that wait for something.
    """

    def __init__(self, scan: Scan, decider: Decider, waiting: Sequence[Waiting]) -> None:
        decided = scan.decided
        assert decided is not None
        self._kinds = decider.kinds
        self._purposes = decider.purposes
        self._fields = scan.fields
        self._vendors = vendor_tables(scan)
        self._paths = {one.index: one.path for one in scan.inputs}
        self._narrow: dict[str, set[str]] = {}
        scopes = [item.applies_to.partition(":") for item in decided.stated]
        for item, (kind, _, name) in zip(decided.stated, scopes, strict=True):
            self._narrow.setdefault(item.fact, set()).add(kind)
            if kind == "site":
                self._narrow[item.fact].add(f"site:{site_key(name)}")
        # what was answered of a scope and is still waited for is not settled by that answer: the same question settles it no more
        again = {
            (item.fact, compared(item.applies_to)) for item in decided.not_known if item.note in ASKED_AGAIN
        }
        self._answered = {(item.fact, compared(item.applies_to)) for item in decided.stated} - again
        # a column that holds the name of a fund of which something is stated names funds
        funds = {site_key(name) for kind, _, name in scopes if kind == FUND}
        self._fund_columns = {
            (place_of(one)[:2], column)
            for one in (scan.findings if funds else ())
            for column, text in one.record
            if site_key(text) in funds
        }
        self._in_vain = in_vain(decided)
        # one row asks of things of one kind at every place: in vain of several, it was of all of them together
        kinds = Counter(
            (item.fact, _kind_of(item.applies_to))
            for item in asked_in_vain(decided)
            if item.applies_to.startswith("things:")
        )
        self._joined = {what for what, number in kinds.items() if number > 1}
        # of sites that were asked about together in vain each is asked by itself
        self._apart = {
            site
            for item in asked_in_vain(decided)
            if item.applies_to.startswith("site:") and len(found := sites_in(item.applies_to[5:])) > 1
            for site in found
        }
        self._together = Counter(
            f"things:{things_shown(one.entity, one.category, one.details.site)}" for one in scan.findings
        )
        unplaced = {one.finding.id: one.finding for one in waiting if one.finding.details.site is None}
        self._without_place = Counter(one.category or "" for one in unplaced.values())
        self._sites_alike = self._alike_by_name(waiting)
        self._only_sold = all(one.sold for one in waiting if PURPOSE in dict(one.worth))

    def place(self, fact: str, one: Waiting, *, once: bool = False) -> tuple[Place, str] | None:
        """Give the widest place where a fact has not been asked in vain.

        Args:
            once: look at the widest place alone.
        """
        if (fact, f"finding:{one.finding.id}") in self._in_vain:
            return None  # it was asked of this very thing
        tried: set[str] = set()
        if (fact == ACT and not one.position) or fact == PASSES_ON:
            levels = self._act_levels(fact, one.finding)
        else:
            levels = self._levels(fact, one)
        for place, scope in levels:
            what = (fact, compared(scope))
            if what not in self._in_vain and what not in self._answered and scope not in tried:
                return place, scope
            alone = (fact, _kind_of(scope)) not in self._joined
            if once or (self._together[scope] == 1 and alone):
                return None  # of one thing the narrower question is the same one
            tried.add(scope)
        return None

    def _levels(self, fact: str, one: Waiting) -> Iterator[tuple[Place, str]]:
        """Give where a fact may be asked, the widest first: what one answer speaks of together, and the scope of this thing."""
        if one.position and is_asked_of(fact, one.position):
            yield ("position", one.position), one.position
            return
        finding, narrow = one.finding, self._narrow.get(fact, set())
        by_itself = f"finding:{finding.id}"
        if is_asked_first_of(fact, one.position):
            yield ("position", one.position), one.position
        paid = self.paid(finding) if fact.startswith(FUNDS) else None
        if paid is not None:
            # a site buys with more than one fund, and one fund buys for more than one site
            yield ("paid", fact, paid[1].casefold()), by_itself
            return
        if names_more(finding.details.site):
            yield ("finding", finding.id), by_itself
            return
        if fact == PURPOSE and one.sold and self._only_sold and not narrow - {"company"}:
            # whoever buys uses it: what is sold is for the same mostly
            yield ("company",), "company"
        if fact not in one.shut and fact not in _OF_ONE_THING:
            if (yield from self._wide(fact, one, narrow)):
                return
        elif (
            fact == KIND
            and finding.category is None
            and "finding" not in narrow
            and place_of(finding)[:2] not in self._vendors
        ):
            # things of one firm of which nothing tells more are mostly of one kind; where they differ, each is asked
            things = things_shown(finding.entity, None, finding.details.site)
            yield ("things", "", finding.entity), f"things:{things}"
        left = fact == STATE and finding.role is Role.FORMERLY
        if fact in one.shut and fact not in _OF_ONE_THING and fact != "item.contains_producer" and not left:
            # what is said of the use of things is not said of a list of what is sold: that list is asked about once;
            # whether a thing has left is asked of each, since one may be gone and the next not
            yield ("list", fact, str(finding.input), finding.locator.sheet or ""), by_itself
        product = self.product(finding)
        if product is not None and fact not in OF_THE_SITE:
            # what is asked about a part is asked about the product that holds it, once for all its parts
            yield ("product", *product), by_itself
            return
        described = None if fact in OF_THE_SITE else self._described(finding)
        yield ("finding", finding.id) if described is None else ("described", *described), by_itself

    def _wide(self, fact: str, one: Waiting, narrow: set[str]) -> Generator[tuple[Place, str], None, bool]:
        """Give where a fact may be asked of more than one thing, and whether it is asked nowhere else."""
        finding, by_itself = one.finding, f"finding:{one.finding.id}"
        if is_of_company(fact):
            if not narrow - {"company"} and holds_in(fact, one.position):
                yield ("company",), "company"
            if fact not in OF_COMPANY_OR_SITE and fact.split(".")[0] != "use":
                return True
            some = {name.partition(":")[0] for name in narrow}
            if some - {"company"} and some <= _OF_SOME and (fact, "company") not in self._in_vain:
                # where it was said of some things, of the others it is asked together
                yield ("rest", fact), by_itself
        told = [text.casefold() for _, text in self._kinds.term_cells(fact, finding.record)]
        if told:
            # a column says it in words that are no answer: "4G/5G" is asked apart from what says nothing, at every place
            yield ("told", fact, *told), by_itself
        if _is_of_a_place(fact):
            yield from self._by_place(fact, one, narrow)
            if finding.details.site is None:
                return True
        elif place_of(finding)[:2] not in self._vendors:
            things = f"things:{things_shown(finding.entity, finding.category, finding.details.site)}"
            if "finding" not in narrow:
                yield ("things", finding.category or ""), things
            elif (fact, compared(things)) not in self._in_vain:
                yield ("rest", fact, finding.category or ""), by_itself
        return False

    def _whereabouts(self, finding: Finding) -> tuple[str, ...]:
        """Give list and country of a thing without a site, as far as its record names them."""
        told = self._fields.get((finding.input, finding.locator.sheet), {})
        country = self._kinds.country_told(finding.record, told, finding.details.site)
        return (*map(str, place_of(finding)[:2]), country)

    def _act_levels(self, fact: str, finding: Finding) -> Iterator[tuple[Place, str]]:
        """Give where it may be asked what is done: of the company, then of a list of which what is stated of all is not said."""
        if "company" not in self._narrow.get(fact, ()):
            yield ("company",), "company"
        yield ("of-list", *map(str, place_of(finding)[:2])), list_of(finding, self._paths)

    def _by_place(self, fact: str, one: Waiting, narrow: Container[str]) -> Iterator[tuple[Place, str]]:
        """Give where a fact of a place may be asked: of sites with like names, of a site, of things without one."""
        finding, site = one.finding, one.finding.details.site
        kind = finding.category or ""
        if site is not None:
            name = f"site:{' '.join(site.split())}"
            if any(scope in narrow for scope in ("finding", "things", f"site:{site_key(site)}")):
                if "finding" in narrow and (fact, compared(name)) not in self._in_vain:
                    yield ("rest", fact, site_key(site)), f"finding:{finding.id}"
                return
            alike = self._sites_alike.get(site_key(site)) if fact == PURPOSE else None
            if alike is not None:
                yield ("sites", alike), name
            yield ("site", site_key(site)), name
        elif one.sold or self._without_place[kind] > _FEW:
            # what a place is for does not hang on who made what stands there; another list tells of other places
            yield ("alike", fact, kind, *self._whereabouts(finding)), f"finding:{finding.id}"
        elif fact == STATE:
            yield ("finding", finding.id), f"finding:{finding.id}"
        else:
            # the findings of one record are at one place
            yield ("record", fact, *map(str, place_of(finding))), f"finding:{finding.id}"

    def _alike_by_name(self, waiting: Sequence[Waiting]) -> dict[str, str]:
        """Give what the names of sites have in common of which it is asked what they are for: their kind, else a word.

        Sites of one kind are mostly watched for the same, and one answer speaks of all of them.
        """
        sites = {
            site_key(one.finding.details.site): one.finding.details.site
            for one in waiting
            if one.finding.details.site is not None and PURPOSE in dict(one.worth)
        }
        names = {key: name for key, name in sites.items() if key not in self._apart}
        kinds = {key: [use.id for use in self._purposes.kinds_of_site(name)] for key, name in names.items()}
        alike = {key: found[0] for key, found in kinds.items() if len(found) == 1}
        words = {key: _LETTERS.findall(key) for key in names if not kinds[key]}
        common = Counter(word for found in words.values() for word in set(found))
        for key, found in words.items():
            word = max(found, key=lambda one: (common[one], one), default="")
            if word:
                alike[key] = word
        shared = Counter(alike.values())
        return {key: what for key, what in alike.items() if shared[what] > 1}

    def paid(self, finding: Finding) -> tuple[str, str] | None:
        """Give the column and text that say out of which money a thing was paid; `None` where none does, or two do."""
        told = self._kinds.payer(finding.record)
        here = place_of(finding)[:2]
        found = [one for one in finding.record if (here, one[0]) in self._fund_columns and one[1].strip()]
        return told or (found[0] if len(found) == 1 else None)

    def product(self, finding: Finding) -> tuple[str, ...] | None:
        """Give list and name of the product that holds a part that was found; `None` where its record names none."""
        if finding.role is not Role.COMPONENT:
            return None
        # what the part was found in is the name of the part
        seen = {one.field for one in finding.evidence}
        named = self._kinds.product(one for one in finding.record if one[0] not in seen)
        return None if named is None else (str(finding.input), finding.locator.sheet or "", named)

    def _described(self, finding: Finding) -> tuple[str, ...] | None:
        """Give what a record says of the kind of its thing; `None` where only a number of the piece names it."""
        told = self._fields.get((finding.input, finding.locator.sheet), {})
        said = tuple(
            f"{column}={' '.join(text.split()).casefold()}"
            for column, text in finding.record
            if told.get(column) not in _OF_THE_PIECE
            and text.strip()
            and not _is_of_the_books(told.get(column), text)
        )
        if finding.evidence and all(one.matcher == BY_ADDRESS for one in finding.evidence):
            # addresses of one firm in one list are asked about once at a site: nothing tells their devices apart, the
            # number in "corridor 1" no more than a serial number; the number of a model does
            place = (str(finding.input), finding.locator.sheet or "", site_key(finding.details.site))
            named = {column for column, field in told.items() if field in NAMES}
            alike = (one if one.partition("=")[0] in named else _NUMBER.sub("#", one) for one in said)
            return (finding.entity, *place, *alike)
        seen = {column for column, text in finding.record if told.get(column) not in _OF_THE_PIECE}
        if not any(one.field in seen for one in finding.evidence):
            return None
        # two findings of one record speak of one thing, which is asked about once
        return said or None
