"""The beginning of a text file, decoded."""

from __future__ import annotations

from dataclasses import dataclass

from proscribe.readers._text import HEAD_BYTES, Encoding, decode_head, sniff_encoding
from proscribe.readers.base import Source

#: What may stand before the first word of a text.
BLANK = "\ufeff \t\r\n"


@dataclass(frozen=True, slots=True)
class HeadView:
    """The decoded beginning of a text file.

    Attributes:
        text: whole lines, or all of it when the file ends within.
        complete: whether it is the whole file.
        newline: the character lines end with: `\\n` also for `\\r\\n`, or a lone `\\r`.
    """

    encoding: Encoding
    text: str
    complete: bool
    newline: str = "\n"

    def lines(self, most: int) -> list[str]:
        """Give the first lines that are not blank, without line ends; blank ones count."""
        return [line.rstrip("\r") for line in self.text.split(self.newline)[:most] if line.strip()]


def first_character(source: Source) -> str:
    """Give the first character of a text that is not blank, of those that JSON and XML begin with; else empty."""
    with source.path.open("rb") as file:
        start = file.read(4096).lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")[:1]
    return start.decode("ascii") if start in (b"[", b"{", b"<") else ""


def read_head(source: Source) -> bytes:
    """Read enough of a file to tell its dialect: at least the first lines, whatever their length."""
    with source.path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        while len(head) < 64 * HEAD_BYTES and head.count(b"\n") < 3:
            more = file.read(len(head) or 1)
            if not more:
                break
            head += more
    return head


def view_head(head: bytes, complete: bool) -> HeadView | None:
    """Decode the beginning of a file; `None` when it is not text."""
    encoding = sniff_encoding(head)
    if encoding is None:
        return None
    text = decode_head(head, encoding).replace("\0", "")
    newline = "\n" if "\n" in text or "\r" not in text else "\r"
    if not complete:
        cut = text.rfind(newline)
        text = text[: cut + 1] if cut >= 0 else text
    return HeadView(encoding, text, complete, newline)


def view_source(source: Source) -> HeadView | None:
    """Decode the beginning of a file, as much of it as tells its dialect; `None` when it is not text."""
    head = read_head(source)
    return view_head(head, source.size_bytes <= len(head))
