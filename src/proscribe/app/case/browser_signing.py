"""What waits for a key that a browser holds: it is shown, the browser is asked for each signature that it takes, and it is done.

What is signed is the entry of the chain, or the paper, as the program writes it, so the deed is begun, and left as it was where
its text has to be signed first. It is begun again with the signature of that text, at the same instant; the second signature of
a paper that is signed, over the entry that says so, is asked for in the same way. Between two pages a browser holds what was
signed until then (`Round`), sealed by the server. Where the store has changed meanwhile the texts are others, and it begins anew.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from proscribe.app.case import pending
from proscribe.app.keys.browser_keys import BrowserKey, usable
from proscribe.attestations.browser_keys import Assertion
from proscribe.attestations.signers import Awaited, browser_signer
from proscribe.model.canonical import canonical_json
from proscribe.model.casework import Instant
from proscribe.model.codec import CodecError, parse, read, write
from proscribe.model.errors import error

if TYPE_CHECKING:
    from proscribe.app.case.cases import Cases
    from proscribe.app.case.pending import Shown
    from proscribe.model.pending import Pending

#: Minutes within which all signatures of a deed are given.
MINUTES = 10


@dataclass(frozen=True, slots=True)
class Round:
    """What a browser holds between two signatures.

    Attributes:
        pending_id, code: what is signed, and the code of what was shown.
        key_id: the key.
        session: of the browser.
        at: the instant at which all of it is done.
        given: what it signed until now: challenge to signature, hex.
    """

    pending_id: str
    code: str
    key_id: str
    session: str
    at: Instant
    given: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """A signature that a browser has to give.

    Attributes:
        challenge: what its key has to sign, base64url.
        credential: what the browser calls the key.
        number: which signature of the deed it is, from 1.
        sealed: what the browser sends back with it.
        anew: whether something was written meanwhile, so that it began anew.
    """

    challenge: str
    credential: str
    number: int
    sealed: str
    anew: bool = False


@dataclass(frozen=True, slots=True)
class Browser:
    """Where a signature is asked for.

    Attributes:
        person: who is there.
        site: the name of the machine whose page asks.
        session: tells this browser from others.
        key: of the server, with which it seals.
        open_at: opens the store with a clock.
    """

    person: str
    site: str
    session: str
    key: bytes
    open_at: Callable[[Callable[[], datetime]], Cases]


def draft_of(cases: Cases, pending_id: str, *, person: str, case_id: str) -> Pending:
    """Give what waits for the key of a person, in a case or beside all of them.

    Raises:
        CaseError: E416 when nothing of that id waits for them there.
    """
    found = pending.waiting(cases.store, case_id=case_id, by=person)
    one = next((each for each in found if each.id == pending_id and each.case_id == case_id), None)
    if one is None:
        raise error("E416.draft", asked=pending_id[:60])
    return one


def keys_for(cases: Cases, shown: Shown, site: str) -> tuple[BrowserKey, ...]:
    """Give the keys with which a browser can sign a draft by a page of a site; the newest first."""
    store = cases.store
    return usable(store.roster(), shown.draft.by, site, store.now(), store.head().seq + 1, shown.people)


def begin(browser: Browser, pending_id: str, *, case_id: str, code: str, key_id: str) -> Asked | str:
    """Begin to sign a draft that was shown; see `go_on`."""
    made = Round(pending_id, code, key_id, browser.session, datetime.now(UTC))
    return _done_or_asked(browser, made, case_id)


def go_on(browser: Browser, sealed: str, sent: Mapping[str, str], *, case_id: str) -> Asked | str:
    """Take a signature that a browser gave.

    Returns:
        The next signature that is asked for, or what was done.

    Raises:
        InputError: E551 when it does not hold, comes too late, or what would be done is no longer what was shown, or is too long
            for a page.
        CaseError, UsageError: as what is done raises it; nothing is done then.
    """
    made = _opened(sealed, browser)
    given = Assertion.sent(sent)
    return _done_or_asked(
        browser, replace(made, given={**made.given, given.challenge: given.packed}), case_id
    )


def _done_or_asked(browser: Browser, made: Round, case_id: str, *, anew: bool = False) -> Asked | str:
    given = {name: Assertion.of(bytes.fromhex(text)) for name, text in made.given.items()}
    used: set[str] = set()
    with browser.open_at(lambda: made.at) as cases:
        draft = draft_of(cases, made.pending_id, person=browser.person, case_id=case_id)
        shown = pending.look(cases, draft)
        if shown.code != made.code:
            raise error("E551.changed")
        if shown.too_long:
            raise error("E551.long", why=shown.too_long)
        key = next((one for one in keys_for(cases, shown, browser.site) if one.key_id == made.key_id), None)
        if key is None:
            raise error("E551.no_key", who=draft.by, site=browser.site)
        signer = browser_signer(
            key.public_pem, {name: one for name, one in given.items() if one is not None}, used
        )
        if cases.store.roster():
            cases.store.hand = signer
        try:
            return pending.sign(cases, shown, signer)
        except Awaited as awaited:
            if used == set(made.given):
                sealed = _sealed(made, browser.key)
                return Asked(awaited.challenge, key.credential, len(used) + 1, sealed, anew)
    # What was signed stands for a state of the store that is past.
    return _done_or_asked(browser, replace(made, at=datetime.now(UTC), given={}), case_id, anew=True)


def _sealed(made: Round, key: bytes) -> str:
    text = canonical_json(write(made)).encode()
    return f"{base64.urlsafe_b64encode(text).decode()}.{_seal(text, key)}"


def _seal(text: bytes, key: bytes) -> str:
    return hmac.new(key, b"proscribe round\0" + text, hashlib.sha256).hexdigest()


def _opened(sealed: str, browser: Browser) -> Round:
    body, _, seal = sealed.partition(".")
    try:
        text = base64.urlsafe_b64decode(body.encode())
        made = read(Round, parse(text))
    except (binascii.Error, CodecError, ValueError):
        raise error("E551.late", minutes=MINUTES) from None
    sound = hmac.compare_digest(_seal(text, browser.key).encode(), seal.encode())
    late = datetime.now(UTC) - made.at > timedelta(minutes=MINUTES)
    if not sound or late or made.session != browser.session:
        raise error("E551.late", minutes=MINUTES)
    return made
