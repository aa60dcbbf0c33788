"""What the process of a job needs, at hand before it is divided off: a fork server of tests imports this."""

from __future__ import annotations

import alembic.runtime.migration
import docx
import typst

import proscribe.documents.making
from proscribe.app.background import job_work, jobs
from proscribe.app.case import cases
from proscribe.app.inventory import devices
from proscribe.app.papers import documents
from proscribe.app.rules import scan_decide
from proscribe.app.scan import api, reading_process
from proscribe.kb.snapshot import open_knowledge
from proscribe.rules.regimes import law_in

__all__ = [
    "alembic", "api", "cases", "devices", "documents", "docx", "job_work", "jobs", "proscribe", "reading_process", "scan_decide", "typst",
]  # fmt: skip

law_in(open_knowledge(()))
api.build_index("2026-11-25")
