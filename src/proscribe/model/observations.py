"""What a reader hands on: issues, tables, batches' places. No library types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

#: The closed list of fields a column can carry. Content fields are matched, the rest is kept.
CONTENT_FIELDS = (
    "text",  # free description of the item
    "vendor_name",  # seller or payee
    "maker_name",  # manufacturer, make, brand
    "product_name",
    "model_number",
    "part_number",
    "mac",
    "hostname",
    "cpe",
    "purl",
    "fcc_id",
    "usb_id",
    "banner",
    "sysobjectid",
    "chip",
    "certificate",
    "user_agent",
    "file_name",
    "serial_number",
    "mac_vendor",  # another program's look-up of the MAC prefix: says no more than the prefix itself
    "protocol",  # by which a recorder or management system speaks to a device: names who devised it, not who made it
    "other",  # unrecognised text column: read, but never more than `possible` by itself
)
CONTEXT_FIELDS = (
    "row_id",
    "quantity",
    "unit_cost",
    "amount",
    "currency",
    "site",
    "dated_on",
    "ip",
    "category",
    # what joins records of one device; kept, not matched
    "asset_tag",
    "scan_run",  # run of a scanner: what tells its exports from those of other scans
    "seen_at",  # instant at which the device was seen, ISO 8601
    "recorder",  # recorder or VMS that a camera stands behind
    "recorder_channel",
    "order_line",  # purchase order and line
    "port",  # switch port, or TCP/UDP port
    # what joins parts to assemblies
    "component_ref",  # the record's own reference within its bill of materials
    "parent_ref",
    "level",  # depth in an indented bill of materials, top = 0 or 1
    "designators",
    "fitting",  # whether the part is fitted: DNP, Fitted, Populate
    "note",  # remarks, read as text row by row
)
FIELDS = CONTENT_FIELDS + CONTEXT_FIELDS
#: What people call what a column holds, in the order in which it is offered.
FIELDS_IN_WORDS = {
    "maker_name": "maker, brand", "vendor_name": "seller, payee", "model_number": "model number",
    "part_number": "part or order number", "product_name": "name of the product", "text": "description of the thing",
    "note": "remarks", "serial_number": "serial number", "row_id": "id of the row", "asset_tag": "inventory tag",
    "category": "kind of thing", "site": "where it is", "dated_on": "day of purchase or installation",
    "quantity": "how many", "unit_cost": "price of one", "amount": "amount of money", "currency": "currency",
    "order_line": "purchase order and line", "mac": "hardware address (MAC)",
    "mac_vendor": "maker looked up for the hardware address", "ip": "IP address", "hostname": "host name",
    "port": "switch port, network port", "banner": "what a service says of itself", "protocol": "protocol or driver",
    "recorder": "recorder it stands behind", "recorder_channel": "channel of the recorder",
    "seen_at": "when it was seen", "scan_run": "run of a scanner", "file_name": "file name, firmware",
    "cpe": "CPE name", "purl": "package URL", "fcc_id": "FCC ID", "usb_id": "USB or PCI id",
    "sysobjectid": "SNMP object id", "chip": "chip", "certificate": "certificate",
    "user_agent": "user agent of a browser", "component_ref": "number within the parts list",
    "parent_ref": "number of the part it belongs to", "level": "level in the parts list",
    "designators": "places on the board", "fitting": "whether the part is fitted", "other": "other text",
}  # fmt: skip

#: Fields in which names and models weigh in full. Under any other that a person states for a column, a hit can weigh less.
FULL_WEIGHT_FIELDS = frozenset({
    "maker_name", "vendor_name", "model_number", "part_number", "product_name", "text",
})  # fmt: skip
#: By whom a column is read as something that a person states: the command, or the configuration.
STATED_BY = frozenset({"map", "config"})

#: What the program keeps beside the files that it reads: its configuration, what people state to it, its store.
OUR_FILES = frozenset({
    "proscribe.toml", "proscribe.facts.yml", "proscribe.company.yml", "proscribe.inquiry.yml",
    "proscribe-cases.db", "proscribe-cases.db-wal", "proscribe-cases.db-shm",
})  # fmt: skip

#: Columns that a scan adds to a copy of a list.
ADDED_COLUMNS = (
    "proscribe_band",
    "proscribe_entity",
    "proscribe_role",
    "proscribe_why",
    "proscribe_finding_id",
)
#: What a workbook for people calls them.
ADDED_COLUMNS_IN_WORDS = (
    "Proscribe: how sure",
    "Proscribe: firm",
    "Proscribe: what the firm has to do with it",
    "Proscribe: why",
    "Proscribe: finding",
)
#: Columns by which a table is told that this program made of findings: a marked list, a questionnaire, assets to fill in.
OUR_COLUMNS = (
    frozenset(ADDED_COLUMNS),
    frozenset(ADDED_COLUMNS_IN_WORDS),
    frozenset({"Question", "Answer", "Findings that wait", "Allowed values", "Applies to"}),
    frozenset({"Finding", "Item", "File", "Record", "To check"}),
    frozenset({"Finding", "Found", "File", "Record", "Why it is no row of assets"}),
)


@dataclass(frozen=True, slots=True)
class ReadIssue:
    """Something a reader could not read, or read with a doubt.

    Attributes:
        code: stable code `E1xx`.
        at: place inside the input, such as `row 17`, `sheet 'Old'!B3`, `byte 4096`.
        what: what happened, what was expected, what to do next.
        lossy: whether data went unread because of it, or was read with a doubt (then the exit code is 3).
    """

    code: str
    at: str
    what: str
    lossy: bool = True


#: What a table of each kind is a list of, as people say it.
KINDS_IN_WORDS = {
    "equipment": "own equipment", "purchases": "purchases", "network": "a network",
    "product_parts": "parts of a product that is sold", "offered": "what is offered for sale",
    "bought_to_sell": "what is bought to sell", "as_built": "what is installed at customers (as built)", "vendors": "vendors",
    "supplier_statement": "statements of suppliers", "totals": "totals of other lists",
    "other": "something else", "uncertain": "an uncertain kind",
}  # fmt: skip

#: What a table is a list of.
KINDS = (
    "equipment",  # one's own things: inventories, registers of assets
    "purchases",  # invoices, orders, payments
    "product_parts",  # what is in a product that is sold: bills of materials
    "vendors",  # vendor masters
    "network",  # what scans, switches and recorders see
    "offered",  # catalogues, price lists, stock for sale
    "bought_to_sell",  # purchases for customers and for resale; only as a person states
    "as_built",  # what was installed at customers; only as a person states
    "supplier_statement",  # what suppliers declare
    "totals",  # counts and sums of what other lists hold
    "other",
    "uncertain",  # the evidence is weak or contradictory
)
UNCERTAIN = "uncertain"
#: What stands in such a table stands against both questions, and nothing in it is a thing of its own.
TOTALS = "totals"
#: What lies in a product that one sells.
PARTS = "product_parts"
#: What one sells: its lines are themselves provided.
OFFERED = "offered"
#: What suppliers and offerors declare of themselves and of what they sell.
DECLARED = "supplier_statement"
#: What goes to others as it was bought, and what was installed for them: a person states these, no words of a list do.
BOUGHT_TO_SELL, AS_BUILT = "bought_to_sell", "as_built"
#: What shows that something is used, and what shows that it is provided.
USE_KINDS = frozenset({"equipment", "network", "purchases"})
PROVIDE_KINDS = frozenset({PARTS, OFFERED, BOUGHT_TO_SELL, AS_BUILT})
#: Kinds that by themselves answer neither.
SILENT_KINDS = frozenset({"vendors", "supplier_statement", "other"})


def answers_of(kind: str) -> frozenset[str]:
    """Tell which questions a kind of table answers, `use` and `provide`; one that is uncertain or not known, both."""
    if kind in SILENT_KINDS:
        return frozenset()
    told = {name for name, kinds in (("use", USE_KINDS), ("provide", PROVIDE_KINDS)) if kind in kinds}
    return frozenset(told or {"use", "provide"})


def question_kinds(kind: str, kind_by: str, seen: str, against: bool) -> frozenset[str]:
    """Tell which questions a table answers, where a person may have stated its kind.

    What is stated does not take a question away that the table itself answers: then both stand.

    Args:
        kind, kind_by: what it is a list of, and what says so.
        seen: what the program would say of it.
        against: whether its columns speak against what is stated: of things in a list that would silence them, or of what
            answers the other question.
    """
    told = answers_of(kind)
    if kind_by != "stated":
        return told
    differs = seen not in ("", UNCERTAIN) and answers_of(seen) != told
    return answers_of(UNCERTAIN) if differs or against else told


#: What the strings of one program are known as, which are no image of a device.
PROGRAM = "a program (ELF)"
#: Fields of columns that say how parts lie in a product.
PARTS_FIELDS = frozenset({"component_ref", "parent_ref", "level", "designators", "fitting"})
#: Forms of columns that tell how deep the lines of a list of parts lie, beside a field of their own: by the indenting of their
#: cells, and by which of several columns is filled.
INDENTED, OF_LEVEL = "indented", "of_level"
LEVEL_FORMS = frozenset({INDENTED, OF_LEVEL})

#: What kind of evidence a table is. Records of two kinds are independent sources; two files of one kind are not.
SOURCE_KINDS = (
    "ledger",  # payments, invoices, purchase orders
    "inventory",  # lists that people or agents keep of what is there
    "vendors",  # vendor masters
    "network_scan",  # active scans: nmap, masscan, zgrab
    "neighbours",  # ARP, neighbour and MAC tables, LLDP, CDP
    "leases",  # DHCP
    "discovery",  # answers of devices to discovery protocols
    "management",  # SNMP, command line output of the device itself
    "radio",  # Wi-Fi surveys
    "recorder",  # channel lists of recorders and video management systems
    "parts",  # hardware bills of materials
    "software",  # software bills of materials, purl and CPE lists
    "firmware",
    "plate",  # type plates that somebody photographed
    "picture",  # other words in pictures: boxes, walls, advertisements
    "writing",  # what people write in sentences: mails, letters, contracts
    "declaration",  # what a supplier or seller declares
    "offered",  # what is for sale: catalogues, price lists, stock
    "totals",  # counts and sums of records that stand elsewhere
    "unlike",  # a list of something else, as a person states
)


@dataclass(frozen=True, slots=True)
class BlindSpot:
    """Something that this input cannot show, counted.

    Attributes:
        kind: stable word, such as `hosts_without_mac`, `routed_segment`, `image_part_not_opened`,
            `channels_without_device`, `purchase_without_device`, `device_without_purchase`, `lines_without_maker`.
        site: site the count is for, or empty.
        count, of: how many of how many records; `of` is 0 when there is no whole.
        what: one sentence for people: what could stay unseen because of it.
        examples: up to five places or names.
    """

    kind: str
    count: int
    of: int
    what: str
    site: str = ""
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One table of an input: a CSV file, a sheet, a JSON array, the hosts of a scan.

    Attributes:
        sheet: sheet or member name; `None` when the input is one table.
        header: the user's column names, in order, made unique.
        fields: column name to field of `FIELDS`, for the columns that are read.
        recognised_by: column name to `header`, `content` or `map`.
        unread: columns of formats of programs that hold what is left over, in order: not read, but probed for names. Of
            the tables that people make every column is looked at.
        hidden: whether the sheet is hidden in the workbook.
        first_row: source row (1-based, of the file or sheet) of record 1; for messages only.
        source_kind: one of `SOURCE_KINDS` where the format says so, else empty.
        kind: what it is a list of, one of `KINDS`.
        kind_by: what says so: `stated`, `reader`, `headers`, `values` or `uncertain`; empty where nobody asked, as in
            scans of versions that did not.
        kind_words: what it rests on: names of columns, `sheet: ...`, `file: ...`, name of a reader, what was stated.
        kind_seen: where the kind is stated, what the program would say; the same as the kind where both say so.
        kind_against: where a kind is stated, the columns that speak against it.
        samples: column to some of its values, cut.
        forms: column to the kind of its values, where they were looked at to tell what the column holds.
        export: name of the known export that it is.
        beside: place and text of what stands beside its records, such as lines above the header: probed for names.
        named: what a document calls the product that it lists the parts of, with its version.
    """

    sheet: str | None
    header: tuple[str, ...]
    fields: dict[str, str] = field(default_factory=dict)
    recognised_by: dict[str, str] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    hidden: bool = False
    first_row: int = 2
    source_kind: str = ""
    kind: str = UNCERTAIN
    kind_by: str = ""
    kind_words: tuple[str, ...] = ()
    kind_seen: str = ""
    kind_against: tuple[str, ...] = ()
    samples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    forms: Mapping[str, str] = field(default_factory=dict)
    export: str = ""
    beside: tuple[tuple[str, str], ...] = ()
    named: tuple[str, ...] = ()

    @property
    def questions(self) -> frozenset[str]:
        """Which questions its kind answers, `use` and `provide`; both where nobody asked what it is a list of."""
        kind = self.kind if self.kind_by else UNCERTAIN
        return question_kinds(kind, self.kind_by, self.kind_seen, bool(self.kind_against))

    @property
    def shows_sold(self) -> bool:
        """Whether its own form takes it for a list of what is sold, and no person said that it is one."""
        stated = bool(self.kind_seen)
        seen = self.kind_seen if stated else self.kind
        return bool(self.kind_by) and seen in PROVIDE_KINDS and not (stated and self.kind in PROVIDE_KINDS)

    @property
    def tells(self) -> bool:
        """Whether it is known what it is a list of."""
        return bool(self.kind_by) and self.kind not in (UNCERTAIN, TOTALS)

    @property
    def structured(self) -> bool:
        """Whether its columns say how parts lie in a product."""
        return not PARTS_FIELDS.isdisjoint(self.fields.values()) or not LEVEL_FORMS.isdisjoint(
            self.forms.values()
        )

    def stated_lesser(self) -> list[str]:
        """List the columns that a person states to hold something under which a hit can weigh less than in a text."""
        return [
            name
            for name, by in self.recognised_by.items()
            if by in STATED_BY and self.fields.get(name) not in FULL_WEIGHT_FIELDS
        ]
