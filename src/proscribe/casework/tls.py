"""How the connection to a PostgreSQL server is protected, by the words that PostgreSQL's own clients use.

`sslmode` in the URL: `disable`, `prefer` (encrypted when the server can; the default), `require` (encrypted, or refused),
`verify-full` (encrypted, and the server's certificate and name are checked, against `sslrootcert` or the system's authorities).
"""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from proscribe.model.errors import error

_MODES = ("disable", "prefer", "require", "verify-full")


def split(url: sa.URL) -> tuple[sa.URL, dict[str, Any]]:
    """Take `sslmode` and `sslrootcert` out of a URL.

    Returns:
        The URL without them, and what the driver `pg8000` is told.

    Raises:
        CaseError: E420 on another mode, or a file of certificates that cannot be used.
    """
    query = dict(url.query)
    mode, roots = query.pop("sslmode", "prefer"), query.pop("sslrootcert", None)
    if mode not in _MODES or isinstance(roots, tuple):
        raise error("E420.tls_mode", mode=mode, modes=", ".join(_MODES))
    context: Any = {"disable": False, "prefer": None, "require": True}.get(str(mode))
    if mode == "prefer" and "unix_sock" in query:
        context = False  # over a socket of the same machine PostgreSQL speaks no TLS: no authorities are read for each connection
    if mode == "verify-full":
        try:
            context = ssl.create_default_context(cafile=str(Path(roots).expanduser()) if roots else None)
        except (OSError, ssl.SSLError) as problem:
            raise error("E420.tls_authorities", at=roots, problem=problem) from None
    return url.set(query=query), {"ssl_context": context}
