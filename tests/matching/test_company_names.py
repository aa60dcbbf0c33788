"""Companies of a firm in other countries, names that say nothing, and things sold under another name."""

from __future__ import annotations

import pytest

from proscribe.matching.findings import analyse
from proscribe.matching.index import Index
from proscribe.model.findings import Band, Role


@pytest.mark.parametrize("field", ["vendor_name", "text"])
@pytest.mark.parametrize(
    ("name", "entity"),
    [
        ("Dahua SA de CV", "dahua"),
        ("Dahua de México S.A. de C.V.", "dahua"),
        ("Dahua Iberia SL", "dahua"),
        ("Hikvision SA de CV", "hikvision"),
        ("ZTE de Mexico S de RL de CV", "zte"),
        ("Hytera Polska sp. z o.o.", "hytera"),
    ],
)
def test_a_company_of_a_firm_in_another_country_is_found(
    index: Index, field: str, name: str, entity: str
) -> None:
    verdicts, _ = analyse(index, [("name", field, name)])
    assert [one.entity for one in verdicts] == [entity]
    assert field == "text" or verdicts[0].band is Band.PROBABLE


@pytest.mark.parametrize("name", ["Dahua Paper Mexico SA", "Nanjing Dahua Toys Co Ltd"])
def test_another_company_of_that_name_is_not(index: Index, name: str) -> None:
    assert analyse(index, [("name", "vendor_name", name)])[0] == ()


@pytest.mark.parametrize(
    "maker", ["s/marca", "sin marca", "ohne", "bez marki", "без марки", "No brand", "无品牌"]
)
def test_no_maker_speaks_against_nobody(index: Index, maker: str) -> None:
    (verdict,), _ = analyse(
        index, [("brand", "maker_name", maker), ("model", "model_number", "DS-2CD2043G0-I")]
    )
    assert verdict.band is Band.PROBABLE and not verdict.questions


@pytest.mark.parametrize(
    "line",
    [
        "Dahua made, sold as Amcrest IP8M-2496E", "Hikvision camera verkauft als Abus", "caméra Dahua vendue sous Lorex",
        "camara Dahua vendida como Epcom",
    ],
)  # fmt: skip
def test_what_is_sold_under_another_name_is_there(index: Index, line: str) -> None:
    verdicts, _ = analyse(index, [("text", "text", line)])
    assert verdicts and all(one.role is not Role.FORMERLY for one in verdicts)
    assert any(one.band is Band.PROBABLE for one in verdicts)


@pytest.mark.parametrize(
    "line", ["Dahua NVR sold as scrap", "Dahua Kamera verkauft als Schrott", "Hikvision DVR sold 2021"]
)
def test_what_was_sold_off_is_gone(index: Index, line: str) -> None:
    (verdict,), _ = analyse(index, [("text", "text", line)])
    assert verdict.role is Role.FORMERLY and verdict.band is Band.POSSIBLE


@pytest.mark.parametrize("field", ["vendor_name", "text"])
@pytest.mark.parametrize(
    ("name", "band"),
    [
        ("Zahntechnik Eberle ZTE GmbH", Band.POSSIBLE),
        ("Carrozzeria Bianchi ZTE S.r.l.", Band.POSSIBLE),
        ("ZTE Deutschland GmbH", Band.PROBABLE),
        ("ZTE GmbH", Band.PROBABLE),
    ],
)
def test_initials_behind_an_unknown_word_may_be_of_another_firm(
    index: Index, field: str, name: str, band: Band
) -> None:
    (verdict,), _ = analyse(index, [("name", field, name)])
    assert verdict.band is band and bool(verdict.questions) is (band is Band.POSSIBLE)


@pytest.mark.parametrize(
    "line", ["Cena aziendale Dahua Milano", "Team dinner Dahua Garden", "Geschäftsessen Dahua Düsseldorf"]
)
def test_a_meal_is_no_thing(index: Index, line: str) -> None:
    verdicts, mentions = analyse(index, [("text", "text", line)])
    assert mentions and not verdicts


def test_a_thing_where_people_eat_is_one(index: Index) -> None:
    (verdict,), _ = analyse(index, [("text", "text", "Dahua camera, business lunch room")])
    assert verdict.band is Band.PROBABLE
