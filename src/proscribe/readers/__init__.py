"""Readers: from the paths a user named to batches of text, with everything unread said."""

from __future__ import annotations

from proscribe.readers.base import Batch, Limits, Options, Reader, Reading, Source
from proscribe.readers.columnar import ParquetPart
from proscribe.readers.columns import check_mapping
from proscribe.readers.opening import open_part, open_source
from proscribe.readers.registry import READERS
from proscribe.readers.sources import Expansion, expand, sha256_of
from proscribe.readers.tabular_text import TextPart

__all__ = [
    # finding and opening
    "expand", "Expansion", "open_source", "sha256_of", "check_mapping", "READERS",
    # contract
    "Batch", "Limits", "Options", "Reader", "Reading", "Source",
    # parallel reading
    "open_part", "ParquetPart", "TextPart",
]  # fmt: skip
