"""Documents out of a case: what the store remembers and what people wrote becomes the inputs of a document.

People write what no scan can know (who the organisation is, what was searched, how a thing is used) in YAML files, in the
shape of `proscribe.model.papers.PaperInputs`. The case adds its scans, judgements, suppliers' answers, waivers, facts
and clocks. A file speaks before the case where both do, since a person wrote it for this document.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from proscribe import __version__
from proscribe.app.document_case import moment_of, of_case
from proscribe.app.document_scans import scan_of_file
from proscribe.app.document_sources import Making, kept_with
from proscribe.app.document_statements import (
    Origins,
    add,
    bear,
    by_record,
    complete_people,
    components_of,
    listed,
    read_statements,
)
from proscribe.app.offering import check_stated, resolve
from proscribe.app.organisation import of_this_organisation, store_state
from proscribe.app.scan_proof import ScanProofs
from proscribe.documents import TYPES, inputs_from_json, make, paper_law, paper_type
from proscribe.kb.reviews import overdue_reviews
from proscribe.kb.snapshot import open_knowledge
from proscribe.model.casework import CaseFile
from proscribe.model.errors import ProscribeError, error
from proscribe.model.papers import Paper

if TYPE_CHECKING:
    from proscribe.app.casework import Desk
    from proscribe.casework.commands import RanAgain


__all__ = ["Making", "is_made_from", "make_paper", "make_with_proofs", "short_commands"]


def short_commands(group: str) -> dict[str, str]:
    """Give the words that a group of commands knows, such as `far` of `report`, and the type that each makes."""
    return {
        kind.command[1]: name for name, kind in TYPES.items() if kind.command and kind.command[0] == group
    }


def is_made_from(type_: str, part: str) -> bool:
    """Tell whether a type is made from a part of the inputs that few types know, such as `offering`."""
    return type_ in TYPES and TYPES[type_].takes(part)


def make_paper(
    making: Making, knowledge: Sequence[str | Path] = (), desk: Desk | None = None, case_id: str = ""
) -> Paper:
    """Make a document, from files alone or from a case; see `make_with_proofs`."""
    return make_with_proofs(making, knowledge, desk, case_id)[0]


def make_with_proofs(
    making: Making, knowledge: Sequence[str | Path] = (), desk: Desk | None = None, case_id: str = ""
) -> tuple[Paper, list[RanAgain]]:
    """Make a document, from files alone or from a case, and give what the case is to keep of scans that were run again for it.

    Raises:
        CaseError, InputError, UsageError: for whatever it cannot be made from; nothing is stored.
    """
    paper_type(making.type)
    origins = Origins()
    written = [read_statements(path) for path in making.files]
    snapshot = open_knowledge(knowledge)
    law = paper_law(snapshot, making.type)
    if making.stage and making.stage not in law.stages:
        raise error(
            "E458.stage",
            at="--stage",
            type=making.type,
            stage=making.stage,
            stages="one of " + ", ".join(law.stages) if law.stages else "no stage",
            advice="Leave --stage out, or name one of these." if law.stages else "Leave --stage out.",
        )
    file = desk.store.sound_case(case_id) if desk is not None and case_id else None
    value: dict[str, Any] = {}
    if desk is not None and file is not None:
        value = of_case(making.type, making.as_of, making.stage, desk, file, snapshot)
    told = dict(making.told or {})
    if making.configured is not None:
        told = making.configured.statements(file.case.contract if file is not None else "")
    as_of = making.as_of or (file.case.as_of if file is not None else datetime.now(UTC).date())
    made_from, scans = (b"", ()) if file is None else kept_with(replace(making, as_of=as_of), told)
    if told:
        known, value = value, told
        add(value, known)
    held = value.get("judgements")
    for document in written:
        add(value, document.value, origins.of(document))
    # What people state of parts is looked up; the parts of a list that was read were, line by line.
    check_stated(components_of(value), as_of=as_of, knowledge=knowledge)
    add(value, dict(making.values or {}))
    if making.lifts is not None:
        value["overrides"] = _lifting(value.get("overrides", ()), making.lifts)
    try:
        if file is not None:
            _judged_in_case(value.get("judgements"), held, file)
        made_at = moment_of(making.made_at or datetime.now(UTC).replace(microsecond=0), file)
        proofs = ScanProofs(desk, knowledge=knowledge, folders=making.folders, at=made_at, by=making.author)
        read = _settle(value, making, file, as_of, knowledge)
        _run_again(value["scans"], read, proofs, desk)
        overdue = [
            f"{item.file}: review was due on {item.due_on}" for item in overdue_reviews(snapshot, as_of)
        ]
        value |= {
            "as_of": as_of.isoformat(),
            "made_at": made_at.isoformat(),
            "software": __version__,
            "knowledge": {
                "version": snapshot.manifest.version,
                "sha256": snapshot.manifest.sha256,
                "overdue": overdue,
            },
        }
        if desk is not None and file is not None:
            of_this_organisation(desk, value)
            value["store"] = store_state(desk, file, max(as_of, made_at.date()), made_at)
        paper = make(making.type, inputs_from_json(value), law)
        return replace(paper, made_from=made_from, scans=scans), proofs.to_keep(
            one["sha256"] for one in value["scans"]
        )
    except ProscribeError as problem:
        problem.at = origins.place(problem.at)
        raise


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


def _judged_in_case(told: Any, held: Any, file: CaseFile) -> None:
    """Refuse judgements that a file states: those of a case are made in it, under the name of who makes them.

    Raises:
        CaseError: E458.
    """
    if not isinstance(told, list):
        raise error("E458.judgement", at="/judgements", case=file.case.id)
    for index, one in enumerate(told):
        if one not in held:
            raise error("E458.judgement", at=f"/judgements/{index}", case=file.case.id)


def _settle(
    value: dict[str, Any],
    making: Making,
    file: CaseFile | None,
    as_of: date,
    knowledge: Sequence[str | Path],
) -> dict[str, Path]:
    """Turn what files may say beside the fields of the inputs into those fields; give digest to file of each scan handed over."""
    if "resolved" in value:
        resolve(
            listed(components_of(value, strict=False), "offering.components"),
            listed(value.pop("resolved"), "resolved"),
            author=making.author,
            as_of=as_of,
            knowledge=knowledge,
        )
    known = {scan["sha256"]: scan for scan in value.get("scans", ())}
    files: dict[str, Path] = {}
    for path in making.scans:
        scan = scan_of_file(path)
        known.setdefault(scan["sha256"], scan)
        files[scan["sha256"]] = path
    value["scans"] = list(known.values())
    if "scans_bear_on" in value:
        bear(value["scans"], value.pop("scans_bear_on"))
    by_record(value)
    complete_people(value, author=making.author, approver=making.approver)
    if making.signed_at is not None:
        value["signed_at"] = moment_of(making.signed_at, file).isoformat()
    if making.stage:
        value["stage"] = making.stage
    return files
