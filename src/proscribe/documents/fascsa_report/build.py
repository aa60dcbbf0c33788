"""Makes the report. First and second report on a FASCSA order, 48 CFR 52.204-30(c)."""

from __future__ import annotations

from proscribe.documents.law import PaperLaw
from proscribe.documents.reports import build_report
from proscribe.model.papers import Paper, PaperInputs


def build(inputs: PaperInputs, law: PaperLaw) -> Paper:
    """Make the document; see `reports.build_report`."""
    return build_report(inputs, law)
