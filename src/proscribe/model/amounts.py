"""Quantities and amounts of money as people write them: one reading for the whole program.

What can be read in two ways, as `1,000` and `1.234` can, is not read: a thousand pieces never become one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal

#: Digits of a number; beyond them it is not read rather than rounded.
MAX_DIGITS = 60

_PLAIN = re.compile(r"(\d+)(?:[.,](\d+))?|[.,](\d+)")
_GROUPED = tuple(
    re.compile(pattern)
    for pattern in (
        r"([1-9]\d{0,2}(?:[ '’]\d{3})+)(?:[.,](\d+))?",
        r"([1-9]\d{0,2}(?:\.\d{3})+),(\d+)|([1-9]\d{0,2}(?:\.\d{3}){2,})",
        r"([1-9]\d{0,2}(?:,\d{3})+)\.(\d+)|([1-9]\d{0,2}(?:,\d{3}){2,})",
        r"([1-9]\d?(?:,\d{2})+,\d{3})(?:\.(\d+))?",
    )
)
#: One separator before three digits: thousands to one reader, a fraction to another.
_TWO_WAYS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
_OTHER = {",": ".", ".": ","}
#: What shows which separator is which: a fraction of one or two digits, one behind thousands, or two groups of thousands.
_FRACTIONS = re.compile(
    r"(?<![\d.,])(?:\d+(?P<point>[.,])\d{1,2}|\d{1,3}(?:(?P<thousands>[.,])\d{3}){2,}"
    r"|\d{1,3}(?:,\d{3})+(?P<after>\.)\d+|\d{1,3}(?:\.\d{3})+(?P<behind>,)\d+)(?![\d.,])"
)
_PIECES = re.compile(
    r"\s*(?:[x×]|ea|each|pcs?|pces?|pieces?|nos?|units?|items?|devices?|cameras?|st(?:k|ück)?|kameras?|szt|шт|ks|kpl|kom|buc|db"
    r"|adet|pi[eè]ces?|unit[eé]s?|pza?s?|piezas?|pezzi|peças?|uds?|unid(?:ad(?:es)?)?|unidades?|un|台|个|個|件|只|枚|개|대)\.?",
    re.IGNORECASE,
)
_PIECES_IN = re.compile(
    rf"(?<![\w.,:/-])(\d{{1,6}}){_PIECES.pattern}(?!\w)|(?<!\w)[x×] ?(\d{{1,6}})(?![\w.,:/])|^\s*(\d{{1,4}})(?= +[^\W\d_]{{3}})",
    re.IGNORECASE,
)
_SIGNS = {
    "€": "EUR", "£": "GBP", "₹": "INR", "₩": "KRW", "₽": "RUB", "₺": "TRY", "₴": "UAH", "₪": "ILS", "₫": "VND", "₱": "PHP",
    "฿": "THB", "zł": "PLN", "kč": "CZK", "us$": "USD", "c$": "CAD", "ca$": "CAD", "a$": "AUD", "au$": "AUD", "nz$": "NZD",
    "s$": "SGD", "hk$": "HKD", "nt$": "TWD", "r$": "BRL", "mx$": "MXN", "rmb": "CNY",
}  # fmt: skip
#: Signs of several currencies, which only a code beside them tells apart. The codes of dollars are
#: listed as remembered: beside one that lacks here a sign says nothing, and the amount is not priced.
_DOLLARS = (
    "USD CAD AUD NZD SGD HKD TWD BSD BBD BND FJD GYD JMD NAD TTD XCD MXN ARS CLP COP DOP UYU CUP BRL NIO"
)
_SHARED_SIGNS = {
    "$": frozenset(_DOLLARS.split()), "¥": frozenset({"JPY", "CNY"}), "円": frozenset({"JPY"}), "元": frozenset({"CNY", "TWD"}),
}  # fmt: skip
#: Codes that people write in small letters too.
_CODES = frozenset({*_SIGNS.values(), "CHF", "SEK", "NOK", "DKK"}.union(*_SHARED_SIGNS.values()))
_BEFORE = re.compile(r"(?P<money>[^\W\d_]{1,3}\$|[^\W\d_]{2,3}|[€£₹₩₽₺₴₪₫₱฿$¥元円])\s*(?=[\d.,(+-])")
_BEHIND = re.compile(r"(?<=[\d)-])\s*(?P<money>[^\W\d_]{1,3}\$|[^\W\d_]{2,3}|[€£₹₩₽₺₴₪₫₱฿$¥元円])$")
_HEADED = re.compile(r"[^\W\d_]{1,3}\$|[€£₹₩₽₺₴₪₫₱฿$¥元円]|(?<![^\W_])[A-Z]{3}(?![^\W_])")
_NEGATIVE = re.compile(r"\((?P<in>[^()+-]+)\)|-\s*(?P<after>[^()+-]+)|(?P<before>[^()+-]+?)\s*-")
_NO_CENTS = re.compile(r"(?<=\d)[.,]\s*-{1,2}$")


def _is_marked(text: str) -> bool:
    """Tell whether a raised or lowered figure stands in a text: `4²` is a 4 with a footnote, or sixteen, and never 42."""
    return any(unicodedata.category(char) == "No" for char in text)


def number_of(text: str | None, point: str = "") -> Decimal | None:
    """Read a number without a sign; `None` when there is none, or it can be read in two ways.

    Args:
        text: the number.
        point: the sign before a fraction, as `decimal_point` gives it; the other one stands between thousands.

    Example:
        >>> number_of("1,234"), number_of("1,234", "."), number_of("1.234", ".")
        (None, Decimal('1234'), None)
    """
    if not text or _is_marked(text):
        return None
    text = unicodedata.normalize("NFKC", text).strip()
    if len(text) > 2 * MAX_DIGITS:
        return None
    if _TWO_WAYS.fullmatch(text):
        whole = re.sub(r"\D", "", text)
        return Decimal(whole) if point and point not in text else None
    found = _PLAIN.fullmatch(text)
    if found is not None:
        whole, fraction = found[1] or "0", found[2] or found[3] or ""
    else:
        grouped = next((made for one in _GROUPED if (made := one.fullmatch(text))), None)
        if grouped is None:
            return None
        whole = re.sub(r"\D", "", grouped[1] or grouped[3])
        fraction = grouped[2] or ""
    if len(whole) + len(fraction) > MAX_DIGITS:
        return None
    return Decimal(f"{whole}.{fraction}" if fraction else whole)


def decimal_point(texts: Iterable[str | None]) -> str:
    """Give the sign that stands before a fraction in amounts that can be read in one way alone.

    Returns:
        A point or a comma; empty where no text shows it, or some show the one and some the other.

    Example:
        >>> decimal_point(["$11,400", "$1,250.00"]), decimal_point(["1,5", "1.5"]), decimal_point(["1,234"])
        ('.', '', '')
    """
    shown: set[str] = set()
    for text in texts:
        for found in _FRACTIONS.finditer(text or ""):
            shown.add(found["point"] or found["after"] or found["behind"] or _OTHER[found["thousands"]])
    return shown.pop() if len(shown) == 1 else ""


def quantity_of(text: str | None) -> Decimal | None:
    """Read how many pieces a text states: `12`, `12 pcs`, `1 200`; `None` when it states none beyond doubt."""
    if not text:
        return None
    text = text.strip()
    digits = re.match(r"[\d., '’\u00a0\u2009\u202f]*[\d]", text)
    if digits is None:
        return None
    rest = text[digits.end() :].strip()
    if rest not in ("", ".") and not _PIECES.fullmatch(rest):
        return None
    return number_of(digits[0])


def pieces_in(text: str) -> int:
    """Add up the numbers of pieces that a text says beside a word for them: `12 pcs dome camera`, `4x`, `x6`; 0 where none.

    Example:
        >>> pieces_in("12 pcs dome camera, 4x bracket"), pieces_in("camera, 8 channels, bought 2019")
        (16, 0)
    """
    return sum(int(found[1] or found[2] or found[3]) for found in _PIECES_IN.finditer(text))


def pieces_of(text: str | None) -> int | None:
    """Read a whole number of pieces of at most seven digits; `None` as for `quantity_of`, and for parts of a piece."""
    made = quantity_of(text)
    return int(made) if made is not None and made == made.to_integral_value() and made < 10**7 else None


def money_of(text: str | None, point: str = "") -> tuple[Decimal, str] | None:
    """Read an amount of money with the currency that stands before or behind it.

    Args:
        text: the amount.
        point: as for `number_of`.

    Returns:
        The amount, below zero for a credit (`-5`, `5-`, `(5)`), and the code of its currency: empty where none is stated,
        or the sign itself where several currencies share it. `None` when the amount can be read in two ways or not at
        all, or when two currencies stand beside it.
    """
    rest = unicodedata.normalize("NFKC", text or "").strip()
    if len(rest) > 4 * MAX_DIGITS or _is_marked(text or ""):
        return None
    rest = re.sub(r"[\u2010-\u2015\u2212]", "-", rest)
    said: list[str] = []
    sign = re.match(r"-\s*(?=[^\d\s.,-])", rest)
    rest = rest[sign.end() :] if sign else rest
    while found := _BEFORE.match(rest) or _BEHIND.search(rest):
        said.append(found["money"])
        rest = (rest[: found.start()] + rest[found.end() :]).strip()
    currency = _currency_of(said)
    if currency is None:
        return None
    rest = _NO_CENTS.sub(",00", rest)
    negative = _NEGATIVE.fullmatch(rest)
    if sign and negative:
        return None
    number = number_of(negative["in"] or negative["after"] or negative["before"] if negative else rest, point)
    if number is None:
        return None
    return (-number if sign or negative else number), currency


def is_sign_of(sign: str, code: str) -> bool | None:
    """Say whether a sign of several currencies may mean that of a code; `None` for what is no such sign.

    Example:
        >>> is_sign_of("$", "CAD"), is_sign_of("$", "EUR"), is_sign_of("USD", "EUR")
        (True, False, None)
    """
    return code in _SHARED_SIGNS[sign] if sign in _SHARED_SIGNS else None


def headed_currency(heading: str) -> tuple[str, str]:
    """Part a heading from the currency that it names.

    Returns:
        The heading without it; and its code or sign, as `money_of` gives it, empty where none or several are named.

    Example:
        >>> headed_currency("Net book value (USD)"), headed_currency("Cost per unit")
        (('Net book value', 'USD'), ('Cost per unit', ''))
    """
    said = [one[0] for one in _HEADED.finditer(heading) if one[0] in _CODES or not one[0].isalnum()]
    currency = _currency_of(said)
    if not said or not currency:
        return heading, ""
    rest = _HEADED.sub(lambda one: " " if one[0] in said else one[0], heading)
    return " ".join(re.sub(r"\(\s*\)|\[\s*\]|\bin\s*$", " ", rest).split()).rstrip(" ,-/"), currency


def _currency_of(said: list[str]) -> str | None:
    """Give the one currency that codes and signs name; `None` when they name several, or one of them is none."""
    codes, shared = set(), set()
    for one in said:
        if one in _SHARED_SIGNS:
            shared.add(one)
        elif one.casefold() in _SIGNS:
            codes.add(_SIGNS[one.casefold()])
        elif re.fullmatch(r"[A-Z]{3}", one) or one.upper() in _CODES:
            codes.add(one.upper())
        else:
            return None
    if len(codes) > 1 or len(shared) > 1:
        return None
    return next(iter(codes or shared), "")
