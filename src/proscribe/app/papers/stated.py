"""What people state that bears on an answer, as the events of a case hold it: inquiries, facts, and narrower scopes.

A scope says on which questions scans speak, or which sites are set aside. It counts when two people made it: its author, and
whoever approved it. What it puts outside is listed by name, and what is confirmed stands all the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from proscribe.app.keys.people import Acts
from proscribe.app.papers.document_scans import ScansOf, dicts
from proscribe.app.papers.document_statements import BEARING, bearing_content
from proscribe.app.store.scan_proof import unsigned_until
from proscribe.casework.lifecycle import record
from proscribe.documents.checks import says_why
from proscribe.documents.envelope import plain
from proscribe.model.casework import CaseFile, EventKind, StoredStatement
from proscribe.model.errors import error
from proscribe.model.findings import row_words
from proscribe.model.papers import Question, Scope
from proscribe.model.roster import Role
from proscribe.wording.shown import counted

if TYPE_CHECKING:
    from proscribe.app.store.desk import Desk

#: So many things that a scope puts outside are named in its event, the surest first.
_MOST_NAMED = 500


@dataclass(frozen=True, slots=True)
class ToState:
    """A statement that a case is to keep with the document that rests on it; see `statements.state`."""

    content: bytes
    fields: tuple[str, ...]

    @property
    def sha256(self) -> str:
        """Give the digest under which it is kept."""
        return hashlib.sha256(self.content).hexdigest()


class Statements:
    """The statements of a case that count: those of an archive that was taken over without a signature do not."""

    def __init__(self, desk: Desk, file: CaseFile) -> None:
        self._desk, self._file = desk, file
        last = unsigned_until(desk).get(file.case.id, 0)
        self._seq: dict[tuple[str, bool], int] = {}
        if file.statements:
            for event in desk.store.events(file.case.id):
                if event.kind is EventKind.STATED:
                    self._seq[event.data["statement"]["id"], False] = event.seq
                elif event.kind is EventKind.STATEMENT_APPROVED:
                    self._seq[event.data["id"], True] = event.seq
        self.all = [one for one in file.statements if self._seq[one.id, False] > last]
        self._last = last

    def content(self, one: StoredStatement) -> Mapping[str, Any]:
        """Give what a statement says, by field."""
        value = json.loads(self._desk.store.blob(one.sha256))
        assert isinstance(value, dict)
        return value

    def approved(self, one: StoredStatement) -> bool:
        """Tell whether a second person approved a statement."""
        return one.approved_at is not None and self._seq[one.id, True] > self._last

    def proved(self, one: StoredStatement) -> bool:
        """Tell whether the keys of two people of the roster show who made a statement and who approved it."""
        acts = Acts.of(self._desk.store)
        if not acts.roster or not self.approved(one):
            return False
        seqs = {self._seq[one.id, False], self._seq[one.id, True]}
        members = [
            acts.member(event) for event in self._desk.store.events(self._file.case.id) if event.seq in seqs
        ]
        people = {member.person for member in members if member is not None}
        return len(people) == 2 and any(
            member is not None and Role.APPROVER in member.enrolment.roles for member in members
        )

    def newest(self, field: str) -> tuple[StoredStatement, Any] | None:
        """Give the newest statement of a field, and what it says of it."""
        for one in reversed(self.all):
            if field in one.fields:
                return one, self.content(one)[field]
        return None

    def two_say(self, field: str, item: Any) -> bool:
        """Tell whether an approved statement holds an entry of a list."""
        return any(
            item in self.content(one)[field] for one in self.all if field in one.fields and self.approved(one)
        )

    def scopes(self) -> list[Scope]:
        """Give the scopes that hold: approved, and not taken back."""
        held: dict[str, Scope] = {}
        for one in self.all:
            if "scope" not in one.fields:
                continue
            told = self.content(one)["scope"]
            held.pop(str(told.get("takes_back", "")), None)
            if told.get("takes_back") or not self.approved(one):
                continue
            held[one.id] = Scope(
                f"{self._file.case.id}/{one.id}",
                tuple(Question(name) for name in told["questions"]),
                tuple(told["scans"]),
                tuple(told["sites"]),
                told["why"],
                one.author,
                one.approver,
                one.approved_at,
                self.proved(one),
            )
        return list(held.values())


def apply_scopes(value: dict[str, Any], scopes: Sequence[Scope]) -> None:
    """Narrow the scans of a document's inputs to the scopes of its case, and let it print them."""
    for scope in scopes:
        told = f"{scope.why} ({scope.id}: {scope.author}, approved by {scope.approver})"
        for scan in value["scans"]:
            if scan["sha256"] not in scope.scans:
                continue
            if scope.questions:
                held = scan.get("bears_on", [one.value for one in Question])
                scan["bears_on"] = [one.value for one in scope.questions if one.value in held]
                scan["bears_on_why"] = "; ".join(filter(None, (scan.get("bears_on_why", ""), told)))
            scan["sites_outside"] = [*scan.get("sites_outside", ()), *scope.sites]
            scan["scope_proved"] = scan.get("scope_proved", True) and scope.proved
    value["scopes"] = plain(scopes)


def new_scope(
    desk: Desk, file: CaseFile, questions: Sequence[str], scans: Sequence[str], sites: Sequence[str], why: str
) -> tuple[ToState, list[str]]:
    """Write a narrower scope with what it puts outside, by name.

    Args:
        questions: those on which the scans speak, alone; none where only sites are set aside.
        scans: ids of runs; all of the case by default.
        sites: names of sites that are set aside, as the findings name them.

    Returns:
        What the case is to keep, and lines that name what is outside.

    Raises:
        CaseError: E468 without a question or a site, for a run or site that is not there, or without a reason.
    """
    known = {run.id: run for run in file.runs}
    chosen = list(scans) or list(known)
    unknown = [one for one in scans if one not in known]
    if unknown or not known:
        raise error(
            "E468.run", at=file.case.id, run=(unknown or ["a scan"])[0], runs=", ".join(known) or "none"
        )
    if not says_why(why):
        raise error("E468.why", at="--reason")
    if not (questions or sites) or len(set(questions)) == len(Question):
        raise error("E468.narrows_nothing", at=file.case.id)
    documents = ScansOf(desk, file)
    found = [(run, one) for run in chosen for one in dicts(documents[run]["value"]["findings"])]
    of_site = {str((one.get("details") or {}).get("site") or "") for _, one in found}
    for site in sites:
        if site not in of_site:
            raise error(
                "E468.site",
                at="--without-site",
                site=site[:80],
                sites=", ".join(sorted(filter(None, of_site))[:20]),
            )
    ranks = {"confirmed": 0, "probable": 1}
    outside = sorted(
        (
            (run, one)
            for run, one in found
            if questions or str((one.get("details") or {}).get("site") or "") in sites
        ),
        key=lambda pair: ranks.get(str(pair[1]["band"]), 2),
    )
    names = [_words(documents[run]["value"], one) for run, one in outside]
    mentions = sum(len(documents[run]["value"].get("mentions", ())) for run in chosen) if questions else 0
    paths = [str(one["path"]) for run in chosen for one in dicts(documents[run]["value"]["inputs"])]
    scope = {
        "questions": list(questions),
        "scans": [known[one].scan_sha256 for one in chosen],
        "sites": list(sites),
        "why": why.strip(),
        "outside": {
            "findings": names[:_MOST_NAMED], "findings_count": len(names), "mentions": mentions, "sources": paths,
        },
    }  # fmt: skip
    lines = [
        *names,
        *([f"{counted(mentions, 'record')} with the name of a firm and no finding"] if mentions else []),
    ]
    return ToState(bearing_content({"scope": scope}), ("scope",)), lines


def no_scope(file: CaseFile, statement: str, now: datetime) -> ToState:
    """Write that a scope is taken back; whoever widens what is looked at needs nobody beside.

    Raises:
        CaseError: E423 when there is no such scope.
    """
    scopes = [one for one in file.statements if "scope" in one.fields]
    record(scopes, statement, "scope", file.case.id)
    told = {"takes_back": statement, "at": now.isoformat()}
    return ToState(bearing_content({"scope": told}), ("scope",))


def _words(scan: Mapping[str, Any], one: Mapping[str, Any]) -> str:
    path = next((item["path"] for item in dicts(scan["inputs"]) if item["index"] == one["input"]), "?")
    found = next((str(item["found"]) for item in dicts(one.get("evidence"))), "")
    record = f" ({one['record_id']})" if one.get("record_id") else ""
    return f"{one['band']}: {one['entity']} {found[:60]}, {path} {row_words(one['locator'])}{record}"


def stated_here(
    statements: Statements | None, stated: Mapping[str, Any], author: str, case_id: str
) -> tuple[ToState | None, list[dict[str, Any]]]:
    """Give the statement that a document's files make, and what the document says of who stated what it rests on.

    Args:
        statements: those of its case; `None` without a case.
        stated: what its files say, joined.
        author: of the document.

    Raises:
        CaseError: E468 for determinations that two people of the case did not state.
        InputError: E465 for an entry that says who stated something.
    """
    bearing = {name: stated[name] for name in BEARING if stated.get(name)}
    for place, one in enumerate(dicts(bearing.get("files"))):
        if one.get("kind") == "statement":
            raise error(
                "E465.own",
                at=f"/files/{place}/kind",
                name="statement",
                instead="the case says who stated what",
            )
        decides = one.get("kind") == "determinations" and one.get("value")
        if decides and (statements is None or not statements.two_say("files", one)):
            raise error("E468.determinations", at=f"/files/{place}", case=case_id or "CASE")
    if statements is None or not bearing:
        return None, []
    new = ToState(bearing_content(bearing), tuple(bearing))
    return new, [
        {"kind": "statement", "what": f"{', '.join(bearing)}: stated by {author or 'nobody who is named'}",
         "sha256": new.sha256}
    ]  # fmt: skip
