"""One person under two spellings is one person; two people are two."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proscribe.model.people import names_a_person, person_key, same_person, two_people


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("R. Ito", "r.  ito"),
        ("R. Ito", "R Ito"),
        ("R. Ito", "R.Ito"),
        ("R. Ito", "Ito, R."),
        ("R. Ito", "R. It\u043e"),  # Cyrillic o
        ("R. Ito", "R. \u0406to"),  # Cyrillic I
        ("R. Ito", "R. \u0399to"),  # Greek Iota
        ("R. Ito", "R. lto"),
        ("R. Ito", "R. \u026ato"),
        ("R. Ito", "R.\u200bIto"),
        ("R. Ito", "R.\u00a0Ito"),
        ("R. Ito", "\uff32. \uff29\uff54\uff4f"),
        ("R. Ito", "R. Ito <r.ito@ridge.example>"),
        ("R. Ito", "R. Ito (office)"),
        ("A. Osei", "\u0410. Osei"),
        ("José Ruiz", "Jose Ruiz"),
        ("José Ruiz", "JOSE\u0301 RUIZ"),
        ("K. O'Neil", "K. O\u2019Neil"),
        ("Straße", "STRASSE"),
        ("Dr. Ann Lee", "A. Lee"),
        ("Dr. Ann Lee", "ann.lee@x.com"),
        ("A. Lee", "ann.lee@x.com"),
        ("A. Lee", "Ann B. Lee"),
        ("Ann Lee, Ph.D.", "Lee, Ann"),
        ("Prof. Dr. Ann Lee", "ANN LEE"),
        ("Ann Lee <ann@x.com>", "ann@x.com"),
        ("Ann Lee", "alee@x.com"),
        ("Ann Lee", "ann.lee2@x.com"),
        ("Ann Lee", "Lee"),
        ("Ann Lee Jr.", "Ann Lee"),
        ("王 伟", "王伟"),
        ("Аnn Lee", "a.lee@x.com"),  # Cyrillic A
    ],
)
def test_one_person_in_other_letters(one: str, other: str) -> None:
    assert same_person(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("R. Ito", "L. Park"),
        ("R. Ito", "R. Ota"),
        ("Ann Lee", "Anna Lee"),
        ("王伟", "王芳"),
        ("A. Osei", "B. Osei"),
        ("Ann Lee", "ben.lee@x.com"),
        ("Ann Lee", "Amy Lee"),
        ("Ann Lee Jr.", "Ann Lee Sr."),
        ("Dr. Lee", "Dr. Park"),
        ("A. Lee", "A. Park"),
        ("Jack Ma", "Jack Li"),
    ],
)
def test_two_people(one: str, other: str) -> None:
    assert not same_person(one, other)


@given(st.text(max_size=60))
def test_a_name_is_its_own_whatever_its_case_and_spacing(name: str) -> None:
    assert person_key(person_key(name)) == person_key(name)
    assert same_person(name, f"  {name} ")


NOBODY = [
    "Compliance officer", "the Chief Compliance Officer", "CEO", "Head of Legal", "Reviewer 2", "user2", "compliance@x.com",
    "Der Compliance-Beauftragte", "Le responsable conformité", "合规官", "上司",
    "myself", "Me, myself", "the author", "Prepared by author", "same as above", "n/a", "N.N.", "TBD", "x", "someone else", "my boss",
    "ich selbst", "der Verfasser", "wie oben", "moi-même", "yo mismo", "io stesso", "ikzelf", "я сам", "本人", "同上", "なし", "본인",
]  # fmt: skip


@pytest.mark.parametrize("name", NOBODY)
def test_an_office_or_a_word_that_points_back_is_no_second_person(name: str) -> None:
    assert not names_a_person(name)
    assert not two_people("B. Lind", name)
    assert not two_people(name, "B. Lind")


@pytest.mark.parametrize(
    "name",
    [
        "Mme Lind",
        "Fru Lind",
        "Director Lind",
        "Lind, Director",
        "Officer B. Lind",
        "M. Lind",
        "Bernd",
        "Lind, the author",
    ],
)
def test_an_author_with_another_title_is_no_second_person(name: str) -> None:
    assert not two_people("B. Lind", name)


def test_the_stated_title_of_an_author_is_no_second_person() -> None:
    assert two_people("B. Lind", "Grand Poobah")
    assert not two_people("B. Lind", "The Grand Poobah", title="Grand Poobah of Ridge")


@pytest.mark.parametrize(
    "name",
    [
        "C. Moreau", "Will Self", "Marie Chef", "Moreau", "cmoreau@x.com", "Ada", "王伟", "Li Na", "Van Le", "Daniel arap Moi", "CM",
        "김민수", "Иван Петров", "Carla Lind", "B. Lindström", "Barbara Board", "May Director",
    ],
)  # fmt: skip
def test_a_second_person_may_be_called_like_an_office(name: str) -> None:
    assert names_a_person(name)
    assert two_people("B. Lind", name)
    assert two_people("Sam Lind", "Sam Head")


@pytest.mark.parametrize(
    "title",
    ["Sig.ra", "D.ssa", "Prof.ssa", "Gent.ma Sig.ra", "Fr.", "Frl.", "Sr.ta", "M.me", "Exma. Sra.", "г-жа", "Mag.", "Lt. Col.", "Drª", "Shri", "คุณ"],
)  # fmt: skip
def test_a_title_of_any_language_makes_no_second_person(title: str) -> None:
    assert not two_people("Anna Lind", f"{title} Lind") and not two_people(f"{title} Lind", "Lind, Anna")


@pytest.mark.parametrize("name", ["Fr. Weber", "Bernd Lind", "J.P. Lind", "Sig.ra Weber", "Th. Weber"])
def test_who_has_another_name_is_a_second_person(name: str) -> None:
    assert two_people("Anna Lind", name)
