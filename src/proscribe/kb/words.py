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


_VERDICTS = {"relabel": "is made by", "cleared": "is cleared of", "rejected": "is not made by"}
#: What a fact of each table says; beside its columns `who` is the firm and `by_whom` the same in brackets.
_LINES = {
    "sources": "{kind}: {title}",
    "entities": "{name} ({about})",
    "names": "{text!r} is a {form} name of {who} ({strength})",
    "stakes": "{asset} {verb} {owner}{stake}",
    "listings": "{who} is on the list {list}",
    "brands": "{brand!r} is a brand of {who} ({strength})",
    "relabels": "{brand} ({scope}) {verb} {who} ({strength})",
    "models": "{what}: numbers like {regex} are {maker_words}'s ({strength})",
    "chips": "{what}: numbers like {regex} are {maker_words}'s ({strength})",
    "phones": "{device} is made by {who} ({strength})",
    "fingerprints": "{what}: {pattern!r} in {channel} speaks for {who} ({strength})",
    "oui": "MAC prefix {prefix_hex} is assigned to {assignee}{by_whom}",
    "pen": "enterprise number {enterprise_number} is {registered_name}{by_whom}",
    "cpe": "CPE vendor {cpe_vendor!r} {verdict} {who}",
    "usb_pci": "{BUS} vendor {vendor_id} is {name}{by_whom}",
    "fcc": "FCC grantee {grantee_code} is {grantee}{by_whom}",
}


def describe(table: str, row: Row) -> str:
    """Say in one line what a fact says, without its dates and source."""
    if table not in _LINES:
        return str(row.get("id", ""))
    who = row.get("entity") or row.get("maker") or ""
    more: dict[str, object] = {
        "who": who,
        "by_whom": f" ({who})" if who else "",
        "maker_words": who or "someone else",
    }
    match table:
        case "entities":
            kind = "named firm" if row["named_firm"] else row["kind"]
            more["about"] = ", ".join(part for part in (kind, row["jurisdiction"]) if part)
        case "stakes":
            more["verb"] = _RELATIONS[row["relation"]]
            more["stake"] = f" with {int(row['stake_bp']) / 100:g} percent" if row["stake_bp"] else ""
        case "relabels":
            more["verb"] = _VERDICTS[row["verdict"]]
        case "phones":
            more["device"] = " ".join(
                part for part in (row["brand"], row["model_name"], row["model_code"]) if part
            )
        case "usb_pci":
            more["BUS"] = row["bus"].upper() if row["bus"] != "bluetooth" else "Bluetooth"
    return _LINES[table].format(**{**row, **more}).rstrip()


def period(row: Row) -> str:
    """Say when a fact holds."""
    start, end = row.get("valid_from", ""), row.get("valid_to", "")
    if start and end:
        return f"from {start} until {end} (exclusive)"
    if start:
        return f"from {start}"
    return f"until {end} (exclusive)" if end else "always, as far as known"
