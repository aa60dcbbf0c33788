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
_RULES = {
    "E301": "a rule or calendar file of another shape", "E302": "a rule refers to something that is not there",
    "E303": "an id of the law is used twice", "E304": "an expression that cannot be read",
    "E305": "two exceptions apply and disagree",
}  # fmt: skip
_CASES = {
    "E401": ("no such fact", "A case states a fact that the vocabulary does not have.", "Use the name that the message suggests."),
    "E402": ("not a value of the fact", "The fact exists, and the value is not one of those it can take.", "Use one of the values listed."),
    "E403": ("no such regime", "The regime is not in this version, or cannot be asked by name.", "See `proscribe law list`."),
    "E404": ("not a date", "A day of the case or of an option cannot be read.", "Write YYYY-MM-DD."),
    "E405": ("facts that contradict each other", "They cannot hold together, so any answer could be drawn from them.", "Correct one of the two, or leave it out: a fact that is absent is unknown."),
    "E406": ("a case of another shape", "A field is missing, unknown or of the wrong kind; no case of the file was decided.", "See docs/examples/case.yml."),
    "E407": ("a case file that is not strict YAML", "The text could not be parsed.", "Correct the line named."),
    "E408": ("a key stands twice", "Which of the two values was meant cannot be known.", "Remove one."),
    "E409": ("anchors, tags and merge keys are refused", "A case says in full what it says.", "Write the value out."),
    "E410": ("a case file too large or nested too deeply", "The bounds protect against hostile files.", "Split the file."),
    "E411": ("the case file cannot be read", "There is no such file, or the system refused to open it.", "Check the path and its rights."),
    "E412": ("no answers to a questionnaire", "No sheet or table of the file has the columns of a questionnaire.", "Write one with `proscribe questions scan.json -o xlsx=questions.xlsx` and keep its columns."),
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
    if code in _CASES:
        return _page(code, *_CASES[code])
    if code in _RULES:
        return _page(
            code,
            _RULES[code],
            "A rule that cannot be evaluated is never skipped: its silence would read as permission. Nothing was decided.",
            "The message names the rule. In knowledge of your own, mend it and run `proscribe decide CASES.yml --check`; in the "
            "knowledge as shipped, report it with the case.",
        )
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
