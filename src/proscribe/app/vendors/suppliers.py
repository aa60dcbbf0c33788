"""Declarations of suppliers: ask, take the answers, test them, remind, and say what a refusal leaves open.

A campaign makes a form for each supplier of a list and records in a case that it was asked. Nothing is sent: forms and texts
are written to a folder, and leave by the user's hand. What comes back is compared with the very form that was made out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from proscribe.app.files import read_file, sha256_of_file
from proscribe.app.vendors.own_evidence import Held, about, held_in
from proscribe.app.vendors.returned_forms import check_size, covers, lower_named, unwrapped, validated
from proscribe.app.vendors.supplier_checks import Evidence, check_answer, told_before
from proscribe.app.vendors.vendor_list import Vendor, name_key
from proscribe.kb.snapshot import Snapshot, open_knowledge
from proscribe.model.authors import Author, Informed
from proscribe.model.canonical import canonical_json
from proscribe.model.casework import CaseFile, SupplierDeclaration, Verdict
from proscribe.model.codec import Written
from proscribe.model.errors import EnvironmentProblem, ProscribeError, error
from proscribe.model.periods import parse_day
from proscribe.model.suppliers import DECLINE, ReturnedForm, SupplierForm, Tested, verdict
from proscribe.readers.sam import read_sam
from proscribe.readers.supplier_form import read_returned_form
from proscribe.rules.deadlines import add_months
from proscribe.suppliers.letters import question_letter, reminder_letter
from proscribe.suppliers.memo import Memo, options_memo
from proscribe.suppliers.memo import to_markdown as memo_markdown
from proscribe.suppliers.memo import to_text as memo_text
from proscribe.suppliers.questions import SupplierLaw, flow_down_words, form_questions, supplier_law

if TYPE_CHECKING:
    from proscribe.app.store.desk import Desk
    from proscribe.casework.store import Store


__all__ = [
    "Asked",
    "Evidence",
    "Imported",
    "Standing",
    "SupplierDesk",
    "Unasked",
    "evidence_of",
    "memo_markdown",
    "memo_text",
    "unasked",
]

#: Days that a supplier is given when nobody says otherwise. Our own habit; no clause says it.
DAYS_TO_ANSWER = 21
_DEEPEST_TIER = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """One supplier of a campaign.

    Attributes:
        form: made out for it; `None` when it was not asked again.
        why_not: why not; empty when it was.
    """

    vendor: Vendor
    id: str
    form: SupplierForm | None
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """One file that came back.

    Attributes:
        path: as given.
        case_id, id: the declaration; empty when the file was refused.
        outcome: `answered`, `declined` or `refused` (the file was not taken).
        signature: what is known of the signature, in words.
        tests: of the answer against what we hold.
        problem: why the file was not taken.
    """

    path: str
    outcome: str
    case_id: str = ""
    id: str = ""
    supplier: str = ""
    signature: str = ""
    tests: tuple[Tested, ...] = ()
    problem: ProscribeError | None = None

    def to_json(self) -> dict[str, Any]:
        """Give it as plain values."""
        return {
            "path": self.path,
            "outcome": self.outcome,
            "case_id": self.case_id,
            "id": self.id,
            "supplier": self.supplier,
            "signature": self.signature,
            "verdict": verdict(self.tests) if self.tests else "",
            "tests": [one.to_json() for one in self.tests],
            "problem": None
            if self.problem is None
            else {"code": self.problem.code, "what": self.problem.what, "at": self.problem.at},
        }


@dataclass(frozen=True, slots=True)
class Standing:
    """A declaration and how it stands on a day.

    Attributes:
        standing: `refused`, `expired`, `contradicted`, `doubtful`, `unchecked`, `ending`, `answered`, `overdue`, `asked`.
    """

    declaration: SupplierDeclaration
    standing: str

    def to_json(self) -> dict[str, Any]:
        """Give it as plain values."""
        return {**self.declaration.to_json(), "standing": self.standing}

    def summary(self) -> dict[str, Any]:
        """Give what a table of many shows of it, as plain values."""
        names = ("case_id", "id", "supplier", "tier", "parent", "standing", "due_on", "expires_on")
        held = self.to_json()
        return {name: held[name] for name in names}


@dataclass(frozen=True, slots=True)
class Unasked(Written):
    """A supplier that a supplier named and nobody asked.

    Attributes:
        named_by: id of the declaration that names it.
        tier: one below that of who named it.
    """

    case_id: str
    named_by: str
    supplier: str
    tier: int


class SupplierDesk:
    """Suppliers of the cases of a store, with the law at hand.

    Args:
        desk: the cases.
        knowledge: as for `Desk`.
    """

    def __init__(self, desk: Desk, knowledge: Sequence[str | Path] = ()) -> None:
        self.desk = desk
        self.store: Store = desk.store
        self.knowledge = tuple(knowledge)
        self._zones: dict[str, str] = {}  # the zone of a case never changes

    @cached_property
    def snapshot(self) -> Snapshot:
        """Give the knowledge."""
        return open_knowledge(self.knowledge)

    @cached_property
    def law(self) -> SupplierLaw:
        """Give what the law asks of suppliers today."""
        return supplier_law(self.snapshot, self.store.now().date())

    @property
    def stamp(self) -> tuple[str, str]:
        """Give version and SHA-256 of the knowledge."""
        return self.snapshot.manifest.version, self.snapshot.manifest.sha256

    def today(self, case_id: str) -> date:
        """Give the day in the time zone of a case."""
        if case_id not in self._zones:
            self._zones[case_id] = self.store.case(case_id).case.zone
        return self.store.today(self._zones[case_id])

    # Looking

    def standing_of(self, item: SupplierDeclaration) -> str:
        """Say how a declaration stands today, in the time zone of its case; see `Standing`."""
        from proscribe.casework.suppliers import standing

        return standing(item, self.today(item.case_id))

    def standing(self, case_id: str, on: date) -> list[Standing]:
        """List the declarations of a case, or of all cases, and how each stands on a day."""
        from proscribe.casework.suppliers import standing

        return [Standing(one, standing(one, on)) for one in self._of(case_id)]

    def _of(self, case_id: str) -> list[SupplierDeclaration]:
        found = list(self.store.case(case_id).declarations) if case_id else self.store.declarations()
        return sorted(found, key=lambda one: (len(one.case_id), one.case_id, len(one.id), one.id))

    # Asking

    def open_case(self, title: str, zone: str | None, *, by: str) -> str:
        """Open a case for declarations of suppliers, as of today, and give its id.

        Raises:
            CaseError: E440 when no time zone is named.
        """
        from proscribe.casework.commands import cases

        if not zone:
            raise error("E440.case_zone")
        today = datetime.now(UTC).date()
        words = title or "Declarations of suppliers"
        return cases.open_case(self.store, by=Author(by), title=words, as_of=today, zone=zone).case.id

    def forms(self, case_id: str, ids: Sequence[str] = ()) -> list[Asked]:
        """Give the newest forms of a case, as they were made out; of some suppliers where ids are given.

        Raises:
            CaseError: E423 no such case; E498 no such supplier.
        """
        found = self.store.case(case_id).declarations
        if ids:
            found = tuple(self.find(f"{case_id}/{name}", case_id) for name in ids)
        return [
            Asked(Vendor(one.supplier, 0, email=one.email), one.id, self.form_of(one))
            for one in found
            if one.form_sha256
        ]

    def campaign(
        self,
        case_id: str,
        vendors: Sequence[Vendor],
        *,
        asked_by: str,
        by: str,
        contact: str = "",
        due_on: date | None = None,
        version: int | None = None,
        again: bool = False,
        stated_at: datetime | None = None,
    ) -> tuple[CaseFile, list[Asked]]:
        """Make a form for each supplier and record that it was made out: all of them, or none.

        Args:
            asked_by: the organisation that asks.
            contact: where the answer goes.
            due_on: last day to answer; `DAYS_TO_ANSWER` from today by default.
            again: whether suppliers are asked anew whose answer holds, or whose form is still out.

        Raises:
            UsageError: E490 when nobody is named who asks; E491 for a tier that hangs on a supplier who is not there.
            CaseError: E422, E423, E424 as for every write to a case; E430 when the day to answer has passed.
        """
        from proscribe.casework import suppliers as commands

        if not asked_by.strip():
            raise error("E490.asker", at="--asked-by")
        file = self.store.case(case_id)
        today = self.store.today(file.case.zone)
        due = due_on or today + timedelta(days=DAYS_TO_ANSWER)
        if due < today:
            raise error("E430.due_passed", due=due.isoformat(), today=today.isoformat())
        campaign = self._campaign_id(file, today)
        asked = self._asked(file, vendors, today, again=again)
        made: list[Asked] = []
        for one in asked:
            form = None
            if not one.why_not:
                form = SupplierForm(
                    campaign, case_id, one.id, one.vendor.name, asked_by.strip(), contact.strip(), today, due,
                    form_questions(self.law, one.vendor.name, asked_by.strip()), self.law.firms, one.vendor.products,
                    one.vendor.email, flow_down_words(self.law),
                )  # fmt: skip
            made.append(Asked(one.vendor, one.id, form, one.why_not))
        parents = self._parents(file, made)
        records = [
            (_record(one.vendor, one.form, *parents[one.id]), one.form.to_bytes())
            for one in made
            if one.form is not None
        ]
        if not records:
            return file, made
        seen = version if version is not None else file.case.version
        file = commands.ask(self.store, case_id, records, by=Informed(by, version=seen, stated_at=stated_at))
        return file, made

    def _campaign_id(self, file: CaseFile, today: date) -> str:
        base = f"{file.case.id}/{today.isoformat()}"
        known = {item.campaign for item in file.declarations}
        number = 1
        while (name := base if number == 1 else f"{base}/{number}") in known:
            number += 1
        return name

    def _asked(self, file: CaseFile, vendors: Sequence[Vendor], today: date, *, again: bool) -> list[Asked]:
        from proscribe.casework.suppliers import ENDS_SOON_DAYS, standing

        soon = timedelta(days=ENDS_SOON_DAYS)
        known = {name_key(item.supplier, legal_form=True): item for item in file.declarations}
        fresh = len(file.declarations)
        made = []
        for vendor in vendors:
            before = known.get(name_key(vendor.name, legal_form=True))
            if before is None:
                fresh += 1
                made.append(Asked(vendor, f"S{fresh}", None))
                continue
            why = ""
            ends = before.expires_on
            if not again and before.status == "answered" and (ends is None or ends > today + soon):
                why = f"answered until {ends}" if ends else "answered"
            elif not again and standing(before, today) == "asked":
                why = f"asked on {before.asked_on}, due on {before.due_on}"
            made.append(Asked(vendor, before.id, None, why))
        return made

    def _parents(self, file: CaseFile, asked: Sequence[Asked]) -> dict[str, tuple[str, int]]:
        """Give id to the id of its parent, and its tier: one below its parent, however the list numbers it."""
        ids = {item.id.casefold(): item.id for item in file.declarations}
        ids |= {name_key(item.supplier, legal_form=True): item.id for item in file.declarations}
        ids |= {name_key(one.vendor.name, legal_form=True): one.id for one in asked}
        parent = {item.id: item.parent for item in file.declarations}
        stated = {item.id: item.tier for item in file.declarations}
        for one in asked:
            named = one.vendor.parent
            found = ids.get(named.casefold()) or ids.get(name_key(named, legal_form=True)) if named else ""
            if named and not found:
                raise error(
                    "E491.parent", at=f"row {one.vendor.row}", vendor=one.vendor.name[:80], named=named[:80]
                )
            if found or one.id not in parent:
                parent[one.id] = found or ""
                stated[one.id] = one.vendor.tier
        tiers: dict[str, tuple[str, int]] = {}
        for one in asked:
            depth, place, seen = 1, one.id, {one.id}
            while parent.get(place):
                place = parent[place]
                depth += 1
                if place in seen or depth > _DEEPEST_TIER:
                    raise error(
                        "E491.circle",
                        at=f"row {one.vendor.row}",
                        vendor=one.vendor.name[:80],
                        deepest_tier=_DEEPEST_TIER,
                    )
                seen.add(place)
            tiers[one.id] = (parent.get(one.id, ""), depth if depth > 1 else stated.get(one.id, 1))
        return tiers

    def form_of(self, item: SupplierDeclaration) -> SupplierForm:
        """Give the newest form that was made out for a supplier, as it was kept.

        Raises:
            CaseError: E498 when there is none.
        """
        if not item.form_sha256:
            raise error("E498.form", at=f"{item.case_id}/{item.id}", supplier=item.supplier[:80])
        try:
            return SupplierForm.from_json(json.loads(self.store.blob(item.form_sha256)))
        except ValueError as problem:
            raise error(
                "E427.form_unreadable", case_id=item.case_id, declaration=item.id, why=problem
            ) from None

    def find(self, name: str, case_id: str = "") -> SupplierDeclaration:
        """Find a supplier by `C-0001/S3`, by its id in a case, or by its name.

        Raises:
            CaseError: E498 when there is none, or several.
        """
        found = [one for one in self.store.declarations() if not case_id or one.case_id == case_id]
        picked = [one for one in found if name in (f"{one.case_id}/{one.id}", one.id if case_id else "")]
        picked = picked or [
            one for one in found if name_key(one.supplier) == name_key(name) and name_key(name)
        ]
        if len(picked) != 1:
            near = ", ".join(f"{one.case_id}/{one.id} {one.supplier[:40]}" for one in (picked or found)[:5])
            raise error(
                "E498.ambiguous",
                what=f"{len(picked)} suppliers are called {name[:80]!r}"
                if picked
                else f"there is no supplier {name[:80]!r}",
                near=near or "a supplier; none was asked yet",
            )
        return picked[0]

    # Taking answers

    def take(
        self,
        path: Path,
        *,
        by: str,
        keys: Iterable[tuple[str, bytes]] = (),
        fingerprints: Iterable[str] = (),
        evidence: Evidence | None = None,
        stated_at: datetime | None = None,
    ) -> Imported:
        """Take one returned file: check it, record it, and test the answer. A refusal of the file is raised.

        Args:
            keys: place and PEM of public keys that suppliers gave us.
            fingerprints: key ids that were compared with the supplier.
            evidence: what the answer is tested with, beside the scans of its case.

        Raises:
            InputError: E493, E494, E495, E496, E497.
            CaseError: E424, E432 and what every write to a case may raise.
        """
        from proscribe.casework import suppliers as commands

        check_size(path)
        data, content, signature, signed_form = unwrapped(path, tuple(keys), tuple(fingerprints))
        returned = read_returned_form(content, str(path))
        item = self._asked_with(returned, path)
        form = self.form_of(item)
        today = self.today(item.case_id)
        if signed_form and signed_form != returned.form_id:
            raise error("E497.other_form", at=path, form_id=returned.form_id)
        answers = validated(form, returned, today, str(path))
        if answers.get(DECLINE) == "yes":
            why = answers.get("decline_why", "") or "it declined in the form, and gave no reason"
            why = f"{why} ({answers['signer']}, {answers['answered_on']})"
            author = Author(by, stated_at=stated_at)
            commands.refuse(self.store, item.case_id, item.id, why=why, by=author, returned=data)
            return Imported(str(path), "declined", item.case_id, item.id, item.supplier, signature)
        answered_on = parse_day(answers["answered_on"])
        record = {
            "id": item.id,
            "form_id": form.id,
            "answers": canonical_json({**answers, "covers": covers(answers, returned)}),
            "products": canonical_json([dict(one) for one in returned.products]),
            "evidence": canonical_json([dict(one) for one in returned.evidence]),
            "lower": lower_named(answers.get("lower_suppliers", "")),
            "answered_on": answered_on.isoformat(),
            "expires_on": (add_months(answered_on, self.law.months) - timedelta(days=1)).isoformat(),
            "signed_by": f"{answers['signer']}, {answers['signer_title']}",
            "signature": signature,
            # Our own list is kept beside what the form says, so that a difference shows at every test.
            "uei": item.uei or answers.get("uei", ""),
            "cage": item.cage or answers.get("cage", ""),
        }
        file = commands.take_answer(
            self.store, item.case_id, record, data, by=Author(by, stated_at=stated_at)
        )
        taken = next(one for one in file.declarations if one.id == item.id)
        tests = self.check(taken, evidence or Evidence(), by=by, on=today)
        return Imported(str(path), "answered", item.case_id, item.id, item.supplier, signature, tests)

    def take_all(
        self,
        paths: Iterable[Path],
        *,
        by: str,
        keys: Sequence[Path] = (),
        fingerprints: Sequence[str] = (),
        evidence: Evidence | None = None,
        stated_at: datetime | None = None,
    ) -> list[Imported]:
        """Take returned files, each by itself: one that cannot be taken is refused whole, and the others are taken.

        Args:
            keys: files of public keys that suppliers gave us; the rest as for `take`.

        Raises:
            CaseError: E425 when nobody is named who does it.
            EnvironmentProblem: when something is not installed, or may not be read.
        """
        trusted = [(str(path), read_file(path)) for path in keys]
        taken = []
        for path in paths:
            try:
                done = self.take(
                    path,
                    by=by,
                    keys=trusted,
                    fingerprints=fingerprints,
                    evidence=evidence,
                    stated_at=stated_at,
                )
            except ProscribeError as problem:
                if problem.code == "E425" or isinstance(problem, EnvironmentProblem):
                    raise
                done = Imported(str(path), "refused", problem=problem)
            taken.append(done)
        return taken

    def _asked_with(self, returned: ReturnedForm, path: Path) -> SupplierDeclaration:
        found = self.store.declarations(form_id=returned.form_id) if returned.form_id else []
        if found:
            return found[0]
        known = self.store.declarations()
        other = next(
            (one for one in known if one.campaign == returned.campaign and one.id == returned.supplier_id),
            None,
        )
        what = "no form with its id was made out in this store"
        if other is not None:
            what = f"the form made out for {other.supplier[:80]!r} in that campaign has another id"
        elif any(
            one.id == returned.supplier_id and returned.campaign.startswith(f"{one.case_id}/")
            for one in known
        ):
            what = "a newer form was made out for that supplier since"
        raise error(
            "E495.other",
            at=f"{path}, form {returned.form_id[:60]}",
            what=what,
            form_id=other.form_id if other is not None else "the id of a form in the store",
        )

    # Testing

    def check(
        self, item: SupplierDeclaration, evidence: Evidence, *, by: str, on: date
    ) -> tuple[Tested, ...]:
        """Test an answer with what was handed over and with the scans of its case, and record what came of it.

        Raises:
            CaseError: E424 when there is no answer.
        """
        from proscribe.casework import suppliers as commands

        held = self._held(item.case_id, evidence.held, on)
        whole = Evidence(held, evidence.sam, evidence.files)
        tests = check_answer(item, whole, self.law, on=on, knowledge=self.knowledge)
        tests += tuple(told_before(item, self.store.events(item.case_id), whole, tests, on))
        if item.form_sha256 and name_key(item.supplier, legal_form=True) == name_key(
            self.form_of(item).asked_by, legal_form=True
        ):
            says = "It bears the name of the organisation that asks: nobody is a supplier of their own."
            tests += (Tested("identity", "doubtful", says),)
        commands.record_check(
            self.store, item.case_id, item.id, [one.to_json() for one in tests], on=on, tested_with=whole.digests(),
            knowledge=self.stamp, by=Author(by),
        )  # fmt: skip
        return tests

    def check_all(
        self, names: Sequence[str], case_id: str, evidence: Evidence, *, by: str
    ) -> tuple[list[tuple[SupplierDeclaration, tuple[Tested, ...]]], list[SupplierDeclaration]]:
        """Test the answers of some suppliers, or of all of a case or of the store.

        Returns:
            Those that answered, with their tests; and those that did not.

        Raises:
            CaseError: E498 when one of `names` is no supplier.
        """
        picked = [self.find(one, case_id) for one in names] if names else self._of(case_id)
        done = [
            (one, self.check(one, evidence, by=by, on=self.today(one.case_id)))
            for one in picked
            if one.status == "answered"
        ]
        return done, [one for one in picked if one.status != "answered"]

    def _held(self, case_id: str, handed: Held, on: date) -> Held:
        """Join what was handed over with the scans of the case; what people of ours set aside does not count."""
        file = self.store.case(case_id)
        judged = {
            name: f"judged {said.verdict.value} by {said.by}: {said.reason[:200]}"
            for name, said in file.standing().items()
            if said.verdict is Verdict.DIFFERENT
            or (said.verdict is Verdict.CLEARED and said.until is not None and said.until >= on)
        }
        known = {sha256 for _, sha256 in handed.scans}
        scans = [
            (f"{case_id}/{run.id}", self.store.blob(run.scan_sha256))
            for run in file.runs
            if run.scan_sha256 not in known
        ]
        joined = _joined(handed, held_in(scans, [Path()])) if scans else handed
        return replace(
            joined,
            findings=tuple(
                replace(one, set_aside=one.set_aside or judged.get(one.id, "")) for one in joined.findings
            ),
        )

    # Reminding, refusing

    def remind(
        self, case_id: str, *, by: str, ids: Sequence[str] = (), stated_at: datetime | None = None
    ) -> dict[str, tuple[SupplierDeclaration, str]]:
        """Write reminders to those who have not answered, and record that they were written.

        Args:
            ids: only these; all who have not answered by default.

        Returns:
            Declaration id to the declaration and the text.

        Raises:
            CaseError: E498 when one of `ids` was not asked; E499 when one of them has answered.
        """
        from proscribe.casework import suppliers as commands

        file = self.store.case(case_id)
        today = self.store.today(file.case.zone)
        found: dict[str, tuple[SupplierDeclaration, str]] = {}
        known = {item.id for item in file.declarations}
        for name in ids:
            if name not in known:
                raise error("E498.case", case_id=case_id, name=name, known=", ".join(sorted(known)[:10]))
        for item in file.declarations:
            if ids and item.id not in ids:
                continue
            waits = _waits(item, today)
            if not waits:
                if ids:
                    raise error("E499.status", supplier=item.supplier[:80], status=item.status)
                continue
            found[item.id] = (item, reminder_letter(self.form_of(item), today, len(item.reminded_on) + 1))
        if found:
            texts = {name: text for name, (_, text) in found.items()}
            commands.remind(self.store, case_id, texts, on=today, by=Author(by, stated_at=stated_at))
        return found

    def refused(
        self, item: SupplierDeclaration, *, why: str, by: str, stated_at: datetime | None = None
    ) -> SupplierDeclaration:
        """Record that a supplier refused otherwise than on its form."""
        from proscribe.casework import suppliers as commands

        file = commands.refuse(self.store, item.case_id, item.id, why=why, by=Author(by, stated_at=stated_at))
        return next(one for one in file.declarations if one.id == item.id)

    def refusal(
        self,
        name: str,
        case_id: str = "",
        *,
        reason: str = "",
        evidence: Evidence,
        by: str = "",
        stated_at: datetime | None = None,
    ) -> tuple[SupplierDeclaration, Memo]:
        """Record that a supplier refuses, where a reason is given, and write the memo on what can be done.

        Raises:
            CaseError: E498 no such supplier; E499 when it has answered and no reason is given.
        """
        item = self.find(name, case_id)
        if reason.strip():
            item = self.refused(item, why=reason.strip()[:4_000], by=by, stated_at=stated_at)
        elif item.status == "answered":
            raise error("E499.answered", at=f"{item.case_id}/{item.id}", supplier=item.supplier[:80])
        return item, self.memo(item, evidence, on=self.today(item.case_id))

    def memo(self, item: SupplierDeclaration, evidence: Evidence, *, on: date) -> Memo:
        """Write the memo on a supplier that gives no answer, with what we hold about its products."""
        form = self.form_of(item) if item.form_sha256 else None
        held = self._held(item.case_id, evidence.held, on)
        found = [
            one for one in about(held, [item.supplier], form.products if form else ()) if not one[0].set_aside
        ]
        return options_memo(
            self.law,
            item,
            on=on,
            asked_by=form.asked_by if form else "The organisation",
            held=[
                f"{one.place}, {how}: {one.firm}, {one.finding.band} ({one.why}; {one.id})"
                for one, how in found[:25]
            ],
            knowledge=self.stamp,
            buys=form.products if form else (),
            searched=len(held.scans),
        )

    def question(self, item: SupplierDeclaration) -> str:
        """Write a question to a supplier about what speaks against its answer; empty when nothing does."""
        points = [one.partition(" The supplier says")[0] for one in (*item.contradictions, *item.doubts)]
        return question_letter(self.form_of(item), points) if points and item.form_sha256 else ""


def _waits(item: SupplierDeclaration, today: date) -> bool:
    if not item.form_sha256 or item.status == "refused":
        return False
    # Who answered before and was asked anew is waited for until the newest form is answered.
    return item.status != "answered" or (
        item.asked_on is not None and item.answered_on is not None and item.answered_on < item.asked_on
    )


def _record(vendor: Vendor, form: SupplierForm, parent: str, tier: int) -> dict[str, Any]:
    value: dict[str, Any] = {
        "id": form.supplier_id,
        "supplier": vendor.name,
        "tier": tier,
        "parent": parent,
        "email": vendor.email,
        "campaign": form.campaign,
        "form_id": form.id,
        "asked_on": form.asked_on.isoformat(),
        "due_on": form.due_on.isoformat(),
    }
    # What the list leaves out does not take back what is known.
    return value | {key: text for key, text in (("uei", vendor.uei), ("cage", vendor.cage)) if text}


def _joined(first: Held, second: Held) -> Held:
    ids = {one.id for one in second.findings}
    return Held(
        (*(one for one in first.findings if one.id not in ids), *second.findings),
        (*first.scans, *second.scans),
        tuple(dict.fromkeys((*first.untraced, *second.untraced))),
        first.sellers | second.sellers,
        (*first.days, *second.days),
    )


def evidence_of(
    scans: Sequence[Path] = (),
    sam: Sequence[Path] = (),
    files: Sequence[Path] = (),
    folders: Sequence[Path] = (),
) -> Evidence:
    """Read what answers are tested with.

    Args:
        scans: JSON of scans.
        sam: extracts of SAM.
        files: files that suppliers sent with their forms.
        folders: where the files lie that the scans read.

    Raises:
        InputError: E157 no scan; E101, E102, E485 a file that cannot be read.
    """
    held = held_in([(str(path), read_file(path)) for path in scans], folders) if scans else Held()
    return Evidence(
        held,
        tuple(read_sam(path) for path in sam),
        tuple((str(path), sha256_of_file(path)) for path in files),
    )


def unasked(found: Iterable[SupplierDeclaration]) -> list[Unasked]:
    """List the suppliers that suppliers named and nobody asked, each once for each that names it."""
    asked = list(found)
    known = {(one.case_id, name_key(one.supplier)) for one in asked}
    made: dict[tuple[str, str, str], Unasked] = {}
    for one in asked:
        for name in one.lower:
            key = name_key(name)
            if (one.case_id, key) not in known:
                made.setdefault((one.case_id, one.id, key), Unasked(one.case_id, one.id, name, one.tier + 1))
    return list(made.values())
