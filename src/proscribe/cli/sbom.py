"""`proscribe sbom`: bills of materials given back with what was found in them."""

from __future__ import annotations

import click

from proscribe.cli import exitcodes
from proscribe.cli.options import SETTINGS, Given, options
from proscribe.cli.terminal import leave, write_file


@click.group(context_settings=SETTINGS)
def sbom() -> None:
    """Bills of materials: the same document back, with the findings in it.

    \b
    Example:
      proscribe sbom annotate product.cdx.json product.annotated.cdx.json
    """


@sbom.command(context_settings=SETTINGS)
@click.argument("source", metavar="IN", type=click.Path())
@click.argument("target", metavar="OUT", type=click.Path())
@options("fail-on", "as-of", "known-as-of", "knowledge")
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
def annotate(given: Given, source: str, target: str) -> None:
    """Write the findings into a CycloneDX document, JSON or XML (OUT may be -).

    Everything else stays as it was, byte for byte. Findings become properties named proscribe:..., on the components and
    on what contains them; from CycloneDX 1.5 on they are annotations too. The version of the document is counted up by
    one when anything changed. Annotating twice changes nothing.

    \b
    Examples:
      proscribe sbom annotate product.cdx.json product.annotated.cdx.json
      proscribe sbom annotate board.xml - --as-of 2021-06-01 > board.annotated.xml
    """
    from proscribe.app.inventory.sbom import annotate as run

    made = run(given.asked(source))
    write_file(target, made.data)
    if not given.quiet:
        click.echo(made.sentence, err=True)
        if made.signed and made.changed:
            click.echo(
                "Note: the document carries a signature, which no longer matches what was written.", err=True
            )
        click.echo(f"Written: {target}" + ("" if made.changed else " (nothing had to be changed)"), err=True)
    found = any(one.ignored is None and one.band.rank >= given.threshold for one in made.result.findings)
    leave(exitcodes.of_scan(made.result, found=found))
