"""What a format does not have, and a file brings all the same, is matched or said to be unread: in every fixed reader."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import proscribe

FIRM = "Hikvision DS-2CD2143G2-I"
NMAP = '<?xml version="1.0"?><nmaprun scanner="nmap" args="nmap" start="1700000000" version="7.94" xmloutputversion="1.05">{}</nmaprun>'
HOST = '<host{}><status state="up"/><address addr="10.0.0.5" addrtype="ipv4"/>{}<ports><port protocol="tcp" portid="80"><state state="open"/><service name="http"{}/></port></ports></host>'
CDX = '<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.6"><components><component type="device"{}><name>x</name>{}</component></components>{}</bom>'
MATCH = '<?xml version="1.0"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"><s:Body><d:ProbeMatches><d:ProbeMatch><d:Types>dn:NetworkVideoTransmitter</d:Types><d:Scopes>onvif://www.onvif.org/name/x</d:Scopes><d:XAddrs>http://10.0.0.5/onvif</d:XAddrs><d:Frob>{}</d:Frob></d:ProbeMatch></d:ProbeMatches></s:Body></s:Envelope>'

RUNZERO: dict[str, object] = {
    "id": "a",
    "addresses": ["10.0.0.5"],
    "macs": [],
    "mac_vendors": [],
    "services": {},
}
RUNZERO_SAID: dict[str, dict[str, object]] = {
    "services as text": {"services": FIRM}, "services as list": {"services": [{"http": {"vendor": FIRM}}]},
    "service as text": {"services": {"10.0.0.5/80/tcp/": FIRM}}, "service by name": {"services": {FIRM: {}}},
    "nested service": {"services": {"10.0.0.5/80/tcp/": {"http.x": {"a": {"b": [FIRM]}}}}},
    "key": {"frob": FIRM}, "nested key": {"frob": [{"a": {"b": FIRM}}]}, "name as map": {"names": {"a": {"b": FIRM}}},
    "attributes as text": {"attributes": FIRM}, "id as list": {"id": [FIRM]},
}  # fmt: skip
OSQUERY: dict[str, object] = {
    "name": "usb",
    "hostIdentifier": "h",
    "action": "added",
    "columns": {"vendor": "x"},
}
OSQUERY_SAID: dict[str, dict[str, object]] = {
    "decorations": {"decorations": {"room": FIRM}}, "nested column": {"columns": {"vendor": {"name": [FIRM]}}},
    "columns of wifi": {"columns": {"bssid": "4c:f5:5b:5c:00:5a", "frob": [FIRM]}},
    "host as map": {"hostIdentifier": {"a": FIRM}}, "columns as text": {"columns": FIRM, "snapshot": [{"vendor": "x"}]},
}  # fmt: skip

FILES = {
    "nmap element": NMAP.format(HOST.format("", f"<frob>{FIRM}</frob>", "")),
    "nmap attribute": NMAP.format(HOST.format("", "", f' frob="{FIRM}"')),
    "nmap section": NMAP.format(f"<frob>{FIRM}</frob>" + HOST.format("", "", "")),
    "nmap normal": f"# Nmap 7.94 scan initiated Fri Nov 20 10:00:00 2026 as: nmap -oN x 10.0.0.5\nNmap scan report for 10.0.0.5\nHost is up.\nPORT   STATE SERVICE\n80/tcp open  http\nFrob: {FIRM}\n# Nmap done at Fri Nov 20 10:00:09 2026 -- 1 IP address (1 host up) scanned in 9.00 seconds\n",
    "masscan": f'[\n{{"ip":"10.0.0.5","timestamp":"1700000000","frob":"{FIRM}","ports":[{{"port":80,"proto":"tcp","status":"open"}}]}}\n]\n',
    "masscan port": f'[\n{{"ip":"10.0.0.5","timestamp":"1700000000","ports":[{{"port":80,"proto":"tcp","status":"open","frob":{{"a":"{FIRM}"}}}}]}}\n]\n',
    "shodan": f'{{"ip_str":"10.0.0.5","port":80,"transport":"tcp","http":{{"title":"login","frob":{{"a":"{FIRM}"}}}},"data":"HTTP/1.1 200 OK"}}\n',
    "cyclonedx json": json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{"type": "device", "name": "x", "frob": FIRM}]}),
    "cyclonedx json section": json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{"type": "device", "name": "x"}], "frob": FIRM}),
    "cyclonedx xml element": CDX.format("", f"<frob>{FIRM}</frob>", ""),
    "cyclonedx xml attribute": CDX.format(f' frob="{FIRM}"', "", ""),
    "cyclonedx xml section": CDX.format("", "", f"<frob>{FIRM}</frob>"),
    "spdx json": json.dumps({"spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "name": "x", "packages": [{"SPDXID": "SPDXRef-a", "name": "nvr", "frob": FIRM}]}),
    "spdx json section": json.dumps({"spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "name": "x", "packages": [{"SPDXID": "SPDXRef-a", "name": "nvr"}], "frob": FIRM}),
    "spdx tags": f"SPDXVersion: SPDX-2.2\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: x\nPackageName: nvr\nSPDXID: SPDXRef-a\nPackageFrob: {FIRM}\n",
    "spdx 3 key": json.dumps({"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": [{"type": "software_Package", "spdxId": "urn:a", "name": "nvr", "frob": FIRM}]}),
    "spdx 3 kind": json.dumps({"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": [{"type": "software_Package", "spdxId": "urn:a", "name": "nvr"}, {"type": "Frob", "spdxId": "urn:b", "name": FIRM}]}),
    "masscan service": f'[\n{{"ip":"10.0.0.5","timestamp":"1700000000","ports":[{{"port":80,"proto":"tcp","status":"open","service":"{FIRM}"}}]}}\n]\n',
    **{f"runzero {name}": json.dumps(RUNZERO | said) for name, said in RUNZERO_SAID.items()},
    **{f"osquery {name}": json.dumps(OSQUERY | said) for name, said in OSQUERY_SAID.items()},
    "dhcpd": f'# The format of this file is documented in the dhcpd.leases(5) manual page.\nlease 10.0.0.5 {{\n  starts 4 2024/10/10 07:39:17;\n  hardware ethernet 00:1b:21:00:00:01;\n  frob "{FIRM}";\n}}\n',
    "kea json": json.dumps({"result": 0, "arguments": {"leases": [{"ip-address": "10.0.0.5", "hw-address": "00:1b:21:00:00:01", "cltt": 1700000000, "valid-lft": 3600, "state": 0, "subnet-id": 1, "frob": FIRM}]}}),
    "ip -j neigh": json.dumps([{"dst": "10.0.0.5", "dev": "eth0", "lladdr": "00:1b:21:00:00:01", "state": ["REACHABLE"], "frob": FIRM}]),
    "arp": f"Internet Address      Physical Address      Type\n  10.0.0.5              00-1b-21-00-00-01     dynamic   {FIRM}\n",
    "snmpwalk": f'.1.3.6.1.2.1.1.1.0 = STRING: "Linux"\n.1.3.6.1.2.1.1.2.0 = OID: .1.3.6.1.4.1.8072.3.2.10\n.1.3.6.1.4.1.99999.1.1.7 = STRING: "{FIRM}"\n',
    "session": f"<SW1>display frob\nFrob : {FIRM}\n<SW1>display version\nSome Versatile Platform\n",
    "lldp": f"sw1#show lldp neighbors detail\n------------------------------------------------\nLocal Intf: Gi1/0/1\nChassis id: 001b.2100.0001\nPort id: Gi0/1\nSystem Name: cam\n\nSystem Description:\nLinux\n\nTime remaining: 99 seconds\nFrob Thing: {FIRM}\n\nTotal entries displayed: 1\n",
    "ws-discovery": MATCH.format(FIRM),
    "ssdp": f"HTTP/1.1 200 OK\r\nLOCATION: http://10.0.0.5/d.xml\r\nSERVER: Linux UPnP/1.0\r\nST: upnp:rootdevice\r\nUSN: uuid:x\r\nX-FROB: {FIRM}\r\n\r\n",
    "upnp": f'<?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0"><device><deviceType>urn:x</deviceType><friendlyName>a</friendlyName><manufacturer>Acme</manufacturer><frob>{FIRM}</frob></device></root>',
    "sadp": f"<?xml version='1.0'?><ProbeMatch><Uuid>x</Uuid><Types>inquiry</Types><DeviceDescription>cam</DeviceDescription><MAC>00-1b-21-00-00-01</MAC><Frob>{FIRM}</Frob></ProbeMatch>",
    "dhip": json.dumps({"mac": "00:1b:21:00:00:01", "method": "client.notifyDevInfo", "params": {"deviceInfo": {"DeviceType": "x", "Frob": FIRM}}}),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_part_that_the_format_does_not_have_is_matched_or_named(name: str, tmp_path: Path) -> None:
    path = tmp_path / "input.dat"
    path.write_text(FILES[name], encoding="utf-8")
    result = proscribe.scan(path, as_of="2026-11-25")
    (item,) = result.scan.inputs
    assert item.reader not in ("lines", "tabular", "json", "none"), item.reader
    found = [one for one in result.findings if one.entity == "hikvision"]
    named = [one for one in item.issues if one.code == "E140" and "Hikvision" in one.what]
    passed = [one for one in item.issues if one.code == "E173" and "frob" in one.what.lower()]
    assert found or named or passed, [(one.code, one.what) for one in item.issues]


def test_an_unread_column_without_a_word_in_it_is_not_listed(tmp_path: Path) -> None:
    path = tmp_path / "input.dat"
    path.write_text(FILES["sadp"], encoding="utf-8")
    result = proscribe.scan(path, as_of="2026-11-25")
    assert json.loads(result.to_json())["inputs"][0]["unread_columns"] == []


@pytest.mark.parametrize(
    "text",
    [
        "00000000  6d 61 6b 65 72 3d 48 69  6b 76 |maker=....|\n", "00000000: 6d61 6b65 723d 4869 6b76  ....\n",
        "0000000   m   a   k   e   r   =   H   i   k\n0000011\n", "0000000 060555 062553 036562 064510 073153\n",
        ":100000006D616B65723D48696B766973696F6E0AA5\n:00000001FF\n", "d5:maker3:Hik5:model6:vision4:sitei1ee",
        "0000000  26952  30315  26995  28521  17440  12883  17202  12868\n0000020   12596   2611\n0000024\n",
        "000000 766b6948 6f697369 5344206e 4432432d\n000010 33343132\n000014\n",
        "DP-1 connected\n\tEDID:\n\t\t00ffffffffffff0022f0010101010101\n\t\t101e0103806c3d782aee91a3544c9926\n",
        '[HKEY_LOCAL_MACHINE]\n"EDID"=hex:00,ff,ff,ff,ff,ff,ff,00,22,f0,\\\n  01,01,01\n',
    ],
)  # fmt: skip
def test_a_dump_of_bytes_is_said_to_be_unread(tmp_path: Path, text: str) -> None:
    (tmp_path / "dump.txt").write_text(text)
    result = proscribe.scan(tmp_path / "dump.txt", as_of="2026-11-25")
    assert not result.complete or result.findings


@pytest.mark.parametrize(
    "text",
    [
        "0000 Main hall\n0001 Gate\n",
        "0000000 A camera dome\n",
        "tag,n\n000000,12 14 16 18\n",
        "000000 12 14 16\n000001 18 20 22\n",
    ],
)
def test_numbers_of_a_list_are_no_dump(tmp_path: Path, text: str) -> None:
    (tmp_path / "list.txt").write_text(text)
    assert "E107" not in {
        one.code for one in proscribe.scan(tmp_path / "list.txt", as_of="2026-11-25").issues
    }
