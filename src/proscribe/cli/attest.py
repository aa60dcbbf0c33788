"""`proscribe attest`: make a key, sign a document, add a timestamp."""

from __future__ import annotations

from pathlib import Path

import click

from proscribe.cli.options import OPTIONS, PATH, SETTINGS, Given, options, passphrase
from proscribe.cli.terminal import write_file


@click.group(context_settings=SETTINGS)
def attest() -> None:
    """Sign documents so that a stranger can check them years later, offline.

    \b
    Examples:
      proscribe attest key -o ridge-signer
      proscribe attest sign document.json document.pdf --key ridge-signer.key --by "A. Osei" -o signed.zip
      proscribe verify signed.zip --key ridge-signer.pub.pem
    """


@attest.command("key", context_settings=SETTINGS)
@click.option(
    "-o", "--output", "stem", required=True, metavar="NAME", help="Writes NAME.key and NAME.pub.pem."
)
@options("passphrase-file")
def make_key(given: Given, stem: str) -> None:
    """Make a signing key, kept under a passphrase, and its public half.

    Give the .pub.pem to whoever has to check, by another way than the documents. The passphrase is asked for, or read
    from PROSCRIBE_PASSPHRASE.
    """
    from proscribe.app.signing import make_key as make

    key_id = make(stem, lambda: passphrase(given.passphrase_file, new=True))
    click.echo(f"Private key: {stem}.key   (under its passphrase; keep it where only the signer can read)")
    click.echo(f"Public key:  {stem}.pub.pem")
    click.echo(f"Fingerprint: {key_id}")


@attest.command("sign", context_settings=SETTINGS)
@click.argument("document", metavar="DOCUMENT.json", type=PATH)
@click.argument("others", metavar="[FILE]...", nargs=-1, type=PATH)
@options("key", "passphrase-file", "pkcs11", "token", "label")
@click.option("--by", "signed_by", required=True, metavar="NAME", help="The person who signs.")
@options("title")
@click.option("--at", "signed_at", metavar="INSTANT", help="When it is signed; now by default.")
@OPTIONS["bundle"]
def sign(
    given: Given,
    document: Path,
    others: tuple[Path, ...],
    signed_by: str,
    signed_at: str | None,
    target: Path,
) -> None:
    """Sign a document, with its PDF and whatever else belongs to it, into one bundle.

    DOCUMENT.json is a document as this program writes it; the other files lie beside it in the bundle. A document that
    was refused cannot be signed.
    """
    from proscribe.app.signing import sign_document

    signer = given.signer()
    bundle = sign_document(
        document, others, signer, signed_by=signed_by, signed_as=given.signed_as, signed_at=signed_at
    )
    say_signed(target, bundle, signer.key_id)


def say_signed(target: Path, bundle: bytes, key_id: str) -> None:
    """Write a bundle and say which key signed it."""
    to_file = write_file(target, bundle)
    click.echo(f"Signed:      {target}\nKey:         {key_id}", err=not to_file)


@attest.command("timestamp-request", context_settings=SETTINGS)
@click.argument("bundle", metavar="BUNDLE", type=PATH)
@click.option("-o", "--output", "target", required=True, type=PATH, help="The request to write.")
def request(bundle: Path, target: Path) -> None:
    """Write the RFC 3161 request for a bundle's signature. Nothing is sent.

    Send it yourself to an authority you trust, as application/timestamp-query; only a digest of the signature leaves.
    """
    from proscribe.app.signing import timestamp_query

    to_file = write_file(target, timestamp_query(bundle))
    click.echo(f"Written: {target}", err=not to_file)


@attest.command("timestamp-add", context_settings=SETTINGS)
@click.argument("bundle", metavar="BUNDLE", type=PATH)
@click.argument("answer", metavar="ANSWER.tsr", type=PATH)
def add(bundle: Path, answer: Path) -> None:
    """Put the authority's answer into the bundle."""
    from proscribe.app.signing import with_timestamp

    write_file(bundle, with_timestamp(bundle, answer))
    click.echo(f"Added to: {bundle}")
