"""What each rule says of one finding on any day, with its reasoning and the words of the law; nothing of it is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Unpack

from proscribe.app.rules.decide import Decider, open_decider
from proscribe.app.rules.facts_file import stated_again
from proscribe.app.rules.scan_decide import decide_findings
from proscribe.devices.same_thing import place_of
from proscribe.model.decisions import Determination, Outcome, TraceNode
from proscribe.model.results import Scan
from proscribe.model.scan_reading import read_record
from proscribe.model.scan_request import DayWords, ScanRequest
from proscribe.rules.duty_words import REPORT
from proscribe.rules.facts import PRESUMED, asks
from proscribe.rules.trace import outcome_words, to_html, to_text
from proscribe.wording.html import trusted

_SILENT = (Outcome.NOT_COVERED, Outcome.NOT_IN_FORCE)


@dataclass(frozen=True, slots=True)
class RuleSays:
    """What one rule says.

    Attributes:
        nation: whose rule it is, such as `US`.
        regime: its id; `title` its name.
        outcome: what it comes to, in words; `because` why.
        citations: where it stands.
        reasoning: how it came about, beside the words of the law.
        reaches: whether it reaches the thing, or may, or has it reported; else it is about other things, firms, people or
            days.
    """

    nation: str
    regime: str
    title: str
    outcome: str
    because: str
    citations: tuple[str, ...]
    reasoning: TraceNode
    reaches: bool = True

    @property
    def trace(self) -> str:
        """Give the reasoning as HTML in which every value is escaped."""
        return trusted(to_html(self.reasoning))


def rules_of(
    scan: Scan, finding_id: str, decider: Decider, on: date | None = None, *, every: bool = False
) -> tuple[RuleSays, ...] | None:
    """Say what each rule says of a finding, the strictest first, under what was stated; `None` where no law was asked of it.

    Args:
        scan: a scan that was put to the law; of its findings those of the record of this one are looked at.
        on: the day; that of the answer of the scan by default.
        every: ask the rules of every nation, too, and not those of the scan alone.

    Raises:
        CaseError: E405, E440 when what is stated contradicts what was judged, or tells of what is to come on that day.
    """
    if scan.decided is None or finding_id not in scan.decided.by_finding:
        return None
    law = decider.law
    stated = stated_again(scan.decided, law, decider.firms, decider.purposes)
    stated = replace(
        stated, as_of=on or stated.as_of, regimes=tuple(law.regimes) if every else stated.regimes
    )
    place = next(place_of(one) for one in scan.findings if one.id == finding_id)
    # what else its record shows speaks of it, too
    about = tuple(one for one in scan.findings if one.ignored is None and place_of(one) == place)
    made = decide_findings(replace(scan, findings=about), decider, stated).decided
    decision = made.by_finding.get(finding_id) if made is not None else None
    every_silent = decision is not None and all(one.outcome in _SILENT for one in decision.determinations)
    return tuple(
        RuleSays(
            law.regimes[one.regime].jurisdiction, one.regime, law.regimes[one.regime].title,
            f"{outcome_words(one)}{reported}", f"{one.trace.because}{asked}",
            (*reports, *one.citations), one.trace, bool(reports) or one.outcome not in _SILENT,
        )
        for one in sorted(decision.determinations, key=lambda one: (one.outcome.rank, not _reports(one)[2]))
        for reported, asked, reports in (_reports(one) if every_silent else ("", "", ()),)
    ) if decision is not None else None  # fmt: skip


def _reports(one: Determination) -> tuple[str, str, tuple[str, ...]]:
    """Say of what no rule forbids whether it is to be reported all the same, on what that hangs, and by which paragraphs.

    All are empty where it is not.
    """
    sure, open_ = (
        [duty for duty in duties if duty.kind == REPORT]
        for duties in (one.obligations, one.possible_obligations)
    )
    cited = tuple(dict.fromkeys(duty.citation for duty in sure or open_))
    if sure or not open_:
        return (", but to be reported" if sure else ""), "", cited
    missing = dict.fromkeys(name for duty in open_ for name in duty.missing if name not in PRESUMED)
    return "; may have to be reported", f". Not known: {' '.join(map(asks, missing))}", cited


def rules_in(
    scan: str | Path, finding_id: str, *, every: bool = False, **asked: Unpack[DayWords]
) -> tuple[RuleSays, ...] | None:
    """Say what each rule says of a finding of a scan that is kept in a file; see `rules_of`.

    Raises:
        OSError, CodecError: when the file is not the JSON of a scan.
    """
    read, request = read_record(Path(scan).read_bytes(), finding_id), ScanRequest.of((), **asked)
    decider = open_decider(request.knowledge, request.known_as_of or read.known_as_of)
    return rules_of(read, finding_id, decider, request.as_of, every=every)


def rule_lines(rules: Sequence[RuleSays] | None) -> Iterator[str]:
    """Write what each rule says, with its reasoning, for a terminal."""
    if rules is None:
        yield "The law was not asked about this finding: scan with --decide, or ask it in a case."
        return
    for one in rules:
        yield f"{one.nation}  {one.title} ({one.regime}): {one.outcome}"
        if one.citations:
            yield f"    {'; '.join(one.citations)}"
        yield to_text(one.reasoning, 2)
    yield "Not covered is no permission: these rules alone were asked, under what was stated."
