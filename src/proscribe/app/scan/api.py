"""The Python API: scan files, build an index, match batches."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, Unpack

from proscribe import __version__
from proscribe.app.kb.knowledge_index import build_index, day_of, index_asked, opened_index
from proscribe.app.kb.known_makers import makers_in
from proscribe.app.scan import blind_spots, own_files, run
from proscribe.app.scan.beside import beside_issues
from proscribe.app.scan.line_sieves import sending
from proscribe.app.scan.parallel import match_in_parts, match_shared
from proscribe.app.scan.reading_ahead import Ahead, held
from proscribe.app.scan.reading_process import ENDED, ApartReading
from proscribe.app.scan.reading_process import start as start_reading
from proscribe.app.scan.run import KeptInput
from proscribe.app.scan.site_rows import SiteRows
from proscribe.app.settings.file_rules import options_of, unmet
from proscribe.kb.snapshot import Snapshot
from proscribe.matching import index as indexing
from proscribe.matching.coverage import COVERAGE
from proscribe.matching.found import Findings, Mentions, Segment
from proscribe.matching.kernel import Kernel, match_batch
from proscribe.matching.probes import merged, probe_issues
from proscribe.model.errors import InputError
from proscribe.model.findings import Finding, Mention
from proscribe.model.observations import UNCERTAIN, BlindSpot, ReadIssue, Table
from proscribe.model.results import KnowledgeStamp, Scan, ScannedInput
from proscribe.model.scan_request import Paths, ScanRequest, ScanWords
from proscribe.readers import (
    Expansion,
    check_kinds,
    check_mapping,
    expand,
    kinds_told,
    open_source,
    reader_of,
    sha256_of,
)
from proscribe.readers.base import Options, Source
from proscribe.readers.issues import fault, issue
from proscribe.readers.noticed import noticed_issues
from proscribe.readers.own_account import account_issues, tells_beside
from proscribe.wording.errors import message

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

__all__ = ["ScanResult", "build_index", "day_of", "index_asked", "match_batch", "scan"]

#: Inputs smaller than this are not worth a second process.
PARALLEL_BYTES = 160 * 1024 * 1024
#: A part larger than this would hold too much of what is found in it before it is handed over.
LARGEST_PART_BYTES = 512 * 1024 * 1024
_ARROW_ROWS = 10_000
#: The issue of an input that holds no record.
_EMPTY = "E103"
#: Readers whose large inputs are cut into parts.
_CUT = frozenset({"tabular", "parquet"})


def _left_unread() -> tuple[str, ...]:
    """Say how a file is left out for its hidden name alone, whatever it holds."""
    kinds = ("file", "folder")
    return tuple(message("E105.hidden_or_temporary_left", {"kind": kind}).says for kind in kinds)


@dataclass(frozen=True, slots=True)
class ScanResult:
    """The answer of a scan, with the sources at hand for formats that give the user's own file back."""

    scan: Scan
    sources: tuple[Source, ...]
    options: Options

    @property
    def findings(self) -> Sequence[Finding]:
        """Findings, ordered by input, sheet, row and entity; each is made when it is read, so that many need no memory."""
        return self.scan.findings

    @property
    def mentions(self) -> Sequence[Mention]:
        """Records that speak of a firm without being its equipment."""
        return self.scan.mentions

    @property
    def issues(self) -> tuple[ReadIssue, ...]:
        """Everything that was not read, or read with a doubt."""
        return tuple(issue for item in self.scan.inputs for issue in item.issues)

    @property
    def complete(self) -> bool:
        """Whether every input was read in full."""
        return not any(issue.lossy for issue in self.issues)

    @property
    def leaves_open(self) -> bool:
        """Whether something was not counted, so that "nothing found" answers for less than was handed over.

        An input without a record, or one that was left out unread, shows nothing; a name beside the records is in no finding,
        and neither is a thing of which its list says itself that the law names it.
        """
        return any(
            issue.code == _EMPTY or tells_beside(issue) or issue.what.startswith(_left_unread())
            for issue in self.issues
        )

    def to_json(self) -> str:
        """Write the scan as JSON (`proscribe.scan/1`), byte-identical for the same input, knowledge and dates."""
        from proscribe.model.scan_writing import scan_text

        return scan_text(self.scan)

    def to_arrow(self) -> pa.Table:
        """Give the findings as an Arrow table, one row each, evidence as JSON text.

        `ignored` is the reason of the organisation's decision that sets the finding aside, or null.
        """
        import pyarrow as pa

        from proscribe.model.canonical import canonical_json
        from proscribe.model.codec import write

        text, many = pa.string(), pa.list_(pa.string())
        schema = pa.schema(
            [
                ("id", text), ("path", text), ("sheet", text), ("row", pa.int64()), ("record_id", text),
                ("entity", text), ("covered_through", many), ("role", text), ("band", text), ("basis", text),
                ("evidence", text), ("questions", many), ("ignored", text),
            ]
        )  # fmt: skip
        batches = []
        for start in range(0, len(self.findings), _ARROW_ROWS):
            rows = [
                (
                    one.id, self.scan.inputs[one.input].path, one.locator.sheet, one.locator.row, one.record_id,
                    one.entity, list(one.covered_through), one.role.value, one.band.value, one.basis,
                    canonical_json(write(one.evidence)), list(one.questions),
                    one.ignored.reason if one.ignored is not None else None,
                )
                for one in self.findings[start : start + _ARROW_ROWS]
            ]  # fmt: skip
            arrays = [
                pa.array(column, kind)
                for column, kind in zip(zip(*rows, strict=True), schema.types, strict=True)
            ]
            batches.append(pa.RecordBatch.from_arrays(arrays, schema=schema))
        return pa.Table.from_batches(batches, schema=schema)

    def to_polars(self) -> pl.DataFrame:
        """Give the findings as a Polars frame."""
        import polars as pl

        frame = pl.from_arrow(self.to_arrow())
        assert isinstance(frame, pl.DataFrame)
        return frame


def scan(
    paths: Paths,
    *,
    processes: int = 1,
    progress: run.Progress | None = None,
    **asked: Unpack[ScanWords],
) -> ScanResult:
    """Find covered equipment in files and folders.

    Args:
        paths: a file or folder, or several, `-` is standard input; or a `ScanRequest`, which holds what `asked` says, too.
        as_of: the day ownership and law are asked about; today by default.
        known_as_of: facts recorded later are not used; today by default.
        knowledge: a snapshot, source folder or layer, instead of the shipped knowledge; further ones lie over it.
        mapping: column name to field, over recognition.
        reader: name of the reader, over recognition.
        files: what a configuration says of single inputs, as `file_rules.readings` gives it.
        kinds: file, pattern of files or `FILE#SHEET` to the kind of its tables, over recognition.
        processes: how many processes may share a large input.
        progress: called with bytes done, bytes in all, records done.

    Raises:
        UsageError: unknown column, field, reader, kind, name or date.
        KnowledgeError: the knowledge cannot be used.
    """
    return scan_keeping(paths, processes=processes, progress=progress, keep_all=False, **asked)[0]


def scan_keeping(
    paths: Paths,
    *,
    processes: int = 1,
    progress: run.Progress | None = None,
    keep_all: bool = True,
    expansion: Expansion | None = None,
    watch: Watch | None = None,
    anew: bool = False,
    **asked: Unpack[ScanWords],
) -> tuple[ScanResult, list[KeptInput]]:
    """Scan as `scan` does, and give the columns of the records too: all of them, or those the roll-up of parts needs.

    Args:
        expansion: the inputs, where they were listed before; `paths` is not looked at then.
        watch: keeps what was made of an input, and gives it back.
        anew: whether nothing is used that an earlier run kept of the knowledge, as a proof needs it.
    """
    request = ScanRequest.of(paths, **asked)
    days = request.days(day_of(None))
    start_reading()
    options = options_of(request)
    check_kinds(options.kinds)
    if expansion is None:
        expansion = expand(request.paths)
    sources, problems = expansion.sources, expansion.issues
    ahead = Ahead(sources, options, processes, check_columns=len(sources) == 1)
    ahead.begin()
    snapshot, index = opened_index(request.knowledge, days, anew=anew)
    is_maker = partial(_is_maker, snapshot)
    total = sum(source.size_bytes for source in sources)
    done = records_done = 0
    inputs: list[ScannedInput] = []
    kept: list[KeptInput] = []
    blind: list[BlindSpot] = []
    for number, source in enumerate(sources):

        def tick(
            bytes_done: int, records: int, before: int = done, records_before: int = records_done
        ) -> None:
            if progress is not None:
                progress(before + bytes_done, total, records_before + records)

        made = watch.recall(number, source, snapshot.manifest.sha256) if watch is not None else None
        if made is None:
            made = _scan_one(
                index, number, source, options, 1 if keep_all else processes, tick, ahead,
                single=len(sources) == 1, keep_all=keep_all,
            )  # fmt: skip
            if watch is not None:
                watch.keep(number, source, snapshot.manifest.sha256, made)
        else:
            ahead.skip()
        item, parts, unseen = made
        kept.append(KeptInput(number, source.display, item.tables, tuple(parts), item.reader))
        spots = [part.blind for part in parts]
        blind += blind_spots.of_input(spots, unseen, source.display, item.tables, is_maker)
        inputs.append(item)
        done, records_done = done + source.size_bytes, records_done + item.records
    _check_names(options, inputs, single=len(sources) == 1)
    more, told, left = _own(index, expansion.own, options, inputs, kept, keep_all=keep_all, is_maker=is_maker)
    sources, blind, problems = [*sources, *more], [*blind, *told], [*problems, *left]
    segments = _segments(kept)
    findings, inputs = _joined(index, kept, sources, options, segments, inputs)
    findings, inputs = _rolled_up(index, kept, sources, options, findings, inputs)
    inputs += _unreadable(problems, len(inputs))
    result = Scan(
        proscribe=__version__,
        as_of=days.law_on.isoformat(),
        known_as_of=days.known_on.isoformat(),
        knowledge=KnowledgeStamp(snapshot.manifest.version, snapshot.manifest.sha256, tuple(snapshot.layers)),
        inputs=tuple(inputs),
        not_checked=tuple(run.not_checked(inputs)),
        thresholds_mbit=dict(index.bands),
        blind_spots=blind_spots.joined(blind),
        options=request.options,
        **_found(snapshot, index, findings, Mentions(segments)),
    )
    return ScanResult(result, tuple(sources), options), kept


def _is_maker(snapshot: Snapshot, name: str) -> bool:
    # Firms are called "Active" and "Secret", too; in small letters such a word is the remark that it seems to be.
    return not name.islower() and name in makers_in(snapshot)


def _own(
    index: indexing.Index, own: Sequence[Source], options: Options, inputs: list[ScannedInput], kept: list[KeptInput], *,
    keep_all: bool, is_maker: Callable[[str], bool],
) -> tuple[list[Source], list[BlindSpot], list[ReadIssue]]:  # fmt: skip
    """Read what looks like our own files; what is an input after all joins `inputs` and `kept`.

    Returns:
        The sources that joined, what their formats could not see, and an issue for each file that is left out.
    """
    if not own:
        return [], [], []
    opened = Ahead(own, options, 1, check_columns=False)
    known = {firm for item in kept for firm in own_files.firms_of(inputs[item.index], item.parts)}

    def read(place: int) -> own_files.Told:
        item, parts, unseen = _scan_one(
            index, place, own[place], options, 1, lambda *_: None, opened, single=False, keep_all=keep_all
        )  # fmt: skip
        spots = [part.blind for part in parts]
        return item, parts, blind_spots.of_input(spots, unseen, item.path, item.tables, is_maker)

    told, left = own_files.settled(index, own, read, known)
    for source, (item, parts, _) in told:
        inputs.append(replace(item, index=len(inputs)))
        kept.append(KeptInput(len(kept), source.display, item.tables, tuple(parts), item.reader))
    return [source for source, _ in told], [spot for _, (_, _, spots) in told for spot in spots], left


def _joined(
    index: indexing.Index, kept: Sequence[KeptInput], sources: Sequence[Source], options: Options,
    segments: Sequence[Segment], inputs: list[ScannedInput],
) -> tuple[Findings, list[ScannedInput]]:  # fmt: skip
    """Give findings and inputs with what is found in records that name by number what another list names."""
    findings = Findings(segments)
    if not len(findings) or sum(len(item.tables) for item in kept) < 2:
        return findings, inputs
    from proscribe.app.scan.joined import joined_by_number, may_join  # where lists can be joined alone

    if not may_join(table for item in kept for table in item.tables):
        return findings, inputs
    more, said = joined_by_number(index, kept, sources, options, findings)
    told = [replace(item, issues=(*item.issues, *said.get(item.index, ()))) for item in inputs]
    return (Findings([*segments, *more]).ordered() if more else findings), told


def _rolled_up(
    index: indexing.Index, kept: Sequence[KeptInput], sources: Sequence[Source], options: Options,
    findings: Findings, inputs: list[ScannedInput],
) -> tuple[Findings, list[ScannedInput]]:  # fmt: skip
    """Give findings and inputs with what lists of parts come to; as they are where no input is one."""
    tables = [(item.path, table) for item in inputs for table in item.tables]
    listed = any(run.lists_parts(table) for _, table in tables)
    # a list named for a product says something beside another list alone
    unsure = len(tables) > 1 and any((table.kind or UNCERTAIN) == UNCERTAIN for _, table in tables)
    if not listed and not unsure:
        return findings, inputs
    from proscribe.app.scan.parts_tables import may_list_parts
    from proscribe.app.scan.rollup import roll_up

    if not listed and not any(may_list_parts(path, table) for path, table in tables):
        return findings, inputs
    rolled = roll_up(index, kept, sources, options, findings)
    told = [replace(item, issues=(*item.issues, *rolled.issues.get(item.index, ()))) for item in inputs]
    return rolled.findings, told


def _check_names(options: Options, inputs: Sequence[ScannedInput], *, single: bool) -> None:
    """Refuse columns and tables that were named and stand in no input; a single input was asked for its columns before."""
    if options.mapping and not single:
        # A column may stand in one file only; it has to stand in one.
        check_mapping(
            options.mapping, [name for item in inputs for table in item.tables for name in table.header]
        )
    if options.kinds:
        places = [(item.path, table.sheet) for item in inputs for table in item.tables]
        check_kinds(options.kinds, [*((item.path, None) for item in inputs), *places])


def _found(
    snapshot: Snapshot, index: indexing.Index, findings: Findings, mentions: Mentions
) -> dict[str, Any]:
    """Give the fields of a scan that say what was found: findings, mentions, and the words for what they name."""
    used: set[str] = set()
    shown = mentions.entities()
    for one in findings.verdicts():
        used.update(fact for item in (*one.evidence, *one.against) for fact in item.facts)
        shown.update((one.entity, *one.covered_through))
    return {
        "findings": findings,
        "mentions": mentions,
        "entity_names": {entity: index.entity_names.get(entity, entity) for entity in sorted(shown)},
        "fact_notes": _fact_notes(snapshot, index, used),
    }


#: What is made of one input: the input, its parts, and what its format could not see. Inputs join in their order.
InputAnswer = tuple[ScannedInput, list[run.Part], list[BlindSpot]]


class Watch(Protocol):
    """Looks on while the inputs of a scan are read, one after the other; a job goes on from what it kept."""

    def recall(self, number: int, source: Source, knowledge: str) -> InputAnswer | None:
        """Give what was made of an input under this knowledge, or `None` to have it read."""
        ...

    def keep(self, number: int, source: Source, knowledge: str, made: InputAnswer) -> None:
        """Take what was made of an input."""
        ...


def _segments(kept: Sequence[KeptInput]) -> list[Segment]:
    """Give what was found, part by part, with tables numbered through the scan."""
    segments: list[Segment] = []
    first_table = 0
    for item in kept:
        sheets = tuple(table.sheet for table in item.tables)
        segments += [Segment(item.index, sheets, first_table, part.found) for part in item.parts]
        first_table += len(sheets)
    return segments


def _fact_notes(snapshot: Snapshot, index: indexing.Index, used: set[str]) -> dict[str, str]:
    titles = {
        str(row["id"]): "; ".join(str(row[key]) for key in ("title", "url") if row.get(key))
        for row in snapshot.table("sources")
    }
    return {
        fact: titles.get(index.fact_sources[fact], index.fact_sources[fact])
        for fact in sorted(used)
        if fact in index.fact_sources
    }


def _unreadable(problems: Sequence[ReadIssue], first: int) -> list[ScannedInput]:
    made = []
    for offset, problem in enumerate(problems):
        made.append(
            ScannedInput(
                index=first + offset,
                path=problem.at,
                sha256="",
                reader="none",
                records=0,
                tables=(),
                issues=(problem,),
                coverage=dict.fromkeys(COVERAGE, 0),
            )
        )
    return made


def _match(
    index: indexing.Index, reading: ApartReading, part: run.Part, size_bytes: int, processes: int, tick: Any,
    meanwhile: Callable[[], object],
) -> None:  # fmt: skip
    """Match a whole input, of so many bytes, into a part."""
    kernel = Kernel(index, expected_bytes=size_bytes)
    if reading.takes_sieve:
        reading.sieve = run.sieve_of(index)
    if reading.takes_lines:
        table = run.kind_stated(reading, reading.tables[0])
        reading.lines = sending(kernel, table, size_bytes, keep_all=part.keep_all)
    match_shared(
        kernel, reading, part, 1 if reading.takes_sieve else processes,
        lambda: tick(reading.bytes_read(), part.records), size_bytes, meanwhile,
    )  # fmt: skip


def _scan_one(
    index: indexing.Index,
    number: int,
    source: Source,
    options: Options,
    processes: int,
    tick: Any,
    ahead: Ahead,
    *,
    single: bool,
    keep_all: bool = False,
) -> InputAnswer:
    tables: list[Table] = []
    issues: list[ReadIssue] = []
    parts: list[run.Part] = []
    reader = "none"
    reading: ApartReading | None = None
    options = options.of(source)
    before = ahead.held(number)
    digest = cache(partial(_digest, source.path))
    try:
        specs = _partitions(source, options, processes)
        if source.size_bytes == 0 and not (single or options.mapping or options.reader):
            # a process for each of ten thousand empty files takes minutes
            issues.append(issue("E103.file_has_no_bytes", "byte 0"))
        else:
            reading = ahead.open(number)
            reader = reading.reader
        if reading is None:
            pass
        elif specs is not None:
            part, tables, issues = match_in_parts(index, specs, processes, tick, digest)
            parts.append(part)
        else:
            part = run.Part(keep_all=keep_all, display=source.display)
            parts.append(part)
            _match(index, reading, part, source.size_bytes, processes, tick, digest)
            tables, issues = list(reading.tables), list(reading.issues)
    except (InputError, OSError) as error:
        if isinstance(error, InputError) and error.code in ENDED:
            parts.clear()
        elif reading is not None and not tables:
            # What was read before the fault keeps its place.
            tables, issues = list(reading.tables), list(reading.issues)
        issues.append(fault(error, source.display))
    issues.extend(unmet(options, tables))
    tables = kinds_told(
        _with_samples(tables, parts), source.display, reader, options.kinds, options.configured_kind
    )
    issues.extend(probe_issues(index.entity_names, tables, merged(part.probes for part in parts)))
    issues.extend(noticed_issues(part.closed for part in parts))
    issues.extend(noticed_issues(part.own_words for part in parts))
    sides = getattr(reading, "beside", ())
    issues.extend(beside_issues(index, source.display, tables, sides))
    records, lines = sum(part.records for part in parts), [part.own_lines for part in parts]
    issues.extend(account_issues(source.display, tables, sides, lines, records, index.as_of))
    sites = SiteRows()
    for part in parts:
        sites.extend(part.sites)
    sha256 = digest()
    if sha256 and held(source.path) != before:
        # The digest is that of other bytes than those that were read.
        issues.append(issue("E109.changed_while_read", source.display))
    item = ScannedInput(
        index=number,
        path=source.display,
        sha256=sha256,
        reader=reader,
        records=records,
        tables=tuple(tables),
        issues=tuple(issues),
        coverage={label: sum(part.coverage[label] for part in parts) for label in COVERAGE},
        size_bytes=source.size_bytes,
        sites=sites.counts,
    )
    return item, parts, list(getattr(reading, "blind_spots", ()))


def _digest(path: Path) -> str:
    """Give the digest of a file, empty where it cannot be read."""
    try:
        return sha256_of(path)
    except OSError:
        return ""


def _with_samples(tables: Sequence[Table], parts: Sequence[run.Part]) -> list[Table]:
    seen = parts[0].samples if parts else {}
    return [
        replace(table, samples=seen[number]) if number in seen and not table.samples else table
        for number, table in enumerate(tables)
    ]


def _partitions(source: Source, options: Options, processes: int) -> Sequence[Any] | None:
    """Split a large table for several processes; only those of readers that can be cut are opened in this one."""
    if processes < 2 or source.size_bytes < PARALLEL_BYTES or reader_of(source, options) not in _CUT:
        return None
    offer = getattr(open_source(source, options, check_columns=False), "partitions", None)
    rounds = -(-source.size_bytes // (processes * LARGEST_PART_BYTES))
    return offer(processes * rounds) if offer is not None else None


def cpu_count() -> int:
    """Give the number of processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)
