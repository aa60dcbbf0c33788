"""Makes the report. Report within 72 hours and its supplements, RFO 52.240-91(h)."""

from __future__ import annotations

from proscribe.documents.law import PaperLaw
from proscribe.documents.reports import build_report
from proscribe.model.papers import Paper, PaperInputs


def build(inputs: PaperInputs, law: PaperLaw) -> Paper:
    """Make the document; see `reports.build_report`."""
    return build_report(inputs, law)
