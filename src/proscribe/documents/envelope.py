"""What every document has: who, when, on which knowledge, what stands against it, the checklist, the people."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from proscribe.documents.checks import apply_overrides, check_inputs
from proscribe.documents.elements import checklist
from proscribe.documents.evidence import (
    Seen,
    asked_on,
    check_files,
    checked,
    cut,
    devices,
    findings,
    left_out,
    limits,
    mentions,
    mentions_of,
    named_unread,
    sources,
    unseen,
)
from proscribe.documents.grouping import grouped
from proscribe.documents.kinds import BY_KIND, kind_rows, speaking_to
from proscribe.documents.law import PaperLaw
from proscribe.documents.law_says import law_says
from proscribe.documents.obstacles import kinds_of, leaving, obstacle, shared_kinds
from proscribe.documents.organisation import outward, source_name
from proscribe.documents.pieces import chosen, texts_in
from proscribe.documents.registry import paper_type
from proscribe.documents.representations import EXPECTED
from proscribe.documents.stated_readings import stated_readings
from proscribe.documents.validity import is_later
from proscribe.documents.words import to_read
from proscribe.kb.texts import LawText, quoted
from proscribe.model.papers import (
    Answer,
    Obstacle,
    Override,
    Paper,
    PaperInputs,
    PaperState,
    PictureShown,
    Question,
    ScanCameOut,
    ScanInput,
    SourceExpected,
    SupplierAnswer,
)
from proscribe.wording.shown import counted

_ITALICS = re.compile(r"\*([^*]+)\*")
_UNSTORABLE = re.compile("[\\x00\\ud800-\\udfff]")
_LEFT_OUT_SHOWN = 12
_NOT_READ_SHOWN = 1_000
#: Issues of what was not read as it stands, though nothing was lost: a firm beside the records, a code page that was guessed.
_TOLD_UNREAD = ("E140", "E118")
NAMES_STATED = (
    "Names are stated, not proved: no key of a roster of people shows who prepared, judged and approved. A judgement, approval "
    "or scope of theirs lifts no confirmed finding."
)
NAMES_PROVED = (
    "Names are those of people whose keys stand in the roster of the store {store}. `proscribe verify --roster` on the signed "
    "bundle shows who did what with which key, and what a name alone states. No program sees whether two keys are in one hand."
)
NOT_ADVICE = "This document is not legal advice. It rests on the facts stated in it and on the sources named."


@dataclasses.dataclass(frozen=True, slots=True)
class Draft:
    """What a type's builder hands over.

    Attributes:
        body: makes the type's own part, given the state; called first as if the document were ready.
        obstacles: what stands against it.
        notes: sentences for the reader.
        inputs: those that it was made from, where the type changed them; `None` for those given.
        regimes: ids of the rules that it is about; empty for every one that was asked.
    """

    body: Callable[[PaperState], dict[str, Any]]
    obstacles: Sequence[Obstacle] = ()
    notes: Sequence[str] = ()
    inputs: PaperInputs | None = None
    regimes: Sequence[str] = ()


def assemble(
    inputs: PaperInputs,
    law: PaperLaw,
    draft: Draft,
    *,
    seen: Sequence[Seen] | None = None,
    missing_stands: bool = True,
    stage: str = "",
) -> Paper:
    """Put a document together and settle its state.

    Args:
        seen: the findings of the inputs, where they were read already.
        missing_stands: an element that is asked for and not filled is an obstacle; else it is a gap, printed as such.
        stage: of a report.

    Raises:
        CaseError: E450 to E457, E463, E464.
        InputError: E461 for a file that would be passed over.
    """
    check_inputs(inputs)
    check_files(inputs)
    edition = law.edition(inputs.contract, inputs.as_of)
    asked = law.asked(edition, stage)
    data = _head(inputs, law, edition, stage)
    seen = findings(inputs) if seen is None else seen
    data["body"] = draft.body(PaperState.READY)
    data |= dict(_where_there(inputs, law, draft, seen, data["body"]))
    found = list(draft.obstacles)
    rows = checklist(data, asked)
    gaps = [row for row in rows if row["state"] == "missing"]
    if missing_stands:
        found += [_missing(row, data["body"].get("items") or ()) for row in gaps]
        gaps = []
    found = list({one.id: one for one in found}.values())
    state, overrides = apply_overrides(inputs, found)
    data["state"] = state.value
    data["body"] = draft.body(state)
    told = found
    if state is not PaperState.REFUSED and not paper_type(law.type).stays:
        # It goes to somebody outside; whoever makes it saw all of it while it was refused, and finds it in the store.
        told = [leaving(one, {inputs.case_id, *inputs.disclosed}) for one in found]
    data["obstacles"] = [_obstacle(one) for one in told]
    if found:
        data["obstacle_groups"] = _groups(inputs, law, seen, told, overrides)
    data["overrides"] = plain(overrides)
    data["checklist"] = checklist(data, asked)
    shown, beyond = _pictures(inputs, data)
    if shown:
        data["pictures"] = plain(shown)
    if not paper_type(law.type).stays:
        _without_register(data["body"], inputs.store.sources if inputs.store else ())
    data["gaps"] = [
        {"words": _open_words(row), "citation": row["citation"], "item": row["item"]} for row in gaps
    ]
    names = NAMES_PROVED.format(store=inputs.roster) if inputs.roster else NAMES_STATED
    origin = [inputs.knowledge.origin] if inputs.knowledge.origin else []
    notes = [*_unused(inputs), *_mentions(inputs), *_left_out(inputs), *_not_shown(beyond)]
    data["notes"] = [*draft.notes, *notes, names, *origin]
    data = _storable(data)
    return Paper(law.type, data["schema"], law.title, state, data, tuple(found), overrides)


def _head(inputs: PaperInputs, law: PaperLaw, edition: str, stage: str) -> dict[str, Any]:
    """Write what every document begins with: what it is, by whom, under which words, and on what it rests."""
    return {
        "schema": f"proscribe.paper.{law.type}/1",
        "type": law.type,
        "proscribe": inputs.software,
        "title": law.title,
        "citation": law.citation,
        "about": " ".join(law.about.split()),
        "clause": {"number": law.clause_number, "edition": edition},
        "law_words": _law_words(law.words(edition, inputs.as_of)),
        "stage": stage,
        "as_of": inputs.as_of.isoformat(),
        "made_at": inputs.made_at.isoformat(),
        "knowledge": {
            "version": inputs.knowledge.version,
            "sha256": inputs.knowledge.sha256,
            "overdue": list(inputs.knowledge.overdue),
        },
        "case_id": inputs.case_id,
        **({"case_title": inputs.case_title} if inputs.case_title else {}),
        "organisation": plain(inputs.organisation),
        "contract": _contract(inputs),
        "rests_on": _rests_on(inputs, _asked(law, tuple(Question))),
        "limits": limits(inputs),
        "people": {
            "author": plain(inputs.author),
            "approver": plain(inputs.approver),
            **({"signer": plain(inputs.signer)} if inputs.signer is not None else {}),
            "signed_at": plain(inputs.signed_at),
        },
        "not_advice": NOT_ADVICE,
    }


def _where_there(
    inputs: PaperInputs, law: PaperLaw, draft: Draft, seen: Sequence[Seen], body: Mapping[str, Any]
) -> Iterator[tuple[str, Any]]:
    """Yield the parts that only some documents have."""
    said = body.get("representations", {})
    admitted = [name for name, one in said.items() if one.get("sought") == Answer.DOES.value]
    if kinds := kind_rows(inputs):
        yield "kinds", kinds
    if (
        not {"inquiry", "not_searched"} & body.keys() and inputs.inquiry and inputs.inquiry.not_searched
    ):  # what was not searched bears on whoever reads any of them
        yield "not_searched", plain(inputs.inquiry.not_searched)
    if "blind_spots" not in body and (lines := _not_read(inputs)):
        yield "not_read", lines
    if told := stated_readings(inputs):
        yield "read_as", told
    of_search = [one for one in _asked(law, ()) if shared_kinds()["words-alone"].stands_against(one)]
    if words := to_read(inputs, of_search) if of_search else []:
        yield "words", words
    if inputs.scopes:
        yield "scopes", _scopes(inputs, seen)
    if inputs.store is not None:
        # What stands in other cases is weighed, and leaves the firm by name only where its author says so.
        stays = paper_type(law.type).stays
        yield (
            "store",
            plain(inputs.store if stays else outward(inputs.store, inputs.case_id, inputs.disclosed)),
        )
    answer = law_says(
        inputs, seen, draft.regimes, asked=_asked(law, BY_KIND), admitted=admitted,
        goes_to=lambda duty: law.addressees.known(duty, inputs),
        signs=bool(law.statements) or paper_type(law.type).stays,
    )  # fmt: skip
    if answer:
        yield "law_says", answer


def _not_read(inputs: PaperInputs) -> list[str]:
    """Say what scans could not read, and where a firm is named and no record was read, whatever the document answers."""
    lines = dict.fromkeys(text for scan in inputs.scans for _, text in unseen(scan))
    for code in _TOLD_UNREAD:
        told = [f"{path}, {text}" for scan in inputs.scans for path, text in named_unread(scan, code)]
        # what was lost is named with its code already
        lines |= {one: None for one in told if f"{one} ({code})" not in lines}
    more = len(lines) - _NOT_READ_SHOWN
    return [*list(lines)[:_NOT_READ_SHOWN], *([f"… and {more:,} more, in the scans"] if more > 0 else [])]


def _asked(law: PaperLaw, otherwise: Collection[Question]) -> Collection[Question]:
    """Give the questions that a document asks."""
    return {Question(one.id) for one in law.statements} or otherwise


def _pictures(inputs: PaperInputs, data: Mapping[str, Any]) -> tuple[list[PictureShown], int]:
    """Give the pieces of pictures in which the findings were read that a document names, and how many more there are."""
    if not inputs.pictures:
        return [], 0
    named = frozenset(texts_in([data["body"], [one["evidence"] for one in data["obstacles"]]]))
    kept, more = chosen(inputs.pictures, named)
    return kept, more + inputs.pictures_beyond


def _not_shown(count: int) -> list[str]:
    if not count:
        return []
    words = "piece of a picture is" if count == 1 else "pieces of pictures are"
    return [
        f"{count:,} more {words} not shown, so that the document stays small enough to send. The place of each "
        "finding names its picture, page and box."
    ]


def _groups(
    inputs: PaperInputs,
    law: PaperLaw,
    seen: Sequence[Seen],
    found: Sequence[Obstacle],
    overrides: Sequence[Override],
) -> list[dict[str, Any]]:
    """Put what stands against the document together by what lifts it."""
    return grouped(
        found,
        names={one.id: one.words() for one in seen} | {one.id: one.words() for one in devices(inputs)},
        kinds=kinds_of(paper_type(law.type).get("obstacles", {})),
        lifted={name for one in overrides for name in one.obstacle_ids},
        case=inputs.case_id,
        type_=law.type,
    )


def _open_words(row: Mapping[str, Any]) -> str:
    """Name what is not known of an element: of one that is filled in part, the fields that are not."""
    left = [one["label"] for one in row["fields"] if not one["filled"]]
    whole = len(left) == len(row["fields"])
    return str(row["words"]) if whole else f"{', '.join(left)}, of: {row['words']}"


def _law_words(text: LawText | None) -> dict[str, Any] | None:
    """Write the words of the law that govern, with where they were read."""
    if text is None:
        return None
    head = dict(text.head)
    # Whoever gets the document looks it up where it is published, and not in a copy that somebody keeps.
    head["source"] = head.pop("official", "") or head["source"]
    return {**head, "paragraphs": [_ITALICS.sub(r"\1", line) for line in quoted(text.paragraphs)]}


def _without_register(body: Mapping[str, Any], register: Sequence[SourceExpected]) -> None:
    """Name the sources of the register by their id in the summary of an inquiry that goes to somebody outside."""
    rows = [one for one in (body.get("inquiry") or {}).get("sources", ()) if one.get("kind") == EXPECTED]
    for row, source in zip(rows, register, strict=True):
        row |= {"name": source_name(source), "by": ""}


def _obstacle(one: Obstacle) -> dict[str, Any]:
    """Write an obstacle; what it says to whom was settled before."""
    value: dict[str, Any] = plain(one)
    del value["outside"]
    return value


def _unused(inputs: PaperInputs) -> list[str]:
    return [
        f"The judgement {one.verdict!r} on {one.finding_id} by {one.by}, {one.at.isoformat()}, is later than this document "
        "and was not used."
        for one in inputs.judgements
        if is_later(one.at, inputs)
    ]


def _mentions(inputs: PaperInputs) -> list[str]:
    count = mentions(inputs)
    if not count:
        return []
    alone = sum(len(set(scan.seen_alone)) for scan in inputs.scans)
    by = inputs.author.name if inputs.author else "its author"
    looked = f"{by}, who prepares this document, alone looked at"
    if alone == count:
        waits = f"{looked} them, and an answer that they bear on waits until another person looked, too"
    else:
        also = f"; {looked} {alone:,} of them, and another person has to" if alone else ""
        waits = f"an answer that they bear on waits until somebody looked at them{also}"
    return [
        f"In {counted(count, 'place')} the scans saw the name of a firm and took it for something else, "
        f"such as what was replaced. These are no findings; the scans list them under mentions, and {waits}."
    ]


def _left_out(inputs: PaperInputs) -> list[str]:
    """Name the files that were not read since programs keep them for themselves, by their content: somebody may want to look."""
    files = list(dict.fromkeys(path for scan in inputs.scans for path in left_out(scan)))
    if not files:
        return []
    one, more = (
        len(files) == 1,
        f" and {len(files) - _LEFT_OUT_SHOWN:,} more" if len(files) > _LEFT_OUT_SHOWN else "",
    )
    return [
        f"{len(files):,} file{'' if one else 's'} of the folders scanned {'was' if one else 'were'} left out as written "
        f"by this program, or kept by another for itself: {', '.join(files[:_LEFT_OUT_SHOWN])}{more}."
    ]


def _storable(value: Any) -> Any:
    """Write lone surrogates and NUL, which neither UTF-8 nor every database can hold, as the code points they are."""
    if isinstance(value, str):
        return _UNSTORABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", value)
    if isinstance(value, Mapping):
        return {_storable(key): _storable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_storable(item) for item in value]
    return value


def _missing(row: Mapping[str, Any], items: Sequence[Mapping[str, Any]]) -> Obstacle:
    named = next((named_item(one) for one in items if one["id"] == row["item"]), row["item"])
    empty = [one for one in row["fields"] if not one["filled"]]
    return obstacle(
        "element-missing",
        row["obligation"],
        row["words"],
        row["item"],
        evidence=[one["pointer"] for one in empty],
        citation=row["citation"],
        element=row["words"],
        item=f" for {named}" if named else "",
        fields=", ".join(one["label"] for one in empty),
    )


def named_item(item: Mapping[str, Any]) -> str:
    """Name an item so that a person finds it: `Hikvision DS-2CD2143G2-I, assets.csv row 3`."""
    places = list(dict.fromkeys(one["place"] for one in item["findings"]))
    more = f" and {len(places) - 1:,} more places" if len(places) > 1 else ""
    where = f", {places[0]}{more}" if places and places[0] not in item["name"] else more
    return f"{cut(item['name'], 100)}{where}"


def supplier_entry(one: SupplierAnswer) -> dict[str, Any]:
    """Write a supplier's declaration; what a person has to look at stands with the contradictions, and says so."""
    value: dict[str, Any] = plain(one)
    value["contradictions"] += [f"to be looked at: {text}" for text in value.pop("doubts")]
    return value


def plain(value: Any) -> Any:
    """Write a record as plain values; days and instants as ISO text, tuples as lists."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, str):
        return value
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {item.name: plain(getattr(value, item.name)) for item in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    raise TypeError(f"a {type(value).__name__} has no place in a document")


def _contract(inputs: PaperInputs) -> dict[str, Any] | None:
    contract = inputs.contract
    if contract is None:
        return None
    value: dict[str, Any] = plain(contract)
    value["identifier"] = contract.number or contract.solicitation or contract.award
    return value


def _rests_on(inputs: PaperInputs, asked: Collection[Question]) -> list[dict[str, Any]]:
    """Write the files behind a document, each with those of the questions asked to which it speaks."""
    rows: list[dict[str, Any]] = []
    for index, scan in enumerate(inputs.scans, 1):
        files, speaking = sources(scan), speaking_to(scan, asked)
        whole = [one.value for one in scan.bears_on if one in asked]
        count = f"{len(files)} file{'' if len(files) == 1 else 's'}"
        rows.append(
            {
                "kind": "scan",
                "what": f"scan {index} of {count}, as of {asked_on(scan)}",
                "sha256": scan.sha256,
                "bears_on": whole,
                "bears_on_why": scan.bears_on_why,
                "run_again": _run_again(scan),
                "made_with": _made_with(scan),
            }
        )
        rows += [
            {
                "kind": "input",
                "what": one["path"],
                "sha256": one["sha256"],
                "bears_on": speaking.get(one["path"], whole),
                "bears_on_why": "",
                "run_again": "",
            }
            for one in files
        ]
    rows += [
        {
            "kind": file.kind,
            "what": file.what,
            "sha256": file.sha256,
            "bears_on": [],
            "bears_on_why": "",
            "run_again": "",
        }
        for file in inputs.files
    ]
    return rows


def _scopes(inputs: PaperInputs, seen: Sequence[Seen]) -> list[dict[str, Any]]:
    """Write each scope with all that it puts outside, by name."""
    devices_of = [(one, set(one.findings)) for one in devices(inputs)]
    rows = []
    for scope in inputs.scopes:
        scans = {place for place, one in enumerate(inputs.scans) if one.sha256 in scope.scans}
        out = [one for one in seen if one.scan in scans and (scope.questions or one.site in scope.sites)]
        ids = {one.id for one in out}
        narrowed = [inputs.scans[place] for place in sorted(scans)] if scope.questions else []
        rows.append(
            {
                **plain(scope),
                "outside": {
                    "findings": [one.words() for one in out],
                    "devices": [one.words() for one, own in devices_of if own & ids],
                    "mentions": sum(mentions_of(one) for one in narrowed),
                    "sources": [file["path"] for one in narrowed for file in sources(one)],
                },
            }
        )
    return rows


def _made_with(scan: ScanInput) -> str:
    """Say by which program, under which knowledge and on which days a scan was asked, as it says itself."""
    value = checked(scan.value)
    knowledge = value.get("knowledge")
    version = knowledge.get("version") if isinstance(knowledge, Mapping) else ""
    told = (
        ("version", value.get("proscribe")), ("knowledge", version), ("as of", value.get("as_of")),
        ("as known on", value.get("known_as_of")),
    )  # fmt: skip
    return ", ".join(f"{label} {cut(text, 40)}" for label, text in told if isinstance(text, str) and text)


def _run_again(scan: ScanInput) -> str:
    """Say what shows that a scan found what it says."""
    again = scan.replay
    if again is None or again.outcome is ScanCameOut.MISSING:
        return "not run again: its file alone says what was found"
    if again.outcome is ScanCameOut.REPLACED:
        return "a later scan read its inputs; only what that one does not show is weighed"
    when = f" on {again.at.date().isoformat()}" if again.at is not None else ""
    by = f" for {again.by}" if again.by else ""
    made = f", made with version {again.scanned_with}" if again.scanned_with != again.program else ""
    came = "with the same result" if again.outcome is ScanCameOut.SAME else "with another result"
    return f"run again from its inputs{when}{by} with version {again.program}{made}, {came}"
