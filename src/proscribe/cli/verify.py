"""`proscribe verify`: does a signed bundle still say what was signed?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from proscribe.cli import exitcodes
from proscribe.cli.case_archives import act_lines
from proscribe.cli.options import PATH, SETTINGS, Given, options
from proscribe.cli.terminal import leave, print_json, print_lines

_MOST_SHOWN = 20
_MARKS = {"ok": "✓", "failed": "✗", "not_checked": "–"}
_COLOURS = {"ok": "green", "failed": "red", "not_checked": "yellow"}


@click.command(context_settings=SETTINGS)
@click.argument("bundle", metavar="BUNDLE", type=PATH)
@options("trusted-key", "fingerprint")
@click.option(
    "--input", "inputs", multiple=True, metavar="FILE", type=PATH,
    help="An original file: is it one of those the document rests on, unchanged?",
)  # fmt: skip
@click.option(
    "--tsa-root", "tsa_roots", multiple=True, metavar="PEM", type=PATH,
    help="Root certificate of a timestamp authority that you trust.",
)  # fmt: skip
@click.option(
    "-o", "--output", "output", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="As text, or as JSON.",
)  # fmt: skip
@click.option(
    "--replay", "originals", multiple=True, metavar="FOLDER", type=PATH,
    help="Run the scans behind it again, over the original files in this folder, found by digest; may be repeated.",
)  # fmt: skip
@click.option(
    "--roster", is_flag=True, help="Say who made, judged, approved and signed, on which day, in which role, and what shows it."
)  # fmt: skip
@options("knowledge")
def verify(
    given: Given,
    bundle: Path,
    inputs: tuple[Path, ...],
    tsa_roots: tuple[Path, ...],
    originals: tuple[Path, ...],
    roster: bool,
) -> None:
    """Check a signed bundle, offline, knowing nothing of the company that made it.

    The renderings of a document are written again from its data and compared; a case is checked against itself. With --replay
    the scans come out again, or it is said what differs or is missing, under the knowledge that the bundle keeps.

    Exit code 0 only when every byte is as signed and the key is one you named; 1 when anything was changed, or when you
    named no key, since whoever changes a document can sign it anew with a key of their own. With --replay, 3 when original files
    are missing, and 4 when the knowledge is.

    \b
    Examples:
      proscribe verify representation.zip --key ridge-signer.pub.pem
      proscribe verify representation.zip --fingerprint 3f9a1c20b4d5e6f7
      proscribe verify representation.zip --key ridge-signer.pub.pem --input assets.xlsx
      proscribe verify case.zip --key ridge-signer.pub.pem --replay originals --roster
    """
    from proscribe.app.proofs.verifying import examine

    found = examine(
        bundle, keys=given.keys, fingerprints=given.fingerprints, inputs=inputs, tsa_roots=tsa_roots, originals=originals,
        knowledge=given.knowledge,
    )  # fmt: skip
    verdict = found.verdict
    if given.json:
        print_json(found.to_json())
    else:
        colour = {"valid": "green", "invalid": "red"}.get(verdict.answer.value, "yellow")
        click.secho(found.headline, fg=colour, bold=True)
        for item in verdict.checks:
            mark = click.style(_MARKS[item.result], fg=_COLOURS[item.result])
            click.echo(f"  {mark} {item.name + ':':<12} {_plain(item.says)}")
        for line in found.lines:
            mark = click.style(_MARKS[line.result], fg=_COLOURS[line.result])
            first, *more = line.value.splitlines() or [""]
            click.echo(f"  {mark} {line.label + ':':<12} {_plain(first)}")
            for text in (*more, f"({line.how})"):
                click.echo(f"      {_plain(text)}")
        for text in _rests_on(verdict.predicate.get("restsOn")):
            click.echo(f"    {_plain(text)}")
        if roster and found.acts:
            print_lines(act_lines(found.acts))
        elif roster:
            click.echo("  names are stated, not proved: it holds no roster of people and their keys")
    missing = {"inputs": exitcodes.UNREAD, "knowledge": exitcodes.KNOWLEDGE}.get(
        found.missing.value, exitcodes.DONE
    )
    leave(missing if verdict.answer.value == "valid" else exitcodes.FOUND)


def _rests_on(told: Any) -> list[str]:
    """Say on which files a document rests, with the starts of their digests."""
    lines = []
    for one in told if isinstance(told, list) else ():
        if isinstance(one, dict) and isinstance(one.get("digest"), dict):
            digest = str(one["digest"].get("sha256"))[:16]
            lines.append(f"{'rests on:':<12} {one.get('kind')} {one.get('name')}, SHA-256 {digest}...")
    more = len(lines) - _MOST_SHOWN
    return [*lines[:_MOST_SHOWN], *([f"{'':<12} and {more:,} more, with -o json"] if more > 0 else [])]


def _plain(text: str) -> str:
    """Take control characters out of text that a stranger wrote, so that it cannot draw on the terminal."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)[:400]
