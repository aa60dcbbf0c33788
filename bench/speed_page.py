"""The figures of `speed.py` beside their goals, and as the page `results/speed.md`."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from typing import Any

from rows import BENCH

_LIBRARY_KEYS = (
    "version",
    "rows",
    "seconds",
    "rows_per_second",
    "recall",
    "false",
    "times_all_rows",
    "distinct_rows",
    "distinct_seconds",
    "ours_distinct_seconds",
    "times_deduplicated",
)


def _largest(result: dict[str, Any]) -> dict[str, Any]:
    return max(result["sizes"], key=lambda size: size["rows"])


def goals(result: dict[str, Any]) -> list[dict[str, Any]]:
    """Compare with `budgets.toml`; the largest ledger counts."""
    asked = tomllib.loads((BENCH / "budgets.toml").read_text(encoding="utf-8"))["speed"]
    out: list[dict[str, Any]] = []

    def add(key: str, got: float | None, what: str = "", *, at_most: bool = True) -> None:
        limit = asked[key]
        met = got is not None and (got <= limit if at_most else got >= limit)
        out.append({"goal": f"{key}{what}", "asked": limit, "got": got, "met": met})

    size = _largest(result)
    ours = {row["program"]: row for row in size["programs"]}
    rows = f", {size['rows']:,} rows"
    add("ratio_rg_names", ours["proscribe csv"].get("ratio to rg -c -i -f"), rows)
    add("ratio_rg_names_one_core", ours["proscribe csv, 1 core"].get("ratio to rg -c -i -f"), rows)
    for one in result["sizes"]:
        by_name = {row["program"]: row for row in one["programs"]}
        literal = by_name.get("rg -c -i -F, all literals")
        if literal:
            got = round(by_name["proscribe csv"]["seconds"] / literal["seconds"], 3)
            add("ratio_rg_literals", got, f", {one['rows']:,} rows")
        if one["rows"] == 1_000_000:
            add("mib_1m", by_name["proscribe csv, 1 core"]["peak_tree_mib"])
        if one["rows"] == 10_000_000:
            add("mib_10m", by_name["proscribe csv"]["peak_tree_mib"])
        if "proscribe parquet" in by_name:
            got = by_name["proscribe parquet"]["seconds"] / by_name["proscribe csv"]["seconds"]
            add("parquet_over_csv", round(got, 3), f", {one['rows']:,} rows")
    if size["anchors"]:
        add("candidate_share", size["anchors"]["share"], ", generator")
    for one in result["shapes"]:
        add("candidate_share", one["candidates"], f", {one['ledger']}")
        by_name = {row["program"]: row["seconds"] for row in one["programs"]}
        got = by_name["proscribe parquet, dictionary columns"] / by_name["proscribe csv"]
        key = "dictionary_over_csv" if one["repeating"] else "parquet_over_csv"
        add(key, round(got, 3), f", {one['ledger']}, {one['rows']:,} rows")
    add(
        "mib_rich",
        max(row["peak_tree_mib"] for row in result["rich"]["programs"]),
        f", {result['rich']['rows']:,} rows",
    )
    for key, name in (
        ("version_seconds", "version"),
        ("explain_seconds", "explain"),
        ("thousand_rows_seconds", "1,000 rows"),
    ):
        add(key, result["start_up"][name][0])
    for entry in result["libraries"]:
        name = entry["library"]
        if f"times_{name}" in asked and "absent" not in entry:
            add(f"times_{name}", entry.get("times_all_rows"), at_most=False)
            add(f"times_{name}_deduplicated", entry.get("times_deduplicated"), at_most=False)
    return out


def _table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> list[str]:
    return [
        "| " + " | ".join(head) + " |",
        "|" + " --- |" * len(head),
        *("| " + " | ".join(line) + " |" for line in lines),
    ]


def _show(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value:,}" if isinstance(value, int) else str(value)


_PROGRAM_HEAD = (
    "program",
    "seconds",
    "fastest to slowest",
    "processor s",
    "rows/s",
    "MB/s",
    "peak MiB",
    "all processes",
    "/ rg -i -f",
    "/ rg -i -f, processor",
    "/ rg -F",
)


def _program_lines(programs: Sequence[dict[str, Any]]) -> list[list[str]]:
    return [
        [
            row["program"],
            str(row["seconds"]),
            f"{row['fastest']} to {row['slowest']}",
            str(row["cpu_seconds"]),
            f"{row['rows_per_second']:,}",
            str(row["mb_per_second"]),
            str(row["peak_mib"]),
            str(row["peak_tree_mib"]),
            str(row.get("ratio to rg -c -i -f", "")),
            str(row.get("cpu ratio to rg -c -i -f", "")),
            str(row.get("ratio to rg -c -F", "")),
        ]
        for row in programs
    ]


def _size_lines(size: dict[str, Any]) -> list[str]:
    out = ["", f"## {size['rows']:,} rows, {size['profile']}, {size['csv_mb']} MB of CSV", ""]
    out += _table(_PROGRAM_HEAD, _program_lines(size["programs"]))
    right = size["accuracy"]
    out += ["", f"Load average behind it: {_load(size)}."]
    if size["anchors"]:
        share = 100 * size["anchors"]["share"]
        frequent = ", ".join(f"`{literal}` {count}" for literal, count in size["anchors"]["frequent"])
        out += [
            "",
            f"Rows looked at closely, of the first {size['anchors']['rows']:,}: {share:.2f} %. Literals "
            f"without borders in {size['anchors']['sampled']:,} of them: {frequent}.",
        ]
    out += [
        "",
        f"Of {right['positives']:,} known positives {right['recall']:.3f} found, "
        f"{right['recall_probable']:.3f} at probable or better; precision there "
        f"{right['precision_probable']:.3f}; {right['false_at_possible']:,} other rows at possible; "
        f"entity right {right['entity_accuracy']:.3f}.",
        "",
    ]
    return out + _table(
        ("kind", "rows", "found", "probable or better"),
        [[kind, *map(str, counts)] for kind, counts in right["recall_by_kind"].items()],
    )


def _load(part: dict[str, Any]) -> str:
    return ", ".join(map(str, part["load"]))


def markdown(result: dict[str, Any]) -> str:
    """Write the result for people."""
    facts = result["machine"]
    out = [
        "# Speed",
        "",
        f"{facts['processor']}, {facts['cores']} cores, {facts['memory_gib']} GiB, {facts['system']}, "
        f"Python {facts['python']}. " + ", ".join(f"{k} {v}" for k, v in result["versions"].items()) + ".",
        f"Whole-process medians of {result['runs']} rounds after one of warm-up; ratios are paired. ripgrep is given "
        + " and ".join(f"`bench/patterns/{name}` ({count:,})" for name, count in result["patterns"].items())
        + "; it only counts lines. Proscribe resolves, weighs and explains every finding and writes it. "
        f"Load average at the beginning {_load(result)}; other programs ran where it is above 2, and then processor "
        "seconds tell more than time.",
    ]
    for size in result["sizes"]:
        out += _size_lines(size)
    for one in result["shapes"]:
        out += ["", f"## Ledger `{one['ledger']}`, {one['rows']:,} rows, {one['csv_mb']} MB of CSV", ""]
        out += _table(_PROGRAM_HEAD, _program_lines(one["programs"]))
        out += [
            "",
            f"Rows judged, of the first 100,000: {100 * one['candidates']:.2f} %. Load average behind it: {_load(one)}.",
        ]
    rich = result["rich"]
    out += ["", f"## Half of the rows found, {rich['rows']:,} rows, {rich['csv_mb']} MB of CSV", ""]
    out += _table(_PROGRAM_HEAD, _program_lines(rich["programs"]))
    out += ["", f"Load average behind it: {_load(rich)}.", "", "## Start-up", ""]
    out += _table(
        ("what", "seconds", "processor seconds"),
        [[name, *map(str, values)] for name, values in result["start_up"].items()],
    )
    out += ["", "## Libraries, on vendor names", ""]
    out += _table(
        ("library", *(key.replace("_", " ") for key in _LIBRARY_KEYS)),
        [
            [entry["library"], entry["absent"], *[""] * (len(_LIBRARY_KEYS) - 1)]
            if "absent" in entry
            else [entry["library"], *(_show(entry.get(key)) for key in _LIBRARY_KEYS)]
            for entry in result["libraries"]
        ],
    )
    out += [
        "",
        "`times all rows`: our rows per second over the whole ledger, start-up and reading included, over "
        "the library's on the sample, its matching only. `times deduplicated`: the library on the distinct "
        "names of the sample, over our scan of a file of the same names, reading included. Of the same names we find "
        f"{result['our_vendor_recall']:.3f}.",
        "",
        "## Goals",
        "",
    ]
    out += _table(
        ("goal", "asked", "got", "met"),
        [
            [item["goal"], str(item["asked"]), _show(item["got"]), "yes" if item["met"] else "no"]
            for item in result["goals"]
        ],
    )
    return "\n".join(out) + "\n"
