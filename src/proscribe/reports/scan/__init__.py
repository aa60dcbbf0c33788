"""What a scan answers, written for people and programs.

`FORMATS` lists the formats; `write` writes any of them. `to_json_value` and `to_json` give
`proscribe.scan/1`.
"""

from proscribe.reports.scan.formats import FORMATS, Format, write
from proscribe.reports.scan.json_report import to_json, to_json_value

__all__ = ["FORMATS", "Format", "to_json", "to_json_value", "write"]
