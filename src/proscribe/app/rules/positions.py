"""In which position the law is asked: of the company as stated, in regard of one award, in a country where it has sites.

One entity may be contractor, grantee, seller and carrier at once, and may have sites in several countries. What is stated of one
position is not said of another: each is put to the law by itself, and of each rule the stricter answer stands.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from proscribe.app.rules.facts_file import ROLE, Stated, Statement
from proscribe.app.rules.list_acts import of_act, stricter
from proscribe.app.rules.scopes import (
    AWARD,
    COUNTRY,
    FUND,
    LIST,
    PLACED,
    POSITIONS,
    Scope,
    can_state,
    site_key,
)
from proscribe.choice.matrix import abroad
from proscribe.kb.strictyaml import declared
from proscribe.model.decisions import Outcome
from proscribe.model.law import Law
from proscribe.model.results import FindingDecision, PositionDecision
from proscribe.rules.acts import ACT, PASSES_ON, SIDES
from proscribe.rules.facts import PLACE_FACT, typed

CONTRACT, GRANT = "contract", "grant"
_UNION = "EU"
_FEDERAL = "funds.federal_award"
_COMPANY = Scope("company")
#: Acts that a list may tell as well: stated of the company, they hold in regard of a contract too.
_OF_LISTS = frozenset(act for side in SIDES.values() for act in side.says)


def _declared() -> Mapping[str, Any]:
    value: Mapping[str, Any] = declared("proscribe.app.rules", "positions.yml")
    return value


def roles_of(kind: str) -> frozenset[str]:
    """Give what a party to an award of a kind is: `contract`, `grant` or `licence`."""
    return frozenset(_declared()["kinds"][kind]["roles"])


def is_of_position(fact: str) -> bool:
    """Tell whether a fact is of the matter in which it was stated, and not of a thing, a site or the whole company."""
    return fact != PASSES_ON and fact.startswith(tuple(_declared()["of_position"]))


def is_asked_of(fact: str, position: str) -> bool:
    """Tell whether a fact is asked of an award or a country, by its scope, and not of the things, the sites or the whole company.

    Which money paid for a thing is asked of the thing: several awards pay for the things of one company.
    """
    if position.startswith(f"{COUNTRY}:"):
        return not goes_along(fact) and can_state(fact, COUNTRY)
    return is_of_position(fact) and can_state(fact, AWARD) and not fact.startswith("funds.")


def is_asked_first_of(fact: str, position: str) -> bool:
    """Tell whether a fact is asked of an award once, before it is asked of things: whether its money pays for any of them."""
    return position.startswith(f"{AWARD}:") and fact.startswith("funds.") and can_state(fact, AWARD)


def holds_in(fact: str, position: str) -> bool:
    """Tell whether what is stated of the whole company is said in a position, too; empty for the company as it was stated.

    What is not said there is not asked of the company for it: the answer would not reach what waits.
    """
    if position.startswith(f"{COUNTRY}:"):
        return goes_along(fact)
    return not position.startswith(f"{AWARD}:") or not is_of_position(fact)


def awards_of(stated: Stated) -> list[Scope]:
    """Give the awards of which something is stated, or was asked in vain, in their order."""
    scopes = (*(item.scope for item in stated.statements), *(scope for _, scope in stated.not_known))
    return list({one.name: one for one in scopes if one.kind == AWARD}.values())


def countries_of(stated: Stated) -> list[str]:
    """Give the codes of the countries of which something is stated, in their order."""
    return list(dict.fromkeys(item.scope.name for item in stated.statements if item.scope.kind == COUNTRY))


def kind_of(stated: Stated, award: Scope) -> str:
    """Give the kind of an award by what the party is in regard of it; a contract where that is not stated."""
    role = next((one.value for one in _own(stated, award) if one.fact == ROLE), None)
    kinds = _declared()["kinds"]
    return next((kind for kind in kinds if role in kinds[kind]["roles"]), CONTRACT)


def as_stated(stated: Stated) -> Stated | None:
    """Give what is stated without any award or country: the company in the matter in which it was stated.

    Returns:
        `None` where awards say what the company does and nothing else is stated of it in their nation: they alone are asked then.
    """
    alone = replace(
        stated,
        statements=tuple(item for item in stated.statements if item.scope.kind not in POSITIONS),
        not_known=tuple(one for one in stated.not_known if one[1].kind not in POSITIONS),
    )
    awards = awards_of(stated)
    if not awards:
        return alone
    company = {item.fact: item.value for item in alone.statements if item.scope == _COMPANY}
    places = {
        next((one.value for one in _own(stated, award) if one.fact == PLACE_FACT), company.get(PLACE_FACT))
        for award in awards
    }
    if places - {company.get(PLACE_FACT)}:
        return alone
    if any(_is_taken(stated, award, company.get(ROLE)) for award in awards):
        # what is stated of the contractor is said in regard of the contracts that are named
        return alone if any(one.startswith("contract.") for one in company) else None
    return alone if ROLE in company or ACT in company else None


def _is_taken(stated: Stated, award: Scope, role: Any) -> bool:
    """Tell whether what the company is stated to be is taken to be what it is in regard of an award."""
    own = any(item.fact == ROLE for item in _own(stated, award))
    return not own and role in _declared()["kinds"][kind_of(stated, award)].get("taken", ())


def in_award(stated: Stated, award: Scope) -> Stated:
    """Give what is stated in regard of one award, as if it were the only matter of the company.

    What is stated of things, sites, lists and funds holds; what is stated of the company in another matter does not, but for what
    `positions.yml` says.
    """
    own = {item.fact: item for item in _own(stated, award)}
    return _in_matter(stated, own, kind_of(stated, award), award)


def in_kind(stated: Stated, kind: str) -> Stated:
    """Give what is stated in regard of an award of a kind of which nothing is stated."""
    return _in_matter(stated, {}, kind, None)


def _in_matter(stated: Stated, own: Mapping[str, Statement], kind: str, award: Scope | None) -> Stated:
    told = _declared()["kinds"][kind]
    at = f"{AWARD}:{award.shown}" if award is not None else kind
    made = {name: replace(item, scope=_COMPANY) for name, item in own.items()}
    for name, value in told.get("facts", {}).items():
        made.setdefault(name, Statement(_COMPANY, name, typed(name, value), at))
    if told.get("act"):
        made.setdefault(ACT, Statement(_COMPANY, ACT, typed(ACT, told["act"]), at))
    # that it is an award of a kind says not that it paid for a thing: only for what was paid from it
    federal = made.get(_FEDERAL)
    if federal is not None and federal.value is True:
        del made[_FEDERAL]
    open_ = tuple(
        (fact, _COMPANY)
        for fact, scope in stated.not_known
        if award is not None and (scope.kind, scope.name) == (AWARD, award.name)
    )
    unknown = {fact for fact, _ in open_}

    def holds(item: Statement) -> bool:
        if item.scope.kind in POSITIONS:
            return False
        if item.fact == PLACE_FACT and item.scope.kind in PLACED:
            return True
        if item.fact in made or item.fact in unknown:
            # a list tells what is done with its things where nothing is stated of the award
            return item.scope.kind == LIST and item.fact == ACT and not told.get("act") and ACT not in own
        if item.scope != _COMPANY or not is_of_position(item.fact):
            return True
        if item.fact == ROLE:
            return item.value in told.get("taken", ())
        return item.fact == ACT and kind == CONTRACT and item.value in _OF_LISTS

    kept = [item for item in stated.statements if holds(item)]
    if federal is not None and federal.value is True and award is not None:
        paid = Scope(FUND, award.name, award.shown)
        if not any(item.fact == _FEDERAL and item.scope == paid for item in kept):
            kept.append(Statement(paid, _FEDERAL, True, federal.at))
    before = tuple(
        (fact, scope)
        for fact, scope in stated.not_known
        if scope.kind not in POSITIONS and not (scope == _COMPANY and is_of_position(fact))
    )
    return replace(stated, statements=(*kept, *made.values()), not_known=(*before, *open_))


def in_country(stated: Stated, code: str) -> Stated:
    """Give what is stated in regard of the sites in another country: of the things there, and of what the company is there."""
    own = {item.fact: replace(item, scope=_COMPANY) for item in _own(stated, Scope(COUNTRY, code, code))}
    for name, value in abroad()["facts"].items():
        own.setdefault(name, Statement(_COMPANY, name, value, f"{COUNTRY}:{code}"))
    own[PLACE_FACT] = Statement(_COMPANY, PLACE_FACT, code, f"{COUNTRY}:{code}")
    kept = [
        item
        for item in stated.statements
        if item.scope.kind not in POSITIONS and goes_along(item.fact) and item.fact not in own
    ]
    open_ = tuple(
        (fact, _COMPANY if scope.kind == COUNTRY else scope)
        for fact, scope in stated.not_known
        if (scope.kind == COUNTRY and scope.name == code)
        or (scope.kind not in POSITIONS and goes_along(fact))
    )
    return replace(stated, statements=(*kept, *own.values()), not_known=open_)


def goes_along(fact: str) -> bool:
    """Tell whether a fact of a thing holds in another country, too; what is stated of a party or a contract does not."""
    return fact in abroad()["kept"] or fact.startswith("site.")


def acts_abroad(stated: Stated, code: str) -> tuple[str, ...]:
    """Give what is done with what stands in another country: as it was stated of it, else all that may be done there."""
    said = next((item.value for item in _own(stated, Scope(COUNTRY, code, code)) if item.fact == ACT), None)
    return (said,) if said is not None else abroad()["acts"]


def is_held(law: Law, code: str) -> bool:
    """Tell whether the knowledge holds a rule of a nation."""
    return any(one.jurisdiction == code and law.rules.get(one.id) for one in law.regimes.values())


def of_nation(decision: FindingDecision, law: Law, code: str) -> FindingDecision:
    """Give what rules of a nation, and of its union, say: rules of others are asked where the company is stated to be."""
    own = tuple(
        one for one in decision.determinations if law.regimes[one.regime].jurisdiction in (code, _UNION)
    )
    outcome = min((one.outcome for one in own), key=lambda one: one.rank, default=Outcome.NOT_COVERED)
    return replace(decision, outcome=outcome, determinations=own)


def of_paper(stated: Stated, kind: str, names: Collection[str]) -> Stated:
    """Give what is stated in the positions that a paper about one kind of award is about.

    Args:
        names: of the award that the paper names; where something is stated of it, that alone is meant.

    Returns:
        What is stated in regard of that award; else of each award of the kind, and of the company where what it is stated to
        be is of that kind; else of an award of which nothing is stated.
    """
    wanted = {site_key(name) for name in names if name.strip()}
    awards = awards_of(stated)
    named = next((one for one in awards if one.name in wanted), None)
    if named is not None:
        return in_award(stated, named)
    others = {one.name for one in awards if kind_of(stated, one) != kind}
    company = {item.fact: item.value for item in stated.statements if item.scope == _COMPANY}
    own = _is_of(kind, company) or (ROLE not in company and kind == CONTRACT)
    if not own and len(others) == len(awards):
        return in_kind(stated, kind)

    def holds(fact: str, scope: Scope) -> bool:
        if scope.kind in POSITIONS:
            return scope.kind == AWARD and scope.name not in others
        return own or scope != _COMPANY or not is_of_position(fact)

    return replace(
        stated,
        statements=tuple(item for item in stated.statements if holds(item.fact, item.scope)),
        not_known=tuple(one for one in stated.not_known if holds(*one)),
    )


def needs_own(stated: Iterable[tuple[str, str, str]], kind: str) -> bool:
    """Tell whether a paper about one kind of award is to be decided by itself, since all was decided in another position, too.

    Args:
        stated: fact, value and scope of all that was stated, as text.
    """
    every = list(stated)
    company = {fact: value for fact, value, scope in every if scope == "company"}
    several = any(scope.partition(":")[0] in POSITIONS for _, _, scope in every)
    return several or (ROLE in company and not _is_of(kind, company))


def _is_of(kind: str, company: Mapping[str, Any]) -> bool:
    """Tell whether a company is stated to be and to do what a party to an award of a kind is and does.

    Where the law is asked about what is bought, that it is used answers nothing.
    """
    idle = bool(_declared()["kinds"][kind].get("act")) and company.get(ACT) in _OF_LISTS
    return company.get(ROLE) in roles_of(kind) and not idle


def joined_positions(parts: Sequence[tuple[str, FindingDecision]], *, several: bool) -> FindingDecision:
    """Make one decision of what the law says of a thing in each position; of each regime the stricter determination stands.

    Args:
        parts: scope of the position, empty for the company as it was stated, and what the law says there; the first tells on
            which facts it was decided.
        several: whether other things were asked about in further positions.
    """
    first = parts[0][1]
    if not several and len(parts) == 1 and not parts[0][0]:
        return first
    told = ((part, dict(part.facts).get(ACT, "")) for _, part in parts)
    whole = stricter(
        one if part.acts else of_act(one, act) for part, act in told for one in part.determinations
    )
    return FindingDecision(
        min((part.outcome for _, part in parts), key=lambda one: one.rank),
        tuple(whole),
        first.facts,
        first.withheld,
        first.acts,
        tuple(PositionDecision(scope or "company", part) for scope, part in parts),
    )


def _own(stated: Stated, scope: Scope) -> Iterator[Statement]:
    return (
        item for item in stated.statements if (item.scope.kind, item.scope.name) == (scope.kind, scope.name)
    )
