"""Which act the law is asked about of a thing, by what its list is a list of and by what people stated."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

#: The fact of what is done.
ACT = "act.kind"
#: The fact whether things that were bought, or are held, go to others.
PASSES_ON = "act.passes_on"
_ROLE = "party.role"
USE, PROVIDE = "use", "provide"
#: Both questions, as a list answers them whose kind does not tell.
BOTH = frozenset([USE, PROVIDE])


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two things that are done with what is listed.

    Attributes:
        name: `use` or `provide`.
        act: the act that a list tells by itself.
        says: acts that are this.
        alone: acts that are this and deny the other.
        unless: facts, with their values, by which a thing of a list of unknown kind is not this.
        words: what such things are called to the party, such as `what you use`.
        lists: what such a list is called, such as `what is used`.
    """

    name: str
    act: str
    says: frozenset[str]
    alone: frozenset[str]
    unless: Mapping[str, frozenset[str]]
    words: str
    lists: str


#: Own reading. Acts of neither, such as an award, are of the contract and hold for every list.
SIDES = {
    USE: Side(
        USE, "use", frozenset(["use", "keep_in_operation", "maintain", "install_new"]), frozenset(["use", "keep_in_operation"]),
        {}, "what you use", "what is used",
    ),
    PROVIDE: Side(
        PROVIDE, "provide_to_government",
        frozenset(["provide_to_government", "market", "resell_privately", "import", "authorize_equipment"]),
        frozenset(["provide_to_government"]),
        # as what takes a thing out of the statement of 48 CFR 52.204-24(d)(1)
        {"use.by": frozenset(["the_entity", "parent", "affiliate", "subcontractor", "employee_personal", "landlord"])},
        "what you offer", "what is offered",
    ),
}  # fmt: skip
#: Whoever contracts with the Government: of these a list tells by itself what is done with its things, where nothing is stated.
CONTRACTORS = frozenset(["offeror", "prime_contractor", "subcontractor"])


#: What an offeror declares is weighed before an award: what it uses itself is not what is bought (48 CFR 4.2102(a)(2)).
AWARD, _BUYS, _BUYER = "award_contract", "procure", "government_buyer"


def is_weighed_for_award(facts: Mapping[str, Any]) -> bool:
    """Tell whether what an offeror declares of itself bears on an award: of an agency that buys, whatever list it stands in."""
    return facts.get(_ROLE) == _BUYER and facts.get(ACT) == _BUYS


def side(name: str) -> Side:
    """Give what is declared of `use` or of `provide`."""
    return SIDES[name]


def sides_of_act(act: str | None) -> frozenset[str]:
    """Tell which of the two an act is; both, where it is neither or not known."""
    return frozenset(name for name, one in SIDES.items() if act in one.says) or BOTH


def acts_of(
    answers: Collection[str], facts: Mapping[str, Any], *, told: bool = True, of_list: bool = False, mixed: bool = False,
    explained: bool = False, corrected: bool = False,
) -> tuple[str | None, ...]:  # fmt: skip
    """Give the acts about which the law is asked of a thing, what was stated first; `None` is an act that is not known.

    Args:
        answers: the questions that its list answers, `use` and `provide`; none of a list that shows neither.
        facts: what is known of it; the act as it was stated, where it was.
        told: whether the kind of the list is known; where it answers both all the same, what says so differs.
        of_list: whether the act was stated of this very list.
        mixed: whether another list tells what the stated act denies.
        explained: whether a list tells the stated act, so that it may have been said of that one alone.
        corrected: whether a person stated it of this very list in place of what its form alone shows.
    """
    stated: str | None = facts.get(ACT)
    if corrected:
        return (stated,)
    contracts = facts.get(_ROLE) in CONTRACTORS
    sides = [side(name) for name in (USE, PROVIDE) if name in answers]
    if len(sides) != 1:
        return _of_both(sides, stated, facts, contracts, asked=told or (mixed and not of_list))
    (own,) = sides
    other = _other(own)
    if stated is None:
        return (own.act if contracts else None,)
    if stated in own.says or stated not in other.says:
        return (stated,)
    if not contracts:
        # who is no contractor may be asked about what it provides whatever it uses; what it offers may go to anybody
        denied = stated in other.alone and own.name == PROVIDE and not of_list
        return (None,) if denied else (stated,)
    return (own.act,) if explained and stated in other.alone and not of_list else (stated, own.act)


def acts_passed_on(acts: tuple[str | None, ...], facts: Mapping[str, Any]) -> tuple[str | None, ...]:
    """Add that a thing of a list of what is used is provided, where it may go to others; whoever is no contractor is not asked.

    Args:
        acts: those about which the law is asked by the kind of the list.
        facts: what is known of the thing.
    """
    used = acts and all(act in side(USE).says for act in acts)
    return (*acts, side(PROVIDE).act) if used and facts.get(_ROLE) in CONTRACTORS else acts


def _of_both(
    sides: Collection[Side], stated: str | None, facts: Mapping[str, Any], contracts: bool, *, asked: bool
) -> tuple[str | None, ...]:
    """Give the acts of a thing that may be used and offered; what is stated stands, and what it denies where that is asked."""
    if stated is None or not (sides and asked and contracts):
        return (stated,)
    denied = [
        other
        for one in sides
        if stated in one.says and stated not in (other := _other(one)).says and not _is_out(other, facts)
    ]
    return (stated, *(one.act for one in denied))


def _is_out(one: Side, facts: Mapping[str, Any]) -> bool:
    return any(facts.get(fact) in values for fact, values in one.unless.items())


def _other(one: Side) -> Side:
    return side(PROVIDE if one.name == USE else USE)


def told_of_both(acts: Iterable[str]) -> bool:
    """Tell whether some acts are of what is used alone and others of what is offered alone."""
    return {name for act in acts if len(found := sides_of_act(act)) == 1 for name in found} == BOTH
