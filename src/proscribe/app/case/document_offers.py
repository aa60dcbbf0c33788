"""What a case offers to the fields of a document: things of its records, its parts lists, other cases, and whom the law names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from proscribe.app.kb.firms import everyday_names
from proscribe.app.rules.facts_file import case_facts
from proscribe.app.rules.scopes import COUNTRY
from proscribe.app.store.findings import finding_of
from proscribe.casework.findings import FindingFilter
from proscribe.casework.scan_rows import product_of
from proscribe.devices.described import RecordNames
from proscribe.documents import TYPES, paper_law, paper_type
from proscribe.documents.affected import speaks_of
from proscribe.documents.asks import (
    Group,
    Kind,
    field_at,
    filled_by,
    groups_of,
    named,
    needed_in,
    numbers,
    row_about,
    with_rows,
)
from proscribe.kb.snapshot import open_knowledge
from proscribe.model.casework import Verdict
from proscribe.model.decisions import Outcome
from proscribe.model.errors import ProscribeError, error
from proscribe.reports.scan.determinations import vendor_lines
from proscribe.wording.shown import visible

if TYPE_CHECKING:
    from proscribe.app.case.cases import Cases
    from proscribe.documents import PaperType
    from proscribe.model.casework import CaseFile, Waiver
    from proscribe.model.papers import Paper
    from proscribe.model.results import Decided, Scan

__all__ = [
    "NOTHING", "Offers", "Thing", "asked_for", "field_at", "filled_by", "groups_of", "groups_of_use", "left_out", "named_by_law",
    "needed_in", "numbers", "offers", "parts_of", "row_about", "rows_to_settle", "seeded", "with_rows",
]  # fmt: skip

#: Findings that are looked through for things, and things that a form names.
_MOST_FINDINGS, _MOST_THINGS = 2_000, 60
_PAGE = 200
#: Cases that a form offers to disclose, and letters of a name.
_MOST_CASES, _LONGEST = 100, 120
#: Customers, each for an award, that a form names.
_MOST_CUSTOMERS = 300
#: The nation whose agencies know a firm by a UEI and a CAGE code.
_THEIRS = "US"
_OFF = frozenset([Verdict.DIFFERENT.value, Verdict.CLEARED.value])


@dataclass(frozen=True, slots=True)
class Thing:
    """Findings that are of one product of one firm, at one site.

    Attributes:
        ids: of the findings, with commas.
        what: in words.
        quantity: as its one record says; empty where several do, or none.
        planned_on: the day for which its records plan that it goes; `None` where they tell none.
        reached: whether a rule of the document reaches it, or may reach it by what is known of it.
    """

    ids: str
    what: str
    site: str
    quantity: str
    reached: bool = True
    planned_on: date | None = None


@dataclass(frozen=True, slots=True)
class Offers:
    """What a case offers to the fields of a document.

    Attributes:
        things: of its records that nobody set aside; empty where they are more than a form names.
        many: whether they are more.
        lists: digest and name of each list of the case that is kept.
        cases: id and title of each other case of the store.
        customers: to whom it can go, as a document names them, each for an award.
    """

    things: tuple[Thing, ...] = ()
    many: bool = False
    lists: tuple[tuple[str, str], ...] = ()
    cases: tuple[tuple[str, str], ...] = ()
    customers: tuple[str, ...] = ()


#: What a case offers that was not asked.
NOTHING = Offers()


def offers(
    cases: Cases, file: CaseFile, type_: str, sees: Callable[[str], bool] = lambda case_id: True,
    customers: Callable[[], Sequence[str]] = tuple,
) -> Offers:  # fmt: skip
    """Give what a case offers to the fields of a type of document; nothing for what it does not ask.

    Args:
        sees: whether whoever fills them in may see a case, by its id.
        customers: gives the customers that the case knows, as a document names them.
    """
    if type_ not in TYPES:
        return NOTHING
    groups = groups_of(type_)
    kinds = {one.kind for group in groups for one in group.fields.values()}
    things = list(_things(cases, file, paper_type(type_))) if Kind.THINGS in kinds else []
    others = (
        [one for one in cases.store.cases() if one.id != file.case.id and sees(one.id)]
        if Kind.CASES in kinds
        else []
    )
    return Offers(
        things=tuple(things) if len(things) <= _MOST_THINGS else (),
        many=len(things) > _MOST_THINGS,
        lists=tuple(_lists(cases, file)) if Kind.PARTS_LIST in kinds else (),
        cases=tuple((one.id, visible(one.title, _LONGEST)) for one in others[:_MOST_CASES]),
        customers=tuple(customers())[:_MOST_CUSTOMERS] if Kind.CUSTOMER in kinds else (),
    )


def _things(cases: Cases, file: CaseFile, kind: PaperType) -> Iterator[Thing]:
    """Yield the things of a case, apart by whether rules of a document reach them."""
    names, scan = everyday_names(cases.knowledge), _newest(cases, file)
    said = _said(scan, kind.get("regimes", ()))
    planned_on = cases.decider.kinds.planned_on
    told = RecordNames(scan) if scan is not None else None
    read = {one.id: one for one in scan.findings} if scan is not None else {}
    vendors = vendor_lines(scan) if scan is not None else frozenset()
    found: dict[tuple[str, str, str, _Said, date | None], list[Any]] = {}
    for one in _findings(cases, file.case.id):
        whole, short = one.whole, finding_of(one)
        if one.verdict in _OFF or one.support.aged or short.get("ignored"):
            continue
        through = tuple(whole.get("covered_through") or ())
        firm = through[-1] if through else whole["entity"]
        if one.support.finding_id in vendors:
            continue  # a firm that is dealt with is no thing
        product = product_of(whole) or next(iter(short["found"]), "")
        if told is not None and product.casefold() in ("", names.get(firm, firm).casefold()):
            # Its maker alone names no thing apart from another.
            known = read.get(one.support.finding_id)
            product = (told.of(known) if known is not None else "") or product
        site = str((whole.get("details") or {}).get("site") or "")
        # of a thing of which another last day holds, or that goes on another day, the plan has a step of its own
        told_of = said.get(one.support.finding_id, _NOT_ASKED)
        if not speaks_of(kind, firm):
            told_of = replace(told_of, reached=False)
        elif one.verdict is not Verdict.SAME and whole["band"] == "possible":
            told_of = replace(told_of, open=True)
        planned = planned_on([(str(column), str(text)) for column, text in whole.get("record") or ()])
        found.setdefault((names.get(firm, firm), product, site, told_of, planned), []).append(one)
    for (firm, product, site, told_of, planned), same in found.items():
        amounts = [str((one.whole.get("details") or {}).get("quantity") or "") for one in same]
        what = firm if product.casefold().startswith(firm.casefold()) else f"{firm} {product}"
        yield Thing(
            ", ".join(one.support.finding_id for one in same), visible(what.strip(), _LONGEST), visible(site, _LONGEST),
            amounts[0] if len(amounts) == 1 else "", told_of.reached and not told_of.open, planned,
        )  # fmt: skip


def _newest(cases: Cases, file: CaseFile) -> Scan | None:
    from proscribe.app.case.case_law import newest_scan

    found = newest_scan(cases, file)
    return found[1] if found is not None else None


@dataclass(frozen=True, slots=True)
class _Said:
    """What the rules of a document say of a thing.

    Attributes:
        outcomes: what they come to, each with its last day.
        reached: whether one reaches it, or may.
        open: whether it is a question, whether it is of a firm at all.
    """

    outcomes: frozenset[tuple[str, str]] = frozenset()
    reached: bool = True
    open: bool = False


#: Said of what was not put to these rules.
_NOT_ASKED = _Said()


def _said(scan: Scan | None, regimes: Sequence[str]) -> dict[str, _Said]:
    """Give what some regimes say of the findings of a scan that were put to the law; nothing where none of them was asked."""
    asked = frozenset(regimes)
    if scan is None or scan.decided is None:
        return {}
    told = {
        name: [one for one in decision.determinations if one.regime in asked]
        for name, decision in scan.decided.by_finding.items()
    }
    if not any(told.values()):
        return {}
    return {
        name: _Said(
            frozenset((one.outcome.value, one.until.isoformat() if one.until else "") for one in found),
            any(one.outcome is not Outcome.NOT_COVERED for one in found)
            and not _is_abroad(scan.decided, name),
        )
        for name, found in told.items()
    }


def _is_abroad(decided: Decided, name: str) -> bool:
    """Tell whether a thing stands in another country than that whose law the rules of a document are."""
    return any(one.position.startswith(f"{COUNTRY}:") for one in decided.by_finding[name].positions)


def _findings(cases: Cases, case_id: str) -> Iterator[Any]:
    after: int | None = -1
    left = _MOST_FINDINGS
    while after is not None and left > 0:
        page = cases.store.findings(case_id, FindingFilter(), after=after, limit=min(_PAGE, left))
        yield from page.findings
        after, left = page.after, left - len(page.findings)


def _lists(cases: Cases, file: CaseFile) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for run in reversed(file.made_runs):
        for path, sha256 in run.inputs:
            if sha256 not in seen and cases.original(sha256) is not None:
                seen.add(sha256)
                yield sha256, visible(path, _LONGEST)


def parts_of(cases: Cases, file: CaseFile, digest: str) -> Mapping[str, Any]:
    """Read a parts list of a case by its digest, as `read_offering` gives it.

    Raises:
        CaseError: E458 when the case keeps no such list.
        InputError: E466 when it is no parts list.
    """
    from proscribe.app.inventory.offering import read_offering

    named = dict(_lists(cases, file))
    place = cases.original(digest) if digest in named else None
    if place is None:
        raise error("E458.parts_list", at="parts_list")
    try:
        return read_offering(Path(place), as_of=file.case.as_of, knowledge=cases.knowledge)
    except ProscribeError as problem:  # of several lists it has to be told which
        problem.what, problem.at = f"{named[digest]}: {problem.what}", "parts_list"
        raise


def groups_of_use(type_: str, nation: str, form: Mapping[str, str]) -> tuple[Group, ...]:
    """Give the groups of a type as `groups_of` does, without what a body of another nation has no use for.

    What agencies of the United States know a firm by is asked of nobody abroad, but for types of theirs and what stands there.

    Args:
        nation: whose law the case was opened for, ISO 3166-1 alpha-2; empty where nobody said one.
    """
    return tuple(
        one
        for one in groups_of(type_)
        if not one.of_agencies
        or nation in ("", _THEIRS)
        or _is_of(type_, _THEIRS)
        or any(form.get(name) for name in one.fields)
    )


def _is_of(type_: str, nation: str) -> bool:
    return type_ in TYPES and paper_type(type_).nation == nation


def named_by_law(cases: Cases, file: CaseFile, form: Mapping[str, str]) -> str:
    """Say to whom the law has a document go, on what a form and its case say of the contract; empty where it names nobody."""
    type_ = form.get("type", "")
    if type_ not in TYPES or not any(one.name == "goes_to" for one in groups_of(type_)):
        return ""
    law, kind = paper_law(open_knowledge(cases.knowledge), type_), paper_type(type_)
    duties = law.stages.get(form.get("stage", "")) or next(iter(law.stages.values()), kind.get("sent_by", ()))
    agency = form.get("agency", "").strip()
    facts = {**case_facts(file.case), **({"contract.agency": agency} if agency else {})}
    return "; ".join(
        dict.fromkeys(filter(None, (law.addressees.told_on(one, facts, file.case.as_of) for one in duties)))
    )


def seeded(type_: str, form: Mapping[str, str], things: Sequence[Thing]) -> dict[str, str]:
    """Give the fields with which rows of a form begin: a step for each thing that is reached, as its records say it."""
    made: dict[str, str] = {}
    for group in groups_of(type_):
        if group.seeds != "things" or any(name.startswith(f"{group.name}:") for name in form):
            continue
        for number, one in enumerate((one for one in things if one.reached), start=1):
            planned = one.planned_on.isoformat() if one.planned_on is not None else ""
            told = {
                "what": one.what,
                "site": one.site,
                "quantity": one.quantity,
                "by_on": planned,
                "things": one.ids,
            }
            made |= {
                named(group.name, number, name): text
                for name, text in told.items()
                if text and name in group.fields
            }
    return made


def left_out(type_: str, things: Sequence[Thing]) -> int:
    """Count the things of the records with which no row of a form begins: none is reached, or it is a question."""
    seeds = any(group.seeds == "things" for group in groups_of(type_))
    return sum(not one.reached for one in things) if seeds else 0


def rows_to_settle(type_: str, form: Mapping[str, str], paper: Paper) -> dict[str, str]:
    """Give a row for each component of a document of which nobody knows who made it, and that no row of the form names."""
    made: dict[str, str] = {}
    for group in groups_of(type_):
        if group.seeds != "open components":
            continue
        rows = numbers(group, form)
        there = {form.get(named(group.name, number, "ref"), "") for number in rows}
        components = (paper.data.get("body") or {}).get("components") or ()
        open_ = [one["ref"] for one in components if one["state"] == "unresolved" and one["ref"] not in there]
        first = max(rows, default=0) + 1
        made |= {
            named(group.name, first + place, "ref"): ref for place, ref in enumerate(open_[:_MOST_THINGS])
        }
    return made


def asked_for(waivers: Sequence[Waiver]) -> dict[str, str]:
    """Give the fields that the newest request for a waiver of a case fills."""
    if not waivers:
        return {}
    one = waivers[-1]
    told = {
        "route": one.grantor, "part": one.part, "asked_of": one.agency, "waiver_from": one.valid_from, "waiver_to": one.valid_to,
        "justification": one.justification,
    }  # fmt: skip
    return {name: str(text) for name, text in told.items() if text}
