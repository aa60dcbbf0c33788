"""Statements that another one denies: while both stand, what would let a thing go is taken as not known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from proscribe.rules.facts import FACTS, LIST_TYPES, shown, value_words


@dataclass(frozen=True, slots=True)
class Denial:
    """Two facts that do not hold together, of which the first would let a thing go.

    Attributes:
        fact: the one that is taken as not known.
        values: its values that are denied; of a list, whole lists.
        by: the fact that denies it.
        by_values: the values that do; of a list, a list that has one of them. Empty: any value but an empty list.
        why: why they do not hold together, as the second half of a sentence.
    """

    fact: str
    values: tuple[Any, ...]
    by: str
    by_values: tuple[Any, ...]
    why: str

    def holds_of(self, facts: Mapping[str, Any]) -> bool:
        """Tell whether both are stated."""
        if self.fact not in facts or self.by not in facts or facts[self.fact] not in self.values:
            return False
        told = facts[self.by]
        if FACTS[self.by].type in LIST_TYPES:
            return any(one in self.by_values for one in told) if self.by_values else bool(told)
        return told in self.by_values


_NO_TRAFFIC = ("passive_accessory", "battery", "other")
_CARRIES = "what does so is equipment of another kind"
#: Own reading. A row for each two facts of which the first lets a thing go in some rule.
DENIALS = (
    Denial(
        "use.state", ("disposed",), "act.kind", ("install_new", "keep_in_operation", "maintain"),
        "what is gone is neither put in, kept in operation nor maintained",
    ),
    Denial("item.kind", ("passive_accessory",), "item.contains_producer", (), "an accessory has no equipment inside"),
    Denial("item.kind", _NO_TRAFFIC, "item.routes_or_redirects_user_traffic", (True,), _CARRIES),
    Denial("item.kind", _NO_TRAFFIC, "item.permits_visibility_into_user_traffic", (True,), _CARRIES),
    Denial("item.kind", _NO_TRAFFIC, "item.provides_advanced_communications", (True,), _CARRIES),
    Denial("item.contains_producer", ((),), "item.contains_part", (), "a part that they made is named"),
    Denial("party.body_kind", ("none",), "party.role", ("public_body",), "a public body is of some kind"),
    Denial(
        "item.is_at_end_user", (True,), "network.segment", ("core", "access_management", "transport", "dwdm"),
        "what stands at an end user is no part of it",
    ),
)  # fmt: skip


def denied_in(facts: Mapping[str, Any]) -> Iterator[Denial]:
    """Give the denials of which both facts are stated."""
    return (one for one in DENIALS if one.holds_of(facts))


def without_denied(facts: Mapping[str, Any]) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    """Take what is denied as not known.

    Returns:
        The facts that are left, and a sentence on each that is not.
    """
    found = list(denied_in(facts))
    if not found:
        return facts, ()
    gone = {one.fact for one in found}
    notes = tuple(
        f"{one.fact} is stated to be {_said(facts[one.fact])}, and {one.by} to be {_said(facts[one.by])}: {one.why}. "
        f"So {one.fact} is taken as not known. Correct the one or the other."
        for one in found
    )
    return {name: value for name, value in facts.items() if name not in gone}, notes


def _said(value: Any) -> str:
    return value_words(shown(value))
