"""The command table. A command's module is imported only when the command is used."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable, Iterator
from functools import wraps
from importlib import import_module
from typing import Any

import click

from proscribe import __version__
from proscribe.cli import exitcodes
from proscribe.model.errors import ProscribeError, error

#: Print the stack of a fault of the program itself, for those who mend it.
DEBUG_VARIABLE = "PROSCRIBE_DEBUG"

#: Where the context keeps the arguments as they were given.
_GIVEN = "proscribe.given"
#: Command -> the line shown by `--help`. It is the function of that name in the module of that name, where none is given.
COMMANDS: dict[str, str] = {
    "init": "What each file of a folder is, once: writes proscribe.toml for every later command.",
    "scan": "Find covered equipment in files and folders.",
    "devices": "One device behind many records: join inputs, find support and contradictions.",
    "sbom": "A bill of materials back, with the findings in it.",
    "explain": "Say why: a text, a finding, a fact, or an error code.",
    "ask": "A question to the law in a few answers.",
    "decide": "What each rule says on stated facts, with the paragraph.",
    "law": "The rules themselves, as of a date.",
    "questions": "What people still have to say about a scan, for them to fill in.",
    "exposure": "What it costs and what it blocks, by rule and month, in money.",
    "plan": "When each site is clean, which contracts that keeps, and what it costs.",
    "matrix": "What the law of each nation says of what was found, year by year.",
    "case": "Cases: what was found, decided, due and done, and who did it.",
    "clock": "What is due, soonest first; overdue is loud.",
    "register": "What a search of the whole organisation has to read, and when it was last seen.",
    "waiver": "Waivers: request, route, grant, end.",
    "supplier": "Suppliers: ask them, take their answers, test each against your own evidence.",
    "document": "Documents: make, list, export, sign; what stands against each.",
    "represent": "A representation: yearly, or with an offer and its disclosure.",
    "report": "A report on a clock: first, follow-up, supplement.",
    "certify": "A certificate on a product, or on award funds.",
    "attest": "Sign a document, so that a stranger can check it years later.",
    "sign-pending": "Sign what was asked for in the workbench and waits for your key.",
    "verify": "Does a signed bundle still say what was signed, and by whom?",
    "serve": "The workbench in a browser, on this machine alone.",
    "jobs": "Work for workers: submit it, watch it, cancel it, fetch the result.",
    "config": "The proscribe.toml that commands here use.",
    "plates": "Type plates: which to photograph, and copies of pictures to hand on.",
    "collect": "Ask devices that you name who they are, and keep the raw answers.",
    "kb": "The knowledge: what it holds, where it comes from, what changed.",
}
#: Commands that stand in the module of another one.
MODULES = {**dict.fromkeys(("represent", "report", "certify"), "document"), "sign-pending": "sign_pending"}


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports them late."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give the command names in the order people meet them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and give one command."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"proscribe.cli.{MODULES.get(cmd_name, cmd_name)}")
        command: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return _guarded(command)

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
            formatter.write_dl(list(COMMANDS.items()))

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Keep the arguments as they were given, to tell later what was wrong with them."""
        ctx.meta[_GIVEN] = tuple(args)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run; a known condition is printed in words and becomes its exit code, as does a fault of the program."""
        try:
            try:
                return super().invoke(ctx)
            finally:
                # What waits to be written may not fit: found when Python ends, that would be no message and exit code 120.
                if sys.stdout:
                    sys.stdout.flush()
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except ProscribeError as known:
            _leave(ctx, str(known), known.exit_code)
        except PermissionError as problem:
            place = problem.filename or problem
            words = f"E501 No permission: {place}\n  Choose another place, or change its rights."
            _leave(ctx, words, exitcodes.ENVIRONMENT)
        except BrokenPipeError:
            # The reader of our output went away, as `| head` does: no finding, no fault. As a shell reports it.
            sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
            ctx.exit(141)
        except OSError as problem:
            place = f"\n  {problem.filename}" if problem.filename else ""
            words = f"E510 The file could not be written: {problem.strerror or problem}{place}"
            if problem.filename is None:
                # what standard output still holds would fail again when Python ends, and change the exit code
                sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
            rest = "\n  Nothing half-written was left. Check the place and the free space."
            _leave(ctx, words + rest, exitcodes.ENVIRONMENT)
        except KeyboardInterrupt:
            click.echo("\nStopped. No file was left half-written.", err=True)
            sys.exit(130)
        except Exception as fault:
            if isinstance(fault, UnicodeEncodeError) and (bad := _no_text(ctx.meta.get(_GIVEN, ()))):
                usage = error("E530", argument=bad)
                _leave(ctx, str(usage), usage.exit_code)
            if os.environ.get(DEBUG_VARIABLE):
                import traceback

                traceback.print_exc()
            what = f"{type(fault).__name__}: {fault}"[:300]
            _leave(ctx, str(error("E599", fault=what)), exitcodes.FAULT)


#: What is read through `readers.sources`, which waits for no pipe for ever.
_READ_WITH_CARE = frozenset({"paths", "source"})
#: Options that name what is written.
_WRITTEN = frozenset({"-o", "--output", "--out", "--ics", "--keep", "--md"})
#: Pipes that a shell made for this very command, and the devices that commands write to.
_OF_THE_SHELL = ("/dev/fd/", "/proc/self/fd/", "/dev/std", "/dev/null", "/dev/tty", "/dev/pts/")


def _guarded(command: click.Command) -> click.Command:
    """Have a command, and those below it, refuse pipes, sockets and devices: opening one may wait or read for ever."""
    if isinstance(command, click.Group):
        for one in command.commands.values():
            _guarded(one)
    if command.callback is not None and not hasattr(command.callback, "is_guarded"):
        inner = command.callback
        # what is written takes the place of a pipe, and waits for nothing
        written = {str(one.name) for one in command.params if _WRITTEN.intersection(one.opts)}

        @wraps(inner)
        def call(*places: Any, **values: Any) -> Any:
            for name, value in values.items():
                if name not in _READ_WITH_CARE | written:
                    for path in _paths_in(value):
                        _refuse_endless(path)
            return inner(*places, **values)

        call.is_guarded = True  # type: ignore[attr-defined]
        command.callback = call
    return command


def _paths_in(value: Any) -> Iterator[str]:
    """Give what may be the path of a file: a text, or the part of it behind the name of a format."""
    if isinstance(value, (str, os.PathLike)):
        text = os.fspath(value)
        # The address of a store may hold a path, such as that of the socket of its server.
        yield from {str(text), "" if "://" in str(text) else str(text).partition("=")[2]}
    elif isinstance(value, (tuple, list)):
        for one in value:
            yield from _paths_in(one)


def _refuse_endless(path: str) -> None:
    """Refuse what is no file and no folder.

    Raises:
        InputError: E106.
    """
    if not path or path.startswith(_OF_THE_SHELL):
        return
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError):
        return  # whoever opens it says why it cannot be opened
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise error("E106.named", at=path)


def _no_text(given: Iterable[str]) -> str:
    """Give the first argument with bytes that are no text, these written as escapes; a path may hold them, a text may not."""
    for argument in given:
        if any("\ud800" <= char <= "\udfff" for char in argument):
            return argument.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")[:100]
    return ""


def _leave(ctx: click.Context, words: str, code: int) -> None:
    click.echo(_printable(words), err=True)
    ctx.exit(code)


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
