"""One device behind many records: keys, joins, fused evidence, contradictions. Pure: tables in, devices out."""

from proscribe.matching.devices.graph import Decisions, build
from proscribe.matching.devices.keys import DeviceBatch, DeviceTable
from proscribe.matching.devices.kinds import DEVICE_KINDS, PURCHASE_KINDS, kind_of

__all__ = [
    "DEVICE_KINDS",
    "PURCHASE_KINDS",
    "Decisions",
    "DeviceBatch",
    "DeviceTable",
    "build",
    "kind_of",
]
