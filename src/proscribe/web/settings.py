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
        form_seconds: how long one request may take to send a form without files.
        body_seconds: how long a request may be silent before the rest of its body comes.
        most_uploads: requests that hand files in at the same time.
        most_requests: requests under way at the same time; further ones are told to come again.
        least_free_bytes: what has to stay free where files are kept, or nothing more is taken.
    """

    place: str
    knowledge: tuple[str, ...] = ()
    person: str = ""
    zone: str = "UTC"
    hosts: frozenset[str] = frozenset()
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    most_upload_bytes: int = 4096 * MEBIBYTE
    most_form_bytes: int = MEBIBYTE
    upload_seconds: float = 3600
    form_seconds: float = 60
    body_seconds: float = 20
    most_uploads: int = 8
    most_requests: int = 200
    least_free_bytes: int = 256 * MEBIBYTE
