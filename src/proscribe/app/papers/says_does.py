"""What a store records, or the author of a document states besides, by which the organisation does what it may be about to deny.

Findings are weighed where scans are; here is what people, and the law put to stated facts, said: determinations, papers that
were approved, signed or sent, waivers. The organisation answers, so that every case of its store counts.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from proscribe.app.kb.firms import Firms
from proscribe.app.papers.document_case import agreed_on, judgements_of, moment_of
from proscribe.casework.organisation import cases_with
from proscribe.casework.register import organisation_key
from proscribe.documents import TYPES, paper_type
from proscribe.documents.envelope import plain
from proscribe.documents.law import regimes_of_duties
from proscribe.documents.recorded import waived_parts
from proscribe.documents.validity import spoken_on
from proscribe.kb.snapshot import Snapshot
from proscribe.model.casework import CaseFile, EventKind, StoredDetermination, StoredDocument
from proscribe.model.codec import read
from proscribe.model.decisions import CaseResult, Determination, Outcome
from proscribe.model.papers import Answer, Item, PaperInputs, Question, SaysDoes
from proscribe.rules.answers import is_there
from proscribe.rules.facts import FACTS

if TYPE_CHECKING:
    from proscribe.app.store.desk import Desk

_SHOWN = 300
#: Parts of the inputs whose words a document prints only where its fields say so.
_STATED_PARTS = ("event", "plan", "money", "submissions", "offering", "options")
_MAKERS = ("entity", "entities")
#: A case without any of these records nothing by which the organisation does.
_RECORDS = (
    EventKind.DETERMINED, EventKind.DOCUMENT_APPROVED, EventKind.DOCUMENT_SIGNED, EventKind.SUBMITTED,
    EventKind.WAIVER_DRAFTED,
)  # fmt: skip


def says_does(
    inputs: PaperInputs,
    type_: str,
    snapshot: Snapshot,
    desk: Desk | None,
    file: CaseFile | None,
    *,
    anew: str = "",
) -> tuple[SaysDoes, ...]:
    """Give what the author states besides, and what the store of a case records.

    Args:
        inputs: those of the document, but for this.
        type_: of the document.
        file: its case; `None` without one.
        anew: id in that case of the document itself, where it was stored before and is weighed anew.
    """
    told = list(_stated_besides(inputs, type_, Firms.of(snapshot), file))
    if desk is not None and file is not None:
        itself = f"{file.case.id}/{anew}"
        recorded = _recorded_in(desk, file, plain(inputs.organisation), spoken_on(inputs), snapshot)
        told += [one for one in recorded if one.id != itself]
    return tuple(told)


def _recorded_in(
    desk: Desk, own: CaseFile, organisation: Mapping[str, Any], day: date, snapshot: Snapshot
) -> Iterator[SaysDoes]:
    """Yield what the cases of a store say that the organisation does, each case by itself.

    Args:
        own: the case of the document; what it holds is about its organisation, whatever is stated of either.
        organisation: whose document it is.
        day: on which the document speaks.
    """
    duties = regimes_of_duties(snapshot)
    with desk.store.reading() as conn:
        recorded = cases_with(conn, _RECORDS)
    for case in desk.store.cases():
        if case.id not in recorded:
            continue
        other = {"uei": case.uei, "cage": case.cage}
        if case.id != own.case.id and _is_another(organisation, other):
            continue
        told = _Recorded(desk, desk.store.case(case.id), organisation, day, duties)
        yield from told.determinations()
        yield from told.papers()
        yield from told.waivers()


def _is_another(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Tell whether two organisations are two: by their codes where both have one, else by name."""
    for name in ("uei", "cage"):
        ours, theirs = (str(about.get(name) or "").upper() for about in (one, other))
        if ours and theirs and "NOT KNOWN" not in (ours, theirs):
            return ours != theirs
    names = [organisation_key(str(about.get("name") or "")) for about in (one, other)]
    return all(names) and names[0] != names[1]


@dataclass(frozen=True, slots=True)
class _Says:
    """What a determination on stated facts says by each rule; of one that rests on a scan, `None`: its findings are weighed."""

    stored: StoredDetermination
    by_regime: Mapping[str, Determination] | None


class _Recorded:
    """What one case records."""

    def __init__(
        self,
        desk: Desk,
        file: CaseFile,
        organisation: Mapping[str, Any],
        day: date,
        duties: Mapping[str, tuple[str, ...]],
    ) -> None:
        self._desk, self._file, self._day = desk, file, day
        self._organisation, self._duties = organisation, duties

    def _id(self, name: str) -> str:
        return f"{self._file.case.id}/{name}"

    def _on(self, instant: datetime) -> date:
        return moment_of(instant, self._file).date()

    @cached_property
    def _decided(self) -> Sequence[_Says]:
        made = []
        for one in self._file.determinations:
            data = json.loads(self._desk.store.blob(one.sha256))
            results = [read(CaseResult, case, open_=True) for case in data.get("cases", ())]
            found = {said.regime: said for result in results for said in result.determinations}
            made.append(_Says(one, None if "findings" in data else found))
        return made

    def determinations(self) -> Iterator[SaysDoes]:
        """Yield of each rule the newest determination that says "does", with what came later, or the one that leaves it open."""
        regimes = dict.fromkeys(name for one in self._decided for name in one.by_regime or ())
        for regime in regimes:
            speaking = [one for one in self._decided if one.by_regime is None or regime in one.by_regime]
            forced = [
                place
                for place, one in enumerate(speaking)
                if one.by_regime is not None and is_there(one.by_regime[regime])
            ]
            later = speaking[forced[-1] + 1 :] if forced else speaking
            settled = [one for one in later if not _is_open(one, regime)]
            if forced and not any(one.stored.approver for one in settled):
                yield self._determination(
                    speaking[forced[-1]], regime, "determination", _since(settled[-1:], self._on)
                )
            elif not forced and speaking and _is_open(speaking[-1], regime):
                yield self._determination(speaking[-1], regime, "open", "")

    def _determination(self, one: _Says, regime: str, kind: str, since: str) -> SaysDoes:
        assert one.by_regime is not None
        said = one.by_regime[regime]
        citations = ", ".join(said.citations[:2]) or regime
        title = f" ({self._file.case.title[:120]})" if self._file.case.title else ""
        words = f"{said.outcome.value.replace('_', ' ')} under {citations}{title}"
        return SaysDoes(
            kind, self._id(one.stored.id), words, regimes=(regime,), on=self._on(one.stored.decided_at),
            contract=self._file.case.contract, since=since,
        )  # fmt: skip

    def papers(self) -> Iterator[SaysDoes]:
        """Yield the papers that somebody approved, signed or sent and nothing approved replaced, where they say "does"."""
        counted = [one for one in self._file.documents if one.approver or one.signer or one.submitted_at]
        replaced = {one.supersedes for one in counted if one.supersedes}
        for one in counted:
            if one.id in replaced or one.type not in TYPES:
                continue
            data = json.loads(self._desk.store.blob(one.sha256))
            if _is_another(self._organisation, data.get("organisation") or {}):
                continue
            yield from self._paper(one, data)

    def _paper(self, one: StoredDocument, data: Mapping[str, Any]) -> Iterator[SaysDoes]:
        body = data.get("body") or {}
        kind = paper_type(one.type)
        stated = {said["id"]: tuple(said["regimes"]) for said in kind.spec.get("statements") or ()}
        duties = [raw.get("obligation") for raw in kind.spec.get("checklist") or ()]
        all_regimes = dict.fromkeys(
            regime for name in duties if name for regime in self._duties.get(name, ())
        )
        for question in Question:
            answer = (body.get("representations") or {}).get(question.value) or {}
            items = [item for item in body.get("items") or () if question.value in item.get("concerns", ())]
            if answer.get("answer") != Answer.DOES.value and not items:
                continue
            named = [str(item.get("name") or item["id"]) for item in items]
            state = "signed" if one.signer else "sent" if one.submitted_at else "approved"
            title = str(data.get("title") or one.type)
            words = f"{title}, {state}" + (f": {', '.join(named[:5])}" if named else "")
            at = one.signed_at or one.submitted_at or one.approved_at or one.built_at
            findings = {str(name) for item in items for name in item.get("finding_ids") or ()}
            whole = bool(items) and all(item.get("finding_ids") for item in items)
            regimes = stated.get(question.value) or tuple(all_regimes)
            number = str((data.get("contract") or {}).get("number") or "")
            yield SaysDoes(
                "paper", self._id(one.id), words[:_SHOWN], (question,), regimes, self._on(at), number,
                self._since(one.built_at, regimes, findings if whole else set()),
            )  # fmt: skip

    def waivers(self) -> Iterator[SaysDoes]:
        """Yield the waivers that are in force, asked for, or have ended; one that was revoked says nothing."""
        for one in self._file.waivers:
            if one.status == "revoked":
                continue
            regimes = waived_parts().get(one.part, ())
            words = f"{one.scope[:_SHOWN]} ({one.citation})"
            on = one.granted_on or self._on(one.requested_at)
            yield SaysDoes(
                "waiver" if one.in_force(self._day) else "waiver-asked", self._id(one.id), words, regimes=regimes, on=on,
                contract=self._file.case.contract,
                since=self._since(one.requested_at, regimes, set(one.finding_ids)),
            )  # fmt: skip

    def _since(self, at: datetime, regimes: Sequence[str], findings: set[str]) -> str:
        """Say what was recorded after an instant by which things may have changed; empty where nothing was."""
        later = [
            one
            for one in self._decided
            if one.stored.decided_at > at and one.by_regime is not None and set(regimes) & set(one.by_regime)
        ]
        if later and not any(
            is_there(said) or said.outcome is Outcome.UNDETERMINED
            for name, said in (later[-1].by_regime or {}).items()
            if name in regimes
        ):
            return _since(later[-1:], self._on)
        if findings:
            aside = {
                one.finding_id: one
                for one in judgements_of(self._desk, self._file)
                if one.at > at and agreed_on(one, self._day)
            }
            if findings <= aside.keys():
                last = max((aside[name] for name in findings), key=lambda one: one.at)
                return (
                    f"every finding that it names was judged {last.verdict} by {last.by} and {last.approver}, the last on "
                    f"{self._on(last.at)}: {last.reason[:_SHOWN]}"
                )
        return ""


def _is_open(one: _Says, regime: str) -> bool:
    return one.by_regime is not None and one.by_regime[regime].outcome is Outcome.UNDETERMINED


def _since(later: Sequence[_Says], on: Callable[[datetime], date]) -> str:
    """Say which later determination says otherwise; empty where none does."""
    for one in later:
        stored = one.stored
        said = "rests on a scan" if one.by_regime is None else f"says {stored.outcome.replace('_', ' ')}"
        agreed = "which nobody approved" if not stored.approver else f"approved by {stored.approver}"
        return f"{stored.id} of {on(stored.decided_at)}, by {stored.author}, {said}, {agreed}"
    return ""


# What the author states besides


def _stated_besides(
    inputs: PaperInputs, type_: str, firms: Firms, file: CaseFile | None
) -> Iterator[SaysDoes]:
    """Yield the items and words that name a firm, where the document does not print them by itself.

    Args:
        file: the case; facts on which its newest determination rests are told with that.
    """
    printed = {str(name).rstrip("?") for name in paper_type(type_).get("fields") or ()}
    if "items" not in printed:
        for one in inputs.items:
            found = _heard(firms, _texts(plain(one), but=("id", "concerns", "kind", "finding_ids")))
            if found:
                yield SaysDoes("item", f"item {one.id[:60]}", _item_words(one, found), one.concerns)
    for part in _STATED_PARTS:
        if part not in printed:
            yield from _words(part, _texts(plain(getattr(inputs, part))), firms)
    yield from _words("organisation", _texts(plain(inputs.organisation)), firms)
    known = _decided_on(file)
    for fact in inputs.facts:
        spec = FACTS.get(fact.fact)
        maker = spec is not None and (spec.type in _MAKERS or fact.fact == "item.brand")
        if maker and known.get(fact.fact) != fact.value:
            yield from _words(f"fact {fact.fact}", [fact.value.replace("_", " ")], firms)


def _words(where: str, texts: Sequence[str], firms: Firms) -> Iterator[SaysDoes]:
    for text in texts:
        if firms.heard_in(text):
            yield SaysDoes("words", where, repr(text[:_SHOWN]))


def _item_words(one: Item, found: Sequence[str]) -> str:
    told = (one.quantity, one.brand, one.model_number, one.description, one.site)
    return ", ".join([text for text in told if text] or found)[:_SHOWN]


def _heard(firms: Firms, texts: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(name for text in texts for name in firms.heard_in(text)))


def _texts(value: Any, but: Sequence[str] = ()) -> list[str]:
    """Give every text in plain values, in their order."""
    if isinstance(value, Mapping):
        return [text for name, item in value.items() if name not in but for text in _texts(item)]
    if isinstance(value, (list, tuple)):
        return [text for item in value for text in _texts(item)]
    return [value] if isinstance(value, str) and any(map(str.isalpha, value)) else []


def _decided_on(file: CaseFile | None) -> dict[str, str]:
    stored = file.determination() if file is not None else None
    facts = json.loads(stored.facts) if stored is not None else {}
    return {
        name: ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        for name, value in facts.items()
    }
