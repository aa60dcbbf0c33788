"""One answer of the law as the first sheet of a workbook."""

from __future__ import annotations

from typing import Any

from proscribe.model.answers import Answer
from proscribe.rules.answer_words import foot, headline, parts
from proscribe.rules.answers import NOT_ADVICE
from proscribe.wording import safe
from proscribe.wording.shown import visible

NAME = "Answers"
_LABEL_WIDTH, _TEXT_WIDTH = 28, 105
_LONGEST = 1_200
#: Characters to a line of the text column, and points to a line: a row of wrapped text is as high as its lines.
_PER_LINE, _LINE = 108, 15


def write_sheet(book: Any, name: str, answer: Answer) -> Any:
    """Add a sheet with an answer: the headline, what is due, what to ask, what is presumed, what would change it.

    Args:
        book: of XlsxWriter; where it keeps no rows in memory, the sheet has to be the first.
        name: of the sheet.
        answer: what is said.

    Returns:
        The sheet. Every cell is text, so that nothing in it can run.
    """
    sheet = book.add_worksheet(name)
    title = book.add_format({"bold": True, "font_size": 14, "text_wrap": True, "valign": "top"})
    label = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    text = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, _LABEL_WIDTH)
    sheet.set_column(1, 1, _TEXT_WIDTH)
    rows = [("As of " + answer.as_of, headline(answer), title)]
    for part in parts(answer):
        for place, one in enumerate(part.texts, start=1):
            first = part.heading or "What the law says"
            rows.append((first if place == 1 else "", f"{place}. {one}" if part.numbered else one, text))
    rows += [("", line, text) for line in (foot(answer), NOT_ADVICE) if line]
    for row, (heading, said, look) in enumerate(rows):
        shown = safe.plain(visible(said, _LONGEST), safe.LONGEST_CELL)
        lines = max(-(-len(shown) // _PER_LINE), 1)
        sheet.set_row(row, _LINE * lines + (6 if look is title else 0))
        sheet.write_string(row, 0, safe.plain(visible(heading, 80)), label)
        sheet.write_string(row, 1, shown, look)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.5)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&LWhat the law says&RPage &P of &N")
    return sheet
