"""What the device graph answers, written for people and programs: `proscribe.devices/1`, table, HTML, CSV."""

from proscribe.model.devices_document import SCHEMA, json_pieces, to_json
from proscribe.reports.devices.formats import FORMATS, write

__all__ = ["FORMATS", "SCHEMA", "json_pieces", "to_json", "write"]
