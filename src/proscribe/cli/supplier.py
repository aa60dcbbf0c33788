"""`proscribe supplier`: ask suppliers, take and test their answers, and see who owes one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from proscribe.cli import exitcodes
from proscribe.cli.attest import say_signed
from proscribe.cli.options import CASE, OPTIONS, PATH, SETTINGS, ZONE, Given, day_if, options
from proscribe.cli.terminal import is_standard_output, leave, print_json, print_lines, safe_lines, write_file
from proscribe.model.casework import SupplierDeclaration
from proscribe.model.suppliers import Tested, verdict
from proscribe.wording.safe import terminal as safe

if TYPE_CHECKING:
    from proscribe.app.vendors.suppliers import Evidence, Imported, Standing, Unasked

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
FOLDER = click.option(
    "-o", "--output", "folder", required=True, metavar="FOLDER", type=PATH, help="New folder for the files."
)
ONLY = click.option(
    "--supplier", "ids", multiple=True, metavar="ID", help="Only this one, such as S3; may be repeated."
)


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


def _evidence(given: Given) -> Evidence:
    from proscribe.app.vendors.suppliers import evidence_of

    return evidence_of(given.scans, given.sam, given.files, given.folders)


@supplier.command("campaign", context_settings=SETTINGS)
@click.argument("vendors", metavar="VENDORS", type=PATH)
@FOLDER
@click.option("--asked-by", default="", metavar="NAME", help="The organisation that asks.")
@click.option("--contact", default="", help="Where answers go: a person and an address.")
@click.option("--due", metavar="DATE", help="Last day to answer; 21 days from today by default.")
@click.option("--again", is_flag=True, help="Also ask those whose answer holds, or whose form is still out.")
@options("case")
@click.option("--title", default="", help="Title of the case that is opened when --case names none.")
@ZONE
@options("config", "store", "by", "at", "expect", "knowledge")
def campaign(
    given: Given, vendors: Path, folder: Path, asked_by: str, contact: str, due: str | None, again: bool, title: str,
    zone: str | None,
) -> None:  # fmt: skip
    """Make a form for each supplier of a list (CSV, XLSX), and record that it was asked.

    VENDORS has a row for each supplier, or for each product bought; columns: supplier, and where known UEI, CAGE, e-mail,
    tier, parent, product, model, maker, serial number, MAC. The folder gets a workbook and a page for each supplier, a text
    to send with them, and an index. Who asks, the contact and the time zone come from proscribe.toml where no option names
    them.

    \b
    Example:
      proscribe supplier campaign vendors.csv -o asked --asked-by "Ridge Analytics LLC" --case C-0001 --by "R. Ito"
    """
    from proscribe.app.files import check_folder, write_files
    from proscribe.app.vendors.supplier_files import campaign_files
    from proscribe.app.vendors.vendor_list import read_vendors

    found = given.found
    if found is not None and found.own:
        config = found.config
        zone, asked_by = zone or config.time_zone, asked_by or config.organisation.name
        person = config.member("contact") or config.member("author")
        contact = contact or (", ".join(filter(None, (person.name, person.email))) if person else "")
    if not asked_by:
        raise click.UsageError("Missing option '--asked-by', and no proscribe.toml names the organisation.")
    check_folder(folder)
    listed = read_vendors(vendors, given.readings_of(vendors))
    day = day_if(due, "--due")
    with given.cases(create=not given.case_id) as cases:
        desk = cases.suppliers()
        case_id = given.case_id or desk.open_case(title, zone, by=given.author)
        file, asked = desk.campaign(
            case_id, listed.vendors, asked_by=asked_by, by=given.author, contact=contact, due_on=day,
            version=given.version, again=again, stated_at=given.instant,
        )  # fmt: skip
    write_files(folder, campaign_files(asked))
    for problem in listed.problems:
        click.echo(f"{problem.code} {safe(vendors)}, {problem.at}: {safe(problem.what)}", err=True)
    made = [one for one in asked if one.form is not None]
    click.echo(
        f"{file.case.id}: {len(made)} suppliers asked, from {listed.rows} rows; files in {safe(folder)}"
    )
    print_lines(
        f"  {one.id}  {safe(one.vendor.name)}: not asked again, {safe(one.why_not)} (--again asks all)"
        for one in asked
        if one.form is None
    )
    if listed.unread:
        click.echo("Columns not read: " + safe(", ".join(listed.unread)))
    click.echo("Nothing was sent. The texts to send are in messages/.")
    leave(exitcodes.UNREAD if listed.problems else exitcodes.DONE)


@supplier.command("forms", context_settings=SETTINGS)
@CASE
@FOLDER
@ONLY
@options("store", "knowledge")
def forms(given: Given, folder: Path, ids: tuple[str, ...]) -> None:
    """Write the newest forms of a case again, as they were made out."""
    from proscribe.app.files import check_folder, write_files
    from proscribe.app.vendors.supplier_files import campaign_files

    check_folder(folder)
    with given.cases() as cases:
        asked = cases.suppliers().forms(given.case_id, ids)
    write_files(folder, campaign_files(asked))
    click.echo(f"{given.case_id}: {len(asked)} forms in {safe(folder)}")


@supplier.command("import", context_settings=SETTINGS)
@click.argument("returned", metavar="FILE...", nargs=-1, required=True, type=PATH)
@options("trusted-key", "fingerprint", "evidence", "store", "by", "at", "knowledge", "output")
def import_(given: Given, returned: tuple[Path, ...]) -> None:
    """Take forms that came back: XLSX, ODS, the JSON that the page saves, or a signed bundle of one.

    Each answer is compared with the form that was made out, recorded, and tested: its own list of products, the scans of the
    case, and what you name with --scan and --sam. A file that cannot be taken is refused whole, with the reason; the others
    are taken. Exits with 1 when an answer is contradicted, with 3 when a file was refused.

    \b
    Example:
      proscribe supplier import answers-S3.json signed.zip --key acme.pub.pem --scan scan.json --by "R. Ito"
    """
    from proscribe.app.rules.sam_facts import extract_json

    evidence = _evidence(given)
    with given.cases() as cases:
        taken = cases.suppliers().take_all(
            returned, by=given.author, keys=given.keys, fingerprints=given.fingerprints, evidence=evidence,
            stated_at=given.instant,
        )  # fmt: skip
    if given.json:
        print_json({"schema": "proscribe.supplier-import/1", "files": [one.to_json() for one in taken],
                    "sam": [extract_json(one) for one in evidence.sam]})  # fmt: skip
    else:
        _sam_issues(evidence.sam)
        for one in taken:
            _say_taken(one)
    refused = any(one.outcome == "refused" for one in taken)
    contradicted = any(item.result == "contradicted" for one in taken for item in one.tests)
    leave(exitcodes.UNREAD if refused else exitcodes.FOUND if contradicted else exitcodes.DONE)


def _say_taken(one: Imported) -> None:
    if one.problem is not None:
        click.echo(f"{safe(one.path)}: NOT TAKEN", err=True)
        click.echo(safe_lines(str(one.problem), "  "), err=True)
        return
    click.echo(f"{one.case_id}/{one.id}  {safe(one.supplier)}: {one.outcome}; {safe(one.signature)}")
    if one.outcome == "declined":
        click.echo(f"  What can be done: proscribe supplier refused {one.case_id}/{one.id}")
    elif one.tests:
        _say_tests(one.tests)


def _say_tests(tests: Sequence[Tested], *, every: bool = False) -> None:
    click.echo(f"  {verdict(tests)}")
    for one in sorted(tests, key=lambda item: list(_MARKS).index(item.result)):
        if every or one.result in ("contradicted", "doubtful"):
            click.echo(f"  {_MARKS[one.result]:<2} {one.test}: {safe(one.says)}")
    for result in () if every else ("nothing_found", "not_tested"):
        names = list(dict.fromkeys(one.test for one in tests if one.result == result))
        if names:
            click.echo(f"     {_RESULTS[result]}: {', '.join(names)}")


@supplier.command("list", context_settings=SETTINGS)
@options("case")
@click.option("--state", type=click.Choice(sorted(_WORDS)), help="Only those that stand like this.")
@options("on", "store", "output")
def list_(given: Given, state: str | None) -> None:
    """List suppliers and how their declarations stand."""
    day = given.standing_day
    with given.cases() as cases:
        found = cases.suppliers().standing(given.case_id, day)
    found = [one for one in found if state in (None, one.standing)]
    if given.json:
        print_json({"on": day.isoformat(), "suppliers": [one.to_json() for one in found]})
        return
    print_lines([_line(one.declaration, one.standing) for one in found] or ["No supplier."])


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
@options("case")
@click.option("--question", is_flag=True, help="A text that asks about what speaks against its answer.")
@options("store", "knowledge", "output")
def show(given: Given, name: str, question: bool) -> None:
    """Show one supplier: what it was asked, what it said, what it was tested with. SUPPLIER is C-0001/S3 or a name."""
    with given.cases() as cases:
        desk = cases.suppliers()
        one = desk.find(name, given.case_id)
        how = desk.standing_of(one)
        text = desk.question(one) if question else ""
    if question:
        click.echo(safe_lines(text) if text else "Nothing that we hold speaks against its answer.")
        return
    tests = [Tested.from_json(item) for item in json.loads(one.checks)]
    if given.json:
        print_json({**one.to_json(), "standing": how, "verdict": verdict(tests) if tests else ""})
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


@supplier.command("status", context_settings=SETTINGS)
@options("case", "on", "store", "output")
def status(given: Given) -> None:
    """Show who answered, who is due, what has expired, tier by tier.

    Exits with 1 while an answer is overdue, refused, expired, contradicted, or left for a person to look at.
    """
    from proscribe.app.vendors.suppliers import unasked

    day = given.standing_day
    with given.cases() as cases:
        found = cases.suppliers().standing(given.case_id, day)
    bare = unasked([one.declaration for one in found])
    counts = {how: sum(one.standing == how for one in found) for how in _WORDS}
    if given.json:
        print_json({
            "on": day.isoformat(), "counts": counts, "suppliers": [one.summary() for one in found],
            "not_asked": [one.to_json() for one in bare],
        })  # fmt: skip
    else:
        said = ", ".join(f"{number} {_WORDS[how]}" for how, number in counts.items() if number)
        click.echo(f"On {day}: {said or 'no supplier'}")
        for case in dict.fromkeys(one.declaration.case_id for one in found):
            _tree([one for one in found if one.declaration.case_id == case], bare)
        if bare:
            click.echo(
                f"{len(bare)} suppliers of suppliers were named and not asked; "
                "`proscribe supplier lower CASE -o FILE` lists them."
            )
    leave(exitcodes.FOUND if any(one.standing in _BAD for one in found) else exitcodes.DONE)


def _tree(found: list[Standing], bare: list[Unasked]) -> None:
    ids = {one.declaration.id for one in found}

    def branch(parent: str, depth: int) -> None:
        for standing in found:
            one = standing.declaration
            if (one.parent if one.parent in ids else "") != parent:
                continue
            click.echo("  " * depth + _line(one, standing.standing))
            print_lines(
                "  " * (depth + 1) + f"not asked: {safe(two.supplier)}, tier {two.tier}, named by {one.id}"
                for two in bare
                if (two.case_id, two.named_by) == (one.case_id, one.id)
            )
            branch(one.id, depth + 1)

    branch("", 0)


@supplier.command("lower", context_settings=SETTINGS)
@CASE
@click.option(
    "-o", "--output", "target", required=True, metavar="FILE", type=PATH, help="The list to write, as CSV."
)
@options("store")
def lower(given: Given, target: Path) -> None:
    """List the suppliers that suppliers named and nobody asked, as a list for a campaign.

    The clause is passed on from tier to tier: ask them yourself, or have the supplier who named them do it.
    """
    from proscribe.app.vendors.supplier_files import list_of_unasked
    from proscribe.app.vendors.suppliers import unasked

    with given.cases() as cases:
        found = unasked(cases.case(given.case_id).declarations)
    to_file = write_file(target, list_of_unasked(found), new=True)
    click.echo(f"{len(found)} suppliers in {safe(target)}", err=not to_file)


@supplier.command("remind", context_settings=SETTINGS)
@CASE
@FOLDER
@ONLY
@options("store", "by", "at", "knowledge")
def remind(given: Given, folder: Path, ids: tuple[str, ...]) -> None:
    """Write reminders to those who have not answered, for you to send, and record that they were written."""
    from proscribe.app.files import check_folder, write_files
    from proscribe.app.vendors.supplier_files import reminder_files

    check_folder(folder)
    with given.cases() as cases:
        found = cases.suppliers().remind(given.case_id, by=given.author, ids=ids, stated_at=given.instant)
    if not found:
        click.echo(f"{given.case_id}: nobody has to be reminded")
        return
    write_files(folder, reminder_files(found))
    click.echo(f"{given.case_id}: {len(found)} reminders in {safe(folder)}. Nothing was sent.")


@supplier.command("refused", context_settings=SETTINGS)
@click.argument("name", metavar="SUPPLIER")
@options("case")
@click.option(
    "--reason", default="", help="What it said, or how you know; needed when it did not decline on its form."
)
@options("scan", "inputs")
@click.option("--md", "target", metavar="FILE", type=PATH, help="Write the memo as Markdown.")
@options("store", "by", "at", "knowledge", "output")
def refused(given: Given, name: str, reason: str, target: Path | None) -> None:
    """Record that a supplier refuses, and write the memo on what can be done.

    The memo names the rules, duties, exceptions and waiver routes with their citations, and what you hold about the
    supplier's products. Without --reason, and for one who declined on its form, it writes the memo alone.
    """
    from proscribe.app.vendors.suppliers import memo_markdown, memo_text

    evidence = _evidence(given)
    with given.cases() as cases:
        item, memo = cases.suppliers().refusal(
            name, given.case_id, reason=reason, evidence=evidence, by=given.author, stated_at=given.instant
        )
    if target is not None:
        write_file(target, memo_markdown(memo).encode())
    if given.json:
        print_json(memo.to_json())
    elif target is not None:
        words = f"{item.case_id}/{item.id}  {safe(item.supplier)}: {item.status}. Memo: {safe(target)}"
        click.echo(words, err=is_standard_output(target))
    else:
        click.echo(safe_lines(memo_text(memo)))


@supplier.command("check", context_settings=SETTINGS)
@click.argument("names", metavar="[SUPPLIER]...", nargs=-1)
@options("case", "evidence", "store", "by", "knowledge", "output")
def check(given: Given, names: tuple[str, ...]) -> None:
    """Test every answer against your own evidence: scans, the form's own list, SAM. Exits with 1 on a contradiction.

    An answer that nothing contradicts is never called clean: the test says what was looked at and what was not.

    \b
    Example:
      proscribe supplier check --scan scan.json --inputs ledgers --sam entities.json --sam exclusions.csv
    """
    from proscribe.app.rules.sam_facts import extract_json

    evidence = _evidence(given)
    with given.cases() as cases:
        done, waiting = cases.suppliers().check_all(names, given.case_id, evidence, by=given.author)
    if given.json:
        print_json({
            "schema": "proscribe.supplier-check/1",
            "checked": [{"case_id": one.case_id, "id": one.id, "supplier": one.supplier, "verdict": verdict(tests),
                         "tests": [item.to_json() for item in tests]} for one, tests in done],
            "without_an_answer": [f"{one.case_id}/{one.id}" for one in waiting],
            "sam": [extract_json(one) for one in evidence.sam],
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
    found = any(item.result == "contradicted" for _, tests in done for item in tests)
    leave(exitcodes.FOUND if found else exitcodes.DONE)


def _sam_issues(extracts: Iterable[Any]) -> None:
    for one in extracts:
        for item in one.issues:
            click.echo(f"{item.code} {safe(one.name)}, {safe(item.at)}: {safe(item.what)}", err=True)


@supplier.command("sam", context_settings=SETTINGS)
@click.argument("extracts", metavar="FILE...", nargs=-1, required=True, type=PATH)
@options("knowledge", "output")
def sam_(given: Given, extracts: tuple[Path, ...]) -> None:
    """Show what extracts of SAM that you have say: entities, their representations as facts, exclusions.

    \b
    Example:
      proscribe supplier sam entities.json exclusions.csv
    """
    from proscribe.app.rules.sam_facts import extract_json, read_extracts

    found, facts = read_extracts(extracts, given.knowledge)
    if given.json:
        print_json({
            "schema": "proscribe.sam/1", "extracts": [extract_json(one) for one in found],
            "facts": [one.to_json() for one in facts],
        })  # fmt: skip
    else:
        _sam_issues(found)
        for one in found:
            held = one.entities if one.kind == "entities" else one.exclusions
            click.echo(f"{safe(one.name)}: {f'{len(held)} {one.kind}' if one.kind else 'nothing was read'}")
            if one.unread:
                click.echo(f"  not read: {safe(', '.join(one.unread))[:400]}")
        for fact in facts:
            click.echo(
                f"  {safe(fact.name)[:60]} ({fact.uei or 'no UEI'}): {fact.fact} = {fact.value}  {safe(fact.source)}"
            )
    lossy = any(item.lossy for one in found for item in one.issues)
    leave(exitcodes.UNREAD if lossy else exitcodes.DONE)


@supplier.command("sign", context_settings=SETTINGS)
@click.argument("answers", metavar="ANSWERS", type=PATH)
@options("key", "passphrase-file", "pkcs11", "token", "label")
@click.option(
    "--by", "signed_by", required=True, metavar="NAME", help="The person who signs for the supplier."
)
@options("title")
@click.option("--at", metavar="INSTANT", help="When it is signed; now by default.")
@OPTIONS["bundle"]
def sign(given: Given, answers: Path, signed_by: str, target: Path) -> None:
    """Sign a form that you filled in, if you are the supplier and have this program."""
    from proscribe.app.vendors.returned_forms import sign_answers

    when = given.instant
    signer = given.signer()
    bundle = sign_answers(answers, signer, signed_by=signed_by, signed_as=given.signed_as, signed_at=when)
    say_signed(target, bundle, signer.key_id)
