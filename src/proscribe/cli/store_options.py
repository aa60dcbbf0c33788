"""Options that the commands of casework share: where the store is, who acts, when, and how the answer is written."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from proscribe.model.casework import parse_instant
from proscribe.model.errors import CaseError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from proscribe.attestations import Signer
    from proscribe.casework.store import Store

Command = TypeVar("Command", bound=Callable[..., Any])
USER_VARIABLE = "PROSCRIBE_USER"
SETTINGS = {"help_option_names": ["-h", "--help"]}


def store_option(command: Command) -> Command:
    """Add `--store`."""
    return click.option(
        "--store",
        "place",
        metavar="PLACE",
        help="File or postgresql:// URL of the store; else PROSCRIBE_STORE, else ./proscribe-cases.db.",
    )(command)


def author_option(command: Command) -> Command:
    """Add `--by`."""
    return click.option("--by", metavar="NAME", help="Who does this: a person's name; else PROSCRIBE_USER.")(
        command
    )


def at_option(command: Command) -> Command:
    """Add `--at`."""
    return click.option(
        "--at",
        metavar="INSTANT",
        help="When it happened, if not now: 2026-11-25T09:30:00-05:00. Kept beside the time of recording.",
    )(command)


def version_option(command: Command) -> Command:
    """Add `--expect`."""
    return click.option(
        "--expect",
        "version",
        type=click.IntRange(1),
        metavar="VERSION",
        help="Version of the case that you looked at; refused when it has changed since.",
    )(command)


def output_option(command: Command) -> Command:
    """Add `-o`."""
    return click.option(
        "-o",
        "--output",
        "output",
        type=click.Choice(["table", "json"]),
        default="table",
        help="table (default) or json.",
    )(command)


def knowledge_option(command: Command) -> Command:
    """Add `--knowledge`."""
    return click.option(
        "--knowledge",
        multiple=True,
        metavar="FILE",
        help="Another snapshot or source folder, then layers of your own.",
    )(command)


def signing_options(command: Command) -> Command:
    """Add the options that name the key under which an archive is written."""
    for option in (
        click.option("--title", "signed_as", default="", help="With --key: the title of the person who signs."),
        click.option("--label", default="", help="With --pkcs11: label of the key pair."),
        click.option("--token", default="", help="With --pkcs11: label of the token."),
        click.option(
            "--pkcs11", "module", metavar="LIBRARY", help="PKCS#11 library of a smart card or HSM, instead of --key."
        ),
        click.option(
            "--passphrase-file", type=click.Path(path_type=Path), help="First line of this file is the passphrase."
        ),
        click.option(
            "--key", "key_file", metavar="FILE", type=click.Path(path_type=Path),
            help="Private key under which it is signed, by the person that --by names.",
        ),
    ):  # fmt: skip
        command = option(command)
    return command


def trust_options(command: Command) -> Command:
    """Add the options that say whose signature is trusted."""
    for option in (
        click.option("--unsigned", is_flag=True, help="Take it without a signature that you can check."),
        click.option(
            "--fingerprint", "fingerprints", multiple=True, metavar="HEX",
            help="Fingerprint of the signer's key that you compared, at least 16 digits of it.",
        ),
        click.option(
            "--key", "keys", multiple=True, metavar="PEM", type=click.Path(path_type=Path),
            help="Public key or certificate that the signer gave you; may be given several times.",
        ),
    ):  # fmt: skip
        command = option(command)
    return command


def author(by: str | None) -> str:
    """Give the author that the option or the environment names; the store refuses an empty one."""
    return by if by is not None else os.environ.get(USER_VARIABLE, "")


def instant(text: str | None) -> datetime | None:
    """Read `--at`.

    Raises:
        CaseError: E440 when it is no instant with an offset.
    """
    if text is None:
        return None
    try:
        value = parse_instant(text)
        if not 1990 <= value.year <= 2199:
            raise ValueError("no year of a case")
        return value
    except (ValueError, OverflowError):
        raise CaseError(
            "E440",
            f"{text!r} is no instant with an offset from UTC",
            at="--at",
            expected="2026-11-25T09:30:00-05:00",
            next_step="Add the offset; a time without one could mean two days.",
        ) from None


@contextmanager
def opened(place: str | None, *, create: bool = False) -> Iterator[Store]:
    """Open the store for one command."""
    from proscribe.app.casework import open_store

    store = open_store(place, create=create)
    try:
        yield store
    finally:
        store.close()


def read_version(store: Store, case_id: str, version: int | None) -> int:
    """Give the version that was named, else that of the case as it stands now."""
    return version if version is not None else store.case(case_id).case.version


def safe(text: object) -> str:
    """Give text for a terminal: what could move the cursor or turn the line round becomes visible."""
    import unicodedata

    return "".join(
        char if char.isprintable() or char == " " else f"\\u{ord(char):04x}"
        for char in unicodedata.normalize("NFC", str(text))
    )


def split_reference(text: str, what: str) -> tuple[str, str]:
    """Split `C-0007/W1` into the case and the record.

    Raises:
        CaseError: E423 when it is no such reference.
    """
    case_id, slash, identity = text.partition("/")
    if not slash or not case_id or not identity:
        raise CaseError(
            "E423",
            f"{text!r} names no {what}",
            expected=f"the case and the {what}, such as {'C-0001/W1' if what == 'waiver' else 'C-0001/d_1a2b3c4d5e'}",
            next_step="See `proscribe case show CASE`.",
        )
    return case_id, identity


def signer_of(
    key_file: Path | None, passphrase_file: Path | None, module: str | None, token: str, label: str
) -> Signer:
    """Open the key that the options name."""
    from proscribe.cli.options import Given

    return Given(
        key_file=key_file, passphrase_file=passphrase_file, module=module, token=token, label=label
    ).signer()
