"""`proscribe ask`: few questions, typed names checked, a way back, the answer once, and a case file."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from proscribe.cli.main import cli


def ask(path: Path, *answers: str, more: tuple[str, ...] = ()) -> Result:
    words = ["ask", str(path), "--as-of", "2026-11-27", *more]
    return CliRunner().invoke(
        cli, words, input="".join(f"{one}\n" for one in answers), catch_exceptions=False
    )


def test_a_router_takes_four_answers_and_is_told_once(tmp_path: Path) -> None:
    path = tmp_path / "case.yml"
    result = ask(path, "1", "Huawei router", "2026-11-26", "52.204-25 (NOV 2021)")
    assert result.exit_code == 0, result.output
    assert result.output.count("> ") == 4
    assert result.output.casefold().count("\ncase: prohibited") + result.output.count("Prohibited") >= 1
    text = path.read_text(encoding="utf-8")
    assert 'item.producer: "huawei"' in text and 'act.kind: "use"' in text
    # what was written is gone on with: nothing is asked again
    again = ask(path)
    assert "What is it about?" not in again.output
    assert path.read_text(encoding="utf-8") == text
    assert CliRunner().invoke(cli, ["decide", str(path)]).exit_code == 0


def test_names_that_nobody_knows_are_asked_again_with_the_nearest(tmp_path: Path) -> None:
    result = ask(tmp_path / "c.yml", "1", "Hiikvisiion", "Hikvision camera", "publik safety", "public safety")
    assert "names no maker and no thing" in result.output
    assert "Did you mean 'hikvision'?" in result.output
    assert "Did you mean 'public_safety'?" in result.output
    assert 'item.producer: "hikvision"' in (tmp_path / "c.yml").read_text(encoding="utf-8")


def test_a_relabelled_brand_says_nothing_of_the_maker(tmp_path: Path) -> None:
    result = ask(tmp_path / "c.yml", "1", "Honeywell camera")
    assert "Who made it?" in result.output
    assert "item.producer" not in (tmp_path / "c.yml").read_text(encoding="utf-8")


def test_back_takes_the_last_answer_back(tmp_path: Path) -> None:
    result = ask(tmp_path / "c.yml", "back", "4", "back", "1", "Huawei router", "back", "ZTE router")
    assert "Nothing was answered yet" in result.output
    text = (tmp_path / "c.yml").read_text(encoding="utf-8")
    assert 'party.role: "prime_contractor"' in text and 'item.producer: "zte"' in text


def test_what_is_not_known_is_never_a_permission(tmp_path: Path) -> None:
    result = ask(tmp_path / "c.yml", *"?" * 40)
    assert result.exit_code == 0
    assert "Cannot be said yet" in result.output
    for text in ("not covered", "Not covered"):
        assert f"{text}\n" not in result.output.split("Written:")[1].split("us-")[0]


def test_a_bad_file_is_named_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "c.yml"
    path.write_text("facts: [", encoding="utf-8")
    result = ask(path, "1")
    assert result.exit_code == 2 and "E4" in result.output
    assert path.read_text(encoding="utf-8") == "facts: ["


@pytest.mark.parametrize(
    ("answers", "outcome", "facts"),
    [
        (("own", "huawai ruter", "yesterday", "far 52.204-25"), "Prohibited", ("huawei", "2026-11-26", "FAR 52.204-25")),
        (("1", "camara hikvision", "seguridad publica", "ayer", "?"), "Prohibited", ("public_safety", "2026-11-26")),
        (("1", "华为路由器", "Nov 26 2026", "dont know"), "Prohibited", ("huawei", "telecommunications_equipment")),
        (("sell to federal agency", "axis cam", "nope"), "Not covered", ('"other"', "[]")),
        (("4", "Dahua Kamera", "guards at a government building"), "Prohibited", ("government_facility_security",)),
        (("grant", "hikvision dome cam", "Yes, a USDA grant", "the police"), "Prohibited", ("federal_award: true",)),
        (("8", "dahua nvr", "May 2019", "none"), "Not covered", ("2019-05",)),
        (("9", "UK", "huawei 5g ran", "ja", "nein"), "Permitted for a time", ('"GB"', '"5g"')),
        (("1", "our cell phone plan", "other", "huawei", "no", "roaming"), "Cannot be said yet", ("telecommunications_service",)),
        (("3", "ZTE hotspot"), "Prohibited", ("zte",)),
    ],
)  # fmt: skip
def test_answers_in_peoples_own_words_are_taken_and_said_back(
    tmp_path: Path, answers: tuple[str, ...], outcome: str, facts: tuple[str, ...]
) -> None:
    result = ask(tmp_path / "c.yml", *answers)
    assert "; expected" not in result.output, "an answer was refused"
    assert "Taken as: " in result.output or answers[1] == "ZTE hotspot"
    assert outcome in result.output.split("Written:")[1]
    text = (tmp_path / "c.yml").read_text(encoding="utf-8")
    assert all(fact in text for fact in facts), text


@pytest.mark.parametrize(
    ("text", "taken", "role"),
    [
        ("we use it ourselves", "Something that we use ourselves (", ""),
        ("own use under a federal contract", "we have a federal contract", "prime_contractor"),
        ("1", "", "prime_contractor"),
    ],
)
def test_a_contract_is_taken_only_where_it_is_said(tmp_path: Path, text: str, taken: str, role: str) -> None:
    result = ask(tmp_path / "c.yml", text, "Hikvision camera")
    assert taken in result.output.split("What is it, and who made it?")[0]
    case = (tmp_path / "c.yml").read_text(encoding="utf-8")
    assert ("party.role" in case) == bool(role) and role in case
    assert "act.kind" in case


def test_what_a_landlord_owns_is_not_taken_for_what_we_use(tmp_path: Path) -> None:
    result = ask(tmp_path / "c.yml", "we lease the building, landlord owns a hikvision camera")
    assert "is no situation" in result.output and "Taken as" not in result.output


@pytest.mark.parametrize(
    ("answers", "never"),
    [
        (("2", "Axis camera", "none that we know"), "contains_producer"),
        (("4", "not a Dahua camera"), "item.producer"),
        (("1", "Hikvision camera or an Axis camera"), "item.producer"),
        (("1", "Hikvision camera", "nobody"), "item.purpose"),
        (("1", "Hikvision camera", "not the police"), "item.purpose"),
        (("8", "Hikvision camera", "03/04/2022"), "authorized_on"),
        (("5", "Hikvision camera", "no idea"), "federal_award"),
        (("5", "Hikvision camera", "yes, but I am not sure"), "federal_award"),
        (("9", "QQ"), "party.jurisdiction"),
        (("1", "mobile service", "other", "Huawei", "yes"), "role_in_system"),
        (("a city",), "party.role"),
    ],
)
def test_what_is_denied_supposed_or_ambiguous_is_no_answer(
    tmp_path: Path, answers: tuple[str, ...], never: str
) -> None:
    ask(tmp_path / "c.yml", *answers)
    assert never not in (tmp_path / "c.yml").read_text(encoding="utf-8")


def test_an_answer_that_names_no_thing_is_asked_once_more_with_examples(tmp_path: Path) -> None:
    result = ask(tmp_path / "c.yml", "1", "1", "Huawei router")
    assert "Huawei router, Hikvision camera, Cisco switch, mobile service" in result.output.split("> ")[2]
    assert 'item.producer: "huawei"' in (tmp_path / "c.yml").read_text(encoding="utf-8")


def test_the_name_of_a_reading_is_kept_in_the_case_and_read_back(tmp_path: Path) -> None:
    path = tmp_path / "c.yml"
    result = ask(path, "1", "Hikvision camera", "car-park/wide", "?")
    assert 'item.purpose: ["car-park/wide"]' in path.read_text(encoding="utf-8")
    assert "Prohibited" in result.output
    again = CliRunner().invoke(cli, ["decide", str(path)], catch_exceptions=False)
    assert "Prohibited" in again.output
    path.write_text(path.read_text(encoding="utf-8").replace("car-park/wide", "a car park"), encoding="utf-8")
    refused = CliRunner().invoke(cli, ["decide", str(path)])
    assert refused.exit_code == 2 and "E402" in refused.output and "car-park/narrow" in refused.output


def test_the_choices_of_a_list_can_be_taken_by_number(tmp_path: Path) -> None:
    result = ask(tmp_path / "c.yml", "1", "Hikvision camera", "2")
    assert " 2  government facility security" in result.output
    text = (tmp_path / "c.yml").read_text(encoding="utf-8")
    assert 'item.purpose: ["government_facility_security"]' in text


def test_what_the_configuration_says_of_the_company_is_not_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "proscribe.toml").write_text(
        '[[contracts]]\nnumber = "47Q"\nagency = "GSA"\nclauses = ["52.204-25 (NOV 2021)"]\nawarded_on = 2024-05-20\n'
    )
    monkeypatch.chdir(tmp_path)
    result = ask(Path("c.yml"), "1", "Huawei router", "yesterday")
    assert (
        "From proscribe.toml, and not asked: contract.agency, contract.clauses, contract.awarded_on"
        in result.output
    )
    assert result.output.count("> ") == 3 and "Due by 2026-11-27" in result.output


def test_an_inquiry_is_offered_where_nobody_can_say_what_is_inside(tmp_path: Path) -> None:
    result = ask(tmp_path / "c.yml", "2", "Axis camera", "?", "2026-11-20", "everything")
    assert "When was the reasonable inquiry completed?" in result.output
    assert "What did the inquiry cover?" in result.output
    said = result.output.split("Written:")[1]
    assert "Not covered" in said and "by the reasonable inquiry of 2026-11-20" in said


@pytest.mark.parametrize(
    "answers", [("?",), ("2026-11-20", "Depot"), ("2026-11-28", "all"), ("2026-11-20", "?")]
)
def test_an_inquiry_that_is_not_there_or_does_not_reach_it_clears_nothing(
    tmp_path: Path, answers: tuple[str, ...]
) -> None:
    result = ask(tmp_path / "c.yml", "2", "Axis camera", "?", *answers)
    assert "Cannot be said yet" in result.output.split("Written:")[1]
    # a thing that bears the sign of a named firm is never asked about an inquiry
    other = ask(tmp_path / "d.yml", "2", "Hikvision camera", "?", "?", "?")
    assert "inquiry completed" not in other.output and "inquiry cover" not in other.output


#: In a public network of the United Kingdom; of the answers the last but one is of the company, the last of a place.
GB_ANSWERS = ("9", "GB", "Huawei 5G base station", "yes", "no")
DIRECTED = "party.is_directed_provider"


def test_answers_about_the_company_are_kept_and_not_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "Kept in" not in ask(Path("a.yml"), *GB_ANSWERS).output
    assert not (tmp_path / "proscribe.toml").exists(), "nothing is kept unasked"
    first = ask(Path("b.yml"), *GB_ANSWERS, more=("--save",))
    assert f"Kept in proscribe.toml for the whole company: {DIRECTED}." in first.output
    text = (tmp_path / "proscribe.toml").read_text()
    stated = [line for line in text.splitlines() if "=" in line]
    assert stated == [f"{DIRECTED} = true"], "what is of the matter is not the company's"
    again = ask(Path("c.yml"), *GB_ANSWERS[:3], "no", more=("--save",))
    assert f"not asked: {DIRECTED}" in again.output and again.output.count("> ") == 4
    assert "Nothing new about the company" in again.output
    assert (tmp_path / "proscribe.toml").read_text() == text


def test_what_is_of_a_contract_or_a_use_is_never_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from proscribe.app.rules.remember import of_the_company

    monkeypatch.chdir(tmp_path)
    answers = ("1", "Huawei router", "2026-11-26", "52.204-25 (NOV 2021)")
    result = ask(Path("b.yml"), *answers, more=("--save",))
    assert "Nothing new about the company" in result.output and not Path("proscribe.toml").exists()
    lets_go = {
        "contract.is_micro_purchase": True, "approval.granted": True, "funds.federal_award": False, "use.by": "third_party",
        "buyer.is_government": False, "reading.entity": "the_entity", "use.is_listed_and_disconnected": True, "party.role": "offeror",
    }  # fmt: skip
    assert of_the_company(lets_go) == {}


def test_what_stands_in_the_configuration_is_kept_byte_by_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = (
        b"# ours: keep every byte\r\nsites = ['Harrow HQ']   # as the files spell them\r\n"
        b"time_zone = \"\"\r\n[ facts ] # said once\r\nuse.by = 'the_entity'\r\n\r\n[options]\r\njurisdiction = 'GB'\r\n# end"
    )
    Path("proscribe.toml").write_bytes(before)
    result = ask(Path("b.yml"), *GB_ANSWERS, more=("--save",))
    assert result.exit_code == 0, result.output
    after = Path("proscribe.toml").read_bytes()
    added = f"{DIRECTED} = true\r\n".encode()
    assert after.count(added) == 1 and after.replace(added, b"") == before


def test_facts_said_in_another_way_are_not_rewritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    before = b"facts = {use.by = 'the_entity'}\n"
    Path("proscribe.toml").write_bytes(before)
    result = ask(Path("b.yml"), *GB_ANSWERS, more=("--save",))
    assert result.exit_code == 2 and "E469" in result.output and f"{DIRECTED} = true" in result.output
    assert Path("proscribe.toml").read_bytes() == before
    assert Path("b.yml").exists(), "the case is kept all the same"


def test_the_name_of_a_firm_in_the_configuration_is_no_other_value_than_its_id(tmp_path: Path) -> None:
    from proscribe.app.rules.decide import open_decider
    from proscribe.app.rules.remember import remember
    from proscribe.app.settings.config import find_config

    (tmp_path / "proscribe.toml").write_text('[facts]\ncontract.counterparty = "Hikvision"\n')
    kept = remember(
        find_config(named=tmp_path / "proscribe.toml"),
        {"contract.counterparty": "hikvision"},
        open_decider(),
    )
    assert (kept.names, kept.differ) == ((), ())


def test_saving_needs_answers_to_save(tmp_path: Path) -> None:
    (tmp_path / "c.yml").write_text("- id: a\n  as_of: 2026-11-27\n  facts: {}\n")
    for words in (
        ("decide", str(tmp_path / "c.yml"), "--save"),
        ("questions", str(tmp_path / "c.yml"), "--save"),
    ):
        result = CliRunner().invoke(cli, list(words))
        assert result.exit_code == 2 and "--save keeps" in result.output


@pytest.mark.parametrize("typed", ["3", "hikvision", "Hikvison", "HIKVISION"])
def test_who_made_it_has_a_list_to_choose_from(tmp_path: Path, typed: str) -> None:
    result = ask(tmp_path / "c.yml", "1", "Honeywell camera", typed, "hikvision")
    assert "3  hikvision" in result.output and "6  other" in result.output
    assert 'item.producer: "hikvision"' in (tmp_path / "c.yml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("typed", "maker"),
    [("dauha cam", "dahua"), ("hytrea radio", "hytera"), ("no dauha camera", ""), ("Axis camera, dauha inside", ""), ("hanwha camera", "")],
)  # fmt: skip
def test_a_slip_in_a_firm_that_is_named_is_taken_on_the_strict_side_and_said(
    tmp_path: Path, typed: str, maker: str
) -> None:
    result = ask(tmp_path / "c.yml", "8", typed)
    text = (tmp_path / "c.yml").read_text(encoding="utf-8")
    if maker:
        assert f'item.producer: "{maker}"' in text and f", {maker} (back takes it back)" in result.output
    else:
        assert not any(f'item.producer: "{name}"' in text for name in ("dahua", "hytera"))


def test_an_inquiry_of_one_site_says_why_it_answers_nothing(tmp_path: Path) -> None:
    result = ask(tmp_path / "c.yml", "2", "Axis camera", "?", "2026-11-20", "Depot")
    said = " ".join(result.output.split("Written:")[1].split())
    assert "Cannot be said yet" in said and "It covered Depot; a case names no site" in said


def test_a_case_that_is_there_is_told_and_answers_for_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    def told(*answers: str) -> Result:
        words = ["ask", "--no-config", "--as-of", "2026-11-27"]
        return CliRunner().invoke(cli, words, input="".join(f"{one}\n" for one in answers))

    told("1", "Cisco switch", "none")
    first = Path("case.yml").read_text(encoding="utf-8")
    silent = told("1", "Hikvision camera", "public safety", "2026-11-26")
    assert silent.exit_code == 2
    assert "other" in silent.output and "Not covered" not in silent.output
    assert Path("case.yml").read_text(encoding="utf-8") == first
    other = told("new", "1", "Hikvision camera", "public safety", "2026-11-26", "52.204-25 (NOV 2021)")
    assert "Prohibited" in other.output and "Written: case-2.yml" in other.output
    assert Path("case.yml").read_text(encoding="utf-8") == first
    assert "Written: case.yml" in told("on").output


def test_a_file_of_several_cases_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "two.yml"
    path.write_text(
        "".join(f"- id: {one}\n  as_of: 2026-11-27\n  facts: {{}}\n" for one in "ab"), encoding="utf-8"
    )
    before = path.read_text(encoding="utf-8")
    result = ask(path, "1")
    assert result.exit_code == 2 and "holds 2 cases" in result.output
    assert path.read_text(encoding="utf-8") == before
