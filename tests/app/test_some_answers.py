"""A question that is asked of many things is answered for some of them: nothing else is reached, and the rest stays open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import proscribe
from proscribe.app.case.case_law import newest_scan, open_questions, put_to_the_law
from proscribe.app.case.cases import Cases
from proscribe.app.case.some_answers import Asked, asked_of, what_follows
from proscribe.app.rules.asking import facts_of_situation
from proscribe.casework.findings import FindingFilter
from proscribe.casework.store import Store
from proscribe.model.errors import ProscribeError

USE, PURPOSE = "use.by", "item.purpose"
SITES = ("Depot", "Office", "Yard", "")


def lists(folder: Path) -> None:
    for name, count in (("assets.csv", 16), ("cameras.csv", 9)):
        rows = [
            f"{name[0]}{n},{('Hikvision', 'Dahua')[n % 2]},{('DS-2CD2143G2-I', 'IPC-HFW2431S-S-S2')[n % 2]},{SITES[n % 4]}"
            for n in range(count)
        ]
        (folder / name).write_text("\n".join(["Asset,Make,Model,Site", *rows]) + "\n", encoding="utf-8")


@pytest.fixture
def cases(tmp_path: Path) -> Iterator[Cases]:
    folder = tmp_path / "lists"
    folder.mkdir()
    lists(folder)
    with Store.open(tmp_path / "cases.db") as store:
        made = Cases(store)
        scan = proscribe.scan(folder, as_of="2026-11-27").to_json().encode()
        made.open_from_scan(scan, "scan.json", by="R. Ito", zone="UTC")
        company = {name: value for name, value in facts_of_situation("own").items() if name != USE}
        put_to_the_law(made, "C-0001", by="R. Ito", company=company)
        yield made


def asked(cases: Cases, fact: str) -> Asked:
    file = cases.case("C-0001")
    form = open_questions(cases, file)
    assert form is not None
    if fact == USE and not any(one.fact == USE for one in form.questions):
        # who uses it is asked once it is known what it is for
        told = [(PURPOSE, one.applies_to, "public_safety") for one in form.questions if one.fact == PURPOSE]
        put_to_the_law(cases, "C-0001", by="R. Ito", answers=told)
        file = cases.case("C-0001")
        form = open_questions(cases, file)
        assert form is not None
    (one,) = [one for one in form.questions if one.fact == fact][:1]
    return asked_of(cases, file, fact, one.applies_to)


def known(cases: Cases, fact: str) -> dict[str, str]:
    found = newest_scan(cases, cases.case("C-0001"))
    assert found is not None and found[1].decided is not None
    told = {id_: dict(one.facts).get(fact, "") for id_, one in found[1].decided.by_finding.items()}
    return {id_: value for id_, value in told.items() if value}


def say(cases: Cases, fact: str, scope: str, value: str) -> None:
    put_to_the_law(cases, "C-0001", by="R. Ito", answers=[(fact, scope, value)])


def waiting(cases: Cases, fact: str) -> list[str]:
    form = open_questions(cases, cases.case("C-0001"))
    assert form is not None
    return [name for one in form.questions if one.fact == fact for name in one.findings]


def test_an_answer_for_a_list_reaches_that_list_and_the_rest_is_asked_together(cases: Cases) -> None:
    question = asked(cases, USE)
    assert len(question.things) == 25 and question.question.applies_to == "company"
    (cameras,) = [name for name in question.lists() if name.endswith("cameras.csv")]
    chosen = question.chosen(lists=[cameras])
    told = what_follows(cases, "C-0001", [(USE, question.scope(chosen), "the_entity")])
    assert not known(cases, USE), "a preview keeps nothing"
    assert sum(told.after.values()) == told.findings == 25 and len(told.first) == min(told.changed, 20)
    say(cases, USE, question.scope(chosen), "the_entity")
    assert set(known(cases, USE)) == set(chosen) and len(chosen) == 9
    rest = asked(cases, USE)
    assert set(rest.things) == set(question.things) - set(chosen), "one question for all that is left"
    assert told.open_after == len_open(cases)
    say(cases, USE, rest.question.applies_to, "landlord")
    assert set(known(cases, USE)) == set(question.things)


def len_open(cases: Cases) -> int:
    from proscribe.app.rules.first_page import open_in_all

    form = open_questions(cases, cases.case("C-0001"))
    assert form is not None
    return open_in_all(form)


def test_what_nobody_knows_of_some_leaves_the_rest_together(cases: Cases) -> None:
    question = asked(cases, USE)
    chosen = question.chosen(sites=["Depot"])
    say(cases, USE, question.scope(chosen), "?")
    left = waiting(cases, USE)
    assert set(left) == set(question.things) - set(chosen)


@pytest.mark.parametrize("scope", ["site:Depot", "list:cameras.csv"])
def test_where_it_was_said_of_a_site_or_a_list_the_rest_is_asked_together(cases: Cases, scope: str) -> None:
    question = asked(cases, USE)
    kind, _, name = scope.partition(":")
    chosen = [
        id_
        for id_, one in question.things.items()
        if (one["path"].endswith(name) if kind == "list" else (one.get("details") or {}).get("site") == name)
    ]
    say(cases, USE, scope, "affiliate")
    assert set(known(cases, USE)) == set(chosen)
    form = open_questions(cases, cases.case("C-0001"))
    assert form is not None
    (rest,) = [one for one in form.questions if one.fact == USE]
    assert set(rest.findings) == set(question.things) - set(chosen)
    # said of all after it, it holds of the rest alone
    say(cases, USE, "company", "the_entity")
    assert {known(cases, USE)[id_] for id_ in chosen} == {"affiliate"}
    assert {known(cases, USE)[id_] for id_ in rest.findings} == {"the_entity"}


def test_a_site_chosen_whole_keeps_its_scope(cases: Cases) -> None:
    say(cases, USE, "company", "the_entity")
    question = asked(cases, PURPOSE)
    everything = question.scope(tuple(question.things))
    assert everything == question.question.applies_to
    some = tuple(question.things)[:1]
    assert question.reached(question.scope(some)) == set(some)


@given(picked=st.sets(st.integers(0, 24)), value=st.sampled_from(["the_entity", "landlord", "?"]))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_scope_reaches_what_was_chosen_and_nothing_else(cases: Cases, picked: set[int], value: str) -> None:
    question = asked(cases, USE)
    ids = [name for place, name in enumerate(question.things) if place in picked]
    if not ids:
        with pytest.raises(ProscribeError, match="no thing was chosen"):
            question.chosen(findings=ids)
        return
    chosen = question.chosen(findings=ids)
    assert set(chosen) == set(ids) and question.reached(question.scope(chosen)) == set(ids)


def test_what_is_one_for_the_company_is_answered_for_all(cases: Cases) -> None:
    say(cases, USE, "company", "the_entity")
    question = asked(cases, PURPOSE)
    say(cases, PURPOSE, question.question.applies_to, "public_safety")
    clauses = asked(cases, "contract.clauses")
    with pytest.raises(ProscribeError) as refused:
        clauses.scope(tuple(clauses.things)[:1])
    assert refused.value.code == "E424"


@pytest.mark.parametrize("more", [{"sites": ["Nowhere"]}, {"lists": ["other.csv"]}, {"findings": ["f_none"]}])
def test_what_the_question_is_not_asked_of_is_refused(cases: Cases, more: dict[str, list[str]]) -> None:
    with pytest.raises(ProscribeError) as refused:
        asked(cases, USE).chosen(**more)
    assert refused.value.code == "E449"
    with pytest.raises(ProscribeError) as gone:
        asked_of(cases, cases.case("C-0001"), USE, "site:Nowhere")
    assert gone.value.code == "E424"


def test_after_several_runs_and_names_a_question_leads_to_the_newest_file_that_holds_each_row(
    tmp_path: Path,
) -> None:
    head, camera = "Asset,Make,Model,Site\n", "Hikvision,DS-2CD2143G2-I,Depot\n"
    files = {
        "october.csv": f"{head}A1,{camera}A2,{camera}A3,{camera}",
        "november.csv": f"{head}A0,Axis,P3245,Depot\nA1,{camera}A2,{camera}A4,{camera}",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with Store.open(tmp_path / "cases.db") as store:
        made = Cases(store)

        def scanned(name: str) -> bytes:
            return proscribe.scan([tmp_path / name], as_of="2026-11-27").to_json().encode()

        made.open_from_scan(scanned("october.csv"), "one.json", by="R. Ito", zone="UTC")
        put_to_the_law(made, "C-0001", by="R. Ito", company=facts_of_situation("own"))
        made.attach("C-0001", scanned("november.csv"), "two.json", by="R. Ito")
        (tmp_path / "november.csv").rename(tmp_path / "assets-final.csv")
        made.attach("C-0001", scanned("assets-final.csv"), "three.json", by="R. Ito")
        put_to_the_law(made, "C-0001", by="R. Ito")
        told = asked(made, PURPOSE).things
        # the last stands in no later list
        rows = {(one["path"].rpartition("/")[2], one["locator"]["row"]) for one in told.values()}
        assert rows == {*(("assets-final.csv", row) for row in (2, 3, 4)), ("october.csv", 3)}
        listed = store.findings("C-0001", FindingFilter(finding=tuple(told)), limit=9).findings
        assert not any(one.support.aged for one in listed)
