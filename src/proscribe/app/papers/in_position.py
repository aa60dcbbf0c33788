"""What the law says of the findings of a document in the position of the award that the document is about.

A scan was put to the law in every position of the company that was stated. A certification on award funds is a recipient's, and
says nothing of what the same firm may do as a contractor: its findings are put to the law again, under what is stated in
regard of its award alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from proscribe.app.papers.as_judged import judged_in, said_as_judged
from proscribe.app.papers.document_scans import ScansOf, dicts
from proscribe.app.rules.decide import Decider
from proscribe.app.rules.facts_file import stated_again
from proscribe.app.rules.positions import needs_own, of_paper
from proscribe.app.rules.scan_decide import decide_findings
from proscribe.documents import paper_type
from proscribe.model.scan_reading import read_scan
from proscribe.model.scan_writing import scan_value

if TYPE_CHECKING:
    from pathlib import Path

    from proscribe.app.store.desk import Desk
    from proscribe.kb.snapshot import Snapshot
    from proscribe.model.casework import CaseFile
    from proscribe.model.results import Scan

#: What a scan says of a finding where the law was asked.
_OF_A_DECISION = ("outcome", "decided_on", "withheld", "determinations", "acts", "positions")
#: Facts that hold in every position: who agreed to them agreed to them for this one.
_OF_THINGS = ("item.", "use.", "funds.", "site.", "network.")


def put_in_position(
    type_: str,
    value: Mapping[str, Any],
    snapshot: Snapshot,
    files: Mapping[str, Path],
    desk: Desk | None,
    file: CaseFile | None,
) -> None:
    """Let the scans of a document say what the law says in the position that the document is about.

    Args:
        type_: of the document, which may declare the kind of award that it is about.
        value: what the document is made from; its scans are changed.
        files: digest to file, of the scans that were handed over. What was decided of a scan that neither they nor the case
            hold is taken out.

    Raises:
        CaseError: E405 when what is stated of the award contradicts what is stated of things.
    """
    kind = str(paper_type(type_).get("position", ""))
    if not kind:
        return
    names = list(_names(value.get("contract")))
    scans = [one for one in dicts(value.get("scans")) if needs_own(_stated(one["value"]), kind)]
    if not scans:
        return
    decider = desk.decider if desk is not None else Decider.of(snapshot)
    held = ScansOf(desk, file) if desk is not None and file is not None else None
    runs = {run.scan_sha256: run.id for run in file.runs} if file is not None else {}
    judged = judged_in(desk, file) if desk is not None and file is not None else None
    for one in scans:
        digest = one["sha256"]
        if digest in files:
            scan = read_scan(files[digest].read_bytes(), files[digest].name).scan
        elif held is not None and digest in runs:
            scan = held.scan(runs[digest])
        else:
            _say_nothing(one)
            continue
        made = _decided(scan, kind, names, decider)
        _say(one, scan_value(made))
        if "as_judged" in one and judged is not None:
            one["as_judged"] = said_as_judged(made, judged, decider)


def _decided(scan: Scan, kind: str, names: list[str], decider: Decider) -> Scan:
    told = scan.decided
    assert told is not None
    stated = stated_again(told, decider.law, decider.firms, decider.purposes)
    live = replace(scan, findings=tuple(one for one in scan.findings if one.id in told.by_finding))
    made = decide_findings(live, decider, of_paper(stated, kind, names)).decided
    assert made is not None
    return replace(scan, findings=live.findings, decided=made)


def _say(one: dict[str, Any], made: Mapping[str, Any]) -> None:
    """Put what is said now in the place of what a scan says; who agreed to other facts of a thing agreed to none of these."""
    said = {finding["id"]: finding for finding in made["findings"]}
    changed: set[str] = set()
    findings = []
    for finding in dicts(one["value"].get("findings")):
        now = said.get(finding.get("id"))
        if now is None:
            findings.append(finding)
            continue
        if _of_things(finding) != _of_things(now):
            changed.add(str(finding["id"]))
        rest = {name: item for name, item in finding.items() if name not in _OF_A_DECISION}
        findings.append({**rest, **{name: now[name] for name in _OF_A_DECISION if name in now}})
    one["value"] = {**one["value"], "findings": findings, "decided": made["decided"]}
    if "facts_agreed" in one:
        one["facts_agreed"] = [
            {**agreed, "finding_ids": [name for name in agreed["finding_ids"] if name not in changed]}
            for agreed in one["facts_agreed"]
        ]


def _say_nothing(one: dict[str, Any]) -> None:
    """Take out what a scan says that cannot be read again: in this position nobody asked the law."""
    findings = [
        {name: item for name, item in finding.items() if name not in _OF_A_DECISION}
        for finding in dicts(one["value"].get("findings"))
    ]
    rest = {name: item for name, item in one["value"].items() if name != "decided"}
    one["value"] = {**rest, "findings": findings}
    one.pop("as_judged", None)


def _of_things(finding: Mapping[str, Any]) -> dict[str, str]:
    facts = finding.get("decided_on") or {}
    return {name: text for name, text in facts.items() if name.startswith(_OF_THINGS)}


def _stated(scan: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    decided = scan.get("decided")
    for one in dicts(decided.get("stated")) if isinstance(decided, Mapping) else ():
        yield str(one.get("fact")), str(one.get("value")), str(one.get("applies_to"))


def _names(contract: Any) -> Iterator[str]:
    """Give the numbers by which a document names its award."""
    told = contract if isinstance(contract, Mapping) else {}
    for name in ("award", "number", "solicitation"):
        if isinstance(told.get(name), str):
            yield told[name]
