"""Each answer of a supplier, tested against what we hold ourselves.

A test ends in `contradicted`, `doubtful` (a person has to look), `nothing_found` or `not_tested`. There is no "clean": where
nothing speaks against an answer, the test says what was looked at.
"""

from __future__ import annotations

import csv
import json
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from proscribe.app.kb.firms import Firms
from proscribe.app.kb.plain_words import is_nobody, is_not_known, left_unsaid, plain, reserves, truth
from proscribe.app.scan import api
from proscribe.app.vendors.own_evidence import Held, OwnFinding, about, macs_in
from proscribe.app.vendors.vendor_list import name_key
from proscribe.kb.snapshot import open_knowledge
from proscribe.model.casework import Event, EventKind, SupplierDeclaration
from proscribe.model.findings import Finding
from proscribe.model.results import firm_of
from proscribe.model.suppliers import Tested
from proscribe.readers.sam import SamEntity, SamExclusion, SamExtract
from proscribe.rules.facts import WrongValue
from proscribe.suppliers.questions import SupplierLaw
from proscribe.wording.lines import lines_of

#: Findings that are listed one by one; the rest is counted.
_LISTED = 25
_SURE = frozenset(["confirmed", "probable"])
#: Questions on which a covered thing that the supplier sells speaks, and those on which its own SAM record does.
_OF_GOODS = ("provide", "contain")
_SAYS = {"yes": "does", "no": "does not"}
_PRODUCT_FIELDS = {
    "product": "product_name", "model": "model_number", "maker": "maker_name", "chip": "chip", "firmware": "text",
    "relabel": "other", "mac": "mac", "serial": "serial_number", "at": "row_id",
}  # fmt: skip
_NO_WORDS = frozenset(["", "no", "none", "n/a", "na", "not known", "unknown", "confidential", "-"])


@dataclass(frozen=True, slots=True)
class Evidence:
    """What answers are tested with.

    Attributes:
        files: name and SHA-256 of files that suppliers sent with their forms.
    """

    held: Held = field(default_factory=Held)
    sam: tuple[SamExtract, ...] = ()
    files: tuple[tuple[str, str], ...] = ()

    def digests(self) -> tuple[tuple[str, str], ...]:
        """Give name and SHA-256 of everything."""
        return (*self.held.scans, *((one.name, one.sha256) for one in self.sam), *self.files)


def check_answer(
    item: SupplierDeclaration,
    evidence: Evidence,
    law: SupplierLaw,
    *,
    on: date,
    knowledge: Sequence[str | Path] = (),
) -> tuple[Tested, ...]:
    """Test one answer.

    Args:
        item: an answered declaration.
        evidence: what we hold.
        law: from `supplier_law`.
        on: the day of the test; law and ownership of that day.
        knowledge: knowledge that the matcher uses instead of the shipped one.
    """
    answers: dict[str, Any] = json.loads(item.answers)
    products: list[dict[str, str]] = json.loads(item.products)
    words = _Words(answers)
    return (
        *_form(item, answers, words),
        *_own_words(answers, Firms.of(open_knowledge(knowledge))),
        *_identity(item, answers, evidence.sam),
        *_matched(item, answers, products, words, on, knowledge),
        *_scans(item, answers, products, words, evidence.held),
        *_sam(item, answers, law, evidence.sam, on),
        *_exclusions(item, answers, evidence.sam, on),
        *_files(item, evidence.files),
        *_flow_down(item, answers, law),
    )


#: What a form asks of a supplier, limb by limb.
_ASKED = ("provide", "use", "contain")
#: Tests that rest on what was handed over for them, beside the form.
_HANDED_OVER = frozenset(["scans", "sam", "exclusions", "identity", "evidence"])
_AGAINST = ("contradicted", "doubtful")
_BEFORE = "Shown on "


def told_before(
    item: SupplierDeclaration, events: Iterable[Event], evidence: Evidence, tests: Sequence[Tested], on: date
) -> Iterator[Tested]:
    """Say what earlier answers and tests told against an answer, which one with less at hand does not take back.

    Args:
        events: of its case, in order.
        evidence: what it is tested with now.
        tests: what came of that.
    """
    answers: dict[str, Any] = json.loads(item.answers)
    denied = [name for name in _ASKED if answers.get(name) == "does not"]
    if not denied:
        return
    told = [one for kind in _TOLD for one in _of_item(events, kind, item.id)]
    yield from _answered_otherwise(item, [one for kind, one in told if kind == "answered"], answers, on)
    refused = [one for kind, one in told if kind == "refused"]
    if refused and not item.signature.endswith("with a key you trust"):
        why = str(refused[-1].get("refused_why", ""))[:200]
        yield Tested(
            "form",
            "doubtful",
            f"It refused before ({why}), and no key that you trust signs what it says now.",
        )
    checks = [one for kind, one in told if kind == "checked"]
    held = [
        *(({str(file["sha256"]) for file in one["with"]}, [Tested.from_json(test) for test in one["tests"]]) for one in checks),
        ({sha256 for _, sha256 in evidence.digests()}, list(tests)),
    ]  # fmt: skip
    seen = {(one.test, one.says) for one in tests}
    for place, one in enumerate(checks):
        had, came = held[place]
        again = [more for later, more in held[place + 1 :] if had <= later]
        if any(_untold(more) <= _untold(came) for more in again):
            continue
        silent = {
            test.test for _, more in held[place + 1 :] for test in more if test.result == "nothing_found"
        }
        for test in came:
            # A newer extract of SAM speaks for itself; what stands in a list of ours stands there until it is looked at again.
            lifted = test.test not in _HANDED_OVER or (test.test in silent and test.test != "scans")
            if test.result in _AGAINST and not lifted and not test.says.startswith(_BEFORE):
                names = ", ".join(str(file["name"])[:80] for file in one["with"][:3])
                says = f"{_BEFORE}{one['on']} with {names}, not all of which is at hand: {test.says}"
                if (test.test, says) not in seen:
                    seen.add((test.test, says))
                    yield Tested(test.test, test.result, says, test.refs)


def _untold(tests: Iterable[Tested]) -> set[str]:
    """Give what the tests of a check could not look at of the scans that were at hand."""
    return {one.says for one in tests if (one.test, one.result) == ("scans", "not_tested")}


#: Kinds of events that tell of a declaration, and the field in which each does.
_TOLD = {
    EventKind.SUPPLIER_ANSWERED: "answered", EventKind.SUPPLIER_REFUSED: "refused", EventKind.SUPPLIER_CHECKED: "checked",
}  # fmt: skip


def _of_item(events: Iterable[Event], kind: EventKind, name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    field_ = _TOLD[kind]
    for event in events:
        if event.kind is kind and event.data[field_]["id"] == name:
            yield field_, event.data[field_]


def _answered_otherwise(
    item: SupplierDeclaration, answered: Sequence[Mapping[str, Any]], answers: Mapping[str, Any], on: date
) -> Iterator[Tested]:
    """Say which earlier answer, not over yet, said "does" where this one says "does not"."""
    for one in answered[:-1]:
        if str(one.get("expires_on") or "") < on.isoformat():
            continue
        before = json.loads(one["answers"])
        turned = [name for name in _ASKED if before.get(name) == "does" and answers.get(name) == "does not"]
        if turned:
            day = str(one.get("answered_on"))[:10]
            says = f'It said "does" on {", ".join(turned)} in its answer of {day}, and says "does not" now: what became of it?'
            yield Tested("form", "doubtful", says)


class _Words:
    """How to speak of what the supplier said about its goods."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self.denied = [name for name in _OF_GOODS if answers.get(name) == "does not"]
        self.admitted = [name for name in _OF_GOODS if answers.get(name) == "does"]

    def weigh(self, sure: bool) -> tuple[str, str]:
        """Give the result of something covered among its goods, and how the sentence begins."""
        if self.denied:
            said = f'says "does not" ({", ".join(self.denied)})'
            return ("contradicted" if sure else "doubtful"), said
        if self.admitted:
            return "nothing_found", f'says "does" ({", ".join(self.admitted)}), which agrees'
        return "doubtful", "says neither does nor does not"


# The form itself


def _form(item: SupplierDeclaration, answers: Mapping[str, Any], words: _Words) -> Iterator[Tested]:
    # A day begins elsewhere later than here.
    if (
        item.answered_on is not None
        and item.asked_on is not None
        and item.answered_on < item.asked_on - timedelta(days=1)
    ):
        yield Tested(
            "form", "doubtful",
            f"The answer is dated {item.answered_on.isoformat()}, before the form was made out on {item.asked_on.isoformat()}.",
        )  # fmt: skip
    signed_by = re.match(r"signed by (.+), key [0-9a-f]{16}, ", item.signature)
    signer = str(answers.get("signer", ""))
    if signed_by and name_key(signed_by.group(1)) != name_key(signer):
        yield Tested(
            "form", "doubtful",
            f"The file was signed by {signed_by.group(1)[:100]!r}; the form names {signer[:100]!r} as the one who answers.",
        )  # fmt: skip
    open_ = [name for name in _ASKED if answers.get(name) == "not known"]
    if open_:
        yield Tested(
            "form",
            "not_tested",
            f'It says "not known" on {", ".join(open_)}: there is no answer that could be tested.',
        )
    if answers.get("products_complete") != "yes":
        yield Tested(
            "form", "not_tested",
            "It does not say that its list of products is complete: what is not on the list was not tested.",
        )  # fmt: skip
    if answers.get("provide") == "does not" and answers.get("contain") == "does":
        yield Tested(
            "form",
            "doubtful",
            'It says that what it sells to us contains such equipment, and "does not" on providing it.',
        )


#: Answers in free words, and what each is called; the first two are asked for where an answer is no "does not".
_FREE = {
    "explain": "its explanation", "decline_why": "its reason to decline", "signer": "the name of who answers",
    "signer_title": "the title of who answers",
}  # fmt: skip


#: Those of them that are sentences.
_EXPLAINING = ("explain", "decline_why")


def _own_words(answers: Mapping[str, Any], firms: Firms) -> Iterator[Tested]:
    """Say what a supplier that denies writes beside its answers: a firm, a reserve, or what is not understood."""
    if any(answers.get(name) in ("does", "not known") for name in _ASKED):
        return
    for name, called in _FREE.items():
        text = str(answers.get(name, "")).strip()
        named = firms.heard_in(text)
        told = f"names {', '.join(named)}" if named else "leaves something out" if reserves(text) else ""
        if not told and name in _EXPLAINING and left_unsaid(text, firms.names_other, firms.is_named):
            told = "says more than that, which somebody has to read"
        if not told and name == "signer" and text and is_nobody(text):
            told = "names nobody"
        if told:
            yield Tested(
                "form", "doubtful", f'It says "does not", and {called} {told}: {text[:200]!r}.'
            )  # fmt: skip


def _identity(
    item: SupplierDeclaration, answers: Mapping[str, Any], sam: Sequence[SamExtract]
) -> Iterator[Tested]:
    legal = str(answers.get("legal_name", ""))
    if legal and name_key(legal) != name_key(item.supplier):
        yield Tested(
            "identity", "doubtful",
            f"The form names {legal[:200]!r}; we asked {item.supplier[:200]!r}. Whether the two are one firm is not known.",
        )  # fmt: skip
    for code, kind in (("uei", "UEI"), ("cage", "CAGE code")):
        said, ours = str(answers.get(code, "")).upper(), getattr(item, code)
        if said and ours and said != ours:
            yield Tested(
                "identity", "doubtful", f"The form gives the {kind} {said}; our vendor list has {ours}."
            )
    for record, where in _entities(item, answers, sam, exact=True):
        if legal and record.name and name_key(record.name) != name_key(legal):
            yield Tested(
                "identity", "doubtful",
                f"{where}: SAM knows {record.uei or record.cage} as {record.name[:200]!r}; the form names {legal[:200]!r}.",
                (where,),
            )  # fmt: skip


# The form's names and products through the matcher


def _matched(
    item: SupplierDeclaration,
    answers: Mapping[str, Any],
    products: Sequence[Mapping[str, str]],
    words: _Words,
    on: date,
    knowledge: Sequence[str | Path],
) -> Iterator[Tested]:
    names = [("the supplier", item.supplier)]
    if answers.get("legal_name"):
        names.append(("its legal name", str(answers["legal_name"])))
    names += [("its owner", one) for one in _listed(str(answers.get("parent", "")))]
    names += [("its own supplier", one) for one in item.lower]
    _, _, domain = str(answers.get("signer_email", "")).rpartition("@")
    if domain.strip():
        names.append(("the address of who answers", domain.strip()[:300]))
    rows = [{"at": f"{part} {name!r}", "name": name} for part, name in names]
    found = _scan(("at", "name"), {"at": "row_id", "name": "maker_name"}, rows, on, knowledge)
    for finding in found:
        result, said = words.weigh(finding.band.value in _SURE)
        own = (
            ""
            if (finding.record_id or "").startswith("its own supplier")
            else " It is, or belongs to, a firm that is named."
        )
        yield Tested(
            "name", result,
            f"{finding.record_id or 'a name'}: {firm_of(finding)}, {finding.band.value} ({_because(finding)}).{own} "
            f"The supplier {said}.",
            (finding.id,),
        )  # fmt: skip
    if not found:
        yield Tested(
            "name", "nothing_found",
            f"{len(names)} names (the supplier, its owners, its own suppliers as far as it named them) were looked up: none is "
            "a firm of the lists, nor known to belong to one.",
        )  # fmt: skip
    if not products:
        yield Tested("products", "not_tested", "The form lists no products, so none was tested.")
        return
    yield from _products(products, words, on, knowledge)


def _products(
    products: Sequence[Mapping[str, str]], words: _Words, on: date, knowledge: Sequence[str | Path]
) -> Iterator[Tested]:
    rows = list(_product_rows(products))
    columns = tuple(_PRODUCT_FIELDS)
    found = _scan(columns, _PRODUCT_FIELDS, rows, on, knowledge)
    for finding in found[:_LISTED]:
        result, said = words.weigh(finding.band.value in _SURE)
        asked = f" To be asked: {finding.questions[0]}" if finding.questions and result == "doubtful" else ""
        yield Tested(
            "products", result,
            f"{finding.record_id} of its own list: {firm_of(finding)}, {finding.band.value}, {_role(finding.role.value)} "
            f"({_because(finding)}). The supplier {said}.{asked}",
            (finding.id,),
        )  # fmt: skip
    if len(found) > _LISTED:
        result, _ = words.weigh(any(one.band.value in _SURE for one in found[_LISTED:]))
        yield Tested("products", result, f"{len(found) - _LISTED} more rows of its own list are like these.")
    for number, row in enumerate(products, start=1):
        open_ = _left_open(row.get("relabel", "").strip().rstrip("."))
        if open_:
            yield Tested(
                "products", "doubtful",
                f"product {number} ({_called(row)}): whether another firm made it, and which, is {open_}.",
            )  # fmt: skip
    bare = sum(not row.get("maker", "").strip() for row in products)
    if not found:
        yield Tested(
            "products", "nothing_found",
            f"{len(products)} products of its list were looked up by maker, model, chip, MAC prefix and badge: none is known as "
            "made by a firm of the lists."
            + (f" {bare} of them name no maker." if bare else ""),
        )  # fmt: skip


def _product_rows(products: Sequence[Mapping[str, str]]) -> Iterator[dict[str, str]]:
    for number, row in enumerate(products, start=1):
        serials = row.get("serials", "")
        macs = sorted(macs_in(serials))
        base = {
            "at": f"product {number} ({_called(row)})",
            **{key: row.get(key, "") for key in ("product", "model", "maker", "chip", "firmware")},
            "relabel": _badge(row.get("relabel", "")),
            "serial": serials if not macs else "",
            "mac": _mac(macs[0]) if macs else "",
        }  # fmt: skip
        yield base
        for mac in macs[1:]:
            yield {"at": base["at"], "mac": _mac(mac)}


def _left_open(relabel: str) -> str:
    """Say what an answer on the badge leaves open; empty where it says no, or names a maker."""
    if is_not_known(relabel):
        return "not known to the supplier"
    plainly = f"not said plainly: {relabel[:80]!r}"
    try:
        if truth(relabel) is True and " " not in plain(relabel):
            return "not said"
    except WrongValue:
        return plainly
    return plainly if reserves(relabel) else ""


def _badge(text: str) -> str:
    """Give what an answer on the badge says about the maker, as a record would write it."""
    clean = text.strip()
    yes = re.match(r"yes\b[\s,;:.-]*", clean, re.IGNORECASE)
    maker = clean[yes.end() :] if yes else clean
    if maker.casefold().rstrip(".") in _NO_WORDS:
        return ""
    return f"made by {maker}" if yes else maker


def _mac(digits: str) -> str:
    return ":".join(digits[place : place + 2] for place in range(0, 12, 2))


def _called(row: Mapping[str, str]) -> str:
    return " ".join(filter(None, (row.get("product", ""), row.get("model", ""))))[:80] or "without a name"


def _listed(text: str) -> list[str]:
    return [
        one.strip()[:300] for one in lines_of(text) if one.strip().casefold().rstrip(".") not in _NO_WORDS
    ][:100]


def _scan(
    columns: Sequence[str],
    fields: Mapping[str, str],
    rows: Iterable[Mapping[str, str]],
    on: date,
    knowledge: Sequence[str | Path],
) -> list[Finding]:
    with tempfile.TemporaryDirectory(prefix="proscribe-") as folder:
        path = Path(folder) / "form.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="")
            writer.writeheader()
            writer.writerows({key: " ".join(text.split()) for key, text in row.items()} for row in rows)
        result = api.scan([path], as_of=on, knowledge=knowledge, mapping=dict(fields), reader="tabular")
    return sorted(result.findings, key=lambda one: (-one.band.rank, one.locator.row, one.entity))


def _because(finding: Finding) -> str:
    ranked = sorted(finding.evidence, key=lambda one: -one.weight_mbit)
    return "; ".join(f"{one.found[:60]!r}, {one.why}" for one in ranked[:2])


def _role(role: str) -> str:
    return {
        "made_by": "made by it",
        "relabel": "sold under another badge",
        "component": "as a part",
        "service": "as a service",
        "formerly": "said to be gone",
    }[role]


# Our scans


def _scans(
    item: SupplierDeclaration,
    answers: Mapping[str, Any],
    products: Sequence[Mapping[str, str]],
    words: _Words,
    held: Held,
) -> Iterator[Tested]:
    if not held.scans:
        yield Tested("scans", "not_tested", "No scan of ours was handed over.")
        return
    names = [item.supplier, str(answers.get("legal_name", ""))]
    every = about(held, names, products)
    found = sorted(
        (one for one in every if not one[0].set_aside),
        key=lambda one: (_rank(one[0]), one[0].file, one[0].finding.locator.row, one[0].id),
    )
    # Ten cameras of one order are one thing to ask about.
    alike: dict[tuple[str, ...], list[OwnFinding]] = {}
    for one, how in found:
        alike.setdefault((one.firm, one.finding.band, one.finding.role, one.mark, how), []).append(one)
    groups = list(alike.items())
    for (firm, band, role, _, how), ones in groups[:_LISTED]:
        result, said = words.weigh(band in _SURE)
        first = ones[0]
        asked = f" To be asked: {first.questions[0]}" if first.questions and result == "doubtful" else ""
        yield Tested(
            "scans", result,
            f"{_places(ones)}, {how}: {firm}, {band}, {_role(role)} ({first.why}). The supplier {said}.{asked}",
            tuple(one.id for one in ones),
        )  # fmt: skip
    if len(groups) > _LISTED:
        rest = [one for _, ones in groups[_LISTED:] for one in ones]
        result, _ = words.weigh(any(one.finding.band in _SURE for one in rest))
        yield Tested(
            "scans",
            result,
            f"{len(rest)} more findings of ours are about its goods.",
            tuple(one.id for one in rest),
        )
    aside = [one for one, _ in every if one.set_aside]
    if aside:
        yield Tested(
            "scans", "nothing_found",
            f"{len(aside)} findings about its goods were set aside by people of ours, such as {aside[0].place}: "
            f"{aside[0].set_aside}.",
            tuple(one.id for one in aside),
        )  # fmt: skip
    days = ", ".join(dict.fromkeys(held.days))
    looked = f"{len(held.scans)} scans of ours (as of {days[:200]}) with {len(held.findings)} findings"
    if not found:
        known = any(name_key(name) in held.sellers for name in names if name)
        if known:
            yield Tested(
                "scans",
                "nothing_found",
                f"{looked}: none is about what this supplier sold, as our records name it.",
            )
        else:
            yield Tested(
                "scans", "not_tested",
                f"{looked} were looked at, and none of the records names this supplier as a seller: what it sold us is not known "
                "from them.",
            )  # fmt: skip
    for text in held.untraced[:5]:
        yield Tested("scans", "not_tested", f"Sellers of things in {text}.")
    if len(held.untraced) > 5:
        yield Tested(
            "scans", "not_tested", f"Sellers of things in {len(held.untraced) - 5} more files are not known."
        )


def _places(ones: Sequence[OwnFinding]) -> str:
    shown = "; ".join(one.place for one in ones[:3])
    return shown + (f"; and {len(ones) - 3} more like these" if len(ones) > 3 else "")


def _rank(one: OwnFinding) -> int:
    return -one.finding.band.rank


# SAM


def _known_by(
    item: SupplierDeclaration, answers: Mapping[str, Any]
) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Give the UEIs, the CAGE codes and the names, as names are compared, that a supplier has or says that it has."""
    named = ((item.uei, "uei"), (item.cage, "cage"))
    codes, cages = (
        frozenset(code for code in (own, str(answers.get(said, "")).upper()) if code) for own, said in named
    )
    names = (item.supplier, str(answers.get("legal_name", "")))
    return codes, cages, frozenset(name_key(one) for one in names if one)


def _entities(
    item: SupplierDeclaration, answers: Mapping[str, Any], sam: Sequence[SamExtract], *, exact: bool
) -> Iterator[tuple[SamEntity, str]]:
    """Yield records of the supplier with their place: by UEI or CAGE code, or else, when not `exact`, by name."""
    codes, cages, names = _known_by(item, answers)
    hits = 0
    for extract in sam:
        for record in extract.entities:
            if record.uei in codes or record.cage in cages:
                hits += 1
                yield record, f"{extract.name}, {record.place}"
    if exact or hits:
        return
    for extract in sam:
        for record in extract.entities:
            if names & {name_key(one) for one in (record.name, record.other_name) if one}:
                yield record, f"{extract.name}, {record.place}"


def _sam(
    item: SupplierDeclaration,
    answers: Mapping[str, Any],
    law: SupplierLaw,
    sam: Sequence[SamExtract],
    on: date,
) -> Iterator[Tested]:
    read = [one for one in sam if one.kind == "entities"]
    if not read:
        yield Tested("sam", "not_tested", "No entity extract of SAM was handed over.")
        return
    found = list(_entities(item, answers, read, exact=False))
    if not found:
        yield Tested(
            "sam", "not_tested",
            f"No record of {item.supplier[:100]!r} by UEI, CAGE code or name in {', '.join(one.name for one in read)[:300]}.",
        )  # fmt: skip
        return
    for record, where in found:
        by_name = not (record.uei and record.uei in (item.uei, str(answers.get("uei", "")).upper())) and not (
            record.cage and record.cage in (item.cage, str(answers.get("cage", "")).upper())
        )
        if by_name:
            yield Tested(
                "sam", "doubtful",
                f"{where}: a record has the name {record.name[:200]!r} (UEI {record.uei or 'not readable'}); whether it is this "
                "supplier is not known, since the form gives no UEI or CAGE code of it.", (where,),
            )  # fmt: skip
        if record.expires_on is not None and record.expires_on < on:
            yield Tested(
                "sam", "doubtful",
                f"{where}: the registration ended on {record.expires_on.isoformat()}, and with it what was represented.",
                (where,),
            )  # fmt: skip
        yield from _represented(record, where, answers, law, by_name)


def _represented(
    record: SamEntity, where: str, answers: Mapping[str, Any], law: SupplierLaw, by_name: bool
) -> Iterator[Tested]:
    if not record.has_answers:
        yield Tested(
            "sam",
            "not_tested",
            f"{where}: the record carries no representations (section repsAndCerts).",
            (where,),
        )
        return
    for question in ("provide", "use"):
        citation = law.statements[question].citation
        given = [one for one in record.answers if citation.endswith(" " + one.citation)]
        if not given:
            yield Tested(
                "sam", "not_tested", f"{where}: there is no answer to {citation} in the record.", (where,)
            )
            continue
        words = {_SAYS.get(one.says.casefold(), "") for one in given}
        if len(words) != 1 or "" in words:
            told = ", ".join(repr(one.says[:40]) for one in given)
            yield Tested(
                "sam",
                "not_tested",
                f"{where}: the answer to {citation} is {told}, which is not understood.",
                (where,),
            )
            continue
        (represented,) = words
        said = str(answers.get(question, ""))
        where_ = f"{where}{given[0].place.removeprefix(record.place)}"
        if said not in ("does", "does not"):
            yield Tested(
                "sam", "nothing_found" if represented == "does not" else "doubtful",
                f"In SAM it represents that it {represented} ({citation}); the form gives no answer on {question!r}.", (where_,),
            )  # fmt: skip
        elif said == represented:
            yield Tested(
                "sam",
                "nothing_found",
                f"In SAM it represents the same as on the form: {said} ({citation}).",
                (where_,),
            )
        else:
            yield Tested(
                "sam", "doubtful" if by_name else "contradicted",
                f'The form says "{said}" on {question!r}; in SAM the supplier represents that it {represented} ({citation}; '
                f"{record.uei or record.name}).", (where_,),
            )  # fmt: skip


def _exclusions(
    item: SupplierDeclaration, answers: Mapping[str, Any], sam: Sequence[SamExtract], on: date
) -> Iterator[Tested]:
    codes, cages, names = _known_by(item, answers)
    hits = 0
    for record, where in _entities(item, answers, sam, exact=True):
        # `D` is what older versions of the service write where newer ones write `Y`.
        if record.excluded.upper() in ("Y", "YES", "D"):
            hits += 1
            yield Tested(
                "exclusions",
                "doubtful",
                f"{where}: SAM marks it as excluded (exclusionStatusFlag {record.excluded}).",
                (where,),
            )
    for extract in sam:
        for one in extract.exclusions:
            sure = one.uei in codes or one.cage in cages
            if not (sure or name_key(one.name) in names) or not one.in_force(on):
                continue
            hits += 1
            yield Tested(
                "exclusions",
                "doubtful",
                _excluded(one, f"{extract.name}, {one.place}", sure),
                (f"{extract.name}, {one.place}",),
            )
    lists = [one.name for one in sam if one.kind == "exclusions"]
    if hits:
        return
    if lists:
        yield Tested(
            "exclusions", "nothing_found",
            f"No exclusion in force under its name"
            f"{', UEI or CAGE code' if codes or cages else ' (it has given no UEI or CAGE code)'} in {', '.join(lists)[:300]}.",
        )  # fmt: skip
    else:
        yield Tested("exclusions", "not_tested", "No exclusions extract of SAM was handed over.")


def _excluded(one: SamExclusion, where: str, sure: bool) -> str:
    since = f" since {one.active_from.isoformat()}" if one.active_from else ""
    until = f" until {one.ends_on.isoformat()}" if one.ends_on else f" ({one.ends})" if one.ends else ""
    comments = f' It says: "{one.comments[:400]}"' if one.comments else ""
    who = one.name if sure else f"a firm of the same name, {one.name!r}"
    return f"{where}: SAM lists {who[:200]} as {one.type or 'excluded'} by {one.agency or 'an agency'}{since}{until}.{comments}"


# Files, and the tiers below


def _files(item: SupplierDeclaration, files: Sequence[tuple[str, str]]) -> Iterator[Tested]:
    named: list[dict[str, str]] = json.loads(item.evidence)
    held = {sha256: name for name, sha256 in files}
    names = {Path(name).name.casefold() for name, _ in files}
    for row in named[:_LISTED]:
        name, digest = row.get("name", "without a name")[:200], row.get("sha256", "").strip().casefold()
        if digest and digest in held:
            yield Tested(
                "evidence",
                "nothing_found",
                f"The file {name!r} is the one that the form names by its digest.",
            )
        elif digest and name.casefold() in names:
            yield Tested(
                "evidence",
                "doubtful",
                f"The file {name!r} that we hold is not the one that the form names: its digest differs.",
            )
        elif name.casefold() in names:
            yield Tested(
                "evidence",
                "not_tested",
                f"We hold a file {name!r}; the form gives no digest, so whether it is that one is not known.",
            )
        else:
            yield Tested(
                "evidence", "not_tested", f"The form names the file {name!r}, which was not handed over."
            )


def _flow_down(item: SupplierDeclaration, answers: Mapping[str, Any], law: SupplierLaw) -> Iterator[Tested]:
    cites = "; ".join(dict.fromkeys(citation for _, citation in law.flow_down))
    said = answers.get("flow_down")
    lower = (
        f" It names {len(item.lower)} of its suppliers." if item.lower else " It names none of its suppliers."
    )
    if said == "yes":
        yield Tested(
            "flow_down",
            "nothing_found",
            f"It says that it asked its own suppliers; nothing of ours can show it.{lower}",
        )
    elif said == "no":
        yield Tested(
            "flow_down", "doubtful", f"It says that it did not ask its own suppliers ({cites}).{lower}"
        )
    else:
        yield Tested("flow_down", "not_tested", f"It does not say whether it asked its own suppliers.{lower}")
