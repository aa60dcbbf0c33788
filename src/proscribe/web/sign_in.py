"""Sign-in by OpenID Connect: the code flow with PKCE, `state` and `nonce`, and an ID token that is checked in full.

Nothing about a sign-in under way is kept on the server: what its answer has to fit lies in a cookie of the browser that began it.
"""

from __future__ import annotations

import hmac
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from proscribe.model.errors import error, missing_extra
from proscribe.web.settings import Team

try:
    from authlib.common.errors import AuthlibBaseError
    from authlib.integrations.requests_client import OAuth2Session
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet
    from requests import RequestException
    from requests.exceptions import SSLError
except ModuleNotFoundError as problem:
    raise missing_extra(problem.name or "authlib", "team") from None

#: Algorithms of signatures that are taken: asymmetric ones, so that no public key serves as a secret.
ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
#: Seconds in which a sign-in has to come to its end, for an answer of the provider, and between its clock and ours.
MOST_S, _WAIT_S, _LEEWAY_S = 600, 10, 60
_KEPT_S = 3600


@dataclass(frozen=True, slots=True)
class Person:
    """Whom the provider vouches for."""

    subject: str
    name: str
    email: str


class SignIn:
    """The sign-in of a workbench.

    Raises:
        UsageError: E503 when the secret cannot be read.
    """

    def __init__(self, team: Team) -> None:
        self._team = team
        self._about: dict[str, Any] = {}
        self._keys: KeySet | None = None
        self._asked_at = 0.0
        self._lock = Lock()
        try:
            self._secret = Path(team.client_secret_file).read_text(encoding="utf-8").strip()
        except (OSError, ValueError) as problem:
            raise error("E503", why=f"client_secret_file cannot be read: {problem}") from None
        if not self._secret:
            raise error("E503", why="client_secret_file is empty")

    def begin(self) -> tuple[str, str]:
        """Begin a sign-in; gives the address to go to, and what the cookie keeps."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        with self._client() as client:
            address, _ = client.create_authorization_url(
                self._metadata()["authorization_endpoint"], state=state, nonce=nonce, code_verifier=verifier
            )
        return str(address), json.dumps([state, nonce, verifier, int(time.time())])

    def finish(self, kept: str, answer: Mapping[str, str]) -> Person:
        """Take the answer of the provider; gives whom it vouches for.

        Args:
            kept: what the cookie of the browser says.
            answer: the query of the address to which the browser was sent.

        Raises:
            UsageError: E505 when anything about it is not as it should be.
        """
        try:
            state, nonce, verifier, begun = json.loads(kept)
            fits = hmac.compare_digest(str(state).encode(), answer.get("state", "").encode())
        except (ValueError, TypeError):
            raise error("E505", why="no sign-in was begun in this browser") from None
        if not fits:
            raise error("E505", why="it answers another sign-in than the one of this browser")
        if not isinstance(begun, int) or not 0 <= time.time() - begun <= MOST_S:
            raise error("E505", why="it took too long")
        if answer.get("iss", self._team.issuer) != self._team.issuer:
            raise error("E505", why="it comes from another provider")
        if "error" in answer or not answer.get("code"):
            raise error("E505", why=f"the provider says {answer.get('error', 'nothing')[:60]!r}")
        try:
            with self._client() as client:
                told = client.fetch_token(
                    self._metadata()["token_endpoint"], grant_type="authorization_code", code=answer["code"],
                    code_verifier=verifier, timeout=_WAIT_S,
                )  # fmt: skip
        except (AuthlibBaseError, RequestException, ValueError) as problem:
            raise error("E505", why=f"the code was not taken ({_cause(problem)})") from None
        claims = self.checked(str(told.get("id_token") or ""), str(nonce))
        email = str(claims.get("email") or "") if claims.get("email_verified") is True else ""
        return Person(str(claims["sub"]), str(claims.get("name") or "").strip(), email)

    def checked(self, token: str, nonce: str) -> dict[str, Any]:
        """Check an ID token: signature, key and algorithm, issuer, audience, expiry and nonce; gives what it says.

        Raises:
            UsageError: E505 when it does not hold.
        """
        needed: dict[str, Any] = {
            "iss": {"essential": True, "value": self._team.issuer},
            "aud": {"essential": True, "value": self._team.client_id},
            "sub": {"essential": True}, "exp": {"essential": True}, "iat": {"essential": True},
            "nonce": {"essential": True, "value": nonce},
        }  # fmt: skip
        registry = jwt.JWTClaimsRegistry(leeway=_LEEWAY_S, **needed)
        for again in (False, True):
            try:
                claims = jwt.decode(token, self._key_set(again), algorithms=list(ALGORITHMS)).claims
                registry.validate(claims)
            except (JoseError, ValueError, TypeError, KeyError) as problem:
                if again or not _may_be_a_new_key(problem):
                    raise error(
                        "E505", why=f"its token does not hold ({type(problem).__name__}: {problem})"[:200]
                    ) from None
            else:
                break
        if not claims["sub"] or claims.get("azp", self._team.client_id) != self._team.client_id:
            raise error("E505", why="its token is for somebody else")
        return dict(claims)

    def _client(self) -> Any:
        made = OAuth2Session(
            self._team.client_id, self._secret, redirect_uri=f"{self._team.public_address}/sign-in/callback",
            scope=" ".join(("openid", *self._team.scopes)), code_challenge_method="S256", default_timeout=_WAIT_S,
        )  # fmt: skip
        made.max_redirects = 0  # what is sent with the secret goes where the provider said
        return made

    def _metadata(self) -> dict[str, Any]:
        with self._lock:
            if not self._about or time.monotonic() - self._asked_at > _KEPT_S:
                about = self._asked(self._team.issuer.rstrip("/") + "/.well-known/openid-configuration")
                if about.get("issuer") != self._team.issuer:
                    raise error("E505", why="the provider calls itself otherwise than the settings do")
                for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                    told = str(about.get(name, ""))
                    if not told.startswith("https://") and not self._team.issuer.startswith("http://"):
                        raise error("E505", why=f"the provider names no {name} with https")
                self._about, self._asked_at, self._keys = about, time.monotonic(), None
            return self._about

    def _key_set(self, again: bool) -> KeySet:
        about = self._metadata()
        if self._keys is None or again:
            self._keys = KeySet.import_key_set(self._asked(about["jwks_uri"]))  # type: ignore[arg-type]
        return self._keys

    def _asked(self, address: str) -> dict[str, Any]:
        try:
            with self._client() as client:
                got = client.request(
                    "GET", address, withhold_token=True, timeout=_WAIT_S, allow_redirects=False
                )
            got.raise_for_status()
            told = got.json()
        except (RequestException, ValueError) as problem:
            raise error("E505", why=f"the provider did not answer ({_cause(problem)})") from None
        if not isinstance(told, dict):
            raise error("E505", why="the provider answered something else")
        return told


def _cause(problem: Exception) -> str:
    """Say why a request came to nothing, and of a certificate what whoever runs the workbench can do."""
    if isinstance(problem, SSLError):
        return "SSLError: its certificate is of no authority trusted here; REQUESTS_CA_BUNDLE names the file of a private one"
    return type(problem).__name__


def _may_be_a_new_key(problem: Exception) -> bool:
    """Tell whether the token may be signed with a key that came after the keys were asked for."""
    return isinstance(problem, ValueError | KeyError) or type(problem).__name__ in (
        "InvalidKeyIdError",
        "BadSignatureError",
    )
