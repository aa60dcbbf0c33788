"""Documents out of a case: what the store remembers and what people wrote becomes the inputs of a document.

People write what no scan can know (who the organisation is, what was searched, how a thing is used) in YAML files, in the
shape of `proscribe.model.papers.PaperInputs`. The case adds its scans, judgements, suppliers' answers, waivers, facts
and clocks. A file speaks before the case where both do, since a person wrote it for this document.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from proscribe import __version__
from proscribe.app.inventory.offering import check_stated, resolve
from proscribe.app.kb.firms import Firms
from proscribe.app.kb.knowledge_origin import origin_of
from proscribe.app.papers.as_judged import with_what_is_said
from proscribe.app.papers.document_case import moment_of, of_case
from proscribe.app.papers.document_pictures import pictures_of
from proscribe.app.papers.document_scans import dicts, scan_of_file
from proscribe.app.papers.document_sources import Making, kept_with
from proscribe.app.papers.document_statements import (
    Origins,
    add,
    by_record,
    complete_people,
    components_of,
    listed,
    read_statements,
    refuse_scope,
)
from proscribe.app.papers.in_position import put_in_position
from proscribe.app.papers.organisation import of_this_organisation, set_aside, store_state
from proscribe.app.papers.own_answers import (
    admitted,
    beside_names,
    is_of_product,
    names_to_read,
    words_to_read,
)
from proscribe.app.papers.says_does import says_does
from proscribe.app.papers.stated import Statements, ToState, apply_scopes, stated_here
from proscribe.app.store.scan_proof import ScanProofs
from proscribe.documents import TYPES, inputs_from_json, make, paper_law, paper_type
from proscribe.documents.checks import LONGEST_TEXT
from proscribe.documents.evidence import as_read, sources
from proscribe.documents.grouping import said_once
from proscribe.kb.reviews import overdue_reviews
from proscribe.kb.snapshot import open_knowledge
from proscribe.model.casework import CaseFile
from proscribe.model.errors import ProscribeError, error
from proscribe.model.papers import Paper, PaperInputs
from proscribe.model.people import person_key, same_person

if TYPE_CHECKING:
    from proscribe.app.store.desk import Desk
    from proscribe.casework.commands.runs import RanAgain
    from proscribe.kb.snapshot import Snapshot
    from proscribe.kb.strictyaml import Document


__all__ = [
    "Making",
    "asked_by",
    "is_made_from",
    "make_paper",
    "make_with_beside",
    "said_once",
    "short_commands",
]


def short_commands(group: str) -> dict[str, str]:
    """Give the words that a group of commands knows, such as `far` of `report`, and the type that each makes."""
    return {
        kind.command[1]: name for name, kind in TYPES.items() if kind.command and kind.command[0] == group
    }


def is_made_from(type_: str, part: str) -> bool:
    """Tell whether a type is made from a part of the inputs that few types know, such as `offering`."""
    return type_ in TYPES and TYPES[type_].takes(part)


def asked_by(type_: str) -> tuple[str, ...]:
    """Give the questions that a document of a type answers: what its author leaves open of them is no "does not"."""
    return TYPES[type_].answers if type_ in TYPES else ()


def make_paper(
    making: Making, knowledge: Sequence[str | Path] = (), desk: Desk | None = None, case_id: str = ""
) -> Paper:
    """Make a document, from files alone or from a case; see `make_with_beside`."""
    return make_with_beside(making, knowledge, desk, case_id)[0]


@dataclass(frozen=True, slots=True)
class Beside:
    """What a case keeps with a document, since the document rests on it.

    Attributes:
        again: scans that were run again for it and came out the same.
        statement: what its author stated in files that bears on the answer.
    """

    again: tuple[RanAgain, ...] = ()
    statement: ToState | None = None


def make_with_beside(
    making: Making, knowledge: Sequence[str | Path] = (), desk: Desk | None = None, case_id: str = ""
) -> tuple[Paper, Beside]:
    """Make a document, from files alone or from a case, and give what the case is to keep with it.

    Raises:
        CaseError, InputError, UsageError: for whatever it cannot be made from; nothing is stored.
    """
    paper_type(making.type)
    origins = Origins()
    written = _of_one_organisation(making.files)
    snapshot = open_knowledge(knowledge)
    law = paper_law(snapshot, making.type)
    _check_stage(making, law.stages)
    file = desk.store.sound_case(case_id) if desk is not None and case_id else None
    value: dict[str, Any] = {}
    if desk is not None and file is not None:
        value = _of_case(making, desk, file, snapshot)
    told = dict(making.told or {})
    if making.configured is not None:
        told = making.configured.statements(file.case.contract if file is not None else "")
    if "signer" in told and same_person(told["signer"]["name"], making.author):
        del told["signer"]  # the one who signs as a rule prepared this one: another will sign it
    as_of = making.as_of or (file.case.as_of if file is not None else datetime.now(UTC).date())
    made_from, scans = (b"", ()) if file is None else kept_with(replace(making, as_of=as_of), told)
    if told:
        known, value = value, told
        add(value, known)
    statements = Statements(desk, file) if desk is not None and file is not None else None
    held, stated = value.get("judgements", []), dict[str, Any]()
    for document in written:
        refuse_scope(document)
        add(stated, document.value)
    if statements is not None:
        _stated_before(value, stated, statements)
    _add_stated(value, written, origins)
    # What people state of parts is looked up; the parts of a list that was read were, line by line.
    check_stated(components_of(value), as_of=as_of, knowledge=knowledge)
    _read_of_lists(value)
    _say_last(value, making)
    if making.lifts is not None:
        value["overrides"] = _lifting(value.get("overrides", ()), making.lifts)
    try:
        _judged_in_case(value.get("judgements", []), held, file)
        statement, said = stated_here(statements, stated, making.author, case_id)
        value["files"] = [*listed(value.get("files", []), "files"), *said]
        made_at = moment_of(making.made_at or datetime.now(UTC).replace(microsecond=0), file)
        proofs = ScanProofs(desk, knowledge=knowledge, folders=making.folders, at=made_at, by=making.author)
        read = _settle(value, making, file, as_of, knowledge, desk)
        put_in_position(making.type, value, snapshot, read, desk, file)
        _run_again(value["scans"], read, proofs, desk)
        if desk is not None and not making.anew:
            _keys_of_two(value, desk)
        if statements is not None:
            apply_scopes(value, statements.scopes())
            _overridden_by_the_approver(value)
        value |= {
            "as_of": as_of.isoformat(),
            "made_at": made_at.isoformat(),
            "software": __version__,
            "knowledge": _known(snapshot, as_of, desk),
        }
        if making.pictures:
            near = (*dict.fromkeys(path.parent for path in making.scans), Path())
            value |= pictures_of(
                value["scans"], near, making.folders, desk.original if desk else lambda _: None
            )
        if desk is not None and file is not None:
            of_this_organisation(desk, value)
            value["store"] = store_state(desk, file, as_of, made_at, proofs.holds, making.author)
            value["files"] = [*value["files"], *set_aside(value["store"]["runs"])]
        inputs = _read(inputs_from_json(value), told, desk, snapshot)
        besides = says_does(inputs, making.type, snapshot, desk, file, anew=making.anew)
        paper = make(making.type, replace(inputs, says_does=besides), law)
        again = proofs.to_keep(one["sha256"] for one in value["scans"])
        return replace(paper, made_from=made_from, scans=scans), Beside(tuple(again), statement)
    except ProscribeError as problem:
        problem.at = origins.place(problem.at)
        raise


def _add_stated(value: dict[str, Any], written: Sequence[Document], origins: Origins) -> None:
    """Join what files state to what is known.

    What was found of a waiver on the way that the case asks for is left out where people ask for one on another way.
    """
    asked = dict(value.get("waiver_asked") or {})
    _of_another_contract(value, written)
    for document in written:
        add(value, document.value, origins.of(document))
    now = value.get("waiver_asked")
    if isinstance(now, dict) and any(
        asked.get(name) and now.get(name) != asked[name] for name in ("route", "part")
    ):
        for name in ("regime", "readiness"):
            if now.get(name) == asked.get(name):
                now.pop(name, None)


#: What is known of a contract by its number alone.
_OF_ONE_CONTRACT = ("agency", "awarded_on", "is_idiq")


def _of_another_contract(value: dict[str, Any], written: Sequence[Document]) -> None:
    """Leave out what is known of a contract where files of the document speak of one of another number."""
    known = value.get("contract")
    told = [one.value.get("contract") for one in written]
    numbers = {str(one.get("number") or "").strip() for one in told if isinstance(one, Mapping)} - {""}
    if isinstance(known, Mapping) and known.get("number") and numbers and known["number"] not in numbers:
        value["contract"] = {name: one for name, one in known.items() if name not in _OF_ONE_CONTRACT}


def _of_case(making: Making, desk: Desk, file: CaseFile, snapshot: Snapshot) -> dict[str, Any]:
    """Write what a case remembers, with what the law says of its findings as people judged them."""
    return of_case(
        making.type, making.as_of, making.stage, desk, file, snapshot, author=making.author,
        said=lambda scans: with_what_is_said(desk, file, scans),
    )  # fmt: skip


def _read(inputs: PaperInputs, told: Mapping[str, Any], desk: Desk | None, snapshot: Snapshot) -> PaperInputs:
    """Read the words of the inquiry; people of the document, the configuration and the roster of the store are known."""
    inputs = replace(inputs, inquiry=as_read(inputs.inquiry, inputs.scans))
    named = [one.name for one in (inputs.author, inputs.approver, inputs.signer) if one is not None]
    roster = desk.store.roster() if desk is not None else None
    members = [one.name for one in roster.members.values()] if roster is not None else []
    known = [*named, *members, *(str(one["name"]) for one in dicts(told.get("people")))]
    firms = Firms.of(snapshot)
    against = tuple(admitted(inputs.inquiry, firms, inputs.offering))
    # Where somebody reads the words anyway, they read of whoever is not known, too.
    files = [
        PurePosixPath(str(one["path"]).replace("\\", "/")).name
        for scan in inputs.scans
        for one in sources(scan)
    ]
    scope = inputs.inquiry.scope if inputs.inquiry is not None else ""
    words = words_to_read(
        inputs.inquiry, known, others=inputs.approver is None, files=files, roster=members,
        of_product=is_of_product(scope, firms, inputs.offering),
    )  # fmt: skip
    beside = tuple(beside_names(inputs, firms))
    names = names_to_read(inputs, members)
    return replace(inputs, admitted=against, people_say=beside, words=(*words, *names))


def _known(snapshot: Snapshot, as_of: date, desk: Desk | None) -> dict[str, Any]:
    """Say with which knowledge a document is made."""
    origin = origin_of(snapshot)
    overdue = [f"{item.file}: review was due on {item.due_on}" for item in overdue_reviews(snapshot, as_of)]
    return {
        "version": snapshot.manifest.version,
        "sha256": snapshot.manifest.sha256,
        "overdue": overdue,
        "origin": origin.says,
        "own": origin.is_own or (origin.kind == "named" and not _vouched(snapshot, desk)),
    }


def _vouched(snapshot: Snapshot, desk: Desk | None) -> bool:
    """Tell whether the key that signed a snapshot is that of an approver in the roster of the store.

    The environment names whatever key its user likes, so that a key which stands there alone vouches for nothing.
    """
    roster = desk.store.roster() if desk is not None else None
    if roster is None or snapshot.signature is None:
        return False
    member = roster.members.get(snapshot.signature.key_id)
    return member is not None and "approver" in member.enrolment.roles and member.revoked_at is None


def _check_stage(making: Making, stages: Mapping[str, Any]) -> None:
    """Refuse a stage that the clause does not have.

    Raises:
        UsageError: E458.
    """
    if making.stage and making.stage not in stages:
        raise error(
            "E458.stage",
            at="--stage",
            type=making.type,
            stage=making.stage,
            stages="one of " + ", ".join(stages) if stages else "no stage",
            advice="Leave --stage out, or name one of these." if stages else "Leave --stage out.",
        )


def _of_one_organisation(files: Sequence[Path]) -> list[Document]:
    """Read files of statements. Where they speak of different organisations, one of them is of somebody else.

    Raises:
        CaseError: E458, E465.
    """
    from proscribe.casework.register import organisation_key

    first: tuple[str, Path] | None = None
    written = [read_statements(path) for path in files]
    for path, document in zip(files, written, strict=True):
        about = document.value.get("organisation")
        name = about.get("name") if isinstance(about, Mapping) else None
        if not isinstance(name, str) or not name or len(name) > LONGEST_TEXT:
            continue
        other, before = first = first or (name, path)
        if organisation_key(name) != organisation_key(other):
            alike = person_key(name) == person_key(other)
            raise error(
                "E458.organisation", at=path, here=name[:120], other=other[:120], there=before,
                alike="; they look alike, and some letters are of another script" if alike else "",
            )  # fmt: skip
    return written


def _read_of_lists(value: dict[str, Any]) -> None:
    """Leave out what files say that parts lists say of themselves: that is read in the lists."""
    if isinstance(value.get("offering"), dict):
        for name in ("parts_list", "more_lists"):
            value["offering"].pop(name, None)


def _lifting(overrides: Any, lifts: frozenset[str]) -> list[dict[str, Any]]:
    """Leave of overrides what lifts one of these obstacles."""
    left = [
        {**one, "obstacle_ids": [name for name in one["obstacle_ids"] if name in lifts]} for one in overrides
    ]
    return [one for one in left if one["obstacle_ids"]]


def _run_again(
    scans: Sequence[dict[str, Any]], files: Mapping[str, Path], proofs: ScanProofs, desk: Desk | None
) -> None:
    """Say of each scan what came of running it again.

    Args:
        files: digest to file, of the scans that were handed over.
    """
    for scan in scans:
        name = scan["sha256"]
        if "replay" not in scan and name in files:
            scan["replay"] = proofs.of(files[name], name, (files[name].parent, Path()))
        elif "replay" not in scan and desk is not None:
            scan["replay"] = proofs.of(desk.store.blob(name), name, (Path(),))


def _judged_in_case(told: Any, held: Sequence[Any], file: CaseFile | None) -> None:
    """Refuse judgements that a file states: people make them in a case, each under their own name.

    Raises:
        CaseError: E458.
    """
    case = file.case.id if file is not None else "a case"
    if not isinstance(told, list):
        raise error("E458.judgement", at="/judgements", case=case)
    for index, one in enumerate(told):
        if one not in held:
            raise error("E458.judgement", at=f"/judgements/{index}", case=case)


def _stated_before(value: dict[str, Any], stated: Mapping[str, Any], statements: Statements) -> None:
    """Take from the case what was stated in it and no file of the document states anew."""
    for name in ("inquiry", "files"):
        found = statements.newest(name)
        if found is None or stated.get(name):
            continue
        one, content = found
        if name == "files" and not statements.approved(one):
            continue
        approved = f", approved by {one.approver}" if statements.approved(one) else ""
        what = f"{name}: stated by {one.author}{approved} ({one.id})"
        add(value, {name: content})
        value.setdefault("files", []).append({"kind": "statement", "what": what, "sha256": one.sha256})


def _keys_of_two(value: Mapping[str, Any], desk: Desk) -> None:
    """Refuse one person who is to approve and to sign where people are keys and no key shows who else makes it.

    It could be approved by nobody: the keys of two people stand behind a document that is signed.

    Raises:
        CaseError: E414.
    """
    roster = desk.store.roster()
    approver, signer = (
        str((value.get(role) or {}).get("name") or "").strip() for role in ("approver", "signer")
    )
    if not roster or not approver or not desk.store.same_person(approver, signer):
        return
    hand = desk.store.hand
    maker = roster.members.get(hand.key_id) if hand is not None else None
    if maker is None or desk.store.same_person(maker.name, signer):
        raise error("E414.one_key", at="/signer/name", name=approver)


def _overridden_by_the_approver(value: Mapping[str, Any]) -> None:
    """Refuse an override by somebody whom the document does not name as its approver, and who so never approves it.

    Raises:
        CaseError: E457.
    """
    named = str((value.get("approver") or {}).get("name") or "")
    for place, one in enumerate(dicts(value.get("overrides"))):
        who = str(one.get("approver") or "")
        if who and not same_person(who, named):
            raise error(
                "E457.other", at=f"/overrides/{place}/approver", who=who[:80], named=named or "nobody"
            )


def _title(value: Mapping[str, Any], author: str) -> str:
    """Give the words of the titles that the people of a document have who are its author."""
    people = [*dicts(value.get("people")), *dicts([value.get("author")])]
    return " ".join(
        str(one.get("title") or "") for one in people if same_person(str(one.get("name") or ""), author)
    )


def _is_of_the_roster(desk: Desk | None, author: str) -> Callable[[str], bool]:
    """Give what tells whether a name is that of a person of the roster who is not the author; anybody is where there is none."""
    roster = desk.store.roster() if desk is not None else None
    if roster is None:
        return lambda name: True
    return lambda name: bool(roster.named(name)) and not roster.same(name, author)


def _own(value: Mapping[str, Any]) -> list[str]:
    """Name who makes the offering: its maker, and the organisation that certifies it."""
    told = ((value.get("offering"), "maker"), (value.get("organisation"), "name"))
    return [str(one[name]) for one, name in told if isinstance(one, Mapping) and one.get(name)]


def _say_last(value: dict[str, Any], making: Making) -> None:
    """Add what speaks last, and which answers the author was asked for and left open."""
    # What follows settles these values in place, and the same are said again where it is weighed again.
    add(value, deepcopy(dict(making.values or {})))
    if making.asked:
        value["answers"] = {**dict.fromkeys(making.asked, ""), **(value.get("answers") or {})}


def _settle(
    value: dict[str, Any],
    making: Making,
    file: CaseFile | None,
    as_of: date,
    knowledge: Sequence[str | Path],
    desk: Desk | None,
) -> dict[str, Path]:
    """Turn what files may say beside the fields of the inputs into those fields; give digest to file of each scan handed over."""
    if "resolved" in value or "offering" in (making.values or {}):
        resolve(
            listed(components_of(value, strict=False), "offering.components"),
            listed(value.pop("resolved", []), "resolved"),
            author=making.author,
            title=_title(value, making.author),
            known=_is_of_the_roster(desk, making.author),
            own=_own(value),
            as_of=as_of,
            knowledge=knowledge,
        )
    # One scan may stand here twice: what holds of it still, and what a later reading of one of its lists does not show.
    scans = list(value.get("scans", ()))
    known = {scan["sha256"] for scan in scans}
    files: dict[str, Path] = {}
    for path in making.scans:
        scan = scan_of_file(path)
        if scan["sha256"] not in known:
            scans.append(scan)
            known.add(scan["sha256"])
        files[scan["sha256"]] = path
    value["scans"] = scans
    by_record(value)
    complete_people(value, author=making.author, approver=making.approver)
    if making.signed_at is not None:
        value["signed_at"] = moment_of(making.signed_at, file).isoformat()
    if making.stage:
        value["stage"] = making.stage
    return files
