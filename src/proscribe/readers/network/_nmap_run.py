"""Which run of nmap a file is an export of: XML, normal and greppable output of one run name it alike."""

from __future__ import annotations

from html import unescape

from proscribe.readers._grammar import grammar
from proscribe.readers._text import decode_head, sniff_encoding
from proscribe.readers.base import Source

_RE = grammar("network/grammars/nmap_run.yml").patterns
#: Bytes at the start and at the end of a file in which a run is named.
_HEAD, _TAIL = 16_384, 8_192


def run_of(source: Source) -> str:
    """Name the run: when it began, what was asked, how many hosts answered, and how long it took to the hundredth second.

    Each of these alone may be that of another scan: branches scan the same addresses at the same time of the night. All
    together they are not. A scan that was not finished, or whose file does not say all of them, has no name.
    """
    with source.path.open("rb") as file:
        head = file.read(_HEAD)
        file.seek(max(0, source.size_bytes - _TAIL))
        tail = file.read(_TAIL)
    encoding = sniff_encoding(head)
    if encoding is None or not encoding.ascii_compatible:
        return ""
    begun, asked = _beginning(decode_head(head, encoding))
    start = f"{begun}: {asked}" if begun and asked else ""
    ends = list(_RE["end"].finditer(tail.decode("utf-8", "replace")))
    if not start or not ends:
        return ""
    hosts, up, seconds = ends[-1].groups()
    return f"{start}, {up} of {hosts} hosts up, {float(seconds):.2f} s"


def asked_of(source: Source) -> str:
    """Say when a run began and what was asked, as its file says at its beginning; empty where it does not."""
    with source.path.open("rb") as file:
        head = file.read(_HEAD)
    encoding = sniff_encoding(head)
    if encoding is None or not encoding.ascii_compatible:
        return ""
    begun, asked = _beginning(decode_head(head, encoding))
    return ": ".join(filter(None, (begun, asked)))


def _beginning(text: str) -> tuple[str, str]:
    """Give when a run began and what was asked, each empty where the file does not say it."""
    found = _RE["text_start"].search(text)
    if found is not None:
        begun, asked = found.groups()
    else:
        root = _RE["xml_root"].search(text)
        if root is None:
            return "", ""
        given = {name: unescape(value) for name, _, value in _RE["attribute"].findall(root[0])}
        begun, asked = given.get("startstr", ""), given.get("args", "")
    return " ".join(begun.split()), " ".join(asked.split())
