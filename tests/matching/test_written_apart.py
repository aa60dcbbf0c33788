"""Numbers of models with other signs between their letters and digits than their maker prints."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proscribe.kb.literals import body_of
from proscribe.kb.spacing import SIGNS_BETWEEN, apart
from proscribe.matching.findings import analyse
from proscribe.matching.index import Index
from proscribe.model.findings import Band


@pytest.mark.parametrize(
    "text",
    [
        "AR-617-VW",
        "S-5735-L24T4S",
        "S 5735-L24T4S-A",
        "SUN 2000-50KTL",
        "SUN-2000-100KTL-M1",
        "AP 7060 DN",
        "HG_8245H",
    ],
)
def test_a_number_written_apart_is_a_question(index: Index, text: str) -> None:
    found, _ = analyse(index, [("Description", "text", text)])
    assert [one.band for one in found] == [Band.POSSIBLE] and found[0].questions


@pytest.mark.parametrize(
    "text",
    [
        "AR 150",
        "order B 63685S",
        "EUR 617 VAT",
        "S 5735.10",
        "E 3372",
        "2021-05-12",
        "NE 40 boxes",
        "AR 617 in use",
        "row S 17 seat 4",
        "2XE4IJ8YHgIrU/cChVIsyQ6SSvI/ts2Dzamv1R2VxCzL96oGhEMBUYLeUtUaIxao",
    ],
)
def test_what_only_looks_so_is_none(index: Index, text: str) -> None:
    assert analyse(index, [("Description", "text", text)]) == ((), ())


def test_as_its_maker_prints_it_it_is_what_it_was(index: Index) -> None:
    ((found,), _) = analyse(index, [("Description", "text", "AR617VW-LTE4EA")])
    assert found.band is Band.PROBABLE


@given(st.sampled_from(["AR617VW", "S5735-L24T4S", "AP7060DN"]), st.sampled_from(sorted(SIGNS_BETWEEN)))
def test_each_sign_may_stand_between_letters_and_digits(number: str, sign: str) -> None:
    made = apart(re.escape(number))
    assert made is not None
    body = re.compile(body_of(made, loose=False, borders=True))
    for joint in re.finditer("(?<=[A-Z])(?=[0-9])|(?<=[0-9])(?=[A-Z])", number):
        written = number[: joint.start()] + sign + number[joint.start() :]
        assert body.fullmatch(written.lower())
    assert body.fullmatch(number.replace("-", "").lower())


def test_every_match_begins_with_what_the_scan_looks_for(index: Index) -> None:
    checked = 0
    for number, pattern in enumerate(index.apart.patterns):
        found = index.apart.openings(number)
        for example in pattern.row["examples"]:
            for match in pattern.regex.finditer(str(example).lower()):
                text = match[0]
                begins_word = re.match(r"(?=[a-z]*[aeiouy])[a-z]{3}", text) is not None
                assert begins_word or text.startswith(found.begun) or text in found.whole, (
                    pattern.fact,
                    text,
                )
                checked += 1
    assert checked > 200
