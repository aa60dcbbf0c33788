"""Judgements as organisation knowledge: a layer (see `kb/layers.py`) that later scans lie over the shipped knowledge.

Only `different` and `cleared` set a finding aside, with reason, author and day, and only the very finding that was judged:
another row, or the same row with other words, is a finding of its own. `same` and `unsure` set nothing aside. When cases
disagree about one finding, nothing is set aside and the disagreement is reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from proscribe.model.casework import Head, Judgement, Verdict


@dataclass(frozen=True, slots=True)
class LayerText:
    """A layer made of judgements.

    Attributes:
        text: YAML, for `--knowledge`.
        set_aside: how many findings it sets aside.
        disagreements: findings about which people disagree, in words.
    """

    text: str
    set_aside: int
    disagreements: tuple[str, ...]


def to_layer(judgements: Iterable[Judgement], entities: Mapping[str, str], head: Head) -> LayerText:
    """Write a layer.

    Args:
        judgements: of all cases.
        entities: finding id to the entity that the finding names.
        head: where the chain ended; named in the layer, so that it can be traced.
    """
    standing: dict[str, dict[str, Judgement]] = {}
    for item in judgements:
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
            "at": item.at.date().isoformat(),
            "until": item.until.isoformat() if item.until else "",
        }
        entries.append(
            "  - {" + ", ".join(f"{name}: {_quoted(text)}" for name, text in fields.items() if text) + "}"
        )
    lines += ["suppressions:", *entries] if entries else ["suppressions: []"]
    return LayerText("\n".join(lines) + "\n", len(entries), tuple(disagreements))


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
