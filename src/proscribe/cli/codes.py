"""The page of every error code, gathered from the rooms that raise them."""

from __future__ import annotations

_CALL = {
    "E140": ("a column that was not read names a screened firm", "The answer does not count what stands there.", "Read it with --map 'COLUMN=text'."),
    "E151": ("not a date", "Dates are ISO days.", "Write 2026-11-25."),
    "E152": ("not an output format", "The word before the equals sign of -o is not a format.", "Use one of those listed."),
    "E153": ("two formats for standard output", "Only one -o may go without a file.", "Give the others a file: -o html=report.html."),
    "E154": ("a mapping without column or field", "--map needs COLUMN=FIELD.", "Write --map 'Item name=text'."),
    "E155": ("no such code", "This version has no code of that number.", "Check the spelling."),
    "E156": ("a finding needs its scan", "A finding is explained from the scan that made it.", "Add --scan scan.json."),
    "E157": ("not the JSON of a scan", "The file named with --scan could not be read as a scan.", "Write one with -o json=scan.json."),
    "E158": ("no such finding", "The scan holds no finding of that id.", "Look the id up in the scan."),
    "E159": ("not a content field", "--field takes a field whose text is matched.", "Use text, model_number, mac, ..."),
    "E501": ("no permission", "The system refused to read or write there.", "Choose another place, or change its rights."),
    "E510": ("cannot write", "The file could not be written; nothing half-written was left.", "Check the place and the free space."),
    "E511": ("a worker process was ended", "The system ended a process before its part was matched, most often for lack of memory.", "Run again with --processes 1."),
}  # fmt: skip
_KNOWLEDGE = {
    "E201": "knowledge missing or empty", "E202": "knowledge damaged", "E203": "knowledge of another schema",
    "E204": "two ownership rows overlap", "E205": "not valid YAML or UTF-8", "E206": "a key stands twice",
    "E207": "anchors, tags and merge keys are refused", "E208": "too large or nested too deeply",
    "E209": "unknown field", "E210": "a required field is missing", "E211": "value not in the closed list",
    "E212": "value of the wrong shape", "E213": "CSV that cannot be read", "E214": "an id is used twice",
    "E215": "reference to something that is not there", "E216": "dates out of order",
    "E217": "example or near-miss missing", "E218": "a pattern that could run for ever",
    "E219": "an anchor that is not in every match", "E220": "a doubtful fact graded sure",
    "E221": "a review is overdue", "E223": "no such fact", "E224": "an own fact without the org: prefix, or a clash",
    "E225": "a local decision that cannot be used", "E226": "a file in the wrong place, or unreadable",
    "E227": "a released id has gone", "E228": "no such document",
}  # fmt: skip


def page(code: str) -> str | None:
    """Give the page of a code, or `None` when no room raises it."""
    from proscribe.documents.scan.codes import CODES as written
    from proscribe.readers import CODES as read

    found = read.get(code) or written.get(code)
    if found is not None:
        return _page(code, found.title, found.meaning, found.next_step)
    if code in _CALL:
        return _page(code, *_CALL[code])
    if code in _KNOWLEDGE:
        return _page(
            code,
            _KNOWLEDGE[code],
            "Knowledge is refused rather than used in part: a missing fact could read as a clearance.",
            "The message names file and line, what was expected, and the nearest valid name; mend it there and run "
            "`proscribe kb lint`.",
        )
    return None


def _page(code: str, title: str, meaning: str, next_step: str) -> str:
    return f"{code}  {title}\n\n  {meaning}\n\n  What to do: {next_step}"
