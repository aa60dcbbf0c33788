"""Open a store of cases where it was named, with what tells a server's own writing from that of others."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from proscribe.app.keys.people import checks
from proscribe.app.starting import KEY_VARIABLE
from proscribe.model.errors import error, missing_extra

if TYPE_CHECKING:
    from proscribe.casework.store import Store
    from proscribe.casework.watch import Watch

#: Names the store when no place is given.
STORE_VARIABLE = "PROSCRIBE_STORE"
DEFAULT_STORE = "proscribe-cases.db"


def open_store(
    place: str | Path | None = None,
    *,
    create: bool = True,
    now: Callable[[], datetime] | None = None,
    checked: bool = True,
    watch: Watch | None = None,
) -> Store:
    """Open a store of cases.

    Args:
        place: a file or a URL; `PROSCRIBE_STORE`, else `./proscribe-cases.db`, by default.
        create: make it when there is none.
        now: the clock that stamps events.
        checked: False opens one whose newest events do not hold together, to say what is wrong.
        watch: of the server that opens it; that of `PROSCRIBE_SERVER_KEY` by default.

    Raises:
        CaseError: see `Store.open`; E427 when its newest events do not hold together.
        EnvironmentProblem: E502 when the extra `app` is not installed.
    """
    try:
        from proscribe.casework.store import Store
    except ModuleNotFoundError as problem:
        raise missing_extra(problem.name or "sqlalchemy", "app") from None
    key = os.environ.get(KEY_VARIABLE, "")
    watch = watch or (watch_of(bytes.fromhex(key)) if re.fullmatch("[0-9a-f]{64}", key) else None)
    store = Store.open(
        place or os.environ.get(STORE_VARIABLE) or DEFAULT_STORE, create=create, now=now, watch=watch
    )
    if checked and store.chain_fault:
        store.close()
        raise error("E427.chain", at=store.url, what=store.chain_fault)
    store.check_signature = checks
    return store


def watch_of(key: bytes) -> Watch:
    """Give what tells a server's own writing from that of others."""
    from proscribe.casework.watch import Watch

    return Watch(key)
