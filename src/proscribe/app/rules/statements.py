"""What people stated, joined with what the scan knows of one finding: the narrower prevails, and two that differ are refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from proscribe.app.rules.facts_file import Stated, Statement, contradiction
from proscribe.app.rules.own_facts import Own
from proscribe.app.rules.scopes import (
    FUND,
    LIST,
    OF_USE,
    PLACE,
    PLACED,
    SUPPLIER,
    may_differ,
    narrowness,
    site_key,
    things_key,
)
from proscribe.devices.same_thing import names_maker
from proscribe.model.errors import ProscribeError, error
from proscribe.model.findings import Finding
from proscribe.rules.acts import ACT
from proscribe.rules.facts import PLACE_FACT, contradictions, shown
from proscribe.rules.purposes import FACT as PURPOSE
from proscribe.rules.purposes import Taken, Use, as_said

#: Scopes from which a statement of what things are for prevails over the words of their records.
_NEAR = ("site", "things", "finding")
#: Scopes from which a statement prevails over what words of a record show: of the finding, and of the fund that those words name.
_OF_THE_RECORD = ("finding", FUND)
_NOTHING = "none"


class Statements:
    """Statements by what they apply to, and what people could not say of narrower things."""

    def __init__(self, stated: Stated) -> None:
        self._by_scope: dict[tuple[str, str], list[Statement]] = {}
        for item in stated.statements:
            self._by_scope.setdefault((item.scope.kind, item.scope.name), []).append(item)
        self._open: dict[tuple[str, str], list[str]] = {}
        for fact, scope in stated.not_known:
            self._open.setdefault((scope.kind, scope.name), []).append(fact)
        self.used: set[tuple[str, str]] = set()
        #: Whether something is stated of a list, a supplier or a fund.
        self.of_lists = any(kind in (LIST, SUPPLIER, FUND) for kind, _ in self._by_scope)
        self.overruled: dict[Statement, str] = {}
        #: The nation whose law is asked of everything; where none is stated, each thing is asked by the law of its own.
        self._home = self.company(PLACE_FACT)

    def company(self, fact: str) -> Any:
        """Give what is stated of the whole company; `None` where nothing is."""
        said = self._by_scope.get(("company", ""), ())
        return next((item.value for item in said if item.fact == fact), None)

    def reading(self, kinds: Sequence[Use]) -> tuple[str, ...]:
        """Give what cameras are for by the readings taken of all kinds that the name of a site speaks of; else nothing."""
        found = [item for use in kinds for item in self._by_scope.get((PLACE, use.id), ())]
        if not found or len(found) < len(kinds):
            return ()
        values = dict.fromkeys(value for item in found for value in item.value)
        said = [name for item in found for name in as_said(item.value)]
        return Taken.of([one for one in values if one != _NOTHING] or [_NOTHING], said)

    def scopes_of(
        self, finding: Finding, own: Own, listed: Iterable[tuple[str, str]] = ()
    ) -> list[tuple[str, str]]:
        """Give the scopes of which something is stated, or was asked in vain, that apply to a finding; the widest first.

        What is said of a firm's things, or of things of a kind, reaches a thing only when the scan is sure that it is one.

        Args:
            listed: those of its list, its supplier and the fund that paid.
        """
        site = finding.details.site
        wanted = (
            ("company", ""),
            ("category", own.facts.get("item.kind") or own.said.get("item.kind", "")),
            ("entity", finding.entity if names_maker(finding) else ""),
            *listed,
            ("site", site_key(site)),
            ("things", things_key(finding.entity, finding.category, site)),
            ("finding", finding.id),
        )
        return [scope for scope in wanted if scope in self._by_scope or scope in self._open]

    def facts_for(self, scopes: Sequence[tuple[str, str]], own: Own) -> dict[str, Any]:
        """Join what the scan knows with what people stated.

        Raises:
            CaseError: E405 when two statements differ, or one about this finding differs from what the scan is sure of.
        """
        facts = {**own.said, **own.facts}
        stated: dict[str, Statement] = {}
        for scope in scopes:
            self.used.add(scope)
            for fact in self._open.get(scope, ()):
                # what is said of many things does not answer for those of which nobody could say it
                if stated.pop(fact, None) is not None:
                    del facts[fact]
                    facts.update({name: value for name, value in own.said.items() if name == fact})
            for item in self._by_scope.get(scope, ()):
                if item.fact == PLACE_FACT and scope[0] in PLACED and self._home is not None:
                    continue  # where it stands; see `country_of`
                if item.fact in own.facts:
                    # said of many things, it fills what the scan leaves open; said of this one, it must agree
                    if scope[0] == "finding" and item.value != own.facts[item.fact]:
                        raise _against_the_scan(item, own.facts[item.fact])
                    if item.value != own.facts[item.fact]:
                        self.overruled.setdefault(item, f"the scan is sure of {shown(own.facts[item.fact])}")
                    continue
                if item.fact == PURPOSE and (scope[0] in _NEAR or item.value != ("none",)):
                    pass  # who speaks of the place or of these things, or names a purpose, knows more than a word of a record
                elif own.said.get(item.fact, item.value) != item.value and scope[0] not in _OF_THE_RECORD:
                    # said of many things, it does not speak against the record of this one
                    who = (
                        "the reading of such a place"
                        if isinstance(own.said[item.fact], Taken)
                        else "the record"
                    )
                    self.overruled.setdefault(item, f"{who} says {shown(own.said[item.fact])}")
                    continue
                if item.fact in own.shut and item.fact not in own.said and scope[0] != "finding":
                    told = (
                        "the list is of what is sold"
                        if item.fact in OF_USE
                        else "the scan sees a part that may be inside"
                    )
                    self.overruled.setdefault(item, told)
                    continue
                before = stated.setdefault(item.fact, item)
                whole = before.scope.kind
                if before.value != item.value and not may_differ(item.fact, scope[0], whole, before.value):
                    raise contradiction(before, item)
                if before.value != item.value or narrowness(item.fact, scope[0]) > narrowness(
                    item.fact, whole
                ):
                    stated[item.fact] = item
                facts[item.fact] = item.value
        for fact, what in contradictions(facts):
            raise error("E405.together", at=stated[fact].at, what=what)
        return facts

    def country_of(self, scopes: Iterable[tuple[str, str]]) -> str:
        """Give the code of the nation in which a thing is stated to stand, by the narrowest scope; empty where none says."""
        said = [
            str(item.value)
            for scope in scopes
            if scope[0] in PLACED
            for item in self._by_scope.get(scope, ())
            if item.fact == PLACE_FACT and self._home is not None
        ]
        return said[-1] if said else ""

    def of_list(self, scopes: Iterable[tuple[str, str]]) -> Statement | None:
        """Give what is stated to be done with the things of one list; `None` where nothing is."""
        found = (
            item
            for scope in scopes
            if scope[0] == LIST
            for item in self._by_scope.get(scope, ())
            if item.fact == ACT
        )
        return next(found, None)

    def is_narrow(self, scopes: Iterable[tuple[str, str]], fact: str) -> bool:
        """Tell whether a fact is stated of less than the whole company."""
        return any(
            item.fact == fact
            for scope in scopes
            if scope[0] != "company"
            for item in self._by_scope.get(scope, ())
        )

    def unused(self) -> list[Statement]:
        """Give the first statement of every scope that no finding met."""
        return [
            items[0]
            for scope, items in self._by_scope.items()
            if scope not in self.used and scope[0] != PLACE
        ]


def _against_the_scan(item: Statement, found: Any) -> ProscribeError:
    return error(
        "E405.scan", at=item.at, fact=item.fact, value=shown(item.value), scope=item.scope, found=shown(found)
    )
