"""One spelling; deeper paragraphs; the same duty under another number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proscribe.rules.citations import met_by, parse


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("48 CFR 52.204-25(b)(2)", "48 CFR 52.204-25(b)(2)"),
        ("FAR 52.204-25 (b)(2), 85 FR 42665", "48 CFR 52.204-25(b)(2)"),
        ("DFARS 252.204-7018(d)", "48 CFR 252.204-7018(d)"),
        ("252.204-7018(b)", "48 CFR 252.204-7018(b)"),
        ("RFO FAR 40.205(a)", "RFO 40.205(a)"),
        ("RFO 52.240-91(d)(1)(ii)(A)", "RFO 52.240-91(d)(1)(ii)(A)"),
        ("Pub. L. 115-232 § 889(a)(1)(B), 132 Stat. 1917", "Pub. L. 115-232 §889(a)(1)(B)"),
        ("Public Law 115-232 section 889(a)(1)", "Pub. L. 115-232 §889(a)(1)"),
        ("Pub.\u00a0L. 117-328 div. R §102", "Pub. L. 117-328 div. R §102"),
        ("47 USC §1602(a)", "47 U.S.C. 1602(a)"),
        ("2 C.F.R. § 200.216(a)", "2 CFR 200.216(a)"),
        ("48 CFR 4.2104(a)(1)-(4)", "48 CFR 4.2104(a)(1)"),
        ("90 FR 5360", "90 FR 5360"),
        ("", ""),
    ],
)
def test_usual_spellings_become_one(text: str, spelled: str) -> None:
    assert str(parse(text)) == spelled
    assert str(parse(spelled)) == spelled


def test_a_deeper_paragraph_meets_a_shallower_one_and_not_the_reverse() -> None:
    assert met_by("48 CFR 52.204-24", ["48 CFR 52.204-24(e)(2)"])
    assert met_by("2 CFR 200.216(a)", ["2 CFR 200.216(a)(1), 85 FR 49506"])
    assert not met_by("48 CFR 52.204-24(e)(2)", ["48 CFR 52.204-24(e)"])
    assert not met_by("48 CFR 52.204-25(b)(1)", ["48 CFR 52.204-25(b)(2)", "48 CFR 52.204-25"])
    assert not met_by("48 CFR 52.204-2", ["48 CFR 52.204-25"])
    assert not met_by("48 CFR 52.204-25(b)", [])


@given(st.text(max_size=80))
def test_any_text_is_read_and_its_spelling_is_stable(text: str) -> None:
    once = str(parse(text))
    assert str(parse(once)) == once
    assert parse(once).holds(parse(once))
