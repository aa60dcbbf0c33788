"""Names of firms in lists of vendors, with slips in the name and in the words behind it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date

import pyarrow as pa
import pytest

from proscribe.app.kb.knowledge_index import index_of
from proscribe.kb.snapshot import Snapshot
from proscribe.matching.index import Index
from proscribe.matching.kernel import Kernel
from proscribe.matching.lexicon import is_short_pinyin

FIRMS = {"Dahua": "dahua", "Hikvision": "hikvision", "Huawei": "huawei", "Hytera": "hytera", "ZTE": "zte"}
OWN_WORDS = ("Technology", "Technologies", "Digital", "Communications")


@pytest.fixture(scope="module")
def index(snapshot: Snapshot) -> Index:
    """Compile the knowledge with what was recorded last."""
    return index_of(snapshot, date(2026, 11, 28), date(2026, 11, 28))


def _firms(index: Index, names: list[str], field: str = "vendor_name") -> dict[str, set[str]]:
    found: dict[str, set[str]] = {name: set() for name in names}
    batch = pa.RecordBatch.from_pydict({field: pa.array(names, pa.string())})
    for row, (verdicts, _) in Kernel(index).match_rows(batch, {field: field}):
        found[names[row]] |= {index.group_of(item.entity) for item in verdicts}
    return found


def _slips(word: str, seed: int) -> Iterator[str]:
    """Draw at each letter behind the first: swapped with the next, dropped, doubled, replaced."""
    drawn = random.Random(seed)
    for place in range(1, len(word)):
        before, letter, after = word[:place], word[place], word[place + 1 :]
        if after:
            yield before + after[0] + letter + after[1:]
        yield before + after
        yield before + letter + letter + after
        yield before + drawn.choice([other for other in "bcdfgjkmpqvwxz" if other != letter]) + after


@pytest.mark.parametrize("firm", FIRMS)
def test_a_slip_in_a_word_of_the_trade_silences_no_name(index: Index, firm: str) -> None:
    names = [
        f"{firm} {slip}{tail}"
        for number, word in enumerate(OWN_WORDS)
        for slip in _slips(word, number)
        for tail in ("", " Iberia", " Europe B.V.")
    ]
    assert [name for name, found in _firms(index, names).items() if found != {FIRMS[firm]}] == []


#: Asked about alone, as a name that a column cut off; with more behind it, it is the name of others.
CUT_ALONE = {"Hyter"}


@pytest.mark.parametrize("firm", [firm for firm in FIRMS if len(firm) > 3])
def test_a_slip_in_the_name_of_a_vendor_is_found(index: Index, firm: str) -> None:
    drawn = [slip for slip in _slips(firm, 7) if not is_short_pinyin(slip.lower())]
    slips = [slip for slip, found in _firms(index, drawn, "maker_name").items() if found]
    assert len(slips) >= len(drawn) - 2, "a few are names of others"
    names = [
        slip + tail
        for slip in slips
        for tail in ("", " Technologies", " Technlogy", " B.V.", " Europe S.r.l.")
        if not tail or slip not in CUT_ALONE
    ]
    assert [name for name, found in _firms(index, names).items() if found != {FIRMS[firm]}] == []


@pytest.mark.parametrize("name", ["Huaewi Nordic Partners", "Hikivsion Nordic Partners"])
def test_swapped_letters_beside_strange_words_ask(index: Index, name: str) -> None:
    batch = pa.RecordBatch.from_pydict({"vendor_name": pa.array([name], pa.string())})
    ((_, (verdicts, _)),) = Kernel(index).match_rows(batch, {"vendor_name": "vendor_name"})
    assert [item.band.value for item in verdicts] == ["possible"]


@pytest.mark.parametrize(
    "name", ["Zhongxing Telecommunication Equip. Corp.", "Zhongxing Telecommunication Equipm, Nanjing"]
)
def test_what_is_read_like_a_longer_name_takes_nothing_from_one_that_stands_there(
    index: Index, name: str
) -> None:
    batch = pa.RecordBatch.from_pydict({"vendor_name": pa.array([name], pa.string())})
    ((_, (verdicts, _)),) = Kernel(index).match_rows(batch, {"vendor_name": "vendor_name"})
    assert [(item.entity, item.band.value) for item in verdicts] == [("zte", "probable")]


@pytest.mark.parametrize(
    "name", ["Dahua Techn. Deutschland GmbH", "Dahua Technolog", "Dahua Communic. Iberia S.L."]
)
def test_shortened_words_of_the_trade_silence_no_name(index: Index, name: str) -> None:
    assert _firms(index, [name])[name] == {"dahua"}


@pytest.mark.parametrize(
    "name",
    [
        "Dahua Street Bakery", "Hikma", "Hikma Pharmaceuticals", "Dahua Foods B.V.", "Dahua Securities", "Dahua Wang",
        "Dahua J. Smith", "Dahua Communities", "Dahua Tea House", "Dahua Technical College", "Dahua Trading",
    ],
)  # fmt: skip
def test_others_of_the_name_stay_silent(index: Index, name: str) -> None:
    assert _firms(index, [name])[name] == set()


def _bands(index: Index, name: str) -> list[str]:
    batch = pa.RecordBatch.from_pydict({"maker_name": pa.array([name], pa.string())})
    return [one.band.value for _, (verdicts, _) in Kernel(index).match_rows(batch, {"maker_name": "maker_name"}) for one in verdicts]  # fmt: skip


@pytest.mark.parametrize(
    "name", ["中興化成工業", "中興織物株式会社", "大華物産", "海康薬業", "大華印刷株式会社"]
)
def test_a_name_without_spaces_that_goes_on_as_anothers_asks(index: Index, name: str) -> None:
    assert _bands(index, name) == ["possible"]


@pytest.mark.parametrize(
    "name", ["中興", "中興日本", "浙江大華科技", "大華製", "大华监控设备", "海能达通信", "大華カメラ"]
)
def test_a_name_without_spaces_that_goes_on_as_the_firms_own_is_likely(index: Index, name: str) -> None:
    assert _bands(index, name) == ["probable"]
