"""What covered things block and cost, as a service: tables of a folder, a scan and stated facts put to the law and to prices."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING, Any

from proscribe import __version__
from proscribe.app.files import put_text, replacing, write_new
from proscribe.app.rules.decide import Decider, trials_of
from proscribe.app.rules.facts_file import Stated
from proscribe.app.rules.finding_facts import FindingFacts, with_named_sites
from proscribe.app.rules.positions import is_of_position
from proscribe.app.rules.questions import read_scan
from proscribe.app.rules.reach import within_reach
from proscribe.app.rules.scan_decide import Ready, facts_abroad
from proscribe.app.rules.scopes import AWARD, COUNTRY
from proscribe.app.settings.config import FoundConfig
from proscribe.choice import exposure_book
from proscribe.choice import templates as template_tables
from proscribe.choice.asset_rows import choose, place_of, sold_of
from proscribe.choice.exposure import (
    Exposing,
    Judge,
    Thing,
    customers_of,
    narrowing_of,
    over,
    piles_of,
    sums_of,
    totals_of,
    upcoming,
)
from proscribe.choice.exposure_page import page, rule_words, to_table
from proscribe.choice.inputs import read_inputs
from proscribe.choice.known_costs import assumptions_of, public_figures
from proscribe.choice.matters import Matters, There, award_key
from proscribe.choice.prices import Prices, currency_of, with_currencies
from proscribe.choice.records import QUANTITY, Asset, Contract, Inputs
from proscribe.devices.described import RecordNames
from proscribe.kb.costs import PublicFigure
from proscribe.kb.snapshot import open_knowledge
from proscribe.model.customers import Customer
from proscribe.model.errors import error
from proscribe.model.exposure import Exposure, SoldProduct
from proscribe.model.findings import Finding
from proscribe.model.law import Law
from proscribe.model.observations import ReadIssue
from proscribe.model.periods import parse_day
from proscribe.model.results import Scan
from proscribe.model.site_names import SiteNames, place_key
from proscribe.readers.counting import things_counted
from proscribe.readers.issues import issue
from proscribe.reports.scan.labels import short_name
from proscribe.rules.citations import parse
from proscribe.rules.clauses import NoSuchEdition, refuse_editions
from proscribe.rules.facts import WrongValue, clause_of, typed
from proscribe.rules.whatif import deciding

if TYPE_CHECKING:
    from proscribe.choice.exposure import Pile

#: Open questions of which answers are tried, those of the most money first; the others are taken as they stand.
_MOST_TRIED = 40
#: From which age on a rate is named as one that may say another amount than today's.
_RATE_DAYS = 366
#: Rows that a note names.
_NAMED = 5
#: Findings that were not set aside by id, each with its facts for the law.
Known = Mapping[str, tuple[Finding, Mapping[str, Any]]]
#: Formats of `write_exposure`; xlsx is written to a file.
EXPOSURE_FORMATS = ("table", "json", "html", "xlsx")
WORKBOOK = "choice.xlsx"
_FACTS = ("proscribe.facts.yml", "facts.yml")


@dataclass(frozen=True, slots=True)
class Sources:
    """Where things come from, as options and folder name them.

    Attributes:
        folder: holds the tables.
        scan: JSON of the scan.
        facts: files of facts and questionnaires.
        knowledge: a snapshot or source folder, then layers.
        organisation: name of the company.
    """

    folder: Path
    scan: Path
    facts: tuple[Path, ...] = ()
    knowledge: tuple[str, ...] = ()
    organisation: str = ""


@dataclass(slots=True)
class Work:
    """An exposure with what it was made from, for the planner and the matrix.

    Attributes:
        things: what somebody may have to replace.
        sold: what is sold; it stands against contracts, and no plan replaces it.
        matters: what was stated in regard of each award, and in other countries.
    """

    sources: Sources
    exposure: Exposure
    piles: list[Pile]
    inputs: Inputs
    prices: Prices
    decider: Decider
    stated: Stated
    judge: Judge
    scan: Scan
    contracts: tuple[Contract, ...]
    public: tuple[PublicFigure, ...]
    things: list[Thing] = field(default_factory=list)
    sold: list[Thing] = field(default_factory=list)
    sold_piles: list[Pile] = field(default_factory=list)
    matters: Matters = field(default_factory=Matters)

    @property
    def read(self) -> tuple[Path, ...]:
        """The files that it was made from; a sheet is named behind its workbook."""
        tables = {name for place in self.inputs.files for name in (place, place.rpartition("#")[0]) if name}
        places = (self.sources.folder / name for name in sorted(tables))
        return (*places, self.sources.scan, *self.sources.facts)


def find_sources(
    folder: str | Path, *, scan: str | Path | None = None, facts: Sequence[str | Path] = (),
    knowledge: Sequence[str | Path] = (), found: FoundConfig | None = None,
) -> Sources:  # fmt: skip
    """Find the scan and the facts beside the tables, where none are named.

    Args:
        folder: holds the tables.
        scan, facts: what is named instead.
        found: the configuration that applies.

    Raises:
        InputError: E540 when the folder holds no scan, or several.
    """
    place = Path(folder)
    if not place.is_dir():
        raise error("E540.folder", at=place)
    if scan is None:
        scans = _scans_in(place)
        if len(scans) != 1:
            raise error("E540.scan", at=place, found=", ".join(path.name for path in scans[:5]) or "none")
        scan = scans[0]
    if not facts:
        facts = [place / name for name in _FACTS if (place / name).is_file()][:1]
    organisation = found.config.organisation.name if found is not None and found.own else ""
    layers = tuple(str(one) for one in knowledge)
    return Sources(place, Path(scan), tuple(Path(one) for one in facts), layers, organisation)


def _scans_in(place: Path) -> list[Path]:
    return [path for path in sorted(place.glob("*.json")) if path.is_file() and _is_scan(path)]


def _is_scan(path: Path) -> bool:
    with path.open("rb") as stream:
        return b'"proscribe.scan/1"' in stream.read(1 << 16) or b'"proscribe.scan/1"' in _tail(path)


def _tail(path: Path) -> bytes:
    """Give the end of a file: keys are sorted, and `schema` stands late."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        stream.seek(max(0, size - (1 << 20)))
        return stream.read()


def exposure(sources: Sources, *, as_of: date | None = None, currency: str = "") -> Exposure:
    """Say what covered things block and cost, in money.

    Args:
        sources: as `find_sources` gives them.
        as_of: the day on which what depends on no contract is asked; else that of the facts or of the scan.
        currency: of the answer; else the one that most amounts have.

    Raises:
        InputError: E157 for what is no scan, E540 for a folder without tables, or without anything that says the currency.
        CaseError: E401 to E411 when facts are wrong.
    """
    return work_out(sources, as_of=as_of, currency=currency).exposure


def work_out(sources: Sources, *, as_of: date | None = None, currency: str = "") -> Work:
    """Make an exposure and keep what it was made from, for a plan.

    Args:
        sources, as_of, currency: as in `exposure`.

    Raises:
        InputError, CaseError: as in `exposure`.
    """
    scan = read_scan(sources.scan)
    ready = Ready.of(sources.facts, knowledge=sources.knowledge, known_as_of=scan.known_as_of)
    ready = ready.with_answers_of(scan, sources.scan.name)
    ready = replace(ready, stated=within_reach(with_named_sites(scan, ready.stated), ready.stated))
    day = as_of or ready.stated.as_of or parse_day(scan.as_of)
    inputs = read_inputs(sources.folder, ready.decider.law.agencies, day)
    seen = currency_of(inputs)
    code = (currency or (seen[0] if seen else "")).upper()
    if not code:
        raise error("E540.currency", at=sources.folder)
    if len(code) != 3 or not code.isalpha():
        raise error("E540.code", at="--currency", text=code[:20])
    if not currency:
        inputs = with_currencies(inputs, code)
    public = public_figures(open_knowledge(list(sources.knowledge)))
    known = assumptions_of(public)
    prices = Prices(code, inputs.rates, [*inputs.assumptions, *known], day)
    issues = list(inputs.issues)
    notes = [*inputs.notes]
    running = [
        one for one in _checked(inputs.contracts, ready.decider.law, issues) if not over(one, day, notes)
    ]
    contracts = [upcoming(one, day, notes) for one in running]
    told = FindingFacts(
        with_named_sites(scan, ready.stated), ready.stated, ready.decider.kinds, ready.decider.purposes,
        acts_told=False,
    )  # fmt: skip
    rows = {one.finding for one in inputs.assets}
    products = [one for one in sold_of(scan) if one.id not in rows]
    # they are gone through once: what was left out is counted on the way
    facts_of, matters = _known(scan, ready, told, contracts)
    things = list(_things(scan, facts_of, inputs.assets, ready.stated, notes, inputs.progress))
    sold = list(_sold(scan, facts_of, products))
    notes += [*told.notes(), *ready.stated.notes]
    piles = piles_of(things)
    judge = Judge(ready.decider.decide, ready.stated.regimes, ready.decider.law)
    sold_piles = piles_of(sold)
    work = Exposing(
        piles, contracts, judge, prices, day, sources.organisation, sold=sold_piles, matters=matters
    )
    work.run()
    notes = [*only_asked(ready.stated, ready.decider.law), *work.notes, *notes]
    notes += _currencies(seen, prices)
    issues += _old_rates(prices, day)
    made = Exposure(
        day, code, dict(ready.decider.stamp), __version__, tuple(work.lines), sums_of(work.lines),
        totals_of(work.lines), narrowing_of(work.lines, _useful(judge, ready.decider)), tuple(issues),
        tuple(dict.fromkeys(notes)),
        titles=titles_of(ready.decider.law, (one.regime for line in work.lines for one in line.rules)),
        contracts_read=inputs.contracts_read, sold=tuple(_products(scan, products, sold, work.provided)),
        customers=customers_of(work.lines),
    )  # fmt: skip
    return Work(
        sources,
        made,
        piles,
        inputs,
        prices,
        ready.decider,
        ready.stated,
        judge,
        scan,
        tuple(contracts),
        public,
        things,
        sold,
        sold_piles,
        matters,
    )


def _known(
    scan: Scan, ready: Ready, told: FindingFacts, contracts: Sequence[Contract]
) -> tuple[Known, Matters]:
    """Give findings with what is known of each, and what was stated in which position of the company."""
    facts_of: dict[str, tuple[Finding, Mapping[str, Any]]] = {}
    stands: dict[str, str] = {}
    for finding, found in told:
        facts_of[finding.id] = (finding, found.facts)
        if found.is_abroad:
            stands[finding.id] = found.country
    company: dict[str, Any] = {}
    awards: dict[str, dict[str, Any]] = {}
    countries: dict[str, dict[str, Any]] = {}
    for item in ready.stated.statements:
        if item.scope.kind == AWARD:
            awards.setdefault(award_key(item.scope.shown), {})[item.fact] = item.value
        elif item.scope.kind == COUNTRY:
            countries.setdefault(item.scope.name, {})[item.fact] = item.value
        elif item.scope.kind == "company" and is_of_position(item.fact):
            company[item.fact] = item.value
    abroad = {
        id(facts_of[name][1]): There(code, facts)
        for name, code, facts in facts_abroad(scan, ready.decider, ready.stated, stands)
    }
    several = len({award_key(one.number) for one in contracts} | awards.keys()) > 1
    return facts_of, Matters(company, awards, countries, abroad, several)


def titled(law: Law, names: Iterable[str]) -> str:
    """Name rules for people: each by its title, with its id."""
    named = list(names)
    titles = titles_of(law, named)
    return "; ".join(rule_words(titles, name) for name in named)


def titles_of(law: Law, names: Iterable[str]) -> dict[str, str]:
    """Give the titles of rules by id, each once."""
    return {name: law.regimes[name].title for name in sorted(set(names)) if name in law.regimes}


def only_asked(stated: Stated, law: Law) -> Iterator[str]:
    """Say which rules were asked, where people named some of them."""
    if stated.regimes:
        yield (
            f"Only these rules were asked, because the facts name them under `regimes`: {titled(law, stated.regimes)}. "
            "Nothing is said of any other rule; without `regimes` every rule that could bind is asked."
        )


def _currencies(seen: Sequence[str], prices: Prices) -> Iterator[str]:
    if seen:
        yield f"Amounts without a currency are taken to be in {prices.currency}."
    for rate in prices.used:
        by = f", {rate.source}" if rate.source else ""
        yield f"1 {rate.first} is {rate.rate} {rate.second} (rate of {rate.on.isoformat()}{by})."


def _old_rates(prices: Prices, day: date) -> Iterator[ReadIssue]:
    """Name each rate that amounts were converted by and that is older than `_RATE_DAYS` on the day of the answer."""
    for rate in prices.used:
        if (day - rate.on).days > _RATE_DAYS:
            yield issue(
                "E541.rate",
                rate.at,
                first=rate.first,
                second=rate.second,
                rate=rate.rate,
                on=rate.on,
                day=day,
            )


def _checked(contracts: Iterable[Contract], law: Law, issues: list[ReadIssue]) -> Iterator[Contract]:
    """Give contracts whose clauses are clauses; of others a wrong one is named and left out.

    A section of a rule, such as 2 CFR 200.216, that a grant or a licence writes among its clauses is none that the law looks for
    there: it binds by what the award is, and is asked of each.
    """
    asked = {
        parse(text).base
        for rule in law.regimes.values()
        if rule.asked and rule.buyers
        for text in rule.citations
    }
    for one in contracts:
        good = []
        for clause in one.clauses:
            try:
                refuse_editions(typed("contract.clauses", [clause]), law)
                good.append(clause)
            except NoSuchEdition as problem:
                good.append(clause_of(clause)[0])  # the contract has the clause; its edition is not known
                issues.append(issue("E541.edition", one.at, clause=clause[:60], expected=problem.expected))
            except WrongValue as problem:
                if one.kind != "contract" and parse(clause).base in asked:
                    continue
                issues.append(issue("E541.clause", one.at, clause=clause[:60], expected=problem.expected))
        yield one if tuple(good) == one.clauses else _with_clauses(one, tuple(good))


def _with_clauses(contract: Contract, clauses: tuple[str, ...]) -> Contract:

    return replace(contract, clauses=clauses)


def _things(
    scan: Scan,
    known: Known,
    assets: Sequence[Asset],
    stated: Stated,
    notes: list[str],
    progress: Mapping[str, int],
) -> Iterator[Thing]:
    """Join rows of assets with findings: a row without a finding, and a finding without a row, both count."""
    names = _Names(scan)
    aside = {one.id for one in scan.findings} - set(known)
    company = {one.fact: one.value for one in stated.statements if one.scope.kind == "company"}
    unknown: Mapping[str, Any] = {
        name: value for name, value in company.items() if not name.startswith("inquiry.")
    }
    spoken: set[str] = set()
    lost, left = [], 0
    beside = _Beside(scan, assets, progress, names, known)
    for asset in assets:
        if asset.finding in aside:
            left += 1
            continue
        if asset.finding in known:
            finding, facts = known[asset.finding]
            spoken.add(asset.finding)
            filled = _filled(asset, finding, facts, names)
            yield Thing(replace(filled, elsewhere=beside.elsewhere(asset.finding)), facts, asset.finding)
        else:
            lost.append(asset)
            yield Thing(asset, unknown)
    if left:
        notes.append(
            f"{left} rows of assets are of findings that were set aside by decision, and are not counted."
        )
    if lost:
        first = "; ".join(f"{one.at} ({one.item or one.finding or 'no item'})" for one in lost[:5])
        more = f" and {len(lost) - 5} more" if len(lost) > 5 else ""
        notes.append(
            f"{len(lost)} rows of assets name no finding of the scan; nobody knows who made these things, so that they count "
            f"as undetermined: {first}{more}."
        )
    number = len(assets)
    notes += beside.notes()
    # what is sold is no thing to replace, and stands in a table of its own
    no_things = {
        one.finding.id: one.reason for one in choose(scan)[1] if not one.counts and (assets or one.sold)
    }
    loose = [one for identity, one in known.items() if identity not in spoken and identity not in no_things]
    if loose and assets:
        notes.append(
            f"{len(loose)} findings stand in no row of assets; they count with what the scan says of them."
        )
    notes += _not_counted(no_things[name] for name in known if name in no_things and name not in spoken)
    for finding, facts in loose:
        number += 1
        yield Thing(
            _filled(_asset_of(finding, number, scan, names), finding, facts, names), facts, finding.id
        )
    for asset in beside.more(number):
        finding, facts = known[asset.finding]
        yield Thing(_filled(asset, finding, facts, names), facts, asset.finding)


def _sold(scan: Scan, known: Known, products: Iterable[Finding]) -> Iterator[Thing]:
    """Give what is sold as things, each with what is known of it."""
    names = _Names(scan)
    for number, one in enumerate(products, 1):
        if one.id in known:
            item = one.path[0] if one.path else names.of(one)
            asset = replace(_asset_of(one, number, scan, names), id=f"S{number}", item=item, units=None)
            yield Thing(asset, known[one.id][1], one.id)


def _products(
    scan: Scan, products: Iterable[Finding], sold: Iterable[Thing], lines: Mapping[str, Mapping[str, None]]
) -> Iterator[SoldProduct]:
    """Say of what is sold where it stands, what it holds, and which lines it may stand against."""
    things = {one.finding: one.asset for one in sold}
    for one in products:
        if one.id in things:
            asset = things[one.id]
            across = tuple(dict.fromkeys(text for item in one.contains for text in item.across))
            yield SoldProduct(
                one.id, asset.item, asset.at, one.entity, one.band.value, one.path, across, one.questions,
                tuple(lines.get(one.id, ())),
            )  # fmt: skip


def _other_row(reason: str) -> str:
    """Say a reason without the row that it names."""
    return re.sub(r" stands in (?:a|the) row .*", " stands in another row", reason)


def _not_counted(reasons: Iterable[str]) -> Iterator[str]:
    """Say what stands in no row of assets and is no thing to replace; rows of one device are said together."""
    counts = Counter(map(_other_row, reasons))
    for reason, number in counts.items():
        yield f"{number} findings stand in no row of assets and are not counted as things: {reason}."


def _filled(asset: Asset, finding: Finding, facts: Mapping[str, Any], names: _Names) -> Asset:
    """Take site and kind from the scan, and the kind from what people stated, where the row is silent."""
    return replace(
        asset,
        site=asset.site or finding.details.site or "",
        category=asset.category or finding.category or str(facts.get("item.kind", "")),
        item=asset.item or names.of(finding),
    )


class _Names:
    """Names things of a scan for whoever prices them: brand or maker once, and model, or what the record calls it."""

    def __init__(self, scan: Scan) -> None:
        self._scan = scan
        self._told = RecordNames(scan)

    def place(self, finding: Finding) -> str:
        """Give where the record of a thing puts it, in a column that is no site of its own, such as a region."""
        return self._told.place(finding)[:200]

    def fields_of(self, finding: Finding) -> Mapping[str, str]:
        """Give the field of each column of the table in which a finding stands."""
        return self._told.fields_of(finding)

    def of(self, finding: Finding) -> str:
        """Name a thing: `Hikvision DS-2CD2347G2-LU`, `Lorex N863A63B`, `ABUS dome at the gate`."""
        maker = finding.brand or short_name(self._scan, finding.entity)
        told = self._told.of(finding) or next((one.found for one in finding.evidence), "")
        return (told if maker.casefold() in told.casefold() else f"{maker} {told}".strip())[:200]


def _last_day(scan: Scan, finding: Finding) -> date | None:
    """Give the first last day that the law set for a thing, passed or to come; `None` where it set none."""
    decision = scan.decided.by_finding.get(finding.id) if scan.decided is not None else None
    days = (one.until or one.ended for one in (decision.determinations if decision is not None else ()))
    return min(filter(None, days), default=None)


def _asset_of(finding: Finding, number: int, scan: Scan, names: _Names) -> Asset:
    """Make a row of assets of a finding, from what its record says; the price paid once is no price of replacement."""
    paths = {one.index: one.path for one in scan.inputs}
    details = finding.details
    cells = [(cell[0], cell[-1]) for cell in finding.record]
    units = things_counted(cells, names.fields_of(finding), details.quantity)
    sheet = f"#{finding.locator.sheet}" if finding.locator.sheet else ""
    at = f"{paths.get(finding.input, '?')}{sheet}, {finding.locator.words}"
    return Asset(
        f"A{number}", at, finding.id, names.of(finding), units, details.site or "", finding.category or ""
    )


class _Beside:
    """Holds rows of assets against the findings that they name: what the scan says otherwise counts beside the rows."""

    def __init__(
        self,
        scan: Scan,
        assets: Iterable[Asset],
        progress: Mapping[str, int],
        names: _Names,
        known: Mapping[str, Any],
    ) -> None:
        self._rows: dict[str, list[Asset]] = defaultdict(list)
        for asset in assets:
            if asset.finding in known:
                self._rows[asset.finding].append(asset)
        self._seen = {name: _asset_of(known[name][0], 0, scan, names) for name in self._rows}
        self._progress = progress
        self._sites = {
            name: SiteNames(one.site for one in rows if one.site) for name, rows in self._rows.items()
        }

    def elsewhere(self, finding: str) -> str:
        """Give the site of the scan where no row of the finding bears it, and each bears another."""
        site = self._seen[finding].site
        told = self._sites[finding].names
        return (
            site
            if site and place_key(site) not in told and all(one.site for one in self._rows[finding])
            else ""
        )

    def _lacking(self, finding: str) -> int:
        """Give how many pieces more than its rows hold, and than are replaced, the scan says."""
        units = [one.units for one in self._rows[finding]]
        seen = self._seen[finding].units
        if seen is None or None in units:
            return 0
        return max(0, seen - sum(one or 0 for one in units) - self._progress.get(finding, 0))

    def more(self, number: int) -> Iterator[Asset]:
        """Give a row for the pieces that only the scan says are there, priced like the first row of the finding."""
        for finding, rows in self._rows.items():
            lacking = self._lacking(finding)
            if lacking:
                number += 1
                seen = self._seen[finding]
                yield replace(
                    rows[0], id=f"A{number}", at=seen.at, units=lacking, site=seen.site or rows[0].site, book_value=None,
                    doubtful=QUANTITY,
                )  # fmt: skip

    def notes(self) -> Iterator[str]:
        """Name the rows that say otherwise than the scan."""
        fewer = [
            f"{rows[0].at}: {sum(one.units or 0 for one in rows):,} pieces, in the scan {self._seen[name].units:,}"
            for name, rows in self._rows.items()
            if self._lacking(name)
        ]
        moved = [
            f"{rows[0].at}: {rows[0].site}, in the scan {self._seen[name].site}"
            for name, rows in self._rows.items()
            if self.elsewhere(name) and not self._sites[name].like(self._seen[name].site)
        ]
        if fewer:
            yield f"Rows of assets with fewer pieces than the scan found; the others count in the second column: {_first(fewer)}."
        if moved:
            yield f"Rows of assets at another site than in the scan, where they count in the second column: {_first(moved)}."


def _first(named: Sequence[str]) -> str:
    more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
    return "; ".join(named[:_NAMED]) + more


def _kind_decided(scan: Scan, finding: Finding) -> str:
    """Give the kind on which a finding was decided when it was scanned."""
    decision = scan.decided.by_finding.get(finding.id) if scan.decided is not None else None
    return dict(decision.facts).get("item.kind", "") if decision is not None else ""


def _useful(judge: Judge, decider: Decider) -> dict[str, bool]:
    """Try answers: which missing facts change an outcome at all. What was not tried is not in it."""
    trials = trials_of(decider)
    made: dict[str, bool] = {}
    tried = 0
    whole: set[str] = set()
    for case, result in judge.open_cases():
        names = list(deciding(case, result))
        if tried >= _MOST_TRIED:
            whole.update(names)
            continue
        tried += 1
        for name in names:
            made[name] = made.get(name, False) or trials.worth(case, result, name).changes
    return {name: worth for name, worth in made.items() if worth or name not in whole}


@dataclass(frozen=True, slots=True)
class Templates:
    """Tables that were written.

    Attributes:
        scan: the scan that they were filled from; `None` where there was none.
        rows: of assets.
        left: findings that became no row, by reason.
    """

    files: tuple[Path, ...]
    scan: Path | None
    rows: int
    left: Mapping[str, int]


def templates(
    folder: str | Path, scan: str | Path | None = None, *, knowledge: Sequence[str | Path] = (),
    found: FoundConfig | None = None, separate: bool = False,
) -> list[Path]:  # fmt: skip
    """Write the tables to fill in, as `make_templates` does, and give the files.

    Args:
        folder, scan, knowledge, found, separate: as there.

    Raises:
        InputError, CaseError: as there.
    """
    return list(make_templates(folder, scan, knowledge=knowledge, found=found, separate=separate).files)


def make_templates(
    folder: str | Path, scan: str | Path | None = None, *, knowledge: Sequence[str | Path] = (),
    found: FoundConfig | None = None, separate: bool = False,
) -> Templates:  # fmt: skip
    """Write the tables to fill in, with what a scan and the configuration know already; no file is written over.

    Args:
        folder: where to; it is made where it is missing.
        knowledge: a snapshot or source folder, then layers.
        found: the configuration that applies.
        scan: JSON of a scan, whose findings become rows of assets, one for each device; the others are named with the reason;
            without one that in the folder.
        separate: a CSV file for each table instead of one workbook.

    Raises:
        InputError: E157 for what is no scan, E540 where several lie in the folder.
        CaseError: E486 when a file of that name is there.
    """
    place = Path(folder)
    if scan is None:
        scans = _scans_in(place)
        if len(scans) > 1:
            raise error("E540.scan", at=place, found=", ".join(path.name for path in scans[:5]))
        scan = scans[0] if scans else None
    read = None if scan is None else read_scan(Path(scan))
    assets: list[tuple[Asset, tuple[str, ...]]] = []
    left: list[tuple[str, ...]] = []
    if read is not None:
        chosen, others = choose(read)
        names = _Names(read)
        for number, one in enumerate(chosen, start=1):
            trace = (one.finding.record_id or "", *place_of(read, one.finding), one.note)
            asset = _asset_of(one.finding, number, read, names)
            kind = asset.category or _kind_decided(read, one.finding)
            site, due_on = asset.site or names.place(one.finding), _last_day(read, one.finding)
            assets.append((replace(asset, category=kind, site=site, due_on=due_on), trace))
        left = [
            (one.finding.id, names.of(one.finding), one.finding.record_id or "", *place_of(read, one.finding), one.reason)
            for one in others
        ]  # fmt: skip
    own = found.config if found is not None and found.own else None
    contracts = [
        Contract(
            f"C{number}",
            "",
            one.number,
            customer=Customer(one.agency, one.agency),
            clauses=tuple(one.clauses),
            awarded_on=one.awarded_on,
        )
        for number, one in enumerate(own.contracts if own else (), start=1)
    ]
    rows = template_tables.rows_of(assets, contracts, own.organisation.name if own else "")
    place.mkdir(parents=True, exist_ok=True)
    if separate:
        contents = template_tables.write_csv(rows, left)
    else:
        with TemporaryDirectory(prefix="proscribe-") as temporary:
            book = Path(temporary, WORKBOOK)
            template_tables.write_workbook(book, rows, public_figures(open_knowledge(list(knowledge))), left)
            contents = {WORKBOOK: book.read_bytes()}
    for name, content in contents.items():
        write_new(place / name, content)
    reasons = Counter(_other_row(reason) for *_, reason in left)
    return Templates(
        tuple(place / name for name in contents), None if scan is None else Path(scan), len(assets), reasons
    )


def write_exposure(work: Work, name: str, target: str | Path | IO[str]) -> None:
    """Write an exposure in one of `EXPOSURE_FORMATS`: to a path, or text to an open stream.

    Raises:
        EnvironmentProblem: E510 when the target cannot be written.
    """
    if name == "xlsx":
        with replacing(Path(str(target))) as place:
            exposure_book.write_workbook(work.exposure, place)
        return
    text = {"json": to_json, "html": lambda made: page(made, work.public), "table": to_table}[name]
    put_text([text(work.exposure)], target)


def to_json(made: Exposure) -> str:
    """Write the answer as JSON, byte-identical for the same inputs, knowledge and days."""
    return json.dumps(made.to_json(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
