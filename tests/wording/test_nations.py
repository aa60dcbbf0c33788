"""Nations by code and by name."""

from __future__ import annotations

import pytest

from proscribe.rules.facts import WrongValue, typed
from proscribe.wording.nations import nation_code, nation_name, nation_words, nations


def test_every_name_means_its_own_nation() -> None:
    for code, names in nations().items():
        assert nation_code(code) == nation_code(code.lower()) == code
        assert [nation_code(one) for one in names] == [code] * len(names)
        assert nation_words(code) == f"{names[0]} ({code})"
    assert nation_code("Nowhere") == nation_code("") == ""
    assert (nation_name("US-LA"), nation_words("ZZ")) == ("United States, LA", "ZZ")


@pytest.mark.parametrize(
    ("text", "says"), [("GB, DE, IT, US", "a case for each"), ("Germany and Italy", "a case for each")]
)
def test_several_countries_are_told_what_to_do(text: str, says: str) -> None:
    with pytest.raises(WrongValue) as refused:
        typed("party.jurisdiction", text)
    assert says in refused.value.expected
