"""Answers in every format: scans and questionnaires, to a file or an open stream."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from proscribe.app.scan.scan_answers import GIVEN_BACK, SCAN_FORMATS, write_scan
from proscribe.reports.questions import FORMATS as QUESTION_FORMATS
from proscribe.reports.questions import Question, Questionnaire, to_csv, to_markdown, to_text, write_workbook

__all__ = [
    "GIVEN_BACK", "QUESTION_FORMATS", "SCAN_FORMATS", "Question", "Questionnaire", "questionnaire_bytes", "questions",
    "write_scan",
]  # fmt: skip


def questions(
    scan: str | Path,
    facts: Sequence[str | Path] = (),
    *,
    knowledge: Sequence[str | Path] = (),
    exceptions: bool = False,
) -> Questionnaire:
    """List what people still have to say about a scan: as little as settles it.

    Args:
        scan: the JSON of the scan.
        facts: files of facts and questionnaires that were filled in; a scan that was not decided is decided on them.
        knowledge: a snapshot or source folder, then layers; the shipped one by default.
        exceptions: also what decides nothing, but could show an exception, a waiver or a duty.

    Raises:
        InputError: E157 when it is not the JSON of a scan.
        CaseError: E401 to E411 when the facts are wrong.
    """
    from proscribe.app.papers.as_judged import with_names_of_rules
    from proscribe.app.rules.first_page import answered
    from proscribe.app.rules.questions import questionnaire, read_scan
    from proscribe.app.rules.scan_decide import Ready

    read = read_scan(Path(scan))
    ready = Ready.of(facts, knowledge=knowledge, known_as_of=read.known_as_of)
    if facts or read.decided is None or not read.decided.by_finding:
        read = ready.decide(read)
    else:
        read = with_names_of_rules(read, ready.decider)
    return answered(questionnaire(read, ready.decider, exceptions=exceptions), read)


def questionnaire_bytes(form: Questionnaire, name: str) -> bytes:
    """Write a questionnaire in one of `QUESTION_FORMATS`; CSV in UTF-8 without a byte-order mark."""
    if name == "xlsx":
        with TemporaryDirectory(prefix="proscribe-") as folder:
            book = Path(folder, "questions.xlsx")
            write_workbook(form, book)
            return book.read_bytes()
    text = {"csv": to_csv, "md": to_markdown, "table": to_text}[name](form)
    return text.encode("utf-8", "replace")
