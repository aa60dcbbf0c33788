"""What `proscribe init` proposes for a folder, and the files that it writes there.

A proposal is made from how a scan would read the folder. What nobody confirms is written down as uncertain, which leaves it to
recognition; so is what only the form of values told, whoever accepted the whole. An existing configuration only grows: rules
for files that it does not speak of are added at its end.
"""

from __future__ import annotations

import difflib
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from importlib import resources
from pathlib import Path
from string import Template
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from proscribe.app.scan.plan import plan
from proscribe.app.settings.config import FoundConfig, find_config, known_names
from proscribe.app.settings.file_rules import readings
from proscribe.model.config import MAX_BYTES, NAME, Config, FileRule, config_text, read_config
from proscribe.model.errors import ProscribeError, error
from proscribe.model.observations import UNCERTAIN
from proscribe.model.plans import Plan, PlannedInput, PlannedTable
from proscribe.readers.sources import expand
from proscribe.wording.shown import counted

#: Readers of tables that people make, in which a column holds what its maker means.
_PEOPLES = frozenset({"tabular", "workbook", "json", "parquet", "mail", "html", "office", "xml", "listing"})
#: Files with rules of their own; more of one layout are one pattern.
_MOST_RULES = 2_000
#: Files that are looked at in one run.
_MOST_FILES = 10_000
#: Columns that a rule lists.
_MOST_COLUMNS = 200
#: Files of one layout in one folder that become one pattern.
_ALIKE = 5
#: What people fill in next: file to its template.
TEMPLATES = {
    "proscribe.facts.yml": "facts.yml", "proscribe.company.yml": "company.yml", "proscribe.inquiry.yml": "inquiry.yml",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would be written for a folder.

    Attributes:
        folder: the folder, as it was named.
        config: the whole configuration: what there is with what is new.
        plan: how the files are read that have no rule yet.
        new: rules that are added, in the order of the files.
        notes: for each of them, what the table is, in words.
        existing: the configuration that lies there.
        before: its text; empty where there is none.
        left: files that got no rule of their own, and are recognised as ever.
        unseen: of these, files that were not looked at, because the folder holds more than are.
    """

    folder: Path
    config: Config
    plan: Plan
    new: tuple[FileRule, ...]
    notes: tuple[str, ...]
    existing: FoundConfig | None = None
    before: str = ""
    left: int = 0
    unseen: int = 0

    @property
    def path(self) -> Path:
        """Give the file that is written."""
        return self.folder / NAME

    def text(self, *, confirmed: bool, anew: bool = False) -> str:
        """Give the text of the configuration.

        Args:
            confirmed: whether a person accepted what is proposed; else every new rule is uncertain.
            anew: write the whole file; else what is there stays as it is, and new rules are added at its end.
        """
        new = [one if confirmed else _unconfirmed(one) for one in self.new]
        kinds = known_names()["kind"]
        if self.existing is None or anew:
            kept = () if self.existing is None else self.existing.config.files
            notes = {f"/files/{len(kept) + place}": [note] for place, note in enumerate(self.notes)}
            return config_text(replace(self.config, files=(*kept, *new)), notes, kinds)
        if not new:
            return self.before
        notes = {f"/files/{place}": [note] for place, note in enumerate(self.notes)}
        whole = config_text(Config(files=tuple(new)), notes, kinds)
        added = whole[whole.index("[[files]]") :]
        lead = f"# {self.notes[0]}\n" if self.notes else ""
        return f"{self.before.rstrip()}\n\n{lead}{added}"


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the files, those that were there already, and the difference of the configuration."""

    files: tuple[Path, ...]
    kept: tuple[Path, ...]
    difference: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)


def propose(
    folder: str | Path, stated: Config | None = None, progress: Callable[[int, int], None] | None = None
) -> Proposal:
    """Look at a folder and propose how its files are read.

    Args:
        folder: where the files lie; `proscribe.toml` goes there.
        stated: what a person says of organisation, sites, zone, people and contracts; it fills what is empty.
        progress: called with the files that were looked at, and how many there are.

    Returns:
        What would be written; nothing is yet.

    Raises:
        UsageError: E489 when it is no folder, cannot be read or holds no file; E469 when the configuration there is wrong.
    """
    place = Path(folder)
    if not place.is_dir():
        raise error("E489.folder", at=place, why="it is a file" if place.exists() else "there is none")
    if not os.access(place, os.R_OK | os.X_OK):
        raise error("E489.folder", at=place, why="it cannot be read")
    target = place / NAME
    existing = find_config(named=target) if target.is_file() else None
    before = target.read_text(encoding="utf-8-sig") if existing is not None else ""
    expansion = expand([str(place)])
    if not expansion.sources:
        raise error("E489.empty", at=place)
    ruled = {name for one in readings(existing, [place]).files for name in one.inputs}
    if existing is not None:
        ruled |= _spoken_of(existing, [source.display for source in expansion.sources])
    fresh = [source for source in expansion.sources if source.display not in ruled]
    made = plan((), expansion=expansion._replace(sources=fresh[:_MOST_FILES]), progress=progress)
    rules, notes, left = _rules(made, place)
    unseen = len(fresh) - len(fresh[:_MOST_FILES])
    base = existing.config if existing is not None else Config()
    config = _completed(base, stated or Config())
    return Proposal(
        place,
        replace(config, files=(*base.files, *rules)),
        made,
        rules,
        notes,
        existing,
        before,
        left + unseen,
        unseen,
    )


def accept(proposal: Proposal, *, confirmed: bool, force: bool = False, text: str | None = None) -> Written:
    """Write the configuration, and the files to fill in that are not there yet.

    Args:
        confirmed: whether a person accepted what is proposed.
        force: write an existing configuration anew; its comments are lost.
        text: the configuration as a person edited it.

    Returns:
        What was written and what was left as it was.

    Raises:
        UsageError: E469 when the text is wrong; E489 when rules cannot be added to what is there.
    """
    from proscribe.app.files import replacing

    made = text if text is not None else proposal.text(confirmed=confirmed, anew=force)
    content = made.encode("utf-8", "replace")
    try:
        config = read_config(content, str(proposal.path), known=known_names())
    except ProscribeError as problem:
        if proposal.existing is None or text is not None or force:
            raise
        raise error("E489.add", at=proposal.path, why=problem.what) from None
    if len(content) > MAX_BYTES:
        raise error("E469.too_large", at=proposal.path, most=f"{MAX_BYTES:,}")
    difference = tuple(
        difflib.unified_diff(
            proposal.before.splitlines(), made.splitlines(), f"{proposal.path} as it was", str(proposal.path), "", "", 1, ""
        )
    )  # fmt: skip
    files: list[Path] = []
    kept: list[Path] = []
    if made != proposal.before:
        with replacing(proposal.path) as place:
            place.write_bytes(content)
        files.append(proposal.path)
    else:
        kept.append(proposal.path)
    for name, template in TEMPLATES.items():
        target = proposal.folder / name
        if target.exists() or target.is_symlink():
            kept.append(target)
            continue
        with replacing(target) as place:
            place.write_text(_filled(template, config, proposal), encoding="utf-8")
        files.append(target)
    counts = Counter(table.kind for one in proposal.plan.inputs for table in one.tables)
    return Written(tuple(files), tuple(kept), difference if proposal.before else (), dict(counts))


# Rules


def _unconfirmed(rule: FileRule) -> FileRule:
    """Mark everything that a rule says as what nobody has confirmed."""
    doubted = ("preset",) if "preset" in rule.uncertain else ()
    return replace(rule, uncertain=("kind", *doubted, *rule.columns))


def _spoken_of(existing: FoundConfig, displays: Sequence[str]) -> set[str]:
    """Give the files that a rule names, even where it says nothing more of them."""
    from proscribe.app.settings.file_rules import inputs_of

    return {name for met in inputs_of(existing, displays) for name in met}


def _rules(made: Plan, folder: Path) -> tuple[tuple[FileRule, ...], tuple[str, ...], int]:
    """Make the rules of a plan; files of one folder and ending that are laid out alike share one."""
    groups: dict[tuple[str, str], list[PlannedInput]] = {}
    for one in made.inputs:
        if one.tables:
            place = Path(_below(one.path, folder))
            groups.setdefault((place.parent.as_posix(), place.suffix), []).append(one)
    rules: list[FileRule] = []
    notes: list[str] = []
    left = 0
    for (parent, suffix), inputs in groups.items():
        layouts = {_layout(one) for one in inputs}
        alike = len(inputs) >= _ALIKE and len(layouts) == 1 and suffix and all(one.tables for one in inputs)
        pattern = _pattern("*" + suffix if parent == "." else f"{parent}/*{suffix}") if alike else ""
        shown = [(inputs[0], pattern, len(inputs))] if alike else [(one, "", 1) for one in inputs]
        for one, path, count in shown:
            if len(rules) >= _MOST_RULES:
                left += count
                continue
            for table in one.tables:
                rules.append(_rule(one, table, path or _pattern(_below(one.path, folder))))
                notes.append(_note(table, count))
    return tuple(rules), tuple(notes), left


def _layout(one: PlannedInput) -> tuple[object, ...]:
    return one.reader, tuple(
        (
            table.sheet,
            table.kind,
            table.export,
            tuple((column.name, column.field) for column in table.columns),
        )
        for table in one.tables
    )


def _rule(one: PlannedInput, table: PlannedTable, path: str) -> FileRule:
    columns = {
        column.name: column.field
        for column in table.columns[:_MOST_COLUMNS]
        if column.field and one.reader in _PEOPLES and not table.export
    }
    known = table.kind != UNCERTAIN
    sure = known and table.kind_by != "values"
    guessed = [column.name for column in table.columns if column.name in columns and column.why == "values"]
    likely = likely_preset(one, table)
    if likely:
        columns = {name: field for name, field in columns.items() if name not in _columns_of(likely, columns)}
    kind = "" if likely else table.kind if known else ""
    return FileRule(
        path, table.sheet or "", kind, likely or _preset_of(table.export), "", columns,
        (
            *(() if sure or likely else ("kind",)),
            *(("preset",) if likely else ()),
            *(name for name in guessed if name in columns),
        ),
    )  # fmt: skip


def likely_preset(one: PlannedInput, table: PlannedTable) -> str:
    """Give the preset of the known export that a table's columns show in part; empty where none, or a whole one, is."""
    from proscribe.readers._exports import likely_export
    from proscribe.readers.header_fields import fold_header

    if table.export or one.reader not in _PEOPLES:
        return ""
    found = likely_export([fold_header(column.name) for column in table.columns], fold_header)
    return found.preset if found is not None else ""


def _columns_of(preset: str, names: Iterable[str]) -> frozenset[str]:
    """Give those of a table's columns that a preset reads by itself."""
    from proscribe.readers._exports import known_export
    from proscribe.readers.header_fields import fold_header

    export = known_export((), fold_header, preset)
    return frozenset(name for name in names if export is not None and fold_header(name) in export.columns)


def _preset_of(export: str) -> str:
    from proscribe.readers._exports import exports
    from proscribe.readers.header_fields import fold_header

    return next((one.preset for one in exports(fold_header) if one.name == export), "")


def _note(table: PlannedTable, count: int) -> str:
    files = f"{count:,} files like this one; " if count > 1 else ""
    records = counted(table.records, "record")
    words = f", told by {', '.join(table.kind_words[:6])}" if table.kind_words else ""
    return f"{files}{records}{words}"


def _below(path: str, folder: Path) -> str:
    return os.path.relpath(path, folder).replace(os.sep, "/")


def _pattern(path: str) -> str:
    """Write a path as a rule names it: `?` stands for what no pattern or no TOML can hold."""
    safe = re.sub(r"[\\\0-\x1f\x7f\ud800-\udfff]", "?", path)
    return re.sub("^([A-Za-z]):", r"?:", safe)


def _completed(base: Config, stated: Config) -> Config:
    """Fill what is empty with what a person says."""
    organisation = base.organisation if base.organisation.name else stated.organisation
    return replace(
        base, organisation=organisation, sites=base.sites or stated.sites, time_zone=base.time_zone or stated.time_zone,
        people=base.people or stated.people, contracts=base.contracts or stated.contracts,
        customers=base.customers or stated.customers,
    )  # fmt: skip


def check_zone(name: str) -> str:
    """Check the name of a time zone.

    Raises:
        UsageError: E489 when there is none of this name.
    """
    try:
        if name:
            ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise error("E489.zone", at=name[:60]) from None
    return name


# What people fill in


def _filled(template: str, config: Config, proposal: Proposal) -> str:
    text = resources.files("proscribe.app.scan").joinpath("templates", template).read_text(encoding="utf-8")
    contract = config.contract()
    facts = {
        "party.jurisdiction": config.options.jurisdiction,
        "contract.agency": contract.agency if contract else "",
        "contract.clauses": list(contract.clauses) if contract else [],
        "contract.awarded_on": contract.awarded_on if contract else None,
        "contract.is_idiq": contract.is_idiq if contract else None,
    }
    facts = {name: value for name, value in facts.items() if value not in ("", [], None)}
    stated = [f"  {name}: {_yaml(value)}" for name, value in facts.items()]
    # A line that is stated is not offered again: without its # the fact would stand twice.
    offered = tuple(f"#  {name}:" for name in facts)
    text = "".join(line for line in text.splitlines(keepends=True) if not line.startswith(offered or "\0"))
    by = _yaml(_author(config))
    searched = [
        f'  #  - {{name: {_yaml(name)}, kind: list, how: "proscribe scan, every row", by: {by}, on: 2026-11-18}}'
        for name in _names(proposal)
    ]
    sites = [
        f"#  {_yaml(site)}:\n#    item.purpose: [none]"
        for site in (*config.sites, *(() if config.sites else ("Head office",)))
    ]
    return Template(text).safe_substitute(
        organisation=_line(config.organisation.name or "the organisation"),
        facts="\n".join(["facts:", *stated]) if stated else "#facts:",
        sites="\n".join(sites),
        searched="\n".join(searched),
        author=by,
    )


def _author(config: Config) -> str:
    member = config.member("author")
    return member.name if member else ""


def _names(proposal: Proposal) -> list[str]:
    names = [_below(one.path, proposal.folder) for one in proposal.plan.inputs if one.tables]
    return names[:40]


def _yaml(value: object) -> str:
    """Write a value in YAML on one line."""
    import json

    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_yaml, value)) + "]"
    text = _line(str(value))
    return text if re.fullmatch(r"[A-Za-z][\w .-]*[\w.]", text) else json.dumps(text, ensure_ascii=False)


def _line(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text).encode("utf-8", "replace").decode()


def tables_of(inputs: Iterable[PlannedInput]) -> list[tuple[PlannedInput, PlannedTable]]:
    """Give every table with its file."""
    return [(one, table) for one in inputs for table in one.tables]
