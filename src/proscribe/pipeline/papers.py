"""Documents out of a case: what the store remembers and what people wrote becomes the inputs of a document.

People write what no scan can know (who the organisation is, what was searched, how a thing is used) in YAML files, in the
shape of `proscribe.model.papers.PaperInputs`. The case adds its scans, judgements, suppliers' answers, waivers, facts
and clocks. A file speaks before the case where both do, since a person wrote it for this document.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from proscribe import __version__
from proscribe.documents.papers import FORMATS, inputs_from_json, make, paper_law, render
from proscribe.kb.reviews import overdue_reviews
from proscribe.kb.snapshot import Snapshot, open_knowledge
from proscribe.kb.strictyaml import YamlCodes, parse
from proscribe.model.casework import CaseFile, StoredDocument, instant_text
from proscribe.model.errors import CaseError, InputError
from proscribe.model.papers import Paper, Question
from proscribe.pipeline.offering import resolve
from proscribe.pipeline.signing import DOCUMENT_NAME, bundle_of

if TYPE_CHECKING:
    from proscribe.attestations import Signer
    from proscribe.pipeline.casework import Desk

#: Documents that are about the findings of their case alone; the others are about the whole organisation.
_ABOUT_THE_CASE = frozenset(["far-report", "rfo-report", "dfars-report", "fascsa-report", "waiver-request"])
_YAML = YamlCodes("E407", "E408", "E409", "E410")
_MAX_BYTES = 16 * 1024 * 1024
#: Keys that a file may hold beside the fields of the inputs.
_BEARS_ON = "scans_bear_on"
_RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Making:
    """What a document is made with.

    Attributes:
        type: such as `annual-representation`.
        files: YAML files, in order; a later one adds to lists and replaces the rest.
        scans: further scans, as files.
        as_of: day of the law; that of the case, or today.
        made_at: instant of making.
        author, approver: names; a file may say more about them.
        signed_at: when the author means to sign, or `None`.
        stage: `first`, `follow-up`, `supplement`, or empty.
    """

    type: str
    files: tuple[Path, ...] = ()
    scans: tuple[Path, ...] = ()
    as_of: date | None = None
    made_at: datetime | None = None
    author: str = ""
    approver: str = ""
    signed_at: datetime | None = None
    stage: str = ""
    values: Mapping[str, Any] | None = None


def make_paper(
    making: Making, knowledge: Sequence[str | Path] = (), desk: Desk | None = None, case_id: str = ""
) -> Paper:
    """Make a document, from files alone or from a case.

    Raises:
        CaseError, InputError, UsageError: for whatever it cannot be made from; nothing is stored.
    """
    snapshot = open_knowledge(knowledge)
    file = desk.store.case(case_id) if desk is not None and case_id else None
    value: dict[str, Any] = {}
    if desk is not None and file is not None:
        value = _of_case(making, desk, file, snapshot)
    for path in making.files:
        _add(value, _read_yaml(path))
    _add(value, dict(making.values or {}))
    resolved = value.pop(_RESOLVED, None)
    if resolved is not None:
        resolve((value.get("offering") or {}).get("components") or [], _dicts(resolved))
    bears = value.pop(_BEARS_ON, None)
    value["scans"] = [*value.get("scans", []), *(_scan(path.name, _read(path)) for path in making.scans)]
    if bears is not None:
        _bear(value["scans"], bears)
    _by_record(value)
    _people(value, making)
    if making.stage:
        value["stage"] = making.stage
    as_of = making.as_of or (file.case.as_of if file is not None else datetime.now(UTC).date())
    value["as_of"] = as_of.isoformat()
    value["made_at"] = (making.made_at or datetime.now(UTC).replace(microsecond=0)).isoformat()
    value["software"] = __version__
    value["knowledge"] = {
        "version": snapshot.manifest.version,
        "sha256": snapshot.manifest.sha256,
        "overdue": [
            f"{item.file}: review was due on {item.due_on}" for item in overdue_reviews(snapshot, as_of)
        ],
    }
    return make(making.type, inputs_from_json(value), paper_law(snapshot, making.type))


def rendered(paper: Paper, names: Iterable[str]) -> dict[str, tuple[str, bytes]]:
    """Render a document; name of each file to its media type and bytes."""
    return {
        f"{paper.id}{FORMATS[name].suffix}": (FORMATS[name].media_type, render(paper, name)) for name in names
    }


def store_paper(
    desk: Desk,
    case_id: str,
    paper: Paper,
    formats: Iterable[str],
    *,
    by: str,
    version: int,
    supersedes: str = "",
    stated_at: datetime | None = None,
) -> tuple[CaseFile, StoredDocument]:
    """Keep a document with its renderings in its case."""
    from proscribe.cases import commands

    file = commands.store_paper(
        desk.store,
        case_id,
        paper.data,
        rendered(paper, formats),
        by=by,
        version=version,
        supersedes=supersedes,
        stated_at=stated_at,
    )
    return file, file.documents[-1]


def document_of(
    desk: Desk, case_id: str, document_id: str
) -> tuple[CaseFile, StoredDocument, dict[str, Any]]:
    """Give a stored document with its data.

    Raises:
        CaseError: E423 when there is none.
    """
    from proscribe.cases.lifecycle import record

    file = desk.store.case(case_id)
    stored: StoredDocument = record(file.documents, document_id, "document", case_id)
    data = json.loads(desk.store.blob(stored.sha256))
    assert isinstance(data, dict)
    return file, stored, data


def sign_stored(
    desk: Desk,
    case_id: str,
    document_id: str,
    signer: Signer,
    *,
    by: str,
    title: str = "",
    version: int,
    signed_at: datetime | None = None,
) -> tuple[CaseFile, bytes]:
    """Sign an approved document of a case; gives the case and the bundle.

    Raises:
        CaseError: E436 when it is not approved, or was approved by somebody else than it names.
    """
    from proscribe.attestations import unpack
    from proscribe.cases import commands

    file, stored, data = document_of(desk, case_id, document_id)
    named = (data.get("people") or {}).get("approver") or {}
    if stored.approved_at is None or (named.get("name") and named["name"] != stored.approver):
        raise CaseError(
            "E436",
            f"document {document_id} is not approved"
            if stored.approved_at is None
            else f"document {document_id} names {named['name']} as its approver, and {stored.approver} approved it",
            expected="the approval of the person it names",
            next_step=f"proscribe case approve {case_id} {document_id} --by NAME",
        )
    files = {
        item.name: desk.store.blob(item.sha256)
        for item in stored.files
        if item.media_type != "application/json"
    }
    files[DOCUMENT_NAME] = desk.store.blob(stored.sha256)
    at = signed_at or desk.store.now()
    bundle = bundle_of(data, files, signer, signed_by=by, signed_as=title, signed_at=at.isoformat())
    file = commands.sign_document(
        desk.store, case_id, document_id, unpack(bundle).envelope, by=by, version=version
    )
    return file, bundle


# What people wrote


def _read(path: Path) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as problem:
        raise InputError(
            "E465",
            f"the file cannot be read: {problem.strerror or problem}",
            at=str(path),
            expected="a readable file",
            next_step="Check the path.",
        ) from None
    return data


def _read_yaml(path: Path) -> dict[str, Any]:
    data = _read(path)
    if len(data) > _MAX_BYTES:
        raise InputError(
            "E465", "the file is too large", at=str(path), expected="at most 16 MiB", next_step="Split it."
        )
    value = parse(data, str(path), error=CaseError, codes=_YAML).value
    if not isinstance(value, dict):
        raise InputError(
            "E465",
            "the file is no mapping of fields",
            at=str(path),
            expected="organisation:, contract:, inquiry: ...",
            next_step="See docs/documents.md.",
        )
    return value


def _add(value: dict[str, Any], more: Mapping[str, Any]) -> None:
    for name, item in more.items():
        known = value.get(name)
        if isinstance(known, list) and isinstance(item, list):
            value[name] = _joined(known, item)
        elif isinstance(known, dict) and isinstance(item, dict):
            joined = dict(known)
            _add(joined, item)
            value[name] = joined
        else:
            value[name] = item


def _joined(known: list[Any], more: list[Any]) -> list[Any]:
    """Append, but let an entry with the id of an earlier one say more about that one."""
    joined = list(known)
    places = {one["id"]: place for place, one in enumerate(known) if isinstance(one, dict) and "id" in one}
    for item in more:
        place = places.get(item["id"]) if isinstance(item, dict) and "id" in item else None
        if place is None:
            joined.append(item)
        else:
            joined[place] = dict(joined[place])
            _add(joined[place], item)
    return joined


def _by_record(value: dict[str, Any]) -> None:
    """Let items and steps name findings by the id of their record, as people know them.

    Raises:
        InputError: E465 when no finding of the scans has such a record.
    """
    found: dict[str, list[str]] = {}
    for scan in _dicts(value.get("scans")):
        content = scan.get("value")
        for one in _dicts(content.get("findings")) if isinstance(content, dict) else ():
            found.setdefault(str(one.get("record_id")), []).append(str(one.get("id")))
    for field in ("items", "plan"):
        for entry in _dicts(value.get(field)):
            records = entry.pop("records", None)
            if records is None:
                continue
            unknown = [str(one) for one in records if str(one) not in found]
            if unknown:
                raise InputError(
                    "E465",
                    f"no finding of the scans stands in the record {unknown[0][:80]!r}",
                    at=f"{field}, {entry.get('id', '')}",
                    expected="record ids such as " + ", ".join(sorted(found)[:5]),
                    next_step="Correct the id, or hand over the scan that holds it.",
                )
            entry["finding_ids"] = [
                *entry.get("finding_ids", []),
                *(name for one in records for name in found[str(one)]),
            ]


def _people(value: dict[str, Any], making: Making) -> None:
    for role, name in (("author", making.author), ("approver", making.approver)):
        said = value.get(role)
        if name and not (isinstance(said, dict) and said.get("name") == name):
            known = [*_dicts(value.get("people")), *([said] if isinstance(said, dict) else [])]
            value[role] = next((one for one in known if one.get("name") == name), {"name": name})
    value.pop("people", None)
    if making.signed_at is not None:
        value["signed_at"] = making.signed_at.isoformat()


def _bear(scans: list[dict[str, Any]], bears: Any) -> None:
    if (
        not isinstance(bears, dict)
        or set(bears) - {"questions", "why"}
        or not isinstance(bears.get("questions"), list)
    ):
        raise InputError(
            "E465",
            f"{_BEARS_ON} has another shape",
            expected="questions: [use], why: one sentence",
            next_step="See docs/documents.md.",
        )
    for scan in scans:
        scan["bears_on"] = bears["questions"]
        scan["bears_on_why"] = str(bears.get("why", ""))


def _scan(name: str, content: bytes) -> dict[str, Any]:
    import hashlib

    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        raise InputError(
            "E461",
            "a scan handed to the document is not JSON",
            at=name,
            expected="the JSON that `proscribe scan -o json` writes",
            next_step="Scan again and hand over that file.",
        ) from None
    return {"value": value, "sha256": hashlib.sha256(content).hexdigest()}


# What the case remembers


def _of_case(making: Making, desk: Desk, file: CaseFile, snapshot: Snapshot) -> dict[str, Any]:
    case = file.case
    facts = json.loads(case.facts)
    value: dict[str, Any] = {
        "case_id": case.id,
        "organisation": {"uei": case.uei, "cage": case.cage},
        "scans": _scans(making, desk, file),
        "judgements": _judgements(file),
        "suppliers": [_supplier(item) for item in file.declarations if item.status != "asked"],
        "waivers": [
            {
                "id": item.id,
                "grantor": item.grantor,
                "citation": item.citation,
                "scope": item.scope,
                "granted_on": item.granted_on.isoformat(),
                "valid_to": None if item.valid_to is None else item.valid_to.isoformat(),
                "finding_ids": list(item.finding_ids),
                "sha256": item.document_sha256,
            }
            for item in file.waivers
            if item.granted_on is not None and item.in_force(making.as_of or case.as_of)
        ],
        "facts": [{"fact": name, "value": _shown(item)} for name, item in sorted(facts.items())],
        "files": [
            {
                "kind": "determinations",
                "what": f"determination {item.id} of {case.id}, as of {item.as_of.isoformat()}: {item.outcome}",
                "sha256": item.sha256,
            }
            for item in file.determinations[-1:]
        ],
        "submissions": [
            {"what": item.type, "ref": item.number or item.id, "at": instant_text(item.submitted_at)}
            for item in file.documents
            if item.submitted_at is not None
        ],
        "event": _event(making, file, facts, snapshot),
    }
    contract = _contract(file, facts)
    if contract:
        value["contract"] = contract
    asked = _waiver_asked(making, desk, file)
    if asked is not None:
        value["waiver_asked"] = asked
    if making.type == "portfolio-summary":
        value["units"] = units(desk, [item["value"] for item in value["scans"]])
    return value


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return ", ".join(str(item) for item in value) or "none"
    return str(value)


def _scans(making: Making, desk: Desk, file: CaseFile) -> list[dict[str, Any]]:
    """Give the newest run over each input; a run whose inputs were all read again later is left out."""
    newest: dict[str, str] = {}
    for run in file.runs:
        for path, _ in run.inputs:
            newest[path] = run.id
    kept = set(newest.values())
    made = []
    for run in file.runs:
        if run.id not in kept:
            continue
        scan = _scan(run.id, desk.store.blob(run.scan_sha256))
        stale = {path for path, _ in run.inputs if newest[path] != run.id}
        only = set(file.case.finding_ids) if making.type in _ABOUT_THE_CASE else None
        paths = {one.get("index"): one.get("path") for one in _dicts(scan["value"].get("inputs"))}
        scan["value"] = {
            **scan["value"],
            "findings": [
                one
                for one in _dicts(scan["value"].get("findings"))
                if (only is None or one.get("id") in only) and paths.get(one.get("input")) not in stale
            ],
        }
        made.append(scan)
    return made


def _judgements(file: CaseFile) -> list[dict[str, Any]]:
    """Write the judgements that stand; a second person who judged the same agrees."""
    made = []
    for identity, last in file.standing().items():
        agreed = ""
        for item in reversed([one for one in file.judgements if one.finding_id == identity]):
            if item.verdict is not last.verdict or item.until != last.until:
                break
            if item.by.casefold() != last.by.casefold():
                agreed = item.by
                break
        made.append(
            {
                "finding_id": identity,
                "verdict": last.verdict.value,
                "by": last.by,
                "reason": last.reason,
                "at": instant_text(last.at),
                "approver": agreed,
                "until": None if last.until is None else last.until.isoformat(),
            }
        )
    return made


def _supplier(item: Any) -> dict[str, Any]:
    told = json.loads(item.answers)
    answers = {name: str(told[name]) for name in (one.value for one in Question) if name in told}
    if item.status in ("refused", "silent"):
        word = "refused" if item.status == "refused" else "none"
        answers = {one.value: word for one in Question if one is not Question.SPEND}
    covers = told.get("covers")
    return {
        "supplier": item.supplier,
        "answers": answers,
        "covers": [str(one) for one in covers] if isinstance(covers, list) else [],
        "signed_by": item.signed_by,
        "signed_on": None if item.answered_on is None else item.answered_on.isoformat(),
        "valid_to": None if item.expires_on is None else item.expires_on.isoformat(),
        "contradictions": list(item.contradictions),
        "sha256": item.document_sha256,
    }


def _contract(file: CaseFile, facts: Mapping[str, Any]) -> dict[str, Any]:
    contract: dict[str, Any] = {}
    if file.case.contract:
        contract["number"] = file.case.contract
    if facts.get("contract.agency"):
        contract["agency"] = str(facts["contract.agency"])
    if isinstance(facts.get("contract.clauses"), list):
        contract["clauses"] = [str(item) for item in facts["contract.clauses"]]
    if facts.get("contract.awarded_on"):
        contract["awarded_on"] = str(facts["contract.awarded_on"])
    if isinstance(facts.get("contract.is_idiq"), bool):
        contract["is_idiq"] = facts["contract.is_idiq"]
    return contract


def _event(making: Making, file: CaseFile, facts: Mapping[str, Any], snapshot: Snapshot) -> dict[str, Any]:
    event: dict[str, Any] = {"source": str(facts.get("event.source", ""))}
    identified = facts.get("event.identified_at")
    if isinstance(identified, str):
        event["identified_at"] = identified if len(identified) > 10 else None
        if len(identified) == 10:
            event["how_found"] = f"Identified on {identified}; the hour is not recorded."
    first = next(
        (item for item in file.documents if item.submitted_at is not None and item.stage == "first"), None
    )
    if first is not None and first.submitted_at is not None:
        event["first_report_at"] = instant_text(first.submitted_at)
        event["first_report_ref"] = first.number or first.id
    elif isinstance(facts.get("event.reported_at"), str) and len(facts["event.reported_at"]) > 10:
        event["first_report_at"] = facts["event.reported_at"]
    stage = (making.stage or "first").replace("-", "_")
    duties = {element.obligation for element in paper_law(snapshot, making.type).elements}
    due = sorted(
        item.due_at
        for item in file.deadlines
        if not item.withdrawn and item.obligation in duties and (not item.stage or item.stage == stage)
    )
    if due:
        event["due_at"] = due[0]
    return event


def _waiver_asked(making: Making, desk: Desk, file: CaseFile) -> dict[str, Any] | None:
    if making.type != "waiver-request" or not file.waivers:
        return None
    waiver = file.waivers[-1]
    day = making.as_of or file.case.as_of
    ready = desk.readiness(waiver, file, day)
    return {
        "route": waiver.grantor,
        "part": waiver.part,
        "regime": waiver.route,
        "asked_of": waiver.agency,
        "from_on": None if waiver.valid_from is None else waiver.valid_from.isoformat(),
        "to_on": None if waiver.valid_to is None else waiver.valid_to.isoformat(),
        "justification": waiver.justification,
        "readiness": [
            {
                "title": item.title,
                "citation": item.citation,
                "met": item.result == "true",
                "missing": list(ready.missing) if item.result == "unknown" else [],
            }
            for item in ready.requirements
        ],
    }


def units(desk: Desk, scans: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Sum up scans by site, with the clocks of all cases of the store on a line of their own."""
    by_site: dict[str, dict[str, Any]] = {}

    def unit(name: str) -> dict[str, Any]:
        return by_site.setdefault(
            name,
            {"name": name, "by_band": {}, "by_outcome": {}, "by_firm": {}, "records": 0, "not_checked": 0},
        )

    for scan in scans:
        names = scan.get("entity_names")
        names = names if isinstance(names, Mapping) else {}
        for finding in _dicts(scan.get("findings")):
            details = finding.get("details")
            site = str((details or {}).get("site") or "") if isinstance(details, Mapping) else ""
            row = unit(site or "Site not stated")
            through = finding.get("covered_through")
            firm = str(through[-1] if isinstance(through, list) and through else finding.get("entity", ""))
            for field, key in (
                ("by_band", str(finding.get("band", ""))),
                ("by_outcome", str(finding.get("outcome") or "not decided")),
                ("by_firm", str(names.get(firm, firm))),
            ):
                row[field][key] = row[field].get(key, 0) + 1
        whole = unit("All sites")
        whole["records"] += sum(
            one["records"] for one in _dicts(scan.get("inputs")) if isinstance(one.get("records"), int)
        )
        unread = scan.get("not_checked")
        whole["not_checked"] += len(unread) if isinstance(unread, list) else 0
    whole = unit("All sites")
    now = desk.store.now()
    from proscribe.cases.clock import standing

    running = desk.store.deadlines()
    whole["cases_open"] = sum(case.state.value != "closed" for case in desk.store.cases())
    whole["overdue"] = sum(standing(item, now) == "overdue" for item in running)
    whole["next_due"] = min((item.due_at for item in running), default="")
    return [by_site[name] for name in sorted(by_site, key=lambda name: (name == "All sites", name))]


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
