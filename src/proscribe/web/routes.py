"""Every page: its address, what it takes, who may open it, and the function that answers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from proscribe.model.accounts import Opens
from proscribe.model.accounts import Role as Role


@dataclass(frozen=True, slots=True)
class Page:
    """A page.

    Attributes:
        path: its address, with values in braces.
        method: `GET`, or `POST` for what changes something.
        name: module and function of `proscribe.web.pages`.
        role: who may open it: in its case where the address names one, else in the whole store.
        opens: what of the store it shows or changes; unless that is nothing, who opened it is written down.
    """

    path: str
    method: str
    name: str
    role: Role
    opens: Opens

    def fits(self, path: str) -> bool:
        """Tell whether a path is one of this page's addresses."""
        return re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", self.path), path) is not None

    def endpoint(self) -> Callable[[Any], Any]:
        """Give the function that answers a `calls.Call`."""
        module, function = self.name.split(".")
        found: Callable[[Any], Any] = getattr(import_module(f"proscribe.web.pages.{module}"), function)
        return found


PAGES = (
    Page("/", "GET", "start.start", Role.VIEWER, Opens.CASE),
    Page("/name", "GET", "start.name", Role.NOBODY, Opens.NOTHING),
    Page("/name", "POST", "start.take_name", Role.NOBODY, Opens.PEOPLE),
    Page("/sessions", "GET", "own_sessions.sessions", Role.NOBODY, Opens.PEOPLE),
    Page("/sessions/end", "POST", "own_sessions.end", Role.NOBODY, Opens.PEOPLE),
    Page("/example", "POST", "start.example", Role.ANALYST, Opens.ORIGINAL),
    Page("/uploads/{upload_id}", "GET", "start.files", Role.ANALYST, Opens.ORIGINAL),
    Page("/uploads/{upload_id}/scan", "POST", "start.tell", Role.ANALYST, Opens.ORIGINAL),
    Page("/runs/{job_id}", "GET", "runs.run", Role.VIEWER, Opens.RUN),
    Page("/runs/{job_id}/cancel", "POST", "runs.cancel", Role.ANALYST, Opens.RUN),
    Page("/runs/{job_id}/attach", "POST", "runs.attach", Role.ANALYST, Opens.RUN),
    Page("/cases/{case_id}/runs", "GET", "runs.compare", Role.VIEWER, Opens.RUN),
    Page("/runs/{job_id}/aside", "POST", "runs.set_aside", Role.ANALYST, Opens.RUN),
    Page("/runs/{job_id}/again", "POST", "runs.stand_again", Role.ANALYST, Opens.RUN),
    Page("/runs/{job_id}/pending/{pending_id}/drop", "POST", "runs.drop", Role.ANALYST, Opens.RUN),
    Page("/runs/{job_id}/case", "POST", "runs.open_case", Role.ANALYST, Opens.RUN),
    Page("/cases/{case_id}", "GET", "cases.case", Role.VIEWER, Opens.CASE),
    Page("/cases/{case_id}/law", "GET", "law.law", Role.VIEWER, Opens.CASE),
    Page("/cases/{case_id}/law", "POST", "law.state", Role.ANALYST, Opens.CASE),
    Page("/cases/{case_id}/law/some", "GET", "law.some", Role.VIEWER, Opens.CASE),
    Page("/cases/{case_id}/law/some", "POST", "law.try_some", Role.ANALYST, Opens.CASE),
    Page("/cases/{case_id}/law/key", "POST", "law.with_key", Role.ANALYST, Opens.CASE),
    Page("/cases/{case_id}/findings", "GET", "queue.findings", Role.VIEWER, Opens.FINDING),
    Page("/cases/{case_id}/views", "POST", "queue.name_view", Role.ANALYST, Opens.FINDING),
    Page("/cases/{case_id}/judge", "GET", "queue.preview", Role.ANALYST, Opens.FINDING),
    Page("/cases/{case_id}/judge", "POST", "queue.judge_all", Role.ANALYST, Opens.FINDING),
    Page("/cases/{case_id}/judgements/{seq}/back", "POST", "queue.take_back", Role.ANALYST, Opens.FINDING),
    Page("/cases/{case_id}/findings/{finding_id}", "GET", "queue.finding", Role.VIEWER, Opens.FINDING),
    Page("/cases/{case_id}/findings/{finding_id}", "POST", "queue.judge", Role.ANALYST, Opens.FINDING),
    Page("/cases/{case_id}/findings/{finding_id}/law", "GET", "law.finding", Role.VIEWER, Opens.FINDING),
    Page("/cases/{case_id}/mentions", "GET", "queue.mentions", Role.VIEWER, Opens.RECORD),
    Page("/cases/{case_id}/mentions", "POST", "queue.take_mention", Role.ANALYST, Opens.RECORD),
    Page("/cases/{case_id}/mentions/seen", "POST", "queue.see_mentions", Role.ANALYST, Opens.RECORD),
    Page("/cases/{case_id}/reports", "GET", "reports.reports", Role.VIEWER, Opens.EXPORT),
    Page("/cases/{case_id}/reports", "POST", "reports.make", Role.ANALYST, Opens.EXPORT),
    Page("/cases/{case_id}/reports/{job_id}", "GET", "reports.report", Role.VIEWER, Opens.EXPORT),
    Page("/cases/{case_id}/documents", "GET", "papers.documents", Role.VIEWER, Opens.DOCUMENT),
    Page("/cases/{case_id}/document", "GET", "papers.document", Role.ANALYST, Opens.DOCUMENT),
    Page("/cases/{case_id}/document", "POST", "papers.make", Role.ANALYST, Opens.DOCUMENT),
    Page("/cases/{case_id}/documents/{document_id}/approve", "POST", "papers.approve", Role.APPROVER, Opens.DOCUMENT),
    Page("/cases/{case_id}/documents/{document_id}/sign", "POST", "papers.ask_to_sign", Role.APPROVER, Opens.DOCUMENT),
    Page("/cases/{case_id}/documents/{document_id}/sent", "POST", "papers.sent", Role.APPROVER, Opens.DOCUMENT),
    Page("/cases/{case_id}/documents/{document_id}/bundle", "GET", "papers.bundle", Role.VIEWER, Opens.EXPORT),
    Page("/cases/{case_id}/pending/{pending_id}/drop", "POST", "papers.drop", Role.ANALYST, Opens.DOCUMENT),
    Page("/cases/{case_id}/pending/{pending_id}", "GET", "keys.draft", Role.ANALYST, Opens.DOCUMENT),
    Page("/cases/{case_id}/pending/{pending_id}", "POST", "keys.sign", Role.ANALYST, Opens.DOCUMENT),
    Page("/pending/{pending_id}", "GET", "keys.draft", Role.ANALYST, Opens.PEOPLE),
    Page("/pending/{pending_id}", "POST", "keys.sign", Role.ANALYST, Opens.PEOPLE),
    Page("/pending/{pending_id}/drop", "POST", "keys.drop", Role.ANALYST, Opens.PEOPLE),
    Page("/people", "GET", "keys.people", Role.VIEWER, Opens.PEOPLE),
    Page("/people/keys", "POST", "keys.offer", Role.VIEWER, Opens.PEOPLE),
    Page("/people/keys/{key_id}/withdraw", "POST", "keys.withdraw", Role.ANALYST, Opens.PEOPLE),
    Page("/people/propose", "POST", "keys.propose", Role.ANALYST, Opens.PEOPLE),
    Page("/people/agree", "POST", "keys.agree", Role.ANALYST, Opens.PEOPLE),
    Page("/uploads/{upload_id}/verify", "POST", "papers.verify", Role.ANALYST, Opens.ORIGINAL),
    Page("/verify", "GET", "papers.check", Role.VIEWER, Opens.EXPORT),
    Page("/verify/{job_id}", "GET", "papers.checked", Role.VIEWER, Opens.EXPORT),
    Page("/verify/{job_id}/cancel", "POST", "papers.end_check", Role.VIEWER, Opens.EXPORT),
    Page("/cases/{case_id}/documents/{document_id}/{name}", "GET", "papers.kept_file", Role.VIEWER, Opens.DOCUMENT),
    Page("/clocks", "GET", "cases.clocks", Role.VIEWER, Opens.CASE),
    Page("/cases/{case_id}/devices", "GET", "parties.devices", Role.VIEWER, Opens.RECORD),
    Page("/cases/{case_id}/devices", "POST", "parties.join", Role.ANALYST, Opens.RECORD),
    Page("/cases/{case_id}/devices/{device_id}", "GET", "devices.device", Role.VIEWER, Opens.RECORD),
    Page("/cases/{case_id}/devices/{device_id}", "POST", "devices.judge", Role.ANALYST, Opens.RECORD),
    Page("/cases/{case_id}/waivers", "GET", "parties.waivers", Role.VIEWER, Opens.DOCUMENT),
    Page("/cases/{case_id}/waivers", "POST", "parties.ask_for_waiver", Role.ANALYST, Opens.DOCUMENT),
    Page("/cases/{case_id}/waivers/{waiver_id}/grant", "POST", "parties.grant", Role.APPROVER, Opens.DOCUMENT),
    Page("/cases/{case_id}/suppliers/take", "POST", "parties.take_forms", Role.ANALYST, Opens.DOCUMENT),
    Page("/cases/{case_id}/suppliers", "GET", "parties.suppliers", Role.VIEWER, Opens.DOCUMENT),
    Page("/cases/{case_id}/suppliers", "POST", "parties.ask_suppliers", Role.ANALYST, Opens.DOCUMENT),
    Page("/cases/{case_id}/suppliers/remind", "POST", "parties.remind", Role.ANALYST, Opens.DOCUMENT),
    Page("/cases/{case_id}/suppliers/forms", "GET", "parties.forms", Role.VIEWER, Opens.EXPORT),
    Page("/cases/{case_id}/choice", "GET", "choice.choice", Role.VIEWER, Opens.CASE),
    Page("/cases/{case_id}/choice", "POST", "choice.begin", Role.ANALYST, Opens.CASE),
    Page("/cases/{case_id}/choice/tables", "GET", "choice.tables", Role.VIEWER, Opens.EXPORT),
    Page("/cases/{case_id}/choice/{job_id}/{name}", "GET", "choice.kept_file", Role.VIEWER, Opens.EXPORT),
    Page("/world", "GET", "world.world", Role.VIEWER, Opens.NOTHING),
    Page("/why/correction", "POST", "knowledge.propose", Role.ANALYST, Opens.NOTHING),
    Page("/why", "GET", "knowledge.why", Role.VIEWER, Opens.NOTHING),
    Page("/administration", "GET", "administration.administration", Role.ADMINISTRATOR, Opens.PEOPLE),
    Page("/administration/retain", "POST", "administration.retain", Role.ADMINISTRATOR, Opens.ORIGINAL),
    Page("/administration/roles", "POST", "administration.give_role", Role.ADMINISTRATOR, Opens.PEOPLE),
    Page("/administration/tokens", "POST", "administration.make_token", Role.ADMINISTRATOR, Opens.PEOPLE),
    Page("/administration/tokens/{number}/end", "POST", "administration.end_token", Role.ADMINISTRATOR, Opens.PEOPLE),
)  # fmt: skip
#: Addresses that are no pages, who may call them, and what of the store they open; the application answers them itself.
OTHERS = {
    "/enter": (Role.NOBODY, Opens.PEOPLE),  # whoever holds the token of the address
    "/static/{name}": (Role.NOBODY, Opens.NOTHING),
    "/uploads": (Role.ANALYST, Opens.ORIGINAL),
    "/verify": (Role.VIEWER, Opens.EXPORT),
    "/sign-in": (Role.NOBODY, Opens.NOTHING),
    "/sign-in/begin": (Role.NOBODY, Opens.NOTHING),
    "/sign-in/callback": (Role.NOBODY, Opens.PEOPLE),
    "/sign-out": (Role.NOBODY, Opens.PEOPLE),
}
