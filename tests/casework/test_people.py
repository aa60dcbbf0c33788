"""One person under two spellings is one person; two people are two."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proscribe.model.people import person_key, same_person


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
