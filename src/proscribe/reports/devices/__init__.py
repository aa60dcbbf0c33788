"""What the device graph answers, written for people and programs: `proscribe.devices/1`, table, HTML, CSV."""

from proscribe.model.devices_document import SCHEMA, to_json, to_json_value
from proscribe.reports.devices.formats import FORMATS, write

__all__ = ["FORMATS", "SCHEMA", "to_json", "to_json_value", "write"]
