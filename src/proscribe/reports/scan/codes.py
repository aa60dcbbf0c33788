"""The codes of writing a scan, `E190` to `E198` and `E510`: what each means and what to do next.

`proscribe explain E191` prints the entry; the error itself says where.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OutputCode:
    """One kind of problem with writing an answer.

    Attributes:
        code: never reused.
        title: a short sentence.
        meaning: what it says about the answer.
        next_step: what the user can do.
    """

    code: str
    title: str
    meaning: str
    next_step: str


CODES: dict[str, OutputCode] = {
    one.code: one
    for one in (
        OutputCode(
            "E190",
            "several tables, one file",
            "csv, parquet and xlsx give your own file back, so each input (for csv and parquet each of its "
            "tables) needs a file of its own. Nothing was written.",
            "Name a folder, with a slash at the end: -o csv=answers/.",
        ),
        OutputCode(
            "E191",
            "the report would replace an input",
            "The file named for the report is one of the files that were scanned. It was left as it is.",
            "Name another file after the equals sign.",
        ),
        OutputCode(
            "E192",
            "there is no such format",
            "The word before the equals sign of -o is not a format. Nothing was written.",
            "Use table, json, jsonl, csv, parquet, xlsx, html, md or sarif.",
        ),
        OutputCode(
            "E193",
            "the format and the target do not go together",
            "A workbook with macros opens only under the name .xlsm, and a format made of bytes cannot go to "
            "a stream of text. Nothing was written.",
            "Give the name or the file that the message asks for.",
        ),
        OutputCode(
            "E194",
            "too many columns for a worksheet",
            "A worksheet holds 16,384 columns and the table with the answers has more. Nothing was written.",
            "Ask for -o csv=FILE or -o parquet=FILE.",
        ),
        OutputCode(
            "E195",
            "a workbook that declares XML entities",
            "No spreadsheet program writes such a file; entities can be used to exhaust memory. They are "
            "never expanded, so the workbook cannot be given back. The scan itself is complete.",
            "Save a copy from a spreadsheet program and scan that, or ask for -o csv=FILE.",
        ),
        OutputCode(
            "E196",
            "a workbook with damaged XML",
            "A part of the workbook that must be changed is not well formed, so it cannot be given back.",
            "Open it in a spreadsheet program, let it repair the file, and scan the copy; or ask for "
            "-o csv=FILE.",
        ),
        OutputCode(
            "E197",
            "a workbook without a list of sheets",
            "The workbook names no sheets, so none can be added to it.",
            "Ask for -o csv=FILE.",
        ),
        OutputCode(
            "E198",
            "nothing to give back",
            "No table of the input could be read, so there are no rows to write the answers beside.",
            "See the issues of the scan with -o table or -o json; they say what could not be read and why.",
        ),
        OutputCode(
            "E510",
            "the report could not be written",
            "The folder is missing, full, or may not be written to. An older file of that name is untouched.",
            "Name a file in a folder that you may write to, or create the folder first.",
        ),
    )
}
