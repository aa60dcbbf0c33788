"""`proscribe plates`: pictures of type plates."""

from __future__ import annotations

import click

from proscribe.cli import exitcodes
from proscribe.cli.options import SETTINGS, Given, options
from proscribe.cli.terminal import leave
from proscribe.wording.safe import terminal as safe


@click.group(context_settings=SETTINGS)
def plates() -> None:
    """Pictures of type plates: copies of them without what cameras write into them.

    \b
    Example:
      proscribe plates strip site-walk/ -o to-send/
    """


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
    from proscribe.app.picture_copies import copies
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
