"""Judgements as organisation knowledge: a layer (see `kb/layers.py`) that later scans lie over the shipped knowledge.

Only `different` and `cleared` set a finding aside, with reason, author and day, and only the very finding that was judged:
another row, or the same row with other words, is a finding of its own. `same` and `unsure` set nothing aside. When cases
disagree about one finding, nothing is set aside and the disagreement is reported.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC
from zoneinfo import ZoneInfo

from proscribe.casework.devices import PREFIX
from proscribe.model.casework import Head, Judgement, Verdict


@dataclass(frozen=True, slots=True)
class LayerText:
    """A layer made of judgements.

    Attributes:
        text: YAML, for `--knowledge`.
        set_aside: how many findings it sets aside.
        disagreements: findings about which people disagree, in words.
        left_out: cases whose judgements were not used, in words.
    """

    text: str
    set_aside: int
    disagreements: tuple[str, ...]
    left_out: tuple[str, ...] = ()


def to_layer(
    judgements: Iterable[Judgement],
    entities: Mapping[str, str],
    head: Head,
    *,
    signs: Mapping[str, Collection[str]] | None = None,
    zones: Mapping[str, ZoneInfo] | None = None,
    foreign: Collection[str] = (),
) -> LayerText:
    """Write a layer.

    Args:
        judgements: of all cases.
        entities: finding id to the entity that the finding names.
        signs: finding id to the texts that it rested on when it was judged; others under the same id stay findings.
        head: where the chain ended; named in the layer, so that it can be traced.
        zones: case id to its time zone, in which the day of a judgement is told; UTC by default.
        foreign: ids of cases that were taken over without a signature. Whoever wrote them could set findings of ours aside,
            so their judgements do not count.
    """
    standing: dict[str, dict[str, Judgement]] = {}
    left_out: dict[str, int] = {}
    for item in judgements:
        if item.case_id in foreign:
            left_out[item.case_id] = left_out.get(item.case_id, 0) + 1
            continue
        if not item.finding_id.startswith(PREFIX):  # a scan finds no devices that could be set aside
            standing.setdefault(item.finding_id, {})[item.case_id] = item
    lines = [
        "# Judgements of people about findings, written by `proscribe case judgements`.",
        f"# Store {head.store_id}, event {head.seq}, {head.digest}",
    ]
    entries: list[str] = []
    disagreements: list[str] = []
    for finding_id in sorted(standing):
        said = list(standing[finding_id].values())
        aside = [item for item in said if item.verdict in (Verdict.DIFFERENT, Verdict.CLEARED)]
        if not aside:
            continue
        against = [item for item in said if item.verdict not in (Verdict.DIFFERENT, Verdict.CLEARED)]
        if against:
            disagreements.append(
                f"{finding_id}: {aside[0].verdict.value} in {aside[0].case_id}, "
                f"{against[0].verdict.value} in {against[0].case_id}"
            )
            continue
        # Of several, the one that ends first holds: the finding comes back the sooner.
        item = min(aside, key=lambda one: (one.until is None, one.until or 0, one.seq))
        fields = {
            "finding": finding_id,
            "entity": entities.get(finding_id, ""),
            "reason": f"{item.reason} ({item.case_id}, {item.verdict.value})",
            "by": item.by,
            "at": item.at.astimezone((zones or {}).get(item.case_id, UTC)).date().isoformat(),
            "until": item.until.isoformat() if item.until else "",
        }
        given = [f"{name}: {_quoted(text)}" for name, text in fields.items() if text]
        if (signs or {}).get(finding_id):
            given.append(f"found: [{', '.join(map(_quoted, sorted((signs or {})[finding_id])))}]")
        entries.append("  - {" + ", ".join(given) + "}")
    lines += ["suppressions:", *entries] if entries else ["suppressions: []"]
    skipped = tuple(
        f"{count} judgements of {case_id}, which was taken over without a signature"
        for case_id, count in sorted(left_out.items())
    )
    return LayerText("\n".join(lines) + "\n", len(entries), tuple(disagreements), skipped)


def _quoted(text: str) -> str:
    """Write a double-quoted YAML scalar (YAML 1.2, 5.7): what does not print is escaped by number."""
    out = []
    for char in text:
        if char in '"\\':
            out.append("\\" + char)
        elif char.isprintable():
            out.append(char)
        else:
            out.append(f"\\U{ord(char):08x}")
    return '"' + "".join(out) + '"'
