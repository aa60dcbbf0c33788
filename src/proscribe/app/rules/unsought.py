"""Firms that rules name and that are looked for in no file: where such a rule finds nothing, nothing was searched for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from proscribe.kb.ownership import Certainty
from proscribe.kb.snapshot import Snapshot, View
from proscribe.model.law import AffiliateOf, DefinitionRef, Expression, IsEntity, Law, ListedOn
from proscribe.model.results import FindingDecision
from proscribe.rules.expressions import walk

_GROUPS = "matching/groups"
_NOBODY = "other"


def unsought_of(law: Law, snapshot: Snapshot, view: View) -> dict[str, tuple[str, ...]]:
    """Give for each regime that names such firms one sentence on them.

    Args:
        law: its regimes, with their conditions.
        snapshot: says which firms of other laws files are searched for beside those of section 889 and their groups.
        view: entities and lists as known on its day.

    Returns:
        By regime: how many firms it names, of how many files are searched, and the names of the others, sorted.
    """
    also = frozenset((snapshot.documents(_GROUPS).get(_GROUPS) or {}).get("also_sought", ()))
    owners: dict[str, set[str]] = {}
    for row in view.rows("stakes"):
        owners.setdefault(str(row["asset"]), set()).add(str(row["owner"]))
    listed: dict[str, set[str]] = {}
    for row in view.rows("listings"):
        listed.setdefault(str(row["list"]), set()).add(str(row["entity"]))
    sought: dict[str, bool] = {}

    def is_sought(entity: str) -> bool:
        if entity not in sought:
            held = view.entities.get(entity)
            sought[entity] = held is not None and (
                entity in also
                or not also.isdisjoint(owners.get(entity, ()))
                or bool(held.get("named_firm"))
                or view.covered_through(entity).certainty is not Certainty.NONE
            )
        return sought[entity]

    found: dict[str, tuple[str, ...]] = {}
    for name, regime in law.regimes.items():
        firms = set(listed.get(name, ()))
        for rule in law.rules.get(name, ()):
            firms |= set(_named(rule.when, law, listed))
        names = {one: str((view.entities.get(one) or {}).get("name") or "") for one in firms - {_NOBODY}}
        left = {shown for one, shown in names.items() if shown and not is_sought(one)} | {*regime.names_also}
        if left:
            total = sum(map(bool, names.values())) + len(regime.names_also)
            inside = sorted(left, key=str.casefold)
            found[name] = (
                f"{regime.title} names at least {total} firm{'s' if total > 1 else ''}; files are searched for "
                f"{total - len(left)} of them, and not for: {'; '.join(inside)}.",
                *inside,
            )
    return found


class _Knows(Protocol):
    @property
    def law(self) -> Law: ...

    @property
    def unsought(self) -> Mapping[str, tuple[str, ...]]: ...


def told_of(decisions: Mapping[str, FindingDecision], nation: str, decider: _Knows) -> Iterator[str]:
    """Say which firms the rules that were asked name and no file is searched for; nothing where there are none.

    Args:
        decisions: by finding; where nothing was found, the rules of the nation count, which would have been asked.
        nation: code of the nation of the company; may be empty.
        decider: the law, and what `unsought_of` says of it.
    """
    asked = {found.regime for one in decisions.values() for found in one.determinations}
    asked = asked or {one.id for one in decider.law.regimes.values() if one.jurisdiction == nation}
    told = [decider.unsought[name][0] for name in sorted(asked & decider.unsought.keys())]
    if told:
        yield f"NOT CHECKED: {' '.join(told)}"


def _named(
    expression: Expression, law: Law, listed: Mapping[str, set[str]], above: frozenset[str] = frozenset()
) -> Iterator[str]:
    for node in walk(expression):
        match node:
            case AffiliateOf() | IsEntity():
                yield from node.firms
            case ListedOn():
                yield from listed.get(node.list, ())
            case DefinitionRef(identity) if identity not in above:
                yield from _named(law.definitions[identity].when, law, listed, above | {identity})
            case _:
                pass
