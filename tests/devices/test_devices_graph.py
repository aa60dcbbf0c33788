"""Records become devices: exact keys first, weak keys never alone, the same whatever the order."""

from __future__ import annotations

import importlib.util
import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proscribe.devices import Decisions, DeviceTable, build
from proscribe.devices.graph import Graph, Link
from proscribe.model.devices import JoinDecision, JoinState, KeyKind

_SPEC = importlib.util.spec_from_file_location(
    "devices_tables", Path(__file__).with_name("devices_tables.py")
)
assert _SPEC is not None and _SPEC.loader is not None
_MODULE = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(_MODULE)
table = _MODULE.table

MAC_A, MAC_B, MAC_C = "c0:6d:ed:14:02:77", "c0:6d:ed:14:90:01", "ac:cc:8e:12:34:56"
DAY = "2026-11-18T09:00:00Z"


def sizes(graph: Graph) -> list[int]:
    return sorted(map(len, graph.clusters))


def states(graph: Graph) -> dict[JoinState, list[Link]]:
    made: dict[JoinState, list[Link]] = {}
    for link in graph.open:
        made.setdefault(link.state, []).append(link)
    return made


def joined(*tables: DeviceTable, **more: object) -> Graph:
    return build(tables, Decisions(**more) if more else None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "two", "kind"),
    [
        ({"mac": MAC_A}, {"mac": "C06D.ED14.0277"}, KeyKind.MAC),
        ({"serial": "J1234-5678"}, {"serial": "j12345678"}, KeyKind.SERIAL),
        ({"serial": "J12345678"}, {"serial": "DS-2CD2143G2-I20210309AAWRJ12345678"}, KeyKind.SERIAL),
        ({"tag": "HR-0101"}, {"tag": "hr-0101"}, KeyKind.ASSET_TAG),
        ({"recorder": "NVR-01", "channel": "3"}, {"recorder": "nvr-01", "channel": "D3"}, KeyKind.RECORDER_CHANNEL),
        ({"ip": "10.0.0.5", "seen": DAY}, {"ip": "10.0.0.5", "seen": "2026-11-18 22:00:00"}, KeyKind.IP_TIME),
        ({"ip": "10.0.0.5", "host": "gate-cam-7"}, {"ip": "10.0.0.5", "host": "gate-cam-7.example.org"}, KeyKind.LIKENESS),
    ],
)  # fmt: skip
def test_a_key_that_tells_devices_apart_joins(
    one: dict[str, str], two: dict[str, str], kind: KeyKind
) -> None:
    graph = joined(table(0, "inventory", [one]), table(1, "network_scan", [two]))
    assert sizes(graph) == [2]
    assert [link.kind for link in graph.links] == [kind]
    assert graph.links[0].why and graph.links[0].id.startswith("j_")


@pytest.mark.parametrize(
    ("one", "two", "kind"),
    [
        ({"host": "gate-cam-7"}, {"host": "gate-cam-7"}, KeyKind.HOSTNAME),
        ({"ip": "10.0.0.5"}, {"ip": "10.0.0.5"}, KeyKind.IP),
        ({"ip": "10.0.0.5", "seen": "2026-11-18"}, {"ip": "10.0.0.5", "seen": "2026-11-20"}, KeyKind.IP),
        ({"serial": "A4321"}, {"serial": "A4321"}, KeyKind.SERIAL),
    ],
)
def test_a_weak_key_alone_is_suggested_and_not_applied(
    one: dict[str, str], two: dict[str, str], kind: KeyKind
) -> None:
    graph = joined(table(0, "inventory", [one]), table(1, "network_scan", [two]))
    assert sizes(graph) == [1, 1]
    assert not graph.links
    assert [(link.kind, link.state) for link in graph.open] == [(kind, JoinState.SUGGESTED)]
    assert "too weak" in graph.open[0].because


def test_a_model_and_a_site_join_nothing() -> None:
    row = {"model": "DS-2CD2143G2-I", "site": "HQ", "maker": "Hikvision"}
    graph = joined(table(0, "inventory", [row]), table(1, "recorder", [row]))
    assert sizes(graph) == [1, 1] and not graph.open


@pytest.mark.parametrize(
    ("one", "two", "word"),
    [
        ({"mac": MAC_A, "serial": "J11111112"}, {"mac": MAC_A, "serial": "J22222223"}, "serial numbers"),
        ({"mac": MAC_A, "tag": "T-1001"}, {"mac": MAC_A, "tag": "T-1002"}, "asset tags"),
        ({"serial": "J12345678", "mac": MAC_A}, {"serial": "J12345678", "mac": MAC_C}, "MAC addresses"),
        ({"tag": "T-1001", "site": "Leeds"}, {"tag": "T-1001", "site": "Kiel"}, "sites"),
        ({"recorder": "nvr-01", "channel": "1", "mac": MAC_A}, {"recorder": "nvr-01", "channel": "1", "mac": MAC_C}, "MAC"),
    ],
)  # fmt: skip
def test_what_contradicts_keeps_records_apart_and_says_why(
    one: dict[str, str], two: dict[str, str], word: str
) -> None:
    graph = joined(table(0, "inventory", [one]), table(1, "recorder", [two]))
    assert sizes(graph) == [1, 1]
    refused = states(graph)[JoinState.REFUSED]
    assert len(refused) == 1 and word in refused[0].because


@pytest.mark.parametrize(
    ("listed", "seen", "why"),
    [
        ("FH1234501", "DS-2CD2143G2-I20210314AAWRFH1234501", ""),
        ("A1234501", "XN-80/20210314-A1234501", "ends in A1234501"),
        ("327B56A0123", "327856A0123", "differ only in letters that look alike in a picture"),
    ],
)
def test_serial_numbers_of_a_plate_that_can_be_one_are_no_contradiction_and_it_is_said(
    listed: str, seen: str, why: str
) -> None:
    rows = [{"serial": listed, "mac": MAC_A}], [{"serial": seen, "mac": MAC_A}]
    graph = joined(table(0, "inventory", rows[0]), table(1, "plate", rows[1]))
    assert sizes(graph) == [2] and why in " ".join(one.why for one in graph.links)


def test_letters_that_look_alike_join_nothing_by_themselves_and_only_in_pictures() -> None:
    rows = [{"serial": "327B56A0123"}], [{"serial": "327856A0123"}]
    graph = joined(table(0, "inventory", rows[0]), table(1, "plate", rows[1]))
    (one,) = states(graph)[JoinState.SUGGESTED]
    assert sizes(graph) == [1, 1] and "look alike" in one.why
    assert not joined(table(0, "inventory", rows[0]), table(1, "network_scan", rows[1])).open
    macs = [rows[0][0] | {"mac": MAC_A}], [rows[1][0] | {"mac": MAC_A}]
    assert sizes(joined(table(0, "inventory", macs[0]), table(1, "network_scan", macs[1]))) == [1, 1]


def test_two_network_parts_of_one_board_are_one_device() -> None:
    first, second = "c0:6d:ed:14:02:10", "c0:6d:ed:14:02:11"
    graph = joined(
        table(0, "inventory", [{"serial": "J12345678", "mac": first}]),
        table(1, "management", [{"serial": "J12345678", "mac": second}]),
    )
    assert sizes(graph) == [2]


def test_a_docking_station_joins_neither_laptop_nor_picks_one() -> None:
    laptops = [
        {"mac": MAC_A, "serial": "PF1AAAA2", "tag": "T-1"},
        {"mac": MAC_A, "serial": "PF1BBBB3", "tag": "T-22"},
    ]
    graph = joined(table(0, "inventory", laptops), table(1, "neighbours", [{"mac": MAC_A}]))
    assert sizes(graph) == [1, 1, 1]
    assert len(states(graph)[JoinState.REFUSED]) == 1
    assert len(states(graph)[JoinState.SUGGESTED]) == 2
    assert all("person" in link.because for link in states(graph)[JoinState.SUGGESTED])


def test_a_routers_address_in_many_records_joins_nothing_and_is_said() -> None:
    rows = [{"mac": MAC_A, "ip": f"10.0.0.{place}"} for place in range(1, 31)]
    graph = joined(table(0, "neighbours", rows), table(1, "inventory", [{"mac": MAC_A, "tag": "T-100"}]))
    assert sizes(graph) == [1] * 31
    assert any(MAC_A in note and "30 records" in note for note in graph.notes)


def test_the_recorders_own_address_repeated_for_every_channel_joins_nothing() -> None:
    channels = [
        {"recorder": "nvr-01", "channel": str(place), "mac": MAC_A, "ip": f"10.0.0.{place}"}
        for place in range(1, 5)
    ]
    graph = joined(table(0, "recorder", channels), table(1, "inventory", [{"mac": MAC_A, "tag": "HR-0100"}]))
    assert sizes(graph) == [1] * 5
    assert any(MAC_A in note for note in graph.notes)


def test_a_camera_of_four_sensors_is_one_device() -> None:
    channels = [
        {"recorder": "nvr-01", "channel": str(place), "mac": MAC_A, "ip": "10.0.0.9"} for place in range(1, 5)
    ]
    assert sizes(joined(table(0, "recorder", channels))) == [4]


def test_a_router_with_two_addresses_is_one_device() -> None:
    rows = [{"mac": MAC_A, "ip": "10.0.0.1"}, {"mac": MAC_A, "ip": "10.0.1.1"}]
    assert sizes(joined(table(0, "neighbours", rows))) == [2]


def test_bare_running_numbers_of_two_lists_neither_join_nor_veto() -> None:
    apart = joined(table(0, "inventory", [{"tag": "101"}]), table(1, "recorder", [{"tag": "101"}]))
    assert sizes(apart) == [1, 1] and apart.open[0].state is JoinState.SUGGESTED
    assert sizes(
        joined(
            table(0, "inventory", [{"tag": "101", "mac": MAC_A}]),
            table(1, "recorder", [{"tag": "107", "mac": MAC_A}]),
        )
    ) == [2]


def test_tags_of_two_ways_of_numbering_do_not_veto() -> None:
    assert sizes(
        joined(
            table(0, "inventory", [{"tag": "HR-0101", "mac": MAC_A}]),
            table(1, "management", [{"tag": "CMDB7781", "mac": MAC_A}]),
        )
    ) == [2]


def test_a_lease_that_had_ended_joins_nobody() -> None:
    lease = {"ip": "10.0.0.9", "mac": MAC_A, "seen": "2026-11-18T01:00:00Z\n2026-11-18T05:00:00Z"}
    apart = joined(table(0, "leases", [lease]), table(1, "network_scan", [{"ip": "10.0.0.9", "seen": DAY}]))
    assert sizes(apart) == [1, 1]
    held = {**lease, "seen": "2026-11-17T01:00:00Z\n2026-11-19T01:00:00Z"}
    assert sizes(
        joined(table(0, "leases", [held]), table(1, "network_scan", [{"ip": "10.0.0.9", "seen": DAY}]))
    ) == [2]


def test_one_address_at_two_sites_is_two_devices() -> None:
    one = {"ip": "192.168.1.64", "seen": DAY, "site": "Leeds"}
    graph = joined(table(0, "network_scan", [one]), table(1, "leases", [{**one, "site": "Kiel"}]))
    assert sizes(graph) == [1, 1]


def test_an_address_that_changed_hands_joins_nobody() -> None:
    leases = [
        {"ip": "10.0.0.9", "mac": MAC_A, "seen": "2026-11-18T01:00:00Z"},
        {"ip": "10.0.0.9", "mac": MAC_C, "seen": "2026-11-18T13:00:00Z"},
    ]
    graph = joined(table(0, "leases", leases), table(1, "network_scan", [{"ip": "10.0.0.9", "seen": DAY}]))
    assert sizes(graph) == [1, 1, 1]
    assert {link.state for link in graph.open} == {JoinState.SUGGESTED}


def test_rows_of_one_table_are_not_joined_by_weak_keys() -> None:
    rows = [
        {"ip": "10.0.0.9", "host": "gate-cam-7", "seen": DAY},
        {"ip": "10.0.0.9", "host": "gate-cam-7", "seen": DAY},
    ]
    assert sizes(joined(table(0, "network_scan", rows))) == [1, 1]


def test_names_of_two_domains_are_two_names() -> None:
    graph = joined(
        table(0, "inventory", [{"host": "gate-cam-7.a.example", "ip": "10.0.0.9"}]),
        table(1, "neighbours", [{"host": "gate-cam-7.b.example", "ip": "10.0.0.9"}]),
    )
    assert sizes(graph) == [1, 1]


# Purchases


def test_a_line_of_three_explains_up_to_three_devices() -> None:
    ledger = table(0, "ledger", [{"order": "PO-7/1", "qty": "3", "text": "Dome camera", "model": "P3245-LV"}])
    units = [{"order": "po-7/1", "tag": f"T-10{place}"} for place in range(4)]
    graph = joined(ledger, table(1, "inventory", units))
    assert sizes(graph) == [1, 1, 1, 1], "a purchase line never makes two devices one"
    assert [len(held) for held in graph.purchases.values()] == [4]


def test_an_order_of_several_lines_is_told_by_the_model_or_left_open() -> None:
    lines = [
        {"order": "PO-8", "model": "P3245-LV", "qty": "1"},
        {"order": "PO-8", "model": "Q6075-E", "qty": "1"},
    ]
    told = joined(table(0, "ledger", lines), table(1, "inventory", [{"order": "PO-8", "model": "Q6075-E"}]))
    assert list(told.purchases) == [1]
    untold = joined(table(0, "ledger", lines), table(1, "inventory", [{"order": "PO-8", "tag": "T-100"}]))
    assert not untold.purchases
    assert len(untold.open) == 2


def test_a_purchase_of_the_same_model_is_only_suggested() -> None:
    graph = joined(
        table(0, "ledger", [{"model": "P3245-LV", "qty": "2"}]),
        table(1, "inventory", [{"model": "P3245-LV", "tag": "T-100"}]),
    )
    assert not graph.purchases
    assert [(link.kind, link.state) for link in graph.open] == [(KeyKind.MODEL, JoinState.SUGGESTED)]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("10.0.0.9", "::ffff:10.0.0.9"),
        ("2001:db8::5", "[2001:DB8:0::5]:8080"),
        ("2001:db8::5%eth0", "http://[2001:db8::5]/x"),
        ("10.0.0.9", "10.0.0.9:554"),
    ],
)
def test_every_way_to_write_an_ip_address_is_one_key(one: str, two: str) -> None:
    graph = joined(
        table(0, "network_scan", [{"ip": one, "seen": DAY}]), table(1, "leases", [{"ip": two, "seen": DAY}])
    )
    assert sizes(graph) == [2]


@pytest.mark.parametrize("address", ["fe80::1%eth0", "::1", "127.0.0.1", "0.0.0.0", "ff02::1", "169.254.7.7"])
def test_addresses_that_mean_something_on_one_link_only_join_nothing(address: str) -> None:
    graph = joined(
        table(0, "network_scan", [{"ip": address, "seen": DAY}]),
        table(1, "leases", [{"ip": address, "seen": DAY}]),
    )
    assert sizes(graph) == [1, 1] and not graph.open


# What people decide


def test_a_join_can_be_taken_back() -> None:
    tables = (table(0, "inventory", [{"mac": MAC_A}]), table(1, "neighbours", [{"mac": MAC_A}]))
    (link,) = joined(*tables).links
    undone = joined(*tables, without=frozenset({link.id}))
    assert sizes(undone) == [1, 1]
    assert [(one.id, one.state) for one in undone.open] == [(link.id, JoinState.UNDONE)]
    assert joined(*tables, without=frozenset({"j_00"})).unknown == ("j_00",)


def test_taking_back_one_join_leaves_the_others() -> None:
    one = {"mac": MAC_A, "serial": "J12345678"}
    tables = (table(0, "inventory", [one]), table(1, "management", [one]))
    graph = joined(*tables)
    assert len(graph.links) == 2
    by_mac = next(link for link in graph.links if link.kind is KeyKind.MAC)
    undone = joined(*tables, without=frozenset({by_mac.id}))
    assert sizes(undone) == [2]
    assert "other keys still" in undone.open[0].because


def decision(same: bool, **more: object) -> JoinDecision:
    return JoinDecision(same=same, by="A. Person", at="2026-11-20", reason="looked at the plate", **more)  # type: ignore[arg-type]


def test_people_say_that_a_suggested_join_holds() -> None:
    tables = (
        table(0, "inventory", [{"host": "gate-cam-7"}]),
        table(1, "network_scan", [{"host": "gate-cam-7"}]),
    )
    (link,) = joined(*tables).open
    graph = joined(*tables, stated=(decision(True, join=link.id),))
    assert sizes(graph) == [2] and graph.links[0].strength == "stated" and not graph.open


def test_people_say_by_key_what_is_one_device_and_what_is_two() -> None:
    tables = (table(0, "inventory", [{"serial": "J12345678"}]), table(1, "network_scan", [{"mac": MAC_A}]))
    keys = ("serial:J12345678", "mac:C06DED140277")
    assert sizes(joined(*tables, stated=(decision(True, keys=keys),))) == [2]
    both = (
        table(0, "inventory", [{"tag": "T-100", "serial": "J12345678"}]),
        table(1, "network_scan", [{"tag": "T-100", "mac": MAC_A}]),
    )
    assert sizes(joined(*both)) == [2]
    apart = joined(*both, stated=(decision(False, keys=keys),))
    assert sizes(apart) == [1, 1]
    assert "a person said" in apart.open[0].because


def test_decisions_that_contradict_each_other_join_nothing_and_are_named() -> None:
    tables = tuple(
        table(number, kind, [{"serial": serial}])
        for number, (kind, serial) in enumerate(
            [("inventory", "J12345678"), ("management", "K12345678"), ("network_scan", "L12345678")]
        )
    )
    j, k, last = "serial:J12345678", "serial:K12345678", "serial:L12345678"
    both = joined(*tables, stated=(decision(True, keys=(j, k)), decision(False, keys=(k, j))))
    assert sizes(both) == [1, 1, 1]
    assert any("is not followed" in note for note in both.notes)
    assert [link.state for link in both.open] == [JoinState.REFUSED]
    # By way of a third record.
    chain = joined(
        *tables,
        stated=(decision(True, keys=(j, k)), decision(True, keys=(k, last)), decision(False, keys=(j, last))),
    )
    assert sizes(chain) == [1, 2]
    assert any("is not followed" in note and "A. Person" in note for note in chain.notes)


def test_one_join_said_to_hold_and_taken_back_is_named() -> None:
    tables = (table(0, "inventory", [{"mac": MAC_A}]), table(1, "neighbours", [{"mac": MAC_A}]))
    (link,) = joined(*tables).links
    graph = joined(*tables, without=frozenset({link.id}), stated=(decision(True, join=link.id),))
    assert sizes(graph) == [1, 1]
    assert any(link.id in note and "both" in note for note in graph.notes)


def test_a_decision_on_a_key_that_no_record_carries_is_named() -> None:
    tables = (table(0, "inventory", [{"serial": "J12345678"}]),)
    graph = joined(
        *tables,
        stated=tuple(decision(False, keys=("serial:J12345678", f"serial:TYPO{n:05d}")) for n in range(13)),
    )
    assert any(
        "serial:TYPO00000" in note and "J12345678" not in note.split("meets no record")[1]
        for note in graph.notes
    )
    assert any("3 more decisions" in note for note in graph.notes)


def test_two_devices_said_of_one_record_cannot_be_kept_and_it_is_said() -> None:
    tables = (table(0, "inventory", [{"serial": "J12345678", "mac": MAC_A}]),)
    graph = joined(*tables, stated=(decision(False, keys=("serial:J12345678", "mac:C06DED140277")),))
    assert any("cannot be kept" in note for note in graph.notes)


def test_taking_back_a_join_costs_little_where_everybody_shares_a_value() -> None:
    rows = [{"ip": "10.0.0.9", "seen": DAY, "serial": f"J1{place:07d}"} for place in range(4_000)]
    met: list[int] = []
    graph = joined(table(0, "leases", rows), without=frozenset({"j_0"}))
    met.append(len(graph.clusters))
    assert met == [4_000] and graph.unknown == ("j_0",)


# Whatever the order

_VALUES = {
    "mac": ["", MAC_A, MAC_B, MAC_C],
    "serial": ["", "J11111112", "J22222223", "A4321"],
    "tag": ["", "T-1001", "T-1002"],
    "ip": ["", "10.0.0.5", "10.0.0.6"],
    "host": ["", "gate-cam-7", "lobby-cam-2"],
    "seen": ["", DAY, "2026-11-18T20:00:00Z", "2026-11-25T20:00:00Z"],
    "recorder": ["", "nvr-01"],
    "channel": ["", "1", "2"],
    "site": ["", "", "Leeds", "Kiel"],
    "model": ["", "P3245-LV"],
    "order": ["", "PO-7/1"],
}
_ROW = st.fixed_dictionaries({key: st.sampled_from(values) for key, values in _VALUES.items()})
_KINDS = ("inventory", "network_scan", "leases", "recorder", "ledger")
_INPUTS = st.lists(
    st.tuples(st.sampled_from(_KINDS), st.lists(_ROW, min_size=1, max_size=5)), min_size=1, max_size=4
)


def summary(graph: Graph) -> tuple[object, ...]:
    """What of a graph must not depend on order: devices and joins by content."""
    digests = graph.digests
    return (
        sorted(tuple(sorted(digests[record] for record in records)) for records in graph.clusters),
        sorted((link.id, link.state.value, link.because) for link in graph.open),
        sorted({(link.id, link.state.value) for link in graph.links}),
        sorted((digests[lot], len(held)) for lot, held in graph.purchases.items()),
        sorted(graph.notes),
    )


def made(
    inputs: Sequence[tuple[str, Sequence[dict[str, str]]]],
    order: Sequence[int],
    shuffle: random.Random | None,
    cuts: Sequence[int] = (),
) -> Graph:
    tables = []
    for place, number in enumerate(order):
        kind, rows = inputs[number]
        rows = list(rows)
        if shuffle is not None:
            shuffle.shuffle(rows)
        tables.append(table(place, kind, rows, cuts=cuts, name=f"input-{number}.csv"))
    return build(tables)


def assert_each_record_is_in_one_device(graph: Graph, inputs: list[tuple[str, list[dict[str, str]]]]) -> None:
    """No device has two serials or tags, and every record has one device."""
    for records in graph.clusters:
        for kind in ("serial", "asset_tag"):
            sets = [set(graph.values.get(record, {}).get(kind, ())) for record in records]
            held = [one for one in sets if one]
            long = [one for one in held if kind != "serial" or "A4321" not in one]
            assert all(one & two for one in long for two in long), (kind, held)
    placed = sorted(record for records in graph.clusters for record in records)
    assert placed == sorted(set(placed))
    count = sum(len(rows) for kind, rows in inputs if kind != "ledger")
    assert len(placed) == count, "every record stands in exactly one device"


@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(_INPUTS, st.randoms(use_true_random=False), st.lists(st.integers(1, 4), max_size=3))
def test_order_of_inputs_rows_and_batches_changes_nothing(
    inputs: list[tuple[str, list[dict[str, str]]]], shuffle: random.Random, cuts: list[int]
) -> None:
    order = list(range(len(inputs)))
    graph = made(inputs, order, None)
    assert_each_record_is_in_one_device(graph, inputs)
    plain = summary(graph)
    assert summary(made(inputs, order, None, cuts)) == plain
    shuffle.shuffle(order)
    assert summary(made(inputs, order, shuffle, cuts)) == plain


# Two exports of one list or scan

RUN = "Thu Nov 26 10:00:00 2026: nmap -sV -oA scan 10.0.0.0/24, 3 of 256 hosts up, 62.00 s"


def listed(
    number: int, rows: Sequence[dict[str, str]], *, kind: str = "inventory", name: str = ""
) -> DeviceTable:
    """Make a table whose ids stand in a column that says nothing of them."""
    return table(number, kind, rows, name=name)


@pytest.mark.parametrize("count", [2, 3])
def test_exports_of_one_scan_are_one_device_each(count: int) -> None:
    rows = [{"ip": "10.0.0.5", "run": RUN}, {"ip": "10.0.0.6", "run": RUN}]
    graph = joined(*(table(number, "network_scan", rows, name=f"scan.{number}") for number in range(count)))
    assert sizes(graph) == [count, count]
    assert {link.kind for link in graph.links} == {KeyKind.SAME_SCAN}


@pytest.mark.parametrize("other", [RUN.replace("62.00", "62.01"), RUN.replace("10:00:00", "10:00:01"), ""])
def test_another_scan_of_the_same_addresses_is_another_device(other: str) -> None:
    """Branches scan the same private addresses at the same time of the night."""
    graph = joined(
        table(0, "network_scan", [{"ip": "10.0.0.5", "run": RUN}]),
        table(1, "network_scan", [{"ip": "10.0.0.5", "run": other}]),
    )
    assert sizes(graph) == [1, 1]


def test_exports_of_one_scan_that_contradict_each_other_stay_apart() -> None:
    graph = joined(
        table(0, "network_scan", [{"ip": "10.0.0.5", "run": RUN, "mac": MAC_A}]),
        table(1, "network_scan", [{"ip": "10.0.0.5", "run": RUN, "mac": MAC_C}]),
    )
    assert sizes(graph) == [1, 1] and states(graph)[JoinState.REFUSED]


COPIED = [
    {"order": f"A-{n}", "maker": "Hikvision", "model": "DS-2CD2143G2-I", "qty": "1,200.50"}
    for n in range(1, 5)
]


def test_copies_of_one_list_are_one_device_a_row() -> None:
    other = [{**row, "qty": "1200.5", "maker": " hikvision"} for row in reversed(COPIED)]
    graph = joined(listed(0, COPIED, name="a.csv"), listed(1, other, name="a.xlsx"))
    assert sizes(graph) == [2, 2, 2, 2]
    assert {link.kind for link in graph.links} == {KeyKind.SAME_ROW}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"site": "Lyon"}, "a cell differs"),
        ({"model": "DS-2CD2143G2-IU"}, "a cell differs"),
        ({"order": ""}, "no id"),
    ],
)
def test_rows_that_differ_in_anything_are_two_devices(change: dict[str, str], why: str) -> None:
    graph = joined(
        listed(0, COPIED, name="a.csv"), listed(1, [{**row, **change} for row in COPIED], name="b.csv")
    )
    assert sizes(graph) == [1] * 8, why


def test_numbered_rows_and_rows_without_an_id_are_never_merged() -> None:
    """Two buildings number their five equal cameras from one to five."""
    for rows in (
        [{**row, "order": str(n)} for n, row in enumerate(COPIED)],
        [{**row, "order": ""} for row in COPIED],
    ):
        assert sizes(joined(listed(0, rows, name="a.csv"), listed(1, rows, name="b.csv"))) == [1] * 8


def test_a_few_equal_rows_in_two_lists_are_no_copies() -> None:
    others = [{**row, "order": f"B-{n}", "site": "Lyon"} for n, row in enumerate(COPIED)]
    graph = joined(listed(0, COPIED, name="a.csv"), listed(1, [COPIED[0], *others], name="b.csv"))
    assert sizes(graph) == [1] * 9


def test_one_list_never_loses_a_row_of_its_own() -> None:
    graph = joined(
        listed(0, [COPIED[0], COPIED[0], *COPIED[1:]], name="a.csv"), listed(1, COPIED, name="b.csv")
    )
    assert sizes(graph) == [1, 1, 1, 2, 2, 2], "a row that stands twice is no id"
