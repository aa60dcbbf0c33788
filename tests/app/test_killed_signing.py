"""Killed while a document is signed, at each step that reaches the disk: signed or not signed, and never half."""

from __future__ import annotations

import os
import shutil
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from signed_documents import World, begun

from proscribe.attestations import open_envelope
from proscribe.attestations.signers import public_key
from proscribe.attestations.verify import Answer, verify_bundle
from proscribe.casework.store import Store

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for unnamed files")


def left_at_each_step(world: World, folder: Path) -> list[Path]:
    """Sign, and keep what lies on the disk before each step: what a process that is killed there leaves."""
    left: list[Path] = []

    def tick(*_: object) -> None:
        left.append(folder / f"s{len(left) + 1}")
        shutil.copytree(world.folder, left[-1])

    def before(call: Callable[..., Any]) -> Callable[..., Any]:
        def ticking(*values: Any, **named: Any) -> Any:
            tick()
            return call(*values, **named)

        return ticking

    with pytest.MonkeyPatch.context() as patch:
        for name in ("fsync", "link", "replace"):
            patch.setattr(os, name, before(getattr(os, name)))
        patch.setattr(os, "supports_dir_fd", os.supports_dir_fd | {os.link})
        sa.event.listen(sa.engine.Engine, "commit", tick)
        try:
            world.sign()
        finally:
            sa.event.remove(sa.engine.Engine, "commit", tick)
    return left


def test_killed_at_each_step_a_document_is_signed_or_not(tmp_path: Path) -> None:
    (tmp_path / "whole").mkdir()
    whole = begun(tmp_path / "whole")
    signing = World(tmp_path / "signing")
    shutil.copytree(whole.folder, signing.folder)
    steps = left_at_each_step(signing, tmp_path)
    signed_without_bundle, passing = 0, 0
    for folder in steps:
        world = World(folder)
        left = {one.name for one in world.folder.iterdir()} - {
            "c.db",
            "c.db-wal",
            "c.db-shm",
            "keys",
            "assets.csv",
            "said.yml",
        }
        if litter := left - {
            "signed.zip"
        }:  # linked and not yet renamed: the bundle is whole under a passing name
            (name,) = litter
            assert name.startswith(".signed.zip.") and zipfile.is_zipfile(folder / name)
            passing += 1
        with Store.open(world.folder / "c.db", create=False) as store:
            assert store.verify() == []
            (document,) = store.case("C-0001").documents
            signed = document.signed_at is not None
            envelope = store.blob(document.envelope_sha256) if signed else b""
        bundle = world.folder / "signed.zip"
        if bundle.exists():
            told = verify_bundle(
                bundle.read_bytes(), trusted_keys=[("key", world.public("A. Osei").read_bytes())]
            )
            assert told.answer is Answer.VALID and signed
        elif (
            signed
        ):  # killed between the two: the case has the signature, and the same command gives its bundle
            pem = world.public("A. Osei").read_text()
            assert open_envelope(envelope, {public_key(pem.encode()).keyid: pem}).good
            signed_without_bundle += 1
            with world.cases() as cases:
                head = cases.store.head()
            told = verify_bundle(
                world.sign().read_bytes(), trusted_keys=[("key", world.public("A. Osei").read_bytes())]
            )
            assert told.answer is Answer.VALID
            with world.cases() as cases:
                assert cases.store.head() == head, "nothing is signed twice"
        else:
            world.sign()  # as if nothing had been tried
            assert bundle.exists()
    assert len(steps) >= 4 and passing == 1
    assert 1 <= signed_without_bundle <= 4, "between the store and the folder alone"
