"""Messages as Outlook saves them (MSG), made into a mail as others write it: header, words, and what hangs on it.

The container is read with olefile. Everything that is text is kept: properties of no known field become fields of the header
that are probed for names. References: MS-CFB, MS-OXMSG, MS-OXPROPS, MS-OXRTFCP.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from email.encoders import encode_base64
from email.errors import MessageError
from email.message import Message
from email.mime.nonmultipart import MIMENonMultipart
from email.parser import BytesParser, HeaderParser
from email.policy import compat32
from email.utils import format_datetime
from functools import cached_property
from pathlib import Path

import olefile

from proscribe.readers._grammar import grammar
from proscribe.readers.base import Options, Source
from proscribe.readers.head import Head
from proscribe.readers.issues import IssueLog
from proscribe.readers.written.mail import MAX_BYTES, MailReading

#: What stands in the outermost level of a message and of no other file of this container.
PROPERTIES = "__properties_version1.0"
#: Everything that a damaged container makes the package raise.
OLE_ERRORS = (
    OSError, ValueError, IndexError, KeyError, AttributeError, TypeError, RecursionError, OverflowError, struct.error,
)  # fmt: skip
_STREAM = "__substg1.0_"
_ATTACHMENT, _RECIPIENT = "__attach_version1.0_", "__recip_version1.0_"
#: Bytes that stand before the properties, by where they stand; each property has sixteen.
_HEAD_OUTER, _HEAD_INNER, _HEAD_PART, _ENTRY = 32, 24, 8, 16
#: Levels of messages within each other that are taken out here.
_DEEPEST = 8
_WIDE, _NARROW, _BINARY, _STORAGE = "001F", "001E", "0102", "000D"
_BODY, _HTML, _RTF, _CONTENT, _HEADERS = "1000", "1013", "1009", "3701", "007D"
_CODE_PAGE, _HTML_PAGE, _METHOD = 0x3FFD, 0x3FDE, 0x3705
#: When it was sent, and when it came: in tenths of a microsecond since the first day of 1601.
_SENT = (0x0039, 0x0E06)
_FIRST_DAY = datetime(1601, 1, 1, tzinfo=UTC)
_BY_VALUE, _MESSAGE, _OBJECT = 1, 5, 6
#: Characters of a field of the header.
_LONGEST = 1 << 17
_WORD = re.compile(r"[a-z0-9][a-z0-9.+-]{0,100}")
_NAMES = ("3707", "3704", "3001")  # of a file: long, short, as it is shown
_GRAMMAR = grammar("written/marks.yml")
#: Properties to the fields of a header that say the same.
_FIELDS = _GRAMMAR.maps["outlook_fields"]
#: Properties that hold names of machines, keys and what another one says already.
_MACHINE = _GRAMMAR.words["outlook_machine"]
#: What every compressed RTF may refer to (MS-OXRTFCP, 3.1.1.1).
_COMMON = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans SerifSymbol"
    rb"ArialTimes New RomanCourier{\colortbl\red0\green0\blue0" b"\r\n" rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)  # fmt: skip
_WINDOW = 4096
#: Stands at the beginning of RTF that was made of the page beside it.
_MADE_OF_PAGE = b"\\fromhtml"
_PACKED, _PLAIN = b"LZFu", b"MELA"


class TooLargeError(Exception):
    """The message holds more bytes than are read of one."""


def is_message(path: Path) -> bool:
    """Tell a message from other files of its container; one that cannot be opened is none."""
    try:
        with olefile.OleFileIO(path) as container:
            return bool(container.exists(PROPERTIES))
    except OLE_ERRORS:
        return False


def mail_of(path: Path, most: int, log: IssueLog) -> Message:
    """Make a mail of a message.

    Args:
        most: bytes of all its streams together that are read.
        log: where it is said what is damaged or cannot be taken out.

    Raises:
        TooLargeError: when there are more.
        OSError, ValueError, ...: `OLE_ERRORS`, when nothing of the container can be read.
    """
    with olefile.OleFileIO(path) as container:
        return _Level(_Work(container, most, log), (), _HEAD_OUTER).mail(0)


class _Work:
    """The container, and what is left of the bound.

    Attributes:
        children: names of storages and streams, by the storage that holds them.
    """

    def __init__(self, container: olefile.OleFileIO, left: int, log: IssueLog) -> None:
        self.log = log
        self._container, self._left = container, left
        self.children: dict[tuple[str, ...], list[str]] = {}
        for path in container.listdir(streams=True, storages=True):
            self.children.setdefault(tuple(path[:-1]), []).append(path[-1])

    def read(self, path: tuple[str, ...]) -> bytes:
        """Read a stream; empty when it is not there or damaged."""
        if path[-1] not in self.children.get(path[:-1], ()):
            return b""
        try:
            self._left -= self._container.get_size(list(path))
            if self._left < 0:
                raise TooLargeError
            with self._container.openstream(list(path)) as stream:
                return bytes(stream.read())
        except OLE_ERRORS:
            self.log.add("E109.part_archive_damaged", "/".join(path))
            return b""


class _Level:
    """A storage with properties: a message, a recipient or what hangs on a message."""

    def __init__(self, work: _Work, path: tuple[str, ...], head: int) -> None:
        self._work, self._path = work, path
        data = work.read((*path, PROPERTIES))
        #: Values of properties that are numbers, by their number.
        whole = len(data) - (len(data) - head) % _ENTRY
        self._numbers: dict[int, int] = {
            tag >> 16: value for tag, _, value in struct.iter_unpack("<IIQ", data[head:whole])
        }

    def number(self, name: int) -> int:
        """Give a property that is a number; 0 where there is none."""
        return self._numbers.get(name, 0) & 0xFFFFFFFF

    @cached_property
    def _page(self) -> str:
        return f"cp{self.number(_CODE_PAGE) or 1252}"

    @property
    def _children(self) -> Iterable[str]:
        return self._work.children.get(self._path, ())

    def bytes(self, name: str) -> bytes:
        """Give a property of bytes."""
        return self._work.read((*self._path, f"{_STREAM}{name}{_BINARY}"))

    def text(self, name: str) -> str:
        """Give a property of text, however it is written; empty where there is none."""
        wide = self._work.read((*self._path, f"{_STREAM}{name}{_WIDE}"))
        if wide:
            return wide.decode("utf-16-le", "replace").rstrip("\0")
        return _decoded(self._work.read((*self._path, f"{_STREAM}{name}{_NARROW}")), self._page).rstrip("\0")

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield the name and value of each property of text."""
        for child in self._children:
            name, kind = child[len(_STREAM) : -4].upper(), child[-4:].upper()
            if child.startswith(_STREAM) and len(name) == 4 and kind in (_WIDE, _NARROW):
                yield name, self.text(name)

    def _below(self, begin: str, head: int) -> Iterator[_Level]:
        for child in self._children:
            if child.startswith(begin):
                yield _Level(self._work, (*self._path, child), head)

    def mail(self, level: int) -> Message:
        """Make a mail of a message and of all that hangs on it."""
        mail = Message(compat32)
        try:
            sent = HeaderParser(policy=compat32).parsestr(self.text(_HEADERS).lstrip("\r\n"))
        except (MessageError, ValueError):
            sent = Message(compat32)
        for field, value in sent.items():
            if not field.lower().startswith(("content-", "mime-version")):
                _add(mail, field, value)
        for name, value in self.texts():
            field = _FIELDS.get(name, "")
            if field and field not in sent:
                _add(mail, field, value)
            elif not field and name not in (_BODY, _HTML, _HEADERS) and name not in _MACHINE:
                _add(mail, f"Property-{name}", value)
        for at, recipient in enumerate(self._below(_RECIPIENT, _HEAD_PART), start=1):
            for name, value in recipient.texts():
                if name not in _MACHINE:
                    _add(mail, f"Recipient-{at}-{name}", value)
        if "Date" not in mail:
            _add(mail, "Date", self._sent())
        mail["Content-Type"] = "multipart/mixed"
        hanging = (one.hanging(level) for one in self._below(_ATTACHMENT, _HEAD_PART))
        mail.set_payload([self._words(), *(part for part in hanging if part is not None)])
        return mail

    def _sent(self) -> str:
        """Give the instant at which a message was sent, or else came, as mails write it."""
        ticks = next((self._numbers[name] for name in _SENT if self._numbers.get(name)), 0)
        try:
            return format_datetime(_FIRST_DAY + timedelta(microseconds=ticks // 10)) if ticks else ""
        except OverflowError:
            return ""

    def _words(self) -> Message:
        """Give the words of a message in each of the forms that it holds."""
        words = Message(compat32)
        words["Content-Type"] = "multipart/alternative"
        words.set_payload([])
        body = self.text(_BODY)
        if body:
            words.attach(_part("text/plain", body.encode("utf-8", "replace"), charset="utf-8"))
        page, written = self.bytes(_HTML), self.text(_HTML)
        if page:
            number = self.number(_HTML_PAGE)
            words.attach(_part("text/html", page, **({"charset": f"cp{number}"} if number else {})))
        elif written:
            words.attach(_part("text/html", written.encode("utf-8", "replace"), charset="utf-8"))
        rich = unpacked_rtf(self.bytes(_RTF))
        if rich and not (_MADE_OF_PAGE in rich[:_LONGEST] and (page or written)):
            words.attach(_part("text/rtf", rich))
        return words

    def hanging(self, level: int) -> Message | None:
        """Give what hangs on a message as a part of a mail; `None` where it cannot be taken out, which is said."""
        name = next((text for text in map(self.text, _NAMES) if text.strip()), "").strip()
        kind = self.text("370E").strip().lower()
        method = self.number(_METHOD)
        if method == _MESSAGE and level < _DEEPEST:
            inner = Message(compat32)
            inner["Content-Type"] = "message/rfc822"
            within = _Level(self._work, (*self._path, f"{_STREAM}{_CONTENT}{_STORAGE}"), _HEAD_INNER)
            inner.set_payload([within.mail(level + 1)])
            return _named(inner, name)
        if method in (_MESSAGE, _OBJECT):
            self._work.log.add("E145.objects", name or "/".join(self._path), count=1)
            return None
        if method > _BY_VALUE:
            self._work.log.add("E145.elsewhere", name or "/".join(self._path), lossy=True)
            return None
        content = self.bytes(_CONTENT)
        if kind.startswith("multipart/"):
            # a signed message hangs on its outer one as it was sent
            return BytesParser(policy=compat32).parsebytes(content)
        return _named(_part(kind or "application/octet-stream", content), name)


def _part(kind: str, content: bytes, **said: str) -> Message:
    main, _, sub = kind.partition(";")[0].partition("/")
    if not _WORD.fullmatch(main) or not _WORD.fullmatch(sub):
        main, sub = "application", "octet-stream"
    part = MIMENonMultipart(main, sub, policy=compat32, **said)
    part.set_payload(content)
    encode_base64(part)
    return part


def _named(part: Message, name: str) -> Message:
    said = {"filename": ("utf-8", "", " ".join(name.split()))} if name else {}
    part.add_header("Content-Disposition", "attachment", **said)
    return part


def _add(mail: Message, field: str, value: object) -> None:
    text = " ".join(str(value)[:_LONGEST].split())
    if text:
        mail[field] = text


def _decoded(data: bytes, page: str) -> str:
    try:
        return data.decode("utf-8" if page == "cp65001" else page, "replace")
    except LookupError:
        return data.decode("cp1252", "replace")


def unpacked_rtf(data: bytes) -> bytes:
    """Unpack RTF as messages hold it; one that breaks off is given as far as it goes, what is no such thing as it is."""
    kind, content = data[8:12], data[16:]
    most = int.from_bytes(data[4:8], "little")
    if kind == _PLAIN:
        return content[:most]
    if kind != _PACKED:
        return data
    window = bytearray(_COMMON.ljust(_WINDOW, b"\0"))
    place = len(_COMMON)
    out = bytearray()
    at = 0
    while at < len(content) and len(out) < most:
        flags, at = content[at], at + 1
        for bit in range(8):
            if flags >> bit & 1:
                pair = int.from_bytes(content[at : at + 2], "big")
                at += 2
                start = pair >> 4
                if start == place or at > len(content):
                    return bytes(out)
                for step in range((pair & 15) + 2):
                    byte = window[(start + step) % _WINDOW]
                    out.append(byte)
                    window[place] = byte
                    place = (place + 1) % _WINDOW
            elif at < len(content):
                out.append(content[at])
                window[place] = content[at]
                place, at = (place + 1) % _WINDOW, at + 1
    return bytes(out[:most])


class OutlookReading(MailReading):
    """An opened message of Outlook."""

    def _mail(self) -> Message | None:
        try:
            return mail_of(self._source.path, MAX_BYTES, self._log)
        except TooLargeError:
            self._log.add("E146.document_bytes", "document", most=MAX_BYTES)
        except OLE_ERRORS as problem:
            self._log.add("E109.document_damaged", "byte 0", why=problem)
        return None


class Outlook:
    """Reader of messages that Outlook saved."""

    name = "outlook"
    version = 1

    def sniff(self, head: Head) -> int:
        """Score a message 97, another file of its container 0."""
        return 97 if head.data.startswith(b"\xd0\xcf\x11\xe0") and is_message(head.source.path) else 0

    def open(self, source: Source, options: Options) -> OutlookReading:
        """Open the message; what it is damaged by becomes an issue."""
        return OutlookReading(source, options, self.name)
