"""A key on a token signs, and the bundle verifies like any other. Needs SoftHSM, a software token."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from proscribe.app.keys.signing import bundle_of
from proscribe.attestations import pkcs11_signer, verify_bundle
from proscribe.model.errors import EnvironmentProblem

from .conftest import DOCUMENT, files

MODULES = [
    Path(place)
    for place in (
        "/usr/lib/softhsm/libsofthsm2.so",
        "/usr/lib64/softhsm/libsofthsm2.so",
        "/usr/local/lib/softhsm/libsofthsm2.so",
        "/opt/homebrew/lib/softhsm/libsofthsm2.so",
    )
]
MODULE = next((path for path in MODULES if path.exists()), None)
needs_token = pytest.mark.skipif(
    MODULE is None or importlib.util.find_spec("pkcs11") is None or shutil.which("softhsm2-util") is None,
    reason="SoftHSM (softhsm2) or the extra 'pkcs11' is not installed: signing on a token was not tested here",
)


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\n")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    subprocess.run(
        [
            "softhsm2-util",
            "--init-token",
            "--free",
            "--label",
            "ridge",
            "--so-pin",
            "12345678",
            "--pin",
            "1234",
        ],
        check=True,
    )
    import pkcs11
    from pkcs11 import KeyType
    from pkcs11.util.ec import encode_named_curve_parameters

    session = pkcs11.lib(str(MODULE)).get_token(token_label="ridge").open(user_pin="1234", rw=True)
    parameters = session.create_domain_parameters(
        KeyType.EC, {pkcs11.Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")}, local=True
    )
    parameters.generate_keypair(store=True, label="signer")
    session.close()
    assert MODULE is not None
    return MODULE


@needs_token
def test_a_key_on_a_token_signs(token: Path) -> None:
    signer = pkcs11_signer(str(token), "ridge", "signer", "1234")
    bundle = bundle_of(
        DOCUMENT, {**files(), "document.json": json.dumps(DOCUMENT).encode()}, signer,
        signed_by="A. Osei", signed_at="2026-11-25T12:00:00+00:00",
    )  # fmt: skip
    assert verify_bundle(bundle, trusted_keys=[("token", signer.public_pem.encode())]).answer == "valid"


@needs_token
@pytest.mark.parametrize(
    ("label", "key", "pin"),
    [("ridge", "signer", "9999"), ("ridge", "nobody", "1234"), ("other", "signer", "1234")],
)
def test_a_wrong_pin_key_or_token_is_said(token: Path, label: str, key: str, pin: str) -> None:
    with pytest.raises(EnvironmentProblem) as caught:
        pkcs11_signer(str(token), label, key, pin)
    assert caught.value.code == "E483"


@pytest.mark.skipif(importlib.util.find_spec("pkcs11") is None, reason="the extra 'pkcs11' is not installed")
def test_a_library_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem) as caught:
        pkcs11_signer(str(tmp_path / "none.so"), "ridge", "signer", "1234")
    assert caught.value.code == "E483"
