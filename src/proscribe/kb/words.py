"""One line of plain words for one fact."""

from __future__ import annotations

from proscribe.kb.records import Row

_RELATIONS = {
    "subsidiary_of": "is a subsidiary of",
    "affiliate_of": "is an affiliate of",
    "named_affiliate_of": "is named as an affiliate of",
    "controlled_by": "is controlled by",
    "brand_of": "is a brand of",
    "formerly_subsidiary_of": "was a subsidiary of",
    "sells_units_made_by": "sells units made by",
    "lookalike_of": "only looks like",
}


def describe(table: str, row: Row) -> str:
    """Say in one line what a fact says, without its dates and source."""
    who = row.get("entity") or row.get("maker") or ""
    if table == "sources":
        return f"{row['kind']}: {row['title']}"
    if table == "entities":
        kind = "named firm" if row["named_firm"] else row["kind"]
        return f"{row['name']} ({', '.join(part for part in (kind, row['jurisdiction']) if part)})"
    if table == "names":
        return f"{row['text']!r} is a {row['form']} name of {who} ({row['strength']})"
    if table == "stakes":
        stake = f" with {int(row['stake_bp']) / 100:g} percent" if row["stake_bp"] else ""
        return f"{row['asset']} {_RELATIONS[row['relation']]} {row['owner']}{stake}"
    if table == "listings":
        return f"{who} is on the list {row['list']}"
    if table == "brands":
        return f"{row['brand']!r} is a brand of {who} ({row['strength']})"
    if table == "relabels":
        verdict = {"relabel": "is made by", "cleared": "is cleared of", "rejected": "is not made by"}[
            row["verdict"]
        ]
        return f"{row['brand']} ({row['scope']}) {verdict} {who} ({row['strength']})"
    if table in ("models", "chips"):
        maker = who or "someone else"
        return f"{row['what']}: numbers like {row['regex']} are {maker}'s ({row['strength']})"
    if table == "phones":
        name = " ".join(part for part in (row["brand"], row["model_name"], row["model_code"]) if part)
        return f"{name} is made by {who} ({row['strength']})"
    if table == "fingerprints":
        return f"{row['what']}: {row['pattern']!r} in {row['channel']} speaks for {who} ({row['strength']})"
    if table == "oui":
        return f"MAC prefix {row['prefix_hex']} is assigned to {row['assignee']}" + (
            f" ({who})" if who else ""
        )
    if table == "pen":
        return f"enterprise number {row['enterprise_number']} is {row['registered_name']}" + (
            f" ({who})" if who else ""
        )
    if table == "cpe":
        return f"CPE vendor {row['cpe_vendor']!r} {row['verdict']} {who}".rstrip()
    if table == "usb_pci":
        return f"{row['bus'].upper()} vendor {row['vendor_id']} is {row['name']}" + (
            f" ({who})" if who else ""
        )
    if table == "fcc":
        return f"FCC grantee {row['grantee_code']} is {row['grantee']}" + (f" ({who})" if who else "")
    return str(row.get("id", ""))


def period(row: Row) -> str:
    """Say when a fact holds."""
    start, end = row.get("valid_from", ""), row.get("valid_to", "")
    if start and end:
        return f"from {start} until {end} (exclusive)"
    if start:
        return f"from {start}"
    return f"until {end} (exclusive)" if end else "always, as far as known"
