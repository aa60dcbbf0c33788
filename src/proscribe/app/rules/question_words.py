"""The words of a question: of what it is asked, of which firm, at which place, and which rule asks it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from proscribe.app.rules.asked_where import FUNDS, NAMES, OF_THE_SITE, Place, Places
from proscribe.app.rules.decide import Decider
from proscribe.app.rules.scopes import LIST, NO_SITE, POSITIONS
from proscribe.app.rules.waiting import STATE
from proscribe.devices.same_thing import place_of
from proscribe.model.findings import Band, Finding, Role
from proscribe.model.results import Scan
from proscribe.reports.questions import Question
from proscribe.reports.scan import labels
from proscribe.reports.scan.determinations import VENDORS, vendor_tables
from proscribe.rules.facts import FACTS, PLACE_FACT, scope_words
from proscribe.rules.purposes import FACT as PURPOSE
from proscribe.rules.whatif import starts_of

#: Stands before the name of a list of which something is asked.
_OF_LIST = f"{LIST}:"
_NOTE = "note"
#: Stands before the one of several things that is named.
SUCH_AS = ", such as "
_LONGEST_NAME = 120
_SITES_NAMED = 40
#: Said of a question that one answer settles for several things, by what it is asked of.
_FOR_TOGETHER = {
    "things": "One answer speaks of all {:,}; answer ? where they differ, and each is asked.",
    "site": "One answer speaks of all {:,} sites; answer ? where they differ, and each is asked.",
    "finding": "One answer speaks of all {:,}; where they differ, answer for some of them only, or state each under `findings` "
    "in the facts.",
}
#: What things have in common that are asked about together for another reason than how they are described.
_IN_COMMON = {
    "alike": "of one list, of which no site is told",
    "list": "of one list",
    "rest": "of which it was not said",
}
#: So many things are named in one question; a cell of a workbook holds no more.
_MOST_TOGETHER = 500
#: Findings looked at for the paragraphs that ask.
_MOST_CITED = 50


class QuestionWords:
    """Puts the questions that were chosen of a scan into words."""

    def __init__(self, scan: Scan, decider: Decider, places: Places) -> None:
        self._scan = scan
        self._kinds = decider.kinds
        self._purposes = decider.purposes
        self._places = places
        self._fields = scan.fields
        self._vendors = vendor_tables(scan)
        self._tables = scan.tables

    def rows(
        self, fact: str, place: Place, scopes: Mapping[str, Sequence[Finding]], *, decides: bool
    ) -> list[Question]:
        """Make the rows of one question; a cell names no more than so many things."""
        every = list(scopes.items())
        rows = []
        for start in range(0, len(every), _MOST_TOGETHER):
            members = every[start : start + _MOST_TOGETHER]
            findings = [one for _, found in members for one in found]
            makers = dict.fromkeys(labels.short_name(self._scan, one.entity) for one in findings)
            rows.append(
                _question(
                    "; ".join(scope for scope, _ in members), fact, findings, self._citations(fact, findings),
                    decides=decides, thing=self._named(fact, findings[0]), maker=" and ".join(makers),
                    alike=self._alike(fact, place, findings[0]), readings=self._readings(fact, findings),
                    places=tuple(dict.fromkeys(labels.place(self._scan, one) for one in findings)),
                    asked=self._asked(fact, findings), nations=self._nations(findings),
                )
            )  # fmt: skip
        return rows

    def _asked(self, fact: str, findings: Sequence[Finding]) -> str:
        """Put the question as it is asked in the lists where the things stand, of what was read of them, and of their kinds."""
        spec = FACTS[fact]
        tables = [(place_of(one)[:2], self._tables.get(place_of(one)[:2])) for one in findings]
        # a list that is stated to name vendors and shows things is asked of as one of things
        lists = {
            "" if table is None or (table.kind == VENDORS and place not in self._vendors) else table.kind
            for place, table in tables
        }
        if asked := spec.asked_in(lists):
            return asked
        asked = spec.asked_of(dict.fromkeys(map(self._kind_told, findings)))
        read = {(one.entity, one.role is Role.MADE_BY and one.band is Band.CONFIRMED) for one in findings}
        if spec.as_read and asked == spec.question and read == {(findings[0].entity, True)}:
            return spec.as_read.format(maker=labels.short_name(self._scan, findings[0].entity))
        return asked

    def _nations(self, findings: Sequence[Finding]) -> set[str]:
        """Give the nations whose law was asked about findings; none where one was asked without a nation."""
        decided = self._scan.decided.by_finding if self._scan.decided is not None else {}
        told = {
            dict(decided[one.id].facts).get(PLACE_FACT, "") if one.id in decided else "" for one in findings
        }
        return set() if "" in told else told

    def _kind_told(self, finding: Finding) -> str | None:
        """Give the kind of thing as which a question speaks of a finding; `None` where nobody knows it."""
        told = self._fields.get((finding.input, finding.locator.sheet), {})
        return self._kinds.told_as(finding.record, told, finding.category)

    def _alike(self, fact: str, place: Place, finding: Finding) -> str:
        """Say what things that are asked about together have in common."""
        cell = self._places.paid(finding) if fact.startswith(FUNDS) else None
        if place[0] == "told":
            cell = next(self._kinds.term_cells(fact, finding.record), None)
        if cell is not None:
            return f"with {cell[0]} {cell[1][:_LONGEST_NAME]!r}"
        return _IN_COMMON.get(place[0], "described alike")

    def _readings(self, fact: str, findings: Sequence[Finding]) -> str:
        """Name the readings that a lawyer can take of the one kind of place that the sites are."""
        if fact != PURPOSE:
            return ""
        kinds = [self._purposes.kinds_of_site(one.details.site or "") for one in findings]
        if not kinds[0] or any(found != kinds[0] for found in kinds):
            return ""
        plain = {one.name: one.plain[:1].lower() + one.plain[1:] for one in self._purposes.purposes}
        named = "; ".join(
            f"{reading.name} ({' and '.join(plain.get(one, one) for one in reading.purposes)})"
            for use in kinds[0]
            for reading in use.readings
        )
        return f"A lawyer can take a reading for such a place: {named}."

    def _named(self, fact: str, finding: Finding) -> str:
        """Say which thing is asked about: of a part the product that holds it; of one that only a note names, which it is not."""
        thing = _thing(self._scan, finding)
        if place_of(finding)[:2] in self._vendors:
            return f"what you bought of the vendor in {thing}"
        if finding.role is Role.COMPONENT and fact not in OF_THE_SITE:
            product = self._places.product(finding)
            name = f"{product[-1][:_LONGEST_NAME]}, the product" if product else "the product"
            return f"{name} that holds the part of {thing}"
        told = self._fields.get((finding.input, finding.locator.sheet), {})
        noted = {one.field for one in finding.evidence}
        if fact != STATE or any(told.get(column) != _NOTE for column in noted):
            return thing
        listed = [text for column, text in finding.record if told.get(column) in NAMES and text.strip()]
        if not listed:
            return thing
        where = " and ".join(repr(column) for column in sorted(noted))
        return (
            f"{thing}, which {where} names; not the {', '.join(listed)[:_LONGEST_NAME]} that the record lists"
        )

    def _citations(self, fact: str, findings: Sequence[Finding]) -> tuple[str, ...]:
        decided = self._scan.decided
        assert decided is not None
        rules: dict[str, None] = {}
        duties: dict[str, None] = {}
        for one in findings[:_MOST_CITED]:
            for item in decided.by_finding[one.id].determinations:
                if fact in item.missing or fact in item.open_exceptions:
                    rules.update(dict.fromkeys(item.citations[:1] or (item.regime,)))
                for duty in (*item.possible_obligations, *item.obligations):
                    if fact in duty.missing or fact in starts_of(duty):
                        duties[duty.citation] = None
        return tuple(rules or duties)


def _thing(scan: Scan, finding: Finding) -> str:
    """Say which thing a finding is about: where it stands, its own id, and the strongest texts that were found."""
    ranked = sorted(finding.evidence, key=lambda one: -one.weight_mbit)
    found = list(dict.fromkeys(one.found[:60] for one in ranked))[:2]
    words = labels.place(scan, finding) + (f", id {finding.record_id}" if finding.record_id else "")
    return words + (": " + ", ".join(found) if found else "")


def _question(
    applies: str,
    fact: str,
    findings: Sequence[Finding],
    citations: tuple[str, ...],
    *,
    decides: bool,
    thing: str,
    maker: str,
    alike: str,
    readings: str,
    places: tuple[str, ...],
    asked: str,
    nations: Iterable[str],
) -> Question:
    spec = FACTS[fact]
    first = findings[0]
    kind = applies.partition(":")[0]
    sites = list(dict.fromkeys(one.details.site or NO_SITE for one in findings)) if kind != "company" else []
    more = f" and {len(sites) - _SITES_NAMED:,} more" if len(sites) > _SITES_NAMED else ""
    about = {
        # of a company it is asked what things are for where all of them are sold
        "company": "what you sell" if fact == PURPOSE else "the company",
        "site": ", ".join(" ".join(one.split()) for one in sites[:_SITES_NAMED]) + more,
        "things": f"{(first.category or 'things of unknown kind').replace('_', ' ')} of {maker}",
        "list": f"what {applies.removeprefix(_OF_LIST)} lists",
        "award": scope_words(applies),
        "country": scope_words(applies),
        "finding": thing
        if len(findings) == 1
        else f"each of {len(findings):,} things {alike}{SUCH_AS}{thing}",
    }[kind]
    together = len(sites if kind == "site" else findings)
    hints = dict.fromkeys(text for one in findings for text in one.questions)
    return Question(
        fact=fact,
        applies_to=applies,
        site=""
        if kind in ("company", LIST, *POSITIONS)
        else "several sites"
        if len(sites) > 1
        else first.details.site or NO_SITE,
        about=about,
        question=asked,
        help=" ".join(
            part
            for part in (
                spec.help,
                *(hints if fact in ("item.producer", STATE) else ()),
                readings,
                _FOR_TOGETHER[kind].format(together) if kind in _FOR_TOGETHER and together > 1 else "",
            )
            if part
        ),
        who=spec.who,
        type=spec.type,
        values=spec.values_in(nations),
        asked_by=citations,
        decides=decides,
        findings=tuple(one.id for one in findings),
        entities=tuple(dict.fromkeys(one.entity for one in findings)),
        places=places,
    )
