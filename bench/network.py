"""Network evidence at size: a large scan of nmap read and matched, and ten million MAC addresses looked up.

    python bench/network.py                       500 MB of XML, 10 M addresses, 3 rounds
    python bench/network.py --mb 50 --macs 1000000 --runs 2
    python bench/network.py --install-rivals      python-libnmap and netaddr, into build/bench-venv

Every program runs in a process of its own, all in turn, after one round of warm-up; a ratio is the median of the ratios
taken round by round. Ours reads, matches, weighs and writes every finding; python-libnmap only parses into objects and
counts open services; netaddr only looks up the holder of the prefix. Both rivals ship what they need and ask no network.
Writes bench/results/network.json and network.md.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import random
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from racing import AS_OF, ROOT, Program, paired_ratio, race, rounds
from rows import BENCH

RESULTS = BENCH / "results"
SEED = 20261125
#: Share of hosts that are covered cameras and recorders.
COVERED_SHARE = 0.01

LIBNMAP = """
import sys
from libnmap.parser import NmapParser
report = NmapParser.parse_fromfile(sys.argv[1])
print(len(report.hosts), sum(len(host.get_open_ports()) for host in report.hosts))
"""
NETADDR = """
import sys
import pyarrow.parquet as pq
from netaddr import EUI, NotRegisteredError
found = 0
for batch in pq.ParquetFile(sys.argv[1]).iter_batches(131_072):
    for text in batch.column(0).to_pylist():
        try:
            found += "HIKVISION" in EUI(text).oui.registration().org.upper()
        except NotRegisteredError:
            pass
print(found)
"""

_SERVICES = (
    (22, "ssh", "OpenSSH", "8.9p1 Ubuntu 3ubuntu0.10", "Ubuntu Linux; protocol 2.0", "cpe:/a:openbsd:openssh:8.9p1"),
    (80, "http", "Apache httpd", "2.4.52", "(Ubuntu)", "cpe:/a:apache:http_server:2.4.52"),
    (443, "http", "nginx", "1.24.0", "", "cpe:/a:igor_sysoev:nginx:1.24.0"),
    (445, "microsoft-ds", "Windows Server 2019 Standard microsoft-ds", "", "workgroup: CORP", ""),
    (3389, "ms-wbt-server", "Microsoft Terminal Services", "", "", "cpe:/o:microsoft:windows"),
    (9100, "jetdirect", "HP LaserJet", "", "", "cpe:/h:hp:laserjet"),
    (161, "snmp", "net-snmp", "", "net-snmp SNMPv3 server", ""),
    (5060, "sip", "Asterisk PBX", "18.10.0", "Status: 200 OK", ""),
    (8443, "https-alt", "Ubiquiti UniFi", "", "", ""),
    (53, "domain", "dnsmasq", "2.86", "", "cpe:/a:thekelleys:dnsmasq:2.86"),
)  # fmt: skip
_TITLES = (
    "Welcome to nginx!",
    "Site doesn't have a title",
    "Dashboard",
    "Login",
    "Printer status",
    "IIS Windows Server",
)
_COVERED = (
    ("hikvision", "DNVRS-Webs", "index"),
    ("hikvision", "App-webs/", "HIKVISION"),
    ("dahua", "Webs", "WEB SERVICE"),
    ("huawei", "Huawei-BMC", "HG8245H"),
    ("zte", "ZTE web server 1.0 ZTE corp 2015.", "F660"),
)


def _prefixes() -> tuple[list[tuple[str, str]], dict[str, list[tuple[str, str]]]]:
    """Give prefix and holder of innocent 24-bit blocks, and those of each covered firm."""
    folder = ROOT / "knowledge" / "identifiers"
    covered: dict[str, list[tuple[str, str]]] = {}
    with (folder / "oui.csv").open(newline="", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            if row["prefix_bits"] == "24":
                covered.setdefault(row["entity"], []).append((row["prefix_hex"], row["assignee"]))
    others = []
    with (folder / "oui-others.csv").open(newline="", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            if row["prefix_bits"] == "24":
                others.append((row["prefix_hex"], row["assignee"]))
    return others, covered


def _mac(prefix: str, tail: int) -> str:
    digits = f"{prefix.upper()}{tail:06X}"
    return ":".join(digits[place : place + 2] for place in range(0, 12, 2))


def _port(number: int, name: str, product: str, edition: str, extra: str, cpe: str, scripts: str) -> str:
    named = (("product", product), ("version", edition), ("extrainfo", extra))
    said = "".join(f" {key}={quoteattr(text)}" for key, text in named if text)
    inner = f"<cpe>{cpe}</cpe>" if cpe else ""
    return (
        f'<port protocol="tcp" portid="{number}"><state state="open" reason="syn-ack" reason_ttl="64"/>'
        f'<service name="{name}"{said} method="probed" conf="10">{inner}</service>{scripts}</port>\n'
    )


def write_scan(path: Path, megabytes: float) -> dict[str, int]:
    """Write a scan of about that size, always the same bytes; return how many hosts and covered hosts it has."""
    rng = random.Random(SEED)
    others, covered = _prefixes()
    size = hosts = marked = 0
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.write(
            '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE nmaprun>\n'
            '<nmaprun scanner="nmap" args="nmap -sV -sC -O 10.0.0.0/8" start="1761000000" version="7.95" '
            'xmloutputversion="1.05">\n'
        )
        while size < megabytes * 1e6:
            number = hosts
            hosts += 1
            address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
            ports = []
            if rng.random() < COVERED_SHARE:
                marked += 1
                entity, server, title = rng.choice(_COVERED)
                prefix, holder = rng.choice(covered[entity])
                scripts = (
                    f'<script id="http-title" output={quoteattr(title)}><elem key="title">{title}</elem></script>'
                    f'<script id="http-server-header" output={quoteattr(server)}><elem>{server}</elem></script>'
                )
                ports.append(_port(80, "http", "", "", "", "", scripts))
                ports.append(_port(554, "rtsp", "", "", "", "", ""))
                name = f"cam-{number}"
            else:
                prefix, holder = rng.choice(others)
                for service in sorted(rng.sample(_SERVICES, rng.randint(1, 5))):
                    scripts = ""
                    if service[1] == "http":
                        title = rng.choice(_TITLES)
                        server = f"{service[2]}/{service[3]}"
                        scripts = (
                            f'<script id="http-title" output={quoteattr(title)}><elem key="title">{title}</elem></script>'
                            f'<script id="http-server-header" output={quoteattr(server)}><elem>{server}</elem></script>'
                        )
                    elif service[1] == "ssh":
                        key = f"{rng.getrandbits(128):032x}"
                        scripts = (
                            f'<script id="ssh-hostkey" output="&#xa;  256 {key} (ED25519)"><table>'
                            f'<elem key="fingerprint">{key}</elem><elem key="type">ssh-ed25519</elem>'
                            '<elem key="bits">256</elem></table></script>'
                        )
                    ports.append(_port(*service, scripts))
                name = f"{rng.choice(('ws', 'srv', 'prn', 'sw'))}-{number}"
            text = (
                f'<host starttime="{1761000000 + number}" endtime="{1761000060 + number}">'
                '<status state="up" reason="arp-response" reason_ttl="0"/>\n'
                f'<address addr="{address}" addrtype="ipv4"/>\n'
                f'<address addr="{_mac(prefix, rng.getrandbits(24))}" addrtype="mac" vendor={quoteattr(holder)}/>\n'
                f'<hostnames>\n<hostname name="{name}.example.net" type="PTR"/>\n</hostnames>\n'
                '<ports><extraports state="closed" count="995">\n<extrareasons reason="reset" count="995"/>\n</extraports>\n'
                f"{''.join(ports)}</ports>\n"
                '<os><portused state="open" proto="tcp" portid="80"/>'
                '<osmatch name="Linux 4.15 - 5.19" accuracy="100" line="67241">\n'
                '<osclass type="general purpose" vendor="Linux" osfamily="Linux" osgen="4.X" accuracy="100">'
                "<cpe>cpe:/o:linux:linux_kernel:4</cpe></osclass>\n</osmatch>\n</os>\n"
                '<uptime seconds="2177" lastboot="Mon Oct 20 04:55:29 2025"/>\n<distance value="1"/>\n'
                '<tcpsequence index="260" difficulty="Good luck!" values="8D5D5F3F,1E8F4F05,C9B5F0A7"/>\n'
                '<times srtt="204" rttvar="211" to="100000"/>\n</host>\n'
            )
            size += len(text)
            out.write(text)
        out.write(
            '<runstats><finished time="1761999999" elapsed="999999" exit="success"/>'
            f'<hosts up="{hosts}" down="0" total="{hosts}"/></runstats>\n</nmaprun>\n'
        )
    return {"hosts": hosts, "covered": marked}


def write_addresses(path: Path, count: int) -> int:
    """Write a Parquet column of MAC addresses, 1 % of covered firms; return how many those are."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rng = random.Random(SEED)
    others, covered = _prefixes()
    firms = ("hikvision", "dahua", "huawei", "zte", "hytera")
    innocent = [prefix for prefix, _ in others]
    marked = [prefix for firm in firms for prefix, _ in covered.get(firm, ())]
    taken = 0
    with pq.ParquetWriter(path, pa.schema([("mac", pa.string())])) as writer:
        for start in range(0, count, 500_000):
            made = []
            for _ in range(min(500_000, count - start)):
                chosen = rng.random() < COVERED_SHARE
                taken += chosen
                made.append(_mac(rng.choice(marked if chosen else innocent), rng.getrandbits(24)))
            writer.write_table(pa.table({"mac": made}))
    return taken


def _addresses(folder: Path, count: int) -> tuple[Path, int]:
    """Give the file of that many addresses and how many of them are of covered firms, written when missing."""
    table, marks = folder / f"macs-{count}.parquet", folder / f"macs-{count}.json"
    if not (table.exists() and marks.exists()):
        marks.write_text(json.dumps(write_addresses(table, count)), encoding="utf-8")
    return table, int(json.loads(marks.read_text(encoding="utf-8")))


def _rival_python(install: bool) -> str:
    """Give the interpreter that has the rivals, installing them when asked."""
    venv = ROOT / "build" / "bench-venv"
    python = venv / "bin" / "python"
    if install:
        if not python.exists():
            subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
        subprocess.run(
            [str(python), "-m", "pip", "install", "-q", "python-libnmap", "netaddr", "pyarrow"], check=True
        )
    return str(python) if python.exists() else sys.executable


def _version(python: str, package: str) -> str | None:
    probe = f"import importlib.metadata as m; print(m.version({package!r}))"
    done = subprocess.run([python, "-c", probe], capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else None


def _scan(source: Path, out: Path) -> list[str]:
    return [
        sys.executable,
        "-m",
        "proscribe",
        "scan",
        str(source),
        "--as-of",
        AS_OF,
        "--quiet",
        "-o",
        f"jsonl={out}",
    ]


def _entries(programs: list[Program], amounts: list[int]) -> list[dict[str, Any]]:
    """Give the figures of each program; `times_ours` compares the time each needs for the same amount."""
    ours = programs[0]
    made = []
    for program, amount in zip(programs, amounts, strict=True):
        share = amounts[0] / amount
        made.append(
            {
                "program": program.name,
                "amount": amount,
                "seconds": round(program.seconds, 3),
                "per_second": round(amount / program.seconds),
                "peak_mib": round(max(run.peak_mib for run in program.runs)),
                "times_ours": None if program is ours else round(share / paired_ratio(ours, program), 2),
            }
        )
    return made


def _found(path: Path) -> int:
    """Count the records with a finding at `probable` or better, and any."""
    rows = set()
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            item = json.loads(line)
            finding = item.get("finding", item)
            if "band" in finding:
                rows.add(finding["locator"]["row"])
    return len(rows)


def main() -> int:
    """Generate, race, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mb", type=float, default=500)
    parser.add_argument("--macs", type=int, default=10_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--install-rivals", action="store_true")
    parser.add_argument("--data", type=Path, default=ROOT / "build" / "bench")
    options = parser.parse_args()
    options.data.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    python = _rival_python(options.install_rivals)
    libnmap, netaddr = _version(python, "python-libnmap"), _version(python, "netaddr")

    scan = options.data / f"nmap-{options.mb:g}mb.xml"
    truth = options.data / f"nmap-{options.mb:g}mb.json"
    if not (scan.exists() and truth.exists()):
        truth.write_text(json.dumps(write_scan(scan, options.mb)), encoding="utf-8")
    counts = json.loads(truth.read_text(encoding="utf-8"))
    out = options.data / "network.found.jsonl"
    programs = [Program("proscribe scan", _scan(scan, out), (0, 1))]
    if libnmap:
        programs.append(
            Program(f"python-libnmap {libnmap}, parsing only", [python, "-c", LIBNMAP, str(scan)])
        )
    race(programs, options.runs, environment)
    megabytes = scan.stat().st_size / 1e6
    result: dict[str, Any] = {
        "nmap": {
            **counts,
            "megabytes": round(megabytes, 1),
            "hosts_with_finding": _found(out),
            "programs": _entries(programs, [counts["hosts"]] * len(programs)),
        }
    }

    table, covered = _addresses(options.data, options.macs)
    programs = [Program("proscribe scan", _scan(table, out), (0, 1))]
    if netaddr:
        # A tenth is enough to tell its pace, which does not change with the length of the list.
        sample, _ = _addresses(options.data, options.macs // 10)
        programs.append(Program(f"netaddr {netaddr}", [python, "-c", NETADDR, str(sample)]))
    race(programs, options.runs, environment)
    result["macs"] = {
        "addresses": options.macs,
        "covered": covered,
        "with_finding": _found(out),
        "programs": _entries(programs, [options.macs, options.macs // 10][: len(programs)]),
    }
    result["machine"] = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    result["runs"] = options.runs
    try:
        result["proscribe"] = version("proscribe")
    except PackageNotFoundError:
        result["proscribe"] = "source tree"
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "network.json").write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    (RESULTS / "network.md").write_text(_page(result), encoding="utf-8")
    print(_page(result))
    return 0


def _page(result: dict[str, Any]) -> str:
    nmap, macs = result["nmap"], result["macs"]
    lines = [
        "# Network evidence",
        "",
        f"{result['machine']}. {rounds(result['runs'])} after one of warm-up, whole processes; ratios are paired. "
        "Ours reads, matches and writes every finding with its evidence; the rivals only parse or look up.",
        "",
        f"## nmap XML, {nmap['megabytes']} MB, {nmap['hosts']:,} hosts",
        "",
        f"{nmap['covered']:,} hosts are covered; {nmap['hosts_with_finding']:,} have a finding.",
        "",
        *_table(nmap["programs"], "hosts/s"),
        "",
        f"## {macs['addresses']:,} MAC addresses in Parquet",
        "",
        f"{macs['covered']:,} prefixes are of the five firms; {macs['with_finding']:,} records have a finding.",
        "",
        *_table(macs["programs"], "addresses/s"),
        "",
    ]
    return "\n".join(lines)


def _table(entries: list[dict[str, Any]], unit: str) -> list[str]:
    lines = [
        f"| program | amount | seconds | {unit} | peak MiB | its time over ours, same amount |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for entry in entries:
        ratio = "" if entry["times_ours"] is None else f"{entry['times_ours']}"
        cells = (
            entry["program"],
            f"{entry['amount']:,}",
            str(entry["seconds"]),
            f"{entry['per_second']:,}",
            str(entry["peak_mib"]),
            ratio,
        )
        lines.append(f"| {' | '.join(cells)} |")
    return lines


if __name__ == "__main__":
    sys.exit(main())
