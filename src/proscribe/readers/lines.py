"""Plain text: each line that is not blank is one record."""

from __future__ import annotations

from proscribe.readers._dialect import Dialect
from proscribe.readers.base import Options, Source
from proscribe.readers.head import Head
from proscribe.readers.tabular_text import TextReading, open_text


class Lines:
    """Reader of lists of MACs, CPEs, purls, banners, names: one item a line."""

    name = "lines"
    version = 1

    def sniff(self, head: Head) -> int:
        """Score any text 10, the rest 0."""
        return 10 if head.view is not None else 0

    def open(self, source: Source, options: Options) -> TextReading:
        """Open the text; a first line that is a known column name is taken as the header."""
        return open_text(source, options, self.name, Dialect(None, None))
