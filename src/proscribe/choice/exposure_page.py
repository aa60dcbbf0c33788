"""An exposure for people: a page without script or request, and lines for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial

from proscribe.choice.exposure import asks_of
from proscribe.choice.tornado import tornado
from proscribe.kb.costs import PublicFigure
from proscribe.model.exposure import COST, INCOME, Exposure, ExposureLine, SoldProduct, Total
from proscribe.model.observations import ReadIssue
from proscribe.reports.scan import page as pages
from proscribe.wording.html import trusted
from proscribe.wording.safe import terminal as safe
from proscribe.wording.shown import counted

KINDS = {
    "contract": "Contract value that cannot be awarded, extended or renewed",
    "grant": "Grants that cannot be spent",
    "licence": "What licences bring",
    "replacement": "Cost to replace",
    "stranded": "Stranded book value",
}
#: Bars of the tornado.
_BARS = 12
#: Reasons why something has no price that a sentence names.
_REASONS = 3


def money(amount: Decimal | None) -> str:
    """Write an amount with commas between thousands; nothing where there is none."""
    return "not priced" if amount is None else f"{amount:,.2f}"


def rule_words(titles: Mapping[str, str], name: str) -> str:
    """Name a rule for people: by its title, with its id."""
    return f"{titles[name]} ({name})" if name in titles else name


def sums(total: Total) -> tuple[str, str, str]:
    """Write the sums of a total: surely, possibly, between; without a single price there is none."""
    surely, possibly = total.columns
    between = None if surely is None or possibly is None else possibly - surely
    return money(surely), money(possibly), money(between)


def sentence(made: Exposure) -> str:
    """Say the answer in one sentence or two."""
    income, cost = made.total(INCOME), made.total(["replacement"])
    told = (
        "not known: contracts were not read"
        if made.contracts_read == "none"
        else _range(income, made.currency)
    )
    part = (
        ", of those that were read; not all tables of contracts were" if made.contracts_read == "some" else ""
    )
    text = (
        f"Contracts, grants and licences under a rule: {told}{part}. "
        f"To replace what stands behind it: {_range(cost, made.currency)}."
    )
    unpriced = sum(one.not_priced for one in made.totals)
    why = "; ".join(filter(None, (why_unpriced(made, kinds) for kinds in (INCOME, COST))))
    text += f" {_unpriced(unpriced)} and in no sum: {why}." if unpriced else ""
    return text + doubted(made.issues)


def doubted(issues: Iterable[ReadIssue]) -> str:
    """Say that sums may be others where something of the tables was not read or is doubtful, and where; else nothing."""
    told = [one for one in issues if one.lossy]
    if not told:
        return ""
    more = f", and {len(told) - 1} more" if len(told) > 1 else ""
    return f" The sums may be others, because not all of the tables counts as written: {told[0].at}{more}."


def why_unpriced(made: Exposure, kinds: Collection[str]) -> str:
    """Say why lines of some kinds have no price, the most frequent reasons first; empty where all have one."""
    counts = Counter(one.not_priced for one in made.lines if one.kind in kinds and one.not_priced)
    told = [f"{why} ({counted(count, 'line')})" for why, count in counts.most_common(_REASONS)]
    more = f"; and {len(counts) - _REASONS} more reasons" if len(counts) > _REASONS else ""
    return "; ".join(told) + more


def _unpriced(lines: int) -> str:
    return "1 line is not priced" if lines == 1 else f"{lines} lines are not priced"


def _range(total: Total, currency: str) -> str:
    if not total.priced:
        return f"an amount that is not known ({_unpriced(total.not_priced)})"
    if total.columns[0] is None:
        known = f"{total.possibly:,.2f} {currency} more with everything undetermined"
        return f"surely an amount that is not known ({_unpriced(total.sure_not_priced)}), and up to {known}"
    if total.surely == total.possibly:
        return f"{total.surely:,.2f} {currency}"
    return f"{total.surely:,.2f} {currency} surely, up to {total.possibly:,.2f} with everything undetermined"


def unknown(made: Exposure, missing: Sequence[str]) -> str:
    """Name facts by the numbers of their questions on the page; those that no question there asks in full."""
    numbers = {one.fact: place for place, one in enumerate(made.narrowing, start=1)}
    asked = sorted(numbers[name] for name in missing if name in numbers)
    told = [f"question{'' if len(asked) == 1 else 's'} {', '.join(map(str, asked))}"] if asked else []
    return "; ".join([*told, *(asks_of(name) for name in missing if name not in numbers)])


def against(one: SoldProduct) -> str:
    """Say how many days of contracts a product may stand against."""
    days = len(one.lines)
    return (
        f"possibly against {days} contract day{'' if days == 1 else 's'}"
        if days
        else "against no contract day asked"
    )


def page(made: Exposure, public: Sequence[PublicFigure] = ()) -> str:
    """Write the page."""
    gap = [(one.asks, one.income) for one in made.narrowing if one.income]
    kinds: tuple[str, ...] = INCOME
    if not gap:
        gap, kinds = [(one.asks, one.cost) for one in made.narrowing if one.cost], COST
    what = "income under a rule" if kinds is INCOME else "cost to replace and stranded value"
    title = f"What each unknown fact could add to the sure amount: {what}"
    chart = tornado("tornado", title, made.total(kinds).surely, gap[:_BARS], made.currency)
    return "".join(
        pages.pieces(
            "exposure.html.j2",
            pages.own_text("scan/report.css"),
            made=made,
            kinds=KINDS,
            money=money,
            sums=sums,
            said=sentence(made),
            chart=trusted(chart),
            gap=gap,
            title=title,
            public=public,
            unknown=partial(unknown, made),
            against=against,
            unpriced=[one for one in made.lines if one.not_priced],
            by_kind=[(kind, [one for one in made.lines if one.kind == kind]) for kind in (*INCOME, *COST)],
            contents=(
                ("summary", "Summary", True),
                ("customers", "By customer", made.customers),
                ("sold", "What is sold", made.sold),
                ("narrow", "What would narrow it", made.narrowing),
                ("rules", "By rule and month", made.sums),
                ("lines", "Every line", made.lines),
                ("unpriced", "Not priced", any(one.not_priced for one in made.lines)),
                ("public", "Public figures", public),
                ("read", "What was taken for granted", True),
            ),
        )
    )


def to_table(made: Exposure) -> str:
    """Write lines for a terminal."""
    return "\n".join(safe(line) for line in _lines(made)) + "\n"


def _lines(made: Exposure) -> Iterator[str]:
    yield sentence(made)
    yield ""
    yield f"{'in ' + made.currency:<52}{'surely':>20}{'with undetermined':>20}  lines"
    for total in made.totals:
        unpriced = f", {total.not_priced} not priced" if total.not_priced else ""
        # an amount stands below a label that leaves it no room; a label is not cut
        label = KINDS[total.kind]
        if len(label) >= 52:
            yield label
            label = ""
        yield f"{label:<52}{sums(total)[0]:>20}{sums(total)[1]:>20}  {total.lines}{unpriced}"
    if made.narrowing:
        yield ""
        yield "Facts that would narrow it most, by income and cost that hang on each (several may be needed for one line):"
        for one in made.narrowing[:5]:
            yield f"{money(one.income):>20} {money(one.cost):>16}  {one.asks} [{one.fact}]"
    dated = [one for one in made.lines if one.kind in INCOME]
    if dated:
        yield ""
        yield "First days:"
        for line in dated[:8]:
            yield f"  {line.on.isoformat()}  {line.what}, {line.event or 'no day'}: {_amounts(line)}; {_rules(line)}"
        if len(dated) > 8:
            yield f"  and {len(dated) - 8} more; -o html=FILE shows all"
    yield from _sold(made)
    unpriced_lines = [one for one in made.lines if one.not_priced]
    if unpriced_lines:
        yield ""
        yield f"Not priced ({len(unpriced_lines)}):"
        for line in unpriced_lines[:5]:
            yield f"  {line.at}: {line.what}: {line.not_priced}"
        if len(unpriced_lines) > 5:
            yield f"  and {len(unpriced_lines) - 5} more; -o html=FILE shows all"
    for issue in made.issues[:10]:
        yield f"{issue.code} {issue.at}: {issue.what}"
    if len(made.issues) > 10:
        yield f"and {len(made.issues) - 10} more cells or files that were not read; -o html=FILE shows all"
    for note in made.notes[:8]:
        yield f"- {note}"
    if len(made.notes) > 8:
        yield f"and {len(made.notes) - 8} more notes; -o html=FILE shows all"


def _sold(made: Exposure) -> Iterator[str]:
    if made.sold:
        yield ""
        yield f"What is sold, and is or holds something of a listed firm ({len(made.sold)}):"
        for product in made.sold[:8]:
            way = " > ".join(product.path) or product.what
            yield f"  {product.at}: {way}, {product.band}; {against(product)}"
        if len(made.sold) > 8:
            yield f"  and {len(made.sold) - 8} more; -o html=FILE shows all"


def _amounts(line: ExposureLine) -> str:
    if line.possibly is None:
        return "not priced"
    return money(line.possibly) if line.sure else f"0.00 to {money(line.possibly)}"


def _rules(line: ExposureLine) -> str:
    sure = [hold for hold in line.rules if hold.sure]
    held = sure or list(line.rules)
    first = held[0].citations[0] if held[0].citations else held[0].regime
    more = f" and {len(held) - 1} more" if len(held) > 1 else ""
    return ("" if sure else "undetermined under ") + first + more
