"""One request as a page takes it: who calls, what is asked, and how an answer is written.

Pages are plain functions from a `Call` to an answer. They run in a thread of their own, and know nothing of the protocol.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from starlette.responses import HTMLResponse, RedirectResponse, Response

from proscribe.model.accounts import Actor, Role
from proscribe.model.errors import ProscribeError, error
from proscribe.web.addresses import link as link
from proscribe.web.offers import needed, offered
from proscribe.web.sessions import Session
from proscribe.web.settings import Settings
from proscribe.wording import html
from proscribe.wording.shown import visible

if TYPE_CHECKING:
    from jinja2 import Environment

    from proscribe.app.background.uploads import Upload
    from proscribe.app.case.cases import Cases
    from proscribe.model.jobs import Job, JobKind
    from proscribe.web.waiting import Waiting

#: Codes of what does not exist, and of what somebody else did first.
_NOT_FOUND = frozenset({"E416", "E419", "E423", "E439", "E447", "E475"})
_CONFLICT = frozenset({"E422", "E424", "E426", "E448"})
#: What only whoever types commands can do with a text.
_TERMINAL = re.compile(r"(?<![\w-])--[a-z]|\bproscribe [a-z]|\bPROSCRIBE_|(?<!\S)-o [a-z]")
#: Where a sentence ends, and the next one begins.
_SENTENCES = re.compile(r"(?<=[.!?]) +(?=[A-Z`])")
_BRACKETS = re.compile(r" \([^()]*\)")


class Shown(HTMLResponse):
    """A page.

    Attributes:
        waits_for: the job under way that it follows, and for which it is fetched again and again; else empty.
    """

    waits_for: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """One request.

    Attributes:
        session: whose it is.
        path: values of the address, such as the id of a case.
        query: what stands behind the question mark, in order.
        form: what was sent, in order; texts alone.
        nonce: of the script of the page.
        address: path of the page that was asked for.
        within: the filter that stands in front of that path, as it would stand behind the question mark; it is part of `query`.
        host: name and port under which the browser called.
    """

    settings: Settings
    session: Session
    path: Mapping[str, str] = field(default_factory=dict)
    query: Sequence[tuple[str, str]] = ()
    form: Sequence[tuple[str, str]] = ()
    nonce: str = ""
    address: str = ""
    within: str = ""
    host: str = ""

    @property
    def person(self) -> str:
        """Who does this."""
        return self.session.person

    def asked(self, name: str, default: str = "") -> str:
        """Give the first value of the query of a name."""
        return next((value for key, value in self.query if key == name), default)

    def asked_all(self, name: str) -> list[str]:
        """Give every value of the query of a name, in order."""
        return [value for key, value in self.query if key == name]

    def sent_all(self, name: str) -> list[str]:
        """Give every value of the form of a name that says something, in order, without blanks at its ends."""
        return [value.strip() for key, value in self.form if key == name and value.strip()]

    def sent(self, name: str, default: str = "") -> str:
        """Give the first value of the form of a name, without blanks at its ends."""
        return next((value.strip() for key, value in self.form if key == name), default)

    @property
    def actor(self) -> Actor:
        """Who does this, and what they may do."""
        return self.session.actor

    def cases(self, *, create: bool = False) -> Cases:
        """Give the cases of the store, to be left with `with`."""
        return self.settings.cases(create=create)

    def firm(self, entity: str) -> str:
        """Say what people call a firm; the id of one that the knowledge does not hold."""
        from proscribe.app.kb.firms import everyday_names

        return everyday_names(self.settings.knowledge).get(entity, entity)

    def waiting(self) -> tuple[Waiting, ...]:
        """List what waits for whoever looks; nothing where no store is open to be asked."""
        from proscribe.web.waiting import waiting_for

        if not self.person:
            return ()
        try:
            with self.cases() as cases:
                return waiting_for(
                    cases,
                    self.settings.place,
                    self.person,
                    lambda address: needed("GET", address, self.actor) is None,
                    now=self.address == "/",
                )
        except ProscribeError:  # the page itself says what is wrong with the store
            return ()

    def page(self, template: str, status: int = 200, **values: Any) -> Shown:
        """Write a page, with what its reader may do."""
        shared = {
            "person": self.person,
            "waiting_for_you": self.waiting(),
            "team": self.settings.team is not None,
            "opens": lambda address: needed("GET", address, self.actor) is None,
            "form_token": self.session.form_token,
            "nonce": self.nonce,
            # what could not be shown is nowhere to come back to
            "here_at": self.address if status < 400 else "",
            "firm": self.firm,
            "store_told": self.settings.store_told,
        }
        made = html.rendered(_environment().get_template(template), {**shared, **values})
        shown = Shown(offered(made, self.actor, self.address) if self.person else made, status)
        job = values.get("job")
        shown.waits_for = job.id if job is not None and not job.state.over else ""
        return shown


def number(text: str, default: int) -> int:
    """Read a whole number that a browser sent; what is none, or larger than any that the program counts, is the default."""
    return int(text) if re.fullmatch(r"-?[0-9]{1,15}", text) else default


def go(path: str, query: Sequence[tuple[str, object]] = (), **parts: object) -> Response:
    """Send the browser to another page of ours, to be fetched anew."""
    return RedirectResponse(link(path, query, **parts), status_code=303)


def job_of(call: Call, cases: Cases, kind: JobKind) -> Job | None:
    """Give the job of the case of an address: the one that the address names, else the newest while it is not over.

    Raises:
        CaseError: E475 when the case has no such job.
    """
    from proscribe.app.background import jobs

    case_id, named = call.path["case_id"], call.asked("job")
    if named:
        return jobs.job_of_case(cases.store, case_id, kind, named)
    return next((one for one in jobs.of_case(cases.store, case_id, kind) if not one.state.over), None)


def upload_of(call: Call, cases: Cases, upload_id: str) -> Upload:
    """Give files that were handed in; they are of no case, so that a role in one case alone does not reach them.

    Raises:
        CaseError: E416 when there are none of that id for whoever asks.
    """
    from proscribe.app.background import uploads

    if not call.actor.may(Role.ANALYST):
        raise error("E416", asked=upload_id[:60])
    return uploads.upload(cases.store, upload_id)


def alike(lines: Sequence[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Gather lines that say the same of several things (`NAME: what is said`): what is said, and the names; others stay whole."""
    said: dict[str, list[str]] = {}
    for line in lines:
        said.setdefault(line.partition(": ")[2], []).append(line.partition(": ")[0])
    made: dict[tuple[str, tuple[str, ...]], None] = {}
    for line in lines:
        names = said[words] if (words := line.partition(": ")[2]) else []
        made.setdefault((words, tuple(names)) if len(names) > 1 else (line, ()))
    return list(made)


def place_of(found: Mapping[str, Any], kept: Sequence[tuple[str, str]] = ()) -> str:
    """Say where a record stands; in a list whose file is chosen without the name of that.

    Args:
        kept: the filter of that list.
    """
    at = found["locator"] or {}
    sheet = f", sheet {visible(str(at['sheet']), 60)}" if at.get("sheet") else ""
    row = ""
    if at.get("source_row"):
        row = f", row {at['source_row']:,}"
    elif at.get("row"):
        row = f", record {at['row']:,}"
    if row and not sheet and ("input", found["path"]) in kept:
        return row[2:]
    return f"{visible(str(found['path']), 120)}{sheet}{row}"


def halves(text: str) -> tuple[str, str]:
    """Divide a text of both faces: what is said to whoever clicks, and the sentences that name commands."""
    here, typed = [], []
    for sentence in _SENTENCES.split(text.strip()):
        bare = _BRACKETS.sub(lambda found: "" if _TERMINAL.search(found[0]) else found[0], sentence)
        if not _TERMINAL.search(bare):
            here.append(bare.replace("`", ""))
        if _TERMINAL.search(sentence):
            typed.append(sentence.replace("`", ""))
    return " ".join(here), " ".join(typed)


def _asked_as(name: str) -> str:
    """Say where a problem is: a fact by what people are asked, anything else as it is."""
    from proscribe.app.rules.questions import asks

    return asks(name)


def _entry(fact: str, value: str) -> str:
    """Say an entry of the closed list of a fact, with what it means where it does not say that itself."""
    from proscribe.app.rules.asking import entry_said

    return entry_said(fact, value)


def _what_to_do(code: str) -> str:
    """Say what whoever works in a browser does about a code; empty where there is none of that name."""
    from proscribe.wording.errors import page

    told = page(code)
    return "" if told is None else told.on_page or told.to_do


@cache
def _environment() -> Environment:
    made = html.environment("proscribe.web")
    made.globals |= {
        "link": link,
        "static": static_name,
        "alike": alike,
        "halves": halves,
        "place_of": place_of,
        "asked_as": _asked_as,
        "entry": _entry,
        "what_to_do": _what_to_do,
    }
    return made


@cache
def static_files() -> Mapping[str, tuple[bytes, str]]:
    """Give the files that pages load: name with a digest, to content and media type."""
    kinds = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
    found = {}
    for place in files("proscribe.web").joinpath("static").iterdir():
        stem, suffix = place.name.rsplit(".", 1)
        if f".{suffix}" not in kinds:  # a licence
            continue
        content = place.read_bytes()
        found[f"{stem}.{hashlib.sha256(content).hexdigest()[:16]}.{suffix}"] = (content, kinds[f".{suffix}"])
    return found


@cache
def static_name(name: str) -> str:
    """Give the address of a file that pages load; it changes with its content."""
    stem, suffix = name.rsplit(".", 1)
    wanted = re.compile(rf"{re.escape(stem)}\.[0-9a-f]{{16}}\.{suffix}")
    return "/static/" + next(one for one in static_files() if wanted.fullmatch(one))


def status_of(problem: ProscribeError) -> int:
    """Give the status of a known condition."""
    if problem.code in _NOT_FOUND:
        return 404
    if problem.code in _CONFLICT:
        return 409
    return {"E510": 503, "E437": 503, "E505": 403, "E506": 403, "E507": 429}.get(problem.code, 422)


def outcome_of(problem: ProscribeError) -> str:
    """Give the word of the access log for a known condition."""
    return outcome_at(status_of(problem))


def outcome_at(status: int) -> str:
    """Give the word of the access log for an answer that is none of what was asked for."""
    return {403: "refused", 404: "missing"}.get(status, "failed")
