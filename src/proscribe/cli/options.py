"""Options that several commands share, each declared once, and what they hold.

A command names those it takes: `@options("store", "by", "at")` adds them at this place of its help, and hands the command
one `Given` with their values.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from functools import wraps
from getpass import GetPassWarning
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from proscribe.cli.terminal import kinds, mapping
from proscribe.model.config import NAME as CONFIG_NAME
from proscribe.model.errors import error
from proscribe.model.periods import parse_day, parse_instant
from proscribe.wording.safe import terminal as safe

if TYPE_CHECKING:
    from proscribe.app.case.cases import Cases
    from proscribe.app.keys.signing import Signer
    from proscribe.app.proofs.case_bundles import Trust
    from proscribe.app.settings.config import FoundConfig
    from proscribe.model.results import InputReading
    from proscribe.model.roster import Roster
    from proscribe.model.scan_request import ScanRequest

Command = Callable[..., Any]
SETTINGS: dict[str, Any] = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
PATH = click.Path(path_type=Path)
USER_VARIABLE = "PROSCRIBE_USER"
ZONE_VARIABLE = "PROSCRIBE_ZONE"
STORE_VARIABLE = "PROSCRIBE_STORE"
#: The key of whoever acts in a store with a roster: a file, a folder of key files, or a `pkcs11:` URI.
KEY_VARIABLE = "PROSCRIBE_KEY"
#: Where secrets may come from without a terminal.
PASSPHRASE_VARIABLE = "PROSCRIBE_PASSPHRASE"  # noqa: S105 the name of a variable
PIN_VARIABLE = "PROSCRIBE_PIN"
#: Arguments and options that stand before the shared ones.
CASE = click.argument("case_id", metavar="CASE")
ZONE = click.option(
    "--zone", metavar="NAME", envvar=ZONE_VARIABLE,
    help="Time zone of the clocks of a new case, such as America/New_York; else PROSCRIBE_ZONE.",
)  # fmt: skip
#: Words of `--fail-on` to the rank of the lowest band that counts.
THRESHOLDS = {"confirmed": 3, "probable": 2, "possible": 1, "none": 99}


#: Every shared option, by the name under which commands ask for it.
OPTIONS: dict[str, Callable[[Command], Command]] = {
    # cases
    "store": click.option(
        "--store", "place", metavar="PLACE",
        help="File or postgresql:// URL of the store; else PROSCRIBE_STORE, proscribe.toml or ./proscribe-cases.db.",
    ),
    "by": click.option("--by", metavar="NAME", help="Who does this: a person's name; else PROSCRIBE_USER."),
    "at": click.option(
        "--at", metavar="INSTANT",
        help="When it happened, if not now: 2026-11-25T09:30:00-05:00. Kept beside the time of recording.",
    ),
    "expect": click.option(
        "--expect", "version", type=click.IntRange(1), metavar="VERSION",
        help="Version of the case that you looked at; refused when it has changed since.",
    ),
    "case": click.option("--case", "case_id", default="", metavar="CASE", help="The case, such as C-0001."),
    "on": click.option("--on", "on", metavar="DATE", help="As things stand on this day; today by default."),
    # what is asked, of which knowledge
    "knowledge": click.option(
        "--knowledge", multiple=True, metavar="FILE",
        help="Another snapshot or source folder, then layers of your own.",
    ),
    "as-of": click.option("--as-of", metavar="DATE", help="Law and ownership on this day; default today."),
    "known-as-of": click.option(
        "--known-as-of", metavar="DATE", help="Use only facts recorded by this day; default today."
    ),
    # answers
    "output": click.option(
        "-o", "--output", "output", type=click.Choice(["table", "json"]), default="table",
        help="table (default) or json.",
    ),
    "quiet": click.option("--quiet", is_flag=True, help="Print nothing but what -o asks for."),
    "no-progress": click.option("--no-progress", is_flag=True, help="No progress line."),
    "fail-on": click.option(
        "--fail-on", type=click.Choice(list(THRESHOLDS)), show_default="probable",
        help="Exit with 1 when a finding of this band or better is found.",
    ),
    # inputs
    "map": click.option(
        "--map", "maps", multiple=True, metavar="COLUMN=FIELD", help="Read COLUMN as FIELD, over what was recognised."
    ),
    "kind": click.option(
        "--kind", "kinds", multiple=True, metavar="NAME=KIND",
        help="What a table is a list of, over what was recognised; NAME is a file, a pattern, or FILE#SHEET.",
    ),
    "reader": click.option(
        "--reader", metavar="NAME", help="Use this reader instead of the one found by content."
    ),
    "config-file": click.option(
        "--config", "config_file", metavar="FILE", type=PATH,
        help="Use this proscribe.toml, as your own; else the one that lies above what is scanned, or above here.",
    ),
    "no-config": click.option("--no-config", is_flag=True, help="Use no proscribe.toml."),
    "scan": click.option(
        "--scan", "scans", multiple=True, metavar="FILE", type=PATH, help="JSON of a scan of ours; may be repeated."
    ),
    "inputs": click.option(
        "--inputs", "folders", multiple=True, metavar="FOLDER", type=PATH,
        help="Where the files lie that the scans read, under any name, if not where they were; may be repeated.",
    ),
    "sam": click.option(
        "--sam", "sam", multiple=True, metavar="FILE", type=PATH,
        help="Extract of SAM that you have: entities or exclusions, JSON or CSV; may be repeated.",
    ),
    "file": click.option(
        "--file", "files", multiple=True, metavar="FILE", type=PATH,
        help="A file that a supplier sent with its form; may be repeated.",
    ),
    # signing
    "key": click.option(
        "--key", "key_file", metavar="FILE",
        help="Private key file of the signer, an SSH key, or a pkcs11: URI; else PROSCRIBE_KEY.",
    ),
    "own-key": click.option(
        "--key", "key_file", metavar="FILE",
        help="In a store with a roster, your key: a file, an SSH key, or a pkcs11: URI; else PROSCRIBE_KEY.",
    ),
    "passphrase-file": click.option(
        "--passphrase-file", type=PATH, help="First line of this file is the passphrase."
    ),
    "pkcs11": click.option(
        "--pkcs11", "module", metavar="LIBRARY", help="PKCS#11 library of a smart card or HSM, instead of --key."
    ),
    "token": click.option("--token", default="", help="With --pkcs11: label of the token."),
    "label": click.option("--label", default="", help="With --pkcs11: label of the key pair."),
    "title": click.option("--title", "signed_as", default="", help="The signer's title."),
    "bundle": click.option(
        "-o", "--output", "target", required=True, metavar="FILE", type=PATH, help="The bundle to write."
    ),
    # whose signature is trusted
    "trusted-key": click.option(
        "--key", "keys", multiple=True, metavar="PEM", type=PATH,
        help="Public key or certificate that the signer gave you; may be given several times.",
    ),
    "fingerprint": click.option(
        "--fingerprint", "fingerprints", multiple=True, metavar="HEX",
        help="Fingerprint of the signer's key that you compared, at least 16 digits of it.",
    ),
    "unsigned": click.option(
        "--unsigned", is_flag=True, help="Take it without a signature that you can check."
    ),
}  # fmt: skip
#: Rules that are not followed, and are named.
_SHOWN_RULES = 5
#: Options that proscribe.toml can stand in for; commands that take one of them take those of the group `config` too.
_CONFIGURABLE = frozenset({"store", "knowledge", "fail-on", "map"})
#: Options that come together.
GROUPS = {
    "config": ("config-file", "no-config"),
    "signer": ("key", "passphrase-file", "pkcs11", "token", "label", "title"),
    "hand": ("own-key", "passphrase-file"),
    "trust": ("trusted-key", "fingerprint", "unsigned"),
    "evidence": ("scan", "inputs", "sam", "file"),
}


@dataclass(frozen=True, slots=True)
class Given:
    """What the shared options of one call hold; those that the command does not take are empty."""

    place: str | None = None
    by: str | None = None
    at: str | None = None
    version: int | None = None
    case_id: str = ""
    on: str | None = None
    knowledge: tuple[str, ...] = ()
    as_of: str | None = None
    known_as_of: str | None = None
    output: str = "table"
    quiet: bool = False
    no_progress: bool = False
    fail_on: str | None = None
    maps: tuple[str, ...] = ()
    reader: str | None = None
    kinds: tuple[str, ...] = ()
    scans: tuple[Path, ...] = ()
    folders: tuple[Path, ...] = ()
    sam: tuple[Path, ...] = ()
    files: tuple[Path, ...] = ()
    key_file: str | None = None
    passphrase_file: Path | None = None
    module: str | None = None
    token: str = ""
    label: str = ""
    signed_as: str = ""
    keys: tuple[Path, ...] = ()
    fingerprints: tuple[str, ...] = ()
    unsigned: bool = False
    config_file: Path | None = None
    no_config: bool = False
    #: The key that the configuration names for whoever acts.
    configured_key: str = ""
    #: Whether the command takes the key of whoever acts.
    acts: bool = False
    #: The configuration that applies, and what it says of the files that are read.
    found: FoundConfig | None = None
    file_readings: tuple[InputReading, ...] = ()

    @property
    def threshold(self) -> int:
        """Give the rank of the lowest band that `--fail-on` counts."""
        return THRESHOLDS[self.fail_on or "probable"]

    @property
    def json(self) -> bool:
        """Whether the answer is asked for as JSON."""
        return self.output == "json"

    @property
    def author(self) -> str:
        """Give the author that the option or the environment names; the store refuses an empty one."""
        return self.by if self.by is not None else os.environ.get(USER_VARIABLE, "")

    @property
    def person(self) -> str:
        """Give the author, checked before anything is done; empty where a key says who it is.

        Raises:
            CaseError: E425 when it names nobody.
        """
        from proscribe.app.case.cases import person

        return "" if self.acts and self._key and not self.author.strip() else person(self.author)

    @property
    def _key(self) -> str:
        named = self.key_file or os.environ.get(KEY_VARIABLE, "")
        if not named and self.configured_key and self.found is not None:
            from proscribe.app.settings.config import refuse_delivered_library

            refuse_delivered_library(self.configured_key, self.found.path.parent)
        return named or self.configured_key

    @property
    def instant(self) -> datetime | None:
        """Read `--at`."""
        return instant(self.at)

    @property
    def own_zone(self) -> str:
        """Give the time zone of one's own configuration; empty where none is named."""
        return self.found.config.time_zone if self.found is not None and self.found.own else ""

    @property
    def own_name(self) -> str:
        """Give the organisation of one's own configuration; empty where none is named."""
        return self.found.config.organisation.name if self.found is not None and self.found.own else ""

    @property
    def today(self) -> date:
        """Give the day in the time zone of one's own configuration, as clocks of cases count it; UTC where none is named."""
        from proscribe.app.settings.config import today_in

        return today_in(self.own_zone)

    @property
    def law_day(self) -> date:
        """Read `--as-of`; today when it is absent."""
        return day_of(self.as_of, "--as-of", self.today)

    @property
    def known_day(self) -> date:
        """Read `--known-as-of`; today when it is absent."""
        return day_of(self.known_as_of, "--known-as-of", self.today)

    @property
    def standing_day(self) -> date:
        """Read `--on`; today when it is absent."""
        return day_of(self.on, "--on", self.today)

    def asked(self, *paths: str) -> ScanRequest:
        """Give what is asked of a scan of these paths; on today where no option names a day.

        Raises:
            UsageError: E144, E151, E154 when an option says nothing that can be asked.
        """
        from proscribe.model.scan_request import ScanRequest

        return ScanRequest.of(
            paths, as_of=self.as_of, known_as_of=self.known_as_of, knowledge=self.knowledge, mapping=mapping(self.maps),
            reader=self.reader, files=self.file_readings, kinds=kinds(self.kinds),
        ).on(self.today)  # fmt: skip

    def configured(self, paths: Sequence[str | Path] = (), *, told: bool = False) -> Given:
        """Find the configuration that applies; give these values with what it says where no option does.

        Args:
            paths: the files and folders that are read.
            told: whether to say which one it is.

        Raises:
            UsageError: E469 when it is wrong, or two apply to `paths`.
        """
        if self.no_config or (self.config_file is None and not _may_lie_above(paths)):
            return self
        from proscribe.app.settings.config import find_config

        found = find_config(paths, named=self.config_file)
        if found is None:
            return self
        if told and not self.quiet:
            path = safe(found.path)
            foreign = f": it came with what is scanned, and only says what columns hold; --config {path} if it is yours"
            click.echo(f"Using {path}{'' if found.own else foreign}", err=True)
        return replace(
            self, found=found, file_readings=self._readings(found, paths), knowledge=self.knowledge or found.knowledge,
            configured_key=found.key_of(self.author),
            fail_on=self.fail_on or (found.config.options.fail_on if found.own else ""),
        )  # fmt: skip

    @property
    def company(self) -> tuple[str, ...]:
        """Give the configuration as a file of facts of the company, where it says any."""
        return () if self.found is None else self.found.company

    def of_the_law(self, facts: str | None, answers: Sequence[str]) -> tuple[str, ...]:
        """Give the files of stated facts: what the command names, and beneath it the configuration; none where it names none."""
        named = (*([facts] if facts is not None else []), *answers)
        return (*named, *(path for path in self.company if path not in named)) if named else ()

    def readings_of(self, path: Path) -> tuple[InputReading, ...]:
        """Give what the configuration says of a file that is read beside the inputs."""
        return () if self.found is None else self._readings(self.found, (path,))

    def _readings(self, found: FoundConfig, paths: Sequence[str | Path]) -> tuple[InputReading, ...]:
        from proscribe.app.settings.file_rules import readings

        read = readings(found, paths)
        for issue in () if self.quiet else read.issues[:_SHOWN_RULES]:
            click.echo(f"{issue.code} {safe(issue.at)}: {safe(issue.what)}", err=True)
        if len(read.issues) > _SHOWN_RULES and not self.quiet:
            click.echo(
                f"... and {len(read.issues) - _SHOWN_RULES:,} more rules that are not followed", err=True
            )
        return read.files

    def cases(self, *, create: bool = False, checked: bool = True) -> Cases:
        """Open the store, to be closed with `with`; with the key of whoever acts, where the command takes one.

        Args:
            checked: False takes a store whose newest events do not hold together.
        """
        from proscribe.app.case.cases import open_cases

        named = self.place is not None or os.environ.get(STORE_VARIABLE)
        told = self.found.store if self.found is not None and not named else None
        place = self.place if self.place is not None else told
        cases = open_cases(place, create=create, knowledge=self.knowledge, checked=checked)
        if self.found is not None and self.found.own:
            cases.configured = self.found.config
        if self.acts:
            try:
                cases.store.hand = self._hand(cases)
            except BaseException:
                cases.store.close()
                raise
        return cases

    def _hand(self, cases: Cases) -> Signer | None:
        from proscribe.app.keys.people import key_of

        roster = cases.store.roster()
        if not roster:
            if self.key_file:
                raise error("E413.none")
            return None
        return self.opened(key_of(self._key, roster, self.author)) if self._key else None

    def opened(self, key: str) -> Signer:
        """Open a key by its place: a file, or a `pkcs11:` URI; its passphrase or PIN is asked for where no variable holds it."""
        from proscribe.app.keys.signing import open_key

        return open_key(key, passphrase=lambda: passphrase(self.passphrase_file, of=key), pin=_pin)

    def trust(self, *, unsigned: bool = False) -> Trust:
        """Say whose signature is trusted; with `unsigned`, an archive is taken without one where nobody's is named."""
        from proscribe.app.proofs.case_bundles import Trust

        named = bool(self.keys or self.fingerprints)
        return Trust(self.keys, self.fingerprints, self.unsigned or (unsigned and not named))

    def signer(self, roster: Roster | None = None) -> Signer:
        """Open the key that the options name; its passphrase or PIN is asked for where no variable holds it.

        Args:
            roster: finds the key of whoever acts, where a folder of keys is named.

        Raises:
            UsageError: E484 when they name none, or two.
        """
        from proscribe.app.keys.people import key_of
        from proscribe.app.keys.signing import open_signer

        key = self.key_file if self.module else self._key or None
        if key and roster and not self.module:
            key = key_of(key, roster, self.author)
        return open_signer(
            key, self.module, token=self.token, label=self.label,
            passphrase=lambda: passphrase(self.passphrase_file), pin=_pin,
        )  # fmt: skip

    def signer_if_named(self) -> Signer | None:
        """Open the key that the options name, if they name one."""
        return None if self.key_file is None and self.module is None else self.signer()


_HELD = frozenset(item.name for item in fields(Given))


def _may_lie_above(paths: Sequence[str | Path]) -> bool:
    """Tell whether a configuration can apply at all, before what reads one is imported."""
    starts = {Path(os.path.abspath(path)) for path in ("", *paths)}
    return any((folder / CONFIG_NAME).exists() for start in starts for folder in (start, *start.parents))


def options(*names: str) -> Callable[[Command], Command]:
    """Add shared options, or groups of them, to a command; its first argument is then a `Given` with their values.

    Options of the command's own may stand before, after and between. What no option says, the configuration does where it
    can; a command that asks for `config` says which one it uses.
    """

    def add(command: Command) -> Command:
        if not hasattr(command, "takes_given"):
            inner = command
            # An option of the command's own may bear the name of a shared one that it does not take.
            shared = _HELD - signature(inner).parameters.keys()

            @wraps(inner)
            def call(*places: Any, **values: Any) -> Any:
                held = {name: values.pop(name) for name in list(values) if name in shared}
                given = Given(**held, acts=call.acts)  # type: ignore[attr-defined]
                if call.configurable:  # type: ignore[attr-defined]
                    paths = values.get("paths") or [values[name] for name in ("source",) if name in values]
                    given = given.configured(paths, told=call.told)  # type: ignore[attr-defined]
                return inner(given, *places, **values)

            call.takes_given, call.acts = True, False  # type: ignore[attr-defined]
            call.configurable, call.told = False, False  # type: ignore[attr-defined]
            command = call
        asked = [one for name in names if name != "config" for one in GROUPS.get(name, (name,))]
        if "config" in names:
            command.told = True  # type: ignore[attr-defined]
        if not command.configurable and ("config" in names or _CONFIGURABLE & set(asked)):  # type: ignore[attr-defined]
            command.configurable = True  # type: ignore[attr-defined]
            asked += GROUPS["config"]
        if "own-key" in asked:
            command.acts = True  # type: ignore[attr-defined]
        for name in reversed(asked):
            command = OPTIONS[name](command)
        return command

    return add


# Values that people write


def day_of(text: str | None, option: str, today: date | None = None) -> date:
    """Read the day an option gives; today when it is absent or says `today`.

    Args:
        today: the day it is; by default that of UTC.

    Raises:
        UsageError: E404 when it is no ISO date.
    """
    if text is None or text == "today":
        from proscribe.app.settings.config import today_in

        return today if today is not None else today_in("")
    try:
        return parse_day(text)
    except ValueError:
        raise error("E404", at=option, text=text) from None


def day_if(text: str | None, option: str) -> date | None:
    """Read the day an option gives, if it is given."""
    return day_of(text, option) if text else None


def instant(text: str | None) -> datetime | None:
    """Read an instant such as that of `--at`, in UTC.

    Raises:
        CaseError: E440 when it is no instant with an offset.
    """
    if text is None:
        return None
    try:
        value = parse_instant(text)
        if not 1990 <= value.year <= 2199:
            raise ValueError("no year of a case")
        return value
    except (ValueError, OverflowError):
        raise error("E440.instant", at="--at", text=text) from None


def as_stated(text: str | None) -> datetime | None:
    """Read an instant and keep its offset: the day of a document is the day where it was made."""
    return None if instant(text) is None else datetime.fromisoformat(str(text))


def split_reference(text: str, what: str) -> tuple[str, str]:
    """Split `C-0007/W1` into the case and the record.

    Raises:
        CaseError: E423 when it is no such reference.
    """
    case_id, slash, identity = text.partition("/")
    if not slash or not case_id or not identity:
        raise error(
            "E423.reference",
            text=text,
            what=what,
            example="C-0001/W1" if what == "waiver" else "C-0001/d_1a2b3c4d5e",
        )
    return case_id, identity


def _pin() -> str:
    return os.environ.get(PIN_VARIABLE) or str(click.prompt("PIN", hide_input=True, err=True))


def passphrase(file: Path | None, *, new: bool = False, of: str = "") -> str:
    """Give the passphrase of a file, of the environment, or of the person at the terminal."""
    from proscribe.app.files import read_file

    if file is not None:
        return next(iter(read_file(file).decode("utf-8", "replace").splitlines()), "")
    given = os.environ.get(PASSPHRASE_VARIABLE)
    if given is not None:
        return given
    with warnings.catch_warnings():
        warnings.simplefilter("error", GetPassWarning)
        try:
            text: str = click.prompt(
                f"Passphrase of {of}" if of else "Passphrase",
                hide_input=True,
                confirmation_prompt=new,
                err=True,
            )
        except GetPassWarning:
            raise click.UsageError(
                f"There is no terminal at which a passphrase could be typed unseen; it is taken from {PASSPHRASE_VARIABLE}."
            ) from None
    return text
