"""Whom may be asked: addresses that the user names, one by one or as a CIDR block, and no others."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from proscribe.model.errors import ProscribeError, error
from proscribe.wording.lines import lines_of

#: Most addresses of one run: a /20 block.
MAX_TARGETS = 4_096
_MAX_FILE_BYTES = 1_048_576
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Scope:
    """The addresses that may be asked.

    Attributes:
        given: the targets as the user wrote them.
        addresses: the addresses, in order, each once.
    """

    given: tuple[str, ...]
    addresses: tuple[str, ...]
    _known: frozenset[str]

    @classmethod
    def of(cls, given: Iterable[str], addresses: Iterable[str]) -> Scope:
        """Make the scope of these addresses."""
        listed = tuple(dict.fromkeys(addresses))
        return cls(tuple(given), listed, frozenset(listed))

    def holds(self, address: str) -> bool:
        """Tell whether an address is a target; an IPv4 address in IPv6 clothes is its IPv4 address."""
        return plain(address) in self._known

    def require(self, address: str) -> None:
        """Refuse an address that is no target.

        Raises:
            EnvironmentProblem: E528; nothing was sent.
        """
        if not self.holds(address):
            raise error("E528", at=address)


def plain(address: str) -> str:
    """Give the usual spelling of an address, without zone, IPv4 out of its IPv6 mapping."""
    try:
        found = ipaddress.ip_address(address.split("%", 1)[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(found)


def read_targets(text: str, *, allow_public: bool = False) -> Scope:
    """Read `--targets`: a CIDR block, one address, or a file with one of either on a line.

    In a file `#` begins a comment. Host names are refused: looking one up would ask a third party, and its answer
    may lie anywhere.

    Args:
        text: what the user wrote.
        allow_public: whether addresses of the public internet may be asked.

    Raises:
        UsageError: E520 no address or block, E521 too many, E522 public, E523 never a single device, E524 the file
            cannot be read or names none.
    """
    named = _from_file(text)
    entries = [(text, "--targets")] if named is None else named
    if not entries:
        raise error("E524.empty", at=text)
    found: dict[str, None] = {}
    for entry, at in entries:
        for address in _addresses(entry, at):
            _check(address, at, allow_public=allow_public)
            found[str(address)] = None
            if len(found) > MAX_TARGETS:
                raise _too_many(at)
    return Scope.of([entry for entry, _ in entries], found)


def _from_file(text: str) -> list[tuple[str, str]] | None:
    try:
        ipaddress.ip_network(text, strict=False)
        return None
    except ValueError:
        pass
    path = Path(text)
    try:
        if not path.is_file():
            raise error("E520.named", at="--targets", text=text)
        with path.open("rb") as file:
            data = file.read(_MAX_FILE_BYTES + 1)
    except (OSError, ValueError) as problem:
        why = getattr(problem, "strerror", None) or "not a usable path"
        raise error("E524.unreadable", at=text, why=why) from problem
    if len(data) > _MAX_FILE_BYTES:
        raise error("E524.too_large", at=text, max_file_bytes=_MAX_FILE_BYTES, max_targets=MAX_TARGETS)
    lines = lines_of(data.decode("utf-8-sig", "replace"))
    entries = [(line.split("#", 1)[0].strip(), f"{text}:{number}") for number, line in enumerate(lines, 1)]
    return [(entry, at) for entry, at in entries if entry]


def _addresses(entry: str, at: str) -> Iterator[_Address]:
    try:
        network = ipaddress.ip_network(entry, strict=False)
    except ValueError:
        raise error("E520.listed", at=at, entry=entry[:80]) from None
    if network.num_addresses > MAX_TARGETS + 2:
        raise _too_many(at)
    yield from network.hosts() if network.num_addresses > 1 else [network.network_address]


def _too_many(at: str) -> ProscribeError:
    return error("E521", at=at, max_targets=MAX_TARGETS)


def _check(address: _Address, at: str, *, allow_public: bool) -> None:
    reached = address
    if isinstance(address, ipaddress.IPv6Address):
        reached = address.ipv4_mapped or address.sixtofour or address
        if address.is_link_local:
            raise _never(address, at, "a link-local IPv6 address, which means nothing without its interface")
    if reached.is_multicast:
        raise _never(address, at, "a multicast group")
    if reached.is_unspecified:
        raise _never(address, at, "the unspecified address")
    if isinstance(reached, ipaddress.IPv4Address) and (reached.is_reserved or reached.packed[0] == 0):
        raise _never(address, at, "a reserved or broadcast address")
    if reached.is_global and not allow_public:
        raise error("E522", at=at, address=address)


def _never(address: _Address, at: str, what: str) -> ProscribeError:
    return error("E523", at=at, address=address, what=what)
