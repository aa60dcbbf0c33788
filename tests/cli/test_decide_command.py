"""`proscribe decide` and `proscribe law`, as a person runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from proscribe.cli.main import cli
from proscribe.rules.facts import FACTS

CASE = """- id: hq <router>
  as_of: 2020-09-01
  regimes: [us-889-b]
  facts:
    party.jurisdiction: US
    party.role: offeror
    act.kind: award_contract
    item.producer: hikvision
    item.kind: video_surveillance_equipment
    item.role_in_system: substantial_or_essential_component
    use.by: the_entity
  expect: {outcome: undetermined, missing: [item.purpose]}
"""


def run(*arguments: str, answers: str | None = None) -> Result:
    return CliRunner().invoke(cli, list(arguments), input=answers)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "case.yml"
    path.write_text(CASE, encoding="utf-8")
    return path


def test_the_json_answer_has_the_vocabularys_shape(file: Path) -> None:
    result = run("decide", str(file), "-o", "json")
    assert result.exit_code == 0
    value = json.loads(result.stdout)
    (case,) = value["cases"]
    assert (case["id"], case["as_of"], case["outcome"]) == ("hq <router>", "2020-09-01", "undetermined")
    (determination,) = case["determinations"]
    assert {"regime", "outcome", "citations", "missing", "waivers", "until", "obligations", "trace"} <= set(
        determination
    )
    assert "item.purpose" in determination["missing"]
    assert determination["trace"]["children"]
    assert {"schema", "proscribe", "knowledge", "as_of"} <= set(value)
    assert run("decide", str(file), "-o", "json").stdout == result.stdout


def test_check_exits_with_one_and_prints_the_trace(file: Path) -> None:
    assert run("decide", str(file), "--check").exit_code == 0
    file.write_text(CASE.replace("outcome: undetermined", "outcome: prohibited"), encoding="utf-8")
    result = run("decide", str(file), "--check")
    assert result.exit_code == 1
    assert "expected prohibited; got undetermined" in result.stderr
    assert "item.purpose" in result.stderr
    assert "1 worked cases" in result.stderr


def test_a_bad_file_exits_with_two_and_no_traceback(file: Path) -> None:
    file.write_text(CASE.replace("item.producer", "item.produser"), encoding="utf-8")
    result = run("decide", str(file))
    assert result.exit_code == 2
    assert "case.yml:8" in result.stderr and "item.producer" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("form", ["table", "md", "html"])
def test_other_formats_carry_the_answer_and_are_harmless(file: Path, tmp_path: Path, form: str) -> None:
    target = tmp_path / "out"
    result = run("decide", str(file), "-o", f"{form}={target}")
    assert result.exit_code == 0
    text = target.read_text(encoding="utf-8")
    assert FACTS["item.purpose"].question in text.replace("\\", "")
    assert "not legal advice" in text
    if form == "html":
        assert "<router>" not in text and "&lt;router&gt;" in text
    unknown = run("decide", str(file), "-o", "pdf")
    assert unknown.exit_code == 2 and "E152" in unknown.stderr


OWN_ROUTER = """- id: own-router
  as_of: 2026-11-24
  facts:
    party.jurisdiction: US
    party.role: prime_contractor
    act.kind: use
    item.producer: huawei
    item.kind: telecommunications_equipment
    use.by: the_entity
"""
KNOWN_CLAUSE = """    contract.agency: GSA
    contract.clauses: ["52.204-25 (NOV 2021)"]
    event.identified_at: 2026-11-24
    event.during_performance: true
"""


def test_one_case_is_answered_in_a_few_lines_in_plain_words(tmp_path: Path) -> None:
    path = tmp_path / "own.yml"
    path.write_text(OWN_ROUTER, encoding="utf-8")
    text = run("decide", str(path)).stdout
    lines = text.splitlines()
    assert len(lines) <= 16
    said = " ".join(text.split())
    assert "Prohibited. You may not use this. Why: The entity uses covered equipment" in said
    assert "Section 889(a)(1)(B) of Pub. L. 115-232; 48 CFR 52.204-25(b)(2)" in said
    assert (
        "May be due after it is found" in said
        and "within 1 business day, if 48 CFR 52.204-25 is in a contract" in said
    )
    for internal in ("item.", "us-889", "waiver.", "event."):
        assert internal not in text
    full = run("decide", str(path), "--trace").stdout
    assert "us-889-b: Prohibited" in full and "item.role_in_system" in full
    (case,) = json.loads(run("decide", str(path), "-o", "json").stdout)["cases"]
    assert case["answer"]["outcome"] == "prohibited"
    assert case["answer"]["due"][0]["hinges_on"] == "48 CFR 52.204-25 is in a contract"


def test_a_clock_that_runs_is_named_with_its_day_and_duties_of_a_clause_are_one_line(tmp_path: Path) -> None:
    path = tmp_path / "own.yml"
    path.write_text(OWN_ROUTER + KNOWN_CLAUSE, encoding="utf-8")
    said = " ".join(run("decide", str(path)).stdout.split())
    assert "Due by 2026-11-25, in 1 day: report to" in said
    assert "flow down all but paragraph (b)(2)" in said
    assert said.count("48 CFR 52.204-25:") == 1
    late = " ".join(run("decide", str(path), "--as-of", "2026-12-01").stdout.split())
    assert "Was due by 2026-11-25, 6 days ago, overdue unless done: report to" in late


def test_several_cases_take_a_line_or_two_each(tmp_path: Path) -> None:
    path = tmp_path / "own.yml"
    path.write_text(OWN_ROUTER + OWN_ROUTER.replace("own-router", "second") + CASE, encoding="utf-8")
    text = run("decide", str(path)).stdout
    assert "Could be lifted" not in text and "Each in full: --trace" in text
    assert [line.partition(",")[0] for line in text.splitlines() if ", as of 20" in line] == [
        "own-router", "second", "hq <router>",
    ]  # fmt: skip


def test_as_of_asks_another_day(file: Path) -> None:
    value = json.loads(run("decide", str(file), "-o", "json", "--as-of", "2020-08-12").stdout)
    assert value["cases"][0]["outcome"] == "not_in_force"
    no_day = run("decide", str(file), "--as-of", "soon")
    assert no_day.exit_code == 2 and "E404" in no_day.stderr


def test_what_would_settle_it_is_shown(file: Path) -> None:
    result = run("decide", str(file), "--whatif")
    assert "What would settle it: item.purpose" in result.stdout


def test_interactive_asks_what_matters_and_writes_the_case(tmp_path: Path) -> None:
    path = tmp_path / "new.yml"
    path.write_text("id: new\nas_of: 2020-09-01\nregimes: [us-889-b]\nfacts: {}\n", encoding="utf-8")
    answers = "US\nofferor\naward_contract\nhuawi spelled freely\n"
    result = run("decide", str(path), "--interactive", answers=answers + "\n" * 3)
    assert result.exit_code == 0, result.output
    assert "Who made it?" in result.output
    assert 'party.role: "offeror"' in path.read_text(encoding="utf-8")
    path.write_text("id: new\nas_of: 2020-09-01\nregimes: [us-889-b]\nfacts: {}\n", encoding="utf-8")
    outside = run("decide", str(path), "--interactive", answers="US\ntelecom_operator\nuse\n")
    assert "Who made it?" not in outside.output  # the role alone puts it outside
    assert "Not covered" in outside.output


def test_interactive_repeats_a_wrong_answer_and_skips_what_is_not_known(tmp_path: Path) -> None:
    path = tmp_path / "new.yml"
    result = run(
        "decide",
        str(path),
        "--interactive",
        "--as-of",
        "2020-09-01",
        answers="us\nUS\noferor\nofferor\n?\n?\n\n",
    )
    assert result.exit_code == 0, result.output
    assert "Did you mean 'US'?" in result.output
    assert "Did you mean 'offeror'?" in result.output
    assert run("decide", str(path)).exit_code == 0


def test_an_answer_says_when_its_law_was_last_checked(file: Path) -> None:
    text = run("decide", str(file)).stdout
    assert "Law last checked on 20" in text
    (found,) = json.loads(run("decide", str(file), "-o", "json").stdout)["cases"][0]["determinations"]
    assert found["checked_on"] in text
    for name in ("md", "html"):
        assert "Law last checked on 20" in run("decide", str(file), "-o", name).stdout


def test_law_sources_says_what_is_due() -> None:
    told = json.loads(run("law", "sources", "--as-of", "2026-11-28", "-o", "json").stdout)
    rows = {row["regime"]: row for row in told["regimes"]}
    row = rows["us-889-b"]
    assert row["checked_on"] < row["due_on"] and not row["due"]
    assert row["watch"] and all(source["retrieved_on"] for source in row["sources"])
    assert run("law", "sources", "--due", "--as-of", "2026-11-28").stdout.splitlines()[0] == "Nothing is due."
    late = run("law", "sources", "--due", "--jurisdiction", "us", "--as-of", "2030-01-01").stdout
    assert "us-889-b: last checked on" in late and "DUE" in late and "  watch: " in late
    no_day = run("law", "sources", "--as-of", "soon")
    assert no_day.exit_code == 2 and "E404" in no_day.stderr


def test_law_list_show_stance_and_diff() -> None:
    listed = run("law", "list", "--jurisdiction", "us", "--as-of", "2020-08-13")
    assert "us-889-b" in listed.stdout and "in force" in listed.stdout
    shown = run("law", "show", "us-889-b")
    assert "Pub. L. 115-232" in shown.stdout and "prohibited when" in shown.stdout
    wrong = run("law", "show", "us-889-bb")
    assert wrong.exit_code == 2 and "us-889-b" in wrong.stderr
    before = json.loads(
        run("law", "stance", "--jurisdiction", "US", "--as-of", "2020-08-12", "-o", "json").stdout
    )
    assert before["jurisdiction"] == "US" and "us-889-b" in before["pending"]
    after = json.loads(
        run("law", "stance", "--jurisdiction", "US", "--as-of", "2020-08-13", "-o", "json").stdout
    )
    assert after["stance"] == "ban" and "us-889-b" not in after["pending"]
    changed = run("law", "diff", "--from", "2020-08-12", "--to", "2020-08-13")
    assert "us-889-b" in changed.stdout and "came into force on 2020-08-13" in changed.stdout
    turned = run("law", "diff", "--from", "2020-08-13", "--to", "2020-08-12")
    assert turned.exit_code == 2 and "before the earlier one" in turned.stderr
    assert json.loads(run("law", "show", "us-889-b", "-o", "json").stdout)["rules"]
    assert json.loads(run("law", "diff", "--from", "2020-08-12", "--to", "2020-08-13", "-o", "json").stdout)[
        "changes"
    ]


def test_an_author_checks_one_regime_by_itself(tmp_path: Path) -> None:

    source = Path(__file__).parents[2] / "knowledge"
    for regime in ("us-889-b", "us-889-a"):  # with the regimes that hold waivers of them
        good = run("law", "check", regime, "--source", str(source))
        assert good.exit_code == 0, good.output
        assert "worked cases run; 0 problems" in good.stderr
    absent = run("law", "check", "us-nothing", "--source", str(source))
    assert absent.exit_code == 1
    assert "us-nothing: no regime.yml" in absent.stdout


def test_a_slip_in_the_name_of_a_firm_is_asked_about_first(tmp_path: Path) -> None:
    path = tmp_path / "case.yml"
    path.write_text(
        "- id: cam\n  as_of: 2026-11-27\n  facts: {party.jurisdiction: US, party.role: prime_contractor, act.kind: use, "
        "use.by: the_entity, item.producer: hikvison, item.kind: video_surveillance_equipment}\n"
    )
    said = " ".join(run("decide", str(path), "-o", "table").output.split())
    first = said.partition("Cannot be said until")[2].partition(" 1. ")[2]
    assert first.startswith("Who made it? The knowledge holds no firm 'hikvison'. Did you mean hikvision?")
    path.write_text(path.read_text().replace("hikvison", "zzqqyyxx"))
    assert "Which firm is it?" in " ".join(run("decide", str(path), "-o", "table").output.split())


def test_a_tie_that_one_source_remembers_is_no_open_law(tmp_path: Path) -> None:
    path = tmp_path / "case.yml"
    path.write_text(
        "- id: cam\n  as_of: 2026-11-27\n  facts: {party.jurisdiction: US, party.role: prime_contractor, act.kind: use, "
        "use.by: the_entity, item.producer: hikmicro, item.kind: video_surveillance_equipment, item.purpose: [public_safety]}\n"
    )
    said = " ".join(run("decide", str(path), "-o", "table").output.split())
    assert (
        "Whose firm is the maker? The tie rests on one source that does not decide: hikmicro → hikvision"
        in said
    )
    assert "a source is missing" in said and "the law is open" not in said


def test_questions_of_an_answer_that_is_said_do_not_hold_it_up(tmp_path: Path) -> None:
    path = tmp_path / "case.yml"
    path.write_text(
        "- id: robot\n  as_of: 2024-07-01\n  regimes: [us-fcc-equipment-authorization]\n  facts: {party.jurisdiction: US, "
        "party.role: equipment_maker, act.kind: authorize_equipment, item.producer: hikvision, item.kind: robot, "
        "item.origin: US, item.contains_producer: []}\n"
    )
    said = " ".join(run("decide", str(path), "-o", "table").output.split())
    assert "Approval needed" in said and "Could change with an answer: 1. " in said
    assert "Cannot be said until" not in said


def test_a_case_without_an_id_shows_how_one_is_written(tmp_path: Path) -> None:
    (tmp_path / "case.yml").write_text(
        "as_of: 2026-11-29\nfacts:\n  party.jurisdiction: US\n", encoding="utf-8"
    )
    done = CliRunner().invoke(cli, ["decide", str(tmp_path / "case.yml")])
    assert done.exit_code == 2 and "E406" in done.output
    assert "id: gate-camera" in " ".join(done.output.split()) and "scan --decide" in " ".join(
        done.output.split()
    )


def _told(tmp_path: Path, facts: str, *options: str, as_of: str = "2026-11-27") -> str:
    path = tmp_path / "told.yml"
    path.write_text(
        f"- {{id: told, as_of: {as_of}, facts: {{party.jurisdiction: US, {facts}}}}}\n", encoding="utf-8"
    )
    result = run("decide", str(path), *options)
    return " ".join((result.stdout).split())


def test_a_ban_on_money_is_told_as_one_and_cost_share_as_a_reading(tmp_path: Path) -> None:
    facts = "party.role: grant_recipient, act.kind: procure, funds.federal_award: true, item.producer: huawei, item.kind: telecommunications_equipment, "
    shared = _told(tmp_path, facts + "funds.kind: cost_share")
    assert "Prohibited. Award funds may not pay for this." in shared and "may not be bought" not in shared
    assert "reaches cost share is our reading" in shared
    assert "our reading" not in _told(tmp_path, facts + "funds.kind: direct")


def test_a_clause_on_covered_missions_is_named_with_the_mission(tmp_path: Path) -> None:
    facts = (
        "party.role: prime_contractor, act.kind: exercise_option, contract.agency: Navy, contract.awarded_on: 2024-05-01, "
        "contract.counterparty: other, use.by: the_entity, item.producer: hikvision, item.kind: video_surveillance_equipment, item.purpose: "
    )
    of_none = _told(tmp_path, facts + "[none]")
    assert (
        "if 48 CFR 252.204-7018 is in a contract and it carries out a covered mission (section 1656)"
        in of_none
    )
    assert "what Hytera, Hikvision or Dahua make does not count here" in of_none
    assert "does not count here" not in _told(tmp_path, facts + "[public_safety]")


def test_a_waiver_is_refused_with_the_days_that_stand_against_it(tmp_path: Path) -> None:
    facts = (
        "party.role: government_buyer, act.kind: waive, waiver.grantor: agency_head, waiver.part: b, waiver.requester: government_entity, "
        "waiver.has_justification: true, waiver.has_laydown: true, waiver.has_phase_out_plan: true, waiver.odni_consulted: true, "
        "waiver.has_scrm_official: true, waiver.fasc_participation: true, waiver.granted_on: 2020-10-01, waiver.odni_fasc_notice_on: 2020-09-20, "
    )
    late = _told(tmp_path, facts + "waiver.valid_to: 2022-09-01", as_of="2020-10-01")
    assert (
        "not met: ends by 2022-08-13 (last day of the waiver: 2022-09-01); not shown: ODNI and FASC notified"
        in late
    )
    assert "(day of the notice to ODNI and the FASC: 2020-09-20, day of the grant: 2020-10-01)" in late


def test_the_proof_begins_with_the_rule_that_says_why(tmp_path: Path) -> None:
    facts = "party.role: equipment_maker, act.kind: import, item.producer: byd, item.kind: vehicle_connectivity_hardware, item.model_year: 2029"
    proof = _told(tmp_path, facts, "-o", "md").partition("Every rule asked")[2]
    assert proof.index("us-connected-vehicles: Not covered") < proof.index("us-889-a: Not covered")
    assert "Confidence: medium" in proof.partition("us-889-a: Not covered")[0]
