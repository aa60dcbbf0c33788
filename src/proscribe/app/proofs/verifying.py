"""A bundle, checked by a stranger: its signature, what it shows, who did what, and whether its scans come out again.

Everything happens offline, with the bundle and what the reader holds beside it. Nothing in a bundle is run: scans are run again
by this program, over the original files that the reader has, under the knowledge that the bundle keeps.
"""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from proscribe import __version__
from proscribe.app.files import read_file, sha256_of_file
from proscribe.app.keys.people import Act, Acts, checks
from proscribe.app.keys.signing import DOCUMENT_NAME, PEOPLE_NAME, standing
from proscribe.app.papers.renderings import Match, compare, made_here, read_document
from proscribe.app.proofs import shown
from proscribe.app.store.scan_replay import MOST_ENTRIES, Knowledge, Missing, Outcome, Replay, replay_scan
from proscribe.attestations import unpack
from proscribe.attestations.bundle import ENVELOPE_NAME
from proscribe.attestations.predicates import case_v1, document_v1
from proscribe.attestations.verify import Answer, Check, Verdict, verify_bundle
from proscribe.kb.unnamed import unnamed
from proscribe.model.casework import Event, EventKind
from proscribe.model.errors import ProscribeError, missing_extra
from proscribe.model.papers import Paper, PaperState
from proscribe.model.results import KnowledgeStamp
from proscribe.model.roster import Role, Roster

if TYPE_CHECKING:
    from proscribe.casework.backup import Archive

_SHOWN = 5
#: What an answer comes to, in words.
HEADLINES = {
    "valid": "VALID: every byte is as it was signed, by a key you trust.",
    "signer_unknown": "INTACT, SIGNER NOT CHECKED: every byte is as it was signed, but nothing shows whose key it is.",
    "other_version": (
        "AS SIGNED, NOT ALL COMPARED: every byte is as it was signed, by a key you trust; but another version of the "
        "program wrote it, and this one does not show the same."
    ),
    "invalid": "NOT VALID: do not rely on it.",
}
_LARGEST_SCAN = 1 << 30
#: Bytes at the end of an archive in which its list is looked for, and what stands behind that list.
_END, _LIST_ENDS = 1 << 20, b"PK\x05\x06"
#: Names in a check: one thing that was looked at.
_CASE, _REPLAY, _RENDERING, _PEOPLE = "case", "replay", "rendering", "people"


def may_be_bundle(path: Path) -> bool:
    """Tell whether a file may be a signed bundle: its list names what is signed, or there is none where an archive ends.

    Only the end is looked at, so that an archive of very many entries costs no more; the list of a bundle fits into it.
    """
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - _END))
            end = file.read(_END)
    except OSError:
        return True
    return ENVELOPE_NAME.encode() in end or _LIST_ENDS not in end


@dataclass(frozen=True, slots=True)
class Verified:
    """What came of checking a bundle.

    Attributes:
        lines: what the bundle says of itself, each with how it was checked.
        acts: who did what, where the bundle holds the people's own signatures.
        proved: whether it holds a roster.
        replays: scans that were run again, or could not be.
    """

    verdict: Verdict
    acts: tuple[Act, ...] = ()
    proved: bool = False
    replays: tuple[Replay, ...] = ()
    lines: tuple[shown.Line, ...] = ()

    @property
    def headline(self) -> str:
        """Say what the answer comes to, and where the document has ended, that it has."""
        ended = [one for one in self.lines if one.label == shown.UNTIL and one.result == "failed"]
        told = HEADLINES[self.verdict.answer.value]
        if self.verdict.answer is Answer.INVALID:  # nothing that it says of itself is taken from it
            return told
        return f"{told} It spoke until {ended[0].value}, and no longer does." if ended else told

    @property
    def missing(self) -> Missing:
        """Say what was not at hand to run scans again; knowledge before inputs."""
        found = {one.missing or Missing.INPUTS for one in self.replays if one.outcome is Outcome.MISSING}
        return next((one for one in (Missing.KNOWLEDGE, Missing.INPUTS) if one in found), Missing.NOTHING)

    def to_json(self) -> dict[str, Any]:
        """Give it as plain values."""
        return {
            **self.verdict.to_json(),
            "headline": self.headline,
            "shown": [one.to_json() for one in self.lines],
            "acts": [one.to_json() for one in self.acts],
            "replays": [
                {
                    "scan": one.scan_sha256, "outcome": one.outcome.value, "what": list(one.what), "program": one.program,
                    "scanned_with": one.scanned_with,
                    "knowledge": {"version": one.knowledge_version, "sha256": one.knowledge_sha256},
                }
                for one in self.replays
            ],
        }  # fmt: skip


def verify(
    bundle: str | Path | bytes,
    *,
    keys: Sequence[str | Path] = (),
    fingerprints: Sequence[str] = (),
    inputs: Sequence[str | Path] = (),
    tsa_roots: Sequence[str | Path] = (),
) -> Verdict:
    """Check a signed bundle, offline, knowing nothing of the company that made it.

    Args:
        bundle: its bytes, or its path.
        keys: files of public keys or certificates that the signer gave you.
        fingerprints: of keys, compared with the signer, at least 16 digits of each.
        inputs: original files: is each one of those that the document rests on, unchanged?
        tsa_roots: files of root certificates of timestamp authorities that you trust.

    Returns:
        The verdict, `valid` only when every byte is as signed, the key is one that was named, and what the bundle shows is
        what it holds: the renderings of a document, or everything in a case.

    Raises:
        InputError: E471 to E473 when it is no bundle; E481 no public key; E485 a file that cannot be read.
    """
    return examine(bundle, keys=keys, fingerprints=fingerprints, inputs=inputs, tsa_roots=tsa_roots).verdict


def examine(
    bundle: str | Path | bytes,
    *,
    keys: Sequence[str | Path] = (),
    fingerprints: Sequence[str] = (),
    inputs: Sequence[str | Path] = (),
    tsa_roots: Sequence[str | Path] = (),
    originals: Sequence[str | Path] = (),
    knowledge: Sequence[str | Path] = (),
    tell: Callable[[str], None] = lambda _what: None,
    today: date | None = None,
) -> Verified:
    """Check a bundle as `verify` does, say what it is and who did what; run its scans again where the original files are given.

    Args:
        originals: folders with the original files, found by their digests; no link is followed.
        knowledge: a snapshot or source folder, then layers, beside the knowledge that the bundle keeps.
        tell: is told what is looked at next, in words.
        today: the day on which it is asked whether a document still speaks; by default today (UTC).

    Raises:
        InputError: as for `verify`.
    """
    today = today or datetime.now(UTC).date()
    tell("its signature")
    data = bundle if isinstance(bundle, bytes) else read_file(Path(bundle))
    trusted = [(str(path), read_file(Path(path))) for path in keys]
    folders = [Path(one) for one in originals]
    if _is_plain_case(data):
        tell("what the case holds")
        return _of_case(_unsigned(bool(trusted or fingerprints)), data, trusted, folders, knowledge, today)
    verdict = verify_bundle(
        data,
        trusted_keys=trusted,
        fingerprints=fingerprints,
        inputs=[(str(path), sha256_of_file(Path(path))) for path in inputs],
        tsa_roots=[read_file(Path(path)) for path in tsa_roots],
    )
    files = dict(unpack(data).files)
    if verdict.predicate_type == case_v1.TYPE and len(files) == 1:
        tell("what the case holds")
        return _of_case(verdict, next(iter(files.values())), trusted, folders, knowledge, today)
    if verdict.predicate_type != document_v1.TYPE:
        return Verified(verdict, lines=shown.of_document(verdict, None, (), today))
    tell("whether its renderings show what its data says")
    verdict, paper = _with_renderings(verdict, files)
    tell("who did what")
    verdict, acts, proved = _with_people(verdict, files)
    replays = list(_of_document(verdict, folders, knowledge)) if folders else []
    verdict = _with_replays(verdict, replays)
    return Verified(verdict, acts, proved, tuple(replays), shown.of_document(verdict, paper, acts, today))


def _judged(verdict: Verdict, *checks_: Check, other: bool = False) -> Verdict:
    """Give a verdict with further checks: one that failed makes it invalid, another version no longer valid."""
    answer = verdict.answer
    if any(one.result == "failed" for one in checks_):
        answer = Answer.INVALID
    elif other and answer is Answer.VALID:
        answer = Answer.OTHER_VERSION
    return replace(verdict, answer=answer, checks=(*verdict.checks, *checks_))


# Documents


def _with_renderings(verdict: Verdict, files: Mapping[str, bytes]) -> tuple[Verdict, Paper | None]:
    """Look whether the document of a bundle is one, and whether its renderings show what its data says; with the document."""
    content = files.get(DOCUMENT_NAME)
    if content is None:
        return verdict, None  # said before
    try:
        paper = read_document(content)
        against = standing(paper.data)
        if against and paper.state is not PaperState.REFUSED:
            raise ValueError(f"it calls itself {paper.state.value}, and {against[0]} stands against it")
    except (ProscribeError, ValueError, RecursionError) as problem:
        what = problem.what if isinstance(problem, ProscribeError) else str(problem)
        made_by = _made_by(content)
        told = verdict.predicate.get("renderedWith")
        here = made_here(made_by, told) if isinstance(told, dict) else made_by == __version__
        other = bool(made_by) and not here
        says = f"{DOCUMENT_NAME} is no document as this program makes it: {what}"
        says += f"; it was made by version {made_by}." if other else "."
        return _judged(
            verdict, Check("document", "not_checked" if other else "failed", says), other=other
        ), None
    told = verdict.predicate.get("renderedWith")
    shown = {name: data for name, data in files.items() if name not in (DOCUMENT_NAME, PEOPLE_NAME)}
    found = list(compare(paper, shown, told if isinstance(told, dict) else None))
    doubtful = (Match.OTHER_VERSION, Match.UNKNOWN)
    results = {Match.SAME: "ok", Match.WORDS: "ok"} | dict.fromkeys(doubtful, "not_checked")
    return _judged(
        verdict,
        *(Check(_RENDERING, results.get(one.match, "failed"), f"{one.says}.") for one in found),
        other=any(one.match in doubtful for one in found),
    ), paper


def _made_by(content: bytes) -> str:
    """Give the version of the program that a document names; empty when it names none."""
    with suppress(ValueError, RecursionError):
        value = json.loads(content)
        if isinstance(value, dict) and isinstance(value.get("proscribe"), str):
            return str(value["proscribe"])[:40]
    return ""


def _with_people(verdict: Verdict, files: Mapping[str, bytes]) -> tuple[Verdict, tuple[Act, ...], bool]:
    """Look what the people's own keys show of a document: who made, approved and signed it."""
    content = files.get(PEOPLE_NAME)
    stands = verdict.predicate.get("standsIn")
    if content is None or not isinstance(stands, dict):
        return verdict, (), False
    try:
        from proscribe.casework.roster import CHANGES, add_up
    except ModuleNotFoundError as problem:
        raise missing_extra(problem.name or "sqlalchemy", "app") from None
    try:
        events = list(_events(content))
        roster, faults = add_up(
            [one for one in events if one.kind in CHANGES], str(stands.get("store")), checks
        )
        acts = tuple(Acts(roster or None).all(events))
    except (ValueError, KeyError, TypeError, AttributeError, AssertionError, RecursionError) as problem:
        return (
            _judged(
                verdict, Check(_PEOPLE, "failed", f"{PEOPLE_NAME} holds no events of a store: {problem}.")
            ),
            (),
            False,
        )
    wrong = [f"event {seq} changes nothing of the roster: {what}" for seq, what in faults.items()]
    wrong += [
        f"event {one.seq}, {one.what} by {one.by}: {one.says}" for one in acts if one.proof == "against"
    ]
    signing = list(_signing(verdict, stands, roster, wrong))
    says = (
        f"{len(roster.members)} keys of {roster.names} stand in the roster of the store."
        if not wrong
        else "; ".join(wrong) + "."
    )
    return _judged(verdict, Check(_PEOPLE, "failed" if wrong else "ok", says)), (*acts, *signing), True


def _events(content: bytes) -> Iterator[Event]:
    from proscribe.casework.events import digest_of, of_row

    for line in content.splitlines():
        event = of_row(json.loads(line))
        if digest_of(event) != event.digest:
            raise ValueError(f"event {event.seq} is not what its digest says")
        yield event


def _signing(verdict: Verdict, stands: Mapping[str, Any], roster: Roster, wrong: list[str]) -> Iterator[Act]:
    """Give the signature itself, and countersignatures, as acts; say what is wrong with the keys that made them."""
    said = verdict.predicate
    case_id, _, document = str(stands.get("document", "")).partition("/")
    try:
        at, seq = datetime.fromisoformat(str(stands["recordedAt"])), int(stands["events"]) + 1
        deeds = [(said, at, "document signed", frozenset({Role.SIGNER}))]
        deeds += [
            (one, datetime.fromisoformat(str(one["signedAt"])), "document countersigned", frozenset(Role))
            for one in verdict.countersignatures
        ]
    except (ValueError, TypeError, KeyError):
        wrong.append("the statement does not say when the signature was recorded, and where")
        return
    for told, when, deed, roles in deeds:
        by, member = str(told.get("signedBy", "")), roster.members.get(str(told.get("signedWith")))
        against = "the key is not of the roster"
        if member is not None:
            against = member.against(when, seq)
            if not against and not roles & set(member.enrolment.roles):
                against = f"{member.name} is no {' or '.join(sorted(roles))}"
            if not against and not member.enrolment.is_named(by):
                against = f"the key is that of {member.name}, and the statement names {by}"
        what = f"{deed}: {document}"
        if member is None or against:
            wrong.append(f"{what} by {by}: {against}")
            yield Act(seq, case_id, what, by, when.date(), "against", against)
            continue
        has = member.enrolment.roles
        says = f"{member.person}, {', '.join(has)}, key {member.enrolment.key_id[:16]}"
        yield Act(seq, case_id, what, by, when.date(), "proved", says, member.person, has)


# Cases


def _is_plain_case(data: bytes) -> bool:
    import io

    with suppress(zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
        return "manifest.json" in names and "chain.txt" in names and ENVELOPE_NAME not in names
    return False


def _unsigned(named: bool) -> Verdict:
    says = "It carries no signature: anybody can have written it"
    check = (
        Check("signature", "failed", f"{says}, and you named a key.")
        if named
        else Check("signature", "not_checked", f"{says}.")
    )
    return Verdict(Answer.INVALID if named else Answer.SIGNER_UNKNOWN, (check,))


def _of_case(
    verdict: Verdict,
    content: bytes,
    trusted: Sequence[tuple[str, bytes]],
    folders: Sequence[Path],
    knowledge: Sequence[str | Path],
    today: date,
) -> Verified:
    """Check a case, or the backup of a store, that a bundle holds; run the scans of the case again where folders are given."""
    try:
        from proscribe.app.proofs.case_bundles import agrees
        from proscribe.app.proofs.case_checks import check_deeply
        from proscribe.attestations import public_half
        from proscribe.casework import backup
    except ModuleNotFoundError as problem:
        raise missing_extra(problem.name or "sqlalchemy", "app") from None
    signed = {"statement": dict(verdict.predicate)} if verdict.predicate else None
    with unnamed(like="case.zip") as plain:
        plain.path.write_bytes(content)
        try:
            if verdict.predicate.get("about") == case_v1.WHOLE:
                return _of_store(verdict, plain.path)
            with backup.open_archive(plain.path, backup.BUNDLE_SCHEMA, "the archive in it") as archive:
                agrees(archive, signed, "the archive in it")
                file, events, faults = backup.check_archive(archive)
                keys = {key_id: pem for pem, key_id in (public_half(data, at) for at, data in trusted)}
                deep = check_deeply(archive, file, events, keys) if not faults else None
                told = [one.what for one in (deep.faults if deep else faults)]
                made = [Check(_CASE, "failed", f"{what}.") for what in told]
                doubts = deep.doubts if deep else []
                notes = [*(deep.notes if deep else ()), *doubts]
                made += [Check(_CASE, "not_checked", f"{note}.") for note in notes]
                if not told:
                    counts = f"{len(events)} events, {len(file.runs)} scans, {len(file.documents)} documents"
                    made.insert(
                        0,
                        Check(
                            _CASE, "ok", f"Case {file.case.id}, {counts}: what they say of each other holds."
                        ),
                    )
                verdict = _judged(verdict, *made, other=bool(doubts))
                lines = shown.of_case(
                    verdict,
                    file,
                    told,
                    deep.acts if deep else (),
                    lambda name: archive.read(f"blobs/{name}"),
                    today,
                )
                if told or deep is None:
                    return Verified(verdict, deep.acts if deep else (), lines=lines)
                runs = (
                    [(one.scan_sha256, archive.read(f"blobs/{one.scan_sha256}")) for one in file.runs]
                    if folders
                    else []
                )
                kept = _kept_in(archive, events)
                replays = [_run(scan, f"scan r_{name[:12]}", folders, knowledge, kept) for name, scan in runs]
        except ProscribeError as problem:
            if problem.code not in ("E433", "E436"):
                raise
            return Verified(_judged(verdict, Check(_CASE, "failed", f"{problem.what}.")))
    verdict = _with_replays(verdict, replays)
    return Verified(verdict, deep.acts, deep.roster is not None, tuple(replays), lines)


def _of_store(verdict: Verdict, path: Path) -> Verified:
    """Restore a backup into a store that is thrown away."""
    from proscribe.casework import backup
    from proscribe.casework.store import Store

    with Store.scratch() as scratch:
        head = backup.restore(scratch, path, by="Proscribe")
    says = f"It restores into a store of {head.seq} events, which is sound."
    verdict = _judged(verdict, Check(_CASE, "ok", says))
    return Verified(verdict, lines=shown.of_store(verdict, head.seq))


def _kept_in(archive: Archive, events: Sequence[Event]) -> Any:
    """Give what gives the knowledge that a bundle keeps, by the stamp of a scan."""

    def kept(stamp: KnowledgeStamp) -> Knowledge | None:
        for event in events:
            told = event.data.get("replay") if event.kind is EventKind.RUN_REPLAYED else None
            if told is None or told["knowledge_sha256"] != stamp.sha256:
                continue
            blobs = [
                archive.read(f"blobs/{sha256}") for sha256 in (told["knowledge_content"], *told["layers"])
            ]
            found = Knowledge(blobs[0], tuple(blobs[1:]))
            if found.layer_names == stamp.layers:
                return found
        return None

    return kept


# Running scans again


def _run(
    content: bytes,
    name: str,
    folders: Sequence[Path],
    knowledge: Sequence[str | Path],
    kept: Any = lambda _stamp: None,
) -> Replay:
    return replay_scan(content, name, folders, knowledge=knowledge, kept=kept, only_there=True)


def _of_document(
    verdict: Verdict, folders: Sequence[Path], knowledge: Sequence[str | Path]
) -> Iterator[Replay]:
    """Run the scans again that a document rests on: they lie with the original files, since its bundle holds none."""
    rests = verdict.predicate.get("restsOn")
    wanted = [
        str(one["digest"]["sha256"])
        for one in (rests if isinstance(rests, list) else ())
        if isinstance(one, dict) and one.get("kind") == "scan" and isinstance(one.get("digest"), dict)
    ]
    found = dict(_scans_under(folders, set(wanted)))
    for sha256 in dict.fromkeys(wanted):
        if sha256 in found:
            yield _run(found[sha256].read_bytes(), found[sha256].name, folders, knowledge)
        else:
            what = (
                f"the scan {sha256[:12]} that it rests on is not at hand; the bundle of its case holds it: "
                "proscribe case export CASE case.zip, then proscribe verify case.zip --replay FOLDER"
            )
            yield Replay(Outcome.MISSING, sha256, "", "", "", what=(what,), missing=Missing.INPUTS)


def _scans_under(folders: Sequence[Path], wanted: set[str]) -> Iterator[tuple[str, Path]]:
    left = MOST_ENTRIES
    for top in folders:
        for folder, inside, names in os.walk(top, followlinks=False):
            inside.sort()
            left -= len(names) + len(inside)
            for name in sorted(names):
                path = Path(folder) / name
                if path.suffix == ".json" and path.is_file() and not path.is_symlink():
                    with suppress(OSError, ProscribeError):
                        if path.stat().st_size < _LARGEST_SCAN and (digest := sha256_of_file(path)) in wanted:
                            yield digest, path
            if left < 0:
                return


def _with_replays(verdict: Verdict, replays: Sequence[Replay]) -> Verdict:
    made = []
    for one in replays:
        name = f"scan {one.scan_sha256[:12]}"
        what = "; ".join(one.what[:_SHOWN]) + (
            f"; and {len(one.what) - _SHOWN} more" if len(one.what) > _SHOWN else ""
        )
        if one.outcome is Outcome.SAME:
            under = f"knowledge {one.knowledge_version}" + (
                ""
                if one.scanned_with == __version__
                else f", made by version {one.scanned_with}, run by {__version__}"
            )
            files = f"{len(one.inputs)} file{'' if len(one.inputs) == 1 else 's'}"
            made.append(
                Check(_REPLAY, "ok", f"{name} comes out again from its {files}, found by digest ({under}).")
            )
        elif one.outcome is Outcome.DIFFERENT:
            made.append(Check(_REPLAY, "failed", f"{name} does not come out again: {what}."))
        elif one.outcome is Outcome.OTHER_VERSION:
            says = f"{name}: other version ({one.scanned_with}; this is {__version__}), and this one finds otherwise: {what}."
            made.append(Check(_REPLAY, "not_checked", says))
        else:
            made.append(Check(_REPLAY, "not_checked", f"{name} was not run again: {what}."))
    return _judged(verdict, *made, other=any(one.outcome is Outcome.OTHER_VERSION for one in replays))
