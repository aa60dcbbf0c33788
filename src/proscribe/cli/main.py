"""The command table. A command's module is imported only when the command is used."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Any

import click

from proscribe import __version__
from proscribe.model.errors import ProscribeError

#: Command -> module and attribute, and the line shown by `--help`.
COMMANDS: dict[str, tuple[str, str, str]] = {
    "scan": ("proscribe.cli.scan", "scan", "Find covered equipment in files and folders."),
    "devices": (
        "proscribe.cli.devices",
        "devices",
        "One device behind many records: join inputs, find support and contradictions.",
    ),
    "sbom": ("proscribe.cli.sbom", "sbom", "A bill of materials back, with the findings in it."),
    "explain": ("proscribe.cli.explain", "explain", "Say why: a text, a finding, a fact, or an error code."),
    "decide": ("proscribe.cli.decide", "decide", "What each rule says on stated facts, with the paragraph."),
    "law": ("proscribe.cli.law", "law", "The rules themselves, as of a date."),
    "questions": (
        "proscribe.cli.questions",
        "questions",
        "What people still have to say about a scan, for them to fill in.",
    ),
    "case": ("proscribe.cli.case", "case", "Cases: what was found, decided, due and done, and who did it."),
    "clock": ("proscribe.cli.clock", "clock", "What is due, soonest first; overdue is loud."),
    "waiver": ("proscribe.cli.waiver", "waiver", "Waivers: request, route, grant, end."),
    "supplier": (
        "proscribe.cli.supplier",
        "supplier",
        "Suppliers: ask them, take their answers, test each against your own evidence.",
    ),
    "document": (
        "proscribe.cli.document",
        "document",
        "Documents: make, list, export, sign; what stands against each.",
    ),
    "represent": (
        "proscribe.cli.document",
        "represent",
        "A representation: yearly, or with an offer and its disclosure.",
    ),
    "report": ("proscribe.cli.document", "report", "A report on a clock: first, follow-up, supplement."),
    "certify": ("proscribe.cli.document", "certify", "A certificate on a product, or on award funds."),
    "attest": (
        "proscribe.cli.attest",
        "attest",
        "Sign a document, so that a stranger can check it years later.",
    ),
    "verify": (
        "proscribe.cli.verify",
        "verify",
        "Does a signed bundle still say what was signed, and by whom?",
    ),
    "collect": (
        "proscribe.cli.collect",
        "collect",
        "Ask devices that you name who they are, and keep the raw answers.",
    ),
    "kb": ("proscribe.cli.kb", "kb", "The knowledge: what it holds, where it comes from, what changed."),
}


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports them late."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give the command names in the order people meet them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and give one command."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute, _ = COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; suggest the nearest name when there is none."""
        if args and args[0] not in COMMANDS:
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise click.UsageError(f"No such command {args[0]!r}.{hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the command list without importing any command."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, _, line) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run; a known condition is printed in words and becomes its exit code."""
        try:
            return super().invoke(ctx)
        except ProscribeError as error:
            click.echo(_printable(str(error)), err=True)
            ctx.exit(error.exit_code)
        except PermissionError as error:
            click.echo(
                f"E501 No permission: {error.filename or error}\n  Choose another place, or change its rights.",
                err=True,
            )
            ctx.exit(5)
        except BrokenPipeError:
            # The reader of our output went away, as `| head` does: no finding, no fault. As a shell reports it.
            sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
            ctx.exit(141)
        except OSError as error:
            place = f"\n  {error.filename}" if error.filename else ""
            click.echo(
                f"E510 The file could not be written: {error.strerror or error}{place}\n"
                "  Nothing half-written was left. Check the place and the free space.",
                err=True,
            )
            ctx.exit(5)
        except KeyboardInterrupt:
            click.echo("\nStopped. No file was left half-written.", err=True)
            sys.exit(130)


def _printable(text: str) -> str:
    """Make visible what could move the cursor or turn the line round: a name in a message may come from a hostile file."""
    return "".join(
        char
        if char == "\n" or char.isprintable()
        else f"\\x{ord(char):02x}"
        if ord(char) < 256
        else f"\\u{ord(char):04x}"
        for char in text
    )


@click.group(
    cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="proscribe", message="%(prog)s %(version)s")
def cli() -> None:
    """Find equipment of Huawei, ZTE, Hikvision, Hytera and Dahua in your own files, offline, with the reasons.

    \b
    Example:
      proscribe scan assets.xlsx ledger.csv -o table -o html=report.html
    """
