"""The second look at hit cells never changes an answer, and prefixes are found in whole columns."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from regex_texts import matching

import proscribe
from proscribe.kb.examples import collect
from proscribe.kb.snapshot import Snapshot
from proscribe.matching import kernel as kernels
from proscribe.matching.findings import analyse
from proscribe.matching.index import Index
from proscribe.matching.kernel import Kernel
from proscribe.matching.prefilter import SILENT, PrefixMask, inert, is_silent, speech
from proscribe.matching.probes import ranks_of
from proscribe.matching.record import aside_kind, may_know, take_apart
from proscribe.model.findings import Band
from proscribe.model.observations import CONTENT_FIELDS

FIELDS = {
    "mac": "mac", "hostname": "hostname", "port": "banner", "service": "banner", "http.server": "banner", "http.title": "banner",
    "tls.subject": "certificate", "cpe": "cpe", "os": "other", "vendor": "vendor_name", "text": "text", "model": "model_number",
    "usb": "usb_id", "oid": "sysobjectid", "asset": "row_id", "seen": "site", "remark": "note",
}  # fmt: skip
VALUES = {
    "mac": ["28:57:BE:00:00:01", "28-57-be-00-00-01", "2857.be00.0001", "00:11:22:33:44:55", "ac:b9:2f:xx:xx:xx\n28:57:BE:00:00:02", "C8:D2:E5:57:30:01"],
    "hostname": ["ds-2cd2143g2", "ws-1472.example.net", "hikvision-7", "printer"],
    "port": ["80/tcp open http", "37777/tcp open unknown", "8443/tcp open https-alt\n445/tcp open"],
    "service": ["OpenSSH 8.9p1 Ubuntu", "Hikvision Network Video Recorder http admin", "server 2.4.52", "Huawei VRP", "Apache httpd"],
    "http.server": ["Server: DNVRS-Webs", "Server: nginx/1.24.0", "Server: Webs", "Server: ma server"],
    "http.title": ["<title>WEB SERVICE</title>", "<title>Lorex Login</title>", "<title>Dashboard</title>", "<title>HG8245H</title>"],
    "tls.subject": ["CN=x, O=HIKVISION", "CN=General", "CN=a.example.net"],
    "cpe": ["cpe:/h:hikvision:ds-2cd", "cpe:/a:apache:http_server:2.4.52", "cpe:/o:linux:linux_kernel"],
    "os": ["Linux 4.15 - 5.19 (100%)", "Hikvision DS-7600 (92%)", "general purpose"],
    "vendor": ["Huawei Technologies Co., Ltd", "Acme, Inc", "Hytera US Inc", "Zhejiang Dahua", "Nanjing Dahua Toys Co", "Kirin Beer Imports",
        "Lorex Industries", "Honor Guard Supplies", "Dahua Group Real Estate"],
    "text": ["fcc id: 2ADTD-X", "a camera", "Huwaei router", "id 12d1:1406", "switch by someone", "Honor 9X", "Axon Body 3",
        "Blade sharpening", "Dahua Toys"],
    "model": ["S5720-52X-LI-AC", "X1", "DHI-NVR4104"],
    "usb": ["12d1:1406", "0403:6001"],
    "oid": ["1.3.6.1.4.1.2011.2.239", "1.3.6.1.4.1.9.1"],
    "asset": ["R8012", "S5735", "DS-2CD2143G2-I", "0403:f680 R8013 unit", "PD602", "10023", "Kirin 990"],
    "seen": ["Hua Wei street", "Huawei rack", "HG8245H", "R8012", "Lorex", "room 4"],
    "remark": ["R8012", "Dahua camera removed", "bracket", "S5735 spare"],
}  # fmt: skip


@pytest.fixture(scope="module")
def index() -> Any:
    return proscribe.build_index(as_of="2026-11-25")


def _rows(seed: int, count: int) -> pa.RecordBatch:
    rng = random.Random(seed)
    columns = {
        name: [rng.choice(values) if rng.random() < 0.35 else None for _ in range(count)]
        for name, values in VALUES.items()
    }
    return pa.record_batch({name: pa.array(values, pa.string()) for name, values in columns.items()})


def _kind(name: str) -> str:
    return FIELDS[name] if FIELDS[name] in CONTENT_FIELDS else aside_kind(FIELDS[name])


def test_the_answers_are_those_of_judging_every_record(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = _rows(1, 1_500)
    judged = (
        analyse(index, [(name, _kind(name), text) for name, text in row.items() if text is not None])
        for row in rows.to_pylist()
    )
    every = {number: answer for number, answer in enumerate(judged) if answer != ((), ())}
    monkeypatch.setattr(kernels, "SMALL_BYTES", 10**12)
    small = Kernel(index)
    assert len(small.candidates(rows, FIELDS)) < rows.num_rows
    assert dict(small.match_rows(rows, FIELDS)) == every
    monkeypatch.setattr(kernels, "SMALL_BYTES", 0)
    looked = Kernel(index, always_scan=True)
    assert len(looked.candidates(rows, FIELDS)) < rows.num_rows
    assert dict(looked.match_rows(rows, FIELDS)) == every
    assert every, "the rows hold findings"


#: Pieces of what speaks, of what nearly does, and of what stands between them.
PIECES = [
    "huawei", "H", "u", "a", "w", "e", "i", "hua wei", "dahuaIPC", "libdahua", "Hikvison", "camera", "switch", "Überwachungskamera",
    "grenskamera", "R8012", "S5735", "ds-2cd2143g2", "x1", "12d1", ":", "1406", "2ADTD", "fcc id", "cpe:/h:", "hikvision:", "pci",
    "44:19:B6:00:00:01", "4419", "B6", "fffe", ".", "-", "_", "/", ",", " ", "&shy;", "%48", "7", "2026-11-02", "1.3.6.1.4.1.2011.2",
    "R10023", "Axis", "box of 4", "vodafoneK3765", "12.50", "ZTE", "H267A",
]  # fmt: skip


@settings(max_examples=200)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=7).map("".join))
def test_a_cell_that_is_left_out_at_a_glance_says_nothing(index: Index, text: str) -> None:
    for kind in (
        "text",
        "aside",
        "note",
        "vendor_name",
        "maker_name",
        "model_number",
        "mac",
        "banner",
        "usb_id",
    ):
        seen = take_apart(index, "column", kind, text)
        assert may_know(index, text) or not (seen.hits or seen.device_words)
        assert not is_silent(index, text, kind) or speech(index, seen, "column", kind) == SILENT


def test_a_number_that_needs_a_name_is_judged_wherever_that_stands(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = {
        "vendor": "vendor_name",
        "text": "text",
        "model": "model_number",
        "sort": "category",
        "remark": "note",
        "site": "site",
        "id": "row_id",
    }
    rng = random.Random(1)
    lines: list[dict[str, str]] = []
    named = [(str(row["brand"]), [str(one) for one in row.get("models") or ()]) for row in index.relabels]
    named += [
        (str(one.row["maker"]), [str(one.row["regex"])])
        for one in index.models.patterns
        if one.row.get("needs") == "maker"
    ]
    assert len(named) > len(index.relabels)
    for brand, patterns in named:
        for model in [matching(pattern, rng) for pattern in patterns[:3]]:
            lines.append({"vendor": "Acme Ltd", "text": f"unit {model} at the gate"})
            lines.append({"vendor": "HW", "text": f"unit {model}", "remark": "bracket"})
            lines += [{"text": f"camera {model}", name: brand} for name in fields if name != "text"]
            lines += [
                {"model": model, name: f"{brand} thing"} for name in ("vendor", "text", "sort", "remark")
            ]
            lines += [{"text": f"{brand} {model}"}, {"id": model, "text": brand}]
    rows = pa.record_batch(
        {name: pa.array([line.get(name) for line in lines], pa.string()) for name in fields}
    )
    kernel = Kernel(index, always_scan=True)
    found = dict(kernel.match_rows(rows, fields))
    assert len(kernel.candidates(rows, fields)) < len(kernel.hinting(rows, fields)) <= len(lines)
    monkeypatch.setattr(Kernel, "candidates", Kernel.hinting)
    assert found == dict(Kernel(index, always_scan=True).match_rows(rows, fields)) and found


def test_plain_words_are_left_out_at_a_glance(index: Index) -> None:
    assert is_silent(index, "R10023", "text")
    assert is_silent(index, "Bank Street", "text")


def test_prefixes_of_whole_columns(index: Index) -> None:
    column = pa.array(
        [
            "28:57:BE:00:00:01",
            None,
            "28-57-be-00-00-01",
            "00:00:00:00:00:00",
            "2857be000001",
            "28:57:BE:00:00:0g",
            "28:57-BE:00:00:01",
            "",
        ],
        pa.string(),
    )
    for piece, first in ((column, 0), (column.slice(2), 2)):
        plain, held = PrefixMask(index).rows(piece)
        assert plain.tolist() == [True, False, True, True, False, False, True, False][first:]
        assert held.tolist() == [True, False, True, False, False, False, True, False][first:]


def test_many_innocent_scan_records_are_not_judged(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    count = 2_000
    rows = pa.record_batch({
        "mac": pa.array([f"00:11:22:33:{n >> 8:02X}:{n & 255:02X}" for n in range(count)]),
        "port": pa.array(["80/tcp open http\n443/tcp open https"] * count),
        "service": pa.array(["Apache httpd 2.4.52 (Ubuntu)\nnginx 1.24.0"] * count),
        "http.server": pa.array(["Server: Apache/2.4.52"] * count),
    })  # fmt: skip
    monkeypatch.setattr(kernels, "SMALL_BYTES", 0)
    assert (
        len(
            Kernel(index, always_scan=True).candidates(
                rows, {name: FIELDS[name] for name in rows.schema.names}
            )
        )
        == 0
    )


def test_numbers_others_use_too_are_not_judged_where_nobody_looks_for_models(index: Index) -> None:
    """`R8012` in a column of ids needs a device beside it, and counts for nothing there even so."""
    rows = pa.record_batch({
        "asset": pa.array([f"R{number}" for number in range(8000, 8900)]),
        "text": pa.array(["network recorder"] * 900),
    })  # fmt: skip
    fields = {"asset": "row_id", "text": "text"}
    kernel = Kernel(index, always_scan=True)
    assert len(kernel.candidates(rows, fields)) == 0
    assert kernel.beside(rows, fields) == {}
    loud = rows.set_column(0, "asset", pa.array(["DS-2CD2143G2-I", *["R8012"] * 899]))
    assert list(kernel.beside(loud, fields)["asset"].nonzero()[0]) == [0]


def test_rows_that_can_be_no_more_than_a_question_are_none(index: Index) -> None:
    """What is left out of the comparison with stated ids is judged to be a question at most; nearly all of it is left out."""
    rng = random.Random(7)
    ids = [
        "R8012",
        "R8013",
        "PD602",
        "S5735",
        "R8012 Huawei",
        "S12700",
        "HG8245H",
        "x1",
        "Camera7",
        "10023",
        None,
    ]
    texts = [
        "office chair",
        "network recorder",
        "Überwachungskamera",
        "Huawei switch",
        "radio",
        "spare &amp; parts",
        None,
        "R8012",
    ]
    rows = pa.record_batch({
        "asset": pa.array([rng.choice(ids) for _ in range(600)], pa.string()),
        "text": pa.array([rng.choice(texts) for _ in range(600)], pa.string()),
        "place": pa.array([rng.choice(["Depot 3", "Hikvision room", None]) for _ in range(600)], pa.string()),
    })  # fmt: skip
    fields = {"asset": "row_id", "text": "text", "place": "site"}
    kernel = Kernel(index, always_scan=True)
    places = np.arange(rows.num_rows)
    asked = kernel.questions_at_most(rows, fields, ["asset"], places)
    judged = dict(Kernel(index).match_rows(rows, {**fields, "asset": "text"}))
    for place in np.flatnonzero(asked):
        ranks = ranks_of(judged[int(place)][0]) if int(place) in judged else {}
        assert all(rank <= Band.POSSIBLE.rank for rank in ranks.values()), rows.slice(
            int(place), 1
        ).to_pylist()
    plain = [
        row["asset"] in ("R8012", "R8013")
        and row["text"] == "office chair"
        and row["place"] != "Hikvision room"
        for row in rows.to_pylist()
    ]
    assert asked[np.array(plain)].all()
    assert sum(plain) > 5


@pytest.fixture(scope="module")
def examples(snapshot: Snapshot) -> list[str]:
    return sorted({example.text for example in collect(snapshot)})


def plain(index: Index, text: str, kind: str) -> frozenset[str] | None:
    return inert(index, take_apart(index, "column", kind, text))


#: Cells in which nothing is named, with the device words that they hold.
PLAIN = [
    "roof repair Town Hall ref 85947482 stage two", "pest control at the depot, 48227436, hall B", "as agreed with the school in the spring term",
    "INV 17259865 desk lamp Oak House", "hotel room - Kings Lane", "roof repair", "hire of van 7 for Fern Court 12.50",
]  # fmt: skip
WITH_CAMERA = ["one camera at the east gate of the depot", "camera, gate and hedge at Fern Court 12"]


@settings(max_examples=60)
@given(data=st.data())
def test_a_plain_cell_counts_by_its_device_words_alone(
    index: Index, examples: list[str], data: st.DataObject
) -> None:
    same = data.draw(st.sampled_from([PLAIN, WITH_CAMERA]))
    kind = data.draw(st.sampled_from(["text", "vendor_name", "note", "other"]))
    told = [one for one in same if plain(index, one, kind) is not None]
    assert len(told) >= 2 and len({plain(index, one, kind) for one in told}) == 1
    hit = [
        (field, field, examples[data.draw(st.integers(0, len(examples) - 1))])
        for field in data.draw(
            st.lists(st.sampled_from(["text", "vendor_name", "maker_name", "model_number"]), max_size=2)
        )
    ]
    first, second = data.draw(st.permutations(told))[:2]
    place = data.draw(st.integers(0, len(hit)))
    answers = [analyse(index, [*hit[:place], ("plain", kind, one), *hit[place:]]) for one in (first, second)]
    assert answers[0] == answers[1]


def test_what_may_add_more_than_device_words_is_no_plain_cell(index: Index) -> None:
    for text in (
        "Cisco switch for the east gate of the depot", "bracket for wall", "camera, pole and cable at Fern Court 12", "the pump house at the far end of town",
        "0403:f680 sports instrument in the far hall", "note that DS-2CD2143G2-I hangs at the gate", "海边 at the far end of town",
        "set of 4 x 1.3.6.1.4.1.2011 at the far gate", "--", "Hik&shy;vision at the far end of town",
    ):  # fmt: skip
        assert plain(index, text, "text") is None, text
    assert plain(index, PLAIN[0], "maker_name") is None


def test_nouns_for_devices_count_in_plain_cells_too(index: Index) -> None:
    rows = [
        ("Ascend Climbing Valar", "INV 28420017 monitor 24 inch North Yard"),
        ("Ascend Climbing Valar", "WK 39 printing Jubilee Hall"),
    ]
    answers = []
    for order in (rows, rows[::-1]):
        vendors, texts = zip(*order, strict=True)
        found = Kernel(index, always_scan=True).match_rows(
            pa.record_batch({"vendor": vendors, "description": texts}),
            {"vendor": "vendor_name", "description": "text"},
        )
        answers.append({order[row]: answer for row, answer in found})
    assert answers[0] == answers[1] and list(answers[0]) == rows[:1]


#: What one description says of another's firm or thing: a course, a part, a place, nothing; in short and in many words.
TOLD = [
    "training course ref 27707836", "INV 73246511 postage Fern Court", "roof repair Town Hall", "--", "wall bracket", "power adapter",
    "a pair of rack ears of the north and south side of what was once a great and open yard",
    "desks of the north and south side of what was once a great and open old yard", "a course of the north and south side of the yard",
]  # fmt: skip


@pytest.mark.parametrize("maker", ["vendor_name", "maker_name"])
@pytest.mark.parametrize("beside", ["text", "note"])
def test_no_answer_depends_on_the_records_before_it(index: Index, maker: str, beside: str) -> None:
    fields = {"maker": maker, "what": "text", "more": beside}
    rows = [("Hikvision", what, more) for what in TOLD for more in ("", *TOLD)]

    def answers(some: list[tuple[str, str, str]]) -> dict[tuple[str, str, str], Any]:
        columns = [pa.array([row[place] or None for row in some]) for place in range(3)]
        batch = pa.RecordBatch.from_arrays(columns, names=list(fields))
        return {some[row]: answer for row, answer in Kernel(index).match_rows(batch, fields)}

    alone: dict[tuple[str, str, str], Any] = {}
    for row in rows:
        alone |= answers([row])
    assert answers(rows) == answers(rows[::-1]) == alone
    assert {answer[0][0].band for answer in alone.values() if answer[0]} == {Band.POSSIBLE, Band.PROBABLE}


def test_records_that_differ_in_plain_cells_are_judged_once(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[Any] = []

    def counting(*arguments: Any) -> Any:
        judged.append(arguments)
        return analyse(*arguments)

    monkeypatch.setattr(kernels, "analyse", counting)
    vendors = ["Axon Optics Arval", "Blade Sharpening Almel", "Hikvision Europe B.V."]
    rows = pa.record_batch(
        {
            "vendor": pa.array([vendors[number % 3] for number in range(300)]),
            "description": pa.array(
                [f"INV {17_259_865 + number} desk lamp Oak House" for number in range(300)]
            ),
        }
    )
    found = list(Kernel(index).match_rows(rows, {"vendor": "vendor_name", "description": "text"}))
    assert len(judged) == 3 and len(found) == 100
