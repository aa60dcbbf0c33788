"""Records of very many columns are judged in a time that grows with them, and what they hold is found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import proscribe
from proscribe.matching import findings
from proscribe.matching import kernel as kernels


def test_a_record_of_many_keys_is_not_judged_anew_for_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = 0
    judged = findings.analyse

    def counting(*args: object, **named: object) -> object:
        nonlocal cells
        cells += len(args[1])  # type: ignore[arg-type]
        return judged(*args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(kernels, "analyse", counting)
    keys = {f"k{number}": f"v{number}" for number in range(400)}
    (tmp_path / "wide.json").write_text(json.dumps({**keys, "k_last": "Hikvision DS-2CD2143G2-I"}))
    scan = proscribe.scan(tmp_path / "wide.json", as_of="2026-11-25")
    assert {one.entity for one in scan.findings} >= {"hikvision"}
    assert cells < 40 * len(keys)
