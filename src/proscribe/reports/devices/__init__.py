"""What the device graph answers, written for people and programs: `proscribe.devices/1`, table, HTML, CSV."""

from proscribe.reports.devices.formats import FORMATS, write
from proscribe.reports.devices.json_report import SCHEMA, to_json, to_json_value

__all__ = ["FORMATS", "SCHEMA", "to_json", "to_json_value", "write"]
