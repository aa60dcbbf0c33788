"""The visible list of readers, and how one is chosen by content."""

from __future__ import annotations

from proscribe.readers.base import Reader
from proscribe.readers.columnar import Parquet
from proscribe.readers.lines import Lines
from proscribe.readers.records import Records
from proscribe.readers.tabular_text import TabularText
from proscribe.readers.workbook import Workbook

#: Built-in readers in the order they are asked; of equal scores the first wins.
READERS: tuple[Reader, ...] = (Parquet(), Workbook(), Records(), TabularText(), Lines())
