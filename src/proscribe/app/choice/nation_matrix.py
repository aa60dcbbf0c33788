"""The nation matrix as a service: entity, jurisdiction and year, from the law engine alone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO

from proscribe import __version__
from proscribe.app.choice.exposure import Work, only_asked, titles_of
from proscribe.app.files import put_text
from proscribe.choice.exposure import Thing
from proscribe.choice.matrix import Asking, abroad
from proscribe.choice.matrix_page import page, to_table
from proscribe.model.errors import error
from proscribe.model.nation_matrix import NationMatrix
from proscribe.rules.facts import PLACE_FACT
from proscribe.rules.stance import jurisdictions as places_of

#: Formats of `write_matrix`.
MATRIX_FORMATS = ("table", "json", "html")
_MOST_YEARS = 40
#: Rows that a note names.
_SHOWN = 20


def matrix(work: Work, years: str, jurisdictions: Sequence[str] = ()) -> NationMatrix:
    """Say for each maker, jurisdiction and year what the law holds.

    Args:
        work: an exposure with what it was made from.
        years: such as `2026-2030`, or one year.
        jurisdictions: codes such as GB; else those that the facts name. `all` is every one that the law knows.

    Raises:
        UsageError: E543 for years that are none, for a jurisdiction that the law does not know, or when none is named.
    """
    first, _, last = years.partition("-")
    last = last or first
    if not (
        years.isascii()
        and first.isdecimal()
        and last.isdecimal()
        and len(first) == len(last) == 4
        and first <= last
    ):
        raise error("E543.years", at="--years", text=years[:20])
    span = range(int(first), int(last) + 1)
    if len(span) > _MOST_YEARS or not 1990 <= span[0] <= span[-1] <= 2199:
        raise error("E543.years", at="--years", text=years[:20])
    law, places = work.decider.law, _places(work, jurisdictions)
    of = {one.id: one.entity for one in work.scan.findings}
    things: dict[str, list[Thing]] = {}
    lost = 0
    for thing in work.things:
        if thing.finding:
            things.setdefault(of[thing.finding], []).append(thing)
        else:
            lost += 1
    silent = _silent(work, places)
    notes = [
        *only_asked(work.stated, law),
        "Units and cost are those of the whole company: where a thing stands does not say whose law binds it.",
        "A cell holds law of its jurisdiction alone; acts of the EU stand in the row EU.",
        "A year is asked on its first and last day and on every day on which a rule of the jurisdiction begins or ends.",
    ]
    stated = {
        str(thing.facts[PLACE_FACT]) for thing in work.things if thing.finding and PLACE_FACT in thing.facts
    }
    if silent:
        notes.insert(
            1, f"No rule of {', '.join(silent)} was asked at all: nothing is said of what is forbidden there."
        )
    elsewhere = [one for one in places if stated - {one} and one not in silent]
    if elsewhere:
        acts = ", ".join(one.replace("_", " ") for one in abroad()["acts"])
        notes.append(
            f"{', '.join(elsewhere)}: facts were stated under other law ({', '.join(sorted(stated))}). What they say of a party, "
            f"a contract, funds or an order is not taken along; each thing is asked as one that is there ({acts}), and what "
            "else its law asks for stays open."
        )
    notes += _apart(work, things)
    if lost:
        notes.append(
            f"{lost} rows of assets name no finding; nobody knows who made these things, and they stand in no cell."
        )
    uncounted = [thing.asset.at for thing in work.things if thing.finding and thing.asset.units is None]
    if uncounted:
        more = f" and {len(uncounted) - _SHOWN} more" if len(uncounted) > _SHOWN else ""
        notes.append(
            f"{len(uncounted)} rows have no quantity that was read; their pieces are in no number of units, and the cost of "
            f"their cells is not known: {'; '.join(uncounted[:_SHOWN])}{more}."
        )
    notes += [f"{one.at}: {one.what}" for one in work.exposure.issues[:_SHOWN]]
    if len(work.exposure.issues) > _SHOWN:
        notes.append(
            f"{len(work.exposure.issues) - _SHOWN} more cells or files were not read; `exposure` names them all."
        )
    asking = Asking(work.decider.decide, law, work.prices, work.stated.regimes, work.matters.countries)
    cells = tuple(asking.cells(things, places, span))
    return NationMatrix(
        work.exposure.as_of, span[0], span[-1], work.exposure.currency, tuple(sorted(things)), tuple(places),
        cells, work.exposure.knowledge, __version__, tuple(notes),
        titles_of(law, (name for one in cells for name in (one.regime, *one.proposals))),
        {one: work.scan.entity_names.get(one, one) for one in sorted(things)},
    )  # fmt: skip


def _apart(work: Work, things: Iterable[str]) -> Iterator[str]:
    """Name makers that stand in no row, because they were found in what is sold alone."""
    apart = [one for one in work.exposure.sold if one.entity not in things]
    if apart:
        names = ", ".join(sorted({work.scan.entity_names.get(one.entity, one.entity) for one in apart}))
        yield (
            f"{names}: found in what is sold alone ({'; '.join(one.what for one in apart[:_SHOWN])}), and in no row; no cell "
            "says what the law of these places holds of selling it there. The page of the law, or `scan --decide`, does."
        )


def _places(work: Work, jurisdictions: Sequence[str]) -> list[str]:
    """Give the jurisdictions that are asked.

    Raises:
        UsageError: E543 as in `matrix`.
    """
    known = list(places_of(work.decider.law))
    places = list(dict.fromkeys(one.upper() if one != "all" else one for one in jurisdictions))
    if "all" in places:
        places = known
    if not places:
        named = {str(one.value) for one in work.stated.statements if one.fact == PLACE_FACT}
        places = sorted(named & set(known))
    wrong = [one for one in places if one not in known]
    if wrong or not places:
        raise error(
            "E543.place", at="--jurisdiction", text=", ".join(wrong) or "none", known=", ".join(known)
        )
    return places


def _silent(work: Work, places: Sequence[str]) -> list[str]:
    """Give the places of whose rules none was asked, where people named some rules."""
    named = work.stated.regimes
    law = work.decider.law
    return [
        place for place in places if named and all(law.regimes[one].jurisdiction != place for one in named)
    ]


def write_matrix(made: NationMatrix, name: str, target: str | Path | IO[str]) -> None:
    """Write a matrix in one of `MATRIX_FORMATS`: to a path, or to an open stream of text.

    Raises:
        EnvironmentProblem: E510 when the target cannot be written.
    """
    text = {"json": matrix_json, "html": page, "table": to_table}[name]
    put_text([text(made)], target)


def matrix_json(made: NationMatrix) -> str:
    """Write a matrix as JSON, byte-identical for the same inputs, knowledge and days."""
    return json.dumps(made.to_json(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
