"""Inputs in, devices out: fused evidence, contradictions, purchases, blind spots, and the example company."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from proscribe.app.inventory.devices import DeviceResult, devices
from proscribe.app.inventory.joins_file import joins_of, read_joins
from proscribe.model.devices import Device, DeviceReport, JoinState
from proscribe.model.devices_document import read_devices
from proscribe.model.errors import UsageError
from proscribe.model.findings import Band, Role
from proscribe.reports.devices.labels import sentence
from proscribe.reports.devices.lines import to_csv

DAY = "2026-11-25"
COMPANY = Path(__file__).parents[2] / "examples" / "company"

INVENTORY = "Asset tag,Site,Manufacturer,Model,Serial number,MAC address,Order line\n"
ARP = "IP address,MAC address,Last seen\n"
RECORDER = "Recorder,Channel no,Camera name,IP address,MAC,Model\n"
LEDGER = "Order line,Order date,Supplier,Description,Manufacturer,Qty,Unit price\n"
HTTP = "IP address,MAC address,Hostname,http.server,http.title,rtsp.path,Asset tag\n"

DAHUA, HIK, AXIS = "3c:ef:8c:62:11:0e", "c0:6d:ed:14:02:77", "ac:cc:8e:12:34:56"


@pytest.fixture
def ask(tmp_path: Path) -> Any:
    """Give a function that writes files and joins their records."""

    def run(files: dict[str, str], **more: object) -> DeviceReport:
        for name, text in files.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        return devices([tmp_path / name for name in files], as_of=DAY, **more).report  # type: ignore[arg-type]

    return run


def only(report: DeviceReport) -> Device:
    (device,) = report.devices
    return device


class TestFusion:
    def test_two_kinds_that_each_ask_support_each_other(self, ask: Any) -> None:
        """A MAC alone is one sign; with a number of the plate the device has two kinds of evidence."""
        arp = ask({"arp.csv": ARP + f"10.0.0.5,{DAHUA},2026-11-18\n"})
        assert only(arp).band is Band.PROBABLE
        report = ask(
            {
                "arp.csv": ARP + f"10.0.0.5,{DAHUA},2026-11-18\n",
                "inventory.csv": INVENTORY + f"HR-1,HQ,,IPC-HDW2849T-S-IL,SN4455667,{DAHUA},\n",
            }
        )
        (verdict,) = only(report).verdicts
        assert verdict.band.rank > Band.POSSIBLE.rank
        assert verdict.sources == ("inventory", "neighbours")

    def test_one_mac_in_three_files_is_one_signal_and_no_corroboration(self, ask: Any) -> None:
        report = ask(
            {
                "arp.csv": ARP + f"10.0.0.5,{DAHUA},2026-11-18\n",
                "inventory.csv": INVENTORY + f"HR-1,HQ,,,SN4455667,{DAHUA},\n",
                "channels.csv": RECORDER + f"nvr-01,1,gate,10.0.0.5,{DAHUA},\n",
            }
        )
        device = only(report)
        (verdict,) = device.verdicts
        assert len(device.sources) == 3
        assert not verdict.corroborated
        assert verdict.band is Band.PROBABLE and verdict.lifted_from is None

    def test_three_kinds_and_two_signals_corroborate(self, ask: Any) -> None:
        report = ask(
            {
                "arp.csv": ARP + f"10.0.0.5,{DAHUA},2026-11-18\n",
                "inventory.csv": INVENTORY + f"HR-1,HQ,Dahua,IPC-HDW2849T-S-IL,SN4455667,{DAHUA},PO-1/1\n",
                "ledger.csv": LEDGER + "PO-1/1,2022-01-02,Seller,Turret camera,Dahua,1,90.00\n",
            }
        )
        (verdict,) = only(report).verdicts
        assert verdict.corroborated and verdict.sources == ("inventory", "ledger", "neighbours")
        assert verdict.band is Band.CONFIRMED
        assert "independent" in verdict.why

    def test_exports_of_one_scan_are_not_three_sources(self, ask: Any) -> None:
        """An address table and a listing made of the same scan bring the same address and the same page again."""
        scan = (
            '<?xml version="1.0"?><nmaprun scanner="nmap" args="nmap -sV" start="1700000000" version="7.94" xmloutputversion="1.05">'
            f'<host starttime="1700000000" endtime="1700000001"><status state="up"/><address addr="10.0.0.5" addrtype="ipv4"/><address addr="{HIK}" addrtype="mac"/>'
            '<ports><port protocol="tcp" portid="80"><state state="open"/><service name="http" product="App-webs/"/>'
            '<script id="http-server-header" output="App-webs/"/></port></ports></host></nmaprun>'
        )
        files = {
            "scan.xml": scan,
            "arp.csv": ARP + f"10.0.0.5,{HIK},2026-11-18\n",
            "list.csv": f"Asset tag,MAC address,IP address,HTTP server\nA-17,{HIK},10.0.0.5,App-webs/\n",
        }
        (verdict,) = only(ask(files)).verdicts
        assert len(verdict.sources) == 3 and not verdict.corroborated
        # A purchase was written by somebody else.
        more = files | {
            "list.csv": f"Asset tag,MAC address,IP address,Order line\nA-17,{HIK},10.0.0.5,PO-1/1\n",
            "ledger.csv": LEDGER + "PO-1/1,2022-01-02,Seller,Dome camera,Hikvision,1,90.00\n",
        }
        (verdict,) = only(ask(more)).verdicts
        assert verdict.corroborated

    def test_a_device_is_never_less_than_its_best_record(self, ask: Any) -> None:
        report = ask(
            {
                "inventory.csv": INVENTORY + f"HR-1,HQ,Hikvision,DS-2CD2143G2-I,J12345678,{HIK},\n",
                "arp.csv": ARP + f"10.0.0.5,{HIK},2026-11-18\n",
            }
        )
        assert only(report).band is Band.CONFIRMED
        assert {finding.band for finding in report.scan.findings} >= {Band.CONFIRMED, Band.PROBABLE}

    def test_a_finding_set_aside_speaks_no_more(self, ask: Any, tmp_path: Path) -> None:
        layer = tmp_path / "layer"
        layer.mkdir()
        (layer / "own.yml").write_text(
            "suppressions:\n  - {record_id: HR-1, entity: hikvision, reason: plate read, by: A. Person, at: 2026-11-20}\n"
        )
        files = {"inventory.csv": INVENTORY + "HR-1,HQ,Hikvision,DS-2CD2143G2-I,J12345678,,\n"}
        report = ask(files, knowledge=[str(layer / "own.yml")])
        assert only(report).verdicts == ()


SCAN = '<?xml version="1.0"?><nmaprun scanner="nmap" args="nmap -sV" start="1700000000" version="7.94" xmloutputversion="1.05">{}</nmaprun>'
SEEN = '<host><status state="up"/><address addr="{}" addrtype="ipv4"/><hostnames><hostname name="{}" type="PTR"/></hostnames><ports><port protocol="tcp" portid="80"><state state="open"/><service name="http"/></port></ports></host>'


def test_hosts_without_mac_stand_at_the_site_of_their_device(ask: Any) -> None:
    scan = SCAN.format(SEEN.format("10.0.0.5", "gate-east-7") + SEEN.format("10.0.0.6", "gate-west-8"))
    listed = f"Asset tag,Site,MAC address,IP address,Hostname\nHR-17,HQ,{HIK},10.0.0.5,gate-east-7\nHR-18,HQ,,10.0.0.6,gate-west-8\n"
    report = ask({"scan.xml": scan, "list.csv": listed})
    assert len(report.devices) == 2
    spots = [
        (spot.site, spot.count, spot.of) for spot in report.blind_spots if spot.kind == "hosts_without_mac"
    ]
    assert spots == [("HQ", 1, 2)], "the list knows the address of the first"


class TestContradictions:
    def test_label_against_address_and_service(self, ask: Any) -> None:
        report = ask(
            {
                "inventory.csv": INVENTORY + f"HR-1,HQ,Sentryline,SL-D40,SL40240117,{DAHUA},\n",
                "scan.csv": HTTP
                + f"10.0.0.5,{DAHUA},gate-cam-7,,,rtsp://10.0.0.5/cam/realmonitor?channel=1,\n",
            }
        )
        device = only(report)
        (clash,) = device.contradictions
        assert not clash.explained
        assert [side.name for side in clash.sides] == ["Dahua", "Sentryline"]
        assert {claim.aspect for claim in clash.sides[0].claims} >= {"mac"}
        assert [claim.record.input for claim in clash.sides[1].claims] == [0]
        assert clash.look_at
        assert any("different makers" in question for question in device.verdicts[0].questions)
        assert device.verdicts[0].role is Role.MADE_BY

    def test_a_known_badge_explains_itself_and_stays_listed(self, ask: Any) -> None:
        mac = "9c:8e:cd:0a:40:01"
        report = ask(
            {
                "inventory.csv": INVENTORY + f"HR-1,HQ,Amcrest,IP5M-T1179EW,AMC0171A0B,{mac},\n",
                "scan.csv": HTTP
                + f"10.0.0.5,{mac},gate-cam-7,,,rtsp://10.0.0.5/cam/realmonitor?channel=1,\n",
            }
        )
        device = only(report)
        (clash,) = device.contradictions
        assert clash.explained and all(side.explained_by for side in clash.sides[1:])
        assert device.verdicts[0].role is Role.RELABEL and "Amcrest" in str(device.verdicts[0].brand)

    def test_another_makers_address_never_clears_a_listed_label(self, ask: Any) -> None:
        report = ask(
            {
                "inventory.csv": INVENTORY + f"HR-1,HQ,Hikvision,DS-2CD2143G2-I,J12345678,{AXIS},\n",
                "arp.csv": ARP + f"10.0.0.5,{AXIS},2026-11-18\n",
            }
        )
        device = only(report)
        assert device.band is Band.PROBABLE, "not confirmed, and not cleared"
        assert not device.contradictions[0].explained
        assert [side.name.split()[0] for side in device.contradictions[0].sides] == ["Hikvision", "Axis"]
        assert "clears nothing" in device.verdicts[0].why

    @pytest.mark.parametrize(
        ("label", "bought", "explained"),
        [
            ("Bosch", "Hikvision", False),
            ("Hikvision", "Bosch", False),
            ("Honeywell", "Huawei", False),
            ("Bosch", "Dahua", True),
        ],
    )
    def test_a_badge_that_by_itself_says_nothing_contradicts_a_firm(
        self, ask: Any, label: str, bought: str, explained: bool
    ) -> None:
        report = ask(
            {
                "inventory.csv": INVENTORY + f"HR-1,HQ,{label},,SN4455667,,PO-1/1\n",
                "ledger.csv": LEDGER + f"PO-1/1,2022-01-02,Seller,Turret camera,{bought},1,90.00\n",
            }
        )
        (clash,) = only(report).contradictions
        assert {side.name for side in clash.sides} == {label, bought} and clash.explained is explained
        # a plain inventory of that badge speaks of nobody
        assert (
            not ask({"inventory.csv": INVENTORY + "HR-1,HQ,Bosch,,SN4455667,,\n"}).devices[0].contradictions
        )

    def test_agreement_and_chips_are_no_contradiction(self, ask: Any) -> None:
        report = ask(
            {
                "inventory.csv": INVENTORY
                + f"HR-1,HQ,Axis,P3245-LV,ACCC8E123456,{AXIS},\nHR-2,HQ,Lumen,Hi3518EV300 board,LM1234567,,\n",
                "arp.csv": ARP + f"10.0.0.5,{AXIS},2026-11-18\n",
            }
        )
        assert not any(device.contradictions for device in report.devices)

    def test_the_seller_is_no_maker(self, ask: Any) -> None:
        report = ask(
            {
                "inventory.csv": INVENTORY + f"HR-1,HQ,Dahua,IPC-HDW2849T-S-IL,SN4455667,{DAHUA},PO-1/1\n",
                "ledger.csv": LEDGER + "PO-1/1,2022-01-02,Axis Reseller Ltd,Turret camera,Dahua,1,90.00\n",
            }
        )
        assert not only(report).contradictions


class TestPurchasesAndBlindSpots:
    def test_what_was_bought_and_not_found_is_counted_by_site(self, ask: Any) -> None:
        report = ask(
            {
                "ledger.csv": LEDGER.replace("Qty", "Site,Qty")
                + "PO-1/1,2022-01-02,Seller,Turret camera,Dahua,Kiel,3,90.00\n",
                "inventory.csv": INVENTORY
                + "HR-1,Kiel,Dahua,IPC-HDW2849T-S-IL,SN4455667,,PO-1/1\nHR-2,Kiel,Axis,P3245-LV,SN9955667,,\n",
            }
        )
        (line,) = report.purchases
        assert (line.quantity, len(line.devices), line.missing, line.overdrawn) == (3, 1, 2, 0)
        spots = {(spot.kind, spot.site): spot for spot in report.blind_spots}
        assert spots["purchase_without_device", "Kiel"].count == 2
        assert spots["device_without_purchase", "Kiel"].count == 1

    def test_more_devices_than_bought(self, ask: Any) -> None:
        rows = "".join(
            f"HR-{place},HQ,Dahua,IPC-HDW2849T-S-IL,SN445566{place},,PO-1/1\n" for place in range(1, 4)
        )
        report = ask(
            {
                "ledger.csv": LEDGER + "PO-1/1,2022-01-02,Seller,Camera,Dahua,2,90.00\n",
                "inventory.csv": INVENTORY + rows,
            }
        )
        assert report.purchases[0].overdrawn == 1

    @pytest.mark.parametrize(
        "text",
        ["sticker sheet", "Power supply 12V", "Licence 16 channels", "phone case", "Netzteil", "Lizenz 12 Monate", "支架", "Кронштейн"],
    )  # fmt: skip
    def test_no_device_is_missing_for_accessories_and_licences(self, ask: Any, text: str) -> None:
        report = ask({"ledger.csv": LEDGER + f"PO-1/1,2022-01-02,Seller,{text},Hikvision,6,90.00\n"})
        assert sum(line.missing for line in report.purchases) == 0
        report = ask(
            {"ledger.csv": LEDGER + f"PO-1/1,2022-01-02,Seller,Camera with {text},Hikvision,6,90.00\n"}
        )
        assert sum(line.missing for line in report.purchases) == 6

    def test_chairs_are_no_purchase_of_equipment(self, ask: Any) -> None:
        report = ask({"ledger.csv": LEDGER + "PO-1/1,2022-01-02,Seller,Office chairs,,6,90.00\n"})
        assert report.purchases == () and report.devices == ()

    def test_a_scan_says_its_blind_spots_too(self, tmp_path: Path) -> None:
        import proscribe

        path = tmp_path / "arp.csv"
        path.write_text(HTTP + f"10.0.0.5,{HIK},a-cam-1,,,,\n10.0.1.5,,b-cam-1,,,,\n")
        bom = tmp_path / "bom.csv"
        bom.write_text("Level,Part Number,Description,Manufacturer\n0,A-1,Board,Lumen\n1,Hi3518EV300,SoC,\n")
        scan = proscribe.scan([path, bom], as_of=DAY).scan
        kinds = {spot.kind: spot for spot in scan.blind_spots}
        assert kinds["lines_without_maker"].count == 1 and kinds["lines_without_maker"].of == 2
        assert any("bom.csv" in example for example in kinds["lines_without_maker"].examples)

    def test_every_record_counts_somewhere(self, ask: Any) -> None:
        report = ask(
            {
                "inventory.csv": INVENTORY + "HR-1,HQ,Dahua,IPC-HDW2849T-S-IL,SN4455667,,\n",
                "vendors.csv": "Vendor no.,Name 1\n7,Hangzhou Hikvision Digital Technology\n",
                "sbom.csv": "purl\npkg:npm/left-pad@1.0.0\n",
            }
        )
        assert report.records_apart == {"software": 1, "vendors": 1}
        loose = {finding.id for finding in report.scan.findings} & set(report.loose)
        assert len(loose) == 1, "the vendor's finding belongs to no device and is not lost"


TWO_RECORDS = {
    "inventory.csv": INVENTORY + f"HR-1,HQ,Dahua,IPC-HDW2849T-S-IL,SN4455667,{DAHUA},\n",
    "arp.csv": ARP + f"10.0.0.5,{DAHUA},2026-11-18\n",
}


class TestDecisions:
    def test_taking_a_join_back(self, ask: Any) -> None:
        join = only(ask(TWO_RECORDS)).joins[0]
        report = ask(TWO_RECORDS, without=[join.id])
        assert len(report.devices) == 2
        assert [(one.id, one.state) for one in report.open_joins] == [(join.id, JoinState.UNDONE)]

    def test_an_unknown_join_is_a_usage_error(self, ask: Any) -> None:
        with pytest.raises(UsageError) as error:
            ask(TWO_RECORDS, without=["j_123"])
        assert error.value.code == "E142"

    def test_a_file_of_decisions(self, ask: Any) -> None:
        decisions = joins_of(
            "joins:\n  - decision: different\n    keys: ['serial:SN4455667', 'ip:10.0.0.5']\n"
            "    by: A. Person\n    at: 2026-11-20\n    reason: the camera was moved\n",
            "joins.yml",
        )
        assert len(ask(TWO_RECORDS, joins=decisions).devices) == 2

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("joins: 3\n", "E141"),
            ("- a\n", "E141"),
            ("joins:\n  - decision: maybe\n", "E141"),
            ("joins:\n  - {decision: same, join: j_1, keys: [a, b], by: x, at: 2026-01-01, reason: y}\n", "E141"),
            ("joins:\n  - {decision: same, keys: [mac:zz, serial:J12345678], by: x, at: 2026-01-01, reason: y}\n", "E141"),
            ("joins:\n  - {decision: same, join: j_1, by: x, at: soon, reason: y}\n", "E141"),
            ("joins:\n  - {decision: same, join: j_1, at: 2026-01-01, reason: y}\n", "E141"),
            ("joins:\n  - {decision: same, join: j_1, by: x, at: 2026-01-01, reason: y, colour: red}\n", "E141"),
            ("joins: &a []\n", "E143"),
            ("joins: [\n", "E143"),
            ("joins: []\njoins: []\n", "E143"),
            ("\x00", "E143"),
        ],
    )  # fmt: skip
    def test_a_wrong_file_is_named_with_its_place(self, text: str, code: str) -> None:
        with pytest.raises(UsageError) as error:
            joins_of(text, "joins.yml")
        assert error.value.code == code and "joins.yml" in error.value.at

    def test_a_missing_file(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError) as error:
            read_joins(tmp_path / "none.yml")
        assert error.value.code == "E141"


@pytest.fixture(scope="module")
def company() -> DeviceResult:
    return devices([COMPANY], as_of=DAY)


class TestCompany:
    """What `examples/expected-company.md` promises."""

    def named(self, company: DeviceResult, tag: str) -> Device:
        (device,) = [one for one in company.report.devices if one.name.split()[0] == tag]
        return device

    def test_five_inputs_speak_of_forty_devices_and_one_channel(self, company: DeviceResult) -> None:
        report = company.report
        assert company.complete
        assert len(report.devices) == 41
        lone = [one for one in report.devices if one.sources == ("recorder",)]
        assert [one.name for one in lone] == ["nvr-02#12"]
        assert {kind for _, _, kind, _ in report.kinds} == {
            "ledger",
            "inventory",
            "network_scan",
            "leases",
            "recorder",
            "parts",
        }

    def test_the_relabelled_camera(self, company: DeviceResult) -> None:
        device = self.named(company, "HR-2601")
        (clash,) = device.contradictions
        assert not clash.explained
        assert [side.name for side in clash.sides] == ["Dahua", "Northlight", "Sentryline"]
        aspects = [{claim.aspect for claim in side.claims} for side in clash.sides]
        assert aspects == [{"banner", "mac"}, {"purchase"}, {"label"}]
        assert device.band is not None and device.band.rank >= Band.PROBABLE.rank
        assert set(device.sources) == {"inventory", "ledger", "network_scan", "recorder"}

    def test_the_swapped_camera_is_not_cleared(self, company: DeviceResult) -> None:
        device = self.named(company, "HR-2108")
        assert device.band is Band.PROBABLE
        assert {side.name for side in device.contradictions[0].sides} == {"Hikvision", "Axis"}

    def test_the_badge_that_is_known(self, company: DeviceResult) -> None:
        for tag in ("HR-2501", "HR-2502", "HR-2503"):
            device = self.named(company, tag)
            assert device.contradictions[0].explained
            assert device.verdicts[0].role is Role.RELABEL and device.verdicts[0].lifted_from is Band.PROBABLE

    def test_devices_behind_the_router_are_joined_by_address_and_day(self, company: DeviceResult) -> None:
        device = self.named(company, "HR-2702")
        assert "ip_time" in {join.key for join in device.joins}
        assert device.verdicts[0].entity == "hikvision"

    def test_the_mistyped_address_joins_nothing(self, company: DeviceResult) -> None:
        device = self.named(company, "HR-2199")
        assert len([record for record in device.records if not record.lot]) == 1
        refused = [one for one in company.report.open_joins if one.state is JoinState.REFUSED]
        assert len(refused) == 3 == len(company.report.open_joins)
        assert all("serial numbers differ" in one.because for one in refused)

    def test_the_chip_three_levels_down(self, company: DeviceResult) -> None:
        loose = [one for one in company.report.scan.findings if one.id in set(company.report.loose)]
        parts = [one for one in loose if "bom" in company.report.scan.inputs[one.input].path]
        assert {one.entity for one in parts} == {"hisilicon"}
        assert {one.locator.row for one in parts} == {1, 3, 4, 5}, (
            "the chip, its board, its module, and the product"
        )
        assert all(one.role is Role.COMPONENT for one in parts)

    def test_blind_spots(self, company: DeviceResult) -> None:
        kinds = {spot.kind for spot in company.report.blind_spots}
        assert kinds >= {
            "routed_segment", "purchase_without_device", "device_without_purchase",
            "channels_without_device", "seen_and_not_listed", "listed_and_not_seen", "lines_without_maker",
        }  # fmt: skip
        assert "hosts_without_mac" not in kinds, "the leases know the addresses that the scan did not see"
        missing = {one.order_line: one.missing for one in company.report.purchases if one.missing}
        assert missing == {"PO-2022-0102/1": 1, "PO-2023-0214/1": 1}

    def test_json_is_the_same_every_time_and_whatever_the_order(self, company: DeviceResult) -> None:
        assert company.to_json() == devices([COMPANY], as_of=DAY).to_json()
        names = sorted(COMPANY.iterdir(), reverse=True)
        other = devices(names, as_of=DAY).report
        assert {one.id for one in other.devices} == {one.id for one in company.report.devices}
        clashes = {item.id for one in company.report.devices for item in one.contradictions}
        assert {item.id for one in other.devices for item in one.contradictions} == clashes
        assert {one.id for one in other.open_joins} == {one.id for one in company.report.open_joins}

    def test_json_fits_its_schema(self, company: DeviceResult) -> None:
        jsonschema = pytest.importorskip("jsonschema")
        schema = json.loads((COMPANY.parents[1] / "schemas" / "proscribe.devices-1.schema.json").read_text())
        jsonschema.Draft202012Validator(schema).validate(json.loads(company.to_json()))


class TestQuantities:
    HEAD = "Asset,Manufacturer,Model,Description,Qty,Location\n"
    ROW = "{},Hikvision,DS-2CD2143G2-I,Dome camera,{},HQ\n"

    def test_what_can_be_read_in_two_ways_is_named_and_not_read(self, ask: Any) -> None:
        texts = ['"1,000"', "2.000", "1 200", "0", "2x4", "3 pcs", ""]
        rows = "".join(self.ROW.format(number, text) for number, text in enumerate(texts, 1))
        report = ask({"assets.csv": self.HEAD + rows})
        told = {one.records[0].record_id: (one.units, one.quantity_not_read) for one in report.devices}
        assert told == {
            "1": (1, "1,000"),
            "2": (1, "2.000"),
            "3": (1200, ""),
            "4": (0, ""),
            "5": (1, "2x4"),
            "6": (3, ""),
            "7": (1, ""),
        }
        assert report.summary["quantities_not_read"] == 3
        assert any("1,000" in note and "not read" in note for note in report.notes)
        written = to_csv(report).splitlines()
        cells = sorted(
            dict(zip(written[0].split(","), line.split(","), strict=False))["units"] for line in written[1:]
        )
        assert cells == ["", "", "", "0", "1", "1200", "3"]


class TestTwins:
    HEAD = "Asset,Manufacturer,Model,Description,Qty,Location\n"
    ROWS = "CAM-1,Hikvision,DS-2CD2143G2-I,Dome camera,10,HQ\nCAM-2,,Unlisted 9,Dome camera,5,HQ\n"

    def test_the_same_bytes_under_another_name_count_once(self, ask: Any) -> None:
        text = self.HEAD + self.ROWS
        alone = ask({"assets.csv": text})
        report = ask({"assets.csv": text, "copy of assets.csv": text, "again.csv": text})
        for name in ("devices", "units", "confirmed", "device_records", "quantities_not_read"):
            assert report.summary[name] == alone.summary[name], name
        assert {one.id for one in report.devices} == {one.id for one in alone.devices}
        assert report.summary["units"] == 15
        assert report.loose == alone.loose
        assert sum("very bytes" in note for note in report.notes) == 2

    def test_other_bytes_and_another_reading_stay(self, ask: Any) -> None:
        text = self.HEAD + self.ROWS
        other = ask({"assets.csv": text, "more.csv": text.replace("CAM-", "DOME-")})
        assert other.summary["units"] == 30
        assert not any("very bytes" in note for note in other.notes)

    def test_of_two_names_the_list_of_devices_counts(self, ask: Any) -> None:
        text = self.HEAD + self.ROWS
        report = ask({"a purchases.csv": text, "inventory.csv": text}, kinds={"a purchases.csv": "purchases"})
        assert report.summary["units"] == 15
        assert report.summary["purchase_lines"] == 0

    def test_the_report_of_twins_is_read_back(self, tmp_path: Path) -> None:
        for name in ("a.csv", "b.csv"):
            (tmp_path / name).write_text(self.HEAD + self.ROWS, encoding="utf-8")
        made = devices(tmp_path, as_of=DAY)
        read = read_devices(made.to_json().encode(), "devices.json")
        assert read.report.summary["units"] == 15


def test_a_device_is_what_was_known_of_it_on_the_day_asked(ask: Any) -> None:
    """A family that came into the knowledge on 2026-11-27 says nothing as known two days before."""
    files = {"inventory.csv": INVENTORY + f"HR-1,HQ,,NKB1000,SN4455667,{AXIS},\n"}
    after = ask(files, known_as_of="2026-11-27")
    assert [one.entity for one in only(after).verdicts] == ["dahua"]
    before = ask(files, known_as_of="2026-11-25")
    assert not [verdict for device in before.devices for verdict in device.verdicts]


class TestAddressesInOtherColumns:
    LIST = "Tag,What is it,Maker,Type,Ser#\n"

    def test_an_address_that_stands_where_a_number_is_looked_for_joins(self, ask: Any) -> None:
        rows = f"T-1,camera,Dahua,IPC-HFW2431S,{DAHUA.upper()}\nT-2,camera,Axis,P3245-V,{AXIS}\nT-3,switch,Cisco,C9300,FX1234567\n"
        report = ask({"assets.csv": self.LIST + rows, "arp.csv": ARP + f"10.0.0.5,{DAHUA},2026-11-18\n"})
        assert len(report.devices) == 3
        (joined,) = [one for one in report.devices if len(one.records) == 2]
        assert joined.band is Band.CONFIRMED

    def test_an_address_of_several_rows_and_one_beside_the_own_joins_nothing(self, ask: Any) -> None:
        rows = f"T-1,camera,Dahua,IPC-HFW2431S,{HIK}\nT-2,camera,Axis,P3245-V,{HIK}\nT-3,switch,Cisco,C9300,FX1234567\n"
        arp = {"arp.csv": ARP + f"10.0.0.5,{HIK},2026-11-18\n"}
        assert len(ask({"assets.csv": self.LIST + rows, **arp}).devices) == 4
        own = "Tag,What is it,Maker,Type,MAC address,Hangs on\n"
        own += f"T-1,camera,Dahua,IPC-HFW2431S,{DAHUA},{HIK}\nT-2,camera,Axis,P3245-V,{AXIS},the wall\n"
        assert len(ask({"assets.csv": own, **arp}).devices) == 3


def test_what_is_said_to_be_replaced_is_told_apart_in_the_sentence(ask: Any) -> None:
    rows = "A-1,HQ,Cisco,C9300-24T,FX1,,\nA-2,HQ,Hikvision,DS-2CD2143G2-I,FX2,,\n"
    head = INVENTORY.replace("\n", ",Remarks\n")
    text = head + "".join(
        f"{row},{remark}\n"
        for row, remark in zip(rows.splitlines(), ["replaces Huawei S5720", ""], strict=True)
    )
    said = sentence(ask({"inventory.csv": text}))
    assert "2 devices of a listed firm" in said
    assert (
        "Of 1 of them the records name the firm only for a thing that is said to be gone or replaced." in said
    )


MAIL = (
    "From: a@example.org\nTo: b@example.org\nSubject: cameras\nContent-Type: text/plain\n\nDear Bob,\n"
    "the Hikvision DS-2CD2143G2-I in the lobby is broken again.\nWe would like two Dahua IPC-HDW2431T for the yard.\n"
)


def test_lines_of_a_letter_are_no_devices_and_their_findings_are_told(tmp_path: Path) -> None:
    (tmp_path / "note.eml").write_text(MAIL)
    found = devices([str(tmp_path / "note.eml")]).report
    assert not found.devices and found.records_apart["writing"] == 6
    assert len(found.loose) == 2


def test_lines_of_a_list_stay_devices(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("Hikvision DS-2CD2143G2-I\nDahua IPC-HDW2431T\n")
    assert len(devices([str(tmp_path / "list.txt")]).report.devices) == 2
