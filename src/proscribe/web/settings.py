"""What a workbench is started with."""

from __future__ import annotations

import secrets
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from proscribe.model.codec import Limits
from proscribe.model.config import Config

if TYPE_CHECKING:
    from proscribe.app.case.cases import Cases
    from proscribe.app.case.open_stores import OpenStore

MEBIBYTE = 1024 * 1024


def _new_store() -> OpenStore:
    from proscribe.app.case.open_stores import OpenStore

    return OpenStore()


@dataclass(frozen=True, slots=True)
class Team:
    """What several people share a workbench with; read from a TOML file.

    Attributes:
        public_address: where people reach it, with `https://` and without a path.
        proxies: addresses of the proxy that ends TLS; requests from elsewhere are refused.
        issuer: the OpenID Connect provider, with `https://`.
        client_id: what the provider calls this workbench.
        client_secret_file: a file that holds the secret of this workbench.
        administrators: subjects, as the provider calls them, who are administrators of the store.
        scopes: what is asked for beside `openid`.
    """

    public_address: Annotated[
        str, Limits(r"https://[A-Za-z0-9.-]+(:[0-9]{1,5})?", expected="https:// and a host")
    ]
    proxies: Annotated[tuple[str, ...], Limits(least=1)]
    issuer: Annotated[
        str,
        Limits(r"https://.+|http://(localhost|127\.0\.0\.1)(:[0-9]+)?(/.*)?", expected="an https address"),
    ]
    client_id: Annotated[str, Limits(least=1)]
    client_secret_file: Annotated[str, Limits(least=1)]
    administrators: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ("profile", "email")

    @property
    def host(self) -> str:
        """Give the host, and the port where it is not that of https."""
        return self.public_address.removeprefix("https://")


@dataclass(frozen=True, slots=True)
class Settings:
    """What a workbench is started with.

    Attributes:
        place: the store, as `open_cases` takes it.
        knowledge: a snapshot or source folder, then layers; the shipped one by default.
        person: who works here; asked for in the browser where it is empty.
        zone: time zone of the clocks of a new case.
        configured: what the user's own configuration says of contracts and customers; nothing for a team, whose members may see
            some cases alone.
        hosts: names and addresses with port under which a browser may call, such as `127.0.0.1:8080`.
        token: opens the workbench once; see `Sessions`.
        team: what several people share it with; None for one person at their own machine.
        most_upload_bytes: what one request may hand in.
        most_form_bytes: what a request without files may hold.
        upload_seconds: how long one request may take to hand in its files.
        form_seconds: how long one request may take to send a form without files.
        body_seconds: how long a request may be silent before the rest of its body comes.
        most_uploads: requests that hand files in at the same time.
        most_requests: requests under way at the same time; further ones are told to come again.
        rates: other bounds than those of `rates.RATES`.
        store: what keeps the store open.
        least_free_bytes: what has to stay free where files are kept, or nothing more is taken.
    """

    place: str
    knowledge: tuple[str, ...] = ()
    person: str = ""
    zone: str = "UTC"
    configured: Config = field(default_factory=Config)
    hosts: frozenset[str] = frozenset()
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    team: Team | None = None
    most_upload_bytes: int = 4096 * MEBIBYTE
    most_form_bytes: int = MEBIBYTE
    upload_seconds: float = 3600
    form_seconds: float = 60
    body_seconds: float = 20
    most_uploads: int = 8
    most_requests: int = 200
    least_free_bytes: int = 256 * MEBIBYTE
    rates: Mapping[str, str] = field(default_factory=dict)
    store: OpenStore = field(default_factory=_new_store, compare=False, repr=False)

    @property
    def store_told(self) -> str:
        """The store as a command on this machine is given it; a word for it where others read it, or it may hold a password."""
        return "PLACE" if self.team or "://" in self.place else shlex.quote(str(Path(self.place).absolute()))

    def cases_at(self, now: Callable[[], datetime]) -> Cases:
        """Open the store anew with a clock, for one who acts in it with a key of their own.

        Raises:
            CaseError: E420, E421 and further when the store cannot be opened.
        """
        from proscribe.app.case.cases import open_cases

        cases = open_cases(self.place, knowledge=self.knowledge, now=now)
        cases.configured = self.configured
        return cases

    def cases(self, *, create: bool = False) -> Cases:
        """Give the cases, to be left with `with`; the store stays open.

        Raises:
            CaseError: E420, E421 and further when the store cannot be opened.
        """
        cases = self.store.cases(self.place, create=create, knowledge=self.knowledge)
        cases.configured = self.configured
        return cases
