"""Readers: from the paths a user named to batches of text, with everything unread said."""

from __future__ import annotations

from proscribe.readers.base import Batch, Limits, Options, Part, Reading, Source
from proscribe.readers.columns import check_mapping
from proscribe.readers.opening import open_source, reader_of
from proscribe.readers.registry import READERS, Reader
from proscribe.readers.sources import Expansion, expand, sha256_of

__all__ = [
    # finding and opening
    "expand", "Expansion", "open_source", "reader_of", "sha256_of", "check_mapping", "READERS",
    # contract
    "Batch", "Limits", "Options", "Part", "Reader", "Reading", "Source",
]  # fmt: skip
