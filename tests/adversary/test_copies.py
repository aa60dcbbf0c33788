"""The same file in a folder twice, as programs name copies: its rows count once, and nothing else is taken for a copy."""

from __future__ import annotations

from pathlib import Path

from proscribe.readers.sources import expand

ROWS = "Tag,Item,Maker\nA-1,Camera,Hikvision\n"
COPIES = [
    "assets (1).csv", "assets - Copy.csv", "assets - Copy (2).csv", "Copy of assets.csv", "assets_copy.csv", "Kopie von assets.csv", "assets - 副本.csv",
]  # fmt: skip
#: Other names, another folder, other bytes, and two of a name of which there is no original: perhaps two sites.
OWN = ["assets.csv", "assets2.csv", "assets-old.csv", "copy.csv", "sub/assets.csv", "other (1).csv", "other.csv", "site (1).csv", "site (2).csv"]  # fmt: skip


def test_a_copy_beside_its_original_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for name in [*COPIES, *OWN]:
        (tmp_path / name).write_text(ROWS.replace("A-1", "A-9") if name == "other.csv" else ROWS)
    read = expand([tmp_path])
    assert sorted(one.path.relative_to(tmp_path).as_posix() for one in read.sources) == sorted(OWN)
    assert {Path(one.at).name for one in read.issues} == set(COPIES)
    assert all(
        one.code == "E105" and "copy of assets.csv" in one.what and not one.lossy for one in read.issues
    )
    # whoever names a copy has it read
    assert len(expand([tmp_path / COPIES[0], tmp_path / "assets.csv"]).sources) == 2
