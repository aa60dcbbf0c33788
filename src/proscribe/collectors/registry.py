"""The visible list of collectors."""

from __future__ import annotations

from proscribe.collectors.base import Collector
from proscribe.collectors.dhip import Dhip
from proscribe.collectors.http import Http
from proscribe.collectors.mdns import Mdns
from proscribe.collectors.onvif import Onvif
from proscribe.collectors.sadp import Sadp
from proscribe.collectors.snmp import Snmp
from proscribe.collectors.ssdp import Ssdp

#: Collectors by name, in the order in which help lists them.
COLLECTORS: dict[str, Collector] = {
    collector.name: collector for collector in (Onvif(), Ssdp(), Mdns(), Sadp(), Dhip(), Snmp(), Http())
}
