"""Mails as EML, MHTML: the header, the words, and the files that hang on them.

Taken apart by the package `email` of the standard library. References: RFC 5322, RFC 2045 to 2049.
"""

from __future__ import annotations

import email
import email.policy
import re
from binascii import Error as BinasciiError
from binascii import a2b_uu
from collections.abc import Iterator
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message

from proscribe.readers._grammar import grammar
from proscribe.readers.base import Options, Source
from proscribe.readers.head import Head
from proscribe.readers.holding import is_file
from proscribe.readers.kept import words_of_signature
from proscribe.readers.sources import temporary_file
from proscribe.readers.written.html import decoded, take_page
from proscribe.readers.written.pieces import Aside, Inner, Piece, Text
from proscribe.readers.written.reading import WrittenReading
from proscribe.readers.written.rtf import take_rtf

#: Bytes of one mail; the parser holds it whole.
MAX_BYTES = 256 * 1024**2
#: Parts of one mail, and levels of parts in parts.
_MOST_PARTS, _DEEPEST = 2_000, 40
#: Characters of one header; the package takes longer with each encoded word of it.
_LONGEST_HEADER = 64 * 1024
_WORDS = grammar("written/marks.yml").words
#: Fields that prove who sent a mail: numbers and names of machines.
_SEAL = re.compile(r"(?i)signature|seal")
#: Parts of which a mail holds a piece, or only where the content lies.
_ELSEWHERE = ("message/external-body", "message/partial")
_FIELD = re.compile(r"([!-9;-~]{1,76}):(?:[ \t]|$)")


def header_fields(lines: list[str]) -> list[str] | None:
    """Give the names of the fields that a text begins with, small; `None` when it does not begin as a mail does."""
    names: list[str] = []
    for number, line in enumerate(lines):
        if not line.strip():
            break
        if number == 0 and line.startswith("From "):
            continue
        if line[0] in " \t":
            if not names:
                return None
            continue
        found = _FIELD.match(line)
        if found is None:
            return None
        names.append(found[1].lower())
    return names


#: What ends a line of a mail; other signs that some programs take for the end of one stand inside a line.
_LINE_END = re.compile(r"\r\n|\r|\n")
#: A file written into a text as programs did before MIME.
_UUENCODED = re.compile(
    r"(?m)^begin [0-7]{3,4} (?P<name>[^\r\n]{1,200})\r?\n(?P<lines>(?:[ -`]{1,90}\r?\n)+?)end[ \t]*\r?$"
)


class MailReading(WrittenReading):
    """An opened mail."""

    carries = True

    def _take_apart(self) -> None:
        mail = self._mail()
        if mail is None:
            return
        self._header(mail)
        self._take_unread_fields("header", mail, _WORDS["mail_read"])
        self._said: dict[str, set[str]] = {}
        for number, (place, part) in enumerate(_parts(mail), start=1):
            if number > _MOST_PARTS:
                self._log.add("E145.too_many", place, most=_MOST_PARTS)
                break
            if part is not mail:
                self._take_unread_fields(place, part)
            if part.get_content_type() in _ELSEWHERE:
                self._log.add("E145.elsewhere", _name(part) or place, lossy=True)
            self._part(place, part)
        self._say_pictures("mail")
        for defect in mail.defects[:1]:
            self._log.add("E139.mail_defect", "mail", why=type(defect).__name__)

    def _mail(self) -> Message | None:
        """Parse the mail; `None` where nothing of it can be."""
        data = self._first_bytes(MAX_BYTES).lstrip(b"\xef\xbb\xbf\r\n")
        try:
            return email.message_from_bytes(data, policy=email.policy.compat32)
        except (ValueError, LookupError, RecursionError) as problem:
            self._log.add("E109.document_damaged", "byte 0", why=problem)
            return None

    def _header(self, mail: Message) -> None:
        for name in sorted(_WORDS["mail_read"]):
            for value in mail.get_all(name, [])[:100]:
                text = str(value)
                if len(text) > _LONGEST_HEADER:
                    self._log.add(
                        "E125.value_cut_characters", f"header {name}", longest_value=_LONGEST_HEADER
                    )
                self._place(Text(f"header {name}", f"{name}: {_plain(text[:_LONGEST_HEADER])}"))

    def _take_unread_fields(self, place: str, part: Message, read: frozenset[str] = frozenset()) -> None:
        """Have the fields of a header probed that are not read, and the words before and behind the parts."""
        known = {name.lower() for name in read}
        for name, value in part.items()[:_MOST_PARTS]:
            if name.lower() not in known and not _SEAL.search(name):
                self._place(Aside(f"{place}, {name}", _plain(str(value)[:_LONGEST_HEADER])))
        for where, words in (("before", part.preamble), ("behind", part.epilogue)):
            if words:
                self._place(Aside(f"{place}, {where} the parts", str(words)))

    def _part(self, place: str, part: Message) -> None:
        kind = part.get_content_type()
        name = _name(part)
        if kind in _WORDS["mail_encrypted"] and "signed-data" not in str(_smime(part)):
            self._log.add("E111", place, "This part of the mail is encrypted.")
            return
        if part.is_multipart():
            if kind == "message/rfc822":
                inner = part.get_payload(0)
                if isinstance(inner, Message):
                    self._copy_out(name or f"{place} (mail)", bytes(inner))
            return
        content = _content(part)
        if content is None:
            self._log.add(
                "E145.cannot_be_taken_out", name or place, why="it is encoded in a way that is not known"
            )
            return
        if kind in _WORDS["mail_signatures"] and self._is_signature(place, name, content):
            return
        if kind.startswith("image/"):
            target = temporary_file()
            target.write_bytes(content)
            self._open_picture(name or f"{place} ({kind})", target)
            if name:
                self._place(Text(f"{place}, name of the picture", name))
        elif kind == "text/rtf" and not name and content.startswith(b"{"):
            twins = self._said.setdefault(place.rpartition(".")[0], set())
            take_rtf(content, lambda piece: self._place_new(piece, twins), self._log, f"{place}, ")
        elif (
            kind.startswith(("text/plain", "text/html"))
            and part.get_content_disposition() != "attachment"
            and not is_file(content)
        ):
            charset = _charset(part)
            text = _text(content, charset)
            if "\ufffd" in text and b"\xef\xbf\xbd" not in content:
                self._log.add("E119.bytes_no_utf_stand", place)
            # The same words stand in a mail as plain text and as a page: what was said is not said again.
            twins = self._said.setdefault(place.rpartition(".")[0], set())
            if kind == "text/html":
                take_page(text, lambda piece: self._place_new(piece, twins), f"{place}, ")
                return
            for number, line in enumerate(_LINE_END.split(self._without_files(text, place)), start=1):
                twins.add(" ".join(line.split()))
                self._place(Text(f"{place}, line {number}", line))
        elif content:
            self._copy_out(name or f"{place} ({kind})", content)

    def _is_signature(self, place: str, name: str, content: bytes) -> bool:
        """Tell a signature by its form, and have the words in it probed; a list under its type is read."""
        words = words_of_signature(content)
        for word in () if words is None else (*words, name):
            self._place(Aside(f"{place}, signature", word))
        return words is not None

    def _without_files(self, text: str, place: str) -> str:
        """Take the files out that an old program wrote into the text of a mail, and keep its lines."""

        def take(found: re.Match[str]) -> str:
            try:
                content = b"".join(map(a2b_uu, found["lines"].splitlines()))
            except (BinasciiError, ValueError) as problem:
                self._log.add("E145.cannot_be_taken_out", found["name"], why=problem)
                return found[0]
            self._copy_out(found["name"].strip() or f"{place} (uuencoded)", content)
            return f"{found['name']}" + "\n" * found[0].count("\n")

        return _UUENCODED.sub(take, text)

    def _place_new(self, piece: Piece, said: set[str]) -> None:
        if not (isinstance(piece, Text) and piece.text in said):
            self._place(piece)

    def _copy_out(self, name: str, content: bytes) -> None:
        target = temporary_file()
        target.write_bytes(content)
        self._place(Inner(name, target))


def _parts(mail: Message) -> Iterator[tuple[str, Message]]:
    """Yield the parts with their numbers, as `part 1.2`; a mail that lies in the mail is one part."""
    waiting: list[tuple[str, Message, int]] = [("body" if not mail.is_multipart() else "", mail, 0)]
    while waiting:
        place, part, level = waiting.pop()
        yield place or "mail", part
        if not part.is_multipart() or part.get_content_type() == "message/rfc822" or level >= _DEEPEST:
            continue
        inside = part.get_payload()
        if isinstance(inside, list):
            lead = f"{place}." if place else "part "
            waiting += [
                (f"{lead}{number}", child, level + 1)
                for number, child in reversed(list(enumerate(inside, start=1)))
                if isinstance(child, Message)
            ]


def _plain(value: object) -> str:
    """Give a header as people read it."""
    text = " ".join(str(value).split())
    try:
        return str(make_header(decode_header(text)))
    except (MessageError, LookupError, UnicodeError, ValueError):
        return text


def _name(part: Message) -> str:
    try:
        name = part.get_filename()
    except (MessageError, LookupError, UnicodeError, ValueError):
        name = None
    return _plain(name[:_LONGEST_HEADER])[:200] if name else ""


def _smime(part: Message) -> object:
    try:
        return part.get_param("smime-type") or ""
    except (MessageError, LookupError, UnicodeError, ValueError):
        return ""


def _charset(part: Message) -> str | None:
    try:
        return part.get_content_charset()
    except (MessageError, LookupError, UnicodeError, ValueError):
        return None


def _content(part: Message) -> bytes | None:
    try:
        content = part.get_payload(decode=True)
    except (MessageError, ValueError, LookupError, UnicodeError):
        return None
    return content if isinstance(content, bytes) else None


def _text(content: bytes, charset: str | None) -> str:
    if charset is not None:
        try:
            return content.decode(charset)
        except (LookupError, UnicodeError, ValueError):
            pass
    text = decoded(content) if content else ""
    return content.decode("latin-1") if text is None else text


class Mail:
    """Reader of mails."""

    name = "mail"
    version = 1

    def sniff(self, head: Head) -> int:
        """Score what begins with the header of a mail 97, else 0."""
        if head.view is None:
            return 0
        names = header_fields(head.start.split("\n")[:400])
        if not names:
            return 0
        known = _WORDS["mail_known"].intersection(names)
        if len(known) >= 3 and (
            known & _WORDS["mail_telling"] or {"from", "subject"} <= known or {"from", "to"} <= known
        ):
            return 97
        return 0

    def open(self, source: Source, options: Options) -> MailReading:
        """Open the mail; what it is damaged by becomes an issue."""
        return MailReading(source, options, self.name)
