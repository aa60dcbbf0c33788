"""`proscribe supplier`: ask suppliers, take and test their answers, and see who owes one."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from proscribe.cli import exitcodes
from proscribe.cli.case import ZONE_VARIABLE
from proscribe.cli.store_options import (
    SETTINGS,
    at_option,
    author,
    author_option,
    instant,
    knowledge_option,
    opened,
    output_option,
    safe,
    store_option,
    version_option,
)
from proscribe.model.casework import SupplierDeclaration
from proscribe.model.errors import CaseError, ProscribeError
from proscribe.model.suppliers import Tested, verdict

if TYPE_CHECKING:
    from proscribe.app.suppliers import Imported, SupplierDesk
    from proscribe.casework.store import Store

_BAD = frozenset(["refused", "expired", "contradicted", "doubtful", "overdue"])
_WORDS = {
    "refused": "REFUSED", "expired": "EXPIRED", "contradicted": "CONTRADICTED", "doubtful": "to look at",
    "unchecked": "answered, not tested", "ending": "answered, ends soon", "answered": "answered", "overdue": "OVERDUE",
    "asked": "asked",
}  # fmt: skip
_MARKS = {"contradicted": "!!", "doubtful": "?", "not_tested": "-", "nothing_found": "."}
_RESULTS = {
    "contradicted": "contradicted", "doubtful": "to look at", "not_tested": "not tested", "nothing_found": "nothing against it",
}  # fmt: skip


def _case_option(command: Any) -> Any:
    return click.option("--case", "case_id", default="", metavar="CASE", help="The case, such as C-0001.")(
        command
    )


def _scan_option(command: Any) -> Any:
    return click.option(
        "--scan", "scans", multiple=True, metavar="FILE", type=click.Path(path_type=Path),
        help="JSON of a scan of ours; may be repeated.",
    )(command)  # fmt: skip


def _sam_option(command: Any) -> Any:
    return click.option(
        "--sam", "sam", multiple=True, metavar="FILE", type=click.Path(path_type=Path),
        help="Extract of SAM that you have: entities or exclusions, JSON or CSV; may be repeated.",
    )(command)  # fmt: skip


def _inputs_option(command: Any) -> Any:
    return click.option(
        "--inputs", "folders", multiple=True, metavar="FOLDER", type=click.Path(path_type=Path),
        help="Where the files lie that the scans read, if not where they were; they tell who sold what.",
    )(command)  # fmt: skip


def _file_option(command: Any) -> Any:
    return click.option(
        "--file", "files", multiple=True, metavar="FILE", type=click.Path(path_type=Path),
        help="A file that a supplier sent with its form; may be repeated.",
    )(command)  # fmt: skip


@click.group(context_settings=SETTINGS)
def supplier() -> None:
    """Suppliers: ask them, take their answers, test each against your own evidence.

    Nothing is sent: forms, texts and reminders are written to files, and leave by your hand.

    \b
    Examples:
      proscribe supplier campaign vendors.csv -o asked --asked-by "Ridge Analytics LLC" --zone America/New_York
      proscribe supplier import returned/*.json --scan scan.json --sam entities.json
      proscribe supplier status
      proscribe supplier refused "Northgate Cameras" --reason "by telephone, A. Moss"
    """


def _desk(store: Store, knowledge: tuple[str, ...]) -> SupplierDesk:
    from proscribe.app.casework import Desk
    from proscribe.app.suppliers import SupplierDesk

    return SupplierDesk(Desk(store, knowledge), knowledge)


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True))


@supplier.command("campaign", context_settings=SETTINGS)
@click.argument("vendors", metavar="VENDORS", type=click.Path(path_type=Path))
@click.option("-o", "--output", "folder", required=True, metavar="FOLDER", type=click.Path(path_type=Path),
              help="New folder for the forms, the texts to send and an index.")  # fmt: skip
@click.option("--asked-by", required=True, metavar="NAME", help="The organisation that asks.")
@click.option("--contact", default="", help="Where answers go: a person and an address.")
@click.option("--due", metavar="DATE", help="Last day to answer; 21 days from today by default.")
@click.option("--again", is_flag=True, help="Also ask those whose answer holds, or whose form is still out.")
@_case_option
@click.option("--title", default="", help="Title of the case that is opened when --case names none.")
@click.option(
    "--zone", metavar="NAME", envvar=ZONE_VARIABLE, help="Time zone of a new case; else PROSCRIBE_ZONE."
)
@store_option
@author_option
@at_option
@version_option
@knowledge_option
@click.pass_context
def campaign(
    ctx: click.Context, vendors: Path, folder: Path, asked_by: str, contact: str, due: str | None, again: bool,
    case_id: str, title: str, zone: str | None, place: str | None, by: str | None, at: str | None, version: int | None,
    knowledge: tuple[str, ...],
) -> None:  # fmt: skip
    """Make a form for each supplier of a list (CSV, XLSX), and record that it was asked.

    VENDORS has a row for each supplier, or for each product bought; columns: supplier, and where known UEI, CAGE, e-mail,
    tier, parent, product, model, maker, serial number, MAC. The folder gets a workbook and a page for each supplier, a text
    to send with them, and an index.

    \b
    Example:
      proscribe supplier campaign vendors.csv -o asked --asked-by "Ridge Analytics LLC" --case C-0001 --by "R. Ito"
    """
    from proscribe.app.files import check_folder, write_files
    from proscribe.app.suppliers import campaign_files
    from proscribe.app.vendor_list import read_vendors
    from proscribe.cli.days import day_of

    check_folder(folder)
    listed = read_vendors(vendors)
    day = day_of(due, "--due") if due else None
    with opened(place, create=not case_id) as store:
        desk = _desk(store, knowledge)
        if not case_id:
            case_id = _new_case(store, title, zone, by)
        file, asked = desk.campaign(
            case_id, listed.vendors, asked_by=asked_by, by=author(by), contact=contact, due_on=day, version=version,
            again=again, stated_at=instant(at),
        )  # fmt: skip
    write_files(folder, campaign_files(asked))
    for problem in listed.problems:
        click.echo(f"{problem.code} {safe(vendors)}, {problem.at}: {safe(problem.what)}", err=True)
    made = [one for one in asked if one.form is not None]
    click.echo(
        f"{file.case.id}: {len(made)} suppliers asked, from {listed.rows} rows; files in {safe(folder)}"
    )
    for one in asked:
        if one.form is None:
            click.echo(
                f"  {one.id}  {safe(one.vendor.name)}: not asked again, {safe(one.why_not)} (--again asks all)"
            )
    if listed.unread:
        click.echo("Columns not read: " + safe(", ".join(listed.unread)))
    click.echo("Nothing was sent. The texts to send are in messages/.")
    ctx.exit(exitcodes.UNREAD if listed.problems else exitcodes.DONE)


def _new_case(store: Store, title: str, zone: str | None, by: str | None) -> str:
    from proscribe.casework import commands
    from proscribe.cli.days import day_of

    if not zone:
        raise CaseError(
            "E440", "the time zone of the new case is missing", expected="a name such as America/New_York",
            next_step="Give --zone, or set PROSCRIBE_ZONE; or name a case with --case.",
        )  # fmt: skip
    file = commands.open_case(
        store,
        by=author(by),
        title=title or "Declarations of suppliers",
        as_of=day_of(None, "--as-of"),
        zone=zone,
    )
    return file.case.id


@supplier.command("forms", context_settings=SETTINGS)
@click.argument("case_id", metavar="CASE")
@click.option(
    "-o",
    "--output",
    "folder",
    required=True,
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help="New folder.",
)
@click.option(
    "--supplier", "ids", multiple=True, metavar="ID", help="Only this one, such as S3; may be repeated."
)
@store_option
@knowledge_option
def forms(
    case_id: str, folder: Path, ids: tuple[str, ...], place: str | None, knowledge: tuple[str, ...]
) -> None:
    """Write the newest forms of a case again, as they were made out."""
    from proscribe.app.files import check_folder, write_files
    from proscribe.app.suppliers import Asked, campaign_files
    from proscribe.app.vendor_list import Vendor

    check_folder(folder)
    with opened(place) as store:
        desk = _desk(store, knowledge)
        found = store.case(case_id).declarations
        if ids:
            found = tuple(desk.find(f"{case_id}/{name}", case_id) for name in ids)
        asked = [
            Asked(Vendor(one.supplier, 0, email=one.email), one.id, desk.form_of(one))
            for one in found
            if one.form_sha256
        ]
    write_files(folder, campaign_files(asked))
    click.echo(f"{case_id}: {len(asked)} forms in {safe(folder)}")


@supplier.command("import", context_settings=SETTINGS)
@click.argument("returned", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--key", "keys", multiple=True, metavar="PEM", type=click.Path(path_type=Path),
              help="Public key that a supplier gave you; may be repeated.")  # fmt: skip
@click.option(
    "--fingerprint",
    "fingerprints",
    multiple=True,
    metavar="HEX",
    help="Fingerprint that you compared with the supplier.",
)
@_scan_option
@_inputs_option
@_sam_option
@_file_option
@store_option
@author_option
@at_option
@knowledge_option
@output_option
@click.pass_context
def import_(
    ctx: click.Context, returned: tuple[Path, ...], keys: tuple[Path, ...], fingerprints: tuple[str, ...],
    scans: tuple[Path, ...], folders: tuple[Path, ...], sam: tuple[Path, ...], files: tuple[Path, ...], place: str | None,
    by: str | None, at: str | None, knowledge: tuple[str, ...], output: str,
) -> None:  # fmt: skip
    """Take forms that came back: XLSX, ODS, the JSON that the page saves, or a signed bundle of one.

    Each answer is compared with the form that was made out, recorded, and tested: its own list of products, the scans of the
    case, and what you name with --scan and --sam. A file that cannot be taken is refused whole, with the reason; the others
    are taken. Exits with 1 when an answer is contradicted, with 3 when a file was refused.

    \b
    Example:
      proscribe supplier import answers-S3.json signed.zip --key acme.pub.pem --scan scan.json --by "R. Ito"
    """
    from proscribe.app.files import read_file
    from proscribe.app.suppliers import Imported, evidence_of

    evidence = evidence_of(scans, sam, files, folders)
    trusted = [(str(path), read_file(path)) for path in keys]
    taken: list[Imported] = []
    with opened(place) as store:
        desk = _desk(store, knowledge)
        for path in returned:
            try:
                taken.append(
                    desk.take(
                        path,
                        by=author(by),
                        keys=trusted,
                        fingerprints=fingerprints,
                        evidence=evidence,
                        stated_at=instant(at),
                    )
                )
            except ProscribeError as problem:
                if problem.code in ("E425", "E502") or problem.exit_code == exitcodes.ENVIRONMENT:
                    raise
                taken.append(Imported(str(path), "refused", problem=problem))
    if output == "json":
        _print_json({"schema": "proscribe.supplier-import/1", "files": [one.to_json() for one in taken],
                     "sam": [_sam_json(one) for one in evidence.sam]})  # fmt: skip
    else:
        _sam_issues(evidence.sam)
        for one in taken:
            _say_taken(one)
    refused = any(one.outcome == "refused" for one in taken)
    contradicted = any(item.result == "contradicted" for one in taken for item in one.tests)
    ctx.exit(exitcodes.UNREAD if refused else exitcodes.FOUND if contradicted else exitcodes.DONE)


def _say_taken(one: Imported) -> None:
    if one.problem is not None:
        click.echo(f"{safe(one.path)}: NOT TAKEN", err=True)
        click.echo(safe_lines(str(one.problem)), err=True)
        return
    click.echo(f"{one.case_id}/{one.id}  {safe(one.supplier)}: {one.outcome}; {safe(one.signature)}")
    if one.outcome == "declined":
        click.echo(f"  What can be done: proscribe supplier refused {one.case_id}/{one.id}")
    elif one.tests:
        _say_tests(one.tests)


def safe_lines(text: str) -> str:
    """Give text of several lines for a terminal."""
    return "\n".join("  " + safe(line) for line in text.splitlines())


def _say_tests(tests: tuple[Tested, ...] | list[Tested], *, every: bool = False) -> None:
    click.echo(f"  {verdict(tests)}")
    for one in sorted(tests, key=lambda item: list(_MARKS).index(item.result)):
        if every or one.result in ("contradicted", "doubtful"):
            click.echo(f"  {_MARKS[one.result]:<2} {one.test}: {safe(one.says)}")
    if not every:
        for result in ("nothing_found", "not_tested"):
            names = list(dict.fromkeys(one.test for one in tests if one.result == result))
            if names:
                click.echo(f"     {_RESULTS[result]}: {', '.join(names)}")


@supplier.command("list", context_settings=SETTINGS)
@_case_option
@click.option("--state", type=click.Choice(sorted(_WORDS)), help="Only those that stand like this.")
@click.option("--on", "on", metavar="DATE", help="As things stand on this day; today by default.")
@store_option
@output_option
def list_(case_id: str, state: str | None, on: str | None, place: str | None, output: str) -> None:
    """List suppliers and how their declarations stand."""
    from proscribe.casework.suppliers import standing
    from proscribe.cli.days import day_of

    with opened(place) as store:
        day = day_of(on, "--on") if on else day_of(None, "--on")
        found = [(one, standing(one, day)) for one in _of(store, case_id)]
    found = [pair for pair in found if state is None or pair[1] == state]
    if output == "json":
        _print_json(
            {"on": day.isoformat(), "suppliers": [{**one.to_json(), "standing": how} for one, how in found]}
        )
        return
    for one, how in found:
        click.echo(_line(one, how))
    if not found:
        click.echo("No supplier.")


def _of(store: Store, case_id: str) -> list[SupplierDeclaration]:
    found = list(store.case(case_id).declarations) if case_id else store.declarations()
    return sorted(found, key=lambda one: (len(one.case_id), one.case_id, len(one.id), one.id))


def _line(one: SupplierDeclaration, how: str) -> str:
    when = ""
    if how in ("asked", "overdue") and one.due_on:
        when = f", due {one.due_on}" + (f", reminded {len(one.reminded_on)} times" if one.reminded_on else "")
    elif one.status == "answered" and one.expires_on:
        when = f", to {one.expires_on}; {one.signature.split(',')[0]}"
    tier = f"tier {one.tier}" + (f" under {one.parent}" if one.parent else "")
    return f"{one.case_id}/{one.id:<5} {_WORDS[how]:<21} {tier:<16} {safe(one.supplier)}{when}"


@supplier.command("show", context_settings=SETTINGS)
@click.argument("name", metavar="SUPPLIER")
@_case_option
@click.option(
    "--question", "question", is_flag=True, help="A text that asks about what speaks against its answer."
)
@store_option
@knowledge_option
@output_option
def show(
    name: str, case_id: str, question: bool, place: str | None, knowledge: tuple[str, ...], output: str
) -> None:
    """Show one supplier: what it was asked, what it said, what it was tested with. SUPPLIER is C-0001/S3 or a name."""
    from proscribe.casework.suppliers import standing

    with opened(place) as store:
        desk = _desk(store, knowledge)
        one = desk.find(name, case_id)
        how = standing(one, desk.today(one.case_id))
        text = desk.question(one) if question else ""
    if question:
        click.echo(safe_text(text) if text else "Nothing that we hold speaks against its answer.")
        return
    tests = [Tested.from_json(item) for item in json.loads(one.checks)]
    if output == "json":
        _print_json({**one.to_json(), "standing": how, "verdict": verdict(tests) if tests else ""})
        return
    click.echo(_line(one, how))
    click.echo(
        f"  UEI {one.uei or 'not known'}, CAGE {one.cage or 'not known'}; asked {one.asked_on}, due {one.due_on}"
    )
    if one.refused_why:
        click.echo(f"  Refused: {safe(one.refused_why)}")
    if one.status == "answered":
        click.echo(f"  Answered {one.answered_on} by {safe(one.signed_by)}; {safe(one.signature)}")
        for key, value in json.loads(one.answers).items():
            if key != "covers":
                click.echo(f"    {key + ':':<18} {safe(value)[:300]}")
        click.echo(
            f"    {len(json.loads(one.products))} products, {len(one.lower)} suppliers of its own named"
        )
    if tests:
        click.echo(f"  Tested {one.checked_on}:")
        _say_tests(tests, every=True)


def safe_text(text: str) -> str:
    """Give a text of ours for a terminal, line by line."""
    return "\n".join(safe(line) for line in text.splitlines())


@supplier.command("status", context_settings=SETTINGS)
@_case_option
@click.option("--on", "on", metavar="DATE", help="As things stand on this day; today by default.")
@store_option
@output_option
@click.pass_context
def status(ctx: click.Context, case_id: str, on: str | None, place: str | None, output: str) -> None:
    """Show who answered, who is due, what has expired, tier by tier.

    Exits with 1 while an answer is overdue, refused, expired, contradicted, or left for a person to look at.
    """
    from proscribe.casework.suppliers import standing
    from proscribe.cli.days import day_of

    with opened(place) as store:
        day: date = day_of(on, "--on") if on else day_of(None, "--on")
        found = [(one, standing(one, day)) for one in _of(store, case_id)]
    unasked = _unasked([one for one, _ in found])
    counts = {how: sum(state == how for _, state in found) for how in _WORDS}
    if output == "json":
        _print_json({
            "on": day.isoformat(), "counts": counts,
            "suppliers": [{"case_id": one.case_id, "id": one.id, "supplier": one.supplier, "tier": one.tier,
                           "parent": one.parent, "standing": how,
                           "due_on": one.due_on.isoformat() if one.due_on else None,
                           "expires_on": one.expires_on.isoformat() if one.expires_on else None} for one, how in found],
            "not_asked": [{"case_id": case, "named_by": parent, "supplier": name, "tier": tier}
                          for case, parent, name, tier in unasked],
        })  # fmt: skip
    else:
        click.echo(
            f"On {day}: "
            + (
                ", ".join(f"{number} {_WORDS[how]}" for how, number in counts.items() if number)
                or "no supplier"
            )
        )
        for case in dict.fromkeys(one.case_id for one, _ in found):
            _tree([(one, how) for one, how in found if one.case_id == case], unasked)
        if unasked:
            click.echo(
                f"{len(unasked)} suppliers of suppliers were named and not asked; "
                "`proscribe supplier lower CASE -o FILE` lists them."
            )
    ctx.exit(exitcodes.FOUND if any(how in _BAD for _, how in found) else exitcodes.DONE)


def _unasked(found: list[SupplierDeclaration]) -> list[tuple[str, str, str, int]]:
    """Give the suppliers that suppliers named and nobody asked: case, who named it, name, tier."""
    from proscribe.app.vendor_list import name_key

    known = {(one.case_id, name_key(one.supplier)) for one in found}
    made: dict[tuple[str, str, str], tuple[str, str, str, int]] = {}
    for one in found:
        for name in one.lower:
            if (one.case_id, name_key(name)) not in known:
                made.setdefault(
                    (one.case_id, one.id, name_key(name)), (one.case_id, one.id, name, one.tier + 1)
                )
    return list(made.values())


def _tree(found: list[tuple[SupplierDeclaration, str]], unasked: list[tuple[str, str, str, int]]) -> None:
    ids = {one.id for one, _ in found}

    def branch(parent: str, depth: int) -> None:
        for one, how in found:
            if (one.parent if one.parent in ids else "") == parent:
                click.echo("  " * depth + _line(one, how))
                for case, named_by, name, tier in unasked:
                    if (case, named_by) == (one.case_id, one.id):
                        click.echo(
                            "  " * (depth + 1) + f"not asked: {safe(name)}, tier {tier}, named by {one.id}"
                        )
                branch(one.id, depth + 1)

    branch("", 0)


@supplier.command("lower", context_settings=SETTINGS)
@click.argument("case_id", metavar="CASE")
@click.option("-o", "--output", "target", required=True, metavar="FILE", type=click.Path(path_type=Path),
              help="The list to write, as CSV.")  # fmt: skip
@store_option
def lower(case_id: str, target: Path, place: str | None) -> None:
    """List the suppliers that suppliers named and nobody asked, as a list for a campaign.

    The clause is passed on from tier to tier: ask them yourself, or have the supplier who named them do it.
    """
    import csv
    import io

    from proscribe.app.files import write_new
    from proscribe.wording.neutralise import neutralise

    with opened(place) as store:
        found = _unasked(list(store.case(case_id).declarations))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(["Supplier", "Tier", "Parent"])
    writer.writerows([neutralise(name), str(tier), parent] for _, parent, name, tier in found)
    write_new(target, text.getvalue().encode(), replace=False)
    click.echo(f"{len(found)} suppliers in {safe(target)}")


@supplier.command("remind", context_settings=SETTINGS)
@click.argument("case_id", metavar="CASE")
@click.option("-o", "--output", "folder", required=True, metavar="FOLDER", type=click.Path(path_type=Path),
              help="New folder for the texts.")  # fmt: skip
@click.option(
    "--supplier", "ids", multiple=True, metavar="ID", help="Only this one, such as S3; may be repeated."
)
@store_option
@author_option
@at_option
@knowledge_option
def remind(
    case_id: str, folder: Path, ids: tuple[str, ...], place: str | None, by: str | None, at: str | None,
    knowledge: tuple[str, ...],
) -> None:  # fmt: skip
    """Write reminders to those who have not answered, for you to send, and record that they were written."""
    from proscribe.app.files import check_folder, write_files
    from proscribe.app.suppliers import file_stem

    check_folder(folder)
    with opened(place) as store:
        found = _desk(store, knowledge).remind(case_id, by=author(by), ids=ids, stated_at=instant(at))
    if not found:
        click.echo(f"{case_id}: nobody has to be reminded")
        return
    write_files(
        folder,
        {f"{file_stem(name, item.supplier)}.txt": text.encode() for name, (item, text) in found.items()},
    )
    click.echo(f"{case_id}: {len(found)} reminders in {safe(folder)}. Nothing was sent.")


@supplier.command("refused", context_settings=SETTINGS)
@click.argument("name", metavar="SUPPLIER")
@_case_option
@click.option(
    "--reason", default="", help="What it said, or how you know; needed when it did not decline on its form."
)
@_scan_option
@_inputs_option
@click.option(
    "--md", "target", metavar="FILE", type=click.Path(path_type=Path), help="Write the memo as Markdown."
)
@store_option
@author_option
@at_option
@knowledge_option
@output_option
def refused(
    name: str, case_id: str, reason: str, scans: tuple[Path, ...], folders: tuple[Path, ...], target: Path | None,
    place: str | None, by: str | None, at: str | None, knowledge: tuple[str, ...], output: str,
) -> None:  # fmt: skip
    """Record that a supplier refuses, and write the memo on what can be done.

    The memo names the rules, duties, exceptions and waiver routes with their citations, and what you hold about the
    supplier's products. Without --reason, and for one who declined on its form, it writes the memo alone.
    """
    from proscribe.app.files import write_new
    from proscribe.app.suppliers import evidence_of
    from proscribe.suppliers.memo import to_markdown, to_text

    evidence = evidence_of(scans, folders=folders)
    with opened(place) as store:
        desk = _desk(store, knowledge)
        item = desk.find(name, case_id)
        if reason.strip():
            item = desk.refused(item, why=reason.strip()[:4_000], by=author(by), stated_at=instant(at))
        elif item.status == "answered":
            raise CaseError(
                "E499", f"{item.supplier[:80]!r} has answered", at=f"{item.case_id}/{item.id}",
                expected="a supplier without an answer, or --reason", next_step="Give --reason when it refuses now.",
            )  # fmt: skip
        memo = desk.memo(item, evidence, on=desk.today(item.case_id))
    if target is not None:
        write_new(target, to_markdown(memo).encode(), replace=True)
    if output == "json":
        _print_json(memo.to_json())
    elif target is not None:
        click.echo(f"{item.case_id}/{item.id}  {safe(item.supplier)}: {item.status}. Memo: {safe(target)}")
    else:
        click.echo(safe_text(to_text(memo)))


@supplier.command("check", context_settings=SETTINGS)
@click.argument("names", metavar="[SUPPLIER]...", nargs=-1)
@_case_option
@_scan_option
@_inputs_option
@_sam_option
@_file_option
@store_option
@author_option
@knowledge_option
@output_option
@click.pass_context
def check(
    ctx: click.Context, names: tuple[str, ...], case_id: str, scans: tuple[Path, ...], folders: tuple[Path, ...],
    sam: tuple[Path, ...], files: tuple[Path, ...], place: str | None, by: str | None, knowledge: tuple[str, ...],
    output: str,
) -> None:  # fmt: skip
    """Test every answer against your own evidence: scans, the form's own list, SAM. Exits with 1 on a contradiction.

    An answer that nothing contradicts is never called clean: the test says what was looked at and what was not.

    \b
    Example:
      proscribe supplier check --scan scan.json --inputs ledgers --sam entities.json --sam exclusions.csv
    """
    from proscribe.app.suppliers import evidence_of

    evidence = evidence_of(scans, sam, files, folders)
    done: list[tuple[SupplierDeclaration, tuple[Tested, ...]]] = []
    with opened(place) as store:
        desk = _desk(store, knowledge)
        picked = [desk.find(one, case_id) for one in names] if names else _of(store, case_id)
        waiting = [one for one in picked if one.status != "answered"]
        for one in picked:
            if one.status == "answered":
                day = desk.today(one.case_id)
                done.append((one, desk.check(one, evidence, by=author(by), on=day)))
    if output == "json":
        _print_json({
            "schema": "proscribe.supplier-check/1",
            "checked": [{"case_id": one.case_id, "id": one.id, "supplier": one.supplier, "verdict": verdict(tests),
                         "tests": [item.to_json() for item in tests]} for one, tests in done],
            "without_an_answer": [f"{one.case_id}/{one.id}" for one in waiting],
            "sam": [_sam_json(one) for one in evidence.sam],
        })  # fmt: skip
    else:
        _sam_issues(evidence.sam)
        for one, tests in done:
            click.echo(f"{one.case_id}/{one.id}  {safe(one.supplier)}")
            _say_tests(tests)
        if waiting:
            click.echo(f"{len(waiting)} suppliers have not answered, and were not tested.")
        if not done:
            click.echo("No answer to test.")
    ctx.exit(
        exitcodes.FOUND
        if any(item.result == "contradicted" for _, tests in done for item in tests)
        else exitcodes.DONE
    )


def _sam_json(one: Any) -> dict[str, Any]:
    return {
        "name": one.name, "sha256": one.sha256, "kind": one.kind, "entities": len(one.entities),
        "exclusions": len(one.exclusions), "unread": list(one.unread),
        "issues": [{"code": item.code, "at": item.at, "what": item.what} for item in one.issues],
    }  # fmt: skip


def _sam_issues(extracts: Any) -> None:
    for one in extracts:
        for item in one.issues:
            click.echo(f"{item.code} {safe(one.name)}, {safe(item.at)}: {safe(item.what)}", err=True)


@supplier.command("sam", context_settings=SETTINGS)
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@knowledge_option
@output_option
@click.pass_context
def sam_(ctx: click.Context, files: tuple[Path, ...], knowledge: tuple[str, ...], output: str) -> None:
    """Show what extracts of SAM that you have say: entities, their representations as facts, exclusions.

    \b
    Example:
      proscribe supplier sam entities.json exclusions.csv
    """
    from proscribe.app.sam_facts import sam_facts
    from proscribe.readers.sam import read_sam

    extracts = [read_sam(path) for path in files]
    facts = sam_facts(extracts, knowledge)
    if output == "json":
        _print_json({
            "schema": "proscribe.sam/1", "extracts": [_sam_json(one) for one in extracts],
            "facts": [one.to_json() for one in facts],
        })  # fmt: skip
    else:
        _sam_issues(extracts)
        for one in extracts:
            what = (
                f"{len(one.entities)} entities"
                if one.kind == "entities"
                else f"{len(one.exclusions)} exclusions"
            )
            click.echo(f"{safe(one.name)}: {what if one.kind else 'nothing was read'}")
            if one.unread:
                click.echo(f"  not read: {safe(', '.join(one.unread))[:400]}")
        for fact in facts:
            click.echo(
                f"  {safe(fact.name)[:60]} ({fact.uei or 'no UEI'}): {fact.fact} = {fact.value}  {safe(fact.source)}"
            )
    lossy = any(item.lossy for one in extracts for item in one.issues)
    ctx.exit(exitcodes.UNREAD if lossy else exitcodes.DONE)


@supplier.command("sign", context_settings=SETTINGS)
@click.argument("answers", metavar="ANSWERS", type=click.Path(path_type=Path))
@click.option("--key", "key_file", metavar="FILE", type=click.Path(path_type=Path), help="Private key file.")
@click.option(
    "--passphrase-file", type=click.Path(path_type=Path), help="First line of this file is the passphrase."
)
@click.option(
    "--pkcs11", "module", metavar="LIBRARY", help="PKCS#11 library of a smart card or HSM, instead of --key."
)
@click.option("--token", default="", help="With --pkcs11: label of the token.")
@click.option("--label", default="", help="With --pkcs11: label of the key pair.")
@click.option(
    "--by", "signed_by", required=True, metavar="NAME", help="The person who signs for the supplier."
)
@click.option("--title", "signed_as", default="", help="The person's title.")
@click.option("--at", "signed_at", metavar="INSTANT", help="When it is signed; now by default.")
@click.option(
    "-o",
    "--output",
    "target",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The bundle to write.",
)
def sign(
    answers: Path, key_file: Path | None, passphrase_file: Path | None, module: str | None, token: str, label: str,
    signed_by: str, signed_as: str, signed_at: str | None, target: Path,
) -> None:  # fmt: skip
    """Sign a form that you filled in, if you are the supplier and have this program."""
    from datetime import UTC, datetime

    from proscribe.app.files import write_new
    from proscribe.app.suppliers import sign_answers
    from proscribe.cli.store_options import signer_of

    when = instant(signed_at) or datetime.now(UTC).replace(microsecond=0)
    signer = signer_of(key_file, passphrase_file, module, token, label)
    bundle = sign_answers(answers, signer, signed_by=signed_by, signed_as=signed_as, signed_at=when)
    write_new(target, bundle, replace=True)
    click.echo(f"Signed:      {safe(target)}")
    click.echo(f"Key:         {signer.key_id}")
