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
    from proscribe.app.background.job_work import run_job
    from proscribe.app.background.jobs import cancel as cancel_job
    from proscribe.app.background.jobs import listed as list_jobs
    from proscribe.app.background.jobs import result as job_result
    from proscribe.app.background.jobs import status as job_status
    from proscribe.app.background.jobs import submit as submit_job
    from proscribe.app.background.jobs import work as work_jobs
    from proscribe.app.case.answers import questions, write_scan
    from proscribe.app.case.cases import Cases, open_cases
    from proscribe.app.case.document_files import Made, document_types, make_document, sign_stored_document
    from proscribe.app.choice.exposure import exposure, find_sources, work_out
    from proscribe.app.choice.exposure import templates as exposure_templates
    from proscribe.app.choice.nation_matrix import matrix
    from proscribe.app.choice.phase_out import phase_out, update_plan
    from proscribe.app.inventory.device_answers import write_devices
    from proscribe.app.inventory.devices import DeviceResult, devices
    from proscribe.app.inventory.offering import read_offering
    from proscribe.app.inventory.sbom import annotate as annotate_sbom
    from proscribe.app.kb.knowledge import Knowledge, knowledge
    from proscribe.app.keys.signing import make_key, open_signer
    from proscribe.app.papers.documents import Making
    from proscribe.app.pictures.picture_copies import copies as strip_pictures
    from proscribe.app.pictures.picture_locations import locations as picture_locations
    from proscribe.app.pictures.picture_locations import write_locations as write_picture_locations
    from proscribe.app.pictures.walk_round import todo as plates_todo
    from proscribe.app.pictures.walk_round import write_todo as write_plates_todo
    from proscribe.app.proofs.verifying import verify
    from proscribe.app.rules.decisions import Decisions, decide
    from proscribe.app.rules.law import LawBook, law
    from proscribe.app.scan.api import ScanResult, build_index, match_batch, scan
    from proscribe.app.scan.collect import prepare as prepare_collection
    from proscribe.app.scan.collect import run as run_collection
    from proscribe.app.scan.explain import Explanation, explain
    from proscribe.app.scan.init import accept as accept_configuration
    from proscribe.app.scan.init import propose as propose_configuration
    from proscribe.app.scan.plan import plan as scan_plan
    from proscribe.app.vendors.returned_forms import sign_answers
    from proscribe.app.vendors.suppliers import SupplierDesk, evidence_of
    from proscribe.app.vendors.vendor_list import read_vendors

#: Module of `proscribe.app` -> the services in it, as `name=its name there` where that is another.
_MODULES = {
    "background.job_work": "run_job",
    "background.jobs": "submit_job=submit job_status=status list_jobs=listed cancel_job=cancel job_result=result work_jobs=work",
    "case.answers": "write_scan questions",
    "case.cases": "open_cases Cases",
    "case.document_files": "document_types make_document Made sign_stored_document",
    "choice.exposure": "exposure exposure_templates=templates find_sources work_out",
    "choice.nation_matrix": "matrix",
    "choice.phase_out": "phase_out update_plan",
    "inventory.device_answers": "write_devices",
    "inventory.devices": "devices DeviceResult",
    "inventory.offering": "read_offering",
    "inventory.sbom": "annotate_sbom=annotate",
    "kb.knowledge": "knowledge Knowledge",
    "keys.signing": "make_key open_signer",
    "papers.documents": "Making",
    "pictures.picture_copies": "strip_pictures=copies",
    "pictures.picture_locations": "picture_locations=locations write_picture_locations=write_locations",
    "pictures.walk_round": "plates_todo=todo write_plates_todo=write_todo",
    "proofs.verifying": "verify",
    "rules.decisions": "decide Decisions",
    "rules.law": "law LawBook",
    "scan.api": "scan ScanResult build_index match_batch",
    "scan.collect": "prepare_collection=prepare run_collection=run",
    "scan.explain": "explain Explanation",
    "scan.init": "propose_configuration=propose accept_configuration=accept",
    "scan.plan": "scan_plan=plan",
    "vendors.returned_forms": "sign_answers",
    "vendors.suppliers": "SupplierDesk evidence_of",
    "vendors.vendor_list": "read_vendors",
}
_SERVICES = {
    name: (module, own or name)
    for module, names in _MODULES.items()
    for name, _, own in (each.partition("=") for each in names.split())
}

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
    module, own = _SERVICES[name]
    return getattr(import_module(f"proscribe.app.{module}"), own)


class _Package(ModuleType):
    """The package, in which `devices` stays the service although a room of that name is imported beneath it."""

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "devices" and isinstance(value, ModuleType):
            return
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
