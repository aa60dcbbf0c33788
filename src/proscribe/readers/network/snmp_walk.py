"""SNMP recordings: `.snmprec` of snmpsim, the text of `snmpwalk` and `snmpbulkwalk`, and JSON dumps of walks.

One record per agent says what it calls itself (SNMPv2-MIB, RFC 3418), whose enterprise numbers it answers
under, and its hardware addresses (IF-MIB, RFC 2863). Physical entities (ENTITY-MIB, RFC 6933), neighbours
(ARP of RFC 4293 and RFC 1213, bridge tables of RFC 4188 and 4363, LLDP-MIB, CISCO-CDP-MIB) and installed
software (HOST-RESOURCES-MIB, RFC 2790) are tables of their own.

Object names are those of the MIBs; of names of other MIBs only the number can be looked up, so a walk
printed with `-On` says most.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from proscribe.readers._fixed import FixedReading, Row, Work, declared, left_over, text_lines
from proscribe.readers._grammar import grammar
from proscribe.readers._values import json_events, nothing_found
from proscribe.readers._view import first_character
from proscribe.readers.base import Options, Source
from proscribe.readers.head import Head
from proscribe.readers.network._addresses import mac_of_octets, macs_in, normal_ip, normal_mac

_GRAMMAR = grammar("network/grammars/snmp.yml")
_RE = _GRAMMAR.patterns

AGENTS = declared(_GRAMMAR, "agents")
ENTITIES = declared(_GRAMMAR, "entities")
NEIGHBOURS = declared(_GRAMMAR, "neighbours")
SOFTWARE = declared(_GRAMMAR, "software")
_LEFT_OVER = left_over("management")

#: Bounds of what is held for one agent.
_ENTITIES = 50_000
_REMOTES = 100_000
_MACS = 4_096
_TEXTS = 200
_TEXT_CHARACTERS = 32_768
_LONGEST_VALUE = 65_536

_OID = _GRAMMAR.maps["subtrees"]
_LLDP_COLUMN = _GRAMMAR.maps["lldp"]
_CDP_COLUMN = _GRAMMAR.maps["cdp"]
_ENTITY_COLUMN = _GRAMMAR.maps["entity_column"]
_CLASSES = _GRAMMAR.maps["classes"]
_OBJECTS = _GRAMMAR.maps["objects"]
_TEXTUAL = _GRAMMAR.maps["textual"]
#: Options of net-snmp that a value follows.
_WITH_VALUE = _GRAMMAR.words["with_value"]
_OCTET_TYPES = frozenset(("STRING", "Hex-STRING", "OCTET STRING", "BITS", "Opaque"))


@dataclass(slots=True)
class _Value:
    """One variable of a walk.

    Attributes:
        oid: number without a leading dot; empty when the name is of a MIB not known here.
        text: the value as text.
        octets: the octets when the recording shows them.
        is_text: whether it is a string, and not a number, address or time.
    """

    oid: str
    text: str
    octets: bytes | None = None
    is_text: bool = False
    is_oid: bool = False
    module: str = ""

    def below(self, subtree: str) -> str:
        """Give the number below a subtree of the grammar."""
        return self.oid[len(_OID[subtree]) :]

    def mac(self) -> str | None:
        """Give the value as a hardware address."""
        if self.octets is not None and len(self.octets) == 6:
            return mac_of_octets(self.octets)
        mac = normal_mac(self.text)
        return None if mac in ("00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff") else mac


@dataclass(slots=True)
class _Agent:
    """What one agent said so far."""

    place: str
    host: str = ""
    name: str = ""
    descr: str = ""
    objectid: str = ""
    location: str = ""
    ips: list[str] = field(default_factory=list)
    macs: dict[str, None] = field(default_factory=dict)
    enterprises: dict[str, None] = field(default_factory=dict)
    modules: dict[str, None] = field(default_factory=dict)
    own: dict[str, None] = field(default_factory=dict)
    far: dict[str, None] = field(default_factory=dict)
    plain: dict[str, None] = field(default_factory=dict)
    ports: dict[str, None] = field(default_factory=dict)
    entities: dict[str, dict[str, str]] = field(default_factory=dict)
    remotes: dict[str, dict[str, str]] = field(default_factory=dict)
    fdb: dict[str, None] = field(default_factory=dict)
    serials: dict[str, None] = field(default_factory=dict)
    dropped: dict[str, int] = field(default_factory=dict)
    values: int = 0
    system: set[str] = field(default_factory=set)

    def add_macs(self, *macs: str | None) -> None:
        """Keep hardware addresses of the agent, within bounds."""
        for mac in macs:
            if mac and len(self.macs) < _MACS:
                self.macs[mac] = None

    def keep(self, name: str, text: str) -> None:
        """Keep one text of a kind, once, within bounds; what is beyond is counted."""
        texts: dict[str, None] = getattr(self, name)
        text = text.strip()
        if not text or text in texts:
            return
        if len(texts) >= _TEXTS or len(text) > _TEXT_CHARACTERS or sum(map(len, texts)) > _TEXT_CHARACTERS:
            self.dropped[name] = self.dropped.get(name, 0) + 1
        else:
            texts[text] = None


class Walk:
    """Collects the variables of agents, and gives rows when an agent ends."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._agent: _Agent | None = None
        self._host = ""
        self._number = 0
        self.agents = 0
        self.without_entities = 0
        self.without_name = 0
        self.neighbours = 0
        self.over: set[str] = set()

    def start(self, host: str, place: str) -> Iterator[Row]:
        """Begin with another agent."""
        if self._agent is not None and self._agent.values and host != self._agent.host:
            yield from self.finish()
        if self._agent is not None and not self._agent.values:
            self._agent.host = host
        self._host = host

    def add(self, value: _Value, place: str) -> Iterator[Row]:
        """Take one variable."""
        of_system = value.oid.startswith(_OID["system"]) and value.oid.endswith(".0")
        if of_system and self._agent is not None and value.oid in self._agent.system:
            # What an agent says of itself stands once: another agent's walk was appended.
            yield from self.finish()
        if self._agent is None:
            self._agent = _Agent(place, self._host)
        agent = self._agent
        agent.values += 1
        if of_system:
            agent.system.add(value.oid)
        if value.module:
            agent.keep("modules", value.module)
        handler = next((handler for start, handler in _HANDLERS if value.oid.startswith(start)), None)
        if handler is not None:
            yield from handler(self, agent, value, place)
        elif value.is_text and value.text and not value.oid.startswith(_OID["if_name"]):
            agent.keep("plain", value.text)
        if value.is_oid and (found := re.match(r"1\.3\.6\.1\.4\.1\.\d+", value.text)):
            agent.keep("enterprises", found.group())

    def _system(self, agent: _Agent, value: _Value, place: str) -> Iterable[Row]:
        name = {"1.0": "descr", "2.0": "objectid", "5.0": "name", "6.0": "location"}.get(
            value.below("system")
        )
        if name is not None:
            setattr(agent, name, value.text)
        elif value.is_text and value.text:
            agent.keep("plain", value.text)
        return ()

    def _enterprise(self, agent: _Agent, value: _Value, place: str) -> Iterable[Row]:
        number, _, rest = value.below("enterprise").partition(".")
        agent.keep("enterprises", _OID["enterprise"] + number)
        if value.oid.startswith(_OID["cdp"]):
            column, _, index = value.below("cdp").partition(".")
            self._remote(agent, f"cdp.{index}", _CDP_COLUMN.get(column), value, place)
        elif value.is_text and value.text:
            scalar = rest.endswith(".0")
            if scalar and len(value.text) < 64:
                agent.add_macs(*macs_in(value.text))
            # What stands once per agent is the agent's own; rows of tables may speak of others.
            agent.keep("own" if scalar else "far", value.text)
        return ()

    def _own_mac(self, agent: _Agent, value: _Value, place: str) -> Iterable[Row]:
        agent.add_macs(value.mac())
        return ()

    def _own_ip(self, agent: _Agent, value: _Value, place: str) -> Iterable[Row]:
        address = normal_ip(value.text) or normal_ip(value.below("own_ip"))
        is_new = address and not address.startswith("127.") and address not in agent.ips
        if address and is_new and len(agent.ips) < 1_000:
            agent.ips.append(address)
        return ()

    def _software(self, agent: _Agent, value: _Value, place: str) -> Iterable[Row]:
        if not value.text:
            return ()
        return [(SOFTWARE, place, {"product": value.text, "agent": agent.name or agent.host})]

    def _port_name(self, agent: _Agent, value: _Value, place: str) -> Iterable[Row]:
        # Port numbers differ, what the maker wrote around them does not.
        agent.keep("ports", re.sub(r"\d+(?:[/.:]\d+)*\s*$|(?<=[a-z])\d+(?:[/.:]\d+)+", "", value.text))
        return ()

    def _serial(self, agent: _Agent, value: _Value, place: str) -> Iterable[Row]:
        agent.keep("serials", value.text)
        return ()

    def _entity(self, agent: _Agent, value: _Value, place: str) -> Iterable[Row]:
        column, _, index = value.below("entity").partition(".")
        name = _ENTITY_COLUMN.get(column)
        if name is None or not index:
            if value.is_text and value.text:
                agent.keep("plain", value.text)
            return ()
        if index not in agent.entities and len(agent.entities) >= _ENTITIES:
            self._bound("physical entities", _ENTITIES)
            agent.keep("plain", value.text)
            return ()
        entity = agent.entities.setdefault(index, {"at": place})
        if value.text:
            entity[name] = value.text
        return ()

    def _local(self, agent: _Agent, value: _Value, place: str) -> Iterable[Row]:
        rest = value.below("lldp_local")
        if rest == "2.0" and (mac := value.mac()):
            agent.macs[mac] = None
        elif rest == "3.0":
            agent.name = agent.name or value.text
        elif rest == "4.0":
            agent.descr = agent.descr or value.text
        elif value.is_text and value.text and rest.startswith("7.1.4."):
            agent.keep("ports", re.sub(r"\d+(?:[/.:]\d+)*\s*$", "", value.text))
        return ()

    def _lldp(self, agent: _Agent, value: _Value, place: str) -> Iterable[Row]:
        """Take a neighbour of LLDP-MIB or LLDP-V2-MIB, which has a column and a part of the index more."""
        newer = 0 if value.oid.startswith(_OID["lldp"]) else 1
        parts = value.below("lldp2" if newer else "lldp").split(".")
        table, column, index = parts[0], parts[2] if len(parts) > 2 else "", parts[3:]
        # LLDP-MIB: time mark, local port, index; LLDP-V2-MIB: time mark, interface, destination, index.
        size = 3 + newer
        key = f"lldp{'2' * newer}." + ".".join(index[:size])
        if table == "2":
            self._hold(agent, key, "address", _address_of_index(index[size:]), place)
            return ()
        if len(index) >= 2:
            self._hold(agent, key, "port", index[1], place)
        if table == "1" and column.isdecimal() and len(column) < 4:
            self._remote(agent, key, _LLDP_COLUMN.get(str(int(column) - newer)), value, place)
        return ()

    def _remote(self, agent: _Agent, key: str, name: str | None, value: _Value, place: str) -> None:
        if name is None:
            return
        text = value.text
        if name == "chassis":
            text = value.mac() or text
        elif name == "address" and value.octets is not None and len(value.octets) == 4:
            text = ".".join(str(octet) for octet in value.octets)
        elif name == "its port":
            text = (value.mac() if value.octets is not None and not value.is_text else None) or text
        self._hold(agent, key, name, text, place)

    def _hold(self, agent: _Agent, key: str, name: str, text: str, place: str) -> None:
        if key not in agent.remotes and len(agent.remotes) >= _REMOTES:
            self._bound("LLDP and CDP neighbours", _REMOTES)
            agent.keep("plain", text)
        elif text:
            agent.remotes.setdefault(key, {"at": place}).setdefault(name, text)

    def _bound(self, what: str, bound: int) -> None:
        if what not in self.over:
            self.over.add(what)
            self._work.log.add("E168.agent_has_more_than", f"agent {self.agents + 1}", bound=bound, said=what)

    def _arp(self, agent: _Agent, value: _Value, place: str) -> Iterable[Row]:
        mac = value.mac()
        newer = value.oid.startswith(_OID["arp_new"])
        start = next(name for name in ("arp", "arp_old", "arp_new") if value.oid.startswith(_OID[name]))
        index = value.below(start).split(".")
        address = _address_of_index(index[1:]) if newer else normal_ip(".".join(index[-4:])) or ""
        self.neighbours += 1
        if mac is None and value.text:
            self._work.log.add("E167.no_hardware_address", place, lossy=False, value=value.text[:40])
        row = {
            "ip": address,
            "mac": mac or value.text,
            "port": index[0],
            "state": "arp",
            "seen by": self._who(),
        }
        return [(NEIGHBOURS, place, row)]

    def _bridge(self, agent: _Agent, value: _Value, place: str) -> Iterable[Row]:
        start = next(
            name for name in ("qfdb_port", "fdb_port", "fdb_mac") if value.oid.startswith(_OID[name])
        )
        vlan, _, rest = (
            value.below(start).partition(".") if start == "qfdb_port" else ("", "", value.below(start))
        )
        numbers = rest.split(".")
        mac = None
        if len(numbers) == 6 and all(
            number.isdecimal() and len(number) <= 3 and int(number) < 256 for number in numbers
        ):
            mac = mac_of_octets(bytes(int(number) for number in numbers))
        mac = mac or (value.mac() if start == "fdb_mac" else None)
        if mac is None:
            return ()
        key = f"{vlan}/{mac}"
        if start == "fdb_mac":
            # The port stands in the next column; the entry is given there, or at the end when it never comes.
            if len(agent.fdb) < _REMOTES:
                agent.fdb.setdefault(key)
                return ()
            self._bound("bridge entries without a port", _REMOTES)
        agent.fdb.pop(key, None)
        self.neighbours += 1
        row = {"mac": mac, "port": value.text, "vlan": vlan, "state": "bridge", "seen by": self._who()}
        return [(NEIGHBOURS, place, row)]

    def _who(self) -> str:
        return (self._agent.name or self._agent.host) if self._agent is not None else self._host

    def finish(self) -> Iterator[Row]:
        """Give the agent that ended."""
        agent, self._agent = self._agent, None
        if agent is None or not agent.values:
            return
        self.agents += 1
        who = agent.name or agent.host or f"agent {self.agents}"
        chassis = _chassis(agent.entities)
        address = normal_ip(agent.host)
        ips = ([address] if address else []) + [ip for ip in agent.ips if ip != address]
        name = agent.name or ("" if address else agent.host)
        objectid = agent.objectid
        if not objectid and not agent.descr and len(agent.enterprises) == 1:
            # A walk of one firm's subtree alone: what answers below a number is of its holder.
            objectid = next(iter(agent.enterprises))
        self.without_entities += not agent.entities
        self.without_name += not agent.objectid and not agent.descr
        for what, count in agent.dropped.items():
            self._work.log.add("E125.more_different_texts_kind", f"{agent.place}, '{what}'", count=count)
        for index, entity in agent.entities.items():
            yield ENTITIES, entity["at"], _entity_row(index, entity, who, agent.entities)
        for key in agent.fdb:
            vlan, _, mac = key.partition("/")
            self.neighbours += 1
            yield NEIGHBOURS, agent.place, {"mac": mac, "vlan": vlan, "state": "bridge", "seen by": who}
        for remote in agent.remotes.values():
            if row := _remote_row(remote, who):
                self.neighbours += 1
                yield NEIGHBOURS, remote["at"], row
        yield (
            AGENTS,
            agent.place,
            {
                "ip": ips[0] if ips else None,
                "hostname": name or None,
                "snmp.sysdescr": agent.descr,
                "sysobjectid": objectid,
                "mac": "\n".join(agent.macs),
                "maker": chassis.get("maker"),
                "model": chassis.get("model"),
                "serial_number": chassis.get("serial_number") or "\n".join(agent.serials),
                "own values": "\n".join(agent.own),
                "interfaces": "\n".join(text for text in agent.ports if len(text) > 3),
                "enterprises": "\n".join(
                    number for number in agent.enterprises if not _below(objectid, number)
                ),
                "enterprise values": "\n".join(agent.far),
                "mib modules": " ".join(agent.modules),
                "location": agent.location,
                "other addresses": " ".join(ips[1:]),
                "other values": "\n".join(agent.plain),
            },
        )

    def tell(self) -> None:
        """Say what the walks could not show."""
        self._work.spot("walk_without_entity_table", self.without_entities, self.agents)
        self._work.spot("agents_without_identity", self.without_name, self.agents)


#: What takes a variable, by the beginning of its number, in the order in which they are asked.
_HANDLERS: tuple[tuple[str | tuple[str, ...], Callable[[Walk, _Agent, _Value, str], Iterable[Row]]], ...] = (
    (_OID["system"], Walk._system),
    (_OID["enterprise"], Walk._enterprise),
    (_OID["entity"], Walk._entity),
    ((_OID["if_mac"], _OID["bridge_mac"]), Walk._own_mac),
    ((_OID["lldp"], _OID["lldp2"]), Walk._lldp),
    (_OID["lldp_local"], Walk._local),
    ((_OID["arp"], _OID["arp_old"], _OID["arp_new"]), Walk._arp),
    ((_OID["fdb_port"], _OID["fdb_mac"], _OID["qfdb_port"]), Walk._bridge),
    (_OID["software"], Walk._software),
    ((_OID["if_descr"], _OID["device_descr"]), Walk._port_name),
    (_OID["printer_serial"], Walk._serial),
    (_OID["own_ip"], Walk._own_ip),
)


def _below(objectid: str, number: str) -> bool:
    return objectid == number or objectid.startswith(number + ".")


def _chassis(entities: dict[str, dict[str, str]]) -> dict[str, str]:
    """Choose the entity that stands for the whole device: a stack or chassis, else one that is in nothing."""
    for wanted in ("3", "11"):
        for entity in entities.values():
            if _class(entity) == wanted and (entity.get("model") or entity.get("serial_number")):
                return entity
    for entity in entities.values():
        if entity.get("parent_ref") == "0" and (entity.get("model") or entity.get("serial_number")):
            return entity
    return {}


def _class(entity: dict[str, str]) -> str:
    found = re.search(r"\d+", entity.get("class", ""))
    return found.group() if found else ""


def _entity_row(
    index: str, entity: dict[str, str], who: str, entities: dict[str, dict[str, str]]
) -> dict[str, str | None]:
    parent = entity.get("parent_ref", "")
    versions = [entity[name] for name in ("hardware", "firmware", "software") if entity.get(name)]
    return {
        "component_ref": f"{who}#{index}",
        # Some agents name a container that they do not list.
        "parent_ref": f"{who}#{parent}" if parent in entities and parent != index else None,
        "agent": who,
        "class": _CLASSES.get(_class(entity), entity.get("class")),
        "name": entity.get("name"),
        "product": entity.get("product"),
        "model": entity.get("model"),
        "maker": entity.get("maker"),
        "serial_number": entity.get("serial_number"),
        "asset_tag": entity.get("asset_tag"),
        "firmware.version": "\n".join(versions),
    }


def _remote_row(remote: dict[str, str], who: str) -> dict[str, str | None] | None:
    chassis = remote.get("chassis", "")
    mac = normal_mac(chassis)
    its = remote.get("its port", "")
    macs = [item for item in (mac, normal_mac(its)) if item]
    if not (
        macs or remote.get("hostname") or remote.get("snmp.sysdescr") or chassis or remote.get("platform")
    ):
        return None
    return {
        "ip": normal_ip(remote.get("address", "")) or normal_ip(chassis),
        "mac": "\n".join(dict.fromkeys(macs)),
        "hostname": remote.get("hostname") or (chassis if not mac else None),
        "snmp.sysdescr": remote.get("snmp.sysdescr"),
        "platform": remote.get("platform"),
        "port": remote.get("port"),
        "its port": its or remote.get("port text"),
        "state": "lldp or cdp",
        "seen by": who,
    }


def _address_of_index(index: list[str]) -> str:
    """Read `type.length.octets` of an index as an address (INET-ADDRESS-MIB, RFC 4001)."""
    if len(index) < 3 or not all(
        part.isdecimal() and len(part) <= 3 and int(part) < 256 for part in index[2:18]
    ):
        return ""
    octets = [int(part) for part in index[2:]]
    if index[1] == "4" and len(octets) >= 4:
        return ".".join(map(str, octets[:4]))
    if index[1] == "16" and len(octets) >= 16:
        return normal_ip(":".join(f"{octets[at] << 8 | octets[at + 1]:x}" for at in range(0, 16, 2))) or ""
    return ""


# --- the three spellings --------------------------------------------------------------------------
def _decode(octets: bytes) -> tuple[str, bool]:
    """Show octets as text when they are text."""
    body = octets.rstrip(b"\0")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("latin-1")
        if sum(32 <= char < 127 for char in body) * 10 < 8 * len(body):
            return octets.hex(":"), False
    if any(ord(char) < 32 and char not in "\t\r\n" for char in text):
        return octets.hex(":"), False
    return text.replace("\r\n", "\n").replace("\r", "\n"), True


def _snmprec_value(oid: str, tag: str, raw: str, place: str, work: Work) -> _Value:
    kind = tag.split(":", 1)[0]
    number = kind.rstrip("xe")
    if "x" in kind:
        try:
            octets = bytes.fromhex(raw.strip())
        except ValueError:
            work.log.add("E167.not_hexadecimal", place, raw=raw[:40])
            return _Value(oid, raw, None, is_text=True)
        if number == "64":
            return _Value(oid, ".".join(map(str, octets)), octets)
        text, readable = _decode(octets)
        return _Value(oid, text, octets, is_text=readable and number == "4")
    if "e" in kind:
        raw = re.sub(r"\\x([0-9A-Fa-f]{2})", lambda found: chr(int(found.group(1), 16)), raw)
    if number == "6":
        return _Value(oid, raw.strip().lstrip("."), is_oid=True)
    return _Value(
        oid,
        raw,
        raw.encode("latin-1", "replace") if number == "4" and len(raw) == 6 else None,
        is_text=number == "4",
    )


def _number_of(name: str) -> tuple[str, str]:
    """Turn a name of a walk into its number; also the MIB module when it is of one not known here."""
    if name[0].isdigit() or name[:2].lstrip(".")[:1].isdigit():
        return name.lstrip("."), ""
    module, _, rest = name.rpartition("::")
    rest = rest.replace("[", ".").replace("]", "")
    rest = rest.lstrip(".")
    head, _, index = rest.partition(".")
    if head == "iso":
        known: list[str] = ["1"]
        for part in index.split("."):
            if part.isdecimal():
                known.append(part)
            elif part in _TEXTUAL:
                known.append(_TEXTUAL[part])
            elif part in _OBJECTS:
                known = _OBJECTS[part].split(".")
            elif known and not part.isdigit():
                # A group such as `system` or `ifTable`: the object below it fixes the number.
                continue
        return ".".join(known), ""
    start = _OBJECTS.get(head)
    if start is None:
        return "", module or head
    index = _plain_index(index)
    return f"{start}.{index}" if index else start, ""


def _plain_index(index: str) -> str:
    """Write the readable parts of an index as numbers: `1.ipv4."10.0.0.1"`, `1.0:1a:2b:3c:4d:5e`."""
    index = index.strip(".")
    if '"' in index:

        def address(found: re.Match[str]) -> str:
            kind, text = found.group(1), normal_ip(found.group(2))
            if text is None:
                return found.group()
            if ":" in text:
                return "2.16." + ".".join(str(octet) for octet in _v6_octets(text))
            return f"1.4.{text}" if kind else text

        index = re.sub(r'(?:(ipv[46]z?)\.)?"([^"]{1,64})"', address, index)
    if ":" in index:
        head, _, last = index.rpartition(".")
        mac = normal_mac(last)
        if mac:
            numbers = ".".join(str(int(pair, 16)) for pair in mac.split(":"))
            index = f"{head}.{numbers}" if head else numbers
    return index


def _v6_octets(text: str) -> bytes:
    import ipaddress

    return ipaddress.IPv6Address(text).packed


def _walk_value(name: str, kind: str, raw: str, place: str, work: Work) -> _Value:
    oid, module = _number_of(name)
    text = raw.strip()
    kind = kind.strip()
    if _RE["absent"].match(text):
        return _Value(oid, "", module=module)
    if kind in ("OID", "OBJECT IDENTIFIER") or (not kind and _RE["oid_text"].fullmatch(text)):
        number, _ = _number_of(text) if text else ("", "")
        return _Value(oid, number or text, is_oid=True, module=module)
    if kind == "Hex-STRING" or (
        not kind
        and len(text) >= 17
        and re.fullmatch(r'"?(?:[0-9A-Fa-f]{2}[ \n]+){5,}(?:[0-9A-Fa-f]{2})?\s*"?', text)
    ):
        try:
            octets = bytes.fromhex("".join(text.strip('"').split()))
        except ValueError:
            work.log.add("E167.not_hexadecimal", place, raw=text[:40])
            return _Value(oid, text, None, is_text=True, module=module)
        shown, readable = _decode(octets)
        return _Value(oid, shown, octets, is_text=readable, module=module)
    quoted = len(text) >= 2 and text[0] == '"' == text[-1]
    if quoted:
        text = text[1:-1].replace('\\"', '"')
    if text in ('""',):
        text = ""
    is_text = (
        kind in _OCTET_TYPES
        or quoted
        or (not kind and not re.fullmatch(r"[-\d.:() ,a-z]*\d[-\d.:() ,]*", text))
    )
    return _Value(oid, text, is_text=is_text, module=module)


@dataclass(slots=True)
class _Held:
    """A value of a walk that may go on in the lines below."""

    name: str
    kind: str
    first: str
    place: str
    more: list[str] = field(default_factory=list)

    def add(self, line: str) -> bool:
        """Take a further line; false when the value is too long."""
        if sum(map(len, self.more)) >= _LONGEST_VALUE:
            return False
        self.more.append(line)
        return True

    def is_open(self) -> bool:
        """Tell whether a quoted value is still open."""
        text = self.first.strip()
        if not text.startswith('"'):
            return False
        last = self.more[-1].rstrip() if self.more else text
        return not (last.endswith('"') and not last.endswith('\\"') and (self.more or len(text) > 1))

    def goes_on(self, line: str) -> bool:
        """Tell whether a line without a name of its own may belong to the value, as net-snmp breaks strings."""
        if self.first.lstrip().startswith('"'):  # it has its end
            return False
        return self.kind in ("STRING", "Hex-STRING", "BITS", "") or line[:1] in " \t"


class _WalkLines:
    """Reads the text of walks line by line."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self.walk = Walk(work)
        self._held: _Held | None = None
        self.cut = ""

    def _release(self) -> Iterator[Row]:
        held, self._held = self._held, None
        if held is not None:
            text = "\n".join([held.first, *held.more])
            value = _walk_value(held.name, held.kind, text, held.place, self._work)
            yield from self.walk.add(value, held.place)

    def feed(self, place: str, line: str) -> Iterator[Row]:
        """Take one line and give the rows it completes."""
        if (found := _RE["snmprec"].match(line)) is not None:
            yield from self._release()
            oid, tag, raw = found.groups()
            value = _snmprec_value(oid, tag, raw[:_LONGEST_VALUE], place, self._work)
            yield from self.walk.add(value, place)
            if len(raw) > _LONGEST_VALUE:
                self._work.log.add(
                    "E125.value_has_characters_read", place, count=len(raw), longest_value=_LONGEST_VALUE
                )
            return
        held = self._held
        if held is not None and held.is_open() and not _RE["named"].match(line[:700]):
            if not held.add(line):
                self._work.log.add("E125.value_cut_characters", held.place, longest_value=_LONGEST_VALUE)
            return
        found = _RE["walk"].match(line) if "=" in line[:700] else None
        quick = _RE["quick"].match(line) if found is None and _RE["quick_start"].match(line) else None
        if found is not None:
            yield from self._release()
            self._held = _Held(found[1], found[2] or "", found[3][:_LONGEST_VALUE], place)
        elif quick is not None:
            yield from self._release()
            self._held = _Held(quick[1], "", (quick[2] or "")[:_LONGEST_VALUE], place)
        elif line.strip():
            yield from self._around(place, line)
        elif held is not None and held.more:
            held.more.append("")

    def _around(self, place: str, line: str) -> Iterator[Row]:
        """Take a line that begins no variable: words of the program, of the person, or more of the value above."""
        bare = line.strip()
        if _RE["end"].search(line):
            return
        if _RE["cut"].match(bare):
            self.cut = place
            self._work.log.add("E166.agent_stopped_answering", place, bare=bare[:80])
            return
        command = _RE["command"].match(line)
        host = _host_of(command.group(1)) if command else ""
        named = (_RE["host_line"].match(line) or _RE["headline"].match(bare)) if not host else None
        if host or named:
            yield from self._release()
            yield from self.walk.start(host or (named.group(1) if named else ""), place)
        elif bare.startswith("#") or re.fullmatch(r"[-=*#\s]+", bare):
            return
        elif self._held is not None and self._held.goes_on(line):
            self._held.add(line)
        else:
            self._work.log.add("E165.kept_text", place, lossy=False, line=bare[:60])
            yield _LEFT_OVER, place, {"line": bare}

    def finish(self) -> Iterator[Row]:
        """Give what is held."""
        if self._held is not None and self._held.is_open():
            self._work.log.add("E166.last_value_has_no", self._held.place)
        yield from self._release()
        yield from self.walk.finish()


def _text_rows(work: Work) -> Iterator[Row]:
    lines = _WalkLines(work)
    for number, line in text_lines(work):
        yield from lines.feed(f"line {number}", line)
    yield from lines.finish()
    lines.walk.tell()
    if lines.cut:
        work.spot("walk_broken_off", 1, lines.walk.agents, (lines.cut,))


def _host_of(arguments: str) -> str:
    """Find the agent among the arguments of a command of net-snmp: the first that is no option."""
    words = arguments.split()
    skip = False
    for word in words[:40]:
        if skip:
            skip = False
        elif word in _WITH_VALUE:
            skip = True
        elif not word.startswith("-"):
            host = word.rpartition("@")[2]
            host = re.sub(r"^(?:udp|tcp|udp6|tcp6):", "", host)
            plain = host if normal_ip(host) else host.partition(":")[0]
            return plain if re.fullmatch(r"[\w.:-]{1,64}", plain) else ""
    return ""


# --- JSON -----------------------------------------------------------------------------------------
_JSON_TYPES = _GRAMMAR.maps["json_types"]


def _pairs(value: Any, host: str = "", depth: int = 0) -> Iterator[tuple[str, str, str, Any]]:
    """Find host, name, type and value of every variable in a JSON dump, whatever its nesting."""
    if depth > 8:
        return
    if isinstance(value, dict):
        lower = {str(key).lower(): item for key, item in value.items()}
        name = lower.get("oid") or lower.get("name")
        if (
            isinstance(name, str)
            and ("value" in lower or "val" in lower)
            and (_RE["oid_key"].fullmatch(name) or "::" in name)
        ):
            index = lower.get("oid_index") or lower.get("index")
            full = f"{name}.{index}" if isinstance(index, str) and index and "oid_index" in lower else name
            kind = str(lower.get("type") or lower.get("snmp_type") or "")
            item = lower.get("value", lower.get("val"))
            yield str(lower.get("host") or lower.get("agent") or host), full, kind, item
            return
        own = next(
            (
                str(lower[key])
                for key in ("host", "agent", "target", "ip", "address")
                if isinstance(lower.get(key), str)
            ),
            host,
        )
        for key, item in value.items():
            if _RE["oid_key"].fullmatch(str(key)) or "::" in str(key):
                if isinstance(item, dict):
                    inner = {str(name).lower(): part for name, part in item.items()}
                    if "value" in inner:
                        yield own, str(key), str(inner.get("type") or ""), inner["value"]
                        continue
                if not isinstance(item, dict | list):
                    yield own, str(key), "", item
                    continue
            if isinstance(item, dict | list):
                inside = (
                    str(key) if normal_ip(str(key)) or re.fullmatch(r"[\w-]+(?:\.[\w-]+)+", str(key)) else own
                )
                yield from _pairs(item, inside, depth + 1)
    elif isinstance(value, list):
        for item in value:
            yield from _pairs(item, host, depth + 1)


def _json_rows(work: Work) -> Iterator[Row]:
    walk = Walk(work)
    for pointer, value in json_events(work, whole=True):
        some = False
        place = pointer or "document"
        for host, name, kind, item in _pairs(value):
            some = True
            yield from walk.start(host, place)
            text = "" if item is None else str(item)
            numeric = _number_of(name)[0] or name
            kind = _JSON_TYPES.get(kind.lower().replace(" ", "").replace("_", ""), kind)
            if re.fullmatch(r"0x(?:[0-9A-Fa-f]{2})+", text) and kind in ("STRING", "Hex-STRING", ""):
                kind, text = "Hex-STRING", text[2:]
            if not kind and re.search(r"[A-Za-z]", text):
                kind = "OID" if text.lower().startswith(("iso.", "snmpv2-smi::")) else "STRING"
            yield from walk.add(_walk_value(numeric, kind, text, place, work), place)
        if not some:
            yield nothing_found(work, _LEFT_OVER, "E165.no_variable_found_part", pointer, value)
    yield from walk.finish()
    walk.tell()


class SnmpWalk:
    """Reader of SNMP recordings."""

    name = "snmp"
    version = 1

    def sniff(self, head: Head) -> int:
        """Score 96 when the lines are variables of SNMP, else 0."""
        if head.view is None:
            return 0
        if re.match(r"[\[{]\s*[\[{\"\]}]", head.start):
            return 96 if _json_form(head) else 0
        lines = head.view.lines(300)
        records = walks = quick = 0
        for line in lines:
            if _RE["snmprec"].match(line):
                records += 1
            elif "=" in line[:700] and _RE["walk"].match(line):
                walks += 1
            elif re.match(r"\.?1\.[03]\.\d[\d.]+ |iso\.[\d.]+ |[A-Z][\w-]+MIB::\w+\S* ", line):
                quick += 1
        found = records + walks + quick
        named = sum(1 for line in lines if re.match(r"\.?1\.[03]\.|\.?iso\.|[\w-]+::|(?:sys|if)[A-Z]", line))
        if not (found and named and found * 10 >= 3 * len(lines) and (records + walks or quick >= 2)):
            return 0
        return 0 if head.is_headed_table else 96

    def open(self, source: Source, options: Options) -> FixedReading:
        """Open a recording."""
        return FixedReading(
            source,
            options,
            self.name,
            _json_rows if first_character(source) in ("[", "{") else _text_rows,
            (AGENTS, ENTITIES, NEIGHBOURS, SOFTWARE, _LEFT_OVER),
        )


def _json_form(head: Head) -> bool:
    first = head.first_value
    if isinstance(first, dict):
        return len(list(islice(_pairs(first), 2))) >= (1 if _is_one(first) else 2)
    return (
        first is None and len(re.findall(r'"\.?1\.3\.6\.1\.(?:2\.1|4\.1)\.[\d.]+"', head.start[:4_000])) >= 3
    )


def _is_one(value: dict[str, Any]) -> bool:
    return any(str(key).lower() == "oid" for key in value)
