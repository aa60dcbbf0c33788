"""`proscribe document`, `represent`, `report`, `certify`: make what leaves the building, keep it, sign it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from proscribe.app.papers.documents import said_once, short_commands
from proscribe.cli import exitcodes
from proscribe.cli.attest import sign
from proscribe.cli.options import (
    PATH,
    SETTINGS,
    Given,
    as_stated,
    day_if,
    options,
    split_reference,
)
from proscribe.cli.terminal import (
    STANDARD_OUTPUT,
    formats,
    leave,
    print_json,
    print_lines,
    width,
    write_file,
)
from proscribe.model.errors import error
from proscribe.model.people import same_person
from proscribe.wording.safe import terminal as safe
from proscribe.wording.shown import counted, wrap

if TYPE_CHECKING:
    from proscribe.app.case.document_steps import Standing
    from proscribe.model.papers import Obstacle, Paper

#: Words of the short commands to types, as the types declare them.
REPRESENT, REPORT, CERTIFY = map(short_commands, ("represent", "report", "certify"))
STAGES = ("first", "follow-up", "supplement")
#: Lines that a terminal gives one text where it shows what stands in short.
_LINES_OF_ONE = 2
_OPTIONAL_CASE = click.argument("case_id", metavar="[CASE]", default="")
_REFERENCE = click.argument("reference", metavar="CASE/DOC")
_MAKING = (
    click.option(
        "--with", "stated", multiple=True, metavar="FILE.yml", type=PATH,
        help="What people state for it: organisation, contract, inquiry, items ...; may be repeated.",
    ),
    click.option(
        "--scan", "scans", multiple=True, metavar="SCAN.json", type=PATH,
        help="A scan beside those of the case; may be repeated.",
    ),
    click.option(
        "--offering", "parts", multiple=True, metavar="FILE", type=PATH,
        help="Parts list of the offering that a product certificate is about; may be repeated, as for its software.",
    ),
    click.option(
        "--customer", default="", metavar="NAME",
        help="To whom it goes: a customer of the case by name, UEI, code or award; see `document customers`.",
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
    click.option(
        "--pictures/--no-pictures", default=True, show_default=True,
        help="Show the piece of each picture in which a finding was read.",
    ),
    click.option("--dry-run", is_flag=True, help="Say what stands against it; keep and write nothing."),
    click.option("--all", "every", is_flag=True, help="Say each thing that stands against it, with its id."),
    options("config", "store", "by", "hand", "at", "expect", "inputs", "knowledge"),
)  # fmt: skip


def making_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what every command that makes a document takes."""
    for option in reversed(_MAKING):
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
    """List the types of documents, and what in a contract asks for each.

    \b
    Example:
      proscribe document types
    """
    from proscribe.app.case.document_files import document_types, documents_wanted

    print_lines(f"{name:<24} {what}" for name, what in document_types().items())
    print_lines(["", "In the contract or solicitation:"])
    print_lines(
        f"{one.by:<24} {one.type}; signs or sends it: {one.signs}; {one.when}" for one in documents_wanted()
    )


@document.command("customers", context_settings=SETTINGS)
@click.argument("case_id", metavar="CASE")
@options("config", "store")
def customers(given: Given, /, case_id: str) -> None:
    """List the customers that a case knows, each for an award, as a document names them.

    \b
    Example:
      proscribe document customers C-0001
    """
    from proscribe.app.background.customers import addressees_of, customers_of

    with given.cases() as cases:
        known = addressees_of(customers_of(cases, cases.case(case_id)))
    print_lines(map(safe, known) if known else ["none; state them under [[customers]] in proscribe.toml"])


@document.command("make", context_settings=SETTINGS)
@click.argument("type_", metavar="TYPE")
@_OPTIONAL_CASE
@click.option("--stage", default="", type=click.Choice(["", *STAGES]), help="Of a report.")
@making_options
def make(given: Given, /, type_: str, stage: str, **about: Any) -> None:
    """Make any document, out of a case or out of files alone. Exits with 1 when it is refused."""
    _make(given, type_, stage, **about)


@click.command("represent", context_settings=SETTINGS)
@click.argument("provision", type=click.Choice(list(REPRESENT)))
@_OPTIONAL_CASE
@making_options
def represent(given: Given, /, provision: str, **about: Any) -> None:
    """Make a representation: annual (52.204-26), with an offer (52.204-24, with the disclosure), or rfo (52.240-90).

    It refuses to say "does not" while evidence, open facts or places not searched stand against it, and lists them.

    \b
    Examples:
      proscribe represent annual C-0001 --with company.yml --by "B. Lind" --approver "C. Moreau"
      proscribe represent offer --scan scan.json --with company.yml --by "B. Lind" -o pdf=offer.pdf
    """
    _make(given, REPRESENT[provision], "", **about)


@click.command("report", context_settings=SETTINGS)
@click.argument("clause", type=click.Choice(list(REPORT)))
@click.argument("case_id", metavar="CASE")
@click.option(
    "--stage", default="first", show_default=True, type=click.Choice(STAGES), help="Which report of the clause."
)  # fmt: skip
@making_options
def report(given: Given, /, clause: str, stage: str, **about: Any) -> None:
    """Make a report on a clock: far (52.204-25), rfo (52.240-91), dfars (252.204-7018) or fascsa (52.204-30).

    What is not known yet is printed as not known: the clock does not wait for it.

    \b
    Examples:
      proscribe report far C-0001 --with company.yml --by "B. Lind" --approver "C. Moreau"
      proscribe case submit C-0001 --document DOC1 --to "contracting officer" --by "B. Lind"
      proscribe report far C-0001 --stage follow-up --with company.yml --with follow-up.yml --by "B. Lind"
    """
    _make(given, REPORT[clause], stage, **about)


@click.command("certify", context_settings=SETTINGS)
@click.argument("what", type=click.Choice(list(CERTIFY)))
@_OPTIONAL_CASE
@making_options
def certify(given: Given, /, what: str, **about: Any) -> None:
    """Make a certificate on a product, component by component, or on the use of award funds (2 CFR 200.216).

    \b
    Examples:
      proscribe certify product --offering bom.csv --with product.yml --by "B. Lind"
      proscribe certify grant C-0001 --with company.yml --by "B. Lind"
    """
    _make(given, CERTIFY[what], "", **about)


def _make(
    given: Given, type_: str, stage: str, *, stated: tuple[Path, ...], parts: tuple[Path, ...], approver: str,
    overrides: tuple[str, ...], sign_at: str | None, supersedes: str, outputs: tuple[str, ...], dry_run: bool,
    pictures: bool, every: bool, customer: str,
) -> None:  # fmt: skip
    from proscribe.app.case import document_files as service

    found = given.found
    who, case_id = given.author, given.case_id
    if found is not None and found.own:
        author, member = found.config.member("author"), found.config.member("approver")
        who = who or (author.name if author else "")
        given = replace(given, configured_key=found.key_of(who))
        approver = approver or (member.name if member and not same_person(member.name, who) else "")
    targets = _targets(outputs, service.FORMATS)
    if not case_id and (supersedes or given.version is not None):
        raise click.UsageError(
            f"{'--supersedes' if supersedes else '--expect'} needs the CASE that it is about."
        )
    values: dict[str, Any] = {}
    if parts:
        from proscribe.app.inventory.offering import join_offerings, read_offering

        if not service.is_made_from(type_, "offering"):
            raise click.UsageError("--offering goes with a product certificate alone.")
        values["offering"] = join_offerings(
            [
                read_offering(one, as_of=given.as_of, knowledge=given.knowledge, files=given.readings_of(one))
                for one in parts
            ]
        )
    at = as_stated(given.at)
    if customer and not case_id:
        raise click.UsageError("--customer needs the CASE whose customers are known.")
    if overrides:
        values["overrides"] = service.overrides_of(overrides, approver, at)
    if customer:
        from proscribe.app.background.customers import addressee_of, customers_of

        with given.cases() as cases:
            values["options"] = {"to": addressee_of(customers_of(cases, cases.case(case_id)), customer)}
    making = service.Making(
        type_, stated, given.scans, day_if(given.as_of, "--as-of"), at, who, approver, as_stated(sign_at), stage, values,
        found, folders=given.folders, pictures=pictures, asked=service.asked_by(type_),
    )  # fmt: skip
    aside = any(target == STANDARD_OUTPUT for _, target in targets)
    files = [
        (name, Path(target) if target else None) for name, target in targets if target != STANDARD_OUTPUT
    ]
    with given.cases() if case_id else nullcontext() as cases:
        made = service.make_document(
            making, cases=cases, case_id=case_id, version=given.version, outputs=files,
            formats=[name for name, _ in targets], supersedes=supersedes, stated_at=given.instant,
            knowledge=given.knowledge, keep=not dry_run, look=partial(_say, err=aside, every=every),
        )  # fmt: skip
    if made.stored is not None:
        number = f", number {made.stored.number}" if made.stored.number else ""
        click.echo(f"Kept as {case_id}/{made.stored.id}{number}.", err=aside)
    elif case_id and not dry_run:
        click.echo(f"Not kept in {case_id}: a refused document is shown and not stored.", err=aside)
    for place in made.places:
        click.echo(f"Written: {place}", err=aside)
    for name, target in targets if not dry_run else ():
        if target == STANDARD_OUTPUT:
            write_file(target, service.render(made.paper, name))
    leave(exitcodes.FOUND if made.refused else exitcodes.DONE)


def _say(paper: Paper, *, err: bool, every: bool) -> None:
    colour = {"ready": "green", "overridden": "yellow", "refused": "red"}[paper.state.value]
    click.secho(f"{paper.title}: {paper.state.value.upper()}", fg=colour, bold=True, err=err)
    lines = list(_obstacles(paper) if every else _in_short(paper))
    gaps: dict[tuple[str, str], list[str]] = {}
    for gap in paper.data.get("gaps") or ():
        gaps.setdefault((gap["words"], gap["citation"]), []).append(gap["item"])
    for (words, citation), items in gaps.items():
        where = f", for {len(items)} items" if len(items) > 1 else ""
        lines.append(f"  not known yet: {safe(words)}{where} ({safe(citation)})")
    notes = paper.data.get("notes") or ()
    if every or not paper.obstacles:
        lines += [f"  note: {safe(note)}" for note in notes]
    elif notes:
        lines.append(f"  {counted(len(notes), 'note')} in the document; --all shows them here, too")
    for line in lines:
        click.echo(line, err=err)


def _in_short(paper: Paper) -> Iterator[str]:
    """Say what stands, a few lines to each group of it: what it is, what lifts it, and a command that was not named before."""
    groups, count = paper.data.get("obstacle_groups", ()), len(said_once(paper.obstacles))
    if not groups:
        return
    stands = "obstacle stands" if count == 1 else "obstacles stand"
    yield f"  {count:,} {stands} against it. --all shows each, with the id that --override takes."
    lifted = {name for item in paper.overrides for name in item.obstacle_ids}
    of_group = _by_group(paper)
    named: set[str] = set()
    for place, group in enumerate(groups, 1):
        found = of_group[group["code"], group["lift"], group["overridable"]]
        over = sum(item.id in lifted for item in found)
        held = (
            "overridden" if over == len(found) else "" if group["overridable"] else "nobody can override it"
        )
        what = f"{safe(group['what'])}{f' ({held})' if held else ''}"
        yield from _hung(f"{place:>3}. ", what)
        yield from _hung("     To lift it: ", safe(group["lift"]))
        if group["command"] not in named:
            named.add(group["command"])
            yield f"     With: {safe(group['command'])}"


def _hung(head: str, text: str) -> Iterator[str]:
    """Give a text in at most two lines of the terminal, behind its head."""
    lines = wrap(text, width() - len(head))
    shown = lines[:_LINES_OF_ONE]
    if len(lines) > len(shown):
        shown[-1] = shown[-1][: width() - len(head) - 2] + " …"
    for place, line in enumerate(shown):
        yield (head if not place else " " * len(head)) + line


def _by_group(paper: Paper) -> dict[tuple[str, str, bool], list[Obstacle]]:
    members: dict[tuple[str, str, bool], list[Obstacle]] = {}
    for one in paper.obstacles:
        members.setdefault((one.code, one.lift, one.overridable), []).append(one)
    return members


def _obstacles(paper: Paper) -> Iterator[str]:
    """Say all that stands, by what lifts it, each with the id by which it is overridden."""
    members = _by_group(paper)
    lifted = {name for item in paper.overrides for name in item.obstacle_ids}
    for group in paper.data.get("obstacle_groups", ()):
        found = members[group["code"], group["lift"], group["overridable"]]
        if len(found) > 1:
            yield f"  {group['code']}: {safe(group['what'])}, {counted(group['obstacles'], 'obstacle')}"
        for same in said_once(found):
            for item in same:
                stands = "stands" if item.overridable else "stands, and nobody can override it"
                against = f"  against: {', '.join(item.questions)}" if item.questions else ""
                yield f"  {item.id}  ({'overridden' if item.id in lifted else stands}){against}"
            yield f"      {safe(same[0].what)}"
        yield f"      To lift it: {safe(group['lift'])}"
        yield f"      With: {safe(group['command'])}"


def _targets(outputs: tuple[str, ...], known: Any) -> list[tuple[str, str | None]]:
    for output in outputs:
        name = output.partition("=")[0]
        if name not in known:
            raise error("E462", at=f"-o {output[:80]}", name=name[:40], formats=", ".join(known))
    made = formats(outputs, known, default=("pdf", "json"), binary=known)
    named = [Path(target).absolute() if target else name for name, target in made]
    if len(set(named)) < len(named):
        raise click.UsageError("Two of the outputs are one file.")
    return made


@document.command("list", context_settings=SETTINGS)
@_OPTIONAL_CASE
@options("store", "output")
def list_(given: Given) -> None:
    """List the documents of a case, or of the store, each with how it stands and whose step is next."""
    from proscribe.app.case.document_files import list_documents
    from proscribe.app.case.document_steps import standings

    with given.cases() as cases:
        if given.json:
            print_json([item.to_json() for _, item in list_documents(cases, given.case_id)])
            return
        rows = standings(cases, given.case_id)
    # A case that was imported was written elsewhere; its texts are shown as texts.
    print_lines(line for row in rows for line in _standing_lines(row))
    if not rows:
        click.echo("No documents.")


def _standing_lines(row: Standing) -> Iterator[str]:
    from proscribe.app.case.document_steps import Step

    one = row.document
    yield (
        f"{safe(one.case_id)}/{safe(one.id):<6} {safe(one.type):<24} {safe(one.number):<12} {row.state:<10} "
        f"{safe(one.author)}"
    )
    yield from (f"  {safe(told)}" for told in (row.alike, *row.stale.splitlines()) if told)
    who = safe(row.by) or f"somebody else than {safe(one.author)}"
    steps = {
        Step.APPROVE: f"{who} approves it: proscribe case approve {safe(one.case_id)} {safe(one.id)}",
        Step.SIGN: f"{who} signs it: proscribe document sign {safe(one.case_id)}/{safe(one.id)}",
        Step.KEY: f"{who} signs it: proscribe sign-pending",
    }
    if row.step in steps:
        yield f"  next: {steps[row.step]}"


@document.command("export", context_settings=SETTINGS)
@_REFERENCE
@click.option("-d", "--folder", type=PATH, default=Path(), help="Where to; here by default.")
@options("store")
def export(given: Given, reference: str, folder: Path) -> None:
    """Write a document's data and files out of the store, as they were made."""
    from proscribe.app.case.document_files import export_document

    case_id, identity = split_reference(reference, "document")
    with given.cases() as cases:
        files = export_document(cases, case_id, identity)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        write_file(folder / name, content)
        click.echo(f"Written: {folder / name}")


#: Signing stands among the commands about documents too.
document.add_command(sign, "sign")
