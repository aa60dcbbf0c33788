"""What waits for a person's key: judgements that clear, facts put to the law, approvals and signatures, asked for where no key
may be.

A key never reaches a server. What is asked for there is kept beside the store as a draft, which changes nothing: the person
signs it on their own machine, with `proscribe sign-pending`, and it is done then as if they had typed it, or refused where the
case has changed since.

Whoever may write beside the store can write a draft or alter one. So a draft proves nothing, not even who prepared it: what a
person is shown before they sign (`look`) is read from the store, and what they sign (`sign`) is what they were shown.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from proscribe.app.case.deed_content import (
    of_determination,
    of_device,
    of_document,
    of_finding,
    of_judgement,
    of_proposal,
    of_statement,
    parts,
)
from proscribe.app.files import write_new
from proscribe.documents.template import instant_line
from proscribe.documents.to_sign import parts_to_sign
from proscribe.model.canonical import canonical_json, pretty_json
from proscribe.model.casework import (
    CaseDevice,
    Judgement,
    StoredDetermination,
    StoredDocument,
    StoredStatement,
    Verdict,
)
from proscribe.model.codec import CodecError, parse, read, write
from proscribe.model.errors import ProscribeError, error
from proscribe.model.findings import Band
from proscribe.model.pending import Deed as Deed
from proscribe.model.pending import DeedPart, WaitsForKey
from proscribe.model.pending import Pending as Pending
from proscribe.model.people import same_person
from proscribe.wording.safe import file_name
from proscribe.wording.shown import counted

if TYPE_CHECKING:
    from proscribe.app.case.cases import Cases
    from proscribe.app.keys.browser_keys import Offer
    from proscribe.app.store.grounds import Said
    from proscribe.attestations import Signer
    from proscribe.casework.files import Files
    from proscribe.casework.findings import CaseFinding as CaseFinding
    from proscribe.casework.findings import FindingFilter as FindingFilter
    from proscribe.casework.store import Store
    from proscribe.model.casework import CaseFile
    from proscribe.model.papers import Paper

#: Deeds whose findings are those that they set aside.
_SETS_ASIDE = (Deed.TAKE_BACK, Deed.SET_ASIDE, Deed.DECIDE, Deed.APPROVE, Deed.SIGN)
#: Judgements that set a finding aside.
_CLEARS = (Verdict.DIFFERENT.value, Verdict.CLEARED.value)
_ID = re.compile(r"P-[0-9a-f]{32}")
_FOLDER = "pending"
_BUNDLES = "bundles"
#: So many letters, and findings, are read on one page; what takes more is not signed there.
MOST_LETTERS, MOST_FINDINGS = 600_000, 5_000
#: How what is too long for a page is made shorter.
_SPLIT = {
    Deed.JUDGE_MANY: "Judge fewer findings at once: of one site, list or firm.",
    Deed.SEE_MENTIONS: "Say it of fewer mentions at once.",
    Deed.ENROL: "Propose fewer keys at once.",
    Deed.AGREE: "Have the change proposed again in several, with fewer keys each.",
    Deed.DECIDE: "State facts of a site or of the company rather than of each finding, or sign it with proscribe sign-pending.",
    Deed.APPROVE: "Have it made again in several, of fewer sites or findings each, or approve it with proscribe sign-pending.",
}
_SIGN_ELSEWHERE = "Sign it with proscribe sign-pending, which shows all of it."


@dataclass(frozen=True, slots=True)
class Shown:
    """What a signature under a draft would do, as the store says and not as the draft does.

    Attributes:
        words: in one line: `judge 3 findings different, 1 of them confirmed: another maker's (C-0001)`.
        content: all that it does, part by part, and nothing left out.
        where: the findings that are judged or set aside, where they are many; `one` where it is one.
        bands: band to how many of them, the most serious first.
        judged: how many of them people judged already, by the verdict that would no longer stand.
        digest: of their ids.
        people: who is to be enrolled.
        record: what is judged, approved or signed where it is no finding.
        version: of the case that was looked at.
    """

    draft: Pending
    words: str
    content: tuple[DeedPart, ...]
    where: FindingFilter | None = None
    one: CaseFinding | None = None
    bands: Mapping[str, int] = field(default_factory=dict)
    judged: Mapping[str, int] = field(default_factory=dict)
    digest: str = ""
    record: CaseDevice | StoredDetermination | StoredDocument | StoredStatement | None = None
    version: int = 0
    people: tuple[Offer, ...] = ()

    @property
    def confirmed_aside(self) -> int:
        """Tell how many confirmed findings would no longer count as such."""
        clears = self.draft.deed in _SETS_ASIDE or self.draft.told.get("verdict") in _CLEARS
        return self.bands.get(Band.CONFIRMED.value, 0) if clears else 0

    @property
    def too_long(self) -> str:
        """Say why a page cannot show all of it, and what to do then; empty where it can."""
        listed = sum(self.bands.values()) if self.where is not None else 0
        if listed > MOST_FINDINGS:
            too_many = f"It sets {counted(listed, 'finding')} aside, and a page shows {MOST_FINDINGS:,}"
            return (
                f"{too_many}: nobody signs what is not shown. {_SPLIT.get(self.draft.deed, _SIGN_ELSEWHERE)}"
            )
        return _too_many_letters(
            len(self.words) + _letters(self.content), _SPLIT.get(self.draft.deed, _SIGN_ELSEWHERE)
        )

    @property
    def code(self) -> str:
        """Give the first 20 hexadecimal digits of the SHA-256 of what is shown."""
        record = write(self.record) if self.record is not None else None
        finding = self.one.support.to_json() if self.one is not None else None
        seen = {
            "draft": write(self.draft), "words": self.words, "digest": self.digest, "bands": dict(self.bands),
            "judged": dict(self.judged), "record": record, "finding": finding, "people": write(self.people),
            "content": write(self.content),
        }  # fmt: skip
        return hashlib.sha256(canonical_json(seen).encode()).hexdigest()[:20]


def too_long_to_sign(paper: Paper) -> str:
    """Say of a paper, while it is made, why nobody will approve or sign it on a page, and what to do; empty where they can."""
    return _too_many_letters(_letters(parts_to_sign(paper)), _SIGN_ELSEWHERE)


def _letters(parts: Iterable[DeedPart]) -> int:
    return sum(len(text) for part in parts for text in (part.name, *part.values))


def _too_many_letters(letters: int, elsewhere: str) -> str:
    if letters <= MOST_LETTERS:
        return ""
    return f"It is {letters:,} letters, and a page shows {MOST_LETTERS:,}: nobody signs what is not shown. {elsewhere}"


def needs_a_key(problem: ProscribeError) -> bool:
    """Tell whether something was refused only because no key shows who does it."""
    return problem.name == "E414.needed"


def ask(
    cases: Cases, deed: Deed, case_id: str, told: Mapping[str, str], *, by: str, version: int = 0
) -> Pending:
    """Keep a draft of what a person asks for, until their key signs it.

    Raises:
        CaseError: E425 no person; as `look`, where there is nothing that a signature would do.
    """
    from proscribe.casework.lifecycle import person

    made = Pending(
        f"P-{secrets.token_hex(16)}", deed, case_id, person(by), cases.store.now(),
        {name: text for name, text in told.items() if text}, version,
    )  # fmt: skip
    look(cases, made)
    folder = _files(cases.store).made(_FOLDER)
    write_new(folder / f"{made.id}.json", pretty_json(write(made)).encode(), private=True)
    return made


def judging(said: Said, finding_id: str) -> dict[str, str]:
    """Write a judgement of a finding or a device as it waits for a key."""
    return {"finding": finding_id, **_judging(said)}


def judging_many(where: FindingFilter, said: Said, expect: tuple[int, str], seen: int) -> dict[str, str]:
    """Write a judgement of all that a filter chooses as it waits for a key; see `Cases.judge_many`."""
    count, digest = expect
    told = {"where": json.dumps(where.to_json()), "count": str(count), "digest": digest, "seen": str(seen)}
    return told | _judging(said)


def seeing(keys: Iterable[str], reason: str) -> dict[str, str]:
    """Write that mentions were looked at and are no equipment, as it waits for a key; see `Cases.see_mentions`."""
    return {"mentions": " ".join(dict.fromkeys(keys)), "reason": reason}


def _judging(said: Said) -> dict[str, str]:
    until = said.until.isoformat() if said.until else ""
    return {"verdict": said.verdict.value, "reason": said.reason, "until": until}


def listed(cases: Cases, *, case_id: str = "", by: str = "") -> tuple[WaitsForKey, ...]:
    """List what waits, each with what its signature would do as the store shows it now; see `waiting`.

    What waits of a document is gone once another took its place.
    """
    found = waiting(cases.store, case_id=case_id, by=by)
    return tuple(waits(cases, one) for one in found if not _replaced(cases, one))


def _replaced(cases: Cases, one: Pending) -> bool:
    if one.deed not in (Deed.APPROVE, Deed.SIGN):
        return False
    try:
        return any(each.supersedes == one.told.get("record") for each in cases.case(one.case_id).documents)
    except ProscribeError:
        return False  # a draft of no case is listed with what is wrong with it


def waits(cases: Cases, one: Pending) -> WaitsForKey:
    """Say what a signature under a draft would do, or why it can no longer be signed."""
    try:
        shown = look(cases, one)
    except ProscribeError as problem:
        return WaitsForKey(
            one.id, one.deed, one.case_id, one.by, one.asked_at, problem.what, {}, stands=False
        )
    return WaitsForKey(
        one.id, one.deed, one.case_id, one.by, one.asked_at, shown.words, shown.bands, stands=True,
        content=shown.content, confirmed_aside=shown.confirmed_aside,
    )  # fmt: skip


def ids(store: Store) -> frozenset[str]:
    """Give the names of the files of all drafts, whether they can be read or not."""
    folder = _files(store).folder / _FOLDER
    return frozenset(place.name for place in folder.glob("P-*.json")) if folder.is_dir() else frozenset()


def waiting(store: Store, *, case_id: str = "", by: str = "") -> list[Pending]:
    """List what waits, the oldest first; of a case, and of a person. A draft that cannot be read is left out."""
    folder = _files(store).folder / _FOLDER
    found = []
    for place in folder.glob("P-*.json") if folder.is_dir() else ():
        try:
            one = read(Pending, parse(place.read_bytes()))
        except (CodecError, OSError):
            continue
        if (
            one.id == place.stem
            and case_id in ("", one.case_id)
            and (not by or store.same_person(one.by, by))
        ):
            found.append(one)
    return sorted(found, key=lambda one: (one.asked_at, one.id))


def about(store: Store, case_id: str, finding_id: str) -> list[Pending]:
    """List the judgements of a finding that wait for a key, alone or of many, the oldest first."""
    return [one for one in waiting(store, case_id=case_id) if _is_about(store, one, finding_id)]


def _is_about(store: Store, one: Pending, finding_id: str) -> bool:
    if one.deed is Deed.JUDGE:
        return one.told.get("finding") == finding_id
    if one.deed is not Deed.JUDGE_MANY:
        return False
    try:
        return finding_id in store.chosen(one.case_id, _where(one)).ids
    except (CodecError, KeyError, ValueError, TypeError, AttributeError):
        return False  # a draft that cannot be read is of nothing


def drop(store: Store, pending_id: str, *, case_id: str = "") -> None:
    """Take a draft back.

    Args:
        case_id: where it has to be of that case; what cannot be read is of none, and goes by its id.

    Raises:
        CaseError: E416 when there is none of that id, or it is of another case.
    """
    place = _files(store).folder / _FOLDER / f"{pending_id}.json"
    if not _ID.fullmatch(pending_id) or place.is_symlink() or not place.is_file():
        raise error("E416.draft", asked=pending_id[:60])
    if case_id and any(one.id == pending_id and one.case_id != case_id for one in waiting(store)):
        raise error("E416.draft", asked=pending_id[:60])
    place.unlink()


def look(cases: Cases, one: Pending) -> Shown:
    """Read from the store what a signature under a draft would do.

    Raises:
        CaseError: E416 the draft cannot be read, or shows nothing of what it does; E422 or E448 the case has changed since it was
            made; E423, E439, E447 it names what is not there.
    """
    try:
        if one.deed in _ABOUT_THE_STORE:
            shown = _ABOUT_THE_STORE[one.deed](cases, one)
        else:
            shown = _look(cases, cases.case(one.case_id), one)
        return _with_content(shown)
    except (CodecError, KeyError, ValueError, TypeError, AttributeError) as problem:
        raise error("E416.broken", asked=one.id, why=str(problem)[:200] or type(problem).__name__) from None


def _with_content(shown: Shown) -> Shown:
    """Refuse what shows nothing of what it does: whoever signs it would sign a name and a code."""
    if not any(text.strip() for part in shown.content for text in part.values):
        raise error("E416.empty", asked=shown.draft.id)
    return shown


def _run(cases: Cases, one: Pending) -> Shown:
    """Show a run that is set aside: its answer as it is kept now."""
    from proscribe.app.store.runs_aside import found_by, in_words

    job, found = found_by(cases.store, one.told["run"])
    inputs = [item.display for item in job.originals.files if item.use == "paths"]
    words = f"set the run {job.id} aside ({', '.join(inputs)}): {in_words(found)}: {one.told['reason']}"
    bands = {Band.CONFIRMED.value: found["confirmed"]} if found["confirmed"] else {}
    content = parts([("Reason", [one.told["reason"]]), ("Found", [in_words(found)]), ("Read", inputs)])
    return Shown(one, words, content, bands=bands, digest=job.result_sha256)


def _enrolled(cases: Cases, one: Pending) -> Shown:
    """Show whose keys are to be enrolled: as they are offered now."""
    from proscribe.app.keys.browser_keys import offered
    from proscribe.app.keys.people import further

    found, roster = offered(cases.store, one.told["offers"].split(",")), cases.store.roster()
    begun = bool(roster)
    if not begun and not any(same_person(each.name, one.by) for each in found):
        raise error("E413.first", who=one.by)
    named = [
        f"{further(roster, each.name)}{each.name} ({', '.join(each.roles)}), key {each.key_id}, used at {each.site}"
        for each in found
    ]
    offers = (
        f"{text}, offered {instant_line(each.offered_at.isoformat())}"
        for text, each in zip(named, found, strict=True)
    )
    words = f"{'enrol' if begun else 'begin the roster with'} {'; '.join(named)}"
    return Shown(one, words, parts([("Enrols", offers)]), people=found)


def _agreed(cases: Cases, one: Pending) -> Shown:
    """Show the change of the roster to which somebody agrees."""
    roster, seq = cases.store.roster(), int(one.told["proposal"])
    found = None if roster is None else next((each for each in roster.open if each.seq == seq), None)
    if roster is None or found is None:
        raise error("E413.nothing_open")
    keys = "; ".join(f"{each.name}: key {each.key_id}" for each in found.enrol)
    words = f"agree to what {found.proposer(roster)} proposed: {found.words(roster)}{f' ({keys})' if keys else ''}"
    return Shown(one, words, of_proposal(found, roster), digest=found.digest)


#: What is about no case, and what shows it.
_ABOUT_THE_STORE: Mapping[Deed, Callable[[Cases, Pending], Shown]] = {
    Deed.SET_ASIDE: _run,
    Deed.ENROL: _enrolled,
    Deed.AGREE: _agreed,
}


def _look(cases: Cases, file: CaseFile, one: Pending) -> Shown:
    from proscribe.casework.lifecycle import record

    told, version = one.told, file.case.version
    if one.deed is Deed.JUDGE_MANY:
        return _many(cases, one, version)
    if one.deed is Deed.JUDGE:
        return _single(cases, file, one)
    if one.deed is Deed.SEE_MENTIONS:
        return _mentions(cases, one, version)
    if one.deed is Deed.TAKE_BACK:
        return _back(cases, file, one)
    if one.deed is Deed.DECIDE:
        return _decided(cases, file, one)
    name = told["record"]
    kind, kept = (
        ("document", file.documents) if name.startswith("DOC") or one.deed is Deed.SIGN
        else ("statement", file.statements) if name.startswith("ST")
        else ("determination", file.determinations)
    )  # fmt: skip
    found = record(kept, name, kind, one.case_id)
    title = f" as {told['title']}" if told.get("title") else ""
    where: FindingFilter | None = None
    read = ""
    if isinstance(found, StoredDocument):
        _stands(cases, file, found, one)
        content = of_document(cases, found, told.get("title", ""))
        if one.deed is Deed.APPROVE:
            content, read = _read(cases, found, content)
    elif isinstance(found, StoredStatement):
        content, where = of_statement(cases, file, found)
    else:
        content, where = of_determination(cases, file, found)
    words = f"{one.deed.value} {name}{title} ({one.case_id}){read}"
    return _aside(cases, Shown(one, words, content, where=where, record=found, version=version))


def _stands(cases: Cases, file: CaseFile, document: StoredDocument, one: Pending) -> None:
    """Refuse a draft of a document that was superseded, or that the one who would approve it may not approve."""
    from proscribe.app.papers.document_keeping import may_approve

    newer = next((each.id for each in file.documents if each.supersedes == document.id), "")
    if newer:
        raise error(
            "E424.superseded_signing", at=f"{one.case_id}/{document.id}", stored=document.id, newer=newer, case=one.case_id
        )  # fmt: skip
    if one.deed is Deed.APPROVE:
        may_approve(cases, one.case_id, document.id, one.by)


def _aside(cases: Cases, shown: Shown) -> Shown:
    """Count the findings that a record sets aside, and take along which they are."""
    if shown.where is None:
        return shown
    case_id = shown.draft.case_id
    bands = _bands(cases.store.facets(case_id, shown.where).counts)
    return replace(
        shown, bands=bands, digest=f"{shown.digest}{cases.store.chosen(case_id, shown.where).digest}"
    )


def _decided(cases: Cases, file: CaseFile, one: Pending) -> Shown:
    """Show the facts on which a determination rests, which whoever signs states with their key as they stand now."""
    from proscribe.app.case.case_law import not_put, stated_last
    from proscribe.casework.lifecycle import record

    found = record(file.determinations, one.told["record"], "determination", one.case_id)
    newest = file.determinations[-1].id
    if found.id != newest:
        raise error("E424.determination_superseded", id=found.id, newer=newest)
    stated = stated_last(cases, file)
    content, where = of_determination(cases, file, found)
    missed = not_put(file)
    if missed is not None:
        content += parts(
            [("Put to the law beside", [f"{missed.id}, a run about which the law was not asked yet"])]
        )
    words = f"put {one.case_id} to the law on what was stated for {found.id}, {counted(len(stated), 'fact')}"
    digest = hashlib.sha256(canonical_json(write(stated)).encode()).hexdigest()
    shown = Shown(one, words, content, where=where, record=found, digest=digest, version=file.case.version)
    return _aside(cases, shown)


def _read(
    cases: Cases, document: StoredDocument, content: tuple[DeedPart, ...]
) -> tuple[tuple[DeedPart, ...], str]:
    """Have whoever approves a document say that they read the words of people in it, each of which its content shows."""
    from proscribe.app.papers.document_keeping import words_to_read

    words = words_to_read(cases, document)
    if not words:
        return content, ""
    shown = "\n".join(text for part in content for text in part.values)
    unseen = [
        (
            "Words of people, which whoever approves says to have read",
            [one for one in words if one not in shown],
        )
    ]
    return (
        *content,
        *parts(unseen),
    ), f", and say that {counted(len(words), 'text')} of people on the search, below, were read"


def _single(cases: Cases, file: CaseFile, one: Pending) -> Shown:
    from proscribe.casework.devices import PREFIX

    name = one.told["finding"]
    # What a person looked at in the workbench is what they judge: the version that they saw counts where it is known.
    version = one.version or file.case.version
    if not name.startswith(PREFIX):
        finding = cases.store.finding(one.case_id, name)
        band = str(json.loads(finding.support.finding)["band"])
        judged = _overturned(one, {finding.verdict: 1})
        content = _said(one, of_finding(cases, finding))
        return Shown(
            one, _judgement(one, name), content, one=finding, bands={band: 1}, judged=judged, version=version
        )  # fmt: skip
    device, bands = _device(cases, file, name)
    content = _said(one, of_device(device) if device is not None else [name])
    return Shown(one, _judgement(one, name), content, bands=bands, record=device, version=version)


def _device(cases: Cases, file: CaseFile, name: str) -> tuple[CaseDevice | None, dict[str, int]]:
    device = next((item for item in cases.devices(file) if item.id == name), None)
    return device, {device.band: 1} if device is not None and device.band else {}


def _back(cases: Cases, file: CaseFile, one: Pending) -> Shown:
    """Show what stands again once a judgement is taken back; those that are set aside again are listed."""
    from proscribe.casework.commands.judging import MENTION
    from proscribe.casework.devices import PREFIX
    from proscribe.casework.effects import counted
    from proscribe.casework.findings import FindingFilter, digest_of_ids

    store, case_id, seq = cases.store, one.case_id, int(one.told["judged"])
    said = store.judged_at(case_id, seq)
    if said is None:
        raise error("E423.judgement", case_id=case_id, seq=seq)
    if not store.same_person(said.by, one.by):
        raise error("E424.judged_by_another", by=said.by)
    stands = store.stand_again(case_id, said)
    aside = tuple(name for (verdict, _), ids in stands.items() if verdict in _CLEARS for name in ids)
    again = [
        f"{count:,} {f'judged {verdict}' if verdict else 'judged by nobody'} again"
        for verdict, count in sorted(counted(stands).items())
    ]
    what = said.finding_id if isinstance(said, Judgement) else f"{said.count:,} findings"
    why = f": {one.told['reason']}" if one.told.get("reason") else ""
    shown = Shown(
        one, f"take back {said.verdict.value} of {what}, entry {seq}{why}; {', '.join(again)} ({case_id})",
        parts([
            ("Takes back", [f"{said.verdict.value} of {what}, by {said.by}, {instant_line(said.at.isoformat())}: {said.reason}"]),
            ("Reason", [one.told.get("reason", "")]), ("Stands again", again),
        ]),
        judged={said.verdict.value: sum(map(len, stands.values()))}, digest=digest_of_ids(aside), version=file.case.version,
    )  # fmt: skip
    if what.startswith(PREFIX):
        device, bands = _device(cases, file, what)
        more = parts([("Of", of_device(device) if device is not None else ())])
        return replace(shown, content=(*shown.content, *more), bands=bands, record=device)
    if not aside or what.startswith(MENTION):
        return shown
    where = FindingFilter(finding=aside)
    return replace(shown, where=where, bands=_bands(store.facets(case_id, where).counts))


def _many(cases: Cases, one: Pending, version: int) -> Shown:
    where = _where(one)
    chosen = cases.store.chosen(one.case_id, where)
    expected = (int(one.told["count"]), one.told["digest"])
    if (len(chosen.ids), chosen.digest) != expected:
        raise error("E448.draft", case=one.case_id, seen=expected[0], now=len(chosen.ids), draft=one.id)
    counts = cases.store.facets(one.case_id, where).counts
    bands = _bands(counts)
    many = f"{len(chosen.ids):,} findings"
    judged = _overturned(one, dict(counts["verdict"]))
    return Shown(
        one, _judgement(one, many), _said(one, [many]), where=where, bands=bands, judged=judged, digest=chosen.digest,
        version=version,
    )  # fmt: skip


def _mentions(cases: Cases, one: Pending, version: int) -> Shown:
    """Show the mentions that somebody looked at, each with what its record says; one that was taken as a finding is refused."""
    from proscribe.app.store.mentions import chosen
    from proscribe.casework.findings import digest_of_ids

    shown = list(cases.mentions(one.case_id))
    held = [chosen(shown, key, one.case_id) for key in one.told["mentions"].split()]
    if not one.told.get("reason", "").strip():
        raise error("E438.missing", at="reason", what="reason")
    words = (
        f"say that {counted(len(held), 'mention')} {'was' if len(held) == 1 else 'were'} looked at, and "
        f"{'is' if len(held) == 1 else 'are'} no equipment: {one.told['reason']} ({one.case_id})"
    )
    content = parts([("Reason", [one.told["reason"]]), ("No equipment", (each.words for each in held))])
    return Shown(
        one, words, content, digest=digest_of_ids(sorted(each.key for each in held)), version=version
    )


def _where(one: Pending) -> FindingFilter:
    from proscribe.casework.findings import FindingFilter

    # Written and read again, so that each value is of its type: what stands in the file may be anything.
    return read(FindingFilter, write(FindingFilter.from_json(json.loads(one.told["where"]))))


def _bands(counts: Mapping[str, Any]) -> dict[str, int]:
    """Give the counts of bands among those of all facets, the most serious first."""
    counted = dict(counts["band"])
    known = [band.value for band in sorted(Band, key=lambda band: -band.rank) if band.value in counted]
    return {name: counted[name] for name in dict.fromkeys([*known, *counted])}


def _overturned(one: Pending, verdicts: Mapping[str, int]) -> dict[str, int]:
    """Give of verdicts that stand those that another one would take the place of."""
    return {name: count for name, count in sorted(verdicts.items()) if name and name != one.told["verdict"]}


def _said(one: Pending, seen: Iterable[str]) -> tuple[DeedPart, ...]:
    told = one.told
    return of_judgement(Verdict(told["verdict"]).value, told["reason"], told.get("until", ""), seen)


def _judgement(one: Pending, what: str) -> str:
    told = one.told
    until = f", until {date.fromisoformat(told['until'])}" if told.get("until") else ""
    return f"judge {what} {Verdict(told['verdict']).value}: {told['reason']}{until} ({one.case_id})"


def findings(cases: Cases, shown: Shown, limit: int | None = None) -> Iterator[CaseFinding]:
    """Give the findings that are judged, band by band, the most serious first.

    Args:
        limit: of each band; all by default.
    """
    from proscribe.casework.findings import MOST

    if shown.one is not None:
        yield shown.one
    if shown.where is None:
        return
    for band in shown.bands:
        where, after, left = replace(shown.where, band=(band,)), -1, limit
        while left is None or left > 0:
            page = cases.store.findings(
                shown.draft.case_id, where, after=after, limit=MOST if left is None else min(left, MOST)
            )
            yield from page.findings
            if page.after is None:
                break
            after = page.after
            left = None if left is None else left - len(page.findings)


def sign(cases: Cases, shown: Shown, signer: Signer) -> str:
    """Do what was shown, with the key of its person, and take the draft away.

    Args:
        cases: with the key as the hand of its store, where the store has a roster.
        shown: as `look` gave it. The draft is not read again.

    Returns:
        What was done, in words.

    Raises:
        CaseError, UsageError: as what is done raises it, and when the case has changed since it was shown; the draft stays then.
    """
    _with_content(shown)
    one, done = shown.draft, shown.words
    told, by = one.told, one.by
    until = date.fromisoformat(told["until"]) if told.get("until") else None
    if one.deed is Deed.JUDGE:
        cases.judge(
            one.case_id, told["finding"], told["verdict"], by=by, reason=told["reason"], until=until, version=shown.version
        )  # fmt: skip
    elif one.deed is Deed.SET_ASIDE:
        from proscribe.app.store.runs_aside import set_run_aside

        set_run_aside(cases.store, told["run"], reason=told["reason"], by=by, seen=shown.digest)
    elif one.deed is Deed.ENROL:
        _enrol(cases.store, shown, signer)
    elif one.deed is Deed.AGREE:
        from proscribe.app.keys.people import agree

        agree(cases.store, signer, int(told["proposal"]))
    elif one.deed is Deed.TAKE_BACK:
        cases.take_back(
            one.case_id, int(told["judged"]), by=by, reason=told.get("reason", ""), version=shown.version
        )  # fmt: skip
    elif one.deed is Deed.JUDGE_MANY and shown.where is not None:
        cases.judge_many(
            one.case_id, shown.where, told["verdict"], by=by, reason=told["reason"],
            expect=(sum(shown.bands.values()), shown.digest), until=until, seen=_seen(one),
        )  # fmt: skip
    elif one.deed is Deed.SEE_MENTIONS:
        cases.see_mentions(one.case_id, told["mentions"].split(), by=by, reason=told["reason"])
    elif one.deed is Deed.DECIDE:
        from proscribe.app.case.case_law import put_to_the_law

        put_to_the_law(cases, one.case_id, by=by, version=shown.version)
    elif one.deed is Deed.APPROVE:
        cases.approve(one.case_id, told["record"], by=by, version=shown.version)
    else:
        from proscribe.app.case.document_files import sign_stored_document

        place = _files(cases.store).made(_BUNDLES) / _bundle_name(one.case_id, told["record"])
        sign_stored_document(
            cases, one.case_id, told["record"], signer, place, by=by, title=told.get("title", ""),
            version=shown.version, knowledge=cases.knowledge,
        )  # fmt: skip
        done = f"{done}: {place}"
    drop(cases.store, one.id)
    return done


def _enrol(store: Store, shown: Shown, signer: Signer) -> None:
    """Propose those whose keys were offered: as the first of a roster, or as one more of it. The offers are then in its chain."""
    from proscribe.app.keys.browser_keys import withdraw
    from proscribe.app.keys.people import propose

    propose(store, [one.person for one in shown.people], [signer])
    for offer in shown.people:
        withdraw(store, offer.key_id)


def _seen(one: Pending) -> int:
    """Give the event of the newest judgement that was seen when the draft was made; all count as unseen where it says none."""
    text = one.told.get("seen", "")
    return int(text) if text.isdecimal() else 0


def bundle(store: Store, case_id: str, document_id: str) -> Path | None:
    """Give the signed bundle of a document that `sign` wrote beside the store; `None` where there is none."""
    place = _files(store).folder / _BUNDLES / _bundle_name(case_id, document_id)
    return place if place.is_file() and not place.is_symlink() else None


def _bundle_name(case_id: str, document_id: str) -> str:
    return f"{file_name(case_id)}-{file_name(document_id)}.zip"


def _files(store: Store) -> Files:
    from proscribe.casework.files import Files

    return Files.of(store)
