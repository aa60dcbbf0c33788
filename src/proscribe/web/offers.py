"""What a page offers to who reads it: nothing that their role would be refused."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from proscribe.model.accounts import Actor, Role
from proscribe.web.routes import OTHERS, PAGES

_FORM = re.compile(r'<form method="(get|post)" action="([^"]*)".*?</form>', re.DOTALL)
_LINK = re.compile(r'<a (?:[^>]*? )?href="([^"?#][^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
_CASE = re.compile(r"/cases/([^/]+)")


@cache
def _beyond(method: str, held: Role) -> tuple[re.Pattern[str], Sequence[tuple[re.Pattern[str], Role]]]:
    """Give the addresses that a role does not reach, in one pattern and one by one. The first page shows everybody something."""
    declared = [(one.path, one.method, one.role) for one in PAGES if one.path != "/"]
    declared += [(path, "POST", role) for path, (role, _) in OTHERS.items()]
    found = [
        (re.sub(r"\{\w+\}", "[^/]+", path), role)
        for path, by, role in declared
        if by == method and role.rank > held.rank
    ]
    whole = re.compile("|".join(path for path, _ in found) or r"(?!)")
    return whole, [(re.compile(path), role) for path, role in found]


def needed(method: str, address: str, actor: Actor) -> Role | None:
    """Give the role that an address of a page asks for and somebody does not have; `None` where they may call it."""
    path = address.partition("?")[0].partition("#")[0]
    case = _CASE.match(path)
    return _asked(method, path, actor.role(case[1] if case else ""))


@lru_cache(maxsize=4_096)
def _asked(method: str, path: str, held: Role) -> Role | None:
    whole, each = _beyond(method, held)
    if not whole.fullmatch(path):
        return None
    return next(role for pattern, role in each if pattern.fullmatch(path))


def _from(folder: str, address: str) -> str:
    return address if address.startswith("/") else folder + address.removeprefix("./")


def offered(page: str, actor: Actor, address: str) -> str:
    """Take from a page what its reader may not do: of a form it is said whose it is, and of a link its words remain.

    Args:
        address: path of the page, from which its relative links lead on.
    """
    folder = f"{address.rpartition('/')[0]}/"

    def form(found: re.Match[str]) -> str:
        role = needed(found[1].upper(), _from(folder, found[2]), actor)
        return found[0] if role is None else f'<p class="small">This takes the role: {role.value}.</p>'

    def words(found: re.Match[str]) -> str:
        role = needed("GET", _from(folder, found[1]), actor)
        if role is None:
            return found[0]
        return found[2] if role is Role.VIEWER else f'{found[2]} <span class="small">({role.value})</span>'

    return _LINK.sub(words, _FORM.sub(form, page))
