"""What somebody stated of how files are read, and what that changed: columns, kinds, readers, rules and days of knowledge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from proscribe.documents.evidence import cut, layers_of, named_unread, read_days
from proscribe.documents.loose import objects
from proscribe.model.papers import PaperInputs, ScanInput

#: Lines of one scan that are printed; how many more there are is said.
_SHOWN = 40
_INPUTS_SHOWN = 3
#: Issues that say what a statement changed: a column that lowers what is found, one read otherwise, a reader that does not fit.
_CHANGES = {"columns": ("E100", "E199"), "reader": ("E108",)}
_NOTHING = {
    "columns": "no record is known to weigh less for it",
    "reader": "the files look like what it reads",
    "kind": "the program says the same",
}


def stated_readings(inputs: PaperInputs) -> list[dict[str, str]]:
    """List what was stated of the reading of every scan and devices report, with the files it was said of and what it changed."""
    rows: list[dict[str, str]] = []
    for index, scan in enumerate(inputs.scans, 1):
        name = f"scan {index}"
        told = list(_of_scan(scan))
        rows += [{"scan": name, **one} for one in told[:_SHOWN]]
        if len(told) > _SHOWN:
            rows.append(_row(f"{len(told) - _SHOWN:,} more statements", "see the scan", "") | {"scan": name})
    return rows


def _of_scan(scan: ScanInput) -> Iterator[dict[str, str]]:
    for asked, known in read_days(scan):
        if known and known < asked:
            yield _row(f"nothing that was recorded after {known} is used", "the knowledge", f"as of {asked}")
    if layers := layers_of(scan):
        yield _row(
            f"knowledge of the organisation's own: {', '.join(layers)}",
            "the knowledge",
            "it may set equipment aside",
        )
    for options, of in _ways(scan.value):
        yield from _rule(scan, options, of)
        for name, kind in _texts(options.get("kinds")):
            yield _row(
                f"it is a list of {_spaced(kind)}",
                cut(name, 160),
                _kinds(scan.value, (name.partition("#")[0],)),
            )
        for one in objects(options.get("files")):
            paths = tuple(str(path) for path in one.get("inputs") or ())
            yield from _rule(scan, one, paths)


def _rule(scan: ScanInput, said: Mapping[str, Any], paths: Sequence[str]) -> Iterator[dict[str, str]]:
    of = _named(paths) + (f" sheet {cut(str(said['sheet']), 60)}" if said.get("sheet") else "")
    columns = _texts(said.get("columns"))
    if columns:
        told = "; ".join(
            f"column {cut(name, 60)!r} is read as {_spaced(field)}" for name, field in columns[:12]
        )
        more = f"; and {len(columns) - 12:,} more" if len(columns) > 12 else ""
        yield _row(told + more, of, _changed(scan, "columns", paths))
    if said.get("reader"):
        yield _row(
            f"it is read with the reader {cut(str(said['reader']), 40)}", of, _changed(scan, "reader", paths)
        )
    if said.get("preset"):
        yield _row(f"it is the export {cut(str(said['preset']), 60)}", of, "its columns are named by that")
    if said.get("kind"):
        yield _row(f"it is a list of {_spaced(str(said['kind']))}", of, _kinds(scan.value, paths))


def _changed(scan: ScanInput, what: str, paths: Sequence[str]) -> str:
    """Say what the scan itself says that a statement changed."""
    told = [
        text
        for code in _CHANGES[what]
        for path, text in named_unread(scan, code)
        if path in paths or list(paths) == ["every file"]
    ]
    more = f"; and {len(told) - 3:,} more" if len(told) > 3 else ""
    return "; ".join(cut(text, 200) for text in told[:3]) + more if told else _NOTHING[what]


def _kinds(value: Mapping[str, Any], paths: Sequence[str]) -> str:
    """Say what the program would take the tables for of which somebody stated another kind."""
    seen = [
        f"the program would say {_spaced(str(table['kind_seen']))}"
        for one in objects(value.get("inputs"))
        if any(_is_of(str(one.get("path") or ""), path) for path in paths)
        for table in objects(one.get("tables"))
        if table.get("kind_by") == "stated" and table.get("kind_seen") not in (None, "", table.get("kind"))
    ]
    return "; ".join(dict.fromkeys(seen)) or _NOTHING["kind"]


def _is_of(path: str, named: str) -> bool:
    """Tell whether a statement may be of an input; one of a pattern may be of any."""
    path, named = path.replace("\\", "/"), named.replace("\\", "/")
    return "*" in named or "?" in named or path == named or path.endswith(f"/{named}")


def _ways(value: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], tuple[str, ...]]]:
    """Yield how a person wanted files read, with those of which it was said; where several scans were put together, of each."""
    readings = objects(value.get("readings"))
    if readings:
        paths = {one.get("index"): str(one.get("path") or "") for one in objects(value.get("inputs"))}
        for one in readings:
            read = tuple(
                paths[item.get("index")] for item in objects(one.get("inputs")) if item.get("index") in paths
            )
            if isinstance(one.get("options"), Mapping):
                yield one["options"], read
        return
    found: Any = value
    for name in ("statement", "predicate", "options"):
        found = found.get(name) if isinstance(found, Mapping) else None
    if isinstance(found, Mapping):
        yield found, ("every file",)


def _row(said: str, of: str, changed: str) -> dict[str, str]:
    return {"said": said, "of": of, "changed": changed}


def _named(paths: Sequence[str]) -> str:
    more = len(paths) - _INPUTS_SHOWN
    names = [cut(path.replace("\\", "/").rpartition("/")[2], 120) for path in paths[:_INPUTS_SHOWN]]
    return ", ".join(names) + (f" and {more:,} more" if more > 0 else "")


def _spaced(text: str) -> str:
    return cut(text, 60).replace("_", " ")


def _texts(value: Any) -> list[tuple[str, str]]:
    return [(str(name), str(item)) for name, item in value.items()] if isinstance(value, Mapping) else []
