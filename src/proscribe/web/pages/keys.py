"""People and their keys: the roster, keys that browsers hold, and what waits for the key of whoever works here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from starlette.responses import Response

from proscribe.model.errors import ProscribeError, error
from proscribe.model.pending import Deed
from proscribe.model.roster import Roster
from proscribe.web.calls import Call, go, status_of
from proscribe.web.filters import kept

if TYPE_CHECKING:
    from proscribe.app.case.browser_signing import Browser
    from proscribe.app.case.cases import Cases
    from proscribe.app.case.pending import Pending

#: The tab under which what is signed was asked for; papers, and what approves them, stand among the documents.
_TABS = {
    Deed.JUDGE: "Findings", Deed.JUDGE_MANY: "Findings", Deed.TAKE_BACK: "Findings", Deed.SEE_MENTIONS: "Mentions",
    Deed.DECIDE: "Law",
}  # fmt: skip


def people(call: Call) -> Response:
    """Show the roster, the keys that wait to be enrolled, and what waits for the key of whoever works here."""
    return _people(call)


def _people(call: Call, problem: ProscribeError | None = None) -> Response:
    """Show it; with the roles that were chosen, where the key that a browser made did not do."""
    from proscribe.app.case import pending
    from proscribe.app.keys.browser_keys import offers, usable

    with call.cases(create=True) as cases:
        store = cases.store
        roster = store.roster()
        waiting = pending.listed(cases, by=call.person)
        mine = usable(roster, call.person, site_of(call), store.now(), store.head().seq + 1)
        found = offers(store)
    changes = [] if roster is None else [(one, one.proposer(roster)) for one in roster.open]
    return call.page(
        "people.html.j2", status_of(problem) if problem else 200, title="People and keys", problem=problem,
        asked_roles=[value for name, value in call.form if name == "roles"], roster=roster, changes=changes,
        waiting=waiting, offers=found, mine=mine,
        own=[one for one in found if one.name == call.person], site=site_of(call), elsewhere=_elsewhere(call),
        signed=bool(call.asked("signed")),
        further={one.key_id: _further(roster, one.name) for one in found},
    )  # fmt: skip


def _further(roster: Roster | None, name: str) -> str:
    """Say of an offer whose further key it would be; one that cannot be enrolled says why once it is proposed."""
    from proscribe.app.keys.people import further

    try:
        return further(roster, name)
    except ProscribeError:
        return ""


def site_of(call: Call) -> str:
    """Give the name of the machine under which the browser has this page open."""
    return urlsplit(f"//{call.host}").hostname or ""


def _elsewhere(call: Call) -> str:
    """Give the address at which keys of a browser can be used, where that is another than this one; empty where it is not."""
    if call.settings.team is not None or site_of(call) == "localhost":
        return ""
    return f"http://localhost:{call.host.rpartition(':')[2]}"


def offer(call: Call) -> Response:
    """Take the public half of a key that a browser made."""
    from proscribe.app.keys import browser_keys

    if _elsewhere(call):
        raise error("E551.site", site=site_of(call), wanted=_elsewhere(call))
    roles = [value for name, value in call.form if name == "roles"]
    try:
        with call.cases(create=True) as cases:
            browser_keys.offer(
                cases.store, call.person, roles, public=call.sent("public"), credential=call.sent("credential"),
                site=site_of(call),
            )  # fmt: skip
    except ProscribeError as problem:
        return _people(call, problem)
    return go("/people")


def withdraw(call: Call) -> Response:
    """Take the offer of a key back."""
    from proscribe.app.keys import browser_keys

    with call.cases() as cases:
        browser_keys.withdraw(cases.store, call.path["key_id"])
    return go("/people")


def propose(call: Call) -> Response:
    """Ask that keys be enrolled: it waits for the key of whoever proposes it."""
    from proscribe.app.case import pending

    keys = ",".join(value for name, value in call.form if name == "keys")
    with call.cases() as cases:
        made = pending.ask(cases, pending.Deed.ENROL, "", {"offers": keys}, by=call.person)
    return go("/pending/{pending_id}", pending_id=made.id)


def agree(call: Call) -> Response:
    """Ask to agree to a change of the roster: it waits for the key of whoever agrees."""
    from proscribe.app.case import pending

    with call.cases() as cases:
        made = pending.ask(cases, pending.Deed.AGREE, "", {"proposal": call.sent("proposal")}, by=call.person)
    return go("/pending/{pending_id}", pending_id=made.id)


def drop(call: Call) -> Response:
    """Take back what waits for a key and is of no case."""
    from proscribe.app.case import pending
    from proscribe.app.case.browser_signing import draft_of

    with call.cases() as cases:
        draft_of(cases, call.path["pending_id"], person=call.person, case_id="")
        pending.drop(cases.store, call.path["pending_id"])
    return go("/people")


def draft(call: Call) -> Response:
    """Show what a signature would do, and sign it with a key of this browser."""
    from proscribe.app.case import pending
    from proscribe.app.case.browser_signing import draft_of, keys_for
    from proscribe.app.store.findings import finding_of

    case_id = call.path.get("case_id", "")
    with call.cases() as cases:
        try:
            one = draft_of(cases, call.path["pending_id"], person=call.person, case_id=case_id)
        except ProscribeError as known:
            return _elsewhere_now(call, cases, known)
        shown = pending.look(cases, one)
        keys = keys_for(cases, shown, site_of(call))
        listed = () if shown.too_long else pending.findings(cases, shown)
        findings = [(each.support.finding_id, finding_of(each)) for each in listed]
        about = _about(cases, one)
    return call.page(
        "draft.html.j2", title="Read, and sign with your key", shown=shown, keys=keys, findings=findings,
        elsewhere=_elsewhere(call), site=site_of(call), address=call.address, **about,
    )  # fmt: skip


def _elsewhere_now(call: Call, cases: Cases, known: ProscribeError) -> Response:
    """Send an old link to what waits for its person under another case, or under none.

    Raises:
        ProscribeError: where nothing of that id waits for them.
    """
    from proscribe.app.case import pending

    mine = pending.waiting(cases.store, by=call.person)
    one = next((each for each in mine if each.id == call.path["pending_id"]), None)
    if one is None:
        raise known
    at = "/cases/{case_id}/pending/{pending_id}" if one.case_id else "/pending/{pending_id}"
    return go(at, case_id=one.case_id, pending_id=one.id)


def sign(call: Call) -> Response:
    """Take a signature that the browser gave, ask for the next one, or do what was shown."""
    from proscribe.app.case.browser_signing import begin, draft_of, go_on

    case_id, pending_id = call.path.get("case_id", ""), call.path["pending_id"]
    browser = _browser(call)
    with call.cases() as cases:
        waited = draft_of(cases, pending_id, person=call.person, case_id=case_id)
    if call.sent("sealed"):
        sent = {name: call.sent(name) for name in ("authenticatorData", "clientDataJSON", "signature")}
        done = go_on(browser, call.sent("sealed"), sent, case_id=case_id)
    else:
        done = begin(browser, pending_id, case_id=case_id, code=call.sent("code"), key_id=call.sent("key"))
    if isinstance(done, str):
        return _signed(waited)
    with call.cases() as cases:
        about = _about(cases, waited)
    return call.page("ask_key.html.j2", title="Touch your key", asked=done, address=call.address, **about)


def _signed(waited: Pending) -> Response:
    """Go on where something was asked for, once it is signed: judgements come from the queue, as its filter was."""
    from proscribe.app.case import pending

    case_id, signed, judged = waited.case_id, [("signed", "yes")], waited.told.get("finding", "")
    if waited.deed is pending.Deed.SEE_MENTIONS:
        start = [one for one in parse_qsl(waited.told.get("queue", "")) if one[0] == "start"]
        return go("/cases/{case_id}/mentions", [*start, *signed], case_id=case_id)
    if waited.deed not in (pending.Deed.JUDGE, pending.Deed.JUDGE_MANY, pending.Deed.TAKE_BACK):
        return go("/cases/{case_id}/documents", signed, case_id=case_id) if case_id else go("/people", signed)
    if judged.startswith("d_"):
        return go("/cases/{case_id}/devices/{device_id}", case_id=case_id, device_id=judged)
    # Whoever may write beside the store can write anything into a draft: what is no filter is left out.
    told = [("was", judged)] if judged else signed
    queue = kept(parse_qsl(waited.told.get("queue", "")))
    return go("/cases/{case_id}/findings", [*queue, *told], case_id=case_id)


def _about(cases: Cases, one: Pending) -> dict[str, Any]:
    """Give what the frame of a page says of its case, and the tab of what is signed."""
    if not one.case_id:
        return {"tab": "People"}
    judged = one.told.get("finding", "")
    tab = "Devices" if judged.startswith("d_") else _TABS.get(one.deed, "Documents")
    return {"file": cases.case(one.case_id), "tab": tab}


def _browser(call: Call) -> Browser:
    from proscribe.app.case.browser_signing import Browser

    return Browser(
        call.person, site_of(call), call.session.form_token, call.settings.store.key, call.settings.cases_at
    )
