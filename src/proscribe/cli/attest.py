"""`proscribe attest`: make a key, sign a document, add a timestamp."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import click

from proscribe.cli.options import (
    OPTIONS,
    PATH,
    SETTINGS,
    Given,
    day_if,
    options,
    passphrase,
    split_reference,
)
from proscribe.cli.terminal import file_or_standard_output, is_standard_output, write_file
from proscribe.model.errors import ProscribeError, error

_CASE = re.compile(r"C-[0-9]+(?:-[0-9a-f]+)*")
_REFERENCE = re.compile(rf"(?:{_CASE.pattern})/DOC[0-9]+")
_LARGEST_DOCUMENT = 64 * 1024 * 1024


@click.group(context_settings=SETTINGS)
def attest() -> None:
    """Sign documents so that a stranger can check them years later, offline.

    \b
    Examples:
      proscribe attest key -o ridge-signer
      proscribe attest sign C-0001/DOC1 --key ridge-signer.key --by "A. Osei" -o signed.zip
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
    from proscribe.app.keys.signing import make_key as make

    stem = stem.removesuffix(".key") or stem  # whoever names the file means it
    key_id = make(stem, lambda: passphrase(given.passphrase_file, new=True))
    click.echo(f"Private key: {stem}.key   (under its passphrase; keep it where only the signer can read)")
    click.echo(f"Public key:  {stem}.pub.pem")
    click.echo(f"Fingerprint: {key_id}")


@attest.command("sign", context_settings=SETTINGS)
@click.argument("references", metavar="CASE/DOC", nargs=-1, required=True)
@options("signer")
@OPTIONS["bundle"]
@click.option(
    "--signed-on", "signed_on", metavar="DATE",
    help="The day that the signature bears, where the case counts days; today by default, never before the making.",
)  # fmt: skip
@options("store", "by", "at", "expect", "knowledge", "config")
def sign(given: Given, references: tuple[str, ...], target: Path, signed_on: str | None) -> None:
    """Sign a document that a case keeps, with its renderings, into one bundle; the case keeps the signature.

    It has to be ready, approved by the person it names, and not superseded. The whole store is checked, and the document is
    weighed anew over the store as it is: what came after the approval and stands against it stops the signature. A file is
    not signed. A document is signed once; where its bundle is missing (a command that was killed), the same command with the
    same key writes it again from the signature that the case keeps.

    \b
    Examples:
      proscribe attest sign C-0001/DOC1 --key ridge-signer.key --by "A. Osei" -o signed.zip
    """
    from proscribe.app.case.document_files import sign_stored_document

    if len(references) > 1 or not _REFERENCE.fullmatch(references[0]):
        raise _by_file(Path(references[0]))
    if given.at and signed_on:
        raise click.UsageError("Give --at or --signed-on.")
    found = given.found
    member = found.config.member("signer") if found is not None and found.own else None
    if not given.author and found is not None and member is not None:
        given = replace(
            given, by=member.name, signed_as=given.signed_as or member.title, configured_key=found.key_of(member.name)
        )  # fmt: skip
    case_id, identity = split_reference(references[0], "document")
    who = given.person
    with file_or_standard_output(target) as place, given.cases() as cases:
        signer = given.signer(cases.store.roster())
        anew = sign_stored_document(
            cases, case_id, identity, signer, place, by=who, title=given.signed_as, version=given.version,
            signed_at=given.instant, signed_on=day_if(signed_on, "--signed-on"), knowledge=given.knowledge,
            meant=member.name if member is not None else "",
        )  # fmt: skip
        (kept,) = (one for one in cases.case(case_id).documents if one.id == identity)
    if not anew:
        click.echo(
            f"{case_id}/{identity} was signed by {kept.signer} at {kept.signed_at:%Y-%m-%d %H:%M %Z} with this key. Nothing was"
            " signed now: the bundle was put together again from the signature that the case keeps.",
            err=True,
        )
    told = "Signed:     " if anew else "Written:    "
    click.echo(f"{told} {target}\nKey:         {signer.key_id}", err=is_standard_output(target))


@attest.command("countersign", context_settings=SETTINGS)
@click.argument("bundle", metavar="BUNDLE", type=PATH)
@options("signer", "by", "at")
@OPTIONS["bundle"]
def countersign(given: Given, bundle: Path, target: Path) -> None:
    """Put a second person's name and signature under a signed document; `verify` shows whose it is, and as what.

    It is somebody who neither prepared nor signed it. The first signature stays as it is.

    \b
    Examples:
      proscribe attest countersign signed.zip --key moreau.key --by "C. Moreau" --title "General counsel" -o signed.zip
    """
    from proscribe.app.papers.signatures import countersign as made

    who, signer = given.person, given.signer()
    data = made(bundle, signer, signed_by=who, signed_as=given.signed_as, signed_at=given.instant)
    say_signed(target, data, signer.key_id)


def _by_file(path: Path) -> ProscribeError:
    """Refuse a file, and say by which command the document is signed that is in it."""
    case_id = ""
    with suppress(OSError, ValueError, RecursionError):
        if path.is_file() and path.stat().st_size < _LARGEST_DOCUMENT:
            value = json.loads(path.read_bytes())
            told = value.get("case_id") if isinstance(value, dict) else None
            case_id = told if isinstance(told, str) and _CASE.fullmatch(told) else ""
    return error("E488.file", at=path, case=case_id or "CASE")


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
    from proscribe.app.keys.signing import timestamp_query

    to_file = write_file(target, timestamp_query(bundle))
    click.echo(f"Written: {target}", err=not to_file)


@attest.command("timestamp-add", context_settings=SETTINGS)
@click.argument("bundle", metavar="BUNDLE", type=PATH)
@click.argument("answer", metavar="ANSWER.tsr", type=PATH)
def add(bundle: Path, answer: Path) -> None:
    """Put the authority's answer into the bundle."""
    from proscribe.app.keys.signing import with_timestamp

    write_file(bundle, with_timestamp(bundle, answer))
    click.echo(f"Added to: {bundle}")
