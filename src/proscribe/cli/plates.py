"""`proscribe plates`: which type plates to photograph, where pictures were taken, and copies to hand on."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from proscribe.cli import exitcodes
from proscribe.cli.options import SETTINGS, Given, options
from proscribe.cli.terminal import formats, leave, one_to_standard_output
from proscribe.wording.safe import terminal as safe


@click.group(context_settings=SETTINGS)
def plates() -> None:
    """Type plates: which to photograph, where pictures were taken, and copies to hand on.

    \b
    Examples:
      proscribe plates todo inventory.csv scan.xml -o html=walk.html
      proscribe plates location site-walk/
      proscribe plates strip site-walk/ -o to-send/
    """


@plates.command("todo", context_settings=SETTINGS)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "-o", "--output", "outputs", multiple=True, metavar="FORMAT[=FILE]",
    help="table (default), html (to print, with a code for each device), csv, json, yml (what stands open, for "
    "`document make inquiry-record --with`); may be given several times.",
)  # fmt: skip
@options("map", "kind", "reader", "config")
@click.option(
    "--joins", "joins_files", multiple=True, metavar="FILE", type=click.Path(path_type=Path),
    help="What people decided about joins, as `devices` takes it; may be repeated.",
)  # fmt: skip
@click.option("--confirmed", is_flag=True, help="List devices too that are confirmed without a plate.")
@click.option(
    "--check",
    is_flag=True,
    help="Exit with 1 when a picture is missing, unreadable, names no maker or is against the records.",
)
@options("as-of", "known-as-of", "knowledge", "quiet", "no-progress")
def todo(
    given: Given, paths: tuple[str, ...], outputs: tuple[str, ...], joins_files: tuple[Path, ...],
    confirmed: bool, check: bool,
) -> None:  # fmt: skip
    """List the devices of which a picture of the type plate would settle who made them, by site.

    These are devices whose records contradict each other, whose finding is not confirmed, or whose maker no record names
    or the knowledge does not hold. Give the pictures among the inputs, and the list says what was read, what is missing
    and what contradicts the records.

    \b
    Examples:
      proscribe plates todo inventory.csv scan.xml -o html=walk.html
      proscribe plates todo inventory.csv scan.xml site-walk/ -o table -o yml=open-plates.yml
    """
    from proscribe.app.inventory.joins_file import read_joins
    from proscribe.app.pictures import walk_round as service
    from proscribe.cli.progress import ProgressLine

    default = () if given.quiet else ("table",)
    targets = one_to_standard_output(formats(outputs, service.TODO_FORMATS, default=default))
    with ProgressLine(enabled=not (given.quiet or given.no_progress)) as progress:
        made = service.todo(
            given.asked(*paths), joins=[one for path in joins_files for one in read_joins(path)], confirmed=confirmed,
            progress=progress,
        )  # fmt: skip
    for name, target in targets:
        service.write_todo(made, name, sys.stdout if target is None else target)
        if target is not None and not given.quiet:
            click.echo(f"Written: {target}", err=True)
    if not made.todo.complete:
        leave(exitcodes.UNREAD)
    leave(exitcodes.FOUND if check and not made.todo.settled else exitcodes.DONE)


@plates.command("strip", context_settings=SETTINGS)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path())
@click.option(
    "-o", "--output", "folder", required=True, metavar="FOLDER", type=click.Path(),
    help="Where the copies go, under the names of the pictures; nothing there is written over.",
)  # fmt: skip
@options("quiet", "no-progress")
def strip(given: Given, paths: tuple[str, ...], folder: str) -> None:
    """Write copies of pictures without EXIF: no place, no camera, no owner, no thumbnail.

    A copy holds the pixels, upright, and nothing else; what faces and signs the picture itself shows stays. The pictures are
    left as they are. HEIC becomes JPEG. Exit code 3 when a picture has no copy.

    \b
    Examples:
      proscribe plates strip site-walk/ -o to-send/
      proscribe plates strip IMG_2041.HEIC -o to-send/
    """
    from proscribe.app.pictures.picture_copies import copies
    from proscribe.cli.progress import LookedLine

    with LookedLine(enabled=not (given.quiet or given.no_progress)) as line:
        made = copies(paths, folder, tell=line)
    for one in made.left:
        click.echo(f"{one.code} {safe(one.at)}: {safe(one.what)}", err=True)
    if not given.quiet:
        rest = (
            f"; {made.others:,} {'file is' if made.others == 1 else 'files are'} no picture"
            if made.others
            else ""
        )
        count = f"{len(made.written):,} {'copy' if len(made.written) == 1 else 'copies'}"
        click.echo(f"{count} without what the camera wrote into the picture{rest}.")
        for _, place in made.written:
            click.echo(f"  {safe(str(place))}")
    leave(exitcodes.DONE if made.complete else exitcodes.UNREAD)


@plates.command("location", context_settings=SETTINGS)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path())
@click.option(
    "-o", "--output", "outputs", multiple=True, metavar="FORMAT[=FILE]",
    help="table (default) or csv, with the digest of each picture; may be given several times.",
)  # fmt: skip
@options("quiet", "no-progress")
def location(given: Given, paths: tuple[str, ...], outputs: tuple[str, ...]) -> None:
    """Say when and where pictures were taken, as the camera wrote it.

    No other command reads where a picture was taken, and no report or store holds it. Cameras are set wrong and what they
    write can be changed: it is a hint which site a plate belongs to, and decides nothing. Exit code 3 when a picture could
    not be read.

    \b
    Examples:
      proscribe plates location site-walk/
      proscribe plates location site-walk/ -o csv=places.csv
    """
    from proscribe.app.pictures import picture_locations as service
    from proscribe.cli.progress import LookedLine

    targets = one_to_standard_output(formats(outputs, service.LOCATION_FORMATS, default=("table",)))
    with LookedLine(enabled=not (given.quiet or given.no_progress)) as line:
        made = service.locations(paths, tell=line)
    for one in made.left:
        click.echo(f"{one.code} {safe(one.at)}: {safe(one.what)}", err=True)
    for name, target in targets:
        service.write_locations(made, name, sys.stdout if target is None else target)
        if target is not None and not given.quiet:
            click.echo(f"Written: {target}", err=True)
    leave(exitcodes.DONE if made.complete else exitcodes.UNREAD)
