"""Write docs/commands.md from the commands themselves, and refresh the generated parts of README.md.

    python docs/make_commands.py

`tests/test_docs.py` fails when docs/commands.md and the commands differ. The parts of README.md stand between
`<!-- name -->` and `<!-- /name -->`: the excerpt of the example scan and the quality figures.
"""

from __future__ import annotations

import inspect
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from proscribe.cli.main import cli
from proscribe.wording.shown import counted

ROOT = Path(__file__).parent.parent
COMMANDS = ROOT / "docs" / "commands.md"
README = ROOT / "README.md"
EXAMPLE_DAY = "2026-11-25"

_HEAD = """\
# Commands

Written by `python docs/make_commands.py` from the help of the commands; do not edit. `proscribe COMMAND --help` prints
the same. Every command also takes `-h`.

| exit code | meaning |
| --- | --- |
| 0 | done; nothing at or above the threshold |
| 1 | findings at or above `--fail-on`, or a check not met |
| 2 | the command was put wrongly |
| 3 | some input could not be fully read (the rest was), or nothing was found and not all counted (E103, E105, E140, E547, E552) |
| 4 | knowledge missing, damaged or overdue |
| 5 | environment: no permission, no space, something not installed |
| 6 | a fault of the program itself; `PROSCRIBE_DEBUG=1` shows where |

Codes 1 to 6 come with words on standard error or in the answer. `proscribe explain E119` prints the page of an error
code. When findings stand and some input was not fully read, the code is 3.
"""


def walk(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    """Yield `(full name, command)` for a command and everything below it."""
    yield name, command
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=name)
        for child in command.list_commands(context):
            found = command.get_command(context, child)
            if found is not None and not found.hidden:
                yield from walk(found, f"{name} {child}")


def commands_page() -> str:
    """Give the text of docs/commands.md."""
    parts = [_HEAD]
    for name, command in walk(cli, "proscribe"):
        context = click.Context(command, info_name=name)
        pieces = " ".join(command.collect_usage_pieces(context))
        parts.append(f"## `{name}`\n\n```\n{name} {pieces}\n```\n\n{_prose(command.help or '')}")
        options = [item for item in command.params if isinstance(item, click.Option)]
        rows = [record for item in options if (record := item.get_help_record(context))]
        if rows:
            parts.append(
                "\n".join(f"- `{option}`: {' '.join(words.split())}" for option, words in rows) + "\n"
            )
    return "\n".join(parts)


def _prose(text: str) -> str:
    """Turn the help text into Markdown; a block after `\\b` keeps its lines."""
    out = []
    for block in inspect.cleandoc(text).split("\n\n"):
        if block.startswith("\b"):
            lines = block.splitlines()[1:]
            out.append(f"{lines[0]}\n\n```\n" + "\n".join(line.strip() for line in lines[1:]) + "\n```\n")
        else:
            out.append(" ".join(block.split()) + "\n")
    return "\n".join(out)


#: Section of the table -> lines of it to show; a record is never cut in two.
_SHOWN = {"CONFIRMED": 12, "PROBABLE": 4, "POSSIBLE": 10, "MENTIONS": 5, "NOT CHECKED": 3}


def excerpt() -> str:
    """Give the first lines of each section of the example scan."""
    import proscribe
    from proscribe.reports.scan.table import to_table

    os.chdir(ROOT)
    scan = proscribe.scan(["examples/inputs"], as_of=EXAMPLE_DAY, processes=1).scan
    out: list[str] = []
    for section in to_table(scan, width=100, colour=False, limit=None).strip("\n").split("\n\n"):
        lines = section.splitlines()
        word = re.match(r"[A-Z ]+", lines[0])
        heading = word.group().strip() if word else ""
        if heading == "READ":
            continue
        limit = _SHOWN.get(heading, len(lines))
        while limit < len(lines) and not re.match(r" {0,4}\S", lines[limit]):
            limit += 1
        out.append("\n".join(lines[:limit] + (["    [...]"] if limit < len(lines) else [])))
    return "```text\n$ proscribe scan examples/inputs --all\n" + "\n\n".join(out) + "\n```"


def quality_figures() -> str:
    """Give the quality table from bench/results/quality.json."""
    run: dict[str, Any] = json.loads((ROOT / "bench/results/quality.json").read_text("utf-8"))
    lines = [
        f"{run['rows']:,} labelled rows and {run['proscribe']['negatives']['lines']:,} lines of real negatives, "
        f"knowledge {run['knowledge']}, as of {run['as_of']}.",
        "",
        "| | Proscribe | search for the five names |",
        "| --- | ---: | ---: |",
    ]
    ours, words = (run[name]["splits"]["all"]["total"] for name in ("proscribe", "word_search"))
    for title, key in (
        ("covered rows found in any band (recall)", "recall_surfaced"),
        ("covered rows found at `probable` or better", "recall_probable"),
        ("rows at `probable` or better that are truly covered (precision)", "precision_probable"),
    ):
        lines.append(f"| {title} | {ours[key]:.3f} | {words[key]:.3f} |")
    homonyms = [f"{len(side['homonyms_surfaced'])} of {side['homonym_rows']}" for side in (ours, words)]
    alarms = [run[name]["negatives"]["at_probable"] for name in ("proscribe", "word_search")]
    lines.append(f"| look-alikes said to be anything at all | {homonyms[0]} | {homonyms[1]} |")
    lines.append(f"| false alarms at `probable` on the real negatives | {alarms[0]} | {alarms[1]} |")
    return "\n".join(lines)


def _pace(times: float) -> str:
    """Say how fast we are beside another: `3.4 times as fast as`, `slower (0.3 times its speed) than`."""
    return f"{times:g} times as fast as" if times >= 1 else f"slower ({times:g} times its speed) than"


def speed_figures() -> str:
    """Give the table of speed from bench/results/speed.json."""
    run: dict[str, Any] = json.loads((ROOT / "bench/results/speed.json").read_text("utf-8"))
    lines = [
        "| rows | Proscribe | seconds | times ripgrep counting lines, same names | MiB of all processes |",
        "| ---: | --- | ---: | ---: | ---: |",
    ]
    for size in run["sizes"]:
        for row in size["programs"]:
            if row["program"].startswith("proscribe"):
                name = (
                    row["program"]
                    .removeprefix("proscribe ")
                    .replace("csv", "CSV")
                    .replace("parquet", "Parquet")
                )
                ratio, memory = row.get("ratio to rg -c -i -f", ""), row["peak_tree_mib"]
                lines.append(f"| {size['rows']:,} | {name} | {row['seconds']} | {ratio} | {memory:,} |")
    machine = run["machine"]
    told = [
        f"Whole process, every finding explained; {machine['processor']}, {machine['cores']} cores, Python {machine['python']}, "
        f"{counted(run['runs'], 'round')}."
    ]
    for one in run["libraries"]:
        if "times_deduplicated" in one:
            told.append(
                f"On vendor names it is {_pace(one['times_all_rows'])} {one['library']} {one['version']}; after the names were "
                f"de-duplicated {_pace(one['times_deduplicated'])} it."
            )
    missed = sum(not one["met"] for one in run["goals"])
    told.append(
        f"Of {len(run['goals'])} [goals](bench/budgets.toml) {missed} are not met; [every figure](bench/results/speed.md)."
    )
    return "\n".join([*lines, "", *told])


def fill(text: str, name: str, content: str) -> str:
    """Replace what stands between the markers of `name`.

    Raises:
        ValueError: when the markers are not there once each.
    """
    marked = re.compile(rf"(<!-- {re.escape(name)} -->\n).*?(<!-- /{re.escape(name)} -->)", re.DOTALL)
    filled, count = marked.subn(lambda found: f"{found[1]}{content}\n{found[2]}", text)
    if count != 1:
        raise ValueError(f"the markers of {name!r} stand {count} times")
    return filled


def main() -> None:
    """Write both files."""
    COMMANDS.write_text(commands_page(), encoding="utf-8")
    text = fill(README.read_text(encoding="utf-8"), "excerpt", excerpt())
    text = fill(text, "figures:quality", quality_figures())
    README.write_text(fill(text, "figures:speed", speed_figures()), encoding="utf-8")


if __name__ == "__main__":
    main()
