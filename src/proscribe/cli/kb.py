"""`proscribe kb`: the knowledge base, for those who read it and those who write it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from proscribe.cli import exitcodes

if TYPE_CHECKING:
    from datetime import date

    from proscribe.kb import Snapshot

_HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(context_settings=_HELP)
def kb() -> None:
    """The knowledge: what it holds, where it comes from, what changed.

    \b
    Examples:
      proscribe kb status
      proscribe kb show hikvision
      proscribe kb lint --as-of today
    """


def _output(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "-o", "--output", "output", type=click.Choice(["table", "json"]), default="table", show_default=True,
        help="Lines for people, or JSON.",
    )(command)  # fmt: skip


def _knowledge(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--knowledge", multiple=True, metavar="FILE",
        help="Another snapshot or source folder, then layers of your own; may be repeated.",
    )(command)  # fmt: skip


def _as_of(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--as-of", metavar="DATE", help="Ask on this day (YYYY-MM-DD or `today`); default today."
    )(command)


def _known_as_of(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--known-as-of",
        "known_as_of",
        metavar="DATE",
        help="Use only facts recorded by this day; default today.",
    )(command)


def _day(text: str | None) -> date:
    from datetime import UTC, datetime

    from proscribe.model.errors import UsageError
    from proscribe.model.periods import parse_day

    if text is None or text == "today":
        return datetime.now(UTC).date()
    try:
        return parse_day(text)
    except ValueError:
        raise UsageError(
            "E151",
            f"{text!r} is not a date",
            at="--as-of",
            expected="YYYY-MM-DD or `today`",
            next_step="Write it so.",
        ) from None


def _open(knowledge: tuple[str, ...]) -> Snapshot:
    from proscribe.kb.snapshot import open_knowledge

    return open_knowledge(knowledge)


def _answer(name: str, snapshot: Snapshot, day: date, **content: Any) -> None:
    """Print a JSON answer with the head that every answer carries."""
    from proscribe import __version__
    from proscribe.model.canonical import pretty_json

    head = {
        "schema": f"proscribe.kb-{name}/1",
        "proscribe": __version__,
        "knowledge": {
            "version": snapshot.manifest.version,
            "sha256": snapshot.manifest.sha256,
            "layers": list(snapshot.layers),
        },
        "as_of": day.isoformat(),
    }
    click.echo(pretty_json({**head, **content}), nl=False)


def _source_tree(tree: str | None) -> Path:
    """Find the source tree an author means: the one named, `./knowledge`, or that of the checkout in use."""
    import proscribe
    from proscribe.model.errors import KnowledgeError

    if tree is not None:
        return Path(tree)
    beside = Path(proscribe.__file__).parent.parent.parent / "knowledge"
    for place in (Path("knowledge"), beside):
        if (place / "VERSION").is_file():
            return place
    raise KnowledgeError(
        "E201",
        "there is no knowledge source here",
        at=str(Path.cwd()),
        expected="a folder `knowledge` with a file VERSION",
        next_step="Name the folder, or change to the folder that holds it.",
    )


# status


@kb.command(context_settings=_HELP)
@_knowledge
@_as_of
@_output
@click.pass_context
def status(ctx: click.Context, knowledge: tuple[str, ...], as_of: str | None, output: str) -> None:
    """Say which knowledge is in use: version, digest, age, counts, layers, overdue reviews.

    Exits with 4 when a review is overdue on the day asked about.

    \b
    Examples:
      proscribe kb status
      proscribe kb status --knowledge newer.zip --knowledge proscribe.local.yml -o json
    """
    from proscribe.kb.records import TABLES
    from proscribe.kb.reviews import overdue_reviews

    snapshot = _open(knowledge)
    day = _day(as_of)
    manifest = snapshot.manifest
    age = _age_days(manifest.version, day)
    reviews = len(snapshot.reviews) + sum(1 for row in snapshot.table("sources") if row["review"])
    late = overdue_reviews(snapshot, day)
    decisions = {
        kind: sum(1 for item in snapshot.suppressions if item["kind"] == kind)
        for kind in ("suppression", "cleared")
    }
    if output == "json":
        _answer(
            "status", snapshot, day,
            counts=manifest.counts,
            documents=snapshot.document_paths(),
            age_days=age,
            overdue=[{"file": item.file, "due_on": item.due_on, "by": item.by or None} for item in late],
            reviews=reviews,
            suppressions=decisions["suppression"],
            cleared=decisions["cleared"],
        )  # fmt: skip
    else:
        click.echo(
            f"version   {manifest.version}" + (f"  ({age} days old on {day})" if age is not None else "")
        )
        click.echo(f"digest    {manifest.sha256}")
        click.echo(f"schema    {manifest.schema} ({manifest.schema_version})")
        for name in snapshot.layers:
            click.echo(f"layer     {name}")
        if any(decisions.values()):
            click.echo(
                f"decisions {decisions['suppression']} suppressions, {decisions['cleared']} cleared items"
            )
        width = max(map(len, TABLES))
        for table in TABLES:
            count = manifest.counts.get(table, 0)
            click.echo(f"  {table:<{width}}  {count:>7}")
        click.echo(f"  {'documents':<{width}}  {len(snapshot.document_paths()):>7}")
        for item in late:
            click.echo(
                f"overdue   {item.file}: review was due on {item.due_on}"
                + (f" by {item.by}" if item.by else "")
            )
        if not late:
            click.echo(f"reviews   {reviews}, none overdue on {day}")
    if late:
        ctx.exit(exitcodes.KNOWLEDGE)


def _age_days(version: str, day: date) -> int | None:
    from datetime import date

    parts = version.split(".")[:3]
    try:
        return (day - date(*map(int, parts))).days
    except (ValueError, TypeError):
        return None


# list


@kb.command("list", context_settings=_HELP)
@click.argument("table", required=False)
@click.option("--entity", metavar="ID", help="Only facts about this entity.")
@click.option(
    "--match", metavar="TEXT", help="Only facts whose line or id contains this text, whatever the case."
)
@_knowledge
@click.option("--as-of", metavar="DATE", help="Only facts that hold on this day; default: on any day.")
@_known_as_of
@_output
def list_(
    table: str | None,
    entity: str | None,
    match: str | None,
    knowledge: tuple[str, ...],
    as_of: str | None,
    known_as_of: str | None,
    output: str,
) -> None:
    """List the tables, or the facts of one table as known on a day; `documents` lists the documents.

    \b
    Examples:
      proscribe kb list
      proscribe kb list relabels --entity dahua
      proscribe kb list names --match hik -o json
      proscribe kb list listings --entity hikvision --as-of 2019-12-31
    """
    from proscribe.kb.issues import nearest
    from proscribe.kb.records import ENTITY_FIELDS, TABLES
    from proscribe.kb.snapshot import visible
    from proscribe.kb.words import describe

    snapshot = _open(knowledge)
    day = _day(as_of)
    if table is None:
        if output == "json":
            _answer("list", snapshot, day, tables=snapshot.manifest.counts)
            return
        for name in TABLES:
            click.echo(f"{name:<14}{snapshot.manifest.counts.get(name, 0):>8}")
        click.echo(f"{'documents':<14}{len(snapshot.document_paths()):>8}")
        return
    if table == "documents":
        paths = [path for path in snapshot.document_paths() if not match or match.lower() in path.lower()]
        if output == "json":
            _answer("list", snapshot, day, table=table, documents=paths)
        else:
            click.echo("\n".join(paths))
        return
    if table not in TABLES:
        close = nearest(table, [*TABLES, "documents"])
        hint = f" Did you mean {close[0]!r}?" if close else f" One of {', '.join(TABLES)}, documents."
        raise click.UsageError(f"No such table {table!r}.{hint}")
    known = _day(known_as_of).isoformat()
    found = []
    for row in snapshot.table(table):
        if not visible(row, known) or (as_of and not _holds(row, day.isoformat())):
            continue
        if entity and entity not in [row.get(name) for name in (*ENTITY_FIELDS, "id")]:
            continue
        said = describe(table, row) if "id" in row else " ".join(map(str, row.values()))
        if match and match.lower() not in f"{row.get('id', '')} {said}".lower():
            continue
        found.append((row, said))
    if output == "json":
        _answer("list", snapshot, day, table=table, facts=[row for row, _ in found])
        return
    for row, said in found:
        click.echo(f"{row['id']}\t{said}" if "id" in row else said)
    click.echo(f"{len(found)} of {len(snapshot.table(table))} in {table}", err=True)


def _holds(row: dict[str, Any], day: str) -> bool:
    """Tell whether a fact holds on a day (ISO)."""
    end = row.get("valid_to", "")
    return bool(row.get("valid_from", "") <= day and (not end or day < end))


# show and history


def _find(snapshot: Snapshot, identity: str) -> tuple[str, dict[str, Any]]:
    """Find a fact by id in every table; suggest the nearest ids on a miss."""
    from proscribe.kb.issues import nearest
    from proscribe.kb.records import TABLES
    from proscribe.model.errors import KnowledgeError, UsageError

    ids: list[str] = []
    for table, kind in TABLES.items():
        if kind.identity:
            for row in snapshot.table(table):
                if row["id"] == identity:
                    return table, row
            ids += snapshot.columns(table)["id"]
    close = nearest(identity.lower(), ids, count=3)
    if not close:  # a part of an id is the next best
        close = [known for known in ids if identity.lower() in known][:3]
    problem: type[KnowledgeError] | type[UsageError] = UsageError
    raise problem(
        "E223",
        f"there is no fact {identity!r}",
        expected="the id of a fact, an entity or a source",
        next_step=f"Did you mean {' or '.join(close)}?" if close else "Run `proscribe kb list`.",
    )


@kb.command(context_settings=_HELP)
@click.argument("identity", metavar="ID")
@_knowledge
@_as_of
@_known_as_of
@_output
def show(
    identity: str, knowledge: tuple[str, ...], as_of: str | None, known_as_of: str | None, output: str
) -> None:
    """Show one fact: what it says, since when, from which source, how sure.

    For an entity, also its tie to a named firm on the day asked about and the facts about it. The path of a
    document, such as context/words, shows its content as JSON.

    \b
    Examples:
      proscribe kb show model:hikvision/ds-2cd
      proscribe kb show ezviz --as-of 2020-08-13
    """
    from proscribe.kb.words import describe
    from proscribe.model.periods import AsOf

    snapshot = _open(knowledge)
    day = _day(as_of)
    if f"documents/{identity}.json" in snapshot.manifest.members:
        _answer("document", snapshot, day, path=identity, document=snapshot.document(identity))
        return
    table, row = _find(snapshot, identity)
    sources = {item["id"]: item for item in snapshot.table("sources")}
    source = row if table == "sources" else sources.get(row["source"])
    about: dict[str, Any] = {}
    if table == "entities":
        view = snapshot.at(AsOf(day, _day(known_as_of)))
        tie = view.covered_through(identity, day)
        about = {
            "tie": {
                "path": list(tie.path),
                "certainty": tie.certainty.value,
                "stakes": list(tie.stakes),
                "lists": list(tie.lists),
                "last_day": tie.last_day.isoformat() if tie.last_day else None,
            },
            "sells_units_made_by": [
                {"maker": item.maker, "stake": item.stake, "certainty": item.certainty.value}
                for item in view.suppliers(identity, day)
            ],
            "names": [name["text"] for name in view.rows("names") if name["entity"] == identity],
            "counts": _about(snapshot, identity),
        }
    if output == "json":
        _answer(
            "fact", snapshot, day, table=table, fact=row, words=describe(table, row), source=source, **about
        )
        return
    click.echo(describe(table, row))
    for name, value in row.items():
        if value in ("", [], False):
            continue
        shown = ", ".join(value) if isinstance(value, list) else "yes" if value is True else value
        click.echo(f"  {name:<16}{shown}")
    if source is not None and table != "sources":
        parts = [source["title"], source["publisher"], source["url"], source["retrieved_on"]]
        click.echo(f"  {'':<16}{'; '.join(part for part in parts if part)}")
    if about:
        tie = about["tie"]
        words = (
            f"{tie['certainty']}: {' -> '.join(tie['path'])}" if len(tie["path"]) > 1 else tie["certainty"]
        )
        last = f", last day {tie['last_day']}" if tie["last_day"] else ""
        click.echo(f"  {'tie on ' + day.isoformat() + ' ':<16}{words}{last}")
        if tie["stakes"]:
            click.echo(f"  {'through':<16}{', '.join(tie['stakes'])}")
        if tie["lists"]:
            click.echo(f"  {'lists':<16}{', '.join(tie['lists'])}")
        for item in about["sells_units_made_by"]:
            click.echo(f"  {'sells units of':<16}{item['maker']} ({item['certainty']}, {item['stake']})")
        if about["names"]:
            click.echo(f"  {'found as':<16}{', '.join(about['names'])}")
        facts = ", ".join(f"{count} {name}" for name, count in about["counts"].items())
        if facts:
            click.echo(f"  {'facts about it':<16}{facts}")


def _about(snapshot: Snapshot, entity: str) -> dict[str, int]:
    """Count the facts of each table that name an entity."""
    from proscribe.kb.records import ENTITY_FIELDS, TABLES

    counts = {}
    for table, kind in TABLES.items():
        fields = [name for name in ENTITY_FIELDS if name in kind.by_name]
        if fields and table != "entities":
            number = sum(1 for row in snapshot.table(table) if any(row[name] == entity for name in fields))
            if number:
                counts[table] = number
    return counts


@kb.command(context_settings=_HELP)
@click.argument("identity", metavar="ID")
@_knowledge
@_output
def history(identity: str, knowledge: tuple[str, ...], output: str) -> None:
    """Show what we said about a matter over time: recorded, retracted, superseded by.

    \b
    Example:
      proscribe kb history own:dahua/lorex-subsidiary-of
    """
    from proscribe.kb.words import describe, period

    snapshot = _open(knowledge)
    table, row = _find(snapshot, identity)
    chain = _chain(snapshot, table, row)
    if output == "json":
        _answer("history", snapshot, _day(None), table=table, id=identity, chain=chain)
        return
    for item in chain:
        mark = "*" if item["id"] == identity else " "
        click.echo(f"{mark} {item['id']}: {describe(table, item)}")
        if "recorded_on" not in item:
            continue
        click.echo(f"    holds      {period(item)}")
        trust = f"{item['basis']}, {item['confidence']}"
        click.echo(f"    recorded   {item['recorded_on']} from {item['source']} ({trust})")
        if item["retracted_on"]:
            click.echo(f"    retracted  {item['retracted_on']}")
        if item["superseded_by"]:
            click.echo(f"    superseded by {item['superseded_by']}")


def _chain(snapshot: Snapshot, table: str, row: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the fact, what it replaced and what replaced it, oldest first; each fact once."""
    rows = {item["id"]: item for item in snapshot.table(table)}
    chosen = {row["id"]}
    pending = [row["id"]]
    while pending:
        here = pending.pop()
        near = [rows[here].get("superseded_by", "")]
        near += [item["id"] for item in rows.values() if item.get("superseded_by") == here]
        for name in near:
            if name in rows and name not in chosen:
                chosen.add(name)
                pending.append(name)
    return sorted((rows[name] for name in chosen), key=lambda item: (item.get("recorded_on", ""), item["id"]))


# Authors


@kb.command(context_settings=_HELP)
@click.argument("tree", required=False, type=click.Path())
@click.option(
    "--as-of", metavar="DATE", help="Also report reviews overdue on this day (YYYY-MM-DD or `today`)."
)
@click.option("--released", metavar="FILE", help="An earlier snapshot: an id of it that is gone is an error.")
@click.option("--quiet", is_flag=True, help="Print errors only; nothing when there are none.")
@_output
@click.pass_context
def lint(
    ctx: click.Context, tree: str | None, as_of: str | None, released: str | None, quiet: bool, output: str
) -> None:
    """Check a knowledge source tree (default ./knowledge): shapes, ids, sources, periods, patterns, examples.

    Exits with 1 when there is an error, with 4 when only reviews are overdue.

    \b
    Examples:
      proscribe kb lint
      proscribe kb lint knowledge --as-of today -o json
    """
    from proscribe.kb.lint import lint as check
    from proscribe.kb.records import TABLES
    from proscribe.kb.source import read_tree

    source = read_tree(_source_tree(tree))
    day = _day(as_of) if as_of else None
    ids: set[str] = set()
    if released:
        earlier = _open((released,))
        ids = {row["id"] for name, kind in TABLES.items() if kind.identity for row in earlier.table(name)}
    issues = check(source, as_of=day, released=ids)
    errors = [issue for issue in issues if issue.severity == "error"]
    if output == "json":
        from proscribe import __version__
        from proscribe.model.canonical import pretty_json

        click.echo(
            pretty_json(
                {
                    "schema": "proscribe.kb-lint/1",
                    "proscribe": __version__,
                    "knowledge": {"version": source.version, "sha256": None},
                    "as_of": day.isoformat() if day else None,
                    "errors": len(errors),
                    "warnings": len(issues) - len(errors),
                    "issues": [issue.to_json() for issue in issues],
                }
            ),
            nl=False,
        )
    else:
        for issue in errors if quiet else issues:
            click.echo(str(issue))
        if not quiet or errors:
            facts = sum(len(rows) for rows in source.records.values())
            click.echo(f"{facts} facts: {len(errors)} errors, {len(issues) - len(errors)} warnings", err=True)
    if any(issue.code != "E221" for issue in errors):
        ctx.exit(exitcodes.FOUND)
    if errors:
        ctx.exit(exitcodes.KNOWLEDGE)


@kb.command(context_settings=_HELP)
@_knowledge
@click.option("--quiet", is_flag=True, help="Print failures only.")
@click.pass_context
def test(ctx: click.Context, knowledge: tuple[str, ...], quiet: bool) -> None:
    """Try every example and near-miss of the knowledge with the matchers; exits with 1 when one fails.

    \b
    Examples:
      proscribe kb test
      proscribe kb test --knowledge knowledge
    """
    from proscribe.app.knowledge_examples import run_examples
    from proscribe.kb.examples import collect

    snapshot = _open(knowledge)
    cases = len(collect(snapshot))
    failures = run_examples(snapshot)
    for failure in failures:
        click.echo(str(failure))
    if failures or not quiet:
        click.echo(f"{cases} examples and near-misses: {len(failures)} fail", err=True)
    if failures:
        ctx.exit(exitcodes.FOUND)


@kb.command(context_settings=_HELP)
@click.argument("tree", required=False, type=click.Path())
@click.option(
    "--to", "target", default="knowledge.zip", show_default=True, metavar="FILE", help="The file to write."
)
@click.option("--check", metavar="SHA256", help="Fail unless the content has this digest.")
@click.pass_context
def build(ctx: click.Context, tree: str | None, target: str, check: str | None) -> None:
    """Build a snapshot from a source tree (default ./knowledge); the same tree gives the same bytes.

    \b
    Examples:
      proscribe kb build
      proscribe kb build knowledge --to dist/knowledge-2026.11.25.zip
    """
    from proscribe.kb.build import build as make

    manifest = make(_source_tree(tree), Path(target))
    click.echo(f"{target}: knowledge {manifest['version']}, {sum(manifest['counts'].values())} rows")
    click.echo(f"sha256 {manifest['sha256']}")
    if check and check != manifest["sha256"]:
        click.echo(f"The digest is not {check}.", err=True)
        ctx.exit(exitcodes.FOUND)


@kb.command("diff", context_settings=_HELP)
@click.argument("old", type=click.Path())
@click.argument("new", required=False, type=click.Path())
@_output
@click.pass_context
def diff_(ctx: click.Context, old: str, new: str | None, output: str) -> None:
    """Say what changed between two snapshots or source trees, in words; NEW defaults to the knowledge in use.

    Exits with 1 when an id of OLD is gone, which is never allowed.

    \b
    Examples:
      proscribe kb diff knowledge-2026.10.zip
      proscribe kb diff old.zip new.zip -o json
    """
    from proscribe.kb.diff import ChangeKind, diff

    before, after = _open((old,)), _open((new,) if new else ())
    changes = diff(before, after)
    lost = [change for change in changes if change.kind is ChangeKind.LOST]
    if output == "json":
        _answer(
            "diff", after, _day(None),
            old={"version": before.manifest.version, "sha256": before.manifest.sha256},
            changes=[change.to_json() for change in changes],
        )  # fmt: skip
    else:
        click.echo(f"knowledge {before.manifest.version} -> {after.manifest.version}")
        for kind in ChangeKind:
            those = [change for change in changes if change.kind is kind]
            if those:
                click.echo(f"\n{kind.value} ({len(those)})")
            for change in those:
                click.echo(f"  {change.id}: {change.words}")
        if not changes:
            click.echo("no fact and no document differs")
    if lost:
        ctx.exit(exitcodes.FOUND)
