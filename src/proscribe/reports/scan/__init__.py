"""What a scan answers, written for people and programs.

`FORMATS` lists the formats; `write` writes any of them.
"""

from proscribe.reports.scan.formats import FORMATS, Format, write

__all__ = ["FORMATS", "Format", "write"]
