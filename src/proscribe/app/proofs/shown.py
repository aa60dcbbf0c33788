"""What a checked bundle is: the paper or case in it, whose, what it states, who stands behind it, made by what.

Nothing of it is believed for standing there: each line says how it was checked, and what was not.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from proscribe.app.keys.people import Act
from proscribe.app.papers.signed_alike import data_of, signed_alike
from proscribe.attestations.verify import Check, Verdict
from proscribe.documents.elements import at
from proscribe.documents.loose import objects
from proscribe.documents.summary import about, cut, not_checked, rests_on, state_words
from proscribe.model.casework import EventKind
from proscribe.model.papers import Paper
from proscribe.wording.shown import counted

if TYPE_CHECKING:
    from proscribe.model.casework import CaseFile

#: Things of one kind that a line names, and columns of each; those beyond are counted.
_MOST, _WIDE = 8, 300
#: The line that says how long a document speaks; it failed where it no longer does.
UNTIL = "Speaks until"
#: Checks without which nothing that a bundle says of itself is as it was signed.
_BYTES = frozenset(["container", "signature", "files", "statement"])
#: Those of the signed statement alone, which a file that was changed leaves as it is.
_STATEMENT = frozenset(["container", "signature", "statement"])
_NO_ROSTER = "The bundle holds no roster of people and their keys: it is a name that the paper states."
_NOT_REPLACED = (
    "Told from what the papers say of themselves; what was said to those who hold them is not in the bundle."
)
_NO_REGISTER = "It stands so in what was signed; no register was asked whether it is true."
#: How a result of several is told: the worst of them.
_WORST = ("failed", "not_checked", "ok")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that a bundle says of itself.

    Attributes:
        label: what it is about, such as `Signed by`.
        value: what it says.
        result: `ok`, `failed` or `not_checked`, as of a check.
        how: what was looked at, or why nothing was, in a sentence.
    """

    label: str
    value: str
    result: str
    how: str

    def to_json(self) -> dict[str, str]:
        """Give it as plain values."""
        return asdict(self)


def of_document(verdict: Verdict, paper: Paper | None, acts: Sequence[Act], today: date) -> tuple[Line, ...]:
    """Say what the document of a bundle is, whose, what it states, how long it speaks, and who prepared, approved and signed it.

    Args:
        paper: the document, where its data is one.
        acts: who did what, where the bundle holds the people's own signatures.
        today: the day on which somebody asks, which tells whether it still speaks.
    """
    said = verdict.predicate
    held = _held(verdict)
    lines: list[Line] = []
    if paper is not None:
        data = paper.data
        named = dict(about(data))
        edition = data["clause"]["edition"]
        title = f"{data['title']}, {data['citation']}" + (f" ({edition})" if edition else "")
        lines.append(Line("Paper", title, *held))
        lines += [Line("State", state_words(data, signed=True), *_agreeing(verdict, held))]
        lines += [
            Line(label, named[name], *_unless(held, _NO_REGISTER))
            for label, name in (("Firm", "Organisation"), ("For", "For"))
            if name in named
        ]
        lines.append(Line("States", _stated(data), *_unless(held, _truth(data))))
        lines += _speaks(data, held, today)
    else:
        lines.append(
            Line("Paper", str(said.get("documentType") or "none"), *_of(verdict, ("document", "files")))
        )
    signed = _held(verdict, _STATEMENT)
    lines += _people(verdict, acts, signed)
    lines += _instants(verdict, paper, signed)
    lines += _made_with(verdict, paper, signed)
    if paper is not None:
        lines += _basis(verdict, paper.data, held)
    return tuple(lines)


def last_day(data: Mapping[str, Any]) -> date | None:
    """Give the last day on which a document speaks; `None` where it names none, or is refused."""
    told = at(data, "/body/valid_to") if data.get("state") != "refused" else None
    try:
        return date.fromisoformat(told) if isinstance(told, str) else None
    except ValueError:
        return None


def _speaks(data: Mapping[str, Any], held: tuple[str, str], today: date) -> Iterator[Line]:
    last = last_day(data)
    if last is None:
        return
    why = " ".join(str(at(data, "/body/valid_why") or "").split())
    if today > last:
        ended = f"It has ended: today is {today.isoformat()}. Whoever relies on what it states needs one of today. {why}".rstrip()
        yield Line(UNTIL, last.isoformat(), "failed", ended)
    else:
        yield Line(UNTIL, last.isoformat(), *_unless(held, f"It says so of itself. {why}".rstrip()))


def of_case(
    verdict: Verdict,
    file: CaseFile,
    faults: Sequence[str],
    acts: Sequence[Act],
    content: Callable[[str], bytes],
    today: date,
) -> tuple[Line, ...]:
    """Say which case a bundle holds, what is in it, who did what, and who signed it.

    Args:
        faults: what does not hold in it.
        content: gives the bytes of a digest.
        acts: who judged, approved and signed, with what shows it.
        today: the day on which somebody asks.
    """
    case, held = file.case, _held(verdict)
    whole = (
        ("failed", f"What it holds contradicts itself: {faults[0]}.")
        if faults
        else ("ok", "Each document, scan, judgement and signature in it was held against all the others.")
    )
    runs = file.made_runs
    judged = {one.by for one in file.judgements} if len(file.judgements) <= _MOST * 100 else set()
    lines = [
        Line("Case", f"{case.id}{f' “{cut(case.title, _WIDE)}”' if case.title else ''}, {case.state.value}", *whole),
        Line("Opened by", f"{case.opened_by}, {case.opened_at.isoformat()}", *_shown_by(acts, case.opened_by)),
        Line(
            "Holds",
            f"{counted(len(file.runs), 'scan')}, {counted(len(file.judgements), 'judgement')}, "
            f"{counted(len(file.documents), 'document')}, {counted(len(file.waivers), 'waiver')}",
            *whole,
        ),
    ]  # fmt: skip
    if case.contract or case.uei or case.cage:
        named = (("contract", case.contract), ("UEI", case.uei), ("CAGE", case.cage))
        told = [f"{word} {text}" for word, text in named if text]
        lines.append(Line("For", ", ".join(told), *_unless(whole, _NO_REGISTER)))
    alike = signed_alike(file.documents, content)
    for one in file.documents[:_MOST]:
        who = [f"prepared by {one.author or 'nobody'}", f"approved by {one.approver or 'nobody'}"]
        who.append(f"signed by {one.signer}" if one.signer else "not signed")
        about_it = [act for act in acts if act.what.endswith(f": {one.id}")]
        data = data_of(one, content)
        title = cut(str(data.get("title") or ""), _WIDE)
        lines.append(
            Line(f"Document {one.id}", f"{title or one.type}: {', '.join(who)}", *_worst(about_it, whole))
        )
        lines += [replace(line, label=f"{one.id} speaks until") for line in _speaks(data, whole, today)]
    lines += [
        Line(f"Which stands: {one.id}", f"{alike[one.id]}.", *_unless(whole, _NOT_REPLACED))
        for one in [each for each in file.documents if each.id in alike][:_MOST]
    ]
    if judged:
        lines.append(
            Line("Judged by", ", ".join(sorted(judged)), *_worst([a for a in acts if a.by in judged], whole))
        )
    lines += _people(verdict, (), held)
    lines += _instants(verdict, None, held)
    if runs:
        newest = runs[-1]
        lines += [
            Line("Law asked as of", newest.as_of, *whole),
            Line("Program", f"version {newest.proscribe}", *_unless(whole, "As its newest scan states it.")),
            Line(
                "Knowledge", f"{newest.knowledge_version}, SHA-256 {newest.knowledge_sha256}",
                *_unless(whole, "Named by its newest scan; what was found under it was not looked for again."),
            ),
        ]  # fmt: skip
    return tuple(lines)


def of_store(verdict: Verdict, events: int) -> tuple[Line, ...]:
    """Say what a backup of a store is, and who signed it."""
    held = _held(verdict)
    lines = [Line("Backup of a store", f"{events:,} events", *_of(verdict, ("case",)))]
    return (*lines, *_people(verdict, (), held), *_instants(verdict, None, held))


def _held(verdict: Verdict, names: Collection[str] = _BYTES) -> tuple[str, str]:
    """Say whether what a bundle says of itself is as it was signed."""
    found = [one for one in verdict.checks if one.name in names]
    if any(one.result == "failed" for one in found):
        told = next(one.says for one in found if one.result == "failed")
        return "failed", f"The bundle is not as it was signed: {told}"
    if any(one.name == "signature" and one.result == "ok" for one in found):
        return "ok", "The signature covers it, and every byte is as it was signed."
    return "not_checked", "It carries no signature: anybody can have written it."


def _unless(held: tuple[str, str], how: str) -> tuple[str, str]:
    """Say how far something is shown that a signature alone does not show."""
    return held if held[0] == "failed" else ("not_checked", how)


def _of(verdict: Verdict, names: Iterable[str], otherwise: str = "It was not looked at.") -> tuple[str, str]:
    """Give the worst of some checks."""
    found = sorted((one for one in verdict.checks if one.name in names), key=_rank)
    return (found[0].result, found[0].says) if found else ("not_checked", otherwise)


def _rank(one: Check) -> int:
    return _WORST.index(one.result)


def _agreeing(verdict: Verdict, held: tuple[str, str]) -> tuple[str, str]:
    return held if held[0] != "ok" else _of(verdict, ("document", "statement"))


def _stated(data: Mapping[str, Any]) -> str:
    """Give what a document states, word for word where it is a sentence."""
    body = data["body"]
    answers = list((body.get("representations") or {}).values())
    if answers:
        return "\n".join(
            f"{one['citation']}: {one['statement'] if one.get('answer') not in ('', 'not completed') else 'not answered'}"
            for one in answers
        )
    names = [cut(str(one.get("name", "")), _WIDE) for one in objects(body.get("items"))]
    told = [f"{counted(len(names), 'item')}: {'; '.join(_first(names))}"] if names else []
    return "\n".join([*told, " ".join(str(data["about"]).split())])


def _truth(data: Mapping[str, Any]) -> str:
    kinds = [one["kind"] for one in objects(data.get("rests_on"))]
    held = f"{counted(kinds.count('scan'), 'scan')} and {counted(kinds.count('input'), 'file')}"
    return f"It stands so in what was signed; whether it is true rests on {held} that stay with the firm and were not read here."


def _people(verdict: Verdict, acts: Sequence[Act], held: tuple[str, str]) -> Iterator[Line]:
    said = verdict.predicate
    deeds = (
        ("Prepared by", "preparedBy", EventKind.DOCUMENT_STORED),
        ("Approved by", "approvedBy", EventKind.DOCUMENT_APPROVED),
    )
    for label, name, kind in deeds:
        if name not in said:
            continue
        who = str(said[name])
        deed = kind.value.replace("_", " ")
        found = [one for one in acts if one.what.startswith(deed)]
        shown = _shown_by(found, who) if held[0] != "failed" else held
        yield Line(label, who or "nobody who is named", *shown)
    if "signedBy" in said:
        who = ", as ".join(filter(None, (str(said["signedBy"]), str(said.get("signedAs") or ""))))
        found = [one for one in acts if one.what.startswith("document signed")]
        yield Line(
            "Signed by", who, *(_shown_by(found, str(said["signedBy"])) if held[0] != "failed" else held)
        )
        keys = ", ".join(verdict.key_ids) or "none that fits"
        yield Line(
            "Fingerprint of the key", keys, *_of(verdict, ("signer",), "Whose key it is was not checked.")
        )
    elif not said:
        yield Line("Signed by", "nobody", *held)
    for one in verdict.countersignatures:
        who = ", as ".join(filter(None, (str(one.get("signedBy")), str(one.get("signedAs") or ""))))
        yield Line(
            "Countersigned by",
            f"{who}, {one.get('signedAt')}, key {one.get('signedWith')}",
            *_of(verdict, ("countersigned",)),
        )
    if "documentType" in said:
        yield Line(
            "Roster of people and keys",
            "in the bundle" if acts else "unknown",
            *_of(verdict, ("people",), _NO_ROSTER),
        )


def _shown_by(acts: Sequence[Act], who: str) -> tuple[str, str]:
    """Say what shows that somebody did something: the newest of the acts of that name."""
    own = [one for one in acts if one.by == who]
    return _worst(own[-1:], ("not_checked", _NO_ROSTER))


def _worst(acts: Sequence[Act], otherwise: tuple[str, str]) -> tuple[str, str]:
    """Give what shows acts: that which shows least."""
    results = {"against": "failed", "proved": "ok"}
    found = sorted(
        ((results.get(one.proof, "not_checked"), one) for one in acts), key=lambda pair: _WORST.index(pair[0])
    )
    if not found:
        return otherwise
    result, one = found[0]
    proof = {"failed": "Does not hold", "ok": "Proved by a key of the roster"}.get(
        result, one.proof.capitalize()
    )
    return result, f"{proof}: {one.says}; event {one.seq:,} of {one.day.isoformat()}."


def _instants(verdict: Verdict, paper: Paper | None, held: tuple[str, str]) -> Iterator[Line]:
    said = verdict.predicate
    if paper is not None:
        yield Line(
            "Made at", str(paper.data["made_at"]), *_unless(held, "As the program that made it states it.")
        )
    if "signedAt" in said:
        yield Line("Signed at", str(said["signedAt"]), *_of(verdict, ("timestamp",)))
    stands = said.get("standsIn")
    if isinstance(stands, Mapping):
        where = f"{stands.get('document')} of store {stands.get('store')}, after event {stands.get('events')}"
        told = f"{stands.get('recordedAt')}, as {where}"
        yield Line(
            "Recorded at",
            told,
            *_unless(held, "By the clock of the store that it was made in, which is not in the bundle."),
        )
    elif "eventLogHead" in said:
        told = f"{said['eventLogHead']} of store {said.get('store')}, {said.get('events')} events"
        yield Line("Ends with", told, *held)


def _made_with(verdict: Verdict, paper: Paper | None, held: tuple[str, str]) -> Iterator[Line]:
    said = verdict.predicate
    if "proscribe" not in said:
        return
    version, knowledge = str(said["proscribe"]), said.get("knowledge")
    yield Line(
        "Program",
        f"version {version}",
        *_of(verdict, ("rendering", "document"), "It was not compared with what this version writes."),
    )
    if isinstance(knowledge, Mapping):
        digest = knowledge.get("digest")
        sha256 = digest.get("sha256") if isinstance(digest, Mapping) else ""
        overdue = (paper.data["knowledge"].get("overdue") or []) if paper is not None else []
        late = f"; overdue: {', '.join(_first([str(one) for one in overdue]))}" if overdue else ""
        yield Line(
            "Knowledge",
            f"{knowledge.get('version')}, SHA-256 {sha256}{late}",
            *_unless(held, "Named by its digest; its content is not in the bundle, and was not compared."),
        )
    yield Line("Law asked as of", str(said.get("asOf")), *held)


def _basis(verdict: Verdict, data: Mapping[str, Any], held: tuple[str, str]) -> Iterator[Line]:
    yield Line(
        "Rests on", rests_on(data),
        *_of(verdict, ("input", "inputs", "replay"), "The bundle holds digests alone; no original file was compared."),
    )  # fmt: skip
    said: dict[str, int] = {}
    for one in objects(data.get("overrides")):
        words = f"{one.get('approver')}: {cut(str(one.get('reason')), _WIDE)}"
        said[words] = said.get(words, 0) + len(one.get("obstacle_ids") or ())
    if said:
        lines = [f"{words} ({counted(count, 'obstacle')})" for words, count in said.items()]
        yield Line("Overridden", "\n".join(_first(lines)), *held)
    told = not_checked(data)
    yield Line(
        "Not checked by the paper itself", "\n".join(told) or "it names no place",
        *_unless(held, "It is what those who made it say; what they leave out is not known."),
    )  # fmt: skip


def _first(lines: Sequence[str]) -> list[str]:
    more = len(lines) - _MOST
    return [*lines[:_MOST], *([f"and {more:,} more"] if more > 0 else [])]
