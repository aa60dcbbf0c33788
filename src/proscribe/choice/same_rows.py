"""Rows of a choice that speak of one thing: equal ones, states of one contract, one budget pasted twice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import astuple, replace
from itertools import pairwise

from proscribe.choice.firm_names import firm_key
from proscribe.choice.gathering import SHOWN, Gathered, listed, words
from proscribe.choice.records import STATE, Asset, Capacity, Contract
from proscribe.model.customers import Customer

#: `P00010`, `A00002`, `0`: letters name a series of its own.
_MODIFICATION = re.compile(r"(\D*?)0*(\d+)", re.ASCII)
#: A federal award: office, year, letter of the instrument, serial number; its parts have fixed lengths (48 CFR 4.1603(a)).
_PIID = re.compile(r"([a-z0-9]{6})-?([0-9]{2})-?([a-z])-?([a-z0-9]{4,8})")


def _compared(number: str) -> str:
    """Spell the number of a contract for comparing: case, and signs but between digits, tell no two apart.

    Between the parts of a federal number no sign tells anything.
    """
    spelt = re.sub(r"[\W_]+", "-", number.casefold()).strip("-")
    federal = _PIID.fullmatch(spelt)
    return "".join(federal.groups()) if federal else re.sub(r"(?<!\d)-|-(?!\d)", "", spelt)


def _change(modification: str) -> tuple[str, int] | None:
    """Give the series of a modification and its number in it; `None` for what has no number."""
    told = _MODIFICATION.fullmatch(modification.casefold())
    if told is None:
        return None
    return told[1].rstrip("-_ ."), int(told[2])


def _later(one: Contract, other: Contract) -> bool:
    """Tell whether a row surely tells a later state than another: by its day, then by its number; `0` is of all series."""
    if one.changed_on and other.changed_on and one.changed_on != other.changed_on:
        return one.changed_on > other.changed_on
    mine, theirs = _change(one.modification), _change(other.modification)
    if mine is None or theirs is None:
        return False
    return (mine[0] == theirs[0] or not theirs[1]) and mine[1] > theirs[1]


def note_same_rows(made: Gathered) -> None:
    """Name equal rows: of things all count; a contract counts once, for its number is its own, and so does a budget."""
    seen: dict[Asset, list[str]] = {}
    for asset in made.assets:
        seen.setdefault(replace(asset, id="", at=""), []).append(asset.at)
    twins = [places for places in seen.values() if len(places) > 1]
    for places in twins[:SHOWN]:
        made.notes.append(f"Equal rows of assets, which all count: {listed(places)}.")
    if len(twins) > SHOWN:
        made.notes.append(f"{len(twins) - SHOWN} more groups of rows of assets are equal; all count.")
    _note_same_contracts(made)
    _note_same_capacity(made)


def _note_same_contracts(made: Gathered) -> None:
    kept: dict[Contract, Contract] = {}
    numbered: dict[tuple[str, str], list[Contract]] = {}
    for contract in made.contracts:
        spelt = replace(
            contract, id="", at="", number=_compared(contract.number), customer=Customer(*map(words, astuple(contract.customer))),
            legal_entity=firm_key(contract.legal_entity), sites=tuple(map(words, contract.sites)),
            buys=None if contract.buys is None else tuple(map(words, contract.buys)),
            modification="", changed_on=None,
        )  # fmt: skip
        first = kept.setdefault(spelt, contract)
        if first is not contract:
            other = "" if first.number == contract.number else f", there written {first.number}"
            made.notes.append(
                f"{contract.at} is the same as {first.at}: the contract {contract.number}{other} counts once."
            )
            came = contract.changed_on is None or made.as_of is None or contract.changed_on <= made.as_of
            if came and first.modification and _later(contract, first):
                # a state that came back is as late as it came last
                kept[spelt] = replace(
                    first, modification=contract.modification, changed_on=contract.changed_on
                )
            continue
    for spelt, contract in kept.items():
        numbered.setdefault((spelt.number, contract.kind), []).append(contract)
    counts = {one.id: one for one in kept.values()}
    for (_, kind), rows in numbered.items():
        if len(rows) > 1 and all(one.modification for one in rows):
            for one in rows:
                del counts[one.id]
            counts[rows[0].id] = replace(_standing(rows, kind, made), id=rows[0].id)
        elif len(rows) > 1:
            names = " or ".join(dict.fromkeys(one.number for one in rows))
            made.notes.append(
                f"The {kind} {names} stands in several rows that differ, which all count: {listed([one.at for one in rows])}."
            )
    made.contracts = sorted(counts.values(), key=lambda one: int(one.id[1:]))
    alike: dict[str, dict[str, Contract]] = {}
    for contract in made.contracts:
        spelt_number = _compared(contract.number)
        alike.setdefault(spelt_number.replace("-", ""), {}).setdefault(spelt_number, contract)
    for same in alike.values():
        if len(same) > 1:
            named = "; ".join(f"{one.number} ({one.at})" for one in list(same.values())[:SHOWN])
            made.notes.append(
                f"Contracts whose numbers differ only in signs between digits, which all count: {named}. Where they are "
                "one, write its number alike."
            )


def _standing(rows: Sequence[Contract], kind: str, made: Gathered) -> Contract:
    """Give the state of a contract that counts, of rows that each tell one; what does not count, or contradicts, is named.

    Rows of which none is surely the latest give the most that any of them says, in the second column.
    """
    to_come = [one for one in rows if made.as_of and one.changed_on and one.changed_on > made.as_of]
    if to_come and len(to_come) < len(rows):
        made.notes.append(
            f"{listed([one.at for one in to_come])}: changes of the {kind} {rows[0].number} of a later day than "
            f"{made.as_of}; they do not count yet."
        )
        rows = [one for one in rows if one not in to_come]
    latest = [one for one in rows if not any(_later(other, one) for other in rows)] or list(rows)
    older = [one for one in rows if one not in latest]
    if older:
        newest = latest[0]
        made.notes.append(
            f"{listed([one.at for one in older])}: earlier states of the {kind} {newest.number}, which counts as "
            f"{listed([one.at for one in latest])} tells it (modification {newest.modification}); write its sum in one row "
            "where they add up."
        )
    if len(latest) == 1:
        return latest[0]
    made.notes.append(
        f"{listed([one.at for one in latest])}: rows of the {kind} {latest[0].number} that contradict each other, and "
        "neither day nor modification says which is the latest: the most that any of them says counts, in the second "
        "column; correct what is wrong."
    )
    return _most(latest)


def _most(rows: Sequence[Contract]) -> Contract:
    """Join rows that contradict each other: the highest amounts, every day, the last end, and no limit that one row lacks."""
    first = rows[0]
    same = {
        name: len({getattr(one, name) for one in rows}) == 1
        for name in ("sites", "clauses", "legal_entity", "agency", "buys")
    }
    amounts = [(one.yearly.amount, one.yearly) for one in rows if one.yearly is not None]
    ends = [one.ends_on for one in rows]
    carried = [one.carries for one in rows if one.carries is not None]
    events = tuple(sorted({event for one in rows for event in one.events}, key=lambda one: (one[1], one[0])))
    return replace(
        first,
        carries=max(carried, key=lambda one: one.amount) if carried and len(events) == 1 else None,
        carries_from=first.carries_from if len(events) == 1 else None,
        yearly=max(amounts, key=lambda one: one[0])[1] if amounts else None,
        events=events,
        ends_on=None if None in ends else max(one for one in ends if one),
        sites=first.sites if same["sites"] else (),
        buys=first.buys if same["buys"] else (),
        clauses=tuple(dict.fromkeys(clause for one in rows for clause in one.clauses)),
        legal_entity=first.legal_entity if same["legal_entity"] else "",
        must_keep=any(one.must_keep for one in rows),
        doubtful=STATE,
    )


def _note_same_capacity(made: Gathered) -> None:
    """Count equal rows once, so that a row pasted twice is no second budget; name rows of one month that add up."""
    kept: dict[Capacity, Capacity] = {}
    for row in made.capacity:
        first = kept.setdefault(replace(row, at="", region=words(row.region), skill=words(row.skill)), row)
        if first is not row:
            made.notes.append(
                f"{row.at} is the same as {first.at} and counts once; where both are meant, write one row with their sum."
            )
    made.capacity = list(kept.values())
    if made.of_months:
        made.notes.append(
            "What stands in these rows of capacity is taken for each of their months, not for all of them together: "
            f"{listed(made.of_months)}."
        )
    if made.of_quarters:
        made.notes.append(
            f"Each month of a quarter has a third of what its row says: {listed(made.of_quarters)}."
        )
    adding: dict[tuple[str, str, str], list[Capacity]] = {}
    for row in made.capacity:
        if row.what != "closed":
            adding.setdefault((row.what, words(row.region), words(row.skill)), []).append(row)
    for (what, *_), rows in adding.items():
        rows.sort(key=lambda one: (one.first, one.last))
        over = [pair for pair in pairwise(rows) if pair[1].first <= pair[0].last]
        if over:
            places = list(dict.fromkeys(row.at for pair in over for row in pair))
            made.notes.append(f"Rows of {what} for the same months add up: {listed(places)}.")
