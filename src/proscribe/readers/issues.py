"""The input codes `E101` to `E138`: what each means and what to do next.

`proscribe explain E119` prints the entry. A code says what kind of thing happened; the `ReadIssue`
made from it says where, and what was expected there.
"""

from __future__ import annotations

from dataclasses import dataclass

from proscribe.model.observations import ReadIssue


@dataclass(frozen=True, slots=True)
class InputCode:
    """One kind of input problem.

    Attributes:
        code: `E1xx`, never reused.
        title: a short sentence.
        meaning: what it says about the input and about the answer.
        next_step: what the user can do.
        lossy: whether data usually goes unread, or is read with a doubt, so that the exit code is 3.
    """

    code: str
    title: str
    meaning: str
    next_step: str
    lossy: bool


def _table(*rows: tuple[str, str, bool, str, str]) -> dict[str, InputCode]:
    return {
        code: InputCode(code, title, meaning, next_step, lossy)
        for code, title, lossy, meaning, next_step in rows
    }


CODES: dict[str, InputCode] = _table(
    (
        "E101", "no such file or folder", True,
        "A path that was named does not exist, or a link points nowhere.",
        "Check the spelling of the path, or mount the drive it lies on.",
    ),
    (
        "E102", "the file cannot be read", True,
        "The operating system refused to open the file or to read on in it.",
        "Ask for read permission, close the program that holds the file, or copy it elsewhere.",
    ),
    (
        "E103", "the input is empty", True,
        "The file holds no bytes, or nothing but blank lines, so nothing in it was checked.",
        "Export the file again; an empty file proves nothing about equipment.",
    ),
    (
        "E104", "a folder contains itself", True,
        "A link leads back to a folder that is being walked. It was not followed again.",
        "Nothing, if the link is intended; the folder's own files are read once.",
    ),
    (
        "E105", "a hidden file was not read", False,
        "Files and folders whose name starts with a dot, and the lock files of office programs, are left out "
        "when a folder is walked.",
        "Name the file itself on the command line to have it read.",
    ),
    (
        "E106", "not a regular file", True,
        "The folder holds a pipe, socket or device. Reading one could wait for ever.",
        "Copy its content into a file, or pass it on standard input with -.",
    ),
    (
        "E107", "the format is not supported", True,
        "By its content the file is of a kind no reader knows, so nothing in it was checked.",
        "Export it as CSV, XLSX, Parquet, JSON or plain text and scan that.",
    ),
    (
        "E108", "no reader has this name", True,
        "`--reader` names a reader that does not exist.",
        "Choose one of the names listed in the message.",
    ),
    (
        "E109", "the file is damaged or cut off", True,
        "The container is incomplete. Whatever could still be taken out of it was read.",
        "Copy or download the file again and compare its size with the original.",
    ),
    (
        "E110", "the content expands beyond the bound", True,
        "Unpacked, the file would be larger than the limits allow, as in a decompression bomb.",
        "If the file is genuine, unpack it yourself and scan the result, or save it as CSV.",
    ),
    (
        "E111", "the file is encrypted", True,
        "The content is protected by a password, so nothing in it was checked.",
        "Open it, remove the password, save a copy and scan the copy.",
    ),
    (
        "E112", "a sheet cannot be read", True,
        "The sheet's own data is damaged. The other sheets were read.",
        "Open the workbook, let the program repair it, and save a copy.",
    ),
    (
        "E113", "a sheet without cells was not read", False,
        "Chart, dialog and macro sheets hold no table.",
        "If the chart's figures matter, scan the sheet they come from.",
    ),
    (
        "E114", "a hidden sheet was read", False,
        "The sheet does not show when the workbook is opened, but its rows were checked like all others.",
        "Unhide it to look at its rows.",
    ),
    (
        "E115", "a formula has no stored value", True,
        "The workbook was written by a program that does not calculate. Formulas are never run here, so the "
        "cell has no text to check.",
        "Open the workbook in a spreadsheet program, save it, and scan again.",
    ),
    (
        "E116", "a cell holds an error value", False,
        "The spreadsheet shows #N/A, #REF! or the like instead of a value.",
        "Repair the formula if the cell should name an item.",
    ),
    (
        "E117", "a formula that reaches outside", True,
        "The cell starts a program, fetches a page or links elsewhere when a spreadsheet opens it. It was "
        "treated as text and nothing was run.",
        "Do not open the file in a spreadsheet program before the cell is cleared.",
    ),
    (
        "E118", "the character encoding was guessed", False,
        "The text is not UTF-8 and does not say what it is.",
        "Look at names with accents or hanzi; if they read wrongly, save the file as UTF-8.",
    ),
    (
        "E119", "mixed character encodings", True,
        "Some lines are in another encoding than the file. Each was read in the likeliest one.",
        "Look at the lines named, or save the file as UTF-8.",
    ),
    (
        "E120", "NUL bytes in the text", True,
        "Bytes of value zero stand inside the text, as after a crash. They were left out.",
        "Export the file again if the lines named look cut.",
    ),
    (
        "E121", "bidirectional control characters", True,
        "Invisible characters reverse the order in which text shows, so a person may see another name than "
        "the one stored. The stored order was checked.",
        "Look at the cells named in an editor that shows control characters.",
    ),
    (
        "E122", "a quotation mark is never closed", True,
        "A cell starts with a quotation mark that has no partner. It was read as an ordinary character, so "
        "that the lines after it are not swallowed.",
        "Correct the line named.",
    ),
    (
        "E123", "a row has more cells than the header", True,
        "The extra cells were kept and checked, but which column they belong to is not known.",
        "Correct the row named; an unquoted delimiter inside a cell is the usual cause.",
    ),
    (
        "E124", "a row has fewer cells than the header", False,
        "The missing cells were taken as empty.",
        "Correct the row named if cells were lost.",
    ),
    (
        "E125", "a cell is larger than the limit", True,
        "The cell was cut at the limit; what lies beyond was not checked.",
        "Split the cell, or raise the limit.",
    ),
    (
        "E126", "more columns than the limit", True,
        "The columns beyond the limit were joined into one, in order, and checked there.",
        "Transpose the table if rows and columns are exchanged.",
    ),
    (
        "E127", "lines above the header", False,
        "The table does not start in row 1. The lines above it are not records.",
        "Nothing, if they are a title.",
    ),
    (
        "E128", "no header row", False,
        "No row of names was recognised, so the first row was read as data and columns are numbered.",
        "Name columns with --map column_1=vendor_name, or add a header row.",
    ),
    (
        "E129", "no column to check", True,
        "No column seems to hold names, descriptions or identifiers, so no record was checked.",
        "Say which one does with --map COLUMN=FIELD.",
    ),
    (
        "E130", "a record is not valid JSON", True,
        "One line or element could not be parsed. Its raw text was kept and checked as text; the records "
        "around it were read.",
        "Correct the record named.",
    ),
    (
        "E131", "the JSON text ends early or is damaged", True,
        "Records up to the place named were read; what follows was not.",
        "Copy or export the file again.",
    ),
    (
        "E132", "JSON nested beyond the limit", True,
        "Levels below the limit were kept as text rather than as columns.",
        "Flatten the export.",
    ),
    (
        "E133", "a Parquet file is damaged", True,
        "The footer or some row groups could not be read; the other row groups were.",
        "Write the file again.",
    ),
    (
        "E134", "unknown column or field in --map", True,
        "`--map COLUMN=FIELD` names a column that no input has, or a field that does not exist.",
        "Use one of the names listed in the message.",
    ),
    (
        "E135", "parts of the workbook outside its cells", False,
        "Comments, text boxes, pictures and embedded files are not read.",
        "Look through them, or copy their text into cells.",
    ),
    (
        "E136", "an XML document type with entities", True,
        "The workbook declares entities, which no spreadsheet program writes and which can expand without "
        "bound. They were not expanded.",
        "Treat the file as hostile; ask its sender for a clean export.",
    ),
    (
        "E137", "a sheet spans an impossible area", True,
        "Some cells lie so far out that the sheet would need more memory than the bound allows. They were "
        "left out and the rest of the sheet was read, unless the message says otherwise.",
        "Delete the stray cells and save again.",
    ),
    (
        "E138", "keys that appear late", False,
        "Records further on have keys that the first ones did not. Their values were joined into one column "
        "and checked there.",
        "Nothing, unless such a key is a quantity or a date.",
    ),
)  # fmt: skip


def issue(code: str, at: str, what: str, *, lossy: bool | None = None) -> ReadIssue:
    """Make an issue; the next step of its code is appended when the text does not carry one.

    Args:
        code: a code of `CODES`.
        at: place inside the input, such as `row 17`, `sheet 'Old'!B3`, `byte 4096`.
        what: what happened and what was expected, as sentences.
        lossy: overrides the usual value of the code.
    """
    entry = CODES[code]
    return ReadIssue(
        code=code,
        at=at,
        what=f"{what} {entry.next_step}",
        lossy=entry.lossy if lossy is None else lossy,
    )


class IssueLog:
    """Collects issues, and joins what repeats so that a bad file does not give a million lines.

    Args:
        issues: the list to append to, shared with the reading.
        shown: how many issues of one code are listed one by one.
    """

    def __init__(self, issues: list[ReadIssue], shown: int = 20) -> None:
        self.issues = issues
        self.shown = shown
        self._seen: dict[tuple[str, bool], int] = {}
        self._last: dict[tuple[str, bool], str] = {}

    def add(self, code: str, at: str, what: str, *, lossy: bool | None = None) -> None:
        """Record one issue, or count it when its code was listed often enough."""
        made = issue(code, at, what, lossy=lossy)
        key = (code, made.lossy)
        count = self._seen.get(key, 0) + 1
        self._seen[key] = count
        self._last[key] = at
        if count <= self.shown:
            self.issues.append(made)

    def close(self) -> None:
        """Append one issue for each code that had more than were listed."""
        for (code, lossy), count in self._seen.items():
            more = count - self.shown
            if more > 0:
                at = self._last[(code, lossy)]
                self.issues.append(
                    ReadIssue(code, at, f"{more} more of this kind; the last is at {at}.", lossy)
                )
        self._seen.clear()
        self._last.clear()
