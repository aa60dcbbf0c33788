"""`proscribe attest`: make a key, sign a document, add a timestamp."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from proscribe.cli import exitcodes
from proscribe.model.errors import UsageError

if TYPE_CHECKING:
    from proscribe.attestations import Signer

_SETTINGS = {"help_option_names": ["-h", "--help"]}
#: Where the passphrase may come from without a terminal.
PASSPHRASE_VARIABLE = "PROSCRIBE_PASSPHRASE"  # noqa: S105 the name of a variable
PIN_VARIABLE = "PROSCRIBE_PIN"


@click.group(context_settings=_SETTINGS)
def attest() -> None:
    """Sign documents so that a stranger can check them years later, offline.

    \b
    Examples:
      proscribe attest key -o ridge-signer
      proscribe attest sign document.json document.pdf --key ridge-signer.key --by "A. Osei" -o signed.zip
      proscribe verify signed.zip --key ridge-signer.pub.pem
    """


@attest.command("key", context_settings=_SETTINGS)
@click.option(
    "-o", "--output", "stem", required=True, metavar="NAME", help="Writes NAME.key and NAME.pub.pem."
)
@click.option(
    "--passphrase-file", type=click.Path(path_type=Path), help="First line of this file is the passphrase."
)
@click.pass_context
def make_key(ctx: click.Context, stem: str, passphrase_file: Path | None) -> None:
    """Make a signing key, kept under a passphrase, and its public half.

    Give the .pub.pem to whoever has to check, by another way than the documents. The passphrase is asked for, or read
    from PROSCRIBE_PASSPHRASE.
    """
    from proscribe.app.signing import write_new
    from proscribe.attestations import new_key

    for name in (f"{stem}.key", f"{stem}.pub.pem"):
        if Path(name).exists():
            raise UsageError(
                "E486",
                "a file of this name is there already and was left as it is",
                at=name,
                expected="a new name",
                next_step="Choose another name.",
            )
    private, public, key_id = new_key(_passphrase(passphrase_file, new=True))
    write_new(Path(f"{stem}.key"), private, private=True)
    write_new(Path(f"{stem}.pub.pem"), public.encode())
    click.echo(f"Private key: {stem}.key   (under its passphrase; keep it where only the signer can read)")
    click.echo(f"Public key:  {stem}.pub.pem")
    click.echo(f"Fingerprint: {key_id}")
    ctx.exit(exitcodes.DONE)


@attest.command("sign", context_settings=_SETTINGS)
@click.argument("document", metavar="DOCUMENT.json", type=click.Path(path_type=Path))
@click.argument("files", metavar="[FILE]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--key", "key_file", metavar="FILE", type=click.Path(path_type=Path), help="Private key file.")
@click.option(
    "--passphrase-file", type=click.Path(path_type=Path), help="First line of this file is the passphrase."
)
@click.option(
    "--pkcs11", "module", metavar="LIBRARY", help="PKCS#11 library of a smart card or HSM, instead of --key."
)
@click.option("--token", default="", help="With --pkcs11: label of the token.")
@click.option("--label", default="", help="With --pkcs11: label of the key pair.")
@click.option("--by", "signed_by", required=True, metavar="NAME", help="The person who signs.")
@click.option("--title", "signed_as", default="", help="The person's title.")
@click.option("--at", "signed_at", metavar="INSTANT", help="When it is signed; now by default.")
@click.option(
    "-o", "--output", "target", required=True, type=click.Path(path_type=Path), help="The bundle to write."
)
@click.pass_context
def sign(
    ctx: click.Context,
    document: Path,
    files: tuple[Path, ...],
    key_file: Path | None,
    passphrase_file: Path | None,
    module: str | None,
    token: str,
    label: str,
    signed_by: str,
    signed_as: str,
    signed_at: str | None,
    target: Path,
) -> None:
    """Sign a document, with its PDF and whatever else belongs to it, into one bundle.

    DOCUMENT.json is a document as this program writes it; the other files lie beside it in the bundle. A document that
    was refused cannot be signed.
    """
    from proscribe.app.signing import sign_document, write_new

    signer = signer_of(key_file, passphrase_file, module, token, label)
    bundle = sign_document(
        document, files, signer, signed_by=signed_by, signed_as=signed_as, signed_at=signed_at
    )
    write_new(target, bundle, replace=True)
    click.echo(f"Signed:      {target}")
    click.echo(f"Key:         {signer.key_id}")
    ctx.exit(exitcodes.DONE)


@attest.command("timestamp-request", context_settings=_SETTINGS)
@click.argument("bundle", metavar="BUNDLE", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", "target", required=True, type=click.Path(path_type=Path), help="The request to write."
)
@click.pass_context
def request(ctx: click.Context, bundle: Path, target: Path) -> None:
    """Write the RFC 3161 request for a bundle's signature. Nothing is sent.

    Send it yourself to an authority you trust, as application/timestamp-query; only a digest of the signature leaves.
    """
    from proscribe.app.signing import read_file, write_new
    from proscribe.attestations import timestamp_request

    write_new(target, timestamp_request(read_file(bundle)), replace=True)
    click.echo(f"Written: {target}")
    ctx.exit(exitcodes.DONE)


@attest.command("timestamp-add", context_settings=_SETTINGS)
@click.argument("bundle", metavar="BUNDLE", type=click.Path(path_type=Path))
@click.argument("answer", metavar="ANSWER.tsr", type=click.Path(path_type=Path))
@click.pass_context
def add(ctx: click.Context, bundle: Path, answer: Path) -> None:
    """Put the authority's answer into the bundle."""
    from proscribe.app.signing import read_file, write_new
    from proscribe.attestations import add_timestamp

    write_new(bundle, add_timestamp(read_file(bundle), read_file(answer)), replace=True)
    click.echo(f"Added to: {bundle}")
    ctx.exit(exitcodes.DONE)


def signer_of(
    key_file: Path | None, passphrase_file: Path | None, module: str | None, token: str, label: str
) -> Signer:
    """Open the key that the options name.

    Raises:
        UsageError: E484 when they name none, or two.
    """
    from proscribe.attestations import file_signer, pkcs11_signer

    if (key_file is None) == (module is None):
        raise UsageError(
            "E484",
            "who signs is not clear",
            at="--key, --pkcs11",
            expected="exactly one of --key FILE and --pkcs11 LIBRARY",
            next_step="Give one of them.",
        )
    if key_file is not None:
        return file_signer(key_file, _passphrase(passphrase_file))
    pin = os.environ.get(PIN_VARIABLE) or click.prompt("PIN", hide_input=True, err=True)
    return pkcs11_signer(str(module), token, label, pin)


def _passphrase(file: Path | None, *, new: bool = False) -> str:
    from proscribe.app.signing import read_file

    if file is not None:
        return read_file(file).decode("utf-8", "replace").splitlines()[0] if read_file(file) else ""
    given = os.environ.get(PASSPHRASE_VARIABLE)
    if given is not None:
        return given
    text: str = click.prompt("Passphrase", hide_input=True, confirmation_prompt=new, err=True)
    return text
