"""Readers: from the paths a user named to batches of text, with everything unread said."""

from __future__ import annotations

from proscribe.readers.base import Batch, Limits, Options, Part, Reading, Source
from proscribe.readers.columns import samples_of
from proscribe.readers.header_fields import check_mapping
from proscribe.readers.opening import open_source, reader_of
from proscribe.readers.registry import READERS, Reader
from proscribe.readers.sources import Expansion, expand, sha256_of, without_litter
from proscribe.readers.table_kinds import check_kinds, kinds_told, stated_kind

__all__ = [
    # finding and opening
    "expand", "Expansion", "open_source", "reader_of", "sha256_of", "without_litter", "check_mapping", "check_kinds",
    "READERS",
    # what tables are
    "kinds_told", "samples_of", "stated_kind",
    # contract
    "Batch", "Limits", "Options", "Part", "Reader", "Reading", "Source",
]  # fmt: skip
