"""`proscribe case verify`, `backup`, `restore`, `export`, `import`: the store as a whole, and cases that travel."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from proscribe.cli import exitcodes
from proscribe.cli.case_lines import running_lines
from proscribe.cli.options import CASE, PATH, SETTINGS, Given, options
from proscribe.cli.terminal import (
    file_or_standard_output,
    is_standard_output,
    leave,
    print_json,
    print_lines,
    write_file,
)
from proscribe.model.errors import error
from proscribe.wording.safe import terminal as safe

if TYPE_CHECKING:
    from proscribe.app.case.cases import Soundness
    from proscribe.app.keys.people import Act
    from proscribe.app.keys.signing import Signer


@click.command("verify", context_settings=SETTINGS)
@click.argument("bundle", metavar="[BUNDLE]", required=False, type=PATH)
@click.option(
    "--head", metavar="FILE", type=PATH,
    help="A head that was kept elsewhere, or a backup or bundle that names one; a cut end shows only against it.",
)  # fmt: skip
@click.option("--keep", metavar="FILE", type=PATH, help="Write the head to this file, to be kept elsewhere.")
@click.option(
    "--rebuild", is_flag=True,
    help="Where only the tables beside the entries were changed, write them anew from these.",
)  # fmt: skip
@click.option(
    "--roster", is_flag=True, help="Say who judged, approved and signed, on which day, in which role, and what shows it."
)  # fmt: skip
@options("trust", "store", "output")
def verify(
    given: Given, bundle: Path | None, head: Path | None, keep: Path | None, rebuild: bool, roster: bool
) -> None:
    """Check that nothing in the store, or in a bundle, was altered, removed or reordered. Exits with 1 when something was.

    A bundle without a signature is checked against itself alone; --key says whose signature it has to carry.
    """
    from proscribe.app.case.cases import kept_head, verify_bundle

    trust = given.trust(unsigned=True)
    acts: tuple[Act, ...] = ()
    kept = kept_head(head, trust) if head is not None else None
    if bundle is not None:
        found = verify_bundle(bundle, trust, kept)
        acts = found.acts if roster else ()
    else:
        with given.cases(checked=False) as cases:
            found = cases.verify(kept, rebuild=rebuild, by=given.author)
            if roster and not found.faults:
                acts = cases.acts()
        for item in found.mended:
            click.echo(f"  written anew: {safe(item.what)}", err=True)
        if keep is not None and found.head is not None:
            text = json.dumps(found.head.to_json(), indent=2, sort_keys=True)
            write_file(keep, f"{text}\n".encode())
    if given.json:
        print_json({
            "sound": not found.faults, "head": found.head.to_json() if found.head else {},
            "compared_with_kept_head": head is not None,
            "signed_by": found.signature["signed_by"] if found.signature else None,
            "faults": [item.to_json() for item in found.faults],
            **({"not_checked": list(found.notes), "other_version": list(found.doubts)} if bundle is not None else {}),
            **({"acts": [one.to_json() for one in acts]} if roster else {}),
        })  # fmt: skip
    else:
        print_lines(_soundness_lines(found, compared=head is not None, of_bundle=bundle is not None))
        if roster and (acts or not found.faults):
            print_lines(act_lines(acts))
    leave(
        exitcodes.FOUND
        if found.faults or found.doubts or any(one.proof == "against" for one in acts)
        else exitcodes.DONE
    )


def act_lines(acts: Sequence[Act]) -> list[str]:
    """Say who did what, and what shows it, a line for each act."""
    return [
        f"  {'AGAINST' if one.proof == 'against' else one.proof:<10} {one.day} {safe(one.by)}: {safe(one.what)}"
        f"{f' ({one.case_id})' if one.case_id else ''}; {safe(one.says)}"
        for one in acts
    ] or ["  nobody judged, approved or signed anything"]


def _soundness_lines(found: Soundness, *, compared: bool, of_bundle: bool) -> list[str]:
    about = safe(found.about)
    if found.faults:
        return [f"NOT SOUND  {about}", *(f"  {item.kind}: {safe(item.what)}" for item in found.faults)]
    lines = [f"Sound  {about}"]
    if found.signature:
        who = safe(found.signature["signed_by"])
        lines.append(f"  signed by {who}, with a key you trust: {found.signature['key_id']}")
    elif of_bundle:
        lines.append("  whose it is was not checked: give --key; whoever writes a bundle can write it anew")
    if found.head:
        lines.append(f"  ends with {found.head.digest}")
    lines += [f"  not checked: {safe(note)}" for note in found.notes]
    lines += [f"  other version: {safe(doubt)}" for doubt in found.doubts]
    if found.head and not compared:
        lines.append(
            "  compared with no head that was kept elsewhere (--head): a cut end, or a log written anew, would not show"
        )
    return lines


@click.command("head", context_settings=SETTINGS)
@click.argument("target", metavar="[FILE]", required=False, type=PATH)
@options("store", "output")
def head(given: Given, target: Path | None) -> None:
    """Say where the chain of events ends, once it was checked whole; with FILE, write that to a file to be kept elsewhere.

    Every document prints the head of its day. `case verify --head FILE` says whether the store still holds it: a store that was
    set back to an older copy, or went on from one, does not.
    """
    with given.cases(checked=False) as cases:
        cases.store.check_whole("witnessed")
        found = cases.store.head()
    if target is not None:
        write_file(target, (json.dumps(found.to_json(), indent=2, sort_keys=True) + "\n").encode())
    if given.json:
        print_json(found.to_json())
        return
    print_lines([f"{found.digest[:12]}  event {found.seq} of store {found.store_id}", f"  {found.digest}"])


@click.command("backup", context_settings=SETTINGS)
@click.argument("target", metavar="FILE", type=PATH)
@options("signer", "store", "by")
def backup(given: Given, target: Path) -> None:
    """Back the store up while it is in use: an archive that any store restores, or, with .db, a copy of the SQLite file.

    With --key the archive is signed, so that a changed or older one shows.
    """
    signer = given.signer_if_named()
    if signer is not None and target.suffix == ".db":
        raise error("E484.copy", at=target)
    with given.cases(checked=False) as cases, file_or_standard_output(target) as place:
        head = cases.backup(place, signer, signed_by=given.author, signed_as=given.signed_as)
    _say_written(target, f"{head.seq} events, ends with {head.digest}", signer)


def _say_written(target: Path, what: str, signer: Signer | None) -> None:
    aside = is_standard_output(target)
    click.echo(f"{target}: {what}", err=aside)
    if signer is not None:
        click.echo(f"  signed with {signer.key_id}", err=aside)
    else:
        click.echo("  not signed: who takes it cannot tell whose it is (--key signs it)", err=True)


@click.command("restore", context_settings=SETTINGS)
@click.argument("source", metavar="FILE", type=PATH)
@click.option(
    "--head", metavar="FILE", type=PATH, help="A head that was kept elsewhere; the backup has to hold it."
)
@options("trust", "store", "by")
def restore(given: Given, source: Path, head: Path | None) -> None:
    """Fill an empty store from a backup archive, and check it. One without a signature is taken only with --unsigned."""
    from proscribe.app.case.cases import kept_head

    who, trust = given.person, given.trust()
    kept = kept_head(head, trust) if head is not None else None
    with given.cases(create=True) as cases:
        found = cases.restore(source, trust, by=who, kept=kept)
    click.echo(f"Restored {found.seq} events; sound")


@click.command("export", context_settings=SETTINGS)
@CASE
@click.argument("target", metavar="FILE", type=PATH)
@options("signer", "store", "by")
def export(given: Given, target: Path) -> None:
    """Write a case with its scans, documents and place in the chain as a bundle; with --key, a signed one."""
    signer = given.signer_if_named()
    with given.cases() as cases, file_or_standard_output(target) as place:
        head = cases.export(given.case_id, place, signer, signed_by=given.author, signed_as=given.signed_as)
    _say_written(target, f"{given.case_id}, of a chain of {head.seq} events", signer)


@click.command("import", context_settings=SETTINGS)
@click.argument("source", metavar="FILE", type=PATH)
@options("trust", "store", "by", "output")
def import_(given: Given, source: Path) -> None:
    """Take a case over from a bundle; the bundle is kept as proof of where it came from.

    Anybody can write a bundle, with any name as author. One is taken when it is signed by a key that you name, or with
    --unsigned; then its judgements set none of your findings aside.
    """
    who = given.person
    with given.cases(create=True) as cases:
        file = cases.import_case(source, given.trust(), by=who)
        if given.json:
            print_json(file.to_json())
        else:
            print_lines([f"Taken over as {file.case.id}", *running_lines(cases.running(file))])


def add_archive_commands(case: click.Group) -> None:
    """Add these commands to `proscribe case`."""
    for command in (verify, head, backup, restore, export, import_):
        case.add_command(command)
