"""Which `proscribe.toml` applies to a command, and what it says there.

It is looked up from what is scanned, else from the current folder, upwards to the home folder or one that holds `.git`; where
neither lies above, only the folder itself counts. One that lies above the current folder, or that is named, is the user's own.
One that only comes with what is scanned may have been written by anybody: it says how files are read, and nothing else.
"""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from proscribe.model.codec import write
from proscribe.model.config import MAX_BYTES, NAME, Config, read_config
from proscribe.model.errors import error
from proscribe.model.observations import KINDS, UNCERTAIN
from proscribe.model.people import same_person


@dataclass(frozen=True, slots=True)
class FoundConfig:
    """A configuration that applies.

    Attributes:
        path: the file, as messages show it.
        sha256: of its bytes.
        own: whether it is the user's own, or only came with what is scanned.
    """

    config: Config
    path: Path
    sha256: str
    own: bool = True

    @property
    def knowledge(self) -> tuple[str, ...]:
        """Give the layers of knowledge that it names, as paths; none where it is not the user's own."""
        folder = self.path.parent
        return tuple(str(folder / name) for name in self.config.options.knowledge) if self.own else ()

    @property
    def store(self) -> str | None:
        """Give the file of the cases that it names; `None` where it names none or is not the user's own.

        Raises:
            UsageError: E469 when it names a database: whoever wrote the configuration would have the program call its machine.
        """
        place = self.config.options.store if self.own else ""
        if "://" in place:
            raise error("E469.store", at=self.path)
        return str(self.path.parent / place) if place else None

    @property
    def company(self) -> tuple[str, ...]:
        """Give its path where it is the user's own and says something of the company that the law asks for; else none."""
        config = self.config
        places = (config.options.jurisdiction, config.countries, config.site_countries)
        says = any((config.facts, config.contracts, config.awards, *places))
        return (str(self.path),) if self.own and says else ()

    def key_of(self, name: str) -> str:
        """Give the place of somebody's private key; empty where it names none, or is not the user's own."""
        found = next((one for one in self.config.people if one.key and same_person(one.name, name)), None)
        if found is None or not self.own or not name.strip():
            return ""
        return found.key if found.key.startswith("pkcs11:") else str(self.path.parent / found.key)

    def statements(self, contract: str = "") -> dict[str, Any]:
        """Give what it says for a document, as a file of statements says it.

        Args:
            contract: number of the contract that the document is about; empty: the only one.
        """
        config = self.config
        made: dict[str, Any] = {}
        if not self.own:
            return {}
        people = [{key: value for key, value in write(one).items() if key not in ("roles", "key") and value}
                  for one in config.people]  # fmt: skip
        if config.organisation.name:
            about = {key: value for key, value in write(config.organisation).items() if value}
            contacts = [
                told for one, told in zip(config.people, people, strict=True) if "contact" in one.roles
            ]
            made["organisation"] = about | ({"contacts": contacts} if contacts else {})
        if people:
            made["people"] = people
        if (member := self.config.member("signer")) is not None:
            made["signer"] = {"name": member.name}
        if config.sites:
            made["sites"] = list(config.sites)
        found = config.contract(contract)
        if found is not None:
            made["contract"] = {
                key: value for key, value in write(found).items() if value not in ("", [], None)
            }
        return made


def refuse_delivered_library(key: str, folder: Path) -> None:
    """Refuse the library of a token that may have come with the configuration that names it: a library is run.

    Args:
        key: as the configuration names it; one in a file names no library.
        folder: of the configuration.

    Raises:
        UsageError: E484 for one that is not absolute, or lies where files that were delivered lie.
    """
    from proscribe.app.keys.signing import uri_parts

    named = uri_parts(key).get("module-path", "") if key.startswith("pkcs11:") else ""
    if not named:
        return
    library = Path(named)
    near = (folder, Path.cwd(), Path(tempfile.gettempdir()))
    if not library.is_absolute() or any(library.resolve().is_relative_to(one.resolve()) for one in near):
        raise error("E484.library", at=folder / NAME, library=named[:120])


def find_config(
    paths: Sequence[str | Path] = (), *, named: Path | None = None, off: bool = False
) -> FoundConfig | None:
    """Find and read the configuration that applies.

    Args:
        paths: what is scanned; `-` is standard input.
        named: the one that the user names.
        off: whether none is to be used.

    Raises:
        UsageError: E469 when it cannot be read or is wrong, or when two apply.
    """
    if off:
        return None
    if named is not None:
        return _read(named, own=True)
    here = list(_folders(Path.cwd()))
    of_inputs = {
        found
        for path in paths
        if str(path) != "-" and (found := _nearest(_folder_of(Path(path)))) is not None
    }
    if len(of_inputs) > 1:
        raise error("E469.two", others=", ".join(sorted(map(str, of_inputs))[:5]))
    found = next(iter(of_inputs), None) or _nearest(Path.cwd())
    return None if found is None else _read(found, own=found.parent in here)


def _folder_of(path: Path) -> Path:
    return path if path.is_dir() else path.parent


def _folders(start: Path) -> Iterator[Path]:
    """Yield a folder and those above it, up to the home folder or one that holds `.git`."""
    start = Path(os.path.abspath(start))
    above = [start, *start.parents]
    home = Path(os.path.abspath(Path.home())) if os.environ.get("HOME") else None
    ends = next((place for place, one in enumerate(above) if one == home or (one / ".git").exists()), 0)
    yield from above[: ends + 1]


def _nearest(start: Path) -> Path | None:
    for folder in _folders(start):
        path = folder / NAME
        try:
            # A link, a pipe or a folder of this name is no configuration that lies here.
            if stat.S_ISREG(path.lstat().st_mode):
                return path
        except OSError:
            continue
    return None


def _read(path: Path, *, own: bool) -> FoundConfig:
    shown = _shown(path)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise error("E469.unreadable", at=shown, why="it is no regular file")
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as problem:
        raise error("E469.unreadable", at=shown, why=problem.strerror or problem) from None
    config = read_config(content, str(shown), known=known_names())
    zone = config.time_zone
    try:
        if zone:
            ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise error("E469.zone", at=shown, zone=zone[:60]) from None
    return FoundConfig(config, shown, hashlib.sha256(content).hexdigest(), own)


def known_names() -> dict[str, tuple[str, ...]]:
    """Give the names that kind, preset and reader of a file may have."""
    from proscribe.readers._exports import exports
    from proscribe.readers.header_fields import fold_header
    from proscribe.readers.registry import READERS

    return {
        "reader": tuple(one.name for one in READERS),
        "kind": tuple(name for name in KINDS if name != UNCERTAIN),
        "preset": tuple(sorted(one.preset for one in exports(fold_header))),
    }


def _shown(path: Path) -> Path:
    """Give a path from the current folder where it lies below it."""
    try:
        return path.relative_to(Path.cwd()) if path.is_absolute() else path
    except ValueError:
        return path


def today_in(zone: str) -> date:
    """Give the day it is in a time zone, such as that of the configuration; in UTC where none is named.

    Raises:
        CaseError: E440 when there is no zone of that name.
    """
    if not zone:
        return datetime.now(UTC).date()
    from proscribe.casework.clock import zone_of

    return datetime.now(zone_of(zone)).date()
