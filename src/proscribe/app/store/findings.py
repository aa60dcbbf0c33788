"""Findings of a case as people choose them: filters read, written and checked, and a finding in short."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from proscribe.model.casework import Verdict
from proscribe.model.decisions import Outcome
from proscribe.model.errors import error
from proscribe.model.findings import Band
from proscribe.model.findings import Role as FindingRole

if TYPE_CHECKING:
    from proscribe.casework.findings import CaseFinding, Facets, FindingFilter
    from proscribe.casework.store import Store

#: How a filter and a list call what has no value.
NO_VALUE = "(none)"
_SHORTEST_BEGINNING = 2
_CONDITION = re.compile(r"""\s*([a-z]+)\s*=\s*('[^']*'|"[^"]*"|[^,]*?)\s*(?:,|$)""")


def where_of(text: str) -> FindingFilter:
    """Read a filter of findings: `band=possible,site='Mill Lane'`; a name that is written twice takes both values.

    Raises:
        UsageError: E449 when it is none.
    """
    from dataclasses import fields

    from proscribe.casework.findings import FindingFilter

    pairs: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        found = _CONDITION.match(text, at)
        if found is None:
            raise error(
                "E449", where=text[at : at + 80], known=", ".join(one.name for one in fields(FindingFilter))
            )
        pairs.append((found.group(1), found.group(2).strip("'\"")))
        at = found.end()
    return filter_of(pairs)


def as_filtered(value: str) -> str:
    """Write a value as filters have it: `(none)` for none, and a value that is called so with a stroke, `\\(none)`."""
    return f"\\{value}" if value.lstrip("\\") == NO_VALUE else value or NO_VALUE


def _as_held(said: str) -> str:
    """Read what `as_filtered` wrote."""
    if said == NO_VALUE:
        return ""
    return said[1:] if said.startswith("\\") and said.lstrip("\\") == NO_VALUE else said


def filter_of(pairs: Iterable[tuple[str, str]]) -> FindingFilter:
    """Read a filter of findings from pairs of name and value; a name that stands twice takes both values.

    Raises:
        UsageError: E449 when a name is no field, or a flag is neither yes nor no.
    """
    from dataclasses import fields

    from proscribe.casework.findings import FindingFilter

    known = {item.name: str(item.type) for item in fields(FindingFilter)}
    read: dict[str, Any] = {}
    for name, said in pairs:
        value = _as_held(said)
        if name not in known:
            raise error("E449", where=f"{name}={said}"[:80], known=", ".join(known))
        if "bool" in known[name]:
            if value not in ("yes", "no", "1", "0"):
                raise error("E449.flag", name=name, value=value[:40])
            read[name] = value in ("yes", "1")
        elif known[name] == "str":
            read[name] = by_beginnings(value) if name == "text" else value
        else:
            read[name] = (*read.get(name, ()), value)
    return FindingFilter(**read)


def by_beginnings(text: str) -> str:
    """Give words that were typed as a search takes them: by their beginnings, `mf286*`, but for those in quotation marks.

    A single letter or digit begins half of all words: it is looked for as a word.
    """
    return " ".join(
        word
        if word.endswith(("*", '"')) or (len(word) < _SHORTEST_BEGINNING and word.isascii())
        else f"{word}*"
        for word in text.split()
    )


def finding_of(one: CaseFinding) -> dict[str, Any]:
    """Give a finding of a case in short, as its scan has it."""
    found: dict[str, Any] = json.loads(one.support.finding)
    return found


#: More are not asked for by name.
_MOST_NAMED = 500
#: What a filter names findings by, one by one.
_NAMED = ("finding", "without")
#: Fields whose values the program knows, whether or not a finding of the case has them.
_CLOSED: Mapping[str, type[StrEnum]] = {"band": Band, "role": FindingRole, "outcome": Outcome}


def known_values(
    store: Store,
    case_id: str,
    where: FindingFilter,
    counts: Mapping[str, Sequence[tuple[str, int]]] | None = None,
) -> FindingFilter:
    """Check that the values of a filter are known, so that a slip does not read as "there is none".

    What has a vocabulary is held to that; any other value has to be one that a finding of the case has. Grounds are
    judgements, too.

    Args:
        counts: what is counted already, facet to values with numbers: a value in it is known, and nothing is asked of the store.

    Returns:
        The filter as a store takes it: of what was cleared, what was on no ground that is asked for is left out.

    Raises:
        UsageError: E449 with the values that there are.
        CaseError: E438 when a judgement is none.
    """
    from proscribe.app.store.grounds import verdict_said

    for name, value in where.to_json().items():
        if not isinstance(value, list) or name in _NAMED:
            continue
        if name == "verdict":
            for verdict in filter(None, value):
                verdict_said(verdict)
        else:
            _check_values(store, case_id, name, value, {one for one, _ in (counts or {}).get(name, ())})
    for name in _NAMED:
        if unknown := store.not_held(case_id, getattr(where, name)):
            some = store.findings(case_id, limit=3).findings
            known = ", ".join(one.support.finding_id for one in some)
            raise error("E449.value", name=name, value=unknown[0][:80], known=known or NO_VALUE)
    return _by_grounds(store, case_id, where)


def counted(store: Store, case_id: str, where: FindingFilter) -> tuple[FindingFilter, Facets]:
    """Give a filter as `known_values` does, with what it chooses by every facet."""
    found = store.facets(case_id, where)
    checked = known_values(store, case_id, where, found.counts)
    return checked, found if checked == where else store.facets(case_id, checked)


def _by_grounds(store: Store, case_id: str, where: FindingFilter) -> FindingFilter:
    """Give a filter that names grounds as one of verdicts, without what was cleared on other grounds."""
    from proscribe.app.store.grounds import grounds, word_of

    asked = {one.replace("-", " ") for one in where.verdict if one in grounds()}
    if not asked:
        return where
    others = tuple(one for one in where.verdict if one not in grounds())
    if Verdict.CLEARED.value in others:
        return replace(where, verdict=others)
    verdict = (*others, Verdict.CLEARED.value)
    cleared = store.chosen(case_id, replace(where, verdict=(Verdict.CLEARED.value,))).ids
    judged = store.judgements_in(case_id, finding_ids=cleared if len(cleared) <= _MOST_NAMED else ())
    stands = {one.finding_id: word_of(one) for one in judged}
    left_out = (name for name in cleared if stands.get(name) not in asked)
    return replace(where, verdict=verdict, without=(*where.without, *left_out))


def _check_values(
    store: Store, case_id: str, name: str, values: Sequence[str], counted: Collection[str]
) -> None:
    kind = _CLOSED.get(name)
    known = {one.value for one in kind} if kind else set()
    open_ = [value for value in values if value not in known and value not in counted]
    there = dict(store.facets(case_id).counts.get(name, {})) if open_ else {}
    unknown = [value for value in open_ if value not in there]
    if unknown and (there or kind):
        raise error(
            "E449.value",
            name=name,
            value=as_filtered(unknown[0])[:80],
            known=", ".join(sorted(known or there)[:12]) or NO_VALUE,
        )
