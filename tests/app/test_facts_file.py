"""FACTS.yml and filled-in questionnaires: strict, with the place and the nearest valid name."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proscribe.app.kb.firms import Firms
from proscribe.app.rules.decide import open_decider
from proscribe.app.rules.facts_file import answers_of, facts_of, meant, read_answers, read_stated, unmeant
from proscribe.model.errors import CaseError
from proscribe.model.law import Law
from proscribe.reports.questions import Question
from proscribe.rules.facts import FACTS, WrongValue, typed
from proscribe.rules.purposes import NO_PURPOSES

from .conftest import write_csv, write_xlsx

HEADER = ("Question", "Answer", "Fact", "Applies to")


@pytest.fixture(scope="module")
def known() -> tuple[Law, Firms]:
    decider = open_decider()
    entities = decider.firms
    return decider.law, entities


def test_every_type_of_a_fact_can_be_asked() -> None:
    """A question says of each fact what may be answered, with an example."""
    for spec in FACTS.values():
        asked = Question(
            spec.name, "company", "", "", spec.question, "", "", spec.type, spec.values, (), True, (), ()
        )
        assert asked.allowed and "? when" in asked.such_as


def test_every_scope_is_read_with_its_place(known: tuple[Law, Firms]) -> None:
    text = """title: ours
as_of: 2026-03-02
regimes: [us-889-b, us-889-a]
facts:
  party.role: offeror
  item.purpose: null
sites:
  Harrow HQ: {item.purpose: [none]}
entities:
  dahua: {item.origin: CN}
categories:
  video_surveillance_equipment: {item.role_in_system: neither}
things:
  hikvision/unknown@Harrow HQ: {item.contains_producer: []}
findings:
  f_1: {item.producer: other}
"""
    found = facts_of(text, "facts.yml", *known)
    assert found.as_of == date(2026, 3, 2)
    assert found.regimes == ("us-889-b", "us-889-a")
    assert [(str(item.scope), item.fact, item.value) for item in found.statements] == [
        ("company", "party.role", "offeror"),
        ("site:Harrow HQ", "item.purpose", ("none",)),
        ("entity:dahua", "item.origin", "CN"),
        ("category:video_surveillance_equipment", "item.role_in_system", "neither"),
        ("things:hikvision/unknown@Harrow HQ", "item.contains_producer", ()),
        ("finding:f_1", "item.producer", "other"),
    ]
    assert found.statements[0].at.startswith("facts.yml:5:")


@pytest.mark.parametrize(
    ("text", "code", "where", "near"),
    [
        ("facts:\n  party.rol: offeror\n", "E401", ":2:", "party.role"),
        ("facts:\n  party.role: offerer\n", "E402", ":2:", "offeror"),
        ("facts:\n  contract.clauses: [52.204-25 (MAR 2031)]\n", "E429", ":2:", ""),
        ("facts:\n  contract.clauses: 52.204-25 (MAR 2031)\n", "E429", ":2:", ""),
        ("facts:\n  contract.clauses:\n  - 52.212-4\n  - FAR 52.204-30 Alt I (JAN 2019)\n", "E429", ":4:", ""),
        ("facts:\n  use.supports_federal_contract: yes\n", "E402", ":2:", "true"),
        ("regimes: [us-889-bb]\n", "E403", ":1:", "us-889-b"),
        ("regimes: [us-far-52.204-25]\n", "E403", ":1:", ""),
        ("facts:\n  contract.awarded_on: 1.2.2020\n", "E404", ":2:", ""),
        ("as_of: soon\n", "E404", ":1:", ""),
        ("facts: {use.by: landlord}\nsites:\n  HQ: {use.by: the_entity}\n", "E405", ":3:", ""),
        ("facts: {use.by: the_entity}\nentities:\n  dahua: {use.by: landlord}\n", "E405", ":3:", ""),
        ("facts: {use.state: in_service}\nsites:\n  HQ: {use.state: disposed}\n", "E405", ":3:", ""),
        ("facts: {waiver.granted_on: 2021-02-01, waiver.valid_to: 2021-01-01}\n", "E405", ":1:", ""),
        ("fact: {}\n", "E406", ":1:", "facts"),
        ("party.role: offeror\n", "E406", ":1:", "facts: party.role"),
        ("- a\n", "E406", ":1:", ""),
        ("sites: [HQ]\n", "E406", ":1:", ""),
        ("sites:\n  HQ: yes\n", "E406", ":2:", ""),
        ("facts:\n  item.producer: huawei\n", "E406", ":2:", ""),
        ("sites:\n  HQ: {item.producer: huawei}\n", "E406", ":2:", ""),
        ("entities:\n  hikvison: {use.by: landlord}\n", "E406", ":2:", "hikvision"),
        ("categories:\n  video_surveilance_equipment: {use.by: landlord}\n", "E406", ":2:",
         "video_surveillance_equipment"),
        ("findings:\n  '17': {use.by: landlord}\n", "E406", ":2:", ""),
        ("things:\n  cameras: {use.by: landlord}\n", "E406", ":2:", ""),
        ("sites:\n  Harrow HQ: {}\n  harrow  hq: {}\n", "E408", ":3:", ""),
        ("facts: {}\nfacts: {}\n", "E408", ":2:", ""),
        ("facts: &a {}\n", "E409", ":1:", ""),
        ("facts: [\n", "E407", "", ""),
    ],
)  # fmt: skip
def test_a_slip_is_named_with_its_place(
    known: tuple[Law, Firms], text: str, code: str, where: str, near: str
) -> None:
    with pytest.raises(CaseError) as caught:
        facts_of(text, "facts.yml", *known)
    assert caught.value.code == code
    assert caught.value.at.startswith("facts.yml" + where)
    assert near in caught.value.next_step


def test_an_edition_that_never_was_is_refused_with_those_that_there_are(known: tuple[Law, Firms]) -> None:
    for clause in known[0].clauses.values():
        there = [one.name for one in clause.editions if one.name]
        for name in ["", *there]:
            text = f"facts:\n  contract.clauses: [{clause.number}{f' ({name})' if name else ''}]\n"
            assert len(facts_of(text, "facts.yml", *known).statements) == 1
        text = f"facts:\n  contract.clauses: [{clause.number} (FEB 2031)]\n"
        if not there:
            assert len(facts_of(text, "facts.yml", *known).statements) == 1
            continue
        with pytest.raises(CaseError, match="has no edition FEB 2031") as caught:
            facts_of(text, "facts.yml", *known)
        assert all(name in (caught.value.expected or "") for name in there)


def test_several_slips_are_all_named(known: tuple[Law, Firms]) -> None:
    with pytest.raises(CaseError) as caught:
        facts_of("facts: {a.b: 1, c.d: 2}\nsites: 3\n", "facts.yml", *known)
    assert str(caught.value).count("facts.yml:") == 3


def test_a_missing_file_is_an_error_of_its_own(known: tuple[Law, Firms], tmp_path: Path) -> None:
    for name in ("no.yml", "no.xlsx"):
        with pytest.raises(CaseError) as caught:
            read_stated([tmp_path / name], *known)
        assert caught.value.code == "E411"


# Questionnaires

ANSWERS = (
    ("What are you here?", "prime_contractor", "party.role", "company"),
    ("What is it for?", "none", "item.purpose", "site:Harrow HQ"),
    ("What is it for?", "public_safety; critical_infrastructure_surveillance", "item.purpose", "site:Depot"),
    ("Is it a micro-purchase?", "No", "contract.is_micro_purchase", "company"),
    ("Whose equipment is inside?", "[]", "item.contains_producer", "things:dahua/unknown@Depot"),
    ("Who made it?", "?", "item.producer", "finding:f_1"),
    ("Who made it?", "", "item.producer", "finding:f_2"),
    ("Regimes", "us-889-a; us-889-b", "regimes", "company"),
)


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_answers_come_back(known: tuple[Law, Firms], tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"answers.{suffix}"
    (write_xlsx if suffix == "xlsx" else write_csv)(path, ANSWERS, HEADER)
    found = read_stated([path], *known)
    assert found.regimes == ("us-889-a", "us-889-b")
    assert [(str(item.scope), item.fact, item.value) for item in found.statements] == [
        ("company", "party.role", "prime_contractor"),
        ("site:Harrow HQ", "item.purpose", ("none",)),
        ("site:Depot", "item.purpose", ("public_safety", "critical_infrastructure_surveillance")),
        ("company", "contract.is_micro_purchase", False),
        ("things:dahua/unknown@Depot", "item.contains_producer", ()),
    ]


def test_every_entry_that_the_questionnaire_offers_is_taken(known: tuple[Law, Firms], tmp_path: Path) -> None:
    offered = [
        (fact, value)
        for fact, spec in FACTS.items()
        if spec.type in ("choice", "choices")
        for value in spec.values
    ]
    for number, (fact, value) in enumerate(offered):
        assert meant(fact, value) in (value, [value])
        words = value.replace("_", " ")
        assert typed(fact, meant(fact, words.capitalize())) in (value, (value,)), (fact, number)
    rows = [
        ("What kind of thing is it?", "telecommunications equipment", "item.kind", "finding:f_1"),
        ("Is it in use?", "In service", "use.state", "finding:f_1"),
        ("What is it for?", "public safety; government facility security", "item.purpose", "site:Depot"),
    ]
    found = read_answers(write_csv(tmp_path / "a.csv", rows, HEADER), *known)
    assert [one.value for one in found.statements] == [
        "telecommunications_equipment",
        "in_service",
        ("public_safety", "government_facility_security"),
    ]


@pytest.mark.parametrize(
    ("row", "code", "column", "near"),
    [
        (("q", "prime contracter", "party.role", "company"), "E402", "Answer", "prime_contractor"),
        (("q", "offeror", "party.rol", "company"), "E401", "Fact", "party.role"),
        (("q", "none", "item.purpose", "sit:Depot"), "E406", "Applies to", "site"),
        (("q", "huawei", "item.producer", "site:Depot"), "E406", "Fact", ""),
        (("q", "maybe", "contract.is_idiq", "company"), "E402", "Answer", ""),
        (("q", "yesterday", "contract.awarded_on", "company"), "E404", "Answer", ""),
        (("q", "52.204-25 (AUG 2020); 252.204-7018 (MAY 2031)", "contract.clauses", "company"), "E429", "Answer", ""),
        (("q", "none; public_safety", "item.purpose", "site:Depot"), "E402", "Answer", ""),
        (("q", "us-889", "regimes", "company"), "E403", "Answer", ""),
    ],
)  # fmt: skip
@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_a_wrong_answer_is_named_with_row_and_column(
    known: tuple[Law, Firms],
    tmp_path: Path,
    suffix: str,
    row: tuple[str, ...],
    code: str,
    column: str,
    near: str,
) -> None:
    path = tmp_path / f"answers.{suffix}"
    good = ("q", "use", "act.kind", "company")
    (write_xlsx if suffix == "xlsx" else write_csv)(path, [good, good, row], HEADER)
    with pytest.raises(CaseError) as caught:
        read_answers(path, *known)
    assert caught.value.code == code
    assert "row 4" in caught.value.at and f"column {column!r}" in caught.value.at
    assert near in caught.value.next_step


def test_a_file_without_the_columns_is_no_questionnaire(known: tuple[Law, Firms], tmp_path: Path) -> None:
    path = write_csv(tmp_path / "other.csv", [("a", "b")], ("Asset", "Maker"))
    with pytest.raises(CaseError) as caught:
        read_answers(path, *known)
    assert caught.value.code == "E412"


def test_a_damaged_workbook_gives_no_half_of_the_answers(known: tuple[Law, Firms], tmp_path: Path) -> None:
    whole = write_xlsx(tmp_path / "whole.xlsx", ANSWERS, HEADER).read_bytes()
    for cut in (0, 10, len(whole) // 2, len(whole) - 30):
        path = tmp_path / "cut.xlsx"
        path.write_bytes(whole[:cut])
        with pytest.raises(CaseError) as caught:
            read_answers(path, *known)
        assert caught.value.code in ("E411", "E412")


def test_facts_and_answers_that_differ_are_refused_and_equal_ones_joined(
    known: tuple[Law, Firms], tmp_path: Path
) -> None:
    facts = tmp_path / "facts.yml"
    answers = write_csv(tmp_path / "answers.csv", ANSWERS, HEADER)
    facts.write_text("facts: {party.role: prime_contractor}\n")
    assert len(read_stated([facts, answers], *known).statements) == 5
    facts.write_text("facts: {party.role: subcontractor}\n")
    with pytest.raises(CaseError) as caught:
        read_stated([facts, answers], *known)
    assert caught.value.code == "E405"
    assert "facts.yml:1:" in str(caught.value) and "answers.csv row 2" in str(caught.value)


_CELLS = st.text(max_size=30) | st.sampled_from(
    [
        "company",
        "site:Depot",
        "finding:f_1",
        "item.purpose",
        "party.role",
        "none",
        "offeror",
        "Fact",
        "Answer",
        "yes",
    ]
)


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(rows=st.lists(st.tuples(_CELLS, _CELLS, _CELLS, _CELLS), max_size=6))
def test_any_cells_give_answers_or_a_named_error(
    known: tuple[Law, Firms], tmp_path: Path, rows: list[tuple[str, ...]]
) -> None:
    path = tmp_path / "any.csv"
    path.write_text(
        "".join(
            ",".join('"' + cell.replace('"', '""') + '"' for cell in row) + "\n" for row in [HEADER, *rows]
        ),
        encoding="utf-8",
        errors="replace",
    )
    try:
        found = read_answers(path, *known)
    except CaseError as error:
        assert error.code.startswith("E4") and str(path) in str(error)
    else:
        assert all(item.fact in FACTS for item in found.statements)


@settings(max_examples=150)
@given(text=st.text(alphabet=st.sampled_from("facts:sites \n{}[]-'\"item.purpose,none&*!|#1"), max_size=80))
def test_any_text_gives_facts_or_a_named_error(known: tuple[Law, Firms], text: str) -> None:
    try:
        facts_of(text, "facts.yml", *known)
    except CaseError as error:
        assert error.at.startswith("facts.yml")


@given(data=st.data())
def test_an_answer_is_read_back_as_it_was_written(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(FACTS)))
    spec = FACTS[name]
    raw = {
        "bool": st.booleans(),
        "integer": st.integers(0, 9999).map(str),
        "date": st.dates().map(str),
        "date_or_year": st.dates().map(str) | st.integers(1990, 2090).map(str),
        "date_or_instant": st.dates().map(str) | st.just("2026-03-02T09:30:00-05:00"),
        "text": st.sampled_from(["DoD", "GSA"]),
        "country": st.sampled_from(["US", "NO"]),
        "subdivision": st.sampled_from(["US-LA", "GB-ENG"]),
        "number": st.decimals(0, 9999, places=2).map(str),
        "agency": st.sampled_from(["GSA", "U.S. Navy"]),
        "texts": st.lists(st.sampled_from(["all", "Depot 4"]), unique=True),
        "choice": st.sampled_from(spec.values or ("-",)),
        "choices": st.lists(
            st.sampled_from([one for one in spec.values if one != "none"] or ["-"]), min_size=1, unique=True
        )
        | st.just(["none"] if "none" in spec.values else list(spec.values[:1]) or ["-"]),
        "entity": st.sampled_from(["huawei", "other"]),
        "entities": st.lists(st.sampled_from(["huawei", "hisilicon"]), unique=True),
        "clauses": st.lists(st.sampled_from(["52.204-25 (NOV 2021)", "52.240-91"]), unique=True),
    }[spec.type]
    value = typed(name, data.draw(raw))
    assert typed(name, meant(name, unmeant(value))) == value


CONFIG = """[facts]
party.role = "prime_contractor"
"use.by" = "the_entity"

[options]
jurisdiction = "US"

[[contracts]]
number = "47Q"
agency = "GSA"
clauses = ["52.204-25 (NOV 2021)"]
awarded_on = 2024-05-20
"""


def test_the_configuration_states_the_company_once_and_a_file_of_facts_prevails(
    tmp_path: Path, known: tuple[Law, Firms]
) -> None:
    (tmp_path / "proscribe.toml").write_text(CONFIG)
    (tmp_path / "f.yml").write_text("facts: {contract.agency: NASA}\nsites: {Yard: {use.by: landlord}}\n")
    found = read_stated([tmp_path / "proscribe.toml", tmp_path / "f.yml"], *known)
    told = {(str(item.scope), item.fact): item.value for item in found.statements}
    assert told[("company", "party.role")] == "prime_contractor"
    assert told[("company", "party.jurisdiction")] == "US"
    assert told[("company", "contract.clauses")] == ("52.204-25 (NOV 2021)",)
    assert told[("company", "contract.agency")] == "NASA"
    # what is stated anywhere is not stated again for the company
    assert ("company", "use.by") not in told and told[("site:Yard", "use.by")] == "landlord"


def test_funds_of_the_configuration_hold_where_a_file_says_nothing_of_them(
    tmp_path: Path, known: tuple[Law, Firms]
) -> None:
    toml, facts = tmp_path / "proscribe.toml", tmp_path / "f.yml"
    toml.write_text(
        '[funds]\n"NSF 2312" = {federal_award = true}\nGift = {kind = "own"}\n[facts]\nfunds.kind = "direct"\n'
    )
    facts.write_text("funds: {nsf  2312: {federal_award: false}}\n")
    told = {(str(one.scope), one.fact): one.value for one in read_stated([toml, facts], *known).statements}
    assert told == {
        ("fund:nsf 2312", "funds.federal_award"): False,
        ("fund:Gift", "funds.kind"): "own",
        ("company", "funds.kind"): "direct",
    }
    toml.write_text('[funds.Gift]\nitem.producer = "other"\n')
    with pytest.raises(CaseError, match="E406"):
        read_stated([toml], *known)


def test_readings_of_kinds_of_sites_are_taken_once_for_all(tmp_path: Path) -> None:
    decider = open_decider()
    entities = decider.firms
    toml, facts = tmp_path / "proscribe.toml", tmp_path / "f.yml"
    toml.write_text('[readings]\nbank = "narrow"\ncar-park = "wide"\n')
    facts.write_text("readings: {bank: wide}\nsites: {Yard: {item.purpose: [none]}}\n")
    found = read_stated([toml, facts], decider.law, entities, decider.purposes)
    told = {str(item.scope): item.value for item in found.statements}
    # what one file says of another place takes no reading away
    assert told == {
        "place:bank": ("public_safety",),
        "place:car-park": ("public_safety",),
        "site:Yard": ("none",),
    }
    assert any("place:bank rests on the reading bank/wide" in note for note in found.notes)
    for text, name in (('bank = "broad"', "bank"), ('bench = "wide"', "bench")):
        toml.write_text(f"[readings]\n{text}\n")
        with pytest.raises(CaseError, match=f"E402.*{name}") as caught:
            read_stated([toml], decider.law, entities, decider.purposes)
        assert "readings" in str(caught.value)
    facts.write_text("readings: {car-park: sideways}\n")
    with pytest.raises(CaseError, match="E402"):
        read_stated([facts], decider.law, entities, decider.purposes)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ('party.roll = "x"', "E401"),
        ('party.role = "boss"', "E402"),
        ('contract.awarded_on = "someday"', "E404"),
        ('item.producer = "huawei"', "E406"),
        ("party = 3", "E401"),
        ('contract.clauses = ["52.204-24 (JAN 1999)"]', "E429"),
    ],
)
def test_facts_of_the_configuration_that_are_none_are_refused(
    tmp_path: Path, known: tuple[Law, Firms], facts: str, code: str
) -> None:
    path = tmp_path / "proscribe.toml"
    path.write_text(f"[facts]\n{facts}\n")
    with pytest.raises(CaseError) as caught:
        read_stated([path], *known)
    assert caught.value.code == code and "proscribe.toml" in (caught.value.at or "")


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "me",
        "12",
        "see the label",
        "ask Bob",
        "probably Axis",
        "Axis, who knows",
        "Axis?",
        "Axis (tbc)",
        "looks like Axis",
        "-",
    ],
)
def test_what_names_no_maker_is_no_answer_to_who_made_it(known: tuple[Law, Firms], text: str) -> None:
    with pytest.raises(WrongValue, match="names no maker"):
        known[1].stated("item.producer", text)
    assert not known[1].is_other(text)
    assert known[1].stated("item.producer", "Axis") and known[1].stated("item.producer", "other") == "other"


@pytest.mark.parametrize(
    ("fact", "scope", "answer", "value"),
    [
        ("use.state", "finding:f_1", "Ja", "in_service"),
        ("use.state", "finding:f_1", "はい", "in_service"),
        ("contract.is_idiq", "company", "nein", False),
        ("contract.is_idiq", "company", "Да", True),
        ("item.producer", "finding:f_1", "Other", "other"),
        ("item.producer", "finding:f_1", "OTHER.", "other"),
    ],
)
def test_an_answer_is_taken_in_the_words_of_whoever_fills_the_sheet_in(
    known: tuple[Law, Firms], tmp_path: Path, fact: str, scope: str, answer: str, value: Any
) -> None:
    found = read_answers(write_csv(tmp_path / "a.csv", [("q", answer, fact, scope)], HEADER), *known)
    assert [one.value for one in found.statements] == [value]


@pytest.mark.parametrize("answer", ["no", "nein", "yes, mostly", "other than that one"])
def test_what_could_mean_two_things_is_refused_with_the_row_of_the_sheet(
    known: tuple[Law, Firms], tmp_path: Path, answer: str
) -> None:
    """Not in use may be stored or disposed of, and only one of these is gone."""
    path = write_csv(tmp_path / "a.csv", [("q", answer, "use.state", "finding:f_1")], HEADER)
    with pytest.raises(CaseError) as caught:
        read_answers(path, *known)
    assert "stored_disconnected" in caught.value.expected
    assert "a.csv" in caught.value.next_step and "row 2" in caught.value.next_step


def test_a_comment_behind_a_fact_is_kept_beside_it(known: tuple[Law, Firms]) -> None:
    text = """# said once
facts:  # of the whole firm
  party.role: offeror   # as of the bid of May; asked Ms. Ruiz
  party.jurisdiction: US                 # where the company is
  contract.agency: "GSA # region 4"
sites:
  Harrow HQ: {use.by: the_entity, item.purpose: [none]}  # walked round on 2026-03-02
"""
    found = {(one.fact, str(one.scope)): one.note for one in facts_of(text, "facts.yml", *known).statements}
    walked = "walked round on 2026-03-02"
    assert found == {
        ("party.role", "company"): "as of the bid of May; asked Ms. Ruiz",
        # what a new file of facts says itself is nobody's note
        ("party.jurisdiction", "company"): "",
        ("contract.agency", "company"): "",
        ("use.by", "site:Harrow HQ"): walked,
        ("item.purpose", "site:Harrow HQ"): walked,
    }


@pytest.mark.parametrize(
    ("answer", "meant"),
    [
        ("Ericsson", "other"),
        ("nokia", "other"),
        ("Hikvision", "hikvision"),
        ("Foobar Lamps", "Foobar Lamps"),
        ("made for Ericsson", "made for Ericsson"),
    ],
)
def test_a_known_other_maker_is_an_answer_to_who_made_it(
    known: tuple[Law, Firms], answer: str, meant: str
) -> None:
    made = answers_of(
        [("item.producer", "finding:f_00000000000000000001", answer)], "the answers", *known, NO_PURPOSES
    )
    assert [one.value for one in made.statements] == [meant]
    assert any("none of the listed firms" in note for note in made.notes) is (meant == "other")
