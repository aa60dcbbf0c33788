"""What is done belongs to the list: a firm that uses cameras and sells recorders is told both, in the words of both."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from proscribe.app.rules.decide import Decider, open_decider
from proscribe.app.rules.facts_file import facts_of
from proscribe.app.rules.questions import questionnaire
from proscribe.app.rules.scan_decide import decide_findings
from proscribe.model.decisions import Case, Outcome
from proscribe.model.errors import CaseError
from proscribe.model.results import Scan
from proscribe.model.scan_reading import read_scan
from proscribe.model.scan_writing import scan_text
from proscribe.reports.scan.determinations import Saying
from proscribe.rules.answer_words import due_words, parts
from proscribe.rules.answers import Told, answer_of

from .conftest import scan

CONTRACTOR = (
    "facts: {party.jurisdiction: US, party.role: prime_contractor, use.by: the_entity, act.kind: %s}\n"
)
LISTS = {
    "own.csv": ("equipment", "Tag,Make,Model,What\nC-1,Hikvision,DS-2CD2143G2-I,Network camera\nR-1,Huawei,AR617VW,Router\n"),
    "prices.csv": ("offered", "Item,Make,Model,What\nS-1,Huawei,S5735-L24T4S-A,Switch\n"),
    "some.csv": ("uncertain", "Item,Make,Model,What\nU-1,ZTE,MF286D,Router\n"),
}  # fmt: skip


@pytest.fixture(scope="module")
def decider() -> Decider:
    return open_decider()


def put(decider: Decider, folder: Path, text: str, *names: str) -> Scan:
    """Put some of the lists to the law."""
    for name in names:
        (folder / name).write_text(LISTS[name][1], encoding="utf-8")
    kinds = {str(folder / name): LISTS[name][0] for name in names}
    read = scan(*(folder / name for name in names), kinds=kinds).scan
    return decide_findings(read, decider, facts_of(text, "facts.yml", decider.law, decider.firms))


def acts(made: Scan) -> dict[str, tuple[str, ...]]:
    """Give the acts that were asked about, by the id of the row."""
    assert made.decided is not None
    told = {}
    for one in made.findings:
        decision = made.decided.by_finding[one.id]
        told[str(one.record_id or one.record[0][1])] = tuple(item.act for item in decision.acts) or (
            dict(decision.facts).get("act.kind", ""),
        )
    return told


def first_screen(made: Scan) -> str:
    return "\n".join(text for one in parts(Saying(made).answer) if not one.label for text in one.texts)


def test_each_list_gives_its_things_what_is_done_with_them(decider: Decider, tmp_path: Path) -> None:
    made = put(decider, tmp_path, CONTRACTOR % "use", "own.csv", "prices.csv")
    assert acts(made) == {"C-1": ("use",), "R-1": ("use",), "S-1": ("provide_to_government",)}
    said = first_screen(made)
    assert "of what you use: 1 prohibited, 1 cannot be said yet; of what you offer: 1 prohibited" in said
    assert "You may not use this." in said and "You may not provide this to the Government." in said
    assert "You may not sign “does not use”" in said and "You may not sign “does not provide”" in said
    assert any(
        "provide to government for 1 finding: taken from the list, which is one of what is offered (prices.csv)"
        in note
        for note in Saying(made).answer.notes
    )


@pytest.mark.parametrize(("name", "act"), [("own.csv", "use"), ("prices.csv", "provide_to_government")])
def test_one_kind_alone_is_told_as_simply_as_ever(
    decider: Decider, tmp_path: Path, name: str, act: str
) -> None:
    made = put(decider, tmp_path, CONTRACTOR % act, name)
    assert set(acts(made).values()) == {(act,)}
    assert "of what you" not in first_screen(made) and "taken from" not in " ".join(Saying(made).answer.notes)


@pytest.mark.parametrize(
    ("act", "name", "asked"),
    [
        ("provide_to_government", "own.csv", ("provide_to_government", "use")),
        ("use", "prices.csv", ("use", "provide_to_government")),
        ("use", "own.csv", ("use",)),
    ],
)
def test_what_is_stated_of_everything_and_no_list_tells_is_asked_beside_what_the_only_list_shows(
    decider: Decider, tmp_path: Path, act: str, name: str, asked: tuple[str, ...]
) -> None:
    text = CONTRACTOR.replace("use.by: the_entity", "use.by: third_party") % act
    made = put(decider, tmp_path, text, name)
    assert set(acts(made).values()) == {asked}
    said = " ".join(made.decided.notes if made.decided else ())
    assert ("is stated of everything" in said) is (len(asked) > 1)


def test_a_list_of_unknown_kind_counts_for_both_beside_others_until_somebody_says_which(
    decider: Decider, tmp_path: Path
) -> None:
    both = CONTRACTOR.replace("use.by: the_entity, ", "") % "use"
    made = put(decider, tmp_path, both, "own.csv", "prices.csv", "some.csv")
    assert acts(made)["U-1"] == ("use", "provide_to_government")
    asked = [one for one in questionnaire(made, decider).questions if one.applies_to == "list:some.csv"]
    assert [one.fact for one in asked] == ["act.kind"] and "some.csv" in asked[0].about
    for act in ("use", "provide_to_government"):
        stated = put(
            decider,
            tmp_path,
            f"{both}lists: {{some.csv: {{act.kind: {act}}}}}\n",
            "own.csv",
            "prices.csv",
            "some.csv",
        )
        assert acts(stated)["U-1"] == (act,)
        assert not [one for one in questionnaire(stated, decider).questions if one.fact == "act.kind"]
    # alone in a case it is what is stated of all
    assert acts(put(decider, tmp_path, both, "some.csv"))["U-1"] == ("use",)


def test_what_is_stated_of_a_list_that_shows_something_else_is_asked_as_both_and_told(
    decider: Decider, tmp_path: Path
) -> None:
    text = CONTRACTOR % "use" + "lists: {prices.csv: {act.kind: use}}\n"
    made = put(decider, tmp_path, text, "prices.csv")
    assert acts(made)["S-1"] == ("use", "provide_to_government")
    assert any("is a list of what is offered, and facts.yml:2" in note for note in Saying(made).answer.notes)
    # of a site it is refused as before: only a list has things of which something else is done
    with pytest.raises(CaseError, match=r"E405|act\.kind"):
        put(decider, tmp_path, CONTRACTOR % "use" + "sites: {Depot: {act.kind: market}}\n", "own.csv")


SOLD_BY_FORM = "Order code,Product,Dealer price,EAN code\nS-1,Huawei S5735-L24T4S-A switch,120.00,40012\n"


def corrected(decider: Decider, folder: Path, text: str, kind: str = "", name: str = "asked.csv") -> Scan:
    """Put a list that only its form takes for one of what is offered to the law."""
    (folder / name).write_text(SOLD_BY_FORM, encoding="utf-8")
    read = scan(folder / name, kinds={name: kind} if kind else {}).scan
    return decide_findings(read, decider, facts_of(text, "facts.yml", decider.law, decider.firms))


@pytest.mark.parametrize("kind", ["", "equipment", "purchases"])
@pytest.mark.parametrize("act", ["use", "keep_in_operation", "install_new"])
def test_what_a_person_states_of_a_list_takes_the_place_of_what_its_form_alone_shows(
    decider: Decider, tmp_path: Path, kind: str, act: str
) -> None:
    made = corrected(decider, tmp_path, CONTRACTOR % "use", kind)
    assert "provide_to_government" in {name for told in acts(made).values() for name in told}
    shown = [(one.value, one.applies_to) for one in questionnaire(made, decider).taken]
    assert shown == [("provide_to_government", "list:asked.csv")]  # this is what a person may have to correct
    said = corrected(
        decider, tmp_path, CONTRACTOR % "use" + f"lists: {{asked.csv: {{act.kind: {act}}}}}\n", kind
    )
    assert set(acts(said).values()) == {(act,)}
    (found,) = said.findings
    assert said.decided is not None
    # what is said of all that is used reaches it, and what the form shows is still told
    assert dict(said.decided.by_finding[found.id].facts)["use.by"] == "the_entity"
    assert any("asked.csv was read as a list of what is offered" in one for one in said.decided.notes)
    ((told, of),) = questionnaire(said, decider).corrected
    assert (told.value, told.applies_to, told.note, of) == (
        act,
        "list:asked.csv",
        "what is offered",
        found.id,
    )


@pytest.mark.parametrize(
    ("kind", "lists"),
    [
        (
            "offered",
            "lists: {asked.csv: {act.kind: use}}\n",
        ),  # one person says that it is sold, and another that it is used
        ("product_parts", "lists: {asked.csv: {act.kind: use}}\n"),
        ("equipment", ""),  # said of the kind of the list alone
        ("", "lists: {asked.csv: {use.by: the_entity}}\n"),  # what is sold is sold, whoever uses more of it
        ("", "lists: {asked.csv: {act.kind: award_contract}}\n"),
    ],
)
def test_nothing_less_takes_what_is_sold_out_of_a_list(
    decider: Decider, tmp_path: Path, kind: str, lists: str
) -> None:
    made = corrected(decider, tmp_path, CONTRACTOR % "use" + lists, kind)
    (found,) = made.findings
    (told,) = [one for one in made.determinations[found.id] if one.regime == "us-889-a"]
    assert told.outcome is not Outcome.NOT_COVERED
    assert questionnaire(made, decider).corrected == ()


@pytest.mark.parametrize(
    "role", ["government_buyer", "public_body", "grant_recipient", "telecom_operator", "private_company"]
)
def test_who_is_no_contractor_is_asked_what_an_offered_list_is_for(
    decider: Decider, tmp_path: Path, role: str
) -> None:
    text = (CONTRACTOR % "use").replace("prime_contractor", role)
    made = put(decider, tmp_path, text, "own.csv", "prices.csv")
    assert acts(made)["S-1"] == ("",) and acts(made)["R-1"] == ("use",)
    assert made.decided is not None
    (sold,) = [one.id for one in made.findings if one.input == 1]
    assert made.decided.by_finding[sold].outcome is Outcome.UNDETERMINED
    asked = {one.applies_to for one in questionnaire(made, decider).questions if one.fact == "act.kind"}
    assert asked <= {"list:prices.csv"}


def test_the_acts_of_a_thing_are_kept_in_the_json(decider: Decider, tmp_path: Path) -> None:
    both = CONTRACTOR.replace("use.by: the_entity, ", "") % "use"
    made = put(decider, tmp_path, both, "own.csv", "prices.csv", "some.csv")
    again = read_scan(scan_text(made).encode(), "scan.json").scan
    assert acts(again) == acts(made)
    said = first_screen(made)
    # what may be offered forces nothing: it is open until somebody says what the list is of
    assert "of what you offer: 1 prohibited, 1 cannot be said yet" in said
    assert "“does not provide”: 1 thing forces “does”, and 1 more is open" in said
    assert first_screen(again).partition(" Why:")[0] == said.partition(" Why:")[0]


def test_what_kind_of_thing_things_of_one_firm_are_is_asked_once(decider: Decider, tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    rows = "".join(f"U-{place},Huawei,Site {place}\n" for place in range(3))
    path.write_text(f"Tag,Make,Site\n{rows}", encoding="utf-8")
    read = scan(path, kinds={str(path): "equipment"}).scan
    facts = CONTRACTOR % "use"

    def kinds(more: str = "") -> list[tuple[str, int]]:
        made = decide_findings(read, decider, facts_of(facts + more, "facts.yml", decider.law, decider.firms))
        form = questionnaire(made, decider)
        return [(one.help, len(one.findings)) for one in form.questions if one.fact == "item.kind"]

    ((told, number),) = kinds()
    assert number == 3 and "One answer speaks of all 3; answer ? where they differ" in told


@pytest.mark.parametrize("clauses", [None, ("52.204-25",)])
def test_clauses_that_were_stated_are_not_asked_about_again(
    decider: Decider, clauses: tuple[str, ...] | None
) -> None:
    facts: dict[str, Any] = {"party.jurisdiction": "US", "party.role": "prime_contractor", "act.kind": "use"}
    facts |= {"contract.clauses": clauses} if clauses else {}
    made = decider.decide(Case("a", date(2026, 11, 25), (), facts))
    told = Told(made.determinations, {name: str(value) for name, value in facts.items()})
    (may,) = due_words(answer_of("a", date(2026, 11, 25), [told]).due)
    assert "48 CFR 52.204-23 or 48 CFR 52.204-30 is in a contract" in may
    assert may.endswith("Is one of them?") is not bool(clauses)
    assert ("is in a contract beside the clauses that were stated" in may) is bool(clauses)


def test_whom_a_list_of_purchases_is_for_is_one_note_and_one_no_of_the_company_answers_where_things_go(
    decider: Decider, tmp_path: Path
) -> None:
    def notes(column: str) -> list[str]:
        path = tmp_path / f"{column}.csv"
        rows = (f"{n},2025-03-0{n},Anixter,Hikvision DS-2CD2143G2-I,{n}0.00,Works {n}" for n in range(1, 6))
        path.write_text(
            f"PO,Order date,Supplier,Description,Amount,{column}\n" + "\n".join(rows), encoding="utf-8"
        )
        told = (CONTRACTOR % "use").replace("act.kind", "act.passes_on: false, act.kind")
        read = scan(path, kinds={str(path): "purchases"}).scan
        made = decide_findings(read, decider, facts_of(told, "facts.yml", decider.law, decider.firms))
        assert made.decided is not None
        return [one for one in made.decided.notes if "open whether they are provided" in one]

    (note,) = notes("Drop ship to")
    assert "“Drop ship to: Works 1”" in note and "and 2 more" in note and "says it of this list" in note
    assert notes("Ship to") == notes("Project") == []


# What an offeror declares of itself, to an agency that buys

AGENCY = "facts: {party.jurisdiction: US, party.role: government_buyer, act.kind: procure%s}\n"
OWN_USE = "Item,Make,Model,What\nD-1,ZTE,MF79U,Modem in the offeror's own office\n"


def declared(decider: Decider, folder: Path, text: str) -> tuple[dict[str, dict[str, Outcome]], Scan]:
    """Put what an offeror declares and what another offers to the law; outcomes by the id of the row and by regime."""
    (folder / "reps.csv").write_text(OWN_USE, encoding="utf-8")
    (folder / "prices.csv").write_text(LISTS["prices.csv"][1], encoding="utf-8")
    kinds = {"reps.csv": "supplier_statement", "prices.csv": "offered"}
    read = scan(
        folder / "reps.csv",
        folder / "prices.csv",
        kinds={str(folder / name): kind for name, kind in kinds.items()},
    ).scan
    made = decide_findings(read, decider, facts_of(text, "facts.yml", decider.law, decider.firms))
    assert made.decided is not None
    told = {
        one.record[0][1]: {
            each.regime: each.outcome for each in made.decided.by_finding[one.id].determinations
        }
        for one in made.findings
    }
    return told, made


@pytest.mark.parametrize("company", ["", ", use.by: government"])
def test_what_an_offeror_declares_is_no_thing_that_is_bought_until_it_is_told_who_uses_it(
    decider: Decider, tmp_path: Path, company: str
) -> None:
    told, made = declared(decider, tmp_path, AGENCY % company)
    assert told["S-1"]["us-889-a"] is Outcome.PROHIBITED, "what is offered is bought"
    assert told["D-1"]["us-889-a"] is Outcome.UNDETERMINED and told["D-1"]["us-889-b"] is Outcome.UNDETERMINED
    decision = next(made.decided.by_finding[one.id] for one in made.findings if one.record[0][1] == "D-1")  # type: ignore[union-attr]
    assert all("use.by" in one.missing for one in decision.determinations if one.regime == "us-889-a")
    assert any("reps.csv is what an offeror declares" in note for note in Saying(made).answer.notes)
    assert any(one.fact == "use.by" for one in questionnaire(made, decider).questions)


def test_what_the_offeror_uses_bears_on_the_award_and_what_it_offers_on_what_is_bought(
    decider: Decider, tmp_path: Path
) -> None:
    own, made = declared(decider, tmp_path, AGENCY % "" + "lists: {reps.csv: {use.by: the_entity}}\n")
    assert own["D-1"]["us-889-a"] is Outcome.NOT_COVERED and own["D-1"]["us-889-b"] is Outcome.PROHIBITED
    assert "The contract may not be awarded." in first_screen(made)
    offered, _ = declared(decider, tmp_path, AGENCY % "" + "lists: {reps.csv: {use.by: government}}\n")
    assert offered["D-1"]["us-889-a"] is Outcome.PROHIBITED
    # who says that it is bought is taken by the word
    bought, _ = declared(decider, tmp_path, AGENCY % "" + "lists: {reps.csv: {act.kind: procure}}\n")
    assert bought["D-1"]["us-889-a"] is Outcome.PROHIBITED
