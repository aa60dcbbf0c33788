"""Which browser the tests take, and what they do where there is none."""

from __future__ import annotations

from pathlib import Path

import browser_parts
import pytest
import seen
from browser_parts import Chromium, NoBrowser


def test_one_that_does_not_start_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, script in {"chromium": "exit 1", "google-chrome": "echo 147"}.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    monkeypatch.setattr(browser_parts, "NAMES", ("chromium", "google-chrome"))
    found = browser_parts.of_the_system()
    assert found == Chromium(str(tmp_path / "google-chrome"))
    assert not Chromium(str(tmp_path / "nosuch")).starts()


def test_where_none_runs_tests_are_skipped_with_the_reason_and_red_in_ci(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browser_parts, "AXE", tmp_path / "axe.min.js")
    monkeypatch.delenv("CI", raising=False)
    with (
        pytest.raises(pytest.skip.Exception, match="no real browser: axe-core is not in"),
        seen.real_browser(),
    ):
        pass
    monkeypatch.setenv("CI", "1")
    with pytest.raises(NoBrowser), seen.real_browser():
        pass
    (tmp_path / "axe.min.js").touch()
    monkeypatch.setattr(browser_parts, "NAMES", ())
    monkeypatch.setattr(browser_parts, "UNPACKED", tmp_path)
    with pytest.raises(NoBrowser, match="neither the system nor npm"), seen.real_browser():
        pass
