"""Makes the report. First and second report, 48 CFR 252.204-7018(d)."""

from __future__ import annotations

from proscribe.documents.law import PaperLaw
from proscribe.documents.reports import build_report
from proscribe.model.papers import Paper, PaperInputs


def build(inputs: PaperInputs, law: PaperLaw) -> Paper:
    """Make the document; see `reports.build_report`."""
    return build_report(inputs, law)
