"""What scans say, read from their JSON: findings with their judgements, and what the scans could not see.

A scan handed to a document comes from a file and may be of any shape; what is not there is treated as not known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from proscribe.devices.described import Described, described, model_of
from proscribe.devices.marks import plain
from proscribe.devices.same_thing import BY_ADDRESS, BY_NUMBER, ListedThings
from proscribe.devices.things import Shared, carried, marks_of
from proscribe.documents.kinds import Listed, Tables
from proscribe.documents.loose import entries, objects, whole_number
from proscribe.documents.validity import is_later, spoken_on
from proscribe.model import codec
from proscribe.model.decisions import Outcome
from proscribe.model.errors import error
from proscribe.model.findings import NAME_MATCHERS, Finding, row_words, shown_row
from proscribe.model.observations import OUR_FILES
from proscribe.model.papers import (
    EvidenceFile,
    FactsAgreed,
    FindingJudgement,
    Inquiry,
    PaperInputs,
    Question,
    ScanInput,
    SourceSearched,
)
from proscribe.model.results import LIMITS_OF_ANY_SCAN, ActOutcome
from proscribe.model.scan_document import SCHEMA
from proscribe.rules.facts import PRESUMED
from proscribe.wording.errors import message
from proscribe.wording.shown import cut_off, without_commands

_FOUND_SHOWN = 300
#: Outcomes by which no rule forbids anything.
_SILENT = ("not_covered", "not_in_force")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_FILE_KINDS = frozenset(
    ["devices", "determinations", "case", "declaration", "waiver", "sam", "statement", "other"]
)
_DEVICES_SCHEMA = "proscribe.devices/"
#: A box in a picture or page, in the place of a record.
_BOX = "xywh="
#: From what weight evidence is probable where no words speak against it, as `bands` of the weights of matching say.
PROBABLE_MBIT = 7000


@dataclass(frozen=True, slots=True)
class Price:
    """What a record says of money, as it stands there.

    Attributes:
        currency: as the record says it; empty where it does not.
        column: name of the column, which may say the currency.
        times: the quantity that a price of one unit is multiplied with; `1` for an amount of the whole row.
    """

    text: str
    currency: str
    column: str
    times: str = "1"


@dataclass(frozen=True, slots=True)
class Seen:
    """One finding of one scan.

    Attributes:
        name: what the record calls the thing, as far as the evidence shows.
        outcomes: regime to `{outcome, because, missing, citations, confidence, until, ended, reports, may_report}`, `reports`: is
            one due, or (`may_report`) is that open? What it hangs on is then `missing`, too.
        decided_on: facts on which it was decided, as text.
        determinations: what the rules say, as the scan or the file beside it writes it.
        acts: what it comes to by act, where the law was asked about more than one.
        abroad: whether the law of another country was asked of it, too, since it stands there as records or people say.
        bears_on: the questions on which it speaks; none where its site is put outside.
        scope_proved: whether keys of two people show who put it outside of the others.
        decided_elsewhere: whether the outcomes come from determinations that were handed over beside the scan.
        judgement: the newest judgement that holds on the day; `None` when there is none.
        lapsed: a judgement that has ended.
        ignored: `{reason, by, at, until}` of the scan.
        listed: the table in which it stands.
        talked_down: whether its evidence weighs more than its band, which words of the record lowered (removed, sold, replaced).
        told: what its record says of the thing.
        state: what the record says of where the thing is, such as `disposed`; empty where it says nothing.
        prices: what its record says it cost, the amount of the row before the price of a unit.
        cells: what its record says, as the scan holds it: the name of each column and its text; what is empty is left out.
        fields: what the columns of its table hold, by their names.
        marks: what it shares with findings about the same thing, as `things` reads it.
        stated: the facts that people stated when its scan was put to the law; `None` where the scan does not say.
        agreed: who answers for the facts on which it was decided; `None` where nobody does.
        said_same: whether anybody said that it is what it seems, whatever was said since.
        sha256: digest of the file that it was read in; empty where the scan names none.
    """

    id: str
    scan: int
    input: str
    place: str
    record_id: str
    entity: str
    firm: str
    firm_name: str
    entity_name: str
    role: str
    band: str
    brand: str
    category: str
    site: str
    quantity: str
    amount: str
    model: str
    evidence: tuple[Mapping[str, Any], ...]
    against: tuple[Mapping[str, Any], ...]
    questions: tuple[str, ...]
    outcomes: Mapping[str, Mapping[str, Any]]
    decided_on: Mapping[str, str]
    determinations: tuple[Mapping[str, Any], ...]
    bears_on: tuple[Question, ...]
    scope_proved: bool
    decided_elsewhere: bool
    judgement: FindingJudgement | None
    lapsed: FindingJudgement | None
    ignored: Mapping[str, str] | None
    listed: Listed = field(default_factory=Listed)
    talked_down: bool = False
    told: Described = field(default_factory=Described)
    state: str = ""
    prices: tuple[Price, ...] = ()
    acts: tuple[ActOutcome, ...] = ()
    abroad: bool = False
    cells: Sequence[Any] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    marks: frozenset[Hashable] = frozenset()
    stated: frozenset[str] | None = None
    agreed: FactsAgreed | None = None
    said_same: bool = False
    sha256: str = ""

    @property
    def known(self) -> dict[str, Any]:
        """Say from where it is known: the number of its scan, the digest of its file, and the columns that speak of it."""
        fields = dict.fromkeys(
            str(one["field"]) for one in (*self.evidence, *self.against) if one.get("field")
        )
        return {"scan": self.scan + 1, "sha256": self.sha256, "columns": [cut(name, 80) for name in fields]}

    @property
    def settled_by_one(self) -> bool:
        """Whether one person's word sets it aside; what only the record's own words made doubtful takes two."""
        return self.band == "possible" and not self.talked_down

    @property
    def stands(self) -> str:
        """Say of one that is `sure` what makes it so: a band that is not confirmed is never called so."""
        return "is confirmed" if self.band == "confirmed" else 'is judged "same" by a person'

    @property
    def sure(self) -> bool:
        """Whether it is confirmed, by its evidence or by a person."""
        return self.band == "confirmed" or self.judged_same

    def weighed_for(self, asked: Collection[Question]) -> bool:
        """Tell whether it bears on one of the questions: its list answers it, or a person said that a mere name is a thing.

        That a vendor is the firm of that name says with whom one deals, and of no thing that it is here.
        """
        thing = self.judged_same and not self.listed.answers and not self.is_vendor
        return thing or any(map(self.listed.speaks_to, asked))

    @property
    def judged_same(self) -> bool:
        """Whether a person judged it to be what it says."""
        return self.judgement is not None and self.judgement.verdict == "same"

    @property
    def is_vendor(self) -> bool:
        """Whether it is the name of a firm among vendors, with no thing beside it."""
        named = any(one["matcher"] == "entity_name" for one in self.evidence)
        return named and self.listed.kind == "vendors" and not self.listed.answers

    @property
    def names_only(self) -> bool:
        """Whether it names a firm and shows no thing: among vendors, or without a model in the words of a text."""
        shown = self.model or any(one["matcher"] not in NAME_MATCHERS for one in self.evidence)
        return not self.listed.answers or (not shown and self.listed.names_firms)

    @property
    def in_words(self) -> bool:
        """Whether running text or remarks alone speak of it: what its record says is a sentence, and no name of a thing."""
        remarks = all(self.fields.get(str(one.get("field"))) == "note" for one in self.evidence)
        return self.listed.text or (bool(self.evidence) and remarks)

    def words(self) -> str:
        """Name the finding in a line: `Hikvision: DS-2CD2143G2-I, assets.csv row 3 (confirmed)`."""
        what = self.model or (str(self.evidence[0].get("found", "")) if self.evidence else "")
        through = "" if self.firm == self.entity else f" (through {self.firm_name})"
        told = f": {cut(what, 80)}" if what else ""
        return f"{self.entity_name}{through}{told}, {self.place} ({self.band})"


def cut(text: str, limit: int = _FOUND_SHOWN) -> str:
    """Shorten text out of a scan, saying so; what people write for a document is never shortened."""
    said = cut_off(text, limit)
    return f"{text[:limit]}{said}" if said else text


def findings(inputs: PaperInputs) -> tuple[Seen, ...]:
    """Read the findings of every scan, in the order of the scans.

    Raises:
        InputError: E461 when a value is not a `proscribe.scan/1`.
    """
    judged = _judgements(inputs)
    found = [objects(checked(scan.value).get("findings")) for scan in inputs.scans]
    marks = marks_of(
        [list(map(_shared, raws)) for raws in found],
        [
            _listed_elsewhere(raws, Tables(checked(scan.value)))
            for raws, scan in zip(found, inputs.scans, strict=True)
        ],
    )
    return tuple(
        one
        for index, scan in enumerate(inputs.scans)
        for one in _of(index, scan, inputs, judged, marks[index])
    )


def _of(
    index: int,
    scan: ScanInput,
    inputs: PaperInputs,
    judged: Mapping[str, Sequence[FindingJudgement]],
    marks: Sequence[frozenset[Hashable]],
) -> Iterator[Seen]:
    value = checked(scan.value)
    names = value.get("entity_names")
    names = names if isinstance(names, Mapping) else {}
    listed = {whole_number(one.get("index")): one for one in objects(value.get("inputs"))}
    decided, tables = _decided_elsewhere(inputs), Tables(value)
    serials = {number: _serial_columns(one) for number, one in listed.items()}
    answered = _answered(scan, value)
    for place, raw in enumerate(objects(value.get("findings"))):
        name = cut(_text(raw.get("id")), 80)
        told, fields = raw.get("details"), tables.fields_of(raw)
        details: Mapping[str, Any] = told if isinstance(told, Mapping) else {}
        through = [str(one) for one in entries(raw.get("covered_through"))]
        firm = through[-1] if through else _text(raw.get("entity"))
        evidence = tuple(_evidence(one) for one in objects(raw.get("evidence")))
        holding, lapsed = _holds(judged.get(name, ()), inputs)
        number = whole_number(raw.get("input"))
        read_from = listed.get(number, {})
        path = _text(read_from.get("path"))
        determinations = decided.get(name) or objects(raw.get("determinations"))
        yield Seen(
            id=name,
            scan=index,
            input=path,
            place=_place(path, raw.get("locator")),
            record_id=cut(_text(raw.get("record_id")), 80),
            entity=cut(_text(raw.get("entity")), 80),
            firm=cut(firm, 80),
            firm_name=cut(str(names.get(firm, firm)), 120),
            entity_name=cut(str(names.get(_text(raw.get("entity")), _text(raw.get("entity")))), 120),
            role=cut(_text(raw.get("role")), 40),
            band=cut(_text(raw.get("band")), 40),
            brand=cut(_text(raw.get("brand")), 80),
            category=cut(_text(raw.get("category")), 80),
            site=cut(_text(details.get("site")), 120),
            quantity=cut(_text(details.get("quantity")), 40),
            amount=cut(
                " ".join(filter(None, (_text(details.get("amount")), _text(details.get("currency"))))), 60
            ),
            model=cut(
                model_of(raw, evidence, fields, serials.get(number, frozenset()), tables.guessed_of(raw)),
                80,
            ),
            evidence=evidence,
            against=tuple(_evidence(one) for one in objects(raw.get("against"))),
            questions=tuple(cut(str(one)) for one in entries(raw.get("questions"))),
            outcomes=_outcomes(determinations),
            # Facts of the scan's own decision show nothing about a decision that was made elsewhere, on others.
            decided_on={str(key): str(item) for key, item in (raw.get("decided_on") or {}).items()}
            if isinstance(raw.get("decided_on"), Mapping) and name not in decided
            else {},
            determinations=tuple(determinations),
            acts=acts_in(raw) if name not in decided else (),
            abroad=any(
                _text(one.get("position")).startswith("country:") for one in objects(raw.get("positions"))
            ),
            bears_on=() if _text(details.get("site")) in scan.sites_outside else scan.bears_on,
            scope_proved=scan.scope_proved,
            decided_elsewhere=name in decided,
            judgement=holding,
            lapsed=lapsed,
            ignored=_ignored(raw.get("ignored")),
            listed=tables.of(raw),
            talked_down=_talked_down(raw),
            told=_told(raw, evidence, fields),
            state=cut(_text(raw.get("state")), 40),
            prices=tuple(_prices(details, fields)),
            cells=entries(raw.get("record")),
            fields=fields,
            marks=marks[place],
            sha256=_digest(_text(read_from.get("sha256"))),
            **answered(name),
        )


def _digest(text: str) -> str:
    """Give a digest; empty where a text is none."""
    return text if _SHA256.fullmatch(text) else ""


def acts_in(raw: Mapping[str, Any]) -> tuple[ActOutcome, ...]:
    """Read what a finding comes to by act; an outcome that is none is undetermined."""
    held = {one.value: one for one in Outcome}
    return tuple(
        ActOutcome(cut(_text(one.get("act")), 40), held.get(_text(one.get("outcome")), Outcome.UNDETERMINED))
        for one in objects(raw.get("acts"))
    )


def _shared(raw: Mapping[str, Any]) -> Shared:
    """Give what a finding can share with others about the same thing."""
    where, details = raw.get("locator"), raw.get("details")
    told = where if isinstance(where, Mapping) else {}
    place = (raw.get("input"), *(told.get(name) for name in ("sheet", "row", "pointer")))
    named = any(one is not None for one in place[2:])
    addresses = [
        str(one.get("found")) for one in objects(raw.get("evidence")) if one.get("matcher") == BY_ADDRESS
    ]
    serial = details.get("serial_number") if isinstance(details, Mapping) else None
    return Shared(
        _text(raw.get("id")),
        tuple(map(repr, place)) if named else (),
        carried(addresses, _text(raw.get("entity")), _text(serial)),
    )


def _listed_elsewhere(found: Sequence[Mapping[str, Any]], tables: Tables) -> Mapping[str, str]:
    """Give findings that are of what another one lists; what is of another shape joins nothing."""
    by = [{one.get("matcher") for one in objects(raw.get("evidence"))} for raw in found]
    # what an address or a number is told of is looked for among records that hold a text of its record
    texts = {
        text
        for raw, matchers in zip(found, by, strict=True)
        if matchers & {BY_ADDRESS, BY_NUMBER}
        for text in _texts(raw)
    }
    made: list[Finding] = []
    for raw, matchers in zip(found, by, strict=True):
        if matchers & {BY_ADDRESS, BY_NUMBER} or not texts.isdisjoint(_texts(raw)):
            with suppress(codec.CodecError):
                made.append(codec.read(Finding, raw, open_=True))
    fields = {
        (key[0], key[1]): told for key, (_, told, _) in tables.tables.items() if isinstance(key[0], int)
    }
    return ListedThings(made, fields).counted()


def _texts(raw: Mapping[str, Any]) -> Iterator[str]:
    """Yield the texts of a record, as they are compared."""
    for cell in entries(raw.get("record")):
        if isinstance(cell, list) and len(cell) == 2 and (text := plain(str(cell[1]).partition(".")[0])):
            yield text


def _answered(scan: ScanInput, value: Mapping[str, Any]) -> Callable[[str], dict[str, Any]]:
    """Give what tells of a finding which facts were stated, who answers for them, and whether anybody said that it is one."""
    decided = value.get("decided")
    listed = decided.get("stated") if isinstance(decided, Mapping) else None
    stated = (
        frozenset(_text(one.get("fact")) for one in objects(listed)) if isinstance(listed, list) else None
    )
    agreed = {name: one for one in scan.facts_agreed for name in one.finding_ids}
    same = frozenset(scan.said_same)
    return lambda name: {"stated": stated, "agreed": agreed.get(name), "said_same": name in same}


def _prices(details: Mapping[str, Any], fields: Mapping[str, str]) -> Iterator[Price]:
    for field_, times in (("amount", "1"), ("unit_cost", _text(details.get("quantity")).strip() or "1")):
        text = _text(details.get(field_)).strip()
        if text:
            column = next((name for name, told in fields.items() if told == field_), "")
            yield Price(cut(text, 60), cut(_text(details.get("currency")).strip(), 20), column, times)


def off_the_count(judged: FindingJudgement | None, band: str) -> bool:
    """Tell whether a count of findings leaves one out: somebody judged that it is none, and for what is confirmed two did."""
    return (
        judged is not None
        and judged.verdict in ("different", "cleared")
        and (band != "confirmed" or bool(judged.approver))
    )


def counted_band(judged: FindingJudgement | None, band: str) -> str:
    """Give the band in which a finding counts: what somebody judged to be what it says is confirmed."""
    return "confirmed" if judged is not None and judged.verdict == "same" else band


def as_judged(one: Seen, said: Mapping[str, Any] | None) -> Seen:
    """Give a finding with what the law says of it as people judged it; itself where that is nothing else.

    Args:
        said: what the law says of findings of its scan as people judged them, as `ScanInput.as_judged` has it.
    """
    told = (said or {}).get("findings", {}).get(one.id)
    if told is None or one.decided_elsewhere:
        return one
    determinations = tuple(objects(told.get("determinations")))
    return replace(
        one,
        decided_on={str(key): str(item) for key, item in (told.get("decided_on") or {}).items()},
        determinations=determinations,
        outcomes=_outcomes(determinations),
        acts=acts_in(told),
    )


def outcome_as_judged(raw: Mapping[str, Any], said: Mapping[str, Any] | None) -> str:
    """Give what the law says of a finding of a scan as people judged it; empty where it was not asked.

    Args:
        raw: the finding.
        said: as `as_judged` takes it.
    """
    told = (said or {}).get("findings", {}).get(raw.get("id"))
    if told is None:
        return str(raw.get("outcome") or "")
    held = {one.value: one for one in Outcome}
    outcomes = [
        held.get(str(one.get("outcome")), Outcome.UNDETERMINED) for one in objects(told.get("determinations"))
    ]
    return min(outcomes, key=lambda one: one.rank).value if outcomes else ""


def _talked_down(raw: Mapping[str, Any]) -> bool:
    """Tell whether a finding would be at least probable, but for words of its record, which weigh nothing and prove nothing."""
    spoken = _text(raw.get("role")) == "formerly" or any(
        _text(one.get("matcher")) == "context" for one in objects(raw.get("against"))
    )
    weight = raw.get("total_mbit")
    return spoken and not (isinstance(weight, int) and weight < PROBABLE_MBIT)


def _ignored(value: Any) -> Mapping[str, str] | None:
    if not isinstance(value, Mapping):
        return None
    return {name: cut(_text(value.get(name))) for name in ("reason", "by", "at", "until")}


def _outcomes(determinations: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Read outcomes by regime. Two for one regime clear nothing unless both do: the one that clears less is kept."""
    read: dict[str, Mapping[str, Any]] = {}
    for one in determinations:
        name = _text(one.get("regime"))
        if name not in read or read[name]["outcome"] == "not_covered":
            read[name] = _outcome(one)
    return read


def _outcome(raw: Mapping[str, Any]) -> dict[str, Any]:
    may = [duty for duty in objects(raw.get("possible_obligations")) if duty.get("kind") == "report"]
    missing = [str(one) for one in entries(raw.get("missing"))]
    if raw.get("outcome") in _SILENT:
        hangs_on = (str(one) for duty in may for one in entries(duty.get("missing")))
        missing += [one for one in hangs_on if one not in PRESUMED]
    return {
        "outcome": cut(_text(raw.get("outcome")), 40),
        "because": cut(_text(raw.get("because"))),
        "confidence": _text(raw.get("confidence")),
        "until": cut(_text(raw.get("until")), 40),
        "ended": cut(_text(raw.get("ended")), 40),
        "citations": [cut(str(one), 120) for one in entries(raw.get("citations"))],
        "missing": [cut(one, 120) for one in dict.fromkeys(missing)],
        "reports": any(duty.get("kind") == "report" for duty in objects(raw.get("obligations"))),
        "may_report": bool(may),
    }


def _serial_columns(one: Mapping[str, Any]) -> frozenset[str]:
    """Give the columns of an input that hold serial numbers; those of network gear begin with the model.

    A column that was only taken for one by its values says nothing against a model that was found in it.
    """
    held: set[str] = set()
    for table in objects(one.get("tables")):
        told = table.get("columns")
        plan = objects(table.get("column_plan"))
        guessed = {str(column.get("name")) for column in plan if column.get("why") == "values"}
        if isinstance(told, Mapping):
            for kind, columns in told.items():
                if str(kind) == "serial_number":
                    named = entries(columns) if isinstance(columns, list) else [columns]
                    held.update(map(str, (name for name in named if name not in guessed)))
    return frozenset(held)


def _told(
    raw: Mapping[str, Any], evidence: Sequence[Mapping[str, Any]], fields: Mapping[str, str]
) -> Described:
    told = described(raw, evidence, fields)
    return Described(
        cut(told.supplier, 120), cut(told.brand, 80), cut(told.description), cut(told.address, 80)
    )


def _judgements(inputs: PaperInputs) -> dict[str, list[FindingJudgement]]:
    by_finding: dict[str, list[FindingJudgement]] = {}
    for one in sorted(inputs.judgements, key=lambda item: (item.at, item.by, item.verdict)):
        by_finding.setdefault(one.finding_id, []).append(one)
    return by_finding


def _holds(
    judged: Sequence[FindingJudgement], inputs: PaperInputs
) -> tuple[FindingJudgement | None, FindingJudgement | None]:
    """Give the newest judgement, as the one that holds or as one that has lapsed; a later one replaces all before."""
    known = [one for one in judged if not is_later(one.at, inputs)]
    if not known:
        return None, None
    newest = known[-1]
    if newest.until is not None and newest.until < spoken_on(inputs):
        return None, newest
    return newest, None


def _decided_elsewhere(inputs: PaperInputs) -> dict[str, list[Mapping[str, Any]]]:
    """Read determinations of `decide -o json` whose case ids are finding ids."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for file in inputs.files:
        if file.kind == "determinations" and file.value is not None:
            for case in objects(file.value.get("cases")):
                found[_text(case.get("id"))] = objects(case.get("determinations"))
    return found


def checked(value: Any) -> Mapping[str, Any]:
    """Make sure that `value` is a scan.

    Raises:
        InputError: E461.
    """
    if not isinstance(value, Mapping) or value.get("schema") != SCHEMA:
        shown = value.get("schema") if isinstance(value, Mapping) else type(value).__name__
        raise error("E461.not_a_scan", at=cut(str(shown), 80), scan_schema=SCHEMA, why="")
    for name in ("findings", "inputs"):
        if not isinstance(value.get(name), list):
            raise error("E461.no_list", name=name)
    return value


def unseen(scan: ScanInput) -> list[tuple[str, str]]:
    """List what a scan could not see: the input (or empty) and one sentence each, in order, without repeats."""
    value = checked(scan.value)
    # what a source says of itself is asked by itself
    accounts = {
        f"{_text(one.get('path'))}, {_text(issue.get('at'))}: {_text(issue.get('what'))}"
        for one in objects(value.get("inputs"))
        for issue in objects(one.get("issues"))
        if issue.get("code") == "E552"
    }
    lines: list[tuple[str, str]] = [
        ("", cut(str(one), 600))
        for one in entries(value.get("not_checked"))
        if not str(one).startswith(LIMITS_OF_ANY_SCAN) and str(one) not in accounts
    ]
    for one in objects(value.get("inputs")):
        path = _text(one.get("path"))
        for issue in objects(one.get("issues")):
            if issue.get("lossy", True):
                lines.append(
                    (
                        path,
                        cut(
                            f"{path}, {_text(issue.get('at'))}: {_text(issue.get('what'))} ({_text(issue.get('code'))})",
                            600,
                        ),
                    )
                )
        lines += [(path, f"{path}: {text}") for text in _blind(one.get("blind_spots"))]
        if not whole_number(one.get("records")) and not _left_out(one):
            lines.append((path, f"{path}: no record was read of it, so it shows nothing about equipment"))
    lines += [("", text) for text in _blind(value.get("blind_spots"))]
    return list(dict.fromkeys(lines))


def _left_out(one: Mapping[str, Any]) -> bool:
    """Say whether an input was left out of a folder since this program, or another, wrote it or keeps it for itself."""
    issues = objects(one.get("issues"))
    name = _text(one.get("path")).replace("\\", "/").rpartition("/")[2]
    said = _said_of_left_out()
    if name.lower().endswith(_FACTS):  # a questionnaire is a table, which may hold another
        said = (*said, message("E105.answers", {"sha256": ""}).says.partition(" SHA-256")[0])
    return {_text(issue.get("code")) for issue in issues} == {"E105"} and (
        name in OUR_FILES or all(_text(issue.get("what")).startswith(said) for issue in issues)
    )


#: Endings of files of facts.
_FACTS = (".yml", ".yaml", ".toml")


@cache
def _said_of_left_out() -> tuple[str, ...]:
    kept = (message("E105.kept_elsewhere", {"kind": kind}).says for kind in ("file", "folder"))
    of_git = message("E105.kept_by_git", {"count": "", "files": ""}).says.partition(". ")[0]
    made = message("E105.made_here", {"sha256": ""}).says.partition(" SHA-256")[0]
    return made, message("E105.ours", {}).says, of_git, *kept


def left_out(scan: ScanInput) -> list[str]:
    """Name the files that a scan left out because of who wrote or keeps them, with digests of those that were read for it."""
    inputs = objects(checked(scan.value).get("inputs"))
    return [
        cut(_text(one.get("path")), 240) + "".join(f" (SHA-256 {digest})" for digest in _digests(one))
        for one in inputs
        if not whole_number(one.get("records")) and _left_out(one)
    ]


def _digests(one: Mapping[str, Any]) -> list[str]:
    return [
        found[1]
        for issue in objects(one.get("issues"))
        if (found := re.search("SHA-256 ([0-9a-f]{64})", _text(issue.get("what"))))
    ]


def records_of(scan: ScanInput) -> int:
    """Count the records that a scan read; a scan of none searched nothing."""
    return sum(whole_number(one.get("records")) for one in objects(checked(scan.value).get("inputs")))


def named_unread(scan: ScanInput, code: str = "E140") -> list[tuple[str, str]]:
    """List the columns that were not read although a screened firm stands in them: the input, and one sentence.

    Args:
        code: of the issue; E199 lists the columns that somebody stated to be something else than their headers say.
    """
    return [
        (
            _text(one.get("path")),
            cut(f"{_text(issue.get('at'))}: {without_commands(_text(issue.get('what')))}", 600),
        )
        for one in objects(checked(scan.value).get("inputs"))
        for issue in objects(one.get("issues"))
        if issue.get("code") == code
    ]


def mentions(inputs: PaperInputs) -> int:
    """Count the places where scans saw the name of a firm and took it for something else."""
    return sum(map(mentions_of, inputs.scans))


def mentions_of(scan: ScanInput) -> int:
    """Count the mentions of one scan."""
    return len(objects(checked(scan.value).get("mentions")))


def mention_words(scan: ScanInput) -> list[str]:
    """Name the mentions of a scan: the firm and the place of each, in order."""
    value = checked(scan.value)
    paths = {whole_number(one.get("index")): _text(one.get("path")) for one in objects(value.get("inputs"))}
    names = value.get("entity_names")
    names = names if isinstance(names, Mapping) else {}
    words = []
    for one in objects(value.get("mentions")):
        firm = _text(one.get("entity"))
        record = f" ({cut(_text(one.get('record_id')), 60)})" if one.get("record_id") else ""
        place = _place(paths.get(whole_number(one.get("input")), ""), one.get("locator"))
        words.append(f"{cut(str(names.get(firm, firm)), 60)}, {place}{record}")
    return words


def limits(inputs: PaperInputs) -> list[str]:
    """List what no scan can see, whatever it reads; it is printed and stands against nothing."""
    return list(
        dict.fromkeys(
            cut(str(one), 600)
            for scan in inputs.scans
            for one in entries(checked(scan.value).get("not_checked"))
            if str(one).startswith(LIMITS_OF_ANY_SCAN)
        )
    )


def _blind(value: Any) -> list[str]:
    told = []
    for one in value if isinstance(value, list) else ():
        if not isinstance(one, Mapping):
            told.append(cut(str(one), 600))
            continue
        count, whole = whole_number(one.get("count")), whole_number(one.get("of"))
        number = f" ({count:,} of {whole:,})" if whole else f" ({count:,})" if count else ""
        site = f"{_text(one.get('site'))}: " if one.get("site") else ""
        examples = ", ".join(str(item) for item in entries(one.get("examples")))
        told.append(cut(f"{site}{_text(one.get('what'))}{number}{f'; {examples}' if examples else ''}", 600))
    return told


@dataclass(frozen=True, slots=True)
class DeviceSeen:
    """One device that several records were joined into.

    Attributes:
        findings: ids of the findings of its records.
        contradictions: what its records say against each other and nothing explains.
        judgement, lapsed: as of a finding.
    """

    id: str
    name: str
    site: str
    band: str
    findings: tuple[str, ...]
    contradictions: tuple[str, ...]
    judgement: FindingJudgement | None = None
    lapsed: FindingJudgement | None = None
    ignored: None = None

    @property
    def settled_by_one(self) -> bool:
        """Whether one person's word sets it aside; records that contradict each other take two."""
        return self.band == "possible" and not self.contradictions

    def words(self) -> str:
        """Name the device in a line."""
        return f"device {self.name or self.id}{f', {self.site}' if self.site else ''}"


def check_files(inputs: PaperInputs) -> None:
    """Refuse a file that would be passed over: of a kind that is none, or a device report that is none.

    Raises:
        InputError: E461.
    """
    for index, file in enumerate(inputs.files):
        if file.kind not in _FILE_KINDS:
            raise error(
                "E461.kind",
                at=f"/files/{index}/kind",
                kind=file.kind[:40],
                kinds=", ".join(sorted(_FILE_KINDS)),
            )
        if file.kind == "devices" and not (
            file.value is not None
            and str(file.value.get("schema", "")).startswith(_DEVICES_SCHEMA)
            and isinstance(file.value.get("devices"), list)
        ):
            raise error("E461.device_report", at=f"/files/{index}/value")


def devices(inputs: PaperInputs) -> Iterator[DeviceSeen]:
    """Read the devices of every `proscribe.devices/1` handed over as a file of the kind `devices`."""
    judged = _judgements(inputs)
    for file in inputs.files:
        if file.kind != "devices" or file.value is None:
            continue
        for one in objects(file.value.get("devices")):
            name = _text(one.get("id"))
            holding, lapsed = _holds(judged.get(name, ()), inputs)
            yield DeviceSeen(
                id=name,
                name=cut(_text(one.get("name")), 120),
                site=cut(_text(one.get("site")), 120),
                band=_text(one.get("band")),
                findings=tuple(
                    str(found)
                    for record in objects(one.get("records"))
                    for found in entries(record.get("findings"))
                ),
                contradictions=tuple(
                    cut(_text(item.get("what")), 400)
                    for item in objects(one.get("contradictions"))
                    if item.get("explained") is not True
                ),
                judgement=holding,
                lapsed=lapsed,
            )


def unseen_devices(inputs: PaperInputs) -> list[str]:
    """List the blind spots that device reports name."""
    return list(
        dict.fromkeys(
            text
            for file in inputs.files
            if file.kind == "devices" and file.value is not None
            for text in _blind(file.value.get("blind_spots"))
        )
    )


def sources(scan: ScanInput) -> list[dict[str, Any]]:
    """List the inputs of a scan with digests and counts; what was left out of a folder is none."""
    return [
        {
            "path": cut(_text(one.get("path")), 240),
            "sha256": cut(_text(one.get("sha256")), 64),
            "reader": cut(_text(one.get("reader")), 40),
            "records": whole_number(one.get("records")),
            "unread_columns": [cut(str(name), 120) for name in entries(one.get("unread_columns"))],
            "nothing_usable": whole_number((one.get("coverage") or {}).get("records_with_nothing_usable"))
            if isinstance(one.get("coverage"), Mapping)
            else 0,
        }
        for one in objects(checked(scan.value).get("inputs"))
        if not _left_out(one)
    ]


def as_read(inquiry: Inquiry | None, scans: Sequence[ScanInput]) -> Inquiry | None:
    """Give an inquiry whose sources that bear the very name of a file that was scanned say what the scan counted, and its digest.

    What names digests or counts itself stays as it was told, and is compared with the scans.
    """
    if inquiry is None:
        return None
    held: dict[str, dict[str, int | None]] = {}
    for file in (file for scan in scans for file in sources(scan) if file["sha256"]):
        held.setdefault(file["path"], {})[file["sha256"]] = file["records"]

    def told(one: SourceSearched) -> SourceSearched:
        found = held.get(one.name, {})
        if one.digests or one.records is not None or len(found) != 1:
            return one
        ((digest, records),) = found.items()
        return replace(one, digests=(digest,), records=records)

    return replace(inquiry, searched=tuple(map(told, inquiry.searched)))


def read_days(scan: ScanInput | EvidenceFile) -> list[tuple[str, str]]:
    """Give the days of a scan as they stand there: on which it asked, and by which a fact had to be recorded for it to be used.

    Where it was put together from several, these are the days of each of them.
    """
    value = scan.value or {}
    told = [*objects(value.get("readings"))] or [value]
    days = ((cut(_text(one.get("as_of")), 40), cut(_text(one.get("known_as_of")), 40)) for one in told)
    return list(dict.fromkeys(days))


def asked_on(scan: ScanInput | EvidenceFile) -> str:
    """Give the day on which a scan asked the law, as it stands there."""
    return cut(_text((scan.value or {}).get("as_of")), 40)


def knowledge_of(scan: ScanInput | EvidenceFile) -> tuple[str, str]:
    """Give version and digest of the knowledge that a scan or report was made with."""
    stamp = (scan.value or {}).get("knowledge")
    stamp = stamp if isinstance(stamp, Mapping) else {}
    return cut(_text(stamp.get("version")), 40), cut(_text(stamp.get("sha256")), 64)


def layers_of(scan: ScanInput | EvidenceFile) -> list[str]:
    """Name the layers of one's own that lay over the knowledge with which a scan or report was made."""
    stamp = (scan.value or {}).get("knowledge")
    return (
        [cut(_text(one), 120) for one in entries(stamp.get("layers"))] if isinstance(stamp, Mapping) else []
    )


def _evidence(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "matcher": _text(raw.get("matcher")),
        "field": cut(_text(raw.get("field")), 120),
        "found": cut(_text(raw.get("found"))),
        "why": cut(_text(raw.get("why")), 600),
        "facts": [str(one) for one in entries(raw.get("facts"))],
    }


def _place(path: str, locator: Any) -> str:
    # The name of the file is enough beside its digest; folders of a machine are nobody else's business.
    locator = locator if isinstance(locator, Mapping) else {}
    parts = [cut(path.replace("\\", "/").rpartition("/")[2], 160)]
    if locator.get("sheet"):
        parts.append(f"sheet {cut(str(locator['sheet']), 60)}")
    if locator.get("row") is not None:
        # scans of older versions do not know the row of the file, and say the record
        kind, _, _ = row_words(locator).partition(" ")
        parts.append(f"{kind} {whole_number(shown_row(locator))}")
    pointer = _text(locator.get("pointer"))
    if _BOX in pointer:
        # whoever holds the picture finds the plate in it
        parts.append(f"at {cut(pointer, 80)}")
    return " ".join(part for part in parts if part)


def _text(value: Any) -> str:
    return "" if value is None else str(value)
