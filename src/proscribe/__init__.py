"""Proscribe: find banned equipment in your own files, and say what the law says about it.

Every capability is a service here, from values to values; docs/api.md shows one example of each.

Example:
    >>> import proscribe
    >>> run = proscribe.scan(["assets.csv"], as_of="2026-11-25")  # doctest: +SKIP
    >>> run.findings[0].entity  # doctest: +SKIP
    'hikvision'
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
#: Whether this process is the command line and nothing else; set by its entry point.
is_program = False

if TYPE_CHECKING:
    from proscribe.app.answers import questions, write_scan
    from proscribe.app.api import ScanResult, build_index, match_batch, scan
    from proscribe.app.cases import Cases, open_cases
    from proscribe.app.collect import prepare as prepare_collection
    from proscribe.app.collect import run as run_collection
    from proscribe.app.decisions import Decisions, decide
    from proscribe.app.device_answers import write_devices
    from proscribe.app.devices import DeviceResult, devices
    from proscribe.app.document_files import Made, document_types, make_document, sign_stored_document
    from proscribe.app.documents import Making
    from proscribe.app.explain import Explanation, explain
    from proscribe.app.exposure import exposure, find_sources, work_out
    from proscribe.app.exposure import templates as exposure_templates
    from proscribe.app.init import accept as accept_configuration
    from proscribe.app.init import propose as propose_configuration
    from proscribe.app.job_work import run_job
    from proscribe.app.jobs import cancel as cancel_job
    from proscribe.app.jobs import listed as list_jobs
    from proscribe.app.jobs import result as job_result
    from proscribe.app.jobs import status as job_status
    from proscribe.app.jobs import submit as submit_job
    from proscribe.app.jobs import work as work_jobs
    from proscribe.app.knowledge import Knowledge, knowledge
    from proscribe.app.law import LawBook, law
    from proscribe.app.nation_matrix import matrix
    from proscribe.app.offering import read_offering
    from proscribe.app.phase_out import phase_out, update_plan
    from proscribe.app.picture_copies import copies as strip_pictures
    from proscribe.app.picture_locations import locations as picture_locations
    from proscribe.app.picture_locations import write_locations as write_picture_locations
    from proscribe.app.plan import plan as scan_plan
    from proscribe.app.sbom import annotate as annotate_sbom
    from proscribe.app.signing import make_key, open_signer
    from proscribe.app.suppliers import SupplierDesk, evidence_of, sign_answers
    from proscribe.app.vendor_list import read_vendors
    from proscribe.app.verifying import verify
    from proscribe.app.walk_round import todo as plates_todo
    from proscribe.app.walk_round import write_todo as write_plates_todo

#: Service -> the module of `proscribe.app` that holds it, and its name there where that is another.
_SERVICES = {
    "scan": "api", "ScanResult": "api", "scan_plan": "plan:plan", "write_scan": "answers",
    "build_index": "api", "match_batch": "api",
    "devices": "devices", "DeviceResult": "devices", "write_devices": "device_answers",
    "plates_todo": "walk_round:todo", "write_plates_todo": "walk_round:write_todo", "strip_pictures": "picture_copies:copies",
    "picture_locations": "picture_locations:locations", "write_picture_locations": "picture_locations:write_locations",
    "annotate_sbom": "sbom:annotate", "explain": "explain", "Explanation": "explain",
    "propose_configuration": "init:propose", "accept_configuration": "init:accept",
    "decide": "decisions", "Decisions": "decisions", "law": "law", "LawBook": "law", "questions": "answers",
    "open_cases": "cases", "Cases": "cases",
    "document_types": "document_files", "make_document": "document_files", "Making": "documents", "Made": "document_files",
    "read_offering": "offering", "sign_stored_document": "document_files",
    "SupplierDesk": "suppliers", "read_vendors": "vendor_list", "evidence_of": "suppliers", "sign_answers": "suppliers",
    "make_key": "signing", "open_signer": "signing", "verify": "verifying",
    "prepare_collection": "collect:prepare", "run_collection": "collect:run",
    "run_job": "job_work", "submit_job": "jobs:submit", "job_status": "jobs:status", "list_jobs": "jobs:listed",
    "cancel_job": "jobs:cancel", "job_result": "jobs:result", "work_jobs": "jobs:work",
    "knowledge": "knowledge", "Knowledge": "knowledge",
    "exposure": "exposure", "exposure_templates": "exposure:templates", "find_sources": "exposure",
    "work_out": "exposure", "phase_out": "phase_out", "update_plan": "phase_out", "matrix": "nation_matrix",
}  # fmt: skip

__all__ = [
    "Cases", "Decisions", "DeviceResult", "Explanation", "Knowledge", "LawBook", "Made", "Making", "ScanResult",
    "SupplierDesk", "__version__", "accept_configuration", "annotate_sbom", "build_index", "cancel_job", "decide",
    "devices",
    "document_types", "evidence_of", "explain", "exposure", "exposure_templates", "find_sources",
    "job_result", "job_status", "knowledge", "law", "list_jobs",
    "make_document", "make_key", "match_batch", "matrix", "open_cases", "open_signer", "phase_out", "picture_locations",
    "plates_todo", "prepare_collection",
    "propose_configuration", "questions",
    "read_offering", "read_vendors", "run_collection", "run_job", "scan", "scan_plan", "sign_answers",
    "sign_stored_document", "strip_pictures", "submit_job", "update_plan", "verify", "work_jobs", "work_out", "write_devices",
    "write_picture_locations", "write_plates_todo", "write_scan",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Import a service on first use, so that `proscribe --version` loads no data-frame library."""
    if name not in _SERVICES:
        raise AttributeError(f"module 'proscribe' has no attribute {name!r}")
    module, _, own = _SERVICES[name].partition(":")
    return getattr(import_module(f"proscribe.app.{module}"), own or name)


class _Package(ModuleType):
    """The package, in which `devices` stays the service although a room of that name is imported beneath it."""

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "devices" and isinstance(value, ModuleType):
            return
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
