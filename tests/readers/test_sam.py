"""Extracts of SAM: the shapes GSA documents are read, everything else is reported with its place."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from proscribe.model.errors import InputError
from proscribe.readers import sam
from proscribe.readers.sam import SamExtract, read_sam

HEADINGS = (
    '"Classification","Name","Prefix","First","Middle","Last","Suffix","Address 1","Address 2","City","State / Province",'
    '"Country","Zip Code","Open Data Flag","Blank (Deprecated)","Unique Entity ID","Exclusion Program","Excluding Agency",'
    '"CT Code","Exclusion Type","Additional Comments","Active Date","Termination Date","Record Status","Cross-Reference",'
    '"SAM Number","CAGE","NPI","Creation_Date"\n'
)
ROW = (
    '"Firm","NORTHGATE CAMERAS, LTD","","","","","","1 Mill Lane","","Town","","GBR","X1","","","ZQGGH8XPGKL9","Reciprocal","GSA",'
    '"","Prohibition/Restriction","Prohibition is limited to one statute","2021-03-01","Indefinite","Active","","S4M1","00123","",""\n'
)


def entity(**changes: Any) -> dict[str, Any]:
    registration = {
        "samRegistered": "Yes", "ueiSAM": "ZQGGH8XPGKL9", "cageCode": "00123", "legalBusinessName": "NORTHGATE CAMERAS LTD",
        "dbaName": None, "registrationStatus": "Active", "registrationExpirationDate": "2027-03-01", "exclusionStatusFlag": "N",
    }  # fmt: skip
    answers = [
        {
            "section": "52.204-26.c.1",
            "questionText": "Does it provide?",
            "answerId": "1",
            "answerText": "No",
            "country": None,
        },
        {"section": "52.204-26.c.2", "answerText": "Yes"},
    ]
    reps = {
        "certifications": {
            "fARResponses": [{"provisionId": "FAR 52.204-26", "listOfAnswers": answers}],
            "dFARResponses": [],
        }
    }
    return {"entityRegistration": {**registration, **changes}, "repsAndCerts": reps}


def put(folder: Path, value: Any, name: str = "sam.json") -> Path:
    path = folder / name
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return path


def codes(extract: SamExtract) -> list[str]:
    return [item.code for item in extract.issues]


def test_entities_as_documented(tmp_path: Path) -> None:
    extract = read_sam(
        put(tmp_path, {"totalRecords": 1, "entityData": [entity()], "links": {"selfLink": "x"}})
    )
    (one,) = extract.entities
    assert (extract.kind, extract.issues, extract.unread) == ("entities", (), ())
    assert (one.uei, one.cage, one.name, one.status, one.expires_on) == (
        "ZQGGH8XPGKL9", "00123", "NORTHGATE CAMERAS LTD", "Active", date(2027, 3, 1),
    )  # fmt: skip
    assert [(item.citation, item.says, item.question) for item in one.answers] == [
        ("52.204-26(c)(1)", "No", "Does it provide?"), ("52.204-26(c)(2)", "Yes", ""),
    ]  # fmt: skip
    assert one.answers[1].place == "/entityData/0/repsAndCerts/certifications/fARResponses/0/listOfAnswers/1"


def test_answers_that_are_no_words_on_a_paragraph_are_left_alone(tmp_path: Path) -> None:
    value = entity()
    far = value["repsAndCerts"]["certifications"]["fARResponses"]
    far.append(
        {
            "provisionId": "FAR 52.204-17",
            "listOfAnswers": [{"section": None, "answerText": None, "immediateOwnerCage": {"x": 1}}],
        }
    )
    far.append({"provisionId": "FAR 52.212-3", "listOfAnswers": None})
    far.append(
        {"provisionId": "FAR 52.209-7", "listOfAnswers": [{"section": "52.209-7.c", "answerText": "No"}]}
    )
    extract = read_sam(put(tmp_path, {"entityData": [value]}))
    assert extract.issues == () and [item.provision for item in extract.entities[0].answers] == [
        "52.204-26",
        "52.204-26",
        "52.209-7",
    ]


def test_an_entity_without_representations_says_so(tmp_path: Path) -> None:
    value = entity()
    del value["repsAndCerts"]
    (one,) = read_sam(put(tmp_path, {"entityData": [value]})).entities
    assert not one.has_answers and one.answers == ()


def broken(path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    made = {"entityData": [entity()]}
    place: Any = made
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return made


FAR = ("entityData", 0, "repsAndCerts", "certifications", "fARResponses")


@pytest.mark.parametrize(
    ("value", "code", "at"),
    [
        (broken(("entityData", 0), "text"), "E187", "/entityData/0"),
        (broken(("entityData", 0, "entityRegistration"), None), "E187", "/entityData/0"),
        (broken(("entityData", 0, "entityRegistration"), []), "E187", "/entityData/0/entityRegistration"),
        (broken(("entityData", 0, "entityRegistration", "ueiSAM"), "123456789"), "E188", "/entityData/0/entityRegistration/ueiSAM"),
        (broken(("entityData", 0, "entityRegistration", "cageCode"), "OI123"), "E188", "/entityData/0/entityRegistration/cageCode"),
        (broken(("entityData", 0, "entityRegistration", "legalBusinessName"), 5), "E187", "/entityData/0/entityRegistration/legalBusinessName"),
        (broken(("entityData", 0, "entityRegistration", "registrationExpirationDate"), "soon"), "E187", "/entityData/0/entityRegistration/registrationExpirationDate"),
        (broken(("entityData", 0, "repsAndCerts"), ["x"]), "E187", "/entityData/0/repsAndCerts"),
        (broken(FAR, {"provisionId": "x"}), "E187", "/" + "/".join(map(str, FAR))),
        (broken((*FAR, 0), 7), "E187", "/" + "/".join(map(str, (*FAR, 0)))),
        (broken((*FAR, 0, "listOfAnswers"), "No"), "E187", "/" + "/".join(map(str, (*FAR, 0, "listOfAnswers")))),
        (broken((*FAR, 0, "listOfAnswers", 1, "answerText"), True), "E187", "/" + "/".join(map(str, (*FAR, 0, "listOfAnswers", 1, "answerText")))),
        (broken((*FAR, 0, "listOfAnswers", 1, "section"), "52.204-26.c.1"), "E187", "/" + "/".join(map(str, (*FAR, 0, "listOfAnswers", 1)))),
        (broken((*FAR, 0, "provisionId"), "FAR 52.209-7"), "E187", "/" + "/".join(map(str, (*FAR, 0, "listOfAnswers", 0)))),
    ],
)  # fmt: skip
def test_other_shapes_are_reported_by_place_and_not_guessed(
    tmp_path: Path, value: Any, code: str, at: str
) -> None:
    extract = read_sam(put(tmp_path, value))
    assert (code, at) in [(item.code, item.at) for item in extract.issues] and extract.kind == "entities"


def test_a_code_that_cannot_be_one_identifies_nobody(tmp_path: Path) -> None:
    (one,) = read_sam(put(tmp_path, {"entityData": [entity(ueiSAM="ZQGGH8XPGKI9", cageCode="1")]})).entities
    assert (one.uei, one.cage, one.name) == ("", "", "NORTHGATE CAMERAS LTD")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{}", "E186"), ("[]", "E186"), ('{"entityData": {}}', "E186"), ('{"entityData": null, "excludedEntity": 3}', "E186"),
        ('{"entityData": [', "E189"), ("{" * 100_000, "E189"), ("[" * 100_000 + "]" * 100_000, "E189"),
        ("BOF PUBLIC V2 20261101 20261102 0000001 0000001\nZQGGH8XPGKL9||00123|\nEOF\n", "E186"),
        ("name,city\nA,B\n", "E186"),
    ],
)  # fmt: skip
def test_what_is_no_extract_gives_nothing_and_says_why(tmp_path: Path, text: str, code: str) -> None:
    extract = read_sam(put(tmp_path, text))
    assert code in codes(extract) and (extract.kind, extract.entities, extract.exclusions) == ("", (), ())


def test_one_page_of_many_is_noticed(tmp_path: Path) -> None:
    extract = read_sam(put(tmp_path, {"totalRecords": 12_000, "entityData": [entity()]}))
    assert codes(extract) == ["E187"] and "12,000" in extract.issues[0].what


def test_a_json_beyond_the_bound_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sam, "MAX_JSON_BYTES", 100)
    assert codes(read_sam(put(tmp_path, {"entityData": [entity()]}))) == ["E189"]


def test_many_faults_are_counted(tmp_path: Path) -> None:
    extract = read_sam(put(tmp_path, {"entityData": [0] * 1_000}))
    assert len(extract.issues) < 300 and "more of these" in extract.issues[-1].what


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="E101"):
        read_sam(tmp_path / "none.json")


def excluded(**action: Any) -> dict[str, Any]:
    return {
        "exclusionDetails": {
            "classificationType": "Firm",
            "exclusionType": "Prohibition/Restriction",
            "exclusionProgram": "Reciprocal",
            "excludingAgencyCode": "GSA",
            "excludingAgencyName": None,
        },
        "exclusionIdentification": {
            "ueiSAM": "ZQGGH8XPGKL9",
            "cageCode": None,
            "entityName": "Northgate Cameras Ltd",
            "firstName": None,
        },
        "exclusionActions": {
            "listOfActions": [
                {
                    "createDate": "07-27-2012",
                    "activateDate": "12-12-2011",
                    "terminationDate": "11-08-2029",
                    "recordStatus": "Active",
                    **action,
                }
            ]
        },
        "exclusionOtherInformation": {"additionalComments": "limited", "ctCode": "A"},
    }


def test_exclusions_as_documented(tmp_path: Path) -> None:
    extract = read_sam(put(tmp_path, {"totalRecords": 1, "excludedEntity": [excluded()], "links": {}}))
    (one,) = extract.exclusions
    assert (extract.kind, extract.issues) == ("exclusions", ())
    assert (one.uei, one.name, one.agency, one.active_from, one.ends_on, one.comments) == (
        "ZQGGH8XPGKL9", "Northgate Cameras Ltd", "GSA", date(2011, 12, 12), date(2029, 11, 8), "limited",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("action", "day", "holds"),
    [
        ({}, date(2026, 11, 25), True), ({}, date(2029, 11, 8), True), ({}, date(2029, 11, 9), False), ({}, date(2011, 12, 11), False),
        ({"terminationDate": "Indefinite"}, date(2099, 1, 1), True), ({"terminationDate": None}, date(2099, 1, 1), True),
        ({"recordStatus": "Inactive"}, date(2026, 11, 25), False), ({"recordStatus": None}, date(2026, 11, 25), True),
        ({"activateDate": "nonsense"}, date(2000, 1, 1), True),
    ],
)  # fmt: skip
def test_what_an_exclusion_does_not_say_counts_as_holding(
    tmp_path: Path, action: dict[str, Any], day: date, holds: bool
) -> None:
    (one,) = read_sam(put(tmp_path, {"excludedEntity": [excluded(**action)]})).exclusions
    assert one.in_force(day) is holds


def test_public_extract_of_exclusions(tmp_path: Path) -> None:
    extract = read_sam(put(tmp_path, HEADINGS + ROW, "exclusions.csv"))
    (one,) = extract.exclusions
    assert (extract.kind, codes(extract)) == ("exclusions", [])
    assert (one.uei, one.cage, one.name, one.ends, one.ends_on, one.place) == (
        "ZQGGH8XPGKL9", "00123", "NORTHGATE CAMERAS, LTD", "Indefinite", None, "row 2",
    )  # fmt: skip
    assert "Address 1" in extract.unread and one.in_force(date(2026, 11, 25))


def test_tables_with_the_names_of_the_api(tmp_path: Path) -> None:
    entities = read_sam(
        put(
            tmp_path,
            "ueiSAM,cageCode,legalBusinessName,exclusionStatusFlag,other\nZQGGH8XPGKL9,00123,Northgate,Y,x\n",
            "e.csv",
        )
    )
    assert [(one.uei, one.excluded, one.has_answers) for one in entities.entities] == [
        ("ZQGGH8XPGKL9", "Y", False)
    ]
    assert entities.unread == ("other",)
    exclusions = read_sam(
        put(
            tmp_path,
            "ueiSAM,cageCode,entityName,exclusionType,exclusionProgram\nZQGGH8XPGKL9,null,N,P,R\n",
            "x.csv",
        )
    )
    assert [(one.uei, one.cage) for one in exclusions.exclusions] == [("ZQGGH8XPGKL9", "")]


def test_a_damaged_table_says_what_was_lost(tmp_path: Path) -> None:
    extract = read_sam(put(tmp_path, HEADINGS + ROW + '"Firm","never closed\n' * 3, "x.csv"))
    assert extract.exclusions and any(item.lossy for item in extract.issues)
