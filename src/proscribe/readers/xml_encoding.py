"""What expat raises for an encoding that it does not know."""

from __future__ import annotations

from xml.parsers import expat

#: An XML declaration, with the mark before it, ends before this.
_DECLARATION_BYTES = 200


def is_unknown_encoding(parser: expat.XMLParserType, problem: Exception) -> bool:
    """Tell whether expat failed at the encoding that a document declares, which is no `ExpatError`.

    For a name that Python does not know it raises LookupError, for one of several bytes a character ValueError.

    Args:
        parser: the parser as the error left it.
        problem: what it raised.
    """
    if type(problem) is LookupError:
        return True
    return isinstance(problem, ValueError) and 0 <= parser.CurrentByteIndex < _DECLARATION_BYTES
