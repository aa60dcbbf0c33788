"""Whole files of every format that a reader knows, small: what the fuzzing of bench/fuzz.py damages."""

from __future__ import annotations

import gzip
import importlib.util
import io
import json
import struct
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

FIXTURES = Path(__file__).parent / "fixtures"
#: Larger files are cut to this, so that thousands of inputs stay affordable.
MOST_BYTES = 24_000


def _builders(name: str) -> ModuleType:
    """Load the builders of a test module: the smallest writers of each format stand there."""
    spec = importlib.util.spec_from_file_location(
        f"fuzz_{name}", next(Path(__file__).parent.rglob(f"test_{name}.py"))
    )
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def files(*patterns: str) -> list[bytes]:
    return [
        path.read_bytes()[:MOST_BYTES]
        for pattern in patterns
        for path in sorted(FIXTURES.glob(pattern))
        if path.suffix != ".md"
    ]


ROWS = [
    [
        "Asset",
        "Site",
        "Manufacturer",
        "Model",
        "Serial number",
        "MAC address",
        "IP address",
        "Quantity",
        "Price",
    ]
] + [
    [
        f"A-{n}",
        "HQ",
        "Hikvision",
        f"DS-2CD{n}43G2-I",
        f"J{n:08d}",
        f"c0:6d:ed:00:00:{n:02x}",
        f"10.0.0.{n}",
        str(n),
        "1,200.50",
    ]
    for n in range(24)
]


def _csv() -> bytes:
    return "\n".join('"' + '","'.join(row) + '"' for row in ROWS).encode()


def _listing() -> bytes:
    lines = ["|" + "|".join(f"{cell:<20}" for cell in row) + "|" for row in ROWS]
    return "\n".join(["Inventory  page 1", "-" * 80, lines[0], "-" * 80, *lines[1:], "-" * 80]).encode()


def _parquet() -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    target = io.BytesIO()
    pq.write_table(
        pa.table(dict(zip(ROWS[0], map(list, zip(*ROWS[1:], strict=True)), strict=True))),
        target,
        row_group_size=8,
    )
    return target.getvalue()


def _xlsx() -> bytes:
    import xlsxwriter

    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet()
    for at, row in enumerate(ROWS):
        sheet.write_row(at, 0, row)
    book.close()
    return target.getvalue()


def _pcap() -> list[bytes]:
    make = _builders("pcap")
    packets = [
        make.arp(make.CAMERA, make.HOST),
        make.sent(make.CAMERA, make.HOST, make.udp(37020, 37020, make.sadp_answer())),
        make.sent(make.CAMERA, make.HOST, make.udp(37810, 37810, make.dhip_answer())),
        make.ether(
            make.PC,
            0x0800,
            make.ip(
                "0.0.0.0",
                "255.255.255.255",
                make.udp(
                    68, 67, make.dhcp(make.CAMERA, make.option(60, b"HIKVISION") + make.option(12, b"cam-1"))
                ),
            ),
        ),
        make.sent(
            make.CAMERA, make.HOST, make.tcp(80, 5000, 1, b"HTTP/1.1 200 OK\r\nServer: App-webs/\r\n\r\n"), 6
        ),
    ]
    return [make.pcap_file(packets), make.pcapng_file(packets), make.pcap_file(packets, order=">", nano=True)]


def _firmware() -> list[bytes]:
    make = _builders("firmware")
    files = {
        "etc/banner": b"HiSilicon hi3516cv300 login:",
        "lib/modules/hi3516_isp.ko": b"\x7fELF vermagic=4.9 " * 20,
        "www/a.htm": b"<title>WEB SERVICE</title>",
    }
    made = [
        make.squashfs(files), make.squashfs(files, "xz"), make.uimage(make.marked(), "Linux-4.9"), make.dav(files), make.dahua_zip(files),
        make.cpio(files), make.tar(files), make.jffs2(files), make.cramfs(files), make.romfs(files), make.sparse(make.marked()),
        make.ubi(make.ubifs(files)), gzip.compress(make.marked()), make.device_tree({"compatible": b"hisilicon,hi3516\0"}),
    ]  # fmt: skip
    return [one[: 4 * MOST_BYTES] for one in made]


def _capture() -> bytes:
    from proscribe.collectors.capture import CaptureWriter
    from proscribe.model.captures import CaptureHeader, Exchange

    target = io.BytesIO()
    writer = CaptureWriter(
        target, CaptureHeader("http", 1, "0", "2026-11-20T10:00:00.000Z", ("10.0.0.0/28",), 14)
    )
    at = "2026-11-20T10:00:01.000Z"
    for number, (protocol, transport, answer) in enumerate(
        [
            ("http", "tcp", b"HTTP/1.1 200 OK\r\nServer: App-webs/\r\n\r\n<title>login</title>"),
            ("sadp", "udp", (FIXTURES / "discovery" / "sadp.xml").read_bytes()),
            ("onvif", "udp", (FIXTURES / "discovery" / "probematches.xml").read_bytes()),
            ("ssdp", "udp", b"HTTP/1.1 200 OK\r\nSERVER: Linux UPnP/1.0 Huawei-ATP-IGD\r\nLOCATION: http://10.0.0.4:37215/d.xml\r\n\r\n"),
            ("snmp", "udp", bytes.fromhex("302e02010104067075626c6963a221020101020100020100301630140608") + bytes.fromhex("2b060102010101000408483a4b20312e30")),
            ("mdns", "udp", bytes.fromhex("000084000000000100000000055f68747470045f746370056c6f63616c00000c000100000078000a0763616d2d303031c00c")),
            ("http", "tcp", None),
        ]
    ):  # fmt: skip
        writer.add(
            Exchange(
                protocol,
                "start",
                transport,
                f"10.0.0.{number + 1}",
                80,
                b"GET /",
                at,
                source=f"10.0.0.{number + 1}" if answer else "",
                answered_at=at if answer else "",
                answer=answer,
                failure="" if answer else "no answer",
            )
        )
    writer.close(complete=True, outside=0, ended_at=at)
    return target.getvalue()


CDX_JSON = json.dumps(
    {
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "metadata": {"component": {"type": "device", "bom-ref": "nvr", "name": "NVR-400"}},
        "components": [{"type": "device", "bom-ref": "b", "name": "PCA-210", "manufacturer": {"name": "Acme"}, "pedigree": {"ancestors": [{"type": "device", "name": "x"}]}, "properties": [{"name": "cdx:device:quantity", "value": "2"}], "components": [{"type": "device", "bom-ref": "c", "name": "Hi3535V100", "purl": "pkg:generic/x@1", "cpe": "cpe:2.3:h:hisilicon:hi3535:-:*:*:*:*:*:*:*"}]}],
        "services": [{"name": "hik-connect", "provider": {"name": "Hikvision"}}], "dependencies": [{"ref": "nvr", "dependsOn": ["b", "c"]}],
    }
).encode()  # fmt: skip
CDX_XML = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<bom xmlns="http://cyclonedx.org/schema/bom/1.6" version="1"><metadata><component type="device" bom-ref="nvr"><name>NVR-400</name></component></metadata>'
    b'<components><component type="device" bom-ref="b"><supplier><name>Acme</name></supplier><name>PCA-210</name><components><component type="device"><name>Hi3535V100</name></component></components>'
    b'<properties><property name="cdx:device:quantity">2</property></properties></component></components><dependencies><dependency ref="nvr"><dependency ref="b"/></dependency></dependencies></bom>'
)
SPDX = [
    json.dumps({"spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "name": "x", "packages": [{"SPDXID": "SPDXRef-a", "name": "nvr", "supplier": "Organization: Hikvision", "externalRefs": [{"referenceType": "purl", "referenceLocator": "pkg:generic/a@1"}]}, {"SPDXID": "SPDXRef-b", "name": "Hi3516"}], "relationships": [{"spdxElementId": "SPDXRef-a", "relatedSpdxElement": "SPDXRef-b", "relationshipType": "CONTAINS"}]}).encode(),
    b"SPDXVersion: SPDX-2.2\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: x\nPackageName: nvr\nSPDXID: SPDXRef-a\nPackageSupplier: Organization: Hikvision\nPackageComment: <text>two\nlines</text>\nRelationship: SPDXRef-a CONTAINS SPDXRef-b\n",
    json.dumps({"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": [{"type": "software_Package", "spdxId": "urn:a", "name": "nvr", "suppliedBy": ["urn:o"]}, {"type": "Organization", "spdxId": "urn:o", "name": "Hikvision"}, {"type": "Relationship", "from": "urn:a", "to": ["urn:b"], "relationshipType": "contains"}]}).encode(),
]  # fmt: skip
NMAP_TEXT = [
    b"# Nmap 7.94 scan initiated Fri Nov 20 10:00:00 2026 as: nmap -sV -oN x 10.0.0.0/28\nNmap scan report for cam-1 (10.0.0.5)\nHost is up (0.0010s latency).\nNot shown: 998 closed tcp ports (reset)\nPORT    STATE SERVICE VERSION\n80/tcp  open  http    Hikvision IP camera httpd\n|_http-title: login\n554/tcp open  rtsp\nMAC Address: C0:6D:ED:00:00:01 (Hangzhou Hikvision Digital Technology Co.,Ltd.)\nService Info: Device: webcam\n\n# Nmap done at Fri Nov 20 10:00:09 2026 -- 16 IP addresses (1 host up) scanned in 9.00 seconds\n",
    b"# Nmap 7.94 scan initiated Fri Nov 20 10:00:00 2026 as: nmap -oG x 10.0.0.0/28\nHost: 10.0.0.5 (cam-1)\tStatus: Up\nHost: 10.0.0.5 (cam-1)\tPorts: 80/open/tcp//http//Hikvision IP camera httpd/, 554/open/tcp//rtsp///\tIgnored State: closed (998)\n# Nmap done at Fri Nov 20 10:00:09 2026 -- 16 IP addresses (1 host up) scanned in 9.00 seconds\n",
]
NETSCAN = [
    b'[\n{"ip":"10.0.0.5","timestamp":"1700000000","ports":[{"port":80,"proto":"tcp","status":"open","service":{"name":"http","banner":"HTTP/1.0 200 OK\\r\\nServer: App-webs/"}}]},\n{"ip":"10.0.0.6","timestamp":"1700000000","ports":[{"port":554,"proto":"tcp","status":"open"}]}\n]\n',
    b'{"ip":"10.0.0.5","data":{"http":{"status":"success","protocol":"http","timestamp":"2026-11-20T10:00:00Z","result":{"response":{"status_code":200,"headers":{"server":["App-webs/"]},"body":"<title>login</title>"}}}}}\n',
    b'{"ip_str":"10.0.0.5","port":80,"transport":"tcp","product":"Hikvision IP Camera","hostnames":["cam"],"http":{"title":"login","server":"App-webs/"},"org":"X","data":"HTTP/1.1 200 OK"}\n',
]
LEASES = [
    b'lease 10.0.0.5 {\n  starts 4 2024/10/10 07:39:17;\n  ends never;\n  binding state active;\n  hardware ethernet 44:19:b6:00:00:01;\n  uid "\\001D\\031\\266\\000\\000\\001";\n  set vendor-class-identifier = "HIKVISION";\n  client-hostname "cam; {x}";\n}\n',
    b"address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context,pool_id\n10.0.0.5,44:19:b6:00:00:01,01:44:19:b6:00:00:01,3600,1700000000,1,0,0,cam-1,0,,0\n",
    b"1700000000 44:19:b6:00:00:01 10.0.0.5 cam-1 01:44:19:b6:00:00:01\n1700000000 3c:ef:8c:00:00:01 10.0.0.6 * *\nduid 00:01:00:01:1e:04:fb:a3:44:19:b6:00:00:01\n",
    b'{"result":0,"arguments":{"leases":[{"ip-address":"10.0.0.5","hw-address":"44:19:b6:00:00:01","hostname":"cam-1","cltt":1700000000,"valid-lft":3600,"state":0,"subnet-id":1}]}}',
]


def _invoice(make: ModuleType) -> bytes:
    """Give a page whose words stand in columns."""
    rows = [
        ("Qty", "Description", "Unit price"),
        ("2", "Hikvision camera", "145.00"),
        ("Total", "", "290.00"),
    ]
    placed = b"".join(
        b"1 0 0 1 %d %d Tm (%s) Tj " % (x, 700 - 20 * n, text.encode())
        for n, row in enumerate(rows)
        for x, text in zip((40, 100, 400), row, strict=True)
    )
    whole: bytes = make.pages(b"BT /F 11 Tf " + placed + b"ET")
    return whole


def _scanned() -> bytes:
    from PIL import Image, ImageDraw

    page, file = Image.new("RGB", (160, 60), "white"), io.BytesIO()
    ImageDraw.Draw(page).text((5, 5), "Hikvision DS-2CD2143", fill="black")
    page.save(file, "PDF")
    return file.getvalue()


def _written(name: str) -> list[bytes]:
    make = _builders(name)
    match name:
        case "pdf":
            return [
                make.pages(make.shown(make.LINES)),
                make.pages(make.PICTURED + b" " + make.shown(make.LINES), objects=(make.PICTURE,)),
                make.with_file("a.csv", make.CSV),
                _invoice(make),
                _scanned(),
            ]
        case "office":
            return [
                make.DOCX,
                make.ODT,
                make.docx_of(make.paragraph("x"), word__embeddings__a_docx=make.DOCX),
                make.docx_of(make.paragraph("x"), word__media__a_png=_pictures()[0]),
            ]
        case "mail":
            return [bytes(make.mail()), bytes(make.mail(page=make.CSV.decode(), a_csv=make.CSV))]
        case "outlook":
            return [make.WHOLE, make.container(make.message(p1013=make.PAGE.encode()))]
        case "html":
            return [make.PAGE.encode()]
        case "rtf":
            return [make.RTF]
        case _:
            return [make.ASSETS.encode()]


def _drawing() -> bytes:
    """Give a drawing of EMF with one text."""
    text = "Hikvision DS-2CD2143G2-I".encode("utf-16-le")
    head = struct.pack("<II", 1, 88) + bytes(32) + b" EMF" + bytes(44)
    said = bytes(28) + struct.pack("<iiIII", 5, 7, len(text) // 2, 76, 0) + bytes(20) + text
    return head + struct.pack("<II", 84, 8 + len(said)) + said + struct.pack("<II", 14, 20) + bytes(12)


def _pictures() -> list[bytes]:
    from PIL import Image, ImageDraw

    made = []
    for kind in ("PNG", "JPEG", "WEBP", "TIFF"):
        # square: what is flatter is enlarged the more before it is looked at
        picture, file = Image.new("RGB", (130, 130), "white"), io.BytesIO()
        ImageDraw.Draw(picture).text((5, 5), "Model: DS-2CD2143", fill="black")
        picture.save(file, kind)
        made.append(file.getvalue())
    return made


def seeds() -> dict[str, Callable[[], list[bytes]]]:
    """Give whole files for each reader, by its name."""
    return {
        "parquet": lambda: [_parquet()],
        "picture": _pictures,
        "metafile": lambda: [_drawing()],
        "workbook": lambda: [_xlsx()],
        "nmap": lambda: files("nmap/*.xml"),
        "nmap-text": lambda: NMAP_TEXT,
        "netscan": lambda: NETSCAN,
        "inventory": lambda: files("inventory/*"),
        "pcap": _pcap,
        "captures": lambda: [_capture(), *files("discovery/*")],
        "firmware": _firmware,
        "cyclonedx": lambda: [CDX_JSON, CDX_XML, *files("bom/*.cdx.json")],
        "spdx": lambda: SPDX,
        "snmp": lambda: [*files("snmp/*"), b".1.3.6.1.2.1.1.1.0 = STRING: \"Huawei\nVRP\"\n.1.3.6.1.2.1.1.2.0 = OID: .1.3.6.1.4.1.2011.2.23\n.1.3.6.1.2.1.2.2.1.6.1 = Hex-STRING: 44 19 B6 00 00 01 \n"],
        "leases": lambda: LEASES,
        "radio": lambda: files("radio/*"),
        "cli": lambda: files("cli/*"),
        "neighbours": lambda: files("neighbours/*"),
        "yaml": lambda: [
            b"# cellar: Hikvision\nsites:\n  - name: Lyon\n    devices:\n      - &a {make: Dahua, model: IPC-HDW2431T}\n      - *a\n---\n- make: Axis\n  model: P3245\n"
        ],
        "blocks": lambda: [b"Device: cam-1\n  Manufacturer: Hikvision\n  Model: DS-2CD2143G2-I\n  Serial: J44101271\n\nDevice: cam-2\n  Manufacturer: Axis\n  Model: P3245\n  Serial: ACCC8E123456\n" * 3],
        "cards": lambda: [
            b"Asset:;K-1\nMake:;Dahua\nModel:;IPC-HDW2431T\nSerial:;4C0112233445\n\n" * 4,
            b"Asset,Make,Model,Serial,,Asset,Make,Model,Serial\n"
            + b"K-1,Dahua,IPC-HDW2431T,4C0112233445,,K-2,Axis,P3245,ACCC8E112233\n" * 4,
            b"Asset\tK-1\tK-2\nMake\tDahua\tAxis\nModel\tIPC-HDW2431T\tP3245\nSerial\t4C0112233445\tACCC8E112233\n",
        ],
        "pdf": lambda: _written("pdf"),
        "office": lambda: _written("office"),
        "rtf": lambda: _written("rtf"),
        "mail": lambda: _written("mail"),
        "outlook": lambda: _written("outlook"),
        "archive": lambda: [_builders("archive").packed({"a/list.csv": _csv(), "b.csv": _csv()})],
        "html": lambda: _written("html"),
        "xml": lambda: _written("xml_tree"),
        "json": lambda: [json.dumps([dict(zip(ROWS[0], row, strict=True)) for row in ROWS[1:]]).encode(), "\n".join(json.dumps(dict(zip(ROWS[0], row, strict=True))) for row in ROWS[1:]).encode()],
        "tabular": lambda: [_csv(), _csv().decode().encode("utf-16"), gzip.compress(_csv()), *files("bom/*.csv", "recorder/*.csv", "*.csv")],
        "listing": lambda: [_listing(), b"ASSET   MAKER      MODEL           NOTE\n" + b"A-1     Hikvision  DS-2CD2143G2-I  ok\n" * 9],
        "lines": lambda: [b"c0:6d:ed:00:00:01\nHikvision DS-2CD2143G2-I\n\xe6\xb5\xb7\xe5\xba\xb7\nhttp://10.0.0.5/\n" * 6],
    }  # fmt: skip


JOINS = b"joins:\n  - decision: same\n    join: j_1c0a48d7a2f04f0e7e55\n    by: A\n    at: 2026-11-20\n    reason: read\n  - decision: different\n    keys: ['serial:J44101271', 'mac:c0:6d:ed:00:00:01']\n    by: A\n    at: 2026-11-20\n    reason: 'x'\n"
