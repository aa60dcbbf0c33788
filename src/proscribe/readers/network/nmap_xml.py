"""Scans of nmap in XML (`-oX`), and of masscan in the same form: one record a host.

Format: nmap.dtd 1.04/1.05 and the Nmap Reference Guide, chapter "Nmap Output Formats"; scripts by their NSEDoc pages.
What nmap concludes is told apart from what the device said: an operating system guess and the CPE derived from it can
never be more than possible (`os`), a script that speaks of owners or weaknesses is kept as a note (`about`), and of the
addresses that `rtsp-url-brute` tried only those that answered count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from proscribe.readers._fixed import FixedReading, Form, Row, Work
from proscribe.readers._grammar import grammar
from proscribe.readers._xml import UNPARSED, Element, XmlElements, root_of
from proscribe.readers.base import Options, Source
from proscribe.readers.head import Head
from proscribe.readers.network._addresses import normal_ip, normal_mac
from proscribe.readers.network._devices import (
    CHANNELS,
    IDENTITY,
    DeviceRecord,
    add_banner,
    add_header,
    add_response,
    add_title,
    distinguished,
    instant,
    unescape,
)
from proscribe.readers.network._nmap_run import asked_of, run_of
from proscribe.readers.own_account import ARGUMENTS
from proscribe.readers.spots import Tally
from proscribe.wording.lines import lines_of

_GRAMMAR = grammar("network/grammars/nmap.yml")
_RE = _GRAMMAR.patterns

HOSTS = Form(
    None,
    "network_scan",
    {
        **IDENTITY,
        "scan_run": "scan_run",
        "state": "category",
        **CHANNELS,
        # A guess from the shape of packets: read, but by itself never more than possible.
        "os": "other",
        "scripts": "banner",
        "about": "note",
    },
    unread=("about",),
)
_WANTED = ("host", "hosthint", "prescript", "postscript", "target", "finished", "runstats")
#: The only elements of the format that hold text.
_TEXTS = frozenset({"cpe", "elem"})
#: The script whose values are addresses that it tried itself, full of makers' names.
_SCANNERS_LIST = "rtsp-url-brute"
_KNOWN = _GRAMMAR.words["known"]
#: Hosts announced and not yet reported that are remembered.
_MOST_HINTS = 100_000
#: Usual first values of the time to live; a reply that arrives with less has passed routers.
_FIRST_TTLS = (32, 64, 128, 255)


class NmapXml:
    """Reader of nmap's XML."""

    name = "nmap"
    version = 1

    def sniff(self, head: Head) -> int:
        """Score XML whose root is `nmaprun` 100, the rest 0."""
        if b"nmaprun" not in head.without_zeros:
            return 0
        root = root_of(head.data)
        return 100 if root is not None and root.tag == "nmaprun" else 0

    def open(self, source: Source, options: Options) -> FixedReading:
        """Open the scan."""
        return FixedReading(source, options, self.name, _rows, (HOSTS,))


def _rows(work: Work) -> Iterator[Row]:
    run = run_of(work.source)
    work.beside.add(ARGUMENTS, asked_of(work.source))
    elements = XmlElements(work.source, _WANTED, work.log, work.options.limits, texts=_TEXTS)
    seen = HostCounts()
    hints: dict[str, Element] = {}
    for element in elements:
        work.read_bytes = elements.read_bytes
        if element.tag == "host":
            made = host_record(element, seen)
            for item in element.all("address"):
                hints.pop(item.get("addr"), None)
            if made is not None:
                made.add("scan_run", run)
                yield HOSTS, element.path, made.row()
        elif element.tag == "hosthint":
            address = next((item.get("addr") for item in element.all("address")), "")
            if address and len(hints) < _MOST_HINTS:
                hints[address] = element
        elif element.tag in ("prescript", "postscript"):
            for number, made in script_records(element):
                yield HOSTS, f"{element.path}/script[{number}]", made.row()
        elif element.tag == "target":
            seen.skip(element.get("specification") or element.path)
        elif element.tag == UNPARSED:
            yield HOSTS, element.path, {"scripts": element.text}
        else:
            seen.ended(element, work)
    for hint in hints.values():
        # Announced as up, and the scan ended before its turn came.
        made = host_record(hint, seen)
        if made is not None:
            made.add("about", "The scan ended before this host was examined.")
            yield HOSTS, hint.path, made.row()
    if hints:
        work.log.add("E164.hosts_answered_not_examined", "end of the scan", count=len(hints))
    unknown = sorted(elements.names() - _KNOWN)
    if unknown:
        shown = ", ".join(name[:60] for name in unknown[:40])
        work.log.add("E173.elements_or_attributes_format", "document", shown=shown)
    seen.report(work)


class HostCounts:
    """Counts of what the scan could not see."""

    def __init__(self) -> None:
        self.finished = False
        self._hosts = self._down = 0
        self._unseen = Tally()

    def ended(self, element: Element, work: Work) -> None:
        """Take in the closing words of a scan."""
        finished = element if element.tag == "finished" else element.child("finished")
        if finished is not None:
            self.finished = True
            if finished.get("exit", "success") != "success":
                what = finished.get("errormsg") or finished.get("exit")
                work.log.add("E164.scanner_stopped", element.path, said=what[:200])

    def skip(self, target: str) -> None:
        """Count a target that was named and not scanned."""
        self._unseen.note("targets_skipped", target)

    def is_down(self) -> None:
        """Count a host that did not answer."""
        self._down += 1
        self._unseen.note("hosts_down")

    def count(
        self, address: str, *, mac: bool, routed: bool, open_ports: int, filtered: int, probed: bool
    ) -> None:
        """Count one host that is up."""
        self._hosts += 1
        if not mac:
            self._unseen.note("hosts_without_mac.scan", address)
        if routed:
            self._unseen.note("routed_segment", address)
        if open_ports == 0:
            self._unseen.note(*(("ports_filtered", address) if filtered else ("hosts_without_open_port",)))
        elif not probed:
            self._unseen.note("services_not_asked")

    def report(self, work: Work) -> None:
        """Write the blind spots."""
        if not self.finished:
            work.log.add("E164.closing_statistics_missing", "end of the scan")
        kinds = ("hosts_without_mac.scan", "routed_segment", "ports_filtered", "hosts_without_open_port",
                 "services_not_asked")  # fmt: skip
        of = {
            **dict.fromkeys(kinds, self._hosts),
            "hosts_down": self._hosts + self._down,
            "targets_skipped": 0,
        }
        work.blind_spots.extend(self._unseen.spots(of))


def host_record(host: Element, seen: HostCounts) -> DeviceRecord | None:
    """Make the record of a host, or count it when it is down and nothing is known of it."""
    record = DeviceRecord()
    add = record.add
    state = ""
    reply_ttl = 0
    distance = 0
    open_ports = filtered = 0
    probed = False
    add("about", host.get("comment"))
    add("seen_at", instant(host.get("starttime") or host.get("endtime")))
    for item in host.children:
        tag = item.tag
        if tag == "address":
            said = item.attributes
            value = said.get("addr")
            if said.get("addrtype") == "mac":
                add("mac", value.lower() if value else None)
                add("mac_vendor", said.get("vendor"))
            else:
                add("ip", value)
        elif tag == "status":
            state = item.get("state")
            add("state", state)
            reply_ttl = _number(item.get("reason_ttl"))
        elif tag == "hostnames":
            for name in item.children:
                add("hostname", name.get("name"))
        elif tag == "ports":
            opened, closed, asked = _ports(record, item)
            open_ports, filtered, probed = open_ports + opened, filtered + closed, probed or asked
        elif tag == "os":
            _os(record, item)
        elif tag == "hostscript":
            for script in item.children:
                sort_script(record, script, "", "")
        elif tag == "distance":
            distance = _number(item.get("value"))
        elif tag == "trace":
            distance = max(distance, *(_number(hop.get("ttl")) for hop in item.children), 0)
            # A hop is another machine than the host; its name is probed.
            add(
                "about",
                *(f"hop {hop.get('ttl')}: {hop.get('host')}" for hop in item.children if hop.get("host")),
            )
    if state == "down":
        seen.is_down()
        return record if record.cells.keys() & {"mac", "hostname", "port", "scripts"} else None
    routed = distance > 1 or (not distance and "mac" not in record.cells and routed_by_ttl(reply_ttl))
    address = record.first("ip")
    seen.count(
        address,
        mac="mac" in record.cells,
        routed=routed,
        open_ports=open_ports,
        filtered=filtered,
        probed=probed or "scripts" in record.cells,
    )
    return record if record.cells else None


def _ports(record: DeviceRecord, ports: Element) -> tuple[int, int, bool]:
    """Take in the ports; give how many are open, how many are filtered, and whether a service was asked for a name."""
    open_ports = filtered = 0
    probed = False
    for port in ports.children:
        if port.tag == "extraports":
            if "filtered" in port.get("state"):
                filtered += _number(port.get("count"))
            continue
        known, asked = _port(record, port)
        open_ports += known == "open"
        filtered += known == "filtered"
        probed = probed or asked
    return open_ports, filtered, probed


def routed_by_ttl(reply_ttl: int) -> bool:
    """Tell from the time to live of a reply (0 when not known) whether it passed a router."""
    return reply_ttl > 0 and reply_ttl not in _FIRST_TTLS


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _port(record: DeviceRecord, port: Element) -> tuple[str, bool]:
    """Take in one port; give its state and whether its service was asked for a name."""
    state = name = ""
    asked = False
    said = port.attributes
    number = said.get("portid", "")
    service: Element | None = None
    scripts: list[Element] = []
    for item in port.children:
        if item.tag == "state":
            state = item.attributes.get("state", "")
        elif item.tag == "service":
            service = item
        elif item.tag == "script":
            scripts.append(item)
        elif item.tag == "owner":
            record.add("about", f"owner: {item.get('name')}")
    if service is not None:
        name = service.attributes.get("name", "")
        asked = service.attributes.get("method") == "probed"
    # Only an open port says something of the device.
    column = "port" if state in ("open", "") else "ports_not_open"
    record.add(column, f"{number}/{said.get('protocol', '')} {state} {name}".rstrip())
    if service is not None:
        _service(record, service, name)
    for script in scripts:
        asked = True
        sort_script(record, script, number, name)
    return state, asked


def _service(record: DeviceRecord, service: Element, name: str) -> None:
    attributes = service.attributes
    banner = attributes.get("banner")
    if banner:
        # masscan writes what the service sent here.
        add_banner(record, name, unescape(banner), "")
    product = attributes.get("product")
    if product:
        words = [product]
        for key in ("version", "extrainfo", "devicetype"):
            if key in attributes:
                words.append(attributes[key])
        record.add("service", " ".join(words))
        if name == "rtsp":
            record.add("rtsp.server", f"Server: {product}")
    else:
        record.add(
            "about", *(attributes[key] for key in ("version", "extrainfo", "devicetype") if key in attributes)
        )
    if "hostname" in attributes:
        record.add("hostname", attributes["hostname"])
    if "servicefp" in attributes:
        add_service_fingerprint(record, attributes["servicefp"], name)
    for cpe in service.children:
        if cpe.tag == "cpe":
            record.add("cpe", cpe.text)


def add_service_fingerprint(record: DeviceRecord, text: str, name: str) -> None:
    """Take the answers out of a service fingerprint, nmap's record of a service that it does not know."""
    for piece in _RE["fingerprint_join"].sub("", text).split("%r(")[1:]:
        found = _RE["answer"].match(piece)
        if found:
            add_banner(record, name, unescape(piece[found.end() :].rstrip("; \n").removesuffix('")')), "")


def _os(record: DeviceRecord, os: Element) -> None:
    for match in os.children:
        if match.tag == "osmatch":
            record.add("os", f"{match.get('name')} ({match.get('accuracy')}%)")
        for group in (match, *match.children):
            if group.tag == "osclass":
                # The CPE of a guess is a guess: it must not count as a product that was named.
                record.add("os", *(cpe.text for cpe in group.children if cpe.tag == "cpe"))
                vendor = " ".join(
                    group.get(key) for key in ("vendor", "osfamily", "osgen", "type") if group.get(key)
                )
                record.add("os", vendor)


# --- scripts -----------------------------------------------------------------------------------------


def sort_script(record: DeviceRecord, script: Element, port: str, service: str) -> None:
    """Put the output of a script into the channel it speaks of."""
    name = script.get("id")
    output = script.get("output")
    if not output.strip() and not script.children:
        return
    made = _SCRIPTS.get(name)
    if made is not None:
        made(record, script, output)
    elif name == "banner":
        add_banner(record, service, unescape(output), port)
    elif name == "fingerprint-strings":
        for answer in _leaves(script):
            add_response(record, answer, protocol="http" if "http" in service else "")
        record.add("scripts", output)
    elif _RE["about"].match(name):
        record.add("about", f"{name}: {output.strip()}")
    elif name.startswith("ssl-cert"):
        _certificate(record, script, output)
    else:
        # The name of a script may hold a maker's name, so what the device said stands alone.
        record.add("scripts", output, *_unsaid(script, output))
        return
    if name != _SCANNERS_LIST:
        record.add("about", *_unsaid(script, output))


def _unsaid(script: Element, output: str) -> list[str]:
    """Give the values of a script that its output, written for people, does not say; each line `key: value`."""
    said = output.lower()
    return [f"{key}: {text}" if key else text for key, text in _keyed(script) if text.lower() not in said]


def _leaves(script: Element) -> Iterator[str]:
    for item in script.walk():
        if item.tag == "elem":
            yield item.text


def _keyed(script: Element) -> Iterator[tuple[str, str]]:
    for item in script.walk():
        if item.tag == "elem":
            yield item.get("key"), item.text


def _title(record: DeviceRecord, script: Element, output: str) -> None:
    title = next((text for key, text in _keyed(script) if key == "title"), None)
    if title is None:
        title = output.strip().split("\n")[0]
        if title.startswith(
            ("Site doesn't have a title", "Did not follow redirect", "Requested resource was")
        ):
            record.add("about", f"http-title: {output.strip()}")
            return
    add_title(record, title)
    place = next((text for key, text in _keyed(script) if key == "redirect_url"), "")
    if place or "Requested resource was" in output:
        record.add("http.body", f"Location: {place or output.partition('Requested resource was')[2].strip()}")


def _server_header(record: DeviceRecord, script: Element, output: str) -> None:
    names = list(_leaves(script)) or lines_of(output.strip())
    for name in names:
        add_header(record, "server", name.strip())


def _favicon(record: DeviceRecord, script: Element, output: str) -> None:
    found = _RE["md5"].findall(output)
    record.add("http.favicon_md5", *(f"favicon md5 {item.lower()}" for item in found))
    if not found:
        record.add("scripts", output)


def _auth(record: DeviceRecord, script: Element, output: str) -> None:
    # `Basic realm=x` on a line of its own; the realm is written without quotation marks.
    for line in lines_of(output):
        scheme, sign, realm = line.strip(" \t|_").partition("realm=")
        if sign:
            add_header(record, "www-authenticate", f'{scheme}realm="{realm.strip(chr(34))}"')
    record.add("scripts", output)


def _headers(record: DeviceRecord, script: Element, output: str) -> None:
    add_response(record, _RE["request_headers"].sub("", output), protocol="http")


def _certificate(record: DeviceRecord, script: Element, output: str) -> None:
    said = False
    for table in script.children:
        key = table.get("key")
        if table.tag == "table" and key in ("subject", "issuer"):
            name = distinguished((item.get("key"), item.text) for item in table.children)
            record.add("tls.subject", name if key == "subject" else f"issuer: {name}")
            said = True
    for found in _RE["common"].finditer(output):
        if found[1] == "Subject Alternative Name":
            record.add("tls.subject", f"names: {found[2].strip()[:2_000]}")
        elif not said:
            name = distinguished(_long_name(found[2].strip()))
            record.add("tls.subject", name if found[1] == "Subject" else f"issuer: {name}")


def _long_name(text: str) -> Iterator[tuple[str, str]]:
    for part in text.split("/"):
        key, sign, value = part.partition("=")
        yield (key, value) if sign else ("", part)


def _rtsp_paths(record: DeviceRecord, script: Element, output: str) -> None:
    # A device that asks for a password answers 401 to every address, known to it or not. So only addresses that gave a
    # stream speak of the device; the others are the scanner's own list, full of makers' addresses.
    found: list[str] = []
    if script.children:
        for table in script.children:
            if table.tag == "table" and table.get("key") == "discovered":
                found.extend(item.text for item in table.walk() if item.text)
    else:
        part = ""
        for line in lines_of(output):
            bare = line.strip(" \t|_")
            if bare.startswith("rtsp://"):
                if part == "discovered":
                    found.append(bare)
            elif bare.endswith(":"):
                part = bare[:-1].lower()
    record.add("rtsp.path", *found)
    if not found:
        record.add("about", "rtsp-url-brute: no address of the scanner's list gave a stream")


def _sysdescr(record: DeviceRecord, script: Element, output: str) -> None:
    record.add("snmp.sysdescr", output.partition("\n  System uptime")[0])


def _snmp_info(record: DeviceRecord, script: Element, output: str) -> None:
    values = dict(_keyed(script)) or dict(_lines_of(output))
    enterprise = values.get("enterprise", "").strip()
    if _RE["digits"].fullmatch(enterprise):
        record.add("sysobjectid", f"1.3.6.1.4.1.{enterprise}")
    elif enterprise:
        record.add("service", f"SNMP engine of {enterprise}")
    if values.get("engineIDFormat") == "mac":
        record.add("mac", normal_mac(values.get("engineIDData", "")))


def _lines_of(output: str) -> Iterator[tuple[str, str]]:
    for line in lines_of(output):
        key, sign, value = line.strip(" \t|_").partition(":")
        if sign:
            yield key.strip(), value.strip()


def _upnp(record: DeviceRecord, script: Element, output: str) -> None:
    for number, line in enumerate(lines_of(output)):
        bare = line.strip(" \t|_")
        key, sign, value = bare.partition(": ")
        if sign and key.lower() == "manufacturer":
            record.add("ssdp.server", f"<manufacturer>{value.strip()}</manufacturer>")
        elif sign and key.lower() in ("webserver", "server"):
            record.add("ssdp.server", f"Server: {value.strip()}")
        elif not sign and number <= 1 and bare and not normal_ip(bare):
            record.add("ssdp.server", f"Server: {bare}")
        else:
            record.add("ssdp.server", bare)


def _onvif(record: DeviceRecord, script: Element, output: str) -> None:
    record.add("onvif.scope", output)


def _mdns(record: DeviceRecord, script: Element, output: str) -> None:
    record.add("mdns.name", output)
    record.add("mac", *(item.lower() for item in _RE["any_mac"].findall(output)))


def _nbstat(record: DeviceRecord, script: Element, output: str) -> None:
    name = _RE["netbios"].search(output)
    if name and not name[1].startswith("<unknown"):
        record.add("hostname", name[1])
    mac = _RE["netbios_mac"].search(output)
    values = dict(_keyed(script))
    own = normal_mac(values.get("address", "") or (mac[1] if mac else ""))
    if own and own != "00:00:00:00:00:00":
        record.add("mac", own)
    record.add("about", f"nbstat: {output.strip()}")


def _macs(record: DeviceRecord, script: Element, output: str) -> None:
    record.add("mac", *(item.lower() for item in _RE["any_mac"].findall(output)))
    record.add("scripts", output)


_SCRIPTS: dict[str, Callable[[DeviceRecord, Element, str], None]] = {
    "http-title": _title,
    "http-server-header": _server_header,
    "http-favicon": _favicon,
    "http-auth": _auth,
    "http-headers": _headers,
    "http-security-headers": lambda record, script, output: record.add(
        "about", f"http-security-headers: {output}"
    ),
    "http-methods": lambda record, script, output: record.add("about", f"http-methods: {output.strip()}"),
    "https-redirect": lambda record, script, output: record.add("about", output),
    _SCANNERS_LIST: _rtsp_paths,
    "rtsp-methods": lambda record, script, output: record.add("about", f"rtsp-methods: {output.strip()}"),
    "snmp-sysdescr": _sysdescr,
    "snmp-info": _snmp_info,
    "upnp-info": _upnp,
    "broadcast-upnp-info": _upnp,
    "wsdd-discover": _onvif,
    "broadcast-wsdd-discover": _onvif,
    "broadcast-onvif-discover": _onvif,
    "onvif-info": _onvif,
    "dns-service-discovery": _mdns,
    "broadcast-dns-service-discovery": _mdns,
    "nbstat": _nbstat,
    "address-info": _macs,
    "lltd-discovery": _macs,
}


def script_records(element: Element) -> Iterator[tuple[int, DeviceRecord]]:
    """Make records of what scripts before or after the scan heard on the network.

    Their output is split where an address stands on a line of its own, for many devices answer one broadcast.
    """
    for number, script in enumerate(element.all("script"), start=1):
        output = script.get("output")
        pieces = list(_by_address(output))
        if not any(address for address, _text in pieces):
            record = DeviceRecord()
            sort_script(record, script, "", "")
            if record.cells:
                yield number, record
            continue
        for address, text in pieces:
            record = DeviceRecord()
            if address:
                record.add("ip", address)
            piece = Element("script", {"id": script.get("id"), "output": text})
            sort_script(record, piece, "", "")
            if record.cells.keys() - {"ip"}:
                yield number, record


def _by_address(output: str) -> Iterator[tuple[str, str]]:
    address = ""
    lines: list[str] = []
    for line in lines_of(output):
        found = _RE["indented_ip"].match(line) if len(line) < 100 else None
        own = normal_ip(found[1]) if found else None
        if own:
            if any(item.strip() for item in lines):
                yield address, "\n".join(lines)
            address, lines = own, []
        else:
            lines.append(line)
    if any(item.strip() for item in lines):
        yield address, "\n".join(lines)
