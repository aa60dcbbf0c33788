"""`proscribe.toml`: what is written is read back; what nobody can mean is refused with its line, within bounds."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proscribe.model.config import (
    MAX_BYTES,
    Config,
    Defaults,
    FileRule,
    Member,
    config_text,
    line_of,
    read_config,
)
from proscribe.model.customers import KnownCustomer
from proscribe.model.errors import UsageError
from proscribe.model.observations import FIELDS
from proscribe.model.organisations import ContractRef, Organisation, Person

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def refused(content: bytes | str, **known: Any) -> UsageError:
    raw = content if isinstance(content, bytes) else content.encode()
    with pytest.raises(UsageError) as caught:
        read_config(raw, "p.toml", known=known)
    assert caught.value.code == "E469"
    return caught.value


def test_everything_is_written_and_read_back() -> None:
    config = Config(
        Organisation('Harrow "Ridge" \x7f\\ Ünï\n', "H7K2M4N6P8R1", "7ABC1", ("1200 Ridge Road", "Harrow")),
        ("HQ",),
        "America/New_York",
        (Member("B. Lind", "Officer", email="b@example.com", roles=("author", "contact")), Member("C. Moreau")),
        (
            ContractRef(
                "47Q", agency="GSA", clauses=("52.204-25 (NOV 2021)",), awarded_on=date(2024, 5, 20), is_idiq=False,
                contracting_officer=Person("D. Vance"),
            ),
        ),
        Defaults(knowledge=("ours",), fail_on="possible"),
        (
            FileRule("a/**/*.csv", columns={"Bezeichnung 2": "text", "x.y": "mac", 'q"': "note"}),
            FileRule("b.xlsx", "Sheet 1", "vendors", uncertain=("kind",)),
        ),
        {"party.role": "prime_contractor", "contract.is_idiq": False, "item.contains_producer": ["hisilicon"]},
        {"bank": "narrow"},
        {"NSF 2312": {"federal_award": True}, 'Gift of "A"': {"funds.kind": "own"}},
        customers=(
            KnownCustomer("Harbour Ltd", "Navy", "US", "prime_contractor", "H7K2M4N6P8R1", "1700", ("W-1", "W-2")),
            KnownCustomer("Kreisstadt", nation="DE"),
        ),
    )  # fmt: skip
    written = config_text(config, {"/files/0": ["read as it is\x1b[2J"]}, ["equipment", "vendors"])
    assert "\x1b" not in written
    assert read_config(written.encode(), "x") == config
    assert read_config(("\ufeff" + written).replace("\n", "\r\n").encode(), "x") == config
    assert config_text(read_config(written.encode(), "x"), {}, []) == config_text(config, {}, [])


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ('kind = "agency"', "customers.0.name"),
        ('name = "  "', "customers.0.name"),
        ('name = "A"\nkind = "friend"', "customers.0.kind"),
        ('name = "A"\nnation = "Germany"', "DE"),
        ('name = "A"\nuei = "12"', "customers.0.uei"),
        ('name = "A"\nuei = "h7k2m4n6p8r1"', "H7K2M4N6P8R1"),
        ('name = "A"\nagency_code = "97 00"', "customers.0.agency_code"),
        ('name = "A"\nawards = "W-1"', "customers.0.awards"),
        ('name = "A"\naward = ["W-1"]', "awards"),
    ],
)
def test_a_customer_that_cannot_be_one_is_refused(said: str, names: str) -> None:
    problem = refused(f"[[customers]]\n{said}\n")
    assert names in f"{problem.what} {problem.expected} {problem.next_step}"


@settings(max_examples=60)
@given(text, st.lists(text, max_size=3), st.dictionaries(text, st.sampled_from(FIELDS), max_size=3))
def test_any_text_survives(name: str, lines: list[str], columns: dict[str, str]) -> None:
    config = Config(Organisation(name, address=tuple(lines)), files=(FileRule("a.csv", columns=columns),))
    assert read_config(config_text(config).encode(), "x") == config


def test_an_empty_file_says_nothing() -> None:
    assert read_config(b"", "x") == Config()
    assert read_config(config_text(Config()).encode(), "x") == Config()


@pytest.mark.parametrize(
    ("content", "place", "says"),
    [
        ('[organisation]\nname = "x"\nceo = "y"\n', "p.toml:3", "organisation.ceo: there is no such field"),
        ("sites = 3\n", "p.toml:1", "sites"),
        ("[[people]]\nname = 2.5\n", "p.toml:2", "people.0.name"),
        ("\n\n[[people]]\ntitle = 'x'\n", "p.toml:3", "people.0: name is missing"),
        ("[[people]]\nname='a'\n[[people]]\nname='b'\nroles=['boss']\n", "p.toml:5", "people.1.roles.0"),
        ("[[files]]\npath='a'\n[[files]]\npath='../b'\n", "p.toml:4", "files.1.path"),
        ("[[files]]\npath='/etc/passwd'\n", "p.toml:2", "files.0.path"),
        ("[[files]]\npath='a'\n[files.columns]\n'Bez 2' = 'modell'\n", "p.toml:4", "files.0.columns.Bez 2"),
        ("[[files]]\npath='a'\nkind='vendor'\n", "p.toml:3", "there is no kind 'vendor'"),
        ("as_of = 2026-01-01\n", "p.toml:1", "as_of: there is no such field"),
        ("[organisation]\nname='x'\nuei='123'\n", "p.toml:3", "a UEI has 12"),
        ("[options]\nfail_on='never'\n", "p.toml:2", "options.fail_on"),
        ("a = 1\na = 2\n", "p.toml:2", "no TOML"),
        ("[a\n", "p.toml:1:3", "no TOML"),
        ('sites = [\n "a",\n 4,\n]\n', "p.toml:1", "sites.1"),
        (b"sites = ['\xfc']\n", "p.toml:1", "UTF-8"),
        ("x = '\0'", "p.toml:1:6", "no TOML"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_line(content: bytes | str, place: str, says: str) -> None:
    problem = refused(content, kind=("vendors", "equipment"))
    assert problem.at == place or problem.at.startswith(f"{place}:")
    assert says in problem.what
    assert problem.expected


def test_the_nearest_word_is_proposed_and_other_faults_are_named() -> None:
    problem = refused('[organisation]\nname = "x"\nadress = []\nfax = "1"\n')
    assert "Did you mean address?" in problem.next_step
    assert "also p.toml:4: organisation.fax" in problem.next_step


@pytest.mark.parametrize(
    "content",
    [
        "x = " + "9" * 5_000,
        "a." * 200_000 + "b = 1",
        "'a'.\"b\" . c." * 50_000,
        "x = " + "[" * 5_000,
        "x = [" + "[1,\n" * 100_000,
        "\n[[files]]\npath = 'a'" * 40_000,
        "x = {" + "a.b.c = {}, " * 70_000,
        "sites = [" + "'a',\n" * 150_000 + "1]",
        '"' * 900_000,
        "sites = ['" + "a" * 900_000 + "']",
        "a" * (MAX_BYTES + 1),
    ],
    ids=range(11),
)
def test_hostile_files_are_refused_within_bounds(content: str) -> None:
    begun = time.process_time()
    refused(content)
    assert time.process_time() - begun < 10


def test_lines_of_statements() -> None:
    content = "a = 1\n\n[b]\nc = [\n 1,\n]\n# d\n[[e]]\n[[e.f]]\ng.h = 2\n[[e.f]]\n'i j' = 3\n"
    assert line_of(content, ["b", "c", "0"]) == 4
    assert line_of(content, ["e", "0", "f", "0", "g", "h"]) == 10
    assert line_of(content, ["e", "0", "f", "1", "i j"]) == 12
    assert line_of(content, ["nowhere"]) == 0
