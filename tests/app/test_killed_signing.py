"""Killed while a document is signed, at each step that reaches the disk: signed or not signed, and never half."""

from __future__ import annotations

import os
import shutil
import signal
import sys
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

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="divides the process, and asks Linux for unnamed files"
)


def killed_at(step: int, world: World) -> bool:
    """Sign in a copy of this process that is killed at a step; tells whether it came so far."""
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        return os.waitstatus_to_exitcode(status) == -signal.SIGKILL
    try:
        left = step

        def tick(*_: object) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

        def before(call: Callable[..., Any]) -> Callable[..., Any]:
            def ticking(*values: Any, **named: Any) -> Any:
                tick()
                return call(*values, **named)

            return ticking

        for name in ("fsync", "link", "replace"):
            setattr(os, name, before(getattr(os, name)))
        sa.event.listen(sa.engine.Engine, "commit", tick)
        world.sign()
        os._exit(0)
    except BaseException:
        import traceback

        traceback.print_exc()
    os._exit(1)


def test_killed_at_each_step_a_document_is_signed_or_not(tmp_path: Path) -> None:
    (tmp_path / "whole").mkdir()
    whole = begun(tmp_path / "whole")
    steps, signed_without_bundle = 0, 0
    for step in range(1, 60):
        world = World(tmp_path / f"s{step}")
        shutil.copytree(whole.folder, world.folder)
        if not killed_at(step, world):
            break
        steps += 1
        left = {one.name for one in world.folder.iterdir()} - {
            "c.db",
            "c.db-wal",
            "c.db-shm",
            "keys",
            "assets.csv",
            "said.yml",
        }
        assert left <= {"signed.zip"}, "no litter"
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
    assert steps >= 4
    assert 1 <= signed_without_bundle <= 4, "between the store and the folder alone"
