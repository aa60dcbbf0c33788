"""What stands against a "does not": evidence, unknown facts, places not searched, answers that contradict.

Every obstacle says what it rests on and how to lift it. Some can be overridden by an approver who is not the author; a
confirmed finding cannot, because then the only true answer is "does", with a disclosure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from proscribe.documents.checks import says_something, says_why
from proscribe.documents.evidence import (
    DeviceSeen,
    Seen,
    asked_on,
    cut,
    devices,
    knowledge_of,
    known_on,
    named_unread,
    records_of,
    unseen,
    unseen_devices,
)
from proscribe.documents.law import Clears, PaperLaw, Statement
from proscribe.documents.validity import spoken_on
from proscribe.model.canonical import digest
from proscribe.model.papers import Obstacle, PaperInputs, Question, SupplierAnswer
from proscribe.model.people import person_key, same_person

#: A scan older than this many days speaks of another day than the document does. Our own prudence; no clause says it.
SCAN_MAY_BE_DAYS_OLD = 90

# Outcomes under which the thing is covered equipment, whether or not the act is forbidden: an exception or a waiver
# lifts the ban and not the duty to say so (52.204-24(e) asks for the factors on permissibility).
_COVERED = frozenset(
    ["prohibited", "permitted_until", "approval_required", "discouraged", "waived", "excepted"]
)
_SURE = frozenset(["confirmed"])


@dataclass(frozen=True, slots=True)
class SetAside:
    """A finding, or a device, that does not stand against the answer, and why not; printed."""

    finding: Seen | DeviceSeen
    why: str
    by: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What speaks for and against one statement.

    Attributes:
        against: obstacles to "does not".
        covered: findings for which the only true answer is "does".
        set_aside: findings that were looked at and do not stand against it.
        outside: findings of scans that do not speak to this question.
    """

    against: tuple[Obstacle, ...]
    covered: tuple[Seen, ...]
    doubtful: tuple[Seen, ...]
    set_aside: tuple[SetAside, ...]
    outside: tuple[Seen, ...]


def obstacle(
    code: str,
    what: str,
    lift: str,
    *,
    about: Sequence[str],
    questions: Sequence[str] = (),
    evidence: Sequence[str] = (),
    overridable: bool = True,
) -> Obstacle:
    """Make an obstacle; its id is the digest of its code, questions and `about`."""
    name = digest([code, list(questions), list(about)], length=5)
    return Obstacle(
        f"{code}/{name}", code, what, tuple(evidence or about), lift, tuple(questions), overridable
    )


def standing(inputs: PaperInputs, law: PaperLaw, statement: Statement, seen: Sequence[Seen]) -> Standing:
    """Weigh everything in the inputs against one statement."""
    question = Question(statement.id)
    against: list[Obstacle] = []
    covered: list[Seen] = []
    doubtful: list[Seen] = []
    aside: list[SetAside] = []
    outside: list[Seen] = []
    for one in seen:
        if question not in one.bears_on:
            outside.append(one)
            continue
        weighed = _finding(one, statement, inputs)
        if isinstance(weighed, SetAside):
            aside.append(weighed)
            continue
        against.append(weighed)
        (covered if weighed.code == "finding" and not weighed.overridable else doubtful).append(one)
    of_devices, settled = _devices(inputs, statement, [*covered, *doubtful], aside)
    against += of_devices
    aside += settled
    against += general(inputs, question)
    if question is Question.CONTAIN:
        against = [one for one in against if one.code != "no-inquiry"]
    return Standing(tuple(against), tuple(covered), tuple(doubtful), tuple(aside), tuple(outside))


def _finding(one: Seen, statement: Statement, inputs: PaperInputs) -> Obstacle | SetAside:
    """Weigh one finding: an obstacle, or the reason why it is none."""
    put = _put_aside(one, statement, inputs)
    if isinstance(put, SetAside):
        return put
    weighed = _by_law(one, statement, spoken_on(inputs))
    # One person's word does not clear a finding, and does not have to where the law clears it on facts.
    return put if put is not None and isinstance(weighed, Obstacle) else weighed


def _by_law(one: Seen, statement: Statement, on: date) -> Obstacle | SetAside:
    question = (statement.id,)
    sure = one.band in _SURE or (one.judgement is not None and one.judgement.verdict == "same")
    judged = _judged_words(one)
    decided = [(name, one.outcomes[name]) for name in statement.regimes if name in one.outcomes]
    if not decided:
        return obstacle(
            "not-decided",
            f"{one.words()} is not decided under {', '.join(statement.regimes)}{judged}",
            "Decide it (proscribe scan --decide FACTS.yml), or judge the evidence."
            + (f' Or answer "{statement.says["does"]}".' if sure else ""),
            about=(one.id,),
            questions=question,
            overridable=not sure,
        )
    for name, item in decided:
        outcome = str(item.get("outcome", ""))
        citations = ", ".join(str(text) for text in item.get("citations") or ())
        if outcome in statement.allows:
            until = str(item.get("until") or "")
            ends = _day(until)
            if until and (ends is None or ends < on):
                return obstacle(
                    "finding",
                    f"{one.words()} was {outcome.replace('_', ' ')} {until} under {name}, which has passed by "
                    f"{on.isoformat()}{judged}",
                    f'Answer "{statement.says["does"]}", or decide it anew on the day of the document.',
                    about=(one.id,),
                    questions=question,
                    evidence=(one.id, name),
                    overridable=not sure,
                )
            return SetAside(
                one,
                f"{outcome.replace('_', ' ')}{f' {until}' if until else ''} under {name} ({citations})",
                "",
            )
        if outcome in _COVERED:
            return obstacle(
                "finding",
                f"{one.words()} is covered: {outcome.replace('_', ' ')} under {name}"
                f"{f' ({citations})' if citations else ''}{judged}",
                f'Answer "{statement.says["does"]}" and disclose it.'
                if sure
                else f'Judge the evidence, or answer "{statement.says["does"]}" and disclose it.',
                about=(one.id,),
                questions=question,
                evidence=(one.id, name),
                overridable=not sure,
            )
        if outcome == "not_covered":
            continue
        missing = [str(text) for text in item.get("missing") or ()]
        return obstacle(
            "undetermined",
            f"{one.words()} is {outcome.replace('_', ' ') or 'not decided'} under {name}"
            f"{'; not known: ' + ', '.join(missing) if missing else ''}{judged}",
            "State what is not known, and decide again; a reading of the law is for counsel."
            + (f' Or answer "{statement.says["does"]}".' if sure else " Or judge the evidence."),
            about=(one.id,),
            questions=question,
            evidence=(one.id, *missing),
            overridable=not sure,
        )
    return _not_covered(one, statement, decided)


def _not_covered(
    one: Seen, statement: Statement, decided: Sequence[tuple[str, Mapping[str, Any]]]
) -> Obstacle | SetAside:
    """A rule may answer `not_covered` for reasons that leave the thing covered equipment; only some facts clear it."""
    name, item = decided[0]
    because = str(item.get("because", "")).rstrip(".")
    if any(str(entry.get("confidence", "")) == "low" for _, entry in decided):
        return obstacle(
            "recalled-law",
            f"{one.words()} is not covered under {name}, on law that is recalled and not verified",
            "Have counsel verify the rule, or answer with a disclosure.",
            about=(one.id,),
            questions=(statement.id,),
            evidence=(one.id, name),
        )
    clears = _cleared_by(one, statement.clears)
    if clears is not None:
        return SetAside(
            one, f"{clears.why} ({clears.fact} = {one.decided_on[clears.fact]}; {clears.citation})", ""
        )
    return obstacle(
        "not-a-clearance",
        f"{one.words()} is not covered under {name}{f' ({because})' if because else ''}, and no fact shows that "
        "it is not covered equipment",
        "State the fact that takes it out (producer, kind, purpose, use), judge the evidence, or have an approver say why "
        "the ground suffices.",
        about=(one.id,),
        questions=(statement.id,),
        evidence=(one.id, name),
    )


def _cleared_by(one: Seen, clears: Sequence[Clears]) -> Clears | None:
    for clear in clears:
        value = one.decided_on.get(clear.fact)
        if value is None or (clear.firms and one.firm not in clear.firms):
            continue
        told = {part.strip(" []'\"") for part in value.split(",")}
        if told and told <= set(clear.values):
            return clear
    return None


def _put_aside(
    one: Seen | DeviceSeen, statement: Statement, inputs: PaperInputs
) -> Obstacle | SetAside | None:
    """See whether a person set the finding or device aside; `None` when nobody did, or no longer."""
    judged = one.judgement
    if judged is not None and judged.verdict in ("different", "cleared"):
        until = f" until {judged.until.isoformat()}" if judged.until else ""
        why = f"judged {judged.verdict}{until}: {judged.reason}"
        named = bool(person_key(judged.by)) and says_something(judged.reason)
        agreed = named and bool(person_key(judged.approver)) and not same_person(judged.approver, judged.by)
        # What is merely possible one person sets aside, if it is not the one whose document it clears.
        own = inputs.author is not None and same_person(inputs.author.name, judged.by)
        if agreed or (named and one.settled_by_one and not own):
            by = judged.by + (f", approved by {judged.approver}" if agreed else "")
            return SetAside(one, why, by)
        return obstacle(
            "judgement-not-approved",
            f"{one.words()} was judged {judged.verdict} by {judged.by or 'nobody who is named'}, and "
            + ("nobody else agreed" if named else "no reason can be read"),
            "Have a second person approve the judgement."
            if named
            else "Judge it again, and say who and why.",
            about=(one.id,),
            questions=(statement.id,),
        )
    if judged is None and one.ignored is not None:
        ends = one.ignored.get("until")
        by = str(one.ignored.get("by", ""))
        reason = str(one.ignored.get("reason", ""))
        last = _day(str(ends)) if ends else None
        if last is not None and last < spoken_on(inputs):
            return None
        own = inputs.author is not None and same_person(inputs.author.name, by)
        if (
            not one.settled_by_one
            or own
            or not person_key(by)
            or not says_something(reason)
            or (ends and last is None)
        ):
            return obstacle(
                "set-aside",
                f"{one.words()} was set aside by {by or 'someone'}: {cut(reason, 300)}",
                "Judge the evidence in the case, with an approver.",
                about=(one.id,),
                questions=(statement.id,),
            )
        return SetAside(one, f"set aside in the organisation's knowledge: {cut(reason, 300)}", by)
    return None


def _judged_words(one: Seen | DeviceSeen) -> str:
    if one.judgement is not None:
        return f"; judged {one.judgement.verdict} by {one.judgement.by}"
    if one.lapsed is not None and one.lapsed.until is not None:
        return f"; the judgement {one.lapsed.verdict!r} by {one.lapsed.by} ended on {one.lapsed.until.isoformat()}"
    if one.ignored is not None:
        return f"; set aside until {one.ignored.get('until')}, which has passed"
    return "; not judged"


#: Answers of a supplier that are none, in words.
_NO_ANSWER = {
    "refused": "refused to declare",
    "none": "has not answered",
    "not known": "says that it does not know",
}
_RANKS = {"confirmed": 3, "probable": 2, "possible": 1}


def _devices(
    inputs: PaperInputs, statement: Statement, weighed: Sequence[Seen], aside: Sequence[SetAside]
) -> tuple[list[Obstacle], list[SetAside]]:
    """Give what the joined records of a device say beyond its single findings, and the devices that people set aside."""
    if statement.id == Question.CONTAIN.value:
        return [], []
    bands = {one.id: one.band for one in weighed}
    cleared = {one.finding.id for one in aside}
    against: list[Obstacle] = []
    settled: list[SetAside] = []
    for device in devices(inputs):
        standing_bands = [bands[name] for name in device.findings if name in bands]
        strongest = max((_RANKS.get(band, 0) for band in standing_bands), default=0)
        # Where every finding of it is settled, what they add up to is settled as well.
        open_ = not device.findings or not set(device.findings) <= cleared
        together = open_ and _RANKS.get(device.band, 0) > strongest
        if not together and not device.contradictions:
            continue
        put = _put_aside(device, statement, inputs)
        if isinstance(put, SetAside):
            settled.append(put)
        elif put is not None:
            against.append(put)
        else:
            against += _against_device(device, statement, together=together)
    return against, settled


def _against_device(device: DeviceSeen, statement: Statement, *, together: bool) -> Iterator[Obstacle]:
    told, judged = device.words(), device.judgement
    words = "" if judged is None and device.lapsed is None else _judged_words(device)
    if judged is not None and judged.verdict == "same":
        yield obstacle(
            "device",
            f"{told} is what its records say, a device of a listed firm{words}",
            f'Answer "{statement.says["does"]}" and disclose it.',
            about=(device.id, judged.verdict),
            questions=(statement.id,),
            evidence=(device.id, *device.findings),
            overridable=False,
        )
        return
    for text in device.contradictions:
        yield obstacle(
            "device-contradiction",
            f"the records of {told} contradict each other: {text}{words}",
            "Look at the device, and take back the join or judge the device.",
            about=(device.id, text),
            questions=(statement.id,),
            evidence=(device.id, *device.findings),
        )
    if together:
        yield obstacle(
            "device",
            f"{told} is {device.band} when its records are read together, which no single finding is{words}",
            f'Judge the device, or answer "{statement.says["does"]}" and disclose it.',
            about=(device.id, device.band),
            questions=(statement.id,),
            evidence=(device.id, *device.findings),
        )


def general(inputs: PaperInputs, question: Question) -> Iterator[Obstacle]:
    """Yield what stands against an answer besides findings: the search, the suppliers, the knowledge."""
    yield from _days(inputs, question)
    yield from _search(inputs, question)
    yield from _scans(inputs, question)
    yield from _suppliers(inputs, question)
    for overdue in inputs.knowledge.overdue:
        yield obstacle(
            "knowledge-overdue",
            f"a part of the knowledge is overdue for review: {cut(overdue, 200)}",
            "Use newer knowledge, or review that part.",
            about=(overdue,),
            questions=(question.value,),
        )


def _days(inputs: PaperInputs, question: Question) -> Iterator[Obstacle]:
    """Yield what stands against the day that is spoken of; a day is tolerated, for the sake of time zones."""
    made_on = inputs.made_at.date()
    if inputs.as_of > made_on + timedelta(days=1):
        yield obstacle(
            "day-ahead",
            f"the document speaks of {inputs.as_of.isoformat()} and was made on {made_on.isoformat()}: "
            "what is true on a day that has not come is not known",
            "Make it on that day, or as of today.",
            about=(inputs.as_of.isoformat(),),
            questions=(question.value,),
            overridable=False,
        )
    elif (spoken_on(inputs) - inputs.as_of).days > SCAN_MAY_BE_DAYS_OLD:
        yield obstacle(
            "day-past",
            f"the document speaks of {inputs.as_of.isoformat()}, more than {SCAN_MAY_BE_DAYS_OLD} days before it is "
            f"made or signed on {spoken_on(inputs).isoformat()}",
            "Make it as of today, or have an approver say why the earlier day is meant.",
            about=(inputs.as_of.isoformat(),),
            questions=(question.value,),
        )


def _search(inputs: PaperInputs, question: Question) -> Iterator[Obstacle]:
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
    scanned = [one for one in inputs.scans if question in one.bears_on and records_of(one)]
    if not searched and not scanned:
        yield obstacle(
            "no-inquiry",
            "nothing was searched that bears on this answer",
            "Search what is in the organisation's possession, and record it.",
            about=(question.value,),
            questions=(question.value,),
            overridable=False,
        )
    elif inquiry is None:
        yield obstacle(
            "no-inquiry-record",
            "there is no record of a reasonable inquiry: who searched what, whom they asked, and what was not searched",
            "Record the inquiry.",
            about=(question.value,),
            questions=(question.value,),
        )
    newest = max((one.on for one in searched), default=None)
    if newest is not None and not scanned and (spoken_on(inputs) - newest).days > SCAN_MAY_BE_DAYS_OLD:
        yield obstacle(
            "search-old",
            f"the last search that bears on this answer was on {newest.isoformat()}, more than "
            f"{SCAN_MAY_BE_DAYS_OLD} days before {spoken_on(inputs).isoformat()}",
            "Search again.",
            about=(newest.isoformat(),),
            questions=(question.value,),
        )
    named: set[str] = set()
    for one in inquiry.not_searched if inquiry else ():
        # A place that bears on nothing would be no place to name: nobody has said what it bears on.
        if question in one.bears_on or not one.bears_on:
            yield obstacle(
                "not-searched",
                f"{one.name} was not searched: {one.why}",
                "Search it, or say why it holds nothing that bears on the answer.",
                # Two places of one name are two places, and each is decided on for itself.
                about=(one.name, one.why) if one.name in named else (one.name,),
                questions=(question.value,),
            )
            named.add(one.name)


def _scans(inputs: PaperInputs, question: Question) -> Iterator[Obstacle]:
    for index, scan in enumerate(inputs.scans):
        name = f"scan {index + 1}"
        if question not in scan.bears_on:
            if not scan.bears_on or not says_why(scan.bears_on_why):
                yield obstacle(
                    "scan-outside",
                    f"{name} is said not to bear on this answer, and "
                    + ("nothing says why" if scan.bears_on else "it is said to bear on no question at all"),
                    "Say on what it bears, and why not on this; or leave that out, and have it weighed.",
                    about=(name,),
                    questions=(question.value,),
                )
            continue
        for path, text in named_unread(scan):
            yield obstacle(
                "names-unread",
                f"a firm stands in a column of {path} that was not read. {text}",
                "Read the column, and scan again.",
                about=(name, path, text),
                questions=(question.value,),
            )
        blind: dict[str, list[str]] = {}
        for path, text in unseen(scan):
            blind.setdefault(path, []).append(text)
        for path, texts in blind.items():
            first = texts[0]
            more = f"; and {len(texts) - 1} more like it" if len(texts) > 1 else ""
            yield obstacle(
                "blind-spot",
                f"{name} could not see everything{f' of {path}' if path else ''}: {first}{more}",
                "Read it another way, map the column, or look at the place.",
                about=(name, path, *texts),
                questions=(question.value,),
                evidence=texts,
            )
        day = _day(asked_on(scan))
        if day is None:
            yield obstacle(
                "scan-old",
                f"{name} does not say of which day it is",
                "Scan again.",
                about=(name, "no day"),
                questions=(question.value,),
            )
        elif (spoken_on(inputs) - day).days > SCAN_MAY_BE_DAYS_OLD:
            yield obstacle(
                "scan-old",
                f"{name} is of {day.isoformat()}, more than {SCAN_MAY_BE_DAYS_OLD} days before "
                f"{spoken_on(inputs).isoformat()}",
                "Scan again.",
                about=(name, day.isoformat()),
                questions=(question.value,),
            )
        elif day > inputs.as_of:
            yield obstacle(
                "scan-later",
                f"{name} asked the law on {day.isoformat()}, after {inputs.as_of.isoformat()}",
                "Scan as of the day of the document.",
                about=(name, day.isoformat()),
                questions=(question.value,),
            )
        version, sha256 = knowledge_of(scan)
        if sha256 != inputs.knowledge.sha256:
            yield obstacle(
                "knowledge-changed",
                f"{name} was made with knowledge {version or 'of no stated version'}, "
                f"the document with {inputs.knowledge.version}",
                "Scan again with the knowledge of the document.",
                about=(name, sha256),
                questions=(question.value,),
            )
        known, recorded = _day(known_on(scan)), _day(inputs.knowledge.version.replace(".", "-"))
        if known is None or known < (recorded or day or known):
            yield obstacle(
                "knowledge-changed",
                f"{name} used only facts recorded by {known.isoformat() if known else 'a day that it does not name'}, "
                f"the knowledge is of {inputs.knowledge.version}",
                "Scan again without --known-as-of.",
                about=(name, known_on(scan)),
                questions=(question.value,),
            )

    if question is Question.USE:
        for text in unseen_devices(inputs):
            yield obstacle(
                "blind-spot",
                f"the device report could not see everything: {text}",
                "Look at the place, or scan it another way.",
                about=("devices", text),
                questions=(question.value,),
            )


def _suppliers(inputs: PaperInputs, question: Question) -> Iterator[Obstacle]:
    for one in inputs.suppliers:
        asked, answer = _said(one, question)
        for text in one.contradictions:
            yield obstacle(
                "supplier-contradicted",
                f"{one.supplier}'s declaration is contradicted by our own evidence: {text}",
                "Ask the supplier about it, or judge the evidence.",
                about=(one.supplier, text),
                questions=(question.value,),
                evidence=(one.supplier,),
            )
        if answer is None:
            if one.answers:
                continue  # it spoke to another question
            answer = "none"
        for text in one.doubts if answer == "does not" else ():
            yield obstacle(
                "supplier-doubtful",
                f"{one.supplier}'s declaration is open to doubt: {text}",
                "Look at it, and ask the supplier.",
                about=(one.supplier, text),
                questions=(question.value,),
                evidence=(one.supplier,),
            )
        if answer == "does":
            yield obstacle(
                "supplier-does",
                f"{one.supplier} declared that it does, on the question {asked!r}",
                "Find out which products are meant, and whether they are among yours.",
                about=(one.supplier, "does"),
                questions=(question.value,),
                evidence=(one.supplier,),
            )
        elif answer != "does not":
            yield obstacle(
                "supplier-silent",
                f"{one.supplier} {_NO_ANSWER.get(answer, f'gave no answer that can be read: {cut(answer, 80)!r}')}",
                "Ask again, ask for the parts list, or buy elsewhere.",
                about=(one.supplier, answer),
                questions=(question.value,),
                evidence=(one.supplier,),
            )
        elif one.valid_to is not None and one.valid_to < spoken_on(inputs):
            yield obstacle(
                "supplier-expired",
                f"{one.supplier}'s declaration ended on {one.valid_to.isoformat()}",
                "Ask for a new one.",
                about=(one.supplier, one.valid_to.isoformat()),
                questions=(question.value,),
                evidence=(one.supplier,),
            )


def _said(one: SupplierAnswer, question: Question) -> tuple[str, str | None]:
    """Give the answer that bears on a question, and to which question it was given; the worst where two bear on it.

    What a supplier says about the goods it sells us bears on what we provide and on what we use.
    """
    names = dict.fromkeys((question.value, Question.CONTAIN.value))
    given = [(name, one.answers[name]) for name in names if name in one.answers]
    if not given:
        return question.value, None
    return min(given, key=lambda pair: (pair[1] != "does", pair[1] == "does not"))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
