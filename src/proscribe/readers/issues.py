"""The input codes `E101` to `E138` and `E160` to `E164`: what each means and what to do next.

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
    (
        "E160", "XML that is broken in places", True,
        "The text breaks the rules of XML at the place named. The element it lies in was taken as far as it goes, "
        "reading went on at the next element that could be told, and the text between was checked as plain text.",
        "Export the file again, or repair the line named.",
    ),
    (
        "E161", "XML with entities of its own", True,
        "The document declares entities, or refers to some outside it. They can expand without bound or fetch other "
        "files, so they were neither expanded nor fetched.",
        "Treat the file as hostile unless you know its maker; ask for an export without a document type.",
    ),
    (
        "E162", "XML beyond a bound", True,
        "Elements lie too deep, one element is too large, or there are too many names. What lies beyond the bound was "
        "not read as elements.",
        "If the file is genuine, split it and scan the parts.",
    ),
    (
        "E163", "a line of a scan cannot be read", True,
        "The line is not what the format of the scanner says. Its text was kept and checked as plain text.",
        "Correct the line named, or export the scan again.",
    ),
    (
        "E164", "a scan that did not finish", False,
        "The file was read completely, but the scanner says that it was stopped or left targets out, so hosts can be "
        "missing.",
        "Run the scan to its end before you rely on a host being absent.",
    ),
    (
        "E165", "a line of a device listing that was not understood", True,
        "The line fits none of the known layouts of its format. Its text was kept in a table of its own and checked as "
        "plain text.",
        "Look at the line named; if it lists a device, save the listing in a plainer layout, such as CSV.",
    ),
    (
        "E166", "a listing or recording that breaks off", True,
        "The text ends within a record, or says itself that the device stopped answering. What came before was read.",
        "Record it again, with a longer timeout, and compare the number of records.",
    ),
    (
        "E167", "a value that does not fit its type", True,
        "A hardware address, number or hexadecimal value cannot be decoded. It was kept as it stands.",
        "Look at the record named, and record the device again if its value is cut.",
    ),
    (
        "E168", "more records of one device than the bound", True,
        "Records that have to be joined before they can be read are held in memory up to a bound. Those beyond it were "
        "given unjoined: all are checked, but what belongs together stands in several records.",
        "Split the recording by device or by table and scan the parts.",
    ),
    (
        "E173", "parts of the records that are not read", False,
        "The document holds more than says what a thing is and who made it: licences, hashes, vulnerabilities and the "
        "like, or parts that its format does not have. They were passed over.",
        "Nothing, unless one of the parts named says who made something.",
    ),
    (
        "E174", "a version of the format that is not known", False,
        "The document names a version that this release does not know. Fields that kept their names were read.",
        "Compare the number of records with the document, or export it in a version that is known.",
    ),
    (
        "E175", "parts that contain each other", False,
        "Following the parts upwards leads back to where it began, so quantities above that place cannot be known. What "
        "contains a find is shown all the same.",
        "Correct the parent of one of the parts named.",
    ),
    (
        "E176", "not a document that can be annotated", True,
        "Findings are written back into CycloneDX documents, JSON or XML, that can be parsed to their end.",
        "Name a CycloneDX document, or export it again if it is damaged.",
    ),
    (
        "E177", "a line that is no tag", True,
        "A line of an SPDX document is no tag with a value. It was kept and checked as plain text.",
        "Correct the line named; a text of several lines stands between <text> and </text>.",
    ),
    (
        "E178", "the structure could not be followed to its end", True,
        "There are more assemblies above the finds than the bound allows, or a parent is named that no record is. The "
        "finds themselves are complete; what contains them may not be.",
        "Scan the file of the product by itself, or give the record that is missing.",
    ),
    (
        "E169", "a capture that is damaged or was changed", True,
        "The capture has no end line, or an answer in it does not have the digest that was written beside it. What "
        "could be read was read; as evidence the file is in doubt.",
        "Copy the capture again from where it was made, or collect again.",
    ),
    (
        "E170", "an answer that is not understood", False,
        "A device answered with bytes that are not of the protocol, or break off. Their text was checked as it stands.",
        "Nothing, if the device is known; otherwise ask it by another protocol.",
    ),
    (
        "E171", "packets that cannot be read", True,
        "Packets were cut when they were captured, are damaged, or are of a kind that is not read. What they say does "
        "not count in the answer.",
        "Capture whole packets (tcpdump -s 0), on Ethernet.",
    ),
    (
        "E172", "more devices or streams than are held at once", False,
        "Memory is bounded. Devices were handed out as records when the bound was reached, so one may stand in two "
        "records; streams beyond the bound were not followed.",
        "Split the capture by time or by subnet.",
    ),
    (
        "E179", "a part of an image was not opened", True,
        "The part is told by its header, but its kind or packing is not read here, so its files were not seen. "
        "Strings that stand in it unpacked were read.",
        "Unpack the part with a tool of your own and scan the files, or install the program unblob and scan again.",
    ),
    (
        "E180", "a region that is encrypted or packed in an unknown way", True,
        "Its bytes are spread as evenly as those of encrypted or packed data and no header explains them. What "
        "it holds was not seen.",
        "Ask the maker for an unencrypted image or a list of parts; the rest of the image was read.",
    ),
    (
        "E181", "a part of an image is damaged or cut off", True,
        "A file system, archive or compressed part breaks off or points outside of itself. What could be had of "
        "it was read.",
        "Copy or download the image again and compare its size with the original.",
    ),
    (
        "E182", "an image reaches a bound", True,
        "Unpacked, the image or a part of it would be larger, deeper or of more files than the limits allow.",
        "If the image is genuine, unpack it yourself and scan the parts one by one.",
    ),
    (
        "E183", "the program unblob failed on a part", True,
        "unblob is installed and was tried on a part that cannot be opened here. It failed, or took too long and "
        "was stopped.",
        "Run unblob by hand on the part, or set PROSCRIBE_UNBLOB=off to leave it alone.",
    ),
    (
        "E184", "lists of vendors in an image were not matched", False,
        "Lists of USB, PCI and MAC vendors, manuals and licences name makers whatever device the image is for.",
        "Nothing, as a rule; --map firmware.tables=text has them checked like any text.",
    ),
    (
        "E186", "not an extract of SAM that is known", True,
        "The file has neither the shape of an entity extract nor that of an exclusions extract as GSA documents them. Nothing "
        "was taken from it.",
        "Ask SAM for the entity data as JSON with the section repsAndCerts, or for the exclusions as JSON or CSV.",
    ),
    (
        "E187", "a part of a SAM record that is not understood", True,
        "A field has another shape than GSA documents, or one paragraph was answered twice. It was not guessed at.",
        "Look at the record in SAM itself.",
    ),
    (
        "E188", "an identifier in a SAM record that cannot be one", True,
        "A UEI or CAGE code in the record has a form that no such code has, so the record cannot be found by it.",
        "Look the record up in SAM by name.",
    ),
    (
        "E189", "an extract of SAM that is damaged or too large", True,
        "The file breaks off, is no JSON, or is larger than the bound. Nothing was taken from it.",
        "Ask SAM for fewer entities at a time.",
    ),
    (
        "E185", "values around the records", False,
        "The export of a program wraps its records in counts, links and messages. They are no records and were not "
        "matched; the message shows them.",
        "Nothing, unless one of the values names a maker.",
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
