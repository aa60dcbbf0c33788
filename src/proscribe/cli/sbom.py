"""`proscribe sbom`: bills of materials given back with what was found in them."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from proscribe.cli import exitcodes

_THRESHOLDS = {"confirmed": 3, "probable": 2, "possible": 1, "none": 99}


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def sbom() -> None:
    """Bills of materials: the same document back, with the findings in it.

    \b
    Example:
      proscribe sbom annotate product.cdx.json product.annotated.cdx.json
    """


@sbom.command()
@click.argument("source", metavar="IN", type=click.Path())
@click.argument("target", metavar="OUT", type=click.Path())
@click.option(
    "--fail-on", type=click.Choice(list(_THRESHOLDS)), default="probable", show_default=True,
    help="Exit with 1 when a finding of this band or better is found.",
)  # fmt: skip
@click.option("--as-of", metavar="DATE", help="Ownership and law on this day; default today.")
@click.option("--known-as-of", metavar="DATE", help="Use only facts recorded by this day; default today.")
@click.option(
    "--knowledge", multiple=True, metavar="FILE",
    help="Another snapshot, or your own layer of facts, suppressions and cleared items; may be repeated.",
)  # fmt: skip
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
@click.pass_context
def annotate(
    ctx: click.Context,
    source: str,
    target: str,
    fail_on: str,
    as_of: str | None,
    known_as_of: str | None,
    knowledge: tuple[str, ...],
    quiet: bool,
) -> None:
    """Write the findings into a CycloneDX document, JSON or XML (OUT may be -).

    Everything else stays as it was, byte for byte. Findings become properties named proscribe:..., on the components and
    on what contains them; from CycloneDX 1.5 on they are annotations too. The version of the document is counted up by
    one when anything changed. Annotating twice changes nothing.

    \b
    Examples:
      proscribe sbom annotate product.cdx.json product.annotated.cdx.json
      proscribe sbom annotate board.xml - --as-of 2021-06-01 > board.annotated.xml
    """
    from proscribe.app.sbom import annotate as run
    from proscribe.reports.atomic import replacing
    from proscribe.reports.scan import labels

    made = run(source, as_of=as_of, known_as_of=known_as_of, knowledge=knowledge)
    if target == "-":
        sys.stdout.buffer.write(made.data)
        sys.stdout.buffer.flush()
    else:
        with replacing(Path(target)) as temporary:
            temporary.write_bytes(made.data)
    if not quiet:
        click.echo(labels.sentence(made.result.scan), err=True)
        if made.signed and made.changed:
            click.echo(
                "Note: the document carries a signature, which no longer matches what was written.", err=True
            )
        click.echo(f"Written: {target}" + ("" if made.changed else " (nothing had to be changed)"), err=True)
    threshold = _THRESHOLDS[fail_on]
    if not made.result.complete:
        ctx.exit(exitcodes.UNREAD)
    if any(one.ignored is None and one.band.rank >= threshold for one in made.result.findings):
        ctx.exit(exitcodes.FOUND)
    ctx.exit(exitcodes.DONE)
