"""What a name is worth in the columns of a firmware image."""

from __future__ import annotations

import pytest

from proscribe.matching.findings import analyse
from proscribe.matching.index import Index
from proscribe.model.findings import Band, MentionKind, Role


def test_a_name_in_a_header_is_the_makers(index: Index) -> None:
    (verdict,), _ = analyse(index, [("firmware.strings", "banner", "model: Hikvision R2 board")])
    assert (verdict.entity, verdict.band, verdict.role) == ("hikvision", Band.PROBABLE, Role.MADE_BY)


@pytest.mark.parametrize(
    "column", ["firmware.programs", "firmware.pages", "firmware.settings", "firmware.files"]
)
def test_a_few_names_in_programs_are_a_mention_and_many_a_question(index: Index, column: str) -> None:
    few = "\n".join(f"Hikvision text {number}" for number in range(7))
    verdicts, (spoken,) = analyse(index, [(column, "banner", few)])
    assert not verdicts
    assert (spoken.entity, spoken.kind) == ("hikvision", MentionKind.SOFTWARE)
    many = "\n".join(f"Hikvision text {number}" for number in range(8))
    (verdict,), _ = analyse(index, [(column, "banner", many)])
    assert verdict.band is Band.POSSIBLE
    assert verdict.questions


def test_names_and_numbers_out_of_programs_do_not_support_each_other(index: Index) -> None:
    lines = "\n".join(f"Hikvision DS-2CD2{number}43G2-I" for number in range(9))
    (verdict,), _ = analyse(index, [("firmware.programs", "banner", lines)])
    assert verdict.band is Band.POSSIBLE


def test_a_string_of_the_makers_own_form_counts_in_a_program(index: Index) -> None:
    (verdict,), _ = analyse(index, [("firmware.programs", "banner", "/usr/lib/libmpi.so\nhi_mipi")])
    assert (verdict.entity, verdict.band, verdict.role) == ("hisilicon", Band.PROBABLE, Role.COMPONENT)
    assert not verdict.against


def test_drivers_of_the_kernels_tree_are_support(index: Index) -> None:
    text = "hisilicon,hi3660\nHisilicon Hi3516 pin controller\nauthor=Huawei Technologies Co., Ltd."
    verdicts, spoken = analyse(index, [("firmware.drivers", "banner", text)])
    assert not verdicts
    assert {item.kind for item in spoken} == {MentionKind.SOFTWARE}


def test_a_module_from_outside_the_tree_asks_about_a_part(index: Index) -> None:
    (verdict,), _ = analyse(index, [("firmware.modules", "banner", "author=ZTE Corporation")])
    assert (verdict.entity, verdict.band, verdict.role) == ("zte", Band.POSSIBLE, Role.COMPONENT)
    assert verdict.questions


@pytest.mark.parametrize("noise", ["aZtEb", "ZtE", "zxursuwz", "ZXWRTOYd", "_ZN3zte4initEv"])
def test_letters_together_by_chance_name_nobody(index: Index, noise: str) -> None:
    lines = "\n".join(f"{noise} {number}" for number in range(12))
    assert analyse(index, [("firmware.programs", "banner", lines)])[0] == ()


def test_the_same_words_in_a_table_of_devices_are_judged_as_ever(index: Index) -> None:
    (verdict,), _ = analyse(index, [("description", "text", "Hikvision camera")])
    assert verdict.band is Band.PROBABLE
