"""What YAML files declare is the same whether they are taken apart or a wheel brings their values."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

import proscribe.readers
from proscribe.readers import _declared

PACKAGE = Path(proscribe.readers.__file__).parent
PATHS = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.yml"))


@pytest.fixture
def brought(monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, object]]:
    """Let the package bring values, as a wheel does."""
    made: dict[str, dict[str, object]] = json.loads(_declared.taken_apart())
    monkeypatch.setattr(_declared, "_taken_apart", lambda: made)
    return made


def test_a_wheel_brings_the_values_of_every_file(brought: dict[str, dict[str, object]]) -> None:
    assert sorted(brought) == PATHS and len(PATHS) > 20
    for path in PATHS:
        plain = yaml.load((PACKAGE / path).read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
        assert _declared.values_of(path) == plain


def test_values_of_another_file_are_not_used(brought: dict[str, dict[str, object]]) -> None:
    brought["columns.yml"]["declares"] = {"maker_name": ["nonsense"]}
    assert _declared.values_of("columns.yml") == {"maker_name": ["nonsense"]}
    brought["columns.yml"]["sha256"] = "0" * 64
    assert len(_declared.values_of("columns.yml")) > 20
