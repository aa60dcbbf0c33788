"""Make a release: wheel, source archive, list of parts, licences, and the provenance of them all.

python release/make.py dist                    the files, and provenance.json, unsigned
python release/make.py dist --key KEY.pem      with the knowledge and the provenance signed; the passphrase is asked for
python release/make.py dist --check PUBLIC.pem  is it signed by that key, and are the files those that were signed?
python release/make.py dist --again            make them again elsewhere, and compare them with those in dist

The same commit gives the same bytes: times in archives are that of the commit, and every package that takes part in the
making is locked by digest.
"""

from __future__ import annotations

import argparse
import getpass
import hashlib
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense, LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from locked import LOCKS, ROOT, licence_of, locked
from packageurl import PackageURL
from third_party import page

from proscribe.app.kb.knowledge_origin import publishers
from proscribe.attestations.envelope import open_envelope, seal
from proscribe.attestations.signers import Signer, file_signer, public_half
from proscribe.attestations.statement import Statement, Subject
from proscribe.kb.build import build as build_snapshot
from proscribe.kb.signature import Signature, signed_text

#: Names the variable that holds the passphrase, for a machine without a terminal.
PASSPHRASE = "PROSCRIBE_PASSPHRASE"
BUILD_TYPE = "proscribe/release-make/1"
#: The signature over the snapshot of the knowledge, beside the wheel that holds it.
KNOWLEDGE_SIGNATURE = "knowledge-signature.json"
PREDICATE_TYPE = "https://slsa.dev/provenance/v1"


def digest(path: Path) -> str:
    """Give the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def git(*words: str) -> str:
    """Ask git about this checkout."""
    return subprocess.run(
        ["git", *words], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()


def sign_knowledge(target: Path, signer: Signer) -> None:
    """Sign the snapshot of the knowledge that goes into the wheel; the signature lies beside the wheel too."""
    pinned = {public_half(str(one["key"]).encode(), "publishers.yml")[1] for one in publishers()}
    if signer.key_id not in pinned:
        told = "The knowledge is not signed: this key does not stand in src/proscribe/kb/publishers.yml"
        if pinned:
            raise SystemExit(told)
        print(f"{told}, which names none; see docs/releases.md.")
        return
    with tempfile.TemporaryDirectory() as folder:
        told = build_snapshot(ROOT / "knowledge", Path(folder) / "snapshot.zip")
    text = signed_text(told["version"], told["sha256"])
    made = Signature(told["version"], told["sha256"], signer.key_id, signer.sign(text))
    target.mkdir(parents=True, exist_ok=True)
    (target / KNOWLEDGE_SIGNATURE).write_bytes(made.to_bytes() + b"\n")


def build(target: Path, signature: Path) -> None:
    """Make the wheel and the source archive of the commit that is checked out, with the signature of its knowledge."""
    # one wheel for every system; what is installed from source compiles the loop of the scan
    clock = {
        "PROSCRIBE_COMPILED": "off",
        "SOURCE_DATE_EPOCH": git("log", "-1", "--format=%ct"),
        "PYTHONHASHSEED": "0",
    }
    named = {"PROSCRIBE_SNAPSHOT_SIGNATURE": str(signature.resolve()) if signature.exists() else ""}
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-t", "sdist", "-d", str(target)],
        cwd=ROOT, check=True, env=os.environ | clock | named,
    )  # fmt: skip


def parts(version: str) -> str:
    """Write the list of parts, as CycloneDX."""
    product = Component(
        name="proscribe", version=version, type=ComponentType.APPLICATION, bom_ref="proscribe",
        licenses=[LicenseExpression("Apache-2.0 AND CC-BY-4.0 AND OFL-1.1 AND MIT AND CC0-1.0")],
        purl=PackageURL("pypi", None, "proscribe", version),
    )  # fmt: skip
    bom = Bom()
    bom.metadata.component = product
    held = []
    for one in locked():
        licence = licence_of(one.name)
        made = Component(
            name=one.name, version=one.version, type=ComponentType.LIBRARY, bom_ref=one.purl,
            purl=PackageURL.from_string(one.purl),
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest) for digest in one.digests[:1]],
            licenses=[] if licence in (None, "not stated") else [_licence(str(licence))],
        )  # fmt: skip
        held.append(made)
        bom.components.add(made)
    bom.register_dependency(product, held)
    text = json.loads(JsonV1Dot6(bom).output_as_string())
    # what differs from run to run and says nothing
    text.pop("serialNumber", None)
    text["metadata"].pop("timestamp", None)
    return json.dumps(text, indent=2, sort_keys=True) + "\n"


def _licence(text: str) -> LicenseExpression | DisjunctiveLicense:
    return LicenseExpression(text) if " " in text else DisjunctiveLicense(id=text)


def provenance(files: list[Path]) -> Statement:
    """Say of which commit, with which packages and by which command the files were made (in-toto, SLSA provenance 1)."""
    predicate: dict[str, Any] = {
        "buildDefinition": {
            "buildType": BUILD_TYPE,
            "externalParameters": {"command": "python release/make.py"},
            "internalParameters": {"python": platform.python_version(), "system": platform.system()},
            "resolvedDependencies": [
                {"uri": "git+proscribe", "digest": {"gitCommit": git("rev-parse", "HEAD")}},
                *(
                    {"uri": f"file:locks/{path.name}", "digest": {"sha256": digest(path)}}
                    for path in sorted(LOCKS.glob("*.txt"))
                ),
            ],
        },
        "runDetails": {"builder": {"id": "local"}},
    }
    return Statement(tuple(Subject(path.name, digest(path)) for path in files), PREDICATE_TYPE, predicate)


def make(target: Path, signature: Path | None = None) -> list[Path]:
    """Make everything of a release in a folder; give the files.

    Args:
        signature: of the knowledge; that in the folder by default. The same signature gives the same wheel.
    """
    target.mkdir(parents=True, exist_ok=True)
    here = target / KNOWLEDGE_SIGNATURE
    if signature is not None and signature.exists():
        here.write_bytes(signature.read_bytes())
    build(target, here)
    wheel = next(target.glob("*.whl"))
    version = wheel.name.split("-")[1]
    (target / f"proscribe-{version}.cdx.json").write_text(parts(version), encoding="utf-8")
    (target / "third-party.md").write_text(page(), encoding="utf-8")
    return sorted(path for path in target.iterdir() if not path.name.startswith("provenance"))


def _compare(target: Path) -> int:
    with tempfile.TemporaryDirectory() as folder:
        again = {path.name: digest(path) for path in make(Path(folder), target / KNOWLEDGE_SIGNATURE)}
    differing = [name for name, found in again.items() if digest(target / name) != found]
    for name in again:
        print(f"{'differs' if name in differing else 'same':8} {name}")
    return 1 if differing else 0


def check(target: Path, key: Path) -> int:
    """Check the signature of a release, and every file against it; says which differ, are missing or are not named."""
    pem, key_id = public_half(key.read_bytes(), str(key))
    opened = open_envelope((target / "provenance.dsse.json").read_bytes(), {key_id: pem})
    if not opened.good:
        print("not signed by this key")
        return 1
    signed = {one.name: one.sha256 for one in opened.statement.subjects}
    here = {path.name: path for path in target.iterdir() if not path.name.startswith("provenance")}
    answers = {
        name: "missing" if name not in here else "same" if digest(here[name]) == signed[name] else "differs"
        for name in signed
    } | {name: "not named" for name in here if name not in signed}
    for name, answer in sorted(answers.items()):
        print(f"{answer:9} {name}")
    return 0 if set(answers.values()) == {"same"} else 1


def main() -> int:
    """Make a release, or make it again and compare."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("target", type=Path)
    asked.add_argument("--key", type=Path)
    asked.add_argument("--again", action="store_true")
    asked.add_argument("--check", type=Path, metavar="PUBLIC_KEY")
    given = asked.parse_args()
    if given.check is not None:
        return check(given.target, given.check)
    if given.again:
        return _compare(given.target)
    if git("status", "--porcelain"):
        print(
            "The checkout holds changes that no commit has: commit them, or make the release from a fresh clone."
        )
        return 1
    signer = None
    if given.key is not None:
        signer = file_signer(given.key, os.environ.get(PASSPHRASE) or getpass.getpass("Passphrase: "))
        sign_knowledge(given.target, signer)
    statement = provenance(make(given.target))
    (given.target / "provenance.json").write_bytes(statement.to_bytes() + b"\n")
    if signer is not None:
        (given.target / "provenance.dsse.json").write_bytes(seal(statement, signer))
    for path in sorted(given.target.iterdir()):
        print(f"{digest(path)}  {path.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
