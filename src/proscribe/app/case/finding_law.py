"""What each rule says of one finding of a case on any day, as people judged it."""

from __future__ import annotations

from datetime import date
from typing import Unpack

from proscribe.app.case.case_law import answered_scan
from proscribe.app.case.cases import Cases
from proscribe.app.papers.as_judged import judged_in, with_judgements
from proscribe.app.rules.finding_rules import RuleSays, rule_lines, rules_of
from proscribe.app.scan.explain import explain
from proscribe.model.casework import CaseFile
from proscribe.model.errors import error
from proscribe.model.scan_request import DayWords, ScanRequest


def rules_about(
    cases: Cases, file: CaseFile, finding_id: str, on: date | None = None, *, every: bool = False
) -> tuple[RuleSays, ...] | None:
    """Say what each rule says of a finding of a case: `rules_of` its newest answer, as people judged the record."""
    scan = answered_scan(cases, file, of=finding_id)
    if scan is None:
        return None
    return rules_of(with_judgements(scan, judged_in(cases, file)), finding_id, cases.decider, on, every=every)


def explain_in_case(
    cases: Cases, case_id: str, finding_id: str, *, plain: bool = False, rules: bool = False, every: bool = False,
    **asked: Unpack[DayWords],
) -> tuple[str, ...]:  # fmt: skip
    """Explain a finding of the newest scan of a case, as `explain` does; the rules as people judged its record.

    Raises:
        CaseError: E424 where the case holds no scan.
        UsageError: E158 where the finding is not in it.
    """
    file = cases.case(case_id)
    if not file.made_runs:
        raise error("E424.no_scan", at=case_id)
    told = explain(finding_id, scan=cases.store.blob(file.made_runs[-1].scan_sha256), plain=plain, **asked)
    if not rules:
        return told.lines
    day = ScanRequest.of((), **asked).as_of
    return (*told.lines, "", *rule_lines(rules_about(cases, file, finding_id, day, every=every)))
