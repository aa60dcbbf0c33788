"""What stands against any answer besides findings: the day, the search, the scans, the suppliers, the knowledge."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Any, Protocol

from proscribe.documents.checks import says_something, says_why
from proscribe.documents.evidence import (
    asked_on,
    cut,
    knowledge_of,
    layers_of,
    mention_words,
    named_unread,
    read_days,
    records_of,
    sources,
    unseen,
    unseen_devices,
)
from proscribe.documents.kinds import lists_things
from proscribe.documents.loose import objects, whole_number
from proscribe.documents.obstacles import obstacle, shared_kinds
from proscribe.documents.organisation import of_organisation
from proscribe.documents.own_accounts import own_accounts
from proscribe.documents.own_sites import unseen_sites
from proscribe.documents.validity import spoken_on
from proscribe.documents.words import scanned_for, shows_offers
from proscribe.model.papers import (
    EvidenceFile,
    Obstacle,
    PaperInputs,
    Question,
    ScanCameOut,
    ScanInput,
    SourceSearched,
    SupplierAnswer,
)
from proscribe.model.people import person_key
from proscribe.model.results import FEW_IDENTIFIERS, NO_IDENTIFIER
from proscribe.wording.shown import counted

#: A scan older than this many days speaks of another day than the document does. Our own prudence; no clause says it.
SCAN_MAY_BE_DAYS_OLD = 90
#: So many differences of a scan that was run again are named in a sentence.
_DIFFERENCES_SHOWN = 5
#: Kinds of sources that are read record by record; people answer, and sites are walked.
_READ_BY_SCANS = frozenset(["ledger", "assets", "network", "bill of materials", "firmware"])
#: Questions that documents put together.
_TOGETHER = {one: {Question.PROVIDE, Question.USE} for one in (Question.PROVIDE, Question.USE)}
#: What lists of vendors show as well: who was paid.
_ALSO_VENDORS = frozenset(["ledger"])
#: Answers of a supplier that are none, in words.
_NO_ANSWER = {
    "refused": "refused to declare",
    "none": "has not answered",
    "not known": "says that it does not know",
}


_WORD = re.compile(r"[^\W_]+")


class _Make(Protocol):
    """Makes an obstacle that stands against the question under weighing; see `obstacles.obstacle`."""

    def __call__(self, name: str, *about: str, **values: object) -> Obstacle: ...


def general(inputs: PaperInputs, question: Question) -> Iterator[Obstacle]:
    """Yield what stands against an answer besides findings: every check, one after the other."""

    def made(name: str, *about: str, **values: object) -> Obstacle:
        return obstacle(name, *about, questions=(question.value,), **values)  # type: ignore[arg-type]

    for check in _CHECKS:
        yield from check(inputs, question, made)


def day_of(text: str) -> date | None:
    """Read a day; `None` where there is none."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _too_old(day: date, inputs: PaperInputs) -> bool:
    return (spoken_on(inputs) - day).days > SCAN_MAY_BE_DAYS_OLD


def _days(inputs: PaperInputs, _question: Question, made: _Make) -> Iterator[Obstacle]:
    """Yield what stands against the day that is spoken of; a day is tolerated, for the sake of time zones."""
    made_on, as_of = inputs.made_at.date(), inputs.as_of
    if (as_of - made_on).days > 1:  # no sum: the last day of the calendar has no next one
        yield made("day-ahead", as_of.isoformat(), as_of=as_of, made_on=made_on)
    elif _too_old(as_of, inputs):
        yield made(
            "day-past", as_of.isoformat(), as_of=as_of, days=SCAN_MAY_BE_DAYS_OLD, on=spoken_on(inputs)
        )


def _searched(inputs: PaperInputs, question: Question, made: _Make) -> Iterator[Obstacle]:
    """Yield what stands against the record of the search: there is none, or a day of it is long past."""
    inquiry = inputs.inquiry
    searched = [
        one
        for one in (inquiry.searched if inquiry else ())
        # A search that names no place, no person or no way, or that found no record, is none.
        if question in one.bears_on
        and all(map(says_something, (one.name, one.how, one.by)))
        and one.records != 0
        and one.on <= spoken_on(inputs)
    ]
    scanned = scanned_for(inputs, question)
    if not searched and not scanned:
        if shared_kinds()["no-inquiry"].stands_against(question):
            yield made("no-inquiry", question.value)
    elif inquiry is None or not (searched or any(says_something(one.answer) for one in inquiry.people)):
        # one that names neither a search nor an answer, such as a form that nobody filled in, records nothing
        yield made("no-inquiry-record", question.value)
    told = [one.name for one in searched if one.kind in _READ_BY_SCANS]
    things = [one.name for one in searched if one.kind in _READ_BY_SCANS - _ALSO_VENDORS]
    if told and not any(map(records_of, inputs.scans)):
        yield made("inquiry-not-scanned", question.value, *told, sources=_names(told))
    elif things and not any(records_of(one) and lists_things(one) for one in inputs.scans):
        yield made("inquiry-not-scanned.silent", question.value, *things, sources=_names(things))
    if question is Question.PROVIDE and not scanned and searched and not any(map(shows_offers, searched)):
        yield made("own-things-only", question.value, sources=_names([one.name for one in searched]))
    latest = {one.name: one.on for one in sorted(searched, key=lambda one: one.on)}
    for name, day in latest.items():
        if _too_old(day, inputs):
            yield made(
                "search-old", name, day.isoformat(), source=cut(name, 80), day=day, days=SCAN_MAY_BE_DAYS_OLD,
                on=spoken_on(inputs),
            )  # fmt: skip
    for asked in inquiry.people if inquiry else ():
        if _too_old(asked.asked_on, inputs):
            yield made(
                "search-old.asked", asked.person.name, asked.question, asked.asked_on.isoformat(),
                person=cut(asked.person.name, 80), day=asked.asked_on, days=SCAN_MAY_BE_DAYS_OLD, on=spoken_on(inputs),
            )  # fmt: skip


def _names(sources: Sequence[str]) -> str:
    """Name the first of some sources: `Register, Ledger and 3 more`."""
    named = ", ".join(cut(name, 80) for name in sources[:_DIFFERENCES_SHOWN])
    more = len(sources) - _DIFFERENCES_SHOWN
    return named + (f" and {more} more" if more > 0 else "")


def _contradicted(inputs: PaperInputs, question: Question, made: _Make) -> Iterator[Obstacle]:
    """Yield where the inquiry, as it is told, says something else than the calendar or the scans that read what it speaks of."""
    for day in _days_told(inputs):
        if (day - spoken_on(inputs)).days > 1:
            yield made("inquiry-contradicted.ahead", day.isoformat(), day=day, on=spoken_on(inputs))
    yield from _named_unread(inputs, question, made)
    scans = [one for one in inputs.scans if question in one.bears_on and records_of(one)]
    if not scans or inputs.inquiry is None:
        return
    read = [(file, day_of(asked_on(scan))) for scan in scans for file in sources(scan)]
    whole = [*map(records_of, scans)]
    counts = {file["records"] for file, _ in read} | {*whole, sum(whole)}
    for one in inputs.inquiry.searched:
        if question in one.bears_on:
            named = {digest.lower() for digest in one.digests}
            own = [(file, day) for file, day in read if file["sha256"] and file["sha256"] in named]
            yield from _told_otherwise(one, own or read, counts, made, by_digest=bool(own))


def _named_unread(inputs: PaperInputs, question: Question, made: _Make) -> Iterator[Obstacle]:
    """Yield the sources of the inquiry that name files by digest of which no scan of the document read one."""
    read = {str(file["sha256"]).lower() for scan in inputs.scans for file in sources(scan)}
    for one in inputs.inquiry.searched if inputs.inquiry else ():
        unread = [digest for digest in one.digests if digest.lower() not in read]
        if unread and question in one.bears_on:
            yield made(
                "inquiry-not-scanned.digest", one.name, *unread, sources=cut(one.name, 80),
                files=f"{counted(len(unread), 'file')} ({', '.join(digest[:12] for digest in unread[:_DIFFERENCES_SHOWN])})",
            )  # fmt: skip


def _days_told(inputs: PaperInputs) -> list[date]:
    """Give the days that the record of the search speaks of, each once."""
    inquiry = inputs.inquiry
    if inquiry is None:
        return []
    days = [one.on for one in inquiry.searched] + [one.asked_on for one in inquiry.people]
    return sorted({*days, *filter(None, (inquiry.from_on, inquiry.to_on))})


def _told_otherwise(
    one: SourceSearched,
    read: Sequence[tuple[Mapping[str, Any], date | None]],
    counts: AbstractSet[int],
    made: _Make,
    *,
    by_digest: bool,
) -> Iterator[Obstacle]:
    """Compare a source of the inquiry with what scans read.

    Args:
        read: the files that it names by digest, or all, each with the day of its scan.
        counts: of records, that some scan or file has.
        by_digest: whether it names them.
    """
    told = {"source": cut(one.name, 80), "read": _read_words([file for file, _ in read])}
    of_scans = one.kind in _READ_BY_SCANS and not one.digests
    if one.records is not None:
        about = (one.name, str(one.records))
        if by_digest and len(read) == len(set(one.digests)):
            if one.records != sum(file["records"] for file, _ in read):
                yield made("inquiry-contradicted.file", *about, said=counted(one.records, "record"), **told)
        elif of_scans and one.records not in counts:
            yield made("inquiry-contradicted", *about, said=counted(one.records, "record"), **told)
    newest = max((day for _, day in read if day is not None), default=None)
    if (by_digest or of_scans) and newest is not None and (one.on - newest).days > 1:
        told["read"] = f"the newest scan is of {newest}"
        yield made("inquiry-contradicted.day", one.name, one.on.isoformat(), said=one.on, **told)


def _read_words(files: Sequence[Mapping[str, Any]]) -> str:
    """Say how many records scans read of files: `a scan read 6 of assets.csv`."""
    named = [f"{one['records']:,} of {_name(one['path'])}" for one in files]
    more = f" and {len(named) - 3} more files" if len(named) > 3 else ""
    return f"scans read {', '.join(named[:3]) or 'nothing'}{more}"


def _name(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2]


def _mentioned(name: str, scan: ScanInput, inputs: PaperInputs, made: _Make) -> Iterator[Obstacle]:
    """Yield the records that name a firm and are no finding, while nobody looked at them, or the author alone."""
    every = mention_words(scan)
    alone = [words for place, words in enumerate(every) if place in scan.seen_alone]
    nobody = [words for place, words in enumerate(every) if place not in scan.seen_alone]
    by = inputs.author.name if inputs.author else ""
    for kind, named, about in (("mentions", nobody, ()), ("mentions.author", alone, ("author",))):
        if not named:
            continue
        more = f"; and {len(named) - _DIFFERENCES_SHOWN} more" if len(named) > _DIFFERENCES_SHOWN else ""
        count = counted(len(named), "record")
        shown = "; ".join(named[:_DIFFERENCES_SHOWN]) + more
        yield made(
            kind, name, *about, *named, evidence=named[:200], scan=name, count=count, named=shown, by=by
        )


def _not_searched(inputs: PaperInputs, question: Question, made: _Make) -> Iterator[Obstacle]:
    named: set[str] = set()
    for one in inputs.inquiry.not_searched if inputs.inquiry else ():
        # A place that bears on none of the questions that are put together would be no place to name: it bears on each.
        if question in one.bears_on or _TOGETHER.get(question, {question}).isdisjoint(one.bears_on):
            # Two places of one name are two places, and each is decided on for itself.
            about = (one.name, one.why) if one.name in named else (one.name,)
            yield made("not-searched", *about, place=one.name, why=one.why)
            named.add(one.name)


def _admitted(inputs: PaperInputs, _question: Question, made: _Make) -> Iterator[Obstacle]:
    for text in inputs.admitted:
        yield made("inquiry-admits", text, told=text)


def _people(inputs: PaperInputs, _question: Question, made: _Make) -> Iterator[Obstacle]:
    for text in inputs.people_say:
        yield made("people-say", text, told=text)


def _words(inputs: PaperInputs, question: Question, made: _Make) -> Iterator[Obstacle]:
    """Yield the words that say more than a plain statement, while nobody is named who is to read them before it is approved."""
    nobody = inputs.approver is None or not person_key(inputs.approver.name)
    if nobody and shared_kinds()["words-alone"].stands_against(question):
        for text in inputs.words:
            yield made("words-alone", text, told=cut(text, 400))


def _scans(inputs: PaperInputs, question: Question, made: _Make) -> Iterator[Obstacle]:
    for index, scan in enumerate(inputs.scans, 1):
        name = f"scan {index}"
        yield from _not_replayed(name, scan, inputs, made)
        if question in scan.bears_on:
            checks = [_unread, _blind, _scan_day, _scan_knowledge]
            if shared_kinds()["mentions"].stands_against(question):
                checks.append(_mentioned)
            for check in checks:
                yield from check(name, scan, inputs, made)
        elif not scan.bears_on or not says_why(scan.bears_on_why):
            yield made("scan-outside" if scan.bears_on else "scan-outside.nowhere", name, scan=name)


def _not_replayed(name: str, scan: ScanInput, inputs: PaperInputs, made: _Make) -> Iterator[Obstacle]:
    """Yield what stands against a scan as such: that nobody ran it again, or what came of it."""
    again = scan.replay
    outcome = again.outcome if again is not None else ScanCameOut.MISSING
    if outcome in (ScanCameOut.SAME, ScanCameOut.REPLACED):
        return
    kind = {
        ScanCameOut.DIFFERENT: "scan-not-replayed.different",
        ScanCameOut.OTHER_VERSION: "scan-not-replayed.version",
    }.get(outcome, "scan-not-replayed")
    told = "; ".join(again.what[:_DIFFERENCES_SHOWN]) if again is not None else ""
    paths = [_name(one["path"]) for one in sources(scan)]
    more = f" and {len(paths) - 2} more" if len(paths) > 2 else ""
    folder = (
        f"proscribe case replay {inputs.case_id} --inputs FOLDER" if inputs.case_id else "--inputs FOLDER"
    )
    yield made(
        kind,
        name,
        scan.sha256,
        scan=name,
        inputs=(", ".join(paths[:2]) or "of nothing") + more,
        why=f": {cut(told, 600)}" if told else "",
        command=folder,
        theirs=cut(again.scanned_with, 40) if again is not None else "",
        ours=again.program if again is not None else "",
    )


def _unread(name: str, scan: ScanInput, _inputs: PaperInputs, made: _Make) -> Iterator[Obstacle]:
    for path, text in named_unread(scan):
        yield made("names-unread", name, path, text, path=path, text=text)
    for path, text in named_unread(scan, "E199"):
        yield made("columns-stated", name, path, text, path=path, text=text)
    for path, text in named_unread(scan, "E100"):
        yield made("columns-stated.sure", name, path, text, path=path, text=text)
    for path, text in named_unread(scan, "E108"):
        yield made("reader-stated", name, path, text, path=path, text=text)
    for path, text in named_unread(scan, "E118"):
        yield made("encoding-guessed", name, path, text, path=path, text=text)
    for path, text in named_unread(scan, "E547"):
        yield made("says-covered", name, path, text, path=path, text=text)


#: Kinds of tables that no identifiers of hardware are looked for in: what was paid, and who was paid.
_NO_HARDWARE = frozenset({"purchases", "vendors"})


def _of_hardware(scan: ScanInput) -> Iterator[str]:
    """Yield what a scan says of missing identifiers in inputs that hold nothing but lists of payments or vendors.

    They are such by their own form, and not by what somebody stated.
    """
    for one in objects(scan.value.get("inputs")):
        tables = list(objects(one.get("tables")))
        if tables and all(
            table.get("kind") in _NO_HARDWARE and table.get("kind_by") != "stated" for table in tables
        ):
            path, coverage = str(one.get("path") or ""), one.get("coverage")
            identified = coverage.get("records_with_identifier") if isinstance(coverage, Mapping) else 0
            yield f"{path}: {NO_IDENTIFIER}"
            few = FEW_IDENTIFIERS.format(
                identified=whole_number(identified), records=whole_number(one.get("records"))
            )
            yield f"{path}: {few}"


def _blind(name: str, scan: ScanInput, _inputs: PaperInputs, made: _Make) -> Iterator[Obstacle]:
    blind: dict[str, list[str]] = {}
    silent = set(_of_hardware(scan))
    for path, text in unseen(scan):
        if text in silent:
            continue
        blind.setdefault(path, []).append(text)
    for path, texts in blind.items():
        yield made(
            "blind-spot",
            name,
            path,
            *texts,
            evidence=texts,
            scan=name,
            of=f" of {path}" if path else "",
            first=texts[0],
            more=f"; and {len(texts) - 1} more like it" if len(texts) > 1 else "",
        )


def _scan_day(name: str, scan: ScanInput, inputs: PaperInputs, made: _Make) -> Iterator[Obstacle]:
    days = [day_of(asked) for asked, _ in read_days(scan)]
    day = min((one for one in days if one is not None), default=None)
    later = day_of(asked_on(scan))
    if day is None or later is None or None in days:
        yield made("scan-old.no-day", name, "no day", scan=name)
    elif _too_old(day, inputs):
        yield made(
            "scan-old",
            name,
            day.isoformat(),
            scan=name,
            day=day,
            days=SCAN_MAY_BE_DAYS_OLD,
            on=spoken_on(inputs),
        )
    elif later > inputs.as_of:
        yield made("scan-later", name, later.isoformat(), scan=name, day=later, as_of=inputs.as_of)


#: Kinds of obstacles against other knowledge, a snapshot and a layer of one's own: where keys show people, and where not.
_OWN_PROVED = ("knowledge-changed", "own-knowledge.snapshot", "own-knowledge")
_OWN_BY_NAME = ("knowledge-changed.by_name", "own-knowledge.snapshot.by_name", "own-knowledge.by_name")


def _scan_knowledge(
    name: str, scan: ScanInput | EvidenceFile, inputs: PaperInputs, made: _Make
) -> Iterator[Obstacle]:
    """Yield what stands against the knowledge that a scan, or a devices report, was made with."""
    version, sha256 = knowledge_of(scan)
    ours = inputs.knowledge.version
    # Who names knowledge can leave a firm out of it: without keys, a name that somebody types does not answer for that.
    changed, snapshot, layer = _OWN_PROVED if inputs.roster else _OWN_BY_NAME
    if sha256 != inputs.knowledge.sha256:
        told = version or "of no stated version"
        yield made(changed, name, sha256, scan=name, version=told, ours=ours)
    if inputs.knowledge.own and sha256 == inputs.knowledge.sha256:
        origin = inputs.knowledge.origin.rstrip(".")
        yield made(snapshot, name, sha256, scan=name, origin=origin)
    if (own := layers_of(scan)) and not _bytes_read(scan) <= _without_layers(inputs):
        yield made(layer, name, *own, scan=name, layers=", ".join(own))
    recorded = day_of(ours.replace(".", "-"))
    for asked, known_by in read_days(scan):
        known = day_of(known_by)
        if known is None or known < (recorded or day_of(asked) or known):
            told = known.isoformat() if known else "a day that it does not name"
            # With all that its own knowledge held by the day it asks for, it is merely old; with less, it did not look.
            days = (day_of(version.replace(".", "-")), day_of(asked))
            less = known is None or any(day is not None and known < day for day in days)
            kind = "knowledge-changed.less" if less else "knowledge-changed.known"
            yield made(kind, name, known_by, scan=name, known=told, ours=ours)


def _without_layers(inputs: PaperInputs) -> frozenset[str]:
    """Give the digests of what scans of the document read with its own knowledge and no layer over it."""
    plain = [
        one
        for one in inputs.scans
        if not layers_of(one) and knowledge_of(one)[1] == inputs.knowledge.sha256 and not inputs.knowledge.own
    ]
    return frozenset(digest for one in plain for digest in _bytes_read(one))


def _bytes_read(scan: ScanInput | EvidenceFile) -> frozenset[str]:
    """Give the digests of the inputs of a scan or report."""
    read = objects((scan.value or {}).get("inputs"))
    return frozenset(str(one.get("sha256") or one.get("path")) for one in read)


def _device_reports(inputs: PaperInputs, question: Question, made: _Make) -> Iterator[Obstacle]:
    if shared_kinds()["blind-spot.devices"].stands_against(question):
        reports = [
            one for one in inputs.files if one.kind == "devices" and "known_as_of" in (one.value or {})
        ]
        for index, report in enumerate(reports, 1):
            yield from _scan_knowledge(f"devices report {index}", report, inputs, made)
        for text in unseen_devices(inputs):
            yield made("blind-spot.devices", "devices", text, text=text)


def _suppliers(inputs: PaperInputs, question: Question, made: _Make) -> Iterator[Obstacle]:
    for one in inputs.suppliers:
        if not _supplies_another(one, inputs, question):
            yield from _supplier(one, inputs, question, made)


def _supplies_another(one: SupplierAnswer, inputs: PaperInputs, question: Question) -> bool:
    """Tell whether a supplier that said nothing has no part in the product of a certificate, which prints it all the same.

    Every part stands in its list with a maker by which it is settled, and no line has the first word of the supplier's name.
    """
    offering = inputs.offering
    if question is not Question.CONTAIN or offering is None or one.contradictions or one.covers:
        return False
    if any(answer in ("does", "does not") for answer in one.answers.values()):
        return False
    lists = (offering.parts_list, *offering.more_lists)
    if offering.parts_list_complete is not True or any(told.admits for told in lists):
        return False
    first = next(iter(_WORD.findall(one.supplier.casefold())), "")
    return bool(first) and all(
        part.state != "unresolved"
        and first
        not in _WORD.findall(
            f"{part.maker} {part.supplier} {part.name} {part.sold_as} {part.because}".casefold()
        )
        for part in offering.components
    )


def _supplier(
    one: SupplierAnswer, inputs: PaperInputs, question: Question, made: _Make
) -> Iterator[Obstacle]:
    def of(name: str, about: str, **values: object) -> Obstacle:
        return made(name, one.supplier, about, evidence=(one.supplier,), supplier=one.supplier, **values)

    asked, answer = _said(one, question)
    for text in one.contradictions:
        yield of("supplier-contradicted", text, text=text)
    if answer is None:
        if one.answers:
            return  # it spoke to another question
        answer = "none"
    for text in one.doubts if answer == "does not" else ():
        yield of("supplier-doubtful", text, text=text)
    if answer == "does":
        yield of("supplier-does", "does", asked=asked)
    elif answer != "does not":
        silence = _NO_ANSWER.get(answer, f"gave no answer that can be read: {cut(answer, 80)!r}")
        yield of("supplier-silent", answer, silence=silence)
    elif one.valid_to is not None and one.valid_to < spoken_on(inputs):
        yield of("supplier-expired", one.valid_to.isoformat(), day=one.valid_to)


def _said(one: SupplierAnswer, question: Question) -> tuple[str, str | None]:
    """Give the answer that bears on a question, and to which question it was given; the worst where two bear on it.

    What a supplier says about the goods it sells us bears on what we provide and on what we use.
    """
    names = dict.fromkeys((question.value, Question.CONTAIN.value))
    given = [(name, one.answers[name]) for name in names if name in one.answers]
    if not given:
        return question.value, None
    return min(given, key=lambda pair: (pair[1] != "does", pair[1] == "does not"))


def _overdue(inputs: PaperInputs, _question: Question, made: _Make) -> Iterator[Obstacle]:
    for overdue in inputs.knowledge.overdue:
        yield made("knowledge-overdue", overdue, overdue=cut(overdue, 200))


#: The checks of a search, in the order in which a document lists what they find.
_CHECKS: tuple[Callable[[PaperInputs, Question, _Make], Iterator[Obstacle]], ...] = (
    _days, _searched, _contradicted, _not_searched, unseen_sites, _admitted, _people, _words, _scans, own_accounts,
    _device_reports, _suppliers, _overdue, of_organisation,
)  # fmt: skip
