"""`proscribe kb`: the knowledge base, for those who read it and those who write it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from proscribe.cli import exitcodes
from proscribe.cli.options import PATH, SETTINGS, Given, day_if, options
from proscribe.cli.terminal import (
    file_or_standard_output,
    is_standard_output,
    leave,
    print_json,
    print_lines,
    write_file,
)
from proscribe.wording.safe import terminal as safe

if TYPE_CHECKING:
    from proscribe.app.kb.knowledge import Fact, Knowledge, Status

TREE = click.argument("tree", required=False, type=click.Path())


@click.group(context_settings=SETTINGS)
def kb() -> None:
    """The knowledge: what it holds, where it comes from, what changed.

    \b
    Examples:
      proscribe kb status
      proscribe kb show hikvision
      proscribe kb lint --as-of today
    """


def _opened(*paths: str) -> Knowledge:
    from proscribe.app.kb.knowledge import knowledge

    return knowledge(paths)


@kb.command(context_settings=SETTINGS)
@options("knowledge", "as-of", "output")
def status(given: Given) -> None:
    """Say which knowledge is in use: version, digest, age, counts, layers, overdue reviews.

    Exits with 4 when a review is overdue on the day asked about.

    \b
    Examples:
      proscribe kb status
      proscribe kb status --knowledge newer.zip --knowledge proscribe.local.yml -o json
    """
    held, day = _opened(*given.knowledge), given.law_day
    found = held.status(day)
    if given.json:
        print_json(held.answer("status", day, found.to_json()))
    else:
        print_lines(_status_lines(found, held.tables, day.isoformat()))
    if found.overdue:
        leave(exitcodes.KNOWLEDGE)


def _status_lines(found: Status, tables: Mapping[str, int], day: str) -> list[str]:
    age = f"  ({found.age_days} days old on {day})" if found.age_days is not None else ""
    lines = [
        f"version   {found.version}{age}",
        f"digest    {found.sha256}",
        f"schema    {found.schema} ({found.schema_version})",
        f"origin    {safe(found.origin)}",
        *(f"layer     {name}" for name in found.layers),
    ]
    if found.suppressions or found.cleared:
        lines.append(f"decisions {found.suppressions} suppressions, {found.cleared} cleared items")
    width = max(map(len, tables))
    lines += [f"  {name:<{width}}  {count:>7}" for name, count in tables.items()]
    lines.append(f"  {'documents':<{width}}  {len(found.documents):>7}")
    for item in found.overdue:
        by = f" by {item.by}" if item.by else ""
        lines.append(f"overdue   {item.file}: review was due on {item.due_on}{by}")
    return lines if found.overdue else [*lines, f"reviews   {found.reviews}, none overdue on {day}"]


@kb.command("list", context_settings=SETTINGS)
@click.argument("table", required=False)
@click.option("--entity", metavar="ID", default="", help="Only facts about this entity.")
@click.option(
    "--match", metavar="TEXT", default="", help="Only facts whose line or id contains this text, whatever the case."
)  # fmt: skip
@options("knowledge")
@click.option("--as-of", metavar="DATE", help="Only facts that hold on this day; default: on any day.")
@options("known-as-of", "output")
def list_(given: Given, table: str | None, entity: str, match: str) -> None:
    """List the tables, or the facts of one table as known on a day; `documents` lists the documents.

    \b
    Examples:
      proscribe kb list
      proscribe kb list relabels --entity dahua
      proscribe kb list names --match hik -o json
      proscribe kb list listings --entity hikvision --as-of 2019-12-31
    """
    held, day = _opened(*given.knowledge), given.law_day
    if table is None:
        if given.json:
            print_json(held.answer("list", day, {"tables": held.snapshot.manifest.counts}))
            return
        print_lines(f"{name:<14}{count:>8}" for name, count in held.tables.items())
        click.echo(f"{'documents':<14}{len(held.documents()):>8}")
        return
    if table == "documents":
        paths = held.documents(match)
        if given.json:
            print_json(held.answer("list", day, {"table": table, "documents": paths}))
        else:
            print_lines(paths)
        return
    found = held.facts(table, given.known_day, entity=entity, match=match, on=day_if(given.as_of, "--as-of"))
    if given.json:
        print_json(held.answer("list", day, {"table": table, "facts": [row for row, _ in found]}))
        return
    print_lines(f"{row['id']}\t{said}" if "id" in row else said for row, said in found)
    click.echo(f"{len(found)} of {held.tables[table]} in {table}", err=True)


@kb.command(context_settings=SETTINGS)
@click.argument("identity", metavar="ID")
@options("knowledge", "as-of", "known-as-of", "output")
def show(given: Given, identity: str) -> None:
    """Show one fact: what it says, since when, from which source, how sure.

    For an entity, also its tie to a named firm on the day asked about and the facts about it. The path of a
    document, such as context/words, shows its content as JSON.

    \b
    Examples:
      proscribe kb show model:hikvision/ds-2cd
      proscribe kb show ezviz --as-of 2020-08-13
    """
    held, day = _opened(*given.knowledge), given.law_day
    document = held.document(identity)
    if document is not None:
        print_json(held.answer("document", day, {"path": identity, "document": document}))
        return
    fact = held.fact(identity, day, given.known_day)
    if given.json:
        print_json(held.answer("fact", day, fact.to_json()))
    else:
        print_lines([fact.words, *_fact_lines(fact), *_about_lines(fact.about, day.isoformat())])


def _fact_lines(fact: Fact) -> list[str]:
    lines = []
    for name, value in fact.row.items():
        if value not in ("", [], False):
            shown = ", ".join(value) if isinstance(value, list) else "yes" if value is True else value
            lines.append(f"  {name:<16}{shown}")
    if fact.source is not None and fact.table != "sources":
        parts = [fact.source[name] for name in ("title", "publisher", "url", "retrieved_on")]
        lines.append(f"  {'':<16}{'; '.join(part for part in parts if part)}")
    return lines


def _about_lines(about: Mapping[str, Any], day: str) -> list[str]:
    if not about:
        return []
    tie = about["tie"]
    path = f": {' -> '.join(tie['path'])}" if len(tie["path"]) > 1 else ""
    last = f", last day {tie['last_day']}" if tie["last_day"] else ""
    rows = [(f"tie on {day} ", f"{tie['certainty']}{path}{last}")]
    rows += [("through", ", ".join(tie["stakes"])), ("lists", ", ".join(tie["lists"]))]
    rows += [
        ("sells units of", f"{item['maker']} ({item['certainty']}, {item['stake']})")
        for item in about["sells_units_made_by"]
    ]
    rows.append(("found as", ", ".join(about["names"])))
    rows.append(("facts about it", ", ".join(f"{count} {name}" for name, count in about["counts"].items())))
    return [f"  {name:<16}{words}" for name, words in rows if words]


@kb.command(context_settings=SETTINGS)
@click.argument("identity", metavar="ID")
@options("knowledge", "output")
def history(given: Given, identity: str) -> None:
    """Show what we said about a matter over time: recorded, retracted, superseded by.

    \b
    Example:
      proscribe kb history own:dahua/lorex-subsidiary-of
    """
    held = _opened(*given.knowledge)
    table, chain = held.history(identity)
    if given.json:
        content = {"table": table, "id": identity, "chain": [item.row for item in chain]}
        print_json(held.answer("history", given.law_day, content))
        return
    for item in chain:
        row = item.row
        click.echo(f"{'*' if row['id'] == identity else ' '} {row['id']}: {item.said}")
        if not item.holds:
            continue
        click.echo(f"    holds      {item.holds}")
        trust = f"{row['basis']}, {row['confidence']}"
        click.echo(f"    recorded   {row['recorded_on']} from {row['source']} ({trust})")
        if row["retracted_on"]:
            click.echo(f"    retracted  {row['retracted_on']}")
        if row["superseded_by"]:
            click.echo(f"    superseded by {row['superseded_by']}")


# Authors


@kb.command(context_settings=SETTINGS)
@TREE
@click.option(
    "--as-of", metavar="DATE", help="Also report reviews overdue on this day (YYYY-MM-DD or `today`)."
)
@click.option(
    "--released",
    metavar="FILE",
    default="",
    help="An earlier snapshot: an id of it that is gone is an error.",
)
@click.option("--quiet", is_flag=True, help="Print errors only; nothing when there are none.")
@options("output")
def lint(given: Given, tree: str | None, released: str) -> None:
    """Check a knowledge source tree (default ./knowledge): shapes, ids, sources, periods, patterns, examples.

    Exits with 1 when there is an error, with 4 when only reviews are overdue.

    \b
    Examples:
      proscribe kb lint
      proscribe kb lint knowledge --as-of today -o json
    """
    from proscribe.app.kb.knowledge import lint as check

    day = day_if(given.as_of, "--as-of")
    found = check(tree, on=day, released=released)
    if given.json:
        print_json(found.to_json(day))
    else:
        print_lines(str(issue) for issue in (found.errors if given.quiet else found.issues))
        if not given.quiet or found.errors:
            warnings = len(found.issues) - len(found.errors)
            click.echo(f"{found.facts} facts: {len(found.errors)} errors, {warnings} warnings", err=True)
    if found.errors:
        leave(exitcodes.KNOWLEDGE if found.only_reviews else exitcodes.FOUND)


@kb.command(context_settings=SETTINGS)
@options("knowledge")
@click.option("--quiet", is_flag=True, help="Print failures only.")
def test(given: Given) -> None:
    """Try every example and near-miss of the knowledge with the matchers; exits with 1 when one fails.

    \b
    Examples:
      proscribe kb test
      proscribe kb test --knowledge knowledge
    """
    cases, failures = _opened(*given.knowledge).examples()
    print_lines(failures)
    if failures or not given.quiet:
        click.echo(f"{cases} examples and near-misses: {len(failures)} fail", err=True)
    if failures:
        leave(exitcodes.FOUND)


@kb.command(context_settings=SETTINGS)
@TREE
@click.option(
    "--to",
    "target",
    default="knowledge.zip",
    show_default=True,
    metavar="FILE",
    type=PATH,
    help="The file to write.",
)
@click.option("--check", metavar="SHA256", help="Fail unless the content has this digest.")
@click.option(
    "--key",
    "signing_key",
    metavar="FILE",
    help="Sign it with this key; PROSCRIBE_KNOWLEDGE_KEYS names its public half.",
)
@options("passphrase-file")
def build(given: Given, tree: str | None, target: Path, check: str | None, signing_key: str | None) -> None:
    """Build a snapshot from a source tree (default ./knowledge); the same tree gives the same bytes.

    \b
    Examples:
      proscribe kb build
      proscribe kb build knowledge --to dist/knowledge-2026.11.25.zip
      proscribe kb build knowledge --key ours.key --to ours.zip
    """
    from proscribe.app.kb.knowledge import build as make

    signer = given.opened(signing_key) if signing_key else None
    with file_or_standard_output(target) as place:
        manifest = make(place, tree, signer=signer)
    rows = sum(manifest["counts"].values())
    words = f"{target}: knowledge {manifest['version']}, {rows} rows\nsha256 {manifest['sha256']}"
    click.echo(words, err=is_standard_output(target))
    if check and check != manifest["sha256"]:
        click.echo(f"The digest is not {check}.", err=True)
        leave(exitcodes.FOUND)


@kb.command("diff", context_settings=SETTINGS)
@click.argument("old", type=click.Path())
@click.argument("new", required=False, type=click.Path())
@options("output")
def diff_(given: Given, old: str, new: str | None) -> None:
    """Say what changed between two snapshots or source trees, in words; NEW defaults to the knowledge in use.

    Exits with 1 when an id of OLD is gone, which is never allowed.

    \b
    Examples:
      proscribe kb diff knowledge-2026.10.zip
      proscribe kb diff old.zip new.zip -o json
    """
    from proscribe.app.kb.knowledge import ChangeKind

    before, after = _opened(old), _opened(*([new] if new else []))
    changes = before.changes(after)
    if given.json:
        stamp = {"version": before.version, "sha256": before.snapshot.manifest.sha256}
        content = {"old": stamp, "changes": [change.to_json() for change in changes]}
        print_json(after.answer("diff", given.law_day, content))
    else:
        click.echo(f"knowledge {before.version} -> {after.version}")
        for kind in ChangeKind:
            those = [change for change in changes if change.kind is kind]
            if those:
                click.echo(f"\n{kind.value} ({len(those)})")
            print_lines(f"  {change.id}: {change.words}" for change in those)
        if not changes:
            click.echo("no fact and no document differs")
    if any(change.kind is ChangeKind.LOST for change in changes):
        leave(exitcodes.FOUND)


@kb.command("carry-over", context_settings=SETTINGS)
@click.argument("layer", type=click.Path())
@click.option(
    "--old", required=True, metavar="FILE", type=click.Path(), help="JSON of the scan whose ids it names."
)
@click.option(
    "--new",
    required=True,
    metavar="FILE",
    type=click.Path(),
    help="JSON of a scan of the same inputs by this version.",
)
@click.option("-o", "--output", "target", required=True, metavar="FILE", help="The file to write.")
def carry_over(layer: str, old: str, new: str, target: str) -> None:
    """Write a layer, or a file of facts, with the finding ids of a new scan in place of those of an earlier one.

    Everything else in the file stays as it is. Ids that nothing takes the place of stay too, and are named with the
    reason; then it exits with 1.

    \b
    Examples:
      proscribe kb carry-over proscribe.local.yml --old october.json --new october-again.json -o carried.yml
    """
    from proscribe.app.store.carry_over import carry_over_file

    made = carry_over_file(layer, old, new)
    if write_file(target, made.text.encode("utf-8", "surrogateescape")):
        click.echo(f"Written: {target}", err=True)
    click.echo(f"{made.carried} ids carried over, {len(made.lost)} not.", err=True)
    print_lines(f"{item.at}: {item.id}: {item.why}" for item in made.lost)
    if made.lost:
        leave(exitcodes.FOUND)
