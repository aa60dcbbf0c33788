"""Documents out of a case: what the store remembers and what people wrote becomes the inputs of a document.

People write what no scan can know (who the organisation is, what was searched, how a thing is used) in YAML files, in the
shape of `proscribe.model.papers.PaperInputs`. The case adds its scans, judgements, suppliers' answers, waivers, facts
and clocks. A file speaks before the case where both do, since a person wrote it for this document.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from proscribe import __version__
from proscribe.app.facts_file import meant
from proscribe.app.offering import check_stated, resolve
from proscribe.app.signing import DOCUMENT_NAME, bundle_of
from proscribe.documents import FORMATS, TYPES, inputs_from_json, make, paper_law, paper_type, render
from proscribe.documents.checks import says_why
from proscribe.documents.search import SCAN_MAY_BE_DAYS_OLD
from proscribe.kb.reviews import overdue_reviews
from proscribe.kb.snapshot import Snapshot, open_knowledge
from proscribe.kb.strictyaml import Document, Step, YamlCodes, parse
from proscribe.model.casework import (
    CaseFile,
    EventKind,
    StoredDocument,
    SupplierDeclaration,
    Verdict,
    instant_text,
)
from proscribe.model.errors import CaseError, InputError, ProscribeError
from proscribe.model.papers import Paper, Question
from proscribe.model.people import same_person
from proscribe.rules.facts import FACTS

if TYPE_CHECKING:
    from proscribe.app.casework import Desk
    from proscribe.attestations import Signer

_YAML = YamlCodes("E407", "E408", "E409", "E410")
_MAX_YAML_BYTES = 8_000_000
_MAX_SCAN_BYTES = 512 * 1024 * 1024
#: Keys that a file may hold beside the fields of the inputs.
_BEARS_ON = "scans_bear_on"
_RESOLVED = "resolved"
#: Fields of the inputs that no file states, and where they come from.
_NOT_OF_A_FILE = {
    "as_of": "the day is given with --as-of",
    "made_at": "the instant is given with --at",
    "stage": "the stage is given with --stage",
    "scans": "scans are handed over with --scan, or by the case",
    "case_id": "it is that of the case that is named in the command",
    "knowledge": "the program says which knowledge it used",
    "software": "the program says which version it is",
}
_MAX_LEAD = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Making:
    """What a document is made with.

    Attributes:
        type: such as `annual-representation`.
        files: YAML files, in order; a later one adds to lists and replaces the rest.
        scans: further scans, as files; one that the case holds already is not read twice.
        as_of: day of the law; that of the case, or today.
        made_at: instant of making, with its offset; in a case it is written in the case's time zone.
        author, approver: names; a file may say more about them.
        signed_at: when the author means to sign, or `None`.
        stage: `first`, `follow-up`, `supplement`, or empty.
        values: further fields of the inputs as plain values, such as overrides; they speak last.
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
    """Make a document, from files alone or from a case.

    Raises:
        CaseError, InputError, UsageError: for whatever it cannot be made from; nothing is stored.
    """
    paper_type(making.type)
    origins = _Origins()
    written = [_read_yaml(path) for path in making.files]
    snapshot = open_knowledge(knowledge)
    law = paper_law(snapshot, making.type)
    if making.stage and making.stage not in law.stages:
        raise CaseError(
            "E458",
            f"{making.type} has no stage {making.stage!r}",
            at="--stage",
            expected="one of " + ", ".join(law.stages) if law.stages else "no stage",
            next_step="Leave --stage out, or name one of these." if law.stages else "Leave --stage out.",
        )
    file = desk.store.case(case_id) if desk is not None and case_id else None
    value: dict[str, Any] = {}
    if desk is not None and file is not None:
        value = _of_case(making, desk, file, snapshot)
    for document in written:
        _add(value, document.value, origins.of(document))
    as_of = making.as_of or (file.case.as_of if file is not None else datetime.now(UTC).date())
    # What people state of parts is looked up; the parts of a list that was read were, line by line.
    check_stated(_components(value), as_of=as_of, knowledge=knowledge)
    _add(value, dict(making.values or {}))
    try:
        _settle(value, making, file, as_of, knowledge)
        value["as_of"] = as_of.isoformat()
        value["made_at"] = _moment(
            making.made_at or datetime.now(UTC).replace(microsecond=0), file
        ).isoformat()
        value["software"] = __version__
        value["knowledge"] = {
            "version": snapshot.manifest.version,
            "sha256": snapshot.manifest.sha256,
            "overdue": [
                f"{item.file}: review was due on {item.due_on}" for item in overdue_reviews(snapshot, as_of)
            ],
        }
        return make(making.type, inputs_from_json(value), law)
    except ProscribeError as error:
        error.at = origins.place(error.at)
        raise


def _moment(instant: datetime, file: CaseFile | None) -> datetime:
    """Give an instant as the clocks of the case count days: an evening in New York is the next day in UTC."""
    return instant if file is None or not file.case.zone else instant.astimezone(ZoneInfo(file.case.zone))


def _components(value: Mapping[str, Any]) -> list[Any]:
    offering = value.get("offering")
    components = offering.get("components") if isinstance(offering, dict) else None
    return components if isinstance(components, list) else []


def _settle(
    value: dict[str, Any],
    making: Making,
    file: CaseFile | None,
    as_of: date,
    knowledge: Sequence[str | Path],
) -> None:
    """Turn what files may say beside the fields of the inputs into those fields."""
    if _RESOLVED in value:
        offering = value.get("offering")
        components = offering.get("components") if isinstance(offering, dict) else None
        resolve(
            _listed(components or [], "offering.components"),
            _listed(value.pop(_RESOLVED), _RESOLVED),
            author=making.author,
            as_of=as_of,
            knowledge=knowledge,
        )
    known = {scan["sha256"]: scan for scan in value.get("scans", ())}
    for path in making.scans:
        scan = _scan(path.name, _read(path, _MAX_SCAN_BYTES))
        known.setdefault(scan["sha256"], scan)
    value["scans"] = list(known.values())
    if _BEARS_ON in value:
        _bear(value["scans"], value.pop(_BEARS_ON))
    _by_record(value)
    _people(value, making)
    if making.signed_at is not None:
        value["signed_at"] = _moment(making.signed_at, file).isoformat()
    if making.stage:
        value["stage"] = making.stage


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
    """Keep a document with its renderings in its case.

    Raises:
        CaseError: E424 when another report on the same duty waits to be sent, or what it supersedes is of another kind;
            E432 when that report went out; E422 when the case has changed since it was read.
    """
    from proscribe.casework import commands

    # The store refuses another version of the case than this one, so nothing can come between check and write.
    file = desk.store.case(case_id)
    if file.case.version == version:
        _once(file, paper, supersedes)
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


def _once(file: CaseFile, paper: Paper, supersedes: str) -> None:
    """Refuse a second report on one duty; a report that is wrong is superseded before it is sent."""
    from proscribe.casework.lifecycle import record

    stage = str(paper.data.get("stage", ""))
    if supersedes:
        old = record(file.documents, supersedes, "document", file.case.id)
        if (old.type, old.stage) != (paper.type, stage):
            raise CaseError(
                "E424",
                f"document {old.id} is of another kind: {' '.join(filter(None, (old.type, old.stage)))}",
                at="--supersedes",
                expected=" ".join(filter(None, (paper.type, stage))),
                next_step=f"See `proscribe document list {file.case.id}`.",
            )
    if not stage:
        return
    replaced = {one.supersedes for one in file.documents if one.supersedes}
    for one in file.documents:
        if one.id in replaced or one.id == supersedes or (one.type, one.stage) != (paper.type, stage):
            continue
        if one.submitted_at is None:
            raise CaseError(
                "E424",
                f"the case holds a {stage} report on this duty that was not sent: {one.id}, number {one.number}",
                expected="one report for one duty",
                next_step=f"Send that one, or replace it: --supersedes {one.id}.",
            )
        if stage != "supplement":
            raise CaseError(
                "E432",
                f"this report was submitted before, as {one.number or one.id}",
                expected="the next report of the clause",
                next_step="Report what was found later with --stage follow-up or supplement.",
            )


def document_of(
    desk: Desk, case_id: str, document_id: str
) -> tuple[CaseFile, StoredDocument, dict[str, Any]]:
    """Give a stored document with its data.

    Raises:
        CaseError: E423 when there is none.
    """
    from proscribe.casework.lifecycle import record

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
    write: Callable[[bytes], None] | None = None,
) -> tuple[CaseFile, bytes]:
    """Sign an approved document of a case; gives the case and the bundle.

    Args:
        write: is given the bundle before the signature is kept: a signature whose bundle could not be written is lost,
            and a document is signed once.

    Raises:
        CaseError: E424 when it is not approved, or was approved by somebody else than it names; E464 when the instant
            lies before the making of the document or after what it says has ended, E440 when it has not come yet; E424
            when it was superseded, or the case holds something newer that it did not weigh.
    """
    from proscribe.attestations import unpack
    from proscribe.casework import commands

    file, stored, data = document_of(desk, case_id, document_id)
    named = (data.get("people") or {}).get("approver") or {}
    if stored.approved_at is None or (named.get("name") and named["name"] != stored.approver):
        raise CaseError(
            "E424",
            f"document {document_id} is not approved"
            if stored.approved_at is None
            else f"document {document_id} names {named['name']} as its approver, and {stored.approver} approved it",
            expected="the approval of the person it names",
            next_step=f"proscribe case approve {case_id} {document_id} --by NAME",
        )
    at = signed_at or desk.store.now()
    if at > desk.store.now() + _MAX_LEAD:
        raise CaseError(
            "E440",
            f"{at.isoformat()} lies in the future",
            at="--at",
            expected="an instant that has passed",
            next_step="Give the instant of signing.",
        )
    if at < datetime.fromisoformat(str(data["made_at"])):
        raise CaseError(
            "E464",
            "the document would be signed before it was made",
            at=f"--at {at.isoformat()}, made_at {data['made_at']}",
            expected="a signature at or after the making",
            next_step="Correct the instant.",
        )
    if "representations" in data["body"]:
        _still_holds(desk, file, stored, data, at)
    files = {
        item.name: desk.store.blob(item.sha256)
        for item in stored.files
        if item.media_type != "application/json"
    }
    files[DOCUMENT_NAME] = desk.store.blob(stored.sha256)
    bundle = bundle_of(data, files, signer, signed_by=by, signed_as=title, signed_at=at.isoformat())
    if write is not None:
        write(bundle)
    file = commands.sign_document(
        desk.store, case_id, document_id, unpack(bundle).envelope, by=by, version=version
    )
    return file, bundle


#: What can speak against a statement that was made before it.
_EVIDENCE = frozenset(
    [
        EventKind.RUN_ATTACHED, EventKind.DEVICES_ATTACHED, EventKind.FACT_STATED, EventKind.JUDGED, EventKind.DETERMINED,
        EventKind.WAIVER_REVOKED,
        EventKind.DECLARATION_STORED, EventKind.SUPPLIER_ANSWERED, EventKind.SUPPLIER_REFUSED, EventKind.SUPPLIER_CHECKED,
    ]
)  # fmt: skip


def _still_holds(
    desk: Desk, file: CaseFile, stored: StoredDocument, data: Mapping[str, Any], at: datetime
) -> None:
    """Refuse a signature under a statement that was overtaken: replaced, ended, or made before later evidence.

    Raises:
        CaseError: E424, E464.
    """
    where = f"{file.case.id}/{stored.id}"
    again = "Make the document again, have it approved, and sign that one."
    newer = next((one.id for one in file.documents if one.supersedes == stored.id), "")
    if newer:
        raise CaseError(
            "E424", f"document {stored.id} was superseded by {newer}", at=where, expected=f"{newer}",
            next_step=f"proscribe document sign {file.case.id}/{newer}",
        )  # fmt: skip
    events = desk.store.events(file.case.id)
    kept = next(
        (
            one.case_seq
            for one in events
            if one.kind is EventKind.DOCUMENT_STORED
            and json.loads(one.payload)["document"]["id"] == stored.id
        ),
        0,
    )
    later = [one for one in events if one.kind in _EVIDENCE and one.case_seq > kept]
    if later:
        raise CaseError(
            "E424",
            f"since document {stored.id} was made, the case got what it did not weigh: "
            + ", ".join(dict.fromkeys(one.kind.value.replace("_", " ") for one in later)),
            at=where,
            expected="a document made from all that the case holds",
            next_step=again,
        )
    day = _moment(at, file).date()
    ends = [("it", str(data["body"].get("valid_to") or ""))]
    aside = {
        str(one["finding"])
        for said in data["body"]["representations"].values()
        for one in said.get("set_aside", ())
    }
    ends += [
        (f"the judgement on {name}", one.until.isoformat())
        for name, one in file.standing().items()
        if name in aside and one.until is not None
    ]
    made = datetime.fromisoformat(str(data["made_at"])).date()
    ends += [
        (f"the declaration of {one.supplier}", one.expires_on.isoformat())
        for one in file.declarations
        if one.expires_on is not None and one.expires_on >= made
    ]
    ends.append(("the search behind it", (made + timedelta(days=SCAN_MAY_BE_DAYS_OLD)).isoformat()))
    for what, last in ends:
        if last and last < day.isoformat():
            raise CaseError(
                "E464",
                f"the document would be signed on {day.isoformat()}, and {what} speaks to {last} at the latest",
                at=where,
                expected=f"a signature by {last}",
                next_step=again,
            )


# What people wrote


def _read(path: Path, most: int) -> bytes:
    try:
        with path.open("rb") as stream:
            data = stream.read(most + 1)
    except OSError as problem:
        raise InputError(
            "E465",
            f"the file cannot be read: {problem.strerror or problem}",
            at=str(path),
            expected="a readable file",
            next_step="Check the path.",
        ) from None
    if len(data) > most:
        raise InputError(
            "E465",
            "the file is too large",
            at=str(path),
            expected=f"at most {most:,} bytes",
            next_step="Split it.",
        )
    return data


def _read_yaml(path: Path) -> Document:
    document = parse(_read(path, _MAX_YAML_BYTES), str(path), error=CaseError, codes=_YAML)
    value = document.value
    if not isinstance(value, dict):
        raise InputError(
            "E465",
            "the file is no mapping of fields",
            at=str(path),
            expected="organisation:, contract:, inquiry: ...",
            next_step="See docs/documents.md.",
        )
    for name, instead in _NOT_OF_A_FILE.items():
        if name in value:
            raise InputError(
                "E465",
                f"{name} is not stated in a file: {instead}",
                at=document.at(name),
                expected="fields that people state: organisation:, contract:, inquiry: ...",
                next_step=f"Take {name} out of the file.",
            )
    return document


class _Origins:
    """Where each part of the joined inputs was written, so that an error about a field names file, line and column."""

    def __init__(self) -> None:
        self._places: dict[tuple[Step, ...], tuple[Document, tuple[Step, ...]]] = {}

    def of(self, document: Document) -> Callable[[tuple[Step, ...], tuple[Step, ...]], None]:
        """Give a function that notes that a part of the inputs (first path) stands in the document (second)."""

        def note(path: tuple[Step, ...], written: tuple[Step, ...]) -> None:
            self._places[path] = (document, written)

        return note

    def place(self, at: str) -> str:
        """Put file, line and column before a place such as `/items/0/id` or `organisation.uei`."""
        path = tuple(int(step) if step.isdecimal() else step for step in re.findall(r"[^./\[\]]+", at))
        for length in range(len(path), 0, -1):
            if path[:length] in self._places:
                document, written = self._places[path[:length]]
                return f"{document.at(*written, *path[length:])} ({at})"
        return at


def _nowhere(_path: tuple[Step, ...], _written: tuple[Step, ...]) -> None:
    pass


_Note = Callable[[tuple[Step, ...], tuple[Step, ...]], None]


def _add(
    value: dict[str, Any],
    more: Mapping[str, Any],
    note: _Note = _nowhere,
    path: tuple[Step, ...] = (),
    written: tuple[Step, ...] = (),
) -> None:
    """Join what a file says to what is known: lists grow, mappings are joined, anything else is replaced.

    Args:
        note: is told where each part that was taken over stands.
        path: of `value` in the inputs.
        written: of `more` in the file.
    """
    for name, item in more.items():
        known = value.get(name)
        here, there = (*path, name), (*written, name)
        if isinstance(known, list) and isinstance(item, list):
            value[name] = _joined(known, item, note, here, there)
        elif isinstance(known, dict) and isinstance(item, dict):
            joined = dict(known)
            _add(joined, item, note, here, there)
            value[name] = joined
        else:
            value[name] = item
            note(here, there)


def _joined(
    known: list[Any], more: list[Any], note: _Note, path: tuple[Step, ...], written: tuple[Step, ...]
) -> list[Any]:
    """Append, but let an entry with the id of an earlier one say more about that one, and say no text twice."""
    joined = list(known)
    places = {
        one["id"]: place
        for place, one in enumerate(known)
        if isinstance(one, dict) and isinstance(one.get("id"), str)
    }
    for index, item in enumerate(more):
        identity = item.get("id") if isinstance(item, dict) else None
        place = places.get(identity) if isinstance(identity, str) else None
        if place is not None:
            joined[place] = dict(joined[place])
            _add(joined[place], item, note, (*path, place), (*written, index))
        elif not (isinstance(item, str) and item in joined):
            note((*path, len(joined)), (*written, index))
            joined.append(item)
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
            if "records" not in entry:
                continue
            place = f"{field}[{value[field].index(entry)}].records"
            records = [str(one) for one in _listed(entry.pop("records"), place, str)]
            unknown = [one for one in records if one not in found]
            if unknown:
                raise InputError(
                    "E465",
                    f"no finding of the scans stands in the record {unknown[0][:80]!r}",
                    at=place,
                    expected="record ids such as " + ", ".join(sorted(found)[:5])
                    if found
                    else "a scan with findings",
                    next_step="Correct the id, or hand over the scan that holds it.",
                )
            named = _listed(entry.get("finding_ids", []), f"{place[:-8]}.finding_ids", str)
            entry["finding_ids"] = list(
                dict.fromkeys([*named, *(name for one in records for name in found[one])])
            )


def _people(value: dict[str, Any], making: Making) -> None:
    people = _listed(value.pop("people", []), "people")
    for place, one in enumerate(people):
        if not isinstance(one.get("name"), str):
            raise _shape(f"people[{place}]", "a person without a name", "name: B. Lind, title: ...")
    for role, name in (("author", making.author), ("approver", making.approver)):
        said = value.get(role)
        if name and not (isinstance(said, dict) and said.get("name") == name):
            if role in value and not isinstance(said, dict):
                raise _shape(role, "this is no person", "name: B. Lind, title: ...")
            known = [*people, *([said] if isinstance(said, dict) else [])]
            value[role] = next((one for one in known if one.get("name") == name), {"name": name})


def _bear(scans: list[dict[str, Any]], bears: Any) -> None:
    if (
        not isinstance(bears, dict)
        or set(bears) - {"questions", "why"}
        or not isinstance(bears.get("questions"), list)
        or not isinstance(bears.get("why", ""), str)
    ):
        raise _shape(_BEARS_ON, f"{_BEARS_ON} has another shape", "questions: [use], why: one sentence")
    questions = [one.value for one in Question]
    for place, one in enumerate(bears["questions"]):
        if one not in questions:
            raise _shape(
                f"{_BEARS_ON}.questions[{place}]", f"{str(one)[:40]!r} is no question", ", ".join(questions)
            )
    if not bears["questions"] or not says_why(bears.get("why", "")):
        raise _shape(
            _BEARS_ON,
            "it is not said on which question the scans bear, or not why on that one alone",
            "questions: [use], why: one sentence",
        )
    for scan in scans:
        scan["bears_on"] = bears["questions"]
        scan["bears_on_why"] = bears.get("why", "")


def _shape(place: str, what: str, expected: str) -> InputError:
    return InputError("E465", what, at=place, expected=expected, next_step="See docs/documents.md.")


def _listed(value: Any, place: str, kind: type = dict) -> list[Any]:
    """Give a list of mappings, or of texts, as it is.

    Raises:
        InputError: E465 when it is anything else: what a person wrote is never passed over.
    """
    what = "mappings" if kind is dict else "texts"
    if not isinstance(value, list):
        raise _shape(place, "this is not a list", f"a list of {what}")
    for index, one in enumerate(value):
        if not isinstance(one, kind):
            raise _shape(f"{place}[{index}]", f"a {type(one).__name__} stands here", f"a list of {what}")
    return value


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
    _whole(value, name)
    return {"value": value, "sha256": hashlib.sha256(content).hexdigest()}


def _whole(value: Any, name: str) -> None:
    """Refuse a scan whose lists are other than it counts itself: what was cut out of it cannot be weighed.

    It finds a list that was filtered or cut, and no hand that corrects the counts as well: a scan is not signed.

    Raises:
        InputError: E461.
    """
    if not isinstance(value, dict) or not isinstance(value.get("findings"), list):
        return  # it is none, which is said where it is read
    summary = value.get("summary")
    summary = summary if isinstance(summary, dict) else {}
    live = [one for one in value["findings"] if not (isinstance(one, dict) and one.get("ignored"))]
    bands = Counter(str(one.get("band")) for one in _dicts(live))
    counted = summary.get("by_band")
    there = {
        "findings": len(live),
        "ignored": len(value["findings"]) - len(live),
        "mentions": len(value["mentions"]) if isinstance(value.get("mentions"), list) else 0,
        "records": sum(
            one["records"] for one in _dicts(value.get("inputs")) if isinstance(one.get("records"), int)
        ),
    }
    wrong = next((what for what, count in there.items() if summary.get(what) != count), "")
    if not wrong and isinstance(counted, dict) and {k: n for k, n in counted.items() if n} != dict(bands):
        wrong, there = "by_band", {"by_band": len(live)}
    if wrong:
        raise InputError(
            "E461",
            f"a scan handed to the document does not hold what it counts: its summary says {wrong} = "
            f"{str(summary.get(wrong, 'nothing'))[:80]}, it lists {there[wrong]:,}",
            at=name,
            expected="the JSON as `proscribe scan -o json` wrote it, with nothing taken out",
            next_step="Scan again and hand over that file.",
        )


# What the case remembers


def _of_case(making: Making, desk: Desk, file: CaseFile, snapshot: Snapshot) -> dict[str, Any]:
    case = file.case
    facts = _facts(file)
    newest = _scans(making, desk, file)
    value: dict[str, Any] = {
        "case_id": case.id,
        "organisation": {"uei": case.uei, "cage": case.cage},
        "scans": [*newest, *_aged(making, desk, file)],
        "judgements": _judgements(file),
        "suppliers": [_supplier(item) for item in file.declarations],
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
        ]
        + _device_files(desk, file),
        "submissions": [
            {
                "what": _title(desk, item),
                "ref": item.number or item.id,
                "at": instant_text(item.submitted_at),
            }
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
    if paper_type(making.type).takes("units"):
        value["units"] = units(desk, [item["value"] for item in newest])
    return value


def _facts(file: CaseFile) -> dict[str, Any]:
    """Give the facts of a case; those of a scan are kept as people answer them, `yes` or `a; b`."""
    told = json.loads(file.case.facts)
    return {
        name: meant(name, item) if isinstance(item, str) and name in FACTS else item
        for name, item in told.items()
    }


def _title(desk: Desk, item: StoredDocument) -> str:
    title = str(json.loads(desk.store.blob(item.sha256)).get("title", item.type))
    return f"{title}, {item.stage}" if item.stage else title


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
        only = set(file.case.finding_ids) if paper_type(making.type).of_case else None
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


def _aged(making: Making, desk: Desk, file: CaseFile) -> list[dict[str, Any]]:
    """Give older runs with nothing but their findings that the newest run over the input does not show.

    Such a finding stands until two people say what became of it: the thing may be gone, or the export was shorter. A
    report speaks of the findings of its case as they are.
    """
    if paper_type(making.type).of_case:
        return []
    newest = {path: run.id for run in file.runs for path, _ in run.inputs}
    settled = {
        one["finding_id"]
        for one in _judgements(file)
        if one["verdict"] in (Verdict.DIFFERENT.value, Verdict.CLEARED.value) and one["approver"]
    }
    values = {run.id: _scan(run.id, desk.store.blob(run.scan_sha256)) for run in file.runs}
    shown = {
        str(one.get("id"))
        for run in file.runs
        for one in _of_paths(
            values[run.id]["value"], {path for path, _ in run.inputs if newest[path] == run.id}
        )
    }
    made = []
    for run in reversed(file.runs):
        stale = {path for path, _ in run.inputs if newest[path] != run.id}
        gone = [
            one
            for one in _of_paths(values[run.id]["value"], stale)
            if str(one.get("id")) not in shown | settled
        ]
        if gone:
            shown |= {str(one.get("id")) for one in gone}
            bare = [{**one, "issues": []} for one in _dicts(values[run.id]["value"].get("inputs"))]
            value = {
                **values[run.id]["value"], "findings": gone, "mentions": [], "not_checked": [], "blind_spots": [],
                "inputs": bare,
            }  # fmt: skip
            made.append({**values[run.id], "value": value})
    return made


def _of_paths(value: Mapping[str, Any], wanted: set[str]) -> list[dict[str, Any]]:
    paths = {one.get("index"): one.get("path") for one in _dicts(value.get("inputs"))}
    return [one for one in _dicts(value.get("findings")) if paths.get(one.get("input")) in wanted]


def _judgements(file: CaseFile) -> list[dict[str, Any]]:
    """Write the judgements that stand; a second person who judged the same agrees."""
    made = []
    for identity, last in file.standing().items():
        agreed = ""
        for item in reversed([one for one in file.judgements if one.finding_id == identity]):
            if item.verdict is not last.verdict or item.until != last.until:
                break
            if not same_person(item.by, last.by):
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


def _device_files(desk: Desk, file: CaseFile) -> list[dict[str, Any]]:
    """Write the devices reports of a case as a document takes them: of each the devices for which it is the newest word."""
    from proscribe.casework.devices import devices_of, documents, newest_inputs

    newest = set(newest_inputs(file).values())
    devices = devices_of(desk.store, file)
    made = []
    for record, document in documents(desk.store, file):
        shown = [one for one in devices if one.report_id == record.id]
        if record.id not in newest and not shown:
            continue
        value = {
            "schema": "proscribe.devices/1",
            "devices": [
                {
                    "id": one.id,
                    "name": one.name,
                    "site": one.site,
                    "band": one.band,
                    "records": [{"findings": list(one.findings)}],
                    "contradictions": [{"what": text, "explained": False} for text in one.contradictions],
                }
                for one in shown
            ],
            "blind_spots": [dict(spot) for spot in document.report.blind_spots]
            if record.id in newest
            else [],
        }
        what = f"devices report {record.id} of {file.case.id}, as of {record.as_of}: {record.devices} devices"
        made.append({"kind": "devices", "what": what, "sha256": record.sha256, "value": value})
    return made


def _supplier(item: SupplierDeclaration) -> dict[str, Any]:
    """Write a declaration as a document takes it: one that was not answered, or not tested, stands against it."""
    told = json.loads(item.answers)
    # A supplier's own use is no use of ours; what it sells us is.
    names = [one.value for one in Question if one is not Question.USE or not item.form_id]
    answers = {name: str(told[name]) for name in names if name in told}
    doubts = list(item.doubts)
    if item.status != "answered":
        word = "refused" if item.status == "refused" else "none"
        answers = {one.value: word for one in Question if one is not Question.SPEND}
    elif item.form_id and item.checked_on is None:
        doubts.append("the answer was not tested against our own evidence yet")
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
        "doubts": doubts,
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
        (
            item
            for item in file.documents
            if item.submitted_at is not None and (item.type, item.stage) == (making.type, "first")
        ),
        None,
    )
    if first is not None and first.submitted_at is not None:
        event["first_report_at"] = instant_text(first.submitted_at)
        event["first_report_ref"] = first.number or first.id
    elif isinstance(facts.get("event.reported_at"), str) and len(facts["event.reported_at"]) > 10:
        event["first_report_at"] = facts["event.reported_at"]
    stage = making.stage or "first"
    duties = {element.obligation for element in paper_law(snapshot, making.type).elements}
    clocks = [
        item
        for item in file.deadlines
        if not item.withdrawn and item.obligation in duties and (not item.stage or item.stage == stage)
    ]
    # A clock that was met is that of an earlier report; it is named only when no other runs.
    running = [item.due_at for item in clocks if item.met_at is None]
    due = running or [item.due_at for item in clocks]
    if due:
        event["due_at"] = min(due)
    return event


def _waiver_asked(making: Making, desk: Desk, file: CaseFile) -> dict[str, Any] | None:
    if not paper_type(making.type).takes("waiver_asked") or not file.waivers:
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
    from proscribe.casework.clock import standing

    running = desk.store.deadlines()
    whole["cases_open"] = sum(case.state.value != "closed" for case in desk.store.cases())
    whole["overdue"] = sum(standing(item, now) == "overdue" for item in running)
    whole["next_due"] = min((item.due_at for item in running), default="")
    return [by_site[name] for name in sorted(by_site, key=lambda name: (name == "All sites", name))]


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
