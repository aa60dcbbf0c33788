"""Every parser that is given what others wrote, declared once: how it is called, its whole files, and what reads them.

The readers stand in `src/proscribe/readers/formats.yml`, and their whole files in `tests/readers/fuzz_files.py`; a new reader
joins by being there. What reads anything else is a function here that is marked with `@parser`: files of people, of the
program itself, of its stores, and the pieces of protocols below the readers.
"""

from __future__ import annotations

import importlib.util
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
#: Of what is read while fuzzing, so that no single input takes long.
UNPACKED_BYTES = 64 * 1024**2

Parse = Callable[[bytes, Path], None]
Whole = Callable[[], list[bytes]]


@dataclass(frozen=True, slots=True)
class Parser:
    """A parser under test.

    Attributes:
        name: how it is called.
        whole: gives whole files, which are damaged.
        parse: reads one input; gets a folder to write to. Anything that it raises is a crash.
    """

    name: str
    whole: Whole
    parse: Parse


def _load() -> ModuleType:
    """Load the whole files that stand beside the tests of the readers."""
    spec = importlib.util.spec_from_file_location("fuzz_files", ROOT / "tests" / "readers" / "fuzz_files.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


FILES = _load()
_DECLARED: list[tuple[str, Whole, Callable[[], Parse]]] = []


def parser(name: str, whole: Whole) -> Callable[[Callable[[], Parse]], Callable[[], Parse]]:
    """Declare a parser. The function marked imports what is needed and gives what reads an input."""

    def declare(make: Callable[[], Parse]) -> Callable[[], Parse]:
        _DECLARED.append((name, whole, make))
        return make

    return declare


def names() -> list[str]:
    """List all parsers."""
    return [*FILES.seeds(), *(name for name, _, _ in _DECLARED)]


@cache
def get(name: str) -> Parser:
    """Give a parser, ready to read; it, and its whole files, are made once."""
    if name in FILES.seeds():
        return Parser(name, cache(FILES.seeds()[name]), _through(name))
    for known, whole, make in _DECLARED:
        if known == name:
            return Parser(name, cache(whole), make())
    raise SystemExit(f"there is no parser {name!r}; there are: {', '.join(names())}")


def _through(reader: str) -> Parse:
    """Give the parser of a reader: as the named reader, or as whatever the content looks like, by the input's last bit."""
    from proscribe.model.errors import ProscribeError
    from proscribe.readers import READERS, Limits, Options, open_source
    from proscribe.readers.base import Source

    if reader not in {one.name for one in READERS}:
        raise SystemExit(f"there is no reader {reader!r}")
    limits = Limits(max_expanded_bytes=UNPACKED_BYTES)
    ways = (Options(reader=reader, limits=limits), Options(limits=limits))

    def parse(data: bytes, folder: Path) -> None:
        path = folder / "input.dat"
        path.write_bytes(data)
        try:
            reading = open_source(Source("input.dat", path, len(data)), ways[sum(data[-3:]) % 2])
            count = sum(batch.rows.num_rows for batch in reading.batches())
            links = getattr(reading, "links", None)
            if links is not None:
                sum(1 for _ in links())
        except ProscribeError:
            return
        if not (reading.tables or reading.issues or count):
            raise AssertionError("the reader says nothing at all: neither tables nor issues")

    return parse


def _refusing(read: Callable[[bytes], object], *refusals: type[Exception]) -> Parse:
    """Give a parser that may refuse with the program's own errors, or with those that it declares besides."""
    from proscribe.model.errors import ProscribeError

    caught = (ProscribeError, *refusals)

    def parse(data: bytes, folder: Path) -> None:
        try:
            read(data)
        except caught:
            return

    return parse


def _at_path(read: Callable[[Path], object], name: str, *refusals: type[Exception]) -> Parse:
    """Give a parser of a file that has to be there."""
    from proscribe.model.errors import ProscribeError

    caught = (ProscribeError, *refusals)

    def parse(data: bytes, folder: Path) -> None:
        path = folder / name
        path.write_bytes(data)
        try:
            read(path)
        except caught:
            return

    return parse


def _from(*patterns: str) -> Whole:
    """Give the files of the repository that match; long ones too, since a cut archive is no archive."""
    return lambda: [path.read_bytes() for pattern in patterns for path in sorted(ROOT.glob(pattern))]


def _also_json(whole: Whole) -> Whole:
    """Give files of YAML, and the same as JSON, which YAML takes: what knows how JSON is built damages what is said."""

    def both() -> list[bytes]:
        import yaml

        class Loader(yaml.CSafeLoader):
            """Leaves days and instants as the texts that they are."""

        Loader.yaml_implicit_resolvers = {
            first: [pair for pair in pairs if not pair[0].endswith(":timestamp")]
            for first, pairs in yaml.CSafeLoader.yaml_implicit_resolvers.items()
        }
        files = whole()
        return [*files, *(json.dumps(yaml.load(one, Loader)).encode() for one in files)]

    return both


# Pieces of protocols, below the readers


@parser("packets", FILES._pcap)
def _packets() -> Parse:
    from proscribe.readers.network import _frames

    def read(data: bytes) -> None:
        for packet in _frames.packets(io.BytesIO(data)):
            frame = _frames.frame_of(packet.link, packet.data)
            if frame is not None:
                _frames.datagram_of(frame)

    return _refusing(read, _frames.Damaged)


@parser(
    "frames",
    lambda: [
        bytes.fromhex(
            "ffffffffffff4419b600000108004500002c0001400040110000c0a80105c0a801ff90949094001800003c50726f62653e3c2f50726f62653e0a"
        ),
        bytes.fromhex(
            "3333000000fb4419b600000186dd6000000000203a40fe80000000000000461909fffe000001ff02000000000000000000000000000187000000"
        ),
    ],
)
def _ethernet() -> Parse:
    from proscribe.readers.network import _frames

    def parse(data: bytes, folder: Path) -> None:
        for link in (1, 101, 113, 276):
            frame = _frames.frame_of(link, data)
            if frame is not None:
                _frames.datagram_of(frame)

    return parse


def _answers() -> list[bytes]:
    return [
        *FILES.files("discovery/*"),
        b"HTTP/1.1 302 Found\r\nLocation: http://10.0.0.5:8080/a\r\nContent-Length: 2\r\n\r\nab",
        b'RTSP/1.0 401 Unauthorized\r\nServer: H264DVR 1.0\r\nWWW-Authenticate: Digest realm="HIKVISION"\r\n\r\n',
    ]


_MDNS = bytes.fromhex(
    "000084000000000100000000055f68747470045f746370056c6f63616c00000c000100000078000a0763616d2d303031c00c"
)
_SNMP = bytes.fromhex(
    "302e02010104067075626c6963a221020101020100020100301630140608"
) + bytes.fromhex("2b060102010101000408483a4b20312e30")  # fmt: skip


@parser("answers of devices", _answers)
def _following() -> Parse:
    from proscribe.collectors import COLLECTORS, Settings
    from proscribe.model.captures import Exchange

    settings = Settings(community=b"x")
    asked = [(one, ask) for one in COLLECTORS.values() for ask in one.asks("10.0.0.5", settings)]

    def parse(data: bytes, folder: Path) -> None:
        for collector, ask in asked:
            exchange = Exchange(
                collector.name, ask.what, ask.transport, "10.0.0.5", ask.port, b"", "", source="10.0.0.5",
                answered_at="", answer=data,
            )  # fmt: skip
            if ask.whole is not None:
                ask.whole(data)
            for more in collector.follow(exchange, settings):
                assert more.address == "10.0.0.5", "a question to somebody else"

    return parse


@parser("payloads", lambda: [*_answers(), _MDNS, _SNMP])
def _payloads() -> Parse:
    from proscribe.readers.network import _payloads

    kinds = (
        _payloads.mdns,
        _payloads.snmp,
        _payloads.ssdp,
        _payloads.dhip,
        _payloads.http,
        _payloads.rtsp,
        _payloads.certificate,
    )

    def parse(data: bytes, folder: Path) -> None:
        for kind in kinds:
            kind(data, _payloads.Seen())
        tree, text = _payloads.tree_of(data)
        if tree is None:
            return
        _payloads.sadp(tree, text, _payloads.Seen())
        for of_tree in (_payloads.ws_discovery, _payloads.onvif_answer, _payloads.upnp):
            of_tree(tree, _payloads.Seen())
        list(_payloads.xml_devices(tree, lambda: text))

    return parse


@parser("names of hosts", lambda: [_MDNS])
def _dns() -> Parse:
    from proscribe.readers.network._dns import read_message

    return lambda data, folder: void(read_message(data))


@parser("certificates and SNMP messages", lambda: [_SNMP, *_certificates()])
def _ber() -> Parse:
    from proscribe.readers.network import _ber

    def parse(data: bytes, folder: Path) -> None:
        _ber.snmp_values(data)
        _ber.certificate_names(data)
        for _, content in _ber.items(data):
            _ber.object_id(content)

    return parse


def void(value: object) -> None:
    """Take a value that nobody wants."""


def _certificates() -> list[bytes]:
    import base64

    pems = _from("tests/attestations/fixtures/timestamp/*root.pem")()
    return [base64.b64decode(b"".join(one.split(b"-----")[2].split())) for one in pems]


@parser("lines of captures", lambda: FILES._capture().splitlines())
def _capture_line() -> Parse:
    from proscribe.model.captures import NotACapture, read_line

    return _refusing(read_line, NotACapture)


@parser(
    "lists of addresses", lambda: [b"10.0.0.0/24\n# a comment\n192.168.1.5\nfd00::1\n10.1.0.0/22 # hall\n"]
)
def _targets() -> Parse:
    from proscribe.collectors.targets import read_targets

    return _at_path(lambda path: read_targets(str(path)), "targets.txt")


# Files that people write


@parser("decisions on joins", _also_json(lambda: [FILES.JOINS]))
def _joins() -> Parse:
    from proscribe.app.inventory.joins_file import joins_of

    return _refusing(lambda data: joins_of(data, "joins.yml"))


_CONFIG = b"""[people]
author = "B. Lind"
[[input]]
files = ["ledger-*.csv", "x/**/y.xlsx"]
columns = {"Vendor name" = "maker", "Part no." = "model"}
kind = "purchases"
"""


@parser("proscribe.toml", lambda: [_CONFIG, *_from("examples/**/*.toml")()])
def _config() -> Parse:
    from proscribe.model.config import read_config

    return _refusing(lambda data: read_config(data, "proscribe.toml"))


@cache
def _knowledge() -> Any:
    from proscribe.kb.snapshot import open_knowledge

    return open_knowledge()


@cache
def _law() -> Any:
    from proscribe.app.rules.decide import Decider

    return Decider.of(_knowledge())


_CASES = b"""cases:
- id: a
  as_of: 2026-11-25
  regimes: [us-889-b]
  facts: {party.jurisdiction: US, act.kind: continue_contract, use.by: the_entity, contract.clauses: [52.204-25 (NOV 2021)]}
- {id: b, as_of: 2020-08-13, facts: {event.identified_at: 2026-10-09T16:40:00-04:00, contract.is_idiq: false}}
"""


@parser(
    "case files",
    lambda: [
        *_also_json(lambda: [_CASES])(),
        json.dumps(
            {"id": "a", "as_of": "2026-11-25", "facts": {"party.jurisdiction": "US"}}, indent="\t"
        ).encode(),
    ],
)
def _cases() -> Parse:
    from proscribe.app.rules.casefile import cases_of

    law = _law().law

    def read(data: bytes) -> None:
        cases_of(data, "cases.json" if data[-1:] == b"}" else "cases.yml", law)

    return _refusing(read)


@parser("facts of people", _also_json(_from("examples/facts.yml", "examples/story/facts.yml")))
def _facts() -> Parse:
    from proscribe.app.rules.facts_file import facts_of

    decider = _law()
    return _refusing(lambda data: facts_of(data, "facts.yml", decider.law, decider.firms))


@parser("answered questionnaires", lambda: [_questionnaire()])
def _questions() -> Parse:
    from proscribe.app.rules.facts_file import read_answers

    decider = _law()
    return _at_path(lambda path: read_answers(path, decider.law, decider.firms), "answers.csv")


def _questionnaire() -> bytes:
    rows = [
        "Question,Answer,Fact,Applies to",
        "In which country is the company?,US,party.jurisdiction,company",
        "Who uses the equipment at the site?,the_entity,use.by,site:Depot",
        "What are the cameras for?,?,item.purpose,site:Depot",
        *(
            f"Is contract {number} of an indefinite quantity?,yes,contract.is_idiq,company"
            for number in range(4)
        ),
    ]
    return "\n".join(rows).encode()


@parser(
    "lists of suppliers",
    _from("examples/inputs/vendor-master.csv", "tests/readers/fixtures/business/sap-lfa1.csv"),
)
def _vendors() -> Parse:
    from proscribe.app.vendors.vendor_list import read_vendors

    return _at_path(read_vendors, "vendors.csv")


@parser("statements of people", _also_json(lambda: [_SAID, *_from("examples/story/*.yml")()]))
def _statements() -> Parse:
    from datetime import UTC, date, datetime

    from proscribe.app.case.document_files import make_document
    from proscribe.app.papers.documents import Making

    at = datetime(2026, 11, 25, 15, tzinfo=UTC)

    def read(path: Path) -> None:
        make_document(
            Making(
                "annual-representation",
                (path,),
                as_of=date(2026, 11, 25),
                made_at=at,
                author="Sam Lind",
                approver="Kim Berg",
            )
        )

    return _at_path(read, "said.yml")


_SAID = b"""organisation: {name: Harbour Systems LLC, contacts: [{name: Sam Lind}]}
people: [{name: Sam Lind, title: Compliance officer}]
answers: {provide: does not, use: does not}
inquiry:
  from_on: 2026-11-02
  searched: [{name: Register, kind: assets, how: scanned whole, by: Sam Lind, on: 2026-11-23, records: 1}]
"""


@parser("returned forms of suppliers", lambda: _forms())
def _returned() -> Parse:
    from proscribe.readers.supplier_form import read_returned_form

    return _refusing(lambda data: read_returned_form(data, "form"))


def _forms() -> list[bytes]:
    from datetime import date

    from proscribe.model.suppliers import SupplierForm
    from proscribe.suppliers.form_workbook import to_workbook
    from proscribe.suppliers.questions import flow_down_words, form_questions, supplier_law

    day = date(2026, 11, 25)
    law = supplier_law(_knowledge(), day)
    form = SupplierForm(
        campaign="C-0001/2026-11-25",
        case_id="C-0001",
        supplier_id="S3",
        supplier="Northgate",
        asked_by="Ridge",
        contact="R. Ito",
        asked_on=day,
        due_on=date(2026, 12, 16),
        questions=form_questions(law, "Northgate", "Ridge"),
        firms=law.firms,
        products=({"product": "Camera", "model": "NG-200", "maker": "Northgate"},),
        email="a@b.example",
        flow_down=flow_down_words(law),
    )
    answers = {
        "schema": "proscribe.supplier-answers/1",
        "form_id": form.id,
        "campaign": "C-0001/2026-11-25",
        "supplier_id": "S3",
        "answers": {"legal_name": "Northgate", "provide": "does not"},
        "asked": {"legal_name": "Your name?"},
        "products": [{"product": "Camera"}],
    }
    return [to_workbook(form), json.dumps(answers).encode()]


@parser("YAML", _from("knowledge/entities/dahua.yml", "examples/story/*.yml"))
def _yaml() -> Parse:
    from proscribe.kb.strictyaml import parse

    return _refusing(lambda data: parse(data, "x.yml"))


@parser("layers of knowledge", _also_json(_from("tests/casework/fixtures/release-0.1/layer.yml")))
def _layer() -> Parse:
    from proscribe.kb.layers import Below, read_layer

    below = Below(frozenset(), frozenset(["hikvision", "dahua", "huawei"]), frozenset(["src:recalled"]))
    return _at_path(lambda path: read_layer(path, below), "layer.yml")


@parser("texts of the law", _from("knowledge/texts/us/*.md"))
def _text() -> Parse:
    from proscribe.kb.texts import read_text

    return _refusing(lambda data: read_text("us/a.md", data.decode("utf-8", "replace")))


@parser("knowledge snapshots", lambda: [_knowledge()._load(name) for name in _snapshot_members()])
def _snapshot() -> Parse:
    """Put a damaged member into a snapshot that is sealed anew, so that no digest stops it at the door."""
    import hashlib

    from proscribe.kb.members import digest_of, packed_members
    from proscribe.kb.snapshot import Snapshot

    manifest = json.loads(_knowledge()._load("manifest.json"))
    members = {name: _knowledge()._load(name) for name in _snapshot_members()}

    def read(data: bytes) -> None:
        name = max(members, key=lambda one: _alike(members[one], data))
        made = {**members, name: data}
        digests = {one: hashlib.sha256(content).hexdigest() for one, content in made.items()}
        told = {
            **manifest,
            "members": {one: {**manifest["members"][one], "sha256": digests[one]} for one in made},
        }
        told["sha256"] = digest_of(digests)
        snapshot = Snapshot.from_bytes(
            packed_members({"manifest.json": json.dumps(told).encode(), **made}), "x.zip"
        )
        for one in made:
            snapshot.columns(one.removeprefix("tables/").removesuffix(".json"))

    return _refusing(read)


def _snapshot_members() -> list[str]:
    manifest = json.loads(_knowledge()._load("manifest.json"))
    sizes = sorted(
        (len(_knowledge()._load(name)), name) for name in manifest["members"] if name.startswith("tables/")
    )
    return [name for size, name in sizes if size > 1_000][:6]


# Files of the program itself


@parser("scans", lambda: [_scan(), *_from("tests/casework/fixtures/release-0.1/november.json")()])
def _scans() -> Parse:
    from proscribe.model.codec import CodecError
    from proscribe.model.scan_reading import read_scan

    return _refusing(read_scan, CodecError)


@cache
def _scan() -> bytes:
    import proscribe

    return proscribe.scan([ROOT / "examples" / "inputs" / "macs.txt"], as_of="2026-11-25").to_json().encode()


@parser("statements of scans", lambda: [json.dumps(json.loads(_scan())["statement"]).encode()])
def _scan_statement() -> Parse:
    from proscribe.model.codec import CodecError, read_json
    from proscribe.model.scan_statement import ScanStatement

    return _refusing(lambda data: read_json(ScanStatement, data), CodecError)


@parser(
    "documents",
    _from("tests/contracts/documents/*representation*.json", "tests/contracts/documents/waiver*.json"),
)
def _documents() -> Parse:
    from proscribe.documents.formats import paper_from_json, render
    from proscribe.model.codec import CodecError, parse

    return _refusing(lambda data: render(paper_from_json(parse(data)), "md"), CodecError)


@parser("inputs of documents", lambda: _paper_inputs())
def _inputs() -> Parse:
    from proscribe.documents.reading import inputs_from_json
    from proscribe.model.codec import CodecError, parse

    return _refusing(lambda data: inputs_from_json(parse(data)), CodecError)


def _paper_inputs() -> list[bytes]:
    from proscribe.model.codec import write

    spec = importlib.util.spec_from_file_location(
        "paper_samples", ROOT / "tests" / "documents" / "paper_samples.py"
    )
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return [json.dumps(write(inputs)).encode() for _, inputs in module.samples().values()]


@parser(
    "heads",
    lambda: [
        b'{"at":"2026-11-25T12:00:00+00:00","digest":"'
        + b"a" * 64
        + b'","seq":7,"store_id":"'
        + b"b" * 32
        + b'"}'
    ],
)
def _heads() -> Parse:
    from proscribe.app.case.cases import kept_head
    from proscribe.app.proofs.case_bundles import Trust

    return _at_path(lambda path: kept_head(path, Trust()), "head.json")


@parser("envelopes", lambda: [_envelope()])
def _envelopes() -> Parse:
    from proscribe.attestations import open_envelope

    keys = {"a": (ROOT / "tests/attestations/fixtures/timestamp/signer.pub.pem").read_text()}
    return _refusing(lambda data: open_envelope(data, keys))


def _envelope() -> bytes:
    import zipfile

    with zipfile.ZipFile(ROOT / "tests/attestations/fixtures/timestamp/stamped.zip") as archive:
        return archive.read("attestation.dsse.json")


@parser("statements of bundles", lambda: [_statement()])
def _bundle_statement() -> Parse:
    from proscribe.attestations.statement import Statement

    return _refusing(Statement.from_bytes)


def _statement() -> bytes:
    import base64

    return base64.b64decode(json.loads(_envelope())["payload"])


@parser("signed bundles", _from("tests/attestations/fixtures/timestamp/*stamped.zip"))
def _bundles() -> Parse:
    from proscribe.attestations.verify import verify_bundle

    key = (ROOT / "tests/attestations/fixtures/timestamp/signer.pub.pem").read_bytes()
    return _refusing(lambda data: verify_bundle(data, trusted_keys=[("key", key)]))


@parser("time stamps", _from("tests/attestations/fixtures/timestamp/*.tsr"))
def _stamps() -> Parse:
    from proscribe.attestations import timestamp

    root = (ROOT / "tests/attestations/fixtures/timestamp/authority-root.pem").read_bytes()

    def read(data: bytes) -> None:
        timestamp.matches(data, b"x")
        timestamp.stated_at(data)
        timestamp.trusted(data, b"x", [root])

    return _refusing(read)


@parser(
    "public keys",
    _from("tests/attestations/fixtures/timestamp/*.pem", "tests/casework/fixtures/release-0.1/*.pem"),
)
def _keys() -> Parse:
    from proscribe.attestations.signers import certificate_period, is_plain, public_half

    def read(data: bytes) -> None:
        is_plain(data)
        public_half(data)
        certificate_period(data)

    return _refusing(read)


# Archives and events of stores


_OLD = "tests/casework/fixtures/release-0.1"


@parser("bundles of cases", _from(f"{_OLD}/case-signed.zip"))
def _case_bundles() -> Parse:
    from proscribe.app.proofs.case_bundles import Trust, verify_bundle

    trust = Trust(keys=(ROOT / _OLD / "signer.pub.pem",))
    return _at_path(lambda path: verify_bundle(path, trust), "case.zip")


@parser("members of bundles of cases", lambda: list(_members(f"{_OLD}/case-unsigned.zip").values())[:12])
def _case_members() -> Parse:
    """Put a damaged member into a bundle that is sealed anew, so that no digest stops it at the door."""
    from proscribe.casework.backup import BUNDLE_SCHEMA, check_archive, open_archive
    from proscribe.model.errors import ProscribeError

    members = _members(f"{_OLD}/case-unsigned.zip")
    places = sorted(name for name in members if name != "manifest.json")

    def parse(data: bytes, folder: Path) -> None:
        name = max(places, key=lambda one: _alike(members[one], data))
        made = {**members, name: _chained(data) if name == "events.jsonl" else data}
        if name == "events.jsonl":
            made["chain.txt"] = b"".join(_digests(made[name]))
        path = folder / "sealed.zip"
        _sealed(made, path)
        try:
            with open_archive(path, BUNDLE_SCHEMA) as archive:
                check_archive(archive)
        except ProscribeError:
            return

    return parse


@cache
def _members(path: str) -> dict[str, bytes]:
    import zipfile

    with zipfile.ZipFile(ROOT / path) as archive:
        return {one: archive.read(one) for one in archive.namelist()}


def _alike(one: bytes, other: bytes) -> int:
    """Tell how far two texts begin alike; a damaged member goes where the whole one stood."""
    pairs = zip(one[:200], other[:200], strict=False)
    return next((place for place, (left, right) in enumerate(pairs) if left != right), 200)


def _digests(events: bytes) -> Iterator[bytes]:
    for line in events.splitlines():
        try:
            yield f"{json.loads(line)['digest']}\n".encode("utf-8", "replace")
        except (ValueError, KeyError, TypeError, RecursionError):
            continue


def _chained(events: bytes) -> bytes:
    """Give events whose digests fit what they say, line by line, where they can be read."""
    from proscribe.casework.events import digest_of, of_row, row_of
    from proscribe.model.canonical import canonical_json

    made = []
    for line in events.split(b"\n"):
        try:
            row = json.loads(line)
            row["digest"] = digest_of(of_row(row))
            made.append(canonical_json(row_of(of_row(row))).encode())
        except Exception:  # such a line stays as it is
            made.append(line)
    return b"\n".join(made)


def _sealed(members: dict[str, bytes], path: Path) -> None:
    import zipfile

    from proscribe.casework import sealed
    from proscribe.model.canonical import canonical_json

    manifest = json.loads(members["manifest.json"])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in manifest["members"]:
            manifest["members"][name] = sealed.put(archive, name, [members[name]])
        sealed.put(archive, "manifest.json", [f"{canonical_json(manifest)}\n".encode()])


@parser("events", lambda: _members(f"{_OLD}/case-unsigned.zip")["events.jsonl"].splitlines())
def _events() -> Parse:
    from proscribe.casework.events import digest_of, of_row
    from proscribe.casework.sealed import plain_json

    def read(data: bytes) -> None:
        digest_of(of_row(plain_json(data)))

    return _refusing(read, ValueError, KeyError, TypeError, RecursionError)


# Inputs that are written to again


def _annotated(document: Callable[[bytes], Any]) -> Parse:
    from proscribe.reports.parts.marks import Marks, Note

    places = (
        "/components/0",
        "/components/0/components/0",
        "/metadata/component",
        "/bom/components[1]/component[1]",
    )
    marks = Marks(
        (("proscribe:as-of", "2026-11-25"),), dict.fromkeys(places, (("proscribe:x", '<&"y'),)),
        (Note("proscribe:n", "b", "t"),), "P", "0", "2026-11-25T00:00:00Z",
    )  # fmt: skip

    def read(data: bytes) -> None:
        made = document(data).annotated(marks)
        again = document(made.encode() if isinstance(made, str) else made).annotated(marks)
        assert again == made, "annotating twice is annotating once"

    return _refusing(read)


@parser("parts lists that are written to, JSON", lambda: [FILES.CDX_JSON])
def _annotated_json() -> Parse:
    from proscribe.reports.parts.cyclonedx_json import JsonDocument

    return _annotated(lambda data: JsonDocument(data.decode("utf-8", "replace")))


@parser("parts lists that are written to, XML", lambda: [FILES.CDX_XML])
def _annotated_xml() -> Parse:
    from proscribe.reports.parts.cyclonedx_xml import XmlDocument

    return _annotated(XmlDocument)


# Words that decide


@parser(
    "texts that are searched for names",
    lambda: [
        b"Hikvision DS-2CD2143G2-I dome camera, S/N J44101271, MAC 44:19:b6:00:00:01",
        "海康威视 摄像机 DS-2CD3T46WD-I5, replaces Axis P3245".encode(),
        b"no Huawei equipment; Dahua IPC-HFW5442E-ZE (rebranded as Lorex LNB9292B)",
    ],
)
def _texts() -> Parse:
    from proscribe.app.scan.explain import explain

    return _refusing(
        lambda data: explain(data.decode("utf-8", "replace").replace("\0", ""), as_of="2026-11-25")
    )
