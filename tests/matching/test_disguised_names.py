"""Names in letters drawn alike, with digits for letters, cut off, and in scripts with vowel signs."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest

from proscribe.app.kb.knowledge_index import index_of
from proscribe.kb.snapshot import Snapshot
from proscribe.matching.index import Index
from proscribe.matching.kernel import Kernel
from proscribe.matching.normalize import fold, fold_text


@pytest.fixture(scope="module")
def index(snapshot: Snapshot) -> Index:
    """Compile the knowledge with what was recorded last."""
    return index_of(snapshot, date(2026, 11, 28), date(2026, 11, 28))


def _bands(index: Index, texts: list[str], field: str) -> list[list[tuple[str, str]]]:
    answers: list[list[list[tuple[str, str]]]] = []
    for scan in (False, True):
        found: list[list[tuple[str, str]]] = [[] for _ in texts]
        batch = pa.RecordBatch.from_pydict({field: pa.array(texts, pa.string())})
        for row, (verdicts, _) in Kernel(index, always_scan=scan).match_rows(batch, {field: field}):
            found[row] = [(item.entity, item.band.value) for item in verdicts]
        answers.append(found)
    assert answers[0] == answers[1], "the scan loses none"
    return answers[0]


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("ΖΤΕ", "zte"), ("ΗUΑWΕΙ", "huawei"), ("Hսawei", "huawei"), ("Ꮋuawei", "huawei"), ("ꭰahua", "dahua"),
        ("H1kvision", "hikvision"), ("HIKV1S10N", "hikvision"), ("HlKVlSlON", "hikvision"), ("H1KV1510N", "hikvision"),
        ("D4hu4", "dahua"), ("Hu4w31", "huawei"), ("D@hua", "dahua"), ("Dahu@", "dahua"), ("H!kvision", "hikvision"), ("H¡kv¡s¡on", "hikvision"), ("h¥tera", "hytera"),
        ("Huaw€i", "huawei"), ("Hikvi$ion", "hikvision"), ("Hyter@", "hytera"), ("HYTER radio", "hytera"),
    ],
)  # fmt: skip
def test_disguised_makers_are_found(index: Index, text: str, entity: str) -> None:
    assert [found for found, _ in _bands(index, [text], "maker_name")[0]] == [entity]


@pytest.mark.parametrize("text", ["HIKVIS", "HIKVISI", "HIKVISIO", "DAHU"])
def test_makers_cut_off_by_a_narrow_column_ask(index: Index, text: str) -> None:
    assert [band for _, band in _bands(index, [text], "maker_name")[0]] == ["possible"]


@pytest.mark.parametrize("text", ["HYTE", "Hikma", "HIKV1", "Dahuan", "Hua", "Dahu river"])
def test_other_short_names_are_none_of_the_firms(index: Index, text: str) -> None:
    assert _bands(index, [text], "maker_name")[0] == []


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("ჰუავეი", "huawei"), ("Հուավեյ", "huawei"), ("ہواوے", "huawei"), ("হুয়াওয়ে", "huawei"), ("ஹுவாவே", "huawei"),
        ("Χουάουεϊ", "huawei"), ("หัวเว่ย", "huawei"), ("हुवावे", "huawei"), ("היקוויז'ן", "hikvision"), ("हिकविज़न", "hikvision"),
        ("Гіквіжн", "hikvision"), ("Hikvizyon", "hikvision"), ("დაჰუა", "dahua"), ("ЗТЕ", "zte"), ("ゼットティーイー", "zte"),
    ],
)  # fmt: skip
def test_spellings_in_other_scripts(index: Index, text: str, entity: str) -> None:
    found = _bands(index, [f"{text} IP camera"], "text")[0]
    assert [firm for firm, _ in found] == [entity]


@pytest.mark.parametrize(
    "text",
    [
        "Безтеневая лампа",
        "हवा वाला कैमरा",
        "กล้องคนตาหวาน",
        "ഹവായി camera",
        "ஹவாய் camera",
        "ΚΑΘΙΖΤΕΡΑ camera",
        "હવાવાળું camera",
    ],
)
def test_words_that_only_share_letters_with_a_name(index: Index, text: str) -> None:
    assert _bands(index, [text], "text")[0] == []


@pytest.mark.parametrize("text", ["हिकविज़न", "หัวเว่ย", "হুয়াওয়ে", "ഹുവായ്", "Hikvisión", "הוּאָווֵי", "هُواوِي"])
def test_both_foldings_keep_vowel_signs_and_drop_accents(text: str) -> None:
    assert fold(text).text == fold_text(text) == fold_text(fold_text(text))


@pytest.mark.parametrize("text", ["info@hua.com", "dahu@example.com", "R Hyter", "price 5$ion", "a@b camera"])
def test_an_address_or_a_price_is_no_name_with_signs(index: Index, text: str) -> None:
    assert _bands(index, [text], "text") == [[]]
