"""What a workbench is started with."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Settings:
    """What a workbench is started with.

    Attributes:
        place: the store, as `open_cases` takes it.
        knowledge: a snapshot or source folder, then layers; the shipped one by default.
        person: who works here; asked for in the browser where it is empty.
        zone: time zone of the clocks of a new case.
        hosts: names and addresses with port under which a browser may call, such as `127.0.0.1:8080`.
        token: opens the workbench once; see `Sessions`.
        most_upload_bytes: what one request may hand in.
        most_form_bytes: what a request without files may hold.
        upload_seconds: how long one request may take to hand in its files.
    """

    place: str
    knowledge: tuple[str, ...] = ()
    person: str = ""
    zone: str = "UTC"
    hosts: frozenset[str] = frozenset()
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    most_upload_bytes: int = 4096 * MEBIBYTE
    most_form_bytes: int = MEBIBYTE
    upload_seconds: int = 3600
