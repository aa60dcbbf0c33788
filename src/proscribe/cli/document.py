"""`proscribe document`, `represent`, `report`, `certify`: make what leaves the building, keep it, sign it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from proscribe.app.documents import short_commands
from proscribe.cli import exitcodes
from proscribe.cli.store_options import (
    SETTINGS,
    at_option,
    author,
    author_option,
    instant,
    knowledge_option,
    opened,
    output_option,
    read_version,
    safe,
    split_reference,
    store_option,
    version_option,
)
from proscribe.model.errors import UsageError

if TYPE_CHECKING:
    from proscribe.model.papers import Paper

Command = TypeVar("Command", bound=Callable[..., Any])
#: Words of the short commands to types, as the types declare them.
REPRESENT, REPORT, CERTIFY = map(short_commands, ("represent", "report", "certify"))
#: Obstacles that a terminal shows; the document's JSON holds them all.
_OBSTACLES_SHOWN = 200


def making_options(command: Command) -> Command:
    """Add what every command that makes a document takes."""
    options = [
        click.option(
            "--with", "files", multiple=True, metavar="FILE.yml", type=click.Path(path_type=Path),
            help="What people state for it: organisation, contract, inquiry, items ...; may be repeated.",
        ),
        click.option(
            "--scan", "scans", multiple=True, metavar="SCAN.json", type=click.Path(path_type=Path),
            help="A scan beside those of the case; may be repeated.",
        ),
        click.option(
            "--offering", "parts", metavar="FILE", type=click.Path(path_type=Path),
            help="Parts list of the offering that a product certificate is about.",
        ),
        click.option("--as-of", metavar="DATE", help="Day of the law; that of the case, or today."),
        click.option("--approver", default="", metavar="NAME", help="Who is to approve it; not the author."),
        click.option(
            "--override", "overrides", multiple=True, metavar="ID=REASON",
            help="The approver's decision to say it although this obstacle stands; printed in the document.",
        ),
        click.option("--sign-at", metavar="INSTANT", help="When it is to be signed; without it, it is unsigned."),
        click.option("--supersedes", default="", metavar="DOC", help="The document of the case that it replaces."),
        click.option(
            "-o", "--output", "outputs", multiple=True, metavar="FORMAT[=FILE]",
            help="json, pdf, docx, md; a file, or its own name in the folder you are in. Default: pdf and json.",
        ),
        click.option("--dry-run", is_flag=True, help="Say what stands against it; keep and write nothing."),
        store_option, author_option, at_option, version_option, knowledge_option,
    ]  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


@click.group(context_settings=SETTINGS)
def document() -> None:
    """Documents: representations, disclosures, reports, certificates, with what stands against each.

    \b
    Examples:
      proscribe document types
      proscribe represent annual C-0001 --with company.yml --by "B. Lind" --approver "C. Moreau"
      proscribe report far C-0001 --with company.yml --by "B. Lind"
      proscribe document sign C-0001/DOC2 --key ridge.key --by "A. Osei" -o signed.zip
    """


@document.command("types", context_settings=SETTINGS)
def types() -> None:
    """List the types of documents."""
    from proscribe.documents import TYPES

    for name, kind in TYPES.items():
        click.echo(f"{name:<24} {kind.what}")


@document.command("make", context_settings=SETTINGS)
@click.argument("type_", metavar="TYPE")
@click.argument("case_id", metavar="[CASE]", default="")
@click.option(
    "--stage", default="", type=click.Choice(["", "first", "follow-up", "supplement"]), help="Of a report."
)
@making_options
@click.pass_context
def make(ctx: click.Context, /, type_: str, case_id: str, stage: str, **options: Any) -> None:
    """Make any document, out of a case or out of files alone. Exits with 1 when it is refused."""
    ctx.exit(_make(type_, case_id, stage, **options))


@click.command("represent", context_settings=SETTINGS)
@click.argument("provision", type=click.Choice(list(REPRESENT)))
@click.argument("case_id", metavar="[CASE]", default="")
@making_options
@click.pass_context
def represent(ctx: click.Context, /, provision: str, case_id: str, **options: Any) -> None:
    """Make a representation: annual (52.204-26), with an offer (52.204-24, with the disclosure), or rfo (52.240-90).

    It refuses to say "does not" while evidence, open facts or places not searched stand against it, and lists them.

    \b
    Examples:
      proscribe represent annual C-0001 --with company.yml --by "B. Lind" --approver "C. Moreau"
      proscribe represent offer --scan scan.json --with company.yml --by "B. Lind" -o pdf=offer.pdf
    """
    ctx.exit(_make(REPRESENT[provision], case_id, "", **options))


@click.command("report", context_settings=SETTINGS)
@click.argument("clause", type=click.Choice(list(REPORT)))
@click.argument("case_id", metavar="CASE")
@click.option(
    "--stage", default="first", show_default=True, type=click.Choice(["first", "follow-up", "supplement"]),
    help="Which report of the clause.",
)  # fmt: skip
@making_options
@click.pass_context
def report(ctx: click.Context, /, clause: str, case_id: str, stage: str, **options: Any) -> None:
    """Make a report on a clock: far (52.204-25), rfo (52.240-91), dfars (252.204-7018) or fascsa (52.204-30).

    What is not known yet is printed as not known: the clock does not wait for it.

    \b
    Examples:
      proscribe report far C-0001 --with company.yml --by "B. Lind" --approver "C. Moreau"
      proscribe case submit C-0001 --document DOC1 --to "contracting officer" --by "B. Lind"
      proscribe report far C-0001 --stage follow-up --with company.yml --with follow-up.yml --by "B. Lind"
    """
    ctx.exit(_make(REPORT[clause], case_id, stage, **options))


@click.command("certify", context_settings=SETTINGS)
@click.argument("what", type=click.Choice(list(CERTIFY)))
@click.argument("case_id", metavar="[CASE]", default="")
@making_options
@click.pass_context
def certify(ctx: click.Context, /, what: str, case_id: str, **options: Any) -> None:
    """Make a certificate on a product, component by component, or on the use of award funds (2 CFR 200.216).

    \b
    Examples:
      proscribe certify product --offering bom.csv --with product.yml --by "B. Lind"
      proscribe certify grant C-0001 --with company.yml --by "B. Lind"
    """
    ctx.exit(_make(CERTIFY[what], case_id, "", **options))


def _make(
    type_: str, case_id: str, stage: str, *, files: tuple[Path, ...], scans: tuple[Path, ...], parts: Path | None,
    as_of: str | None, approver: str, overrides: tuple[str, ...], sign_at: str | None, supersedes: str,
    outputs: tuple[str, ...], dry_run: bool,
    place: str | None, by: str | None, at: str | None, version: int | None, knowledge: tuple[str, ...],
) -> int:  # fmt: skip
    from proscribe.app.documents import Making, is_made_from, make_paper, store_paper
    from proscribe.cli.days import day_of
    from proscribe.model.papers import PaperState

    who = author(by)
    targets = _targets(outputs)
    if not case_id and (supersedes or version is not None):
        raise click.UsageError(
            f"{'--supersedes' if supersedes else '--expect'} needs the CASE that it is about."
        )
    values: dict[str, Any] = {}
    if parts is not None:
        from proscribe.app.offering import read_offering

        if not is_made_from(type_, "offering"):
            raise click.UsageError("--offering goes with a product certificate alone.")
        values["offering"] = read_offering(parts, as_of=as_of, knowledge=knowledge)
    if overrides:
        values["overrides"] = _overrides(overrides, approver, at)
    making = Making(
        type_, files, scans, day_of(as_of, "--as-of") if as_of else None, _as_stated(at), who, approver,
        _as_stated(sign_at), stage, values,
    )  # fmt: skip
    with ExitStack() as stack:
        desk = None
        read = 0
        if case_id:
            from proscribe.app.casework import Desk

            desk = Desk(stack.enter_context(opened(place)), knowledge)
            # Read before the document is made: it speaks of the case as it was then, and is kept only beside that.
            read = read_version(desk.store, case_id, version)
        paper = make_paper(making, knowledge, desk, case_id)
        refused = paper.state is PaperState.REFUSED
        _say(paper)
        if dry_run:
            return exitcodes.FOUND if refused else exitcodes.DONE
        # The files lie complete beside their places before the case keeps anything, and are put there after it has.
        places = _write(paper, targets, stack)
        if desk is not None and not refused:
            formats = [name for name, _ in targets]
            file, stored = store_paper(
                desk,
                case_id,
                paper,
                formats,
                by=who,
                version=read,
                supersedes=supersedes,
                stated_at=instant(at),
            )
            click.echo(
                f"Kept as {file.case.id}/{stored.id}{f', number {stored.number}' if stored.number else ''}."
            )
        elif desk is not None:
            click.echo(f"Not kept in {case_id}: a refused document is shown and not stored.")
    for written in places:
        click.echo(f"Written: {written}")
    return exitcodes.FOUND if refused else exitcodes.DONE


def _as_stated(text: str | None) -> datetime | None:
    """Read an instant and keep its offset: the day of a document is the day where it was made."""
    return None if instant(text) is None else datetime.fromisoformat(str(text))


def _overrides(given: tuple[str, ...], approver: str, at: str | None) -> list[dict[str, Any]]:
    when = _as_stated(at) or datetime.now(UTC).replace(microsecond=0)
    made = []
    for item in given:
        identity, _, reason = item.partition("=")
        if not approver or not reason.strip():
            raise UsageError(
                "E457",
                "an override without a named approver or a reason",
                at=f"--override {item[:80]}",
                expected="--approver NAME --override ID=REASON",
                next_step="Give both; they are printed in the document.",
            )
        made.append(
            {
                "obstacle_ids": [identity.strip()],
                "approver": approver,
                "reason": reason.strip(),
                "at": when.isoformat(),
            }
        )
    return made


def _say(paper: Paper) -> None:
    colour = {"ready": "green", "overridden": "yellow", "refused": "red"}[paper.state.value]
    click.secho(f"{paper.title}: {paper.state.value.upper()}", fg=colour, bold=True)
    lifted = {name for item in paper.overrides for name in item.obstacle_ids}
    for item in paper.obstacles[:_OBSTACLES_SHOWN]:
        mark = (
            "overridden"
            if item.id in lifted
            else "stands"
            if item.overridable
            else "stands, and nobody can override it"
        )
        against = f"  against: {', '.join(item.questions)}" if item.questions else ""
        click.echo(f"  {item.id}  ({mark}){against}")
        click.echo(f"      {safe(item.what)}")
        click.echo(f"      To lift it: {safe(item.lift)}")
    if len(paper.obstacles) > _OBSTACLES_SHOWN:
        click.echo(f"  ... and {len(paper.obstacles) - _OBSTACLES_SHOWN:,} more, in the document's JSON")
    gaps: dict[tuple[str, str], list[str]] = {}
    for gap in paper.data.get("gaps") or ():
        gaps.setdefault((gap["words"], gap["citation"]), []).append(gap["item"])
    for (words, citation), items in gaps.items():
        where = f", for {len(items)} items" if len(items) > 1 else ""
        click.echo(f"  not known yet: {safe(words)}{where} ({safe(citation)})")
    for note in paper.data.get("notes") or ():
        click.echo(f"  note: {safe(note)}")


def _write(paper: Paper, targets: list[tuple[str, Path | None]], stack: ExitStack) -> list[Path]:
    """Write the files beside their places; they get there when the stack ends well."""
    from proscribe.app.files import placing
    from proscribe.documents import FORMATS, render

    places = []
    for name, target in targets:
        place = target or Path(f"{paper.id}{FORMATS[name].suffix}")
        stack.enter_context(placing(place))(render(paper, name))
        places.append(place)
    return places


def _targets(outputs: tuple[str, ...]) -> list[tuple[str, Path | None]]:
    from proscribe.documents import FORMATS

    made: list[tuple[str, Path | None]] = []
    for output in outputs or ("pdf", "json"):
        name, _, target = output.partition("=")
        if name not in FORMATS:
            raise UsageError(
                "E462", f"a document cannot be written as {name[:40]!r}", at=f"-o {output[:80]}",
                expected=", ".join(FORMATS), next_step="Choose one of them.",
            )  # fmt: skip
        made.append((name, Path(target) if target else None))
    named = [target.absolute() if target else name for name, target in made]
    if len(set(named)) < len(named):
        raise click.UsageError("Two of the outputs are one file.")
    return made


@document.command("list", context_settings=SETTINGS)
@click.argument("case_id", metavar="[CASE]", default="")
@store_option
@output_option
def list_(case_id: str, place: str | None, output: str) -> None:
    """List the documents of a case, or of the store."""
    import json

    with opened(place) as store:
        rows = [item for item in store.documents() if not case_id or item.case_id == case_id]
        if case_id and not rows:
            store.case(case_id)  # says so when there is no such case
    if output == "json":
        click.echo(
            json.dumps([item.to_json() for item in rows], ensure_ascii=False, indent=2, sort_keys=True)
        )
        return
    replaced = {(item.case_id, item.supersedes) for item in rows if item.supersedes}
    for item in rows:
        state = (
            "superseded" if (item.case_id, item.id) in replaced
            else "submitted" if item.submitted_at else "signed" if item.signed_at
            else "approved" if item.approved_at else "made"
        )  # fmt: skip
        # A case that was imported was written elsewhere; its texts are shown as texts.
        click.echo(
            f"{safe(item.case_id)}/{safe(item.id):<6} {safe(item.type):<24} {safe(item.number):<12} {state:<10} "
            f"{safe(item.author)}"
        )
    if not rows:
        click.echo("No documents.")


@document.command("export", context_settings=SETTINGS)
@click.argument("reference", metavar="CASE/DOC")
@click.option(
    "-d", "--folder", type=click.Path(path_type=Path), default=Path(), help="Where to; here by default."
)
@store_option
@click.pass_context
def export(ctx: click.Context, reference: str, folder: Path, place: str | None) -> None:
    """Write a document's data and files out of the store, as they were made."""
    from proscribe.app.casework import Desk
    from proscribe.app.documents import document_of
    from proscribe.app.files import write_new
    from proscribe.wording.safe import file_name

    case_id, identity = split_reference(reference, "document")
    with opened(place) as store:
        _, stored, _ = document_of(Desk(store), case_id, identity)
        folder.mkdir(parents=True, exist_ok=True)
        # Names out of a case that was imported are a stranger's: they are made plain, so that none leaves the folder.
        named = [
            (f"{stored.type}.data.json", stored.sha256),
            *((item.name, item.sha256) for item in stored.files),
        ]
        for name, sha256 in named:
            target = folder / file_name(name)
            write_new(target, store.blob(sha256), replace=True)
            click.echo(f"Written: {target}")
    ctx.exit(exitcodes.DONE)


@document.command("sign", context_settings=SETTINGS)
@click.argument("reference", metavar="CASE/DOC")
@click.option("--key", "key_file", metavar="FILE", type=click.Path(path_type=Path), help="Private key file.")
@click.option(
    "--passphrase-file", type=click.Path(path_type=Path), help="First line of this file is the passphrase."
)
@click.option(
    "--pkcs11", "module", metavar="LIBRARY", help="PKCS#11 library of a smart card or HSM, instead of --key."
)
@click.option("--token", default="", help="With --pkcs11: label of the token.")
@click.option("--label", default="", help="With --pkcs11: label of the key pair.")
@click.option("--title", default="", help="The signer's title.")
@click.option(
    "-o", "--output", "target", required=True, type=click.Path(path_type=Path), help="The bundle to write."
)
@store_option
@author_option
@at_option
@version_option
@click.pass_context
def sign(
    ctx: click.Context, reference: str, key_file: Path | None, passphrase_file: Path | None, module: str | None,
    token: str, label: str, title: str, target: Path, place: str | None, by: str | None, at: str | None,
    version: int | None,
) -> None:  # fmt: skip
    """Sign an approved document of a case; writes the bundle and keeps its signature."""
    from proscribe.app.casework import Desk
    from proscribe.app.documents import sign_stored
    from proscribe.app.files import placing
    from proscribe.casework.lifecycle import person
    from proscribe.cli.store_options import signer_of

    case_id, identity = split_reference(reference, "document")
    who = person(author(by))
    signer = signer_of(key_file, passphrase_file, module, token, label)
    with opened(place) as store, placing(target) as write:
        read = read_version(store, case_id, version)
        sign_stored(
            Desk(store), case_id, identity, signer, by=who, title=title, version=read, signed_at=instant(at),
            write=write,
        )  # fmt: skip
    click.echo(f"Signed:      {target}\nKey:         {signer.key_id}")
    ctx.exit(exitcodes.DONE)
