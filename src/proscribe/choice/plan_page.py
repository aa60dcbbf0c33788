"""A plan for people: one page with a Gantt and a cash curve, and lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from proscribe.choice.exposure_page import money
from proscribe.choice.plan_book import by_region
from proscribe.model.phase_out import Cash, PhaseOut, WorkLine
from proscribe.reports.scan import page as pages
from proscribe.wording import safe as escaped
from proscribe.wording.html import trusted
from proscribe.wording.safe import terminal as safe
from proscribe.wording.shown import fit, visible

#: Sites that the Gantt draws; the others are in the workbook.
_SITES = 40
_ROW = 24
_LABEL = 26


def sentence(made: PhaseOut) -> str:
    """Say the plan in one sentence or two."""
    if made.state == "infeasible":
        return "No plan keeps every deadline, contract and cap. " + " ".join(made.reason)
    if made.cost is None:
        return "No plan was found, and none was excluded; more time, or fewer caps, would tell."
    kept = sum(one.kept for one in made.contracts)
    return (
        f"Replace {sum(line.units for line in made.work):,} units for {money(made.replaced)} {made.currency} from {made.first}; "
        f"{kept} of {len(made.contracts)} contract days are kept, {money(made.let_go)} let go. "
        f"No plan costs less than {money(made.bound)} (gap {made.gap / 100:.2f} %)."
    )


def gantt(work: Sequence[WorkLine], months: Sequence[str]) -> str:
    """Draw months of work by site: a filled box with the number of units; readable without colour."""
    by_site: dict[str, dict[str, int]] = {}
    for line in work:
        held = by_site.setdefault(line.site or "no site", {})
        held[line.month] = held.get(line.month, 0) + line.units
    sites = sorted(by_site, key=lambda site: (min(by_site[site]), max(by_site[site]), site))[:_SITES]
    left, width = 190, max(14, min(40, 760 // max(len(months), 1)))
    height = 34 + _ROW * len(sites)
    total = left + width * len(months)
    drawing = [
        f'<svg class="chart" role="img" width="100%" viewBox="0 0 {total} {height}" aria-labelledby="gantt-t gantt-d" '
        f'focusable="false"><title id="gantt-t">Months of work by site</title><desc id="gantt-d">'
        + escaped.html(
            "; ".join(f"{site}: {min(by_site[site])} to {max(by_site[site])}" for site in sites), 3000
        )
        + "</desc>"
    ]
    for place, month in enumerate(months):
        if place == 0 or month.endswith(("-01", "-07")):
            drawing.append(f'<text x="{left + place * width}" y="14" class="axis">{month}</text>')
            drawing.append(
                f'<line x1="{left + place * width}" x2="{left + place * width}" y1="18" y2="{height}" class="threshold"/>'
            )
    for row, site in enumerate(sites):
        top = 24 + row * _ROW
        drawing.append(
            f'<text x="0" y="{top + 15}" class="label">{escaped.html(fit(visible(site), _LABEL).rstrip(), None)}</text>'
        )
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
        drawing.append(
            '<text x="12" y="14" class="axis">dashed: available up to the month; solid: spent</text>'
        )
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


def page(made: PhaseOut) -> str:
    """Write the page."""
    months = [one.month for one in made.cash]
    quarters = spent_quarters(made)
    return "".join(
        pages.pieces(
            "plan.html.j2", pages.style_sheet("scan/report.css"), made=made, money=money, said=sentence(made),
            gantt=trusted(gantt(made.work, months)), curve=trusted(cash_curve(made.cash)),
            regions=by_region(made.work), quarters=quarters,
            quarter_heads=["What", *(f"#{made.alternatives[0].quarters[one].quarter}" for one in quarters)],
            sites=len({line.site for line in made.work}), drawn=_SITES,
            contents=(
                ("summary", "Summary", True), ("why", "Why there is no plan", made.reason),
                ("gantt", "Months by site", made.work),
                ("contracts", "Contracts", made.contracts), ("alternatives", "Alternatives", made.alternatives),
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
        for one in made.contracts[:20]:
            yield f"  {'kept' if one.kept else 'LOST'}  {money(one.value):>18}  clean by {one.clean_by}  {one.contract}"
        if len(made.contracts) > 20:
            yield f"  and {len(made.contracts) - 20} more"
    spending = [one for one in made.cash if one.spent or one.sites]
    if spending:
        yield ""
        yield f"{'Month':<10}{'spent':>18}{'sites':>8}"
        for month in spending[:40]:
            yield f"{month.month:<10}{money(month.spent):>18}{month.sites:>8}"
    if made.alternatives:
        yield ""
        yield (
            f"{'Alternatives':<44}{'present value':>18}{'kept':>18}{'let go':>18}{'peak month':>16}{'stranded':>16}"
            f"{'unlawful days':>15}{'in doubt':>18}"
        )
        for other in made.alternatives:
            worth = "no rate" if other.present_value is None else money(other.present_value)
            yield (
                f"{other.name[:43]:<44}{worth:>18}{money(other.kept):>18}{money(other.let_go):>18}{money(other.peak):>16}"
                f"{money(other.stranded):>16}{other.unlawful_days:>15,}{money(other.doubt):>18}"
            )
    for issue in made.issues[:10]:
        yield f"{issue.code} {issue.at}: {issue.what}"
    for note in made.notes[:8]:
        yield f"- {note}"
