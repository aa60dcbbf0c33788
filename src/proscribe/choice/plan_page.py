"""A plan for people: one page with a Gantt and a cash curve, and lines for a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import partial

from proscribe.choice.exposure_page import doubted, money
from proscribe.choice.plan_book import by_region
from proscribe.model.phase_out import Cash, ContractDay, PhaseOut, WorkLine
from proscribe.reports.scan import page as pages
from proscribe.wording import safe as escaped
from proscribe.wording.html import trusted
from proscribe.wording.safe import terminal as safe
from proscribe.wording.shown import counted, display_width, fit, visible

#: Sites that the Gantt draws; the others are in the workbook.
_SITES = 40
_ROW = 24
_LABEL = 26
_TAIL = 8
#: Width that the name of a month takes.
_APART = 60
#: Lines of each list for a terminal; issues and notes are fewer.
_LINES, _NOTES = 20, 10
#: Products that a sentence names.
_SOLD = 4
#: Width of the name of an alternative.
_NAME = 44


def sentence(made: PhaseOut, doubtful: str = "--doubtful") -> str:
    """Say the plan in a few sentences: what it does, and what it knows nothing of or leaves.

    Args:
        doubtful: what one asks for, on the face that shows it, to have removed what only possibly blocks a contract.
    """
    said = [_sentence(made, doubtful)]
    if made.contracts_read != "all":
        unread = "Contracts" if made.contracts_read == "none" else "Some tables of contracts"
        said.append(f"{unread} were not read: of what they block nothing is known.")
    if made.not_priced:
        said.append(
            f"{made.not_priced:,} contract day{' is' if made.not_priced == 1 else 's are'} not priced: what is kept and let "
            "go of them is in no sum; the exposure says what each lacks."
        )
    if made.at_stake:
        said.append(stake_words(made))
    if made.stays:
        units = f" with {made.stays_units:,} units" if made.stays_units else ""
        cost = f", {money(made.stays_cost)} {made.currency}," if made.stays_cost else ""
        said.append(
            f"{counted(made.stays, 'row')}{units}{cost} stay{'s' if made.stays == 1 else ''}, because what the law "
            f"says of them is undetermined; {doubtful} plans those that may block a contract."
        )
    if made.no_lead:
        said.append(
            f"{counted(made.no_lead, 'row')} say{'s' if made.no_lead == 1 else ''} no lead time: what they order is "
            "taken to be there in the same month."
        )
    return " ".join(said) + doubted(made.issues)


def stake_words(made: PhaseOut) -> str:
    """Say which contract days nothing that is replaced makes safe."""
    days, values = made.at_stake, [one.value for one in made.at_stake if one.value is not None]
    worth = f"{money(sum(values, Decimal(0)))} {made.currency}" if values else money(None)
    told = (
        f"{counted(len(days), 'contract day')}, {worth}, "
        f"{'is' if len(days) == 1 else 'are'} not known to be kept, whatever is replaced"
    )
    sold = list(dict.fromkeys(name for one in days for name in one.sold))
    if not sold:
        return f"{told}."
    more = f" and {len(sold) - _SOLD:,} more" if len(sold) > _SOLD else ""
    return f"{told}: what is sold is, or holds parts, of listed firms ({'; '.join(sold[:_SOLD])}{more})."


def _sentence(made: PhaseOut, doubtful: str) -> str:
    if made.state == "infeasible":
        return "No plan keeps every deadline, contract and cap. " + " ".join(made.reason)
    if made.cost is None:
        return "No plan was found, and none was excluded; more time, or fewer caps, would tell."
    if not made.work and not made.contracts:
        return (
            "Nothing is planned: nothing found surely stands against a day of a contract, and nothing is due by a rule or a row. "
            f"What only possibly stands against a contract is planned with {doubtful}."
        )
    kept = sum(one.kept for one in made.contracts)
    unread = len({line.asset for line in made.work if not line.counted})
    units = f"{sum(line.units for line in made.work if line.counted):,} units" + (
        f", and what {counted(unread, 'row')} hold{'s' if unread == 1 else ''} whose quantity was not read,"
        if unread
        else ""
    )
    return (
        f"Replace {units} for {replaced(made)} from {made.first}; "
        f"{kept} of {len(made.contracts)} contract days are kept, {value_words(made, made.let_go)} let go. "
        f"No plan costs less than {money(made.bound)} (gap {made.gap / 100:.2f} %)"
        + ("; only what has a price is counted." if unpriced(made) else ".")
    )


def value_words(made: PhaseOut, amount: Decimal) -> str:
    """Write contract value; without a single price of a contract it is not known, and never nothing."""
    return money(amount if made.is_worth_known else None)


def unpriced(made: PhaseOut) -> int:
    """Count the rows of assets of a plan whose cost is not known."""
    return len({line.asset for line in made.work if not line.priced})


def replaced(made: PhaseOut) -> str:
    """Say what the replacement costs; what has no price is never nothing."""
    lacking = unpriced(made)
    if lacking and not any(line.priced for line in made.work):
        return f"an amount that is not known ({counted(lacking, 'row')} without a price)"
    return f"{money(made.replaced)} {made.currency}" + (
        f" and what {counted(lacking, 'row')} without a price cost{'s' if lacking == 1 else ''}"
        if lacking
        else ""
    )


def gantt(work: Sequence[WorkLine], months: Sequence[str]) -> str:
    """Draw months of work by site: a filled box with the number of units; readable without colour."""
    return _months_drawn("gantt", "Months of work by site", work, months, lambda one: one.site or "no site")


def gantt_of_crews(work: Sequence[WorkLine], months: Sequence[str]) -> str:
    """Draw months of work by crew, as `gantt` does by site; nothing where no crew is named."""
    if not any(line.crew for line in work):
        return ""
    return _months_drawn("crews", "Months of work by crew", work, months, lambda one: one.crew or "no crew")


def _months_drawn(
    name: str, title: str, work: Sequence[WorkLine], months: Sequence[str], row_of: Callable[[WorkLine], str]
) -> str:
    by_site: dict[str, dict[str, int]] = {}
    for line in work:
        held = by_site.setdefault(row_of(line), {})
        held[line.month] = held.get(line.month, 0) + line.units
    sites = sorted(by_site, key=lambda site: (min(by_site[site]), max(by_site[site]), site))[:_SITES]
    left, width = 190, max(14, min(40, 760 // max(len(months), 1)))
    height = 34 + _ROW * len(sites)
    total = left + width * len(months)
    drawing = [
        f'<svg class="chart" role="img" width="100%" viewBox="0 0 {total} {height}" aria-labelledby="{name}-t {name}-d" '
        f'focusable="false"><title id="{name}-t">{title}</title><desc id="{name}-d">'
        + escaped.html(
            "; ".join(f"{site}: {min(by_site[site])} to {max(by_site[site])}" for site in sites), 3000
        )
        + "</desc>"
    ]
    named = -_APART
    for place, month in enumerate(months):
        if place == 0 or month.endswith(("-01", "-07")):
            if (place - named) * width >= _APART:
                named = place
                drawing.append(f'<text x="{left + place * width}" y="14" class="axis">{month}</text>')
            drawing.append(
                f'<line x1="{left + place * width}" x2="{left + place * width}" y1="18" y2="{height}" class="threshold"/>'
            )
    for row, site in enumerate(sites):
        top = 24 + row * _ROW
        drawing.append(f'<text x="0" y="{top + 15}" class="label">{escaped.html(_label(site), None)}</text>')
        for place, month in enumerate(months):
            units = by_site[site].get(month)
            if units:
                x = left + place * width
                drawing.append(
                    f'<rect x="{x + 1}" y="{top}" width="{width - 2}" height="{_ROW - 4}" class="fill-possible"/>'
                )
                drawing.append(
                    f'<text x="{x + width // 2}" y="{top + 14}" class="on-possible" text-anchor="middle">{units}</text>'
                )
    return "".join([*drawing, "</svg>"])


def _label(site: str) -> str:
    """Shorten the name of a site in its middle: names of many sites begin alike."""
    text = visible(site)
    if display_width(text) <= _LABEL:
        return text
    tail = text[-_TAIL:]
    return fit(text, _LABEL - display_width(tail)).rstrip() + tail


def cash_curve(cash: Sequence[Cash]) -> str:
    """Draw what is spent up to each month as a line, and what there is up to it as a dashed one."""
    spent, had = (
        _running([one.spent for one in cash]),
        _running([one.available or Decimal(0) for one in cash]),
    )
    capped = any(one.available is not None for one in cash)
    most = max([*spent, *(had if capped else ())], default=Decimal(0)) or Decimal(1)
    wide, high, left = 700, 200, 8

    def path(amounts: Sequence[Decimal]) -> str:
        step = Decimal(wide) / max(len(amounts) - 1, 1)
        return " ".join(
            f"{left + int(step * place)},{high - int(amount * (high - 10) / most) + 20}"
            for place, amount in enumerate(amounts)
        )

    drawing = [
        f'<svg class="chart" role="img" width="100%" viewBox="0 0 {wide + 16} {high + 44}" aria-labelledby="cash-t cash-d" '
        f'focusable="false"><title id="cash-t">Money spent and available up to each month</title><desc id="cash-d">In all '
        f"{(spent or [Decimal(0)])[-1]:,} are spent.</desc>"
    ]
    if capped:
        drawing.append(
            f'<polyline points="{path(had)}" fill="none" class="threshold" stroke-dasharray="6 4"/>'
        )
        told = f"dashed: available up to the month, {(had or [Decimal(0)])[-1]:,} in all; solid: spent"
        drawing.append(f'<text x="12" y="14" class="axis">{told}</text>')
    drawing.append(f'<polyline points="{path(spent)}" fill="none" class="zero" stroke-width="3"/>')
    if cash:
        drawing.append(f'<text x="8" y="{high + 38}" class="axis">{cash[0].month}</text>')
        drawing.append(
            f'<text x="{wide}" y="{high + 38}" class="axis" text-anchor="end">{cash[-1].month}: {spent[-1]:,}</text>'
        )
    return "".join([*drawing, "</svg>"])


def _running(amounts: Sequence[Decimal]) -> list[Decimal]:
    made: list[Decimal] = []
    for amount in amounts:
        made.append((made[-1] if made else Decimal(0)) + amount)
    return made


def spent_quarters(made: PhaseOut) -> list[int]:
    """Give the places of the quarters in which any alternative spends something."""
    return [
        place
        for place in range(len(made.alternatives[0].quarters) if made.alternatives else 0)
        if any(one.quarters[place].spent for one in made.alternatives)
    ]


def worked(made: PhaseOut) -> list[str]:
    """Give the months up to the last one with work, a year at least: what is empty behind it makes the others too narrow."""
    last = max((line.month for line in made.work), default="")
    months = [one.month for one in made.cash]
    return months[: max(12, sum(month <= last for month in months))]


def page(made: PhaseOut) -> str:
    """Write the page."""
    quarters = spent_quarters(made)
    return "".join(
        pages.pieces(
            "plan.html.j2", pages.own_text("scan/report.css"), made=made, money=money, said=sentence(made),
            gantt=trusted(gantt(made.work, worked(made))), crews=trusted(gantt_of_crews(made.work, worked(made))),
            worth=partial(value_words, made), replaced=replaced(made), unpriced=unpriced(made),
            curve=trusted(cash_curve(made.cash)),
            regions=by_region(made.work), quarters=quarters, open={one.line for one in made.at_stake},
            quarter_heads=lambda part: ["What", *(f"#{made.alternatives[0].quarters[one].quarter}" for one in part)],
            sites=len({line.site for line in made.work}), drawn=_SITES,
            contents=(
                ("summary", "Summary", True), ("why", "Why there is no plan", made.reason),
                ("gantt", "Months by site and crew", made.work),
                ("contracts", "Contracts", made.contracts), ("stake", "At stake or unknown", made.at_stake),
                ("alternatives", "Alternatives", made.alternatives),
                ("work", "Work", made.work), ("read", "What was taken for granted", True),
            ),
        )
    )  # fmt: skip


def to_table(made: PhaseOut) -> str:
    """Write lines for a terminal."""
    return "\n".join(safe(line) for line in _lines(made)) + "\n"


def _lines(made: PhaseOut) -> Iterator[str]:
    yield sentence(made)
    if made.ways:
        yield "Cheapest ways out, each planned anew:"
        yield from (f"  {money(one.total):>18}  {one.what}" for one in made.ways)
    elif made.reason:
        yield "No way out was found."
    if made.contracts:
        yield ""
        yield "Contract days:"
        for one in made.contracts[:_LINES]:
            yield f"  {_kept(made, one)}  {money(one.value):>18}  clean by {one.clean_by}  {one.contract}"
            yield from (f"        it lacks {text}" for text in one.lacks)
        yield from _more(len(made.contracts), _LINES, "contract days")
    if made.at_stake:
        yield ""
        yield "At stake or unknown, whatever is replaced:"
        for open_ in made.at_stake[:_LINES]:
            yield f"  {money(open_.value):>18}  {open_.contract}, {open_.on.isoformat()}"
            yield from (f"        sold: {name}" for name in open_.sold[:_SOLD])
        yield from _more(len(made.at_stake), _LINES, "contract days")
    spending = [one for one in made.cash if one.spent or one.sites]
    if spending:
        yield ""
        yield f"{'Month':<10}{'spent':>18}{'sites':>8}"
        for month in spending[:_LINES]:
            yield f"{month.month:<10}{money(month.spent):>18}{month.sites:>8}"
        yield from _more(len(spending), _LINES, "months")
    yield from _beside(made)
    if made.issues or made.notes:
        yield ""
    for issue in made.issues[:_NOTES]:
        yield f"{issue.code} {issue.at}: {issue.what}"
    yield from _more(len(made.issues), _NOTES, "cells or files that were not read")
    for note in made.notes[:_NOTES]:
        yield f"- {note}"
    yield from _more(len(made.notes), _NOTES, "notes")


def _more(count: int, shown: int, what: str) -> Iterator[str]:
    """Say how many lines are left out, if any."""
    if count > shown:
        yield f"  and {count - shown} more {what}; -o html=FILE shows more"


def _kept(made: PhaseOut, one: ContractDay) -> str:
    if one.kept and any(open_.line == one.line for open_ in made.at_stake):
        return "kept, at stake"
    return "kept" if one.kept else "LOST" if made.cost is not None else "open"


def _beside(made: PhaseOut) -> Iterator[str]:
    """Put alternatives below each other, twice: what each keeps, and what it costs."""
    alternatives = made.alternatives
    if not alternatives:
        return
    names = [fit(visible(one.name), _NAME) for one in alternatives]
    yield ""
    yield f"{'Alternatives':<{_NAME}}{'kept':>18}{'let go':>18}{'in doubt':>18}{'unlawful days':>15}"
    for name, one in zip(names, alternatives, strict=True):
        kept, let_go, doubt = (value_words(made, amount) for amount in (one.kept, one.let_go, one.doubt))
        yield f"{name}{kept:>18}{let_go:>18}{doubt:>18}{one.unlawful_days:>15,}"
    yield ""
    yield f"{'What they cost':<{_NAME}}{'replaced':>18}{'peak month':>18}{'present value':>18}{'stranded':>15}"
    for name, one in zip(names, alternatives, strict=True):
        worth = "no rate" if one.present_value is None else money(one.present_value)
        yield f"{name}{money(one.replaced):>18}{money(one.peak):>18}{worth:>18}{money(one.stranded):>15}"
    yield from (f"  {one.name}: {one.note}." for one in alternatives if one.note)
