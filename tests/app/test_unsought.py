"""Rules name firms that no file is searched for: an answer of the law says which."""

from __future__ import annotations

import pytest

from proscribe.app.rules.decide import Decider
from proscribe.kb.snapshot import open_knowledge


@pytest.fixture(scope="module")
def decider() -> Decider:
    return Decider.of(open_knowledge())


def test_a_list_that_names_more_firms_than_are_looked_for_says_which(decider: Decider) -> None:
    told = decider.unsought["us-tx-prohibited-tech"][0]
    assert told.startswith("Texas")
    for firm in ("TP-Link", "Hisense", "Baidu"):
        assert firm in told
    for firm in ("Huawei", "DJI", "Autel", "Hikvision"):
        assert firm not in told


@pytest.mark.parametrize("regime", ["us-889-a", "us-889-b", "us-5949", "us-kaspersky", "gb-2020-jul"])
def test_of_a_list_whose_firms_are_all_looked_for_nothing_is_said(decider: Decider, regime: str) -> None:
    assert regime not in decider.unsought


def test_members_of_a_group_that_is_looked_for_are_looked_for(decider: Decider) -> None:
    told = decider.unsought["us-fcc-covered-list"][0]
    assert "Kaspersky" not in told and "Digitalsystem" in told
