"""How far the answers of a questionnaire reach: to the things of the scan that it was written from, and to no others.

A later scan may find more at a site of the same name. Of those nobody was asked: they stay open, and are asked about.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import PurePath

from proscribe.app.rules.facts_file import Stated, Statement
from proscribe.app.rules.scopes import LIST, NEVER_ASKED, Scope, compared, scopes_in, site_key, things_key
from proscribe.model.results import Decided, Scan
from proscribe.rules.facts import PLACE_FACT, asks
from proscribe.rules.purposes import FACT as PURPOSE

_COMPANY = "company"
#: Scopes of things that a scan found; what is said of any other speaks of no such things.
_OF_THINGS = ("site", "things", LIST)


class Held:
    """The findings that each scope holds in a scan."""

    def __init__(self, scan: Scan) -> None:
        paths = {one.index: one.path for one in scan.inputs}
        self._by_scope: dict[tuple[str, str], list[str]] = {}
        for one in scan.findings:
            path, sheet = paths.get(one.input, ""), one.locator.sheet
            names = [f"{name}, {sheet}" if sheet else name for name in {path, PurePath(path).name}]
            site = one.details.site
            for scope in (
                (_COMPANY, ""),
                ("site", site_key(site)),
                ("things", things_key(one.entity, one.category, site)),
                *((LIST, site_key(name)) for name in names),
            ):
                self._by_scope.setdefault(scope, []).append(one.id)

    def by(self, fact: str, kind: str, name: str) -> list[str] | None:
        """Give the ids of the findings of which a fact is stated in a scope; `None` where it is stated of no things found.

        Args:
            kind, name: of the scope, as a `Scope` has them.
        """
        if kind in _OF_THINGS or (kind == _COMPANY and fact == PURPOSE):
            return self._by_scope.get((kind, name), [])
        return None

    def by_all(self, fact: str, applies_to: str) -> list[str] | None:
        """Give the same of what a row of a questionnaire applies to, which may be several scopes."""
        found: list[str] = []
        for one in scopes_in(applies_to):
            kind, _, name = compared(one).partition(":")
            ids = self.by(fact, kind, site_key(name) if kind == LIST else name)
            if ids is None:
                return None
            found += ids
        return found


def reach_of(
    scan: Scan, decided: Decided, asked: Collection[tuple[str, str]]
) -> Mapping[tuple[str, str], list[str]]:
    """Give the ids of the findings of which answers in a questionnaire of a scan speak.

    Args:
        asked: facts and what they apply to: of the questions, and of what is stated already.
    """
    held, stated = Held(scan), {(one.fact, one.applies_to) for one in decided.stated}
    never = {(one.fact, one.applies_to) for one in decided.not_known if one.note == NEVER_ASKED}
    made = {}
    for fact, applies_to in asked:
        found = held.by_all(fact, applies_to)
        if found is not None and (fact, applies_to) in stated:
            found = [one for one in found if (fact, f"finding:{one}") not in never]
        if found is not None:
            made[fact, applies_to] = found
    return made


def within_reach(scan: Scan, stated: Stated) -> Stated:
    """Leave the things open of which the sheet of an answer did not ask.

    Args:
        scan: with the sites that `stated` names.

    Returns:
        What is stated, with the things that no answer reaches among what is not known. What is said of a list as a list, or of
        where things stand, cannot be said of some alone, and is left out.
    """
    limited = {
        item.fact for item in stated.statements if item.reach is not None and not item.reach.everything
    }
    limited |= {fact for fact, scope in stated.not_known if scope.open == NEVER_ASKED}
    if not limited:
        return stated
    held = Held(scan)
    notes: dict[str, None] = {}
    dropped: set[Statement] = set()
    outside: dict[tuple[str, str], None] = {}
    reached: set[tuple[str, str]] = set()
    for item in stated.statements:
        if item.fact not in limited or item.reach is None:
            continue
        if item.scope.kind == "finding":
            reached.add((item.fact, item.scope.name))
            continue
        ids = held.by(item.fact, item.scope.kind, item.scope.name)
        if ids is None:
            ids = held.by(PURPOSE, _COMPANY, "") if item.scope.kind == _COMPANY else []
        left = item.reach.outside(ids or ())
        if left:
            notes[_said(item, len(left))] = None
        if left and (item.scope.kind == LIST or item.fact == PLACE_FACT):
            dropped.add(item)
            continue
        outside.update(dict.fromkeys((item.fact, one) for one in left))
        reached |= {(item.fact, one) for one in set(ids or ()).difference(left)}
    open_ = {(fact, scope): None for fact, scope in stated.not_known if scope.open != NEVER_ASKED}
    before = [
        (fact, scope.name)
        for fact, scope in stated.not_known
        if scope.open == NEVER_ASKED and fact in limited
    ]
    for fact, name in _once([*before, *outside]):
        if (fact, name) not in reached:
            open_.setdefault((fact, Scope("finding", name, name, NEVER_ASKED)))
    return replace(
        stated,
        statements=tuple(item for item in stated.statements if item not in dropped),
        not_known=tuple(open_),
        notes=tuple(dict.fromkeys((*stated.notes, *notes))),
    )


def _once(pairs: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    yield from dict.fromkeys(pairs)


def _said(item: Statement, left: int) -> str:
    many = "1 finding is" if left == 1 else f"{left:,} findings are"
    return (
        f"“{asks(item.fact)}” is not answered of all in {item.scope}: {many} not among those that the sheet was asked of "
        f"({item.at}), and {'is' if left == 1 else 'are'} asked about."
    )
