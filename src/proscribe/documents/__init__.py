"""Documents that are signed, filed or handed over: data first, then PDF, Word and Markdown.

    law = paper_law(Snapshot.open(), "far-report")
    paper = make("far-report", inputs, law)
    paper.state, paper.obstacles
    files = {name: render(paper, name) for name in FORMATS}

A type of document is a folder that declares it; see `proscribe.documents.registry`. A builder is pure: the same inputs and
knowledge give the same data, and the data alone gives every file, the same bytes each time.
"""

from proscribe.documents.formats import FORMATS, laid_out, make, paper_from_json, render
from proscribe.documents.law import PaperLaw, paper_law
from proscribe.documents.reading import inputs_from_json
from proscribe.documents.registry import TYPES, PaperType, paper_type
from proscribe.documents.schema import schema_of, validate

__all__ = [
    "FORMATS", "TYPES", "PaperLaw", "PaperType", "inputs_from_json", "laid_out", "make", "paper_from_json", "paper_law",
    "paper_type", "render", "schema_of", "validate",
]  # fmt: skip
