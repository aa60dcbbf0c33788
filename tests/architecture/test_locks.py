"""What is installed is what was locked: every package by version and digest, none under a licence that binds the product."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "release"))

import locked  # noqa: E402
import third_party  # noqa: E402

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def plain(requirement: str) -> str:
    return re.split(r"[\s\[<>=!~;]", requirement, maxsplit=1)[0].lower().replace("_", "-")


def chosen() -> dict[str, str]:
    """Give the versions that constraints.txt chooses."""
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    return {plain(line): line.split("==")[1].strip() for line in lines if "==" in line}


@pytest.mark.parametrize("name", ["run", "photos", "team", "development"])
def test_every_package_is_locked_by_version_and_digest(name: str) -> None:
    entries = locked.locked(name)
    assert len(entries) > 20
    versions = chosen()
    for one in entries:
        assert one.digests, one.name
        assert versions.get(plain(one.name), one.version) == one.version, f"{one.name}: run make lock"


def test_what_the_project_asks_for_is_locked() -> None:
    run = {plain(one.name) for one in locked.locked("run")}
    development = {plain(one.name) for one in locked.locked("development")}
    extras = PROJECT["optional-dependencies"]
    assert {plain(one) for one in [*PROJECT["dependencies"], *extras["app"], *extras["choice"]]} <= run
    asked = [
        *extras["postgres"],
        *extras["ssh"],
        *(ROOT / "requirements-dev.txt").read_text().split("\n"),
    ]
    assert {plain(one) for one in asked if one.strip() and not one.startswith("#")} <= development
    assert run <= development
    photos = {plain(one.name) for one in locked.locked("photos")}
    assert {plain(one) for one in extras["photos"]} | run <= photos <= development
    team = {plain(one.name) for one in locked.locked("team")}
    asked = [
        one
        for name in ("postgres", "team", "web")
        for one in extras[name]
        if not one.startswith("proscribe[")
    ]
    assert {plain(one) for one in asked} | run <= team <= development


def test_no_place_of_packages_is_named() -> None:
    for path in (ROOT / "locks").glob("*.txt"):
        assert not re.search(r"https?://|index|find-links", path.read_text()), path.name


def test_no_package_is_under_a_licence_that_binds_the_product() -> None:
    told = {one.name: locked.licence_of(one.name) for one in locked.locked()}
    bound = {name: licence for name, licence in told.items() if licence and "GPL" in licence}
    assert not bound
    assert not [name for name, licence in told.items() if licence == "not stated"]


def test_the_page_of_licences_names_every_package() -> None:
    written = (ROOT / "docs" / "third-party.md").read_text()
    assert written.startswith(third_party.HEAD)
    for one in locked.locked():
        assert f"| {one.name} | {one.version} |" in written, "run python release/third_party.py"


def test_a_release_comes_out_the_same_twice_and_names_every_part(tmp_path: Path) -> None:
    code = (
        "import sys, json; from pathlib import Path; sys.path.insert(0, 'release'); import make\n"
        "first, second = Path(sys.argv[1]), Path(sys.argv[2])\n"
        "one, two = make.make(first), make.make(second)\n"
        "print(json.dumps([[path.name, make.digest(path)] for path in one] == "
        "[[path.name, make.digest(path)] for path in two]))\n"
        "statement = make.provenance(one)\n"
        "from proscribe.attestations.envelope import seal\n"
        "from proscribe.attestations.signers import file_signer, new_key\n"
        "secret, public, key_id = new_key('long enough words')\n"
        "(second / 'key').write_bytes(secret); (second / 'pub').write_text(public)\n"
        "(first / 'provenance.dsse.json').write_bytes(seal(statement, file_signer(second / 'key', 'long enough words')))\n"
        "print(make.check(first, second / 'pub'))\n"
        "next(first.glob('*.whl')).write_bytes(b'other')\n"
        "print(make.check(first, second / 'pub'))\n"
    )
    places = [str(tmp_path / "one"), str(tmp_path / "two")]
    ran = subprocess.run(
        [sys.executable, "-c", code, *places], cwd=ROOT, capture_output=True, text=True, check=False,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT / "src"), "HOME": str(tmp_path)},
    )  # fmt: skip
    if "not a git repository" in ran.stderr:
        pytest.skip("made from a checkout only")
    assert ran.returncode == 0, ran.stderr[-2000:]
    answers = [line for line in ran.stdout.splitlines() if line in ("true", "false", "0", "1")]
    assert answers == ["true", "0", "1"], ran.stdout
    parts = (tmp_path / "one").glob("*.cdx.json")
    text = next(parts).read_text()
    assert all(f'"{one.purl}"' in text for one in locked.locked())
