"""What each rule says of one finding of a case on any day, with its reasoning and the words of the law; nothing of it is kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from proscribe.app.case.as_judged import judged_in, with_judgements
from proscribe.app.case.case_law import answered_scan
from proscribe.app.case.cases import Cases
from proscribe.app.rules.facts_file import stated_again
from proscribe.app.rules.scan_decide import decide_findings
from proscribe.devices.same_thing import place_of
from proscribe.model.casework import CaseFile
from proscribe.rules.trace import outcome_words, to_html
from proscribe.wording.html import trusted


@dataclass(frozen=True, slots=True)
class RuleSays:
    """What one rule says.

    Attributes:
        nation: whose rule it is, such as `US`.
        regime: its id; `title` its name.
        outcome: what it comes to, in words; `because` why.
        citations: where it stands.
        trace: the reasoning beside the words of the law, as HTML in which every value is escaped.
    """

    nation: str
    regime: str
    title: str
    outcome: str
    because: str
    citations: tuple[str, ...]
    trace: str


def rules_about(
    cases: Cases, file: CaseFile, finding_id: str, on: date | None = None, *, every: bool = False
) -> tuple[RuleSays, ...] | None:
    """Say what each rule says of a finding, the strictest first, under what was stated; `None` where no law was asked of it.

    Args:
        on: the day; that of the answer of the case by default.
        every: ask the rules of every nation, too, and not those of the case alone.

    Raises:
        CaseError: E405, E440 when what is stated contradicts what was judged, or tells of what is to come on that day.
    """
    scan = answered_scan(cases, file)
    if scan is None or scan.decided is None or finding_id not in scan.decided.by_finding:
        return None
    law = cases.decider.law
    stated = stated_again(scan.decided, law, cases.decider.firms, cases.decider.purposes)
    stated = replace(
        stated, as_of=on or stated.as_of, regimes=tuple(law.regimes) if every else stated.regimes
    )
    found = with_judgements(scan, judged_in(cases, file)).findings
    place = next(place_of(one) for one in found if one.id == finding_id)
    # what else its record shows speaks of it, too
    about = tuple(one for one in found if one.ignored is None and place_of(one) == place)
    made = decide_findings(replace(scan, findings=about), cases.decider, stated).decided
    decision = made.by_finding.get(finding_id) if made is not None else None
    return tuple(
        RuleSays(
            law.regimes[one.regime].jurisdiction, one.regime, law.regimes[one.regime].title, outcome_words(one),
            one.trace.because, one.citations, trusted(to_html(one.trace)),
        )
        for one in sorted(decision.determinations, key=lambda one: one.outcome.rank)
    ) if decision is not None else None  # fmt: skip
