"""Days of law and of knowledge, the date of a record, and what `--map` changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from proscribe.matching.days import day_span, iso_day
from proscribe.model.errors import KnowledgeError, UsageError
from proscribe.model.findings import Band, MentionKind

from .conftest import answer, scan, write_csv

DATED = ("Description", "Purchased")


def test_an_honor_of_2019_is_huaweis_and_one_of_2021_is_not(tmp_path: Path) -> None:
    result = scan(
        write_csv(tmp_path / "a.csv", [("Honor phone", "2019-06-01"), ("Honor phone", "2021-06-01")], DATED)
    )
    (found,) = result.findings
    assert (found.locator.row, found.entity, found.covered_through) == (1, "honor", ("honor", "huawei"))
    (said,) = result.mentions
    assert (said.locator.row, said.entity, said.kind) == (2, "huawei", MentionKind.REFERENCE)


def test_a_model_older_than_the_sale_is_asked_for_however_late_it_was_bought(tmp_path: Path) -> None:
    result = scan(
        write_csv(
            tmp_path / "a.csv",
            [("Honor 8X phone", "2024-06-01"), ("Honor 9X Lite phone", "2021-01-10")],
            DATED,
        )
    )
    assert [(item.locator.row, item.band) for item in result.findings] == [
        (1, Band.POSSIBLE),
        (2, Band.POSSIBLE),
    ]
    assert all(
        any("what shows when this unit was made" in text for text in item.questions)
        for item in result.findings
    )
    assert not result.mentions


def test_a_code_and_a_name_of_the_years_under_huawei_are_asked_for_after_the_sale(tmp_path: Path) -> None:
    rows = [
        ("Honor JSN-L21 phone", "2021-06-01"),
        ("Honor X10 phone", "2022-03-01"),
        ("Honor phone", "2022-03-01"),
    ]
    result = scan(write_csv(tmp_path / "a.csv", rows, DATED))
    assert [item.locator.row for item in result.findings] == [1, 2]
    assert result.findings[1].band is Band.POSSIBLE and result.findings[1].questions
    assert [said.locator.row for said in result.mentions] == [3]


def test_an_audit_after_the_sale_clears_no_older_model(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [("Honor 8X phone", "2024-03-01")], ("Description", "Audit date"))
    result = scan(path)
    (found,) = result.findings
    assert (
        found.band is Band.POSSIBLE and found.covered_through == ("honor", "huawei") and not result.mentions
    )


@pytest.mark.parametrize(
    ("header", "told"),
    [("Audited", "seen_at"), ("Our scan day", "seen_at"), ("Audit of purchase", "dated_on")],
)
def test_a_day_of_an_audit_clears_nothing_when_it_is_mapped_to_a_purchase(
    tmp_path: Path, header: str, told: str
) -> None:
    path = write_csv(tmp_path / "a.csv", [("Honor phone", "2024-03-01")], ("Description", header))
    result = scan(path, mapping={header: "dated_on"})
    assert [item.covered_through[-1] for item in result.findings] == ["huawei"] * (told == "seen_at")
    assert len(result.mentions) == (told == "dated_on")


@pytest.mark.parametrize("model", ["9X", "8X", "7A", "10i", "20S", "View 20", "6X Pro"])
def test_an_older_model_is_asked_for_when_its_maker_stands_in_another_column(
    tmp_path: Path, model: str
) -> None:
    rows = [("Phone", "Honor", model, "2024-01-01"), ("Phone", "Lenovo", model, "2024-01-01")]
    header = ("Description", "Manufacturer", "Model", "Bought")
    result = scan(write_csv(tmp_path / "a.csv", rows, header))
    (found,) = result.findings
    assert (found.locator.row, found.band) == (1, Band.POSSIBLE) and not result.mentions
    assert any("what shows when this unit was made" in question for question in found.questions)


def test_a_model_of_after_the_sale_stays_a_question_without_a_date(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [("Honor Magic 3 Pro phone", "1")], ("Description", "Qty"))
    (found,) = scan(path).findings
    assert found.band is Band.POSSIBLE
    assert any("not sold before 2021-08-12" in question for question in found.questions)
    bought = write_csv(tmp_path / "b.csv", [("Honor Magic 3 Pro phone", "2022-01-05")], DATED)
    assert [item.entity for item in scan(bought).mentions] == ["huawei"]


def test_of_two_models_in_one_cell_the_older_keeps_the_question(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [("Honor Magic 3 phone, Honor 8X phone", "2022-01-05")], DATED)
    (found,) = scan(path).findings
    assert found.band is Band.POSSIBLE


def test_a_date_before_the_launch_is_asked_about_and_clears_nothing(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [("Honor 20 Pro phone", "2016-02-01")], DATED)
    (found,) = scan(path).findings
    assert found.covered_through[-1] == "huawei" and found.questions
    assert any("which is right?" in question for question in found.questions)


def test_without_a_date_the_day_asked_about_decides(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [("Honor 8X phone", "1")], ("Description", "Qty"))
    (then,) = scan(path, as_of="2019-06-01").findings
    assert then.band.rank >= Band.PROBABLE.rank and not then.questions
    (now,) = scan(path).findings
    assert now.band is Band.POSSIBLE
    assert any("when was this unit made" in question for question in now.questions)


def test_a_seller_whose_maker_is_open_stays_a_question_after_the_sale(tmp_path: Path) -> None:
    result = scan(write_csv(tmp_path / "a.csv", [("Lorex NVR", "2024-05-01")], DATED))
    lorex = [item for item in result.findings if "dahua" in item.covered_through]
    assert [item.band for item in lorex] == [Band.POSSIBLE]
    assert lorex[0].questions
    assert not result.mentions


def test_a_lorex_from_the_years_under_dahua_is_more_than_a_question(tmp_path: Path) -> None:
    result = scan(write_csv(tmp_path / "a.csv", [("Lorex NVR", "2020-05-01")], DATED))
    (lorex,) = [item for item in result.findings if "dahua" in item.covered_through]
    assert lorex.band.rank >= Band.PROBABLE.rank and lorex.details.dated_on == "2020-05-01"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2021-06-01", "2021-06-01"), ("2021/6/1 10:20", "2021-06-01"), ("1.6.2021", "2021-01-06"), ("13/06/2021", "2021-06-13"),
        ("06/13/2021", "2021-06-13"), ("2021", "2021-01-01"), ("31.02.2021", None), ("soon", None), ("2021-13-45", None), ("", None),
    ],
)  # fmt: skip
def test_days_as_people_write_them(text: str, day: str | None) -> None:
    assert iso_day(text) == day


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("21 May 2019", "2019-05-21", "2019-05-21"), ("May 21, 2019", "2019-05-21", "2019-05-21"), ("21-May-19", "2019-05-21", "2019-05-21"),
        ("21. Mai 2019", "2019-05-21", "2019-05-21"), ("21 mai 2019 10:30", "2019-05-21", "2019-05-21"), ("20190521", "2019-05-21", "2019-05-21"),
        ("20190521T103000Z", "2019-05-21", "2019-05-21"), ("5/21/19", "2019-05-21", "2019-05-21"), ("05/2019", "2019-05-01", "2019-05-31"),
        ("May 2019", "2019-05-01", "2019-05-31"), ("2020-02", "2020-02-01", "2020-02-29"), ("2019", "2019-01-01", "2019-12-31"),
        ("21.05.19", "2019-05-21", "2021-05-19"), ("1.6.2021", "2021-01-06", "2021-06-01"),
    ],
)  # fmt: skip
def test_a_day_is_read_as_far_as_it_is_certain(text: str, first: str, last: str) -> None:
    assert day_span(text) == (first, last)


@pytest.mark.parametrize(
    "text",
    ["soon", "may", "12345678", "20191399", "3 cameras 2019", "Q2 2019", "13.2019", "192.168.1.20", ""],
)
def test_what_is_no_day_is_read_as_none(text: str) -> None:
    assert day_span(text) is None


@pytest.mark.parametrize("day", ["21 May 2019", "20190521", "05/2019", "21-May-19", "05/03/2019", "2019"])
def test_a_day_that_lies_before_the_sale_however_it_is_read_confirms(tmp_path: Path, day: str) -> None:
    (found,) = scan(write_csv(tmp_path / "a.csv", [("Honor 8X phone", day)], DATED)).findings
    assert found.band.rank >= Band.PROBABLE.rank and not found.questions


@pytest.mark.parametrize("day", ["11/2020", "2020", "21.05.19", "11.12.2020"])
def test_a_day_that_may_lie_on_either_side_of_the_sale_weighs_for_neither(tmp_path: Path, day: str) -> None:
    (found,) = scan(write_csv(tmp_path / "a.csv", [("Honor 8X phone", day)], DATED)).findings
    assert found.band is Band.POSSIBLE
    assert any("one before and one after" in question for question in found.questions)


@pytest.mark.parametrize("day", ["5 January 2022", "20220105", "01/2022", "2022"])
def test_a_day_after_the_sale_however_it_is_read_clears_as_an_iso_day_does(tmp_path: Path, day: str) -> None:
    result = scan(write_csv(tmp_path / "a.csv", [("Honor Magic 3 Pro phone", day)], DATED))
    assert not result.findings and [item.entity for item in result.mentions] == ["huawei"]


def test_a_fact_recorded_later_is_not_known(tmp_path: Path) -> None:
    layer = tmp_path / "own.yml"
    layer.write_text(
        "defaults: {recorded_on: 2027-01-15, source: org:src/register, basis: stated, confidence: high}\n"
        "sources:\n  - {id: org:src/register, title: Our register, kind: catalogue}\n"
        "entities:\n  - {id: org:zorblax, kind: company, name: Zorblax Ltd}\n"
        "names:\n  - {id: org:name/zorblax, entity: org:zorblax, text: Zorblax, form: short, strength: sure,"
        " examples: [Zorblax camera], near_misses: [Zorba Bakery]}\n"
        "stakes:\n  - {id: org:own/zorblax, owner: dahua, asset: org:zorblax, relation: subsidiary_of}\n"
    )
    path = write_csv(tmp_path / "a.csv", [("Zorblax camera", "3")], ("Description", "Qty"))
    known = scan(path, knowledge=[layer], known_as_of="2027-01-15").findings
    assert [item.covered_through[-1] for item in known] == ["dahua"]
    before = scan(path, knowledge=[layer], known_as_of="2027-01-14")
    assert not before.findings and before.scan.known_as_of == "2027-01-14"
    assert not scan(path).findings


@pytest.mark.parametrize("name", ["as_of", "known_as_of"])
@pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "25.11.2026"])
def test_a_day_that_is_none_is_refused(assets: Path, name: str, day: str) -> None:
    with pytest.raises(UsageError) as caught:
        scan(assets, **{name: day})
    assert caught.value.code == "E151" and day in str(caught.value)


def test_knowledge_that_is_missing_is_refused(assets: Path, tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError) as caught:
        scan(assets, knowledge=[tmp_path / "none.yml"])
    assert caught.value.code == "E201"


REMARKS = [
    ("1", "Dome camera", "painted"),
    ("2", "Recorder", "it is a Hikvision"),
    ("3", "Desk", "Dahua, see Hikvision"),
]
REMARK_HEADER = ("ID", "Description", "Remark")


def test_a_column_of_remarks_is_read_as_text(tmp_path: Path) -> None:
    plain = scan(write_csv(tmp_path / "a.csv", REMARKS, REMARK_HEADER))
    mapped = scan(write_csv(tmp_path / "b.csv", REMARKS, REMARK_HEADER), mapping={"Remark": "text"})
    assert plain.findings
    assert [(one.locator.row, one.entity) for one in plain.findings] == [
        (one.locator.row, one.entity) for one in mapped.findings
    ]
    assert not plain.issues and plain.complete


def test_a_mapped_column_of_remarks_is_matched(tmp_path: Path) -> None:
    result = scan(write_csv(tmp_path / "a.csv", REMARKS, REMARK_HEADER), mapping={"Remark": "text"})
    assert 2 in {item.locator.row for item in result.findings}
    assert not any(item.code == "E140" for item in result.issues)
    table = result.scan.inputs[0].tables[0]
    assert table.fields["Remark"] == "text" and table.recognised_by["Remark"] == "map"


def test_a_column_no_one_recognises_is_read_and_never_decides_alone(tmp_path: Path) -> None:
    rows = [(str(number), f"thing of a kind {number}, Hikvision DS-2CD2143G2-I") for number in range(70)]
    result = scan(write_csv(tmp_path / "a.csv", rows, ("Qty", "Zzyzx")))
    assert len(result.findings) == 70
    assert {item.band for item in result.findings} == {Band.POSSIBLE}
    assert all(any("not recognised" in question for question in item.questions) for item in result.findings)


def test_a_mapped_field_wins_over_recognition(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [("DS-2CD2143G2-I", "1")], ("Remark", "Qty"))
    value = answer(path, mapping={"Remark": "model_number"})
    assert value["inputs"][0]["columns"]["model_number"] == "Remark"
    assert value["findings"][0]["entity"] == "hikvision"


def test_a_mapped_column_may_stand_in_one_of_several_files(tmp_path: Path) -> None:
    one = write_csv(tmp_path / "a.csv", REMARKS, REMARK_HEADER)
    two = write_csv(tmp_path / "b.csv", [("Chair", "1")], ("Item", "Qty"))
    assert scan(one, two, mapping={"Remark": "text"}).findings
    with pytest.raises(UsageError) as caught:
        scan(one, two, mapping={"Remrk": "text"})
    assert caught.value.code == "E134" and "'Remark'" in str(caught.value)


def test_a_mac_without_leading_zeros_is_read_in_every_cell_and_nothing_else_is(tmp_path: Path) -> None:
    macs = ["c0:6d:ed:14:2:91", "0:18:82:3:4:5", "0:11:22:33:44:55", "1:2:3:4:5:6"]
    texts = [
        "switch 0:e0:fc:3:4:a, rack 2",
        "v6 2001:db8:0:18:82:3:4:c",
        "x 0:18:82:3:4:5:6",
        "build 0:18:82:1:2",
    ]
    for header, rows in (("MAC", macs), ("Description", texts)):
        path = write_csv(tmp_path / f"{header}.csv", [(row, "1") for row in rows], (header, "Qty"))
        found = [(item.locator.row, item.covered_through[-1]) for item in scan(path).findings]
        assert found == ([(1, "hikvision"), (2, "huawei")] if header == "MAC" else [(1, "huawei")])
