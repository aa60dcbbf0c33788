"""What stands against a "does not" among findings and devices: the law, and what people judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from proscribe.documents.checks import says_something
from proscribe.documents.evidence import DeviceSeen, Seen, cut, devices
from proscribe.documents.grounds import judged_as
from proscribe.documents.law import Clears, PaperLaw, Statement
from proscribe.documents.obstacles import obstacle, shared_kinds
from proscribe.documents.recorded import recorded
from proscribe.documents.search import day_of, general
from proscribe.documents.validity import spoken_on
from proscribe.model.papers import FactsAgreed, Obstacle, PaperInputs, Question
from proscribe.model.people import names_a_person, person_key, two_people
from proscribe.rules.acts import ACT, PASSES_ON, PROVIDE, USE, side
from proscribe.rules.answers import ADMITTED
from proscribe.rules.facts import asks, value_words

_COVERED = frozenset(one.value for one in ADMITTED)
#: Obstacles to what a rule does not reach, on the facts that are stated.
_BY_FACTS = frozenset(
    ["facts-not-proved", "facts-not-agreed", "facts-changed", "not-a-clearance", "recalled-law"]
)
_RANKS = {"confirmed": 3, "probable": 2, "possible": 1}


@dataclass(frozen=True, slots=True)
class SetAside:
    """A finding, or a device, that does not stand against the answer, and why not; printed.

    Attributes:
        allowed: whether the law lets it stay on the day, though it is covered.
    """

    finding: Seen | DeviceSeen
    why: str
    by: str
    allowed: bool = False


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


def standing(inputs: PaperInputs, law: PaperLaw, statement: Statement, seen: Sequence[Seen]) -> Standing:
    """Weigh everything in the inputs against one statement."""
    question = Question(statement.id)
    against: list[Obstacle] = []
    covered: list[Seen] = []
    doubtful: list[Seen] = []
    aside: list[SetAside] = []
    outside: list[Seen] = []
    for one in seen:
        if not one.weighed_for((question,)):
            kept = _kept(one, statement, inputs) if question in one.bears_on else None
            if kept is not None:
                against.append(kept)
                doubtful.append(one)
                continue
            aside.append(SetAside(one, one.listed.why_not(), ""))
            against += _bought_of(one, statement, inputs)
            continue
        weighed = _finding(one, statement, inputs)
        if question not in one.bears_on:
            outside.append(one)
            if one.sure and isinstance(weighed, Obstacle):
                against.append(_outside(one, statement))
            continue
        if isinstance(weighed, SetAside):
            aside.append(weighed)
            continue
        against.append(weighed)
        (covered if weighed.code == "finding" and not weighed.overridable else doubtful).append(one)
    of_devices, settled = _devices(inputs, statement, [*covered, *doubtful], aside)
    against += of_devices
    aside += settled
    against += general(inputs, question)
    against += recorded(inputs, statement)
    return Standing(tuple(against), tuple(covered), tuple(doubtful), tuple(aside), tuple(outside))


def _kept(one: Seen, statement: Statement, inputs: PaperInputs) -> Obstacle | None:
    """Ask who approves that what was bought goes to nobody else: one person's word takes no thing out of what is provided."""
    goes_on = one.listed.may_go_on
    if goes_on is None or statement.id != PROVIDE or isinstance(_put_aside(one, statement, inputs), SetAside):
        return None
    clears = _cleared_by(one, statement)
    if (
        clears is not None
        and not clears.fact.startswith("use.")
        and not _lacks_for(one, clears.fact, by_name=not inputs.roster)
    ):
        return None  # another fact takes it out, whoever gets it
    agreed = one.agreed or FactsAgreed("")
    if not agreed.changed and two_people(agreed.by, agreed.approver):
        return None
    return obstacle(
        "passed-on.denied", one.id, PASSES_ON, questions=(statement.id,), evidence=(one.id,), finding=one.words(),
        listed=one.listed.told(), by=agreed.by or "somebody", judged=_judged_words(one), does=statement.says["does"],
        shown=f", whose record says “{goes_on.words}”" if goes_on.by_record else "",
    )  # fmt: skip


def _bought_of(one: Seen, statement: Statement, inputs: PaperInputs) -> Iterator[Obstacle]:
    """Ask what was bought of a maker among vendors: no list that is silent about things answers that it was nothing."""
    if not one.is_vendor:
        return
    weighed = _finding(one, statement, inputs)
    if isinstance(weighed, Obstacle):
        judged = weighed.code == "judgement-not-approved"
        own = judged and one.judgement is not None and _own(inputs, one.judgement.by)
        settled = "vendor-named.same" if one.judged_same else "vendor-named"
        yield obstacle(
            "vendor-named.own" if own else "vendor-named.judged" if judged else settled,
            one.id, questions=(statement.id,), evidence=(one.id,), finding=one.words(), told=weighed.what,
            does=statement.says["does"], firm=one.entity_name, judged=_judged_words(one),
        )  # fmt: skip


def _outside(one: Seen, statement: Statement) -> Obstacle:
    """Make the obstacle of what is confirmed and put outside: that takes a second step, and keys in the first."""
    return obstacle(
        "outside.proved" if one.scope_proved else "outside",
        one.id,
        questions=(statement.id,),
        finding=one.words(),
        asked=statement.id,
        does=statement.says["does"],
        stands=one.stands,
    )


def _finding(one: Seen, statement: Statement, inputs: PaperInputs) -> Obstacle | SetAside:
    """Weigh one finding: an obstacle, or the reason why it is none."""
    put = _put_aside(one, statement, inputs)
    if isinstance(put, SetAside):
        return put
    weighed = _by_law(one, statement, inputs)
    cleared = isinstance(weighed, SetAside) or weighed.overridable or weighed.code in _BY_FACTS
    if one.decided_elsewhere and one.sure and cleared:
        weighed = _against(one, statement, "decided-elsewhere", one.id)
    # One person's word does not clear a finding, and does not have to where the law clears it on facts.
    return put if put is not None and isinstance(weighed, Obstacle) else weighed


def _by_law(one: Seen, statement: Statement, inputs: PaperInputs) -> Obstacle | SetAside:
    """Weigh a finding by what the regimes say: the first that does not say "not covered" settles it."""
    decided = [(name, one.outcomes[name]) for name in statement.regimes if name in one.outcomes]
    for name, item in decided:
        if item["outcome"] != "not_covered":
            return _by_outcome(one, statement, name, item, spoken_on(inputs))
    if decided:
        return _not_covered(one, statement, decided, inputs)
    return _against(one, statement, "not-decided", one.id, regimes=", ".join(statement.regimes))


def _by_outcome(
    one: Seen, statement: Statement, regime: str, item: Mapping[str, Any], on: date
) -> Obstacle | SetAside:
    outcome, until = item["outcome"], item["until"]
    told = outcome.replace("_", " ")
    citations = ", ".join(item["citations"])
    if outcome in statement.allows:
        ends = day_of(until)
        if until and (ends is None or ends < on):
            return _against(
                one,
                statement,
                "finding.passed",
                one.id,
                regime,
                outcome=told,
                until=until,
                regime=_rule(regime, item),
                on=on,
            )
        return SetAside(
            one, f"{told}{f' {until}' if until else ''} under {citations or regime}", "", allowed=True
        )
    if outcome in _COVERED:
        return _against(one, statement, "finding", one.id, regime, outcome=told, regime=citations or regime)
    missing = item["missing"]
    unknown = f"; not known: {' '.join(asks(name) for name in missing)}" if missing else ""
    return _against(
        one,
        statement,
        "undetermined",
        one.id,
        *missing,
        outcome=told or "not decided",
        regime=_rule(regime, item),
        missing=unknown,
    )


def _rule(regime: str, item: Mapping[str, Any]) -> str:
    """Name a rule as people do: by what it says where; by its id where nothing is cited."""
    return str(item["citations"][0]) if item["citations"] else regime


def _against(one: Seen, statement: Statement, name: str, *evidence: str, **values: Any) -> Obstacle:
    """Make an obstacle about a finding; what is sure, nobody overrides."""
    return obstacle(
        f"{name}.sure" if one.sure else name,
        one.id,
        questions=(statement.id,),
        evidence=evidence,
        finding=one.words(),
        judged=_judged_words(one),
        does=statement.says["does"],
        **values,
    )


def _not_covered(
    one: Seen, statement: Statement, decided: Sequence[tuple[str, Mapping[str, Any]]], inputs: PaperInputs
) -> Obstacle | SetAside:
    """A rule may answer `not_covered` for reasons that leave the thing covered equipment; only some facts clear it.

    Where names are stated and no keys show who states a fact or approves, that lifts nothing that is sure.
    """
    name, item = decided[0]
    held = one.sure and not inputs.roster
    told: dict[str, Any] = {
        "questions": (statement.id,),
        "evidence": (one.id, name),
        "finding": one.words(),
        "regime": _rule(name, item),
    }
    if any(entry["confidence"] == "low" for _, entry in decided):
        return obstacle(_sure("recalled-law", held), one.id, **told)
    clears = _cleared_by(one, statement)
    if (
        one.listed.may_go_on is not None
        and statement.id == PROVIDE
        and not one.listed.sold
        and (clears is None or clears.fact.startswith("use."))
    ):
        # who uses it now says nothing of whom it was bought for
        return _against(one, statement, "passed-on", one.id, PASSES_ON, listed=one.listed.told())
    if one.listed.sold and (clears is None or clears.fact.startswith("use.")):
        sold = _sold(one, statement, clears, held=one.sure and not (one.agreed and one.agreed.proved))
        if sold is not None:
            return sold
    if clears is not None:
        fact = f"{asks(clears.fact)} {value_words(one.decided_on[clears.fact])}"
        lacks = _lacks_for(one, clears.fact, by_name=not inputs.roster)
        if lacks:
            agreed = one.agreed or FactsAgreed("")
            named = agreed.determination
            return obstacle(
                lacks, one.id, fact=fact, why=clears.why, asked=statement.id, judged=_judged_words(one),
                does=statement.says["does"], stands=one.stands, determination=f" ({named})" if named else "",
                changed="; ".join(agreed.changed), approver=agreed.approver, **told,
            )  # fmt: skip
        return SetAside(one, f"{clears.why} ({fact}; {clears.citation})", _agreed_by(one))
    because = item["because"].rstrip(".")
    return obstacle(
        _sure("not-a-clearance", one.sure), one.id, because=f" ({because})" if because else "", **told
    )


def _sold(one: Seen, statement: Statement, clears: Clears | None, *, held: bool) -> Obstacle | None:
    """Say of what stands in a list of what is sold that its use takes nothing out; where somebody corrected the list, who did.

    Args:
        clears: what is stated of its use; `None` where nothing takes it out, and then only a correction is told.
        held: whether it is sure, and no keys show who corrected the list and who approved that.
    """
    done = one.listed.done
    if done in side(USE).says and one.decided_on.get(ACT) == done and not held and statement.id == PROVIDE:
        agreed = one.agreed or FactsAgreed("")
        return obstacle(
            "sold.corrected", one.id, questions=(statement.id,), evidence=(one.id,), finding=one.words(), act=value_words(done),
            listed=one.listed.told(), by=agreed.by or "somebody", judged=_judged_words(one), does=statement.says["does"],
            determination=f" ({agreed.determination})" if agreed.determination else "",
        )  # fmt: skip
    if clears is None:
        return None
    return _against(one, statement, "sold", one.id, listed=one.listed.told(), fact=clears.fact)


def _lacks_for(one: Seen, fact: str, *, by_name: bool) -> str:
    """Name the obstacle to a fact that takes a thing out: what a judgement of its band lacks would lack here; else empty."""
    agreed = one.agreed or FactsAgreed("")
    if agreed.changed:
        return "facts-changed"
    if one.sure and by_name:
        return "facts-not-proved"
    judged = one.judgement
    if one.stated and fact not in one.stated:
        return ""  # its record says so, or what is known of its model
    if (
        judged is not None
        and judged.verdict == "same"
        and agreed.approved_at
        and judged.at > agreed.approved_at
    ):
        return "facts-not-agreed.since"
    if one.sure:
        return "" if agreed.proved else "facts-not-proved.roster"
    if one.settled_by_one and not one.said_same:
        return ""
    return "" if two_people(agreed.by, agreed.approver) else "facts-not-agreed"


def _agreed_by(one: Seen) -> str:
    """Say who answers for the facts on which a thing was decided; empty where one person does, whom nothing names."""
    if one.agreed is None or not one.agreed.approver:
        return ""
    keys = ", both with their keys" if one.agreed.proved else ""
    return f"{one.agreed.by}, approved by {one.agreed.approver}{keys} ({one.agreed.determination})"


def _cleared_by(one: Seen, statement: Statement) -> Clears | None:
    """Give the fact that takes a thing out; what is said of its use comes last, since it takes out nothing that is sold."""
    for clear in sorted(statement.clears, key=lambda item: item.fact.startswith("use.")):
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
    if judged is not None:
        return _judged_aside(one, statement, inputs) if judged.verdict in ("different", "cleared") else None
    return _ignored_aside(one, statement, inputs) if one.ignored is not None else None


def _own(inputs: PaperInputs, clearer: str) -> bool:
    """Tell whether the author of the document would clear it."""
    return inputs.author is not None and not two_people(
        inputs.author.name, clearer, title=inputs.author.title
    )


def _judged_aside(one: Seen | DeviceSeen, statement: Statement, inputs: PaperInputs) -> Obstacle | SetAside:
    judged = one.judgement
    assert judged is not None
    named = names_a_person(judged.by) and says_something(judged.reason)
    agreed = named and two_people(judged.by, judged.approver)
    # What is merely possible one person sets aside, if it is not the one whose document it clears.
    if agreed and one.band == "confirmed" and not judged.proved:
        return obstacle(
            "names-not-proved",
            one.id,
            questions=(statement.id,),
            finding=one.words(),
            by=f"{judged.by} and {judged.approver}",
            does=statement.says["does"],
        )
    if agreed or (named and one.settled_by_one and not _own(inputs, judged.by)):
        until = f" until {judged.until.isoformat()}" if judged.until else ""
        by = judged.by + (f", approved by {judged.approver}" if agreed else "")
        by += ", both with their keys" if judged.proved else ""
        by += f"; {judged.revoked}" if judged.revoked else ""
        return SetAside(one, f"judged {judged_as(judged.verdict, judged.reason)}{until}: {judged.reason}", by)
    return obstacle(
        _not_counted(one, named=named, own=_own(inputs, judged.by)),
        one.id,
        questions=(statement.id,),
        finding=one.words(),
        verdict=judged_as(judged.verdict, judged.reason),
        by=judged.by or "nobody who is named",
        does=statement.says["does"],
    )


def _not_counted(one: Seen | DeviceSeen, *, named: bool, own: bool) -> str:
    """Name the obstacle of a judgement that does not count, by why it does not."""
    if not named or one.band == "confirmed":
        return _worded("judgement-not-approved" if named else "judgement-not-approved.unfounded", one)
    return "judgement-not-approved.own" if own else "judgement-not-approved.one"


def _worded(name: str, one: Seen | DeviceSeen) -> str:
    """Name the obstacle of what somebody's word alone sets aside: what is confirmed takes keys of two, and no override."""
    return _sure(name, one.band == "confirmed")


def _sure(name: str, sure: bool) -> str:
    return f"{name}.sure" if sure else name


def _ignored_aside(
    one: Seen | DeviceSeen, statement: Statement, inputs: PaperInputs
) -> Obstacle | SetAside | None:
    assert one.ignored is not None
    ends, by, reason = (one.ignored.get(name) or "" for name in ("until", "by", "reason"))
    last = day_of(ends)
    if last is not None and last < spoken_on(inputs):
        return None
    founded = bool(person_key(by)) and says_something(reason) and (not ends or last is not None)
    if founded and one.settled_by_one and not _own(inputs, by):
        return SetAside(one, f"set aside in the organisation's knowledge: {cut(reason, 300)}", by)
    return obstacle(
        _worded("set-aside", one),
        one.id,
        questions=(statement.id,),
        finding=one.words(),
        by=by or "someone",
        reason=cut(reason, 300),
        does=statement.says["does"],
    )


def _judged_words(one: Seen | DeviceSeen) -> str:
    if one.judgement is not None:
        return f"; judged {judged_as(one.judgement.verdict, one.judgement.reason)} by {one.judgement.by}"
    if one.lapsed is not None and one.lapsed.until is not None:
        said = judged_as(one.lapsed.verdict, one.lapsed.reason)
        return f"; {one.lapsed.by} judged it {said}, and that ended on {one.lapsed.until.isoformat()}"
    if one.ignored is not None:
        return f"; set aside until {one.ignored.get('until')}, which has passed"
    return "; not judged"


def _devices(
    inputs: PaperInputs, statement: Statement, weighed: Sequence[Seen], aside: Sequence[SetAside]
) -> tuple[list[Obstacle], list[SetAside]]:
    """Give what the joined records of a device say beyond its single findings, and the devices that people set aside."""
    if not shared_kinds()["device"].stands_against(Question(statement.id)):
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
    judged = device.judgement

    def told(name: str, about: str, **values: Any) -> Obstacle:
        return obstacle(
            name,
            device.id,
            about,
            questions=(statement.id,),
            evidence=(device.id, *device.findings),
            device=device.words(),
            judged="" if judged is None and device.lapsed is None else _judged_words(device),
            does=statement.says["does"],
            **values,
        )

    if judged is not None and judged.verdict == "same":
        yield told("device.same", judged.verdict)
        return
    for text in device.contradictions:
        yield told("device-contradiction", text, text=text)
    if together:
        named = "device.confirmed" if device.band == "confirmed" else "device"
        yield told(named, device.band, band=device.band)
