"""Proscribe: find banned equipment in your own files, and say what the law says about it.

Example:
    >>> import proscribe
    >>> run = proscribe.scan(["assets.csv"], as_of="2026-11-25")  # doctest: +SKIP
    >>> run.findings[0].entity  # doctest: +SKIP
    'hikvision'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from proscribe.app.api import ScanResult, build_index, match_batch, scan
    from proscribe.app.devices import DeviceResult, devices

__all__ = ["DeviceResult", "ScanResult", "build_index", "devices", "match_batch", "scan", "__version__"]


def __getattr__(name: str) -> Any:
    """Import the API on first use, so that `proscribe --version` loads no data-frame library."""
    if name in {"ScanResult", "build_index", "match_batch", "scan"}:
        from proscribe.app import api

        return getattr(api, name)
    if name in {"DeviceResult", "devices"}:
        from proscribe.app import devices as joining

        return getattr(joining, name)
    raise AttributeError(f"module 'proscribe' has no attribute {name!r}")
