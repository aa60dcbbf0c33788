"""Load the law from parsed documents, and check every reference."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from proscribe.model.agencies import Agencies, build, spellings
from proscribe.model.decisions import Outcome, Signing
from proscribe.model.law import (
    Caution,
    Clause,
    DatedCitation,
    DeadlineSpec,
    Definition,
    DefinitionRef,
    Edition,
    Exception_,
    Expression,
    FactTest,
    Law,
    ObligationSpec,
    OpenPoint,
    Outside,
    Reading,
    Regime,
    Replacement,
    Requirement,
    Rule,
    StancePeriod,
    WaiverSpec,
)
from proscribe.model.periods import Period, parse_day
from proscribe.rules.citations import Citation
from proscribe.rules.citations import parse as parse_citation
from proscribe.rules.denials import DOCUMENT as DENIALS
from proscribe.rules.denials import denials_of
from proscribe.rules.expressions import BadExpression, period_of, reading_named, walk
from proscribe.rules.facts import ACTS, FACTS, READINGS, nearest
from proscribe.rules.law_records import LawFiles, LawRecord

KINDS = (
    "prohibition", "advice", "approval", "waiver", "clause", "list", "proposal", "pointer", "definitions",
)  # fmt: skip
STANCES = ("ban", "phase_out", "restrict", "conditional_approval", "discouraged", "considered", "none")
OBLIGATION_KINDS = (
    "represent", "disclose", "report", "supplement", "remove", "flow_down", "do_not_flow_down", "notify_congress",
    "notify_odni_fasc", "review_sam", "seek_approval", "notify", "inquire",
)  # fmt: skip
UNITS = ("hour", "day", "business_day", "month")
DATES = ("introduced", "proposed", "announced", "adopted", "enacted", "signed", "published")
_RULE_OUTCOMES = (
    Outcome.PROHIBITED, Outcome.APPROVAL_REQUIRED, Outcome.DISCOURAGED, Outcome.EXCEPTED, Outcome.WAIVED, Outcome.NOT_COVERED,
)  # fmt: skip
_EFFECTS = (
    Outcome.EXCEPTED, Outcome.NOT_COVERED, Outcome.PERMITTED_UNTIL, Outcome.DISCOURAGED, Outcome.APPROVAL_REQUIRED,
)  # fmt: skip
_RECORD_ID = re.compile(r"[a-z0-9][a-z0-9.-]*/[a-z0-9][a-z0-9.-]*(?:@[0-9]+)?")
_DAY = re.compile(r"\b(\d{4}-\d{2}-\d{2})\b")
_SECTIONS = (
    "defaults",
    "definitions",
    "rules",
    "exceptions",
    "waivers",
    "clauses",
    "obligations",
    "citations",
)


class Knowledge(Protocol):
    """A snapshot, as far as the law is concerned; what it holds does not change."""

    def documents(self, prefix: str = "") -> Mapping[str, Any]:
        """Give every document whose path begins with `prefix`, by path."""
        ...


_laws: WeakKeyDictionary[Knowledge, Law] = WeakKeyDictionary()


def law_in(knowledge: Knowledge) -> Law:
    """Give the law of a snapshot, loaded once for whatever asks.

    Raises:
        RuleError: as for `load`.
    """
    law = _laws.get(knowledge)
    if law is None:
        law = _laws[knowledge] = load(documents_of(knowledge))
    return law


def documents_of(knowledge: Knowledge) -> dict[str, Any]:
    """Give the documents of which `load` builds the law, by path."""
    return {**knowledge.documents("regimes/"), **knowledge.documents(DENIALS)}


def load(documents: Mapping[str, Any], *, prefix: str = "regimes/") -> Law:
    """Build the law from parsed documents.

    Args:
        documents: path to content, as a snapshot gives them: `regimes/us-889-b/regime`, `.../rules`, `.../cases`, and
            Markdown texts as `.../text/sec-889.md`, and `vocab/denials`. Everything else is ignored.
        prefix: what comes before the regime's name.

    Raises:
        RuleError: E301 when a record has another shape, E302 when it names something that does not exist, E303 when
            an id is used twice, E304 when an expression is not of the vocabulary.
    """
    return _Loader(documents, prefix).run()


class _Loader(LawFiles):
    def __init__(self, documents: Mapping[str, Any], prefix: str) -> None:
        super().__init__(documents, prefix)
        self.regimes: dict[str, Regime] = {}
        self.rules: dict[str, list[Rule]] = {}
        self.definitions: dict[str, Definition] = {}
        self.exceptions: dict[str, Exception_] = {}
        self.waivers: dict[str, list[WaiverSpec]] = {}
        self.clauses: dict[str, Clause] = {}
        self.obligations: dict[str, list[ObligationSpec]] = {}
        self.cases: dict[str, Any] = {}
        self.seen: dict[str, str] = {}
        self.dated: dict[str, DatedCitation] = {}
        self.agencies = Agencies()

    # Reading

    def run(self) -> Law:
        own = {
            path.removeprefix(self.prefix): content
            for path, content in sorted(self.documents.items())
            if path.startswith(self.prefix) and "/" in path.removeprefix(self.prefix)
        }
        self.read_agencies()
        for path, content in own.items():
            name, _, rest = path.partition("/")
            if rest == "regime":
                self.read_regime(name, path, content)
            elif rest == "rules":
                self.read_rules(name, path, content)
            elif rest == "cases":
                self.cases[name] = content
        self.check()
        own["quotations"] = self.quotations
        own["agencies"] = self.documents.get(f"{self.prefix}agencies")
        own["denials"] = self.documents.get(DENIALS)
        texts = json.dumps(own, sort_keys=True, ensure_ascii=False, default=str)
        return Law(
            MappingProxyType(self.regimes),
            MappingProxyType({name: tuple(rules) for name, rules in self.rules.items()}),
            MappingProxyType(self.definitions),
            MappingProxyType(self.exceptions),
            MappingProxyType({name: tuple(items) for name, items in self.waivers.items()}),
            MappingProxyType(self.clauses),
            MappingProxyType({name: tuple(items) for name, items in self.obligations.items()}),
            hashlib.sha256(texts.encode()).hexdigest(),
            MappingProxyType(self.cases),
            MappingProxyType(self.citable()),
            MappingProxyType(self.known_from()),
            self.agencies,
            denials_of(self.documents),
        )

    def read_agencies(self) -> None:
        """Read which agencies there are and how they are written; nothing where the knowledge holds none."""
        raw = self.documents.get(f"{self.prefix}agencies")
        if raw is None:
            return
        table = LawRecord(self, "agencies", "", raw, {})
        table.only("defaults", "agencies")
        rows: list[tuple[str, str, tuple[str, ...]]] = []
        for row in table.records("agencies"):
            row.only("agency", "part_of", "names", "recalled", "within")
            read = {key: row.texts(key) for key in ("names", "recalled", "within")}
            identity = row.text("agency")
            rows.append((identity, row.text("part_of", ""), spellings({"agency": identity, **read})))
        known = {identity for identity, _, _ in rows}
        for identity, above, _ in rows:
            if above and above not in known:
                raise table.fail(f"{identity!r} is part of {above!r}, which is no agency here", code="E302")
        self.agencies = build(rows)

    def known_from(self) -> dict[str, date]:
        """Find for every citation of a record the first day on which it could be named.

        The day given under `citations` for it, or for what holds it, decides; then a day in its own name, as in `PTS decision
        (2020-10-20)`. For others it is derived: an act is known from the first date of its regime (proposed, enacted, published);
        a later instrument that a rule cites beside it, from the day on which that rule is in force.
        """
        found = self._derived_days()
        for text in found:
            day = self._published_on(parse_citation(text)) or _named_day(text)
            if day is not None:
                found[text] = day
        return {text: day for text, day in found.items() if day > date.min}

    def _derived_days(self) -> dict[str, date]:
        """Give each citation the first day that its records tell; the first day of all where they tell none."""
        found: dict[str, date] = {}

        def known(texts: Iterable[str], days: Iterable[date]) -> None:
            day = min(days, default=date.min)
            for text in filter(None, texts):
                found[text] = min(day, found.get(text, day))

        for name, rules in self.rules.items():
            dates = self._days_of(name)
            regime = self.regimes.get(name)
            named = (*(regime.citations[:1] if regime else ()), *(one.citation for one in rules[:1]))
            own = {parse_citation(text).base for text in named}
            for rule in rules:
                starts = [period.start or date.min for period in rule.in_force]
                for text in (rule.citation, *rule.also):
                    acts = dates if rule is rules[0] or parse_citation(text).base in own else []
                    known([text], [*starts, *acts])
        held: list[tuple[str, Definition | Exception_ | WaiverSpec]] = [
            *self.definitions.items(),
            *self.exceptions.items(),
            *((one.id, one) for ones in self.waivers.values() for one in ones),
        ]
        for identity, one in held:
            name = identity.partition("/")[0]
            regime = self.regimes.get(name)
            first = [period.start for period in regime.in_force if period.start] if regime else []
            known((one.citation, *one.also), self._days_of(name) or first)
        return found

    def _days_of(self, name: str) -> list[date]:
        regime = self.regimes.get(name)
        return [] if regime is None else list(regime.dates.values())

    def _published_on(self, cited: Citation) -> date | None:
        """Give the day of the most special provision under `citations` that holds one and has a day, or of its family."""
        depths = range(len(cited.paragraphs), -1, -1)
        names = [str(Citation(cited.base, cited.paragraphs[:depth])) for depth in depths]
        for name in (*names, cited.base.split(" ", 1)[0]):
            given = self.dated.get(name)
            if given is not None and given.published_on is not None:
                return given.published_on
        return None

    def citable(self) -> dict[str, DatedCitation]:
        """Find for every citation of a record the most special provision whose days are given."""
        texts = [
            *(text for rules in self.rules.values() for one in rules for text in (one.citation, *one.also)),
            *(text for one in self.definitions.values() for text in (one.citation, *one.also)),
            *(text for one in self.exceptions.values() for text in (one.citation, *one.also)),
            *(text for held in self.waivers.values() for one in held for text in (one.citation, *one.also)),
        ]
        found = {}
        for text in dict.fromkeys(filter(None, texts)):
            cited = parse_citation(text)
            for depth in range(len(cited.paragraphs), -1, -1):
                name = str(Citation(cited.base, cited.paragraphs[:depth]))
                if name in self.dated:
                    found[text] = self.dated[name]
                    break
            else:
                family = cited.base.split(" ", 1)[0]
                if family in self.dated:
                    found[text] = self.dated[family]
        return found

    def read_regime(self, name: str, file: str, raw: Any) -> None:
        record = LawRecord(self, file, "", raw, {})
        record.only(
            "regime", "title", "jurisdiction", "kind", "instrument", "citations", "authority", "binding", "summary",
            "asked", "dates", "in_force", "ended", "stance", "stances", "asked_when", "verified_on", "notes", "defaults",
            "watch", "review_days", "signing", "forbids", "buyers", "names_also",
        )  # fmt: skip
        if record.text("regime") != name:
            raise self.fail(file, "regime", f"the regime is {record.text('regime')!r}", name)
        kind = record.choice("kind", KINDS)
        dates = {}
        for key, value in record.mapping("dates").items():
            if key not in DATES:
                raise self.fail(file, "dates", f"no date {key!r}", ", ".join(DATES))
            dates[key] = record.day_in(value, f"dates.{key}")
        in_force = record.periods("in_force") or ()
        jurisdiction = record.text("jurisdiction")
        citations = record.texts("citations")
        stances: list[StancePeriod] = []
        if record.raw.get("stances"):
            for part in record.records("stances"):
                part.only("stance", "from", "to", "citation", "note", "title")
                period = period_of({key: part.raw.get(key) for key in ("from", "to")}, ())
                cited = part.text("citation", "") or (citations[0] if citations else "")
                stances.append(StancePeriod(part.choice("stance", STANCES), period, cited))
        else:
            stance = record.choice("stance", STANCES, "none")
            stances = [StancePeriod(stance, period, citations[0] if citations else "") for period in in_force]
        ended = record.raw.get("ended")
        signing, signed_when = self._signing(record)
        self.regimes[name] = Regime(
            name,
            record.text("title"),
            jurisdiction,
            kind,
            record.text("instrument", ""),
            citations,
            record.text("authority", ""),
            record.text("binding", "yes"),
            record.text("summary", ""),
            record.flag("asked", kind not in ("clause", "list", "pointer", "definitions")),
            MappingProxyType(dates),
            in_force,
            None if ended is None else record.day_in(ended, "ended"),
            tuple(stances),
            record.expression("asked_when") if "asked_when" in record.raw else None,
            record.day("verified_on"),
            record.text("notes", ""),
            record.provenance(),
            record.texts("watch"),
            record.count("review_days", 180),
            signing,
            signed_when,
            self._forbidden(record),
            self._buyers(record),
            record.texts("names_also"),
        )

    def _buyers(self, regime: LawRecord) -> str:
        """Read whose contracts a regime is about: an agency that the knowledge holds."""
        agency = regime.text("buyers", "")
        if agency and not self.agencies.meant(agency):
            raise regime.fail(f"buyers: {agency!r} is no agency here", code="E302")
        return agency

    def _forbidden(self, regime: LawRecord) -> Mapping[str, str]:
        """Read what a regime forbids: one text whatever the act, or one by act."""
        if not isinstance(regime.raw.get("forbids"), Mapping):
            text = regime.text("forbids", "")
            return MappingProxyType({"": text} if text else {})
        record = LawRecord(self, regime.file, "forbids", regime.mapping("forbids"), {})
        record.only(*ACTS)
        return MappingProxyType({act: record.text(act) for act in record.raw})

    def _signing(self, regime: LawRecord) -> tuple[Signing | None, Expression | None]:
        if "signing" not in regime.raw:
            return None, None
        record = LawRecord(self, regime.file, "signing", regime.mapping("signing"), {})
        record.only("denies", "admits", "when")
        return Signing(record.text("denies"), record.text("admits")), record.expression("when")

    def read_rules(self, name: str, file: str, raw: Any) -> None:
        if raw is None:
            return
        if not isinstance(raw, Mapping):
            raise self.fail(file, "", "rules.yml is a mapping of sections", ", ".join(_SECTIONS))
        for key in raw:
            if key not in _SECTIONS:
                near = nearest(str(key), _SECTIONS)
                raise self.fail(
                    file, str(key), f"no section {key!r}" + (f"; did you mean {near!r}?" if near else "")
                )
        defaults = raw.get("defaults") or {}
        readers: dict[str, Callable[[str, LawRecord], None]] = {
            "definitions": self.read_definition,
            "rules": self.read_rule,
            "exceptions": self.read_exception,
            "waivers": self.read_waiver,
            "clauses": self.read_clause,
            "obligations": self.read_obligation,
            "citations": lambda _, record: self.read_citation(record),
        }
        for section, reader in readers.items():
            items = raw.get(section) or []
            if not isinstance(items, list):
                raise self.fail(file, section, "a section is a list of records")
            for place, item in enumerate(items):
                record = LawRecord(self, file, f"{section}[{place}]", item, defaults)
                if section == "citations":
                    self.read_citation(record)
                    continue
                identity = record.text("id")
                if section != "clauses" and not _RECORD_ID.fullmatch(identity):
                    raise self.fail(
                        file, record.where, f"the id {identity!r} has another form", "regime/name@version"
                    )
                if identity in self.seen:
                    raise self.fail(file, record.where, f"the id {identity!r} is used twice", code="E303")
                self.seen[identity] = file
                record.where = identity
                reader(name, record)

    def read_citation(self, record: LawRecord) -> None:
        """Read when a provision can be cited."""
        record.only("citation", "in_force", "clause", "editions", "when", "published_on")
        clause = record.text("clause", "")
        if clause:
            self.references.append(("clause", clause, record.file, record.where))
        name = str(parse_citation(record.text("citation")))
        if name in self.dated:
            raise self.fail(record.file, record.where, f"{name} is dated twice", code="E303")
        periods = record.periods("in_force")
        self.dated[name] = DatedCitation(
            (Period(None, None),) if periods is None else periods,
            clause,
            record.texts("editions"),
            record.expression("when") if "when" in record.raw else None,
            parse_day(record.day("published_on")) if "published_on" in record.raw else None,
        )

    def read_definition(self, name: str, record: LawRecord) -> None:
        record.only("id", "title", "citation", "also", "text", "when")
        identity = record.text("id")
        self.definitions[identity] = Definition(
            identity,
            record.text("title"),
            record.text("citation", ""),
            record.texts("also"),
            record.excerpt(name),
            record.expression("when"),
            record.provenance(),
            record.words(),
        )

    def read_rule(self, name: str, record: LawRecord) -> None:
        record.only(
            "id", "title", "citation", "also", "text", "because", "in_force", "outcome", "until", "until_note", "when",
            "unless", "requirements", "readings", "outside", "cautions", "silent_without",
        )  # fmt: skip
        outcome = Outcome(record.choice("outcome", [item.value for item in _RULE_OUTCOMES]))
        until = record.raw.get("until")
        if until is not None and outcome is not Outcome.PROHIBITED:
            raise self.fail(record.file, record.where, "'until' belongs to the outcome prohibited")
        silent_without = record.texts("silent_without")
        if silent_without and (outcome is not Outcome.EXCEPTED or not FACTS.keys() >= {*silent_without}):
            raise self.fail(
                record.file, record.where, "'silent_without' names facts, and belongs to the outcome excepted"
            )
        requirements = []
        for part in record.records("requirements"):
            part.only("title", "citation", "needs", "unshown")
            requirements.append(
                Requirement(
                    part.text("title"),
                    part.text("citation", record.text("citation")),
                    part.expression("needs"),
                    Outcome(part.choice("unshown", ["prohibited", "undetermined"], "prohibited")),
                )
            )
        if (outcome is Outcome.WAIVED) != bool(requirements):
            raise self.fail(
                record.file, record.where, "requirements belong to the outcome waived, and it needs them"
            )
        readings = []
        for part in record.records("readings"):
            part.only("question", "answer", "why", "source", "locator")
            readings.append(
                Reading(
                    part.text("question"), part.text("answer"), part.text("why", ""), part.text("source", "")
                )
            )
        unless = record.texts("unless")
        for exception in unless:
            self.references.append(("exception", exception, record.file, record.where))
        in_force = record.periods("in_force")
        if in_force is None:
            raise self.fail(
                record.file,
                record.where,
                "a rule says when it is in force",
                "in_force: [{from: ..., to: ...}]",
            )
        by_fact = str(until) if str(until) in FACTS and FACTS[str(until)].type == "date" else ""
        when = record.expression("when")
        if by_fact and not any(isinstance(node, FactTest) and node.fact == by_fact for node in walk(when)):
            raise self.fail(
                record.file,
                record.where,
                f"'until' names {by_fact}, which 'when' does not ask",
                f"a test of {by_fact}",
            )
        rule = Rule(
            record.text("id"),
            name,
            record.text("title"),
            record.text("citation"),
            record.texts("also"),
            record.excerpt(name),
            record.text("because", ""),
            in_force,
            outcome,
            None if until is None or by_fact else record.day_in(until, "until"),
            when,
            unless,
            tuple(requirements),
            tuple(readings),
            record.provenance(),
            by_fact,
            record.words(),
            tuple(map(_outside, record.records("outside"))),
            tuple(self._caution(part) for part in record.records("cautions")),
            silent_without,
        )
        self.rules.setdefault(name, []).append(rule)

    def _caution(self, part: LawRecord) -> Caution:
        part.only("says", "when", "on_outcome")
        when = part.expression("when") if "when" in part.raw else None
        known = [item.value for item in Outcome]
        for text in part.texts("on_outcome"):
            part.choice_in(text, known, "on_outcome")
        return Caution(part.text("says"), when, tuple(Outcome(text) for text in part.texts("on_outcome")))

    def read_exception(self, name: str, record: LawRecord) -> None:
        record.only(
            "id",
            "title",
            "citation",
            "also",
            "text",
            "because",
            "in_force",
            "effect",
            "until",
            "when",
            "unsettled",
        )
        effect = Outcome(record.choice("effect", [item.value for item in _EFFECTS], "excepted"))
        until = record.raw.get("until")
        if (effect is Outcome.PERMITTED_UNTIL) != (until is not None):
            raise self.fail(
                record.file, record.where, "'until' belongs to the effect permitted_until, and it needs it"
            )
        points = []
        for part in record.records("unsettled"):
            part.only("reading", "when", "why")
            try:
                reading = reading_named(part.raw.get("reading"), ())
            except BadExpression as problem:
                raise self.fail(record.file, record.where, problem.what, code="E304") from None
            points.append(OpenPoint(reading, part.expression("when"), part.text("why", "")))
        identity = record.text("id")
        self.exceptions[identity] = Exception_(
            identity,
            record.text("title"),
            record.text("citation", ""),
            record.texts("also"),
            record.excerpt(name),
            effect,
            None if until is None else record.day_in(until, "until"),
            record.periods("in_force"),
            record.expression("when"),
            tuple(points),
            record.provenance(),
            record.words(),
        )

    def read_waiver(self, name: str, record: LawRecord) -> None:
        record.only("id", "title", "lifts", "citation", "also", "in_force", "when", "text", "because")
        waiver = WaiverSpec(
            record.text("id"),
            record.text("title"),
            record.texts("lifts"),
            record.text("citation"),
            record.texts("also"),
            record.periods("in_force"),
            record.expression("when"),
            record.provenance(),
        )
        for regime in waiver.lifts:
            self.references.append(("regime", regime, record.file, record.where))
            self.waivers.setdefault(regime, []).append(waiver)

    def read_clause(self, name: str, record: LawRecord) -> None:
        record.only("id", "clause", "title", "family", "citation", "editions", "replaced_by", "default")
        editions = []
        for part in record.records("editions"):
            part.only("edition", "from", "to", "title", "reaches")
            try:
                period = period_of({key: part.raw.get(key) for key in ("from", "to")}, ())
            except BadExpression as problem:
                raise self.fail(record.file, part.where, problem.what) from None
            editions.append(Edition(part.text("edition"), period, part.flag("reaches", False)))
        replaced = None
        if record.raw.get("replaced_by"):
            part = LawRecord(self, record.file, f"{record.where}.replaced_by", record.raw["replaced_by"], {})
            replaced = self.replacement(part)
        number = record.text("clause")
        if number in self.clauses:
            raise self.fail(record.file, record.where, f"the clause {number} is described twice", code="E303")
        self.clauses[number] = Clause(
            record.text("id"),
            number,
            record.text("family"),
            record.text("citation"),
            tuple(editions),
            replaced,
            record.flag("default", True),
            record.provenance(),
        )

    def replacement(self, part: LawRecord) -> Replacement:
        """Read when agencies replace a clause: their days here, or in the adoption table of another folder."""
        part.only("family", "agencies", "others_from", "adoption")
        days = {agency: part.day_in(day, agency) for agency, day in part.mapping("agencies").items()}
        others = part.raw.get("others_from")
        if "adoption" in part.raw:
            path = f"{part.text('adoption')}/adoption"
            raw = self.documents.get(self.prefix + path)
            if raw is None:
                raise part.fail(f"no adoption table {path!r}", "a folder with adoption.yml", code="E302")
            table = LawRecord(self, path, "", raw, {})
            table.only("others_from", "agencies")
            others = table.raw.get("others_from")
            for row in table.records("agencies"):
                row.only("agency", "from")
                days[row.text("agency")] = row.day_in(row.raw.get("from"), "from")
        return Replacement(
            part.text("family"),
            MappingProxyType(days),
            None if others is None else part.day_in(others, "others_from"),
        )

    def read_obligation(self, name: str, record: LawRecord) -> None:
        record.only(
            "id", "title", "for", "kind", "clause", "editions", "citation", "also", "text", "in_force", "on_outcome",
            "when", "unless", "not_required", "deadline", "to", "contents", "because", "reading",
        )  # fmt: skip
        clause = record.text("clause", "")
        if clause:
            self.references.append(("clause", clause, record.file, record.where))
        deadline = LawRecord(
            self, record.file, f"{record.where}.deadline", record.raw.get("deadline") or {}, {}
        )
        deadline.only("count", "unit", "from", "recurring", "yearly")
        count = deadline.raw.get("count")
        start = deadline.text("from", "")
        if count is not None and not str(count).isdigit():
            raise self.fail(record.file, deadline.where, "'count' is a whole number")
        if start.startswith(("event.", "waiver.", "contract.")) and start not in FACTS:
            raise self.fail(
                record.file, deadline.where, f"no fact {start!r}", nearest(start, FACTS), code="E302"
            )
        reading = record.text("reading", "")
        if reading and reading not in READINGS:
            raise self.fail(
                record.file, record.where, f"no reading {reading!r}", nearest(reading, READINGS), code="E302"
            )
        spec = ObligationSpec(
            record.text("id"),
            record.text("title", ""),
            record.texts("for"),
            record.choice("kind", OBLIGATION_KINDS),
            clause,
            record.texts("editions"),
            record.text("citation"),
            record.texts("also"),
            record.excerpt(name),
            record.periods("in_force"),
            tuple(
                Outcome(record.choice_in(item, [outcome.value for outcome in Outcome]))
                for item in record.texts("on_outcome")
            ),
            record.expression("when") if "when" in record.raw else None,
            record.expression("unless") if "unless" in record.raw else None,
            DeadlineSpec(
                None if count is None else int(str(count)),
                deadline.choice("unit", UNITS) if count is not None else deadline.choice("unit", UNITS, ""),
                start,
                deadline.flag("recurring", False),
                self._day_of_year(deadline),
            ),
            record.elements("to"),
            record.elements("contents"),
            reading,
            record.provenance(),
            record.expression("not_required") if "not_required" in record.raw else None,
            record.words(),
        )
        for regime in spec.regimes:
            self.references.append(("regime", regime, record.file, record.where))
            self.obligations.setdefault(regime, []).append(spec)

    def _day_of_year(self, deadline: LawRecord) -> tuple[int, int] | None:
        text = deadline.text("yearly", "")
        if not text:
            return None
        try:
            day = parse_day(f"2001-{text}")  # no leap year: the day must exist in each
        except ValueError:
            raise self.fail(
                deadline.file, deadline.where, "'yearly' is a month and a day such as 03-31"
            ) from None
        return day.month, day.day

    # Checking what only shows once everything is read

    def check(self) -> None:
        known: dict[str, Iterable[str]] = {
            "definition": self.definitions,
            "exception": self.exceptions,
            "regime": self.regimes,
            "clause": self.clauses,
        }
        for kind, identity, file, where in self.references:
            if identity not in known[kind]:
                near = nearest(identity, known[kind])
                raise self.fail(file, where, f"no {kind} {identity!r}", near, code="E302")
        for name in self.rules:
            if name not in self.regimes:
                raise self.fail(f"{name}/rules", "", f"the folder {name} has no regime.yml", code="E302")
        for definition in self.definitions.values():
            self.refuse_cycles(definition.id, ())
        self.refuse_given()

    def refuse_given(self) -> None:
        """Refuse `given` wherever it could change an outcome: it is true or false of the file, not of the matter."""
        places: list[tuple[str, Expression]] = []
        for rules in self.rules.values():
            for rule in rules:
                places.append((rule.id, rule.when))
                places.extend((rule.id, told.when) for told in rule.outside)
                places.extend((rule.id, requirement.needs) for requirement in rule.requirements)
        for exception in self.exceptions.values():
            places.append((exception.id, exception.when))
            places.extend((exception.id, point.when) for point in exception.unsettled)
        places.extend((waiver.id, waiver.when) for waivers in self.waivers.values() for waiver in waivers)
        for identity, expression in places:
            if self.has_given(expression):
                raise self.fail(self.seen[identity], identity, "'given' is for obligations only", code="E304")

    def has_given(self, expression: Expression) -> bool:
        return any(
            (isinstance(node, FactTest) and node.op == "given")
            or (isinstance(node, DefinitionRef) and self.has_given(self.definitions[node.id].when))
            for node in walk(expression)
        )

    def refuse_cycles(self, identity: str, above: tuple[str, ...]) -> None:
        if identity in above:
            raise self.fail(
                self.seen[identity],
                identity,
                "definitions refer to one another in a circle: " + " → ".join((*above, identity)),
            )
        for node in walk(self.definitions[identity].when):
            if isinstance(node, DefinitionRef):
                self.refuse_cycles(node.id, (*above, identity))


def _outside(part: LawRecord) -> Outside:
    part.only("when", "why")
    return Outside(part.expression("when"), part.text("why"))


def _named_day(citation: str) -> date | None:
    """Give the day by which a citation calls its instrument."""
    named = _DAY.search(citation)
    return None if named is None else parse_day(named.group(1))
