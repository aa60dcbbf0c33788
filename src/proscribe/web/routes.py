"""Every page: its address, what it takes, who may open it, and the function that answers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from proscribe.model.accounts import Role as Role


@dataclass(frozen=True, slots=True)
class Page:
    """A page.

    Attributes:
        path: its address, with values in braces.
        method: `GET`, or `POST` for what changes something.
        name: module and function of `proscribe.web.pages`.
        role: who may open it: in its case where the address names one, else in the whole store.
    """

    path: str
    method: str
    name: str
    role: Role

    def fits(self, path: str) -> bool:
        """Tell whether a path is one of this page's addresses."""
        return re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", self.path), path) is not None

    def endpoint(self) -> Callable[[Any], Any]:
        """Give the function that answers a `calls.Call`."""
        module, function = self.name.split(".")
        found: Callable[[Any], Any] = getattr(import_module(f"proscribe.web.pages.{module}"), function)
        return found


PAGES = (
    Page("/", "GET", "start.start", Role.VIEWER),
    Page("/name", "GET", "start.name", Role.NOBODY),
    Page("/name", "POST", "start.take_name", Role.NOBODY),
    Page("/example", "POST", "start.example", Role.ANALYST),
    Page("/uploads/{upload_id}", "GET", "start.files", Role.ANALYST),
    Page("/uploads/{upload_id}/scan", "POST", "start.tell", Role.ANALYST),
    Page("/runs/{job_id}", "GET", "runs.run", Role.VIEWER),
    Page("/runs/{job_id}/cancel", "POST", "runs.cancel", Role.ANALYST),
    Page("/runs/{job_id}/attach", "POST", "runs.attach", Role.ANALYST),
    Page("/cases/{case_id}/runs", "GET", "runs.compare", Role.VIEWER),
    Page("/runs/{job_id}/case", "POST", "runs.open_case", Role.ANALYST),
    Page("/cases/{case_id}", "GET", "cases.case", Role.VIEWER),
    Page("/cases/{case_id}/law", "GET", "law.law", Role.VIEWER),
    Page("/cases/{case_id}/law", "POST", "law.state", Role.ANALYST),
    Page("/cases/{case_id}/findings", "GET", "queue.findings", Role.VIEWER),
    Page("/cases/{case_id}/views", "POST", "queue.name_view", Role.ANALYST),
    Page("/cases/{case_id}/judge", "GET", "queue.preview", Role.ANALYST),
    Page("/cases/{case_id}/judge", "POST", "queue.judge_all", Role.ANALYST),
    Page("/cases/{case_id}/findings/{finding_id}", "GET", "queue.finding", Role.VIEWER),
    Page("/cases/{case_id}/findings/{finding_id}", "POST", "queue.judge", Role.ANALYST),
    Page("/cases/{case_id}/findings/{finding_id}/law", "GET", "law.finding", Role.VIEWER),
    Page("/cases/{case_id}/mentions", "GET", "queue.mentions", Role.VIEWER),
    Page("/cases/{case_id}/mentions", "POST", "queue.take_mention", Role.ANALYST),
    Page("/cases/{case_id}/mentions/seen", "POST", "queue.see_mentions", Role.ANALYST),
    Page("/cases/{case_id}/reports", "GET", "reports.reports", Role.VIEWER),
    Page("/cases/{case_id}/reports", "POST", "reports.make", Role.ANALYST),
    Page("/cases/{case_id}/reports/{job_id}", "GET", "reports.report", Role.VIEWER),
    Page("/cases/{case_id}/documents", "GET", "papers.documents", Role.VIEWER),
    Page("/cases/{case_id}/document", "GET", "papers.document", Role.ANALYST),
    Page("/cases/{case_id}/document", "POST", "papers.make", Role.ANALYST),
    Page("/cases/{case_id}/documents/{document_id}/approve", "POST", "papers.approve", Role.APPROVER),
    Page("/cases/{case_id}/documents/{document_id}/sign", "POST", "papers.ask_to_sign", Role.APPROVER),
    Page("/cases/{case_id}/documents/{document_id}/bundle", "GET", "papers.bundle", Role.VIEWER),
    Page("/cases/{case_id}/pending/{pending_id}/drop", "POST", "papers.drop", Role.ANALYST),
    Page("/uploads/{upload_id}/verify", "GET", "papers.verify", Role.ANALYST),
    Page("/verify", "GET", "papers.check", Role.VIEWER),
    Page("/cases/{case_id}/documents/{document_id}/{name}", "GET", "papers.kept_file", Role.VIEWER),
    Page("/clocks", "GET", "cases.clocks", Role.VIEWER),
    Page("/cases/{case_id}/devices", "GET", "parties.devices", Role.VIEWER),
    Page("/cases/{case_id}/devices", "POST", "parties.join", Role.ANALYST),
    Page("/cases/{case_id}/devices/{device_id}", "POST", "parties.judge_device", Role.ANALYST),
    Page("/cases/{case_id}/waivers", "GET", "parties.waivers", Role.VIEWER),
    Page("/cases/{case_id}/waivers", "POST", "parties.ask_for_waiver", Role.ANALYST),
    Page("/cases/{case_id}/waivers/{waiver_id}/grant", "POST", "parties.grant", Role.APPROVER),
    Page("/cases/{case_id}/suppliers/take", "POST", "parties.take_forms", Role.ANALYST),
    Page("/cases/{case_id}/suppliers", "GET", "parties.suppliers", Role.VIEWER),
    Page("/cases/{case_id}/suppliers", "POST", "parties.ask_suppliers", Role.ANALYST),
    Page("/cases/{case_id}/suppliers/remind", "POST", "parties.remind", Role.ANALYST),
    Page("/cases/{case_id}/suppliers/forms", "GET", "parties.forms", Role.VIEWER),
    Page("/cases/{case_id}/choice", "GET", "choice.choice", Role.VIEWER),
    Page("/cases/{case_id}/choice", "POST", "choice.begin", Role.ANALYST),
    Page("/cases/{case_id}/choice/tables", "GET", "choice.tables", Role.VIEWER),
    Page("/cases/{case_id}/choice/{job_id}/{name}", "GET", "choice.kept_file", Role.VIEWER),
    Page("/world", "GET", "world.world", Role.VIEWER),
    Page("/why/correction", "POST", "knowledge.propose", Role.ANALYST),
    Page("/why", "GET", "knowledge.why", Role.VIEWER),
    Page("/administration", "GET", "administration.administration", Role.ADMINISTRATOR),
    Page("/administration/retain", "POST", "administration.retain", Role.ADMINISTRATOR),
    Page("/administration/roles", "POST", "administration.give_role", Role.ADMINISTRATOR),
    Page("/administration/tokens", "POST", "administration.make_token", Role.ADMINISTRATOR),
    Page("/administration/tokens/{number}/end", "POST", "administration.end_token", Role.ADMINISTRATOR),
)
#: Addresses that are no pages, and who may call them; the application answers them itself.
OTHERS = {
    "/enter": Role.NOBODY,  # whoever holds the token of the address
    "/static/{name}": Role.NOBODY,
    "/uploads": Role.ANALYST,
    "/verify": Role.VIEWER,
    "/sign-in": Role.NOBODY,
    "/sign-in/begin": Role.NOBODY,
    "/sign-in/callback": Role.NOBODY,
    "/sign-out": Role.NOBODY,
}
