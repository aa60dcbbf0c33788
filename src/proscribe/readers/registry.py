"""The visible list of readers, and how one is chosen by content."""

from __future__ import annotations

from proscribe.readers.base import Reader
from proscribe.readers.captures import Captures
from proscribe.readers.cli_output import CliOutput
from proscribe.readers.columnar import Parquet
from proscribe.readers.cyclonedx import CycloneDx
from proscribe.readers.firmware import Firmware
from proscribe.readers.inventory import Inventory
from proscribe.readers.leases import Leases
from proscribe.readers.lines import Lines
from proscribe.readers.neighbours import Neighbours
from proscribe.readers.netscan_json import NetScan
from proscribe.readers.nmap_text import NmapText
from proscribe.readers.nmap_xml import NmapXml
from proscribe.readers.pcap import Pcap
from proscribe.readers.radio import Radio
from proscribe.readers.records import Records
from proscribe.readers.snmp_walk import SnmpWalk
from proscribe.readers.spdx import Spdx
from proscribe.readers.tabular_text import TabularText
from proscribe.readers.workbook import Workbook

#: Built-in readers in the order they are asked; of equal scores the first wins.
READERS: tuple[Reader, ...] = (
    Parquet(),
    Workbook(),
    NmapXml(),
    NmapText(),
    NetScan(),
    Inventory(),
    Pcap(),
    Captures(),
    Firmware(),
    CycloneDx(),
    Spdx(),
    SnmpWalk(),
    Leases(),
    Radio(),
    CliOutput(),
    Neighbours(),
    Records(),
    TabularText(),
    Lines(),
)
