"""Words that stand where a name should, and name no person: `no_names.txt`."""

from __future__ import annotations

from importlib.resources import files


def no_names() -> dict[str, list[str]]:
    """Give the words by what they are: titles, offices, pointers, joints, and endings of names."""
    told: dict[str, list[str]] = {}
    for line in (files(__package__) / "no_names.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            words = told.setdefault(line.strip("[]"), [])
        elif not line.startswith("#"):
            words += filter(None, map(str.strip, line.split(",")))
    return told
